"""Average and power-average pooling along one, two or three axes, and average pooling to a given size."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.functional.pooled_windows import adapted_sizes, pooled_windows
from nn.inputs import Receiver, called, check_number, check_whole
from nn.kernels.average_pooling import average_pool
from nn.kernels.geometry import Windows, as_maps
from nn.kernels.half_precision import in_single_precision, is_half
from nn.kernels.resampling import Map, resample


def avg_pool1d(
    input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False, count_include_pad: bool = True
) -> Any:
    """The mean of each window. Integers count as float64.

    Args:
        input: signals of C channels, a batch of them or one.
        kernel_size: how many numbers a window has.
        stride: how far apart windows begin; by default ``kernel_size``.
        padding: how many zeros are added at each end; at most half of a window.
        ceil_mode: whether there is one more window where the last reaches beyond the end but does not begin behind it.
        count_include_pad: whether a mean counts the zeros of the padding; what lies behind it is never counted.

    Shapes: (N, C, L) or (C, L) -> (N, C, P) or (C, P), with ``P = (L + 2 * padding - kernel_size) // stride + 1``, rounded up
    in ``ceil_mode``.

    Raises:
        ValueError: for another number of axes, an input shorter than a window, and settings out of range.
        TypeError: for settings that are no whole numbers, and complex input.

    >>> nn.functional.avg_pool1d([[1.0, 3.0, 2.0, 5.0]], 2)
    array([[2. , 3.5]])
    """
    return avg_pool("avg_pool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """``avg_pool1d`` along two axes; a setting is one number for both of them, or a pair.

    Args:
        input: maps of C channels, a batch of them or one.
        kernel_size, stride, padding, ceil_mode, count_include_pad: as in ``avg_pool1d``.
        divisor_override: what sums are divided by, in place of the number of cells.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, C, P, Q) or (C, P, Q).

    Raises: as ``avg_pool1d``.

    >>> nn.functional.avg_pool2d(np.arange(16.0).reshape(1, 4, 4), 2)
    array([[[ 2.5,  4.5],
            [10.5, 12.5]]])
    """
    check_divisor("avg_pool2d", divisor_override)
    return avg_pool("avg_pool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def avg_pool3d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """``avg_pool2d`` along three axes; a setting is one number for all of them, or three.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (N, C, P, Q, R) or (C, P, Q, R).

    Raises: as ``avg_pool1d``.

    >>> nn.functional.avg_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 2)
    array([[[[3.5]]]])
    """
    check_divisor("avg_pool3d", divisor_override)
    return avg_pool("avg_pool3d", 3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def avg_pool(
    receiver: Receiver,
    rank: int,
    input: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: Any,
) -> Any:
    """The average pool along ``rank`` axes, with its arguments checked; messages begin with the ``receiver``."""
    x = as_maps(receiver, input, rank)
    windows = pooled_windows(receiver, x.shape, rank, kernel_size, stride, padding, 1, ceil_mode)
    divisor = None if divisor_override is None else int(divisor_override)
    return average_pool(x, windows=windows, divisor=divisor, with_padding=bool(count_include_pad))


def check_divisor(receiver: str, divisor: Any) -> None:
    """Refuse a ``divisor_override`` that is neither ``None`` nor a whole number other than 0.

    Raises:
        TypeError: for anything but a whole number.
        ValueError: for 0.
    """
    if divisor is not None:
        check_whole(receiver, "divisor_override", divisor)
        if divisor == 0:
            raise ValueError(f"{receiver}: expected divisor_override other than 0, received 0")


# ---------------------------------------------------------------- to a given size


def adaptive_avg_pool1d(input: Any, output_size: Any) -> Any:
    """The mean of each of ``output_size`` windows, which cover ``input`` evenly, whatever its length.

    Window ``o`` of P goes from ``floor(o * L / P)`` up to, not including, ``ceil((o + 1) * L / P)``.

    Args:
        input: signals of C channels, a batch of them or one.
        output_size: the length of the result; ``None`` for that of the input.

    Shapes: (N, C, L) or (C, L) -> (N, C, P) or (C, P).

    Raises:
        ValueError: for another number of axes, an empty axis, and sizes out of range.
        TypeError: for sizes that are no whole numbers, and complex input.

    >>> nn.functional.adaptive_avg_pool1d([[1.0, 3.0, 2.0, 5.0, 4.0]], 2)
    array([[2.        , 3.66666667]])
    """
    return adaptive_avg_pool("adaptive_avg_pool1d", 1, input, output_size)


def adaptive_avg_pool2d(input: Any, output_size: Any) -> Any:
    """``adaptive_avg_pool1d`` along two axes; ``output_size`` is one number for both of them, or a pair.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, C, P, Q) or (C, P, Q).

    Raises: as ``adaptive_avg_pool1d``.

    >>> nn.functional.adaptive_avg_pool2d(np.arange(16.0).reshape(1, 4, 4), (1, None))
    array([[[6., 7., 8., 9.]]])
    """
    return adaptive_avg_pool("adaptive_avg_pool2d", 2, input, output_size)


def adaptive_avg_pool3d(input: Any, output_size: Any) -> Any:
    """``adaptive_avg_pool1d`` along three axes; ``output_size`` is one number for all of them, or three.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (N, C, P, Q, R) or (C, P, Q, R).

    Raises: as ``adaptive_avg_pool1d``.

    >>> nn.functional.adaptive_avg_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 1)
    array([[[[3.5]]]])
    """
    return adaptive_avg_pool("adaptive_avg_pool3d", 3, input, output_size)


def adaptive_avg_pool(receiver: Receiver, rank: int, input: Any, output_size: Any) -> Any:
    """The adaptive average pool along ``rank`` axes, with its arguments checked; messages begin with the ``receiver``."""
    x = as_maps(receiver, input, rank)
    sizes = x.shape[len(x.shape) - rank :]
    return averaged_to(receiver, x, adapted_sizes(receiver, output_size, rank, sizes))


def averaged_to(receiver: Receiver, x: Any, counts: Sequence[int]) -> Any:
    """``x`` with its last axes averaged to ``counts``, in windows of one length where that is possible."""
    sizes = x.shape[len(x.shape) - len(counts) :]
    if min(sizes) < 1:
        raise ValueError(f"{called(receiver)}: expected input without empty axes, received {x.shape}")
    if max(counts) == 1:
        return np.mean(x, axis=tuple(range(-len(counts), 0)), keepdims=True)
    along = list(zip(sizes, counts, strict=True))
    if any([size % count for size, count in along]):
        return resample(x, maps=tuple([Map("area", size, count) for size, count in along]))
    windows = tuple([Windows(size, count, size // count, size // count) for size, count in along])
    return average_pool(x, windows=windows, divisor=None, with_padding=False)


# ---------------------------------------------------------------- of powers


def lp_pool1d(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """``(sum of x**p over a window)**(1 / p)``: for ``p = 1`` the sum, for large p and positive numbers nearly the maximum.

    The derivative is 0 where the sum is 0; PyTorch gives NaN there.

    Args:
        input: signals of C channels, a batch of them or one.
        norm_type: the power p, above 0. Where it is odd, negative sums have no root: the result is NaN.
        kernel_size: how many numbers a window has.
        stride: how far apart windows begin; by default ``kernel_size``.
        ceil_mode: whether there is one more window where the last reaches beyond the end but does not begin behind it; its sum
            is scaled up, as in PyTorch, to that of a whole window.

    Shapes: (N, C, L) or (C, L) -> (N, C, P) or (C, P), with ``P = (L - kernel_size) // stride + 1``, rounded up in
    ``ceil_mode``.

    Raises:
        ValueError: for another number of axes, an input shorter than a window, and settings out of range.
        TypeError: for settings that are no numbers, and complex input.

    >>> nn.functional.lp_pool1d([[3.0, 4.0, 0.0, 5.0]], 2, 2)
    array([[5., 5.]])
    """
    check_power("lp_pool1d", norm_type)
    return lp_pool("lp_pool1d", 1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """``lp_pool1d`` along two axes; a setting is one number for both of them, or a pair.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, C, P, Q) or (C, P, Q).

    Raises: as ``lp_pool1d``.

    >>> nn.functional.lp_pool2d(np.ones((1, 2, 2)), 2, 2)
    array([[[2.]]])
    """
    check_power("lp_pool2d", norm_type)
    return lp_pool("lp_pool2d", 2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """``lp_pool1d`` along three axes; a setting is one number for all of them, or three.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (N, C, P, Q, R) or (C, P, Q, R).

    Raises: as ``lp_pool1d``.

    >>> nn.functional.lp_pool3d(np.ones((1, 2, 2, 2)), 3, 2)
    array([[[[2.]]]])
    """
    check_power("lp_pool3d", norm_type)
    return lp_pool("lp_pool3d", 3, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool(receiver: Receiver, rank: int, input: Any, norm_type: Any, kernel_size: Any, stride: Any, ceil_mode: bool) -> Any:
    """The power-average pool along ``rank`` axes, with its arguments checked; messages begin with the ``receiver``."""
    x = as_maps(receiver, input, rank)
    windows = pooled_windows(receiver, x.shape, rank, kernel_size, stride, 0, 1, ceil_mode)
    if is_half(x):
        return in_single_precision(lambda x: lp_pool(receiver, rank, x, norm_type, kernel_size, stride, ceil_mode), x)
    p, cells = float(norm_type), int(np.prod([each.kernel for each in windows]))
    total = average_pool(x**p, windows=windows, divisor=None, with_padding=True) * cells
    nothing = total == 0
    return (total + nothing) ** (1 / p) * ~nothing


def check_power(receiver: str, norm_type: Any) -> None:
    """Refuse a ``norm_type`` that is no number above 0.

    Raises:
        TypeError: for what is no number.
        ValueError: for 0, and below it.
    """
    check_number(receiver, "norm_type", norm_type, 0)
    if norm_type == 0:
        raise ValueError(f"{receiver}: expected norm_type, a number above 0; received 0")
