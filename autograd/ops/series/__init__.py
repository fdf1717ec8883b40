"""Sampled functions and their coefficients: Fourier transforms, differences, convolutions, interpolation, polynomials."""
