"""Lesson 4: losses. Run with ``python -m examples.course.04_losses``."""

import textwrap
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure

import autograd as ag
import nn
from examples.course.page import WIDTH, Page, run
from nn.pictures import COLORS, MUTED, SMALL, finished, one_legend

Array = np.ndarray[Any, Any]


def mse(prediction: Array, target: Array) -> Any:
    return np.mean((prediction - target) ** 2)


def mae(prediction: Array, target: Array) -> Any:
    return np.mean(np.abs(prediction - target))


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def binary_cross_entropy(p: Array, y: Array) -> Any:
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))


def binary_cross_entropy_of_logits(z: Array, y: Array) -> Any:
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


def softmax(z: Array) -> Array:
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def log_softmax(z: Array) -> Array:
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def cross_entropy(z: Array, classes: Array) -> Any:
    each = -log_softmax(z)[np.arange(len(z)), classes]  # of each row the entry of its class
    return np.mean(each)


def slope(loss: Any, prediction: Any) -> Array:
    """The slope of each element's loss with respect to its prediction, as the library computes it."""
    return ag.grad(lambda p: np.sum(loss(p)))(prediction)


def picture_of_regression() -> Figure:
    error = np.linspace(-3, 3, 601)
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8, 3.3), layout="constrained")
    for (name, loss), color in zip({"squared error": np.square, "absolute error": np.abs}.items(), COLORS, strict=False):
        slopes = slope(loss, error)
        slopes[np.abs(np.diff(slopes, append=slopes[-1])) >= 1] = np.nan  # no line where the slope jumps
        left.plot(error, loss(error), color=color, linewidth=2, label=name)
        right.plot(error, slopes, color=color, linewidth=2)
    finished(left, "Loss", "error: prediction - target")
    finished(right, "Slope", "error: prediction - target")
    one_legend(figure, [left, right], own=True)
    return figure


def picture_of_classification() -> Figure:
    """Losses of an example of class 1: over its probability, and their slopes over the logit."""
    p, z = np.linspace(0.003, 1, 500), np.linspace(-8, 8, 500)
    losses = {"cross-entropy": lambda p: -np.log(p), "squared error": lambda p: (1 - p) ** 2}
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8, 3.3), layout="constrained")
    for (name, loss), color in zip(losses.items(), (COLORS[1], COLORS[0]), strict=True):
        left.plot(p, loss(p), color=color, linewidth=2, label=name)
        right.plot(z, slope(lambda z, loss=loss: loss(ag.sigmoid(z)), z), color=color, linewidth=2)
    finished(left, "Loss", "probability p of the right answer")
    finished(right, "Slope", "logit z, of which p is the sigmoid")
    one_legend(figure, [left, right], own=True)
    return figure


def picture_of_overflow() -> Figure:
    """The loss of logits whose answer is 0, in float32, by the formula as it stands and by the safe one."""
    z = np.linspace(8, 20, 600).astype(np.float32)
    with np.errstate(divide="ignore"):
        naive = -np.log(1 - sigmoid(z))
    figure, axes = pyplot.subplots(figsize=(6.4, 3.4), layout="constrained")
    safe = nn.functional.binary_cross_entropy_with_logits(z, np.zeros_like(z), reduction="none")
    axes.plot(z, safe, color=COLORS[1], linewidth=5, alpha=0.4, label="of logits")
    axes.plot(z, naive, color=COLORS[0], linewidth=1.5, label="-log(1 - sigmoid(z))")
    end = z[np.isfinite(naive)].max()
    axes.axvline(end, color=MUTED, linestyle=":")
    axes.annotate("from here on infinite", (end, 9), (6, 0), textcoords="offset points", fontsize=SMALL, va="center")
    axes.legend(frameon=False, loc="upper left")
    finished(axes, "Binary cross-entropy for the answer 0, in float32", "logit z", "loss")
    return figure


def lesson(page: Page) -> None:
    """Losses."""
    page.say(
        """A loss says in one number how wrong a network's predictions are: 0 is perfect, and more is worse. Training makes it
        smaller. For that it needs two things: that the loss measures what we care about, and that its slope says in which
        direction each prediction should change."""
    )
    numbers(page)
    yes_or_no(page)
    logits(page)
    several_classes(page)
    overflow(page)

    page.heading("What to take away")
    page.output(
        "the question          last layer           loss                   targets",
        "a number              nothing              nn.MSELoss             numbers of the same shape",
        "a number, outliers    nothing              nn.L1Loss              numbers of the same shape",
        "yes or no             nothing (a logit)    nn.BCEWithLogitsLoss   0.0 or 1.0, of the same shape",
        "one of C classes      nothing (C logits)   nn.CrossEntropyLoss    0, 1, ..., C - 1, of shape (N,)",
    )
    page.say(
        """In training the last layer gives logits, without sigmoid or softmax; the loss has them inside. Afterwards apply
        sigmoid or softmax to the logits where probabilities are to be shown."""
    )
    page.ask(
        "A network for 10 classes begins with a loss of 2.3, another one with 23. What does each say about its start?",
        "Which loss would you take for house prices, if a few houses in the table are castles?",
        "A photo may show a cat, a dog, both or neither. Why is `CrossEntropyLoss` wrong, and which loss is right?",
    )


