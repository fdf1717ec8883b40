"""Activations made of exponentials: ``silu``, ``mish``, ``elu``, ``softplus``, ``logsigmoid``, ``softsign``, ``tanhshrink``.

None of them overflows, whatever the input. ``silu`` and ``mish`` give their slope too (Note [slopes]); for the others what has
to be kept is the input or the value alone.
"""

from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample
from nn.kernels.pieces import in_pieces, real
from nn.kernels.slopes import differentiated_by_slope

_WITH_SLOPE = (
    sample(reals(3, 4), slope=True),
    sample(reals(), slope=True),
    sample(reals(3, low=-9.0, high=9.0), slope=False),
)


def _logistic(x: Any, out: Any) -> None:
    """``1 / (1 + exp(-x))``, where an overflow is no error: 1 over infinity is 0."""
    np.negative(x, out=out)
    np.exp(out, out=out)
    out += 1
    np.reciprocal(out, out=out)


# ---------------------------------------------------------------- x times a gate


def _silu_steps(x: Any, out: Any, *rest: Any) -> None:
    *slope, s = rest
    _logistic(x, s)
    np.multiply(x, s, out=out)
    for into in slope:  # s + x s (1 - s)
        np.multiply(out, s, out=into)
        np.subtract(out, into, out=into)
        into += s


@ag.op(elementwise=True, multiple=True, public=False, samples=_WITH_SLOPE)
def silu(x: Any, *, slope: bool) -> Any:
    """``x / (1 + exp(-x))``, and its slope."""
    with np.errstate(over="ignore", invalid="ignore"):
        return tuple(in_pieces(_silu_steps, real(x), results=1 + slope, scratch=1))


def _silu_curvature(x: Any) -> Any:
    s = ag.sigmoid(x)
    return s * ag.sigmoid(-x) * (2 + x * (1 - 2 * s))


differentiated_by_slope(silu, _silu_curvature)


def _mish_steps(x: Any, out: Any, *rest: Any) -> None:
    # tanh(log(1 + e)) = n / (n + 2) with n = e (e + 2), e = exp(x), which rounds to 1 from the bound on.
    *slope, e, n, bounded = rest
    np.minimum(x, 20 if x.itemsize == 4 else 40, out=bounded)
    np.exp(bounded, out=e)
    np.add(e, 2, out=n)
    n *= e
    for into in slope:  # w + 4 x e (e + 1) / (n + 2)^2 with w = n / (n + 2)
        np.add(e, 1, out=into)
        e *= into
        e *= bounded
        e *= 4
        np.add(n, 2, out=into)
        e /= into
        e += n
        np.divide(e, into, out=into)
    np.add(n, 2, out=e)
    n /= e
    np.multiply(n, x, out=out)


@ag.op(elementwise=True, multiple=True, public=False, samples=_WITH_SLOPE)
def mish(x: Any, *, slope: bool) -> Any:
    """``x tanh(softplus(x))``, and its slope."""
    with np.errstate(invalid="ignore"):  # of -inf, times 0
        return tuple(in_pieces(_mish_steps, real(x), results=1 + slope, scratch=3))


def _mish_curvature(x: Any) -> Any:
    # of x w: 2 w' + x w'', with w' = (1 - w^2) s and w'' = w' (1 - s - 2 w s)
    s, w = ag.sigmoid(x), np.tanh(ag.softplus(x))
    return (1 - w * w) * s * (2 + x * (1 - s - 2 * (w * s)))


differentiated_by_slope(mish, _mish_curvature)


# ---------------------------------------------------------------- linear on one side


@ag.op(
    elementwise=True,
    public=False,
    samples=[
        sample(reals(3, 4, away_from=0.0), alpha=1.0, scale=1.0, rate=1.0),
        sample(reals(4, away_from=0.0), alpha=2.5, scale=1.5, rate=0.5),
    ],
)
def elu(x: Any, *, alpha: float, scale: float, rate: float) -> Any:
    """``scale * x`` where ``x > 0`` and else ``scale * alpha * (exp(rate * x) - 1)``."""

    def steps(x: Any, out: Any, *scratch: Any) -> None:
        np.minimum(x, 0, out=out)
        if rate != 1:
            out *= rate
        np.expm1(out, out=out)
        if alpha != 1:
            out *= alpha
        if scratch:
            out += np.maximum(x, 0, out=scratch[0])
        else:  # the exponential lies above the line
            np.maximum(x, out, out=out)
        if scale != 1:
            out *= scale

    return in_pieces(steps, real(x), scratch=alpha * rate > 1)[0]


@ag.op(
    elementwise=True,
    public=False,
    samples=[
        sample(reals(3, 4), reals(3, 4, away_from=0.0), alpha=1.0, scale=1.0, rate=1.0),
        sample(reals(4), reals(4, low=-0.9, high=-0.1), alpha=2.5, scale=1.5, rate=0.5),
    ],
)
def elu_gradient(cotangent: Any, value: Any, *, alpha: float, scale: float, rate: float) -> Any:
    """The cotangent times the slope: ``scale`` where the value is above 0, and else ``rate * (value + scale * alpha)``."""
    jump = scale - rate * scale * alpha

    def steps(cotangent: Any, value: Any, out: Any, *scratch: Any) -> None:
        np.minimum(value, 0, out=out)
        if rate != 1:
            out *= rate
        out += rate * scale * alpha
        if jump:
            above = np.greater(value, 0, out=scratch[0])
            above *= jump
            out += above
        out *= cotangent

    return in_pieces(steps, cotangent, value, scratch=jump != 0)[0]


