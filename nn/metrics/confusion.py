"""Which classes are taken for which."""

from typing import Any

import numpy as np

from nn.metrics.base import Metric
from nn.metrics.growing import added, check_num_classes, check_state_of_classes
from nn.metrics.labels import check_label_settings, flat_labels, labels_of

NORMALIZATIONS = (None, "true", "pred", "all")


def confusion_matrix(
    predictions: Any,
    targets: Any,
    sample_weight: Any = None,
    *,
    num_classes: int | None = None,
    normalize: str | None = None,
    threshold: float | None = None,
    ignore_index: int | None = None,
) -> Any:
    """``M[i, j]``, how many examples of class ``i`` were predicted as class ``j``: a row for each class, as in scikit-learn.

    Args:
        predictions: scores of classes, predicted labels, or binary scores, as for ``accuracy``. Note that they come first.
        targets: the right labels.
        sample_weight: how much each example counts.
        num_classes: how many classes there are; by default as many as the scores have, or as the largest label needs. Classes
            that do not occur have rows and columns of zeros, where scikit-learn leaves them out.
        normalize: ``None`` for counts; ``"true"`` divides each row by its sum (what becomes of a class: the diagonal is the
            recall), ``"pred"`` each column (what a prediction is worth: the precision), ``"all"`` by the sum of all; 0 / 0
            is 0.
        threshold: for binary scores: those above it are class 1. Logits take 0.0, probabilities 0.5.
        ignore_index: a label, such as that of padding; targets equal to it do not count.

    Returns:
        An array of int64, of float64 with weights or normalized.

    **Shapes**: predictions (N, C, ...), (N, ...) or (N, 1, ...); targets (N, ...); sample_weight (N,) or (N, ...) -> (C, C).

    Raises:
        TypeError: for what is not numeric, and settings of other types.
        ValueError: as ``accuracy``, for an unknown ``normalize``, and scores of another number of classes than ``num_classes``.

    >>> nn.metrics.confusion_matrix([0, 1, 1, 2], [0, 0, 1, 2])
    array([[1, 1, 0],
           [0, 1, 0],
           [0, 0, 1]])
    """
    _check("confusion_matrix", num_classes, normalize, threshold, ignore_index)
    counts = _counts("confusion_matrix", predictions, targets, sample_weight, num_classes, threshold, ignore_index)
    return _normalized(counts, normalize)


class ConfusionMatrix(Metric):
    """How many examples of each class were predicted as which, batch by batch; see ``confusion_matrix`` for the arguments.

    >>> metric = nn.metrics.ConfusionMatrix(2, normalize="true")
    >>> metric.update([0, 1, 1], [0, 0, 1])
    >>> metric.update([0, 0], [0, 0])
    >>> metric.compute()
    array([[0.75, 0.25],
           [0.  , 1.  ]])
    """

    name = "confusion_matrix"
    accumulators = ("counts",)

    def __init__(
        self,
        num_classes: int | None = None,
        *,
        normalize: str | None = None,
        threshold: float | None = None,
        ignore_index: int | None = None,
        name: str | None = None,
    ) -> None:
        _check("ConfusionMatrix", num_classes, normalize, threshold, ignore_index)
        self.num_classes = num_classes
        self.normalize = normalize
        self.threshold = threshold
        self.ignore_index = ignore_index
        super().__init__(name)

    def reset(self) -> None:
        """Forget all batches."""
        self.counts = np.zeros((self.num_classes or 0,) * 2, np.int64)

    def update(self, predictions: Any, targets: Any, sample_weight: Any = None) -> None:
        """Add a batch."""
        more = _counts(
            "ConfusionMatrix", predictions, targets, sample_weight, self.num_classes, self.threshold, self.ignore_index
        )
        self.counts = added(self.counts, more)

    def compute(self) -> Any:
        """The matrix of all batches; of none, zeros, of shape (0, 0) where ``num_classes`` is not given."""
        return _normalized(self.counts, self.normalize)

    def _check_state(self, receiver: str, state: dict[str, Any]) -> None:
        check_state_of_classes(receiver, state, self.num_classes)


def _check(
    receiver: str, num_classes: int | None, normalize: str | None, threshold: float | None, ignore_index: int | None
) -> None:
    check_num_classes(receiver, num_classes)
    if normalize not in NORMALIZATIONS:
        raise ValueError(
            f"{receiver}: expected normalize, one of {', '.join(map(repr, NORMALIZATIONS))}; received {normalize!r}"
        )
    check_label_settings(receiver, threshold, ignore_index)


def _counts(
    receiver: str,
    predictions: Any,
    targets: Any,
    sample_weight: Any,
    num_classes: int | None,
    threshold: float | None,
    ignore_index: int | None,
) -> Any:
    labels = labels_of(receiver, predictions, targets, threshold, ignore_index, num_classes)
    predicted, actual, weights, size = flat_labels(receiver, labels, sample_weight)
    size = num_classes or size
    cells = np.bincount(actual * size + predicted, weights, minlength=size * size)
    return cells.reshape(size, size)


def _normalized(counts: Any, normalize: str | None) -> Any:
    if normalize is None:
        return counts.copy()
    axis = {"true": 1, "pred": 0, "all": None}[normalize]
    whole = counts.sum(axis=axis, keepdims=True)
    return counts / np.where(whole == 0, 1, whole)
