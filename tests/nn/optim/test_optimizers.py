"""What the base of all optimizers does for them; their numbers are in ``test_optimizer_table``."""

import copy
import gc
import pickle
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest

import autograd as ag
import nn
from nn.optim import SGD, Adam, UpdateRule, blocks
from tests.data.optimizer_cases import DESCENTS, STARTS, trained

ADAM = next(each for each in DESCENTS if each.optimizer == "Adam")
MOMENTUM = next(each for each in DESCENTS if each.settings.get("momentum"))


def made(starts, dtype=np.float64, kind=nn.Parameter):
    if kind is nn.Parameter:
        return [nn.Parameter(start, dtype) for start in starts]
    return [ag.tensor(start, dtype, requires_grad=True) for start in starts]


def assert_close(parameters, expected):
    for each, value in zip(parameters, expected, strict=True):
        value = np.asarray(value)
        assert each.shape == value.shape
        np.testing.assert_allclose(each.numpy(), value, rtol=0, atol=1e-10 * np.abs(value).max())


# ---------------------------------------------------------------- flat arrays and pieces


DISTURBANCES = {
    "values moved away": lambda parameters: [setattr(each, "_value", each.numpy().copy()[()]) for each in parameters],
    "another optimizer": lambda parameters: SGD(parameters, lr=0.0).step(),
    "values written": lambda parameters: [each.__setitem__(..., each.numpy().copy()) for each in parameters],
}


@pytest.mark.parametrize("pieces", [False, True])
@pytest.mark.parametrize("disturb", DISTURBANCES)
def test_a_flat_array_is_put_together_again(disturb, pieces, monkeypatch):
    if pieces:
        monkeypatch.setattr(blocks, "PIECE_BYTES", 24)
    parameters = made(STARTS)
    optimizer = ADAM.made(parameters)
    for step in range(20):
        trained(parameters, optimizer, [step])
        with ag.no_grad():
            DISTURBANCES[disturb](parameters)
    assert_close(parameters, ADAM.values)


@pytest.mark.parametrize("pieces", [False, True])
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda both: pickle.loads(pickle.dumps(both))])
def test_copies_go_on_by_themselves(copied, pieces, monkeypatch):
    if pieces:
        monkeypatch.setattr(blocks, "PIECE_BYTES", 24)
    parameters = made(STARTS)
    optimizer = MOMENTUM.made(parameters)
    trained(parameters, optimizer, range(10))
    others, other_optimizer = copied((parameters, optimizer))
    before = [each.tolist() for each in parameters]
    trained(others, other_optimizer, range(10, 20))
    assert_close(others, MOMENTUM.values)
    assert [each.tolist() for each in parameters] == before
    trained(parameters, optimizer, range(10, 20))
    assert_close(parameters, MOMENTUM.values)


def test_a_model_that_changes_its_dtype_goes_on():
    parameter = nn.Parameter([1.0, 2.0])
    other = nn.Parameter([3.0])
    model = nn.Module()
    model.members = [parameter, other]
    optimizer = SGD(model.parameters(), lr=0.5)
    for dtype in (np.float64, np.float32):
        model.astype(dtype).zero_grad()
        (parameter.sum() + other.sum()).backward()
        optimizer.step()
    assert parameter.dtype == other.dtype == np.float32
    assert parameter.tolist() == [0, 1]
    assert other.tolist() == [2]


@pytest.mark.parametrize("kind", [nn.Parameter, ag.Tensor])
def test_a_large_parameter_is_updated_in_its_own_memory_in_pieces(kind, monkeypatch):
    monkeypatch.setattr(blocks, "FLAT_SIZE", 2)
    monkeypatch.setattr(blocks, "PIECE_BYTES", 32)
    (parameter,) = made([np.ones((3, 3))], kind=kind)
    memory, node = parameter.numpy(), parameter.node
    optimizer = SGD([parameter], lr=0.5, momentum=0.5)
    for _ in range(2):
        parameter.grad = ag.tensor(np.arange(9.0).reshape(3, 3))
        optimizer.step()
    assert parameter.node is node
    assert np.shares_memory(parameter.numpy(), memory)
    np.testing.assert_allclose(memory, 1 - 0.5 * (1 + 1.5) * np.arange(9.0).reshape(3, 3))
    np.testing.assert_allclose(optimizer.state[parameter]["momentum_buffer"], 1.5 * np.arange(9.0).reshape(3, 3))


