"""Elementwise ops: arithmetic, powers, exponentials and logarithms, trigonometric and hyperbolic functions, choices.

Each op is a forward function in NumPy, and below it the derivative with respect to each input, times the cotangent ``g``.
Read them like a formula sheet. All of them broadcast; the engine sums back over what was broadcast. Where both
operands are plain numbers an operator (``x1 * x2``) is several times faster than the ufunc, so forwards use operators.

Kinks: ``abs`` and ``sign`` have derivative 0 at 0; ``maximum(x1, x2)`` is ``where(x1 > x2, x1, x2)``, so at a tie the
second input receives the gradient, and ``maximum(x, 0)`` agrees with ``relu(x)``; ``clip`` passes nothing at its ends.
"""

from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.comparison import nonzero
from autograd.samples import booleans, complexes, distinct, positives, reals, sample

LOG_2, LOG_10 = float(np.log(2.0)), float(np.log(10.0))

PAIRS = (
    sample(reals(3, 4), reals(3, 4)),
    sample(reals(3, 1), reals(4)),
    sample(reals(), reals(2, 3)),
    sample(reals(3), 2.5),
    sample(-1.5, reals(2)),
    sample(complexes(3), reals(2, 1)),
)
ANY = (sample(reals(3, 4)), sample(reals()), sample(complexes(3)))
REAL = (sample(reals(3, 4)), sample(reals()))
NONZERO = (sample(reals(3, 4, away_from=0.0)), sample(reals(away_from=0.0)), sample(complexes(3)))
NONZERO_PAIRS = (
    sample(reals(3, 4), reals(3, 4, away_from=0.0)),
    sample(reals(3, 1), reals(4, away_from=0.0)),
    sample(reals(2), 2.5),
    sample(2.5, reals(2, away_from=0.0)),
)


def _conjugate(x: Any) -> Any:
    return np.conjugate(x) if x.dtype.kind == "c" else x


# ---------------------------------------------------------------- arithmetic


@op(elementwise=True, linear=True, numpy=np.add, samples=PAIRS)
def add(x1: Any, x2: Any) -> Any:
    """``x1 + x2``; derivatives 1 and 1.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.add(np.array([1.0, 2.0]), 3)
    array([4., 5.])
    """
    return x1 + x2


add.vjp(x1=lambda g: g, x2=lambda g: g)


@op(elementwise=True, linear=True, numpy=np.subtract, samples=PAIRS)
def subtract(x1: Any, x2: Any) -> Any:
    """``x1 - x2``; derivatives 1 and -1.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.subtract(np.array([1.0, 2.0]), 3)
    array([-2., -1.])
    """
    return x1 - x2


subtract.vjp(x1=lambda g: g, x2=lambda g: -g)


@op(elementwise=True, numpy=np.multiply, samples=PAIRS)
def multiply(x1: Any, x2: Any) -> Any:
    """``x1 * x2``; derivatives ``x2`` and ``x1``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.multiply(np.array([1.0, 2.0]), 3)
    array([3., 6.])
    """
    return x1 * x2


multiply.vjp(x1=lambda g, x2: g * x2, x2=lambda g, x1: g * x1)


@op(elementwise=True, numpy=np.divide, samples=(*NONZERO_PAIRS, sample(complexes(3), complexes(2, 1))))
def divide(x1: Any, x2: Any) -> Any:
    """``x1 / x2``; derivatives ``1 / x2`` and ``-x1 / x2**2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.divide(np.array([1.0, 2.0]), 4)
    array([0.25, 0.5 ])
    """
    return x1 / x2


divide.vjp(x1=lambda g, x2: g / x2, x2=lambda g, out, x2: -g * out / x2)


@op(elementwise=True, numpy=np.floor_divide, samples=(sample(positives(3), reals(2, 1, away_from=0.0)),))
def floor_divide(x1: Any, x2: Any) -> Any:
    """``floor(x1 / x2)``; constant between its steps, so both derivatives are 0.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.floor_divide(np.array([7.0, -7.0]), 2)
    array([ 3., -4.])
    """
    return x1 // x2


