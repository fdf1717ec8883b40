"""Averages, covariances and correlations: against NumPy, weights and their errors, closed forms, finite differences."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.reductions.covariance import average, corrcoef, correlations, cov
from autograd.tensors import Tensor


def leaf(x):
    return Tensor(x, requires_grad=True)


def values_of(result):
    each = result if isinstance(result, tuple) else (result,)
    return [x.numpy() if isinstance(x, Tensor) else x for x in each]


def outcome(f, *arguments, **keywords):
    """What a call returned, or the class of what it raised; and what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = values_of(f(*arguments, **keywords))
        except Exception as error:
            return type(error), []
    return result, [(each.category, str(each.message)) for each in caught]


def assert_same_outcome(f, *arguments, **keywords):
    """Ours on arrays, on tensors and through NumPy's function, against NumPy: value or class of the error, and warnings."""
    theirs = getattr(np, f.__name__)
    expected, warned = outcome(theirs, *arguments, **keywords)
    tensors = [leaf(x) if isinstance(x, np.ndarray) and x.dtype.kind in "fc" else x for x in arguments]
    recorded = {key: leaf(x) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else x for key, x in keywords.items()}
    for found, ours in (
        outcome(f, *arguments, **keywords),
        outcome(f, *tensors, **recorded),
        outcome(theirs, *tensors, **recorded),
    ):
        if isinstance(expected, type):
            assert found is expected
            continue
        assert ours == warned
        for actual, value in zip(found, expected, strict=True):
            assert actual.dtype == value.dtype
            assert actual.shape == value.shape
            eps = np.finfo(value.dtype).eps
            np.testing.assert_allclose(actual, value, rtol=64 * eps, atol=4 * eps)


def data(*shape, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=shape)
    return (x + 1j * rng.normal(size=shape) if np.dtype(dtype).kind == "c" else x * 3).astype(dtype)


# ---------------------------------------------------------------- averages


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex64, np.int8, np.bool])
@pytest.mark.parametrize("weight", [np.float64, np.float32, np.int64, np.bool, np.complex128])
@pytest.mark.parametrize(
    ("axis", "shape"), [(None, (2, 3, 4)), (1, (3,)), (-1, (4,)), ((2, 0), (4, 2)), ((0, 2), (2, 4)), (0, (2, 3, 4))]
)
def test_weighted_averages_are_numpys(axis, shape, weight, dtype):
    x = data(2, 3, 4, dtype=dtype)
    weights = np.abs(data(*shape, seed=1)).astype(weight) + np.ones(shape, weight)
    for returned in (False, True):
        for keepdims in (False, True):
            assert_same_outcome(average, x, axis, weights, returned, keepdims=keepdims)


@pytest.mark.parametrize("x", [data(3, 4), data(3, dtype=complex), np.arange(6).reshape(2, 3), 2.5, [1, 2], np.float32(2)])
def test_averages_without_weights_are_numpys(x):
    for axis in (None, 0):
        for keywords in ({}, {"returned": True}, {"keepdims": True}):
            if np.ndim(x) or axis is None:
                assert_same_outcome(average, x, axis, **keywords)
    assert all(isinstance(each, Tensor) for each in average(leaf(data(3, 4)), 0, returned=True))


@pytest.mark.parametrize("axis", [None, 0, 1, (0, 1)])
def test_averages_of_nothing_do_what_they_do_in_numpy(axis):
    for shape in ((0, 3), (3, 0)):
        x = np.zeros(shape)
        assert_same_outcome(average, x, axis)
        assert_same_outcome(average, x, axis, np.ones(shape))


@pytest.mark.parametrize(
    ("error", "axis", "weights", "message"),
    [
        (TypeError, None, np.ones(3), r"weights in the shape of x, \(2, 3\), received \(3,\); name the axis"),
        (ValueError, 0, np.ones(3), r"shape of x, \(2, 3\), or of its axes \(0,\), \(2,\); received \(3,\)"),
        (ZeroDivisionError, 1, np.zeros(3), r"the weights sum to zero"),
        (ZeroDivisionError, None, np.array([[1, -1, 0], [1, -1, 0]]), r"the weights sum to zero"),
    ],
)
def test_weights_that_do_not_fit(error, axis, weights, message):
    for x in (np.ones((2, 3)), leaf(np.ones((2, 3)))):
        with pytest.raises(error, match=message):
            average(x, axis, weights)
        with pytest.raises(error, match=message):
            np.average(leaf(np.ones((2, 3))), axis, weights)