def test_a_step_on_pieces_between_forward_and_backward_is_noticed(monkeypatch):
    monkeypatch.setattr(blocks, "FLAT_SIZE", 2)
    monkeypatch.setattr(blocks, "PIECE_BYTES", 32)
    parameter = nn.Parameter(np.ones(9))
    stale = (parameter * parameter).sum()
    (parameter * parameter).sum().backward()
    SGD([parameter]).step()
    with pytest.raises(ag.OverwrittenError):
        stale.backward()


def test_parameters_without_elements():
    parameters = made([np.ones((0, 3)), np.ones(0)])
    for optimizer in (Adam(parameters), Adam(parameters[:1])):
        sum(each.sum() for each in parameters).backward()
        optimizer.step()
        assert optimizer.state[parameters[0]]["exp_avg"].shape == (0, 3)


# ---------------------------------------------------------------- memory, writes, gradients


def test_small_parameters_live_in_one_array_and_keep_their_place():
    parameters = made([np.ones((2, 3)), np.ones(4), np.array(1.0)])
    nodes = [each.node for each in parameters]
    optimizer = SGD(parameters, lr=0.5)
    for _ in range(2):
        optimizer.zero_grad()
        sum(each.sum() for each in parameters).backward()
        optimizer.step()
    views = [each.numpy() for each in parameters[:2]]
    assert views[0].base is not None
    assert views[0].base is views[1].base
    assert [each.node for each in parameters] == nodes
    assert [each.tolist() for each in parameters] == [[[0] * 3] * 2, [0] * 4, 0]


def test_memory_that_a_user_shares_is_written_where_it_is():
    array = np.ones(3)
    tensors = [ag.asarray(array).requires_grad_(), ag.asarray(np.ones(2)).requires_grad_()]
    (tensors[0].sum() + tensors[1].sum()).backward()
    SGD(tensors, lr=1.0).step()
    assert array.tolist() == [0, 0, 0]


@pytest.mark.parametrize("kind", [nn.Parameter, ag.Tensor])
@pytest.mark.parametrize("steps_before", [0, 1, 2])
def test_a_step_between_forward_and_backward_is_noticed(kind, steps_before):
    parameters = made([np.ones((2, 2)), np.ones(2)], kind=kind)
    optimizer = SGD(parameters)

    def loss():
        return sum((each * each).sum() for each in parameters)

    for _ in range(steps_before):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
    stale = loss()
    loss().backward()
    optimizer.step()
    with pytest.raises(ag.OverwrittenError):
        stale.backward()


def test_momentum_does_not_share_memory_with_the_gradient():
    parameter = ag.tensor([1.0, 1.0], requires_grad=True)
    optimizer = SGD([parameter], lr=1.0, momentum=0.5)
    parameter.sum().backward()
    optimizer.step()
    parameter.sum().backward()  # adds to the gradient in its memory
    assert optimizer.state[parameter]["momentum_buffer"].tolist() == [1, 1]


def test_rules_do_not_write_into_gradients():
    parameters = made(STARTS)
    for optimizer in (Adam(parameters, weight_decay=0.1), SGD(parameters, momentum=0.9, nesterov=True, maximize=True)):
        for each in parameters:
            each.grad = ag.tensor(np.ones(each.shape))
        optimizer.step()
        assert [each.grad.tolist() for each in parameters] == [np.ones(each.shape).tolist() for each in parameters]


def test_gradients_that_are_recorded_or_strided():
    parameters = made([np.ones((2, 3)), np.ones(2)])
    loss = (parameters[0].T if hasattr(ag.Tensor, "T") else np.transpose(parameters[0])) @ parameters[1]
    loss.sum().backward(create_graph=True)
    SGD(parameters, lr=1.0).step()
    assert parameters[0].tolist() == [[0] * 3] * 2
    assert parameters[1].tolist() == [-2, -2]


def test_parameters_without_a_gradient_stay():
    parameters = made([np.ones(2), np.ones(3), np.ones(1)])
    parameters[1].requires_grad_(False)
    optimizer = Adam(parameters, lr=0.5, weight_decay=0.5)
    optimizer.step()
    assert optimizer.state == {}
    parameters[0].sum().backward()
    optimizer.step()
    assert [each.tolist() for each in parameters[1:]] == [[1] * 3, [1]]
    assert list(optimizer.state) == parameters[:1]


def test_zero_grad():
    parameters = made([np.ones(2), np.array(1.0)])
    optimizer = SGD(parameters)
    (parameters[0].sum() * parameters[1]).backward()
    optimizer.zero_grad(set_to_none=False)
    assert [each.grad.tolist() for each in parameters] == [[0, 0], 0]
    optimizer.zero_grad()
    assert [each.grad for each in parameters] == [None, None]


