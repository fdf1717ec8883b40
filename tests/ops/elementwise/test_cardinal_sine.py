"""``sinc`` and its derivatives, against mpmath: near 0, where formulas cancel, and far from it."""

import mpmath
import numpy as np
import pytest

import autograd as ag
from autograd.ops.elementwise.cardinal_sine import sinc_derivative

POINTS = np.concatenate([np.linspace(-6.3, 6.3, 22), 10.0 ** np.arange(-300, 0, 37), 10.0 ** np.arange(-9, 1.0), [0.0, -0.0]])


def exact(order, points):
    """The derivative as the integral of pi**n t**n cos(pi x t + n pi / 2) over t from 0 to 1."""
    with mpmath.workdps(30):
        return [
            complex(
                mpmath.quad(
                    lambda t, x=x: (mpmath.pi * t) ** order * mpmath.cos(mpmath.pi * x * t + order * mpmath.pi / 2),
                    mpmath.linspace(0, 1, 5),
                )
            )
            for x in map(mpmath.mpmathify, points)
        ]


@pytest.mark.parametrize("order", [1, 2, 3, 4, 6])
def test_derivatives_are_accurate_everywhere(order):
    expected = np.real(exact(order, POINTS))
    np.testing.assert_allclose(sinc_derivative(POINTS, order=order), expected, rtol=0, atol=2e-15 * np.max(np.abs(expected)))


def test_small_arguments_keep_all_digits():
    x = 10.0 ** np.arange(-300, 0, 20)
    np.testing.assert_allclose(sinc_derivative(x, order=1)[:-1], -(np.pi**2) * x[:-1] / 3, rtol=1e-15)


def test_complex_arguments():
    z = np.array([0.2 + 0.1j, -1.5 + 2j, 3j, 0.05 - 0.02j])
    expected = exact(1, z)
    np.testing.assert_allclose(sinc_derivative(z, order=1), expected, rtol=1e-13)
    t = ag.tensor(z, requires_grad=True)
    (g,) = ag.grad_of(np.sinc(t), [t], np.ones(4, complex))
    np.testing.assert_allclose(np.conjugate(g.numpy()), expected, rtol=1e-13)


def test_gradients_chain_to_the_fourth_order():
    x = ag.tensor([0.0, 1e-4, 0.7, -2.5], requires_grad=True)
    found = np.sinc(x)
    for order in (1, 2, 3, 4):
        (found,) = ag.grad_of(found, [x], np.ones(4), create_graph=True)
        expected = np.real(exact(order, x.numpy()))
        np.testing.assert_allclose(found.numpy(), expected, rtol=0, atol=1e-14 * np.max(np.abs(expected)))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtypes_stay(dtype):
    x = ag.tensor([0.0, 0.5], dtype=dtype, requires_grad=True)
    y = np.sinc(x)
    assert y.dtype == dtype
    y.backward(np.ones(2, dtype))
    assert x.grad.dtype == dtype
    np.testing.assert_allclose(x.grad.numpy(), [0, -4 / np.pi], rtol=3 * np.finfo(dtype).eps)


def test_integers_and_no_elements():
    np.testing.assert_array_equal(ag.sinc([0, 1, 2]), np.sinc([0, 1, 2]))
    x = ag.tensor(np.zeros((0, 3)), requires_grad=True)
    assert ag.grad_of(np.sinc(x), [x], np.zeros((0, 3)))[0].shape == (0, 3)
