"""Padding: a margin around an array, of constants, of its own elements, or of what is computed from them.

Axes are padded one after the other, so the margins of later axes contain those of earlier ones. Every mode is differentiable,
and so are the constants and end values; what the margin repeats has its gradient summed up.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.arguments import as_array, in_dtype
from autograd.ops.arrays.flipping import flip
from autograd.ops.arrays.indexing import getitem
from autograd.ops.arrays.joining import concatenate, stack
from autograd.ops.arrays.shaping import broadcast_to, moveaxis, reshape
from autograd.ops.casting import copy_of
from autograd.ops.reductions import extremes
from autograd.ops.reductions.statistics import mean
from autograd.samples import complexes, distinct, integers, reals, sample
from autograd.tensors import Tensor

Widths = tuple[tuple[int, int], ...]


@op(
    linear=True,
    name="pad",
    public=False,
    samples=[sample(reals(3, 2), widths=((1, 0), (2, 3))), sample(reals(), widths=())],
)
def _pad(x: Any, *, widths: Widths) -> Any:
    """``x`` in a margin of zeros."""
    out = np.zeros([before + length + after for (before, after), length in zip(widths, x.shape, strict=True)], x.dtype)
    out[_inside(widths, x.shape)] = x
    return out[()]


def _inside(widths: Widths, shape: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple([slice(before, before + length) for (before, _), length in zip(widths, shape, strict=True)])


_pad.vjp(x=lambda g, x_shape, widths: g[_inside(widths, x_shape)])
_pad.batch(lambda record, arrays, mapped, statics, level: record.call(*arrays, widths=((0, 0), *statics["widths"])))


# ---------------------------------------------------------------- widths and values, in the forms that NumPy takes


def _widths(pad_width: Any, dimensions: int) -> Widths:
    """The widths before and after, for each axis."""
    if isinstance(pad_width, dict):
        by_axis: list[Any] = [(0, 0)] * dimensions
        for axis, width in pad_width.items():
            by_axis[axis] = (width, width) if np.ndim(width) == 0 else width
        pad_width = np.reshape(by_axis, (dimensions, 2)) if dimensions else 0
    widths = np.asarray(pad_width)
    if widths.dtype.kind not in "iu":
        raise TypeError(f"pad: expected whole numbers as pad_width, received {pad_width!r}")
    return _as_pairs(widths, dimensions, "pad_width")


def _as_pairs(widths: Any, dimensions: int, name: str) -> Widths:
    if widths.size and widths.min() < 0:
        raise ValueError(f"pad: expected {name} of at least 0, received {widths.tolist()}")
    try:
        return tuple([(before, after) for before, after in np.broadcast_to(widths, (dimensions, 2)).tolist()])
    except ValueError:
        raise ValueError(
            f"pad: expected {name} as one number, one pair (before, after), or a pair for each axis; received "
            f"{widths.tolist()} for {dimensions} axes"
        ) from None


def _pairs_of_values(values: Any, x: Any, name: str) -> Any:
    """Constants or end values, two for each axis of ``x``; they may be tensors, also within tuples."""
    values = _stacked(values)
    if isinstance(values, Tensor) and values.requires_grad and x.dtype.kind not in "fc":
        raise TypeError(
            f"pad: {name} are recorded ({values.dtype}), and in an {x.dtype} array their gradient would be lost; make it "
            "floating first, with .astype(float), or pass them .detach()ed"
        )
    try:
        return broadcast_to(values, (x.ndim, 2))
    except ValueError:
        raise ValueError(
            f"pad: expected {name} as one value, one pair (before, after), or a pair for each axis; received an array of "
            f"shape {values.shape} for {x.ndim} axes"
        ) from None


def _stacked(values: Any) -> Any:
    return stack([_stacked(each) for each in values]) if isinstance(values, list | tuple) else as_array(values)


# ---------------------------------------------------------------- the margins along one axis, as they are computed


def _part(x: Any, axis: int, *ends: int | None) -> Any:
    return getitem(x, (*[slice(None)] * axis, slice(*ends)))


def _constants(x: Any, axis: int, widths: tuple[int, int], values: Any) -> list[Any]:
    """Margins of two values."""
    shape = list(x.shape)
    margins = []
    for side, width in enumerate(widths):
        shape[axis] = width
        margins.append(broadcast_to(in_dtype(getitem(values, (axis, side)), x.dtype), tuple(shape)))
    return margins


def _ramps(x: Any, axis: int, widths: tuple[int, int], values: Any) -> list[Any]:
    """Margins that lead in equal steps from the edges to two values."""
    floating = x if x.dtype.kind in "fc" else in_dtype(x, float)
    margins = []
    for side, width in enumerate(widths):
        end = in_dtype(getitem(values, (axis, side)), floating.dtype)
        edge = _part(floating, axis, -1, None) if side else _part(floating, axis, 1)
        steps = np.arange(width, dtype=floating.dtype)
        along = [width if i == axis else 1 for i in range(x.ndim)]
        ramp = reshape(steps[::-1] if side else steps, along) * ((edge - end) / (width or 1)) + end
        margins.append(ramp if floating is x else in_dtype(np.floor(ramp), x.dtype))
    return margins


def _statistics(x: Any, axis: int, widths: tuple[int, int], lengths: Widths | None, statistic: Any) -> list[Any]:
    """Margins of a statistic of the elements next to them; of all, where ``lengths`` does not say of how many."""
    total = x.shape[axis]
    first, last = (total, total) if lengths is None else [min(each, total) for each in lengths[axis]]
    if statistic in (extremes.max, extremes.min) and not (first and last):
        raise ValueError("pad: expected a stat_length of at least 1 for the modes 'maximum' and 'minimum', received 0")
    chunks = [_part(x, axis, first), _part(x, axis, total - last, None)]
    values = [statistic(each, axis, keepdims=True) for each in chunks[: 1 if first == last == total else 2]]
    margins = []
    shape = list(x.shape)
    for width, value in zip(widths, (values[0], values[-1]), strict=True):
        shape[axis] = width
        margins.append(broadcast_to(value if x.dtype.kind in "fc" else in_dtype(np.rint(value), x.dtype), tuple(shape)))
    return margins


def _odd_reflections(x: Any, axis: int, widths: tuple[int, int], with_edge: bool) -> Any:
    """``x`` continued beyond both edges by itself turned about them, again and again until the margins are full."""
    before, after = widths
    length = x.shape[axis]
    first = 0 if with_edge else 1
    while before or after:
        held = x.shape[axis]
        whole = held // length * length if with_edge else (held - 1) // (length - 1) * (length - 1)
        parts = [x]
        if before:
            taken = min(whole, before)
            mirrored = flip(_part(x, axis, first, first + taken), axis)
            parts.insert(0, 2 * _part(x, axis, 1) - mirrored)
            before -= taken
        if after:
            taken = min(whole, after)
            mirrored = flip(_part(x, axis, held - first - taken, held - first), axis)
            parts.append(2 * _part(x, axis, -1, None) - mirrored)
            after -= taken
        x = concatenate(parts, axis)
    return x


# ---------------------------------------------------------------- the function

_STATISTICS = {"maximum": extremes.max, "mean": mean, "median": np.median, "minimum": extremes.min}
_ARGUMENT = {  # the argument that a mode takes
    "constant": "constant_values",
    "edge": "",
    "empty": "",
    "linear_ramp": "end_values",
    **dict.fromkeys(_STATISTICS, "stat_length"),
    "reflect": "reflect_type",
    "symmetric": "reflect_type",
    "wrap": "",
}


@function(
    np.pad,
    samples=[
        sample(reals(3), 2),
        sample(reals(2, 3), (1, 2)),
        sample(reals(2, 3), ((1, 0), (2, 1)), "constant", constant_values=3.0),
        sample(reals(2, 3), 1, constant_values=((1.0, 2.0), (3.0, 4.0))),
        sample(reals(2, 3), 1, constant_values=np.array([[0.5, -1.0], [2.0, 0.25]])),
        sample(reals(2, 3), ((1, 2), (0, 4)), "edge"),
        sample(reals(2, 3), ((1, 1), (2, 5)), "reflect"),
        sample(reals(2, 3), ((1, 2), (2, 4)), "symmetric"),
        sample(reals(2, 3), ((1, 1), (2, 5)), "reflect", reflect_type="odd"),
        sample(reals(2, 3), ((1, 5), (0, 4)), "symmetric", reflect_type="odd"),
        sample(reals(2, 1), ((0, 2), (1, 2)), "reflect", reflect_type="odd"),
        sample(reals(2, 3), ((1, 2), (2, 4)), "wrap"),
        sample(reals(2, 3), ((1, 0), (2, 3)), "linear_ramp"),
        sample(reals(2, 3), 2, "linear_ramp", end_values=((1.0, -1.0), (5.0, 0.5))),
        sample(distinct(3, 4), ((1, 2), (2, 1)), "maximum"),
        sample(distinct(3, 4), 2, "minimum", stat_length=2),
        sample(reals(3, 4), 1, "mean", stat_length=((1, 2), (3, 9))),
        sample(distinct(3, 5), (1, 2), "median"),
        sample(integers(3, 4), 2, "mean"),
        sample(complexes(3), 1),
        sample(complexes(3), (2, 1), "linear_ramp", end_values=1.0),
        sample(reals(2, 3), {-1: (1, 2)}),
    ],
    errors=[
        (sample(reals(3), -1), ValueError),
        (sample(reals(3), 1.5), TypeError),
        (sample(reals(2, 3), ((1, 2), (1, 2), (1, 2))), ValueError),
        (sample(reals(0), 1, "edge"), ValueError),
        (sample(reals(3), 1, "unknown"), ValueError),
        (sample(reals(3), 1, "edge", constant_values=1.0), ValueError),
        (sample(reals(3), 1, "maximum", stat_length=0), ValueError),
        (sample(reals(3), 1, "mean", stat_length=-1), ValueError),
        (sample(reals(3), 1, "reflect", reflect_type="strange"), ValueError),
    ],
)
def pad(x: Any, /, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
    """``x`` with a margin around it.

    The derivative with respect to ``x`` is 1 inside, and added to it what the margin has of an element.

    Args:
        x: the input.
        pad_width: the margin's widths: one for all, ``(before, after)`` for all axes, one such pair for each, or a dictionary
            of widths by axis.
        mode: what the margin holds: ``"constant"`` the ``constant_values``; ``"edge"`` the nearest element; ``"reflect"``
            and ``"symmetric"`` the mirror image, without and with the edge itself; ``"wrap"`` the other end; ``"linear_ramp"``
            equal steps from the edge to the ``end_values``; ``"maximum"``, ``"mean"``, ``"median"`` and ``"minimum"`` that of
            the ``stat_length`` elements next to it; ``"empty"`` nothing in particular (zeros). Or a function ``f(vector,
            widths, axis, kwargs)`` that writes into the margins of a padded vector.
        **kwargs: the argument of the mode: ``constant_values`` and ``end_values``, by default 0, numbers, arrays or tensors in
            the forms of ``pad_width``; ``stat_length`` in the forms of ``pad_width``, by default all; ``reflect_type``
            ``"even"``, or ``"odd"`` for a mirror image that is turned about the edge, ``2 * edge - image``.

    Shapes: any -> each length plus its two widths.

    Raises:
        ValueError: for negative widths, forms that do not fit the number of axes, another mode, the argument of another mode,
            or no element to fill the margin with.
        TypeError: for widths that are no whole numbers, and for recorded constants that the dtype of ``x`` would cut off.

    >>> ag.pad(np.array([1.0, 2.0, 3.0]), (1, 2), mode="reflect")
    array([2., 1., 2., 3., 2., 1.])
    """
    x = as_array(x)
    widths = _widths(pad_width, x.ndim)
    if callable(mode):
        return _padded_by(mode, x, widths, kwargs)
    if mode not in _ARGUMENT:
        raise ValueError(f"pad: expected as mode a function or one of {', '.join(map(repr, _ARGUMENT))}; received {mode!r}")
    argument = _ARGUMENT[mode]
    if surplus := sorted(set(kwargs) - {argument}):
        raise ValueError(
            f"pad: mode {mode!r} takes {f'the argument {argument!r}' if argument else 'no argument'}, received {surplus[0]!r}"
        )
    value = kwargs.get(argument)
    if mode == "empty" or (mode == "constant" and (value is None or (type(value) in (int, float) and value == 0))):
        return _pad(x, widths=widths)
    return _padded(x, widths, mode, value)


def _padded(x: Any, widths: Widths, mode: str, value: Any) -> Any:
    """``x`` padded along one axis after the other."""
    if mode in ("constant", "linear_ramp"):
        value = _pairs_of_values(0 if value is None else value, x, _ARGUMENT[mode])
    elif mode in _STATISTICS and value is not None:
        value = _as_pairs(np.asarray(value), x.ndim, "stat_length")
    elif value not in (None, "even", "odd"):
        raise ValueError(f"pad: expected reflect_type 'even' or 'odd', received {value!r}")
    out = x
    for axis, width in enumerate(widths):
        if not any(width):
            continue
        if x.shape[axis] == 0 and mode != "constant":
            raise ValueError(f"pad: mode {mode!r} has no element to fill axis {axis} with, whose length is 0")
        if mode == "constant":
            before, after = _constants(out, axis, width, value)
        elif mode == "linear_ramp":
            before, after = _ramps(out, axis, width, value)
        elif mode in _STATISTICS:
            before, after = _statistics(out, axis, width, value, _STATISTICS[mode])
        elif value == "odd" and x.shape[axis] > 1:
            out = _odd_reflections(out, axis, width, mode == "symmetric")
            continue
        else:  # what the margin holds stands in x: found once for the places, and then read
            places = np.pad(np.arange(x.shape[axis]), width, mode)  # type: ignore[call-overload]
            out = getitem(out, (*[slice(None)] * axis, places))
            continue
        out = concatenate([before, out, after], axis)
    return copy_of(x) if out is x else out


def _padded_by(function: Callable[..., Any], x: Any, widths: Widths, kwargs: dict[str, Any]) -> Any:
    """``x`` in a margin that a function writes into, vector by vector; on a tensor its writes are recorded."""
    padded = _pad(x, widths=widths)
    for axis, width in enumerate(widths):
        vectors = moveaxis(padded, axis, -1)
        for place in np.ndindex(vectors.shape[:-1]):
            function(getitem(vectors, (*place, ...)), width, axis, kwargs)
    return padded
