"""The table: every optimizer through the same checks, with the settings and the numbers that were recorded from PyTorch.

``Lion``, which PyTorch does not have, is compared with its published algorithm.
"""

import inspect
import pickle
from functools import partial

import numpy as np
import pytest

import autograd as ag
import nn
from nn.optim import Optimizer, UpdateRule, blocks
from tests.data.optimizer_cases import DESCENTS, RECORDED, SEARCHES, STARTS, Descent, bowl, rosenbrock, started, trained

LIONS = [
    Descent("Lion", {"lr": 0.1}, []),
    Descent("Lion", {"lr": 0.1, "betas": (0.5, 0.8), "weight_decay": 0.5}, [], {"first": {"lr": 0.03, "weight_decay": 0.3}}),
    Descent("Lion", {"lr": 0.1, "maximize": True}, []),
]
RULES = [each for each in DESCENTS if each.settings["lr"] != 0.01] + LIONS  # each of the recorded settings once
RULE_NAMES = sorted({each.optimizer for each in RULES})
OPTIMIZERS = {name: each for name, each in vars(nn.optim).items() if inspect.isclass(each) and issubclass(each, Optimizer)}
FINAL = OPTIMIZERS.keys() - {"Optimizer", "UpdateRule"}


def arguments(name):
    """What the optimizer takes besides the parameters, with the defaults."""
    _, *taken = inspect.signature(OPTIMIZERS[name]).parameters.values()
    return {each.name: each.default for each in taken}


def error(found, expected):
    """The largest difference of an element, relative to the largest one expected."""
    found, expected = (np.concatenate([np.ravel(np.asarray(each)) for each in listed]) for listed in (found, expected))
    return np.abs(found - expected).max() / np.abs(expected).max()


def numbers(parameters):
    return [each.numpy().copy() for each in parameters]


def assert_same(found, expected):
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b, strict=True)


def test_every_optimizer_is_in_the_table():
    assert {*RULE_NAMES, "LBFGS"} == DESCENDING.keys() == REFUSED.keys() == FINAL
    assert RECORDED["signatures"].keys() == FINAL - {"Lion"}


# ---------------------------------------------------------------- PyTorch's numbers


@pytest.mark.parametrize(("dtype", "allowed"), [(np.float64, 1e-9), (np.float32, 1e-4)])
@pytest.mark.parametrize("case", DESCENTS, ids=str)
def test_twenty_steps_are_pytorchs(case, dtype, allowed):
    found = case.computed(dtype)
    assert {each.dtype for each in found} == {np.dtype(dtype)}
    assert [each.shape for each in found] == [each.shape for each in STARTS]
    assert error(numbers(found), case.values) <= allowed


@pytest.mark.parametrize("case", SEARCHES, ids=str)
def test_a_search_is_pytorchs(case):
    parameters, losses = started()[:3], []
    optimizer = case.made(parameters)
    returned = [optimizer.step(case.closure(parameters, optimizer, losses)).item() for _ in case.returned]
    assert len(losses) == case.calls
    np.testing.assert_allclose(returned, case.returned, rtol=1e-9)
    assert error(numbers(parameters), case.values) <= 1e-9


@pytest.mark.parametrize("case", SEARCHES, ids=str)
def test_a_search_in_float32_is_about_as_exact_as_pytorchs(case):
    found = case.computed(np.float32)
    assert {each.dtype for each in found} == {np.dtype(np.float32)}
    assert error(numbers(found), case.values) <= max(1e-4, 10 * case.float32_error)


@pytest.mark.parametrize("name", RECORDED["signatures"])
def test_arguments_and_defaults_are_pytorchs(name):
    theirs = {key: tuple(each) if isinstance(each, list) else each for key, each in RECORDED["signatures"][name].items()}
    assert list(arguments(name).items()) == list(theirs.items())


@pytest.mark.parametrize(("beta1", "beta2", "decay"), [(0.9, 0.99, 0.0), (0.5, 0.8, 0.5), (0.9, 0.99, 0.1)])
@pytest.mark.parametrize("lr", [0.01, 0.1])
def test_lion_is_the_published_algorithm(lr, beta1, beta2, decay):
    """Algorithm 2 of Chen et al. 2023, line by line, for one number after the other."""
    parameters = started()
    trained(parameters, nn.optim.Lion(parameters, lr, (beta1, beta2), decay), range(20))
    for i, (parameter, start) in enumerate(zip(parameters, STARTS, strict=True)):
        for found, theta in zip(parameter.numpy().ravel(), start.ravel().tolist(), strict=True):
            m = 0.0
            for step in range(20):
                if i == 2 and step % 3 == 0:
                    continue
                g = 2 * (theta - 0.3) + 0.4 * theta**3
                c = beta1 * m + (1 - beta1) * g
                theta = theta - lr * ((c > 0) - (c < 0) + decay * theta)
                m = beta2 * m + (1 - beta2) * g
            assert found == pytest.approx(theta, rel=1e-9)


