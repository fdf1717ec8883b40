"""Histograms: every way to say the bins, weights, densities, edges that come from the data, what NumPy refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.ordering.histograms import bincount, histogram, histogram2d, histogram_bin_edges, histogramdd
from autograd.tensors import Tensor

FEW = settings(max_examples=25, derandomize=True, deadline=None)
DATA = np.array([0.1, 0.7, 0.72, 1.4, 2.0, 2.9])
POINTS = np.array([[0.1, 1.0], [0.7, 3.0], [0.72, 2.2], [1.4, 2.8], [2.9, 1.1]])
WEIGHTS = np.array([1.5, -0.5, 2.0, 0.7, 1.0, -2.0])


def leaf(x):
    return Tensor(x, requires_grad=True)


def assert_same(actual, expected):
    """Equal parts, tensors of the values and dtypes that NumPy gives."""
    assert len(actual) == len(expected)
    for ours, theirs in zip(actual, expected, strict=True):
        if isinstance(theirs, list):
            assert_same(ours, theirs)
        else:
            assert isinstance(ours, Tensor)
            assert ours.dtype == theirs.dtype
            np.testing.assert_array_equal(ours.numpy(), theirs)


# ---------------------------------------------------------------- bincount


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.bool_])
def test_a_weight_goes_to_its_bin(dtype):
    x, weights = np.array([1, 0, 1], dtype), leaf(np.array([1.0, 2.0, 4.0]))
    out = bincount(x, weights, minlength=4)
    assert out.tolist() == np.bincount(x, [1.0, 2.0, 4.0], 4).tolist() == [2, 5, 0, 0]
    assert grad_of(out, weights, [10.0, 20.0, 30.0, 40.0]).tolist() == [20, 10, 20]
    assert np.bincount(ag.tensor(x), weights).tolist() == [2, 5]


def test_bincount_differentiates_twice_and_in_single_precision():
    assert gradcheck(lambda w: bincount([3, 1, 3, 0], w * w) ** 2, np.array([1.0, -2.0, 0.5, 3.0]), order=2)
    narrow = leaf(np.ones(3, np.float32))
    out = bincount([0, 2, 2], narrow)
    assert out.dtype == np.bincount([0, 2, 2], np.ones(3, np.float32)).dtype == np.float64
    assert grad_of(out, narrow, np.ones(3)).dtype == np.float32


def test_bincount_of_nothing_and_without_weights():
    assert bincount(np.array([], int)).shape == (0,)
    nothing = bincount(np.array([], int), leaf(np.zeros(0)), 2)
    assert nothing.dtype == np.bincount(np.array([], int), np.zeros(0), 2).dtype == np.intp
    assert not nothing.requires_grad
    out = bincount(ag.tensor([2, 2]))
    assert out.dtype == np.bincount([2, 2]).dtype
    assert not out.requires_grad


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([-1],), ValueError, r"bincount\(.*must have no negative elements"),
        (([1], [1.0, 2.0]), ValueError, "weights and list don't have the same length"),
        (([1], None, -1), ValueError, "'minlength' must not be negative"),
        (([1], [1j]), TypeError, "bincount"),
        (([1], None, 1.5), TypeError, "integer"),
    ],
)
def test_what_bincount_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        bincount(*arguments)


# ---------------------------------------------------------------- histogram

BINS = [4, 1, np.array([0.0, 0.5, 1.5, 2.5]), [0, 1, 3], "auto", "doane", np.int64(3)]


@pytest.mark.parametrize("bins", BINS, ids=str)
@pytest.mark.parametrize("range", [None, (0.2, 2.5), (0, 5)])
@pytest.mark.parametrize("weights", [None, WEIGHTS, WEIGHTS.astype(np.float32), np.arange(6), WEIGHTS * 1j])
@pytest.mark.parametrize("density", [False, True])
def test_values_are_numpys(bins, range, weights, density):
    if isinstance(bins, str) and weights is not None:
        for x in (DATA, leaf(DATA)):
            with pytest.raises(TypeError, match=r"histogram.*: Automated estimation of the number of bins is not supported"):
                histogram(x, bins, range, density, weights)
        return
    expected = np.histogram(DATA, bins, range, density, weights)
    for recorded in (False, True):
        x, w = (None if each is None else Tensor(each) for each in (DATA, weights))
        if recorded:
            x.requires_grad_()
            if w is not None and w.dtype.kind in "fc":
                w.requires_grad_()
        assert_same(histogram(x, bins, range, density, w), expected)
        assert_same(np.histogram(x, bins, range, density, w), expected)
        assert_same([histogram_bin_edges(x, bins, range, w)], expected[1:])
    for ours, theirs in zip(histogram(DATA, bins, range, density, weights), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@FEW
@given(
    arrays.arrays(np.float64, st.integers(1, 12), elements=st.sampled_from([0.0, 0.1, 0.25, 0.3, 0.5, 0.75, 0.9, 1.0, 3.0])),
    st.sampled_from([1, 3, 7, 10, np.array([0.0, 0.3, 0.3, 1.0])]),
    st.sampled_from([None, (0.1, 0.9), (0.0, 1.0)]),
)
def test_each_weight_receives_the_cotangent_of_its_bin(x, bins, range):
    """Values on edges included: NumPy's histogram of one element alone says which bin it is in."""
    weights = leaf(np.ones(len(x)))
    counts, edges = histogram(x, bins, range, weights=weights)
    cotangent = np.arange(1.0, len(counts) + 1)
    number = bins if isinstance(bins, int) else None
    alone = [np.histogram(each, bins if number is None else number, (edges.numpy()[0], edges.numpy()[-1]))[0] for each in x]
    np.testing.assert_array_equal(grad_of(counts, weights, cotangent).numpy(), np.array(alone) @ cotangent)


