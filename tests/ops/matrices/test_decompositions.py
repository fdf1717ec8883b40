"""Cholesky and QR in closed form, PyTorch's gradients through all decompositions, which triangle is read, messages."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.errors import GradientError
from autograd.ops.matrices.decompositions import inverse_of_triangle
from autograd.tensors import Tensor

linalg = ag.linalg
rng = np.random.default_rng(0)


def leaf(x):
    return Tensor(x, requires_grad=True)


def gradient(f, x, cotangent=None, **options):
    t = leaf(x)
    return grad_of(f(t), t, cotangent, **options).numpy()


def uniform(*shape, imaginary=False, dtype=None):
    x = rng.uniform(-1, 1, shape)
    x = x + 1j * rng.uniform(-1, 1, shape) if imaginary else x
    return x if dtype is None else x.astype(dtype)


# ---------------------------------------------------------------- PyTorch


def adjoint(x):
    return np.conj(x).mT


def hermitian(x):
    return x + adjoint(x)


def projector(x):
    return x @ adjoint(x)


def positive_definite(x):
    return projector(x) + np.eye(x.shape[-1], dtype=x.dtype)


def polar(U, S, Vh):
    return U @ Vh


def first_part(U, S, Vh):
    return (U[..., :1] * S[..., None, :1] ** 2) @ Vh[..., :1, :]


def first_two(w, v):
    return v[..., :2] @ adjoint(v[..., :2])


def powers(w, v):
    return np.sum(np.abs(v) ** 3 * w[..., None, :], axis=-1)


def exponential(w, v):
    return (v * np.exp(w)[..., None, :]) @ adjoint(v)


# The functions of tests/data/record_torch_decompositions.py, in NumPy.
FUNCTIONS = {
    "cholesky": lambda x: np.linalg.cholesky(positive_definite(x)),
    "cholesky upper": lambda x: np.linalg.cholesky(positive_definite(x), upper=True),
    "qr Q": lambda x: np.linalg.qr(x).Q,
    "qr R": lambda x: np.linalg.qr(x).R,
    "qr both": lambda x: np.concatenate([each.reshape(-1) for each in np.linalg.qr(x)]),
    "svdvals": np.linalg.svdvals,
    "svd S": lambda x: np.linalg.svd(x).S,
    "svd polar": lambda x: polar(*np.linalg.svd(x, full_matrices=False)),
    "svd abs U": lambda x: np.abs(np.linalg.svd(x, full_matrices=False).U),
    "svd abs Vh": lambda x: np.abs(np.linalg.svd(x, full_matrices=False).Vh),
    "svd rank 1": lambda x: first_part(*np.linalg.svd(x, full_matrices=False)),
    "eigvalsh": lambda x: np.linalg.eigvalsh(hermitian(x)),
    "eigvalsh upper": lambda x: np.linalg.eigvalsh(hermitian(x), UPLO="U"),
    "eigh projector": lambda x: first_two(*np.linalg.eigh(hermitian(x))),
    "eigh abs": lambda x: np.abs(np.linalg.eigh(hermitian(x), UPLO="U").eigenvectors),
    "eigh exp": lambda x: exponential(*np.linalg.eigh(hermitian(x))),
    "eig powers": lambda x: powers(*np.linalg.eig(x)),
    "eigvals powers": lambda x: np.sum(np.linalg.eigvals(x) ** 3, axis=-1),
}
CASES = json.loads((Path(__file__).parents[2] / "data" / "torch_decompositions.json").read_text())["cases"]


def whole(parts):
    real, *imaginary = map(np.asarray, parts)
    return real + 1j * imaginary[0] if imaginary else real


def identity(case):
    x = whole(case["x"])
    return f"{case['function']} {x.dtype} {x.shape}"


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_the_gradient_is_that_of_pytorch(case):
    x = whole(case["x"])
    t = leaf(x)
    y = FUNCTIONS[case["function"]](t)
    place = np.arange(y.size, dtype=float).reshape(y.shape)
    loss = np.sum(np.real(y) * np.cos(place)) + np.sum(np.imag(y) * np.sin(place))
    g, expected = grad_of(loss, t).numpy(), whole(case["gradient"])
    assert loss.item() == pytest.approx(case["loss"], rel=1e-11)
    np.testing.assert_allclose(g, expected, rtol=0, atol=1e-10 * np.max(np.abs(expected)))


def test_every_function_was_recorded_for_real_and_complex_matrices():
    kinds = {(case["function"], len(case["x"])) for case in CASES}
    assert kinds == {(name, parts) for name in FUNCTIONS for parts in (1, 2)}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 2), (2, 3)])
def test_complex_derivatives_of_first_and_second_order(name, shape):
    """The table gives its checks complex matrices only where the result is unique; here are the functions that are."""
    if name.startswith(("eig", "cholesky")) and shape[-1] != shape[-2]:
        shape = (2, 3, 3)
    report = gradcheck(FUNCTIONS[name], uniform(*shape, imaginary=True), order=2)
    assert report, report


# ---------------------------------------------------------------- inverses of triangular matrices


@pytest.mark.parametrize("lower", [True, False])
@pytest.mark.parametrize("shape", [(1, 1), (33, 33), (2, 70, 70)])
@pytest.mark.parametrize("imaginary", [False, True])
def test_the_inverse_of_a_triangle(shape, lower, imaginary):
    n = shape[-1]
    x = uniform(*shape, imaginary=imaginary) / n + np.eye(n)
    triangle = np.tril if lower else np.triu
    inverse = np.linalg.inv(triangle(x))
    np.testing.assert_allclose(inverse_of_triangle(x, lower=lower), inverse, atol=1e-14)
    v = uniform(*shape, imaginary=imaginary)
    expected = triangle(-adjoint(inverse) @ triangle(v) @ adjoint(inverse))
    np.testing.assert_allclose(gradient(lambda t: inverse_of_triangle(t, lower=lower), x, v), expected, atol=1e-13)


@pytest.mark.parametrize("imaginary", [False, True])
def test_large_factors(imaginary):
    x = positive_definite(uniform(50, 50, imaginary=imaginary))
    v = uniform(50, 50, imaginary=imaginary)
    product = gradient(lambda t: projector(linalg.cholesky(t)), x, v)
    np.testing.assert_allclose(product + adjoint(product), v + adjoint(v), atol=1e-10)
    product = gradient(lambda t: np.matmul(*linalg.qr(t)), x, v)
    np.testing.assert_allclose(product, v, atol=1e-10)


# ---------------------------------------------------------------- Cholesky


def test_the_gradient_of_the_cholesky_factor_of_a_2x2_matrix():
    """L = [[a, 0], [b / a, sqrt(c - b**2 / a**2)]] for [[a**2, .], [b, c]]."""
    x = np.array([[4.0, 2.0], [2.0, 5.0]])
    np.testing.assert_allclose(gradient(linalg.cholesky, x, [[1, 0], [0, 0]]), [[0.25, 0], [0, 0]], atol=1e-15)
    np.testing.assert_allclose(gradient(linalg.cholesky, x, [[0, 0], [1, 0]]), [[-0.125, 0], [0.5, 0]], atol=1e-15)
    np.testing.assert_allclose(gradient(linalg.cholesky, x, [[0, 0], [0, 1]]), [[0.0625, 0], [-0.25, 0.25]], atol=1e-15)


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("imaginary", [False, True])
def test_the_logarithm_of_the_determinant_has_the_inverse_as_its_gradient(upper, imaginary):
    x = positive_definite(uniform(2, 4, 4, imaginary=imaginary))

    def logdet(x):
        return 2 * np.sum(np.log(np.real(np.diagonal(np.linalg.cholesky(x, upper=upper), axis1=-2, axis2=-1))))

    g = gradient(logdet, x)
    np.testing.assert_array_equal(np.tril(g, -1) if upper else np.triu(g, 1), np.zeros_like(g))
    np.testing.assert_allclose((g + adjoint(g)) / 2, np.linalg.inv(x), rtol=1e-12)


@pytest.mark.parametrize(
    ("f", "lower"),
    [
        (linalg.cholesky, True),
        (lambda x: linalg.cholesky(x, upper=True), False),
        (linalg.eigvalsh, True),
        (lambda x: linalg.eigvalsh(x, "U"), False),
        (lambda x: np.abs(linalg.eigh(x).eigenvectors), True),
        (lambda x: np.abs(linalg.eigh(x, UPLO="U").eigenvectors), False),
    ],
)
@pytest.mark.parametrize("imaginary", [False, True])
def test_one_triangle_is_read(f, lower, imaginary):
    """Anything may stand in the other one, and in the imaginary part of the diagonal; no gradient reaches them."""
    x = positive_definite(uniform(3, 3, imaginary=imaginary))
    noisy = x + (np.triu if lower else np.tril)(uniform(3, 3), 1 if lower else -1)
    noisy = noisy + 1j * np.diag(uniform(3)) if imaginary else noisy
    cotangent = uniform(*f(x).shape)
    np.testing.assert_array_equal(f(noisy), f(x))
    g = gradient(f, noisy, cotangent)
    np.testing.assert_array_equal(g, gradient(f, x, cotangent))
    np.testing.assert_array_equal((np.triu if lower else np.tril)(g, 1 if lower else -1), np.zeros_like(g))
    np.testing.assert_array_equal(np.diagonal(g).imag, np.zeros(3))


def test_what_is_not_positive_definite_is_named():
    with pytest.raises(
        np.linalg.LinAlgError, match="expected positive definite matrices, but the matrix is not: it has an eig"
    ):
        linalg.cholesky(-np.eye(2))
    x = np.stack([np.eye(2), np.ones((2, 2))])[:, None]
    with pytest.raises(np.linalg.LinAlgError, match=r"the matrix at \[1, 0\] of the stack of shape \(2, 1, 2, 2\) is not"):
        linalg.cholesky(leaf(x))
    with pytest.raises(np.linalg.LinAlgError, match=r"cholesky: expected a square matrix .* received shape \(2, 3\)"):
        linalg.cholesky(np.ones((2, 3)))


# ---------------------------------------------------------------- QR


def test_the_results_have_numpys_names():
    x = uniform(3, 3)
    for ours, theirs in [
        (linalg.qr, np.linalg.qr),
        (linalg.svd, np.linalg.svd),
        (linalg.eigh, np.linalg.eigh),
        (linalg.eig, np.linalg.eig),
        (lambda x: linalg.svd(x, hermitian=True), np.linalg.svd),
    ]:
        expected = theirs(x)
        for given_ in (x, Tensor(x), leaf(x)):
            result = ours(given_)
            assert type(result) is type(expected)
            assert result._fields == expected._fields
            assert all(isinstance(each, Tensor) for each in result) is isinstance(given_, Tensor)
        assert type(theirs(leaf(x))) is type(expected)


def test_the_first_column_of_q_is_normalized():
    """R[0, 0] is the length of the first column up to its sign, and Q[:, 0] the column divided by it."""
    x = uniform(4, 2)
    Q, R = np.linalg.qr(x)
    g = gradient(lambda t: linalg.qr(t).R[0, 0], x)
    np.testing.assert_allclose(g, [[each, 0] for each in Q[:, 0]], atol=1e-15)
    v = uniform(4)
    g = gradient(lambda t: np.sum(linalg.qr(t).Q[:, 0] * v), x)
    expected = (v - Q[:, 0] * (Q[:, 0] @ v)) / R[0, 0]
    np.testing.assert_allclose(g, np.stack([expected, np.zeros(4)], 1), atol=1e-14)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.booleans(), st.sampled_from(["reduced", "complete"]))
def test_q_times_r_is_the_matrix_and_so_is_its_derivative(m, n, imaginary, mode):
    if mode == "complete" and m > n:
        mode = "reduced"
    x, v = uniform(m, n, imaginary=imaginary), uniform(m, n, imaginary=imaginary)
    t = leaf(x)
    Q, R = np.linalg.qr(t, mode)
    np.testing.assert_allclose(grad_of(Q @ R, t, v, retain_graph=True).numpy(), v, atol=1e-10)
    unity = adjoint(Q) @ Q
    np.testing.assert_allclose(grad_of(unity, t, np.ones(unity.shape, unity.dtype)).numpy(), np.zeros((m, n)), atol=1e-10)


@pytest.mark.parametrize("shape", [(4, 2), (3, 3), (2, 4), (2, 4, 3)])
@pytest.mark.parametrize("imaginary", [False, True])
def test_r_is_the_same_in_every_mode_and_so_is_its_gradient(shape, imaginary):
    x = uniform(*shape, imaginary=imaginary)
    reduced, alone = linalg.qr(x).R, linalg.qr(x, "r")
    np.testing.assert_array_equal(alone, reduced)
    v = uniform(*reduced.shape, imaginary=imaginary)
    g = gradient(lambda t: linalg.qr(t).R, x, v)
    np.testing.assert_allclose(gradient(lambda t: linalg.qr(t, mode="r"), x, v), g, rtol=1e-12)
    k = reduced.shape[-2]
    np.testing.assert_allclose(gradient(lambda t: linalg.qr(t, "complete").R[..., :k, :], x, v), g, rtol=1e-10)


def test_the_complete_q_of_a_tall_matrix_has_no_gradient():
    x = leaf(uniform(4, 2))
    Q, R = linalg.qr(x, mode="complete")
    np.testing.assert_array_equal(Q.numpy(), np.linalg.qr(x.numpy(), mode="complete").Q)
    assert grad_of(R.sum(), x, retain_graph=True).shape == (4, 2)
    with pytest.raises(
        GradientError, match=r"qr: Q has no gradient with mode='complete' for 4 x 2 matrices: its last 2 columns"
    ):
        grad_of(Q.sum(), x)


def test_r_of_a_complete_decomposition_differentiates_twice():
    x = uniform(4, 2)
    report = gradcheck(lambda t: linalg.qr(t, "complete").R[:2], x, order=2)
    assert report, report


def test_householder_vectors_have_no_gradient():
    x = uniform(4, 2)
    for actual, expected in zip(linalg.qr(Tensor(x), "raw"), np.linalg.qr(x, "raw"), strict=True):
        np.testing.assert_array_equal(actual.numpy(), expected)
    with pytest.raises(GradientError, match=r"mode='raw' gives Householder vectors .* use mode='reduced', or x.detach"):
        linalg.qr(leaf(x), "raw")
    with ag.no_grad():
        assert linalg.qr(leaf(x), "raw")[1].shape == (2,)


def test_an_unknown_mode_is_named():
    with pytest.raises(ValueError, match="qr: expected the mode 'reduced', 'complete', 'r' or 'raw', received 'thin'"):
        linalg.qr(np.eye(2), "thin")
    with pytest.raises(np.linalg.LinAlgError, match=r"qr: expected a matrix or a stack of them, .* received shape \(3,\)"):
        linalg.qr(np.ones(3))


def test_a_singular_r_has_no_derivative():
    x = leaf(np.array([[0.0, 1.0], [0.0, 2.0]]))
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix") as raised:
        linalg.qr(x).Q.sum().backward()
    assert any("gradient rule of op 'qr'" in note for note in raised.value.__notes__)


# ---------------------------------------------------------------- no elements, other dtypes

EVERY = {
    "cholesky": lambda x: linalg.cholesky(positive_definite(x)),
    "qr": linalg.qr,
    "qr complete": lambda x: linalg.qr(x, "complete"),
    "qr r": lambda x: linalg.qr(x, "r"),
    "eigh": linalg.eigh,
    "eigvalsh": linalg.eigvalsh,
    "eig": linalg.eig,
    "eigvals": linalg.eigvals,
    "svd": linalg.svd,
    "svd reduced": lambda x: linalg.svd(x, full_matrices=False),
    "svd hermitian": lambda x: linalg.svd(x, hermitian=True),
    "svdvals": linalg.svdvals,
}


EMPTY = [(name, shape) for name in EVERY for shape in [(0, 0), (0, 2, 2), (2, 0, 0)]] + [
    (name, shape)
    for name in EVERY
    if name.startswith(("qr", "svd")) and name != "svd hermitian"
    for shape in [(0, 3), (3, 0), (2, 0, 3), (0, 3, 2)]
]


def outputs(result):
    return list(result) if isinstance(result, tuple) else [result]


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize(("name", "shape"), EMPTY)
def test_matrices_without_elements(name, shape, create_graph):
    for dtype in (float, complex):
        x = np.zeros(shape, dtype)
        for i, expected in enumerate(outputs(EVERY[name](x))):
            t = leaf(x)
            y = outputs(EVERY[name](t))[i]
            assert y.shape == expected.shape
            assert y.dtype == expected.dtype
            if y.requires_grad:
                g = grad_of(y, t, np.ones(y.shape, y.dtype), create_graph=create_graph)
                assert g.shape == shape
                assert g.dtype == dtype


@pytest.mark.parametrize("dtype", [np.float32, np.complex64])
@pytest.mark.parametrize("name", EVERY)
def test_single_precision_stays_single(name, dtype):
    x = uniform(3, 3, imaginary=dtype is np.complex64, dtype=dtype)
    for i, result in enumerate(outputs(EVERY[name](leaf(x)))):
        v = uniform(*result.shape).astype(result.dtype)
        assert result.dtype in (np.float32, np.complex64)
        g = gradient(lambda t, i=i: outputs(EVERY[name](t))[i], x, v, create_graph=True)
        assert g.dtype == dtype
        double = gradient(lambda t, i=i: outputs(EVERY[name](t))[i], x.astype(np.result_type(dtype, float)), v)
        np.testing.assert_allclose(g, double, rtol=0, atol=2e-4 * np.max(np.abs(double)))
