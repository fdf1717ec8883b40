"""Choices between values, elementwise: the larger, the smaller, by a condition, within limits, in place of NaN and infinity.

The gradient goes to what was chosen. At kinks: ``maximum(x1, x2)`` is ``where(x1 > x2, x1, x2)``, so at a tie the second
input receives the gradient, and ``maximum(x, 0)`` agrees with ``relu(x)``; ``clip`` passes nothing at its ends. Complex numbers
are compared as NumPy does, by their real parts and at a tie by their imaginary parts.
"""

from typing import Any

import numpy as np
from numpy._core import umath  # the only place where the ufunc behind np.clip has a name

from autograd.gate import answer_for, function, op
from autograd.ops.arguments import as_array, shape_of_any
from autograd.ops.casting import copy_of, imag, real
from autograd.ops.elementwise.comparison import nonzero
from autograd.samples import booleans, complexes, distinct, integers, reals, sample
from autograd.tensors import Tensor

_PAIRS = (
    sample(distinct(3, 4), distinct(4)),
    sample(reals(3, away_from=0.5), 0.5),
    sample(complexes(3), complexes(2, 1)),
    sample(complexes(3), reals(2, 1)),
)


_INTEGERS = {np.dtype(np.float32): np.int32, np.dtype(np.float64): np.int64, np.dtype(np.float16): np.int16}


def _passed(x: Any, mask: Any) -> Any:
    integer = _INTEGERS.get(x.dtype)
    if integer is None or mask.__class__ is bool:
        return np.where(mask, x, 0)[()]
    return (x.view(integer) * mask.astype(integer)).view(x.dtype)


@op(
    elementwise=True,
    linear=True,
    name="passed",
    public=False,
    samples=[sample(reals(3, 4), booleans(3, 4)), sample(reals(4), booleans(3, 1)), sample(complexes(3), booleans(3))],
)
def _passed_op(x: Any, mask: Any) -> Any:
    return _passed(x, mask)


def passed(x: Any, mask: Any) -> Any:
    """``x`` where the mask is true and 0 elsewhere, also where ``x`` is infinite or NaN: what a choice lets through.

    For gradient rules: it is linear in ``x``. The bits of a number, taken as an integer, times 1 or 0 are those of the number
    or of 0, whatever the number. On a random mask this is ten times faster than ``np.where``.

    Args:
        x: floating or complex numbers.
        mask: truth values.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.passed(np.array([1.0, np.inf]), np.array([True, False]))
    array([1., 0.])
    """
    if isinstance(x, Tensor) or isinstance(mask, Tensor):
        return _passed_op(x, mask)
    return _passed(x, mask)  # past the gate, which takes a microsecond


_passed_op.vjp(x=lambda g, mask: passed(g, mask), mask=None)


@op(elementwise=True, numpy=np.maximum, samples=_PAIRS)
def maximum(x1: Any, x2: Any) -> Any:
    """The larger of two, NaN if either is; the gradient goes to ``x1`` where ``x1 > x2`` and else to ``x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.maximum(np.array([1.0, -2.0]), 0.0)
    array([1., 0.])
    """
    return np.maximum(x1, x2)


maximum.vjp(x1=lambda g, x1, x2: passed(g, x1 > x2), x2=lambda g, x1, x2: passed(g, np.logical_not(x1 > x2)))


@op(elementwise=True, numpy=np.minimum, samples=_PAIRS)
def minimum(x1: Any, x2: Any) -> Any:
    """The smaller of two, NaN if either is; the gradient goes to ``x1`` where ``x1 < x2`` and else to ``x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.minimum(np.array([1.0, -2.0]), 0.0)
    array([ 0., -2.])
    """
    return np.minimum(x1, x2)


minimum.vjp(x1=lambda g, x1, x2: passed(g, x1 < x2), x2=lambda g, x1, x2: passed(g, np.logical_not(x1 < x2)))


@op(elementwise=True, numpy=np.fmax, samples=_PAIRS)
def fmax(x1: Any, x2: Any) -> Any:
    """The larger of two, and if one is NaN the other; the gradient goes to ``x1`` where it is the result, at a tie to ``x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.fmax(np.array([1.0, -2.0, np.nan]), 0.0)
    array([1., 0., 0.])
    """
    return np.fmax(x1, x2)


fmax.vjp(
    x1=lambda g, x1, x2: passed(g, (x1 > x2) | np.isnan(x2)),
    x2=lambda g, x1, x2: passed(g, np.logical_not((x1 > x2) | np.isnan(x2))),
)


