"""Convolutions and transposed convolutions along one, two or three axes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

import autograd as ag
from nn.functional.padding import padded
from nn.inputs import Receiver, as_array, called
from nn.kernels.convolution import convolution, convolution_input_gradient
from nn.kernels.geometry import as_tuple, check_rank, output_size

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


def conv1d(
    input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """``out[n, o, p] = bias[o] + sum over c, k of input[n, c, p * stride + k * dilation - padding] * weight[o, c, k]``.

    What is called convolution in neural networks: the kernel is not turned around, as in a cross-correlation.

    Args:
        input: signals of C channels, a batch of them or one.
        weight: a kernel for each output channel.
        bias: a number for each output channel; ``None`` for none.
        stride: how far apart the places are at which the kernel is laid on.
        padding: how many zeros are added at each end; ``"valid"`` for none, ``"same"`` for as many as keep the length.
        dilation: how far apart the numbers are that the kernel meets.
        groups: into how many parts the channels are divided; each makes its part of the outputs, of its own channels alone.

    Shapes: input (N, C, L) or (C, L), weight (O, C / groups, K), bias (O,) -> (N, O, P) or (O, P), with
    ``P = (L + 2 * padding - dilation * (K - 1) - 1) // stride + 1``.

    Raises:
        ValueError: for shapes that do not fit, a kernel that is longer than the padded input, and settings out of range.
        TypeError: for settings that are no whole numbers.

    >>> nn.functional.conv1d(np.array([[1.0, 2.0, 4.0, 8.0]]), np.array([[[-1.0, 1.0]]]))
    array([[1., 2., 4.]])
    """
    return convolve("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """``conv1d`` along two axes; a setting is one number for both of them, or a pair.

    Shapes: input (N, C, H, W) or (C, H, W), weight (O, C / groups, kH, kW), bias (O,) -> (N, O, P, Q) or (O, P, Q).

    Raises: as ``conv1d``.

    >>> image, kernel = np.arange(9.0).reshape(1, 3, 3), np.ones((1, 1, 2, 2))
    >>> nn.functional.conv2d(image, kernel)
    array([[[ 8., 12.],
            [20., 24.]]])
    """
    return convolve("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """``conv1d`` along three axes; a setting is one number for all of them, or three.

    Shapes: input (N, C, D, H, W) or (C, D, H, W), weight (O, C / groups, kD, kH, kW), bias (O,) -> (N, O, P, Q, R) or
    (O, P, Q, R).

    Raises: as ``conv1d``.

    >>> nn.functional.conv3d(np.ones((2, 1, 4, 4, 4)), np.ones((5, 1, 3, 3, 3))).shape
    (2, 5, 2, 2, 2)
    """
    return convolve("conv3d", 3, input, weight, bias, stride, padding, dilation, groups)


def convolve(
    receiver: Receiver,
    rank: int,
    input: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
    padding_mode: str = "zeros",
) -> Any:
    """The convolution along ``rank`` axes, with its arguments checked; messages begin with the ``receiver``."""
    x, weight = as_array(input, receiver), as_array(weight, receiver)
    bias = None if bias is None else as_array(bias, receiver)
    stride, dilation = as_tuple(receiver, "stride", stride, rank, 1), as_tuple(receiver, "dilation", dilation, rank, 1)
    groups = checked_groups(receiver, groups)
    _check_weight(receiver, weight, rank)
    outputs, channels, *kernel = weight.shape
    pairs = padding_pairs(receiver, padding, kernel, stride, dilation)
    check_rank(receiver, x.shape, rank)
    if x.shape[-rank - 1] != channels * groups:
        raise ValueError(
            f"{called(receiver)}: expected input of {channels * groups} channels, for weight {weight.shape} and "
            f"groups={groups}; received {x.shape[-rank - 1]} in {x.shape}"
        )
    if outputs % groups:
        raise ValueError(
            f"{called(receiver)}: expected groups that divide the {outputs} outputs of weight {weight.shape}, received {groups}"
        )
    _check_bias(receiver, bias, outputs)
    if padding_mode != "zeros" and any(map(any, pairs)):
        x = padded(receiver, x, tuple(pairs), padding_mode)
        pairs = [(0, 0)] * rank
    for size, *axis in zip(x.shape[-rank:], kernel, stride, pairs, dilation, strict=True):
        if output_size(size, *axis) < 1:
            raise ValueError(
                f"{called(receiver)}: expected input at least as large as the kernel, received {x.shape} for a kernel of "
                f"{tuple(kernel)} with padding={tuple(pairs)}, dilation={dilation}; pad more, or take a smaller kernel"
            )
    batch = x if len(x.shape) == rank + 2 else x[np.newaxis]
    out = convolution(batch, weight, bias, stride=stride, padding=tuple(pairs), dilation=dilation, groups=groups)
    return out if batch is x else out[0]


def checked_groups(receiver: Receiver, groups: Any) -> int:
    """The number of groups, a whole number from 1."""
    return as_tuple(receiver, "groups", groups, 1, 1)[0]


def padding_pairs(
    receiver: Receiver, padding: Any, kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> list[tuple[int, int]]:
    """What is added before and after along each axis; ``"same"`` adds the odd one after, as in PyTorch.

    Raises:
        ValueError: for another word, and for ``"same"`` where the stride is not 1.
        TypeError: for what is neither a word nor whole numbers.
    """
    if not isinstance(padding, str):
        return [(each, each) for each in as_tuple(receiver, "padding", padding, len(kernel))]
    if padding not in ("same", "valid"):
        raise ValueError(f"{called(receiver)}: expected padding 'same', 'valid' or whole numbers, received {padding!r}")
    if padding == "valid":
        return [(0, 0)] * len(kernel)
    if max(stride) > 1:
        raise ValueError(
            f"{called(receiver)}: expected stride 1 with padding='same', received {tuple(stride)}; give the padding in numbers"
        )
    totals = [step * (k - 1) for k, step in zip(kernel, dilation, strict=True)]
    return [(total // 2, total - total // 2) for total in totals]


def _check_weight(receiver: Receiver, weight: Any, rank: int, axes: str = "out, in / groups") -> None:
    if len(weight.shape) != rank + 2 or 0 in weight.shape[2:]:
        raise ValueError(
            f"{called(receiver)}: expected weight of shape ({axes}, kernel of {rank} axes), received {weight.shape}"
        )


def _check_bias(receiver: Receiver, bias: Any, outputs: int) -> None:
    if bias is not None and bias.shape != (outputs,):
        raise ValueError(f"{called(receiver)}: expected bias of shape ({outputs},), one per output; received {bias.shape}")


# ---------------------------------------------------------------- transposed


def conv_transpose1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """``out[n, o, p * stride + k * dilation - padding] += input[n, c, p] * weight[c, o, k]``: ``conv1d`` turned around.

    It is the gradient of ``conv1d`` with respect to its input, and takes results back to the length of inputs.

    Args:
        input: signals of C channels, a batch of them or one.
        weight: a kernel for each input channel and output channel.
        bias: a number for each output channel; ``None`` for none.
        stride: how far apart the kernels are laid down.
        padding: how many numbers are cut off at each end.
        output_padding: how many numbers are added at the far end, since several lengths lead to the same one in ``conv1d``;
            below ``stride`` or below ``dilation``.
        groups: into how many parts the channels are divided.
        dilation: how far apart the numbers of a kernel are laid.

    Shapes: input (N, C, P) or (C, P), weight (C, O / groups, K), bias (O,) -> (N, O, L) or (O, L), with
    ``L = (P - 1) * stride - 2 * padding + dilation * (K - 1) + output_padding + 1``.

    Raises:
        ValueError: for shapes that do not fit, and settings out of range.
        TypeError: for settings that are no whole numbers.

    Source: M. Zeiler et al., Deconvolutional networks, 2010.

    >>> nn.functional.conv_transpose1d(np.array([[1.0, 10.0]]), np.array([[[1.0, 2.0, 3.0]]]), stride=2)
    array([[ 1.,  2., 13., 20., 30.]])
    """
    return transposed("conv_transpose1d", 1, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """``conv_transpose1d`` along two axes; a setting is one number for both of them, or a pair.

    Shapes: input (N, C, P, Q) or (C, P, Q), weight (C, O / groups, kH, kW), bias (O,) -> (N, O, H, W) or (O, H, W).

    Raises: as ``conv_transpose1d``.

    >>> nn.functional.conv_transpose2d(np.ones((1, 3, 4, 4)), np.ones((3, 2, 2, 2)), stride=2).shape
    (1, 2, 8, 8)
    """
    return transposed("conv_transpose2d", 2, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose3d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """``conv_transpose1d`` along three axes; a setting is one number for all of them, or three.

    Shapes: input (N, C, P, Q, R) or (C, P, Q, R), weight (C, O / groups, kD, kH, kW), bias (O,) -> (N, O, D, H, W) or
    (O, D, H, W).

    Raises: as ``conv_transpose1d``.

    >>> nn.functional.conv_transpose3d(np.ones((1, 3, 2, 2, 2)), np.ones((3, 2, 2, 2, 2)), stride=2).shape
    (1, 2, 4, 4, 4)
    """
    return transposed("conv_transpose3d", 3, input, weight, bias, stride, padding, output_padding, groups, dilation)


def transposed(
    receiver: Receiver,
    rank: int,
    input: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: Any,
    dilation: Any,
) -> Any:
    """The transposed convolution along ``rank`` axes, with its arguments checked; messages begin with the ``receiver``."""
    x, weight = as_array(input, receiver), as_array(weight, receiver)
    bias = None if bias is None else as_array(bias, receiver)
    stride, dilation = as_tuple(receiver, "stride", stride, rank, 1), as_tuple(receiver, "dilation", dilation, rank, 1)
    padding, more = as_tuple(receiver, "padding", padding, rank), as_tuple(receiver, "output_padding", output_padding, rank)
    groups = checked_groups(receiver, groups)
    _check_weight(receiver, weight, rank, "in, out / groups")
    channels, outputs, *kernel = weight.shape
    check_rank(receiver, x.shape, rank)
    if x.shape[-rank - 1] != channels or channels % groups:
        raise ValueError(
            f"{called(receiver)}: expected input of {channels} channels, for weight {weight.shape}, and groups that divide "
            f"them; received {x.shape[-rank - 1]} in {x.shape} and groups={groups}"
        )
    _check_bias(receiver, bias, outputs * groups)
    if any(added >= max(step, spread) for added, step, spread in zip(more, stride, dilation, strict=True)):
        raise ValueError(
            f"{called(receiver)}: expected output_padding below the stride or the dilation, received output_padding={more} for "
            f"stride={stride}, dilation={dilation}"
        )
    size = transposed_size(x.shape[-rank:], kernel, stride, padding, dilation, more)
    if min(size) < 1:
        raise ValueError(
            f"{called(receiver)}: expected a result of 1 or more along each axis, received input {x.shape} that would give "
            f"{size}; pad less"
        )
    batch = x if len(x.shape) == rank + 2 else x[np.newaxis]
    pairs = tuple([(each, each) for each in padding])
    # A convolution of a result this long has so many places more, whose numbers are 0.
    beyond = [(0, added // step) for added, step in zip(more, stride, strict=True)]
    if any(map(any, beyond)):
        batch = ag.pad(batch, [(0, 0), (0, 0), *beyond])
    out = convolution_input_gradient(batch, weight, size=size, stride=stride, padding=pairs, dilation=dilation, groups=groups)
    if bias is not None:
        out = out + np.reshape(bias, (-1, *[1] * rank))
    return out if len(x.shape) == rank + 2 else out[0]


def transposed_size(
    places: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    output_padding: Sequence[int],
) -> tuple[int, ...]:
    """How long the axes of a transposed convolution become: the shortest that lead to ``places``, and the output padding."""
    axes = zip(places, kernel, stride, padding, dilation, output_padding, strict=True)
    return tuple([(p - 1) * step - 2 * cut + spread * (k - 1) + 1 + more for p, k, step, cut, spread, more in axes])
