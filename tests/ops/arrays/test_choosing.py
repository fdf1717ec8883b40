"""Choosing: dtypes, order of precedence, infinities in what is not chosen, functions of regions, messages."""

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


# ---------------------------------------------------------------- select


@PROPERTY
@given(st.lists(st.integers(0, 15), min_size=1, max_size=3))
def test_the_first_condition_that_holds_counts(bits):
    conditions = [np.array([bool(each >> i & 1) for i in range(4)]) for each in bits]
    choices = [np.arange(4.0) + 10 * i for i, _ in enumerate(bits, 1)]
    tensors = [Tensor(each, requires_grad=True) for each in choices]
    y = np.select(conditions, tensors, -1.0)
    np.testing.assert_array_equal(y.numpy(), np.select(conditions, choices, -1.0))
    for i, g in enumerate(grad_of(y.sum(), tensors)):
        np.testing.assert_array_equal(g.numpy(), np.select(conditions, [float(i == j) for j, _ in enumerate(bits)], 0.0))


CHOICES = [
    ([np.float32([1, 2]), 1.5], 0),
    ([np.float32([1, 2]), 1], 2.5),
    ([1, 2], 0),
    ([1, 2.5], 0),
    ([1, 2], np.float32(3)),
    ([np.int8([1, 2]), np.uint8([1, 2])], 0),
    ([1j, 2.0], np.float32(0)),
    ([[1, 2], np.ones(2)], True),
]


@pytest.mark.parametrize(("choices", "default"), CHOICES)
def test_the_dtype_is_that_of_all_choices_together(choices, default):
    conditions = [np.array([True, False]), np.array([True, True])]
    expected = np.select(conditions, choices, default)
    for form in (conditions, [Tensor(each) for each in conditions]):
        y = ag.select(form, choices, default)
        values = y.numpy() if isinstance(y, Tensor) else y
        assert (values.dtype, type(values)) == (expected.dtype, np.ndarray)
        np.testing.assert_array_equal(values, expected)


def test_the_default_has_a_gradient():
    _, t = recorded(2)
    y = ag.select([np.array([True, False])], [np.ones(2)], default=t)
    np.testing.assert_array_equal(grad_of(y.sum(), t).numpy(), [0, 1])


@pytest.mark.parametrize(
    "choice",
    [lambda x, y: np.select([[True, False]], [x], y), lambda x, y: np.choose([0, 1], [x, y])],
    ids=["select", "choose"],
)
def test_what_is_not_chosen_may_be_infinite_and_so_may_the_cotangent(choice):
    x, y = Tensor([1.0, np.nan], requires_grad=True), Tensor([np.inf, 2.0], requires_grad=True)
    chosen = choice(x, y)
    np.testing.assert_array_equal(chosen.numpy(), [1, 2])
    to_x, to_y = grad_of(chosen, [x, y], np.array([np.inf, -np.inf]))
    assert (to_x.tolist(), to_y.tolist()) == ([np.inf, 0], [0, -np.inf])


@pytest.mark.parametrize(
    ("conditions", "choices", "error", "message"),
    [
        ([], [], ValueError, "select: expected at least one condition, received none"),
        ([[True]], [1.0, 2.0], ValueError, "select: expected as many choices as conditions, received 2 and 1"),
        ([[1]], [1.0], TypeError, "select: expected truth values as conditions, received int64 as number 0"),
        ([[True]], [np.array("a")], TypeError, "select: expected choices and a default that have a dtype together"),
    ],
)
def test_selections_that_are_refused(conditions, choices, error, message):
    with pytest.raises(error):
        np.select(conditions, choices)
    with pytest.raises(error, match=message):
        ag.select(conditions, choices)


# ---------------------------------------------------------------- choose


@PROPERTY
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=5), st.sampled_from(["wrap", "clip"]), st.integers(1, 4))
def test_chosen_by_number(numbers, mode, count):
    x, t = recorded(count, len(numbers))
    y = np.choose(numbers, t, mode=mode)
    np.testing.assert_array_equal(y.numpy(), np.choose(numbers, x, mode=mode))
    inside = np.clip(numbers, 0, count - 1) if mode == "clip" else np.array(numbers) % count
    np.testing.assert_array_equal(grad_of(y.sum(), t).numpy(), np.arange(count)[:, None] == inside)


