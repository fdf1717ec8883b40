"""Making tensors: values and dtypes against NumPy, whose memory they hold, what may require a gradient."""

import numpy as np
import pytest

import autograd
from autograd.engine import grad_of
from autograd.errors import ConversionError, GradientError
from autograd.ops.making.creation import (
    asarray,
    empty_like,
    eye,
    full,
    full_like,
    ones,
    ones_like,
    tensor,
    zeros,
    zeros_like,
)
from autograd.ops.making.ranges import arange, linspace
from autograd.tensors import Tensor

# ---------------------------------------------------------------- array makers

CALLS = [
    ("zeros", ((2, 3),), {}),
    ("zeros", (4,), {"dtype": np.float32}),
    ("zeros", ([2, 1],), {"dtype": int}),
    ("zeros", ((),), {}),
    ("zeros", ((0, 2),), {}),
    ("ones", ((2, 3),), {}),
    ("ones", (3, bool), {}),
    ("full", ((2, 3), 1.5), {}),
    ("full", (2, 7), {}),
    ("full", (2, np.float32(7)), {}),
    ("full", ((2, 3), [1.0, 2.0, 3.0]), {"dtype": np.float32}),
    ("full", ((), 1j), {}),
    ("eye", (3,), {}),
    ("eye", (2, 4, 1), {}),
    ("eye", (3,), {"k": -1, "dtype": np.float32}),
    ("arange", (5,), {}),
    ("arange", (5.0,), {}),
    ("arange", (1, 2, 0.25), {}),
    ("arange", (5, 0, -2), {}),
    ("arange", (3,), {"dtype": np.float32}),
    ("arange", (6,), {"step": 2}),
    ("arange", (np.float32(3),), {}),
    ("linspace", (0.0, 1.0), {}),
    ("linspace", (-1, 2, 5), {}),
    ("linspace", (0.0, 1.0, 4, False), {}),
    ("linspace", ([0.0, 1.0], 3.0, 4), {"axis": -1}),
    ("linspace", (0, 1, 3), {"dtype": np.float32}),
    ("linspace", (np.float32(0), np.float32(1), 3), {}),
    ("linspace", (0, 1, 0), {}),
]


@pytest.mark.parametrize(("name", "arguments", "keywords"), CALLS)
def test_makers_give_tensors_with_numpys_values(name, arguments, keywords):
    expected = getattr(np, name)(*arguments, **keywords)
    out = getattr(autograd, name)(*arguments, **keywords)
    assert isinstance(out, Tensor)
    assert not out.requires_grad
    np.testing.assert_array_equal(out.numpy(), expected)
    assert out.dtype == expected.dtype
    assert out.shape == expected.shape


MAKERS = [
    (lambda **k: tensor([1.0, 2.0], **k)),
    (lambda **k: asarray([1.0, 2.0], **k)),
    (lambda **k: asarray(np.ones(2), **k)),
    (lambda **k: zeros(2, **k)),
    (lambda **k: ones((2, 2), **k)),
    (lambda **k: full((), 3.0, **k)),
    (lambda **k: eye(2, **k)),
    (lambda **k: arange(3.0, **k)),
    (lambda **k: linspace(0, 1, 3, **k)),
]


@pytest.mark.parametrize("make", MAKERS)
def test_makers_take_requires_grad_and_a_name(make):
    x = make(requires_grad=True, name="w")
    assert x.requires_grad
    assert x.is_leaf
    assert x.name == "w"
    x.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), np.ones(x.shape))
    plain = make(name="v")
    assert plain.name == "v"
    assert not plain.requires_grad


@pytest.mark.parametrize("make", MAKERS)
def test_integers_cannot_require_a_gradient(make):
    with pytest.raises(TypeError, match="expected a floating or complex tensor, received int64"):
        make(dtype=int, requires_grad=True)


