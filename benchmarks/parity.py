"""Layers, losses, functions, optimizers and schedules of ``nn`` against PyTorch: the worst errors of value and gradients.

The calls are those of ``tests/data/nn_cases``; what PyTorch gave, in float64, lies beside them in ``torch_cases``, and PyTorch
itself is not needed. A row has for a public name the largest error over all its calls: that of an element, relative to the
largest element that was recorded for the same quantity. An optimizer's value is where its steps lead. ``--quick`` changes
nothing: nothing is timed.
"""

import argparse
import importlib
import json
import sys
from collections import defaultdict
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import autograd as ag
import nn
from benchmarks import report
from benchmarks.options import counted

DATA = Path(__file__).parents[1] / "tests" / "data"
sys.path.insert(0, str(DATA))
import schedule_cases  # noqa: E402 - the recorders share both
from nn_cases.describing import Case, Made, Recipe, cotangent, drawn_state, leaves, mapped  # noqa: E402
from optimizer_cases import DESCENTS, SEARCHES, Descent, Search  # noqa: E402

ALLOWED = {np.dtype(np.float64): 1e-6, np.dtype(np.float32): 1e-4}
QUANTITIES = ("value", "gradient", "second")


class Row(NamedTuple):
    """A case, and the family whose file has it."""

    family: str
    case: Case

    def __str__(self) -> str:
        return str(self.case)

    def errors(self, dtype: Any) -> dict[str, float]:
        """The error of each quantity."""
        return errors(self, dtype)

    @property
    def recorded(self) -> dict[str, Any]:
        """What PyTorch gave."""
        return _file(self.family)["cases"][str(self.case)]


class ScheduleRow(NamedTuple):
    """A schedule, whose learning rates and momenta do not depend on a dtype."""

    case: schedule_cases.Case

    def __str__(self) -> str:
        return str(self.case)

    def errors(self, dtype: Any) -> dict[str, float]:
        """The error of the learning rates and momenta; nothing in single precision."""
        if dtype != np.float64:
            return {}
        found = self.case.run(*self.case.start(nn.optim.lr_scheduler, nn.optim, lambda: nn.Parameter([0.0])))
        expected = json.loads((DATA / "torch_schedules.json").read_text())["cases"][str(self)]
        return {"value": max(_error([found[name]], [expected[name]]) for name in expected)}


class OptimizerRow(NamedTuple):
    """Steps of an optimizer: its value is where they lead."""

    case: Descent | Search

    def __str__(self) -> str:
        return str(self.case)

    def errors(self, dtype: Any) -> dict[str, float]:
        """The error of the parameters; nothing where single precision leads elsewhere in PyTorch, too."""
        if dtype != np.float64 and isinstance(self.case, Search) and self.case.float32_error > 1e-5:
            return {}
        return {"value": _error(self.case.computed(dtype), self.case.values)}


def families() -> list[str]:
    """The names of the families of cases."""
    return sorted(path.stem for path in (DATA / "nn_cases").glob("[a-z]*.py") if path.stem != "describing")


def rows() -> list[Row]:
    """Every case of every family."""
    return [Row(family, case) for family in families() for case in importlib.import_module(f"nn_cases.{family}").CASES]


@cache
def _file(family: str) -> dict[str, Any]:
    return json.loads((DATA / "torch_cases" / f"{family}.json").read_text())


# ---------------------------------------------------------------- one case


def computed(case: Case, dtype: Any) -> dict[str, Any]:
    """What this library gives for a case, computed in ``dtype``; laid out as the recording is."""
    rng = case.generator()
    differentiated: list[ag.Tensor] = []

    def built(leaf: Any) -> Any:
        if not isinstance(leaf, Recipe):
            return leaf.built(nn) if isinstance(leaf, Made) else leaf
        array = leaf.draw(rng)
        if array.dtype.kind == "f":
            array = array.astype(dtype)
        if not leaf.differentiated:
            return ag.tensor(array) if case.name.startswith("init.") else array  # which fill a tensor
        differentiated.append(ag.tensor(array, requires_grad=True))
        return differentiated[-1]

    found: dict[str, Any] = {}
    if case.is_function:
        run = attrgetter(case.name)(nn)
        members = []
    else:
        arguments, settings = mapped(built, case.arguments), mapped(built, case.settings)
        run = getattr(nn, case.name)(*arguments, **settings).astype(dtype).train(case.training)
        state = run.state_dict()
        floating = {path: each.shape for path, each in state.items() if each.dtype.kind == "f"}
        run.load_state_dict({**state, **drawn_state(floating, rng), **case.state})
        found["state"] = list(state)
        members = list(run.parameters())
    inputs, keywords = mapped(built, case.inputs), mapped(built, case.keywords)
    outputs = [each for each in leaves(run(*inputs, **keywords)) if each is not None]
    found["value"] = outputs
    if members or differentiated:
        found["gradient"] = _gradient(outputs, [*differentiated, *members], create_graph=case.second)
        if case.second:
            found["second"] = _gradient(found["gradient"], [*differentiated, *members])
    if not case.is_function and (buffers := dict(run.named_buffers())):
        found["buffers"] = buffers
    return found


def _gradient(outputs: list[Any], inputs: list[Any], create_graph: bool = False) -> list[Any]:
    weighted = [(each, i) for i, each in enumerate(outputs) if isinstance(each, ag.Tensor) and each.requires_grad]
    if not weighted:
        return [np.zeros(each.shape, each.dtype) for each in inputs]
    cotangents = [cotangent(each.shape, i).astype(each.dtype) for each, i in weighted]
    outputs = [each for each, _ in weighted]
    found = ag.grad_of(outputs, inputs, cotangents, create_graph=create_graph, allow_unused=True)
    return [np.zeros(x.shape, x.dtype) if g is None else g for x, g in zip(inputs, found, strict=True)]


