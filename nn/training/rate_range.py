"""``find_learning_rate``: a short training with a growing learning rate, to see where the loss falls fastest."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.data.loader import DataLoader
from nn.evaluation import called_with, modes_kept
from nn.inputs import check_number, check_whole
from nn.plots.rates import learning_rates
from nn.training import batches
from nn.training.trainer import Trainer
from nn.training.weighting import BatchLoss

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class LearningRates:
    """The losses that ``find_learning_rate`` met, and its suggestion.

    ``rates``: the learning rates, one a batch; ``losses``: of the batches; ``smoothed``: their exponential mean;
    ``suggestion``: the rate at which the smoothed loss falls fastest, the first tenth of them left out; NaN where it does not
    fall by a tenth, as in a model that is trained already.
    """

    rates: np.ndarray[Any, Any]
    losses: np.ndarray[Any, Any]
    smoothed: np.ndarray[Any, Any]
    suggestion: float

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw them: see ``nn.plots.learning_rates``. Needs matplotlib (``pip install chainrule[plot]``)."""
        return learning_rates(self.rates, self.losses, None if math.isnan(self.suggestion) else self.suggestion, ax=ax)

    def __repr__(self) -> str:
        reach = f"{len(self.rates)} from {self.rates[0]:.2g} to {self.rates[-1]:.2g}"
        return f"LearningRates({reach}, suggestion {self.suggestion:.2g})"


def find_learning_rate(
    trainer: Trainer,
    x: Any,
    y: Any = None,
    *,
    least: float = 1e-6,
    most: float = 10.0,
    steps: int = 100,
    batch_size: int | None = None,
    beta: float = 0.9,
) -> LearningRates:
    """Train ``steps`` batches with a learning rate that grows from ``least`` to ``most``, and take everything back.

    The rate grows by the same factor in each step. It ends early when the smoothed loss is four times its least value, or not
    finite. Model, optimizer, generators, loader and history are as before afterwards.

    Args:
        trainer: its model, loss and optimizer are used; its callbacks and schedule are not.
        x, y: as in ``Trainer.fit``.
        least, most: the first and the last rate.
        steps: how many batches at most.
        batch_size: of arrays; 32.
        beta: how much of the mean before the exponential mean of the losses keeps.

    Raises:
        ValueError, TypeError: for rates that do not grow from above 0, and as ``Trainer.fit`` for the data.
        FloatingPointError: when the loss is not finite from the beginning.

    Source: L. N. Smith, Cyclical learning rates for training neural networks, 2017, section 3.3.

    >>> ag.seed(0)
    >>> model = nn.Linear(3, 1)
    >>> trainer = nn.Trainer(model, nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=0.1))
    >>> x = np.random.default_rng(0).normal(size=(64, 3))
    >>> found = nn.find_learning_rate(trainer, x, x.sum(axis=1, keepdims=True))
    >>> 1e-3 < found.suggestion < 1
    True
    """
    receiver = "find_learning_rate"
    check_number(receiver, "least", least, least=0)
    check_number(receiver, "most", most, least=0)
    check_whole(receiver, "steps", steps)
    check_number(receiver, "steps", steps, least=3)
    check_number(receiver, "beta", beta, least=0, most=1)
    if not 0 < least < most or beta == 1:
        raise ValueError(f"{receiver}: expected 0 < least < most and beta < 1, received {least}, {most} and {beta}")
    before = copy.deepcopy(trainer.state_dict())
    start = x.state_dict() if isinstance(x, DataLoader) else None
    try:
        loader = batches.training_loader(batches.data_of(x, y, None, receiver), receiver, batch_size)
        with modes_kept(trainer.model):
            rates, losses, smoothed = _swept(trainer, _endless(loader), np.geomspace(least, most, steps), beta)
    finally:
        if start is not None:
            x.load_state_dict(start)
        trainer.load_state_dict(before)
    if len(rates) < 3:
        raise FloatingPointError(
            f"{receiver}: expected a finite loss at the rate {least}, received {losses}; begin with a smaller "
            "one, or check the data"
        )
    first = len(rates) // 10  # where the mean is that of a few batches, it jumps
    slopes = np.gradient(smoothed, np.log(rates))[first:]
    falls = smoothed[first:].min() < 0.9 * smoothed[first]
    return LearningRates(rates, losses, smoothed, float(rates[first + int(np.argmin(slopes))]) if falls else math.nan)


def _swept(trainer: Trainer, data: Iterator[Any], rates: Any, beta: float) -> tuple[Any, Any, Any]:
    """The rates that were used, the losses and their exponential mean."""
    loss_of = BatchLoss(trainer.loss, "find_learning_rate")
    trainer.model.train()
    trainer.optimizer.zero_grad()
    mean = 0.0
    losses: list[float] = []
    smoothed: list[float] = []
    for i, (rate, batch) in enumerate(zip(rates.tolist(), data, strict=False)):
        inputs, targets, weights = batches.parts_of(batch, "find_learning_rate")
        for group in trainer.optimizer.param_groups:
            group["lr"] = rate
        with np.errstate(all="ignore"):  # it is meant to explode
            loss, counted = loss_of(called_with(trainer.model, inputs), targets, weights, batches.count_of(inputs))
            value = loss_of.value_of(loss, counted)
            mean = beta * mean + (1 - beta) * value
            corrected = mean / (1 - beta ** (i + 1))
            if not math.isfinite(value) or (smoothed and corrected > 4 * min(smoothed) > 0):
                break
            losses.append(value)
            smoothed.append(corrected)
            loss.backward()
            trainer.optimizer.step()
            trainer.optimizer.zero_grad()
    return rates[: len(losses)], np.array(losses), np.array(smoothed)


def _endless(loader: Any) -> Iterator[Any]:
    """The batches of one epoch after the other.

    Raises:
        ValueError: for an epoch without batches.
    """
    while True:
        count = 0
        for batch in loader:
            count += 1
            yield batch
        if not count:
            raise ValueError("find_learning_rate: expected at least one batch in each epoch, received none")
