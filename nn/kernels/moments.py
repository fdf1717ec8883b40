"""What the kernels of normalising layers share: how means and variances are taken, and how arrays are scaled in long rows.

Read this, then ``channel_normalization`` (batch, group and instance norm), ``row_normalization`` (layer norm, RMS norm).

Note [mean squares]: a kernel takes the variance as ``mean(x**2) - mean(x)**2``, which needs no array in between. That loses as
many digits as the square of the mean has more than the variance; so where ``is_far`` says that a mean is far from 0, the kernel
subtracts it from ``x`` first and begins again. What is lost is little more than a digit.

Note [sums as products]: ``x @ ones`` is a sum, ``x @ shares`` a mean, and BLAS is several times as fast as NumPy's ``sum``.

Note [long rows]: where an operand of a ufunc is repeated along an axis, as in ``x * scale[:, np.newaxis]``, NumPy writes the
repeated numbers into a buffer first, unless a row is longer than the buffer; that takes as long as the multiplication.
``repeating_along`` makes the buffer as small as it may be while such rows are gone through.

Note [lines]: a vector that is written across the border of two cache lines costs twice. NumPy's arrays begin at any multiple of
16 bytes, so that with vectors as long as a line every one crosses a border; ``aligned_empty`` makes arrays that begin at one.
"""

import math
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any

import numpy as np

_FAR = 16.0  # from which ratio of squared mean to variance on a mean is far
_LONG = 256  # numbers, below which the buffer is faster
_MANY = 2**14  # numbers, below which care for buffers and memory takes longer than it saves
_LINE = 64  # bytes
_SHORT = 4096  # numbers, up to which vectors of equal ones are kept: longer ones are made in less time than they are read
_AS_IT_IS = nullcontext()


def ones(count: int, dtype: Any) -> Any:
    """``count`` times 1, to be read: the product with it is a sum."""
    return _kept(1.0, count, dtype) if count <= _SHORT else np.ones(count, dtype)


def shares(count: int, dtype: Any) -> Any:
    """``count`` times ``1 / count``, to be read: the product with it is a mean."""
    number = 1 / max(count, 1)
    return _kept(number, count, dtype) if count <= _SHORT else np.full(count, number, dtype)


@lru_cache(maxsize=256)
def _kept(number: float, count: int, dtype: Any) -> Any:
    made = np.full(count, number, dtype)
    made.flags.writeable = False
    return made


def is_far(squared_mean: Any, variance: Any) -> Any:
    """Whether one of the means is so far from 0 that it has to be subtracted first; see Note [mean squares]."""
    if not np.count_nonzero(squared_mean > variance):  # most often, and quickly seen
        return False
    return np.count_nonzero(squared_mean > _FAR * variance)


def aligned_empty(shape: tuple[int, ...], dtype: Any) -> Any:
    """A fresh array for a kernel that writes to it several times; see Note [lines]."""
    size, dtype = math.prod(shape), np.dtype(dtype)
    if size < _MANY:
        return np.empty(shape, dtype)
    length = size * dtype.itemsize
    memory = np.empty(length + _LINE, np.uint8)
    start = -memory.ctypes.data % _LINE
    return memory[start : start + length].view(dtype).reshape(shape)


def repeating_along(x: Any) -> AbstractContextManager[None]:
    """``with repeating_along(x):`` is for ufuncs that repeat an operand along the rows of ``x``; see Note [long rows]."""
    return _SmallBuffer() if x.size >= _MANY and x.shape[-1] >= _LONG else _AS_IT_IS


class _SmallBuffer(AbstractContextManager[None]):
    def __enter__(self) -> None:
        self._before = np.setbufsize(16)

    def __exit__(self, *raised: object) -> None:
        np.setbufsize(self._before)
