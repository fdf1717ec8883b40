"""Data as NumPy arrays: what a data set takes, and what has to be right before anything is learned from it."""

from typing import Any

import numpy as np

from autograd import Tensor
from nn.inputs import Receiver, as_array, called


def data_array(value: Any, receiver: Receiver, name: str) -> "np.ndarray[Any, Any]":
    """The numbers of an array, a list, a tensor, a pandas frame or series, as an array; arrays are shared, not copied.

    Raises:
        TypeError: for a recorded tensor, which would be cut out of its graph, and for what holds no numbers.
        ValueError: for a single number, and for lists of several lengths.
    """
    if isinstance(value, Tensor):
        if value.requires_grad:
            raise TypeError(f"{called(receiver)}: expected {name} as data, received a recorded tensor; write {name}.detach()")
        array = value.numpy()
    elif isinstance(value, str | bytes | dict | set) or value is None:
        raise TypeError(f"{called(receiver)}: expected {name}, an array of numbers; received {type(value).__name__}")
    else:
        array = np.asarray(as_array(value, receiver))
    if array.dtype.kind not in "biufc":
        advice = "; encode text as numbers: nn.data.LabelEncoder().fit_transform(labels)" if array.dtype.kind in "OUST" else ""
        raise TypeError(f"{called(receiver)}: expected {name}, an array of numbers; received {_told(value, array)}{advice}")
    if array.ndim == 0:
        raise ValueError(f"{called(receiver)}: expected {name} with an axis of examples, received a single number, {array}")
    return array


def _told(value: Any, array: "np.ndarray[Any, Any]") -> str:
    """What an array without numbers holds, with the first thing that is none, and where it stands."""
    for place, each in np.ndenumerate(array):
        if not isinstance(each, int | float | np.number | np.bool_):
            column = list(value.columns)[place[-1]] if array.ndim == 2 and type(value).__name__ == "DataFrame" else None
            where = f"row {place[0]}" + (f", column {place[1] if column is None else repr(column)}" if len(place) > 1 else "")
            return f"{(each.item() if isinstance(each, np.generic) else each)!r} in {where}"
    return str(array.dtype)


def check_finite(array: "np.ndarray[Any, Any]", receiver: Receiver, name: str) -> None:
    """Refuse NaN and infinity, with the place of the first one.

    Raises:
        ValueError: for either.
    """
    if array.dtype.kind not in "fc" or np.isfinite(array).all():
        return
    finite = np.isfinite(array)
    first = tuple(int(each) for each in np.argwhere(~finite)[0])
    where = f"row {first[0]}" + (f", column {first[1]}" if len(first) == 2 else f", at {first}" if len(first) > 2 else "")
    others = array.size - int(finite.sum()) - 1
    more = f" and {others} more" if others else ""
    axes = "" if array.ndim == 1 else f".all(axis={1 if array.ndim == 2 else tuple(range(1, array.ndim))})"
    raise ValueError(
        f"{called(receiver)}: expected finite numbers in {name}, received {array[first]} in {where}{more}; leave such rows "
        f"out, with the mask np.isfinite({name}){axes}, or fill them in"
    )
