"""Averages of a model over its training: often better in use than the model itself."""

import copy
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeAlias

import numpy as np

import autograd as ag
from nn.inputs import check_number, check_switch
from nn.layers.batch_normalization import BatchNorm1d, BatchNorm2d, BatchNorm3d
from nn.module import Module
from nn.parameter import Buffer

Averaging: TypeAlias = Callable[[Any, Any, int], Any]


def get_ema_avg_fn(decay: float = 0.999) -> Averaging:
    """For ``AveragedModel``: an exponential moving average, ``decay * averaged + (1 - decay) * current``.

    Args:
        decay: how much of the average is kept, from 0 to 1.

    Raises:
        TypeError: for what is no number.
        ValueError: for a ``decay`` outside of [0, 1].

    >>> nn.optim.get_ema_avg_fn(0.75)(np.array([4.0]), np.array([8.0]), 1)
    array([5.])
    """
    check_number("get_ema_avg_fn", "decay", decay, 0, 1)
    return partial(_moving_average, float(decay))


# Functions of the module, so that a model with one of them can be pickled.
def _moving_average(decay: float, averaged: Any, current: Any, num_averaged: int) -> Any:
    return decay * averaged + (1 - decay) * current


def get_swa_avg_fn() -> Averaging:
    """For ``AveragedModel``: the mean of all, ``averaged + (current - averaged) / (num_averaged + 1)``.

    >>> nn.optim.get_swa_avg_fn()(np.array([4.0]), np.array([8.0]), 1)
    array([6.])
    """
    return _mean


def _mean(averaged: Any, current: Any, num_averaged: int) -> Any:
    return averaged + (current - averaged) / (num_averaged + 1)


class AveragedModel(Module):
    """A copy of a model, whose parameters are averages of the model's over the training. It is called like the model.

    The first ``update_parameters`` copies the model's parameters, later ones average. Buffers are copied each time, unless
    ``use_buffers``: then they are averaged too. Averages of models with batch normalization need ``update_bn`` afterwards,
    since the copied statistics are those of another model.

    Args:
        model: the model. It is copied, and stays as it is.
        avg_fn: the new average from the average so far, the model's value (both arrays, not to be written into) and the number
            of values averaged before; by default ``get_swa_avg_fn()``, the mean of all.
        use_buffers: average floating buffers too; others are copied.

    Source: P. Izmailov et al., Averaging weights leads to wider optima and better generalization, 2018; with
    ``get_ema_avg_fn`` B. Polyak and A. Juditsky, Acceleration of stochastic approximation by averaging, 1992, with
    exponential weights.

    >>> model = nn.Linear(1, 1, bias=False)
    >>> average = nn.optim.AveragedModel(model)
    >>> for weight in (1.0, 2.0, 6.0):  # as training would
    ...     with ag.no_grad():
    ...         model.weight[...] = weight
    ...     average.update_parameters(model)
    >>> average.n_averaged, average.module.weight
    (Tensor(3, dtype=int64), Tensor([[3.]], dtype=float32, requires_grad=True))
    """

    def __init__(self, model: Module, avg_fn: Averaging | None = None, use_buffers: bool = False) -> None:
        if not isinstance(model, Module):
            raise TypeError(f"AveragedModel: expected a module, received {type(model).__name__}")
        if not (avg_fn is None or callable(avg_fn)):
            raise TypeError(f"AveragedModel: expected avg_fn, a function or None; received {type(avg_fn).__name__}")
        check_switch("AveragedModel", use_buffers=use_buffers)
        self.n_averaged = Buffer(np.array(0))
        self.module = copy.deepcopy(model)
        self.avg_fn = avg_fn
        self.use_buffers = bool(use_buffers)

    def forward(self, *inputs: Any, **keywords: Any) -> Any:
        """What the averaged model computes."""
        return self.module(*inputs, **keywords)

    def update_parameters(self, model: Module) -> None:
        """Take the parameters of ``model`` into the average.

        Raises:
            ValueError: for a model with other parameters or buffers, before anything is changed.
        """
        own, new = dict(self.module.named_parameters()), dict(model.named_parameters())
        buffers, new_buffers = dict(self.module.named_buffers()), dict(model.named_buffers())
        members, received = own | buffers, new | new_buffers
        if differing := [path for path in members | received if _shape(members, path) != _shape(received, path)]:
            raise ValueError(
                f"AveragedModel.update_parameters: expected the model that was averaged so far, or one like it; received one "
                f"that differs in {', '.join(differing)}"
            )
        count = int(self.n_averaged.item())
        average = self.avg_fn or get_swa_avg_fn()
        with ag.no_grad():
            for path, each in members.items():
                value = received[path].numpy()
                averaged = path in own or (self.use_buffers and each.dtype.kind == "f")
                each[...] = average(each.numpy(), value, count) if averaged and count else value
            self.n_averaged += 1


def update_bn(loader: Iterable[Any], model: Module) -> None:
    """Compute the running statistics of all batch norms in ``model`` anew, as averages over all batches.

    An averaged model needs this before it is used: the statistics that it copied are those of another model. Training or
    evaluation mode is what it was afterwards.

    Args:
        loader: gives batches: inputs of the model, or tuples or lists whose first entry is that.
        model: the model, such as an ``AveragedModel``.

    >>> model = nn.optim.AveragedModel(nn.BatchNorm1d(1))
    >>> nn.optim.update_bn([(np.array([[1.0], [3.0]]), "labels"), (np.array([[5.0], [7.0]]), "labels")], model)
    >>> model.module.running_mean.numpy()
    array([4.], dtype=float32)
    """
    tracked = [each for each in model.modules() if isinstance(each, _BATCH_NORMS) and each.track_running_stats]
    if not tracked:
        return
    momenta = [each.momentum for each in tracked]
    modes = [(each, each.training) for each in model.modules()]
    for each in tracked:
        each.reset_running_stats()
        each.momentum = None  # the average of all batches
    model.train()
    try:
        with ag.no_grad():
            for batch in loader:
                model(batch[0] if isinstance(batch, tuple | list) else batch)
    finally:
        for each, momentum in zip(tracked, momenta, strict=True):
            each.momentum = momentum
        for module, training in modes:
            object.__setattr__(module, "training", training)  # of a frozen dataclass, too


_BATCH_NORMS = (BatchNorm1d, BatchNorm2d, BatchNorm3d)


def _shape(members: Mapping[str, Any], path: str) -> Any:
    return members[path].shape if path in members else None
