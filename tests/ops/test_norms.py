"""Norms: gradients in closed form, zeros, ties, singular values, messages."""

import numpy as np
import pytest

import autograd as ag
from autograd.engine import grad_of
from autograd.ops.norms import norm
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


@pytest.mark.parametrize("ord", [None, 0.5, 1, 1.5, 2, 3, np.inf, -np.inf, -1, -2])
@pytest.mark.parametrize("create_graph", [False, True])
def test_the_gradient_of_the_norm_of_a_zero_vector_is_zero(ord, create_graph):
    with np.errstate(divide="ignore"):  # NumPy divides by 0 on the way to a negative order's 0
        x = leaf(np.zeros((2, 3)))
        y = norm(x, ord, axis=1)
        (g,) = grad_of([y], [x], [np.ones(2)], create_graph=create_graph)
    np.testing.assert_array_equal(y.numpy(), [0, 0])
    np.testing.assert_array_equal(g.numpy(), np.zeros((2, 3)))


@pytest.mark.parametrize("ord", [None, "fro", 1, np.inf])
def test_the_gradient_of_the_norm_of_a_zero_matrix_is_zero(ord):
    np.testing.assert_array_equal(gradient(lambda t: norm(t, ord), np.zeros((2, 3))), np.zeros((2, 3)))


@pytest.mark.parametrize("ord", [None, 3])
def test_second_derivatives_at_zero_are_finite(ord):
    x = leaf(np.zeros(3))
    g = grad_of(norm(x, ord), x, create_graph=True)
    np.testing.assert_array_equal(grad_of(g.sum(), x).numpy(), np.zeros(3))


@pytest.mark.parametrize("p", [0.5, 1.5, 3, 4])
def test_elements_that_are_zero_have_a_gradient_of_zero(p):
    x = np.array([0.0, 3.0, -4.0])
    g = gradient(lambda t: norm(t, p), x)
    size = np.linalg.norm(x, p)
    np.testing.assert_allclose(g, [0, (3 / size) ** (p - 1), -((4 / size) ** (p - 1))], rtol=1e-14)


def test_the_gradient_of_the_2_norm_is_the_unit_vector():
    np.testing.assert_allclose(gradient(norm, np.array([3.0, 4.0])), [0.6, 0.8], rtol=1e-15)
    np.testing.assert_allclose(gradient(norm, np.array([[3.0], [4j]])), [[0.6], [0.8j]], rtol=1e-15)


def test_large_vectors_have_a_gradient_as_long_as_their_norm_is_finite():
    np.testing.assert_array_equal(gradient(lambda t: norm(t, 4), np.full(16, 2.0**250)), np.full(16, 0.125))


def test_the_hessian_of_the_2_norm():
    """(I - u u^T) / |x| for the unit vector u."""
    x = np.array([1.0, 2.0, 2.0])
    t = leaf(x)
    g = grad_of(norm(t), t, create_graph=True)
    rows = [grad_of(g, t, row, retain_graph=True).numpy() for row in np.eye(3)]
    np.testing.assert_allclose(rows, (np.eye(3) - np.outer(x, x) / 9) / 3, rtol=1e-14, atol=1e-15)


def test_equal_largest_elements_share_the_gradient():
    np.testing.assert_array_equal(gradient(lambda t: norm(t, np.inf), np.array([2.0, -2.0, 1.0])), [0.5, -0.5, 0])


def test_the_number_of_elements_needs_no_gradient():
    y = norm(leaf([[1.0, 0.0], [2.0, 3.0]]), 0, axis=0)
    assert not y.requires_grad
    assert y.dtype == np.float64
    np.testing.assert_array_equal(y.numpy(), [2, 1])
    assert norm(np.array([1j, 0]), 0) == 1.0


@pytest.mark.parametrize("ord", [None, 0, 1, 2, 3, np.inf, -np.inf])
def test_integers_have_a_norm(ord):
    x = np.array([3, -4])
    for y in (norm(x, ord), norm(Tensor(x), ord).numpy(), norm([3, -4], ord)):
        assert y == np.linalg.norm(x, ord)
        assert y.dtype == np.float64


@pytest.mark.parametrize("ord", [2, -2, "nuc"])
@pytest.mark.parametrize("keepdims", [False, True])
def test_norms_of_singular_values_are_computed_but_not_recorded(ord, keepdims):
    x = uniform(2, 3, 4)
    expected = np.linalg.norm(x, ord, (0, 2), keepdims)
    np.testing.assert_array_equal(norm(x, ord, (0, 2), keepdims), expected)
    np.testing.assert_array_equal(norm(Tensor(x), ord, (0, 2), keepdims).numpy(), expected)
    with ag.no_grad():
        np.testing.assert_array_equal(norm(leaf(x), ord, (0, 2), keepdims).numpy(), expected)
    with pytest.raises(
        TypeError, match=f"norm: the order {ord!r} of a matrix needs its singular values, which have no gradient"
    ):
        norm(leaf(x), ord, (0, 2), keepdims)


@pytest.mark.parametrize("ord", [None, 1, np.inf, 3])
def test_the_norm_of_nothing_is_zero(ord):
    t = leaf(np.ones(0))
    y = norm(t, ord)
    assert y.item() == 0
    assert grad_of(y, t).shape == (0,)


@pytest.mark.parametrize(
    ("shape", "ord", "axis", "message"),
    [
        ((3,), "fro", None, "norm: expected a number as the order of a vector's norm, received 'fro'"),
        ((3, 3), 3, None, "norm: expected the order 'fro', 'nuc', 1, -1, 2, -2, inf or -inf of a matrix's norm, received 3"),
        (
            (2, 2, 2),
            1,
            None,
            r"norm: expected one axis \(vectors\) or two \(matrices\), received axis=None of shape \(2, 2, 2\)",
        ),
        ((2, 2, 2), None, (0, 1, 2), r"norm: expected one axis \(vectors\) or two \(matrices\), received axis=\(0, 1, 2\)"),
        ((2, 2), None, (0, 0), "repeated axis"),
    ],
)
def test_norms_that_are_refused(shape, ord, axis, message):
    for x in (np.ones(shape), leaf(np.ones(shape))):
        with pytest.raises(ValueError, match=message):
            norm(x, ord, axis)
