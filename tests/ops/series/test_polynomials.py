"""Arithmetic of polynomials: against JAX, division as the inverse of multiplication, leading zeros, poly1d, messages."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.tensors import Tensor

RECORDED = [
    case
    for case in json.loads((Path(__file__).parents[2] / "data" / "jax_signals.json").read_text())["cases"]
    if case["name"] in ("polymul", "polyint", "polyder")
]
FEW = settings(max_examples=25, deadline=None, derandomize=True)


@pytest.mark.parametrize("case", RECORDED, ids=[case["name"] for case in RECORDED])
def test_values_and_gradients_are_those_of_jax(case):
    inputs = [Tensor(np.array(each), requires_grad=True) for each in case["inputs"]]
    out = getattr(np, case["name"])(*inputs, **case["keywords"])
    np.testing.assert_allclose(out.numpy(), case["values"][0], rtol=0, atol=1e-14)
    for g, expected in zip(grad_of(out, inputs, np.cos(np.arange(out.size))), case["gradients"], strict=True):
        np.testing.assert_allclose(g.numpy(), expected, rtol=0, atol=1e-14)


# ---------------------------------------------------------------- division


@FEW
@given(st.integers(1, 6), st.integers(1, 6), st.booleans(), st.integers(0, 2**32 - 1))
def test_division_undoes_multiplication(n, m, of_complex, seed):
    """``x1 = quotient * x2 + remainder``, and so for any change of the inputs: what comes back is what was put in."""
    rng = np.random.default_rng(seed)
    a, b = (rng.uniform(0.5, 2.0, k) + (1j * rng.normal(size=k) if of_complex else 0) for k in (n, m))
    ta, tb = Tensor(a, requires_grad=True), Tensor(b, requires_grad=True)
    quotient, rest = np.polydiv(ta, tb)
    for found, expected in zip((quotient, rest), np.polydiv(a, b), strict=True):
        np.testing.assert_array_equal(found.numpy(), expected)
    again = np.polyadd(np.convolve(quotient, tb), rest)[-n:]
    np.testing.assert_allclose(again.numpy(), a, rtol=1e-9, atol=1e-9 * np.max(np.abs(a)))
    v = rng.normal(size=n) + (1j * rng.normal(size=n) if of_complex else 0)
    ga, gb = grad_of(again, [ta, tb], v)
    np.testing.assert_allclose(ga.numpy(), v, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(gb.numpy(), 0, atol=1e-6 * max(1, np.max(np.abs(quotient.numpy()))))


def test_gradients_of_a_long_division_to_second_order():
    a, b = np.array([1.0, -2.0, 0.5, 3.0, 1.5, -0.7]), np.array([2.0, 0.3, -0.4])
    for outputs in (lambda u, v: ag.polydiv(u, v)[0], lambda u, v: ag.polydiv(u, v)[1]):
        report = gradcheck(outputs, [a, b], order=2)
        assert report, report


def test_a_division_by_a_longer_polynomial_leaves_it():
    x = Tensor(np.array([1.0, 2.0], np.float32), requires_grad=True)
    quotient, rest = np.polydiv(x, np.array([1.0, 2.0, 3.0]))
    assert quotient.dtype == rest.dtype == np.float64
    np.testing.assert_array_equal(quotient.numpy(), [0])
    np.testing.assert_array_equal(grad_of(rest, x, np.array([3.0, 4.0])).numpy(), [3, 4])
    quotient, rest = ag.polydiv(Tensor(np.array([2.0, 4.0])), 2.0)
    np.testing.assert_array_equal(quotient.numpy(), [1, 2])
    np.testing.assert_array_equal(rest.numpy(), [0])


# ---------------------------------------------------------------- leading zeros, constants, poly1d


def test_leading_zeros_are_left_away_and_receive_nothing():
    x = Tensor(np.array([0.0, 0.0, 1.0, 2.0]), requires_grad=True)
    out = np.polymul(x, np.array([0.0, 3.0]))
    np.testing.assert_array_equal(out.numpy(), [3, 6])
    np.testing.assert_array_equal(grad_of(out, x, np.array([1.0, 10.0])).numpy(), [0, 0, 3, 30])
    zero = Tensor(np.zeros(2), requires_grad=True)
    out = np.polymul(zero, np.array([1.0, 2.0]))
    np.testing.assert_array_equal(out.numpy(), np.polymul(np.zeros(2), np.array([1.0, 2.0])))
    np.testing.assert_array_equal(grad_of(out, zero, np.array([1.0, 10.0])).numpy(), [0, 21])


def test_numbers_are_constants():
    x = Tensor(np.array([1.0, 2.0]), requires_grad=True)
    np.testing.assert_array_equal(np.polyadd(x, 3).numpy(), [1, 5])
    np.testing.assert_array_equal(np.polysub(3, x).numpy(), [-1, 1])
    np.testing.assert_array_equal(np.polymul(x, 3).numpy(), [3, 6])
    k = Tensor(2.0, requires_grad=True)
    out = np.polyint(x, 2, k)
    np.testing.assert_array_equal(out.numpy(), np.polyint([1.0, 2.0], 2, 2.0))
    assert grad_of(out, k, np.ones(4)).item() == 2


def test_poly1d_stays_one_without_a_tensor():
    p = np.poly1d([1.0, 2.0])
    for name in ("polyadd", "polysub", "polymul"):
        found = getattr(ag, name)(p, [3.0, 4.0])
        assert isinstance(found, np.poly1d)
        assert found == getattr(np, name)(p, [3.0, 4.0])
        assert isinstance(getattr(ag, name)(p, Tensor(np.array([3.0, 4.0]))), Tensor)
    assert isinstance(ag.polyder(p), np.poly1d)
    assert isinstance(ag.polyint(p), np.poly1d)
    assert all(isinstance(each, np.poly1d) for each in ag.polydiv(p, [1.0]))


def test_single_precision_is_widened_where_numpy_widens_it():
    x = np.array([1.0, 2.0, 3.0], np.float32)
    for name in ("polyder", "polyint"):
        t = Tensor(x, requires_grad=True)
        out = getattr(np, name)(t)
        assert out.dtype == getattr(np, name)(x).dtype == np.float64
        assert grad_of(out, t, np.ones(out.shape)).dtype == np.float32
    for name in ("polyadd", "polymul", "polydiv"):
        for found, expected in zip(np.atleast_2d(getattr(np, name)(x, x)), np.atleast_2d(getattr(ag, name)(x, x)), strict=True):
            assert found.dtype == expected.dtype == np.float32


def test_messages():
    with pytest.raises(
        ValueError, match=r"polyadd: expected the coefficients of a polynomial in one axis, received shape \(2, 2\)"
    ):
        ag.polyadd(np.eye(2), [1.0])
    with pytest.raises(ValueError, match="polyder: expected an order m of at least 0, received -1"):
        ag.polyder([1.0], -1)
    with pytest.raises(TypeError, match="polyint: expected the coefficients of a polynomial, received a number"):
        ag.polyint(1.0)
    with pytest.raises(ValueError, match="polyint: expected one constant k, or one for each of the 3 integrals, received 2"):
        ag.polyint([1.0], 3, [1.0, 2.0])
    with pytest.raises(ValueError, match="polydiv: expected at least one coefficient in each"):
        ag.polydiv([], [1.0])
