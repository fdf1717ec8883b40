"""The gradient of every single example, all at once: it finds wrong labels, and it trains a network that keeps secrets.

A network reads handwritten digits, some of which were given a wrong label on purpose. ``ag.vmap(ag.grad(loss))`` computes the
gradient of each example's own loss, which training only ever sees added up. Long gradients point at the wrong labels. With each
gradient cut to a length, and noise added to their sum, no single example can be told from the trained network: differentially
private descent. Run with ``python -m examples.per_example_gradients``; the picture goes to ``out/per_example_gradients``.

Sources: lengths of gradients as a score: M. Paul, S. Ganguli and G. K. Dziugaite, "Deep learning on a data diet", NeurIPS 2021;
private descent: M. Abadi et al., "Deep learning with differential privacy", CCS 2016, algorithm 1; what it keeps secret:
I. Mironov, K. Talwar and L. Zhang, "Renyi differential privacy of the sampled Gaussian mechanism", 2019, arXiv:1908.10530,
section 3.3. The data are those of ``examples.digits``.
"""

import argparse
import time
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import autograd as ag
from examples.arguments import parsed

matplotlib.use("Agg")  # pictures go to files
import matplotlib.pyplot as plt

WRONG = 0.05  # the part of the training labels that is changed
EPOCHS, BATCH, RATE = 10, 32, 0.2  # of ordinary descent; the rate falls to 0 in the end
PRIVATE_STEPS, SAMPLED, LENGTH, NOISE, PRIVATE_RATE = 300, 0.15, 1.0, 2.0, 1.0
DELTA = 1e-5  # the probability with which privacy may fail altogether
PRECISION, ACCURACY = 0.8, 0.85  # what has to be reached: wrong labels among those found, accuracy of the private network
ORANGE, BLUE, RED = "#d9730d", "#1f6fb4", "#b3261e"


# ---------------------------------------------------------------- the network, and what its examples ask for


@dataclass(frozen=True)
class Network:
    """Two layers, 64 pixels to 64 features to 10 logits; its gradient is one more of these."""

    w1: Any
    b1: Any
    w2: Any
    b2: Any

    def __call__(self, x: Any) -> Any:
        return np.tanh(x @ self.w1 + self.b1) @ self.w2 + self.b2


def initial(rng: np.random.Generator, features: int = 64) -> Network:
    """A network to start from."""
    w1, w2 = rng.normal(size=(64, features)) / 8, rng.normal(size=(features, 10)) / np.sqrt(features)
    return Network(w1, np.zeros(features), w2, np.zeros(10))


def loss(network: Network, image: Any, label: Any) -> Any:
    """The cross-entropy of one example."""
    logits = network(image)
    return ag.logsumexp(logits) - logits[label]


def mean_loss(network: Network, images: Any, labels: Any) -> Any:
    """That of many examples, on average."""
    return np.mean(ag.vmap(loss, in_axes=(None, 0, 0))(network, images, labels))


per_example = ag.vmap(ag.grad(loss), in_axes=(None, 0, 0))  # a network of gradients with an axis of examples in front


def lengths(gradients: Network) -> NDArray[Any]:
    """The length of each example's gradient, over all parameters. Shape: (examples,)."""
    return np.sqrt(sum([np.sum(each.reshape(len(each), -1) ** 2, axis=1) for each in ag.tree_leaves(gradients)]))


def shortened_sum(gradients: Network, length: float) -> Network:
    """The sum of the gradients, each cut to a length."""
    factors = np.minimum(1, length / lengths(gradients))
    return ag.tree_map(lambda each: np.tensordot(factors, each, axes=1), gradients)


def accuracy(network: Network, images: Any, labels: Any) -> float:
    """The share of images whose most likely class is the right one."""
    return float(np.mean(np.argmax(network(images), axis=1) == labels))


# ---------------------------------------------------------------- descent, ordinary and private


