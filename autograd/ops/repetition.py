"""Repeating, padding and rolling: results that hold an element several times, or in another place.

Each of them is linear. The gradient of what is repeated is summed over its repetitions, that of a margin of constants is cut
off, and what is rolled is rolled back.
"""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd.gate import function, op
from autograd.ops.arguments import ndim_of, shape_of_any, whole_numbers
from autograd.ops.casting import copy_of
from autograd.ops.indexing import getitem
from autograd.ops.shaping import ravel
from autograd.samples import complexes, reals, sample

# ---------------------------------------------------------------- repeating


@op(
    linear=True,
    name="tile",
    public=False,
    samples=[sample(reals(3, 2), repeats=(2, 1, 3)), sample(reals(2), repeats=(0,)), sample(reals(), repeats=())],
)
def _tile(x: Any, *, repeats: tuple[int, ...]) -> Any:
    return np.tile(x, repeats)[()]


def _tile_rule(g: Any, x_shape: tuple[int, ...], repeats: tuple[int, ...]) -> Any:
    lengths = (1,) * (len(repeats) - len(x_shape)) + x_shape
    interleaved = [each for pair in zip(repeats, lengths, strict=True) for each in pair]
    return g.reshape(interleaved).sum(axis=tuple(range(0, len(interleaved), 2))).reshape(x_shape)


_tile.vjp(x=_tile_rule)


@function(
    np.tile,
    samples=[
        sample(reals(3), 2),
        sample(reals(2, 3), (2, 2)),
        sample(reals(3), (2, 1)),
        sample(reals(2, 3), [2]),
        sample(reals(), 3),
        sample(reals(2), 0),
    ],
    errors=[(sample(reals(3), -1), ValueError), (sample(reals(3), 1.5), TypeError)],
)
def tile(x: Any, /, reps: Any) -> Any:
    """Copies of ``x`` laid side by side, ``reps[i]`` of them along axis ``i``; the gradient is summed over the copies.

    Shapes: any -> ``x.shape`` times ``reps``; the shorter of the two is filled up with ones in front.

    Raises:
        ValueError: for negative numbers of copies.
        TypeError: for numbers of copies that are no whole numbers.

    >>> ag.tile(np.array([1.0, 2.0]), 2)
    array([1., 2., 1., 2.])
    """
    reps = whole_numbers(reps)
    return _tile(x, repeats=(1,) * (ndim_of(x) - len(reps)) + reps)


@op(
    linear=True,
    name="repeat",
    public=False,
    samples=[sample(reals(3, 2), repeats=2, axis=1), sample(reals(3), repeats=0, axis=0)],
)
def _repeat(x: Any, *, repeats: int, axis: int) -> Any:
    return np.repeat(x, repeats, axis)


_repeat.vjp(
    x=lambda g, x_shape, repeats, axis: g.reshape(*x_shape[: axis + 1], repeats, *x_shape[axis + 1 :]).sum(axis=axis + 1)
)


@function(
    np.repeat,
    samples=[
        sample(reals(3), 2),
        sample(reals(2, 3), 2),
        sample(reals(2, 3), 3, axis=-1),
        sample(reals(3, 2), [2, 0, 1], axis=0),
        sample(reals(2, 3), [2], 1),
        sample(reals(), 2),
    ],
    errors=[
        (sample(reals(3), -1), ValueError),
        (sample(reals(3), [1, 2]), ValueError),
        (sample(reals(3), 2, 1), np.exceptions.AxisError),
    ],
)
def repeat(x: Any, /, repeats: Any, axis: int | None = None) -> Any:
    """Each element (with ``axis``: each slice along it) repeated; the gradient is summed over the repetitions.

    Args:
        x: the input; without ``axis`` it is flattened first.
        repeats: how often: one number for all, or one for each.
        axis: the axis to repeat along.

    Shapes: any -> ``x.shape`` with the sum of the repeats in place of ``axis``.

    Raises:
        ValueError: for negative repeats, or a number of them that fits neither.
        TypeError: for repeats that are no whole numbers.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.repeat(np.array([1.0, 2.0]), [1, 3])
    array([1., 2., 2., 2.])
    """
    if axis is None:
        x, axis = ravel(x), 0
    axis = normalize_axis_index(axis, ndim_of(x))
    counts = whole_numbers(repeats)
    if len(counts) == 1:
        return _repeat(x, repeats=counts[0], axis=axis)
    return _gathered(x, np.repeat(np.arange(shape_of_any(x)[axis]), counts), axis)


def _gathered(x: Any, places: Any, axis: int) -> Any:
    """The slices along ``axis`` at the given places."""
    return getitem(x, (*[slice(None)] * axis, places))


# ---------------------------------------------------------------- padding


@op(
    linear=True,
    name="pad",
    public=False,
    samples=[sample(reals(3, 2), widths=((1, 0), (2, 3))), sample(reals(), widths=())],
)
def _pad(x: Any, *, widths: tuple[tuple[int, int], ...]) -> Any:
    out = np.zeros([before + length + after for (before, after), length in zip(widths, x.shape, strict=True)], x.dtype)
    out[_inside(widths, x.shape)] = x
    return out[()]