@op(elementwise=True, numpy=np.fmin, samples=_PAIRS)
def fmin(x1: Any, x2: Any) -> Any:
    """The smaller of two, and if one is NaN the other; the gradient goes to ``x1`` where it is the result, at a tie to ``x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.fmin(np.array([1.0, -2.0, np.nan]), 0.0)
    array([ 0., -2.,  0.])
    """
    return np.fmin(x1, x2)


fmin.vjp(
    x1=lambda g, x1, x2: passed(g, (x1 < x2) | np.isnan(x2)),
    x2=lambda g, x1, x2: passed(g, np.logical_not((x1 < x2) | np.isnan(x2))),
)


@op(
    elementwise=True,
    name="where",
    public=False,
    samples=[
        sample(booleans(3, 4), reals(4), reals(3, 1)),
        sample(booleans(3), reals(3), 0.0),
        sample(booleans(3), 1.0, reals()),
        sample(booleans(3), complexes(3), reals(2, 1)),
    ],
)
def _where(condition: Any, x1: Any, x2: Any) -> Any:
    return np.where(condition, x1, x2)[()]


_where.vjp(
    condition=None,
    x1=lambda g, condition: np.where(condition, g, 0),
    x2=lambda g, condition: np.where(condition, 0, g),
)


@function(
    np.where,
    samples=[
        sample(booleans(3, 4), reals(4), reals(3, 1)),
        sample(booleans(3), reals(3), 0.0),
        sample(booleans(3), 0.0, complexes(3)),
        sample(booleans(3, 4)),
    ],
)
def where(condition: Any, x1: Any = None, x2: Any = None, /) -> Any:
    """``x1`` where the condition holds and ``x2`` elsewhere; the gradient goes to what was chosen.

    With the condition alone: the indices of the elements that are not zero, as ``nonzero`` gives them.

    Shapes: any three that broadcast -> their broadcast.

    Raises:
        ValueError: when only one of ``x1`` and ``x2`` is given.

    >>> ag.where(np.array([True, False]), np.array([1.0, 2.0]), 0.0)
    array([1., 0.])
    """
    if (x1 is None) != (x2 is None):
        raise ValueError("where: expected a condition alone, or with both x1 and x2; received one of the two")
    if x1 is None:
        return nonzero(condition)
    return _where(condition, x1, x2)


@op(
    elementwise=True,
    name="clip",
    public=False,
    samples=[
        sample(distinct(3, 4), reals(4, low=-0.95, high=-0.92), reals(3, 1, low=0.91, high=0.94)),
        sample(reals(5, away_from=0.5), 0.5, None),
        sample(reals(5, away_from=0.5), None, 0.5),
        sample(complexes(5), -1.0, complexes(5)),
    ],
)
def _clip(x: Any, min: Any, max: Any) -> Any:
    return np.clip(x, min, max)


def _above(x: Any, min: Any) -> Any:
    """Where ``x`` is strictly within the lower limit; -inf and ``None`` do not limit."""
    return True if min is None else (x > min) | (min == -np.inf)


def _below(x: Any, max: Any) -> Any:
    """Where ``x`` is strictly within the upper limit; infinity and ``None`` do not limit."""
    return True if max is None else (x < max) | (max == np.inf)


_clip.vjp(
    x=lambda g, x, min, max: passed(g, np.logical_and(_above(x, min), _below(x, max))),
    min=lambda g, x, min, max: passed(g, np.logical_not(_above(x, min)) & _below(min, max)),
    max=lambda g, x, min, max: passed(g, np.logical_not(_below(x if min is None else np.maximum(x, min), max))),
)


@function(
    np.clip,
    samples=[
        sample(distinct(3, 4), -0.93, 0.92),
        sample(reals(5, away_from=0.5), min=0.5),
        sample(reals(3), -np.inf, np.inf),
        sample(integers(5), 1, 3),
        sample(reals(3)),
    ],
)
def clip(x: Any, min: Any = None, max: Any = None, *, a_min: Any = None, a_max: Any = None) -> Any:
    """``minimum(maximum(x, min), max)``; ``None`` for no limit.

    The derivative is 1 strictly between the limits, 0 at them and beyond; there the gradient goes to the limit. An infinite
    limit is none. ``a_min`` and ``a_max`` are NumPy's older names of the limits.

    Shapes: any three that broadcast -> their broadcast.

    >>> ag.clip(np.array([-2.0, 0.5, 3.0]), 0.0, 1.0)
    array([0. , 0.5, 1. ])
    """
    return _clip(x, a_min if min is None else min, a_max if max is None else max)