@pytest.mark.parametrize(
    ("call", "exception"),
    [
        (lambda m: m.zeros(-1), ValueError),
        (lambda m: m.ones((2, -1)), ValueError),
        (lambda m: m.full(2, [1.0, 2.0, 3.0]), ValueError),
        (lambda m: m.eye(-1), ValueError),
        (lambda m: m.arange(0, 3, 0), ZeroDivisionError),
        (lambda m: m.zeros("a"), TypeError),
    ],
)
def test_what_numpy_refuses_is_refused(call, exception):
    with pytest.raises(exception) as theirs:
        call(np)
    with pytest.raises(exception) as ours:
        call(autograd)
    assert str(ours.value) == str(theirs.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda t: full((2,), t),
        lambda t: arange(t),
        lambda t: tensor([t, t]),
    ],
)
def test_makers_do_not_cut_a_recorded_tensor_out_silently(call):
    with pytest.raises(ConversionError, match=r"\.item\(\)"):
        call(tensor(2.0, requires_grad=True))


# ---------------------------------------------------------------- whose memory


def test_tensor_copies():
    a = np.ones(3)
    t = tensor(a)
    a[0] = 5.0
    np.testing.assert_array_equal(t.numpy(), [1, 1, 1])
    u = tensor(t)
    u[0] = 7.0
    np.testing.assert_array_equal(t.numpy(), [1, 1, 1])


def test_asarray_shares_memory():
    a = np.zeros((2, 3))
    for source in (a, a.T, a[::-1, ::2]):
        t = asarray(source)
        assert np.shares_memory(t.numpy(), a)
        np.testing.assert_array_equal(t.numpy(), source)
    t = asarray(a)
    a[0, 0] = 5.0
    assert t.numpy()[0, 0] == 5.0
    t[1, 1] = 6.0
    assert a[1, 1] == 6.0


def test_asarray_shares_the_memory_of_an_array_without_dimensions():
    a = np.array(1.0)
    t = asarray(a)
    a[...] = 5.0
    assert t.item() == 5.0
    assert (t * 2).item() == 10.0


def test_asarray_copies_where_the_dtype_changes():
    a = np.zeros(2)
    t = asarray(a, np.float32)
    a[0] = 1.0
    assert t.dtype == np.float32
    np.testing.assert_array_equal(t.numpy(), [0, 0])
    assert isinstance(asarray(np.array(1), float)._value, np.float64)  # its own memory: the faster scalar


def test_asarray_gives_a_tensor_back_as_it_is():
    t = tensor([1.0, 2.0], requires_grad=True)
    y = t * 2
    assert asarray(t) is t
    assert asarray(y) is y
    assert asarray(y, np.float64) is y
    cast = asarray(y, np.float32)
    assert cast.dtype == np.float32
    cast.sum().backward()
    np.testing.assert_array_equal(t.grad.numpy(), [2, 2])
    plain = tensor([1.0])
    assert asarray(plain, requires_grad=True) is plain
    assert plain.requires_grad


def test_asarray_cannot_name_what_an_op_made():
    y = tensor([1.0], requires_grad=True) * 2
    with pytest.raises(GradientError, match="only a leaf can be named"):
        asarray(y, name="y")


def test_a_read_only_array_gives_a_tensor_that_cannot_be_written():
    a = np.ones(2)
    a.flags.writeable = False
    t = asarray(a)
    np.testing.assert_array_equal((t + 1).numpy(), [2, 2])
    with pytest.raises(ValueError, match="read-only"):
        t[0] = 5.0
    with pytest.raises(ValueError, match="read-only"):
        t += 1.0
    np.testing.assert_array_equal(a, [1, 1])


@pytest.mark.parametrize("make", [tensor, asarray])
def test_data_that_is_not_numeric(make):
    for data in (["a", "b"], None, np.array(["2020-01-01"], "datetime64[D]"), {"a": 1}):
        with pytest.raises(TypeError, match="expected numbers"):
            make(data)


@pytest.mark.parametrize("make", [tensor, asarray])
@pytest.mark.parametrize("data", [3, 2.5, 1j, True, [1, 2], [[1.0], [2.0]], (), [np.float32(1)], np.float32(2), range(3)])
def test_values_and_dtypes_of_data_are_numpys(make, data):
    expected = np.asarray(data)
    out = make(data)
    np.testing.assert_array_equal(out.numpy(), expected)
    assert out.dtype == expected.dtype
    assert make(data, np.complex64).dtype == np.complex64


