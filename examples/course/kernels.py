"""Kernels that slide over pictures: by hand, by the library, and drawn. Lesson 9 explains them."""

from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import autograd as ag
import nn
from nn.pictures import COLORS, DIVERGING, MUTED, SEQUENTIAL, finished

Array = np.ndarray[Any, Any]
PICTURE = np.array(
    [[0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]], np.float64
)
UPRIGHT = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]], np.float64)  # finds edges that stand upright
LEVEL = UPRIGHT.T.copy()  # finds those that lie
MEAN = np.full((5, 5), 1 / 25)  # blurs


def convolve(picture: Array, kernel: Array) -> Array:
    """At each place: multiply the numbers under the kernel by its weights, and add them up."""
    height, width = kernel.shape
    result = np.zeros((picture.shape[0] - height + 1, picture.shape[1] - width + 1))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            window = picture[i : i + height, j : j + width]
            result[i, j] = np.sum(window * kernel)
    return result


def output_size(size: int, kernel: int, padding: int = 0, stride: int = 1) -> int:
    """How many places a kernel has along one side of a picture."""
    return (size + 2 * padding - kernel) // stride + 1


def largest_of_each(picture: Array, size: int = 2) -> Array:
    """The largest number in each square of ``size`` times ``size``."""
    rows, columns = picture.shape[0] // size, picture.shape[1] // size
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            result[i, j] = picture[i * size : (i + 1) * size, j * size : (j + 1) * size].max()
    return result


def layer_of(kernel: Array, **settings: Any) -> nn.Conv2d:
    """A convolution of the library with this kernel."""
    layer = nn.Conv2d(1, 1, kernel.shape[0], bias=False, dtype=np.float64, **settings)
    with ag.no_grad():
        layer.weight[0, 0] = kernel
    return layer


def by_library(picture: Array, kernel: Array, **settings: Any) -> Array:
    """One picture through one kernel. Layers take (examples, channels, height, width)."""
    with ag.no_grad():
        return layer_of(kernel, **settings)(picture[np.newaxis, np.newaxis]).numpy()[0, 0]


# ---------------------------------------------------------------- pictures of them


def kernel_picture(result: Array) -> Figure:
    """A window, the kernel, and the number that they give."""
    cell, (wide, high) = 0.5, (8.9, 3.4)  # inches
    figure = pyplot.figure(figsize=(wide, high))
    left = 0.6
    for name, array, bound, framed in (("picture", PICTURE, 1, 3), ("kernel", UPRIGHT, 1, 0), ("result", result, 3, 1)):
        rows, columns = array.shape
        bottom = high - 0.35 - rows * cell
        panel = figure.add_axes((left / wide, bottom / high, columns * cell / wide, rows * cell / high))
        cells(panel, array, name, bound)
        if framed:
            frame = Rectangle(
                (-0.5, 0.5), framed, framed, fill=False, edgecolor=COLORS[4], linewidth=3, zorder=3, clip_on=False
            )
            panel.add_patch(frame)
        left += columns * cell + 0.8
    return figure


def cells(axes: Axes, array: Array, title: str, bound: float) -> None:
    """A small table of whole numbers, coloured by them."""
    axes.imshow(array, cmap=DIVERGING, vmin=-1.6 * bound, vmax=1.6 * bound)
    for (i, j), value in np.ndenumerate(array):
        axes.text(j, i, f"{value:.0f}", ha="center", va="center", fontsize=12)
    rows, columns = array.shape
    axes.set(xticks=range(columns), yticks=range(rows))
    axes.hlines(np.arange(rows - 1) + 0.5, -0.5, columns - 0.5, color=MUTED, linewidth=0.5)
    axes.vlines(np.arange(columns - 1) + 0.5, -0.5, rows - 0.5, color=MUTED, linewidth=0.5)
    finished(axes, f"{title}, {rows} × {columns}", x="column", y="row", grid=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def places_picture() -> Figure:
    """Where a kernel stands, for some paddings and strides."""
    figure, axes = pyplot.subplots(1, 3, figsize=(8.4, 3.2), layout="compressed", width_ratios=[5, 7, 7])
    for panel, (padding, stride) in zip(axes, ((0, 1), (1, 1), (1, 2)), strict=True):
        size = 5 + 2 * padding
        for i in range(size):
            for j in range(size):
                inside = padding <= i < 5 + padding and padding <= j < 5 + padding
                color = "#cfe3f3" if inside else "#e6e8eb"
                panel.add_patch(Rectangle((j - padding, i - padding), 1, 1, facecolor=color, edgecolor="white"))
        count = output_size(5, 3, padding, stride)
        middles = 1.5 - padding + stride * np.arange(count)
        panel.plot(*np.meshgrid(middles, middles), "o", color=COLORS[1], markersize=6)
        panel.add_patch(Rectangle((-padding, -padding), 3, 3, fill=False, edgecolor=COLORS[0], linewidth=2.5))
        panel.set(xlim=(-padding - 0.1, 5.1 + padding), ylim=(6.1, -1.1), aspect="equal", xticks=[], yticks=[])
        finished(panel, f"padding {padding}, stride {stride}:\n{count} × {count} places", grid=False)
        panel.spines[:].set_visible(False)
    return figure


def edges_picture(picture: Array, blurred: Array, upright: Array, level: Array) -> Figure:
    """A photograph, and what kernels make of it."""
    figure, axes = pyplot.subplots(2, 2, figsize=(8.4, 6.4), layout="constrained")
    figure.get_layout_engine().set(h_pad=0.1)
    shown = (
        ("the photograph", picture, "gray", (0.0, 1.0)),
        ("blurred by 5 × 5 equal weights", blurred, "gray", (0.0, 1.0)),
        ("upright edges: red brighter to the right", upright, DIVERGING, (-1.5, 1.5)),
        ("edges of all directions", np.hypot(upright, level), SEQUENTIAL, (0.0, 2.0)),
    )
    for panel, (title, image, colors, (low, high)) in zip(axes.flat, shown, strict=True):
        panel.imshow(image, cmap=colors, vmin=low, vmax=high)
        panel.set(xticks=[], yticks=[])
        panel.spines[:].set_visible(False)
        finished(panel, title, grid=False)
    return figure
