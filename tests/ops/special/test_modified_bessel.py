"""``i0``: NumPy's values, and derivatives of every order without SciPy, against mpmath."""

import subprocess
import sys

import mpmath
import numpy as np
import pytest

import autograd as ag
from autograd.ops.special.modified_bessel import bessel_i


@pytest.mark.parametrize("n", range(8))
def test_the_kernel_has_full_accuracy(n):
    x = np.array([1e-300, 1e-10, 0.1, -1.0, 3.0, 8.0, -15.0, 30.0, 100.0, 400.0, 700.0, 713.0])
    if n > 1:
        x = x[1:]  # the first power of 1e-300 is the last one in range
    with mpmath.workdps(40):
        expected = [float(mpmath.besseli(n, mpmath.mpf(each))) for each in x]
    np.testing.assert_allclose(bessel_i(x, n=n), expected, rtol=1e-14)
    for each, value in zip(x, expected, strict=True):  # as a number alone, with fewer points of the rule
        assert bessel_i(each, n=n) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("n", [1, 2])
def test_beyond_the_range_it_is_infinite(n):
    x = np.array([720.0, 1e6, 1e300, np.inf, -np.inf, np.nan])
    np.testing.assert_array_equal(bessel_i(x, n=n), [np.inf] * 4 + [(-1) ** n * np.inf, np.nan])


def test_five_derivatives():
    """With the power series of I_0, sum of (x/2)**(2 k) / k!**2, differentiated by mpmath."""
    x = np.array([0.0, 0.5, -4.0, 12.0])
    t = ag.tensor(x, requires_grad=True)
    y = ag.i0(t)
    for order in range(1, 6):
        y = ag.grad_of(y, t, np.ones(4), create_graph=True)
        with mpmath.workdps(40):
            expected = [float(mpmath.diff(lambda x: mpmath.besseli(0, x), mpmath.mpf(each), order)) for each in x]
        np.testing.assert_allclose(y.numpy(), expected, rtol=1e-13, atol=1e-16)


def test_derivatives_stay_in_single_precision():
    t = ag.tensor(np.array([0.5, 3.0], np.float32), requires_grad=True)
    g = ag.grad_of(np.i0(t), t, np.ones(2, np.float32))
    assert g.dtype == np.float32
    np.testing.assert_allclose(g.numpy(), [0.25789431, 3.9533702], rtol=1e-6)


def test_scipy_is_not_needed():
    code = (
        "import sys; sys.modules['scipy'] = None\n"
        "import numpy as np, autograd as ag\n"
        "t = ag.tensor(1.0, requires_grad=True)\n"
        "print(ag.grad_of(np.i0(t), t, create_graph=True).item())"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == pytest.approx(0.565159103992485, rel=1e-15)


def test_complex_numbers_are_refused_as_in_numpy():
    with pytest.raises(TypeError, match="i0 not supported for complex values"):
        ag.i0(np.array([1j]))
