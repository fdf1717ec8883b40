"""What layers, losses and optimizers do with their inputs first: bring data into a dtype, refuse what would be a mistake."""

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

import autograd as ag
from autograd import Tensor

Receiver: TypeAlias = str | Callable[[], str]  # the name that a message begins with; a function is called only for a message


def called(receiver: Receiver) -> str:
    """The name that a message begins with."""
    return receiver if isinstance(receiver, str) else receiver()


def as_array(x: Any, receiver: Receiver | None = None) -> Any:
    """``x`` itself, if it is a tensor or an array; anything else as an array.

    Raises:
        ValueError: for lists of several lengths, with the receiver's name where there is one.
    """
    if isinstance(x, Tensor | np.ndarray):
        return x
    try:
        return np.asarray(x)
    except ValueError as error:
        if receiver is None or "inhomogeneous" not in str(error):
            raise
        raise ValueError(
            f"{called(receiver)}: expected rows of one length, received lists of several lengths; pad the shorter ones"
        ) from None


def as_number(receiver: str, name: str, value: Any) -> float:
    """A number, also one in a tensor or array of one element, as Python's.

    Raises:
        TypeError: for anything else.
    """
    try:
        number = value.item() if isinstance(value, Tensor | np.ndarray | np.generic) else value
    except ValueError:  # of several elements
        number = None
    if not isinstance(number, int | float):
        what = f"shape {value.shape}" if isinstance(value, Tensor | np.ndarray) else repr(value)
        raise TypeError(f"{receiver}: expected {name}, a number; received {what}")
    return float(number)


def in_dtype(x: Any, dtype: "np.dtype[Any]", receiver: Receiver) -> Any:
    """``x`` in ``dtype``: arrays, lists and unrecorded tensors are cast; a recorded tensor has to have it already.

    Raises:
        TypeError: for a recorded tensor of another dtype, complex data where ``dtype`` is real, and what is not numeric.
        ValueError: for lists of several lengths.
    """
    if isinstance(x, Tensor):
        if x.dtype == dtype:
            return x
        if x.requires_grad:
            raise TypeError(
                f"{called(receiver)}: expected {dtype}, received a recorded tensor of {x.dtype}. Say where the dtype changes: "
                f"x.astype(np.{dtype}), or give the model the other one: model.astype(np.{x.dtype})"
            )
    else:
        x = as_array(x, receiver)
    if x.dtype.kind not in "biufc" or (x.dtype.kind == "c" and dtype.kind != "c"):
        raise TypeError(f"{called(receiver)}: expected numbers that can be cast to {dtype}, received {x.dtype}")
    return x.astype(dtype, copy=False)


def check_number(
    receiver: str, name: str, value: Any, least: float = -math.inf, most: float = math.inf, finite: bool = True
) -> None:
    """Refuse a setting that is not a number from ``least`` to ``most``, or not ``finite``.

    Raises:
        TypeError: for anything but an ``int``, a ``float`` and NumPy's.
        ValueError: for NaN, and for one that is not finite or out of bounds.
    """
    bounds = f" from {least} to {most}" if most < math.inf else f" of {least} or more" if least > -math.inf else ""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{receiver}: expected {name}, a number{bounds}; received {value!r}")
    if not ((math.isfinite(value) or not finite) and least <= value <= most):
        kind = "a finite number" if finite else "a number"
        raise ValueError(f"{receiver}: expected {name}, {kind}{bounds}; received {value}")


def check_whole(receiver: str, name: str, value: Any) -> None:
    """Refuse a setting that is no whole number.

    Raises:
        TypeError: for anything but an ``int`` and NumPy's.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{receiver}: expected {name}, a whole number; received {value!r}")


def check_switch(receiver: str, **switches: Any) -> None:
    """Refuse settings, given by name, that are neither true nor false; 0 and 1 are.

    Raises:
        TypeError: for anything else.
    """
    for name, value in switches.items():
        if not (isinstance(value, bool | np.bool_) or (isinstance(value, int | np.integer) and value in (0, 1))):
            raise TypeError(f"{receiver}: expected {name}, True or False; received {value!r}")


def as_generator(receiver: str, rng: Any) -> "np.random.Generator":
    """A generator: the one that was given, one with the given seed, or the library's for ``None``.

    Raises:
        TypeError: for anything else.
    """
    if rng is None:
        return ag.generator()
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer) or rng < 0:
        raise TypeError(f"{receiver}: expected rng, a np.random.Generator, a number from 0 on, or None; received {rng!r}")
    return np.random.default_rng(rng)


def floating_dtype(x: Any) -> "np.dtype[Any]":
    """The dtype of floating numbers; of others float64."""
    return x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)


def is_recorded(x: Any) -> bool:
    """Whether ``x`` is a tensor that requires a gradient."""
    return isinstance(x, Tensor) and x.requires_grad


def in_one_dtype(receiver: Receiver, **arrays: Any) -> list[Any]:
    """Arrays in one floating dtype: that of the first one, unless only later ones are recorded."""
    values = [as_array(each, receiver) for each in arrays.values()]
    dtype = values[0].dtype
    if dtype.kind == "f" and all([each.dtype == dtype for each in values]):
        return values
    leader = next((each for each in values if is_recorded(each)), values[0])
    dtype = floating_dtype(leader)
    return [
        in_dtype(each, dtype, lambda name=name: f"{called(receiver)}: {name}")  # type: ignore[misc]  # mypy and defaults
        for name, each in zip(arrays, values, strict=True)
    ]


def plain(x: Any) -> Any:
    """The array of a tensor; inside ``vmap``, where it has none for one example, the tensor."""
    try:
        return x.numpy() if isinstance(x, Tensor) else x
    except ag.BatchingError:
        return x
