"""Arithmetic, elementwise: sums, products, quotients, signs, squares, and steps.

Each op is a forward function in NumPy, and below it the derivative with respect to each input, times the cotangent ``g``.
Read them like a formula sheet. All of them broadcast; the engine sums back over what was broadcast. Where both
operands are plain numbers an operator (``x1 * x2``) is several times faster than the ufunc, so forwards use operators.

Kinks: ``absolute``, ``sign`` and ``copysign`` have derivative 0 at 0; what is rounded has derivative 0 everywhere, at its
steps too. Quotients are guarded: see Note [guarded rules] in ``guarded``.
"""

from typing import Any

import numpy as np

from autograd.gate import op
from autograd.ops.casting import conjugated
from autograd.ops.elementwise.guarded import or_infinite, over, times
from autograd.ops.elementwise.selection import passed
from autograd.samples import ANY, NONZERO, PAIRS, REAL, complexes, positives, reals, sample

_COMPLEX = ((sample(complexes(3)), TypeError),)
_COMPLEX_PAIR = ((sample(complexes(3), complexes(3)), TypeError),)

_NONZERO_PAIRS = (
    sample(reals(3, 4), reals(3, 4, away_from=0.0)),
    sample(reals(3, 1), reals(4, away_from=0.0)),
    sample(reals(2), 2.5),
    sample(2.5, reals(2, away_from=0.0)),
)


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


@op(elementwise=True, numpy=np.divide, samples=(*_NONZERO_PAIRS, sample(complexes(3), complexes(2, 1))))
def divide(x1: Any, x2: Any) -> Any:
    """``x1 / x2``; derivatives ``1 / x2`` and ``-x1 / x2**2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.divide(np.array([1.0, 2.0]), 4)
    array([0.25, 0.5 ])
    """
    return x1 / x2


divide.vjp(x1=lambda g, x2: over(g, x2), x2=lambda g, x1, x2: -over(over(times(g, x1), x2), x2))


@op(
    elementwise=True,
    numpy=np.floor_divide,
    samples=(sample(positives(3), reals(2, 1, away_from=0.0)),),
    errors=_COMPLEX_PAIR,
)
def floor_divide(x1: Any, x2: Any) -> Any:
    """``floor(x1 / x2)``; constant between its steps, so both derivatives are 0.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.floor_divide(np.array([7.0, -7.0]), 2)
    array([ 3., -4.])
    """
    return x1 // x2


floor_divide.vjp(x1=lambda g: np.zeros_like(g), x2=lambda g: np.zeros_like(g))


@op(elementwise=True, numpy=np.remainder, samples=(sample(positives(3), reals(2, 1, away_from=0.0)),), errors=_COMPLEX_PAIR)
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
    """``|x|``; derivative ``sign(x)``, 0 at 0. For complex ``x`` the result is real, and it is steepest along ``sign(x)``.

    Shapes: any -> same.

    >>> ag.absolute(np.array([1.0, -2.0]))
    array([1., 2.])
    """
    return abs(x)


absolute.vjp(x=lambda g, x: g * conjugated(np.sign(x)))


@op(elementwise=True, numpy=np.fabs, samples=NONZERO[:2], errors=_COMPLEX)
def fabs(x: Any) -> Any:
    """``|x|`` as a floating number, of real numbers only; derivative ``sign(x)``, 0 at 0.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``; take ``ag.absolute``.

    >>> ag.fabs(np.array([1, -2]))
    array([1., 2.])
    """
    return np.fabs(x)


fabs.vjp(x=lambda g, x: g * np.sign(x))


@op(
    elementwise=True,
    numpy=np.copysign,
    samples=(sample(reals(3, 4, away_from=0.0), reals(4, away_from=0.0)), sample(reals(3, away_from=0.0), -1.0)),
    errors=_COMPLEX_PAIR,
)
def copysign(x1: Any, x2: Any) -> Any:
    """``|x1|`` with the sign of ``x2``, where the sign of -0.0 is negative.

    The derivatives are 1 or -1, whether the sign changed, with respect to ``x1`` (0 where ``x1`` is 0), and 0 with respect
    to ``x2``.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for complex numbers.

    >>> ag.copysign(np.array([1.0, -2.0]), -0.0)
    array([-1., -2.])
    """
    return np.copysign(x1, x2)


