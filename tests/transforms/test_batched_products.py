"""Products inside ``vmap``: any shapes, of any of the factors many examples, give what each example gives alone.

And they are few: a factor that all examples share meets all of them in one matrix product.
"""

from itertools import product

import numpy as np
import pytest

import autograd as ag
import nn
from nn.kernels.linear import affine

SIZE = 3

MATMUL = [
    ((4,), (4,)),
    ((4,), (4, 2)),
    ((3, 4), (4,)),
    ((3, 4), (4, 2)),
    ((1, 4), (4, 1)),
    ((3, 1), (1, 2)),
    ((2, 3, 4), (4,)),
    ((2, 3, 4), (4, 5)),
    ((4,), (2, 4, 3)),
    ((3, 4), (2, 4, 5)),
    ((2, 3, 4), (2, 4, 5)),
    ((2, 1, 3, 4), (3, 4, 2)),
    ((1, 3, 4), (2, 4, 2)),
    ((4,), (2, 3, 4, 2)),
    ((0,), (0, 2)),
    ((3, 0), (0, 2)),
    ((0, 4), (4,)),
    ((2, 0, 4), (4, 0)),
]
MATVEC = [((2, 3), (3,)), ((2, 3), (4, 3)), ((4, 2, 3), (3,)), ((2, 1, 2, 3), (4, 3)), ((1, 2, 3), (4, 3))]
VECMAT = [((2,), (2, 3)), ((4, 2), (2, 3)), ((2,), (4, 2, 3)), ((2, 1, 2), (4, 2, 3))]
PAIRS = [((), ()), ((3,), ()), ((2, 3), (4,)), ((3,), (2, 2)), ((2, 0), (3,))]
SOLVE = [
    ((3, 3), (3,)),
    ((3, 3), (3, 2)),
    ((2, 3, 3), (3,)),
    ((2, 3, 3), (3, 2)),
    ((3, 3), (2, 3, 1)),
    ((2, 1, 2, 2), (3, 2, 2)),
]
EINSUM = [
    ("ij,jk->ik", (2, 3), (3, 4)),
    ("ij,jk", (2, 3), (3, 4)),
    ("ij,jk->", (2, 3), (3, 4)),
    ("i,i", (3,), (3,)),
    ("i,j->ji", (3,), (2,)),
    ("ij,j->i", (2, 1), (3,)),
    ("ii,i->i", (3, 3), (3,)),
    ("iji,j->ij", (3, 2, 3), (2,)),
    (",ij->ji", (), (2, 3)),
    ("...ij,...jk->...ik", (2, 1, 2, 3), (4, 3, 2)),
    ("aij,bjk->abik", (30, 2, 5), (20, 5, 3)),
    ("ij,kj->ik", (0, 3), (2, 3)),
]
TENSORDOT = [
    (((2, 3, 4), (3, 4, 2)), 2),
    (((2, 3, 4), (4, 5, 2)), ([2, 0], [0, -1])),
    (((2,), (3, 2)), 0),
    (((2, 3), (2, 3)), 2),
    (((2, 3), (3,)), ((-1,), (0,))),
    (((2, 3, 4), (4, 2, 5)), ((0, 2), (1, 0))),
    (((0, 3), (3, 2)), 1),
]


def regular(x):
    """Matrices that are far from singular ones: what is to be solved with."""
    return x * 0.3 + 2 * np.eye(x.shape[-1])


def linear(x, weight):
    return nn.functional.linear(x, weight)


def with_bias(x, weight, bias):
    return nn.functional.linear(x, weight, bias)


def rows():
    for shapes in MATMUL:
        yield "matmul", np.matmul, shapes
        yield "dot", np.dot, shapes if max(map(len, shapes)) < 3 else ((2, 2, 3), (2, 3, 2))
    for shapes in MATVEC:
        yield "matvec", np.matvec, shapes
    for shapes in VECMAT:
        yield "vecmat", np.vecmat, shapes
    for shapes in PAIRS:
        yield "outer", np.outer, shapes
        yield "kron", np.kron, shapes
    for shapes in [((3,), (3,)), ((2, 3), (3,)), ((2, 1, 3), (4, 3))]:
        yield "vecdot", np.vecdot, shapes
        yield "cross", np.cross, shapes
        yield "inner", np.inner, shapes
    for shapes in [((3,), (3,)), ((2, 3), (3, 2)), ((), ())]:
        yield "vdot", np.vdot, shapes
    for shapes in SOLVE:
        yield "solve", lambda a, b: np.linalg.solve(regular(a), b), shapes
    for subscripts, *shapes in EINSUM:
        yield f"einsum {subscripts}", lambda a, b, s=subscripts: np.einsum(s, a, b), tuple(shapes)
        yield f"einsum optimize {subscripts}", lambda a, b, s=subscripts: np.einsum(s, a, b, optimize=True), tuple(shapes)
    for shapes, axes in TENSORDOT:
        yield f"tensordot {axes}", lambda a, b, axes=axes: np.tensordot(a, b, axes), shapes
    for shape in [(3,), (5, 3), (2, 5, 3), (0, 3)]:
        yield "linear", linear, (shape, (4, 3))
        yield "linear with bias", with_bias, (shape, (4, 3), (4,))


