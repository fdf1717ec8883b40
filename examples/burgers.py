"""Burgers' equation by a network that never sees its solution: it is fitted to the equation itself.

A network u(t, x) is to satisfy ``u_t + u u_x = nu u_xx`` for t in [0, 1] and x in [-1, 1], with ``u(0, x) = -sin(pi x)``
and ``u(t, -1) = u(t, 1) = 0``: a wave that steepens until viscosity holds it. The equation is written for one point, with
``ag.grad`` for the derivatives, and asked of a thousand points by ``ag.vmap``; the loss, made of second derivatives, is
differentiated once more by the parameters, a tree, and minimized by SciPy. The viscosity is 0.02, some six times that of the
paper, and the front wide enough for a small network. Run with ``python -m examples.burgers``; the picture goes to
``out/burgers``.

Sources: M. Raissi, P. Perdikaris and G. E. Karniadakis, "Physics-informed neural networks", Journal of Computational Physics
378, 2019, section 3; the exact solution: E. Hopf, Communications on Pure and Applied Mathematics 3, 1950, and J. D. Cole,
Quarterly of Applied Mathematics 9, 1951, computed as in C. Basdevant et al., Computers and Fluids 14, 1986.
"""

import argparse
import time
from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, minimize
from scipy.stats import qmc

import autograd as ag
from examples.arguments import parsed

matplotlib.use("Agg")  # pictures go to files
import matplotlib.pyplot as plt

VISCOSITY = 0.02
WIDTH, DEPTH = 20, 4  # of the network: tanh units in a layer, hidden layers
POINTS, ITERATIONS = 1024, 500  # where the equation is asked for; steps of L-BFGS
WORST = 0.02  # the relative error that has to be reached
CUTS = (0.25, 0.5, 1.0)  # the times that are drawn
NODES, WEIGHTS = np.polynomial.hermite.hermgauss(120)


# ---------------------------------------------------------------- the network, the equation, the loss


def initial(rng: np.random.Generator, width: int = WIDTH, depth: int = DEPTH) -> dict[str, Any]:
    """The parameters to start from: a list of hidden layers, and the output layer (Glorot and Bengio, 2010)."""
    sizes = [2, *[width] * depth]
    hidden = [
        {"weight": rng.normal(scale=np.sqrt(2 / (inputs + outputs)), size=(inputs, outputs)), "bias": np.zeros(outputs)}
        for inputs, outputs in pairwise(sizes)
    ]
    return {"hidden": hidden, "output": {"weight": rng.normal(scale=np.sqrt(1 / width), size=width), "bias": np.array(0.0)}}


def network(params: Any, t: Any, x: Any) -> Any:
    """u(t, x). Shapes: parameters, (...), (...) -> (...)."""
    values = np.stack([2 * t - 1, x], axis=-1)
    for layer in params["hidden"]:
        values = np.tanh(values @ layer["weight"] + layer["bias"])
    return values @ params["output"]["weight"] + params["output"]["bias"]


def burgers(u: Callable[[Any, Any], Any], t: Any, x: Any) -> Any:
    """What is left of ``u_t + u u_x - nu u_xx`` at one point: 0 where ``u`` is a solution."""
    value, (u_t, u_x) = ag.value_and_grad(u, (0, 1))(t, x)
    u_xx = ag.grad(ag.grad(u, 1), 1)(t, x)
    return u_t + value * u_x - VISCOSITY * u_xx


def residuals(u: Callable[[Any, Any], Any], t: Any, x: Any) -> Any:
    """The same at many points, all at once. Shapes: (points,), (points,) -> (points,)."""
    return ag.vmap(partial(burgers, u))(t, x)


