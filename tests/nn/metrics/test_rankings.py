"""The area under the ROC curve and the average precision, against scikit-learn's and against counting pairs."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as peer

import nn

m = nn.metrics


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@settings(max_examples=80, deadline=None)
@given(
    count=st.integers(2, 25),
    levels=st.sampled_from([1, 2, 4, 1000]),
    weighted=st.booleans(),
    dtype=st.sampled_from([np.float16, np.float32, np.float64, np.int64, np.uint8]),
    seed=st.integers(0, 2**16),
)
def test_two_classes_give_the_numbers_of_scikit_learn(count, levels, weighted, dtype, seed):
    rng = np.random.default_rng(seed)
    scores = (rng.integers(0, levels, count) % 200).astype(dtype)
    targets = rng.integers(0, 2, count)
    targets[:2] = 0, 1
    weights = rng.uniform(0.1, 2, count) if weighted else None
    area = peer.roc_auc_score(targets, scores, sample_weight=weights)
    np.testing.assert_allclose(m.roc_auc(scores, targets, weights), area, rtol=1e-12, atol=1e-15)
    precision = peer.average_precision_score(targets, scores, sample_weight=weights)
    np.testing.assert_allclose(m.average_precision(scores, targets, weights), precision, rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_the_area_is_the_share_of_the_pairs_in_order(seed):
    rng = np.random.default_rng(seed)
    scores, targets, weights = rng.integers(0, 4, 12) / 3, rng.integers(0, 2, 12), rng.integers(0, 3, 12)
    pairs = np.subtract.outer(scores[targets == 1], scores[targets == 0])
    heavy = np.multiply.outer(weights[targets == 1], weights[targets == 0])
    whole = heavy.sum()
    expected = (heavy * ((pairs > 0) + (pairs == 0) / 2)).sum() / whole if whole else np.nan
    np.testing.assert_allclose(m.roc_auc(scores, targets, weights), expected, rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(4, 25),
    average=st.sampled_from(["macro", "weighted", None]),
    multi_class=st.sampled_from(["ovr", "ovo"]),
    weighted=st.booleans(),
    missing=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_several_classes_give_the_numbers_of_scikit_learn(count, average, multi_class, weighted, missing, seed):
    if multi_class == "ovo" and average is None:
        return
    weighted = weighted and multi_class == "ovr"  # scikit-learn takes none with pairs
    rng = np.random.default_rng(seed)
    logits = np.round(rng.normal(size=(count, 4)))
    targets = rng.integers(0, 3 if missing else 4, count)
    targets[:4] = 0, 1, 2, 0 if missing else 3
    weights = rng.uniform(0.1, 2, count) if weighted else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of classes that are missing
        expected = peer.roc_auc_score(
            targets,
            softmax(logits),
            sample_weight=weights,
            average=average,
            multi_class=multi_class,
            labels=range(4),
        )
    options = {"average": average, "multi_class": multi_class}
    np.testing.assert_allclose(m.roc_auc(softmax(logits), targets, weights, **options), expected, rtol=1e-12)
    np.testing.assert_allclose(m.roc_auc(logits, targets, weights, from_logits=True, **options), expected, rtol=1e-12)
    np.testing.assert_allclose(m.roc_auc(softmax(logits), np.eye(4)[targets], weights, **options), expected, rtol=1e-12)


def test_ties_count_half():
    assert m.roc_auc([0.5, 0.5, 0.5], [0, 1, 1]) == 0.5
    assert m.roc_auc([0.2, 0.5, 0.5], [0, 0, 1]) == 0.75
    assert m.roc_auc([0.2, 0.5, 0.5], [0, 0, 1], average="weighted") == 0.75


def test_two_columns_rank_by_the_second_probability():
    logits = np.array([[3.0, 1.0], [-9.0, -8.0], [0.0, 5.0], [700.0, 900.0]])
    targets = [0, 1, 0, 1]
    for each in (m.roc_auc, m.average_precision):
        expected = each(logits[:, 1] - logits[:, 0], targets)
        assert each(logits, targets, from_logits=True) == expected
        assert each(softmax(logits / 100), targets) == each((logits[:, 1] - logits[:, 0]) / 100, targets)
    assert m.roc_auc(logits, targets, from_logits=True) != m.roc_auc(logits[:, 1], targets)


def test_columns_and_pictures_are_one_list():
    scores, targets = np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1])
    for shape in ((4, 1), (2, 2, 1), (1, 4, 1)):
        assert m.roc_auc(scores.reshape(shape), targets.reshape(shape)) == 0.75
    assert m.roc_auc(scores.reshape(4, 1), targets) == 0.75
    assert m.roc_auc(scores.reshape(2, 1, 2), targets.reshape(2, 2)) == 0.75
    both = np.stack([1 - scores, scores], axis=1)
    assert m.roc_auc(both, targets) == 0.75
    assert m.roc_auc(both.reshape(2, 2, 2).swapaxes(1, 2), targets.reshape(2, 2)) == 0.75


@pytest.mark.parametrize("targets", [[0, 0], [1, 1]])
def test_a_missing_class_leaves_the_area_undefined(targets):
    assert np.isnan(m.roc_auc([0.1, 0.2], targets))


def test_without_positives_there_is_no_average_precision():
    assert np.isnan(m.average_precision([0.1, 0.2], [0, 0]))
    assert m.average_precision([0.1, 0.2], [1, 1]) == 1.0
    assert m.average_precision([0.9, 0.1], [0, 1], [0.0, 1.0]) == 1.0


def test_infinite_scores_rank():
    assert m.roc_auc([-np.inf, 0.0, np.inf, np.inf], [0, 0, 1, 1]) == 1.0
    assert m.roc_auc([[-np.inf, 0.0], [0.0, -np.inf]], [1, 0], from_logits=True) == 1.0
    with pytest.raises(ValueError, match=r"expected logits with a finite largest one, received \[.*inf.*\] at index 1"):
        m.roc_auc([[0.0, 0.0, 1.0], [np.inf, 0.0, 1.0]], [1, 0], from_logits=True)


def test_scores_are_kept_as_copies():
    scores, targets = np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1])
    metric = m.ROCAUC()
    metric.update(scores, targets)
    scores[...] = 0
    targets[...] = 0
    assert metric.compute() == 0.75


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"average": "micro"}, ValueError, "expected average, one of 'macro', 'weighted', None; received 'micro'"),
        ({"multi_class": "raise"}, ValueError, "expected multi_class, 'ovr' or 'ovo'; received 'raise'"),
        ({"multi_class": "ovo", "average": None}, ValueError, "expected average, 'macro' or 'weighted', for multi_class='ovo'"),
        ({"from_logits": "yes"}, TypeError, "expected from_logits, True or False"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, error, message):
    with pytest.raises(error, match=f"ROCAUC: {message}"):
        m.ROCAUC(**settings)
    with pytest.raises(error, match=f"roc_auc: {message}"):
        m.roc_auc([0.1, 0.2], [0, 1], **settings)


@pytest.mark.parametrize(
    ("predictions", "targets", "message"),
    [
        ([[2.0, 1.0, 0.0]], [0], r"expected probabilities, .* \[2. 1. 0.\] at index 0; for logits write from_logits=True"),
        ([[0.5, 0.5], [1.5, -0.5]], [0, 1], r"expected probabilities, none negative, .* at index 1"),
        ([0.1, 0.2], [0, 2], "expected targets, labels from 0 to 1; received 2 at index 1"),
        (np.eye(3), [0, 1, 3], "expected targets, labels from 0 to 2; received 3 at index 2"),
        ([0.1, 0.2], [0, 0.5], "labels that are whole numbers; received 0.5 at index 1"),
        ([0.1, 0.2], [[0], [1]], r"received predictions \(2,\) and targets \(2, 1\)"),
        (0.1, 1, r"received predictions \(\) and targets \(\)"),
        ([0.1, 0.2], 1, r"received predictions \(2,\) and targets \(\)"),
    ],
)
def test_what_would_give_a_wrong_number_is_refused(predictions, targets, message):
    with pytest.raises(ValueError, match=f"roc_auc: .*{message}"):
        m.roc_auc(predictions, targets)


def test_batches_of_other_classes_and_more_than_two_of_average_precision_are_refused():
    metric = m.ROCAUC()
    metric.update(np.eye(3), [0, 1, 2])
    with pytest.raises(ValueError, match="expected scores of 3 classes, as in the batches before; received 2"):
        metric.update([0.1, 0.2], [0, 1])
    for call in (m.average_precision, m.AveragePrecision().update):
        with pytest.raises(ValueError, match="expected scores of two classes, received 3; take one class at a time"):
            call(np.eye(3), [0, 1, 2])
