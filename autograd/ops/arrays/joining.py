"""Joining arrays: along an axis that they have, or along a new one.

Each of them is linear: it moves elements and computes nothing. ``concatenate`` is the transpose of ``split``, ``stack`` that of
``unstack`` (see ``splitting``). Where an op would only repeat what another does, the public function is written in terms of
the other.
"""

from collections.abc import Iterator
from operator import index
from typing import Any

import numpy as np

from autograd.batch_rules import shifted_together
from autograd.gate import function, op
from autograd.ops.arguments import as_array, in_dtype, ndim_of, shape_of_any
from autograd.ops.arrays.dimensions import atleast_1d, atleast_2d, atleast_3d
from autograd.ops.arrays.shaping import ravel, reshape
from autograd.ops.arrays.splitting import pieces, slices
from autograd.ops.casting import copy_of
from autograd.samples import complexes, many, reals, sample

# ---------------------------------------------------------------- along an axis that they have


@op(
    linear=True,
    name="concatenate",
    public=False,
    samples=[sample(reals(3, 4), reals(3, 1), axis=1), sample(reals(2), complexes(3), axis=-1)],
)
def _concatenate(*arrays: Any, axis: int) -> Any:
    return np.concatenate(arrays, axis)


_concatenate.vjp(
    arrays=lambda g, arrays_shape, axis: pieces(g, lengths=tuple([shape[axis] for shape in arrays_shape]), axis=axis % g.ndim)
)
_concatenate.batch(shifted_together("axis"))


def _cast_to(arrays: Any, dtype: Any, casting: str, name: str) -> list[Any]:
    """The arrays in one dtype, by default the one that they have together, where ``casting`` lets them."""
    if dtype is None and casting == "same_kind":
        return list(arrays)  # as joining casts them by itself
    arrays = [as_array(each) for each in arrays]
    dtype = np.result_type(*[each.dtype for each in arrays]) if dtype is None and arrays else np.dtype(dtype)
    for each in arrays:
        if not np.can_cast(each.dtype, dtype, casting):  # type: ignore[arg-type]
            raise TypeError(
                f"{name}: expected arrays that {dtype} can hold by the rule casting={casting!r}, received one of dtype "
                f"{each.dtype}; cast it with .astype, or allow more with casting='unsafe'"
            )
    return [in_dtype(each, dtype) for each in arrays]


