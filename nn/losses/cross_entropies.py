"""Losses of questions with several answers, of which one is right."""

import math
from typing import Any, ClassVar

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import Receiver, as_array, called, check_number, check_whole, floating_dtype, in_dtype, is_recorded
from nn.kernels.half_precision import in_single_precision, is_half
from nn.kernels.softmax_cross_entropy import minus_one_hot, softmax_cross_entropy
from nn.losses.classes import as_target, by_rows, counted, places_of, weight_of_classes
from nn.losses.shared import Loss, buffer_of_classes, check_reduction, reduced
from nn.paths import described


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """``-w_t log softmax(input)_t`` for the class ``t``; ``-sum_c w_c q_c log softmax(input)_c`` for probabilities ``q``.

    Args:
        input: logits; the classes are on axis 1, or on the only axis.
        target: integer classes from 0 to C - 1, or, in a floating dtype and the shape of ``input``, their probabilities.
        weight: how much each class counts, shape (C,). The mean over integer classes divides by the sum of their weights.
        ignore_index: the integer target that counts for nothing; the mean leaves it out.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        label_smoothing: the share of the target, from 0 to 1, that is spread evenly over all classes.

    Shapes: ``input`` (C,), (N, C) or (N, C, ...); ``target`` (), (N,) or (N, ...), or that of ``input`` -> ``()``;
    with ``"none"`` that of integer classes.

    Raises:
        ValueError: for shapes that do not fit, another reduction, or smoothing outside 0 to 1.
        IndexError: for a class that ``input`` does not have.
        TypeError: for complex logits, targets of another kind, and an index or smoothing that is no number.

    Source: C. Szegedy et al., Rethinking the Inception architecture for computer vision, 2016, for label smoothing.

    >>> logits = ag.tensor([[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]], requires_grad=True)
    >>> loss = nn.functional.cross_entropy(logits, [0, 2])
    >>> f"{loss:.4f}"
    '0.7531'
    >>> loss.backward()
    >>> logits.grad.numpy().round(3)
    array([[-0.167,  0.122,  0.045],
           [ 0.167,  0.167, -0.333]])
    """
    _check_class_settings("cross_entropy", ignore_index, label_smoothing)
    return _cross_entropy("cross_entropy", input, target, weight, ignore_index, reduction, label_smoothing)


def _cross_entropy(
    receiver: Receiver, input: Any, target: Any, weight: Any, ignore_index: int, reduction: str, label_smoothing: float
) -> Any:
    check_reduction(receiver, reduction)
    label_smoothing = float(label_smoothing)  # NumPy's float64 would make float32 losses float64
    settings = (weight, ignore_index, reduction, label_smoothing)
    logits = as_array(input, receiver)
    leads = is_recorded(target) and target.dtype.kind == "f" and not is_recorded(logits)
    logits = in_dtype(logits, floating_dtype(target if leads else logits), lambda: f"{called(receiver)}: the logits")
    if len(logits.shape) == 0:
        raise ValueError(f"{called(receiver)}: expected logits of shape (C,), (N, C) or (N, C, ...), received ()")
    places = places_of(logits.shape)
    target = as_target(target, places)
    weight = weight_of_classes(receiver, weight, logits.shape[len(logits.shape) > 1], logits.dtype)
    if target.dtype.kind in "iu" and target.shape == places:
        if is_half(logits):
            return in_single_precision(lambda x: _cross_entropy(receiver, x, target, *settings), logits)
        losses = _of_classes(receiver, by_rows(logits), target, weight, ignore_index, reduction, label_smoothing)
        # A loss for each place is brought into their shape; one row a place is in it already.
        return np.reshape(losses, places) if reduction == "none" and len(places) != 1 else losses
    if target.dtype.kind == "f" and target.shape == logits.shape:
        if ignore_index >= 0:
            raise ValueError(
                f"{called(receiver)}: ignore_index={ignore_index} is for integer classes; received class probabilities; "
                "make the probabilities of those rows 0"
            )
        target = in_dtype(target, logits.dtype, lambda: f"{called(receiver)}: the class probabilities")
        if is_half(logits):
            return in_single_precision(lambda x, q: _cross_entropy(receiver, x, q, *settings), logits, target)
        losses = _distribution_losses(by_rows(logits), by_rows(target), weight, label_smoothing)
        return reduced(np.reshape(losses, places), reduction)
    raise (ValueError if target.dtype.kind in "iuf" else TypeError)(_wrong_target(receiver, target, logits, places))


