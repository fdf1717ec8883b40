"""``affine``: what a fully connected layer computes."""

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample


@ag.op(
    name="linear",
    public=False,
    samples=[
        sample(reals(5, 3), reals(4, 3), reals(4)),
        sample(reals(2, 5, 3), reals(4, 3), None),
        sample(reals(3), reals(4, 3), reals(4)),
    ],
)
def affine(x: Any, weight: Any, bias: Any) -> Any:
    """``x @ weight.T + bias``, for callers that have checked the shapes: x (..., in), weight (out, in), bias (out,) or None."""
    out = x @ weight.T
    if bias is None:
        return out
    if bias.dtype == out.dtype:
        out += bias  # in memory that nobody else has seen
        return out
    return out + bias


def _rows(x: Any, shape: tuple[int, ...]) -> Any:
    """``x`` of ``shape`` with all axes but the last made into one."""
    return x if len(shape) == 2 else np.reshape(x, (math.prod(shape[:-1]), shape[-1]))


affine.vjp(
    x=lambda g, weight: np.matmul(g, weight),
    weight=lambda g, x, x_shape, out_shape: np.matmul(np.transpose(_rows(g, out_shape)), _rows(x, x_shape)),
    bias=lambda g, out_shape: g.sum(tuple(range(len(out_shape) - 1))),
)


def _affine_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """Where examples share the weight, their rows are those of one input; where they share the input, the weights are one."""
    x, weight, bias = arrays
    shape = x.shape[mapped[0] :]
    if not (mapped[1] or mapped[2]):
        out = record.call(_rows(x, x.shape), weight, bias)
        return np.reshape(out, (level.size, *shape[:-1], weight.shape[0]))
    if not mapped[1]:
        out = np.matmul(_rows(x, x.shape), weight.T)
        out = np.reshape(out, (*x.shape[:-1], weight.shape[0]))
    elif not mapped[0]:
        out = np.matmul(_rows(x, x.shape), _rows(weight, weight.shape).T)
        out = np.moveaxis(np.reshape(out, (*shape[:-1], *weight.shape[:2])), -2, 0)
    elif len(shape) == 1:
        out = np.matvec(weight, x)
    else:
        rows = np.reshape(x, (level.size, math.prod(shape[:-1]), shape[-1]))
        out = np.reshape(np.matmul(rows, weight.mT), (level.size, *shape[:-1], weight.shape[1]))
    if mapped[2]:
        bias = np.reshape(bias, (level.size, *[1] * (len(shape) - 1), bias.shape[1]))
    return out if bias is None else out + bias


affine.batch(_affine_of_examples)
