"""The gate and the op record: making ops, plans, what is recorded, and the errors that name op and inputs."""

import inspect

import numpy as np
import pytest

import autograd as ag
from autograd.record import FUNCTIONS, OPS


def variable(*values):
    return ag.tensor(values, requires_grad=True)


# ---------------------------------------------------------------- what goes in and comes out


def test_without_a_tensor_an_op_is_plain_numpy():
    assert type(ag.add(np.ones(2), 1)) is np.ndarray
    assert type(ag.add(np.float64(1), 1)) is np.float64
    assert ag.multiply([1, 2], [3, 4]).tolist() == [3, 8]
    assert ag.sin(0.5) == np.sin(0.5)
    assert type(ag.add(1, 2)) is np.int64


def test_python_numbers_are_weak_and_stay_literals():
    x = ag.tensor([1.0], dtype=np.float32, requires_grad=True)
    for y in (x * 2.5, 2.5 * x, x + 1, x**2, np.add(x, 1e-3)):
        assert y.dtype == np.float32
    assert (x * 2.5).node.inputs[1] == 2.5
    assert (x * np.float64(2.5)).dtype == np.float64  # NEP 50: a NumPy scalar is not weak
    assert ag.multiply(np.float32(1), 2.5).dtype == np.float32


def test_mixed_dtypes_follow_numpy():
    for left in (np.float32, np.float64, np.int32, np.complex64):
        for right in (np.float32, np.float64, np.int64, np.bool_, np.complex128):
            a, b = np.ones(2, left), np.ones(2, right)
            assert (ag.tensor(a) * ag.tensor(b)).dtype == (a * b).dtype
            assert (ag.tensor(a) * b).dtype == (a * ag.tensor(b)).dtype == (a * b).dtype


def test_arrays_lists_and_scalars_enter_the_graph_as_constant_leaves():
    x = variable(1.0, 2.0)
    for other in (np.ones(2), [1.0, 1.0], np.float64(3.0), ag.tensor([1.0, 1.0])):
        leaf = (x * other).node.inputs[1]
        assert (leaf.op, leaf.requires_grad) == (None, False)


def test_one_constant_tensor_is_one_leaf():
    x, c = variable(1.0, 2.0), ag.tensor([3.0, 4.0])
    assert (x * c).node.inputs[1] is (x + c).node.inputs[1]


def test_integer_and_boolean_results_need_no_gradient():
    x = variable(1.0, 2.0)
    for y in (x > 1, x == x, np.isnan(x), x.astype(int), x.argmax(), np.logical_not(x)):
        assert not y.requires_grad


def test_nodes_know_what_made_them():
    x = ag.tensor(np.ones((2, 3)), dtype=np.float32, requires_grad=True)
    node = x.sum(axis=-1, keepdims=True).node
    assert (node.name, node.shape, node.dtype, node.statics) == ("sum", (2, 1), np.float32, {"axis": (1,), "keepdims": True})
    assert node.inputs == (x.node,)
    assert node.tick > x.node.tick
    assert "sum (2, 1) float32" in repr(node)


# ---------------------------------------------------------------- a user's own op


def test_a_users_op():
    @ag.op(elementwise=True)
    def scaled(x, y, *, factor):
        """Scale and multiply."""
        return x * y * factor

    scaled.vjp(x=lambda g, y, factor: g * y * factor, y=lambda g, x, factor: g * x * factor)
    x, y = variable(1.0, 2.0), ag.tensor([[3.0], [4.0]], requires_grad=True)
    z = scaled(x, y, factor=10)
    assert z.shape == (2, 2)
    assert ag.gradcheck(lambda a, b: scaled(a, b, factor=10), [x, y])
    assert ag.gradcheck(lambda a, b: scaled(a, b, factor=10), [x, y], order=2)
    assert (scaled.__name__, scaled.__doc__) == ("scaled", "Scale and multiply.")
    assert list(inspect.signature(scaled).parameters) == ["x", "y", "factor"]
    assert "scaled" not in OPS
    assert "scaled" not in FUNCTIONS


