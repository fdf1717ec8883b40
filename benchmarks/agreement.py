"""Derivatives of forty functions, of every kind and composition, against those that JAX gave.

The functions are those of ``tests/data/transform_cases.py``; what JAX gave, in float64, lies beside them in
``jax_transforms.json``, and JAX itself is not needed. A function's row has for each quantity the largest error of an element,
relative to the largest element that was recorded. ``--quick`` changes nothing: nothing is timed.
"""

import argparse
import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import autograd as ag
from benchmarks import report
from benchmarks.options import counted

DATA = Path(__file__).parents[1] / "tests" / "data"
sys.path.insert(0, str(DATA))
from transform_cases import CASES, Case, flatten, projected  # noqa: E402 - the recorder, which runs without us, shares it

ALLOWED = 1e-9


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument(
        "--only", action="append", metavar="FUNCTION", help="compare this function only; may be given several times"
    )


def run(options: argparse.Namespace) -> int:
    """Compare everything, and write table and JSON; 1 if a quantity is further off than allowed or cannot be computed."""
    if unknown := set(options.only or ()).difference(CASES):
        print(f"no function is called {', '.join(sorted(unknown))}; there are: {', '.join(CASES)}")
        return 2
    results = [measure(case) for name, case in CASES.items() if not options.only or name in options.only]
    print(as_table(results))
    for row in results:
        for quantity, message in row["raised"].items():
            print(f"\n{row['function']}, {quantity}: {message}")
    wrong = [row["function"] for row in results if not row["passed"]]
    outcome = f"WRONG: {', '.join(wrong)}" if wrong else f"all within {ALLOWED:.0e} of JAX's"
    print(f"\n{counted(len(results), 'function')}, {len(QUANTITIES)} quantities each; {outcome}")
    path = options.out / "agreement.json"
    report.save_json(path, {"benchmark": "agreement", "allowed": ALLOWED, "made by": _file()["made by"], "functions": results})
    print(f"saved {path}")
    return 1 if wrong else 0


def measure(case: Case) -> dict[str, Any]:
    """A function's row: its error for each quantity, ``None`` for one that raised, and what these said."""
    errors: dict[str, float | None] = {}
    raised: dict[str, str] = {}
    for quantity in QUANTITIES:
        try:
            errors[quantity] = error(computed(case, quantity), recorded(case, quantity))
        except Exception as problem:  # a row for each function, whatever happens in one of them
            errors[quantity] = None
            raised[quantity] = f"{type(problem).__name__}: {problem}"
    passed = all(each is not None and each <= ALLOWED for each in errors.values())
    return {"function": case.name, "errors": errors, "raised": raised, "passed": passed}


def error(found: Any, expected: Any) -> float:
    """The largest difference of an element, relative to the largest expected element."""
    if np.shape(found) != np.shape(expected):
        raise ValueError(f"expected the shape {np.shape(expected)}, received {np.shape(found)}")
    if not np.isfinite(found).all():
        raise ValueError(f"{np.size(found) - np.count_nonzero(np.isfinite(found))} of {np.size(found)} numbers are not finite")
    off = float(np.abs(found - expected).max())
    return off / float(np.abs(expected).max()) if off else 0.0


def computed(case: Case, quantity: str) -> Any:
    """What this library computes, laid out as it is recorded: trees as vectors, outputs as vectors, in C order."""
    return QUANTITIES[quantity][1](case)


def recorded(case: Case, quantity: str) -> Any:
    """What JAX gave."""
    return np.array(_file()["cases"][case.name][QUANTITIES[quantity][0]])


@cache
def _file() -> dict[str, Any]:
    return json.loads((DATA / "jax_transforms.json").read_text())


def as_table(results: list[dict[str, Any]]) -> str:
    """The rows as text, and below them the worst error of each quantity."""
    rows = [[row["function"], *map(error_text, row["errors"].values()), "" if row["passed"] else "WRONG"] for row in results]
    if len(results) > 1:
        columns = [[row["errors"][quantity] for row in results] for quantity in QUANTITIES]
        rows.append(["worst", *[error_text(None if None in each else max(each)) for each in columns], ""])
    return report.table(["function", *QUANTITIES, ""], rows)


def error_text(number: float | None) -> str:
    """An error as a cell."""
    return "raised" if number is None else "0" if number == 0 else f"{number:.0e}"


# ---------------------------------------------------------------- what is compared


def _loss(case: Case) -> Callable[[Any], Any]:
    return lambda p: case.loss(np, p)


def _outputs(case: Case) -> Callable[[Any], Any]:
    return lambda p: case.outputs(np, p)


def _vector(outputs: Any, batch_axes: int = 0) -> Any:
    return np.reshape(outputs, (*np.shape(outputs)[:batch_axes], -1))


