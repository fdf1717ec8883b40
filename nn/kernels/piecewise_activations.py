"""Activations made of straight pieces: ``leaky_relu``, ``prelu``, ``hardtanh``, ``hardsigmoid``, ``hardswish``, ``threshold``,
``softshrink``, ``hardshrink``. At their kinks they have PyTorch's derivatives (see docs/kinks.md).
"""

from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample
from nn.kernels.pieces import in_pieces, real

# ---------------------------------------------------------------- with a slope below 0


@ag.op(
    elementwise=True,
    public=False,
    samples=[
        sample(reals(3, 4, away_from=0.0), negative_slope=0.01),
        sample(reals(4, away_from=0.0), negative_slope=-0.5),
        sample(reals(away_from=0.0), negative_slope=1.5),
    ],
)
def leaky_relu(x: Any, *, negative_slope: float) -> Any:
    """``x`` where ``x > 0`` and else ``negative_slope * x``."""
    x = real(x)
    if negative_slope == 0:
        return np.maximum(x, 0)
    out = x * negative_slope
    choose = np.maximum if negative_slope <= 1 else np.minimum
    return choose(x, out, out=out if out.ndim else None)


def _leaky_relu_gradient(g: Any, x: Any, x_dtype: Any, negative_slope: float) -> Any:
    above = (x > 0).astype(x_dtype)
    if 0 <= negative_slope <= 1:
        return g * np.maximum(above, negative_slope)
    return g * above + g * negative_slope * (1 - above)


leaky_relu.vjp(x=_leaky_relu_gradient)


@ag.op(elementwise=True, public=False, samples=[sample(reals(2, 3, 4, away_from=0.0), reals(3, 1))])
def prelu(x: Any, weight: Any) -> Any:
    """``x`` where ``x > 0`` and else ``weight * x``, with a weight that broadcasts."""
    x = real(x)
    out = np.minimum(x, 0) * weight
    out += np.maximum(x, 0)
    return out


prelu.vjp(
    x=lambda g, x, weight: g * ((x > 0) + weight * (x <= 0)),
    weight=lambda g, x: g * np.minimum(x, 0),
)


# ---------------------------------------------------------------- flat outside of an interval


@ag.op(
    elementwise=True,
    public=False,
    samples=[sample(reals(3, 4, away_from=1.0), low=-3.0, high=1.0), sample(reals(away_from=0.0), low=0.0, high=6.0)],
)
def hardtanh(x: Any, *, low: float, high: float) -> Any:
    """``x`` within the limits, and else the nearer one; slope 0 at them."""
    return real(x).clip(low, high)


hardtanh.vjp(x=lambda g, out, low, high: ag.passed(g, (out > low) & (out < high)))


@ag.op(elementwise=True, public=False, samples=[sample(reals(3, 4, low=-2.9, high=2.9)), sample(reals(low=3.1, high=9.0))])
def hardsigmoid(x: Any) -> Any:
    """``x / 6 + 1 / 2`` between 0 and 1; slope 0 at -3 and 3."""

    def steps(x: Any, out: Any) -> None:
        np.add(x, 3, out=out)
        out.clip(0, 6, out=out)
        out *= 1 / 6

    return in_pieces(steps, real(x))[0]


hardsigmoid.vjp(x=lambda g, x: ag.passed(g, (x > -3) & (x < 3)) / 6)


@ag.op(elementwise=True, public=False, samples=[sample(reals(3, 4, low=-2.9, high=2.9)), sample(reals(low=3.1, high=9.0))])
def hardswish(x: Any) -> Any:
    """``x * hardsigmoid(x)``."""

    def steps(x: Any, out: Any) -> None:
        np.add(x, 3, out=out)
        out.clip(0, 6, out=out)
        out *= x
        out *= 1 / 6

    with np.errstate(invalid="ignore"):  # of -inf, times 0
        return in_pieces(steps, real(x))[0]


@ag.op(
    elementwise=True,
    public=False,
    samples=[sample(reals(3, 4), reals(3, 4, low=-2.9, high=2.9)), sample(reals(4), reals(4, low=3.1, high=9.0))],
)
def hardswish_gradient(cotangent: Any, x: Any) -> Any:
    """The cotangent times the slope: 0 up to -3, 1 from 3 on, between them ``x / 3 + 1 / 2``."""

    def steps(cotangent: Any, x: Any, out: Any, ends: Any) -> None:
        x.clip(-3, 3, out=out)
        out *= 1 / 3
        np.trunc(out, out=ends)  # -1 up to -3 and 1 from 3 on
        ends *= 0.5
        out += 0.5
        out -= ends
        out *= cotangent

    return in_pieces(steps, cotangent, x, scratch=1)[0]


hardswish.vjp(x=lambda g, x: hardswish_gradient(g, x))
hardswish_gradient.vjp(
    cotangent=lambda g, x: hardswish_gradient(g, x),
    x=lambda g, cotangent, x: ag.passed(g * cotangent, (x > -3) & (x < 3)) / 3,
)


# ---------------------------------------------------------------- with a part left out


@ag.op(
    elementwise=True,
    public=False,
    samples=[sample(reals(3, 4, away_from=0.5), threshold=0.5, value=-1.0), sample(reals(3), threshold=-5.0, value=0.0)],
)
def threshold(x: Any, *, threshold: float, value: float) -> Any:
    """``x`` where it is above the threshold and else the value."""
    x = real(x)
    return np.where(x <= threshold, np.asarray(value, x.dtype), x)[()] if value else ag.passed(x, ~(x <= threshold))


threshold.vjp(x=lambda g, x, threshold: ag.passed(g, x > threshold))


@ag.op(elementwise=True, public=False, samples=[sample(reals(3, 4, away_from=0.5), lambd=0.5), sample(reals(3), lambd=0.0)])
def softshrink(x: Any, *, lambd: float) -> Any:
    """``x`` moved by lambda towards 0, where it arrives at most."""

    def steps(x: Any, out: Any) -> None:
        x.clip(-lambd, lambd, out=out)
        np.subtract(x, out, out=out)

    return in_pieces(steps, real(x))[0]


softshrink.vjp(x=lambda g, out: ag.passed(g, out != 0))


@ag.op(elementwise=True, public=False, samples=[sample(reals(3, 4, away_from=0.5), lambd=0.5), sample(reals(3), lambd=-1.0)])
def hardshrink(x: Any, *, lambd: float) -> Any:
    """``x`` where ``|x| > lambda`` and else 0."""
    x = real(x)
    return ag.passed(x, ~(abs(x) <= lambd))


hardshrink.vjp(x=lambda g, x, lambd: ag.passed(g, abs(x) > lambd))
