"""What a benchmark leaves behind: a table on the screen, a JSON file, a picture."""

import json
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, FAINT = "#1b1f24", "#6b7480", "#e6e9ed"
COLORS = {  # distinct in hue and in lightness (Okabe and Ito, "Color Universal Design", 2008)
    "chainrule": "#d55e00",
    "numpy": "#6b7480",
    "torch": "#0072b2",
    "autograd (HIPS)": "#009e73",
    "mygrad": "#cc79a7",
}
SPARE_COLORS = ("#e69f00", "#56b4e9", "#000000", "#7b4fb5")


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Columns of text; the first ``left`` of them start at the left, the others end at the right."""
    cells = [list(headers), *[list(row) for row in rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "system": platform.system(),
        "processor": processor(),
    }


def processor() -> str:
    """The processor's model, where the system tells."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def save_json(path: Path, results: dict[str, Any]) -> None:
    """Write the results, with the machine they were measured on, as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"machine": machine(), **results}, indent=1) + "\n")


def figure(width: float, height: float) -> "Figure":
    """An empty figure in the benchmarks' style, in inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=110, facecolor="white", layout="constrained")


def style(axes: "Axes", title: str = "", grid: str = "x") -> None:
    """Bare axes: no frame, a faint grid along ``grid``, the title at the left."""
    axes.set_axisbelow(True)
    axes.grid(axis=grid, which="major", color=FAINT, linewidth=0.8)  # type: ignore[arg-type]
    axes.tick_params(length=0, colors=MUTED, labelsize=8, which="both")
    for spine in axes.spines.values():
        spine.set_visible(False)
    if title:
        axes.set_title(title, loc="left", fontsize=10, color=INK, fontweight="bold")


def legend(axes: "Axes", entries: Sequence[tuple[str, str, str]]) -> None:
    """A legend in one line above the axes: for each entry its marker, color and text. The title moves up to make room."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], marker=marker, color=color, linestyle="", markersize=5, mew=1.6) for marker, color, _ in entries]
    axes.legend(
        handles,
        [text for _, _, text in entries],
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=len(entries),
        frameon=False,
        fontsize=8,
        labelcolor=MUTED,
        handletextpad=0.1,
        columnspacing=1.2,
        borderaxespad=0.2,
        borderpad=0.0,
    )
    axes.set_title(axes.get_title(loc="left"), loc="left", fontsize=10, color=INK, fontweight="bold", pad=20)


def save_figure(path: Path, made: "Figure") -> None:
    """Write the figure as PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made.savefig(path)


def microseconds(seconds: float | None) -> str:
    """A time in microseconds with three digits, as a cell of a table."""
    if seconds is None:
        return "-"
    value = seconds * 1e6
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"
