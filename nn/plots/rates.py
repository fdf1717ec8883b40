"""Learning rates as pictures: what a schedule will do, and which rate a sweep over all of them suggests."""

from __future__ import annotations  # matplotlib is imported when something is drawn

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.inputs import as_array, check_number, plain
from nn.optim import LRScheduler
from nn.pictures import COLORS, MUTED, SMALL, axes_or_new, finished
from nn.plots.smoothing import running_mean

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def schedule(schedule: LRScheduler, steps: int | Sequence[Any], ax: Axes | None = None) -> Axes:
    """Draw the learning rates of the next steps of a schedule: ``schedule.plot(steps, ax)``.

    Args:
        schedule: the schedule, at any step; it is not changed.
        steps: how many; or what ``schedule.step`` is to be given after each of them: the metrics of ``ReduceLROnPlateau``.
        ax: where to draw; by default in a figure of its own.

    Raises:
        TypeError: for what is no schedule.
        ImportError: without Matplotlib.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.1)
    >>> axes = nn.plots.schedule(nn.optim.StepLR(optimizer, step_size=30), 100)
    >>> axes.get_title("left")
    'StepLR'
    """
    if not isinstance(schedule, LRScheduler):
        raise TypeError(f"schedule: expected a schedule of nn.optim; received {type(schedule).__name__}")
    return schedule.plot(steps, ax)


def learning_rates(
    rates: Any, losses: Any, suggestion: float | None = None, smooth: float = 0.9, ax: Axes | None = None
) -> Axes:
    """Draw the loss over learning rates that grew from step to step, with the rates that it speaks for.

    Marked are the steepest fall of the smoothed loss, a tenth of the rate of its minimum, and the ``suggestion``. What
    follows after the loss has risen far above its start is cut off above.

    Args:
        rates: the learning rates, positive and growing.
        losses: the loss at each; not finite where training broke down.
        suggestion: the rate that was chosen.
        smooth: from 0 to below 1: the weight of the past in the running mean.
        ax: where to draw; by default in a figure of its own.

    Shapes: rates and losses (steps,).

    Raises:
        ValueError: for lists of two lengths, rates that are not positive, and ``smooth`` out of bounds.
        ImportError: without Matplotlib.

    Source: L. Smith, Cyclical learning rates for training neural networks, 2017, section 3.3.

    >>> rates = np.geomspace(1e-5, 10, 60)
    >>> axes = nn.plots.learning_rates(rates, 1 / (1 + 100 * rates) + rates**2, suggestion=0.01)
    >>> axes.get_xscale(), axes.get_xlabel()
    ('log', 'learning rate')
    """
    check_number("learning_rates", "smooth", smooth, least=0.0, most=np.nextafter(1.0, 0.0))
    rates, losses = _checked(rates, "rates"), _checked(losses, "losses")
    if len(rates) != len(losses):
        raise ValueError(
            f"learning_rates: expected one loss for each rate; received {len(rates)} rates and {len(losses)} losses"
        )
    if not (np.isfinite(rates) & (rates > 0)).all() or (np.diff(rates) <= 0).any():
        raise ValueError("learning_rates: expected rates that are positive and grow from step to step")
    if suggestion is not None:
        check_number("learning_rates", "suggestion", suggestion, least=0.0)

    axes = axes_or_new("learning_rates", ax, (6.4, 3.4))
    finite = np.isfinite(losses)
    at, raw = rates[finite], losses[finite]
    mean = running_mean(raw, smooth)
    axes.set_xscale("log")
    if len(rates):
        alone = 10 if len(rates) == 1 else 1
        axes.set_xlim(rates[0] / alone, rates[-1] * alone)
    marker = "." if len(at) <= 30 else ""
    axes.plot(at, raw, color=COLORS[1], linewidth=1.0, alpha=0.4, marker=marker, label="loss")
    axes.plot(at, mean, color=COLORS[1], linewidth=2.0, marker=marker, label="running mean")
    for rate, label, color, symbol in _marks(at, mean, suggestion):
        height = np.interp(np.log(rate), np.log(at), mean) if len(at) else 0.0
        axes.axvline(rate, color=color, linewidth=1.0, linestyle=":", zorder=1)
        axes.plot(rate, height, symbol, color=color, markersize=8, label=f"{label}: {rate:.2g}")
    if not finite.all():
        axes.axvline(rates[~finite][0], color=MUTED, linewidth=1.2, linestyle="--", label="loss no longer finite")
    if len(mean):
        bottom, start = mean.min(), mean[: int(mean.argmin()) + 1].max()
        room = 0.15 * ((start - bottom) or abs(start) or 1.0)
        axes.set_ylim(min(bottom, raw.min()) - room, min(max(raw.max(), start), start + 4 * room) + room)
    if not len(mean):
        axes.text(0.5, 0.5, "no finite loss", transform=axes.transAxes, ha="center", va="center", color=MUTED)
        axes.set_yticks([])
    else:
        axes.legend(frameon=False, fontsize=SMALL)
    return finished(axes, "Loss while the learning rate grows", x="learning rate", y="loss")


def _checked(values: Any, name: str) -> np.ndarray[Any, Any]:
    array = np.asarray(plain(as_array(values, "learning_rates")))
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iuf"):
        raise ValueError(f"learning_rates: expected {name}, a list of numbers; received shape {array.shape} of {array.dtype}")
    return array.astype(float)


def _marks(
    rates: np.ndarray[Any, Any], mean: np.ndarray[Any, Any], suggestion: float | None
) -> list[tuple[float, str, str, str]]:
    """Rate, name, colour and marker of what is marked; rates that coincide share a mark."""
    marks = []
    if len(rates) > 2:
        lowest = int(mean.argmin())
        slopes = np.gradient(mean, np.log(rates))[: lowest + 1]
        first = min(len(rates) // 10, lowest)  # as nn.find_learning_rate does: the first means are those of a few batches
        marks.append((float(rates[first + int(slopes[first:].argmin())]), "steepest fall", COLORS[2], "o"))
        if rates[lowest] / 10 >= rates[0]:
            marks.append((float(rates[lowest] / 10), "minimum / 10", COLORS[3], "s"))
    if suggestion is None:
        return marks
    same = [name for rate, name, _, _ in marks if math.isclose(rate, suggestion, rel_tol=1e-6)]
    label = ", ".join(["suggestion", *same])
    return [*[each for each in marks if each[1] not in same], (float(suggestion), label, COLORS[0], "D")]
