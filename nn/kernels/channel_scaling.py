"""``scaled_channels``: batch and instance norm with given statistics, as they are in evaluation mode, and its gradient."""

from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import positives, reals, sample
from nn.kernels.channels import by_channel, layout_of, of_channels, scaled
from nn.kernels.derivation import differentiated_as
from nn.kernels.half_precision import in_single_precision, is_half
from nn.kernels.moments import is_far, ones


@ag.op(
    name="scaled_channels",
    public=False,
    samples=[
        sample(reals(4, 3), reals(3), positives(3), reals(3), reals(3), eps=0.1),
        sample(reals(2, 2, 3), reals(2), positives(2), None, None, eps=0.1),
    ],
)
def scaled_channels(x: Any, mean: Any, variance: Any, weight: Any, bias: Any, *, eps: float) -> Any:
    """``weight * (x - mean) / sqrt(variance + eps) + bias``, each number that of a channel."""
    if is_half(x):
        return in_single_precision(scaled_channels, x, mean, variance, weight, bias, eps=eps)
    layout = layout_of(x.shape)
    rows = x.reshape(layout.shape)
    scale = np.reciprocal(np.sqrt(variance + eps))
    if weight is not None:
        scale = scale * weight
    if is_far(mean * mean, variance):
        rows, offset = rows - layout.along(mean), bias
    else:
        offset = mean * scale
        offset = -offset if bias is None else bias - offset
    return scaled(layout, rows, scale, offset).reshape(x.shape)


@ag.op(
    multiple=True,
    name="scaled_channels_gradient",
    public=False,
    samples=[
        sample(reals(4, 3), reals(4, 3), reals(3), positives(3), reals(3), eps=0.1),
        sample(reals(2, 2, 3), reals(2, 2, 3), reals(2), positives(2), None, eps=0.1),
    ],
)
def scaled_channels_gradient(cotangent: Any, x: Any, mean: Any, variance: Any, weight: Any, *, eps: float) -> Any:
    """The gradients with respect to ``x``, ``weight`` and ``bias``."""
    if is_half(x):
        return in_single_precision(scaled_channels_gradient, cotangent, x, mean, variance, weight, eps=eps)
    layout = layout_of(x.shape)
    rows, flow = x.reshape(layout.shape), cotangent.reshape(layout.shape)
    inverse = np.reciprocal(np.sqrt(variance + eps))
    first = layout.of_rows(flow, ones)
    if is_far(mean * mean, variance):
        second = layout.of_products(flow, rows - layout.along(mean), ones)
    else:
        second = layout.of_products(flow, rows, ones) - mean * first
    to_x = scaled(layout, flow, inverse if weight is None else inverse * weight, None)
    return to_x.reshape(x.shape), layout.total(inverse * second), layout.total(first)


# ---------------------------------------------------------------- gradients


@scaled_channels.joint_vjp
def _rule(g: Any, x: Any, mean: Any, variance: Any, weight: Any, needed: Any, eps: float) -> Any:
    if not any(needed[1:]):
        return scaled_channels(g, np.zeros_like(mean), variance, weight, None, eps=eps), None, None, None, None
    to_x, to_weight, to_bias = scaled_channels_gradient(g, x, mean, variance, weight, eps=eps)
    to_mean = to_variance = None
    if needed[1] or needed[2]:
        inverse = 1 / np.sqrt(variance + eps)
        scale = inverse if weight is None else inverse * weight
        to_mean, to_variance = -scale * to_bias, -0.5 * inverse * scale * to_weight
    return to_x, to_mean, to_variance, to_weight, to_bias


def _text_of_gradient(cotangent: Any, x: Any, mean: Any, variance: Any, weight: Any, *, eps: float) -> Any:
    if is_half(x):
        return in_single_precision(_text_of_gradient, cotangent, x, mean, variance, weight, eps=eps)
    flow = by_channel(cotangent, x.shape)
    inverse = 1 / np.sqrt(variance + eps)
    normalized = (by_channel(x, x.shape) - np.expand_dims(mean, 1)) * np.expand_dims(inverse, 1)
    to_x = flow * np.expand_dims(inverse if weight is None else inverse * weight, 1)
    return np.reshape(to_x, x.shape), np.sum(flow * normalized, axis=(0, 2)), np.sum(flow, axis=(0, 2))


differentiated_as(scaled_channels_gradient, _text_of_gradient)


def _of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """Where examples share all but the input, their batches are one."""
    x = arrays[0]
    if any(mapped[1:]):
        return _of_all_channels(record, arrays, mapped, statics, level)
    out = record.call(np.reshape(x, (x.shape[0] * x.shape[1], *x.shape[2:])), *arrays[1:], **statics)
    return np.reshape(out, x.shape)


_of_all_channels = of_channels("xwwww", "x")
scaled_channels.batch(_of_examples)
scaled_channels_gradient.batch(of_channels("xxwww", "xww"))
