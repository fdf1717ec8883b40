"""The error function and the normal distribution, as in ``scipy.special``: erf and its like, their inverses, ndtr.

Values are SciPy's. Derivatives are right in the tails too, to any order: where the plain formula would subtract two large
numbers (``erfcx``, ``log_ndtr``), a derivative is an op of its own.

Note [tails]: let c = 2 / sqrt(pi). From erfcx' = 2 x erfcx - c follows for the derivatives D_n of erfcx = D_0

    D_1 = 2 x D_0 - c,    D_{n+1} = 2 x D_n + 2 n D_{n-1},

where for large x each step cancels all digits that 2 x has before the point. There the ratios R_n = D_n / D_{n-1} come from the
same recurrence run backwards, R_n = -2 n / (2 x - R_{n+1}), which is Laplace's continued fraction and loses nothing.
(W. Gautschi, "Computational aspects of three-term recurrence relations", SIAM Review 9, 1967; DLMF, section 7.18.)
"""

import math
from typing import Any

import numpy as np

from autograd.gate import op
from autograd.ops.elementwise.guarded import times
from autograd.ops.special.scipy_access import of_scipy
from autograd.samples import REAL, complexes, reals, sample

_C = 2 / math.sqrt(math.pi)
_FAR = 2.0  # from here on the continued fraction is used; it needs _STEPS steps for 16 digits
_STEPS = 60


def _ratios(x: Any, count: int) -> list[Any]:
    """The ratios R_1 to R_count for a real part of ``x`` of at least 2; see Note [tails]."""
    r = x - np.sqrt(x * x + 2 * (count + _STEPS))  # where the recurrence would stand still
    ratios = []
    for n in range(count + _STEPS, 0, -1):
        r = -2 * n / (2 * x - r)
        if n <= count:
            ratios.append(r)
    return ratios[::-1]


def _by_region(x: Any, near: Any, far: Any) -> Any:
    """``far(x)`` where the real part of ``x`` is at least 2, and ``near(x)`` elsewhere."""
    x = np.asarray(x)
    out = np.empty_like(x)
    there = x.real >= _FAR
    out[there] = far(x[there])
    out[~there] = near(x[~there])
    return out[()]


# ---------------------------------------------------------------- the error function


@op(elementwise=True, numpy="erf", samples=(*REAL, sample(complexes(3))))
def erf(x: Any) -> Any:
    """The error function ``2/sqrt(pi) * integral from 0 to x of exp(-t**2)``; derivative ``2/sqrt(pi) exp(-x**2)``.

    Needs SciPy. Takes complex numbers.

    Shapes: any -> same.

    >>> ag.special.erf(np.array([0.0, 1.0]))
    array([0.        , 0.84270079])
    """
    return of_scipy("erf")(x)


erf.vjp(x=lambda g, x: g * (_C * np.exp(-x * x)))


@op(elementwise=True, numpy="erfc", samples=(*REAL, sample(complexes(3))))
def erfc(x: Any) -> Any:
    """``1 - erf(x)``, exact where that would round to 0; derivative ``-2/sqrt(pi) exp(-x**2)``.

    Needs SciPy. Takes complex numbers.

    Shapes: any -> same.

    >>> ag.special.erfc(np.array([0.0, 10.0]))
    array([1.00000000e+00, 2.08848758e-45])
    """
    return of_scipy("erfc")(x)


erfc.vjp(x=lambda g, x: g * (-_C * np.exp(-x * x)))


@op(elementwise=True, numpy="erfcx", samples=(*REAL, sample(complexes(3))))
def erfcx(x: Any) -> Any:
    """``exp(x**2) erfc(x)``; derivative ``2 x erfcx(x) - 2/sqrt(pi)``, without cancellation for large x.

    Needs SciPy. Takes complex numbers.

    Shapes: any -> same.

    >>> ag.special.erfcx(np.array([0.0, 1e10]))
    array([1.00000000e+00, 5.64189584e-11])
    """
    return of_scipy("erfcx")(x)


@op(
    elementwise=True,
    public=False,
    samples=[
        sample(reals(3, 4), n=1),
        sample(reals(3, low=2.2, high=9.0), n=1),
        sample(reals(low=2.2, high=9.0), n=3),
        sample(complexes(3), n=2),
    ],
)
def erfcx_derivative(x: Any, *, n: int) -> Any:
    """The n-th derivative of ``erfcx``; see Note [tails]."""

    def near(x: Any) -> Any:
        before = of_scipy("erfcx")(x)
        out = 2 * x * before - _C
        for k in range(1, n):
            before, out = out, 2 * x * out + 2 * k * before
        return out

    def far(x: Any) -> Any:
        return of_scipy("erfcx")(x) * math.prod(_ratios(x, n))

    return _by_region(x, near, far)


erfcx.vjp(x=lambda g, x: times(g, erfcx_derivative(x, n=1)))
erfcx_derivative.vjp(x=lambda g, x, n: times(g, erfcx_derivative(x, n=n + 1)))


@op(elementwise=True, public=False, samples=[sample(reals(3, 4), scale=0.5), sample(reals(), scale=1.0)])
def exp_of_square(x: Any, *, scale: float) -> Any:
    """``exp(scale x**2)``, the slope of inverse error functions; an op, so that its own slope is guarded at their ends."""
    return np.exp(scale * x * x)


exp_of_square.vjp(x=lambda g, out, x, scale: times(g, 2 * scale * x * out))


