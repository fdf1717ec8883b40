"""Reading at indices: modes, kinds of indices, gradients of what is read several times, messages."""

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


@PROPERTY
@given(st.lists(st.integers(-9, 9), max_size=5), st.sampled_from(["wrap", "clip"]), st.sampled_from([None, 0, 1, -1]))
def test_take_in_each_mode(indices, mode, axis):
    x, t = recorded(2, 3)
    for form in (np.array(indices, int), Tensor(np.array(indices, int)), indices):
        y = np.take(t, form, axis, mode=mode)
        expected = np.take(x, np.array(indices, int), axis, mode=mode)
        np.testing.assert_array_equal(y.numpy(), expected)
        counts = [np.sum(expected == each) for each in x.ravel()]
        np.testing.assert_array_equal(grad_of(y.sum(), t).numpy(), np.reshape(counts, x.shape))


@pytest.mark.parametrize("indices", [True, [True, False, True], [1.0, 0.0], np.uint8([2, 1]), 2, [[0], [1]]])
def test_take_reads_truths_and_floats_as_numbers(indices):
    x, t = recorded(3)
    expected = np.take(x, indices)
    np.testing.assert_array_equal(ag.take(t, indices).numpy(), expected)
    if np.asarray(indices).dtype.kind != "f":
        np.testing.assert_array_equal(np.take(t, Tensor(indices)).numpy(), expected)


def test_take_from_a_number():
    t = Tensor(5.0, requires_grad=True)
    for axis in (None, 0, -1):
        assert grad_of(np.take(t, [0, 0], axis).sum(), t).item() == 2.0
    with pytest.raises(np.exceptions.AxisError):
        np.take(t, 0, 1)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_take_along_axis_broadcasts(axis):
    x, t = recorded(2, 3)
    indices = np.array([[1], [0]]) if axis else np.array([[0, 1, 0]])
    for form in (indices, Tensor(indices), indices.tolist()):
        y = ag.take_along_axis(t, form, axis)
        np.testing.assert_array_equal(y.numpy(), np.take_along_axis(x, indices, axis))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: ag.take(x, 5), IndexError, "getitem.*index 5 is out of bounds"),
        (
            lambda x: ag.take(x, Tensor([0.5])),
            IndexError,
            "take: expected integers .*, received a tensor of dtype float64",
        ),
        (
            lambda x: ag.take(x, 0, mode="mirror"),
            ValueError,
            "take: expected mode 'raise', .* received 'mirror'",
        ),
        (
            lambda x: ag.take(x[:0], [0], mode="wrap"),
            IndexError,
            "take: expected no indices, .* received 1",
        ),
        (
            lambda x: ag.take_along_axis(x, [[0]]),
            ValueError,
            r"as many axes of indices as of x, .* \(1, 1\) and \(3,\)",
        ),
        (lambda x: ag.take_along_axis(x, [[0]], None), ValueError, r"without an axis, expected indices with one axis"),
        (
            lambda x: ag.take_along_axis(x, [True]),
            IndexError,
            "take_along_axis: expected integers .* dtype bool",
        ),
    ],
)
def test_what_is_refused(call, error, message):
    for x in recorded(3):
        with pytest.raises(error, match=message):
            call(x)


def test_an_infinite_gradient_of_what_was_overwritten_is_left_out():
    """Of two values written to one place the first has the gradient 0, and not 0 times infinity."""
    v = Tensor([1.0, 0.0], requires_grad=True)
    y = Tensor([3.0], requires_grad=True) * 1
    y[[0, 0]] = v
    with np.errstate(divide="ignore"):
        g = grad_of(np.sqrt(y).sum(), v).numpy()
    np.testing.assert_array_equal(g, [0, np.inf])


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64])
@pytest.mark.parametrize("columns", [(), (2,), (2, 3), (0,)])
def test_rows_that_are_read_several_times_add_up(dtype, columns):
    x = Tensor(np.arange(200.0 * int(np.prod(columns))).reshape(200, *columns), requires_grad=True)
    rows = np.array([[0, 5, 5], [127, 0, 0]], dtype)
    weights = np.arange(1.0, 7.0).reshape(2, 3)
    (x[rows] * weights.reshape(2, 3, *[1] * len(columns))).sum().backward()
    expected = np.zeros(x.shape)
    for row, weight in zip(rows.reshape(-1), weights.reshape(-1), strict=True):
        expected[row] += weight
    np.testing.assert_array_equal(x.grad.numpy(), expected)
    y = Tensor(np.arange(4.0).reshape(2, 2), requires_grad=True)
    y[[-1, 1, 0]].sum().backward()
    assert y.grad.tolist() == [[1.0, 1.0], [2.0, 2.0]]
