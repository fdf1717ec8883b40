"""Repeating, padding and rolling: gradients of copies and margins, memory, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.engine import grad_of
from autograd.ops import repetition
from autograd.tensors import Tensor


def recorded(*shape, dtype=float):
    x = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape).astype(dtype)
    return x, Tensor(x, requires_grad=True)


def gradient(y, x, cotangent):
    return grad_of(y, x, cotangent).numpy()


# ---------------------------------------------------------------- repeating and padding


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


def test_padding_with_a_constant_does_not_reach_the_gradient():
    _, t = recorded(2, 2)
    y = repetition.pad(t, ((1, 0), (0, 2)), constant_values=np.nan)
    v = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(gradient(y, t, v), [[4, 5], [8, 9]])


@pytest.mark.parametrize(
    ("mode", "expected"), [("edge", [6, 2, 15]), ("reflect", [9, 9, 5]), ("symmetric", [5, 9, 9]), ("wrap", [8, 9, 6])]
)
def test_a_margin_gives_its_gradient_to_where_it_came_from(mode, expected):
    x, t = recorded(3)
    y = repetition.pad(t, 2, mode)
    np.testing.assert_array_equal(y.numpy(), np.pad(x, 2, mode))
    np.testing.assert_array_equal(gradient(y, t, np.array([1.0, 2.0, 3.0, 2.0, 4.0, 5.0, 6.0])), expected)


def test_a_margin_of_no_width_is_a_copy():
    x = np.ones(3)
    for mode in ("constant", "edge"):
        assert not np.shares_memory(repetition.pad(x, 0, mode), x)


@pytest.mark.parametrize(
    ("width", "keywords", "error", "message"),
    [
        (-1, {}, ValueError, "pad: expected widths of at least 0, received pad_width=-1"),
        (1.5, {}, TypeError, "pad: expected whole numbers as pad_width, received 1.5"),
        (
            ((1, 2), (1, 2)),
            {},
            ValueError,
            r"pad: expected pad_width as one width, .* received \(\(1, 2\), \(1, 2\)\) for 1 axes",
        ),
        (
            1,
            {"mode": "mean"},
            ValueError,
            "pad: expected mode 'constant', 'edge', 'reflect', 'symmetric', 'wrap', received 'mean'",
        ),
        (1, {"mode": "edge", "constant_values": 1}, ValueError, "pad: constant_values belong to mode 'constant', received"),
    ],
)
def test_padding_that_is_refused(width, keywords, error, message):
    for x in recorded(3):
        with pytest.raises(error, match=message):
            repetition.pad(x, width, **keywords)


def test_padding_with_a_recorded_tensor_is_refused():
    value = Tensor(1.0, requires_grad=True)
    with pytest.raises(TypeError, match=r"\.detach\(\)"):
        repetition.pad(np.ones(3), 1, constant_values=value)


# ---------------------------------------------------------------- rolling


@given(st.lists(st.tuples(st.integers(-7, 7), st.integers(-2, 1)), max_size=4))
def test_roll_adds_up_shifts_of_one_axis(pairs):
    x, t = recorded(3, 4)
    shift, axis = tuple(s for s, _ in pairs), tuple(a for _, a in pairs)
    y = repetition.roll(t, shift, axis)
    np.testing.assert_array_equal(y.numpy(), np.roll(x, shift, axis))
    np.testing.assert_array_equal(gradient(y, t, y.numpy()), x)
