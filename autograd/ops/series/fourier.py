"""Discrete Fourier transforms along one axis or several, with the lengths, axes and norms of ``numpy.fft``.

Each of the six ops crops its input, or pads it with zeros at the end, to ``lengths`` along ``axes``, and transforms it
there. Of those between real signals and half their spectrum, the last of the axes is the one with the half; along the others
they transform as ``fft`` or ``ifft`` does. The public functions of one axis stand here, those of several in ``fourier_grids``.

Note [transposes of Fourier transforms]: the Fourier matrix is symmetric, so ``fft`` is its own transpose, and so is
``ifft``. ``rfft`` keeps half of the spectrum of a real signal, and ``hfft`` makes a real signal of such a half, in which all
bins count twice but those that are their own mirror image: the first one, and the last one of an even length. So the
transpose of ``rfft`` is ``hfft`` of the cotangent with the doubled bins halved, that of ``hfft`` is ``rfft`` with those bins
doubled; ``ihfft`` and ``irfft`` are related likewise. Cropping and padding are transposes of each other. Hence each gradient,
of any order, is one fast transform.
"""

from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.batch_rules import shifted
from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.arrays.padding import pad
from autograd.samples import complexes, integers, reals, sample

# ---------------------------------------------------------------- the ops

_OPPOSITE = {"backward": "forward", "ortho": "ortho", "forward": "backward"}  # the norm of the inverse transform


def _resized(x: Any, shape: tuple[int, ...]) -> Any:
    """``x`` cropped, or padded with zeros at the end, to ``shape``."""
    if x.shape == shape:
        return x
    if any([new < old for new, old in zip(shape, x.shape, strict=True)]):
        x = x[tuple([slice(length) for length in shape])]
    missing = [(0, new - old) for new, old in zip(shape, x.shape, strict=True)]
    return pad(x, missing) if any([after for _, after in missing]) else x


def _weighted(x: Any, weight: float, lengths: tuple[int, ...], axes: tuple[int, ...]) -> Any:
    """Half a spectrum with the bins that stand for two multiplied by ``weight``."""
    bins = x.shape[axes[-1]]
    weights = np.full(bins, weight, np.finfo(x.dtype).dtype)
    weights[0] = 1
    if lengths[-1] % 2 == 0:
        weights[-1] = 1
    return x * weights.reshape((-1, *[1] * (x.ndim - 1 - axes[-1])))


_COMPLEX = (
    sample(complexes(4), lengths=(4,), axes=(0,), norm="backward"),
    sample(reals(2, 3), lengths=(5,), axes=(1,), norm="ortho"),
    sample(complexes(3, 2, 4), lengths=(2, 5), axes=(0, 2), norm="forward"),
)
_REAL = (
    sample(reals(4), lengths=(4,), axes=(0,), norm="backward"),
    sample(reals(2, 3), lengths=(5,), axes=(1,), norm="ortho"),
    sample(reals(3, 2, 4), lengths=(4, 3), axes=(2, 0), norm="forward"),
)


@op(linear=True, name="fft", public=False, samples=_COMPLEX)
def fft_op(x: Any, *, lengths: tuple[int, ...], axes: tuple[int, ...], norm: Any) -> Any:
    if len(axes) == 1:
        return np.fft.fft(x, lengths[0], axes[0], norm)
    return np.fft.fftn(x, lengths, axes, norm)


@op(linear=True, name="ifft", public=False, samples=_COMPLEX)
def ifft_op(x: Any, *, lengths: tuple[int, ...], axes: tuple[int, ...], norm: Any) -> Any:
    if len(axes) == 1:
        return np.fft.ifft(x, lengths[0], axes[0], norm)
    return np.fft.ifftn(x, lengths, axes, norm)


