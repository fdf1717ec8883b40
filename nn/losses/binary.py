"""Losses of yes-or-no questions."""

from typing import Any

import autograd as ag
from nn.kernels.sigmoid_cross_entropy import sigmoid_cross_entropy
from nn.losses.shared import broadcasting, check_reduction, pair, reduced
from nn.module import Module
from nn.parameter import Buffer


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, reduction: str = "mean", pos_weight: Any = None
) -> Any:
    """``-w (p y log s(x) + (1 - y) log(1 - s(x)))`` for logits ``x``, targets ``y``, and ``s`` the sigmoid.

    Args:
        input: the logits x, one for each yes-or-no question.
        target: the probabilities y of yes, usually 0 or 1; plain data is cast to the dtype of ``input``.
        weight: w, how much each element counts; it broadcasts. The mean divides by the number of elements all the same.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        pos_weight: p, how much more the answer yes counts; it broadcasts.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, a weight that does not broadcast to them, or another reduction.
        TypeError: for complex numbers.

    >>> nn.functional.binary_cross_entropy_with_logits([0.0, 10000.0], [1.0, 0.0], reduction="none")
    array([6.93147181e-01, 1.00000000e+04])
    """
    name = "binary_cross_entropy_with_logits"
    check_reduction(name, reduction)
    x, y = pair(name, input, target)
    if pos_weight is None:
        losses = sigmoid_cross_entropy(x, y)
    else:
        p = broadcasting(name, "pos_weight", pos_weight, x)
        losses = (1 - y) * x + (1 + (p - 1) * y) * ag.softplus(-x)
    if weight is not None:
        losses = losses * broadcasting(name, "weight", weight, x)
    return reduced(losses, reduction)


class BCEWithLogitsLoss(Module):
    """``binary_cross_entropy_with_logits`` as a module; its weights are buffers.

    >>> loss = nn.BCEWithLogitsLoss(pos_weight=[3.0])
    >>> f"{loss([[0.0], [0.0]], [[1.0], [0.0]]):.4f}"
    '1.3863'
    """

    def __init__(self, weight: Any = None, reduction: str = "mean", pos_weight: Any = None) -> None:
        check_reduction("BCEWithLogitsLoss", reduction)
        self.weight = None if weight is None else Buffer(weight)
        self.reduction = reduction
        self.pos_weight = None if pos_weight is None else Buffer(pos_weight)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``binary_cross_entropy_with_logits``."""
        return binary_cross_entropy_with_logits(input, target, self.weight, self.reduction, self.pos_weight)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"reduction={self.reduction!r}"
