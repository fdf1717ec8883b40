"""What predictions may be, and what is refused because it would give a wrong number."""

import numpy as np
import pytest

import autograd as ag
import nn

m = nn.metrics
SCORES = np.array([[0.2, 0.5, 0.3], [0.9, 0.1, 0.0], [0.1, 0.2, 0.7], [0.4, 0.4, 0.2]])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("label_dtype", [np.int8, np.uint8, np.int32, np.int64, np.uint64, ">i4", "<i2", np.float32])
def test_the_class_of_the_largest_score_counts_and_of_equals_the_first(dtype, label_dtype):
    targets = np.array([1, 0, 0, 0], label_dtype)
    assert m.accuracy(SCORES.astype(dtype), targets) == 0.75
    np.testing.assert_array_equal(m.confusion_matrix(SCORES, targets).diagonal(), [2, 1, 0])


def test_logits_give_what_probabilities_give():
    assert m.accuracy(np.log(SCORES[:2] + 1e-9) * 3, [1, 2]) == m.accuracy(SCORES[:2], [1, 2]) == 0.5


def test_scores_of_every_position_count():
    scores = np.moveaxis(np.eye(3)[np.array([[0, 1], [2, 2]])], -1, 1)  # (N, C, T)
    targets = np.array([[0, 1], [2, 0]])
    assert m.accuracy(scores, targets) == 0.75
    assert m.accuracy(scores, targets, [1.0, 3.0]) == (1 + 1 + 3) / 8
    assert m.accuracy(scores, targets, [[1.0, 1.0], [1.0, 0.0]]) == 1.0
    assert m.top_k_accuracy(scores, targets, k=2) == 1.0  # class 0 is second, by its place
    assert m.precision(scores, targets, average="micro") == 0.75


@pytest.mark.parametrize("dtype", [np.int64, np.float64, bool])
def test_one_hot_targets_of_class_scores(dtype):
    targets = np.eye(3, dtype=dtype)[[1, 0, 0, 0]]
    for function in (m.accuracy, lambda *a: m.top_k_accuracy(*a, k=1)):
        assert function(SCORES, targets) == 0.75
    np.testing.assert_array_equal(m.confusion_matrix(SCORES, targets), m.confusion_matrix(SCORES, [1, 0, 0, 0]))
    assert m.accuracy(SCORES, targets, ignore_index=0) == 1.0


def test_rows_that_are_not_one_hot_need_a_threshold():
    targets = np.array([[1, 1, 0], [1, 0, 0]])
    with pytest.raises(ValueError, match="expected a threshold for binary scores"):
        m.accuracy(SCORES[:2], targets)
    assert m.accuracy(SCORES[:2], targets, threshold=0.4) == 5 / 6
    with pytest.raises(ValueError, match="expected a threshold for binary scores"):
        m.accuracy(SCORES[:2], targets * 0)
    with pytest.raises(ValueError, match="take one column at a time, or for all elements together predictions.reshape"):
        m.roc_auc(SCORES[:2], targets)


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
@pytest.mark.parametrize("target_shape", [(4,), (4, 1)])
def test_binary_scores_are_compared_with_the_threshold(shape, target_shape):
    if len(shape) < len(target_shape):
        with pytest.raises(ValueError, match=r"write targets\[:, 0\]"):
            m.accuracy(np.zeros(shape), np.zeros(target_shape, int), threshold=0.0)
        return
    logits = np.array([-2.0, 0.0, 0.3, 4.0]).reshape(shape)
    targets = np.array([0, 0, 0, 1]).reshape(target_shape)
    assert m.accuracy(logits, targets, threshold=0.0) == 0.75  # 0 is not above 0
    assert m.accuracy(1 / (1 + np.exp(-logits)), targets.astype(float), threshold=0.5) == 0.75
    np.testing.assert_array_equal(m.confusion_matrix(logits, targets, threshold=0.0), [[2, 1], [0, 1]])
    assert m.recall(logits, targets.astype(bool), threshold=0.0) == 1.0


