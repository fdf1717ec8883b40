"""Inserting and deleting: slices along an axis put in between, or left out.

Both are linear. What is inserted and what stays behind receives the gradient of its new place.
"""

from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.batch_rules import padded, stretched
from autograd.batched import memory_of
from autograd.gate import function, op
from autograd.ops.arguments import as_array, ndim_of
from autograd.ops.arrays.indexing import getitem
from autograd.ops.arrays.shaping import moveaxis, ravel, reshape
from autograd.ops.elementwise.comparison import nonzero
from autograd.ops.reductions.reduction import sum_to
from autograd.record import Op, shape_of
from autograd.samples import complexes, integers, reals, sample
from autograd.tensors import Tensor


def _along(x: Any, axis: int | None) -> tuple[Any, int]:
    """``x`` and the axis from 0 on; without an axis, ``x`` flattened."""
    x = as_array(x)
    return (ravel(x), 0) if axis is None else (x, normalize_axis_index(index(axis), x.ndim))


def _places(places: Any, length: int, name: str) -> Any:
    """Where to insert or delete: a tensor, or the array of a slice, a number or a list; truth values stay such."""
    if isinstance(places, slice):
        return np.arange(*places.indices(length))
    array = as_array(places)
    if array.size == 0 and not isinstance(places, np.ndarray | Tensor):
        array = array.astype(np.intp)
    if array.dtype.kind not in "biu":
        raise IndexError(
            f"{name}: expected an integer, a slice, integers or truth values as obj, received an array of dtype {array.dtype}"
        )
    return array


def _check_range(places: Any, length: int, last: int, axis: int, name: str) -> None:
    values = memory_of(places)
    if np.any((values < -length) | (values > last)):
        raise IndexError(f"{name}: obj {values.tolist()} is out of bounds for axis {axis} with length {length}")


# ---------------------------------------------------------------- delete


@op(differentiable=False, name="delete", public=False, samples=[sample(np.array([0, 2, -1]), length=4)])
def _kept(places: Any, *, length: int) -> Any:
    """For each slice whether it is at none of the places."""
    keep = np.ones(length, bool)
    keep[places] = False
    return keep


@function(
    np.delete,
    samples=[
        sample(reals(4), 1),
        sample(reals(3, 4), slice(None, None, 2), axis=1),
        sample(reals(3, 4), np.array([0, 2, -1]), 1),
        sample(reals(2, 3), [5, 0]),
        sample(reals(3, 2), np.array([True, False, True]), 0),
        sample(complexes(3), []),
    ],
    errors=[
        (sample(reals(3), 3), IndexError),
        (sample(reals(3), [0, 4]), IndexError),
        (sample(reals(3), [True, False]), ValueError),
        (sample(reals(3), 1.5), IndexError),
        (sample(reals(3), 0, 1), np.exceptions.AxisError),
    ],
)
def delete(x: Any, /, obj: Any, axis: int | None = None) -> Any:
    """``x`` without the slices at ``obj`` along ``axis``; the derivative is 1 for what stays.

    Args:
        x: the input; without ``axis`` it is flattened first.
        obj: which slices to leave out: an integer, a slice, integers, or truth values.
        axis: the axis to delete along.

    Shapes: any -> ``x.shape`` with ``axis`` shorter by the number of slices that are left out.

    Raises:
        IndexError: for a place that ``x`` does not have, or that is no integer.
        ValueError: for truth values of another number than there are slices.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.delete(np.array([1.0, 2.0, 3.0, 4.0]), [0, 2])
    array([2., 4.])
    """
    x, axis = _along(x, axis)
    length = x.shape[axis]
    places = _places(obj, length, "delete")
    if places.dtype == bool and places.shape != (length,):
        raise ValueError(f"delete: expected a truth value for each of {length} slices, received obj of shape {places.shape}")
    if places.dtype != bool:
        _check_range(places, length, length - 1, axis, "delete")
    return getitem(x, (*[slice(None)] * axis, _kept(places, length=length)))


# ---------------------------------------------------------------- insert


@op(
    differentiable=False,
    multiple=True,
    name="new_places",
    public=False,
    samples=[sample(np.array([3, 0]), count=2, length=3), sample(np.array(1), count=2, length=3)],
)
def _new_places(places: Any, *, count: int, length: int) -> tuple[Any, Any]:
    """Where in the result ``count`` slices stand that are inserted before ``places``, all of them before a single one.

    The second result says of each slice whether it is one of the ``length`` that were there.
    """
    places = np.broadcast_to(places, (count,)).astype(np.intp)
    places += length * (places < 0)
    places[np.argsort(places, kind="stable")] += np.arange(count)
    rest = np.ones(length + count, bool)
    rest[places] = False
    return places, rest


