"""Writes in memory, and how a backward pass notices them.

A rule that would read an array that was written to after its op saved it must raise instead of giving a wrong gradient, and
checking must cost the ops nothing. So each write stamps **the memory that it went to** with a tick of the counter that
numbers nodes; a backward pass that finds a stamp newer than the reader raises. The stamp belongs to the memory, not to
a tensor, because several tensors may share it (``w`` and ``w[0]`` made under ``no_grad``): whichever of them is written
through, every reader of the overlapping bytes is found.

What goes around the tensors, ``a[0] = 1`` on a NumPy array that ``asarray`` shares, leaves no stamp.
"""

import sys
import weakref
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.array_utils import byte_bounds

from autograd.node import next_tick


class _Stamp(NamedTuple):
    owner: "weakref.ref[np.ndarray[Any, Any]]"
    tick: int
    low: int
    high: int


_stamps: dict[int, list[_Stamp]] = {}  # by the id of the array that owns the memory
_latest = 0
_MOST_STAMPS = 64
_EVERYWHERE = (0, sys.maxsize)


def latest_write() -> int:
    """The tick of the last write; no reader with a newer tick needs to be checked."""
    return _latest


def stamp(array: "np.ndarray[Any, Any]") -> None:
    """Note that the memory of ``array`` was just written."""
    global _latest
    if array.size == 0:
        return
    owner = _owner(array)
    low, high = byte_bounds(array) if array.nbytes < owner.nbytes else _EVERYWHERE
    key = id(owner)
    earlier = _stamps.get(key, [])
    reference = earlier[0].owner if earlier else weakref.ref(owner, partial(_forget, key))
    _latest = next_tick()
    kept = [each for each in earlier if each.low < low or high < each.high]  # the others are covered by this write
    if len(kept) >= _MOST_STAMPS:
        low, high, kept = min(low, *[each.low for each in kept]), max(high, *[each.high for each in kept]), []
    _stamps[key] = [*kept, _Stamp(reference, _latest, low, high)]


def note_write(array: "np.ndarray[Any, Any]") -> None:
    """Note that the memory of ``array`` was written to, around the tensors that share it, as an optimizer writes.

    A backward pass that would read what was there before then raises, as it does after ``t[...] = value``, instead of giving a
    wrong gradient. What is written through a tensor notes itself.

    Args:
        array: the array that was written to, or the part of one; any tensors may share its memory, or overlap it.

    Shapes: any.

    Raises:
        TypeError: for anything but a NumPy array.

    >>> memory = np.array([1.0, 2.0])
    >>> x = ag.asarray(memory).requires_grad_()
    >>> y = (x * x).sum()
    >>> memory *= 2
    >>> ag.note_write(memory)
    >>> y.backward()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    autograd.errors.OverwrittenError: ...
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"note_write: expected the NumPy array that was written to, received {type(array).__name__}")
    stamp(array)


def written_since(value: Any, tick: int) -> bool:
    """Whether the memory of ``value`` (an array, or a tuple of them) was written after ``tick``."""
    if isinstance(value, tuple):
        return any(written_since(each, tick) for each in value)
    if not isinstance(value, np.ndarray):
        return False  # NumPy scalars and literals cannot be written
    found = _stamps.get(id(_owner(value)))
    if found is None or found[-1].tick < tick:
        return False
    low, high = byte_bounds(value)
    return any(tick < each.tick and low < each.high and each.low < high for each in found)


def _forget(key: int, _: Any) -> None:
    _stamps.pop(key, None)


def _owner(array: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    owner, base = array, array.base
    while base is not None:
        if isinstance(base, np.ndarray):
            owner = base
        base = getattr(base, "base", None)  # as_strided puts an object of its own in between
    return owner
