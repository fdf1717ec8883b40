"""Values of polynomials: against JAX and mpmath, to the third order, and what else NumPy takes for coefficients and places."""

import json
from pathlib import Path

import mpmath
import numpy as np
import pytest

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.tensors import Tensor

RECORDED = [
    case
    for case in json.loads((Path(__file__).parents[2] / "data" / "jax_signals.json").read_text())["cases"]
    if case["name"] == "polyval"
]


def test_values_and_gradients_are_those_of_jax():
    real_case, complex_case = RECORDED
    p, x = (Tensor(np.array(each), requires_grad=True) for each in real_case["inputs"])
    out = np.polyval(p, x)
    np.testing.assert_allclose(out.numpy(), real_case["values"][0], rtol=1e-14)
    for g, expected in zip(grad_of(out, [p, x], np.cos(np.arange(6)).reshape(2, 3)), real_case["gradients"], strict=True):
        np.testing.assert_allclose(g.numpy(), expected, rtol=0, atol=1e-13)
    re, im = np.array(complex_case["inputs"][0])
    p, x = Tensor(re + 1j * im, requires_grad=True), Tensor(np.array(complex_case["inputs"][1]), requires_grad=True)
    gp, gx = grad_of(np.polyval(p, x), [p, x], np.cos(np.arange(3)) + 1j * np.sin(2.0 * np.arange(3)))
    re, im = np.array(complex_case["gradients"][0])
    np.testing.assert_allclose(gp.numpy(), re + 1j * im, rtol=0, atol=1e-13)
    np.testing.assert_allclose(gx.numpy(), complex_case["gradients"][1], rtol=0, atol=1e-13)


def test_derivatives_are_those_of_mpmath():
    coefficients, place = [2.0, -1.5, 0.25, 3.0, -0.7], 0.6
    x = Tensor(place, requires_grad=True)
    value = np.polyval(coefficients, x)
    for order in range(1, 6):
        value = grad_of(value, x, create_graph=True)
        expected = mpmath.diff(lambda t: mpmath.polyval(coefficients[::-1], t, asc=True), place, order)
        np.testing.assert_allclose(value.item(), float(expected), rtol=1e-13, atol=1e-12)


def test_gradients_to_the_third_order():
    report = gradcheck(ag.polyval, [np.array([1.0, -2.0, 0.5]), np.array([0.3, -1.2])], order=3)
    assert report, report


def test_coefficients_in_rows_broadcast():
    p, x = Tensor(np.array([[1.0, 2.0], [3.0, 4.0]]), requires_grad=True), Tensor(np.array([5.0, 6.0]), requires_grad=True)
    out = np.polyval(p, x)
    np.testing.assert_array_equal(out.numpy(), np.polyval([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0]))
    gp, gx = grad_of(out, [p, x], np.array([1.0, 10.0]))
    np.testing.assert_array_equal(gp.numpy(), [[5, 60], [1, 10]])
    np.testing.assert_array_equal(gx.numpy(), [1, 20])


def test_the_polynomial_of_a_polynomial():
    p = Tensor(np.array([1.0, 0.0, 2.0]), requires_grad=True)
    inner = np.poly1d([3.0, 1.0])
    out = ag.polyval(p, inner)
    assert ag.polyval([1.0, 0.0, 2.0], inner) == np.poly1d(out.numpy())
    np.testing.assert_array_equal(grad_of(out, p, np.array([1.0, 10.0, 100.0])).numpy(), [169, 130, 100])


@pytest.mark.parametrize("x", [2, 2.0, np.float32(2.0), [1.0, 2.0], np.array([1, 2])])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_dtypes_are_those_of_numpy(x, dtype):
    p = np.array([1, 2, 3], dtype)
    found = ag.polyval(Tensor(p, requires_grad=p.dtype.kind == "f"), x)
    expected = np.polyval(p, x)
    assert found.dtype == np.asarray(expected).dtype
    np.testing.assert_array_equal(found.numpy(), expected)


def test_no_coefficients_are_zero():
    x = Tensor(np.array([1.0, 2.0]), requires_grad=True)
    p = Tensor(np.zeros(0), requires_grad=True)
    out = ag.polyval(p, x)
    np.testing.assert_array_equal(out.numpy(), [0, 0])
    gp, gx = grad_of(out, [p, x], np.ones(2))
    assert gp.shape == (0,)
    np.testing.assert_array_equal(gx.numpy(), [0, 0])
    with pytest.raises(TypeError, match="polyval: expected the coefficients of a polynomial, received a number"):
        ag.polyval(3.0, x)
