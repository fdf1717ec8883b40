"""A metric from a function of one's own."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nn.metrics.base import Metric
from nn.metrics.labels import element_weights, plain_array


class FunctionMetric(Metric):
    """The mean of what a function says of each example, over all batches.

    Args:
        function: called as ``function(predictions, targets)`` with the arrays of a batch. It returns one number for each
            example, or for each of its elements, an array (N, ...); or one number, the mean over the batch, which then counts
            as often as there are examples. A number that is no mean over examples (a root, a maximum, a ratio of counts) comes
            out wrong: such a metric needs a subclass of ``Metric`` that keeps sums.
        name: the key under which a ``Trainer`` records the metric; by default the function's name.

    **Shapes**: predictions (N, ...), targets (N, ...), sample_weight (N,) -> a number.

    Raises:
        TypeError: for what is no function, one without a name (such as ``lambda``) if none is given, and when it returns what
            is not numeric.
        ValueError: when the function returns an array without a first axis of N, NaN, or one number where there are weights.

    >>> def within_a_tenth(predictions, targets):
    ...     return np.abs(predictions - targets) < 0.1
    >>> metric = nn.metrics.FunctionMetric(within_a_tenth)
    >>> metric.update([1.0, 2.0], [1.05, 3.0])
    >>> metric.update([4.0], [4.0])
    >>> metric.name, metric.compute()
    ('within_a_tenth', 0.6666666666666666)
    """

    accumulators = ("total", "weight")

    def __init__(self, function: Callable[[Any, Any], Any], name: str | None = None) -> None:
        if not callable(function):
            raise TypeError(f"FunctionMetric: expected a function of predictions and targets, received {function!r}")
        self.function = function
        if name is None:
            name = getattr(function, "__name__", "<lambda>")  # a partial has none
            if name == "<lambda>":
                raise TypeError("FunctionMetric: expected a name, since the function has none; write FunctionMetric(f, 'name')")
        super().__init__(name)

    def reset(self) -> None:
        """Forget all batches."""
        self.total = 0.0
        self.weight = 0.0

    def update(self, predictions: Any, targets: Any, sample_weight: Any = None) -> None:
        """Add a batch."""
        receiver = f"FunctionMetric {self.name}"
        predictions = plain_array(predictions, receiver, "predictions")
        targets = plain_array(targets, receiver, "targets")
        if not targets.ndim:
            raise ValueError(f"{receiver}: expected targets (N, ...), received a single number")
        values = plain_array(self.function(predictions, targets), receiver, "what the function returns")
        values = values.astype(np.float64)
        count = len(targets)
        if not values.ndim:
            if sample_weight is not None:
                raise ValueError(
                    f"{receiver}: expected a number for each example, since there is a sample_weight; the function returned "
                    "one number for the batch"
                )
            if not count:
                return  # the mean of nothing
            values = np.full(count, values)
        elif len(values) != count:
            raise ValueError(
                f"{receiver}: expected a number for each of {count} examples, or one for the batch; the function returned "
                f"shape {values.shape}"
            )
        if np.isnan(values).any():
            raise ValueError(f"{receiver}: the function returned NaN")
        weights = np.ones(values.shape) if sample_weight is None else element_weights(receiver, sample_weight, values.shape)
        self.total += float((weights * values).sum())
        self.weight += float(weights.sum())

    def compute(self) -> float:
        """The mean over all batches; of none, NaN."""
        return self.total / self.weight if self.weight else math.nan
