"""Memory: a chain of a million ops, and a thousand training steps without the garbage collector.

Two fresh processes. The first records a chain of scalars as deep as it is long, takes a snapshot of it as drawings do,
goes backward and lets it go: no recursion, and the peak says what a node costs. The second trains a small network with
the garbage collector switched off: if anything were kept in a cycle, memory would grow with the steps.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.options import at_least, counted

ROOT = Path(__file__).parent.parent
WORKERS = Path(__file__).parent / "workers"

MILLION = 1_000_000
ALLOWED = 1.2e9  # bytes of main memory, at most, for a chain of a million ops


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--ops", type=at_least(2), help="length of the chain, 2 or more (1,000,000; with --quick 20,000)")
    # Growth is counted from the 10th step on.
    parser.add_argument("--steps", type=at_least(11), help="training steps, 11 or more (1000; with --quick 60)")


def run(options: argparse.Namespace) -> int:
    """Run both, and write tables, JSON and picture; 1 if a million ops take too much memory, or training leaves objects."""
    chain = worker("chain", options.ops or (20_000 if options.quick else MILLION))
    print(f"a chain of {chain['ops']:,} ops")
    print(report.table(["phase", "seconds", "MB after", "peak MB"], [phase_cells(phase) for phase in chain["phases"]]))
    training = worker("steps", options.steps or (60 if options.quick else 1000))
    first, last = training["samples"][0], training["samples"][-1]
    print(f"\ntraining a small network, garbage collector off\n{report.table(*as_table([first, last]))}")
    grown = last["objects"] - first["objects"]
    print(f"objects left over by {counted(last['step'] - first['step'], 'step')}: {grown}")
    report.save_json(options.out / "memory.json", {"benchmark": "memory", "chain": chain, "training": training})
    draw(chain, training, options.out / "memory.png")
    print(f"saved {options.out / 'memory.json'} and {options.out / 'memory.png'}")
    wrong = complaints(chain, grown)
    for each in wrong:
        print(each)
    return 1 if wrong else 0


def complaints(chain: dict[str, Any], grown: int) -> list[str]:
    """What was measured and must not be."""
    found = []
    peak = chain["phases"][-1]["peak"]
    if chain["ops"] == MILLION and peak > ALLOWED:
        found.append(f"TOO MUCH: a million ops took {peak / 1e6:,.0f} MB, allowed are {ALLOWED / 1e6:,.0f} MB")
    if grown > 0:
        found.append(f"LEAK: training left {counted(grown, 'object')} over")
    return found


# What a fresh process runs: the function ``main`` of a module among the workers, whose result it prints.
RUN = "import json, sys; sys.path[:0] = sys.argv[3:]; print(json.dumps(__import__(sys.argv[1]).main(int(sys.argv[2]))))"


def worker(module: str, number: int) -> dict[str, Any]:
    """What a fresh process measured."""
    command = [sys.executable, "-I", "-c", RUN, module, str(number), str(ROOT), str(WORKERS)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def phase_cells(phase: dict[str, Any]) -> list[str]:
    """A phase of the chain as cells."""
    return [phase["phase"], f"{phase['seconds']:.2f}", f"{phase['resident'] / 1e6:,.0f}", f"{phase['peak'] / 1e6:,.0f}"]


def as_table(samples: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of the training's samples."""
    rows = [
        [f"{each['step']:,}", f"{each['resident'] / 1e6:.1f}", f"{each['objects']:,}", f"{each['loss']:.4f}"]
        for each in samples
    ]
    return ["step", "MB", "objects", "loss"], rows


def draw(chain: dict[str, Any], training: dict[str, Any], path: Path) -> None:
    """Bars for the chain's phases, a line for the training."""
    figure = report.figure(12, 4.2)
    left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
    phases = chain["phases"]
    report.style(left, f"a chain of {chain['ops']:,} ops: MB in use after each phase", grid="x")
    places = range(len(phases))
    left.barh(places, [each["resident"] / 1e6 for each in phases], height=0.6, color=report.COLORS["torch"])
    left.set_yticks(places, [each["phase"] for each in phases], fontsize=9, color=report.INK)
    left.invert_yaxis()
    peak = phases[-1]["peak"] / 1e6
    left.axvline(peak, color=report.COLORS["chainrule"], linewidth=1.4, linestyle=(0, (4, 3)), zorder=0)
    left.text(peak, len(phases) - 0.4, f"peak {peak:,.0f} MB ", ha="right", fontsize=9, color=report.COLORS["chainrule"])
    for place, each in zip(places, phases, strict=True):
        length = each["resident"] / 1e6
        inside = length > peak / 2  # else the text stands to the right of the bar
        text = f" {length:,.0f} MB, {each['seconds']:.2f} s "
        left.text(
            length,
            place,
            text,
            va="center",
            ha="right" if inside else "left",
            fontsize=9,
            color="white" if inside else report.INK,
        )
    left.set_xlim(0, peak * 1.04)
    left.set_ylim(len(phases) - 0.2, -0.6)
    samples = training["samples"]
    report.style(right, "training, garbage collector off: MB in use", grid="y")
    right.plot(
        [each["step"] for each in samples],
        [each["resident"] / 1e6 for each in samples],
        color=report.COLORS["torch"],
        linewidth=2,
    )
    right.set_ylim(0, 1.25 * max(each["resident"] for each in samples) / 1e6)
    right.set_xlabel("training step", fontsize=9, color=report.MUTED)
    grown = samples[-1]["objects"] - samples[0]["objects"]
    right.annotate(
        f"{grown:+,} objects between step {samples[0]['step']} and step {samples[-1]['step']:,}",
        (0.02, 0.06),
        xycoords="axes fraction",
        fontsize=9,
        color=report.INK,
    )
    report.save_figure(path, figure)
