"""Contractions: tensordot over any axes, einsum against its definition, repeated labels, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.matrices.contraction import einsum, tensordot
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


# ---------------------------------------------------------------- pairs of axes


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
    y = tensordot(x1, x2, axes)
    np.testing.assert_allclose(y.numpy(), np.tensordot(a, b, axes), rtol=1e-14, atol=1e-14)
    v = uniform(*y.shape)
    g1, g2 = grad_of(y, [x1, x2], v, create_graph=create_graph)
    d1, d2 = uniform(*a.shape), uniform(*b.shape)
    np.testing.assert_allclose(np.sum(g1.numpy() * d1), np.sum(v * np.tensordot(d1, b, axes)), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(np.sum(g2.numpy() * d2), np.sum(v * np.tensordot(a, d2, axes)), rtol=1e-12, atol=1e-12)


def test_tensordot_has_second_derivatives():
    report = gradcheck(lambda a, b: np.sin(tensordot(a, b, ([2, 0], [0, -1]))), [uniform(2, 2, 3), uniform(3, 2, 2)], order=2)
    assert report, report


def test_paired_axes_of_different_lengths_are_refused():
    with pytest.raises(
        ValueError, match=r"tensordot: expected paired axes of equal length, received .* lengths \[2\] and \[4\]"
    ):
        tensordot(leaf(uniform(2, 3)), uniform(4, 3), ((0,), (0,)))


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
    y = einsum(subscripts, *tensors, optimize=optimize)
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
    report = gradcheck(lambda *xs: np.sin(einsum(subscripts, *xs)), [uniform(*shape) for shape in shapes], order=2)
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
    for actual in (einsum(*arguments), einsum(*tensors)):
        value = actual.numpy() if isinstance(actual, Tensor) else actual
        assert value.shape == expected.shape
        np.testing.assert_allclose(value, expected, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("optimize", [["einsum_path", (0, 2), (0, 1)], ("greedy", 1000), "optimal"])
def test_an_order_of_products_is_taken_over(optimize):
    arrays = [uniform(2, 3), uniform(3, 2), uniform(2, 2)]
    tensors = [leaf(each) for each in arrays]
    y = einsum("ij,jk,kl->il", *tensors, optimize=optimize)
    np.testing.assert_allclose(y.numpy(), arrays[0] @ arrays[1] @ arrays[2], rtol=1e-14, atol=1e-15)
    g = grad_of(y, tensors[1], np.ones((2, 2))).numpy()
    np.testing.assert_allclose(g, arrays[0].T @ np.ones((2, 2)) @ arrays[2].T, rtol=1e-14, atol=1e-15)


def test_large_sums_agree_with_matrix_products():
    a, b, v = uniform(4, 20, 30), uniform(4, 10, 30), uniform(4, 20, 10)
    q, k = leaf(a), leaf(b)
    y = einsum("bqd,bkd->bqk", q, k)
    np.testing.assert_allclose(y.numpy(), a @ b.mT, rtol=1e-12, atol=1e-14)
    gq, gk = grad_of(y, [q, k], v)
    np.testing.assert_allclose(gq.numpy(), v @ b, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(gk.numpy(), v.mT @ a, rtol=1e-12, atol=1e-14)


def test_one_tensor_twice_gets_both_gradients():
    x = uniform(3)
    np.testing.assert_allclose(gradient(lambda t: einsum("i,i->", t, t), x), 2 * x, rtol=1e-15)


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
        einsum(*arguments)


@pytest.mark.parametrize("optimize", [False, True])
def test_a_sum_in_another_dtype(optimize):
    a, b = uniform(2, 3).astype(np.float32), uniform(3)
    t = leaf(a)
    for keywords in ({"dtype": np.float64}, {"dtype": complex}, {"dtype": "f4", "casting": "same_kind"}):
        y = np.einsum("ij,j", t, b, optimize=optimize, **keywords)
        expected = np.einsum("ij,j", a, b, optimize=optimize, **keywords)
        assert y.dtype == expected.dtype
        np.testing.assert_allclose(y.numpy(), expected, rtol=1e-6)
        g = grad_of(y, t, np.ones(2))
        assert g.dtype == np.float32
        np.testing.assert_allclose(g.numpy(), [b, b], rtol=1e-6)


def test_conversions_that_are_not_allowed():
    a, b = leaf(uniform(2, 3)), np.arange(3)
    with pytest.raises(TypeError, match="einsum: expected operands that fit into float32 by the rule 'safe', received float64"):
        np.einsum("ij,j", a, b, dtype=np.float32)
    with pytest.raises(TypeError, match="einsum: expected operands that fit into float64 by the rule 'no', received int64"):
        np.einsum("ij,j", a, b, casting="no")
    with pytest.raises(ValueError, match="einsum: expected casting to be one of 'no', .*, received 'any'"):
        np.einsum("ij,j", a, b, casting="any")
