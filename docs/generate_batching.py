"""Write the generated page: ``python docs/generate_batching.py``. A test holds the page to what this makes.

``batching.md`` says for each op how it computes the examples of a ``vmap``. Nothing is taken from a list by hand: each op is
called with its samples, all arrays mapped and each of them alone, and whether it looped over the examples is observed.
"""

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

import autograd as ag
from autograd import batched
from autograd.record import OPS, Op
from benchmarks.cases import Case, op_cases, outputs_of

PAGE = Path(__file__).parent / "batching.md"

NATIVE = "at once"
PARTLY = "at once, with exceptions"
LOOPED = "one by one"

HEAD = """# What vmap computes at once

Inside `ag.vmap` an op computes all examples at once, if it has a batching rule, or else one after the other, which is right and
slow. This page says which; it is made by `python docs/generate_batching.py`, which calls every op with its samples, with all
arrays mapped and with each of them alone. Functions that are no ops of their own are made of these. Random draws by `ag.random`
are one draw for all examples of all levels.

| | ops |
|---|---|
| **at once** | {native} |
| **at once, with exceptions**: in some of the calls that were tried the examples were computed one by one | {partly} |
| **one by one** | {looped} |

"""


def patterns(count: int) -> Iterator[tuple[int | None, ...]]:
    """Which of an op's arrays are mapped: all, and each alone."""
    yield (0,) * count
    if count > 1:
        for place in range(count):
            yield tuple([0 if i == place else None for i in range(count)])


def loops(case: Case) -> list[bool]:
    """For each pattern whether the op looped."""
    arrays = case.split().arrays
    found = []
    for axes in patterns(len(arrays)) if arrays else ():
        looped: list[Op] = []
        original = batched.looped

        def observed(record: Op, *rest: Any, looped: list[Op] = looped, original: Any = original) -> Any:
            looped.append(record)
            return original(record, *rest)

        batched.looped = observed
        try:
            mapped = [np.stack([each] * 3) if axis == 0 else each for each, axis in zip(arrays, axes, strict=True)]
            ag.vmap(lambda *xs: tuple(outputs_of(case(list(xs)))), axes)(*mapped)
        finally:
            batched.looped = original
        found.append(case.op in looped)
    return found


def kinds() -> dict[str, str]:
    """For each op which of the three it is."""
    calls: dict[str, list[bool]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for case in op_cases():
            calls.setdefault(case.name, []).extend(loops(case))
    return {name: NATIVE if not any(looped) else LOOPED if all(looped) else PARTLY for name, looped in calls.items() if looped}


def page() -> str:
    """The text of the page."""
    found = kinds()
    counts = {kind: sum(each == kind for each in found.values()) for kind in (NATIVE, PARTLY, LOOPED)}
    text = HEAD.format(native=counts[NATIVE], partly=counts[PARTLY], looped=counts[LOOPED])
    families: dict[str, list[str]] = {}
    for name in found:
        module = OPS[name].forward.__module__.removeprefix("autograd.ops.").partition(".")
        families.setdefault("nn" if module[0] == "nn" else module[0], []).append(name)
    text += "| family | at once | at once, with exceptions | one by one |\n|---|---|---|---|\n"
    for family, names in sorted(families.items()):
        columns = [
            " ".join([f"`{name}`" for name in sorted(names) if found[name] == kind]) for kind in (NATIVE, PARTLY, LOOPED)
        ]
        text += f"| {family} | {' | '.join(columns)} |\n"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
