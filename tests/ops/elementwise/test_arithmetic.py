"""Arithmetic beyond the table: exact values, signs of zeros, complex numbers at 0, infinite cotangents."""

import numpy as np
import pytest

import autograd as ag
from autograd.checking import gradcheck

INF, NAN = np.inf, np.nan


def gradients(f, *values, cotangent=None):
    inputs = [ag.tensor(each, requires_grad=True) for each in values]
    y = f(*inputs)
    found = ag.grad_of(y, inputs, np.ones(y.shape, y.dtype) if cotangent is None else cotangent)
    return [each.numpy() for each in found]


def test_copysign():
    x1, x2 = [3.0, -3.0, 3.0, -3.0, 0.0, -0.0], [2.0, 2.0, -0.0, -2.0, -1.0, 1.0]
    out = ag.copysign(np.array(x1), np.array(x2))
    np.testing.assert_array_equal(out, [3, 3, -3, -3, -0.0, 0.0])
    np.testing.assert_array_equal(np.signbit(out), [False, False, True, True, True, False])
    by_x1, by_x2 = gradients(np.copysign, x1, x2)
    np.testing.assert_array_equal(by_x1, [1, -1, -1, 1, 0, 0])
    np.testing.assert_array_equal(by_x2, np.zeros(6))


def test_fabs_of_integers_is_floating():
    out = ag.fabs(ag.tensor([-2, 3]))
    assert out.dtype == np.float64
    assert out.tolist() == [2.0, 3.0]


def test_heaviside_passes_to_its_value_at_the_step_and_nothing_else():
    by_x1, by_x2 = gradients(np.heaviside, [-1.0, 0.0, 1.0, NAN], [0.5] * 4, cotangent=np.array([INF, 3.0, NAN, 1.0]))
    np.testing.assert_array_equal(by_x1, np.zeros(4))
    np.testing.assert_array_equal(by_x2, [0, 3, 0, 0])


@pytest.mark.parametrize("z", [3 + 4j, -3 + 4j, -1e-200j, 1e200 + 1e200j])
def test_the_length_of_a_complex_number_is_steepest_along_its_direction(z):
    (g,) = gradients(np.abs, [z])
    np.testing.assert_allclose(g, [z / np.hypot(z.real, z.imag)], rtol=1e-15)


@pytest.mark.parametrize("z", [0.3 + 0.4j, -2j, -1.5])
def test_the_direction_of_a_complex_number_turns_across_itself(z):
    """sign(z + h) - sign(z) is i Im(h conj(z)) z / |z|**3 in the first order."""
    c = 0.7 - 1.1j
    (g,) = gradients(np.sign, [complex(z)], cotangent=np.array([c]))
    d = z / abs(z)
    np.testing.assert_allclose(g, [1j * d * np.imag(c * np.conjugate(d)) / abs(z)], rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("f", [np.abs, np.sign, np.angle])
def test_complex_zero_has_derivatives_zero_to_the_second_order(f):
    z = ag.tensor([0j, 1 + 1j], requires_grad=True)
    y = f(z)
    (first,) = ag.grad_of(y, [z], np.ones(2, y.dtype), create_graph=True)
    (second,) = ag.grad_of(first, [z], np.ones(2, complex))
    assert first.numpy()[0] == 0
    assert second.numpy()[0] == 0


@pytest.mark.parametrize("other", [2, 2.5, np.float32(2.5), True, np.array([2, 3])])
def test_quotients_with_numbers_of_all_kinds(other):
    x = np.array([0.5, -4.0])
    (g,) = gradients(lambda t: t / other, x)
    np.testing.assert_allclose(g, np.ones(2) / other, rtol=1e-15)
    (g,) = gradients(lambda t: other / t, x)
    np.testing.assert_allclose(g, -np.asarray(other, float) / x**2, rtol=1e-15)


def test_a_quotient_of_large_numbers_does_not_overflow():
    by_x1, by_x2 = gradients(np.divide, [1e200], [1e200])
    np.testing.assert_allclose([by_x1, by_x2], [[1e-200], [-1e-200]], rtol=1e-15)


def test_remainders_know_their_quotients():
    by_x1, by_x2 = gradients(np.remainder, [7.0, -7.0, 7.0, -7.0], [3.0, 3.0, -3.0, -3.0])
    np.testing.assert_array_equal(by_x1, np.ones(4))
    np.testing.assert_array_equal(by_x2, [-2, 3, 3, -2])


@pytest.mark.parametrize("f", [np.floor, np.ceil, np.trunc, np.rint, np.sign, np.spacing, np.fix, np.round])
def test_steps_pass_nothing_not_even_infinity(f):
    (g,) = gradients(f, [0.3, 0.4], cotangent=np.array([INF, NAN]))
    assert g.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("name", ["floor", "ceil", "trunc"])
@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, bool])
def test_steps_leave_integers_as_they_are(name, dtype):
    x = np.array([0, 1, 3]).astype(dtype)
    out = getattr(ag, name)(ag.tensor(x))
    assert out.dtype == dtype
    np.testing.assert_array_equal(out.numpy(), x)


def test_complex_numbers_are_refused_by_their_name():
    for call in (ag.floor, ag.fabs, lambda z: ag.copysign(z, 1.0), lambda z: ag.heaviside(z, 1.0), lambda z: z % 2):
        with pytest.raises(TypeError, match="not supported for the input types") as caught:
            call(ag.tensor([1j], requires_grad=True))
        assert "complex128 (1,)" in "".join([str(caught.value), *getattr(caught.value, "__notes__", [])])


def test_complex_and_real_inputs_meet():
    """The gradient of a real input is real."""
    x, z = ag.tensor([1.5, -0.5], requires_grad=True), ag.tensor([1 + 2j, 3 - 1j], requires_grad=True)
    y = np.sum(np.abs(x * z + z / x) ** 2)
    y.backward()
    assert x.grad.dtype == np.float64
    assert z.grad.dtype == np.complex128
    assert gradcheck(lambda x, z: np.sum(np.abs(x * z + z / x) ** 2), [x, z], order=2)