def test_a_variadic_op_with_a_rule_per_index_and_one_with_a_joint_rule():
    @ag.op
    def total(*arrays):
        return sum(arrays)

    total.vjp(arrays=lambda g, arrays, index: g * (index + 1))
    x, y, z = variable(1.0), variable(2.0), variable(3.0)
    total(x, y.detach(), z).sum().backward()
    assert (x.grad.tolist(), y.grad, z.grad.tolist()) == ([1.0], None, [3.0])

    @ag.op
    def shapes(first, *arrays):
        return first + arrays[0][0] + arrays[1][0]

    shapes.vjp(
        first=lambda g: g,
        arrays=lambda g, arrays_shape, arrays_dtype: [
            g[0] * np.ones(s, d) for s, d in zip(arrays_shape, arrays_dtype, strict=True)
        ],
    )
    x, y, z = variable(1.0), variable(2.0, 2.0), variable(3.0, 3.0, 3.0)
    shapes(x, y, z).sum().backward()
    assert [each.grad.tolist() for each in (x, y, z)] == [[1.0], [1.0, 1.0], [1.0, 1.0, 1.0]]


def test_an_op_with_several_outputs():
    @ag.op(multiple=True)
    def halves_and_count(x):
        return x[: len(x) // 2], x[len(x) // 2 :], np.int64(len(x))

    def rule(g, x_shape):
        first, second, count = g
        assert count is None
        half = x_shape[0] // 2
        return np.concatenate([np.zeros(half) if first is None else first, np.zeros(half) if second is None else second])

    halves_and_count.vjp(x=rule)
    x = variable(1.0, 2.0, 3.0, 4.0)
    first, second, count = halves_and_count(x)
    assert (first.requires_grad, second.requires_grad, count.requires_grad) == (True, True, False)
    (first * 2).sum().backward(retain_graph=True)
    assert x.grad.tolist() == [2.0, 2.0, 0.0, 0.0]
    (first * second).sum().backward()
    assert x.grad.tolist() == [5.0, 6.0, 1.0, 2.0]
    assert all(type(each) is not ag.Tensor for each in halves_and_count(np.ones(4)))


def test_a_rule_given_later_takes_effect():
    @ag.op
    def twice(x):
        return x * 2

    twice.vjp(x=lambda g: g)
    x = variable(1.0)
    twice(x).sum().backward()
    twice.vjp(x=lambda g: 2 * g)
    twice(x).sum().backward()
    assert x.grad.tolist() == [3.0]


def test_outputs_named_by_rules():
    @ag.op
    def summed(x, *, axis):
        return x.sum(axis)

    summed.vjp(
        x=lambda g, x_shape, x_dtype, out_shape, axis: np.ones(x_shape, x_dtype) * np.expand_dims(g.reshape(out_shape), axis)
    )
    x = ag.tensor(np.ones((2, 3)), dtype=np.float32, requires_grad=True)
    summed(x, axis=1).sum().backward()
    assert x.grad.tolist() == [[1.0] * 3] * 2


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda x: x + np.ones(3), ValueError, r"add: shapes \(2,\) and \(3,\) do not broadcast.*reshape"),
        (
            lambda x: np.where(np.ones(4, bool), x, 0.0),
            ValueError,
            r"where: shapes \(4,\) and \(2,\) and \(\) do not broadcast",
        ),
        (lambda x: x.sum(axis=3), ValueError, "axis 3 is out of bounds"),
        (lambda x: x.reshape(5), ValueError, r"reshape\(x: float64 \(2,\), shape=\(5,\).*\): cannot reshape"),
        (lambda x: x @ np.ones(3), ValueError, r"matmul\(x1: float64 \(2,\), x2: float64 \(3,\)\)"),
        (lambda x: ag.add(x, None), TypeError, "add: expected numbers.*received NoneType"),
        (lambda x: ag.add(x, "text"), TypeError, "add: expected numbers.*received str"),
        (lambda x: ag.add(np.ma.ones(2), x), TypeError, r"add: expected an array without a mask.*\.filled"),
        (lambda x: x & 1, TypeError, "bitwise_and"),
        (lambda x: np.add(1.0, object()), TypeError, "object"),
    ],
)
def test_messages(act, error, message):
    with pytest.raises(error, match=message):
        act(variable(1.0, 2.0))


