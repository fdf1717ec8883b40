"""Sorting: values in order, the order itself, partial orders.

A sorted array is a rearrangement of its input, so the gradient goes back through the permutation: each element of the cotangent
to the element that was put in its place. Among equal elements that is the place that a *stable* sort gives them: the first of
them in the input comes first. NaN counts as larger than every number, and stands last.

``permuted`` and ``restored`` are a permutation along an axis and its inverse; ``sums_at`` is what ``quantiles``, ``sets`` and
``histograms`` bring gradients back with to the elements that were picked.
"""

from math import prod
from operator import index
from typing import Any

import numpy as np

from autograd.batch_rules import along_one_axis, padded, shifted, shifted_together, stretched
from autograd.gate import answer_for, function, op
from autograd.ops.arguments import as_array, whole_numbers
from autograd.ops.arrays.indexing import getitem
from autograd.ops.casting import cast
from autograd.record import Op, shape_of
from autograd.samples import complexes, distinct, integers, reals, sample
from autograd.tensors import Tensor

# ---------------------------------------------------------------- permutations and places

_ORDER = np.array([[2, 0, 1, 3], [0, 3, 2, 1], [1, 2, 3, 0]])


@op(linear=True, public=False, samples=[sample(reals(3, 4), _ORDER, axis=1), sample(complexes(3), np.array([2, 0, 1]), axis=0)])
def permuted(x: Any, order: Any, *, axis: int) -> Any:
    """The elements of each slice along ``axis`` in another order: ``take_along_axis`` of a permutation."""
    return np.take_along_axis(x, order, axis)


@op(linear=True, public=False, samples=[sample(reals(3, 4), _ORDER, axis=1), sample(complexes(3), np.array([2, 0, 1]), axis=0)])
def restored(x: Any, order: Any, *, axis: int) -> Any:
    """The inverse of ``permuted``: each element back where the permutation took it from."""
    out = np.empty_like(x)
    np.put_along_axis(out, order, x, axis)
    return out


permuted.vjp(x=lambda g, order, axis: restored(g, order, axis=axis), order=None)
permuted.batch(shifted_together("axis"))
restored.vjp(x=lambda g, order, axis: permuted(g, order, axis=axis), order=None)
restored.batch(shifted_together("axis"))


@op(
    differentiable=False,
    public=False,
    samples=[sample(np.array([3.0, 1.0, 3.0]), np.array([1.0, 3.0, 3.0]), axis=0, descending=False)],
)
def stable_order(x: Any, ordered: Any, *, axis: int, descending: bool) -> Any:
    """The permutation that sorts ``x`` along ``axis`` and keeps equal elements in their order; ``ordered`` is the outcome.

    Without equal elements every sort gives this permutation, and the fastest is half as fast again as the stable one.
    """
    return _argsort.op.forward(x, axis=axis, kind=None, stable=_has_ties(ordered, axis), descending=descending)


stable_order.batch(shifted_together("axis"))


def _has_ties(ordered: Any, axis: int) -> bool:
    """Whether equal elements, or NaNs, stand side by side in what was sorted along ``axis``."""
    rows = np.moveaxis(ordered, axis, -1)
    return bool((rows[..., 1:] == rows[..., :-1]).any() or np.isnan(rows[..., :1]).any() or np.isnan(rows[..., -1:]).any())


@op(
    linear=True,
    public=False,
    samples=[
        sample(reals(2, 3), integers(2, 3, low=0, high=8), shape=(2, 4)),
        sample(complexes(2), np.array([1, 1]), shape=(3,)),
    ],
)
def sums_at(x: Any, places: Any, *, shape: tuple[int, ...]) -> Any:
    """Zeros of the given shape, to which each element of ``x`` is added at its place, counted in the flattened array."""
    out = np.zeros(shape, np.result_type(x))
    np.add.at(out.reshape(-1), np.ravel(places), np.ravel(x))
    return out[()]


sums_at.vjp(x=lambda g, places: getitem(np.ravel(g), places), places=None)


