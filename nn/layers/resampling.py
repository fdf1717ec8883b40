"""Layers that give maps another size: ``Upsample``, and two of its settings under names of their own."""

from typing import Any

from nn.functional.resampling import check_resampling, resampled
from nn.inputs import check_switch
from nn.module import Module
from nn.paths import described


class Upsample(Module):
    """The maps of the input in another size, see ``nn.functional.interpolate``.

    Args:
        size: the new size, one number for all axes, or one for each.
        scale_factor: or how many times as large it is, rounded down; one number, or one for each axis.
        mode: ``"nearest"``, ``"nearest-exact"``, ``"linear"`` (one axis), ``"bilinear"``, ``"bicubic"`` (two), ``"trilinear"``
            (three) or ``"area"``.
        align_corners: for the linear and cubic modes, whether the middles of the outermost cells stay where they are.
        recompute_scale_factor: whether cells are placed by the quotient of the sizes, and not by the ``scale_factor``.

    Shapes: (N, C, L), (N, C, H, W) or (N, C, D, H, W) -> the same with new last axes.

    Raises:
        ValueError: for another number of axes, an empty axis, an unknown mode, one for another number of axes, both or none of
            ``size`` and ``scale_factor``, and options that the mode does not have.
        TypeError: for settings that are no numbers, and complex input.

    >>> nn.Upsample(scale_factor=2, mode="bilinear")(np.zeros((5, 8, 14, 14))).shape
    (5, 8, 28, 28)
    """

    def __init__(
        self,
        size: Any = None,
        scale_factor: Any = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        for name, value in (("align_corners", align_corners), ("recompute_scale_factor", recompute_scale_factor)):
            if value is not None:
                check_switch(type(self).__name__, **{name: value})
        check_resampling(type(self).__name__, size, scale_factor, mode, align_corners, recompute_scale_factor)
        self.size = size
        self.scale_factor = scale_factor
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input: Any) -> Any:
        """The maps of ``input`` in the new size."""
        settings = (self.size, self.scale_factor, self.mode, bool(self.align_corners), self.recompute_scale_factor)
        return resampled(lambda: described(self), input, *settings)

    def extra_repr(self) -> str:
        """Its settings."""
        size = f"size={self.size}" if self.scale_factor is None else f"scale_factor={self.scale_factor}"
        return f"{size}, mode={self.mode!r}"


class UpsamplingNearest2d(Upsample):
    """``Upsample`` of two axes in the mode ``"nearest"``.

    Args:
        size: the new size, one number or a pair.
        scale_factor: or how many times as large it is.

    Shapes: (N, C, H, W) -> (N, C, P, Q).

    Raises: as ``Upsample``.

    >>> nn.UpsamplingNearest2d(scale_factor=2)([[[[1.0, 2.0]]]])
    array([[[[1., 1., 2., 2.],
             [1., 1., 2., 2.]]]])
    """

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, mode="nearest")


class UpsamplingBilinear2d(Upsample):
    """``Upsample`` of two axes in the mode ``"bilinear"``, with ``align_corners``.

    Args:
        size: the new size, one number or a pair.
        scale_factor: or how many times as large it is.

    Shapes: (N, C, H, W) -> (N, C, P, Q).

    Raises: as ``Upsample``.

    >>> nn.UpsamplingBilinear2d(size=(1, 3))([[[[1.0, 2.0]]]])
    array([[[[1. , 1.5, 2. ]]]])
    """

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, mode="bilinear", align_corners=True)
