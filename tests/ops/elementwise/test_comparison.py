"""Questions about numbers: their answers are truth values or integers without a gradient; which numbers they refuse."""

import numpy as np
import pytest

import autograd as ag

Z = np.array([1 + 1j, 1 + 0j, 0j, complex(np.nan, 0), complex(0, np.inf)])
X = np.array([1.0, -0.0, np.inf, -np.inf, np.nan])


@pytest.mark.parametrize("f", [np.iscomplex, np.isreal, np.isnan, np.isinf, np.isfinite, np.logical_not])
@pytest.mark.parametrize("values", [Z, X, np.array([2, 0]), np.float64(1.5)], ids=["complex", "real", "integer", "0-d"])
def test_questions_about_any_number(f, values):
    t = ag.tensor(values)
    if t.dtype.kind in "fc":
        t.requires_grad_()
    out = f(t)
    assert not out.requires_grad
    assert out.dtype == bool
    np.testing.assert_array_equal(out.numpy(), f(values))


@pytest.mark.parametrize("f", [np.isposinf, np.isneginf, np.signbit])
def test_questions_about_real_numbers(f):
    np.testing.assert_array_equal(f(ag.tensor(X, requires_grad=True)).numpy(), f(X))
    with pytest.raises(TypeError):
        f(ag.tensor(Z, requires_grad=True))


def test_isposinf_says_what_was_wrong():
    with pytest.raises(TypeError, match="not supported for complex128 values"):
        np.isposinf(ag.tensor(Z))


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.int64])
def test_bits_are_counted(dtype):
    x = np.array([0, 1, 5, 127], dtype)
    out = np.bitwise_count(ag.tensor(x))
    assert out.dtype == np.uint8
    assert out.tolist() == [0, 1, 2, 7]
    with pytest.raises(TypeError, match="bitwise_count"):
        np.bitwise_count(ag.tensor([1.0], requires_grad=True))


@pytest.mark.parametrize("f", [np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal])
def test_complex_numbers_are_compared_as_numpy_does(f):
    a, b = np.array([1 + 2j, 1 + 2j, 1 + 2j]), np.array([1 + 1j, 2 - 5j, 1 + 2j])
    np.testing.assert_array_equal(f(ag.tensor(a, requires_grad=True), b).numpy(), f(a, b))
