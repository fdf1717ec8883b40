"""Integer classes as targets: where they stand, whether there are such classes, and how much each counts."""

import math
from typing import Any, NamedTuple

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import Receiver, called, plain
from nn.losses.shared import constant, one_over


class Counted(NamedTuple):
    """The classes of N places, with 0 for ignored ones.

    ``counting``: which of them count, ``None`` for all. ``weights``: how much, ``None`` for 1 each. ``scale``: what the sum of
    the weighted losses is multiplied by.
    """

    classes: Any
    counting: Any
    weights: Any
    scale: Any


def places_of(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Where classes stand, for scores of shape (C,), (N, C) or (N, C, ...): (), (N,) or (N, ...)."""
    return shape[:1] * (len(shape) > 1) + shape[2:]


def by_rows(x: Any) -> Any:
    """Classes on axis 1 of two: (C,) becomes (1, C), and (N, C, ...) becomes (N * ..., C)."""
    if len(x.shape) == 2:
        return x
    if len(x.shape) == 1:
        return np.reshape(x, (1, -1))
    return np.reshape(np.moveaxis(x, 1, -1), (x.shape[0] * math.prod(x.shape[2:]), x.shape[1]))


def as_target(target: Any, places: tuple[int, ...]) -> Any:
    """Integer classes as an array or tensor."""
    target = target if isinstance(target, Tensor) else np.asarray(target)
    if target.size == 0 and target.shape == places and not isinstance(target, Tensor):
        return target.astype(np.intp)  # np.asarray([]) is floating
    return target


def weight_of_classes(receiver: Receiver, weight: Any, classes: int, dtype: "np.dtype[Any]") -> Any:
    if weight is None:
        return None
    weight = constant(receiver, "weight", weight, dtype)
    if weight.shape != (classes,):
        raise ValueError(f"{called(receiver)}: expected weight of shape ({classes},), one per class; received {weight.shape}")
    return weight


def counted(receiver: Receiver, target: Any, scores: Any, weight: Any, ignore_index: int | None, reduction: str) -> Counted:
    """The classes ``target``, in any shape of N elements, for ``scores`` (N, C)."""
    target = plain(target)
    if target.ndim != 1:
        target = np.reshape(target, -1)
    classes, counting = checked_classes(receiver, target, scores.shape[1], ignore_index)
    # A class that there is not is refused above, and inside ``vmap`` by the op that comes next.
    weights = None if weight is None else ag.take(weight, classes, mode="clip")
    if counting is not None:
        weights = counting.astype(scores.dtype) if weights is None else np.where(counting, weights, 0)
    scale = one_over(len(classes) if weights is None else weights.sum()) if reduction == "mean" else 1.0
    return Counted(classes, counting, weights, scale)


def checked_classes(receiver: Receiver, target: Any, classes: int, ignore_index: int | None = None) -> tuple[Any, Any]:
    """The classes, with 0 for those that are ignored; and which count, ``None`` for all of them.

    Raises:
        IndexError: for a class that is neither from 0 to ``classes - 1`` nor ``ignore_index``.
    """
    if isinstance(target, Tensor):  # inside ``vmap``: the ops look at the classes of all examples
        if ignore_index is None:
            return target, None
        counting = target != ignore_index
        return np.where(counting, target, 0), counting
    # As an unsigned number a negative one is huge, so that one comparison covers both ends.
    all_there = np.maximum.reduce(target.astype(np.uint64), initial=0) < classes
    if all_there and not (ignore_index is not None and 0 <= ignore_index < classes):
        return target, None
    counts = np.ones(target.shape, bool) if ignore_index is None else target != ignore_index
    wrong = counts & ((target < 0) | (target >= classes))
    if wrong.any():
        place = int(np.argmax(wrong))
        exception = "" if ignore_index is None else f" (or ignore_index={ignore_index})"
        raise IndexError(
            f"{called(receiver)}: expected classes from 0 to {classes - 1}{exception}, received "
            f"{target[place]} at position {place} of the flattened target; {classes} classes are what the input has"
        )
    return np.where(counts, target, 0), None if counts.all() else counts
