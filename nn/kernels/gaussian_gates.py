"""``gelu``: ``x Phi(x)``, with the distribution function of the standard normal Phi; and ``gelu_tanh``, its approximation.

Note [Phi]: NumPy has no error function, so Phi is made of what it has.

In single precision, Phi(x) = (1 + tanh(x p(x^2))) / 2 with a polynomial p of degree 6, so that a few steps serve all x. p is
the best one for the error of Phi, which stays below 3e-8; rounding makes that 2e-7.

In double precision, with a = |x|, the tail Phi(-a) = exp(-a^2 / 2) t P(1 - 2t) with t = 4 / (4 + a), which takes all a to
0 < t <= 1. P has degree 22 and is the Chebyshev interpolation of Phi(-a) exp(a^2 / 2) / t, with an error of 1e-16 (after
M. Shepherd and J. Laframboise, Chebyshev approximation of (1 + 2x) exp(x^2) erfc x, 1981). The tail keeps its digits.

The coefficients were computed with mpmath; the tests compare with it.
"""

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample
from nn.kernels.pieces import in_pieces, real
from nn.kernels.slopes import differentiated_by_slope

# Half the logarithm of Phi(x) / Phi(-x) is x p(x^2): the coefficients of p, highest power first.
_HALF_LOGIT = (
    1.75611868e-09,
    -1.32261416e-07,
    3.96471936e-06,
    -5.53060525e-05,
    -3.25953118e-05,
    3.63330849e-02,
    7.97884940e-01,
)

# The coefficients of P, highest power first.
_TAIL = (
    -4.221644241696684e-10, -3.19308785823943e-10, 4.01684673933235e-09, 4.892402234993512e-09, -1.9695900856734096e-08,
    -4.055790802133918e-08, 6.61834320494967e-08, 2.5674601753579823e-07, -1.5623877693912945e-07, -1.480723444385482e-06,
    1.7865053828168654e-07, 8.78640058976113e-06, -4.769190076797745e-07, -5.7773784446822336e-05, 3.3336052290036945e-05,
    4.077046213683964e-04, -8.699230891628756e-04, -1.8850472422229046e-03, 1.509914372259023e-02, -4.663046448989468e-02,
    9.678435018555664e-02, -1.5197416049297324e-01, 1.8882128260393785e-01,
)  # fmt: skip

_FAR = 40.0  # from here on the tail is 0 in double precision
_DENSITY_AT_0 = 1 / math.sqrt(2 * math.pi)
_FIRST, _THIRD = math.sqrt(2 / math.pi), math.sqrt(2 / math.pi) * 0.044715  # of the approximation


def _polynomial(x: Any, coefficients: tuple[float, ...], out: Any) -> None:
    np.multiply(x, coefficients[0], out=out)
    out += coefficients[1]
    for each in coefficients[2:]:
        out *= x
        out += each


# ---------------------------------------------------------------- x Phi(x)


def _single(x: Any, out: Any, *rest: Any) -> None:
    *slope, square, phi = rest
    np.square(x, out=square)
    _polynomial(square, _HALF_LOGIT, phi)
    phi *= x
    np.tanh(phi, out=phi)
    phi += 1
    phi *= 0.5
    np.multiply(phi, x, out=out)
    for into in slope:  # Phi(x) + x exp(-x^2 / 2) / sqrt(2 pi)
        np.multiply(square, -0.5, out=into)
        np.exp(into, out=into)
        into *= x
        into *= _DENSITY_AT_0
        into += phi


def _double(x: Any, out: Any, *rest: Any) -> None:
    *slope, a, t, s, tail = rest
    np.abs(x, out=a)
    np.minimum(a, _FAR, out=a)
    np.add(a, 4, out=t)
    np.divide(4, t, out=t)
    np.multiply(t, -2, out=s)
    s += 1
    _polynomial(s, _TAIL, tail)
    tail *= t
    np.square(a, out=s)
    s *= -0.5
    density = np.exp(s, out=s)  # but for a factor
    tail *= density
    np.maximum(x, 0, out=out)
    out -= np.multiply(a, tail, out=t)
    for into in slope:  # 1 + d where x > 0 and else -d, with d = a exp(-a^2 / 2) / sqrt(2 pi) - Phi(-a)
        a *= density
        a *= _DENSITY_AT_0
        a -= tail
        above = np.greater(x, 0, out=t)
        np.multiply(above, 2, out=into)
        into -= 1
        into *= a
        into += above


@ag.op(
    elementwise=True,
    multiple=True,
    public=False,
    samples=[sample(reals(3, 4), slope=True), sample(reals(), slope=True), sample(reals(3, low=-9.0, high=9.0), slope=False)],
)
def gelu(x: Any, *, slope: bool) -> Any:
    """``x Phi(x)``, and its slope ``Phi(x) + x Phi'(x)``."""
    x = real(x)
    if x.dtype.itemsize > 4:
        return tuple(in_pieces(_double, x, results=1 + slope, scratch=4))
    with np.errstate(over="ignore", invalid="ignore"):  # of large x, whose powers may be infinite: tanh makes 1 of them
        return tuple(in_pieces(_single, x, results=1 + slope, scratch=2))


differentiated_by_slope(gelu, lambda x: np.exp(-0.5 * (x * x)) * ((2 - x * x) * _DENSITY_AT_0))


# ---------------------------------------------------------------- the approximation


def _with_tanh(x: Any, out: Any, *rest: Any) -> None:
    *slope, square, phi = rest
    np.square(x, out=square)
    np.multiply(square, _THIRD, out=phi)
    phi += _FIRST
    phi *= x
    np.tanh(phi, out=phi)
    phi += 1
    phi *= 0.5
    np.multiply(phi, x, out=out)
    for into in slope:  # phi + 2 x phi (1 - phi) y' with the slope y' of the argument of tanh
        square *= 3 * _THIRD
        square += _FIRST
        np.subtract(1, phi, out=into)
        into *= out
        into *= square
        into *= 2
        into += phi


@ag.op(
    elementwise=True,
    multiple=True,
    public=False,
    samples=[sample(reals(3, 4), slope=True), sample(reals(3, low=-9.0, high=9.0), slope=False)],
)
def gelu_tanh(x: Any, *, slope: bool) -> Any:
    """``x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2``, and its slope."""
    with np.errstate(over="ignore", invalid="ignore"):  # as in ``gelu``
        return tuple(in_pieces(_with_tanh, real(x), results=1 + slope, scratch=2))


def _curvature_with_tanh(x: Any) -> Any:
    # with y the argument of tanh: (1 - tanh(y)^2) (y' + x (y'' - 2 tanh(y) y'^2) / 2)
    first = _FIRST + (3 * _THIRD) * (x * x)
    y = x * (_FIRST + _THIRD * (x * x))
    sech2 = 4 * ag.sigmoid(2 * y) * ag.sigmoid(-2 * y)  # with all its digits where tanh is near 1
    return sech2 * (first + x * ((3 * _THIRD) * x - np.tanh(y) * (first * first)))


differentiated_by_slope(gelu_tanh, _curvature_with_tanh)
