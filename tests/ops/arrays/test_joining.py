"""Joining: dtypes and casting, lists and constants, nested blocks, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.engine import grad_of
from autograd.ops.arrays import joining, splitting
from autograd.tensors import Tensor

PROPERTY = settings(max_examples=25, derandomize=True, deadline=None)


def recorded(*shape, dtype=float):
    x = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape).astype(dtype)
    return x, Tensor(x, requires_grad=True)


def gradient(y, x, cotangent):
    return grad_of(y, x, cotangent).numpy()


@PROPERTY
@given(st.lists(st.integers(0, 3), min_size=1, max_size=4), st.integers(-2, 1))
def test_concatenate_undoes_split(lengths, axis):
    shape = [2, 3]
    arrays = []
    for i, length in enumerate(lengths):
        shape[axis] = length
        arrays.append(np.full(shape, float(i)))
    tensors = [Tensor(each, requires_grad=True) for each in arrays]
    y = joining.concatenate(tensors, axis)
    np.testing.assert_array_equal(y.numpy(), np.concatenate(arrays, axis))
    for g, each in zip(grad_of(y, tensors, y.numpy()), arrays, strict=True):
        np.testing.assert_array_equal(g.numpy(), each)


def test_joining_takes_lists_numbers_and_constants():
    _, t = recorded(2)
    y = joining.concatenate([t, [5.0], np.array([6.0])])
    np.testing.assert_array_equal(y.numpy(), [1, 2, 5, 6])
    np.testing.assert_array_equal(gradient(y, t, np.arange(4.0)), [0, 1])
    z = joining.stack([t[0], 7.0, t[1]])
    np.testing.assert_array_equal(z.numpy(), [1, 7, 2])
    np.testing.assert_array_equal(gradient(z, t, np.arange(3.0)), [0, 2])


def test_joining_dtypes_gives_each_its_own_back():
    narrow, wide = recorded(2, dtype=np.float32)[1], recorded(2, dtype=complex)[1]
    y = joining.stack([narrow, wide])
    assert y.dtype == np.complex128
    first, second = grad_of(y, [narrow, wide], np.full((2, 2), 1 + 2j))
    assert (first.dtype, second.dtype) == (np.float32, np.complex128)
    np.testing.assert_array_equal(first.numpy(), [1, 1])
    np.testing.assert_array_equal(second.numpy(), [1 + 2j, 1 + 2j])


def test_a_tensor_is_a_sequence_of_its_slices():
    x, t = recorded(2, 3)
    np.testing.assert_array_equal(joining.concatenate(t).numpy(), np.concatenate(x))
    np.testing.assert_array_equal(gradient(joining.stack(t, axis=1), t, x.T), x)


def test_one_tensor_joined_with_itself_gets_both_parts():
    _, t = recorded(2)
    np.testing.assert_array_equal(gradient(joining.concatenate([t, t]), t, np.array([1.0, 2.0, 10.0, 20.0])), [11, 22])


def test_integers_are_joined_and_split_plainly():
    t = Tensor([[1, 2], [3, 4]])
    for y in (
        joining.concatenate([t, t]),
        joining.stack([t, t]),
        *splitting.split(t, 2),
        *splitting.unstack(t),
        t.T,
        t.reshape(4),
    ):
        assert y.dtype == np.int64
        assert not y.requires_grad


JOINS = [joining.concatenate, joining.stack, joining.hstack, joining.vstack]


@pytest.mark.parametrize("join", JOINS)
def test_joined_in_a_dtype_of_choice(join):
    x, t = recorded(2)
    y = join([t, t], dtype=np.float32)
    expected = getattr(np, join.__name__)([x, x], dtype=np.float32)
    assert y.dtype == expected.dtype == np.float32
    np.testing.assert_array_equal(y.numpy(), expected)
    g = grad_of(y, t, np.ones(y.shape, np.float32))
    assert g.dtype == np.float64
    np.testing.assert_array_equal(g.numpy(), [2, 2])
    assert getattr(np, join.__name__)([t, t], dtype=int, casting="unsafe").dtype == np.int64


@pytest.mark.parametrize("join", JOINS)
@pytest.mark.parametrize(
    ("dtype", "casting"), [(int, "same_kind"), (np.float32, "safe"), (np.complex128, "no"), (np.float64, "equiv")]
)
def test_casts_that_are_not_allowed_are_refused_as_in_numpy(join, dtype, casting):
    x, t = recorded(2)
    other = np.ones(2, np.float32)
    with pytest.raises(TypeError):
        getattr(np, join.__name__)([x, other], dtype=dtype, casting=casting)
    for first in (x, t):
        with pytest.raises(TypeError, match=rf"expected arrays that .* can hold by the rule casting='{casting}'.*\.astype"):
            join([first, other], dtype=dtype, casting=casting)


def test_casting_alone_limits_what_is_joined():
    narrow = np.ones(2, np.float32)
    with pytest.raises(TypeError):
        np.concatenate([np.ones(2), narrow], casting="no")
    with pytest.raises(TypeError, match="concatenate: expected arrays that float64 can hold by the rule casting='no'"):
        joining.concatenate([Tensor(np.ones(2)), narrow], casting="no")
    assert joining.concatenate([narrow, narrow], casting="no").dtype == np.float32


def test_append_flattens_without_an_axis():
    x, t = recorded(2, 2)
    y = np.append(t, [[5.0]])
    np.testing.assert_array_equal(y.numpy(), np.append(x, [[5.0]]))
    np.testing.assert_array_equal(gradient(y, t, np.arange(5.0)), [[0, 1], [2, 3]])


BLOCKS = [
    lambda t: [[t, 0.0 * t], [t[:1], t[1:]]],
    lambda t: [t, t * 2],
    lambda t: [[[t]], [[t * t]]],
    lambda t: [[t[0], 5.0], [7, t[1]]],
    lambda t: t,
]


@pytest.mark.parametrize("blocks", BLOCKS)
def test_blocks_are_numpys(blocks):
    x, t = recorded(2, 2)
    y = np.block(blocks(t))
    np.testing.assert_array_equal(y.numpy(), np.block(blocks(x)))
    report = ag.gradcheck(lambda t: ag.block(blocks(t)), [x], order=2)
    assert report, str(report)


def test_a_block_alone_is_copied():
    x = np.ones((2, 2))
    assert not np.shares_memory(ag.block(x), x)
    assert not np.shares_memory(ag.block([x]), x)


@pytest.mark.parametrize(
    ("blocks", "error", "message"),
    [
        ([], ValueError, "block: expected at least one array in each list, received an empty list at arrays$"),
        ([[1.0], []], ValueError, r"received an empty list at arrays\[1\]"),
        ([[1.0], 2.0], ValueError, r"received at arrays parts of the depths \[1, 0\]"),
        ([(1.0, 2.0)], TypeError, r"block: expected nested lists of arrays, received a tuple at arrays\[0\]"),
    ],
)
def test_lists_that_are_no_blocks_are_refused(blocks, error, message):
    with pytest.raises(error):
        np.block(blocks)
    with pytest.raises(error, match=message):
        ag.block(blocks)
