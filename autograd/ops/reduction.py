"""Reductions along axes: sums and products, extremes, moments, and questions about truth.

Every public function brings ``axis`` into one form and hands over to an op of the same name. What an op reduced is
brought back to the input's shape by ``expanded``; most rules below are that and a factor.
"""

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd.gate import answer_for, function, op
from autograd.ops.accumulation import backwards, in_dtype, ndim_of, products_before
from autograd.samples import booleans, complexes, distinct, integers, reals, sample


def axes(x: Any, axis: Any) -> tuple[int, ...] | None:
    """``axis`` as a tuple of numbers from 0 on; ``None``, for all axes, stays."""
    if axis is None:
        return None
    ndim = ndim_of(x)
    if axis.__class__ is int and -ndim <= axis < ndim:  # the usual case, ten times faster
        return (axis % ndim,)
    try:
        return normalize_axis_tuple(axis, ndim, "axis")
    except TypeError:
        raise TypeError(f"axis: expected an integer, a tuple of integers, or None for all axes, received {axis!r}") from None


def kept(x_shape: tuple[int, ...], axis: tuple[int, ...] | None) -> tuple[int, ...]:
    """The shape that a reduction over ``axis`` has with ``keepdims``."""
    if axis is None:
        return (1,) * len(x_shape)
    return tuple([1 if i in axis else length for i, length in enumerate(x_shape)])


def expanded(g: Any, x_shape: tuple[int, ...], axis: tuple[int, ...] | None, keepdims: bool) -> Any:
    """The cotangent of a reduction, brought back to the shape of the reduction's input."""
    return np.broadcast_to(_unreduced(g, x_shape, axis, keepdims), x_shape)


def _unreduced(g: Any, x_shape: tuple[int, ...], axis: tuple[int, ...] | None, keepdims: bool) -> Any:
    """The cotangent of a reduction in a shape that broadcasts against the reduction's input."""
    return g if keepdims or axis is None else np.reshape(g, kept(x_shape, axis))


def _count(x_shape: tuple[int, ...], axis: tuple[int, ...] | None) -> int:
    """How many elements a reduction over ``axis`` makes one of."""
    return math.prod(x_shape if axis is None else [x_shape[i] for i in axis])


_ALONG_AXES = (
    sample(reals(3, 4)),
    sample(reals(2, 3, 4), axis=-1),
    sample(reals(2, 3, 4), axis=(0, 2), keepdims=True),
    sample(reals(2, 3), axis=()),
    sample(reals()),
)
_DISTINCT = (
    sample(distinct(3, 4)),
    sample(distinct(2, 3, 4), axis=-1),
    sample(distinct(2, 3, 4), axis=(0, 2), keepdims=True),
    sample(distinct(2, 3), axis=()),
    sample(distinct()),
)
_NO_SUCH_AXIS = ((sample(reals(3), axis=1), np.exceptions.AxisError), (sample(reals(3), axis=(0, 0)), ValueError))
_NO_EXTREME = (*_NO_SUCH_AXIS, (sample(reals(0)), ValueError))


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
    samples=[*_ALONG_AXES, sample(complexes(3), axis=0), sample(integers(3, 4), axis=0), sample(reals(3, 0), axis=1)],
    errors=_NO_SUCH_AXIS,
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


