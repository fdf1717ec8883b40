"""Norms that are the same in training and evaluation: layer norm, RMS norm, group norm and local response norm."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.functional.normalization import (
    as_shape,
    check_rows,
    divided_by_neighbours,
    floating,
    neighbourhood,
    normalized_groups,
    scaled_to_mean_square_1,
)
from nn.inputs import check_number, check_switch, check_whole, in_dtype
from nn.kernels.row_normalization import normalized_rows
from nn.module import Module
from nn.parameter import Parameter
from nn.paths import described


class LayerNorm(Module):
    """``weight * (x - mean) / sqrt(variance + eps) + bias``, mean and variance taken over the last axes.

    Weights start at 1, biases at 0. Plain data is cast to their dtype.

    Args:
        normalized_shape: the lengths of the last axes, or the length of the last one.
        eps: added to the variance, so that nothing is divided by 0.
        elementwise_affine: whether there are weights and biases, one for each place on these axes.
        bias: whether there are biases, with ``elementwise_affine``.
        dtype: of weights and biases; by default float32.

    Shapes: (..., *normalized_shape) -> same.

    Raises:
        ValueError: for another shape.
        TypeError: for a recorded input of another dtype.

    Source: Ba, Kiros, Hinton, "Layer Normalization", 2016.

    >>> nn.LayerNorm(2)([[1.0, 3.0], [50.0, 70.0]]).numpy().round(3)
    array([[-1.,  1.],
           [-1.,  1.]], dtype=float32)
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        dtype: Any = None,
    ) -> None:
        self.normalized_shape = as_shape("LayerNorm", normalized_shape)
        check_number("LayerNorm", "eps", eps, least=0)
        check_switch("LayerNorm", elementwise_affine=elementwise_affine, bias=bias)
        self.eps = float(eps)
        self.elementwise_affine = bool(elementwise_affine)
        dtype = np.dtype(np.float32 if dtype is None else dtype)
        self.weight = Parameter(np.ones(self.normalized_shape, dtype)) if elementwise_affine else None
        self.bias = Parameter(np.zeros(self.normalized_shape, dtype)) if elementwise_affine and bias else None

    def forward(self, input: Any) -> Any:
        """The normalized input. Shapes: (..., *normalized_shape) -> same."""
        x = _rows_of(self, input)
        shape = self.normalized_shape
        return normalized_rows(x, self.weight, self.bias, last=len(shape), centred=True, eps=self.eps)[0]

    def extra_repr(self) -> str:
        """Its settings."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """``weight * x / sqrt(mean(x ** 2) + eps)``, the mean taken over the last axes. Weights start at 1.

    Args:
        normalized_shape: the lengths of the last axes, or the length of the last one.
        eps: added to the mean; ``None`` for the resolution of the input's dtype, ``np.finfo(dtype).eps``.
        elementwise_affine: whether there are weights, one for each place on these axes.
        dtype: of the weights; by default float32.

    Shapes: (..., *normalized_shape) -> same.

    Raises:
        ValueError: for another shape.
        TypeError: for a recorded input of another dtype.

    Source: Zhang, Sennrich, "Root Mean Square Layer Normalization", 2019.

    >>> nn.RMSNorm(2)([1.0, -7.0]).numpy()
    array([ 0.2, -1.4], dtype=float32)
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        dtype: Any = None,
    ) -> None:
        self.normalized_shape = as_shape("RMSNorm", normalized_shape)
        if eps is not None:
            check_number("RMSNorm", "eps", eps, least=0)
        check_switch("RMSNorm", elementwise_affine=elementwise_affine)
        self.eps = None if eps is None else float(eps)
        self.elementwise_affine = bool(elementwise_affine)
        dtype = np.dtype(np.float32 if dtype is None else dtype)
        self.weight = Parameter(np.ones(self.normalized_shape, dtype)) if elementwise_affine else None

    def forward(self, input: Any) -> Any:
        """The scaled input. Shapes: (..., *normalized_shape) -> same."""
        return scaled_to_mean_square_1(_rows_of(self, input), self.weight, len(self.normalized_shape), self.eps)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