def numbers(page: Page) -> None:
    page.heading("Predicting numbers")
    page.say("The mean squared error (MSE) and the mean absolute error (MAE, called L1 as well). Four predictions by hand:")
    page.formula("MSE = mean of (prediction - target)²      MAE = mean of |prediction - target|")
    prediction, target = np.array([2.0, 3.0, 5.0, 4.0]), np.array([1.0, 3.0, 4.0, 10.0])
    error = prediction - target
    page.output(
        f"prediction  {prediction}",
        f"target      {target}",
        f"error       {error}",
        f"squared     {error**2}      mean {np.mean(error**2):.1f}",
        f"absolute    {np.abs(error)}      mean {np.mean(np.abs(error)):.1f}",
    )
    page.code(mse, mae)
    found = [nn.MSELoss()(prediction, target), nn.L1Loss()(prediction, target)]
    page.check("By hand, and `nn.MSELoss()` and `nn.L1Loss()`", found, [mse(prediction, target), mae(prediction, target)])
    shares = [error[3] ** 2 / np.sum(error**2), abs(error[3]) / np.sum(np.abs(error))]
    page.say(
        f"""The last example makes {shares[0]:.0%} of the MSE and {shares[1]:.0%} of the MAE: outliers count more in the MSE. If
        one number has to predict all of 1, 2, 3, 4, 40, which is best? We try every number from 0 to 50, in steps of 0.01:"""
    )
    data, candidates = np.array([1.0, 2.0, 3.0, 4.0, 40.0]), np.linspace(0, 50, 5001)
    best = {
        name: candidates[np.argmin([loss(each, data) for each in candidates])] for name, loss in (("MSE", mse), ("MAE", mae))
    }
    page.output(*[f"least {name} at {each:.2f}" for name, each in best.items()])
    page.check("Where MSE and MAE are least, and the mean and the median", list(best.values()), [data.mean(), np.median(data)])
    page.say("The slope of the loss of one example, with respect to its prediction:")
    page.formula("slope of error²: 2·error      slope of |error|: 1 if error > 0, -1 if error < 0")
    slopes = slope(np.square, error), slope(np.abs, error)
    page.check("The formulas, and what the library finds", slopes, [2 * error, np.sign(error)])
    page.show(
        picture_of_regression(),
        "regression",
        "Two losses of one error. The slope of the squared error grows with the error. That of the absolute error is 1 or -1, "
        "far from the target and close to it.",
    )
    page.say(
        """A warning. In NumPy, an array (3, 1) minus one of shape (3,) has the shape (3, 3): every prediction minus every
        target. The mean of that is a number, too, but not the loss. The library refuses:"""
    )
    column, row = np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 2.0, 3.0])
    page.output(f"mse of (3, 1) and (3,), the same numbers: {mse(column, row):.4f} instead of 0")
    page.output(_refusal(nn.MSELoss(), column, row))
    page.check("This, and the mean over all nine pairs", mse(column, row), np.mean([(a - b) ** 2 for a in row for b in row]))


