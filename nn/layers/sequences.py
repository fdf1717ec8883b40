"""Sequences of different lengths in one batch: padded at their ends, or packed, with no padding.

``pad_sequence`` and ``unpad_sequence`` go between a list of sequences and one padded array. ``PackedSequence`` is the other
form: what of all sequences belongs to the first time, then what belongs to the second, and so on. ``RNN``, ``LSTM`` and
``GRU`` take and return it; or they take a padded array and ``lengths``, for which nothing has to be packed.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import Receiver, as_array, called
from nn.kernels.sequences import reordered


class PackedSequence(NamedTuple):
    """Sequences of different lengths, time by time. The functions ``pack_sequence`` and ``pack_padded_sequence`` make it.

    Args:
        data: all elements: those of the first time, the longest sequence's first, then those of the second, ...
        batch_sizes: how many elements of each time there are.
        sorted_indices: the places in the user's order of the sequences, the longest first; ``None`` if they were sorted.
        unsorted_indices: the inverse of that.

    Shapes: data (sum of batch_sizes, ...); batch_sizes (time,), of integers; sorted_indices, unsorted_indices (batch,).

    >>> packed = nn.pack_sequence([np.array([1.0, 2.0, 3.0]), np.array([4.0])])
    >>> packed.data, packed.batch_sizes
    (array([1., 4., 2., 3.]), array([2, 1, 1]))
    """

    data: Any
    batch_sizes: Any
    sorted_indices: Any = None
    unsorted_indices: Any = None


def pack_padded_sequence(input: Any, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True) -> PackedSequence:
    """The sequences of a padded array without their padding.

    Args:
        input: the sequences.
        lengths: the length of each, from 1 to ``time``.
        batch_first: whether the first axis of ``input`` is the batch, and not time.
        enforce_sorted: whether the lengths have to be in decreasing order; with ``False`` the sequences are sorted.

    Shapes: input (time, batch, ...), lengths (batch,) -> data (sum of lengths, ...).

    Raises:
        ValueError: for lengths that are out of range, not one for each sequence, or not in the order they have to be in.
        TypeError: for lengths that are no integers.

    >>> packed = nn.pack_padded_sequence(np.array([[1.0, 4.0], [2.0, 0.0], [3.0, 0.0]]), [3, 1])
    >>> packed.data
    array([1., 4., 2., 3.])
    """
    x = as_array(input)
    if len(x.shape) < 2:
        raise ValueError(f"pack_padded_sequence: expected input of shape (time, batch, ...), received {x.shape}")
    if batch_first:
        x = np.swapaxes(x, 0, 1)
    lengths = checked_lengths("pack_padded_sequence", lengths, x.shape[0], x.shape[1])
    order = inverse = None
    if not enforce_sorted:
        order, inverse = sorting(lengths)
        x, lengths = reordered(x, order, inverse), lengths[order]
    elif np.any(lengths[1:] > lengths[:-1]):
        raise ValueError(
            f"pack_padded_sequence: expected lengths in decreasing order, received {lengths.tolist()}; sort the sequences, or "
            "pass enforce_sorted=False to have them sorted"
        )
    return packed(x, sizes_of(lengths), order, inverse)


def pad_packed_sequence(
    sequence: PackedSequence, batch_first: bool = False, padding_value: float = 0.0, total_length: int | None = None
) -> tuple[Any, Any]:
    """The sequences as one padded array, in the order they were packed in, and their lengths.

    Args:
        sequence: the packed sequences.
        batch_first: whether the first axis of the result is the batch, and not time.
        padding_value: what stands behind the end of a sequence.
        total_length: how long to make the axis of time; by default as long as the longest sequence.

    Shapes: data (sum of lengths, ...) -> (time, batch, ...), lengths (batch,).

    Raises:
        TypeError: for what is no ``PackedSequence``.
        ValueError: for a ``total_length`` that is shorter than a sequence.

    >>> nn.pad_packed_sequence(nn.pack_sequence([np.array([1.0, 2.0]), np.array([4.0])]), batch_first=True)
    (array([[1., 2.],
           [4., 0.]]), array([2, 1]))
    """
    _check_packed("pad_packed_sequence", sequence)
    longest = len(sequence.batch_sizes)
    if total_length is not None and total_length < longest:
        raise ValueError(f"pad_packed_sequence: expected total_length of {longest} or more, received {total_length}")
    x = padded(sequence, padding_value, total_length)
    lengths = lengths_of(sequence)
    if sequence.unsorted_indices is not None:
        x = reordered(x, sequence.unsorted_indices, sequence.sorted_indices)
        lengths = lengths[sequence.unsorted_indices]
    return np.swapaxes(x, 0, 1) if batch_first else x, lengths


def pad_sequence(
    sequences: Sequence[Any], batch_first: bool = False, padding_value: float = 0.0, padding_side: str = "right"
) -> Any:
    """Sequences of different lengths as one array, as long as the longest.

    Args:
        sequences: the sequences, whose other axes are of the same lengths.
        batch_first: whether the first axis of the result is the batch, and not time.
        padding_value: what stands where a sequence has ended.
        padding_side: ``"right"``, or ``"left"`` for padding before their beginnings.

    Shapes: each (its length, ...) -> (time, batch, ...).

    Raises:
        ValueError: for no sequence, one without an axis of time, other axes that differ, another ``padding_side``.

    >>> nn.pad_sequence([np.array([1.0, 2.0, 3.0]), np.array([4.0])], batch_first=True)
    array([[1., 2., 3.],
           [4., 0., 0.]])
    """
    if padding_side not in ("right", "left"):
        raise ValueError(f"pad_sequence: expected padding_side 'right' or 'left', received {padding_side!r}")
    arrays = _sequences("pad_sequence", sequences)
    longest = max([each.shape[0] for each in arrays])
    columns = []
    for each in arrays:
        missing = longest - each.shape[0]
        if missing:
            padding = np.full((missing, *each.shape[1:]), padding_value, each.dtype)
            each = np.concatenate([each, padding] if padding_side == "right" else [padding, each])
        columns.append(each)
    return np.stack(columns, 0 if batch_first else 1)


def unpad_sequence(padded_sequences: Any, lengths: Any, batch_first: bool = False) -> list[Any]:
    """The sequences of a padded array, as a list: ``pad_sequence`` undone.

    Shapes: padded_sequences (time, batch, ...), or with ``batch_first`` (batch, time, ...); lengths (batch,).

    Raises:
        ValueError: for lengths that are out of range or not one for each sequence.

    >>> nn.unpad_sequence(np.array([[1.0, 2.0, 3.0], [4.0, 0.0, 0.0]]), [3, 1], batch_first=True)
    [array([1., 2., 3.]), array([4.])]
    """
    x = as_array(padded_sequences)
    if len(x.shape) < 2:
        raise ValueError(f"unpad_sequence: expected sequences of shape (time, batch, ...), received {x.shape}")
    if not batch_first:
        x = np.swapaxes(x, 0, 1)
    lengths = checked_lengths("unpad_sequence", lengths, x.shape[1], x.shape[0], least=0)
    return [x[i, :length] for i, length in enumerate(lengths.tolist())]


def pack_sequence(sequences: Sequence[Any], enforce_sorted: bool = True) -> PackedSequence:
    """A list of sequences, packed: ``pack_padded_sequence`` of what ``pad_sequence`` gives.

    Args:
        sequences: the sequences, whose other axes are of the same lengths.
        enforce_sorted: whether they have to come in the order of their lengths, the longest first.

    Shapes: each (its length, ...) -> data (sum of lengths, ...).

    Raises:
        ValueError: for no sequence, an empty one, one that is longer than the one before it.

    >>> nn.pack_sequence([np.array([4.0]), np.array([1.0, 2.0])], enforce_sorted=False).data
    array([1., 4., 2.])
    """
    arrays = _sequences("pack_sequence", sequences)
    return pack_padded_sequence(pad_sequence(arrays), [each.shape[0] for each in arrays], enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Any]:
    """The sequences that were packed, as a list: ``pack_sequence`` undone.

    Raises:
        TypeError: for what is no ``PackedSequence``.

    >>> nn.unpack_sequence(nn.pack_sequence([np.array([1.0, 2.0]), np.array([4.0])]))
    [array([1., 2.]), array([4.])]
    """
    _check_packed("unpack_sequence", packed_sequences)
    return unpad_sequence(*pad_packed_sequence(packed_sequences))


# ---------------------------------------------------------------- what the layers use


def checked_lengths(receiver: Receiver, lengths: Any, steps: int, batch: int, least: int = 1) -> Any:
    """Lengths as an array of integers, one for each of a batch's sequences. Inside ``vmap`` they may be a tensor of it.

    Raises:
        TypeError: for what is not integers.
        ValueError: for another number of them, and for one that is out of range.
    """
    lengths = as_array(lengths, receiver)
    if lengths.dtype.kind not in "iu" and lengths.size:
        raise TypeError(f"{called(receiver)}: expected lengths, integers, received {lengths.dtype}")
    if lengths.shape != (batch,):
        raise ValueError(
            f"{called(receiver)}: expected a length for each sequence, of shape ({batch},), received {lengths.shape}"
        )
    if isinstance(lengths, Tensor):
        try:
            lengths = lengths.numpy()
        except ag.BatchingError:  # each example has its own
            return lengths
    lengths = lengths.astype(np.int64)
    low, high = (lengths.min(), lengths.max()) if lengths.size else (least, steps)
    if low < least or high > steps:
        raise ValueError(f"{called(receiver)}: expected lengths from {least} to {steps}, received some from {low} to {high}")
    return lengths


def sorting(lengths: Any) -> tuple[Any, Any]:
    """The order in which the longest sequence comes first, and its inverse."""
    order = np.argsort(-lengths, kind="stable")
    return order, np.argsort(order)


def sizes_of(lengths: Any) -> Any:
    """How many of the sequences, the longest first, have an element at each time."""
    return np.sum(lengths > np.arange(max(lengths, default=0))[:, None], axis=1)


def lengths_of(sequence: PackedSequence) -> Any:
    """The lengths of packed sequences, the longest first."""
    sizes = np.asarray(sequence.batch_sizes)
    return np.sum(sizes[:, None] > np.arange(max(sizes, default=0)), axis=0)


def packed(x: Any, batch_sizes: Any, sorted_indices: Any = None, unsorted_indices: Any = None) -> PackedSequence:
    """Sequences (time, batch, ...), the longest first, without their padding."""
    x = x[: len(batch_sizes)]
    return PackedSequence(x[_present(batch_sizes)], batch_sizes, sorted_indices, unsorted_indices)


def padded(sequence: PackedSequence, padding_value: float = 0.0, total_length: int | None = None) -> Any:
    """Packed sequences as (time, batch, ...), the longest first."""
    present = _present(sequence.batch_sizes)
    missing = 0 if total_length is None else total_length - len(present)
    present = np.concatenate([present, np.zeros((missing, present.shape[1]), bool)])
    data = as_array(sequence.data)
    x: Any = np.full((*present.shape, *data.shape[1:]), padding_value, data.dtype)
    if isinstance(data, Tensor):
        x = ag.asarray(x)
    x[present] = data
    return x


def _present(batch_sizes: Any) -> Any:
    """Whether there is an element, for each time and sequence."""
    sizes = np.asarray(batch_sizes)
    return sizes[:, None] > np.arange(max(sizes, default=0))


def _check_packed(receiver: str, sequence: Any) -> None:
    if not isinstance(sequence, PackedSequence):
        raise TypeError(
            f"{receiver}: expected a PackedSequence, received {type(sequence).__name__}; make it with pack_sequence"
        )


def _sequences(receiver: str, sequences: Any) -> list[Any]:
    """The sequences as a list of tensors or arrays that go into one array."""
    arrays = [as_array(each) for each in sequences]
    if not arrays:
        raise ValueError(f"{receiver}: expected a list of sequences, received none")
    others = {each.shape[1:] for each in arrays}
    if any([not each.shape for each in arrays]) or len(others) > 1:
        raise ValueError(
            f"{receiver}: expected sequences of shape (length, ...) that differ in their lengths alone, received "
            f"{', '.join(str(each.shape) for each in arrays)}"
        )
    return arrays