@pytest.mark.parametrize("bins", [3, np.array([0.0, 0.5, 1.5, 2.5])], ids=["number", "edges"])
@pytest.mark.parametrize("density", [False, True])
@pytest.mark.parametrize("weights", [np.abs(WEIGHTS), np.abs(WEIGHTS) + 0.5j])
def test_counts_and_densities_differentiate_twice(bins, density, weights):
    if isinstance(bins, int):
        report = gradcheck(lambda x, w: histogram(x, bins, None, density, w), [DATA, weights], order=2)
    else:
        report = gradcheck(lambda w, edges: histogram(DATA, edges, None, density, w), [weights, bins], order=2)
    assert report, report


def test_edges_come_from_the_extremes_of_the_data():
    x = leaf(np.array([2.0, 1.0, 3.0, 1.0]))
    edges = histogram_bin_edges(x, 4)
    np.testing.assert_allclose(grad_of(edges, x, [0.0, 1.0, 0.0, 0.0, 0.0]).numpy(), [0, 0.375, 0.25, 0.375])


def test_edges_come_from_the_range():
    first, last = leaf(1.0), leaf(3.0)
    for limits in ((first, last), ag.stack([first, last])):
        counts, edges = histogram(np.array([1.2, 2.5, 2.7]), 2, limits)
        assert counts.tolist() == [1, 2]
        assert not counts.requires_grad
        assert [g.item() for g in grad_of(edges, [first, last], [0.0, 1.0, 10.0])] == [0.5, 10.5]
    edges = histogram_bin_edges(leaf(np.array([9.0])), 2, (0.0, 1.0))
    assert edges.tolist() == [0.0, 0.5, 1.0]
    assert not edges.requires_grad


def test_edges_that_are_given_are_themselves():
    edges = leaf(np.array([0.0, 1.0, 4.0]))
    assert histogram_bin_edges(DATA, edges) is edges
    density = histogram(DATA, edges, density=True)[0]
    # 3 of 6 numbers are in a bin of width 1 and 3 in one of width 3: (1/2) / width each.
    assert density.tolist() == [0.5, 0.5 / 3]
    np.testing.assert_allclose(grad_of(density, edges, [1.0, 1.0]).numpy(), [0.5, -0.5 + 0.5 / 9, -0.5 / 9])


def test_all_data_equal_and_no_data():
    x = leaf(np.array([2.0, 2.0]))
    counts, edges = histogram(x, 2)
    assert_same([counts, edges], np.histogram([2.0, 2.0], 2))
    np.testing.assert_array_equal(grad_of(edges, x, [1.0, 0.0, 0.0]).numpy(), [0.5, 0.5])
    empty = leaf(np.zeros(0))
    assert_same(histogram(empty, 3), np.histogram([], 3))
    assert_same(histogram(np.zeros(0), 3, weights=empty), np.histogram([], 3, weights=np.zeros(0)))
    assert grad_of(histogram(np.zeros(0), 3, weights=empty)[0], empty, np.ones(3)).shape == (0,)
    counts, _ = histogram(DATA, [1.0], weights=(w := leaf(WEIGHTS)))
    assert counts.shape == (0,)
    np.testing.assert_array_equal(grad_of(counts, w, np.zeros(0)).numpy(), np.zeros(6))


def test_single_precision_has_numpys_dtypes():
    x, w = DATA.astype(np.float32), WEIGHTS.astype(np.float32)
    assert_same(histogram(leaf(x), 3, weights=leaf(w)), np.histogram(x, 3, weights=w))
    assert_same(histogram(leaf(x), 3, (0.0, 2.0)), np.histogram(x, 3, (0.0, 2.0)))
    counts, edges = histogram(t := leaf(x), 3, weights=(weights := leaf(w)))
    assert [g.dtype for g in grad_of([counts, edges], [t, weights], [np.ones(3, "f"), np.ones(4, "f")])] == [np.float32] * 2


