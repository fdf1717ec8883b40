"""New shapes and orders of axes: reshaping, broadcasting, transposing.

Each of them is linear: it moves elements and computes nothing, so its gradient is the way back: ``reshape`` to the old shape,
``transpose`` by the inverse order, ``sum_to`` for ``broadcast_to``. Where an op would only repeat what another does, the
public function is written in terms of the other.
"""

from math import prod
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd.batch_rules import further, padded
from autograd.batched import example_of
from autograd.gate import answer_for, function, op
from autograd.ops.arguments import as_array, ndim_of, shape_of_any, whole_numbers
from autograd.ops.casting import copy_of
from autograd.ops.reductions.reduction import sum_to
from autograd.record import Op
from autograd.samples import complexes, reals, sample

# ---------------------------------------------------------------- shapes


@op(
    linear=True,
    view=True,
    name="reshape",
    public=False,
    samples=[sample(reals(3, 4), shape=(2, 6), order="C"), sample(reals(3, 4), shape=(2, 6), order="F")],
)
def _reshape(x: Any, *, shape: tuple[int, ...], order: str) -> Any:
    out = x.reshape(shape) if order == "C" else x.reshape(shape, order=order)
    return out if shape or isinstance(x, np.ndarray) else out[()]


_reshape.vjp(x=lambda g, x_shape, order: g.reshape(x_shape) if order == "C" else g.reshape(x_shape, order=order))


