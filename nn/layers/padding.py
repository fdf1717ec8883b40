"""Layers that put a margin around their input."""

from typing import Any

from nn.functional.padding import as_widths, check_value, padded
from nn.inputs import as_array
from nn.kernels.geometry import check_rank
from nn.module import Module
from nn.paths import described


class _Pad(Module):
    """A margin along the last ``rank`` axes."""

    rank: int
    mode: str

    def __init__(self, padding: Any) -> None:
        widths = as_widths(type(self).__name__, padding, self.rank)
        self.padding = tuple([each for pair in reversed(widths) for each in pair])

    def forward(self, input: Any) -> Any:
        """``input`` in its margin; shapes as the class says."""
        receiver = lambda: described(self)
        x = as_array(input, receiver)
        check_rank(receiver, x.shape, self.rank)
        return padded(receiver, x, as_widths(type(self).__name__, self.padding, self.rank), self.mode)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"{self.padding}"


class _ConstantPad(_Pad):
    """A margin of one number along the last ``rank`` axes."""

    value: float

    def __init__(self, padding: Any, value: float) -> None:
        super().__init__(padding)
        self.value = check_value(type(self).__name__, value)

    def forward(self, input: Any) -> Any:
        """``input`` in its margin; shapes as the class says."""
        widths = as_widths(type(self).__name__, self.padding, self.rank)
        return padded(lambda: described(self), input, widths, "constant", self.value)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"padding={self.padding}, value={self.value}"


class _ZeroPad(_ConstantPad):
    """A margin of zeros along the last ``rank`` axes."""

    def __init__(self, padding: Any) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"{self.padding}"


class ConstantPad1d(_ConstantPad):
    """A margin of the number ``value``.

    Args:
        padding: its width on both sides, or the widths ``(left, right)``; negative ones cut off.
        value: the number.

    Shapes: (..., L) -> (..., left + L + right).

    Raises:
        ValueError: for an input with fewer axes; for widths that do not fit, and more to cut off than there is.
        TypeError: for widths that are no whole numbers, and a value that is no number.

    >>> nn.ConstantPad1d((1, 2), 7.0)([1.0, 2.0, 3.0])
    array([7., 1., 2., 3., 7., 7.])
    """

    rank = 1


class ConstantPad2d(_ConstantPad):
    """``ConstantPad1d`` along two axes.

    ``padding`` is one width for all sides, or ``(left, right, top, bottom)``.

    Shapes: (..., H, W) -> (..., top + H + bottom, left + W + right).

    Raises: as ``ConstantPad1d``.

    >>> nn.ConstantPad2d(1, 7.0)(np.zeros((5, 8, 4, 6))).shape
    (5, 8, 6, 8)
    """

    rank = 2


class ConstantPad3d(_ConstantPad):
    """``ConstantPad1d`` along three axes.

    ``padding`` is one width for all sides, or ``(left, right, top, bottom, front, back)``.

    Shapes: (..., D, H, W) -> (..., front + D + back, top + H + bottom, left + W + right).

    Raises: as ``ConstantPad1d``.

    >>> nn.ConstantPad3d(1, 7.0)(np.zeros((5, 8, 4, 6, 3))).shape
    (5, 8, 6, 8, 5)
    """

    rank = 3


class ZeroPad1d(_ZeroPad):
    """A margin of zeros.

    Args:
        padding: its width on both sides, or the widths ``(left, right)``; negative ones cut off.

    Shapes: (..., L) -> (..., left + L + right).

    Raises:
        ValueError: for an input with fewer axes; for widths that do not fit, and more to cut off than there is.
        TypeError: for widths that are no whole numbers.

    >>> nn.ZeroPad1d((1, 2))([1.0, 2.0, 3.0])
    array([0., 1., 2., 3., 0., 0.])
    """

    rank = 1


class ZeroPad2d(_ZeroPad):
    """``ZeroPad1d`` along two axes.

    ``padding`` is one width for all sides, or ``(left, right, top, bottom)``.

    Shapes: (..., H, W) -> (..., top + H + bottom, left + W + right).

    Raises: as ``ZeroPad1d``.

    >>> nn.ZeroPad2d(1)(np.zeros((5, 8, 4, 6))).shape
    (5, 8, 6, 8)
    """

    rank = 2


class ZeroPad3d(_ZeroPad):
    """``ZeroPad1d`` along three axes.

    ``padding`` is one width for all sides, or ``(left, right, top, bottom, front, back)``.

    Shapes: (..., D, H, W) -> (..., front + D + back, top + H + bottom, left + W + right).

    Raises: as ``ZeroPad1d``.

    >>> nn.ZeroPad3d(1)(np.zeros((5, 8, 4, 6, 3))).shape
    (5, 8, 6, 8, 5)
    """

    rank = 3


