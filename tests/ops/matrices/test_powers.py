"""Powers of matrices, with their derivative as a sum over the factors; Vandermonde matrices."""

import numpy as np
import pytest

from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.matrices.powers import matrix_power, vander
from autograd.tensors import Tensor


def leaf(x):
    return Tensor(x, requires_grad=True)


def uniforms(seed):
    """A function that draws an array of the given shape."""
    rng = np.random.default_rng(seed)
    return lambda *shape: np.asarray(rng.uniform(-1, 1, shape))


uniform = uniforms(0)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 7, 12])
@pytest.mark.parametrize("inverse", [False, True])
def test_the_gradient_is_the_sum_over_the_factors(n, inverse):
    """Of A^n: the sum of (A^k)^T g (A^(n-1-k))^T; for -n the same, of the inverse, and then of inv."""
    x, v = uniform(2, 3, 3) / 2 + np.eye(3), uniform(2, 3, 3)
    t = leaf(x)
    y = np.linalg.matrix_power(t, -n if inverse else n)
    np.testing.assert_array_equal(y.numpy(), np.linalg.matrix_power(x, -n if inverse else n))
    a = np.linalg.inv(x) if inverse else x
    power = np.linalg.matrix_power
    expected = sum(power(a, k).mT @ v @ power(a, n - 1 - k).mT for k in range(n))
    if inverse:
        expected = -a.mT @ expected @ a.mT
    np.testing.assert_allclose(grad_of(y, t, v).numpy(), expected, rtol=1e-10, atol=1e-10 * np.max(np.abs(expected)))


def test_the_power_zero_is_a_constant():
    t = leaf(np.full((2, 2, 2), np.nan))
    y = matrix_power(t, 0)
    assert isinstance(y, Tensor)
    assert not y.requires_grad
    np.testing.assert_array_equal(y.numpy(), [np.eye(2)] * 2)


def test_integers_stay_integers():
    y = matrix_power(Tensor([[1, 1], [0, 1]]), 10)
    assert y.dtype == np.int64
    np.testing.assert_array_equal(y.numpy(), [[1, 10], [0, 1]])
    assert matrix_power([[2]], np.int8(3)) == 8


def test_powers_that_are_refused():
    t = leaf(np.ones((2, 2)))
    with pytest.raises(TypeError, match=r"matrix_power: expected a whole number as the exponent, received 0\.5"):
        matrix_power(t, 0.5)
    with pytest.raises(np.linalg.LinAlgError, match=r"matrix_power: expected a square matrix .* received shape \(2, 3\)"):
        matrix_power(leaf(np.ones((2, 3))), 2)
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix") as caught:
        matrix_power(t, -2)
    assert caught.value.__notes__[-1] == "raised by matrix_power for the exponent -2"


@pytest.mark.parametrize("increasing", [False, True])
@pytest.mark.parametrize("count", [None, 0, 1, 2, 5])
def test_vander_has_the_gradient_of_powers(count, increasing):
    x = np.append(uniform(3), 0.0)
    t = leaf(x)
    y = np.vander(t, count, increasing)
    expected = np.vander(x, count, increasing)
    np.testing.assert_array_equal(y.numpy(), expected)
    v = uniform(*expected.shape)
    exponents = np.arange(expected.shape[1])[:: 1 if increasing else -1]
    slopes = exponents * x[:, None] ** np.maximum(exponents - 1, 0)
    np.testing.assert_allclose(grad_of(y, t, v).numpy(), np.sum(v * slopes, 1), rtol=1e-14, atol=1e-15)


def test_vander_has_third_derivatives():
    report = gradcheck(lambda x: vander(x, 4), uniform(3), order=3)
    assert report, report


@pytest.mark.parametrize("dtype", [np.int8, np.float32, np.complex64])
def test_vander_widens_as_numpy_does(dtype):
    x = np.array([1, 2, 3], dtype)
    assert vander(x).dtype == vander(Tensor(x)).dtype == np.vander(x).dtype
    if dtype != np.int8:
        t = leaf(x)
        assert grad_of(vander(t), t, np.ones((3, 3))).dtype == dtype


def test_vander_takes_a_vector():
    with pytest.raises(ValueError, match=r"vander: expected one axis, received shape \(2, 2\); use ag.ravel"):
        vander(leaf(np.ones((2, 2))))
