"""A struck string: the wave speed along it is recovered from a few sensors, by gradients through Fourier transforms.

The wave equation u_tt = c(x)^2 u_xx on a closed string is stepped in plain NumPy, with u_xx taken by ``np.fft``. Four sensors
record the motion; where the waves run faster or slower is found by descending the misfit, starting from a uniform string.
Run with ``python -m examples.wave``; the picture goes to ``out/wave``.

Source: derivatives by Fourier transforms and leapfrog steps: L. N. Trefethen, "Spectral Methods in MATLAB", SIAM 2000,
program 6; the inversion of whole records: A. Tarantola, Geophysics 49, 1984.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from scipy.optimize import minimize

import autograd as ag
from examples.arguments import parsed

matplotlib.use("Agg")  # pictures go to files
import matplotlib.pyplot as plt

LENGTH, POINTS = 10.0, 128  # metres; the last point is next to the first
STEP, STEPS = 0.03, 400  # seconds; how many of them
SENSORS = np.array([8, 40, 72, 104])  # the points at which the motion is recorded
NOISE = 0.01  # the standard deviation of a recorded displacement, in cm
SMOOTHING = 3.0  # what a mean squared slope of 1 / s^2 of the speed costs
WORST = 0.02  # m/s: the root mean square error of the speed that has to be reached

X = np.arange(POINTS) * LENGTH / POINTS
TRUTH = 1 + 0.35 * np.exp(-2 * (X - 3.2) ** 2) - 0.3 * np.exp(-0.6 * (X - 6.5) ** 2) + 0.2 * np.exp(-3 * (X - 8.3) ** 2)
STRUCK = np.exp(-4 * (X - 5) ** 2)  # cm: the string's shape when it is let go


def second_derivative(u: Any, length: float = LENGTH) -> Any:
    """u_xx of a periodic function, given at equidistant points: -k^2 times each Fourier coefficient."""
    points = u.shape[-1]
    k = 2 * np.pi * np.fft.rfftfreq(points, length / points)
    return np.fft.irfft(-(k**2) * np.fft.rfft(u), points)


def propagate(speed: Any, u: Any, step: float = STEP, steps: int = STEPS) -> Any:
    """The displacements at the times 0, step, 2 step, ... of a string that is let go from ``u``, by leapfrog steps.

    Shapes: speed (points,), u (points,) -> (steps + 1, points).
    """
    before, now = u, u + 0.5 * step**2 * speed**2 * second_derivative(u)
    states = [before, now]
    for _ in range(steps - 1):
        before, now = now, 2 * now - before + step**2 * speed**2 * second_derivative(now)
        states.append(now)
    return np.stack(states)


def misfit(speed: Any, records: Any) -> Any:
    """The mean squared difference between the sensors' records and the model's, in units of the noise's variance."""
    return np.mean((propagate(speed, STRUCK)[:, SENSORS] - records) ** 2) / NOISE**2


def loss(speed: Any, records: Any) -> Any:
    """The misfit, and a little for each slope of the speed: without it the noise would be fitted, too."""
    slope = (speed - np.roll(speed, 1)) * POINTS / LENGTH
    return misfit(speed, records) + SMOOTHING * np.mean(slope**2)


def error(speed: Any) -> float:
    """The root mean square error of the speed, in m/s."""
    return float(np.sqrt(np.mean((speed - TRUTH) ** 2)))


def record(rng: np.random.Generator) -> Any:
    """What the sensors see: the true string, simulated with steps four times finer, and noise."""
    seen = propagate(TRUTH, STRUCK, STEP / 4, 4 * STEPS)[::4, SENSORS]
    return seen + NOISE * rng.normal(size=seen.shape)


