"""How well scores rank: whether examples of a class have larger scores than the others, whatever the threshold.

They need all scores at once, so the classes here keep every batch: the score, the target and the weight of each example.
"""

import itertools
import math
from typing import Any, NamedTuple

import numpy as np

from nn.inputs import check_switch
from nn.metrics.base import Metric
from nn.metrics.labels import (
    check_no_nan,
    checked_labels,
    class_scores_of,
    element_weights,
    first_place,
    is_one_hot,
    place,
    plain_array,
)

AVERAGES = ("macro", "weighted", None)


class Ranked(NamedTuple):
    """Examples to be ranked, of one batch or of all."""

    scores: Any  # (N,) where there are two classes: that of class 1; or (N, C)
    targets: Any  # (N,)
    weights: Any  # (N,)


def roc_auc(
    predictions: Any,
    targets: Any,
    sample_weight: Any = None,
    *,
    average: str | None = "macro",
    multi_class: str = "ovr",
    from_logits: bool = False,
) -> Any:
    """The area under the receiver operating characteristic: the chance that a random positive outranks a random negative.

    ``(sum over pairs of (s_positive > s_negative) + (s_positive == s_negative) / 2) / (number of pairs)``: equal scores count
    half. It is exact, by sorting. With one class missing there are no pairs, and it is NaN.

    Args:
        predictions: binary scores, logits or probabilities; or probabilities of classes.
        targets: the right labels, whole numbers from 0; for probabilities of classes also one-hot rows.
        sample_weight: how much each example counts.
        average: of more than two classes: ``"macro"``, the mean; ``"weighted"``, the mean weighted by how often each class, or
            pair, is a target; ``None``, an array of each class against the rest. A class that is no target at all makes the
            plain mean NaN; ``"weighted"`` and ``"ovo"`` leave it out.
        multi_class: of more than two classes: ``"ovr"`` takes each class against the rest, ``"ovo"`` each pair of classes, and
            of a pair the mean of either ranking.
        from_logits: whether ``predictions`` of several classes are logits, which softmax turns into probabilities first. It
            matters for their ranking from row to row.

    **Shapes**: predictions (N, ...), (N, 1, ...) or (N, C, ...); targets (N, ...); sample_weight (N,) or (N, ...) -> a number,
    or (C,).

    Raises:
        TypeError: for what is not numeric, and a ``from_logits`` that is not True or False.
        ValueError: for shapes that do not belong together, NaN among the scores, labels that are not whole or out of range,
            rows that are no probabilities where ``from_logits`` is False, and unknown settings, or such as do not go together.

    Source: binary: T. Fawcett, An introduction to ROC analysis, 2006. ``"ovo"``: D. J. Hand and R. J. Till, A simple
    generalisation of the area under the ROC curve for multiple class classification problems, 2001.

    >>> nn.metrics.roc_auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    0.75
    >>> nn.metrics.roc_auc([[0.6, 0.1, 0.3], [0.3, 0.4, 0.3], [0.4, 0.2, 0.4], [0.5, 0.3, 0.2]], [0, 1, 2, 2])
    0.8333333333333334
    """
    _check("roc_auc", average, multi_class, from_logits)
    return _roc_auc(_ranked("roc_auc", predictions, targets, sample_weight, from_logits), average, multi_class)


def average_precision(predictions: Any, targets: Any, sample_weight: Any = None, *, from_logits: bool = False) -> float:
    """``sum_n (R_n - R_(n-1)) P_n``: the mean precision over the recalls that the thresholds give, of two classes.

    P_n and R_n are the precision and the recall of taking all scores of at least the n-th largest distinct one as class 1;
    nothing is interpolated. Where no target is 1 it is NaN (0 in scikit-learn).

    Args:
        predictions: binary scores, logits or probabilities; or probabilities of two classes.
        targets: 0 and 1.
        sample_weight: how much each example counts.
        from_logits: whether ``predictions`` of two classes are logits.

    **Shapes**: predictions (N, ...), (N, 1, ...) or (N, 2, ...); targets (N, ...); sample_weight (N,) or (N, ...) -> a number.

    Raises:
        TypeError: as ``roc_auc``.
        ValueError: as ``roc_auc``, and for scores of more than two classes.

    >>> nn.metrics.average_precision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    0.8333333333333333
    """
    check_switch("average_precision", from_logits=from_logits)
    batch = _ranked("average_precision", predictions, targets, sample_weight, from_logits)
    return _average_precision(_of_two_classes("average_precision", batch))


