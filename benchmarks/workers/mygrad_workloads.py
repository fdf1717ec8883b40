"""The workloads in MyGrad."""

from typing import Any

import mygrad as mg
import numpy as np
from numpy_workloads import arrays, scalar_graph


def workload(name: str, size: int, backward: bool) -> Any:
    """The function to time: forward, recorded; with ``backward`` the way back too, to ``.grad``."""
    if name == "scalar graph":
        x = mg.tensor(np.float32(1e-3))
        forward = lambda: scalar_graph(x, size)
        operands = [x]
    else:
        x, y = operands = [mg.tensor(each) for each in arrays(name, size)]
        forward = {
            "add": lambda: x + y,
            "multiply": lambda: x * y,
            "tanh": lambda: mg.tanh(x),
            "matmul": lambda: x @ y,
            "sum": lambda: mg.sum(x),
        }[name]
    if not backward:
        return forward
    cotangent = np.ones(forward().shape, np.float32)

    def both() -> None:
        forward().backward(cotangent)
        for each in operands:
            each.null_grad()

    return both
