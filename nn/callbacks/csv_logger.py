"""``CSVLogger``: the history in a file, while training goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn.callbacks.files import FileCallback

if TYPE_CHECKING:
    from nn.training.trainer import Trainer


class CSVLogger(FileCallback):
    """Writes the history to a table after each epoch: ``history.to_csv(path)``. A resumed run continues it.

    Args:
        path: the file, which is written anew.
    """

    def on_checkpoint(self, trainer: Trainer) -> None:
        """Write, at the end of an epoch."""
        if trainer.between_epochs:
            trainer.history.to_csv(self.path)
