"""R², the coefficient of determination: the share of the targets' variation that predictions explain."""

import math
from typing import Any, NamedTuple

import numpy as np

from nn.metrics.base import Metric
from nn.metrics.labels import element_weights
from nn.metrics.regression import matched_numbers

MULTIOUTPUTS = ("uniform_average", "variance_weighted", "raw_values")


class Variation(NamedTuple):
    """What R² needs to know of examples, of each of D outputs.

    The targets' variation is kept around their mean, which two batches' can be added to exactly enough; the sum of the squares
    less the square of the sum would lose all digits where the mean is large. All is relative to the first target, so that the
    variation of equal targets is 0 to the last bit.
    """

    examples: int  # of any weight
    weight: Any  # (D,)
    origin: Any  # (D,), the first target
    mean: Any  # (D,), of the targets less the origin
    variation: Any  # (D,), sum(w * (target - mean)^2)
    residual: Any  # (D,), sum(w * (target - prediction)^2)


NOTHING = Variation(0, np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))


def r2_score(predictions: Any, targets: Any, sample_weight: Any = None, *, multioutput: str = "uniform_average") -> Any:
    """``1 - sum(w * (target - prediction)^2) / sum(w * (target - mean target)^2)``.

    1 is perfect, 0 is no better than always the mean target, below 0 is worse. Where all targets are equal it is 1 if the
    predictions are right, and 0 if not, as in scikit-learn. Of fewer than two examples it is NaN.

    Args:
        predictions: numbers of the targets' shape; nothing is broadcast. Note that they come first: swapped, the number is
            another one.
        targets: the right ones.
        sample_weight: how much each example counts.
        multioutput: of several outputs: ``"uniform_average"``, the mean of their R²; ``"variance_weighted"``, the mean weighted
            by the variation of each; ``"raw_values"``, an array.

    **Shapes**: predictions and targets (N,) or (N, ...), sample_weight (N,) or (N, ...) -> a number, or (D,) for D elements an
    example, in the order of ``reshape(N, -1)``.

    Raises:
        TypeError: for what is not numeric.
        ValueError: for shapes that differ, numbers that are not finite, and an unknown ``multioutput``.

    >>> nn.metrics.r2_score([2.5, 0.0, 2.0, 8.0], [3.0, -0.5, 2.0, 7.0])
    0.9486081370449679
    """
    _check("r2_score", multioutput)
    return _score(_variation("r2_score", predictions, targets, sample_weight, NOTHING), multioutput)


class R2Score(Metric):
    """The coefficient of determination, batch by batch; see ``r2_score`` for the arguments, the shapes and the errors.

    >>> metric = nn.metrics.R2Score()
    >>> metric.update([2.5, 0.0, 2.0], [3.0, -0.5, 2.0])
    >>> metric.update([8.0], [7.0])
    >>> round(metric.compute(), 12)
    0.948608137045
    """

    name = "r2"
    accumulators = Variation._fields

    def __init__(self, *, multioutput: str = "uniform_average", name: str | None = None) -> None:
        _check("R2Score", multioutput)
        self.multioutput = multioutput
        super().__init__(name)

    def reset(self) -> None:
        """Forget all batches."""
        self._set(NOTHING)

    def update(self, predictions: Any, targets: Any, sample_weight: Any = None) -> None:
        """Add a batch."""
        present = self._get()
        self._set(_added(present, _variation("R2Score", predictions, targets, sample_weight, present)))

    def compute(self) -> Any:
        """R² of all batches, or with ``"raw_values"`` that of each output; of fewer than two examples, NaN."""
        return _score(self._get(), self.multioutput)

    def _get(self) -> Variation:
        return Variation(*[getattr(self, name) for name in Variation._fields])

    def _set(self, variation: Variation) -> None:
        vars(self).update(variation._asdict())


def _check(receiver: str, multioutput: str) -> None:
    if multioutput not in MULTIOUTPUTS:
        raise ValueError(f"{receiver}: expected multioutput, one of {', '.join(MULTIOUTPUTS)}; received {multioutput!r}")


def _variation(receiver: str, predictions: Any, targets: Any, sample_weight: Any, before: Variation) -> Variation:
    """That of one batch, relative to the origin of the batches before, if there were any."""
    predictions, targets = matched_numbers(receiver, predictions, targets)
    count = len(targets)
    if not count:
        return NOTHING
    weights = np.ones(targets.shape) if sample_weight is None else element_weights(receiver, sample_weight, targets.shape)
    predictions, targets, weights = [each.reshape(count, -1) for each in (predictions, targets, weights)]
    origin = before.origin if before.examples else targets[0].copy()
    if origin.shape != targets.shape[1:]:
        raise ValueError(f"{receiver}: expected {origin.size} outputs, as in the batches before; received {targets.shape[1]}")
    offsets = targets - origin
    weight = weights.sum(axis=0)
    mean = (weights * offsets).sum(axis=0) / np.where(weight == 0, 1, weight)
    variation = (weights * (offsets - mean) ** 2).sum(axis=0)
    return Variation(count, weight, origin, mean, variation, (weights * (targets - predictions) ** 2).sum(axis=0))


def _added(one: Variation, other: Variation) -> Variation:
    """That of both batches, as Chan, Golub and LeVeque (1979) add two variances."""
    if not one.examples or not other.examples:
        return one if one.examples else other
    weight = one.weight + other.weight
    share = other.weight / np.where(weight == 0, 1, weight)
    apart = other.mean - one.mean
    return Variation(
        one.examples + other.examples,
        weight,
        one.origin,
        one.mean + apart * share,
        one.variation + other.variation + apart * apart * one.weight * share,
        one.residual + other.residual,
    )


def _score(total: Variation, multioutput: str) -> Any:
    constant = total.variation == 0
    scores = np.where(constant, total.residual == 0, 1 - total.residual / np.where(constant, 1, total.variation))
    scores[total.weight == 0] = math.nan
    if total.examples < 2:
        scores[:] = math.nan
    if multioutput == "raw_values":
        return scores
    if not scores.size:
        return math.nan
    weights = total.variation if multioutput == "variance_weighted" and not constant.all() else np.ones(scores.shape)
    return float((scores * weights).sum() / weights.sum())
