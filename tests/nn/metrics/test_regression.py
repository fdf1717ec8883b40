"""Errors of numbers against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as peer

import nn

m = nn.metrics
ERRORS = [m.mean_absolute_error, m.mean_squared_error, m.root_mean_squared_error, m.r2_score]


def numbers(count, outputs, seed, dtype=np.float64):
    rng = np.random.default_rng(seed)
    shape = (count, outputs) if outputs else (count,)
    targets = rng.normal(size=shape).astype(dtype)
    return (targets + rng.normal(size=shape) / 2).astype(dtype), targets, rng.uniform(0.1, 2, count)


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(2, 20),
    outputs=st.integers(0, 3),
    weighted=st.booleans(),
    dtype=st.sampled_from([np.float32, np.float64]),
    seed=st.integers(0, 2**16),
)
def test_the_numbers_are_those_of_scikit_learn(count, outputs, weighted, dtype, seed):
    predictions, targets, weights = numbers(count, outputs, seed, dtype)
    weights = weights if weighted else None
    doubles = [each.astype(np.float64) for each in (targets, predictions)]  # scikit-learn sums in the dtype that it is given
    for ours, theirs in (
        (m.mean_absolute_error, peer.mean_absolute_error),
        (m.mean_squared_error, peer.mean_squared_error),
    ):
        np.testing.assert_allclose(ours(predictions, targets, weights), theirs(*doubles, sample_weight=weights), rtol=1e-12)
    if outputs < 2:
        root = peer.root_mean_squared_error(*doubles, sample_weight=weights)
        np.testing.assert_allclose(m.root_mean_squared_error(predictions, targets, weights), root, rtol=1e-12)
    for multioutput in ("uniform_average", "variance_weighted", "raw_values"):
        np.testing.assert_allclose(
            m.r2_score(predictions, targets, weights, multioutput=multioutput),
            peer.r2_score(*doubles, sample_weight=weights, multioutput=multioutput),
            rtol=1e-10,
            atol=1e-10,
        )


def test_more_axes_are_more_elements():
    predictions, targets, weights = numbers(5, 6, 0)
    shaped = [each.reshape(5, 2, 3) for each in (predictions, targets)]
    for each in ERRORS:
        assert each(*shaped, weights) == pytest.approx(each(predictions, targets, weights), rel=1e-14)
        by_element = np.repeat(weights, 6).reshape(5, 2, 3)
        assert each(*shaped, by_element) == pytest.approx(each(predictions, targets, weights), rel=1e-14)
    assert m.r2_score(*shaped, multioutput="raw_values").shape == (6,)


def test_sums_are_float64_whatever_goes_in():
    halves = np.full(100_000, 1.0, np.float16)
    assert m.mean_absolute_error(halves, halves * 0) == 1.0
    assert m.mean_squared_error(np.full(5, 300, np.float16), np.zeros(5, np.float16)) == 90000.0
    assert m.mean_squared_error(np.uint8([0, 5]), np.uint8([5, 0])) == 25.0
    assert m.mean_absolute_error([True, False], [0, 0]) == 0.5


def test_r2_keeps_its_digits_where_the_mean_is_large():
    rng = np.random.default_rng(0)
    targets = np.round(rng.normal(size=300) * 64) / 64
    predictions = targets + np.round(rng.normal(size=300) * 16) / 64
    expected = peer.r2_score(targets, predictions)
    metric = m.R2Score()
    for batch in np.split(np.arange(300), [1, 50, 170]):
        metric.update(predictions[batch] + 1e9, targets[batch] + 1e9)
    assert metric.compute() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e9 / 3])
def test_equal_targets_give_one_or_zero(value):
    metric = m.R2Score()
    for count in (1, 3, 7):
        metric.update(np.full(count, value), np.full(count, value))
    assert metric.compute() == 1.0 == peer.r2_score([value] * 2, [value] * 2)
    metric.update([value + 1], [value])
    assert metric.compute() == 0.0 == peer.r2_score([value] * 2, [value, value + 1])
    for multioutput in ("uniform_average", "variance_weighted"):
        targets = [[value, 1.0], [value, 2.0], [value, 4.0]]
        predictions = [[value, 1.5], [value + 1, 2.0], [value, 4.5]]
        ours = m.r2_score(predictions, targets, multioutput=multioutput)
        # scikit-learn finds that 0.1 varies around the mean of three of them, and comes to -1e33; less 0.1 it is right.
        theirs = peer.r2_score(np.subtract(targets, [value, 0]), np.subtract(predictions, [value, 0]), multioutput=multioutput)
        assert ours == pytest.approx(theirs, rel=1e-12)


def test_r2_of_one_example_is_nan():
    assert np.isnan(m.r2_score([1.0], [2.0]))
    np.testing.assert_array_equal(m.r2_score([[1.0, 2.0]], [[1.0, 2.0]], multioutput="raw_values"), [np.nan, np.nan])


def test_the_root_of_batches_is_not_the_mean_of_roots():
    metric = m.RootMeanSquaredError()
    metric.update([0.0], [0.0])
    metric.update([4.0, 4.0, 4.0], [0.0, 0.0, 0.0])
    assert metric.compute() == 12**0.5


@pytest.mark.parametrize("function", ERRORS)
@pytest.mark.parametrize(
    ("predictions", "targets", "error", "message"),
    [
        (
            [[1.0], [2.0]],
            [1.0, 2.0],
            ValueError,
            r"received predictions \(2, 1\) and targets \(2,\); write predictions\[..., 0\]",
        ),
        ([1.0, 2.0], [[1.0], [2.0]], ValueError, r"received predictions \(2,\) and targets \(2, 1\); write targets\[..., 0\]"),
        ([1.0, 2.0], [1.0], ValueError, r"one shape \(N, ...\), received predictions \(2,\) and targets \(1,\)"),
        (1.0, 1.0, ValueError, r"received predictions \(\) and targets \(\)"),
        ([1.0, np.nan], [1.0, 2.0], ValueError, "expected predictions that are finite, received nan at index 1"),
        ([[1.0], [2.0]], [[1.0], [-np.inf]], ValueError, r"expected targets that are finite, received -inf at index \(1, 0\)"),
        (["a"], [1.0], TypeError, "expected predictions, real numbers; received <U1"),
        ([1.0], [1j], TypeError, "expected targets, real numbers; received complex128"),
    ],
)
def test_what_would_give_a_wrong_number_is_refused(function, predictions, targets, error, message):
    with pytest.raises(error, match=f"{function.__name__}: .*{message}"):
        function(predictions, targets)


def test_r2_refuses_other_outputs_and_unknown_averages():
    metric = m.R2Score()
    metric.update([[1.0, 2.0]], [[1.0, 2.0]])
    with pytest.raises(ValueError, match="R2Score: expected 2 outputs, as in the batches before; received 3"):
        metric.update([[1.0, 2.0, 3.0]], [[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="expected multioutput, one of uniform_average, .*; received 'mean'"):
        m.r2_score([1.0], [1.0], multioutput="mean")
