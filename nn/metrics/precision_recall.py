"""Precision, recall and the F scores that weigh the two: how good the predictions of a class are, and how complete.

Of each class, TP examples are predicted as it and are of it, FP are predicted as it and are not, FN are of it and are not
predicted as it. Predictions come first and targets second, as for losses; scikit-learn has them the other way round, and
swapped they would give recall for precision.
"""

from abc import abstractmethod
from typing import Any

from nn.inputs import check_number
from nn.metrics.averaging import Averaging, ClassCounts, Ratio
from nn.metrics.base import Metric
from nn.metrics.growing import added, check_state_of_classes


def precision(
    predictions: Any,
    targets: Any,
    sample_weight: Any = None,
    *,
    average: str | None = "binary",
    num_classes: int | None = None,
    pos_label: int = 1,
    zero_division: float = 0.0,
    threshold: float | None = None,
    ignore_index: int | None = None,
) -> Any:
    """``TP / (TP + FP)``: of what was predicted as a class, the share that is of it.

    Args:
        predictions: scores of classes, predicted labels, or binary scores, as for ``accuracy``. Note that they come first.
        targets: the right labels.
        sample_weight: how much each example counts.
        average: how to bring the classes together. ``"binary"``: no other than ``pos_label`` counts, of two; binary scores of
            several axes are one long list. ``"macro"``: the mean of all classes. ``"weighted"``: their mean, weighted by how
            often each is a target. ``"micro"``: the ratio of the sums over all classes. ``None``: an array, one for each class.
        num_classes: how many classes there are. By default as many as the scores have, or as the largest label needs; then
            ``"macro"`` leaves out those that are neither predicted nor a target.
        pos_label: the class that ``"binary"`` looks at, 0 or 1.
        zero_division: what 0 / 0 is, without a warning: from 0 to 1, or NaN, which leaves the class out of a mean.
        threshold: for binary scores: those above it are class 1. Logits take 0.0, probabilities 0.5.
        ignore_index: a label, such as that of padding; targets equal to it do not count.

    Returns:
        A number, or with ``average=None`` an array. Of no examples it is NaN, whatever ``zero_division`` is.

    **Shapes**: predictions (N, C, ...), (N, ...) or (N, 1, ...); targets (N, ...); sample_weight (N,) or (N, ...) -> a number,
    or (C,).

    Raises:
        TypeError: for what is not numeric, and settings of other types.
        ValueError: as ``accuracy``, for settings out of bounds, more than two classes with ``average="binary"``, and scores of
            another number of classes than ``num_classes``.

    >>> nn.metrics.precision([1, 1, 1, 0], [1, 0, 1, 1])
    0.6666666666666666
    >>> nn.metrics.precision([0, 2, 2, 1], [0, 1, 2, 1], average=None)
    array([1. , 1. , 0.5])
    """
    averaging = Averaging("precision", average, num_classes, pos_label, zero_division, threshold, ignore_index)
    return averaging.averaged(averaging.counts(predictions, targets, sample_weight), _precision)


def recall(
    predictions: Any,
    targets: Any,
    sample_weight: Any = None,
    *,
    average: str | None = "binary",
    num_classes: int | None = None,
    pos_label: int = 1,
    zero_division: float = 0.0,
    threshold: float | None = None,
    ignore_index: int | None = None,
) -> Any:
    """``TP / (TP + FN)``: of what is of a class, the share that was predicted as it. Arguments and errors as ``precision``.

    **Shapes**: as ``precision``.

    >>> nn.metrics.recall([1, 0, 0, 0], [1, 0, 1, 1])
    0.3333333333333333
    """
    averaging = Averaging("recall", average, num_classes, pos_label, zero_division, threshold, ignore_index)
    return averaging.averaged(averaging.counts(predictions, targets, sample_weight), _recall)


def f1_score(
    predictions: Any,
    targets: Any,
    sample_weight: Any = None,
    *,
    average: str | None = "binary",
    num_classes: int | None = None,
    pos_label: int = 1,
    zero_division: float = 0.0,
    threshold: float | None = None,
    ignore_index: int | None = None,
) -> Any:
    """``2 TP / (2 TP + FP + FN)``: the harmonic mean of precision and recall. Arguments and errors as ``precision``.

    **Shapes**: as ``precision``.

    >>> nn.metrics.f1_score([1, 1, 1, 0], [1, 0, 1, 0])
    0.8
    """
    averaging = Averaging("f1_score", average, num_classes, pos_label, zero_division, threshold, ignore_index)
    return averaging.averaged(averaging.counts(predictions, targets, sample_weight), _f_score(1.0))


def fbeta_score(
    predictions: Any,
    targets: Any,
    sample_weight: Any = None,
    *,
    beta: float,
    average: str | None = "binary",
    num_classes: int | None = None,
    pos_label: int = 1,
    zero_division: float = 0.0,
    threshold: float | None = None,
    ignore_index: int | None = None,
) -> Any:
    """``(1 + b^2) TP / ((1 + b^2) TP + FP + b^2 FN)``: a mean of precision and recall; recall counts ``b`` times as much.

    Args:
        beta: the ``b``, 0 or more: 0 gives precision, 1 ``f1_score``. Other arguments and errors are those of ``precision``.

    **Shapes**: as ``precision``.

    Source: C. J. van Rijsbergen, Information Retrieval, 2nd edition, 1979, chapter 7.

    >>> nn.metrics.fbeta_score([1, 1, 1, 0], [1, 0, 1, 0], beta=2.0)
    0.9090909090909091
    """
    check_number("fbeta_score", "beta", beta, least=0)
    averaging = Averaging("fbeta_score", average, num_classes, pos_label, zero_division, threshold, ignore_index)
    return averaging.averaged(averaging.counts(predictions, targets, sample_weight), _f_score(beta))


