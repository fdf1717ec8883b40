"""Ops that rearrange elements: new shapes and orders of axes, joining and splitting, repeating and padding."""

from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.samples import reals, sample


@op(linear=True, view=True, name="reshape", public=False, samples=[sample(reals(3, 4), shape=(2, 6))])
def _reshape(x: Any, *, shape: tuple[int, ...]) -> Any:
    return x.reshape(shape)


_reshape.vjp(x=lambda g, x_shape: np.reshape(g, x_shape))


@function(np.reshape, samples=[sample(reals(3, 4), (2, 6)), sample(reals(3, 4), -1), sample(reals(), (1, 1))])
def reshape(x: Any, /, shape: Any) -> Any:
    """The same elements, in the same (row-major) order, in another shape; one length may be -1, to be worked out.

    Shapes: any -> ``shape``, of the same size.

    Raises:
        ValueError: when the sizes differ.

    >>> ag.reshape(np.arange(6.0), (2, -1))
    array([[0., 1., 2.],
           [3., 4., 5.]])
    """
    shape = tuple(map(int, shape)) if np.iterable(shape) else (int(shape),)
    return _reshape(x, shape=shape)


@op(linear=True, view=True, name="broadcast_to", public=False, samples=[sample(reals(3, 1), shape=(2, 3, 4))])
def _broadcast_to(x: Any, *, shape: tuple[int, ...]) -> Any:
    return np.broadcast_to(x, shape)


@function(np.broadcast_to, samples=[sample(reals(3, 1), (2, 3, 4)), sample(reals(), (2,)), sample(reals(3), 3)])
def broadcast_to(x: Any, /, shape: Any) -> Any:
    """``x`` repeated along new axes and axes of length 1 until it has ``shape``; a read-only view.

    Shapes: any that broadcasts to ``shape`` -> ``shape``.

    Raises:
        ValueError: when it does not broadcast to it.

    >>> ag.broadcast_to(np.array([1.0, 2.0]), (2, 2))
    array([[1., 2.],
           [1., 2.]])
    """
    shape = tuple(map(int, shape)) if np.iterable(shape) else (int(shape),)
    return _broadcast_to(x, shape=shape)