def yes_or_no(page: Page) -> None:
    page.heading("Yes or no")
    page.say(
        """Now the prediction is a probability p, and the target y is 1 for yes or 0 for no. The loss is the negative logarithm
        of the probability that was given to the right answer: the binary cross-entropy."""
    )
    page.formula("loss = -log(p) if y = 1, -log(1 - p) if y = 0\n     = -y·log(p) - (1 - y)·log(1 - p), both in one")
    right = np.array([1.0, 0.9, 0.5, 0.1, 0.01])
    page.output(
        "probability of the right answer" + "".join([f"{each:8.2f}" for each in right]),
        "loss                           " + "".join([f"{each:8.4f}" for each in np.abs(np.log(right))]),
    )
    page.say(
        """To be sure and right costs nothing. To say 0.5 costs log 2 = 0.6931. To be sure and wrong costs the more, the surer
        one is, without end. Three examples, and their mean:"""
    )
    p, y = np.array([0.9, 0.2, 0.3]), np.array([1.0, 0.0, 1.0])
    page.output(
        f"p = {p}, y = {y}",
        f"loss = (-log 0.9 - log 0.8 - log 0.3) / 3 = ({-np.log(0.9):.4f} + {-np.log(0.8):.4f} + {-np.log(0.3):.4f}) / 3 "
        f"= {binary_cross_entropy(p, y):.4f}",
    )
    page.code(binary_cross_entropy)
    page.check("By hand, and `nn.BCELoss()`", nn.BCELoss()(p, y), binary_cross_entropy(p, y))
    page.say(
        """Why the logarithm? The probability that all three answers are right is the product 0.9·0.8·0.3. The logarithm of a
        product is a sum, so a small loss is a large probability of everything that was seen (the likelihood):"""
    )
    page.check("-log(0.9·0.8·0.3) / 3, and the loss", -np.log(0.9 * 0.8 * 0.3) / 3, binary_cross_entropy(p, y))
    page.say(
        """And why not the squared error (p - y)²? Because p comes out of a sigmoid, which is flat far from 0 (lesson 2). Let z
        be the input of the sigmoid, the logit. For y = 1 and z = -8 the network is sure and wrong, and has to learn:"""
    )
    z = np.array([-8.0])
    of_squares, of_logs = slope(lambda z: (ag.sigmoid(z) - 1) ** 2, z), slope(lambda z: -np.log(ag.sigmoid(z)), z)
    page.formula("squared error:  d loss / dz = 2·(p - y)·p·(1 - p)\ncross-entropy:  d loss / dz = p - y")
    page.output(f"squared error: slope {of_squares[0]:.6f}", f"cross-entropy: slope {of_logs[0]:.6f}")
    q = sigmoid(z)
    page.check("The formulas, and what the library finds", [of_squares, of_logs], [2 * (q - 1) * q * (1 - q), q - 1])
    page.show(
        picture_of_classification(),
        "classification",
        "The target is 1. On the left the losses of a probability: only cross-entropy is steep where p is near 0. On the right "
        "their slopes with respect to the logit: that of the squared error vanishes where the network is most wrong.",
    )


def logits(page: Page) -> None:
    page.heading("Probabilities or logits")
    page.say(
        f"""Sigmoid first and the logarithm then is right on paper. But a float64 has about 16 digits, a float32 about 7. For
        z = 40 the sigmoid is 1 - {np.exp(-40.0):.0e}, which is stored as 1. Then log(1 - p) is the logarithm of 0, and the loss
        infinite. The way out is to do both steps on paper, and to compute their result:"""
    )
    page.formula("-log(1 - sigmoid(z)) = log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|))")
    page.say("Now exp only gets numbers that are not positive, so it cannot overflow. With the target in it:")
    page.code(binary_cross_entropy_of_logits)
    page.say(
        """Here are the losses and slopes of some logits for the answer 0: by the formula as it stands, by `nn.BCELoss` of the
        sigmoid, which takes no logarithm for less than -100, and by `nn.BCEWithLogitsLoss`:"""
    )
    z, y = np.array([2.0, 20.0, 40.0, 800.0]), np.zeros(4)
    through_sigmoid, of_logits = nn.BCELoss(reduction="none"), nn.BCEWithLogitsLoss(reduction="none")
    with np.errstate(divide="ignore"):
        naive = -np.log(1 - sigmoid(z))
    losses = [naive, through_sigmoid(sigmoid(z), y), of_logits(z, y)]
    slopes = [slope(lambda z: through_sigmoid(ag.sigmoid(z), y), z), slope(lambda z: of_logits(z, y), z)]
    page.output(
        "        loss                                       slope",
        "    z   formula        BCELoss   BCEWithLogits     BCELoss   BCEWithLogits",
        *[
            f"{each:5.0f}{a:10.4f}{b:15.4f}{c:16.4f}{d:12.4f}{e:16.4f}"
            for each, a, b, c, d, e in zip(z, *losses, *slopes, strict=True)
        ],
    )
    page.claim("The formula gives infinity from z = 40 on", np.isinf(naive).tolist() == [False, False, True, True])
    page.claim(
        "The slope of `BCELoss` is 0 there, that of `BCEWithLogitsLoss` is 1", not slopes[0][2] and slopes[1][2] > 0.999999
    )
    z = np.array([-800.0, -2.0, 0.0, 2.0, 800.0])
    y = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
    page.check(
        "By hand from logits, and `nn.BCEWithLogitsLoss()`", nn.BCEWithLogitsLoss()(z, y), binary_cross_entropy_of_logits(z, y)
    )
    page.say(
        """So a network that is sure and wrong, and should learn most, learns nothing if its loss goes through the probability.
        That is why the last layer gives logits, and the loss is one of logits."""
    )
    page.say("In float32, 16 is the last whole logit with which the formula still works:")
    with np.errstate(divide="ignore"):
        naive = -np.log(1 - sigmoid(np.array([16, 17], np.float32)))
    page.output(f"z = 16: {naive[0]:.4f}", f"z = 17: {naive[1]}")
    page.claim("The first is finite, the second is not", np.isfinite(naive).tolist() == [True, False])
    page.show(
        picture_of_overflow(),
        "overflow",
        "In float32 the formula goes in steps, since 1 - p has few digits left, and then there is none left.",
    )


