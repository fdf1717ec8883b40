"""Losses: how far predictions are from targets, as functions, and as modules that hold their settings.

Logits go in as they leave the last layer: ``cross_entropy`` and ``binary_cross_entropy_with_logits`` include softmax and
sigmoid, and are exact for logits of any size. Names, arguments and numbers are PyTorch's, but for one thing: a target is never
broadcast, since ``(N,)`` against ``(N, 1)`` would quietly average N * N differences.

``reduction`` says what becomes of the losses of the single elements: ``"mean"``, ``"sum"`` or ``"none"``. The mean of nothing
(an empty batch, or one whose targets are all ignored) is NaN.
"""

from nn.losses.binary import BCEWithLogitsLoss, binary_cross_entropy_with_logits
from nn.losses.cross_entropies import CrossEntropyLoss, cross_entropy
from nn.losses.regression import L1Loss, MSELoss, l1_loss, mse_loss

__all__ = [
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "L1Loss",
    "MSELoss",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "l1_loss",
    "mse_loss",
]
