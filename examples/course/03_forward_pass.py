"""Lesson 3: the forward pass. Run with ``python -m examples.course.03_forward_pass``."""

import textwrap
from itertools import product
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

import nn
from examples.course.page import WIDTH, Page, run
from nn.pictures import COLORS, DIVERGING, SMALL, TEXT, finished

Array = np.ndarray[Any, Any]

# Two inputs, three hidden neurons, one output. A row holds the weights of one neuron.
W1 = np.array([[0.5, -1.0], [1.0, 0.5], [-0.5, 1.0]])
B1 = np.array([0.5, -1.0, 0.0])
W2 = np.array([[1.0, 2.0, -2.0]])
B2 = np.array([0.5])

BATCH = np.array([[1.0, 2.0], [2.0, 0.0], [0.0, -1.0], [-1.0, 3.0]])


def relu(z: Array) -> Array:
    return np.maximum(z, 0)


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def neuron(x: Array, w: Array, b: float) -> float:
    """The weighted sum of one neuron."""
    z = b
    for k in range(len(x)):
        z += w[k] * x[k]
    return z


def forward(x: Array) -> Array:
    """The output for one example x (2,)."""
    z1 = W1 @ x + B1
    a1 = relu(z1)
    z2 = W2 @ a1 + B2
    return sigmoid(z2)


def forward_batch(x: Array) -> Array:
    """The outputs for a batch x (N, 2), which has an example in each row."""
    z1 = x @ W1.T + B1
    a1 = relu(z1)
    z2 = a1 @ W2.T + B2
    return sigmoid(z2)


def network() -> nn.Sequential:
    """The same network, of modules. At first its weights are random numbers."""
    return nn.Sequential(
        nn.Linear(2, 3, dtype=np.float64),
        nn.ReLU(),
        nn.Linear(3, 1, dtype=np.float64),
        nn.Sigmoid(),
    )


def diagram(model: nn.Sequential, values: list[Array]) -> Figure:
    """The network with its weights on the lines, its biases above the neurons, and what the neurons give inside them."""
    figure, axes = pyplot.subplots(figsize=(8, 4.6), layout="constrained")
    nn.plots.network(model, weights=True, inputs=["x1", "x2"], ax=axes)
    circles = iter([patch.center for patch in axes.patches if isinstance(patch, Circle)])
    columns = [[next(circles) for _ in each] for each in values]
    for column, each in zip(columns, values, strict=True):
        for (x, y), value in zip(column, each, strict=True):
            axes.text(x, y, f"{value:.3g}", ha="center", va="center", fontsize=TEXT, color="black", zorder=4)
    layers: Any = (columns[0], columns[1], W1, B1, 0.68), (columns[1], columns[2], W2, B2, 0.35)
    for left, right, weight, bias, place in layers:
        for (i, start), (j, end) in product(enumerate(left), enumerate(right)):
            _write_on_line(axes, np.array(start), np.array(end), place, weight[j, i])
        for (x, y), value in zip(right, bias, strict=True):
            axes.text(x, y + 0.6, f"b = {value:g}", ha="center", va="bottom", fontsize=SMALL, zorder=4)
    return figure


def _write_on_line(axes: Axes, start: Array, end: Array, place: float, weight: float) -> None:
    x, y = start + place * (end - start)
    box = {"boxstyle": "round,pad=0.15", "facecolor": axes.get_facecolor(), "edgecolor": "none"}
    color = COLORS[0] if weight > 0 else COLORS[1]
    axes.text(x, y, f"{weight:g}", ha="center", va="center", fontsize=SMALL, color=color, bbox=box, zorder=2)


def landscape() -> Figure:
    """The sum of the output neuron at every point of a square, and where the hidden neurons begin."""
    figure, axes = pyplot.subplots(figsize=(6.4, 4.9), layout="constrained")
    ticks = np.linspace(-4, 4, 161)
    points = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    sums = relu(points @ W1.T + B1) @ W2[0] + B2
    filled = axes.contourf(ticks, ticks, sums, levels=np.arange(-12, 13, 2), cmap=DIVERGING)
    axes.contour(ticks, ticks, sums, levels=[0], colors="black", linewidths=2.5)
    for i, style in enumerate(("--", "-.", ":")):
        axes.plot(
            ticks, -(W1[i, 0] * ticks + B1[i]) / W1[i, 1], color="black", linestyle=style, label=f"hidden sum {i + 1} is 0"
        )
    axes.plot(*BATCH.T, "o", color="white", markeredgecolor="black", markersize=8, label="the batch")
    axes.set_xlim(-4, 4)
    axes.set_ylim(-4, 4)
    axes.legend(fontsize=SMALL, loc="lower left", framealpha=1)
    colorbar = figure.colorbar(filled, ax=axes)
    colorbar.set_label("sum of the output neuron", fontsize=TEXT)
    colorbar.ax.tick_params(labelsize=SMALL)
    finished(axes, None, "x1", "x2", grid=False)
    return figure