def _reshape_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    (x,), shape, order = arrays, statics["shape"], statics["order"]
    if -1 in shape:  # worked out here, as of no examples it could not be
        known = -prod(shape)
        if known <= 0 or shape.count(-1) > 1:
            return NotImplemented
        shape = tuple([prod(x.shape[1:]) // known if length == -1 else length for length in shape])
    if prod(shape) != prod(x.shape[1:]):
        return NotImplemented  # which NumPy refuses, for a single example
    if order == "C":
        return record.call(x, shape=(level.size, *shape), order="C")
    # counting from the first axis, whole examples have to follow each other along the last one
    return np.moveaxis(record.call(np.moveaxis(x, 0, -1), shape=(*shape, level.size), order=order), -1, 0)


_reshape.batch(_reshape_examples)


@function(
    np.reshape,
    samples=[
        sample(reals(3, 4), (2, 6)),
        sample(reals(3, 4), -1),
        sample(reals(2, 3, 2), [2, -1], order="F"),
        sample(reals(), (1, 1)),
        sample(reals(0, 3), (3, 0)),
        sample(reals(2, 3), (3, 2), copy=True),
    ],
    errors=[(sample(reals(3), (2,)), ValueError), (sample(reals(3), 3.0), TypeError)],
)
def reshape(x: Any, /, shape: Any, order: str = "C", *, copy: bool | None = None) -> Any:
    """The same elements, in the same order, in another shape.

    Args:
        x: the input.
        shape: the lengths of the new axes; one of them may be -1, to be worked out.
        order: how the elements are counted in both shapes: ``"C"``, last axis fastest; ``"F"``, first axis fastest; ``"A"``,
            ``"F"`` where ``x`` lies in memory that way, else ``"C"``.
        copy: whether the result has memory of its own; ``None``: only where it cannot be a view.

    Shapes: any -> ``shape``, of the same size.

    Raises:
        ValueError: when the sizes differ, for another order, and with ``copy=False`` where the result cannot be a view.
        TypeError: for lengths that are no whole numbers.

    >>> ag.reshape(np.arange(6.0), (2, -1))
    array([[0., 1., 2.],
           [3., 4., 5.]])
    """
    shape, order = whole_numbers(shape), _element_order(x, order)
    if copy is False:
        _check_view(x, shape, order)
    return _reshape(copy_of(as_array(x)) if copy else x, shape=shape, order=order)


def _check_view(x: Any, shape: tuple[int, ...], order: Any) -> None:
    try:
        np.reshape(example_of(x), shape, order, copy=False)
    except ValueError as error:
        raise ValueError(
            f"reshape: {error}; received shape {shape_of_any(x)}, expected {shape} as a view; leave out copy=False"
        ) from None


def reshape_method(x: Any, /, *shape: Any, order: str = "C", copy: bool | None = None) -> Any:
    """``reshape`` as a method: ``t.reshape(2, 3)`` or ``t.reshape((2, 3))``."""
    if not shape:
        raise TypeError("reshape: expected a shape, as in t.reshape(2, 3) or t.reshape((2, 3)), received none")
    return reshape(x, shape[0] if len(shape) == 1 else shape, order, copy=copy)


def _element_order(x: Any, order: str) -> str:
    if order == "A":
        array = example_of(x)
        return "F" if isinstance(array, np.ndarray) and np.isfortran(array) else "C"
    if order not in ("C", "F"):
        raise ValueError(f"expected order 'C', 'F' or 'A', received {order!r}")
    return order


@function(
    np.ravel,
    samples=[sample(reals(3, 4)), sample(reals(2, 3), "F"), sample(reals()), sample(complexes(2, 2))],
    errors=[(sample(reals(3, 4), order="X"), ValueError)],
)
def ravel(x: Any, /, order: str = "C") -> Any:
    """All elements along one axis, last axis fastest (``order="F"``: first axis fastest); a view where possible.

    Shapes: any -> ``(x.size,)``.

    Raises:
        ValueError: for an order other than ``"C"``, ``"F"`` and ``"A"``.

    >>> ag.ravel(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([1., 2., 3., 4.])
    """
    flat = _reshape(x, shape=(-1,), order=_element_order(x, order))
    return flat if example_of(flat).flags.c_contiguous else copy_of(flat)  # NumPy's reshape makes a view here, its ravel a copy


def flatten(x: Any, /, order: str = "C") -> Any:
    """A copy of all elements along one axis: the method ``Tensor.flatten``."""
    return copy_of(_reshape(x, shape=(-1,), order=_element_order(x, order)))


@function(
    np.squeeze,
    samples=[sample(reals(1, 3, 1)), sample(reals(1, 3, 1), -1), sample(reals(1, 3, 1), axis=(0, 2))],
    errors=[(sample(reals(2, 1), 0), ValueError), (sample(reals(1), 1), np.exceptions.AxisError)],
)
def squeeze(x: Any, /, axis: Any = None) -> Any:
    """``x`` without its axes of length 1: all of them, or those in ``axis``.

    Shapes: any -> ``x.shape`` without those axes.

    Raises:
        ValueError: for an axis of another length.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.squeeze(np.ones((1, 3, 1)), axis=0).shape
    (3, 1)
    """
    shape = shape_of_any(x)
    if axis is None:
        return _reshape(x, shape=tuple([length for length in shape if length != 1]), order="C")
    axes = normalize_axis_tuple(axis, len(shape), "axis")
    if any(shape[i] != 1 for i in axes):
        raise ValueError(f"squeeze: expected axes of length 1, received axis={axis} of shape {shape}")
    return _reshape(x, shape=tuple([length for i, length in enumerate(shape) if i not in axes]), order="C")


@function(
    np.expand_dims,
    samples=[sample(reals(3, 4), 1), sample(reals(3, 4), (0, -1)), sample(reals(), 0), sample(reals(2), ())],
    errors=[(sample(reals(2), 2), np.exceptions.AxisError), (sample(reals(2), (0, 0)), ValueError)],
)
def expand_dims(x: Any, /, axis: Any) -> Any:
    """``x`` with new axes of length 1, at the places ``axis`` of the result.

    Shapes: any -> the same with a 1 inserted for each axis.

    Raises:
        numpy.exceptions.AxisError: for a place that the result does not have.
        ValueError: for a place that is named twice.

    >>> ag.expand_dims(np.ones((2, 3)), (0, -1)).shape
    (1, 2, 3, 1)
    """
    axis = whole_numbers(axis)
    shape = list(shape_of_any(x))
    for place in sorted(normalize_axis_tuple(axis, len(shape) + len(axis), "axis")):
        shape.insert(place, 1)
    return _reshape(x, shape=tuple(shape), order="C")


@op(linear=True, view=True, name="broadcast_to", public=False, samples=[sample(reals(3, 1), shape=(2, 3, 4))])
def _broadcast_to(x: Any, *, shape: tuple[int, ...]) -> Any:
    out = np.broadcast_to(x, shape)
    return out if shape else out[()]


_broadcast_to.vjp(x=lambda g, x_shape: sum_to(g, shape=x_shape))


def _broadcast_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    shape = statics["shape"]
    return record.call(padded(arrays[0], len(shape)), shape=(level.size, *shape))


_broadcast_to.batch(_broadcast_examples)


@function(
    np.broadcast_to,
    samples=[sample(reals(3, 1), (2, 3, 4)), sample(reals(), (2,)), sample(reals(3), 3), sample(reals(1), (0,))],
    errors=[(sample(reals(3), (2, 2)), ValueError), (sample(reals(3), -1), ValueError)],
)
def broadcast_to(x: Any, /, shape: Any) -> Any:
    """``x`` repeated along new axes and axes of length 1 until it has ``shape``; a read-only view.

    Shapes: any that broadcasts to ``shape`` -> ``shape``.

    Raises:
        ValueError: when it does not broadcast to it.

    >>> ag.broadcast_to(np.array([1.0, 2.0]), (2, 2))
    array([[1., 2.],
           [1., 2.]])
    """
    return _broadcast_to(x, shape=whole_numbers(shape))


# ---------------------------------------------------------------- orders of axes


@op(
    linear=True,
    view=True,
    name="transpose",
    public=False,
    samples=[sample(reals(3, 4), axes=None), sample(reals(2, 3, 4), axes=(2, 0, -2))],
)
def _transpose(x: Any, *, axes: tuple[int, ...] | None) -> Any:
    return x.transpose(axes)


def _inverse(axes: tuple[int, ...]) -> tuple[int, ...]:
    places = [0] * len(axes)
    for place, axis in enumerate(axes):
        places[axis] = place
    return tuple(places)


_transpose.vjp(x=lambda g, axes: g.T if axes is None else g.transpose(_inverse(axes)))


def _transpose_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    (x,) = arrays
    return record.call(x, axes=(0, *further(statics["axes"], x.ndim - 1, lambda ndim: tuple(reversed(range(ndim))))))


_transpose.batch(_transpose_examples)


@function(
    np.transpose,
    samples=[
        sample(reals(3, 4)),
        sample(reals(2, 3, 4), (2, 0, 1)),
        sample(reals(2, 3, 4), axes=[-1, 0, 1]),
        sample(reals(3)),
        sample(reals()),
        sample(complexes(2, 3)),
    ],
    errors=[(sample(reals(2, 3), (0,)), ValueError), (sample(reals(2, 3), (0, 0)), ValueError)],
)
def transpose(x: Any, /, axes: Any = None) -> Any:
    """``x`` with its axes in another order: axis ``axes[i]`` becomes axis ``i``; by default the order is reversed.

    Shapes: any -> ``x.shape`` in that order.

    Raises:
        ValueError: for too few or too many axes, or one named twice.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.transpose(np.ones((2, 3, 4)), (2, 0, 1)).shape
    (4, 2, 3)
    """
    return _transpose(x, axes=None if axes is None else whole_numbers(axes))


permute_dims = transpose  # the array API's name; np.permute_dims is np.transpose too


def transpose_method(x: Any, /, *axes: Any) -> Any:
    """``transpose`` as a method: ``t.transpose()``, ``t.transpose(1, 0)`` or ``t.transpose((1, 0))``."""
    if not axes:
        return _transpose(x, axes=None)
    return transpose(x, axes[0] if len(axes) == 1 else axes)


@function(
    np.matrix_transpose,
    samples=[sample(reals(2, 3)), sample(reals(2, 3, 4)), sample(complexes(2, 3))],
    errors=[(sample(reals(3)), ValueError)],
)
def matrix_transpose(x: Any, /) -> Any:
    """The last two axes swapped: each matrix of a stack transposed, without conjugation.

    Shapes: ``(..., m, n)`` -> ``(..., n, m)``.

    Raises:
        ValueError: for fewer than two axes.

    >>> ag.matrix_transpose(np.ones((5, 2, 3))).shape
    (5, 3, 2)
    """
    dimensions = ndim_of(x)
    if dimensions < 2:
        raise ValueError(f"matrix_transpose: expected at least two axes, received shape {shape_of_any(x)}; use ag.expand_dims")
    return _transpose(x, axes=(*range(dimensions - 2), dimensions - 1, dimensions - 2))


answer_for(np.linalg.matrix_transpose, matrix_transpose)


@function(
    np.swapaxes,
    samples=[sample(reals(2, 3, 4), 0, -1), sample(reals(2, 3), 1, 1)],
    errors=[(sample(reals(2, 3), 2, 0), np.exceptions.AxisError)],
)
def swapaxes(x: Any, /, axis1: int, axis2: int) -> Any:
    """Two axes swapped.

    Shapes: any -> ``x.shape`` with the two lengths swapped.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.swapaxes(np.ones((2, 3, 4)), 0, -1).shape
    (4, 3, 2)
    """
    axes = list(range(ndim_of(x)))
    axis1, axis2 = normalize_axis_index(axis1, len(axes), "axis1"), normalize_axis_index(axis2, len(axes), "axis2")
    axes[axis1], axes[axis2] = axis2, axis1
    return _transpose(x, axes=tuple(axes))


@function(
    np.moveaxis,
    samples=[sample(reals(2, 3, 4), 0, -1), sample(reals(2, 3, 4), (0, 1), (-1, 0))],
    errors=[
        (sample(reals(2, 3), 2, 0), np.exceptions.AxisError),
        (sample(reals(2, 3), (0, 1), (0,)), ValueError),
        (sample(reals(2, 3), (0, 0), (0, 1)), ValueError),
    ],
)
def moveaxis(x: Any, /, source: Any, destination: Any) -> Any:
    """Axes moved from the places ``source`` to the places ``destination``; the others keep their order.

    Shapes: any -> ``x.shape`` in that order.

    Raises:
        ValueError: for lists of different lengths, or an axis named twice.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.moveaxis(np.ones((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    dimensions = ndim_of(x)
    source = normalize_axis_tuple(source, dimensions, "source")
    destination = normalize_axis_tuple(destination, dimensions, "destination")
    if len(source) != len(destination):
        raise ValueError(f"moveaxis: expected as many sources as destinations, received {len(source)} and {len(destination)}")
    axes = [i for i in range(dimensions) if i not in source]
    for place, axis in sorted(zip(destination, source, strict=True)):
        axes.insert(place, axis)
    return _transpose(x, axes=tuple(axes))


@function(
    np.rollaxis,
    samples=[sample(reals(2, 3, 4), 2), sample(reals(2, 3, 4), 0, 3), sample(reals(2, 3, 4), -1, start=1)],
    errors=[
        (sample(reals(2, 3), 2), np.exceptions.AxisError),
        (sample(reals(2, 3), 0, 3), np.exceptions.AxisError),
    ],
)
def rollaxis(x: Any, /, axis: int, start: int = 0) -> Any:
    """``axis`` moved back until it stands before the axis ``start``; ``moveaxis`` is easier to read.

    Shapes: any -> ``x.shape`` in that order.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have, and a start beyond the last one's end.

    >>> ag.rollaxis(np.ones((2, 3, 4)), 2).shape
    (4, 2, 3)
    """
    dimensions = ndim_of(x)
    axis = normalize_axis_index(axis, dimensions, "axis")
    if not -dimensions <= start <= dimensions:
        raise np.exceptions.AxisError(
            f"rollaxis: expected a start from {-dimensions} to {dimensions}, received {start} for shape {shape_of_any(x)}"
        )
    start = start + dimensions if start < 0 else start
    axes = [i for i in range(dimensions) if i != axis]
    axes.insert(start - 1 if axis < start else start, axis)
    return _transpose(x, axes=tuple(axes))
