"""``track``: how means and variances of batches become the running ones, which evaluation uses."""

from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from autograd.modes import is_repeating
from nn.inputs import Receiver, called
from nn.parameter import Buffer, replace_array


def track(receiver: Receiver, running_mean: Any, running_var: Any, statistics: Any, count: int, momentum: float) -> None:
    """``running += momentum * (value - running)``, for the means and for the unbiased variances of ``count`` numbers each.

    ``statistics`` are those of ``normalized_channels``; those of single examples are averaged. Where ``checkpoint`` runs a
    function a second time, nothing happens: the first run has tracked the batch.

    Raises:
        autograd.BatchingError: inside ``vmap``, where there is a mean for each of its examples and one running mean.
    """
    if is_repeating():
        return
    try:
        values = statistics.numpy() if isinstance(statistics, Tensor) else statistics
    except ag.BatchingError:
        raise ag.BatchingError(
            f"{called(receiver)}: inside vmap every example has statistics of its own, and there is one running mean. Call "
            ".eval() on the module to use the running statistics, or make it with track_running_stats=False"
        ) from None
    if values.ndim == 3:
        values = np.add.reduce(values, axis=1) / values.shape[1]
    if running_mean is not None:
        _move(running_mean, values[0], momentum)
    if running_var is not None:
        _move(running_var, values[1] * (count / (count - 1)), momentum)


def _move(running: Any, value: Any, momentum: float) -> None:
    before = running.numpy() if isinstance(running, Tensor) else running
    write(running, before + momentum * (value - before))


def write(buffer: Any, value: Any) -> None:
    """Give a running statistic another value.

    That of a ``Buffer`` is replaced, so that a graph that has read it keeps what it read; that of any other tensor, and of an
    array, is written in memory.
    """
    if type(buffer) is Buffer:
        replace_array(buffer, value.astype(buffer.dtype, copy=False))
    elif isinstance(buffer, Tensor):
        with ag.no_grad():
            buffer[...] = value
    else:
        buffer[...] = value
