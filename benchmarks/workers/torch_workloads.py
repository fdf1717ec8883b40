"""The workloads in PyTorch, in eager mode."""

from typing import Any

import torch
from numpy_workloads import arrays, scalar_graph

torch.set_num_threads(1)


def workload(name: str, size: int, backward: bool) -> Any:
    """The function to time: forward, recorded; with ``backward`` the way back too, to ``.grad``."""
    if name == "scalar graph":
        x = torch.tensor(1e-3, requires_grad=True)
        forward = lambda: scalar_graph(x, size)
        operands = [x]
    else:
        x, y = operands = [torch.tensor(each, requires_grad=True) for each in arrays(name, size)]
        forward = {
            "add": lambda: x + y,
            "multiply": lambda: x * y,
            "tanh": lambda: torch.tanh(x),
            "matmul": lambda: x @ y,
            "sum": lambda: torch.sum(x),
        }[name]
    if not backward:
        return forward
    cotangent = torch.ones_like(forward())

    def both() -> None:
        forward().backward(cotangent)
        for each in operands:
            each.grad = None

    return both
