"""Error functions and the normal distribution: derivatives of every order against mpmath, in the tails too; ends; dtypes."""

import mpmath
import numpy as np
import pytest
import scipy.special

from autograd import special
from autograd.engine import grad_of
from autograd.ops.special.error_functions import erfcx_derivative, inverse_mills
from autograd.tensors import Tensor

ALL = ["erf", "erfc", "erfcx", "erfinv", "erfcinv", "ndtr", "ndtri", "log_ndtr"]


def derivatives(f, x, count):
    """The first derivatives of an elementwise function, by recorded passes."""
    x = Tensor(x, requires_grad=True)
    y, found = f(x), []
    for _ in range(count):
        y = grad_of(y, x, np.ones(x.shape), create_graph=True)
        found.append(y.numpy())
    return found


def exact(f, x, order):
    """Derivatives of an mpmath function at the numbers that the array really holds, rounded once."""
    with mpmath.workdps(80):
        return np.array([float(mpmath.diff(f, mpmath.mpf(float(each)), order)) for each in x])


def mills(x):
    """density(x) / ndtr(x)"""
    return mpmath.sqrt(2 / mpmath.pi) * mpmath.exp(-x * x / 2) / mpmath.erfc(-x / mpmath.sqrt(2))


# The function, or its first derivative where that can be differentiated with fewer digits; and points.
SLOPES = {
    "erf": (lambda x: 2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-x * x), [-6.0, -1.0, 0.0, 0.3, 5.0, 20.0]),
    "erfc": (lambda x: -2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-x * x), [-6.0, 0.0, 0.3, 5.0, 20.0]),
    "ndtr": (mpmath.npdf, [-30.0, -1.0, 0.0, 2.0, 30.0]),
}
REFERENCES = {
    "erfcx": (lambda x: mpmath.exp(x * x) * mpmath.erfc(x), [-20.0, -3.0, 0.0, 1.0, 1.99, 2.0, 2.01, 3.0, 7.0, 30.0]),
    "erfinv": (mpmath.erfinv, [-0.999, -0.5, 0.0, 1e-9, 0.9]),
    "erfcinv": (lambda x: mpmath.erfinv(1 - x), [1e-30, 1e-4, 0.5, 1.5]),
    "ndtri": (lambda x: mpmath.sqrt(2) * mpmath.erfinv(2 * x - 1), [1e-30, 1e-4, 0.3, 0.5, 0.99]),
}


@pytest.mark.parametrize("name", [*SLOPES, *REFERENCES])
def test_derivatives_agree_with_mpmath(name):
    f, points = (SLOPES | REFERENCES)[name]
    x = np.array(points)
    for order, found in enumerate(derivatives(getattr(special, name), x, 3), 0 if name in SLOPES else 1):
        np.testing.assert_allclose(found, exact(f, x, order), rtol=2e-12, atol=1e-300)


def test_the_derivative_of_erfcx_keeps_its_digits_far_out():
    """erfcx(x) = (1/x - 1/(2 x**3) + 3/(4 x**5) - ...) / sqrt(pi), differentiated."""
    x = np.array([1e4, 1e8, 1e100])
    first, second = derivatives(special.erfcx, x, 2)
    np.testing.assert_allclose(first, -(1 - 1.5 / x**2) / x**2 / np.sqrt(np.pi), rtol=2e-15)
    np.testing.assert_allclose(second, (2 - 6 / x**2) / x**2 / x / np.sqrt(np.pi), rtol=2e-15)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_log_ndtr_is_stable_in_both_tails(order):
    x = np.array([-1e3, -100.0, -10.0, -3.0, -2.9, -2.8, -2.0, 0.0, 2.0, 5.0, 10.0, 37.0])
    found = derivatives(special.log_ndtr, x, order)[-1]
    np.testing.assert_allclose(found, exact(mills, x, order - 1), rtol=5e-12)


