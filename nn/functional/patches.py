"""What moves numbers between places and channels: windows side by side and back, and shuffles of pixels and channels."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.inputs import Receiver, as_array, called
from nn.kernels.geometry import Windows, as_tuple, check_rank, windows_along
from nn.kernels.patches import fold as fold_op
from nn.kernels.patches import unfold as unfold_op


def unfold(input: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """The windows of ``input`` side by side, each as a column: what a convolution multiplies with its weight.

    Args:
        input: maps of C channels, a batch of them or one.
        kernel_size: the size of a window, one number for both axes or a pair, as for all settings.
        dilation: how far apart the numbers of a window are.
        padding: how many zeros are added at each end.
        stride: how far apart windows begin.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, C * kH * kW, L) or (C * kH * kW, L), for L windows, row by row.

    Raises:
        ValueError: for another number of axes, an input smaller than a window, and settings out of range.
        TypeError: for settings that are no whole numbers.

    >>> nn.functional.unfold(np.arange(9.0).reshape(1, 3, 3), 2)
    array([[0., 1., 3., 4.],
           [1., 2., 4., 5.],
           [3., 4., 6., 7.],
           [4., 5., 7., 8.]])
    """
    return unfolded("unfold", input, kernel_size, dilation, padding, stride)


def unfolded(receiver: Receiver, input: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Any:
    """``unfold``, with messages that begin with the ``receiver``."""
    x = as_array(input, receiver)
    check_rank(receiver, x.shape, 2)
    windows = _windows(receiver, x.shape[-2:], kernel_size, dilation, padding, stride)
    columns = unfold_op(x, windows=windows)
    rows = x.shape[-3] * math.prod([each.kernel for each in windows])
    return np.reshape(columns, (*x.shape[:-3], rows, math.prod([each.count for each in windows])))


def fold(input: Any, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """Windows, each a column, added up in maps where ``unfold`` takes them from; its transpose, not its inverse.

    Args:
        input: the columns.
        output_size: the size of the maps, one number for both axes or a pair.
        kernel_size, dilation, padding, stride: as in ``unfold``.

    Shapes: (N, C * kH * kW, L) or (C * kH * kW, L) -> (N, C, H, W) or (C, H, W).

    Raises:
        ValueError: for shapes that do not fit, and settings out of range.
        TypeError: for settings that are no whole numbers.

    >>> nn.functional.fold(np.ones((4, 4)), 3, 2)
    array([[[1., 2., 1.],
            [2., 4., 2.],
            [1., 2., 1.]]])
    """
    return folded("fold", input, output_size, kernel_size, dilation, padding, stride)


def folded(receiver: Receiver, input: Any, output_size: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Any:
    """``fold``, with messages that begin with the ``receiver``."""
    x, sizes = as_array(input, receiver), as_tuple(receiver, "output_size", output_size, 2, 1)
    windows = _windows(receiver, sizes, kernel_size, dilation, padding, stride)
    kernel, counts = [each.kernel for each in windows], [each.count for each in windows]
    if len(x.shape) not in (2, 3) or x.shape[-2] % math.prod(kernel) or x.shape[-1] != math.prod(counts):
        raise ValueError(
            f"{called(receiver)}: expected input of shape (N, C * {math.prod(kernel)}, {math.prod(counts)}) or without N, for "
            f"{' * '.join(map(str, counts))} windows of {' * '.join(map(str, kernel))} in maps of {sizes}; received {x.shape}"
        )
    channels = x.shape[-2] // math.prod(kernel)
    return fold_op(np.reshape(x, (*x.shape[:-2], channels, *kernel, *counts)), windows=windows)


def _windows(
    receiver: Receiver, sizes: Sequence[int], kernel_size: Any, dilation: Any, padding: Any, stride: Any
) -> tuple[Windows, ...]:
    kernel, dilation, padding, stride = check_windows(receiver, kernel_size, dilation, padding, stride)
    windows = windows_along(tuple(sizes), kernel, stride, padding, dilation)
    if windows is None:
        raise ValueError(
            f"{called(receiver)}: expected maps at least as large as a window, received {tuple(sizes)} for "
            f"kernel_size={kernel}, padding={padding}, dilation={dilation}; take a smaller kernel_size"
        )
    return windows


def check_windows(receiver: Receiver, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> list[tuple[int, ...]]:
    """The settings of ``unfold`` as pairs.

    Raises:
        TypeError: for settings that are no whole numbers.
        ValueError: for settings out of range.
    """
    return [
        as_tuple(receiver, "kernel_size", kernel_size, 2, 1),
        as_tuple(receiver, "dilation", dilation, 2, 1),
        as_tuple(receiver, "padding", padding, 2),
        as_tuple(receiver, "stride", stride, 2, 1),
    ]


# ---------------------------------------------------------------- shuffles


def pixel_shuffle(input: Any, upscale_factor: int) -> Any:
    """Channels laid out as pixels: with ``r = upscale_factor`` each group of r * r channels makes one, r times as large.

    ``out[..., c, h * r + i, w * r + j] = input[..., c * r * r + i * r + j, h, w]``

    Args:
        input: maps.
        upscale_factor: r.

    Shapes: (..., C * r * r, H, W) -> (..., C, H * r, W * r).

    Raises:
        ValueError: for fewer than three axes, channels that r * r does not divide, and a factor below 1.
        TypeError: for a factor that is no whole number.

    Source: Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel convolutional neural
    network", CVPR 2016.

    >>> nn.functional.pixel_shuffle(np.arange(4.0).reshape(4, 1, 1), 2)
    array([[[0., 1.],
            [2., 3.]]])
    """
    return pixels_of_channels("pixel_shuffle", input, upscale_factor)


def pixels_of_channels(receiver: Receiver, input: Any, factor: int) -> Any:
    """``pixel_shuffle``, with messages that begin with the ``receiver``."""
    x, (r,) = as_array(input, receiver), as_tuple(receiver, "upscale_factor", factor, 1, 1)
    if len(x.shape) < 3 or x.shape[-3] % (r * r):
        raise ValueError(
            f"{called(receiver)}: expected input of shape (..., C * {r * r}, H, W) for upscale_factor={r}, received {x.shape}"
        )
    *lead, channels, height, width = x.shape
    n, channels = len(lead), channels // (r * r)
    x = np.reshape(x, (*lead, channels, r, r, height, width))
    x = np.transpose(x, (*range(n + 1), n + 3, n + 1, n + 4, n + 2))
    return np.reshape(x, (*lead, channels, height * r, width * r))


def pixel_unshuffle(input: Any, downscale_factor: int) -> Any:
    """Pixels laid out as channels, the inverse of ``pixel_shuffle``: with ``r = downscale_factor`` r * r channels of each.

    Args:
        input: maps.
        downscale_factor: r.

    Shapes: (..., C, H * r, W * r) -> (..., C * r * r, H, W).

    Raises:
        ValueError: for fewer than three axes, a height or width that r does not divide, and a factor below 1.
        TypeError: for a factor that is no whole number.

    >>> nn.functional.pixel_unshuffle(np.arange(4.0).reshape(1, 2, 2), 2).reshape(4)
    array([0., 1., 2., 3.])
    """
    return channels_of_pixels("pixel_unshuffle", input, downscale_factor)


def channels_of_pixels(receiver: Receiver, input: Any, factor: int) -> Any:
    """``pixel_unshuffle``, with messages that begin with the ``receiver``."""
    x, (r,) = as_array(input, receiver), as_tuple(receiver, "downscale_factor", factor, 1, 1)
    if len(x.shape) < 3 or x.shape[-2] % r or x.shape[-1] % r:
        raise ValueError(
            f"{called(receiver)}: expected input of shape (..., C, H * {r}, W * {r}) for downscale_factor={r}, "
            f"received {x.shape}"
        )
    *lead, channels, height, width = x.shape
    n, height, width = len(lead), height // r, width // r
    x = np.reshape(x, (*lead, channels, height, r, width, r))
    x = np.transpose(x, (*range(n + 1), n + 2, n + 4, n + 1, n + 3))
    return np.reshape(x, (*lead, channels * r * r, height, width))


def channel_shuffle(input: Any, groups: int) -> Any:
    """Channels dealt out: of ``groups`` groups of neighbours first the first of each, then the second of each, and so on.

    Args:
        input: a batch of maps.
        groups: how many groups there are.

    Shapes: (N, C, ...) -> same, with at least one axis behind the channels.

    Raises:
        ValueError: for fewer than three axes, channels that ``groups`` does not divide, and fewer groups than 1.
        TypeError: for groups that are no whole number.

    Source: Zhang et al., "ShuffleNet: an extremely efficient convolutional neural network for mobile devices", CVPR 2018.

    >>> nn.functional.channel_shuffle(np.arange(4.0).reshape(1, 4, 1), 2).reshape(4)
    array([0., 2., 1., 3.])
    """
    return dealt_channels("channel_shuffle", input, groups)


def dealt_channels(receiver: Receiver, input: Any, groups: int) -> Any:
    """``channel_shuffle``, with messages that begin with the ``receiver``."""
    x, (groups,) = as_array(input, receiver), as_tuple(receiver, "groups", groups, 1, 1)
    if len(x.shape) < 3 or x.shape[1] % groups:
        raise ValueError(
            f"{called(receiver)}: expected input of shape (N, C, ...) with channels that {groups} groups divide, "
            f"received {x.shape}"
        )
    batch, channels, *sizes = x.shape
    x = np.swapaxes(np.reshape(x, (batch, groups, channels // groups, *sizes)), 1, 2)
    return np.reshape(x, (batch, channels, *sizes))
