"""Condition numbers: closed forms, every order, singular matrices."""

import numpy as np
import pytest

from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.matrices.conditioning import cond
from autograd.tensors import Tensor

ORDERS = (None, 1, -1, 2, -2, np.inf, -np.inf, "fro", "nuc")


def leaf(x):
    return Tensor(x, requires_grad=True)


def test_of_a_diagonal_matrix_it_is_a_quotient():
    t = leaf(np.diag([4.0, 0.5]))
    y = np.linalg.cond(t)
    assert y.item() == pytest.approx(8)
    np.testing.assert_allclose(grad_of(y, t).numpy(), np.diag([2.0, -16.0]), rtol=1e-13)


@pytest.mark.parametrize("p", ORDERS)
def test_of_singular_matrices_it_is_numpys_with_finite_derivatives(p):
    x = np.array([np.diag([3.0, 1.0]), np.diag([1.0, 0.0]), np.zeros((2, 2))])
    first = np.linalg.cond(x[0], p)  # of the others NumPy cannot take the order "nuc"
    t = leaf(x)
    y = np.linalg.cond(t, p)
    np.testing.assert_allclose(y.numpy(), [first, 0 if p == -2 else np.inf, np.inf], rtol=1e-15)
    g = grad_of(y, t, np.ones(3), create_graph=True)
    assert np.all(np.isfinite(g.numpy()))
    np.testing.assert_array_equal(g.numpy()[2], np.zeros((2, 2)))
    alone = leaf(x[0])
    np.testing.assert_allclose(g.numpy()[0], grad_of(cond(alone, p), alone).numpy(), rtol=1e-14)
    assert np.all(np.isfinite(grad_of(g.sum(), t).numpy()))
    assert type(cond(np.zeros((2, 2)), p)) is np.float64


@pytest.mark.parametrize("p", [p for p in ORDERS if p not in (1, -1)])
def test_scaling_changes_nothing(p):
    """cond(s x) = cond(x), so the gradient is orthogonal to x."""
    x = np.random.default_rng(0).uniform(-1, 1, (3, 3)) + np.eye(3)
    t = leaf(x)
    g = grad_of(cond(t, p), t).numpy()
    assert abs(np.sum(g * x)) < 1e-12 * np.max(np.abs(g))


def test_complex_matrices_have_second_derivatives():
    rng = np.random.default_rng(0)
    report = gradcheck(lambda x: cond(x, "fro"), np.eye(2) + rng.uniform(-0.3, 0.3, (2, 2)) * (1 + 2j), order=2)
    assert report, report


def test_single_precision_stays_single():
    x = np.eye(3, dtype=np.float32) + np.float32(0.1)
    for p in ORDERS:
        t = leaf(x)
        y = cond(t, p)
        assert y.dtype == np.linalg.cond(x, p).dtype == np.float32
        np.testing.assert_allclose(y.numpy(), np.linalg.cond(x, p), rtol=1e-6)
        assert grad_of(y, t).dtype == np.float32


def test_what_is_refused():
    with pytest.raises(np.linalg.LinAlgError, match=r"cond: expected matrices with elements, received shape \(0, 2\)"):
        cond(leaf(np.ones((0, 2))))
    with pytest.raises(np.linalg.LinAlgError, match=r"cond: expected a square matrix .* received shape \(2, 3\)"):
        cond(leaf(np.ones((2, 3))), 1)
    with pytest.raises(ValueError, match="norm: expected the order 'fro', .* received 3"):
        cond(leaf(np.eye(2)), 3)
