"""What ``Trainer`` is given as data, brought into one form: loaders whose batches are inputs, targets and weights."""

from collections.abc import Iterable, Iterator, Sized
from typing import Any, NamedTuple

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.data.arrays import check_finite, data_array
from nn.data.datasets import Dataset, Subset, TensorDataset
from nn.data.loader import DataLoader
from nn.inputs import check_number, check_whole, plain


class Batch(NamedTuple):
    """Inputs, targets, and weights of the examples or ``None``."""

    inputs: Any
    targets: Any
    weights: Any


def parts_of(batch: Any, receiver: str) -> Batch:
    """The parts of what a loader gave.

    Raises:
        TypeError: for anything but two or three parts.
    """
    if isinstance(batch, tuple | list):
        if len(batch) == 2:
            return Batch(batch[0], batch[1], None)
        if len(batch) == 3:
            return Batch(*batch)
    what = f"{len(batch)} parts" if isinstance(batch, tuple | list) else type(batch).__name__
    raise TypeError(
        f"{receiver}: expected batches of inputs and targets, and perhaps weights: (x, y), (x, y, w); received {what}"
    )


def count_of(inputs: Any) -> int:
    """How many examples a batch of inputs has."""
    return len(inputs if isinstance(inputs, np.ndarray) else ag.tree_leaves(inputs)[0])


def named_arrays(value: Any, name: str) -> list[tuple[str, Any]]:
    """The arrays of inputs, of tuples and dicts each part, with what messages call them."""
    arrays, structure = ag.tree_flatten(value)
    return [(name + path, each) for path, each in zip(structure.paths(), arrays, strict=True)]


def is_dataset(value: Any) -> bool:
    """Whether ``value`` gives examples by their numbers, and so has to be cut into batches."""
    return isinstance(value, Dataset) or (isinstance(value, Sized) and not isinstance(value, Iterable))


def is_data(value: Any) -> bool:
    """Whether ``value`` is data itself, not something that gives examples or batches of it."""
    if isinstance(value, np.ndarray | Tensor | list | tuple | dict | str) or _is_frame(value):
        return True
    return not isinstance(value, Iterable) and not is_dataset(value)


def _are_batches(x: list[Any]) -> bool:
    """Whether a list that came without targets holds batches ``(x, y)``, not inputs and not examples."""
    pairs = [each for each in x if isinstance(each, tuple) and len(each) in (2, 3)]
    return 0 < len(pairs) == len(x) and all([np.ndim(y) > 0 and len(y) == count_of(inputs) for inputs, y, *_ in pairs])


def _is_frame(value: Any) -> bool:
    """Whether it is a pandas frame or series: iterating over one gives no rows."""
    return type(value).__module__.partition(".")[0] == "pandas" and type(value).__name__ in ("DataFrame", "Series")


def examples(x: Any, y: Any, weights: Any, receiver: str) -> TensorDataset:
    """A data set of arrays, checked: lengths, dtypes, no NaN and no infinity.

    Raises:
        ValueError: for other lengths, no examples, NaN and infinity; weights that are negative, or no row of numbers.
        TypeError: for what is no array of numbers.
    """
    if y is None:
        raise TypeError(
            f"{receiver}: expected targets y beside the inputs x (y=x for an autoencoder), or a loader that gives (x, y)"
        )
    inputs = _arrays(x, receiver, "x")
    targets = _arrays(y, receiver, "y")
    given = [*named_arrays(inputs, "x"), *named_arrays(targets, "y")]
    if weights is not None:
        weights = data_array(weights, receiver, "sample_weight")
        if weights.ndim != 1:
            raise ValueError(f"{receiver}: expected sample_weight as one number for each example, received {weights.shape}")
        if weights.dtype.kind not in "biuf" or np.any(weights < 0):
            raise ValueError(f"{receiver}: expected weights from 0 on in sample_weight, received {weights.min()}")
        given.append(("sample_weight", weights))
    first, length = given[0][0], len(given[0][1])
    for name, each in given:
        if len(each) != length:
            raise ValueError(
                f"{receiver}: expected as many examples in {name} as in {first}, which has {length}; received {len(each)}"
            )
        if len(each) == 0:
            raise ValueError(f"{receiver}: expected at least one example, received none: {name} has the shape {each.shape}")
        check_finite(each, receiver, name)
    return TensorDataset(inputs, targets) if weights is None else TensorDataset(inputs, targets, weights)


def _arrays(value: Any, receiver: str, name: str) -> Any:
    if isinstance(value, tuple):
        return tuple([_arrays(each, receiver, f"{name}[{i}]") for i, each in enumerate(value)])
    if isinstance(value, dict):
        return {key: _arrays(each, receiver, f"{name}[{key!r}]") for key, each in value.items()}
    return data_array(value, receiver, name)


def data_of(x: Any, y: Any, weights: Any, receiver: str) -> Any:
    """A data set of what ``Trainer`` was given, or the loader itself that it was given.

    Raises:
        TypeError, ValueError: as ``examples``; for targets or weights beside a loader or data set, which has its own; for what
            can be iterated over only once.
    """
    if isinstance(x, str):
        raise TypeError(f"{receiver}: expected data, received the text {x!r}; to read a file there is nn.data.load_csv")
    if is_dataset(x):
        if y is not None or weights is not None:
            raise TypeError(f"{receiver}: expected a data set alone, whose examples are (x, y) or (x, y, weight)")
        return x
    if not is_data(x) or (isinstance(x, list) and y is None and _are_batches(x)):
        for name, given in (("y", y), ("sample_weight", weights)):
            if given is not None:
                raise TypeError(
                    f"{receiver}: expected a loader alone, received {name}, too; the loader gives (x, y) or (x, y, weights)"
                )
        if iter(x) is x:
            raise TypeError(
                f"{receiver}: expected something to go through once an epoch, received a {type(x).__name__}, which ends; "
                "use nn.data.DataLoader, or a list of batches"
            )
        return x
    return examples(x, y, weights, receiver)


