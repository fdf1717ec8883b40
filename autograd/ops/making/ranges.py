"""Numbers at regular distances: ``arange``, ``linspace``, and on a logarithmic scale ``logspace`` and ``geomspace``.

All make tensors. The limits of the last three may be tensors themselves, through which gradients flow: each number is a
weighted mean of the two limits, a geometric one for ``geomspace``.
"""

from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.batch_rules import shifted_together
from autograd.batched import raw
from autograd.gate import answer_for, function, op
from autograd.ops.arguments import as_array, in_dtype, ndim_of
from autograd.ops.arrays.broadcasting import broadcast_arrays
from autograd.ops.elementwise.exponential import power
from autograd.ops.making.creation import Device, asarray, check_device, made
from autograd.samples import complexes, positives, reals, sample
from autograd.tensors import Tensor


@function(samples=[sample(5), sample(1, 2, 0.25), sample(5, 0, -2), sample(3, dtype=np.float32)])
def arange(
    start: Any,
    stop: Any = None,
    step: Any = None,
    dtype: Any = None,
    *,
    requires_grad: bool = False,
    name: str | None = None,
    device: Device = None,
) -> Tensor:
    """The numbers ``start, start + step, ...`` before ``stop``; with one argument, from 0 up to it.

    Args:
        start: the first number; alone, the end.
        stop: the end, not included.
        step: the distance between two numbers, 1 by default.
        dtype: the dtype, by default that of the arguments: integers for integers.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.
        device: ``"cpu"`` or ``None``: tensors are in main memory.

    Shapes: ``(ceil((stop - start) / step),)``.

    Raises:
        TypeError: for integers with ``requires_grad=True``; give ``dtype=float``.
        ZeroDivisionError: for ``step`` 0.

    >>> ag.arange(0.0, 1.0, 0.25)
    Tensor([0.  , 0.25, 0.5 , 0.75], dtype=float64)
    """
    check_device(device)
    return made(np.arange(start, stop, step, dtype=dtype), requires_grad, name)


# ---------------------------------------------------------------- between two limits


def _weights(num: int, endpoint: bool, axis: int, like: Any) -> Any:
    """How far along each number is, from 0 to 1, with its axis in place among those of the result."""
    steps = num - 1 if endpoint else num
    weights = np.arange(num).astype(like.real.dtype) / (steps or 1)
    return weights.reshape([-1 if i == axis else 1 for i in range(like.ndim)])


@op(
    linear=True,
    name="linspace",
    public=False,
    samples=[
        sample(reals(), reals(), num=4, endpoint=True, axis=0),
        sample(reals(3, 2), complexes(3, 2), num=4, endpoint=False, axis=1),
        sample(reals(2), reals(2), num=1, endpoint=True, axis=1),
    ],
)
def _linspace(start: Any, stop: Any, *, num: int, endpoint: bool, axis: int) -> Any:
    return np.linspace(start, stop, num, endpoint, axis=axis)


_linspace.vjp(
    start=lambda g, num, endpoint, axis: np.sum(g * (1 - _weights(num, endpoint, axis, g)), axis=axis),
    stop=lambda g, num, endpoint, axis: np.sum(g * _weights(num, endpoint, axis, g), axis=axis),
)
_linspace.batch(shifted_together("axis", new_axes=1))


@op(
    name="geomspace",
    public=False,
    samples=[
        sample(positives(), positives(), num=4, endpoint=True, axis=0),
        sample(positives(3, 2), positives(3, 2), num=4, endpoint=False, axis=1),
        sample(complexes(2), complexes(2), num=3, endpoint=True, axis=0),
    ],
)
def _geomspace(start: Any, stop: Any, *, num: int, endpoint: bool, axis: int) -> Any:
    return np.geomspace(start, stop, num, endpoint, axis=axis)


_geomspace.vjp(
    start=lambda g, out, start, num, endpoint, axis: (
        np.sum(g * out * (1 - _weights(num, endpoint, axis, g)), axis=axis) / start
    ),
    stop=lambda g, out, stop, num, endpoint, axis: np.sum(g * out * _weights(num, endpoint, axis, g), axis=axis) / stop,
)
_geomspace.batch(shifted_together("axis", new_axes=1))


def _dtype_or_number(x: Any) -> Any:
    """What decides about the dtype of a result: Python numbers are weak."""
    return x if isinstance(x, int | float | complex) and not isinstance(x, np.generic) else as_array(x).dtype


def _limits(start: Any, stop: Any, axis: int) -> tuple[Any, Any, int]:
    """Both limits as arrays of one shape and floating dtype, and the place of the new axis."""
    dtype = np.result_type(*[_dtype_or_number(x) for x in (start, stop)], 1.0)
    start, stop = (in_dtype(as_array(x), dtype if dtype.kind in "fc" else float) for x in (start, stop))
    if start.shape != stop.shape:
        start, stop = broadcast_arrays(start, stop)
    return start, stop, normalize_axis_index(axis, start.ndim + 1)


def _tensor_of(out: Any, dtype: Any, requires_grad: bool, name: str | None) -> Tensor:
    """A range as a tensor: recorded where its limits are, and else a leaf."""
    out = in_dtype(out, dtype)
    if isinstance(out, Tensor) and out.requires_grad:
        return out
    return made(raw(out), requires_grad, name)


