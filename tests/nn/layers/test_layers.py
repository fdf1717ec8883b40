"""Layers: shapes, first values, casting, and errors that name the layer by its path."""

import inspect
import json
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
import nn

CASES = json.loads((Path(__file__).parents[2] / "data" / "torch_nn.json").read_text())["linear"]


# ---------------------------------------------------------------- Linear


@pytest.mark.parametrize("case", [case for case in CASES if case["value"]])
def test_linear_is_pytorchs(case):
    arguments = {name: np.asarray(value) for name, value in case["arguments"].items()}
    x = arguments.pop("input")
    layer = nn.Linear(3, 2, bias="bias" in arguments, dtype=np.float64)
    layer.load_state_dict(arguments)
    y = layer(x)
    np.testing.assert_allclose(y.numpy(), case["value"], rtol=1e-12)
    y.backward(np.cos(np.arange(y.size)).reshape(y.shape))
    for name, parameter in layer.named_parameters():
        np.testing.assert_allclose(parameter.grad.numpy(), case["gradients"][name], rtol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_linear_starts_as_in_pytorch(dtype):
    layer = nn.Linear(100, 50, dtype=dtype, rng=np.random.default_rng(0))
    assert layer.weight.shape == (50, 100)
    assert layer.bias.shape == (50,)
    assert layer.weight.dtype == layer.bias.dtype == dtype
    for parameter in layer.parameters():
        x = parameter.numpy() * 10  # uniform on (-1, 1)
        assert np.abs(x).max() <= 1 + 1e-6
        assert np.abs(x).max() > 0.9
    assert layer.weight.numpy().var() * 100 == pytest.approx(1 / 3, abs=0.02)


def test_linear_is_float32_and_seeded():
    ag.seed(1)
    first = nn.Linear(3, 2)
    ag.seed(1)
    second = nn.Linear(3, 2)
    assert first.weight.dtype == np.float32
    np.testing.assert_array_equal(first.weight.numpy(), second.weight.numpy())
    own = [nn.Linear(3, 2, rng=np.random.default_rng(4)).weight.tolist() for _ in range(2)]
    assert own[0] == own[1]


def test_linear_without_bias_or_features():
    assert [name for name, _ in nn.Linear(3, 2, bias=False).named_parameters()] == ["weight"]
    assert nn.Linear(0, 2)(np.ones((4, 0))).shape == (4, 2)
    y = nn.Linear(3, 0)(np.ones((4, 3)))
    assert y.shape == (4, 0)
    assert nn.Linear(3, 2)(np.ones((0, 3))).shape == (0, 2)


CASTS = [np.ones((2, 3)), np.ones((2, 3), int), [[1, 2, 3]], ag.tensor(np.ones((2, 3))), np.ones((2, 3), bool)]


@pytest.mark.parametrize("x", CASTS)
def test_plain_input_is_cast(x):
    layer = nn.Linear(3, 2)
    assert layer(x).dtype == np.float32
    assert layer.astype(np.float64)(x).dtype == np.float64


def recorded(shape, dtype=np.float64):
    return ag.tensor(np.ones(shape, dtype), requires_grad=True)


class Model(nn.Module):
    def __init__(self):
        self.layers = [nn.Linear(4, 3), nn.Linear(2, 1)]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


LAYER = r"\(Linear\(in_features=4, out_features=3, bias=True\)\)"
ERRORS = [
    (
        lambda: Model()(recorded((5, 4))),
        TypeError,
        rf"^layers\.0 {LAYER}: expected float32, received a recorded tensor of float64"
        r".*x\.astype\(np\.float32\).*model\.astype\(np\.float64\)",
    ),
    (
        lambda: Model()(np.ones((5, 7))),
        ValueError,
        rf"^layers\.0 {LAYER}: expected input of shape \(\.\.\., 4\), received \(5, 7\)",
    ),
    (
        lambda: Model()(np.ones((5, 4))),
        ValueError,
        r"^layers\.1 \(Linear.*expected input of shape \(\.\.\., 2\), received \(5, 3\)",
    ),
    (lambda: nn.Linear(4, 3)(np.ones(())), ValueError, r"^Linear\(in_features=4.*received \(\)"),
    (lambda: nn.Linear(4, 3)(np.ones(4) * 1j), TypeError, r"expected numbers that can be cast to float32, received complex128"),
    (lambda: nn.Linear(4, 3)(["a", "b"]), TypeError, r"expected numbers that can be cast to float32, received <U1"),
    (lambda: nn.Linear(2.5, 3), ValueError, "Linear: expected a whole number, not negative, for in_features; received 2.5"),
    (lambda: nn.Linear(2, -3), ValueError, "for out_features; received -3"),
    (
        lambda: nn.Flatten(2, 1)(np.ones((2, 3, 4))),
        ValueError,
        r"expected start_dim before end_dim, received axes 2 and 1 of shape \(2, 3, 4\)",
    ),
    (
        lambda: nn.Flatten()(np.ones(3)),
        np.exceptions.AxisError,
        r"Flatten.*: expected an input with the axis start_dim, received \(3,\)",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()


# ---------------------------------------------------------------- activations


@pytest.mark.parametrize(
    ("layer", "function", "printed"),
    [
        (nn.ReLU(), lambda x: np.maximum(x, 0), "ReLU()"),
        (nn.Tanh(), np.tanh, "Tanh()"),
        (nn.Sigmoid(), lambda x: 1 / (1 + np.exp(-x)), "Sigmoid()"),
        (nn.Softmax(0), lambda x: np.exp(x) / np.exp(x).sum(0), "Softmax(dim=0)"),
        (nn.LogSoftmax(dim=0), lambda x: x - np.log(np.exp(x).sum(0)), "LogSoftmax(dim=0)"),
        (nn.Identity(), lambda x: x, "Identity()"),
    ],
)
def test_activations(layer, function, printed):
    x = np.random.default_rng(0).normal(size=(3, 4))
    np.testing.assert_allclose(layer(x), function(x), rtol=1e-12)
    assert ag.gradcheck(layer, [x], order=1)
    assert repr(layer) == printed
    assert list(layer.parameters()) == []


# ---------------------------------------------------------------- shapes


@pytest.mark.parametrize(
    ("arguments", "shape", "expected"),
    [
        ((), (2, 3, 4), (2, 12)),
        ((), (0, 3, 4), (0, 12)),
        ((), (2, 3), (2, 3)),
        ((0,), (2, 3, 4), (24,)),
        ((0, 1), (2, 3, 4), (6, 4)),
        ((-2, -1), (2, 3, 4), (2, 12)),
    ],
)
def test_flatten(arguments, shape, expected):
    x = np.random.default_rng(0).normal(size=shape)
    y = nn.Flatten(*arguments)(ag.tensor(x, requires_grad=True))
    assert y.shape == expected
    np.testing.assert_array_equal(y.numpy().ravel(), x.ravel())


def test_printed_settings():
    assert repr(nn.Flatten()) == "Flatten(start_dim=1, end_dim=-1)"
    assert repr(nn.Linear(2, 3, bias=False)) == "Linear(in_features=2, out_features=3, bias=False)"


# ---------------------------------------------------------------- settings

SWITCHES = {
    nn.Linear: (2, 3),
    nn.Bilinear: (2, 3, 4),
    nn.Conv1d: (1, 1, 1),
    nn.ConvTranspose2d: (1, 1, 1),
    nn.BatchNorm1d: (3,),
    nn.InstanceNorm2d: (3,),
    nn.LayerNorm: (3,),
    nn.RMSNorm: (3,),
    nn.GroupNorm: (1, 3),
    nn.RNN: (2, 3),
    nn.LSTM: (2, 3),
    nn.GRU: (2, 3),
    nn.GRUCell: (2, 3),
    nn.MultiheadAttention: (4, 2),
    nn.TransformerEncoderLayer: (4, 2, 4),
    nn.TransformerDecoderLayer: (4, 2, 4),
    nn.Transformer: (4, 2, 1, 1, 4),
    nn.Embedding: (2, 3),
    nn.EmbeddingBag: (2, 3),
    nn.MaxPool1d: (2,),
    nn.AvgPool1d: (2,),
    nn.LPPool1d: (2, 2),
    nn.AdaptiveMaxPool1d: (2,),
    nn.Upsample: (2,),
    nn.SinusoidalPositionalEncoding: (2,),
    nn.RotaryPositionalEmbedding: (2,),
    nn.PairwiseDistance: (),
    nn.Dropout: (),
    nn.ReLU: (),
    nn.RReLU: (),
    nn.Threshold: (0, 1),
    nn.ELU: (),
}


def switches():
    for kind, arguments in SWITCHES.items():
        for name, parameter in inspect.signature(kind).parameters.items():
            if "bool" in str(parameter.annotation):
                yield pytest.param(kind, arguments, name, id=f"{kind.__name__}-{name}")


@pytest.mark.parametrize("value", ["no", 2, 0.0])
@pytest.mark.parametrize(("kind", "arguments", "name"), list(switches()))
def test_a_setting_that_is_yes_or_no_is_nothing_else(kind, arguments, name, value):
    with pytest.raises(TypeError, match=f"^{kind.__name__}: expected {name}, True or False; received {value!r}"):
        kind(*arguments, **{name: value})


def test_numbers_and_numpys_booleans_are_yes_and_no():
    assert nn.Linear(2, 3, bias=0).bias is None
    assert nn.Linear(2, 3, bias=np.True_).bias is not None
    assert nn.MaxPool1d(2, return_indices=np.int64(1)).return_indices is True


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Flatten("a"), "Flatten: expected start_dim, a whole number; received 'a'"),
        (lambda: nn.Flatten(1, 1.5), "Flatten: expected end_dim, a whole number; received 1.5"),
        (lambda: nn.Unflatten("a", (2, 3)), "Unflatten: expected dim, a whole number"),
        (lambda: nn.GLU("x"), "GLU: expected dim, a whole number; received 'x'"),
        (lambda: nn.Softmax(1.5), "Softmax: expected dim, a whole number; received 1.5"),
        (lambda: nn.LogSoftmax("x"), "LogSoftmax: expected dim, a whole number"),
        (lambda: nn.Softmin("x"), "Softmin: expected dim, a whole number"),
        (lambda: nn.functional.glu([1.0, 2.0], "x"), "glu: expected dim, a whole number"),
        (lambda: nn.Threshold("a", 1), "Threshold: expected threshold, a number; received 'a'"),
        (lambda: nn.Threshold(1, "a"), "Threshold: expected value, a number; received 'a'"),
    ],
)
def test_settings_are_checked_where_they_are_given(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def test_a_threshold_may_put_minus_infinity():
    assert nn.Threshold(0, -np.inf)([-1.0, 2.0]).tolist() == [-np.inf, 2.0]


@pytest.mark.parametrize(
    "layer", [nn.Linear(2, 2), nn.Flatten(), nn.Softmax(0), nn.GLU(), nn.Dropout1d(), nn.ZeroPad1d(1), nn.MaxPool1d(1)]
)
def test_rows_of_several_lengths_are_refused_by_the_layers_name(layer):
    with pytest.raises(ValueError, match=rf"^0 \({type(layer).__name__}.*: expected rows of one length, received lists of"):
        nn.Sequential(layer)([[1, 2], [3]])
