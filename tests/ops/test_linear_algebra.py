"""Linear algebra: what the table of all ops does not show. Closed forms, broadcasting, repeated labels, zeros, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops import linear_algebra as la
from autograd.tensor import Tensor


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
    for y in (t @ t, la.dot(t, t), la.einsum("ij,jk", t, t), la.outer(t, t), la.tensordot(t, t), la.trace(t), la.tril(t)):
        assert y.dtype == np.int64
        assert not y.requires_grad
    np.testing.assert_array_equal((t @ t).numpy(), [[7, 10], [15, 22]])


# ---------------------------------------------------------------- products of vectors and tensors


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


@st.composite
def contractions(draw):
    """Two shapes, and pairs of their axes to be summed over, in any order and counted from either end."""
    shared = draw(st.lists(st.integers(1, 3), max_size=3))
    axes, shapes = [], []
    for _ in range(2):
        own = draw(st.lists(st.integers(1, 2), max_size=2))
        order = draw(st.permutations(range(len(shared) + len(own))))
        lengths = [*shared, *own]
        shapes.append(tuple(lengths[i] for i in order))
        places = [order.index(i) for i in range(len(shared))]
        axes.append([place - len(lengths) if draw(st.booleans()) else place for place in places])
    return shapes, axes


@given(contractions(), SEEDS, st.booleans())
@settings(max_examples=200, deadline=None)
def test_tensordot_over_any_axes(contraction, seed, create_graph):
    """The reference for the gradient: the map is linear in each factor, so v.f(d, b) = <gradient, d> for every d."""
    uniform = uniforms(seed)
    shapes, axes = contraction
    a, b = (uniform(*shape) for shape in shapes)
    x1, x2 = leaf(a), leaf(b)
    y = la.tensordot(x1, x2, axes)
    np.testing.assert_allclose(y.numpy(), np.tensordot(a, b, axes), rtol=1e-14, atol=1e-14)
    v = uniform(*y.shape)
    g1, g2 = grad_of(y, [x1, x2], v, create_graph=create_graph)
    d1, d2 = uniform(*a.shape), uniform(*b.shape)
    np.testing.assert_allclose(np.sum(g1.numpy() * d1), np.sum(v * np.tensordot(d1, b, axes)), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(np.sum(g2.numpy() * d2), np.sum(v * np.tensordot(a, d2, axes)), rtol=1e-12, atol=1e-12)


def test_tensordot_has_second_derivatives():
    report = gradcheck(
        lambda a, b: np.sin(la.tensordot(a, b, ([2, 0], [0, -1]))), [uniform(2, 2, 3), uniform(3, 2, 2)], order=2
    )
    assert report, report


def test_paired_axes_of_different_lengths_are_refused():
    with pytest.raises(
        ValueError, match=r"tensordot: expected paired axes of equal length, received .* lengths \[2\] and \[4\]"
    ):
        la.tensordot(leaf(uniform(2, 3)), uniform(4, 3), ((0,), (0,)))


# ---------------------------------------------------------------- einsum

LABELS = "ijk"


@st.composite
def sums(draw):
    """Subscripts with one to three operands, repeated labels, axes of length 1, and any order of the result."""
    lengths = {label: draw(st.integers(0, 3)) for label in LABELS}
    terms, shapes = [], []
    for _ in range(draw(st.integers(1, 3))):
        term = draw(st.text(LABELS, max_size=3))
        one = {label: draw(st.booleans()) and draw(st.booleans()) for label in LABELS}
        terms.append(term)
        shapes.append(tuple(1 if one[label] else lengths[label] for label in term))
    used = sorted(set("".join(terms)))
    output = "".join(draw(st.permutations(used))[: draw(st.integers(0, len(used)))])
    return f"{','.join(terms)}->{output}", shapes


def by_the_definition(subscripts, *operands):
    """Einstein's summation as nested loops over all labels."""
    inputs, output = subscripts.split("->")
    terms = inputs.split(",")
    lengths = {}
    for term, x in zip(terms, operands, strict=True):
        for label, length in zip(term, x.shape, strict=True):
            lengths[label] = length if lengths.get(label, 1) == 1 else lengths[label]
    out = np.zeros([lengths[label] for label in output])
    for values in np.ndindex(*lengths.values()):
        at = dict(zip(lengths, values, strict=True))
        product = 1.0
        for term, x in zip(terms, operands, strict=True):
            product *= x[tuple(0 if x.shape[i] == 1 else at[label] for i, label in enumerate(term))]
        out[tuple(at[label] for label in output)] += product
    return out


