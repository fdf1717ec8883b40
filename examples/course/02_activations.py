"""Lesson 2: activation functions. Run with ``python -m examples.course.02_activations``."""

import math
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure

import autograd as ag
import nn
from examples.course.page import Page, run
from nn.pictures import COLORS, MUTED, SMALL, finished

Array = np.ndarray[Any, Any]
DEPTH = 10  # layers of the deep networks
WIDTH = 32  # neurons in each of them
HIDDEN = (nn.Sigmoid(), nn.Tanh(), nn.ReLU(), nn.LeakyReLU(0.1), nn.GELU(), nn.SiLU())
STEPS = 60  # of the neuron that has an accident


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def relu(x: Array) -> Array:
    return np.maximum(x, 0)


def leaky_relu(x: Array, slope: float = 0.1) -> Array:
    return np.where(x > 0, x, slope * x)


def gelu(x: Array) -> Array:
    below = [0.5 * (1 + math.erf(each / math.sqrt(2))) for each in x]  # share of normal numbers
    return x * np.array(below)


def silu(x: Array) -> Array:
    return x * sigmoid(x)


def softmax(z: Array) -> Array:
    e = np.exp(z)
    return e / e.sum()


def broken_line(x: Array, corners: Array, heights: Array) -> Array:
    """A line through points, as a sum of neurons: each changes the slope at its corner."""
    slopes = np.diff(heights) / np.diff(corners)
    changes = np.diff(slopes, prepend=0)
    return heights[0] + relu(x[:, np.newaxis] - corners[:-1]) @ changes


def chain(x: Any, activation: Any) -> Any:
    """Ten neurons one after the other, each with the weight 1 and the bias 0."""
    for _ in range(DEPTH):
        x = activation(x)
    return x


def deep_network(activation: Any) -> nn.Sequential:
    """Ten layers of 32 neurons, and one output. The weights are the same each time."""
    ag.seed(1)
    layers: list[nn.Module] = []
    for _ in range(DEPTH):
        linear = nn.Linear(WIDTH, WIDTH, dtype=np.float64)
        nn.init.kaiming_normal_(linear.weight)
        nn.init.zeros_(linear.bias)
        layers += [linear, activation]
    return nn.Sequential(*layers, nn.Linear(WIDTH, 1, dtype=np.float64))


def gradient_sizes(model: nn.Sequential) -> list[float]:
    """The mean of |slope| over the weights of each layer, for 100 random examples."""
    rng = np.random.default_rng(0)
    inputs, targets = rng.normal(size=(100, WIDTH)), rng.normal(size=(100, 1))
    nn.functional.mse_loss(model(inputs), targets).backward()
    return [float(np.mean(np.abs(layer.weight.grad.numpy()))) for layer in model[: 2 * DEPTH : 2]]


def accident(activation: nn.Module) -> tuple[list[tuple[float, float]], list[float]]:
    """Train one neuron with one step that is far too large, and then small ones: weight and bias, and loss, before each."""
    x = np.array([[1.0], [2.0], [3.0]])
    neuron = nn.Linear(1, 1, dtype=np.float64)
    nn.init.ones_(neuron.weight)
    nn.init.zeros_(neuron.bias)
    optimizer = nn.optim.SGD(neuron.parameters(), lr=1.0)
    places, losses = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(activation(neuron(x)), 0.8 * x)
        loss.backward()
        places.append((neuron.weight.item(), neuron.bias.item()))
        losses.append(loss.item())
        optimizer.step()
        optimizer.param_groups[0]["lr"] = 0.05
    return places, losses


def picture_of_lines(x: Array, lines: dict[int, Array]) -> Figure:
    figure, axes = pyplot.subplots(1, len(lines), figsize=(8.4, 2.6), layout="constrained", sharey=True)
    for panel, (neurons, line) in zip(axes, lines.items(), strict=True):
        panel.plot(x, np.sin(x), color=MUTED, linewidth=4, alpha=0.5, label="sin(x)")
        panel.plot(x, line, color=COLORS[1], linewidth=1.6, label="neurons")
        finished(panel, f"{neurons} neurons", "x")
    axes[0].legend(frameon=False, fontsize=SMALL)
    return figure


