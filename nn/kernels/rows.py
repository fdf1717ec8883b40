"""``look_up``, the rows of a table at given indices, and ``add_rows``, which adds rows up at them: each other's transpose.

Note [padding row]: an index may stand for nothing, to fill up sentences of different lengths. Its row is looked up like any
other, but no gradient flows to it: ``add_rows`` leaves out what is ``skipped``. The transpose of that puts rows of zeros in the
same places, which is what ``zeroed`` asks for.
"""

from typing import Any

import numpy as np

import autograd as ag
from autograd.batch_rules import stretched
from autograd.samples import integers, reals, sample


@ag.op(
    linear=True,
    name="embedding",
    public=False,
    samples=[
        sample(reals(4, 3), integers(2, 3, low=0, high=4), skipped=None, zeroed=False, by_frequency=False),
        sample(reals(4, 3), integers(5, low=0, high=4), skipped=1, zeroed=True, by_frequency=False),
    ],
    errors=[(sample(reals(4, 3), np.array([4]), skipped=None, zeroed=False, by_frequency=False), IndexError)],
)
def look_up(table: Any, indices: Any, *, skipped: int | None, zeroed: bool, by_frequency: bool) -> Any:
    """``table[indices]``, of a table (rows, width).

    ``by_frequency``: whether the gradient of a row is divided by how often its index occurs.
    """
    count = len(table)
    # As an unsigned number a negative one is huge, so that one comparison covers both ends.
    if indices.size and indices.astype(np.uint64).max() >= count:
        flat = indices.reshape(-1)
        place = int(np.argmax((flat < 0) | (flat >= count)))
        where = ", ".join(map(str, np.unravel_index(place, indices.shape)))
        raise IndexError(f"expected indices from 0 to {count - 1}, received {flat[place]} at [{where}]")
    out = table.take(indices, axis=0)
    if zeroed and skipped is not None:
        out[indices == skipped] = 0
    return out


def _table_gradient(g: Any, indices: Any, table_shape: Any, skipped: int | None, by_frequency: bool) -> Any:
    gradient = add_rows(g, indices, count=table_shape[0], skipped=skipped)
    if by_frequency:
        often = np.bincount(np.reshape(indices, -1), minlength=table_shape[0])
        gradient = gradient / np.maximum(often, 1).astype(g.dtype)[:, None]
    return gradient


@ag.op(
    linear=True,
    public=False,
    samples=[
        sample(reals(2, 3, 4), integers(2, 3, low=0, high=4), count=4, skipped=None),
        sample(reals(5, 2), integers(5, low=0, high=3), count=3, skipped=1),
    ],
)
def add_rows(x: Any, indices: Any, *, count: int, skipped: int | None) -> Any:
    """A table (count, width) of sums: that of the rows of ``x`` (..., width) which have the same index."""
    width = x.shape[-1]
    out = np.zeros((count, width), x.dtype)
    if indices.size == 0 or width == 0:
        return out
    rows, places = x.reshape(-1, width), indices.reshape(-1)
    (_add_elements if width < _WIDE else _add_sorted)(out, rows, places)
    if skipped is not None:
        out[skipped] = 0
    return out


_WIDE = 96  # from this width on adding row by row is faster than element by element
_FEW = 4  # up to this many rows of one index, all indices are added to at once; more are summed up by themselves


def _add_elements(out: Any, rows: Any, places: Any) -> None:
    elements = places[:, None] * out.shape[1] + np.arange(out.shape[1])
    np.add.at(out.reshape(-1), elements.reshape(-1), rows.reshape(-1))


def _add_sorted(out: Any, rows: Any, places: Any) -> None:
    order = np.argsort(places, kind="stable")
    ordered = places[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    lengths = np.diff(starts, append=len(ordered))
    many = lengths > _FEW
    for start, length in zip(starts[many].tolist(), lengths[many].tolist(), strict=True):
        np.add.reduce(rows[order[start : start + length]], axis=0, out=out[ordered[start]])
    starts, lengths = starts[~many], lengths[~many]
    for turn in range(_FEW):
        there = lengths > turn
        starts, lengths = starts[there], lengths[there]
        out[ordered[starts]] += rows[order[starts + turn]]


look_up.vjp(table=_table_gradient, indices=None)
add_rows.vjp(x=lambda g, indices, skipped: look_up(g, indices, skipped=skipped, zeroed=True, by_frequency=False), indices=None)


# ---------------------------------------------------------------- of many examples


def _starts(indices: Any, is_mapped: bool, count: int, size: int) -> Any:
    """Indices into the tables of all examples, laid one after the other."""
    indices = stretched(indices, is_mapped, size)
    return indices + np.reshape(np.arange(size) * count, (size, *[1] * (indices.ndim - 1)))


def _look_up_in_each(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    table, indices = arrays
    if not mapped[0]:
        return NotImplemented if statics["by_frequency"] else record.call(table, indices, **statics)
    skipped = statics["skipped"]
    if statics["by_frequency"] or (skipped is not None and not statics["zeroed"]):
        return NotImplemented
    count, width = table.shape[1:]
    places = _starts(indices, mapped[1], count, level.size)
    out = record.call(np.reshape(table, (level.size * count, width)), places, **statics | {"skipped": None})
    return out if skipped is None else out * (indices != skipped)[..., None].astype(table.dtype)


def _add_rows_in_each(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, indices = arrays
    count, skipped = statics["count"], statics["skipped"]
    if skipped is not None:
        x = x * (indices != skipped)[..., None].astype(x.dtype)
        mapped = (True, mapped[1])
    x = stretched(x, mapped[0], level.size)
    out = record.call(x, _starts(indices, mapped[1], count, level.size), count=level.size * count, skipped=None)
    return np.reshape(out, (level.size, count, x.shape[-1]))


look_up.batch(_look_up_in_each)
add_rows.batch(_add_rows_in_each)


# ---------------------------------------------------------------- the largest of several


@ag.op(
    differentiable=False,
    public=False,
    samples=[sample(reals(5, 3), np.array([0, 0, 1, 3, 3]), count=4), sample(reals(2, 2), np.array([1, 0]), count=2)],
)
def first_largest(x: Any, indices: Any, *, count: int) -> Any:
    """For each index up to ``count`` and each column, which of the rows of ``x`` (n, width) with it is the largest, the first
    of equal ones; 0 where there is none.
    """
    out = np.zeros((count, x.shape[1]), np.intp)
    order = np.argsort(indices, kind="stable")
    ordered = indices[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    if len(starts):
        rows = x[order]
        largest = np.repeat(np.maximum.reduceat(rows, starts, axis=0), np.diff(starts, append=len(ordered)), axis=0)
        places = np.where((rows == largest) | (rows != rows), np.arange(len(rows))[:, None], len(rows))
        out[ordered[starts]] = order[np.minimum.reduceat(places, starts, axis=0)]
    return out


def _first_largest_in_each(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, count = stretched(arrays[0], mapped[0], level.size), statics["count"]
    size, rows, width = x.shape
    places = np.reshape(_starts(arrays[1], mapped[1], count, size), -1)
    out = np.reshape(record.call(np.reshape(x, (size * rows, width)), places, count=size * count), (size, count, width))
    return np.maximum(out - np.reshape(np.arange(size) * rows, (size, 1, 1)), 0)


first_largest.batch(_first_largest_in_each)
