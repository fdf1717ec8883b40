"""Data sets: something with a length that gives an example for a number."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nn.data.arrays import data_array


class Dataset(ABC):
    """The base of a data set of one's own: ``len(dataset)`` examples, ``dataset[i]`` each.

    An example is an array or a number, or a tuple or dict of them: usually ``(x, y)``. Lists and other sequences of examples
    are data sets, too; for arrays there is ``TensorDataset``.

    >>> class Squares(nn.data.Dataset):
    ...     def __len__(self):
    ...         return 4
    ...     def __getitem__(self, i):
    ...         return np.float32(i), np.float32(i * i)
    >>> next(iter(nn.data.DataLoader(Squares(), batch_size=4)))
    (array([0., 1., 2., 3.], dtype=float32), array([0., 1., 4., 9.], dtype=float32))
    """

    @abstractmethod
    def __len__(self) -> int:
        """How many examples there are."""

    @abstractmethod
    def __getitem__(self, index: Any) -> Any:
        """The example of a number from 0 on."""


class TensorDataset(Dataset):
    """Examples that are rows of arrays: example ``i`` is ``(a[i], b[i], ...)``. The arrays are shared, not copied.

    Args:
        arrays: arrays, lists, tensors, pandas frames or series of one length along their first axis; also tuples and dicts of
            them, for a model with several inputs.

    Shapes: (N, ...), ... -> a tuple of (...), ... for a number, of (n, ...), ... for a slice or an array of numbers. A slice
    gives views that cannot be written into, an array of numbers copies.

    Raises:
        ValueError: for other lengths than the first one's, and for no array.
        TypeError: for what holds no numbers, and for recorded tensors.

    >>> data = nn.data.TensorDataset(np.arange(6).reshape(3, 2), np.array([0, 1, 1]))
    >>> len(data), data[2]
    (3, (array([4, 5]), np.int64(1)))
    >>> np.shares_memory(data[:2][0], data.arrays[0])
    True
    """

    def __init__(self, *arrays: Any) -> None:
        if not arrays:
            raise ValueError("TensorDataset: expected at least one array, received none")
        lengths: dict[str, int] = {}
        self.arrays = tuple([_converted(each, str(i), lengths) for i, each in enumerate(arrays)])
        (first, length), *others = lengths.items()
        for name, each in others:
            if each != length:
                raise ValueError(
                    f"TensorDataset: expected arrays of one length, received {length} examples in array {first} and "
                    f"{each} in array {name}"
                )
        self._length = length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        return tuple([_rows(each, index) for each in self.arrays])

    def __repr__(self) -> str:
        return f"TensorDataset({len(self)} examples: {', '.join(map(_shape, self.arrays))})"


class Subset(Dataset):
    """Some examples of a data set: example ``i`` is ``dataset[indices[i]]``.

    Args:
        dataset: any data set.
        indices: numbers of examples, in the order that is wanted; they may come twice.

    Raises:
        TypeError: for indices that are no whole numbers.
        IndexError: for one that ``dataset`` does not have.

    >>> list(nn.data.Subset(["a", "b", "c"], [2, 0]))
    ['c', 'a']
    """

    def __init__(self, dataset: Any, indices: Any) -> None:
        numbers = np.asarray(indices)
        if numbers.size == 0:
            numbers = numbers.astype(np.intp)
        if numbers.dtype.kind not in "iu" or numbers.ndim != 1:
            raise TypeError(f"Subset: expected whole numbers in a row, received {numbers.dtype} of shape {numbers.shape}")
        length = len(dataset)
        wrong = (numbers < 0) | (numbers >= length)
        if wrong.any():
            raise IndexError(f"Subset: expected numbers of examples from 0 to {length - 1}, received {numbers[wrong][0]}")
        self.dataset = dataset
        self.indices = numbers.astype(np.intp)

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index: Any) -> Any:
        return self.dataset[self.indices[index]]

    def __repr__(self) -> str:
        return f"Subset({len(self)} of {len(self.dataset)} examples)"


def batch_of(dataset: Any, index: Any, collate_fn: Callable[[list[Any]], Any] | None) -> Any:
    """The examples of a slice or an array of numbers, as one batch: at once where the data are arrays."""
    if type(dataset) is Subset:
        return batch_of(dataset.dataset, dataset.indices[index], collate_fn)
    if type(dataset) is TensorDataset and collate_fn is None:
        return dataset[index]
    numbers = range(len(dataset))[index] if isinstance(index, slice) else index.tolist()
    return (collate_fn or default_collate)([dataset[i] for i in numbers])


def default_collate(samples: Sequence[Any]) -> Any:
    """A batch of examples: arrays and numbers stacked along a new first axis; tuples, lists and dicts element by element.

    Text, and what else is no number, stays in a list.

    **Shapes**: n times (...) -> (n, ...).

    Raises:
        ValueError: for no examples, and for examples of several shapes, lengths or keys.

    >>> nn.data.default_collate([(np.array([1.0, 2.0]), 0), (np.array([3.0, 4.0]), 1)])
    (array([[1., 2.],
           [3., 4.]]), array([0, 1]))
    """
    if not samples:
        raise ValueError("default_collate: expected at least one example, received none")
    return _collated(samples, "")


def _collated(samples: Sequence[Any], path: str) -> Any:
    first = samples[0]
    if isinstance(first, dict):
        if any(not isinstance(each, dict) or each.keys() != first.keys() for each in samples):
            raise ValueError(f"default_collate: expected dicts with the keys {list(first)}{_at(path)} in all examples")
        return {key: _collated([each[key] for each in samples], f"{path}[{key!r}]") for key in first}
    if isinstance(first, tuple | list):
        if any(not isinstance(each, tuple | list) or len(each) != len(first) for each in samples):
            raise ValueError(
                f"default_collate: expected {len(first)} parts{_at(path)} in all examples; some have another number"
            )
        parts = [_collated([each[i] for each in samples], f"{path}[{i}]") for i in range(len(first))]
        return tuple(parts) if isinstance(first, tuple) else parts
    if any(isinstance(each, str | bytes) for each in samples):
        return list(samples)
    arrays = [np.asarray(each) for each in samples]
    if any(each.dtype.kind not in "biufc" for each in arrays):
        return list(samples)
    for i, each in enumerate(arrays):
        if each.shape != arrays[0].shape:
            raise ValueError(
                f"default_collate: expected examples of one shape{_at(path)}, received {arrays[0].shape} in the first of the "
                f"batch and {each.shape} in number {i}; pad them in a collate_fn of your own (nn.pad_sequence)"
            )
    return np.stack(arrays)


def _at(path: str) -> str:
    return f" at example{path}" if path else ""


def _converted(value: Any, name: str, lengths: dict[str, int]) -> Any:
    """``value`` with arrays in all places; their lengths are noted by name."""
    if isinstance(value, tuple):
        return tuple([_converted(each, f"{name}[{i}]", lengths) for i, each in enumerate(value)])
    if isinstance(value, dict):
        return {key: _converted(each, f"{name}[{key!r}]", lengths) for key, each in value.items()}
    array = data_array(value, "TensorDataset", f"array {name}")
    lengths[name] = len(array)
    return array


def _rows(value: Any, index: Any) -> Any:
    if isinstance(value, tuple):
        return tuple([_rows(each, index) for each in value])
    if isinstance(value, dict):
        return {key: _rows(each, index) for key, each in value.items()}
    # take copies whole rows, twice as fast as an index does; of an array that is not contiguous it would copy all of it
    if isinstance(index, np.ndarray) and index.dtype.kind == "i" and value.flags.c_contiguous and value.dtype.isnative:
        return value.take(index, axis=0)
    rows = value[index]
    if isinstance(index, slice):
        rows.flags.writeable = False  # a batch that is written into would change the data
    return rows


def _shape(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_shape, value))})"
    if isinstance(value, dict):
        return "{" + ", ".join([f"{key!r}: {_shape(each)}" for key, each in value.items()]) + "}"
    return f"{value.dtype}{list(value.shape)}"
