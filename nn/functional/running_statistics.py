"""``track``: how means and variances of batches become the running ones, which evaluation uses."""

from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from autograd.modes import is_repeating
from nn.inputs import Receiver, called
from nn.parameter import Buffer, array_of, replace_array


def track(receiver: Receiver, running_mean: Any, running_var: Any, statistics: Any, count: int, momentum: float) -> None:
    """``running = (1 - momentum) * running + momentum * value``: means, and unbiased variances of ``count`` numbers each.

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
        _mix(running_mean, 1 - momentum, values[0], momentum)
    if running_var is not None:
        _mix(running_var, 1 - momentum, values[1], momentum * (count / (count - 1)))


def _mix(running: Any, kept: float, value: Any, added: float) -> None:
    before = array_of(running) if type(running) is Buffer else running.numpy() if isinstance(running, Tensor) else running
    write(running, kept * before + added * value)


def write(buffer: Any, value: Any) -> None:
    """Give a running statistic another value.

    That of a ``Buffer`` is replaced, so that a graph that has read it keeps what it read; that of any other tensor, and of an
    array, is written in memory.
    """
    if type(buffer) is Buffer:
        replace_array(buffer, value if value.dtype == buffer.dtype else value.astype(buffer.dtype))
    elif isinstance(buffer, Tensor):
        with ag.no_grad():
            buffer[...] = value
    else:
        buffer[...] = value
