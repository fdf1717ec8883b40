"""Training steps of a small network, in plain ops, with the garbage collector off.

Run as ``steps.py STEPS IMPORT_PATH``; prints JSON. Sampled are the memory in use and the number of objects that the garbage
collector would look at: what is kept in a cycle stays among them.
"""

import gc
import json
import sys
from pathlib import Path
from typing import Any

sys.path[:0] = [*sys.argv[2:], str(Path(__file__).parent)]

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
    for inputs, outputs in zip(WIDTHS, WIDTHS[1:], strict=False):
        weight = rng.normal(size=(inputs, outputs), scale=inputs**-0.5).astype(np.float32)
        parameters += [ag.tensor(weight, requires_grad=True), ag.tensor(np.zeros(outputs, np.float32), requires_grad=True)]
    gc.collect()
    gc.disable()
    samples: list[dict[str, Any]] = []
    for step in range(1, steps + 1):
        loss = train(data, target, parameters)
        if step == 10 or step == steps or (step > 10 and step % max(1, steps // 100) == 0):
            samples.append({"step": step, "resident": resident()[0], "objects": 0, "loss": loss})
            # The samples are objects too, so they are taken off; the list of all objects is not kept.
            samples[-1]["objects"] = len(gc.get_objects()) - len(samples)
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


print(json.dumps(main(int(sys.argv[1]))))
