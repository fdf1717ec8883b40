"""Gamma functions: derivatives against mpmath, near poles and far out; complex polygamma; constants that have no derivative."""

import mpmath
import numpy as np
import pytest
import scipy.special

from autograd import special
from autograd.engine import grad_of
from autograd.modes import no_grad
from autograd.tensors import Tensor


def derivatives(f, x, count):
    x = Tensor(x, requires_grad=True)
    y, found = f(x), []
    for _ in range(count):
        y = grad_of(y, x, np.ones(x.shape), create_graph=True)
        found.append(y.numpy())
    return found


REAL_LINE = [-10.2, -1.5, -1e-5, -1 + 1e-6, -2 - 1e-7, 1e-8, 0.5, 1.0, 2.0, 30.0, 1e5]


@pytest.mark.parametrize("name", ["gammaln", "digamma"])
def test_derivatives_along_the_real_line(name):
    """Near the poles, far out and at the integers; the n-th derivative of gammaln is polygamma(n - 1)."""
    x = np.array(REAL_LINE)
    first = 0 if name == "gammaln" else 1
    for order, found in enumerate(derivatives(getattr(special, name), x, 3), first):
        expected = [float(mpmath.psi(order, mpmath.mpf(each))) for each in x]
        # SciPy's digamma (order 0) has fewer digits near the poles, by reflection
        np.testing.assert_allclose(found, expected, rtol=1e-14 if order else 1e-11)


def test_derivatives_of_gamma():
    x = np.array([-10.2, -1.5, -1 + 1e-6, 1e-8, 0.5, 1.0, 20.0, 165.0])
    first, second = derivatives(special.gamma, x, 2)
    with mpmath.workdps(40):
        numbers = [mpmath.mpf(each) for each in x]
        expected = [float(mpmath.gamma(each) * mpmath.psi(0, each)) for each in numbers]
        curved = [float(mpmath.gamma(each) * (mpmath.psi(0, each) ** 2 + mpmath.psi(1, each))) for each in numbers]
    np.testing.assert_allclose(first, expected, rtol=1e-11)  # near the poles SciPy's digamma has fewer digits
    np.testing.assert_allclose(second, curved, rtol=1e-11)


def test_loggamma_of_negative_numbers_is_nan_and_of_complex_ones_is_not():
    assert np.isnan(special.loggamma(np.array([-0.5]))).all()
    np.testing.assert_allclose(special.loggamma(-0.5 + 0j), complex(mpmath.loggamma(mpmath.mpc(-0.5, 0.0))), rtol=1e-14)


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_polygamma_of_complex_numbers(n):
    z = np.array([0.3 + 0.1j, 2 - 3j, -0.7 + 0.2j, -5.5 + 1e-3j, -3.2 - 4j, 0.5, -40.3 + 0.5j, 25 + 30j, 0.1 + 20j])
    expected = [complex(mpmath.psi(n, mpmath.mpc(each))) for each in z]
    np.testing.assert_allclose(special.polygamma(n, z), expected, rtol=1e-12)


def test_loggamma_of_complex_numbers_differentiates_three_times():
    z = np.array([0.3 + 0.1j, -1.7 + 0.2j])
    t = Tensor(z, requires_grad=True)
    y = special.loggamma(t)
    for order in range(3):
        y = grad_of(y, t, np.ones(2), create_graph=True)
        found = y.numpy()
        expected = np.array([complex(mpmath.psi(order, mpmath.mpc(each))) for each in z])
        np.testing.assert_allclose(found, np.conjugate(expected), rtol=1e-12)


def test_polygamma_takes_the_orders_that_scipy_takes():
    x = np.array([0.5, 2.0])
    np.testing.assert_array_equal(special.polygamma(1.0, x), scipy.special.polygamma(1, x))
    np.testing.assert_array_equal(special.polygamma([[0], [3]], x), scipy.special.polygamma([[0], [3]], x))
    assert type(special.polygamma(1, 0.5)) is np.float64


@pytest.mark.parametrize("n", [-1, 0.5, [1, -2]])
def test_what_is_no_order_is_refused(n):
    with pytest.raises(ValueError, match=r"polygamma: expected orders n that are whole numbers from 0 on, received"):
        special.polygamma(n, 1.0)


CONSTANTS = [
    ("polygamma", "n", lambda t: special.polygamma(t, 1.0)),
    ("zeta", "x", lambda t: special.zeta(t, 2.0)),
    ("gammainc", "a", lambda t: special.gammainc(t, 2.0)),
    ("gammaincc", "a", lambda t: special.gammaincc(t, 2.0)),
    ("gammainc", "a", lambda t: scipy.special.gammainc(t, 2.0)),
    ("jv", "v", lambda t: special.jv(t, 2.0)),
    ("iv", "v", lambda t: special.iv(t, 2.0)),
    ("ive", "v", lambda t: scipy.special.ive(t, 2.0)),
]


