"""Optimizers: they change parameters so that a loss goes down. Read ``base``, then ``sgd``; ``blocks`` is for speed."""

from nn.optim.adam import Adam
from nn.optim.base import Optimizer
from nn.optim.sgd import SGD

__all__ = ["SGD", "Adam", "Optimizer"]
