"""What losses share: their reductions, and what they do with predictions, targets and weights first."""

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import in_dtype
from nn.module import Module

_REDUCTIONS = ("mean", "sum", "none")
_RECORDED_CONSTANT = "{name}: {argument} is a constant, received a tensor that requires a gradient; pass {argument}.detach()"


def check_reduction(name: str, reduction: str) -> None:
    if reduction not in _REDUCTIONS:
        raise ValueError(f"{name}: expected reduction 'mean', 'sum' or 'none', received {reduction!r}")


def reduced(losses: Any, reduction: str) -> Any:
    if reduction == "none":
        return losses
    total = np.sum(losses)
    if reduction == "sum":
        return total
    return total / losses.size if losses.size else total * math.nan  # not 0 / 0, at which NumPy warns


def floating_dtype(x: Any) -> "np.dtype[Any]":
    return x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)


def pair(name: str, input: Any, target: Any) -> tuple[Any, Any]:
    """Predictions and targets in one shape and one dtype: that of the predictions, unless only the target is recorded."""
    x = input if isinstance(input, Tensor) else np.asarray(input)
    y = target if isinstance(target, Tensor) else np.asarray(target)
    if x.shape != y.shape:
        raise ValueError(
            f"{name}: expected input and target of the same shape, received {x.shape} and {y.shape}. "
            f"Nothing is broadcast here; reshape one, as with target.reshape({x.shape})"
        )
    leads = y if isinstance(y, Tensor) and y.requires_grad and not (isinstance(x, Tensor) and x.requires_grad) else x
    dtype = floating_dtype(leads)
    return in_dtype(x, dtype, lambda: f"{name}: input"), in_dtype(y, dtype, lambda: f"{name}: target")


def plain(x: Any) -> Any:
    """The array of a tensor; inside ``vmap``, where it has none for one example, the tensor."""
    try:
        return x.numpy() if isinstance(x, Tensor) else x
    except ag.BatchingError:
        return x


def constant(name: str, argument: str, value: Any, dtype: "np.dtype[Any]") -> Any:
    """A weight as an array: a constant, as far as gradients are concerned."""
    if isinstance(value, Tensor):
        if value.requires_grad:
            raise TypeError(_RECORDED_CONSTANT.format(name=name, argument=argument))
        value = plain(value)
    return in_dtype(value, dtype, lambda: f"{name}: {argument}")


def broadcasting(name: str, argument: str, value: Any, x: Any) -> Any:
    value = constant(name, argument, value, x.dtype)
    try:
        fits = np.broadcast_shapes(value.shape, x.shape) == x.shape
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"{name}: expected {argument} of a shape that broadcasts to {x.shape}, received {value.shape}")
    return value


class ElementwiseLoss(Module):
    """A loss whose only setting is its reduction."""

    def __init__(self, reduction: str = "mean") -> None:
        check_reduction(type(self).__name__, reduction)
        self.reduction = reduction

    def extra_repr(self) -> str:
        """Its settings."""
        return f"reduction={self.reduction!r}"
