"""``Metric``: a number about predictions that grows batch by batch."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from autograd import Tensor


class Metric(ABC):
    """The base of every metric: ``reset``, then ``update`` with each batch, then ``compute``.

    A subclass keeps sums and counts, never means of batches, so that batches of unequal sizes count right; ``reset`` sets them,
    and ``accumulators`` names them, which is all that saving and loading needs. A subclass without a ``name`` gets that of its
    class.

    Args:
        name: the key under which a ``Trainer`` records the metric, in place of that of the class.

    Raises:
        TypeError: for a name that is no string.

    >>> class Largest(nn.metrics.Metric):
    ...     name = "largest"
    ...     accumulators = ("largest",)
    ...     def reset(self):
    ...         self.largest = -np.inf
    ...     def update(self, predictions, targets, sample_weight=None):
    ...         self.largest = max(self.largest, float(np.max(predictions)))
    ...     def compute(self):
    ...         return self.largest
    >>> metric = Largest()
    >>> metric.update([1.0, 3.0], [0, 1])
    >>> metric.update([2.0], [1])
    >>> metric.compute(), metric.state_dict()
    (3.0, {'largest': 3.0})
    """

    name: str
    accumulators: ClassVar[tuple[str, ...]]  # the attributes that reset sets: numbers, arrays, or lists of a batch each

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if getattr(cls, "name", None) is None:
            cls.name = cls.__name__

    def __init__(self, name: str | None = None) -> None:
        if name is not None:
            if not isinstance(name, str):
                raise TypeError(f"{type(self).__name__}: expected name, a string; received {name!r}")
            self.name = name
        self.reset()

    @abstractmethod
    def reset(self) -> None:
        """Forget all batches."""

    @abstractmethod
    def update(self, predictions: Any, targets: Any, sample_weight: Any = None) -> None:
        """Add a batch.

        Args:
            predictions: what the model gave: an array, a list or a tensor; nothing is recorded.
            targets: what it should have given.
            sample_weight: how much each example counts; by default each counts as one.
        """

    @abstractmethod
    def compute(self) -> Any:
        """The metric of all batches since ``reset``; of none, NaN."""

    def state_dict(self) -> dict[str, Any]:
        """Copies of the sums and counts so far, as numbers and arrays: loaded again, they go on to the same bits."""
        return {name: _saved(getattr(self, name)) for name in self._accumulators()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from what ``state_dict`` returned, of a metric with the same settings.

        Raises:
            TypeError: for what is no mapping, and values that are no numbers.
            ValueError: for other keys, and arrays with other axes; nothing is changed then.
        """
        receiver = f"{type(self).__name__}.load_state_dict"
        names = self._accumulators()
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"{receiver}: expected what state_dict() returned, received {type(state_dict).__name__}")
        if set(state_dict) != set(names):
            raise ValueError(
                f"{receiver}: expected the keys {', '.join(names)}; received {', '.join(map(str, state_dict)) or 'none'}"
            )
        loaded = {name: _loaded(f"{receiver}: {name}", getattr(self, name), state_dict[name]) for name in names}
        self._check_state(receiver, loaded)
        for name, value in loaded.items():
            setattr(self, name, value)

    def _check_state(self, receiver: str, state: dict[str, Any]) -> None:  # noqa: B027  # most classes take any state
        """Refuse a state that does not fit the settings; each class that has such settings writes its own."""

    def _settings(self) -> dict[str, Any]:
        """What ``repr`` looks the arguments up in."""
        return vars(self)

    def _accumulators(self) -> tuple[str, ...]:
        names = getattr(type(self), "accumulators", None)
        if names is None:
            raise TypeError(
                f"{type(self).__name__}: to save this metric, name the attributes that reset sets in the class: "
                'accumulators = ("total", "count")'
            )
        return names

    def __repr__(self) -> str:
        """The class with the settings that are not the defaults."""
        settings = self._settings()
        changed = []
        for name, parameter in inspect.signature(type(self)).parameters.items():
            value = settings.get(name, parameter.default)
            if value is not parameter.default and value != parameter.default:
                changed.append(f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(changed)})"


def _saved(value: Any) -> Any:
    if isinstance(value, list):
        return np.concatenate(value) if value else np.empty(0)
    return value.copy() if isinstance(value, np.ndarray) else value


def _loaded(receiver: str, present: Any, value: Any) -> Any:
    """A copy of ``value``, in the form that the accumulator ``present`` has."""
    array = np.array(value.numpy() if isinstance(value, Tensor) else value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{receiver}: expected numbers, received {array.dtype}")
    if isinstance(present, list):
        return [array] if array.size else []
    if array.ndim != np.ndim(present):
        raise ValueError(f"{receiver}: expected {np.ndim(present)} axes, received shape {array.shape}")
    return array if isinstance(present, np.ndarray) else array.item()
