"""``Checkpoint``: the whole state of a run in a file, from which it can be resumed to the bit."""

from os import PathLike

from nn.callbacks.base import Training
from nn.callbacks.files import STATES, FileCallback
from nn.inputs import check_number, check_whole
from nn.serialization import save


class Checkpoint(FileCallback):
    """Saves the trainer after each epoch, and after every so many batches.

    The file holds the model, the optimizer, the schedule, all generators, the place in the epoch, the history, the callbacks.
    ``trainer.fit(..., resume=path)`` goes on from it. It is written beside and then put in the place of the previous one, so
    that there is a whole file at any moment.

    Args:
        path: a file that ends in ``.safetensors`` or ``.npz``. ``{epoch}`` and ``{batch}`` in it become their numbers: how many
            are done when it is saved.
        every: after how many batches to save besides the ends of epochs; ``None`` for only there.

    Raises:
        ValueError: for another ending of the path, other names in braces, and fewer than 1 batch.
        OSError: in ``fit``, when a file cannot be written; the previous one is whole.

    >>> import tempfile, os
    >>> path = os.path.join(tempfile.mkdtemp(), "run.safetensors")
    >>> model = nn.Linear(2, 1)
    >>> trainer = nn.Trainer(model, nn.MSELoss(), nn.optim.Adam(model.parameters()), callbacks=[nn.callbacks.Checkpoint(path)])
    >>> history = trainer.fit(np.ones((8, 2)), np.ones((8, 1)), epochs=2, resume=path)
    >>> trainer.fit(np.ones((8, 2)), np.ones((8, 1)), epochs=3, resume=path).epochs
    3
    """

    def __init__(self, path: str | PathLike[str], every: int | None = None) -> None:
        super().__init__(path, STATES)
        try:
            self._file(0, 0)
        except (KeyError, IndexError, ValueError):
            raise ValueError(
                f"Checkpoint: expected a path with {{epoch}} and {{batch}} in it, or none of both, received {self.path!r}"
            ) from None
        if every is not None:
            check_whole("Checkpoint", "every", every)
            check_number("Checkpoint", "every", every, least=1)
        self.every = every

    def _file(self, epoch: int, batch: int) -> str:
        return self.path.format(epoch=epoch, batch=batch)

    def on_checkpoint(self, trainer: Training) -> None:
        """Save, if it is time."""
        if trainer.between_epochs or (self.every is not None and trainer.batch % self.every == 0):
            save(trainer, self._file(trainer.epoch, trainer.batch))
