"""Schedules: they set an optimizer's learning rates, step by step. Names, arguments and numbers are PyTorch's.

Read ``base`` first, then ``factors``. ``schedule.plot(100)`` draws any of them, ``lr_curve(schedule, 100)`` gives the numbers.
"""

from nn.optim.lr_scheduler.annealing import SWALR, CosineAnnealingLR, CosineAnnealingWarmRestarts
from nn.optim.lr_scheduler.base import LRScheduler
from nn.optim.lr_scheduler.composition import ChainedScheduler, SequentialLR
from nn.optim.lr_scheduler.curves import lr_curve
from nn.optim.lr_scheduler.cycles import CyclicLR, OneCycleLR
from nn.optim.lr_scheduler.factors import (
    ConstantLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from nn.optim.lr_scheduler.plateau import ReduceLROnPlateau

__all__ = [
    "SWALR",
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
    "lr_curve",
]
