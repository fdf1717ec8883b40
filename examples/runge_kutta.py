"""Hares and lynxes: the rates of a differential equation are found from noisy counts, through a Runge-Kutta integrator.

The model and the integrator are plain NumPy, with the trajectory written in place (``states[i] = y``); run on arrays they
simulate, run on tensors they differentiate. The gradient goes to SciPy's L-BFGS; the second derivatives at the fit give the
standard errors. Run with ``python -m examples.runge_kutta``; the picture goes to ``out/runge_kutta``.

Source of the model: A. J. Lotka, "Elements of Physical Biology", 1925; V. Volterra, Nature 118, 1926.
"""

import argparse
import time
from typing import Any

import matplotlib
import numpy as np
from scipy.optimize import minimize

import autograd as ag
from examples.arguments import parsed

matplotlib.use("Agg")  # pictures go to files
import matplotlib.pyplot as plt

NAMES = ("birth", "predation", "growth", "death", "hares at 0", "lynxes at 0")
TRUTH = np.array([0.55, 0.028, 0.024, 0.80, 33.0, 6.0])  # rates per year; animals in thousands
START = np.array([0.4, 0.02, 0.02, 0.4, 30.0, 10.0])
TIMES = np.linspace(0.0, 20.0, 101)  # years
OBSERVED = slice(None, None, 2)  # the animals are counted at every second of them
NOISE = 0.15  # the standard deviation of the counts' logarithms
COLORS = {"hares": "#c77d0a", "lynxes": "#2f6690"}


def lotka_volterra(state: Any, rates: Any) -> Any:
    """The derivative of ``(hares, lynxes)`` with respect to time."""
    hares, lynxes = state
    birth, predation, growth, death = rates
    return np.stack([birth * hares - predation * hares * lynxes, growth * hares * lynxes - death * lynxes])


def runge_kutta(f: Any, y: Any, times: Any, rates: Any) -> Any:
    """The states at ``times`` of ``y' = f(y, rates)``, by the classical method of order 4 (W. Kutta, 1901)."""
    states = np.zeros_like(y, shape=(len(times), *y.shape))
    states[0] = y
    for i, h in enumerate(np.diff(times), start=1):
        k1 = f(y, rates)
        k2 = f(y + h / 2 * k1, rates)
        k3 = f(y + h / 2 * k2, rates)
        k4 = f(y + h * k3, rates)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        states[i] = y
    return states


def simulate(theta: Any, times: Any = TIMES) -> Any:
    """Hares and lynxes at ``times``; ``theta`` holds the logarithms of what ``NAMES`` lists, so that all of it is positive."""
    parameters = np.exp(theta)
    return runge_kutta(lotka_volterra, parameters[4:], times, parameters[:4])


def loss(theta: Any, counts: Any, times: Any = TIMES) -> Any:
    """Half the sum of squared differences between the logarithms of model and counts."""
    return 0.5 * np.sum((np.log(simulate(theta, times)[OBSERVED]) - np.log(counts)) ** 2)


def standard_errors(theta: Any, counts: Any) -> Any:
    """At a minimum: the roots of the diagonal of ``s**2 * inv(Hessian of the loss)``; ``s**2`` is the residuals' variance."""
    x = ag.tensor(theta, requires_grad=True)
    value = loss(x, counts)
    gradient = ag.grad_of(value, x, create_graph=True)
    hessian = np.stack([ag.grad_of(each, x, retain_graph=True).numpy() for each in gradient])
    variance = 2 * value.item() / (counts.size - theta.size)
    return np.sqrt(variance * np.diag(np.linalg.inv(hessian)))


