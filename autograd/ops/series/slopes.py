"""Slopes of sampled values: ``gradient``, which is NumPy's finite difference, at equal distances or at given places.

For the derivative of a function, see ``engine.grad_of``.
"""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.gate import function, op
from autograd.ops.arguments import as_array, ndim_of
from autograd.ops.arrays.joining import concatenate
from autograd.ops.casting import cast
from autograd.ops.reductions.reduction import sum_to
from autograd.ops.series.differences import between_zeros, difference
from autograd.record import Op
from autograd.samples import booleans, complexes, integers, positives, reals, sample

_numpys: Any = np.gradient  # whose stub knows only some of what it takes

_SLOPES = (
    sample(reals(4), 0.5, axis=0, edge_order=1),
    sample(reals(2, 4), positives(), axis=1, edge_order=2),
    sample(complexes(3), positives(), axis=0, edge_order=1),
)


@op(name="slopes", public=False, samples=_SLOPES)
def _slopes(x: Any, h: Any, *, axis: int, edge_order: int) -> Any:
    """The slopes of values at the distance ``h`` from each other."""
    return _numpys(x, h, axis=axis, edge_order=edge_order)


@op(name="slopes_transpose", public=False, samples=_SLOPES)
def _slopes_transpose(x: Any, h: Any, *, axis: int, edge_order: int) -> Any:
    """The transpose of ``slopes``, which is linear in its first input."""
    g = np.moveaxis(x, axis, 0) / h
    out = np.zeros(x.shape, g.dtype)
    to = np.moveaxis(out, axis, 0)
    to[2:] += 0.5 * g[1:-1]
    to[:-2] -= 0.5 * g[1:-1]
    for place, weight in enumerate((-1.0, 1.0) if edge_order == 1 else (-1.5, 2.0, -0.5)):
        to[place] += weight * g[0]
        to[-1 - place] -= weight * g[-1]
    return out


_slopes.vjp(
    x=lambda g, h, axis, edge_order: _slopes_transpose(g, h, axis=axis, edge_order=edge_order),
    h=lambda g, out, h: -(g * out).sum() / h,
)
_slopes_transpose.vjp(
    x=lambda g, h, axis, edge_order: _slopes(g, h, axis=axis, edge_order=edge_order),
    h=lambda g, out, h: -(g * out).sum() / h,
)


def _slopes_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """The distance divides the result, so where it differs from example to example it does so last."""
    x, h = arrays
    along = statics | {"axis": statics["axis"] + mapped[0]}
    if not mapped[1]:
        return record.call(x, h, **along)
    out = record.call(x, 1.0, **along)
    divided = out / np.reshape(h, (level.size, *[1] * (x.ndim - mapped[0])))
    return cast(divided, out.dtype, copy=False) if record is _slopes.op else divided


_slopes.batch(_slopes_of_examples)
_slopes_transpose.batch(_slopes_of_examples)


@op(
    name="uneven_slopes",
    public=False,
    samples=[
        sample(reals(5), np.array([0.0, 0.7, 1.0, 2.1, 2.4]), axis=0, edge_order=1),
        sample(reals(2, 4), np.array([0.0, 0.7, 1.0, 2.1]), axis=1, edge_order=2),
        sample(complexes(3, 2), np.array([2.0, 0.7, 0.2]), axis=0, edge_order=2),
    ],
)
def _uneven_slopes(x: Any, places: Any, *, axis: int, edge_order: int) -> Any:
    """The slopes of values at the given places.

    Between two segments it is the mean of their slopes, each weighted with the length of the other; at an edge it is that
    of the outermost segment, for order 2 extended by the difference to the mean on the segment's other side.
    """
    return _numpys(x, places, axis=axis, edge_order=edge_order)


def _segments(g: Any, places: Any, axis: int, edge_order: int) -> tuple[Any, Any, Any]:
    """Lengths of the segments, the weight of the left one of two, and the cotangent of the segments' slopes; axis last."""
    g = np.moveaxis(g, axis, -1)
    lengths = places[1:] - places[:-1]
    weights = lengths[1:] / (lengths[:-1] + lengths[1:])
    inner, first, last = g[..., 1:-1], g[..., :1], g[..., -1:]
    slopes = concatenate([weights * inner, last], -1) + concatenate([first, (1 - weights) * inner], -1)
    if edge_order == 2:
        extended = concatenate([first * (1 - weights[0]), -first * (1 - weights[0])], -1)
        slopes = slopes + between_zeros(extended, g.ndim - 1, 0, g.shape[-1] - 3)
        extended = concatenate([-last * weights[-1], last * weights[-1]], -1)
        slopes = slopes + between_zeros(extended, g.ndim - 1, g.shape[-1] - 3, 0)
    return lengths, weights, slopes


def _difference_transpose(g: Any, axis: int) -> Any:
    return difference(between_zeros(-g, axis, 1, 1), n=1, axis=axis)


def _uneven_slopes_x(g: Any, places: Any, axis: int, edge_order: int) -> Any:
    lengths, _, slopes = _segments(g, places, axis, edge_order)
    return np.moveaxis(_difference_transpose(slopes / lengths, g.ndim - 1), -1, axis)


