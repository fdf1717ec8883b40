"""The confusion matrix against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as peer

import nn

m = nn.metrics


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 12),
    classes=st.integers(2, 5),
    normalize=st.sampled_from([None, "true", "pred", "all"]),
    weighted=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_the_matrix_is_that_of_scikit_learn(count, classes, normalize, weighted, seed):
    rng = np.random.default_rng(seed)
    predictions, targets = rng.integers(0, classes, (2, count))
    weights = rng.uniform(0.1, 2, count) if weighted else None
    ours = m.confusion_matrix(predictions, targets, weights, num_classes=classes, normalize=normalize)
    theirs = peer.confusion_matrix(targets, predictions, sample_weight=weights, labels=range(classes), normalize=normalize)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    assert ours.dtype == (np.int64 if normalize is None and not weighted else np.float64)


def test_it_grows_with_the_classes_and_its_first_ones_stay():
    metric = m.ConfusionMatrix()
    metric.update([0, 1], [0, 0])
    np.testing.assert_array_equal(metric.compute(), [[1, 1], [0, 0]])
    metric.update([2], [0])
    metric.update([1], [1])
    np.testing.assert_array_equal(metric.compute(), [[1, 1, 1], [0, 1, 0], [0, 0, 0]])


def test_it_is_as_wide_as_the_scores():
    assert m.confusion_matrix(np.eye(4)[:2], [0, 1]).shape == (4, 4)
    assert m.confusion_matrix([0.2], [0], threshold=0.5).shape == (2, 2)
    assert m.confusion_matrix([], np.array([], int), num_classes=3).tolist() == [[0] * 3] * 3


def test_what_it_returns_is_a_copy():
    metric = m.ConfusionMatrix(2)
    metric.update([0], [0])
    metric.compute()[...] = 7
    np.testing.assert_array_equal(metric.compute(), [[1, 0], [0, 0]])


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"normalize": "rows"}, ValueError, "expected normalize, one of None, 'true', 'pred', 'all'; received 'rows'"),
        ({"num_classes": 0}, ValueError, "expected num_classes of 1 or more, received 0"),
        ({"num_classes": 2.0}, TypeError, "expected num_classes, a whole number; received 2.0"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, error, message):
    with pytest.raises(error, match=f"ConfusionMatrix: {message}"):
        m.ConfusionMatrix(**settings)
    with pytest.raises(error, match=f"confusion_matrix: {message}"):
        m.confusion_matrix([0], [0], **settings)


def test_labels_beyond_the_classes_are_refused():
    with pytest.raises(ValueError, match="ConfusionMatrix: expected targets, labels from 0 to 1; received 2 at index 1"):
        m.ConfusionMatrix(2).update([0, 1], [0, 2])
    with pytest.raises(ValueError, match="expected num_classes of 2 or more for binary scores, received 1"):
        m.confusion_matrix([0.2, 0.9], [0, 1], threshold=0.5, num_classes=1)
