"""Joining and splitting: unused pieces, dtypes, lists and constants, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops import joining
from autograd.tensors import Tensor


def recorded(*shape, dtype=float):
    x = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape).astype(dtype)
    return x, Tensor(x, requires_grad=True)


def gradient(y, x, cotangent):
    return grad_of(y, x, cotangent).numpy()


@given(st.integers(0, 2), st.lists(st.integers(-5, 8), max_size=4))
def test_split_gives_numpys_pieces_and_each_its_gradient(axis, indices):
    """Indices that go back and forth make pieces that overlap."""
    x, t = recorded(3, 4, 2)
    ours, theirs = joining.split(t, indices, axis), np.split(x, indices, axis)
    assert len(ours) == len(theirs)
    expected = np.zeros_like(x)
    for i, (actual, piece) in enumerate(zip(ours, theirs, strict=True)):
        np.testing.assert_array_equal(actual.numpy(), piece)
        np.split(expected, indices, axis)[i][...] += i + 1  # a view
    total = sum(((i + 1) * piece.sum() for i, piece in enumerate(ours)), 0.0)
    np.testing.assert_array_equal(grad_of(total, t).numpy(), expected)


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


@pytest.mark.parametrize(
    ("pieces", "cube"),
    [(lambda t: joining.split(t, 3), [0, 0, 1, 1, 0, 0]), (lambda t: joining.unstack(t), [0, 1, 0, 0, 0, 0])],
)
def test_only_the_piece_that_is_used_has_a_gradient(pieces, cube):
    x, t = recorded(6)
    used = np.array(cube, float)
    (g,) = grad_of([(pieces(t)[1] ** 3).sum()], [t], create_graph=True)
    np.testing.assert_array_equal(g.numpy(), used * 3 * x**2)
    np.testing.assert_array_equal(grad_of(g.sum(), t).numpy(), used * 6 * x)


def test_an_unused_piece_keeps_the_dtype():
    _, t = recorded(4, dtype=np.float32)
    assert grad_of(joining.split(t, 2)[1].sum(), t).dtype == np.float32


def test_pieces_of_products_have_second_derivatives():
    def f(x):
        a, b, _ = joining.split(x, [1, 3], axis=1)
        return np.sum(a * b * b)

    assert gradcheck(f, [np.linspace(-1, 1, 8).reshape(2, 4)], order=2)


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


def test_sections_that_do_not_divide_the_length_are_refused():
    with pytest.raises(
        ValueError, match=r"split: expected a number of sections that divides the length 4 of axis 0, received 3; ag.array"
    ):
        joining.split(np.ones(4), 3)
    with pytest.raises(ValueError, match="array_split: expected at least one section, received 0"):
        joining.array_split(np.ones(4), 0)


def test_integers_are_joined_and_split_plainly():
    t = Tensor([[1, 2], [3, 4]])
    for y in (joining.concatenate([t, t]), joining.stack([t, t]), *joining.split(t, 2), *joining.unstack(t), t.T, t.reshape(4)):
        assert y.dtype == np.int64
        assert not y.requires_grad
