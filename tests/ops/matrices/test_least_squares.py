"""Pseudo-inverses and least squares: lower ranks, residuals in closed form, singular values, arguments, messages."""

import numpy as np
import pytest

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.matrices.least_squares import lstsq, pinv
from autograd.tensors import Tensor


def leaf(x):
    return Tensor(x, requires_grad=True)


def uniforms(seed):
    """A function that draws an array of the given shape."""
    rng = np.random.default_rng(seed)
    return lambda *shape: np.asarray(rng.uniform(-1, 1, shape))


uniform = uniforms(0)


# ---------------------------------------------------------------- pinv


@pytest.mark.parametrize("imaginary", [False, True])
def test_along_matrices_of_one_rank_the_derivative_is_exact(imaginary):
    """The pseudo-inverse of u v^H is v u^H / (|u|^2 |v|^2)."""
    draw = (lambda *shape: uniform(*shape) + 1j * uniform(*shape)) if imaginary else uniform
    u, v, weight = draw(4, 1), draw(3, 1), draw(3, 4)

    def by_pinv(u, v):
        return np.sum(np.real(weight * np.linalg.pinv(u @ np.conj(v).mT, rcond=1e-10)))

    def in_closed_form(u, v):
        return np.sum(np.real(weight * (v @ np.conj(u).mT))) / (np.sum(abs(u) ** 2) * np.sum(abs(v) ** 2))

    tensors = [leaf(u), leaf(v)]
    found, expected = (grad_of(f(*tensors), tensors) for f in (by_pinv, in_closed_form))
    for g, closed in zip(found, expected, strict=True):
        np.testing.assert_allclose(g.numpy(), closed.numpy(), rtol=1e-11, atol=1e-13)


def test_of_a_regular_matrix_it_is_the_inverse():
    x, v = uniform(3, 3) + np.eye(3), uniform(3, 3)
    gradients = [grad_of(f(t := leaf(x)), t, v).numpy() for f in (np.linalg.pinv, np.linalg.inv)]
    np.testing.assert_allclose(*gradients, rtol=1e-12)


@pytest.mark.parametrize("shape", [(3, 2), (2, 3)])
def test_third_derivatives(shape):
    report = gradcheck(pinv, uniform(*shape) + np.eye(*shape), order=3)
    assert report, report


def test_a_hermitian_matrix_is_read_from_its_lower_triangle():
    x = uniform(3, 3) + 1j * uniform(3, 3)
    t = leaf(x)
    y = np.linalg.pinv(t, hermitian=True)
    np.testing.assert_array_equal(y.numpy(), np.linalg.pinv(x, hermitian=True))
    g = grad_of(y, t, np.ones((3, 3))).numpy()
    np.testing.assert_array_equal(np.triu(g, 1), 0)
    np.testing.assert_array_equal(g.diagonal().imag, 0)


def test_small_singular_values_count_as_zero():
    x = np.diag([1.0, 1e-3])
    for keywords in ({"rcond": 1e-2}, {"rtol": 1e-2}, {"rcond": np.float64(1e-2)}):
        np.testing.assert_array_equal(np.linalg.pinv(ag.tensor(x), **keywords).numpy(), np.diag([1.0, 0.0]))
    np.testing.assert_allclose(pinv(ag.tensor([x, x]), np.array([1e-2, 1e-4])).numpy(), [np.diag([1.0, 0]), np.diag([1, 1e3])])


def test_one_tolerance_only():
    with pytest.raises(ValueError, match="pinv: rcond and rtol are two names of one argument; received rcond=0.1 and rtol=0.2"):
        pinv(leaf(np.eye(2)), 0.1, rtol=0.2)


def test_vectors_have_no_pseudo_inverse():
    with pytest.raises(np.linalg.LinAlgError, match=r"pinv: expected a matrix .* received shape \(2,\)"):
        pinv(leaf(np.ones(2)))


# ---------------------------------------------------------------- lstsq


@pytest.mark.parametrize("shape", [(4, 2), (3, 3), (2, 4)])
@pytest.mark.parametrize("columns", [(), (2,)])
def test_the_solution_is_that_of_the_pseudo_inverse(shape, columns):
    a, b = uniform(*shape), uniform(shape[0], *columns)
    v = uniform(shape[1], *columns)
    x1, x2 = leaf(a), leaf(b)
    y = np.linalg.lstsq(x1, x2)[0]
    np.testing.assert_array_equal(y.numpy(), np.linalg.lstsq(a, b)[0])
    expected = grad_of(np.linalg.pinv(x1) @ x2, [x1, x2], v)
    for g, other in zip(grad_of(y, [x1, x2], v), expected, strict=True):
        np.testing.assert_allclose(g.numpy(), other.numpy(), rtol=1e-11, atol=1e-12)


