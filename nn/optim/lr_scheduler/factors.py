"""Schedules that multiply: each learning rate is the one before, or the initial one, times a factor."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from nn.inputs import check_number, check_whole
from nn.optim.base import Optimizer
from nn.optim.lr_scheduler.base import LRScheduler, per_group


class _FactorLR(LRScheduler):
    """A schedule that multiplies all learning rates by one number in each step."""

    relative = True
    from_base = True

    def ratio(self, epoch: int) -> float:
        """By what the learning rates of the step before are multiplied; the initial ones, for ``epoch`` 0."""
        raise NotImplementedError

    def get_lr(self) -> list[float]:
        """The learning rates that there are, times the ratio of this step."""
        ratio = self.ratio(self.last_epoch)
        return [group["lr"] * ratio for group in self.optimizer.param_groups]


class StepLR(_FactorLR):
    """Multiplies the learning rates by ``gamma`` in every ``step_size``-th step.

    Args:
        optimizer: see ``LRScheduler``; ``last_epoch`` too. Where it resumes is no step, so ``gamma`` does not count twice (in
            PyTorch it does, in this schedule and in ``MultiStepLR``).
        step_size: after how many steps.
        gamma: the factor.
        last_epoch: see ``LRScheduler``.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.1)
    >>> nn.optim.lr_curve(nn.optim.StepLR(optimizer, step_size=3), 5)[:, 0]
    array([0.1 , 0.1 , 0.1 , 0.01, 0.01])
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1) -> None:
        _check_count("StepLR", "step_size", step_size, least=1)
        check_number("StepLR", "gamma", gamma)
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def ratio(self, epoch: int) -> float:
        """See the class."""
        return self.gamma if epoch > 0 and epoch % self.step_size == 0 else 1.0


class MultiStepLR(_FactorLR):
    """Multiplies the learning rates by ``gamma`` in each of the steps ``milestones``.

    Args:
        optimizer: see ``LRScheduler``.
        milestones: the steps, in any order; one that is listed twice counts twice.
        gamma: the factor.
        last_epoch: see ``LRScheduler``.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.1)
    >>> nn.optim.lr_curve(nn.optim.MultiStepLR(optimizer, [1, 3]), 5)[:, 0]
    array([0.1  , 0.01 , 0.01 , 0.001, 0.001])
    """

    def __init__(self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1, last_epoch: int = -1) -> None:
        self.milestones = sorted(milestones)
        for each in self.milestones:
            _check_count("MultiStepLR", "milestones", each)
        check_number("MultiStepLR", "gamma", gamma)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def ratio(self, epoch: int) -> float:
        """See the class."""
        return self.gamma ** self.milestones.count(epoch)


class ConstantLR(_FactorLR):
    """Multiplies the learning rates by ``factor`` at the beginning, and takes that back after ``total_iters`` steps.

    Args:
        optimizer: see ``LRScheduler``.
        factor: above 0, up to 1.
        total_iters: after how many steps; 0 for a schedule that does nothing.
        last_epoch: see ``LRScheduler``.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.1)
    >>> nn.optim.lr_curve(nn.optim.ConstantLR(optimizer, factor=0.5, total_iters=3), 5)[:, 0]
    array([0.05, 0.05, 0.05, 0.1 , 0.1 ])
    """

    def __init__(self, optimizer: Optimizer, factor: float = 1.0 / 3, total_iters: int = 5, last_epoch: int = -1) -> None:
        _check_factor("ConstantLR", "factor", factor)
        _check_count("ConstantLR", "total_iters", total_iters)
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def ratio(self, epoch: int) -> float:
        """See the class."""
        if self.total_iters == 0:
            return 1.0
        return self.factor if epoch == 0 else 1.0 / self.factor if epoch == self.total_iters else 1.0


class LinearLR(_FactorLR):
    """Goes in a straight line from ``start_factor`` to ``end_factor`` times the learning rates, in ``total_iters`` steps.

    It warms up. ``SequentialLR`` puts another schedule behind it.

    Args:
        optimizer: see ``LRScheduler``.
        start_factor: above 0, up to 1.
        end_factor: from 0 to 1.
        total_iters: after how many steps the end is reached; 0 for at once.
        last_epoch: see ``LRScheduler``.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.1)
    >>> nn.optim.lr_curve(nn.optim.LinearLR(optimizer, start_factor=0.2, total_iters=4), 6)[:, 0]
    array([0.02, 0.04, 0.06, 0.08, 0.1 , 0.1 ])
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        _check_factor("LinearLR", "start_factor", start_factor)
        check_number("LinearLR", "end_factor", end_factor, least=0, most=1)
        _check_count("LinearLR", "total_iters", total_iters)
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def ratio(self, epoch: int) -> float:
        """See the class."""
        if epoch == 0:
            return self.start_factor if self.total_iters else self.end_factor
        if epoch > self.total_iters:
            return 1.0
        rise = self.end_factor - self.start_factor
        return 1.0 + rise / (self.total_iters * self.start_factor + (epoch - 1) * rise)


class ExponentialLR(_FactorLR):
    """Multiplies the learning rates by ``gamma`` in every step.

    Args:
        optimizer: see ``LRScheduler``.
        gamma: the factor.
        last_epoch: see ``LRScheduler``.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.8)
    >>> nn.optim.lr_curve(nn.optim.ExponentialLR(optimizer, gamma=0.5), 4)[:, 0]
    array([0.8, 0.4, 0.2, 0.1])
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        check_number("ExponentialLR", "gamma", gamma)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def ratio(self, epoch: int) -> float:
        """See the class."""
        return self.gamma if epoch > 0 else 1.0


