"""Layers that rearrange, and the one that does nothing."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.inputs import as_array, check_whole
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
        check_whole("Flatten", "start_dim", start_dim)
        check_whole("Flatten", "end_dim", end_dim)
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Any) -> Any:
        """``input`` with those axes made into one."""
        x = as_array(input, lambda: described(self))
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


class Unflatten(Module):
    """Makes the axis ``dim`` into several, of the lengths ``unflattened_size``: the reverse of ``Flatten``.

    Args:
        dim: the axis.
        unflattened_size: the lengths that it becomes; one of them may be -1, for what is left.

    Shapes: (..., a * b, ...) -> (..., a, b, ...).

    Raises:
        numpy.exceptions.AxisError: for an axis that the input does not have.
        TypeError: for lengths that are no list of whole numbers.
        ValueError: for lengths that do not multiply to that of the axis.

    >>> nn.Unflatten(1, (2, -1))(np.zeros((5, 6))).shape
    (5, 2, 3)
    """

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        check_whole("Unflatten", "dim", dim)
        if not isinstance(unflattened_size, list | tuple):
            raise TypeError(f"Unflatten: expected unflattened_size, a tuple of lengths; received {unflattened_size!r}")
        for each in unflattened_size:
            check_whole("Unflatten", "unflattened_size, of whole numbers", each)
        if not unflattened_size or min(unflattened_size) < -1 or list(unflattened_size).count(-1) > 1:
            raise ValueError(
                f"Unflatten: expected unflattened_size, lengths of which at most one is -1; received {unflattened_size}"
            )
        self.dim = dim
        self.unflattened_size = tuple(unflattened_size)

    def forward(self, input: Any) -> Any:
        """``input`` with that axis made into several."""
        x = as_array(input, lambda: described(self))
        shape = x.shape
        if not -len(shape) <= self.dim < len(shape):
            raise np.exceptions.AxisError(
                f"{described(self)}: expected an input with the axis dim={self.dim}, received one of shape {shape}"
            )
        dim = self.dim % len(shape)
        known = math.prod([each for each in self.unflattened_size if each != -1])
        rest = shape[dim] // known if known else 0
        lengths = tuple([rest if each == -1 else each for each in self.unflattened_size])
        if math.prod(lengths) != shape[dim]:
            raise ValueError(
                f"{described(self)}: expected an input of which axis {dim} can be made into {self.unflattened_size}, received "
                f"shape {shape}"
            )
        return np.reshape(x, (*shape[:dim], *lengths, *shape[dim + 1 :]))

    def extra_repr(self) -> str:
        """Its settings."""
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"


class Identity(Module):
    """Gives back its input: a place holder for a layer that is left out. Shapes: any -> same.

    >>> nn.Identity()(3.0)
    3.0
    """

    def forward(self, input: Any) -> Any:
        """``input``."""
        return input
