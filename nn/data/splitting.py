"""Splits: ``train_test_split`` of arrays, as scikit-learn's, and ``random_split`` of a data set, as PyTorch's.

What is measured on examples that a model was trained on says nothing about new ones, so some are set aside first.
"""

from __future__ import annotations  # np.random would be imported to annotate with it

import math
import reprlib
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from nn.data.datasets import Subset
from nn.data.labels import classes_of
from nn.inputs import as_generator, check_number, check_switch

_BY_DEFAULT = 0.25  # is tested on, as in scikit-learn


# ---------------------------------------------------------------- arrays


def train_test_split(
    *arrays: Any,
    test_size: float | int | None = None,
    train_size: float | int | None = None,
    shuffle: bool = True,
    stratify: Any = None,
    rng: np.random.Generator | int | None = None,
) -> list[Any]:
    """Split the rows of arrays at random into those to train on and those to test on; the same rows of each array.

    Args:
        arrays: arrays, tensors, lists, pandas frames or series, of one length. Each part has the kind of what it is a part of:
            of a frame a frame, of a tensor a tensor, through which gradients pass.
        test_size: a share between 0 and 1, of which the count is rounded up, or a count; by default what ``train_size`` leaves,
            or a quarter.
        train_size: a share, of which the count is rounded down, or a count; by default what ``test_size`` leaves.
        shuffle: whether to draw the rows; without, the first ones are to train on and the last ones to test on.
        stratify: labels of the rows. Each class then has the same share of both parts, to within one row; which of several
            classes gets a row too many is drawn.
        rng: a generator, or a number that seeds one; by default ``ag.generator()``, which ``ag.seed`` seeds.

    **Shapes**: (N, ...) each -> (N_train, ...), (N_test, ...) each, in the order ``x_train, x_test, y_train, y_test``. All
    parts are copies.

    Raises:
        ValueError: for arrays of several lengths, a part that would be empty, sizes out of range or more than there is. With
            ``stratify`` for a class with a single row, more classes than a part has rows, and ``shuffle=False``.
        TypeError: for what has no rows, and for settings of a wrong kind.

    Source: scikit-learn's ``train_test_split``, with its sizes. It draws from other generators, so the rows are other ones.

    >>> x, y = np.arange(8).reshape(4, 2), np.array([0, 1, 0, 1])
    >>> x_train, x_test, y_train, y_test = nn.data.train_test_split(x, y, test_size=0.5, stratify=y, rng=0)
    >>> x_train.shape, sorted(y_train), sorted(y_test)
    ((2, 2), [np.int64(0), np.int64(1)], [np.int64(0), np.int64(1)])
    """
    check_switch("train_test_split", shuffle=shuffle)
    count = _common_length(arrays)
    train_count, test_count = _sizes(count, train_size, test_size)
    if not shuffle:
        if stratify is not None:
            raise ValueError(
                "train_test_split: expected shuffle=True with stratify, since the rows of each class are drawn; received "
                "shuffle=False; leave out one of them"
            )
        order = np.arange(train_count + test_count)
        train, test = order[:train_count], order[train_count:]
    elif stratify is None:
        order = as_generator("train_test_split", rng).permutation(count)
        test, train = order[:test_count], order[test_count : test_count + train_count]
    else:
        train, test = _stratified(stratify, count, train_count, test_count, as_generator("train_test_split", rng))
    return [_rows(each, part) for each in arrays for part in (train, test)]


def _common_length(arrays: Sequence[Any]) -> int:
    if not arrays:
        raise ValueError("train_test_split: expected at least one array, received none")
    lengths = []
    for i, each in enumerate(arrays):
        if isinstance(each, str | bytes | dict | set):
            raise TypeError(f"train_test_split: expected rows in array {i}, received {type(each).__name__}")
        try:
            lengths.append(len(each))
        except TypeError:
            raise TypeError(f"train_test_split: expected rows in array {i}, received {reprlib.repr(each)}") from None
    for i, each in enumerate(lengths):
        if each != lengths[0]:
            raise ValueError(
                f"train_test_split: expected arrays of one length, received {lengths[0]} rows in array 0 and {each} in "
                f"array {i}"
            )
    return lengths[0]


def _sizes(count: int, train_size: Any, test_size: Any) -> tuple[int, int]:
    """How many of ``count`` rows to train on and to test on."""
    if train_size is None and test_size is None:
        test_size = _BY_DEFAULT
    test_count = None if test_size is None else _count(count, "test_size", test_size, math.ceil)
    train_count = None if train_size is None else _count(count, "train_size", train_size, math.floor)
    if test_count is None:
        assert train_count is not None
        test_count = count - train_count
    if train_count is None:
        train_count = count - test_count
    shares = all(isinstance(each, float | np.floating) for each in (train_size, test_size))
    if train_count + test_count > count or (shares and train_size + test_size > 1):
        raise ValueError(
            f"train_test_split: expected sizes that add up to at most all of {count} rows, received train_size={train_size} "
            f"and test_size={test_size}, for {train_count} and {test_count} rows; make one smaller, or leave it out"
        )
    for name, each in (("train", train_count), ("test", test_count)):
        if each <= 0:
            raise ValueError(
                f"train_test_split: expected rows in both parts, received {count} in all with train_size={train_size} and "
                f"test_size={test_size}, which leave none to {name} on"
            )
    return train_count, test_count


