"""Extremes that leave NaN out: the largest and the smallest number along axes, and where they are.

No gradient reaches a NaN; at a tie it is shared evenly, as in ``extremes``. The ops are the reductions of ``np.fmax`` and
``np.fmin``; the public functions add NumPy's warning for a slice that has nothing but NaN, where the result is NaN and no
gradient flows at all.

Arrays of whole numbers have no NaN, and go to ``max`` and ``min``.
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.batched import memory_of
from autograd.gate import function, op
from autograd.ops.arguments import as_array, as_mask, axes
from autograd.ops.reductions.extremes import begun_with_each, extreme_gradients, max, min, one_axis, place_in_each
from autograd.ops.reductions.reduction import MASK, NO_SUCH_AXIS, start_of
from autograd.samples import distinct, integers, reals, sample

# ---------------------------------------------------------------- values

_EXTREMES = [
    sample(distinct(3, 4), None, True, axis=(1,), keepdims=False),
    sample(distinct(3, 4), np.array(0.01), MASK, axis=None, keepdims=True),
]


@op(name="nanmax", public=False, samples=_EXTREMES)
def _nanmax(x: Any, initial: Any, where: Any, *, axis: Any, keepdims: bool) -> Any:
    return np.fmax.reduce(x, axis=axis, keepdims=keepdims, where=where, **start_of(initial))


@_nanmax.joint_vjp
def _nanmax_rule(g: Any, out: Any, x: Any, initial: Any, where: Any, axis: Any, keepdims: bool) -> Any:
    return extreme_gradients(g, out, x, initial, where, axis, keepdims, ignored=True)


_nanmax.batch(begun_with_each)


@op(name="nanmin", public=False, samples=_EXTREMES)
def _nanmin(x: Any, initial: Any, where: Any, *, axis: Any, keepdims: bool) -> Any:
    return np.fmin.reduce(x, axis=axis, keepdims=keepdims, where=where, **start_of(initial))


@_nanmin.joint_vjp
def _nanmin_rule(g: Any, out: Any, x: Any, initial: Any, where: Any, axis: Any, keepdims: bool) -> Any:
    return extreme_gradients(g, out, x, initial, where, axis, keepdims, ignored=True)


_nanmin.batch(begun_with_each)


_PEAKS = (
    sample(distinct(3, 4)),
    sample(distinct(2, 3, 4), axis=-1),
    sample(distinct(2, 3, 4), axis=(0, 2), keepdims=True),
    sample(distinct(2, 3), axis=()),
    sample(distinct()),
    sample(integers(3, 4), axis=0),
    sample(distinct(3, 4), axis=1, where=MASK, initial=0.01),
    sample(distinct(3, 4), keepdims=True, initial=np.array(5.0)),
)
_NO_PEAK = (
    *NO_SUCH_AXIS,
    (sample(reals(0)), ValueError),
    (sample(reals(3), where=np.array([True, False, True])), ValueError),
)


@function(np.nanmax, samples=_PEAKS, errors=_NO_PEAK)
def nanmax(x: Any, /, axis: Any = None, *, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """The largest element over ``axis`` that is not NaN. At a tie the gradient is shared evenly; at NaN it is 0.

    A slice without numbers gives NaN and a ``RuntimeWarning``, as in NumPy.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        keepdims: keep the reduced axes with length 1.
        initial: a number that takes part as one more element.
        where: truth values that say which elements count; broadcast to the shape of ``x``. It needs an ``initial``.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, for a mask without an ``initial``, and when there are no elements.

    >>> ag.nanmax(np.array([[1.0, np.nan], [3.0, 4.0]]), axis=1)
    array([1., 4.])
    """
    return _peak(_nanmax, max, x, axis, keepdims, initial, where)


@function(np.nanmin, samples=_PEAKS, errors=_NO_PEAK)
def nanmin(x: Any, /, axis: Any = None, *, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """The smallest element over ``axis`` that is not NaN. At a tie the gradient is shared evenly; at NaN it is 0.

    A slice without numbers gives NaN and a ``RuntimeWarning``, as in NumPy.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        keepdims: keep the reduced axes with length 1.
        initial: a number that takes part as one more element.
        where: truth values that say which elements count; broadcast to the shape of ``x``. It needs an ``initial``.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, for a mask without an ``initial``, and when there are no elements.

    >>> ag.nanmin(np.array([[1.0, np.nan], [3.0, 4.0]]), axis=1)
    array([1., 3.])
    """
    return _peak(_nanmin, min, x, axis, keepdims, initial, where)


def _peak(
    peak: Callable[..., Any], whole: Callable[..., Any], x: Any, axis: Any, keepdims: bool, initial: Any, where: Any
) -> Any:
    x = as_array(x)
    if x.dtype.kind not in "fc":
        return whole(x, axis, keepdims=keepdims, initial=initial, where=where)
    out = peak(x, initial, as_mask(where), axis=axes(x, axis), keepdims=bool(keepdims))
    if np.isnan(memory_of(out)).any():
        warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=3)
    return out


# ---------------------------------------------------------------- places


@op(
    differentiable=False,
    name="nanargmax",
    public=False,
    samples=[sample(distinct(3, 4), axis=1, keepdims=False), sample(distinct(3, 4), axis=None, keepdims=True)],
)
def _nanargmax(x: Any, *, axis: int | None, keepdims: bool) -> Any:
    return np.nanargmax(x, axis=axis, keepdims=keepdims)


_nanargmax.batch(place_in_each)


_PLACES = (
    sample(distinct(3, 4)),
    sample(distinct(2, 3, 4), axis=-2),
    sample(distinct(3, 4), axis=0, keepdims=True),
    sample(integers(3, 4), axis=1),
)
_NO_PLACE = (NO_SUCH_AXIS[0], (sample(reals(0)), ValueError), (sample(np.full(3, np.nan)), ValueError))


@function(np.nanargmax, samples=_PLACES, errors=_NO_PLACE)
def nanargmax(x: Any, /, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """The index of the largest element that is not NaN, of the first one of several; without an axis, in ``x`` flattened.

    Args:
        x: the input.
        axis: the axis to search along; ``None`` for all.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``, integers.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for a slice that has nothing but NaN, and when there are no elements.

    >>> ag.nanargmax(np.array([[np.nan, 5.0], [3.0, -2.0]]), axis=1)
    array([1, 0])
    """
    return _nanargmax(x, axis=one_axis(x, axis), keepdims=bool(keepdims))


@op(
    differentiable=False,
    name="nanargmin",
    public=False,
    samples=[sample(distinct(3, 4), axis=1, keepdims=False), sample(distinct(3, 4), axis=None, keepdims=True)],
)
def _nanargmin(x: Any, *, axis: int | None, keepdims: bool) -> Any:
    return np.nanargmin(x, axis=axis, keepdims=keepdims)


_nanargmin.batch(place_in_each)


@function(np.nanargmin, samples=_PLACES, errors=_NO_PLACE)
def nanargmin(x: Any, /, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """The index of the smallest element that is not NaN, of the first one of several; without an axis, in ``x`` flattened.

    Args:
        x: the input.
        axis: the axis to search along; ``None`` for all.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``, integers.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for a slice that has nothing but NaN, and when there are no elements.

    >>> ag.nanargmin(np.array([[np.nan, 5.0], [3.0, -2.0]]), axis=1)
    array([1, 1])
    """
    return _nanargmin(x, axis=one_axis(x, axis), keepdims=bool(keepdims))
