"""Sorting: ties, NaN and zeros of both signs, descending order, what partitions leave open, the algorithms' names."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.ordering.sorting import (
    argsort,
    lexsort,
    partition,
    permuted,
    restored,
    sort,
    sort_complex,
    stable_order,
    sums_at,
)
from autograd.tensors import Tensor

NAN = np.nan


def gradient(f, x, cotangent=None):
    x = Tensor(x, requires_grad=True)
    return grad_of(f(x), x, cotangent).numpy()


# Few different values, so that there are ties, and NaN among them.
TIED = arrays.arrays(
    np.float64,
    arrays.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=6),
    elements=st.sampled_from([-1.0, 0.0, 2.0, np.inf, NAN]),
)
FEW = settings(max_examples=25, derandomize=True, deadline=None)


# ---------------------------------------------------------------- sort and argsort


@pytest.mark.parametrize(
    ("x", "descending", "expected"),
    [
        ([3.0, 1.0, 2.0], False, [100, 1, 10]),
        ([3.0, 1.0, 2.0], True, [1, 100, 10]),
        ([2.0, 2.0, 1.0], False, [10, 100, 1]),  # of equal elements the first comes first
        ([2.0, 2.0, 1.0], True, [1, 10, 100]),
        ([NAN, 2.0, NAN], False, [10, 1, 100]),
        ([NAN, 2.0, NAN], True, [1, 100, 10]),
        ([0.0, -0.0, 0.0], False, [1, 10, 100]),
        ([np.inf, -np.inf, np.inf], False, [10, 1, 100]),
    ],
)
@pytest.mark.parametrize("kind", [None, "quicksort", "heapsort", "stable"])
def test_the_gradient_goes_back_through_the_stable_permutation(x, descending, expected, kind):
    found = gradient(lambda t: sort(t, kind=kind, descending=descending), np.array(x), np.array([1.0, 10.0, 100.0]))
    np.testing.assert_array_equal(found, expected)


@FEW
@given(TIED, st.data())
def test_values_and_gradients_for_any_shape_and_axis(x, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    cotangent = np.arange(1.0, x.size + 1).reshape(x.shape)
    t = Tensor(x, requires_grad=True)
    out = sort(t, axis)
    np.testing.assert_array_equal(out.numpy(), np.sort(x, axis))
    expected = np.empty_like(x)
    np.put_along_axis(expected, np.argsort(x, axis, kind="stable"), cotangent, axis)
    np.testing.assert_array_equal(grad_of(out, t, cotangent).numpy(), expected)
    np.testing.assert_array_equal(argsort(x, axis), np.argsort(x, axis, kind="stable"))


@FEW
@given(TIED, st.data())
def test_descending_order_is_stable_too(x, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    order = argsort(x, axis, descending=True)
    np.testing.assert_array_equal(np.take_along_axis(x, order, axis), sort(x, axis, descending=True))
    # A stable sort by the rank among the different values, counted from the largest, with NaN as the largest.
    rank = np.searchsorted(np.unique(x), x)
    np.testing.assert_array_equal(order, np.argsort(-rank, axis, kind="stable"))
    np.testing.assert_array_equal(stable_order(x, sort(x, axis, descending=True), axis=axis, descending=True), order)


def test_zeros_of_both_signs_keep_their_order_where_it_is_asked_for():
    x = np.tile([0.0, -0.0], 20)
    np.testing.assert_array_equal(np.signbit(sort(x, stable=True)), np.signbit(x))
    np.testing.assert_array_equal(np.signbit(sort(x, stable=True, descending=True)), np.signbit(x))


def test_argsort_is_stable_by_default_and_numpy_decides_about_its_own_function():
    x = np.random.default_rng(0).integers(0, 3, 500).astype(float)
    t = ag.tensor(x, requires_grad=True)
    np.testing.assert_array_equal(argsort(t).numpy(), np.argsort(x, kind="stable"))
    np.testing.assert_array_equal(argsort(t, kind="quicksort").numpy(), np.argsort(x))
    np.testing.assert_array_equal(argsort(t, stable=False).numpy(), np.argsort(x))
    np.testing.assert_array_equal(np.argsort(t).numpy(), np.argsort(x))
    np.testing.assert_array_equal(np.argsort(t, stable=True).numpy(), np.argsort(x, stable=True))
    assert not np.array_equal(np.argsort(x), np.argsort(x, kind="stable"))


def test_a_number_is_sorted_as_numpy_does():
    for x in (3.0, np.array(3.0), ag.tensor(3.0)):
        assert argsort(x).shape == argsort(x, descending=True).shape == np.argsort(3.0).shape == (1,)
        assert sort(x, axis=None).shape == (1,)
        with pytest.raises(np.exceptions.AxisError):
            sort(x)


def test_complex_numbers_are_sorted_by_real_and_then_by_imaginary_parts():
    x = np.array([1 + 2j, 0 + 5j, 1 - 1j, complex(NAN, 0)])
    np.testing.assert_array_equal(sort(ag.tensor(x)).numpy(), np.array([5j, 1 - 1j, 1 + 2j, complex(NAN, 0)]))
    np.testing.assert_array_equal(gradient(sort, x, np.arange(4) + 0j), [2, 0, 1, 3])


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.float32, np.float64, np.bool_])
def test_sort_complex_has_numpys_dtypes(dtype):
    x = np.array([1, 0, 1], dtype)
    for ours in (sort_complex(x), sort_complex(ag.tensor(x)).numpy(), np.sort_complex(ag.tensor(x)).numpy()):
        assert ours.dtype == np.sort_complex(x).dtype
        np.testing.assert_array_equal(ours, np.sort_complex(x))


def test_sort_complex_of_real_numbers_differentiates():
    x = np.array([3.0, 1.0, 2.0])
    np.testing.assert_array_equal(gradient(sort_complex, x, np.array([1 + 1j, 2, 3j])), [0, 1, 2])


# ---------------------------------------------------------------- partitions


@FEW
@given(TIED, st.data())
def test_a_partition_has_numpys_values_and_pairs_equal_elements_in_their_order(x, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    if x.shape[axis] == 0:
        return
    kth = data.draw(st.integers(-x.shape[axis], x.shape[axis] - 1))
    t = Tensor(x, requires_grad=True)
    out = partition(t, kth, axis)
    np.testing.assert_array_equal(out.numpy(), np.partition(x, kth, axis))
    cotangent = np.arange(1.0, x.size + 1).reshape(x.shape)
    found = grad_of(out, t, cotangent).numpy()
    # A rearrangement takes each element's cotangent along: sorted, both sides have the same pairs.
    for actual, expected in zip(in_order(x, found, axis), in_order(out.numpy(), cotangent, axis), strict=True):
        np.testing.assert_array_equal(actual, expected)


def in_order(values, cotangents, axis):
    order = np.argsort(values, axis, kind="stable")
    return [np.take_along_axis(each, order, axis) for each in (values, cotangents)]


def test_a_large_partition_differentiates():
    x = np.random.default_rng(0).permutation(10_000).astype(float)
    t = Tensor(x, requires_grad=True)
    out = partition(t, [100, 5000])
    np.testing.assert_array_equal(grad_of(out, t, out.numpy() ** 2).numpy(), x**2)


def test_the_error_says_what_a_place_is():
    with pytest.raises(TypeError, match=r"kth: expected an integer or a sequence of integers, received 1\.5"):
        partition([3.0, 1.0], 1.5)
    with pytest.raises(ValueError, match=r"partition\(x: float64 \(2,\), kth=\(5,\).*out of bounds"):
        partition([3.0, 1.0], 5)


@pytest.mark.parametrize("name", ["sort", "argsort"])
def test_the_error_says_which_algorithms_there_are(name):
    with pytest.raises(ValueError, match=rf"{name}\(x: float64 \(2,\).*kind='bubble'.*sort kind must be one of"):
        getattr(ag, name)(ag.tensor([3.0, 1.0]), kind="bubble")


# ---------------------------------------------------------------- several keys


def test_lexsort_takes_tuples_of_tensors_and_arrays_of_keys():
    last, first = np.array([1, 1, 0, 0]), np.array([0.5, 0.25, 3.0, 4.0])
    expected = np.lexsort((first, last))
    recorded = ag.tensor(first, requires_grad=True)
    for keys in ((recorded, last), [recorded, ag.tensor(last)]):
        assert isinstance(lexsort(keys), Tensor)
        np.testing.assert_array_equal(lexsort(keys).numpy(), expected)
    np.testing.assert_array_equal(np.lexsort((recorded, last)).numpy(), expected)
    rows = ag.tensor(np.stack([first, last]), requires_grad=True)
    np.testing.assert_array_equal(lexsort(rows).numpy(), expected)
    np.testing.assert_array_equal(np.lexsort(rows).numpy(), expected)
    np.testing.assert_array_equal(lexsort((first, last)), expected)


def test_lexsort_needs_keys():
    with pytest.raises(TypeError, match="expected a sequence of keys, or an array with keys along its first axis"):
        lexsort(3.0)
    with pytest.raises(TypeError, match="need sequence of keys"):
        lexsort(())
    with pytest.raises(ValueError, match="lexsort"):
        lexsort(([1, 2], [1, 2, 3]))


# ---------------------------------------------------------------- permutations and places


@FEW
@given(TIED, st.data())
def test_restored_is_the_inverse_of_permuted(x, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    order = np.random.default_rng(0).permuted(
        np.broadcast_to(np.arange(x.shape[axis]), np.moveaxis(x, axis, -1).shape), axis=-1
    )
    order = np.moveaxis(order, -1, axis)
    np.testing.assert_array_equal(restored(permuted(x, order, axis=axis), order, axis=axis), x)


def test_sums_at_adds_up_what_goes_to_one_place():
    out = sums_at(np.array([1.0, 2.0, 4.0], np.float32), np.array([3, 0, 3]), shape=(2, 2))
    np.testing.assert_array_equal(out, [[2, 0], [0, 5]])
    assert out.dtype == np.float32
    assert sums_at(1.5, np.array([0]), shape=()) == 1.5


def test_a_loss_with_sorts_inside_has_a_second_derivative():
    x = np.random.default_rng(0).permutation(6) + 0.3
    assert gradcheck(lambda t: np.sum(sort(t * t) ** 2 * np.arange(6)) + np.sum(partition(np.sin(t), 2) ** 3), x, order=2)
