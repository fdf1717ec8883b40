"""``Run``: the parts of a training, and how far it is. ``Trainer`` is a run with the loop."""

from __future__ import annotations  # np.random would be imported to annotate with it

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nn.callbacks.base import Callback
from nn.inputs import check_number, check_whole
from nn.metrics import Metric
from nn.module import Module
from nn.optim.base import Optimizer
from nn.optim.lr_scheduler.base import LRScheduler
from nn.training.history import History
from nn.training.loaders import Loaders
from nn.training.parts import check_parts, metrics_of
from nn.training.weighting import BatchLoss


@dataclass
class Progress:
    """How far a run is.

    ``total`` and ``counted``: the sums over this epoch of the losses and of what they count. ``collected`` and
    ``collected_count``: how many batches have left gradients that wait for an update, and what these count. ``logs``: the
    numbers of the last epoch that is done.
    """

    epoch: int = 0
    batch: int = 0
    updates: int = 0
    total: float = 0.0
    counted: float = 0.0
    collected: int = 0
    collected_count: float = 0.0
    stop_training: bool = False
    logs: dict[str, float] = field(default_factory=dict)


class Run:
    """A training: model, loss, optimizer and what stands beside them, the history, and how far it is.

    The arguments are those of ``Trainer``.
    """

    def __init__(
        self,
        model: Module,
        loss: Callable[[Any, Any], Any],
        optimizer: Optimizer,
        metrics: Sequence[Metric | str] = (),
        schedule: LRScheduler | None = None,
        callbacks: Sequence[Callback] = (),
        *,
        schedule_every: str = "epoch",
        schedule_monitor: str | None = None,
        accumulate: int = 1,
        generators: Mapping[str, np.random.Generator] | None = None,
    ) -> None:
        check_parts(model, optimizer, schedule, callbacks, generators)
        if schedule_every not in ("epoch", "update"):
            raise ValueError(f"Trainer: expected schedule_every 'epoch' or 'update', received {schedule_every!r}")
        if schedule_every == "update" and schedule is not None and schedule.looks_at is not None:
            raise ValueError(f"Trainer: expected schedule_every='epoch' for {schedule!r}, which looks at an epoch's numbers")
        check_whole("Trainer", "accumulate", accumulate)
        check_number("Trainer", "accumulate", accumulate, least=1)
        self.model = model
        self.loss = loss
        self.optimizer = optimizer
        self.metrics = metrics_of(metrics, loss)
        self.schedule = schedule
        self.callbacks = list(callbacks)
        self.schedule_every = schedule_every
        self.schedule_monitor = schedule_monitor
        self.accumulate = int(accumulate)
        self.generators = dict(generators or {})

        self.progress = Progress()
        self.epochs = 0
        self.batches: int | None = None
        self.history = History()
        self.resumed = False
        self.loaders = Loaders()

        self.batch_loss = BatchLoss(loss, "Trainer")

    @property
    def epoch(self) -> int:
        """How many epochs are done."""
        return self.progress.epoch

    @property
    def batch(self) -> int:
        """How many batches of the present epoch are done."""
        return self.progress.batch

    @property
    def between_epochs(self) -> bool:
        """Whether an epoch is over, with all of its work, and no other has begun."""
        return self.progress.batch == 0

    @property
    def updates(self) -> int:
        """How often the weights were updated."""
        return self.progress.updates

    @property
    def logs(self) -> dict[str, float]:
        """The numbers of the last epoch that is done; callbacks may add some to them before they go into the history."""
        return self.progress.logs

    @property
    def stop_training(self) -> bool:
        """Whether the present epoch is the last one; callbacks set it."""
        return self.progress.stop_training

    @stop_training.setter
    def stop_training(self, stop: bool) -> None:
        self.progress.stop_training = bool(stop)
