"""Subsets: short and long conditions, all axes, boxes without zeros, views."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import autograd as ag
from autograd.engine import grad_of
from autograd.ops.ordering.subsets import compress, extract, trim_zeros
from autograd.tensors import Tensor

FEW = settings(max_examples=25, derandomize=True, deadline=None)
SPARSE = arrays.arrays(
    np.float64,
    arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    elements=st.sampled_from([0.0, 0.0, 1.5, np.nan]),
)


def leaf(x):
    return Tensor(x, requires_grad=True)


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("condition", [[True, False, True], [0, 2], [False], [], [True, True, False, False, False]])
def test_compress(axis, condition):
    x = np.arange(1.0, 10.0).reshape(3, 3)
    expected = np.compress(condition, x, axis)
    t = leaf(x)
    for out in (compress(condition, t, axis), np.compress(np.array(condition), t, axis)):
        np.testing.assert_array_equal(out.numpy(), expected)
    np.testing.assert_array_equal(compress(condition, x, axis), expected)
    found = grad_of(out, t, expected).numpy()
    np.testing.assert_array_equal(found, np.where(np.isin(x, expected), x, 0))


def test_a_condition_may_be_recorded():
    x, condition = leaf([3.0, 0.0, 2.0]), leaf([1.0, 0.0, 1.0])
    for out in (compress(condition, x), extract(condition, x), compress(x, x), extract(x, x)):
        assert out.tolist() == [3.0, 2.0]
        assert out.requires_grad


def test_compress_says_what_is_wrong():
    with pytest.raises(ValueError, match=r"compress: expected a condition with one axis, received shape \(1, 2\)"):
        compress([[True, False]], leaf([1.0, 2.0]))
    with pytest.raises(IndexError, match="out of bounds"):
        compress([False, False, True], leaf([1.0, 2.0]))
    with pytest.raises(np.exceptions.AxisError):
        compress([True], leaf([1.0, 2.0]), axis=1)


def test_extract_reads_both_in_order():
    x, condition = leaf([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([[0, 1], [1, 0]])
    out = extract(condition, x)
    assert out.tolist() == [2.0, 3.0]
    assert grad_of(out, x, [1.0, 10.0]).tolist() == [[0, 1, 10], [0, 0, 0]]
    assert extract(True, 5.0).tolist() == np.extract(True, 5.0).tolist() == [5.0]
    with pytest.raises(IndexError, match="out of bounds"):
        extract([0, 0, 1], leaf([1.0, 2.0]))


@FEW
@given(SPARSE, st.sampled_from(["fb", "bf", "f", "b", "B"]), st.data())
def test_trim_zeros(x, trim, data):
    axis = data.draw(st.sampled_from([None, (), *range(-x.ndim, x.ndim)]))
    expected = np.trim_zeros(x, trim, axis)
    np.testing.assert_array_equal(trim_zeros(x, trim, axis), expected)
    t = leaf(x)
    out = trim_zeros(t, trim, axis)
    np.testing.assert_array_equal(out.numpy(), expected)
    np.testing.assert_array_equal(np.trim_zeros(t, trim, axis).numpy(), expected)
    found = grad_of(out, t, np.ones(expected.shape)).numpy()
    assert found.sum() == expected.size
    if axis is None:
        np.testing.assert_array_equal(x[found == 0], 0)  # all that was cut off


def test_the_box_without_zeros_receives_the_gradient():
    x = leaf([[0.0, 0.0, 0.0, 0.0], [0.0, 1.5, 0.0, 0.0], [0.0, 0.0, 2.0, 0.0]])
    out = trim_zeros(x)
    assert grad_of(out, x, [[1.0, 2.0], [3.0, 4.0]]).tolist() == [[0, 0, 0, 0], [0, 1, 2, 0], [0, 3, 4, 0]]


def test_a_trimmed_tensor_is_a_view_and_a_list_comes_out_as_an_array():
    x = ag.tensor([0.0, 1.0, 2.0, 0.0])
    trim_zeros(x)[0] = 5.0
    assert x.tolist() == [0.0, 5.0, 2.0, 0.0]
    assert isinstance(trim_zeros([0.0, 1.0, 0.0]), np.ndarray)


def test_trim_zeros_says_where_it_can_cut():
    with pytest.raises(ValueError, match=r"trim_zeros: expected trim 'f' \(front\), 'b' \(back\) or 'fb', received 'x'"):
        trim_zeros([0.0, 1.0], "x")
    with pytest.raises(np.exceptions.AxisError):
        trim_zeros(leaf([0.0, 1.0]), axis=1)
    with pytest.raises(ValueError, match="repeated axis"):
        trim_zeros(leaf([0.0, 1.0]), axis=(0, 0))