def test_messages_name_the_module():
    with ag.scope("encoder.0"), pytest.raises(ValueError, match="in module encoder.0"):
        variable(1.0, 2.0) + np.ones(3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ag.op(lambda g: g), "'g' has a meaning of its own"),
        (lambda: ag.op(lambda x, **options: x), r"received \*\*kwargs"),
        (lambda: ag.op(lambda x: x, name="f").vjp(y=lambda g: g), "rule for 'y', but its inputs are x"),
        (lambda: ag.op(lambda x: x, name="f").vjp(x=lambda x: x), "first parameter is 'g'"),
        (lambda: ag.op(lambda x: x, name="f").vjp(x=lambda g, z: g), "asks for 'z', which is none of"),
        (lambda: ag.op(lambda x: x, name="f").vjp(x=lambda g, x_size: g), "asks for 'x_size'"),
    ],
)
def test_wrong_declarations(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def test_a_missing_rule_is_named_when_it_is_needed():
    @ag.op
    def product(x, y):
        return x * y

    product.vjp(x=lambda g, y: g * y)
    x = variable(1.0)
    product(x, 2.0)
    with pytest.raises(TypeError, match=r"op 'product' has no gradient rule for its input 'y'.*product\.vjp\(y=\.\.\.\)"):
        product(x, x)


def test_a_rule_of_none_lets_nothing_through():
    @ag.op
    def gated(x, gate):
        return x * gate

    gated.vjp(x=lambda g, gate: g * gate, gate=None)
    x = variable(1.0)
    gated(x, x).sum().backward()
    assert x.grad.tolist() == [1.0]
    assert not gated(np.ones(1), x).requires_grad


def test_wrong_numbers_of_inputs():
    @ag.op
    def three(x, y, z):
        return x + y + z

    with pytest.raises(TypeError, match="three: expected 3 inputs, received 2"):
        three(variable(1.0), 1.0)


def test_defaults_of_statics_reach_the_rules():
    @ag.op
    def scaled(x, *, k=2.0):
        return x * k

    scaled.vjp(x=lambda g, k: g * k)
    x = variable(1.0)
    (scaled(x) + scaled(x, k=5.0)).sum().backward()
    assert x.grad.tolist() == [7.0]


def test_inputs_have_no_defaults():
    with pytest.raises(TypeError, match=r"the input 'k' has a default.*write \(\.\.\., \*, k=\.\.\.\)"):
        ag.op(lambda x, k=2.0: x * k)


def test_inputs_may_have_any_name():
    @ag.op
    def odd(shape, dtype, tuple, map):
        return shape * dtype * tuple * map

    odd.vjp(shape=lambda g, shape_shape, dtype, dtype_dtype, tuple, map: g * dtype * tuple * map)
    x = variable(1.0)
    odd(x, 2.0, 3.0, 4.0).sum().backward()
    assert x.grad.tolist() == [24.0]


@pytest.mark.parametrize("returned", [None, "text", [1.0], ag.tensor(1.0)])
def test_a_users_forward_has_to_return_an_array(returned):
    broken = ag.op(lambda x: returned, name="broken")
    with pytest.raises(TypeError, match=rf"broken\(.*has to return an array, and returned {type(returned).__name__}"):
        broken(variable(1.0))


def test_a_users_forward_may_return_a_python_number():
    total = ag.op(lambda x: float(x.sum()), name="total")
    total.vjp(x=lambda g, x_shape: np.full(x_shape, g))
    x = variable(1.0, 2.0)
    total(x).backward()
    assert x.grad.tolist() == [1.0, 1.0]


def test_an_error_in_a_users_forward_keeps_its_traceback():
    def failing(x):
        return x.reshape(7)

    with pytest.raises(ValueError, match="failing") as caught:
        ag.op(failing)(variable(1.0))
    assert caught.value.__cause__.__traceback__ is not None
    with pytest.raises(ValueError, match="reshape") as caught:
        variable(1.0).reshape(7)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex64, np.complex128])
@pytest.mark.parametrize("symbol", ["+", "-", "*", "/", "**"])
def test_complex_numbers_on_the_left_of_numbers(symbol, dtype):
    """NumPy's float64 is a float of Python, too, with which a complex number of Python makes another one."""
    x = ag.tensor(dtype(2.0), requires_grad=True)
    y = eval(f"1j {symbol} x", {"x": x})
    expected = eval(f"a {symbol} x", {"x": np.array([2.0], dtype), "a": 1j})
    assert y.dtype == expected.dtype
    assert y.item() == pytest.approx(expected[0])
    y.backward(1.0)
    assert x.grad.dtype == dtype
