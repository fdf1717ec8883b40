"""Losses of numbers that should be near others: ``squared_error``, ``absolute_error``, ``huber_error``.

Each is antisymmetric in the slope: what flows to ``y`` is the negative of what flows to ``x``.
"""

from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample
from nn.kernels.reductions import of_examples, spread, total


def _samples(**statics: Any) -> list[Any]:
    pair = (reals(2, 3), reals(2, 3, low=3.0, high=5.0))
    return [sample(*pair, **statics, divisor=None), sample(*pair, **statics, divisor=6)]


@ag.op(name="squared_error", public=False, samples=_samples())
def squared_error(x: Any, y: Any, *, divisor: int | None) -> Any:
    """``(x - y)**2``."""
    difference = x - y
    if divisor is None:
        return difference * difference
    flat = difference.ravel("K")
    return total(np.dot(flat, flat), divisor)


squared_error.vjp(
    x=lambda g, x, y, divisor: (x - y) * (spread(g, divisor) * 2),
    y=lambda g, x, y, divisor: (x - y) * (spread(g, divisor) * -2),
)


@ag.op(name="absolute_error", public=False, samples=_samples())
def absolute_error(x: Any, y: Any, *, divisor: int | None) -> Any:
    """``|x - y|``."""
    return total(abs(x - y), divisor)


absolute_error.vjp(
    x=lambda g, x, y, divisor: np.sign(x - y) * spread(g, divisor),
    y=lambda g, x, y, divisor: np.sign(y - x) * spread(g, divisor),
)


@ag.op(name="huber_error", public=False, samples=_samples(delta=2.5, scale=0.5))
def huber_error(x: Any, y: Any, *, delta: float, scale: float, divisor: int | None) -> Any:
    """``scale`` times ``(x - y)**2 / 2``, continued by straight lines where ``|x - y|`` is more than ``delta``."""
    distance = abs(x - y)
    bounded = np.minimum(distance, delta)
    return total(bounded * (distance - bounded * 0.5) * scale, divisor)


huber_error.vjp(
    x=lambda g, x, y, delta, scale, divisor: np.clip(x - y, -delta, delta) * (spread(g, divisor) * scale),
    y=lambda g, x, y, delta, scale, divisor: np.clip(y - x, -delta, delta) * (spread(g, divisor) * scale),
)

for _each in (squared_error, absolute_error, huber_error):
    _each.batch(of_examples)
