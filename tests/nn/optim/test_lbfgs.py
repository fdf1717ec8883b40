"""What is particular to ``LBFGS`` and its line search; its numbers are in ``test_optimizer_table``."""

import pickle

import numpy as np
import pytest
from scipy import optimize

import autograd as ag
import nn
from nn.optim import LBFGS
from nn.optim.line_search import Trial, strong_wolfe
from tests.data.optimizer_cases import rosenbrock


def minimized(start, loss, dtype=np.float64, **settings):
    x = nn.Parameter(start, dtype)
    optimizer = LBFGS([x], **settings)

    def closure():
        optimizer.zero_grad()
        value = loss(x)
        value.backward()
        return value

    optimizer.step(closure)
    return x, optimizer


@pytest.mark.parametrize("size", [2, 10])
def test_it_finds_what_scipy_finds(size):
    start = np.linspace(-1.2, 1.0, size)
    x, optimizer = minimized(start, lambda x: rosenbrock([x]), max_iter=200, line_search_fn="strong_wolfe")
    best = optimize.minimize(optimize.rosen, start, jac=optimize.rosen_der, method="L-BFGS-B", options={"ftol": 1e-15})
    np.testing.assert_allclose(x.numpy(), best.x, atol=1e-4)
    assert optimizer.state[x]["func_evals"] < 2 * best.nfev


def test_a_quadratic_takes_as_many_steps_as_it_has_dimensions():
    rng = np.random.default_rng(0)
    root = rng.normal(size=(5, 5))
    hessian, bottom = root @ root.T + np.eye(5), rng.normal(size=5)
    x, optimizer = minimized(
        np.zeros(5), lambda x: (x - bottom) @ hessian @ (x - bottom), max_iter=30, line_search_fn="strong_wolfe"
    )
    np.testing.assert_allclose(x.numpy(), bottom, atol=1e-4)
    assert optimizer.state[x]["step"] <= 15


PHI = {
    "quadratic": (lambda t: (t - 3.0) ** 2, lambda t: 2 * (t - 3.0)),
    "quartic": (lambda t: (t - 2.0) ** 4 + t, lambda t: 4 * (t - 2.0) ** 3 + 1),
    # More and Thuente 1994, (5.1) with beta = 2, and (5.2) with beta = 0.004
    "thuente 1": (lambda t: -t / (t * t + 2), lambda t: (t * t - 2) / (t * t + 2) ** 2),
    "thuente 2": (
        lambda t: (t + 0.004) ** 5 - 2 * (t + 0.004) ** 4,
        lambda t: 5 * (t + 0.004) ** 4 - 8 * (t + 0.004) ** 3,
    ),
    "log": (lambda t: -np.log(t + 0.1) + t * t, lambda t: -1 / (t + 0.1) + 2 * t),
}


@pytest.mark.parametrize("first", [1e-3, 0.1, 1.0, 10.0, 100.0])
@pytest.mark.parametrize("name", PHI)
def test_the_line_search_finds_what_wolfes_conditions_ask(name, first):
    loss, slope = PHI[name]
    trials = []

    def evaluate(t):
        trials.append(t)
        return Trial(t, loss(t), np.array([slope(t)]), slope(t))

    start = Trial(0.0, loss(0.0), np.array([slope(0.0)]), slope(0.0))
    assert start.slope < 0
    found = strong_wolfe(evaluate, start, first, most_trials=40, least_width=1e-9)
    assert found.step in trials
    assert found.loss <= start.loss + 1e-4 * found.step * start.slope
    assert abs(found.slope) <= -0.9 * start.slope
    assert len(trials) < 20


def test_the_line_search_stops_after_so_many_trials():
    trials = []

    def evaluate(t):
        trials.append(t)
        return Trial(t, -t, None, -1.0)  # down and down

    found = strong_wolfe(evaluate, Trial(0.0, 0.0, None, -1.0), 1.0, most_trials=5, least_width=1e-9)
    assert len(trials) == 6
    assert found.step == trials[-1]