def picture_of_gradients(sizes: dict[str, list[float]]) -> Figure:
    figure, axes = pyplot.subplots(figsize=(6.4, 3.8), layout="constrained")
    layers = np.arange(1, DEPTH + 1)
    for (name, each), color in zip(sizes.items(), COLORS, strict=False):
        axes.semilogy(layers, each, marker="o", markersize=5, linewidth=2, color=color, label=name)
    axes.legend(frameon=False, loc="lower right")
    axes.set_xticks(layers)
    finished(axes, "How much each layer would learn", "layer, 1 is next to the input", "mean |gradient|")
    return figure


def picture_of_losses(losses: dict[str, list[float]]) -> Figure:
    figure, axes = pyplot.subplots(figsize=(6.4, 3.2), layout="constrained")
    for (name, each), color in zip(losses.items(), (COLORS[2], COLORS[3]), strict=True):
        axes.plot(each, linewidth=2, color=color, label=name)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, loc="center right")
    finished(axes, "One step that is far too large, and then small ones", "step", "loss")
    return figure


def one_corner(page: Page) -> None:
    page.heading("What one corner can do")
    page.say(
        """ReLU keeps what is positive and makes the rest 0: a line with one corner. A straight line f cannot be |x|, since a
        line's value in the middle of two points is the mean of its values there, f(0) = (f(-1) + f(1)) / 2. For |x| that would
        be 0 = 1. Two neurons with ReLU are enough:"""
    )
    page.formula("relu(x) + relu(-x) = |x|")
    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    page.output(
        f"x                   = {x}",
        f"relu(x)             = {relu(x)}",
        f"relu(-x)            = {relu(-x)}",
        f"relu(x) + relu(-x)  = {relu(x) + relu(-x)}",
    )
    page.check("The sum of two ReLU neurons, and |x|", relu(x) + relu(-x), np.abs(x))
    page.say(
        """More neurons, more corners. Any broken line is such a sum: each neuron begins at its corner, and its weight is by how
        much the slope changes there. Here is sin(x) from 0 to 2π, with corners on the curve:"""
    )
    page.code(broken_line)
    x = np.linspace(0, 2 * np.pi, 1001)
    points = {neurons: np.linspace(0, 2 * np.pi, neurons + 1) for neurons in (2, 4, 8, 16, 32)}
    lines = {neurons: broken_line(x, corners, np.sin(corners)) for neurons, corners in points.items()}
    page.check("Eight neurons, and NumPy's line through the same points", lines[8], np.interp(x, points[8], np.sin(points[8])))
    errors = {neurons: np.abs(line - np.sin(x)).max() for neurons, line in lines.items()}
    page.output("neurons   largest error", *[f"{neurons:7}{error:16.4f}" for neurons, error in errors.items()])
    page.claim("32 neurons leave about a quarter of the error of 16", 3.5 < errors[16] / errors[32] < 4.5)
    page.show(
        picture_of_lines(x, {neurons: lines[neurons] for neurons in (4, 8, 16)}),
        "corners",
        "A sine made of ReLU neurons, in front of the sine itself: 16 of them can hardly be told from it.",
    )
    page.say(
        """With enough corners a line comes as close to a continuous curve as one likes. That is why a network with activations
        can do what one without cannot. (Here we chose the weights. How they are learned is what the next lessons are about.)"""
    )


