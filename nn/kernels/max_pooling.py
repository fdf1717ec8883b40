"""Max pooling: ``max_pool``, and the ops of positions that are its gradients to any order.

All of them work along the last axes, as many as there are windows; what lies in front is any number of *planes*. Where the
largest cell of a window lies is a *position*: its flat index in its plane, as PyTorch counts it. With the positions given the
rest is linear: ``scatter_to_positions`` adds numbers to planes of zeros, ``gather_from_positions`` reads them back, and each is
the other's gradient.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

import autograd as ag
from autograd.batch_rules import leading, stretched
from autograd.samples import distinct, integers, reals, sample
from nn.kernels.geometry import AnyWindows, UnevenWindows, Windows, in_margin


@ag.op(
    multiple=True,
    name="max_pool",
    public=False,
    samples=[
        sample(distinct(2, 4, 5), windows=(Windows(4, 2, 2, 2), Windows(5, 3, 3, 2, 1))),
        sample(distinct(2, 7), windows=(Windows(7, 3, 2, 2, 1, 2),)),
        sample(distinct(5, 3), windows=(UnevenWindows(5, 2), UnevenWindows(3, 2))),
    ],
)
def max_pool(x: Any, *, windows: tuple[AnyWindows, ...]) -> Any:
    """The largest cell of each window, and its position: x (..., *sizes) -> (..., *counts), twice.

    Of equal cells the first counts; NaN counts as larger than any number, and of several the last, as in PyTorch.
    """
    tables, padded = _tables(windows), in_margin(x, windows, -np.inf)
    out, offsets = _largest(padded, windows, tables, False)
    if np.isnan(np.minimum.reduce(out, axis=None, initial=np.inf)):
        out, offsets = _largest(padded, windows, tables, True)
    positions = tables.first + offsets
    if tables.first_inside is not None:  # of a window of nothing but -inf the first cell was chosen, and it may be padding
        positions = np.where(out == -np.inf, tables.first_inside, positions)
    return out, positions


max_pool.vjp(
    x=lambda g, out, x_shape, windows: scatter_to_positions(g[0], out[1], shape=tuple(x_shape[len(x_shape) - len(windows) :]))
)
max_pool.batch(leading(1))


class Tables(NamedTuple):
    """What windows mean in a flat plane.

    ``first``: the position of each window's first cell; ``first_inside``: that of the first one that is not padding, ``None``
    where there is no padding in front. ``further``: for each axis and each cell of a window how far it lies behind the first.
    """

    first: Any
    first_inside: Any
    further: tuple[tuple[Any, ...], ...]


@lru_cache(maxsize=256)
def _tables(windows: tuple[AnyWindows, ...]) -> Tables:
    steps = [math.prod([each.size for each in windows[axis + 1 :]]) for axis in range(len(windows))]
    along = list(zip(windows, steps, strict=True))
    farthest = sum([int(np.max(each.offsets(each.kernel - 1))) * step for each, step in along])
    dtype = np.min_scalar_type(farthest)
    further = [
        tuple([np.reshape(each.offsets(i) * step, (-1, *[1] * behind)).astype(dtype) for i in range(each.kernel)])
        for (each, step), behind in zip(along, reversed(range(len(windows))), strict=True)
    ]
    inside = None
    if any([each.before for each in windows]):
        inside = _on_a_grid([_first_inside(each) * step for each, step in along])
    return Tables(_on_a_grid([each.starts * step for each, step in along]), inside, tuple(further))


def _first_inside(windows: AnyWindows) -> Any:
    starts = windows.starts
    first = np.where(starts < 0, starts % windows.dilation, starts) if isinstance(windows, Windows) else starts
    return np.minimum(first, windows.size - 1)


def _on_a_grid(by_axis: Sequence[Any]) -> Any:
    """The sum of one number for each axis, at each place of the grid."""
    total: Any = np.zeros((), np.intp)
    for each in by_axis:
        total = total[..., np.newaxis] + each
    return total


def _largest(x: Any, windows: Sequence[AnyWindows], tables: Tables, with_nan: bool) -> tuple[Any, Any]:
    """The largest cell of each window, and how far it lies behind the window's first.

    One axis is done after the other, from the last. Within a window offsets grow with the order of the cells, so the offset of
    the first largest cell is that of the last one that was larger than all before it: the largest offset of those.
    """
    offsets: Any = None
    for axis in range(-1, -len(windows) - 1, -1):
        along, further = windows[axis], tables.further[axis]
        best = best_offsets = None
        for i in range(along.kernel):
            where = along.cells(i)
            cells, inner = _cells(x, axis, where), None if offsets is None else _cells(offsets, axis, where)
            if best is None:
                best, best_offsets = cells, inner
                continue
            larger = cells > best
            if with_nan:
                larger |= np.isnan(cells)
            best = np.maximum(best, cells, out=best if i > 1 else None)
            candidates = larger.view(np.uint8) * (further[i] if inner is None else inner + further[i])
            best_offsets = candidates if best_offsets is None else np.maximum(best_offsets, candidates)
        x, offsets = best, best_offsets
    return (x if x.base is None else x.copy()), (np.zeros(x.shape, np.uint8) if offsets is None else offsets)


def _cells(x: Any, axis: int, where: Any) -> Any:
    if isinstance(where, slice):
        return x[(..., where, *[slice(None)] * (-axis - 1))]
    return np.take(x, where, axis)


# ---------------------------------------------------------------- ops of positions


def _places(positions: Any, rank: int, size: int) -> Any:
    """Where the positions in planes of ``size`` cells lie in all planes together, flat."""
    split = positions.ndim - rank
    planes = math.prod(positions.shape[:split])
    by_plane = positions.reshape(planes, math.prod(positions.shape[split:]))
    return (by_plane + np.arange(planes)[:, np.newaxis] * size).reshape(-1)


@ag.op(
    linear=True,
    name="scatter_to_positions",
    public=False,
    samples=[
        sample(reals(2, 2, 2), integers(2, 2, 2, low=0, high=6), shape=(2, 3)),
        sample(reals(3), integers(3, low=0, high=4), shape=(4,)),
    ],
)
def scatter_to_positions(values: Any, positions: Any, *, shape: tuple[int, ...]) -> Any:
    """Planes of zeros with the values added at their positions: twice (..., *counts) -> (..., *shape)."""
    lead, size = values.shape[: values.ndim - len(shape)], math.prod(shape)
    out = np.zeros(math.prod(lead) * size, values.dtype)
    np.add.at(out, _places(positions, len(shape), size), values.reshape(-1))
    return out.reshape(*lead, *shape)


@ag.op(
    linear=True,
    name="gather_from_positions",
    public=False,
    samples=[
        sample(reals(2, 2, 3), integers(2, 2, 2, low=0, high=6), rank=2),
        sample(reals(4), integers(3, low=0, high=4), rank=1),
    ],
)
def gather_from_positions(x: Any, positions: Any, *, rank: int) -> Any:
    """What stands at the positions in each plane: (..., *shape), (..., *counts) -> (..., *counts)."""
    size = math.prod(x.shape[x.ndim - rank :])
    return x.reshape(-1)[_places(positions, rank, size)].reshape(positions.shape)


@ag.op(
    name="max_unpool",
    public=False,
    samples=[sample(reals(2, 1, 3), lambda rng: np.array([[[4, 0, 2]], [[1, 5, 3]]]), shape=(2, 3))],
)
def max_unpool(values: Any, positions: Any, *, shape: tuple[int, ...]) -> Any:
    """Planes of zeros with the values put at their positions; of several for one position the last counts."""
    lead, size = values.shape[: values.ndim - len(shape)], math.prod(shape)
    lowest, highest = np.min(positions, initial=0), np.max(positions, initial=0)
    if lowest < 0 or highest >= size:
        raise ValueError(f"expected indices from 0 to {size - 1}, received some from {lowest} to {highest}")
    out = np.zeros(math.prod(lead) * size, values.dtype)
    out[_places(positions, len(shape), size)] = values.reshape(-1)
    return out.reshape(*lead, *shape)


scatter_to_positions.vjp(
    values=lambda g, positions, shape: gather_from_positions(g, positions, rank=len(shape)),
    positions=None,
)
gather_from_positions.vjp(
    x=lambda g, positions, x_shape, rank: scatter_to_positions(g, positions, shape=tuple(x_shape[len(x_shape) - rank :])),
    positions=None,
)
# PyTorch's rule: also of values that others were put over, the gradient is what stands at their position
max_unpool.vjp(
    values=lambda g, positions, shape: gather_from_positions(g, positions, rank=len(shape)),
    positions=None,
)


def _of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """The examples are more planes."""
    arrays = [stretched(each, is_mapped, level.size) for each, is_mapped in zip(arrays, mapped, strict=True)]
    return record.call(*arrays, **statics)


for _op in (scatter_to_positions, gather_from_positions, max_unpool):
    _op.batch(_of_examples)
