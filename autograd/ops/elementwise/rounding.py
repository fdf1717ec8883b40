"""Rounding to decimals and towards zero, and the parts of floating-point numbers, elementwise.

What is rounded is constant between its jumps and has derivative 0 everywhere, at the jumps too; so does the distance between
neighbouring numbers (``spacing``). What is left when an integer is taken away (``modf``) moves with its input: derivative 1.
"""

from operator import index
from typing import Any

import numpy as np

from autograd.batch_rules import aligned
from autograd.gate import answer_for, function, op
from autograd.ops.arguments import as_array
from autograd.ops.elementwise.arithmetic import trunc
from autograd.samples import ANY, REAL, complexes, integers, reals, sample

_COMPLEX = ((sample(complexes(3)), TypeError),)
_COMPLEX_PAIR = ((sample(complexes(3), complexes(3)), TypeError),)
# Between two neighbouring powers of 2, where the exponent is constant.
_OF_ONE_EXPONENT = (sample(reals(3, 4, low=1.1, high=1.9)), sample(reals(low=-7.8, high=-4.2)))


@op(elementwise=True, name="round", public=False, samples=[sample(reals(3, 4), decimals=0), sample(complexes(3), decimals=0)])
def _round(x: Any, *, decimals: int) -> Any:
    return np.round(x, decimals)


_round.vjp(x=lambda g: np.zeros_like(g))


@function(
    np.round,
    samples=(*ANY, sample(reals(3, 4), 1), sample(reals(3), decimals=-1), sample(integers(3, low=-99, high=99), decimals=-1)),
    errors=[(sample(reals(3), 0.5), TypeError)],
)
def round(x: Any, /, decimals: int = 0) -> Any:
    """``x`` rounded to a number of decimals, to the even digit from halfway; derivative 0.

    Args:
        x: the input; of complex numbers both parts are rounded.
        decimals: how many digits after the point; negative ones round to tens, hundreds, ...

    Shapes: any -> same.

    Raises:
        TypeError: when ``decimals`` is no integer.

    >>> ag.round(np.array([1.25, -0.35, 2.5]), 1)
    array([ 1.2, -0.4,  2.5])
    """
    try:
        decimals = index(decimals)
    except TypeError:
        raise TypeError(f"round: expected an integer for decimals, received {decimals!r}") from None
    return _round(as_array(x), decimals=decimals)


answer_for(np.around, round)


@function(np.fix, samples=REAL, errors=_COMPLEX)
def fix(x: Any, /) -> Any:
    """The nearest integer towards zero, as ``trunc``; derivative 0.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.fix(np.array([1.75, -1.75]))
    array([ 1., -1.])
    """
    return trunc(x)


# ---------------------------------------------------------------- integer and fraction


@op(multiple=True, numpy=np.modf, samples=REAL, errors=_COMPLEX)
def modf(x: Any) -> Any:
    """The fraction of ``x`` and its integer, ``x - trunc(x)`` and ``trunc(x)``, both with its sign.

    The derivatives are 1 and 0.

    Shapes: any -> two of the same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.modf(np.array([1.25, -1.25]))
    (array([ 0.25, -0.25]), array([ 1., -1.]))
    """
    return np.modf(x)


modf.vjp(x=lambda g: np.zeros_like(g[1]) if g[0] is None else g[0])
modf.batch(aligned)


# ---------------------------------------------------------------- significand and exponent


@op(
    elementwise=True,
    linear=True,
    numpy=np.ldexp,
    samples=[sample(reals(3, 4), integers(4)), sample(reals(2, 1), integers(3)), sample(reals(3), 3)],
    errors=[(sample(reals(3), reals(3)), TypeError), (sample(complexes(3), 2), TypeError)],
)
def ldexp(x1: Any, x2: Any) -> Any:
    """``x1 * 2**x2`` for integers ``x2``, without rounding; derivative ``2**x2`` with respect to ``x1``.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for an ``x2`` that is no integer, and for complex ``x1``.

    >>> ag.ldexp(np.array([0.75, 0.5]), 3)
    array([6., 4.])
    """
    return np.ldexp(x1, x2)


ldexp.vjp(x1=lambda g, x2: np.ldexp(g, x2), x2=None)


@op(multiple=True, numpy=np.frexp, samples=_OF_ONE_EXPONENT, errors=_COMPLEX)
def frexp(x: Any) -> Any:
    """The significand ``m`` and the exponent ``e`` of ``x = m 2**e``, where ``1/2 <= |m| < 1``.

    The derivative of the significand is ``2**-e``, at the powers of 2, where it jumps, too. The exponents are integers.

    Shapes: any -> two of the same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.frexp(np.array([6.0, 0.5]))
    (array([0.75, 0.5 ]), array([3, 0], dtype=int32))
    """
    return np.frexp(x)


frexp.vjp(x=lambda g, out: np.ldexp(g[0], -out[1]))
frexp.batch(aligned)


# ---------------------------------------------------------------- neighbours


@op(
    elementwise=True,
    numpy=np.nextafter,
    samples=[sample(reals(3, 4), reals(4)), sample(reals(3), 5.0)],
    errors=_COMPLEX_PAIR,
)
def nextafter(x1: Any, x2: Any) -> Any:
    """The next floating-point number after ``x1`` towards ``x2``.

    It is ``x1`` but for a rounding error, so the derivatives are 1 and 0.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for complex numbers.

    >>> ag.nextafter(np.array([1.0]), 2.0) - 1.0 == np.finfo(float).eps
    array([ True])
    """
    return np.nextafter(x1, x2)


nextafter.vjp(x1=lambda g: g, x2=lambda g: np.zeros_like(g))


@op(elementwise=True, numpy=np.spacing, samples=_OF_ONE_EXPONENT, errors=_COMPLEX)
def spacing(x: Any) -> Any:
    """The distance from ``x`` to the next floating-point number away from zero, with the sign of ``x``; derivative 0.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.spacing(np.array([1.0])) == np.finfo(float).eps
    array([ True])
    """
    return np.spacing(x)


spacing.vjp(x=lambda g: np.zeros_like(g))
