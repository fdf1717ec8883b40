"""``softmax_cross_entropy``: the loss of logits of which one class is the right one, and ``minus_one_hot``, its gradient's."""

from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from autograd.samples import integers, reals, sample


@ag.op(
    multiple=True,
    name="softmax_cross_entropy",
    public=False,
    samples=[
        sample(reals(5, 3), integers(5, low=0, high=3), None, 0.2, rows=False),
        sample(reals(5, 3), integers(5, low=0, high=3), None, 1.0, rows=True),
    ],
)
def softmax_cross_entropy(logits: Any, target: Any, weights: Any, scale: Any, *, rows: bool) -> Any:
    """``scale * weights_i * -log softmax(logits_i)[target_i]``, for each row or summed up; and the softmax.

    The softmax is an output because the gradient is made of it: computed once, and differentiable like any output.
    """
    largest = np.maximum.reduce(logits, axis=1, keepdims=True, initial=np.finfo(logits.dtype).min)
    shifted = logits - largest
    probabilities = np.exp(shifted)
    total = np.maximum(np.add.reduce(probabilities, axis=1, keepdims=True), 1)  # below 1 only for a row of nothing but -inf
    probabilities /= total
    losses = np.log(total[:, 0]) - shifted[np.arange(len(target)), target]
    if weights is not None:
        # 0 for a target that is ignored, whose loss may be infinite
        losses = np.where(weights == 0, 0, losses) * weights
    return (losses if rows else np.add.reduce(losses)) * scale, probabilities


@ag.op(name="minus_one_hot", public=False, samples=[sample(reals(5, 3), integers(5, low=0, high=3))])
def minus_one_hot(x: Any, target: Any) -> Any:
    """``x`` less 1 in the column ``target_i`` of each row ``i``."""
    out = np.array(x)
    out[np.arange(len(target)), target] -= 1
    return out


minus_one_hot.vjp(x=lambda g: g, target=None)


def _softmax_cross_entropy_gradient(g: Any, out: Any, target: Any, weights: Any, scale: Any, rows: bool) -> Any:
    to_loss, to_probabilities = g
    probabilities = out[1]
    gradient = None
    if to_loss is not None:
        coefficient = to_loss * scale
        if weights is not None:
            coefficient = np.where(weights == 0, 0, coefficient * weights)  # 0 too where nothing counts and scale is NaN
        if rows or weights is not None:
            coefficient = np.reshape(coefficient, (-1, 1))
        gradient = minus_one_hot(probabilities, target) * coefficient
    if to_probabilities is not None:
        flow = probabilities * to_probabilities
        flow = flow - probabilities * flow.sum(1, keepdims=True)
        gradient = flow if gradient is None else gradient + flow
    return gradient


softmax_cross_entropy.vjp(logits=_softmax_cross_entropy_gradient, target=None, weights=None, scale=None)


def rows_of_examples(name: str, arrays: Any, mapped: Any, size: int) -> list[Any]:
    """Scores, their targets and weights (``None`` stays) with the rows of all examples in one; ``name`` is that of the loss."""
    whole = [
        x if x is None or is_mapped else np.broadcast_to(x, (size, *x.shape))
        for x, is_mapped in zip(arrays, mapped, strict=True)
    ]
    target, classes = whole[1], whole[0].shape[2]
    if isinstance(target, np.ndarray) and target.size and not 0 <= target.min() <= target.max() < classes:
        raise IndexError(
            f"{name}: expected classes from 0 to {classes - 1}, received some from {target.min()} to {target.max()}"
        )
    for each in whole[2:]:
        if isinstance(each, Tensor) and each.requires_grad:
            raise TypeError(f"{name}: weight is a constant, received a tensor that requires a gradient; pass weight.detach()")
    return [x if x is None else np.reshape(x, (x.shape[0] * x.shape[1], *x.shape[2:])) for x in whole]


def scaled_rows(losses: Any, arrays: Any, mapped: Any, rows: bool, level: Any) -> Any:
    """The losses of the rows of all examples, as what each example has alone: rows or their sum, times the last input."""
    scale = arrays[-1]
    losses = np.reshape(losses, (level.size, arrays[0].shape[mapped[0]]))
    if not rows:
        losses = np.sum(losses, axis=1)
    elif mapped[-1]:
        scale = np.reshape(scale, (level.size, 1))
    return losses * scale


def _softmax_cross_entropy_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    logits, target, weights = rows_of_examples("cross_entropy", arrays[:-1], mapped[:-1], level.size)
    losses, probabilities = record.call(logits, target, weights, 1.0, rows=True)
    losses = scaled_rows(losses, arrays, mapped, statics["rows"], level)
    return losses, np.reshape(probabilities, (level.size, *arrays[0].shape[mapped[0] :]))


def _minus_one_hot_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    out = record.call(*rows_of_examples("minus_one_hot", arrays, mapped, level.size))
    return np.reshape(out, (level.size, *arrays[0].shape[mapped[0] :]))


softmax_cross_entropy.batch(_softmax_cross_entropy_of_examples)
minus_one_hot.batch(_minus_one_hot_of_examples)
