"""Quantiles: every definition, ties, knots and ends, NaN, weights, the dtypes of q, what NumPy refuses."""

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.ordering.order_statistics import INTERPOLATING
from autograd.ops.ordering.quantiles import median, nanmedian, nanpercentile, nanquantile, percentile, quantile
from autograd.tensors import Tensor

METHODS = [
    *INTERPOLATING,
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "lower",
    "higher",
    "midpoint",
    "nearest",
]
NAN = np.nan
FEW = settings(max_examples=25, derandomize=True, deadline=None)


def gradient(f, x, cotangent=None):
    x = Tensor(x, requires_grad=True)
    return grad_of(f(x), x, cotangent).numpy()


# ---------------------------------------------------------------- which elements, in which parts


@pytest.mark.parametrize("method", METHODS)
def test_the_gradient_is_the_weights_of_the_elements(method):
    """A quantile is a weighted sum of the elements: NumPy's quantiles of unit vectors added to the data have these weights."""
    rng = np.random.default_rng(0)
    for n in (1, 2, 3, 4, 5, 8):
        x = rng.permutation(n).astype(float)
        for q in [*np.linspace(0, 1, 13), 0.25, 0.5, 0.75, 0.1, 0.9]:
            found = gradient(lambda t, q=q: quantile(t, q, method=method), x)
            moved = np.quantile(x + 0.25 * np.eye(n), q, axis=1, method=method)
            np.testing.assert_allclose(found, (moved - np.quantile(x, q, method=method)) / 0.25, rtol=0, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@FEW
@given(st.data())
def test_of_equal_elements_the_stable_sort_decides(method, data):
    """The gradient is that of data in which the first of several equal elements is a little smaller than the second, ..."""
    x = np.array(data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=9)), float)
    q = data.draw(st.sampled_from([0.0, 0.1, 0.25, 1 / 3, 0.5, 0.7, 1.0]))
    apart = x + np.arange(len(x)) / 100
    found = [gradient(lambda t: quantile(t, q, method=method), each) for each in (x, apart)]
    np.testing.assert_array_equal(*found)
    np.testing.assert_allclose(found[0] @ x, np.quantile(x, q, method=method), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("method", sorted(INTERPOLATING))
def test_between_the_elements_q_has_the_slope_of_the_line(method):
    x = np.array([4.0, 1.0, 7.0, 2.0, 11.0])
    for q in (0.23, 0.37, 0.61, 0.77):
        numeric = (np.quantile(x, q + 1e-4, method=method) - np.quantile(x, q - 1e-4, method=method)) / 2e-4
        np.testing.assert_allclose(gradient(lambda t: quantile(x, t, method=method), q), numeric, rtol=1e-9)


def test_at_an_element_the_slope_is_that_to_the_right_and_0_at_the_top():
    x = np.array([0.0, 1.0, 3.0])
    found = [gradient(lambda t: quantile(x, t), q) for q in (0.0, 0.5, 1.0)]
    assert found == [2.0, 4.0, 0.0]
    assert gradient(lambda t: quantile(x, t, method="hazen"), 0.05) == 0.0  # before the first element
    assert gradient(lambda t: quantile(x, t, method="hazen"), 0.95) == 0.0  # beyond the last one


@pytest.mark.parametrize("method", sorted(set(METHODS) - set(INTERPOLATING)))
def test_a_method_that_picks_has_no_slope(method):
    found = gradient(lambda t: quantile(np.array([4.0, 1.0, 7.0, 2.0]), t, method=method), np.array([0.1, 0.6]), [1.0, 1.0])
    np.testing.assert_array_equal(found, [0, 0])


@pytest.mark.parametrize("method", METHODS)
def test_q_in_single_precision_picks_what_numpy_picks(method):
    """n * q rounds differently in float32: the elements have to be those of NumPy's virtual index."""
    x = np.arange(10, dtype=np.float32)
    q = np.linspace(0, 1, 31, dtype=np.float32)
    found = grad_of(
        quantile(t := Tensor(x, requires_grad=True), q, method=method), t, (weights := np.arange(31, dtype=np.float32))
    )
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.numpy() @ x, np.quantile(x, q, method=method) @ weights, rtol=1e-5)
    for f in (quantile, nanquantile):
        assert f(x, q, method=method).dtype == np.float32
        assert f(x, 0.3, method=method).dtype == np.float32


