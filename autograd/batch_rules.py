"""Batching rules: how an op computes all examples of a ``vmap`` at once.

An op is given its rule beside its gradient rules, ``_sum.batch(shifted("axis"))``. A rule is called as ``rule(record, arrays,
mapped, statics, level)``: where ``mapped`` says so, an input's array has ``level.size`` examples along its first axis, and so
must have what the rule returns. It may return ``NotImplemented``, and then, as where an op has no rule, the examples are
computed one after another. Elementwise ops need none: ``aligned`` is theirs.

What is here are rules that many ops share; a rule of one op alone stands below the op.
"""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from autograd.record import BatchRule, Op, shape_of

Arrays = Sequence[Any]
Mapped = Sequence[bool]
Statics = dict[str, Any]


def padded(array: Any, ndim: int) -> Any:
    """A mapped array with axes of length 1 behind its first, so that an example has ``ndim`` axes."""
    missing = ndim + 1 - array.ndim
    return np.reshape(array, (array.shape[0], *[1] * missing, *array.shape[1:])) if missing > 0 else array


def stretched(array: Any, mapped: bool, size: int) -> Any:
    """An array with the examples along its first axis, whether or not it was mapped."""
    return array if mapped else np.broadcast_to(array, (size, *shape_of(array)))


def aligned(record: Op, arrays: Arrays, mapped: Mapped, statics: Statics, level: Any) -> Any:
    """Elementwise ops: examples broadcast against each other as single ones would."""
    ndim = max([len(shape_of(each)) - is_mapped for each, is_mapped in zip(arrays, mapped, strict=True)])
    return record.call(
        *[padded(each, ndim) if is_mapped else each for each, is_mapped in zip(arrays, mapped, strict=True)], **statics
    )


def leading(*cores: int, stretch: bool = False) -> BatchRule:
    """Ops of vectors, matrices or stacks of them, whose leading axes broadcast: the examples are one more leading axis.

    ``cores``: for each input, how many of its last axes the op's function takes. ``stretch``: where leading axes do not
    broadcast in every input, all of them get the axis of examples.
    """

    def rule(record: Op, arrays: Arrays, mapped: Mapped, statics: Statics, level: Any) -> Any:
        if stretch:
            arrays = [stretched(each, is_mapped, level.size) for each, is_mapped in zip(arrays, mapped, strict=True)]
            mapped = [True] * len(arrays)
        shapes = [len(shape_of(each)) - is_mapped for each, is_mapped in zip(arrays, mapped, strict=True)]
        stacks = [ndim - core for ndim, core in zip(shapes, cores, strict=True)]
        if min(stacks) < 0:  # a single example is refused, where all of them together might not be
            return NotImplemented
        stack = max(stacks)
        return record.call(
            *[
                padded(each, stack + core) if is_mapped else each
                for each, is_mapped, core in zip(arrays, mapped, cores, strict=True)
            ],
            **statics,
        )

    return rule


def shifted(*names: str, all_axes: Callable[[int], Any] | None = None) -> BatchRule:
    """Ops of one input that work along axes: the statics ``names`` count one axis further.

    An axis is a number, a tuple of them, or ``None``, for all axes. Negative ones count from the end and stay.
    ``all_axes``, where given, makes the static that ``None`` stands for of an example's number of axes.
    """

    def rule(record: Op, arrays: Arrays, mapped: Mapped, statics: Statics, level: Any) -> Any:
        (x,) = arrays
        moved = {name: further(statics[name], x.ndim - 1, all_axes) for name in names}
        return record.call(x, **statics | moved)

    return rule


def further(axis: Any, ndim: int, all_axes: Callable[[int], Any] | None = None) -> Any:
    """An axis of examples with ``ndim`` axes, a tuple of axes or ``None``, as it counts in all of them together."""
    if axis is None:
        axis = tuple(range(ndim)) if all_axes is None else all_axes(ndim)
    if isinstance(axis, tuple):
        return tuple([further(each, ndim) for each in axis])
    if not -ndim <= axis < ndim:  # else a negative one could name the axis of examples
        raise np.exceptions.AxisError(axis, ndim)
    return axis + 1 if axis >= 0 else axis


def shifted_together(*names: str, new_axes: int = 0) -> BatchRule:
    """Ops of several inputs with the same number of axes, that work along the same ones: ``shifted``, of all of them.

    ``new_axes``: how many axes more the result has, where it is the result's axes that are counted.
    """

    def rule(record: Op, arrays: Arrays, mapped: Mapped, statics: Statics, level: Any) -> Any:
        ndim = max([len(shape_of(each)) - is_mapped for each, is_mapped in zip(arrays, mapped, strict=True)])
        arrays = [stretched(each, is_mapped, level.size) for each, is_mapped in zip(arrays, mapped, strict=True)]
        moved = {name: further(statics[name], ndim + new_axes) for name in names}
        return record.call(*arrays, **statics | moved)

    return rule


def flattened(array: Any) -> Any:
    """A mapped array with each example flattened."""
    return np.reshape(array, (array.shape[0], prod(array.shape[1:])))


def along_one_axis(record: Op, arrays: Arrays, mapped: Mapped, statics: Statics, level: Any) -> Any:
    """Ops of one input with a static ``axis``, one number; without one they flatten, as they do with a number."""
    (x,) = arrays
    if statics["axis"] is None or (x.ndim == 1 and statics["axis"] in (0, -1)):
        return record.call(flattened(x), **statics | {"axis": 1})
    return record.call(x, **statics | {"axis": further(statics["axis"], x.ndim - 1)})


def over_first_input(record: Op, arrays: Arrays, mapped: Mapped, statics: Statics, level: Any) -> Any:
    """Reductions along ``axis`` of their first input, to whose shape the others broadcast, as masks do."""
    ndim = len(shape_of(arrays[0])) - mapped[0]
    others = [padded(each, ndim) if is_mapped else each for each, is_mapped in zip(arrays[1:], mapped[1:], strict=True)]
    x = stretched(arrays[0], mapped[0], level.size)
    return record.call(x, *others, **statics | {"axis": further(statics["axis"], ndim)})


def elementwise_in(place: int) -> BatchRule:
    """Ops that look each element of one input up in the others; where these differ, examples are computed one by one."""

    def rule(record: Op, arrays: Arrays, mapped: Mapped, statics: Statics, level: Any) -> Any:
        if sum(mapped) > mapped[place]:
            return NotImplemented
        return record.call(*arrays, **statics)

    return rule


def of_shapes(record: Op, arrays: Arrays, mapped: Mapped, statics: Statics, level: Any) -> Any:
    """Ops of several results that depend on the shapes of their inputs alone: those of one example are those of all."""
    if level.size == 0:
        return NotImplemented
    example = [each[0] if is_mapped else each for each, is_mapped in zip(arrays, mapped, strict=True)]
    return tuple([stretched(each, False, level.size) for each in record.call(*example, **statics)])


def unless_empty(rule: BatchRule) -> BatchRule:
    """The rule of ops whose NumPy function cannot do with no examples."""
    return lambda record, arrays, mapped, statics, level: (
        rule(record, arrays, mapped, statics, level) if level.size else NotImplemented
    )


def with_shape(record: Op, arrays: Arrays, mapped: Mapped, statics: Statics, level: Any) -> Any:
    """Ops of one input with a static ``shape``, that of the result."""
    (x,) = arrays
    return record.call(x, **statics | {"shape": (level.size, *statics["shape"])})
