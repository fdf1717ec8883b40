"""Losses of yes-or-no questions: of logits, of probabilities, and of scores with the answers 1 and -1."""

from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import Receiver, called, plain
from nn.kernels.binary import binary_cross_entropy as binary_cross_entropy_op
from nn.kernels.binary import logistic_loss, sigmoid_cross_entropy
from nn.kernels.half_precision import in_single_precision, is_half
from nn.losses.shared import Loss, broadcasting, buffer, check_reduction, elementwise, pair, reduced
from nn.paths import described


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, reduction: str = "mean", pos_weight: Any = None
) -> Any:
    """``-w (y log s(x) + (1 - y) log(1 - s(x)))`` for logits ``x``, targets ``y``, and ``s`` the sigmoid.

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
    return _of_logits("binary_cross_entropy_with_logits", input, target, weight, reduction, pos_weight)


def _of_logits(receiver: Receiver, input: Any, target: Any, weight: Any, reduction: str, pos_weight: Any) -> Any:
    if pos_weight is None:
        return elementwise(receiver, sigmoid_cross_entropy, input, target, reduction, weight)
    check_reduction(receiver, reduction)
    x, y = pair(receiver, input, target)
    if is_half(x):
        return in_single_precision(lambda x, y: _of_logits(receiver, x, y, weight, reduction, pos_weight), x, y)
    p = broadcasting(receiver, "pos_weight", pos_weight, x)
    losses = y * p * ag.softplus(-x) + (1 - y) * ag.softplus(x)  # nothing is taken away from anything: small losses stay exact
    if weight is not None:
        losses = losses * broadcasting(receiver, "weight", weight, x)
    return reduced(losses, reduction)


def binary_cross_entropy(input: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Any:
    """``-w (y log p + (1 - y) log(1 - p))`` for probabilities ``p`` and targets ``y``; each logarithm is at least -100.

    So the loss of a probability 0 or 1 that is wrong is 100. There the derivative is -1e12 or 1e12, since it divides by
    ``p (1 - p)``, but by no less than 1e-12, as in PyTorch. ``binary_cross_entropy_with_logits`` needs no such bounds.

    Args:
        input: the probabilities p of yes, such as a sigmoid gives them.
        target: the probabilities y of yes, usually 0 or 1; plain data is cast to the dtype of ``input``.
        weight: w, how much each element counts; it broadcasts. The mean divides by the number of elements all the same.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, numbers that are not from 0 to 1, a weight that does not broadcast, or another
            reduction.
        TypeError: for complex numbers.

    >>> nn.functional.binary_cross_entropy([0.5, 0.0], [1.0, 1.0], reduction="none")
    array([  0.69314718, 100.        ])
    """
    return _of_probabilities("binary_cross_entropy", input, target, weight, reduction)


def _of_probabilities(receiver: Receiver, input: Any, target: Any, weight: Any, reduction: str) -> Any:
    for name, each in (("input", input), ("target", target)):
        values = plain(each)
        if not isinstance(values, Tensor):  # inside ``vmap`` the op looks at them
            _check_probabilities(receiver, name, np.asarray(values))
    return elementwise(receiver, binary_cross_entropy_op, input, target, reduction, weight)


def _check_probabilities(receiver: Receiver, name: str, p: Any) -> None:
    if p.dtype.kind in "iuf" and p.size and not (p.min() >= 0 and p.max() <= 1):  # NaN is refused, too
        advice = "; for logits use BCEWithLogitsLoss" if name == "input" else ""
        raise ValueError(
            f"{called(receiver)}: expected {name} from 0 to 1, received numbers from {p.min()} to {p.max()}{advice}"
        )


def soft_margin_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """``log(1 + exp(-y x))`` for scores ``x`` and answers ``y``, exact for scores of any size.

    Args:
        input: the scores x.
        target: the answers y, 1 or -1; plain data is cast to the dtype of ``input``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, or another reduction.
        TypeError: for complex numbers.

    >>> nn.functional.soft_margin_loss([0.0, 10000.0], [1, -1], reduction="none")
    array([6.93147181e-01, 1.00000000e+04])
    """
    return elementwise("soft_margin_loss", logistic_loss, input, target, reduction)


def multilabel_soft_margin_loss(input: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Any:
    """The mean over classes of ``-w_c (y_c log s(x_c) + (1 - y_c) log(1 - s(x_c)))``, with the sigmoid ``s``.

    Args:
        input: the logits x; the classes are on the last axis.
        target: the probabilities y of each class, usually 0 or 1; plain data is cast to the dtype of ``input``.
        weight: w, how much each class counts, shape (C,); it broadcasts. The mean divides by the number of classes all the
            same.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``, over the examples.

    Shapes: two equal ones (..., C) -> ``()``; with ``"none"`` (...).

    Raises:
        ValueError: for shapes that differ or have no axis, a weight that does not broadcast, or another reduction.
        TypeError: for complex numbers.

    >>> nn.functional.multilabel_soft_margin_loss([[0.0, 10000.0]], [[1, 0]], reduction="none")
    array([5000.34657359])
    """
    return _of_many_labels("multilabel_soft_margin_loss", input, target, weight, reduction)


def _of_many_labels(receiver: Receiver, input: Any, target: Any, weight: Any, reduction: str) -> Any:
    check_reduction(receiver, reduction)
    x, y = pair(receiver, input, target)
    if not x.shape:
        raise ValueError(f"{called(receiver)}: expected logits of shape (..., C), received ()")
    if is_half(x):
        return in_single_precision(lambda x, y: _of_many_labels(receiver, x, y, weight, reduction), x, y)
    losses = elementwise(receiver, sigmoid_cross_entropy, x, y, "none", weight)
    return reduced(np.sum(losses, axis=-1) / max(x.shape[-1], 1), reduction)


class BCEWithLogitsLoss(Loss):
    """``binary_cross_entropy_with_logits`` as a module; its weights are buffers.

    >>> loss = nn.BCEWithLogitsLoss(pos_weight=[3.0])
    >>> f"{loss([[0.0], [0.0]], [[1.0], [0.0]]):.4f}"
    '1.3863'
    """

    def __init__(self, weight: Any = None, reduction: str = "mean", pos_weight: Any = None) -> None:
        super().__init__(reduction)
        self.weight = buffer(weight)
        self.pos_weight = buffer(pos_weight)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``binary_cross_entropy_with_logits``."""
        return _of_logits(lambda: described(self), input, target, self.weight, self.reduction, self.pos_weight)


class BCELoss(Loss):
    """``binary_cross_entropy`` as a module; its weight is a buffer.

    >>> loss = nn.BCELoss(reduction="sum")
    >>> f"{loss([[0.5], [0.5]], [[1.0], [0.0]]):.4f}"
    '1.3863'
    """

    def __init__(self, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.weight = buffer(weight)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``binary_cross_entropy``."""
        return _of_probabilities(lambda: described(self), input, target, self.weight, self.reduction)


class SoftMarginLoss(Loss):
    """``soft_margin_loss`` as a module.

    >>> f"{nn.SoftMarginLoss()([0.0, 0.0], [1, -1]):.4f}"
    '0.6931'
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``soft_margin_loss``."""
        return elementwise(lambda: described(self), logistic_loss, input, target, self.reduction)


class MultiLabelSoftMarginLoss(Loss):
    """``multilabel_soft_margin_loss`` as a module; its weight is a buffer.

    >>> f"{nn.MultiLabelSoftMarginLoss()([[0.0, 0.0]], [[1, 0]]):.4f}"
    '0.6931'
    """

    def __init__(self, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.weight = buffer(weight)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``multilabel_soft_margin_loss``."""
        return _of_many_labels(lambda: described(self), input, target, self.weight, self.reduction)
