"""``normalized_rows``: what layer norm and RMS norm compute, and its gradient.

The last axes of an input, together, are its rows; weight and bias have one number for each place in a row. With ``centred``,
for layer norms, a row's mean is subtracted; without, the mean counts as 0.

Note [products of two]: what a number is scaled with, ``inverse_i * weight_j``, and the offset, ``bias_j - mean_i * inverse_i *
weight_j``, are the products of matrices with two columns by ``[weight, bias]``. BLAS makes one in half the time in which NumPy
multiplies an array by a number for each row, and what remains is to multiply and add arrays of one shape.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

import autograd as ag
from autograd.batch_rules import stretched
from autograd.samples import positives, reals, sample
from nn.kernels.derivation import differentiated_as, gradient_of
from nn.kernels.half_precision import in_single_precision, is_half
from nn.kernels.moments import aligned_empty, is_far, shares

_PIECE = 2**16  # numbers that are worked on at a time


@ag.op(
    multiple=True,
    name="normalized_rows",
    public=False,
    samples=[
        sample(reals(2, 4), reals(4), reals(4), last=1, centred=True, eps=0.1),
        sample(reals(2, 3, 2), None, reals(3, 2), last=2, centred=True, eps=0.1),
        sample(reals(2, 4), reals(4), None, last=1, centred=False, eps=0.1),
        sample(reals(3), None, None, last=1, centred=False, eps=0.1),
    ],
)
def normalized_rows(x: Any, weight: Any, bias: Any, *, last: int, centred: bool, eps: float) -> Any:
    """``weight * (x - mean) / sqrt(variance + eps) + bias``; and mean, variance and ``1 / sqrt(variance + eps)`` of each row.

    ``last`` axes make a row. Without ``centred`` the variance is the mean square. The statistics are (3, *the other axes);
    those of half precision are in single precision.
    """
    if is_half(x):
        return in_single_precision(normalized_rows, x, weight, bias, kept=1, last=last, centred=centred, eps=eps)
    rows, length = _rows(x, last)
    statistics = np.zeros((3, len(rows)), x.dtype)
    of_place = _pair(length, x.dtype, 1.0 if weight is None else weight.reshape(-1), 0.0 if bias is None else bias.reshape(-1))
    out = aligned_empty(rows.shape, x.dtype)
    offsets = aligned_empty((_step(rows), length), x.dtype) if centred or bias is not None else None
    for piece in _pieces(rows):
        _normalize(rows[piece], of_place, statistics[:, piece], out[piece], offsets, centred, eps)
    return out.reshape(x.shape), statistics.reshape(3, *x.shape[: x.ndim - last])


def _normalize(rows: Any, of_place: Any, statistics: Any, out: Any, offsets: Any, centred: bool, eps: float) -> None:
    """Write the statistics and the result of some rows; ``offsets`` is memory to work in, where there are any."""
    mean, variance, inverse = statistics
    each = shares(rows.shape[1], rows.dtype)
    np.multiply(np.vecdot(rows, rows), 1 / max(len(each), 1), out=variance)
    rest = mean  # what is not subtracted yet
    if centred:
        np.dot(rows, each, out=mean)
        squared = mean * mean
        variance -= squared
        if is_far(squared, variance):
            rows = rows - mean[:, np.newaxis]
            rest = np.dot(rows, each)
            mean += rest
            np.maximum(np.vecdot(rows, rows) * (1 / len(each)) - rest * rest, 0, out=variance)
    np.reciprocal(np.sqrt(variance + eps), out=inverse)
    np.matmul(_pair(len(rows), rows.dtype, inverse).T, of_place, out=out)
    out *= rows
    if offsets is not None:
        out += np.matmul(_pair(len(rows), rows.dtype, -rest * inverse, 1.0).T, of_place, out=offsets[: len(rows)])


def _rows(x: Any, last: int) -> tuple[Any, int]:
    """The input as a matrix, and the length of a row."""
    split = x.ndim - last
    length = math.prod(x.shape[split:])
    return x.reshape(math.prod(x.shape[:split]), length), length


def _step(rows: Any) -> int:
    """How many rows are worked on at a time."""
    count, length = rows.shape
    return min(count, max(_PIECE // max(length, 1), 1))


def _pieces(rows: Any) -> Iterator[slice]:
    step = _step(rows)
    return (slice(start, start + step) for start in range(0, len(rows), max(step, 1)))


def _pair(length: int, dtype: Any, first: Any, second: Any = 0.0) -> Any:
    """Two rows, of numbers or of arrays; see Note [products of two]."""
    made = np.empty((2, length), dtype)
    made[0] = first
    made[1] = second
    return made


@ag.op(
    multiple=True,
    name="normalized_rows_gradient",
    public=False,
    samples=[
        sample(reals(2, 4), reals(2, 4), positives(3, 2), reals(4), last=1, centred=True),
        sample(reals(2, 2, 3), reals(2, 2, 3), positives(3, 2), None, last=2, centred=True),
        sample(reals(2, 4), reals(2, 4), positives(3, 2), reals(4), last=1, centred=False),
    ],
)
def normalized_rows_gradient(cotangent: Any, x: Any, statistics: Any, weight: Any, *, last: int, centred: bool) -> Any:
    """The gradients with respect to ``x``, ``weight`` and ``bias``; without ``centred`` there is no bias: the last is 0."""
    if is_half(x):
        return in_single_precision(normalized_rows_gradient, cotangent, x, statistics, weight, last=last, centred=centred)
    rows, length = _rows(x, last)
    flow, _ = _rows(cotangent, last)
    dtype = flow.dtype
    mean, variance, inverse = statistics.reshape(3, len(rows))
    if centred and is_far(mean * mean, variance):
        rows = rows - mean[:, np.newaxis]
        mean = np.zeros_like(mean)
    weights = shares(length, dtype)
    if weight is not None:
        weights = weights * weight.reshape(-1)
    of_place = _pair(length, dtype, 1.0 if weight is None else weight.reshape(-1))
    of_row = _pair(len(rows), dtype, inverse)
    to_sums = _pair(len(rows), dtype, -inverse * mean, 1.0)
    slope_and_offset = _pair(len(rows), dtype, 0.0)
    slope, offset = slope_and_offset
    slopes, offsets = _pair(length, dtype, 1.0, 0.0), _pair(length, dtype, 0.0, 1.0)
    to_weight, to_bias = np.zeros(length, dtype), np.zeros(length, dtype)
    out = aligned_empty(rows.shape, dtype)
    products = aligned_empty((_step(rows), length), dtype)
    for piece in _pieces(rows):
        some, some_flow, some_inverse = rows[piece], flow[piece], inverse[piece]
        product = np.multiply(some_flow, some, out=products[: len(some)])
        to_weight += some_inverse.dot(product)
        second = product.dot(weights)
        if centred:
            first = some_flow.dot(weights)
            second -= mean[piece] * first
            sums = to_sums[:, piece].dot(some_flow)
            to_weight += sums[0]
            to_bias += sums[1]
        slope[piece] = some_inverse * some_inverse * some_inverse * second
        part = np.matmul(of_row[:, piece].T, of_place, out=out[piece])
        part *= some_flow
        np.matmul(slope_and_offset[:, piece].T, slopes, out=product)
        product *= some
        part -= product
        if centred:
            offset[piece] = slope[piece] * mean[piece] - some_inverse * first
            part += np.matmul(slope_and_offset[:, piece].T, offsets, out=product)
    shape = x.shape[x.ndim - last :]
    return out.reshape(x.shape), to_weight.reshape(shape), to_bias.reshape(shape)


# ---------------------------------------------------------------- gradients


@normalized_rows.joint_vjp
def _rule(g: Any, out: Any, x: Any, weight: Any, bias: Any, needed: Any, last: int, centred: bool, eps: float) -> Any:
    if g[1] is None and (centred or bias is None):
        return normalized_rows_gradient(g[0], x, out[1], weight, last=last, centred=centred)
    return gradient_of(_text, g, (x, weight, bias), needed, last=last, centred=centred, eps=eps)


def _text(x: Any, weight: Any, bias: Any, *, last: int, centred: bool, eps: float) -> Any:
    if is_half(x):
        return in_single_precision(_text, x, weight, bias, kept=1, last=last, centred=centred, eps=eps)
    axes = tuple(range(-last, 0))
    mean = np.mean(x, axis=axes, keepdims=True) * float(centred)
    out = x - mean
    variance = np.mean(out * out, axis=axes, keepdims=True)
    inverse = 1 / np.sqrt(variance + eps)
    out = out * inverse
    if weight is not None:
        out = out * weight
    if bias is not None:
        out = out + bias
    return out, np.squeeze(np.stack([mean, variance, inverse]), axis=axes)


def _text_of_gradient(cotangent: Any, x: Any, statistics: Any, weight: Any, *, last: int, centred: bool) -> Any:
    if is_half(x):
        return in_single_precision(_text_of_gradient, cotangent, x, statistics, weight, last=last, centred=centred)
    axes = tuple(range(-last, 0))
    mean, _, inverse = [np.expand_dims(each, axes) for each in statistics]
    normalized = (x - mean * float(centred)) * inverse
    others = tuple(range(len(x.shape) - last))
    to_weight, to_bias = np.sum(cotangent * normalized, axis=others), np.sum(cotangent, axis=others) * float(centred)
    flow = cotangent if weight is None else cotangent * weight
    to_x = flow - normalized * np.mean(flow * normalized, axis=axes, keepdims=True)
    if centred:
        to_x = to_x - np.mean(flow, axis=axes, keepdims=True)
    return to_x * inverse, to_weight, to_bias


differentiated_as(normalized_rows_gradient, _text_of_gradient)


def _of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """Examples are so many more rows; where they have a weight or bias each, these come after."""
    x, weight, bias = arrays
    x = stretched(x, mapped[0], level.size)
    if mapped[1] or mapped[2]:
        out, rows = record.call(x, None, None, **statics)
        if weight is not None:
            out = out * _beside(weight, mapped[1], x)
        if bias is not None:
            out = out + _beside(bias, mapped[2], x)
    else:
        out, rows = record.call(x, weight, bias, **statics)
    return out, np.moveaxis(rows, 0, 1)


def _beside(weight: Any, is_mapped: bool, x: Any) -> Any:
    """A weight of each example, or of all, as what broadcasts against the inputs of all examples."""
    if not is_mapped:
        return weight
    return np.reshape(weight, (len(weight), *[1] * (x.ndim - weight.ndim), *weight.shape[1:]))


def _gradient_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    *rows, weight = arrays
    cotangent, x, statistics = [stretched(each, differs, level.size) for each, differs in zip(rows, mapped, strict=False)]
    statistics = np.moveaxis(statistics, 1, 0)
    last, centred = statics["last"], statics["centred"]
    flow = cotangent if weight is None else cotangent * _beside(weight, mapped[3], x)
    to_x, _, _ = record.call(flow, x, statistics, None, **statics)
    others = tuple(range(1, x.ndim - last))
    mean, _, inverse = [np.expand_dims(each, tuple(range(-last, 0))) for each in statistics]
    to_weight = np.sum(cotangent * ((x - mean * float(centred)) * inverse), axis=others)
    return to_x, to_weight, np.sum(cotangent, axis=others) * float(centred)


normalized_rows.batch(_of_examples)
normalized_rows_gradient.batch(_gradient_of_examples)
