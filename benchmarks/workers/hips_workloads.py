"""The workloads in HIPS autograd, whose recorded forward pass is the first half of ``make_vjp``."""

from typing import Any

import autograd.numpy as anp
import numpy as np
from numpy_workloads import arrays, scalar_graph

from autograd import make_vjp


def workload(name: str, size: int, backward: bool) -> Any:
    """The function to time: forward, recorded; with ``backward`` the way back too."""
    if name == "scalar graph":
        operands = [np.float32(1e-3)]
        function = lambda x: scalar_graph(x, size)
    else:
        operands = arrays(name, size)
        function = {
            "add": lambda x, y: x + y,
            "multiply": lambda x, y: x * y,
            "tanh": lambda x: anp.tanh(x),
            "matmul": lambda x, y: x @ y,
            "sum": lambda x: anp.sum(x),
        }[name]
        operands = operands[: function.__code__.co_argcount]
    record = make_vjp(function, tuple(range(len(operands))))
    if not backward:
        return lambda: record(*operands)
    cotangent = np.ones(np.shape(record(*operands)[1]), np.float32)[()]

    def both() -> None:
        pull, _ = record(*operands)
        pull(cotangent)

    return both
