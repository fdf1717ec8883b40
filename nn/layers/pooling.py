"""Pools: layers that make one number of each window of their input, the largest, the mean or the mean of powers; and back."""

from typing import Any

from nn.functional.average_pooling import avg_pool, check_divisor, check_power, lp_pool
from nn.functional.max_pooling import max_pool, max_unpool
from nn.functional.pooled_windows import check_pool
from nn.inputs import check_switch
from nn.kernels.geometry import as_tuple
from nn.module import Module
from nn.paths import described


class _MaxPool(Module):
    """A max pool of one of the ranks."""

    rank: int

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        check_pool(type(self).__name__, self.rank, kernel_size, stride, padding, dilation)
        check_switch(type(self).__name__, return_indices=return_indices, ceil_mode=ceil_mode)
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = bool(return_indices)
        self.ceil_mode = bool(ceil_mode)

    def forward(self, input: Any) -> Any:
        """The largest numbers, with ``return_indices`` their places too; shapes as the class says."""
        settings = (self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode, self.return_indices)
        return max_pool(lambda: described(self), self.rank, input, *settings)

    def extra_repr(self) -> str:
        """Its settings."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, dilation={self.dilation}, "
            f"ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_MaxPool):
    """``out[..., o] = max over k of input[..., o * stride - padding + k * dilation]``: the largest number of each window.

    The gradient goes to the largest number; of equal ones to the first. NaN counts as largest. Integers count as float64.

    Args:
        kernel_size: how many numbers a window has.
        stride: how far apart windows begin; by default ``kernel_size``, so that they neither overlap nor leave gaps.
        padding: how far the first window begins before the first number, and the last may reach behind the last; at most half
            of a window. Padding is never the largest.
        dilation: how far apart the numbers of a window are.
        return_indices: whether to return also where each result was found, for ``MaxUnpool1d``.
        ceil_mode: whether there is one more window where the last reaches beyond the end but does not begin behind it.

    Shapes: (N, C, L) or (C, L) -> (N, C, P) or (C, P), with
    ``P = (L + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1``, rounded up in ``ceil_mode``.

    Raises:
        ValueError: for another number of axes, an input shorter than a window, and settings out of range.
        TypeError: for settings that are no whole numbers, and complex input.

    >>> nn.MaxPool1d(2)([[1.0, 3.0, 2.0, 5.0]])
    array([[3., 5.]])
    """

    rank = 1


class MaxPool2d(_MaxPool):
    """``MaxPool1d`` along two axes; a setting is one number for both of them, or a pair.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, C, P, Q) or (C, P, Q).

    Raises: as ``MaxPool1d``.

    >>> nn.MaxPool2d(3, stride=2, padding=1)(np.zeros((5, 8, 28, 28))).shape
    (5, 8, 14, 14)
    """

    rank = 2


class MaxPool3d(_MaxPool):
    """``MaxPool1d`` along three axes; a setting is one number for all of them, or three.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (N, C, P, Q, R) or (C, P, Q, R).

    Raises: as ``MaxPool1d``.

    >>> nn.MaxPool3d(2)(np.zeros((5, 8, 4, 4, 6))).shape
    (5, 8, 2, 2, 3)
    """

    rank = 3


# ---------------------------------------------------------------- back to where the largest numbers were


class _MaxUnpool(Module):
    """A max unpool of one of the ranks."""

    rank: int

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None:
        name = type(self).__name__
        self.kernel_size = as_tuple(name, "kernel_size", kernel_size, self.rank, 1)
        self.stride = self.kernel_size if stride is None else as_tuple(name, "stride", stride, self.rank, 1)
        self.padding = as_tuple(name, "padding", padding, self.rank)

    def forward(self, input: Any, indices: Any, output_size: Any = None) -> Any:
        """``input`` at the places ``indices`` among zeros; shapes as the class says."""
        settings = (self.kernel_size, self.stride, self.padding, output_size)
        return max_unpool(lambda: described(self), self.rank, input, indices, *settings)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxUnpool1d(_MaxUnpool):
    """Zeros, with the numbers of ``input`` at the places ``indices``: what ``MaxPool1d`` found, back where it was.

    Of several numbers for one place the last stays; the gradient of each is what reaches that place, as in PyTorch.

    Args:
        kernel_size, stride, padding: the settings of the pool.

    Its call takes what the pool gave and the indices that it returned, and as ``output_size`` the lengths of the pool's input,
    or its whole shape; by default the smallest that fits.

    Shapes: two (N, C, P) or (C, P) -> (N, C, L) or (C, L), with ``L = (P - 1) * stride - 2 * padding + kernel_size``.

    Raises:
        ValueError: for shapes that do not fit, an ``output_size`` that the pool's input cannot have had, and indices out of
            range.
        TypeError: for indices that are no integers, settings that are no whole numbers, and complex input.

    >>> largest, places = nn.MaxPool1d(2, return_indices=True)([[1.0, 3.0, 2.0, 5.0]])
    >>> nn.MaxUnpool1d(2)(largest, places)
    array([[0., 3., 0., 5.]])
    """

    rank = 1


class MaxUnpool2d(_MaxUnpool):
    """``MaxUnpool1d`` along two axes; a setting is one number for both of them, or a pair.

    Shapes: two (N, C, P, Q) or (C, P, Q) -> (N, C, H, W) or (C, H, W).

    Raises: as ``MaxUnpool1d``.

    >>> nn.MaxUnpool2d(2)([[[7.0]]], [[[2]]])
    array([[[0., 0.],
            [7., 0.]]])
    """

    rank = 2


class MaxUnpool3d(_MaxUnpool):
    """``MaxUnpool1d`` along three axes; a setting is one number for all of them, or three.

    Shapes: two (N, C, P, Q, R) or (C, P, Q, R) -> (N, C, D, H, W) or (C, D, H, W).

    Raises: as ``MaxUnpool1d``.

    >>> nn.MaxUnpool3d((1, 1, 2))([[[[7.0]]]], [[[[0]]]])
    array([[[[7., 0.]]]])
    """

    rank = 3


# ---------------------------------------------------------------- means


class _AvgPool(Module):
    """An average pool of one of the ranks."""

    rank: int
    divisor_override: int | None

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        name = type(self).__name__
        check_pool(name, self.rank, kernel_size, stride, padding, 1)
        check_divisor(name, divisor_override)
        check_switch(name, ceil_mode=ceil_mode, count_include_pad=count_include_pad)
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = bool(ceil_mode)
        self.count_include_pad = bool(count_include_pad)
        self.divisor_override = divisor_override

    def forward(self, input: Any) -> Any:
        """The means of the windows; shapes as the class says."""
        settings = (self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad, self.divisor_override)
        return avg_pool(lambda: described(self), self.rank, input, *settings)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool1d(_AvgPool):
    """The mean of each window. Integers count as float64.

    Args:
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

    >>> nn.AvgPool1d(2)([[1.0, 3.0, 2.0, 5.0]])
    array([[2. , 3.5]])
    """

    rank = 1

    def __init__(
        self, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False, count_include_pad: bool = True
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)


class AvgPool2d(_AvgPool):
    """``AvgPool1d`` along two axes; a setting is one number for both of them, or a pair.

    Args:
        kernel_size, stride, padding, ceil_mode, count_include_pad: as in ``AvgPool1d``.
        divisor_override: what sums are divided by, in place of the number of cells.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, C, P, Q) or (C, P, Q).

    Raises: as ``AvgPool1d``.

    >>> nn.AvgPool2d(2)(np.arange(16.0).reshape(1, 4, 4))
    array([[[ 2.5,  4.5],
            [10.5, 12.5]]])
    """

    rank = 2


class AvgPool3d(_AvgPool):
    """``AvgPool2d`` along three axes; a setting is one number for all of them, or three.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (N, C, P, Q, R) or (C, P, Q, R).

    Raises: as ``AvgPool1d``.

    >>> nn.AvgPool3d(2)(np.zeros((5, 8, 4, 4, 6))).shape
    (5, 8, 2, 2, 3)
    """

    rank = 3


# ---------------------------------------------------------------- means of powers


class _LPPool(Module):
    """A power-average pool of one of the ranks."""

    rank: int

    def __init__(self, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> None:
        name = type(self).__name__
        check_power(name, norm_type)
        check_pool(name, self.rank, kernel_size, stride, 0, 1)
        check_switch(name, ceil_mode=ceil_mode)
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = bool(ceil_mode)

    def forward(self, input: Any) -> Any:
        """The roots of the sums of powers; shapes as the class says."""
        settings = (self.norm_type, self.kernel_size, self.stride, self.ceil_mode)
        return lp_pool(lambda: described(self), self.rank, input, *settings)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self.stride}, ceil_mode={self.ceil_mode}"


class LPPool1d(_LPPool):
    """``(sum of x**p over a window)**(1 / p)``: for ``p = 1`` the sum, for large p and positive numbers nearly the maximum.

    The derivative is 0 where the sum is 0; PyTorch gives NaN there.

    Args:
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

    >>> nn.LPPool1d(2, 2)([[3.0, 4.0, 0.0, 5.0]])
    array([[5., 5.]])
    """

    rank = 1


class LPPool2d(_LPPool):
    """``LPPool1d`` along two axes; a setting is one number for both of them, or a pair.

    Shapes: (N, C, H, W) or (C, H, W) -> (N, C, P, Q) or (C, P, Q).

    Raises: as ``LPPool1d``.

    >>> nn.LPPool2d(2, 2)(np.ones((1, 2, 2)))
    array([[[2.]]])
    """

    rank = 2


class LPPool3d(_LPPool):
    """``LPPool1d`` along three axes; a setting is one number for all of them, or three.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (N, C, P, Q, R) or (C, P, Q, R).

    Raises: as ``LPPool1d``.

    >>> nn.LPPool3d(3, 2)(np.ones((1, 2, 2, 2)))
    array([[[[2.]]]])
    """

    rank = 3