def the_usual_ones(page: Page) -> None:
    page.heading("The usual ones")
    page.say(
        """The sigmoid, also written σ, turns any number into one between 0 and 1. For decades it stood in most networks; now it
        mostly makes probabilities. The hyperbolic tangent has the same shape, with values around 0:"""
    )
    page.formula(
        "sigmoid(x) = 1 / (1 + exp(-x))                       values in (0, 1)\n"
        "tanh(x)    = (exp(x) - exp(-x)) / (exp(x) + exp(-x)) values in (-1, 1)"
    )
    page.say(
        """ReLU, the rectified linear unit, is what we had. Leaky ReLU lets a little of the negative numbers through: 0.01 is
        usual, and 0.1 is enough to be seen in a picture:"""
    )
    page.formula(
        "relu(x)       = max(x, 0)                            values in [0, ∞)\n"
        "leaky_relu(x) = x if x > 0, else 0.1·x               values in (-∞, ∞)"
    )
    page.say(
        """GELU and SiLU are smooth relatives of ReLU: x times a number that goes from 0 to 1. For GELU it is the probability
        Φ(x) that a normal random number is below x, for SiLU the sigmoid:"""
    )
    page.formula(
        "gelu(x) = x·Φ(x)                                     values in [-0.17, ∞)\n"
        "silu(x) = x·sigmoid(x)                               values in [-0.28, ∞)"
    )
    page.say("In NumPy (tanh is there already):")
    page.code(sigmoid, relu, leaky_relu, gelu, silu)

    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    functions: tuple[Any, ...] = (sigmoid, np.tanh, relu, leaky_relu, gelu, silu)
    rows = {f.__name__: f(x) for f in functions}
    page.output(
        f"{'x':12}" + "".join([f"{each:9.1f}" for each in x]),
        *[f"{name:12}" + "".join([f"{each:9.4f}" for each in row]) for name, row in rows.items()],
    )
    page.check("The table, and the modules of `nn`", [module(x) for module in HIDDEN], list(rows.values()))
    fine = np.linspace(-5, 5, 10_001)
    page.check(
        "The least values of GELU and SiLU, and -0.17 and -0.2785", [min(gelu(fine)), min(silu(fine))], [-0.17, -0.2785], 1e-4
    )
    page.show(
        nn.plots.activations(HIDDEN, low=-5, high=5),
        "gallery",
        "Six activations with their derivatives. See where the dashed line is near 0: on both sides of sigmoid and tanh, and "
        "on the left of ReLU, GELU and SiLU.",
    )


def for_outputs(page: Page) -> None:
    page.heading("Softmax: several outputs at once")
    page.say(
        """Softmax is not a function of one number: it makes of the outputs of a whole layer, its scores or logits, numbers that
        are positive and add up to 1. So they can be taken for the probabilities of classes. A higher score is a higher
        probability."""
    )
    page.formula("softmax(z)_k = exp(z_k) / (exp(z_1) + exp(z_2) + ... + exp(z_n))")
    page.code(softmax)
    z = np.array([2.0, 1.0, 0.0])
    p = softmax(z)
    page.output(
        f"z          = {z}",
        f"exp(z)     = {np.exp(z).round(4)}, sum {np.exp(z).sum():.4f}",
        f"softmax(z) = {p.round(4)}, sum {p.sum():.4f}",
    )
    page.check("By hand, and `nn.Softmax(dim=0)`", nn.Softmax(dim=0)(z), p)
    page.say("Only differences of scores count; and the sigmoid is the softmax of two classes, one of which has the score 0:")
    page.check("softmax(z) and softmax(z + 5)", softmax(z + 5), p)
    page.check("softmax([1.5, 0]) and sigmoid(1.5)", softmax(np.array([1.5, 0.0]))[0], sigmoid(1.5))


