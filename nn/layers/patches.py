"""Layers that move numbers between places and channels: windows side by side and back, and shuffles."""

from typing import Any

from nn.functional.patches import (
    channels_of_pixels,
    check_windows,
    dealt_channels,
    folded,
    pixels_of_channels,
    unfolded,
)
from nn.kernels.geometry import as_tuple
from nn.module import Module
from nn.paths import described


class Unfold(Module):
    """The windows of the input side by side, each as a column: what a convolution multiplies with its weight.

    Args:
        kernel_size: the size of a window, one number for both axes or a pair, as for all settings.
        dilation: how far apart the numbers of a window are.
        padding: how many zeros are added at each end.
        stride: how far apart windows begin.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, C * kH * kW, L) or (C * kH * kW, L), for L windows, row by row.

    Raises:
        ValueError: for another number of axes, an input smaller than a window, and settings out of range.
        TypeError: for settings that are no whole numbers.

    >>> nn.Unfold(3)(np.zeros((5, 2, 6, 6))).shape
    (5, 18, 16)
    """

    def __init__(self, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> None:
        check_windows(type(self).__name__, kernel_size, dilation, padding, stride)
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Any) -> Any:
        """The windows of ``input``; shapes as the class says."""
        return unfolded(lambda: described(self), input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"kernel_size={self.kernel_size}, dilation={self.dilation}, padding={self.padding}, stride={self.stride}"


class Fold(Module):
    """Windows, each a column, added up in maps where ``Unfold`` takes them from; its transpose, not its inverse.

    Args:
        output_size: the size of the maps, one number for both axes or a pair.
        kernel_size, dilation, padding, stride: as in ``Unfold``.

    Shapes: (N, C * kH * kW, L) or (C * kH * kW, L) -> (N, C, H, W) or (C, H, W).

    Raises:
        ValueError: for shapes that do not fit, and settings out of range.
        TypeError: for settings that are no whole numbers.

    >>> nn.Fold(3, 2)(np.ones((4, 4)))
    array([[[1., 2., 1.],
            [2., 4., 2.],
            [1., 2., 1.]]])
    """

    def __init__(self, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> None:
        name = type(self).__name__
        as_tuple(name, "output_size", output_size, 2, 1)
        check_windows(name, kernel_size, dilation, padding, stride)
        self.output_size = output_size
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Any) -> Any:
        """The maps; shapes as the class says."""
        settings = (self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)
        return folded(lambda: described(self), input, *settings)

    def extra_repr(self) -> str:
        """Its settings."""
        return (
            f"output_size={self.output_size}, kernel_size={self.kernel_size}, dilation={self.dilation}, "
            f"padding={self.padding}, stride={self.stride}"
        )


class PixelShuffle(Module):
    """Channels laid out as pixels: with ``r = upscale_factor`` each group of r * r channels makes one, r times as large.

    ``out[..., c, h * r + i, w * r + j] = input[..., c * r * r + i * r + j, h, w]``

    Args:
        upscale_factor: r.

    Shapes: (..., C * r * r, H, W) -> (..., C, H * r, W * r).

    Raises:
        ValueError: for fewer than three axes, channels that r * r does not divide, and a factor below 1.
        TypeError: for a factor that is no whole number.

    Source: Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel convolutional neural
    network", CVPR 2016.

    >>> nn.PixelShuffle(2)(np.arange(4.0).reshape(4, 1, 1))
    array([[[0., 1.],
            [2., 3.]]])
    """

    def __init__(self, upscale_factor: int) -> None:
        (self.upscale_factor,) = as_tuple(type(self).__name__, "upscale_factor", upscale_factor, 1, 1)

    def forward(self, input: Any) -> Any:
        """The pixels; shapes as the class says."""
        return pixels_of_channels(lambda: described(self), input, self.upscale_factor)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"upscale_factor={self.upscale_factor}"


class PixelUnshuffle(Module):
    """Pixels laid out as channels, the inverse of ``PixelShuffle``: with ``r = downscale_factor`` r * r channels of each.

    Args:
        downscale_factor: r.

    Shapes: (..., C, H * r, W * r) -> (..., C * r * r, H, W).

    Raises:
        ValueError: for fewer than three axes, a height or width that r does not divide, and a factor below 1.
        TypeError: for a factor that is no whole number.

    >>> nn.PixelUnshuffle(2)(np.zeros((5, 8, 4, 6))).shape
    (5, 32, 2, 3)
    """

    def __init__(self, downscale_factor: int) -> None:
        (self.downscale_factor,) = as_tuple(type(self).__name__, "downscale_factor", downscale_factor, 1, 1)

    def forward(self, input: Any) -> Any:
        """The channels; shapes as the class says."""
        return channels_of_pixels(lambda: described(self), input, self.downscale_factor)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"downscale_factor={self.downscale_factor}"


class ChannelShuffle(Module):
    """Channels dealt out: of ``groups`` groups of neighbours first the first of each, then the second of each, and so on.

    So that a convolution in groups sees channels of all groups of the one before.

    Args:
        groups: how many groups there are.

    Shapes: (N, C, ...) -> same, with at least one axis behind the channels.

    Raises:
        ValueError: for fewer than three axes, channels that ``groups`` does not divide, and fewer groups than 1.
        TypeError: for groups that are no whole number.

    Source: Zhang et al., "ShuffleNet: an extremely efficient convolutional neural network for mobile devices", CVPR 2018.

    >>> nn.ChannelShuffle(2)(np.arange(4.0).reshape(1, 4, 1)).reshape(4)
    array([0., 2., 1., 3.])
    """

    def __init__(self, groups: int) -> None:
        (self.groups,) = as_tuple(type(self).__name__, "groups", groups, 1, 1)

    def forward(self, input: Any) -> Any:
        """The channels in their new order; shapes as the class says."""
        return dealt_channels(lambda: described(self), input, self.groups)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"groups={self.groups}"
