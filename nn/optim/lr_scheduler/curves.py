"""What a schedule will do: its learning rates as numbers and as a picture, without a step of schedule or optimizer."""

from __future__ import annotations  # matplotlib is imported when something is drawn

import copy
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.inputs import check_number, check_whole
from nn.pictures import COLORS, MUTED, SMALL, TEXT, axes_or_new, finished

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def lr_curve(schedule: Any, steps: int | Sequence[Any]) -> np.ndarray[Any, Any]:
    """The learning rates of the next steps, the present ones first. Neither schedule nor optimizer is changed.

    Args:
        schedule: the schedule, at any step.
        steps: how many; or what ``schedule.step`` is to be given after each of them: the metrics of ``ReduceLROnPlateau``.

    Shapes: -> (steps, groups).

    Raises:
        TypeError: for a number of steps that is not whole, and where metrics are needed.
        ValueError: for a negative number.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.1)
    >>> schedule = nn.optim.StepLR(optimizer, step_size=2, gamma=0.5)
    >>> nn.optim.lr_curve(schedule, 5)[:, 0]
    array([0.1  , 0.1  , 0.05 , 0.05 , 0.025])
    """
    return np.array([[group["lr"] for group in groups] for groups in _simulated(schedule, steps)], float).reshape(
        -1, len(schedule.optimizer.param_groups)
    )


def draw(schedule: Any, steps: int | Sequence[Any], axes: Axes | None) -> Axes:
    """See ``LRScheduler.plot``."""
    lrs = lr_curve(schedule, steps)
    places = schedule.last_epoch + np.arange(len(lrs))
    axes = axes_or_new("plot", axes, (6.4, 3.2))
    for i, column in enumerate(lrs.T):
        label = f"group {i}" if lrs.shape[1] > 1 else "learning rate"
        marker = "." if len(places) <= 60 else ""  # of each step, where there is room
        axes.plot(places, column, marker=marker, color=COLORS[i % len(COLORS)], linewidth=1.8, label=label)
    axes.set_ylim(bottom=min(0.0, lrs.min(initial=0.0)))
    finished(axes, type(schedule).__name__, x="step of the schedule", y="learning rate")
    for name, values in _companions(schedule, steps):
        beside = axes.twinx()
        beside.plot(places, values, color=MUTED, linewidth=1.2, linestyle="--")
        beside.set_ylabel(f"{name} (dashed)", color=MUTED, fontsize=TEXT)
        beside.tick_params(colors=MUTED, labelsize=SMALL)
        beside.spines["top"].set_visible(False)
    if lrs.shape[1] > 1:
        axes.legend(frameon=False, fontsize=SMALL)
    return axes


def _companions(schedule: Any, steps: int | Sequence[Any]) -> list[tuple[str, Any]]:
    """What is drawn beside the learning rates: the momentum, where it changes; the metrics that the schedule looks at."""
    found: list[tuple[str, Any]] = []
    if schedule.looks_at is not None:
        found.append((schedule.looks_at, np.asarray(steps, float)))
    momenta = [[momentum_of(group) for group in groups] for groups in _simulated(schedule, steps)]
    if any(each != momenta[0] for each in momenta):
        found.append(("momentum", momenta))
    return found


def _simulated(schedule: Any, steps: int | Sequence[Any]) -> list[list[dict[str, Any]]]:
    """The settings of the groups in each of the steps."""
    if schedule.looks_at is not None and isinstance(steps, int | np.integer):
        name = type(schedule).__name__
        raise TypeError(f"{name}: expected a {schedule.looks_at} for each step, received their number, {steps}")
    if not isinstance(steps, Iterable):
        check_whole(type(schedule).__name__, "steps", steps)
        check_number(type(schedule).__name__, "steps", steps, least=0)
    given = [()] * int(steps) if isinstance(steps, int | np.integer) else [(each,) for each in steps]
    groups = _Groups(schedule.optimizer)
    copied = copy.deepcopy(schedule, {id(schedule.optimizer): groups})
    found = []
    for i, each in enumerate(given):
        found.append([dict(group) for group in groups.param_groups])
        if i + 1 < len(given):
            copied.step(*each)
    return found


class _Groups:
    """An optimizer's groups without their parameters: all of it that a schedule looks at."""

    def __init__(self, optimizer: Any) -> None:
        self.defaults = dict(optimizer.defaults)
        self.param_groups = [
            {name: value for name, value in group.items() if name != "params"} for group in optimizer.param_groups
        ]


def momentum_of(group: dict[str, Any]) -> float | None:
    """The momentum among a group's settings: ``momentum``, or the first of ``betas``; ``None`` without either."""
    return group["betas"][0] if "betas" in group else group.get("momentum")


def set_momentum(group: dict[str, Any], value: float) -> None:
    """Set what ``momentum_of`` gives."""
    if "betas" in group:
        group["betas"] = (value, *group["betas"][1:])
    else:
        group["momentum"] = value
