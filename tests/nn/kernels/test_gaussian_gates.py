"""GELU against mpmath, to the last digits; without SciPy."""

import subprocess
import sys
from pathlib import Path

import mpmath
import numpy as np
import pytest

import autograd as ag
from nn import functional as F

POINTS = np.concatenate([np.linspace(-8, 8, 321), [1e-8, -1e-8, 0.1, -0.75179, 3.75, -3.75]])


@pytest.fixture(scope="module")
def expected():
    """Value and slope at each point, to 30 digits."""
    with mpmath.workdps(30):
        xs = [mpmath.mpf(float(x)) for x in POINTS]
        return [x * mpmath.ncdf(x) for x in xs], [mpmath.ncdf(x) + x * mpmath.npdf(x) for x in xs]


def value_and_slope(x, **settings):
    x = ag.tensor(x, requires_grad=True)
    y = F.gelu(x, **settings)
    y.backward(np.ones_like(x.numpy()))
    return y.numpy(), x.grad.numpy()


def errors(found, expected):
    return np.array([float(mpmath.mpf(float(a)) - b) for a, b in zip(found, expected, strict=True)])


def test_double_precision_has_relative_accuracy_in_the_tail_too(expected):
    value, slope = value_and_slope(POINTS)
    nonzero = POINTS != 0
    relative = errors(value, expected[0])[nonzero] / np.array([float(each) for each in expected[0]])[nonzero]
    assert np.abs(relative).max() < 1e-14
    assert np.abs(relative[np.abs(POINTS[nonzero]) < 1]).max() < 2e-15
    assert np.abs(errors(slope, expected[1])).max() < 1e-15


def test_single_precision(expected):
    points = POINTS.astype(np.float32)
    with mpmath.workdps(30):  # the points that were rounded
        xs = [mpmath.mpf(float(x)) for x in points]
        exact = [x * mpmath.ncdf(x) for x in xs], [mpmath.ncdf(x) + x * mpmath.npdf(x) for x in xs]
    value, slope = value_and_slope(points)
    assert value.dtype == slope.dtype == np.float32
    assert np.abs(errors(value, exact[0]) / np.maximum(1, np.abs(points))).max() < 3e-7
    assert np.abs(errors(slope, exact[1])).max() < 4e-7


@pytest.mark.parametrize("approximate", ["none", "tanh"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pieces_of_a_large_array_are_what_a_small_one_is(approximate, dtype):
    x = np.random.default_rng(0).normal(scale=3, size=(7, 11003)).astype(dtype)
    value, slope = value_and_slope(x, approximate=approximate)
    for rows in (slice(0, 1), slice(6, 7)):
        small = x[rows, 10500:]
        for whole, part in zip((value, slope), value_and_slope(small, approximate=approximate), strict=True):
            np.testing.assert_allclose(part, whole[rows, 10500:], rtol=1e-6 if dtype == np.float32 else 1e-14, atol=1e-7)


def test_half_precision_is_rounded_single_precision():
    x = np.linspace(-5, 5, 101).astype(np.float16)
    value, slope = value_and_slope(x)
    assert value.dtype == slope.dtype == np.float16
    np.testing.assert_array_equal(value, F.gelu(x.astype(np.float32)).astype(np.float16))


def test_it_does_not_need_scipy():
    code = "import sys; sys.modules['scipy'] = None; import nn; print(nn.GELU()([1.0]))"
    root = Path(__file__).parents[3]
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root).stdout
    assert printed.strip() == "[0.84134475]"
