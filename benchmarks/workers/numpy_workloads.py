"""The workloads in NumPy alone: the arithmetic that every contestant has to do, without a record and without a way back."""

from typing import Any

import numpy as np

SIZES = {1: (), 4: (4,), 1000: (1000,), 100000: (100000,)}
SIDES = {4: 2, 1000: 32}  # of the square matrices


def arrays(workload: str, size: int) -> list[Any]:
    """The operands, the same for each library: two arrays, or two square matrices."""
    rng = np.random.default_rng(0)
    shape = (SIDES[size], SIDES[size]) if workload == "matmul" else SIZES[size]
    return [rng.uniform(0.5, 1.5, shape).astype(np.float32)[()] for _ in range(2)]


def workload(name: str, size: int, backward: bool) -> Any:
    """The function to time; ``None`` for what NumPy does not do."""
    if backward:
        return None
    if name == "scalar graph":
        return lambda: scalar_graph(np.float32(1e-3), size)
    x, y = arrays(name, size)
    return {
        "add": lambda: x + y,
        "multiply": lambda: x * y,
        "tanh": lambda: np.tanh(x),
        "matmul": lambda: x @ y,
        "sum": lambda: np.sum(x),
    }[name]


def scalar_graph(x: Any, steps: int) -> Any:
    """``y = y * 0.999 + x``, again and again."""
    y = x
    for _ in range(steps):
        y = y * 0.999 + x
    return y
