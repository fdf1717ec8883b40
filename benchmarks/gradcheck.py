"""Every op's gradient against finite differences, and its time forward and backward.

An op's row says, over all of its samples: the largest error of the first and of the second derivative, relative to the
gradient's largest element, and for its first sample (arrays of about a dozen elements, so nearly all of it is the cost of
calling) the median time of NumPy alone, of the recorded op, and of the way back.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.tensors import Tensor
from benchmarks import report
from benchmarks.cases import Case, op_cases, outputs_of
from benchmarks.options import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ALLOWED = 1e-6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--only", action="append", metavar="OP", help="check this op only; may be given several times")


def run(options: argparse.Namespace) -> int:
    """Check and time the ops, and write table, JSON and picture; 1 if a gradient is wrong."""
    cases: dict[str, list[Case]] = {}
    for case in op_cases():
        cases.setdefault(case.name, []).append(case)
    if unknown := set(options.only or ()).difference(cases):
        print(f"no op with samples is called {', '.join(sorted(unknown))}; there are: {', '.join(cases)}")
        return 2
    results = [measure(name, each, options.quick) for name, each in cases.items() if not options.only or name in options.only]
    results.sort(key=lambda row: (row["family"], row["op"]))
    print(as_table(results))
    wrong = [row["op"] for row in results if not row["passed"]]
    checked = [row for row in results if row["first"] is not None]
    outcome = f"all first and second derivatives within {ALLOWED:.0e}" if checked else "nothing to compare"
    outcome = f"WRONG: {', '.join(wrong)}" if wrong else outcome
    print(f"\n{counted(len(results), 'op')}, {len(checked) or 'none'} with a gradient; {outcome}")
    report.save_json(options.out / "gradcheck.json", {"benchmark": "gradcheck", "allowed": ALLOWED, "ops": results})
    draw(results, options.out / "gradcheck.png")
    print(f"saved {options.out / 'gradcheck.json'} and {options.out / 'gradcheck.png'}")
    return 1 if wrong else 0


# ---------------------------------------------------------------- one op


def measure(name: str, cases: list[Case], quick: bool) -> dict[str, Any]:
    """An op's row: its worst errors over all samples, and its times for the first."""
    errors: dict[int, list[float]] = {1: [], 2: []}
    passed = True
    for case in cases:
        if not requires_grad(case):
            continue
        split = case.split()
        found = gradcheck(
            lambda *xs, case=case: tuple(outputs_of(call(case, xs))), [split.arrays[i] for i in split.floating], 2, rtol=ALLOWED
        )
        passed = passed and found.passed
        for row in found.rows:
            errors[row.order].append(row.error)
    assert cases[0].op is not None
    return {
        "op": name,
        "family": cases[0].op.forward.__module__.removeprefix("autograd.ops.").replace(".", " ").replace("_", " "),
        "samples": len(cases),
        "first": max(errors[1], default=None),
        "second": max(errors[2], default=None),
        "passed": passed,
        **times(next((case for case in cases if requires_grad(case)), cases[0]), quick),
    }


def call(case: Case, floating: Any) -> Any:
    """The case with the given tensors in its floating places."""
    inputs, keywords = case.split().put_floating(floating)
    return case.call(*inputs, **keywords)


def requires_grad(case: Case) -> bool:
    """Whether a gradient flows through this case."""
    split = case.split()
    tensors = [Tensor(split.arrays[i], requires_grad=True) for i in split.floating]
    return any(isinstance(each, Tensor) and each.requires_grad for each in outputs_of(call(case, tensors)))


