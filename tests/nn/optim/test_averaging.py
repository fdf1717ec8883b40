"""Averages of models: PyTorch's numbers, and what an averaged model is to its users."""

import pickle

import numpy as np
import pytest

import autograd as ag
import nn
from nn.optim import AveragedModel, get_ema_avg_fn, get_swa_avg_fn, update_bn
from tests.data.optimizer_cases import RECORDED

FUNCTIONS = {"default": None, "swa": get_swa_avg_fn(), "ema": get_ema_avg_fn(0.8)}


class Counting(nn.Module):
    """A parameter, a floating buffer and a count."""

    def __init__(self, dtype=np.float64):
        self.w = nn.Parameter(np.zeros(2), dtype)
        self.mean = nn.Buffer(np.zeros(2), dtype)
        self.count = nn.Buffer(0)

    def forward(self, x):
        return self.w * x


def changed(model, w, mean):
    with ag.no_grad():
        model.w[...] = w
        model.mean[...] = mean
        model.count += 1


@pytest.mark.parametrize(("dtype", "relative"), [(np.float64, 1e-12), (np.float32, 1e-6)])
@pytest.mark.parametrize("case", RECORDED["averages"], ids=lambda case: f"{case['avg_fn']} {case['use_buffers']}")
def test_averages_are_pytorchs(case, dtype, relative):
    model = Counting(dtype)
    average = AveragedModel(model, FUNCTIONS[case["avg_fn"]], case["use_buffers"])
    for w, mean in case["models"]:
        changed(model, w, mean)
        average.update_parameters(model)
    state = average.state_dict()
    assert list(state) == list(case["state"])
    assert state.pop("module.count") == 5  # copied, whatever is averaged
    for path, each in state.items():
        assert each.dtype == (dtype if each.dtype.kind == "f" else np.int64)
        np.testing.assert_allclose(each, case["state"][path], rtol=relative)


def test_it_is_called_as_the_model_is_and_leaves_it_alone():
    model = Counting()
    changed(model, [1.0, 2.0], [0.0, 0.0])
    average = AveragedModel(model)
    changed(model, [3.0, 4.0], [0.0, 0.0])
    assert average(2.0).tolist() == [2, 4]
    average.update_parameters(model)
    assert average(x=2.0).tolist() == [6, 8]
    assert model.w.tolist() == [3, 4]
    assert not np.shares_memory(average.module.w.numpy(), model.w.numpy())


def test_a_saved_average_goes_on():
    model = Counting()
    first, second = AveragedModel(model), AveragedModel(Counting())
    for w in ([1.0, 2.0], [2.0, 4.0]):
        changed(model, w, w)
        first.update_parameters(model)
    second.load_state_dict(pickle.loads(pickle.dumps(first.state_dict())))
    changed(model, [6.0, 6.0], [0.0, 0.0])
    for each in (first, second):
        each.update_parameters(model)
        assert each.module.w.tolist() == [3, 4]
        assert each.n_averaged.item() == 3


def test_it_averages_along_an_optimizers_steps():
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(3, 4, rng=rng), nn.Tanh(), nn.Linear(4, 1, rng=rng))
    average = AveragedModel(model, get_ema_avg_fn(0.5))
    optimizer = nn.optim.Adam(model.parameters(), lr=0.1)
    expected = None
    for _ in range(5):
        optimizer.zero_grad()
        (model(np.ones((2, 3))) ** 2).sum().backward()
        optimizer.step()
        average.update_parameters(model)
        now = [each.numpy().copy() for each in model.parameters()]
        expected = now if expected is None else [0.5 * a + 0.5 * b for a, b in zip(expected, now, strict=True)]
    for each, value in zip(average.module.parameters(), expected, strict=True):
        np.testing.assert_allclose(each.numpy(), value, rtol=1e-6)


# ---------------------------------------------------------------- batch norms


def test_statistics_of_batch_norms_are_pytorchs():
    case = RECORDED["statistics"]
    model = nn.Sequential(nn.BatchNorm1d(3, dtype=np.float64), nn.Linear(3, 2, dtype=np.float64))
    batches = [np.array(each) for each in case["batches"]]
    model(batches[0])
    update_bn([(each, None) for each in batches], model)
    assert model[0].momentum == case["momentum"]
    for path, each in model[0].state_dict().items():
        np.testing.assert_allclose(each, case["state"][path], rtol=1e-12)


def test_modes_and_momenta_are_what_they_were_also_when_a_batch_does_not_fit():
    model = nn.Sequential(nn.BatchNorm1d(2, momentum=0.3), nn.Sequential(nn.Tanh(), nn.BatchNorm1d(2))).eval()
    model[1].train()
    for batches, raised in (([np.ones((3, 2))], False), ([np.ones((3, 5))], True)):
        if raised:
            with pytest.raises(ValueError, match="BatchNorm1d"):
                update_bn(batches, model)
        else:
            update_bn(batches, model)
        assert [each.training for each in model.modules()] == [False, False, True, True, True]
        assert [model[0].momentum, model[1][1].momentum] == [0.3, 0.1]


def test_a_model_without_statistics_is_not_run():
    update_bn(iter([None]), nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2, track_running_stats=False)))


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: AveragedModel([1.0]), TypeError, "AveragedModel: expected a module, received list"),
        (
            lambda: AveragedModel(Counting(), 0.9),
            TypeError,
            "AveragedModel: expected avg_fn, a function or None; received",
        ),
        (lambda: get_ema_avg_fn(1.5), ValueError, "get_ema_avg_fn: expected decay, a finite number from 0 to 1; received 1.5"),
        (lambda: get_ema_avg_fn("x"), TypeError, "get_ema_avg_fn: expected decay, a number from 0 to 1; received 'x'"),
        (
            lambda: AveragedModel(nn.Linear(2, 1)).update_parameters(nn.Linear(2, 3)),
            ValueError,
            "AveragedModel.update_parameters: expected the model .*; received one that differs in weight, bias",
        ),
        (
            lambda: AveragedModel(nn.Linear(2, 1)).update_parameters(nn.Linear(2, 1, bias=False)),
            ValueError,
            "received one that differs in bias",
        ),
    ],
)
def test_bad_input_is_explained(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


@pytest.mark.parametrize("avg_fn", [get_ema_avg_fn(0.75), get_swa_avg_fn()])
def test_an_average_goes_on_after_pickling(avg_fn):
    model = Counting()
    average = AveragedModel(model, avg_fn)
    changed(model, 4.0, 0.0)
    average.update_parameters(model)
    copied = pickle.loads(pickle.dumps(average))
    changed(model, 8.0, 0.0)
    average.update_parameters(model)
    copied.update_parameters(model)
    assert copied.module.w.tolist() == average.module.w.tolist() != [4.0, 4.0]
