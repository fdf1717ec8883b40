"""Powers, exponentials and logarithms, elementwise, read like the formula sheet that ``arithmetic`` begins.

``power`` has a derivative of 0 with respect to its base where the exponent is 0, and with respect to its exponent where the
base is 0. The square root's and the cube root's slopes at 0 are infinite, and rules with such slopes are guarded: see Note
[guarded rules] in ``guarded``.
"""

from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.casting import cast
from autograd.ops.elementwise.activation import sigmoid
from autograd.ops.elementwise.guarded import over, times
from autograd.samples import ANY, complexes, integers, positives, reals, sample

LOG_2, LOG_10 = float(np.log(2.0)), float(np.log(10.0))


_COMPLEX = ((sample(complexes(3)), TypeError),)
_COMPLEX_PAIR = ((sample(complexes(3), complexes(3)), TypeError),)
_RIGHT_OF_0 = (sample(positives(3, 4)), sample(positives()), sample(complexes(3)))


# ---------------------------------------------------------------- powers


def _log(x: Any) -> Any:
    """``log(x)``. A literal's is one, which leaves float32 what it is; small integers become float64."""
    if isinstance(x, int | float | complex):
        return np.log(x).item()
    return np.log(x * 1.0)


def _term(c: Any, x1: Any, x2: Any, logs: int) -> Any:
    return c * x1**x2 * _log(x1) ** logs if logs else c * x1**x2


@op(
    elementwise=True,
    public=False,
    samples=[
        sample(reals(3, 4), positives(3, 4), reals(4), logs=0),
        sample(reals(3, 4), positives(3, 4), reals(4), logs=1),
        sample(reals(3), positives(3), reals(3), logs=2),
        sample(complexes(3), complexes(3), complexes(3), logs=1),
        sample(reals(3), 2.0, reals(3), logs=1),
        sample(reals(3), positives(3), -0.5, logs=0),
    ],
)
def power_term(c: Any, x1: Any, x2: Any, *, logs: int) -> Any:
    """``c * x1**x2 * log(x1)**logs``, of which all derivatives of powers are sums.

    It is 0 where ``c`` is 0, and where a logarithm is taken of a base 0 whose exponent is not negative, which is the limit for
    positive exponents. Everything else is what NumPy makes of the formula.
    """
    try:
        with np.errstate(divide="raise", invalid="raise"):
            return _term(c, x1, x2, logs)
    except FloatingPointError:
        nothing = (c == 0) & (x1 == x1) & (x2 == x2)  # not where one of them is NaN
        if logs:
            nothing = nothing | ((x1 == 0) & (np.real(x2) >= 0))
        return np.where(nothing, 0, _term(c, np.where(nothing, 1, x1), x2, logs))[()]


def _power_term_by_base(g: Any, c: Any, x1: Any, x2: Any, logs: int) -> Any:
    c = times(g, c)
    slope = power_term(times(c, x2), x1, x2 - 1, logs=logs)
    return slope + logs * power_term(c, x1, x2 - 1, logs=logs - 1) if logs else slope


power_term.vjp(
    c=lambda g, x1, x2, logs: power_term(g, x1, x2, logs=logs),
    x1=_power_term_by_base,
    x2=lambda g, c, x1, x2, logs: power_term(times(g, c), x1, x2, logs=logs + 1),
)


@op(
    elementwise=True,
    numpy=np.power,
    samples=(
        sample(positives(3, 4), reals(4)),
        sample(reals(3), 2),
        sample(reals(3), 3.0),
        sample(reals(3, away_from=0.0), -2),
        sample(positives(3), 0.5),
        sample(2.0, reals(3)),
        sample(reals(2), 0),
        sample(reals(3, away_from=0.0), np.array([2, -3, 0], np.int8)),
        sample(complexes(3), complexes(2, 1)),
        sample(complexes(3), -1.5),
        sample(complexes(3), 3),
        sample(1.5 - 0.5j, complexes(3)),
    ),
    errors=[(sample(integers(3, low=1), integers(3, low=-3, high=0)), ValueError)],
)
def power(x1: Any, x2: Any) -> Any:
    """``x1**x2``; derivatives ``x2 * x1**(x2 - 1)`` (0 where ``x2`` is 0) and ``x1**x2 * log(x1)``.

    The latter is 0 where ``x1`` is 0 and ``x2`` is not negative, for ``0**0`` too. A negative real ``x1`` has none: it is NaN
    there, but 0 where the cotangent is 0.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        ValueError: for integers to negative integer powers; make one of them a floating number.

    >>> ag.power(np.array([2.0, 3.0]), 2)
    array([4., 9.])
    """
    return x1**x2


