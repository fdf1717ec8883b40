"""How kernels that scale and shift channels go through their input: as ``Rows`` or as ``Columns``; and their batching rules.

Inputs are (N, C, ...), with any number of positions behind the channels. ``Rows`` has one row for each channel of each example.
Where statistics are those of a batch and positions are few, ``Columns`` has one column for each channel and position: NumPy is
fast where what it goes through at a time is long.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from autograd.batch_rules import stretched
from nn.kernels.moments import ones, repeating_along

_FEW = 256  # positions, up to which columns are faster
_SHORT = 64  # positions, below which dot products of rows are slow

PIECE = 2**16  # numbers that are worked on at a time

Filled: TypeAlias = Callable[[int, Any], Any]  # ones or shares


class Rows:
    """One row for each channel of each example.

    With ``groups`` 0 a channel of all examples has statistics in common, else one of so many groups of channels of one example.

    ``of_rows`` and ``of_products`` are products of each row, or of products of rows, with ``ones``, which are sums, or
    ``shares``, which are means. ``pooled`` goes on from rows to what has statistics in common, ``total`` from sums of rows to
    those of channels. ``spread`` makes of statistics numbers for rows; ``along`` puts these beside the rows.
    """

    def __init__(self, examples: int, channels: int, positions: int, groups: int) -> None:
        self.shape: tuple[int, ...] = (examples, channels, positions)
        self.groups = groups
        self.size = channels // max(groups, 1)  # of a group
        self.count = positions * (self.size if groups else examples)  # of numbers that have statistics in common

    def of_rows(self, x: Any, of: Filled) -> Any:
        examples, channels, positions = self.shape
        return x.reshape(examples * channels, positions).dot(of(positions, x.dtype)).reshape(examples, channels)

    def of_products(self, x: Any, y: Any, of: Filled) -> Any:
        positions = self.shape[2]
        if positions < _SHORT:
            return self.of_rows(x * y, of)
        sums = np.vecdot(x, y)
        return sums if of is ones else sums * (1 / positions)

    def pooled(self, numbers: Any, of: Filled) -> Any:
        examples = self.shape[0]
        if not self.groups:
            return of(examples, numbers.dtype).dot(numbers)
        if self.size == 1:
            return numbers
        return numbers.reshape(examples, self.groups, self.size).dot(of(self.size, numbers.dtype))

    def total(self, sums: Any) -> Any:
        return np.add.reduce(sums, axis=0)

    def spread(self, statistics: Any) -> Any:
        return np.repeat(statistics, self.size, axis=1) if self.groups and self.size > 1 else statistics

    def along(self, numbers: Any) -> Any:
        return numbers[..., np.newaxis]


class Columns:
    """One column for each channel and position, of the numbers of all examples. The methods are those of ``Rows``."""

    def __init__(self, examples: int, channels: int, positions: int) -> None:
        self.shape: tuple[int, ...] = (examples, channels * positions)
        self.channels = channels
        self.positions = positions
        self.count = examples * positions

    def of_rows(self, x: Any, of: Filled) -> Any:
        return self._of_channels(of(self.shape[0], x.dtype).dot(x), of)

    def of_products(self, x: Any, y: Any, of: Filled) -> Any:
        numbers = of(self.shape[0], x.dtype)
        if x.size <= PIECE:
            return self._of_channels(numbers.dot(x * y), of)
        columns = np.zeros(self.shape[1], x.dtype)
        for some in pieces(self.shape):
            columns += numbers[some].dot(x[some] * y[some])
        return self._of_channels(columns, of)

    def _of_channels(self, columns: Any, of: Filled) -> Any:
        if self.positions == 1:
            return columns
        return columns.reshape(self.channels, self.positions).dot(of(self.positions, columns.dtype))

    def pooled(self, numbers: Any, of: Filled) -> Any:
        return numbers

    def total(self, sums: Any) -> Any:
        return sums

    def spread(self, statistics: Any) -> Any:
        return statistics

    def along(self, numbers: Any) -> Any:
        return numbers if self.positions == 1 else np.repeat(numbers, self.positions)


Layout: TypeAlias = Rows | Columns


@lru_cache(maxsize=256)
def layout_of(shape: tuple[int, ...], groups: int = 0) -> Layout:
    """How to go through an input of this shape."""
    examples, channels, *rest = shape
    positions = math.prod(rest)
    if groups == 0 and positions <= _FEW:
        return Columns(examples, channels, positions)
    return Rows(examples, channels, positions, groups)


def pieces(shape: tuple[int, ...]) -> list[slice]:
    """Some examples at a time, which the processor's cache can hold."""
    step = max(PIECE // max(math.prod(shape[1:]), 1), 1)
    return [slice(start, start + step) for start in range(0, shape[0], step)]


def scaled(layout: Layout, x: Any, scale: Any, offset: Any) -> Any:
    """``scale * x + offset``, of numbers for rows; no offset for ``None``."""
    with repeating_along(x):
        out = x * layout.along(scale)
        if offset is not None:
            out += layout.along(offset)
    return out


# ---------------------------------------------------------------- texts, and examples of vmap


def by_channel(x: Any, shape: tuple[int, ...]) -> Any:
    """What belongs to an input of ``shape`` as (N, C, positions)."""
    return np.reshape(x, (*shape[:2], math.prod(shape[2:])))


def of_channels(inputs: str, outputs: str) -> Callable[..., Any]:
    """The batching rule of an op that treats all channels alike: the channels of all examples side by side.

    ``inputs`` and ``outputs`` say what each is: ``x``, (N, C, ...); ``w``, (C,); ``s``, statistics, (3, C) or (3, N, groups).
    """

    def rule(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
        size, groups = level.size, statics.get("groups", 0)
        if size == 0:
            return NotImplemented
        axes = {"x": 1, "w": 0, "s": 2 if groups else 1}
        merged = [
            None if array is None else _merged(stretched(array, is_mapped, size), axes[kind])
            for array, is_mapped, kind in zip(arrays, mapped, inputs, strict=True)
        ]
        if groups:
            statics = statics | {"groups": groups * size}
        out = record.call(*merged, **statics)
        if not record.multiple:
            return _parted(out, axes[outputs], size)
        return tuple([_parted(each, axes[kind], size) for each, kind in zip(out, outputs, strict=True)])

    return rule


def _merged(x: Any, axis: int) -> Any:
    """The examples along the first axis put side by side along ``axis`` of one example."""
    x = np.moveaxis(x, 0, axis)
    shape = x.shape
    return np.reshape(x, (*shape[:axis], shape[axis] * shape[axis + 1], *shape[axis + 2 :]))


def _parted(x: Any, axis: int, size: int) -> Any:
    shape = x.shape
    return np.moveaxis(np.reshape(x, (*shape[:axis], size, shape[axis] // size, *shape[axis + 1 :])), axis, 0)