def _count(count: int, name: str, size: Any, rounded: Any) -> int:
    check_number("train_test_split", name, size)
    if isinstance(size, int | np.integer):
        if not 0 < size <= count:
            raise ValueError(f"train_test_split: expected {name}, a count from 1 to {count}, or a share; received {size}")
        return int(size)
    if not 0 < size < 1:
        hint = f"; write {int(size)} for a count" if size >= 1 and size == int(size) else ""
        raise ValueError(f"train_test_split: expected {name}, a share between 0 and 1, or a count; received {size}{hint}")
    return int(rounded(size * count))


def _rows(x: Any, indices: np.ndarray[Any, Any]) -> Any:
    """The rows of these numbers, in the kind of ``x``."""
    if isinstance(x, list | tuple | range):
        return [x[i] for i in indices]
    try:
        return x.take(indices, axis=0)  # of arrays, tensors, frames and series alike
    except (AttributeError, TypeError):
        raise TypeError(
            f"train_test_split: expected arrays, tensors, lists or frames, received {type(x).__name__}; of a data set "
            "random_split gives the parts"
        ) from None


# ---------------------------------------------------------------- classes


def _stratified(
    labels: Any, count: int, train_count: int, test_count: int, rng: np.random.Generator
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The rows to train on and to test on, with the same shares of each class."""
    classes, codes = classes_of(labels, "train_test_split", "stratify", by_row=True)
    if len(codes) != count:
        raise ValueError(f"train_test_split: expected stratify, labels of {count} rows; received {len(codes)}")
    counts = np.bincount(codes, minlength=len(classes))
    if counts.min() < 2:
        alone = [str(each) for each in classes[counts < 2]]
        raise ValueError(
            f"train_test_split: expected at least two rows of each class, one for each part; received one of "
            f"{reprlib.repr(alone)}; leave such rows out, or do not stratify"
        )
    for name, each in (("train", train_count), ("test", test_count)):
        if each < len(classes):
            raise ValueError(
                f"train_test_split: expected at least as many rows to {name} on as there are classes, {len(classes)}; "
                f"received {each}; make {name}_size larger, or do not stratify"
            )
    of_train = _proportional(counts, train_count, rng)
    of_test = _proportional(counts - of_train, test_count, rng)
    train, test = [], []
    by_class = np.split(np.argsort(codes, kind="stable"), np.cumsum(counts)[:-1])
    for rows, first, second in zip(by_class, of_train, of_test, strict=True):
        drawn = rng.permutation(rows)
        train.append(drawn[:first])
        test.append(drawn[first : first + second])
    return rng.permutation(np.concatenate(train)), rng.permutation(np.concatenate(test))


def _proportional(counts: np.ndarray[Any, Any], draws: int, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """``draws`` shared out in proportion to ``counts``, by largest remainders; the order among equal ones is drawn."""
    total = int(counts.sum())
    parts, remainders = counts * draws // total, counts * draws % total
    order = np.lexsort((rng.permutation(len(counts)), -remainders))
    parts[order[: draws - int(parts.sum())]] += 1
    return parts


# ---------------------------------------------------------------- data sets


def random_split(dataset: Any, lengths: Any, rng: np.random.Generator | int | None = None) -> list[Subset]:
    """Split a data set at random into parts that have no example in common.

    Args:
        dataset: any data set.
        lengths: counts that add up to ``len(dataset)``; or shares that add up to 1. Each share's count is rounded down, and the
            examples that are left go to the parts in turn, one each, from the first one on.
        rng: a generator, or a number that seeds one; by default ``ag.generator()``, which ``ag.seed`` seeds.

    Raises:
        ValueError: for lengths that do not add up, and for negative ones.
        TypeError: for lengths that are no numbers, and for a data set without a length.

    A share that comes to no example at all is a ``UserWarning``.

    Source: PyTorch's ``random_split``, with its lengths. It draws from another generator, so the examples are other ones.

    >>> data = nn.data.TensorDataset(np.arange(10))
    >>> [len(part) for part in nn.data.random_split(data, [0.75, 0.25], rng=0)]
    [8, 2]
    """
    try:
        count = len(dataset)
    except TypeError:
        raise TypeError(f"random_split: expected a data set with a length, received {type(dataset).__name__}") from None
    if isinstance(lengths, str) or not isinstance(lengths, Iterable):
        raise TypeError(f"random_split: expected lengths, one for each part, such as [0.8, 0.2]; received {lengths!r}")
    counts = _counts(count, list(lengths))
    order = as_generator("random_split", rng).permutation(count)
    return [Subset(dataset, part) for part in np.split(order, np.cumsum(counts)[:-1])]


def _counts(count: int, given: list[Any]) -> list[int]:
    """How many of ``count`` examples each part gets."""
    if not given:
        raise ValueError("random_split: expected a length for each part, received none")
    for i, each in enumerate(given):
        check_number("random_split", f"lengths[{i}]", each, least=0)
    total = sum(given)
    if all([isinstance(each, int | np.integer) for each in given]):
        if total != count:
            raise ValueError(f"random_split: expected counts that add up to the {count} examples, received {given}: {total}")
        return [int(each) for each in given]
    if not math.isclose(total, 1):
        raise ValueError(
            f"random_split: expected shares that add up to 1, or counts, which are whole numbers; received {given}: {total}"
        )
    counts = [math.floor(count * each) for each in given]
    for i in range(count - sum(counts)):
        counts[i % len(counts)] += 1
    for i, each in enumerate(counts):
        if each == 0:
            warnings.warn(f"random_split: part {i}, a share of {given[i]}, has none of the {count} examples", stacklevel=3)
    return counts


# ---------------------------------------------------------------- chance
