"""Discrete Fourier transforms, as in ``numpy.fft`` and the ``fft`` extension of the Python array API standard."""

from autograd.ops.series.fourier import fft, hfft, ifft, ihfft, irfft, rfft
from autograd.ops.series.fourier_grids import fft2, fftn, ifft2, ifftn, irfft2, irfftn, rfft2, rfftn
from autograd.ops.series.frequencies import fftfreq, fftshift, ifftshift, rfftfreq

__all__ = [
    "fft",
    "fft2",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "ifft",
    "ifft2",
    "ifftn",
    "ifftshift",
    "ihfft",
    "irfft",
    "irfft2",
    "irfftn",
    "rfft",
    "rfft2",
    "rfftfreq",
    "rfftn",
]