def _of_classes(
    receiver: Receiver, logits: Any, target: Any, weight: Any, ignore_index: int, reduction: str, label_smoothing: float
) -> Any:
    """The loss of logits (N, C) and integer classes in any shape of N elements: reduced, or with ``"none"`` (N,)."""
    classes, counting, weights, scale = counted(receiver, target, logits, weight, ignore_index, reduction)
    if not label_smoothing:
        # Where it can, the graph shows the tensor that it was given.
        given = target if counting is None and isinstance(target, Tensor) and target.ndim == 1 else classes
        return softmax_cross_entropy(logits, given, weights, scale, rows=reduction == "none")[0]
    one_hot = 1 - minus_one_hot(np.ones((len(classes), logits.shape[1]), logits.dtype), classes)
    losses = _distribution_losses(logits, one_hot, weight, label_smoothing)
    if counting is not None:
        losses = np.where(counting, losses, 0)
    if reduction == "none":
        return losses
    undefined = np.isnan(scale)  # then the loss is NaN, yet with a gradient of 0
    if isinstance(scale, Tensor):
        return np.where(undefined, math.nan, np.sum(losses) * np.where(undefined, 0, scale))
    return np.sum(losses) * 0 + math.nan if undefined else np.sum(losses) * scale


def _distribution_losses(logits: Any, q: Any, weight: Any, smoothing: float) -> Any:
    """``-sum_c w_c q_c log softmax(logits)_c`` for each row of logits and probabilities (N, C), with ``q`` smoothed."""
    if smoothing:
        q = q * (1 - smoothing) + smoothing / max(q.shape[1], 1)
    if weight is not None:
        q = q * weight
    return -np.sum(q * ag.log_softmax(logits, axis=1), axis=1)


def _wrong_target(receiver: Receiver, target: Any, logits: Any, places: tuple[int, ...]) -> str:
    message = (
        f"{called(receiver)}: for logits of shape {logits.shape} expected integer classes of shape {places}, or floating class "
        f"probabilities of shape {logits.shape}; received {target.dtype} {target.shape}."
    )
    if target.shape == logits.shape:
        return f"{message} For one-hot targets: target.astype(float), or better target.argmax(axis=1)"
    if target.shape == places:
        return f"{message} For classes: target.astype(int)"
    if target.shape == logits.shape[:-1]:
        return (
            f"{message} The classes are on axis 1, so with them on the last one write "
            f"cross_entropy(logits.reshape(-1, {logits.shape[-1]}), target.reshape(-1))"
        )
    if math.prod(target.shape) == math.prod(places):
        return f"{message} Reshape the target, as with target.reshape({places})"
    return message


def _check_class_settings(name: str, ignore_index: int, label_smoothing: float) -> None:
    check_whole(name, "ignore_index", ignore_index)
    check_number(name, "label_smoothing", label_smoothing, least=0, most=1)


class CrossEntropyLoss(Loss):
    """``cross_entropy`` as a module; the weight is a buffer.

    >>> loss = nn.CrossEntropyLoss(reduction="sum")
    >>> f"{loss([[0.0, 0.0], [0.0, 0.0]], [0, 1]):.4f}"
    '1.3863'
    """

    usual: ClassVar = {"ignore_index": -100, "label_smoothing": 0.0}

    def __init__(
        self, weight: Any = None, ignore_index: int = -100, reduction: str = "mean", label_smoothing: float = 0.0
    ) -> None:
        super().__init__(reduction)
        _check_class_settings("CrossEntropyLoss", ignore_index, label_smoothing)
        self.weight = buffer_of_classes(type(self).__name__, weight)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``cross_entropy``."""
        return _cross_entropy(
            lambda: described(self), input, target, self.weight, self.ignore_index, self.reduction, self.label_smoothing
        )
