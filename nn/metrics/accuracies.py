"""How often the predicted class is the right one, or the right one is among the first few."""

from typing import Any

import numpy as np

from nn.inputs import check_whole
from nn.metrics.base import Metric
from nn.metrics.labels import check_label_settings, class_scores_of, counted, labels_of


def accuracy(
    predictions: Any,
    targets: Any,
    sample_weight: Any = None,
    *,
    threshold: float | None = None,
    ignore_index: int | None = None,
) -> float:
    """The share of right predictions: ``sum(w * (predicted == target)) / sum(w)``.

    Of scores of several axes, as for text or images, every position counts; so it does of several labels an example, where
    scikit-learn asks for all of them to be right. The accuracy of nothing is NaN.

    Args:
        predictions: scores of classes, logits or probabilities; or predicted labels, integers; or binary scores.
        targets: the right labels, whole numbers from 0; for scores of classes also one-hot rows.
        sample_weight: how much each example counts.
        threshold: for binary scores: those above it are class 1. Logits take 0.0, probabilities 0.5.
        ignore_index: a label, such as that of padding; targets equal to it do not count.

    **Shapes**: predictions (N, C, ...), or (N, ...), or for binary scores also (N, 1, ...); targets (N, ...); sample_weight
    (N,) or (N, ...) -> a number.

    Raises:
        TypeError: for what is not numeric.
        ValueError: for shapes that do not belong together, binary scores without a threshold, a threshold with scores of
            classes, NaN among the scores, and labels that are not whole, negative, or too large.

    >>> nn.metrics.accuracy([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]], [1, 0, 0, 0])
    0.75
    >>> nn.metrics.accuracy([-1.5, 0.2, 2.0], [0, 0, 1], threshold=0.0)
    0.6666666666666666
    """
    check_label_settings("accuracy", threshold, ignore_index)
    return _ratio(*_right("accuracy", predictions, targets, sample_weight, threshold, ignore_index))


class Accuracy(Metric):
    """The share of right predictions, batch by batch; see ``accuracy`` for the arguments, the shapes and the errors.

    >>> metric = nn.metrics.Accuracy()
    >>> metric.update([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]], [1, 0, 0])
    >>> metric.update([[0.6, 0.4]], [0])
    >>> metric.compute()
    0.75
    """

    name = "accuracy"
    accumulators = ("correct", "count")

    def __init__(self, *, threshold: float | None = None, ignore_index: int | None = None, name: str | None = None) -> None:
        check_label_settings("Accuracy", threshold, ignore_index)
        self.threshold = threshold
        self.ignore_index = ignore_index
        super().__init__(name)

    def reset(self) -> None:
        """Forget all batches."""
        self.correct: float = 0
        self.count: float = 0

    def update(self, predictions: Any, targets: Any, sample_weight: Any = None) -> None:
        """Add a batch."""
        correct, count = _right("Accuracy", predictions, targets, sample_weight, self.threshold, self.ignore_index)
        self.correct += correct
        self.count += count

    def compute(self) -> float:
        """The accuracy of all batches; of none, NaN."""
        return _ratio(self.correct, self.count)


def top_k_accuracy(
    predictions: Any, targets: Any, sample_weight: Any = None, *, k: int = 5, ignore_index: int | None = None
) -> float:
    """The share of examples whose class is among the ``k`` of the largest scores: ``sum(w * (rank <= k)) / sum(w)``.

    Of equal scores those of earlier classes rank first, as ``argmax`` has it, so that ``k=1`` gives ``accuracy``. (scikit-learn
    ranks later classes first.)

    Args:
        predictions: scores of classes, logits or probabilities.
        targets: the right labels, whole numbers from 0, or one-hot rows.
        sample_weight: how much each example counts.
        k: how many classes are looked at.
        ignore_index: a label, such as that of padding; targets equal to it do not count.

    **Shapes**: predictions (N, C, ...), targets (N, ...), sample_weight (N,) or (N, ...) -> a number.

    Raises:
        TypeError: for what is not numeric, and a ``k`` that is no whole number.
        ValueError: as ``accuracy``, and for a ``k`` that is not from 1 to C.

    >>> nn.metrics.top_k_accuracy([[0.1, 0.4, 0.5], [0.7, 0.2, 0.1]], [1, 2], k=2)
    0.5
    """
    _check_top_k("top_k_accuracy", k, ignore_index)
    return _ratio(*_among_first("top_k_accuracy", predictions, targets, sample_weight, k, ignore_index))


class TopKAccuracy(Metric):
    """How often the class is among the ``k`` best, batch by batch; see ``top_k_accuracy`` for arguments, shapes and errors.

    Its name is ``top_5_accuracy`` for ``k=5``.

    >>> metric = nn.metrics.TopKAccuracy(k=2)
    >>> metric.update([[0.1, 0.4, 0.5], [0.7, 0.2, 0.1]], [1, 2])
    >>> metric.name, metric.compute()
    ('top_2_accuracy', 0.5)
    """

    accumulators = ("correct", "count")

    def __init__(self, k: int = 5, *, ignore_index: int | None = None, name: str | None = None) -> None:
        _check_top_k("TopKAccuracy", k, ignore_index)
        self.k = int(k)
        self.ignore_index = ignore_index
        super().__init__(f"top_{self.k}_accuracy" if name is None else name)

    def reset(self) -> None:
        """Forget all batches."""
        self.correct: float = 0
        self.count: float = 0

    def update(self, predictions: Any, targets: Any, sample_weight: Any = None) -> None:
        """Add a batch."""
        correct, count = _among_first("TopKAccuracy", predictions, targets, sample_weight, self.k, self.ignore_index)
        self.correct += correct
        self.count += count

    def compute(self) -> float:
        """The accuracy of all batches; of none, NaN."""
        return _ratio(self.correct, self.count)


def _right(
    receiver: str, predictions: Any, targets: Any, sample_weight: Any, threshold: float | None, ignore_index: int | None
) -> tuple[float, float]:
    labels = labels_of(receiver, predictions, targets, threshold, ignore_index)
    return counted(receiver, labels.predicted == labels.actual, sample_weight, labels.kept)


def _check_top_k(receiver: str, k: int, ignore_index: int | None) -> None:
    check_whole(receiver, "k", k)
    if k < 1:
        raise ValueError(f"{receiver}: expected k of 1 or more, received {k}")
    check_label_settings(receiver, None, ignore_index)


def _among_first(
    receiver: str, predictions: Any, targets: Any, sample_weight: Any, k: int, ignore_index: int | None
) -> tuple[float, float]:
    scores, actual, kept = class_scores_of(receiver, predictions, targets, ignore_index)
    classes = scores.shape[1]
    if k > classes:
        raise ValueError(f"{receiver}: expected scores of at least k={k} classes, received {classes}; choose a smaller k")
    if kept is not None:
        actual = np.where(kept, actual, 0)
    column = np.expand_dims(actual, 1)
    own = np.take_along_axis(scores, column, axis=1)
    earlier = np.arange(classes).reshape(-1, *[1] * (scores.ndim - 2)) < column
    ahead = (scores > own) | ((scores == own) & earlier)
    return counted(receiver, ahead.sum(axis=1) < k, sample_weight, kept)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
