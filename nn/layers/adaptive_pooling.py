"""Pools that give results of one size, whatever the size of their input."""

from typing import Any

from nn.functional.average_pooling import adaptive_avg_pool
from nn.functional.max_pooling import adaptive_max_pool
from nn.functional.pooled_windows import adapted_sizes
from nn.inputs import check_switch
from nn.module import Module
from nn.paths import described


class _AdaptiveAvgPool(Module):
    """An adaptive average pool of one of the ranks."""

    rank: int

    def __init__(self, output_size: Any) -> None:
        adapted_sizes(type(self).__name__, output_size, self.rank, (1,) * self.rank)
        self.output_size = output_size

    def forward(self, input: Any) -> Any:
        """The means of the windows; shapes as the class says."""
        return adaptive_avg_pool(lambda: described(self), self.rank, input, self.output_size)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """The mean of each of ``output_size`` windows, which cover the input evenly, whatever its length.

    Window ``o`` of P goes from ``floor(o * L / P)`` up to, not including, ``ceil((o + 1) * L / P)``. Integers count as float64.

    Args:
        output_size: the length of the result; ``None`` for that of the input.

    Shapes: (N, C, L) or (C, L) -> (N, C, P) or (C, P).

    Raises:
        ValueError: for another number of axes, an empty axis, and sizes out of range.
        TypeError: for sizes that are no whole numbers, and complex input.

    >>> nn.AdaptiveAvgPool1d(2)([[1.0, 3.0, 2.0, 5.0, 4.0]])
    array([[2.        , 3.66666667]])
    """

    rank = 1


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """``AdaptiveAvgPool1d`` along two axes; ``output_size`` is one number for both of them, or a pair.

    With the size 1 it is the mean of each map, which many networks take before their last layer.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, C, P, Q) or (C, P, Q).

    Raises: as ``AdaptiveAvgPool1d``.

    >>> nn.AdaptiveAvgPool2d((7, None))(np.zeros((5, 8, 10, 12))).shape
    (5, 8, 7, 12)
    """

    rank = 2


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """``AdaptiveAvgPool1d`` along three axes; ``output_size`` is one number for all of them, or three.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (N, C, P, Q, R) or (C, P, Q, R).

    Raises: as ``AdaptiveAvgPool1d``.

    >>> nn.AdaptiveAvgPool3d(2)(np.zeros((5, 8, 4, 5, 6))).shape
    (5, 8, 2, 2, 2)
    """

    rank = 3


class _AdaptiveMaxPool(Module):
    """An adaptive max pool of one of the ranks."""

    rank: int

    def __init__(self, output_size: Any, return_indices: bool = False) -> None:
        adapted_sizes(type(self).__name__, output_size, self.rank, (1,) * self.rank)
        check_switch(type(self).__name__, return_indices=return_indices)
        self.output_size = output_size
        self.return_indices = bool(return_indices)

    def forward(self, input: Any) -> Any:
        """The largest numbers, with ``return_indices`` their places too; shapes as the class says."""
        return adaptive_max_pool(lambda: described(self), self.rank, input, self.output_size, self.return_indices)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"output_size={self.output_size}"


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """The largest number of each of ``output_size`` windows, which cover the input evenly, whatever its length.

    The windows are those of ``AdaptiveAvgPool1d``; ties and NaN are as in ``MaxPool1d``.

    Args:
        output_size: the length of the result; ``None`` for that of the input.
        return_indices: whether to return also where each result was found.

    Shapes: (N, C, L) or (C, L) -> (N, C, P) or (C, P).

    Raises:
        ValueError: for another number of axes, an empty axis, and sizes out of range.
        TypeError: for sizes that are no whole numbers, and complex input.

    >>> nn.AdaptiveMaxPool1d(2)([[1.0, 3.0, 2.0, 5.0, 4.0]])
    array([[3., 5.]])
    """

    rank = 1


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """``AdaptiveMaxPool1d`` along two axes; ``output_size`` is one number for both of them, or a pair.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, C, P, Q) or (C, P, Q).

    Raises: as ``AdaptiveMaxPool1d``.

    >>> nn.AdaptiveMaxPool2d((7, None))(np.zeros((5, 8, 10, 12))).shape
    (5, 8, 7, 12)
    """

    rank = 2


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """``AdaptiveMaxPool1d`` along three axes; ``output_size`` is one number for all of them, or three.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (N, C, P, Q, R) or (C, P, Q, R).

    Raises: as ``AdaptiveMaxPool1d``.

    >>> nn.AdaptiveMaxPool3d(2)(np.zeros((5, 8, 4, 5, 6))).shape
    (5, 8, 2, 2, 2)
    """

    rank = 3
