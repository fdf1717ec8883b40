"""Sets: the unique elements of an array, and the unions, intersections and differences of two.

Everything here picks elements, so a result is an index read: the gradient goes to where an element comes from, and that is the
first of several equal ones. How many elements there are, and which, is piecewise constant and has the derivative 0.
"""

from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.arrays.indexing import getitem
from autograd.ops.arrays.joining import concatenate
from autograd.ops.ordering.sorting import sums_at
from autograd.record import Op
from autograd.samples import booleans, complexes, distinct, integers, reals, sample

# ---------------------------------------------------------------- unique elements

_REPEATED = np.array([[3.0, 1.0, 3.0], [0.5, 1.0, 2.0]])
_EQUAL_ROWS = np.array([[1.0, 2.0], [0.5, 2.0], [1.0, 2.0]])


@op(
    multiple=True,
    dynamic_shape=True,
    name="unique",
    public=False,
    samples=[
        sample(distinct(2, 3), returns=(True, True, True), axis=None, equal_nan=True, sorted=True),
        sample(distinct(3, 2), returns=(False, False, False), axis=0, equal_nan=True, sorted=True),
        sample(complexes(4), returns=(False, False, False), axis=None, equal_nan=False, sorted=False),
    ],
)
def _unique(x: Any, *, returns: Any, axis: Any, equal_nan: bool, sorted: bool) -> Any:
    index, inverse, counts = returns
    found = np.unique(x, index, inverse, counts, axis, equal_nan=equal_nan, sorted=sorted)
    return found if isinstance(found, tuple) else (found,)


@op(
    differentiable=False,
    public=False,
    samples=[
        sample(np.array([3.0, 1.0, 3.0]), np.array([1.0, 3.0]), axis=None, equal_nan=True),
        sample(_EQUAL_ROWS, np.array([[0.5, 2.0], [1.0, 2.0]]), axis=0, equal_nan=True),
    ],
)
def first_places(x: Any, values: Any, *, axis: int | None, equal_nan: bool) -> Any:
    """Where in the flattened ``x`` the elements of its unique ``values`` stand first."""
    index = np.unique(x, return_index=True, axis=axis, equal_nan=equal_nan)[1]
    if axis is not None and x.ndim > 1:
        return np.take(np.arange(x.size).reshape(x.shape), index, axis)
    places = np.empty_like(index)
    places[np.argsort(values, kind="stable")] = index  # the values may come unsorted
    return places


_unique.vjp(
    x=lambda g, x, out, x_shape, axis, equal_nan: sums_at(
        g[0], first_places(x, out[0], axis=axis, equal_nan=equal_nan), shape=x_shape
    )
)


@function(
    np.unique,
    samples=[
        sample(distinct(2, 3)),
        sample(distinct(5), return_index=True, return_inverse=True, return_counts=True),
        sample(distinct(2, 3), return_inverse=True, axis=1),
        sample(distinct(3, 2), return_index=True, axis=0),
        sample(complexes(4), return_counts=True),
        sample(distinct(4), equal_nan=False, sorted=False),
        sample(integers(3, 4, low=0, high=4), return_inverse=True),
        sample(booleans(4)),
        sample(reals()),
    ],
    errors=[(sample(reals(3), axis=1), np.exceptions.AxisError)],
)
def unique(
    x: Any,
    /,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    *,
    equal_nan: bool = True,
    sorted: bool = True,
) -> Any:
    """The different elements of ``x``, in ascending order; the gradient goes to the first of several equal ones.

    Args:
        x: the input.
        return_index: return the indices of the first occurrences, too.
        return_inverse: return the indices that make ``x`` of its unique elements, too.
        return_counts: return how often each comes, too.
        axis: compare slices along this axis in place of elements.
        equal_nan: whether NaNs count as equal (not with ``axis``).
        sorted: whether the order matters.

    Shapes: ``(m,)``, with ``axis`` a length m in its place; the indices and counts ``(m,)``, the inverse that of ``x``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> x = ag.tensor([3.0, 1.0, 3.0], requires_grad=True)
    >>> values, counts = ag.unique(x, return_counts=True)
    >>> np.sum(values * counts).backward()
    >>> x.grad
    Tensor([2., 1., 0.], dtype=float64)
    """
    found = _unique(
        as_array(x),
        returns=(bool(return_index), bool(return_inverse), bool(return_counts)),
        axis=axis,
        equal_nan=bool(equal_nan),
        sorted=bool(sorted),
    )
    return found if len(found) > 1 else found[0]


# NumPy's named tuples, which it does not export
_AllResult, _CountsResult, _InverseResult = (
    type(each(np.empty(0))) for each in (np.unique_all, np.unique_counts, np.unique_inverse)
)
_SOME = (sample(distinct(2, 3)), sample(integers(3, 4, low=0, high=4)), sample(reals()))


