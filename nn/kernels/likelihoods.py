"""Losses that compare with a distribution: ``kl_divergence``, ``poisson_nll``, ``gaussian_nll`` and its ``at_least``."""

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import positives, reals, sample
from nn.kernels.reductions import of_examples, spread, total

_LOG_PROBABILITIES = reals(2, 3, low=-3.0, high=-0.1)


@ag.op(
    name="kl_divergence",
    public=False,
    samples=[
        sample(_LOG_PROBABILITIES, reals(2, 3, low=0.1, high=0.9), log_target=False, divisor=None),
        sample(_LOG_PROBABILITIES, reals(2, 3, low=0.1, high=0.9), log_target=False, divisor=2),
        sample(_LOG_PROBABILITIES, _LOG_PROBABILITIES, log_target=True, divisor=6),
    ],
)
def kl_divergence(x: Any, y: Any, *, log_target: bool, divisor: int | None) -> Any:
    """``p (log p - x)`` for ``p = y``, or ``p = exp(y)`` with ``log_target``; 0 where ``p`` is 0, whatever ``x``."""
    p = np.exp(y) if log_target else y
    nothing = p == 0
    logs = np.where(nothing, 0, y) if log_target else np.log(y + nothing)
    return total(p * (logs - np.where(nothing, 0, x)), divisor)


def _kl_divergence_gradient(g: Any, x: Any, y: Any, log_target: bool, divisor: int | None) -> Any:
    """With respect to ``y``: ``log p + 1 - x``, times ``p`` where ``y`` is ``log p``.

    Where ``p`` is 0, ``-x`` is left: then second derivatives are symmetric, as the gradient of ``x`` is ``-p`` everywhere.
    """
    g = spread(g, divisor)
    p = np.exp(y) if log_target else y
    nothing = p == 0
    logs = np.where(nothing, 0, y) if log_target else np.log(y + nothing)
    slope = np.where(nothing, 0, logs + 1) - np.where(nothing & np.isinf(x), 0, x)
    return slope * (p * g if log_target else g)


kl_divergence.vjp(
    x=lambda g, y, log_target, divisor: (np.exp(y) if log_target else y) * -spread(g, divisor),
    y=_kl_divergence_gradient,
)


@ag.op(
    name="poisson_nll",
    public=False,
    samples=[
        sample(reals(2, 3), positives(2, 3), log_input=True, full=False, eps=1e-8, divisor=None),
        sample(reals(2, 3), reals(2, 3, low=0.2, high=3.0, away_from=1.0), log_input=True, full=True, eps=1e-8, divisor=6),
        sample(positives(2, 3), positives(2, 3), log_input=False, full=False, eps=1e-3, divisor=6),
    ],
)
def poisson_nll(x: Any, y: Any, *, log_input: bool, full: bool, eps: float, divisor: int | None) -> Any:
    """``exp(x) - y x``, or ``x - y log(x + eps)`` for ``x`` that is no logarithm; ``full``: and Stirling's ``log y!``."""
    losses = np.exp(x) - y * x if log_input else x - y * np.log(x + eps)
    if full:
        many = np.maximum(y, 1)
        losses = losses + np.where(y > 1, many * np.log(many) - many + np.log(many * (2 * math.pi)) * 0.5, 0)
    return total(losses, divisor)


def _poisson_nll_gradient_of_target(
    g: Any, x: Any, y: Any, log_input: bool, full: bool, eps: float, divisor: int | None
) -> Any:
    slope = -x if log_input else -np.log(x + eps)
    if full:
        many = np.maximum(y, 1)
        slope = slope + np.where(y > 1, np.log(many) + 0.5 / many, 0)
    return slope * spread(g, divisor)


poisson_nll.vjp(
    x=lambda g, x, y, log_input, eps, divisor: (np.exp(x) - y if log_input else 1 - y / (x + eps)) * spread(g, divisor),
    y=_poisson_nll_gradient_of_target,
)

for _each in (kl_divergence, poisson_nll):
    _each.batch(of_examples)


@ag.op(elementwise=True, name="gaussian_nll", public=False, samples=[sample(reals(2, 3), reals(2, 3), positives(2, 1))])
def gaussian_nll(x: Any, y: Any, variance: Any) -> Any:
    """``(log(variance) + (x - y)**2 / variance) / 2``."""
    difference = x - y
    return (np.log(variance) + difference * difference / variance) * 0.5


gaussian_nll.vjp(
    x=lambda g, x, y, variance: g * (x - y) / variance,
    y=lambda g, x, y, variance: g * (y - x) / variance,
    variance=lambda g, x, y, variance: g * (1 - (x - y) ** 2 / variance) * 0.5 / variance,
)


@ag.op(elementwise=True, name="at_least", public=False, samples=[sample(reals(2, 3, low=0.5), bound=0.1)])
def at_least(x: Any, *, bound: float) -> Any:
    """``max(x, bound)``, but with derivative 1 everywhere: what is raised to the bound still learns that it is too low."""
    return np.maximum(x, bound)


at_least.vjp(x=lambda g: g)