def _inside(widths: tuple[tuple[int, int], ...], shape: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple([slice(before, before + length) for (before, _), length in zip(widths, shape, strict=True)])


_pad.vjp(x=lambda g, x_shape, widths: g[_inside(widths, x_shape)])


def _pairs(pad_width: Any, dimensions: int) -> tuple[tuple[int, int], ...]:
    """The widths before and after, for each axis."""
    widths = np.asarray(pad_width)
    if widths.dtype.kind not in "iu":
        raise TypeError(f"pad: expected whole numbers as pad_width, received {pad_width!r}")
    if widths.size and widths.min() < 0:
        raise ValueError(f"pad: expected widths of at least 0, received pad_width={pad_width!r}")
    try:
        pairs = np.broadcast_to(widths, (dimensions, 2)).tolist()
    except ValueError:
        raise ValueError(
            "pad: expected pad_width as one width, one pair (before, after), or a pair for each axis; received "
            f"{pad_width!r} for {dimensions} axes"
        ) from None
    return tuple([(before, after) for before, after in pairs])


_GATHERING_MODES = ("edge", "reflect", "symmetric", "wrap")


@function(
    np.pad,
    samples=[
        sample(reals(3), 2),
        sample(reals(2, 3), (1, 2)),
        sample(reals(2, 3), ((1, 0), (2, 1)), "constant", constant_values=3.0),
        sample(reals(2, 3), 1, constant_values=((1.0, 2.0), (3.0, 4.0))),
        sample(reals(2, 3), ((1, 2), (0, 4)), "edge"),
        sample(reals(2, 3), ((1, 1), (2, 5)), "reflect"),
        sample(reals(2, 3), ((1, 2), (2, 4)), "symmetric"),
        sample(reals(2, 3), ((1, 2), (2, 4)), "wrap"),
        sample(complexes(3), 1),
    ],
    errors=[
        (sample(reals(3), -1), ValueError),
        (sample(reals(3), 1.5), TypeError),
        (sample(reals(2, 3), ((1, 2), (1, 2), (1, 2))), ValueError),
        (sample(reals(0), 1, "edge"), ValueError),
        (sample(reals(3), 1, "unknown"), ValueError),
        (sample(reals(3), 1, "edge", constant_values=1.0), ValueError),
    ],
)
def pad(x: Any, /, pad_width: Any, mode: str = "constant", *, constant_values: Any = None) -> Any:
    """``x`` with a margin around it.

    Args:
        x: the input.
        pad_width: the margin's widths: one for all, ``(before, after)`` for all axes, or one such pair for each.
        mode: what the margin holds: ``"constant"`` the ``constant_values``; ``"edge"`` the nearest element; ``"reflect"``
            and ``"symmetric"`` the mirror image, without and with the edge itself; ``"wrap"`` the other end.
        constant_values: in the forms of ``pad_width``; by default 0. No gradient flows to them.

    Shapes: any -> each length plus its two widths.

    Raises:
        ValueError: for negative widths, forms that do not fit the number of axes, another mode, ``constant_values`` in another
            mode, or no element to fill the margin with.
        TypeError: for widths that are no whole numbers.

    >>> ag.pad(np.array([1.0, 2.0, 3.0]), (1, 2), mode="reflect")
    array([2., 1., 2., 3., 2., 1.])
    """
    shape = shape_of_any(x)
    widths = _pairs(pad_width, len(shape))
    if mode == "constant":
        padded = _pad(x, widths=widths)
        if constant_values is None or not np.any(constant_values):
            return padded
        return padded + np.pad(np.zeros(shape, padded.dtype), widths, constant_values=constant_values)
    if mode not in _GATHERING_MODES:
        raise ValueError(f"pad: expected mode 'constant', {', '.join(map(repr, _GATHERING_MODES))}, received {mode!r}")
    if constant_values is not None:
        raise ValueError(f"pad: constant_values belong to mode 'constant', received them with mode {mode!r}")
    padded = copy_of(x)
    for axis, width in enumerate(widths):
        if any(width):
            padded = _gathered(padded, np.pad(np.arange(shape[axis]), width, mode), axis)  # type: ignore[call-overload]
    return padded


# ---------------------------------------------------------------- rolling


@op(
    linear=True,
    name="roll",
    public=False,
    samples=[sample(reals(3, 4), shift=(1, -2), axis=(0, 1)), sample(reals(3, 4), shift=5, axis=None)],
)
def _roll(x: Any, *, shift: Any, axis: tuple[int, ...] | None) -> Any:
    return np.roll(x, shift, axis)[()]


_roll.vjp(x=lambda g, shift, axis: _roll(g, shift=-shift if axis is None else tuple([-each for each in shift]), axis=axis))


@function(
    np.roll,
    samples=[
        sample(reals(3, 4), 5),
        sample(reals(3, 4), -1, axis=1),
        sample(reals(3, 4), (1, 2), axis=(0, -1)),
        sample(reals(3, 4), 1, axis=(0, 1)),
        sample(reals(4), (1, 2), axis=0),
    ],
    errors=[(sample(reals(3), 1, 1), np.exceptions.AxisError), (sample(reals(3, 4), (1, 2, 3), (0, 1)), ValueError)],
)
def roll(x: Any, /, shift: Any, axis: Any = None) -> Any:
    """Elements moved on by ``shift`` places along ``axis``; what leaves at the end enters at the start.

    Args:
        x: the input.
        shift: how many places; a tuple for several axes. Negative shifts move towards the start.
        axis: an axis, a tuple of them, or ``None`` to roll the flattened elements.

    Shapes: any -> same.

    Raises:
        ValueError: when the lengths of ``shift`` and ``axis`` do not broadcast.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.roll(np.array([1.0, 2.0, 3.0, 4.0]), 1)
    array([4., 1., 2., 3.])
    """
    shifts = whole_numbers(shift)
    if axis is None:
        return _roll(x, shift=sum(shifts), axis=None)
    axes = normalize_axis_tuple(axis, ndim_of(x), "axis", allow_duplicate=True)
    pairs = np.broadcast(np.asarray(shifts), np.asarray(axes))
    totals: dict[int, int] = {}
    for each, place in pairs:
        totals[int(place)] = totals.get(int(place), 0) + int(each)
    return _roll(x, shift=tuple(totals.values()), axis=tuple(totals))