def _uneven_slopes_places(g: Any, x: Any, places: Any, axis: int, edge_order: int) -> Any:
    lengths, weights, cotangents = _segments(g, places, axis, edge_order)
    slopes = difference(np.moveaxis(x, axis, -1), n=1, axis=x.ndim - 1) / lengths
    g = np.moveaxis(g, axis, -1)
    inner = g[..., 1:-1]
    if edge_order == 2:
        inner = inner - between_zeros(g[..., :1], g.ndim - 1, 0, g.shape[-1] - 3)
        inner = inner - between_zeros(g[..., -1:], g.ndim - 1, g.shape[-1] - 3, 0)
    of_weights = sum_to(inner * (slopes[..., :-1] - slopes[..., 1:]), shape=weights.shape) / (lengths[:-1] + lengths[1:])
    of_lengths = between_zeros(of_weights * (1 - weights), 0, 1, 0) - between_zeros(of_weights * weights, 0, 0, 1)
    return _difference_transpose(of_lengths - sum_to(cotangents * slopes, shape=lengths.shape) / lengths, 0)


_uneven_slopes.vjp(x=_uneven_slopes_x, places=_uneven_slopes_places)


def _uneven_slopes_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    if mapped[1]:
        return NotImplemented  # NumPy's function takes one sequence of places
    return record.call(*arrays, **statics | {"axis": statics["axis"] + 1})


_uneven_slopes.batch(_uneven_slopes_of_examples)


@function(
    np.gradient,
    samples=[
        sample(reals(5)),
        sample(reals(3, 4), 0.5),
        sample(reals(3, 4), 0.5, np.array([0.0, 0.7, 1.0, 2.1])),
        sample(reals(3, 4), np.array([2.0, 0.7, 0.2]), axis=0, edge_order=2),
        sample(reals(3, 4), positives(), axis=(1,), edge_order=2),
        sample(reals(2, 3, 4), axis=(-1, 0)),
        sample(complexes(2, 3)),
        sample(integers(4)),
    ],
    errors=[
        (sample(reals(1)), ValueError),
        (sample(reals(2), edge_order=2), ValueError),
        (sample(reals(4), edge_order=3), ValueError),
        (sample(reals(3, 4), 1.0, 2.0, 3.0), TypeError),
        (sample(reals(3), np.arange(4.0)), ValueError),
        (sample(reals(2, 2), np.eye(2), axis=0), ValueError),
        (sample(reals(3), axis=1), np.exceptions.AxisError),
        (sample(booleans(3)), TypeError),
    ],
)
def gradient(x: Any, /, *spacing: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """NumPy's finite difference: the slopes of sampled values along axes, from both neighbours inside, from one at the edges.

    At equal distances h it is ``(x[i + 1] - x[i - 1]) / (2 h)``. It is linear in ``x``, and differentiable in distances
    and places as well. For the derivative of a function, see ``grad_of``.

    Args:
        x: the values.
        *spacing: nothing, for distances of 1; one distance for all axes; or for each axis a distance, or the places of the
            values along it.
        axis: the axis or axes to take slopes along; by default all of them.
        edge_order: 1 for the slope to the neighbour at the edges, 2 for that of the parabola through three values.

    Shapes: any -> same; without an ``axis``, or with several, a tuple of one result for each of several axes.

    Raises:
        ValueError: for fewer than ``edge_order + 1`` values along an axis, places that do not fit, and another order.
        TypeError: for more or fewer spacings than axes, and for truth values.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    Source: A. Quarteroni, R. Sacco, F. Saleri, "Numerical Mathematics", 2007, section 10.10.

    >>> ag.gradient(np.array([1.0, 4.0, 9.0, 16.0]))
    array([3., 4., 6., 7.])
    """
    x = _without_integers(as_array(x))
    axes = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim)
    if edge_order not in (1, 2):
        raise ValueError(f"gradient: expected edge_order 1 or 2, received {edge_order!r}")
    if x.dtype == bool:
        raise TypeError("gradient: expected numbers, received truth values, which have no differences; convert them first")
    spacings = [1.0] if not spacing else list(spacing)
    if len(spacings) == 1 and ndim_of(spacings[0]) == 0:
        spacings = spacings * len(axes)
    if len(spacings) != len(axes):
        raise TypeError(
            f"gradient: expected no spacing, one distance, or a spacing for each of the {len(axes)} axes; "
            f"received {len(spacings)}"
        )
    out = [_along(x, each, place, edge_order) for each, place in zip(spacings, axes, strict=True)]
    return out[0] if len(out) == 1 else tuple(out)


def _without_integers(x: Any) -> Any:
    """Integers as float64, so that differences of unsigned ones are right."""
    return cast(x, np.float64) if x.dtype.kind in "iu" else x


def _along(x: Any, spacing: Any, axis: int, edge_order: int) -> Any:
    length = x.shape[axis]
    if length < edge_order + 1:
        raise ValueError(
            f"gradient: expected at least {edge_order + 1} values along axis {axis} for edge_order={edge_order}; "
            f"received {length}"
        )
    if ndim_of(spacing) == 0:
        return _slopes(x, spacing, axis=axis, edge_order=edge_order)
    places = _without_integers(as_array(spacing))
    if places.shape != (length,):
        raise ValueError(
            f"gradient: expected the spacing along axis {axis} as a number or as {length} places, received shape {places.shape}"
        )
    return _uneven_slopes(x, places, axis=axis, edge_order=edge_order)
