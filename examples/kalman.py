"""A Kalman filter, differentiated: the parameters of a noisy oscillation by maximum likelihood, with their standard errors.

The filter is a plain NumPy function of the model's matrices, and so is the logarithm of the likelihood that it adds up. Its
gradient fits the four parameters of Harvey's stochastic cycle to observations with a gap; its second derivatives say how
well they are determined. Run with ``python -m examples.kalman``; the picture goes to ``out/kalman``.

Sources: R. E. Kalman, "A new approach to linear filtering and prediction problems", Journal of Basic Engineering 82, 1960; the
likelihood from the innovations: F. C. Schweppe, IEEE Transactions on Information Theory 11, 1965; the cycle: A. C. Harvey,
"Forecasting, Structural Time Series Models and the Kalman Filter", Cambridge 1989, section 2.3.
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

NAMES = ("period", "damping", "process noise", "observation noise")
TRUTH = np.array([24.0, 0.985, 0.25, 1.0])
GUESS = np.array([20.0, 0.8, 1.0, 3.0])


# ---------------------------------------------------------------- the model and the filter: plain NumPy


def to_free(parameters: Any) -> Any:
    """Parameters as numbers that may take any value: logarithms, and for the damping, between 0 and 1, the logit."""
    period, damping, process, observation = parameters
    return np.stack([np.log(period), np.log(damping / (1 - damping)), np.log(process), np.log(observation)])


def from_free(free: Any) -> Any:
    """The parameters themselves: period, damping, process noise, observation noise."""
    period, damping, process, observation = free
    return np.stack([np.exp(period), 1 / (1 + np.exp(-damping)), np.exp(process), np.exp(observation)])


def cycle(parameters: Any) -> tuple[Any, Any, Any]:
    """The stochastic cycle: transition matrix, variance of what is added to each state, variance of an observation."""
    period, damping, process, observation = parameters
    cos, sin = np.cos(2 * np.pi / period), np.sin(2 * np.pi / period)
    transition = damping * np.stack([np.stack([cos, sin]), np.stack([-sin, cos])])
    return transition, process**2, observation**2


def kalman_filter(observations: NDArray[Any], parameters: Any) -> tuple[Any, Any, Any]:
    """Log-likelihood of the observations, and mean and variance of what is observed, each given those up to its time.

    Shapes: observations (steps,), NaN where there is none -> (), (steps,), (steps,).
    """
    transition, process, observation = cycle(parameters)
    identity = np.eye(2)
    mean, covariance = np.zeros(2), process / (1 - parameters[1] ** 2) * identity  # the stationary distribution
    log_likelihood, means, variances = 0.0, [], []
    for y in observations:
        mean = transition @ mean
        covariance = transition @ covariance @ transition.T + process * identity
        if not np.isnan(y):
            variance = covariance[0, 0] + observation  # of the innovation
            innovation = y - mean[0]
            gain = covariance[:, 0] / variance
            mean = mean + gain * innovation
            covariance = covariance - np.outer(gain, covariance[0])
            log_likelihood = log_likelihood - 0.5 * (np.log(2 * np.pi * variance) + innovation**2 / variance)
        means.append(mean[0])
        variances.append(covariance[0, 0])
    return log_likelihood, np.stack(means), np.stack(variances)


# ---------------------------------------------------------------- data, fit, errors


def simulate(steps: int, rng: np.random.Generator) -> tuple[NDArray[Any], NDArray[Any]]:
    """The true cycle, and noisy observations of it with a gap."""
    transition, process, observation = cycle(TRUTH)
    state, states = rng.normal(size=2) * np.sqrt(process / (1 - TRUTH[1] ** 2)), []
    for _ in range(steps):
        state = transition @ state + rng.normal(size=2) * np.sqrt(process)
        states.append(state[0])
    true = np.array(states)
    observed = true + rng.normal(size=steps) * np.sqrt(observation)
    observed[int(0.55 * steps) : int(0.7 * steps)] = np.nan
    return true, observed


def fit(loss: Callable[[Any], Any], start: NDArray[Any]) -> tuple[NDArray[Any], list[float]]:
    """Minimize by BFGS, which is given value and gradient in one; the minimum, and the loss at every step."""
    losses = [float(loss(start))]
    found = minimize(ag.value_and_grad(loss), start, jac=True, method="BFGS", callback=lambda x: losses.append(float(loss(x))))
    return found.x, losses


def standard_errors(loss: Callable[[Any], Any], minimum: NDArray[Any]) -> NDArray[Any]:
    """Square roots of the diagonal of the inverse Hessian, whose rows are gradients of the gradient's elements."""
    gradient = ag.grad(loss)
    hessian = np.stack([ag.grad(lambda x, row=row: gradient(x) @ row)(minimum) for row in np.eye(len(minimum))])
    return np.sqrt(np.diag(np.linalg.inv(hessian)))


