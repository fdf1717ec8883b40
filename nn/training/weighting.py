"""The loss of a batch, with a weight for each example or without: one number, and what it counts in a mean over batches."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Tensor
from nn.losses.cross_entropies import CrossEntropyLoss
from nn.losses.likelihoods import NLLLoss
from nn.losses.shared import Loss

ALL = 1.0


class BatchLoss:
    """A loss as ``Trainer`` uses it: ``loss(predictions, targets)``, or the weighted mean of the losses of the examples.

    With weights w_i and losses l_i it is ``sum(w_i * l_i) / sum(w_i)``, as if example i were there w_i times; where a loss has
    several elements for an example, all of them have its weight. In a loss that weighs classes, or leaves targets out, a mean
    divides by what is left, and so do means over batches.

    ``summed`` says that the loss is a sum over the examples, not their mean; ``ignored`` is the target that it leaves out.
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
        self.by_class = isinstance(loss, CrossEntropyLoss | NLLLoss)
        self.ignored = loss.ignore_index if isinstance(loss, CrossEntropyLoss | NLLLoss) else None
        self._each: Loss | None = None
        if isinstance(loss, Loss) and "none" in loss.reductions:
            self._each = copy.copy(loss)
            self._each.reduction = "none"

    def __call__(self, predictions: Any, targets: Any, weights: Any, count: int) -> tuple[Tensor, float]:
        """The loss of a batch of ``count`` examples, and how much it counts; 0 for a batch of which nothing is left.

        Raises:
            TypeError: for weights with a loss that cannot be had of each example, and for a loss that is no tensor.
            ValueError: for a loss of several numbers.
        """
        if weights is not None:
            loss, counted = self._weighted(predictions, targets, weights)
        else:
            loss = self.loss(predictions, targets)
            shares = None if self.summed else self._shares(targets)
            counted = float(count if shares is None else np.size(targets) if shares is ALL else np.sum(shares))
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

    def _shares(self, targets: Any) -> Any:
        """How much each target counts in a mean of the loss: ``ALL`` for 1 each; ``None`` where examples count, not targets."""
        labels = np.asarray(targets)
        if not self.by_class or labels.dtype.kind not in "biu":  # probabilities of classes count with their example
            return None
        loss: Any = self.loss
        kept = labels != loss.ignore_index
        if loss.weight is None:
            return ALL if kept.all() else kept
        return np.where(kept, loss.weight.numpy()[np.where(kept, labels, 0)], 0.0)

    def _weighted(self, predictions: Any, targets: Any, weights: Any) -> tuple[Any, float]:
        if self._each is None:
            name = type(self.loss).__name__ if isinstance(self.loss, Loss) else "a function of your own"
            raise TypeError(
                f"{self.receiver}: weights need the loss of each example, which a loss of nn gives with reduction='none'; "
                f"received {name}"
            )
        losses = self._each(predictions, targets)
        weights = np.asarray(weights, np.float64)
        if weights.shape != losses.shape[: weights.ndim]:
            raise ValueError(
                f"{self.receiver}: expected a weight for each example, or for each loss of {losses.shape}; received weights of "
                f"shape {weights.shape}"
            )
        weights = weights.reshape(weights.shape + (1,) * (losses.ndim - weights.ndim))
        shares = self._shares(targets)
        counted = float(np.sum(weights if shares is None else np.broadcast_to(weights, losses.shape) * shares))
        if not self.summed and counted:
            elements = losses.size // weights.size if shares is None and self._each_counts() else 1
            weights = weights / (counted * elements)
        dtype = np.float32 if losses.dtype == np.float16 else losses.dtype
        return np.sum(losses.astype(dtype) * weights.astype(dtype)), counted

    def _each_counts(self) -> bool:
        """Whether the mean divides by the number of all elements, not of examples."""
        return isinstance(self.loss, Loss) and self.loss.reduction != "batchmean"
