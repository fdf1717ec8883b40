"""Ops that read and write by index: basic, boolean and integer-array indexing, ``take`` and ``take_along_axis``.

An index such as ``[1:, None, rows]`` is split into what is hashable, its *layout*, and its arrays, which are inputs of the
op like any other (see ``layouts``). ``getitem`` and ``scatter_add`` are each other's transpose, so the family is closed under
differentiation.
"""

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.batch_rules import stretched
from autograd.gate import function, op
from autograd.ops.arrays.layouts import ARRAY, Slice, index_together, joined_index, split_index
from autograd.ops.casting import cast
from autograd.ops.reductions.reduction import sum_to
from autograd.record import Op, shape_of
from autograd.samples import complexes, integers, reals, sample
from autograd.tensors import Tensor


@op(
    linear=True,
    view=True,
    name="getitem",
    public=False,
    samples=[
        sample(reals(3, 4), layout=(1,)),
        sample(reals(3, 4), layout=(Slice(None, None, -2), None, 2)),
        sample(reals(3, 4), integers(5, low=-3, high=3), layout=(ARRAY,)),
    ],
)
def _getitem(x: Any, *arrays: Any, layout: tuple[Any, ...]) -> Any:
    return x[joined_index(layout, arrays)]


_getitem.vjp(
    x=lambda g, arrays, x_shape, layout: _scatter_add(g, *arrays, shape=x_shape, layout=layout),
    arrays=None,
)


