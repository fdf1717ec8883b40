"""``in_pieces``: elementwise work of many steps, done piece by piece, so that what it works on stays in the processor's cache;
and ``real``, what such work is done on.

Each NumPy call reads and writes whole arrays. Of a large array that is main memory, a dozen times over for a function such as
``gelu``; of one piece after the other it is main memory once.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

PIECE = 2**17  # bytes of each array that is worked on at a time: a few of them fit into the second level cache


def in_pieces(steps: Callable[..., None], *inputs: Any, results: int = 1, scratch: int = 0) -> list[Any]:
    """What ``steps(*inputs, *results, *scratch)`` writes into ``results`` fresh arrays.

    ``steps`` is given arrays of one shape and dtype, and writes into the last ``results + scratch`` of them, not into inputs.
    Inputs broadcast; half precision is computed in single precision.
    """
    first = inputs[0]
    shape, dtype = first.shape, first.dtype
    if any([each.shape != shape for each in inputs]):
        inputs = tuple(np.broadcast_arrays(*inputs))
        shape = inputs[0].shape
    working = np.dtype(np.float32) if dtype.itemsize == 2 else dtype
    if working != dtype:
        inputs = tuple([each.astype(working) for each in inputs])
    size, length = inputs[0].size, PIECE // working.itemsize
    if size <= length:
        made = [np.empty(shape, working) for _ in range(results)]
        steps(*inputs, *made, *[np.empty(shape, working) for _ in range(scratch)])
    else:
        flat = [np.ascontiguousarray(each).reshape(-1) for each in inputs]
        made = [np.empty(size, working) for _ in range(results)]
        buffers = [np.empty(length, working) for _ in range(scratch)]
        for start in range(0, size, length):
            piece = slice(start, start + length)
            count = min(length, size - start)
            steps(*[each[piece] for each in (*flat, *made)], *[each[:count] for each in buffers])
        made = [each.reshape(shape) for each in made]
    if working != dtype:
        made = [each.astype(dtype) for each in made]
    return made if shape else [each[()] for each in made]


def real(x: Any) -> Any:
    """``x`` as real floating numbers: integers become float64.

    Raises:
        TypeError: for complex numbers.
    """
    kind = x.dtype.kind
    if kind == "f":
        return x
    if kind == "c":
        raise TypeError("expected real numbers, received complex ones; take ag.real(x) or ag.absolute(x)")
    return x.astype(np.float64)
