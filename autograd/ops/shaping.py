"""Ops that rearrange elements: new shapes and orders of axes, joining and splitting, repeating and padding.

Each of them is linear: it moves elements and computes nothing, so its gradient is the way back, and ops come in pairs of
transposes: ``concatenate`` and ``split``, ``stack`` and ``unstack``, ``broadcast_to`` and ``sum_to``, ``pad`` and a slice.
Where an op would only repeat what another does, the public function is written in terms of the other.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd.gate import function, op
from autograd.ops.casting import copy_of
from autograd.ops.indexing import getitem
from autograd.ops.reduction import sum_to
from autograd.samples import complexes, many, reals, sample
from autograd.tensor import Tensor


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of a tensor, an array, a number or nested lists."""
    return x.shape if isinstance(x, Tensor) else np.shape(x)


def as_array(x: Any) -> Any:
    """What has a shape as it is; a number or nested lists as an array."""
    return x if isinstance(x, Tensor | np.ndarray) else np.asarray(x)


def whole_numbers(x: Any) -> tuple[int, ...]:
    """A shape, or a list of axes, as NumPy takes it: one number stands for a sequence of one.

    Raises:
        TypeError: for what is no whole number.
    """
    if isinstance(x, Tensor):
        x = x.numpy()
    return tuple([index(each) for each in x]) if np.iterable(x) else (index(x),)


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
    return out if shape else out[()]


_reshape.vjp(x=lambda g, x_shape, order: g.reshape(x_shape) if order == "C" else g.reshape(x_shape, order=order))


@function(
    np.reshape,
    samples=[
        sample(reals(3, 4), (2, 6)),
        sample(reals(3, 4), -1),
        sample(reals(2, 3, 2), [2, -1], order="F"),
        sample(reals(), (1, 1)),
        sample(reals(0, 3), (3, 0)),
    ],
    errors=[(sample(reals(3), (2,)), ValueError), (sample(reals(3), 3.0), TypeError)],
)
def reshape(x: Any, /, shape: Any, order: str = "C") -> Any:
    """The same elements, in the same order, in another shape.

    Args:
        x: the input.
        shape: the lengths of the new axes; one of them may be -1, to be worked out.
        order: how the elements are counted in both shapes: ``"C"``, last axis fastest; ``"F"``, first axis fastest; ``"A"``,
            ``"F"`` where ``x`` lies in memory that way, else ``"C"``.

    Shapes: any -> ``shape``, of the same size.

    Raises:
        ValueError: when the sizes differ, or for another order.
        TypeError: for lengths that are no whole numbers.

    >>> ag.reshape(np.arange(6.0), (2, -1))
    array([[0., 1., 2.],
           [3., 4., 5.]])
    """
    return _reshape(x, shape=whole_numbers(shape), order=_element_order(x, order))


def reshape_method(x: Any, /, *shape: Any, order: str = "C") -> Any:
    """``reshape`` as a method: ``t.reshape(2, 3)`` or ``t.reshape((2, 3))``."""
    if not shape:
        raise TypeError("reshape: expected a shape, as in t.reshape(2, 3) or t.reshape((2, 3)), received none")
    return reshape(x, shape[0] if len(shape) == 1 else shape, order)


def _element_order(x: Any, order: str) -> str:
    if order == "A":
        array = x._data if isinstance(x, Tensor) else x
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
    return _reshape(x, shape=(-1,), order=_element_order(x, order))


def flatten(x: Any, /, order: str = "C") -> Any:
    """A copy of all elements along one axis: the method ``Tensor.flatten``."""
    return copy_of(ravel(x, order))


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
    shape = shape_of(x)
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
    shape = list(shape_of(x))
    for place in sorted(normalize_axis_tuple(axis, len(shape) + len(axis), "axis")):
        shape.insert(place, 1)
    return _reshape(x, shape=tuple(shape), order="C")


@op(linear=True, view=True, name="broadcast_to", public=False, samples=[sample(reals(3, 1), shape=(2, 3, 4))])
def _broadcast_to(x: Any, *, shape: tuple[int, ...]) -> Any:
    out = np.broadcast_to(x, shape)
    return out if shape else out[()]


_broadcast_to.vjp(x=lambda g, x_shape: sum_to(g, shape=x_shape))


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


