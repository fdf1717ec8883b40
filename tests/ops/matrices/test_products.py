"""Further products: definitions, stacks, conjugation, chains in the best order, deprecated forms, messages."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.matrices import products
from autograd.tensors import Tensor


def leaf(x):
    return Tensor(x, requires_grad=True)


def uniforms(seed):
    """A function that draws an array of the given shape."""
    rng = np.random.default_rng(seed)
    return lambda *shape: np.asarray(rng.uniform(-1, 1, shape))


uniform = uniforms(0)


def complex_uniform(*shape):
    return uniform(*shape) + 1j * uniform(*shape)


# ---------------------------------------------------------------- vectors and stacks of them


@st.composite
def stacks(draw):
    """Shapes of matrices and of vectors with leading axes that broadcast."""
    m, n = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    batch = draw(st.lists(st.integers(0, 3), max_size=2))
    leading = []
    for _ in range(2):
        own = [draw(st.sampled_from([1, length])) for length in batch]
        leading.append(own[draw(st.integers(0, len(own))) :])
    return (*leading[0], m, n), (*leading[1], m), (*leading[1], n)


@given(stacks(), st.integers(0, 99), st.booleans())
@settings(max_examples=50, derandomize=True, deadline=None)
def test_products_of_stacks_of_vectors_are_those_of_einsum(shapes, seed, create_graph):
    uniform = uniforms(seed)
    matrix, left, right = (uniform(*shape) + 1j * uniform(*shape) for shape in shapes)
    for theirs, ours, arguments in (
        (lambda m, v: np.einsum("...ij,...j->...i", m, v), np.matvec, (matrix, right)),
        (lambda v, m: np.einsum("...i,...ij->...j", np.conj(v), m), np.vecmat, (left, matrix)),
    ):
        tensors = [leaf(each) for each in arguments]
        y = ours(*tensors)
        np.testing.assert_allclose(y.numpy(), theirs(*arguments), rtol=1e-13, atol=1e-14)
        v = uniform(*y.shape) + 1j * uniform(*y.shape)
        found = grad_of(y, tensors, v, create_graph=create_graph)
        for g, expected in zip(found, grad_of(theirs(*tensors), tensors, v), strict=True):
            np.testing.assert_allclose(g.numpy(), expected.numpy(), rtol=1e-12, atol=1e-13)


def test_vdot_flattens_and_conjugates_the_first():
    a, b = complex_uniform(2, 3), complex_uniform(3, 2)
    x1, x2 = leaf(a), leaf(b)
    y = np.vdot(x1, x2)
    assert y.item() == pytest.approx(np.sum(np.conj(a).ravel() * b.ravel()))
    g1, g2 = grad_of(np.real(y), [x1, x2])
    np.testing.assert_allclose(g1.numpy(), b.reshape(2, 3), rtol=1e-15)
    np.testing.assert_allclose(g2.numpy(), a.reshape(3, 2), rtol=1e-15)


# ---------------------------------------------------------------- cross


def test_cross_is_the_determinant():
    """a . (b x c) = det([a, b, c])"""
    a, b, c = uniform(3), uniform(3), uniform(3)
    x1, x2 = leaf(b), leaf(c)
    volume = np.sum(a * np.cross(x1, x2))
    t = leaf(np.array([a, b, c]))
    rows = grad_of(np.linalg.det(t), t).numpy()
    for g, expected in zip(grad_of(volume, [x1, x2]), rows[1:], strict=True):
        np.testing.assert_allclose(g.numpy(), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("n1", "n2"), [(2, 2), (2, 3), (3, 2)])
def test_vectors_of_two_elements_are_numpys_and_deprecated(n1, n2):
    a, b = uniform(4, n1), uniform(4, n2)
    with pytest.warns(DeprecationWarning, match="Arrays of 2-dimensional vectors are deprecated"):
        expected = np.cross(a, b)
    x1, x2 = leaf(a), leaf(b)
    with pytest.warns(DeprecationWarning, match="cross: vectors of 2 elements are deprecated in NumPy; append a 0"):
        y = products.cross(x1, x2)
    np.testing.assert_allclose(y.numpy(), expected, rtol=1e-15)
    v = uniform(*y.shape)
    three1, three2 = (np.concatenate([each, np.zeros((4, 3 - each.shape[1]))], 1) for each in (a, b))
    v3 = v if v.ndim == 2 else np.stack([0 * v, 0 * v, v], 1)
    g1, g2 = grad_of(y, [x1, x2], v)
    np.testing.assert_allclose(g1.numpy(), np.cross(three2, v3)[:, :n1], rtol=1e-14)
    np.testing.assert_allclose(g2.numpy(), np.cross(v3, three1)[:, :n2], rtol=1e-14)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((4,), (3,)), r"cross: expected vectors of 3 elements \(or 2\), received 4 and 3"),
        (((), (3,)), r"cross: expected vectors, received shapes \(\) and \(3,\)"),
        (((2, 3), (4, 3)), "cross"),
    ],
)
def test_no_vectors(shapes, message):
    with pytest.raises(ValueError, match=message):
        products.cross(*[leaf(uniform(*shape)) for shape in shapes])


# ---------------------------------------------------------------- kron


@given(st.lists(st.integers(0, 3), max_size=3), st.lists(st.integers(0, 3), max_size=3), st.integers(0, 99))
@settings(max_examples=50, derandomize=True, deadline=None)
def test_kron_of_any_two_shapes(shape1, shape2, seed):
    """The reference for the gradient: the map is linear in each factor, so v.f(d, b) = <gradient, d> for every d."""
    uniform = uniforms(seed)
    a, b, d1, d2 = uniform(*shape1), uniform(*shape2), uniform(*shape1), uniform(*shape2)
    x1, x2 = leaf(a), leaf(b)
    y = np.kron(x1, x2)
    np.testing.assert_array_equal(y.numpy(), np.kron(a, b))
    v = uniform(*y.shape)
    g1, g2 = grad_of(y, [x1, x2], v)
    assert g1.shape == a.shape
    assert g2.shape == b.shape
    np.testing.assert_allclose(np.sum(g1.numpy() * d1), np.sum(v * np.kron(d1, b)), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(np.sum(g2.numpy() * d2), np.sum(v * np.kron(a, d2)), rtol=1e-12, atol=1e-13)


# ---------------------------------------------------------------- multi_dot


def test_the_order_is_the_textbooks():
    """The example of Cormen and others, 15.2: ((A1 (A2 A3)) ((A4 A5) A6)) with 15,125 multiplications."""
    splits = products._splits([30, 35, 15, 5, 10, 20, 25])
    assert [splits[pair] for pair in ((0, 5), (0, 2), (1, 2), (3, 5), (3, 4))] == [2, 0, 1, 4, 3]


@pytest.mark.parametrize("lengths", [(2, 3, 4), (5, 2, 6, 3), (3, 4, 2, 5, 3), (1, 4, 1, 4, 1, 4)])
@pytest.mark.parametrize("ends", ["", "row", "column", "row and column"])
def test_chains_are_numpys_and_have_the_gradients_of_matmul(lengths, ends):
    arrays = [uniform(m, n) for m, n in pairwise(lengths)]
    if "row" in ends:
        arrays[0] = arrays[0][0]
    if "column" in ends:
        arrays[-1] = arrays[-1][:, 0]
    tensors = [leaf(each) for each in arrays]
    y = np.linalg.multi_dot(tensors)
    np.testing.assert_allclose(y.numpy(), np.linalg.multi_dot(arrays), rtol=1e-13, atol=1e-15)
    in_turn = tensors[0]
    for each in tensors[1:]:
        in_turn = in_turn @ each
    v = uniform(*y.shape)
    for g, expected in zip(grad_of(y, tensors, v), grad_of(in_turn, tensors, v), strict=True):
        np.testing.assert_allclose(g.numpy(), expected.numpy(), rtol=1e-12, atol=1e-14)


def test_plain_arrays_among_tensors_are_constants():
    a, b, c = uniform(2, 3), uniform(3, 2), uniform(2)
    t = leaf(b)
    np.testing.assert_allclose(grad_of(ag.linalg.multi_dot((a, t, c)).sum(), t).numpy(), np.outer(a.sum(0), c), rtol=1e-14)


def test_chains_that_are_refused():
    t = leaf(uniform(2, 2))
    with pytest.raises(ValueError, match="multi_dot: expected at least two arrays, received 1"):
        ag.linalg.multi_dot([t])
    with pytest.raises(np.linalg.LinAlgError, match=r"multi_dot: expected matrices .*, received shape \(2,\) at place 1"):
        ag.linalg.multi_dot([t, uniform(2), t])


@pytest.mark.parametrize("name", ["cross", "kron", "vdot", "matvec", "vecmat"])
def test_second_derivatives_of_complex_products(name):
    shapes = {"cross": ((2, 3), (3,)), "matvec": ((2, 2, 3), (3,)), "vecmat": ((2,), (3, 2, 2))}.get(name, ((2, 2), (2, 2)))
    report = gradcheck(
        lambda a, b: np.sin(getattr(ag, name)(a, b)), [0.5 * complex_uniform(*shape) for shape in shapes], order=2
    )
    assert report, report