elu.vjp(x=lambda g, out, alpha, scale, rate: elu_gradient(g, out, alpha=alpha, scale=scale, rate=rate))
elu_gradient.vjp(
    cotangent=lambda g, value, alpha, scale, rate: elu_gradient(g, value, alpha=alpha, scale=scale, rate=rate),
    value=lambda g, cotangent, value, rate: g * cotangent * rate * (value < 0),
)


@ag.op(
    elementwise=True,
    name="bounded_softplus",
    public=False,
    samples=[sample(reals(3, 4), beta=1.0, threshold=20.0), sample(reals(4, away_from=0.5), beta=2.0, threshold=1.0)],
)
def softplus(x: Any, *, beta: float, threshold: float) -> Any:
    """``log(1 + exp(beta * x)) / beta``, and ``x`` itself where ``beta * x > threshold``."""
    x = real(x)
    bounded = threshold < _rounding_to_1(x)

    def steps(x: Any, out: Any, y: Any) -> None:
        np.multiply(x, beta, out=y)
        np.abs(y, out=out)
        np.negative(out, out=out)
        np.exp(out, out=out)
        np.log1p(out, out=out)
        if bounded:
            out *= y <= threshold
        if beta != 1:
            out /= beta
        out += np.maximum(x, 0, out=y) if threshold >= 0 else np.where(y > threshold, x, np.maximum(x, 0))

    return in_pieces(steps, x, scratch=1)[0]


def _rounding_to_1(x: Any) -> float:
    """Where ``1 / (1 + exp(-y))`` is 1 but for rounding, and so ``log(1 + exp(y))`` is y."""
    return 17.5 if x.dtype.itemsize <= 4 else 45.0


@ag.op(
    elementwise=True,
    public=False,
    samples=[
        sample(reals(3, 4), reals(3, 4), beta=1.0, threshold=20.0),
        sample(reals(4), reals(4, away_from=0.5), beta=2.0, threshold=1.0),
    ],
)
def softplus_gradient(cotangent: Any, x: Any, *, beta: float, threshold: float) -> Any:
    """The cotangent times the slope: ``1 / (1 + exp(-beta * x))``, or 1."""
    bounded = threshold < _rounding_to_1(x)

    def steps(cotangent: Any, x: Any, out: Any, *scratch: Any) -> None:
        y = x if beta == 1 else np.multiply(x, beta, out=scratch[0])
        _logistic(y, out)
        if bounded:
            np.maximum(out, y > threshold, out=out)
        out *= cotangent

    with np.errstate(over="ignore"):
        return in_pieces(steps, cotangent, x, scratch=beta != 1)[0]


def _softplus_curvature(x: Any, beta: float, threshold: float) -> Any:
    y = beta * x
    return beta * ag.sigmoid(y) * ag.sigmoid(-y) * (y < threshold)


softplus.vjp(x=lambda g, x, beta, threshold: softplus_gradient(g, x, beta=beta, threshold=threshold))
softplus_gradient.vjp(
    cotangent=lambda g, x, beta, threshold: softplus_gradient(g, x, beta=beta, threshold=threshold),
    x=lambda g, cotangent, x, beta, threshold: g * cotangent * _softplus_curvature(x, beta, threshold),
)


@ag.op(elementwise=True, public=False, samples=[sample(reals(3, 4)), sample(reals(3, low=-9.0, high=9.0))])
def logsigmoid(x: Any) -> Any:
    """``-log(1 + exp(-x))``."""

    def steps(x: Any, out: Any, below: Any) -> None:
        np.abs(x, out=out)
        np.negative(out, out=out)
        np.exp(out, out=out)
        np.log1p(out, out=out)
        np.subtract(np.minimum(x, 0, out=below), out, out=out)

    return in_pieces(steps, real(x), scratch=1)[0]


logsigmoid.vjp(x=lambda g, out: -g * np.expm1(out))  # 1 - sigmoid(x), from the logarithm of sigmoid(x)


# ---------------------------------------------------------------- without a bend at 0


@ag.op(elementwise=True, public=False, samples=[sample(reals(3, 4, away_from=0.0)), sample(reals(away_from=0.0))])
def softsign(x: Any) -> Any:
    """``x / (1 + |x|)``."""

    def steps(x: Any, out: Any) -> None:
        np.abs(x, out=out)
        out += 1
        np.divide(x, out, out=out)

    return in_pieces(steps, real(x))[0]


def _softsign_gradient(g: Any, x: Any) -> Any:
    r = 1 / (1 + abs(x))
    return g * (r * r)


softsign.vjp(x=_softsign_gradient)


@ag.op(elementwise=True, public=False, samples=[sample(reals(3, 4)), sample(reals())])
def tanhshrink(x: Any) -> Any:
    """``x - tanh(x)``."""
    x = real(x)
    return x - np.tanh(x)


def _tanhshrink_gradient(g: Any, x: Any) -> Any:
    t = np.tanh(x)
    return g * (t * t)


tanhshrink.vjp(x=_tanhshrink_gradient)