def times(case: Case, quick: bool) -> dict[str, float | None]:
    """Seconds of NumPy alone (the op's own forward text on arrays), of the op on tensors, and backward."""
    split = case.split()
    forward = case.op.forward if case.op is not None else case.call
    # Without dimensions a tensor computes with NumPy scalars; NumPy gets the same.
    inputs, keywords = split.put([each[()] for each in split.arrays])
    numpy = seconds(lambda: forward(*inputs, **keywords), quick)
    tensors = [
        Tensor(each, requires_grad=each.dtype.kind in "fc") if each.dtype.kind in "fc" or not split.floating else each
        for each in split.arrays
    ]
    operands, keywords = split.put(tensors)
    recorded = seconds(lambda: case.call(*operands, **keywords), quick)
    outputs = [each for each in outputs_of(case.call(*operands, **keywords)) if each.requires_grad]
    backward = None
    if outputs:
        wanted = [each for each in tensors if isinstance(each, Tensor) and each.requires_grad]
        cotangents = [np.ones(each.shape, each.dtype)[()] for each in outputs]
        backward = seconds(lambda: grad_of(outputs, wanted, cotangents, retain_graph=True, allow_unused=True), quick)
    return {"numpy": numpy, "forward": recorded, "backward": backward}


def seconds(action: Callable[[], Any], quick: bool) -> float:
    """The median time of a call, over batches of about half a millisecond."""
    start = time.perf_counter()
    action()
    once = time.perf_counter() - start
    number = 1 if quick else max(1, int(5e-4 / once))
    batches = []
    for _ in range(1 if quick else 9):
        start = time.perf_counter()
        for _ in range(number):
            action()
        batches.append((time.perf_counter() - start) / number)
    return median(batches)


# ---------------------------------------------------------------- table and picture


def as_table(results: list[dict[str, Any]]) -> str:
    """The rows as text."""
    rows = [
        [
            row["op"],
            row["family"],
            error_text(row["first"]),
            error_text(row["second"]),
            report.microseconds(row["numpy"]),
            report.microseconds(row["forward"]),
            report.microseconds(row["backward"]),
            "" if row["passed"] else "WRONG",
        ]
        for row in results
    ]
    headers = ["op", "family", "1st error", "2nd error", "NumPy us", "forward us", "backward us", ""]
    return report.table(headers, rows, left=2)


def error_text(error: float | None) -> str:
    """An error as a cell: ``-`` for an op without a gradient."""
    return "-" if error is None else f"{error:.1e}"


FLOOR = 1e-17  # where an error of 0 is drawn on the logarithmic axis
GUIDE, NOTHING = "#f3f5f7", "#b4bac2"
FIRST, SECOND = "#0072b2", "#d55e00"
NUMPY, FORWARD, BACKWARD = "#6b7480", "#009e73", "#7b4fb5"


