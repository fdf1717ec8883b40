"""``WeightPath``: the way of the weights, to be drawn on a loss surface."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.callbacks.base import Callback, Training
from nn.inputs import check_number, check_whole
from nn.plots.planes import flat_weights


class WeightPath(Callback):
    """Records all parameters, as one vector, at the beginning and then after every so many batches.

    ``path`` is the way so far. ``nn.plots.loss_surface(model, loss, x, y, paths={"Adam": recorder.path})`` draws it.

    Args:
        every: after how many batches.

    Shapes: path (recorded, parameters).
    """

    def __init__(self, every: int = 1) -> None:
        check_whole("WeightPath", "every", every)
        check_number("WeightPath", "every", every, least=1)
        self.every = every
        self._rows: list[Any] = []
        self._batches = 0

    @property
    def path(self) -> np.ndarray[Any, Any]:
        """The weights at each recorded moment, a row each."""
        return np.array(self._rows)

    def on_fit_begin(self, trainer: Training) -> None:
        """Record the beginning."""
        if not self._rows:
            self._record(trainer)

    def on_batch_end(self, trainer: Training) -> None:
        """Record, if it is time."""
        self._batches += 1
        if self._batches % self.every == 0:
            self._record(trainer)

    def _record(self, trainer: Training) -> None:
        self._rows.append(flat_weights(trainer.model))

    def state_dict(self) -> dict[str, Any]:
        """What was recorded."""
        return {"path": self.path, "batches": self._batches}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what ``state_dict`` gave."""
        self._rows, self._batches = list(state_dict["path"]), int(state_dict["batches"])
