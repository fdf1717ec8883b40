"""Six update rules in plain NumPy, and the library's optimizers under the same names.

A rule is what ``optimizer.step()`` does to the weights ``w`` with the gradient ``g``. ``state`` is a dict that it keeps from
step to step, empty at first; ``t`` counts the steps from 1 on.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import nn

Array = np.ndarray[Any, Any]
Rule = Callable[[Array, Array, dict[str, Any], int, float], Array]


def sgd(w: Array, g: Array, state: dict[str, Any], t: int, lr: float) -> Array:
    """Stochastic gradient descent: against the gradient."""
    return w - lr * g


def momentum(w: Array, g: Array, state: dict[str, Any], t: int, lr: float) -> Array:
    """Along a running sum of gradients, of which each step keeps nine tenths."""
    state["b"] = 0.9 * state.get("b", 0) + g
    return w - lr * state["b"]


def rmsprop(w: Array, g: Array, state: dict[str, Any], t: int, lr: float) -> Array:
    """The gradient over the root of the running mean of its square."""
    state["v"] = 0.99 * state.get("v", 0) + 0.01 * g**2
    return w - lr * g / (np.sqrt(state["v"]) + 1e-8)


def adam(w: Array, g: Array, state: dict[str, Any], t: int, lr: float) -> Array:
    """The running mean of the gradient over the root of that of its square, both without bias."""
    state["m"] = 0.9 * state.get("m", 0) + 0.1 * g
    state["v"] = 0.999 * state.get("v", 0) + 0.001 * g**2
    m, v = state["m"] / (1 - 0.9**t), state["v"] / (1 - 0.999**t)
    return w - lr * m / (np.sqrt(v) + 1e-8)


def adamw(w: Array, g: Array, state: dict[str, Any], t: int, lr: float) -> Array:
    """The weights shrink by a share of themselves first; then Adam's step."""
    return adam(w - lr * 0.01 * w, g, state, t, lr)


def lion(w: Array, g: Array, state: dict[str, Any], t: int, lr: float) -> Array:
    """The sign of a mean of gradients: each weight moves by the learning rate."""
    m = state.get("m", 0)
    state["m"] = 0.99 * m + 0.01 * g
    return w - lr * np.sign(0.9 * m + 0.1 * g)


RULES: dict[str, Rule] = {"SGD": sgd, "momentum": momentum, "RMSprop": rmsprop, "Adam": adam, "AdamW": adamw, "Lion": lion}
OPTIMIZERS: dict[str, Any] = {
    "SGD": nn.optim.SGD,
    "momentum": partial(nn.optim.SGD, momentum=0.9),
    "RMSprop": nn.optim.RMSprop,
    "Adam": nn.optim.Adam,
    "AdamW": nn.optim.AdamW,
    "Lion": nn.optim.Lion,
}
CALLS = {name: f"nn.optim.{name}(parameters, lr)" for name in OPTIMIZERS}
CALLS["momentum"] = "nn.optim.SGD(parameters, lr, momentum=0.9)"
