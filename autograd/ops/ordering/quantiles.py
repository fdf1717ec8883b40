"""Quantiles: the median, percentiles, quantiles by all of NumPy's definitions, each also without NaNs.

A quantile is an element of the sorted data or lies between two neighbours, ``(1 - f) * low + f * high`` (``order_statistics``
says where). NumPy computes the values. The rules find the two elements again, give each its part of the gradient, and give
``q`` the slope ``v'(q) (high - low)``, where ``v(q)`` is the index at which the quantile stands:

- of equal elements the one that a stable sort puts at the index receives the gradient;
- where ``v(q)`` is an element's index, the slope is that to the right; beyond the first and the last element it is 0;
- a definition that picks without interpolating has the derivative 0 in ``q``; ``weights`` only say what is picked;
- where a NaN makes the quantile NaN, the gradient goes to that NaN; the functions without NaNs give NaNs none.
"""

from typing import Any

import numpy as np

from autograd.batch_rules import further, shifted, stretched, unless_empty
from autograd.gate import function, op
from autograd.ops.arguments import as_array, axes, in_dtype
from autograd.ops.arrays.indexing import getitem
from autograd.ops.elementwise.selection import passed
from autograd.ops.ordering.order_statistics import (
    INTERPOLATING,
    checked_fraction,
    first_equal,
    fraction_of,
    in_dtype_of,
    neighbours,
)
from autograd.ops.ordering.sorting import sums_at
from autograd.ops.reductions.reduction import NO_SUCH_AXIS
from autograd.record import Op, shape_of
from autograd.samples import complexes, distinct, integers, reals, sample


def _parts(g: Any, x: Any, q: Any, axis: Any, method: str, skip_nan: bool) -> tuple[Any, ...]:
    """The neighbours' places, the upper one's fraction, the count, and the cotangent in their shape."""
    low, high, rank, count = neighbours(x, q, axis=axis, method=method, skip_nan=skip_nan)
    aligned = np.reshape(q, np.shape(q) + (1,) * count.ndim) if count.ndim else q
    fraction = in_dtype(fraction_of(aligned, rank, in_dtype_of(q, count), method), np.finfo(g.dtype).dtype)
    g = np.reshape(g, low.shape)
    return low, high, fraction, count, passed(g, count > 0) if skip_nan else g


def _x_gradient(g: Any, x: Any, q: Any, x_shape: Any, axis: Any, method: str, skip_nan: bool) -> Any:
    if 0 in x_shape:
        return np.zeros_like(x)
    low, high, fraction, _, g = _parts(g, x, q, axis, method, skip_nan)
    return sums_at(g * (1 - fraction), low, shape=x_shape) + sums_at(g * fraction, high, shape=x_shape)


def _q_gradient(g: Any, x: Any, q: Any, x_shape: Any, q_shape: Any, axis: Any, method: str, skip_nan: bool) -> Any:
    if 0 in x_shape or method not in INTERPOLATING:
        return 0 * q
    low, high, _, count, g = _parts(g, x, q, axis, method, skip_nan)
    flat = np.ravel(x)
    alpha, beta = INTERPOLATING[method]
    slope = in_dtype(count + (1 - alpha - beta), g.dtype) * (getitem(flat, high) - getitem(flat, low))
    if skip_nan:
        slope = passed(slope, count > 0)
    return np.sum(g * slope, axis=tuple(range(len(q_shape), g.ndim)))


# ---------------------------------------------------------------- quantiles


@op(
    name="quantile",
    public=False,
    samples=[
        sample(distinct(3, 5), reals(2, low=0.3, high=0.4), axis=(1,), method="linear", keepdims=True, skip_nan=False),
        sample(distinct(5), reals(low=0.3, high=0.4), axis=None, method="weibull", keepdims=False, skip_nan=True),
    ],
)
def _quantile(x: Any, q: Any, *, axis: Any, method: Any, keepdims: bool, skip_nan: bool) -> Any:
    if not skip_nan:
        return np.quantile(x, q, axis=axis, method=method, keepdims=keepdims)
    if np.ndim(q) == 2 and x.size:  # of which NumPy 2.4 misplaces the axes, where it reduces several axes
        flat = np.nanquantile(x, np.ravel(q), axis=axis, method=method, keepdims=keepdims)
        return flat.reshape(np.shape(q) + flat.shape[1:])
    return np.nanquantile(x, q, axis=axis, method=method, keepdims=keepdims)


_quantile.vjp(x=_x_gradient, q=_q_gradient)