@function(np.broadcast_arrays, samples=[sample(reals(3), reals(2, 1)), sample(reals(), reals(2))])
def broadcast_arrays(*arrays: Any) -> tuple[Any, ...]:
    """Each of ``arrays`` broadcast to the shape that they have together.

    Shapes: any that broadcast -> their broadcast, for each.

    Raises:
        ValueError: when they do not broadcast.

    >>> [each.shape for each in ag.broadcast_arrays(np.ones(3), np.ones((2, 1)))]
    [(2, 3), (2, 3)]
    """
    shapes = [shape_of(each) for each in arrays]
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(
            f"broadcast_arrays: shapes {' and '.join(map(str, shapes))} do not broadcast. From the last axis backwards, "
            "two lengths must be equal or one of them 1"
        ) from None
    return tuple([_broadcast_to(each, shape=shape) for each in arrays])


def _reshaped(arrays: Sequence[Any], new_shape: Callable[[tuple[int, ...]], tuple[int, ...]]) -> Any:
    """Each array in the shape that ``new_shape`` makes of its own; a single one alone, several as a tuple."""
    results = []
    for each in arrays:
        x = as_array(each)
        shape = new_shape(x.shape)
        results.append(x if shape == x.shape else _reshape(x, shape=shape, order="C"))
    return results[0] if len(results) == 1 else tuple(results)


@function(np.atleast_1d, samples=[sample(reals()), sample(reals(3)), sample(reals(), reals(2, 1))])
def atleast_1d(*arrays: Any) -> Any:
    """Each array with at least one axis; several come as a tuple.

    Shapes: ``()`` -> ``(1,)``; others stay.

    >>> ag.atleast_1d(2.0)
    array([2.])
    """
    return _reshaped(arrays, lambda shape: shape or (1,))


@function(np.atleast_2d, samples=[sample(reals()), sample(reals(3)), sample(reals(2), reals(2, 1, 3))])
def atleast_2d(*arrays: Any) -> Any:
    """Each array with at least two axes, new ones in front; several come as a tuple.

    Shapes: ``()`` -> ``(1, 1)``, ``(n,)`` -> ``(1, n)``; others stay.

    >>> ag.atleast_2d(np.array([1.0, 2.0]))
    array([[1., 2.]])
    """
    return _reshaped(arrays, lambda shape: (1,) * (2 - len(shape)) + shape)


@function(np.atleast_3d, samples=[sample(reals()), sample(reals(3)), sample(reals(2, 3), reals(2, 1, 3))])
def atleast_3d(*arrays: Any) -> Any:
    """Each array with at least three axes; several come as a tuple.

    Shapes: ``()`` -> ``(1, 1, 1)``, ``(n,)`` -> ``(1, n, 1)``, ``(m, n)`` -> ``(m, n, 1)``; others stay.

    >>> ag.atleast_3d(np.ones((2, 3))).shape
    (2, 3, 1)
    """
    forms: dict[int, Callable[..., tuple[int, ...]]] = {
        0: lambda: (1, 1, 1),
        1: lambda n: (1, n, 1),
        2: lambda m, n: (m, n, 1),
    }
    return _reshaped(arrays, lambda shape: forms[len(shape)](*shape) if len(shape) < 3 else shape)


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
    dimensions = len(shape_of(x))
    if dimensions < 2:
        raise ValueError(f"matrix_transpose: expected at least two axes, received shape {shape_of(x)}; use ag.expand_dims")
    return _transpose(x, axes=(*range(dimensions - 2), dimensions - 1, dimensions - 2))


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
    axes = list(range(len(shape_of(x))))
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
    dimensions = len(shape_of(x))
    source = normalize_axis_tuple(source, dimensions, "source")
    destination = normalize_axis_tuple(destination, dimensions, "destination")
    if len(source) != len(destination):
        raise ValueError(f"moveaxis: expected as many sources as destinations, received {len(source)} and {len(destination)}")
    axes = [i for i in range(dimensions) if i not in source]
    for place, axis in sorted(zip(destination, source, strict=True)):
        axes.insert(place, axis)
    return _transpose(x, axes=tuple(axes))


@op(linear=True, view=True, name="flip", public=False, samples=[sample(reals(3, 4), axes=(1,)), sample(reals(), axes=())])
def _flip(x: Any, *, axes: tuple[int, ...]) -> Any:
    return x[tuple([slice(None, None, -1) if i in axes else slice(None) for i in range(x.ndim)])]


_flip.vjp(x=lambda g, axes: _flip(g, axes=axes))


