"""A network of infinitely many equal layers: it is where repeating one layer leads, and its gradient needs no layer's memory.

The layer is ``z -> tanh(z W + x U + b)``; the network's state is the fixed point of it, found by ``ag.fixed_point``, and the
implicit function theorem differentiates it. It is written for one point of the plane, computed for many at once by
``ag.vmap``, and learns to tell two spirals apart. W is kept below 1 in norm, which makes the layer a contraction: there is one
fixed point. Gradients and memory are compared with those of layers that are really stacked. Run with
``python -m examples.deep_equilibrium``; the picture goes to ``out/deep_equilibrium``.

Sources: S. Bai, J. Z. Kolter and V. Koltun, "Deep equilibrium models", NeurIPS 2019; the bound on W: L. El Ghaoui et al.,
"Implicit deep learning", SIAM Journal on Mathematics of Data Science 3, 2021; the spirals: K. J. Lang and M. J. Witbrock,
"Learning to tell two spirals apart", Connectionist Models Summer School 1988.
"""

import argparse
import time
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import autograd as ag
from examples.arguments import parsed

matplotlib.use("Agg")  # pictures go to files
import matplotlib.pyplot as plt

WIDTH, POINTS, ITERATIONS = 12, 400, 120  # numbers in a state, points to learn from, steps of L-BFGS
BOUND = 0.97  # of the norm of W
DECAY = 3e-4  # what a square of U or of the output weights costs; so the repetition has to do the work
TOLERANCE = 1e-8  # of the fixed points, in training
DEPTHS = (3, 10, 30, 100, 300)  # how many layers to stack for comparison
WORST, AGREEMENT = 0.98, 1e-8  # the test accuracy and, with 300 layers, the agreement that have to be reached


# ---------------------------------------------------------------- the network


class Network(NamedTuple):
    """The parameters; a gradient is one more of these."""

    recurrent: Any  # W is made from it
    input: Any  # U
    bias: Any
    output: Any
    offset: Any


def initial(rng: np.random.Generator, width: int = WIDTH) -> Network:
    """A network to start from."""
    recurrent = rng.normal(size=(width, width)) / np.sqrt(width)
    return Network(recurrent, 0.5 * rng.normal(size=(2, width)), 0.5 * rng.normal(size=width), np.zeros(width), np.array(0.0))


def contraction(recurrent: Any) -> Any:
    """W: the matrix itself, or one in its direction with the norm of the bound."""
    return recurrent / np.maximum(1, np.linalg.norm(recurrent, 2) / BOUND)


def layer(state: Any, w: Any, network: Network, x: Any) -> Any:
    """One layer. Shapes: (..., width), (width, width), parameters, (..., 2) -> (..., width)."""
    return np.tanh(state @ w + x @ network.input + network.bias)


def equilibrium(network: Network, x: Any, tol: float = TOLERANCE) -> Any:
    """The states that another layer would not change. Shapes: parameters, (points, 2) -> (points, width)."""
    w, start = contraction(network.recurrent), np.zeros(len(network.bias))
    return ag.vmap(lambda point: ag.fixed_point(layer, start, w, network, point, tol=tol))(x)


def stacked(network: Network, x: Any, depth: int) -> Any:
    """The states after so many layers. Shapes: parameters, (points, 2) -> (points, width)."""
    w, state = contraction(network.recurrent), np.zeros((len(x), len(network.bias)))
    for _ in range(depth):
        state = layer(state, w, network, x)
    return state


def logits(network: Network, states: Any) -> Any:
    """How much speaks for the second spiral."""
    return states @ network.output + network.offset


def loss(network: Network, x: Any, labels: Any, depth: int | None = None, tol: float = TOLERANCE) -> Any:
    """Cross-entropy and decay: of the equilibrium, or of ``depth`` layers."""
    states = equilibrium(network, x, tol) if depth is None else stacked(network, x, depth)
    decay = DECAY * (np.sum(network.input**2) + np.sum(network.output**2))
    return np.mean(np.logaddexp(0, (1 - 2 * labels) * logits(network, states))) + decay