@op(
    linear=True,
    name="insert",
    public=False,
    samples=[
        sample(reals(3, 2), reals(2, 2), np.array([4, 0]), np.array([False, True, True, True, False]), axis=0),
        sample(reals(2, 3), reals(2, 1), np.array([1]), np.array([True, False, True, True]), axis=1),
    ],
)
def _insert(x: Any, values: Any, places: Any, rest: Any, *, axis: int) -> Any:
    """``values`` at ``places`` along ``axis`` of the result, ``x`` where ``rest`` is true."""
    before = (slice(None),) * axis
    out = np.empty((*x.shape[:axis], len(rest), *x.shape[axis + 1 :]), x.dtype)
    out[(*before, places)] = values
    out[(*before, rest)] = x
    return out


_insert.vjp(
    x=lambda g, rest, axis: getitem(g, (*[slice(None)] * axis, rest)),
    values=lambda g, values_shape, places, axis: _of_values(g, values_shape, places, axis),
    places=None,
    rest=None,
)


def _insert_in_each(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, values, places, rest = arrays
    if mapped[2] or mapped[3] or len(shape_of(values)) - mapped[1] > len(x.shape) - mapped[0]:
        return NotImplemented
    x = stretched(x, mapped[0], level.size)
    if mapped[1]:
        values = padded(values, x.ndim - 1)
    return record.call(x, values, places, rest, axis=statics["axis"] + 1)


_insert.batch(_insert_in_each)


def _of_values(g: Any, values_shape: tuple[int, ...], places: Any, axis: int) -> Any:
    read = getitem(g, (*[slice(None)] * axis, places))
    surplus = max(len(values_shape) - read.ndim, 0)  # leading axes of length 1, which NumPy allows
    return np.reshape(sum_to(read, shape=values_shape[surplus:]), values_shape)


@function(
    np.insert,
    samples=[
        sample(reals(4), 1, reals()),
        sample(reals(4), 1, reals(3)),
        sample(reals(2, 3), [0, 2, 2], reals(2, 3), axis=1),
        sample(reals(2, 3), 1, reals(2), axis=1),
        sample(reals(2, 3), [1], reals(2, 1), 1),
        sample(reals(2, 3), -1, reals(3), axis=0),
        sample(reals(2, 3), slice(0, 2), 5.0),
        sample(reals(3), np.array([True, False, True]), reals(2)),
        sample(complexes(3), [3, 0], reals(2)),
        sample(integers(3), 2, 7),
    ],
    errors=[
        (sample(reals(3), 4, 0.0), IndexError),
        (sample(reals(3), [0, 1, 5], 0.0), IndexError),
        (sample(reals(3), [0, 1], reals(3)), ValueError),
        (sample(reals(3), 1.5, 0.0), IndexError),
        (sample(reals(3), [[0]], 0.0), ValueError),
        (sample(reals(3), 0, 0.0, 1), np.exceptions.AxisError),
    ],
)
def insert(x: Any, obj: Any, values: Any, /, axis: int | None = None) -> Any:
    """``x`` with ``values`` put in before the slices at ``obj`` along ``axis``; the derivatives are 1 in their new places.

    Args:
        x: the input; without ``axis`` it is flattened first.
        obj: before which slices of ``x``: an integer, integers, a slice, or truth values.
        values: what is inserted, in the dtype of ``x``; at one integer as many slices as it has, at several one for each.
        axis: the axis to insert along.

    Shapes: any -> ``x.shape`` with ``axis`` longer by the number of slices that are inserted.

    Raises:
        IndexError: for a place that ``x`` does not have, or that is no integer.
        ValueError: for values whose shape does not fit, and places with several axes.
        TypeError: for recorded values that the dtype of ``x`` would cut out of the graph.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.insert(np.array([1.0, 2.0, 3.0]), 1, [10.0, 20.0])
    array([ 1., 10., 20.,  2.,  3.])
    """
    x, axis = _along(x, axis)
    values = as_array(values)
    if isinstance(values, Tensor) and values.requires_grad and x.dtype.kind not in "fc":
        raise TypeError(
            f"insert: the values are recorded ({values.dtype}), and in an {x.dtype} array their gradient would be lost; make "
            "it floating first, with .astype(float), or insert values.detach()"
        )
    places = _places(obj, x.shape[axis], "insert")
    if places.ndim > 1 or (places.dtype == bool and places.ndim != 1):
        raise ValueError(f"insert: expected places with one axis at most, received obj of shape {places.shape}")
    if places.dtype == bool:
        (places,) = nonzero(places)
    _check_range(places, x.shape[axis], x.shape[axis], axis, "insert")
    count = places.size
    if count == 1:
        values = reshape(values, (1,) * (x.ndim - ndim_of(values)) + values.shape)
        if places.ndim == 0:
            values = moveaxis(values, 0, axis)
        count = values.shape[axis]
    places, rest = _new_places(places, count=count, length=x.shape[axis])
    return _insert(x, values, places, rest, axis=axis)
