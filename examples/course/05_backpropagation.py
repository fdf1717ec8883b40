"""Lesson 5: backpropagation. Run with ``python -m examples.course.05_backpropagation``."""

import textwrap
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure

import autograd as ag
import nn
from examples.course.page import WIDTH, Page, run
from nn.pictures import COLORS, finished

Array = np.ndarray[Any, Any]

# One example, two hidden neurons, one output.
X, T = np.array([1.0, 2.0]), 1.0
W1, B1 = np.array([[0.5, -0.25], [-1.0, 1.0]]), np.array([0.0, 1.0])
W2, B2 = np.array([[2.0, -1.0]]), np.array([0.5])
ENTRIES = ("W1[0, 0]", "W1[0, 1]", "W1[1, 0]", "W1[1, 1]", "b1[0]", "b1[1]", "W2[0, 0]", "W2[0, 1]", "b2[0]")

STEP_SIZES = 10.0 ** np.arange(-13, 0.1, 0.25)  # of finite differences in the picture


def in_a_row(arrays: Any) -> Array:
    """The numbers of several arrays as one vector."""
    return np.concatenate([np.ravel(each) for each in arrays])


ALL = in_a_row((W1, B1, W2, B2))


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def loss_of(w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
    """The forward pass: a hidden layer with sigmoid, an output without activation, and the squared error."""
    a = sigmoid(w1 @ X + b1)
    y = w2 @ a + b2
    return np.sum((y - T) ** 2)


def gradients(w1: Array, b1: Array, w2: Array, b2: Array) -> tuple[Array, ...]:
    """The slopes of the loss: the forward pass, and then back, layer by layer."""
    a = sigmoid(w1 @ X + b1)
    y = w2 @ a + b2

    dy = 2 * (y - T)
    dw2, db2 = np.outer(dy, a), dy
    da = w2.T @ dy
    dz = da * a * (1 - a)
    dw1, db1 = np.outer(dz, X), dz
    return dw1, db1, dw2, db2


def loss_at(numbers: Array) -> float:
    """The loss with these nine numbers."""
    return loss_of(numbers[:4].reshape(2, 2), numbers[4:6], numbers[6:8].reshape(1, 2), numbers[8:])


def difference(i: int, h: float) -> float:
    """The slope with respect to number i, by moving it a little to both sides."""
    more, less = ALL.copy(), ALL.copy()
    more[i] += h
    less[i] -= h
    return (loss_at(more) - loss_at(less)) / (2 * h)


def one_sided(i: int, h: float) -> float:
    """The same, by moving it to one side."""
    more = ALL.copy()
    more[i] += h
    return (loss_at(more) - loss_at(ALL)) / h


def network() -> nn.Sequential:
    """The same network, of modules."""
    model = nn.Sequential(nn.Linear(2, 2, dtype=np.float64), nn.Sigmoid(), nn.Linear(2, 1, dtype=np.float64))
    model.load_state_dict({"0.weight": W1, "0.bias": B1, "2.weight": W2, "2.bias": B2})
    return model


def recorded() -> ag.Tensor:
    """The loss, with its graph."""
    w1 = ag.tensor(W1, requires_grad=True, name="W1")
    b1 = ag.tensor(B1, requires_grad=True, name="b1")
    w2 = ag.tensor(W2, requires_grad=True, name="W2")
    b2 = ag.tensor(B2, requires_grad=True, name="b2")
    x, t = ag.tensor(X, name="x"), ag.tensor([T], name="t")
    with ag.keep_values():
        with ag.scope("hidden layer"):
            a = ag.sigmoid(w1 @ x + b1)
        with ag.scope("output layer"):
            y = w2 @ a + b2
        with ag.scope("loss"):
            return np.sum((y - t) ** 2)


def curvature() -> tuple[float, float]:
    """The slope of the loss with respect to w, and the slope of that."""
    w = ag.tensor(3.0, requires_grad=True)
    loss = (2 * w - 4) ** 2
    slope = ag.grad_of(loss, w, create_graph=True)
    return slope.item(), ag.grad_of(slope, w).item()


@ag.custom_vjp
def wrong_sigmoid(z: Any) -> Any:
    """The sigmoid with a gradient rule of one's own, which is wrong: a plus stands where a minus should be."""
    return sigmoid(z)


wrong_sigmoid.defvjp(  # the result and what the rule needs; the rule
    lambda z: (sigmoid(z), sigmoid(z)),
    lambda a, g: (g * a * (1 + a),),
)


def picture_of_steps() -> Figure:
    """How far two kinds of differences are from the slope, by the size of the step."""
    exact = gradients(W1, B1, W2, B2)[0][1, 1]
    figure, axes = pyplot.subplots(figsize=(6.4, 3.6), layout="constrained")
    sides = (one_sided, "(L(w + h) - L(w)) / h", COLORS[0]), (difference, "(L(w + h) - L(w - h)) / 2h", COLORS[1])
    for f, label, color in sides:
        errors = [abs(f(3, h) - exact) for h in STEP_SIZES]
        axes.loglog(STEP_SIZES, errors, marker=".", color=color, label=label)
    axes.legend(frameon=False, loc="lower left")
    finished(axes, "How wrong a difference is", "step h", "error of the slope")
    return figure


def lesson(page: Page) -> None:
    """Backpropagation."""
    page.say(
        """To make the loss smaller, one has to know for every weight: if it grows a little, does the loss grow or fall, and how
        fast? That is the slope of the loss with respect to the weight, the derivative dL/dw. All slopes together are the
        gradient. Backpropagation computes all of them in one pass through the network, from the loss back to the input."""
    )
    chain_rule(page)
    on_paper(page)
    with_the_library(page)
    as_a_graph(page)
    by_moving(page)
    downhill(page)
    twice(page)
    checked(page)

    page.heading("What to take away")
    page.say(
        """The forward pass computes the loss and keeps what is in between. The backward pass multiplies slopes, from the loss
        to each weight, and uses what was kept. It costs about as much as a few forward passes, however many weights there are.
        With the library it is one line, `loss.backward()`, and any function of arrays can be differentiated like that."""
    )
    page.ask(
        "Replace the sigmoid by ReLU, and b1 by (-1, 1). Compute the nine slopes on paper. Which are 0, and why?",
        "Which slopes of our network are 0 if x1 is 0? What does that mean for a column of a table that is always 0?",
        "A network has a million weights. How many forward passes do finite differences need for one gradient?",
    )


def chain_rule(page: Page) -> None:
    page.heading("The chain rule")
    page.say(
        """One weight first: z = w·x, the error e = z - t, and the loss L = e². Let w = 3, x = 2 and t = 4. Each step has a
        slope of its own, which is simple. The slope of the whole is their product:"""
    )
    page.formula("dL/dw = dL/de · de/dz · dz/dw")
    w, x, t = 3.0, 2.0, 4.0
    z = w * x
    e = z - t
    page.output(
        f"forward:   z = 3·2 = {z:g}      e = 6 - 4 = {e:g}      L = 2² = {e**2:g}",
        f"slopes:    dL/de = 2·e = {2 * e:g}      de/dz = 1      dz/dw = x = {x:g}",
        f"together:  dL/dw = {2 * e:g}·1·{x:g} = {2 * e * x:g}",
    )
    page.check("By hand, and `ag.grad`", ag.grad(lambda w: (w * x - t) ** 2)(w), 2 * e * x)
    page.say("So if w grows by 0.001, L grows by about 8·0.001 = 0.008:")
    page.output(f"w = 3.001: L = {(3.001 * x - t) ** 2:.6f}")
    page.check("By how much it has grown, and 0.008", (3.001 * x - t) ** 2 - e**2, 0.008, tolerance=1e-5)
    page.say(
        """If a number is used in two places, both ways to the loss count, and their slopes are added. An example: L = a·b,
        where a = w + 1 and b = 2·w, for w = 3. Then L = 4·6 = 24."""
    )
    page.formula("dL/dw = dL/da · da/dw + dL/db · db/dw = b·1 + a·2 = 6 + 8 = 14")
    page.check("By hand, and `ag.grad`", ag.grad(lambda w: (w + 1) * (2 * w))(3.0), 14)


def on_paper(page: Page) -> None:
    page.heading("A network, on paper")
    page.say(
        """Two inputs, two hidden neurons with sigmoid, one output without activation, and the squared error as the loss: nine
        weights and biases, so nine slopes. First the forward pass, as in lesson 3:"""
    )
    z = W1 @ X + B1
    a = sigmoid(z)
    y = (W2 @ a + B2)[0]
    page.output(
        f"x = {X}, target t = {T:g}",
        *[
            f"z{i + 1} = {W1[i, 0]:4}·1 + {f'({W1[i, 1]})':>7}·2 + {B1[i]} = {z[i]:.4f}"
            f"      a{i + 1} = sigmoid(z{i + 1}) = {a[i]:.4f}"
            for i in range(2)
        ],
        f"y  = 2·{a[0]:.4f} + (-1)·{a[1]:.4f} + 0.5 = {y:.4f}",
        f"L  = (y - t)² = ({y - T:.4f})² = {(y - T) ** 2:.4f}",
    )
    page.say("And now back. The loss depends on y, so its slope is first:")
    dy = 2 * (y - T)
    page.output(f"dL/dy = 2·(y - t) = 2·({y - T:.4f}) = {dy:.4f}")
    page.say(
        """y = v1·a1 + v2·a2 + b2, where v1 and v2 are the weights in W2. So the slope of y with respect to v1 is a1, with
        respect to b2 it is 1, and with respect to a1 it is v1. The chain rule multiplies each of these by dL/dy:"""
    )
    da = dy * W2[0]
    page.output(
        f"dL/dW2 = dL/dy·a   = {dy:.4f}·({a[0]:.4f}, {a[1]:.4f}) = ({dy * a[0]:.4f}, {dy * a[1]:.4f})",
        f"dL/db2 = dL/dy·1   = {dy:.4f}",
        f"dL/da  = dL/dy·W2  = {dy:.4f}·(2, -1) = ({da[0]:.4f}, {da[1]:.4f})",
    )
    page.say("Through the sigmoid, with its slope a·(1 - a) from lesson 2:")
    dz = da * a * (1 - a)
    page.output(
        *[
            f"dL/dz{i + 1} = dL/da{i + 1}·a{i + 1}·(1 - a{i + 1}) = {da[i]:7.4f}·{a[i] * (1 - a[i]):.4f} = {dz[i]:7.4f}"
            for i in range(2)
        ]
    )
    page.say(
        """The hidden layer is a layer like the other one: the slopes of its weights are those of its sums times its inputs.
        W1[0], the first row of W1, belongs to z1: in programs one counts from 0."""
    )
    page.output(
        *[
            f"dL/dW1[{i}] = dL/dz{i + 1}·x = {dz[i]:7.4f}·(1, 2) = ({dz[i] * X[0]:7.4f}, {dz[i] * X[1]:7.4f})"
            f"      dL/db1[{i}] = {dz[i]:7.4f}"
            for i in range(2)
        ]
    )
    page.say("That was all. As a program it is five lines; dy stands for dL/dy, and so on:")
    page.code(gradients)
    on_paper = in_a_row([dz[0] * X, dz[1] * X, dz, dy * a, dy])
    page.check("The nine slopes by the program, and on paper", in_a_row(gradients(W1, B1, W2, B2)), on_paper)


def with_the_library(page: Page) -> None:
    page.heading("With the library")
    page.say(
        """A tensor remembers what it was computed from. `loss.backward()` goes that way back, with the same rules, and leaves
        each parameter's slopes in its `.grad`:"""
    )
    page.code("model = network()\nloss = nn.functional.mse_loss(model(X), [T])\nloss.backward()")
    model = network()
    nn.functional.mse_loss(model(X), [T]).backward()
    page.output(
        *[line for name, each in model.named_parameters() for line in (f"{name}:", each.grad.numpy().round(4), "")][:-1]
    )
    found = in_a_row([each.grad.numpy() for each in model.parameters()])
    page.check("The nine slopes by `.backward()`, and by hand", found, in_a_row(gradients(W1, B1, W2, B2)))
    page.say("A second backward pass adds to `.grad`. So before each step of training the slopes have to be cleared:")
    nn.functional.mse_loss(model(X), [T]).backward()
    twice = model[0].weight.grad.numpy().copy()
    page.check("`.grad` after two passes, and twice the gradient", twice, 2 * gradients(W1, B1, W2, B2)[0])
    model.zero_grad()
    page.output(f"after model.zero_grad():  {model[0].weight.grad}")
    page.say("With several examples the loss is a mean, so the gradient is the mean of the examples' gradients:")
    batch, targets = np.array([[1.0, 2.0], [0.0, 1.0], [-1.0, 0.5]]), np.array([[1.0], [0.0], [2.0]])
    nn.functional.mse_loss(model(batch), targets).backward()
    together = model[0].weight.grad.numpy().copy()
    alone = []
    for x, t in zip(batch, targets, strict=True):
        model.zero_grad()
        nn.functional.mse_loss(model(x), t).backward()
        alone.append(model[0].weight.grad.numpy().copy())
    page.check("The gradient of three examples, and the mean of three gradients", together, np.mean(alone, axis=0))


def as_a_graph(page: Page) -> None:
    page.heading("The graph")
    page.say(
        """What a tensor remembers is a graph: how the loss came about, step by step. It can be drawn. Names, frames and values
        make it readable:"""
    )
    page.code(recorded)
    page.show_graph(
        recorded(),
        "graph",
        "The forward pass goes down along the arrows, the backward pass up against them. Orange: what gets a gradient. Dashed: "
        "what is given. Grey: one step, with its result.",
        values=True,
    )
    page.say(
        """Read it like the calculation on paper: `matmul` is W1 x, [0, 2] are the sums z, and [0.5, 0.881] the outputs of the
        sigmoid. Going back, each grey box turns the slope of its result into the slopes of what goes into it. At the arrows,
        `x1` and `x2` are the first and second argument of a step, where the order counts; they are not our inputs."""
    )


def by_moving(page: Page) -> None:
    page.heading("A test that needs no calculus")
    page.say(
        """Slopes can be tested: move one weight a little, to both sides, and look how the loss changes. These are finite
        differences. With h = 0.00001:"""
    )
    page.formula("dL/dw ≈ (L(w + h) - L(w - h)) / 2h")
    page.code(difference)
    by_hand = in_a_row(gradients(W1, B1, W2, B2))
    found = [difference(i, 1e-5) for i in range(9)]
    page.output(
        f"{'':10}{'backpropagation':>17}{'finite difference':>20}",
        *[f"{name:10}{slope:17.8f}{each:20.8f}" for name, slope, each in zip(ENTRIES, by_hand, found, strict=True)],
    )
    page.check("The nine slopes, and nine finite differences", found, by_hand, tolerance=1e-9)
    page.say(
        """That took 18 forward passes, two for each number. And h has to be chosen: a large one is too coarse, and
        with a small one the two losses are so similar that few of their digits differ. Backpropagation has no such step: it is
        exact up to rounding."""
    )
    page.show(
        picture_of_steps(),
        "steps",
        "The slope with respect to one weight, W1[1, 1]. From right to left errors fall as the step gets finer, and then they "
        "rise, because the computer rounds. Moving to both sides is better by far.",
    )
    best = [min([abs(f(3, h) - by_hand[3]) for h in STEP_SIZES]) for f in (one_sided, difference)]
    page.claim(
        f"The best of the {len(STEP_SIZES)} steps in the picture, to both sides, is more exact than the best to one side",
        best[1] < best[0],
    )


def downhill(page: Page) -> None:
    page.heading("What the gradient is for")
    page.say(
        """If every weight moves a little against its slope, the loss falls. By how much, the slopes say beforehand: by the step
        times the sum of their squares. With a step of 0.01:"""
    )
    step, weights, slopes = 0.01, (W1, B1, W2, B2), gradients(W1, B1, W2, B2)
    moved = [each - step * slope for each, slope in zip(weights, slopes, strict=True)]
    before, after = loss_of(*weights), loss_of(*moved)
    predicted = step * sum(np.sum(slope**2) for slope in slopes)
    page.output(f"loss before {before:.6f}, after {after:.6f}: {before - after:.6f} less; predicted {predicted:.6f}")
    page.claim("The loss has fallen, and the prediction is right to 5%", abs((before - after) / predicted - 1) < 0.05)
    page.say("Repeated many times, this is training by gradient descent, which the next lesson is about.")


def twice(page: Page) -> None:
    page.heading("Slopes of slopes")
    page.say(
        """The backward pass is a calculation too, so it can be recorded and differentiated: `create_graph=True`. The slope of
        the slope is the curvature. For L = (2·w - 4)² from the beginning it is 8 everywhere:"""
    )
    page.code(curvature)
    slope, second = curvature()
    page.output(f"slope {slope:.1f}, curvature {second:.1f}")
    page.check("Both, and on paper dL/dw = 2·(2·w - 4)·2 and d²L/dw² = 8", [slope, second], [8, 8])
    page.say(
        """It tells how far to go: Newton's method moves w by slope / curvature, here from 3 to 2, which is the minimum at once.
        For networks it is mostly too expensive, since there is a curvature for every pair of weights."""
    )
    page.check("The loss at w = 3 - 8/8, and 0", (2 * (3 - slope / second) - 4) ** 2, 0)


def checked(page: Page) -> None:
    page.heading("Testing your own gradients")
    page.say(
        """Whoever writes a gradient by hand makes mistakes, and a network with a wrong gradient may still learn, only badly. So
        the comparison with finite differences is built in, with steps that it chooses itself:"""
    )
    page.code("ag.gradcheck(loss_of, (W1, B1, W2, B2))")
    report = ag.gradcheck(loss_of, (W1, B1, W2, B2))
    page.output(report)
    page.claim("It passes", report.passed)
    page.say(
        """And a sigmoid whose rule has a plus instead of the minus, a·(1 + a). Its result has several numbers, so their sum is
        tested, each times a random factor. These factors are the v in the message; mathematicians call them a cotangent:"""
    )
    report = ag.gradcheck(wrong_sigmoid, np.array([0.0, 2.0]))
    page.output(*[textwrap.fill(each, WIDTH - 6) for each in repr(report).splitlines()])
    page.claim("It is found out", not report.passed)


if __name__ == "__main__":
    run(lesson, __file__)