# ---------------------------------------------------------------- how parameters are held makes no difference


@pytest.mark.parametrize("way", ["tensors", "large", "pieces", "strided"])
@pytest.mark.parametrize("case", RULES, ids=str)
def test_flat_arrays_pieces_and_single_parameters_give_the_same(case, way, monkeypatch):
    expected = numbers(case.computed(np.float64))
    if way == "large":
        monkeypatch.setattr(blocks, "FLAT_SIZE", 2)
    if way == "pieces":
        monkeypatch.setattr(blocks, "PIECE_BYTES", 24)
    parameters = started()
    if way == "tensors":
        parameters = [ag.tensor(each, requires_grad=True) for each in STARTS]
    if way == "strided":
        parameters = [ag.asarray(np.repeat(each, 2).reshape(*each.shape, 2)[..., 0]).requires_grad_() for each in STARTS]
    trained(parameters, case.made(parameters), range(20))
    assert_same(numbers(parameters), expected)


@pytest.mark.parametrize("size", [2**15 - 1, 2**15, 2**15 + 1, 2**17 + 3])
@pytest.mark.parametrize("name", RULE_NAMES)
def test_a_large_parameter_in_float32(name, size):
    rng = np.random.default_rng(0)
    start = rng.normal(size=size).astype(np.float32)
    whole, end = nn.Parameter(start), nn.Parameter(start[-5:])
    of_whole, of_end = OPTIMIZERS[name]([whole]), OPTIMIZERS[name]([end])
    for _ in range(3):
        gradient = rng.normal(size=size).astype(np.float32)
        whole.grad, end.grad = ag.tensor(gradient), ag.tensor(gradient[-5:])
        of_whole.step()
        of_end.step()
    if of_whole.elementwise:
        assert_same([whole.numpy()[-5:]], [end.numpy()])
    assert whole.dtype == np.float32
    assert np.isfinite(whole.numpy()).all()
    assert (whole.numpy() != start).mean() > 0.99
    for each in of_whole.state[whole].values():
        assert isinstance(each, int | float) or (each.shape, each.dtype) == ((size,), np.float32)


@pytest.mark.parametrize("case", RULES, ids=str)
def test_the_rule_runs_on_tensors_and_on_arrays_that_cannot_be_written(case):
    rng = np.random.default_rng(0)
    optimizer = case.made(started())
    settings = optimizer._settings(optimizer.param_groups[0])
    value, plain_state, state = rng.normal(size=(2, 3)), {}, {}
    recorded = ag.tensor(value, requires_grad=True)
    for step in range(1, 8):
        gradient = rng.normal(size=(2, 3))
        for each in (value, gradient, *[each for each in plain_state.values() if isinstance(each, np.ndarray)]):
            each.flags.writeable = False
        value, plain_state = optimizer.update(value, gradient, plain_state, step=step, **settings)
        recorded, state = optimizer.update(recorded, gradient, state, step=step, **settings)
        np.testing.assert_array_equal(recorded.numpy(), value)
    assert recorded.requires_grad


# ---------------------------------------------------------------- saving


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("case", [*RULES, *SEARCHES], ids=str)
def test_saved_in_the_middle_it_goes_on_bit_for_bit(case, dtype):
    def run(parameters, optimizer, steps):
        if isinstance(case, Descent):
            trained(parameters, optimizer, steps)
        else:
            for _ in steps:
                optimizer.step(case.closure(parameters, optimizer, []))

    middle, end = (10, 20) if isinstance(case, Descent) else (1, 3)
    through, first = started(dtype), started(dtype)
    of_through, of_first = case.made(through), case.made(first)
    run(through, of_through, range(end))
    run(first, of_first, range(middle))
    second = [nn.Parameter(each.numpy()) for each in first]
    groups = isinstance(case, Descent) and case.groups
    of_second = type(of_first)([{"params": second[:2]}, {"params": second[2:]}] if groups else second, lr=0.5)
    of_second.load_state_dict(pickle.loads(pickle.dumps(of_first.state_dict())))
    run(second, of_second, range(middle, end))
    assert_same(numbers(second), numbers(through))
    for a, b in zip(of_second.state.values(), of_through.state.values(), strict=True):
        assert a.keys() == b.keys()
        for name in a:
            np.testing.assert_array_equal(a[name], b[name])
            assert isinstance(a[name], int | float) or a[name].dtype == dtype


def saved(name, shape):
    parameter = nn.Parameter(np.ones(shape))
    optimizer = OPTIMIZERS[name]([parameter], lr=0.1)
    parameter.sum().backward()
    optimizer.step(lambda: 1.0)
    return optimizer.state_dict()


