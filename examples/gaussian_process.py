"""A Gaussian process, differentiated: its hyperparameters by the gradient of the marginal likelihood.

The kernel is a slow trend plus a cycle, the likelihood a Cholesky decomposition; both are plain NumPy functions.
SciPy's optimizer is given their gradient and finds all six hyperparameters, the period among them. In the period the
likelihood has many maxima, so the search begins at several. Run with ``python -m examples.gaussian_process``; the picture goes
to ``out/gaussian_process``.

Source: C. E. Rasmussen and C. K. I. Williams, "Gaussian Processes for Machine Learning", MIT Press 2006: algorithm 2.1, and
section 5.4.3 for the kernel.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import autograd as ag
from examples.arguments import parsed

matplotlib.use("Agg")  # pictures go to files
import matplotlib.pyplot as plt

NAMES = ("trend size", "trend length", "cycle size", "cycle roughness", "period", "noise")
GUESS = np.array([1.0, 1.0, 1.0, 1.0, 1.2, 0.5])
PERIODS = np.geomspace(0.6, 2.4, 7)  # to start from
NOISE, PERIOD = 0.25, 1.0  # of the data


# ---------------------------------------------------------------- the model: plain NumPy


def kernel(a: Any, b: Any, parameters: Any) -> Any:
    """Covariances of the function at the points ``a`` and ``b``: a radial basis function plus a periodic one.

    Shapes: (m,), (n,), (6,) -> (m, n).
    """
    size, length, cycle_size, roughness, period, _ = parameters
    distance = a[:, None] - b[None, :]
    trend = size**2 * np.exp(-0.5 * (distance / length) ** 2)
    cycle = cycle_size**2 * np.exp(-2 * (np.sin(np.pi * distance / period) / roughness) ** 2)
    return trend + cycle


def factorize(x: Any, parameters: Any) -> Any:
    """The Cholesky factor of the covariance of the observations."""
    return np.linalg.cholesky(kernel(x, x, parameters) + parameters[5] ** 2 * np.eye(len(x)))


def log_marginal_likelihood(parameters: Any, x: Any, y: Any) -> Any:
    """``log p(y | x)``, the function itself integrated out."""
    factor = factorize(x, parameters)
    whitened = np.linalg.solve(factor, y)
    return -0.5 * whitened @ whitened - np.log(np.diagonal(factor)).sum() - 0.5 * len(x) * np.log(2 * np.pi)


def posterior(parameters: Any, x: Any, y: Any, at: Any) -> tuple[Any, Any]:
    """Mean and standard deviation of the function at new points. Shapes: (6,), (n,), (n,), (m,) -> (m,), (m,)."""
    factor = factorize(x, parameters)
    between = np.linalg.solve(factor, kernel(x, at, parameters))
    mean = between.T @ np.linalg.solve(factor, y)
    variance = parameters[0] ** 2 + parameters[2] ** 2 - np.sum(between**2, axis=0)
    return mean, np.sqrt(np.maximum(variance, 0))


# ---------------------------------------------------------------- data, fit, picture


def truth(x: Any) -> Any:
    """What the data are made from: a slow wave, and a cycle that is no sine."""
    return 1.2 * np.sin(0.55 * x) + np.exp(np.sin(2 * np.pi * x / PERIOD)) - 1.27


def observe(count: int, rng: np.random.Generator) -> tuple[NDArray[Any], NDArray[Any]]:
    """Noisy observations at random times in [0, 8], with nothing between 3.5 and 5."""
    x = np.sort(rng.uniform(0, 6.5, count))
    x = np.where(x > 3.5, x + 1.5, x)
    return x, truth(x) + NOISE * rng.normal(size=count)


def fit(loss: Callable[[Any], Any], start: NDArray[Any]) -> tuple[NDArray[Any], float]:
    """Minimize by L-BFGS, which is given value and gradient in one; the minimum and its loss."""
    found = minimize(ag.value_and_grad(loss), start, jac=True, method="L-BFGS-B")
    return found.x, float(found.fun)


def plot(x: NDArray[Any], y: NDArray[Any], panels: dict[str, NDArray[Any]], path: Path) -> None:
    """One panel for each set of hyperparameters: observations, truth, and the posterior with its 95% band."""
    at = np.linspace(-0.5, 11, 700)
    figure, axes = plt.subplots(len(panels), 1, figsize=(9, 5.8), sharex=True, sharey=True, layout="constrained")
    for each, (title, parameters) in zip(axes, panels.items(), strict=True):
        mean, deviation = posterior(parameters, x, y, at)
        each.fill_between(
            at,
            mean - 1.96 * deviation,
            mean + 1.96 * deviation,
            color="#1f6fb4",
            alpha=0.22,
            linewidth=0,
            label="95% band of the function",
        )
        each.plot(at, mean, color="#1f6fb4", linewidth=1.6, label="posterior mean")
        each.plot(at, truth(at), color="0.15", linewidth=1, linestyle=(0, (4, 2)), label="truth")
        each.plot(x, y, ".", color="#d9730d", markersize=5, label="observed")
        values = ", ".join(f"{name} {value:.3g}" for name, value in zip(NAMES, parameters, strict=True))
        evidence = log_marginal_likelihood(parameters, x, y)
        each.set_title(f"{title}: log marginal likelihood {evidence:.1f}\n{values}", loc="left", fontsize=9)
        each.set_ylabel("y")
        each.spines[["top", "right"]].set_visible(False)
    axes[-1].set(xlabel="x", xlim=(at[0], at[-1]), ylim=(-4, 4))
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize="small", frameon=False)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def main() -> None:
    """Make data, check the gradient, fit, and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options = parsed(parser, "gaussian_process")

    begin = time.perf_counter()
    x, y = observe(90, np.random.default_rng(1))
    print(f"{len(x)} observations with noise {NOISE}, of a trend and a cycle of period {PERIOD}")

    def loss(logarithms: Any) -> Any:
        return -log_marginal_likelihood(np.exp(logarithms), x, y)

    start = np.log(GUESS)
    report = ag.gradcheck(lambda logarithms: -log_marginal_likelihood(np.exp(logarithms), x[:20], y[:20]), [start], order=2)
    print(f"\n{report}\n")
    if not report:
        raise SystemExit("the gradient is wrong; no use in fitting")

    best, fitted = np.inf, GUESS
    for period in PERIODS:
        minimum, lost = fit(loss, np.log(np.where(np.array(NAMES) == "period", period, GUESS)))
        print(f"from a period of {period:.2f} to {np.exp(minimum[4]):.2f}: log marginal likelihood {-lost:.2f}")
        if lost < best:
            best, fitted = lost, np.exp(minimum)
    print(f"\nlog marginal likelihood {-loss(start):.2f} -> {-best:.2f}")
    print(f"{'':16} {'guess':>7} {'fitted':>7}")
    for name, guess, value in zip(NAMES, GUESS, fitted, strict=True):
        print(f"{name:16} {guess:7.3f} {value:7.3f}")

    ahead = np.linspace(8, 11, 300)
    for title, parameters in (("guess", GUESS), ("fitted", fitted)):
        missed = posterior(parameters, x, y, ahead)[0] - truth(ahead)
        print(f"forecast from 8 to 11, root mean square error: {np.sqrt(np.mean(missed**2)):.3f} ({title})")
    plot(x, y, {"before": GUESS, "after": fitted}, options.out / "posterior.png")
    print(f"posterior.png is in {options.out}; {time.perf_counter() - begin:.1f} s in all")


if __name__ == "__main__":
    main()
