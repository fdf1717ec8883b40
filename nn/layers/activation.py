"""Activations as modules, for ``Sequential``."""

from typing import Any

from nn import functional
from nn.module import Module


class ReLU(Module):
    """``max(x, 0)``. Shapes: any -> same.

    >>> nn.ReLU()([-1.0, 2.0])
    array([0., 2.])
    """

    def forward(self, input: Any) -> Any:
        """``max(input, 0)``."""
        return functional.relu(input)


class Tanh(Module):
    """The hyperbolic tangent. Shapes: any -> same.

    >>> nn.Tanh()([0.0, 1.0])
    array([0.        , 0.76159416])
    """

    def forward(self, input: Any) -> Any:
        """``tanh(input)``."""
        return functional.tanh(input)


class Sigmoid(Module):
    """``1 / (1 + exp(-x))``. Shapes: any -> same.

    >>> nn.Sigmoid()([0.0, 1.0])
    array([0.5       , 0.73105858])
    """

    def forward(self, input: Any) -> Any:
        """``sigmoid(input)``."""
        return functional.sigmoid(input)


class Softmax(Module):
    """``exp(x) / sum(exp(x))`` along ``dim``. Shapes: any -> same. ``cross_entropy`` wants logits, without it.

    >>> nn.Softmax(dim=1)([[0.0, 0.0]])
    array([[0.5, 0.5]])
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def forward(self, input: Any) -> Any:
        """``softmax(input)``."""
        return functional.softmax(input, self.dim)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"dim={self.dim}"


class LogSoftmax(Module):
    """The logarithm of ``softmax`` along ``dim``. Shapes: any -> same.

    >>> nn.LogSoftmax(dim=1)([[0.0, 1000.0]])
    array([[-1000.,     0.]])
    """

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def forward(self, input: Any) -> Any:
        """``log_softmax(input)``."""
        return functional.log_softmax(input, self.dim)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"dim={self.dim}"
