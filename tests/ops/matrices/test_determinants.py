"""Determinants: cofactors from minors at any rank, derivatives of third order, scales, logarithms, signs."""

from itertools import product

import numpy as np
import pytest

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.matrices.determinants import det, slogdet
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


def minors(x):
    """Cofactors by their definition: determinants of what is left without a row and a column, with signs."""
    out = np.empty_like(x)
    for i, j in product(range(len(x)), repeat=2):
        out[i, j] = (-1) ** (i + j) * np.linalg.det(np.delete(np.delete(x, i, 0), j, 1))
    return out


# ---------------------------------------------------------------- det


@pytest.mark.parametrize("rank", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("imaginary", [False, True])
@pytest.mark.parametrize("create_graph", [False, True])
def test_the_gradient_is_the_matrix_of_cofactors_at_any_rank(rank, imaginary, create_graph):
    draw = (lambda *shape: uniform(*shape) + 1j * uniform(*shape)) if imaginary else uniform
    x = draw(4, rank) @ draw(rank, 4)
    t = leaf(x)
    y = det(t)
    g = grad_of(y, t, np.ones((), x.dtype), create_graph=create_graph).numpy()
    np.testing.assert_allclose(np.conj(g), minors(x), rtol=0, atol=1e-14)


def test_a_stack_may_mix_ranks():
    x = np.array([np.diag([1.0, 2.0, 3.0]), np.diag([0.0, 2.0, 3.0]), np.diag([0.0, 0.0, 3.0]), np.zeros((3, 3))])
    g = gradient(det, x, np.array([1.0, 2.0, 3.0, 4.0]))
    np.testing.assert_allclose(g, [np.diag([6.0, 3, 2]), np.diag([12.0, 0, 0]), np.zeros((3, 3)), np.zeros((3, 3))], atol=1e-15)


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_derivatives_along_a_line_are_those_of_the_characteristic_polynomial(rank):
    """det(A + t X) is a polynomial in t; its coefficients, by interpolation, give all derivatives along X."""
    a, x = uniform(3, rank) @ uniform(rank, 3), uniform(3, 3)
    nodes = np.array([-1.0, 0.0, 1.0, 2.0])
    coefficients = np.linalg.solve(np.vander(nodes, increasing=True), [np.linalg.det(a + t * x) for t in nodes])
    t = leaf(a)
    along, found = det(t), []
    for _ in range(3):
        along = np.sum(grad_of(along, t, create_graph=True) * x)
        found.append(along.item())
    np.testing.assert_allclose(found, coefficients[1:] * [1, 2, 6], rtol=1e-12, atol=1e-13)


def test_a_fourth_derivative_of_a_singular_matrix():
    report = gradcheck(det, np.diag([0.0, 1.0, 0.0]) + 0.5, order=4)
    assert report, report


@pytest.mark.parametrize("scale", [1e-160, 1e-30, 1e30, 1e100])
def test_scales_at_which_products_overflow_and_vanish(scale):
    """diag(s, s, s, 0): the only cofactor is s**3, where a power of s alone may be out of range on the way."""
    g = gradient(det, np.diag([scale, scale, scale, 0.0]))
    expected = np.zeros((4, 4))
    expected[3, 3] = scale * scale * scale
    np.testing.assert_allclose(g, expected, rtol=1e-13)


def test_a_large_singular_matrix_with_a_wide_range_of_values():
    values = np.logspace(3, -3, 201)
    values[7] = 0
    g = gradient(det, np.diag(values))
    expected = np.zeros((201, 201))
    expected[7, 7] = 10 ** np.log10(values[values > 0]).sum()
    np.testing.assert_allclose(g, expected, rtol=1e-11, atol=1e-9 * expected[7, 7])


def test_a_determinant_that_underflows_still_has_cofactors():
    np.testing.assert_allclose(gradient(det, np.diag([1e-200, 1e-200])), np.diag([1e-200, 1e-200]), rtol=1e-13)


def test_ill_conditioned_matrices_have_accurate_cofactors():
    """Integers of the size of 1e8, whose determinant is 1: cofactors are integers too, here known."""
    n = 1e8
    x = np.array([[n, n + 1], [n - 1, n]])
    np.testing.assert_allclose(gradient(det, x), [[n, 1 - n], [-n - 1, n]], rtol=1e-15)


def test_nan_gives_nan():
    x = np.array([[[np.nan, 1.0], [1.0, 2.0]], [[1.0, 2.0], [2.0, 4.0]]])
    with np.errstate(invalid="ignore"):
        g = gradient(det, x, np.ones(2))
    assert np.isnan(g[0]).all()
    np.testing.assert_allclose(g[1], [[4, -2], [-2, 1]], rtol=1e-14)


def test_small_matrices():
    assert det(np.empty((0, 0))) == 1
    assert grad_of(det(t := leaf(np.empty((0, 0)))), t).shape == (0, 0)
    np.testing.assert_array_equal(gradient(det, np.zeros((1, 1))), [[1]])
    assert det([[1, 2], [3, 4]]) == pytest.approx(-2)


def test_single_precision_is_computed_in_double():
    x = uniform(5, 5).astype(np.float32)
    g = gradient(det, x, np.float32(1))
    assert g.dtype == np.float32
    np.testing.assert_allclose(g, minors(x.astype(float)), rtol=3e-7, atol=1e-9)


# ---------------------------------------------------------------- slogdet


def test_the_gradient_of_the_logarithm_is_the_inverse():
    x, v = uniform(2, 3, 3) + np.eye(3), uniform(2)
    expected = v[:, None, None] * np.linalg.inv(x).mT
    np.testing.assert_allclose(gradient(lambda t: slogdet(t).logabsdet, x, v), expected, rtol=1e-13)


def test_the_sign_of_a_real_determinant_has_derivative_zero():
    np.testing.assert_array_equal(gradient(lambda t: slogdet(t).sign, -np.eye(3)), np.zeros((3, 3)))


def test_sign_and_logarithm_together_are_the_determinant():
    """sign * exp(logabsdet) = det, with all derivatives, also for complex numbers."""
    for x in (uniform(3, 3), uniform(2, 2) + 1j * uniform(2, 2)):
        v = np.ones((), x.dtype) * (2 - 1j if x.dtype.kind == "c" else 1)
        ours = gradient(lambda t: (lambda sign, logarithm: sign * np.exp(logarithm))(*slogdet(t)), x, v)
        np.testing.assert_allclose(ours, gradient(det, x, v), rtol=1e-12)


def test_no_overflow():
    t = leaf(np.eye(500) * 1e3)
    sign, logarithm = np.linalg.slogdet(t)
    assert sign.item() == 1
    assert logarithm.item() == pytest.approx(500 * np.log(1e3))
    np.testing.assert_allclose(grad_of(logarithm, t).numpy(), np.eye(500) * 1e-3, rtol=1e-14)


def test_the_result_is_numpys_named_tuple():
    assert type(slogdet(np.eye(2))) is type(np.linalg.slogdet(np.eye(2)))
    assert slogdet(leaf(np.eye(2)))._fields == ("sign", "logabsdet")


def test_the_logarithm_of_a_singular_matrix_has_no_gradient():
    t = leaf(np.array([np.eye(2), np.ones((2, 2))]))
    sign, logarithm = slogdet(t)
    np.testing.assert_array_equal(sign.numpy(), [1, 0])
    np.testing.assert_array_equal(logarithm.numpy(), [0, -np.inf])
    with pytest.raises(np.linalg.LinAlgError, match=r"Singular matrix: .* at \[1\] of the stack") as caught:
        logarithm.sum().backward()
    assert any("gradient rule of op 'slogdet'" in note for note in caught.value.__notes__)


@pytest.mark.parametrize("f", [det, slogdet])
def test_only_square_matrices_have_a_determinant(f):
    with pytest.raises(np.linalg.LinAlgError, match=rf"{f.__name__}: expected a square matrix .* received shape \(2, 3\)"):
        f(leaf(uniform(2, 3)))
    with pytest.raises(np.linalg.LinAlgError, match=rf"{f.__name__}: expected a square matrix .* received shape \(\)"):
        f(ag.tensor(2.0))
