"""``TerminateOnNaN``: an end of training before NaN or infinity reaches the weights."""

import numpy as np

from nn.callbacks.base import Callback, Training


class TerminateOnNaN(Callback):
    """Raises before an update with a gradient that is not finite, and names the parameter; the weights stay as they were.

    A loss that is not finite ends training by itself. This looks at the gradients of a finite one, too: of ``sqrt`` at 0, say.

    Raises:
        FloatingPointError: in ``fit``.
    """

    def on_gradients(self, trainer: Training) -> None:
        """Look at all gradients."""
        for path, each in trainer.model.named_parameters():
            if each.grad is None or np.isfinite(values := each.grad.detach().numpy()).all():
                continue
            place = tuple(int(i) for i in np.argwhere(~np.isfinite(np.atleast_1d(values)))[0])
            raise FloatingPointError(
                f"TerminateOnNaN: expected finite gradients, received {np.atleast_1d(values)[place]} in the gradient of {path} "
                f"at {place}, in epoch {trainer.epoch + 1}, batch {trainer.batch + 1}; the loss was finite. The weights are as "
                "before this batch. Look for sqrt, log, division or a norm at 0"
            )
