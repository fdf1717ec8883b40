"""Means, variances and standard deviations along axes.

The derivative of ``std`` is 0 where it is 0, as of equal elements.
"""

import math
from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.arguments import axes, in_dtype
from autograd.ops.reduction import ALONG_AXES, NO_SUCH_AXIS, expanded, unreduced
from autograd.samples import complexes, integers, reals, sample


def _count(x_shape: tuple[int, ...], axis: tuple[int, ...] | None) -> int:
    """How many elements a reduction over ``axis`` makes one of."""
    return math.prod(x_shape if axis is None else [x_shape[i] for i in axis])


# ---------------------------------------------------------------- mean


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
    samples=[*ALONG_AXES, sample(complexes(3), axis=0), sample(integers(3, 4), axis=0)],
    errors=NO_SUCH_AXIS,
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


# ---------------------------------------------------------------- variance and standard deviation


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
        unreduced(g * (2 / _freedom(x_shape, axis, ddof)), x_shape, axis, keepdims) * _deviations(x, axis)
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


@function(np.var, samples=[*_SPREADS, sample(integers(3, 4), axis=0), sample(reals())], errors=NO_SUCH_AXIS)
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
        unreduced(g * (out != 0) / (_freedom(x_shape, axis, ddof) * (out + (out == 0))), x_shape, axis, keepdims)
        * _deviations(x, axis)
    )
)


@function(np.std, samples=[*_SPREADS, sample(integers(3, 4), axis=0)], errors=NO_SUCH_AXIS)
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
