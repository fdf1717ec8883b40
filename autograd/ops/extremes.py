"""Extremes along axes: the largest and the smallest element, the range between them, and where they are.

At a tie the gradient is shared evenly among the elements that equal the extreme; where the extreme is NaN it goes to the NaNs.
"""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.gate import answer_for, function, op
from autograd.ops.arguments import axes, ndim_of
from autograd.ops.reduction import NO_SUCH_AXIS, unreduced
from autograd.samples import distinct, integers, reals, sample

_DISTINCT = (
    sample(distinct(3, 4)),
    sample(distinct(2, 3, 4), axis=-1),
    sample(distinct(2, 3, 4), axis=(0, 2), keepdims=True),
    sample(distinct(2, 3), axis=()),
    sample(distinct()),
)
_NO_EXTREME = (*NO_SUCH_AXIS, (sample(reals(0)), ValueError))


# ---------------------------------------------------------------- values


@op(
    differentiable=False,
    name="shares",
    public=False,
    samples=[sample(np.array([[1.0, 2.0, 2.0], [4.0, 0.0, 3.0]]), np.array([[2.0], [4.0]]), axis=(1,))],
)
def _shares(x: Any, extreme: Any, *, axis: Any) -> Any:
    """The part of an extreme's gradient that each element receives: evenly among those that equal it, 0 for the others."""
    tied = x == extreme
    if np.isnan(extreme).any():
        tied = tied | np.isnan(x)
    return np.divide(tied, tied.sum(axis, keepdims=True), dtype=extreme.real.dtype)


def _extreme_gradient(g: Any, out: Any, x: Any, x_shape: Any, axis: Any, keepdims: bool) -> Any:
    shares = _shares(x, unreduced(out, x_shape, axis, keepdims), axis=axis)
    return unreduced(g, x_shape, axis, keepdims) * shares


@op(
    name="max",
    public=False,
    samples=[sample(distinct(3, 4), axis=(1,), keepdims=False), sample(distinct(3, 4), axis=None, keepdims=True)],
)
def _max(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return x.max(axis, keepdims=keepdims)


_max.vjp(x=_extreme_gradient)


@function(np.max, samples=[*_DISTINCT, sample(integers(3, 4), axis=0)], errors=_NO_EXTREME)
def max(x: Any, /, axis: Any = None, *, keepdims: bool = False) -> Any:
    """The largest element over ``axis``, NaN if there is one. At a tie the gradient is shared evenly.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, and when there are no elements.

    >>> x = ag.tensor([1.0, 5.0, 5.0], requires_grad=True)
    >>> ag.max(x).backward()
    >>> x.grad
    Tensor([0. , 0.5, 0.5], dtype=float64)
    """
    return _max(x, axis=axes(x, axis), keepdims=bool(keepdims))


answer_for(np.amax, max)


@op(
    name="min",
    public=False,
    samples=[sample(distinct(3, 4), axis=(1,), keepdims=False), sample(distinct(3, 4), axis=None, keepdims=True)],
)
def _min(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return x.min(axis, keepdims=keepdims)


_min.vjp(x=_extreme_gradient)


@function(np.min, samples=[*_DISTINCT, sample(integers(3, 4), axis=0)], errors=_NO_EXTREME)
def min(x: Any, /, axis: Any = None, *, keepdims: bool = False) -> Any:
    """The smallest element over ``axis``, NaN if there is one. At a tie the gradient is shared evenly.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, and when there are no elements.

    >>> ag.min(np.array([[1.0, 5.0], [3.0, -2.0]]), axis=1)
    array([ 1., -2.])
    """
    return _min(x, axis=axes(x, axis), keepdims=bool(keepdims))


answer_for(np.amin, min)


@function(np.ptp, samples=_DISTINCT, errors=_NO_EXTREME)
def ptp(x: Any, /, axis: Any = None, *, keepdims: bool = False) -> Any:
    """The range ``max(x) - min(x)`` over ``axis`` ("peak to peak").

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, and when there are no elements.

    >>> ag.ptp(np.array([[1.0, 5.0], [3.0, -2.0]]), axis=1)
    array([4., 5.])
    """
    return max(x, axis, keepdims=keepdims) - min(x, axis, keepdims=keepdims)


# ---------------------------------------------------------------- places


def _one_axis(x: Any, axis: Any) -> int | None:
    return None if axis is None else normalize_axis_index(axis, ndim_of(x))


@op(
    differentiable=False,
    name="argmax",
    public=False,
    samples=[sample(distinct(3, 4), axis=1, keepdims=False), sample(distinct(3, 4), axis=None, keepdims=True)],
)
def _argmax(x: Any, *, axis: int | None, keepdims: bool) -> Any:
    return np.argmax(x, axis=axis, keepdims=keepdims)


_PLACES = (sample(distinct(3, 4)), sample(distinct(2, 3, 4), axis=-2), sample(distinct(3, 4), axis=0, keepdims=True))
_NO_PLACE = (NO_SUCH_AXIS[0], (sample(reals(0)), ValueError))


@function(np.argmax, samples=_PLACES, errors=_NO_PLACE)
def argmax(x: Any, /, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """The index of the largest element, of the first one of several; without an axis, in ``x`` flattened.

    Args:
        x: the input.
        axis: the axis to search along; ``None`` for all.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``, integers.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: when there are no elements.

    >>> ag.argmax(np.array([[1.0, 5.0], [3.0, -2.0]]), axis=1)
    array([1, 0])
    """
    return _argmax(x, axis=_one_axis(x, axis), keepdims=bool(keepdims))


@op(
    differentiable=False,
    name="argmin",
    public=False,
    samples=[sample(distinct(3, 4), axis=1, keepdims=False), sample(distinct(3, 4), axis=None, keepdims=True)],
)
def _argmin(x: Any, *, axis: int | None, keepdims: bool) -> Any:
    return np.argmin(x, axis=axis, keepdims=keepdims)


@function(np.argmin, samples=_PLACES, errors=_NO_PLACE)
def argmin(x: Any, /, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """The index of the smallest element, of the first one of several; without an axis, in ``x`` flattened.

    Args:
        x: the input.
        axis: the axis to search along; ``None`` for all.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``, integers.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: when there are no elements.

    >>> ag.argmin(np.array([[1.0, 5.0], [3.0, -2.0]]), axis=1)
    array([0, 1])
    """
    return _argmin(x, axis=_one_axis(x, axis), keepdims=bool(keepdims))
