"""Discrete Fourier transforms along several axes: ``fft2``, ``fftn`` and their like, by the ops in ``fourier``."""

import warnings
from collections.abc import Sequence
from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.gate import function
from autograd.ops.arguments import as_array
from autograd.ops.series.fourier import checked_length, checked_norm, fft_op, ifft_op, irfft_op, real_input, rfft_op
from autograd.samples import complexes, integers, reals, sample

_Numbers = Sequence[int | None] | None


def _grid(x: Any, s: _Numbers, axes: _Numbers, name: str, half: bool = False) -> tuple[Any, tuple[int, ...], tuple[int, ...]]:
    """``x`` as an array, the lengths to transform, and the axes, counted from 0.

    ``half``: along the last of the axes ``x`` is half a spectrum, and of the full one there are ``2 (m - 1)`` points.
    """
    x = as_array(x)
    if axes is None:
        if s is not None:
            warnings.warn(
                f"{name}: s without axes is deprecated in NumPy 2; give the axes that the lengths belong to",
                DeprecationWarning,
                stacklevel=3,
            )
        axes = range(-(x.ndim if s is None else len(s)), 0)
    along = tuple([normalize_axis_index(index(axis), x.ndim) for axis in axes])  # type: ignore[arg-type]
    lengths = [x.shape[axis] for axis in along]
    if half and along and (s is None or s[-1] is None):
        lengths[-1] = 2 * (lengths[-1] - 1)
    if s is not None:
        if len(s) != len(along):
            raise ValueError(f"{name}: expected a length in s for each of the {len(along)} axes, received {len(s)}: {s!r}")
        lengths = [
            length if given is None or index(given) == -1 else index(given) for given, length in zip(s, lengths, strict=True)
        ]
    return x, tuple([checked_length(n, axis, name) for n, axis in zip(lengths, along, strict=True)]), along


def _transformed(x: Any, lengths: tuple[int, ...], axes: tuple[int, ...], norm: str, last: Any, others: Any) -> Any:
    """The transform ``last``, which along all axes but the last one is ``others``; an axis may come more than once."""
    if len(set(axes)) == len(axes):
        return last(x, lengths=lengths, axes=axes, norm=norm)
    steps = [*[others] * (len(axes) - 1), last]
    order = list(zip(steps, lengths, axes, strict=True))
    for step, length, axis in order if last is irfft_op else reversed(order):
        x = step(x, lengths=(length,), axes=(axis,), norm=norm)
    return x


_GRIDS = (
    sample(reals(2, 3)),
    sample(complexes(2, 3, 4)),
    sample(complexes(3, 2, 3), axes=(-1, 0), norm="ortho"),
    sample(complexes(2, 3, 4), (3, 2), (1, 2), "forward"),
    sample(complexes(2, 3), s=(-1, 4), axes=(0, 1)),
    sample(complexes(3, 2), axes=(0, 0)),
    sample(integers(2, 3)),
)
_REAL_GRIDS = (
    sample(reals(2, 3)),
    sample(reals(2, 3, 4)),
    sample(reals(3, 2, 3), axes=(-1, 0), norm="ortho"),
    sample(reals(2, 3, 4), (3, 2), (1, 2), "forward"),
    sample(reals(2, 3), s=(-1, 4), axes=(0, 1)),
    sample(integers(2, 3)),
)
_HALF_GRIDS = (
    sample(reals(2, 3)),
    sample(complexes(2, 3, 4)),
    sample(complexes(3, 2, 3), axes=(-1, 0), norm="ortho"),
    sample(complexes(2, 3, 4), (3, 5), (2, 1), "forward"),
    sample(complexes(2, 3), s=(4, -1), axes=(0, 1)),
    sample(complexes(3, 3), axes=(0, 0)),
)
_PLANES = (sample(complexes(2, 3)), sample(reals(2, 4, 3), (2, 5), (0, 1), "ortho"))
_REAL_PLANES = (sample(reals(2, 3)), sample(reals(2, 4, 3), (2, 5), (0, 1), "ortho"))
_NO_GRIDS = (
    (sample(reals(2, 3), (2,), (0, 1)), ValueError),
    (sample(reals(2, 3), (2, 0), (0, 1)), ValueError),
    (sample(reals(2, 3), axes=(0, 2)), IndexError),
    (sample(reals(2, 3), (2.0, 3.0), (0, 1)), TypeError),
    (sample(reals(2, 3), 3, (0,)), TypeError),
    (sample(reals(2, 3), norm="unitary"), ValueError),
)
_NO_PLANES = (*_NO_GRIDS, (sample(reals(3)), IndexError))
_REAL_ONLY = ((sample(complexes(2, 3)), TypeError),)