@function(np.unique_all, samples=_SOME)
def unique_all(x: Any, /) -> Any:
    """The different elements, their first places in the flattened ``x``, the inverse, and how often each comes.

    NaNs count as different. The gradient of the values goes to the first of several equal elements.

    Shapes: a named tuple ``values``, ``indices``, ``inverse_indices``, ``counts``: ``(m,)``, the inverse that of ``x``.

    >>> ag.unique_all(np.array([2.0, 1.0, 2.0])).inverse_indices
    array([1, 0, 1])
    """
    return _AllResult(*unique(x, True, True, True, equal_nan=False))


@function(np.unique_counts, samples=_SOME)
def unique_counts(x: Any, /) -> Any:
    """The different elements and how often each comes.

    NaNs count as different. The gradient of the values goes to the first of several equal elements.

    Shapes: a named tuple ``values``, ``counts`` of ``(m,)``.

    >>> ag.unique_counts(np.array([2.0, 1.0, 2.0])).counts
    array([1, 2])
    """
    return _CountsResult(*unique(x, return_counts=True, equal_nan=False))


@function(np.unique_inverse, samples=_SOME)
def unique_inverse(x: Any, /) -> Any:
    """The different elements and the indices that make ``x`` of them.

    NaNs count as different. The gradient of the values goes to the first of several equal elements.

    Shapes: a named tuple ``values`` ``(m,)`` and ``inverse_indices`` in the shape of ``x``.

    >>> ag.unique_inverse(np.array([[2.0, 1.0], [2.0, 2.0]])).inverse_indices
    array([[1, 0],
           [1, 1]])
    """
    return _InverseResult(*unique(x, return_inverse=True, equal_nan=False))


@function(np.unique_values, samples=_SOME)
def unique_values(x: Any, /) -> Any:
    """The different elements, in any order; NaNs count as different.

    The gradient goes to the first of several equal elements.

    Shapes: ``(m,)``.

    >>> ag.unique_values(np.array([2.0, 1.0, 2.0])).shape
    (2,)
    """
    return unique(x, equal_nan=False, sorted=False)


# ---------------------------------------------------------------- two sets


@op(
    multiple=True,
    differentiable=False,
    dynamic_shape=True,
    public=False,
    samples=[sample(np.array([1.0, 3.0, 2.0, 3.0, 1.0]))],
)
def equal_pairs(x: Any) -> tuple[Any, Any]:
    """The places of the elements that come twice, in ascending order of the elements: the first places, and the second ones."""
    order = np.argsort(x, kind="stable")
    ordered = x[order]
    same = ordered[1:] == ordered[:-1]
    return order[:-1][same], order[1:][same]


@op(differentiable=False, dynamic_shape=True, public=False, samples=[sample(np.array([1.0, 3.0, 2.0, 3.0]))])
def singles(x: Any) -> Any:
    """The places of the elements that come once, in ascending order of the elements."""
    order = np.argsort(x, kind="stable")
    if x.size == 0:
        return order
    ordered = x[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1], [True]])
    return order[new[1:] & new[:-1]]


# Elements that are in both sets are integers: where a number moves away from another one, the result changes its length.
_BOTH = (
    sample(np.array([1, 4, 2, 4]), np.array([4, 0, 1])),
    sample(np.array([[1, 4], [2, 3]]), np.array([[4, 0, 1]])),
    sample(integers(), np.array([1, 3])),
)
_TWO = (
    *_BOTH,
    sample(distinct(4), reals(2, low=2.5, high=4.0)),
    sample(distinct(2, 3), np.array([3, 5], np.int8)),
    sample(complexes(3), distinct(2)),
)
_TWO_UNIQUE = (*_TWO, sample(np.array([1, 4, 2]), np.array([4, 0, 1]), True), sample(distinct(3), distinct(2), True))


def _joined(x1: Any, x2: Any, assume_unique: bool = True) -> Any:
    """Both sets, first made such if need be, in one vector."""
    return concatenate([np.ravel(as_array(each)) if assume_unique else unique(each) for each in (x1, x2)])