def slopes(page: Page) -> None:
    page.heading("Slopes, and saturation")
    page.say(
        """A step of training changes each weight by a slope times a small number, the learning rate. The slope says how much
        the result changes when the weight does (lesson 5), and the slope of the activation is a factor of it. Where an
        activation is flat, nothing in front of it can be learned: it is saturated."""
    )
    page.formula("new weight = weight - learning rate · slope")
    page.formula(
        "sigmoid'(x) = sigmoid(x)·(1 - sigmoid(x))   at most 1/4, at x = 0\n"
        "tanh'(x)    = 1 - tanh(x)²                  at most 1, at x = 0\n"
        "relu'(x)    = 1 if x > 0, else 0"
    )
    x = np.array([0.0, 1.0, 2.0, 5.0, 10.0])
    by_hand = {
        "sigmoid'": sigmoid(x) * (1 - sigmoid(x)),
        "tanh'": 1 - np.tanh(x) ** 2,
        "relu'": (x > 0).astype(float),
    }
    page.output(
        f"{'x':10}" + "".join([f"{each:12.1f}" for each in x]),
        *[f"{name:10}" + "".join([f"{each:12.2e}" for each in row]) for name, row in by_hand.items()],
    )
    found = [ag.grad(lambda x, f=f: np.sum(f(x)))(x) for f in (ag.sigmoid, np.tanh, ag.relu)]
    page.check("The formulas, and the derivatives that `ag.grad` finds", found, list(by_hand.values()))
    page.say(
        f"""At x = 10 the slope of the sigmoid is {by_hand["sigmoid'"][0] / by_hand["sigmoid'"][4]:,.0f} times smaller than at
        0: a neuron with such a sum learns that much more slowly. (At 0, where the corner is, ReLU has no slope; the library
        takes 0.)"""
    )
    page.say(
        """Softmax has a slope for each output and each score, a matrix: a higher score raises its own class and lowers the
        others. For z = (2, 1, 0):"""
    )
    page.formula("d softmax_i / d z_j = p_i·(1 - p_i) if i = j, else -p_i·p_j")
    z = np.array([2.0, 1.0, 0.0])
    jacobian = ag.jacobian(lambda z: nn.functional.softmax(z, dim=0))(z)
    page.output(np.asarray(jacobian).round(4))
    page.check("The formula, and `ag.jacobian`", jacobian, np.diag(softmax(z)) - np.outer(softmax(z), softmax(z)))


