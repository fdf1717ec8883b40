"""Ops that read and write by index: basic, boolean and integer-array indexing, ``take`` and ``take_along_axis``.

An index such as ``[1:, None, rows]`` is split into what is hashable, its *layout*, and its arrays, which are inputs of the
op like any other. ``getitem`` and ``scatter_add`` are each other's transpose, so the family is closed under
differentiation.
"""

import operator
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.gate import function, op
from autograd.ops.reduction import sum_to
from autograd.samples import integers, reals, sample
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
    ],
)
def _scatter_add(x: Any, *arrays: Any, shape: tuple[int, ...], layout: tuple[Any, ...]) -> Any:
    out = np.zeros(shape, x.dtype)
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
    if arrays:
        read = read * _written_last(*arrays, shape=g.shape, layout=layout)
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


@function(np.take, samples=[sample(reals(3, 4), np.array([0, 2, -1]), axis=1), sample(reals(3, 4), 5)])
def take(x: Any, /, indices: Any, axis: int | None = None, *, mode: str = "raise") -> Any:
    """The elements (with ``axis``: the slices along it) at ``indices``; the gradient is added to what was read.

    Args:
        x: the input; without ``axis`` it is flattened first.
        indices: integers, in any shape.
        axis: the axis along which ``indices`` count.
        mode: for an index out of range, ``"raise"``, ``"wrap"`` around or ``"clip"`` to the nearest.

    Shapes: ``indices.shape`` in place of ``axis``.

    Raises:
        IndexError: for an index out of range.

    >>> ag.take(np.array([10.0, 20.0, 30.0]), [2, 0])
    array([30., 10.])
    """
    if axis is None:
        x, axis = np.reshape(x, -1), 0
    axis = normalize_axis_index(axis, np.ndim(x))
    length = np.shape(x)[axis]
    indices = indices.numpy() if isinstance(indices, Tensor) else np.asarray(indices)
    if mode == "wrap":
        indices = indices % length
    elif mode == "clip":
        indices = np.clip(indices, 0, length - 1)
    elif mode != "raise":
        raise ValueError(f"take: expected mode 'raise', 'wrap' or 'clip', received {mode!r}")
    return getitem(x, (*[slice(None)] * axis, _index_array(indices)))


@function(np.take_along_axis, samples=[sample(reals(3, 4), np.array([[0, 1, 1], [3, 3, 0], [2, 2, 2]]), axis=1)])
def take_along_axis(x: Any, /, indices: Any, axis: int | None = -1) -> Any:
    """The element at ``indices`` in each slice along ``axis``: what ``argsort`` and ``argmax`` along an axis point at.

    Shapes: ``indices`` has as many axes as ``x`` and broadcasts against it on all but ``axis`` -> that broadcast.

    Raises:
        ValueError: when the numbers of axes differ.
        IndexError: for indices that are no integers or out of range.

    >>> ag.take_along_axis(np.array([[1.0, 3.0], [4.0, 2.0]]), np.array([[1], [0]]), axis=1)
    array([[3.],
           [4.]])
    """
    indices = indices.numpy() if isinstance(indices, Tensor) else np.asarray(indices)
    if axis is None:
        if indices.ndim != 1:
            raise ValueError(f"take_along_axis: without an axis, expected indices with one axis, received {indices.shape}")
        x, axis = np.reshape(x, -1), 0
    if indices.ndim != np.ndim(x):
        raise ValueError(
            f"take_along_axis: expected as many axes of indices as of x, received {indices.shape} and {np.shape(x)}"
        )
    axis = normalize_axis_index(axis, indices.ndim)
    places: list[Any] = []
    for i, length in enumerate(np.shape(x)):
        along = [1] * indices.ndim
        along[i] = -1
        places.append(_index_array(indices) if i == axis else np.arange(length).reshape(along))
    return getitem(x, tuple(places))


def iterate(x: Tensor) -> Iterator[Any]:
    """``iter(x)``: its elements along the first axis, each recorded like ``x[i]``."""
    if x.ndim == 0:
        raise TypeError("iteration over a tensor without dimensions; it has one element, .item()")
    return (getitem(x, i) for i in range(len(x)))


def contains(x: Tensor, value: Any) -> bool:
    """``value in x``: whether an element equals ``value``."""
    return bool(np.any(x.numpy() == (value.numpy() if isinstance(value, Tensor) else value)))
