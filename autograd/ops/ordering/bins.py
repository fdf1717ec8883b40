"""Bins: where numbers belong among sorted ones. All of it is integers, with nothing to differentiate."""

from typing import Any

import numpy as np

from autograd.batch_rules import elementwise_in
from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.record import Op
from autograd.samples import distinct, reals, sample


@op(
    differentiable=False,
    name="searchsorted",
    public=False,
    samples=[
        sample(np.array([1.0, 2.0, 4.0]), reals(3, 2, high=5.0), None, side="left"),
        sample(np.array([4.0, 1.0, 2.0]), reals(3), np.array([1, 2, 0]), side="right"),
    ],
)
def _searchsorted(x1: Any, x2: Any, sorter: Any, *, side: Any) -> Any:
    return np.searchsorted(x1, x2, side=side, sorter=sorter)


_searchsorted.batch(elementwise_in(1))


@function(
    np.searchsorted,
    samples=[
        sample(np.array([1.0, 2.0, 4.0]), reals(3, 2, high=5.0)),
        sample(np.array([1, 2, 2, 4]), np.array([2, 0, 4]), side="right"),
        sample(np.array([4.0, 1.0, 2.0]), 1.5, sorter=np.array([1, 2, 0])),
    ],
    errors=[
        (sample(np.ones((2, 2)), reals(3)), ValueError),
        (sample(np.array([1.0, 2.0]), reals(3), "middle"), ValueError),
        (sample(np.array([1.0, 2.0]), reals(3), sorter=np.array([0])), ValueError),
        (sample(np.array([1.0, 2.0]), reals(3), sorter=np.array([0.0, 1.0])), TypeError),
    ],
)
def searchsorted(x1: Any, x2: Any, /, side: str = "left", sorter: Any = None) -> Any:
    """Where the elements of ``x2`` belong in the sorted ``x1``: before which of its elements they would have to be inserted.

    The result is integers: there is nothing to differentiate.

    Args:
        x1: a vector in ascending order, or in any order with ``sorter``.
        x2: what to insert.
        side: ``"left"``: before the elements that are equal, ``"right"``: after them.
        sorter: the indices that sort ``x1``.

    Shapes: ``(n,)`` and any -> the shape of ``x2``, integers from 0 to ``n``.

    Raises:
        ValueError: when ``x1`` is no vector, ``sorter`` has another length, or ``side`` is unknown.
        TypeError: for a ``sorter`` that is not integers.

    >>> ag.searchsorted(np.array([1.0, 2.0, 4.0]), np.array([0.0, 2.0, 3.0]))
    array([0, 1, 2])
    """
    return _searchsorted(as_array(x1), x2, sorter, side=side)


_INCREASING = np.array([-1.0, 0.0, 0.5, 2.0])


@op(
    differentiable=False,
    name="digitize",
    public=False,
    samples=[sample(reals(3, 4), _INCREASING, right=False), sample(reals(5), _INCREASING[::-1], right=True)],
)
def _digitize(x: Any, bins: Any, *, right: bool) -> Any:
    return np.digitize(x, bins, right)


_digitize.batch(elementwise_in(0))


@function(
    np.digitize,
    samples=[
        sample(reals(3, 4), _INCREASING),
        sample(np.array([0.5, -1.0, 3.0]), _INCREASING, True),
        sample(reals(3), _INCREASING[::-1]),
        sample(np.array([1, 5, 2]), np.array([2, 4])),
        sample(0.25, _INCREASING),
    ],
    errors=[
        (sample(reals(3), np.array([1.0, 3.0, 2.0])), ValueError),
        (sample(reals(3), np.ones((2, 2))), ValueError),
        (sample(np.array([1j]), _INCREASING), TypeError),
    ],
)
def digitize(x: Any, bins: Any, /, right: bool = False) -> Any:
    """The number of the bin that each element is in: i where ``bins[i - 1] <= x < bins[i]``, 0 before all and n after them.

    The result is integers: there is nothing to differentiate.

    Args:
        x: real numbers.
        bins: the n edges, in ascending or descending order.
        right: whether a bin has its right edge, ``bins[i - 1] < x <= bins[i]``, in place of its left one.

    Shapes: any and ``(n,)`` -> the shape of ``x``, integers.

    Raises:
        ValueError: for edges that are not in order, and not a vector.
        TypeError: for complex numbers.

    >>> ag.digitize(np.array([0.5, 1.0, 7.0]), np.array([0.0, 1.0, 2.0]))
    array([1, 2, 3])
    """
    return _digitize(x, as_array(bins), right=bool(right))


@op(
    multiple=True,
    differentiable=False,
    public=False,
    samples=[sample(distinct(5, 2), _INCREASING, np.array([-1.0, 0.1, 1.0]))],
)
def boxes(x: Any, *edges: Any) -> tuple[Any, Any]:
    """For each row of ``x`` the box of a grid that it is in, and whether it is in one; the last bin has its right edge.

    Shapes: ``(n, d)`` and d vectors of edges -> ``(n,)``, places in the flattened grid, and ``(n,)``, truth values.
    """
    columns = list(zip(x.T, edges, strict=True))
    lengths = [len(each) - 1 for each in edges]
    inside = np.all([(each >= edge[0]) & (each <= edge[-1]) for each, edge in columns], axis=0)
    bins = [np.searchsorted(edge, each, side="right") - 1 for each, edge in columns]
    return np.ravel_multi_index(bins, lengths, mode="clip"), inside


def _boxes_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, *edges = arrays
    if any(mapped[1:]):
        return NotImplemented
    found = record.call(np.reshape(x, (level.size * x.shape[1], x.shape[2])), *edges)
    return tuple([np.reshape(each, x.shape[:2]) for each in found])


boxes.batch(_boxes_of_examples)
