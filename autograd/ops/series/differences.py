"""Differences of neighbours along axes, and what is made of them: increments, areas under curves, unwrapped angles.

``diff`` is linear, and its transpose is a difference again: that of the cotangent between zeros.

``unwrap`` adds multiples of the period, which are constant between their jumps: its derivative is 1 everywhere.
"""

from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.batch_rules import aligned, shifted
from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.arrays.joining import concatenate
from autograd.ops.arrays.padding import pad
from autograd.ops.arrays.shaping import broadcast_to
from autograd.ops.casting import cast
from autograd.ops.reductions.reduction import sum_to
from autograd.record import Op, shape_of
from autograd.samples import booleans, complexes, distinct, integers, reals, sample
from autograd.tensors import Tensor


def part(axis: int, place: Any) -> tuple[Any, ...]:
    """The index of a place, or a slice, along an axis."""
    return (*[slice(None)] * axis, place)


def between_zeros(x: Any, axis: int, before: int, after: int) -> Any:
    return pad(x, [(before, after) if i == axis else (0, 0) for i in range(x.ndim)])


# ---------------------------------------------------------------- differences of neighbours


@op(linear=True, name="diff", public=False, samples=[sample(reals(5), n=2, axis=0), sample(complexes(2, 3, 2), n=1, axis=1)])
def difference(x: Any, *, n: int, axis: int) -> Any:
    after, before = part(axis, slice(1, None)), part(axis, slice(None, -1))
    for _ in range(n):
        x = x[after] != x[before] if x.dtype == bool else x[after] - x[before]
    return x


difference.vjp(x=lambda g, n, axis: difference(between_zeros(-g if n % 2 else g, axis, n, n), n=n, axis=axis))
difference.batch(shifted("axis"))


