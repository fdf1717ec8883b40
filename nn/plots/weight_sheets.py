"""Weights and responses as sheets of small images: kernels of convolutions, rows of linear layers, feature maps."""

from __future__ import annotations  # matplotlib is imported when something is drawn

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.inputs import as_array, check_number, check_switch, check_whole, plain
from nn.layers import ConvTranspose2d
from nn.module import Module
from nn.pictures import DIVERGING, SEQUENTIAL, SMALL, axes_or_new, finished, whole_ticks
from nn.plots.evaluation import undisturbed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CELL = 24  # pixels that a tile has at least on its longer side; a gap is 2 of them


def filters(
    layer: Any,
    shape: Sequence[int] | None = None,
    most: int = 32,
    rgb: bool = False,
    columns: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw learned weights as a sheet of small images, 0 white, positive red, negative blue, all on one scale.

    A convolution has a row for each output channel and a column for each input channel, a transposed one the reverse; with a
    single input channel, or as colours, the kernels fill the sheet row by row, and so do those of ``Conv1d``, whose rows are
    input channels. Of a linear layer on images, ``shape`` says what image its inputs were. Other matrices stay as they are.

    Args:
        layer: a module with a ``weight``, or an array.
        shape: (height, width) or (channels, height, width) of the images that a linear layer receives flattened.
        most: how many outputs are drawn, and how many input channels of each; how many there are more is said beside them.
        rgb: draw kernels of 3 input channels as colours, 0 grey.
        columns: how many kernels stand side by side where they fill the sheet.
        ax: where to draw; by default in a figure of its own.

    Shapes: weights (out, in, height, width), (out, in, width), (out, height, width) or (out, in).

    Raises:
        TypeError: for what has no weights, and settings of another kind.
        ValueError: for weights of another number of axes or that are not finite, a ``shape`` of another size, colours for other
            than 3 channels.
        ImportError: without Matplotlib.

    >>> axes = nn.plots.filters(nn.Conv2d(1, 40, 5))
    >>> axes.get_title("left"), axes.get_title("right")
    ('Conv2d: kernels of 5 × 5', '32 of 40; + 8 more')
    """
    check_whole("filters", "most", most)
    check_number("filters", "most", most, least=1)
    check_switch("filters", rgb=rgb)
    name, weight = _weight_of(layer)
    if shape is not None:
        weight = _as_images(weight, shape)
    if weight.ndim not in (2, 3, 4) or not weight.size:
        raise ValueError(f"filters: expected weights of 2, 3 or 4 axes, (out, in, height, width); received {weight.shape}")
    bad = np.argwhere(~np.isfinite(weight))
    if len(bad):
        raise ValueError(f"filters: expected finite weights, received {weight[tuple(bad[0])]} at {tuple(map(int, bad[0]))}")
    if rgb and (weight.ndim != 4 or weight.shape[1] != 3):
        raise ValueError(f"filters: expected weights (out, 3, height, width) for colours; received {weight.shape}")

    bound = float(np.abs(weight).max()) or 1.0
    if weight.ndim == 2:
        return _matrix(name, weight, bound, ax)
    size = " × ".join(map(str, weight.shape[2:] if weight.ndim == 4 else weight.shape[1:]))
    shown = weight[:most]
    by_channel = weight.ndim == 4 and weight.shape[1] > 1 and not rgb
    if rgb:
        tiles = np.moveaxis(0.5 + shown / (2 * bound), 1, -1)
    elif by_channel:
        shown = shown[:, :most]
        columns = shown.shape[1]
        tiles = shown.reshape(-1, *shown.shape[2:])
    else:
        tiles = shown.reshape(len(shown), *weight.shape[-2:])
    title = f"{name}: kernels of {size}" if shape is None else f"{name}: weights of {size} inputs"
    axes = _sheet("filters", tiles, columns, bound, ax)
    outputs = _remark(weight.shape[0], most)
    if not by_channel:
        return finished(axes, title, grid=False, beside=outputs)
    across, down = ("output", "input") if isinstance(layer, ConvTranspose2d) else ("input", "output")
    names = [
        f"{what} channel" + (f" ({remark})" if remark else "")
        for what, remark in ((across, _remark(weight.shape[1], most)), (down, outputs))
    ]
    return finished(axes, title, x=names[0], y=names[1], grid=False)


def feature_maps(module: Module, image: Any, most: int = 32, columns: int | None = None, ax: Axes | None = None) -> Axes:
    """Draw what a module, or the first part of a model, makes of an image: a tile for each output channel.

    It runs in evaluation mode, records nothing, and leaves the module as it was.

    Args:
        module: a layer or a part of a model: ``nn.Sequential(*model[:3])``.
        image: one example, without an axis of examples or with one of length 1.
        most: how many channels are drawn; above the sheet stands how many there are more.
        columns: how many tiles stand side by side.
        ax: where to draw; by default in a figure of its own.

    Shapes: image (channels, height, width) or (1, channels, height, width).

    Raises:
        ValueError: for several images, and where the module does not give (1, channels, height, width).
        ImportError: without Matplotlib.

    >>> axes = nn.plots.feature_maps(nn.Conv2d(1, 4, 3), np.eye(8)[None])
    >>> axes.get_title("left")
    'Conv2d: 4 maps of 6 × 6'
    """
    check_whole("feature_maps", "most", most)
    check_number("feature_maps", "most", most, least=1)
    image = as_array(image, "feature_maps")
    if image.ndim == 3:
        image = image[None]
    if image.ndim != 4 or image.shape[0] != 1:
        raise ValueError(
            f"feature_maps: expected one image, (channels, height, width); received {image.shape}; take one of them: images[0]"
        )
    with undisturbed(module):
        maps = np.asarray(plain(module(image)))
    if maps.ndim != 4 or maps.shape[0] != 1:
        raise ValueError(f"feature_maps: expected a module that gives (1, channels, height, width); received {maps.shape}")
    maps = maps[0]
    name = type(module).__name__
    axes = _sheet("feature_maps", maps[:most], columns, float(np.abs(maps).max()) or 1.0, ax)
    size = f"{maps.shape[1]} × {maps.shape[2]}"
    return finished(axes, f"{name}: {len(maps)} maps of {size}", grid=False, beside=_remark(len(maps), most))


def _weight_of(layer: Any) -> tuple[str, np.ndarray[Any, Any]]:
    """What the picture is called, and the numbers."""
    weight = layer
    if isinstance(layer, Module):
        weight = dict(layer.named_parameters(recurse=False)).get("weight")
        if weight is None:
            raise TypeError(f"filters: expected a module with a weight, received {type(layer).__name__}; give a layer of it")
    weight = np.asarray(plain(as_array(weight, "filters")))
    if weight.dtype.kind not in "biuf":
        raise TypeError(f"filters: expected a module or real numbers; received {type(layer).__name__} of {weight.dtype}")
    return type(layer).__name__ if isinstance(layer, Module) else "Weights", weight.astype(float)


def _as_images(weight: np.ndarray[Any, Any], shape: Sequence[int]) -> np.ndarray[Any, Any]:
    shape = tuple(shape)
    if weight.ndim != 2 or len(shape) not in (2, 3) or math.prod(shape) != weight.shape[1]:
        raise ValueError(
            f"filters: expected shape, (height, width) or (channels, height, width) of {weight.shape[-1]} inputs of a matrix; "
            f"received {shape} for weights {weight.shape}"
        )
    return weight.reshape(-1, *shape)


def _remark(count: int, most: int) -> str | None:
    return f"{most} of {count}; + {count - most} more" if count > most else None


def _mosaic(tiles: np.ndarray[Any, Any], columns: int) -> np.ndarray[Any, Any]:
    """Tiles (n, height, width[, 3]) in rows, with gaps of NaN between them; pixels of small tiles are repeated."""
    count, height, width = tiles.shape[:3]
    scale = max(1, _CELL // max(height, width))
    tiles = tiles.repeat(scale, axis=1).repeat(scale, axis=2)
    high, wide = tiles.shape[1] + 2, tiles.shape[2] + 2
    rows = math.ceil(count / columns)
    sheet = np.full((rows * high - 2, columns * wide - 2, *tiles.shape[3:]), np.nan)
    for i, tile in enumerate(tiles):
        row, column = divmod(i, columns)
        sheet[row * high : row * high + high - 2, column * wide : column * wide + wide - 2] = tile
    return sheet


def _sheet(receiver: str, tiles: np.ndarray[Any, Any], columns: int | None, bound: float, ax: Axes | None) -> Axes:
    """All tiles on one scale, from ``-bound`` to ``bound``; colours as they are."""
    count, height, width = tiles.shape[:3]
    if columns is not None:
        check_whole(receiver, "columns", columns)
        check_number(receiver, "columns", columns, least=1)
    columns = min(count, columns or max(1, round(math.sqrt(count * 2 * height / width))))
    sheet = _mosaic(tiles, columns)
    ratio = sheet.shape[0] / sheet.shape[1]
    wide = min(1.4 * columns, 5.6, 7.0 / ratio)
    bar = 0.0 if tiles.ndim == 4 else 0.7
    axes = axes_or_new(receiver, ax, (max(wide + bar, 3.2), max(wide * ratio, 0.8) + 0.35), square=True)
    if tiles.ndim == 4:
        opaque = np.isfinite(sheet).all(axis=-1, keepdims=True)
        axes.imshow(np.concatenate([np.where(opaque, sheet, 0.0), opaque], axis=-1))
    else:
        signed = np.nanmin(sheet) < 0
        colors: dict[str, Any] = {"cmap": DIVERGING, "vmin": -bound} if signed else {"cmap": SEQUENTIAL, "vmin": 0.0}
        _bar(axes, axes.imshow(sheet, vmax=bound, interpolation="nearest", **colors))
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    return axes


def _matrix(name: str, weight: np.ndarray[Any, Any], bound: float, ax: Axes | None) -> Axes:
    """All of a matrix as one image."""
    axes = axes_or_new("filters", ax, (6.4, 3.6))
    _bar(axes, axes.imshow(weight, cmap=DIVERGING, vmin=-bound, vmax=bound, aspect="auto", interpolation="nearest"))
    whole_ticks(axes, "x")
    whole_ticks(axes, "y")
    return finished(axes, f"{name}: weights", x="input", y="output", grid=False)


def _bar(axes: Axes, image: Any) -> None:
    bar = axes.figure.colorbar(image, ax=axes, fraction=0.04, aspect=25, pad=0.02)
    bar.ax.tick_params(labelsize=SMALL)
    bar.outline.set_visible(False)
