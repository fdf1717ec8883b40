"""What layers and losses do with their inputs first: bring plain data into their dtype, refuse what would be a mistake."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Tensor


def in_dtype(x: Any, dtype: "np.dtype[Any]", receiver: Callable[[], str]) -> Any:
    """``x`` in ``dtype``: arrays, lists and unrecorded tensors are cast; a recorded tensor has to have it already.

    ``receiver`` gives the name that a message begins with, and is called only when there is one.

    Raises:
        TypeError: for a recorded tensor of another dtype, complex data where ``dtype`` is real, and what is not numeric.
    """
    if isinstance(x, Tensor):
        if x.dtype == dtype:
            return x
        if x.requires_grad:
            raise TypeError(
                f"{receiver()}: expected {dtype}, received a recorded tensor of {x.dtype}. Say where the dtype changes: "
                f"x.astype(np.{dtype}), or give the model the other one: model.astype(np.{x.dtype})"
            )
    else:
        x = np.asarray(x)
    if x.dtype.kind not in "biufc" or (x.dtype.kind == "c" and dtype.kind != "c"):
        raise TypeError(f"{receiver()}: expected numbers that can be cast to {dtype}, received {x.dtype}")
    return x.astype(dtype, copy=False)
