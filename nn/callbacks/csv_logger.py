"""``CSVLogger``: the history in a file, while training goes on."""

from nn.callbacks.base import Training
from nn.callbacks.files import FileCallback


class CSVLogger(FileCallback):
    """Writes the history to a table after each epoch: ``history.to_csv(path)``. A resumed run continues it.

    Args:
        path: the file, which is written anew.
    """

    def on_checkpoint(self, trainer: Training) -> None:
        """Write, at the end of an epoch."""
        if trainer.between_epochs:
            trainer.history.to_csv(self.path)
