"""The cost of calling an op, forward and back, against NumPy alone and against other libraries.

Each contestant is a process of its own, and all are timed in turns, see ``contestants``.

Peers: name a Python that has PyTorch, HIPS autograd or MyGrad, ``--peer /path/to/python``, once for each. The same library may
come from several; its versions, or the Pythons' paths, tell them apart.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import report
from benchmarks.contestants import Contestant, Library, colors, entered, libraries, peer, rounds_of
from benchmarks.options import at_least, counted

SIZES = (1, 4, 1000, 100_000)
OPS = ("add", "multiply", "tanh", "sum", "matmul")
STEPS = 5000


@dataclass(frozen=True)
class Workload:
    """What is timed: an op on arrays of ``size`` elements, or the scalar graph of ``size`` steps."""

    name: str
    size: int
    backward: bool

    @property
    def title(self) -> str:
        """Its row's beginning in the table."""
        return f"{self.name} {'0-d' if self.size == 1 else f'{self.size:,}'}"

    @property
    def direction(self) -> str:
        """What of it is timed."""
        return "forward+backward" if self.backward else "forward"


def workloads(quick: bool) -> list[Workload]:
    """All workloads in the order of the table; square matrices are multiplied where they have about ``size`` elements."""
    pairs = [(name, size) for name in OPS for size in SIZES if name != "matmul" or size in (4, 1000)]
    pairs.append(("scalar graph", 50 if quick else STEPS))
    return [Workload(name, size, backward) for name, size in pairs for backward in (False, True)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument(
        "--peer", action="append", type=peer, default=[], metavar="PYTHON", help="a Python that has a library to compare with"
    )
    parser.add_argument(
        "--rounds", type=at_least(1), default=7, help="measurements of each workload and contestant (%(default)s)"
    )


def run(options: argparse.Namespace) -> int:
    """Time all workloads on all contestants, and write table, JSON and picture."""
    rounds = 1 if options.quick else options.rounds
    found = libraries({pair: version for each in options.peer for pair, version in each.items()})
    allowed = 1e-4 if options.quick else 0.02
    with entered(found, "workloads") as contestants:
        results = [measure(each, contestants, rounds, allowed) for each in workloads(options.quick)]
    versions = {each.label: each.version for each in found}
    print(as_table(results, list(versions)))
    print(f"\nmicroseconds, medians of {counted(rounds, 'round')}, float32; {', '.join(map(str, found))}")
    for label in list(versions)[2:]:
        ratio = results[-1]["seconds"]["chainrule"] / results[-1]["seconds"][label]
        print(f"scalar graph, forward and backward: {ratio:.2f} of {label}'s time")
    report.save_json(
        options.out / "dispatch.json", {"benchmark": "dispatch", "versions": versions, "rounds": rounds, "rows": results}
    )
    draw(results, found, options.out / "dispatch.png")
    print(f"saved {options.out / 'dispatch.json'} and {options.out / 'dispatch.png'}")
    return 0


def measure(workload: Workload, contestants: list[Contestant], rounds: int, allowed: float) -> dict[str, Any]:
    """A row: the median seconds of each contestant, and every round's."""
    request = {"workload": workload.name, "size": workload.size, "backward": workload.backward}
    found = rounds_of(request, contestants, rounds, allowed)
    return {
        "workload": workload.name,
        "size": workload.size,
        "direction": workload.direction,
        "title": workload.title,
        "seconds": {label: median(times) if times else None for label, times in found.items()},
        "rounds": found,
    }


# ---------------------------------------------------------------- table and picture


def as_table(results: list[dict[str, Any]], labels: list[str]) -> str:
    """Times of all, and ours divided by each peer's; ours come first, then NumPy's."""
    others = labels[2:]
    rows = []
    for row in results:
        seconds = row["seconds"]
        ratios = [f"{seconds['chainrule'] / seconds[each]:.2f}" for each in others]
        rows.append([row["title"], row["direction"], *[report.microseconds(seconds[each]) for each in labels], *ratios])
    headers = ["workload", "what", *labels, *[f"ours / {each}" for each in others]]
    return report.table(headers, rows, left=2)


def draw(results: list[dict[str, Any]], entered: list[Library], path: Path) -> None:
    """A small diagram for each op and direction, time over size, and bars for the scalar graph."""
    palette = colors(entered)
    figure = report.figure(14, 9.2)
    grid = figure.add_gridspec(3, len(OPS), height_ratios=[1, 1, 0.14 * len(entered) + 0.15])
    for line, direction in enumerate(("forward", "forward+backward")):
        above = None
        for column, name in enumerate(OPS):
            rows = [row for row in results if row["workload"] == name and row["direction"] == direction]
            axes = above = figure.add_subplot(grid[line, column], sharey=above)
            report.style(axes, name if line == 0 else "", grid="y")
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter("{x:g}")
            axes.set_xlim(-0.3, len(SIZES) - 0.7)
            axes.set_xticks(range(len(SIZES)), ["0-d", "4", "1000", "100k"])
            for label in reversed(palette):
                points = [(SIZES.index(row["size"]), row["seconds"][label]) for row in rows]
                points = [(x, seconds * 1e6) for x, seconds in points if seconds is not None]
                if points:
                    width = 2.4 if label == "chainrule" else 1.4
                    axes.plot(*zip(*points, strict=True), "o-", color=palette[label], linewidth=width, markersize=4)
            if column == 0:
                axes.set_ylabel(f"{direction.replace('+', ' and ')}, microseconds", fontsize=9, color=report.INK)
            else:
                axes.tick_params(labelleft=False)
            if line == 1:
                axes.set_xlabel("elements", fontsize=8, color=report.MUTED)
    draw_scalar_graph(figure.add_subplot(grid[2, :]), results[-1], palette)
    handles = [_line(label, color) for label, color in palette.items()]
    labels = [str(each) if each.name != "numpy" else f"NumPy {each.version} alone" for each in entered]
    columns = 5 if sum(map(len, labels)) < 110 else 2  # paths are long
    room = "\n" * -(-len(labels) // columns)
    figure.suptitle(f"The cost of an op{room}", x=0.01, ha="left", fontsize=14, color=report.INK, fontweight="bold")
    figure.legend(
        handles,
        labels,
        loc="upper right",
        ncols=columns,
        frameon=False,
        fontsize=9,
        labelcolor=report.INK,
        borderaxespad=0.6,
    )
    report.save_figure(path, figure)


def draw_scalar_graph(axes: Any, row: dict[str, Any], palette: dict[str, str]) -> None:
    """One bar a library, in the order in which they were named."""
    present = [(label, row["seconds"][label]) for label in palette if row["seconds"][label] is not None]
    report.style(axes, f"y = y * 0.999 + x, {row['size']:,} times, and back: milliseconds", grid="x")
    for place, (label, seconds) in enumerate(present):
        axes.barh(place, seconds * 1e3, height=0.62, color=palette[label])
        axes.text(seconds * 1e3, place, f" {seconds * 1e3:.3g}", va="center", fontsize=9, color=report.INK)
    axes.set_yticks(range(len(present)), [label for label, _ in present], fontsize=9, color=report.INK)
    axes.invert_yaxis()
    axes.margins(x=0.08)


def _line(label: str, color: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], color=color, marker="o", linewidth=2.4 if label == "chainrule" else 1.4, markersize=5)
