"""Reductions along axes: sums and products, and questions about truth. What reductions share stands here, too.

Every public function brings ``axis`` into one form (``arguments.axes``) and hands over to an op of the same name. What an op
reduced is brought back to the input's shape by ``expanded``; most rules here and in ``statistics`` and ``extremes`` are that
and a factor.

With ``where=`` or ``initial=`` another op does the work, one with these as inputs: NumPy's own reduction with them, so that
values and errors are NumPy's. No gradient reaches what the mask leaves out, NaN and infinity included.
"""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.batch_rules import over_first_input, padded, shifted
from autograd.gate import function, op
from autograd.ops.arguments import ARRAYS, as_array, as_mask, axes, in_dtype, unrecorded
from autograd.ops.reductions.accumulation import backwards, products_before
from autograd.record import BatchRule, Op
from autograd.samples import booleans, complexes, integers, reals, sample


def _kept(x_shape: tuple[int, ...], axis: tuple[int, ...] | None) -> tuple[int, ...]:
    """The shape that a reduction over ``axis`` has with ``keepdims``."""
    if axis is None:
        return (1,) * len(x_shape)
    return tuple([1 if i in axis else length for i, length in enumerate(x_shape)])


def expanded(g: Any, x_shape: tuple[int, ...], axis: tuple[int, ...] | None, keepdims: bool) -> Any:
    """The cotangent of a reduction, brought back to the shape of the reduction's input."""
    return np.broadcast_to(unreduced(g, x_shape, axis, keepdims), x_shape)


def unreduced(g: Any, x_shape: tuple[int, ...], axis: tuple[int, ...] | None, keepdims: bool) -> Any:
    """The cotangent of a reduction in a shape that broadcasts against the reduction's input."""
    return g if keepdims or axis is None else np.reshape(g, _kept(x_shape, axis))


def chosen(g: Any, where: Any) -> Any:
    """``g`` where the mask of a reduction is true, and 0 elsewhere."""
    return g if where is True else np.where(where, g, 0)


def start_of(initial: Any) -> dict[str, Any]:
    """``initial=`` as a forward function hands it to NumPy; ``None`` leaves it out."""
    return {} if initial is None else {"initial": initial}


def begun(x: Any, initial: Any) -> tuple[Any, Any]:
    """``x`` as what has a dtype, and ``initial``, outside the graph where the result is of whole numbers all the same."""
    x = x if isinstance(x, ARRAYS) else as_array(x)
    return x, initial if x.dtype.kind in "fc" else unrecorded(initial)


