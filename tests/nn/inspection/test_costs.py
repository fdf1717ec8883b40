"""FLOPs of ops, against formulas written out by hand."""

import importlib
import math
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
import nn
from nn.inspection import summary


class Of(nn.Module):
    """A model that is one function of its inputs."""

    def __init__(self, function):
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


def flops(model, *shapes, dtype=None, **settings):
    return summary(model, shapes, dtype=dtype, **settings).totals.flops


N, D, H, S, T = 3, 5, 7, 4, 6
F = nn.functional


@pytest.mark.parametrize(
    ("model", "shape", "expected"),
    [
        (nn.Linear(D, H), (D,), 2 * D * H + H),
        (nn.Linear(D, H, bias=False), (T, D), 2 * T * D * H),
        (nn.Conv1d(4, 6, 3, groups=2), (4, 9), 2 * (6 * 7) * (2 * 3) + 6 * 7),
        (nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), (3, 8, 8), 2 * (8 * 4 * 4) * (3 * 9)),
        (nn.ConvTranspose2d(3, 2, 4, stride=2), (3, 5, 5), 2 * (3 * 5 * 5) * (2 * 16) + 2 * 12 * 12),
        (nn.Bilinear(D, 4, 2), ((D,), (4,)), 2 * D * 8 + 2 * 8 + 2),
        (nn.LSTM(D, H, batch_first=True), (T, D), T * (8 * H * (D + H) + 4 * H + 9 * H) + 4 * H),
        (nn.LSTM(D, H, bias=False, batch_first=True), (T, D), T * (8 * H * (D + H) + 9 * H)),
        (nn.LSTM(D, H, proj_size=S, bias=False, batch_first=True), (T, D), T * (8 * H * (D + S) + 9 * H + 2 * S * H)),
        (nn.GRU(D, H, batch_first=True), (T, D), T * (6 * H * (D + H) + 9 * H + 4 * H)),
        (nn.RNN(D, H, bias=False, batch_first=True), (T, D), T * (2 * H * (D + H) + H)),
        (nn.Embedding(10, H), (T,), 0),
        (nn.MaxPool2d(2), (3, 8, 8), 3 * 16 * 4),
        (nn.AvgPool1d(3, stride=1), (2, 6), 2 * 4 * 3),
        (nn.AdaptiveAvgPool2d(1), (3, 8, 8), 3 * 64),
        (nn.BatchNorm2d(3), (3, 4, 4), 2 * 48),
        (nn.LayerNorm(H), (T, H), 7 * T * H),
        (nn.LayerNorm(H, elementwise_affine=False), (T, H), 5 * T * H),
        (nn.RMSNorm(H), (T, H), 5 * T * H),
        (nn.GroupNorm(2, 4), (4, 6), 7 * 24),
        (nn.ReLU(), (H,), H),
        (nn.GELU(), (H,), H),
        (nn.Softmax(-1), (T, H), 5 * T * H),
        (nn.Dropout(0.5), (H,), 0),
        (nn.Flatten(), (T, H), 0),
        (nn.Upsample(scale_factor=2), (3, 4, 4), 0),
        (nn.Upsample(scale_factor=2, mode="bilinear"), (3, 4, 4), 3 * 64 * 6),
    ],
    ids=str,
)
def test_layers(model, shape, expected):
    dtype = np.int64 if isinstance(model, nn.Embedding) else None
    found = summary(model, shape, dtype=dtype)
    assert found.totals.flops == expected
    assert not found.notes
    assert summary(model, shape, dtype=dtype, batch_size=N).totals.flops - expected == pytest.approx(
        (N - 1) * (expected - (4 * H if isinstance(model, nn.LSTM) and model.bias else 0))  # both biases are added once
    )


@pytest.mark.parametrize(
    ("function", "shapes", "expected"),
    [
        (lambda a, b: a @ np.swapaxes(b, 1, 2), [(T, D), (H, D)], 2 * T * H * D),
        (lambda a: np.matvec(np.ones((H, D)), a), [(D,)], 2 * H * D),
        (np.vecdot, [(D,), (D,)], 2 * D),
        (lambda a: np.tensordot(a, np.ones((D, H, 2)), axes=([1, 2], [0, 1])), [(D, H)], 2 * 2 * D * H),
        (lambda a, b: np.einsum("nij,njk->nik", a, b), [(T, D), (D, H)], 2 * T * D * H),
        (lambda a, b: np.einsum("ni,nj->nij", a, b), [(D,), (H,)], D * H),
        (lambda a, b, c: np.einsum("ni,nj,nj->n", a, b, c), [(D,), (H,), (H,)], 2 * D * H + 2 * H),
        (lambda a: np.einsum("nij->n", a), [(D, H)], D * H),
        (lambda a: np.exp(a) * 2 + a, [(H,)], 3 * H),
        (lambda a: a.sum(axis=1), [(H,)], H),
        (lambda a: a.var(axis=1), [(H,)], 4 * H),
        (lambda a: np.sort(a, axis=1), [(8,)], 8 * 3),
        (lambda a: np.fft.fft(a).real, [(8,)], 5 * 8 * 3),
        (lambda a: np.linalg.solve(a + np.eye(D), np.ones((D, 2))), [(D, D)], D * D + round(2 / 3 * D**3) + 2 * D**2 * 2),
        (lambda a: np.concatenate([a.reshape(len(a), -1), a[:, 0]], axis=1), [(D, H)], 0),
        (lambda a: a > 0, [(H,)], 0),
        (
            lambda q, k, v: F.scaled_dot_product_attention(q, k, v),
            [(2, T, D), (2, S, D), (2, S, H)],
            2 * T * S * (2 * D + 2 * H + 5),
        ),
        (lambda q: F.scaled_dot_product_attention(q, q, q, is_causal=True), [(T, D)], 4 * T * T * D + 5 * T * T),
    ],
)
def test_functions(function, shapes, expected):
    found = summary(Of(function), tuple(shapes))
    assert found.totals.flops == expected
    assert not found.notes


