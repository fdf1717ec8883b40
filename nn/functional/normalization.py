"""Normalization: numbers less their mean, divided by their standard deviation, then scaled and shifted.

What a mean is taken of distinguishes them: a channel in the whole batch (``batch_norm``), a channel of one example
(``instance_norm``), some channels of one example (``group_norm``), the last axes (``layer_norm``; ``rms_norm`` leaves the mean
out). ``local_response_norm`` divides by what neighbouring channels have at the same position.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import Tensor
from nn.functional.running_statistics import track
from nn.inputs import Receiver, as_array, called, check_number, check_whole, in_one_dtype
from nn.kernels.channel_normalization import normalized_channels
from nn.kernels.channel_scaling import scaled_channels
from nn.kernels.half_precision import in_single_precision, is_half
from nn.kernels.row_normalization import normalized_rows
from nn.kernels.windowed_sum import windowed_sum


def batch_norm(
    input: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """``weight * (input - mean) / sqrt(variance + eps) + bias`` for each channel.

    In training mean and variance are those of the channel's numbers in the whole batch, and gradients flow through them; else
    they are the running ones. The variance is the biased one; the running one is unbiased.

    Args:
        input: a batch.
        running_mean: a running mean of each channel; in training it is updated in place, or ``None``.
        running_var: the same of the variance.
        weight: a factor for each channel; ``None`` for 1.
        bias: a number to add for each channel; ``None`` for 0.
        training: whether to use the statistics of the batch.
        momentum: how far the running statistics go towards those of the batch.
        eps: added to the variance, so that nothing is divided by 0.

    Shapes: input (N, C, ...), the others (C,) -> that of the input.

    Raises:
        ValueError: for shapes that do not fit, one number a channel in training, and no running statistics outside of it.
        TypeError: for complex numbers, and recorded tensors of different dtypes.
        autograd.BatchingError: inside ``vmap``, for statistics of the batch that would become running ones.

    Source: Ioffe, Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
    ICML 2015.

    >>> nn.functional.batch_norm(np.array([[1.0, 5.0], [3.0, 5.0]]), None, None, training=True, eps=0.0001).round(3)
    array([[-1.,  0.],
           [ 1.,  0.]])
    """
    x, weight, bias = _operands("batch_norm", input, weight, bias)
    _check_axes("batch_norm", x, 2)
    _check_by_channel("batch_norm", x, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    if not training:
        running_mean, running_var = _given("batch_norm", "training=True", x, running_mean, running_var)
        return scaled_channels(x, running_mean, running_var, weight, bias, eps=float(eps))
    return normalized_batch("batch_norm", x, running_mean, running_var, weight, bias, momentum, float(eps))


def normalized_batch(
    receiver: Receiver, x: Any, running_mean: Any, running_var: Any, weight: Any, bias: Any, momentum: float, eps: float
) -> Any:
    """``batch_norm`` in training, of what has been checked."""
    shape = x.shape
    count = shape[0] if len(shape) == 2 else shape[0] * math.prod(shape[2:])
    if count == 1:
        raise ValueError(
            f"{called(receiver)}: expected more than 1 value per channel when training, received input of shape {shape}, whose "
            "normalized values would all be 0; pass a larger batch, or call .eval()"
        )
    out, statistics = normalized_channels(x, weight, bias, groups=0, eps=eps)
    if count and not (running_mean is None and running_var is None):
        track(receiver, running_mean, running_var, statistics, count, momentum)
    return out


def instance_norm(
    input: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """``weight * (input - mean) / sqrt(variance + eps) + bias`` for each channel of each example.

    Args:
        input: a batch.
        running_mean: a running mean of each channel, or ``None``; with ``use_input_stats`` it is updated in place, towards the
            average over the examples.
        running_var: the same of the variance.
        weight: a factor for each channel; ``None`` for 1.
        bias: a number to add for each channel; ``None`` for 0.
        use_input_stats: whether to use the statistics of each example, through which gradients flow, or the running ones.
        momentum: how far the running statistics go towards those of the input.
        eps: added to the variance, so that nothing is divided by 0.

    Shapes: input (N, C, ...) with one or more positions axes, the others (C,) -> that of the input.

    Raises:
        ValueError: for shapes that do not fit, a single position, and no running statistics where they are to be used.
        TypeError: for complex numbers, and recorded tensors of different dtypes.
        autograd.BatchingError: inside ``vmap``, for statistics of the input that would become running ones.

    Source: Ulyanov, Vedaldi, Lempitsky, "Instance Normalization: The Missing Ingredient for Fast Stylization", 2016.

    >>> nn.functional.instance_norm(np.array([[[1.0, 3.0], [50.0, 70.0]]])).round(3)
    array([[[-1.,  1.],
            [-1.,  1.]]])
    """
    x, weight, bias = _operands("instance_norm", input, weight, bias)
    _check_axes("instance_norm", x, 3)
    _check_by_channel("instance_norm", x, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    if not use_input_stats:
        running_mean, running_var = _given("instance_norm", "use_input_stats=True", x, running_mean, running_var)
        return scaled_channels(x, running_mean, running_var, weight, bias, eps=float(eps))
    return normalized_instances("instance_norm", x, running_mean, running_var, weight, bias, momentum, float(eps))


def normalized_instances(
    receiver: Receiver, x: Any, running_mean: Any, running_var: Any, weight: Any, bias: Any, momentum: float, eps: float
) -> Any:
    """``instance_norm`` with the statistics of the input, of what has been checked."""
    shape = x.shape
    count = math.prod(shape[2:])
    if count == 1:
        raise ValueError(
            f"{called(receiver)}: expected more than 1 position, received input of shape {shape}, whose normalized values "
            "would all be 0"
        )
    out, statistics = normalized_channels(x, weight, bias, groups=max(shape[1], 1), eps=eps)
    if shape[0] * count and not (running_mean is None and running_var is None):
        track(receiver, running_mean, running_var, statistics, count, momentum)
    return out


def group_norm(input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """``weight * (input - mean) / sqrt(variance + eps) + bias``, mean and variance of each group of channels of each example.

    Args:
        input: a batch.
        num_groups: into how many groups of neighbours the channels are divided.
        weight: a factor for each channel; ``None`` for 1.
        bias: a number to add for each channel; ``None`` for 0.
        eps: added to the variance, so that nothing is divided by 0.

    Shapes: input (N, C, ...), weight and bias (C,) -> that of the input.

    Raises:
        ValueError: for shapes that do not fit, a number of groups that does not divide that of channels, and an input of one
            number a group altogether.
        TypeError: for complex numbers, and recorded tensors of different dtypes.

    Source: Wu, He, "Group Normalization", 2018.

    >>> nn.functional.group_norm(np.array([[1.0, 3.0, 50.0, 70.0]]), 2).round(3)
    array([[-1.,  1., -1.,  1.]])
    """
    check_whole("group_norm", "num_groups", num_groups)
    x, weight, bias = _operands("group_norm", input, weight, bias)
    _check_axes("group_norm", x, 2)
    _check_by_channel("group_norm", x, weight=weight, bias=bias)
    if num_groups < 1 or x.shape[1] % num_groups:
        raise ValueError(
            f"group_norm: expected num_groups that divides the number of channels, received num_groups={num_groups} for input "
            f"of shape {x.shape}"
        )
    return normalized_groups("group_norm", x, int(num_groups), weight, bias, float(eps))


def normalized_groups(receiver: Receiver, x: Any, groups: int, weight: Any, bias: Any, eps: float) -> Any:
    """``group_norm`` of what has been checked."""
    if x.shape[0] * (x.shape[1] // groups) * math.prod(x.shape[2:]) == 1:
        raise ValueError(
            f"{called(receiver)}: expected more than 1 value per group, received input of shape {x.shape}, whose normalized "
            "values would all be 0"
        )
    return normalized_channels(x, weight, bias, groups=groups, eps=eps)[0]


def layer_norm(
    input: Any, normalized_shape: int | Sequence[int], weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Any:
    """``weight * (input - mean) / sqrt(variance + eps) + bias``, mean and variance taken over the last axes.

    Args:
        input: any number of examples.
        normalized_shape: the lengths of the last axes, over which means are taken.
        weight: a factor for each place on these axes; ``None`` for 1.
        bias: a number to add for each place; ``None`` for 0.
        eps: added to the variance, so that nothing is divided by 0.

    Shapes: input (..., *normalized_shape), weight and bias ``normalized_shape`` -> that of the input.

    Raises:
        ValueError: for shapes that do not fit.
        TypeError: for complex numbers, and recorded tensors of different dtypes.

    Source: Ba, Kiros, Hinton, "Layer Normalization", 2016.

    >>> nn.functional.layer_norm(np.array([[1.0, 3.0], [50.0, 70.0]]), (2,)).round(3)
    array([[-1.,  1.],
           [-1.,  1.]])
    """
    shape = as_shape("layer_norm", normalized_shape)
    x, weight, bias = _operands("layer_norm", input, weight, bias)
    check_rows("layer_norm", x, shape)
    for name, each in (("weight", weight), ("bias", bias)):
        _check_place("layer_norm", name, each, shape)
    return normalized_rows(x, weight, bias, last=len(shape), centred=True, eps=float(eps))[0]


def rms_norm(input: Any, normalized_shape: int | Sequence[int], weight: Any = None, eps: float | None = None) -> Any:
    """``weight * input / sqrt(mean(input ** 2) + eps)``, the mean taken over the last axes.

    Args:
        input: any number of examples.
        normalized_shape: the lengths of the last axes, over which the mean is taken.
        weight: a factor for each place on these axes; ``None`` for 1.
        eps: added to the mean; ``None`` for the resolution of the input's dtype, ``np.finfo(dtype).eps``.

    Shapes: input (..., *normalized_shape), weight ``normalized_shape`` -> that of the input.

    Raises:
        ValueError: for shapes that do not fit.
        TypeError: for complex numbers, and recorded tensors of different dtypes.

    Source: Zhang, Sennrich, "Root Mean Square Layer Normalization", 2019.

    >>> nn.functional.rms_norm(np.array([1.0, -7.0]), 2)
    array([ 0.2, -1.4])
    """
    shape = as_shape("rms_norm", normalized_shape)
    x, weight, _ = _operands("rms_norm", input, weight, None)
    check_rows("rms_norm", x, shape)
    _check_place("rms_norm", "weight", weight, shape)
    return scaled_to_mean_square_1(x, weight, len(shape), eps)


def scaled_to_mean_square_1(x: Any, weight: Any, last: int, eps: float | None) -> Any:
    """``rms_norm`` of what has been checked."""
    eps = float(np.finfo(x.dtype).eps if eps is None else eps)
    return normalized_rows(x, weight, None, last=last, centred=False, eps=eps)[0]


def local_response_norm(input: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Any:
    """``input / (k + alpha * mean) ** beta``, with the mean of squares over ``size`` neighbouring channels at a position.

    Channels that would lie before the first or behind the last count as 0: the sum is divided by ``size`` everywhere.

    Args:
        input: a batch.
        size: how many channels are neighbours: ``size // 2`` before a channel, itself, and the rest behind it.
        alpha: the factor of the mean.
        beta: the exponent.
        k: what is added to the mean.

    Shapes: (N, C, ...) with one or more positions axes -> same.

    Raises:
        ValueError: for fewer than three axes, and a size below 1.
        TypeError: for complex numbers, and a size that is no whole number.

    Source: Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012.

    >>> nn.functional.local_response_norm(np.full((1, 3, 1), 2.0), 3, alpha=3.0, beta=1.0)[0, :, 0].round(3)
    array([0.222, 0.154, 0.222])
    """
    return divided_by_neighbours("local_response_norm", input, *neighbourhood("local_response_norm", size, alpha, beta, k))


def neighbourhood(name: str, size: Any, alpha: Any, beta: Any, k: Any) -> tuple[int, float, float, float]:
    """The settings of a local response norm, checked."""
    check_whole(name, "size", size)
    if size < 1:
        raise ValueError(f"{name}: expected size, 1 or more; received {size}")
    for setting, value in (("alpha", alpha), ("beta", beta), ("k", k)):
        check_number(name, setting, value)
    return int(size), float(alpha), float(beta), float(k)


def divided_by_neighbours(receiver: Receiver, input: Any, size: int, alpha: float, beta: float, k: float) -> Any:
    """``local_response_norm`` with settings that have been checked."""
    x = floating(receiver, input)
    _check_axes(receiver, x, 3)
    if is_half(x):
        return in_single_precision(lambda x: divided_by_neighbours(receiver, x, size, alpha, beta, k), x)
    squares = windowed_sum(x * x, before=size // 2, after=(size - 1) // 2)
    return x * (k + squares * (alpha / size)) ** -beta


# ---------------------------------------------------------------- what comes in


def floating(receiver: Receiver, input: Any) -> Any:
    """An input in a floating dtype: its own, or float64.

    Raises:
        TypeError: for complex numbers, and what is not numeric.
    """
    x = as_array(input, receiver)
    if x.dtype.kind == "f":
        return x
    if x.dtype.kind not in "biu":
        raise TypeError(f"{called(receiver)}: expected real numbers, received {x.dtype}")
    return x.astype(np.float64)


def as_shape(receiver: Receiver, normalized_shape: Any) -> tuple[int, ...]:
    """The last axes that a layer norm is to normalize, as a tuple."""
    shape = tuple(normalized_shape) if isinstance(normalized_shape, list | tuple) else (normalized_shape,)
    for each in shape:
        check_whole(called(receiver), "normalized_shape", each)
    if not shape or min(shape) < 1:
        raise ValueError(f"{called(receiver)}: expected normalized_shape, one or more lengths of 1 or more; received {shape}")
    return tuple(map(int, shape))


def check_rows(receiver: Receiver, x: Any, shape: tuple[int, ...]) -> None:
    """Refuse an input whose last axes are not ``shape``."""
    if x.shape[-len(shape) :] != shape:
        expected = f"(..., {', '.join(map(str, shape))})"
        raise ValueError(f"{called(receiver)}: expected input of shape {expected}, received {x.shape}")


def _operands(receiver: str, input: Any, weight: Any, bias: Any) -> list[Any]:
    """Input, weight and bias in one floating dtype; ``None`` stays."""
    given = {name: each for name, each in (("weight", weight), ("bias", bias)) if each is not None}
    if not given:
        return [floating(receiver, input), None, None]
    x, *rest = in_one_dtype(receiver, input=floating(receiver, input), **given)
    found = dict(zip(given, rest, strict=True))
    return [x, found.get("weight"), found.get("bias")]


def _given(receiver: str, instead: str, x: Any, running_mean: Any, running_var: Any) -> tuple[Any, Any]:
    """The running statistics in the dtype of the input."""
    if running_mean is None or running_var is None:
        raise ValueError(
            f"{receiver}: expected running_mean and running_var, received None; to use the input's own, pass {instead}"
        )
    return running_mean.astype(x.dtype, copy=False), running_var.astype(x.dtype, copy=False)


def _check_axes(receiver: Receiver, x: Any, least: int) -> None:
    if len(x.shape) < least:
        raise ValueError(f"{called(receiver)}: expected input of shape (N, C, {'L, ' * (least - 2)}...), received {x.shape}")


def _check_by_channel(receiver: str, x: Any, **arrays: Any) -> None:
    for name, each in arrays.items():
        if each is None:
            continue
        if not isinstance(each, Tensor | np.ndarray):
            raise TypeError(f"{receiver}: expected {name}, a tensor or an array, received {type(each).__name__}")
        if each.shape != x.shape[1:2]:
            raise ValueError(
                f"{receiver}: expected {name} of shape {x.shape[1:2]}, a number for each channel of input of shape {x.shape}; "
                f"received {each.shape}"
            )


def _check_place(receiver: str, name: str, each: Any, shape: tuple[int, ...]) -> None:
    if each is not None and each.shape != shape:
        raise ValueError(f"{receiver}: expected {name} of shape {shape}, received {each.shape}")
