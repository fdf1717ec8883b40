"""Callbacks of ``Trainer``: what happens beside training. Read ``base`` first."""

from typing import NoReturn

from nn.callbacks.base import Callback
from nn.callbacks.best_model import BestModel
from nn.callbacks.checkpointing import Checkpoint
from nn.callbacks.csv_logger import CSVLogger
from nn.callbacks.early_stopping import EarlyStopping
from nn.callbacks.gradient_clipping import GradientClipping
from nn.callbacks.histogram_recorder import HistogramRecorder
from nn.callbacks.learning_rate_monitor import LearningRateMonitor
from nn.callbacks.progress_bar import ProgressBar
from nn.callbacks.terminate_on_nan import TerminateOnNaN
from nn.callbacks.weight_path import WeightPath
from nn.spellings import CALLBACK_SPELLING, unknown

__all__ = [
    "BestModel",
    "CSVLogger",
    "Callback",
    "Checkpoint",
    "EarlyStopping",
    "GradientClipping",
    "HistogramRecorder",
    "LearningRateMonitor",
    "ProgressBar",
    "TerminateOnNaN",
    "WeightPath",
]


def __getattr__(name: str) -> NoReturn:
    """The error for a name that there is not, with what to write."""
    raise unknown("nn.callbacks", name, CALLBACK_SPELLING)
