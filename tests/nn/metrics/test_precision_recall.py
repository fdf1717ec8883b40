"""Precision, recall and F against scikit-learn's."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as peer

import nn

m = nn.metrics
PAIRS = {
    "precision": (m.precision, peer.precision_score, {}),
    "recall": (m.recall, peer.recall_score, {}),
    "f1": (m.f1_score, peer.f1_score, {}),
    "f2": (m.fbeta_score, peer.fbeta_score, {"beta": 2.0}),
    "f0": (m.fbeta_score, peer.fbeta_score, {"beta": 0.0}),
}
every_pair = pytest.mark.parametrize(("ours", "theirs", "extra"), PAIRS.values(), ids=PAIRS)


@every_pair
@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 12),
    classes=st.integers(2, 5),
    average=st.sampled_from(["macro", "micro", "weighted", None]),
    all_classes=st.booleans(),
    zero_division=st.sampled_from([0.0, 1.0, np.nan]),
    weighted=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_the_numbers_are_those_of_scikit_learn(
    ours, theirs, extra, count, classes, average, all_classes, zero_division, weighted, seed
):
    rng = np.random.default_rng(seed)
    predictions, targets = rng.integers(0, classes, (2, count))
    weights = rng.uniform(0.1, 2, count) if weighted else None
    options = {"average": average, "zero_division": zero_division, **extra}
    num_classes = classes if all_classes or average is None else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of NaN, and of classes that do not occur
        expected = theirs(
            targets, predictions, sample_weight=weights, labels=range(classes) if num_classes else None, **options
        )
    np.testing.assert_allclose(ours(predictions, targets, weights, num_classes=num_classes, **options), expected, rtol=1e-12)


@every_pair
@pytest.mark.parametrize("pos_label", [0, 1])
@pytest.mark.parametrize("zero_division", [0.0, 1.0, np.nan])
def test_binary_averages_are_those_of_scikit_learn(ours, theirs, extra, pos_label, zero_division):
    for targets, scores in (
        ([0, 1, 1, 0, 1], [0.2, 0.9, 0.5, 0.6, 0.7]),
        ([0, 0], [0.1, 0.2]),
        ([1, 1], [0.8, 0.7]),
        ([0, 0], [0.8, 0.7]),
        ([1, 1], [0.1, 0.2]),
    ):
        predicted = (np.array(scores) > 0.5).astype(int)
        options = {"pos_label": pos_label, "zero_division": zero_division, **extra}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = theirs(targets, predicted, labels=[0, 1], **options)
        np.testing.assert_allclose(ours(scores, targets, threshold=0.5, **options), expected, rtol=1e-12)
        np.testing.assert_allclose(ours(predicted, targets, **options), expected, rtol=1e-12)


def test_two_class_scores_are_binary():
    scores = [[0.2, 0.8], [0.4, 0.6], [0.9, 0.1]]
    assert m.precision(scores, [1, 0, 0]) == 0.5
    assert m.precision(scores, [1, 0, 0], pos_label=0) == 1.0


def test_several_labels_an_example_are_one_list():
    scores, targets = np.random.default_rng(0).normal(size=(6, 3)), np.random.default_rng(1).integers(0, 2, (6, 3))
    flat = m.f1_score(scores.reshape(-1), targets.reshape(-1), threshold=0.0)
    assert m.f1_score(scores, targets, threshold=0.0) == flat
    assert flat == pytest.approx(peer.f1_score(targets, scores > 0, average="micro"))
    with pytest.raises(ValueError, match="expected average='binary' for binary scores of several labels .* average='macro'"):
        m.f1_score(scores, targets, threshold=0.0, average="macro")
    pictures = m.f1_score(scores.reshape(6, 3, 1), targets.reshape(6, 3, 1), threshold=0.0, average="macro")
    assert pictures == pytest.approx(peer.f1_score(targets.ravel(), (scores > 0).ravel(), average="macro"))


def test_classes_may_appear_later():
    metric = m.Recall(average=None)
    metric.update([0, 1], [0, 0])
    np.testing.assert_array_equal(metric.compute(), [0.5, 0.0])
    metric.update([3, 1], [3, 1])
    np.testing.assert_array_equal(metric.compute(), [0.5, 1.0, 0.0, 1.0])
    metric.update([0], [0])
    np.testing.assert_array_equal(metric.compute(), [2 / 3, 1.0, 0.0, 1.0])


def test_the_mean_is_over_the_classes_that_occur_unless_their_number_is_given():
    scores = np.eye(4)[[0, 0, 1]]
    assert m.recall(scores, [0, 1, 1], average="macro") == 0.75
    assert m.recall(scores, [0, 1, 1], average="macro", num_classes=4) == 0.375
    assert m.recall(scores, [0, 1, 1], average="macro", num_classes=4, zero_division=np.nan) == 0.75


@pytest.mark.parametrize("metric", [m.Precision, m.Recall, m.F1Score, lambda **s: m.FBetaScore(0.5, **s)])
@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"average": "samples"}, ValueError, "expected average, one of 'binary', 'macro', .*None; received 'samples'"),
        ({"num_classes": 3}, ValueError, "expected 2 classes for average='binary', received num_classes=3"),
        ({"num_classes": 0, "average": "macro"}, ValueError, "expected num_classes of 1 or more, received 0"),
        ({"num_classes": "3", "average": "macro"}, TypeError, "expected num_classes, a whole number"),
        ({"pos_label": 2}, ValueError, "expected pos_label, 0 or 1; received 2"),
        ({"zero_division": "warn"}, TypeError, "expected zero_division, a number"),
        ({"zero_division": 2.0}, ValueError, "expected zero_division, a finite number from 0 to 1; received 2.0"),
        ({"threshold": "0"}, TypeError, "expected threshold, a number"),
        ({"name": 3}, TypeError, "expected name, a string"),
    ],
)
def test_settings_that_make_no_sense_are_refused(metric, settings, error, message):
    with pytest.raises(error, match=message):
        metric(**settings)


@pytest.mark.parametrize("beta", [-1.0, np.inf, np.nan])
def test_a_beta_that_makes_no_sense_is_refused(beta):
    with pytest.raises(ValueError, match="fbeta_score: expected beta"):
        m.fbeta_score([1], [1], beta=beta)
    with pytest.raises(ValueError, match="FBetaScore: expected beta"):
        m.FBetaScore(beta)


def test_more_than_two_classes_need_another_average():
    with pytest.raises(ValueError, match="precision: expected two classes, .* received scores of 3 classes; choose average="):
        m.precision(np.eye(3), [0, 1, 1])
    with pytest.raises(
        ValueError, match="Recall: expected two classes, .* received the label 2; choose average='macro', 'micro'"
    ):
        m.Recall().update([0, 2], [1, 1])


def test_other_numbers_of_classes_are_refused():
    with pytest.raises(ValueError, match=r"expected scores of 4 classes along axis 1, received shape \(3, 3\)"):
        m.precision(np.eye(3), [0, 1, 1], average="macro", num_classes=4)
    with pytest.raises(ValueError, match="expected predictions, labels from 0 to 2; received 3 at index 1"):
        m.precision([0, 3], [0, 1], average="macro", num_classes=3)
