"""Sliding windows: the overlap-add that is their gradient, memory, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

import autograd as ag
from autograd.engine import grad_of
from autograd.tensors import Tensor

PROPERTY = settings(max_examples=25, derandomize=True, deadline=None)


def recorded(*shape, dtype=float):
    x = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape).astype(dtype)
    return x, Tensor(x, requires_grad=True)


@PROPERTY
@given(st.lists(st.integers(1, 6), min_size=1, max_size=3), st.data())
def test_the_gradient_adds_windows_up_where_they_were_read(shape, data):
    """Also where one axis is named several times; the numbers of the elements in the windows say where."""
    left = list(shape)
    axes, lengths = [], []
    for _ in range(data.draw(st.integers(0, 3))):
        axis = data.draw(st.integers(0, len(shape) - 1))
        axes.append(axis)
        lengths.append(data.draw(st.integers(0, left[axis])))
        left[axis] -= lengths[-1] - 1
    x, t = recorded(*shape)
    y = sliding_window_view(t, tuple(lengths), tuple(axes))
    np.testing.assert_array_equal(y.numpy(), sliding_window_view(x, tuple(lengths), tuple(axes)))
    weights = np.arange(1.0, y.size + 1).reshape(y.shape)
    numbers = sliding_window_view(np.arange(x.size).reshape(x.shape), tuple(lengths), tuple(axes))
    expected = np.bincount(numbers.ravel(), weights.ravel(), minlength=x.size).reshape(x.shape)
    np.testing.assert_array_equal(grad_of(y, t, weights).numpy(), expected)


def test_a_convolution_by_windows_has_second_derivatives():
    def f(signal, kernel):
        return np.sum((sliding_window_view(signal, 3) @ kernel) ** 2)

    report = ag.gradcheck(f, [np.linspace(-1, 1, 7), np.array([0.5, -1.0, 2.0])], order=2)
    assert report, str(report)


def test_windows_are_views_that_see_writes_and_take_none():
    x, t = recorded(4)
    assert np.shares_memory(ag.sliding_window_view(x, 2), x)
    for base in (Tensor(x), t * 1):
        windows = sliding_window_view(base, 2)
        assert np.shares_memory(windows, base)
        base[1] = 9.0
        np.testing.assert_array_equal(windows.numpy(), [[1, 9], [9, 3], [3, 4]])
        with pytest.raises(ValueError, match="read-only"):
            windows[0, 0] = 1.0


def test_only_views_of_arrays_are_writeable():
    x, t = recorded(4)
    windows = ag.sliding_window_view(x, 2, writeable=True)
    windows[0, 1] = 7.0
    assert x[1] == 7.0
    with pytest.raises(ValueError, match="sliding_window_view: expected writeable=False for a tensor, since windows overlap"):
        sliding_window_view(t, 2, writeable=True)


@pytest.mark.parametrize(
    ("window", "axis", "message"),
    [
        (
            2,
            None,
            r"expected a length of the window for each of 2 axes, received window_shape=\(2,\); name the axes with axis=",
        ),
        ((2, 2), 0, r"expected a length of the window for each of 1 axes, received window_shape=\(2, 2\)"),
        ((3, 1), None, "window shape cannot be larger than input array shape"),
        ((-1, 1), None, "cannot contain negative values"),
    ],
)
def test_windows_that_are_refused(window, axis, message):
    for x in recorded(2, 3):
        with pytest.raises(ValueError, match=f"sliding_window_view.*{message}"):
            ag.sliding_window_view(x, window, axis)
