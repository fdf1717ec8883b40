"""Discrete Fourier transforms, as in ``numpy.fft`` and the ``fft`` extension of the Python array API standard."""

__all__: list[str] = []