@op(linear=True, name="rfft", public=False, samples=_REAL)
def rfft_op(x: Any, *, lengths: tuple[int, ...], axes: tuple[int, ...], norm: Any) -> Any:
    if len(axes) == 1:
        return np.fft.rfft(x, lengths[0], axes[0], norm)
    return np.fft.rfftn(x, lengths, axes, norm)


@op(linear=True, name="irfft", public=False, samples=_COMPLEX)
def irfft_op(x: Any, *, lengths: tuple[int, ...], axes: tuple[int, ...], norm: Any) -> Any:
    if not x.shape[axes[-1]]:  # NumPy 2.4 reads the first bin even where there is none, and so whatever lies in memory
        x = _resized(x, tuple([1 if axis == axes[-1] else length for axis, length in enumerate(x.shape)]))
    if len(axes) == 1:
        return np.fft.irfft(x, lengths[0], axes[0], norm)
    return np.fft.irfftn(x, lengths, axes, norm)


@op(linear=True, name="hfft", public=False, samples=_COMPLEX)
def hfft_op(x: Any, *, lengths: tuple[int, ...], axes: tuple[int, ...], norm: Any) -> Any:
    return irfft_op.op.forward(np.conjugate(x), lengths=lengths, axes=axes, norm=_OPPOSITE[norm])


@op(linear=True, name="ihfft", public=False, samples=_REAL)
def ihfft_op(x: Any, *, lengths: tuple[int, ...], axes: tuple[int, ...], norm: Any) -> Any:
    return np.conjugate(rfft_op.op.forward(x, lengths=lengths, axes=axes, norm=_OPPOSITE[norm]))


fft_op.vjp(x=lambda g, x_shape, lengths, axes, norm: _resized(fft_op(g, lengths=lengths, axes=axes, norm=norm), x_shape))
ifft_op.vjp(x=lambda g, x_shape, lengths, axes, norm: _resized(ifft_op(g, lengths=lengths, axes=axes, norm=norm), x_shape))
rfft_op.vjp(
    x=lambda g, x_shape, lengths, axes, norm: _resized(
        hfft_op(_weighted(g, 0.5, lengths, axes), lengths=lengths, axes=axes, norm=norm), x_shape
    )
)
hfft_op.vjp(
    x=lambda g, x_shape, lengths, axes, norm: _resized(
        _weighted(rfft_op(g, lengths=lengths, axes=axes, norm=norm), 2.0, lengths, axes), x_shape
    )
)
ihfft_op.vjp(
    x=lambda g, x_shape, lengths, axes, norm: _resized(
        irfft_op(_weighted(g, 0.5, lengths, axes), lengths=lengths, axes=axes, norm=norm), x_shape
    )
)
irfft_op.vjp(
    x=lambda g, x_shape, lengths, axes, norm: _resized(
        _weighted(ihfft_op(g, lengths=lengths, axes=axes, norm=norm), 2.0, lengths, axes), x_shape
    )
)

for _transform in (fft_op, ifft_op, rfft_op, irfft_op, hfft_op, ihfft_op):
    _transform.batch(shifted("axes"))


# ---------------------------------------------------------------- arguments


def checked_norm(norm: str | None, name: str) -> str:
    if norm is None:
        return "backward"
    if norm not in _OPPOSITE:
        raise ValueError(f"{name}: expected norm 'backward', 'ortho' or 'forward', received {norm!r}")
    return norm


def checked_length(length: int, axis: int, name: str) -> int:
    if length < 1:
        raise ValueError(
            f"{name}: expected at least one point to transform, received {length} along axis {axis}; give the length (n or s), "
            "or an input that is not empty there"
        )
    return length


def real_input(x: Any, name: str, instead: str) -> Any:
    x = as_array(x)
    if x.dtype.kind == "c":
        raise TypeError(f"{name}: expected a real input, received {x.dtype}; take ag.fft.{instead}, or the real part")
    return x


