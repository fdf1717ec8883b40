"""A chain of scalar ops: recorded, snapshot, backward, let go."""

import time
from collections.abc import Callable
from typing import Any

from resident import resident

import autograd as ag
from autograd.graph import Graph


def main(ops: int) -> dict[str, Any]:
    """Time and memory of each phase."""
    phases: list[dict[str, Any]] = []

    def phase(name: str, action: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = action()
        seconds = time.perf_counter() - start
        now, most = resident()
        phases.append({"phase": name, "seconds": seconds, "resident": now, "peak": most})
        return result

    x = ag.tensor(1e-3, requires_grad=True)
    state: dict[str, Any] = {}
    phase("start", lambda: None)
    state["y"] = phase("forward", lambda: forward(x, ops))
    state["graph"] = phase("drawing's snapshot", lambda: Graph(state["y"]))
    nodes = len(state["graph"])
    phase("snapshot let go", lambda: state.pop("graph") and None)
    phase("backward", lambda: state["y"].backward())
    phase("graph let go", lambda: state.pop("y") and None)
    return {"ops": ops // 2 * 2, "nodes": nodes, "gradient": x.grad.item(), "phases": phases}


def forward(x: Any, ops: int) -> Any:
    """``y = y * 0.999 + x``, two ops at a time."""
    y = x
    for _ in range(ops // 2):
        y = y * 0.999 + x
    return y
