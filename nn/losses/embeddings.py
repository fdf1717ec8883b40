"""Losses of vectors that should be near what they are like, and far from the rest."""

import math
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

import autograd as ag
from nn.inputs import Receiver, as_array, called, check_number, check_switch, in_one_dtype
from nn.kernels.half_precision import in_single_precision, is_half
from nn.losses.shared import Loss, check_reduction, reduced
from nn.paths import described

_EPS = 1e-12  # added to squared lengths, as in PyTorch


def cosine_embedding_loss(input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: str = "mean") -> Any:
    """``1 - cos`` of the angle between vectors that are alike, ``max(0, cos - margin)`` for those that are not.

    A target that is neither 1 nor -1 has the loss 0, as in PyTorch.

    Args:
        input1: vectors.
        input2: vectors to compare them with; plain data is cast to the dtype of ``input1``.
        target: 1 for alike, -1 for not.
        margin: the cosine that is far enough apart, from -1 to 1.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: (N, D), (N, D), (N,), where N may be 1 in some, which then go with all of the others, as in PyTorch; or (D,), (D,),
    () -> ``()``; with ``"none"`` (N,) or ().

    Raises:
        ValueError: for shapes that do not fit, or another reduction.
        TypeError: for complex numbers.

    >>> vectors = [[1.0, 0.0], [1.0, 0.0]]
    >>> nn.functional.cosine_embedding_loss(vectors, vectors, [1, -1], margin=0.5, reduction="none").round(3)
    array([0. , 0.5])
    """
    check_number("cosine_embedding_loss", "margin", margin)
    return _cosine_embedding_loss("cosine_embedding_loss", input1, input2, target, margin, reduction)


def _cosine_embedding_loss(receiver: Receiver, input1: Any, input2: Any, target: Any, margin: float, reduction: str) -> Any:
    check_reduction(receiver, reduction)
    x, y = in_one_dtype(receiver, input1=input1, input2=input2)
    target = as_array(target, receiver)
    fits = len(x.shape) == len(y.shape) in (1, 2) and x.shape[-1] == y.shape[-1] and len(target.shape) == len(x.shape) - 1
    lengths = {*x.shape[:-1], *y.shape[:-1], *target.shape} - {1} if fits else set()
    if not fits or len(lengths) > 1:
        raise ValueError(
            f"{called(receiver)}: expected input1 and input2 of shape (N, D) with target (N,), or (D,) with (); received "
            f"{x.shape} and {y.shape} with {target.shape}"
        )
    if is_half(x):
        return in_single_precision(lambda x, y: _cosine_embedding_loss(receiver, x, y, target, margin, reduction), x, y)
    lengths_of_both = np.sqrt(np.sum(x * x, axis=-1) + _EPS) * np.sqrt(np.sum(y * y, axis=-1) + _EPS)
    cosine = np.sum(x * y, axis=-1) / lengths_of_both
    losses = np.where(target == 1, 1 - cosine, np.where(target == -1, np.maximum(0, cosine - float(margin)), 0))
    return reduced(losses, reduction)


def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: str = "mean",
) -> Any:
    """``max(0, d(anchor, positive) - d(anchor, negative) + margin)``: like should be nearer than unlike by the margin.

    Args:
        anchor: vectors.
        positive: vectors like them.
        negative: vectors unlike them; plain data is cast to the dtype of ``anchor``.
        margin: how much nearer is near enough, above 0.
        p: of the distance ``d``, the p-norm of the difference; above 0.
        eps: what is added to each element of a difference, so that its norm has a derivative.
        swap: whether ``d(positive, negative)`` counts where it is less than ``d(anchor, negative)``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: three equal ones (..., D) -> ``()``; with ``"none"`` (...).

    Raises:
        ValueError: for shapes that differ, a margin or ``p`` that is not above 0, or another reduction.
        TypeError: for complex numbers.

    Source: V. Balntas et al., Learning local feature descriptors with triplets and shallow convolutional neural networks, 2016.

    >>> f"{nn.functional.triplet_margin_loss([[0.0, 0.0]], [[0.0, 3.0]], [[4.0, 0.0]], margin=2.0):.4f}"
    '1.0000'
    """
    _check_triplet("triplet_margin_loss", margin, p, eps, swap)
    return _triplet_margin_loss("triplet_margin_loss", anchor, positive, negative, margin, p, eps, swap, reduction)


def _check_triplet(name: str, margin: Any, p: Any = 2.0, eps: Any = 0.0, swap: Any = False) -> None:
    check_switch(name, swap=swap)
    check_number(name, "margin", margin, least=0)
    if margin == 0:
        raise ValueError(f"{name}: expected margin, a number above 0; received {margin}")
    if p != math.inf:
        check_number(name, "p", p, least=0)
    if p == 0:
        raise ValueError(f"{name}: expected p, a number above 0; received {p}")
    check_number(name, "eps", eps)


def _triplet_margin_loss(
    receiver: Receiver,
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float,
    p: float,
    eps: float,
    swap: bool,
    reduction: str,
) -> Any:
    a, b, c = in_one_dtype(receiver, anchor=anchor, positive=positive, negative=negative)
    if not a.shape or not a.shape == b.shape == c.shape:
        raise ValueError(
            f"{called(receiver)}: expected anchor, positive and negative of one shape (..., D), received {a.shape}, {b.shape} "
            f"and {c.shape}"
        )

    if is_half(a):
        return in_single_precision(
            lambda a, b, c: _triplet_margin_loss(receiver, a, b, c, margin, p, eps, swap, reduction), a, b, c
        )

    def distance(x: Any, y: Any) -> Any:
        return ag.linalg.norm(x - y + float(eps), ord=float(p), axis=-1)

    return _of_distances(receiver, (a, b, c), distance, margin, swap, reduction)


