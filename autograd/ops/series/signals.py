"""Sequences: convolution, correlation, and linear interpolation between sampled points.

Note [convolution and correlation]: a convolution is linear in each of its factors, and its transposes are correlations with
the other factor; those of a correlation are a convolution with one factor and a correlation with the other. So the two ops
``convolve`` and ``correlate``, the latter without conjugation, are closed under differentiation, and each is a call of
NumPy's kernel. Both take the longer factor first, as NumPy's kernel does; ``_convolved`` and ``_correlated`` see to it.

``interp`` has kinks at its knots: there the derivative is that of the segment to the right, at the last knot of the last one.
Beyond the knots it is constant, and its derivative 0.
"""

from operator import index
from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.arguments import as_array, ndim_of
from autograd.ops.arrays.indexing import ARRAY, _scatter_add
from autograd.ops.arrays.joining import concatenate
from autograd.ops.arrays.padding import pad
from autograd.ops.arrays.shaping import broadcast_to
from autograd.ops.casting import cast, conjugated
from autograd.ops.elementwise.selection import where
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
    return np.convolve(x1, x2, mode)


@op(name="correlate", public=False, samples=_FACTORS)
def _correlate(x1: Any, x2: Any, *, mode: Any) -> Any:
    """``out[k] = sum over j of x1[k + j] x2[j]``, without conjugation; ``x1`` is not the shorter one."""
    return np.correlate(x1, conjugated(x2), mode)


def _full(g: Any, x2_shape: tuple[int, ...], mode: str) -> Any:
    """The cotangent of a result in mode "same" as that of the full one, from which it was cut."""
    if mode == "full":
        return g
    after = x2_shape[0] // 2
    return pad(g, (x2_shape[0] - 1 - after, after))


def _convolved(x1: Any, x2: Any, mode: str) -> Any:
    return _convolve(x1, x2, mode=mode) if x1.shape[0] >= x2.shape[0] else _convolve(x2, x1, mode=mode)


def _correlated(x1: Any, x2: Any, mode: str) -> Any:
    return _correlate(x1, x2, mode=mode) if x1.shape[0] >= x2.shape[0] else _correlate(x2, x1, mode=mode)[::-1]


def correlation(x1: Any, x2: Any) -> Any:
    """``out[k] = sum over j of x1[k + j] x2[j]``, without conjugation, for every k where all of the shorter ``x2`` overlaps."""
    return _correlate(x1, x2, mode="valid")


_convolve.vjp(
    x1=lambda g, x2, x2_shape, mode: (
        _correlated(g, x2, "full") if mode == "valid" else correlation(_full(g, x2_shape, mode), x2)
    ),
    x2=lambda g, x1, x2_shape, mode: correlation(x1, g)[::-1] if mode == "valid" else correlation(_full(g, x2_shape, mode), x1),
)
_correlate.vjp(
    x1=lambda g, x2, x2_shape, mode: (
        _convolved(g, x2, "full") if mode == "valid" else _convolve(_full(g, x2_shape, mode), x2, mode="valid")
    ),
    x2=lambda g, x1, x2_shape, mode: correlation(x1, g) if mode == "valid" else correlation(_full(g, x2_shape, mode), x1)[::-1],
)

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


def _on_segments(x: Any, xp: Any, fp: Any) -> tuple[Any, Any, Any]:
    """The number of each place's segment, how far it is along it (0 to 1), and the segment's slope, 0 for places beyond."""
    numbers, before, after = _segments(x, xp)
    left = xp[numbers]
    width = xp[numbers + 1] - left
    empty = width == 0  # where the last two knots are equal
    beyond = before | after
    inside = np.logical_not(beyond)
    part = (np.where(beyond, left, x) - left + (empty & inside)) / (width + empty) + after
    return numbers, part, (fp[numbers + 1] - fp[numbers]) / (width + empty) * inside


def _to_knots(g: Any, numbers: Any, part: Any, count: int) -> Any:
    """What belongs to places on segments, divided between the knots at the segments' ends."""
    left = _scatter_add(g * (1 - part), numbers, shape=(count,), layout=(ARRAY,))
    return left + _scatter_add(g * part, numbers + 1, shape=(count,), layout=(ARRAY,))


@_interp.joint_vjp
def _interp_rule(g: Any, x: Any, xp: Any, fp: Any, xp_shape: tuple[int, ...], needed: Any) -> Any:
    numbers, part, slopes = _on_segments(x, xp, fp)
    to_x = g * slopes
    return (
        to_x if needed[0] else None,
        _to_knots(-to_x, numbers, part, xp_shape[0]) if needed[1] else None,
        _to_knots(g, numbers, part, xp_shape[0]) if needed[2] else None,
    )


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
    if period == 0:
        raise ValueError("interp: expected a period other than 0")
    period = np.abs(period)
    x = cast(x, np.float64, copy=False) % period
    xp = cast(xp, np.float64, copy=False) % period
    order = np.argsort(xp.numpy() if isinstance(xp, Tensor) else xp)
    xp, fp = xp[order], fp[order]
    return x, concatenate([xp[-1:] - period, xp, xp[:1] + period]), concatenate([fp[-1:], fp, fp[:1]])
