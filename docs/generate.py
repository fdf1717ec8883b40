"""Write the generated page: ``python docs/generate.py``. A test holds the page to what this makes.

``numpy.md`` says how each function and ufunc that NumPy lets others answer for (``numpy.testing.overrides`` lists them) is
answered when it receives a recorded tensor. Nothing is taken from a list by hand: each one is called, and what comes back
decides.
"""

import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.char
import numpy.fft
import numpy.polynomial.polynomial
import numpy.strings
from numpy.testing import overrides

sys.path.insert(0, str(Path(__file__).parent.parent))

import autograd as ag
from autograd.answers import MADE_LIKE_A_TENSOR, reason_for_refusal
from autograd.record import BY_NUMPY
from benchmarks.cases import Case, function_cases, op_cases, outputs_of

PAGE = Path(__file__).parent / "numpy.md"

GRADIENT = "differentiates"
PLAIN = "plain"
WRITES = "writes"
MAKES = "makes a tensor"
RAISES = "raises"

HEAD = """# NumPy's functions on tensors

`np.NAME(t)` and `ag.NAME(t)` are the same thing where both exist (but `ag.argsort` is stable by default). NumPy lets others
answer for {functions} functions and {ufuncs} ufuncs (`numpy.testing.overrides` lists them; NumPy {version}). This page says
how each of them is answered when it receives a tensor that requires a gradient; it is made by `python docs/generate.py`,
which calls every one. A tensor that requires no gradient, or any inside `ag.no_grad()`, is computed with as an array is.

| | | functions | ufuncs |
|---|---|---|---|
{counts}

Ufuncs take `where=`, `out=`, `dtype=`, `casting=`, `axes=` and `axis=` as in NumPy, and so do their methods `reduce`,
`accumulate`, `reduceat`, `outer` and `at`; all of them are recorded. `out=` a tensor is a write, like `t[...] = value`.

"""

MEANINGS = {
    GRADIENT: "the result is recorded, and gradients flow through it",
    WRITES: "changes its first argument; the write is recorded, and gradients flow to the target and to the value",
    PLAIN: "the result is a plain tensor, or no tensor at all, because there is nothing to differentiate",
    MAKES: "with `like=t` the result is a tensor",
    RAISES: "an error says why and what to use instead",
}


class Answer(NamedTuple):
    """How a function is answered: one of the kinds above, and for what raises, why."""

    kind: str
    why: str = ""


# Calls of what has no samples: x and y are recorded vectors, and m is a recorded matrix.
CALLS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "np.allclose": lambda x, y, m: np.allclose(x, y),
    "np.argwhere": lambda x, y, m: np.argwhere(x),
    "np.array2string": lambda x, y, m: np.array2string(x),
    "np.array_equal": lambda x, y, m: np.array_equal(x, y),
    "np.array_equiv": lambda x, y, m: np.array_equiv(x, y),
    "np.array_repr": lambda x, y, m: np.array_repr(x),
    "np.array_str": lambda x, y, m: np.array_str(x),
    "np.bincount": lambda x, y, m: np.bincount([0, 1], x),
    "np.can_cast": lambda x, y, m: np.can_cast(x.dtype, float),
    "np.common_type": lambda x, y, m: np.common_type(x, y),
    "np.copyto": lambda x, y, m: np.copyto(x, y),
    "np.einsum_path": lambda x, y, m: np.einsum_path("i,i->", x, y),
    "np.empty_like": lambda x, y, m: np.empty_like(x),
    "np.fill_diagonal": lambda x, y, m: np.fill_diagonal(m, y),
    "np.flatnonzero": lambda x, y, m: np.flatnonzero(x),
    "np.geomspace": lambda x, y, m: np.geomspace(x, y, 3),
    "np.histogram2d": lambda x, y, m: np.histogram2d(x, y, 2, weights=y),
    "np.histogramdd": lambda x, y, m: np.histogramdd(m, 2, weights=y),
    "np.intersect1d": lambda x, y, m: np.intersect1d(x, x),
    "np.isclose": lambda x, y, m: np.isclose(x, y),
    "np.iscomplexobj": lambda x, y, m: np.iscomplexobj(x),
    "np.isrealobj": lambda x, y, m: np.isrealobj(x),
    "np.linalg.tensordot": lambda x, y, m: np.linalg.tensordot(m, m),
    "np.linspace": lambda x, y, m: np.linspace(x, y, 3),
    "np.logspace": lambda x, y, m: np.logspace(x, y, 3),
    "np.may_share_memory": lambda x, y, m: np.may_share_memory(x, y),
    "np.min_scalar_type": lambda x, y, m: np.min_scalar_type(x),
    "np.ndim": lambda x, y, m: np.ndim(x),
    "np.place": lambda x, y, m: np.place(x, [True, False], y),
    "np.put": lambda x, y, m: np.put(x, [0], y[:1]),
    "np.put_along_axis": lambda x, y, m: np.put_along_axis(x, np.array([0]), y[:1], axis=0),
    "np.putmask": lambda x, y, m: np.putmask(x, [True, False], y),
    "np.result_type": lambda x, y, m: np.result_type(x, y),
    "np.shape": lambda x, y, m: np.shape(x),
    "np.shares_memory": lambda x, y, m: np.shares_memory(x, y),
    "np.size": lambda x, y, m: np.size(x),
    "np.unpackbits": lambda x, y, m: np.unpackbits(ag.tensor([1, 2], dtype=np.uint8)),
    "np.clip": lambda x, y, m: np.clip(x, 0.0, y),
    "np._ones_like": lambda x, y, m: np._core.umath._ones_like(x),
}
MADE = {each.__name__ for each in MADE_LIKE_A_TENSOR}