def test_a_transformer_layer():
    width, heads, inner = 16, 4, 32
    layer = nn.TransformerEncoderLayer(width, heads, dim_feedforward=inner, batch_first=True)
    projections = 2 * T * width * 3 * width + T * 3 * width + 2 * T * width * width + T * width
    attention = 4 * T * T * width + 5 * heads * T * T
    feedforward = 4 * T * width * inner + T * inner + T * width + T * inner  # the last: relu
    residuals_and_norms = 2 * T * width + 2 * 7 * T * width
    assert flops(layer, (T, width)) == projections + attention + feedforward + residuals_and_norms


class Given(nn.Module):
    """A layer that is called with keyword arguments, too."""

    def __init__(self, layer, keywords):
        self.layer, self.keywords = layer, keywords

    def forward(self, *inputs):
        return self.layer(*inputs, **self.keywords)


FAMILIES = {path.stem for path in (Path(__file__).parents[1] / "records").glob("[a-z]*.py")} - {"describing", "losses"}


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_layer_consists_of_ops_with_rules(family):
    for record in importlib.import_module(f"tests.nn.records.{family}").RECORDS:
        inputs, keywords = record.draw()
        found = summary(Given(record.make(), keywords), input_data=tuple(inputs))
        assert not found.notes, record
        assert found.rows[1].calls == 1


def test_work_without_a_module_counts_too():
    class Net(nn.Module):
        def __init__(self):
            self.w = nn.Parameter(np.ones((D, H), np.float32))

        def forward(self, x):
            return F.softmax(x @ self.w, dim=-1)

    found = summary(Net(), (D,))
    assert found.totals.flops == 2 * D * H + 5 * H
    assert found.rows[0].flops == found.totals.flops


def test_an_op_without_a_rule_counts_as_elementwise_and_is_named():
    @ag.op
    def cumulative_geometric_mean(x):
        return np.exp(np.cumsum(np.log(x), axis=1) / np.arange(1, x.shape[1] + 1))

    cumulative_geometric_mean.vjp(x=lambda g, x: g)
    found = summary(Of(cumulative_geometric_mean), (H,))
    assert found.totals.flops == H
    assert found.notes == ("FLOPs: no rule for cumulative_geometric_mean; counted as 1 for each element of the result.",)


def test_a_users_op_does_not_take_the_rule_of_ours():
    @ag.op(name="linear", elementwise=True)
    def mine(x):
        return 2 * x

    mine.vjp(x=lambda g: 2 * g)
    assert flops(Of(mine), (H,)) == H


def test_work_that_no_gradient_flows_through_counts():
    class Frozen(nn.Module):
        def __init__(self):
            self.backbone = nn.Sequential(nn.Embedding(9, D), nn.Linear(D, H)).requires_grad_(False)
            self.head = nn.Linear(H, 2).requires_grad_(False)

        def forward(self, x):
            with ag.no_grad():
                features = self.backbone(x)
                assert not features.requires_grad
            return self.head(features)

    found = summary(Frozen(), (), dtype=np.int64)
    assert [row.flops for row in found.rows] == [0, 0, 0, 2 * D * H + H, 2 * H * 2 + 2]


def test_derivatives_in_a_forward_count():
    class Slope(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(1, 1, bias=False)

        def forward(self, x):
            return ag.grad(lambda x: (self.layer(x) ** 2).sum())(x)

    assert flops(Slope(), (1,)) > flops(nn.Linear(1, 1, bias=False), (1,))


def test_products_are_what_numpy_multiplies():
    """The number of multiply-adds of an einsum of two operands is that of its explicit sum."""
    lengths = {"n": 1, "i": 2, "j": 3, "k": 4}
    for subscripts in ("nij,njk->nik", "nij,nij->n", "nik,njk->nij"):
        first, second = subscripts.split("->")[0].split(",")
        function = lambda a, b, subscripts=subscripts: np.einsum(subscripts, a, b)
        expected = 2 * math.prod([lengths[label] for label in {*first, *second}])
        assert flops(Of(function), *[tuple(lengths[label] for label in term[1:]) for term in (first, second)]) == expected
