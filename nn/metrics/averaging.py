"""From counts of each class to one number: what ``average`` and ``zero_division`` mean.

Precision, recall and F are ratios of counts, of one class or of several; they differ in the ratio only.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from nn.inputs import check_number, check_whole
from nn.metrics.growing import check_num_classes
from nn.metrics.labels import check_label_settings, flat_labels, labels_of

AVERAGES = ("binary", "macro", "micro", "weighted", None)


class ClassCounts(NamedTuple):
    """For each class, how many examples, or how much weight."""

    hits: Any  # were predicted as it, and are of it
    predicted: Any
    actual: Any


Ratio: TypeAlias = Callable[[ClassCounts], tuple[Any, Any]]  # numerator and denominator


@dataclass(frozen=True)
class Averaging:
    """The settings that precision, recall and F share.

    Raises:
        TypeError: for settings of other types.
        ValueError: for an unknown ``average``, a ``pos_label`` that is not 0 or 1, a ``zero_division`` that is neither NaN nor
            from 0 to 1, fewer than one class, and with ``average="binary"`` any other number of classes than two.
    """

    receiver: str
    average: str | None
    num_classes: int | None
    pos_label: int
    zero_division: float
    threshold: float | None
    ignore_index: int | None

    def __post_init__(self) -> None:
        name = self.receiver
        if self.average not in AVERAGES:
            raise ValueError(f"{name}: expected average, one of {', '.join(map(repr, AVERAGES))}; received {self.average!r}")
        check_num_classes(name, self.num_classes)
        check_whole(name, "pos_label", self.pos_label)
        if self.pos_label not in (0, 1):
            raise ValueError(f"{name}: expected pos_label, 0 or 1; received {self.pos_label}")
        if self.average == "binary" and self.num_classes not in (None, 2):
            raise ValueError(f"{name}: expected 2 classes for average='binary', received num_classes={self.num_classes}")
        if not (isinstance(self.zero_division, float) and math.isnan(self.zero_division)):
            check_number(name, "zero_division", self.zero_division, least=0, most=1)
        check_label_settings(name, self.threshold, self.ignore_index)

    def nothing(self) -> ClassCounts:
        """The counts before any example."""
        return ClassCounts(*[np.zeros(self.num_classes or 0, np.int64) for _ in range(3)])

    def counts(self, predictions: Any, targets: Any, sample_weight: Any) -> ClassCounts:
        """The counts of one batch: integers, or float64 with weights."""
        name = self.receiver
        labels = labels_of(name, predictions, targets, self.threshold, self.ignore_index, self.num_classes)
        shape = labels.actual.shape
        if self.average != "binary":
            if self.threshold is not None and len(shape) == 2 and shape[1] > 1:
                raise ValueError(
                    f"{name}: expected average='binary' for binary scores of several labels an example, shape {shape}, with "
                    "which all elements count alike; for a number of each label take one column at a time; received "
                    f"average={self.average!r}"
                )
        elif (labels.classes or 0) > 2:
            raise self._not_binary(f"scores of {labels.classes} classes")
        predicted, actual, weights, size = flat_labels(name, labels, sample_weight)
        if self.average == "binary":
            if size > 2:
                raise self._not_binary(f"the label {size - 1}")
            size = 2
        size = self.num_classes or size
        hit = predicted == actual
        return ClassCounts(
            np.bincount(actual[hit], None if weights is None else weights[hit], minlength=size),
            np.bincount(predicted, weights, minlength=size),
            np.bincount(actual, weights, minlength=size),
        )

    def averaged(self, counts: ClassCounts, ratio: Ratio) -> Any:
        """One number, or with ``average=None`` one for each class; NaN where nothing was counted."""
        if not counts.actual.sum():
            return np.full(len(counts.actual), np.nan) if self.average is None else math.nan
        if self.average == "micro":
            return float(self._divided(*ratio(ClassCounts(*[each.sum() for each in counts]))))
        scores = self._divided(*ratio(counts))
        if self.average is None:
            return scores
        if self.average == "binary":
            return float(scores[self.pos_label])
        weights = counts.actual.astype(np.float64)
        if self.average == "macro":
            weights = np.ones(len(scores))
            if self.num_classes is None:
                weights[counts.actual + counts.predicted == 0] = 0
        weights[np.isnan(scores)] = 0
        if not weights.sum():  # as scikit-learn, where the classes that have a score weigh nothing
            weights = (~np.isnan(scores)).astype(np.float64)
        return float(np.nansum(scores * weights) / weights.sum()) if weights.sum() else math.nan

    def _divided(self, numerator: Any, denominator: Any) -> Any:
        empty = denominator == 0
        return np.where(empty, self.zero_division, numerator / np.where(empty, 1, denominator))

    def _not_binary(self, received: str) -> ValueError:
        return ValueError(
            f"{self.receiver}: expected two classes, since average='binary'; received {received}; choose average='macro', "
            "'micro', 'weighted' or None"
        )