def test_choices_broadcast_and_their_gradients_are_summed():
    choices = [np.array([[1.0], [2.0]]), np.arange(3.0), np.array(9.0)]
    tensors = [Tensor(each, requires_grad=True) for each in choices]
    numbers = np.array([[0, 1, 2], [2, 2, 0]])
    y = np.choose(Tensor(numbers), tensors)
    np.testing.assert_array_equal(y.numpy(), np.choose(numbers, choices))
    first, second, third = grad_of(y.sum(), tensors)
    assert (first.tolist(), second.tolist(), third.tolist()) == ([[1.0], [1.0]], [0.0, 1.0, 0.0], 3.0)


@pytest.mark.parametrize(
    ("numbers", "choices", "keywords", "error", "message"),
    [
        ([0, 2], [[1.0, 2.0], 3.0], {}, ValueError, "choose.*invalid entry in choice array"),
        ([0.0], [[1.0]], {}, TypeError, "choose: expected integers to choose by, received dtype float64"),
        ([0], [], {}, ValueError, "choose: expected at least one choice, received none"),
        ([0], [[1.0]], {"mode": "mirror"}, ValueError, "choose: expected mode 'raise', 'wrap' or 'clip', received 'mirror'"),
    ],
)
def test_numbers_that_are_refused(numbers, choices, keywords, error, message):
    with pytest.raises(error):
        np.choose(numbers, choices, **keywords)
    with pytest.raises(error, match=message):
        ag.choose(numbers, choices, **keywords)


# ---------------------------------------------------------------- piecewise

CONDITIONS = [
    lambda x: x < 3,
    lambda x: [x < 3],
    lambda x: [x < 3, x > 1],
    lambda x: (x < 3, x > 4),
    lambda x: np.stack([x < 3, x > 4]),
    lambda x: [True, False, True, False, True],
]


@pytest.mark.parametrize("conditions", CONDITIONS)
@pytest.mark.parametrize("otherwise", [True, False])
def test_pieces_are_numpys(conditions, otherwise):
    x, t = recorded(5)
    given_ = conditions(x)
    count = len(given_) if np.ndim(given_) == 2 else 1
    pieces = [lambda v, k, power: k * v**power, np.exp][:count] + [-7.0] * otherwise
    pieces = [(lambda v, k, power, f=each: f(v)) if each is np.exp else each for each in pieces]
    y = np.piecewise(t, conditions(t), pieces, 2.0, power=3)
    np.testing.assert_array_equal(y.numpy(), np.piecewise(x, given_, pieces, 2.0, power=3))
    report = ag.gradcheck(lambda t: np.piecewise(t, given_, pieces, 2.0, power=3), [x], order=2)
    assert report, str(report)


def test_parameters_of_the_pieces_have_gradients():
    def f(x, k):
        return ag.piecewise(x, [x < 0, x >= 0], [lambda v, k: v * k, k * k], k)

    report = ag.gradcheck(f, [np.array([-2.0, 1.0, -0.5]), np.array(1.5)], order=2)
    assert report, str(report)
    y = ag.piecewise(np.array([-1.0, 1.0]), [[True, False]], [Tensor(2.0, requires_grad=True), 0.0])
    assert y.requires_grad


def test_a_number_is_a_piece_of_its_own():
    y = ag.piecewise(3.0, [True], [np.square])
    assert (type(y), y.shape, float(y)) == (np.ndarray, (), 9.0)
    t = Tensor(3.0, requires_grad=True)
    for condition in (True, [True], t > 1):
        assert grad_of(np.piecewise(t, condition, [np.square, 5.0]), t).item() == 6.0


def test_pieces_that_are_never_called():
    def fails(v):
        raise AssertionError

    _, t = recorded(3)
    assert np.piecewise(t, [t > 9], [fails, 1.0]).tolist() == [1.0, 1.0, 1.0]


def test_pieces_that_are_refused():
    _, t = recorded(3)
    with pytest.raises(ValueError, match="piecewise: expected 1 or 2 functions for 1 conditions, received 3"):
        np.piecewise(t, [t > 1], [1.0, 2.0, 3.0])
    with pytest.raises(TypeError, match="dtype of x, int64, in which the gradient of a recorded piece .*lost; make x floating"):
        ag.piecewise(np.arange(3), [np.arange(3) > 1], [t[0]])
