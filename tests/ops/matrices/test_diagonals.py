"""Diagonals and triangles: offsets, any two axes, gradients in closed form, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.engine import grad_of
from autograd.ops.matrices.diagonals import diag, diagflat, diagonal, trace, tril, triu
from autograd.tensors import Tensor


def leaf(x):
    return Tensor(x, requires_grad=True)


def uniforms(seed):
    """A function that draws an array of the given shape."""
    rng = np.random.default_rng(seed)
    return lambda *shape: np.asarray(rng.uniform(-1, 1, shape))


uniform = uniforms(0)


def gradient(f, x, cotangent=None):
    t = leaf(x)
    return grad_of(f(t), t, cotangent).numpy()


@given(st.integers(-4, 4), st.permutations(range(3)), st.booleans())
@settings(deadline=None)
def test_a_diagonal_gives_its_gradient_to_itself(offset, axes, create_graph):
    x = uniform(3, 4, 2)
    axis1, axis2 = axes[0], axes[1] - 3
    y = diagonal(t := leaf(x), offset, axis1, axis2)
    expected = np.diagonal(x, offset, axis1, axis2)
    np.testing.assert_array_equal(y.numpy(), expected)
    selected = np.zeros_like(x)
    matrices = np.moveaxis(selected, (axis1, axis2), (0, 1))  # a view
    for i in range(len(matrices)):
        if 0 <= i + offset < matrices.shape[1]:
            matrices[i, i + offset] = 1
    g = grad_of(y, t, expected, create_graph=create_graph).numpy()
    np.testing.assert_array_equal(g, selected * x)


def test_the_gradient_of_a_trace_is_the_identity():
    np.testing.assert_array_equal(gradient(trace, uniform(3, 3)), np.eye(3))
    np.testing.assert_array_equal(gradient(lambda t: t.trace(), uniform(3, 3)), np.eye(3))


def test_the_gradient_of_a_triangle_is_its_triangle():
    v = uniform(3, 4)
    np.testing.assert_array_equal(gradient(lambda t: tril(t, 1), uniform(3, 4), v), np.tril(v, 1))
    np.testing.assert_array_equal(gradient(lambda t: triu(t, -1), uniform(3, 4), v), np.triu(v, -1))


@pytest.mark.parametrize("f", [tril, triu])
def test_a_number_has_no_triangle(f):
    with pytest.raises(TypeError, match=f"{f.__name__}: expected a matrix or a stack of them, received a number"):
        f(2.0)


def test_a_trace_in_another_dtype():
    x = uniform(3, 3).astype(np.float32)
    y = np.trace(leaf(x), dtype=np.float64)
    assert y.dtype == np.float64
    assert y.item() == np.trace(x, dtype=np.float64)
    assert gradient(lambda t: trace(t, dtype=complex), uniform(2, 2), 1 + 0j).dtype == np.float64
    assert trace(Tensor(np.eye(2, dtype=np.int8))).dtype == np.trace(np.eye(2, dtype=np.int8)).dtype


@pytest.mark.parametrize("k", [-2, 0, 1, 9])
def test_diag_goes_both_ways(k):
    x = uniform(3)
    t = leaf(x)
    y = np.diag(t, k)
    np.testing.assert_array_equal(y.numpy(), np.diag(x, k))
    v = uniform(*y.shape)
    np.testing.assert_array_equal(grad_of(y, t, v).numpy(), np.diag(v, k))
    np.testing.assert_array_equal(np.diag(y, k).numpy(), x)
    np.testing.assert_array_equal(gradient(lambda t: diag(t, 1), uniform(3, 2), np.ones(1)), [[0, 1], [0, 0], [0, 0]])


def test_diagflat_flattens():
    v = uniform(5, 5)
    np.testing.assert_array_equal(gradient(lambda t: diagflat(t, -1), uniform(2, 2), v), np.diag(v, -1).reshape(2, 2))


def test_the_diagonal_of_a_matrix_is_a_view_of_it():
    x = np.eye(3)
    assert np.shares_memory(diag(x), x)
    assert not diag(x).flags.writeable


@pytest.mark.parametrize("shape", [(), (2, 2, 2)])
def test_diag_takes_vectors_and_matrices(shape):
    with pytest.raises(ValueError, match="diag: expected a vector or a matrix, received shape"):
        diag(leaf(uniform(*shape)))