class _AveragedRatio(Metric):
    """A ratio of the counts of classes, averaged."""

    accumulators = ("hits", "predicted", "actual")

    def __init__(
        self,
        *,
        average: str | None = "binary",
        num_classes: int | None = None,
        pos_label: int = 1,
        zero_division: float = 0.0,
        threshold: float | None = None,
        ignore_index: int | None = None,
        name: str | None = None,
    ) -> None:
        receiver = type(self).__name__
        self._averaging = Averaging(receiver, average, num_classes, pos_label, zero_division, threshold, ignore_index)
        super().__init__(name)

    def reset(self) -> None:
        """Forget all batches."""
        self.hits, self.predicted, self.actual = self._averaging.nothing()

    def update(self, predictions: Any, targets: Any, sample_weight: Any = None) -> None:
        """Add a batch."""
        more = self._averaging.counts(predictions, targets, sample_weight)
        self.hits, self.predicted, self.actual = map(added, (self.hits, self.predicted, self.actual), more)

    def compute(self) -> Any:
        """The number, or with ``average=None`` the array, of all batches; of none, NaN."""
        return self._averaging.averaged(ClassCounts(self.hits, self.predicted, self.actual), self._ratio)

    @abstractmethod
    def _ratio(self, counts: ClassCounts) -> tuple[Any, Any]:
        """Numerator and denominator."""

    def _settings(self) -> dict[str, Any]:
        return {**vars(self), **vars(self._averaging)}

    def _check_state(self, receiver: str, state: dict[str, Any]) -> None:
        check_state_of_classes(receiver, state, self._averaging.num_classes)


class Precision(_AveragedRatio):
    """``TP / (TP + FP)``, batch by batch; see ``precision`` for the arguments, the shapes and the errors.

    >>> metric = nn.metrics.Precision(threshold=0.5)
    >>> metric.update([0.9, 0.6], [1, 0])
    >>> metric.update([0.8, 0.1, 0.7], [1, 1, 1])
    >>> metric.compute()
    0.75
    """

    name = "precision"

    def _ratio(self, counts: ClassCounts) -> tuple[Any, Any]:
        return _precision(counts)


class Recall(_AveragedRatio):
    """``TP / (TP + FN)``, batch by batch; see ``precision`` for the arguments, the shapes and the errors.

    >>> metric = nn.metrics.Recall(average="macro")
    >>> metric.update([[0.1, 0.7, 0.2], [0.6, 0.3, 0.1]], [1, 2])
    >>> metric.update([[0.8, 0.1, 0.1]], [0])
    >>> metric.compute()
    0.6666666666666666
    """

    name = "recall"

    def _ratio(self, counts: ClassCounts) -> tuple[Any, Any]:
        return _recall(counts)


class FBetaScore(_AveragedRatio):
    """The mean of precision and recall of ``fbeta_score``, batch by batch; see there and ``precision`` for the arguments.

    >>> metric = nn.metrics.FBetaScore(beta=2.0)
    >>> metric.update([1, 1, 1, 0], [1, 0, 1, 0])
    >>> metric.compute()
    0.9090909090909091
    """

    name = "fbeta"

    def __init__(
        self,
        beta: float,
        *,
        average: str | None = "binary",
        num_classes: int | None = None,
        pos_label: int = 1,
        zero_division: float = 0.0,
        threshold: float | None = None,
        ignore_index: int | None = None,
        name: str | None = None,
    ) -> None:
        check_number(type(self).__name__, "beta", beta, least=0)
        self.beta = beta
        super().__init__(
            average=average,
            num_classes=num_classes,
            pos_label=pos_label,
            zero_division=zero_division,
            threshold=threshold,
            ignore_index=ignore_index,
            name=name,
        )

    def _ratio(self, counts: ClassCounts) -> tuple[Any, Any]:
        return _f_score(self.beta)(counts)


class F1Score(_AveragedRatio):
    """``2 TP / (2 TP + FP + FN)``, batch by batch; see ``precision`` for the arguments, the shapes and the errors.

    >>> metric = nn.metrics.F1Score()
    >>> metric.update([1, 1], [1, 0])
    >>> metric.update([1, 0], [1, 0])
    >>> metric.compute()
    0.8
    """

    name = "f1"

    def _ratio(self, counts: ClassCounts) -> tuple[Any, Any]:
        return _f_score(1.0)(counts)


# ---------------------------------------------------------------- the ratios


def _precision(counts: ClassCounts) -> tuple[Any, Any]:
    return counts.hits, counts.predicted


def _recall(counts: ClassCounts) -> tuple[Any, Any]:
    return counts.hits, counts.actual


def _f_score(beta: float) -> Ratio:
    square = beta * beta
    return lambda counts: ((1 + square) * counts.hits, counts.predicted + square * counts.actual)