@pytest.mark.parametrize(("axis", "shape"), [(None, (2, 3, 4)), (1, (3,)), ((2, 0), (4, 2)), (0, (2, 3, 4))])
@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
def test_derivatives_of_averages_agree_with_finite_differences(dtype, axis, shape):
    x, weights = data(2, 3, 4, dtype=dtype), np.abs(data(*shape, seed=1)) + 0.5
    report = gradcheck(lambda x, w: average(x, axis, w, returned=True), [x, weights], order=2)
    assert report, report
    report = gradcheck(
        lambda w: average(np.arange(24).reshape(2, 3, 4), axis, w, keepdims=True), [weights * (1 + 0.1j)], order=2
    )
    assert report, report


def test_gradients_of_an_average_in_closed_form():
    x, w = leaf([1.0, 2.0, 6.0]), leaf([1.0, 1.0, 2.0])
    gx, gw = grad_of(average(x, weights=w), [x, w])
    np.testing.assert_array_equal(gx.numpy(), [0.25, 0.25, 0.5])
    np.testing.assert_array_equal(gw.numpy(), np.array([1 - 3.75, 2 - 3.75, 6 - 3.75]) / 4)


# ---------------------------------------------------------------- covariances

WEIGHTS = [
    {},
    {"fweights": [1, 2, 1, 0]},
    {"fweights": np.array([1.0, 2.0, 1.0, 3.0])},
    {"aweights": np.array([0.5, 1.5, 1.0, 0.25])},
    {"aweights": [1, 2, 1, 3]},
    {"fweights": [1, 2, 1, 0], "aweights": np.array([0.5, 1.5, 1.0, 0.25])},
]


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize(
    "keywords", [{}, {"bias": True}, {"ddof": 0}, {"ddof": 1.0, "bias": True}, {"ddof": 9}, {"dtype": np.float32}]
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128, np.int64])
def test_covariances_are_numpys(dtype, keywords, weights):
    if keywords.get("dtype") is np.float32 and dtype is np.complex128:
        keywords = {"dtype": np.complex64}
    x = data(3, 4, dtype=dtype)
    assert_same_outcome(cov, x, **keywords, **weights)
    assert_same_outcome(cov, x[0], **keywords, **weights)
    assert_same_outcome(cov, x, data(4, dtype=np.complex128 if "dtype" not in keywords else dtype), **keywords, **weights)
    assert_same_outcome(cov, x.T, data(4, 2), False, **keywords, **weights) if np.dtype(dtype).kind != "c" else None


@pytest.mark.parametrize("f", [cov, corrcoef])
@pytest.mark.parametrize("rowvar", [True, False])
@pytest.mark.parametrize("shape", [(), (3,), (1, 3), (3, 1), (1, 1), (0,), (0, 3), (3, 0)])
def test_shapes_are_numpys(f, rowvar, shape):
    x = data(*shape)
    assert_same_outcome(f, x, None, rowvar)
    for other in (data(3), data(1, 3), data(3, 1), data(0)):
        assert_same_outcome(f, x, other, rowvar)


@pytest.mark.parametrize(
    ("error", "keywords", "message"),
    [
        (ValueError, {"ddof": 0.5}, "expected a whole number as ddof, received 0.5"),
        (ValueError, {"y": np.ones((2, 2, 3))}, r"expected y with one axis or two, received shape \(2, 2, 3\)"),
        (TypeError, {"fweights": [0.5, 1, 1]}, "expected whole numbers as fweights"),
        (ValueError, {"fweights": [-1, 1, 1]}, "expected fweights of 0 and more"),
        (RuntimeError, {"fweights": [[1, 1, 1]]}, r"expected fweights of shape \(3,\).*received \(1, 3\)"),
        (RuntimeError, {"fweights": [1, 1]}, r"expected fweights of shape \(3,\).*received \(2,\)"),
        (ValueError, {"aweights": [-1.0, 1, 1]}, "expected aweights of 0 and more"),
        (RuntimeError, {"aweights": [[1.0, 1, 1]]}, r"expected aweights of shape \(3,\).*received \(1, 3\)"),
        (RuntimeError, {"aweights": np.ones(4)}, r"expected aweights of shape \(3,\).*received \(4,\)"),
        (ZeroDivisionError, {"aweights": [0, 0, 0]}, "weights sum to zero"),
    ],
)
def test_what_has_no_covariance(error, keywords, message):
    x = data(2, 3)
    with pytest.raises(error):
        np.cov(x, **keywords)
    for each in (x, leaf(x)):
        with pytest.raises(error, match=message):
            cov(each, **keywords)


