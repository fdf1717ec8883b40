"""Bins: sides, sorters, descending edges, values on edges, NaN, recorded inputs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.ops.ordering.bins import boxes, digitize, searchsorted
from autograd.tensors import Tensor

FEW = settings(max_examples=25, derandomize=True, deadline=None)
NUMBERS = st.lists(st.sampled_from([-1.0, 0.0, 0.5, 2.0, np.inf, np.nan]), min_size=1, max_size=8)


@FEW
@given(NUMBERS, NUMBERS, st.sampled_from(["left", "right"]))
def test_places_among_sorted_numbers(x1, x2, side):
    x1, x2 = np.sort(x1), np.array(x2).reshape(1, -1)
    expected = np.searchsorted(x1, x2, side)
    shuffled = np.random.default_rng(0).permutation(x1)
    recorded = [Tensor(each, requires_grad=True) for each in (x1, x2)]
    for ours in (searchsorted(*recorded, side), np.searchsorted(*recorded, side), searchsorted(x1, recorded[1], side=side)):
        assert not ours.requires_grad
        np.testing.assert_array_equal(ours.numpy(), expected)
    sorter = ag.argsort(ag.tensor(shuffled))
    np.testing.assert_array_equal(searchsorted(shuffled, x2, side=side, sorter=sorter).numpy(), expected)


def test_a_number_has_one_place():
    assert type(searchsorted([1, 2, 3], 2)) is type(np.searchsorted([1, 2, 3], 2))
    assert searchsorted(ag.tensor([1.0, 2.0]), 5.0).item() == 2
    assert digitize(ag.tensor(1.5, requires_grad=True), [1, 2]).item() == 1


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([[1.0]], 2.0), ValueError, r"searchsorted\(x1: float64 \(1, 1\), x2=2\.0.*object too deep"),
        (([1.0], 2.0, "middle"), ValueError, "search side must be 'left' or 'right'"),
        (([1.0], 2.0, "left", [0, 1]), ValueError, r"sorter\.size must equal a\.size"),
        (([1.0], 2.0, "left", [0.5]), TypeError, "sorter must only contain integers"),
    ],
)
def test_what_searchsorted_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        searchsorted(*arguments)


@FEW
@given(NUMBERS, st.booleans(), st.booleans())
def test_digitize(x, right, descending):
    bins = np.array([-1.0, 0.0, 0.0, 2.0])[:: -1 if descending else 1]
    expected = np.digitize(x, bins, right)
    np.testing.assert_array_equal(digitize(x, bins, right), expected)
    np.testing.assert_array_equal(np.digitize(Tensor(x, requires_grad=True), Tensor(bins), right).numpy(), expected)


def test_digitize_needs_order():
    with pytest.raises(ValueError, match=r"digitize\(.*bins must be monotonically increasing or decreasing"):
        digitize([1.0], [1.0, 3.0, 2.0])
    with pytest.raises(TypeError, match="x may not be complex"):
        digitize([1j], [1.0])


@FEW
@given(NUMBERS, NUMBERS, st.data())
def test_boxes_are_those_that_numpy_counts(x, y, data):
    n = min(len(x), len(y))
    points = np.stack([x[:n], y[:n]], axis=1)
    edges = [np.array(data.draw(st.sampled_from([[-1, 0, 2], [0, 0.5, 0.5, 2], [-1, np.inf], [0, 2, 2]])), float) for _ in "xy"]
    places, inside = boxes(points, *edges)
    shape = [len(each) - 1 for each in edges]
    counts = np.bincount(places[inside], minlength=np.prod(shape)).reshape(shape)
    np.testing.assert_array_equal(counts, np.histogramdd(points, edges)[0])
