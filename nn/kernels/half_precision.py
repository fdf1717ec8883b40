"""``is_half`` and ``in_single_precision``: half precision ends at 65504, where sums and squares soon are."""

from typing import Any

import numpy as np


def is_half(x: Any) -> bool:
    """Whether ``x`` is of half precision."""
    return bool(x.dtype.char == "e")


def in_single_precision(function: Any, *arrays: Any, kept: int = 0, **settings: Any) -> Any:
    """What a function gives for arrays or tensors of half precision, computed in single precision.

    The result, or each of several, is cast back, except for the last ``kept`` ones, such as variances that no half could hold.
    """
    out = function(*[each if each is None else each.astype(np.float32) for each in arrays], **settings)
    half = arrays[0].dtype
    if not isinstance(out, tuple):
        return out.astype(half)
    cast = len(out) - kept
    return *[each.astype(half) for each in out[:cast]], *out[cast:]