def lesson(page: Page) -> None:
    """The forward pass."""
    page.say(
        """The forward pass is what a network does with its inputs: layer by layer, from left to right, until the output is
        there. This lesson does it with a pencil, then with matrices, then for several examples at once, and then with modules.
        The numbers are the same each time."""
    )
    with_a_pencil(page)
    with_matrices(page)
    with_a_batch(page)
    with_modules(page)
    as_a_function(page)

    page.heading("What to take away")
    page.say(
        """A layer is a matrix product, the bias, and the activation. A forward pass is one layer after the other. It needs one
        multiplication for each weight and example: our network has 9 weights, so 9 for one example and 36 for the batch."""
    )
    count = W1.size + W2.size
    page.check("The number of weights, that of weights times examples, and 9 and 36", [count, count * len(BATCH)], [9, 36])
    page.ask(
        "Compute the output for x = (0, 0) on paper. Which hidden neurons give 0?",
        "What are the shapes of all arrays of a network 4-5-3-2 for a batch of 10 examples?",
        """Swap the first two hidden neurons, with all their weights and biases. How does the output change? Find more networks
        that compute the same function with other numbers. (ReLU of 2·z is 2·ReLU of z.)""",
    )


def with_a_pencil(page: Page) -> None:
    page.heading("With a pencil")
    page.say(
        """The network has two inputs, three hidden neurons with ReLU, and one output with sigmoid. Its 13 numbers were chosen
        to be easy. The example is x = (1, 2). Each hidden neuron takes its own weights, which are a row of W1:"""
    )
    x = BATCH[0]
    page.output(
        f"x = {x}",
        "",
        *_rows("W1 = ", W1),
        f"B1 = {B1}",
        "",
        f"W2 = {W2}",
        f"B2 = {B2}",
    )
    page.say("The hidden layer: three weighted sums z, and then ReLU, which makes the first of them 0.")
    z1 = np.array([neuron(x, W1[i], B1[i]) for i in range(3)])
    a1 = relu(z1)
    page.output(
        *[
            f"neuron {i + 1}:  z = {_signed(W1[i, 0]):>6}·1 + {_signed(W1[i, 1]):>6}·2 + {_signed(B1[i]):>6} = {z1[i]:4.1f}"
            f"      a = max({z1[i]:4.1f}, 0) = {a1[i]:.1f}"
            for i in range(3)
        ]
    )
    page.say("The output neuron gets these three numbers:")
    z2 = neuron(a1, W2[0], B2[0])
    page.output(
        f"z = 1·{a1[0]} + 2·{a1[1]} + (-2)·{a1[2]} + {B2[0]} = {z2:.1f}",
        f"output = sigmoid({z2:.1f}) = 1 / (1 + exp({-z2:.1f})) = {sigmoid(z2):.4f}",
    )
    page.check("The sums of the hidden layer, and -1, 1 and 1.5", z1, [-1.0, 1.0, 1.5])
    page.check("The sum of the output neuron, and -0.5", z2, -0.5)
    page.say("If the output is the probability of yes, the network says no. Here is all of it in one picture:")
    model = network()
    model.load_state_dict({"0.weight": W1, "0.bias": B1, "2.weight": W2, "2.bias": B2})
    page.show(
        diagram(model, [x, a1, sigmoid(np.array([z2]))]),
        "diagram",
        "One forward pass, from left to right. Inside the circles stands what they give, on the lines the weights. The first "
        "hidden neuron is silent: its sum is negative.",
    )


def with_matrices(page: Page) -> None:
    page.heading("With matrices")
    page.say(
        """Three weighted sums of the same numbers are the product of a matrix and a vector. So a layer needs no loop, neither
        in the formula nor in the program:"""
    )
    page.formula("z1 = W1 x + B1      a1 = relu(z1)      z2 = W2 a1 + B2      output = sigmoid(z2)")
    page.code(neuron, forward)
    x = BATCH[0]
    page.check("`W1 @ x + B1`, and the neurons one by one", W1 @ x + B1, [neuron(x, W1[i], B1[i]) for i in range(3)])
    page.check("The output, and the one by hand", forward(x), sigmoid(np.array([-0.5])))