class ReflectionPad1d(_Pad):
    """A margin that mirrors the input, without the edge itself.

    Args:
        padding: its width on both sides, or the widths ``(left, right)``; negative ones cut off.

    Shapes: (N, C, L) or (C, L) -> the same with left + L + right.

    Raises:
        ValueError: for another number of axes, and a margin that is not shorter than the axis; for widths that do not fit, and
            more to cut off than there is.
        TypeError: for widths that are no whole numbers.

    >>> nn.ReflectionPad1d((1, 2))([[1.0, 2.0, 3.0]])
    array([[2., 1., 2., 3., 2., 1.]])
    """

    rank = 1
    mode = "reflect"


class ReflectionPad2d(_Pad):
    """``ReflectionPad1d`` along two axes.

    ``padding`` is one width for all sides, or ``(left, right, top, bottom)``.

    Shapes: (N, C, H, W) or (C, H, W) -> (..., top + H + bottom, left + W + right).

    Raises: as ``ReflectionPad1d``.

    >>> nn.ReflectionPad2d(1)(np.zeros((5, 8, 4, 6))).shape
    (5, 8, 6, 8)
    """

    rank = 2
    mode = "reflect"


class ReflectionPad3d(_Pad):
    """``ReflectionPad1d`` along three axes.

    ``padding`` is one width for all sides, or ``(left, right, top, bottom, front, back)``.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (..., front + D + back, top + H + bottom, left + W + right).

    Raises: as ``ReflectionPad1d``.

    >>> nn.ReflectionPad3d(1)(np.zeros((5, 8, 4, 6, 3))).shape
    (5, 8, 6, 8, 5)
    """

    rank = 3
    mode = "reflect"


class ReplicationPad1d(_Pad):
    """A margin that repeats the edge.

    Args:
        padding: its width on both sides, or the widths ``(left, right)``; negative ones cut off.

    Shapes: (N, C, L) or (C, L) -> the same with left + L + right.

    Raises:
        ValueError: for another number of axes, and an empty axis; for widths that do not fit, and more to cut off than there
            is.
        TypeError: for widths that are no whole numbers.

    >>> nn.ReplicationPad1d((1, 2))([[1.0, 2.0, 3.0]])
    array([[1., 1., 2., 3., 3., 3.]])
    """

    rank = 1
    mode = "replicate"


class ReplicationPad2d(_Pad):
    """``ReplicationPad1d`` along two axes.

    ``padding`` is one width for all sides, or ``(left, right, top, bottom)``.

    Shapes: (N, C, H, W) or (C, H, W) -> (..., top + H + bottom, left + W + right).

    Raises: as ``ReplicationPad1d``.

    >>> nn.ReplicationPad2d(1)(np.zeros((5, 8, 4, 6))).shape
    (5, 8, 6, 8)
    """

    rank = 2
    mode = "replicate"


class ReplicationPad3d(_Pad):
    """``ReplicationPad1d`` along three axes.

    ``padding`` is one width for all sides, or ``(left, right, top, bottom, front, back)``.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (..., front + D + back, top + H + bottom, left + W + right).

    Raises: as ``ReplicationPad1d``.

    >>> nn.ReplicationPad3d(1)(np.zeros((5, 8, 4, 6, 3))).shape
    (5, 8, 6, 8, 5)
    """

    rank = 3
    mode = "replicate"


class CircularPad1d(_Pad):
    """A margin that goes on with the other end, as on a ring.

    Args:
        padding: its width on both sides, or the widths ``(left, right)``; negative ones cut off.

    Shapes: (N, C, L) or (C, L) -> the same with left + L + right.

    Raises:
        ValueError: for another number of axes, and a margin that is longer than the axis; for widths that do not fit, and more
            to cut off than there is.
        TypeError: for widths that are no whole numbers.

    >>> nn.CircularPad1d((1, 2))([[1.0, 2.0, 3.0]])
    array([[3., 1., 2., 3., 1., 2.]])
    """

    rank = 1
    mode = "circular"


class CircularPad2d(_Pad):
    """``CircularPad1d`` along two axes.

    ``padding`` is one width for all sides, or ``(left, right, top, bottom)``.

    Shapes: (N, C, H, W) or (C, H, W) -> (..., top + H + bottom, left + W + right).

    Raises: as ``CircularPad1d``.

    >>> nn.CircularPad2d(1)(np.zeros((5, 8, 4, 6))).shape
    (5, 8, 6, 8)
    """

    rank = 2
    mode = "circular"


class CircularPad3d(_Pad):
    """``CircularPad1d`` along three axes.

    ``padding`` is one width for all sides, or ``(left, right, top, bottom, front, back)``.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> (..., front + D + back, top + H + bottom, left + W + right).

    Raises: as ``CircularPad1d``.

    >>> nn.CircularPad3d(1)(np.zeros((5, 8, 4, 6, 3))).shape
    (5, 8, 6, 8, 5)
    """

    rank = 3
    mode = "circular"
