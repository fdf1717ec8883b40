"""Where windows lie: the settings of convolutions and pools as one number an axis, and how many windows fit."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.inputs import Receiver, called


def as_tuple(receiver: Receiver, name: str, value: Any, rank: int, least: int = 0) -> tuple[int, ...]:
    """A setting as ``rank`` whole numbers: one number stands for all of them.

    Raises:
        TypeError: for anything but whole numbers, and lists and tuples of them.
        ValueError: for another count of them, or one below ``least``.
    """
    values = tuple(value) if isinstance(value, list | tuple) else (value,) * rank
    if not all(isinstance(each, int | np.integer) and not isinstance(each, bool) for each in values):
        raise TypeError(f"{called(receiver)}: expected {name}, {_numbers(rank)}; received {value!r}")
    if len(values) != rank or min(values) < least:
        raise ValueError(f"{called(receiver)}: expected {name}, {_numbers(rank)} of {least} or more; received {value!r}")
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