def begun_apart(join: Callable[[Any, Any], Any]) -> BatchRule:
    """The batching rule of reductions that are begun at ``initial``: NumPy takes one number, so one for each is joined on."""

    def rule(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
        x, initial, where = arrays
        if not mapped[1]:
            return over_first_input(record, arrays, mapped, statics, level)
        inputs = (x, None, where)
        if mapped[0] or mapped[2]:
            out = over_first_input(record, inputs, (mapped[0], False, mapped[2]), statics, level)
        else:
            out = record.call(*inputs, **statics)[None]
        if initial.dtype.kind == "c" and out.dtype.kind != "c":
            return NotImplemented  # which NumPy refuses
        return join(out, padded(in_dtype(initial, out.dtype), out.ndim - 1))

    return rule


ALONG_AXES = (
    sample(reals(3, 4)),
    sample(reals(2, 3, 4), axis=-1),
    sample(reals(2, 3, 4), axis=(0, 2), keepdims=True),
    sample(reals(2, 3), axis=()),
    sample(reals()),
)
MASK = np.array([[True, False, True, True], [True, True, False, True], [False, True, True, False]])
NO_SUCH_AXIS = ((sample(reals(3), axis=1), np.exceptions.AxisError), (sample(reals(3), axis=(0, 0)), ValueError))


# ---------------------------------------------------------------- sums and products


@op(
    linear=True,
    name="sum",
    public=False,
    samples=[sample(reals(3, 4), axis=(1,), keepdims=False), sample(reals(3, 4), axis=None, keepdims=True)],
)
def _sum(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return x.sum(axis, keepdims=keepdims)


_sum.vjp(x=lambda g, x_shape, axis, keepdims: expanded(g, x_shape, axis, keepdims))
_sum.batch(shifted("axis"))


@op(
    public=False,
    samples=[
        sample(reals(3, 4), reals(), MASK, axis=(1,), keepdims=False),
        sample(reals(3, 4), None, MASK[:1], axis=None, keepdims=True),
        sample(complexes(3, 4), complexes(), True, axis=(0,), keepdims=False),
    ],
)
def sum_from(x: Any, initial: Any, where: Any, *, axis: Any, keepdims: bool) -> Any:
    """The sum of what the mask ``where`` chooses, begun at ``initial`` (``None``: at 0)."""
    return np.sum(x, axis=axis, keepdims=keepdims, where=where, **start_of(initial))


sum_from.vjp(
    x=lambda g, where, x_shape, axis, keepdims: chosen(expanded(g, x_shape, axis, keepdims), where),
    initial=lambda g: np.sum(g),
    where=None,
)
sum_from.batch(begun_apart(operator.add))


@function(
    np.sum,
    samples=[
        *ALONG_AXES,
        sample(complexes(3), axis=0),
        sample(integers(3, 4), axis=0),
        sample(reals(3, 0), axis=1),
        sample(reals(3, 4), axis=1, where=MASK),
        sample(reals(3, 4), keepdims=True, where=MASK[:, :1], initial=2.5),
        sample(reals(3, 4), (0, 1), initial=np.array(0.75)),
        sample(complexes(3, 4), axis=-1, where=MASK, initial=1j),
        sample(integers(3, 4), axis=0, where=MASK, initial=2.5),
    ],
    errors=[*NO_SUCH_AXIS, (sample(reals(3), initial=np.ones(1)), ValueError), (sample(reals(3), where=MASK), ValueError)],
)
def sum(
    x: Any, /, axis: Any = None, dtype: Any = None, *, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    """The sum over ``axis``: all axes, one, or several; derivative 1. Of no elements it is 0.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to add up in, and of the result.
        keepdims: keep the reduced axes with length 1.
        initial: a number to begin with, in place of 0; derivative 1.
        where: truth values that say which elements count; broadcast to the shape of ``x``.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, an ``initial`` that has axes, and a mask that does not broadcast.

    >>> ag.sum(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    array([4., 6.])
    >>> ag.sum(np.array([[1.0, 2.0], [3.0, np.nan]]), axis=0, where=[[True, True], [True, False]])
    array([4., 2.])
    """
    if dtype is not None:  # integers are added up in wider ones all the same, and narrowed again
        out = sum(in_dtype(x, dtype), axis, keepdims=keepdims, initial=initial, where=where)
        return in_dtype(out, dtype)
    if where is True and initial is None:
        return _sum(x, axis=axis if axis is None else axes(x, axis), keepdims=bool(keepdims))
    x, initial = begun(x, initial)
    return sum_from(x, initial, as_mask(where), axis=axes(x, axis), keepdims=bool(keepdims))


@op(
    linear=True,
    view=True,
    public=False,
    samples=[sample(reals(2, 3, 4), shape=(3, 1)), sample(reals(3), shape=()), sample(reals(3), shape=(3,))],
)
def sum_to(x: Any, *, shape: tuple[int, ...]) -> Any:
    """``x`` summed over the axes along which ``shape`` would have to be broadcast to reach ``x.shape``."""
    extra = x.ndim - len(shape)
    stretched = [i for i, length in enumerate(shape, extra) if length == 1 and x.shape[i] != 1]
    total = x.sum((*range(extra), *stretched), keepdims=True) if stretched or extra else x
    return total.reshape(shape) if shape else total.reshape(shape)[()]


sum_to.vjp(x=lambda g, x_shape: np.broadcast_to(g, x_shape))


def _sum_to_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    (x,), shape = arrays, statics["shape"]
    extra = x.ndim - 1 - len(shape)  # axes between that of examples and those that stay
    total = record.call(x, shape=(level.size, *[1] * extra, *shape))
    return np.reshape(total, (level.size, *shape)) if extra else total


sum_to.batch(_sum_to_of_examples)


@op(
    name="prod",
    public=False,
    samples=[
        sample(reals(3, 4), axis=(1,), keepdims=False),
        sample(reals(2, 3, 2), axis=(0, 2), keepdims=True),
        sample(reals(2, 3), axis=None, keepdims=False),
        sample(reals(2, 3), axis=(), keepdims=False),
    ],
)
def _prod(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return x.prod(axis, keepdims=keepdims)


def _product_of_others(x: Any, axis: tuple[int, ...] | None) -> Any:
    """For each factor the product of the others; see Note [products without division] in ``accumulation``."""
    shape = x.shape
    along = tuple(range(len(shape))) if axis is None else axis
    kept = tuple([i for i in range(len(shape)) if i not in along])
    order = (*kept, *along)
    lengths = [shape[i] for i in order]
    factors = np.reshape(np.transpose(x, order), (*lengths[: len(kept)], math.prod(lengths[len(kept) :])))
    last = len(kept)
    after = backwards(products_before(backwards(factors, last), axis=last), last)
    others = np.reshape(products_before(factors, axis=last) * after, lengths)
    return np.transpose(others, [order.index(i) for i in range(len(shape))])


_prod.vjp(x=lambda g, x, x_shape, axis, keepdims: unreduced(g, x_shape, axis, keepdims) * _product_of_others(x, axis))
_prod.batch(shifted("axis"))


@op(
    public=False,
    samples=[
        sample(reals(3, 4), reals(), MASK, axis=(1,), keepdims=False),
        sample(reals(3, 4), None, MASK[:1], axis=None, keepdims=True),
        sample(complexes(3, 4), complexes(), True, axis=(0,), keepdims=False),
    ],
)
def prod_from(x: Any, initial: Any, where: Any, *, axis: Any, keepdims: bool) -> Any:
    """The product of what the mask ``where`` chooses, begun at ``initial`` (``None``: at 1)."""
    return np.prod(x, axis=axis, keepdims=keepdims, where=where, **start_of(initial))


def _factors(x: Any, where: Any) -> Any:
    return x if where is True else np.where(where, x, 1)


prod_from.vjp(
    x=lambda g, x, initial, where, x_shape, axis, keepdims: chosen(
        unreduced(g if initial is None else g * initial, x_shape, axis, keepdims)
        * _product_of_others(_factors(x, where), axis),
        where,
    ),
    initial=lambda g, x, where, axis, keepdims: np.sum(g * _prod(_factors(x, where), axis=axis, keepdims=keepdims)),
    where=None,
)
prod_from.batch(begun_apart(operator.mul))


@function(
    np.prod,
    samples=[
        *ALONG_AXES,
        sample(complexes(3), axis=0),
        sample(integers(3, 4), axis=0),
        sample(reals(3, 0), axis=1),
        sample(reals(3, 4), axis=1, where=MASK),
        sample(reals(3, 4), keepdims=True, where=MASK[:, :1], initial=2.5),
        sample(reals(3, 4), (0, 1), initial=np.array(0.75)),
        sample(complexes(3, 4), axis=-1, where=MASK, initial=1j),
        sample(integers(3, 4), axis=0, where=MASK, initial=2.5),
    ],
    errors=[*NO_SUCH_AXIS, (sample(reals(3), initial=np.ones(1)), ValueError), (sample(reals(3), where=MASK), ValueError)],
)
def prod(
    x: Any, /, axis: Any = None, dtype: Any = None, *, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    """The product over ``axis``; the derivative is the product of the other factors, right at zeros too.

    The product of no elements is 1.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to multiply in, and of the result.
        keepdims: keep the reduced axes with length 1.
        initial: a number to begin with, in place of 1: one more factor.
        where: truth values that say which elements count; broadcast to the shape of ``x``.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, an ``initial`` that has axes, and a mask that does not broadcast.

    >>> ag.prod(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    array([3., 8.])
    >>> ag.prod(np.array([2.0, 0.0, 4.0]), where=[True, False, True], initial=10.0)
    np.float64(80.0)
    """
    if dtype is not None:  # integers are multiplied in wider ones all the same, and narrowed again
        out = prod(in_dtype(x, dtype), axis, keepdims=keepdims, initial=initial, where=where)
        return in_dtype(out, dtype)
    if where is True and initial is None:
        return _prod(x, axis=axis if axis is None else axes(x, axis), keepdims=bool(keepdims))
    x, initial = begun(x, initial)
    return prod_from(x, initial, as_mask(where), axis=axes(x, axis), keepdims=bool(keepdims))


# ---------------------------------------------------------------- questions about truth

_TRUTHS = (
    sample(booleans(3, 4)),
    sample(integers(2, 3, 4, low=0, high=2), axis=-1),
    sample(reals(2, 3, 4), axis=(0, 2), keepdims=True),
)


@op(differentiable=False, name="any", public=False, samples=[sample(booleans(3, 4), axis=(1,), keepdims=False)])
def _any(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return x.any(axis, keepdims=keepdims)


_any.batch(shifted("axis"))


@op(differentiable=False, public=False, samples=[sample(booleans(3, 4), MASK, axis=(1,), keepdims=False)])
def any_of(x: Any, where: Any, *, axis: Any, keepdims: bool) -> Any:
    """``any`` of what the mask ``where`` chooses."""
    return np.any(x, axis=axis, keepdims=keepdims, where=where)


any_of.batch(over_first_input)


@function(np.any, samples=[*_TRUTHS, sample(reals(3, 4), axis=0, where=MASK)], errors=NO_SUCH_AXIS)
def any(x: Any, /, axis: Any = None, *, keepdims: bool = False, where: Any = True) -> Any:
    """Whether at least one element over ``axis`` is true (not zero); false for no elements.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        keepdims: keep the reduced axes with length 1.
        where: truth values that say which elements count; broadcast to the shape of ``x``.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``, truth values.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, and a mask that does not broadcast.

    >>> ag.any(np.array([[0, 0], [0, 2]]), axis=1)
    array([False,  True])
    """
    if where is True:
        return _any(x, axis=axis if axis is None else axes(x, axis), keepdims=bool(keepdims))
    return any_of(x, as_mask(where), axis=axes(x, axis), keepdims=bool(keepdims))


@op(differentiable=False, name="all", public=False, samples=[sample(booleans(3, 4), axis=(1,), keepdims=False)])
def _all(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return x.all(axis, keepdims=keepdims)


_all.batch(shifted("axis"))


@op(differentiable=False, public=False, samples=[sample(booleans(3, 4), MASK, axis=(1,), keepdims=False)])
def all_of(x: Any, where: Any, *, axis: Any, keepdims: bool) -> Any:
    """``all`` of what the mask ``where`` chooses."""
    return np.all(x, axis=axis, keepdims=keepdims, where=where)


all_of.batch(over_first_input)


@function(np.all, samples=[*_TRUTHS, sample(reals(3, 4), axis=0, where=MASK)], errors=NO_SUCH_AXIS)
def all(x: Any, /, axis: Any = None, *, keepdims: bool = False, where: Any = True) -> Any:
    """Whether every element over ``axis`` is true (not zero); true for no elements.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        keepdims: keep the reduced axes with length 1.
        where: truth values that say which elements count; broadcast to the shape of ``x``.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``, truth values.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, and a mask that does not broadcast.

    >>> ag.all(np.array([[0, 1], [1, 2]]), axis=1)
    array([False,  True])
    """
    if where is True:
        return _all(x, axis=axis if axis is None else axes(x, axis), keepdims=bool(keepdims))
    return all_of(x, as_mask(where), axis=axes(x, axis), keepdims=bool(keepdims))


@op(differentiable=False, name="count_nonzero", public=False, samples=[sample(integers(3, 4), axis=(1,), keepdims=False)])
def _count_nonzero(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return (x != 0).sum(axis, keepdims=keepdims)


_count_nonzero.batch(shifted("axis"))


@function(np.count_nonzero, samples=_TRUTHS, errors=NO_SUCH_AXIS)
def count_nonzero(x: Any, /, axis: Any = None, *, keepdims: bool = False) -> Any:
    """The number of elements over ``axis`` that are not zero.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``, integers.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice.

    >>> ag.count_nonzero(np.array([[0, 1], [1, 2]]), axis=1)
    array([1, 2])
    """
    return _count_nonzero(x, axis=axes(x, axis), keepdims=bool(keepdims))
