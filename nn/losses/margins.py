"""Losses that are 0 once a score is ahead by a margin."""

from typing import Any, ClassVar

import numpy as np

from nn.inputs import Receiver, as_array, called, check_number, floating_dtype, in_dtype, in_one_dtype, plain
from nn.kernels.binary import hinge_embedding
from nn.kernels.half_precision import in_single_precision, is_half
from nn.kernels.hinges import margin_ranking, multi_margin, multilabel_margin
from nn.losses.classes import as_target, counted, weight_of_classes
from nn.losses.shared import Loss, buffer_of_classes, check_reduction, elementwise, reduced
from nn.paths import described


def margin_ranking_loss(input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: str = "mean") -> Any:
    """``max(0, margin - y (input1 - input2))`` for the answer ``y``: 1 where the first should be ahead, -1 where the second.

    Where the first is ahead by exactly the margin the derivative is that of being behind, as in PyTorch.

    Args:
        input1: scores.
        input2: the scores that they are compared with; plain data is cast to the dtype of ``input1``.
        target: the answers y, 1 or -1.
        margin: how far ahead is far enough.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: three with the same number of axes, where axes of length 1 are broadcast, as in PyTorch: (N,), (N,), (N,); or
    (N, 1), (1, N), (N, N) to compare all with all -> ``()``; with ``"none"`` their broadcast.

    Raises:
        ValueError: for shapes that do not fit, or another reduction.
        TypeError: for complex numbers.

    >>> nn.functional.margin_ranking_loss([2.0, 0.0], [1.0, 3.0], [1, 1], margin=0.5, reduction="none")
    array([0. , 3.5])
    """
    check_number("margin_ranking_loss", "margin", margin)
    return _margin_ranking_loss("margin_ranking_loss", input1, input2, target, margin, reduction)


def _margin_ranking_loss(receiver: Receiver, input1: Any, input2: Any, target: Any, margin: float, reduction: str) -> Any:
    check_reduction(receiver, reduction)
    x, y, sign = in_one_dtype(receiver, input1=input1, input2=input2, target=target)
    shapes = (x.shape, y.shape, sign.shape)
    if len({*map(len, shapes)}) > 1 or any([len({*axis} - {1}) > 1 for axis in zip(*shapes, strict=True)]):
        raise ValueError(
            f"{called(receiver)}: expected input1, input2 and target of the same shape, or with axes of length 1 in the same "
            f"number of axes; received {x.shape}, {y.shape} and {sign.shape}"
        )
    if is_half(x):
        return in_single_precision(lambda x, y, sign: _margin_ranking_loss(receiver, x, y, sign, margin, reduction), x, y, sign)
    return reduced(margin_ranking(x, y, sign, margin=float(margin)), reduction)


def hinge_embedding_loss(input: Any, target: Any, margin: float = 1.0, reduction: str = "mean") -> Any:
    """``x`` where the target is 1, ``max(0, margin - x)`` where it is -1, for distances ``x`` of what is alike or is not.

    A target that is neither counts as both, as in PyTorch. At the margin the derivative is -1.

    Args:
        input: the distances x.
        target: 1 or -1.
        margin: how far apart is far enough.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, or another reduction.
        TypeError: for complex numbers.

    Source: R. Hadsell, S. Chopra and Y. LeCun, Dimensionality reduction by learning an invariant mapping, 2006.

    >>> nn.functional.hinge_embedding_loss([0.25, 0.25], [1, -1], reduction="none")
    array([0.25, 0.75])
    """
    check_number("hinge_embedding_loss", "margin", margin)
    return _hinge_embedding_loss("hinge_embedding_loss", input, target, margin, reduction)


def _hinge_embedding_loss(receiver: Receiver, input: Any, target: Any, margin: float, reduction: str) -> Any:
    return elementwise(receiver, hinge_embedding, input, target, reduction, margin=float(margin))


