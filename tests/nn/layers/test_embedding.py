"""Tables of rows: first values, padding, lengths, gradients against ``np.add.at``, bags, errors."""

import numpy as np
import pytest

import autograd as ag
import nn
from nn import functional as F
from nn.kernels.rows import add_rows


def zipf(rng, n, count):
    return np.minimum(rng.zipf(1.3, n) - 1, count - 1)


@pytest.mark.parametrize("width", [1, 7, 95, 96, 130])
@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rng.integers(0, 40, 100),
        lambda rng: rng.integers(0, 4, 100),
        lambda rng: rng.integers(0, 40, 3),
        lambda rng: zipf(rng, 200, 40),
        lambda rng: np.arange(40)[::-1],
        lambda rng: np.full(9, 39),
        lambda rng: np.zeros(0, int),
    ],
    ids=["even", "many of each", "few", "uneven", "each once", "one", "none"],
)
def test_rows_are_added_up_as_numpy_does(width, draw):
    rng = np.random.default_rng(0)
    indices = draw(rng)
    rows = rng.normal(size=(len(indices), width))
    expected = np.zeros((40, width))
    np.add.at(expected, indices, rows)
    np.testing.assert_allclose(add_rows(rows, indices, count=40, skipped=None), expected, rtol=1e-13, atol=1e-13)
    expected[2] = 0
    np.testing.assert_allclose(add_rows(rows, indices, count=40, skipped=2), expected, rtol=1e-13, atol=1e-13)


def test_it_starts_as_in_pytorch():
    layer = nn.Embedding(400, 50, padding_idx=-2, rng=np.random.default_rng(0))
    weight = layer.weight.numpy()
    assert weight.dtype == np.float32
    assert layer.padding_idx == 398
    assert not weight[398].any()
    rest = np.delete(weight, 398, 0)
    assert abs(rest.mean()) < 0.02
    assert rest.std() == pytest.approx(1, abs=0.02)
    assert nn.Embedding(2, 3, dtype=np.float64).weight.dtype == np.float64
    ag.seed(1)
    first = nn.EmbeddingBag(3, 2)
    ag.seed(1)
    np.testing.assert_array_equal(nn.EmbeddingBag(3, 2).weight.numpy(), first.weight.numpy())


def test_the_padding_row_is_looked_up_and_not_trained():
    layer = nn.Embedding(4, 2, padding_idx=1, dtype=np.float64)
    with ag.no_grad():
        layer.weight[1] = 5.0
    y = layer([[1, 2], [2, 3]])
    assert y.tolist()[0][0] == [5, 5]
    y.sum().backward()
    assert layer.weight.grad.tolist() == [[0, 0], [0, 0], [2, 2], [1, 1]]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.int64])
def test_any_integers_do(dtype):
    layer = nn.Embedding(5, 2)
    np.testing.assert_array_equal(layer(np.array([4, 0], dtype)).numpy(), layer.weight.numpy()[[4, 0]])
    np.testing.assert_array_equal(layer(ag.tensor(np.array([4, 0], dtype))).numpy(), layer.weight.numpy()[[4, 0]])
    assert layer([]).shape == (0, 2)
    assert layer(3).shape == (2,)


def test_long_rows_in_use_are_shortened_in_place():
    layer = nn.Embedding.from_pretrained([[3.0, 4.0], [0.3, 0.4], [6.0, 8.0]], freeze=False, max_norm=1.0)
    y = layer([0, 1, 0])
    np.testing.assert_allclose(layer.weight.numpy(), [[0.6, 0.8], [0.3, 0.4], [6.0, 8.0]], rtol=1e-6)
    y.sum().backward()  # the write came before the reading
    assert layer.weight.grad.tolist() == [[2, 2], [1, 1], [0, 0]]
    table = np.array([[3.0, 4.0], [1.0, 0.0]])
    F.embedding([0], table, max_norm=7.0, norm_type=1.0)
    assert table.tolist() == [[3, 4], [1, 0]]
    F.embedding([0], table, max_norm=3.5, norm_type=1.0)
    np.testing.assert_allclose(table, [[1.5, 2.0], [1.0, 0.0]], rtol=1e-6)


