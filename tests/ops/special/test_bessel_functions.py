"""Bessel functions: derivatives of every order against mpmath, at 0 and far out; parity; what is refused."""

import mpmath
import numpy as np
import pytest
import scipy.special

from autograd import special
from autograd.engine import grad_of
from autograd.ops.special.bessel_functions import ive_derivative
from autograd.tensors import Tensor


def derivatives(f, x, count):
    x = Tensor(x, requires_grad=True)
    y, found = f(x), []
    for _ in range(count):
        y = grad_of(y, x, np.ones(x.shape), create_graph=True)
        found.append(y.numpy())
    return found


def exact(f, x, order):
    with mpmath.workdps(60):
        return np.array([float(mpmath.diff(f, mpmath.mpf(float(each)), order)) for each in x])


PLAIN = {
    "j0": (special.j0, lambda x: mpmath.besselj(0, x)),
    "j1": (special.j1, lambda x: mpmath.besselj(1, x)),
    "jv 3": (lambda x: special.jv(3, x), lambda x: mpmath.besselj(3, x)),
    "jv 0.5": (lambda x: special.jv(0.5, x), lambda x: mpmath.besselj(0.5, x)),
    "i0": (special.i0, lambda x: mpmath.besseli(0, x)),
    "i1": (special.i1, lambda x: mpmath.besseli(1, x)),
    "iv 3": (lambda x: special.iv(3, x), lambda x: mpmath.besseli(3, x)),
    "iv -2": (lambda x: special.iv(-2, x), lambda x: mpmath.besseli(-2, x)),
}


@pytest.mark.parametrize("name", PLAIN)
def test_derivatives_agree_with_mpmath(name):
    f, reference = PLAIN[name]
    x = np.array([0.1, 1.0, 5.0, 30.0, 300.0])
    for order, found in enumerate(derivatives(f, x, 3), 1):
        expected = exact(reference, x, order)
        scale = np.abs(expected) if name[0] == "i" else np.maximum(np.abs(expected), np.sqrt(2 / np.pi / x) * (x > 3))
        np.testing.assert_array_less(np.abs(found - expected), 2e-13 * scale)


def test_derivatives_at_0():
    """From the power series: J_0 = 1 - x**2/4, J_1 = x/2 - x**3/16, I_0 = 1 + x**2/4, I_1 = x/2 + x**3/16."""
    zero = np.zeros(1)
    expected = {
        special.j0: [0.0, -0.5, 0.0],
        special.j1: [0.5, 0.0, -0.375],
        special.i0: [0.0, 0.5, 0.0],
        special.i1: [0.5, 0.0, 0.375],
    }
    for f, values in expected.items():
        assert [each.item() for each in derivatives(f, zero, 3)] == values


@pytest.mark.parametrize("v", [0, 1, 3, 0.5])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_scaled_derivatives_keep_their_digits(v, n):
    x = np.array([0.3, 5.0, 17.9, 18.1, 19.9, 20.1, 50.0, 300.0])
    expected = exact(lambda t: mpmath.exp(-t) * mpmath.besseli(v, t), x, n)
    scale = np.maximum(abs(expected), x**-0.5 / x**n * (x > 10))  # they change sign around 10
    np.testing.assert_array_less(abs(ive_derivative(v, x, n=n) - expected), {1: 1e-13, 2: 1e-12, 3: 1e-11}[n] * scale)


@pytest.mark.parametrize("v", [0, 1, 2])
def test_scaled_derivatives_far_out(v):
    """exp(-x) I_v(x) = (1 - (4 v**2 - 1) / (8 x) + ...) / sqrt(2 pi x), differentiated."""
    x = np.array([1e9, 1e100])
    first, second = derivatives(lambda t: special.ive(v, t), x, 2)
    plain = 1 / np.sqrt(2 * np.pi * x)
    a = (4 * v**2 - 1) / 8
    np.testing.assert_allclose(first, plain * (-0.5 / x) * (1 - 3 * a / x), rtol=1e-15)
    np.testing.assert_allclose(second, plain * (0.75 / x / x) * (1 - 5 * a / x), rtol=1e-15)


@pytest.mark.parametrize("v", [0, 1, 2, 3])
@pytest.mark.parametrize("n", [1, 2])
def test_scaled_derivatives_have_their_parity(v, n):
    x = np.array([0.3, 5.0, 30.0])
    expected = (-1) ** (v + n) * ive_derivative(v, x, n=n)
    np.testing.assert_allclose(ive_derivative(v, -x, n=n), expected, rtol=1e-14)


def test_fractional_orders_of_negative_numbers_are_nan():
    assert np.isnan(special.ive(0.5, np.array([-1.0]))).all()
    assert np.isnan(ive_derivative(0.5, np.array([-1.0, -50.0]), n=1)).all()


def test_at_the_kink_the_slope_of_the_size_counts_as_0():
    """So d/dx exp(-|x|) I_0(x) is I_1(0) = 0 there, and d/dx exp(-|x|) I_1(x) is 1/2."""
    zero = np.zeros(1)
    assert derivatives(special.i0e, zero, 1)[0] == 0.0
    assert derivatives(special.i1e, zero, 1)[0] == 0.5


def test_i0e_differentiates_where_i0_overflows():
    x = np.array([1000.0, -1000.0])
    (first,) = derivatives(special.i0e, x, 1)
    with mpmath.workdps(30):
        expected = float(mpmath.exp(-1000) * (mpmath.besseli(1, 1000) - mpmath.besseli(0, 1000)))
    np.testing.assert_allclose(first, [expected, -expected], rtol=1e-14)


@pytest.mark.parametrize("f", [special.jv, special.iv, special.ive])
def test_an_array_of_orders_broadcasts(f):
    v, x = np.array([0.0, 1.0, 5.0]), np.array([[0.7], [45.0]])
    t = Tensor(x, requires_grad=True)
    found = grad_of(f(v, t), t, np.ones((2, 3))).numpy()
    alone = sum([derivatives(lambda t, order=order: f(order, t), x, 1)[0] for order in (0, 1, 5)])
    np.testing.assert_allclose(found, alone, rtol=1e-13)


@pytest.mark.parametrize("name", ["j0", "j1", "i0", "i1", "i0e", "i1e"])
def test_the_function_of_scipy_differentiates(name):
    t = Tensor(np.array([0.2, 0.7], np.float32), requires_grad=True)
    y = getattr(scipy.special, name)(t)
    np.testing.assert_array_equal(y.numpy(), getattr(scipy.special, name)(t.numpy()))
    assert y.requires_grad
    assert y.dtype == np.float32


def test_complex_orders_of_differentiation():
    z = np.array([0.5 + 1j, -2 - 0.3j])
    for f, reference in ((special.jv, mpmath.besselj), (special.iv, mpmath.besseli)):
        t = Tensor(z, requires_grad=True)
        found = grad_of(f(1, t), t, np.ones(2)).numpy()
        expected = [complex(mpmath.diff(lambda x, r=reference: r(1, x), mpmath.mpc(each))) for each in z]
        np.testing.assert_allclose(np.conjugate(found), expected, rtol=1e-13)


def test_the_scaled_function_of_complex_numbers_is_refused():
    with pytest.raises(TypeError, match=r"ive.*expected real numbers, received complex ones.*see iv"):
        special.ive(1, np.array([1j]))
