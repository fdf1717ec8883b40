"""Maps of another size: ``interpolate``."""

import math
from collections.abc import Sequence
from typing import Any

from nn.functional.average_pooling import averaged_to
from nn.inputs import Receiver, as_array, called, check_number
from nn.kernels.geometry import as_tuple
from nn.kernels.resampling import Map, resample

# the number of spatial axes that a mode is for, and what it does along each of them
_MODES = {
    "nearest": ((1, 2, 3), "nearest"),
    "nearest-exact": ((1, 2, 3), "nearest-exact"),
    "linear": ((1,), "linear"),
    "bilinear": ((2,), "linear"),
    "bicubic": ((2,), "cubic"),
    "trilinear": ((3,), "linear"),
    "area": ((1, 2, 3), "area"),
}
_BETWEEN = ("linear", "bilinear", "bicubic", "trilinear")


def interpolate(
    input: Any,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Any:
    """The maps of ``input`` in another size. Integers count as float64.

    Each number becomes a cell of its map; a new cell is made of those around its middle.
    The gradient is that of the value; PyTorch's is not for ``"nearest"`` and ``"bicubic"``, where a ``scale_factor`` that is
    not whole leaves a size as it is or doubles it.

    Args:
        input: a batch of maps of C channels.
        size: the new size, one number for all axes, or one for each.
        scale_factor: or how many times as large it is, rounded down; one number, or one for each axis.
        mode: ``"nearest"``, the cell at the new one's lower corner; ``"nearest-exact"``, the one at its middle; ``"linear"``
            (one axis), ``"bilinear"`` (two) and ``"trilinear"`` (three), a weighted mean of the two nearest along each axis;
            ``"bicubic"``, of four; ``"area"``, the mean of all that the new cell covers.
        align_corners: for the linear and cubic modes, whether the middles of the outermost cells stay where they are. By
            default their outer edges do.
        recompute_scale_factor: whether cells are placed by the quotient of the sizes, and not by the ``scale_factor``, which
            differs from it where the new size was rounded.
        antialias: for ``"bilinear"`` and ``"bicubic"``, whether, when maps become smaller, all cells count, and not just those
            around a new one's middle.

    Shapes: (N, C, L), (N, C, H, W) or (N, C, D, H, W) -> the same with new last axes.

    Raises:
        ValueError: for another number of axes, an empty axis, an unknown mode, one for another number of axes, both or none of
            ``size`` and ``scale_factor``, and options that the mode does not have.
        TypeError: for settings that are no numbers, and complex input.

    Source of the cubic: Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -0.75, and with
    ``antialias`` -0.5.

    >>> nn.functional.interpolate([[[1.0, 2.0]]], scale_factor=2)
    array([[[1., 1., 2., 2.]]])
    >>> nn.functional.interpolate([[[1.0, 2.0]]], size=3, mode="linear", align_corners=True)
    array([[[1. , 1.5, 2. ]]])
    """
    check_resampling("interpolate", size, scale_factor, mode, align_corners, recompute_scale_factor, antialias)
    return resampled("interpolate", input, size, scale_factor, mode, bool(align_corners), recompute_scale_factor, antialias)


def check_resampling(
    receiver: str,
    size: Any,
    scale_factor: Any,
    mode: str,
    align_corners: bool | None,
    recompute_scale_factor: bool | None,
    antialias: bool = False,
) -> None:
    """Refuse settings that are wrong whatever the input.

    Raises:
        ValueError: for an unknown mode, both or none of ``size`` and ``scale_factor``, and options that do not go together.
        TypeError: for factors that are no numbers.
    """
    if mode not in _MODES:
        raise ValueError(f"{receiver}: expected as mode one of {', '.join(map(repr, _MODES))}; received {mode!r}")
    if (size is None) == (scale_factor is None):
        raise ValueError(f"{receiver}: expected either size or scale_factor, received {size!r} and {scale_factor!r}")
    if align_corners is not None and mode not in _BETWEEN:
        raise ValueError(
            f"{receiver}: expected align_corners=None for mode {mode!r}, received {align_corners}; only "
            f"{', '.join(map(repr, _BETWEEN))} have it"
        )
    if recompute_scale_factor and size is not None:
        raise ValueError(f"{receiver}: expected recompute_scale_factor with a scale_factor, received it with a size")
    if antialias and mode not in ("bilinear", "bicubic"):
        raise ValueError(f"{receiver}: expected antialias for 'bilinear' or 'bicubic', received it for mode {mode!r}")
    for each in scale_factor if isinstance(scale_factor, list | tuple) else (scale_factor,):
        if each is not None:
            check_number(receiver, "scale_factor", each, 0)


def resampled(
    receiver: Receiver,
    input: Any,
    size: Any,
    scale_factor: Any,
    mode: str,
    align_corners: bool,
    recompute_scale_factor: bool | None,
    antialias: bool = False,
) -> Any:
    """``interpolate`` of settings that ``check_resampling`` has passed; messages begin with the ``receiver``."""
    x = as_array(input, receiver)
    if x.dtype.kind not in "biuf":
        raise TypeError(f"{called(receiver)}: expected real numbers, received {x.dtype}")
    x = x if x.dtype.kind == "f" else x.astype(float)
    rank = len(x.shape) - 2
    ranks, kind = _MODES[mode]
    if rank not in ranks:
        axes = ", ".join(["(N, C, L)", "(N, C, H, W)", "(N, C, D, H, W)"][each - 1] for each in ranks)
        raise ValueError(f"{called(receiver)}: expected input of shape {axes} for mode {mode!r}, received {x.shape}")
    sizes = x.shape[2:]
    counts, scales = _counts_and_scales(receiver, sizes, size, scale_factor)
    if min(*sizes, *counts) < 1:
        raise ValueError(
            f"{called(receiver)}: expected sizes of 1 or more, received {x.shape}, of which {tuple(counts)} is to be made"
        )
    if kind == "area":
        return averaged_to(receiver, x, counts)
    maps = [
        Map(
            kind,
            size,
            count,
            None if recompute_scale_factor or _goes_by_sizes(kind, rank, size, count) else scale,
            align_corners,
            bool(antialias),
        )
        for size, count, scale in zip(sizes, counts, scales, strict=True)
    ]
    return resample(x, maps=tuple(maps))


def _goes_by_sizes(kind: str, rank: int, size: int, count: int) -> bool:
    """Where PyTorch, too, places cells by the sizes whatever the factor: a size that stays, or doubles, has exact places."""
    return (kind == "linear" and count == size) or (kind == "nearest" and rank == 2 and count in (size, 2 * size))


def _counts_and_scales(
    receiver: Receiver, sizes: Sequence[int], size: Any, scale_factor: Any
) -> tuple[Sequence[int], Sequence[float | None]]:
    """The new sizes, and how many cells of the old maps come to one of the new ones, where that is given."""
    rank = len(sizes)
    if size is not None:
        return as_tuple(receiver, "size", size, rank, 1), [None] * rank
    factors = scale_factor if isinstance(scale_factor, list | tuple) else (scale_factor,) * rank
    if len(factors) != rank:
        raise ValueError(f"{called(receiver)}: expected a scale_factor for each of {rank} axes, received {scale_factor!r}")
    counts = [math.floor(length * float(factor)) for length, factor in zip(sizes, factors, strict=True)]
    return counts, [1 / float(factor) if factor else None for factor in factors]