# ---------------------------------------------------------------- like another array

LIKE = [("zeros_like", ()), ("ones_like", ()), ("empty_like", ()), ("full_like", (2.5,))]


@pytest.mark.parametrize(("name", "fill"), LIKE)
@pytest.mark.parametrize(
    "keywords", [{}, {"dtype": np.float32}, {"shape": (2,)}, {"shape": 3}, {"shape": ()}, {"dtype": int, "shape": (0, 2)}]
)
def test_arrays_like_others(name, fill, keywords):
    ours, theirs = getattr(autograd, name), getattr(np, name)
    x = np.random.default_rng(0).normal(size=(2, 3))
    for source in (x, x.tolist(), x[0, 0], 2.0):
        expected = theirs(source, *fill, **keywords)
        plain = ours(source, *fill, **keywords)
        assert type(plain) is type(expected)
        of_tensor = ours(Tensor(source), *fill, **keywords)
        by_numpy = theirs(Tensor(source, requires_grad=True), *fill, **keywords)
        for out in (plain, of_tensor, by_numpy):
            assert out.shape == expected.shape
            assert out.dtype == expected.dtype
            assert name == "empty_like" or np.array_equal(getattr(out, "_value", out), expected)
        for out in (of_tensor, by_numpy):
            assert isinstance(out, Tensor)
            assert not out.requires_grad


def test_numpys_positional_dtype():
    x = tensor([1.0, 2.0], requires_grad=True)
    assert np.zeros_like(x, np.float32).dtype == np.float32
    assert np.full_like(x, 3, int).dtype == np.int64
    assert np.full_like(x, fill_value=3).dtype == np.float64


def test_an_accumulator_like_a_recorded_tensor_can_be_written():
    x = tensor([1.0, 2.0], requires_grad=True)
    total = zeros_like(x)
    total[0] = x[1] * 3
    total.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), [0.0, 3.0])


def test_full_like_passes_the_gradient_to_the_value():
    v = tensor([[2.0], [3.0]], requires_grad=True)
    out = full_like(np.zeros((2, 3), np.float32), v)
    assert out.dtype == np.float32
    np.testing.assert_array_equal(out.numpy(), [[2, 2, 2], [3, 3, 3]])
    g = grad_of(out, v, [[1.0, 2, 3], [4, 5, 6]])
    assert g.dtype == np.float64
    np.testing.assert_array_equal(g.numpy(), [[6.0], [15.0]])


def test_full_like_into_integers_ends_the_graph():
    v = tensor(2.7, requires_grad=True)
    out = full_like(tensor([1, 2]), v)
    assert not out.requires_grad
    np.testing.assert_array_equal(out.numpy(), [2, 2])
    out = full_like([1, 2], v, dtype=float)
    assert out.requires_grad


@pytest.mark.parametrize("make", [np.asarray, Tensor])
def test_full_like_of_what_does_not_broadcast(make):
    with pytest.raises(ValueError, match="could not broadcast"):
        full_like(make([1.0, 2.0]), [1.0, 2.0, 3.0])


def test_ones_like_and_empty_like_own_their_memory():
    x = Tensor(np.ones(3))
    for f in (ones_like, empty_like, zeros_like):
        y = f(x)
        y[0] = 9.0
        np.testing.assert_array_equal(x.numpy(), [1, 1, 1])


@pytest.mark.parametrize("make", [asarray, lambda data: np.array(data, like=autograd.zeros(1))])
def test_nested_lists_of_recorded_tensors_become_one(make):
    a, b = tensor(0.5, requires_grad=True), tensor([1.0, 2.0], requires_grad=True)
    t = make([[a, -b[0]], (b[1], 3.0)])
    assert t.tolist() == [[0.5, -1.0], [2.0, 3.0]]
    np.linalg.det(t).backward()
    assert a.grad.item() == pytest.approx(3.0)
    np.testing.assert_allclose(b.grad.numpy(), [2.0, 1.0])
