"""Max pooling along one, two or three axes, its inverse, and max pooling to a given size."""

from collections.abc import Sequence
from typing import Any

from nn.functional.pooled_windows import adaptive_windows, pooled_windows
from nn.inputs import Receiver, as_array, called
from nn.kernels.geometry import as_maps, as_tuple
from nn.kernels.max_pooling import max_pool as max_pool_op
from nn.kernels.max_pooling import max_unpool as max_unpool_op


def max_pool1d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """``out[..., o] = max over k of input[..., o * stride - padding + k * dilation]``: the largest number of each window.

    The gradient goes to the largest number; of equal ones to the first. NaN counts as largest. Integers count as float64.

    Args:
        input: signals of C channels, a batch of them or one.
        kernel_size: how many numbers a window has.
        stride: how far apart windows begin; by default ``kernel_size``, so that they neither overlap nor leave gaps.
        padding: how far the first window begins before the first number, and the last may reach behind the last; at most half
            of a window. Padding is never the largest.
        dilation: how far apart the numbers of a window are.
        ceil_mode: whether there is one more window where the last reaches beyond the end but does not begin behind it.
        return_indices: whether to return also where each result was found.

    Shapes: (N, C, L) or (C, L) -> (N, C, P) or (C, P), with
    ``P = (L + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1``, rounded up in ``ceil_mode``. With
    ``return_indices`` a tuple of that and the places, integers of the same shape: positions along L; where there are several
    axes, flat ones.

    Raises:
        ValueError: for another number of axes, an input shorter than a window, and settings out of range.
        TypeError: for settings that are no whole numbers, and complex input.

    >>> nn.functional.max_pool1d([[1.0, 3.0, 2.0, 5.0]], 2)
    array([[3., 5.]])
    >>> nn.functional.max_pool1d([[1.0, 3.0, 2.0, 5.0]], 2, return_indices=True)[1]
    array([[1, 3]])
    """
    return max_pool("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """``max_pool1d`` along two axes; a setting is one number for both of them, or a pair.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, C, P, Q) or (C, P, Q). Positions are ``row * W + column``.

    Raises: as ``max_pool1d``.

    >>> nn.functional.max_pool2d(np.arange(16.0).reshape(1, 4, 4), 2)
    array([[[ 5.,  7.],
            [13., 15.]]])
    """
    return max_pool("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """``max_pool1d`` along three axes; a setting is one number for all of them, or three.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (N, C, P, Q, R) or (C, P, Q, R). Positions are
    ``(slice * H + row) * W + column``.

    Raises: as ``max_pool1d``.

    >>> nn.functional.max_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 2)
    array([[[[7.]]]])
    """
    return max_pool("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool(
    receiver: Receiver,
    rank: int,
    input: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
    return_indices: bool,
) -> Any:
    """The max pool along ``rank`` axes, with its arguments checked; messages begin with the ``receiver``."""
    x = as_maps(receiver, input, rank)
    windows = pooled_windows(receiver, x.shape, rank, kernel_size, stride, padding, dilation, ceil_mode)
    out, positions = max_pool_op(x, windows=windows)
    return (out, positions) if return_indices else out


# ---------------------------------------------------------------- to a given size


def adaptive_max_pool1d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """The largest number of each of ``output_size`` windows, which cover ``input`` evenly, whatever its length.

    Window ``o`` of P goes from ``floor(o * L / P)`` up to, not including, ``ceil((o + 1) * L / P)``.

    Args:
        input: signals of C channels, a batch of them or one.
        output_size: the length of the result; ``None`` for that of the input.
        return_indices: whether to return also where each result was found, as in ``max_pool1d``.

    Shapes: (N, C, L) or (C, L) -> (N, C, P) or (C, P).

    Raises:
        ValueError: for another number of axes, an empty axis, and sizes out of range.
        TypeError: for sizes that are no whole numbers, and complex input.

    >>> nn.functional.adaptive_max_pool1d([[1.0, 3.0, 2.0, 5.0, 4.0]], 2)
    array([[3., 5.]])
    """
    return adaptive_max_pool("adaptive_max_pool1d", 1, input, output_size, return_indices)


def adaptive_max_pool2d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """``adaptive_max_pool1d`` along two axes; ``output_size`` is one number for both of them, or a pair.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, C, P, Q) or (C, P, Q).

    Raises: as ``adaptive_max_pool1d``.

    >>> nn.functional.adaptive_max_pool2d(np.arange(16.0).reshape(1, 4, 4), (1, None))
    array([[[12., 13., 14., 15.]]])
    """
    return adaptive_max_pool("adaptive_max_pool2d", 2, input, output_size, return_indices)


def adaptive_max_pool3d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """``adaptive_max_pool1d`` along three axes; ``output_size`` is one number for all of them, or three.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (N, C, P, Q, R) or (C, P, Q, R).

    Raises: as ``adaptive_max_pool1d``.

    >>> nn.functional.adaptive_max_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 1)
    array([[[[7.]]]])
    """
    return adaptive_max_pool("adaptive_max_pool3d", 3, input, output_size, return_indices)


def adaptive_max_pool(receiver: Receiver, rank: int, input: Any, output_size: Any, return_indices: bool) -> Any:
    """The adaptive max pool along ``rank`` axes, with its arguments checked; messages begin with the ``receiver``."""
    x = as_maps(receiver, input, rank)
    out, positions = max_pool_op(x, windows=adaptive_windows(receiver, x.shape, rank, output_size))
    return (out, positions) if return_indices else out


# ---------------------------------------------------------------- and back


def max_unpool1d(
    input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """Zeros, with the numbers of ``input`` at the places ``indices``: what ``max_pool1d`` found, back where it was.

    Of several numbers for one place the last stays; the gradient of each is what reaches that place, as in PyTorch.

    Args:
        input: what a max pool gave.
        indices: the places that it returned with ``return_indices``.
        kernel_size, stride, padding: its settings.
        output_size: the lengths of the pool's input, or its whole shape; by default the smallest that fits.

    Shapes: two (N, C, P) or (C, P) -> (N, C, L) or (C, L), with ``L = (P - 1) * stride - 2 * padding + kernel_size``.

    Raises:
        ValueError: for shapes that do not fit, an ``output_size`` that the pool's input cannot have had, and indices out of
            range.
        TypeError: for indices that are no integers, settings that are no whole numbers, and complex input.

    >>> nn.functional.max_unpool1d([[3.0, 5.0]], [[1, 3]], 2)
    array([[0., 3., 0., 5.]])
    """
    return max_unpool("max_unpool1d", 1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """``max_unpool1d`` along two axes; a setting is one number for both of them, or a pair.

    Shapes: two (N, C, P, Q) or (C, P, Q) -> (N, C, H, W) or (C, H, W).

    Raises: as ``max_unpool1d``.

    >>> nn.functional.max_unpool2d([[[7.0]]], [[[2]]], 2)
    array([[[0., 0.],
            [7., 0.]]])
    """
    return max_unpool("max_unpool2d", 2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    input: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """``max_unpool1d`` along three axes; a setting is one number for all of them, or three.

    Shapes: two (N, C, P, Q, R) or (C, P, Q, R) -> (N, C, D, H, W) or (C, D, H, W).

    Raises: as ``max_unpool1d``.

    >>> nn.functional.max_unpool3d([[[[7.0]]]], [[[[0]]]], (1, 1, 2))
    array([[[[7., 0.]]]])
    """
    return max_unpool("max_unpool3d", 3, input, indices, kernel_size, stride, padding, output_size)


def max_unpool(
    receiver: Receiver, rank: int, input: Any, indices: Any, kernel_size: Any, stride: Any, padding: Any, output_size: Any
) -> Any:
    """The unpooling along ``rank`` axes, with its arguments checked; messages begin with the ``receiver``."""
    x, positions = as_maps(receiver, input, rank), as_array(indices, receiver)
    if positions.shape != x.shape:
        raise ValueError(
            f"{called(receiver)}: expected an index for each number of input {x.shape}, received indices of shape "
            f"{positions.shape}"
        )
    if positions.dtype.kind not in "iu":
        raise TypeError(f"{called(receiver)}: expected indices as integers, received {positions.dtype}")
    kernel = as_tuple(receiver, "kernel_size", kernel_size, rank, 1)
    stride = kernel if stride is None else as_tuple(receiver, "stride", stride, rank, 1)
    padding = as_tuple(receiver, "padding", padding, rank)
    counts = x.shape[len(x.shape) - rank :]
    sizes = [(n - 1) * step - 2 * pad + k for n, k, step, pad in zip(counts, kernel, stride, padding, strict=True)]
    if output_size is not None:
        sizes = _sizes_before(receiver, output_size, sizes, stride)
    if min(sizes) < 1:
        raise ValueError(f"{called(receiver)}: expected settings that give a size of 1 or more, received {tuple(sizes)}")
    return max_unpool_op(x, positions, shape=tuple(sizes))


def _sizes_before(receiver: Receiver, output_size: Any, usual: Sequence[int], stride: Sequence[int]) -> list[int]:
    """The sizes that are asked for, which may differ from the usual ones by less than the stride."""
    rank = len(usual)
    wanted = output_size if isinstance(output_size, list | tuple) else (output_size,) * rank
    if len(wanted) == rank + 2:
        wanted = wanted[2:]
    sizes = as_tuple(receiver, "output_size", tuple(wanted), rank, 1)
    if any([not size - step < each < size + step for each, size, step in zip(sizes, usual, stride, strict=True)]):
        raise ValueError(
            f"{called(receiver)}: expected an output_size within a stride of {tuple(usual)}, received {output_size!r}"
        )
    return list(sizes)
