"""Padding: every mode against NumPy, gradients of margins and constants, functions that fill them, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.engine import grad_of
from autograd.ops.arrays import padding
from autograd.tensors import Tensor

PROPERTY = settings(max_examples=25, derandomize=True, deadline=None)


def recorded(*shape, dtype=float):
    x = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape).astype(dtype)
    return x, Tensor(x, requires_grad=True)


def gradient(y, x, cotangent):
    return grad_of(y, x, cotangent).numpy()


MODES = [
    ("constant", {}),
    ("constant", {"constant_values": ((1.5, -2.0),)}),
    ("edge", {}),
    ("wrap", {}),
    ("linear_ramp", {}),
    ("linear_ramp", {"end_values": (3.0, -4.0)}),
    *[(mode, {"reflect_type": each}) for mode in ("reflect", "symmetric") for each in ("even", "odd")],
    *[(mode, {"stat_length": each}) for mode in ("maximum", "mean", "median", "minimum") for each in (None, 2, ((1, 7),))],
]


@pytest.mark.parametrize(("mode", "keywords"), MODES)
@PROPERTY
@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.data())
def test_values_are_numpys(mode, keywords, shape, data):
    """Margins of any width, also much wider than what they mirror; integers are rounded as NumPy rounds them."""
    widths = [(data.draw(st.integers(0, 9)), data.draw(st.integers(0, 9))) for _ in shape]
    x = np.random.default_rng(np.prod(shape)).integers(-9, 9, shape)
    for array in (x, x / 8):
        expected = np.pad(array, widths, mode, **keywords)
        actual = np.pad(Tensor(array), widths, mode, **keywords)
        assert actual.dtype == expected.dtype
        np.testing.assert_allclose(actual.numpy(), expected, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("mode", ["maximum", "minimum"])
def test_the_gradient_of_a_margin_goes_to_the_extreme_and_is_shared_at_a_tie(mode):
    t = Tensor([2.0, 2.0, 1.0, 1.0], requires_grad=True)
    y = padding.pad(t, (2, 0), mode)
    share = [1, 1, 0, 0] if mode == "maximum" else [0, 0, 1, 1]
    np.testing.assert_array_equal(gradient(y, t, np.ones(6)), np.ones(4) + share)


def test_a_constant_does_not_reach_the_gradient():
    _, t = recorded(2, 2)
    v = np.arange(12.0).reshape(3, 4)
    y = padding.pad(t, ((1, 0), (0, 2)), constant_values=np.nan)
    np.testing.assert_array_equal(gradient(y, t, v), [[4, 5], [8, 9]])


def test_zeros_keep_the_sign_of_a_zero():
    for value in (0, 1.0):
        y = padding.pad(Tensor([-0.0]), 1, constant_values=value)
        assert np.signbit(y.numpy()[1])


@pytest.mark.parametrize("mode", ["constant", "linear_ramp"])
def test_constants_and_end_values_have_gradients(mode):
    name = {"constant": "constant_values", "linear_ramp": "end_values"}[mode]

    def f(x, pair, one):
        whole = ag.pad(x, 2, mode, **{name: pair})
        part = ag.pad(x, ((1, 2), (0, 1)), mode, **{name: ((one, one * one), (3.0, pair[0]))})
        return np.sum(whole**2) + np.sum(part**3) / 10

    report = ag.gradcheck(f, [np.linspace(-1, 1, 6).reshape(2, 3), np.array([0.5, -0.7]), np.array(1.3)], order=2)
    assert report, str(report)


def test_the_corners_hold_the_constants_of_the_last_axis():
    x = np.zeros((1, 1))
    values = ((1.0, 2.0), (3.0, 4.0))
    expected = [[3, 1, 4], [3, 0, 4], [3, 2, 4]]
    np.testing.assert_array_equal(np.pad(x, 1, constant_values=values), expected)
    c = Tensor(values, requires_grad=True)
    y = padding.pad(x, 1, constant_values=c)
    np.testing.assert_array_equal(y.numpy(), expected)
    np.testing.assert_array_equal(gradient(y, c, np.ones((3, 3))), [[1, 1], [3, 3]])


@pytest.mark.parametrize(
    ("mode", "expected"), [("edge", [6, 2, 15]), ("reflect", [9, 9, 5]), ("symmetric", [5, 9, 9]), ("wrap", [8, 9, 6])]
)
def test_a_margin_gives_its_gradient_to_where_it_came_from(mode, expected):
    x, t = recorded(3)
    y = padding.pad(t, 2, mode)
    np.testing.assert_array_equal(y.numpy(), np.pad(x, 2, mode))
    np.testing.assert_array_equal(gradient(y, t, np.array([1.0, 2.0, 3.0, 2.0, 4.0, 5.0, 6.0])), expected)


def test_an_odd_reflection_continues_a_line():
    _, t = recorded(3)
    y = padding.pad(t, 4, "reflect", reflect_type="odd")
    np.testing.assert_array_equal(y.numpy(), np.arange(-3.0, 8.0))
    first = np.eye(11)[0]  # x[-4] = 2 x[0] - x[4] about 0, and x[4] = 2 x[2] - x[0] about 2
    np.testing.assert_array_equal(gradient(y, t, first), [3, 0, -2])


def test_single_precision_stays_single():
    _, t = recorded(3, dtype=np.float32)
    for mode, keywords in MODES:
        y = padding.pad(t, (2, 3), mode, **keywords)
        assert y.dtype == np.float32, mode
        assert grad_of(y.sum(), t).dtype == np.float32


def test_an_empty_margin_holds_anything():
    x, t = recorded(2, 2)
    y = np.pad(t, 1, "empty")
    assert y.shape == (4, 4)
    np.testing.assert_array_equal(y.numpy()[1:-1, 1:-1], x)
    np.testing.assert_array_equal(gradient(y, t, np.ones((4, 4))), np.ones((2, 2)))


def test_a_margin_of_no_width_is_a_copy():
    x = np.ones(3)
    for mode, keywords in MODES:
        assert not np.shares_memory(padding.pad(x, 0, mode, **keywords), x), mode


def test_widths_by_axis():
    x, t = recorded(2, 3)
    for widths in ({1: (1, 2)}, {-1: 2, 0: (0, 1)}, {}):
        np.testing.assert_array_equal(padding.pad(t, widths, "edge").numpy(), np.pad(x, widths, "edge"))


def mirrored(vector, widths, axis, keywords):
    before, after = widths
    vector[:before] = vector[before] * keywords.get("scale", 1.0)
    if after:
        vector[-after:] = vector[-after - 1] ** 2


def test_a_function_fills_the_margins():
    """It writes into views of views of the padded array, on a recorded tensor too."""
    x, t = recorded(2, 2)
    widths = ((1, 0), (2, 1))
    expected = np.pad(x, widths, mirrored, scale=3.0)
    for each in (x, Tensor(x), t):
        y = padding.pad(each, widths, mirrored, scale=3.0)
        np.testing.assert_array_equal(y.numpy() if isinstance(y, Tensor) else y, expected)
    report = ag.gradcheck(lambda t: ag.pad(t, widths, mirrored, scale=3.0), [x], order=2)
    assert report, str(report)


@pytest.mark.parametrize(
    ("width", "keywords", "error", "message"),
    [
        (-1, {}, ValueError, "pad: expected pad_width of at least 0, received -1"),
        (1.5, {}, TypeError, "pad: expected whole numbers as pad_width, received 1.5"),
        (((1, 2), (1, 2)), {}, ValueError, r"pad: expected pad_width as one number, one pair .* for 1 axes"),
        (1, {"mode": "middle"}, ValueError, "pad: expected as mode a function or one of 'constant', .*; received 'middle'"),
        (1, {"mode": "edge", "constant_values": 1}, ValueError, "mode 'edge' takes no argument, received 'constant_values'"),
        (
            1,
            {"mode": "mean", "end_values": 1},
            ValueError,
            "takes the argument 'stat_length', received 'end_values'",
        ),
        (1, {"constant_values": np.ones((3, 2))}, ValueError, r"constant_values as one value, .* of shape \(3, 2\) for 1 axes"),
        (1, {"mode": "minimum", "stat_length": 0}, ValueError, "pad: expected a stat_length of at least 1 for the modes"),
        (1, {"mode": "reflect", "reflect_type": "even odd"}, ValueError, "pad: expected reflect_type 'even' or 'odd'"),
    ],
)
def test_padding_that_is_refused(width, keywords, error, message):
    for x in recorded(3):
        with pytest.raises(error, match=message):
            padding.pad(x, width, **keywords)


def test_nothing_to_fill_the_margin_with():
    with pytest.raises(ValueError, match="pad: mode 'wrap' has no element to fill axis 1 with, whose length is 0"):
        padding.pad(np.ones((2, 0)), ((1, 1), (0, 1)), "wrap")
    assert padding.pad(np.ones((2, 0)), ((1, 1), (0, 0)), "wrap").shape == (4, 0)


def test_recorded_constants_do_not_go_into_integers():
    with pytest.raises(TypeError, match=r"pad: constant_values are recorded \(float64\), and in an int64 array .*\.detach"):
        padding.pad(np.ones(3, int), 1, constant_values=Tensor(1.0, requires_grad=True))
