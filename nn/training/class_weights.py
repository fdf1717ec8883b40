"""``class_weight`` of ``Trainer.fit``: how much each class counts, as a weight for each example."""

from typing import Any

import numpy as np

from nn.training.batches import Batch


class ClassWeights:
    """The weight of each class, by its number.

    Args:
        weights: a dict, in which classes that are left out count 1, a list, or ``"balanced"``, for which targets are counted.
        targets: all of them, or ``None`` where they are not in memory.
        ignored: the target that the loss leaves out.
        receiver: the name that messages begin with.

    Raises:
        TypeError, ValueError: for anything else; ``"balanced"`` without targets in memory; negative weights; too few.
    """

    def __init__(self, weights: Any, targets: Any, ignored: int | None, receiver: str) -> None:
        self.ignored = ignored
        self.receiver = receiver
        present = None if targets is None else self._numbers(targets)
        most = -1 if present is None else int(present.max(initial=-1))
        if isinstance(weights, str):
            found = self._balanced(weights, present)
        elif isinstance(weights, dict):
            if not weights or any(isinstance(key, bool) or not isinstance(key, int | np.integer) or key < 0 for key in weights):
                raise TypeError(f"{receiver}: expected class_weight with the numbers of classes as keys, received {weights!r}")
            found = np.ones(max([*weights, most]) + 1)
            for key, each in weights.items():
                found[key] = each
        else:
            found = np.asarray(weights, float)
        if found.ndim != 1 or not np.isfinite(found).all() or np.any(found < 0):
            raise ValueError(f"{receiver}: expected class_weight as one number from 0 on for each class, received {weights!r}")
        if most >= len(found):
            raise ValueError(f"{receiver}: expected class_weight for the classes 0 to {most}, received {len(found)} weights")
        self.weights = found

    def of(self, batch: Batch) -> Any:
        """The weights of a batch's examples, times those of their classes."""
        targets = np.asarray(batch.targets)
        numbers = self._numbers(targets)
        if numbers.max(initial=-1) >= len(self.weights):
            raise ValueError(
                f"{self.receiver}: expected class_weight for class {numbers.max()}, received {len(self.weights)} weights"
            )
        found = np.where(numbers < 0, 0.0, self.weights[numbers]).reshape(targets.shape)
        if batch.weights is None:
            return found
        own = np.asarray(batch.weights)
        return found * own.reshape(own.shape + (1,) * (found.ndim - own.ndim))

    def _balanced(self, word: str, present: Any) -> "np.ndarray[Any, Any]":
        """All classes together count as many as there are examples, and each of them alike."""
        if word != "balanced":
            raise ValueError(f"{self.receiver}: expected class_weight a dict, a list or 'balanced', received {word!r}")
        if present is None:
            raise TypeError(f"{self.receiver}: class_weight='balanced' counts the classes in y; with a loader give the weights")
        counts = np.bincount(present[present >= 0])
        there = counts > 0
        return np.divide(counts.sum(), counts * there.sum(), out=np.ones(len(counts)), where=there)

    def _numbers(self, targets: Any) -> "np.ndarray[Any, Any]":
        """Targets as a row of numbers of classes; -1 for those that the loss leaves out.

        Raises:
            TypeError: for targets that are none.
        """
        numbers = np.ravel(targets)
        if numbers.dtype.kind == "f" and np.array_equal(numbers, np.floor(numbers)):
            numbers = numbers.astype(np.int64)
        if numbers.dtype.kind not in "biu":
            raise TypeError(f"{self.receiver}: class_weight is for numbers of classes as targets, received {numbers.dtype}")
        numbers = np.where(numbers == self.ignored, -1, numbers.astype(np.int64))
        if numbers.min(initial=0) < -1 or (self.ignored is None and numbers.min(initial=0) < 0):
            raise TypeError(
                f"{self.receiver}: class_weight is for numbers of classes from 0 on as targets, received {numbers.min()}"
            )
        return numbers