def accuracy(network: Network, x: Any, labels: Any) -> float:
    """The share of points that are told right."""
    return float(np.mean((logits(network, equilibrium(network, x)) > 0) == labels))


# ---------------------------------------------------------------- data, fit, comparisons


def spirals(count: int, rng: np.random.Generator) -> tuple[NDArray[Any], NDArray[Any]]:
    """Points along two spirals, and which of them they belong to."""
    labels = np.arange(count) % 2
    radius = np.sqrt(rng.uniform(0.02, 1, count))
    angle = 2.5 * np.pi * radius + np.pi * labels
    points = 2 * radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return points + rng.normal(scale=0.06, size=(count, 2)), labels


def fit(network: Network, x: Any, labels: Any, iterations: int) -> tuple[Network, list[float]]:
    """Minimize by L-BFGS; the network found, and the loss after each step."""
    problem = ag.scipy_fun(loss, network, x, labels)
    losses = [problem.fun(problem.x0)]
    found = minimize(
        problem.fun,
        problem.x0,
        jac=problem.jac,
        method="L-BFGS-B",
        callback=lambda intermediate_result: losses.append(intermediate_result.fun),
        options={"maxiter": iterations, "ftol": 0, "gtol": 1e-7},
    )
    return problem.unpack(found.x), losses


def difference(a: Network, b: Network) -> float:
    """The largest difference between two gradients, relative to the largest number in the second."""
    worst = max(ag.tree_leaves(ag.tree_map(lambda p, q: np.max(np.abs(p - q)), a, b)))
    return float(worst / max([np.max(np.abs(each)) for each in ag.tree_leaves(b)]))


def recorded(network: Network, x: Any, labels: Any, depth: int | None) -> tuple[int, float]:
    """How many operations a loss records, and how many megabytes their results are."""
    variables = ag.tree_map(lambda each: ag.tensor(each, requires_grad=True), network)
    nodes = [each for each in ag.Graph(loss(variables, x, labels, depth)) if each.kind == "op" and not each.multiple]
    return len(nodes), sum([np.prod(each.shape) * each.dtype.itemsize for each in nodes]) / 2**20


def residuals(network: Network, x: Any, memory: int) -> list[float]:
    """The largest change by another layer, each time that ``ag.fixed_point`` computes one."""
    w, found = contraction(network.recurrent), []

    def watched(state: Any) -> Any:
        after = layer(state, w, network, x)
        found.append(float(np.max(np.abs(after - state))))
        return after

    ag.fixed_point(watched, np.zeros((len(x), len(network.bias))), tol=1e-10, memory=memory)
    return found


