"""Entropies and products with a logarithm, as in ``scipy.special``, where 0 log(0) counts as 0.

At such a point, where the value is 0 by convention and the slope infinite, the derivative is 0 too, so that an event of
probability 0 adds nothing to a gradient; so it is where a function is a constant infinity, outside its domain.
"""

from typing import Any

import numpy as np

from autograd.gate import op
from autograd.ops.elementwise.guarded import times
from autograd.ops.elementwise.selection import passed
from autograd.ops.special.scipy_access import in_one_dtype, of_scipy
from autograd.samples import complexes, positives, reals, sample

_PROBABLE = (
    sample(reals(3, 4), positives(4)),
    sample(reals(), positives(2, 1)),
    sample(reals(3), 2.5),
    sample(-1.5, positives(2)),
    sample(complexes(3), complexes(2, 1)),
)
_POSITIVE = (
    sample(positives(3, 4), positives(4)),
    sample(positives(), positives(2, 1)),
    sample(positives(3), 2.5),
    sample(1.5, positives(2)),
)


def _floating(*inputs: Any) -> Any:
    """The floating dtype of a result."""
    dtype = np.result_type(*inputs)
    return dtype if dtype.kind in "fc" else np.dtype(np.float64)


# ---------------------------------------------------------------- x log(y)

_MASKED = np.array([0.0, 0.0, 1.5])


@op(elementwise=True, public=False, samples=[sample(_MASKED, positives(2, 3), shift=0), sample(_MASKED, positives(3), shift=1)])
def log_unless_empty(x: Any, y: Any, *, shift: int) -> Any:
    """``log(y + shift)``; 0 where that is log(0) and ``x`` is 0 as well."""
    y = np.where((x == 0) & (y == -shift), 1 - shift, y).astype(_floating(x, y))
    return np.log1p(y) if shift else np.log(y)


@op(
    elementwise=True,
    public=False,
    samples=[sample(_MASKED, positives(2, 3), shift=0, power=1), sample(_MASKED, positives(3), shift=1, power=2)],
)
def power_unless_empty(x: Any, y: Any, *, shift: int, power: int) -> Any:
    """``(y + shift)**-power``; 0 where that is 1 / 0 and ``x`` is 0 as well."""
    empty = (x == 0) & (y == -shift)
    base = np.where(empty, 1, y + shift).astype(_floating(x, y))
    return (base**-power * np.logical_not(empty))[()]


log_unless_empty.vjp(x=None, y=lambda g, x, y, shift: times(g, power_unless_empty(x, y, shift=shift, power=1)))
power_unless_empty.vjp(
    x=None,
    y=lambda g, x, y, shift, power: times(g, -power * power_unless_empty(x, y, shift=shift, power=power + 1)),
)


@op(elementwise=True, numpy="xlogy", samples=_PROBABLE)
def xlogy(x: Any, y: Any) -> Any:
    """``x log(y)``, 0 where ``x`` is 0; derivatives ``log(y)`` and ``x / y``, both 0 where ``x`` and ``y`` are 0.

    Needs SciPy. Takes complex numbers.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.special.xlogy(np.array([0.0, 2.0]), np.array([0.0, 3.0]))
    array([0.        , 2.19722458])
    """
    return of_scipy("xlogy")(*in_one_dtype(x, y))


xlogy.vjp(
    x=lambda g, x, y: times(g, log_unless_empty(x, y, shift=0)),
    y=lambda g, x, y: times(g, x * power_unless_empty(x, y, shift=0, power=1)),
)


@op(elementwise=True, numpy="xlog1py", samples=_PROBABLE)
def xlog1py(x: Any, y: Any) -> Any:
    """``x log(1 + y)``, accurate near y = 0, and 0 where ``x`` is 0; derivatives ``log(1 + y)`` and ``x / (1 + y)``.

    Both are 0 where ``x`` is 0 and ``y`` is -1. Needs SciPy. Takes complex numbers.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.special.xlog1py(np.array([0.0, 2.0]), np.array([-1.0, 1e-20]))
    array([0.e+00, 2.e-20])
    """
    return of_scipy("xlog1py")(*in_one_dtype(x, y))


