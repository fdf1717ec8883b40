"""Ops that read and write by index: basic, boolean and integer-array indexing, ``take`` and ``take_along_axis``.

An index such as ``[1:, None, rows]`` is split into what is hashable, its *layout*, and its arrays, which are inputs of the
op like any other. ``getitem`` and ``scatter_add`` are each other's transpose, so the family is closed under
differentiation.
"""

import math
import operator
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.gate import function, op
from autograd.ops.casting import cast
from autograd.ops.reductions.reduction import sum_to
from autograd.samples import complexes, integers, reals, sample
from autograd.tensors import Tensor


class Slice(NamedTuple):
    """A slice, hashable."""

    start: int | None
    stop: int | None
    step: int | None


ARRAY = "array"  # the place of an array in a layout


def split_index(index: Any) -> tuple[tuple[Any, ...], list[Any]]:
    """An index as a hashable layout and its arrays.

    Raises:
        IndexError: for what NumPy accepts as no index.
    """
    layout: list[Any] = []
    arrays: list[Any] = []
    for part in index if isinstance(index, tuple) else (index,):
        if part is None or part is Ellipsis:
            layout.append(part)
        elif isinstance(part, slice):
            layout.append(
                Slice(*(None if each is None else operator.index(each) for each in (part.start, part.stop, part.step)))
            )
        elif isinstance(part, int | np.integer) and not isinstance(part, bool):
            layout.append(int(part))
        else:
            layout.append(ARRAY)
            arrays.append(part if isinstance(part, Tensor) else _index_array(part))
    return tuple(layout), arrays


def _index_array(part: Any) -> Any:
    array = np.asarray(part)
    if array.size == 0 and array.dtype.kind == "f":  # what np.asarray([]) gives
        array = array.astype(np.intp)
    if array.dtype.kind not in "biu":
        raise IndexError(
            f"an index is an integer, a slice, None, ..., or an integer or boolean array; received {type(part).__name__} "
            f"({array.dtype})"
        )
    return array


def joined_index(layout: tuple[Any, ...], arrays: Sequence[Any]) -> tuple[Any, ...]:
    """The index that ``split_index`` took apart."""
    rest = iter(arrays)
    return tuple([next(rest) if part == ARRAY else slice(*part) if isinstance(part, Slice) else part for part in layout])


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
    read = _getitem(g, *arrays, layout=layout)
    if any([each.dtype.kind != "b" for each in arrays]):  # which may name an element several times
        read = np.where(_written_last(*arrays, shape=g.shape, layout=layout), read, 0)
    # NumPy lets a value have more leading axes of length 1 than the place it is written to
    surplus = max(len(value_shape) - read.ndim, 0)
    return np.reshape(sum_to(read, shape=value_shape[surplus:]), value_shape)


set_at.vjp(
    x=lambda g, arrays, layout: set_at(g, 0, *arrays, layout=layout),
    value=lambda g, value_shape, arrays, layout: _value_gradient(g, value_shape, arrays, layout),
    arrays=None,
)


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


def iterate(x: Tensor) -> Iterator[Any]:
    """``iter(x)``: its elements along the first axis, each recorded like ``x[i]``."""
    if x.ndim == 0:
        raise TypeError("iteration over a tensor without dimensions; it has one element, .item()")
    return (getitem(x, i) for i in range(len(x)))


def contains(x: Tensor, value: Any) -> bool:
    """``value in x``: whether an element equals ``value``."""
    return bool(np.any(x.numpy() == (value.numpy() if isinstance(value, Tensor) else value)))