@op(
    elementwise=True,
    numpy="erfinv",
    samples=(sample(reals(3, 4, low=-0.9, high=0.9)), sample(reals(low=-0.9, high=0.9))),
)
def erfinv(x: Any) -> Any:
    """The inverse of ``erf`` on [-1, 1]; derivative ``sqrt(pi)/2 exp(out**2)``, infinite at the ends.

    Needs SciPy. Outside [-1, 1] it is NaN.

    Shapes: any -> same.

    >>> ag.special.erfinv(np.array([0.0, 0.5]))
    array([0.        , 0.47693628])
    """
    return of_scipy("erfinv")(x)


erfinv.vjp(x=lambda g, out: times(g, 1 / _C * exp_of_square(out, scale=1.0)))


@op(
    elementwise=True,
    numpy="erfcinv",
    samples=(sample(reals(3, 4, low=0.1, high=1.9)), sample(reals(low=0.1, high=1.9))),
)
def erfcinv(x: Any) -> Any:
    """The inverse of ``erfc`` on [0, 2]; derivative ``-sqrt(pi)/2 exp(out**2)``, infinite at the ends.

    Needs SciPy. Outside [0, 2] it is NaN. For small x it keeps the digits that ``erfinv(1 - x)`` loses.

    Shapes: any -> same.

    >>> ag.special.erfcinv(np.array([1.5, 1e-100]))
    array([-0.47693628, 15.0655747 ])
    """
    return of_scipy("erfcinv")(x)


erfcinv.vjp(x=lambda g, out: times(g, -1 / _C * exp_of_square(out, scale=1.0)))


# ---------------------------------------------------------------- the normal distribution


@op(elementwise=True, numpy="ndtr", samples=(*REAL, sample(complexes(3))))
def ndtr(x: Any) -> Any:
    """The distribution function of the standard normal, ``erfc(-x / sqrt(2)) / 2``; derivative its density.

    The density is ``exp(-x**2 / 2) / sqrt(2 pi)``. Needs SciPy. Takes complex numbers.

    Shapes: any -> same.

    >>> ag.special.ndtr(np.array([0.0, 1.96]))
    array([0.5      , 0.9750021])
    """
    return of_scipy("ndtr")(x)


ndtr.vjp(x=lambda g, x: g * (math.sqrt(0.125) * _C * np.exp(-0.5 * x * x)))


@op(
    elementwise=True,
    numpy="ndtri",
    samples=(sample(reals(3, 4, low=0.1, high=0.9)), sample(reals(low=0.1, high=0.9))),
)
def ndtri(x: Any) -> Any:
    """The inverse of ``ndtr``, the quantile function of the standard normal; derivative ``sqrt(2 pi) exp(out**2 / 2)``.

    Needs SciPy. At 0 and 1 it is infinite, and so is its derivative; outside [0, 1] it is NaN.

    Shapes: any -> same.

    >>> ag.special.ndtri(np.array([0.5, 0.975]))
    array([0.        , 1.95996398])
    """
    return of_scipy("ndtri")(x)


ndtri.vjp(x=lambda g, out: times(g, math.sqrt(2 * math.pi) * exp_of_square(out, scale=0.5)))


@op(elementwise=True, numpy="log_ndtr", samples=(*REAL, sample(complexes(3))))
def log_ndtr(x: Any) -> Any:
    """``log(ndtr(x))``, exact where ``ndtr`` would round to 0; derivative ``density(x) / ndtr(x)``.

    The derivative, the inverse Mills ratio, is computed as ``sqrt(2 / pi) / erfcx(-x / sqrt(2))``, and all derivatives keep
    their digits for very negative ``x``. Needs SciPy. Takes complex numbers.

    Shapes: any -> same.

    >>> ag.special.log_ndtr(np.array([-1.0, -40.0]))
    array([  -1.84102165, -804.60844201])
    """
    return of_scipy("log_ndtr")(x)


@op(
    elementwise=True,
    public=False,
    samples=[
        sample(reals(3, 4), n=0),
        sample(reals(3, low=-9.0, high=-3.0), n=0),
        sample(reals(low=-9.0, high=-3.0), n=2),
        sample(complexes(3), n=1),
    ],
)
def inverse_mills(x: Any, *, n: int) -> Any:
    """The n-th derivative of ``density(x) / ndtr(x)``.

    With z = -x / sqrt(2) and u(z) = c / erfcx(z) it is u / sqrt(2). Let L_n be the derivatives of log erfcx. Then L_1 = 2 z - u
    and u' = -u L_1, from which all follow where z is not large. Where it is, the L_n come from the ratios of Note
    [tails], as cumulants come from moments, and u' = 2 - L_2, u'' = -L_3, ...
    """

    def near(z: Any) -> Any:
        u = [_C / of_scipy("erfcx")(z)]
        logs = [2 * z - u[0]]
        for m in range(1, n + 1):
            u.append(-sum([math.comb(m - 1, k) * u[k] * logs[m - 1 - k] for k in range(m)]))
            logs.append((2 if m == 1 else 0) - u[m])
        return u[n]

    def far(z: Any) -> Any:
        if n == 0:
            return _C / of_scipy("erfcx")(z)
        moments = [np.ones_like(z)]
        for ratio in _ratios(z, n + 1):
            moments.append(moments[-1] * ratio)
        logs: list[Any] = []
        for m in range(1, n + 2):
            lower = [math.comb(m - 1, j - 1) * logs[j - 1] * moments[m - j] for j in range(1, m)]
            logs.append(moments[m] - sum(lower))
        return (2 if n == 1 else 0) - logs[n]

    return math.sqrt(0.5) * (-math.sqrt(0.5)) ** n * _by_region(-math.sqrt(0.5) * x, near, far)


log_ndtr.vjp(x=lambda g, x: times(g, inverse_mills(x, n=0)))
inverse_mills.vjp(x=lambda g, x, n: times(g, inverse_mills(x, n=n + 1)))