@pytest.mark.parametrize("name", sorted(FINAL))
def test_the_state_of_another_optimizer_is_refused(name):
    optimizer = OPTIMIZERS[name]([nn.Parameter(np.ones((2, 3)))])
    for other in FINAL - {name}:
        if {name, other} != {"Adam", "AdamW"}:
            with pytest.raises(ValueError, match=f"{name}.load_state_dict: expected the settings .*; was this saved by an"):
                optimizer.load_state_dict(saved(other, (2, 3)))
    assert optimizer.state == {}


@pytest.mark.parametrize("name", sorted(FINAL - {"SGD"}))
def test_state_of_another_shape_or_with_a_part_missing_is_refused(name):
    optimizer = OPTIMIZERS[name]([nn.Parameter(np.ones((2, 3)))])
    lacking = saved(name, (2, 3))
    lacking["state"][0].popitem()
    strange = saved(name, (2, 3))
    strange["state"][0]["strange"] = np.ones((2, 3))
    for state in (saved(name, (3, 3)), saved(name, (5,)), saved(name, ()), lacking, strange):
        with pytest.raises(ValueError, match=f"{name}.load_state_dict: the state of parameter 0 .* does not fit: .* received"):
            optimizer.load_state_dict(state)
    assert optimizer.state == {}


# ---------------------------------------------------------------- down they go

# Settings with which each comes down a quadratic and Rosenbrock's valley.
DESCENDING = {
    "SGD": ({"lr": 0.05}, {"lr": 1e-3, "momentum": 0.9}),
    "Adam": ({"lr": 0.1}, {"lr": 0.02}),
    "AdamW": ({"lr": 0.1, "weight_decay": 0.0}, {"lr": 0.02, "weight_decay": 0.0}),
    "Adamax": ({"lr": 0.1}, {"lr": 0.1}),
    "NAdam": ({"lr": 0.1}, {"lr": 0.02}),
    "RAdam": ({"lr": 0.1}, {"lr": 0.003, "betas": (0.9, 0.9)}),
    "RMSprop": ({"lr": 0.01}, {"lr": 5e-4, "momentum": 0.9, "alpha": 0.9}),
    "Rprop": ({}, {}),
    "Adagrad": ({"lr": 0.5}, {"lr": 0.3}),
    "Adadelta": ({"eps": 1e-4}, {"eps": 3e-8}),
    "Adafactor": ({"lr": 0.1}, {"lr": 0.1}),
    "Lion": ({"lr": 0.006}, {"lr": 0.002}),
    "LBFGS": ({"line_search_fn": "strong_wolfe"}, {"line_search_fn": "strong_wolfe"}),
}
VALLEYS = {"quadratic": lambda x: ((x[0] - 1) ** 2 + 10 * (x[1] + 0.5) ** 2) / 2, "rosenbrock": lambda x: rosenbrock([x])}


@pytest.mark.parametrize("name", sorted(FINAL))
@pytest.mark.parametrize("valley", VALLEYS)
def test_it_comes_down(name, valley):
    loss, settings = VALLEYS[valley], DESCENDING[name][valley == "rosenbrock"]
    x = nn.Parameter([-0.5, 0.5])
    optimizer = OPTIMIZERS[name]([x], **settings)

    def closure():
        optimizer.zero_grad()
        value = loss(x)
        value.backward()
        return value

    first = optimizer.step(closure).item()
    assert first == loss(np.array([-0.5, 0.5]))
    for _ in range(3 if name == "LBFGS" else 300 if valley == "quadratic" else 2500):
        optimizer.step(closure)
    assert loss(x.numpy()) < 0.01 * first


@pytest.mark.parametrize("name", sorted(FINAL - {"LBFGS"}))
def test_going_up_is_going_down_the_other_way(name):
    downwards, upwards = started(), started()
    settings = {"weight_decay": 0.0} if "weight_decay" in arguments(name) else {}
    down, up = OPTIMIZERS[name](downwards, **settings), OPTIMIZERS[name](upwards, maximize=True, **settings)
    for _ in range(5):
        for parameters, optimizer, sign in ((downwards, down, 1), (upwards, up, -1)):
            optimizer.zero_grad()
            (sign * bowl(parameters)).backward()
            optimizer.step()
    assert_same(numbers(upwards), numbers(downwards))


# ---------------------------------------------------------------- closures, gradients, settings