def _along(transform: Any, x: Any, n: int | None, axis: int, norm: str | None, name: str, half: bool = False) -> Any:
    """A transform along one axis; ``half``: ``x`` is half a spectrum, and of the full one there are ``2 (m - 1)`` points."""
    x = as_array(x)
    axis = normalize_axis_index(axis, x.ndim)
    length = (2 * (x.shape[axis] - 1) if half else x.shape[axis]) if n is None else index(n)
    return transform(x, lengths=(checked_length(length, axis, name),), axes=(axis,), norm=checked_norm(norm, name))


# ---------------------------------------------------------------- transforms along one axis

_ALONG_ONE = (
    sample(reals(4)),
    sample(complexes(2, 3)),
    sample(complexes(3, 2), 5, 0, "ortho"),
    sample(complexes(2, 5), n=3, norm="forward"),
    sample(integers(4)),
)
_REAL_ALONG_ONE = (
    sample(reals(4)),
    sample(reals(2, 3)),
    sample(reals(3, 2), 5, 0, "ortho"),
    sample(reals(2, 5), n=2, norm="forward"),
    sample(integers(4)),
)
_HALF_ALONG_ONE = (
    sample(complexes(4)),
    sample(reals(2, 3)),
    sample(complexes(2, 3, 1), 5, 1, "ortho"),
    sample(complexes(2, 5, 1), n=4, axis=1, norm="forward"),
    sample(complexes(1, 2, 2), 7, -2),
)
_NOT_ALONG_ONE = (
    (sample(reals(3), 0), ValueError),
    (sample(reals(0)), ValueError),
    (sample(reals(3), axis=1), IndexError),
    (sample(reals()), IndexError),
    (sample(reals(3), 2.0), TypeError),
    (sample(reals(3), norm="unitary"), ValueError),
)
_REAL_ONLY = ((sample(complexes(3)), TypeError),)


@function(np.fft.fft, name="fft.fft", samples=_ALONG_ONE, errors=_NOT_ALONG_ONE)
def fft(x: Any, /, n: int | None = None, axis: int = -1, norm: str | None = None) -> Any:
    """The discrete Fourier transform ``out[k] = sum over j of x[j] exp(-2 pi i j k / n)``.

    It is linear, and its matrix is symmetric: the gradient is the same transform of the cotangent.

    Args:
        x: the input, real or complex.
        n: how many points to transform: ``x`` is cropped, or padded with zeros at the end; all of them by default.
        axis: the axis to transform along.
        norm: where a factor stands: ``"backward"`` 1 here and ``1 / n`` in the inverse, ``"forward"`` the other way round,
            ``"ortho"`` ``1 / sqrt(n)`` in both. ``None`` means ``"backward"``.

    Shapes: any -> same, with length n along ``axis``; complex.

    Raises:
        ValueError: for fewer than one point, and for another norm.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        TypeError: for a length that is no whole number.

    Source: J. W. Cooley, J. W. Tukey, "An algorithm for the machine calculation of complex Fourier series", Mathematics of
    Computation 19, 1965.

    >>> ag.fft.fft(np.array([1.0, 2.0, 3.0, 4.0])).real
    array([10., -2., -2., -2.])
    """
    return _along(fft_op, x, n, axis, norm, "fft")


@function(np.fft.ifft, name="fft.ifft", samples=_ALONG_ONE, errors=_NOT_ALONG_ONE)
def ifft(x: Any, /, n: int | None = None, axis: int = -1, norm: str | None = None) -> Any:
    """The inverse of ``fft``: ``out[j] = (1 / n) sum over k of x[k] exp(2 pi i j k / n)``; its own transpose, too.

    Arguments, and what is raised, as for ``fft``.

    Shapes: any -> same, with length n along ``axis``; complex.

    >>> ag.fft.ifft(ag.fft.fft(np.array([1.0, 2.0, 3.0, 4.0]))).real
    array([1., 2., 3., 4.])
    """
    return _along(ifft_op, x, n, axis, norm, "ifft")


