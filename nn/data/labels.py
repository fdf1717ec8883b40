"""Labels as numbers: ``LabelEncoder`` numbers classes of any kind from 0 on, ``one_hot`` makes a vector of each number."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from autograd import Tensor
from nn.data.arrays import data_array
from nn.inputs import as_array, check_number, check_whole


def one_hot(labels: Any, num_classes: int | None = None, dtype: Any = np.float32) -> np.ndarray[Any, Any]:
    """For each label a vector of zeros with a 1 in the place of the label: targets of a loss that compares probabilities.

    ``cross_entropy`` takes labels as they are, and needs none. ``nn.functional.one_hot`` is PyTorch's: int64, on tensors too.

    Args:
        labels: whole numbers from 0 to ``num_classes`` - 1, in any dtype; for others ``LabelEncoder`` gives them.
        num_classes: how long the vectors are; by default one more than the largest label.
        dtype: of the result.

    **Shapes**: (...) -> (..., num_classes).

    Raises:
        ValueError: for a label that is negative, too large or no whole number, with its place; for no labels without
            ``num_classes``.
        TypeError: for labels that are no numbers.

    >>> nn.data.one_hot([0, 2])
    array([[1., 0., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    shape = np.shape(labels)
    array = data_array(labels if shape else [labels], "one_hot", "labels").reshape(shape)
    if num_classes is None:
        if array.size == 0:
            raise ValueError("one_hot: expected num_classes, or labels to count them by; received no labels")
    else:
        check_whole("one_hot", "num_classes", num_classes)
        check_number("one_hot", "num_classes", num_classes, least=1)
    classes = _class_numbers(array, num_classes, "one_hot", "labels")
    length = int(classes.max()) + 1 if num_classes is None else int(num_classes)
    return (classes[..., np.newaxis] == np.arange(length)).astype(dtype)


class LabelEncoder:
    """Numbers for the classes that labels name, from 0 on, in sorted order: what ``cross_entropy`` and ``one_hot`` take.

    ``fit`` finds the classes, ``transform`` gives each label its number, ``inverse_transform`` gives the labels back.

    Attributes:
        classes_: the classes in order, an array; there after ``fit``.

    **Shapes**: any -> same, int64.

    Raises:
        ValueError: for a label that ``fit`` has not seen, with its place; for missing labels, and none at all.
        TypeError: for labels of which some are text and some are not.
        RuntimeError: for ``transform`` before ``fit``.

    Source: scikit-learn's ``LabelEncoder``.

    >>> encoder = nn.data.LabelEncoder()
    >>> encoder.fit_transform(["cat", "dog", "cat"])
    array([0, 1, 0])
    >>> encoder.inverse_transform([1, 1])
    array(['dog', 'dog'], dtype='<U3')
    """

    classes_: np.ndarray[Any, Any]

    def fit(self, labels: Any) -> Self:
        """Find the classes. Returns the encoder."""
        self.classes_ = classes_of(labels, "LabelEncoder", "labels")[0]
        return self

    def transform(self, labels: Any) -> np.ndarray[Any, Any]:
        """The number of each label's class."""
        classes = self._fitted()
        array = _label_array(labels, "LabelEncoder", "labels")
        if array.size and (array.dtype.kind in "US") != (classes.dtype.kind in "US"):
            raise TypeError(f"LabelEncoder: expected labels such as {_listed(classes)}, received {_told(array.reshape(-1)[0])}")
        codes = np.searchsorted(classes, array) if array.size else np.zeros(array.shape, np.int64)
        unknown = classes[np.minimum(codes, len(classes) - 1)] != array
        if unknown.any():
            place = _first(unknown)
            raise ValueError(
                f"LabelEncoder: expected labels that fit has seen, {_listed(classes)}; received {_told(array[place])} "
                f"{_where(place)}"
            )
        return codes.astype(np.int64, copy=False)

    def fit_transform(self, labels: Any) -> np.ndarray[Any, Any]:
        """Find the classes, and number the labels."""
        self.classes_, codes = classes_of(labels, "LabelEncoder", "labels")
        return codes

    def inverse_transform(self, codes: Any) -> np.ndarray[Any, Any]:
        """The labels of class numbers, such as a model's predictions."""
        classes = self._fitted()
        shape = np.shape(codes)
        array = data_array(codes if shape else [codes], "LabelEncoder", "class numbers").reshape(shape)
        return classes[_class_numbers(array, len(classes), "LabelEncoder", "class numbers")]

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """The classes that ``fit`` has found; none before."""
        return {"classes": self.classes_.copy() if self._is_fitted() else np.zeros(0)}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what another encoder's ``state_dict`` gave.

        Raises:
            ValueError: for anything else; nothing is changed then.
        """
        if not isinstance(state_dict, Mapping) or set(state_dict) != {"classes"}:
            raise ValueError(f"LabelEncoder.load_state_dict: expected the entry 'classes', received {_keys(state_dict)}")
        classes = _label_array(state_dict["classes"], "LabelEncoder.load_state_dict", "classes")
        if classes.ndim != 1 or (classes[1:] <= classes[:-1]).any():
            raise ValueError(f"LabelEncoder.load_state_dict: expected classes in rising order, received {_listed(classes)}")
        if classes.size:
            self.classes_ = classes.copy()
        elif self._is_fitted():
            del self.classes_

    def __repr__(self) -> str:
        return (
            f"LabelEncoder({len(self.classes_)} classes: {_listed(self.classes_)})" if self._is_fitted() else "LabelEncoder()"
        )

    def _is_fitted(self) -> bool:
        return "classes_" in vars(self)

    def _fitted(self) -> np.ndarray[Any, Any]:
        if not self._is_fitted():
            raise RuntimeError("LabelEncoder: expected an encoder that knows its classes; call fit(labels) first")
        return self.classes_


def classes_of(
    labels: Any, receiver: str, name: str, by_row: bool = False
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The classes among ``labels`` in sorted order, and the number of each label's class.

    Args:
        labels: numbers or text.
        receiver: what a message begins with.
        name: what it calls the labels.
        by_row: whether a row of several labels is one label.

    **Shapes**: (...) -> (C,), (...); by row (N, ...) -> (C, ...), (N,).
    """
    array = _label_array(labels, receiver, name)
    if array.size == 0:
        raise ValueError(f"{receiver}: expected at least one label in {name}, received none")
    if by_row and array.ndim > 1:
        rows = array.reshape(len(array), -1)
        classes, codes = np.unique(rows, axis=0, return_inverse=True)
        return classes.reshape(-1, *array.shape[1:]), codes.reshape(-1)
    classes, codes = np.unique(array, return_inverse=True)
    return classes, codes.reshape(array.shape).astype(np.int64, copy=False)


def _label_array(labels: Any, receiver: str, name: str) -> np.ndarray[Any, Any]:
    """Labels as an array of numbers, dates or text, none of them missing."""
    if isinstance(labels, str | bytes | dict | set) or labels is None:
        raise TypeError(f"{receiver}: expected {name}, one label for each example; received {labels!r}")
    array = labels.detach().numpy() if isinstance(labels, Tensor) else np.asarray(as_array(labels, receiver))
    if array.dtype.kind in "USV" and not isinstance(labels, np.ndarray):
        array = np.array(labels, dtype=object)  # NumPy makes text of all that stands beside text
    if array.dtype.kind in "OT":
        array = _of_one_kind(array, receiver, name)
    if array.ndim == 0:
        raise ValueError(f"{receiver}: expected {name}, one label for each example; received a single one, {array}")
    if array.dtype.kind not in "biufUSM":
        raise TypeError(f"{receiver}: expected {name}, numbers or text; received {array.dtype}")
    missing = array != array if array.dtype.kind in "fM" else np.zeros((), bool)
    if missing.any():
        raise ValueError(
            f"{receiver}: expected a label for each example in {name}, received {array[_first(missing)]} "
            f"{_where(_first(missing))}; leave such examples out"
        )
    return array


def _of_one_kind(array: np.ndarray[Any, Any], receiver: str, name: str) -> np.ndarray[Any, Any]:
    """An array of objects as one of text or of numbers."""
    kind = str if isinstance(array.reshape(-1)[0] if array.size else "", str) else int | float | np.number | np.bool_
    for place, each in np.ndenumerate(array):
        if each is None or (isinstance(each, float) and each != each):
            raise ValueError(
                f"{receiver}: expected a label for each example in {name}, received {each!r} {_where(place)}; "
                "leave such examples out"
            )
        if not isinstance(each, kind):
            raise TypeError(
                f"{receiver}: expected {name}, all text or all numbers; received {array.reshape(-1)[0]!r} first and {each!r} "
                f"{_where(place)}; make them one kind, such as np.array({name}).astype(str)"
            )
    return np.array(array.tolist(), str if kind is str else None).reshape(array.shape)


def _class_numbers(array: np.ndarray[Any, Any], count: int | None, receiver: str, name: str) -> np.ndarray[Any, Any]:
    """Numbers in any dtype as class numbers from 0 to ``count`` - 1, each of them checked."""
    if array.dtype.kind == "c":
        raise TypeError(f"{receiver}: expected {name}, whole numbers; received {array.dtype}")
    if array.dtype.kind == "f" and not (whole := (np.floor(array) == array) & np.isfinite(array)).all():
        place = _first(~whole)
        raise ValueError(f"{receiver}: expected {name}, whole numbers; received {array[place]} {_where(place)}")
    wrong = (array < 0) | (array >= (2**53 if count is None else count))
    if wrong.any():
        place = _first(wrong)
        bounds = "from 0 on" if count is None else f"from 0 to {count - 1}"
        raise ValueError(
            f"{receiver}: expected {name} {bounds}, received {array[place]} {_where(place)}"
            f"{'; LabelEncoder numbers any classes from 0 on' if receiver == 'one_hot' else ''}"
        )
    return array.astype(np.int64)


def _first(found: np.ndarray[Any, Any]) -> tuple[int, ...]:
    return tuple([int(each) for each in np.argwhere(found)[0]])


def _where(place: tuple[int, ...]) -> str:
    return f"in row {place[0]}" if len(place) == 1 else f"at {place}" if place else "alone"


def _told(label: Any) -> str:
    return repr(label.item() if isinstance(label, np.generic) else label)


def _listed(classes: np.ndarray[Any, Any]) -> str:
    shown = ", ".join([_told(each) for each in classes[:8]])
    return shown if len(classes) <= 8 else f"{shown}, ... ({len(classes)} in all)"


def _keys(state: Any) -> str:
    return reprlib.repr(list(state)) if isinstance(state, Mapping) else type(state).__name__
