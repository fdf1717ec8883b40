"""Convolutions: first values, settings, other dtypes, names in messages, and the ways of computing them."""

import itertools

import numpy as np
import pytest
import scipy.signal

import autograd as ag
import nn
from nn.kernels import convolution as kernels

RNG = np.random.default_rng(0)


def plain_convolution(x, weight, stride, padding, dilation, groups):
    """By the formula, with a loop for each output."""
    x = np.pad(x, [(0, 0), (0, 0), *padding])
    reach = [step * (k - 1) + 1 for k, step in zip(weight.shape[2:], dilation, strict=True)]
    places = [(n - r) // s + 1 for n, r, s in zip(x.shape[2:], reach, stride, strict=True)]
    out = np.zeros((len(x), len(weight), *places))
    outputs, channels = len(weight) // groups, weight.shape[1]
    for o in range(len(weight)):
        group = slice(o // outputs * channels, (o // outputs + 1) * channels)
        for place in np.ndindex(*places):
            where = [slice(p * s, p * s + r, d) for p, s, r, d in zip(place, stride, reach, dilation, strict=True)]
            out[:, o, *place] = np.sum(x[:, group, *where] * weight[o], axis=tuple(range(1, x.ndim)))
    return out


SETTINGS = [
    {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    for stride, padding, dilation, groups in itertools.product(
        ((1, 1), (2, 3)), (((0, 0), (0, 0)), ((1, 0), (2, 3))), ((1, 1), (2, 1)), (1, 2)
    )
]


@pytest.mark.parametrize("part", [1, 2**10, 2**30])
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_kernels_follow_the_formula(settings, part, monkeypatch):
    """Whatever number of examples is read at once; and the two gradients are transposes of the convolution."""
    monkeypatch.setattr(kernels, "PATCH_BYTES", part)
    x, weight = RNG.normal(size=(5, 4, 7, 6)), RNG.normal(size=(6, 4 // settings["groups"], 3, 2))
    expected = plain_convolution(x, weight, **settings)
    np.testing.assert_allclose(kernels.convolution(x, weight, None, **settings), expected, rtol=0, atol=1e-12)
    y = RNG.normal(size=expected.shape)
    product = np.sum(y * expected)
    back = kernels.convolution_input_gradient(y, weight, size=x.shape[2:], **settings)
    assert np.sum(back * x) == pytest.approx(product, rel=1e-11)
    to_weight = kernels.convolution_weight_gradient(x, y, kernel=(3, 2), **settings)
    assert np.sum(to_weight * weight) == pytest.approx(product, rel=1e-11)


@pytest.mark.parametrize("channels", [(1, 8), (8, 1)])
def test_both_ways_to_the_input_gradient_agree(channels):
    """Few and many outputs for an input channel go different ways."""
    x, weight = RNG.normal(size=(2, channels[0], 6, 5)), RNG.normal(size=(channels[1], channels[0], 3, 3))
    settings = {"stride": (1, 1), "padding": ((1, 1), (2, 0)), "dilation": (1, 1), "groups": 1}
    y = RNG.normal(size=plain_convolution(x, weight, **settings).shape)
    back = kernels.convolution_input_gradient(y, weight, size=(6, 5), **settings)
    for _ in range(3):
        probe = RNG.normal(size=x.shape)
        expected = np.sum(plain_convolution(probe, weight, **settings) * y)
        assert np.sum(back * probe) == pytest.approx(expected, rel=1e-11)


def test_one_channel_is_scipys_correlation():
    image, kernel = RNG.normal(size=(9, 8)), RNG.normal(size=(3, 4))
    ours = nn.functional.conv2d(image[None], kernel[None, None], padding="valid")
    np.testing.assert_allclose(ours[0], scipy.signal.correlate2d(image, kernel, "valid"), atol=1e-13)


@pytest.mark.parametrize(
    ("layer", "fan"),
    [
        (lambda rng: nn.Conv2d(20, 30, 5, groups=2, rng=rng), 10 * 25),
        (lambda rng: nn.ConvTranspose2d(20, 30, 5, groups=2, rng=rng), 15 * 25),
        (lambda rng: nn.Conv1d(300, 40, 3, dtype=np.float64, rng=rng), 900),
    ],
)
def test_first_values_are_pytorchs(layer, fan):
    made = layer(np.random.default_rng(0))
    for parameter in made.parameters():
        x = parameter.numpy() * fan**0.5  # uniform on (-1, 1)
        assert np.abs(x).max() <= 1 + 1e-6
        assert np.abs(x).max() > 0.9
    assert made.weight.numpy().var() * fan == pytest.approx(1 / 3, rel=0.05)
    again = layer(np.random.default_rng(0))
    np.testing.assert_array_equal(made.weight.numpy(), again.weight.numpy())


def test_examples_of_a_vmap_have_weights_of_their_own():
    """Gradients of single examples come from one convolution with many groups."""
    layer = nn.Conv2d(2, 3, 3, padding=1, stride=2, dtype=np.float64)
    x = RNG.normal(size=(4, 1, 2, 5, 5))
    loss = lambda weight, bias, x: np.sum(np.tanh(nn.functional.conv2d(x, weight, bias, stride=2, padding=1)))
    weights = (layer.weight.numpy(), layer.bias.numpy())
    together = ag.vmap(ag.grad(loss, (0, 1)), (None, None, 0))(*weights, x)
    for i in range(4):
        alone = ag.grad(loss, (0, 1))(*weights, x[i])
        for a, b in zip(together, alone, strict=True):
            np.testing.assert_allclose(a[i], b, atol=1e-12)


def test_a_layer_says_its_settings():
    assert repr(nn.Conv2d(1, 16, 3)) == "Conv2d(1, 16, kernel_size=3, stride=1)"
    settings = "2, 4, kernel_size=(3, 2), stride=2, padding='valid', dilation=(1, 2), groups=2, bias=False"
    layer = nn.Conv2d(2, 4, (3, 2), stride=2, padding="valid", dilation=(1, 2), groups=2, bias=False, padding_mode="circular")
    assert repr(layer) == f"Conv2d({settings}, padding_mode='circular')"
    layer = nn.ConvTranspose1d(3, 2, 4, stride=2, output_padding=1)
    assert repr(layer) == "ConvTranspose1d(3, 2, kernel_size=4, stride=2, output_padding=1)"


ERRORS = [
    (lambda: nn.Conv2d(0, 4, 3), ValueError, "Conv2d: expected in_channels, a whole number of 1 or more; received 0"),
    (lambda: nn.Conv2d(3, 4, 2.5), TypeError, "Conv2d: expected kernel_size, a whole number or 2 of them; received 2.5"),
    (lambda: nn.Conv2d(3, 4, (3, 3, 3)), ValueError, r"kernel_size, .* received \(3, 3, 3\)"),
    (lambda: nn.Conv2d(3, 4, 3, stride=0), ValueError, "stride, a whole number or 2 of them of 1 or more; received 0"),
    (lambda: nn.Conv2d(3, 4, 3, padding=-1), ValueError, "padding, .* of 0 or more; received -1"),
    (lambda: nn.Conv2d(3, 4, 3, groups=2), ValueError, "expected groups that divide in_channels and out_channels"),
    (
        lambda: nn.Conv2d(3, 4, 3, padding="half"),
        ValueError,
        "expected padding 'same', 'valid' or whole numbers, received 'half'",
    ),
    (
        lambda: nn.Conv2d(3, 4, 3, stride=2, padding="same"),
        ValueError,
        r"expected stride 1 with padding='same', received \(2, 2\)",
    ),
    (lambda: nn.Conv2d(3, 4, 3, padding_mode="mirror"), ValueError, "expected padding_mode 'zeros', 'reflect'.*'mirror'"),
    (lambda: nn.ConvTranspose2d(3, 4, 3, output_padding=1), ValueError, "expected output_padding below the stride"),
    (lambda: nn.ConvTranspose2d(3, 4, 3, padding_mode="reflect"), ValueError, "expected padding_mode 'zeros', the only one"),
    (
        lambda: nn.ConvTranspose2d(1, 1, 3, stride=2)(np.ones((1, 1, 3, 3)), output_size=(9, 7)),
        ValueError,
        r"expected output_size from \(7, 7\) to \(8, 8\), received \(9, 7\)",
    ),
    (
        lambda: nn.Conv2d(3, 4, 3)(np.ones((2, 1, 5, 5))),
        ValueError,
        r"^Conv2d\(3, 4.*: expected input of 3 channels, for weight \(4, 3, 3, 3\) and groups=1; received 1 in \(2, 1, 5, 5\)",
    ),
    (
        lambda: nn.Conv2d(3, 4, 3)(np.ones((2, 3, 5))),
        ValueError,
        r"expected input of 3 channels.* received 2 in \(2, 3, 5\)",
    ),
    (lambda: nn.Conv2d(3, 4, 6)(np.ones((2, 3, 5, 5))), ValueError, "expected input at least as large as the kernel"),
    (
        lambda: nn.Conv2d(1, 1, 1)(ag.tensor(np.ones((1, 1, 1, 1)), requires_grad=True)),
        TypeError,
        "expected float32, received a recorded tensor of float64",
    ),
    (lambda: nn.functional.conv2d(np.ones((1, 1, 4, 4)), np.ones((1, 3, 3))), ValueError, "conv2d: expected weight of shape"),
    (
        lambda: nn.functional.conv1d(np.ones((1, 4)), np.ones((2, 1, 3)), np.ones(3)),
        ValueError,
        r"conv1d: expected bias of shape \(2,\)",
    ),
    (
        lambda: nn.functional.conv_transpose1d(np.ones((1, 4)), np.ones((1, 1, 1)), padding=2),
        ValueError,
        "expected a result of 1 or more",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()
