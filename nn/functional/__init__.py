"""Layers and losses as functions, under PyTorch's names and arguments: ``import nn.functional as F``.

What has parameters receives them as arguments. ``dim`` is what NumPy and ``autograd`` call ``axis``.
"""

from nn.functional.activations import log_softmax, relu, sigmoid, softmax, tanh
from nn.functional.convolutions import conv1d, conv2d, conv3d, conv_transpose1d, conv_transpose2d, conv_transpose3d
from nn.functional.products import linear
from nn.losses import binary_cross_entropy_with_logits, cross_entropy, l1_loss, mse_loss

__all__ = [
    "binary_cross_entropy_with_logits",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "cross_entropy",
    "l1_loss",
    "linear",
    "log_softmax",
    "mse_loss",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
]
