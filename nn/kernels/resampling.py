"""Resampling: maps of another size, of which each cell is a weighted sum of a few cells of the given ones.

``resample`` does it along the last axes, one after the other; what lies in front is any number of planes. A ``Map`` says how
new cells are made along one axis, and ``tables`` turns it into places and weights. The op is linear, and its transpose is of
the same kind, with more cells in each sum: so it is its own gradient op.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

import autograd as ag
from autograd.batch_rules import leading
from autograd.samples import reals, sample
from nn.kernels.geometry import UnevenWindows

CUBIC = -0.75  # the parameter of the cubic that PyTorch takes
CUBIC_ANTIALIASED = -0.5


@dataclass(frozen=True)
class Map:
    """How ``count`` cells are made of ``size`` ones along an axis.

    Args:
        kind: ``"nearest"``, ``"nearest-exact"``, ``"linear"``, ``"cubic"``, or ``"area"`` for the mean over what a cell covers.
        size, count: the lengths of the axis, before and after.
        scale: how many given cells come to one new cell; by default ``size / count``.
        align_corners: whether the middles of the outermost cells fall together, and not their outer edges.
        antialias: whether ``"linear"`` and ``"cubic"`` reach further where the map shrinks, so that each given cell counts.
    """

    kind: str
    size: int
    count: int
    scale: float | None = None
    align_corners: bool = False
    antialias: bool = False


class Taps(NamedTuple):
    """Cell ``o`` is the sum over ``t`` of ``weights[t][o]`` times the cell ``places[t][o]``; without weights just the sum."""

    places: tuple[Any, ...]
    weights: tuple[Any, ...] | None


@ag.op(
    linear=True,
    name="resample",
    public=False,
    samples=[
        sample(reals(2, 3, 4), maps=(Map("linear", 3, 5), Map("cubic", 4, 3))),
        sample(reals(2, 3, 5), maps=(Map("area", 5, 3), Map("nearest", 3, 5)), transposed=True),
    ],
)
def resample(x: Any, *, maps: tuple[Map, ...], transposed: bool = False) -> Any:
    """The maps of x (..., *sizes), (..., *counts); transposed it takes these and gives what each cell gets of them."""
    lengths = [(each.count, each.size) if transposed else (each.size, each.count) for each in maps]
    # What shrinks comes first, so that the others have less to do; the last axis, which takes longest, when x is small.
    growth = [after / before for before, after in lengths]
    order = sorted(range(-len(maps), 0), key=lambda axis: (growth[axis], axis if growth[axis] < 1 else -axis))
    given = x
    for axis in order:
        taps = tables(maps[axis], transposed, x.dtype)
        if taps is not None:
            x = _summed(x, axis, taps)
    return x.copy() if x is given else x


resample.vjp(x=lambda g, maps, transposed: resample(g, maps=maps, transposed=not transposed))
resample.batch(leading(1))


def _summed(x: Any, axis: int, taps: Taps) -> Any:
    total = None
    for t, places in enumerate(taps.places):
        part = np.take(x, places, axis)
        if taps.weights is not None:
            part *= np.reshape(taps.weights[t], (-1, *[1] * (-axis - 1)))
        total = part if total is None else np.add(total, part, out=total)
    return total


# ---------------------------------------------------------------- tables


@lru_cache(maxsize=128)
def tables(along: Map, transposed: bool, dtype: "np.dtype[Any]") -> Taps | None:
    """The taps of a map or of its transpose, weights in ``dtype``; ``None`` where it changes nothing."""
    places, weights = _without_zeros(*_made(along))
    if along.size == along.count and np.all(places == np.arange(along.size)[:, np.newaxis]):
        return None
    if transposed:
        places, weights = _without_zeros(*_transposed(places, weights, along.size))
    ones = bool(np.all(weights == 1))
    columns = tuple(np.ascontiguousarray(places.T))
    return Taps(columns, None if ones else tuple(np.ascontiguousarray(weights.T.astype(dtype))))


def _made(along: Map) -> tuple[Any, Any]:
    """Places and weights, (count, taps) each."""
    if along.kind == "area":
        return _areas(UnevenWindows(along.size, along.count))
    if along.kind in ("nearest", "nearest-exact"):
        return _nearest(along)
    if along.align_corners:
        scale = (along.size - 1) / (along.count - 1) if along.count > 1 else 0.0
    else:
        scale = along.size / along.count if along.scale is None else along.scale
    if along.antialias:
        return _antialiased(along, scale)
    middles = scale * np.arange(along.count)
    if not along.align_corners:
        middles += 0.5 * scale - 0.5
    return _linear(middles, along.size) if along.kind == "linear" else _cubic(middles, along.size)


def _areas(windows: UnevenWindows) -> tuple[Any, Any]:
    places = np.stack([windows.cells(i) for i in range(windows.kernel)], axis=1)
    lengths = (windows.ends - windows.starts)[:, np.newaxis]
    return places, np.where(np.arange(windows.kernel) < lengths, 1 / lengths, 0.0)


def _nearest(along: Map) -> tuple[Any, Any]:
    # PyTorch finds the cell in single precision, and so it is found here, to agree where a product is near a whole number
    scale = np.float32(along.size / along.count if along.scale is None else along.scale)
    shift = np.float32(0.5 if along.kind == "nearest-exact" else 0)
    places = np.floor((np.arange(along.count, dtype=np.float32) + shift) * scale).astype(np.intp)
    return np.minimum(places, along.size - 1)[:, np.newaxis], np.ones((along.count, 1))


def _linear(middles: Any, size: int) -> tuple[Any, Any]:
    middles = np.maximum(middles, 0)
    first = np.minimum(middles.astype(np.intp), size - 1)
    part = middles - first
    return np.stack([first, np.minimum(first + 1, size - 1)], axis=1), np.stack([1 - part, part], axis=1)


def _cubic(middles: Any, size: int) -> tuple[Any, Any]:
    first = np.floor(middles).astype(np.intp)
    around = first[:, np.newaxis] + np.arange(-1, 3)
    return np.clip(around, 0, size - 1), _cubic_weight(middles[:, np.newaxis] - around, CUBIC)


def _cubic_weight(distance: Any, a: float) -> Any:
    """The cubic convolution kernel. Source: Keys, "Cubic convolution interpolation for digital image processing", 1981."""
    d = np.abs(distance)
    near, far = ((a + 2) * d - (a + 3)) * d * d + 1, ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return np.where(d <= 1, near, np.where(d < 2, far, 0.0))


def _antialiased(along: Map, scale: float) -> tuple[Any, Any]:
    """The same kernels, stretched over as many cells as come to one new cell; weights add up to 1.

    As in PyTorch, corners that are aligned change the scale alone.
    """
    middles = scale * (np.arange(along.count) + 0.5) - 0.5
    stretch = max(scale, 1.0)
    reach = (1 if along.kind == "linear" else 2) * stretch
    start = np.maximum((middles + 1 - reach).astype(np.intp), 0)
    end = np.minimum((middles + 1 + reach).astype(np.intp), along.size)
    places = start[:, np.newaxis] + np.arange(math.ceil(reach) * 2 + 1)
    distance = (places - middles[:, np.newaxis]) / stretch
    weights = np.maximum(1 - np.abs(distance), 0) if along.kind == "linear" else _cubic_weight(distance, CUBIC_ANTIALIASED)
    weights = np.where(places < end[:, np.newaxis], weights, 0.0)
    return np.minimum(places, along.size - 1), weights / weights.sum(1, keepdims=True)


def _transposed(places: Any, weights: Any, size: int) -> tuple[Any, Any]:
    """For each given cell the new ones that it is part of; shorter rows are filled with weights of 0."""
    made, given, weight = np.repeat(np.arange(len(places)), places.shape[1]), places.reshape(-1), weights.reshape(-1)
    kept = weight != 0
    order = np.argsort(given[kept], kind="stable")
    made, given, weight = made[kept][order], given[kept][order], weight[kept][order]
    counts = np.bincount(given, minlength=size)
    rows = np.zeros((size, max(int(counts.max(initial=0)), 1)), np.intp)
    values = np.zeros(rows.shape)
    ends = np.cumsum(counts)
    columns = np.arange(len(given)) - np.repeat(ends - counts, counts)
    rows[given, columns], values[given, columns] = made, weight
    return rows, values


def _without_zeros(places: Any, weights: Any) -> tuple[Any, Any]:
    """The same sums, with another cell's weight divided in place of a weight of 0, which would make NaN of an infinity."""
    used = weights != 0
    rows = np.arange(len(places))
    first = np.argmax(used, axis=1)
    shares = weights[rows, first] / (1 + np.count_nonzero(~used, axis=1))
    divided = ~used
    divided[rows, first] = True
    return np.where(used, places, places[rows, first][:, np.newaxis]), np.where(divided, shares[:, np.newaxis], weights)
