"""Fourier transforms along several axes: transposes, axes in any order and twice, deprecated arguments, messages."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.engine import grad_of
from autograd.tensors import Tensor

FEW = settings(max_examples=25, deadline=None, derandomize=True)


def inner(a, b):
    """The real inner product of two arrays, of their real and imaginary parts."""
    return np.sum(np.real(np.conjugate(a) * b))


def numbers(rng, shape, of_complex):
    return rng.normal(size=shape) + (1j * rng.normal(size=shape) if of_complex else 0)


@FEW
@given(
    st.sampled_from(["fftn", "ifftn", "rfftn", "irfftn"]),
    st.lists(st.integers(1, 4), min_size=2, max_size=4),
    st.data(),
    st.sampled_from(["backward", "ortho", "forward"]),
)
def test_the_gradient_is_the_transpose(name, shape, data, norm):
    """``<f(x), v> = <x, f^T(v)>``, for any axes in any order and any lengths."""
    axes = data.draw(st.permutations(range(len(shape))))[: data.draw(st.integers(1, len(shape)))]
    s = [data.draw(st.integers(1, 5)) for _ in axes]
    rng = np.random.default_rng(len(shape))
    of_complex = name != "rfftn"
    x = numbers(rng, shape, of_complex)
    t = Tensor(x, requires_grad=True)
    out = getattr(np.fft, name)(t, s, axes, norm)
    np.testing.assert_array_equal(out.numpy(), getattr(np.fft, name)(x, s, axes, norm))
    v = numbers(rng, out.shape, out.dtype.kind == "c")
    found = grad_of(out, t, v).numpy()
    np.testing.assert_allclose(inner(x, found), inner(out.numpy(), v), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", ["fftn", "ifftn", "rfftn", "irfftn"])
def test_an_axis_may_come_twice(name):
    x = np.random.default_rng(0).normal(size=(4, 4))
    for axes, s in (((0, 0), (3, 6)), ((1, 0, 1), (5, 2, 4))):
        t = Tensor(x, requires_grad=True)
        out = getattr(ag.fft, name)(t, s, axes)
        np.testing.assert_array_equal(out.numpy(), getattr(np.fft, name)(x, s, axes))
        v = np.cos(np.arange(out.size)).reshape(out.shape)
        np.testing.assert_allclose(inner(x, grad_of(out, t, v).numpy()), inner(out.numpy(), v), rtol=1e-12)


def test_no_axes_leave_a_complex_transform_as_it_is():
    x = np.array([1.0, 2.0])
    assert ag.fft.fftn(x, axes=()) is x
    np.testing.assert_array_equal(ag.fft.fftn(3.0), np.fft.fftn(3.0))
    t = Tensor(x, requires_grad=True)
    np.testing.assert_array_equal(grad_of(ag.fft.ifftn(t, axes=()), t, np.array([3.0, 4.0])).numpy(), [3, 4])
    for name in ("rfftn", "irfftn"):
        with pytest.raises(IndexError, match=f"{name}: expected at least one axis"):
            getattr(ag.fft, name)(x, axes=())


@pytest.mark.parametrize("name", ["fftn", "ifftn", "rfftn", "irfftn"])
def test_lengths_that_numpy_deprecates(name):
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    with pytest.warns(DeprecationWarning, match="axes"):
        expected = getattr(np.fft, name)(x, (5, 6))
    with pytest.warns(DeprecationWarning, match=f"{name}: s without axes"):
        np.testing.assert_array_equal(getattr(ag.fft, name)(x, (5, 6)), expected)
    for s in ((None, 6), (5, None), (-1, -1)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            expected = getattr(np.fft, name)(x, s, (1, 2))
        np.testing.assert_array_equal(getattr(ag.fft, name)(x, s, (1, 2)), expected)


def test_messages():
    x = np.zeros((2, 3))
    with pytest.raises(ValueError, match=r"fftn: expected a length in s for each of the 2 axes, received 1"):
        ag.fft.fft2(x, (2,))
    with pytest.raises(ValueError, match=r"fftn: expected at least one point.*received 0 along axis 1"):
        ag.fft.fftn(x, (2, 0), (0, 1))