def draw(results: list[dict[str, Any]], path: Path) -> None:
    """Dots for errors and times, one line an op, grouped by family, in columns of equal height."""
    lines: list[dict[str, Any] | str] = []
    for i, row in enumerate(results):
        if i == 0 or row["family"] != results[i - 1]["family"]:
            lines.append(row["family"])
        lines.append(row)
    columns = 1 if len(lines) <= 30 else 2 if len(lines) <= 160 else 4
    length = -(-len(lines) // columns)
    figure = report.figure(8.2 * columns, 1.6 + 0.185 * length)
    axes = figure.subplots(1, 2 * columns, squeeze=False, width_ratios=[1, 1] * columns)[0]
    for column in range(columns):
        part = lines[column * length : (column + 1) * length]
        if column and part and not isinstance(part[0], str):
            part = [f"{part[0]['family']} (continued)", *part]
        draw_errors(axes[2 * column], part, length + 1)
        draw_times(axes[2 * column + 1], part, length + 1)
    figure.suptitle(
        title(results),
        x=0.008,
        ha="left",
        fontsize=15,
        color=report.INK,
        fontweight="bold",
    )
    report.save_figure(path, figure)


def title(results: list[dict[str, Any]]) -> str:
    """The picture's title: how many gradients were checked, and how wrong the worst of them is."""
    checked = [row for row in results if row["first"] is not None]
    if not checked:
        return f"Time of {counted(len(results), 'op')} without a gradient"
    worst = max(row[order] for row in checked for order in ("first", "second"))
    return (
        f"Gradients of {counted(len(checked), 'op')} against finite differences: worst error {worst:.0e}, allowed {ALLOWED:.0e}"
    )


def draw_errors(axes: "Axes", lines: list[Any], length: int) -> None:
    """First and second derivative's error of each op, on a logarithmic axis with the allowed error at its right."""
    report.style(axes, "error / largest element")
    axes.set_xscale("log")
    axes.set_xlim(FLOOR / 3, 1e-4)
    axes.set_ylim(length - 0.5, -1)
    axes.set_xticks([1e-17, 1e-14, 1e-11, 1e-8, 1e-6], ["0", "$10^{-14}$", "$10^{-11}$", "$10^{-8}$", "$10^{-6}$"])
    axes.xaxis.set_minor_locator(_nothing())
    axes.axvspan(ALLOWED, 1e-4, color="#fbe3d6", zorder=0)
    axes.text(ALLOWED * 1.6, -0.4, "wrong", fontsize=7.5, color=SECOND, va="center")
    draw_names(axes, lines)
    for y, row in enumerate(lines):
        if isinstance(row, str):
            continue
        axes.axhline(y, color=GUIDE, linewidth=0.8, zorder=0)
        if row["first"] is None:
            axes.text(FLOOR, y, "no gradient", fontsize=7, color=NOTHING, va="center")
            continue
        first, second = (max(min(row[order], 5e-5), FLOOR) for order in ("first", "second"))
        axes.plot([first, second], [y, y], color=report.FAINT, linewidth=2, zorder=1, solid_capstyle="round")
        axes.plot(second, y, "o", color=SECOND, markersize=4.5, zorder=2)
        axes.plot(first, y, "o", color=FIRST, markersize=4.5, zorder=3)
    report.legend(axes, [("o", FIRST, "first derivative"), ("o", SECOND, "second derivative")])


def draw_times(axes: "Axes", lines: list[Any], length: int) -> None:
    """NumPy's, forward and backward time of each op, on a logarithmic axis."""
    report.style(axes, "microseconds, about 12 elements")
    axes.set_xscale("log")
    axes.set_xlim(0.05, 500)
    axes.set_ylim(length - 0.5, -1)
    axes.set_xticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    axes.xaxis.set_minor_locator(_nothing())
    axes.set_yticks([])
    for y, row in enumerate(lines):
        if isinstance(row, str):
            continue
        axes.axhline(y, color=GUIDE, linewidth=0.8, zorder=0)
        present = [(row[key] * 1e6, color) for key, color in TIMES if row[key] is not None]
        values = [value for value, _ in present]
        axes.plot([min(values), max(values)], [y, y], color=report.FAINT, linewidth=2, zorder=1, solid_capstyle="round")
        for value, color in present:
            axes.plot(value, y, "|" if color == NUMPY else "o", color=color, markersize=8 if color == NUMPY else 4.5, mew=1.6)
    report.legend(axes, [("|", NUMPY, "NumPy alone"), ("o", FORWARD, "forward, recorded"), ("o", BACKWARD, "backward")])


TIMES = (("numpy", NUMPY), ("forward", FORWARD), ("backward", BACKWARD))


def draw_names(axes: "Axes", lines: list[Any]) -> None:
    """The ops' names at the left, the families' in bold above theirs."""
    axes.set_yticks(range(len(lines)), [each if isinstance(each, str) else each["op"] for each in lines])
    for label, each in zip(axes.get_yticklabels(), lines, strict=True):
        label.set_color(report.INK if isinstance(each, str) else report.MUTED)
        label.set_fontweight("bold" if isinstance(each, str) else "normal")
        if not isinstance(each, str) and not each["passed"]:
            label.set_color("#c00000")


def _nothing() -> Any:
    from matplotlib.ticker import NullLocator

    return NullLocator()