def _of_distances(
    receiver: Receiver, triplet: tuple[Any, Any, Any], distance: Callable[..., Any], margin: float, swap: bool, reduction: str
) -> Any:
    check_reduction(receiver, reduction)
    anchor, positive, negative = triplet
    to_positive, to_negative = distance(anchor, positive), distance(anchor, negative)
    if swap:
        to_negative = np.minimum(to_negative, distance(positive, negative))
    return reduced(np.maximum(0, to_positive - to_negative + float(margin)), reduction)


def triplet_margin_with_distance_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    *,
    distance_function: Callable[..., Any] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Any:
    """``triplet_margin_loss`` with a distance of one's own.

    Args:
        anchor, positive, negative: three inputs of ``distance_function`` in one shape.
        distance_function: gives the distances of two of them, not negative; ``None`` for the length of the difference.
        margin: how much nearer is near enough, above 0.
        swap: whether the distance of ``positive`` from ``negative`` counts where it is less than that of ``anchor``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: three equal ones -> ``()``; with ``"none"`` that of a distance.

    Raises:
        ValueError: for shapes that differ, a margin that is not above 0, or another reduction.
        TypeError: for complex numbers.

    >>> far = lambda x, y: np.max(np.abs(x - y), axis=-1)
    >>> triplet = ([[0.0, 0.0]], [[1.0, 3.0]], [[4.0, 0.0]])
    >>> nn.functional.triplet_margin_with_distance_loss(*triplet, distance_function=far, margin=2.0)
    np.float64(1.0)
    """
    name = "triplet_margin_with_distance_loss"
    _check_triplet(name, margin, swap=swap)
    return _with_distance(name, anchor, positive, negative, distance_function, margin, swap, reduction)


def _with_distance(
    receiver: Receiver,
    anchor: Any,
    positive: Any,
    negative: Any,
    distance_function: Callable[..., Any] | None,
    margin: float,
    swap: bool,
    reduction: str,
) -> Any:
    if distance_function is None:
        return _triplet_margin_loss(receiver, anchor, positive, negative, margin, 2.0, 1e-6, swap, reduction)
    triplet = tuple(in_one_dtype(receiver, anchor=anchor, positive=positive, negative=negative))
    shapes = [each.shape for each in triplet]
    if not shapes[0] == shapes[1] == shapes[2]:
        raise ValueError(
            f"{called(receiver)}: expected anchor, positive and negative of one shape, received {shapes[0]}, {shapes[1]} and "
            f"{shapes[2]}"
        )
    return _of_distances(receiver, triplet, distance_function, margin, swap, reduction)


class CosineEmbeddingLoss(Loss):
    """``cosine_embedding_loss`` as a module.

    >>> f"{nn.CosineEmbeddingLoss(margin=0.5)([1.0, 0.0], [1.0, 0.0], -1):.4f}"
    '0.5000'
    """

    usual: ClassVar = {"margin": 0.0}

    def __init__(self, margin: float = 0.0, reduction: str = "mean") -> None:
        super().__init__(reduction)
        check_number("CosineEmbeddingLoss", "margin", margin)
        self.margin = margin

    def forward(self, input1: Any, input2: Any, target: Any) -> Any:
        """The loss; shapes as in ``cosine_embedding_loss``."""
        return _cosine_embedding_loss(lambda: described(self), input1, input2, target, self.margin, self.reduction)


class TripletMarginLoss(Loss):
    """``triplet_margin_loss`` as a module.

    >>> f"{nn.TripletMarginLoss(margin=2.0)([[0.0, 0.0]], [[0.0, 3.0]], [[4.0, 0.0]]):.4f}"
    '1.0000'
    """

    usual: ClassVar = {"margin": 1.0, "p": 2.0, "eps": 1e-6, "swap": False}

    def __init__(
        self, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6, swap: bool = False, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction)
        _check_triplet("TripletMarginLoss", margin, p, eps, swap)
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = bool(swap)

    def forward(self, anchor: Any, positive: Any, negative: Any) -> Any:
        """The loss; shapes as in ``triplet_margin_loss``."""
        return _triplet_margin_loss(
            lambda: described(self), anchor, positive, negative, self.margin, self.p, self.eps, self.swap, self.reduction
        )


class TripletMarginWithDistanceLoss(Loss):
    """``triplet_margin_with_distance_loss`` as a module; a distance that is a module is a part of it.

    >>> far = lambda x, y: np.max(np.abs(x - y), axis=-1)
    >>> nn.TripletMarginWithDistanceLoss(distance_function=far, margin=2.0)([[0.0, 0.0]], [[1.0, 3.0]], [[4.0, 0.0]])
    np.float64(1.0)
    """

    usual: ClassVar = {"margin": 1.0, "swap": False}

    def __init__(
        self,
        *,
        distance_function: Callable[..., Any] | None = None,
        margin: float = 1.0,
        swap: bool = False,
        reduction: str = "mean",
    ) -> None:
        super().__init__(reduction)
        _check_triplet("TripletMarginWithDistanceLoss", margin, swap=swap)
        self.distance_function = distance_function
        self.margin = margin
        self.swap = bool(swap)

    def forward(self, anchor: Any, positive: Any, negative: Any) -> Any:
        """The loss; shapes as in ``triplet_margin_with_distance_loss``."""
        return _with_distance(
            lambda: described(self),
            anchor,
            positive,
            negative,
            self.distance_function,
            self.margin,
            self.swap,
            self.reduction,
        )
