"""Average pooling: ``average_pool`` and ``average_pool_gradient``, linear both, and each the other's gradient.

They work along the last axes, as many as there are windows, one after the other; what lies in front is any number of planes.
"""

import math
from functools import lru_cache
from typing import Any

import numpy as np

import autograd as ag
from autograd.batch_rules import leading
from autograd.samples import reals, sample
from nn.kernels.geometry import Windows, in_margin
from nn.kernels.half_precision import in_single_precision, is_half

_PLANE = {"windows": (Windows(4, 2, 2, 2), Windows(5, 3, 3, 2, 1)), "divisor": None, "with_padding": False}
_LINE = {"windows": (Windows(5, 2, 2, 2),), "divisor": 3, "with_padding": True}


@ag.op(
    linear=True,
    name="average_pool",
    public=False,
    samples=[sample(reals(2, 4, 5), **_PLANE), sample(reals(2, 5), **_LINE)],
)
def average_pool(x: Any, *, windows: tuple[Windows, ...], divisor: int | None, with_padding: bool) -> Any:
    """The sum of each window over ``divisor``, by default over its number of cells: (..., *sizes) -> (..., *counts).

    ``with_padding``: whether cells of the padding, which are zeros, are counted; those behind it never are.
    """
    if is_half(x):
        return in_single_precision(average_pool, x, windows=windows, divisor=divisor, with_padding=with_padding)
    x = in_margin(x, windows, 0)
    for axis in range(-len(windows), 0):  # the last axis, whose windows are not in one piece, when there is least left
        x = _sums(x, axis, windows[axis])
    return x * _reciprocals(windows, divisor, with_padding, x.dtype)


@ag.op(
    linear=True,
    name="average_pool_gradient",
    public=False,
    samples=[sample(reals(2, 2, 3), **_PLANE), sample(reals(2, 2), **_LINE)],
)
def average_pool_gradient(y: Any, *, windows: tuple[Windows, ...], divisor: int | None, with_padding: bool) -> Any:
    """What each cell gets of the windows that it is in: (..., *counts) -> (..., *sizes)."""
    if is_half(y):
        return in_single_precision(average_pool_gradient, y, windows=windows, divisor=divisor, with_padding=with_padding)
    y = y * _reciprocals(windows, divisor, with_padding, y.dtype)
    for axis in range(-1, -len(windows) - 1, -1):
        y = _spread(y, axis, windows[axis])
    return y[(..., *[each.inner for each in windows])]


average_pool.vjp(
    x=lambda g, windows, divisor, with_padding: average_pool_gradient(
        g, windows=windows, divisor=divisor, with_padding=with_padding
    )
)
average_pool_gradient.vjp(
    y=lambda g, windows, divisor, with_padding: average_pool(g, windows=windows, divisor=divisor, with_padding=with_padding)
)
for _op in (average_pool, average_pool_gradient):
    _op.batch(leading(1))


def _sums(x: Any, axis: int, along: Windows) -> Any:
    """The sums of the windows along one padded axis."""
    total = x[_cells(along, axis, 0)]
    for i in range(1, along.kernel):
        total = np.add(total, x[_cells(along, axis, i)], out=total if i > 1 else None)
    return total


def _spread(y: Any, axis: int, along: Windows) -> Any:
    """Each window's number in all of its cells, added up where windows overlap, along one padded axis."""
    shape = list(y.shape)
    shape[axis] = along.before + along.size + along.after
    out = np.zeros(shape, y.dtype)
    for i in range(along.kernel):
        cells = out[_cells(along, axis, i)]
        if along.overlap:
            cells += y
        else:
            cells[...] = y
    return out


def _cells(along: Windows, axis: int, i: int) -> tuple[Any, ...]:
    return (..., along.cells(i), *[slice(None)] * (-axis - 1))


@lru_cache(maxsize=256)
def _reciprocals(windows: tuple[Windows, ...], divisor: int | None, with_padding: bool, dtype: Any) -> Any:
    """1 over the divisor of each window; one number, where that is the same for all."""
    if divisor is not None:
        return 1 / divisor
    counts: Any = 1
    for each in windows:
        counts = np.multiply.outer(counts, np.maximum(each.lengths(with_padding), 1))  # a window of nothing has the sum 0
    whole = math.prod([each.kernel for each in windows])
    return 1 / whole if np.all(counts == whole) else (1 / counts).astype(dtype)