@function(
    np.concatenate,
    samples=[
        sample(many(reals(3, 4), reals(2, 4))),
        sample(many(reals(3, 4), reals(3, 1), reals(3, 0)), axis=-1),
        sample(many(reals(3, 4), reals(2), reals()), axis=None),
        sample(many(reals(2), complexes(3)), 0),
        sample(many(reals(2), reals(3)), dtype=np.complex128),
    ],
    errors=[
        (sample(many(reals(2, 3), reals(2, 2))), ValueError),
        (sample(many(reals(2), reals())), ValueError),
        (sample([]), ValueError),
        (sample(many(reals(2), reals(2)), axis=1), np.exceptions.AxisError),
        (sample(many(reals(2), reals(2)), dtype=int), TypeError),
        (sample(many(reals(2), reals(2)), dtype=np.float32, casting="safe"), TypeError),
    ],
)
def concatenate(arrays: Any, /, axis: int | None = 0, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Arrays joined along an axis that they have; ``axis=None`` joins their flattened elements. Derivative 1.

    Args:
        arrays: a sequence of arrays.
        axis: the axis to join along, or ``None``.
        dtype: the dtype of the result; by default the one that the arrays have together.
        casting: which casts to it are allowed: ``"no"``, ``"equiv"``, ``"safe"``, ``"same_kind"`` or ``"unsafe"``.

    Shapes: several that differ along ``axis`` at most -> the same with the lengths along ``axis`` added up.

    Raises:
        ValueError: for no arrays, arrays without dimensions, or other axes that differ.
        numpy.exceptions.AxisError: for an axis that they do not have.
        TypeError: for a cast that is not allowed.

    >>> ag.concatenate([np.array([1.0, 2.0]), np.array([3.0])])
    array([1., 2., 3.])
    """
    arrays = _cast_to(arrays, dtype, casting, "concatenate")
    if axis is None:
        return _concatenate(*[ravel(each) for each in arrays], axis=0)
    return _concatenate(*arrays, axis=index(axis))


concat = concatenate  # the array API's name; np.concat is np.concatenate too


@function(
    np.append,
    samples=[
        sample(reals(3), reals(2)),
        sample(reals(2, 3), reals(2, 1)),
        sample(reals(2, 3), reals(1, 3), axis=0),
        sample(complexes(2, 3), reals(2, 1), -1),
        sample(reals(3), reals()),
    ],
    errors=[(sample(reals(2, 3), reals(3), 0), ValueError), (sample(reals(2), reals(2), 1), np.exceptions.AxisError)],
)
def append(x: Any, values: Any, /, axis: int | None = None) -> Any:
    """``values`` joined to the end of ``x``; without an axis both are flattened first. Derivatives 1 and 1.

    Shapes: two that differ along ``axis`` at most -> the same with both lengths added up.

    Raises:
        ValueError: for other axes that differ.
        numpy.exceptions.AxisError: for an axis that they do not have.

    >>> ag.append(np.array([1.0, 2.0]), 3.0)
    array([1., 2., 3.])
    """
    return concatenate((x, values), axis)


@function(
    np.hstack,
    samples=[
        sample(many(reals(3), reals(2))),
        sample(many(reals(3, 1), reals(3, 2))),
        sample(many(reals(), reals())),
        sample(many(reals(2), reals(1)), dtype=np.complex128, casting="safe"),
    ],
    errors=[(sample([]), ValueError), (sample(many(reals(2), reals(2)), dtype=int), TypeError)],
)
def hstack(arrays: Any, /, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Arrays joined along their second axis, those with one axis along it.

    Args:
        arrays: a sequence of arrays.
        dtype: the dtype of the result; by default the one that the arrays have together.
        casting: which casts to it are allowed, as in ``concatenate``.

    Shapes: ``(m, n_i, ...)`` -> ``(m, sum of n_i, ...)``; ``(n_i,)`` -> ``(sum of n_i,)``.

    Raises:
        ValueError: for no arrays, or other axes that differ.
        TypeError: for a cast that is not allowed.

    >>> ag.hstack([np.ones((2, 1)), np.zeros((2, 2))])
    array([[1., 0., 0.],
           [1., 0., 0.]])
    """
    arrays = [atleast_1d(each) for each in arrays]
    return concatenate(arrays, 0 if arrays and arrays[0].ndim == 1 else 1, dtype=dtype, casting=casting)


@function(
    np.vstack,
    samples=[
        sample(many(reals(3), reals(2, 3))),
        sample(many(reals(), reals())),
        sample(many(reals(2), reals(2)), dtype=np.complex128, casting="safe"),
    ],
    errors=[(sample([]), ValueError), (sample(many(reals(2), reals(3))), ValueError)],
)
def vstack(arrays: Any, /, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Arrays joined along their first axis; those with one axis are rows.

    Args:
        arrays: a sequence of arrays.
        dtype: the dtype of the result; by default the one that the arrays have together.
        casting: which casts to it are allowed, as in ``concatenate``.

    Shapes: ``(m_i, ...)`` -> ``(sum of m_i, ...)``; k times ``(n,)`` -> ``(k, n)``.

    Raises:
        ValueError: for no arrays, or other axes that differ.
        TypeError: for a cast that is not allowed.

    >>> ag.vstack([np.array([1.0, 2.0]), np.array([3.0, 4.0])])
    array([[1., 2.],
           [3., 4.]])
    """
    return concatenate([atleast_2d(each) for each in arrays], dtype=dtype, casting=casting)


@function(
    np.dstack,
    samples=[
        sample(many(reals(3), reals(3))),
        sample(many(reals(2, 3), reals(2, 3, 2))),
        sample(many(reals(), complexes())),
    ],
    errors=[(sample([]), ValueError), (sample(many(reals(2), reals(3))), ValueError)],
)
def dstack(arrays: Any, /) -> Any:
    """Arrays joined along their third axis ("depth"), after ``atleast_3d``.

    Shapes: ``(m, n, k_i, ...)`` -> ``(m, n, sum of k_i, ...)``; k times ``(m, n)`` -> ``(m, n, k)``, k times ``(n,)`` ->
    ``(1, n, k)``.

    Raises:
        ValueError: for no arrays, or other axes that differ.

    >>> ag.dstack([np.array([1.0, 2.0]), np.array([3.0, 4.0])])
    array([[[1., 3.],
            [2., 4.]]])
    """
    return concatenate([atleast_3d(each) for each in arrays], 2)


@function(
    np.column_stack,
    samples=[
        sample(many(reals(3), reals(3))),
        sample(many(reals(3, 2), reals(3), complexes(3, 1))),
        sample(many(reals(), reals())),
    ],
    errors=[(sample([]), ValueError), (sample(many(reals(2), reals(3))), ValueError)],
)
def column_stack(arrays: Any, /) -> Any:
    """Vectors side by side, as the columns of a matrix; what has two axes joins them as it is.

    Shapes: ``(m,)`` and ``(m, n_i)`` -> ``(m, sum of n_i)``, a vector counting as one column.

    Raises:
        ValueError: for no arrays, or columns of different lengths.

    >>> ag.column_stack([np.array([1.0, 2.0]), np.array([3.0, 4.0])])
    array([[1., 3.],
           [2., 4.]])
    """
    return concatenate([each if ndim_of(each) > 1 else reshape(as_array(each), (-1, 1)) for each in arrays], 1)


# ---------------------------------------------------------------- along a new axis


@op(
    linear=True,
    name="stack",
    public=False,
    samples=[sample(reals(3, 4), reals(3, 4), axis=1), sample(reals(2), complexes(2), axis=-1)],
)
def _stack(*arrays: Any, axis: int) -> Any:
    return np.stack(arrays, axis)


_stack.vjp(arrays=lambda g, axis: slices(g, axis=axis % g.ndim))
_stack.batch(shifted_together("axis", new_axes=1))


@function(
    np.stack,
    samples=[
        sample(many(reals(3, 4), reals(3, 4))),
        sample(many(reals(3), reals(3), reals(3)), axis=-1),
        sample(many(reals(), reals())),
        sample(many(reals(2), complexes(2)), 1),
        sample(many(reals(2), reals(2)), 0, dtype=np.complex128, casting="safe"),
    ],
    errors=[
        (sample(many(reals(2), reals(3))), ValueError),
        (sample([]), ValueError),
        (sample(many(reals(2), reals(2)), axis=2), np.exceptions.AxisError),
        (sample(many(reals(2), reals(2)), dtype=int), TypeError),
    ],
)
def stack(arrays: Any, /, axis: int = 0, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """Arrays of one shape joined along a new axis, at the place ``axis`` of the result. Derivative 1.

    Args:
        arrays: a sequence of arrays.
        axis: the place of the new axis.
        dtype: the dtype of the result; by default the one that the arrays have together.
        casting: which casts to it are allowed, as in ``concatenate``.

    Shapes: n times ``shape`` -> ``shape`` with n inserted.

    Raises:
        ValueError: for no arrays, or shapes that differ.
        numpy.exceptions.AxisError: for a place that the result does not have.
        TypeError: for a cast that is not allowed.

    >>> ag.stack([np.array([1.0, 2.0]), np.array([3.0, 4.0])], axis=1)
    array([[1., 3.],
           [2., 4.]])
    """
    return _stack(*_cast_to(arrays, dtype, casting, "stack"), axis=index(axis))


# ---------------------------------------------------------------- matrices of blocks


@function(
    np.block,
    samples=[
        sample(many(reals(3), reals(2))),
        sample(reals(2, 3)),
        sample(many(reals(2, 2), reals(1, 2, 1), complexes(1, 2, 1))),
    ],
    errors=[(sample([]), ValueError), (sample(many(reals(2, 2), reals(3, 3))), ValueError), (sample(()), TypeError)],
)
def block(arrays: Any, /) -> Any:
    """One array of blocks in nested lists: those of the innermost lists lie side by side along the last axis.

    Lists one level further out lie along the last axis but one, and so on. Derivative 1.

    Shapes: of blocks that fit together -> that of the whole, with as many axes as the lists have levels, or as the block with
    most axes has.

    Raises:
        ValueError: for an empty list, lists of different depth, and blocks that do not fit together.
        TypeError: for tuples, which could be meant as lists or as arrays.

    >>> ag.block([[np.eye(2), np.zeros((2, 1))], [np.ones((1, 2)), 5.0]])
    array([[1., 0., 0.],
           [0., 1., 0.],
           [1., 1., 5.]])
    """
    depth = _depth(arrays, "arrays")
    dimensions = max(depth, *[ndim_of(each) for each in _blocks(arrays)], 0)
    if depth == 0:
        return copy_of(as_array(arrays))
    return _joined(arrays, dimensions, dimensions - depth)


def _depth(part: Any, place: str) -> int:
    """How deep the lists are nested, the same everywhere."""
    if isinstance(part, tuple):
        raise TypeError(f"block: expected nested lists of arrays, received a tuple at {place}; write it as a list")
    if not isinstance(part, list):
        return 0
    if not part:
        raise ValueError(f"block: expected at least one array in each list, received an empty list at {place}")
    depths = [_depth(each, f"{place}[{i}]") for i, each in enumerate(part)]
    if len(set(depths)) > 1:
        raise ValueError(
            f"block: expected lists nested equally deep, received at {place} parts of the depths {depths}; put single blocks "
            "into lists of their own"
        )
    return depths[0] + 1


def _blocks(part: Any) -> Iterator[Any]:
    if isinstance(part, list):
        for each in part:
            yield from _blocks(each)
    else:
        yield part


def _joined(part: Any, dimensions: int, axis: int) -> Any:
    """The blocks of nested lists, the outermost joined along ``axis``; each is given leading axes up to ``dimensions``."""
    if isinstance(part, list):
        return _concatenate(*[_joined(each, dimensions, axis + 1) for each in part], axis=axis)
    shape = shape_of_any(part)
    return reshape(as_array(part), (1,) * (dimensions - len(shape)) + shape)