@function(
    np.flip,
    samples=[sample(reals(3, 4)), sample(reals(3, 4), 1), sample(reals(2, 3, 4), axis=(0, -1)), sample(reals())],
    errors=[(sample(reals(3), 1), np.exceptions.AxisError)],
)
def flip(x: Any, /, axis: Any = None) -> Any:
    """The order of elements reversed along ``axis``: all axes, one, or several; a view.

    Shapes: any -> same.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.flip(np.array([1.0, 2.0, 3.0]))
    array([3., 2., 1.])
    """
    dimensions = len(shape_of(x))
    return _flip(x, axes=tuple(range(dimensions)) if axis is None else normalize_axis_tuple(axis, dimensions, "axis"))


@op(
    linear=True,
    name="roll",
    public=False,
    samples=[sample(reals(3, 4), shift=(1, -2), axis=(0, 1)), sample(reals(3, 4), shift=5, axis=None)],
)
def _roll(x: Any, *, shift: Any, axis: tuple[int, ...] | None) -> Any:
    return np.roll(x, shift, axis)[()]


_roll.vjp(x=lambda g, shift, axis: _roll(g, shift=-shift if axis is None else tuple([-each for each in shift]), axis=axis))


@function(
    np.roll,
    samples=[
        sample(reals(3, 4), 5),
        sample(reals(3, 4), -1, axis=1),
        sample(reals(3, 4), (1, 2), axis=(0, -1)),
        sample(reals(3, 4), 1, axis=(0, 1)),
        sample(reals(4), (1, 2), axis=0),
    ],
    errors=[(sample(reals(3), 1, 1), np.exceptions.AxisError), (sample(reals(3, 4), (1, 2, 3), (0, 1)), ValueError)],
)
def roll(x: Any, /, shift: Any, axis: Any = None) -> Any:
    """Elements moved on by ``shift`` places along ``axis``; what leaves at the end enters at the start.

    Args:
        x: the input.
        shift: how many places; a tuple for several axes. Negative shifts move towards the start.
        axis: an axis, a tuple of them, or ``None`` to roll the flattened elements.

    Shapes: any -> same.

    Raises:
        ValueError: when the lengths of ``shift`` and ``axis`` do not broadcast.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.roll(np.array([1.0, 2.0, 3.0, 4.0]), 1)
    array([4., 1., 2., 3.])
    """
    shifts = whole_numbers(shift)
    if axis is None:
        return _roll(x, shift=sum(shifts), axis=None)
    axes = normalize_axis_tuple(axis, len(shape_of(x)), "axis", allow_duplicate=True)
    pairs = np.broadcast(np.asarray(shifts), np.asarray(axes))
    totals: dict[int, int] = {}
    for each, place in pairs:
        totals[int(place)] = totals.get(int(place), 0) + int(each)
    return _roll(x, shift=tuple(totals.values()), axis=tuple(totals))


# ---------------------------------------------------------------- joining and splitting


@op(
    linear=True,
    name="concatenate",
    public=False,
    samples=[sample(reals(3, 4), reals(3, 1), axis=1), sample(reals(2), complexes(3), axis=-1)],
)
def _concatenate(*arrays: Any, axis: int) -> Any:
    return np.concatenate(arrays, axis)


_concatenate.vjp(
    arrays=lambda g, arrays_shape, axis: _split(g, lengths=tuple([shape[axis] for shape in arrays_shape]), axis=axis % g.ndim)
)


@op(
    linear=True,
    view=True,
    multiple=True,
    name="split",
    public=False,
    samples=[sample(reals(3, 4), lengths=(1, 0, 3), axis=1), sample(reals(5), lengths=(2, 3), axis=0)],
)
def _split(x: Any, *, lengths: tuple[int, ...], axis: int) -> tuple[Any, ...]:
    before = (slice(None),) * axis
    pieces = []
    start = 0
    for length in lengths:
        pieces.append(x[(*before, slice(start, start + length))])
        start += length
    return tuple(pieces)


def _joined_pieces(g: Any, x_shape: tuple[int, ...], x_dtype: Any, lengths: tuple[int, ...], axis: int) -> Any:
    """The pieces' cotangents side by side, zeros for pieces that were not used."""
    before, after = x_shape[:axis], x_shape[axis + 1 :]
    pieces = [
        np.zeros((*before, length, *after), x_dtype) if each is None else each for each, length in zip(g, lengths, strict=True)
    ]
    return np.concatenate(pieces, axis)


