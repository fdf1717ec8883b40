"""Eigenvalues and vectors: closed forms, equal values, phases, the order of eigenvalues, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.matrices.eigenvalues import _apart, _counterparts
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


def symmetric(g):
    return (g + adjoint(g)) / 2


def orthogonal(n, imaginary=False):
    return np.linalg.qr(uniform(n, n, imaginary=imaginary)).Q


def projector(v):
    return v @ adjoint(v)


# ---------------------------------------------------------------- Hermitian matrices


def test_the_eigenvalues_of_a_2x2_matrix():
    """(a + c) / 2 -+ sqrt(((a - c) / 2)**2 + b**2)."""
    x = np.array([[5.0, 0.0], [4.0, -1.0]])  # d = 3, root 5, eigenvalues -3 and 7; what stands above the diagonal is not read
    np.testing.assert_allclose(linalg.eigvalsh(x), [-3, 7], rtol=1e-14)
    np.testing.assert_allclose(gradient(linalg.eigvalsh, x, [1, 0]), [[0.2, 0], [-0.8, 0.8]], atol=1e-15)
    np.testing.assert_allclose(gradient(linalg.eigvalsh, x, [0, 1]), [[0.8, 0], [0.8, 0.2]], atol=1e-15)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.integers(1, 5), st.lists(st.integers(0, 2), max_size=2), st.booleans(), st.sampled_from("LU"))
def test_the_matrix_made_again_has_its_own_gradient(n, stack, imaginary, UPLO):
    x = uniform(*stack, n, n, imaginary=imaginary)
    v = symmetric(uniform(*stack, n, n, imaginary=imaginary))

    def again(t):
        w, V = np.linalg.eigh(t, UPLO)
        return (V * w[..., None, :]) @ adjoint(V)

    np.testing.assert_allclose(symmetric(gradient(again, x, v)), v, atol=1e-10)
    np.testing.assert_allclose(
        symmetric(gradient(lambda t: np.sum(np.linalg.eigvalsh(t, UPLO) ** 2), x)), 2 * again(x), atol=1e-12
    )


def test_vectors_and_values_together_are_the_sum_of_both():
    x = uniform(4, 4)
    t = leaf(x)
    w, V = linalg.eigh(t)
    a, b = uniform(4), uniform(4, 4)
    both = grad_of([w, V], [t], [a, b], retain_graph=True)[0].numpy()
    apart = grad_of(w, t, a, retain_graph=True).numpy() + grad_of(V, t, b).numpy()
    np.testing.assert_allclose(both, apart, rtol=1e-12)


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("f", [linalg.eigvalsh, linalg.eigvals, lambda x: linalg.eigh(x)[0], lambda x: linalg.eig(x)[0]])
def test_the_eigenvalues_of_the_identity_have_a_gradient(f, create_graph):
    np.testing.assert_array_equal(gradient(lambda t: np.sum(f(t)), np.eye(3), create_graph=create_graph), np.eye(3))
    np.testing.assert_array_equal(gradient(lambda t: np.sum(f(t) ** 3), 2 * np.eye(3)), 12 * np.eye(3))
    np.testing.assert_array_equal(gradient(lambda t: np.sum(f(t)), np.zeros((2, 3, 3))), np.stack([np.eye(3)] * 2))


@pytest.mark.parametrize("imaginary", [False, True])
def test_symmetric_functions_of_eigenvalues_that_are_equal_to_rounding(imaginary):
    Q = orthogonal(5, imaginary)
    x = (Q * [1.0, 1.0, 2.0, 2.0, 2.0]) @ adjoint(Q)
    g = gradient(lambda t: np.sum(np.exp(np.linalg.eigvalsh(t))), x)
    np.testing.assert_allclose(symmetric(g), (Q * np.exp([1.0, 1.0, 2.0, 2.0, 2.0])) @ adjoint(Q), atol=1e-13)


@pytest.mark.parametrize("imaginary", [False, True])
@pytest.mark.parametrize(
    "f", [lambda w, V: projector(V[:, :2]), lambda w, V: (V * np.sqrt(w)) @ adjoint(V)], ids=["space", "root"]
)
def test_vectors_of_equal_eigenvalues_have_no_derivative(f, imaginary):
    """Rather NaN than the gradient of another function: the two here look alike to a rule, and differ."""
    Q = orthogonal(4, imaginary)
    for x in (np.diag([1.0, 1.0, 1.0, 4.0]) + 0j * imaginary, (Q * [1.0, 1.0, 1.0, 4.0]) @ adjoint(Q)):
        assert np.isnan(gradient(lambda t: f(*np.linalg.eigh(t)), x, uniform(4, 4))).any()


@pytest.mark.parametrize("imaginary", [False, True])
def test_vectors_of_equal_eigenvalues_that_are_not_used_do_no_harm(imaginary):
    Q = orthogonal(3, imaginary)
    for x in (np.diag([0.0, 0.0, 3.0]) + 0j * imaginary, (Q * [1.0, 1.0, 3.0]) @ adjoint(Q)):
        report = gradcheck(lambda t: projector(np.linalg.eigh(t)[1][:, 2:]), x)
        assert report, report


def test_equal_means_equal_to_rounding():
    eps = np.finfo(float).eps
    w = np.array([[1.0, 1 + 3 * eps, 1 + 1e-13, 5.0]])
    np.testing.assert_array_equal(_apart(w, w), [[[0, 0, 1, 1], [0, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0]]])
    w32 = np.array([1, 1 + 2e-7, 1 + 1e-6, 1e-6, 2e-6], np.float32)
    apart = _apart(w32, w32)
    assert apart.dtype == np.float32
    np.testing.assert_array_equal(apart[0], [0, 0, 1, 1, 1])
    np.testing.assert_array_equal(apart[3], [1, 1, 1, 0, 1])  # LAPACK computes in double precision, so these two are known
    assert _apart(np.zeros((2, 0)), np.zeros((2, 0))).shape == (2, 0, 0)


@pytest.mark.parametrize("factor", [1, 0.5])
def test_the_gradient_does_not_depend_on_the_phases_of_the_vectors(factor):
    """The loss and its gradient with the vectors as they are, and with a phase given to each."""
    x = uniform(3, 3, imaginary=True)
    phases = np.exp(1j * uniform(3) * 3)

    def loss(V):
        return np.sum(np.abs(V) ** 3 * np.arange(9.0).reshape(3, 3)) * factor

    for decompose in (np.linalg.eigh, np.linalg.eig):
        plain = gradient(lambda t, decompose=decompose: loss(decompose(t)[1]), x)
        turned = gradient(lambda t, decompose=decompose: loss(decompose(t)[1] * phases), x)
        np.testing.assert_allclose(turned, plain, rtol=1e-10, atol=1e-12)


def test_another_triangle_is_refused():
    for f in (linalg.eigh, linalg.eigvalsh):
        with pytest.raises(
            ValueError, match=f"{f.__name__}: expected UPLO 'L', for the lower triangle, or 'U', .* received 'X'"
        ):
            f(np.eye(2), "X")
        with pytest.raises(ValueError, match="received 1"):
            f(np.eye(2), UPLO=1)
        np.testing.assert_array_equal(gradient(lambda t, f=f: np.sum(f(t, UPLO="u")[0]), np.eye(1)), [[1]])


@pytest.mark.parametrize("f", [linalg.eigh, linalg.eigvalsh, linalg.eig, linalg.eigvals])
def test_what_is_not_square_is_refused(f):
    for shape in [(2, 3), (3,), (), (2, 3, 1)]:
        with pytest.raises(np.linalg.LinAlgError, match=f"{f.__name__}: expected a square matrix or a stack of them") as raised:
            f(leaf(np.ones(shape)))
        assert str(shape) in str(raised.value)


# ---------------------------------------------------------------- all other matrices


def test_the_eigenvalues_of_a_turning_matrix():
    """a +- ib for [[a, b], [-b, a]]; (trace +- sqrt(trace**2 - 4 det)) / 2 in general."""
    x = np.array([[1.0, 2.0], [-2.0, 1.0]])
    for f in (linalg.eigvals, lambda x: linalg.eig(x).eigenvalues):
        w = f(x)
        np.testing.assert_allclose(w, [1 + 2j, 1 - 2j], rtol=1e-14)
        np.testing.assert_allclose(gradient(lambda t, f=f: np.real(f(t)[0]), x), [[0.5, 0], [0, 0.5]], atol=1e-15)
        np.testing.assert_allclose(gradient(lambda t, f=f: np.imag(f(t)[0]), x), [[0, 0.5], [-0.5, 0]], atol=1e-15)


def test_real_eigenvalues_have_real_results_and_gradients():
    x = np.array([[1.0, 3.0], [0.0, 2.0]])
    w, V = linalg.eig(leaf(x))
    assert w.dtype == V.dtype == np.float64
    np.testing.assert_allclose(gradient(lambda t: linalg.eigvals(t)[0], x), [[1, 0], [-3, 0]], atol=1e-15)
    np.testing.assert_allclose(gradient(lambda t: linalg.eig(t)[0][1], x), [[0, 0], [3, 1]], atol=1e-15)


def test_eigenvectors_keep_their_length_and_their_real_component():
    for x in (uniform(4, 4, imaginary=True), uniform(2, 4, 4), np.array([[0.0, 1.0], [-1.0, 0.0]])):
        t = leaf(x)
        V = np.linalg.eig(t).eigenvectors
        lengths = np.sum(np.abs(V) ** 2, axis=-2)
        g = grad_of(lengths, t, uniform(*lengths.shape), retain_graph=True).numpy()
        np.testing.assert_allclose(g, np.zeros_like(x), atol=1e-12)
        largest = np.take_along_axis(V, np.argmax(np.abs(V.numpy()) + (V.numpy().imag == 0), axis=-2, keepdims=True), -2)
        g = grad_of(np.imag(largest), t, uniform(*largest.shape)).numpy()
        np.testing.assert_allclose(g, np.zeros_like(x), atol=1e-12)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.integers(1, 5), st.booleans())
def test_the_matrix_made_again_from_any_eigenvectors_has_its_own_gradient(n, imaginary):
    x, v = uniform(n, n, imaginary=imaginary), uniform(n, n, imaginary=imaginary)

    def again(t):
        w, V = np.linalg.eig(t)
        return (
            np.real(y) if not imaginary and (y := (V * w) @ np.linalg.inv(V)).dtype.kind == "c" else (V * w) @ np.linalg.inv(V)
        )

    np.testing.assert_allclose(again(x), x, atol=1e-9)
    np.testing.assert_allclose(gradient(again, x, v), v, atol=1e-8)


@pytest.mark.parametrize("n", [3, 30])
def test_eigvals_gives_numpys_values_and_their_gradients_in_numpys_order(n):
    """LAPACK may find them in another order when it computes vectors too."""
    for x in (uniform(n, n), uniform(2, n, n, imaginary=True)):
        t = leaf(x)
        w = linalg.eigvals(t)
        np.testing.assert_array_equal(w.numpy(), np.linalg.eigvals(x))
        values, vectors = np.linalg.eig(x)
        inverse = np.linalg.inv(vectors)
        a = uniform(*w.shape)
        g = grad_of(np.real(w), t, a).numpy()
        places = np.argmin(np.abs(values[..., :, None] - w.numpy()[..., None, :]), axis=-1)
        conjugate = np.swapaxes((vectors * np.take_along_axis(a, places, -1)[..., None, :]) @ inverse, -1, -2).conj()
        np.testing.assert_allclose(g, conjugate if x.dtype.kind == "c" else conjugate.real, atol=1e-9)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.integers(0, 6), st.randoms(use_true_random=False))
def test_counterparts_are_found_in_any_order(n, random):
    w = uniform(2, n, imaginary=True)
    w[..., 1::2] = w[..., : n - n % 2 : 2]  # pairs of equal ones
    order = np.array(random.sample(range(n), n), int)
    places = _counterparts(w, w[..., order] + 1e-14)
    np.testing.assert_array_equal(np.sort(places, axis=-1), np.broadcast_to(np.arange(n), (2, n)))
    np.testing.assert_array_equal(np.take_along_axis(w[..., order], places, -1), w)


def test_a_matrix_without_a_basis_of_eigenvectors():
    x = leaf(np.array([[0.0, 1.0], [0.0, 0.0]]))
    w = linalg.eigvals(x)
    np.testing.assert_array_equal(w.numpy(), [0, 0])
    g = grad_of(w[0], x).numpy()  # the derivative of sqrt(e) at 0: V is singular to rounding
    assert np.max(np.abs(g)) > 1e100
    with pytest.raises(np.linalg.LinAlgError, match="infs or NaNs"):
        linalg.eig(leaf(np.full((2, 2), np.nan)))