def _power_by_base(g: Any, x1: Any, x2: Any) -> Any:
    if isinstance(x2, int | float):  # by far the most frequent case
        if x2 == 0:
            return np.zeros_like(g)
        if x2 >= 1 and x2 == x2 // 1:
            return g * (x2 * x1 ** (x2 - 1))
    return power_term(times(g, x2), x1, x2 - 1, logs=0)


def _power_by_exponent(g: Any, out: Any, x1: Any, x2: Any) -> Any:
    if isinstance(x1, int | float) and x1 > 0:
        return g * out * _log(x1)
    return power_term(g, x1, x2, logs=1)


power.vjp(x1=_power_by_base, x2=_power_by_exponent)


@function(
    np.float_power,
    samples=[
        sample(positives(3, 4), reals(4)),
        sample(integers(3, low=1), integers(3)),
        sample(complexes(3), 2),
        sample(reals(3), 3),
    ],
)
def float_power(x1: Any, x2: Any, /) -> Any:
    """``x1**x2`` in float64, or complex128, at least; integers may have negative powers.

    The derivatives are those of ``power``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.float_power(np.array([2, 4]), -1)
    array([0.5 , 0.25])
    """
    x1, x2 = as_array(x1), as_array(x2)
    dtype = np.result_type(x1.dtype, x2.dtype, np.float64)
    return power(cast(x1, dtype, copy=False), cast(x2, dtype, copy=False))


@op(elementwise=True, numpy=np.sqrt, samples=_RIGHT_OF_0)
def sqrt(x: Any) -> Any:
    """The square root; derivative ``1 / (2 sqrt(x))``.

    At 0 the gradient is infinite, but 0 where the cotangent is 0, so that ``np.where(x > 0, np.sqrt(x), 0)`` has none. Where
    a length is meant, ``hypot``, ``absolute`` and the norms have the derivative 0 at 0.

    Shapes: any -> same.

    >>> ag.sqrt(np.array([1.0, 9.0]))
    array([1., 3.])
    """
    return np.sqrt(x)


sqrt.vjp(x=lambda g, out: over(g, 2 * out))


@op(
    elementwise=True,
    numpy=np.cbrt,
    samples=(sample(reals(3, 4, away_from=0.0)), sample(reals(away_from=0.0))),
    errors=_COMPLEX,
)
def cbrt(x: Any) -> Any:
    """The real cube root, of negative numbers too; derivative ``1 / (3 cbrt(x)**2)``, infinite at 0.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.cbrt(np.array([27.0, -8.0]))
    array([ 3., -2.])
    """
    return np.cbrt(x)


cbrt.vjp(x=lambda g, out: over(g, 3 * out * out))


# ---------------------------------------------------------------- exponentials


@op(elementwise=True, numpy=np.exp, samples=ANY)
def exp(x: Any) -> Any:
    """``e**x``; its own derivative.

    Shapes: any -> same.

    >>> ag.exp(np.array([0.0, 1.0]))
    array([1.        , 2.71828183])
    """
    return np.exp(x)


exp.vjp(x=lambda g, out: times(g, out))


@op(elementwise=True, numpy=np.exp2, samples=ANY)
def exp2(x: Any) -> Any:
    """``2**x``; derivative ``log(2) 2**x``.

    Shapes: any -> same.

    >>> ag.exp2(np.array([0.0, 3.0]))
    array([1., 8.])
    """
    return np.exp2(x)


exp2.vjp(x=lambda g, out: times(g, out) * LOG_2)


@op(elementwise=True, numpy=np.expm1, samples=ANY)
def expm1(x: Any) -> Any:
    """``e**x - 1``, accurate near 0; derivative ``e**x``.

    Shapes: any -> same.

    >>> ag.expm1(np.array([0.0, 1.0]))
    array([0.        , 1.71828183])
    """
    return np.expm1(x)


