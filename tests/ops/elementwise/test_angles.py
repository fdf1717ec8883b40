"""Angles: of complex and real numbers, in both units; NumPy's names for the same conversion."""

import numpy as np
import pytest

import autograd as ag

Z = np.array([1 + 1j, -1 + 1j, -2 - 0.5j, 3 - 1j, 1e200 + 1e200j])


@pytest.mark.parametrize("deg", [False, True])
def test_the_angle_turns_across_the_direction(deg):
    z = ag.tensor(Z, requires_grad=True)
    a = np.angle(z, deg=deg)
    np.testing.assert_allclose(a.numpy(), np.angle(Z, deg=deg), rtol=1e-15)
    (g,) = ag.grad_of(a, [z], np.ones(5))
    scale = 180 / np.pi if deg else 1.0
    np.testing.assert_allclose(g.numpy(), scale * 1j * (Z / np.abs(Z)) / np.abs(Z), rtol=1e-14)


def test_angles_of_signed_zeros_are_numpys():
    z = np.array([0.0, -0.0, complex(0.0, -0.0), complex(-0.0, -0.0), complex(-1.0, -0.0), -1.0])
    np.testing.assert_array_equal(ag.angle(ag.tensor(z)).numpy(), np.angle(z))


@pytest.mark.parametrize("x", [[1.0, -1.0, 0.0], [2, -3, 0], [True, False]])
def test_real_numbers_have_the_angle_0_or_pi(x):
    np.testing.assert_array_equal(ag.angle(x), np.angle(x))
    t = ag.tensor(x)
    np.testing.assert_array_equal(np.angle(t).numpy(), np.angle(x))
    if t.dtype.kind == "f":
        t.requires_grad_()
        assert not ag.grad_of(np.angle(t), [t], np.ones(3))[0].numpy().any()


def test_single_precision_stays():
    z = ag.tensor(Z[:4].astype(np.complex64), requires_grad=True)
    a = np.angle(z, deg=True)
    assert a.dtype == np.float32
    assert ag.grad_of(a, [z], np.ones(4, np.float32))[0].dtype == np.complex64


@pytest.mark.parametrize(
    ("f", "factor"),
    [(np.deg2rad, np.pi / 180), (np.radians, np.pi / 180), (np.rad2deg, 180 / np.pi), (np.degrees, 180 / np.pi)],
)
def test_units(f, factor):
    x = ag.tensor([30.0, -1.0], requires_grad=True)
    y = f(x)
    np.testing.assert_array_equal(y.numpy(), f(x.numpy()))
    y.backward(np.ones(2))
    np.testing.assert_allclose(x.grad.numpy(), [factor, factor], rtol=1e-15)
    with pytest.raises(TypeError, match="not supported for the input types"):
        f(ag.tensor([1j]))
