"""Layers and losses as functions, under PyTorch's names and arguments: ``import nn.functional as F``.

What has parameters receives them as arguments. ``dim`` is what NumPy and ``autograd`` call ``axis``.
"""

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from autograd.samples import reals, sample
from nn.losses import binary_cross_entropy_with_logits, cross_entropy, l1_loss, mse_loss

__all__ = [
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "l1_loss",
    "linear",
    "log_softmax",
    "mse_loss",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
]


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
    """The op of ``linear``, for callers that have checked the shapes."""
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


def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    """``input @ weight.T + bias``, as one op.

    Args:
        input: features on the last axis.
        weight: one row of ``in`` numbers for each output.
        bias: one number for each output; ``None`` for none.

    Shapes: ``input`` (..., in), ``weight`` (out, in), ``bias`` (out,) -> (..., out).

    Raises:
        ValueError: for shapes that do not fit.

    >>> nn.functional.linear(np.array([1.0, 2.0]), np.array([[3.0, 4.0]]), np.array([0.5]))
    array([11.5])
    """
    input, weight = _array(input), _array(weight)
    if len(weight.shape) != 2 or input.shape[-1:] != weight.shape[1:]:
        raise ValueError(
            f"linear: expected input (..., in) and weight (out, in), received {input.shape} and {weight.shape}; "
            "the last axis of the input has to be as long as that of the weight"
        )
    if bias is not None:
        bias = _array(bias)
        if bias.shape != weight.shape[:1]:
            raise ValueError(f"linear: expected bias of shape {weight.shape[:1]}, one per output; received {bias.shape}")
    return affine(input, weight, bias)


def _array(x: Any) -> Any:
    return x if isinstance(x, Tensor | np.ndarray) else np.asarray(x)


def relu(input: Any) -> Any:
    """``max(input, 0)``; derivative 0 at 0.

    Shapes: any -> same.

    >>> nn.functional.relu([-1.0, 2.0])
    array([0., 2.])
    """
    return ag.relu(input)


def tanh(input: Any) -> Any:
    """The hyperbolic tangent.

    Shapes: any -> same.

    >>> nn.functional.tanh([0.0, 1.0])
    array([0.        , 0.76159416])
    """
    return ag.tanh(input)


def sigmoid(input: Any) -> Any:
    """``1 / (1 + exp(-input))``.

    Shapes: any -> same.

    >>> nn.functional.sigmoid([0.0, 1.0])
    array([0.5       , 0.73105858])
    """
    return ag.sigmoid(input)


def softmax(input: Any, dim: int) -> Any:
    """``exp(input) / sum(exp(input))`` along ``dim``.

    Shapes: any -> same.

    >>> nn.functional.softmax([[0.0, 0.0]], dim=1)
    array([[0.5, 0.5]])
    """
    return ag.softmax(_array(input), axis=dim)


def log_softmax(input: Any, dim: int) -> Any:
    """The logarithm of ``softmax`` along ``dim``, exact for logits of any size.

    Shapes: any -> same.

    >>> nn.functional.log_softmax([[0.0, 1000.0]], dim=1)
    array([[-1000.,     0.]])
    """
    return ag.log_softmax(_array(input), axis=dim)
