"""Weights and feature maps as sheets: every tile is the kernel that it stands for."""

import numpy as np
import pytest
from matplotlib import pyplot

import autograd as ag
import nn


def tiles_of(axes, count, height, width, columns):
    """The tiles that are drawn, one number for each weight, read off the sheet's pixels."""
    sheet = np.ma.filled(axes.images[0].get_array(), np.nan)
    scale = max(1, 24 // max(height, width))
    found = []
    for i in range(count):
        row, column = divmod(i, columns)
        top, left = row * (height * scale + 2), column * (width * scale + 2)
        tile = sheet[top : top + height * scale, left : left + width * scale]
        found.append(tile[scale // 2 :: scale, scale // 2 :: scale])
    return np.array(found)


def test_kernels_of_one_input_channel_fill_the_sheet():
    layer = nn.Conv2d(1, 6, 3)
    axes = nn.plots.filters(layer, columns=4)
    np.testing.assert_allclose(tiles_of(axes, 6, 3, 3, 4), layer.weight.numpy()[:, 0])
    low, high = axes.images[0].get_clim()
    assert -low == high == pytest.approx(np.abs(layer.weight.numpy()).max())
    assert axes.images[0].cmap(0.5)[:3] == pytest.approx((0.97, 0.97, 0.97), abs=0.01)  # 0 is white
    assert axes.get_title("left") == "Conv2d: kernels of 3 × 3"
    assert axes.get_title("right") == ""


def test_kernels_of_several_input_channels_stand_by_channel():
    layer = nn.Conv2d(3, 2, 5)
    axes = nn.plots.filters(layer)
    np.testing.assert_allclose(tiles_of(axes, 6, 5, 5, 3), layer.weight.numpy().reshape(6, 5, 5))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("input channel", "output channel")
    axes = nn.plots.filters(nn.ConvTranspose2d(2, 3, 5))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("output channel", "input channel")


def test_what_is_left_out_is_said():
    axes = nn.plots.filters(nn.Conv2d(40, 64, 3))
    assert (axes.get_xlabel(), axes.get_ylabel()) == (
        "input channel (32 of 40; + 8 more)",
        "output channel (32 of 64; + 32 more)",
    )
    layer = nn.Conv2d(1, 40, 3)
    axes = nn.plots.filters(layer, most=10, columns=5)
    assert axes.get_title("right") == "10 of 40; + 30 more"
    np.testing.assert_allclose(tiles_of(axes, 10, 3, 3, 5), layer.weight.numpy()[:10, 0])
    assert axes.images[0].get_clim()[1] == pytest.approx(np.abs(layer.weight.numpy()).max())  # of all, so that sheets compare


def test_colours_are_grey_at_0():
    weight = np.zeros((2, 3, 4, 4))
    weight[0, 0] = 2.0
    weight[1, 2] = -2.0
    sheet = nn.plots.filters(weight, rgb=True, columns=2).images[0].get_array()
    np.testing.assert_allclose(sheet[0, 0], [1.0, 0.5, 0.5, 1.0])
    np.testing.assert_allclose(sheet[0, -1], [0.5, 0.5, 0.0, 1.0])
    assert sheet[0, 24, 3] == 0.0  # the gap is transparent


def test_rows_of_a_linear_layer_are_images():
    layer = nn.Linear(12, 4)
    axes = nn.plots.filters(layer, shape=(3, 4), columns=2)
    np.testing.assert_allclose(tiles_of(axes, 4, 3, 4, 2), layer.weight.numpy().reshape(4, 3, 4))
    assert axes.get_title("left") == "Linear: weights of 3 × 4 inputs"
    assert nn.plots.filters(layer, shape=(3, 2, 2)).get_xlabel() == "input channel"


def test_matrices_and_one_dimensional_kernels():
    layer = nn.Linear(7, 5)
    axes = nn.plots.filters(layer)
    np.testing.assert_array_equal(axes.images[0].get_array(), layer.weight.numpy())
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("input", "output")
    layer = nn.Conv1d(2, 6, 5)
    np.testing.assert_allclose(tiles_of(nn.plots.filters(layer, columns=3), 6, 2, 5, 3), layer.weight.numpy())
    np.testing.assert_allclose(tiles_of(nn.plots.filters(ag.tensor(np.ones((1, 2, 2)))), 1, 2, 2, 1), 1.0)


def test_weights_of_zero_have_a_scale():
    assert nn.plots.filters(np.zeros((2, 3, 3))).images[0].get_clim() == (0.0, 1.0)


def test_feature_maps_are_what_the_module_gives_and_leave_it_as_it_was():
    ag.seed(0)
    part = nn.Sequential(nn.Conv2d(1, 5, 3), nn.BatchNorm2d(5), nn.Dropout(0.5))
    image = np.random.default_rng(0).normal(size=(1, 8, 8)).astype(np.float32)
    before = part.state_dict()
    axes = nn.plots.feature_maps(part, image, most=4, columns=2)
    assert part.training
    for name, value in part.state_dict().items():
        np.testing.assert_array_equal(value, before[name])
    expected = part.eval()(image[None]).numpy()[0, :4]
    np.testing.assert_allclose(tiles_of(axes, 4, 6, 6, 2), expected, rtol=1e-6)
    assert (axes.get_title("left"), axes.get_title("right")) == ("Sequential: 5 maps of 6 × 6", "4 of 5; + 1 more")


def test_maps_without_negative_numbers_begin_at_white():
    axes = nn.plots.feature_maps(nn.ReLU(), np.random.default_rng(0).normal(size=(1, 3, 4, 4)))
    assert axes.images[0].get_clim()[0] == 0.0


def test_given_axes_are_used():
    axes = pyplot.subplots()[1]
    assert nn.plots.filters(nn.Conv2d(1, 4, 3), ax=axes) is axes
    assert nn.plots.filters(nn.Linear(2, 2), ax=axes) is axes


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.plots.filters(nn.ReLU()), TypeError, "filters: expected a module with a weight, received ReLU"),
        (lambda: nn.plots.filters(nn.Sequential(nn.Linear(2, 2))), TypeError, "received Sequential; give a layer of it"),
        (lambda: nn.plots.filters("conv"), TypeError, "filters: expected a module or real numbers; received str"),
        (lambda: nn.plots.filters(nn.Conv3d(1, 1, 2)), ValueError, r"of 2, 3 or 4 axes.*received \(1, 1, 2, 2, 2\)"),
        (lambda: nn.plots.filters(np.ones(3)), ValueError, r"of 2, 3 or 4 axes.*received \(3,\)"),
        (lambda: nn.plots.filters([[1.0, np.nan]]), ValueError, r"filters: expected finite weights, received nan at \(0, 1\)"),
        (
            lambda: nn.plots.filters(nn.Conv2d(1, 2, 3), rgb=True),
            ValueError,
            r"\(out, 3, height, width\) for colours; received",
        ),
        (lambda: nn.plots.filters(nn.Linear(12, 2), shape=(3, 3)), ValueError, r"of 12 inputs of a matrix; received \(3, 3\)"),
        (
            lambda: nn.plots.filters(nn.Conv2d(1, 2, 3), most=0),
            ValueError,
            "filters: expected most, a finite number of 1 or more",
        ),
        (lambda: nn.plots.filters(nn.Conv2d(1, 2, 3), columns=1.5), TypeError, "filters: expected columns, a whole number"),
        (
            lambda: nn.plots.feature_maps(nn.ReLU(), np.ones((2, 1, 4, 4))),
            ValueError,
            r"expected one image, \(channels, height, width\); received \(2, 1, 4, 4\); take one of them: images\[0\]",
        ),
        (
            lambda: nn.plots.feature_maps(nn.Flatten(), np.ones((1, 4, 4))),
            ValueError,
            r"expected a module that gives \(1, channels, height, width\); received \(1, 16\)",
        ),
    ],
)
def test_mistakes_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
