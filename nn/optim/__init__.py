"""Optimizers: they change parameters so that a loss goes down. Read ``rules``, then ``sgd``; ``blocks`` is for speed."""

from nn.optim import lr_scheduler
from nn.optim.adadelta import Adadelta
from nn.optim.adafactor import Adafactor
from nn.optim.adagrad import Adagrad
from nn.optim.adam import Adam, AdamW
from nn.optim.adamax import Adamax
from nn.optim.averaging import AveragedModel, get_ema_avg_fn, get_swa_avg_fn, update_bn
from nn.optim.base import Optimizer
from nn.optim.lbfgs import LBFGS
from nn.optim.lion import Lion
from nn.optim.lr_scheduler import (
    SWALR,
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    MultiplicativeLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
    lr_curve,
)
from nn.optim.nadam import NAdam
from nn.optim.radam import RAdam
from nn.optim.rmsprop import RMSprop
from nn.optim.rprop import Rprop
from nn.optim.rules import UpdateRule
from nn.optim.sgd import SGD

__all__ = [
    "LBFGS",
    "SGD",
    "SWALR",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "AveragedModel",
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "Lion",
    "MultiStepLR",
    "MultiplicativeLR",
    "NAdam",
    "OneCycleLR",
    "Optimizer",
    "PolynomialLR",
    "RAdam",
    "RMSprop",
    "ReduceLROnPlateau",
    "Rprop",
    "SequentialLR",
    "StepLR",
    "UpdateRule",
    "get_ema_avg_fn",
    "get_swa_avg_fn",
    "lr_curve",
    "lr_scheduler",
    "update_bn",
]
