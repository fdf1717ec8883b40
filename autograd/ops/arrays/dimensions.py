"""Numbers of axes: arrays with at least one, two or three of them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.gate import function
from autograd.ops.arguments import as_array
from autograd.ops.arrays.shaping import reshape
from autograd.samples import reals, sample


def _reshaped(arrays: Sequence[Any], new_shape: Callable[[tuple[int, ...]], tuple[int, ...]]) -> Any:
    """Each array in the shape that ``new_shape`` makes of its own; a single one alone, several as a tuple."""
    results = []
    for each in arrays:
        x = as_array(each)
        shape = new_shape(x.shape)
        results.append(x if shape == x.shape else reshape(x, shape))
    return results[0] if len(results) == 1 else tuple(results)


@function(np.atleast_1d, samples=[sample(reals()), sample(reals(3)), sample(reals(), reals(2, 1))])
def atleast_1d(*arrays: Any) -> Any:
    """Each array with at least one axis; several come as a tuple.

    Shapes: ``()`` -> ``(1,)``; others stay.

    >>> ag.atleast_1d(2.0)
    array([2.])
    """
    return _reshaped(arrays, lambda shape: shape or (1,))


@function(np.atleast_2d, samples=[sample(reals()), sample(reals(3)), sample(reals(2), reals(2, 1, 3))])
def atleast_2d(*arrays: Any) -> Any:
    """Each array with at least two axes, new ones in front; several come as a tuple.

    Shapes: ``()`` -> ``(1, 1)``, ``(n,)`` -> ``(1, n)``; others stay.

    >>> ag.atleast_2d(np.array([1.0, 2.0]))
    array([[1., 2.]])
    """
    return _reshaped(arrays, lambda shape: (1,) * (2 - len(shape)) + shape)


@function(np.atleast_3d, samples=[sample(reals()), sample(reals(3)), sample(reals(2, 3), reals(2, 1, 3))])
def atleast_3d(*arrays: Any) -> Any:
    """Each array with at least three axes; several come as a tuple.

    Shapes: ``()`` -> ``(1, 1, 1)``, ``(n,)`` -> ``(1, n, 1)``, ``(m, n)`` -> ``(m, n, 1)``; others stay.

    >>> ag.atleast_3d(np.ones((2, 3))).shape
    (2, 3, 1)
    """
    forms: dict[int, Callable[..., tuple[int, ...]]] = {
        0: lambda: (1, 1, 1),
        1: lambda n: (1, n, 1),
        2: lambda m, n: (m, n, 1),
    }
    return _reshaped(arrays, lambda shape: forms[len(shape)](*shape) if len(shape) < 3 else shape)