def training_step(model, optimizer, x, y):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()


@pytest.mark.parametrize(
    "make", [lambda p: SGD(p, lr=0.01, momentum=0.9), lambda p: Adam(p, amsgrad=True)], ids=["SGD", "Adam"]
)
def test_a_thousand_steps_leave_memory_where_it_was(make):
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(4, 8, rng=rng), nn.Tanh(), nn.Linear(8, 3, rng=rng))
    optimizer, x, y = make(model.parameters()), rng.normal(size=(16, 4)), rng.integers(0, 3, 16)
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        after = {}
        for step in range(1, 1001):
            training_step(model, optimizer, x, y)
            if step in (10, 100, 1000):
                after[step] = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        gc.enable()
    # Python and NumPy keep some freed blocks for reuse, and fill these lists in the first hundred steps: about 10 KB in all.
    assert after[1000] - after[10] < 16_000
    assert after[1000] - after[100] < 500  # half a byte a step, where one node alone takes 150


def test_training_learns():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 2))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    model = nn.Sequential(nn.Linear(2, 16, rng=rng), nn.Tanh(), nn.Linear(16, 2, rng=rng))
    optimizer = Adam(model.parameters(), lr=0.05)
    for _ in range(200):
        training_step(model, optimizer, x, y)
    assert (model(x).numpy().argmax(1) == y).mean() > 0.97


# ---------------------------------------------------------------- groups, settings, own optimizers


def test_groups_have_settings_of_their_own():
    a, b, c = made([np.ones(1), np.ones(1), np.ones(1)])
    optimizer = SGD([{"params": a}, {"params": [b], "lr": 0.5}], lr=0.25)
    optimizer.add_param_group({"params": [c], "lr": 1.0, "maximize": True})
    (a + b + c).backward(np.ones(1))
    optimizer.step()
    assert (a.item(), b.item(), c.item()) == (0.75, 0.5, 2.0)
    optimizer.param_groups[0]["lr"] = 0.75
    optimizer.step()
    assert (a.item(), b.item(), c.item()) == (0.0, 0.0, 3.0)


def test_a_group_may_have_a_name():
    a, b = made([np.ones(1), np.ones(1)])
    optimizer = SGD([{"params": a, "name": "body"}, {"params": b, "name": "head"}])
    (a + b).backward(np.ones(1))
    optimizer.step()
    other = SGD([{"params": a, "name": "x"}, {"params": b, "name": "y"}])
    other.load_state_dict(optimizer.state_dict())
    assert [group["name"] for group in other.param_groups] == ["body", "head"]


def test_settings_that_are_numpy_scalars_leave_the_dtype():
    parameter = nn.Parameter([1.0], np.float32)
    optimizer = SGD([parameter], lr=np.float64(0.5), weight_decay=np.float64(0.5), momentum=np.float64(0.5))
    parameter.sum().backward()
    optimizer.step()
    optimizer.step()
    assert optimizer.state[parameter]["momentum_buffer"].dtype == np.float32
    assert parameter.dtype == np.float32
    # directions 1.5 and 1.5 / 2 + 1.125: 1 - 0.75 = 0.25, 0.25 - 0.9375 = -0.6875
    assert parameter.tolist() == [-0.6875]


def test_state_dict_counts_parameters_through_groups():
    a, b = made([np.ones(2), np.ones(1)])
    optimizer = Adam([{"params": [a], "lr": 0.5}, {"params": [b]}])
    b.sum().backward()
    optimizer.step()
    state = optimizer.state_dict()
    assert [group["params"] for group in state["param_groups"]] == [[0], [1]]
    assert state["param_groups"][0]["lr"] == 0.5
    assert list(state["state"]) == [1]
    assert state["state"][1]["step"] == 1
    np.testing.assert_allclose(state["state"][1]["exp_avg"], [0.1], rtol=1e-12)
    state["state"][1]["exp_avg"][0] = 5
    np.testing.assert_allclose(optimizer.state[b]["exp_avg"], [0.1], rtol=1e-12)


class Averaging(UpdateRule):
    """Moves to the mean of all values so far, and counts its steps."""

    def __init__(self, params, lr=1.0):
        super().__init__(params, {"lr": lr})

    def update(self, value, gradient, state, *, step, lr):
        total = state.get("total", 0.0) + value - lr * gradient
        return total / step, {"total": total}


