"""The learning-rate finder."""

import numpy as np
import pytest

import autograd as ag
import nn

X = np.random.default_rng(0).normal(size=(64, 3))
Y = X @ np.array([[1.0], [2.0], [3.0]])


def make(optimizer=nn.optim.SGD):
    ag.seed(0)
    model = nn.Sequential(nn.Linear(3, 1), nn.Dropout(0.1)).astype(np.float64)
    return nn.Trainer(model, nn.MSELoss(), optimizer(model.parameters(), lr=0.123))


@pytest.mark.parametrize("optimizer", [nn.optim.SGD, nn.optim.Adam])
def test_everything_is_as_before(optimizer):
    trainer, untouched = make(optimizer), make(optimizer)
    nn.find_learning_rate(trainer, X, Y, batch_size=16)
    assert trainer.optimizer.param_groups[0]["lr"] == 0.123
    first, second = trainer.state_dict(), untouched.state_dict()
    assert all(np.array_equal(a, b) for a, b in zip(ag.tree_leaves(first), ag.tree_leaves(second), strict=True))
    assert trainer.fit(X, Y, epochs=2).fingerprint == make(optimizer).fit(X, Y, epochs=2).fingerprint


def test_loaders_and_modes_are_as_before_and_an_iterable_that_ends_is_named():
    trainer = make()
    trainer.model[1].eval()
    loader = nn.data.DataLoader(nn.data.TensorDataset(X, Y), 16, shuffle=True, rng=0)
    nn.find_learning_rate(trainer, loader)
    assert [each.training for each in trainer.model.modules()] == [True, True, False]
    expected = nn.data.DataLoader(nn.data.TensorDataset(X, Y), 16, shuffle=True, rng=0)
    assert all(np.array_equal(a, b) for (a, _), (b, _) in zip(loader, expected, strict=True))

    class Once:
        def __init__(self):
            self.batches = iter([(X, Y)])

        def __iter__(self):
            return self.batches

    with pytest.raises(ValueError, match="at least one batch in each epoch"):
        nn.find_learning_rate(make(), Once())


def test_rates_grow_by_one_factor_and_the_loss_explodes_where_descent_diverges():
    found = nn.find_learning_rate(make(), X, Y, least=1e-4, most=100, steps=60, batch_size=64, beta=0.5)
    assert np.diff(np.log(found.rates)) == pytest.approx(np.log(1e6) / 59)
    # gradient descent on squares diverges from 2 / (the largest eigenvalue of the Hessian) on
    limit = 2 / np.linalg.eigvalsh(2 * X.T @ X / 64).max()
    assert limit < found.rates[-1] < 20 * limit
    assert found.suggestion < limit
    assert found.losses[0] == pytest.approx(found.smoothed[0])


def test_there_is_no_suggestion_where_nothing_falls():
    noisy = Y + np.random.default_rng(1).normal(size=Y.shape)
    model = nn.Linear(3, 1, dtype=np.float64)
    solution, *_ = np.linalg.lstsq(np.column_stack([X, np.ones(64)]), noisy)
    model.load_state_dict({"weight": solution[:3].T, "bias": solution[3]})
    trainer = nn.Trainer(model, nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=0.1))
    found = nn.find_learning_rate(trainer, X, noisy, batch_size=64)
    assert np.isnan(found.suggestion)
    found.plot()


def test_what_makes_no_sense():
    for settings, message in (
        ({"least": 0.0}, "0 < least < most"),
        ({"most": 1e-9}, "0 < least < most"),
        ({"steps": 2}, "steps"),
    ):
        with pytest.raises(ValueError, match=message):
            nn.find_learning_rate(make(), X, Y, **settings)
    with pytest.raises(FloatingPointError, match="expected a finite loss at the rate 1e\\+30"):
        nn.find_learning_rate(make(), X, Y, least=1e30, most=1e33)


def test_it_draws_itself():
    from matplotlib import pyplot

    axes = nn.find_learning_rate(make(), X, Y).plot()
    assert axes.get_xscale() == "log"
    pyplot.close(axes.figure)
