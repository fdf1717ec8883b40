"""Schedules that go up and down, and move the momentum the other way: ``OneCycleLR``, ``CyclicLR``."""

import math
from collections.abc import Callable
from typing import Any

from nn.inputs import check_number, check_whole
from nn.optim.base import Optimizer
from nn.optim.lr_scheduler.annealing import check_strategy
from nn.optim.lr_scheduler.base import LRScheduler, per_group


class OneCycleLR(LRScheduler):
    """Goes up to ``max_lr`` and down to almost nothing, once, and the momentum down and up meanwhile.

    Step it after each batch. It begins at ``max_lr / div_factor``, is at ``max_lr`` after the share ``pct_start`` of all steps,
    and ends at ``max_lr / div_factor / final_div_factor``. The momentum is the optimizer's ``momentum``, or the first of its
    ``betas``.

    Args:
        optimizer: see ``LRScheduler``. Its own learning rates and momenta are replaced.
        max_lr: the highest learning rate, or a list with one for each group.
        total_steps: the number of steps; or else
        epochs: how often the data is gone through, and
        steps_per_epoch: with how many steps.
        pct_start: the share of the steps that go up.
        anneal_strategy: ``"cos"`` or ``"linear"``.
        cycle_momentum: whether the momentum is set, too.
        base_momentum: the momentum at the highest learning rate, or a list with one for each group.
        max_momentum: the momentum at the first one and at the end.
        div_factor: by how much the first learning rate is lower than the highest.
        final_div_factor: by how much the last one is lower than the first.
        three_phase: whether to go back to the first one as fast as it went up, and then down to the last one.
        last_epoch: see ``LRScheduler``.

    Raises:
        ValueError: for settings that do not fit, and a step beyond ``total_steps``. (Step ``total_steps``, which comes after
            the last update, leaves the learning rate as it is; in PyTorch the curve goes on.)

    Source: L. Smith and N. Topin, Super-convergence: very fast training of neural networks using large learning rates, 2018.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], momentum=0.9)
    >>> schedule = nn.optim.OneCycleLR(optimizer, max_lr=1.0, total_steps=5, pct_start=0.6, anneal_strategy="linear")
    >>> nn.optim.lr_curve(schedule, 5)[:, 0].round(3)
    array([0.04, 0.52, 1.  , 0.5 , 0.  ])
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: Any,
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: Any = 0.85,
        max_momentum: Any = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        if total_steps is None:
            if epochs is None or steps_per_epoch is None:
                raise ValueError("OneCycleLR: expected total_steps, or epochs and steps_per_epoch; received neither")
            _check_counts("OneCycleLR", epochs=epochs, steps_per_epoch=steps_per_epoch)
            total_steps = epochs * steps_per_epoch
        _check_counts("OneCycleLR", total_steps=total_steps)
        check_number("OneCycleLR", "pct_start", pct_start, least=0, most=1)
        check_strategy("OneCycleLR", anneal_strategy)
        for name, factor in (("div_factor", div_factor), ("final_div_factor", final_div_factor)):
            check_number("OneCycleLR", name, factor, least=0)
            if factor == 0:
                raise ValueError(f"OneCycleLR: expected {name} above 0, received 0")
        self.total_steps = total_steps
        self.anneal_strategy = anneal_strategy
        up = float(pct_start * total_steps) - 1
        down = float(2 * pct_start * total_steps) - 2
        # Where each phase begins and ends, and between which of the values below it leads.
        self.phases: list[tuple[float, float, str, str]] = [(0.0, up, "first", "highest")]
        if three_phase:
            self.phases += [(up, down, "highest", "first"), (down, total_steps - 1, "first", "last")]
        else:
            self.phases += [(up, total_steps - 1, "highest", "last")]
        highest = _numbers(self, optimizer, "max_lr", max_lr)
        first = [lr / div_factor for lr in highest]
        self.lrs = {"first": first, "highest": highest, "last": [lr / final_div_factor for lr in first]}
        self.momenta = None
        if cycle_momentum:
            _check_momentum(self, optimizer)
            most = _numbers(self, optimizer, "max_momentum", max_momentum)
            self.momenta = {"first": most, "highest": _numbers(self, optimizer, "base_momentum", base_momentum), "last": most}
        if last_epoch == -1:
            for group, lr in zip(optimizer.param_groups, first, strict=True):
                group["initial_lr"] = lr
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """See the class."""
        return self._between(self.lrs)

    def get_momentum(self) -> list[float] | None:
        """See the class."""
        return None if self.momenta is None else self._between(self.momenta)

    def _between(self, values: dict[str, list[float]]) -> list[float]:
        """For each group, where it is between the values that the phase leads from and to."""
        step = self.last_epoch
        if step > self.total_steps:
            raise ValueError(f"OneCycleLR: expected {self.total_steps} steps, as was said at the start; this is step {step}")
        begin, end, start, goal = next((each for each in self.phases if step <= each[1]), self.phases[-1])
        share = min(1.0, (step - begin) / (end - begin)) if end > begin else 1.0
        pairs = zip(values[start], values[goal], strict=True)
        if self.anneal_strategy == "linear":
            return [(b - a) * share + a for a, b in pairs]
        return [b + (a - b) / 2.0 * (math.cos(math.pi * share) + 1) for a, b in pairs]


class CyclicLR(LRScheduler):
    """Goes from ``base_lr`` to ``max_lr`` and back in straight lines, again and again. Step it after each batch.

    Args:
        optimizer: see ``LRScheduler``. Its own learning rates and momenta are replaced.
        base_lr: the lowest learning rate, or a list with one for each group.
        max_lr: the highest one of the first cycle, or a list.
        step_size_up: the number of steps upward.
        step_size_down: the number of steps downward; by default the same.
        mode: ``"triangular"``, all cycles alike; ``"triangular2"``, each half as high as the one before; ``"exp_range"``, the
            height times ``gamma ** step``.
        gamma: see ``mode``.
        scale_fn: a function of what the height is multiplied by, in place of ``mode``. It is not saved.
        scale_mode: what ``scale_fn`` is given: the number of the ``"cycle"``, from 1, or that of ``"iterations"``.
        cycle_momentum: whether the momentum, or the first of ``betas``, goes down while the learning rate goes up.
        base_momentum: the lowest momentum, or a list with one for each group.
        max_momentum: the highest one, or a list.
        last_epoch: see ``LRScheduler``.

    Raises:
        ValueError: for another mode, and ``cycle_momentum`` with an optimizer that has none.

    Source: L. Smith, Cyclical learning rates for training neural networks, 2017.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], momentum=0.9)
    >>> schedule = nn.optim.CyclicLR(optimizer, base_lr=0.0, max_lr=0.4, step_size_up=2, mode="triangular2")
    >>> nn.optim.lr_curve(schedule, 9)[:, 0]
    array([0. , 0.2, 0.4, 0.2, 0. , 0.1, 0.2, 0.1, 0. ])
    """

    _unsaved = ("optimizer", "scale_fn")

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: Any,
        max_lr: Any,
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: Any = 0.8,
        max_momentum: Any = 0.9,
        last_epoch: int = -1,
    ) -> None:
        step_size_down = step_size_up if step_size_down is None else step_size_down
        for name, value in (("step_size_up", step_size_up), ("step_size_down", step_size_down)):
            check_number("CyclicLR", name, value, least=0)
        if step_size_up + step_size_down == 0:
            raise ValueError("CyclicLR: expected step_size_up and step_size_down of more than 0 together, received 0")
        if scale_fn is None and mode not in ("triangular", "triangular2", "exp_range"):
            raise ValueError(f"CyclicLR: expected mode 'triangular', 'triangular2' or 'exp_range', received {mode!r}")
        if scale_mode not in ("cycle", "iterations"):
            raise ValueError(f"CyclicLR: expected scale_mode 'cycle' or 'iterations', received {scale_mode!r}")
        check_number("CyclicLR", "gamma", gamma)
        self.total_size = float(step_size_up) + float(step_size_down)
        self.step_ratio = float(step_size_up) / self.total_size
        self.mode = mode
        self.gamma = gamma
        self.scale_fn = scale_fn
        self.scale_mode = scale_mode
        self.min_lrs = _numbers(self, optimizer, "base_lr", base_lr)
        self.max_lrs = _numbers(self, optimizer, "max_lr", max_lr)
        self.momenta = None
        if cycle_momentum:
            _check_momentum(self, optimizer)
            least = _numbers(self, optimizer, "base_momentum", base_momentum)
            self.momenta = (least, _numbers(self, optimizer, "max_momentum", max_momentum))
        if last_epoch == -1:
            for group, lr in zip(optimizer.param_groups, self.min_lrs, strict=True):
                group["lr"] = lr
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """See the class."""
        height = self._height()
        return [low + (high - low) * height for low, high in zip(self.min_lrs, self.max_lrs, strict=True)]

    def get_momentum(self) -> list[float] | None:
        """See the class."""
        if self.momenta is None:
            return None
        height = self._height()
        return [high - (high - low) * height for low, high in zip(*self.momenta, strict=True)]

    def _height(self) -> float:
        """How far the learning rate is from the lowest one, as a share of the first cycle's height."""
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        place = 1.0 + self.last_epoch / self.total_size - cycle
        height = (
            place / self.step_ratio if place <= self.step_ratio and self.step_ratio else (place - 1) / (self.step_ratio - 1)
        )
        if self.scale_fn is not None:
            return height * self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        if self.mode == "exp_range":
            return height * self.gamma**self.last_epoch
        return height / 2.0 ** (cycle - 1) if self.mode == "triangular2" else height


def _numbers(schedule: Any, optimizer: Any, name: str, value: Any) -> list[float]:
    """A number for each group."""
    numbers = per_group(schedule, optimizer, name, value)
    for each in numbers:
        check_number(type(schedule).__name__, name, each)
    return [float(each) for each in numbers]


def _check_counts(receiver: str, **counts: Any) -> None:
    for name, value in counts.items():
        check_whole(receiver, name, value)
        check_number(receiver, name, value, least=1)


def _check_momentum(schedule: Any, optimizer: Any) -> None:
    if not {"momentum", "betas"} & optimizer.defaults.keys():
        name = type(schedule).__name__
        raise ValueError(
            f"{name}: expected an optimizer with momentum or betas, received {type(optimizer).__name__}; "
            "pass cycle_momentum=False"
        )
