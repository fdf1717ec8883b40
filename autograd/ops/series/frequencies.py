"""The frequencies that belong to the bins of a Fourier transform, and the order in which the bins stand."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.gate import function
from autograd.ops.arguments import as_array, whole_numbers
from autograd.ops.arrays.repetition import roll
from autograd.ops.making.creation import check_device
from autograd.samples import complexes, integers, reals, sample
from autograd.tensors import Tensor, wrap

# ---------------------------------------------------------------- the order of the bins

_SHIFTS = (
    sample(reals(5)),
    sample(complexes(3, 4)),
    sample(reals(3, 4), -1),
    sample(reals(2, 3, 5), axes=(0, -1)),
    sample(integers(3)),
)
_NO_SHIFTS = (
    (sample(reals()), ValueError),
    (sample(reals(3), 1), IndexError),
    (sample(reals(3), (0, 1)), IndexError),
    (sample(reals(3), 0.5), TypeError),
)


def _rolled(x: Any, axes: int | Sequence[int] | None, direction: int, name: str) -> Any:
    """``x`` rolled by half of its length along each of the axes."""
    x = as_array(x)
    along = tuple(range(x.ndim) if axes is None else [normalize_axis_index(axis, x.ndim) for axis in whole_numbers(axes)])
    if not along:
        raise ValueError(f"{name}: expected at least one axis to shift along, received shape {x.shape} and axes={axes}")
    return roll(x, tuple([direction * (x.shape[axis] // 2) for axis in along]), along)


@function(np.fft.fftshift, name="fft.fftshift", samples=_SHIFTS, errors=_NO_SHIFTS)
def fftshift(x: Any, /, axes: int | Sequence[int] | None = None) -> Any:
    """The bins of a spectrum with the frequency 0 in the middle; the gradient is the cotangent shifted back.

    Args:
        x: the input.
        axes: the axis, or the axes, to shift along; all of them by default.

    Shapes: any -> same.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for no axes.

    >>> ag.fft.fftshift(np.array([0.0, 1.0, 2.0, -2.0, -1.0]))
    array([-2., -1.,  0.,  1.,  2.])
    """
    return _rolled(x, axes, 1, "fftshift")


@function(np.fft.ifftshift, name="fft.ifftshift", samples=_SHIFTS, errors=_NO_SHIFTS)
def ifftshift(x: Any, /, axes: int | Sequence[int] | None = None) -> Any:
    """The inverse of ``fftshift``; it differs from it along an odd length.

    Args:
        x: the input.
        axes: the axis, or the axes, to shift along; all of them by default.

    Shapes: any -> same.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for no axes.

    >>> ag.fft.ifftshift(np.array([-2.0, -1.0, 0.0, 1.0, 2.0]))
    array([ 0.,  1.,  2., -2., -1.])
    """
    return _rolled(x, axes, -1, "ifftshift")


# ---------------------------------------------------------------- the frequencies


def _frequencies(places: Any, n: int, d: Any, dtype: Any, requires_grad: bool, name: str | None) -> Tensor:
    result: Any = places * (1.0 / (n * d))
    if not isinstance(result, Tensor):
        result = wrap(result)
    if dtype is not None:
        result = result.astype(dtype)
    if name is not None:
        result.name = name
    return result.requires_grad_() if requires_grad else result


def _check(n: Any, d: Any, device: Any, function: str) -> None:
    if not isinstance(n, int | np.integer):
        raise ValueError(f"{function}: expected a whole number of points n, received {n!r}")
    if n < 0:
        raise ValueError(f"{function}: expected n of at least 1, received {n}")
    if n == 0 or (not isinstance(d, Tensor) and d == 0):
        raise ZeroDivisionError(f"{function}: frequencies are multiples of 1 / (n d); received n={n}, d={d}")
    check_device(device)


_COUNTS = (sample(5), sample(4, 0.25), sample(4, d=0.5, dtype=np.float32), sample(1, device="cpu"))
_NO_COUNTS = (
    (sample(3.0), ValueError),
    (sample(-1), ValueError),
    (sample(0), ZeroDivisionError),
    (sample(3, 0.0), ZeroDivisionError),
    (sample(3, device="gpu"), ValueError),
)


@function(name="fft.fftfreq", samples=_COUNTS, errors=_NO_COUNTS)
def fftfreq(
    n: int,
    /,
    d: Any = 1.0,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    name: str | None = None,
) -> Tensor:
    """The frequencies of the bins of ``fft``: ``[0, 1, ..., (n-1)//2, -(n//2), ..., -1] / (n d)``, a tensor.

    Args:
        n: the number of points that are transformed.
        d: the distance between two points; a recorded tensor makes the frequencies recorded.
        dtype: the dtype, float64 by default.
        device: ``"cpu"`` or ``None``.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.

    Shapes: ``(n,)``; frequencies in cycles per unit of ``d``.

    Raises:
        ValueError: for an ``n`` that is no whole number or negative, and for another device.
        ZeroDivisionError: for ``n`` or ``d`` 0.

    >>> ag.fft.fftfreq(5, d=0.2)
    Tensor([ 0.,  1.,  2., -2., -1.], dtype=float64)
    """
    _check(n, d, device, "fftfreq")
    places = np.concatenate([np.arange((n - 1) // 2 + 1), np.arange(-(n // 2), 0)])
    return _frequencies(places, n, d, dtype, requires_grad, name)


@function(name="fft.rfftfreq", samples=_COUNTS, errors=_NO_COUNTS)
def rfftfreq(
    n: int,
    /,
    d: Any = 1.0,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    name: str | None = None,
) -> Tensor:
    """The frequencies of the bins of ``rfft``: ``[0, 1, ..., n//2] / (n d)``, a tensor. Arguments as for ``fftfreq``.

    Shapes: ``(n // 2 + 1,)``; frequencies in cycles per unit of ``d``.

    Raises:
        ValueError: for an ``n`` that is no whole number or negative, and for another device.
        ZeroDivisionError: for ``n`` or ``d`` 0.

    >>> ag.fft.rfftfreq(5, d=0.2)
    Tensor([0., 1., 2.], dtype=float64)
    """
    _check(n, d, device, "rfftfreq")
    return _frequencies(np.arange(n // 2 + 1), n, d, dtype, requires_grad, name)
