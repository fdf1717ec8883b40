"""Activations that take several elements together, as modules: those along one axis, ``dim``."""

from typing import Any

import autograd as ag
from nn.functional.activations_along_an_axis import along, check_dim, gated, of_negative
from nn.inputs import as_array, check_whole
from nn.module import Module
from nn.paths import described


class _AlongAnAxis(Module):
    """A module whose only setting is an axis."""

    def __init__(self, dim: int | None = None) -> None:
        check_dim(type(self).__name__, dim)
        self.dim = dim

    def extra_repr(self) -> str:
        """Its settings."""
        return f"dim={self.dim}"


class Softmax(_AlongAnAxis):
    """``exp(x) / sum(exp(x))`` along ``dim``. Shapes: any -> same. ``cross_entropy`` wants logits, without it.

    Raises:
        TypeError: without ``dim``, which PyTorch guesses.

    >>> nn.Softmax(dim=1)([[0.0, 0.0]])
    array([[0.5, 0.5]])
    """

    def forward(self, input: Any) -> Any:
        """``softmax(input)``."""
        return along(ag.softmax, input, self.dim, lambda: described(self))


class Softmax2d(Module):
    """``exp(x) / sum(exp(x))`` along the channels of images. Shapes: (N, C, H, W) or (C, H, W) -> same.

    Raises:
        ValueError: for an input with another number of axes.

    >>> nn.Softmax2d()(np.zeros((2, 4, 1, 1)))[0].ravel()
    array([0.25, 0.25, 0.25, 0.25])
    """

    def forward(self, input: Any) -> Any:
        """``softmax(input)``."""
        x = as_array(input, lambda: described(self))
        if len(x.shape) not in (3, 4):
            raise ValueError(f"{described(self)}: expected an input of shape (N, C, H, W) or (C, H, W), received {x.shape}")
        return ag.softmax(x, axis=-3)


class LogSoftmax(_AlongAnAxis):
    """The logarithm of ``softmax`` along ``dim``. Shapes: any -> same.

    Raises:
        TypeError: without ``dim``, which PyTorch guesses.

    >>> nn.LogSoftmax(dim=1)([[0.0, 1000.0]])
    array([[-1000.,     0.]])
    """

    def forward(self, input: Any) -> Any:
        """``log_softmax(input)``."""
        return along(ag.log_softmax, input, self.dim, lambda: described(self))


class Softmin(_AlongAnAxis):
    """``softmax(-x)`` along ``dim``. Shapes: any -> same.

    Raises:
        TypeError: without ``dim``, which PyTorch guesses.

    >>> nn.Softmin(dim=1)([[0.0, 0.0]])
    array([[0.5, 0.5]])
    """

    def forward(self, input: Any) -> Any:
        """``softmin(input)``."""
        return along(of_negative, input, self.dim, lambda: described(self))


class GLU(Module):
    """``a * sigmoid(b)``: a is the first half of the input along ``dim``, and b the second.

    Shapes: (..., 2 n, ...) -> (..., n, ...).

    Raises:
        ValueError: for an odd length along ``dim``.

    Source: Y. Dauphin et al., Language modeling with gated convolutional networks, 2016, arXiv:1612.08083.

    >>> nn.GLU()([[1.0, 2.0, 0.0, 0.0]])
    array([[0.5, 1. ]])
    """

    def __init__(self, dim: int = -1) -> None:
        check_whole("GLU", "dim", dim)
        self.dim = dim

    def forward(self, input: Any) -> Any:
        """``glu(input)``."""
        return gated(input, self.dim, lambda: described(self))

    def extra_repr(self) -> str:
        """Its settings."""
        return f"dim={self.dim}"