# ---------------------------------------------------------------- any axes


@function(np.fft.fftn, name="fft.fftn", samples=_GRIDS, errors=_NO_GRIDS)
def fftn(x: Any, /, s: _Numbers = None, axes: _Numbers = None, norm: str | None = None) -> Any:
    """The discrete Fourier transform along several axes: ``fft`` along each of them. Its own transpose, as ``fft`` is.

    Args:
        x: the input, real or complex.
        s: how many points to transform along each of the axes; -1 for all there are, which is the default.
        axes: the axes to transform along; by default all of them.
        norm: as for ``fft``.

    Shapes: any -> same, with the lengths ``s`` along ``axes``; complex.

    Raises:
        ValueError: for fewer than one point, lengths that do not fit the axes in number, and another norm.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.fft.fftn(np.array([[1.0, 2.0], [3.0, 4.0]])).real
    array([[10., -2.],
           [-4.,  0.]])
    """
    x, lengths, along = _grid(x, s, axes, "fftn")
    return _transformed(x, lengths, along, checked_norm(norm, "fftn"), fft_op, fft_op) if along else x


@function(np.fft.ifftn, name="fft.ifftn", samples=_GRIDS, errors=_NO_GRIDS)
def ifftn(x: Any, /, s: _Numbers = None, axes: _Numbers = None, norm: str | None = None) -> Any:
    """The inverse of ``fftn``: ``ifft`` along several axes; its own transpose. Arguments, and what is raised, as for ``fftn``.

    Shapes: any -> same, with the lengths ``s`` along ``axes``; complex.

    >>> ag.fft.ifftn(ag.fft.fftn(np.array([[1.0, 2.0], [3.0, 4.0]]))).real
    array([[1., 2.],
           [3., 4.]])
    """
    x, lengths, along = _grid(x, s, axes, "ifftn")
    return _transformed(x, lengths, along, checked_norm(norm, "ifftn"), ifft_op, ifft_op) if along else x


@function(np.fft.rfftn, name="fft.rfftn", samples=_REAL_GRIDS, errors=(*_NO_GRIDS, *_REAL_ONLY))
def rfftn(x: Any, /, s: _Numbers = None, axes: _Numbers = None, norm: str | None = None) -> Any:
    """The Fourier transform of real ``x``: ``rfft`` along the last of the axes, then ``fft`` along the others.

    It is linear; the gradient is one transform of the same size. Arguments as for ``fftn``.

    Shapes: any -> same, with the lengths ``s`` along ``axes``, ``s[-1] // 2 + 1`` along the last of them; complex.

    Raises:
        IndexError: for no axes.
        TypeError: for complex ``x``; the rest as for ``fftn``.

    >>> ag.fft.rfftn(np.array([[1.0, 2.0], [3.0, 4.0]])).real
    array([[10., -2.],
           [-4.,  0.]])
    """
    x, lengths, along = _grid(real_input(x, "rfftn", "fftn"), s, axes, "rfftn")
    return _transformed(x, lengths, _not_none(along, "rfftn"), checked_norm(norm, "rfftn"), rfft_op, fft_op)


