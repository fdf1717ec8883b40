"""Sequences of different lengths: padded, packed, and both undone; against PyTorch's results."""

import json
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
import nn
from nn.kernels.sequences import reordered

RECORDED = json.loads((Path(__file__).parents[2] / "data" / "torch_sequences.json").read_text())


def tensors(case):
    return [ag.tensor(each, requires_grad=True) for each in case["sequences"]]


def assert_gradients(case, results, sequences):
    cotangents = [np.cos(0.7 * np.arange(each.size) + i).reshape(each.shape) for i, each in enumerate(results)]
    for actual, expected in zip(ag.grad_of(results, sequences, cotangents), case["gradients"], strict=True):
        np.testing.assert_allclose(actual.numpy(), expected, rtol=0, atol=1e-11)


@pytest.mark.parametrize("case", RECORDED["packing"], ids=lambda case: str(case["settings"]))
def test_packing_is_pytorchs(case):
    sequences = tensors(case)
    packed = nn.pack_sequence(sequences, enforce_sorted=False)
    padded, lengths = nn.pad_packed_sequence(packed, **case["settings"])
    np.testing.assert_array_equal(packed.batch_sizes, case["batch_sizes"])
    np.testing.assert_array_equal(padded.numpy(), case["padded"])
    np.testing.assert_array_equal(lengths, case["lengths"])
    assert_gradients(case, [padded, packed.data[:1]], sequences)


@pytest.mark.parametrize("case", RECORDED["padding"], ids=lambda case: str(case["settings"]))
def test_padding_is_pytorchs(case):
    sequences = tensors(case)
    padded = nn.pad_sequence(sequences, **case["settings"])
    np.testing.assert_array_equal(padded.numpy(), case["padded"])
    assert_gradients(case, [padded], sequences)


@pytest.mark.parametrize("lengths", [(3,), (4, 2, 2, 1), (1, 5, 3), (2, 2)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_what_is_undone_is_as_it_was(lengths, dtype):
    rng = np.random.default_rng(0)
    sequences = [rng.uniform(-9, 9, (n, 2)).astype(dtype) for n in lengths]
    packed = nn.pack_sequence(sequences, enforce_sorted=False)
    assert packed.data.shape == (sum(lengths), 2)
    for first in (False, True):
        padded = nn.pad_sequence(sequences, first)
        again, found = nn.pad_packed_sequence(packed, first)
        np.testing.assert_array_equal(again, padded)
        assert again.dtype == packed.data.dtype == dtype
        assert tuple(found) == lengths
        for lists in (nn.unpad_sequence(padded, lengths, first), nn.unpack_sequence(packed)):
            for a, b in zip(lists, sequences, strict=True):
                np.testing.assert_array_equal(a, b)


def test_data_is_in_the_order_of_time():
    packed = nn.pack_padded_sequence([[1, 4, 6], [2, 5, 0], [3, 0, 0]], [3, 2, 1])
    assert packed.data.tolist() == [1, 4, 6, 2, 5, 3]
    assert packed.batch_sizes.tolist() == [3, 2, 1]
    assert packed.sorted_indices is None
    packed = nn.pack_padded_sequence([[6, 1, 4], [0, 2, 5], [0, 3, 0]], [1, 3, 2], enforce_sorted=False)
    assert packed.data.tolist() == [1, 4, 6, 2, 5, 3]
    assert packed.sorted_indices.tolist() == [1, 2, 0]
    assert packed.unsorted_indices.tolist() == [2, 0, 1]


def test_a_sequence_of_no_elements_can_be_padded_and_not_packed():
    sequences = [np.ones((2, 1)), np.ones((0, 1))]
    assert nn.pad_sequence(sequences).tolist() == [[[1.0], [0.0]], [[1.0], [0.0]]]
    assert [len(each) for each in nn.unpad_sequence(nn.pad_sequence(sequences), [2, 0])] == [2, 0]
    with pytest.raises(ValueError, match="expected lengths from 1 to 2, received some from 0 to 2"):
        nn.pack_sequence(sequences)


def test_a_reordered_batch_has_second_derivatives():
    order = np.array([1, 2, 0])
    x = np.random.default_rng(0).uniform(-1, 1, (2, 3))
    assert ag.gradcheck(lambda x: reordered(x, order, np.argsort(order)) ** 3, [x], order=2)


SORTED = nn.pack_sequence([np.ones((3, 2)), np.ones((1, 2))])


@pytest.mark.parametrize(
    ("run", "error", "message"),
    [
        (lambda: nn.pack_padded_sequence(np.ones((3, 2)), [1, 3]), ValueError, r"decreasing order, received \[1, 3\]; sort"),
        (lambda: nn.pack_padded_sequence(np.ones(3), [3]), ValueError, r"expected input of shape \(time, batch, ...\)"),
        (lambda: nn.pack_padded_sequence(np.ones((3, 2)), [3]), ValueError, r"of shape \(2,\), received \(1,\)"),
        (
            lambda: nn.pack_padded_sequence(np.ones((3, 2)), [4, 1]),
            ValueError,
            "lengths from 1 to 3, received some from 1 to 4",
        ),
        (lambda: nn.pack_padded_sequence(np.ones((3, 2)), [2.0, 1.0]), TypeError, "lengths, integers, received float64"),
        (lambda: nn.pad_packed_sequence(SORTED, total_length=2), ValueError, "total_length of 3 or more, received 2"),
        (lambda: nn.pad_packed_sequence(np.ones(3)), TypeError, "pad_packed_sequence: expected a PackedSequence"),
        (lambda: nn.unpack_sequence(np.ones(3)), TypeError, "unpack_sequence: expected a PackedSequence"),
        (lambda: nn.pad_sequence([]), ValueError, "pad_sequence: expected a list of sequences, received none"),
        (lambda: nn.pad_sequence([np.ones((2, 2)), np.ones((2, 3))]), ValueError, r"alone, received \(2, 2\), \(2, 3\)"),
        (lambda: nn.pad_sequence([np.float64(1.0)]), ValueError, r"received \(\)"),
        (lambda: nn.pad_sequence([np.ones(2)], padding_side="top"), ValueError, "'right' or 'left', received 'top'"),
        (lambda: nn.unpad_sequence(np.ones(3), [3]), ValueError, r"expected sequences of shape \(time, batch, ...\)"),
        (lambda: nn.unpad_sequence(np.ones((3, 1)), [4]), ValueError, "lengths from 0 to 3, received some from 4 to 4"),
    ],
)
def test_mistakes_are_named(run, error, message):
    with pytest.raises(error, match=message):
        run()