def mapped_patterns(count):
    return [axes for axes in product((0, None), repeat=count) if any([axis == 0 for axis in axes])]


TABLE = list({(name, shapes): (name, f, shapes) for name, f, shapes in rows()}.values())
CASES = [(f, shapes, axes) for _, f, shapes in TABLE for axes in mapped_patterns(len(shapes))]
NAMES = [
    f"{name} {shapes} {''.join(['-' if axis is None else 'm' for axis in axes])}"
    for name, _, shapes in TABLE
    for axes in mapped_patterns(len(shapes))
]
each_product = pytest.mark.parametrize(("f", "shapes", "axes"), CASES, ids=NAMES)


def drawn(shapes, axes, size=SIZE, dtype=np.float64):
    rng = np.random.default_rng(0)

    def draw(*shape):
        values = rng.uniform(-1, 1, shape)
        return (values + 1j * rng.uniform(-1, 1, shape) if np.dtype(dtype).kind == "c" else values).astype(dtype)

    return [draw(*shape) if axis is None else draw(size, *shape) for shape, axis in zip(shapes, axes, strict=True)]


def of_example(arrays, axes, i):
    return [each if axis is None else each[i] for each, axis in zip(arrays, axes, strict=True)]


def weighted(out):
    return np.sum(out * np.cos(np.arange(out.size)).reshape(out.shape))


def close(actual, expected):
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-12)


@each_product
def test_values_and_gradients(f, shapes, axes):
    arrays = drawn(shapes, axes)
    places = tuple(range(len(shapes)))
    gradient = ag.grad(lambda *xs: weighted(f(*xs)), places)
    alone = [of_example(arrays, axes, i) for i in range(SIZE)]
    close(ag.vmap(f, axes)(*arrays), np.stack([np.asarray(f(*each)) for each in alone]))
    expected = [gradient(*each) for each in alone]
    for place, actual in enumerate(ag.vmap(gradient, axes)(*arrays)):
        close(actual, np.stack([np.asarray(each[place]) for each in expected]))


@each_product
def test_gradients_through_it(f, shapes, axes):
    """The rules run on recorded tensors then, and what all examples share receives the sum of their gradients."""
    arrays = drawn(shapes, axes)
    places = tuple(range(len(shapes)))
    gradient = ag.grad(lambda *xs: weighted(f(*xs)), places)
    expected = [gradient(*of_example(arrays, axes, i)) for i in range(SIZE)]
    actual = ag.grad(lambda *xs: np.sum(ag.vmap(lambda *each: weighted(f(*each)), axes)(*xs)), places)(*arrays)
    for place, axis in enumerate(axes):
        parts = [np.asarray(each[place]) for each in expected]
        close(actual[place], np.stack(parts) if axis == 0 else np.asarray(sum(parts)))


@each_product
def test_nested(f, shapes, axes):
    """Inside a second one, over the first factor: the rules run on values of many examples."""
    arrays = drawn(shapes, axes)
    outer = (0, *[None] * (len(shapes) - 1))
    first = np.stack([arrays[0], 2 * arrays[0]])
    actual = ag.vmap(ag.vmap(f, axes), outer)(first, *arrays[1:])
    close(actual, np.stack([ag.vmap(f, axes)(each, *arrays[1:]) for each in first]))


@each_product
def test_no_examples(f, shapes, axes):
    some, none = drawn(shapes, axes), drawn(shapes, axes, size=0)
    expected = np.asarray(f(*of_example(some, axes, 0)))
    actual = ag.vmap(f, axes)(*none)
    assert actual.shape == (0, *expected.shape)
    assert actual.dtype == expected.dtype