@function(np.fft.rfft, name="fft.rfft", samples=_REAL_ALONG_ONE, errors=(*_NOT_ALONG_ONE, *_REAL_ONLY))
def rfft(x: Any, /, n: int | None = None, axis: int = -1, norm: str | None = None) -> Any:
    """The first half, ``n // 2 + 1`` bins, of the Fourier transform of a real signal; the rest mirrors it, conjugated.

    The gradient is the ``hfft`` of the cotangent, with the bins halved that stand for two.

    Arguments as for ``fft``.

    Shapes: any -> same, with length ``n // 2 + 1`` along ``axis``; complex.

    Raises:
        TypeError: for complex ``x``; the rest as for ``fft``.

    >>> ag.fft.rfft(np.array([1.0, 2.0, 3.0, 4.0])).real
    array([10., -2., -2.])
    """
    return _along(rfft_op, real_input(x, "rfft", "fft"), n, axis, norm, "rfft")


@function(np.fft.irfft, name="fft.irfft", samples=_HALF_ALONG_ONE, errors=_NOT_ALONG_ONE)
def irfft(x: Any, /, n: int | None = None, axis: int = -1, norm: str | None = None) -> Any:
    """The inverse of ``rfft``: a real signal of n points from the first half of its spectrum.

    The imaginary parts of the first bin, and of the last one for even n, do not count: their derivative is 0. The gradient is
    the ``ihfft`` of the cotangent, with the bins doubled that stand for two.

    Args:
        x: the first half of a spectrum.
        n: the number of points of the signal, by default ``2 (m - 1)`` for m bins; an odd number has to be given.
        axis: the axis to transform along.
        norm: as for ``fft``.

    Shapes: any -> same, with length n along ``axis``; real.

    Raises:
        ValueError: for fewer than one point; the rest as for ``fft``.

    >>> ag.fft.irfft(ag.fft.rfft(np.array([1.0, 2.0, 3.0, 4.0])))
    array([1., 2., 3., 4.])
    """
    return _along(irfft_op, x, n, axis, norm, "irfft", half=True)


@function(np.fft.hfft, name="fft.hfft", samples=_HALF_ALONG_ONE, errors=_NOT_ALONG_ONE)
def hfft(x: Any, /, n: int | None = None, axis: int = -1, norm: str | None = None) -> Any:
    """The Fourier transform, which is real, of a signal that mirrors itself, conjugated, and of which ``x`` is the first half.

    The gradient is the ``rfft`` of the cotangent, with the bins doubled that stand for two. Arguments as for ``irfft``.

    Shapes: any -> same, with length n along ``axis``; real.

    Raises:
        ValueError: for fewer than one point; the rest as for ``fft``.

    >>> ag.fft.hfft(np.array([1.0, 2.0, 3.0]))
    array([ 8., -2.,  0., -2.])
    """
    return _along(hfft_op, x, n, axis, norm, "hfft", half=True)


@function(np.fft.ihfft, name="fft.ihfft", samples=_REAL_ALONG_ONE, errors=(*_NOT_ALONG_ONE, *_REAL_ONLY))
def ihfft(x: Any, /, n: int | None = None, axis: int = -1, norm: str | None = None) -> Any:
    """The inverse of ``hfft``: the first half, ``n // 2 + 1`` points, of a signal whose Fourier transform is the real ``x``.

    The gradient is the ``irfft`` of the cotangent, with the points halved that stand for two. Arguments as for ``fft``.

    Shapes: any -> same, with length ``n // 2 + 1`` along ``axis``; complex.

    Raises:
        TypeError: for complex ``x``; the rest as for ``fft``.

    >>> ag.fft.ihfft(ag.fft.hfft(np.array([1.0, 2.0, 3.0]))).real
    array([1., 2., 3.])
    """
    return _along(ihfft_op, real_input(x, "ihfft", "ifft"), n, axis, norm, "ihfft")
