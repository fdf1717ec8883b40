"""The workloads in chainrule."""

from typing import Any

import numpy as np
from numpy_workloads import arrays, scalar_graph

import autograd as ag


def workload(name: str, size: int, backward: bool) -> Any:
    """The function to time: forward, recorded; with ``backward`` the way back too, to ``.grad``."""
    if name == "scalar graph":
        x = ag.tensor(np.float32(1e-3), requires_grad=True)
        forward = lambda: scalar_graph(x, size)
        operands = [x]
    else:
        x, y = operands = [ag.tensor(each, requires_grad=True) for each in arrays(name, size)]
        forward = {
            "add": lambda: x + y,
            "multiply": lambda: x * y,
            "tanh": lambda: ag.tanh(x),
            "matmul": lambda: x @ y,
            "sum": lambda: ag.sum(x),
        }[name]
    if not backward:
        return forward
    result = forward()
    cotangent = np.ones(result.shape, np.float32)[()]

    def both() -> None:
        forward().backward(cotangent)
        for each in operands:
            each.grad = None

    return both