def clip_of_three(x: Any, min: Any, max: Any, /) -> Any:
    """The ufunc behind ``np.clip``, which takes both limits."""
    return clip(x, min, max)


answer_for(umath.clip, clip_of_three)  # type: ignore[attr-defined]


# ---------------------------------------------------------------- in place of NaN and infinity


@op(
    elementwise=True,
    name="nan_to_num",
    public=False,
    samples=[
        sample(reals(3, 4), reals(4), reals(3, 1), 2.0),
        sample(complexes(3), 0.0, None, reals()),
    ],
)
def _nan_to_num(x: Any, nan: Any, posinf: Any, neginf: Any) -> Any:
    shape = np.broadcast_shapes(x.shape, *map(np.shape, (nan, posinf, neginf)))
    x = x if x.shape == shape else np.broadcast_to(x, shape)
    return np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


def _passed_parts(g: Any, x: Any, chosen: Any) -> Any:
    """What goes back to ``x``: of complex numbers each part on its own, as each is replaced on its own."""
    if x.dtype.kind != "c":
        return passed(g, chosen(x))
    return passed(real(g), chosen(real(x))) + 1j * passed(imag(g), chosen(imag(x)))


def _passed_to_both(g: Any, x: Any, chosen: Any) -> Any:
    """What goes back to a number that replaces either part; a cotangent has the imaginary part with a minus."""
    if x.dtype.kind != "c":
        return passed(g, chosen(x))
    return passed(real(g), chosen(real(x))) - passed(imag(g), chosen(imag(x)))


_nan_to_num.vjp(
    x=lambda g, x: _passed_parts(g, x, np.isfinite),
    nan=lambda g, x: _passed_to_both(g, x, np.isnan),
    posinf=lambda g, x: _passed_to_both(g, x, lambda part: part == np.inf),
    neginf=lambda g, x: _passed_to_both(g, x, lambda part: part == -np.inf),
)


@function(
    np.nan_to_num,
    samples=[
        sample(reals(3, 4)),
        sample(complexes(3), nan=1.0, posinf=2.0),
        sample(reals(2, 3), True, 0.5, np.array([1.0, 2.0, 3.0])),
        sample(integers(3)),
    ],
    errors=[(sample(reals(3), nan=1j), TypeError), (sample(reals(3), nan=np.ones(2)), ValueError)],
)
def nan_to_num(x: Any, /, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """``x`` with numbers in place of NaN and infinity, in each part of complex numbers.

    The derivative is 1 where ``x`` is finite, 0 where it is replaced; there the gradient goes to what replaces it.

    Args:
        x: the input.
        copy: for tensors always ``True``; ``t[...] = ag.nan_to_num(t)`` writes into a tensor.
        nan: what stands for NaN: a number, or an array that broadcasts to ``x``.
        posinf: what stands for infinity, likewise; by default the largest finite number.
        neginf: what stands for -infinity, likewise; by default the smallest finite number.

    Shapes: any -> same.

    Raises:
        ValueError: for a replacement that does not broadcast to ``x``, and for a tensor with ``copy=False``.

    >>> ag.nan_to_num(np.array([1.0, np.nan, np.inf]), posinf=9.0)
    array([1., 0., 9.])
    """
    if not copy:
        if any(isinstance(each, Tensor) for each in (x, nan, posinf, neginf)):
            raise ValueError(
                "nan_to_num: expected copy=True for tensors, received copy=False; to write into a tensor: "
                "t[...] = ag.nan_to_num(t)"
            )
        return np.nan_to_num(x, copy=False, nan=nan, posinf=posinf, neginf=neginf)
    x = as_array(x)
    if x.dtype.kind not in "fc":
        return copy_of(x)[()]
    for name, each in (("nan", nan), ("posinf", posinf), ("neginf", neginf)):
        shape = shape_of_any(each)
        if len(shape) > x.ndim or any(n not in (1, m) for n, m in zip(reversed(shape), reversed(x.shape), strict=False)):
            raise ValueError(f"nan_to_num, {name}: expected a shape that broadcasts to {x.shape}, that of x; received {shape}")
    return _nan_to_num(x, nan, posinf, neginf)
