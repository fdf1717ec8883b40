"""One whole training step of seven models, forward, backward and update, against PyTorch in eager mode.

The models are in ``workers/models.py``, written once for both libraries. Each contestant is a process of its own, and they are
timed in turns, see ``contestants``. Name a Python that has PyTorch with ``--peer /path/to/python``; without one ours are timed
alone.
"""

import argparse
import sys
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import report
from benchmarks.contestants import Library, colors, entered, libraries, peer, rounds_of
from benchmarks.options import at_least, counted

sys.path.insert(0, str(Path(__file__).parent / "workers"))
from models import TASKS

# The share of PyTorch's time that we mean to stay below.
AIMS = {
    "moons MLP": 0.6,
    "tabular MLP": 0.6,
    "MNIST MLP": 0.9,
    "LeNet": 1.8,
    "residual block": 1.8,
    "LSTM": 1.3,
    "GPT": 1.3,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--peer", action="append", type=peer, default=[], metavar="PYTHON", help="a Python that has PyTorch")
    parser.add_argument("--rounds", type=at_least(1), default=9, help="measurements of each step and contestant (%(default)s)")
    parser.add_argument(
        "--only", action="append", choices=TASKS, metavar="MODEL", help="time this model only; may be given several times"
    )


def run(options: argparse.Namespace) -> int:
    """Time a step of each model, and write table, JSON and picture."""
    rounds, allowed = (1, 1e-3) if options.quick else (options.rounds, 0.2)
    peers = {pair: version for each in options.peer for pair, version in each.items() if pair[0] == "torch"}
    found = libraries(peers, own=["chainrule"])
    names = options.only or list(TASKS)
    with entered(found, "training") as contestants:
        results = []
        for name in names:
            times = rounds_of({"workload": name}, contestants, rounds, allowed)
            results.append({"model": name, "seconds": {label: median(each) for label, each in times.items()}, "rounds": times})
    print(as_table(results, found))
    print(f"\nmilliseconds, medians of {counted(rounds, 'round')}, float32, one thread; {', '.join(map(str, found))}")
    report.save_json(options.out / "training.json", {"benchmark": "training", "rounds": rounds, "rows": results})
    draw(results, found, options.out / "training.png")
    print(f"saved {options.out / 'training.json'} and {options.out / 'training.png'}")
    return 0


def as_table(results: list[dict[str, Any]], found: list[Library]) -> str:
    """A row for each model: times, and the share of each peer's time beside what we mean to stay below."""
    labels = [each.label for each in found]
    rows = []
    for row in results:
        seconds = row["seconds"]
        ratios = [f"{seconds['chainrule'] / seconds[label]:.2f}" for label in labels[1:]]
        rows.append([row["model"], *[f"{seconds[label] * 1e3:.3g}" for label in labels], *ratios, f"{AIMS[row['model']]:.1f}"])
    return report.table(["model", *labels, *[f"ours / {label}" for label in labels[1:]], "aim"], rows)


def draw(results: list[dict[str, Any]], found: list[Library], path: Path) -> None:
    """Two bars a model, as shares of the slowest library's time, with the milliseconds written beside them."""
    palette = colors(found)
    figure = report.figure(9, 0.9 + 0.28 * len(results) * (len(found) + 1))
    axes = figure.add_subplot()
    report.style(axes, "One training step: milliseconds")
    for line, row in enumerate(results):
        most = max(row["seconds"].values())
        for i, (label, color) in enumerate(palette.items()):
            seconds = row["seconds"][label]
            place = line * (len(palette) + 1) + i
            axes.barh(place, seconds / most, height=0.8, color=color)
            axes.text(seconds / most, place, f" {seconds * 1e3:.3g}", va="center", fontsize=9, color=report.INK)
    axes.set_yticks(
        [line * (len(palette) + 1) + (len(palette) - 1) / 2 for line in range(len(results))],
        [row["model"] for row in results],
        fontsize=9,
        color=report.INK,
    )
    axes.set_xticks([])
    axes.set_xlim(0, 1.1)
    axes.invert_yaxis()
    report.legend(axes, [("s", color, label) for label, color in palette.items()])
    report.save_figure(path, figure)
