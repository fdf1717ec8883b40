"""Lesson 1: what a network is. Run with ``python -m examples.course.01_network``."""

from itertools import pairwise

import numpy as np

import nn
from examples.course.page import Page, run

SIZES = (4, 5, 3, 2)


def network() -> nn.Sequential:
    """Four numbers in, layers of five and three neurons, two numbers out."""
    return nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3), nn.ReLU(), nn.Linear(3, 2))


def lesson(page: Page) -> None:
    """What a network is."""
    page.say(
        """A neural network is a function with many adjustable numbers, its parameters. It is built of layers, and a layer of
        neurons. A neuron multiplies each of its inputs by a weight, adds the products and one more number, the bias, and passes
        the sum through a function that is not a straight line, its activation."""
    )
    page.formula("z = w1·x1 + w2·x2 + ... + wn·xn + b        a = activation(z)")
    page.say(
        "One neuron with three inputs, by hand. Its activation is ReLU, which keeps what is positive and makes the rest 0:"
    )
    x, w, b = np.array([1.0, -2.0, 0.5]), np.array([0.5, -0.25, 1.0]), 0.1
    z = w @ x + b
    page.output(
        f"x = {x}", f"w = {w}, b = {b}", f"z = 0.5·1 + (-0.25)·(-2) + 1·0.5 + 0.1 = {z:.1f}", f"a = max(z, 0) = {max(z, 0):.1f}"
    )
    page.check("The sum by hand and `w @ x + b`", z, 1.6)

    page.heading("Layers")
    page.say(
        """The outputs of a layer's neurons are the inputs of the next layer's. All weights of a layer form a matrix, its
        biases a vector, and a layer of neurons is one matrix product. Here a layer is a module, and a network is a list:"""
    )
    page.code(network)
    model = network()
    figure = nn.plots.network(model, inputs=["temperature", "pulse", "age", "height"], classes=["healthy", "ill"]).figure
    page.show(
        figure,
        "diagram",
        "The network, from left to right: four inputs, and then a circle for each neuron. Each line is a weight.",
    )

    page.heading("How many parameters")
    page.say(
        """Between layers of m and n neurons there are m·n weights and n biases, n·(m + 1) parameters. So one can count those
        of a network on paper:"""
    )
    counts = [(m, n, n * (m + 1)) for m, n in pairwise(SIZES)]
    total = sum(count for _, _, count in counts)
    page.output(*[f"{m} -> {n}:  {n}·({m} + 1) = {count:3}" for m, n, count in counts], f"in all:           {total:3}")
    page.check("The number counted on paper and by the library", sum(each.size for each in model.parameters()), total)
    page.say(
        """`nn.summary` counts for you. A line is a layer: the shape of what it gives for N examples, and the memory that this
        takes for each of them; its parameters, and their memory, 4 bytes (B) each; and how many multiplications and additions
        it needs for one example, here called FLOP (floating-point operations):"""
    )
    page.output(nn.summary(model, (4,)))
    page.say(
        """The first layer has 4·5 products to make and to add up, and 5 biases to add: 2·4·5 + 5 = 45 FLOP. The last line says
        what has to be remembered until the gradient is computed, of which lesson 5 tells more."""
    )

    page.heading("Why the activation")
    page.say(
        """Without activations, layers would be for nothing: the product of two matrices is a matrix, so two layers without an
        activation between them are one layer. Here is the proof, with numbers:"""
    )
    first, second = nn.Linear(4, 5, dtype=np.float64), nn.Linear(5, 2, dtype=np.float64)
    inputs = np.random.default_rng(0).normal(size=(10, 4))
    merged = second.weight.numpy() @ first.weight.numpy()
    offset = second.weight.numpy() @ first.bias.numpy() + second.bias.numpy()
    page.formula("W2 (W1 x + b1) + b2  =  (W2 W1) x + (W2 b1 + b2)")
    page.check("Two layers, and the one layer that they are", second(first(inputs)).numpy(), inputs @ merged.T + offset)
    page.say("What activations there are, and what they do, is the next lesson.")

    page.heading("What to take away")
    page.say(
        """A neuron is a weighted sum, a bias and an activation. A layer is a matrix product, and a network is one layer after
        the other. It is the activations that make several layers more than one. All that can be learned are the parameters,
        weights and biases, and their number follows from the sizes of the layers."""
    )
    page.ask(
        "How many parameters has a network 10-20-3? And how many if its hidden layer has 40 neurons?",
        "What does the neuron above give if its bias is -2 instead of 0.1? Which biases make its output 0?",
        "The proof had ten examples as its inputs. Would it also hold for a million of them? And for three layers?",
    )


if __name__ == "__main__":
    run(lesson, __file__)