@function(np.fft.irfftn, name="fft.irfftn", samples=_HALF_GRIDS, errors=_NO_GRIDS)
def irfftn(x: Any, /, s: _Numbers = None, axes: _Numbers = None, norm: str | None = None) -> Any:
    """The inverse of ``rfftn``: ``ifft`` along all axes but the last, then ``irfft`` along that one.

    It is linear; the gradient is one transform of the same size.

    Args:
        x: half a spectrum.
        s: the number of points of the signal along each of the axes; by default ``2 (m - 1)`` for m bins along the last one,
            so that an odd number has to be given. -1 stands for as many points as there are bins.
        axes: the axes to transform along; by default all of them.
        norm: as for ``fft``.

    Shapes: any -> same, with the lengths ``s`` along ``axes``; real.

    Raises:
        IndexError: for no axes.
        ValueError: for fewer than one point; the rest as for ``fftn``.

    >>> ag.fft.irfftn(ag.fft.rfftn(np.array([[1.0, 2.0], [3.0, 4.0]])))
    array([[1., 2.],
           [3., 4.]])
    """
    x, lengths, along = _grid(x, s, axes, "irfftn", half=True)
    return _transformed(x, lengths, _not_none(along, "irfftn"), checked_norm(norm, "irfftn"), irfft_op, ifft_op)


def _not_none(axes: tuple[int, ...], name: str) -> tuple[int, ...]:
    if not axes:
        raise IndexError(f"{name}: expected at least one axis, along the last of which the spectrum is halved; received none")
    return axes


# ---------------------------------------------------------------- two axes


@function(np.fft.fft2, name="fft.fft2", samples=_PLANES, errors=_NO_PLANES)
def fft2(x: Any, /, s: _Numbers = None, axes: _Numbers = (-2, -1), norm: str | None = None) -> Any:
    """``fftn`` along the last two axes by default: of a matrix, or of each of a stack of them.

    Shapes: ``(..., n, m)`` -> same, with the lengths ``s`` along ``axes``; complex.

    Raises:
        numpy.exceptions.AxisError: for fewer than two axes; the rest as for ``fftn``.

    >>> ag.fft.fft2(np.array([[1.0, 2.0], [3.0, 4.0]])).real
    array([[10., -2.],
           [-4.,  0.]])
    """
    return fftn(x, s, axes, norm)


@function(np.fft.ifft2, name="fft.ifft2", samples=_PLANES, errors=_NO_PLANES)
def ifft2(x: Any, /, s: _Numbers = None, axes: _Numbers = (-2, -1), norm: str | None = None) -> Any:
    """``ifftn`` along the last two axes by default: the inverse of ``fft2``.

    Shapes: ``(..., n, m)`` -> same, with the lengths ``s`` along ``axes``; complex.

    Raises:
        numpy.exceptions.AxisError: for fewer than two axes; the rest as for ``fftn``.

    >>> ag.fft.ifft2(ag.fft.fft2(np.array([[1.0, 2.0], [3.0, 4.0]]))).real
    array([[1., 2.],
           [3., 4.]])
    """
    return ifftn(x, s, axes, norm)


@function(np.fft.rfft2, name="fft.rfft2", samples=_REAL_PLANES, errors=(*_NO_PLANES, *_REAL_ONLY))
def rfft2(x: Any, /, s: _Numbers = None, axes: _Numbers = (-2, -1), norm: str | None = None) -> Any:
    """``rfftn`` along the last two axes by default: half the spectrum of a real image.

    Shapes: ``(..., n, m)`` -> same, with the lengths ``s`` along ``axes``, ``s[-1] // 2 + 1`` along the last of them; complex.

    Raises:
        numpy.exceptions.AxisError: for fewer than two axes; the rest as for ``rfftn``.

    >>> ag.fft.rfft2(np.ones((2, 4))).real
    array([[8., 0., 0.],
           [0., 0., 0.]])
    """
    return rfftn(x, s, axes, norm)


@function(np.fft.irfft2, name="fft.irfft2", samples=_PLANES, errors=_NO_PLANES)
def irfft2(x: Any, /, s: _Numbers = None, axes: _Numbers = (-2, -1), norm: str | None = None) -> Any:
    """``irfftn`` along the last two axes by default: the inverse of ``rfft2``.

    Shapes: ``(..., n, m)`` -> same, with the lengths ``s`` along ``axes``; real.

    Raises:
        numpy.exceptions.AxisError: for fewer than two axes; the rest as for ``irfftn``.

    >>> ag.fft.irfft2(ag.fft.rfft2(np.array([[1.0, 2.0], [3.0, 4.0]])))
    array([[1., 2.],
           [3., 4.]])
    """
    return irfftn(x, s, axes, norm)
