"""Frequencies and the order of the bins."""

import numpy as np
import pytest

import autograd as ag
from autograd.tensors import Tensor


@pytest.mark.parametrize("n", [1, 2, 5, 8])
def test_frequencies_are_those_of_numpy(n):
    for name in ("fftfreq", "rfftfreq"):
        for d in (1.0, 0.25, 3):
            found = getattr(ag.fft, name)(n, d)
            assert isinstance(found, Tensor)
            np.testing.assert_array_equal(found.numpy(), getattr(np.fft, name)(n, d))
            assert found.dtype == np.float64
        assert getattr(ag.fft, name)(np.int32(n), dtype=np.float32, device="cpu").dtype == np.float32


def test_frequencies_of_a_recorded_distance_are_recorded():
    d = Tensor(0.5, requires_grad=True)
    f = ag.fft.fftfreq(4, d)
    np.testing.assert_array_equal(f.numpy(), [0, 0.5, -1, -0.5])
    (f * np.array([1.0, 2.0, 3.0, 4.0])).sum().backward()
    np.testing.assert_allclose(d.grad.numpy(), -(0.5 * 2 - 1 * 3 - 0.5 * 4) / 0.5)


def test_frequencies_can_ask_for_gradients():
    f = ag.fft.rfftfreq(5, requires_grad=True, name="f")
    assert f.requires_grad
    assert f.name == "f"
    (f * f).sum().backward()
    np.testing.assert_allclose(f.grad.numpy(), 2 * f.numpy())


@pytest.mark.parametrize("shape", [(5,), (4,), (3, 4), (2, 3, 5)])
def test_shifts_undo_each_other_and_their_gradients_do_too(shape):
    x = np.arange(1.0, np.prod(shape) + 1).reshape(shape)
    for axes in (None, 0, -1, (0,), tuple(range(len(shape)))):
        t = Tensor(x, requires_grad=True)
        out = ag.fft.fftshift(t, axes)
        np.testing.assert_array_equal(out.numpy(), np.fft.fftshift(x, axes))
        np.testing.assert_array_equal(ag.fft.ifftshift(out, axes).numpy(), x)
        out.backward(np.fft.fftshift(x, axes))
        np.testing.assert_array_equal(t.grad.numpy(), x)


def test_messages():
    with pytest.raises(ValueError, match="fftfreq: expected a whole number of points n, received 3.5"):
        ag.fft.fftfreq(3.5)
    with pytest.raises(ZeroDivisionError, match=r"rfftfreq: frequencies are multiples of 1 / \(n d\); received n=4, d=0.0"):
        ag.fft.rfftfreq(4, 0.0)
    with pytest.raises(ValueError, match=r"fftshift: expected at least one axis to shift along, received shape \(\)"):
        ag.fft.fftshift(1.0)