def plot(
    path: Path,
    network: Network,
    data: tuple[NDArray[Any], NDArray[Any]],
    losses: list[float],
    courses: dict[str, list[float]],
    errors: dict[int, float],
) -> None:
    """What the network tells apart, the fit, the way to the fixed point, and the gradients of stacked layers."""
    figure = plt.figure(figsize=(12.5, 7), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=[1.35, 1])
    axes = left.subplot_mosaic([["regions"]]) | right.subplot_mosaic([["loss"], ["steps"], ["depth"]])
    x, labels = data
    ticks = np.linspace(-2.3, 2.3, 161)
    points = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    probabilities = ag.sigmoid(logits(network, equilibrium(network, points, tol=1e-5))).reshape(161, 161)
    image = axes["regions"].pcolormesh(ticks, ticks, probabilities, cmap="RdBu_r", vmin=0, vmax=1, alpha=0.8, rasterized=True)
    for label, color in ((0, "#12456e"), (1, "#8c1d18")):
        chosen = x[labels == label]
        axes["regions"].scatter(*chosen.T, s=20, color=color, edgecolor="white", linewidth=0.5, label=f"spiral {label + 1}")
    left.colorbar(image, ax=axes["regions"], label="probability of spiral 2", pad=0.02, shrink=0.84)
    axes["regions"].set(xlim=(-2.3, 2.3), ylim=(-2.3, 2.3), aspect="equal", title="what the network makes of the plane")
    axes["regions"].legend(loc="upper left", fontsize="small")
    axes["loss"].semilogy(losses, color="#2f6690")
    axes["loss"].set(xlabel="iteration of L-BFGS", ylabel="loss", title="the fit")
    axes["loss"].set_yticks([0.03, 0.1, 0.3, 1], ["0.03", "0.1", "0.3", "1"])
    axes["loss"].minorticks_off()
    for (name, course), color in zip(courses.items(), ("#c77d0a", "#2f6690"), strict=True):
        axes["steps"].semilogy(course, color=color, label=name)
    axes["steps"].set(xlabel="layers computed", ylabel="largest change", title="the way to the fixed point")
    axes["steps"].legend(fontsize="small")
    axes["depth"].loglog(list(errors), list(errors.values()), "o-", color="#2f6690")
    axes["depth"].set_xticks(list(errors), list(map(str, errors)), minor=False)
    axes["depth"].minorticks_off()
    axes["depth"].set(
        xlabel="layers stacked", ylabel="relative difference", title="stacked layers: gradients against implicit ones"
    )
    for name in ("loss", "steps", "depth"):
        axes[name].spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def check_gradient(rng: np.random.Generator) -> ag.GradcheckReport:
    """Compare a small network's gradient, up to second order, with finite differences."""
    leaves, structure = ag.tree_flatten(initial(rng, width=2)._replace(output=rng.normal(size=2)))
    x, labels = spirals(2, rng)

    def loss_of(*leaves: Any) -> Any:
        network = structure.unflatten(leaves)
        return np.mean(np.logaddexp(0, (1 - 2 * labels) * logits(network, equilibrium(network, x, tol=1e-13))))

    return ag.gradcheck(loss_of, leaves, order=2)


def main() -> None:
    """Check the gradient, fit, compare with stacked layers, and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="few iterations, to see it run; the fit will be poor")
    options = parsed(parser, "deep_equilibrium")

    begin = time.perf_counter()
    report = check_gradient(np.random.default_rng(0))
    print(f"{report}\n")
    if not report:
        raise SystemExit("the gradient is wrong; no use in fitting")

    rng = np.random.default_rng(0)
    x, labels = spirals(POINTS, rng)
    test = spirals(1000, rng)
    start = initial(rng)
    network, losses = fit(start, x, labels, 5 if options.quick else ITERATIONS)
    before, after = accuracy(start, *test), accuracy(network, *test)
    print(f"{len(x)} points of two spirals, states of {WIDTH} numbers: {len(losses) - 1} iterations of L-BFGS")
    print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}, test accuracy {before:.1%} -> {after:.1%}")

    courses = {f"acceleration {name}": residuals(network, x, memory) for name, memory in (("off", 0), ("on", 5))}
    off, on = map(len, courses.values())
    print(f"fixed points to 1e-10: {off} layers computed, with Anderson acceleration {on}")

    implicit = ag.grad(loss)(network, x, labels, tol=1e-13)
    errors = {depth: difference(ag.grad(loss)(network, x, labels, depth), implicit) for depth in DEPTHS}
    print(f"{'gradient through':20} {'difference':>10} {'operations':>10} {'megabytes':>9}")
    for depth in (*DEPTHS, None):
        count, size = recorded(network, x, labels, depth)
        name, missed = ("the fixed point", "") if depth is None else (f"{depth} layers", f"{errors[depth]:.1e}")
        print(f"{name:20} {missed:>10} {count:10} {size:9.2f}")
    plot(options.out / "equilibrium.png", network, (x, labels), losses, courses, errors)
    print(f"equilibrium.png is in {options.out}; {time.perf_counter() - begin:.1f} s in all")
    if not errors[DEPTHS[-1]] < AGREEMENT:
        raise SystemExit(f"the gradients differ by {errors[DEPTHS[-1]]:.1e}, expected at most {AGREEMENT:.0e}")
    if not options.quick and after < WORST:
        raise SystemExit(f"expected a test accuracy of at least {WORST:.0%}")


if __name__ == "__main__":
    main()