def _rows(found: Any, like: Any) -> list[tuple[Any, Any]]:
    """The leaves of ``like``, each with what is in its place in ``found``, where that may be a tree of its own."""
    if isinstance(like, dict):
        return [row for key, each in like.items() for row in _rows(found[key], each)]
    if isinstance(like, list | tuple):
        return [row for inner, each in zip(found, like, strict=True) for row in _rows(inner, each)]
    return [(found, like)]


def _matrix(hessian: Any, like: Any, batch_axes: int = 0) -> Any:
    """A tree like ``like`` with a tree like ``like`` in place of each array, as a matrix; axes of examples stay in front."""
    blocks = [flatten(row, batch_axes=batch_axes + np.ndim(leaf)) for row, leaf in _rows(hessian, like)]
    return np.concatenate(
        [np.reshape(each, (*each.shape[:batch_axes], -1, each.shape[-1])) for each in blocks], axis=batch_axes
    )


def _jvp(case: Case) -> Any:
    return ag.jvp(_outputs(case), (case.point(),), (case.tangent(),))[1]


def _linearize(case: Case) -> Any:
    return ag.linearize(_outputs(case), case.point())[1](case.tangent())


def _vjp(case: Case) -> Any:
    return ag.vjp(_outputs(case), case.point())[1](case.cotangent())[0]


def _jacobian(case: Case, mode: str) -> Any:
    """m by n, for the m outputs and the n numbers of the tree."""
    tree = ag.jacobian(_outputs(case), mode=mode)(case.point())
    columns = flatten(tree, batch_axes=case.cotangent().ndim)
    return columns.reshape(-1, columns.shape[-1])


def _hvp_along(case: Case) -> Callable[[Any], Any]:
    return lambda p: ag.hvp(_loss(case), (p,), (case.tangent(),))[0]


def _third(case: Case) -> Any:
    return ag.jvp(_hvp_along(case), (case.point(),), (case.tangent(),))[1]


def _third_by_reverse(case: Case) -> Any:
    """The gradient of t H t."""
    return ag.grad(lambda p: np.dot(flatten(_hvp_along(case)(p)), flatten(case.tangent())))(case.point())


def _vmap_jvp(case: Case) -> Any:
    along = ag.vmap(lambda p, t: ag.jvp(_outputs(case), (p,), (t,))[1])
    return along(case.batch(), case.tangents())


def _penalty(case: Case) -> Any:
    gradients = ag.vmap(ag.grad(_loss(case)))
    return ag.grad(lambda batch: np.sum(flatten(gradients(batch), batch_axes=1) ** 2))(case.batch())


QUANTITIES: dict[str, tuple[str, Callable[[Case], Any]]] = {  # with what each is recorded as
    "value": ("value", lambda case: ag.value_and_grad(_loss(case))(case.point())[0]),
    "outputs": ("outputs", lambda case: _vector(ag.vjp(_outputs(case), case.point())[0])),
    "grad": ("grad", lambda case: flatten(ag.grad(_loss(case))(case.point()))),
    "checkpoint": ("grad", lambda case: flatten(ag.grad(ag.checkpoint(_loss(case)))(case.point()))),
    "slope": ("slope", lambda case: ag.jvp(_loss(case), (case.point(),), (case.tangent(),))[1]),
    "jvp": ("jvp", lambda case: _vector(_jvp(case))),
    "linearize": ("jvp", lambda case: _vector(_linearize(case))),
    "vjp": ("vjp", lambda case: flatten(_vjp(case))),
    "jac forward": ("jacobian", lambda case: _jacobian(case, "forward")),
    "jac reverse": ("jacobian", lambda case: _jacobian(case, "reverse")),
    "hessian": ("hessian", lambda case: _matrix(ag.hessian(_loss(case))(case.point()), case.point())),
    "hvp": ("hvp", lambda case: flatten(_hvp_along(case)(case.point()))),
    "third": ("third", lambda case: flatten(_third(case))),
    "third reverse": ("third", lambda case: flatten(_third_by_reverse(case))),
    "vmap": ("batch_values", lambda case: ag.vmap(_loss(case))(case.batch())),
    "vmap grad": ("batch_grads", lambda case: flatten(ag.vmap(ag.grad(_loss(case)))(case.batch()), batch_axes=1)),
    "vmap jvp": ("batch_jvps", lambda case: _vector(_vmap_jvp(case), 1)),
    "vmap hessian": (
        "batch_hessians",
        lambda case: projected(_matrix(ag.vmap(ag.hessian(_loss(case)))(case.batch()), case.point(), 1)),
    ),
    "penalty": ("penalty", lambda case: flatten(_penalty(case), batch_axes=1)),
}