floor_divide.vjp(x1=lambda g: g * 0, x2=lambda g: g * 0)


@op(elementwise=True, numpy=np.remainder, samples=(sample(positives(3), reals(2, 1, away_from=0.0)),))
def remainder(x1: Any, x2: Any) -> Any:
    """``x1 - x2 * floor(x1 / x2)``, with the sign of ``x2``; derivatives 1 and ``-floor(x1 / x2)``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.remainder(np.array([7.0, -7.0]), 4)
    array([3., 1.])
    """
    return x1 % x2


remainder.vjp(x1=lambda g: g, x2=lambda g, x1, x2: -g * (x1 // x2))


@op(elementwise=True, linear=True, numpy=np.negative, samples=ANY)
def negative(x: Any) -> Any:
    """``-x``; derivative -1.

    Shapes: any -> same.

    >>> ag.negative(np.array([1.0, -2.0]))
    array([-1.,  2.])
    """
    return -x


negative.vjp(x=lambda g: -g)


@op(elementwise=True, linear=True, numpy=np.positive, samples=ANY)
def positive(x: Any) -> Any:
    """``+x``, a copy; derivative 1.

    Shapes: any -> same.

    >>> ag.positive(np.array([1.0, -2.0]))
    array([ 1., -2.])
    """
    return +x


positive.vjp(x=lambda g: g)


@op(elementwise=True, numpy=np.absolute, samples=NONZERO)
def absolute(x: Any) -> Any:
    """``|x|``; derivative ``sign(x)``, 0 at 0. For complex ``x`` the result is real.

    Shapes: any -> same.

    >>> ag.absolute(np.array([1.0, -2.0]))
    array([1., 2.])
    """
    return abs(x)


absolute.vjp(x=lambda g, x: g * _conjugate(np.sign(x)))


@op(elementwise=True, numpy=np.sign, samples=NONZERO)
def sign(x: Any) -> Any:
    """-1, 0 or 1 for real ``x``, ``x / |x|`` for complex; derivative 0 for real ``x``.

    Shapes: any -> same.

    >>> ag.sign(np.array([3.0, 0.0, -2.0]))
    array([ 1.,  0., -1.])
    """
    return np.sign(x)


sign.vjp(x=lambda g, x, out: (g - np.conjugate(g * out * out)) / (2 * (abs(x) + (x == 0))) if x.dtype.kind == "c" else g * 0)


@op(elementwise=True, numpy=np.square, samples=ANY)
def square(x: Any) -> Any:
    """``x**2``; derivative ``2 x``.

    Shapes: any -> same.

    >>> ag.square(np.array([1.0, -3.0]))
    array([1., 9.])
    """
    return x * x


square.vjp(x=lambda g, x: 2 * g * x)


@op(elementwise=True, numpy=np.reciprocal, samples=NONZERO)
def reciprocal(x: Any) -> Any:
    """``1 / x``; derivative ``-1 / x**2``.

    Shapes: any -> same.

    >>> ag.reciprocal(np.array([1.0, -4.0]))
    array([ 1.  , -0.25])
    """
    return np.reciprocal(x)


reciprocal.vjp(x=lambda g, out: -g * out * out)


# ---------------------------------------------------------------- powers, exponentials and logarithms


def _log_of_base(x1: Any) -> Any:
    """``log(x1)``, 0 where ``x1`` is 0; that of a literal stays a literal, which leaves float32 what it is."""
    return float(np.log(x1 or 1)) if isinstance(x1, int | float) else np.log(x1 + (x1 == 0))


@op(elementwise=True, numpy=np.power, samples=(sample(positives(3, 4), reals(4)), sample(reals(3), 2), sample(reals(3), 3.0), sample(2.0, reals(3)), sample(reals(2), 0)))
def power(x1: Any, x2: Any) -> Any:
    """``x1**x2``; derivatives ``x2 * x1**(x2 - 1)`` (0 where ``x2`` is 0) and ``x1**x2 * log(x1)`` (0 where ``x1`` is 0).

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.power(np.array([2.0, 3.0]), 2)
    array([4., 9.])
    """
    return x1**x2


power.vjp(x1=lambda g, x1, x2: g * (x2 * x1 ** (x2 - (x2 != 0))), x2=lambda g, out, x1: g * out * _log_of_base(x1))


@op(elementwise=True, numpy=np.sqrt, samples=(sample(positives(3, 4)), sample(positives()), sample(complexes(3))))
def sqrt(x: Any) -> Any:
    """The square root; derivative ``1 / (2 sqrt(x))``, infinite at 0.

    Shapes: any -> same.

    >>> ag.sqrt(np.array([1.0, 9.0]))
    array([1., 3.])
    """
    return np.sqrt(x)


sqrt.vjp(x=lambda g, out: g / (2 * out))


@op(elementwise=True, numpy=np.exp, samples=ANY)
def exp(x: Any) -> Any:
    """``e**x``; its own derivative.

    Shapes: any -> same.

    >>> ag.exp(np.array([0.0, 1.0]))
    array([1.        , 2.71828183])
    """
    return np.exp(x)


exp.vjp(x=lambda g, out: g * out)


@op(elementwise=True, numpy=np.exp2, samples=ANY)
def exp2(x: Any) -> Any:
    """``2**x``; derivative ``log(2) 2**x``.

    Shapes: any -> same.

    >>> ag.exp2(np.array([0.0, 3.0]))
    array([1., 8.])
    """
    return np.exp2(x)


exp2.vjp(x=lambda g, out: g * out * LOG_2)


@op(elementwise=True, numpy=np.expm1, samples=ANY)
def expm1(x: Any) -> Any:
    """``e**x - 1``, accurate near 0; derivative ``e**x``.

    Shapes: any -> same.

    >>> ag.expm1(np.array([0.0, 1.0]))
    array([0.        , 1.71828183])
    """
    return np.expm1(x)


expm1.vjp(x=lambda g, out: g * (out + 1))


@op(elementwise=True, numpy=np.log, samples=(sample(positives(3, 4)), sample(positives()), sample(complexes(3))))
def log(x: Any) -> Any:
    """The natural logarithm; derivative ``1 / x``.

    Shapes: any -> same.

    >>> ag.log(np.array([1.0, 10.0]))
    array([0.        , 2.30258509])
    """
    return np.log(x)


log.vjp(x=lambda g, x: g / x)


@op(elementwise=True, numpy=np.log2, samples=(sample(positives(3, 4)), sample(positives()), sample(complexes(3))))
def log2(x: Any) -> Any:
    """The logarithm to base 2; derivative ``1 / (x log(2))``.

    Shapes: any -> same.

    >>> ag.log2(np.array([1.0, 8.0]))
    array([0., 3.])
    """
    return np.log2(x)


log2.vjp(x=lambda g, x: g / (x * LOG_2))


@op(elementwise=True, numpy=np.log10, samples=(sample(positives(3, 4)), sample(positives()), sample(complexes(3))))
def log10(x: Any) -> Any:
    """The logarithm to base 10; derivative ``1 / (x log(10))``.

    Shapes: any -> same.

    >>> ag.log10(np.array([1.0, 100.0]))
    array([0., 2.])
    """
    return np.log10(x)


log10.vjp(x=lambda g, x: g / (x * LOG_10))


@op(elementwise=True, numpy=np.log1p, samples=(sample(positives(3, 4)), sample(positives()), sample(complexes(3))))
def log1p(x: Any) -> Any:
    """``log(1 + x)``, accurate near 0; derivative ``1 / (1 + x)``.

    Shapes: any -> same.

    >>> ag.log1p(np.array([0.0, 1.0]))
    array([0.        , 0.69314718])
    """
    return np.log1p(x)


log1p.vjp(x=lambda g, x: g / (1 + x))


@op(elementwise=True, numpy=np.logaddexp, samples=(sample(reals(3, 4), reals(4)), sample(reals(3), 0.0)))
def logaddexp(x1: Any, x2: Any) -> Any:
    """``log(exp(x1) + exp(x2))`` without overflow; derivatives ``exp(x1 - out)`` and ``exp(x2 - out)``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.logaddexp(np.array([0.0, 1000.0]), 0.0)
    array([6.93147181e-01, 1.00000000e+03])
    """
    return np.logaddexp(x1, x2)


logaddexp.vjp(x1=lambda g, out, x1: g * np.exp(x1 - out), x2=lambda g, out, x2: g * np.exp(x2 - out))


# ---------------------------------------------------------------- trigonometric functions (angles in radians)


@op(elementwise=True, numpy=np.sin, samples=ANY)
def sin(x: Any) -> Any:
    """The sine; derivative ``cos(x)``.

    Shapes: any -> same.

    >>> ag.sin(np.array([0.0, np.pi / 2]))
    array([0., 1.])
    """
    return np.sin(x)


sin.vjp(x=lambda g, x: g * np.cos(x))


@op(elementwise=True, numpy=np.cos, samples=ANY)
def cos(x: Any) -> Any:
    """The cosine; derivative ``-sin(x)``.

    Shapes: any -> same.

    >>> ag.cos(np.array([0.0, np.pi]))
    array([ 1., -1.])
    """
    return np.cos(x)


cos.vjp(x=lambda g, x: -g * np.sin(x))


@op(elementwise=True, numpy=np.tan, samples=(sample(reals(3, 4, low=-1.2, high=1.2)), sample(reals()), sample(complexes(3))))
def tan(x: Any) -> Any:
    """The tangent; derivative ``1 + tan(x)**2``.

    Shapes: any -> same.

    >>> ag.tan(np.array([0.0, np.pi / 4]))
    array([0., 1.])
    """
    return np.tan(x)


tan.vjp(x=lambda g, out: g * (1 + out * out))


@op(elementwise=True, numpy=np.arcsin, samples=(sample(reals(3, 4, low=-0.9, high=0.9)), sample(reals(low=-0.9, high=0.9)), sample(complexes(3))))
def arcsin(x: Any) -> Any:
    """The inverse sine, in ``[-pi/2, pi/2]``; derivative ``1 / sqrt(1 - x**2)``.

    Shapes: any -> same.

    >>> ag.arcsin(np.array([0.0, 1.0]))
    array([0.        , 1.57079633])
    """
    return np.arcsin(x)


arcsin.vjp(x=lambda g, x: g / np.sqrt(1 - x * x))


@op(elementwise=True, numpy=np.arccos, samples=(sample(reals(3, 4, low=-0.9, high=0.9)), sample(reals(low=-0.9, high=0.9)), sample(complexes(3))))
def arccos(x: Any) -> Any:
    """The inverse cosine, in ``[0, pi]``; derivative ``-1 / sqrt(1 - x**2)``.

    Shapes: any -> same.

    >>> ag.arccos(np.array([0.0, 1.0]))
    array([1.57079633, 0.        ])
    """
    return np.arccos(x)


arccos.vjp(x=lambda g, x: -g / np.sqrt(1 - x * x))


@op(elementwise=True, numpy=np.arctan, samples=ANY)
def arctan(x: Any) -> Any:
    """The inverse tangent, in ``(-pi/2, pi/2)``; derivative ``1 / (1 + x**2)``.

    Shapes: any -> same.

    >>> ag.arctan(np.array([0.0, 1.0]))
    array([0.        , 0.78539816])
    """
    return np.arctan(x)


arctan.vjp(x=lambda g, x: g / (1 + x * x))


@op(elementwise=True, numpy=np.arctan2, samples=(sample(positives(3, 4), reals(4)), sample(positives(3), -0.5)))
def arctan2(x1: Any, x2: Any) -> Any:
    """The angle of the point ``(x2, x1)``, in ``[-pi, pi]``; derivatives ``x2 / r**2`` and ``-x1 / r**2``, with ``r**2 = x1**2 + x2**2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.arctan2(np.array([1.0, 1.0]), np.array([1.0, -1.0]))
    array([0.78539816, 2.35619449])
    """
    return np.arctan2(x1, x2)


arctan2.vjp(x1=lambda g, x1, x2: g * x2 / (x1 * x1 + x2 * x2), x2=lambda g, x1, x2: -g * x1 / (x1 * x1 + x2 * x2))


@op(elementwise=True, numpy=np.hypot, samples=(sample(positives(3, 4), reals(4)), sample(positives(3), 1.5)))
def hypot(x1: Any, x2: Any) -> Any:
    """``sqrt(x1**2 + x2**2)`` without overflow; derivatives ``x1 / out`` and ``x2 / out``, 0 at the origin.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.hypot(np.array([3.0, 0.0]), np.array([4.0, 0.0]))
    array([5., 0.])
    """
    return np.hypot(x1, x2)


hypot.vjp(x1=lambda g, out, x1: g * x1 / (out + (out == 0)), x2=lambda g, out, x2: g * x2 / (out + (out == 0)))


# ---------------------------------------------------------------- hyperbolic functions


@op(elementwise=True, numpy=np.sinh, samples=ANY)
def sinh(x: Any) -> Any:
    """``(e**x - e**-x) / 2``; derivative ``cosh(x)``.

    Shapes: any -> same.

    >>> ag.sinh(np.array([0.0, 1.0]))
    array([0.        , 1.17520119])
    """
    return np.sinh(x)


sinh.vjp(x=lambda g, x: g * np.cosh(x))


@op(elementwise=True, numpy=np.cosh, samples=ANY)
def cosh(x: Any) -> Any:
    """``(e**x + e**-x) / 2``; derivative ``sinh(x)``.

    Shapes: any -> same.

    >>> ag.cosh(np.array([0.0, 1.0]))
    array([1.        , 1.54308063])
    """
    return np.cosh(x)


cosh.vjp(x=lambda g, x: g * np.sinh(x))


@op(elementwise=True, numpy=np.tanh, samples=ANY)
def tanh(x: Any) -> Any:
    """``sinh(x) / cosh(x)``; derivative ``1 - tanh(x)**2``.

    Shapes: any -> same.

    >>> ag.tanh(np.array([0.0, 1.0]))
    array([0.        , 0.76159416])
    """
    return np.tanh(x)


tanh.vjp(x=lambda g, out: g * (1 - out * out))


@op(elementwise=True, numpy=np.arcsinh, samples=REAL)
def arcsinh(x: Any) -> Any:
    """The inverse of ``sinh``; derivative ``1 / sqrt(1 + x**2)``.

    Shapes: any -> same.

    >>> ag.arcsinh(np.array([0.0, 1.0]))
    array([0.        , 0.88137359])
    """
    return np.arcsinh(x)


arcsinh.vjp(x=lambda g, x: g / np.sqrt(1 + x * x))


@op(elementwise=True, numpy=np.arccosh, samples=(sample(reals(3, 4, low=1.2, high=3.0)), sample(reals(low=1.2, high=3.0))))
def arccosh(x: Any) -> Any:
    """The inverse of ``cosh`` on ``x >= 1``; derivative ``1 / sqrt(x**2 - 1)``.

    Shapes: any -> same.

    >>> ag.arccosh(np.array([1.0, 2.0]))
    array([0.        , 1.3169579])
    """
    return np.arccosh(x)


arccosh.vjp(x=lambda g, x: g / (np.sqrt(x - 1) * np.sqrt(x + 1)))


@op(elementwise=True, numpy=np.arctanh, samples=(sample(reals(3, 4, low=-0.9, high=0.9)), sample(reals(low=-0.9, high=0.9)), sample(complexes(3))))
def arctanh(x: Any) -> Any:
    """The inverse of ``tanh`` on ``(-1, 1)``; derivative ``1 / (1 - x**2)``.

    Shapes: any -> same.

    >>> ag.arctanh(np.array([0.0, 0.5]))
    array([0.        , 0.54930614])
    """
    return np.arctanh(x)


arctanh.vjp(x=lambda g, x: g / (1 - x * x))


# ---------------------------------------------------------------- rounding: constant between its steps, so the derivative is 0


@op(elementwise=True, numpy=np.floor, samples=REAL)
def floor(x: Any) -> Any:
    """The largest integer not above ``x``; derivative 0.

    Shapes: any -> same.

    >>> ag.floor(np.array([1.25, -1.25]))
    array([ 1., -2.])
    """
    return np.floor(x)


floor.vjp(x=lambda g: g * 0)


@op(elementwise=True, numpy=np.ceil, samples=REAL)
def ceil(x: Any) -> Any:
    """The smallest integer not below ``x``; derivative 0.

    Shapes: any -> same.

    >>> ag.ceil(np.array([1.25, -1.25]))
    array([ 2., -1.])
    """
    return np.ceil(x)


ceil.vjp(x=lambda g: g * 0)


@op(elementwise=True, numpy=np.trunc, samples=REAL)
def trunc(x: Any) -> Any:
    """``x`` without its fraction; derivative 0.

    Shapes: any -> same.

    >>> ag.trunc(np.array([1.25, -1.25]))
    array([ 1., -1.])
    """
    return np.trunc(x)


trunc.vjp(x=lambda g: g * 0)


@op(elementwise=True, numpy=np.rint, samples=REAL)
def rint(x: Any) -> Any:
    """The integer nearest to ``x``, the even one of two; derivative 0.

    Shapes: any -> same.

    >>> ag.rint(np.array([1.25, -1.25]))
    array([ 1., -1.])
    """
    return np.rint(x)


rint.vjp(x=lambda g: g * 0)


# ---------------------------------------------------------------- choices


@op(elementwise=True, numpy=np.maximum, samples=(sample(distinct(3, 4), distinct(4)), sample(reals(3, away_from=0.5), 0.5)))
def maximum(x1: Any, x2: Any) -> Any:
    """The larger of two, NaN if either is; the gradient goes to ``x1`` where ``x1 > x2`` and else to ``x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.maximum(np.array([1.0, -2.0]), 0.0)
    array([1., 0.])
    """
    return np.maximum(x1, x2)


maximum.vjp(x1=lambda g, x1, x2: g * (x1 > x2), x2=lambda g, x1, x2: g * np.logical_not(x1 > x2))


@op(elementwise=True, numpy=np.minimum, samples=(sample(distinct(3, 4), distinct(4)), sample(reals(3, away_from=0.5), 0.5)))
def minimum(x1: Any, x2: Any) -> Any:
    """The smaller of two, NaN if either is; the gradient goes to ``x1`` where ``x1 < x2`` and else to ``x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.minimum(np.array([1.0, -2.0]), 0.0)
    array([ 0., -2.])
    """
    return np.minimum(x1, x2)


minimum.vjp(x1=lambda g, x1, x2: g * (x1 < x2), x2=lambda g, x1, x2: g * np.logical_not(x1 < x2))


@op(
    elementwise=True,
    name="where",
    public=False,
    samples=[sample(booleans(3, 4), reals(4), reals(3, 1)), sample(booleans(3), reals(3), 0.0), sample(booleans(3), 1.0, reals())],
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
    x=lambda g, x, min, max: g * (True if min is None else x > min) * (True if max is None else x < max),
    min=lambda g, x, min, max: g * (x <= min) * (True if max is None else min < max),
    max=lambda g, x, min, max: g * np.logical_not(_raised(x, min) < max),
)


@function(np.clip, samples=[sample(distinct(3, 4), -0.93, 0.92), sample(reals(5, away_from=0.5), min=0.5)])
def clip(x: Any, min: Any = None, max: Any = None) -> Any:
    """``minimum(maximum(x, min), max)``; ``None`` for no limit.

    The derivative is 1 strictly between the limits, 0 at them and beyond; there the gradient goes to the limit.

    Shapes: any three that broadcast -> their broadcast.

    >>> ag.clip(np.array([-2.0, 0.5, 3.0]), 0.0, 1.0)
    array([0. , 0.5, 1. ])
    """
    return _clip(x, min, max)
