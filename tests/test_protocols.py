"""NumPy's protocols: np.NAME(tensor) is ag.NAME(tensor), and nothing is cut out of the graph silently."""

import numpy as np
import pytest

import autograd as ag
from autograd.record import BY_NUMPY


def variable(*values):
    return ag.tensor(values, requires_grad=True)


def test_ufuncs_and_functions_are_recorded():
    x = variable(0.5, 1.5)
    y = np.sum(np.where(x > 1, np.exp(x), np.tanh(x)) * np.array([1.0, 2.0]))
    y.backward()
    np.testing.assert_allclose(x.grad.numpy(), [1 - np.tanh(0.5) ** 2, 2 * np.exp(1.5)])


@pytest.mark.parametrize("left", [np.array([1.0, 2.0]), np.float64(3.0), np.float32(3.0), 2, 2.5, True])
@pytest.mark.parametrize("symbol", ["+", "-", "*", "/", "**", "//", "%", "<", "==", "@"])
def test_arrays_and_numbers_on_the_left(left, symbol):
    x = variable(0.5, 1.5)
    if symbol == "@" and np.ndim(left) == 0:
        with pytest.raises(ValueError, match="matmul"):
            left @ x
        return
    result = eval(f"left {symbol} x", {"left": left, "x": x})
    expected = eval(f"left {symbol} x", {"left": left, "x": x.numpy()})
    assert isinstance(result, ag.Tensor)
    np.testing.assert_array_equal(result.numpy(), expected)
    assert result.dtype == expected.dtype
    assert result.requires_grad == (symbol not in "<==")


def test_divmod():
    x = variable(5.0, -7.0)
    quotient, remainder = divmod(x, 3.0)
    np.testing.assert_array_equal(quotient.numpy(), [1.0, -3.0])
    np.testing.assert_array_equal(remainder.numpy(), [2.0, 2.0])
    np.testing.assert_array_equal(divmod(20.0, x)[1].numpy(), [0.0, -1.0])


def test_what_nothing_answers_for_works_on_plain_tensors():
    t = ag.tensor([3.0, 1.0, 2.0])
    assert isinstance(np.sort(t), ag.Tensor)
    assert np.sort(t).tolist() == [1.0, 2.0, 3.0]
    assert np.add.reduce(t).item() == 6.0
    assert [each.tolist() for each in np.modf(t)] == [[0.0, 0.0, 0.0], [3.0, 1.0, 2.0]]
    assert np.array_equal(t, t)
    assert np.add(t, 1.0, dtype=np.float32).dtype == np.float32


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda x: np.nancumprod(x), "np.nancumprod"),
        (lambda x: np.modf(x), "np.modf"),
        (lambda x: np.add.accumulate(x), r"np.add.accumulate"),
        (lambda x: np.exp(x, dtype=np.float32), "np.exp with dtype="),
        (lambda x: np.lexsort((x, x)), "np.lexsort"),
    ],
)
def test_what_nothing_answers_for_raises_on_recorded_tensors(call, name):
    with pytest.raises(TypeError, match=rf"{name} has no gradient rule.*ag\.op.*\.detach\(\)"):
        call(variable(1.0, 2.0))
    with ag.no_grad():
        call(ag.tensor([1.0, 2.0]))


def test_every_answer_is_the_op_of_its_numpy_function():
    assert BY_NUMPY[np.tanh] is ag.tanh
    assert BY_NUMPY[np.sum] is ag.sum
    assert BY_NUMPY[np.absolute] is ag.absolute is ag.abs


def test_a_users_op_answers_for_a_numpy_function():
    previous = BY_NUMPY.get(np.sinc)
    try:

        @ag.op(elementwise=True, numpy=np.sinc)
        def sinc(x):
            return np.sinc(x)

        sinc.vjp(x=lambda g, x, out: g * (np.cos(np.pi * x) - out) / x)
        x = variable(0.5)
        np.sinc(x).sum().backward()
        np.testing.assert_allclose(x.grad.numpy(), [-4 / np.pi])
    finally:
        BY_NUMPY.pop(np.sinc)
        if previous is not None:
            BY_NUMPY[np.sinc] = previous