xlog1py.vjp(
    x=lambda g, x, y: times(g, log_unless_empty(x, y, shift=1)),
    y=lambda g, x, y: times(g, x * power_unless_empty(x, y, shift=1, power=1)),
)


# ---------------------------------------------------------------- entropies

_EITHER_SIGN = reals(3, 4, away_from=0.0)


@op(elementwise=True, public=False, samples=[sample(_EITHER_SIGN, power=1), sample(reals(away_from=0.0), power=2)])
def power_of_positive(x: Any, *, power: int) -> Any:
    """``x**-power`` where ``x`` is positive, and 0 elsewhere."""
    positive = x > 0
    return (np.where(positive, x, 1) ** -power * positive)[()]


power_of_positive.vjp(x=lambda g, x, power: g * (-power * power_of_positive(x, power=power + 1)))


@op(
    elementwise=True,
    public=False,
    samples=[sample(_EITHER_SIGN, reals(4, away_from=0.0)), sample(positives(3), 2.0), sample(2.0, positives())],
)
def log_of_ratio(x: Any, y: Any) -> Any:
    """``log(x / y)`` where both are positive, and 0 elsewhere."""
    inside = (x > 0) & (y > 0)
    dtype = _floating(x, y)
    return np.log(np.where(inside, x, 1).astype(dtype) / np.where(inside, y, 1).astype(dtype))


log_of_ratio.vjp(
    x=lambda g, x, y: passed(g, y > 0) * power_of_positive(x, power=1),
    y=lambda g, x, y: -passed(g, x > 0) * power_of_positive(y, power=1),
)


@op(elementwise=True, numpy="entr", samples=(sample(positives(3, 4)), sample(positives())))
def entr(x: Any) -> Any:
    """``-x log(x)``, what an event adds to the entropy; derivative ``-log(x) - 1``, 0 at 0 and below.

    At 0 it is 0, below minus infinity. Needs SciPy.

    Shapes: any -> same.

    >>> ag.special.entr(np.array([0.0, 0.5, 1.0]))
    array([ 0.        ,  0.34657359, -0.        ])
    """
    return of_scipy("entr")(x)


entr.vjp(x=lambda g, x: passed(g, x > 0) * -(1 + log_of_ratio(x, 1)))


@op(elementwise=True, numpy="rel_entr", samples=_POSITIVE)
def rel_entr(x: Any, y: Any) -> Any:
    """``x log(x / y)``, whose sum is the Kullback-Leibler divergence; derivatives ``log(x / y) + 1`` and ``-x / y``.

    Where x = 0 and y >= 0 it is 0, where ``x`` or ``y`` is negative, or ``y`` alone 0, infinite; there both derivatives are 0.
    Needs SciPy.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.special.rel_entr(np.array([0.0, 0.5]), np.array([0.5, 0.25]))
    array([0.        , 0.34657359])
    """
    return of_scipy("rel_entr")(*in_one_dtype(x, y))


rel_entr.vjp(
    x=lambda g, x, y: passed(g, (x > 0) & (y > 0)) * (1 + log_of_ratio(x, y)),
    y=lambda g, x, y: passed(g, x > 0) * (-x * power_of_positive(y, power=1)),
)


@op(elementwise=True, numpy="kl_div", samples=_POSITIVE)
def kl_div(x: Any, y: Any) -> Any:
    """``x log(x / y) - x + y``, never negative; derivatives ``log(x / y)`` and ``1 - x / y``.

    Its sum is the Kullback-Leibler divergence for probabilities that add up to 1. Where x = 0 and y >= 0 it is ``y``, with
    derivatives 0 and 1; where it is infinite, both are 0. Needs SciPy.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.special.kl_div(np.array([0.0, 0.5]), np.array([0.5, 0.25]))
    array([0.5       , 0.09657359])
    """
    return of_scipy("kl_div")(*in_one_dtype(x, y))


kl_div.vjp(
    x=lambda g, x, y: passed(g, (x > 0) & (y > 0)) * log_of_ratio(x, y),
    y=lambda g, x, y: passed(g, (x >= 0) & (y >= 0) & ((x == 0) | (y > 0))) * (1 - x * power_of_positive(y, power=1)),
)
