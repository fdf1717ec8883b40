"""Functions along axes: views of vectors, dtypes, shapes of results, messages."""

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


FUNCTIONS = [np.sum, np.sin, lambda v: np.outer(v, v), lambda v: v[:1], lambda v: 3.0, np.argmax]


@pytest.mark.parametrize("f", FUNCTIONS)
@PROPERTY
@given(st.lists(st.integers(1, 3), min_size=1, max_size=3), st.integers(0, 2))
def test_each_vector_as_in_numpy(f, shape, axis):
    axis %= len(shape)
    x, t = recorded(*shape)
    expected = np.apply_along_axis(f, axis, x)
    for y in (ag.apply_along_axis(f, axis, x), np.apply_along_axis(f, axis, t)):
        assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
        np.testing.assert_array_equal(y.numpy() if isinstance(y, Tensor) else y, expected)


def test_gradients_flow_through_function_and_arguments():
    def f(x, k):
        return np.apply_along_axis(lambda v, k, power: v**power * k + v.sum(), 1, x, k, power=2)

    report = ag.gradcheck(f, [np.linspace(-1, 1, 12).reshape(2, 3, 2), np.array([0.5, -1.0, 2.0])], order=2)
    assert report, str(report)


def test_the_function_sees_views():
    """What it writes into its vector reaches the array, as in NumPy."""

    def double(v):
        v *= 2
        return v.sum()

    x, t = recorded(2, 3)
    plain, y = Tensor(x), t * 1
    for each in (x, plain, y):
        np.apply_along_axis(double, 0, each)
    np.testing.assert_array_equal(plain.numpy(), x)
    np.testing.assert_array_equal(y.numpy(), x)
    np.testing.assert_array_equal(grad_of(y.sum(), t).numpy(), np.full((2, 3), 2.0))


def test_the_first_result_decides_on_the_dtype():
    x, t = recorded(2)

    def f(v):
        return v[0] if v[0] > 1 else np.float32(v[0].item())

    with pytest.raises(TypeError, match="apply_along_axis: the first result has dtype int64, .* later, recorded one .float64"):
        ag.apply_along_axis(lambda v: v[0] if v[0] > 1 else 1, 0, t[None])
    assert ag.apply_along_axis(f, 0, x[None]).dtype == np.apply_along_axis(f, 0, x[None]).dtype == np.float32


@pytest.mark.parametrize("axes", [0, (0,), [1, -1], np.array([0, 1])])
def test_axis_after_axis(axes):
    x, t = recorded(2, 3, 2)
    for f in (np.sum, np.cumsum):
        expected = np.apply_over_axes(f, x, axes)
        y = np.apply_over_axes(f, t, axes)
        np.testing.assert_array_equal(y.numpy(), expected)
        np.testing.assert_array_equal(ag.apply_over_axes(f, x, axes), expected)
    np.testing.assert_array_equal(grad_of(np.apply_over_axes(np.sum, t, axes).sum(), t).numpy(), np.ones((2, 3, 2)))


def test_what_is_refused():
    _, t = recorded(2, 3, 2)
    with pytest.raises(ValueError, match=r"apply_along_axis: expected at least one vector along axis 0, received"):
        ag.apply_along_axis(np.sum, 0, np.ones((2, 0)))
    with pytest.raises(ValueError, match=r"expected a result with 3 axes, or without axis 1; received shape \(\)"):
        ag.apply_over_axes(lambda v, axis: v.sum(), t, 1)