@pytest.mark.parametrize("f", [quantile, nanquantile])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2), (2, 0, 1), ()])
@pytest.mark.parametrize("shape", [(), (3,), (2, 2)])
def test_axes_of_the_data_and_of_q(f, axis, shape):
    rng = np.random.default_rng(0)
    x = rng.permutation(24).reshape(2, 3, 4).astype(float)
    q = rng.uniform(0.41, 0.44, shape)
    for keepdims in (False, True):
        expected = [np.quantile(x, each, axis=axis, keepdims=keepdims) for each in q.flat]
        np.testing.assert_array_equal(f(x, q, axis, keepdims=keepdims), np.reshape(expected, shape + np.shape(expected[0])))
    assert gradcheck(lambda x, q: f(x, q, axis), [x, q])


def test_q_may_be_anything_that_numpy_takes():
    x = np.array([4.0, 1.0, 7.0, 2.0])
    for q in ([0.2, 0.5], (0.2,), 1, 0, np.float32(0.5), np.array(0.3), [0, 1], []):
        for f, theirs in ((quantile, np.quantile), (nanquantile, np.nanquantile)):
            expected = theirs(x, q)
            for ours in (f(x, q), f(ag.tensor(x), q).numpy()):
                np.testing.assert_array_equal(ours, expected)
                assert ours.dtype == expected.dtype
            grad_of(f(t := Tensor(x, requires_grad=True), q), t, np.ones(np.shape(q)))
    np.testing.assert_array_equal(percentile(x, [20, 50]), np.percentile(x, [20, 50]))
    np.testing.assert_array_equal(nanpercentile(x, 20), np.nanpercentile(x, 20))


def test_percentiles_divide_the_gradient_of_q_by_100():
    x = np.array([4.0, 1.0, 7.0, 2.0])
    np.testing.assert_allclose(gradient(lambda t: percentile(x, t), 40.0), gradient(lambda t: quantile(x, t), 0.4) / 100)
    np.testing.assert_allclose(gradient(lambda t: nanpercentile(x, t), 40.0), gradient(lambda t: quantile(x, t), 0.4) / 100)


# ---------------------------------------------------------------- NaN


@pytest.mark.parametrize("method", METHODS)
def test_without_nans_values_and_gradients_are_those_of_the_rest(method):
    x = np.array([[4.0, NAN, 1.0, 7.0, 2.0], [NAN, 3.0, NAN, 5.0, NAN], [1.0, 8.0, 9.0, 2.0, 5.0]])
    q, cotangent = np.array([0.3, 0.8]), np.array([[1.0, 2, 3], [4, 5, 6]])
    np.testing.assert_array_equal(nanquantile(x, q, 1, method=method), np.nanquantile(x, q, 1, method=method))
    found = gradient(lambda t: nanquantile(t, q, 1, method=method), x, cotangent)
    slopes = gradient(lambda t: nanquantile(x, t, 1, method=method), q, cotangent)
    expected, expected_slopes = np.zeros_like(x), np.zeros(2)
    for row, weights, out in zip(x, cotangent.T, expected, strict=True):
        rest = row[~np.isnan(row)]
        out[~np.isnan(row)] = gradient(lambda t, w=weights: quantile(t, q, method=method), rest, weights)
        expected_slopes += gradient(lambda t, rest=rest: quantile(rest, t, method=method), q, weights)
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    np.testing.assert_allclose(slopes, expected_slopes, rtol=1e-14)


def test_nothing_but_nans_gives_nan_and_no_gradient():
    x, q = np.array([[NAN, NAN], [1.0, 2.0]]), np.array([0.25])
    for f in (lambda t: nanquantile(t, 0.25, 1), lambda t: nanmedian(t, 1), lambda t: nanpercentile(t, 25, 1)):
        t = Tensor(x, requires_grad=True)
        with pytest.warns(RuntimeWarning, match="All-NaN slice"):
            out = f(t)
        np.testing.assert_array_equal(np.isnan(out.numpy()), [True, False])
        found = grad_of(out, t, [1.0, 1.0]).numpy()
        np.testing.assert_array_equal(found[0], [0, 0])
        assert found[1].sum() == 1
    with pytest.warns(RuntimeWarning, match="All-NaN slice"):
        np.testing.assert_array_equal(gradient(lambda t: nanquantile(x, t, 1), q, [[1.0, 1.0]]), [1.0])


