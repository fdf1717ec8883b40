"""Singular values and vectors: closed forms, equal values and zeros, full matrices, ranks, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.errors import GradientError
from autograd.tensors import Tensor

linalg = ag.linalg
rng = np.random.default_rng(0)


def leaf(x):
    return Tensor(x, requires_grad=True)


def gradient(f, x, cotangent=None, **options):
    t = leaf(x)
    return grad_of(f(t), t, cotangent, **options).numpy()


def uniform(*shape, imaginary=False):
    x = rng.uniform(-1, 1, shape)
    return x + 1j * rng.uniform(-1, 1, shape) if imaginary else x


def adjoint(x):
    return np.conj(x).mT


def orthogonal(n, imaginary=False):
    return np.linalg.qr(uniform(n, n, imaginary=imaginary)).Q


def polar(x):
    """The unitary factor of the polar decomposition."""
    U, _, Vh = np.linalg.svd(x, full_matrices=False)
    return U @ Vh


# ---------------------------------------------------------------- values


def test_the_singular_values_of_a_diagonal_matrix():
    x = np.array([[0.0, -3.0, 0.0], [2.0, 0.0, 0.0]])
    np.testing.assert_array_equal(gradient(linalg.svdvals, x, [1, 0]), [[0, -1, 0], [0, 0, 0]])
    np.testing.assert_array_equal(gradient(linalg.svdvals, x, [0, 1]), [[0, 0, 0], [1, 0, 0]])


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.lists(st.integers(0, 2), max_size=2), st.booleans())
def test_the_matrix_made_again_has_its_own_gradient(m, n, stack, imaginary):
    x, v = (uniform(*stack, m, n, imaginary=imaginary) for _ in range(2))

    def again(t):
        U, S, Vh = np.linalg.svd(t, full_matrices=False)
        return (U * S[..., None, :]) @ Vh

    np.testing.assert_allclose(gradient(again, x, v), v, atol=1e-9)
    for f in (np.linalg.svdvals, lambda t: np.linalg.svd(t, compute_uv=False), lambda t: np.linalg.svd(t).S):
        np.testing.assert_allclose(gradient(lambda t, f=f: np.sum(f(t) ** 2), x), 2 * x, atol=1e-12)


@pytest.mark.parametrize("imaginary", [False, True])
def test_the_sum_of_singular_values_has_the_polar_factor_as_its_gradient(imaginary):
    for shape in [(4, 3), (3, 4), (3, 3)]:
        x = uniform(*shape, imaginary=imaginary)
        np.testing.assert_allclose(gradient(lambda t: np.sum(linalg.svdvals(t)), x), polar(x), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("f", [linalg.svdvals, lambda x: linalg.svd(x).S, lambda x: linalg.svd(x, hermitian=True).S])
@pytest.mark.parametrize("create_graph", [False, True])
def test_equal_singular_values_and_zeros(f, create_graph):
    np.testing.assert_array_equal(gradient(lambda t: np.sum(f(t)), np.eye(3), create_graph=create_graph), np.eye(3))
    np.testing.assert_array_equal(gradient(lambda t: np.sum(f(t)), np.zeros((2, 3, 3))), np.zeros((2, 3, 3)))
    np.testing.assert_array_equal(
        gradient(lambda t: np.sum(f(t)), np.diag([2.0, 0.0]), create_graph=create_graph), np.diag([1.0, 0.0])
    )


@pytest.mark.parametrize("imaginary", [False, True])
def test_vectors_of_equal_singular_values_have_no_derivative(imaginary):
    Q, P = orthogonal(4, imaginary), orthogonal(3, imaginary)
    for x in (2 * Q, np.eye(3) + 0j * imaginary, (Q[:, :3] * [2.0, 2.0, 1.0]) @ P):
        assert np.isnan(gradient(polar, x, uniform(*x.shape))).any()


def test_the_part_that_belongs_to_large_singular_values_of_a_matrix_of_low_rank():
    """The vectors of the zeros are arbitrary, and are not used."""
    Q, P = orthogonal(5), orthogonal(4)
    x = (Q[:, :4] * [3.0, 2.0, 0.0, 0.0]) @ P

    def part(t):
        U, S, Vh = np.linalg.svd(t, full_matrices=False)
        return (U[:, :2] * S[:2]) @ Vh[:2]

    for each in (x, np.diag([3.0, 2.0, 0.0, 0.0])):
        report = gradcheck(part, each)
        assert report, report


@pytest.mark.parametrize("imaginary", [False, True])
@pytest.mark.parametrize("shape", [(4, 2), (2, 4), (3, 3)])
def test_the_gradient_does_not_depend_on_the_phases_of_the_vectors(shape, imaginary):
    x = uniform(*shape, imaginary=imaginary)
    k = min(shape)
    phases = np.exp(1j * uniform(k) * 3) if imaginary else rng.choice([-1.0, 1.0], k)
    weights = uniform(shape[0], k), uniform(k, shape[1])

    def loss(U, S, Vh):
        return np.sum(np.abs(U) ** 3 * weights[0]) + np.sum(np.abs(Vh) ** 3 * weights[1]) + np.abs(U[:, :1] @ Vh[:1]).sum()

    def turned(U, S, Vh):
        return loss(U * phases, S, Vh * np.conj(phases)[:, None])

    plain = gradient(lambda t: loss(*np.linalg.svd(t, full_matrices=False)), x)
    np.testing.assert_allclose(
        gradient(lambda t: turned(*np.linalg.svd(t, full_matrices=False)), x), plain, rtol=1e-9, atol=1e-12
    )


# ---------------------------------------------------------------- options


@pytest.mark.parametrize(("shape", "name", "vectors"), [((4, 2), "U", "2 columns"), ((2, 5), "Vh", "3 rows")])
def test_vectors_that_belong_to_no_singular_value_have_no_gradient(shape, name, vectors):
    x = leaf(uniform(*shape))
    result = linalg.svd(x)
    others = [each for field, each in result._asdict().items() if field != name]
    cotangents = [uniform(*each.shape) for each in others]
    g = grad_of(others, [x], cotangents, retain_graph=True)[0]
    reduced = linalg.svd(x, full_matrices=False)
    same = [each for field, each in reduced._asdict().items() if field != name]
    np.testing.assert_allclose(g.numpy(), grad_of(same, [x], cotangents)[0].numpy(), rtol=1e-10)
    with pytest.raises(GradientError, match=rf"svd: {name} has no gradient with full_matrices=True for .*: its last {vectors}"):
        grad_of(getattr(result, name).sum(), x)


@pytest.mark.parametrize("imaginary", [False, True])
def test_the_decomposition_of_a_hermitian_matrix(imaginary):
    x = uniform(2, 4, 4, imaginary=imaginary)
    x = x + adjoint(x)
    weights = uniform(4), uniform(4, 4)

    def loss(U, S, Vh):
        return (
            np.sum(S * weights[0]) + np.sum(np.abs(U) * weights[1]) + np.sum(np.real(U[..., :2] @ Vh[..., :2, :]) * weights[1])
        )

    def whole(t):
        return loss(*np.linalg.svd(t))

    def hermitian(t):
        return loss(*np.linalg.svd(t, hermitian=True))

    expected, g = gradient(whole, x), gradient(hermitian, x)
    np.testing.assert_allclose((g + adjoint(g)) / 2, (expected + adjoint(expected)) / 2, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(np.triu(g, 1), np.zeros_like(g))
    alone = gradient(lambda t: np.sum(np.linalg.svd(t, compute_uv=False, hermitian=True) * weights[0]), x)
    np.testing.assert_allclose(
        alone, gradient(lambda t: np.sum(np.linalg.svd(t, hermitian=True).S * weights[0]), x), rtol=1e-12, atol=1e-14
    )


def test_what_is_no_matrix_is_refused():
    for f in (linalg.svd, linalg.svdvals):
        with pytest.raises(
            np.linalg.LinAlgError, match=r"svd.*: expected a matrix or a stack of them, .* received shape \(3,\)"
        ):
            f(leaf(np.ones(3)))
    with pytest.raises(np.linalg.LinAlgError, match="expected a square matrix"):
        linalg.svd(np.ones((2, 3)), hermitian=True)


# ---------------------------------------------------------------- ranks


def test_ranks_of_tensors_are_plain_integers():
    x = np.stack([np.eye(3), np.diag([1.0, 1e-3, 0.0]), np.zeros((3, 3))])
    for t in (Tensor(x), leaf(x)):
        rank = linalg.matrix_rank(t)
        assert isinstance(rank, Tensor)
        assert not rank.requires_grad
        assert rank.dtype == np.int64
        np.testing.assert_array_equal(rank.numpy(), [3, 2, 0])
        np.testing.assert_array_equal(np.linalg.matrix_rank(t, rtol=0.01).numpy(), [3, 1, 0])
        np.testing.assert_array_equal(np.linalg.matrix_rank(t, tol=Tensor([2.0, 0.5, 0.5])).numpy(), [0, 1, 0])
        np.testing.assert_array_equal(np.linalg.matrix_rank(t, None, True).numpy(), [3, 2, 0])


def test_the_rank_of_a_vector():
    for x, rank in [(np.zeros(3), 0), (np.array([0.0, 1.0]), 1), (2.0, 1), (0, 0), ([0, 0], 0)]:
        assert type(linalg.matrix_rank(x)) is int
        assert linalg.matrix_rank(x) == rank
        assert linalg.matrix_rank(Tensor(x)).item() == rank


def test_two_tolerances_are_refused():
    with pytest.raises(ValueError, match="can't be both set"):
        linalg.matrix_rank(leaf(np.eye(2)), 0.1, rtol=0.1)
