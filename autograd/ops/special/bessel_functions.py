"""Bessel functions, as in ``scipy.special``: j0, j1, jv, the modified i0, i1, iv, and their scaled forms i0e, i1e, ive.

Values are SciPy's. A derivative is a sum of neighbouring orders, which has nothing to divide by at 0. Orders are constants.

Note [scaled]: the derivative of exp(-|x|) I_v(x) is of the size 1 / x of what the product rule subtracts, so from |x| = 20 on
(for large v later) it comes from the asymptotic series (DLMF 10.40.1), differentiated term by term:

    exp(-x) I_v(x) = (2 pi x)**(-1/2) * (1 - a_1 / x + a_2 / x**2 - ...),  a_k = a_{k-1} (4 v**2 - (2 k - 1)**2) / (8 k).
"""

import math
from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.elementwise.guarded import times
from autograd.ops.special.gamma_functions import constant
from autograd.ops.special.scipy_access import of_scipy
from autograd.samples import complexes, positives, reals, sample

_REAL = (sample(reals(3, 4)), sample(reals()), sample(reals(3, low=-40.0, high=40.0, away_from=0.0)))
_COMPLEX = ((sample(complexes(3)), TypeError),)
_ORDERS = (
    sample(2, reals(3, 4)),
    sample(1, reals()),
    sample(0, reals(3, low=5.0, high=30.0)),
    sample(0.5, positives(2, 1)),
    sample(-1, reals(2)),
)
_NO_COMPLEX = ((sample(1, complexes(3)), TypeError),)


# ---------------------------------------------------------------- Bessel functions


@op(elementwise=True, name="jv", public=False, samples=[*_ORDERS, sample(1, complexes(3))])
def _jv(v: Any, x: Any) -> Any:
    return of_scipy("jv")(v, x)


_jv.vjp(v=None, x=lambda g, v, x: times(g, 0.5 * (_jv(v - 1, x) - _jv(v + 1, x))))


@op(elementwise=True, numpy="j0", samples=_REAL, errors=_COMPLEX)
def j0(x: Any) -> Any:
    """The Bessel function of the first kind of order 0; derivative ``-j1(x)``.

    Needs SciPy. For complex numbers see ``jv``.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.special.j0(np.array([0.0, 1.0]))
    array([1.        , 0.76519769])
    """
    return of_scipy("j0")(x)


j0.vjp(x=lambda g, x: -g * j1(x))


@op(elementwise=True, numpy="j1", samples=_REAL, errors=_COMPLEX)
def j1(x: Any) -> Any:
    """The Bessel function of the first kind of order 1; derivative ``(j0(x) - jv(2, x)) / 2``, which is 1/2 at 0.

    Needs SciPy. For complex numbers see ``jv``.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.special.j1(np.array([0.0, 1.0]))
    array([0.        , 0.44005059])
    """
    return of_scipy("j1")(x)


j1.vjp(x=lambda g, x: g * (0.5 * (j0(x) - _jv(2, x))))


@function("jv", samples=[*_ORDERS, sample(1, complexes(3))])
def jv(v: Any, x: Any, /) -> Any:
    """The Bessel function of the first kind of order ``v``; derivative ``(jv(v - 1, x) - jv(v + 1, x)) / 2``.

    With respect to the order there is no derivative. Needs SciPy. Takes complex ``x``.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for a ``v`` that requires a gradient.

    >>> ag.special.jv(2, np.array([0.0, 1.0]))
    array([0.        , 0.11490348])
    """
    return _jv(constant(v, "jv", "v"), x)


# ---------------------------------------------------------------- modified Bessel functions


@op(elementwise=True, name="iv", public=False, samples=[*_ORDERS, sample(1, complexes(3))])
def _iv(v: Any, x: Any) -> Any:
    return of_scipy("iv")(v, x)


_iv.vjp(v=None, x=lambda g, v, x: times(g, 0.5 * (_iv(v - 1, x) + _iv(v + 1, x))))


@op(elementwise=True, name="special.i0", numpy="i0", samples=_REAL, errors=_COMPLEX)
def i0(x: Any) -> Any:
    """The modified Bessel function of the first kind of order 0; derivative ``i1(x)``.

    Needs SciPy; ``ag.i0``, as NumPy has it, does not. For complex numbers see ``iv``.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.special.i0(np.array([0.0, 1.0]))
    array([1.        , 1.26606588])
    """
    return of_scipy("i0")(x)


i0.vjp(x=lambda g, x: times(g, i1(x)))


@op(elementwise=True, numpy="i1", samples=_REAL, errors=_COMPLEX)
def i1(x: Any) -> Any:
    """The modified Bessel function of the first kind of order 1; derivative ``(i0(x) + iv(2, x)) / 2``.

    The same as ``i0(x) - i1(x) / x``, with its limit 1/2 at 0. Needs SciPy. For complex numbers see ``iv``.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.special.i1(np.array([0.0, 1.0]))
    array([0.        , 0.5651591])
    """
    return of_scipy("i1")(x)


i1.vjp(x=lambda g, x: times(g, 0.5 * (i0(x) + _iv(2, x))))


@function("iv", samples=[*_ORDERS, sample(1, complexes(3))])
def iv(v: Any, x: Any, /) -> Any:
    """The modified Bessel function of the first kind of order ``v``; derivative ``(iv(v - 1, x) + iv(v + 1, x)) / 2``.

    With respect to the order there is no derivative. Needs SciPy. Takes complex ``x``.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for a ``v`` that requires a gradient.

    >>> ag.special.iv(2, np.array([0.0, 1.0]))
    array([0.        , 0.13574767])
    """
    return _iv(constant(v, "iv", "v"), x)


