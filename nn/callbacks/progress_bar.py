"""``ProgressBar``: how far training is, on a terminal or in a notebook."""

import time
from typing import Any

from nn.callbacks.base import Callback, Training


class ProgressBar(Callback):
    """A bar for each epoch, with the means so far of loss and metrics; then a line with the epoch's numbers.

    ``fit`` adds one by itself, unless ``progress=False``.

    Args:
        quiet: ``None`` to be quiet where there is no terminal (in a file, in a pipe), ``True`` and ``False`` for always and
            never.
    """

    SECONDS = 0.1  # between two looks at the metrics, some of which take long to compute

    def __init__(self, quiet: bool | None = None) -> None:
        self.quiet = quiet
        self._bar: Any = None
        self._shown = 0.0

    def on_epoch_begin(self, trainer: Training) -> None:
        """Begin a bar."""
        from tqdm.auto import tqdm

        self._bar = tqdm(
            desc=f"epoch {trainer.epoch + 1}/{trainer.epochs}",
            total=trainer.batches,
            initial=trainer.batch,
            unit="batch",
            disable=self.quiet,
            dynamic_ncols=True,
            # A short bar, so that the numbers behind it have room; without a total there is none.
            bar_format=None if trainer.batches is None else "{desc} {bar:12} {n_fmt}/{total_fmt} [{elapsed}]{postfix}",
        )

    def on_batch_end(self, trainer: Training) -> None:
        """Advance."""
        if self._bar.disable:
            return
        self._bar.update()
        now = time.perf_counter()
        if now - self._shown >= self.SECONDS:
            self._shown = now
            self._bar.set_postfix(_told(trainer.running()), refresh=False)

    def on_epoch_end(self, trainer: Training) -> None:
        """Show the epoch's numbers, and leave the line."""
        self._bar.set_postfix(_told(trainer.logs))
        self._bar.close()

    def on_fit_end(self, trainer: Training) -> None:
        """Leave the line of an epoch that was broken off, too."""
        if self._bar is not None:
            self._bar.close()


def _told(logs: dict[str, float]) -> dict[str, str]:
    return {name: f"{value:.4g}" for name, value in logs.items()}