def training_loader(
    data: Any, receiver: str, batch_size: int | None = None, shuffle: bool = True, drop_last: bool = False
) -> Any:
    """A loader of a data set, in batches of 32 if nothing else is said; or the loader itself that ``data`` is.

    Raises:
        TypeError: for a batch size beside a loader, which has its own.
    """
    if is_dataset(data):
        size = 32 if batch_size is None else batch_size
        check_whole(receiver, "batch_size", size)
        check_number(receiver, "batch_size", size, least=1)
        return DataLoader(data, size, shuffle, drop_last=drop_last)
    for name, given in (("batch_size", batch_size is not None), ("drop_last", drop_last)):
        if given:
            raise TypeError(f"{receiver}: expected a loader alone, received {name}, too; the loader has its own")
    return data


def evaluated(x: Any, y: Any, weights: Any, batch_size: int, receiver: str) -> Any:
    """A loader of data to evaluate a model on. It draws nothing, so that evaluating leaves the library's generator alone."""
    check_number(receiver, "batch_size", batch_size, least=1)
    data = data_of(x, y, weights, receiver)
    return DataLoader(data, batch_size, rng=0) if is_dataset(data) else data


def validation_of(data: Any, batch_size: int) -> Any:
    """The loader of ``validation_data``."""
    if isinstance(data, tuple) and len(data) in (2, 3):
        return evaluated(data[0], data[1], data[2] if len(data) == 3 else None, batch_size, "Trainer.fit: validation_data")
    if is_data(data):
        raise TypeError(
            f"Trainer.fit: expected validation_data (x, y), (x, y, weights) or a loader; received {type(data).__name__}"
        )
    return evaluated(data, None, None, batch_size, "Trainer.fit: validation_data")


def split(data: Any, share: float, receiver: str) -> tuple[Dataset, Dataset]:
    """The first examples to train on, and the last ``share`` of them to validate with.

    Raises:
        TypeError: for a loader.
        ValueError: for a share that leaves no example on either side.
    """
    if not is_dataset(data):
        raise TypeError(f"{receiver}: validation_split is for arrays; with a loader give validation_data")
    kept = len(data) - round(len(data) * share)
    if not 0 < kept < len(data):
        raise ValueError(
            f"{receiver}: expected a validation_split that leaves examples to train on and to validate with; received {share} "
            f"of {len(data)} examples, which leaves {kept} and {len(data) - kept}"
        )
    if type(data) is TensorDataset:
        return TensorDataset(*data[:kept]), TensorDataset(*data[kept:])
    return Subset(data, np.arange(kept)), Subset(data, np.arange(kept, len(data)))


def targets_of(loader: Any) -> Any:
    """The targets of a loader of arrays; ``None`` of any other."""
    data = loader.dataset if isinstance(loader, DataLoader) else None
    if isinstance(data, Subset):
        return None
    return data.arrays[1] if isinstance(data, TensorDataset) and len(data.arrays) > 1 else None


def first_of(loader: Any) -> Any:
    """The first example of a loader of arrays as a batch of one; ``None`` of any other."""
    data = loader.dataset if isinstance(loader, DataLoader) and loader.transform is None and loader.collate_fn is None else None
    return data[:1] if isinstance(data, TensorDataset) and len(data.arrays) in (2, 3) else None


def joined(parts: list[Any], counts: list[int], receiver: str) -> Any:
    """Outputs of several batches of so many examples as one: arrays one after the other; tuples and dicts part by part.

    Raises:
        TypeError: for an output whose first axis is not that of the examples.
        ValueError: for no batches.
    """
    if not parts:
        raise ValueError(f"{receiver}: expected at least one batch, received none")
    if isinstance(parts[0], tuple):
        return tuple([joined([each[i] for each in parts], counts, receiver) for i in range(len(parts[0]))])
    if isinstance(parts[0], dict):
        return {key: joined([each[key] for each in parts], counts, receiver) for key in parts[0]}
    arrays = [np.asarray(plain(each)) for each in parts]
    for array, count in zip(arrays, counts, strict=True):
        if array.ndim == 0 or len(array) != count:
            raise TypeError(
                f"{receiver}: expected outputs whose first axis is that of the examples, received shape {array.shape} for "
                f"{count} examples; let the model return only what is wanted"
            )
    return np.concatenate(arrays)


def arrays_of(outputs: Any) -> Any:
    """Outputs as arrays, for metrics: of tuples and dicts each part."""
    return plain(outputs) if isinstance(outputs, Tensor) else ag.tree_map(plain, outputs)


def inputs_of(x: Any, batch_size: int, receiver: str) -> Iterator[Any]:
    """The inputs of examples, in batches; of a loader that gives pairs, their first parts."""
    if is_dataset(x):
        x = DataLoader(x, batch_size, rng=0)
    if is_data(x):
        arrays = _arrays(x, receiver, "x")
        count = count_of(arrays)
        if count == 0:
            raise ValueError(f"{receiver}: expected at least one example, received none")
        for name, each in named_arrays(arrays, "x"):
            check_finite(each, receiver, name)
        for (batch,) in DataLoader(TensorDataset(arrays), batch_size, rng=0):
            yield batch
    else:
        for batch in x:
            yield batch[0] if isinstance(batch, tuple | list) else batch
