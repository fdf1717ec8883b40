"""Numbers for what is counted or named: ``embedding`` looks rows up, ``embedding_bag`` adds them up; and ``one_hot``."""

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import Receiver, as_array, called, check_number, in_dtype, plain
from nn.kernels.rows import add_rows, first_largest, look_up

MODES = ("sum", "mean", "max")


def embedding(
    input: Any,
    weight: Any,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Any:
    """``weight[input]``: a row for each index.

    Args:
        input: integers from 0 to V - 1.
        weight: the table.
        padding_idx: an index whose row receives no gradient; a negative one counts from the end.
        max_norm: rows in use that are longer are scaled down to this length first, in ``weight`` itself and unrecorded.
        norm_type: the p of that length, a p-norm.
        scale_grad_by_freq: divide the gradient of each row by how often its index occurs.
        sparse: has to be ``False``: the gradient is an array like ``weight``.

    Shapes: ``input`` any, ``weight`` (V, D) -> (*input.shape, D).

    Raises:
        IndexError: for an index that the table does not have.
        TypeError: for indices that are no integers.
        ValueError: for a table that is no matrix, a ``padding_idx`` that it does not have, and ``sparse=True``.

    >>> nn.functional.embedding([2, 0], np.array([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]]))
    array([[2. , 2.5],
           [0. , 0.5]])
    """
    weight = as_array(weight)
    check_table("embedding", weight, sparse)
    padding_idx = padding_row("embedding", padding_idx, weight.shape[0])
    check_norm("embedding", max_norm, norm_type)
    return looked_up(input, weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, "embedding")


def looked_up(
    input: Any,
    weight: Any,
    padding_idx: int | None,
    max_norm: float | None,
    norm_type: float,
    scale_grad_by_freq: bool,
    receiver: Receiver,
) -> Any:
    """``embedding`` with settings that have been checked, for any receiver."""
    index = indices(input, receiver)
    if max_norm is not None:
        shorten(weight, index, max_norm, norm_type)
    return look_up(weight, index, skipped=padding_idx, zeroed=False, by_frequency=bool(scale_grad_by_freq))


def indices(input: Any, receiver: Receiver) -> Any:
    """Indices as an array or tensor of NumPy's own index dtype."""
    index = as_array(input, receiver)
    if index.dtype.kind not in "iu":
        if index.size or isinstance(input, Tensor | np.ndarray):
            raise TypeError(f"{called(receiver)}: expected integers as indices, received {index.dtype}")
        index = index.astype(np.intp)  # an empty list
    return index.astype(np.intp, copy=False)


def check_table(name: str, weight: Any, sparse: bool) -> None:
    """Refuse a table that is no matrix, and sparse gradients."""
    if len(weight.shape) != 2:
        raise ValueError(f"{name}: expected weight of shape (V, D), a row for each index; received {weight.shape}")
    check_dense(name, sparse)


def check_dense(name: str, sparse: bool) -> None:
    """Refuse sparse gradients."""
    if sparse:
        raise ValueError(f"{name}: expected sparse=False, received True; gradients are arrays here, as large as the table")


def padding_row(name: str, padding_idx: int | None, count: int) -> int | None:
    """``padding_idx``, counted from the beginning."""
    if padding_idx is None:
        return None
    if isinstance(padding_idx, bool) or not isinstance(padding_idx, int | np.integer) or not -count <= padding_idx < count:
        raise ValueError(f"{name}: expected padding_idx from {-count} to {count - 1}, received {padding_idx!r}")
    return int(padding_idx) % count


def check_norm(name: str, max_norm: float | None, norm_type: float) -> None:
    """Refuse a length that rows cannot have, and a norm that there is not."""
    if max_norm is not None:
        check_number(name, "max_norm", max_norm, least=0)
    if norm_type != math.inf:
        check_number(name, "norm_type", norm_type, least=0)


def shorten(weight: Any, index: Any, max_norm: float, norm_type: float) -> None:
    """Scale the rows in use that are longer than ``max_norm`` down to it, in memory."""
    used = np.unique(index.numpy() if isinstance(index, Tensor) else index)
    table = weight.numpy() if isinstance(weight, Tensor) else weight
    used = used[(used >= 0) & (used < len(table))]  # others are refused when they are looked up
    rows = table[used]
    lengths = np.linalg.norm(rows, norm_type, axis=1)
    long = lengths > max_norm
    if long.any():
        with ag.no_grad():
            weight[used[long]] = rows[long] * (max_norm / (lengths[long] + 1e-7))[:, None].astype(rows.dtype)


# ---------------------------------------------------------------- several rows at a time


def embedding_bag(
    input: Any,
    weight: Any,
    offsets: Any = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Any = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Any:
    """The sum, the mean or the maxima of the rows of each bag of indices; 0 for an empty bag.

    Args:
        input: integers: one bag a row, or all bags one after the other, and ``offsets``.
        weight: the table.
        offsets: where in a flat ``input`` each bag begins; the first one at 0.
        max_norm, norm_type, scale_grad_by_freq, sparse: as in ``embedding``; with ``"max"`` gradients cannot be scaled.
        mode: ``"sum"``, ``"mean"`` or ``"max"``.
        per_sample_weights: a factor for each row, in the shape of ``input``, with ``"sum"`` only.
        include_last_offset: whether the last offset is the end of the last bag, and not the beginning of another one.
        padding_idx: an index that counts for nothing, in the mean too.

    Shapes: ``input`` (B, L), or (N,) with ``offsets`` (B,) or (B + 1,); ``weight`` (V, D) -> (B, D).

    Raises:
        IndexError: for an index that the table does not have.
        TypeError: for indices or offsets that are no integers.
        ValueError: for other shapes, offsets out of order, another mode, and settings that do not go together.

    >>> table = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    >>> nn.functional.embedding_bag([0, 1, 2, 2], table, offsets=[0, 2])
    array([[1., 2.],
           [4., 5.]])
    """
    weight = as_array(weight)
    check_table("embedding_bag", weight, sparse)
    check_norm("embedding_bag", max_norm, norm_type)
    check_mode("embedding_bag", mode, scale_grad_by_freq)
    padding_idx = padding_row("embedding_bag", padding_idx, weight.shape[0])
    return bags(
        input,
        weight,
        offsets,
        per_sample_weights,
        receiver="embedding_bag",
        max_norm=max_norm,
        norm_type=norm_type,
        scale_grad_by_freq=scale_grad_by_freq,
        mode=mode,
        include_last_offset=include_last_offset,
        padding_idx=padding_idx,
    )


def check_mode(name: str, mode: str, scale_grad_by_freq: bool) -> None:
    """Refuse a mode that there is not, or that does not go with scaled gradients."""
    if mode not in MODES:
        raise ValueError(f"{name}: expected mode 'sum', 'mean' or 'max', received {mode!r}")
    if mode == "max" and scale_grad_by_freq:
        raise ValueError(f"{name}: expected scale_grad_by_freq=False with mode 'max', received True")


def bags(
    input: Any,
    weight: Any,
    offsets: Any,
    per_sample_weights: Any,
    *,
    receiver: Receiver,
    max_norm: float | None,
    norm_type: float,
    scale_grad_by_freq: bool,
    mode: str,
    include_last_offset: bool,
    padding_idx: int | None,
) -> Any:
    """``embedding_bag`` with settings that have been checked, for any receiver."""
    index = indices(input, receiver)
    factors = None if per_sample_weights is None else as_array(per_sample_weights, receiver)
    if factors is not None and (mode != "sum" or factors.shape != index.shape):
        raise ValueError(
            f"{called(receiver)}: expected per_sample_weights with mode 'sum' only and in the shape of input, {index.shape}; "
            f"received {factors.shape} with mode {mode!r}"
        )
    if factors is not None and weight.dtype.kind == "f":
        factors = in_dtype(factors, weight.dtype, lambda: f"{called(receiver)}: per_sample_weights")
    bag, count = _bag_of_each(index, offsets, include_last_offset, receiver)
    index = np.reshape(index, -1)
    rows = looked_up(index, weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, receiver)
    if padding_idx is not None:
        bag = np.where(index == padding_idx, count, bag)  # a bag more, which is thrown away
    if mode == "max":
        return _maxima(rows, bag, count)
    if factors is not None:
        rows = rows * np.reshape(factors, (-1, 1))
    total = add_rows(rows, bag, count=count + 1, skipped=None)[:count]
    if mode == "sum":
        return total
    return total / np.maximum(np.bincount(bag, minlength=count + 1)[:count], 1).astype(rows.dtype)[:, None]


def _maxima(rows: Any, bag: Any, count: int) -> Any:
    if rows.shape[0] == 0:
        return np.zeros_like(rows, shape=(count, rows.shape[1]))
    largest = np.take_along_axis(rows, first_largest(rows, bag, count=count + 1)[:count], axis=0)
    there = np.bincount(bag, minlength=count + 1)[:count] > 0
    return np.where(there[:, None], largest, 0)


def _bag_of_each(index: Any, offsets: Any, include_last_offset: bool, receiver: Receiver) -> tuple[Any, int]:
    """The number of the bag of each index, in order, and how many bags there are."""
    if len(index.shape) == 2 and offsets is None:
        return np.repeat(np.arange(index.shape[0]), index.shape[1]), index.shape[0]
    if len(index.shape) != 1 or offsets is None:
        raise ValueError(
            f"{called(receiver)}: expected input of shape (B, L) without offsets or (N,) with offsets, received {index.shape} "
            f"{'without' if offsets is None else 'with'} offsets"
        )
    starts = indices(offsets, receiver)
    starts = starts.numpy() if isinstance(starts, Tensor) else starts
    n = index.shape[0]
    if len(starts.shape) != 1 or (include_last_offset and not len(starts)):
        raise ValueError(f"{called(receiver)}: expected offsets of shape (B,), received {starts.shape}")
    if len(starts) and (starts[0] != 0 or np.any(np.diff(starts) < 0) or starts[-1] > n):
        raise ValueError(f"{called(receiver)}: expected offsets that rise from 0 to at most {n}, received {starts.tolist()}")
    count = len(starts) - bool(include_last_offset)
    ends = np.append(starts[1:count], n) if count else starts[:0]
    return np.repeat(np.arange(count), ends - starts[:count]), count


# ---------------------------------------------------------------- marks


def one_hot(tensor: Any, num_classes: int = -1) -> Any:
    """For each class a vector of zeros with a 1 in the place of the class.

    Args:
        tensor: integers from 0 to ``num_classes`` - 1.
        num_classes: how long the vectors are; -1 for one more than the largest class.

    Shapes: any -> (*any, num_classes), int64.

    Raises:
        IndexError: for a class out of range.
        TypeError: for classes that are no integers.
        ValueError: for other negative ``num_classes``, and -1 without classes.

    >>> nn.functional.one_hot([0, 2])
    array([[1, 0, 0],
           [0, 0, 1]])
    """
    classes = indices(tensor, "one_hot")
    if not isinstance(num_classes, int | np.integer) or num_classes < -1 or (num_classes == -1 and classes.size == 0):
        raise ValueError(f"one_hot: expected num_classes, the number of classes, received {num_classes!r}")
    known = plain(classes)
    if isinstance(known, Tensor):  # inside ``vmap``
        if num_classes == -1:
            raise ValueError("one_hot: expected num_classes inside vmap, where it cannot depend on values; received -1")
    elif known.size:
        largest = known.max()
        num_classes = largest + 1 if num_classes == -1 else num_classes
        if known.min() < 0 or largest >= num_classes:
            raise IndexError(
                f"one_hot: expected classes from 0 to {num_classes - 1}, received some from {known.min()} to {largest}"
            )
    return (classes[..., None] == np.arange(num_classes)).astype(np.int64)
