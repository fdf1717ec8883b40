"""``CSVLogger``: the history in a file, while training goes on."""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING

from nn.callbacks.base import Callback

if TYPE_CHECKING:
    from nn.training.trainer import Trainer


class CSVLogger(Callback):
    """Writes the history to a table after each epoch: ``history.to_csv(path)``. A resumed run continues it.

    Args:
        path: the file, which is written anew.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = fspath(path)

    def on_checkpoint(self, trainer: Trainer) -> None:
        """Write, at the end of an epoch."""
        if trainer.batch == 0:
            trainer.history.to_csv(self.path)