@given(sums(), SEEDS, st.sampled_from([False, True, "greedy"]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_sum_and_its_gradients(case, seed, optimize, create_graph):
    """The reference for the gradient: the map is linear in each operand, so v.f(.., d, ..) = <gradient, d> for every d."""
    uniform = uniforms(seed)
    subscripts, shapes = case
    arrays = [uniform(*shape) for shape in shapes]
    tensors = [leaf(each) for each in arrays]
    y = la.einsum(subscripts, *tensors, optimize=optimize)
    np.testing.assert_allclose(y.numpy(), by_the_definition(subscripts, *arrays), rtol=1e-13, atol=1e-13)
    v = uniform(*y.shape)
    for i, g in enumerate(grad_of(y, tensors, v, create_graph=create_graph)):
        assert g.shape == shapes[i]
        d = uniform(*shapes[i])
        moved = by_the_definition(subscripts, *arrays[:i], d, *arrays[i + 1 :])
        np.testing.assert_allclose(np.sum(g.numpy() * d), np.sum(v * moved), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [
        ("ii->i", [(3, 3)]),
        ("iij,j->", [(2, 2, 3), (3,)]),
        ("iji,jkj->ik", [(2, 3, 2), (3, 2, 3)]),
        ("ij,jk,kl->il", [(2, 3), (3, 1), (2, 2)]),
        ("...i,...ij->...j", [(2, 1, 3), (2, 3, 2)]),
        ("ij,k->", [(2, 1), (3,)]),
    ],
)
def test_sums_have_second_derivatives(subscripts, shapes):
    report = gradcheck(lambda *xs: np.sin(la.einsum(subscripts, *xs)), [uniform(*shape) for shape in shapes], order=2)
    assert report, report


@pytest.mark.parametrize(
    "arguments",
    [
        ("...ij,...jk", uniform(2, 2, 3), uniform(3, 2)),
        ("ba", uniform(2, 3)),
        ("aB", uniform(2, 3)),
        (" i j , j -> i ", uniform(2, 3), uniform(3)),
        ("i...->...", uniform(2, 3)),
        ("...", uniform(2, 3)),
        ("...,...", uniform(2, 3), uniform(3)),
        (",->", 2.0, 3.0),
        (uniform(2, 3), [0, 1], uniform(3, 2), [1, 2]),
        (uniform(2, 3), [30, 0]),
        (uniform(2, 3), [0, 1], []),
        (uniform(2, 3), [..., 0], [0, ...]),
    ],
)
def test_every_form_of_the_subscripts_is_numpys(arguments):
    expected = np.einsum(*arguments)
    tensors = [leaf(each) if isinstance(each, np.ndarray) else each for each in arguments]
    for actual in (la.einsum(*arguments), la.einsum(*tensors)):
        value = actual.numpy() if isinstance(actual, Tensor) else actual
        assert value.shape == expected.shape
        np.testing.assert_allclose(value, expected, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("optimize", [["einsum_path", (0, 2), (0, 1)], ("greedy", 1000), "optimal"])
def test_an_order_of_products_is_taken_over(optimize):
    arrays = [uniform(2, 3), uniform(3, 2), uniform(2, 2)]
    tensors = [leaf(each) for each in arrays]
    y = la.einsum("ij,jk,kl->il", *tensors, optimize=optimize)
    np.testing.assert_allclose(y.numpy(), arrays[0] @ arrays[1] @ arrays[2], rtol=1e-14, atol=1e-15)
    g = grad_of(y, tensors[1], np.ones((2, 2))).numpy()
    np.testing.assert_allclose(g, arrays[0].T @ np.ones((2, 2)) @ arrays[2].T, rtol=1e-14, atol=1e-15)


def test_large_sums_agree_with_matrix_products():
    a, b, v = uniform(4, 20, 30), uniform(4, 10, 30), uniform(4, 20, 10)
    q, k = leaf(a), leaf(b)
    y = la.einsum("bqd,bkd->bqk", q, k)
    np.testing.assert_allclose(y.numpy(), a @ b.mT, rtol=1e-12, atol=1e-14)
    gq, gk = grad_of(y, [q, k], v)
    np.testing.assert_allclose(gq.numpy(), v @ b, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(gk.numpy(), v.mT @ a, rtol=1e-12, atol=1e-14)


def test_one_tensor_twice_gets_both_gradients():
    x = uniform(3)
    np.testing.assert_allclose(gradient(lambda t: la.einsum("i,i->", t, t), x), 2 * x, rtol=1e-15)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            ("ij,jk->ik", uniform(2, 3), uniform(4, 2)),
            ValueError,
            r"one length under each label, received several under 'j'.*\(2, 3\), \(4, 2\)",
        ),
        (("ii", uniform(1, 3)), ValueError, "received several under 'i', one in operand 0"),
        (("i,j", uniform(3)), ValueError, "expected 2 operands, as many as terms, received 1"),
        (("ij", uniform(3)), ValueError, r"the labels 'ij' do not fit operand 0 of shape \(3,\)"),
        (("i->j", uniform(3)), ValueError, "expected each label of the result once, and in an operand; received 'j'"),
        (("i->ii", uniform(3)), ValueError, "expected each label of the result once, and in an operand; received 'ii'"),
        (("...i->i", uniform(2, 3)), ValueError, "... stands for axes that the result has no place for"),
        (("i..->i", uniform(3)), ValueError, "expected letters and at most one ... in each term, received 'i..'"),
        (("i1", uniform(3, 3)), ValueError, "expected letters and at most one ... in each term, received 'i1'"),
        (("...", np.zeros((1,) * 53)), ValueError, "more than 52 different axes"),
        ((uniform(3),), ValueError, "einsum: expected subscripts and arrays, .* received 1 arguments"),
        ((uniform(3), [52]), ValueError, "expected labels from 0 to 51, received 52"),
        ((uniform(3), ["i"]), TypeError, "expected whole numbers and ... as labels, received 'i'"),
    ],
)
def test_subscripts_that_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        la.einsum(*arguments)


# ---------------------------------------------------------------- diagonals and triangles


@given(st.integers(-4, 4), st.permutations(range(3)), st.booleans())
@settings(deadline=None)
def test_a_diagonal_gives_its_gradient_to_itself(offset, axes, create_graph):
    x = uniform(3, 4, 2)
    axis1, axis2 = axes[0], axes[1] - 3
    y = la.diagonal(t := leaf(x), offset, axis1, axis2)
    expected = np.diagonal(x, offset, axis1, axis2)
    np.testing.assert_array_equal(y.numpy(), expected)
    selected = np.zeros_like(x)
    matrices = np.moveaxis(selected, (axis1, axis2), (0, 1))  # a view
    for i in range(len(matrices)):
        if 0 <= i + offset < matrices.shape[1]:
            matrices[i, i + offset] = 1
    g = grad_of(y, t, expected, create_graph=create_graph).numpy()
    np.testing.assert_array_equal(g, selected * x)


def test_the_gradient_of_a_trace_is_the_identity():
    np.testing.assert_array_equal(gradient(la.trace, uniform(3, 3)), np.eye(3))
    np.testing.assert_array_equal(gradient(lambda t: t.trace(), uniform(3, 3)), np.eye(3))


def test_the_gradient_of_a_triangle_is_its_triangle():
    v = uniform(3, 4)
    np.testing.assert_array_equal(gradient(lambda t: la.tril(t, 1), uniform(3, 4), v), np.tril(v, 1))
    np.testing.assert_array_equal(gradient(lambda t: la.triu(t, -1), uniform(3, 4), v), np.triu(v, -1))


@pytest.mark.parametrize("f", [la.tril, la.triu])
def test_a_number_has_no_triangle(f):
    with pytest.raises(TypeError, match=f"{f.__name__}: expected a matrix or a stack of them, received a number"):
        f(2.0)


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


# ---------------------------------------------------------------- norms


@pytest.mark.parametrize("ord", [None, 0.5, 1, 1.5, 2, 3, np.inf, -np.inf, -1, -2])
@pytest.mark.parametrize("create_graph", [False, True])
def test_the_gradient_of_the_norm_of_a_zero_vector_is_zero(ord, create_graph):
    with np.errstate(divide="ignore"):  # NumPy divides by 0 on the way to a negative order's 0
        x = leaf(np.zeros((2, 3)))
        y = la.norm(x, ord, axis=1)
        (g,) = grad_of([y], [x], [np.ones(2)], create_graph=create_graph)
    np.testing.assert_array_equal(y.numpy(), [0, 0])
    np.testing.assert_array_equal(g.numpy(), np.zeros((2, 3)))


@pytest.mark.parametrize("ord", [None, "fro", 1, np.inf])
def test_the_gradient_of_the_norm_of_a_zero_matrix_is_zero(ord):
    np.testing.assert_array_equal(gradient(lambda t: la.norm(t, ord), np.zeros((2, 3))), np.zeros((2, 3)))


@pytest.mark.parametrize("ord", [None, 3])
def test_second_derivatives_at_zero_are_finite(ord):
    x = leaf(np.zeros(3))
    g = grad_of(la.norm(x, ord), x, create_graph=True)
    np.testing.assert_array_equal(grad_of(g.sum(), x).numpy(), np.zeros(3))


@pytest.mark.parametrize("p", [0.5, 1.5, 3, 4])
def test_elements_that_are_zero_have_a_gradient_of_zero(p):
    x = np.array([0.0, 3.0, -4.0])
    g = gradient(lambda t: la.norm(t, p), x)
    size = np.linalg.norm(x, p)
    np.testing.assert_allclose(g, [0, (3 / size) ** (p - 1), -((4 / size) ** (p - 1))], rtol=1e-14)


def test_the_gradient_of_the_2_norm_is_the_unit_vector():
    np.testing.assert_allclose(gradient(la.norm, np.array([3.0, 4.0])), [0.6, 0.8], rtol=1e-15)
    np.testing.assert_allclose(gradient(la.norm, np.array([[3.0], [4j]])), [[0.6], [0.8j]], rtol=1e-15)


def test_large_vectors_have_a_gradient_as_long_as_their_norm_is_finite():
    np.testing.assert_array_equal(gradient(lambda t: la.norm(t, 4), np.full(16, 2.0**250)), np.full(16, 0.125))


def test_the_hessian_of_the_2_norm():
    """(I - u u^T) / |x| for the unit vector u."""
    x = np.array([1.0, 2.0, 2.0])
    t = leaf(x)
    g = grad_of(la.norm(t), t, create_graph=True)
    rows = [grad_of(g, t, row, retain_graph=True).numpy() for row in np.eye(3)]
    np.testing.assert_allclose(rows, (np.eye(3) - np.outer(x, x) / 9) / 3, rtol=1e-14, atol=1e-15)


def test_equal_largest_elements_share_the_gradient():
    np.testing.assert_array_equal(gradient(lambda t: la.norm(t, np.inf), np.array([2.0, -2.0, 1.0])), [0.5, -0.5, 0])


def test_the_number_of_elements_needs_no_gradient():
    y = la.norm(leaf([[1.0, 0.0], [2.0, 3.0]]), 0, axis=0)
    assert not y.requires_grad
    assert y.dtype == np.float64
    np.testing.assert_array_equal(y.numpy(), [2, 1])
    assert la.norm(np.array([1j, 0]), 0) == 1.0


@pytest.mark.parametrize("ord", [None, 0, 1, 2, 3, np.inf, -np.inf])
def test_integers_have_a_norm(ord):
    x = np.array([3, -4])
    for y in (la.norm(x, ord), la.norm(Tensor(x), ord).numpy(), la.norm([3, -4], ord)):
        assert y == np.linalg.norm(x, ord)
        assert y.dtype == np.float64


@pytest.mark.parametrize("ord", [2, -2, "nuc"])
@pytest.mark.parametrize("keepdims", [False, True])
def test_norms_of_singular_values_are_computed_but_not_recorded(ord, keepdims):
    x = uniform(2, 3, 4)
    expected = np.linalg.norm(x, ord, (0, 2), keepdims)
    np.testing.assert_array_equal(la.norm(x, ord, (0, 2), keepdims), expected)
    np.testing.assert_array_equal(la.norm(Tensor(x), ord, (0, 2), keepdims).numpy(), expected)
    with ag.no_grad():
        np.testing.assert_array_equal(la.norm(leaf(x), ord, (0, 2), keepdims).numpy(), expected)
    with pytest.raises(
        TypeError, match=f"norm: the order {ord!r} of a matrix needs its singular values, which have no gradient"
    ):
        la.norm(leaf(x), ord, (0, 2), keepdims)


@pytest.mark.parametrize("ord", [None, 1, np.inf, 3])
def test_the_norm_of_nothing_is_zero(ord):
    t = leaf(np.ones(0))
    y = la.norm(t, ord)
    assert y.item() == 0
    assert grad_of(y, t).shape == (0,)


@pytest.mark.parametrize(
    ("shape", "ord", "axis", "message"),
    [
        ((3,), "fro", None, "norm: expected a number as the order of a vector's norm, received 'fro'"),
        ((3, 3), 3, None, "norm: expected the order 'fro', 'nuc', 1, -1, 2, -2, inf or -inf of a matrix's norm, received 3"),
        (
            (2, 2, 2),
            1,
            None,
            r"norm: expected one axis \(vectors\) or two \(matrices\), received axis=None of shape \(2, 2, 2\)",
        ),
        ((2, 2, 2), None, (0, 1, 2), r"norm: expected one axis \(vectors\) or two \(matrices\), received axis=\(0, 1, 2\)"),
        ((2, 2), None, (0, 0), "repeated axis"),
    ],
)
def test_norms_that_are_refused(shape, ord, axis, message):
    for x in (np.ones(shape), leaf(np.ones(shape))):
        with pytest.raises(ValueError, match=message):
            la.norm(x, ord, axis)
