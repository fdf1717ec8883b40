"""The gamma function and its relatives, as in ``scipy.special``: logarithms, polygammas, beta, zeta, incomplete gamma.

Values are SciPy's. All derivatives lead to ``polygamma``, whose derivative is ``polygamma`` again. Where a function has a
parameter in which no closed form of the derivative exists (the order of ``polygamma``, ``a`` of ``gammainc``), a tensor
that requires a gradient is refused there.
"""

import math
from typing import Any

import numpy as np

from autograd.batched import is_recorded, memory_of
from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.casting import cast
from autograd.ops.elementwise.guarded import times
from autograd.ops.special.scipy_access import in_one_dtype, of_scipy
from autograd.samples import complexes, integers, positives, reals, sample

_BELOW_0 = sample(reals(3, low=-0.8, high=-0.2))  # between two poles
_RIGHT = sample(positives(3, 4)), sample(positives())


def constant(x: Any, function: str, argument: str) -> Any:
    """``x``, which the function cannot differentiate with respect to.

    Raises:
        TypeError: when ``x`` requires a gradient.
    """
    if is_recorded(x):
        raise TypeError(
            f"{function}: there is no derivative with respect to {argument}; received a tensor that requires a gradient. "
            f"Pass {argument}.detach() to take it as a constant"
        )
    return x


# ---------------------------------------------------------------- gamma and its logarithm


@op(elementwise=True, numpy="gamma", samples=(*_RIGHT, _BELOW_0, sample(complexes(3))))
def gamma(x: Any) -> Any:
    """The gamma function, ``(x - 1)!`` for whole ``x``; derivative ``out * digamma(x)``.

    Needs SciPy. Takes complex numbers. NaN at the poles -1, -2, ...

    Shapes: any -> same.

    >>> ag.special.gamma(np.array([0.5, 5.0]))
    array([ 1.77245385, 24.        ])
    """
    return of_scipy("gamma")(x)


gamma.vjp(x=lambda g, out, x: times(times(g, out), digamma(x)))


@op(elementwise=True, numpy="gammaln", samples=(*_RIGHT, _BELOW_0), errors=[(sample(complexes(3)), TypeError)])
def gammaln(x: Any) -> Any:
    """``log(|gamma(x)|)`` for real ``x``; derivative ``digamma(x)``.

    Needs SciPy. For complex numbers see ``loggamma``.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.special.gammaln(np.array([0.5, 1000.0]))
    array([5.72364943e-01, 5.90522042e+03])
    """
    return of_scipy("gammaln")(x)


gammaln.vjp(x=lambda g, x: times(g, digamma(x)))


@op(elementwise=True, numpy="loggamma", samples=(*_RIGHT, sample(complexes(3))))
def loggamma(x: Any) -> Any:
    """The analytic continuation of ``log(gamma(x))`` from x > 0, NaN for real x < 0; derivative ``digamma(x)``.

    Needs SciPy. Takes complex numbers; its branch cut is the negative real axis.

    Shapes: any -> same.

    >>> ag.special.loggamma(np.array([0.5, 1 + 1j]))
    array([ 0.57236494+0.j        , -0.6509232 -0.30164032j])
    """
    return of_scipy("loggamma")(x)


loggamma.vjp(x=lambda g, x: times(g, digamma(x)))


# ---------------------------------------------------------------- polygamma


@op(elementwise=True, numpy="psi", samples=(*_RIGHT, _BELOW_0, sample(complexes(3))))
def digamma(x: Any) -> Any:
    """``gamma'(x) / gamma(x)``, also called psi; derivative ``polygamma(1, x)``.

    Needs SciPy. Takes complex numbers.

    Shapes: any -> same.

    >>> ag.special.digamma(np.array([1.0, 2.0]))
    array([-0.57721566,  0.42278434])
    """
    return of_scipy("digamma")(x)


digamma.vjp(x=lambda g, x: times(g, _polygamma(1, x)))

# B_2, B_4, ..., the Bernoulli numbers.
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)


def _polygamma_right(n: int, z: Any) -> Any:
    """Polygamma of order n >= 1 for Re z >= 1/2: its series, and the asymptotic one for the tail (DLMF 5.15.1, 5.15.8)."""
    shift = 15 + n
    total = math.factorial(n) * sum([(z + k) ** (-n - 1) for k in range(shift)])
    w = z + shift
    tail = math.factorial(n - 1) + 0.5 * math.factorial(n) / w
    for j, bernoulli in enumerate(_BERNOULLI, 1):
        tail = tail + bernoulli * (math.factorial(2 * j + n - 1) / math.factorial(2 * j)) * w ** (-2 * j)
    return (-1) ** (n + 1) * (total + tail * w ** (-n))


