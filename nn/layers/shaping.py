"""Layers that rearrange, and the one that does nothing."""

import math
from typing import Any

import numpy as np

from autograd import Tensor
from nn.module import Module
from nn.paths import described


class Flatten(Module):
    """Makes the axes from ``start_dim`` to ``end_dim``, both included, into one; by default all but the first.

    Shapes: (N, a, b, ...) -> (N, a * b * ...).

    Raises:
        numpy.exceptions.AxisError: for an axis that the input does not have.
        ValueError: when ``start_dim`` comes after ``end_dim``.

    >>> nn.Flatten()(np.zeros((5, 2, 3))).shape
    (5, 6)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Any) -> Any:
        """``input`` with those axes made into one."""
        x = input if isinstance(input, Tensor) else np.asarray(input)
        shape = x.shape
        for name, axis in (("start_dim", self.start_dim), ("end_dim", self.end_dim)):
            if not -len(shape) <= axis < len(shape):
                raise np.exceptions.AxisError(f"{described(self)}: expected an input with the axis {name}, received {shape}")
        start, end = self.start_dim % len(shape), self.end_dim % len(shape)
        if start > end:
            raise ValueError(
                f"{described(self)}: expected start_dim before end_dim, received axes {start} and {end} of shape {shape}"
            )
        return np.reshape(x, (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :]))

    def extra_repr(self) -> str:
        """Its settings."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Identity(Module):
    """Gives back its input: a place holder for a layer that is left out. Shapes: any -> same.

    >>> nn.Identity()(3.0)
    3.0
    """

    def forward(self, input: Any) -> Any:
        """``input``."""
        return input
