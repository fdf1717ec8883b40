"""The look that all pictures share: colours, sizes, and what is done to axes before and after something is drawn on them.

A picture is drawn on given axes, or on a figure of its own. It takes fonts and backgrounds from the reader's Matplotlib style,
changes no setting of Matplotlib, chooses no backend, and shows nothing.
"""

from __future__ import annotations  # matplotlib is imported when something is drawn

import math
import textwrap
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLORS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")  # Okabe and Ito: told apart with any colour vision
STYLES = ("-", "--", "-.", ":")  # of lines, once the colours are used up
MUTED = "#747e8a"  # of what stands behind the data, visible on white and on black
QUIET = 0.65  # opacity of remarks, in the style's own colour of letters
SEQUENTIAL = "Blues"  # from 0 to much
DIVERGING = "RdBu_r"  # negative blue, 0 white, positive red
TITLE, TEXT, SMALL = 10.0, 9.0, 8.0  # sizes of letters, in points


def pyplot_of(receiver: str) -> ModuleType:
    """Matplotlib's ``pyplot``.

    Raises:
        ImportError: where Matplotlib is not installed, with how to install it.
    """
    try:
        from matplotlib import pyplot
    except ImportError:
        raise ImportError(f"{receiver} needs matplotlib; install it with `pip install chainrule[plot]`") from None
    return pyplot


def axes_or_new(receiver: str, ax: Axes | None, size: tuple[float, float] = (6.4, 3.6), square: bool = False) -> Axes:
    """The given axes, or those of a new figure of ``size`` inches; ``square`` is for data units of one length on both axes.

    Raises:
        TypeError: for anything that is not one ``Axes``.
        ImportError: where Matplotlib is not installed.
    """
    pyplot = pyplot_of(receiver)
    if ax is None:
        return pyplot.subplots(figsize=size, layout="compressed" if square else "constrained")[1]
    if not isinstance(ax, pyplot.Axes):
        raise TypeError(f"{receiver}: expected ax, one Matplotlib Axes; received {type(ax).__name__}")
    return ax


def panels(
    receiver: str,
    count: int,
    axes: Any = None,
    size: tuple[float, float] = (3.2, 2.2),
    columns: int | None = None,
    **settings: Any,
) -> tuple[Figure, list[Axes]]:
    """A figure with ``count`` panels, filled row by row; or the given ``axes`` and their figure.

    Args:
        receiver: the name that a message begins with.
        count: how many panels.
        axes: axes to draw on: one, or a sequence or array of as many as are needed or more.
        size: width and height of a panel in inches.
        columns: how many stand side by side; by itself up to 3, 4 from 13 panels on.
        settings: further arguments of ``pyplot.subplots``, such as ``sharex=True``.

    Raises:
        TypeError: for ``axes`` that are no axes.
        ValueError: for too few of them.
        ImportError: where Matplotlib is not installed.
    """
    pyplot = pyplot_of(receiver)
    if axes is not None:
        given = np.ravel(np.asarray(axes, dtype=object)).tolist()
        if not all([isinstance(each, pyplot.Axes) for each in given]):
            raise TypeError(f"{receiver}: expected axes, Matplotlib Axes; received {axes!r}")
        if len(given) < count:
            raise ValueError(f"{receiver}: expected {count} axes, one for each panel; received {len(given)}")
        return given[0].figure, given[:count]
    columns = min(count, columns or (4 if count > 12 else 2 if count == 4 else 3)) or 1
    rows = math.ceil(count / columns) or 1
    figure, grid = pyplot.subplots(
        rows,
        columns,
        squeeze=False,
        layout="constrained",
        figsize=(columns * size[0], rows * size[1]),
        **settings,
    )
    every = list(grid.flat)
    for unused in every[count:]:
        unused.remove()
    return figure, every[:count]