_split.vjp(x=_joined_pieces)


@function(
    np.concatenate,
    samples=[
        sample(many(reals(3, 4), reals(2, 4))),
        sample(many(reals(3, 4), reals(3, 1), reals(3, 0)), axis=-1),
        sample(many(reals(3, 4), reals(2), reals()), axis=None),
        sample(many(reals(2), complexes(3)), 0),
    ],
    errors=[
        (sample(many(reals(2, 3), reals(2, 2))), ValueError),
        (sample(many(reals(2), reals())), ValueError),
        (sample([]), ValueError),
        (sample(many(reals(2), reals(2)), axis=1), np.exceptions.AxisError),
    ],
)
def concatenate(arrays: Any, /, axis: int | None = 0) -> Any:
    """Arrays joined along an axis that they have; ``axis=None`` joins their flattened elements.

    Shapes: several that differ along ``axis`` at most -> the same with the lengths along ``axis`` added up.

    Raises:
        ValueError: for no arrays, arrays without dimensions, or other axes that differ.
        numpy.exceptions.AxisError: for an axis that they do not have.

    >>> ag.concatenate([np.array([1.0, 2.0]), np.array([3.0])])
    array([1., 2., 3.])
    """
    if axis is None:
        return _concatenate(*[ravel(each) for each in arrays], axis=0)
    return _concatenate(*arrays, axis=index(axis))


concat = concatenate  # the array API's name; np.concat is np.concatenate too


@op(
    linear=True,
    name="stack",
    public=False,
    samples=[sample(reals(3, 4), reals(3, 4), axis=1), sample(reals(2), complexes(2), axis=-1)],
)
def _stack(*arrays: Any, axis: int) -> Any:
    return np.stack(arrays, axis)


_stack.vjp(arrays=lambda g, axis: _unstack(g, axis=axis % g.ndim))


@op(linear=True, view=True, multiple=True, name="unstack", public=False, samples=[sample(reals(3, 4), axis=1)])
def _unstack(x: Any, *, axis: int) -> tuple[Any, ...]:
    return tuple(x if axis == 0 else np.moveaxis(x, axis, 0))


def _stacked_slices(g: Any, x_shape: tuple[int, ...], x_dtype: Any, axis: int) -> Any:
    """The slices' cotangents stacked, zeros for slices that were not used."""
    shape = (*x_shape[:axis], *x_shape[axis + 1 :])
    return np.stack([np.zeros(shape, x_dtype) if each is None else each for each in g], axis)


_unstack.vjp(x=_stacked_slices)


@function(
    np.stack,
    samples=[
        sample(many(reals(3, 4), reals(3, 4))),
        sample(many(reals(3), reals(3), reals(3)), axis=-1),
        sample(many(reals(), reals())),
        sample(many(reals(2), complexes(2)), 1),
    ],
    errors=[
        (sample(many(reals(2), reals(3))), ValueError),
        (sample([]), ValueError),
        (sample(many(reals(2), reals(2)), axis=2), np.exceptions.AxisError),
    ],
)
def stack(arrays: Any, /, axis: int = 0) -> Any:
    """Arrays of one shape joined along a new axis, at the place ``axis`` of the result.

    Shapes: n times ``shape`` -> ``shape`` with n inserted.

    Raises:
        ValueError: for no arrays, or shapes that differ.
        numpy.exceptions.AxisError: for a place that the result does not have.

    >>> ag.stack([np.array([1.0, 2.0]), np.array([3.0, 4.0])], axis=1)
    array([[1., 3.],
           [2., 4.]])
    """
    return _stack(*arrays, axis=index(axis))


@function(
    np.unstack,
    samples=[sample(reals(3, 4)), sample(reals(3, 4), axis=-1), sample(reals(3))],
    errors=[(sample(reals()), ValueError), (sample(reals(3), axis=1), np.exceptions.AxisError)],
)
def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    """The slices of ``x`` along ``axis``, as a tuple: what ``stack`` undoes.

    Shapes: any -> as many times as ``axis`` is long, ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have (a ``ValueError``).

    >>> ag.unstack(np.array([[1.0, 2.0], [3.0, 4.0]]))
    (array([1., 2.]), array([3., 4.]))
    """
    return _unstack(x, axis=normalize_axis_index(axis, len(shape_of(x))))