def _getitem_of_examples(record: Op, inputs: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, *arrays = inputs
    index = index_together(statics["layout"], arrays, mapped[1:], x.ndim - mapped[0], level.size, of_each=mapped[0])
    if index is None:
        return NotImplemented
    return index.taken_out(record.call(x, *index.arrays, layout=index.layout))


_getitem.batch(_getitem_of_examples)


@op(
    linear=True,
    name="scatter_add",
    public=False,
    samples=[
        sample(reals(4), shape=(3, 4), layout=(1,)),
        sample(reals(5, 4), integers(5, low=-3, high=3), shape=(3, 4), layout=(ARRAY,)),
        sample(reals(2, 5), integers(2, 5, low=-3, high=3), shape=(3,), layout=(ARRAY,)),
    ],
)
def _scatter_add(x: Any, *arrays: Any, shape: tuple[int, ...], layout: tuple[Any, ...]) -> Any:
    out = np.zeros(shape, x.dtype)
    if layout == (ARRAY,) and arrays[0].dtype.kind != "b" and len(shape) > 1:
        # np.add.at is several times faster on numbers than on rows: each row's place becomes the places of its elements.
        columns = math.prod(shape[1:])
        rows = arrays[0].astype(np.intp).reshape(-1, 1)
        rows = np.where(rows < 0, rows + shape[0], rows)
        np.add.at(out.reshape(-1), (rows * columns + np.arange(columns)).reshape(-1), x.reshape(-1))
        return out
    index = joined_index(layout, arrays)
    if any([each.dtype.kind != "b" for each in arrays]):
        np.add.at(out, index, x)  # an element may be named several times
    else:
        out[index] = x
    return out


_scatter_add.vjp(
    x=lambda g, arrays, layout: _getitem(g, *arrays, layout=layout),
    arrays=None,
)


def _scatter_add_of_examples(record: Op, inputs: Any, mapped: Any, statics: Any, level: Any) -> Any:
    (x, *arrays), shape, layout = inputs, statics["shape"], statics["layout"]
    x = stretched(x, mapped[0], level.size)
    if layout == (ARRAY,) and arrays[0].dtype.kind != "b":  # for the fast way above, the rows of all examples are one axis
        rows = cast(arrays[0], np.intp, copy=False)
        rows = np.where(rows < 0, rows + shape[0], rows)
        starts = np.reshape(np.arange(level.size) * shape[0], (-1, *[1] * (rows.ndim - mapped[1])))
        out = record.call(x, rows + starts, shape=(level.size * shape[0], *shape[1:]), layout=layout)
        return np.reshape(out, (level.size, *shape))
    index = index_together(layout, arrays, mapped[1:], len(shape), level.size)
    if index is None:
        return NotImplemented
    return record.call(index.put_in(x), *index.arrays, shape=(level.size, *shape), layout=index.layout)


_scatter_add.batch(_scatter_add_of_examples)


@function(samples=[sample(reals(3, 4), (slice(1, None), 2)), sample(reals(3, 4), ([0, 2, 0], slice(None, None, -1)))])
def getitem(x: Any, index: Any, /) -> Any:
    """``x[index]``, with all of NumPy's indices; the gradient is added to the elements that were read.

    Shapes: as in NumPy.

    Raises:
        IndexError: for an index out of range, with too many parts, or of another kind.

    >>> x = ag.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> x[[0, 0, 2]].sum().backward()
    >>> x.grad
    Tensor([2., 0., 1.], dtype=float64)
    """
    layout, arrays = split_index(index)
    return _getitem(x, *arrays, layout=layout)


@op(
    linear=True,
    name="set_at",
    public=False,
    samples=[
        sample(reals(3, 4), reals(4), layout=(1,)),
        sample(reals(3, 4), reals(), layout=(Slice(None, None, 2),)),
        sample(reals(3, 4), reals(5, 1), integers(5, low=-3, high=3), layout=(ARRAY,)),
    ],
)
def set_at(x: Any, value: Any, *arrays: Any, layout: tuple[Any, ...]) -> Any:
    """A copy of ``x`` in which the elements at the index are ``value``; of two written to one place the last counts."""
    out = np.array(x)
    out[joined_index(layout, arrays)] = value
    return out[()]


def _value_gradient(g: Any, value_shape: tuple[int, ...], arrays: Any, layout: tuple[Any, ...]) -> Any:
    if layout == (ARRAY,) and arrays[0].dtype.kind == "b" and _is_the_same_for_all(value_shape, g.ndim - arrays[0].ndim):
        # without a count of the true elements, which may differ between the examples of a vmap
        read = np.where(np.reshape(arrays[0], (*arrays[0].shape, *[1] * (g.ndim - arrays[0].ndim))), g, 0)
    else:
        read = _getitem(g, *arrays, layout=layout)
        if any([each.dtype.kind != "b" for each in arrays]):  # which may name an element several times
            read = np.where(_written_last(*arrays, shape=g.shape, layout=layout), read, 0)
    # NumPy lets a value have more leading axes of length 1 than the place it is written to
    surplus = max(len(value_shape) - read.ndim, 0)
    return np.reshape(sum_to(read, shape=value_shape[surplus:]), value_shape)


def _is_the_same_for_all(value_shape: tuple[int, ...], rest: int) -> bool:
    """Whether a value has no axis along which true elements of a mask are counted; ``rest`` axes follow those of the mask."""
    return all([length == 1 for length in value_shape[: max(len(value_shape) - rest, 0)]])


set_at.vjp(
    x=lambda g, arrays, layout: set_at(g, 0, *arrays, layout=layout),
    value=lambda g, value_shape, arrays, layout: _value_gradient(g, value_shape, arrays, layout),
    arrays=None,
)


def written_in_each(record: Op, inputs: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """The batching rule of writes by index, with the inputs of ``set_at``."""
    x, value, *arrays = inputs
    x = stretched(x, mapped[0], level.size)
    index = index_together(statics["layout"], arrays, mapped[2:], x.ndim - 1, level.size)
    if index is None:
        return NotImplemented
    return record.call(x, index.aligned(value, mapped[1]), *index.arrays, layout=index.layout)


def _set_in_each(record: Op, inputs: Any, mapped: Any, statics: Any, level: Any) -> Any:
    if statics["layout"] == (ARRAY,) and mapped[2] and inputs[2].dtype.kind == "b":
        return _chosen_in_each(inputs, mapped, level)
    return written_in_each(record, inputs, mapped, statics, level)


def _chosen_in_each(inputs: Any, mapped: Any, level: Any) -> Any:
    """What a write by masks gives, each example having its own, where the value does not count their true elements."""
    x, value, mask = inputs
    x = stretched(x, mapped[0], level.size)
    if not mapped[1]:
        value = np.reshape(value, (1, *shape_of(value)))
    rest = x.shape[mask.ndim :]
    lengths = (1,) * (len(rest) + 1 - value.ndim) + value.shape[1:]
    surplus = len(lengths) - len(rest)  # axes that NumPy would lay true elements along, if they were not 1 long
    fits = all([n in (1, m) for n, m in zip(lengths, (1,) * surplus + rest, strict=True)])
    if mask.shape != x.shape[: mask.ndim] or not fits or (value.dtype.kind == "c" and x.dtype.kind != "c"):
        return NotImplemented
    value = np.reshape(value, (value.shape[0], *[1] * (mask.ndim - 1), *lengths[surplus:]))
    return np.where(np.reshape(mask, (*mask.shape, *[1] * len(rest))), cast(value, x.dtype, copy=False), x)


set_at.batch(_set_in_each)


@op(
    differentiable=False,
    name="written_last",
    public=False,
    samples=[sample(integers(5, low=-3, high=3), shape=(3, 4), layout=(ARRAY,))],
)
def _written_last(*arrays: Any, shape: tuple[int, ...], layout: tuple[Any, ...]) -> Any:
    """For each element that an assignment writes, whether no later one of the same assignment overwrites it."""
    index = joined_index(layout, arrays)
    places = np.empty(shape, np.intp)
    numbers = np.arange(places[index].size).reshape(np.shape(places[index]))
    places[index] = numbers
    return places[index] == numbers


def _written_last_in_each(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    index = index_together(statics["layout"], arrays, mapped, len(statics["shape"]), level.size)
    if index is None:
        return NotImplemented
    return index.taken_out(record.call(*index.arrays, shape=(level.size, *statics["shape"]), layout=index.layout))


_written_last.batch(_written_last_in_each)


@function(
    np.take,
    samples=[
        sample(reals(3, 4), np.array([0, 2, -1]), axis=1),
        sample(reals(3, 4), 5),
        sample(reals(3, 4), np.array([[0, 2], [1, 1]]), 0),
        sample(reals(3, 4), np.array([7, -9]), axis=-1, mode="wrap"),
        sample(reals(4), np.array([7, -9, 1]), mode="clip"),
        sample(reals(3), np.array([True, False])),
        sample(reals(), np.array([0, 0])),
        sample(complexes(3), []),
    ],
    errors=[
        (sample(reals(3), 3), IndexError),
        (sample(reals(3), 0, axis=1), np.exceptions.AxisError),
        (sample(reals(3), 0, mode="mirror"), ValueError),
        (sample(reals(0), [0], mode="wrap"), IndexError),
        (sample(reals(0), [0], mode="clip"), IndexError),
    ],
)
def take(x: Any, /, indices: Any, axis: int | None = None, *, mode: str = "raise") -> Any:
    """The elements (with ``axis``: the slices along it) at ``indices``; the gradient is added to what was read.

    Args:
        x: the input; without ``axis`` it is flattened first.
        indices: integers, in any shape.
        axis: the axis along which ``indices`` count.
        mode: for an index out of range, ``"raise"``, ``"wrap"`` around or ``"clip"`` to the nearest, negative ones to 0.

    Shapes: ``indices.shape`` in place of ``axis``.

    Raises:
        IndexError: for an index out of range, and for a tensor of indices that are no integers.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for another mode.

    >>> ag.take(np.array([10.0, 20.0, 30.0]), [2, 0])
    array([30., 10.])
    """
    if axis is None or np.ndim(x) == 0:
        x, axis = np.reshape(x, -1), 0 if axis is None else axis
    axis = normalize_axis_index(axis, np.ndim(x))
    places = in_range(_integers(indices, "take"), np.shape(x)[axis], mode, "take")
    return getitem(x, (*[slice(None)] * axis, places))


def _integers(indices: Any, name: str) -> Any:
    """Indices as integers; truth values count as 0 and 1."""
    if not isinstance(indices, Tensor):
        return np.asarray(indices).astype(np.intp, copy=False)
    if indices.dtype.kind not in "biu":
        raise IndexError(f"{name}: expected integers as indices, received a tensor of dtype {indices.dtype}")
    return cast(indices, np.intp, copy=False)


def in_range(indices: Any, length: int, mode: str, name: str) -> Any:
    """Indices with those out of range wrapped around or clipped, as ``mode`` says; ``"raise"`` leaves them.

    Raises:
        ValueError: for another mode.
        IndexError: for indices of nothing.
    """
    if mode not in ("raise", "wrap", "clip"):
        raise ValueError(f"{name}: expected mode 'raise', 'wrap' or 'clip', received {mode!r}")
    if length == 0 and indices.size:
        raise IndexError(f"{name}: expected no indices, as there is nothing to choose from; received {indices.size}")
    if mode == "wrap":
        return indices % length if length else indices
    return np.clip(indices, 0, length - 1) if mode == "clip" else indices


@function(
    np.take_along_axis,
    samples=[
        sample(reals(3, 4), np.array([[0, 1, 1], [3, 3, 0], [2, 2, 2]]), axis=1),
        sample(reals(3, 4), np.array([[0, -1, 1, 2]]), 0),
        sample(reals(3, 2), np.array([5, 0, 0]), None),
        sample(reals(2, 3), np.array([[0]])),
    ],
    errors=[
        (sample(reals(2, 3), np.array([0])), ValueError),
        (sample(reals(2, 3), np.array([[0]]), axis=None), ValueError),
        (sample(reals(3), np.array([3])), IndexError),
        (sample(reals(3), np.array([True])), IndexError),
        (sample(reals(3), np.array([0.0])), IndexError),
        (sample(reals(3), np.array([0]), 1), np.exceptions.AxisError),
    ],
)
def take_along_axis(x: Any, /, indices: Any, axis: int | None = -1) -> Any:
    """The element at ``indices`` in each slice along ``axis``: what ``argsort`` and ``argmax`` along an axis point at.

    Args:
        x: the input; with ``axis=None`` it is flattened first.
        indices: integers, with as many axes as ``x``.
        axis: the axis along which ``indices`` count.

    Shapes: that of ``indices``; the other axes of both broadcast.

    Raises:
        ValueError: when ``indices`` has another number of axes.
        IndexError: for indices that are no integers or out of range.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.take_along_axis(np.array([[1.0, 3.0], [4.0, 2.0]]), np.array([[1], [0]]), axis=1)
    array([[3.],
           [4.]])
    """
    if axis is None:
        return getitem(np.reshape(x, -1), along_axis(indices, None, np.shape(x), "take_along_axis"))
    return getitem(x, along_axis(indices, axis, np.shape(x), "take_along_axis"))


def along_axis(indices: Any, axis: int | None, shape: tuple[int, ...], name: str) -> tuple[Any, ...]:
    """The index of the elements at ``indices`` in each slice along ``axis`` of an array of the given shape.

    With ``axis=None`` the index of a flattened array.
    """
    if not isinstance(indices, Tensor):
        indices = np.asarray(indices)
    if axis is None:
        if indices.ndim != 1:
            raise ValueError(f"{name}: without an axis, expected indices with one axis, received shape {indices.shape}")
    elif indices.ndim != len(shape):
        raise ValueError(f"{name}: expected as many axes of indices as of x, received shapes {indices.shape} and {shape}")
    if indices.dtype.kind not in "iu":
        raise IndexError(f"{name}: expected integers as indices, received dtype {indices.dtype}")
    if axis is None:
        return (indices,)
    axis = normalize_axis_index(axis, len(shape))
    ranges = np.ogrid[tuple([slice(length) for length in shape])]
    return (*ranges[:axis], indices, *ranges[axis + 1 :])


def contains(x: Tensor, value: Any) -> bool:
    """``value in x``: whether an element equals ``value``."""
    return bool(np.any(x.numpy() == (value.numpy() if isinstance(value, Tensor) else value)))