def scatter(count: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Points spread evenly over the rectangle: the beginning of a Sobol sequence. ``count`` is a power of 2."""
    points = qmc.Sobol(2, seed=0).random(count)
    return points[:, 0], 2 * points[:, 1] - 1


def border() -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Times, positions and the values that are given there: at the beginning and at both ends."""
    x, t = np.linspace(-1, 1, 101), np.linspace(0, 1, 51)
    values = np.concatenate([-np.sin(np.pi * x), np.zeros(2 * len(t))])
    return np.concatenate([np.zeros(len(x)), t, t]), np.concatenate([x, -np.ones(len(t)), np.ones(len(t))]), values


def loss(params: Any, points: Any, edge: Any) -> Any:
    """The mean square of what is left of the equation, plus that of what is missed where values are given."""
    u = partial(network, params)
    t, x, values = edge
    return np.mean(residuals(u, *points) ** 2) + np.mean((u(t, x) - values) ** 2)


# ---------------------------------------------------------------- the exact solution, the fit, the picture


def exact(t: Any, x: Any) -> Any:
    """The solution, by the transform of Cole and Hopf: two integrals over a normal density, by Gauss and Hermite's rule."""
    y = x[..., None] - np.sqrt(4 * VISCOSITY * t)[..., None] * NODES
    exponent = (1 - np.cos(np.pi * y)) / (2 * np.pi * VISCOSITY)
    weights = WEIGHTS * np.exp(exponent - 1 / (np.pi * VISCOSITY))  # at most 1
    return -np.sum(np.sin(np.pi * y) * weights, axis=-1) / np.sum(weights, axis=-1)


@cache
def compared() -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Times and positions to compare solutions at, and the exact one there. Shapes: (times, positions), thrice."""
    t, x = np.meshgrid(np.linspace(0, 1, 101), np.linspace(-1, 1, 201), indexing="ij")
    return t, x, exact(t, x)


def error(params: Any) -> float:
    """The network's error, relative to the exact solution, in the mean square over the rectangle."""
    t, x, truth = compared()
    return float(np.linalg.norm(network(params, t, x) - truth) / np.linalg.norm(truth))


def fit(params: Any, points: int, iterations: int) -> tuple[Any, list[float], dict[int, float]]:
    """Minimize the loss by L-BFGS; the parameters found, the loss after each step, the error after every twentieth."""
    problem = ag.scipy_fun(loss, params, scatter(points), border())
    losses, errors = [problem.fun(problem.x0)], {0: error(params)}

    def note(intermediate_result: OptimizeResult) -> None:
        losses.append(intermediate_result.fun)
        if (step := len(losses) - 1) % 20 == 0:
            errors[step] = error(problem.unpack(intermediate_result.x))

    found = minimize(
        problem.fun,
        problem.x0,
        jac=problem.jac,
        method="L-BFGS-B",
        callback=note,
        options={"maxiter": iterations, "maxfun": 2 * iterations + 20, "maxcor": 50, "ftol": 0, "gtol": 1e-9},
    )
    return problem.unpack(found.x), losses, errors


def plot(path: Path, params: Any, losses: list[float], errors: dict[int, float]) -> None:
    """The network in the plane of time and position, its difference from the exact solution, three cuts, the fit's course."""
    t, x, truth = compared()
    solution = network(params, t, x)
    figure = plt.figure(figsize=(13, 7.4), layout="constrained")
    above, below = figure.subfigures(2, 1)
    axes = above.subplot_mosaic([["solution", "difference"]], width_ratios=[3, 2])
    axes |= below.subplot_mosaic([[*map(str, CUTS), "history"]])
    image = axes["solution"].pcolormesh(t, x, solution, cmap="RdBu_r", vmin=-1, vmax=1, rasterized=True)
    above.colorbar(image, ax=axes["solution"], label="u", pad=0.01)
    axes["solution"].set(xlabel="time", ylabel="position", title="the network's solution, and where it is cut")
    for cut in CUTS:
        axes["solution"].axvline(cut, color="0.2", linewidth=1.5, linestyle=(0, (4, 3)), clip_on=False)
    difference = 100 * np.abs(solution - truth)
    image = axes["difference"].pcolormesh(t, x, difference, cmap="Greys", vmin=0, rasterized=True)
    above.colorbar(image, ax=axes["difference"], label="percent of the initial amplitude", pad=0.01)
    axes["difference"].set(xlabel="time", ylabel="position", title="distance to the exact solution")
    at = np.linspace(-1, 1, 401)
    for cut in CUTS:
        each, times = axes[str(cut)], np.full(len(at), cut)
        each.plot(at, exact(times, at), color="0.75", linewidth=5, label="exact")
        each.plot(at, network(params, times, at), color="#b3261e", linewidth=1.5, label="network")
        each.set(xlabel="position", ylim=(-1.1, 1.1), title=f"time {cut:g}")
    axes[str(CUTS[0])].set_ylabel("u")
    axes[str(CUTS[0])].legend(fontsize="small", loc="upper right")
    axes["history"].semilogy(losses, color="#2f6690", linewidth=1.2, label="loss")
    axes["history"].semilogy(list(errors), list(errors.values()), "o-", color="#c77d0a", markersize=3, label="relative error")
    axes["history"].set(xlabel="iteration of L-BFGS", title="the fit")
    axes["history"].legend(fontsize="small")
    for name in (*map(str, CUTS), "history"):
        axes[name].spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def check_gradient(rng: np.random.Generator) -> ag.GradcheckReport:
    """Compare the gradient of a small network's loss with finite differences."""
    leaves, structure = ag.tree_flatten(initial(rng, width=3, depth=2))
    points, edge = scatter(8), border()
    return ag.gradcheck(lambda *leaves: loss(structure.unflatten(leaves), points, edge), leaves)


def main() -> None:
    """Check the gradient and the equation, fit, compare with the exact solution, and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="few points and iterations, to see it run; the fit will be poor")
    options = parsed(parser, "burgers")

    begin = time.perf_counter()
    rng = np.random.default_rng(0)
    report = check_gradient(rng)
    print(f"{report}\n")
    if not report:
        raise SystemExit("the gradient is wrong")
    t, x = scatter(256)
    left = np.max(np.abs(residuals(exact, t, x)))
    print(f"the exact solution, put into the equation by the same derivatives, leaves at most {left:.1e}")

    start = initial(rng)
    points, iterations = (64, 20) if options.quick else (POINTS, ITERATIONS)
    count = sum([np.size(each) for each in ag.tree_leaves(start)])
    print(f"a network of {count} parameters, fitted to the equation at {points} points")
    params, losses, errors = fit(start, points, iterations)
    missed = error(params)
    print(f"loss {losses[0]:.3g} -> {losses[-1]:.2g} in {len(losses) - 1} iterations of L-BFGS")
    print(f"relative error {errors[0]:.1%} -> {missed:.2%}")
    plot(options.out / "burgers.png", params, losses, errors)
    print(f"burgers.png is in {options.out}; {time.perf_counter() - begin:.1f} s in all")
    if not left < 1e-9:
        raise SystemExit(f"the exact solution does not satisfy the equation: expected at most 1e-9, received {left:.1e}")
    if not options.quick and missed > WORST:
        raise SystemExit(f"no solution: expected a relative error of at most {WORST:.0%}")


if __name__ == "__main__":
    main()