def _polygamma_complex(n: int, z: Any) -> Any:
    """Polygamma of order n for complex ``z``, which SciPy does not have; on the left by reflection (DLMF 5.15.6)."""
    if n == 0:
        return of_scipy("digamma")(z)
    left = z.real < 0.5
    out = _polygamma_right(n, np.where(left, 1 - z, z))
    c = np.polynomial.Polynomial([0, 1])  # cot(z), and its n-th derivative as a polynomial in it, divided by sin(z)**2
    factor = np.polynomial.Polynomial([-1])
    for _ in range(n - 1):
        factor = -2 * c * factor - (1 + c * c) * factor.deriv()
    inside = math.pi * np.where(left, z, 0.5)
    with np.errstate(over="ignore"):  # far from the real axis the sine overflows, and this term is 0
        reflected = factor(1 / np.tan(inside)) / np.sin(inside) ** 2
    return np.where(left, (-1) ** n * out - math.pi ** (n + 1) * reflected, out)


@op(
    elementwise=True,
    name="polygamma",
    public=False,
    samples=[sample(1, positives(3)), sample(integers(3, low=0, high=4), positives(2, 1)), sample(2, complexes(4))],
)
def _polygamma(n: Any, x: Any) -> Any:
    x = np.asarray(x)
    if x.dtype.kind != "c":
        return of_scipy("polygamma")(n, x).astype(x.dtype if x.dtype.kind == "f" else np.float64)[()]
    n, x = np.broadcast_arrays(n, x)
    out = np.empty_like(x)
    for order in np.unique(n):
        out[n == order] = _polygamma_complex(int(order), x[n == order])
    return out[()]


_polygamma.vjp(n=None, x=lambda g, n, x: times(g, _polygamma(n + 1, x)))


@function(
    samples=[
        sample(1, positives(3, 4)),
        sample(0, positives()),
        sample(integers(3, low=0, high=4), positives(2, 1)),
        sample(3, reals(3, low=-0.8, high=-0.2)),
        sample(1, complexes(3)),
    ],
    errors=[(sample(-1, positives(3)), ValueError), (sample(0.5, positives(3)), ValueError)],
)
def polygamma(n: Any, x: Any, /) -> Any:
    """The n-th derivative of ``digamma``; derivative with respect to ``x``: ``polygamma(n + 1, x)``.

    Needs SciPy. Takes complex ``x``, for which SciPy has none. NaN or infinite at the poles 0, -1, -2, ...

    Args:
        n: the order or orders, whole numbers from 0 on; constants, with no derivative.
        x: the point.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        ValueError: for an order that is no whole number, or negative.
        TypeError: for an order that requires a gradient.

    >>> ag.special.polygamma(1, np.array([1.0, 2.0]))
    array([1.64493407, 0.64493407])
    """
    orders = as_array(constant(n, "polygamma", "n"))
    values = memory_of(orders)
    if values.dtype.kind not in "fiu" or np.any((values < 0) | (values != np.floor(values))):
        raise ValueError(f"polygamma: expected orders n that are whole numbers from 0 on, received {n!r}")
    return _polygamma(cast(orders, np.int64, copy=False) if values.ndim else int(values), x)


# ---------------------------------------------------------------- beta and zeta

_TWO = (
    sample(positives(3, 4), positives(4)),
    sample(positives(), positives(2, 1)),
    sample(positives(3), 2.5),
    sample(0.5, positives(2)),
)


@op(elementwise=True, numpy="beta", samples=_TWO)
def beta(a: Any, b: Any) -> Any:
    """``gamma(a) gamma(b) / gamma(a + b)``; derivatives ``out (digamma(a) - digamma(a + b))``, and so for ``b``.

    Needs SciPy.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.special.beta(np.array([1.0, 2.0]), 3.0)
    array([0.33333333, 0.08333333])
    """
    return of_scipy("beta")(*in_one_dtype(a, b))


beta.vjp(
    a=lambda g, out, a, b: times(times(g, out), digamma(a) - digamma(a + b)),
    b=lambda g, out, a, b: times(times(g, out), digamma(b) - digamma(a + b)),
)


@op(elementwise=True, numpy="betaln", samples=_TWO)
def betaln(a: Any, b: Any) -> Any:
    """``log(|beta(a, b)|)``; derivatives ``digamma(a) - digamma(a + b)``, and so for ``b``.

    Needs SciPy.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.special.betaln(np.array([1.0, 1000.0]), 3.0)
    array([ -1.09861229, -20.03311616])
    """
    return of_scipy("betaln")(*in_one_dtype(a, b))


