"""How the losses of single elements become one number: ``total``, ``spread``, ``of_examples``.

An elementwise loss is one op: the losses, their sum and the division by their number. Its static ``divisor`` is what the sum is
divided by, 1 for the sum itself, and ``None`` where each element keeps its loss. All its inputs have one shape.
"""

import math
from typing import Any

import numpy as np

from autograd.batch_rules import stretched


def total(losses: Any, divisor: int | None) -> Any:
    """In a forward function: the losses as they are, or their sum divided by ``divisor``; NaN for the mean of nothing."""
    if divisor is None:
        return losses
    whole = np.add.reduce(losses, axis=None)
    return whole / divisor if divisor else whole * math.nan  # not 0 / 0, at which NumPy warns


def spread(g: Any, divisor: int | None) -> Any:
    """In a gradient rule: what flows to the loss of a single element."""
    if divisor is None or divisor == 1:
        return g
    return g / divisor if divisor else g * math.nan


def of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """The batching rule: all losses at once, and a sum for each example."""
    whole = [stretched(each, is_mapped, level.size) for each, is_mapped in zip(arrays, mapped, strict=True)]
    losses = record.call(*whole, **statics | {"divisor": None})
    divisor = statics["divisor"]
    if divisor is None:
        return losses
    sums = np.sum(losses, axis=tuple(range(1, losses.ndim)))
    return sums / divisor if divisor else sums * math.nan
