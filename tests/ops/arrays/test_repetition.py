"""Repeating and rolling: gradients of copies, memory, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.engine import grad_of
from autograd.ops.arrays import repetition
from autograd.tensors import Tensor

PROPERTY = settings(max_examples=25, derandomize=True, deadline=None)


def recorded(*shape, dtype=float):
    x = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape).astype(dtype)
    return x, Tensor(x, requires_grad=True)


def gradient(y, x, cotangent):
    return grad_of(y, x, cotangent).numpy()


# ---------------------------------------------------------------- repeating


@PROPERTY
@given(st.lists(st.integers(0, 3), max_size=4), st.lists(st.integers(1, 3), max_size=3))
def test_tile_sums_over_its_copies(reps, shape):
    x, t = recorded(*shape)
    y = repetition.tile(t, reps)
    np.testing.assert_array_equal(y.numpy(), np.tile(x, reps))
    np.testing.assert_array_equal(gradient(y, t, y.numpy()), x * np.prod(reps))


def test_tile_of_one_copy_has_memory_of_its_own():
    x = np.ones(3)
    assert not np.shares_memory(repetition.tile(x, 1), x)


def test_repeat_sums_over_its_repetitions():
    _, t = recorded(2, 2)
    np.testing.assert_array_equal(gradient(t.repeat(3, axis=1), t, np.arange(12.0).reshape(2, 6)), [[3, 12], [21, 30]])
    np.testing.assert_array_equal(gradient(repetition.repeat(t, [2, 0, 1, 1]), t, np.arange(1.0, 5.0)), [[3, 0], [3, 4]])


@PROPERTY
@given(st.lists(st.integers(0, 3), min_size=1, max_size=2), st.lists(st.integers(0, 4), max_size=3))
def test_resize_sums_over_its_repetitions(shape, new_shape):
    x, t = recorded(*shape)
    y = np.resize(t, new_shape)
    expected = np.resize(x, new_shape)
    np.testing.assert_array_equal(y.numpy(), expected)
    if x.size:
        g = gradient(y, t, np.ones(expected.shape)) if y.requires_grad else np.zeros(x.shape)
        np.testing.assert_array_equal(g.ravel(), np.bincount(np.resize(np.arange(x.size), expected.size), minlength=x.size))


def test_resize_has_memory_of_its_own():
    x = np.ones(4)
    assert not np.shares_memory(repetition.resize(x, (2, 2)), x)


def test_resize_to_a_negative_length_is_refused():
    with pytest.raises(ValueError, match=r"resize: expected lengths of at least 0, received \(2, -1\); reshape works out"):
        repetition.resize(np.ones(4), (2, -1))


# ---------------------------------------------------------------- rolling


@PROPERTY
@given(st.lists(st.tuples(st.integers(-7, 7), st.integers(-2, 1)), max_size=4))
def test_roll_adds_up_shifts_of_one_axis(pairs):
    x, t = recorded(3, 4)
    shift, axis = tuple(s for s, _ in pairs), tuple(a for _, a in pairs)
    y = repetition.roll(t, shift, axis)
    np.testing.assert_array_equal(y.numpy(), np.roll(x, shift, axis))
    np.testing.assert_array_equal(gradient(y, t, y.numpy()), x)
