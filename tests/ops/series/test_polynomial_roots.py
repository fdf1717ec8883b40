"""Roots and back: closed forms, inverses of each other, roots at 0, roots that come twice, characteristic polynomials."""

import mpmath
import numpy as np
import pytest

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.tensors import Tensor


def test_roots_of_a_parabola_move_as_the_formula_says():
    """``r = (-b + s) / (2 a)``, ``(-b - s) / (2 a)`` with ``s = sqrt(b**2 - 4 a c)``, to the second order."""
    a, b, c = 2.0, -3.0, -4.0

    def formula(p):
        s = np.sqrt(p[1] * p[1] - 4 * p[0] * p[2])
        return ag.stack([(-p[1] + s) / (2 * p[0]), (-p[1] - s) / (2 * p[0])])

    v = np.array([1.0, -0.3])
    found, expected = [], []
    for f, results in ((np.roots, found), (formula, expected)):
        p = Tensor(np.array([a, b, c]), requires_grad=True)
        out = f(p)
        g = grad_of(out, p, v, create_graph=True)
        results += [out, g, grad_of(g, p, np.array([1.0, 2.0, 3.0]))]
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-13)


def test_complex_roots_of_real_coefficients():
    p = Tensor(np.array([1.0, 2.0, 5.0]), requires_grad=True)
    out = np.roots(p)  # -1 + 2i, -1 - 2i
    np.testing.assert_allclose(out.numpy(), [-1 + 2j, -1 - 2j], rtol=1e-14)
    # |r|**2 = c / a for both
    sizes = (out * np.conj(out)).real
    np.testing.assert_allclose(grad_of(sizes, p, np.array([1.0, 0.0])).numpy(), [-5, 0, 1], rtol=0, atol=1e-13)


