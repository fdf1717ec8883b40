"""Sequences: convolution, correlation, and linear interpolation between sampled points.

Note [convolution and correlation]: a convolution is linear in each of its factors, and its transposes are correlations with
the other factor; those of a correlation are a convolution with one factor and a correlation with the other. So the two ops
``convolve`` and ``correlate``, the latter without conjugation, are closed under differentiation, and each is a call of
NumPy's kernel. Both take the longer factor first, as NumPy's kernel does; ``_convolved`` and ``_correlated`` see to it.
Inside ``vmap`` both take stacks of sequences, whose leading axes broadcast, and so do their rules.

``interp`` has kinks at its knots: there the derivative is that of the segment to the right, at the last knot of the last one.
Beyond the knots it is constant, and its derivative 0.
"""

import math
from operator import index
from typing import Any

import numpy as np

from autograd.batch_rules import flattened, leading, stretched
from autograd.batched import memory_of
from autograd.gate import function, op
from autograd.ops.arguments import as_array, ndim_of
from autograd.ops.arrays.indexing import ARRAY, _scatter_add, take
from autograd.ops.arrays.joining import concatenate
from autograd.ops.arrays.padding import pad
from autograd.ops.arrays.shaping import broadcast_to
from autograd.ops.casting import cast, conjugated
from autograd.ops.elementwise.selection import where
from autograd.ops.reductions.reduction import sum_to
from autograd.record import Op, dtype_of, shape_of
from autograd.samples import complexes, integers, reals, sample
from autograd.tensors import Tensor, wrap

# ---------------------------------------------------------------- convolution and correlation

_FACTORS = (
    sample(reals(5), reals(2), mode="full"),
    sample(reals(5), reals(2), mode="same"),
    sample(reals(5), reals(3), mode="same"),
    sample(reals(5), reals(2), mode="valid"),
    sample(reals(3), reals(3), mode="valid"),
    sample(complexes(4), reals(2), mode="full"),
)


@op(name="convolve", public=False, samples=_FACTORS)
def _convolve(x1: Any, x2: Any, *, mode: Any) -> Any:
    """``out[k] = sum over j of x1[k - j] x2[j]``; ``x1`` is not the shorter one."""
    return np.convolve(x1, x2, mode) if x1.ndim == x2.ndim == 1 else _of_stacks(x1, x2[..., ::-1], mode)


@op(name="correlate", public=False, samples=_FACTORS)
def _correlate(x1: Any, x2: Any, *, mode: Any) -> Any:
    """``out[k] = sum over j of x1[k + j] x2[j]``, without conjugation; ``x1`` is not the shorter one."""
    return np.correlate(x1, conjugated(x2), mode) if x1.ndim == x2.ndim == 1 else _of_stacks(x1, x2, mode)


_SHORT = 8  # factors for which one product with all windows is faster than NumPy's kernel for one pair after another


