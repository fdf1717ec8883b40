"""``GradientClipping``: smaller gradients before each update."""

from collections.abc import Mapping
from typing import Any

from nn.callbacks.base import Callback, Training
from nn.inputs import check_number
from nn.optim.clipping import clip_grad_norm_, clip_grad_value_


class GradientClipping(Callback):
    """Scales all gradients together to a norm of at most ``max_norm``, or cuts each element to at most ``max_value``.

    Args:
        max_norm: see ``nn.clip_grad_norm_``.
        max_value: see ``nn.clip_grad_value_``.
        norm_type: the p of the norm.

    The mean of the norms before clipping goes into the history as ``grad_norm``, where ``max_norm`` is given.

    Raises:
        ValueError: unless one of both is given.
    """

    def __init__(self, max_norm: float | None = None, max_value: float | None = None, norm_type: float = 2.0) -> None:
        if (max_norm is None) == (max_value is None):
            raise ValueError(f"GradientClipping: expected max_norm or max_value, received {max_norm} and {max_value}")
        name, most = ("max_norm", max_norm) if max_value is None else ("max_value", max_value)
        check_number("GradientClipping", name, most, least=0)
        self.max_norm = max_norm
        self.max_value = max_value
        self.norm_type = norm_type
        self._total = 0.0
        self._updates = 0

    def on_gradients(self, trainer: Training) -> None:
        """Clip."""
        parameters = [each for group in trainer.optimizer.param_groups for each in group["params"]]
        if self.max_value is not None:
            clip_grad_value_(parameters, self.max_value)
        elif self.max_norm is not None:
            self._total += float(clip_grad_norm_(parameters, self.max_norm, self.norm_type).item())
            self._updates += 1

    def on_epoch_end(self, trainer: Training) -> None:
        """Log the mean norm."""
        if self._updates:
            trainer.logs["grad_norm"] = self._total / self._updates
        self._total, self._updates = 0.0, 0

    def state_dict(self) -> dict[str, Any]:
        """The sum of the norms in this epoch, and their number."""
        return {"total": self._total, "updates": self._updates}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what ``state_dict`` gave."""
        self._total, self._updates = state_dict["total"], int(state_dict["updates"])