def plot(true: NDArray[Any], observed: NDArray[Any], panels: dict[str, NDArray[Any]], path: Path) -> None:
    """One panel for each set of parameters: observations, truth, and the filtered estimate with its 95% band."""
    figure, axes = plt.subplots(len(panels), 1, figsize=(9, 5.6), sharex=True, sharey=True, layout="constrained")
    steps = np.arange(len(true))
    gap = np.flatnonzero(np.isnan(observed))
    for each, (title, parameters) in zip(axes, panels.items(), strict=True):
        log_likelihood, mean, variance = kalman_filter(observed, parameters)
        band = 1.96 * np.sqrt(variance)
        inside = np.mean(np.abs(true - mean) <= band)
        each.axvspan(gap[0] - 0.5, gap[-1] + 0.5, color="0.93", linewidth=0, label="nothing observed")
        each.fill_between(steps, mean - band, mean + band, color="#1f6fb4", alpha=0.22, linewidth=0, label="95% band")
        each.plot(steps, mean, color="#1f6fb4", linewidth=1.6, label="filtered estimate")
        each.plot(steps, true, color="0.15", linewidth=1, linestyle=(0, (4, 2)), label="truth")
        each.plot(steps, observed, ".", color="#d9730d", markersize=4, label="observed")
        values = ", ".join(f"{name} {value:.3g}" for name, value in zip(NAMES, parameters, strict=True))
        each.set_title(
            f"{title}: log-likelihood {log_likelihood:.1f}, {inside:.0%} of the truth inside the band\n{values}",
            loc="left",
            fontsize=9,
        )
        each.set_ylabel("position")
        each.spines[["top", "right"]].set_visible(False)
    axes[-1].set(xlabel="step", xlim=(-1, len(true)))
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=5, fontsize="small", frameon=False)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def main() -> None:
    """Simulate, check the gradient, fit, and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options = parsed(parser, "kalman")

    begin = time.perf_counter()
    true, observed = simulate(200, np.random.default_rng(4))
    print(f"{len(observed)} steps of a noisy cycle, {np.isnan(observed).sum()} of them not observed")

    def loss(free: Any) -> Any:
        return -kalman_filter(observed, from_free(free))[0]

    start = to_free(GUESS)
    report = ag.gradcheck(lambda free: -kalman_filter(observed[:40], from_free(free))[0], [start], order=2)
    print(f"\n{report}\n")
    if not report:
        raise SystemExit("the gradient is wrong; no use in fitting")

    minimum, losses = fit(loss, start)
    fitted, errors = from_free(minimum), standard_errors(loss, minimum)
    low, high = from_free(minimum - 1.96 * errors), from_free(minimum + 1.96 * errors)
    at_truth = -loss(to_free(TRUTH))
    print(
        f"log-likelihood {-losses[0]:.2f} -> {-losses[-1]:.2f} in {len(losses) - 1} steps of BFGS; at the truth {at_truth:.2f}"
    )
    print(f"{'':17} {'guess':>7} {'fitted':>7} {'95% interval':>16} {'truth':>7}")
    for i, name in enumerate(NAMES):
        print(f"{name:17} {GUESS[i]:7.3f} {fitted[i]:7.3f} {low[i]:7.3f} .. {high[i]:5.3f} {TRUTH[i]:7.3f}")
    plot(true, observed, {"before": GUESS, "after": fitted}, options.out / "filter.png")
    print(f"filter.png is in {options.out}; {time.perf_counter() - begin:.1f} s in all")


if __name__ == "__main__":
    main()