@pytest.mark.parametrize(
    ("keywords", "error", "message"),
    [
        ({"bins": 0}, ValueError, "`bins` must be positive, when an integer"),
        ({"bins": 1.5}, TypeError, "`bins` must be an integer, a string, or an array"),
        ({"bins": "many"}, ValueError, "'many' is not a valid estimator for `bins`"),
        ({"bins": [1.0, 0.0]}, ValueError, "`bins` must increase monotonically"),
        ({"bins": [[1.0]]}, ValueError, "`bins` must be 1d"),
        ({"range": (1.0, 0.0)}, ValueError, "max must be larger than min in range parameter"),
        ({"range": (0.0, np.inf)}, ValueError, "not finite"),
        ({"weights": [1.0]}, ValueError, "weights should have the same shape as a"),
    ],
)
@pytest.mark.parametrize("name", ["histogram", "histogram_bin_edges"])
def test_what_histogram_refuses(name, keywords, error, message):
    for x in (DATA, leaf(DATA)):
        with pytest.raises(error, match=f"^histogram.*: .*{message}"):
            getattr(ag, name)(x, **keywords)


# ---------------------------------------------------------------- several dimensions

GRIDS = [2, (2, 3), [2, np.array([0.0, 2.0, 3.0])], [np.array([0, 1, 3]), np.array([1.0, 3.0])]]


@pytest.mark.parametrize("bins", GRIDS, ids=str)
@pytest.mark.parametrize("range", [None, [(0.2, 2.5), None], ((0, 5), (1, 2))])
@pytest.mark.parametrize("weights", [None, WEIGHTS[:5], WEIGHTS[:5].astype(np.float32), np.arange(5)])
@pytest.mark.parametrize("density", [False, True])
def test_grids_are_numpys(bins, range, weights, density):
    expected = np.histogramdd(POINTS, bins, range, density, weights)
    w = None if weights is None else Tensor(weights, requires_grad=weights.dtype.kind == "f")
    columns = [leaf(each) for each in POINTS.T]
    for points in (leaf(POINTS), columns, tuple(columns)):
        assert_same(histogramdd(points, bins, range, density, w), expected)
        assert_same(np.histogramdd(points, bins, range, density, w), expected)
    counts, x_edges, y_edges = histogram2d(*columns, bins, range, density, w)
    assert_same([counts, [x_edges, y_edges]], expected)
    assert_same(np.histogram2d(*columns, bins, range, density, w), np.histogram2d(*POINTS.T, bins, range, density, weights))


def test_grids_in_one_and_three_dimensions():
    x = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    assert_same(histogramdd(leaf(x), (2, 3, 4)), np.histogramdd(x, (2, 3, 4)))
    assert_same(histogramdd(leaf(x), 2, [(0.0, 1.0)] * 3), np.histogramdd(x, 2, [(0.0, 1.0)] * 3))
    assert_same(histogramdd(leaf(x[:, 0]), 3), np.histogramdd(x[:, 0], 3))
    assert_same(histogramdd(leaf(np.zeros((0, 2))), 3), np.histogramdd(np.zeros((0, 2)), 3))
    weights = leaf(np.ones(2))
    assert_same(histogramdd([[1, 2], [3, 4]], 2, weights=weights), np.histogramdd([[1, 2], [3, 4]], 2, weights=np.ones(2)))


@pytest.mark.parametrize("density", [False, True])
@pytest.mark.parametrize("bins", [2, [np.array([0.0, 1.0, 3.0]), 2]], ids=["numbers", "edges"])
def test_grids_differentiate_twice(bins, density):
    weights = np.abs(WEIGHTS[:5])

    def parts(points, weights):
        counts, edges = histogramdd(points, bins, None, density, weights)
        return counts, *edges

    report = gradcheck(parts, [POINTS, weights], order=2)
    assert report, report
    report = gradcheck(lambda x, w: histogram2d(x, POINTS[:, 1], bins, None, density, w), [POINTS[:, 0], weights], order=2)
    assert report, report


def test_edges_for_both_axes():
    edges = leaf(np.array([0.0, 1.5, 2.0, 3.0]))
    expected = np.histogram2d(*POINTS.T, edges.numpy())
    assert_same(histogram2d(*POINTS.T, edges), expected)
    assert_same(np.histogram2d(*[ag.tensor(each) for each in POINTS.T], [0.0, 1.5, 2.0, 3.0]), expected)


@pytest.mark.parametrize(
    ("bins", "range", "error", "message"),
    [
        ((2, 2, 2), None, ValueError, "dimension of bins must be equal to the dimension of the sample"),
        (0, None, ValueError, "must be positive, when an integer"),
        ([[1.0, 0.0], 2], None, ValueError, "must be monotonically increasing"),
        (2, [(0.0, 1.0)], ValueError, "range argument must have one entry per dimension"),
        (1.5, None, TypeError, "must be an integer, when a scalar"),
    ],
)
def test_what_grids_refuse(bins, range, error, message):
    for points in (POINTS, leaf(POINTS)):
        with pytest.raises(error, match=f"histogramdd: .*{message}"):
            histogramdd(points, bins, range)
    with pytest.raises(
        ValueError, match=r"histogram2d: expected x and y of the same length, received shapes \(2,\) and \(3,\)"
    ):
        histogram2d([1.0, 2.0], leaf(np.ones(3)))