def test_writing_into_an_array_from_a_plain_tensor():
    array = np.zeros(2)
    array += ag.tensor([1.0, 2.0])
    assert array.tolist() == [1.0, 2.0]


class Foreign:
    """A number of another library, which knows how to meet a tensor."""

    __array_ufunc__ = None

    def __radd__(self, other):
        return "answered"

    def __eq__(self, other):
        return True

    __hash__ = None


def test_foreign_operands_are_asked():
    x = variable(1.0, 2.0)
    assert x + Foreign() == "answered"
    assert x == Foreign()
    assert (x == None) is False  # noqa: E711 - what a newcomer writes
    assert x != "text"
    with pytest.raises(TypeError, match="unsupported operand type.*'Tensor' and 'NoneType'"):
        x + None
    with pytest.raises(TypeError, match="unsupported operand type.*'Tensor' and 'Foreign'"):
        x - Foreign()
    with pytest.raises(TypeError, match="add: expected numbers.*received NoneType"):
        ag.add(x, None)


def test_what_tells_about_arrays_works_on_recorded_tensors():
    x = variable(2.0, 1.0)
    assert (np.shape(x), np.ndim(x), np.size(x)) == ((2,), 1, 2)
    assert np.argsort(x).tolist() == [1, 0]
    assert np.allclose(x, [2.0, 1.0])
    assert np.isclose(x, [2.0, 3.0]).tolist() == [True, False]
    assert np.result_type(x, np.float32) == np.float64
    assert not np.iscomplexobj(x)


def test_masked_arrays_are_refused():
    """Their mask would be lost, and the tensor would be cut out of the graph."""
    x, masked = variable(1.0, 2.0), np.ma.array([1.0, 2.0], mask=[True, False])
    for compute in (
        lambda: x * masked,
        lambda: masked * x,
        lambda: masked + x,
        lambda: np.ma.multiply(x, 2.0),
        lambda: x == masked,
    ):
        with pytest.raises(TypeError, match="mask|cut a recorded tensor"):
            compute()


def test_out_checks_the_dtype_as_numpy_does():
    integers = np.array([1, 2])
    with pytest.raises(TypeError, match=r"np.add\(out=...\): a float64 result does not fit into a int64 target"):
        integers += ag.tensor([1.5, 2.5])
    with pytest.raises(TypeError, match="float64 result does not fit"):
        np.add(ag.tensor([1, 2]), 1.5, out=ag.tensor([1, 2]))


def test_ufunc_at_is_refused():
    t = ag.tensor([1.0, 2.0])
    with pytest.raises(TypeError, match=r"np.add.at cannot write into a tensor.*t\[indices\]"):
        np.add.at(t, [0], 100.0)
    assert t.tolist() == [1.0, 2.0]


CALLS = {
    "keyword a=": lambda t: np.sum(a=t),
    "initial=": lambda t: np.max(t, initial=0.0),
    "where=": lambda t: np.sum(t, where=np.array([True, False, True])),
    "out=None positional": lambda t: np.sum(t, 0, None, None),
    "dtype= of concatenate": lambda t: np.concatenate([t, t], dtype=np.float64),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_numpys_other_forms_work_on_plain_tensors_and_are_refused_on_recorded_ones(call):
    t = ag.tensor([1.0, 2.0, 3.0])
    assert isinstance(call(t), ag.Tensor)
    np.testing.assert_array_equal(call(t).numpy(), call(t.numpy()))
    with pytest.raises(TypeError, match=r"np\.\w+ with .* has no gradient rule"):
        call(variable(1.0, 2.0, 3.0))


def test_names_of_numpys_submodules():
    with pytest.raises(TypeError, match=r"np\.fft\.fft has no gradient rule"):
        np.fft.fft(variable(1.0, 2.0))


def test_out_none_and_the_older_names_of_clips_limits():
    x = variable(-1.0, 0.5, 3.0)
    assert np.mean(x, out=None).requires_grad
    np.clip(x, a_min=0.0, a_max=1.0).sum().backward()
    assert x.grad.tolist() == [0.0, 1.0, 0.0]