def vanishing(page: Page) -> None:
    page.heading("Gradients that vanish")
    page.say(
        """In a chain of neurons the slopes multiply, one factor for each neuron. Here are ten neurons, each with weight 1 and
        bias 0, so that the slope of the whole is the product of ten slopes of the activation. The first input is 1:"""
    )
    page.code(chain)
    a, product, rows = 1.0, 1.0, []
    for layer in range(1, DEPTH + 1):
        a = sigmoid(a)
        product *= a * (1 - a)
        rows.append(f"{layer:5}{a:11.4f}{a * (1 - a):9.4f}{product:14.2e}")
    page.output("layer    sigmoid    slope    product so far", *rows)
    slope = {each.__name__: ag.grad(lambda x, f=each: chain(x, f))(1.0) for each in (ag.sigmoid, np.tanh, ag.relu)}
    page.check("The product for sigmoid, and `ag.grad` of the chain", slope["sigmoid"] / product, 1)
    page.claim(f"It is below (1/4)^10 = {0.25**10:.1e}, as it has to be: no factor is above 1/4", product < 0.25**10)
    page.output(*[f"ten {name} neurons: slope {each:.2e}" for name, each in slope.items()])
    page.say(
        f"""Through ten sigmoid neurons a change of the input arrives {1 / product:,.0f} times smaller. Through ReLU it arrives
        as it was. Now networks: ten layers of 32 neurons, with the same weights, and one of three activations. The numbers are
        the mean sizes of the slopes of the loss (how wrong the network is: lesson 4) with respect to the weights of each
        layer. All these slopes together are the layer's gradient."""
    )
    page.code(f"DEPTH, WIDTH = {DEPTH}, {WIDTH}", deep_network)
    page.code(gradient_sizes)
    kinds = {"sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "ReLU": nn.ReLU()}
    sizes = {name: gradient_sizes(deep_network(activation)) for name, activation in kinds.items()}
    page.output(
        "layer   " + "".join([f"{name:>11}" for name in sizes]),
        *[f"{i + 1:5}   " + "".join([f"{each[i]:11.1e}" for each in sizes.values()]) for i in range(DEPTH)],
    )
    share = {name: each[0] / each[-1] for name, each in sizes.items()}
    page.claim(
        f"With sigmoid, the first layer's gradient is {share['sigmoid']:.1e} times the tenth's: from each layer to the one "
        f"before, {share['sigmoid'] ** (1 / (DEPTH - 1)):.2f} times, on average",
        share["sigmoid"] < 1e-4,
    )
    least = min(share["ReLU"], share["tanh"])
    page.claim(f"With ReLU it is {share['ReLU']:.2f} times, with tanh {share['tanh']:.2f} times", least > 0.1)
    page.show(
        picture_of_gradients(sizes),
        "vanishing",
        "A step of training changes weights in proportion to these numbers. With sigmoid the first layers would hardly move.",
    )
    page.say(
        """This is one reason why deep networks were hard to train for a long time, and why ReLU was a step forward. The size of
        the first weights is another: `kaiming_normal_` draws them in the size that suits ReLU."""
    )


def dying(page: Page) -> None:
    page.heading("Neurons that die")
    page.say(
        """ReLU has a weakness of its own. Where its sum is negative, its slope is 0. If that is so for every example, the
        neuron gets no gradient, so it never changes again: it is dead. One step that is too large is enough. Here one neuron is
        to learn 0.8·x from x = 1, 2, 3. It begins with w = 1 and b = 0, which is nearly right: its errors are 0.2, 0.4 and
        0.6. The loss L is the mean of their squares. The first step has the learning rate 1, all others 0.05:"""
    )
    page.formula(
        "dL/dw = 2/3·(0.2·1 + 0.4·2 + 0.6·3) = 1.8667      w = 1 - 1·1.8667 = -0.8667\n"
        "dL/db = 2/3·(0.2 + 0.4 + 0.6)       = 0.8         b = 0 - 1·0.8    = -0.8"
    )
    runs = {"ReLU": accident(nn.ReLU()), "leaky ReLU": accident(nn.LeakyReLU(0.1))}
    lines = [f"{'':12}{'step':>5}{'w':>10}{'b':>10}{'loss':>10}"]
    for name, (places, losses) in runs.items():
        for step in (0, 1, 2, 25, 30, STEPS - 1):
            w, b = places[step]
            lines.append(f"{name:12}{step:5}{w:10.4f}{b:10.4f}{losses[step]:10.4f}")
    page.output(*lines)
    after = runs["ReLU"][0][1]
    page.check("The first step by hand and by the library", after, [1 - 2 / 3 * 2.8, -0.8])
    page.claim("After it, w·x + b is negative for x = 1, 2 and 3", all(after[0] * x + after[1] < 0 for x in (1, 2, 3)))
    page.claim(f"ReLU: {STEPS - 2} steps later, w and b are what they were, to the last bit", runs["ReLU"][0][-1] == after)
    losses = runs["leaky ReLU"][1]
    page.claim("Leaky ReLU comes back, and its loss ends below that of the start", losses[-1] < losses[0])
    page.show(
        picture_of_losses({name: losses for name, (_, losses) in runs.items()}),
        "dead",
        "The same accident with both activations. Leaky ReLU's slope of 0.1 for negative sums is enough to come back.",
    )


def lesson(page: Page) -> None:
    """Activation functions."""
    page.say(
        """Lesson 1 has shown that layers without activations are one layer: whatever they compute is a straight line, or a
        plane. An activation bends it. This lesson shows which activations there are, and what their slopes have to do with
        learning."""
    )
    one_corner(page)
    the_usual_ones(page)
    for_outputs(page)
    slopes(page)
    vanishing(page)
    dying(page)

    page.heading("What to take away")
    page.say(
        """Between layers, begin with ReLU: it is cheap, and its slope does not vanish for positive sums. If neurons die,
        lower the learning rate, or take leaky ReLU. Language models mostly use GELU or SiLU. Tanh and sigmoid still stand where
        a number has to stay between bounds, as inside an LSTM."""
    )
    page.say(
        """Behind the last layer the question decides: nothing for a number of any size, sigmoid for yes or no, softmax for one
        of several classes. Lesson 4 shows the losses that belong to them."""
    )
    lost = 1 - ag.grad(lambda x: chain(x, np.tanh))(1.0)
    page.ask(
        "Two layers with a sigmoid between them can bend a line. Can two layers with the activation `f(x) = 3·x`?",
        f"""Tanh and sigmoid are one curve, stretched and moved: `tanh(x) = 2·sigmoid(2·x) - 1`. Find the largest slope of tanh
        from that of sigmoid. Ten tanh neurons still lose {lost:.0%} of the slope in the chain above. Why?""",
        "All weights and biases of a network are 0, and its activations are ReLU. What do its hidden neurons learn?",
    )


if __name__ == "__main__":
    run(lesson, __file__)
