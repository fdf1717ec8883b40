"""Extremes along axes: the largest and the smallest element, the range between them, and where they are.

At a tie the gradient is shared evenly among the elements that equal the extreme; where the extreme is NaN it goes to the NaNs.
An ``initial`` counts as one more element. With it, or with ``where=``, another op does the work, one that hands them to NumPy.
"""

from math import prod
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.batch_rules import flattened, further, over_first_input, shifted, stretched
from autograd.gate import answer_for, function, op
from autograd.ops.arguments import as_mask, axes, in_dtype, ndim_of
from autograd.ops.reductions.reduction import MASK, NO_SUCH_AXIS, begun, start_of, unreduced
from autograd.record import Op
from autograd.samples import distinct, integers, reals, sample

_DISTINCT = (
    sample(distinct(3, 4)),
    sample(distinct(2, 3, 4), axis=-1),
    sample(distinct(2, 3, 4), axis=(0, 2), keepdims=True),
    sample(distinct(2, 3), axis=()),
    sample(distinct()),
)
_CHOSEN = (
    sample(distinct(3, 4), axis=1, where=MASK, initial=-5.0),
    sample(distinct(3, 4), axis=0, where=MASK, initial=5.0),
    sample(distinct(3, 4), keepdims=True, initial=np.array(0.01)),
    sample(reals(3, 0), axis=1, initial=1.5),
    sample(integers(3, 4), axis=0, initial=0.5),
)
_NO_EXTREME = (*NO_SUCH_AXIS, (sample(reals(0)), ValueError))
_NO_START = (
    *_NO_EXTREME,
    (sample(reals(3), where=np.array([True, False, True])), ValueError),
    (sample(reals(3), initial=np.ones(1)), ValueError),
)


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


_shares.batch(over_first_input)


def _extreme_gradient(g: Any, out: Any, x: Any, x_shape: Any, axis: Any, keepdims: bool) -> Any:
    shares = _shares(x, unreduced(out, x_shape, axis, keepdims), axis=axis)
    return unreduced(g, x_shape, axis, keepdims) * shares


@op(
    differentiable=False,
    multiple=True,
    public=False,
    samples=[
        sample(np.array([[1.0, 2.0, 2.0], [4.0, 0.0, 3.0]]), np.array([[2.0], [5.0]]), 2.0, True, axis=(1,), ignored=False),
        sample(np.array([1.0, 0.0, 2.0]), np.array(1.0), None, np.array([True, True, False]), axis=None, ignored=True),
    ],
)
def shares_from(x: Any, extreme: Any, initial: Any, where: Any, *, axis: Any, ignored: bool) -> tuple[Any, Any]:
    """As ``shares``, with a mask, for ``x`` and for an ``initial``; with ``ignored``, NaN has no share."""
    dtype = extreme.dtype
    tied = (x == extreme) & where
    begun_with = np.asarray(np.nan if initial is None else initial).astype(dtype)
    own = begun_with == extreme
    if not ignored and np.isnan(extreme).any():
        tied = tied | (np.isnan(x) & np.isnan(extreme) & where)
        own = own | (np.isnan(begun_with) & np.isnan(extreme) & (initial is not None))
    total = tied.sum(axis, keepdims=True) + own
    total = total + (total == 0)
    return np.divide(tied, total, dtype=dtype.type(0).real.dtype), np.divide(own, total, dtype=dtype.type(0).real.dtype)


shares_from.batch(over_first_input)


def extreme_gradients(
    g: Any, out: Any, x: Any, initial: Any, where: Any, axis: Any, keepdims: bool, ignored: bool
) -> tuple[Any, Any, None]:
    """The gradients of an extreme for ``x``, ``initial`` and a mask."""
    shares, own = shares_from(x, unreduced(out, x.shape, axis, keepdims), initial, where, axis=axis, ignored=ignored)
    g = unreduced(g, x.shape, axis, keepdims)
    return g * shares, None if initial is None else np.sum(g * own), None