def with_a_batch(page: Page) -> None:
    page.heading("With a batch")
    page.say(
        """Networks work on many examples at once, a batch. By custom an example is a row, so x becomes a matrix X of shape
        (N, 2). Each row of X meets each row of W1: that is X times W1 transposed. The biases are added to every row, which
        NumPy does by itself (broadcasting)."""
    )
    page.code(f"BATCH = np.array({BATCH.tolist()})", forward_batch)
    z1 = BATCH @ W1.T + B1
    a1 = relu(z1)
    z2 = a1 @ W2.T + B2
    page.output(
        f"X @ W1.T:   {BATCH.shape} @ {W1.T.shape} -> {z1.shape}      + B1: {B1.shape} in every row",
        f"A1 @ W2.T:  {a1.shape} @ {W2.T.shape} -> {z2.shape}      + B2: {B2.shape} in every row",
        "",
        f"{'X':>12} | {'Z1':>20} | {'A1':>20} | {'Z2':>6} | {'output':>8}",
        *[
            f"{_numbers(x):>12} | {_numbers(z):>20} | {_numbers(a):>20} | {out:6.1f} | {sigmoid(out):8.4f}"
            for x, z, a, out in zip(BATCH, z1, a1, z2[:, 0], strict=True)
        ],
    )
    page.check("The batch, and its examples one by one", forward_batch(BATCH), [forward(x) for x in BATCH])
    page.say(
        """When shapes do not fit, write them down as above. The inner two numbers of a product have to be equal; they
        disappear, and the outer two remain."""
    )


def with_modules(page: Page) -> None:
    page.heading("With modules")
    page.say(
        """`nn.Linear(2, 3)` is the first layer without its activation. Its weight has the shape (3, 2), a neuron in each row,
        as ours. So our numbers can be loaded, under the names that the model has for its parameters:"""
    )
    page.code(network)
    model = network()
    weights = {"0.weight": W1, "0.bias": B1, "2.weight": W2, "2.bias": B2}
    model.load_state_dict(weights)
    page.code(
        'model.load_state_dict({"0.weight": W1, "0.bias": B1, "2.weight": W2, "2.bias": B2})\n'
        "print(model(BATCH).numpy().round(4))"
    )
    page.output(model(BATCH).numpy().round(4))
    page.check("Modules, and NumPy by hand", model(BATCH).numpy(), forward_batch(BATCH))
    page.say("A model is a list, so one can look at what is in between:")
    page.code(
        "values = BATCH\n"
        "for layer in model:\n"
        "    values = layer(values)\n"
        "    print(type(layer).__name__, values.shape, values.numpy()[0])"
    )
    values: Any = BATCH
    lines = []
    for layer in model:
        values = layer(values)
        lines.append(f"{type(layer).__name__} {values.shape} {values.numpy()[0]}")
    page.output(*lines)
    page.say(
        """Parameters are float32 unless one asks for more, as we did with `dtype=np.float64`: numbers of about 7 digits instead
        of 16. That is enough for training, and takes half of the memory. The same network in float32:"""
    )
    single = model.astype(np.float32)(BATCH).numpy()
    page.output(f"{single.dtype}: {single.ravel()}", f"float64: {forward_batch(BATCH).ravel()}")
    page.check("The outputs in float32 and in float64", single, forward_batch(BATCH), tolerance=1e-6)
    page.say("And what if the batch has three columns instead of two? The model names the layer that it does not fit:")
    page.output(_message(network(), np.zeros((4, 3))))


def as_a_function(page: Page) -> None:
    page.heading("The whole function")
    page.say(
        """A network is a function, and this one has two inputs, so that a map of it can be drawn: one forward pass for each
        point of a grid, all as one batch. Where the sum of a hidden neuron is 0, its ReLU begins, and there the function has
        a bend. Between these lines it is a plane. (Lesson 2 had the same with one input: corners, with straight lines
        between them.)"""
    )
    page.show(
        landscape(),
        "landscape",
        "The sum of the output neuron. Red: above 0, so the output is above 0.5; blue: below. The solid line between them is "
        "where the network changes its mind. It has a corner wherever it crosses a line where a hidden neuron begins.",
    )


def _rows(name: str, matrix: Array) -> list[str]:
    """A matrix in lines, behind its name."""
    lines = str(matrix).splitlines()
    return [f"{name}{lines[0]}", *[" " * len(name) + each for each in lines[1:]]]


def _signed(value: float) -> str:
    """A factor in a sum: negative ones in brackets."""
    return f"({value})" if value < 0 else f"{value}"


def _numbers(values: Array) -> str:
    return "  ".join([f"{each:4.1f}" if abs(each * 10 % 1) < 1e-9 else f"{each:.4f}" for each in values])


def _message(model: nn.Sequential, inputs: Array) -> str:
    """What a model says to inputs that do not fit."""
    try:
        model(inputs)
    except ValueError as error:
        return textwrap.fill(f"ValueError: {error}", WIDTH - 6)
    return "no error"


if __name__ == "__main__":
    run(lesson, __file__)
