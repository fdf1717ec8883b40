"""Joining arrays and splitting them: along an axis that they have, or along a new one.

Each of them is linear: it moves elements and computes nothing, so ops come in pairs of transposes, ``concatenate`` and
``split``, ``stack`` and ``unstack``. Where an op would only repeat what another does, the public function is written in terms
of the other.
"""

from itertools import pairwise
from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.gate import function, op
from autograd.ops.arguments import ndim_of, shape_of_any, whole_numbers
from autograd.ops.indexing import getitem
from autograd.ops.shaping import atleast_1d, atleast_2d, ravel
from autograd.samples import complexes, many, reals, sample


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
    return _unstack(x, axis=normalize_axis_index(axis, ndim_of(x)))


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
        sections, length = index(indices_or_sections), shape_of_any(x)[normalize_axis_index(axis, ndim_of(x))]
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
    axis = normalize_axis_index(axis, ndim_of(x))
    length = shape_of_any(x)[axis]
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