def test_derivatives_are_those_of_mpmath():
    coefficients = [1.0, 0.3, -2.0, 0.7, 1.5]
    p = Tensor(np.array(coefficients), requires_grad=True)
    out = np.roots(p)
    for k in range(4):
        g = grad_of(out, p, np.eye(4)[k] + 0j, retain_graph=True).numpy()
        for j in range(5):

            def root(t, j=j, k=k):
                moved = [each + (t if i == j else 0) for i, each in enumerate(coefficients)]
                return mpmath.findroot(lambda z: mpmath.polyval(moved[::-1], z, asc=True), complex(out.numpy()[k]))

            with mpmath.workdps(30):
                expected = complex(mpmath.diff(root, 0)).real
            np.testing.assert_allclose(g[j], expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("places", [np.array([3.0, -1.0, 0.5]), np.array([1.0 + 1j, -2.0, 0.3j])])
def test_roots_and_poly_undo_each_other(places):
    z = Tensor(places, requires_grad=True)
    again = np.roots(np.poly(z))
    order = [int(np.argmin(np.abs(again.numpy() - each))) for each in places]
    np.testing.assert_allclose(again.numpy()[order], places, rtol=1e-12, atol=1e-13)
    v = np.array([1.0, 2.0, -0.5])
    np.testing.assert_allclose(grad_of(again[order], z, v).numpy(), v, rtol=1e-10, atol=1e-11)


def test_zeros_in_front_and_at_the_end():
    p = Tensor(np.array([0.0, 0.0, 2.0, 4.0, 0.0]), requires_grad=True)
    out = np.roots(p)
    np.testing.assert_array_equal(out.numpy(), [-2, 0])
    # r = -p[3] / p[2] for p[4] = 0; the root at 0 moves by -dp[4] / p[3]
    g = grad_of(out, p, np.array([0.0, 1.0])).numpy()
    np.testing.assert_array_equal(g, [0, 0, 0, 0, -0.25])
    for nothing in ([0.0, 0.0], [5.0], [0.0, 3.0], []):
        found = ag.roots(Tensor(np.array(nothing)))
        assert found.shape == (0,)
        assert found.dtype == np.roots(nothing).dtype


def test_a_root_that_comes_twice():
    p = Tensor(np.array([1.0, 1.0, 0.0, 0.0]), requires_grad=True)
    out = np.roots(p)
    np.testing.assert_array_equal(out.numpy(), [-1, 0, 0])
    np.testing.assert_array_equal(grad_of(out, p, np.array([1.0, 0.0, 0.0]), retain_graph=True).numpy(), [1, -1, 1, -1])
    with np.errstate(divide="ignore", invalid="ignore"):  # NumPy's warnings of a division by 0
        assert np.isinf(grad_of(out, p, np.array([0.0, 1.0, 0.0])).numpy()[-1])


def test_single_precision():
    for p in ([1.0, -3.0, 2.0], [1.0, 0.0, 2.0]):
        t = Tensor(np.array(p, np.float32), requires_grad=True)
        out = np.roots(t)
        assert out.dtype == np.roots(np.array(p, np.float32)).dtype
        assert grad_of(out, t, np.ones(2, out.dtype)).dtype == np.float32


# ---------------------------------------------------------------- poly


def test_the_coefficients_of_given_roots():
    z = Tensor(np.array([1.0, 2.0, 2.0]), requires_grad=True)  # equal ones, too
    out = np.poly(z)
    np.testing.assert_array_equal(out.numpy(), [1, -5, 8, -4])
    jacobian = [grad_of(out, z, row, retain_graph=True).numpy() for row in np.eye(4)]
    np.testing.assert_allclose(jacobian, [[0, 0, 0], [-1, -1, -1], [4, 3, 3], [-4, -2, -2]], atol=1e-15)


def test_conjugate_roots_give_real_coefficients():
    z = Tensor(np.array([1.0 + 2.0j, 1.0 - 2.0j]), requires_grad=True)
    out = np.poly(z)
    assert out.dtype == np.float64
    np.testing.assert_array_equal(out.numpy(), [1, -2, 5])
    np.testing.assert_array_equal(grad_of(out, z, np.array([0.0, 0.0, 1.0])).numpy(), [1 + 2j, 1 - 2j])
    assert np.poly(Tensor(np.array([1, 2]))).dtype == np.float64
    assert np.poly(Tensor(np.array([1, 2], np.float32))).dtype == np.float32
    assert ag.poly(Tensor(np.zeros(0))).item() == ag.poly([]) == 1.0


def test_the_characteristic_polynomial():
    a = np.array([[2.0, 1.0, 0.5], [0.0, 2.0, -1.0], [0.3, 0.0, 2.0]])
    t = Tensor(a, requires_grad=True)
    out = np.poly(t)
    np.testing.assert_allclose(out.numpy()[-1], -np.linalg.det(a), rtol=1e-13)
    _, by_trace, _, by_determinant = (grad_of(out, t, row, retain_graph=True).numpy() for row in np.eye(4))
    np.testing.assert_allclose(by_trace, -np.eye(3), atol=1e-15)
    np.testing.assert_allclose(by_determinant, -np.linalg.det(a) * np.linalg.inv(a).T, rtol=1e-12, atol=1e-14)


def test_the_characteristic_polynomial_where_eigenvalues_coincide():
    report = gradcheck(lambda x: ag.poly(x)[1:], [np.eye(3) * 1.5 + 0.1 * np.eye(3, k=1)], order=1, rtol=1e-4)
    assert report, report
    t = Tensor(np.eye(2), requires_grad=True)
    np.testing.assert_array_equal(grad_of(np.poly(t), t, np.array([0.0, 0.0, 1.0])).numpy(), np.eye(2))


def test_messages():
    with pytest.raises(ValueError, match=r"poly: expected roots in one axis or a square matrix, received shape \(2, 3\)"):
        ag.poly(np.zeros((2, 3)))
    with pytest.raises(
        ValueError, match=r"roots: expected the coefficients of a polynomial in one axis, received shape \(2, 2\)"
    ):
        ag.roots(np.eye(2))
    with pytest.raises(np.linalg.LinAlgError):
        ag.roots(Tensor(np.array([1.0, np.inf, 1.0])))