def descend(network: Network, images: Any, labels: Any, epochs: int, rng: np.random.Generator) -> Network:
    """Ordinary stochastic gradient descent, on small batches."""
    gradient = ag.grad(mean_loss)
    batches = [batch for _ in range(epochs) for batch in np.array_split(rng.permutation(len(images)), len(images) // BATCH)]
    for batch, rate in zip(batches, np.linspace(RATE, 0, len(batches)), strict=True):
        change = gradient(network, images[batch], labels[batch])
        network = ag.tree_map(lambda w, g, rate=rate: w - rate * g, network, change)
    return network


def private_step(network: Network, images: Any, labels: Any, rng: np.random.Generator) -> Network:
    """One step of private descent: every example takes part by chance, is cut to a length and drowned in noise."""
    chosen = rng.random(len(images)) < SAMPLED
    summed = shortened_sum(per_example(network, images[chosen], labels[chosen]), LENGTH)
    noisy = ag.tree_map(lambda each: each + rng.normal(scale=NOISE * LENGTH, size=each.shape), summed)
    return ag.tree_map(lambda w, g: w - PRIVATE_RATE * g / (SAMPLED * len(images)), network, noisy)


def privacy(steps: int, sampled: float, noise: float, delta: float) -> float:
    """Epsilon after so many steps: how well the best test tells networks trained with and without one example apart.

    By the Renyi divergences of whole orders (Mironov et al., section 3.3, and proposition 3 of Mironov, 2017).
    """
    found = []
    for order in range(2, 129):
        k = np.arange(order + 1)
        chosen = gammaln(order + 1) - gammaln(k + 1) - gammaln(order - k + 1)  # the logarithm of the binomial coefficient
        if sampled < 1:
            terms = chosen + k * np.log(sampled) + (order - k) * np.log1p(-sampled) + (k**2 - k) / (2 * noise**2)
            divergence = logsumexp(terms) / (order - 1)
        else:
            divergence = order / (2 * noise**2)
        found.append(steps * divergence + np.log(1 / delta) / (order - 1))
    return float(min(found))


# ---------------------------------------------------------------- data, comparison, picture


@dataclass(frozen=True)
class Data:
    """Digits for training, with labels of which some are wrong, and for a test."""

    images: NDArray[Any]
    labels: NDArray[Any]  # as they are given
    true: NDArray[Any]
    test_images: NDArray[Any]
    test_labels: NDArray[Any]

    @property
    def wrong(self) -> NDArray[Any]:
        return self.labels != self.true


def plant(rng: np.random.Generator) -> Data:
    """Split the digits, and change some labels of the training set."""
    images, labels = load_digits(return_X_y=True)
    images, test_images, true, test_labels = train_test_split(
        images / 16, labels, test_size=0.2, stratify=labels, random_state=0
    )
    changed = rng.choice(len(true), round(WRONG * len(true)), replace=False)
    given = true.copy()
    given[changed] = (true[changed] + rng.integers(1, 10, len(changed))) % 10
    return Data(images, given, true, test_images, test_labels)


def compare(network: Network, images: Any, labels: Any) -> tuple[float, float, float]:
    """The largest difference between gradients computed at once and one after another, and the seconds that both take."""
    per_example(network, images, labels)  # once to warm up
    begin = time.perf_counter()
    at_once = per_example(network, images, labels)
    middle = time.perf_counter()
    one_by_one = [ag.grad(loss)(network, *example) for example in zip(images, labels, strict=True)]
    end = time.perf_counter()
    stacked = ag.tree_map(lambda *each: np.stack(each), *one_by_one)
    differences = ag.tree_map(lambda a, b: np.max(np.abs(a - b)), at_once, stacked)
    return float(reduce(max, ag.tree_leaves(differences))), middle - begin, end - middle


def share(norms: NDArray[Any], data: Data, count: int) -> float:
    """The part of the ``count`` longest gradients that belong to wrong labels."""
    return float(np.mean(data.wrong[np.argsort(norms)[-count:]]))


def plot(path: Path, data: Data, norms: NDArray[Any], ordinary: float, accuracies: list[float], epsilon: float) -> None:
    """Digits with the longest and the shortest gradients, the lengths of all, and the course of private descent."""
    columns = 12
    figure = plt.figure(figsize=(12.5, 8.8), layout="constrained")
    above, below = figure.subfigures(2, 1, height_ratios=[1.2, 1], hspace=0.06)
    grid = above.subplots(4, columns)
    order = np.argsort(norms)
    for axes, i in zip(grid.flat, [*order[::-1][: 2 * columns], *order[: 2 * columns]], strict=True):
        axes.imshow(data.images[i].reshape(8, 8), cmap="gray_r")
        told = f"{data.labels[i]}, is {data.true[i]}" if data.wrong[i] else f"{data.labels[i]}"
        axes.set_title(f"{told}  ({norms[i]:.2g})", fontsize=8, color=RED if data.wrong[i] else "0.2", pad=3)
        axes.set(xticks=[], yticks=[])
    for row, text in ((0, "longest"), (2, "shortest")):
        grid[row, 0].set_ylabel(f"{text}\ngradients", fontsize=9, rotation=0, ha="right", va="center", labelpad=8)
    above.suptitle("the label given, what it is where that is wrong, and the gradient's length", fontsize=10)
    left, right = below.subplots(1, 2)
    bins = np.geomspace(norms.min(), norms.max(), 45)
    left.hist(norms[~data.wrong], bins, color=BLUE, alpha=0.7, label="right labels")
    left.hist(norms[data.wrong], bins, color=RED, alpha=0.8, label="wrong labels")
    left.margins(y=0.4)
    left.set(xscale="log", xlabel="length of the gradient", ylabel="examples", title="lengths of all gradients")
    border = norms[order[-np.count_nonzero(data.wrong)]]
    left.axvline(border, color="0.3", linestyle="--", linewidth=1, label="as many to the right as labels are wrong")
    left.legend(fontsize="small", loc="upper left")
    right.plot(accuracies, color=ORANGE, label=f"private descent, epsilon {epsilon:.1f} at its end")
    right.axhline(ordinary, color=BLUE, linestyle="--", label="ordinary descent, at its end")
    right.set(xlabel="step of private descent", ylabel="accuracy", ylim=(0, 1), title="test accuracy")
    right.legend(fontsize="small", loc="lower right")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def main() -> None:
    """Plant wrong labels, train, compare, find the labels again, train in private, and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="few steps, to see it run; less will be found")
    options = parsed(parser, "per_example_gradients")

    begin = time.perf_counter()
    rng = np.random.default_rng(0)
    data = plant(rng)
    start = initial(rng)
    count = sum([each.size for each in ag.tree_leaves(start)])
    print(f"{len(data.images)} digits, {np.count_nonzero(data.wrong)} with a wrong label; a network of {count} parameters")
    network = descend(start, data.images, data.labels, 3 if options.quick else EPOCHS, rng)
    ordinary = accuracy(network, data.test_images, data.test_labels)
    print(f"ordinary descent: test accuracy {ordinary:.1%}")

    some = slice(0, 200 if options.quick else None)
    difference, at_once, one_by_one = compare(network, data.images[some], data.labels[some])
    print(
        f"{len(data.images[some])} gradients of {count} numbers: at once {1e3 * at_once:.0f} ms, one after another "
        f"{1e3 * one_by_one:.0f} ms; largest difference {difference:.1e}"
    )

    norms = lengths(per_example(network, data.images, data.labels))
    count = np.count_nonzero(data.wrong)
    first, precision = share(norms, data, count // 2), share(norms, data, count)
    print(f"of the {count // 2} longest gradients {first:.0%} belong to wrong labels, of the {count} longest {precision:.0%}")
    right, wrong = np.median(norms[~data.wrong]), np.median(norms[data.wrong])
    print(f"median length {right:.2g} with right labels, {wrong:.2g} with wrong ones")

    private, accuracies = start, [accuracy(start, data.test_images, data.test_labels)]
    for _ in range(20 if options.quick else PRIVATE_STEPS):
        private = private_step(private, data.images, data.labels, rng)
        accuracies.append(accuracy(private, data.test_images, data.test_labels))
    epsilon = privacy(len(accuracies) - 1, SAMPLED, NOISE, DELTA)
    print(
        f"private descent: {len(accuracies) - 1} steps, epsilon {epsilon:.2f} at delta {DELTA:g}, "
        f"test accuracy {accuracies[-1]:.1%}"
    )
    plot(options.out / "gradients.png", data, norms, ordinary, accuracies, epsilon)
    print(f"gradients.png is in {options.out}; {time.perf_counter() - begin:.1f} s in all")
    if not difference < 1e-12:
        raise SystemExit(f"the gradients differ: expected at most 1e-12, received {difference:.1e}")
    if not options.quick and (precision < PRECISION or accuracies[-1] < ACCURACY):
        raise SystemExit(f"expected a precision of at least {PRECISION:.0%} and a private accuracy of at least {ACCURACY:.0%}")


if __name__ == "__main__":
    main()
