"""Convolutions of any rank, as three ops that are each other's gradients.

With x (N, C, *size), w (O, C / groups, *kernel) and y (N, O, *places) they are the three ways to contract two of the arrays of

    sum over everything of  x[n, c, p * stride + k * dilation - padding] * w[o, c, k] * y[n, o, p]

with the third one left out: ``convolution`` makes a y of x and w, ``convolution_input_gradient`` an x of y and w, which is the
transposed convolution, and ``convolution_weight_gradient`` a w of x and y. So the family is closed under differentiation.

Note [patches]: a patch is what one output sees of the input, C / groups * K numbers for each group. The patches of a few
examples are copied side by side into an array that fits the cache, and one matrix product takes them to all outputs, or adds up
the weight's gradient. The gradient of the input is, where the stride is 1, a convolution itself, with the kernel turned around;
else the product with the transposed weight gives the gradients of the patches, which are added up where they came from.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

import autograd as ag
from autograd.samples import reals, sample
from nn.kernels.geometry import output_size

Pairs = Sequence[tuple[int, int]]

PATCH_BYTES = 2**19  # of the patches that are read at once: they stay in the second-level cache

_LINE = {"stride": (1,), "padding": ((1, 1),), "dilation": (1,), "groups": 1}
_PLANE = {"stride": (2, 1), "padding": ((1, 0), (0, 2)), "dilation": (1, 2), "groups": 2}


class Geometry:
    """Where the patches of one convolution lie, and the memory that they are copied into."""

    def __init__(
        self, shape: Sequence[int], kernel: Sequence[int], stride: Sequence[int], padding: Pairs, dilation: Sequence[int]
    ) -> None:
        self.channels, *self.size = shape
        self.kernel, self.stride, self.padding, self.dilation = tuple(kernel), stride, padding, dilation
        axes = zip(self.size, kernel, stride, padding, dilation, strict=True)
        self.places = tuple([output_size(*axis) for axis in axes])
        self.padded = tuple([size + before + after for size, (before, after) in zip(self.size, padding, strict=True)])
        self.patch_shape = (self.channels, *self.kernel)

    def parts(self, count: int, itemsize: int) -> Iterator[slice]:
        """The examples, a few at a time."""
        one = math.prod(self.patch_shape) * math.prod(self.places) * itemsize
        step = max(1, PATCH_BYTES // max(one, 1))
        return (slice(start, min(start + step, count)) for start in range(0, count, step))

    def windows(self, x: Any) -> Any:
        """A view of padded examples (n, C, *padded) as their patches, (C, *kernel, n, *places)."""
        along_examples, along_channels, *along = x.strides
        return as_strided(
            x,
            (*self.patch_shape, x.shape[0], *self.places),
            (
                along_channels,
                *[each * step for each, step in zip(along, self.dilation, strict=True)],
                along_examples,
                *[each * step for each, step in zip(along, self.stride, strict=True)],
            ),
        )

    @property
    def inner(self) -> tuple[Any, ...]:
        """Where in padded examples the examples themselves are."""
        axes = zip(self.size, self.padding, strict=True)
        return (slice(None), slice(None), *[slice(before, before + size) for size, (before, _) in axes])

    def offsets(self) -> Iterator[tuple[tuple[int, ...], tuple[Any, ...]]]:
        """Each place of the kernel, and where in padded examples the inputs lie that meet it."""
        for place in np.ndindex(*self.kernel):
            starts = [k * step for k, step in zip(place, self.dilation, strict=True)]
            axes = zip(starts, self.stride, self.places, strict=True)
            yield place, (slice(None), slice(None), *[slice(a, a + step * (n - 1) + 1, step) for a, step, n in axes])


class PatchReader:
    """Copies the patches of examples (n, C, *size) into the rows of (groups, C / groups * K, n * P), in memory used again."""

    def __init__(self, geometry: Geometry, groups: int, dtype: Any) -> None:
        self.geometry = geometry
        self.groups = groups
        self.dtype = dtype
        self.count = -1  # of the examples that the memory is for

    def _make_room(self, count: int) -> None:
        geometry = self.geometry
        self.count = count
        self.patches = np.empty((*geometry.patch_shape, count, *geometry.places), self.dtype)
        self.rows = self.patches.reshape(self.groups, math.prod(geometry.patch_shape) // self.groups, -1)
        self.inner: Any = None
        if any(map(any, geometry.padding)):
            padded = np.zeros((count, geometry.channels, *geometry.padded), self.dtype)
            self.inner = padded[geometry.inner]
            self.windows = geometry.windows(padded)

    def read(self, x: Any) -> Any:
        """The patches of ``x``; the next call overwrites them."""
        if len(x) != self.count:
            self._make_room(len(x))
        if self.inner is None:
            self.patches[...] = self.geometry.windows(x)
        else:
            self.inner[...] = x
            self.patches[...] = self.windows
        return self.rows


def _side_by_side(y: Any, groups: int) -> Any:
    """Some outputs (n, O, *P) as (groups, O / groups, n * P)."""
    n, channels = y.shape[:2]
    return np.moveaxis(y.reshape(n, channels, -1), 0, 1).reshape(groups, channels // groups, -1)


# ---------------------------------------------------------------- the three ops


@ag.op(
    name="convolution",
    public=False,
    samples=[
        sample(reals(2, 2, 5), reals(3, 2, 3), reals(3), **_LINE),
        sample(reals(2, 4, 5, 4), reals(2, 2, 3, 2), None, **_PLANE),
    ],
)
def convolution(x: Any, weight: Any, bias: Any, *, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    """``y[n, o, p] = bias[o] + sum over c, k of x[n, c, p * stride + k * dilation - padding] * weight[o, c, k]``.

    For callers that have checked the shapes: x (N, C, *size), weight (O, C / groups, *kernel), bias (O,) or None; a pair of
    paddings, before and after, for each axis.
    """
    channels_out, kernel = weight.shape[0], weight.shape[2:]
    geometry = Geometry(x.shape[1:], kernel, stride, padding, dilation)
    places, dtype = geometry.places, np.result_type(x, weight)
    out = np.empty((len(x), channels_out, *places), dtype)
    matrix = weight.reshape(groups, channels_out // groups, -1)
    reader = PatchReader(geometry, groups, dtype)
    if bias is not None:
        bias = bias.reshape(-1, *[1] * len(places))
    found: Any = None
    by_example: Any = None
    for part in geometry.parts(len(x), dtype.itemsize):
        patches = reader.read(x[part])
        if found is None or found.shape[2] != patches.shape[2]:
            found = np.empty((*matrix.shape[:2], patches.shape[2]), dtype)
            by_example = np.moveaxis(found.reshape(channels_out, -1, *places), 0, 1)
        np.matmul(matrix, patches, out=found)
        if bias is None:
            out[part] = by_example
        else:
            np.add(by_example, bias, out=out[part])
    return out


@ag.op(
    name="convolution_input_gradient",
    public=False,
    samples=[
        sample(reals(2, 3, 5), reals(3, 2, 3), size=(5,), **_LINE),
        sample(reals(2, 2, 2, 4), reals(2, 2, 3, 2), size=(5, 4), **_PLANE),
    ],
)
def convolution_input_gradient(y: Any, weight: Any, *, size: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    """``x[n, c, q] = sum over o, p, k with q = p * stride + k * dilation - padding of y[n, o, p] * weight[o, c, k]``.

    For callers that have checked the shapes: y (N, O, *places), weight (O, C / groups, *kernel) -> (N, C, *size).
    """
    channels_out, channels, *kernel = weight.shape
    turned = [
        (step * (k - 1) - before, step * (k - 1) - after)
        for k, step, (before, after) in zip(kernel, dilation, padding, strict=True)
    ]
    # The turned convolution copies O * K numbers for each place, the other way adds up C * K, which takes longer.
    if max(stride) == 1 and min(map(min, turned), default=0) >= 0 and channels_out <= 3 * channels * groups:
        matrix = np.flip(weight, tuple(range(2, weight.ndim))).reshape(groups, channels_out // groups, channels, *kernel)
        matrix = np.swapaxes(matrix, 1, 2).reshape(groups * channels, channels_out // groups, *kernel)
        ones = (1,) * len(kernel)
        return convolution.op.forward(y, matrix, None, stride=ones, padding=turned, dilation=dilation, groups=groups)
    return _added_up(y, weight, Geometry((groups * channels, *size), kernel, stride, padding, dilation), groups)


def _added_up(y: Any, weight: Any, geometry: Geometry, groups: int) -> Any:
    """The gradients of the patches, each added where its numbers came from."""
    dtype = np.result_type(y, weight)
    out = np.empty((len(y), geometry.channels, *geometry.size), dtype)
    matrix = weight.reshape(groups, weight.shape[0] // groups, -1).mT
    for part in geometry.parts(len(y), dtype.itemsize):
        some = y[part]
        patches = np.matmul(matrix, _side_by_side(some, groups))
        patches = patches.reshape(*geometry.patch_shape, len(some), *geometry.places)
        padded = np.zeros((len(some), geometry.channels, *geometry.padded), dtype)
        for place, where in geometry.offsets():
            padded[where] += np.moveaxis(patches[:, *place], 0, 1)
        out[part] = padded[geometry.inner]
    return out


@ag.op(
    name="convolution_weight_gradient",
    public=False,
    samples=[
        sample(reals(2, 2, 5), reals(2, 3, 5), kernel=(3,), **_LINE),
        sample(reals(2, 4, 5, 4), reals(2, 2, 2, 4), kernel=(3, 2), **_PLANE),
    ],
)
def convolution_weight_gradient(x: Any, y: Any, *, kernel: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    """``w[o, c, k] = sum over n, p of x[n, c, p * stride + k * dilation - padding] * y[n, o, p]``.

    For callers that have checked the shapes: x (N, C, *size), y (N, O, *places) -> (O, C / groups, *kernel).
    """
    geometry = Geometry(x.shape[1:], kernel, stride, padding, dilation)
    dtype, channels_out = np.result_type(x, y), y.shape[1]
    reader = PatchReader(geometry, groups, dtype)
    # Transposed, (groups, C / groups * K, O / groups): a product with the tall matrix first is half as fast again.
    total = np.zeros((groups, math.prod(geometry.patch_shape) // groups, channels_out // groups), dtype)
    for part in geometry.parts(len(x), dtype.itemsize):
        total += np.matmul(reader.read(x[part]), _side_by_side(y[part], groups).mT)
    return np.ascontiguousarray(total.mT).reshape(channels_out, x.shape[1] // groups, *kernel)


def _sum_of_places(g: Any, out_shape: Any) -> Any:
    return g.sum((0, *range(2, len(out_shape))))


convolution.vjp(
    x=lambda g, weight, x_shape, stride, padding, dilation, groups: convolution_input_gradient(
        g, weight, size=x_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
    ),
    weight=lambda g, x, weight_shape, stride, padding, dilation, groups: convolution_weight_gradient(
        x, g, kernel=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
    ),
    bias=_sum_of_places,
)
convolution_input_gradient.vjp(
    y=lambda g, weight, stride, padding, dilation, groups: convolution(
        g, weight, None, stride=stride, padding=padding, dilation=dilation, groups=groups
    ),
    weight=lambda g, y, weight_shape, stride, padding, dilation, groups: convolution_weight_gradient(
        g, y, kernel=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
    ),
)
convolution_weight_gradient.vjp(
    x=lambda g, y, x_shape, stride, padding, dilation, groups: convolution_input_gradient(
        y, g, size=x_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
    ),
    y=lambda g, x, stride, padding, dilation, groups: convolution(
        x, g, None, stride=stride, padding=padding, dilation=dilation, groups=groups
    ),
)


# ---------------------------------------------------------------- many examples of a vmap


def _as_channels(array: Any, is_mapped: bool, level: Any) -> Any:
    """A batch for each example, (size, N, C, ...), as one with their channels side by side: (N, size * C, ...)."""
    if not is_mapped:
        array = np.broadcast_to(array, (level.size, *array.shape))
    array = np.moveaxis(array, 0, 1)
    return np.reshape(array, (array.shape[0], array.shape[1] * array.shape[2], *array.shape[3:]))


def _as_groups(array: Any, is_mapped: bool, level: Any) -> Any:
    """A weight for each example, (size, O, C, ...), as that of one convolution with so many times more groups."""
    if not is_mapped:
        array = np.broadcast_to(array, (level.size, *array.shape))
    return np.reshape(array, (array.shape[0] * array.shape[1], *array.shape[2:]))


def _as_batch(array: Any) -> Any:
    """A batch for each example as one batch."""
    return np.reshape(array, (array.shape[0] * array.shape[1], *array.shape[2:]))


def _separated(array: Any, level: Any) -> Any:
    """The channels of all examples as a batch for each of them again."""
    array = np.reshape(array, (array.shape[0], level.size, array.shape[1] // level.size, *array.shape[2:]))
    return np.moveaxis(array, 1, 0)


def _convolution_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """Where examples share the weight they are one batch; else their channels are groups of one convolution."""
    x, weight, bias = arrays
    if not (mapped[1] or mapped[2]):
        out = record.call(_as_batch(x), weight, bias, **statics)
        return np.reshape(out, (level.size, out.shape[0] // level.size, *out.shape[1:])) if level.size else NotImplemented
    if level.size == 0:
        return NotImplemented
    if bias is not None:
        bias = _as_groups(np.reshape(bias, (*bias.shape, 1)), mapped[2], level)[:, 0]
    groups = {"groups": statics["groups"] * level.size}
    out = record.call(_as_channels(x, mapped[0], level), _as_groups(weight, mapped[1], level), bias, **statics | groups)
    return _separated(out, level)


def _input_gradient_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    y, weight = arrays
    if level.size == 0:
        return NotImplemented
    if not mapped[1]:
        out = record.call(_as_batch(y), weight, **statics)
        return np.reshape(out, (level.size, out.shape[0] // level.size, *out.shape[1:]))
    groups = {"groups": statics["groups"] * level.size}
    return _separated(
        record.call(_as_channels(y, mapped[0], level), _as_groups(weight, True, level), **statics | groups), level
    )


def _weight_gradient_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    if level.size == 0:
        return NotImplemented
    x, y = [_as_channels(each, is_mapped, level) for each, is_mapped in zip(arrays, mapped, strict=True)]
    out = record.call(x, y, **statics | {"groups": statics["groups"] * level.size})
    return np.reshape(out, (level.size, out.shape[0] // level.size, *out.shape[1:]))


convolution.batch(_convolution_of_examples)
convolution_input_gradient.batch(_input_gradient_of_examples)
convolution_weight_gradient.batch(_weight_gradient_of_examples)