def _sums_in_each(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    (x, places), shape = arrays, statics["shape"]
    ndim = max([len(shape_of(each)) - is_mapped for each, is_mapped in zip(arrays, mapped, strict=True)])
    starts = np.reshape(np.arange(level.size) * prod(shape), (-1, *[1] * ndim))
    places = (padded(places, ndim) if mapped[1] else places) + starts
    return record.call(stretched(x, mapped[0], level.size), places, shape=(level.size, *shape))


sums_at.batch(_sums_in_each)


# ---------------------------------------------------------------- sort


@op(
    name="sort",
    public=False,
    samples=[
        sample(distinct(3, 4), axis=0, kind=None, stable=None, descending=False),
        sample(distinct(3, 4), axis=-1, kind=None, stable=True, descending=True),
        sample(complexes(4), axis=0, kind=None, stable=None, descending=False),
    ],
)
def _sort(x: Any, *, axis: int, kind: Any, stable: bool | None, descending: bool) -> Any:
    if not descending:
        return np.sort(x, axis, kind, stable=stable)
    return np.flip(np.sort(np.flip(x, axis), axis, kind, stable=stable), axis)  # equal elements end up in their order


_sort.vjp(x=lambda g, x, out, axis, descending: restored(g, stable_order(x, out, axis=axis, descending=descending), axis=axis))
_sort.batch(shifted("axis"))

_SORTED = (
    sample(distinct(3, 4)),
    sample(distinct(2, 3, 4), axis=0),
    sample(distinct(3, 4), axis=None),
    sample(distinct(5), kind="stable"),
    sample(distinct(5), stable=True),
    sample(complexes(3, 2), axis=0),
    sample(integers(3, 4), kind="stable"),
)
_NO_ORDER = (
    (sample(reals(3), axis=1), np.exceptions.AxisError),
    (sample(reals(3), kind="bubble"), ValueError),
    (sample(reals(3), kind="stable", stable=True), ValueError),
)


@function(np.sort, samples=_SORTED, errors=(*_NO_ORDER, (sample(reals()), np.exceptions.AxisError)))
def sort(
    x: Any, /, axis: int | None = -1, kind: str | None = None, *, descending: bool = False, stable: bool | None = None
) -> Any:
    """The elements along ``axis`` in ascending order, NaN last.

    The derivative is the permutation. Of equal elements the first in ``x`` counts as the smaller one (with ``descending``: as
    the larger one), whatever algorithm sorts. Complex numbers are ordered by their real parts, then by their imaginary parts.

    Args:
        x: the input.
        axis: the axis to sort along; ``None`` flattens first.
        kind: NumPy's name of an algorithm.
        descending: in descending order; NaN first.
        stable: whether zeros of both signs, which are equal, have to keep their order.

    Shapes: ``x`` any with at least one axis -> same; with ``axis=None`` one axis.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an unknown ``kind``, and when both ``kind`` and ``stable`` are given.

    >>> x = ag.tensor([3.0, 1.0, 2.0], requires_grad=True)
    >>> np.sum(np.array([1.0, 10.0, 100.0]) * ag.sort(x)).backward()
    >>> x.grad
    Tensor([100.,   1.,  10.], dtype=float64)
    """
    x = as_array(x)
    if axis is None:
        x, axis = np.reshape(x, -1), -1
    return _sort(x, axis=index(axis), kind=kind, stable=stable, descending=bool(descending))


@op(
    differentiable=False,
    name="argsort",
    public=False,
    samples=[
        sample(distinct(3, 4), axis=1, kind=None, stable=None, descending=False),
        sample(np.array([1.0, 2.0, 1.0]), axis=0, kind=None, stable=True, descending=True),
    ],
)
def _argsort(x: Any, *, axis: int | None, kind: Any, stable: bool | None, descending: bool) -> Any:
    if not descending or x.ndim == 0:
        return np.argsort(x, axis, kind, stable=stable)
    order = np.argsort(np.flip(x, axis), axis, kind, stable=stable)
    return np.flip(x.shape[axis] - 1 - order, axis)  # equal elements end up in their order


_argsort.batch(along_one_axis)


@function(np.argsort, samples=_SORTED, errors=_NO_ORDER)
def argsort(
    x: Any, /, axis: int | None = -1, kind: str | None = None, *, descending: bool = False, stable: bool | None = None
) -> Any:
    """The indices that sort ``x`` along ``axis``; equal elements keep their order unless it is asked for otherwise.

    ``np.argsort(t)`` of a tensor does what NumPy does, where equal elements may come in any order.

    Args:
        x: the input.
        axis: the axis to sort along; ``None`` flattens first.
        kind: NumPy's name of an algorithm.
        descending: in descending order; NaN first.
        stable: whether equal elements have to keep their order: yes, unless ``kind`` is given.

    Shapes: ``x`` any -> same, integers; with ``axis=None``, and for a number, one axis.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an unknown ``kind``, and when both ``kind`` and ``stable`` are given.

    >>> ag.argsort(np.array([3.0, 1.0, 2.0, 1.0])), ag.argsort(np.array([3.0, 1.0, 2.0, 1.0]), descending=True)
    (array([1, 3, 2, 0]), array([0, 2, 1, 3]))
    """
    x = as_array(x)
    if axis is None:
        x, axis = np.reshape(x, -1), -1
    if kind is None and stable is None:
        stable = True
    return _argsort(x, axis=index(axis), kind=kind, stable=stable, descending=bool(descending))


def _argsort_of_numpy(x: Any, /, axis: int | None = -1, kind: str | None = None, *, stable: bool | None = None) -> Any:
    return _argsort(as_array(x), axis=axis, kind=kind, stable=stable, descending=False)


answer_for(np.argsort, _argsort_of_numpy)


@function(
    np.sort_complex,
    samples=[sample(complexes(3, 4)), sample(integers(4)), sample(complexes(0))],
    errors=[(sample(reals()), np.exceptions.AxisError)],
)
def sort_complex(x: Any, /) -> Any:
    """The elements along the last axis as complex numbers, by their real parts and then by their imaginary parts.

    The derivative is that of ``sort``. Integers of 8 and 16 bits become complex64, other real numbers complex128.

    Shapes: any with at least one axis -> same.

    Raises:
        numpy.exceptions.AxisError: for a number.

    >>> ag.sort_complex(np.array([2 + 1j, 1 - 1j, 2 - 1j]))
    array([1.-1.j, 2.-1.j, 2.+1.j])
    """
    ordered = sort(x)
    if ordered.dtype.kind == "c":
        return ordered
    return cast(ordered, {"b": "F", "h": "F", "B": "F", "H": "F", "g": "G"}.get(ordered.dtype.char, "D"))


# ---------------------------------------------------------------- partition

_PARTED = (
    sample(distinct(7), 3),
    sample(distinct(3, 5), (1, 3)),
    sample(distinct(4, 3), -1, axis=0),
    sample(distinct(3, 4), 5, axis=None),
    sample(complexes(5), 2),
    sample(integers(6), 2),
)
_NO_PARTS = (
    (sample(reals(3), 3), ValueError),
    (sample(reals(3), 1.5), TypeError),
    (sample(reals(3), 1, axis=1), np.exceptions.AxisError),
    (sample(reals(3), 1, kind="quicksort"), ValueError),
)


@op(
    name="partition",
    public=False,
    samples=[
        sample(distinct(3, 5), kth=(2,), axis=1, kind="introselect"),
        sample(complexes(5), kth=(1, 3), axis=0, kind="introselect"),
    ],
)
def _partition(x: Any, *, kth: tuple[int, ...], axis: int, kind: Any) -> Any:
    return np.partition(x, kth, axis, kind)


@op(
    differentiable=False, public=False, samples=[sample(np.array([3.0, 1.0, 3.0, 2.0]), np.array([1.0, 2.0, 3.0, 3.0]), axis=0)]
)
def places_before(x: Any, arranged: Any, *, axis: int) -> Any:
    """Where along ``axis`` each element of a rearrangement of ``x`` came from, equal ones paired in their order."""
    order, order_arranged = np.argsort(x, axis), np.argsort(arranged, axis)
    if _has_ties(np.take_along_axis(x, order, axis), axis):
        order, order_arranged = np.argsort(x, axis, kind="stable"), np.argsort(arranged, axis, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order_arranged, order, axis)
    return places


places_before.batch(shifted_together("axis"))


_partition.vjp(x=lambda g, x, out, axis: restored(g, places_before(x, out, axis=axis), axis=axis))
_partition.batch(shifted("axis"))


@function(np.partition, samples=_PARTED, errors=_NO_PARTS)
def partition(x: Any, kth: Any, /, axis: int | None = -1, kind: str = "introselect") -> Any:
    """A rearrangement with element ``kth`` where sorting puts it: no larger ones before it, no smaller ones after it.

    The derivative is the rearrangement, equal elements paired in their order.

    Args:
        x: the input.
        kth: the place, or several of them, that have to be right.
        axis: the axis to sort along; ``None`` flattens first.
        kind: the algorithm; NumPy has ``"introselect"``.

    Shapes: ``x`` any with at least one axis -> same; with ``axis=None`` one axis.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for a place out of range, and an unknown ``kind``.
        TypeError: for a place that is no integer.

    >>> ag.partition(np.array([4.0, 1.0, 3.0, 2.0]), 0)[0]
    np.float64(1.0)
    """
    x = as_array(x)
    if axis is None:
        x, axis = np.reshape(x, -1), -1
    return _partition(x, kth=_places(kth), axis=index(axis), kind=kind)


@op(
    differentiable=False,
    name="argpartition",
    public=False,
    samples=[sample(distinct(3, 5), kth=(2,), axis=1, kind="introselect")],
)
def _argpartition(x: Any, *, kth: tuple[int, ...], axis: int | None, kind: Any) -> Any:
    return np.argpartition(x, kth, axis, kind)


_argpartition.batch(along_one_axis)


@function(np.argpartition, samples=_PARTED, errors=_NO_PARTS)
def argpartition(x: Any, kth: Any, /, axis: int | None = -1, kind: str = "introselect") -> Any:
    """The indices that part ``x`` at ``kth`` as ``partition`` does, though not always in the same order on either side.

    Args:
        x: the input.
        kth: the place, or several of them, that have to be right.
        axis: the axis to sort along; ``None`` flattens first.
        kind: the algorithm; NumPy has ``"introselect"``.

    Shapes: ``x`` any -> same, integers; with ``axis=None``, and for a number, one axis.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for a place out of range, and an unknown ``kind``.
        TypeError: for a place that is no integer.

    >>> ag.argpartition(np.array([4.0, 1.0, 3.0, 2.0]), 0)[0]
    np.int64(1)
    """
    return _argpartition(as_array(x), kth=_places(kth), axis=axis, kind=kind)


def _places(kth: Any) -> tuple[int, ...]:
    try:
        return whole_numbers(kth)
    except TypeError:
        raise TypeError(f"kth: expected an integer or a sequence of integers, received {kth!r}") from None


# ---------------------------------------------------------------- orders by several keys


@op(
    differentiable=False,
    name="lexsort",
    public=False,
    samples=[sample(integers(5), integers(5, low=0, high=2), axis=-1), sample(reals(3, 4), integers(3, 4), axis=0)],
)
def _lexsort(*keys: Any, axis: int) -> Any:
    return np.lexsort(keys, axis)


def _lexsort_in_each(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    if any([len(shape_of(each)) == is_mapped for each, is_mapped in zip(arrays, mapped, strict=True)]):
        return NotImplemented  # numbers, which NumPy sorts along an axis that they do not have
    return shifted_together("axis")(record, arrays, mapped, statics, level)


_lexsort.batch(_lexsort_in_each)


@function(
    np.lexsort,
    samples=[sample(integers(3, 6, low=0, high=3)), sample(integers(2, 3, 4, low=0, high=3), axis=0)],
    errors=[(sample(()), TypeError), (sample(reals(2, 3), axis=1), np.exceptions.AxisError)],
)
def lexsort(keys: Any, /, axis: int = -1) -> Any:
    """The indices that sort by several keys: by the last one, where that is equal by the one before it, and so on.

    The sort is stable. The result is integers: there is nothing to differentiate.

    Args:
        keys: the keys, in a sequence or along the first axis of an array.
        axis: the axis of the keys to sort along.

    Shapes: ``(k, ...)`` -> ``(...)``, integers.

    Raises:
        TypeError: without a key.
        ValueError: for keys of different shapes.
        numpy.exceptions.AxisError: for an axis that the keys do not have.

    >>> ag.lexsort(([3, 1, 2], [1, 0, 0]))  # by the second, then by the first
    array([1, 2, 0])
    """
    if not np.iterable(keys):
        raise TypeError("lexsort: expected a sequence of keys, or an array with keys along its first axis, received a number")
    return _lexsort(*(keys.detach() if isinstance(keys, Tensor) else keys), axis=axis)
