"""Losses of yes-or-no questions: ``sigmoid_cross_entropy``, ``binary_cross_entropy``, ``logistic``, ``hinge_embedding``."""

from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample
from nn.kernels.reductions import of_examples, spread, total

_LEAST_LOG = -100.0  # what the logarithm of a probability 0 counts as
# What p (1 - p) counts as where it is smaller, in a denominator: 1e-12 in single precision, as in PyTorch.
_LEAST_VARIANCE = float(np.float32(1e-12))

_LOGITS = [sample(reals(2, 3), reals(2, 3), divisor=None), sample(reals(2, 3), reals(2, 3), divisor=6)]


@ag.op(name="sigmoid_cross_entropy", public=False, samples=_LOGITS)
def sigmoid_cross_entropy(logits: Any, target: Any, *, divisor: int | None) -> Any:
    """``-(y log s(x) + (1 - y) log(1 - s(x)))`` with the sigmoid s."""
    # max(x, 0) - x y + log(1 + exp(-|x|)): no exponential of a positive number, so that none overflows
    return total(np.maximum(logits, 0) - logits * target + np.log1p(np.exp(-abs(logits))), divisor)


sigmoid_cross_entropy.vjp(
    logits=lambda g, logits, target, divisor: (ag.sigmoid(logits) - target) * spread(g, divisor),
    target=lambda g, logits, divisor: logits * -spread(g, divisor),
)


# ---------------------------------------------------------------- of probabilities


def _bounded_log(p: Any) -> Any:
    # Without the logarithm of 0, at which NumPy warns.
    return np.maximum(np.log(p, out=np.full_like(p, _LEAST_LOG), where=p > 0), _LEAST_LOG)


def _bounded_log_of_complement(p: Any) -> Any:
    return np.maximum(np.log1p(-p, out=np.full_like(p, _LEAST_LOG), where=p < 1), _LEAST_LOG)


@ag.op(elementwise=True, name="log_odds", public=False, samples=[sample(reals(2, 3, low=0.1, high=0.9))])
def log_odds(p: Any) -> Any:
    """``log p - log(1 - p)``, each logarithm at least -100."""
    return _bounded_log(p) - _bounded_log_of_complement(p)


log_odds.vjp(p=lambda g, p: g / np.maximum(p * (1 - p), _LEAST_VARIANCE))


@ag.op(
    name="binary_cross_entropy",
    public=False,
    samples=[sample(*[reals(2, 3, low=0.1, high=0.9)] * 2, divisor=each) for each in (None, 6)],
)
def binary_cross_entropy(p: Any, target: Any, *, divisor: int | None) -> Any:
    """``-(y log p + (1 - y) log(1 - p))``, each logarithm at least -100."""
    return total((target - 1) * _bounded_log_of_complement(p) - target * _bounded_log(p), divisor)


binary_cross_entropy.vjp(
    p=lambda g, p, target, divisor: (p - target) / np.maximum(p * (1 - p), _LEAST_VARIANCE) * spread(g, divisor),
    target=lambda g, p, divisor: log_odds(p) * -spread(g, divisor),
)


def _binary_cross_entropy_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    for name, each in zip(("input", "target"), arrays, strict=True):
        if isinstance(each, np.ndarray) and each.size and not (each.min() >= 0 and each.max() <= 1):
            raise ValueError(
                f"binary_cross_entropy: expected {name} from 0 to 1, received some from {each.min()} to {each.max()}"
            )
    return of_examples(record, arrays, mapped, statics, level)


# ---------------------------------------------------------------- of answers 1 and -1


@ag.op(name="logistic_loss", public=False, samples=_LOGITS)
def logistic_loss(x: Any, y: Any, *, divisor: int | None) -> Any:
    """``log(1 + exp(-y x))``."""
    x = -y * x
    return total(np.maximum(x, 0) + np.log1p(np.exp(-abs(x))), divisor)


logistic_loss.vjp(
    x=lambda g, x, y, divisor: ag.sigmoid(-y * x) * y * -spread(g, divisor),
    y=lambda g, x, y, divisor: ag.sigmoid(-y * x) * x * -spread(g, divisor),
)


def _signs(rng: Any) -> Any:
    return np.where(rng.uniform(size=(2, 3)) < 0.5, 1.0, -1.0)


@ag.op(
    name="hinge_embedding",
    public=False,
    samples=[sample(reals(2, 3, away_from=0.5), _signs, margin=0.5, divisor=each) for each in (None, 6)],
)
def hinge_embedding(x: Any, y: Any, *, margin: float, divisor: int | None) -> Any:
    """``x`` where ``y`` is 1, ``max(0, margin - x)`` where it is -1; both where it is neither."""
    return total(np.where(y != -1, x, 0) + np.where(y != 1, np.maximum(margin - x, 0), 0), divisor)


def _hinge_embedding_gradient(g: Any, x: Any, y: Any, margin: float, divisor: int | None) -> Any:
    g = spread(g, divisor)
    return np.where(y != -1, g, 0) - np.where((y != 1) & (x <= margin), g, 0)


hinge_embedding.vjp(x=_hinge_embedding_gradient, y=None)

for _each in (sigmoid_cross_entropy, logistic_loss, hinge_embedding):
    _each.batch(of_examples)
binary_cross_entropy.batch(_binary_cross_entropy_of_examples)
