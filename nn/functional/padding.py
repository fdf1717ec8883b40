"""Padding: ``pad``."""

from collections.abc import Sequence
from typing import Any

import autograd as ag
from nn.inputs import Receiver, as_array, called, check_number
from nn.kernels.geometry import as_tuple
from nn.kernels.padding import extend

Widths = Sequence[tuple[int, int]]

_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}  # as np.pad calls them


def pad(input: Any, pad: Any, mode: str = "constant", value: float | None = None) -> Any:
    """``input`` with a margin around it, along its last axes.

    Args:
        input: the input.
        pad: the widths of the margin, those before and behind **the last axis first**, then those of the axis in front of it,
            and so on; axes without widths stay as they are. A negative width cuts off.
        mode: what the margin holds: ``"constant"`` the ``value``, ``"reflect"`` the mirror image without the edge itself,
            ``"replicate"`` the edge, ``"circular"`` the other end.
        value: what ``"constant"`` fills with; by default 0.

    Shapes: any -> each padded axis longer by its two widths.

    Raises:
        ValueError: for widths that do not come in pairs, more pairs than axes, an unknown mode, a ``value`` with another mode
            than ``"constant"``, an axis that is too short for its mirror image or its other end, and more to cut off than
            there is.
        TypeError: for widths that are no whole numbers, and a value that is no number.

    >>> nn.functional.pad([1.0, 2.0, 3.0], (1, 2))
    array([0., 1., 2., 3., 0., 0.])
    >>> nn.functional.pad([[1.0, 2.0, 3.0]], (2, 0), mode="reflect")
    array([[3., 2., 1., 2., 3.]])
    """
    if mode != "constant" and mode not in _MODES:
        raise ValueError(f"pad: expected as mode 'constant', 'reflect', 'replicate' or 'circular'; received {mode!r}")
    if value is not None and mode != "constant":
        raise ValueError(f"pad: expected a value with mode 'constant' only, received {value!r} with mode {mode!r}")
    return padded("pad", input, as_widths("pad", pad), mode, 0 if value is None else check_value("pad", value))


def check_value(receiver: str, value: Any) -> Any:
    """The number to fill with.

    Raises:
        TypeError: for what is no number.
    """
    if isinstance(value, float) and not isinstance(value, bool):  # infinite ones, too: for max pooling
        return value
    check_number(receiver, "value", value)
    return value


def as_widths(receiver: str, widths: Any, rank: int | None = None) -> tuple[tuple[int, int], ...]:
    """Widths in PyTorch's order, from the last axis, as pairs in the order of the axes.

    Args:
        receiver: what messages begin with.
        widths: two for each axis; where ``rank`` is given, also one number for all.
        rank: the number of axes; by default as many as there are pairs.

    Raises:
        TypeError: for what is no whole number.
        ValueError: for a number of widths that does not fit.
    """
    count = 2 * rank if rank is not None else len(widths) if isinstance(widths, list | tuple) else 0
    if rank is None and (count == 0 or count % 2):
        raise ValueError(f"{receiver}: expected widths in pairs, two for each axis from the last; received {widths!r}")
    flat = as_tuple(receiver, "padding", widths, count, None)
    return tuple([(flat[i], flat[i + 1]) for i in range(count - 2, -1, -2)])


def padded(receiver: Receiver, input: Any, widths: Widths, mode: str, value: float = 0) -> Any:
    """``input`` in a margin, with the widths of its last axes, in their order; messages begin with the ``receiver``."""
    x = as_array(input, receiver)
    lead = len(x.shape) - len(widths)
    if lead < 0:
        raise ValueError(f"{called(receiver)}: expected input with {len(widths)} axes to pad, received {x.shape}")
    sizes = x.shape[lead:]
    if any([size + min(before, 0) + min(after, 0) < 0 for size, (before, after) in zip(sizes, widths, strict=True)]):
        raise ValueError(f"{called(receiver)}: expected input from which padding={widths} can be cut off, received {x.shape}")
    added = tuple([(max(before, 0), max(after, 0)) for before, after in widths])
    left = (..., *[slice(max(-before, 0), min(after, 0) or None) for before, after in widths])
    cut = min(map(min, widths)) < 0
    if mode in ("reflect", "replicate"):  # a margin shows what is cut off, too
        _check_sizes(receiver, x.shape, sizes, added, mode)
        x = extend(x, widths=added, mode=_MODES[mode])
        return x[left] if cut else x
    x = x[left] if cut else x
    if mode == "circular":
        _check_sizes(receiver, x.shape, x.shape[lead:], added, mode)
        return extend(x, widths=added, mode=_MODES[mode])
    values = {"constant_values": value} if value else {}
    return ag.pad(x, ((0, 0),) * lead + added, **values)


def _check_sizes(receiver: Receiver, shape: Sequence[int], sizes: Sequence[int], added: Widths, mode: str) -> None:
    """Refuse an axis that has too little to show for its margin."""
    for size, each in zip(sizes, added, strict=True):
        needed = max(each) + 1 if mode == "reflect" else max(each) if mode == "circular" else min(max(each), 1)
        if size < needed:
            raise ValueError(
                f"{called(receiver)}: expected input of at least {needed} along an axis that is padded by {each} in mode "
                f"{mode!r}, received {tuple(shape)}"
            )
