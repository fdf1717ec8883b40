"""``HistogramRecorder``: how weights and gradients are distributed, as training goes on."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from nn.callbacks.base import Callback, Training
from nn.inputs import check_number, check_whole

Histogram: TypeAlias = tuple[int, np.ndarray[Any, Any], np.ndarray[Any, Any]]


class HistogramRecorder(Callback):
    """Records a histogram of each parameter and of its gradient, once an epoch; ``nn.plots.weight_histograms`` draws them.

    ``weights`` and ``gradients`` have, for each path, a list of ``(epoch, counts, edges)``, epochs counted from 1. Gradients
    are those of the last update of an epoch. What is not finite is left out.

    Args:
        bins: how many bins a histogram has.

    Shapes: counts (bins,), edges (bins + 1,).
    """

    def __init__(self, bins: int = 64) -> None:
        check_whole("HistogramRecorder", "bins", bins)
        check_number("HistogramRecorder", "bins", bins, least=1)
        self.bins = bins
        self.weights: dict[str, list[Histogram]] = {}
        self.gradients: dict[str, list[Histogram]] = {}
        self._last: dict[str, Any] = {}

    def on_gradients(self, trainer: Training) -> None:
        """Keep the gradients; the next update's take their place."""
        self._last = {
            path: each.grad.detach().numpy() for path, each in trainer.model.named_parameters() if each.grad is not None
        }

    def on_epoch_end(self, trainer: Training) -> None:
        """Count."""
        for path, each in trainer.model.named_parameters():
            self._record(self.weights, path, trainer.epoch, each.numpy())
        for path, each in self._last.items():
            self._record(self.gradients, path, trainer.epoch, each)
        self._last = {}

    def _record(self, into: dict[str, list[Histogram]], path: str, epoch: int, values: Any) -> None:
        finite = np.asarray(values, float).ravel()
        counts, edges = np.histogram(finite[np.isfinite(finite)], self.bins)
        into.setdefault(path, []).append((epoch, counts, edges))

    def state_dict(self) -> dict[str, Any]:
        """What was recorded, and the last gradients."""
        return {"weights": _copied(self.weights), "gradients": _copied(self.gradients), "last": dict(self._last)}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what ``state_dict`` gave."""
        self.weights, self.gradients = _copied(state_dict["weights"]), _copied(state_dict["gradients"])
        self._last = dict(state_dict["last"])


def _copied(recorded: Mapping[str, Any]) -> dict[str, list[Histogram]]:
    return {path: [(int(epoch), counts, edges) for epoch, counts, edges in each] for path, each in recorded.items()}