def plot(path: Any, counts: Any, visited: Any, errors: Any) -> None:
    """The populations over time, and how the loss and the parameters got there."""
    figure, axes = plt.subplot_mosaic([["states", "states"], ["loss", "parameters"]], figsize=(10, 7), layout="constrained")
    start, fit, truth = simulate(visited[0]), simulate(visited[-1]), simulate(np.log(TRUTH))
    for i, (name, color) in enumerate(COLORS.items()):
        axes["states"].plot(TIMES[OBSERVED], counts[:, i], "o", color=color, markersize=4, label=f"{name}, counted")
        axes["states"].plot(TIMES, start[:, i], ":", color=color, linewidth=1, label="first guess")
        axes["states"].plot(TIMES, truth[:, i], color=color, alpha=0.3, linewidth=5, label="truth")
        axes["states"].plot(TIMES, fit[:, i], color=color, label="fit")
    axes["states"].set(xlabel="time (years)", ylabel="animals (thousands)", xticks=range(0, 21, 2))
    axes["states"].set(xlim=(-0.3, 20.3), ylim=(0, 1.35 * counts.max()))
    axes["states"].set_title("Lotka-Volterra equations, integrated by Runge-Kutta and fitted to counts")
    axes["states"].legend(ncols=2, loc="upper right", fontsize="small")
    axes["loss"].semilogy([loss(each, counts) for each in visited], color="0.2", label="of the iterates")
    axes["loss"].axhline(loss(np.log(TRUTH), counts), color="0.6", linestyle="--", label="of the true parameters")
    axes["loss"].set(xlabel="iteration of L-BFGS", ylabel="loss", title="loss")
    axes["loss"].legend(fontsize="small")
    ratios = np.exp(np.stack(visited)) / TRUTH
    for i, (name, ratio, error) in enumerate(zip(NAMES, ratios.T, errors, strict=True)):
        (line,) = axes["parameters"].semilogy(ratio, label=name)
        last = len(ratio) + i  # side by side
        axes["parameters"].errorbar(last, ratio[-1], ratio[-1] * error, fmt="o", color=line.get_color(), markersize=3)
    axes["parameters"].axhline(1, color="0.6", linestyle="--", zorder=0)
    axes["parameters"].set(
        xlabel="iteration of L-BFGS", ylabel="parameter / its true value", title="parameters; at the end with standard errors"
    )
    axes["parameters"].set_yticks([0.5, 1, 2, 4], ["0.5", "1", "2", "4"])
    axes["parameters"].minorticks_off()
    axes["parameters"].legend(ncols=2, fontsize="small")
    for each in axes.values():
        each.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def main() -> None:
    """Make counts, check the gradient, fit, compare with the truth, and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options = parsed(parser, "runge_kutta")

    begin = time.perf_counter()
    truth = simulate(np.log(TRUTH))[OBSERVED]
    counts = truth * np.exp(NOISE * np.random.default_rng(0).normal(size=truth.shape))
    start = np.log(START)
    report = ag.gradcheck(lambda theta: loss(theta, counts[:4], TIMES[:8]), start, order=2)
    print(f"{report}\n")
    if not report:
        raise SystemExit("the gradient is wrong")

    visited = [start]
    fit = minimize(
        ag.value_and_grad(loss), start, args=(counts,), jac=True, method="L-BFGS-B", tol=1e-6, callback=visited.append
    )
    at_truth = loss(np.log(TRUTH), counts)
    print(f"loss {loss(start, counts):.4f} -> {fit.fun:.4f} in {fit.nit} iterations; {at_truth:.4f} at the truth")
    if fit.fun > at_truth:
        raise SystemExit("no fit: expected a loss below the truth's")
    found, errors = np.exp(fit.x), standard_errors(fit.x, counts)
    for name, value, spread, true in zip(NAMES, found, found * errors, TRUTH, strict=True):
        print(f"{name:>11} {value:8.4f} +- {spread:.4f}   truth {true:.4f}")
    plot(options.out / "fit.png", counts, visited, errors)
    print(f"fit.png is in {options.out}; {time.perf_counter() - begin:.1f} s in all")
    if np.any(np.abs(fit.x - np.log(TRUTH)) > 3 * errors):
        raise SystemExit("no fit: expected the truth within three standard errors of each parameter")


if __name__ == "__main__":
    main()
