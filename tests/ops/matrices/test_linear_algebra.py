"""Products of vectors and matrices: what the table of all ops does not show. Closed forms, broadcasting, stacks, messages."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.matrices import linear_algebra as la
from autograd.tensors import Tensor


def leaf(x):
    return Tensor(x, requires_grad=True)


def uniforms(seed):
    """A function that draws an array of the given shape."""
    rng = np.random.default_rng(seed)
    return lambda *shape: np.asarray(rng.uniform(-1, 1, shape))


uniform = uniforms(0)
SEEDS = st.integers(0, 99)


def gradient(f, x, cotangent=None):
    t = leaf(x)
    return grad_of(f(t), t, cotangent).numpy()


# ---------------------------------------------------------------- matmul


@st.composite
def factors(draw):
    """Shapes of two arrays that can be multiplied: vectors, matrices, stacks that broadcast, axes of length 1 and 0."""
    n, k, m = [draw(st.integers(0, 3)) for _ in range(3)]
    batch = draw(st.lists(st.integers(0, 3), max_size=2))
    shapes = []
    for core in ((n, k), (k, m)):
        if draw(st.booleans()) and draw(st.booleans()):
            shapes.append((k,))
            continue
        own = [draw(st.sampled_from([1, length])) for length in batch]
        shapes.append((*own[draw(st.integers(0, len(own))) :], *core))
    return shapes


@given(factors(), SEEDS, st.booleans())
@settings(max_examples=300, deadline=None)
def test_gradients_of_any_two_shapes_are_those_of_einsum_in_numpy(shapes, seed, create_graph):
    """The reference: broadcast by hand to full stacks of matrices, multiply out with NumPy's einsum, add up by hand."""
    uniform = uniforms(seed)
    a, b = (uniform(*shape) for shape in shapes)
    x1, x2 = leaf(a), leaf(b)
    y = la.matmul(x1, x2)
    np.testing.assert_allclose(y.numpy(), np.matmul(a, b), rtol=1e-14, atol=1e-14)
    v = uniform(*y.shape)
    g1, g2 = grad_of(y, [x1, x2], v, create_graph=create_graph)
    row, column = a.ndim == 1, b.ndim == 1
    matrix1, matrix2 = a[None, :] if row else a, b[:, None] if column else b
    g = v[..., None] if column else v
    g = g[..., None, :] if row else g
    full1 = np.einsum("...ij,...kj->...ik", g, np.broadcast_to(matrix2, (*g.shape[:-2], *matrix2.shape[-2:])))
    full2 = np.einsum("...ki,...kj->...ij", np.broadcast_to(matrix1, (*g.shape[:-2], *matrix1.shape[-2:])), g)
    for found, full, shape, matrix in ((g1, full1, a.shape, matrix1), (g2, full2, b.shape, matrix2)):
        assert found.shape == shape
        np.testing.assert_allclose(found.numpy(), added_up(full, matrix.shape).reshape(shape), rtol=1e-13, atol=1e-13)


def added_up(x, shape):
    x = x.sum(axis=tuple(range(x.ndim - len(shape))))
    stretched = tuple(i for i, length in enumerate(shape) if length == 1)
    return x.sum(axis=stretched, keepdims=True)


def test_a_product_of_matrices_has_the_textbook_gradient():
    a, b, v = uniform(3, 4), uniform(4, 2), uniform(3, 2)
    x1, x2 = leaf(a), leaf(b)
    g1, g2 = grad_of(x1 @ x2, [x1, x2], v)
    np.testing.assert_array_equal(g1.numpy(), v @ b.T)
    np.testing.assert_array_equal(g2.numpy(), a.T @ v)


@pytest.mark.parametrize(
    "shapes", [((2, 1, 3, 2), (1, 3, 2, 2)), ((3, 2), (2, 2, 2)), ((2,), (2, 2, 3)), ((2, 3, 2), (2,)), ((2, 2, 3), (3, 2))]
)
def test_products_of_stacks_have_second_derivatives(shapes):
    report = gradcheck(lambda a, b: np.sin(a @ b), [uniform(*shape) for shape in shapes], order=2)
    assert report, report


def test_complex_products_have_pytorchs_gradient():
    """dL/dx + i dL/dy for a real loss: v @ b^H and a^H @ v for the loss Re(sum(conj(v) * (a @ b)))."""
    a, b, v = (uniform(2, 2) + 1j * uniform(2, 2) for _ in range(3))
    x1, x2 = leaf(a), leaf(b)
    g1, g2 = grad_of(x1 @ x2, [x1, x2], v)
    np.testing.assert_allclose(g1.numpy(), v @ b.conj().T, rtol=1e-14)
    np.testing.assert_allclose(g2.numpy(), a.conj().T @ v, rtol=1e-14)