@pytest.mark.parametrize("elementwise", [False, True])
def test_an_own_optimizer_is_its_rule(elementwise, monkeypatch):
    monkeypatch.setattr(Averaging, "elementwise", elementwise)
    parameters = made([np.array([4.0]), np.array([[2.0, 0.0]])])
    memory = parameters[0].numpy()
    optimizer = Averaging(parameters)
    for _ in range(2):
        optimizer.zero_grad()
        sum(each.sum() for each in parameters).backward()
        optimizer.step()
    # 4 - 1 = 3; (3 + 3 - 1) / 2 = 2.5
    assert [each.tolist() for each in parameters] == [[2.5], [[0.5, -1.5]]]
    assert optimizer.state[parameters[1]]["total"].shape == (1, 2)
    assert optimizer.state[parameters[1]]["step"] == 2
    assert np.shares_memory(parameters[0].numpy(), memory) == (not elementwise)


class Counting(UpdateRule):
    """Goes down by a number that it keeps, which is the same for all elements."""

    elementwise = True
    state_names = ("moved",)

    def __init__(self, params):
        super().__init__(params, {})

    def update(self, value, gradient, state, *, step):
        moved = state.get("moved", 0.0) + 1.0
        return value - moved, {"moved": moved}


def test_a_number_in_the_state_stays_one_and_parameters_with_another_are_updated_apart():
    parameters = made([np.zeros(1), np.zeros(2)], np.float32)
    optimizer = Counting(parameters)
    for used in (parameters, parameters[:1]):
        optimizer.zero_grad()
        sum(each.sum() for each in used).backward()
        optimizer.step()
    assert [type(optimizer.state[each]["moved"]) for each in parameters] == [float, float]
    other = Counting(parameters)
    state = optimizer.state_dict()
    state["state"][1]["step"] = 2  # as often as the first, so that the number alone keeps them apart
    other.load_state_dict(pickle.loads(pickle.dumps(state)))
    sum(each.sum() for each in parameters).backward()
    other.step()
    assert [each.tolist() for each in parameters] == [[-6], [-3, -3]]
    assert [other.state[each]["moved"] for each in parameters] == [3, 2]


class LARS(UpdateRule):
    """Steps as long as ``lr`` times the parameter, and keeps a mean of their lengths: a number for each parameter."""

    def __init__(self, params, lr=0.5):
        super().__init__(params, {"lr": lr})

    def update(self, value, gradient, state, *, step, lr):
        length = lr * np.linalg.norm(value)
        return value - length * gradient / np.linalg.norm(gradient), {"length": state.get("length", 0.0) * 0.5 + length * 0.5}


def test_a_rule_with_norms_sees_each_parameter_by_itself():
    parameters = made([np.array([3.0, 4.0]), np.array([[6.0, 8.0]])])
    optimizer = LARS(parameters)
    (parameters[0][0] + 7 * parameters[1][0, 1]).backward()
    optimizer.step()
    assert parameters[0].tolist() == [0.5, 4]  # a step of 5 / 2
    assert parameters[1].tolist() == [[6, 3]]  # of 10 / 2
    assert [optimizer.state[each]["length"] for each in parameters] == [1.25, 2.5]
    other = LARS(parameters)
    other.load_state_dict(optimizer.state_dict())
    assert [other.state[each]["length"] for each in parameters] == [1.25, 2.5]


class Remembering(UpdateRule):
    """Goes down by the gradient, and keeps value and gradient as they came."""

    def __init__(self, params):
        super().__init__(params, {})

    def update(self, value, gradient, state, *, step):
        return value - gradient, {"slow": value, "previous": gradient[...], "first": state.get("first", value)}


@pytest.mark.parametrize("elementwise", [False, True])
@pytest.mark.parametrize("shape", [(), (2,), (1, 3)])
def test_state_does_not_share_memory_with_value_or_gradient(shape, elementwise, monkeypatch):
    monkeypatch.setattr(Remembering, "elementwise", elementwise)
    parameters = made([np.full(shape, 5.0), np.full((2, *shape), 5.0)])
    optimizer = Remembering(parameters)
    for expected in [(5, 1), (4, 2)]:
        sum(each.sum() for each in parameters).backward()  # adds to the gradient in its memory
        optimizer.step()
        sum(each.sum() for each in parameters).backward()
        for each in parameters:
            each.grad = each.grad - 1.0
        for each in parameters:
            state = optimizer.state[each]
            np.testing.assert_array_equal(state["slow"], np.full(each.shape, expected[0]))
            np.testing.assert_array_equal(state["previous"], np.full(each.shape, expected[1]))
            np.testing.assert_array_equal(state["first"], np.full(each.shape, 5))


