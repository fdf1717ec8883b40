"""Positions: plain tensors of tensors, use as indices, bits, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.engine import grad_of
from autograd.tensors import Tensor

PROPERTY = settings(max_examples=25, derandomize=True, deadline=None)


def recorded(*shape, dtype=float):
    x = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape).astype(dtype)
    return x, Tensor(x, requires_grad=True)


@pytest.mark.parametrize(
    "index",
    [
        np.diag_indices_from,
        np.tril_indices_from,
        lambda x: np.triu_indices_from(x, 1),
        lambda x: np.ix_([0, 2], [True, False, True]),
        lambda x: np.unravel_index(np.argmax(x), x.shape),
    ],
)
def test_what_is_read_and_written_at_positions(index):
    x, t = recorded(3, 3)
    np.testing.assert_array_equal(t[index(t)].numpy(), x[index(x)])
    assert not any(each.requires_grad for each in index(t) if isinstance(each, Tensor))
    y = t * 1
    y[index(t)] = 0.0
    expected = np.ones((3, 3))
    expected[index(x)] = 0
    np.testing.assert_array_equal(grad_of(y.sum(), t).numpy(), expected)


@PROPERTY
@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.sampled_from("CF"), st.integers(0, 99))
def test_positions_are_flattened_and_found_again(shape, order, seed):
    numbers = Tensor(np.random.default_rng(seed).integers(0, np.prod(shape), (2, 3)))
    places = np.unravel_index(numbers, shape, order)
    for actual, expected in zip(places, np.unravel_index(numbers.numpy(), shape, order), strict=True):
        np.testing.assert_array_equal(actual.numpy(), expected)
    again = np.ravel_multi_index(places, shape, order=order)
    assert isinstance(again, Tensor)
    np.testing.assert_array_equal(again.numpy(), numbers.numpy())


def test_vectors_of_places_may_be_empty_lists_tensors_and_truths():
    rows, columns, depth = ag.ix_([], Tensor([2, 1]), Tensor([True, False, True]))
    assert [each.shape for each in (rows, columns, depth)] == [(0, 1, 1), (1, 2, 1), (1, 1, 2)]
    assert depth.tolist() == [[[0, 2]]]
    x = np.array([1, 0])
    assert not np.shares_memory(ag.ix_(x)[0], x)


@PROPERTY
@given(st.lists(st.booleans(), max_size=20), st.sampled_from(["big", "little"]))
def test_bits_are_packed_and_unpacked_again(bits, bitorder):
    x = np.array(bits, bool)
    packed = np.packbits(Tensor(x), bitorder=bitorder)
    np.testing.assert_array_equal(packed.numpy(), np.packbits(x, bitorder=bitorder))
    unpacked = np.unpackbits(packed, count=len(bits), bitorder=bitorder)
    assert unpacked.dtype == np.uint8
    np.testing.assert_array_equal(unpacked.numpy(), x)


@pytest.mark.parametrize("keywords", [{}, {"axis": 0}, {"axis": -1, "count": -2, "bitorder": "little"}])
def test_bits_of_bytes_are_numpys(keywords):
    x = np.arange(250, 256, dtype=np.uint8).reshape(2, 3)
    np.testing.assert_array_equal(ag.unpackbits(x, **keywords), np.unpackbits(x, **keywords))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ag.diag_indices_from(Tensor([1.0])), ValueError, "diag_indices_from.*at least 2-d"),
        (lambda: ag.ix_(Tensor([[1]])), ValueError, "ix_.*Cross index must be 1 dimensional"),
        (lambda: ag.unravel_index(Tensor([9]), (2, 2)), ValueError, "unravel_index.*index 9 is out of bounds"),
        (lambda: ag.ravel_multi_index(Tensor([1.0, 1.0]), (2, 2)), TypeError, "ravel_multi_index.*only int indices permitted"),
        (lambda: ag.packbits(Tensor([1.0])), TypeError, "packbits.*integer or boolean"),
        (lambda: ag.unpackbits(Tensor([1])), TypeError, r"unpackbits\(x: int64 \(1,\).*unsigned byte"),
    ],
)
def test_what_is_refused_names_the_op(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_ix_of_recorded_tensors_stays_recorded():
    a, b = ag.tensor([1.0, 2.0], requires_grad=True), ag.tensor([3.0], requires_grad=True)
    rows, columns = np.ix_(a, b)
    assert (rows.shape, columns.shape) == ((2, 1), (1, 1))
    (rows * columns).sum().backward()
    assert a.grad.tolist() == [3.0, 3.0]
    assert b.grad.tolist() == [3.0]
