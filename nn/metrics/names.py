"""The metrics that can be asked for by name."""

from collections.abc import Callable
from typing import Any

from nn.metrics.accuracies import Accuracy, TopKAccuracy
from nn.metrics.base import Metric
from nn.metrics.confusion import ConfusionMatrix
from nn.metrics.determination import R2Score
from nn.metrics.precision_recall import F1Score, Precision, Recall
from nn.metrics.rankings import ROCAUC, AveragePrecision
from nn.metrics.regression import MeanAbsoluteError, MeanSquaredError, RootMeanSquaredError

METRICS: dict[str, Callable[..., Metric]] = {
    "accuracy": Accuracy,
    "average_precision": AveragePrecision,
    "confusion_matrix": ConfusionMatrix,
    "f1": F1Score,
    "mae": MeanAbsoluteError,
    "mse": MeanSquaredError,
    "precision": Precision,
    "r2": R2Score,
    "recall": Recall,
    "rmse": RootMeanSquaredError,
    "roc_auc": ROCAUC,
    "top_5_accuracy": TopKAccuracy,
}


def metric_named(name: str, **settings: Any) -> Metric:
    """A new metric with this name, as ``Trainer(metrics=["accuracy"])`` makes it.

    Args:
        name: ``accuracy``, ``average_precision``, ``confusion_matrix``, ``f1``, ``mae``, ``mse``, ``precision``, ``r2``,
            ``recall``, ``rmse``, ``roc_auc`` or ``top_5_accuracy``.
        settings: arguments of its class, such as ``threshold=0.0``.

    Raises:
        TypeError: for what is no string.
        ValueError: for an unknown name, with those that there are.

    >>> nn.metrics.metric_named("accuracy")
    Accuracy()
    """
    if not isinstance(name, str):
        raise TypeError(f"metric_named: expected a name such as 'accuracy', received {name!r}")
    if name not in METRICS:
        raise ValueError(
            f"metric_named: expected one of {', '.join(METRICS)}; received {name!r}; for other metrics and settings give an "
            "nn.metrics.Metric"
        )
    return METRICS[name](**settings)