@function(
    np.diff,
    samples=[
        sample(reals(5)),
        sample(reals(3, 4), 2),
        sample(reals(3, 4), axis=0),
        sample(reals(3), 5),
        sample(reals(3), 0),
        sample(reals(2, 3), prepend=np.array(0.5), append=np.array([[1.0, -0.5], [0.25, 2.0]])),
        sample(complexes(2, 3), 1, 0),
        sample(integers(4)),
        sample(booleans(4), 2),
    ],
    errors=[
        (sample(reals(3), -1), ValueError),
        (sample(reals()), ValueError),
        (sample(reals(3), axis=1), np.exceptions.AxisError),
        (sample(reals(3), 1.0), TypeError),
        (sample(reals(3, 2), prepend=np.zeros(3)), ValueError),
    ],
)
def diff(x: Any, /, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """The differences ``x[i + 1] - x[i]`` along an axis, taken ``n`` times over; linear.

    The transpose is the difference of the cotangent between zeros, n times over, with the sign ``(-1)**n``.

    Args:
        x: the input; of truth values the difference is whether they differ.
        n: how often to take the difference; 0 gives ``x`` itself.
        axis: the axis to take it along.
        prepend: what to put in front of ``x`` before: a number, or an array that fits.
        append: what to put after it.

    Shapes: any -> same, with length ``m - n``, but not below 0, along ``axis``.

    Raises:
        ValueError: for negative ``n``, for a number in place of an array, and for what does not fit to ``x``.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.diff(np.array([1.0, 4.0, 9.0, 16.0])), ag.diff(np.array([1.0, 4.0, 9.0, 16.0]), 2)
    (array([3., 5., 7.]), array([2., 2.]))
    """
    x = as_array(x)
    if n == 0:
        return x
    if index(n) < 0:
        raise ValueError(f"diff: expected n of at least 0, received {n}")
    if x.ndim == 0:
        raise ValueError("diff: expected an array of at least one axis, received a number")
    axis = normalize_axis_index(axis, x.ndim)
    if prepend is not None or append is not None:
        parts = [each for each in (prepend, x, append) if each is not None]
        x = concatenate([each if each is x else _slab(each, x.shape, axis) for each in parts], axis)
    return difference(x, n=min(index(n), x.shape[axis]), axis=axis)


def _slab(x: Any, shape: tuple[int, ...], axis: int) -> Any:
    """What is put before or after an array: a number as a slab of it."""
    x = as_array(x)
    return x if x.ndim else broadcast_to(x, (*shape[:axis], 1, *shape[axis + 1 :]))


@function(
    np.ediff1d,
    samples=[
        sample(reals(5)),
        sample(reals(2, 3), 1.5),
        sample(complexes(3), np.array([1.0, 2.0]), np.array([3.0])),
        sample(integers(4), to_begin=7),
        sample(reals()),
    ],
    errors=[
        (sample(integers(3), 1.5), TypeError),
        (sample(reals(3), to_begin=1j), TypeError),
        (sample(booleans(3)), TypeError),
    ],
)
def ediff1d(x: Any, /, to_end: Any = None, to_begin: Any = None) -> Any:
    """The differences of neighbours in ``x`` flattened, between ``to_begin`` and ``to_end``; linear.

    Args:
        x: the input.
        to_end: numbers to put after the differences.
        to_begin: numbers to put in front of them.

    Shapes: any of n elements -> ``(n - 1,)``, longer by what is put before and after.

    Raises:
        TypeError: for truth values, and for numbers that do not fit into the dtype of ``x``.

    >>> ag.ediff1d(np.array([1.0, 2.0, 4.0]), to_begin=0.0)
    array([0., 1., 2.])
    """
    x = np.reshape(as_array(x), -1)
    differences = x[1:] - x[:-1] if x.dtype == bool else difference(x, n=min(1, x.size), axis=0)
    parts = [_margin(to_begin, x.dtype, "to_begin"), differences, _margin(to_end, x.dtype, "to_end")]
    parts = [each for each in parts if each is not None]
    return concatenate(parts) if len(parts) > 1 else differences


def _margin(x: Any, dtype: Any, name: str) -> Any:
    if x is None:
        return None
    x = as_array(x)
    if not np.can_cast(x.dtype, dtype, "same_kind"):
        raise TypeError(f"ediff1d: expected {name} in a dtype that fits into that of x, {dtype}; received {x.dtype}")
    return cast(np.reshape(x, -1), dtype, copy=False)


# ---------------------------------------------------------------- areas


@op(
    name="trapezoid",
    public=False,
    samples=[
        sample(reals(4), 0.5, axis=-1),
        sample(reals(2, 3), reals(2, 1), axis=-1),
        sample(reals(3), reals(2, 2), axis=-1),
        sample(complexes(3, 2), reals(), axis=0),
    ],
)
def _trapezoid(y: Any, d: Any, *, axis: int) -> Any:
    """The area under the points ``y`` at the distances ``d``."""
    own = axis % y.ndim
    return (d * (y[part(own, slice(1, None))] + y[part(own, slice(None, -1))]) / 2.0).sum(axis)


def _trapezoid_y(g: Any, y_shape: tuple[int, ...], d: Any, d_shape: tuple[int, ...], axis: int) -> Any:
    own = axis % len(y_shape)
    segments = (*y_shape[:own], max(y_shape[own] - 1, 0), *y_shape[own + 1 :])
    halves = np.broadcast_to(np.expand_dims(g, axis) * d / 2, np.broadcast_shapes(d_shape, segments))
    if not y_shape[own]:
        return sum_to(halves, shape=y_shape)
    halves = sum_to(halves, shape=segments)
    return between_zeros(halves, own, 0, 1) + between_zeros(halves, own, 1, 0)


def _trapezoid_d(g: Any, y: Any, d_shape: tuple[int, ...], axis: int) -> Any:
    own = axis % y.ndim
    means = (y[part(own, slice(1, None))] + y[part(own, slice(None, -1))]) / 2
    return sum_to(np.expand_dims(g, axis) * means, shape=d_shape)


_trapezoid.vjp(y=_trapezoid_y, d=_trapezoid_d)


def _trapezoids(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """With the axis counted from the end, it is the same of ``y`` and of the product, and new axes come before it."""
    (y, d), axis = arrays, statics["axis"]
    ndim = y.ndim - mapped[0]
    if axis >= 0:
        if len(shape_of(d)) - mapped[1] > ndim:
            return NotImplemented  # then the axis is not the same one of ``y`` and of the product
        axis -= ndim
    return aligned(record, arrays, mapped, {"axis": axis}, level)


_trapezoid.batch(_trapezoids)


@function(
    np.trapezoid,
    samples=[
        sample(reals(4)),
        sample(reals(3, 4), dx=0.5, axis=0),
        sample(reals(4), distinct(4)),
        sample(reals(2, 4), distinct(4)),
        sample(reals(2, 4), distinct(2, 4)),
        sample(reals(4), distinct(2, 4)),
        sample(reals(3, 2), distinct(3), axis=-2),
        sample(complexes(3), distinct(3)),
        sample(integers(4)),
    ],
    errors=[
        (sample(reals()), IndexError),
        (sample(reals(3), axis=1), np.exceptions.AxisError),
        (sample(reals(3), np.arange(4.0)), ValueError),
    ],
)
def trapezoid(y: Any, /, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """The area under a curve through points, by trapezoids: the sum of ``(y[i] + y[i + 1]) / 2 * (x[i + 1] - x[i])``.

    Differentiable in ``y``, in which it is linear, in ``x`` and in ``dx``.

    Args:
        y: the heights of the points.
        x: their places, one along ``axis`` for each, or an array that broadcasts against ``y``.
        dx: without ``x``, their distance.
        axis: the axis to integrate along.

    Shapes: any -> same without ``axis``.

    Raises:
        ValueError: for places that do not fit to ``y``.
        numpy.exceptions.AxisError: for an axis that ``y`` does not have.

    >>> ag.trapezoid(np.array([0.0, 1.0, 4.0]), dx=0.5)
    np.float64(1.5)
    """
    y = as_array(y)
    own = normalize_axis_index(axis, y.ndim)
    if x is None:
        return _trapezoid(y, dx, axis=index(axis))
    x = as_array(x)
    distances = diff(x, axis=axis if x.ndim != 1 else 0)
    if x.ndim == 1:
        distances = np.reshape(distances, (-1, *[1] * (y.ndim - 1 - own)))
    return _trapezoid(y, distances, axis=index(axis))


# ---------------------------------------------------------------- angles


@op(name="unwrap", public=False, samples=[sample(reals(2, 6, low=-6.0, high=6.0), discont=None, axis=1, period=4.0)])
def _unwrap(x: Any, *, discont: Any, axis: int, period: Any) -> Any:
    return np.unwrap(x, discont, axis, period=period)


_unwrap.vjp(x=lambda g: g)
_unwrap.batch(shifted("axis"))


@function(
    np.unwrap,
    samples=[
        sample(reals(8, low=-6.0, high=6.0)),
        sample(reals(5, 3, low=-6.0, high=6.0), axis=0, period=3.0),
        sample(reals(8, low=-6.0, high=6.0), 4.0),
        sample(integers(6, low=0, high=12), period=12),
    ],
    errors=[
        (sample(reals()), ValueError),
        (sample(reals(3), axis=1), np.exceptions.AxisError),
        (sample(complexes(3)), TypeError),
    ],
)
def unwrap(x: Any, /, discont: float | None = None, axis: int = -1, *, period: float = 2 * np.pi) -> Any:
    """Angles made continuous: where two neighbours differ by more than half a period, whole periods are added to the rest.

    What is added is constant between its jumps, so the derivative is 1.

    Args:
        x: angles, in radians unless the period says otherwise.
        discont: the difference from which on to correct; half a period, which is the least that has an effect, by default.
        axis: the axis along which neighbours are compared.
        period: the period; a number.

    Shapes: any -> same.

    Raises:
        ValueError: for a number in place of an array.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        TypeError: for complex numbers.

    >>> ag.unwrap(np.array([8.0, 9.0, 0.0, 1.0]), period=10)
    array([ 8.,  9., 10., 11.])
    """
    x = as_array(x)
    axis = normalize_axis_index(axis, x.ndim)
    return _unwrap(x, discont=_number(discont), axis=axis, period=_number(period))


def _number(x: Any) -> Any:
    """A setting that no gradient flows to: a number, or a tensor of one, which must not be recorded."""
    return np.asarray(x)[()] if isinstance(x, Tensor) else x
