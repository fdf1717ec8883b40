"""What ``Trainer`` is given as data, brought into one form: loaders whose batches are inputs, targets and weights."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.data.arrays import check_finite, data_array
from nn.data.datasets import Dataset, Subset, TensorDataset
from nn.data.loader import DataLoader
from nn.inputs import check_number, check_whole


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


def is_data(value: Any) -> bool:
    """Whether ``value`` is data itself, not something that gives batches of it."""
    if isinstance(value, Dataset):
        return False
    return isinstance(value, np.ndarray | Tensor | list | tuple | dict) or not isinstance(value, Iterable) or _is_frame(value)


def _are_batches(x: list[Any]) -> bool:
    """Whether a list that came without targets holds batches ``(x, y)``, not inputs."""
    return bool(x) and all([isinstance(each, tuple) and len(each) in (2, 3) for each in x])


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
    if isinstance(x, Dataset):
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


def training_loader(data: Any, batch_size: int | None, shuffle: bool, receiver: str) -> Any:
    """A loader of a data set, in batches of 32 if nothing else is said; or the loader itself that ``data`` is.

    Raises:
        TypeError: for a batch size beside a loader, which has its own.
    """
    if isinstance(data, Dataset):
        size = 32 if batch_size is None else batch_size
        check_whole(receiver, "batch_size", size)
        check_number(receiver, "batch_size", size, least=1)
        return DataLoader(data, size, shuffle)
    if batch_size is not None:
        raise TypeError(f"{receiver}: expected a loader alone, received batch_size, too; the loader has its own")
    return data


def evaluated(x: Any, y: Any, weights: Any, batch_size: int, receiver: str) -> Any:
    """A loader of data to evaluate a model on. It draws nothing, so that evaluating leaves the library's generator alone."""
    check_number(receiver, "batch_size", batch_size, least=1)
    data = data_of(x, y, weights, receiver)
    return DataLoader(data, batch_size, rng=0) if isinstance(data, Dataset) else data


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
    if not isinstance(data, Dataset):
        raise TypeError(f"{receiver}: validation_split is for arrays; with a loader give validation_data")
    kept = len(data) - round(len(data) * share)
    if not 0 < kept < len(data):
        raise ValueError(
            f"{receiver}: expected a validation_split that leaves examples to train on and to validate with; received {share} "
            f"of {len(data)} examples, which leaves {kept} and {len(data) - kept}"
        )
    if isinstance(data, TensorDataset):
        return TensorDataset(*data[:kept]), TensorDataset(*data[kept:])
    return Subset(data, np.arange(kept)), Subset(data, np.arange(kept, len(data)))


def class_weights(weights: Any, targets: Any, receiver: str) -> "np.ndarray[Any, Any] | None":
    """The weight of each class, by its number: from a dict, a list, or ``"balanced"``, for which ``targets`` are looked at.

    Raises:
        TypeError, ValueError: for anything else; ``"balanced"`` without targets in memory; negative weights.
    """
    if weights is None:
        return None
    if isinstance(weights, str):
        if weights != "balanced":
            raise ValueError(f"{receiver}: expected class_weight a dict, a list or 'balanced', received {weights!r}")
        if targets is None:
            raise TypeError(f"{receiver}: class_weight='balanced' counts the classes in y; with a loader give the weights")
        counts = np.bincount(_class_numbers(targets, receiver))
        present = counts > 0
        return np.divide(counts.sum(), counts * present.sum(), out=np.ones(len(counts)), where=present)
    if isinstance(weights, dict):
        if not weights or any(isinstance(key, bool) or not isinstance(key, int | np.integer) or key < 0 for key in weights):
            raise TypeError(f"{receiver}: expected class_weight with the numbers of classes as keys, received {weights!r}")
        found = np.ones(max([*weights, *([] if targets is None else [int(np.max(targets))])]) + 1)
        for key, each in weights.items():
            found[key] = each
    else:
        found = np.asarray(weights, float)
    if found.ndim != 1 or not np.isfinite(found).all() or np.any(found < 0):
        raise ValueError(f"{receiver}: expected class_weight as one number from 0 on for each class, received {weights!r}")
    if targets is not None and (most := int(_class_numbers(targets, receiver).max())) >= len(found):
        raise ValueError(f"{receiver}: expected class_weight for the classes 0 to {most}, received {len(found)} weights")
    return found


def _class_numbers(targets: Any, receiver: str) -> "np.ndarray[Any, Any]":
    """Targets as a row of numbers of classes.

    Raises:
        TypeError: for targets that are none.
    """
    numbers = np.ravel(targets)
    if numbers.dtype.kind == "f" and np.array_equal(numbers, np.floor(numbers)):
        numbers = numbers.astype(np.int64)
    if numbers.dtype.kind not in "biu" or (numbers.size and numbers.min() < 0):
        raise TypeError(
            f"{receiver}: class_weight is for targets that are numbers of classes from 0 on, received {targets.dtype}"
        )
    return numbers.astype(np.int64)


def weights_of(batch: Batch, by_class: "np.ndarray[Any, Any] | None", receiver: str) -> Any:
    """The weights of a batch's examples, times those of their classes."""
    if by_class is None:
        return batch.weights
    numbers = _class_numbers(np.asarray(batch.targets), receiver)
    if numbers.size and numbers.max() >= len(by_class):
        raise ValueError(f"{receiver}: expected class_weight for class {numbers.max()}, received {len(by_class)} weights")
    found = by_class[numbers].reshape(np.shape(batch.targets))
    if batch.weights is None:
        return found
    own = np.asarray(batch.weights)
    return found * own.reshape(own.shape + (1,) * (found.ndim - own.ndim))


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


def joined(parts: list[Any]) -> Any:
    """Outputs of several batches as one: arrays one after the other; tuples and dicts part by part."""
    if isinstance(parts[0], tuple):
        return tuple([joined([each[i] for each in parts]) for i in range(len(parts[0]))])
    if isinstance(parts[0], dict):
        return {key: joined([each[key] for each in parts]) for key in parts[0]}
    arrays = [each.detach().numpy() if isinstance(each, Tensor) else np.asarray(each) for each in parts]
    return np.concatenate(arrays) if len(arrays) > 1 else np.array(arrays[0])


def plain(outputs: Any) -> Any:
    """Outputs as arrays, for metrics."""
    return ag.tree_map(lambda each: each.detach().numpy() if isinstance(each, Tensor) else each, outputs)


def inputs_of(x: Any, batch_size: int, receiver: str) -> Iterator[Any]:
    """The inputs of examples, in batches; of a loader that gives pairs, their first parts."""
    if isinstance(x, Dataset):
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