class Wrong(UpdateRule):
    """Returns what it is told to."""

    def __init__(self, params, result):
        super().__init__(params, {})
        self.result = result

    def update(self, value, gradient, state, *, step):
        return self.result(value)


@pytest.mark.parametrize(
    ("result", "elementwise", "message"),
    [
        (lambda value: (value.sum(), {}), False, r"Wrong.update: expected a value of shape \(2,\).*one of shape \(\)"),
        (lambda value: (value[None], {}), False, r"returned one of shape \(1, 2\)"),
        (
            lambda value: (value, {"a": value[:1]}),
            True,
            r"Wrong.update: expected state 'a' of shape \(2,\).*one of shape \(1,\)",
        ),
    ],
)
def test_a_rule_that_returns_another_shape_changes_nothing(result, elementwise, message, monkeypatch):
    monkeypatch.setattr(Wrong, "elementwise", elementwise)
    parameter = nn.Parameter([1.0, 2.0])
    optimizer = Wrong([parameter], lambda value: (value + 1, {"a": value}))
    parameter.sum().backward()
    optimizer.step()
    optimizer.result = result
    with pytest.raises(ValueError, match=message):
        optimizer.step()
    assert parameter.tolist() == [2, 3]
    assert optimizer.state[parameter]["step"] == 1
    assert optimizer.state[parameter]["a"].tolist() == [1, 2]


@pytest.mark.parametrize("count", [1, 2])
def test_state_follows_the_dtype_of_the_parameter(count):
    model = nn.Module()
    model.members = [nn.Parameter([1.0]) for _ in range(count)]
    parameters = model.members
    optimizer = Adam(parameters, lr=np.float64(0.1), betas=(np.float64(0.9), np.array(0.99)[()]))
    for dtype in (np.float64, np.float32, np.float64):
        model.astype(dtype).zero_grad()
        sum(each.sum() for each in parameters).backward()
        optimizer.step()
        for each in parameters:
            assert {optimizer.state[each][name].dtype for name in ("exp_avg", "exp_avg_sq")} == {np.dtype(dtype)}
            assert optimizer.state[each]["step"] == optimizer.state[parameters[0]]["step"]


def test_the_rule_gets_settings_with_pythons_numbers():
    class Looking(UpdateRule):
        def __init__(self, params, **settings):
            super().__init__(params, settings)

        def update(self, value, gradient, state, **settings):
            self.seen = settings
            return value, {}

    parameter = nn.Parameter([1.0])
    optimizer = Looking([parameter], a=np.float64(1.5), b=(np.float32(0.5), [np.int64(3)]), c=np.array(2.5), d="text")
    parameter.sum().backward()
    optimizer.step()
    assert optimizer.seen == {"step": 1, "a": 1.5, "b": (0.5, [3]), "c": 2.5, "d": "text"}
    assert [type(each) for each in (optimizer.seen["a"], *optimizer.seen["b"], optimizer.seen["c"])] == [
        float,
        float,
        list,
        float,
    ]


def test_the_rules_run_on_tensors_too():
    rng = np.random.default_rng(0)
    value, gradient = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    for optimizer in (SGD([nn.Parameter([1.0])], momentum=0.9, nesterov=True), Adam([nn.Parameter([1.0])], amsgrad=True)):
        settings = {name: each for name, each in optimizer.param_groups[0].items() if name != "params"}
        plain, plain_state = value, {}
        recorded, state = ag.tensor(value, requires_grad=True), {}
        for step in (1, 2):
            plain, plain_state = optimizer.update(plain, gradient, plain_state, step=step, **settings)
            recorded, state = optimizer.update(recorded, gradient, state, step=step, **settings)
        np.testing.assert_array_equal(recorded.numpy(), plain)
        assert recorded.requires_grad


def test_repr():
    optimizer = SGD([{"params": made([np.ones((2, 3)), np.ones(2)])}], lr=0.1)
    assert repr(optimizer) == (
        "SGD(\n  group 0: 2 parameters, 8 elements; lr=0.1, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False, "
        "maximize=False\n)"
    )