def begun_with_each(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """The batching rule of extremes that are begun at ``initial``: NumPy takes one number, so one for each is put before ``x``.

    It is not joined on by ``maximum``, as at a tie the gradient is shared evenly.
    """
    x, initial, where = arrays
    if not mapped[1]:
        return over_first_input(record, arrays, mapped, statics, level)
    if where is not True or (initial.dtype.kind == "c" and x.dtype.kind != "c"):
        return NotImplemented
    ndim = x.ndim - mapped[0]
    x = stretched(x, mapped[0], level.size)
    along = further(statics["axis"], ndim)
    kept = [i for i in range(ndim + 1) if i not in along]
    lengths = [x.shape[i] for i in kept]
    rows = np.reshape(np.transpose(x, (*kept, *along)), (*lengths, prod([x.shape[i] for i in along])))
    first = np.broadcast_to(np.reshape(initial, (level.size, *[1] * len(kept))), (*lengths, 1))
    rows = np.concatenate([in_dtype(first, x.dtype), rows], -1)
    out = record.call(rows, None, True, axis=(rows.ndim - 1,), keepdims=False)
    return np.reshape(out, [1 if i in along else n for i, n in enumerate(x.shape)]) if statics["keepdims"] else out


@op(
    name="max",
    public=False,
    samples=[sample(distinct(3, 4), axis=(1,), keepdims=False), sample(distinct(3, 4), axis=None, keepdims=True)],
)
def _max(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return x.max(axis, keepdims=keepdims)


_max.vjp(x=_extreme_gradient)
_max.batch(shifted("axis"))


@op(
    public=False,
    samples=[
        sample(distinct(3, 4), np.array(0.01), MASK, axis=(1,), keepdims=False),
        sample(distinct(3, 4), None, True, axis=None, keepdims=True),
    ],
)
def max_from(x: Any, initial: Any, where: Any, *, axis: Any, keepdims: bool) -> Any:
    """The largest of what the mask ``where`` chooses and of ``initial`` (``None``: of the former alone)."""
    return np.max(x, axis=axis, keepdims=keepdims, where=where, **start_of(initial))


@max_from.joint_vjp
def _max_rule(g: Any, out: Any, x: Any, initial: Any, where: Any, axis: Any, keepdims: bool) -> Any:
    return extreme_gradients(g, out, x, initial, where, axis, keepdims, ignored=False)


max_from.batch(begun_with_each)


@function(np.max, samples=[*_DISTINCT, *_CHOSEN, sample(integers(3, 4), axis=0)], errors=_NO_START)
def max(x: Any, /, axis: Any = None, *, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """The largest element over ``axis``, NaN if there is one. At a tie the gradient is shared evenly.

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

    >>> x = ag.tensor([1.0, 5.0, 5.0], requires_grad=True)
    >>> ag.max(x).backward()
    >>> x.grad
    Tensor([0. , 0.5, 0.5], dtype=float64)
    """
    if where is True and initial is None:
        return _max(x, axis=axis if axis is None else axes(x, axis), keepdims=bool(keepdims))
    x, initial = begun(x, initial)
    return max_from(x, initial, as_mask(where), axis=axes(x, axis), keepdims=bool(keepdims))


answer_for(np.amax, max)


@op(
    name="min",
    public=False,
    samples=[sample(distinct(3, 4), axis=(1,), keepdims=False), sample(distinct(3, 4), axis=None, keepdims=True)],
)
def _min(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return x.min(axis, keepdims=keepdims)


_min.vjp(x=_extreme_gradient)
_min.batch(shifted("axis"))


@op(
    public=False,
    samples=[
        sample(distinct(3, 4), np.array(0.01), MASK, axis=(1,), keepdims=False),
        sample(distinct(3, 4), None, True, axis=None, keepdims=True),
    ],
)
def min_from(x: Any, initial: Any, where: Any, *, axis: Any, keepdims: bool) -> Any:
    """The smallest of what the mask ``where`` chooses and of ``initial`` (``None``: of the former alone)."""
    return np.min(x, axis=axis, keepdims=keepdims, where=where, **start_of(initial))


@min_from.joint_vjp
def _min_rule(g: Any, out: Any, x: Any, initial: Any, where: Any, axis: Any, keepdims: bool) -> Any:
    return extreme_gradients(g, out, x, initial, where, axis, keepdims, ignored=False)


min_from.batch(begun_with_each)


@function(np.min, samples=[*_DISTINCT, *_CHOSEN, sample(integers(3, 4), axis=0)], errors=_NO_START)
def min(x: Any, /, axis: Any = None, *, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """The smallest element over ``axis``, NaN if there is one. At a tie the gradient is shared evenly.

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

    >>> ag.min(np.array([[1.0, 5.0], [3.0, -2.0]]), axis=1)
    array([ 1., -2.])
    """
    if where is True and initial is None:
        return _min(x, axis=axis if axis is None else axes(x, axis), keepdims=bool(keepdims))
    x, initial = begun(x, initial)
    return min_from(x, initial, as_mask(where), axis=axes(x, axis), keepdims=bool(keepdims))


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


def one_axis(x: Any, axis: Any) -> int | None:
    """One axis as a number from 0 on; ``None``, for ``x`` flattened, stays."""
    if axis is None or (ndim_of(x) == 0 and axis in (0, -1)):  # which NumPy lets pass for a number
        return None
    return normalize_axis_index(axis, ndim_of(x))


def place_in_each(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """The batching rule of places of extremes; without an axis they count in each example flattened."""
    (x,), axis = arrays, statics["axis"]
    if axis is not None:
        return record.call(x, **statics | {"axis": axis + 1})
    out = record.call(flattened(x), axis=1, keepdims=False)
    return np.reshape(out, (level.size, *[1] * (x.ndim - 1))) if statics["keepdims"] else out


@op(
    differentiable=False,
    name="argmax",
    public=False,
    samples=[sample(distinct(3, 4), axis=1, keepdims=False), sample(distinct(3, 4), axis=None, keepdims=True)],
)
def _argmax(x: Any, *, axis: int | None, keepdims: bool) -> Any:
    return np.argmax(x, axis=axis, keepdims=keepdims)


_argmax.batch(place_in_each)


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
    return _argmax(x, axis=one_axis(x, axis), keepdims=bool(keepdims))


@op(
    differentiable=False,
    name="argmin",
    public=False,
    samples=[sample(distinct(3, 4), axis=1, keepdims=False), sample(distinct(3, 4), axis=None, keepdims=True)],
)
def _argmin(x: Any, *, axis: int | None, keepdims: bool) -> Any:
    return np.argmin(x, axis=axis, keepdims=keepdims)


_argmin.batch(place_in_each)


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
    return _argmin(x, axis=one_axis(x, axis), keepdims=bool(keepdims))