@pytest.mark.parametrize("f", [lambda t: quantile(t, 0.2), median, lambda t: quantile(t, 0.2, method="lower")])
def test_a_nan_takes_the_whole_gradient(f):
    assert np.isnan(f(np.array([3.0, NAN, 1.0])))
    np.testing.assert_array_equal(gradient(f, np.array([3.0, NAN, 1.0])), [0, 1, 0])
    rows = np.array([[3.0, NAN, 1.0], [3.0, 2.0, 1.0]])
    np.testing.assert_array_equal(gradient(lambda t: median(t, 1), rows, [1.0, 1.0]), [[0, 1, 0], [0, 1, 0]])


def test_nan_median_of_many():
    """NumPy has one algorithm for short slices and another one for long ones."""
    rng = np.random.default_rng(0)
    for n in (7, 700):
        x = rng.normal(size=(3, n))
        x[:, rng.permutation(n)[: n // 3]] = NAN
        np.testing.assert_array_equal(nanmedian(ag.tensor(x), 1).numpy(), np.nanmedian(x, 1))
        found = gradient(lambda t: nanmedian(t, 1), x, np.ones(3))
        np.testing.assert_allclose(np.nansum(found * x, 1), np.nanmedian(x, 1), rtol=1e-14)
        assert set(np.unique(found)) <= {0, 0.5, 1}


# ---------------------------------------------------------------- medians


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ([3.0, 1.0, 2.0], [0, 0, 1]),
        ([3.0, 1.0, 2.0, 5.0], [0.5, 0, 0.5, 0]),
        ([2.0, 2.0, 2.0], [0, 1, 0]),
        ([2.0, 1.0, 2.0, 2.0], [0.5, 0, 0.5, 0]),
        ([np.inf, 1.0, np.inf], [1, 0, 0]),
        ([7.0], [1]),
    ],
)
@pytest.mark.parametrize("f", [median, nanmedian])
def test_the_middle_receives_the_gradient(f, x, expected):
    np.testing.assert_array_equal(gradient(f, np.array(x)), expected)


