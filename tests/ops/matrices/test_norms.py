"""Norms: gradients in closed form, zeros, ties, singular values, messages."""

import numpy as np
import pytest

import autograd as ag
from autograd.engine import grad_of
from autograd.ops.matrices.norms import norm
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
@pytest.mark.parametrize("create_graph", [False, True])
def test_norms_of_singular_values_have_the_gradient_of_their_vectors(ord, create_graph):
    x = uniform(4, 3)
    u, _, vh = np.linalg.svd(x, full_matrices=False)
    weights = {2: np.diag([1, 0, 0]), -2: np.diag([0, 0, 1]), "nuc": np.eye(3)}[ord]
    t = leaf(x)
    g = grad_of(np.linalg.norm(t, ord), t, create_graph=create_graph).numpy()
    np.testing.assert_allclose(g, u @ weights @ vh, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("ord", [2, -2, "nuc"])
def test_norms_of_singular_values_along_any_two_axes(ord):
    x = uniform(2, 3, 4)
    for keepdims in (False, True):
        expected = np.linalg.norm(x, ord, (2, 0), keepdims)
        np.testing.assert_array_equal(norm(x, ord, (2, 0), keepdims), expected)
        np.testing.assert_array_equal(norm(leaf(x), ord, (2, 0), keepdims).numpy(), expected)


@pytest.mark.parametrize("ord", [2, -2, "nuc"])
def test_singular_values_that_are_zero_contribute_nothing(ord):
    """Of diag(2, 0): the nuclear norm's gradient of least length, and 0 for the least singular value, which is 0."""
    x = np.diag([2.0, 0.0])
    np.testing.assert_allclose(gradient(lambda t: norm(t, ord), x), np.diag([float(ord != -2), 0.0]), atol=1e-15)


def test_equal_largest_singular_values_share_the_gradient():
    np.testing.assert_allclose(gradient(lambda t: norm(t, 2), np.eye(2)), np.eye(2) / 2, atol=1e-15)


def test_the_second_derivative_of_the_nuclear_norm_where_singular_values_are_equal():
    """At the identity, along a direction X, it is that of the polar factor: the antisymmetric part of X."""
    x = uniform(3, 3)
    t = leaf(np.eye(3))
    g = grad_of(norm(t, "nuc"), t, create_graph=True)
    np.testing.assert_allclose(grad_of(g, t, x).numpy(), (x - x.T) / 2, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("ord", [2, -2, "nuc"])
def test_the_derivatives_of_the_norm_of_a_zero_matrix_are_zero(ord):
    t = leaf(np.zeros((2, 3)))
    g = grad_of(norm(t, ord), t, create_graph=True)
    np.testing.assert_array_equal(g.numpy(), np.zeros((2, 3)))
    np.testing.assert_array_equal(grad_of(g.sum(), t).numpy(), np.zeros((2, 3)))


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


# ---------------------------------------------------------------- the array API's two


def test_vector_norm_takes_several_axes_as_one_vector():
    x = uniform(2, 3, 4)
    for axis in ((0, 2), (-1, 0), (2, 1, 0), (), 1, None):
        for ord in (2, 1, np.inf, 3, 0):
            for keepdims in (False, True):
                expected = np.linalg.vector_norm(x, axis=axis, ord=ord, keepdims=keepdims)
                actual = np.linalg.vector_norm(leaf(x), axis=axis, ord=ord, keepdims=keepdims).numpy()
                assert actual.shape == expected.shape
                np.testing.assert_allclose(actual, expected, rtol=1e-15)


def test_vector_norm_of_all_elements_is_that_of_the_flat_array():
    x = uniform(2, 3)
    g = gradient(lambda t: ag.linalg.vector_norm(t, ord=4), x)
    np.testing.assert_allclose(g, gradient(lambda t: norm(t, 4), x.ravel()).reshape(2, 3), rtol=1e-14)


def test_matrix_norm_of_a_stack():
    x = uniform(2, 3, 4)
    g = gradient(lambda t: ag.linalg.matrix_norm(t).sum(), x)
    np.testing.assert_allclose(g, x / np.linalg.norm(x, axis=(1, 2), keepdims=True), rtol=1e-14)


def test_integers_have_norms_of_the_array_api():
    t = Tensor([[3, 0], [0, 4]])
    assert ag.linalg.vector_norm(t).item() == 5
    assert ag.linalg.matrix_norm(t, ord=2).item() == 4
    with pytest.raises(ValueError, match="norm: expected a number as the order of a vector's norm, received 'fro'"):
        ag.linalg.vector_norm(t, ord="fro")