def _of_stacks(x1: Any, x2: Any, mode: Any) -> Any:
    """``_correlate`` of stacks of sequences."""
    length = x2.shape[-1]
    if length <= _SHORT or 0 in x1.shape or 0 in x2.shape:
        beyond = {"full": (length - 1, length - 1), "same": (length // 2, length - 1 - length // 2), "valid": (0, 0)}[mode]
        x1 = np.pad(x1, [*[(0, 0)] * (x1.ndim - 1), beyond])
        return np.einsum("...km,...m->...k", np.lib.stride_tricks.sliding_window_view(x1, length, -1), x2)
    shape = np.broadcast_shapes(x1.shape[:-1], x2.shape[:-1])
    rows1 = np.broadcast_to(x1, (*shape, x1.shape[-1])).reshape((math.prod(shape), x1.shape[-1]))
    rows2 = np.broadcast_to(conjugated(x2), (*shape, length)).reshape((math.prod(shape), length))
    out = np.array([np.correlate(a, b, mode) for a, b in zip(rows1, rows2, strict=True)])
    return out.reshape((*shape, out.shape[-1]))


def _full(g: Any, x2_shape: tuple[int, ...], mode: str) -> Any:
    """The cotangent of a result in mode "same" as that of the full one, from which it was cut."""
    if mode == "full":
        return g
    after = x2_shape[-1] // 2
    return pad(g, [*[(0, 0)] * (g.ndim - 1), (x2_shape[-1] - 1 - after, after)])


def _convolved(x1: Any, x2: Any, mode: str) -> Any:
    return _convolve(x1, x2, mode=mode) if x1.shape[-1] >= x2.shape[-1] else _convolve(x2, x1, mode=mode)


def _correlated(x1: Any, x2: Any, mode: str) -> Any:
    return _correlate(x1, x2, mode=mode) if x1.shape[-1] >= x2.shape[-1] else _correlate(x2, x1, mode=mode)[..., ::-1]


def correlation(x1: Any, x2: Any) -> Any:
    """``out[k] = sum over j of x1[k + j] x2[j]``, without conjugation, for every k where all of the shorter ``x2`` overlaps."""
    return _correlate(x1, x2, mode="valid")


def _convolve_x1(g: Any, x1_shape: tuple[int, ...], x2: Any, x2_shape: tuple[int, ...], mode: str) -> Any:
    out = _correlated(g, x2, "full") if mode == "valid" else correlation(_full(g, x2_shape, mode), x2)
    return _of_shape(out, x1_shape)


def _convolve_x2(g: Any, x1: Any, x2_shape: tuple[int, ...], mode: str) -> Any:
    out = correlation(x1, g)[..., ::-1] if mode == "valid" else correlation(_full(g, x2_shape, mode), x1)
    return _of_shape(out, x2_shape)


def _correlate_x1(g: Any, x1_shape: tuple[int, ...], x2: Any, x2_shape: tuple[int, ...], mode: str) -> Any:
    out = _convolved(g, x2, "full") if mode == "valid" else _convolve(_full(g, x2_shape, mode), x2, mode="valid")
    return _of_shape(out, x1_shape)


def _correlate_x2(g: Any, x1: Any, x2_shape: tuple[int, ...], mode: str) -> Any:
    out = correlation(x1, g) if mode == "valid" else correlation(_full(g, x2_shape, mode), x1)[..., ::-1]
    return _of_shape(out, x2_shape)


def _of_shape(x: Any, shape: tuple[int, ...]) -> Any:
    return x if x.shape == shape else sum_to(x, shape=shape)


_convolve.vjp(x1=_convolve_x1, x2=_convolve_x2)
_correlate.vjp(x1=_correlate_x1, x2=_correlate_x2)
_convolve.batch(leading(1, 1))
_correlate.batch(leading(1, 1))

_MODES = ("valid", "same", "full")


def _sequence(x: Any, name: str, parameter: str) -> Any:
    x = as_array(x)
    if x.ndim != 1 or not x.size:
        raise ValueError(f"{name}: expected {parameter} as a sequence of at least one number, received shape {x.shape}")
    return x


def _mode(mode: str | int, name: str) -> str:
    """The mode by its name, as NumPy takes it by its number, too."""
    if isinstance(mode, str):
        if mode in _MODES:
            return mode
    elif 0 <= index(mode) < len(_MODES):
        return _MODES[index(mode)]
    raise ValueError(f"{name}: expected mode 'full', 'same' or 'valid', received {mode!r}")


_SEQUENCES = (
    sample(reals(5), reals(3)),
    sample(reals(2), reals(5), "full"),
    sample(reals(5), reals(2), "same"),
    sample(reals(3), reals(4), mode="same"),
    sample(reals(2), reals(3), mode="same"),
    sample(reals(5), reals(2), "valid"),
    sample(reals(2), reals(4), "valid"),
    sample(complexes(3), complexes(2), "full"),
    sample(complexes(2), complexes(3), "valid"),
    sample(reals(2), complexes(4), 1),
    sample(integers(4), integers(2)),
)
_NO_SEQUENCES = (
    (sample(reals(0), reals(2)), ValueError),
    (sample(reals(2), reals(0)), ValueError),
    (sample(reals(2, 2), reals(2)), ValueError),
    (sample(reals(2), reals(2, 2)), ValueError),
    (sample(reals(3), reals(2), "wrap"), ValueError),
    (sample(reals(3), reals(2), 3), ValueError),
    (sample(reals(3), reals(2), None), TypeError),
)


@function(np.convolve, samples=(*_SEQUENCES, sample(reals(3), reals())), errors=_NO_SEQUENCES)
def convolve(x1: Any, x2: Any, /, mode: str = "full") -> Any:
    """The convolution of two sequences: ``out[k] = sum over j of x1[k - j] x2[j]``.

    The gradient in each of them is the cotangent correlated with the other.

    Args:
        x1: a sequence of n numbers.
        x2: a sequence of m numbers.
        mode: ``"full"`` for every k where they overlap, ``"same"`` for the ``max(n, m)`` in the middle, ``"valid"`` for those
            where they overlap completely.

    Shapes: ``(n,), (m,)`` -> ``(n + m - 1,)``, ``(max(n, m),)`` or ``(max(n, m) - min(n, m) + 1,)``.

    Raises:
        ValueError: for what is no sequence or has no elements, and for another mode.

    >>> ag.convolve(np.array([1.0, 2.0, 3.0]), np.array([1.0, -1.0]))
    array([ 1.,  1.,  1., -3.])
    """
    x1, x2 = _sequence(np.atleast_1d(x1), "convolve", "x1"), _sequence(np.atleast_1d(x2), "convolve", "x2")
    return _convolved(x1, x2, _mode(mode, "convolve"))


@function(np.correlate, samples=_SEQUENCES, errors=(*_NO_SEQUENCES, (sample(reals(3), reals()), ValueError)))
def correlate(x1: Any, x2: Any, /, mode: str = "valid") -> Any:
    """The correlation of two sequences: ``out[k] = sum over j of x1[k + j] conj(x2[j])``, for k from the left to the right.

    The gradient in ``x1`` is the cotangent convolved with ``x2``, that in ``x2`` the cotangent correlated with ``x1``.

    Args:
        x1: a sequence of n numbers.
        x2: a sequence of m numbers.
        mode: as for ``convolve``, but ``"valid"`` by default.

    Shapes: ``(n,), (m,)`` -> ``(n + m - 1,)``, ``(max(n, m),)`` or ``(max(n, m) - min(n, m) + 1,)``.

    Raises:
        ValueError: for what is no sequence or has no elements, and for another mode.

    >>> ag.correlate(np.array([1.0, 2.0, 3.0]), np.array([1.0, -1.0]))
    array([-1., -1.])
    """
    x1, x2 = _sequence(x1, "correlate", "x1"), _sequence(x2, "correlate", "x2")
    return _correlated(x1, conjugated(x2), _mode(mode, "correlate"))


# ---------------------------------------------------------------- interpolation


@op(
    name="interp",
    public=False,
    samples=[
        sample(reals(2, 3, low=-1.0, high=3.0), np.array([-0.5, 0.4, 1.3, 2.5]), reals(4)),
        sample(reals(3, low=-1.0, high=3.0), np.array([-0.5, 0.4, 2.5]), complexes(3)),
    ],
)
def _interp(x: Any, xp: Any, fp: Any) -> Any:
    return np.interp(x, xp, fp)


@op(
    differentiable=False,
    multiple=True,
    name="segments",
    public=False,
    samples=[sample(reals(5, low=-1.0, high=3.0), np.array([-0.5, 0.4, 1.3, 2.5]))],
)
def _segments(x: Any, xp: Any) -> tuple[Any, Any, Any]:
    """The number of the segment that each place is in or nearest to, and whether it is before or after all of them."""
    numbers = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, len(xp) - 2)
    return numbers, x < xp[0], x > xp[-1]


_FEW = 2**14  # comparisons for each example; of more a search in one example after another is faster


def _segments_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """NumPy's search is one in one sequence; in several, each place is compared with all knots of its example."""
    x, xp = arrays
    if not mapped[1]:
        return record.call(x, xp)
    shape, count = shape_of(x)[mapped[0] :], xp.shape[1]
    if math.prod(shape) * count > _FEW:
        return NotImplemented
    knots = np.reshape(xp, (level.size, *[1] * len(shape), count))
    later = np.sum(knots > np.expand_dims(x, -1), axis=-1)
    return np.clip(count - 1 - later, 0, count - 2), x < knots[..., 0], x > knots[..., -1]


_segments.batch(_segments_of_examples)


def _on_segments(x: Any, xp: Any) -> tuple[Any, Any, Any]:
    """The number of each place's segment, how far it is along it (0 to 1), and 1 over its length, 0 for places beyond."""
    numbers, before, after = _segments(x, xp)
    return numbers, *_along(x, take(xp, numbers), take(xp, numbers + 1), before, after)


def _along(x: Any, left: Any, right: Any, before: Any, after: Any) -> tuple[Any, Any]:
    """How far places are along their segments, and 1 over the segments' lengths."""
    width = right - left
    empty = width == 0  # where the last two knots are equal
    beyond = before | after
    inside = np.logical_not(beyond)
    return (np.where(beyond, left, x) - left + (empty & inside)) / (width + empty) + after, inside / (width + empty)


def _to_knots(g: Any, numbers: Any, part: Any, count: int) -> Any:
    """What belongs to places on segments, divided between the knots at the segments' ends."""
    left = _scatter_add(g * (1 - part), numbers, shape=(count,), layout=(ARRAY,))
    return left + _scatter_add(g * part, numbers + 1, shape=(count,), layout=(ARRAY,))


@_interp.joint_vjp
def _interp_rule(g: Any, x: Any, xp: Any, fp: Any, xp_shape: tuple[int, ...], needed: Any) -> Any:
    numbers, part, per_length = _on_segments(x, xp)
    to_x = g * ((take(fp, numbers + 1) - take(fp, numbers)) * per_length)
    return (
        to_x if needed[0] else None,
        _to_knots(-to_x, numbers, part, xp_shape[0]) if needed[1] else None,
        _to_knots(g, numbers, part, xp_shape[0]) if needed[2] else None,
    )


def _interp_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """Where knots differ from example to example, a mean of the values at the two knots around each place."""
    if not (mapped[1] or mapped[2]):
        return record.call(*arrays)
    wide = np.complex128 if dtype_of(arrays[2]).kind == "c" else np.float64
    x, xp, fp = [cast(as_array(each), dtype, copy=False) for each, dtype in zip(arrays, (float, float, wide), strict=True)]
    found = _segments_of_examples(_segments.op, (x, xp), mapped[:2], {}, level)
    if found is NotImplemented:
        return NotImplemented
    shape = (level.size, *x.shape[mapped[0] :])
    numbers, before, after = [flattened(np.broadcast_to(each, shape)) for each in found]
    x, xp, fp = [stretched(each, is_mapped, level.size) for each, is_mapped in zip((x, xp, fp), mapped, strict=True)]
    left, right, low, high = [np.take_along_axis(each, numbers + i, 1) for each in (xp, fp) for i in (0, 1)]
    part, _ = _along(flattened(x), left, right, before, after)
    return np.reshape(low * (1 - part) + high * part, shape)


_interp.batch(_interp_of_examples)


@function(
    np.interp,
    samples=[
        sample(reals(2, 3), np.array([-1.1, 0.4, 1.3, 1.5]), reals(4)),
        sample(reals(4), np.array([-1.1, 0.4, 1.5]), reals(3), 7.0, -3.5),
        sample(reals(4), np.array([-1.1, 0.4, 1.5]), reals(3), reals(), 0.0),
        sample(reals(4), np.array([0.3, -1.1, 0.9]), reals(3), period=1.7),
        sample(reals(3), np.array([-1.1, 0.4, 1.5]), complexes(3)),
        sample(reals(3), np.array([0.4]), reals(1), -1.0),
        sample(reals(), [0.0, 1.0], [5, 7]),
    ],
    errors=[
        (sample(reals(3), np.arange(3.0), reals(2)), ValueError),
        (sample(reals(3), reals(0), reals(0)), ValueError),
        (sample(reals(3), np.eye(2), np.eye(2)), ValueError),
        (sample(complexes(3), np.arange(2.0), reals(2)), TypeError),
        (sample(reals(3), np.arange(2.0), reals(2), reals(2)), TypeError),
        (sample(reals(3), np.arange(2.0), reals(2), period=0.0), ValueError),
    ],
)
def interp(x: Any, /, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    """The values at the places ``x`` on the straight lines between the points ``(xp[i], fp[i])``.

    Differentiable in ``x``, ``xp``, ``fp``, ``left``, ``right`` and ``period``. At a knot the derivative in ``x`` is that
    of the segment to its right, at the last knot that of the last segment; beyond the knots it is 0.

    Args:
        x: the places, in any shape.
        xp: the places of the knots, increasing; not checked. With a period in any order.
        fp: the values at the knots, real or complex.
        left: the value before the first knot, ``fp[0]`` by default; not used with a period.
        right: the value after the last knot, ``fp[-1]`` by default; not used with a period.
        period: the period of ``x`` and ``xp``.

    Shapes: ``x`` any, ``xp`` and ``fp`` ``(n,)`` -> the shape of ``x``; float64, or complex128, as in NumPy.

    Raises:
        ValueError: for knots that are no sequence, have no elements or another number of values, and for a period of 0.
        TypeError: for complex places, and for ``left`` or ``right`` that is no number.

    >>> ag.interp(np.array([0.5, 1.5, 9.0]), [0.0, 1.0, 2.0], [0.0, 10.0, 30.0])
    array([ 5., 20., 30.])
    """
    x, xp, fp = as_array(x), as_array(xp), as_array(fp)
    if xp.ndim != 1 or xp.shape != fp.shape or not xp.size:
        raise ValueError(
            "interp: expected xp and fp as two sequences of the same length, of at least one point; "
            f"received shapes {xp.shape} and {fp.shape}"
        )
    if x.dtype.kind == "c" or xp.dtype.kind == "c":
        raise TypeError(f"interp: expected real places, received x in {x.dtype} and xp in {xp.dtype}")
    for name, value in (("left", left), ("right", right)):
        if ndim_of(value) or (fp.dtype.kind != "c" and np.iscomplexobj(value)):
            raise TypeError(f"interp: expected {name} as a number that fits to fp ({fp.dtype}), received {value!r}")
    if not any([isinstance(each, Tensor) for each in (x, xp, fp, left, right, period)]):
        return np.interp(x, xp, fp, left, right, period)
    if period is not None:
        x, xp, fp = _periodic(x, xp, fp, period)
        left = right = None
    wide = np.complex128 if fp.dtype.kind == "c" else np.float64
    if xp.size > 1:
        out = _interp(x, xp, fp)
    else:
        out = broadcast_to(cast(fp[0] if isinstance(fp, Tensor) else wrap(fp[0]), wide, copy=False), x.shape)
    if left is not None:
        out = where(x < xp[0], left, out)
    return out if right is None else where(x > xp[-1], right, out)


def _periodic(x: Any, xp: Any, fp: Any, period: Any) -> tuple[Any, Any, Any]:
    """Places and knots within one period, with the last knot once more before the first one and the first after the last."""
    if np.any(memory_of(period) == 0):
        raise ValueError("interp: expected a period other than 0")
    period = np.abs(period)
    x = cast(x, np.float64, copy=False) % period
    xp = cast(xp, np.float64, copy=False) % period
    order = np.argsort(xp)
    xp, fp = take(xp, order), take(fp, order)
    return x, concatenate([xp[-1:] - period, xp, xp[:1] + period]), concatenate([fp[-1:], fp, fp[:1]])