@function(
    np.intersect1d,
    samples=[
        *_BOTH,
        sample(np.array([3, 1, 2, 2]), np.array([2, 3, 5]), return_indices=True),
        sample(np.array([3, 1, 2]), np.array([2, 3, 5]), True, True),
    ],
)
def intersect1d(x1: Any, x2: Any, /, assume_unique: bool = False, return_indices: bool = False) -> Any:
    """The elements that are in both, each once, in ascending order; the gradient goes to the first of them in ``x1``.

    Args:
        x1: a set, in any shape.
        x2: another one.
        assume_unique: whether neither has an element twice.
        return_indices: return the places of the first occurrences in the flattened ``x1`` and ``x2``, too.

    Shapes: any two -> ``(m,)``.

    >>> ag.intersect1d(np.array([3.0, 1.0, 2.0]), np.array([2.0, 3.0, 5.0]))
    array([2., 3.])
    """
    if return_indices and not assume_unique:
        (x1, index1), (x2, index2) = unique(x1, return_index=True), unique(x2, return_index=True)
        values, first, second = intersect1d(x1, x2, assume_unique=True, return_indices=True)
        return values, getitem(index1, first), getitem(index2, second)
    joined = _joined(x1, x2, assume_unique)
    first, second = equal_pairs(joined)
    values = getitem(joined, first)
    return (values, first, second - np.size(as_array(x1))) if return_indices else values


@function(np.union1d, samples=_TWO)
def union1d(x1: Any, x2: Any, /) -> Any:
    """The elements that are in at least one of the two, each once, in ascending order.

    The gradient goes to the first of several equal ones, in ``x1`` where it is in both.

    Shapes: any two -> ``(m,)``.

    >>> ag.union1d(np.array([3.0, 1.0, 2.0]), np.array([2.0, 3.0, 5.0]))
    array([1., 2., 3., 5.])
    """
    return unique(_joined(x1, x2))


@function(np.setxor1d, samples=_TWO_UNIQUE)
def setxor1d(x1: Any, x2: Any, /, assume_unique: bool = False) -> Any:
    """The elements that are in exactly one of the two, each once, in ascending order.

    The gradient goes to the first of several equal ones.

    Args:
        x1: a set, in any shape.
        x2: another one.
        assume_unique: whether neither has an element twice.

    Shapes: any two -> ``(m,)``.

    >>> ag.setxor1d(np.array([3.0, 1.0, 2.0]), np.array([2.0, 3.0, 5.0]))
    array([1., 5.])
    """
    joined = _joined(x1, x2, assume_unique)
    return getitem(joined, singles(joined))


@function(np.setdiff1d, samples=_TWO_UNIQUE)
def setdiff1d(x1: Any, x2: Any, /, assume_unique: bool = False) -> Any:
    """The elements of ``x1`` that are not in ``x2``: each once and in ascending order, unless ``assume_unique``.

    The gradient goes to the first of several equal ones; none to ``x2``.

    Args:
        x1: a set, in any shape.
        x2: another one.
        assume_unique: whether neither has an element twice; then the order stays that of ``x1``.

    Shapes: any two -> ``(m,)``.

    >>> ag.setdiff1d(np.array([3.0, 1.0, 2.0]), np.array([2.0, 3.0, 5.0]))
    array([1.])
    """
    x1 = np.ravel(as_array(x1)) if assume_unique else unique(x1)
    return getitem(x1, isin(x1, x2, assume_unique, invert=True))


@op(
    differentiable=False,
    name="isin",
    public=False,
    samples=[sample(_REPEATED, np.array([1.0, 0.5]), assume_unique=False, invert=False, kind=None)],
)
def _isin(x1: Any, x2: Any, *, assume_unique: bool, invert: bool, kind: Any) -> Any:
    return np.isin(x1, x2, assume_unique, invert, kind=kind)


def _isin_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    if mapped[1]:
        return NotImplemented
    return record.call(*arrays, **statics | {"assume_unique": False})  # examples may have elements in common


_isin.batch(_isin_of_examples)


@function(
    np.isin,
    samples=[
        sample(_REPEATED, np.array([1.0, 0.5])),
        sample(integers(3, 4), integers(5), invert=True),
        sample(integers(3, 4), integers(5), kind="sort"),
        sample(reals(), np.array([1.0])),
    ],
    errors=[(sample(reals(3), reals(2), kind="table"), ValueError), (sample(reals(3), reals(2), kind="tree"), ValueError)],
)
def isin(x1: Any, x2: Any, /, assume_unique: bool = False, invert: bool = False, *, kind: str | None = None) -> Any:
    """Whether each element of ``x1`` is in ``x2``: truth values, with nothing to differentiate.

    Args:
        x1: the elements.
        x2: the set, in any shape.
        assume_unique: whether neither has an element twice.
        invert: ask whether it is not in ``x2``.
        kind: NumPy's name of an algorithm, ``"sort"`` or, for integers, ``"table"``.

    Shapes: the shape of ``x1``.

    Raises:
        ValueError: for an unknown ``kind``, or one that the dtype does not allow.

    >>> ag.isin(np.array([1, 2, 3]), np.array([3, 1]))
    array([ True, False,  True])
    """
    return _isin(x1, x2, assume_unique=bool(assume_unique), invert=bool(invert), kind=kind)