class _Ranking(Metric):
    """A metric of all scores."""

    accumulators = ("scores", "targets", "weights")

    def __init__(self, from_logits: bool, name: str | None) -> None:
        self.from_logits = from_logits
        super().__init__(name)

    def reset(self) -> None:
        """Forget all batches."""
        self.scores: list[Any] = []
        self.targets: list[Any] = []
        self.weights: list[Any] = []

    def update(self, predictions: Any, targets: Any, sample_weight: Any = None) -> None:
        """Add a batch."""
        name = type(self).__name__
        batch = self._checked(_ranked(name, predictions, targets, sample_weight, self.from_logits))
        if self.scores and self.scores[0].shape[1:] != batch.scores.shape[1:]:
            classes, before = [each.shape[1] if each.ndim == 2 else 2 for each in (batch.scores, self.scores[0])]
            raise ValueError(f"{name}: expected scores of {before} classes, as in the batches before; received {classes}")
        for kept, each in zip((self.scores, self.targets, self.weights), batch, strict=True):
            kept.append(each)

    def _checked(self, batch: Ranked) -> Ranked:
        return batch

    def _all(self) -> Ranked:
        return Ranked(*[np.concatenate(each) if each else np.empty(0) for each in (self.scores, self.targets, self.weights)])


class ROCAUC(_Ranking):
    """The area under the receiver operating characteristic of all batches, exact; see ``roc_auc`` for the arguments.

    It keeps every score.

    >>> metric = nn.metrics.ROCAUC()
    >>> metric.update([0.1, 0.4], [0, 0])
    >>> metric.update([0.35, 0.8], [1, 1])
    >>> metric.compute()
    0.75
    """

    name = "roc_auc"

    def __init__(
        self,
        *,
        average: str | None = "macro",
        multi_class: str = "ovr",
        from_logits: bool = False,
        name: str | None = None,
    ) -> None:
        _check("ROCAUC", average, multi_class, from_logits)
        self.average = average
        self.multi_class = multi_class
        super().__init__(from_logits, name)

    def compute(self) -> Any:
        """The area, or with ``average=None`` that of each class, of all batches; of none, NaN."""
        return _roc_auc(self._all(), self.average, self.multi_class)


class AveragePrecision(_Ranking):
    """The mean precision over all recalls, of all batches; see ``average_precision`` for the arguments.

    It keeps every score.

    >>> metric = nn.metrics.AveragePrecision()
    >>> metric.update([0.1, 0.4], [0, 0])
    >>> metric.update([0.35, 0.8], [1, 1])
    >>> metric.compute()
    0.8333333333333333
    """

    name = "average_precision"

    def __init__(self, *, from_logits: bool = False, name: str | None = None) -> None:
        check_switch("AveragePrecision", from_logits=from_logits)
        super().__init__(from_logits, name)

    def compute(self) -> float:
        """The average precision of all batches; of none, NaN."""
        return _average_precision(self._all())

    def _checked(self, batch: Ranked) -> Ranked:
        return _of_two_classes("AveragePrecision", batch)


# ---------------------------------------------------------------- one batch


def _check(receiver: str, average: str | None, multi_class: str, from_logits: bool) -> None:
    if average not in AVERAGES:
        raise ValueError(f"{receiver}: expected average, one of {', '.join(map(repr, AVERAGES))}; received {average!r}")
    if multi_class not in ("ovr", "ovo"):
        raise ValueError(f"{receiver}: expected multi_class, 'ovr' or 'ovo'; received {multi_class!r}")
    if multi_class == "ovo" and average is None:
        raise ValueError(f"{receiver}: expected average, 'macro' or 'weighted', for multi_class='ovo'; received None")
    check_switch(receiver, from_logits=from_logits)


def _ranked(receiver: str, predictions: Any, targets: Any, sample_weight: Any, from_logits: bool) -> Ranked:
    """A copy of one batch, in rows."""
    scores = plain_array(predictions, receiver, "predictions")
    targets = plain_array(targets, receiver, "targets")
    shape, expected = scores.shape, targets.shape
    if len(shape) == 2 and shape == expected and shape[1] > 1 and not is_one_hot(targets):
        raise ValueError(
            f"{receiver}: expected one label an example, or one-hot rows; received targets of shape {expected} with rows of "
            "several labels or none; take one column at a time, or for all elements together predictions.reshape(-1) and "
            "targets.reshape(-1)"
        )
    if (shape == expected and shape and (len(shape) != 2 or shape[1] < 2)) or shape == (*expected[:1], 1, *expected[1:]):
        check_no_nan(receiver, scores)
        scores = scores.reshape(-1).copy()
        actual = checked_labels(receiver, "targets", targets, 2, None)
    else:
        scores, actual, _ = class_scores_of(receiver, scores, targets)
        scores = _rows_of_classes(receiver, scores, from_logits)
    weights = np.ones(actual.shape) if sample_weight is None else element_weights(receiver, sample_weight, actual.shape)
    return Ranked(scores, actual.reshape(-1).astype(np.intp), weights.reshape(-1).copy())


