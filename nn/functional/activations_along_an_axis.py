"""Activations that take several elements together: those along one axis. ``dim`` is that axis."""

from __future__ import annotations  # np.random would be imported to annotate with it

from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.functional.smooth_activations import check_above_0
from nn.inputs import Receiver, as_array, called, check_whole, plain


def softmax(input: Any, dim: int | None = None, dtype: Any = None) -> Any:
    """``exp(input) / sum(exp(input))`` along ``dim``.

    Args:
        input: logits.
        dim: the axis; unlike in PyTorch, where leaving it out is deprecated, it has to be given.
        dtype: the dtype to compute in; by default that of ``input``.

    Shapes: any -> same.

    Raises:
        TypeError: without ``dim``.
        numpy.exceptions.AxisError: for an axis that the input does not have.

    >>> nn.functional.softmax([[0.0, 0.0]], dim=1)
    array([[0.5, 0.5]])
    """
    check_dim("softmax", dim)
    return along(ag.softmax, _cast(input, dtype), dim, "softmax")


def log_softmax(input: Any, dim: int | None = None, dtype: Any = None) -> Any:
    """The logarithm of ``softmax`` along ``dim``, exact for logits of any size; arguments as in ``softmax``.

    Shapes: any -> same.

    >>> nn.functional.log_softmax([[0.0, 1000.0]], dim=1)
    array([[-1000.,     0.]])
    """
    check_dim("log_softmax", dim)
    return along(ag.log_softmax, _cast(input, dtype), dim, "log_softmax")


def softmin(input: Any, dim: int | None = None, dtype: Any = None) -> Any:
    """``softmax(-input)`` along ``dim``; arguments as in ``softmax``.

    Shapes: any -> same.

    >>> nn.functional.softmin([[0.0, 0.0]], dim=1)
    array([[0.5, 0.5]])
    """
    check_dim("softmin", dim)
    return along(of_negative, _cast(input, dtype), dim, "softmin")


def of_negative(x: Any, axis: Any) -> Any:
    """The softmax of ``-x``."""
    return ag.softmax(-x, axis)


def check_dim(name: str, dim: Any) -> None:
    """Refuse a missing axis, and what is none."""
    if dim is None:
        raise TypeError(
            f"{name}: expected dim, the axis along which the result adds up to 1; received None. For logits (N, C) write "
            "dim=1, for (..., C) dim=-1"
        )
    check_whole(name, "dim", dim)


def along(function: Any, input: Any, dim: Any, receiver: Receiver) -> Any:
    """``function(input, dim)`` for any receiver."""
    input = as_array(input, receiver)
    ndim = len(input.shape)
    if not -max(ndim, 1) <= dim < max(ndim, 1):
        raise np.exceptions.AxisError(
            f"{called(receiver)}: expected an input that has the axis dim={dim}, received one of shape {input.shape}"
        )
    return function(input, axis=dim if ndim else None)


def _cast(input: Any, dtype: Any) -> Any:
    input = as_array(input)
    return input if dtype is None else input.astype(dtype)


def gumbel_softmax(
    logits: Any,
    tau: float = 1.0,
    hard: bool = False,
    eps: float = 1e-10,
    dim: int = -1,
    rng: np.random.Generator | None = None,
) -> Any:
    """``softmax((logits + G) / tau)`` with numbers G drawn from the Gumbel distribution: nearly a draw of one class.

    Args:
        logits: logarithms of what the probabilities are proportional to.
        tau: the temperature, above 0; near 0 the results are near 0 and 1.
        hard: whether to give exact zeros and a 1, with the gradient of the soft result.
        eps: changes nothing, as in PyTorch.
        dim: the axis of the classes.
        rng: the generator to draw from; by default ``ag.generator()``.

    Shapes: any -> same.

    Raises:
        ValueError: for ``tau`` of 0 or less.
        numpy.exceptions.AxisError: for an axis that the logits do not have.

    Source: E. Jang et al., Categorical reparameterization with Gumbel-softmax, 2016, arXiv:1611.01144.

    >>> nn.functional.gumbel_softmax(np.log([0.7, 0.2, 0.1]), hard=True, rng=np.random.default_rng(0))
    array([0., 0., 1.])
    """
    check_above_0("gumbel_softmax", "tau", tau)
    x = as_array(logits)
    x = x.astype(np.float64) if x.dtype.kind in "biu" else x
    exponential = ag.random.exponential(size=x.shape, dtype=np.float32 if x.dtype.char in "ef" else np.float64, rng=rng)
    noise = -np.log(exponential if isinstance(x, Tensor) else plain(exponential)).astype(x.dtype, copy=False)
    soft = along(ag.softmax, (x + noise) / float(tau), dim, "gumbel_softmax")
    if not hard:
        return soft
    ndim = len(x.shape)
    largest = np.argmax(soft, axis=dim)
    places = np.reshape(np.arange(x.shape[dim]), [-1 if axis == dim % ndim else 1 for axis in range(ndim)])
    chosen = (np.expand_dims(largest, dim) == places).astype(x.dtype)
    return chosen + (soft - (soft.detach() if isinstance(soft, Tensor) else soft))


def glu(input: Any, dim: int = -1) -> Any:
    """``a * sigmoid(b)``, the gated linear unit: a is the first half of ``input`` along ``dim``, and b the second.

    Shapes: (..., 2 n, ...) -> (..., n, ...).

    Raises:
        ValueError: for an odd length along ``dim``.
        numpy.exceptions.AxisError: for an axis that the input does not have.

    Source: Y. Dauphin et al., Language modeling with gated convolutional networks, 2016, arXiv:1612.08083.

    >>> nn.functional.glu([[1.0, 2.0, 0.0, 0.0]])
    array([[0.5, 1. ]])
    """
    check_whole("glu", "dim", dim)
    return gated(input, dim, "glu")


def gated(input: Any, dim: int, receiver: Receiver) -> Any:
    """``glu``, for any receiver."""
    input = as_array(input, receiver)
    ndim = len(input.shape)
    if not -ndim <= dim < ndim:
        raise np.exceptions.AxisError(
            f"{called(receiver)}: expected an input that has the axis dim={dim}, received one of shape {input.shape}"
        )
    if input.shape[dim] % 2:
        raise ValueError(
            f"{called(receiver)}: expected an input with an even length along axis {dim}, received shape {input.shape}"
        )
    a, b = np.split(input, 2, axis=dim)
    return a * ag.sigmoid(b)