def _quantile_of_each(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, q = arrays
    if not mapped[1]:
        out = record.call(x, q, **statics | {"axis": further(statics["axis"], x.ndim - 1)})
        return np.moveaxis(out, len(shape_of(q)), 0)
    if mapped[0] or q.ndim > 3:
        return NotImplemented
    out = record.call(x, np.reshape(q, -1), **statics)
    return np.reshape(out, q.shape + out.shape[1:])


_quantile.batch(unless_empty(_quantile_of_each))


@op(
    name="weighted_quantile",
    public=False,
    samples=[
        sample(distinct(2, 4), 0.35, np.array([[1.0, 2, 3, 4], [4, 3, 2, 1]]), axis=(1,), keepdims=False, skip_nan=False),
        sample(distinct(5), reals(2, low=0.3, high=0.4), np.ones(5), axis=None, keepdims=True, skip_nan=True),
    ],
)
def _weighted_quantile(x: Any, q: Any, weights: Any, *, axis: Any, keepdims: bool, skip_nan: bool) -> Any:
    quantile = np.nanquantile if skip_nan else np.quantile
    return quantile(x, q, axis=axis, method="inverted_cdf", keepdims=keepdims, weights=weights)[()]


def _weighted_gradient(g: Any, x: Any, out: Any, x_shape: Any, axis: Any, skip_nan: bool) -> Any:
    if 0 in x_shape:
        return np.zeros_like(x)
    g = passed(g, np.logical_not(np.isnan(out))) if skip_nan else g
    places = first_equal(x, out, axis=axis)
    return sums_at(np.reshape(g, places.shape), places, shape=x_shape)


_weighted_quantile.vjp(x=_weighted_gradient, q=lambda g, q: 0 * q, weights=None)


def _weighted_quantile_of_each(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, q, weights = arrays
    if mapped[1]:
        return NotImplemented
    x = stretched(x, mapped[0], level.size)
    if len(shape_of(weights)) - mapped[2] == x.ndim - 1:  # else they are weights along the axes
        weights = stretched(weights, mapped[2], level.size)
    elif mapped[2]:
        return NotImplemented
    out = record.call(x, q, weights, **statics | {"axis": further(statics["axis"], x.ndim - 1)})
    return np.moveaxis(out, len(shape_of(q)), 0)


_weighted_quantile.batch(unless_empty(_weighted_quantile_of_each))


def _quantiles(name: str, x: Any, q: Any, axis: Any, method: str, keepdims: Any, weights: Any) -> Any:
    x, skip_nan = as_array(x), name.startswith("nan")
    q = checked_fraction(name, q, 100 if name.endswith("percentile") else 1)
    common = {"axis": axes(x, axis), "keepdims": bool(keepdims), "skip_nan": skip_nan}
    if weights is None:
        return _quantile(x, q, method=method, **common)
    if method != "inverted_cdf":
        raise ValueError(f"{name}: weights go with method='inverted_cdf' alone, received method={method!r}")
    return _weighted_quantile(x, q, weights, **common)


_Q = reals(low=0.3, high=0.4)
_QUANTILES = (
    sample(distinct(5), _Q),
    sample(distinct(3, 6), reals(2, low=0.42, high=0.58), axis=1),
    sample(distinct(2, 5, 3), reals(2, 1, low=0.62, high=0.63), axis=(0, -1), keepdims=True),
    sample(distinct(2, 3), 0.35),
    sample(distinct(4, 3), _Q, axis=0, method="hazen"),
    sample(distinct(4, 3), _Q, axis=0, method="interpolated_inverted_cdf"),
    sample(distinct(6), _Q, method="weibull"),
    sample(distinct(6), _Q, method="median_unbiased"),
    sample(distinct(6), _Q, method="normal_unbiased"),
    sample(distinct(5), _Q, method="inverted_cdf"),
    sample(distinct(5), 0.4, method="averaged_inverted_cdf"),
    sample(distinct(5), _Q, method="closest_observation"),
    sample(distinct(5), _Q, method="lower"),
    sample(distinct(5), _Q, method="higher"),
    sample(distinct(5), _Q, method="nearest"),
    sample(distinct(5), _Q, method="midpoint"),
    sample(distinct(2, 4), 0.35, axis=1, method="inverted_cdf", weights=np.array([[1.0, 2, 3, 4], [4, 3, 2, 1]])),
    sample(distinct(5), 0.5, axis=()),
)
_NO_QUANTILES = (
    (sample(reals(3), 1.5), ValueError),
    (sample(reals(3), 0.5, axis=1), np.exceptions.AxisError),
    (sample(reals(3), 0.5, axis=(0, 0)), ValueError),
    (sample(reals(3), 0.5, method="mean"), ValueError),
    (sample(reals(3), 0.5, weights=np.ones(3)), ValueError),
    (sample(reals(3), 0.5, weights=-np.ones(3), method="inverted_cdf"), ValueError),
    (sample(reals(3), np.full((1, 1, 1), 0.5)), ValueError),
    (sample(complexes(3), 0.5), TypeError),
)


@function(np.quantile, samples=_QUANTILES, errors=_NO_QUANTILES)
def quantile(
    x: Any,
    q: Any,
    /,
    axis: Any = None,
    *,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    weights: Any = None,
) -> Any:
    """The value below which the fraction ``q`` of the data along ``axis`` lies; NaN where there is a NaN.

    The gradient goes to the two neighbours of each quantile, in the parts that they have in it; where the method interpolates,
    ``q`` has the derivative ``v'(q) (high - low)``. The module's docstring says what holds at kinks.

    Args:
        x: the data, real numbers.
        q: the fraction, or an array of them with at most two axes, from 0 to 1.
        axis: a number, a tuple of them, or ``None`` for all.
        overwrite_input: NumPy's permission to use the input's memory; not made use of.
        method: NumPy's name of the definition; see ``numpy.quantile``.
        keepdims: keep the reduced axes with length 1.
        weights: how often each element counts, for ``method="inverted_cdf"``; in the shape of ``x`` or of ``axis``.

    Shapes: the shape of ``q`` before that of ``x`` without ``axis``.

    Raises:
        ValueError: for ``q`` out of range or with more than two axes, an unknown method, and weights with another method.
        TypeError: for complex numbers.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> x = ag.tensor([1.0, 5.0, 2.0], requires_grad=True)
    >>> ag.quantile(x, 0.75).backward()
    >>> x.grad
    Tensor([0. , 0.5, 0.5], dtype=float64)
    """
    return _quantiles("quantile", x, q, axis, method, keepdims, weights)


_PERCENTILES = (
    sample(distinct(5), reals(low=30.0, high=31.0)),
    sample(distinct(3, 6), reals(2, low=42.0, high=43.0), axis=1, method="hazen"),
    sample(distinct(2, 3), 35),
)
_NO_PERCENTILES = ((sample(reals(3), 101.0), ValueError), *_NO_QUANTILES[1:])


@function(np.percentile, samples=_PERCENTILES, errors=_NO_PERCENTILES)
def percentile(
    x: Any,
    q: Any,
    /,
    axis: Any = None,
    *,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    weights: Any = None,
) -> Any:
    """The value below which ``q`` percent of the data along ``axis`` lie: ``quantile(x, q / 100)``.

    The gradient goes to the two neighbours of each quantile, in the parts that they have in it; where the method interpolates,
    ``q`` has the derivative ``v'(q) (high - low)``. The module's docstring says what holds at kinks.

    Args:
        x: the data, real numbers.
        q: the percentage, or an array of them with at most two axes, from 0 to 100.
        axis: a number, a tuple of them, or ``None`` for all.
        overwrite_input: NumPy's permission to use the input's memory; not made use of.
        method: NumPy's name of the definition; see ``numpy.quantile``.
        keepdims: keep the reduced axes with length 1.
        weights: how often each element counts, for ``method="inverted_cdf"``; in the shape of ``x`` or of ``axis``.

    Shapes: the shape of ``q`` before that of ``x`` without ``axis``.

    Raises:
        ValueError: for ``q`` out of range or with more than two axes, an unknown method, and weights with another method.
        TypeError: for complex numbers.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.percentile(np.array([1.0, 5.0, 2.0]), 75)
    np.float64(3.5)
    """
    return _quantiles("percentile", x, q, axis, method, keepdims, weights)


@function(
    np.nanquantile,
    samples=(*_QUANTILES[:2], *_QUANTILES[3:5], *_QUANTILES[-2:]),
    errors=_NO_QUANTILES,
)
def nanquantile(
    x: Any,
    q: Any,
    /,
    axis: Any = None,
    *,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    weights: Any = None,
) -> Any:
    """The quantile of the data that are not NaN; NaN where there are none, with NumPy's warning.

    The gradient goes to the two neighbours of each quantile, in the parts that they have in it, and none to NaNs. The module's
    docstring says what holds at kinks.

    Args:
        x: the data, real numbers.
        q: the fraction, or an array of them with at most two axes, from 0 to 1.
        axis: a number, a tuple of them, or ``None`` for all.
        overwrite_input: NumPy's permission to use the input's memory; not made use of.
        method: NumPy's name of the definition; see ``numpy.quantile``.
        keepdims: keep the reduced axes with length 1.
        weights: how often each element counts, for ``method="inverted_cdf"``; in the shape of ``x`` or of ``axis``.

    Shapes: the shape of ``q`` before that of ``x`` without ``axis``.

    Raises:
        ValueError: for ``q`` out of range or with more than two axes, an unknown method, and weights with another method.
        TypeError: for complex numbers.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.nanquantile(np.array([1.0, np.nan, 2.0]), 0.5)
    np.float64(1.5)
    """
    return _quantiles("nanquantile", x, q, axis, method, keepdims, weights)


@function(np.nanpercentile, samples=_PERCENTILES, errors=_NO_PERCENTILES)
def nanpercentile(
    x: Any,
    q: Any,
    /,
    axis: Any = None,
    *,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    weights: Any = None,
) -> Any:
    """The percentile of the data that are not NaN; NaN where there are none, with NumPy's warning.

    The gradient goes to the two neighbours of each quantile, in the parts that they have in it, and none to NaNs. The module's
    docstring says what holds at kinks.

    Args:
        x: the data, real numbers.
        q: the percentage, or an array of them with at most two axes, from 0 to 100.
        axis: a number, a tuple of them, or ``None`` for all.
        overwrite_input: NumPy's permission to use the input's memory; not made use of.
        method: NumPy's name of the definition; see ``numpy.quantile``.
        keepdims: keep the reduced axes with length 1.
        weights: how often each element counts, for ``method="inverted_cdf"``; in the shape of ``x`` or of ``axis``.

    Shapes: the shape of ``q`` before that of ``x`` without ``axis``.

    Raises:
        ValueError: for ``q`` out of range or with more than two axes, an unknown method, and weights with another method.
        TypeError: for complex numbers.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.nanpercentile(np.array([1.0, np.nan, 2.0]), 50)
    np.float64(1.5)
    """
    return _quantiles("nanpercentile", x, q, axis, method, keepdims, weights)


# ---------------------------------------------------------------- medians


@op(
    name="median",
    public=False,
    samples=[
        sample(distinct(3, 4), axis=(1,), keepdims=False, skip_nan=False),
        sample(distinct(3, 5), axis=None, keepdims=True, skip_nan=True),
    ],
)
def _median(x: Any, *, axis: Any, keepdims: bool, skip_nan: bool) -> Any:
    return (np.nanmedian if skip_nan else np.median)(x, axis=axis, keepdims=keepdims)


_median.vjp(x=lambda g, x, x_shape, axis, skip_nan: _x_gradient(g, x, 0.5, x_shape, axis, "linear", skip_nan))
_median.batch(unless_empty(shifted("axis")))

_MEDIANS = (
    sample(distinct(3, 4)),
    sample(distinct(5)),
    sample(distinct(2, 3, 4), axis=-1),
    sample(distinct(2, 3, 4), axis=(0, 2), keepdims=True),
    sample(complexes(5), axis=0),
    sample(integers(3, 4), axis=0),
    sample(reals()),
)


@function(np.median, samples=_MEDIANS, errors=NO_SUCH_AXIS)
def median(x: Any, /, axis: Any = None, *, overwrite_input: bool = False, keepdims: bool = False) -> Any:
    """The middle element of the sorted data along ``axis``, or the mean of the two in the middle; NaN where there is a NaN.

    The gradient goes to these elements; of equal ones to those that a stable sort puts in the middle. Complex numbers are
    ordered by their real parts, then by their imaginary parts.

    Args:
        x: the data.
        axis: a number, a tuple of them, or ``None`` for all.
        overwrite_input: NumPy's permission to use the input's memory; not made use of.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice.

    >>> x = ag.tensor([[1.0, 5.0, 2.0], [4.0, 4.0, 4.0]], requires_grad=True)
    >>> ag.median(x, axis=1).sum().backward()
    >>> x.grad
    Tensor([[0., 0., 1.],
            [0., 1., 0.]], dtype=float64)
    """
    return _median(as_array(x), axis=axes(x, axis), keepdims=bool(keepdims), skip_nan=False)


@function(np.nanmedian, samples=_MEDIANS, errors=NO_SUCH_AXIS)
def nanmedian(x: Any, /, axis: Any = None, *, overwrite_input: bool = False, keepdims: bool = False) -> Any:
    """The median of the data that are not NaN; NaN where there are none, with NumPy's warning.

    The gradient goes to the element or the two elements in the middle, and none to NaNs.

    Args:
        x: the data.
        axis: a number, a tuple of them, or ``None`` for all.
        overwrite_input: NumPy's permission to use the input's memory; not made use of.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice.

    >>> ag.nanmedian(np.array([1.0, np.nan, 2.0, 5.0]))
    np.float64(2.0)
    """
    return _median(as_array(x), axis=axes(x, axis), keepdims=bool(keepdims), skip_nan=True)
