"""``negative_log_likelihood``: the loss of log-probabilities of which one class is the right one."""

from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import integers, reals, sample
from nn.kernels.softmax_cross_entropy import minus_one_hot, rows_of_examples, scaled_rows


@ag.op(
    name="negative_log_likelihood",
    public=False,
    samples=[
        sample(reals(5, 3), integers(5, low=0, high=3), None, 0.2, rows=False),
        sample(reals(5, 3), integers(5, low=0, high=3), None, 1.0, rows=True),
    ],
)
def negative_log_likelihood(x: Any, target: Any, weights: Any, scale: Any, *, rows: bool) -> Any:
    """``scale * weights_i * -x_i[target_i]``, for each row or summed up."""
    losses = -x[np.arange(len(target)), target]
    if weights is not None:
        losses = np.where(weights == 0, 0, losses) * weights  # 0 for a target that is ignored, whose loss may be infinite
    return (losses if rows else np.add.reduce(losses)) * scale


def _gradient(g: Any, x_shape: Any, target: Any, weights: Any, scale: Any) -> Any:
    coefficient = g * scale
    if weights is not None:
        coefficient = np.where(weights == 0, 0, coefficient * weights)  # 0 too where nothing counts and scale is NaN
    coefficient = np.reshape(coefficient, (-1, 1))
    return minus_one_hot(np.zeros_like(coefficient, shape=x_shape), target) * coefficient


negative_log_likelihood.vjp(x=_gradient, target=None, weights=None, scale=None)


def _of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, target, weights = rows_of_examples("nll_loss", arrays[:-1], mapped[:-1], level.size)
    losses = record.call(x, target, weights, 1.0, rows=True)
    return scaled_rows(losses, arrays, mapped, statics["rows"], level)


negative_log_likelihood.batch(_of_examples)