expm1.vjp(x=lambda g, out: times(g, out + 1))


# ---------------------------------------------------------------- logarithms


@op(elementwise=True, numpy=np.log, samples=_RIGHT_OF_0)
def log(x: Any) -> Any:
    """The natural logarithm; derivative ``1 / x``.

    Shapes: any -> same.

    >>> ag.log(np.array([1.0, 10.0]))
    array([0.        , 2.30258509])
    """
    return np.log(x)


log.vjp(x=lambda g, x: over(g, x))


@op(elementwise=True, numpy=np.log2, samples=_RIGHT_OF_0)
def log2(x: Any) -> Any:
    """The logarithm to base 2; derivative ``1 / (x log(2))``.

    Shapes: any -> same.

    >>> ag.log2(np.array([1.0, 8.0]))
    array([0., 3.])
    """
    return np.log2(x)


log2.vjp(x=lambda g, x: over(g, x * LOG_2))


@op(elementwise=True, numpy=np.log10, samples=_RIGHT_OF_0)
def log10(x: Any) -> Any:
    """The logarithm to base 10; derivative ``1 / (x log(10))``.

    Shapes: any -> same.

    >>> ag.log10(np.array([1.0, 100.0]))
    array([0., 2.])
    """
    return np.log10(x)


log10.vjp(x=lambda g, x: over(g, x * LOG_10))


@op(elementwise=True, numpy=np.log1p, samples=_RIGHT_OF_0)
def log1p(x: Any) -> Any:
    """``log(1 + x)``, accurate near 0; derivative ``1 / (1 + x)``.

    Shapes: any -> same.

    >>> ag.log1p(np.array([0.0, 1.0]))
    array([0.        , 0.69314718])
    """
    return np.log1p(x)


log1p.vjp(x=lambda g, x: over(g, 1 + x))


# ---------------------------------------------------------------- sums in logarithms


@op(
    elementwise=True,
    linear=True,
    public=False,
    samples=[sample(reals(3, 4), reals(4)), sample(reals(2, 1), 0.5)],
)
def gap(x1: Any, x2: Any) -> Any:
    """``x1 - x2``, and 0 where they are equal, infinities too."""
    try:
        with np.errstate(invalid="raise"):
            return x1 - x2
    except FloatingPointError:
        with np.errstate(invalid="ignore"):
            return np.where(x1 == x2, 0, x1 - x2)[()]


gap.vjp(x1=lambda g: g, x2=lambda g: -g)

_SUMMANDS = (sample(reals(3, 4), reals(4)), sample(reals(3), 0.0))


@op(elementwise=True, numpy=np.logaddexp, samples=_SUMMANDS, errors=_COMPLEX_PAIR)
def logaddexp(x1: Any, x2: Any) -> Any:
    """``log(exp(x1) + exp(x2))`` without overflow; derivatives ``sigmoid(x1 - x2)`` and ``sigmoid(x2 - x1)``.

    They are the shares of the two in the sum: 1 and 0 where one is infinitely larger, 1/2 each where both are infinite.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for complex numbers.

    >>> ag.logaddexp(np.array([0.0, 1000.0]), 0.0)
    array([6.93147181e-01, 1.00000000e+03])
    """
    return np.logaddexp(x1, x2)


logaddexp.vjp(x1=lambda g, x1, x2: g * sigmoid(gap(x1, x2)), x2=lambda g, x1, x2: g * sigmoid(gap(x2, x1)))


@op(elementwise=True, numpy=np.logaddexp2, samples=_SUMMANDS, errors=_COMPLEX_PAIR)
def logaddexp2(x1: Any, x2: Any) -> Any:
    """``log2(2**x1 + 2**x2)`` without overflow; the derivatives are the shares of the two in the sum, as in ``logaddexp``.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for complex numbers.

    >>> ag.logaddexp2(np.array([0.0, 1000.0]), 0.0)
    array([   1., 1000.])
    """
    return np.logaddexp2(x1, x2)


logaddexp2.vjp(
    x1=lambda g, x1, x2: g * sigmoid(LOG_2 * gap(x1, x2)),
    x2=lambda g, x1, x2: g * sigmoid(LOG_2 * gap(x2, x1)),
)
