"""Neural networks on ``autograd``: modules, layers, losses, first values, optimizers.

Read ``module`` first, then a layer (``layers.linear``), the losses, and ``optim.base``.
"""

import autograd.environment  # noqa: F401 - says so where HIPS autograd has overwritten the files of ours
from nn import functional, init, optim
from nn.layers import (
    Conv1d,
    Conv2d,
    Conv3d,
    ConvTranspose1d,
    ConvTranspose2d,
    ConvTranspose3d,
    Flatten,
    Identity,
    Linear,
    LogSoftmax,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
)
from nn.losses import BCEWithLogitsLoss, CrossEntropyLoss, L1Loss, MSELoss
from nn.module import Module
from nn.parameter import Buffer, Parameter
from nn.substitution import functional_call

__all__ = [
    "BCEWithLogitsLoss",
    "Buffer",
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "ConvTranspose3d",
    "CrossEntropyLoss",
    "Flatten",
    "Identity",
    "L1Loss",
    "Linear",
    "LogSoftmax",
    "MSELoss",
    "Module",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "functional",
    "functional_call",
    "init",
    "optim",
]
