"""Six update rules in plain NumPy, the library's optimizers under the same names, and the pictures of their paths.

A rule is what ``optimizer.step()`` does to the weights ``w`` with the gradient ``g``. ``state`` is a dict that it keeps from
step to step, empty at first; ``t`` counts the steps from 1 on.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import nn
from nn.pictures import COLORS, SMALL, finished

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
EXPLAINED = {
    "SGD": """Stochastic gradient descent: stochastic, because the gradient is that of a random batch. One learning rate for all
        weights; how far a weight moves depends on how large its gradient is.""",
    "momentum": """Like a ball that rolls: the gradients of the past are added up, and in each step a tenth of the sum is lost.
        Where gradients agree from step to step, the sum grows up to 1/(1 - 0.9) = 10 times a gradient; where they change their
        sign, they cancel.""",
    "RMSprop": """Each weight has a step size of its own: the gradient is divided by the root of the mean of its square, which
        is about how large it usually is. What is left is of size 1, for steep directions as for flat ones.""",
    "Adam": """Both together: a running mean in place of the gradient, divided as in RMSprop. The means begin at 0, and would be
        too small at first; in step t, division by 1 - 0.9ᵗ and 1 - 0.999ᵗ mends that.""",
    "AdamW": """Adam with weight decay: in each step the weights shrink by a small share of themselves, so that those stay
        small that the loss does not need.""",
    "Lion": """Only the sign of a mean of gradients: every weight moves by exactly the learning rate in each step. It keeps one
        array for each parameter, where Adam keeps two.""",
}
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
COLOR = dict(zip(RULES, COLORS, strict=True))  # of each, in all pictures


def recoloured(axes: Axes, names: Iterable[str]) -> None:
    """Give the paths of these optimizers, drawn in this order, the colours that they have in other pictures."""
    new = {old: COLOR[name] for old, name in zip(COLORS, names, strict=False)}
    legend = axes.get_legend()
    for line in [*axes.lines, *(legend.legend_handles if legend else [])]:
        if line.get_marker() != "x" and line.get_color() in new:
            line.set_color(new[line.get_color()])


def losses_picture(histories: Mapping[str, nn.History]) -> Figure:
    """Losses of training and validation, one above the other."""
    figure, axes = pyplot.subplots(2, 1, figsize=(7.2, 6.4), layout="constrained", sharex=True)
    for ax, metric, title in zip(axes, ("loss", "val_loss"), ("training loss", "validation loss"), strict=True):
        nn.plots.compare(histories, metric, smooth=0.6, ax=ax)
        ax.get_legend().remove()
        finished(ax, title)
    axes[0].set_xlabel("")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside right upper", frameon=False, fontsize=SMALL)
    return figure


def valley_picture(valley: Any, found: Mapping[str, Array]) -> Figure:
    """Paths through the valley, and the surroundings of the minimum enlarged."""
    figure, axes = pyplot.subplots(1, 2, figsize=(10.4, 5.0), layout="constrained", width_ratios=[1.5, 1])
    for ax, x, y, title in (
        (axes[0], (-5, 2.5), (-1.3, 1.3), "the whole valley"),
        (axes[1], (-0.16, 0.06), (-0.06, 0.06), "near the minimum"),
    ):
        nn.plots.surface_of(valley, x, y, paths=found, minima=(0, 0), ax=ax)
        recoloured(ax, found)
        ax.set(xlim=x, ylim=y)
        finished(ax, title, x="x, along the valley", y="y, across")
    axes[1].set_xticks([-0.15, -0.1, -0.05, 0, 0.05])
    for line in axes[0].lines:
        if line.get_marker() in ("*", "x"):
            line.set_markersize(0.6 * line.get_markersize())
    axes[1].get_legend().remove()
    figure.axes[-1].remove()  # the scale of the enlarged part
    return figure