@pytest.mark.parametrize("metric", [m.Accuracy(), m.Precision(), m.F1Score(average="macro"), m.ConfusionMatrix(2)])
@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_binary_scores_without_a_threshold_say_which_to_write(metric, shape):
    with pytest.raises(
        ValueError, match=rf"{type(metric).__name__}: expected a threshold .* threshold=0.0 for logits, threshold=0.5 for prob"
    ):
        metric.update(np.zeros(shape), [0, 1, 0, 1])


def test_a_threshold_is_not_for_scores_of_classes():
    with pytest.raises(
        ValueError, match=r"threshold=0.5, received scores of 3 classes, shape \(4, 3\); leave the threshold out"
    ):
        m.accuracy(SCORES, [0, 1, 2, 0], threshold=0.5)


def test_labels_are_integers_of_the_targets_shape():
    assert m.accuracy([0, 1, 2, 2], [0, 1, 2, 1]) == 0.75
    assert m.accuracy(np.array([[0], [1]]), [0, 0]) == 0.5
    assert m.accuracy([[0, 1], [2, 2]], [[0, 1], [2, 1]]) == 0.75
    assert m.accuracy([True, False], [1, 1]) == 0.5
    assert m.accuracy(np.uint8([200, 100]), np.array([200, 3], np.int64)) == 0.5


def test_integer_scores_of_classes_are_scores():
    votes = np.array([[3, 5, 1], [2, 0, 0]])
    assert m.accuracy(votes, [1, 1]) == 0.5


@pytest.mark.parametrize(
    ("predictions", "targets", "settings", "error", "message"),
    [
        (SCORES, [0, 1, 3, 0], {}, ValueError, "expected targets, labels from 0 to 2; received 3 at index 2"),
        (SCORES, [0, -1, 2, 0], {}, ValueError, "labels from 0 to 2; received -1 at index 1; to leave .* pass ignore_index"),
        (SCORES, np.int8([0, -1, 2, 0]), {}, ValueError, "received -1 at index 1"),
        (SCORES, np.array([0, 0, 0, 2**24], ">i4"), {}, ValueError, "received 16777216 at index 3"),
        (SCORES, np.uint64([0, 1, 2, 2**63 + 1]), {}, ValueError, "received 9223372036854775809 at index 3"),
        (SCORES, [0, 1, 1.5, 0], {}, ValueError, "expected targets, labels that are whole numbers; received 1.5 at index 2"),
        (SCORES, [0, 1, np.nan, 0], {}, ValueError, "whole numbers; received nan at index 2"),
        (SCORES, [0, 1, np.inf, 0], {}, ValueError, "whole numbers; received inf at index 2"),
        ([0, 1], [0, 1e20], {}, ValueError, "whole numbers; received 1e\\+20 at index 1"),
        ([0, -2], [0, 1], {}, ValueError, "expected predictions, labels none negative; received -2 at index 1"),
        ([0, 1], [-5, 1], {"ignore_index": -100}, ValueError, "expected targets, labels none negative; received -5 at index 0"),
        ([0.1, 0.7], [0, 2], {"threshold": 0.5}, ValueError, "expected targets, labels from 0 to 1; received 2 at index 1"),
        (SCORES, [0, 1, 2], {}, ValueError, r"received predictions \(4, 3\) and targets \(3,\); there are 4 predictions and 3"),
        (SCORES, [[0], [1], [2], [0]], {}, ValueError, r"write targets\[:, 0\]"),
        (np.zeros((2, 5, 3)), np.zeros((2, 5), int), {}, ValueError, r"write np.moveaxis\(predictions, -1, 1\)"),
        (SCORES, 1, {}, ValueError, r"received predictions \(4, 3\) and targets \(\)"),
        (1, 1, {}, ValueError, r"received predictions \(\) and targets \(\)"),
        ([1, 2], [[1, 2]], {}, ValueError, r"received predictions \(2,\) and targets \(1, 2\)"),
        (SCORES.reshape(4, 3, 1), [0, 1, 2, 0], {}, ValueError, r"received predictions \(4, 3, 1\) and targets \(4,\)"),
        (np.zeros((2, 0)), [0, 0], {}, ValueError, r"expected scores of classes along axis 1, received shape \(2, 0\)"),
        (["a", "b"], [0, 1], {}, TypeError, "expected predictions, real numbers; received <U1"),
        ([0, 1], ["a", "b"], {}, TypeError, "expected targets, real numbers; received <U1"),
        (SCORES * 1j, [0, 1, 2, 0], {}, TypeError, "expected predictions, real numbers; received complex128"),
        ([[0.1, 0.9], [1.0]], [0, 1], {}, ValueError, "expected rows of one length"),
        ([0, 1], [0, 1], {"threshold": "0.5"}, TypeError, "expected threshold, a number"),
        ([0, 1], [0, 1], {"threshold": np.nan}, ValueError, "expected threshold"),
        ([0, 1], [0, 1], {"ignore_index": 0.5}, TypeError, "expected ignore_index, a whole number"),
    ],
)
def test_what_would_give_a_wrong_number_is_refused(predictions, targets, settings, error, message):
    with pytest.raises(error, match=f"^accuracy: .*{message}"):
        m.accuracy(predictions, targets, **settings)
    with pytest.raises(error, match=f"^Accuracy: .*{message}"):
        m.Accuracy(**settings).update(predictions, targets)


