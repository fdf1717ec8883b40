"""Functions that turn complex where they have to: NumPy's values and dtypes, gradients on both sides, plain numbers."""

import numpy as np
import pytest

import autograd as ag
from autograd.checking import gradcheck
from autograd.ops.elementwise import scimath

NEGATIVE = ("sqrt", "log", "log2", "log10")
BEYOND_1 = ("arcsin", "arccos", "arctanh")
DTYPES = [np.float32, np.float64, np.int8, np.int16, np.int64, np.uint8, np.complex64, np.complex128]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("values", [[1, 4], [-4, 9]])
@pytest.mark.parametrize("name", NEGATIVE)
def test_values_and_dtypes_of_the_functions_of_positive_numbers(name, values, dtype):
    if np.dtype(dtype).kind == "u":
        values = np.abs(values)
    x = np.array(values).astype(dtype)
    expected = getattr(np.emath, name)(x)
    out = getattr(np.emath, name)(ag.tensor(x))
    assert out.dtype == expected.dtype
    np.testing.assert_array_equal(out.numpy(), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int8, np.int64, np.complex128])
@pytest.mark.parametrize("values", [[0.5, -0.5], [0.5, 2.0], [-3.0, 0.0]])
@pytest.mark.parametrize("name", BEYOND_1)
def test_values_and_dtypes_of_the_functions_within_1(name, values, dtype):
    x = np.array(values).astype(dtype)
    expected = getattr(np.emath, name)(x)
    out = getattr(np.emath, name)(ag.tensor(x))
    assert out.dtype == expected.dtype
    np.testing.assert_array_equal(out.numpy(), expected)


@pytest.mark.parametrize("x", [-2.0, 2.0, -2, 2, [-2.0, 3.0], 1j])
@pytest.mark.parametrize("name", NEGATIVE + BEYOND_1)
def test_plain_numbers_and_lists(name, x):
    ours, theirs = getattr(scimath, name)(x), getattr(np.emath, name)(x)
    assert type(ours) is type(theirs)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", NEGATIVE)
def test_real_inputs_have_real_gradients_on_both_sides_of_zero(name):
    x = np.array([-2.0, -0.5, 3.0])
    t = ag.tensor(x, requires_grad=True)
    f = getattr(np.emath, name)
    c = np.array([1 + 2j, 1 - 1j, 0.5 + 3j])
    (g,) = ag.grad_of(f(t), [t], c)
    assert g.dtype == np.float64
    slopes = {"sqrt": 0.5 / np.emath.sqrt(x), "log": 1 / x, "log2": 1 / (x * np.log(2)), "log10": 1 / (x * np.log(10))}[name]
    np.testing.assert_allclose(g.numpy(), np.real(np.conjugate(c) * slopes), rtol=1e-14)


@pytest.mark.parametrize(("x", "p"), [([-2.0, 4.0], 0.5), ([2.0, 4.0], [-1, 2]), ([-2.0], -2), ([2.0], [0.5, 1.5])])
def test_powers(x, p):
    t = ag.tensor(x, requires_grad=True)
    y = np.emath.power(t, p)
    expected = np.emath.power(x, p)
    assert y.dtype == expected.dtype
    np.testing.assert_array_equal(y.numpy(), expected)
    assert gradcheck(lambda t: np.emath.power(t, p), [np.array(x)], order=2)


def test_integers_have_negative_powers():
    np.testing.assert_array_equal(np.emath.power(ag.tensor([2, 4]), ag.tensor([-1, 2])).numpy(), [0.5, 16])


def test_logarithms_to_any_base():
    np.testing.assert_array_equal(np.emath.logn(2, ag.tensor([-4.0, 8.0])).numpy(), np.emath.logn(2, [-4.0, 8.0]))
    assert gradcheck(lambda n, x: np.emath.logn(n, x), [np.array([3.0, -2.0]), np.array([-2.0, 5.0])], order=2)


def test_the_slope_beyond_1_is_that_of_the_values_side():
    x = ag.tensor([2.0], requires_grad=True)
    (g,) = ag.grad_of(np.imag(np.emath.arcsin(x)), [x], np.ones(1))
    np.testing.assert_allclose(g.numpy(), [1 / np.sqrt(3)], rtol=1e-15)  # imag(arcsin(x)) = arccosh(x) there


def test_real_if_close_gives_the_real_part_or_the_tensor_itself():
    z = ag.tensor([1 + 1e-15j, 2 + 0j], requires_grad=True)
    y = np.real_if_close(z)
    assert y.dtype == np.float64
    (g,) = ag.grad_of(y, [z], np.ones(2))
    assert g.tolist() == [1, 1]
    for far in (ag.tensor([1 + 1j], requires_grad=True), ag.tensor([1.0], requires_grad=True)):
        assert np.real_if_close(far) is far
    assert np.real_if_close(ag.tensor(np.complex64([1 + 1e-6j]))).dtype == np.float32
    assert np.real_if_close(z, tol=1).dtype == np.float64
    assert np.real_if_close(z, tol=0.0).dtype == np.complex128
