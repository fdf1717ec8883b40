"""Positions of elements: index arrays to read and write with, and bits. There is nothing to differentiate.

Called with a tensor they give plain tensors of integers.
"""

from typing import Any

import numpy as np

from autograd.batch_rules import aligned, along_one_axis, of_shapes
from autograd.gate import answer_for, function, op
from autograd.ops.arguments import as_array, whole_numbers
from autograd.ops.elementwise.comparison import nonzero
from autograd.samples import booleans, integers, many, reals, sample
from autograd.tensors import Tensor

# ---------------------------------------------------------------- positions by shape


@op(differentiable=False, multiple=True, name="diag_indices_from", public=False, samples=[sample(reals(3, 3))])
def _diag_indices_from(x: Any) -> Any:
    return np.diag_indices_from(x)


_diag_indices_from.batch(of_shapes)


@function(
    np.diag_indices_from,
    samples=[sample(reals(3, 3)), sample(reals(2, 2, 2))],
    errors=[(sample(reals(3)), ValueError), (sample(reals(2, 3)), ValueError)],
)
def diag_indices_from(x: Any, /) -> Any:
    """The index of the main diagonal of ``x``: ``x[ag.diag_indices_from(x)]`` reads it, and it can be written to.

    Shapes: ``(n, ..., n)`` -> as many times ``(n,)`` as there are axes, integers.

    Raises:
        ValueError: for fewer than two axes, or lengths that differ.

    >>> ag.diag_indices_from(np.ones((2, 2)))
    (array([0, 1]), array([0, 1]))
    """
    return _diag_indices_from(as_array(x))


@op(differentiable=False, multiple=True, name="tril_indices_from", public=False, samples=[sample(reals(3, 3), k=1)])
def _tril_indices_from(x: Any, *, k: int) -> Any:
    return np.tril_indices_from(x, k)


_tril_indices_from.batch(of_shapes)


@op(differentiable=False, multiple=True, name="triu_indices_from", public=False, samples=[sample(reals(3, 3), k=1)])
def _triu_indices_from(x: Any, *, k: int) -> Any:
    return np.triu_indices_from(x, k)


_triu_indices_from.batch(of_shapes)


_MATRICES = (sample(reals(3, 3)), sample(reals(3, 4), -1), sample(reals(4, 2), k=1))
_NO_MATRIX = ((sample(reals(3)), ValueError), (sample(reals(2, 2, 2)), ValueError))


@function(np.tril_indices_from, samples=_MATRICES, errors=_NO_MATRIX)
def tril_indices_from(x: Any, /, k: int = 0) -> Any:
    """The index of the lower triangle of a matrix: of ``x[i, j]`` with ``j <= i + k``, row by row.

    Shapes: ``(m, n)`` -> twice ``(count,)``, integers.

    Raises:
        ValueError: for what is no matrix.

    >>> ag.tril_indices_from(np.ones((2, 2)))
    (array([0, 1, 1]), array([0, 0, 1]))
    """
    return _tril_indices_from(as_array(x), k=k)


@function(np.triu_indices_from, samples=_MATRICES, errors=_NO_MATRIX)
def triu_indices_from(x: Any, /, k: int = 0) -> Any:
    """The index of the upper triangle of a matrix: of ``x[i, j]`` with ``j >= i + k``, row by row.

    Shapes: ``(m, n)`` -> twice ``(count,)``, integers.

    Raises:
        ValueError: for what is no matrix.

    >>> ag.triu_indices_from(np.ones((2, 2)))
    (array([0, 0, 1]), array([0, 1, 1]))
    """
    return _triu_indices_from(as_array(x), k=k)


@op(
    differentiable=False,
    multiple=True,
    dynamic_shape=True,
    name="ix_",
    public=False,
    samples=[sample(integers(3), booleans(4))],
)
def _ix(*vectors: Any) -> Any:
    return tuple([each.copy() for each in np.ix_(*vectors)])  # NumPy's may be views of any of the vectors


