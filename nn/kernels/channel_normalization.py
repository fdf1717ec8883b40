"""``normalized_channels``: what batch, group and instance norm compute, and its gradient.

What a mean is taken of is said by ``groups``: 0 stands for a channel's numbers in the whole batch, any other number for one
example's numbers in each of so many groups of channels. Whatever is the case, ``out = scale * x + offset``, and the gradient is
``scale * cotangent - slope * x + offset``, with a few numbers for each channel.
"""

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import positives, reals, sample
from nn.kernels.channels import PIECE, Layout, by_channel, layout_of, of_channels, pieces, scaled
from nn.kernels.derivation import differentiated_as, gradient_of
from nn.kernels.half_precision import in_single_precision, is_half
from nn.kernels.moments import is_far, ones, repeating_along, shares


@ag.op(
    multiple=True,
    name="normalized_channels",
    public=False,
    samples=[
        sample(reals(4, 3), reals(3), reals(3), groups=0, eps=0.1),
        sample(reals(2, 2, 3), None, reals(2), groups=0, eps=0.1),
        sample(reals(2, 4, 3), reals(4), reals(4), groups=2, eps=0.1),
        sample(reals(2, 2, 2, 2), None, None, groups=2, eps=0.1),
    ],
)
def normalized_channels(x: Any, weight: Any, bias: Any, *, groups: int, eps: float) -> Any:
    """``weight * (x - mean) / sqrt(variance + eps) + bias``; and mean, variance and ``1 / sqrt(variance + eps)``, one row each.

    The statistics are (3, C), with ``groups`` (3, N, groups); those of half precision are in single precision.
    """
    if is_half(x):
        return in_single_precision(normalized_channels, x, weight, bias, kept=1, groups=groups, eps=eps)
    if _is_small_table(x, groups):
        return _table_normalized(x, weight, bias, eps)
    layout = layout_of(x.shape, groups)
    rows = x.reshape(layout.shape)
    mean, squared, variance = _moments(layout, rows)
    known = None
    if is_far(squared, variance):
        known = mean
        rows = rows - layout.along(layout.spread(mean))
        mean, _, variance = _moments(layout, rows)
        variance = np.maximum(variance, 0)
    inverse = np.reciprocal(np.sqrt(variance + eps))
    scale = layout.spread(inverse)
    if weight is not None:
        scale = scale * weight
    offset = layout.spread(mean) * scale
    offset = -offset if bias is None else bias - offset
    out = scaled(layout, rows, scale, offset)
    return out.reshape(x.shape), np.array([mean if known is None else known + mean, variance, inverse])


def _moments(layout: Layout, rows: Any) -> tuple[Any, Any, Any]:
    """Means, their squares, and variances."""
    mean = layout.pooled(layout.of_rows(rows, shares), shares)
    squared = mean * mean
    return mean, squared, layout.pooled(layout.of_products(rows, rows, shares), shares) - squared


@ag.op(
    multiple=True,
    name="normalized_channels_gradient",
    public=False,
    samples=[
        sample(reals(4, 3), reals(4, 3), positives(3, 3), reals(3), groups=0),
        sample(reals(2, 4, 3), reals(2, 4, 3), positives(3, 2, 2), reals(4), groups=2),
        sample(reals(2, 2, 3), reals(2, 2, 3), positives(3, 2, 2), None, groups=2),
    ],
)
def normalized_channels_gradient(cotangent: Any, x: Any, statistics: Any, weight: Any, *, groups: int) -> Any:
    """The gradients with respect to ``x``, ``weight`` and ``bias``."""
    if is_half(x):
        return in_single_precision(normalized_channels_gradient, cotangent, x, statistics, weight, groups=groups)
    if _is_small_table(x, groups):
        return _gradient_of_table(cotangent, x, statistics, weight)
    layout = layout_of(x.shape, groups)
    rows, flow = x.reshape(layout.shape), cotangent.reshape(layout.shape)
    mean, variance, inverse = statistics[0], statistics[1], statistics[2]
    if is_far(mean * mean, variance):
        rows = rows - layout.along(layout.spread(mean))
        mean = np.zeros_like(mean)
    scale = layout.spread(inverse)
    first = layout.of_rows(flow, ones)
    second = scale * (layout.of_products(flow, rows, ones) - layout.spread(mean) * first)
    to_weight, to_bias = layout.total(second), layout.total(first)
    if weight is not None:
        scale = scale * weight
    if groups == 0:  # the weight is one number for all that is pooled
        factor = scale
    else:
        factor = inverse
        if weight is not None:
            first, second = first * weight, second * weight
    factor = factor * (1 / max(layout.count, 1))
    slope = inverse * factor * layout.pooled(second, ones)
    offset = slope * mean - factor * layout.pooled(first, ones)
    to_x = _combined(layout, flow, rows, scale, layout.spread(slope), layout.spread(offset))
    return to_x.reshape(x.shape), to_weight, to_bias


