"""Means, variances and standard deviations: closed forms, degrees of freedom, zeros, complex numbers, nothing."""

import warnings

import numpy as np
import pytest

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.reductions import statistics
from autograd.ops.reductions.statistics import mean, std, var
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


# ---------------------------------------------------------------- masks, means that are given, dtypes


def outcome(f, *arguments, **keywords):
    """What a call returned, and what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = f(*arguments, **keywords)
    return result.numpy() if isinstance(result, Tensor) else result, [(each.category, str(each.message)) for each in caught]


@pytest.mark.parametrize("name", ["mean", "var", "std"])
@pytest.mark.parametrize("mask", [[[False, False], [True, False]], [[False], [False]], False])
def test_masks_that_choose_nothing_warn_as_in_numpy(name, mask):
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    expected, warned = outcome(getattr(np, name), x, axis=1, where=mask)
    assert warned
    for each in (x, leaf(x)):
        found, ours = outcome(getattr(statistics, name), each, axis=1, where=mask)
        np.testing.assert_array_equal(found, expected)
        assert ours == warned


@pytest.mark.parametrize("name", ["mean", "var", "std"])
def test_a_backward_pass_through_masks_that_choose_nothing_is_silent_and_zero(name):
    x = leaf([[1.0, 2.0], [3.0, 5.0]])
    mask = np.array([[False, False], [True, True]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = getattr(statistics, name)(x, axis=1, where=mask)
    g = grad_of(out, x, [1.0, 2.0], create_graph=True)
    whole = leaf([3.0, 5.0])
    np.testing.assert_array_equal(g.numpy(), [[0.0, 0.0], grad_of(getattr(statistics, name)(whole), whole, 2.0).numpy()])


@pytest.mark.parametrize("f", [var, std])
def test_an_undefined_value_that_is_not_used_has_no_gradient(f):
    for keywords in ({}, {"where": np.array([True, True, False])}):
        x = leaf([[1.0, 3.0, 2.0], [4.0, 4.5, 9.0]])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            out = f(x, axis=1, ddof=3, **keywords)
        np.testing.assert_array_equal(grad_of(np.where(np.isfinite(out.numpy()), out, 0).sum(), x).numpy(), np.zeros((2, 3)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            out = f(x, axis=1, ddof=3, **keywords)
        g = grad_of(out, x, [0.0, 1.0]).numpy()
        np.testing.assert_array_equal(g[0], np.zeros(3))
        assert np.isnan(g[1, :2]).all()


@pytest.mark.parametrize("f", [var, std])
@pytest.mark.parametrize("keywords", [{}, {"where": np.array([[True, True, False, True]])}])
def test_a_mean_that_is_given(f, keywords):
    rng = np.random.default_rng(0)
    x, about = rng.normal(size=(3, 4)), rng.normal(size=(3, 1))
    theirs = getattr(np, f.__name__)
    assert_same(f(x, axis=1, mean=about, **keywords), theirs(x, axis=1, mean=about, **keywords))
    report = gradcheck(lambda x, m: f(x, axis=1, mean=m, **keywords), [x, about], order=2)
    assert report, report
    report = gradcheck(lambda x, m: f(x, mean=m, ddof=1, **keywords), [x, 0.5], order=2)
    assert report, report
    x = leaf(x)
    own = theirs(x, axis=1, mean=np.mean(x, axis=1, keepdims=True, **keywords), **keywords)
    np.testing.assert_allclose(
        grad_of(own, x, [1.0, 2.0, 3.0]).numpy(), gradient(lambda t: f(t, axis=1, **keywords), x.numpy(), [1.0, 2.0, 3.0])
    )
    assert f([1.0, 3.0], mean=1) == theirs([1.0, 3.0], mean=1)


@pytest.mark.parametrize("f", [var, std])
def test_complex_means_and_masks(f):
    rng = np.random.default_rng(1)
    x, about = rng.normal(size=(2, 3, 4)) + 1j * rng.normal(size=(2, 3, 4)), np.array([[0.5 + 1j], [2j]])
    mask = [[True, False, True, True], [True, True, False, False]]
    report = gradcheck(lambda x, m: f(x[:, 0], axis=1, mean=m, where=mask, ddof=0.5), [x, about], order=2)
    assert report, report
    report = gradcheck(lambda x, m: f(x, axis=1, mean=m), [x[:, 0].real, about], order=2)
    assert report, report


def test_a_mean_of_the_wrong_shape():
    for f in (var, std):
        with pytest.raises(
            ValueError, match=rf"{f.__name__}: expected a mean .* x, \(3,\), received \(2, 1\); take it with keepdims"
        ):
            f(np.ones(3), mean=np.ones((2, 1)))


@pytest.mark.parametrize("name", ["mean", "var", "std"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64, np.complex128, np.int64])
@pytest.mark.parametrize("given", [np.float16, np.float32, np.float64, np.int8, np.bool])
def test_the_dtype_to_compute_in_is_numpys(name, dtype, given):
    x = (np.random.default_rng(2).normal(size=(3, 4)) * 3).astype(given)
    if name == "std" and dtype is np.int64:  # a square root is no whole number
        for f in (np.std, std):
            with pytest.raises(TypeError, match="Cannot cast"):
                f(x, axis=0, dtype=dtype)
        return
    expected = getattr(np, name)(x, axis=0, dtype=dtype)
    out = getattr(statistics, name)(Tensor(x, requires_grad=x.dtype.kind == "f"), axis=0, dtype=dtype)
    assert_same(out.numpy(), expected)
    assert_same(getattr(np, name)(x.tolist(), axis=0, dtype=dtype), getattr(statistics, name)(x.tolist(), axis=0, dtype=dtype))
    assert out.requires_grad is (x.dtype.kind == "f" and np.dtype(dtype).kind != "i")


@pytest.mark.parametrize("f", [mean, var, std])
def test_gradients_in_another_dtype(f):
    x = np.array([1.0, 2.0, 6.0])
    expected = gradient(f, x)
    np.testing.assert_allclose(gradient(lambda t: f(t, dtype=np.float32), x), expected, rtol=1e-6)
    np.testing.assert_allclose(gradient(lambda t: f(t, dtype=np.complex128), x, 1 + 5j), expected, rtol=1e-15)
    report = gradcheck(lambda t: f(t, dtype=np.complex128), [x], order=2)
    assert report, report


@pytest.mark.parametrize("f", [var, std])
def test_degrees_of_freedom_are_weak_numbers(f):
    for keywords in ({"ddof": np.int64(1)}, {"correction": np.float64(0.5)}):
        x = leaf(np.float32([1.0, 2.0, 4.0]))
        out = f(x, **keywords)
        assert out.dtype == np.float32
        assert out.node.statics["ddof"] in (1, 0.5)


def test_the_second_derivative_of_std_at_zero_is_zero():
    x = leaf([[1.0, 1.0], [0.0, 2.0]])
    slope = grad_of(std(x, axis=1, where=np.array([True, True])), x, [1.0, 1.0], create_graph=True)
    np.testing.assert_array_equal(slope.numpy(), [[0, 0], [-0.5, 0.5]])
    np.testing.assert_allclose(grad_of(slope, x, [[1.0, 0.0], [1.0, 0.0]]).numpy(), np.zeros((2, 2)), atol=1e-16)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.complex64, np.complex128])
def test_a_mean_is_numpys_to_the_last_bit(dtype):
    x = np.array([[5, 0, 0], [1, 2, 4]], dtype) * (1j if np.dtype(dtype).kind == "c" else 1)
    x = x.astype(dtype)
    np.testing.assert_array_equal(np.mean(ag.tensor(x), axis=1).numpy(), np.mean(x, axis=1))
