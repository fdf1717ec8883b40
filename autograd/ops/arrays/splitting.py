"""Splitting arrays: into pieces along an axis, or into slices without it.

Each of them is linear, and its results are views. ``split`` is the transpose of ``concatenate``, ``unstack`` that of ``stack``
(see ``joining``); a piece that is not used gives back zeros.
"""

from collections.abc import Iterator
from itertools import pairwise
from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.batch_rules import shifted
from autograd.gate import function, op
from autograd.ops.arguments import ndim_of, shape_of_any, whole_numbers
from autograd.ops.arrays.indexing import getitem
from autograd.samples import reals, sample
from autograd.tensors import Tensor


@op(
    linear=True,
    view=True,
    multiple=True,
    name="split",
    public=False,
    samples=[sample(reals(3, 4), lengths=(1, 0, 3), axis=1), sample(reals(5), lengths=(2, 3), axis=0)],
)
def pieces(x: Any, *, lengths: tuple[int, ...], axis: int) -> tuple[Any, ...]:
    """Views of ``x``, one after the other along ``axis``, with the given lengths."""
    before = (slice(None),) * axis
    views = []
    start = 0
    for length in lengths:
        views.append(x[(*before, slice(start, start + length))])
        start += length
    return tuple(views)


def _joined_pieces(g: Any, x_shape: tuple[int, ...], x_dtype: Any, lengths: tuple[int, ...], axis: int) -> Any:
    """The pieces' cotangents side by side, zeros for pieces that were not used."""
    before, after = x_shape[:axis], x_shape[axis + 1 :]
    whole = [
        np.zeros((*before, length, *after), x_dtype) if each is None else each for each, length in zip(g, lengths, strict=True)
    ]
    return np.concatenate(whole, axis)


pieces.vjp(x=_joined_pieces)
pieces.batch(shifted("axis"))


@op(linear=True, view=True, multiple=True, name="unstack", public=False, samples=[sample(reals(3, 4), axis=1)])
def slices(x: Any, *, axis: int) -> tuple[Any, ...]:
    """Views of ``x``, one for each place along ``axis``."""
    return tuple(x if axis == 0 else np.moveaxis(x, axis, 0))


def _stacked_slices(g: Any, x_shape: tuple[int, ...], x_dtype: Any, axis: int) -> Any:
    """The slices' cotangents stacked, zeros for slices that were not used."""
    shape = (*x_shape[:axis], *x_shape[axis + 1 :])
    return np.stack([np.zeros(shape, x_dtype) if each is None else each for each in g], axis)


slices.vjp(x=_stacked_slices)
slices.batch(shifted("axis"))


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
    return slices(x, axis=normalize_axis_index(axis, ndim_of(x)))


_FEW = 16  # elements that are cut apart at once; of more, a loop may be left after the first


def iterate(x: Tensor) -> Iterator[Any]:
    """``iter(x)``: its elements along the first axis. A few of them are outputs of one op, whose gradients are stacked."""
    if x.ndim == 0:
        raise TypeError("iteration over a tensor without dimensions; it has one element, .item()")
    if x.node is not None and 0 < len(x) <= _FEW:
        return iter(slices(x, axis=0))
    return (getitem(x, i) for i in range(len(x)))


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
    return list(pieces(x, lengths=tuple(lengths), axis=axis))


def _split_along(x: Any, indices_or_sections: Any, axis: int, fewest: int, name: str) -> list[Any]:
    if ndim_of(x) < fewest:
        raise ValueError(
            f"{name}: expected at least {fewest} axes, received shape {shape_of_any(x)}; use ag.split with an axis"
        )
    return split(x, indices_or_sections, axis)


_NOT_INTO_THREE = (sample(reals(4, 4, 4), 3), ValueError)


@function(
    np.hsplit,
    samples=[sample(reals(2, 4), 2), sample(reals(6), [1, 3]), sample(reals(2, 3, 2), 3)],
    errors=[_NOT_INTO_THREE, (sample(reals(), 1), ValueError)],
)
def hsplit(x: Any, /, indices_or_sections: Any) -> list[Any]:
    """``split`` along the second axis; along the only one, where there is one. What ``hstack`` undoes.

    Shapes: ``(m, n, ...)`` -> several ``(m, n_i, ...)``; ``(n,)`` -> several ``(n_i,)``.

    Raises:
        ValueError: for no axes, and for a number of sections that does not divide the length.

    >>> ag.hsplit(np.array([[1.0, 2.0], [3.0, 4.0]]), 2)
    [array([[1.],
           [3.]]), array([[2.],
           [4.]])]
    """
    return _split_along(x, indices_or_sections, 1 if ndim_of(x) > 1 else 0, 1, "hsplit")


@function(
    np.vsplit,
    samples=[sample(reals(4, 2), 2), sample(reals(3, 1, 2), [1])],
    errors=[_NOT_INTO_THREE, (sample(reals(4), 2), ValueError)],
)
def vsplit(x: Any, /, indices_or_sections: Any) -> list[Any]:
    """``split`` along the first axis, of arrays with at least two. What ``vstack`` undoes.

    Shapes: ``(m, n, ...)`` -> several ``(m_i, n, ...)``.

    Raises:
        ValueError: for fewer than two axes, and for a number of sections that does not divide the length.

    >>> ag.vsplit(np.array([[1.0, 2.0], [3.0, 4.0]]), 2)
    [array([[1., 2.]]), array([[3., 4.]])]
    """
    return _split_along(x, indices_or_sections, 0, 2, "vsplit")


@function(
    np.dsplit,
    samples=[sample(reals(2, 2, 4), 2), sample(reals(1, 2, 3, 2), [1])],
    errors=[_NOT_INTO_THREE, (sample(reals(4, 4), 2), ValueError)],
)
def dsplit(x: Any, /, indices_or_sections: Any) -> list[Any]:
    """``split`` along the third axis ("depth"). What ``dstack`` undoes.

    Shapes: ``(m, n, k, ...)`` -> several ``(m, n, k_i, ...)``.

    Raises:
        ValueError: for fewer than three axes, and for a number of sections that does not divide the length.

    >>> [each.shape for each in ag.dsplit(np.ones((2, 3, 4)), [1])]
    [(2, 3, 1), (2, 3, 3)]
    """
    return _split_along(x, indices_or_sections, 2, 3, "dsplit")