def several_classes(page: Page) -> None:
    page.heading("One of several classes")
    page.say(
        """For C classes the network gives C logits, softmax makes probabilities of them (lesson 2), and the loss is again the
        negative logarithm of the probability of the right class: the categorical cross-entropy. Two examples of three
        classes:"""
    )
    page.formula("loss = -log(softmax(z)_c)      c is the right class")
    z, classes = np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]), np.array([0, 2])
    p = softmax(z)
    page.output(
        *[
            f"z = {each}   p = {q.round(4)}   class {c}   loss = -log {q[c]:.4f} = {-np.log(q[c]):.4f}"
            for each, q, c in zip(z, p, classes, strict=True)
        ],
        f"mean: {-np.log(p[[0, 1], classes]).mean():.4f}",
    )
    page.code(log_softmax, cross_entropy)
    page.check(
        "By hand, and `nn.CrossEntropyLoss()` of the logits", nn.CrossEntropyLoss()(z, classes), cross_entropy(z, classes)
    )
    paper = (np.log(1 + np.exp(-1) + np.exp(-2)) + np.log(3)) / 2
    page.check("The loss, and on paper: (log(1 + 1/e + 1/e²) + log 3) / 2", cross_entropy(z, classes), paper)
    page.say(
        """The second example has equal logits: the network does not know, and its loss is log 3 = 1.0986. For C classes that is
        log C. A network that has not learned anything yet should have about this loss; compare it with your first one."""
    )
    page.say(
        """Textbooks write the target as a one-hot vector t: a 1 at the right class, and 0 elsewhere. Then the loss is
        -t_1·log(p_1) - ... - t_C·log(p_C), of which one term remains. Class numbers say the same in less space:"""
    )
    one_hot = nn.functional.one_hot(classes, 3)
    page.output(f"classes {classes}", *_lines("one-hot ", one_hot), f"back: one_hot.argmax(axis=1) = {one_hot.argmax(axis=1)}")
    found = nn.CrossEntropyLoss()(z, one_hot.astype(float))
    page.check("The loss of one-hot targets, and of class numbers", found, nn.CrossEntropyLoss()(z, classes))
    page.say("As for yes or no, the slope with respect to the logits is as simple as can be: what is, minus what should be.")
    page.formula("d loss / dz = (p - t) / N      for a mean over N examples")
    found = ag.grad(lambda z: nn.functional.cross_entropy(z, classes))(z)
    page.output(found.round(4))
    page.check("The formula, and what the library finds", found, (p - one_hot) / 2)


def overflow(page: Page) -> None:
    page.heading("Softmax and large logits")
    page.say(
        """exp(1000) is more than a float can hold. So softmax, written as its formula, gives infinity divided by infinity,
        which is NaN (not a number); a step of training with it makes the weights NaN as well. Since only differences of logits
        count, one may subtract the largest first: then the largest exponent is 0. `log_softmax` above does so."""
    )
    z = np.array([[1000.0, 0.0, -1000.0]])
    with np.errstate(over="ignore", invalid="ignore"):
        naive = softmax(z)
    page.output(f"z                = {z[0]}", f"softmax, naive   = {naive[0]}", f"log_softmax      = {log_softmax(z)[0]}")
    page.claim("The naive formula has given NaN", bool(np.isnan(naive).any()))
    page.check("`log_softmax` by hand and that of `nn`", nn.functional.log_softmax(z, dim=1), log_softmax(z))
    page.say(
        """A common mistake is softmax as the last layer, and then `CrossEntropyLoss`, which applies softmax again. Nothing
        fails, but the losses are wrong. Even perfect probabilities have a loss then:"""
    )
    perfect, classes = np.eye(3), np.arange(3)
    twice = nn.CrossEntropyLoss()(perfect, classes)
    page.output(f"loss of perfect probabilities, taken for logits: {twice:.4f}")
    page.check("This loss, and log(1 + 2/e)", twice, np.log(1 + 2 / np.e))


def _lines(name: str, matrix: Array) -> list[str]:
    """A matrix in lines, behind its name."""
    first, *others = str(matrix).splitlines()
    return [f"{name}{first}", *[" " * len(name) + each for each in others]]


def _refusal(loss: nn.Module, prediction: Array, target: Array) -> str:
    """What a loss says to shapes that do not fit."""
    try:
        return str(loss(prediction, target))
    except ValueError as error:
        return textwrap.fill(f"ValueError: {error}", WIDTH - 6)


if __name__ == "__main__":
    run(lesson, __file__)
