"""Schedules that go down smoothly: along a cosine, once or again and again; and to a given value, for averaging weights."""

import math
from typing import Any

from nn.inputs import check_number, check_whole
from nn.optim.base import Optimizer
from nn.optim.lr_scheduler.base import LRScheduler, per_group


class CosineAnnealingLR(LRScheduler):
    """Goes from the initial learning rates ``a`` to ``eta_min`` along half a cosine, in ``T_max`` steps, and up again after.

    ``lr = eta_min + (a - eta_min) * (1 + cos(pi * t / T_max)) / 2``, computed from the learning rate of the step before, so
    that it can be chained.

    Args:
        optimizer: see ``LRScheduler``.
        T_max: in how many steps the least learning rate is reached.
        eta_min: the least learning rate.
        last_epoch: see ``LRScheduler``.

    Source: I. Loshchilov and F. Hutter, SGDR: stochastic gradient descent with warm restarts, 2017, without the restarts.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.8)
    >>> nn.optim.lr_curve(nn.optim.CosineAnnealingLR(optimizer, T_max=2), 5)[:, 0].round(9)
    array([0.8, 0.4, 0. , 0.4, 0.8])
    """

    relative = True
    from_base = True

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1) -> None:
        check_whole("CosineAnnealingLR", "T_max", T_max)
        check_number("CosineAnnealingLR", "T_max", T_max, least=1)
        check_number("CosineAnnealingLR", "eta_min", eta_min)
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """See the class."""
        lrs = [group["lr"] for group in self.optimizer.param_groups]
        t, period = self.last_epoch, self.T_max
        if t == 0:
            return lrs
        if (t - 1 - period) % (2 * period) == 0:  # the step before was at the bottom, where there is nothing to multiply
            rise = (1 - math.cos(math.pi / period)) / 2
            return [lr + (base_lr - self.eta_min) * rise for lr, base_lr in zip(lrs, self.base_lrs, strict=True)]
        factor = (1 + math.cos(math.pi * t / period)) / (1 + math.cos(math.pi * (t - 1) / period))
        return [factor * (lr - self.eta_min) + self.eta_min for lr in lrs]


class CosineAnnealingWarmRestarts(LRScheduler):
    """Goes from the initial learning rates to ``eta_min`` along half a cosine, and begins again: after ``T_0`` steps first.

    Each time it takes ``T_mult`` times as long as the time before::

        lr = eta_min + (a - eta_min) * (1 + cos(pi * T_cur / T_i)) / 2

    with the initial learning rate ``a``, the steps ``T_cur`` since the restart, and the length ``T_i`` of this time.

    Args:
        optimizer: see ``LRScheduler``.
        T_0: the number of steps until the first restart.
        T_mult: a whole number.
        eta_min: the least learning rate.
        last_epoch: see ``LRScheduler``. Resuming finds the right place for any ``T_mult`` (in PyTorch for 1 only).

    Source: I. Loshchilov and F. Hutter, SGDR: stochastic gradient descent with warm restarts, 2017.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.8)
    >>> nn.optim.lr_curve(nn.optim.CosineAnnealingWarmRestarts(optimizer, T_0=2, T_mult=2), 7)[:, 0].round(3)
    array([0.8  , 0.4  , 0.8  , 0.683, 0.4  , 0.117, 0.8  ])
    """

    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0, last_epoch: int = -1) -> None:
        for name, count in (("T_0", T_0), ("T_mult", T_mult)):
            check_whole("CosineAnnealingWarmRestarts", name, count)
            check_number("CosineAnnealingWarmRestarts", name, count, least=1)
        check_number("CosineAnnealingWarmRestarts", "eta_min", eta_min)
        self.T_0 = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        self.fraction = 0.0  # of a step, beyond last_epoch
        super().__init__(optimizer, last_epoch)

    def step(self, epoch: float | None = None) -> None:
        """Go one step on; or to ``epoch``, which may be a fraction, as after each batch: ``step(epoch + i / batches)``.

        Raises:
            ValueError: for an ``epoch`` that is negative or not finite.
        """
        if epoch is None:
            self.last_epoch += 1
        else:
            check_number("CosineAnnealingWarmRestarts.step", "epoch", epoch, least=0)
            self.last_epoch = math.floor(epoch)
            self.fraction = epoch - self.last_epoch
        self._update()

    def get_lr(self) -> list[float]:
        """See the class."""
        place, length = self.last_epoch + self.fraction, self.T_0
        if self.T_mult == 1:
            place %= length
        while place >= length:
            place -= length
            length *= self.T_mult
        height = (1 + math.cos(math.pi * place / length)) / 2
        return [self.eta_min + (base_lr - self.eta_min) * height for base_lr in self.base_lrs]


class SWALR(LRScheduler):
    """Goes from the learning rates that there are to ``swa_lr``, in ``anneal_epochs`` steps, and stays there.

    For averaging weights over the end of a training: step this one in place of the schedule before.

    Args:
        optimizer: see ``LRScheduler``.
        swa_lr: the last learning rate, or a list with one for each group.
        anneal_epochs: in how many steps it is reached.
        anneal_strategy: ``"cos"`` or ``"linear"``.
        last_epoch: see ``LRScheduler``; resuming goes on (in PyTorch it begins again).

    Raises:
        ValueError: for another strategy, and a number of ``swa_lr`` that is not the number of groups.

    Source: P. Izmailov et al., Averaging weights leads to wider optima and better generalization, 2018; ``SWALR`` is in
    ``torch.optim.swa_utils``.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.8)
    >>> nn.optim.lr_curve(nn.optim.SWALR(optimizer, 0.2, anneal_epochs=3, anneal_strategy="linear"), 5)[:, 0].round(9)
    array([0.8, 0.6, 0.4, 0.2, 0.2])
    """

    relative = True

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: Any,
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        self.swa_lrs = per_group(self, optimizer, "swa_lr", swa_lr)
        for each in self.swa_lrs:
            check_number("SWALR", "swa_lr", each)
        check_whole("SWALR", "anneal_epochs", anneal_epochs)
        check_number("SWALR", "anneal_epochs", anneal_epochs, least=0)
        check_strategy("SWALR", anneal_strategy)
        self.anneal_epochs = anneal_epochs
        self.anneal_strategy = anneal_strategy
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """See the class."""
        step = max(1, self.last_epoch) if self.anneal_epochs == 0 else self.last_epoch
        before, now = self._share(step - 1), self._share(step)
        lrs = []
        for group, swa_lr in zip(self.optimizer.param_groups, self.swa_lrs, strict=True):
            start = swa_lr if before == 1 else (group["lr"] - before * swa_lr) / (1 - before)
            lrs.append(swa_lr * now + start * (1 - now))
        return lrs

    def _share(self, step: int) -> float:
        """How much of the way is gone after so many steps."""
        t = max(0.0, min(1.0, step / max(1, self.anneal_epochs)))
        return (1 - math.cos(math.pi * t)) / 2 if self.anneal_strategy == "cos" else t


def check_strategy(receiver: str, anneal_strategy: Any) -> None:
    """Refuse a way of annealing that is not known."""
    if anneal_strategy not in ("cos", "linear"):
        raise ValueError(f"{receiver}: expected anneal_strategy 'cos' or 'linear', received {anneal_strategy!r}")
