"""Broadcasting several arrays together: their common shape, views in it, and grids of coordinates."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.gate import function
from autograd.ops.arguments import as_array, shape_of_any, whole_numbers
from autograd.ops.arrays.shaping import broadcast_to, reshape
from autograd.ops.casting import copy_of
from autograd.samples import complexes, reals, sample


def broadcast_shapes(*shapes: Any) -> tuple[int, ...]:
    """The shape that arrays of the given shapes broadcast to.

    Shapes: no arrays, but shapes -> a shape.

    Raises:
        ValueError: when they do not broadcast.

    >>> ag.broadcast_shapes((3, 1), (1, 4), 4)
    (3, 4)
    """
    return _joint_shape([whole_numbers(each) for each in shapes], "broadcast_shapes")


def _joint_shape(shapes: Sequence[tuple[int, ...]], name: str) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError as error:
        if any(length < 0 for shape in shapes for length in shape):
            raise ValueError(f"{name}: {error}; received {' and '.join(map(str, shapes))}") from None
        raise ValueError(
            f"{name}: shapes {' and '.join(map(str, shapes))} do not broadcast. From the last axis backwards, "
            "two lengths must be equal or one of them 1"
        ) from None


@function(np.broadcast_arrays, samples=[sample(reals(3), reals(2, 1)), sample(reals(), reals(2))])
def broadcast_arrays(*arrays: Any) -> tuple[Any, ...]:
    """Each of ``arrays`` broadcast to the shape that they have together.

    Shapes: any that broadcast -> their broadcast, for each.

    Raises:
        ValueError: when they do not broadcast.

    >>> [each.shape for each in ag.broadcast_arrays(np.ones(3), np.ones((2, 1)))]
    [(2, 3), (2, 3)]
    """
    shape = _joint_shape([shape_of_any(each) for each in arrays], "broadcast_arrays")
    return tuple([broadcast_to(each, shape) for each in arrays])


@function(
    np.meshgrid,
    samples=[
        sample(reals(3), reals(2)),
        sample(reals(3), reals(2), reals(4), indexing="ij"),
        sample(reals(3), reals(2), reals(1), sparse=True),
        sample(reals(3), reals(2), copy=False),
        sample(reals(3)),
        sample(reals(), complexes(2)),
        sample(reals(2, 2), reals(3)),
        sample(),
    ],
    errors=[(sample(reals(3), reals(2), indexing="yx"), ValueError)],
)
def meshgrid(*arrays: Any, indexing: str = "xy", sparse: bool = False, copy: bool = True) -> tuple[Any, ...]:
    """The coordinates of a grid's points: for each vector of coordinates along one axis, an array of the grid's shape.

    With ``indexing="ij"`` vector ``k`` runs along axis ``k``; with ``"xy"``, as in pictures, the first runs along axis 1 and
    the second along axis 0. The gradient is summed over the other axes.

    Args:
        *arrays: the coordinates; an array with other than one axis is flattened.
        indexing: ``"xy"`` or ``"ij"``.
        sparse: leave the other axes at length 1, to be broadcast when they are computed with.
        copy: whether the results have memory of their own; else they are read-only views (with ``sparse``: views).

    Shapes: ``(n_1,), ..., (n_k,)`` -> k times ``(n_1, ..., n_k)``, the first two swapped for ``"xy"``.

    Raises:
        ValueError: for another indexing.

    >>> x, y = ag.meshgrid(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0]))
    >>> x
    array([[1., 2., 3.],
           [1., 2., 3.]])
    >>> y
    array([[4., 4., 4.],
           [5., 5., 5.]])
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: expected indexing 'xy' or 'ij', received {indexing!r}")
    axes = list(range(len(arrays)))
    if indexing == "xy":
        axes[:2] = axes[:2][::-1]
    along = [reshape(as_array(each), [-1 if i == axis else 1 for i in axes]) for axis, each in enumerate(arrays)]
    grids = tuple(map(as_array, along)) if sparse else broadcast_arrays(*along)
    return tuple(map(copy_of, grids)) if copy else grids
