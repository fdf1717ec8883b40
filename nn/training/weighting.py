"""The loss of a batch, with a weight for each example or without: one number, and what it counts in a mean over batches."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Tensor
from nn.losses.shared import Loss


class BatchLoss:
    """A loss as ``Trainer`` uses it: ``loss(predictions, targets)``, or the weighted mean of the losses of the examples.

    With weights w_i and losses l_i it is ``sum(w_i * l_i) / sum(w_i)``, as if example i were there w_i times; where a loss has
    several elements for an example, all of them have its weight.

    ``summed`` says that the loss is a sum over the examples, not their mean.
    """

    def __init__(self, loss: Callable[[Any, Any], Any], receiver: str) -> None:
        if not callable(loss) or isinstance(loss, type):
            hint = f"; write nn.{loss.__name__}()" if isinstance(loss, type) else "; for classes nn.CrossEntropyLoss()"
            raise TypeError(f"{receiver}: expected loss, a function of predictions and targets; received {loss!r}{hint}")
        if isinstance(loss, Loss) and loss.reduction == "none":
            raise ValueError(f"{receiver}: expected a loss that is one number, received {loss!r}; write reduction='mean'")
        self.loss = loss
        self.receiver = receiver
        self.summed = isinstance(loss, Loss) and loss.reduction == "sum"
        self._each: Loss | None = None
        if isinstance(loss, Loss) and "none" in loss.reductions:
            self._each = copy.copy(loss)
            self._each.reduction = "none"

    def __call__(self, predictions: Any, targets: Any, weights: Any, count: int) -> tuple[Tensor, float]:
        """The loss of a batch of ``count`` examples, and how much it counts.

        Raises:
            TypeError: for weights with a loss that cannot be had of each example, and for a loss that is no tensor.
            ValueError: for a loss of several numbers.
        """
        if weights is None:
            loss, counted = self.loss(predictions, targets), float(count)
        else:
            loss, counted = self._weighted(predictions, targets, weights)
        if not isinstance(loss, Tensor) or loss.size != 1:
            what = f"shape {loss.shape}" if isinstance(loss, Tensor) else type(loss).__name__
            raise (ValueError if isinstance(loss, Tensor) else TypeError)(
                f"{self.receiver}: expected the loss as a tensor of one number, received {what}; take its mean"
            )
        return loss, counted

    def value_of(self, loss: Tensor, counted: float) -> float:
        """The loss of one example in the mean: of a loss that is a sum, its share."""
        value = float(loss.item())
        return value / counted if self.summed and counted else value

    def _weighted(self, predictions: Any, targets: Any, weights: Any) -> tuple[Any, float]:
        if self._each is None:
            name = type(self.loss).__name__ if isinstance(self.loss, Loss) else "a function of your own"
            raise TypeError(
                f"{self.receiver}: weights need the loss of each example, which a loss of nn gives with reduction='none'; "
                f"received {name}"
            )
        losses = self._each(predictions, targets)
        weights = np.asarray(weights).astype(losses.dtype)
        if weights.shape != losses.shape[: weights.ndim]:
            raise ValueError(
                f"{self.receiver}: expected a weight for each example, or for each loss of {losses.shape}; received weights of "
                f"shape {weights.shape}"
            )
        counted = float(weights.sum())
        total = np.sum(losses * weights.reshape(weights.shape + (1,) * (losses.ndim - weights.ndim)))
        if self.summed or counted == 0:
            return total, counted
        return total / (counted * (losses.size // weights.size)), counted