class PolynomialLR(_FactorLR):
    """Multiplies the learning rates by ``(1 - t / total_iters) ** power`` in all: from 1 to 0 in ``total_iters`` steps.

    Args:
        optimizer: see ``LRScheduler``.
        total_iters: after how many steps 0 is reached.
        power: 1 for a straight line.
        last_epoch: see ``LRScheduler``.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.8)
    >>> nn.optim.lr_curve(nn.optim.PolynomialLR(optimizer, total_iters=4, power=2), 6)[:, 0]
    array([0.8 , 0.45, 0.2 , 0.05, 0.  , 0.  ])
    """

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1) -> None:
        _check_count("PolynomialLR", "total_iters", total_iters)
        check_number("PolynomialLR", "power", power)
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer, last_epoch)

    def ratio(self, epoch: int) -> float:
        """See the class."""
        if epoch == 0 or epoch > self.total_iters:
            return 1.0
        return ((1.0 - epoch / self.total_iters) / (1.0 - (epoch - 1) / self.total_iters)) ** self.power


Function = Callable[[int], float]


class LambdaLR(LRScheduler):
    """Multiplies the initial learning rates by ``lr_lambda(step)``.

    Args:
        optimizer: see ``LRScheduler``.
        lr_lambda: a function of the number of steps, or a list with one for each group. Functions are not saved.
        last_epoch: see ``LRScheduler``.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.8)
    >>> schedule = nn.optim.LambdaLR(optimizer, lambda step: 1 / (1 + step))
    >>> nn.optim.lr_curve(schedule, 4)[:, 0]
    array([0.8       , 0.4       , 0.26666667, 0.2       ])
    """

    _unsaved = ("optimizer", "lr_lambdas")

    def __init__(self, optimizer: Optimizer, lr_lambda: Function | Sequence[Function], last_epoch: int = -1) -> None:
        self.lr_lambdas = _functions(self, optimizer, lr_lambda)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """See the class."""
        return [base_lr * factor for base_lr, factor in zip(self.base_lrs, _factors(self), strict=True)]


class MultiplicativeLR(LRScheduler):
    """Multiplies the learning rates by ``lr_lambda(step)`` in every step, from the first one on.

    Args:
        optimizer: see ``LRScheduler``.
        lr_lambda: a function of the number of steps, or a list with one for each group. Functions are not saved.
        last_epoch: see ``LRScheduler``.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.8)
    >>> schedule = nn.optim.MultiplicativeLR(optimizer, lambda step: 0.5)
    >>> nn.optim.lr_curve(schedule, 4)[:, 0]
    array([0.8, 0.4, 0.2, 0.1])
    """

    relative = True
    _unsaved = ("optimizer", "lr_lambdas")

    def __init__(self, optimizer: Optimizer, lr_lambda: Function | Sequence[Function], last_epoch: int = -1) -> None:
        self.lr_lambdas = _functions(self, optimizer, lr_lambda)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """See the class."""
        groups = self.optimizer.param_groups
        if self.last_epoch == 0:
            return [group["lr"] for group in groups]
        return [group["lr"] * factor for group, factor in zip(groups, _factors(self), strict=True)]


def _functions(schedule: Any, optimizer: Any, lr_lambda: Any) -> list[Function]:
    functions = per_group(schedule, optimizer, "lr_lambda", lr_lambda)
    for each in functions:
        if not callable(each):
            raise TypeError(
                f"{type(schedule).__name__}: expected lr_lambda, a function of the step; received {type(each).__name__}"
            )
    return functions


def _factors(schedule: LambdaLR | MultiplicativeLR) -> list[float]:
    """What the functions say for this step."""
    factors = [function(schedule.last_epoch) for function in schedule.lr_lambdas]
    for each in factors:
        check_number(type(schedule).__name__, f"what lr_lambda gives for step {schedule.last_epoch}", each)
    return factors


def _check_count(receiver: str, name: str, value: Any, least: int = 0) -> None:
    check_whole(receiver, name, value)
    check_number(receiver, name, value, least=least)


def _check_factor(receiver: str, name: str, value: Any) -> None:
    check_number(receiver, name, value, least=0, most=1)
    if value == 0:
        raise ValueError(f"{receiver}: expected {name} above 0, since learning rates are divided by it later; received 0")