def test_log_ndtr_is_stable_where_nothing_else_is_left():
    x = np.array([-1e10, -1e100, 40.0, 1e10])
    value = special.log_ndtr(x)
    first, second = derivatives(special.log_ndtr, x, 2)
    np.testing.assert_allclose(value, [-5e19, -5e199, 0.0, 0.0], rtol=1e-15)
    np.testing.assert_allclose(first, [1e10, 1e100, 0.0, 0.0], rtol=1e-15)
    np.testing.assert_allclose(second, [-1.0, -1.0, 0.0, 0.0], rtol=1e-15)


COMPLEX = {
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "erfcx": lambda z: mpmath.exp(z * z) * mpmath.erfc(z),
    "ndtr": lambda z: mpmath.erfc(-z / mpmath.sqrt(2)) / 2,
    "log_ndtr": lambda z: mpmath.log(mpmath.erfc(-z / mpmath.sqrt(2)) / 2),
}


@pytest.mark.parametrize("name", COMPLEX)
def test_complex_derivatives_agree_with_mpmath(name):
    z = np.array([0.5 + 1j, -1.5 - 0.3j, -4 + 1j, 3 - 2j])
    t = Tensor(z, requires_grad=True)
    found = grad_of(getattr(special, name)(t), t, np.ones(4)).numpy()
    expected = [complex(mpmath.diff(COMPLEX[name], mpmath.mpc(each))) for each in z]
    np.testing.assert_allclose(np.conjugate(found), expected, rtol=1e-12)


@pytest.mark.parametrize(("name", "ends"), [("erfinv", [-1.0, 1.0]), ("erfcinv", [0.0, 2.0]), ("ndtri", [0.0, 1.0])])
def test_slopes_are_infinite_at_the_ends_and_nan_beyond(name, ends):
    slope = -np.inf if name == "erfcinv" else np.inf
    low, high = ends
    (found,) = derivatives(getattr(special, name), np.array([low, high, low - 1, high + 1]), 1)
    np.testing.assert_array_equal(found, [slope, slope, np.nan, np.nan])


@pytest.mark.parametrize("order", [0, 1, 3])
def test_kernels_take_nan_numbers_and_nothing(order):
    assert np.isnan(inverse_mills(np.array([np.nan]), n=order)).all()
    assert np.isnan(erfcx_derivative(np.array([np.nan]), n=order + 1)).all()
    assert inverse_mills(np.zeros((0, 2)), n=order).shape == (0, 2)
    assert type(inverse_mills(np.float64(0.5), n=order)) is np.float64


@pytest.mark.parametrize("name", ALL)
def test_the_function_of_scipy_differentiates(name):
    x = np.array([0.2, 0.7])
    t = Tensor(x, requires_grad=True)
    y = getattr(scipy.special, name)(t)
    assert isinstance(y, Tensor)
    np.testing.assert_array_equal(y.numpy(), getattr(scipy.special, name)(x))
    expected = grad_of(getattr(special, name)(t), t, np.ones(2)).numpy()
    np.testing.assert_array_equal(grad_of(y, t, np.ones(2)).numpy(), expected)


@pytest.mark.parametrize("name", ALL)
def test_higher_derivatives_stay_in_single_precision(name):
    single = derivatives(getattr(special, name), np.array([0.2, 0.7], np.float32), 3)
    double = derivatives(getattr(special, name), np.array([0.2, 0.7], np.float32).astype(np.float64), 3)
    for actual, expected in zip(single, double, strict=True):
        assert actual.dtype == np.float32
        np.testing.assert_allclose(actual, expected, rtol=2e-5)


@pytest.mark.parametrize(("name", "end"), [("erfinv", 1.0), ("erfcinv", 0.0), ("ndtri", 0.0), ("erfcx", -1e3)])
def test_what_was_not_used_has_no_influence(name, end):
    """Where a value or slope is infinite and the cotangent 0, the gradient is 0, in the second order too."""
    x = np.array([end, 0.5])
    t = Tensor(x, requires_grad=True)
    first = grad_of(getattr(special, name)(t), t, np.array([0.0, 1.0]), create_graph=True)
    assert first.numpy()[0] == 0
    assert grad_of(first, t, np.array([0.0, 1.0])).numpy()[0] == 0
