"""Functions applied along axes: to each vector of an array, or to axis after axis.

The functions are called on tensors where the array is one, so gradients flow through whatever they compute.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.gate import function
from autograd.ops.arguments import as_array, in_dtype
from autograd.ops.arrays.joining import stack
from autograd.ops.arrays.shaping import broadcast_to, expand_dims, moveaxis, reshape
from autograd.ops.arrays.splitting import unstack
from autograd.samples import complexes, reals, sample
from autograd.tensors import Tensor


def _given(call: Any) -> Any:
    """The recipe of an argument that is a function itself."""
    return lambda rng: call


def _vectors(x: Any, levels: int) -> list[Any]:
    """Views of the last axis of ``x``, one for each place along the axes before it."""
    return [each for part in unstack(x) for each in _vectors(part, levels - 1)] if levels else [x]


@function(
    np.apply_along_axis,
    samples=[
        sample(_given(np.sum), 0, reals(3, 4)),
        sample(_given(np.cumsum), -1, reals(2, 3)),
        sample(_given(lambda v, k: np.outer(v, v) * k), 1, reals(2, 3, 2), 2.0),
        sample(_given(lambda v: v[0] * v), 0, complexes(2, 2)),
        sample(_given(lambda v: v * 2), 0, reals(3)),
        sample(_given(np.sum), 0, reals(3)),
    ],
    errors=[
        (sample(_given(np.sum), 0, reals(3, 0)), ValueError),
        (sample(_given(np.sum), 2, reals(3, 2)), np.exceptions.AxisError),
    ],
)
def apply_along_axis(func1d: Callable[..., Any], axis: int, x: Any, /, *args: Any, **kwargs: Any) -> Any:
    """``func1d`` of each vector along ``axis``, in the places of the vectors; the derivative is that of the function.

    Many ops take an axis themselves, and are faster than a call for each vector.

    Args:
        func1d: a function of a vector; its results are all of the first one's shape and dtype.
        axis: the axis along which the vectors lie.
        x: the input.
        *args: further arguments for the function.
        **kwargs: keyword arguments for the function.

    Shapes: any -> ``x.shape`` with the shape of a result in place of ``axis``.

    Raises:
        ValueError: when there are no vectors, and for results in different shapes.
        TypeError: for a recorded result that the dtype of the first one would cut out of the graph.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.apply_along_axis(lambda v: v / v.sum(), 1, np.array([[1.0, 3.0], [2.0, 2.0]]))
    array([[0.25, 0.75],
           [0.5 , 0.5 ]])
    """
    x = as_array(x)
    axis = normalize_axis_index(axis, x.ndim)
    ordered = moveaxis(x, axis, -1)
    results = [as_array(func1d(each, *args, **kwargs)) for each in _vectors(ordered, x.ndim - 1)]
    if not results:
        raise ValueError(f"apply_along_axis: expected at least one vector along axis {axis}, received shape {x.shape}")
    first = results[0]
    for each in results:
        if isinstance(each, Tensor) and each.requires_grad and first.dtype.kind not in "fc":
            raise TypeError(
                f"apply_along_axis: the first result has dtype {first.dtype}, in which the gradient of a later, recorded one "
                f"({each.dtype}) would be lost; return one dtype for each vector"
            )
    together = stack([broadcast_to(in_dtype(each, first.dtype), first.shape) for each in results])
    together = reshape(together, ordered.shape[:-1] + first.shape)
    last = range(x.ndim - 1, together.ndim)
    return as_array(moveaxis(together, tuple(last), tuple([each - x.ndim + 1 + axis for each in last])))


@function(
    np.apply_over_axes,
    samples=[
        sample(_given(np.sum), reals(2, 3, 4), (0, -1)),
        sample(_given(np.sum), reals(2, 3), 1),
        sample(_given(lambda v, axis: np.cumsum(v, axis)), complexes(2, 3), [0, 1]),
    ],
    errors=[
        (sample(_given(lambda v, axis: np.sum(v)), reals(2, 3, 2), 0), ValueError),
        (sample(_given(np.sum), reals(2, 3), 2), np.exceptions.AxisError),
    ],
)
def apply_over_axes(func: Callable[..., Any], x: Any, /, axes: Any) -> Any:
    """``func(x, axis)``, and of its result again, for one axis after the other; the derivative is that of the functions.

    Args:
        func: a function of an array and an axis; it keeps the number of axes, or takes ``axis`` away, which is put back.
        x: the input.
        axes: an axis, or several.

    Shapes: any -> as many axes.

    Raises:
        ValueError: for a result with another number of axes.

    >>> ag.apply_over_axes(np.sum, np.ones((2, 3, 4)), (0, 2))
    array([[[8.],
            [8.],
            [8.]]])
    """
    out = as_array(x)
    dimensions = out.ndim
    for axis in np.atleast_1d(axes).tolist():
        place = axis + dimensions if axis < 0 else axis
        result = func(out, place)
        if result.ndim == dimensions - 1:
            result = expand_dims(result, place)
        if result.ndim != dimensions:
            raise ValueError(
                f"apply_over_axes: expected a result with {dimensions} axes, or without axis {place}; received shape "
                f"{result.shape}"
            )
        out = result
    return out
