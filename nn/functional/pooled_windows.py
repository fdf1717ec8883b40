"""The windows of a pool, from its settings as users write them: ``pooled_windows`` and ``adaptive_windows``."""

from collections.abc import Sequence
from typing import Any

from nn.inputs import Receiver, called
from nn.kernels.geometry import AnyWindows, UnevenWindows, Windows, as_tuple, windows_along


def check_pool(
    receiver: Receiver, rank: int, kernel_size: Any, stride: Any, padding: Any, dilation: Any
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """The settings of a pool as a number for each axis.

    Raises:
        TypeError: for settings that are no whole numbers.
        ValueError: for settings out of range, such as more padding than half a window.
    """
    kernel = as_tuple(receiver, "kernel_size", kernel_size, rank, 1)
    stride = kernel if stride is None else as_tuple(receiver, "stride", stride, rank, 1)
    padding = as_tuple(receiver, "padding", padding, rank)
    dilation = as_tuple(receiver, "dilation", dilation, rank, 1)
    if any([pad > (apart * (k - 1) + 1) // 2 for k, pad, apart in zip(kernel, padding, dilation, strict=True)]):
        raise ValueError(
            f"{called(receiver)}: expected a padding of at most half of a window, received padding={padding} for "
            f"kernel_size={kernel} and dilation={dilation}"
        )
    return kernel, stride, padding, dilation


def pooled_windows(
    receiver: Receiver,
    shape: Sequence[int],
    rank: int,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
) -> tuple[Windows, ...]:
    """The windows along the last ``rank`` axes of an input.

    Raises:
        TypeError: for settings that are no whole numbers.
        ValueError: for settings out of range, and an input that no window fits into.
    """
    settings = check_pool(receiver, rank, kernel_size, stride, padding, dilation)
    windows = windows_along(tuple(shape[len(shape) - rank :]), *settings, bool(ceil_mode))
    if windows is None:
        kernel, _, padding, dilation = settings
        raise ValueError(
            f"{called(receiver)}: expected input at least as large as a window, received {tuple(shape)} for "
            f"kernel_size={kernel}, padding={padding}, dilation={dilation}; take a smaller kernel_size"
        )
    return windows


def adaptive_windows(receiver: Receiver, shape: Sequence[int], rank: int, output_size: Any) -> tuple[AnyWindows, ...]:
    """The windows that make ``output_size`` of the last ``rank`` axes of an input; equal ones where that is possible.

    Raises:
        TypeError: for sizes that are no whole numbers.
        ValueError: for sizes out of range, and an empty axis.
    """
    sizes = shape[len(shape) - rank :]
    if min(sizes) < 1:
        raise ValueError(f"{called(receiver)}: expected input without empty axes, received {tuple(shape)}")
    counts = adapted_sizes(receiver, output_size, rank, sizes)
    return tuple(
        [
            UnevenWindows(size, count) if size % count else Windows(size, count, size // count, size // count)
            for size, count in zip(sizes, counts, strict=True)
        ]
    )


def adapted_sizes(receiver: Receiver, output_size: Any, rank: int, sizes: Sequence[int]) -> tuple[int, ...]:
    """``output_size`` as a number for each axis; ``None`` stands for the size that it has."""
    wanted = output_size if isinstance(output_size, list | tuple) else (output_size,) * rank
    filled = [size if each is None else each for each, size in zip(wanted, sizes, strict=False)]
    return as_tuple(receiver, "output_size", tuple(filled) if len(wanted) == rank else tuple(wanted), rank, 1)