def test_a_real_factor_of_a_complex_product_has_a_real_gradient():
    a, b = uniform(2, 3), uniform(3, 2) + 1j * uniform(3, 2)
    g = gradient(lambda x: x @ b, a, np.ones((2, 2), complex))
    assert g.dtype == np.float64
    np.testing.assert_allclose(g, (np.ones((2, 2)) @ b.conj().T).real, rtol=1e-14)


def test_the_operator_takes_arrays_and_lists_on_either_side():
    a, b = uniform(2, 3), uniform(3, 2)
    t = leaf(a)
    for y in (t @ b, t @ b.tolist(), np.matmul(t, b)):
        np.testing.assert_array_equal(y.numpy(), a @ b)
        assert y.requires_grad
    for y in (b @ t, b.tolist() @ t):
        np.testing.assert_array_equal(y.numpy(), b @ a)
        assert y.requires_grad


def test_layouts_in_memory_make_no_difference():
    a, b, v = uniform(6, 8)[::2, ::-2], np.asfortranarray(uniform(4, 3)), np.broadcast_to(2.0, (3, 3))
    x1, x2 = ag.asarray(a).requires_grad_(), ag.asarray(b).requires_grad_()
    y = x1 @ x2
    g1, g2 = grad_of(y, [x1, x2], v)
    np.testing.assert_allclose(y.numpy(), a.copy() @ b.copy(), rtol=1e-15, atol=1e-15)
    np.testing.assert_allclose(g1.numpy(), v @ b.T, rtol=1e-15)
    np.testing.assert_allclose(g2.numpy(), a.T @ v, rtol=1e-15)


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(
        ValueError, match=r"matmul\(x1: float64 \(2, 3\), x2: float64 \(2, 3\)\): shapes \(2,3\) and \(2,3\) not aligned"
    ):
        leaf(uniform(2, 3)) @ uniform(2, 3)
    with pytest.raises(ValueError, match="matmul: Input operand 1 does not have enough dimensions"):
        leaf(uniform(2, 3)) @ 2.0


def test_integers_are_multiplied_plainly():
    t = Tensor([[1, 2], [3, 4]])
    for y in (t @ t, ag.dot(t, t), ag.einsum("ij,jk", t, t), ag.outer(t, t), ag.tensordot(t, t), ag.trace(t), ag.tril(t)):
        assert y.dtype == np.int64
        assert not y.requires_grad
    np.testing.assert_array_equal((t @ t).numpy(), [[7, 10], [15, 22]])


# ---------------------------------------------------------------- products of vectors


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("dot", ((2, 3), (4, 3, 5))),
        ("dot", ((3,), (2, 3, 4))),
        ("dot", ((2, 2, 3), (2, 3, 2))),
        ("dot", ((2, 2, 3), (3, 2))),
        ("dot", ((), (2, 3))),
        ("dot", ((0,), (0,))),
        ("inner", ((2, 3), (2, 2, 3))),
        ("inner", ((2, 2), ())),
        ("outer", ((2, 3), (2, 2))),
        ("outer", ((), (0,))),
        ("vecdot", ((2, 1, 3), (4, 3))),
        ("vecdot", ((2, 0), (0,))),
        ("matmul", ((2, 0), (0, 3))),
    ],
)
def test_products_are_numpys_with_gradients_of_any_order(name, shapes):
    a, b = (uniform(*shape) for shape in shapes)
    ours, theirs = getattr(la, name), getattr(np, name)
    np.testing.assert_allclose(ours(leaf(a), leaf(b)).numpy(), theirs(a, b), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(theirs(leaf(a), b).numpy(), theirs(a, b), rtol=1e-14, atol=1e-15)
    report = gradcheck(lambda x, y: np.sin(ours(x, y)), [a, b], order=2)
    assert report, report


def test_a_number_times_an_array_is_their_product():
    x = uniform(3)
    for f in (la.dot, la.inner):
        np.testing.assert_array_equal(gradient(lambda t, f=f: f(t, 2.0), x, np.ones(3)), [2, 2, 2])
        assert f(np.ones(3, np.float32), 2.0).dtype == np.dot(np.ones(3, np.float32), 2.0).dtype


def test_vecdot_along_another_axis():
    a, b = uniform(3, 2) + 1j * uniform(3, 2), uniform(3, 2) + 1j * uniform(3, 2)
    np.testing.assert_allclose(la.vecdot(leaf(a), b, axis=0).numpy(), np.vecdot(a, b, axis=0), rtol=1e-14)
    report = gradcheck(lambda x, y: la.vecdot(x, y, axis=0), [a, b], order=2)
    assert report, report


# ---------------------------------------------------------------- NumPy's second names


def test_numpys_second_names_answer_too():
    a = leaf(uniform(2, 3, 3))
    x = a.numpy()
    for ours, theirs in [
        (np.linalg.matmul(a, a), np.linalg.matmul(x, x)),
        (np.linalg.tensordot(a, a, axes=3), np.linalg.tensordot(x, x, axes=3)),
        (np.linalg.vecdot(a, a), np.linalg.vecdot(x, x)),
        (np.linalg.vecdot(a, a, axis=0), np.linalg.vecdot(x, x, axis=0)),
        (np.linalg.matrix_transpose(a), np.linalg.matrix_transpose(x)),
        (np.linalg.diagonal(a, offset=1), np.linalg.diagonal(x, offset=1)),
        (np.linalg.trace(a, offset=-1), np.linalg.trace(x, offset=-1)),
    ]:
        assert ours.requires_grad
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-14)


