"""``affine``: what a fully connected layer computes."""

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample
from nn.kernels.moments import ones


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
    out = np.dot(_rows(x, x.shape), weight.T)
    if bias is not None:
        if bias.dtype == out.dtype:
            out += bias  # in memory that nobody else has seen
        else:
            out = out + bias
    return out if x.ndim == 2 else np.reshape(out, (*x.shape[:-1], weight.shape[0]))


def _rows(x: Any, shape: tuple[int, ...]) -> Any:
    """``x`` of ``shape`` with all axes but the last made into one: a single product, where NumPy would make one a matrix."""
    return x if len(shape) == 2 else np.reshape(x, (math.prod(shape[:-1]), shape[-1]))


def _to_x(g: Any, weight: Any, x_shape: tuple[int, ...], out_shape: tuple[int, ...]) -> Any:
    flow = np.dot(_rows(g, out_shape), weight)
    return flow if len(x_shape) == 2 else np.reshape(flow, x_shape)


def _to_weight(g: Any, x: Any, x_shape: tuple[int, ...], out_shape: tuple[int, ...]) -> Any:
    return np.dot(_rows(g, out_shape).T, _rows(x, x_shape))


def _to_bias(g: Any, out_shape: tuple[int, ...], bias_dtype: Any) -> Any:
    """The sum of the rows, as a product, which is faster."""
    if len(out_shape) == 1:
        return g
    return np.dot(ones(math.prod(out_shape[:-1]), bias_dtype), _rows(g, out_shape))


affine.vjp(x=_to_x, weight=_to_weight, bias=_to_bias)


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