def multi_margin_loss(
    input: Any, target: Any, p: int = 1, margin: float = 1.0, weight: Any = None, reduction: str = "mean"
) -> Any:
    """``w_t`` times the mean over all C classes of ``max(0, margin - x_t + x_j)**p``, in which the class ``t`` itself counts 0.

    Args:
        input: scores x of the classes.
        target: integer classes t from 0 to C - 1.
        p: 1 or 2.
        margin: how far ahead of each other class is far enough.
        weight: w, how much each class counts, shape (C,). The mean divides by the number of examples all the same.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: ``input`` (N, C), ``target`` (N,); or (C,) and () -> ``()``; with ``"none"`` that of ``target``.

    Raises:
        ValueError: for shapes that do not fit, another ``p`` or another reduction.
        IndexError: for a class that ``input`` does not have.
        TypeError: for complex numbers, and targets that are no integers.

    Source: K. Crammer and Y. Singer, On the algorithmic implementation of multiclass kernel-based vector machines, 2001.

    >>> nn.functional.multi_margin_loss([[0.0, 2.0, 1.5]], [1], reduction="none")
    array([0.16666667])
    """
    _check_multi_margin("multi_margin_loss", p, margin)
    return _multi_margin_loss("multi_margin_loss", input, target, p, margin, weight, reduction)


def _check_multi_margin(name: str, p: Any, margin: Any) -> None:
    check_number(name, "margin", margin)
    if p not in (1, 2):
        raise ValueError(f"{name}: expected p, 1 or 2; received {p!r}")


def _multi_margin_loss(receiver: Receiver, input: Any, target: Any, p: int, margin: float, weight: Any, reduction: str) -> Any:
    check_reduction(receiver, reduction)
    x, target = _scores(receiver, input, target, per_class=False)
    if is_half(x):
        return in_single_precision(lambda x: _multi_margin_loss(receiver, x, target, p, margin, weight, reduction), x)
    weight = weight_of_classes(receiver, weight, x.shape[-1], x.dtype)
    shape = target.shape
    x = np.reshape(x, (1, -1)) if x.ndim == 1 else x
    classes, _, weights, _ = counted(receiver, target, x, weight, None, "none")
    count = x.shape[0]
    scale = 1.0 if reduction != "mean" else 1 / count if count else float("nan")
    losses = multi_margin(x, classes, weights, scale, p=int(p), margin=float(margin), rows=reduction == "none")
    return np.reshape(losses, shape) if reduction == "none" and not shape else losses


def multilabel_margin_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """``1 / C`` times the sum of ``max(0, 1 - x_t + x_j)`` over the labels ``t`` and all classes ``j`` that are no labels.

    Args:
        input: scores x of the C classes.
        target: the labels, integers from 0 to C - 1, up to the first -1; what stands behind it counts for nothing.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: two equal ones, (N, C) or (C,) -> ``()``; with ``"none"`` (N,) or ().

    Raises:
        ValueError: for shapes that do not fit, or another reduction.
        IndexError: for a label that is neither a class of ``input`` nor -1.
        TypeError: for complex numbers, and targets that are no integers.

    >>> nn.functional.multilabel_margin_loss([[0.0, 2.0, 1.5]], [[1, 0, -1]], reduction="none")
    array([1.])
    """
    return _multilabel_margin_loss("multilabel_margin_loss", input, target, reduction)


def _multilabel_margin_loss(receiver: Receiver, input: Any, target: Any, reduction: str) -> Any:
    check_reduction(receiver, reduction)
    x, target = _scores(receiver, input, target, per_class=True)
    if is_half(x):
        return in_single_precision(lambda x: _multilabel_margin_loss(receiver, x, target, reduction), x)
    labels = plain(target)
    wrong = (labels < -1) | (labels >= x.shape[-1])
    if isinstance(wrong, np.ndarray) and wrong.any():  # in ``vmap`` the op looks at the labels of all examples
        place = int(np.argmax(wrong))
        raise IndexError(
            f"{called(receiver)}: expected classes from 0 to {x.shape[-1] - 1}, or -1 at the end, received "
            f"{np.ravel(labels)[place]} at position {place} of the flattened target"
        )
    if x.ndim == 2:
        return reduced(multilabel_margin(x, labels), reduction)
    losses = multilabel_margin(np.reshape(x, (1, -1)), np.reshape(labels, (1, -1)))
    return reduced(np.reshape(losses, ()), reduction)


