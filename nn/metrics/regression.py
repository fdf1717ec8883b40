"""How far predicted numbers are from the right ones, and how much of the targets' variation they explain."""

import math
from abc import abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np

from nn.metrics.base import Metric
from nn.metrics.labels import element_weights, first_place, place, plain_array


def mean_absolute_error(predictions: Any, targets: Any, sample_weight: Any = None) -> float:
    """``sum(w * |prediction - target|) / sum(w)``, over all elements. Of nothing it is NaN.

    Args:
        predictions: numbers of the targets' shape; nothing is broadcast.
        targets: the right ones.
        sample_weight: how much each example counts.

    **Shapes**: predictions and targets (N, ...), sample_weight (N,) or (N, ...) -> a number.

    Raises:
        TypeError: for what is not numeric.
        ValueError: for shapes that differ, and numbers that are not finite.

    >>> nn.metrics.mean_absolute_error([1.0, 2.0, 4.0], [1.0, 1.0, 2.0])
    1.0
    """
    return _mean(*_summed_errors("mean_absolute_error", predictions, targets, sample_weight, np.abs))


def mean_squared_error(predictions: Any, targets: Any, sample_weight: Any = None) -> float:
    """``sum(w * (prediction - target)^2) / sum(w)``, over all elements. Arguments and errors as ``mean_absolute_error``.

    **Shapes**: as ``mean_absolute_error``.

    >>> nn.metrics.mean_squared_error([1.0, 2.0, 4.0], [1.0, 1.0, 2.0])
    1.6666666666666667
    """
    return _mean(*_summed_errors("mean_squared_error", predictions, targets, sample_weight, np.square))


def root_mean_squared_error(predictions: Any, targets: Any, sample_weight: Any = None) -> float:
    """The square root of ``mean_squared_error``, in the units of the targets. Arguments and errors as ``mean_absolute_error``.

    Of several outputs it is the root of the mean over all of them; scikit-learn's is the mean of the roots of each.

    **Shapes**: as ``mean_absolute_error``.

    >>> nn.metrics.root_mean_squared_error([1.0, 5.0], [1.0, 1.0])
    2.8284271247461903
    """
    return math.sqrt(_mean(*_summed_errors("root_mean_squared_error", predictions, targets, sample_weight, np.square)))


class _MeanError(Metric):
    """A mean over elements."""

    accumulators = ("total", "weight")

    @abstractmethod
    def _errors(self, difference: Any) -> Any:
        """The error of each element."""

    def reset(self) -> None:
        """Forget all batches."""
        self.total = 0.0
        self.weight = 0.0

    def update(self, predictions: Any, targets: Any, sample_weight: Any = None) -> None:
        """Add a batch."""
        total, weight = _summed_errors(type(self).__name__, predictions, targets, sample_weight, self._errors)
        self.total += total
        self.weight += weight

    def compute(self) -> float:
        """The error over all batches; of none, NaN."""
        return _mean(self.total, self.weight)


class MeanAbsoluteError(_MeanError):
    """The mean of ``|prediction - target|``, batch by batch; see ``mean_absolute_error`` for arguments, shapes and errors.

    >>> metric = nn.metrics.MeanAbsoluteError()
    >>> metric.update([1.0, 2.0], [1.0, 1.0])
    >>> metric.update([4.0], [2.0])
    >>> metric.compute()
    1.0
    """

    name = "mae"

    def _errors(self, difference: Any) -> Any:
        return np.abs(difference)


class MeanSquaredError(_MeanError):
    """The mean of ``(prediction - target)^2``, batch by batch; see ``mean_squared_error`` for arguments, shapes and errors.

    >>> metric = nn.metrics.MeanSquaredError()
    >>> metric.update([1.0, 2.0], [1.0, 1.0])
    >>> metric.update([4.0], [2.0])
    >>> metric.compute()
    1.6666666666666667
    """

    name = "mse"

    def _errors(self, difference: Any) -> Any:
        return np.square(difference)


class RootMeanSquaredError(_MeanError):
    """The root of the mean squared error, batch by batch; see ``root_mean_squared_error`` for arguments, shapes and errors.

    It is the root of the mean over all batches, not the mean of the batches' roots.

    >>> metric = nn.metrics.RootMeanSquaredError()
    >>> metric.update([1.0], [1.0])
    >>> metric.update([5.0], [1.0])
    >>> metric.compute()
    2.8284271247461903
    """

    name = "rmse"

    def _errors(self, difference: Any) -> Any:
        return np.square(difference)

    def compute(self) -> float:
        """The error over all batches; of none, NaN."""
        return math.sqrt(_mean(self.total, self.weight))


def matched_numbers(receiver: str, predictions: Any, targets: Any) -> tuple[Any, Any]:
    """Predictions and targets in float64.

    Raises:
        TypeError: for what is not numeric.
        ValueError: for shapes that differ, no axis of examples, and numbers that are not finite.
    """
    predictions = plain_array(predictions, receiver, "predictions").astype(np.float64, copy=False)
    targets = plain_array(targets, receiver, "targets").astype(np.float64, copy=False)
    shape, expected = predictions.shape, targets.shape
    if shape != expected or not shape:
        advice = ""
        if shape == (*expected, 1):
            advice = "; write predictions[..., 0]"
        elif expected == (*shape, 1):
            advice = "; write targets[..., 0]"
        raise ValueError(
            f"{receiver}: expected predictions and targets of one shape (N, ...), received predictions {shape} and targets "
            f"{expected}{advice}"
        )
    for what, numbers in (("predictions", predictions), ("targets", targets)):
        finite = np.isfinite(numbers)
        if not finite.all():
            where = first_place(~finite)
            raise ValueError(f"{receiver}: expected {what} that are finite, received {numbers[where]} at {place(where)}")
    return predictions, targets


def _summed_errors(
    receiver: str, predictions: Any, targets: Any, sample_weight: Any, errors_of: Callable[[Any], Any]
) -> tuple[float, float]:
    """The weighted sum of the errors, and that of the weights."""
    predictions, targets = matched_numbers(receiver, predictions, targets)
    errors = errors_of(predictions - targets)
    if sample_weight is None:
        return float(errors.sum()), float(errors.size)
    weights = element_weights(receiver, sample_weight, errors.shape)
    return float((weights * errors).sum()), float(weights.sum())


def _mean(total: float, weight: float) -> float:
    return total / weight if weight else math.nan
