"""What public functions do to their arguments before they reach an op.

A tensor passes as it is, and so does an array; whatever else NumPy takes, numbers and nested lists, is read as NumPy would.
"""

from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.batched import example_of, memory_of
from autograd.errors import BatchingError
from autograd.ops.casting import cast
from autograd.tensors import Tensor

ARRAYS = Tensor | np.ndarray | np.generic


def shape_of_any(x: Any) -> tuple[int, ...]:
    """The shape of a tensor, an array, a number or nested lists."""
    return x.shape if isinstance(x, ARRAYS) else np.shape(x)


def ndim_of(x: Any) -> int:
    """The number of axes of a tensor, an array or what becomes one."""
    return x.ndim if isinstance(x, ARRAYS) else np.ndim(x)


def as_array(x: Any) -> Any:
    """What has a shape as it is; a number or nested lists as an array."""
    return x if isinstance(x, Tensor | np.ndarray) else np.asarray(x)


def in_dtype(x: Any, dtype: Any) -> Any:
    """``x`` in the dtype to accumulate in; ``None`` leaves it as it is."""
    if dtype is None:
        return x
    return cast(x if isinstance(x, ARRAYS) else np.asarray(x), dtype, copy=False)


def as_mask(where: Any) -> Any:
    """``where=`` as truth values: a tensor, an array, or ``True`` itself, for no mask.

    Raises:
        TypeError: for an array or a tensor of another dtype; numbers and lists are read as truth values, as by NumPy.
    """
    if where is True:
        return where
    if isinstance(where, Tensor | np.ndarray):
        if where.dtype != bool:
            raise TypeError(f"where: expected truth values, received {where.dtype}; compare with something, as in where=x != 0")
        return where
    return np.asarray(where, bool)


def unrecorded(x: Any) -> Any:
    """``x`` outside the graph: what only a result without a gradient is made of."""
    return x.detach() if isinstance(x, Tensor) else x


def axes(x: Any, axis: Any, *, of_numbers: bool = True) -> tuple[int, ...] | None:
    """``axis`` as a tuple of numbers from 0 on; ``None``, for all axes, stays.

    ``of_numbers``: let 0 and -1 pass for a number, as most of NumPy's reductions do, as if it were a vector of one.
    """
    if axis is None:
        return None
    ndim = ndim_of(x)
    if axis.__class__ is int and -ndim <= axis < ndim:  # the usual case, ten times faster
        return (axis % ndim,)
    if ndim == 0 and of_numbers and axis in (0, -1):
        return ()
    try:
        return normalize_axis_tuple(axis, ndim, "axis")
    except TypeError:
        raise TypeError(f"axis: expected an integer, a tuple of integers, or None for all axes, received {axis!r}") from None


def in_common(x: Any, what: str) -> Any:
    """The value of a tensor, an array or a number, as an array; inside ``vmap`` the one that all examples have.

    Raises:
        BatchingError: for examples that differ; ``what`` is what the message calls the value.
    """
    example = example_of(x)
    if not np.all(memory_of(x) == example):
        raise BatchingError(
            f"{what} inside vmap: it decides about the shape of a result, and differs between examples; one array cannot hold "
            "results of several shapes. Use what keeps shapes, such as ag.where, or loop over the examples"
        )
    return example


def whole_numbers(x: Any) -> tuple[int, ...]:
    """A shape, or a list of axes, as NumPy takes it: one number stands for a sequence of one.

    Raises:
        TypeError: for what is no whole number.
        BatchingError: for a tensor that differs between the examples of a ``vmap``.
    """
    if isinstance(x, Tensor):
        x = in_common(x, "a shape, or a number of places or of times,")
    return tuple(map(index, x)) if isinstance(x, tuple) or np.iterable(x) else (index(x),)
