"""Reductions along axes: sums and products, and questions about truth. What reductions share stands here, too.

Every public function brings ``axis`` into one form (``arguments.axes``) and hands over to an op of the same name. What an op
reduced is brought back to the input's shape by ``expanded``; most rules here and in ``statistics`` and ``extremes`` are that
and a factor.
"""

from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.accumulation import backwards, products_before
from autograd.ops.arguments import axes, in_dtype, ndim_of
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


ALONG_AXES = (
    sample(reals(3, 4)),
    sample(reals(2, 3, 4), axis=-1),
    sample(reals(2, 3, 4), axis=(0, 2), keepdims=True),
    sample(reals(2, 3), axis=()),
    sample(reals()),
)
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


@function(
    np.sum,
    samples=[*ALONG_AXES, sample(complexes(3), axis=0), sample(integers(3, 4), axis=0), sample(reals(3, 0), axis=1)],
    errors=NO_SUCH_AXIS,
)
def sum(x: Any, /, axis: Any = None, dtype: Any = None, *, keepdims: bool = False) -> Any:
    """The sum over ``axis``: all axes, one, or several; derivative 1. Of no elements it is 0.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to add up in, and of the result.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice.

    >>> ag.sum(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    array([4., 6.])
    """
    return _sum(in_dtype(x, dtype), axis=axes(x, axis), keepdims=bool(keepdims))


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


@op(name="prod", public=False, samples=[sample(reals(3, 4), axis=1, keepdims=False)])
def _prod(x: Any, *, axis: int, keepdims: bool) -> Any:
    return x.prod(axis, keepdims=keepdims)


def _product_of_others(x: Any, axis: int) -> Any:
    """For each factor the product of the others; see Note [products without division] in ``accumulation``."""
    after = backwards(products_before(backwards(x, axis), axis=axis), axis)
    return products_before(x, axis=axis) * after


_prod.vjp(x=lambda g, x, x_shape, axis, keepdims: unreduced(g, x_shape, (axis,), keepdims) * _product_of_others(x, axis))


@function(
    np.prod,
    samples=[*ALONG_AXES, sample(complexes(3), axis=0), sample(integers(3, 4), axis=0), sample(reals(3, 0), axis=1)],
    errors=NO_SUCH_AXIS,
)
def prod(x: Any, /, axis: Any = None, dtype: Any = None, *, keepdims: bool = False) -> Any:
    """The product over ``axis``; the derivative is the product of the other factors, right at zeros too.

    The product of no elements is 1.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to multiply in, and of the result.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice.

    >>> ag.prod(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    array([3., 8.])
    """
    x = in_dtype(x, dtype)
    along, ndim = axes(x, axis), ndim_of(x)
    if along is None:
        out = _prod(np.reshape(x, -1), axis=0, keepdims=False)
        return np.reshape(out, (1,) * ndim) if keepdims and ndim else out
    if not along:
        return _sum(x, axis=(), keepdims=False)  # over no axes sum and product agree: x, in the dtype of the result
    for each in sorted(along, reverse=True):
        x = _prod(x, axis=each, keepdims=bool(keepdims))
    return x


# ---------------------------------------------------------------- questions about truth

_TRUTHS = (
    sample(booleans(3, 4)),
    sample(integers(2, 3, 4, low=0, high=2), axis=-1),
    sample(reals(2, 3, 4), axis=(0, 2), keepdims=True),
)


@op(differentiable=False, name="any", public=False, samples=[sample(booleans(3, 4), axis=(1,), keepdims=False)])
def _any(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return x.any(axis, keepdims=keepdims)


@function(np.any, samples=_TRUTHS, errors=NO_SUCH_AXIS)
def any(x: Any, /, axis: Any = None, *, keepdims: bool = False) -> Any:
    """Whether at least one element over ``axis`` is true (not zero); false for no elements.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``, truth values.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice.

    >>> ag.any(np.array([[0, 0], [0, 2]]), axis=1)
    array([False,  True])
    """
    return _any(x, axis=axes(x, axis), keepdims=bool(keepdims))


@op(differentiable=False, name="all", public=False, samples=[sample(booleans(3, 4), axis=(1,), keepdims=False)])
def _all(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return x.all(axis, keepdims=keepdims)


@function(np.all, samples=_TRUTHS, errors=NO_SUCH_AXIS)
def all(x: Any, /, axis: Any = None, *, keepdims: bool = False) -> Any:
    """Whether every element over ``axis`` is true (not zero); true for no elements.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``, truth values.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice.

    >>> ag.all(np.array([[0, 1], [1, 2]]), axis=1)
    array([False,  True])
    """
    return _all(x, axis=axes(x, axis), keepdims=bool(keepdims))


@op(differentiable=False, name="count_nonzero", public=False, samples=[sample(integers(3, 4), axis=(1,), keepdims=False)])
def _count_nonzero(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return (x != 0).sum(axis, keepdims=keepdims)


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