@pytest.mark.parametrize(("name", "argument", "f"), CONSTANTS)
def test_what_has_no_derivative_is_refused(name, argument, f):
    t = Tensor(3.0, requires_grad=True)
    message = rf"{name}: there is no derivative with respect to {argument}; .* Pass {argument}\.detach\(\)"
    with pytest.raises(TypeError, match=message):
        f(t)
    expected = f(np.array(3.0))
    assert f(t.detach()).item() == expected
    with no_grad():
        assert f(t).item() == expected


def test_an_array_of_constants_broadcasts():
    a, x = np.array([0.5, 1.0, 3.0]), np.array([[0.2], [4.0]])
    t = Tensor(x, requires_grad=True)
    found = grad_of(special.gammainc(a, t), t, np.ones((2, 3))).numpy()
    density = x ** (a - 1) * np.exp(-x) / scipy.special.gamma(a)
    np.testing.assert_allclose(found, density.sum(axis=1, keepdims=True), rtol=1e-14)


def test_incomplete_gamma_at_its_ends():
    """Of x**(a - 1) exp(-x) / gamma(a) and its derivative at 0: for a = 1, 2 and 3."""
    for a, slope, curvature in [(1.0, 1.0, -1.0), (2.0, 0.0, 1.0), (3.0, 0.0, 0.0)]:
        for f, sign in ((special.gammainc, 1), (special.gammaincc, -1)):
            first, second = derivatives(lambda x, f=f, a=a: f(a, x), np.array([0.0]), 2)
            assert first == sign * slope
            assert second == sign * curvature
    with np.errstate(divide="raise"):
        (steep,) = derivatives(lambda x: special.gammainc(0.5, x), np.array([0.0]), 1)
    assert steep == np.inf
    (tail,) = derivatives(lambda x: special.gammaincc(2.5, x), np.array([300.0]), 1)
    np.testing.assert_allclose(tail, -float(mpmath.mpf(300) ** 1.5 * mpmath.exp(-300) / mpmath.gamma(2.5)), rtol=1e-12)


def test_zeta():
    for x in (2.0, -1.0, np.array([0.5, 3.0]), 0.5 + 14j):
        np.testing.assert_array_equal(special.zeta(x), scipy.special.zeta(x))
    np.testing.assert_array_equal(special.zeta([2.0, 4.0], [[1.0], [0.3]]), scipy.special.zeta([2.0, 4.0], [[1.0], [0.3]]))
    q = np.array([0.1, 3.0, 1e6])
    (found,) = derivatives(lambda q: special.zeta(2.5, q), q, 1)
    np.testing.assert_allclose(found, [-2.5 * float(mpmath.zeta(3.5, each)) for each in q], rtol=1e-14)


def test_beta_with_tensors_of_one_place_only():
    a = Tensor([0.5, 2.0], requires_grad=True)
    found = grad_of(scipy.special.betaln(a, 3), a, np.ones(2)).numpy()
    np.testing.assert_allclose(found, [float(mpmath.psi(0, x) - mpmath.psi(0, x + 3)) for x in (0.5, 2.0)], rtol=1e-14)


@pytest.mark.parametrize("name", ["gamma", "gammaln", "loggamma", "digamma", "psi"])
def test_the_function_of_scipy_differentiates(name):
    x = np.array([0.2, 0.7])
    t = Tensor(x, requires_grad=True)
    y = getattr(scipy.special, name)(t)
    np.testing.assert_array_equal(y.numpy(), getattr(scipy.special, name)(x))
    expected = grad_of(getattr(special, name.replace("psi", "digamma"))(t), t, np.ones(2)).numpy()
    np.testing.assert_array_equal(grad_of(y, t, np.ones(2)).numpy(), expected)


def test_a_python_number_leaves_single_precision_alone():
    x = np.array([0.5, 1.5], np.float32)
    for result in (
        special.beta(x, 2.5),
        special.betaln(2.5, x),
        special.gammainc(2.5, x),
        special.zeta(2.5, x),
        special.polygamma(2, x),
        special.gammaincc(2, x),
    ):
        assert result.dtype == np.float32


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (special.gamma, 0.0),
        (special.gamma, 200.0),
        (special.gammaln, 0.0),
        (special.digamma, 0.0),
        (lambda x: special.gammainc(0.5, x), 0.0),
        (lambda x: special.zeta(2.0, x), 0.0),
        (lambda x: special.polygamma(1, x), 0.0),
        (lambda x: special.xlogy(2.0, x), 0.0),
        (special.i0, 1e3),
        (special.i1, 1e3),
        (lambda x: special.iv(2, x), 1e3),
    ],
)
def test_what_was_not_used_has_no_influence(f, x):
    """Where a value or slope is infinite and the cotangent 0, the gradient is 0."""
    t = Tensor([x, 0.5], requires_grad=True)
    with np.errstate(all="ignore"):
        found = grad_of(f(t), t, np.array([0.0, 1.0])).numpy()
    assert found[0] == 0
    assert np.isfinite(found[1])