def test_a_table_of_ones_own():
    table = np.arange(6.0).reshape(3, 2)
    layer = nn.Embedding.from_pretrained(table, padding_idx=0)
    assert repr(layer) == "Embedding(3, 2, padding_idx=0)"
    assert not layer.weight.requires_grad
    table[:] = 0
    assert layer([1, 0]).tolist() == [[2, 3], [0, 1]]
    bag = nn.EmbeddingBag.from_pretrained(np.ones((3, 2)), freeze=False, mode="sum")
    assert repr(bag) == "EmbeddingBag(3, 2, mode='sum')"
    assert bag.weight.requires_grad
    assert list(bag.state_dict()) == ["weight"]


def test_gradients_by_frequency():
    """What PyTorch's ``embedding`` gives; its ``embedding_bag`` divides some rows by the count of another."""
    table = ag.tensor(np.zeros((5, 1)), requires_grad=True)
    index = np.array([3, 0, 1, 1, 4, 0, 3])
    F.embedding(index, table, scale_grad_by_freq=True).sum().backward()
    assert table.grad.numpy().ravel().tolist() == [1, 1, 0, 1, 1]
    table.grad = None
    F.embedding_bag(index, table, [0, 3], mode="sum", scale_grad_by_freq=True).sum().backward()
    assert table.grad.numpy().ravel().tolist() == [1, 1, 0, 1, 1]


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_bags_are_what_numpy_makes_of_each(mode):
    rng = np.random.default_rng(0)
    table, index, offsets = rng.normal(size=(6, 4)), rng.integers(0, 6, 20), [0, 3, 3, 11]
    found = F.embedding_bag(index, table, offsets, mode=mode, padding_idx=2)
    for row, each in zip(found, np.split(index, offsets[1:]), strict=True):
        rows = table[each[each != 2]]
        np.testing.assert_allclose(row, getattr(np, mode)(rows, axis=0) if len(rows) else np.zeros(4), rtol=1e-12)


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_bags_without_indices(mode):
    table = ag.tensor(np.ones((3, 2)), requires_grad=True)
    y = F.embedding_bag([], table, [0, 0], mode=mode)
    assert y.tolist() == [[0, 0], [0, 0]]
    assert F.embedding_bag(np.zeros((0, 3), int), table, mode=mode).shape == (0, 2)
    assert F.embedding_bag([], table, [], mode=mode).shape == (0, 2)


def test_bags_of_examples_with_tables_of_their_own():
    rng = np.random.default_rng(0)
    tables, index = rng.normal(size=(3, 5, 2)), rng.integers(0, 5, (3, 2, 4))
    for mode in ("sum", "mean", "max"):
        f = lambda table, x, mode=mode: F.embedding_bag(x, table, mode=mode, padding_idx=None)
        expected = np.stack([f(table, x) for table, x in zip(tables, index, strict=True)])
        np.testing.assert_allclose(ag.vmap(f)(tables, index), expected, rtol=1e-12)
        slope = lambda table, x, f=f: ag.grad(lambda t: np.sum(f(t, x) ** 2))(table)
        expected = np.stack([slope(table, x) for table, x in zip(tables, index, strict=True)])
        np.testing.assert_allclose(ag.vmap(slope)(tables, index), expected, rtol=1e-12)


def test_one_hot():
    assert F.one_hot([[1, 0]], 3).tolist() == [[[0, 1, 0], [1, 0, 0]]]
    assert F.one_hot(np.array(2)).tolist() == [0, 0, 1]
    assert F.one_hot([], 2).shape == (0, 2)
    assert ag.vmap(lambda c: F.one_hot(c, 3))(np.array([0, 2])).tolist() == [[1, 0, 0], [0, 0, 1]]


