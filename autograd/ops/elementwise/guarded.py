"""Products and quotients for gradient rules, in which a cotangent of 0 stays 0, whatever it meets.

Note [guarded rules]: some derivatives are infinite at the border of a function's domain: that of ``sqrt(x)`` at 0, of ``1 / x``
and ``log(x)`` at 0. Where such a result was not used, as in ``np.where(x > 0, np.sqrt(x), 0)``, the cotangent is 0, and the
plain rule makes NaN of ``0 / 0`` or ``0 * inf``, and beyond the border, where the slope is NaN, of that. What was not used has
no influence: the gradient there is 0. So rules with such slopes are written ``over(g, d)`` in place of ``g / d``, and
``times(g, slope)`` in place of ``g * slope``.

The rules of the guarded operations are guarded themselves. In the second order the cotangent may be infinite and the first
one 0, so ``times`` takes its factors alike.

The processor notices an invalid operation by itself, so the check costs large arrays little: the plain operation runs first,
and the careful one only where it was invalid or made a NaN. An infinite gradient that was asked for stays, with NumPy's
warning.
"""

from typing import Any

import numpy as np

from autograd.gate import op
from autograd.samples import complexes, reals, sample
from autograd.tensors import Tensor

_FEW = 256  # with fewer elements than this, looking at each costs less than watching over the division


def _product(x1: Any, x2: Any) -> Any:
    try:
        with np.errstate(invalid="raise"):
            out = x1 * x2
    except FloatingPointError:
        return _careful_product(x1, x2)
    return _careful_product(x1, x2) if _has_nan(out) else out


def _careful_product(x1: Any, x2: Any) -> Any:
    with np.errstate(invalid="ignore"):
        unused = (x1 == 0) & ~np.isfinite(x2) | (x2 == 0) & np.isinf(x1)
        return np.where(unused, 0, x1 * x2)[()]


def _quotient(x1: Any, x2: Any) -> Any:
    if (x2.size < _FEW and np.count_nonzero(x2) == x2.size) if isinstance(x2, np.ndarray) else x2 != 0:
        out = x1 / x2
    else:
        try:
            with np.errstate(invalid="raise"):
                out = x1 / x2
        except FloatingPointError:
            return _careful_quotient(x1, x2)
    return _careful_quotient(x1, x2) if _has_nan(out) else out


def _careful_quotient(x1: Any, x2: Any) -> Any:
    with np.errstate(invalid="ignore"):
        return np.where((x1 == 0) & ((x2 == 0) | np.isnan(x2)), 0, x1 / x2)[()]


def _has_nan(x: Any) -> Any:
    """Whether there is a NaN: then it is the smallest element."""
    if isinstance(x, np.ndarray):
        x = np.minimum.reduce(x.reshape(-1)) if x.size else 0
    return x != x


@op(elementwise=True, public=False, samples=[sample(reals(3, 4), reals(4)), sample(complexes(3), complexes(2, 1))])
def guarded_multiply(x1: Any, x2: Any) -> Any:
    """``x1 * x2``, and 0 where one is 0 and the other infinite, or ``x1`` is 0 and ``x2`` is NaN."""
    return _product(x1, x2)


@op(
    elementwise=True,
    public=False,
    samples=[sample(reals(3, 4), reals(4, away_from=0.0)), sample(complexes(3), complexes(2, 1))],
)
def guarded_divide(x1: Any, x2: Any) -> Any:
    """``x1 / x2``, and 0 where both are 0, or ``x1`` is 0 and ``x2`` is NaN."""
    return _quotient(x1, x2)


def times(g: Any, slope: Any) -> Any:
    """``g * slope`` for a gradient rule: 0 where one of them is 0, also where the other is infinite."""
    if isinstance(g, Tensor) or isinstance(slope, Tensor):
        return guarded_multiply(g, slope)
    return _product(g, slope)  # past the gate, which takes a microsecond


def over(g: Any, divisor: Any) -> Any:
    """``g / divisor`` for a gradient rule: 0 where the cotangent ``g`` is 0, also where the divisor is."""
    if isinstance(g, Tensor) or isinstance(divisor, Tensor):
        return guarded_divide(g, divisor)
    return _quotient(g, divisor)


guarded_multiply.vjp(x1=lambda g, x2: times(g, x2), x2=lambda g, x1: times(g, x1))
guarded_divide.vjp(x1=lambda g, x2: over(g, x2), x2=lambda g, x1, x2: -over(over(times(g, x1), x2), x2))


def or_infinite(r: Any) -> Any:
    """``r``, and infinity where it is 0: as a divisor it makes quotients, and all their derivatives, 0 there."""
    return np.where(r == 0, np.inf, r)