def test_a_loss_that_is_nan_far_out_does_no_harm():
    def loss(x):
        return (x - ag.log(x)).sum()  # lowest at 1; the first step leads below 0

    with np.errstate(invalid="ignore"):
        x, _ = minimized([50.0, 0.002], loss, lr=10.0, max_iter=60, max_eval=200, line_search_fn="strong_wolfe")
    np.testing.assert_allclose(x.numpy(), 1.0, atol=1e-4)


def test_a_gradient_that_is_nan_moves_nothing():
    x = nn.Parameter([1.0, 2.0])
    optimizer = LBFGS([x])

    def closure():
        x.grad = ag.tensor([np.nan, 1.0])
        return 1.0

    assert optimizer.step(closure) == 1.0
    assert x.tolist() == [1, 2]


@pytest.mark.parametrize("settings", [{}, {"line_search_fn": "strong_wolfe"}])
def test_at_the_bottom_it_stays(settings):
    x, optimizer = minimized([0.0, 0.0], lambda x: (x * x).sum(), tolerance_grad=0.0, tolerance_change=0.0, **settings)
    assert x.tolist() == [0, 0]
    assert optimizer.state == {}


def test_only_so_much_is_remembered():
    x, optimizer = minimized(np.linspace(-1, 1, 6), lambda x: rosenbrock([x]), history_size=3, line_search_fn="strong_wolfe")
    assert optimizer.state[x]["steps"].shape == optimizer.state[x]["changes"].shape == (3, 6)


def test_it_takes_one_group():
    a, b = nn.Parameter([1.0]), nn.Parameter([2.0])
    with pytest.raises(ValueError, match="LBFGS: expected all parameters in one group, since they are updated as one vector"):
        LBFGS([{"params": [a]}, {"params": [b]}])
    optimizer = LBFGS([{"params": [a], "lr": 0.5}])
    assert optimizer.param_groups[0]["lr"] == 0.5
    with pytest.raises(ValueError, match="one group"):
        optimizer.add_param_group({"params": [b]})


def test_it_needs_a_closure():
    with pytest.raises(TypeError, match=r"LBFGS.step: expected a closure, .*; received NoneType"):
        LBFGS([nn.Parameter([1.0])]).step()


def test_state_of_all_parameters_is_saved_with_the_first():
    a, b = nn.Parameter([1.0, 2.0], np.float32), nn.Parameter(3.0, np.float32)
    optimizer = LBFGS([a, b], max_iter=3, lr=0.1)

    def closure():
        optimizer.zero_grad()
        loss = (a * a).sum() + b * b * 3.0
        loss.backward()
        return loss

    optimizer.step(closure)
    state = optimizer.state_dict()["state"]
    assert list(state) == [0]
    assert {name: np.shape(each) for name, each in state[0].items()} == {
        "step": (),
        "func_evals": (),
        "last_step": (3,),
        "last_gradient": (3,),
        "steps": (1, 3),
        "changes": (1, 3),
    }
    assert {each.dtype for each in state[0].values() if isinstance(each, np.ndarray)} == {np.dtype(np.float32)}
    moved = {"state": {1: state[0]}, "param_groups": optimizer.state_dict()["param_groups"]}
    with pytest.raises(ValueError, match=r"parameter 1 .* does not fit: expected the state of all .* as that of the first one"):
        optimizer.load_state_dict(pickle.loads(pickle.dumps(moved)))


@pytest.mark.parametrize("loss", [None, "a", ag.tensor([1.0, 2.0])])
def test_a_closure_that_returns_no_number(loss):
    with pytest.raises(TypeError, match=r"^LBFGS.step: expected the loss as what the closure returns, a number; received "):
        LBFGS([nn.Parameter([1.0])]).step(lambda: loss)


def test_settings_that_were_changed_are_checked():
    _, optimizer = minimized([1.0], lambda x: (x * x).sum())
    optimizer.param_groups[0]["lr"] = "x"
    with pytest.raises(TypeError, match="LBFGS: expected lr, a number of 0 or more; received 'x'"):
        optimizer.step(lambda: 0.0)
