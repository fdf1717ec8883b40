"""``network``: the diagram of a network, layer by layer, with its neurons and what connects them."""

from __future__ import annotations  # matplotlib is imported when something is drawn

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.inputs import check_number, check_switch, check_whole
from nn.module import Module
from nn.pictures import COLORS, MUTED, SMALL, TEXT, TITLE, axes_or_new, literal, shortened
from nn.plots.stages import NAME, Stage, stages_of, stages_of_sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SLOT = 0.26  # inches from one neuron to the next, on a figure of its own
_FEW = 7  # neurons of a column of which the largest is smaller stand further apart
_SHEETS = 5  # how many of its channels a stage shows at most
_NAME_LENGTH = 22  # of inputs and classes
_WIDEST = 20.0  # inches: a figure for a deeper network is no wider, its letters become smaller
_LEAST = 5.0  # points: the size of letters below which nothing can be read


def network(
    model_or_sizes: Module | Sequence[int],
    input_size: int | tuple[int, ...] | None = None,
    *,
    classes: Sequence[str] | None = None,
    inputs: Sequence[str] | None = None,
    max_neurons: int = 16,
    weights: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw a network: a column of circles for each dense layer with all its connections, sheets for channels of maps.

    Above each layer stand its name and the size of what it gives, below it activations, norms and dropout. Layers are found by
    calling a copy of the model with zeros: its layers have to be called one after the other, by a ``Sequential`` or a
    ``forward`` of one's own, in which functions may stand between them. A module inside that branches (a residual block) is
    drawn as a block.

    Args:
        model_or_sizes: the model; or the sizes of the layers, input first: ``[20, 64, 32, 3]``.
        input_size: the shape of one example, such as ``(1, 28, 28)``; a number for a vector. It is needed where the model does
            not begin with a linear layer.
        classes: names of the outputs; of two classes with one output, both.
        inputs: names of the inputs.
        max_neurons: how many circles a column has at most; of more the first and last are drawn, with dots between them.
        weights: whether lines show weights: orange ones positive, blue ones negative, the wider and darker the larger, beside
            the largest of their layer.
        ax: the axes to draw on; by default those of a new figure as large as the diagram needs.

    Returns:
        The axes.

    Raises:
        TypeError: for what is neither a module nor sizes, and settings that are no numbers.
        ValueError: for a model that branches (draw what it computes with ``ag.draw``), a missing ``input_size``, names that are
            not as many as inputs or classes, and sizes below 1; for an ``input_size`` that does not fit whatever the layer
            raises.
        ImportError: where Matplotlib is not installed.

    >>> model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3))
    >>> ax = nn.plots.network(model, classes=["setosa", "versicolor", "virginica"])
    >>> ax.get_title(loc="right")
    '67 parameters'
    """
    check_switch(NAME, weights=weights)
    check_whole(NAME, "max_neurons", max_neurons)
    check_number(NAME, "max_neurons", max_neurons, least=3)
    if isinstance(model_or_sizes, Module):
        stages = stages_of(model_or_sizes, input_size)
        title = type(model_or_sizes).__name__
        count = sum([math.prod(each.shape) for each in model_or_sizes.parameters()])
    elif isinstance(model_or_sizes, list | tuple | np.ndarray):
        if input_size is not None or weights:
            raise ValueError(f"{NAME}: expected a model together with input_size or weights, received sizes alone")
        stages = stages_of_sizes(model_or_sizes)
        sizes = [each.shape[0] for each in stages]
        title = "Network"
        count = sum([(before + 1) * after for before, after in pairwise(sizes)])
    else:
        raise TypeError(f"{NAME}: expected a module or sizes such as [20, 64, 3], received {type(model_or_sizes).__name__}")
    names = [_names("inputs", inputs, stages[0]), _names("classes", classes, stages[-1])]
    diagram = _Diagram(stages, names, int(max_neurons), bool(weights))
    axes = axes_or_new(NAME, ax, diagram.inches)
    diagram.draw(axes)
    axes.set_title(literal(title), loc="left", fontsize=TITLE, fontweight="bold")
    axes.set_title(f"{count:,} parameter{'s' * (count != 1)}", loc="right", fontsize=SMALL, color=MUTED)
    return axes


def _names(what: str, names: Any, stage: Stage) -> list[str]:
    """Names of a stage's neurons; none where none are given."""
    if names is None:
        return []
    listed = [str(each) for each in names]
    size = stage.shape[0] if stage.kind == "neurons" else None
    if what == "classes" and size == 1 and len(listed) == 2:
        return listed[1:]  # the one whose probability it is
    if len(listed) != size:
        expected = "none, since this is no vector" if size is None else f"{size} names"
        raise ValueError(f"{NAME}: expected {what}, {expected}; received {len(listed)}")
    return listed