def _rows_of_classes(receiver: str, scores: Any, from_logits: bool) -> Any:
    """Scores (N, C, ...) as probabilities (M, C); of two classes a score of class 1, (M,)."""
    classes = scores.shape[1]
    if classes < 2:
        raise ValueError(f"{receiver}: expected scores of two classes or more, received shape {scores.shape}")
    if not from_logits:
        sums = scores.sum(axis=1, dtype=np.float64)
        wrong = (scores < 0).any(axis=1) | ~(np.abs(sums - 1) < 1e-3)
        if wrong.any():
            where = first_place(wrong)
            raise ValueError(
                f"{receiver}: expected probabilities, none negative, that sum to 1 over the classes; received "
                f"{scores[where[0], :, *where[1:]]} at {place(where)}; for logits write from_logits=True"
            )
    elif not np.isfinite(largest := scores.max(axis=1)).all():
        where = first_place(~np.isfinite(largest))
        raise ValueError(
            f"{receiver}: expected logits with a finite largest one, received {scores[where[0], :, *where[1:]]} at "
            f"{place(where)}"
        )
    rows = np.moveaxis(scores, 1, -1).reshape(-1, classes)
    if classes == 2:
        return rows[:, 1].astype(np.float64) - rows[:, 0] if from_logits else rows[:, 1].copy()
    if not from_logits:
        return rows.copy()
    powers = np.exp(rows - rows.max(axis=1, keepdims=True).astype(np.float64))
    return powers / powers.sum(axis=1, keepdims=True)


def _of_two_classes(receiver: str, batch: Ranked) -> Ranked:
    if batch.scores.ndim > 1:
        raise ValueError(
            f"{receiver}: expected scores of two classes, received {batch.scores.shape[1]}; take one class at a time"
        )
    return batch


# ---------------------------------------------------------------- all batches


def _roc_auc(ranked: Ranked, average: str | None, multi_class: str) -> Any:
    scores, targets, weights = ranked
    if scores.ndim == 1:
        return _area(scores, targets == 1, weights)
    classes = range(scores.shape[1])
    shares = np.bincount(targets, weights, minlength=len(classes))
    if multi_class == "ovr":
        areas = np.array([_area(scores[:, each], targets == each, weights) for each in classes])
    else:
        # Of the classes that occur, each pair, by the score of either; a pair weighs what its two classes do.
        pairs = list(itertools.combinations([each for each in classes if shares[each]], 2))
        areas = np.array([_area_of_pair(ranked, *pair) for pair in pairs])
        shares = np.array([shares[one] + shares[other] for one, other in pairs])
    if average is None:
        return areas
    if average == "macro":
        return float(areas.mean()) if areas.size else math.nan
    return float((areas * shares)[shares > 0].sum() / shares.sum()) if shares.sum() else math.nan


def _area_of_pair(ranked: Ranked, one: int, other: int) -> float:
    scores, targets, weights = [each[(ranked.targets == one) | (ranked.targets == other)] for each in ranked]
    return (_area(scores[:, one], targets == one, weights) + _area(scores[:, other], targets == other, weights)) / 2


def _area(scores: Any, positive: Any, weights: Any) -> float:
    """The area under the line through (false positives, true positives) at each distinct score, from the largest down."""
    hits, misses = _found(scores, positive, weights)
    if not hits.size or not hits[-1] or not misses[-1]:
        return math.nan
    rises = np.diff(misses, prepend=0.0)
    return float((rises * (hits + np.concatenate([[0.0], hits[:-1]]))).sum() / 2 / hits[-1] / misses[-1])


def _average_precision(ranked: Ranked) -> float:
    hits, misses = _found(ranked.scores, ranked.targets == 1, ranked.weights)
    if not hits.size or not hits[-1]:
        return math.nan
    found = hits + misses
    precisions = hits / np.where(found == 0, 1, found)  # nothing is found as long as all weights are 0
    return float((np.diff(hits, prepend=0.0) * precisions).sum() / hits[-1])


def _found(scores: Any, positive: Any, weights: Any) -> tuple[Any, Any]:
    """The weight of the positives, and of the others, among the scores of at least each distinct one, from the largest down."""
    order = np.argsort(scores, kind="stable")[::-1]
    ordered = scores[order]
    last = np.append(ordered[1:] != ordered[:-1], True)[: len(order)]
    return np.cumsum((weights * positive)[order])[last], np.cumsum((weights * ~positive)[order])[last]
