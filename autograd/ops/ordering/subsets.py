"""Subsets: the elements that a condition names, or that are left when zeros are cut off at the ends.

A result is an index read: the gradient goes to the elements that were picked.
"""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.gate import function, op
from autograd.ops.arguments import as_array, axes, in_common
from autograd.ops.arrays.indexing import getitem
from autograd.ops.elementwise.comparison import nonzero
from autograd.samples import booleans, complexes, integers, reals, sample


@function(
    np.compress,
    samples=[
        sample(np.array([True, False, True]), reals(3, 4), axis=0),
        sample(np.array([0, 1]), reals(3, 4), axis=-1),
        sample(booleans(5), reals(3, 4)),
        sample(booleans(3), complexes(3)),
        sample(booleans(3), integers(3)),
    ],
    errors=[
        (sample(booleans(2, 2), reals(4)), ValueError),
        (sample(np.ones(4), reals(3)), IndexError),
        (sample(booleans(3), reals(3), axis=1), np.exceptions.AxisError),
    ],
)
def compress(condition: Any, x: Any, /, axis: int | None = None) -> Any:
    """The slices along ``axis`` where the condition holds; the gradient goes to what was picked.

    Args:
        condition: one truth value for each slice; beyond its end none is picked.
        x: the input.
        axis: the axis along which to pick; ``None`` flattens first.

    Shapes: ``(n,)`` and any -> ``x.shape`` with the number of true elements in place of ``axis``.

    Raises:
        ValueError: for a condition that is no vector.
        IndexError: for one that is true beyond the end of ``x``.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.compress([True, False, True], np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), axis=1)
    array([[1., 3.],
           [4., 6.]])
    """
    condition, x = as_array(condition), as_array(x)
    if condition.ndim != 1:
        raise ValueError(f"compress: expected a condition with one axis, received shape {condition.shape}")
    if axis is None:
        x, axis = np.reshape(x, -1), 0
    axis = normalize_axis_index(axis, x.ndim)
    return getitem(x, (*[slice(None)] * axis, *nonzero(condition)))


@function(
    np.extract,
    samples=[
        sample(booleans(3, 4), reals(3, 4)),
        sample(np.array([0, 2, 1]), reals(2, 3)),
        sample(booleans(3), complexes(3)),
        sample(True, reals()),
    ],
    errors=[(sample(np.ones(4), reals(3)), IndexError)],
)
def extract(condition: Any, x: Any, /) -> Any:
    """The elements where the condition holds, in one vector; the gradient goes to them.

    Shapes: any two, both flattened -> ``(m,)``.

    Raises:
        IndexError: for a condition that is true beyond the end of ``x``.

    >>> ag.extract(np.array([[True, False], [False, True]]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([1., 4.])
    """
    return getitem(np.ravel(as_array(x)), nonzero(np.ravel(as_array(condition))))


@op(differentiable=False, public=False, samples=[sample(np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 0.0]]))])
def bounding_box(x: Any) -> Any:
    """For each axis where the elements that are not zero begin, and where they end; zeros if there are none.

    Shapes: any -> ``(2, ndim)``, integers.
    """
    places = np.argwhere(x)
    if places.size == 0:
        return np.zeros((2, x.ndim), np.intp)
    return np.stack([places.min(0), places.max(0) + 1])


@function(
    np.trim_zeros,
    samples=[
        sample(np.array([0, 0, 1, 0, 2, 0])),
        sample(np.array([0, 0, 1, 0]), "f"),
        sample(np.array([0, 0, 1, 0]), trim="B"),
        sample(reals(4, away_from=0.0)),
        sample(complexes(3), "bf"),
    ],
    errors=[(sample(reals(3), "x"), ValueError), (sample(reals(3), axis=1), np.exceptions.AxisError)],
)
def trim_zeros(x: Any, /, trim: str = "fb", axis: Any = None) -> Any:
    """``x`` without the zeros at its ends: the smallest box with all that is not zero. A list comes out as an array.

    The gradient goes to the elements that are left; how many they are has the derivative 0. The result is a view.

    Args:
        x: the input.
        trim: ``"f"`` to cut at the front, ``"b"`` at the back, ``"fb"`` at both.
        axis: the axis, or a tuple of them, to cut along; ``None`` for all.

    Shapes: any -> as many axes.

    Raises:
        ValueError: for another ``trim``, and for an axis that is named twice.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.trim_zeros(np.array([0.0, 1.0, 0.0, 2.0, 0.0]))
    array([1., 0., 2.])
    """
    x = as_array(x)
    if trim.lower() not in ("f", "b", "fb", "bf"):
        raise ValueError(f"trim_zeros: expected trim 'f' (front), 'b' (back) or 'fb', received {trim!r}")
    along = axes(x, axis)
    starts, stops = in_common(bounding_box(x), "how many zeros trim_zeros cuts off").tolist()
    empty = not any(stops)
    front, back = ("f" in trim.lower() or empty), ("b" in trim.lower() or empty)
    return getitem(
        x,
        tuple(
            [
                slice(start if front else None, stop if back else None) if along is None or i in along else slice(None)
                for i, (start, stop) in enumerate(zip(starts, stops, strict=True))
            ]
        ),
    )
