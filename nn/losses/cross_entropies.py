"""Losses of questions with several answers, of which one is right."""

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import check_number, check_whole, in_dtype
from nn.kernels.softmax_cross_entropy import minus_one_hot, softmax_cross_entropy
from nn.losses.shared import check_reduction, constant, floating_dtype, plain, reduced
from nn.module import Module
from nn.parameter import Buffer


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
    check_reduction("cross_entropy", reduction)
    _check_class_settings("cross_entropy", ignore_index, label_smoothing)
    label_smoothing = float(label_smoothing)  # NumPy's float64 would make float32 losses float64
    logits = input if isinstance(input, Tensor) else np.asarray(input)
    logits = in_dtype(logits, floating_dtype(logits), lambda: "cross_entropy: the logits")
    if len(logits.shape) == 0:
        raise ValueError("cross_entropy: expected logits of shape (C,), (N, C) or (N, C, ...), received ()")
    classes = logits.shape[0] if len(logits.shape) == 1 else logits.shape[1]
    places = logits.shape[:1] * (len(logits.shape) > 1) + logits.shape[2:]
    target = target if isinstance(target, Tensor) else np.asarray(target)
    if target.size == 0 and target.shape == places and not isinstance(target, Tensor):
        target = target.astype(np.intp)  # np.asarray([]) is floating
    if weight is not None:
        weight = constant("cross_entropy", "weight", weight, logits.dtype)
        if weight.shape != (classes,):
            raise ValueError(f"cross_entropy: expected weight of shape ({classes},), one per class; received {weight.shape}")
    if target.dtype.kind in "iu" and target.shape == places:
        losses = _cross_entropy_of_classes(_by_rows(logits), target, weight, ignore_index, reduction, label_smoothing)
        # A loss for each place is brought into their shape; one row a place is in it already.
        return np.reshape(losses, places) if reduction == "none" and len(places) != 1 else losses
    if target.dtype.kind == "f" and target.shape == logits.shape:
        if ignore_index >= 0:
            raise ValueError(
                f"cross_entropy: ignore_index={ignore_index} is for integer classes; received class probabilities; "
                "make the probabilities of those rows 0"
            )
        target = in_dtype(target, logits.dtype, lambda: "cross_entropy: the class probabilities")
        losses = _distribution_losses(_by_rows(logits), _by_rows(target), weight, label_smoothing)
        return reduced(np.reshape(losses, places), reduction)
    raise (ValueError if target.dtype.kind in "iuf" else TypeError)(_wrong_target(target, logits, places))


def _cross_entropy_of_classes(
    logits: Any, target: Any, weight: Any, ignore_index: int, reduction: str, label_smoothing: float
) -> Any:
    """The loss of logits (N, C) and integer classes in any shape of N elements: reduced, or with ``"none"`` (N,)."""
    classes, counting = _checked_classes(np.reshape(plain(target), -1), logits.shape[1], ignore_index)
    weights = None if weight is None else ag.take(weight, classes)
    if counting is not None:
        weights = counting.astype(logits.dtype) if weights is None else np.where(counting, weights, 0)
    scale = _one_over(len(classes) if weights is None else weights.sum()) if reduction == "mean" else 1.0
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


def _one_over(total: Any) -> Any:
    """1 over a sum of weights, NaN where there is nothing to take the mean of; a number, but inside ``vmap``."""
    if isinstance(total, Tensor):
        nothing = total == 0
        return np.where(nothing, math.nan, 1.0 / (total + nothing))
    return 1.0 / float(total) if total else math.nan


def _distribution_losses(logits: Any, q: Any, weight: Any, smoothing: float) -> Any:
    """``-sum_c w_c q_c log softmax(logits)_c`` for each row of logits and probabilities (N, C), with ``q`` smoothed."""
    if smoothing:
        q = q * (1 - smoothing) + smoothing / max(q.shape[1], 1)
    if weight is not None:
        q = q * weight
    return -np.sum(q * ag.log_softmax(logits, axis=1), axis=1)


def _by_rows(x: Any) -> Any:
    """Classes on axis 1 of two: (C,) becomes (1, C), and (N, C, ...) becomes (N * ..., C)."""
    if len(x.shape) == 2:
        return x
    if len(x.shape) == 1:
        return np.reshape(x, (1, -1))
    return np.reshape(np.moveaxis(x, 1, -1), (x.shape[0] * math.prod(x.shape[2:]), x.shape[1]))


def _checked_classes(target: Any, classes: int, ignore_index: int) -> tuple[Any, Any]:
    """The classes, with 0 for those that are ignored; and which count, ``None`` for all of them."""
    if isinstance(target, Tensor):  # inside ``vmap``: the ops look at the classes of all examples
        counting = target != ignore_index
        return np.where(counting, target, 0), counting
    # As an unsigned number a negative one is huge, so that one comparison covers both ends.
    if target.astype(np.uint64).max(initial=0) < classes and not 0 <= ignore_index < classes:
        return target, None
    counting = target != ignore_index
    wrong = counting & ((target < 0) | (target >= classes))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise IndexError(
            f"cross_entropy: expected classes from 0 to {classes - 1} (or ignore_index={ignore_index}), received "
            f"{target[place]} at position {place} of the flattened target; {classes} classes are what the logits have"
        )
    return np.where(counting, target, 0), None if counting.all() else counting


def _wrong_target(target: Any, logits: Any, places: tuple[int, ...]) -> str:
    message = (
        f"cross_entropy: for logits of shape {logits.shape} expected integer classes of shape {places}, or floating class "
        f"probabilities of shape {logits.shape}; received {target.dtype} {target.shape}."
    )
    if target.shape == logits.shape:
        return f"{message} For one-hot targets: target.astype(float), or better target.argmax(axis=1)"
    if target.shape == places:
        return f"{message} For classes: target.astype(int)"
    return f"{message} Reshape the target, as with target.reshape({places})"


def _check_class_settings(name: str, ignore_index: int, label_smoothing: float) -> None:
    check_whole(name, "ignore_index", ignore_index)
    check_number(name, "label_smoothing", label_smoothing, least=0, most=1)


class CrossEntropyLoss(Module):
    """``cross_entropy`` as a module; the weight is a buffer.

    >>> loss = nn.CrossEntropyLoss(reduction="sum")
    >>> f"{loss([[0.0, 0.0], [0.0, 0.0]], [0, 1]):.4f}"
    '1.3863'
    """

    def __init__(
        self, weight: Any = None, ignore_index: int = -100, reduction: str = "mean", label_smoothing: float = 0.0
    ) -> None:
        check_reduction("CrossEntropyLoss", reduction)
        _check_class_settings("CrossEntropyLoss", ignore_index, label_smoothing)
        self.weight = None if weight is None else Buffer(weight)
        self.ignore_index = ignore_index
        self.reduction = reduction
        self.label_smoothing = label_smoothing

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``cross_entropy``."""
        return cross_entropy(input, target, self.weight, self.ignore_index, self.reduction, self.label_smoothing)

    def extra_repr(self) -> str:
        """Its settings, as far as they are not the usual ones."""
        settings = [f"reduction={self.reduction!r}"]
        if self.ignore_index != -100:
            settings.append(f"ignore_index={self.ignore_index}")
        if self.label_smoothing:
            settings.append(f"label_smoothing={self.label_smoothing}")
        return ", ".join(settings)
