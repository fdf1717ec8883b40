"""Metrics: how good predictions are, as functions of all of them, and as ``Metric`` objects that take batch after batch.

Both come to the same number, since the objects keep sums and counts (or, for rankings, every score), never the means of
batches. Predictions come first and targets second, as for losses. Nothing is recorded: tensors count as their numbers.

What predictions are, the shapes and the dtype decide: scores of classes (N, C, ...) against whole-numbered targets (N, ...),
logits or probabilities alike; predicted labels, integers of the targets' shape; or binary scores, floats of the targets' shape
or (N, 1), which need a ``threshold``: 0.0 for logits, 0.5 for probabilities. NaN is an error that says where. The metric of
nothing is NaN, as the loss of nothing is.
"""

from typing import NoReturn

from nn.metrics.accuracies import Accuracy, TopKAccuracy, accuracy, top_k_accuracy
from nn.metrics.base import Metric
from nn.metrics.confusion import ConfusionMatrix, confusion_matrix
from nn.metrics.determination import R2Score, r2_score
from nn.metrics.functions import FunctionMetric
from nn.metrics.names import metric_named
from nn.metrics.precision_recall import (
    F1Score,
    FBetaScore,
    Precision,
    Recall,
    f1_score,
    fbeta_score,
    precision,
    recall,
)
from nn.metrics.rankings import ROCAUC, AveragePrecision, average_precision, roc_auc
from nn.metrics.regression import (
    MeanAbsoluteError,
    MeanSquaredError,
    RootMeanSquaredError,
    mean_absolute_error,
    mean_squared_error,
    root_mean_squared_error,
)
from nn.spellings import METRIC_SPELLING, unknown

__all__ = [
    "ROCAUC",
    "Accuracy",
    "AveragePrecision",
    "ConfusionMatrix",
    "F1Score",
    "FBetaScore",
    "FunctionMetric",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Metric",
    "Precision",
    "R2Score",
    "Recall",
    "RootMeanSquaredError",
    "TopKAccuracy",
    "accuracy",
    "average_precision",
    "confusion_matrix",
    "f1_score",
    "fbeta_score",
    "mean_absolute_error",
    "mean_squared_error",
    "metric_named",
    "precision",
    "r2_score",
    "recall",
    "roc_auc",
    "root_mean_squared_error",
    "top_k_accuracy",
]


def __getattr__(name: str) -> NoReturn:
    """The error for a name that there is not, with what to write."""
    raise unknown("nn.metrics", name, METRIC_SPELLING)
