"""Training: the loop, its history, and going on from where a run was broken off. Read ``trainer`` first."""

from nn.training.history import History
from nn.training.rate_range import LearningRates, find_learning_rate
from nn.training.resuming import ResumeReport, verify_resume
from nn.training.trainer import Trainer

__all__ = ["History", "LearningRates", "ResumeReport", "Trainer", "find_learning_rate", "verify_resume"]