class _Diagram:
    """Where everything stands, in slots: the distances of neighbouring neurons. The middle of the first column is at (0, 0)."""

    def __init__(self, stages: list[Stage], names: list[list[str]], most: int, weighted: bool) -> None:
        self.stages = stages
        self.names = names
        self.weighted = weighted
        self.shown = [_shown(stage, most) for stage in stages]
        largest = max([2, *[len(each) for each in self.shown]])
        self.step = min(max(_FEW / largest, 1.0), 1.8)  # from one neuron to the next
        self.radius = 0.36 * min(self.step, 1.4)
        has_maps = any([stage.kind != "neurons" for stage in stages])
        self.rows = max(8.0 if has_maps else 0.0, largest * self.step)
        self.pitch = max(1.1 if len(stages) < 12 else 0.9, 0.1 * self.rows) / _SLOT
        self.longest = max([max(stage.shape[1:][-2:]) for stage in stages if stage.kind == "sheets"], default=1)
        self.captions = max([len(stage.captions) for stage in stages])
        before, behind = [
            max(
                0.45 * self.pitch,
                self.radius + 0.5 + 0.33 * max([len(shortened(each, _NAME_LENGTH)) for each in side], default=0),
            )
            for side in names
        ]
        self.left = -before
        self.right = self.pitch * (len(stages) - 1) + behind
        self._set_scale(1.0)
        self.natural = self._inches()
        self._set_scale(min(1.0, _WIDEST / self.natural[0]))
        self.inches = self._inches()

    def _set_scale(self, scale: float) -> None:
        """Of letters and lines; where letters become no smaller, their lines need more slots."""
        self.scale = scale
        self.line = 0.15 / _SLOT * max(1.0, _LEAST / (SMALL * scale))
        self.top = self.rows / 2 + 0.4 + 2.6 * self.line
        self.bottom = -self.rows / 2 - 0.4 - self.line * (self.captions + 0.4 + 1.4 * self.weighted)

    def _inches(self) -> tuple[float, float]:
        """The size of a figure for it, with a margin and a title."""
        slot = _SLOT * self.scale
        return (self.right - self.left) * slot + 0.2, (self.top - self.bottom) * slot + 0.45

    def draw(self, axes: Axes) -> None:
        """Draw it, with letters and lines as small as the axes ask for."""
        axes.set_axis_off()
        axes.set_aspect("equal")
        figure: Any = axes.figure
        place = axes.get_position(original=True)
        width, height = figure.get_size_inches()
        own = place.width * width / self.natural[0], place.height * height / self.natural[1]
        self._set_scale(min(1.0, *[each / 0.75 for each in own]))  # before its layout, axes fill 0.77 of their figure
        axes.set_xlim(self.left, self.right)
        axes.set_ylim(self.bottom, self.top)
        for i in range(1, len(self.stages)):
            self._connect(axes, i)
        for i, stage in enumerate(self.stages):
            color = COLORS[2] if i == 0 else COLORS[0] if i == len(self.stages) - 1 else COLORS[1]
            self._draw_stage(axes, i, stage, color)
            self._write(axes, i, stage)
        for i, side, names in ((0, -1, self.names[0]), (len(self.stages) - 1, 1, self.names[1])):
            for y, neuron in self._neurons(i):
                if names and neuron is not None:
                    text = literal(shortened(names[neuron], _NAME_LENGTH))
                    align = "right" if side < 0 else "left"
                    x = self.pitch * i + side * (self.radius + 0.3)
                    axes.text(x, y, text, ha=align, va="center", fontsize=max(TEXT * self.scale, _LEAST))
        if self.weighted:
            self._write_scale(axes)

    def _neurons(self, i: int) -> list[tuple[float, int | None]]:
        """Height and number of each circle of a column; the number of the dots is ``None``."""
        shown = self.shown[i]
        return [(((len(shown) - 1) / 2 - place) * self.step, neuron) for place, neuron in enumerate(shown)]

    def _half(self, i: int) -> tuple[float, float]:
        """Half of the width of what stands in a column, and half of its height."""
        stage = self.stages[i]
        if stage.kind == "neurons":
            return self.radius, (len(self.shown[i]) - 1) / 2 * self.step + self.radius
        if stage.kind == "flat":
            return 0.3, self.rows * 0.45
        if stage.kind == "block":
            return self.pitch * 0.28, 1.1
        count, (width, height) = self._sheets(stage)
        behind = 0.2 * (count - 1)
        return (width + behind) / 2, (height + behind) / 2

    def _sheets(self, stage: Stage) -> tuple[int, tuple[float, float]]:
        """How many sheets to draw, and their width and height."""
        channels, lengths = stage.shape[0], stage.shape[1:][-2:] if len(stage.shape) > 2 else (1, stage.shape[1])
        count = min(_SHEETS, 1 + round(math.log2(channels)))
        most = min(self.pitch * 0.62, self.rows * 0.8) - 0.2 * (_SHEETS - 1)
        height, width = [max(0.4, most * math.sqrt(each / self.longest)) for each in lengths]
        return count, (width, height)

    # ---------------------------------------------------------------- drawing

    def _connect(self, axes: Any, i: int) -> None:
        """What leads from one column to the next: lines, a fan where what is in front is no column of neurons, or an arrow."""
        from matplotlib.collections import LineCollection
        from matplotlib.patches import Polygon

        stage = self.stages[i]
        left, right = self.pitch * (i - 1), self.pitch * i
        if stage.dense and self.stages[i - 1].kind == "neurons":
            pairs = [
                (y0, y1, before, after)
                for y0, before in self._neurons(i - 1)
                for y1, after in self._neurons(i)
                if before is not None and after is not None
            ]
            lines = LineCollection([[(left, y0), (right, y1)] for y0, y1, _, _ in pairs], zorder=1)
            if self.weighted:
                values = np.array([stage.weight[after, before] for _, _, before, after in pairs], float)
                largest = np.abs(stage.weight).max()
                share = np.abs(values) / largest if largest > 0 else np.zeros_like(values)
                lines.set_color([COLORS[0] if each > 0 else COLORS[1] for each in values])
                lines.set_linewidth((0.2 + 2.2 * share).tolist())
                lines.set_alpha((0.15 + 0.8 * share).tolist())
            else:
                lines.set_color(MUTED)
                lines.set_linewidth(float(np.interp(len(pairs), [20, 250], [0.9, 0.35])))
                lines.set_alpha(0.6)
            axes.add_collection(lines, autolim=False)
            return
        width, height = self._half(i - 1)
        next_width, next_height = self._half(i)
        start, end = left + width + 0.1, right - next_width - 0.1
        if stage.dense:
            corners = [(start, height), (end, next_height), (end, -next_height), (start, -height)]
            axes.add_patch(Polygon(corners, facecolor=MUTED, edgecolor="none", alpha=0.18, zorder=1))
            return
        arrow = {"arrowstyle": "-|>", "color": MUTED, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (end, 0), (start, 0), arrowprops=arrow, zorder=1)

    def _draw_stage(self, axes: Any, i: int, stage: Stage, color: str) -> None:
        from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

        x = self.pitch * i
        look = {"facecolor": _tint(color, axes.get_facecolor()), "edgecolor": color, "linewidth": 1.2 * self.scale}
        width, height = self._half(i)
        if stage.kind == "neurons":
            for y, neuron in self._neurons(i):
                if neuron is None:
                    axes.plot([x] * 3, [y - 0.25, y, y + 0.25], linestyle="", marker=".", markersize=2.6, color=color, zorder=3)
                else:
                    axes.add_patch(Circle((x, y), self.radius, zorder=3, **look))
        elif stage.kind == "sheets":
            count, (across, along) = self._sheets(stage)
            for k in range(count):
                corner = x + width - across - 0.2 * k, -height + 0.2 * k
                axes.add_patch(Rectangle(corner, across, along, zorder=3 - 0.01 * k, **look))
        elif stage.kind == "flat":
            axes.add_patch(Rectangle((x - width, -height), 2 * width, 2 * height, zorder=3, **look))
        else:
            box = FancyBboxPatch((x - width, -height), 2 * width, 2 * height, boxstyle="round,pad=0,rounding_size=0.3", **look)
            box.set_zorder(3)
            axes.add_patch(box)

    def _write(self, axes: Any, i: int, stage: Stage) -> None:
        """The name and the size above a column, the captions below."""
        x = self.pitch * i
        room = self.pitch * _SLOT * self.scale * 72 * 0.97  # points
        size = f"{stage.shape[0]:,}" if len(stage.shape) == 1 else "×".join(map(str, stage.shape)) or "one number"
        lines = [(stage.name, TEXT), (size, SMALL)]
        for (text, most), y in zip(lines, (self.top - 0.9 * self.line, self.top - 2.0 * self.line), strict=True):
            _fitted(axes, x, y, text, most * self.scale, room, bold=most == TEXT)
        for k, text in enumerate(stage.captions):
            _fitted(axes, x, -self.rows / 2 - 0.4 - self.line * (k + 0.5), text, SMALL * self.scale, room, color=MUTED)

    def _write_scale(self, axes: Any) -> None:
        """What the colours of lines mean."""
        middle, y = (self.left + self.right) / 2, self.bottom + 0.5 * self.line
        size = max(SMALL * self.scale, _LEAST)
        for side, color, text in ((-1, COLORS[0], "positive weight"), (1, COLORS[1], "negative weight")):
            align = "right" if side < 0 else "left"
            axes.text(middle + side * 0.4, y, text, ha=align, va="center", color=color, fontsize=size)


def _shown(stage: Stage, most: int) -> list[int | None]:
    """The numbers of the neurons that are drawn; ``None`` for the dots in place of the others."""
    if stage.kind != "neurons":
        return []
    size = stage.shape[0]
    if size <= most:
        return list(range(size))
    front = (most + 1) // 2
    return [*range(front), None, *range(size - (most - front), size)]


def _tint(color: str, ground: Any) -> Any:
    from matplotlib.colors import to_rgb

    return 0.32 * np.array(to_rgb(color)) + 0.68 * np.array(to_rgb(ground))


def _fitted(
    axes: Any, x: float, y: float, text: str, size: float, room: float, bold: bool = False, color: str | None = None
) -> None:
    """A line of text in the middle of ``x``, in letters of ``size`` points or as small as ``room`` points ask for."""
    letter = 0.7 if bold else 0.62  # the width of one, in sizes
    size = max(min(size, room / (letter * len(text))), 0.7 * size, _LEAST)
    text = literal(shortened(text, max(5, int(room / (letter * size)))))
    style = {} if color is None else {"color": color}
    axes.text(x, y, text, ha="center", va="center", fontsize=size, fontweight="bold" if bold else "normal", **style)
