"""Counts of classes, of which the next batch may bring more."""

from typing import Any

import numpy as np

from nn.inputs import check_whole


def check_num_classes(receiver: str, num_classes: int | None) -> None:
    """Refuse what is no number of classes.

    Raises:
        TypeError: for what is no whole number, and not ``None``.
        ValueError: for one below 1.
    """
    if num_classes is not None:
        check_whole(receiver, "num_classes", num_classes)
        if num_classes < 1:
            raise ValueError(f"{receiver}: expected num_classes of 1 or more, received {num_classes}")


def check_state_of_classes(receiver: str, state: dict[str, Any], num_classes: int | None) -> None:
    """Refuse saved counts whose axes are not of ``num_classes``, or of one length where that is ``None``.

    Raises:
        ValueError: naming the first one.
    """
    for name, counts in state.items():
        length = len(counts) if num_classes is None else num_classes
        if any([n != length for n in counts.shape]):
            raise ValueError(f"{receiver}: {name}: expected counts of {length} classes, received shape {counts.shape}")


def added(total: Any, more: Any) -> Any:
    """The sum of two counts, in which the smaller one lacks the last classes."""
    if total.shape != more.shape:
        shape = np.maximum(total.shape, more.shape)
        total, more = [np.pad(each, [(0, n) for n in shape - each.shape]) for each in (total, more)]
    return total + more
