"""Where windows lie: the settings of convolutions and pools as one number an axis, how many windows fit, and their cells.

Read ``output_size``, then ``Windows`` and ``UnevenWindows``, which say the same things of windows of one length and of several.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from nn.inputs import Receiver, as_array, called


def as_tuple(receiver: Receiver, name: str, value: Any, rank: int, least: int | None = 0) -> tuple[int, ...]:
    """A setting as ``rank`` whole numbers: one number stands for all of them.

    Raises:
        TypeError: for anything but whole numbers, and lists and tuples of them.
        ValueError: for another count of them, or one below ``least``, unless that is ``None``.
    """
    values = tuple(value) if isinstance(value, list | tuple) else (value,) * rank
    if not all(isinstance(each, int | np.integer) and not isinstance(each, bool) for each in values):
        raise TypeError(f"{called(receiver)}: expected {name}, {_numbers(rank)}; received {value!r}")
    if len(values) != rank or (least is not None and min(values) < least):
        bound = "" if least is None else f" of {least} or more"
        raise ValueError(f"{called(receiver)}: expected {name}, {_numbers(rank)}{bound}; received {value!r}")
    return tuple([int(each) for each in values])


def _numbers(rank: int) -> str:
    return "a whole number" if rank == 1 else f"a whole number or {rank} of them"


def output_size(
    size: int, kernel: int, stride: int, padding: int | tuple[int, int], dilation: int = 1, ceil_mode: bool = False
) -> int:
    """How many windows fit along one axis: ``(size + padding on both sides - reach) / stride + 1``, 0 or less for none.

    ``reach = dilation * (kernel - 1) + 1`` is what a window covers. The quotient is rounded down; with ``ceil_mode`` up, for
    one more window that hangs over the end, unless it would start in the padding behind the end.

    Args:
        size: the length of the axis.
        kernel, stride, dilation: of the window along this axis.
        padding: what is added on each side, or a pair: before and after.
        ceil_mode: whether to round up.
    """
    before, after = (padding, padding) if isinstance(padding, int) else padding
    room = size + before + after - dilation * (kernel - 1) - 1
    if not ceil_mode:
        return room // stride + 1
    count = -(-room // stride) + 1
    return count - 1 if (count - 1) * stride >= size + before else count


def check_rank(receiver: Receiver, shape: Sequence[int], rank: int) -> None:
    """Refuse an input that is neither a batch nor a single example of maps with ``rank`` spatial axes.

    Raises:
        ValueError: for another number of axes than ``rank + 1`` and ``rank + 2``.
    """
    if len(shape) not in (rank + 1, rank + 2):
        axes = ", ".join(("L",) if rank == 1 else ("H", "W") if rank == 2 else ("D", "H", "W"))
        raise ValueError(f"{called(receiver)}: expected input of shape (N, C, {axes}) or (C, {axes}), received {tuple(shape)}")


def as_maps(receiver: Receiver, input: Any, rank: int) -> Any:
    """The input of a pool: real floating numbers, integers as float64, with ``rank`` spatial axes.

    Raises:
        ValueError: for another number of axes.
        TypeError: for complex numbers, and what is not numeric.
    """
    x = as_array(input, receiver)
    check_rank(receiver, x.shape, rank)
    if x.dtype.kind not in "biuf":
        raise TypeError(f"{called(receiver)}: expected real numbers, received {x.dtype}")
    return x if x.dtype.kind == "f" else x.astype(np.float64)


# ---------------------------------------------------------------- windows along one axis


@dataclass(frozen=True)
class Windows:
    """``count`` windows of ``kernel`` cells each; cell ``i`` of window ``o`` is ``o * stride - before + i * dilation``.

    Cells below 0 and from ``size`` on are padding.
    """

    size: int
    count: int
    kernel: int
    stride: int
    before: int = 0
    dilation: int = 1

    @property
    def after(self) -> int:
        """How much padding the last window needs behind the end."""
        return max(0, (self.count - 1) * self.stride + self.dilation * (self.kernel - 1) + 1 - self.before - self.size)

    @property
    def inner(self) -> slice:
        """Where on the padded axis the axis itself is."""
        return slice(self.before, self.before + self.size)

    @property
    def overlap(self) -> bool:
        """Whether two windows may share a cell."""
        return self.stride < self.dilation * (self.kernel - 1) + 1

    @property
    def starts(self) -> Any:
        """The first cell of each window."""
        return np.arange(self.count) * self.stride - self.before

    def cells(self, i: int) -> slice:
        """Cell ``i`` of every window, on the padded axis."""
        start = i * self.dilation
        return slice(start, start + (self.count - 1) * self.stride + 1, self.stride)

    def offsets(self, i: int) -> Any:
        """How far cell ``i`` is from the first, for every window."""
        return i * self.dilation

    def lengths(self, with_padding: bool) -> Any:
        """How many cells each window has, without those behind the padding, or without padding altogether."""
        first, last = (-self.before, self.size + self.before) if with_padding else (0, self.size)
        cells = self.starts[:, np.newaxis] + np.arange(self.kernel) * self.dilation
        return np.count_nonzero((cells >= first) & (cells < last), axis=1)


@dataclass(frozen=True)
class UnevenWindows:
    """``count`` windows that cover an axis, window ``o`` from ``floor(o * size / count)`` to ``ceil((o + 1) * size / count)``.

    A window that is shorter than ``kernel``, the longest, has its last cell several times. There is no padding.
    """

    size: int
    count: int

    before = after = 0

    @property
    def inner(self) -> slice:
        """The whole axis, since there is no padding."""
        return slice(0, self.size)

    @property
    def starts(self) -> Any:
        """The first cell of each window."""
        return np.arange(self.count) * self.size // self.count

    @property
    def ends(self) -> Any:
        """The first cell behind each window."""
        return -(-(np.arange(self.count) + 1) * self.size // self.count)

    @property
    def kernel(self) -> int:
        """The length of the longest window."""
        return int(np.max(self.ends - self.starts, initial=0))

    def cells(self, i: int) -> Any:
        """Cell ``i`` of every window."""
        return np.minimum(self.starts + i, self.ends - 1)

    def offsets(self, i: int) -> Any:
        """How far cell ``i`` is from the first, for every window."""
        return self.cells(i) - self.starts


AnyWindows: TypeAlias = Windows | UnevenWindows


@lru_cache(maxsize=1024)
def windows_along(
    sizes: tuple[int, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
    ceil_mode: bool = False,
) -> tuple[Windows, ...] | None:
    """The windows along each axis; ``None`` where on one of them none fits."""
    found = []
    for size, k, step, pad, apart in zip(sizes, kernel, stride, padding, dilation, strict=True):
        count = output_size(size, k, step, pad, apart, ceil_mode)
        if count < 1:
            return None
        found.append(Windows(size, count, k, step, pad, apart))
    return tuple(found)


def in_margin(x: Any, windows: Sequence[AnyWindows], value: float) -> Any:
    """The array ``x`` in a margin of ``value``, along its last axes, where a window reaches outside; else ``x`` itself."""
    if not any([each.before or each.after for each in windows]):
        return x
    shape = [*x.shape[: x.ndim - len(windows)], *[each.before + each.size + each.after for each in windows]]
    out = np.full(shape, value, x.dtype)
    inner: Any = (..., *[each.inner for each in windows])
    out[inner] = x
    return out