betaln.vjp(
    a=lambda g, a, b: times(g, digamma(a) - digamma(a + b)),
    b=lambda g, a, b: times(g, digamma(b) - digamma(a + b)),
)


@op(elementwise=True, name="zeta", public=False, samples=[sample(3.5, positives(3)), sample(2, positives())])
def _zeta(x: Any, q: Any) -> Any:
    return of_scipy("zeta")(x, q)


_zeta.vjp(x=None, q=lambda g, x, q: times(g, -x * _zeta(x + 1, q)))


@op(elementwise=True, differentiable=False, public=False, samples=[sample(positives(3)), sample(complexes(3))])
def riemann_zeta(x: Any) -> Any:
    """The sum of ``1 / k**x`` over k = 1, 2, ..., continued to where it does not converge."""
    return of_scipy("zeta")(x)


@function(samples=[sample(3.5, positives(3, 4)), sample(2, positives())])
def zeta(x: Any, q: Any = None, /) -> Any:
    """Hurwitz's zeta function, the sum of ``1 / (q + k)**x`` over k = 0, 1, ...; without ``q`` Riemann's, where q is 1.

    The derivative with respect to ``q`` is ``-x zeta(x + 1, q)``; with respect to ``x`` there is none. Needs SciPy.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for an ``x`` that requires a gradient.

    >>> ag.special.zeta(2.0, np.array([1.0, 2.0]))
    array([1.64493407, 0.64493407])
    """
    x = constant(x, "zeta", "x")
    return riemann_zeta(x) if q is None else _zeta(x, q)


# ---------------------------------------------------------------- incomplete gamma functions


@op(
    elementwise=True,
    public=False,
    samples=[sample(2.5, positives(3, 4)), sample(1.0, positives()), sample(0.5, positives(2)), sample(1, positives(3))],
)
def gamma_density(a: Any, x: Any) -> Any:
    """``x**(a - 1) exp(-x) / gamma(a)``, 0 where gamma has a pole; derivative ``gamma_density(a - 1, x) - out``."""
    scale = of_scipy("gammaln")(a)
    pole = scale == np.inf
    exponent = of_scipy("xlogy")(np.where(pole, 0, a - 1), x) - x - scale
    out = of_scipy("gammasgn")(a) * np.exp(exponent)
    return np.where(pole, 0, out).astype(np.result_type(a, x, np.float16))[()]


gamma_density.vjp(a=None, x=lambda g, out, a, x: times(g, gamma_density(a - 1, x) - out))


@op(elementwise=True, name="gammainc", public=False, samples=[sample(2.5, positives(3))])
def _gammainc(a: Any, x: Any) -> Any:
    return of_scipy("gammainc")(*in_one_dtype(a, x))


_gammainc.vjp(a=None, x=lambda g, a, x: times(g, gamma_density(a, x)))


@op(elementwise=True, name="gammaincc", public=False, samples=[sample(2.5, positives(3))])
def _gammaincc(a: Any, x: Any) -> Any:
    return of_scipy("gammaincc")(*in_one_dtype(a, x))


_gammaincc.vjp(a=None, x=lambda g, a, x: -times(g, gamma_density(a, x)))

_INCOMPLETE = (sample(2.5, positives(3, 4)), sample(1, positives()), sample(0.5, positives(2, 1)))


@function("gammainc", samples=_INCOMPLETE)
def gammainc(a: Any, x: Any, /) -> Any:
    """The regularized lower incomplete gamma function ``integral from 0 to x of t**(a - 1) exp(-t) / gamma(a)``.

    The derivative with respect to ``x`` is ``x**(a - 1) exp(-x) / gamma(a)``, right at 0 too; with respect to ``a`` there is
    none. Needs SciPy.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for an ``a`` that requires a gradient.

    >>> ag.special.gammainc(2.0, np.array([0.0, 1.0]))
    array([0.        , 0.26424112])
    """
    return _gammainc(constant(a, "gammainc", "a"), x)


@function("gammaincc", samples=_INCOMPLETE)
def gammaincc(a: Any, x: Any, /) -> Any:
    """The regularized upper incomplete gamma function, ``1 - gammainc(a, x)``, exact where that would round to 0.

    The derivative with respect to ``x`` is ``-x**(a - 1) exp(-x) / gamma(a)``; with respect to ``a`` there is none. Needs
    SciPy.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for an ``a`` that requires a gradient.

    >>> ag.special.gammaincc(2.0, np.array([0.0, 100.0]))
    array([1.00000000e+00, 3.75727674e-42])
    """
    return _gammaincc(constant(a, "gammaincc", "a"), x)
