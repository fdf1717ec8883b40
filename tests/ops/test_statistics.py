"""Means, variances and standard deviations: closed forms, degrees of freedom, zeros, complex numbers, nothing."""

import warnings

import numpy as np
import pytest

from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops import statistics
from autograd.ops.statistics import mean, std, var
from autograd.tensors import Tensor


def leaf(x):
    return Tensor(x, requires_grad=True)


def gradient(f, x, cotangent=None):
    x = leaf(x)
    return grad_of(f(x), x, cotangent).numpy()


def assert_same(actual, expected):
    """The same shape and dtype, and values but for the last bits."""
    assert np.shape(actual) == np.shape(expected)
    assert actual.dtype == np.asarray(expected).dtype
    eps = np.finfo(actual.dtype).eps if actual.dtype.kind in "fc" else 0.0
    np.testing.assert_allclose(actual, expected, rtol=4 * eps)


@pytest.mark.parametrize("name", ["mean", "var", "std"])
def test_moments_of_nothing_warn_as_in_numpy(name):
    with warnings.catch_warnings(record=True) as theirs:
        warnings.simplefilter("always")
        expected = getattr(np, name)(np.zeros((2, 0)), axis=1)
    with warnings.catch_warnings(record=True) as ours:
        warnings.simplefilter("always")
        np.testing.assert_array_equal(getattr(statistics, name)(np.zeros((2, 0)), axis=1), expected)
    assert [str(each.message) for each in ours] == [str(each.message) for each in theirs]
    assert getattr(statistics, name)(np.zeros((0, 2)), axis=1).shape == (0,)


def test_mean_in_closed_form():
    np.testing.assert_array_equal(gradient(lambda x: mean(x, axis=1), np.ones((2, 4)), [1.0, 2.0]), [[0.25] * 4, [0.5] * 4])


@pytest.mark.parametrize("name", ["var", "std"])
@pytest.mark.parametrize("ddof", [0, 1, 0.5, 2])
def test_degrees_of_freedom(name, ddof):
    x = np.random.default_rng(5).normal(size=(4, 3))
    expected = getattr(np, name)(x, axis=0, ddof=ddof)
    f = getattr(statistics, name)
    assert_same(f(x, axis=0, ddof=ddof), expected)
    assert_same(f(x, axis=0, correction=ddof), expected)
    assert_same(getattr(np, name)(leaf(x), axis=0, ddof=ddof).numpy(), expected)
    report = gradcheck(lambda x: f(x, axis=0, ddof=ddof), [x], order=2)
    assert report, report


@pytest.mark.parametrize("f", [var, std])
def test_one_argument_under_two_names(f):
    with pytest.raises(
        ValueError, match=rf"{f.__name__}: ddof and correction are two names .* received ddof=1 and correction=2"
    ):
        f(np.ones(4), ddof=1, correction=2)
    with pytest.raises(ValueError, match="ddof and correction"):
        getattr(np, f.__name__)(np.ones(4), ddof=1, correction=2)


@pytest.mark.parametrize("f", [var, std])
def test_no_degrees_of_freedom(f):
    x = leaf([1.0, 2.0])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        y = f(x, ddof=2)
    assert "Degrees of freedom <= 0" in str(caught[0].message)
    assert y.item() == np.inf
    assert np.isnan(grad_of(y, x).numpy()).all()


def test_var_and_std_in_closed_form():
    x = np.array([1.0, 2.0, 3.0, 6.0])
    np.testing.assert_allclose(gradient(var, x), 2 * (x - 3) / 4, rtol=1e-15)
    np.testing.assert_allclose(gradient(std, x), (x - 3) / (4 * np.sqrt(3.5)), rtol=1e-15)


@pytest.mark.parametrize("x", [[2.0, 2.0, 2.0], [0.0]])
def test_the_slope_of_std_is_zero_where_std_is_zero(x):
    t = leaf(x)
    slope = grad_of(std(t), t, create_graph=True)
    np.testing.assert_array_equal(slope.numpy(), np.zeros(len(x)))
    np.testing.assert_array_equal(grad_of(slope, t, np.ones(len(x))).numpy(), np.zeros(len(x)))


def test_std_is_zero_in_one_slice_only():
    x = np.array([[1.0, 1.0], [0.0, 2.0]])
    np.testing.assert_array_equal(gradient(lambda t: std(t, axis=1), x, [1.0, 1.0]), [[0, 0], [-0.5, 0.5]])


def test_moments_of_complex_numbers_are_real():
    x = np.array([1 + 1j, -1 - 1j])
    for f in (var, std):
        out = f(leaf(x))
        assert out.dtype == np.float64
        assert out.item() == getattr(np, f.__name__)(x)
    np.testing.assert_allclose(gradient(var, x), x, rtol=1e-15)  # 2 (x - mean) / n