def plot(path: Path, records: Any, visited: list[Any]) -> None:
    """The speeds, the records, the loss, and the motion of three strings in space and time."""
    speeds = {"truth": TRUTH, "start": visited[0], "reconstruction": visited[-1]}
    styles: tuple[dict[str, Any], ...] = (
        {"color": "0.75", "linewidth": 5},
        {"color": "#c77d0a", "linestyle": ":"},
        {"color": "#2f6690"},
    )
    figure, axes = plt.subplot_mosaic([["speed", "records", "loss"], list(speeds)], figsize=(13, 7.6), layout="constrained")
    times = np.arange(STEPS + 1) * STEP
    for (name, speed), style in zip(speeds.items(), styles, strict=True):
        axes["speed"].plot(X, speed, label=name, **style)
        motion = propagate(speed, STRUCK)
        if name != "truth":
            axes["records"].plot(times, motion[:, SENSORS] + 1.5 * np.arange(len(SENSORS)), **style, zorder=3)
        image = axes[name].pcolormesh(X, times, motion, cmap="RdBu_r", vmin=-0.6, vmax=0.6, rasterized=True)
        axes[name].set(title=f"motion: {name}", xlabel="position (m)", ylabel="time (s)")
        axes[name].plot(X[SENSORS], np.zeros(len(SENSORS)), "k^", clip_on=False, markersize=7)
    figure.colorbar(image, ax=[axes[name] for name in speeds], label="displacement (cm)", extend="both", pad=0.01)
    axes["speed"].plot(X[SENSORS], np.full(len(SENSORS), 0.55), "k^", label="sensors")
    axes["speed"].set(xlabel="position (m)", ylabel="wave speed (m/s)", ylim=(0.5, 1.75), title="wave speed")
    axes["speed"].legend(ncols=2, fontsize="small", loc="upper right")
    axes["records"].plot(times, records + 1.5 * np.arange(len(SENSORS)), color="0.75", linewidth=5)
    axes["records"].set(xlabel="time (s)", title="records (grey) and models", xlim=(0, times[-1]))
    axes["records"].set_ylabel("displacement (baselines 1.5 cm apart)")
    axes["records"].set_yticks(1.5 * np.arange(len(SENSORS)), [f"at {x:.1f} m" for x in X[SENSORS]])
    axes["loss"].semilogy([loss(speed, records) for speed in visited], color="#c77d0a", label="loss: misfit and slopes")
    axes["loss"].semilogy([misfit(speed, records) for speed in visited], color="#2f6690", label="misfit")
    axes["loss"].axhline(1, color="0.6", linestyle="--", label="the noise alone")
    axes["loss"].set(xlabel="iteration of L-BFGS", ylabel="variances of the noise", title="loss")
    axes["loss"].legend(fontsize="small")
    for name in ("speed", "records", "loss"):
        axes[name].spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def main() -> None:
    """Record, check the gradient, reconstruct, compare with the truth, and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options = parsed(parser, "wave")

    begin = time.perf_counter()
    report = ag.gradcheck(lambda speed, u: propagate(speed, u, 0.2, 8), [TRUTH[::8], STRUCK[::8]], order=2)
    print(f"{report}\n")
    if not report:
        raise SystemExit("the gradient is wrong")
    records, start = record(np.random.default_rng(0)), np.ones(POINTS)
    visited = [start]
    fit = minimize(
        ag.value_and_grad(loss), start, args=(records,), jac=True, method="L-BFGS-B", tol=1e-6, callback=visited.append
    )
    print(f"{records.size} displacements at {len(SENSORS)} sensors, the speed at {POINTS} points: {fit.nit} iterations")
    print(f"misfit {misfit(start, records):.1f} -> {misfit(fit.x, records):.3f} variances of the noise")
    print(f"error of the speed {error(start):.3f} -> {error(fit.x):.3f} m/s (root mean square)")
    plot(options.out / "wave.png", records, visited)
    print(f"wave.png is in {options.out}; {time.perf_counter() - begin:.1f} s in all")
    if error(fit.x) > WORST:
        raise SystemExit(f"no reconstruction: expected an error of at most {WORST} m/s")


if __name__ == "__main__":
    main()