P = nn.Parameter([1.0])
ERRORS = [
    (lambda: SGD([]), ValueError, r"SGD: expected parameters, received none; is this the model's parameters\(\)\?"),
    (lambda: SGD(nn.Sequential().parameters()), ValueError, "SGD: expected parameters, received none"),
    (lambda: SGD([{"params": []}]), ValueError, "SGD: expected parameters in group 0, received none"),
    (lambda: SGD([P, P]), ValueError, r"SGD: parameter 1 of group 0 \(shape \(1,\)\) came before"),
    (lambda: SGD([{"params": P}, {"params": P}]), ValueError, r"SGD: parameter 0 of group 1 \(shape \(1,\)\) came before"),
    (lambda: SGD(P), TypeError, r"SGD: expected parameters in a list, received one Parameter; write \[parameter\]"),
    (
        lambda: Adam(nn.Linear(1, 1)),
        TypeError,
        r"Adam: expected parameters in a list, received one Linear; write model.parameters\(\)",
    ),
    (lambda: SGD({P}), TypeError, "SGD: expected parameters in an order, received a set; use a list"),
    (lambda: SGD([np.ones(2)]), TypeError, "SGD: parameter 0 of group 0: expected a Tensor, received ndarray"),
    (lambda: SGD([P * 2]), ValueError, "SGD: parameter 0 of group 0: expected a leaf, received the result of .*multiply"),
    (lambda: SGD([nn.Buffer([1])]), TypeError, "expected a floating tensor, received int64; it has no gradient"),
    (
        lambda: SGD([nn.Parameter([1j])]),
        TypeError,
        "expected a floating tensor, received complex128; keep real and imaginary part",
    ),
    (lambda: SGD([{"params": P, "rate": 1}]), ValueError, "SGD: unknown setting 'rate'; expected lr, momentum"),
    (lambda: SGD([{"params": P}, P]), TypeError, "SGD: expected a group as a dict with 'params', received Parameter"),
    (lambda: SGD([{"lr": 1}]), TypeError, "SGD: expected a group as a dict with 'params', received dict"),
    (lambda: SGD([P], lr=-1), ValueError, "SGD: expected lr, a finite number of 0 or more; received -1"),
    (lambda: SGD([P], lr=float("nan")), ValueError, "SGD: expected lr, a finite number of 0 or more; received nan"),
    (lambda: SGD([P], momentum=-0.1), ValueError, "SGD: expected momentum, a finite number of 0 or more; received -0.1"),
    (lambda: SGD([P], weight_decay=-1), ValueError, "SGD: expected weight_decay, a finite number of 0 or more; received -1"),
    (lambda: SGD([P], nesterov=True), ValueError, "nesterov needs momentum above 0 and no dampening; received momentum=0.0"),
    (lambda: SGD([P], nesterov=True, momentum=1, dampening=1), ValueError, "received momentum=1, dampening=1"),
    (lambda: SGD([{"params": P, "lr": -2}]), ValueError, "SGD: expected lr, a finite number of 0 or more; received -2"),
    (lambda: Adam([P], lr=-1), ValueError, "Adam: expected lr, a finite number of 0 or more; received -1"),
    (lambda: Adam([P], eps=-1), ValueError, "Adam: expected eps, a finite number of 0 or more; received -1"),
    (lambda: Adam([P], weight_decay=-1), ValueError, "Adam: expected weight_decay, a finite number of 0 or more; received -1"),
    (
        lambda: Adam([P], betas=(0.9, 1.0)),
        ValueError,
        r"Adam: expected betas, two numbers from 0 to below 1; received \(0.9, 1.0\)",
    ),
    (lambda: Adam([P], betas=(0.9,)), TypeError, r"Adam: expected betas, two numbers from 0 to below 1; received \(0.9,\)"),
    (lambda: Adam([P], betas=0.9), TypeError, "Adam: expected betas, two numbers from 0 to below 1; received 0.9"),
    (lambda: Adam([P], betas=("x", 0.9)), TypeError, r"Adam: expected betas\[0\], a number; received 'x'"),
    (lambda: Adam([P], betas=(0.9, np.nan)), ValueError, r"Adam: expected betas\[1\], a finite number; received nan"),
    (lambda: Adam([P], eps=None), TypeError, "Adam: expected eps, a number of 0 or more; received None"),
    (lambda: SGD([P], lr="x"), TypeError, "SGD: expected lr, a number of 0 or more; received 'x'"),
    (lambda: SGD([P], lr=None), TypeError, "SGD: expected lr, a number of 0 or more; received None"),
    (lambda: SGD([P], lr=np.inf), ValueError, "SGD: expected lr, a finite number of 0 or more; received inf"),
    (lambda: SGD([P], dampening=np.nan), ValueError, "SGD: expected dampening, a finite number; received nan"),
    (lambda: SGD([P], lr=Fraction(1, 2)), TypeError, r"SGD: expected lr, a number of 0 or more; received Fraction\(1, 2\)"),
    (lambda: SGD([P], lr=True), TypeError, "SGD: expected lr, a number of 0 or more; received True"),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()


def saved(make=SGD, shapes=((2,), (3,)), **settings):
    parameters = made([np.ones(shape) for shape in shapes])
    sum(each.sum() for each in parameters).backward()
    optimizer = make(parameters, **settings)
    optimizer.step()
    return optimizer.state_dict()


def altered(**entries):
    """A state that fits, but for these entries of its second parameter; an entry that is ``None`` is left out."""
    state = saved(momentum=0.5)
    state["state"][1].update(entries)
    state["state"][1] = {name: value for name, value in state["state"][1].items() if value is not None}
    return state


def numbered(numbers):
    state = saved()
    state["param_groups"][0]["params"] = numbers
    return state


LOAD = r"SGD\.load_state_dict: "
SECOND = r"parameter 1 \(shape \(3,\)\)"
MISFITS = [
    (lambda: saved(shapes=((2,),)), ValueError, rf"{LOAD}expected groups of \[2\] parameters, received groups of \[1\]"),
    (
        lambda: saved(momentum=0.5, shapes=((2,), (4,))),
        ValueError,
        rf"the state of {SECOND} does not fit: expected momentum_buffer of shape \(3,\), received \(4,\)",
    ),
    (lambda: saved(Adam), ValueError, "expected the settings lr, momentum, .* in group 0, received lr, betas.*another optim"),
    (
        lambda: {**saved(), "param_groups": [{**saved()["param_groups"][0], "lr": -1}]},
        ValueError,
        "expected lr, a finite number of 0 or more; received -1",
    ),
    (
        lambda: {**saved(), "param_groups": [{**saved()["param_groups"][0], "lr": None}]},
        TypeError,
        "expected lr, a number of 0 or more; received None",
    ),
    (lambda: "model.npz", TypeError, rf"{LOAD}expected a dict, received str; give what state_dict\(\) returned"),
    (lambda: {"param_groups": []}, ValueError, rf"{LOAD}the key 'state' is missing"),
    (lambda: {"state": {}}, ValueError, rf"{LOAD}the key 'param_groups' is missing"),
    (lambda: {**saved(), "state": []}, TypeError, rf"{LOAD}expected a dict as 'state', received list"),
    (lambda: {**saved(), "param_groups": {}}, TypeError, rf"{LOAD}expected a list as 'param_groups', received dict"),
    (lambda: {**saved(), "param_groups": [3]}, TypeError, rf"{LOAD}expected group 0 as a dict with a list of numbers"),
    (lambda: {**saved(), "param_groups": [{"lr": 1}]}, TypeError, rf"{LOAD}expected group 0 as a dict with a list of numbers"),
    (lambda: numbered([0, 0]), ValueError, r"parameters numbered from 0 to 1, once each; received \[0, 0\]"),
    (lambda: numbered([1, 2]), ValueError, r"numbered from 0 to 1, once each; received \[1, 2\]"),
    (lambda: numbered(["0", "1"]), ValueError, r"numbered from 0 to 1, once each; received \['0', '1'\]"),
    (lambda: {**saved(), "state": {7: {}}}, ValueError, "expected state of the parameters 0 to 1, received some of 7"),
    (lambda: {**saved(), "state": {"0": {}}}, ValueError, "expected state of the parameters 0 to 1, received some of '0'"),
    (lambda: {**saved(), "state": {1: 3}}, TypeError, f"expected the state of {SECOND} as a dict, received int"),
    (lambda: altered(step=None), ValueError, f"the state of {SECOND} has no 'step'"),
    (lambda: altered(step=0), ValueError, f"expected 'step' of {SECOND} as an int from 1, received 0"),
    (lambda: altered(step=1.0), ValueError, f"expected 'step' of {SECOND} as an int from 1, received 1.0"),
    (lambda: altered(step=True), ValueError, f"expected 'step' of {SECOND} as an int from 1, received True"),
    (lambda: altered(step="1"), ValueError, f"expected 'step' of {SECOND} as an int from 1, received '1'"),
    (
        lambda: altered(exp_avg=np.ones(3)),
        ValueError,
        f"the state of {SECOND} does not fit: expected nothing, perhaps momentum_buffer; received momentum_buffer, exp_avg",
    ),
    (
        lambda: altered(momentum_buffer=np.ones(3) * 1j),
        TypeError,
        f"state 'momentum_buffer' of {SECOND}: expected what can be cast to float64, received complex128",
    ),
    (
        lambda: altered(momentum_buffer=["a", "b", "c"]),
        TypeError,
        "expected what can be cast to float64, received <U1",
    ),
]


@pytest.mark.parametrize(("state", "error", "message"), MISFITS)
def test_a_state_that_does_not_fit_changes_nothing(state, error, message):
    parameters = made([np.ones(2), np.ones(3)])
    sum(each.sum() for each in parameters).backward()
    optimizer = SGD(parameters, lr=0.125, momentum=0.5)
    optimizer.step()
    before = pickle.dumps(optimizer.state_dict())
    with pytest.raises(error, match=message):
        optimizer.load_state_dict(state())
    assert pickle.dumps(optimizer.state_dict()) == before


@pytest.mark.parametrize("missing", ["exp_avg", "exp_avg_sq"])
def test_adam_does_not_start_its_means_anew(missing):
    state = saved(Adam)
    del state["state"][0][missing]
    optimizer = Adam(made([np.ones(2), np.ones(3)]))
    with pytest.raises(
        ValueError, match=r"parameter 0 .* does not fit: expected exp_avg, exp_avg_sq, perhaps max_exp_avg_sq; received exp"
    ):
        optimizer.load_state_dict(state)
    assert optimizer.state == {}


def test_loaded_state_is_a_copy_in_the_dtype_of_the_parameter():
    state = saved(momentum=0.5)
    parameters = made([np.ones(2), np.ones(3)], np.float32)
    optimizer = SGD(parameters, momentum=0.5)
    optimizer.load_state_dict(state)
    loaded = optimizer.state[parameters[0]]["momentum_buffer"]
    assert loaded.dtype == np.float32
    state["state"][0]["momentum_buffer"][:] = 9
    assert optimizer.state[parameters[0]]["momentum_buffer"].tolist() == [1, 1]


@pytest.mark.parametrize("made", [lambda value, state: value, lambda value, state: (value, None), lambda value, state: None])
def test_a_rule_that_does_not_return_value_and_state_is_told_so(made):
    class Half(nn.optim.UpdateRule):
        def update(self, value, gradient, state, *, step):
            return made(value, state)

    w = nn.Parameter([[1.0, 2.0], [3.0, 4.0]])
    optimizer = Half([w], {})
    (w * w).sum().backward()
    with pytest.raises(TypeError, match=r"Half.update: expected the new value and a dict, the new state"):
        optimizer.step()
    assert w.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_groups_may_go_and_parameters_change_groups():
    a, b, c = [nn.Parameter([1.0]) for _ in range(3)]
    optimizer = SGD([{"params": [each]} for each in (a, b, c)], lr=1.0, momentum=0.5)

    def step():
        for each in (a, b, c):
            each.grad = ag.tensor([1.0])
        optimizer.step()

    step()
    del optimizer.param_groups[0]
    step()
    assert [a.item(), b.item(), c.item()] == [0.0, -1.5, -1.5]
    optimizer.param_groups[0]["params"], optimizer.param_groups[1]["params"] = [c], [b]
    step()
    assert [a.item(), b.item(), c.item()] == [0.0, -3.25, -3.25]
    assert len(optimizer.state_dict()["state"]) == 2


@pytest.mark.parametrize(("value", "error"), [("x", TypeError), (-1.0, ValueError), (np.nan, ValueError)])
def test_a_setting_that_was_changed_is_checked_before_anything_is(value, error):
    a, b = nn.Parameter([1.0]), nn.Parameter([1.0])
    optimizer = SGD([{"params": [a]}, {"params": [b]}], lr=0.5)
    a.grad = b.grad = ag.tensor([1.0])
    optimizer.step()
    optimizer.param_groups[1]["lr"] = value
    for _ in range(2):
        with pytest.raises(error, match=f"^SGD: expected lr, .* of 0 or more; received {value!r}"):
            optimizer.step()
    assert [a.item(), b.item()] == [0.5, 0.5]


def test_an_entry_of_a_setting_that_was_changed_is_checked():
    a = nn.Parameter([1.0])
    optimizer = Adam([a], betas=[0.9, 0.99])
    a.grad = ag.tensor([1.0])
    optimizer.step()
    optimizer.param_groups[0]["betas"][0] = "x"
    with pytest.raises(TypeError, match=r"^Adam: expected betas\[0\], a number"):
        optimizer.step()


def test_memory_that_cannot_be_written_is_refused():
    tensor = ag.asarray(np.broadcast_to(np.ones(1), (3,))).requires_grad_()
    tensor.name = "scale"
    with pytest.raises(ValueError, match=r"^SGD: parameter 0 of group 0 \(scale, shape \(3,\)\): expected memory that can be"):
        SGD([tensor])