@pytest.mark.parametrize("place", [(0, 0), (2, 1)])
@pytest.mark.parametrize("metric", [m.Accuracy(), m.TopKAccuracy(2), m.Recall(average="macro"), m.ROCAUC(from_logits=True)])
def test_a_nan_among_the_scores_is_named(metric, place):
    scores = SCORES.copy()
    scores[place] = np.nan
    with pytest.raises(
        ValueError, match=rf"expected predictions without NaN, received NaN at index \({place[0]}, {place[1]}\)"
    ):
        metric.update(scores, [0, 1, 2, 0])


def test_infinite_scores_are_scores():
    scores = np.array([[-np.inf, 0.0], [np.inf, 3.0]])
    assert m.accuracy(scores, [1, 0]) == 1.0
    assert m.accuracy([-np.inf, np.inf], [0, 1], threshold=0.0) == 1.0


def test_ignored_targets_do_not_count_whatever_was_predicted():
    targets = np.array([1, -100, 0, -100])
    weights = [1.0, 5.0, 3.0, 5.0]
    assert m.accuracy(SCORES, targets, ignore_index=-100) == 0.5
    assert m.accuracy(SCORES, targets, weights, ignore_index=-100) == 0.25
    assert m.top_k_accuracy(SCORES, targets, weights, k=3, ignore_index=-100) == 1.0
    np.testing.assert_array_equal(
        m.confusion_matrix(SCORES, targets, weights, ignore_index=-100), [[0, 0, 3], [0, 1, 0], [0, 0, 0]]
    )
    assert m.recall([0, 7, 0, 1], [0, 9, 1, 1], average="macro", ignore_index=9) == 0.75
    assert np.isnan(m.accuracy([1, 2], [3, 3], ignore_index=3))


def test_nothing_is_recorded():
    weight = nn.Parameter(SCORES)
    metric = m.Accuracy()
    metric.update(weight * 2, ag.tensor([1, 0, 0, 0]))
    assert metric.state_dict() == {"correct": 3, "count": 4}


def test_accuracy_counts_whole_numbers_until_there_are_weights():
    metric = m.Accuracy()
    metric.update(SCORES, [1, 0, 2, 0])
    assert metric.state_dict() == {"correct": 4, "count": 4}
    assert isinstance(metric.correct, int)
    metric.update(SCORES, [1, 0, 2, 1], [0.5, 0.5, 0.5, 0.5])
    assert metric.state_dict() == {"correct": 5.5, "count": 6.0}
