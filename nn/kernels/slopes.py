"""Activations that give their slope along with their value: ``value``, ``differentiated_by_slope``.

Note [slopes]: value and slope of a function such as ``x Phi(x)`` share what is expensive about them. So an op of this kind is a
function ``f(x, *, slope)`` that returns the value alone, or value and slope; with the slope, the way back is one product.
The slope is an output like any other, which makes second derivatives a matter of its own slope, the *curvature*, for which
there is a plain text. Where nothing is recorded, ``value`` asks for no slope.
"""

from collections.abc import Callable
from typing import Any

from autograd import Tensor


def value(op: Any, x: Any) -> Any:
    """``op`` of ``x``, without the slope where no gradient will need it."""
    return op(x, slope=isinstance(x, Tensor) and x.requires_grad)[0]


def differentiated_by_slope(op: Any, curvature: Callable[[Any], Any]) -> None:
    """Give the op its gradient rule: Note [slopes]. ``curvature(x)``: the second derivative, as a text."""

    def rule(g: Any, out: Any, x: Any, slope: bool) -> Any:
        to_value, to_slope = g if slope else (g[0], None)
        flow = None
        if to_value is not None:
            flow = to_value * (out[1] if slope else op(x, slope=True)[1])
        if to_slope is not None:
            bent = to_slope * curvature(x)
            flow = bent if flow is None else flow + bent
        return flow

    op.vjp(x=rule)