@pytest.mark.parametrize("name", sorted(FINAL))
def test_the_closure_runs_with_gradients_before_the_update_and_its_loss_is_returned(name):
    x = nn.Parameter([2.0, 3.0])
    optimizer = OPTIMIZERS[name]([x], lr=0.1)
    seen = []

    def closure():
        assert ag.is_grad_enabled()
        optimizer.zero_grad()
        loss = (x * x).sum()
        loss.backward()
        seen.append(x.tolist())
        return loss

    with ag.no_grad():
        assert optimizer.step(closure).item() == 13.0
    assert seen[0] == [2, 3]
    assert x.tolist() != [2, 3]
    with pytest.raises(TypeError, match=f"{name}.step: expected a closure, a function that computes .*; received Tensor"):
        optimizer.step((x * x).sum())


@pytest.mark.parametrize("name", sorted(FINAL))
def test_parameters_without_a_gradient_stay(name):
    parameters = started()
    optimizer = OPTIMIZERS[name](parameters)
    if isinstance(optimizer, UpdateRule):
        assert optimizer.step() is None
        assert optimizer.state == {}

    def closure():
        optimizer.zero_grad()
        loss = bowl(parameters[:2])
        loss.backward()
        return loss

    optimizer.step(closure)
    assert_same(numbers(parameters[2:]), STARTS[2:])
    assert not np.array_equal(parameters[0].numpy(), STARTS[0])


NEGATIVE = [-1, np.nan, np.inf, "x", None, True]
BETAS = [(0.9, 1.0), (-0.1, 0.9), (0.9,), 0.9, ("x", 0.9), (0.9, np.nan)]
SWITCH = [2, None, "yes"]
REFUSED = {
    "SGD": {"lr": NEGATIVE, "momentum": NEGATIVE, "dampening": NEGATIVE[1:], "weight_decay": NEGATIVE, "nesterov": SWITCH},
    "Adam": {"lr": NEGATIVE, "betas": BETAS, "eps": NEGATIVE, "weight_decay": NEGATIVE, "amsgrad": SWITCH, "maximize": SWITCH},
    "AdamW": {"lr": NEGATIVE, "betas": BETAS, "eps": NEGATIVE, "weight_decay": NEGATIVE, "amsgrad": SWITCH},
    "Adamax": {"lr": NEGATIVE, "betas": BETAS, "eps": NEGATIVE, "weight_decay": NEGATIVE, "maximize": SWITCH},
    "NAdam": {"lr": NEGATIVE, "betas": BETAS, "momentum_decay": NEGATIVE, "decoupled_weight_decay": SWITCH},
    "RAdam": {"lr": NEGATIVE, "betas": BETAS, "eps": NEGATIVE, "decoupled_weight_decay": SWITCH},
    "RMSprop": {"lr": NEGATIVE, "alpha": [1.1, *NEGATIVE], "eps": NEGATIVE, "momentum": NEGATIVE, "centered": SWITCH},
    "Rprop": {
        "lr": NEGATIVE,
        "etas": [(1.1, 1.2), (0.0, 1.2), (0.5, 1.0), 0.5, (0.5,), (0.5, np.inf)],
        "step_sizes": [(2, 1), (-1, 1), (1, np.inf), 1],
    },
    "Adagrad": {"lr": NEGATIVE, "lr_decay": NEGATIVE, "initial_accumulator_value": NEGATIVE, "eps": NEGATIVE},
    "Adadelta": {"lr": NEGATIVE, "rho": [1.1, *NEGATIVE], "eps": NEGATIVE, "weight_decay": NEGATIVE},
    "Adafactor": {
        "lr": NEGATIVE,
        "beta2_decay": [0.1, *NEGATIVE[1:]],
        "eps": [(None, None), 1e-3, (-1, 1), (None, -1), (None,)],
        "d": [0.5, *NEGATIVE],
        "weight_decay": NEGATIVE,
    },
    "Lion": {"lr": NEGATIVE, "betas": BETAS, "weight_decay": NEGATIVE, "maximize": SWITCH},
    "LBFGS": {
        "lr": NEGATIVE,
        "max_iter": [0, 1.5, None],
        "max_eval": [0, 1.5],
        "tolerance_grad": NEGATIVE,
        "tolerance_change": NEGATIVE,
        "history_size": [0, 1.5],
        "line_search_fn": ["armijo", 1],
    },
}


@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [(name, setting, each) for name, settings in REFUSED.items() for setting, values in settings.items() for each in values],
)
def test_settings_that_make_no_sense_are_refused_when_they_are_given(name, setting, value):
    make = partial(OPTIMIZERS[name], [nn.Parameter([1.0])])
    message = rf"^{name}: .*{setting}.*; received "
    with pytest.raises((ValueError, TypeError), match=message):
        make(**{setting: value})
    if not OPTIMIZERS[name].one_group:
        with pytest.raises((ValueError, TypeError), match=message):
            make().add_param_group({"params": [nn.Parameter([2.0])], setting: value})
