"""Splitting: unused pieces, pieces that overlap, views, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.arrays import splitting
from autograd.tensors import Tensor

PROPERTY = settings(max_examples=25, derandomize=True, deadline=None)


def recorded(*shape, dtype=float):
    x = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape).astype(dtype)
    return x, Tensor(x, requires_grad=True)


@PROPERTY
@given(st.integers(0, 2), st.lists(st.integers(-5, 8), max_size=4))
def test_split_gives_numpys_pieces_and_each_its_gradient(axis, indices):
    """Indices that go back and forth make pieces that overlap."""
    x, t = recorded(3, 4, 2)
    ours, theirs = splitting.split(t, indices, axis), np.split(x, indices, axis)
    assert type(ours) is type(theirs)
    assert len(ours) == len(theirs)
    expected = np.zeros_like(x)
    for i, (actual, piece) in enumerate(zip(ours, theirs, strict=True)):
        np.testing.assert_array_equal(actual.numpy(), piece)
        np.split(expected, indices, axis)[i][...] += i + 1  # a view
    total = sum(((i + 1) * piece.sum() for i, piece in enumerate(ours)), 0.0)
    np.testing.assert_array_equal(grad_of(total, t).numpy(), expected)


@pytest.mark.parametrize(
    ("pieces", "cube"),
    [(lambda t: splitting.split(t, 3), [0, 0, 1, 1, 0, 0]), (lambda t: splitting.unstack(t), [0, 1, 0, 0, 0, 0])],
)
def test_only_the_piece_that_is_used_has_a_gradient(pieces, cube):
    x, t = recorded(6)
    used = np.array(cube, float)
    (g,) = grad_of([(pieces(t)[1] ** 3).sum()], [t], create_graph=True)
    np.testing.assert_array_equal(g.numpy(), used * 3 * x**2)
    np.testing.assert_array_equal(grad_of(g.sum(), t).numpy(), used * 6 * x)


def test_an_unused_piece_keeps_the_dtype():
    _, t = recorded(4, dtype=np.float32)
    assert grad_of(splitting.split(t, 2)[1].sum(), t).dtype == np.float32


def test_pieces_of_products_have_second_derivatives():
    def f(x):
        a, b, _ = splitting.split(x, [1, 3], axis=1)
        return np.sum(a * b * b)

    assert gradcheck(f, [np.linspace(-1, 1, 8).reshape(2, 4)], order=2)


@pytest.mark.parametrize("cut", [ag.hsplit, ag.vsplit, ag.dsplit])
@pytest.mark.parametrize("shape", [(2, 4, 2), (4, 2, 6)])
def test_pieces_are_views_and_are_joined_again(cut, shape):
    x, t = recorded(*shape)
    join = {ag.hsplit: ag.hstack, ag.vsplit: ag.vstack, ag.dsplit: ag.dstack}[cut]
    assert all(np.shares_memory(each, x) for each in cut(x, 2))
    joined = join(cut(t, 2))
    np.testing.assert_array_equal(joined.numpy(), x)
    np.testing.assert_array_equal(grad_of(joined, t, x).numpy(), x)


def test_sections_that_do_not_divide_the_length_are_refused():
    with pytest.raises(
        ValueError, match=r"split: expected a number of sections that divides the length 4 of axis 0, received 3; ag.array"
    ):
        splitting.split(np.ones(4), 3)
    with pytest.raises(ValueError, match="array_split: expected at least one section, received 0"):
        splitting.array_split(np.ones(4), 0)


@pytest.mark.parametrize(
    ("cut", "shape", "fewest"), [(ag.hsplit, (), 1), (ag.vsplit, (4,), 2), (ag.dsplit, (2, 4), 3)], ids=["h", "v", "d"]
)
def test_too_few_axes_are_refused(cut, shape, fewest):
    for x in recorded(*shape):
        with pytest.raises(ValueError, match=rf"{cut.__name__}: expected at least {fewest} axes, received shape .*; use"):
            cut(x, 1)


@pytest.mark.parametrize("count", [1, 3, 16, 17])
def test_iteration_gives_views_with_gradients(count):
    """Few elements are cut apart by one op, many one by one; both are views, as NumPy's are."""
    values = np.random.default_rng(0).normal(size=(count, 2))
    x = ag.tensor(values, requires_grad=True)
    rows = list(x)
    assert len(rows) == count
    for row, value in zip(rows, values, strict=True):
        np.testing.assert_array_equal(row.numpy(), value)
    total = sum([np.sum(row * row) * (i + 1) for i, row in enumerate(rows)])
    np.testing.assert_allclose(ag.grad_of(total, x).numpy(), 2 * values * np.arange(1, count + 1)[:, np.newaxis])
    y = x * 1
    first = next(iter(y))
    first += 1
    np.testing.assert_array_equal(y.numpy()[0], values[0] + 1)


def test_iteration_over_a_few_is_one_op():
    a, b, c = ag.tensor(np.ones((3, 2)), requires_grad=True)
    assert a.node.inputs == b.node.inputs == c.node.inputs
    assert a.node.inputs[0].op.name == "unstack"