def test_the_residuals_have_the_gradient_of_a_fixed_solution():
    a, b = uniform(5, 2) + 1j * uniform(5, 2), uniform(5, 3)
    x1, x2 = leaf(a), leaf(b)
    squares = np.linalg.lstsq(x1, x2)[1]
    x = np.linalg.lstsq(a, b)[0]
    remains = b - a @ x
    np.testing.assert_allclose(squares.numpy(), np.sum(abs(remains) ** 2, 0), rtol=1e-12)
    ga, gb = grad_of(squares.sum(), [x1, x2])
    np.testing.assert_allclose(ga.numpy(), -2 * remains @ x.conj().T, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(gb.numpy(), 2 * remains.real, rtol=1e-11, atol=1e-13)


def test_a_lower_rank_has_the_shortest_solution_and_no_residuals():
    u, v, b = uniform(4, 1), uniform(1, 3), uniform(4)

    def by_lstsq(u, v, b):
        return np.linalg.lstsq(u @ v, b)[0]

    def in_closed_form(u, v, b):
        return v[0] * np.sum(u[:, 0] * b) / (np.sum(u**2) * np.sum(v**2))

    tensors = [leaf(u), leaf(v), leaf(b)]
    solution, squares, rank, _ = np.linalg.lstsq(tensors[0] @ tensors[1], tensors[2])
    assert rank.item() == 1
    assert squares.shape == (0,)
    weight = uniform(3)
    found, expected = (grad_of(f(*tensors), tensors, weight) for f in (by_lstsq, in_closed_form))
    for g, closed in zip(found, expected, strict=True):
        np.testing.assert_allclose(g.numpy(), closed.numpy(), rtol=1e-11, atol=1e-13)
    (g,) = grad_of([solution, squares], [tensors[2]], [weight, np.empty(0)])
    np.testing.assert_allclose(g.numpy(), expected[2].numpy(), rtol=1e-11)


def test_the_singular_values_have_their_gradient():
    a = uniform(4, 3)
    v = uniform(3)
    t = leaf(a)
    values = np.linalg.lstsq(t, uniform(4))[3]
    np.testing.assert_allclose(grad_of(values, t, v).numpy(), grad_of(np.linalg.svdvals(t), t, v).numpy(), rtol=1e-12)


def test_the_rank_is_a_plain_integer_tensor():
    rank = lstsq(leaf(uniform(3, 2)), uniform(3))[2]
    assert rank.dtype.kind == "i"
    assert not rank.requires_grad
    assert type(lstsq(uniform(3, 2), uniform(3))[2]) is np.int32


def test_a_negative_tolerance_is_lapacks():
    a, b = uniform(3, 2), uniform(3)
    t = leaf(a)
    g = grad_of(lstsq(t, b, -1)[0].sum(), t).numpy()
    np.testing.assert_allclose(g, grad_of(lstsq(t, b)[0].sum(), t).numpy(), rtol=1e-12)


def test_all_results_together_have_second_derivatives():
    def everything(a, b):
        solution, squares, _, values = ag.linalg.lstsq(a, b)
        return np.sin(solution).sum() * squares.sum() + values[0] * values[1]

    report = gradcheck(everything, [uniform(4, 2), uniform(4)], order=2)
    assert report, report


def test_stacks_are_refused():
    with pytest.raises(np.linalg.LinAlgError, match=r"lstsq: expected shapes .*, received \(2, 3, 2\) and \(3,\); for stacks"):
        lstsq(leaf(uniform(2, 3, 2)), uniform(3))


@pytest.mark.parametrize("f", [lambda a: np.linalg.pinv(a, 0.5), lambda a: np.linalg.lstsq(a, np.ones(4), 0.5)[0]])
def test_a_cut_through_singular_values_is_not_differentiated(f):
    """The function is smooth there, but the formula for a constant rank is not its derivative."""
    a = np.random.default_rng(0).standard_normal((4, 3))
    np.testing.assert_array_equal(f(ag.tensor(a)).numpy(), f(a))
    with pytest.raises(ag.GradientError, match="cuts off singular values that are no rounding errors"):
        f(ag.tensor(a, requires_grad=True))