def test_medians_of_complex_numbers_of_integers_and_of_nothing():
    x = np.array([1 + 2j, 3, 1 - 1j, 2j])
    np.testing.assert_array_equal(gradient(median, x, 1 + 0j), [0.5, 0, 0.5, 0])
    assert median([1, 2]) == nanmedian([1, 2]) == 1.5
    assert median(3) == 3.0
    for f, theirs in ((median, np.median), (nanmedian, np.nanmedian)):
        t = Tensor(np.zeros((0, 2)), requires_grad=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that there is nothing, and divided by 0
            expected, out = theirs(np.zeros((0, 2)), axis=0), f(t, axis=0)
        np.testing.assert_array_equal(out.numpy(), expected)
        assert grad_of(out, t, np.ones(2)).shape == (0, 2)


def test_a_large_median_with_and_without_ties():
    rng = np.random.default_rng(0)
    for x in (rng.normal(size=10_000), rng.integers(0, 5, 10_000).astype(float)):
        found = gradient(median, x)
        order = np.argsort(x, kind="stable")
        np.testing.assert_array_equal(np.flatnonzero(found), np.sort(order[4999:5001]))
        assert found.sum() == 1


# ---------------------------------------------------------------- weights


@pytest.mark.parametrize("f", [quantile, nanquantile])
@pytest.mark.parametrize("axis", [None, 0, 1, (0, 1)])
def test_weighted_quantiles(f, axis):
    rng = np.random.default_rng(0)
    x, weights = rng.permutation(12).reshape(3, 4).astype(float), rng.integers(0, 4, (3, 4))
    weights[0] = weights[:, 0] = 1
    q = np.array([0.0, 0.2, 0.55, 1.0])
    expected = getattr(np, f.__name__)(x, q, axis=axis, weights=weights, method="inverted_cdf")
    np.testing.assert_array_equal(f(x, q, axis, weights=weights, method="inverted_cdf"), expected)
    t = Tensor(x, requires_grad=True)
    out = f(t, q, axis, weights=Tensor(weights.astype(float), requires_grad=True), method="inverted_cdf")
    np.testing.assert_array_equal(out.numpy(), expected)
    cotangent = rng.normal(size=out.shape)
    found = grad_of(out, t, cotangent).numpy()
    assert set(x[found != 0]) <= set(expected.flat)
    for value, weight in {value: cotangent[expected == value].sum() for value in expected.flat}.items():
        np.testing.assert_allclose(found[x == value], weight)  # all elements differ


def test_weights_along_the_axis_and_ties():
    x = np.array([[3.0, 1.0, 3.0], [2.0, 2.0, 5.0]])
    arguments = {"axis": 1, "weights": [1.0, 2.0, 3.0], "method": "inverted_cdf"}
    np.testing.assert_array_equal(quantile(x, 0.4, **arguments), np.quantile(x, 0.4, **arguments))
    found = gradient(lambda t: quantile(t, 0.4, **arguments), x, [1.0, 1.0])
    np.testing.assert_array_equal(found, [[1, 0, 0], [1, 0, 0]])  # the first of several equal ones
    t = Tensor(x, requires_grad=True)
    q, weights = Tensor(0.4, requires_grad=True), Tensor(np.ones((2, 3)), requires_grad=True)
    slope, nothing = grad_of(quantile(t, q, weights=weights, method="inverted_cdf"), [q, weights], allow_unused=True)
    assert slope.item() == 0
    assert nothing is None


def test_a_weighted_quantile_with_nans():
    x, weights = np.array([3.0, NAN, 1.0]), np.array([1.0, 5.0, 1.0])
    np.testing.assert_array_equal(gradient(lambda t: quantile(t, 0.4, weights=weights, method="inverted_cdf"), x), [0, 1, 0])
    np.testing.assert_array_equal(gradient(lambda t: nanquantile(t, 0.9, weights=weights, method="inverted_cdf"), x), [1, 0, 0])


# ---------------------------------------------------------------- arguments, errors


def test_tensors_are_never_overwritten():
    x = ag.tensor([4.0, 1.0, 7.0, 2.0], requires_grad=True)
    for f in (median, nanmedian, lambda t, **k: quantile(t, 0.5, **k), lambda t, **k: nanpercentile(t, 50, **k)):
        assert f(x, overwrite_input=True).item() == 3.0
    assert np.quantile(x, 0.5, overwrite_input=True).requires_grad
    assert x.tolist() == [4.0, 1.0, 7.0, 2.0]


@pytest.mark.parametrize(("name", "top"), [("quantile", 1), ("nanquantile", 1), ("percentile", 100), ("nanpercentile", 100)])
def test_the_error_says_which_q_are_possible(name, top):
    for x, q in itertools.product((np.arange(3.0), ag.tensor([1.0, 2.0])), (top * 1.5, [-0.5], NAN, ag.tensor(top * 2.0))):
        with pytest.raises(ValueError, match=f"{name}: expected q in the range from 0 to {top}, received "):
            getattr(ag, name)(x, q)
    with pytest.raises(ValueError, match=f"{name}: weights go with method='inverted_cdf' alone, received method='linear'"):
        getattr(ag, name)(np.arange(3.0), 0.5, weights=np.ones(3))
    with pytest.raises(ValueError, match=r"'mean' is not a valid method\. Use one of"):
        getattr(ag, name)(np.arange(3.0), 0.5, method="mean")
    with pytest.raises(TypeError, match="a must be an array of real numbers"):
        getattr(ag, name)(np.array([1j, 2]), 0.5)


def test_a_loss_with_quantiles_inside_has_a_second_derivative():
    rng = np.random.default_rng(0)
    x, q = rng.permutation(7) / 2 + 0.2, np.array([0.4, 0.7])
    assert gradcheck(lambda x, q: np.sum(quantile(x**2, q * q) ** 2) * median(np.sin(x)), [x, q], order=2)
