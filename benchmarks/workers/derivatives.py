"""The workloads of ``transforms``: derivatives computed all at once, and the same ones one after the other."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

import autograd as ag

Function = Callable[[], Any]


def main(rounds: int) -> dict[str, Any]:
    """For each pair the seconds of every round, ours and the yardstick's in turns."""
    rows = []
    for (title, what, yardstick), alike in (*[(row, True) for row in together()], *[(row, False) for row in products()]):
        ours, theirs = what[1], yardstick[1]
        for _ in range(2):  # plans and memory are made on first use
            ours()
            theirs()
        seconds = [(timed(ours), timed(theirs)) for _ in range(rounds)]
        rows.append(
            {
                "title": title,
                "what": what[0],
                "yardstick": yardstick[0],
                "rounds": seconds,
                "error": error(ours(), theirs()) if alike else None,
            }
        )
    return {"rows": rows}


def timed(function: Function) -> float:
    """The seconds of one call, of as many as fit into a fiftieth of a second."""
    calls, start = 0, perf_counter()
    while True:
        function()
        calls += 1
        passed = perf_counter() - start
        if passed > 0.02:
            return passed / calls


def error(found: Any, expected: Any) -> float:
    """The largest difference, relative to the largest element of each array."""
    pairs = zip(ag.tree_leaves(found), ag.tree_leaves(expected), strict=True)
    return max([float(np.max(np.abs(a - b)) / np.max(np.abs(b))) for a, b in pairs])


Row = tuple[str, tuple[str, Function], tuple[str, Function]]


def together() -> list[Row]:
    """What ``vmap`` does at once, against a loop that does it one after the other."""
    rng = np.random.default_rng(0)
    w1, w2 = rng.normal(size=(100, 100)) / 10, rng.normal(size=(100, 100)) / 10
    x = rng.normal(size=100)
    f = lambda x: np.tanh(w2 @ np.tanh(w1 @ x))
    energy = lambda x: np.sum(f(x) ** 2)

    def rows_of(f: Callable[[Any], Any]) -> Any:
        _, pullback = ag.vjp(f, x)
        return np.stack([pullback(unit)[0] for unit in np.eye(100)])

    def columns_of(f: Callable[[Any], Any]) -> Any:
        _, linear = ag.linearize(f, x)
        return np.stack([linear(unit) for unit in np.eye(100)], axis=1)

    images, labels = rng.normal(size=(256, 64)).astype(np.float32), rng.integers(0, 10, 256)
    parameters = {
        "w": [rng.normal(size=size).astype(np.float32) / 8 for size in ((32, 64), (10, 32))],
        "b": [np.zeros(size, np.float32) for size in (32, 10)],
    }
    per_example = ag.vmap(ag.grad(loss), (None, 0, 0))
    alone = ag.grad(loss)

    def one_by_one() -> Any:
        found = [alone(parameters, image, label) for image, label in zip(images, labels, strict=True)]
        return ag.tree_map(lambda *each: np.stack(each), *found)

    return [
        (
            "jacobian, 100 outputs",
            ("all rows by vmap", lambda: ag.jacobian(f, mode="reverse")(x)),
            ("row by row", lambda: rows_of(f)),
        ),
        (
            "jacobian, 100 inputs",
            ("all columns by vmap", lambda: ag.jacobian(f, mode="forward")(x)),
            ("column by column", lambda: columns_of(f)),
        ),
        (
            "hessian, 100 inputs",
            ("all rows by vmap", lambda: ag.hessian(energy)(x)),
            ("row by row", lambda: rows_of(ag.grad(energy))),
        ),
        ("gradients of 256 examples", ("vmap(grad(f))", lambda: per_example(parameters, images, labels)), ("loop", one_by_one)),
    ]


def loss(p: Any, x: Any, label: Any) -> Any:
    """The cross-entropy of a network 64-32-10 for one example."""
    z = p["w"][1] @ np.tanh(p["w"][0] @ x + p["b"][0]) + p["b"][1]
    return ag.logsumexp(z) - z[label]


def products() -> list[Row]:
    """Products with the Hessian and with the Jacobian, against the gradient and the function."""
    rng = np.random.default_rng(1)
    rows: list[Row] = []
    for batch, width in ((32, 32), (256, 256)):
        x, y = rng.normal(size=(batch, width)), rng.normal(size=(batch, 1))
        p = [rng.normal(size=size) / np.sqrt(width) for size in ((width, width), (width, width), (width, 1))]
        v = [rng.normal(size=each.shape) for each in p]

        def mse(p: Any, x: Any = x, y: Any = y) -> Any:
            return np.mean((np.tanh(np.tanh(x @ p[0]) @ p[1]) @ p[2] - y) ** 2)

        size = f"MLP {width}-{width}-{width}-1, batch {batch}"
        rows.append(
            (
                f"Hessian-vector product, {size}",
                ("hvp", lambda mse=mse, p=p, v=v: ag.hvp(mse, (p,), (v,))),
                ("gradient", lambda mse=mse, p=p: ag.grad(mse)(p)),
            )
        )
        rows.append(
            (
                f"Jacobian-vector product, {size}",
                ("jvp", lambda mse=mse, p=p, v=v: ag.jvp(mse, (p,), (v,))),
                ("gradient", lambda mse=mse, p=p: ag.grad(mse)(p)),
            )
        )
    return rows
