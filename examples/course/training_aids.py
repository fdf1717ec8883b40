"""Dropout and batch normalisation by hand, and the data, networks and pictures that show them at work. See lesson 11."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure
from sklearn.datasets import load_digits

import autograd as ag
import nn
from nn.pictures import COLORS, SMALL, finished

Array = np.ndarray[Any, Any]
Part = tuple[Array, Array]  # images and labels
DEPTH, WIDTH = 8, 64  # hidden layers of the deep networks, and neurons in each


def dropped(x: Array, p: float, rng: np.random.Generator) -> Array:
    """Each number by itself: 0 with probability ``p``, else divided by ``1 - p``."""
    kept = rng.random(x.shape, np.float32) >= p
    return np.where(kept, x / (1 - p), 0.0)


def normalised(x: Array, weight: Array, bias: Array, eps: float = 1e-5) -> Array:
    """Each column less its mean, divided by its standard deviation; then scaled and shifted."""
    mean, variance = x.mean(axis=0), x.var(axis=0)
    return weight * (x - mean) / np.sqrt(variance + eps) + bias


def digits(train_size: int, wrong: float = 0.0) -> tuple[Part, Part]:
    """Handwritten digits to learn from, a share of them with random labels; and all others, as they are, to validate with."""
    images, labels = load_digits(return_X_y=True)
    images = (images / 16).astype(np.float32)
    x, x_val, y, y_val = nn.data.train_test_split(images, labels, train_size=train_size, stratify=labels, rng=0)
    rng = np.random.default_rng(0)
    mislabelled = rng.random(len(y)) < wrong
    y[mislabelled] = rng.integers(0, 10, mislabelled.sum())
    return (x, y), (x_val, y_val)


def wide(p: float) -> nn.Sequential:
    """A network with far more parameters than there are examples."""
    return nn.Sequential(
        nn.Linear(64, 256),
        nn.ReLU(),
        nn.Dropout(p),
        nn.Linear(256, 256),
        nn.ReLU(),
        nn.Dropout(p),
        nn.Linear(256, 10),
    )


def deep(batch_norm: bool = False, kaiming: bool = False) -> nn.Sequential:
    """Eight hidden layers of 64 neurons."""
    layers: list[nn.Module] = []
    for _ in range(DEPTH):
        linear = nn.Linear(64, WIDTH)
        if kaiming:
            nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
            nn.init.zeros_(linear.bias)
        layers += [linear, nn.BatchNorm1d(WIDTH), nn.ReLU()] if batch_norm else [linear, nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(WIDTH, 10))


def before_relu(model: nn.Sequential, x: Array) -> list[Array]:
    """What comes to each ReLU, in training mode."""
    found = []
    with ag.no_grad():
        for layer in model.train():
            if isinstance(layer, nn.ReLU):
                found.append(np.asarray(x))
            x = layer(x)
    return found


def spread(signal: Array) -> float:
    """By how much the numbers of a neuron differ from example to example: their standard deviation, as a mean over neurons."""
    return float(signal.std(axis=0).mean())


# ---------------------------------------------------------------- pictures


def overfitting_picture(histories: Mapping[str, nn.History]) -> Figure:
    """Loss and accuracy of two runs, training and validation, a row for each run."""
    figure, axes = pyplot.subplots(2, 2, figsize=(8.4, 5.4), layout="constrained", sharex=True, sharey="col")
    for i, (row, (name, history)) in enumerate(zip(axes, histories.items(), strict=True)):
        nn.plots.history(history, ["loss", "accuracy"], axes=row)
        for panel, quantity in zip(row, ("loss", "accuracy"), strict=True):
            finished(panel, f"{name}: {quantity}")
            panel.set_title("", loc="right")
            panel.set_xlabel("epoch" if i else "")
    return figure


def weights_picture(recorded: Mapping[str, Any]) -> Figure:
    """How four layers' weights are distributed, epoch by epoch."""
    figure, axes = pyplot.subplots(2, 2, figsize=(7.6, 4.8), layout="constrained")
    nn.plots.weight_histograms(recorded, axes=axes)
    for i, row in enumerate(axes):
        for j, panel in enumerate(row):
            panel.set(xlabel="epoch" if i else "", ylabel="" if j else "weight")
    return figure


def spreads_picture(signals: Mapping[str, Sequence[Array]]) -> Figure:
    """By how much the numbers before ReLU differ from example to example, layer by layer."""
    figure, axes = pyplot.subplots(figsize=(6.4, 3.4), layout="constrained")
    for color, (name, found) in zip(COLORS, signals.items(), strict=False):
        axes.plot(range(1, len(found) + 1), [spread(each) for each in found], color=color, marker="o", label=name)
    axes.set_yscale("log")
    axes.legend(frameon=False, fontsize=SMALL)
    finished(axes, "before any training", x="layer", y="spread between examples")
    return figure
