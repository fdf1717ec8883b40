"""What is asked of dtypes: conversion, limits, promotion. The dtypes themselves are NumPy's: ``ag.float32 is np.float32``.

Source: https://data-apis.org/array-api/2024.12
"""

from typing import Any

import numpy as np

from autograd.gate import function
from autograd.ops.arguments import as_array
from autograd.ops.casting import cast
from autograd.ops.making.creation import Device, check_device
from autograd.samples import complexes, reals, sample
from autograd.tensors import Tensor


@function(
    np.astype,
    samples=[
        sample(reals(3, 4), np.dtype("float64")),
        sample(reals(3), np.dtype("complex128")),
        sample(reals(3), np.dtype("int64")),
        sample(complexes(2), np.dtype("complex128")),
    ],
)
def astype(x: Any, dtype: Any, /, *, copy: Any = True, device: Device = None) -> Any:
    """``x`` in another dtype; derivative 1. Integer and boolean results need no gradient.

    Args:
        x: the input.
        dtype: the dtype to convert to.
        copy: whether ``x`` is copied where it has the dtype already.
        device: ``"cpu"`` or ``None``: tensors are in main memory.

    Shapes: any -> same.

    Raises:
        ValueError: for a device that is not ``"cpu"``.

    >>> ag.astype(np.array([1.5, 2.5]), np.float32)
    array([1.5, 2.5], dtype=float32)
    """
    check_device(device)
    return cast(as_array(x), dtype, copy=copy)


def can_cast(from_: Any, to: Any, /) -> Any:
    """Whether a dtype, or the dtype of an array, can be converted to another by the promotion rules.

    >>> ag.can_cast(ag.float32, ag.float64), ag.can_cast(ag.tensor(1.5), ag.int64)
    (True, False)
    """
    return np.can_cast(_dtype_of(from_), to)


def finfo(type: Any, /) -> Any:
    """The limits of a floating dtype, or of an array's: ``bits``, ``eps``, ``max``, ``min``, ``smallest_normal``, ``dtype``.

    >>> ag.finfo(ag.float64).bits, ag.finfo(ag.tensor(1.0)) == ag.finfo(ag.float64)
    (64, True)
    """
    return np.finfo(_dtype_of(type))


def iinfo(type: Any, /) -> Any:
    """The limits of an integer dtype, or of an array's: ``bits``, ``max``, ``min``, ``dtype``.

    >>> ag.iinfo(ag.int8).max
    127
    """
    return np.iinfo(_dtype_of(type))


def result_type(*arrays_and_dtypes: Any) -> Any:
    """The dtype that an operation on these arrays, numbers and dtypes gives, by NumPy's promotion rules.

    >>> ag.result_type(ag.tensor([1.0], dtype=ag.float32), 2.5)
    dtype('float32')
    """
    return np.result_type(*[each.dtype if isinstance(each, Tensor) else each for each in arrays_and_dtypes])


def _dtype_of(x: Any) -> Any:
    return x.dtype if isinstance(x, Tensor | np.ndarray) else x