# ---------------------------------------------------------------- PyTorch's gradients, recorded

# The functions of tests/data/record_torch_linear_algebra.py, in NumPy.
linalg = np.linalg
FUNCTIONS = {
    "solve": linalg.solve,
    "solve stacks": linalg.solve,
    "solve vector": linalg.solve,
    "tensorsolve": linalg.tensorsolve,
    "tensorinv": lambda a, b: linalg.tensorinv(a, 1) * b,
    "inv": lambda a, b: linalg.inv(a) @ b,
    "det": lambda a, b: linalg.det(a) * b,
    "det of rank 2": lambda a, b: linalg.det(np.concatenate([a, a[:, :1].detach() + b - b.detach()], 1)),
    "slogdet sign": lambda a, b: linalg.slogdet(a).sign * b,
    "slogdet logarithm": lambda a, b: linalg.slogdet(a).logabsdet * b,
    "pinv tall": lambda a, b: linalg.pinv(a) @ b,
    "pinv wide": lambda a, b: linalg.pinv(a) @ b,
    "lstsq": lambda a, b: linalg.lstsq(a, b)[0],
    "matrix_power 5": lambda a, b: linalg.matrix_power(a, 5) @ b,
    "matrix_power -2": lambda a, b: linalg.matrix_power(a, -2) @ b,
    "multi_dot": lambda a, b: linalg.multi_dot([a, b, a, b]),
    "cond": lambda a, b: linalg.cond(a) * b,
    "cond 1": lambda a, b: linalg.cond(a, 1) * b,
    "cond fro": lambda a, b: linalg.cond(a, "fro") * b,
    "norm nuc": lambda a, b: linalg.matrix_norm(a, ord="nuc") * b,
    "norm 2": lambda a, b: linalg.matrix_norm(a, ord=2) * b,
    "norm -2": lambda a, b: linalg.matrix_norm(a, ord=-2) * b,
    "norm inf": lambda a, b: linalg.matrix_norm(a, ord=np.inf) * b,
    "vector_norm 3": lambda a, b: linalg.vector_norm(a, axis=(0, 2), ord=3) * b,
    "kron": np.kron,
    "cross": linalg.cross,
    "vdot": np.vdot,
    "vecdot": linalg.vecdot,
    "vander": lambda a, b: np.vander(a, 4, increasing=True) * b,
    "diag_embed": lambda a, b: np.diag(a, -1) @ b,
}
RECORDED = json.loads((Path(__file__).parents[2] / "data" / "torch_linear_algebra.json").read_text())["cases"]


def whole(parts):
    real, *imaginary = map(np.asarray, parts)
    return real + 1j * imaginary[0] if imaginary else real


def identity(case):
    return f"{case['function']} {whole(case['inputs'][0]).dtype}"


@pytest.mark.parametrize("case", RECORDED, ids=identity)
@pytest.mark.parametrize("create_graph", [False, True])
def test_the_gradient_is_that_of_pytorch(case, create_graph):
    tensors = [leaf(whole(each)) for each in case["inputs"]]
    y = FUNCTIONS[case["function"]](*tensors)
    place = np.arange(y.size, dtype=float).reshape(y.shape)
    loss = np.sum(np.real(y) * np.cos(place)) + np.sum(np.imag(y) * np.sin(place))
    assert loss.item() == pytest.approx(case["loss"], rel=1e-11, abs=1e-14)
    for g, expected in zip(grad_of(loss, tensors, create_graph=create_graph), map(whole, case["gradients"]), strict=True):
        np.testing.assert_allclose(g.numpy(), expected, rtol=0, atol=1e-11 * np.max(np.abs(expected)))


def test_every_function_was_recorded_for_real_and_complex_arrays():
    kinds = {(case["function"], len(case["inputs"][0])) for case in RECORDED}
    assert kinds == {(name, parts) for name in FUNCTIONS for parts in (1, 2)}
