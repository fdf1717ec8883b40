"""Diagonals and triangles: offsets, any two axes, gradients in closed form, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.engine import grad_of
from autograd.ops.diagonals import diagonal, trace, tril, triu
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