@pytest.mark.parametrize("dtype", [np.float32, np.complex128, np.int64, np.bool_])
@pytest.mark.parametrize("axes", mapped_patterns(2))
@pytest.mark.parametrize("shapes", MATMUL)
def test_other_dtypes(shapes, axes, dtype):
    arrays = [np.round(each * 3).astype(dtype) if np.dtype(dtype).kind in "ib" else each for each in drawn(shapes, axes)]
    arrays = drawn(shapes, axes, dtype=dtype) if np.dtype(dtype).kind in "fc" else arrays
    actual = ag.vmap(np.matmul, axes)(*arrays)
    expected = np.stack([np.asarray(np.matmul(*of_example(arrays, axes, i))) for i in range(SIZE)])
    assert actual.dtype == expected.dtype
    np.testing.assert_allclose(actual, expected, rtol=1e-5 if dtype is np.float32 else 1e-12, atol=1e-6)


def test_letters_run_out():
    """With all 52 letters in use there is none left for the examples, which are computed one by one."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    x = np.arange(3.0).reshape((3, *[1] * 52))
    out = ag.vmap(lambda each: np.einsum(f"{letters[:26]},{letters[26:]}->", each.reshape((1,) * 26), np.ones((1,) * 26)))(x)
    close(out, np.arange(3.0))


@pytest.mark.parametrize(
    ("f", "shapes", "error"),
    [
        (np.matmul, ((), (3,)), ValueError),
        (np.matmul, ((2, 3), (2,)), ValueError),
        (np.vecdot, ((), (1,)), ValueError),
        (np.vdot, ((1,), (3,)), ValueError),
        (np.linalg.inv, ((3,),), np.linalg.LinAlgError),
        (np.linalg.det, ((3,),), np.linalg.LinAlgError),
        (np.linalg.solve, ((3,), (3,)), np.linalg.LinAlgError),
        (np.linalg.svd, ((3,),), np.linalg.LinAlgError),
    ],
)
def test_what_one_example_refuses_all_refuse(f, shapes, error):
    """As many examples as an example has elements must not be taken for a matrix."""
    with pytest.raises(error):
        ag.vmap(f)(*drawn(shapes, (0,) * len(shapes), size=3))


# ---------------------------------------------------------------- how many products


@pytest.fixture
def products(monkeypatch):
    """The shapes of the factors of every matrix product that NumPy is asked for."""
    found = []
    for name in ("dot", "matmul"):
        numpy = getattr(np, name)

        def counted(x1, x2, numpy=numpy):
            if isinstance(x1, np.ndarray) and isinstance(x2, np.ndarray):
                found.append((x1.shape, x2.shape))
            return numpy(x1, x2)

        monkeypatch.setattr(np, name, counted)
    return found


@pytest.mark.parametrize(
    ("f", "shapes", "axes", "expected"),
    [
        (ag.matmul, ((4,), (4, 2)), (0, None), ((7, 4), (4, 2))),
        (ag.matmul, ((3, 4), (4, 2)), (0, None), ((21, 4), (4, 2))),
        (ag.matmul, ((2, 3, 4), (4, 2)), (0, None), ((42, 4), (4, 2))),
        (ag.matmul, ((3, 4), (4,)), (0, None), ((21, 4), (4,))),
        (ag.matmul, ((2, 4), (4,)), (None, 0), ((7, 4), (4, 2))),
        (ag.matmul, ((4,), (4,)), (None, 0), ((7, 4), (4,))),
        (ag.matvec, ((2, 4), (4,)), (None, 0), ((7, 4), (4, 2))),
        (ag.vecmat, ((4,), (4, 2)), (0, None), ((7, 4), (4, 2))),
    ],
)
def test_a_shared_factor_meets_all_examples_in_one_product(f, shapes, axes, expected, products):
    arrays = drawn(shapes, axes, size=7)
    ag.vmap(f, axes)(*arrays)
    assert products == [expected]


def test_a_shared_layer_is_one_product(monkeypatch):
    """The op itself is called once, with the rows of all examples."""
    calls = []
    record = affine.op
    forward = record.forward

    def counted(x, weight, bias):
        calls.append(x.shape)
        return forward(x, weight, bias)

    monkeypatch.setattr(record, "call", counted)
    x, weight, bias = drawn(((5, 3), (4, 3), (4,)), (0, None, None), size=7)
    ag.vmap(nn.functional.linear, (0, None, None))(x, weight, bias)
    assert calls == [(35, 3)]


def test_a_shared_weight_is_one_product_on_the_way_back(products):
    """The gradient of the mean over examples, taken outside, is made of the products that one batch would take."""
    x, w = drawn(((4,), (4, 2)), (0, None), size=7)
    ag.grad(lambda w: np.sum(ag.vmap(lambda each: np.tanh(each @ w))(x)))(w)
    backward = [shapes for shapes in products if shapes == ((4, 7), (7, 2))]
    assert len(backward) == 1
