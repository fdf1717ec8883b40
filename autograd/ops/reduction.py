"""Reductions: sums, products, extremes, moments, and running sums and products along axes."""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.gate import function, op
from autograd.ops.casting import cast
from autograd.samples import complexes, reals, sample


def axes(x: Any, axis: Any) -> tuple[int, ...] | None:
    """``axis`` as a tuple of numbers from 0 on; ``None``, for all axes, stays."""
    return None if axis is None else normalize_axis_tuple(axis, np.ndim(x), "axis")


def kept(x_shape: tuple[int, ...], axis: tuple[int, ...] | None) -> tuple[int, ...]:
    """The shape that a reduction over ``axis`` has with ``keepdims``."""
    if axis is None:
        return (1,) * len(x_shape)
    return tuple([1 if i in axis else length for i, length in enumerate(x_shape)])


def expanded(g: Any, x_shape: tuple[int, ...], axis: tuple[int, ...] | None, keepdims: bool) -> Any:
    """The cotangent of a reduction, brought back to the shape of the reduction's input."""
    if axis is not None and not keepdims:
        g = np.reshape(g, kept(x_shape, axis))
    return np.broadcast_to(g, x_shape)


@op(linear=True, name="sum", public=False, samples=[sample(reals(3, 4), axis=(1,), keepdims=False)])
def _sum(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return x.sum(axis, keepdims=keepdims)


_sum.vjp(x=lambda g, x_shape, axis, keepdims: expanded(g, x_shape, axis, keepdims))


@function(
    np.sum,
    samples=[
        sample(reals(3, 4)),
        sample(reals(2, 3, 4), axis=-1),
        sample(reals(2, 3, 4), axis=(0, 2), keepdims=True),
        sample(complexes(3), axis=0),
        sample(reals()),
    ],
)
def sum(x: Any, /, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    """The sum over ``axis``: all axes, one, or several; derivative 1.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to add up in, and of the result.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have, or that is named twice (``ValueError``).

    >>> ag.sum(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    array([4., 6.])
    """
    if dtype is not None:
        x = cast(x, dtype, copy=False)
    return _sum(x, axis=axes(x, axis), keepdims=bool(keepdims))


@op(linear=True, public=False, samples=[sample(reals(2, 3, 4), shape=(3, 1)), sample(reals(3), shape=())])
def sum_to(x: Any, *, shape: tuple[int, ...]) -> Any:
    """``x`` summed over the axes along which ``shape`` would have to be broadcast to reach ``x.shape``."""
    extra = x.ndim - len(shape)
    stretched = [i for i, length in enumerate(shape, extra) if length == 1 and x.shape[i] != 1]
    total = x.sum((*range(extra), *stretched), keepdims=True) if stretched or extra else x
    return total.reshape(shape) if shape else total.reshape(shape)[()]


sum_to.vjp(x=lambda g, x_shape: np.broadcast_to(g, x_shape))
