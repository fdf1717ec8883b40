"""Sums, products, means and spreads that leave NaN out; for the extremes see ``nan_extremes``.

No gradient reaches a NaN: it is 0 there, and 0 for the whole of a slice that has nothing else. Sums and products are those of
``x`` with 0 or 1 in place of NaN (``without_nans``). Means and spreads are NumPy's own, so their values and warnings are
NumPy's; their rules are those for a mask, with the mask that is true where ``x`` is a number (``numbers``).

Arrays of whole numbers have no NaN, and go to the functions of the same names without ``nan``.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.batch_rules import over_first_input
from autograd.gate import function, op
from autograd.ops.arguments import as_array, as_mask, axes, in_dtype
from autograd.ops.reductions import accumulation, reduction, statistics
from autograd.ops.reductions.reduction import MASK, NO_SUCH_AXIS
from autograd.ops.reductions.statistics import about, mean_for, mean_gradient, one_of, spread_gradients
from autograd.samples import complexes, integers, reals, sample

_SAMPLES = (
    sample(reals(3, 4)),
    sample(reals(2, 3, 4), axis=-1),
    sample(reals(2, 3, 4), axis=(0, 2), keepdims=True),
    sample(reals()),
    sample(complexes(3, 4), axis=0),
    sample(integers(3, 4), axis=0),
    sample(reals(3, 4), axis=0, where=MASK),
)


def numbers(x: Any, where: Any) -> Any:
    """The mask that chooses what ``where`` does and is not NaN."""
    there = np.logical_not(np.isnan(x))
    return there if where is True else np.logical_and(there, where)


@op(
    elementwise=True,
    public=False,
    samples=[sample(reals(3, 4), value=0), sample(complexes(3, 4), value=1), sample(reals(), value=1)],
)
def without_nans(x: Any, *, value: int) -> Any:
    """``x`` with ``value`` in place of NaN, where nothing flows."""
    return np.where(np.isnan(x), value, x)[()]


without_nans.vjp(x=lambda g, x: np.where(np.isnan(x), 0, g))


def _filled(x: Any, value: int) -> Any:
    x = as_array(x)
    return without_nans(x, value=value) if x.dtype.kind in "fc" else x


# ---------------------------------------------------------------- sums and products


@function(
    np.nansum,
    samples=[*_SAMPLES, sample(reals(3, 4), axis=1, where=MASK, initial=2.5), sample(reals(3, 0), axis=1)],
    errors=NO_SUCH_AXIS,
)
def nansum(
    x: Any, /, axis: Any = None, dtype: Any = None, *, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    """The sum over ``axis`` of what is not NaN; derivative 1, at NaN 0. Of no numbers it is 0.

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

    >>> x = ag.tensor([1.0, np.nan, 3.0], requires_grad=True)
    >>> ag.nansum(3 * x).backward()
    >>> x.grad
    Tensor([3., 0., 3.], dtype=float64)
    """
    return reduction.sum(_filled(x, 0), axis, dtype, keepdims=keepdims, initial=initial, where=where)


@function(
    np.nanprod,
    samples=[*_SAMPLES, sample(reals(3, 4), axis=1, where=MASK, initial=2.5), sample(reals(3, 0), axis=1)],
    errors=NO_SUCH_AXIS,
)
def nanprod(
    x: Any, /, axis: Any = None, dtype: Any = None, *, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    """The product over ``axis`` of what is not NaN; the derivative is the product of the other factors, at NaN 0.

    The product of no numbers is 1.

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

    >>> ag.nanprod(np.array([[2.0, np.nan], [3.0, 4.0]]), axis=0)
    array([6., 4.])
    """
    return reduction.prod(_filled(x, 1), axis, dtype, keepdims=keepdims, initial=initial, where=where)


_RUNNING = (
    sample(reals(5)),
    sample(reals(3, 4)),
    sample(reals(2, 3, 4), axis=-2),
    sample(complexes(3), axis=0),
    sample(integers(3, 4), axis=1),
    sample(reals()),
)


@function(np.nancumsum, samples=_RUNNING, errors=NO_SUCH_AXIS[:1])
def nancumsum(x: Any, /, axis: int | None = None, dtype: Any = None) -> Any:
    """The running sum along ``axis``, with 0 in place of NaN, where the derivative is 0.

    Args:
        x: the input.
        axis: the axis to run along; ``None`` flattens ``x`` first.
        dtype: the dtype to add up in, and of the result.

    Shapes: any -> same; with ``axis=None`` -> ``(x.size,)``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.nancumsum(np.array([1.0, np.nan, 3.0]))
    array([1., 1., 4.])
    """
    return accumulation.cumsum(_filled(x, 0), axis, dtype)


@function(np.nancumprod, samples=_RUNNING, errors=NO_SUCH_AXIS[:1])
def nancumprod(x: Any, /, axis: int | None = None, dtype: Any = None) -> Any:
    """The running product along ``axis``, with 1 in place of NaN, where the derivative is 0.

    Args:
        x: the input.
        axis: the axis to run along; ``None`` flattens ``x`` first.
        dtype: the dtype to multiply in, and of the result.

    Shapes: any -> same; with ``axis=None`` -> ``(x.size,)``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.nancumprod(np.array([2.0, np.nan, 3.0]))
    array([2., 2., 6.])
    """
    return accumulation.cumprod(_filled(x, 1), axis, dtype)


# ---------------------------------------------------------------- means and spreads


@op(
    name="nanmean",
    public=False,
    samples=[
        sample(reals(3, 4), MASK, axis=(1,), dtype=None, keepdims=False),
        sample(reals(3, 4), True, axis=None, dtype=None, keepdims=True),
        sample(complexes(3), True, axis=None, dtype=np.dtype("complex128"), keepdims=False),
    ],
)
def _nanmean(x: Any, where: Any, *, axis: Any, dtype: Any, keepdims: bool) -> Any:
    return np.nanmean(x, axis=axis, dtype=dtype, keepdims=keepdims, where=where)


_nanmean.vjp(
    x=lambda g, x, where, x_shape, axis, keepdims: mean_gradient(g, numbers(x, where), x_shape, axis, keepdims),
    where=None,
)
_nanmean.batch(over_first_input)


@function(np.nanmean, samples=_SAMPLES, errors=[*NO_SUCH_AXIS, (sample(reals(3), dtype=np.dtype("int64")), TypeError)])
def nanmean(x: Any, /, axis: Any = None, dtype: Any = None, *, keepdims: bool = False, where: Any = True) -> Any:
    """The arithmetic mean over ``axis`` of what is not NaN; derivative ``1 / n`` for ``n`` numbers, at NaN 0.

    A slice without numbers gives NaN and a ``RuntimeWarning``, as in NumPy.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to compute in, and of the result.
        keepdims: keep the reduced axes with length 1.
        where: truth values that say which elements count; broadcast to the shape of ``x``.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, and a mask that does not broadcast.
        TypeError: for a ``dtype`` of whole numbers.

    >>> ag.nanmean(np.array([[1.0, np.nan], [3.0, 4.0]]), axis=0)
    array([2., 4.])
    """
    x = as_array(x)
    if x.dtype.kind not in "fc":
        return statistics.mean(x, axis, dtype, keepdims=keepdims, where=where)
    dtype = None if dtype is None else np.dtype(dtype)
    return _nanmean(x, as_mask(where), axis=axes(x, axis), dtype=dtype, keepdims=bool(keepdims))


_SPREADS = [
    sample(reals(3, 4), None, MASK, axis=(1,), dtype=None, ddof=0, keepdims=False),
    sample(reals(3, 4), reals(3, 1), True, axis=(1,), dtype=None, ddof=1, keepdims=True),
    sample(complexes(3, 4), complexes(), True, axis=None, dtype=None, ddof=0.5, keepdims=False),
]


@op(name="nanvar", public=False, samples=_SPREADS)
def _nanvar(x: Any, mean: Any, where: Any, *, axis: Any, dtype: Any, ddof: float, keepdims: bool) -> Any:
    return np.nanvar(x, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=where, **about(mean))


@_nanvar.joint_vjp
def _nanvar_rule(g: Any, x: Any, mean: Any, where: Any, axis: Any, ddof: float, keepdims: bool) -> Any:
    return spread_gradients(g, None, x, mean, numbers(x, where), axis, ddof, keepdims)


_nanvar.batch(over_first_input)


@op(name="nanstd", public=False, samples=_SPREADS)
def _nanstd(x: Any, mean: Any, where: Any, *, axis: Any, dtype: Any, ddof: float, keepdims: bool) -> Any:
    return np.nanstd(x, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=where, **about(mean))


@_nanstd.joint_vjp
def _nanstd_rule(g: Any, out: Any, x: Any, mean: Any, where: Any, axis: Any, ddof: float, keepdims: bool) -> Any:
    return spread_gradients(g, out, x, mean, numbers(x, where), axis, ddof, keepdims)


_nanstd.batch(over_first_input)


_NAN_SPREADS = (
    *_SAMPLES[:-1],
    sample(reals(3, 4), axis=1, ddof=1),
    sample(reals(3, 4), keepdims=True, where=MASK[0]),
    sample(reals(3, 4), axis=1, mean=np.array([[0.5], [-0.25], [1.0]])),
)
_NOT_WHOLE = [*NO_SUCH_AXIS, (sample(reals(3), dtype=np.dtype("int64")), TypeError)]


@function(np.nanvar, samples=_NAN_SPREADS, errors=_NOT_WHOLE)
def nanvar(
    x: Any,
    /,
    axis: Any = None,
    dtype: Any = None,
    *,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
    where: Any = True,
    mean: Any = None,
) -> Any:
    """The variance over ``axis`` of what is not NaN; derivative ``2 (x - mean) / (n - ddof)`` for ``n`` numbers, at NaN 0.

    A slice without degrees of freedom gives NaN and a ``RuntimeWarning``, as in NumPy; its derivative is NaN at the numbers.

    Args:
        x: the input; complex numbers give a real result.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to compute in, and of the result.
        ddof: what the number of elements is lowered by; 1 gives the unbiased estimate.
        keepdims: keep the reduced axes with length 1.
        correction: the array API's name of ``ddof``.
        where: truth values that say which elements count; broadcast to the shape of ``x``.
        mean: the mean, where it is known, in a shape that broadcasts against ``x``; an input like any other.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, when both ``ddof`` and ``correction`` are given, and for a mask or a mean
            that does not broadcast to the shape of ``x``.
        TypeError: for a ``dtype`` of whole numbers.

    >>> ag.nanvar(np.array([1.0, np.nan, 3.0]))
    np.float64(1.0)
    """
    ddof = one_of(ddof, correction, "nanvar")
    return _spread(_nanvar, statistics.var, x, axis, dtype, ddof, keepdims, where, mean)


@function(np.nanstd, samples=_NAN_SPREADS, errors=_NOT_WHOLE)
def nanstd(
    x: Any,
    /,
    axis: Any = None,
    dtype: Any = None,
    *,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
    where: Any = True,
    mean: Any = None,
) -> Any:
    """The standard deviation over ``axis`` of what is not NaN, ``sqrt(nanvar(x))``; derivative 0 at NaN, and where it is 0.

    A slice without degrees of freedom gives NaN and a ``RuntimeWarning``, as in NumPy; its derivative is NaN at the numbers.

    Args:
        x: the input; complex numbers give a real result.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to compute in, and of the result.
        ddof: what the number of elements is lowered by in the variance.
        keepdims: keep the reduced axes with length 1.
        correction: the array API's name of ``ddof``.
        where: truth values that say which elements count; broadcast to the shape of ``x``.
        mean: the mean, where it is known, in a shape that broadcasts against ``x``; an input like any other.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, when both ``ddof`` and ``correction`` are given, and for a mask or a mean
            that does not broadcast to the shape of ``x``.
        TypeError: for a ``dtype`` of whole numbers.

    >>> ag.nanstd(np.array([1.0, np.nan, 5.0]))
    np.float64(2.0)
    """
    ddof = one_of(ddof, correction, "nanstd")
    return _spread(_nanstd, statistics.std, x, axis, dtype, ddof, keepdims, where, mean)


def _spread(
    spread: Callable[..., Any],
    whole: Callable[..., Any],
    x: Any,
    axis: Any,
    dtype: Any,
    ddof: float,
    keepdims: bool,
    where: Any,
    mean: Any,
) -> Any:
    x = as_array(x)
    if x.dtype.kind not in "fc":
        return whole(x, axis, dtype, ddof=ddof, keepdims=keepdims, where=where, mean=mean)
    mean = mean_for(x, mean, spread.__name__.lstrip("_"))
    if mean is not None and mean.dtype.kind == "c" and x.dtype.kind == "f":
        mean = in_dtype(mean, mean.dtype.type(0).real.dtype)  # as NumPy does, with a warning, and unlike np.var
    dtype = None if dtype is None else np.dtype(dtype)
    return spread(x, mean, as_mask(where), axis=axes(x, axis), dtype=dtype, ddof=ddof, keepdims=bool(keepdims))
