"""Training steps of a small network, in plain ops, with the garbage collector off.

Sampled are the memory in use and the number of objects that the garbage collector would look at: what is kept in a cycle
stays among them.
"""

import gc
from itertools import pairwise
from typing import Any

import numpy as np
from resident import resident

import autograd as ag

WIDTHS = (20, 64, 32, 3)


def main(steps: int) -> dict[str, Any]:
    """The samples after step 10 and then a hundred times until the end."""
    rng = np.random.default_rng(0)
    data = ag.tensor(rng.normal(size=(128, WIDTHS[0])).astype(np.float32))
    target = ag.tensor(np.eye(WIDTHS[-1], dtype=np.float32)[rng.integers(0, WIDTHS[-1], 128)])
    parameters = []
    for inputs, outputs in pairwise(WIDTHS):
        weight = rng.normal(size=(inputs, outputs), scale=inputs**-0.5).astype(np.float32)
        parameters += [ag.tensor(weight, requires_grad=True), ag.tensor(np.zeros(outputs, np.float32), requires_grad=True)]
    sampled = [step for step in range(10, steps + 1) if step == 10 or step == steps or step % max(1, steps // 100) == 0]
    found = np.zeros((len(sampled), 3))  # allocated beforehand, so that sampling itself leaves no object behind
    gc.collect()
    gc.disable()
    for step in range(1, steps + 1):
        loss = train(data, target, parameters)
        if step in sampled:
            found[sampled.index(step)] = resident()[0], len(gc.get_objects()), loss
    gc.enable()
    samples = [
        {"step": step, "resident": int(row[0]), "objects": int(row[1]), "loss": float(row[2])}
        for step, row in zip(sampled, found, strict=True)
    ]
    return {"steps": steps, "samples": samples}


def train(data: Any, target: Any, parameters: list[Any]) -> float:
    """One step of gradient descent on the mean squared error; the loss before it."""
    hidden = data
    for weight, bias in zip(parameters[::2], parameters[1::2], strict=True):
        hidden = np.tanh(hidden @ weight + bias)
    difference = hidden - target
    loss = ag.sum(difference * difference) / difference.size
    loss.backward()
    with ag.no_grad():
        for parameter in parameters:
            parameter -= 0.1 * parameter.grad
            parameter.grad = None
    return float(loss.item())