# ---------------------------------------------------------------- scaled by exp(-|x|)


def _by_product_rule(v: Any, x: Any, n: int) -> Any:
    """The n-th derivative of ``exp(-|x|) I_v(x)`` as a sum of neighbouring orders; at the kink the slope of |x| is 0."""
    ive, slope = of_scipy("ive"), np.sign(x)
    total = 0.0
    for j in range(n + 1):
        neighbours = sum([math.comb(j, i) * ive(v - j + 2 * i, x) for i in range(j + 1)])
        total = total + math.comb(n, j) * (-slope) ** (n - j) * 0.5**j * neighbours
    return total


def _by_series(v: Any, x: Any, n: int) -> Any:
    """The n-th derivative of ``exp(-|x|) I_v(x)`` for large ``|x|``; see Note [scaled]."""
    size = abs(x)
    coefficient, total = 1.0, 0.0
    for k in range(41):
        if k:
            coefficient = coefficient * ((2 * k - 1) ** 2 - 4 * v * v) / (8 * k * size)
        total = total + coefficient * math.prod([-(k + 0.5 + i) for i in range(n)])
    parity = np.where(v == np.floor(v), 1 - 2 * (v % 2), np.nan)  # for negative x there are whole orders only
    sign = np.where(x < 0, parity * (-1) ** n, 1)
    return sign * total / (np.sqrt(2 * math.pi * size) * size**n)


@op(
    elementwise=True,
    public=False,
    samples=[
        sample(0, reals(3, 4, away_from=0.0), n=1),
        sample(1, reals(away_from=0.0), n=2),
        sample(0, reals(3, low=22.0, high=40.0), n=1),
        sample(3, reals(3, low=-40.0, high=-22.0), n=2),
    ],
)
def ive_derivative(v: Any, x: Any, *, n: int) -> Any:
    """The n-th derivative of ``ive(v, x)`` for n >= 1; see Note [scaled]."""
    dtype = np.result_type(v, x, np.float16)
    v, x = np.broadcast_arrays(np.asarray(v, np.float64), np.asarray(x, np.float64))
    far = abs(x) >= np.maximum(20, 2 * v * v)
    out = np.empty(x.shape)
    out[far] = _by_series(v[far], x[far], n)
    out[~far] = _by_product_rule(v[~far], x[~far], n)
    return out.astype(dtype)[()]


ive_derivative.vjp(v=None, x=lambda g, v, x, n: g * ive_derivative(v, x, n=n + 1))

_KINKED = (
    sample(reals(3, 4, away_from=0.0)),
    sample(reals(away_from=0.0)),
    sample(reals(3, low=-40.0, high=40.0, away_from=0.0)),
)


@op(elementwise=True, numpy="i0e", samples=_KINKED, errors=_COMPLEX)
def i0e(x: Any) -> Any:
    """``exp(-|x|) i0(x)``, which does not overflow; derivative ``i1e(x) - sign(x) i0e(x)``, 0 at 0.

    The derivative keeps its digits for large ``x``. Needs SciPy.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.special.i0e(np.array([0.0, 1e6]))
    array([1.0000000e+00, 3.9894233e-04])
    """
    return of_scipy("i0e")(x)


i0e.vjp(x=lambda g, x: g * ive_derivative(0, x, n=1))


@op(elementwise=True, numpy="i1e", samples=_KINKED, errors=_COMPLEX)
def i1e(x: Any) -> Any:
    """``exp(-|x|) i1(x)``, which does not overflow; derivative ``(i0e(x) + ive(2, x)) / 2 - sign(x) i1e(x)``.

    The derivative keeps its digits for large ``x``. Needs SciPy.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.special.i1e(np.array([0.0, 1e6]))
    array([0.        , 0.00039894])
    """
    return of_scipy("i1e")(x)


i1e.vjp(x=lambda g, x: g * ive_derivative(1, x, n=1))


@op(elementwise=True, name="ive", public=False, samples=[sample(2, reals(3, 4, away_from=0.0))])
def _ive(v: Any, x: Any) -> Any:
    if np.iscomplexobj(x):
        raise TypeError("expected real numbers, received complex ones, of which ive is no holomorphic function; see iv")
    return of_scipy("ive")(v, x)


_ive.vjp(v=None, x=lambda g, v, x: g * ive_derivative(v, x, n=1))


@function(
    "ive",
    samples=[sample(2, reals(3, 4, away_from=0.0)), sample(1, reals(away_from=0.0)), sample(0.5, positives(2, 1))],
    errors=_NO_COMPLEX,
)
def ive(v: Any, x: Any, /) -> Any:
    """``exp(-|x|) iv(v, x)`` for real ``x``; derivative ``(ive(v - 1, x) + ive(v + 1, x)) / 2 - sign(x) ive(v, x)``.

    At 0 the slope of ``|x|`` counts as 0. The derivative keeps its digits for large ``x``. With respect to the order there is
    none. Needs SciPy.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for complex ``x``, and for a ``v`` that requires a gradient.

    >>> ag.special.ive(2, np.array([0.0, 1e6]))
    array([0.        , 0.00039894])
    """
    return _ive(constant(v, "ive", "v"), x)