def errors(row: Row, dtype: Any) -> dict[str, float]:
    """The error of each quantity of a case.

    Raises:
        ValueError: for another shape, another number of results or other names of members than PyTorch's.
    """
    found, expected = computed(row.case, dtype), row.recorded
    if found.get("state") != expected.get("state"):
        raise ValueError(f"expected members {expected.get('state')}, received {found.get('state')}")
    measured = {name: _error(found[name], expected[name]) for name in QUANTITIES if name in expected}
    if "buffers" in expected:
        if found.get("buffers", {}).keys() != expected["buffers"].keys():
            raise ValueError(f"expected buffers {list(expected['buffers'])}, received {list(found.get('buffers', {}))}")
        buffers = [found["buffers"][path] for path in expected["buffers"]]
        measured["value"] = max(measured["value"], _error(buffers, list(expected["buffers"].values())))
    return measured


def _error(found: list[Any], expected: list[Any]) -> float:
    """The largest difference of an element, relative to the largest one recorded; infinities and NaN have to be the same."""
    if len(found) != len(expected):
        raise ValueError(f"expected {counted(len(expected), 'result')}, received {len(found)}")
    arrays = [np.asarray(each.detach().numpy() if isinstance(each, ag.Tensor) else each) for each in found]
    wanted = [_array(each) for each in expected]
    for a, b in zip(arrays, wanted, strict=True):
        if a.shape != b.shape:
            raise ValueError(f"expected the shape {b.shape}, received {a.shape}")
    a, b = _flat(arrays), _flat(wanted)
    finite = np.isfinite(b)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True) or not np.isfinite(a[finite]).all():
        return float("inf")
    off = np.abs(a[finite] - b[finite]).max(initial=0.0)
    return float(off / max(np.abs(b[finite]).max(initial=0.0), 1e-300)) if off else 0.0


def _array(listed: Any) -> Any:
    if isinstance(listed, dict):
        return np.array(listed["values"], float).reshape(listed["shape"])
    return np.array(listed)


def _flat(arrays: list[Any]) -> Any:
    return np.concatenate([np.ravel(each).astype(float) for each in arrays]) if arrays else np.zeros(0)


# ---------------------------------------------------------------- the table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="compare this layer, loss or function only; may be given several times"
    )


def run(options: argparse.Namespace) -> int:
    """Compare everything, and write table and JSON; 1 if a quantity is further off than allowed or cannot be computed."""
    by_name = rows_by_name()
    if unknown := set(options.only or ()).difference(by_name):
        print(f"nothing recorded is called {', '.join(sorted(unknown))}; there are: {', '.join(by_name)}")
        return 2
    results = [measure(name, found) for name, found in by_name.items() if not options.only or name in options.only]
    print(as_table(results))
    for each in results:
        for message in each["raised"]:
            print(f"\n{each['name']}: {message}")
    wrong = [each["name"] for each in results if not each["passed"]]
    cases = sum(each["cases"] for each in results)
    outcome = f"WRONG: {', '.join(wrong)}" if wrong else "all within 1e-06 (float64) and 1e-04 (float32) of PyTorch's"
    print(f"\n{counted(len(results), 'name')}, {counted(cases, 'call')}; {outcome}")
    path = options.out / "parity.json"
    report.save_json(path, {"benchmark": "parity", "names": results})
    print(f"saved {path}")
    return 1 if wrong else 0


def rows_by_name() -> dict[str, list[Row | ScheduleRow | OptimizerRow]]:
    """Everything that is compared, by public name."""
    found: dict[str, list[Row | ScheduleRow | OptimizerRow]] = defaultdict(list)
    for row in rows():
        found[row.case.name].append(row)
    for case in schedule_cases.CASES:
        found[f"optim.{case.name}"].append(ScheduleRow(case))
    for training in (*DESCENTS, *SEARCHES):
        found[f"optim.{training.optimizer}"].append(OptimizerRow(training))
    return found


def measure(name: str, cases: list[Row | ScheduleRow | OptimizerRow]) -> dict[str, Any]:
    """A name's row: for each dtype and quantity the largest error over its cases, and what was raised."""
    worst: dict[str, dict[str, float]] = {}
    raised = []
    for dtype in ALLOWED:
        worst[dtype.name] = {}
        for row in cases:
            try:
                for quantity, error in row.errors(dtype).items():
                    worst[dtype.name][quantity] = max(error, worst[dtype.name].get(quantity, 0.0))
            except Exception as problem:  # a row for each name, whatever happens in one of its cases
                raised.append(f"{row}, {dtype}: {type(problem).__name__}: {problem}")
    passed = not raised and all(error <= allowed for dtype, allowed in ALLOWED.items() for error in worst[dtype.name].values())
    return {"name": name, "cases": len(cases), "errors": worst, "raised": raised, "passed": passed}


def as_table(results: list[dict[str, Any]]) -> str:
    """The rows as text."""
    columns = [(dtype.name, quantity) for dtype in ALLOWED for quantity in QUANTITIES]
    cells = [
        [
            each["name"],
            str(each["cases"]),
            *[_cell(each["errors"][dtype].get(quantity)) for dtype, quantity in columns],
            "" if each["passed"] else "WRONG",
        ]
        for each in results
    ]
    names = [quantity if dtype == "float64" else f"{quantity} f32" for dtype, quantity in columns]
    return report.table(["name", "calls", *names, ""], cells)


def _cell(error: float | None) -> str:
    return "" if error is None else "0" if error == 0 else f"{error:.0e}"