@function(
    np.ix_,
    samples=[sample(integers(3), integers(2)), sample(booleans(4), integers(2), integers(1)), sample()],
    errors=[(sample(integers(2, 2)), ValueError), (sample(3), ValueError)],
)
def ix_(*args: Any) -> Any:
    """The index of the elements in given rows, columns and so on: ``x[ag.ix_([0, 2], [1, 3])]`` has shape ``(2, 2)``.

    Args:
        *args: for each axis a vector of places, or of truth values.

    Shapes: ``(n_1,), ..., (n_k,)`` -> arrays that broadcast to ``(n_1, ..., n_k)``, each long along an axis of its own.

    Raises:
        ValueError: for what has other than one axis.

    >>> ag.ix_([0, 2], [True, False, True])
    (array([[0],
           [2]]), array([[0, 2]]))
    """
    vectors = [as_array(each) for each in args]
    if any(isinstance(each, Tensor) and each.requires_grad for each in vectors) and all(each.ndim == 1 for each in vectors):
        places = [nonzero(each)[0] if each.dtype == bool else each for each in vectors]
        return tuple([np.reshape(each, [-1 if j == i else 1 for j in range(len(places))]) for i, each in enumerate(places)])
    empty = [each.size == 0 and not isinstance(given, np.ndarray) for each, given in zip(vectors, args, strict=True)]
    return _ix(*[each.astype(np.intp) if nothing else each for each, nothing in zip(vectors, empty, strict=True)])


# ---------------------------------------------------------------- positions in flattened arrays


@op(
    differentiable=False,
    multiple=True,
    name="unravel_index",
    public=False,
    samples=[sample(integers(4, low=0, high=12), shape=(3, 4), order="F")],
)
def _unravel_index(indices: Any, *, shape: tuple[int, ...], order: Any) -> Any:
    return np.unravel_index(indices, shape, order)


_unravel_index.batch(aligned)


@function(
    np.unravel_index,
    samples=[
        sample(integers(4, low=0, high=12), (3, 4)),
        sample(integers(2, 3, low=0, high=12), (3, 4), order="F"),
        sample(integers(low=0, high=12), (2, 3, 2)),
        sample(integers(3, low=0, high=5), 5),
    ],
    errors=[
        (sample(integers(2, low=12, high=14), (3, 4)), ValueError),
        (sample(reals(2), (3, 4)), TypeError),
        (sample(integers(2, low=0, high=2), (3, 4), order="X"), ValueError),
    ],
)
def unravel_index(indices: Any, /, shape: Any, order: str = "C") -> Any:
    """The places along each axis of the elements at ``indices`` of an array flattened; ``ravel_multi_index`` undoes it.

    Args:
        indices: integers, such as ``argmax`` gives.
        shape: the shape of the array.
        order: how the elements are counted: ``"C"``, last axis fastest; ``"F"``, first axis fastest.

    Shapes: any -> as many times the same as ``shape`` has axes, integers.

    Raises:
        ValueError: for an index out of range, and for another order.
        TypeError: for indices that are no integers.

    >>> ag.unravel_index(np.array([5, 6]), (3, 4))
    (array([1, 1]), array([1, 2]))
    """
    return _unravel_index(as_array(indices), shape=whole_numbers(shape), order=order)


@op(
    differentiable=False,
    name="ravel_multi_index",
    public=False,
    samples=[sample(integers(4, low=0, high=3), integers(4, low=0, high=4), dims=(3, 4), mode="raise", order="C")],
)
def _ravel_multi_index(*places: Any, dims: tuple[int, ...], mode: Any, order: Any) -> Any:
    return np.ravel_multi_index(places, dims, mode, order)


_ravel_multi_index.batch(aligned)


