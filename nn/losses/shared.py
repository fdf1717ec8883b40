"""What losses share: their reductions, and what they do with predictions, targets and weights first."""

import math
from typing import Any, ClassVar

import numpy as np

from autograd import Tensor
from nn.inputs import Receiver, as_array, called, in_dtype, in_one_dtype, plain
from nn.kernels.half_precision import in_single_precision, is_half
from nn.module import Module
from nn.parameter import Buffer

REDUCTIONS = ("mean", "sum", "none")


def check_reduction(receiver: Receiver, reduction: str, allowed: tuple[str, ...] = REDUCTIONS) -> None:
    if reduction not in allowed:
        listed = f"{', '.join(map(repr, allowed[:-1]))} or {allowed[-1]!r}"
        raise ValueError(f"{called(receiver)}: expected reduction {listed}, received {reduction!r}")


def divisor_of(reduction: str, size: int) -> int | None:
    """What the sum of ``size`` losses is divided by; ``None`` for no sum."""
    return size if reduction == "mean" else 1 if reduction == "sum" else None


def reduced(losses: Any, reduction: str) -> Any:
    if reduction == "none":
        return losses
    if is_half(losses):
        return in_single_precision(reduced, losses, reduction=reduction)
    total = np.sum(losses)
    if reduction == "sum":
        return total
    return total / losses.size if losses.size else total * math.nan  # not 0 / 0, at which NumPy warns


def weighted(losses: Any, weight: Any, reduction: str) -> Any:
    """Losses times their weights; the mean divides by the sum of the weights."""
    losses = losses * weight
    if reduction == "none":
        return losses
    total = np.sum(losses)
    return total if reduction == "sum" else total * one_over(np.sum(weight))


def one_over(total: Any) -> Any:
    """1 over a sum of weights, NaN where there is nothing to take the mean of; a number, but inside ``vmap``."""
    if isinstance(total, Tensor):
        nothing = total == 0
        return np.where(nothing, math.nan, 1.0 / (total + nothing))
    return 1.0 / float(total) if total else math.nan


def pair(receiver: Receiver, input: Any, target: Any) -> tuple[Any, Any]:
    """Predictions and targets in one shape and one dtype: that of the predictions, unless only the target is recorded."""
    x, y = as_array(input, receiver), as_array(target, receiver)
    if x.shape != y.shape:
        raise ValueError(
            f"{called(receiver)}: expected input and target of the same shape, received {x.shape} and {y.shape}. "
            f"Nothing is broadcast here; reshape one, as with target.reshape({x.shape})"
        )
    if x.dtype == y.dtype and x.dtype.kind == "f":
        return x, y
    x, y = in_one_dtype(receiver, input=x, target=y)
    return x, y


def elementwise(
    receiver: Receiver, loss: Any, input: Any, target: Any, reduction: str, weight: Any = None, **settings: Any
) -> Any:
    """The loss of each pair of elements by the op ``loss``, reduced; a weight broadcasts, and the mean does not mind it."""
    check_reduction(receiver, reduction)
    x, y = pair(receiver, input, target)
    if is_half(x):
        return in_single_precision(lambda x, y: elementwise(receiver, loss, x, y, reduction, weight, **settings), x, y)
    if weight is None:
        return loss(x, y, divisor=divisor_of(reduction, x.size), **settings)
    weight = broadcasting(receiver, "weight", weight, x)
    return reduced(loss(x, y, divisor=None, **settings) * weight, reduction)


def constant(receiver: Receiver, argument: str, value: Any, dtype: "np.dtype[Any]") -> Any:
    """A weight as an array: a constant, as far as gradients are concerned."""
    if isinstance(value, Tensor):
        if value.requires_grad:
            raise TypeError(
                f"{called(receiver)}: {argument} is a constant, received a tensor that requires a gradient; "
                f"pass {argument}.detach()"
            )
        value = plain(value)
    return in_dtype(value, dtype, lambda: f"{called(receiver)}: {argument}")


def broadcasting(receiver: Receiver, argument: str, value: Any, x: Any) -> Any:
    value = constant(receiver, argument, value, x.dtype)
    if not broadcasts_to(value.shape, x.shape):
        raise ValueError(
            f"{called(receiver)}: expected {argument} of a shape that broadcasts to {x.shape}, received {value.shape}"
        )
    return value


def broadcasts_to(shape: tuple[int, ...], other: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, other) == other
    except ValueError:
        return False


def buffer(weight: Any) -> Buffer | None:
    """How a loss keeps its weight."""
    return None if weight is None else Buffer(weight)


def buffer_of_classes(name: str, weight: Any) -> Buffer | None:
    """How a loss keeps a weight for each class."""
    kept = buffer(weight)
    if kept is not None and kept.ndim != 1:
        raise ValueError(f"{name}: expected weight of shape (C,), one per class; received {kept.shape}")
    return kept


class Loss(Module):
    """A loss: its reduction, and the settings that a class names in ``usual``, with what they usually are."""

    usual: ClassVar[dict[str, Any]] = {}
    reductions: ClassVar[tuple[str, ...]] = REDUCTIONS

    def __init__(self, reduction: str = "mean") -> None:
        check_reduction(type(self).__name__, reduction, self.reductions)
        self.reduction = reduction

    def extra_repr(self) -> str:
        """Its reduction, and its settings as far as they are not the usual ones."""
        settings = {name: getattr(self, name) for name in self.usual}
        unusual = [f"{name}={value!r}" for name, value in settings.items() if value != self.usual[name]]
        return ", ".join([f"reduction={self.reduction!r}", *unusual])
