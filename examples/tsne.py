"""t-SNE: handwritten digits are laid out in the plane so that neighbours stay neighbours, by descending a NumPy expression.

The objective, a Kullback-Leibler divergence, is a few lines of plain NumPy. Its gradient comes from ``autograd`` and is
compared with the closed form that the paper derives by hand. Run with ``python -m examples.tsne``; the picture goes to
``out/tsne``.

Source: L. van der Maaten and G. Hinton, "Visualizing Data using t-SNE", Journal of Machine Learning Research 9, 2008.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from scipy.special import entr
from sklearn.datasets import load_digits
from sklearn.manifold import trustworthiness

import autograd as ag
from examples.arguments import parsed

matplotlib.use("Agg")  # pictures go to files
import matplotlib.pyplot as plt

DIGITS, STEPS = 500, 400  # how many are laid out, in how many steps
EARLY, EXAGGERATION = 100, 4.0  # for this many steps neighbours attract each other this much more
TRUSTWORTHINESS, ACCURACY = 0.97, 0.95  # what the layout has to reach


def squared_distances(x: Any) -> Any:
    """Between all rows of ``x``: |a|^2 + |b|^2 - 2 a.b."""
    norms = np.sum(x**2, axis=1)
    return norms[:, None] + norms - 2 * x @ x.T


def affinities(x: Any, perplexity: float = 30.0) -> Any:
    """How likely each pair of rows of ``x`` is to be neighbours; each row has about ``perplexity`` of them."""
    distances = squared_distances(x)
    np.fill_diagonal(distances, np.inf)
    low, high = np.full((len(x), 1), 1e-3), np.full((len(x), 1), 1e3)  # each row's precision lies between
    for _ in range(40):
        precision = np.sqrt(low * high)
        p = np.exp(-precision * distances)
        p /= np.sum(p, axis=1, keepdims=True)
        too_wide = np.sum(entr(p), axis=1, keepdims=True) > np.log(perplexity)
        low, high = np.where(too_wide, precision, low), np.where(too_wide, high, precision)
    return (p + p.T) / (2 * len(x))


def divergence(y: Any, p: Any, exaggeration: float = 1.0) -> Any:
    """KL(P || Q) = sum p log p - sum p log q, where q = w / sum w with w = 1 / (1 + distance^2); ``y`` are the places.

    So -sum p log q = sum p log(1 + distance^2) + log sum w: attraction and repulsion; the first can be exaggerated.
    """
    distances = squared_distances(y)
    w = 1 / (1 + distances)
    np.fill_diagonal(w, 0)
    return exaggeration * np.sum(p * np.log1p(distances)) + np.log(np.sum(w)) - np.sum(entr(p))


def closed_form(y: Any, p: Any, exaggeration: float = 1.0) -> Any:
    """The paper's gradient with respect to y_i: 4 sum_j (p_ij - q_ij) w_ij (y_i - y_j), with p exaggerated."""
    w = 1 / (1 + squared_distances(y))
    np.fill_diagonal(w, 0)
    forces = (exaggeration * p - w / np.sum(w)) * w
    return 4 * (np.sum(forces, axis=1, keepdims=True) * y - forces @ y)


def principal_components(x: Any) -> Any:
    """The rows of ``x`` along the two directions in which they vary most."""
    u, s, _ = np.linalg.svd(x - np.mean(x, axis=0), full_matrices=False)
    return u[:, :2] * s[:2]


def lay_out(y: Any, p: Any, steps: int) -> Any:
    """Descent with momentum: the places, the divergence at each step, the gradient's worst error over its largest element."""
    objective_and_gradient = ag.value_and_grad(divergence)
    velocity, history, checks = np.zeros_like(y), [], []
    for step in range(steps):
        momentum, exaggeration = (0.5, EXAGGERATION) if step < EARLY else (0.8, 1.0)
        _, gradient = objective_and_gradient(y, p, exaggeration)
        if step % 20 == 0:
            expected = closed_form(y, p, exaggeration)
            checks.append((np.max(np.abs(gradient - expected)), np.max(np.abs(expected))))
        velocity = momentum * velocity - len(y) / (2 * exaggeration) * gradient
        y = y + velocity
        history.append(divergence(y, p))
    return y, history, np.divide(*np.max(checks, axis=0))


def accuracy(y: Any, labels: Any) -> float:
    """The share of rows whose nearest other row has the same label."""
    distances = squared_distances(y) + np.diag(np.full(len(y), np.inf))
    return float(np.mean(labels[np.argmin(distances, axis=1)] == labels))


def plot(path: Path, layouts: dict[str, Any], labels: Any, history: list[float]) -> None:
    """Where the descent began, where it ended, and how it went."""
    figure, axes = plt.subplots(1, 3, figsize=(14, 4.8), width_ratios=[1, 1, 0.8], layout="constrained")
    for each, (title, y) in zip(axes, layouts.items(), strict=False):
        each.scatter(*y.T, c=labels, cmap="tab10", s=14, linewidths=0)
        for digit in range(10):
            box = {"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": plt.cm.tab10(digit)}
            each.text(*np.median(y[labels == digit], axis=0), str(digit), ha="center", va="center", bbox=box)
        each.set(title=title, xlabel="first coordinate", ylabel="second coordinate", aspect="equal", adjustable="datalim")
    axes[2].plot(np.arange(1, len(history) + 1), history, color="0.2")
    axes[2].axvspan(1, EARLY, color="#2f6690", alpha=0.12, linewidth=0, label="early exaggeration")
    axes[2].set(xlabel="step", ylabel="KL(P || Q) (nats)", title="divergence", ylim=(0, None))
    axes[2].legend()
    axes[2].spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def main() -> None:
    """Check the gradient, lay the digits out, measure how well neighbours were kept, and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options = parsed(parser, "tsne")

    begin = time.perf_counter()
    images, labels = (each[:DIGITS] for each in load_digits(return_X_y=True))
    p, start = affinities(images / 16), principal_components(images / 16)
    few = affinities(images[:12] / 16, perplexity=4.0)
    report = ag.gradcheck(lambda y: divergence(y, few), start[:12], order=2)
    print(f"{report}\n")
    if not report:
        raise SystemExit("the gradient is wrong")
    y, history, worst = lay_out(0.01 * start / start.std(), p, STEPS)
    print(f"gradient and closed form differ by at most {worst:.1e} of the largest element, over the whole descent")
    print(f"KL(P || Q) {history[0]:.4f} after the first step, {history[-1]:.4f} after {STEPS}")
    for name, each in (("principal components", start), ("t-SNE", y)):
        trusted, same = trustworthiness(images, each, n_neighbors=12), accuracy(each, labels)
        print(f"{name:>20}: trustworthiness {trusted:.3f}, nearest neighbour is the same digit for {same:.1%}")
    plot(options.out / "layout.png", {"start: principal components": start, f"t-SNE of {len(y)} digits": y}, labels, history)
    print(f"layout.png is in {options.out}; {time.perf_counter() - begin:.1f} s in all")
    if worst > 1e-10:
        raise SystemExit("the gradient is not the closed form")
    if trusted < TRUSTWORTHINESS or same < ACCURACY:  # of the last one
        raise SystemExit(f"no good layout: expected trustworthiness {TRUSTWORTHINESS}, the same digit for {ACCURACY:.0%}")


if __name__ == "__main__":
    main()
