"""Indices taken apart: what is hashable in one, its *layout*, and its arrays, which are inputs of an op like any other.

``index_together`` makes of an index into one example the index into all examples of a ``vmap``. NumPy puts the axes of index
arrays where the first of them stands, but all to the front where something else than an integer stands between two of them; so
what is read may have its axes in another order than examples one by one, and ``Together`` knows which.
"""

import operator
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.batch_rules import padded
from autograd.record import shape_of
from autograd.tensors import Tensor


class Slice(NamedTuple):
    """A slice, hashable."""

    start: int | None
    stop: int | None
    step: int | None


ARRAY = "array"  # the place of an array in a layout


def split_index(index: Any) -> tuple[tuple[Any, ...], list[Any]]:
    """An index as a hashable layout and its arrays.

    Raises:
        IndexError: for what NumPy accepts as no index.
    """
    layout: list[Any] = []
    arrays: list[Any] = []
    for part in index if isinstance(index, tuple) else (index,):
        if part is None or part is Ellipsis:
            layout.append(part)
        elif isinstance(part, slice):
            layout.append(
                Slice(*(None if each is None else operator.index(each) for each in (part.start, part.stop, part.step)))
            )
        elif isinstance(part, int | np.integer) and not isinstance(part, bool):
            layout.append(int(part))
        else:
            layout.append(ARRAY)
            arrays.append(part if isinstance(part, Tensor) else _index_array(part))
    return tuple(layout), arrays


def _index_array(part: Any) -> Any:
    array = np.asarray(part)
    if array.size == 0 and array.dtype.kind == "f":  # what np.asarray([]) gives
        array = array.astype(np.intp)
    if array.dtype.kind not in "biu":
        raise IndexError(
            f"an index is an integer, a slice, None, ..., or an integer or boolean array; received {type(part).__name__} "
            f"({array.dtype})"
        )
    return array


def joined_index(layout: tuple[Any, ...], arrays: Sequence[Any]) -> tuple[Any, ...]:
    """The index that ``split_index`` took apart."""
    rest = iter(arrays)
    return tuple([next(rest) if part == ARRAY else slice(*part) if isinstance(part, Slice) else part for part in layout])


# ---------------------------------------------------------------- one index for all examples


class Together(NamedTuple):
    """An index into all examples. ``axes``: where in what it reads the axis of examples stands, and each axis of an example."""

    layout: tuple[Any, ...]
    arrays: tuple[Any, ...]
    axes: tuple[int, ...]

    def taken_out(self, read: Any) -> Any:
        """What was read, with the axis of examples first and the axes of an example in their order."""
        return read if self._in_order() else np.transpose(read, self.axes)

    def put_in(self, examples: Any) -> Any:
        """The inverse of ``taken_out``."""
        return examples if self._in_order() else np.transpose(examples, np.argsort(self.axes).tolist())

    def aligned(self, value: Any, mapped: bool) -> Any:
        """A value that broadcasts to what is read of an example, as it broadcasts to what is read of all."""
        shape = shape_of(value)[mapped:]
        ndim = len(self.axes) - 1
        surplus = max(len(shape) - ndim, 0)  # leading axes of length 1, which NumPy allows
        if not mapped and not surplus and (not shape or self._in_order()):
            return value
        if any([length != 1 for length in shape[:surplus]]):
            raise ValueError(f"shape mismatch: a value of shape {shape} does not broadcast to {ndim} axes")
        first = shape_of(value)[0] if mapped else 1
        return self.put_in(np.reshape(value, (first, *[1] * (ndim - len(shape)), *shape[surplus:])))

    def _in_order(self) -> bool:
        return self.axes == tuple(range(len(self.axes)))


def index_together(
    layout: tuple[Any, ...], arrays: Sequence[Any], mapped: Sequence[bool], ndim: int, size: int, of_each: bool = True
) -> Together | None:
    """The index into ``size`` examples with ``ndim`` axes; ``None`` where each example has to be indexed by itself.

    ``of_each``: whether what is indexed has an axis of examples, and not only some of the arrays.
    """
    differ = any(mapped)
    if differ:
        masks = [(each, is_mapped) for each, is_mapped in zip(arrays, mapped, strict=True) if each.dtype.kind == "b"]
        if any([is_mapped or each.ndim == 0 for each, is_mapped in masks]):
            return None
        layout, arrays, mapped = _without_masks(layout, arrays, mapped)
    advanced = max([_axes_read(each) - is_mapped for each, is_mapped in zip(arrays, mapped, strict=True)], default=0)
    before, after, apart = _sliced(layout, arrays, mapped, ndim)
    own = list(range(1, advanced + 1))
    sliced = list(range(advanced + 1, advanced + 1 + before + after))
    if not differ:  # a slice in front changes nothing in how the axes are ordered
        axes = [advanced, *range(advanced), *sliced] if apart else [0, *own, *sliced]
        return Together((Slice(None, None, None), *layout), tuple(arrays), tuple(axes))
    arrays = [padded(each, advanced) if is_mapped else each for each, is_mapped in zip(arrays, mapped, strict=True)]
    if of_each:  # the numbers of the examples stand in front as one more array, and all axes of arrays with it
        numbers = np.reshape(np.arange(size), (size, *[1] * advanced))
        axes = [0, *own, *sliced] if apart else [0, *sliced[:before], *own, *sliced[before:]]
        return Together((ARRAY, *layout), (numbers, *arrays), tuple(axes))
    place = 0 if apart else before
    axes = [place, *[i for i in range(1 + advanced + before + after) if i != place]]
    return Together(layout, tuple(arrays), tuple(axes))


def _without_masks(
    layout: tuple[Any, ...], arrays: Sequence[Any], mapped: Sequence[bool]
) -> tuple[tuple[Any, ...], list[Any], list[bool]]:
    """An index in which for each axis of a mask there is an array with the places of its true elements."""
    parts: list[Any] = []
    places: list[Any] = []
    differ: list[bool] = []
    rest = iter(zip(arrays, mapped, strict=True))
    for part in layout:
        if part != ARRAY:
            parts.append(part)
            continue
        array, is_mapped = next(rest)
        found = np.nonzero(array) if array.dtype.kind == "b" else (array,)
        parts += [ARRAY] * len(found)
        places += found
        differ += [is_mapped] * len(found)
    return tuple(parts), places, differ


def _axes_read(array: Any) -> int:
    """How many axes an array of an index has where it is read by."""
    return 1 if array.dtype.kind == "b" else array.ndim


def _sliced(layout: tuple[Any, ...], arrays: Sequence[Any], mapped: Sequence[bool], ndim: int) -> tuple[int, int, bool]:
    """How many axes of a result are no arrays': before the first array and after it; and whether one stands between arrays.

    Where there is an array, an integer counts as one.
    """
    rest = iter(zip(arrays, mapped, strict=True))
    used = []  # how many axes of what is indexed each part takes up
    for part in layout:
        if part == ARRAY:
            array, is_mapped = next(rest)
            used.append(array.ndim - is_mapped if array.dtype.kind == "b" else 1)
        else:
            used.append(0 if part is None or part is Ellipsis else 1)
    left = ndim - sum(used)
    lengths = [left if part is Ellipsis else int(part is None or isinstance(part, Slice)) for part in layout]
    places = [i for i, part in enumerate(layout) if part == ARRAY or isinstance(part, int)]
    first, last = (places[0], places[-1]) if places else (len(layout), len(layout))
    total = sum(lengths) + (0 if Ellipsis in layout else left)
    before = sum(lengths[:first])
    return before, total - before, bool(places) and last - first >= len(places)
