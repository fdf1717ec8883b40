"""Repeating and rolling: results that hold an element several times, or in another place.

Each of them is linear. The gradient of what is repeated is summed over its repetitions, and what is rolled is rolled back.
"""

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd.batch_rules import flattened, padded, shifted
from autograd.gate import function, op
from autograd.ops.arguments import ndim_of, shape_of_any, whole_numbers
from autograd.ops.arrays.indexing import getitem
from autograd.ops.arrays.shaping import ravel, reshape
from autograd.record import Op
from autograd.samples import complexes, reals, sample
from autograd.tensors import Tensor

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
_tile.batch(
    lambda record, arrays, mapped, statics, level: record.call(
        padded(arrays[0], len(statics["repeats"])), repeats=(1, *statics["repeats"])
    )
)


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
_repeat.batch(shifted("axis"))


@op(differentiable=False, dynamic_shape=True, name="repeated", public=False, samples=[sample(np.array([2, 0, 1]), length=3)])
def _repeated(counts: Any, *, length: int) -> Any:
    """Which slice stands at each place, if each of ``length`` is repeated as often as ``counts`` says."""
    return np.repeat(np.arange(length), counts)


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
    if not isinstance(repeats, Tensor) or repeats.size == 1:
        counts = whole_numbers(repeats)
        if len(counts) == 1:
            return _repeat(x, repeats=counts[0], axis=axis)
        repeats = np.asarray(counts, np.intp)
    return getitem(x, (*[slice(None)] * axis, _repeated(repeats, length=shape_of_any(x)[axis])))


@function(
    np.resize,
    samples=[
        sample(reals(2, 3), (2, 5)),
        sample(reals(2, 3), 4),
        sample(reals(), (2, 2)),
        sample(reals(3), (0, 2)),
        sample(reals(0), (2,)),
        sample(complexes(2), 5),
    ],
    errors=[(sample(reals(3), -1), ValueError), (sample(reals(3), (2, 1.5)), TypeError)],
)
def resize(x: Any, /, new_shape: Any) -> Any:
    """The elements of ``x``, in their order and over again as often as needed, in another shape.

    The gradient is summed over the repetitions, and 0 for elements that found no room. Of no elements zeros are made.

    Shapes: any -> ``new_shape``.

    Raises:
        ValueError: for a negative length.
        TypeError: for lengths that are no whole numbers.

    >>> ag.resize(np.array([1.0, 2.0, 3.0]), (2, 4))
    array([[1., 2., 3., 1.],
           [2., 3., 1., 2.]])
    """
    shape = whole_numbers(new_shape)
    if any(length < 0 for length in shape):
        raise ValueError(f"resize: expected lengths of at least 0, received {shape}; reshape works out a length given as -1")
    x = ravel(x)
    size = math.prod(shape)
    if x.size == 0 or size == 0:
        return np.zeros_like(x, shape=shape)
    return reshape(_tile(x, repeats=(-(-size // x.size),))[:size], shape)


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


def _roll_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    (x,), shift, axis = arrays, statics["shift"], statics["axis"]
    if axis is None:
        return np.reshape(record.call(flattened(x), shift=(shift,), axis=(1,)), x.shape)
    return record.call(x, shift=shift, axis=tuple([each + 1 for each in axis]))


_roll.batch(_roll_examples)


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
