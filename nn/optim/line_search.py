"""How far to go in a direction: ``strong_wolfe`` looks for a step after which loss and slope are small enough.

The search first goes further and further until an interval has an acceptable step in it, then makes the interval smaller.
Sources: J. Nocedal and S. Wright, Numerical optimization, 2006, section 3.5, for the conditions and the two phases; M. Schmidt,
minFunc, 2005, and its form in PyTorch for where the next step is tried.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple


class Trial(NamedTuple):
    """A step that was tried, and what was found there; the slope is that of the loss in the direction of the search."""

    step: float
    loss: float
    gradient: Any
    slope: float


def strong_wolfe(
    evaluate: Callable[[float], Trial],
    start: Trial,
    step: float,
    most_trials: int,
    least_width: float,
    c1: float = 1e-4,
    c2: float = 0.9,
) -> Trial:
    """The step that was found.

    Acceptable is a step where the loss is at most ``start.loss + c1 * step * start.slope``, and the slope in absolute value at
    most ``c2`` times that at the start. Without one after ``most_trials`` more, the best step is taken.

    Args:
        evaluate: computes the loss and its gradient after a step.
        start: where the search starts, at step 0; its slope is negative.
        step: the first step to try.
        most_trials: how often the loss may be computed after the first time.
        least_width: an interval smaller than this is not divided further.
        c1: the share of the decrease that the slope at the start promises.
        c2: the share of the slope at the start that may be left.
    """

    def high(trial: Trial) -> bool:
        return trial.loss > start.loss + c1 * trial.step * start.slope

    def flat(trial: Trial) -> bool:
        return abs(trial.slope) <= -c2 * start.slope

    before, trial, count = start, evaluate(step), 0
    while count < most_trials and not (high(trial) or (count > 1 and trial.loss >= before.loss)):
        if flat(trial):
            return trial
        if trial.slope >= 0:
            break
        bounds = trial.step + 0.01 * (trial.step - before.step), trial.step * 10
        before, trial = trial, evaluate(_lowest(before, trial, *bounds))
        count += 1
    ends = [start if count == most_trials else before, trial]
    stalled = False
    while count < most_trials and abs(ends[1].step - ends[0].step) >= least_width:
        low = _lower(ends)
        least, most = sorted([ends[0].step, ends[1].step])
        step = _lowest(ends[0], ends[1], least, most)
        # One step close to an end may be right; a second one, or the end itself, would leave the interval as it is.
        margin = 0.1 * (most - least)
        close = min(most - step, step - least) < margin
        if close and (stalled or step >= most or step <= least):
            step = most - margin if abs(step - most) < abs(step - least) else least + margin
            close = False
        stalled = close
        trial = evaluate(step)
        count += 1
        if high(trial) or trial.loss >= ends[low].loss:
            ends[1 - low] = trial
            continue
        if not flat(trial) and trial.slope * (ends[1 - low].step - ends[low].step) >= 0:
            ends[1 - low] = ends[low]
        ends[low] = trial
        if flat(trial):
            break
    return ends[_lower(ends)]


def _lower(ends: list[Trial]) -> int:
    return 0 if ends[0].loss <= ends[1].loss else 1


def _lowest(a: Trial, b: Trial, least: float, most: float) -> float:
    """Where the cubic through two trials, with their slopes, is lowest, within bounds; their middle if it is nowhere."""
    if b.step < a.step:
        a, b = b, a
    chord = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.step - b.step) if a.step < b.step else math.nan
    square = chord * chord - a.slope * b.slope
    root = math.sqrt(square) if square >= 0 else math.nan
    bottom = b.slope - a.slope + 2 * root
    lowest = b.step - (b.step - a.step) * ((b.slope + root - chord) / bottom) if bottom != 0 else math.nan
    return min(max(lowest, least), most) if math.isfinite(lowest) else (least + most) / 2
