"""``BestModel``: the weights of the best epoch in a file."""

from collections.abc import Mapping
from os import PathLike
from typing import Any

from nn.callbacks.base import Training
from nn.callbacks.files import STATES, FileCallback
from nn.callbacks.monitoring import Monitor
from nn.serialization import save


class BestModel(FileCallback):
    """Saves the model after each epoch in which the monitored number became better: ``nn.load(path, into=model)`` has it back.

    Args:
        path: a file that ends in ``.safetensors`` or ``.npz``.
        monitor: a name in the logs.
        mode: ``"min"`` or ``"max"``; ``"auto"`` tells by the name.

    Raises:
        ValueError: for another ending of the path, and for a mode that cannot be told.
        ValueError: in ``fit``, when there is no such number.
    """

    def __init__(self, path: str | PathLike[str], monitor: str = "val_loss", mode: str = "auto") -> None:
        super().__init__(path, STATES)
        self._monitor = Monitor("BestModel", monitor, mode)
        self.monitor = monitor
        self.best_epoch = 0

    @property
    def best(self) -> float:
        """The best number so far."""
        return self._monitor.best

    def on_epoch_end(self, trainer: Training) -> None:
        """Save, if it is the best epoch so far."""
        if self._monitor.improved(self._monitor.value(trainer.logs)):
            self.best_epoch = trainer.epoch
            save(trainer.model, self.path, metadata={"epoch": trainer.epoch, self.monitor: self.best})

    def state_dict(self) -> dict[str, Any]:
        """The best number and its epoch."""
        return {"best": self.best, "best_epoch": self.best_epoch}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what ``state_dict`` gave."""
        self._monitor.best = state_dict["best"]
        self.best_epoch = state_dict["best_epoch"]
