"""NumPy's protocols: np.NAME(tensor) is ag.NAME(tensor), and nothing is cut out of the graph silently."""

import copy

import numpy as np
import pytest
import scipy.special
from numpy.lib import recfunctions

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


def test_what_nothing_answers_for_is_numpys_on_plain_tensors_and_raises_on_recorded_ones():
    ufunc = np.frompyfunc(lambda a: a + 1.0, 1, 1)
    with ag.no_grad():
        assert ufunc(ag.tensor([1.0, 2.0])).tolist() == [2.0, 3.0]
    with pytest.raises(TypeError, match=r"has no gradient rule.*ag\.op.*\.detach\(\)"):
        ufunc(variable(1.0, 2.0))


REFUSED = {
    "files": (
        lambda x: np.save("never.npy", x),
        r"np\.save does not take a recorded tensor: a file keeps values.*t\.numpy\(\)",
    ),
    "dates": (lambda x: np.isnat(x), r"np\.isnat does not take.*dates.*datetime64"),
    "text": (lambda x: np.strings.isalpha(x), r"isalpha does not take.*text.*arrays of strings"),
    "records": (
        lambda x: recfunctions.structured_to_unstructured(x),
        r"structured_to_unstructured does not.*dictionary of tensors",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_why_and_what_to_use(name):
    call, message = REFUSED[name]
    with pytest.raises(TypeError, match=message):
        call(variable(1.0, 2.0))


def test_files_take_plain_tensors(tmp_path):
    np.save(tmp_path / "t.npy", ag.tensor([1.0, 2.0]))
    assert np.load(tmp_path / "t.npy").tolist() == [1.0, 2.0]


LIKE = {
    "arange": lambda t: np.arange(3.0, like=t),
    "array": lambda t: np.array([1.0, 2.0], like=t),
    "asanyarray": lambda t: np.asanyarray([1.0, 2.0], like=t),
    "asarray": lambda t: np.asarray([1.0, 2.0], dtype=np.float32, like=t),
    "empty": lambda t: np.empty((0, 2), like=t),
    "eye": lambda t: np.eye(2, like=t),
    "frombuffer": lambda t: np.frombuffer(np.arange(3.0).tobytes(), like=t),
    "fromfunction": lambda t: np.fromfunction(lambda i: i + 1.0, (2,), like=t),
    "fromiter": lambda t: np.fromiter([1.0, 2.0], float, like=t),
    "full": lambda t: np.full(2, 3.0, like=t),
    "identity": lambda t: np.identity(2, like=t),
    "loadtxt": lambda t: np.loadtxt(["1 2", "3 4"], like=t),
    "ones": lambda t: np.ones(2, like=t),
    "require": lambda t: np.require([1.0, 2.0], like=t),
    "tri": lambda t: np.tri(2, like=t),
    "zeros": lambda t: np.zeros(2, np.float32, like=t),
}


@pytest.mark.parametrize("name", LIKE)
def test_what_is_made_like_a_tensor_is_one(name):
    made, expected = LIKE[name](ag.tensor(0.0)), LIKE[name](np.zeros(1))
    assert isinstance(made, ag.Tensor)
    assert made.dtype == expected.dtype
    np.testing.assert_array_equal(made.numpy(), expected)


def test_like_a_tensor_a_recorded_tensor_stays_recorded():
    x = variable(1.0, 2.0)
    assert np.asarray(x, like=x) is x
    copy = np.array(x, like=x)
    assert copy is not x
    copy.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]


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
    with pytest.raises(TypeError, match=r"np.add\(out=...\): .*float64.*int64"):
        integers += ag.tensor([1.5, 2.5])
    with pytest.raises(TypeError, match=r"np.add\(out=...\): .*float64.*int64"):
        np.add(ag.tensor([1, 2]), 1.5, out=ag.tensor([1, 2]))
    with pytest.raises(TypeError, match=r"np.add\(out=...\): a float64 result does not fit into a int64 target"):
        np.add(variable(1.0, 2.0), 1.5, out=ag.tensor([1, 2]))


CALLS = {
    "keyword a=": lambda t: np.sum(a=t),
    "initial=": lambda t: np.max(t, initial=0.0),
    "where=": lambda t: np.sum(t, where=np.array([True, False, True])),
    "out=None positional": lambda t: np.sum(t, 0, None, None),
    "keepdims after out=None": lambda t: np.sum(t, 0, None, None, True),
    "ddof positional": lambda t: np.std(t, 0, None, None, 1),
    "dtype= of concatenate": lambda t: np.concatenate([t, t], dtype=np.float64),
    "arguments by NumPy's names": lambda t: np.clip(a=t, a_min=1.5, a_max=2.5),
    "subok=": lambda t: np.zeros_like(t, subok=False) + t,
}


@pytest.mark.parametrize("name", CALLS)
def test_numpys_other_forms_of_a_call_are_taken(name):
    call, plain, x = CALLS[name], ag.tensor([1.0, 2.0, 3.0]), variable(1.0, 2.0, 3.0)
    expected = call(plain.numpy())
    assert not call(plain).requires_grad
    assert call(x).requires_grad
    for t in (plain, x):
        np.testing.assert_array_equal(call(t).numpy(), expected)


def test_out_given_by_position_is_a_write():
    x = variable(1.0, 2.0)
    out = ag.zeros(())
    assert np.sum(x, 0, None, out) is out
    out.backward()
    assert x.grad.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("requires_grad", [False, True])
@pytest.mark.parametrize(
    "call", [lambda t: np.sum(t, axes=0), lambda t: np.concatenate([t], axes=0), lambda t: np.exp(t, axes=0)]
)
def test_unknown_keywords_are_refused(call, requires_grad):
    with pytest.raises(TypeError, match="axes"):
        call(ag.tensor([1.0], requires_grad=requires_grad))


def test_out_none_and_the_older_names_of_clips_limits():
    x = variable(-1.0, 0.5, 3.0)
    assert np.mean(x, out=None).requires_grad
    np.clip(x, a_min=0.0, a_max=1.0).sum().backward()
    assert x.grad.tolist() == [0.0, 1.0, 0.0]


class Answering:
    """A foreign operand that knows NumPy's ufunc protocol."""

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        return f"answered {ufunc.__name__}"


def test_foreign_answers_to_ufuncs_are_asked():
    for t in (ag.tensor([1.0]), variable(1.0)):
        assert np.add(t, Answering()) == "answered add"
        assert np.add(Answering(), t) == "answered add"


def test_ufuncs_of_others_are_named_as_theirs():
    with pytest.raises(TypeError, match=r"^scipy\.special\.dawsn has no gradient rule"):
        scipy.special.dawsn(variable(1.0))


def test_copies_and_what_asks_for_them():
    x = variable(1.0, 2.0)
    y = copy.copy(x * 2)
    assert y.requires_grad
    assert y.tolist() == [2.0, 4.0]
