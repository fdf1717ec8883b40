"""``ReduceLROnPlateau``: a schedule that looks at how training goes."""

import math
from typing import Any

from nn.inputs import as_number, check_number, check_whole
from nn.optim.base import Optimizer
from nn.optim.lr_scheduler.base import LRScheduler, groups_of, per_group


class ReduceLROnPlateau(LRScheduler):
    """Multiplies the learning rates by ``factor`` when a metric has not become better for more than ``patience`` steps.

    ``step(metric)`` is given the metric, such as the loss on data that is not trained on.

    Args:
        optimizer: whose learning rates are reduced.
        mode: ``"min"``, where less is better, or ``"max"``.
        factor: below 1.
        patience: how many steps without a better metric are waited for; the next one reduces.
        threshold: by how much a metric has to be better than the best one to count.
        threshold_mode: ``"rel"``, by a share of the best one, or ``"abs"``.
        cooldown: for how many steps after a reduction none counts as bad.
        min_lr: no learning rate gets lower; or a list with one for each group.
        eps: a change that is not larger than this is not made.

    Raises:
        ValueError: for settings that make no sense.

    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.8)
    >>> schedule = nn.optim.ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
    >>> nn.optim.lr_curve(schedule, [1.0, 0.9, 0.95, 0.9, 0.9, 0.8])[:, 0]
    array([0.8, 0.8, 0.8, 0.8, 0.4, 0.4])
    """

    looks_at = "metric"

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: Any = 0,
        eps: float = 1e-8,
    ) -> None:
        for name, word, known in (("mode", mode, ("min", "max")), ("threshold_mode", threshold_mode, ("rel", "abs"))):
            if word not in known:
                raise ValueError(f"ReduceLROnPlateau: expected {name} {known[0]!r} or {known[1]!r}, received {word!r}")
        check_number("ReduceLROnPlateau", "factor", factor, least=0)
        if factor >= 1:
            raise ValueError(f"ReduceLROnPlateau: expected a factor below 1, received {factor}")
        for name, value in (("patience", patience), ("cooldown", cooldown)):
            check_whole("ReduceLROnPlateau", name, value)
            check_number("ReduceLROnPlateau", name, value, least=0)
        check_number("ReduceLROnPlateau", "threshold", threshold)
        check_number("ReduceLROnPlateau", "eps", eps, least=0)
        self.min_lrs = per_group(self, optimizer, "min_lr", min_lr)
        for each in self.min_lrs:
            check_number("ReduceLROnPlateau", "min_lr", each)
        self.optimizer = optimizer
        self.mode = mode
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.threshold_mode = threshold_mode
        self.cooldown = cooldown
        self.eps = eps
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = 0
        self.cooldown_counter = 0
        self.last_epoch = 0
        self._last_lr = [float(group["lr"]) for group in groups_of(self, optimizer)]

    def step(self, metrics: Any) -> None:  # type: ignore[override]  # this schedule is told how training goes
        """Take note of the metric, a number, and reduce the learning rates if it is time."""
        metric = as_number("ReduceLROnPlateau.step", "metrics", metrics)
        self.last_epoch += 1
        if self._better(metric):
            self.best = metric
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        lrs = [group["lr"] for group in self.optimizer.param_groups]
        if self.num_bad_epochs > self.patience:
            reduced = [max(lr * self.factor, least) for lr, least in zip(lrs, self.min_lrs, strict=True)]
            lrs = [new if old - new > self.eps else old for old, new in zip(lrs, reduced, strict=True)]
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0
        self._write(lrs)

    def _better(self, metric: float) -> bool:
        if self.mode == "min":
            return metric < (self.best * (1.0 - self.threshold) if self.threshold_mode == "rel" else self.best - self.threshold)
        return metric > (self.best * (1.0 + self.threshold) if self.threshold_mode == "rel" else self.best + self.threshold)
