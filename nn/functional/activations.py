"""Activations: what stands between layers, element by element or along one axis."""

from typing import Any

import autograd as ag
from nn.inputs import as_array


def relu(input: Any) -> Any:
    """``max(input, 0)``; derivative 0 at 0.

    Shapes: any -> same.

    >>> nn.functional.relu([-1.0, 2.0])
    array([0., 2.])
    """
    return ag.relu(input)


def tanh(input: Any) -> Any:
    """The hyperbolic tangent.

    Shapes: any -> same.

    >>> nn.functional.tanh([0.0, 1.0])
    array([0.        , 0.76159416])
    """
    return ag.tanh(input)


def sigmoid(input: Any) -> Any:
    """``1 / (1 + exp(-input))``.

    Shapes: any -> same.

    >>> nn.functional.sigmoid([0.0, 1.0])
    array([0.5       , 0.73105858])
    """
    return ag.sigmoid(input)


def softmax(input: Any, dim: int) -> Any:
    """``exp(input) / sum(exp(input))`` along ``dim``.

    Shapes: any -> same.

    >>> nn.functional.softmax([[0.0, 0.0]], dim=1)
    array([[0.5, 0.5]])
    """
    return ag.softmax(as_array(input), axis=dim)


def log_softmax(input: Any, dim: int) -> Any:
    """The logarithm of ``softmax`` along ``dim``, exact for logits of any size.

    Shapes: any -> same.

    >>> nn.functional.log_softmax([[0.0, 1000.0]], dim=1)
    array([[-1000.,     0.]])
    """
    return ag.log_softmax(as_array(input), axis=dim)
