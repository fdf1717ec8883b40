"""The cost of calling an op, forward and back, against NumPy alone and against other libraries.

Each contestant is a process of its own, pinned to one core and one thread; all wait at their pipes, and one measurement is
made at a time: ours, NumPy, the first peer, the second, ours again, and so on, so a busy moment of the machine hits
all alike. Ratios are of medians measured in this run.

Peers: name a Python that has PyTorch, HIPS autograd or MyGrad, ``--peer /path/to/python``, once for each.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import report

SERVE = Path(__file__).parent / "workers" / "serve.py"
ROOT = Path(__file__).parent.parent
PEERS = ("torch", "autograd (HIPS)", "mygrad")

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


class Contestant:
    """A worker process that times one library."""

    def __init__(self, library: str, version: str, python: str, core: int) -> None:
        self.library = library
        self.version = version
        threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        extra = [str(ROOT)] if library == "chainrule" else []
        self._process = subprocess.Popen(
            [python, "-I", str(SERVE), library, str(core), *extra],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **threads},
        )

    def seconds(self, workload: Workload, allowed: float) -> float | None:
        """One measurement; ``None`` for what the library does not do."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"workload": workload.name, "size": workload.size, "backward": workload.backward, "seconds": allowed}
        print(json.dumps(request), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the worker of {self.library} ended at {workload}; what it printed is above")
        return json.loads(answer)["seconds"]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


def libraries_of(python: str) -> dict[str, str]:
    """The peers' libraries, with their versions, that a Python has.

    Raises:
        SystemExit: if it has none, or is no Python.
    """
    try:
        answer = subprocess.run([python, "-I", str(SERVE), "--which"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"--peer {python}: expected a Python interpreter; asking it what it has failed: {error}") from None
    found = {library: version for library, version in json.loads(answer).items() if library in PEERS}
    if not found:
        raise SystemExit(f"--peer {python}: expected a Python that has torch, autograd (HIPS) or mygrad; it has none of them")
    return found


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument(
        "--peer", action="append", default=[], metavar="PYTHON", help="a Python that has a library to compare with"
    )
    parser.add_argument("--rounds", type=int, default=7, help="measurements of each workload and contestant (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Time all workloads on all contestants, and write table, JSON and picture."""
    rounds = 1 if options.quick else options.rounds
    contestants = start(options.peer)
    try:
        results = [
            measure(each, contestants, rounds, allowed=1e-4 if options.quick else 0.02) for each in workloads(options.quick)
        ]
    finally:
        for each in contestants:
            each.close()
    versions = {each.library: each.version for each in contestants}
    print(as_table(results, list(versions)))
    print("\nmicroseconds, medians of", rounds, "rounds, float32;", ", ".join(f"{k} {v}" for k, v in versions.items()))
    for library in versions:
        if library not in ("chainrule", "numpy"):
            ratio = results[-1]["seconds"]["chainrule"] / results[-1]["seconds"][library]
            print(f"scalar graph, forward and backward: {ratio:.2f} of {library}'s time")
    report.save_json(
        options.out / "dispatch.json", {"benchmark": "dispatch", "versions": versions, "rounds": rounds, "rows": results}
    )
    draw(results, versions, options.out / "dispatch.png")
    print(f"saved {options.out / 'dispatch.json'} and {options.out / 'dispatch.png'}")
    return 0


def start(peers: list[str]) -> list[Contestant]:
    """The contestants' processes, all on one core."""
    core = max(os.sched_getaffinity(0)) if sys.platform == "linux" else 0
    ours = json.loads(
        subprocess.run([sys.executable, str(SERVE), "--which"], capture_output=True, text=True, check=True).stdout
    )
    pythons = [("chainrule", ours["chainrule"], sys.executable), ("numpy", ours["numpy"], sys.executable)]
    for python in peers:
        pythons += [(library, version, python) for library, version in libraries_of(python).items()]
    return [Contestant(library, version, python, core) for library, version, python in pythons]


def measure(workload: Workload, contestants: list[Contestant], rounds: int, allowed: float) -> dict[str, Any]:
    """A row: the median seconds of each contestant, and every round's."""
    found: dict[str, list[float]] = {each.library: [] for each in contestants}
    for _ in range(rounds):
        for each in contestants:
            seconds = each.seconds(workload, allowed)
            if seconds is not None:
                found[each.library].append(seconds)
    return {
        "workload": workload.name,
        "size": workload.size,
        "direction": workload.direction,
        "title": workload.title,
        "seconds": {library: median(times) if times else None for library, times in found.items()},
        "rounds": found,
    }


# ---------------------------------------------------------------- table and picture


def as_table(results: list[dict[str, Any]], libraries: list[str]) -> str:
    """Times of all, and ours divided by each peer's."""
    others = [each for each in libraries if each not in ("chainrule", "numpy")]
    rows = []
    for row in results:
        seconds = row["seconds"]
        ratios = [f"{seconds['chainrule'] / seconds[each]:.2f}" for each in others]
        rows.append([row["title"], row["direction"], *[report.microseconds(seconds[each]) for each in libraries], *ratios])
    headers = ["workload", "what", *libraries, *[f"ours / {each}" for each in others]]
    return report.table(headers, rows, left=2)


def draw(results: list[dict[str, Any]], versions: dict[str, str], path: Path) -> None:
    """A small diagram for each op and direction, time over size, and bars for the scalar graph."""
    figure = report.figure(14, 9.2)
    grid = figure.add_gridspec(3, len(OPS), height_ratios=[1, 1, 0.14 * len(versions) + 0.15])
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
            for library in reversed(versions):
                points = [(SIZES.index(row["size"]), row["seconds"][library]) for row in rows]
                points = [(x, seconds * 1e6) for x, seconds in points if seconds is not None]
                if points:
                    width = 2.4 if library == "chainrule" else 1.4
                    axes.plot(*zip(*points, strict=True), "o-", color=report.COLORS[library], linewidth=width, markersize=4)
            if column == 0:
                axes.set_ylabel(f"{direction.replace('+', ' and ')}, microseconds", fontsize=9, color=report.INK)
            else:
                axes.tick_params(labelleft=False)
            if line == 1:
                axes.set_xlabel("elements", fontsize=8, color=report.MUTED)
    draw_scalar_graph(figure.add_subplot(grid[2, :]), results[-1], versions)
    figure.suptitle("The cost of an op\n", x=0.01, ha="left", fontsize=14, color=report.INK, fontweight="bold")
    handles = [_line(library) for library in versions]
    labels = [
        f"{library} {version}" if library != "numpy" else f"NumPy {version} alone" for library, version in versions.items()
    ]
    figure.legend(
        handles,
        labels,
        loc="upper right",
        ncols=len(versions),
        frameon=False,
        fontsize=9,
        labelcolor=report.INK,
        borderaxespad=0.6,
    )
    report.save_figure(path, figure)


def draw_scalar_graph(axes: Any, row: dict[str, Any], versions: dict[str, str]) -> None:
    """One bar a library, in the order in which they were named."""
    present = [(library, row["seconds"][library]) for library in versions if row["seconds"][library] is not None]
    report.style(axes, f"y = y * 0.999 + x, {row['size']:,} times, and back: milliseconds", grid="x")
    for place, (library, seconds) in enumerate(present):
        axes.barh(place, seconds * 1e3, height=0.62, color=report.COLORS[library])
        axes.text(seconds * 1e3, place, f" {seconds * 1e3:.3g}", va="center", fontsize=9, color=report.INK)
    axes.set_yticks(range(len(present)), [library for library, _ in present], fontsize=9, color=report.INK)
    axes.invert_yaxis()
    axes.margins(x=0.08)


def _line(library: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D(
        [], [], color=report.COLORS[library], marker="o", linewidth=2.4 if library == "chainrule" else 1.4, markersize=5
    )
