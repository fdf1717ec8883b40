"""Flipping and rotating: the order of elements reversed along axes, and quarter turns of a plane. All of them are views."""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.batch_rules import shifted
from autograd.gate import function, op
from autograd.ops.arguments import ndim_of, shape_of_any
from autograd.ops.arrays.shaping import swapaxes
from autograd.samples import complexes, reals, sample


@op(linear=True, view=True, name="flip", public=False, samples=[sample(reals(3, 4), axes=(1,)), sample(reals(), axes=())])
def _flip(x: Any, *, axes: tuple[int, ...]) -> Any:
    return x[tuple([slice(None, None, -1) if i in axes else slice(None) for i in range(x.ndim)])]


_flip.vjp(x=lambda g, axes: _flip(g, axes=axes))
_flip.batch(shifted("axes"))


@function(
    np.flip,
    samples=[sample(reals(3, 4)), sample(reals(3, 4), 1), sample(reals(2, 3, 4), axis=(0, -1)), sample(reals())],
    errors=[(sample(reals(3), 1), np.exceptions.AxisError)],
)
def flip(x: Any, /, axis: Any = None) -> Any:
    """The order of elements reversed along ``axis``: all axes, one, or several; a view.

    Shapes: any -> same.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.flip(np.array([1.0, 2.0, 3.0]))
    array([3., 2., 1.])
    """
    dimensions = ndim_of(x)
    return _flip(x, axes=tuple(range(dimensions)) if axis is None else normalize_axis_tuple(axis, dimensions, "axis"))


@function(
    np.fliplr,
    samples=[sample(reals(2, 3)), sample(reals(2, 3, 2)), sample(complexes(2, 2))],
    errors=[(sample(reals(3)), ValueError)],
)
def fliplr(x: Any, /) -> Any:
    """The order of elements reversed along the second axis ("left to right"); a view.

    Shapes: ``(m, n, ...)`` -> same.

    Raises:
        ValueError: for fewer than two axes.

    >>> ag.fliplr(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[2., 1.],
           [4., 3.]])
    """
    if ndim_of(x) < 2:
        raise ValueError(f"fliplr: expected at least two axes, received shape {shape_of_any(x)}; use ag.flip")
    return _flip(x, axes=(1,))


@function(
    np.flipud,
    samples=[sample(reals(2, 3)), sample(reals(3)), sample(complexes(2, 2))],
    errors=[(sample(reals()), ValueError)],
)
def flipud(x: Any, /) -> Any:
    """The order of elements reversed along the first axis ("up and down"); a view.

    Shapes: ``(m, ...)`` -> same.

    Raises:
        ValueError: for no axes.

    >>> ag.flipud(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[3., 4.],
           [1., 2.]])
    """
    if ndim_of(x) < 1:
        raise ValueError("flipud: expected at least one axis, received a number")
    return _flip(x, axes=(0,))


@function(
    np.rot90,
    samples=[
        sample(reals(2, 3)),
        sample(reals(2, 3), 2),
        sample(reals(2, 3), k=-1),
        sample(reals(2, 3), 4),
        sample(reals(2, 3, 4), 1, (2, 0)),
        sample(reals(2, 3, 4), k=3, axes=(-1, 1)),
        sample(complexes(2, 2)),
    ],
    errors=[
        (sample(reals(3)), ValueError),
        (sample(reals(2, 3), 1, (0, 0)), ValueError),
        (sample(reals(2, 3), 1, (0, 2)), ValueError),
        (sample(reals(2, 3), 1, (0,)), ValueError),
    ],
)
def rot90(x: Any, /, k: int = 1, axes: Any = (0, 1)) -> Any:
    """``x`` rotated by ``k`` quarter turns in the plane of two axes, from the first of them towards the second; a view.

    Shapes: any -> same, with the lengths of the two axes swapped for odd ``k``.

    Raises:
        ValueError: for an axis that ``x`` does not have, twice the same one, or a number of them other than two.

    >>> ag.rot90(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[2., 4.],
           [1., 3.]])
    """
    plane = normalize_axis_tuple(axes, ndim_of(x), "axes")
    if len(plane) != 2:
        raise ValueError(f"rot90: expected two axes, received axes={axes!r}")
    first, second = plane
    turns = k % 4
    if turns == 0:
        return _flip(x, axes=())
    if turns == 2:
        return _flip(x, axes=plane)
    return (
        swapaxes(_flip(x, axes=(second,)), first, second) if turns == 1 else _flip(swapaxes(x, first, second), axes=(second,))
    )