def _scores(receiver: Receiver, input: Any, target: Any, per_class: bool) -> tuple[Any, Any]:
    """Scores (N, C) or (C,) in a floating dtype, and integer targets: one for each class or one for each example."""
    x = as_array(input, receiver)
    x = in_dtype(x, floating_dtype(x), lambda: f"{called(receiver)}: input")
    if len(x.shape) not in (1, 2):
        raise ValueError(f"{called(receiver)}: expected scores of shape (N, C) or (C,), received {x.shape}")
    shape = x.shape if per_class else x.shape[:-1]
    target = as_target(target, shape)
    if target.shape != shape:
        raise ValueError(
            f"{called(receiver)}: for scores of shape {x.shape} expected integer targets of shape {shape}; received "
            f"{target.shape}"
        )
    if target.dtype.kind not in "iu":
        raise TypeError(f"{called(receiver)}: expected integer targets, received {target.dtype}; target.astype(int) makes them")
    return x, target


class MarginRankingLoss(Loss):
    """``margin_ranking_loss`` as a module.

    >>> nn.MarginRankingLoss(margin=0.5)([2.0, 0.0], [1.0, 3.0], [1, 1])
    np.float64(1.75)
    """

    usual: ClassVar = {"margin": 0.0}

    def __init__(self, margin: float = 0.0, reduction: str = "mean") -> None:
        super().__init__(reduction)
        check_number("MarginRankingLoss", "margin", margin)
        self.margin = margin

    def forward(self, input1: Any, input2: Any, target: Any) -> Any:
        """The loss; shapes as in ``margin_ranking_loss``."""
        return _margin_ranking_loss(lambda: described(self), input1, input2, target, self.margin, self.reduction)


class HingeEmbeddingLoss(Loss):
    """``hinge_embedding_loss`` as a module.

    >>> nn.HingeEmbeddingLoss()([0.25, 0.25], [1, -1])
    np.float64(0.5)
    """

    usual: ClassVar = {"margin": 1.0}

    def __init__(self, margin: float = 1.0, reduction: str = "mean") -> None:
        super().__init__(reduction)
        check_number("HingeEmbeddingLoss", "margin", margin)
        self.margin = margin

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``hinge_embedding_loss``."""
        return _hinge_embedding_loss(lambda: described(self), input, target, self.margin, self.reduction)


class MultiMarginLoss(Loss):
    """``multi_margin_loss`` as a module; the weight is a buffer.

    >>> f"{nn.MultiMarginLoss()([[0.0, 2.0, 1.5]], [1]):.4f}"
    '0.1667'
    """

    usual: ClassVar = {"p": 1, "margin": 1.0}

    def __init__(self, p: int = 1, margin: float = 1.0, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(reduction)
        _check_multi_margin("MultiMarginLoss", p, margin)
        self.weight = buffer_of_classes(type(self).__name__, weight)
        self.p = p
        self.margin = margin

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``multi_margin_loss``."""
        return _multi_margin_loss(lambda: described(self), input, target, self.p, self.margin, self.weight, self.reduction)


class MultiLabelMarginLoss(Loss):
    """``multilabel_margin_loss`` as a module.

    >>> nn.MultiLabelMarginLoss()([[0.0, 2.0, 1.5]], [[1, 0, -1]])
    np.float64(1.0)
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``multilabel_margin_loss``."""
        return _multilabel_margin_loss(lambda: described(self), input, target, self.reduction)
