"""Schedules made of schedules: one after the other, or all at once."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from nn.inputs import check_whole
from nn.optim.base import Optimizer
from nn.optim.lr_scheduler.base import LRScheduler
from nn.optim.lr_scheduler.plateau import ReduceLROnPlateau


class _Composition(LRScheduler):
    """Steps other schedules, whose state is part of its own."""

    from_base = True
    schedulers: list[LRScheduler]

    def _take(self, schedulers: Any, optimizer: Any) -> None:
        """Check schedules and optimizer, and keep them."""
        schedulers = list(schedulers)
        if not schedulers:
            raise ValueError(f"{self._name}: expected schedules, received none")
        for i, each in enumerate(schedulers):
            if not isinstance(each, LRScheduler):
                raise TypeError(f"{self._name}: expected schedules, received {type(each).__name__} as number {i}")
            if isinstance(each, ReduceLROnPlateau):
                raise ValueError(
                    f"{self._name}: ReduceLROnPlateau cannot be part of it, since its step needs a metric; step it by itself"
                )
            if each.optimizer is not optimizer:
                raise ValueError(f"{self._name}: expected schedules of one optimizer; number {i}, {each!r}, is another one's")
        self.schedulers = schedulers
        self._attach(optimizer, -1)

    def _note(self) -> None:
        """Take down the learning rates that the schedules have set."""
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]


class SequentialLR(_Composition):
    """One schedule after the other: the next one takes over in each of the steps ``milestones``.

    Args:
        optimizer: that of all the schedules.
        schedulers: the schedules, in order. Each begins with its first step where its turn comes, at the initial learning
            rates; ``MultiplicativeLR`` and ``SWALR`` at those that there are.
        milestones: in which step the second begins, the third, and so on: one number less than schedules.
        last_epoch: -1. To resume, make it anew and load its state.

    Raises:
        TypeError: for what is no schedule, and milestones that are no whole numbers.
        ValueError: for no schedules, those of different optimizers, ``ReduceLROnPlateau``, another number of milestones, or
            milestones that go back.

    Five steps of warming up, and a cosine:

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.8)
    >>> warm_up = nn.optim.LinearLR(optimizer, start_factor=0.2, total_iters=4)
    >>> cosine = nn.optim.CosineAnnealingLR(optimizer, T_max=4)
    >>> schedule = nn.optim.SequentialLR(optimizer, [warm_up, cosine], milestones=[4])
    >>> nn.optim.lr_curve(schedule, 9)[:, 0].round(3)
    array([0.16 , 0.32 , 0.48 , 0.64 , 0.8  , 0.683, 0.4  , 0.117, 0.   ])
    """

    def __init__(
        self, optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: Sequence[int], last_epoch: int = -1
    ) -> None:
        if last_epoch != -1:
            raise ValueError(
                f"SequentialLR: expected last_epoch=-1, received {last_epoch}; to resume, make schedule and parts anew and "
                "call load_state_dict"
            )
        self._take(schedulers, optimizer)
        self.milestones = list(milestones)
        for each in self.milestones:
            check_whole("SequentialLR", "milestones", each)
        if len(self.milestones) != len(self.schedulers) - 1:
            raise ValueError(
                f"SequentialLR: expected a milestone for each schedule but the first, {len(self.schedulers) - 1}; "
                f"received {len(self.milestones)}"
            )
        if self.milestones != sorted(self.milestones):
            raise ValueError(f"SequentialLR: expected milestones in order, received {self.milestones}")
        self._write(self.base_lrs)  # the schedules have set their first ones when they were made
        self._begin()

    def _begin(self) -> None:
        self.last_epoch = 0
        self.schedulers[bisect_right(self.milestones, 0)]._begin()
        self._note()

    def step(self) -> None:
        """Step the schedule whose turn it is."""
        self.last_epoch += 1
        turn = bisect_right(self.milestones, self.last_epoch)
        schedule = self.schedulers[turn]
        if turn > 0 and self.milestones[turn - 1] == self.last_epoch:
            schedule._begin_after_others()
        else:
            schedule.step()
        self._note()


class ChainedScheduler(_Composition):
    """All schedules at once: a step makes one of each, in order, so that their factors are multiplied.

    Args:
        schedulers: the schedules. Those that set learning rates whatever they were, such as ``LambdaLR``, take back what those
            before them did.
        optimizer: that of all the schedules; by default the first one's.

    Raises:
        TypeError: for what is no schedule.
        ValueError: for no schedules, those of different optimizers, and ``ReduceLROnPlateau``.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.8)
    >>> parts = [nn.optim.ConstantLR(optimizer, factor=0.5, total_iters=2), nn.optim.ExponentialLR(optimizer, gamma=0.5)]
    >>> nn.optim.lr_curve(nn.optim.ChainedScheduler(parts), 4)[:, 0]
    array([0.4, 0.2, 0.2, 0.1])
    """

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None) -> None:
        schedulers = list(schedulers)
        if optimizer is None and schedulers and isinstance(schedulers[0], LRScheduler):
            optimizer = schedulers[0].optimizer
        self._take(schedulers, optimizer)
        self.last_epoch = 0

    def _begin(self) -> None:
        self.last_epoch = 0
        for each in self.schedulers:
            each._begin()
        self._note()

    def step(self) -> None:
        """Step each of the schedules."""
        self.last_epoch += 1
        for each in self.schedulers:
            each.step()
        self._note()