def _combined(layout: Layout, flow: Any, rows: Any, scale: Any, slope: Any, offset: Any) -> Any:
    """``scale * flow - slope * rows + offset``, some examples at a time."""
    scale, slope, offset = layout.along(scale), layout.along(slope), layout.along(offset)
    with repeating_along(rows):
        if rows.size <= PIECE:
            out = flow * scale
            out -= rows * slope
            out += offset
            return out
        out = np.empty(layout.shape, flow.dtype)
        parts = pieces(layout.shape)
        product = np.empty((parts[0].stop, *layout.shape[1:]), flow.dtype)
        for some in parts:
            of_some = [each[some] if each.ndim == 3 else each for each in (scale, slope, offset)]
            part = np.multiply(flow[some], of_some[0], out=out[some])
            part -= np.multiply(rows[some], of_some[1], out=product[: len(part)])
            part += of_some[2]
    return out


# ---------------------------------------------------------------- batches of a few features


def _is_small_table(x: Any, groups: int) -> bool:
    """Whether the formulas as they stand in books are fastest: where a pass over ``x`` costs no more than a check."""
    return groups == 0 and x.ndim == 2 and x.size <= PIECE


def _table_normalized(x: Any, weight: Any, bias: Any, eps: float) -> Any:
    means = shares(len(x), x.dtype)
    mean = means.dot(x)
    centred = x - mean
    rest = means.dot(centred)  # what rounding has left of a mean far from 0
    mean += rest
    centred -= rest
    variance = means.dot(centred * centred)
    inverse = np.reciprocal(np.sqrt(variance + eps))
    out = centred * (inverse if weight is None else inverse * weight)
    if bias is not None:
        out += bias
    return out, np.array([mean, variance, inverse])


def _gradient_of_table(flow: Any, x: Any, statistics: Any, weight: Any) -> Any:
    mean, inverse = statistics[0], statistics[2]
    sums = ones(len(x), x.dtype)
    centred = x - mean
    to_bias = sums.dot(flow)
    to_weight = inverse * sums.dot(flow * centred)
    scale = inverse if weight is None else inverse * weight
    share = scale * (1 / max(len(x), 1))
    centred *= share * inverse * to_weight
    centred += share * to_bias
    return flow * scale - centred, to_weight, to_bias


# ---------------------------------------------------------------- gradients


@normalized_channels.joint_vjp
def _rule(g: Any, out: Any, x: Any, weight: Any, bias: Any, needed: Any, groups: int, eps: float) -> Any:
    if g[1] is None:
        return normalized_channels_gradient(g[0], x, out[1], weight, groups=groups)
    return gradient_of(_text, g, (x, weight, bias), needed, groups=groups, eps=eps)


def _view(shape: tuple[int, ...], groups: int) -> tuple[tuple[int, int, int], tuple[int, ...]]:
    """In which shape, and along which of its axes, the means of an input are taken."""
    examples, channels, *rest = shape
    positions = math.prod(rest)
    if not groups:
        return (examples, channels, positions), (0, 2)
    return (examples, groups, channels // groups * positions), (2,)


def _text(x: Any, weight: Any, bias: Any, *, groups: int, eps: float) -> Any:
    if is_half(x):
        return in_single_precision(_text, x, weight, bias, kept=1, groups=groups, eps=eps)
    view, axes = _view(x.shape, groups)
    rows = np.reshape(x, view)
    mean = np.mean(rows, axis=axes, keepdims=True)
    centred = rows - mean
    variance = np.mean(centred * centred, axis=axes, keepdims=True)
    inverse = 1 / np.sqrt(variance + eps)
    out = by_channel(centred * inverse, x.shape)
    if weight is not None:
        out = out * np.expand_dims(weight, 1)
    if bias is not None:
        out = out + np.expand_dims(bias, 1)
    statistics = np.reshape(np.stack([mean, variance, inverse]), (3, *view[:2]) if groups else (3, view[1]))
    return np.reshape(out, x.shape), statistics


def _text_of_gradient(cotangent: Any, x: Any, statistics: Any, weight: Any, *, groups: int) -> Any:
    if is_half(x):
        return in_single_precision(_text_of_gradient, cotangent, x, statistics, weight, groups=groups)
    view, axes = _view(x.shape, groups)
    mean, inverse = np.expand_dims(statistics[0], -1), np.expand_dims(statistics[2], -1)
    normalized = (np.reshape(x, view) - mean) * inverse
    flow, of_channel = by_channel(cotangent, x.shape), by_channel(normalized, x.shape)
    to_weight, to_bias = np.sum(flow * of_channel, axis=(0, 2)), np.sum(flow, axis=(0, 2))
    if weight is not None:
        flow = flow * np.expand_dims(weight, 1)
    flow = np.reshape(flow, view)
    slope = np.mean(flow * normalized, axis=axes, keepdims=True)
    to_x = inverse * (flow - np.mean(flow, axis=axes, keepdims=True) - normalized * slope)
    return np.reshape(to_x, x.shape), to_weight, to_bias


differentiated_as(normalized_channels_gradient, _text_of_gradient)
normalized_channels.batch(of_channels("xww", "xs"))
normalized_channels_gradient.batch(of_channels("xxsw", "xww"))
