"""The cost of derivatives: all at once under vmap against one after the other, and products against gradients.

A fresh process, pinned to one core and one thread, measures both sides of each row in turns; the ratio is of medians. Where a
row has an aim, the run fails that misses it by more than half; ``--quick`` fails for wrong numbers only.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import report
from benchmarks.memory import ROOT, RUN, WORKERS
from benchmarks.options import at_least, counted

# The least ratio of the yardstick's time to ours that is aimed at.
AIMS = {
    "jacobian, 100 outputs": 3.0,
    "jacobian, 100 inputs": 3.0,
    "hessian, 100 inputs": 3.0,
    "gradients of 256 examples": 20.0,
    "Hessian-vector product, MLP 32-32-32-1, batch 32": 1 / 4,
    "Hessian-vector product, MLP 256-256-256-1, batch 256": 1 / 4,
}
ALLOWED = 1e-5  # relative error between both sides; one is in single precision


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--rounds", type=at_least(1), default=9, help="measurements of each row and side (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Measure, and write table, JSON and picture; 1 if the two sides of a row disagree or an aim is missed by far."""
    rows = measured(1 if options.quick else options.rounds)
    print(as_table(rows))
    print(f"\nmilliseconds, medians of {counted(len(rows[0]['rounds']), 'round')}, one core, one thread")
    report.save_json(options.out / "transforms.json", {"benchmark": "transforms", "rows": rows})
    draw(rows, options.out / "transforms.png")
    print(f"saved {options.out / 'transforms.json'} and {options.out / 'transforms.png'}")
    wrong = complaints(rows, options.quick)
    for each in wrong:
        print(each)
    return 1 if wrong else 0


def measured(rounds: int) -> list[dict[str, Any]]:
    """The rows that a fresh process measured, with medians and ratios."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    command = [sys.executable, "-I", "-c", PIN + RUN, "derivatives", str(rounds), str(ROOT), str(WORKERS)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **threads}).stdout
    rows = json.loads(answer)["rows"]
    for row in rows:
        row["seconds"], row["yardstick seconds"] = (median(side) for side in zip(*row["rounds"], strict=True))
        row["ratio"] = row["yardstick seconds"] / row["seconds"]
        row["aim"] = AIMS.get(row["title"])
    return rows


PIN = "import os\nif hasattr(os, 'sched_setaffinity'): os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})\n"


def complaints(rows: list[dict[str, Any]], quick: bool) -> list[str]:
    """What was measured and must not be."""
    found = [
        f"WRONG: {row['title']}: the sides differ by {row['error']:.1e}" for row in rows if (row["error"] or 0.0) > ALLOWED
    ]
    if not quick:
        found += [
            f"SLOW: {row['title']}: {row['ratio']:.2f} times, aimed at {row['aim']:.2f}"
            for row in rows
            if row["aim"] is not None and row["ratio"] < row["aim"] / 1.5
        ]
    return found


def as_table(rows: list[dict[str, Any]]) -> str:
    """A line for each row: both times, how many times as fast, and how fast was aimed at."""
    cells = [
        [
            row["title"],
            row["what"],
            row["yardstick"],
            f"{row['seconds'] * 1e3:.3g}",
            f"{row['yardstick seconds'] * 1e3:.3g}",
            f"{row['ratio']:.2f}",
            "" if row["aim"] is None else f"{row['aim']:.2f}",
            "" if row["error"] is None else f"{row['error']:.0e}",
        ]
        for row in rows
    ]
    return report.table(["derivative", "ours", "against", "ours", "against", "ratio", "aim", "error"], cells, left=3)


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """A bar for each row: how many times as fast as its yardstick."""
    figure = report.figure(10, 0.5 * len(rows) + 1.2)
    axes = figure.subplots()
    report.style(axes, "How many times as fast as the yardstick")
    for place, row in enumerate(rows):
        axes.barh(place, row["ratio"], height=0.6, color=report.COLORS["chainrule"])
        axes.text(row["ratio"], place, f" {row['ratio']:.2g}", va="center", fontsize=9, color=report.INK)
        if row["aim"] is not None:
            axes.plot([row["aim"]] * 2, [place - 0.42, place + 0.42], color=report.INK, linewidth=1.4)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_yticks(
        range(len(rows)), [f"{row['title']}: {row['what']} / {row['yardstick']}" for row in rows], fontsize=8, color=report.INK
    )
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel("black line: what is aimed at", fontsize=8, color=report.MUTED)
    report.save_figure(path, figure)
