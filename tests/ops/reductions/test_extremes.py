"""Extremes: ties, infinities and NaN, the first of several, nothing."""

import numpy as np
import pytest

from autograd.engine import grad_of
from autograd.ops.reductions import extremes
from autograd.ops.reductions.extremes import argmax, argmin, max, min, ptp
from autograd.tensors import Tensor


def leaf(x):
    return Tensor(x, requires_grad=True)


def gradient(f, x, cotangent=None):
    x = leaf(x)
    return grad_of(f(x), x, cotangent).numpy()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("max", r"max\(x: float64 \(2, 0\).*zero-size array to reduction operation maximum"),
        ("min", r"min\(x: float64 \(2, 0\).*zero-size array to reduction operation minimum"),
        ("ptp", r"max\(x: float64 \(2, 0\).*zero-size array to reduction operation maximum"),
        ("argmax", r"argmax\(x: float64 \(2, 0\).*attempt to get argmax of an empty sequence"),
        ("argmin", r"argmin\(x: float64 \(2, 0\).*attempt to get argmin of an empty sequence"),
    ],
)
def test_nothing_has_no_extreme(name, message):
    for x in (np.zeros((2, 0)), leaf(np.zeros((2, 0)))):
        with pytest.raises(ValueError, match=message):
            getattr(extremes, name)(x, axis=1)
    assert getattr(extremes, name)(np.zeros((2, 0)), axis=0).shape == (0,)


@pytest.mark.parametrize(
    ("f", "values", "expected"),
    [
        (max, [1.0, 5.0, 2.0], [0, 1, 0]),
        (min, [1.0, 5.0, 2.0], [1, 0, 0]),
        (max, [5.0, 1.0, 5.0], [0.5, 0, 0.5]),
        (min, [1.0, 1.0, 1.0, 1.0], [0.25] * 4),
        (max, [-np.inf, -np.inf], [0.5, 0.5]),
        (max, [np.inf, 0.0], [1, 0]),
        (max, [1.0, np.nan, 3.0], [0, 1, 0]),
        (min, [np.nan, np.nan, 3.0], [0.5, 0.5, 0]),
        (ptp, [1.0, 5.0, 5.0], [-1, 0.5, 0.5]),
    ],
)
def test_the_gradient_goes_to_the_extreme_and_is_shared_at_a_tie(f, values, expected):
    np.testing.assert_array_equal(gradient(f, np.array(values)), expected)


def test_ties_are_shared_within_each_slice():
    x = np.array([[1.0, 1.0, 0.0], [2.0, 3.0, 3.0]])
    expected = [[0.5, 0.5, 0], [0, 1, 1]]
    np.testing.assert_array_equal(gradient(lambda t: max(t, axis=1), x, [1.0, 2.0]), expected)
    np.testing.assert_array_equal(gradient(lambda t: max(t, axis=1, keepdims=True), x, [[1.0], [2.0]]), expected)
    np.testing.assert_array_equal(gradient(max, x), [[0, 0, 0], [0, 0.5, 0.5]])


def test_the_second_derivative_of_a_tie():
    x = leaf([2.0, 2.0, 1.0])
    slope = grad_of(max(x * x), x, create_graph=True)
    np.testing.assert_array_equal(slope.numpy(), [2.0, 2.0, 0.0])
    np.testing.assert_array_equal(grad_of(slope, x, [1.0, 0.0, 0.0]).numpy(), [1.0, 0.0, 0.0])


def test_the_other_names_of_numpy():
    x = leaf([[1.0, 4.0], [3.0, 2.0]])
    np.testing.assert_array_equal(np.amax(x, axis=0).numpy(), [3.0, 4.0])
    np.testing.assert_array_equal(np.amin(x, axis=0).numpy(), [1.0, 2.0])
    assert np.amax(x).requires_grad


def test_the_first_of_several_extremes():
    assert argmax([1, 3, 3]) == 1
    assert argmin(Tensor([2.0, 1.0, 1.0])).item() == 1


# ---------------------------------------------------------------- with an initial value, with a mask


@pytest.mark.parametrize(
    ("f", "values", "start", "to_x", "to_start"),
    [
        (max, [1.0, 5.0, 2.0], 3.0, [0, 1, 0], 0),
        (max, [1.0, 5.0, 2.0], 7.0, [0, 0, 0], 1),
        (max, [1.0, 5.0, 5.0], 5.0, [0, 1 / 3, 1 / 3], 1 / 3),
        (min, [1.0, 5.0, 1.0], 1.0, [1 / 3, 0, 1 / 3], 1 / 3),
        (max, [], 1.5, [], 1),
        (max, [1.0, np.nan], 9.0, [0, 1], 0),
        (min, [1.0, 2.0], np.nan, [0, 0], 1),
        (max, [np.nan, 2.0], np.nan, [0.5, 0], 0.5),
        (max, [-np.inf], -np.inf, [0.5], 0.5),
    ],
)
def test_an_initial_value_is_one_more_element(f, values, start, to_x, to_start):
    x, initial = leaf(values), leaf(start)
    gx, gi = grad_of(f(x, initial=initial), [x, initial])
    np.testing.assert_array_equal(gx.numpy(), to_x)
    assert gi.item() == to_start


def test_an_initial_value_is_compared_in_the_dtype_of_the_result():
    x = leaf(np.float32([0.1, 0.05]))
    initial = leaf(0.1)  # more than float32's 0.1, and equal to it in float32
    gx, gi = grad_of(max(x, initial=initial), [x, initial])
    np.testing.assert_array_equal(gx.numpy(), np.float32([0.5, 0]))
    assert gi.item() == 0.5


def test_ties_under_a_mask():
    x = leaf([[3.0, 3.0, 3.0], [1.0, 2.0, 2.0]])
    out = max(x, axis=1, where=[[True, False, True], [True, False, False]], initial=0.0)
    np.testing.assert_array_equal(grad_of(out, x, [1.0, 10.0]).numpy(), [[0.5, 0, 0.5], [10, 0, 0]])


@pytest.mark.parametrize("f", [max, min])
def test_a_mask_needs_an_initial_value(f):
    with pytest.raises(ValueError, match=rf"{f.__name__}_from\(x: float64.*to use a where mask one has to specify 'initial'"):
        f(leaf([1.0, 2.0]), where=[True, False])


def test_complex_extremes_have_the_order_of_numpy():
    x = leaf([1 + 2j, 1 + 3j, 0 + 9j])
    np.testing.assert_array_equal(grad_of(max(x, initial=1 + 2.5j), x, 1j).numpy(), [0, 1j, 0])
    np.testing.assert_array_equal(grad_of(max(x, initial=2.0), x, 1j).numpy(), [0, 0, 0])
