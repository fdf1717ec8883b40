"""Windows side by side and shuffles: what they have to do with convolutions and with each other, and messages."""

import numpy as np
import pytest

import nn

F = nn.functional
RNG = np.random.default_rng(0)
SETTINGS = {"dilation": (2, 1), "padding": (1, 0), "stride": (1, 2)}


def test_a_convolution_is_a_product_with_unfolded_windows():
    x, weight = RNG.normal(size=(2, 3, 6, 5)), RNG.normal(size=(4, 3, 2, 3))
    product = weight.reshape(4, -1) @ F.unfold(x, (2, 3), **SETTINGS)
    expected = F.conv2d(x, weight, **SETTINGS)
    np.testing.assert_allclose(product.reshape(expected.shape), expected, rtol=0, atol=1e-12)


def test_fold_is_the_transpose_of_unfold():
    x, y = RNG.normal(size=(2, 3, 6, 5)), RNG.normal(size=(2, 18, 12))
    unfolded = nn.Unfold((2, 3), **SETTINGS)(x)
    assert unfolded.shape == y.shape
    assert np.sum(unfolded * y) == pytest.approx(np.sum(x * nn.Fold((6, 5), (2, 3), **SETTINGS)(y)), rel=1e-12)


def test_fold_of_unfold_counts_the_windows():
    x = RNG.normal(size=(1, 3, 4, 5))
    counts = F.fold(F.unfold(np.ones_like(x), 2), (4, 5), 2)
    np.testing.assert_allclose(F.fold(F.unfold(x, 2), (4, 5), 2), x * counts, rtol=1e-14)
    assert counts.max() == 4


@pytest.mark.parametrize("factor", [1, 2, 3])
def test_pixels_come_back(factor):
    x = RNG.normal(size=(2, 2 * factor**2, 3, 4))
    there = nn.PixelShuffle(factor)(x)
    for c, i, j in np.ndindex(2, factor, factor):
        channel = c * factor**2 + i * factor + j
        np.testing.assert_array_equal(there[:, c, i::factor, j::factor], x[:, channel])
    np.testing.assert_array_equal(nn.PixelUnshuffle(factor)(there), x)


def test_shuffled_channels_come_back():
    x = RNG.normal(size=(2, 6, 3))
    np.testing.assert_array_equal(F.channel_shuffle(x, 2), x[:, [0, 3, 1, 4, 2, 5]])
    np.testing.assert_array_equal(F.channel_shuffle(F.channel_shuffle(x, 2), 3), x)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: nn.Unfold(0),
            ValueError,
            "Unfold: expected kernel_size, a whole number or 2 of them of 1 or more; received 0",
        ),
        (lambda: nn.Fold(3.5, 2), TypeError, "Fold: expected output_size, a whole number"),
        (lambda: nn.PixelShuffle(2.0), TypeError, "PixelShuffle: expected upscale_factor, a whole number; received 2.0"),
        (lambda: nn.ChannelShuffle(0), ValueError, "ChannelShuffle: expected groups, a whole number of 1 or more; received 0"),
        (
            lambda: F.unfold(np.zeros((1, 2, 2)), 3),
            ValueError,
            r"unfold: expected maps at least as large as a window, received \(2, 2\)",
        ),
        (
            lambda: F.fold(np.zeros((4, 5)), 3, 2),
            ValueError,
            r"fold: expected input of shape \(N, C \* 4, 4\) or without N, for 2 \* 2 windows of 2 \* 2 in maps of \(3, 3\); "
            r"received \(4, 5\)",
        ),
        (
            lambda: F.pixel_shuffle(np.zeros((3, 2, 2)), 2),
            ValueError,
            r"pixel_shuffle: expected input of shape \(..., C \* 4, H, W\)",
        ),
        (lambda: F.channel_shuffle(np.zeros((1, 3, 2)), 2), ValueError, "channel_shuffle: .* channels that 2 groups divide"),
    ],
)
def test_mistakes_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
