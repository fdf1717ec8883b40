"""Two moons: examples of two kinds that no straight line tells apart, split in three and scaled; and their pictures."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure
from sklearn.datasets import make_moons

import nn
from nn.pictures import COLORS, SMALL, TEXT, TITLE, finished

Array = np.ndarray[Any, Any]
KINDS = ("kind 0", "kind 1")


@dataclass(frozen=True)
class Data:
    """Examples to train on, to validate with after each epoch, and to test with once, last."""

    x_train: Array
    y_train: Array
    x_val: Array
    y_val: Array
    x_test: Array
    y_test: Array


def measured() -> tuple[Array, Array]:
    """500 examples of two kinds: the first feature in centimetres, the second in metres."""
    x, y = make_moons(500, noise=0.2, random_state=0)
    return x * [100, 1], y


def split(x: Array, y: Array) -> Data:
    """300 examples to train on, 100 to validate with and 100 to test with, in random order."""
    order = np.random.default_rng(0).permutation(len(x))
    train, val, test = np.split(order, [300, 400])
    return Data(x[train], y[train], x[val], y[val], x[test], y[test])


def scaled(data: Data) -> Data:
    """Each feature with mean 0 and deviation 1, both those of the training part."""
    mean, deviation = data.x_train.mean(axis=0), data.x_train.std(axis=0)
    return replace(
        data,
        x_train=(data.x_train - mean) / deviation,
        x_val=(data.x_val - mean) / deviation,
        x_test=(data.x_test - mean) / deviation,
    )


def noisy() -> Data:
    """40 examples to train on, 250 to validate and 250 to test with; 15 % have a wrong label."""
    x, y = make_moons(540, noise=0.2, random_state=0)
    rng = np.random.default_rng(0)
    order = rng.permutation(len(x))
    y = np.where(rng.random(len(y)) < 0.15, 1 - y, y)
    train, val, test = np.split(order, [40, 290])
    return scaled(Data(x[train], y[train], x[val], y[val], x[test], y[test]))


# ---------------------------------------------------------------- pictures


def two_scales(raw: Data, data: Data) -> Figure:
    """The training part before and after scaling, each in a square whose axes have one scale."""
    figure, axes = pyplot.subplots(1, 2, figsize=(8.4, 3.9), layout="constrained")
    for ax, x, title, unit, reach in (
        (axes[0], raw.x_train, "as measured", ("cm", "m"), 250),
        (axes[1], data.x_train, "scaled", ("deviations", "deviations"), 3),
    ):
        for kind, name in enumerate(KINDS):
            points = x[data.y_train == kind]
            ax.scatter(*points.T, s=18, color=COLORS[kind], marker="os"[kind], edgecolors="white", linewidths=0.5, label=name)
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        finished(ax, title, f"feature 1 ({unit[0]})", f"feature 2 ({unit[1]})")
    axes[1].legend(frameon=False, fontsize=SMALL)
    return figure


def boundary(model: nn.Module, x: Array, y: Array, title: str, ax: Any) -> None:
    """What a network says of each point of the plane, and the points with their kinds."""
    nn.plots.decision_boundary(model, x, y, classes=KINDS, names=("feature 1", "feature 2"), ax=ax)
    ax.set_title(title, loc="left", fontsize=TITLE, fontweight="bold")


def one_legend(figure: Figure, axes: Any) -> None:
    """One legend for panels that would have the same one each."""
    entries = {}
    for each in np.ravel(axes):
        for handle, label in zip(*each.get_legend_handles_labels(), strict=True):
            entries[label if label in KINDS else "predicted wrongly"] = handle
        each.get_legend().remove()
    figure.legend(entries.values(), entries, loc="outside lower center", ncols=3, frameon=False, fontsize=TEXT)
