"""Sequences: recurrent layers by hand, an LSTM whose weights are set by hand, and a task that needs memory. See lesson 10."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure

import autograd as ag
import nn
from nn.pictures import COLORS, MUTED, SMALL, finished

Array = np.ndarray[Any, Any]
BASELINE = 1 / 6  # the mean squared error of always answering 1 when two values are added: the variance of the sum, 2 · 1/12
SIZE = 16  # states of the networks that learn
EPOCHS = 16
KEEPING = 32  # states of the network that begins by keeping them
CLIPPED_EPOCHS = 10
OPEN, SHUT = 20.0, -20.0  # what a gate is given: sigmoid(20) is 1 and sigmoid(-20) is 0, to within 2 in a billion


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def unrolled(x: Array, w: Array, u: Array, b: Array) -> Array:
    """All states of a recurrent layer, from a state of zeros on: one row for each step."""
    h = np.zeros(len(u))
    states = []
    for x_t in x:
        h = np.tanh(w @ x_t + u @ h + b)
        states.append(h)
    return np.array(states)


def lstm_step(x: Array, h: Array, c: Array, w: Array, u: Array, b: Array) -> tuple[Array, Array]:
    """One step. The rows of ``w``: input gate, forget gate, candidate, output gate."""
    i, f, g, o = np.split(w @ x + u @ h + b, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h, c


def latch() -> nn.LSTM:
    """A cell of two inputs: it takes the value where the flag is 1, and else keeps its own."""
    layer = nn.LSTM(2, 1, dtype=np.float64)
    with ag.no_grad():
        for each in layer.parameters():
            each[...] = 0
        layer.weight_ih_l0[...] = np.array([[0, OPEN - SHUT], [0, SHUT - OPEN], [1, 0], [0, 0]])
        layer.bias_ih_l0[...] = np.array([SHUT, OPEN, 0, OPEN])
    return layer


def adding(count: int, length: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Pairs (value, mark): a value of each half is marked; asked for is the sum of the two."""
    values = rng.uniform(size=(count, length))
    marks = np.zeros((count, length))
    rows = np.arange(count)
    marks[rows, rng.integers(0, length // 2, count)] = 1
    marks[rows, rng.integers(length // 2, length, count)] = 1
    sums = (values * marks).sum(axis=1, keepdims=True)
    return np.stack([values, marks], axis=-1).astype(np.float32), sums.astype(np.float32)


def data(length: int) -> tuple[Array, Array, tuple[Array, Array]]:
    """2000 sequences to learn from, and 500 new ones."""
    rng = np.random.default_rng(0)
    return *adding(2000, length, rng), adding(500, length, rng)


def expected_so_far(x: Array) -> Array:
    """After each step: what was marked so far, and 0.5, the mean, for each mark that is still to come."""
    return np.cumsum((x[..., 0] - 0.5) * x[..., 1], axis=1) + 1


class Reader(nn.Module):
    """Reads a sequence to its end, and answers with a number that is made of the last state."""

    def __init__(self, layer: nn.Module, size: int) -> None:
        self.layer = layer
        self.answer = nn.Linear(size, 1)

    def forward(self, x: Any) -> Any:
        return self.answer(self.states(x)[:, -1])

    def states(self, x: Any) -> Any:
        """Of all steps."""
        states, _ = self.layer(x)
        return states


def answers_so_far(reader: Reader, x: Array) -> Array:
    """What a reader would answer after each step."""
    with ag.no_grad():
        return reader.eval().answer(reader.states(x)).numpy()[..., 0]


def simple_reader(size: int) -> Reader:
    return Reader(nn.RNN(2, size, batch_first=True), size)


def lstm_reader(size: int) -> Reader:
    layer = nn.LSTM(2, size, batch_first=True)
    remember(layer, 2.0)
    return Reader(layer, size)


def keeping_reader(size: int) -> Reader:
    """A layer of ReLU neurons that begins by keeping its state: U is the identity.

    Source: Le, Jaitly, Hinton, A simple way to initialize recurrent networks of rectified linear
    units, 2015.
    """
    layer = nn.RNN(2, size, nonlinearity="relu", batch_first=True)
    with ag.no_grad():
        nn.init.eye_(layer.weight_hh_l0)
        nn.init.zeros_(layer.bias_ih_l0)
        nn.init.zeros_(layer.bias_hh_l0)
    return Reader(layer, size)


def remember(layer: nn.LSTM, bias: float) -> None:
    """Give the forget gates of an LSTM this bias."""
    size = layer.hidden_size
    with ag.no_grad():
        layer.bias_ih_l0[size : 2 * size] = bias
        layer.bias_hh_l0[size : 2 * size] = 0


def untrained() -> dict[str, nn.Module]:
    """New layers of 32 states: two simple ones, two LSTMs."""
    settings = {"input_size": 4, "hidden_size": 32, "dtype": np.float64}
    simple, large = nn.RNN(**settings), nn.RNN(**settings)
    new, remembering = nn.LSTM(**settings), nn.LSTM(**settings)
    with ag.no_grad():
        large.weight_hh_l0 *= 5
    remember(new, 0.0)
    remember(remembering, 4.0)
    return {
        "RNN": simple,
        "RNN, recurrent weights × 5": large,
        "LSTM": new,
        "LSTM, forget bias 4": remembering,
    }


def first_gradient(layer: nn.Module, length: int) -> float:
    """The norm of the gradient with respect to the first input, a mean over eight sequences."""
    rng = np.random.default_rng(0)
    x = ag.tensor(rng.normal(size=(length, 8, 4)), requires_grad=True)
    outputs, _ = layer(x)
    outputs[-1].sum().backward()
    return float(np.mean(np.linalg.norm(x.grad.numpy()[0], axis=-1)))


def along_cells(layer: nn.Module) -> float:
    """The gradient over 100 steps, as a multiple of that over one, when states have no weights."""
    with ag.no_grad():
        layer.weight_hh_l0[...] = 0
    return first_gradient(layer, 100) / first_gradient(layer, 1)


def trained(make: Callable[[int], Reader], length: int, size: int = SIZE) -> nn.Trainer:
    """A reader after its training with sequences of this length."""
    x, y, new = data(length)
    ag.seed(0)
    model = make(size)
    optimizer = nn.optim.Adam(model.parameters(), lr=0.02)
    clipping = nn.callbacks.GradientClipping(max_norm=1.0)
    trainer = nn.Trainer(model, nn.MSELoss(), optimizer, callbacks=[clipping])
    trainer.fit(x, y, epochs=EPOCHS, batch_size=50, validation_data=new, progress=False)
    return trainer


class Notes(nn.callbacks.Callback):
    """Notes, at each update, the norm of the gradient and how far the parameters move."""

    def __init__(self) -> None:
        self.norms: list[float] = []
        self.moves: list[float] = []

    def on_gradients(self, trainer: nn.Trainer) -> None:
        self.before = nn.parameters_to_vector(trainer.model.parameters()).numpy()
        self.norms.append(norm_of_gradient(trainer.model))

    def on_batch_end(self, trainer: nn.Trainer) -> None:
        after = nn.parameters_to_vector(trainer.model.parameters()).numpy()
        self.moves.append(float(np.linalg.norm(after - self.before)))


def norm_of_gradient(model: nn.Module) -> float:
    """That of all parameters together."""
    return nn.get_total_norm([each.grad for each in model.parameters()]).item()


def descent(length: int, bound: float | None) -> list[tuple[float, float]]:
    """The loss before each of three updates, and the norm of its gradient."""
    x, y, _ = data(length)
    ag.seed(2)
    model = keeping_reader(KEEPING)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.01)
    found = []
    for batch in np.arange(150).reshape(3, 50):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x[batch]), y[batch])
        loss.backward()
        found.append((loss.item(), norm_of_gradient(model)))
        if bound is not None:
            nn.clip_grad_norm_(model.parameters(), bound)
        optimizer.step()
    return found


def kept(length: int, bound: float | None) -> tuple[Notes, nn.History]:
    """A training of it by Adam."""
    x, y, new = data(length)
    ag.seed(2)
    model = keeping_reader(KEEPING)
    notes = Notes()  # it comes first, so it sees the gradient as it was
    callbacks = [notes] if bound is None else [notes, nn.callbacks.GradientClipping(max_norm=bound)]
    trainer = nn.Trainer(model, nn.MSELoss(), nn.optim.Adam(model.parameters(), lr=0.01), callbacks=callbacks)
    return notes, trainer.fit(x, y, epochs=CLIPPED_EPOCHS, batch_size=50, validation_data=new, progress=False)


# ---------------------------------------------------------------- pictures


def norms_picture(lengths: Sequence[int], found: Mapping[str, Sequence[float]]) -> Figure:
    """Norms of gradients over the lengths of sequences."""
    figure, axes = pyplot.subplots(figsize=(6.8, 3.8), layout="constrained")
    for color, style, (name, norms) in zip(COLORS, ("-", "--", "-", "--"), found.items(), strict=False):
        axes.plot(lengths, norms, color=color, linestyle=style, marker=".", label=name)
    axes.set_yscale("log")
    axes.legend(frameon=False, fontsize=SMALL, loc="lower left")
    finished(axes, "gradient with respect to the first input", x="length of the sequence", y="norm (logarithmic)")
    return figure


def latch_picture(x: Array, cell: Array, layer: nn.LSTM) -> Figure:
    """What goes into the latch, its gates, and its cell."""
    figure, axes = pyplot.subplots(3, 1, figsize=(6.8, 5.0), layout="constrained", sharex=True)
    steps = np.arange(1, len(x) + 1)
    gates = sigmoid(x @ layer.weight_ih_l0.numpy().T + layer.bias_ih_l0.numpy())  # the state has no weight here
    flagged = x[:, 1] == 1
    axes[0].vlines(steps, 0, x[:, 0], color=COLORS[1], linewidth=1.5)
    axes[0].plot(steps, x[:, 0], "o", color=COLORS[1], markersize=4)
    axes[0].plot(steps[flagged], x[flagged, 0], "o", markerfacecolor="none", markeredgecolor=COLORS[0], markersize=12)
    axes[0].set_ylim(-1.25, 1.25)
    finished(axes[0], "value, circled where it is flagged", y="x")
    for row, name, color, style in ((0, "input gate", COLORS[0], "-"), (1, "forget gate", COLORS[2], "--")):
        axes[1].step(steps, gates[:, row], where="mid", color=color, linestyle=style, linewidth=1.8, label=name)
    axes[1].set_yticks([0, 1], ["0, shut", "1, open"])
    axes[1].legend(frameon=False, fontsize=SMALL, loc="center right")
    finished(axes[1], "gates")
    axes[2].step(steps, cell, where="mid", color=COLORS[1], linewidth=1.8)
    axes[2].set_ylim(-1.1, 1.1)
    finished(axes[2], "cell", x="step", y="c")
    for panel in (axes[0], axes[2]):
        panel.axhline(0, color=MUTED, linewidth=0.8)
    return figure


def answers_picture(x: Array, y: Array, trainers: Mapping[str, nn.Trainer]) -> Figure:
    """Answers to many sequences, and those of the LSTM while it reads one of them."""
    figure, axes = pyplot.subplots(1, 3, figsize=(10.0, 3.1), layout="compressed", width_ratios=[1, 1, 1.6])
    for panel, color, (name, trainer) in zip(axes, COLORS, trainers.items(), strict=False):
        panel.plot([0, 2], [0, 2], color=MUTED, linewidth=1)
        panel.plot(y, trainer.predict(x), ".", color=color, markersize=4)
        panel.set(xlim=(-0.1, 2.1), ylim=(-0.1, 2.1), box_aspect=1)
        finished(panel, name, x="sum", y="answer")
    marks = x[..., 1]
    middle = int(
        np.argmax((marks[:, 8:12].sum(axis=1) == 1) & (marks[:, 20:24].sum(axis=1) == 1) & (np.abs(y[:, 0] - 1) > 0.5))
    )
    model = trainers["LSTM"].model.eval()
    with ag.no_grad():
        said = model.answer(model.states(x[middle : middle + 1])).numpy()[0, :, 0]
    expected = np.cumsum((x[middle, :, 0] - 0.5) * marks[middle]) + 1
    steps = np.arange(1, len(said) + 1)
    axes[2].step(
        steps, expected, where="post", color=MUTED, linewidth=1.5, label="marked so far, and 0.5 for each mark to come"
    )
    axes[2].plot(steps, said, color=COLORS[1], marker=".", label="the LSTM's answer")
    axes[2].set(ylim=(-0.1, 2.5), box_aspect=1 / 1.6)
    axes[2].legend(frameon=False, fontsize=SMALL, loc="upper left")
    finished(axes[2], "one sequence, asked at every step", x="step", y="answer")
    return figure


def clipping_picture(runs: Mapping[str, tuple[Notes, nn.History]]) -> Figure:
    """Norms of gradients, and errors, of a run with clipping and one without."""
    figure, axes = pyplot.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
    norms = {name: {"norm": each.norms} for name, (each, _) in runs.items()}
    nn.plots.compare(norms, "norm", log=True, unit="step", ax=axes[0])
    axes[0].axhline(1, color=MUTED, linestyle=":")
    finished(axes[0], "norm of the gradient, before clipping", x="update", y="norm (logarithmic)")
    nn.plots.compare({name: history for name, (_, history) in runs.items()}, "val_loss", ax=axes[1])
    axes[1].axhline(BASELINE, color=MUTED, linestyle=":")
    axes[1].set_ylim(bottom=0)
    axes[0].set_xlim(left=-12)
    for panel in axes:
        panel.legend(frameon=False, fontsize=SMALL, loc="upper right")
    finished(axes[1], "error on new sequences", x="epoch", y="mean squared error")
    return figure
