"""How heights over a plane are drawn: as bands of colour, on a log scale where they ask for it, or as a landscape."""

from __future__ import annotations  # matplotlib is imported when something is drawn

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nn.pictures import COLORS, MUTED, SEQUENTIAL, SMALL, STYLES, literal, pyplot_of, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BANDS = 18
_NEUTRAL = "Greys"  # under paths, so that colours are theirs
_DECADES = 1e4  # how far bands reach below and above the median: one weight that overflows would take all of them


class Relief(NamedTuple):
    """Heights over a grid: ``heights[j, i]`` is that at (x[i], y[j])."""

    x: np.ndarray[Any, Any]
    y: np.ndarray[Any, Any]
    heights: np.ndarray[Any, Any]

    def bands(self) -> tuple[np.ndarray[Any, Any], bool]:
        """The bounds of the bands, rising, and whether they lie on a log scale.

        They do where the largest height is several times the smallest above 0. Where there are negative ones, the distances
        above the lowest are taken, if most of them are small beside the largest.
        """
        finite = self.heights[np.isfinite(self.heights)]
        lowest, highest = finite.min(), finite.max()
        base = min(lowest, 0.0)
        above = finite[finite > base] - base
        if not above.size or not highest > lowest:
            width = max(abs(lowest), 1.0) * 1e-3
            return np.array([lowest - width, lowest + width]), False
        middle = float(np.median(above))
        start, end = max(above.min(), middle / _DECADES), min(above.max(), middle * _DECADES)
        if end > 5 * start and (lowest >= 0 or end > 20 * middle):
            return base + np.geomspace(start, end, _BANDS + 1), True
        return np.linspace(lowest, highest, _BANDS + 1), False

    def height_at(self, points: np.ndarray[Any, Any], heights: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Heights of points (n, 2), between those of the grid (bilinear); NaN outside of it."""
        columns, rows = [
            (points[:, k] - line[0]) / (line[-1] - line[0]) * (len(line) - 1) for k, line in enumerate((self.x, self.y))
        ]
        inside = (columns >= 0) & (columns <= len(self.x) - 1) & (rows >= 0) & (rows <= len(self.y) - 1)
        columns, rows = np.where(inside, columns, 0), np.where(inside, rows, 0)
        i, j = np.minimum(columns.astype(int), len(self.x) - 2), np.minimum(rows.astype(int), len(self.y) - 2)
        u, v = columns - i, rows - j
        lower = heights[j, i] * (1 - u) + heights[j, i + 1] * u
        upper = heights[j + 1, i] * (1 - u) + heights[j + 1, i + 1] * u
        return np.where(inside, lower * (1 - v) + upper * v, np.nan)


class Path(NamedTuple):
    """What one optimizer did: points (steps, 2) of the plane, and what the legend says of it."""

    points: np.ndarray[Any, Any]
    label: str


def axes_for(receiver: str, kind: str, ax: Any) -> Axes:
    """The given axes, or new ones, of the kind ``"contour"`` or ``"3d"``.

    Raises:
        ValueError: for another kind.
        TypeError: for axes that do not fit.
    """
    if kind not in ("contour", "3d"):
        raise ValueError(f"{receiver}: expected kind, 'contour' or '3d'; received {kind!r}")
    pyplot = pyplot_of(receiver)
    projection = "3d" if kind == "3d" else None
    if ax is None:
        size = (6.4, 5.2)
        return pyplot.subplots(figsize=size, layout="constrained", subplot_kw={"projection": projection})[1]
    if not isinstance(ax, pyplot.Axes) or (ax.name == "3d") != (kind == "3d"):
        received = f"{ax.name} axes" if isinstance(ax, pyplot.Axes) else type(ax).__name__
        hint = "; make them with subplot_kw={'projection': '3d'}" if kind == "3d" else ""
        raise TypeError(f"{receiver}: expected ax, one Matplotlib Axes that fits kind={kind!r}; received {received}{hint}")
    return ax


def draw(axes: Any, relief: Relief, kind: str, unit: str, paths: Mapping[str, Path], points: Mapping[str, Any]) -> None:
    """Draw heights, paths over them with their starts and ends, and single points; a legend names them.

    Args:
        axes: those of ``axes_for``.
        relief: the heights.
        kind: ``"contour"`` or ``"3d"``.
        unit: what a height is.
        paths: by name.
        points: coordinates (n, 2), by what the legend calls them.
    """
    bounds, logarithmic = relief.bands()
    if kind == "3d":
        level = _draw_landscape(axes, relief, bounds, logarithmic, unit, bool(paths))
        lifted = lambda at: (*at.T, relief.height_at(at, level))
    else:
        _draw_bands(axes, relief, bounds, logarithmic, unit, bool(paths))
        lifted = lambda at: tuple(at.T)
    for i, path in enumerate(paths.values()):
        color, style = COLORS[i % len(COLORS)], STYLES[i // len(COLORS) % len(STYLES)]
        steps = {"marker": "o", "markersize": 2.2} if len(path.points) <= 60 else {}
        axes.plot(*lifted(path.points), color="white", linewidth=3.6, alpha=0.8, solid_capstyle="round", zorder=5 + i / 100)
        axes.plot(*lifted(path.points), style, color=color, linewidth=1.8, label=path.label, zorder=6 + i / 100, **steps)
        for at, marker, size, face in ((path.points[:1], "o", 7, "white"), (path.points[-1:], "*", 13, color)):
            axes.plot(*lifted(at), marker, markersize=size, color=face, markeredgecolor="black", zorder=8 + i / 100)
    for label, at in points.items():
        axes.plot(*lifted(at), "x", color="black", markersize=8, markeredgewidth=4, zorder=8.9)
        axes.plot(*lifted(at), "x", color=COLORS[4], markersize=7.4, markeredgewidth=2, label=label, linestyle="", zorder=9)
    if paths or points:
        _add_legend(axes, kind, bool(paths))


def _draw_bands(axes: Any, relief: Relief, bounds: Any, logarithmic: bool, unit: str, neutral: bool) -> None:
    from matplotlib.ticker import FixedFormatter, NullLocator

    heights = np.ma.masked_invalid(relief.heights)
    extend = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}[
        bool(heights.min() < bounds[0]), bool(heights.max() > bounds[-1])
    ]
    filled = axes.contourf(relief.x, relief.y, heights, bounds, cmap=_colormap(neutral), norm=_norm(bounds), extend=extend)
    if len(bounds) > 2:
        axes.contour(relief.x, relief.y, heights, bounds, colors=MUTED, linewidths=0.5, linestyles="solid", alpha=0.45)
    bar = axes.figure.colorbar(filled, ax=axes, spacing="uniform", fraction=0.05, pad=0.02)
    ticks = bounds[:: max(1, (len(bounds) - 1) // 6)]
    bar.set_ticks(ticks)
    bar.ax.yaxis.set_major_formatter(FixedFormatter(_texts(ticks)))
    bar.ax.yaxis.set_minor_locator(NullLocator())
    bar.ax.tick_params(labelsize=SMALL)
    bar.set_label(f"{unit} (log scale)" if logarithmic else unit, fontsize=SMALL)
    bar.outline.set_visible(False)


def _draw_landscape(axes: Any, relief: Relief, bounds: Any, logarithmic: bool, unit: str, neutral: bool) -> Any:
    """Draw the surface; returns the heights as they are drawn, on a log scale where the bands are."""
    base = 0.0 if bounds[0] > 0 else float(np.nanmin(np.where(np.isfinite(relief.heights), relief.heights, np.nan)))
    heights = np.clip(np.where(np.isfinite(relief.heights), relief.heights, np.nan), bounds[0], bounds[-1])
    level = np.log10(heights - base) if logarithmic else heights
    axes.computed_zorder = False  # lines stand on the surface, and are to be seen
    x, y = np.meshgrid(relief.x, relief.y)
    axes.plot_surface(
        x, y, level, cmap=_colormap(neutral), rcount=100, ccount=100, edgecolor=MUTED, linewidth=0.15, alpha=0.9, zorder=1
    )
    if logarithmic:
        axes.zaxis.set_major_formatter(lambda value, place: shown(base + 10**value, 2))
    axes.set_zlabel(f"{unit} (log scale)" if logarithmic else unit, fontsize=SMALL)
    axes.view_init(elev=42, azim=-58)
    axes.tick_params(pad=0)
    return level


def _colormap(neutral: bool) -> Any:
    """A pale version of the map, so that lines over it are seen."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    most = 0.62 if neutral else 0.9
    return ListedColormap(colormaps[_NEUTRAL if neutral else SEQUENTIAL](np.linspace(0.03, most, 256)))


def _norm(bounds: Any) -> Any:
    from matplotlib.colors import BoundaryNorm

    return BoundaryNorm(bounds, 256)


def _texts(numbers: Any) -> list[str]:
    """Numbers with as few digits as tell them apart."""
    texts: list[str] = []
    for digits in range(2, 8):
        texts = [shown(number, digits) for number in numbers]
        if len(set(texts)) == len(texts):
            break
    return texts


def shown(number: float, digits: int = 3) -> str:
    """A number with so many digits that count, without an exponent where it is neither large nor small."""
    text = f"{number:.{digits}g}"
    return f"{number:.0f}" if "e" in text and 1 <= abs(number) < 1e5 else text


def _add_legend(axes: Any, kind: str, with_paths: bool) -> None:
    """The legend, below the axes, where it hides nothing."""
    from matplotlib.lines import Line2D

    handles, labels = axes.get_legend_handles_labels()
    if with_paths:
        for label, marker, size in (("start", "o", 6), ("end", "*", 10)):
            face = "none" if marker == "o" else MUTED
            handles.append(Line2D([], [], linestyle="", marker=marker, markersize=size, color=MUTED, markerfacecolor=face))
            labels.append(label)
    axes.legend(
        handles,
        [literal(shortened(label, 60)) for label in labels],
        loc="upper center",
        bbox_to_anchor=(0.5, -0.08 if kind == "3d" else -0.12),
        ncols=2 if len(labels) > 2 else 1,
        fontsize=SMALL,
        frameon=False,
    )
