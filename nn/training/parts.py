"""The parts of a trainer: what has to be right about them, metrics by their names, callbacks by their moments."""

from collections.abc import Callable, Iterable, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from nn.callbacks.base import Callback
from nn.losses.binary import BCELoss, BCEWithLogitsLoss
from nn.losses.cross_entropies import CrossEntropyLoss
from nn.losses.likelihoods import NLLLoss
from nn.metrics import Metric, metric_named
from nn.module import Module
from nn.optim.base import Optimizer
from nn.optim.lbfgs import LBFGS
from nn.optim.lr_scheduler.base import LRScheduler

MOMENTS = (
    "on_fit_begin",
    "on_epoch_begin",
    "on_batch_begin",
    "on_gradients",
    "on_batch_end",
    "on_epoch_end",
    "on_checkpoint",
    "on_fit_end",
)


def check_parts(model: Any, optimizer: Any, schedule: Any, callbacks: Any, generators: Any) -> None:
    """Refuse what does not fit together, before anything is trained."""
    if not isinstance(model, Module):
        raise TypeError(f"Trainer: expected model, an nn.Module; received {type(model).__name__}")
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"Trainer: expected optimizer, one of nn.optim such as nn.optim.Adam(model.parameters()); received {optimizer!r}"
        )
    if isinstance(optimizer, LBFGS):
        raise TypeError(
            "Trainer: expected an optimizer that takes one gradient a step; LBFGS computes several: write the loop yourself, "
            "with optimizer.step(closure)"
        )
    own = {id(each) for each in model.parameters()}
    if not any(id(each) in own for group in optimizer.param_groups for each in group["params"]):
        raise ValueError("Trainer: expected an optimizer of the model's parameters, received one that holds none of them")
    if schedule is not None:
        if not isinstance(schedule, LRScheduler):
            raise TypeError(f"Trainer: expected schedule, one of nn.optim; received {schedule!r}")
        if schedule.optimizer is not optimizer:
            raise ValueError("Trainer: expected a schedule of this optimizer, received one of another")
    if isinstance(callbacks, Callback | str) or not isinstance(callbacks, Iterable):
        raise TypeError(f"Trainer: expected callbacks in a list, received {callbacks!r}")
    for each in callbacks:
        if not isinstance(each, Callback):
            hint = f"; write {each.__name__}()" if isinstance(each, type) else ""
            raise TypeError(f"Trainer: expected callbacks, each an nn.callbacks.Callback; received {each!r}{hint}")
    for name, generator in (generators or {}).items():
        if not isinstance(generator, np.random.Generator):
            raise TypeError(f"Trainer: expected generators by name, received {type(generator).__name__} as {name!r}")


def metrics_of(metrics: Any, loss: Any) -> list[Metric]:
    """The metrics, with those in place of names that are named: they take outputs for what the loss takes them for."""
    if isinstance(metrics, str | Metric) or not isinstance(metrics, Iterable):
        raise TypeError(f"Trainer: expected metrics in a list, received {metrics!r}")
    found = [metric_named(each, **_settings(each, loss)) if isinstance(each, str) else each for each in metrics]
    names: list[str] = []
    for each in found:
        if not isinstance(each, Metric):
            hint = f"; write {each.__name__}()" if isinstance(each, type) else ""
            raise TypeError(f"Trainer: expected metrics of nn.metrics, or their names; received {each!r}{hint}")
        if each.name in ("loss", *names):
            raise ValueError(f"Trainer: expected metrics of different names, received two {each.name!r}; give one a name=")
        names.append(each.name)
    return found


def _settings(name: str, loss: Any) -> dict[str, Any]:
    """What a metric has to know about outputs and targets, and the loss says."""
    settings: dict[str, Any] = {}
    by_class = isinstance(loss, CrossEntropyLoss | NLLLoss)
    if name in ("accuracy", "precision", "recall", "f1", "confusion_matrix"):
        if isinstance(loss, BCEWithLogitsLoss | BCELoss):
            settings["threshold"] = 0.0 if isinstance(loss, BCEWithLogitsLoss) else 0.5
        elif by_class:
            settings["ignore_index"] = loss.ignore_index
    elif name == "top_5_accuracy" and by_class:
        settings["ignore_index"] = loss.ignore_index
    elif name in ("roc_auc", "average_precision") and by_class:
        settings["from_logits"] = True
    return settings


def checked_path(resume: Any) -> Path | None:
    """The path among the values of ``resume``; ``None`` for ``True`` and ``False``.

    Raises:
        TypeError: for what is none of both.
        ValueError: for a pattern such as ``"run-{epoch}.npz"``, which is not one file.
    """
    if isinstance(resume, bool | np.bool_):
        return None
    if not isinstance(resume, str | PathLike):
        raise TypeError(f"Trainer.fit: expected resume, a path, True or False; received {resume!r}")
    if "{" in fspath(resume):
        raise ValueError(f"Trainer.fit: expected the path of one checkpoint to resume from, received the pattern {resume!r}")
    return Path(resume)


def numbers_of(metrics: Sequence[Metric]) -> dict[str, float]:
    """The metrics that are one number each, by name."""
    values = {each.name: each.compute() for each in metrics}
    return {name: float(value) for name, value in values.items() if np.ndim(value) == 0}


def moments_of(callbacks: Sequence[Callback]) -> dict[str, list[Callable[[Any], None]]]:
    """For each moment the callbacks that do something then, in their order."""
    return {
        moment: [getattr(each, moment) for each in callbacks if getattr(type(each), moment) is not getattr(Callback, moment)]
        for moment in MOMENTS
    }