@function(
    samples=[
        sample(0.0, 1.0),
        sample(-1, 2, 5),
        sample(0.0, 1.0, 4, endpoint=False),
        sample(reals(2), 3.0, 4, axis=-1),
        sample(reals(), reals(3), 4),
        sample(0, 1, 3, dtype=np.float32),
        sample(-1.5, 2.5, 3, dtype=np.int64),
    ],
)
def linspace(
    start: Any,
    stop: Any,
    /,
    num: Any = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    *,
    device: Device = None,
    requires_grad: bool = False,
    name: str | None = None,
) -> Any:
    """``num`` numbers at equal distances from ``start`` to ``stop``: ``(1 - w) start + w stop`` for weights w from 0 to 1.

    The derivatives are ``1 - w`` and ``w``, for limits that are tensors.

    Args:
        start: the first number, or an array of them.
        stop: the last number, or an array of them.
        num: how many.
        endpoint: whether ``stop`` is one of them.
        retstep: return the distance between two numbers, too.
        dtype: the dtype, that of the limits by default, float64 for integers.
        axis: the new axis, for arrays ``start`` and ``stop``.
        device: ``"cpu"`` or ``None``: tensors are in main memory.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.

    Shapes: ``(num,)``, for arrays the broadcast of ``start`` and ``stop`` with ``num`` inserted at ``axis``.

    Raises:
        ValueError: for a negative ``num``, and for limits that do not broadcast.

    >>> ag.linspace(0.0, 1.0, 5)
    Tensor([0.  , 0.25, 0.5 , 0.75, 1.  ], dtype=float64)
    """
    check_device(device)
    num = index(num)
    start, stop, axis = _limits(start, stop, axis)
    numbers = _linspace(start, stop, num=num, endpoint=bool(endpoint), axis=axis)
    if dtype is not None and np.dtype(dtype).kind in "iu":
        numbers = np.floor(numbers)  # as NumPy does; a cast alone would round towards 0
    out = _tensor_of(numbers, dtype, requires_grad, name)
    if not retstep:
        return out
    steps = num - 1 if endpoint else num
    step = (stop - start) / steps if steps > 0 else np.full_like(stop - start, np.nan)[()]
    return out, step if isinstance(step, Tensor) else asarray(step)


answer_for(np.linspace, linspace)


@function(samples=[sample(0.0, 2.0, 3), sample(reals(), reals(3), 4, base=2.0), sample(0.0, 1.0, 4, False, 3.0)])
def logspace(
    start: Any,
    stop: Any,
    /,
    num: Any = 50,
    endpoint: bool = True,
    base: Any = 10.0,
    dtype: Any = None,
    axis: int = 0,
    *,
    requires_grad: bool = False,
    name: str | None = None,
) -> Tensor:
    """``base ** linspace(start, stop)``: numbers at equal distances on a logarithmic scale, between powers of ``base``.

    Args:
        start: the exponent of the first number, or an array of them.
        stop: the exponent of the last number, or an array of them.
        num: how many.
        endpoint: whether ``base ** stop`` is one of them.
        base: the base, or an array of them.
        dtype: the dtype, that of the limits by default, float64 for integers.
        axis: the new axis, for arrays ``start`` and ``stop``.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.

    Shapes: ``(num,)``, for arrays the broadcast of ``start``, ``stop`` and ``base`` with ``num`` inserted at ``axis``.

    Raises:
        ValueError: for a negative ``num``, and for limits that do not broadcast.

    >>> ag.logspace(0.0, 2.0, 3)
    Tensor([  1.,  10., 100.], dtype=float64)
    """
    if ndim_of(base):
        start, stop, _ = _limits(start, stop, 0)
        start, stop, base = broadcast_arrays(start, stop, base)
        axis = normalize_axis_index(axis, start.ndim + 1)
        base = np.expand_dims(base, axis)
    else:
        start, stop, axis = _limits(start, stop, axis)
    exponents = _linspace(start, stop, num=index(num), endpoint=bool(endpoint), axis=axis)
    return _tensor_of(power(base, exponents), dtype, requires_grad, name)


answer_for(np.logspace, logspace)


@function(samples=[sample(1.0, 100.0, 3), sample(positives(), positives(3), 4), sample(1.0, 8.0, 3, False)])
def geomspace(
    start: Any,
    stop: Any,
    /,
    num: Any = 50,
    endpoint: bool = True,
    dtype: Any = None,
    axis: int = 0,
    *,
    requires_grad: bool = False,
    name: str | None = None,
) -> Tensor:
    """``num`` numbers from ``start`` to ``stop`` at equal ratios: ``start**(1 - w) stop**w`` for weights w from 0 to 1.

    The derivatives are ``(1 - w) out / start`` and ``w out / stop``, for limits that are tensors.

    Args:
        start: the first number, or an array of them.
        stop: the last number, or an array of them.
        num: how many.
        endpoint: whether ``stop`` is one of them.
        dtype: the dtype, that of the limits by default, float64 for integers.
        axis: the new axis, for arrays ``start`` and ``stop``.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.

    Shapes: ``(num,)``, for arrays the broadcast of ``start`` and ``stop`` with ``num`` inserted at ``axis``.

    Raises:
        ValueError: for a limit 0, a negative ``num``, and limits that do not broadcast.

    >>> ag.geomspace(1.0, 100.0, 3)
    Tensor([  1.,  10., 100.], dtype=float64)
    """
    start, stop, axis = _limits(start, stop, axis)
    numbers = _geomspace(start, stop, num=index(num), endpoint=bool(endpoint), axis=axis)
    return _tensor_of(numbers, dtype, requires_grad, name)


answer_for(np.geomspace, geomspace)
