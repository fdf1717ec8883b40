"""The curvature of a network's loss: all eigenvalues of its Hessian, and the largest one all along gradient descent.

A network of 337 parameters learns to tell two spirals apart. Its loss's second derivatives, by ``ag.hessian``, are a matrix
whose eigenvalues are nearly all small, with a few large ones. The large ones are found, too, by Lanczos' method, from products
of the Hessian with vectors alone, which ``ag.hvp`` computes without the matrix (here as the ``hessp`` of ``ag.scipy_fun``). So
they can be watched during descent: they grow until the largest is 2 / rate, where steps would overshoot, and stay there: the
edge of stability. Run with ``python -m examples.hessian_spectrum``; the picture goes to ``out/hessian_spectrum``.

Sources: the spectrum: L. Sagun et al., "Empirical analysis of the Hessian of over-parametrized neural networks", 2017,
arXiv:1706.04454; the edge: J. Cohen et al., "Gradient descent on neural networks typically occurs at the edge of stability",
ICLR 2021; the method: C. Lanczos, Journal of Research of the National Bureau of Standards 45, 1950.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray

import autograd as ag
from examples.arguments import parsed
from examples.deep_equilibrium import spirals

matplotlib.use("Agg")  # pictures go to files
import matplotlib.pyplot as plt

SIZES = (2, 16, 16, 1)  # of the layers
POINTS, STEPS, EVERY = 200, 1600, 40  # points to learn from; steps of descent; how many lie between two looks at the curvature
RATES = (0.2, 0.1, 0.05)
PRODUCTS, LARGEST = 40, 5  # of the Hessian with vectors, and how many eigenvalues are compared
AGREEMENT, EDGE = 1e-6, 0.15  # what has to be reached, both relative: Lanczos' eigenvalues, and 2 / rate for the larger rates
COLORS = ("#b3261e", "#c77d0a", "#2f6690")


# ---------------------------------------------------------------- the network, and the matrix of its second derivatives


def initial(rng: np.random.Generator, sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """The layers to start from."""
    return [
        {"weight": rng.normal(size=(inputs, outputs)) / np.sqrt(inputs), "bias": np.zeros(outputs)}
        for inputs, outputs in pairwise(sizes)
    ]


def network(layers: Any, x: Any) -> Any:
    """A number for each point. Shapes: parameters, (points, 2) -> (points,)."""
    for layer in layers[:-1]:
        x = np.tanh(x @ layer["weight"] + layer["bias"])
    return (x @ layers[-1]["weight"] + layers[-1]["bias"])[:, 0]


def loss(layers: Any, x: Any, labels: Any) -> Any:
    """Half the mean squared difference from 1 for the second spiral, -1 for the first."""
    return 0.5 * np.mean((network(layers, x) - (2 * labels - 1)) ** 2)


def as_matrix(hessian: Any, params: Any) -> NDArray[Any]:
    """The blocks of a Hessian, a tree of trees, as one matrix: its rows and columns in the order of ``params``."""
    blocks, sizes = ag.tree_leaves(hessian), [np.size(each) for each in ag.tree_leaves(params)]
    count = isqrt(len(blocks))
    return np.block([[blocks[i * count + j].reshape(sizes[i], sizes[j]) for j in range(count)] for i in range(count)])


# ---------------------------------------------------------------- Lanczos' method, descent


def lanczos(product: Callable[[Any], Any], start: NDArray[Any], steps: int) -> NDArray[Any]:
    """A tridiagonal matrix whose eigenvalues approach the outer ones of a symmetric matrix, known by products alone."""
    basis, diagonal, beside = [start / np.linalg.norm(start)], [], []
    for _ in range(steps):
        v = product(basis[-1])
        diagonal.append(v @ basis[-1])
        for _ in range(2):  # once is not enough in floating point
            v = v - np.stack(basis, axis=1) @ (np.stack(basis) @ v)
        beside.append(np.linalg.norm(v))
        if beside[-1] < 1e-10:  # the whole of what the start can reach
            break
        basis.append(v / beside[-1])
    inner = beside[: len(diagonal) - 1]
    return np.diag(diagonal) + np.diag(inner, 1) + np.diag(inner, -1)


def sharpness(problem: ag.ScipyFunctions, x: NDArray[Any], rng: np.random.Generator, products: int = 12) -> float:
    """The largest eigenvalue of the Hessian at ``x``."""
    reduced = lanczos(lambda v: problem.hessp(x, v), rng.normal(size=len(x)), products)
    return float(np.linalg.eigvalsh(reduced)[-1])


@dataclass(frozen=True)
class Descent:
    """One run of gradient descent: the loss before each step, the sharpness now and then, and the parameters at the end."""

    rate: float
    losses: list[float]
    sharpnesses: dict[int, float]
    params: Any


def descend(params: Any, x: Any, labels: Any, rate: float, steps: int, rng: np.random.Generator) -> Descent:
    """Plain gradient descent on all points."""
    problem = ag.scipy_fun(loss, params, x, labels)
    at, losses, sharpnesses = problem.x0, [], {}
    for step in range(steps + 1):
        if step % EVERY == 0:
            sharpnesses[step] = sharpness(problem, at, rng)
        losses.append(problem.fun(at))
        if step < steps:
            at = at - rate * problem.jac(at)
    return Descent(rate, losses, sharpnesses, problem.unpack(at))


# ---------------------------------------------------------------- picture, program


def plot(path: Path, spectra: dict[str, NDArray[Any]], reduced: NDArray[Any], descents: list[Descent]) -> None:
    """Both spectra, the way of Lanczos' method to the second, and the course of descent: sharpness and loss."""
    figure, axes = plt.subplot_mosaic(
        [["spectra", "sharpness"], ["lanczos", "loss"]], figsize=(12.5, 8.4), layout="constrained"
    )
    for (name, values), color in zip(spectra.items(), ("0.6", "#2f6690"), strict=True):
        axes["spectra"].plot(np.arange(1, len(values) + 1), values[::-1], ".", color=color, markersize=4, label=name)
    axes["spectra"].set_yscale("symlog", linthresh=1e-3)
    axes["spectra"].axhline(0, color="0.85", linewidth=1, zorder=0)
    axes["spectra"].set(xlabel="rank", ylabel="eigenvalue", title="all eigenvalues of the Hessian")
    axes["spectra"].set_yticks([s * 10.0**k for s in (-1, 1) for k in (-3, -2, -1, 0, 1)] + [0])
    axes["spectra"].legend(fontsize="small")
    true = spectra["after"][::-1][:LARGEST]
    for value in true:
        axes["lanczos"].axhline(value, color="0.8", linewidth=3, zorder=0)
    counts = np.arange(1, len(reduced) + 1)
    found = [np.linalg.eigvalsh(reduced[:count, :count])[::-1] for count in counts]
    for rank in range(LARGEST):
        axes["lanczos"].plot(
            counts[rank:], [each[rank] for each in found[rank:]], ".-", color="#2f6690", markersize=4, linewidth=0.8
        )
    axes["lanczos"].set(
        xlabel="Hessian-vector products", ylabel="eigenvalue", title="the largest, after descent, by Lanczos' method"
    )
    axes["lanczos"].plot([], [], ".-", color="#2f6690", label="from products")
    axes["lanczos"].plot([], [], color="0.8", linewidth=3, label="from the matrix")
    axes["lanczos"].legend(fontsize="small", loc="upper right", bbox_to_anchor=(1, 0.88))
    for each, color in zip(descents, COLORS, strict=True):
        steps, values = zip(*each.sharpnesses.items(), strict=True)
        axes["sharpness"].plot(steps, values, ".-", color=color, markersize=4, label=f"rate {each.rate:g}")
        axes["sharpness"].axhline(2 / each.rate, color=color, linestyle=(0, (4, 3)), linewidth=1)
        axes["loss"].semilogy(each.losses, color=color, linewidth=1, label=f"rate {each.rate:g}")
    axes["sharpness"].set(
        xlabel="step of descent",
        ylabel="largest eigenvalue",
        title="the largest along descent, and 2 / rate (dashed)",
        ylim=(0, 2.15 / RATES[-1]),
    )
    axes["loss"].set(xlabel="step of descent", ylabel="loss", title="loss")
    axes["sharpness"].legend(fontsize="small", loc="lower right", ncols=3)
    axes["loss"].legend(fontsize="small")
    for each in axes.values():
        each.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def main() -> None:
    """Check the derivatives, descend at three rates, compare Lanczos' eigenvalues with all of them, and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="few steps, to see it run; the edge is not reached")
    options = parsed(parser, "hessian_spectrum")

    begin = time.perf_counter()
    rng = np.random.default_rng(0)
    x, labels = spirals(POINTS, rng)
    leaves, structure = ag.tree_flatten(initial(rng, (2, 3, 1)))
    report = ag.gradcheck(lambda *leaves: loss(structure.unflatten(leaves), x, labels), leaves, order=2)
    print(f"{report}\n")
    if not report:
        raise SystemExit("the gradient is wrong")

    start = initial(rng)
    count = sum([each.size for each in ag.tree_leaves(start)])
    print(f"{len(x)} points of two spirals, a network of {count} parameters")
    descents = [descend(start, x, labels, rate, 80 if options.quick else STEPS, rng) for rate in RATES]
    for each in descents:
        last = list(each.sharpnesses.values())[-1]
        print(
            f"rate {each.rate:<5g} loss {each.losses[0]:.3f} -> {each.losses[-1]:.4f}, largest eigenvalue "
            f"{each.sharpnesses[0]:.1f} -> {last:.1f}; 2 / rate is {2 / each.rate:.0f}"
        )

    end = descents[1].params
    middle = time.perf_counter()
    matrices = {
        name: as_matrix(ag.hessian(loss)(params, x, labels), params) for name, params in (("before", start), ("after", end))
    }
    seconds = (time.perf_counter() - middle) / 2
    spectra = {name: np.linalg.eigvalsh(matrix) for name, matrix in matrices.items()}
    print(f"\nthe Hessian, {count} x {count}, in {seconds:.2f} s; before descent and after it at rate {descents[1].rate:g}:")
    for name, values in spectra.items():
        small = np.mean(np.abs(values) < 0.01 * values[-1])
        print(f"{name:6} from {values[0]:.2f} to {values[-1]:.2f}, {small:.0%} smaller than a hundredth of the largest")

    problem = ag.scipy_fun(loss, end, x, labels)
    v = rng.normal(size=count)
    off = np.max(np.abs(problem.hessp(problem.x0, v) - matrices["after"] @ v))
    reduced = lanczos(lambda v: problem.hessp(problem.x0, v), v, PRODUCTS)
    found, true = np.linalg.eigvalsh(reduced)[-LARGEST:], spectra["after"][-LARGEST:]
    worst = np.max(np.abs(found / true - 1))
    print(f"product with a vector, without and with the matrix: {off:.1e} apart")
    print(f"the {LARGEST} largest eigenvalues after {len(reduced)} products: off by at most {worst:.1e} of their size")
    plot(options.out / "spectrum.png", spectra, reduced, descents)
    print(f"spectrum.png is in {options.out}; {time.perf_counter() - begin:.1f} s in all")
    if not worst < AGREEMENT:
        raise SystemExit(f"Lanczos' eigenvalues are off: expected at most {AGREEMENT:.0e}, received {worst:.1e}")
    edges = [each.rate * list(each.sharpnesses.values())[-1] / 2 for each in descents[:2]]
    if not options.quick and max([abs(each - 1) for each in edges]) > EDGE:
        raise SystemExit(f"no edge of stability: expected {1 - EDGE:.2f} to {1 + EDGE:.2f} times 2 / rate, received {edges}")


if __name__ == "__main__":
    main()
