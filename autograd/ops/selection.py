"""Choices between values, elementwise: the larger, the smaller, by a condition, within limits.

The gradient goes to what was chosen. At kinks: ``maximum(x1, x2)`` is ``where(x1 > x2, x1, x2)``, so at a tie the second
input receives the gradient, and ``maximum(x, 0)`` agrees with ``relu(x)``; ``clip`` passes nothing at its ends.
"""

from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.comparison import nonzero
from autograd.samples import booleans, distinct, reals, sample


@op(
    elementwise=True, linear=True, public=False, samples=[sample(reals(3, 4), booleans(3, 4)), sample(reals(4), booleans(3, 1))]
)
def passed(x: Any, mask: Any) -> Any:
    """``x`` where the mask is true and 0 elsewhere, also where ``x`` is infinite or NaN: what a choice lets through.

    A product is ten times faster than ``np.where`` on a random mask, and wrong only where it makes NaN of infinity times 0;
    a sum of squares tells whether it did.
    """
    product = x * mask
    flat = np.ravel(product)
    return product if np.isfinite(np.dot(flat, flat)) else np.where(mask, x, 0)


passed.vjp(x=lambda g, mask: passed(g, mask), mask=None)


@op(elementwise=True, numpy=np.maximum, samples=(sample(distinct(3, 4), distinct(4)), sample(reals(3, away_from=0.5), 0.5)))
def maximum(x1: Any, x2: Any) -> Any:
    """The larger of two, NaN if either is; the gradient goes to ``x1`` where ``x1 > x2`` and else to ``x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.maximum(np.array([1.0, -2.0]), 0.0)
    array([1., 0.])
    """
    return np.maximum(x1, x2)


maximum.vjp(x1=lambda g, x1, x2: passed(g, x1 > x2), x2=lambda g, x1, x2: passed(g, np.logical_not(x1 > x2)))


@op(elementwise=True, numpy=np.minimum, samples=(sample(distinct(3, 4), distinct(4)), sample(reals(3, away_from=0.5), 0.5)))
def minimum(x1: Any, x2: Any) -> Any:
    """The smaller of two, NaN if either is; the gradient goes to ``x1`` where ``x1 < x2`` and else to ``x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.minimum(np.array([1.0, -2.0]), 0.0)
    array([ 0., -2.])
    """
    return np.minimum(x1, x2)


minimum.vjp(x1=lambda g, x1, x2: passed(g, x1 < x2), x2=lambda g, x1, x2: passed(g, np.logical_not(x1 < x2)))


@op(
    elementwise=True,
    name="where",
    public=False,
    samples=[
        sample(booleans(3, 4), reals(4), reals(3, 1)),
        sample(booleans(3), reals(3), 0.0),
        sample(booleans(3), 1.0, reals()),
    ],
)
def _where(condition: Any, x1: Any, x2: Any) -> Any:
    return np.where(condition, x1, x2)


_where.vjp(
    condition=None,
    x1=lambda g, condition: np.where(condition, g, 0),
    x2=lambda g, condition: np.where(condition, 0, g),
)


@function(np.where, samples=[sample(booleans(3, 4), reals(4), reals(3, 1)), sample(booleans(3), reals(3), 0.0)])
def where(condition: Any, x1: Any = None, x2: Any = None, /) -> Any:
    """``x1`` where the condition holds and ``x2`` elsewhere; the gradient goes to what was chosen.

    With the condition alone: the indices of the elements that are not zero, as ``nonzero`` gives them.

    Shapes: any three that broadcast -> their broadcast.

    Raises:
        ValueError: when only one of ``x1`` and ``x2`` is given.

    >>> ag.where(np.array([True, False]), np.array([1.0, 2.0]), 0.0)
    array([1., 0.])
    """
    if (x1 is None) != (x2 is None):
        raise ValueError("where: expected a condition alone, or with both x1 and x2; received one of the two")
    if x1 is None:
        return nonzero(condition)
    return _where(condition, x1, x2)


@op(
    elementwise=True,
    name="clip",
    public=False,
    samples=[
        sample(distinct(3, 4), reals(4, low=-0.95, high=-0.92), reals(3, 1, low=0.91, high=0.94)),
        sample(reals(5, away_from=0.5), 0.5, None),
        sample(reals(5, away_from=0.5), None, 0.5),
    ],
)
def _clip(x: Any, min: Any, max: Any) -> Any:
    return np.clip(x, min, max)


def _raised(x: Any, min: Any) -> Any:
    return x if min is None else np.maximum(x, min)


_clip.vjp(
    x=lambda g, x, min, max: passed(g, (True if min is None else x > min) & (True if max is None else x < max)),
    min=lambda g, x, min, max: passed(g, (x <= min) & (True if max is None else min < max)),
    max=lambda g, x, min, max: passed(g, np.logical_not(_raised(x, min) < max)),
)


@function(np.clip, samples=[sample(distinct(3, 4), -0.93, 0.92), sample(reals(5, away_from=0.5), min=0.5)])
def clip(x: Any, min: Any = None, max: Any = None, *, a_min: Any = None, a_max: Any = None) -> Any:
    """``minimum(maximum(x, min), max)``; ``None`` for no limit.

    The derivative is 1 strictly between the limits, 0 at them and beyond; there the gradient goes to the limit.
    ``a_min`` and ``a_max`` are NumPy's older names of the limits.

    Shapes: any three that broadcast -> their broadcast.

    >>> ag.clip(np.array([-2.0, 0.5, 3.0]), 0.0, 1.0)
    array([0. , 0.5, 1. ])
    """
    return _clip(x, a_min if min is None else min, a_max if max is None else max)