copysign.vjp(x1=lambda g, out, x1: g * (np.sign(x1) * np.sign(out)), x2=lambda g: np.zeros_like(g))


@op(elementwise=True, numpy=np.sign, samples=NONZERO)
def sign(x: Any) -> Any:
    """-1, 0 or 1 for real ``x``, ``x / |x|`` for complex; derivative 0 for real ``x``, and where ``x`` is 0.

    Shapes: any -> same.

    >>> ag.sign(np.array([3.0, 0.0, -2.0]))
    array([ 1.,  0., -1.])
    """
    return np.sign(x)


sign.vjp(
    x=lambda g, x, out: (
        (g - np.conjugate(g * out * out)) / (2 * or_infinite(abs(x))) if x.dtype.kind == "c" else np.zeros_like(g)
    )
)


@op(elementwise=True, numpy=np.square, samples=ANY)
def square(x: Any) -> Any:
    """``x**2``; derivative ``2 x``.

    Shapes: any -> same.

    >>> ag.square(np.array([1.0, -3.0]))
    array([1., 9.])
    """
    return x * x if x.dtype.kind != "b" else np.square(x)  # which gives integers


square.vjp(x=lambda g, x: 2 * g * x)


@op(elementwise=True, numpy=np.reciprocal, samples=NONZERO)
def reciprocal(x: Any) -> Any:
    """``1 / x``; derivative ``-1 / x**2``.

    Shapes: any -> same.

    >>> ag.reciprocal(np.array([1.0, -4.0]))
    array([ 1.  , -0.25])
    """
    return np.reciprocal(x)


reciprocal.vjp(x=lambda g, x: -over(over(g, x), x))


# ---------------------------------------------------------------- steps: constant between their jumps, so the derivative is 0


@op(elementwise=True, numpy=np.floor, samples=REAL, errors=_COMPLEX)
def floor(x: Any) -> Any:
    """The largest integer not above ``x``; derivative 0.

    Shapes: any -> same.

    >>> ag.floor(np.array([1.25, -1.25]))
    array([ 1., -2.])
    """
    return np.floor(x)


floor.vjp(x=lambda g: np.zeros_like(g))


@op(elementwise=True, numpy=np.ceil, samples=REAL, errors=_COMPLEX)
def ceil(x: Any) -> Any:
    """The smallest integer not below ``x``; derivative 0.

    Shapes: any -> same.

    >>> ag.ceil(np.array([1.25, -1.25]))
    array([ 2., -1.])
    """
    return np.ceil(x)


ceil.vjp(x=lambda g: np.zeros_like(g))


@op(elementwise=True, numpy=np.trunc, samples=REAL, errors=_COMPLEX)
def trunc(x: Any) -> Any:
    """``x`` without its fraction; derivative 0.

    Shapes: any -> same.

    >>> ag.trunc(np.array([1.25, -1.25]))
    array([ 1., -1.])
    """
    return np.trunc(x)


trunc.vjp(x=lambda g: np.zeros_like(g))


@op(elementwise=True, numpy=np.rint, samples=ANY)
def rint(x: Any) -> Any:
    """The integer nearest to ``x``, the even one of two; of each part of complex ``x``; derivative 0.

    Shapes: any -> same.

    >>> ag.rint(np.array([1.25, -1.25]))
    array([ 1., -1.])
    """
    return np.rint(x)


rint.vjp(x=lambda g: np.zeros_like(g))


@op(
    elementwise=True,
    numpy=np.heaviside,
    samples=(sample(reals(3, 4, away_from=0.0), reals(4)), sample(reals(3, away_from=0.0), 0.5)),
    errors=_COMPLEX_PAIR,
)
def heaviside(x1: Any, x2: Any) -> Any:
    """The unit step: 0 where ``x1 < 0``, ``x2`` where ``x1`` is 0, 1 where ``x1 > 0``.

    The derivative with respect to ``x1`` is 0, at the step too; with respect to ``x2`` it is 1 where ``x1`` is 0, and else 0.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for complex numbers.

    >>> ag.heaviside(np.array([-1.5, 0.0, 2.0]), 0.5)
    array([0. , 0.5, 1. ])
    """
    return np.heaviside(x1, x2)


heaviside.vjp(x1=lambda g: np.zeros_like(g), x2=lambda g, x1: passed(g, x1 == 0))