def finished(
    axes: Axes,
    title: str | None = None,
    x: str | None = None,
    y: str | None = None,
    grid: bool = True,
    beside: str | None = None,
    above: str | None = None,
) -> Axes:
    """Axes with their texts, a quiet grid behind the data, and no frame above and on the right.

    Args:
        axes: what was drawn on.
        title: in bold letters on the left above the axes.
        x: what the horizontal axis counts, with its unit.
        y: the same of the vertical axis.
        grid: whether there are lines across.
        beside: a remark in quiet letters, on the right above the axes.
        above: a formula between title and axes; its dollar signs count.
    """
    room: dict[str, Any] = {} if above is None else {"pad": 8 + 1.4 * SMALL}
    if title is not None:
        axes.set_title(literal(title), loc="left", fontsize=TITLE, fontweight="bold", **room)
    if beside is not None:
        axes.set_title(literal(beside), loc="right", fontsize=SMALL, alpha=QUIET, **room)
    if above is not None:
        axes.annotate(above, (0, 1), (0, 5), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL)
    if x is not None:
        axes.set_xlabel(literal(x), fontsize=TEXT)
    if y is not None:
        axes.set_ylabel(literal(y), fontsize=TEXT)
    axes.tick_params(which="both", labelsize=SMALL)
    for axis in (axes.xaxis, axes.yaxis):
        axis.get_offset_text().set_fontsize(SMALL)
    if grid:
        axes.grid(True, color=MUTED, alpha=0.25, linewidth=0.8, linestyle="-")
    else:
        axes.grid(False)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def whole_ticks(axes: Axes, which: str = "x") -> None:
    """Only whole numbers on an axis: epochs, steps, counts."""
    from matplotlib.ticker import MaxNLocator

    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(nbins="auto", steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))


def literal(text: str) -> str:
    """A reader's own name as text: its dollar signs begin no formula."""
    return text.replace("$", r"\$")


def lowest(axes: Sequence[Axes]) -> list[Axes]:
    """Of each column of panels the one at the bottom, which is where the horizontal axis gets its name."""
    found: dict[float, Axes] = {}
    for each in axes:
        place = each.get_position()
        column = round(place.x0, 3)
        if column not in found or place.y0 < found[column].get_position().y0:
            found[column] = each
    return list(found.values())


def one_legend(figure: Figure, axes: Sequence[Axes], own: bool) -> None:
    """What the lines and then the marks of all panels mean: above the panels of an ``own`` figure, else in the first one."""
    from matplotlib.lines import Line2D

    entries: dict[str, Any] = {}
    for each in axes:
        for handle, label in zip(*each.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    marks = {each: isinstance(each, Line2D) and each.get_linestyle() == "None" for each in entries.values()}
    entries = dict(sorted(entries.items(), key=lambda entry: marks[entry[1]]))
    if entries and own:
        widest = max([len(label) for label in entries]) * 0.6 * TEXT + 4 * TEXT  # a letter's width, and that of the line
        fitting = sum([len(label) * 0.6 * TEXT + 4 * TEXT for label in entries]) <= figure.get_figwidth() * 72
        columns = len(entries) if fitting else max(1, int(figure.get_figwidth() * 72 // widest))
        figure.legend(
            entries.values(),
            entries,
            loc="outside upper left",
            ncols=columns,
            frameon=False,
            fontsize=TEXT,
            borderaxespad=0.1,
        )
    elif entries:
        axes[0].legend(entries.values(), entries, frameon=False, fontsize=SMALL)


def shortened(text: str, most: int) -> str:
    """A long name with its middle left out, ``most`` characters in all."""
    if len(text) <= most:
        return text
    front = (most - 1) // 2
    return f"{text[:front]}…{text[len(text) - (most - 1 - front) :]}"


def wrapped(text: str, width: int) -> str:
    """A long name in two lines of ``width`` characters, and shortened to what they hold."""
    lines = textwrap.wrap(text, width) or [""]
    if len(lines) > 2:
        lines = textwrap.wrap(shortened(text, 2 * width - 4), width)
    return "\n".join([lines[0], shortened(" ".join(lines[1:]), width)]) if len(lines) > 1 else lines[0]


def spread(names: Sequence[str], most: int) -> list[str]:
    """At most so many of the names, evenly spread over all of them; first and last are among them."""
    if len(names) <= most:
        return list(names)
    return [names[i] for i in np.linspace(0, len(names) - 1, most).round().astype(int)]


def ink_on(color: Any) -> str:
    """Black or white: what is read better on a colour.

    Source: relative luminance, WCAG 2.2.
    """
    from matplotlib.colors import to_rgb

    channels = np.array(to_rgb(color))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return "black" if linear @ (0.2126, 0.7152, 0.0722) > 0.179 else "white"