def test_more_than_two_axes():
    for f in (cov, corrcoef):
        with pytest.raises(ValueError, match=r"cov: expected x with one axis or two, received shape \(2, 2, 2\)"):
            f(np.ones((2, 2, 2)))


@pytest.mark.parametrize("weights", [None, [1, 2, 1, 3]])
@pytest.mark.parametrize("ddof", [0, 1, 2])
@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
def test_derivatives_of_covariances_agree_with_finite_differences(dtype, ddof, weights):
    x, y, aweights = data(2, 4, dtype=dtype), data(4, seed=1), np.array([0.5, 1.5, 1.0, 0.25])
    report = gradcheck(lambda x, y, a: cov(x, y, ddof=ddof, fweights=weights, aweights=a), [x, y, aweights], order=2)
    assert report, report
    report = gradcheck(lambda x: cov(x.T, rowvar=False, ddof=ddof, fweights=weights), [x], order=2)
    assert report, report


def test_the_gradient_of_a_variance():
    x = leaf([1.0, 2.0, 6.0])
    np.testing.assert_allclose(grad_of(cov(x), x).numpy(), [-2.0, -1.0, 3.0], rtol=1e-15)


def test_how_often_an_observation_counts_has_no_gradient():
    counts = leaf([1.0, 2.0, 1.0])
    assert not cov(data(2, 3), fweights=counts).requires_grad
    np.testing.assert_allclose(cov(data(2, 3), fweights=counts).numpy(), np.cov(data(2, 3), fweights=[1, 2, 1]), rtol=1e-14)


def test_the_warning_points_to_the_users_line():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        cov(data(2, 1))
    assert "Degrees of freedom" in str(caught[0].message)
    assert caught[0].filename == __file__


# ---------------------------------------------------------------- correlations


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128, np.int64])
def test_correlations_are_numpys(dtype):
    x = data(3, 5, dtype=dtype)
    for each in (x, x[0], x[:, :2]):
        assert_same_outcome(corrcoef, each)
        assert_same_outcome(corrcoef, each, data(each.shape[-1], seed=1))
    assert_same_outcome(corrcoef, x, rowvar=False)
    assert_same_outcome(corrcoef, x, dtype=np.complex64)


@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
def test_derivatives_of_correlations_agree_with_finite_differences(dtype):
    report = gradcheck(corrcoef, [data(3, 5, dtype=dtype), data(5, seed=1)], order=3)
    assert report, report


def test_two_points_are_always_on_a_line():
    x = leaf(data(3, 2))
    r = corrcoef(x)
    np.testing.assert_allclose(abs(r.numpy()), np.ones((3, 3)), rtol=1e-15)
    np.testing.assert_allclose(grad_of(r, x, data(3, 3)).numpy(), np.zeros((3, 2)), atol=1e-15)


def test_what_does_not_vary_has_no_gradient():
    x = leaf([[1.0, 2.0, 4.0], [3.0, 3.0, 3.0], [2.0, 1.0, 0.5]])
    with pytest.warns(RuntimeWarning, match="invalid value"):
        r = corrcoef(x)
    expected = leaf(x.numpy()[[0, 2]])
    g = grad_of(corrcoef(expected), expected, [[0, 1.0], [0, 0]]).numpy()
    found = grad_of(r, x, np.array([[0, 0, 1.0], [0, 0, 0], [0, 0, 0]]), create_graph=True).numpy()
    np.testing.assert_allclose(found, [g[0], np.zeros(3), g[1]], rtol=1e-14, atol=1e-16)


def test_rounding_is_clipped_and_the_gradient_passes():
    c = leaf([[1.0, 1.0 + 4e-16], [1.0 + 4e-16, 1.0]])
    r = correlations(c)
    np.testing.assert_array_equal(r.numpy(), np.ones((2, 2)))
    np.testing.assert_allclose(grad_of(r, c, [[0, 1.0], [0, 0]]).numpy(), [[-0.5, 1], [0, -0.5]], rtol=1e-14)


@given(rows=st.integers(1, 4), count=st.integers(2, 6), seed=st.integers(0, 99))
@settings(max_examples=25, derandomize=True, deadline=None)
def test_covariances_of_shifted_data_and_gradients_that_sum_to_zero(rows, count, seed):
    x = leaf(data(rows, count, seed=seed))
    c = cov(x)
    np.testing.assert_allclose(c.numpy(), np.cov(x.numpy() + 1.0), rtol=1e-9, atol=1e-12)
    g = grad_of(c, x, data(*c.shape, seed=1)).numpy()
    np.testing.assert_allclose(g.sum(axis=1), np.zeros(rows), atol=1e-12)