@op(
    linear=True,
    name="mean",
    public=False,
    samples=[sample(reals(3, 4), axis=(1,), keepdims=False), sample(reals(3, 4), axis=None, keepdims=True)],
)
def _mean(x: Any, *, axis: Any, keepdims: bool) -> Any:
    if x.dtype.kind not in "fc" or x.itemsize == 2 or x.size == 0:
        return np.mean(x, axis=axis, keepdims=keepdims)  # integers, half precision, the warning for nothing
    total = x.sum(axis, keepdims=keepdims)
    return total / (x.size // total.size)


_mean.vjp(x=lambda g, x_shape, axis, keepdims: expanded(g / (_count(x_shape, axis) or 1), x_shape, axis, keepdims))


@function(
    np.mean,
    samples=[*_ALONG_AXES, sample(complexes(3), axis=0), sample(integers(3, 4), axis=0)],
    errors=_NO_SUCH_AXIS,
)
def mean(x: Any, /, axis: Any = None, dtype: Any = None, *, keepdims: bool = False) -> Any:
    """The arithmetic mean over ``axis``; derivative ``1 / n`` for ``n`` elements. Integers give float64.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to compute in, and of the result.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice.

    >>> ag.mean(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=1)
    array([1.5, 3.5])
    """
    return _mean(in_dtype(x, dtype), axis=axes(x, axis), keepdims=bool(keepdims))


@op(name="prod", public=False, samples=[sample(reals(3, 4), axis=1, keepdims=False)])
def _prod(x: Any, *, axis: int, keepdims: bool) -> Any:
    return x.prod(axis, keepdims=keepdims)


def _product_of_others(x: Any, axis: int) -> Any:
    """For each factor the product of the others; see Note [products without division] in ``accumulation``."""
    after = backwards(products_before(backwards(x, axis), axis=axis), axis)
    return products_before(x, axis=axis) * after


_prod.vjp(x=lambda g, x, x_shape, axis, keepdims: _unreduced(g, x_shape, (axis,), keepdims) * _product_of_others(x, axis))


@function(
    np.prod,
    samples=[*_ALONG_AXES, sample(complexes(3), axis=0), sample(integers(3, 4), axis=0), sample(reals(3, 0), axis=1)],
    errors=_NO_SUCH_AXIS,
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


# ---------------------------------------------------------------- extremes


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
    shares = _shares(x, _unreduced(out, x_shape, axis, keepdims), axis=axis)
    return _unreduced(g, x_shape, axis, keepdims) * shares


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
_NO_PLACE = (_NO_SUCH_AXIS[0], (sample(reals(0)), ValueError))


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


# ---------------------------------------------------------------- moments


def _deviations(x: Any, axis: Any) -> Any:
    """``x - mean(x)``, conjugated: the gradient of its squared length, up to a factor."""
    deviations = x - _mean(x, axis=axis, keepdims=True)
    return np.conjugate(deviations) if x.dtype.kind == "c" else deviations


def _freedom(x_shape: tuple[int, ...], axis: Any, ddof: float) -> float:
    """``n - ddof``; NaN where NumPy's result is undefined, so that the gradient is too."""
    freedom = _count(x_shape, axis) - ddof
    return freedom if freedom > 0 else math.nan


@op(
    name="var",
    public=False,
    samples=[
        sample(reals(3, 4), axis=(1,), ddof=1, keepdims=False),
        sample(reals(3, 4), axis=None, ddof=0, keepdims=True),
        sample(complexes(4), axis=None, ddof=0, keepdims=False),
    ],
)
def _var(x: Any, *, axis: Any, ddof: float, keepdims: bool) -> Any:
    return x.var(axis, ddof=ddof, keepdims=keepdims)


_var.vjp(
    x=lambda g, x, x_shape, axis, ddof, keepdims: (
        _unreduced(g * (2 / _freedom(x_shape, axis, ddof)), x_shape, axis, keepdims) * _deviations(x, axis)
    )
)

_SPREADS = (
    sample(reals(3, 4)),
    sample(reals(2, 3, 4), axis=-1, ddof=1),
    sample(reals(2, 3, 4), axis=(0, 2), keepdims=True),
    sample(complexes(4), axis=0),
)


def _one_of(ddof: float, correction: float | None, name: str) -> float:
    if correction is None:
        return ddof
    if ddof != 0:
        raise ValueError(
            f"{name}: ddof and correction are two names of one argument; received ddof={ddof} and correction={correction}; "
            "give one of them"
        )
    return correction


@function(np.var, samples=[*_SPREADS, sample(integers(3, 4), axis=0), sample(reals())], errors=_NO_SUCH_AXIS)
def var(
    x: Any,
    /,
    axis: Any = None,
    dtype: Any = None,
    *,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
) -> Any:
    """The variance ``sum(|x - mean(x)|**2) / (n - ddof)``; derivative ``2 (x - mean(x)) / (n - ddof)``.

    Args:
        x: the input; integers give float64, complex numbers a real result.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to compute in, and of the result.
        ddof: what the number of elements is lowered by; 1 gives the unbiased estimate.
        keepdims: keep the reduced axes with length 1.
        correction: the array API's name of ``ddof``.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, and when both ``ddof`` and ``correction`` are given.

    >>> ag.var(np.array([1.0, 2.0, 3.0, 6.0])), ag.var(np.array([1.0, 2.0, 3.0, 6.0]), ddof=1)
    (np.float64(3.5), np.float64(4.666666666666667))
    """
    ddof = _one_of(ddof, correction, "var")
    out = _var(in_dtype(x, dtype), axis=axes(x, axis), ddof=ddof, keepdims=bool(keepdims))
    return in_dtype(out, dtype)  # complex where a complex one was asked for, as in NumPy


@op(
    name="std",
    public=False,
    samples=[
        sample(reals(3, 4), axis=(1,), ddof=1, keepdims=False),
        sample(reals(3, 4), axis=None, ddof=0, keepdims=True),
        sample(complexes(4), axis=None, ddof=0, keepdims=False),
    ],
)
def _std(x: Any, *, axis: Any, ddof: float, keepdims: bool) -> Any:
    return x.std(axis, ddof=ddof, keepdims=keepdims)


_std.vjp(
    x=lambda g, out, x, x_shape, axis, ddof, keepdims: (
        _unreduced(g * (out != 0) / (_freedom(x_shape, axis, ddof) * (out + (out == 0))), x_shape, axis, keepdims)
        * _deviations(x, axis)
    )
)


@function(np.std, samples=[*_SPREADS, sample(integers(3, 4), axis=0)], errors=_NO_SUCH_AXIS)
def std(
    x: Any,
    /,
    axis: Any = None,
    dtype: Any = None,
    *,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
) -> Any:
    """The standard deviation ``sqrt(var(x))``; derivative ``(x - mean(x)) / ((n - ddof) std(x))``, 0 where it is 0.

    Args:
        x: the input; integers give float64, complex numbers a real result.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to compute in, and of the result.
        ddof: what the number of elements is lowered by in the variance.
        keepdims: keep the reduced axes with length 1.
        correction: the array API's name of ``ddof``.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, and when both ``ddof`` and ``correction`` are given.

    >>> ag.std(np.array([1.0, 1.0, 3.0, 3.0]))
    np.float64(1.0)
    """
    ddof = _one_of(ddof, correction, "std")
    out = _std(in_dtype(x, dtype), axis=axes(x, axis), ddof=ddof, keepdims=bool(keepdims))
    return in_dtype(out, dtype)  # complex where a complex one was asked for, as in NumPy


# ---------------------------------------------------------------- questions about truth

_TRUTHS = (
    sample(booleans(3, 4)),
    sample(integers(2, 3, 4, low=0, high=2), axis=-1),
    sample(reals(2, 3, 4), axis=(0, 2), keepdims=True),
)


@op(differentiable=False, name="any", public=False, samples=[sample(booleans(3, 4), axis=(1,), keepdims=False)])
def _any(x: Any, *, axis: Any, keepdims: bool) -> Any:
    return x.any(axis, keepdims=keepdims)


@function(np.any, samples=_TRUTHS, errors=_NO_SUCH_AXIS)
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


@function(np.all, samples=_TRUTHS, errors=_NO_SUCH_AXIS)
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


@function(np.count_nonzero, samples=_TRUTHS, errors=_NO_SUCH_AXIS)
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