def _rows_of(layer: LayerNorm | RMSNorm, input: Any) -> Any:
    receiver = lambda: described(layer)
    x = floating(receiver, input) if layer.weight is None else in_dtype(input, layer.weight.dtype, receiver)
    check_rows(receiver, x, layer.normalized_shape)
    return x


class GroupNorm(Module):
    """``weight * (x - mean) / sqrt(variance + eps) + bias``, mean and variance of each group of channels of each example.

    Weights start at 1, biases at 0. Plain data is cast to their dtype.

    Args:
        num_groups: into how many groups of neighbours the channels are divided.
        num_channels: the number C of channels.
        eps: added to the variance, so that nothing is divided by 0.
        affine: whether there are weights and biases, one for each channel.
        dtype: of weights and biases; by default float32.
        bias: whether there are biases, with ``affine``.

    Shapes: (N, C, ...) -> same.

    Raises:
        ValueError: for another shape, and an input of one number a group altogether.
        TypeError: for a recorded input of another dtype.

    Source: Wu, He, "Group Normalization", 2018.

    >>> nn.GroupNorm(2, 4)([[1.0, 3.0, 50.0, 70.0]]).numpy().round(3)
    array([[-1.,  1., -1.,  1.]], dtype=float32)
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        for name, count in (("num_groups", num_groups), ("num_channels", num_channels)):
            check_whole("GroupNorm", name, count)
            if count < 1:
                raise ValueError(f"GroupNorm: expected {name}, 1 or more; received {count}")
        if num_channels % num_groups:
            raise ValueError(
                f"GroupNorm: expected num_groups that divides num_channels, received num_groups={num_groups} for "
                f"num_channels={num_channels}"
            )
        check_number("GroupNorm", "eps", eps, least=0)
        check_switch("GroupNorm", affine=affine, bias=bias)
        self.num_groups = int(num_groups)
        self.num_channels = int(num_channels)
        self.eps = float(eps)
        self.affine = bool(affine)
        dtype = np.dtype(np.float32 if dtype is None else dtype)
        self.weight = Parameter(np.ones(self.num_channels, dtype)) if affine else None
        self.bias = Parameter(np.zeros(self.num_channels, dtype)) if affine and bias else None

    def forward(self, input: Any) -> Any:
        """The normalized input. Shapes: (N, C, ...) -> same."""
        receiver = lambda: described(self)
        x = floating(receiver, input) if self.weight is None else in_dtype(input, self.weight.dtype, receiver)
        if len(x.shape) < 2 or x.shape[1] != self.num_channels:
            raise ValueError(f"{receiver()}: expected input of shape (N, {self.num_channels}, ...), received {x.shape}")
        return normalized_groups(receiver, x, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, bias={self.bias is not None}"


class LocalResponseNorm(Module):
    """``x / (k + alpha * mean) ** beta``, with the mean of squares over ``size`` neighbouring channels at a position.

    Channels that would lie before the first or behind the last count as 0: the sum is divided by ``size`` everywhere.

    Args:
        size: how many channels are neighbours: ``size // 2`` before a channel, itself, and the rest behind it.
        alpha: the factor of the mean.
        beta: the exponent.
        k: what is added to the mean.

    Shapes: (N, C, ...) with one or more positions axes -> same.

    Raises:
        ValueError: for fewer than three axes.

    Source: Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012.

    >>> nn.LocalResponseNorm(3, alpha=3.0, beta=1.0)(np.full((1, 3, 1), 2.0))[0, :, 0].round(3)
    array([0.222, 0.154, 0.222])
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        self.size, self.alpha, self.beta, self.k = neighbourhood("LocalResponseNorm", size, alpha, beta, k)

    def forward(self, input: Any) -> Any:
        """The input divided by what its neighbours have. Shapes: (N, C, ...) -> same."""
        return divided_by_neighbours(lambda: described(self), input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"