@function(
    np.split,
    samples=[
        sample(reals(6, 2), 3),
        sample(reals(2, 5), [1, 3], axis=1),
        sample(reals(5), (2, -1, 9)),
        sample(reals(6), [3, 1]),
    ],
    errors=[
        (sample(reals(4), 3), ValueError),
        (sample(reals(4), -1), ValueError),
        (sample(reals(4), 2, 1), np.exceptions.AxisError),
    ],
)
def split(x: Any, /, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """``x`` cut along ``axis`` into equal sections, or before each of the indices; a list of views.

    Shapes: any -> several with shares of the length of ``axis``.

    Raises:
        ValueError: for a number of sections that does not divide the length (``array_split`` takes it).
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.split(np.arange(5.0), [2])
    [array([0., 1.]), array([2., 3., 4.])]
    """
    if not np.iterable(indices_or_sections):
        sections, length = index(indices_or_sections), shape_of(x)[normalize_axis_index(axis, len(shape_of(x)))]
        if sections <= 0 or length % sections:
            raise ValueError(
                f"split: expected a number of sections that divides the length {length} of axis {axis}, received {sections}; "
                "ag.array_split makes sections of different lengths"
            )
    return array_split(x, indices_or_sections, axis)


@function(
    np.array_split,
    samples=[sample(reals(5, 2), 3), sample(reals(2, 5), [1, 3], axis=1), sample(reals(2), 3)],
    errors=[(sample(reals(4), 0), ValueError), (sample(reals(4), 2, 1), np.exceptions.AxisError)],
)
def array_split(x: Any, /, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """``split`` into sections whose lengths may differ by one, longer ones first.

    Shapes: any -> several with shares of the length of ``axis``.

    Raises:
        ValueError: for less than one section.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.array_split(np.arange(5.0), 2)
    [array([0., 1., 2.]), array([3., 4.])]
    """
    axis = normalize_axis_index(axis, len(shape_of(x)))
    length = shape_of(x)[axis]
    if np.iterable(indices_or_sections):
        # A slice's own reading of an index: counted from the end if negative, cut off at the ends.
        inner = [slice(None, each).indices(length)[1] for each in whole_numbers(indices_or_sections)]
        cuts = [0, *inner, length]
        if any(later < earlier for earlier, later in pairwise(cuts)):  # pieces that overlap
            before = (slice(None),) * axis
            return [getitem(x, (*before, slice(*ends))) for ends in pairwise(cuts)]
        lengths = [later - earlier for earlier, later in pairwise(cuts)]
    else:
        sections = index(indices_or_sections)
        if sections <= 0:
            raise ValueError(f"array_split: expected at least one section, received {sections}")
        short, longer = divmod(length, sections)
        lengths = [short + 1] * longer + [short] * (sections - longer)
    return list(_split(x, lengths=tuple(lengths), axis=axis))


@function(
    np.hstack,
    samples=[sample(many(reals(3), reals(2))), sample(many(reals(3, 1), reals(3, 2))), sample(many(reals(), reals()))],
)
def hstack(arrays: Any, /) -> Any:
    """Arrays joined along their second axis, those with one axis along it.

    Shapes: ``(m, n_i, ...)`` -> ``(m, sum of n_i, ...)``; ``(n_i,)`` -> ``(sum of n_i,)``.

    Raises:
        ValueError: for no arrays, or other axes that differ.

    >>> ag.hstack([np.ones((2, 1)), np.zeros((2, 2))])
    array([[1., 0., 0.],
           [1., 0., 0.]])
    """
    arrays = [atleast_1d(each) for each in arrays]
    return concatenate(arrays, 0 if arrays and arrays[0].ndim == 1 else 1)


@function(np.vstack, samples=[sample(many(reals(3), reals(2, 3))), sample(many(reals(), reals()))])
def vstack(arrays: Any, /) -> Any:
    """Arrays joined along their first axis; those with one axis are rows.

    Shapes: ``(m_i, ...)`` -> ``(sum of m_i, ...)``; k times ``(n,)`` -> ``(k, n)``.

    Raises:
        ValueError: for no arrays, or other axes that differ.

    >>> ag.vstack([np.array([1.0, 2.0]), np.array([3.0, 4.0])])
    array([[1., 2.],
           [3., 4.]])
    """
    return concatenate([atleast_2d(each) for each in arrays])


# ---------------------------------------------------------------- repeating and padding


@op(
    linear=True,
    name="tile",
    public=False,
    samples=[sample(reals(3, 2), repeats=(2, 1, 3)), sample(reals(2), repeats=(0,)), sample(reals(), repeats=())],
)
def _tile(x: Any, *, repeats: tuple[int, ...]) -> Any:
    return np.tile(x, repeats)[()]


def _tile_rule(g: Any, x_shape: tuple[int, ...], repeats: tuple[int, ...]) -> Any:
    lengths = (1,) * (len(repeats) - len(x_shape)) + x_shape
    interleaved = [each for pair in zip(repeats, lengths, strict=True) for each in pair]
    return g.reshape(interleaved).sum(axis=tuple(range(0, len(interleaved), 2))).reshape(x_shape)


_tile.vjp(x=_tile_rule)


@function(
    np.tile,
    samples=[
        sample(reals(3), 2),
        sample(reals(2, 3), (2, 2)),
        sample(reals(3), (2, 1)),
        sample(reals(2, 3), [2]),
        sample(reals(), 3),
        sample(reals(2), 0),
    ],
    errors=[(sample(reals(3), -1), ValueError), (sample(reals(3), 1.5), TypeError)],
)
def tile(x: Any, /, reps: Any) -> Any:
    """Copies of ``x`` laid side by side, ``reps[i]`` of them along axis ``i``; the gradient is summed over the copies.

    Shapes: any -> ``x.shape`` times ``reps``; the shorter of the two is filled up with ones in front.

    Raises:
        ValueError: for negative numbers of copies.
        TypeError: for numbers of copies that are no whole numbers.

    >>> ag.tile(np.array([1.0, 2.0]), 2)
    array([1., 2., 1., 2.])
    """
    reps = whole_numbers(reps)
    return _tile(x, repeats=(1,) * (len(shape_of(x)) - len(reps)) + reps)


@op(
    linear=True,
    name="repeat",
    public=False,
    samples=[sample(reals(3, 2), repeats=2, axis=1), sample(reals(3), repeats=0, axis=0)],
)
def _repeat(x: Any, *, repeats: int, axis: int) -> Any:
    return np.repeat(x, repeats, axis)


_repeat.vjp(
    x=lambda g, x_shape, repeats, axis: g.reshape(*x_shape[: axis + 1], repeats, *x_shape[axis + 1 :]).sum(axis=axis + 1)
)


@function(
    np.repeat,
    samples=[
        sample(reals(3), 2),
        sample(reals(2, 3), 2),
        sample(reals(2, 3), 3, axis=-1),
        sample(reals(3, 2), [2, 0, 1], axis=0),
        sample(reals(2, 3), [2], 1),
        sample(reals(), 2),
    ],
    errors=[
        (sample(reals(3), -1), ValueError),
        (sample(reals(3), [1, 2]), ValueError),
        (sample(reals(3), 2, 1), np.exceptions.AxisError),
    ],
)
def repeat(x: Any, /, repeats: Any, axis: int | None = None) -> Any:
    """Each element (with ``axis``: each slice along it) repeated; the gradient is summed over the repetitions.

    Args:
        x: the input; without ``axis`` it is flattened first.
        repeats: how often: one number for all, or one for each.
        axis: the axis to repeat along.

    Shapes: any -> ``x.shape`` with the sum of the repeats in place of ``axis``.

    Raises:
        ValueError: for negative repeats, or a number of them that fits neither.
        TypeError: for repeats that are no whole numbers.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.repeat(np.array([1.0, 2.0]), [1, 3])
    array([1., 2., 2., 2.])
    """
    if axis is None:
        x, axis = ravel(x), 0
    axis = normalize_axis_index(axis, len(shape_of(x)))
    counts = whole_numbers(repeats)
    if len(counts) == 1:
        return _repeat(x, repeats=counts[0], axis=axis)
    return _gathered(x, np.repeat(np.arange(shape_of(x)[axis]), counts), axis)


def _gathered(x: Any, places: Any, axis: int) -> Any:
    """The slices along ``axis`` at the given places."""
    return getitem(x, (*[slice(None)] * axis, places))


@op(
    linear=True,
    name="pad",
    public=False,
    samples=[sample(reals(3, 2), widths=((1, 0), (2, 3))), sample(reals(), widths=())],
)
def _pad(x: Any, *, widths: tuple[tuple[int, int], ...]) -> Any:
    out = np.zeros([before + length + after for (before, after), length in zip(widths, x.shape, strict=True)], x.dtype)
    out[_inside(widths, x.shape)] = x
    return out[()]


def _inside(widths: tuple[tuple[int, int], ...], shape: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple([slice(before, before + length) for (before, _), length in zip(widths, shape, strict=True)])


_pad.vjp(x=lambda g, x_shape, widths: g[_inside(widths, x_shape)])


def _pairs(pad_width: Any, dimensions: int) -> tuple[tuple[int, int], ...]:
    """The widths before and after, for each axis."""
    widths = np.asarray(pad_width)
    if widths.dtype.kind not in "iu":
        raise TypeError(f"pad: expected whole numbers as pad_width, received {pad_width!r}")
    if widths.size and widths.min() < 0:
        raise ValueError(f"pad: expected widths of at least 0, received pad_width={pad_width!r}")
    try:
        pairs = np.broadcast_to(widths, (dimensions, 2)).tolist()
    except ValueError:
        raise ValueError(
            "pad: expected pad_width as one width, one pair (before, after), or a pair for each axis; received "
            f"{pad_width!r} for {dimensions} axes"
        ) from None
    return tuple([(before, after) for before, after in pairs])


_GATHERING_MODES = ("edge", "reflect", "symmetric", "wrap")


@function(
    np.pad,
    samples=[
        sample(reals(3), 2),
        sample(reals(2, 3), (1, 2)),
        sample(reals(2, 3), ((1, 0), (2, 1)), "constant", constant_values=3.0),
        sample(reals(2, 3), 1, constant_values=((1.0, 2.0), (3.0, 4.0))),
        sample(reals(2, 3), ((1, 2), (0, 4)), "edge"),
        sample(reals(2, 3), ((1, 1), (2, 5)), "reflect"),
        sample(reals(2, 3), ((1, 2), (2, 4)), "symmetric"),
        sample(reals(2, 3), ((1, 2), (2, 4)), "wrap"),
        sample(complexes(3), 1),
    ],
    errors=[
        (sample(reals(3), -1), ValueError),
        (sample(reals(3), 1.5), TypeError),
        (sample(reals(2, 3), ((1, 2), (1, 2), (1, 2))), ValueError),
        (sample(reals(0), 1, "edge"), ValueError),
        (sample(reals(3), 1, "unknown"), ValueError),
        (sample(reals(3), 1, "edge", constant_values=1.0), ValueError),
    ],
)
def pad(x: Any, /, pad_width: Any, mode: str = "constant", *, constant_values: Any = None) -> Any:
    """``x`` with a margin around it.

    Args:
        x: the input.
        pad_width: the margin's widths: one for all, ``(before, after)`` for all axes, or one such pair for each.
        mode: what the margin holds: ``"constant"`` the ``constant_values``; ``"edge"`` the nearest element; ``"reflect"``
            and ``"symmetric"`` the mirror image, without and with the edge itself; ``"wrap"`` the other end.
        constant_values: in the forms of ``pad_width``; by default 0. No gradient flows to them.

    Shapes: any -> each length plus its two widths.

    Raises:
        ValueError: for negative widths, forms that do not fit the number of axes, another mode, ``constant_values`` in another
            mode, or no element to fill the margin with.
        TypeError: for widths that are no whole numbers.

    >>> ag.pad(np.array([1.0, 2.0, 3.0]), (1, 2), mode="reflect")
    array([2., 1., 2., 3., 2., 1.])
    """
    shape = shape_of(x)
    widths = _pairs(pad_width, len(shape))
    if mode == "constant":
        padded = _pad(x, widths=widths)
        if constant_values is None or not np.any(constant_values):
            return padded
        return padded + np.pad(np.zeros(shape, padded.dtype), widths, constant_values=constant_values)
    if mode not in _GATHERING_MODES:
        raise ValueError(f"pad: expected mode 'constant', {', '.join(map(repr, _GATHERING_MODES))}, received {mode!r}")
    if constant_values is not None:
        raise ValueError(f"pad: constant_values belong to mode 'constant', received them with mode {mode!r}")
    padded = copy_of(x)
    for axis, width in enumerate(widths):
        if any(width):
            padded = _gathered(padded, np.pad(np.arange(shape[axis]), width, mode), axis)  # type: ignore[call-overload]
    return padded
