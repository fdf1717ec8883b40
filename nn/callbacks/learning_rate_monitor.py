"""``LearningRateMonitor``: the learning rates in the history."""

from nn.callbacks.base import Callback, Training


class LearningRateMonitor(Callback):
    """Logs the learning rate at the end of each epoch as ``lr``; of an optimizer with several groups as ``lr_0``, ``lr_1``, ...

    A schedule that steps after each epoch does so later: the rate is that of the epoch.
    """

    def on_epoch_end(self, trainer: Training) -> None:
        """Log the rates."""
        rates = [float(group["lr"]) for group in trainer.optimizer.param_groups]
        trainer.logs.update({f"lr_{i}" if len(rates) > 1 else "lr": rate for i, rate in enumerate(rates)})