@function(
    np.ravel_multi_index,
    samples=[
        sample(many(integers(4, low=0, high=3), integers(4, low=0, high=4)), (3, 4)),
        sample(many(integers(2, 1, low=0, high=3), integers(3, low=0, high=4)), (3, 4), order="F"),
        sample(many(integers(4), integers(4)), (3, 4), mode=("clip", "wrap")),
        sample(many(integers(low=0, high=3), integers(low=0, high=4)), (3, 4), "wrap"),
    ],
    errors=[
        (sample(many(integers(3, low=3, high=5), integers(3, low=0, high=4)), (3, 4)), ValueError),
        (sample(many(integers(3, low=0, high=2)), (3, 4)), ValueError),
        (sample(many(reals(3), reals(3)), (3, 4)), TypeError),
        (sample(many(integers(3), integers(3)), (3, 4), "mirror"), ValueError),
    ],
)
def ravel_multi_index(multi_index: Any, /, dims: Any, mode: Any = "raise", order: str = "C") -> Any:
    """The indices, in an array flattened, of the elements at the given places along each axis.

    Args:
        multi_index: for each axis the places along it, arrays that broadcast.
        dims: the shape of the array.
        mode: for a place out of range, ``"raise"``, ``"wrap"`` around or ``"clip"``; or a tuple with one for each axis.
        order: how the elements are counted: ``"C"``, last axis fastest; ``"F"``, first axis fastest.

    Shapes: any that broadcast -> their broadcast, integers.

    Raises:
        ValueError: for a place out of range, another number of axes, and other modes and orders.
        TypeError: for places that are no integers.

    >>> ag.ravel_multi_index((np.array([1, 1]), np.array([1, 2])), (3, 4))
    array([5, 6])
    """
    mode = tuple(mode) if isinstance(mode, list) else mode
    return _ravel_multi_index(*multi_index, dims=whole_numbers(dims), mode=mode, order=order)


# ---------------------------------------------------------------- bits


@op(
    differentiable=False,
    name="packbits",
    public=False,
    samples=[sample(integers(3, 9, low=0, high=2), axis=1, bitorder="little")],
)
def _packbits(x: Any, *, axis: int | None, bitorder: Any) -> Any:
    return np.packbits(x, axis, bitorder)


_packbits.batch(along_one_axis)


@function(
    np.packbits,
    samples=[
        sample(integers(3, 9, low=0, high=2)),
        sample(integers(3, 9, low=0, high=2), axis=-1),
        sample(booleans(9), 0, "little"),
    ],
    errors=[
        (sample(reals(3)), TypeError),
        (sample(booleans(3), axis=1), np.exceptions.AxisError),
        (sample(booleans(3), bitorder="middle"), ValueError),
    ],
)
def packbits(x: Any, /, axis: int | None = None, bitorder: str = "big") -> Any:
    """Truth values, eight of them to a byte; zeros fill up the last one.

    Args:
        x: truth values, or integers that count as such.
        axis: the axis to pack along; ``None`` to pack the flattened elements.
        bitorder: ``"big"`` to start with the highest bit, ``"little"`` with the lowest.

    Shapes: any -> an eighth of the length of ``axis``, rounded up; uint8.

    Raises:
        TypeError: for what is neither.
        ValueError: for another order.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.packbits([1, 0, 1])
    array([160], dtype=uint8)
    """
    return _packbits(as_array(x), axis=axis, bitorder=bitorder)


def _bytes(*shape: int) -> Any:
    return lambda rng: rng.integers(0, 256, shape).astype(np.uint8)


@op(
    differentiable=False,
    name="unpackbits",
    public=False,
    samples=[sample(_bytes(3), axis=0, count=20, bitorder="big")],
)
def _unpackbits(x: Any, *, axis: int | None, count: int | None, bitorder: Any) -> Any:
    return np.unpackbits(x, axis, count, bitorder)


_unpackbits.batch(along_one_axis)


@function(
    samples=[sample(_bytes(2, 3)), sample(_bytes(2, 3), axis=-1, count=-3), sample(_bytes(3), 0, 20, "little")],
    errors=[(sample(integers(3)), TypeError), (sample(_bytes(3), bitorder="middle"), ValueError)],
)
def unpackbits(x: Any, /, axis: int | None = None, count: int | None = None, bitorder: str = "big") -> Any:
    """The bits of bytes, each an element of its own; what ``packbits`` undoes.

    Args:
        x: bytes (uint8).
        axis: the axis to unpack along; ``None`` to unpack the flattened elements.
        count: how many bits to give; a negative number leaves out that many at the end.
        bitorder: ``"big"`` to start with the highest bit, ``"little"`` with the lowest.

    Shapes: any -> eight times the length of ``axis``, or ``count``; uint8.

    Raises:
        TypeError: for another dtype.
        ValueError: for another order.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.unpackbits(np.array([160], np.uint8), count=3)
    array([1, 0, 1], dtype=uint8)
    """
    return _unpackbits(as_array(x), axis=axis, count=count, bitorder=bitorder)


answer_for(np.unpackbits, unpackbits)  # not as a reference of samples, as it takes no list of numbers
