"""Convolutions: layers whose outputs look at a small part of the input each, all with the same weights."""

from __future__ import annotations  # np.random would be imported to annotate with it

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from nn import init
from nn.functional.convolutions import (
    PADDING_MODES,
    checked_groups,
    convolve,
    padding_pairs,
    transposed,
    transposed_size,
)
from nn.inputs import check_switch, in_dtype
from nn.kernels.geometry import as_tuple, check_rank
from nn.module import Module
from nn.parameter import Parameter
from nn.paths import described


class _Convolution(Module):
    """What convolutions of all ranks share, the transposed ones too: settings, weight and bias, and their first values."""

    rank: int
    transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        name = type(self).__name__
        (self.in_channels,) = as_tuple(name, "in_channels", in_channels, 1, 1)
        (self.out_channels,) = as_tuple(name, "out_channels", out_channels, 1, 1)
        self.kernel_size = as_tuple(name, "kernel_size", kernel_size, self.rank, 1)
        self.stride = as_tuple(name, "stride", stride, self.rank, 1)
        self.dilation = as_tuple(name, "dilation", dilation, self.rank, 1)
        self.padding = padding if isinstance(padding, str) else as_tuple(name, "padding", padding, self.rank)
        self.groups = checked_groups(name, groups)
        if self.in_channels % self.groups or self.out_channels % self.groups:
            raise ValueError(
                f"{name}: expected groups that divide in_channels and out_channels, received groups={groups} for "
                f"in_channels={in_channels}, out_channels={out_channels}"
            )
        check_switch(name, bias=bias)
        first, second = self.out_channels, self.in_channels
        if self.transposed:
            first, second = second, first
        dtype = np.dtype(np.float32 if dtype is None else dtype)
        self.weight = Parameter(np.empty((first, second // self.groups, *self.kernel_size), dtype))
        bound = 1 / math.sqrt(math.prod(self.weight.shape[1:]))
        init.uniform_(self.weight, -bound, bound, rng)
        self.bias = None
        if bias:
            self.bias = Parameter(np.empty(self.out_channels, dtype))
            init.uniform_(self.bias, -bound, bound, rng)

    def extra_repr(self) -> str:
        """Its settings, as far as they are not the usual ones."""
        ones, zeros = (1,) * self.rank, (0,) * self.rank
        settings = [
            f"{self.in_channels}, {self.out_channels}",
            f"kernel_size={_shown(self.kernel_size)}, stride={_shown(self.stride)}",
        ]
        if self.padding != zeros:
            settings.append(f"padding={_shown(self.padding)}")
        if self.dilation != ones:
            settings.append(f"dilation={_shown(self.dilation)}")
        if self.groups != 1:
            settings.append(f"groups={self.groups}")
        if self.bias is None:
            settings.append("bias=False")
        return ", ".join(settings)


def _shown(setting: Any) -> str:
    """A setting as it may be given: the one number of a tuple of equal ones."""
    return repr(setting[0] if isinstance(setting, tuple) and len(set(setting)) == 1 else setting)


class _Straight(_Convolution):
    """A convolution of one of the ranks."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, dtype, rng)
        name = type(self).__name__
        padding_pairs(name, self.padding, self.kernel_size, self.stride, self.dilation)
        if padding_mode not in PADDING_MODES:
            raise ValueError(f"{name}: expected padding_mode {', '.join(map(repr, PADDING_MODES))}; received {padding_mode!r}")
        self.padding_mode = padding_mode

    def forward(self, input: Any) -> Any:
        """The convolution; shapes as the class says."""
        receiver = lambda: described(self)
        x = in_dtype(input, self.weight.dtype, receiver)
        settings = (self.stride, self.padding, self.dilation, self.groups, self.padding_mode)
        return convolve(receiver, self.rank, x, self.weight, self.bias, *settings)

    def extra_repr(self) -> str:
        """Its settings, as far as they are not the usual ones."""
        mode = f", padding_mode={self.padding_mode!r}" if self.padding_mode != "zeros" else ""
        return super().extra_repr() + mode


class Conv1d(_Straight):
    """``out[n, o, p] = bias[o] + sum over c, k of input[n, c, p * stride + k * dilation - padding] * weight[o, c, k]``.

    Weight and bias start as uniform numbers between ``-1 / sqrt(n)`` and ``1 / sqrt(n)``, with n the count of numbers that make
    an output, ``in_channels / groups * kernel_size``; as in PyTorch. Plain data is cast to the dtype of the weight.

    Args:
        in_channels: the number of input channels.
        out_channels: the number of output channels.
        kernel_size: how many neighbours an output is made of.
        stride: how far apart the places are at which the kernel is laid on.
        padding: how much is added at each end; ``"valid"`` for nothing, ``"same"`` for as much as keeps the length.
        dilation: how far apart the numbers are that the kernel meets.
        groups: into how many parts the channels are divided; each makes its part of the outputs, of its own channels alone.
        bias: whether there is a bias.
        padding_mode: what is added: ``"zeros"``, the signal mirrored (``"reflect"``), its last number (``"replicate"``) or its
            other end (``"circular"``).
        dtype: of weight and bias; by default float32.
        rng: where the first numbers come from; by default the library's generator (``ag.seed``).

    Shapes: (N, C, L) or (C, L) -> (N, O, P) or (O, P), with
    ``P = (L + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1``; weight (O, C / groups, kernel_size), bias (O,).

    Raises:
        ValueError: for an input of other channels or axes, or shorter than the kernel; for settings out of range.
        TypeError: for a recorded input of another dtype, and settings that are no whole numbers.

    Source: Y. LeCun et al., Backpropagation applied to handwritten zip code recognition, 1989.

    >>> layer = nn.Conv1d(3, 8, kernel_size=5, padding="same")
    >>> layer(np.ones((2, 3, 20))).shape
    (2, 8, 20)
    """

    rank = 1


class Conv2d(_Straight):
    """``Conv1d`` along two axes, for images; ``kernel_size`` and other settings are one number for both of them, or a pair.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, O, P, Q) or (O, P, Q); weight (O, C / groups, kH, kW), bias (O,).

    Raises: as ``Conv1d``.

    >>> nn.Conv2d(1, 16, 3, padding=1)(np.ones((4, 1, 28, 28))).shape
    (4, 16, 28, 28)
    """

    rank = 2


class Conv3d(_Straight):
    """``Conv1d`` along three axes, for volumes and films; settings are one number for all of them, or three.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (N, O, P, Q, R) or (O, P, Q, R); weight (O, C / groups, kD, kH, kW), bias (O,).

    Raises: as ``Conv1d``.

    >>> nn.Conv3d(1, 4, 3)(np.ones((2, 1, 8, 8, 8))).shape
    (2, 4, 6, 6, 6)
    """

    rank = 3


# ---------------------------------------------------------------- transposed


class _Transposed(_Convolution):
    """A transposed convolution of one of the ranks."""

    transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        name = type(self).__name__
        if padding_mode != "zeros":
            raise ValueError(f"{name}: expected padding_mode 'zeros', the only one there is; received {padding_mode!r}")
        self.output_padding = as_tuple(name, "output_padding", output_padding, self.rank)
        padding = as_tuple(name, "padding", padding, self.rank)
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, dtype, rng)
        self._check_output_padding(name, self.output_padding)

    def _check_output_padding(self, name: str, output_padding: Sequence[int]) -> None:
        if any(n >= max(a, b) for n, a, b in zip(output_padding, self.stride, self.dilation, strict=True)):
            raise ValueError(
                f"{name}: expected output_padding below the stride or the dilation, received "
                f"output_padding={tuple(output_padding)} for stride={self.stride}, dilation={self.dilation}"
            )

    def forward(self, input: Any, output_size: Any = None) -> Any:
        """The transposed convolution; ``output_size`` says how long its axes are to be, in place of ``output_padding``."""
        receiver = lambda: described(self)
        x = in_dtype(input, self.weight.dtype, receiver)
        more = self.output_padding
        if output_size is not None:
            check_rank(receiver, x.shape, self.rank)
            more = self._padding_for(x.shape[-self.rank :], output_size)
        settings = (self.stride, self.padding, more, self.groups, self.dilation)
        return transposed(receiver, self.rank, x, self.weight, self.bias, *settings)

    def _padding_for(self, places: Sequence[int], output_size: Any) -> tuple[int, ...]:
        """The output padding that gives ``output_size``, whose last axes count."""
        assert not isinstance(self.padding, str)
        wanted = tuple(output_size)[-self.rank :] if isinstance(output_size, list | tuple) else output_size
        wanted = as_tuple(lambda: described(self), "output_size", wanted, self.rank, 1)
        least = transposed_size(places, self.kernel_size, self.stride, self.padding, self.dilation, (0,) * self.rank)
        more = tuple([a - b for a, b in zip(wanted, least, strict=True)])
        room = [max(a, b) - 1 for a, b in zip(self.stride, self.dilation, strict=True)]
        if any(not 0 <= n <= most for n, most in zip(more, room, strict=True)):
            most = tuple([a + b for a, b in zip(least, room, strict=True)])
            raise ValueError(f"{described(self)}: expected output_size from {least} to {most}, received {wanted}")
        return more

    def extra_repr(self) -> str:
        """Its settings, as far as they are not the usual ones."""
        more = f", output_padding={_shown(self.output_padding)}" if any(self.output_padding) else ""
        return super().extra_repr() + more


class ConvTranspose1d(_Transposed):
    """``out[n, o, p * stride + k * dilation - padding] += input[n, c, p] * weight[c, o, k]``: ``Conv1d`` turned around.

    It takes results of a ``Conv1d`` with the same settings back to the length of its inputs, as decoders do. First values are
    uniform between ``-1 / sqrt(n)`` and ``1 / sqrt(n)`` with ``n = out_channels / groups * kernel_size``, as in PyTorch.

    Args:
        in_channels: the number of input channels.
        out_channels: the number of output channels.
        kernel_size: how many outputs an input goes to.
        stride: how far apart the kernels are laid down.
        padding: how many numbers are cut off at each end.
        output_padding: how many numbers are added at the far end, since several lengths lead to the same one in ``Conv1d``.
        groups: into how many parts the channels are divided.
        bias: whether there is a bias.
        dilation: how far apart the numbers of a kernel are laid.
        padding_mode: ``"zeros"``, the only one there is.
        dtype: of weight and bias; by default float32.
        rng: where the first numbers come from; by default the library's generator (``ag.seed``).

    Shapes: (N, C, P) or (C, P) -> (N, O, L) or (O, L), with
    ``L = (P - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1``; weight
    (C, O / groups, kernel_size), bias (O,).

    Raises:
        ValueError: for an input of other channels or axes, and settings out of range.
        TypeError: for a recorded input of another dtype, and settings that are no whole numbers.

    Source: M. Zeiler et al., Deconvolutional networks, 2010.

    >>> layer = nn.ConvTranspose1d(8, 3, kernel_size=4, stride=2, padding=1)
    >>> layer(np.ones((2, 8, 10))).shape
    (2, 3, 20)
    """

    rank = 1


class ConvTranspose2d(_Transposed):
    """``ConvTranspose1d`` along two axes; settings are one number for both of them, or a pair.

    Shapes: (N, C, P, Q) or (C, P, Q) -> (N, O, H, W) or (O, H, W); weight (C, O / groups, kH, kW), bias (O,).

    Raises: as ``ConvTranspose1d``.

    >>> layer = nn.ConvTranspose2d(16, 1, 3, stride=2, padding=1)
    >>> layer(np.ones((4, 16, 14, 14)), output_size=(28, 28)).shape
    (4, 1, 28, 28)
    """

    rank = 2


class ConvTranspose3d(_Transposed):
    """``ConvTranspose1d`` along three axes; settings are one number for all of them, or three.

    Shapes: (N, C, P, Q, R) or (C, P, Q, R) -> (N, O, D, H, W) or (O, D, H, W); weight (C, O / groups, kD, kH, kW), bias (O,).

    Raises: as ``ConvTranspose1d``.

    >>> nn.ConvTranspose3d(4, 1, 2, stride=2)(np.ones((1, 4, 3, 3, 3))).shape
    (1, 1, 6, 6, 6)
    """

    rank = 3
