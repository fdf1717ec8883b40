"""Transformers: what the tables of parity and layers do not see."""

import math

import numpy as np
import pytest

import autograd as ag
import nn


def encoder_layer(**settings):
    ag.seed(0)
    return nn.TransformerEncoderLayer(4, 2, 8, **{"dropout": 0.0, "batch_first": True, "dtype": np.float64, **settings})


def test_the_formula_of_an_encoder_layer():
    """The parts are tested by themselves; here is how they are put together."""
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    layer = encoder_layer()
    attended = lambda x: layer.self_attn(x, x, x)[0]
    transformed = lambda x: layer.linear2(nn.functional.relu(layer.linear1(x)))
    y = layer.norm1(x + attended(x))
    np.testing.assert_allclose(layer(x).numpy(), layer.norm2(y + transformed(y)).numpy(), atol=1e-12)
    layer.norm_first = True
    y = x + attended(layer.norm1(x))
    np.testing.assert_allclose(layer(x).numpy(), (y + transformed(layer.norm2(y))).numpy(), atol=1e-12)


def test_any_function_or_module_is_an_activation():
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    for named, given in (("gelu", nn.GELU()), ("relu", lambda x: np.maximum(x, 0))):
        np.testing.assert_allclose(
            encoder_layer(activation=named)(x).numpy(), encoder_layer(activation=given)(x).numpy(), atol=1e-12
        )
    with pytest.raises(ValueError, match=r"TransformerDecoderLayer: expected activation 'relu', 'gelu' or a function"):
        nn.TransformerDecoderLayer(4, 2, activation="selu")


def test_names_of_members_and_their_order():
    model = nn.Transformer(4, 2, 1, 1, 8)
    attention = ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"]
    both = lambda *names: [f"{name}.{kind}" for name in names for kind in ("weight", "bias")]
    encoder = [*[f"self_attn.{each}" for each in attention], *both("linear1", "linear2", "norm1", "norm2")]
    decoder = [f"{name}.{each}" for name in ("self_attn", "multihead_attn") for each in attention]
    decoder += both("linear1", "linear2", "norm1", "norm2", "norm3")
    assert list(model.state_dict()) == [
        *[f"encoder.layers.0.{each}" for each in encoder],
        *both("encoder.norm"),
        *[f"decoder.layers.0.{each}" for each in decoder],
        *both("decoder.norm"),
    ]


def test_layers_are_copies_that_are_trained_apart():
    layer = encoder_layer()
    model = nn.TransformerEncoder(layer, 3)
    assert len(list(model.parameters())) == 3 * len(list(layer.parameters()))
    for path, each in layer.named_parameters():
        for i in range(3):
            copy = model.get_parameter(f"layers.{i}.{path}")
            assert copy is not each
            np.testing.assert_array_equal(copy.numpy(), each.numpy())
    (model(np.random.default_rng(0).normal(size=(2, 3, 4))) ** 3).sum().backward()
    first, last = [model.get_parameter(f"layers.{i}.linear1.weight").grad.numpy() for i in (0, 2)]
    assert not np.allclose(first, last)


def test_copies_draw_from_the_generator_of_the_layer():
    rng = np.random.default_rng(0)
    model = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, dropout=0.5, rng=rng), 2)
    drawing = [each for each in model.modules() if isinstance(each, nn.Dropout | nn.MultiheadAttention)]
    assert len(drawing) == 8
    assert all(each.rng is rng for each in drawing)


def test_every_matrix_of_a_transformer_starts_with_xaviers_numbers():
    model = nn.Transformer(32, 2, 1, 1, 64)
    matrices = [each for each in model.parameters() if each.ndim > 1]
    assert len(matrices) == 4 + 6
    for each in matrices:
        bound = math.sqrt(6 / sum(each.shape))
        assert 0.95 * bound < np.abs(each.numpy()).max() <= bound
    copies = [nn.Transformer(4, 2, 1, 1, 8, rng=np.random.default_rng(2)).state_dict() for _ in range(2)]
    for a, b in zip(*[each.values() for each in copies], strict=True):
        np.testing.assert_array_equal(a, b)


def test_every_dropout_of_a_layer_counts():
    """All numbers dropped out: the layer is its norms, of the input and of what attention and perceptron then add, 0."""
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    layer = encoder_layer(dropout=1.0, norm_first=True)
    np.testing.assert_array_equal(layer(x).numpy(), x)
    assert not np.allclose(layer.eval()(x).numpy(), x)
    decoder = nn.TransformerDecoderLayer(4, 2, 8, dropout=1.0, norm_first=True, batch_first=True, dtype=np.float64)
    np.testing.assert_array_equal(decoder(x, x).numpy(), x)


def test_with_a_causal_mask_nothing_depends_on_later_places():
    model = nn.TransformerEncoder(encoder_layer(), 2)
    x = np.random.default_rng(0).normal(size=(1, 5, 4))
    mask = nn.Transformer.generate_square_subsequent_mask(5)
    for keywords in ({"mask": mask}, {"is_causal": True}, {"mask": mask, "is_causal": True}):
        flow = ag.grad(lambda x, keywords=keywords: model(x, **keywords)[0, 2, 1])(x).detach().numpy()
        assert np.all(flow[0, :3] != 0)
        np.testing.assert_array_equal(flow[0, 3:], 0)


def test_own_encoders_and_decoders():
    class Encoder(nn.Module):
        def forward(self, src, mask=None, src_key_padding_mask=None, is_causal=None):
            return src * 2

    model = nn.Transformer(4, 2, 1, 1, 8, dropout=0.0, custom_encoder=Encoder(), dtype=np.float64)
    src, tgt = np.random.default_rng(0).normal(size=(2, 3, 2, 4))
    np.testing.assert_array_equal(model(src, tgt).numpy(), model.decoder(tgt, src * 2).numpy())


def test_plain_data_is_cast():
    model = nn.Transformer(4, 2, 1, 1, 8)
    x = np.ones((3, 2, 4))
    assert model(x, x).dtype == np.float32
    assert model(x.tolist(), x.tolist()).dtype == np.float32


def test_what_is_no_layer_is_not_copied():
    with pytest.raises(TypeError, match="TransformerEncoder: expected a layer to copy, received type"):
        nn.TransformerEncoder(nn.TransformerEncoderLayer, 2)