class Model(nn.Module):
    def __init__(self):
        self.tokens = nn.Embedding(10, 3)

    def forward(self, x):
        return self.tokens(x)


ERRORS = [
    (lambda: Model()([[1, 2], [3, 10]]), IndexError, r"indices from 0 to 9, received 10 at \[1, 1\] \(in module tokens\)"),
    (lambda: Model()([-1]), IndexError, r"expected indices from 0 to 9, received -1 at \[0\]"),
    (lambda: Model()([0.5]), TypeError, r"^tokens \(Embedding\(10, 3\)\): expected integers as indices, received float64"),
    (lambda: F.embedding([True], np.ones((2, 2))), TypeError, "^embedding: expected integers as indices, received bool"),
    (lambda: F.embedding([0], np.ones(2)), ValueError, r"^embedding: expected weight of shape \(V, D\).*received \(2,\)"),
    (lambda: F.embedding([0], np.ones((2, 2)), 2), ValueError, "^embedding: expected padding_idx from -2 to 1, received 2"),
    (lambda: nn.Embedding(3, 2, padding_idx=-4), ValueError, "^Embedding: expected padding_idx from -3 to 2, received -4"),
    (lambda: nn.Embedding(3, 2, sparse=True), ValueError, "^Embedding: expected sparse=False, received True; "),
    (lambda: nn.Embedding(3.0, 2), ValueError, "^Embedding: expected a whole number, .* for num_embeddings; received 3.0"),
    (lambda: nn.Embedding(3, 2, max_norm=-1), ValueError, "^Embedding: expected max_norm, a finite number of 0 or more"),
    (lambda: nn.EmbeddingBag(3, 2, mode="min"), ValueError, "expected mode 'sum', 'mean' or 'max', received 'min'"),
    (lambda: nn.EmbeddingBag(3, 2, mode="max", scale_grad_by_freq=True), ValueError, "_freq=False with mode 'max'"),
    (lambda: nn.EmbeddingBag(3, 2)([1, 2]), ValueError, r"\(N,\) with offsets, received \(2,\) without offsets"),
    (lambda: nn.EmbeddingBag(3, 2)([[1, 2]], [0]), ValueError, r"received \(1, 2\) with offsets"),
    (lambda: nn.EmbeddingBag(3, 2)([1, 2], [1]), ValueError, r"expected offsets that rise from 0 to at most 2, received \[1\]"),
    (lambda: nn.EmbeddingBag(3, 2)([1, 2], [0, 2, 1]), ValueError, "expected offsets that rise from 0"),
    (lambda: nn.EmbeddingBag(3, 2)([[1]], per_sample_weights=[[1.0]]), ValueError, "with mode 'sum' only.*with mode 'mean'"),
    (lambda: F.one_hot([3], 3), IndexError, "^one_hot: expected classes from 0 to 2, received some from 3 to 3"),
    (lambda: F.one_hot([]), ValueError, "^one_hot: expected num_classes, the number of classes, received -1"),
    (lambda: ag.vmap(F.one_hot)(np.array([1])), ValueError, "expected num_classes inside vmap"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("factors", [[[1.0, 2.0]], [[1, 2]], np.array([[1.0, 2.0]])], ids=["floats", "ints", "float64"])
def test_a_bag_has_the_dtype_of_its_table(factors):
    layer = nn.EmbeddingBag(5, 3, mode="sum")
    found = layer(np.array([[0, 1]]), per_sample_weights=factors)
    assert found.dtype == np.float32
    weight = layer.weight.numpy()
    np.testing.assert_allclose(found.numpy(), [weight[0] + 2 * weight[1]], rtol=1e-6)


def test_recorded_factors_of_another_dtype_are_refused():
    factors = ag.tensor([[1.0, 2.0]], requires_grad=True)
    layer = nn.EmbeddingBag(5, 3, mode="sum")
    with pytest.raises(TypeError, match="per_sample_weights: expected float32, received a recorded tensor of float64"):
        layer(np.array([[0, 1]]), per_sample_weights=factors)