def name_of(function: Any) -> str:
    """A function's name as a user writes it."""
    module = getattr(function, "__module__", None) or "numpy"
    name = function.__name__
    if isinstance(function, np.ufunc) and not hasattr(np, name) and hasattr(np.strings, name):
        module = "numpy.strings"
    return f"{module.replace('numpy', 'np', 1)}.{name}"


def functions() -> list[Any]:
    """The functions, in the order of their names, one of each; NumPy lists those that take ``like=`` twice."""
    found = {name_of(each): each for each in overrides.get_overridable_numpy_array_functions()}
    return [each for _, each in sorted(found.items())]


def ufuncs() -> list[Any]:
    """The ufuncs, in the order of their names, NumPy's private ones included."""
    return sorted(overrides.get_overridable_numpy_ufuncs(), key=name_of)


def answer_to(function: Any, cases: list[Case]) -> Answer:
    """How a function is answered when it receives recorded tensors."""
    name = name_of(function)
    if not isinstance(function, np.ufunc) and function.__name__ in MADE and function not in BY_NUMPY:
        return Answer(MAKES)
    if reason := reason_for_refusal(function):
        return Answer(RAISES, reason)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if name in CALLS:
            x, y, m = (ag.tensor(each, requires_grad=True) * 1 for each in ([1.5, 2.5], [2.0, 3.0], [[1.0, 2.0], [3.0, 4.0]]))
            before = x.node, m.node
            results = outputs_of(CALLS[name](x, y, m))
            if (x.node, m.node) != before:
                return Answer(WRITES)
        else:
            results = [each for call in _calls(function, cases) for each in outputs_of(call())]
    if not results:
        raise LookupError(f"{name}: nothing says how to call it; give its answer samples, or add it to CALLS")
    recorded = any(isinstance(each, ag.Tensor) and each.requires_grad for each in results)
    return Answer(GRADIENT if recorded else PLAIN)


def _calls(function: Any, cases: list[Case]) -> Iterator[Callable[[], Any]]:
    """Calls of a function with recorded tensors, from the samples of what answers for it."""
    for case in cases:
        if case.numpy is function or (case.numpy is not None and BY_NUMPY.get(function) is case.call):
            split = case.split()
            tensors = [ag.tensor(each, requires_grad=each.dtype.kind in "fc") for each in split.arrays]
            yield lambda case=case, tensors=tensors: case(tensors, via=function)  # type: ignore[misc]


def page() -> str:
    """The text of the page."""
    cases = [*op_cases(), *function_cases()]
    answers = {"functions": [(name_of(each), answer_to(each, cases)) for each in functions()]}
    answers["ufuncs"] = [(name_of(each), answer_to(each, cases)) for each in ufuncs()]
    counts = "\n".join(
        f"| **{kind}** | {meaning} | {_count(answers['functions'], kind)} | {_count(answers['ufuncs'], kind)} |"
        for kind, meaning in MEANINGS.items()
    )
    text = HEAD.format(
        version=np.__version__, functions=len(answers["functions"]), ufuncs=len(answers["ufuncs"]), counts=counts
    )
    for title, listed in answers.items():
        text += f"## The {title}\n\n| | |\n|---|---|\n"
        unique = dict(listed)
        for kind in (GRADIENT, WRITES, PLAIN, MAKES):
            names = [name for name, answer in unique.items() if answer.kind == kind]
            if names:
                text += f"| **{kind}** | {' '.join(f'`{name}`' for name in names)} |\n"
        reasons = dict.fromkeys(answer.why for answer in unique.values() if answer.kind == RAISES)
        for why in reasons:
            names = [name for name, answer in unique.items() if answer.why == why]
            text += f"| **{RAISES}**: {why} | {' '.join(f'`{name}`' for name in names)} |\n"
        text += "\n"
    return text.rstrip() + "\n"


def _count(listed: list[tuple[str, Answer]], kind: str) -> int:
    return sum(answer.kind == kind for _, answer in listed)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
