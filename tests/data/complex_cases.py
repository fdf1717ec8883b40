"""Expressions of complex arrays in the words that NumPy, JAX and PyTorch share, for recording and comparing gradients."""

import numpy as np


def vector(seed, *shape):
    """Complex numbers away from the branch cuts along the negative axis."""
    rng = np.random.Generator(np.random.PCG64(seed))
    return rng.uniform(0.3, 1.5, shape) + 1j * rng.uniform(-1.0, 1.0, shape)


def real_vector(seed, *shape):
    return np.random.Generator(np.random.PCG64(seed)).uniform(0.3, 1.5, shape)


Z, W, M, N, R = vector(1, 4), vector(2, 4), vector(3, 3, 3), vector(4, 3, 3), real_vector(5, 6)


def exponential_of_matrix(xp, m):
    values, vectors = xp.linalg.eig(m)
    return (vectors * xp.exp(values)) @ xp.linalg.inv(vectors)


def hermitian(xp, m):
    return m @ xp.conj(m).T + 2.0 * xp.eye(3)


CASES = {
    **{
        name: ((lambda xp, z, name=name: getattr(xp, name)(z)), (Z,))
        for name in [
            "exp",
            "expm1",
            "log",
            "log1p",
            "log2",
            "log10",
            "sqrt",
            "square",
            "reciprocal",
            "sin",
            "cos",
            "tan",
            "sinh",
            "cosh",
            "tanh",
            "arcsin",
            "arccos",
            "arctan",
            "arcsinh",
            "arccosh",
            "arctanh",
            "conj",
            "real",
            "imag",
            "abs",
            "angle",
        ]
    },
    "add": (lambda xp, z, w: z + w, (Z, W)),
    "subtract": (lambda xp, z, w: z - w, (Z, W)),
    "multiply": (lambda xp, z, w: z * w, (Z, W)),
    "divide": (lambda xp, z, w: z / w, (Z, W)),
    "power": (lambda xp, z, w: z**w, (Z, W)),
    "power of a whole number": (lambda xp, z: z**3, (Z,)),
    "a real factor": (lambda xp, z, r: z * r[:4], (Z, R)),
    "a real exponent": (lambda xp, z, r: z ** r[:4], (Z, R)),
    "absolute square": (lambda xp, z: xp.real(z * xp.conj(z)), (Z,)),
    "sum": (lambda xp, m: xp.sum(m, 0), (M,)),
    "mean": (lambda xp, m: xp.mean(m, 1), (M,)),
    "prod": (lambda xp, m: xp.prod(m, 1), (M,)),
    "cumsum": (lambda xp, m: xp.cumsum(m, 1), (M,)),
    "cumprod": (lambda xp, m: xp.cumprod(m, 1), (M,)),
    "where": (lambda xp, z, w: xp.where(xp.abs(z) > xp.abs(w), z, w * 2), (Z, W)),
    "indexing": (lambda xp, m: m[1:, [0, 0, 2]], (M,)),
    "transpose": (lambda xp, m: m.T @ m, (M,)),
    "matmul": (lambda xp, m, n: m @ n, (M, N)),
    "matrix times vector": (lambda xp, m, z: m @ z[:3], (M, Z)),
    "einsum": (lambda xp, m, n: xp.einsum("ij,kj->ik", m, xp.conj(n)), (M, N)),
    "outer": (lambda xp, z, w: xp.outer(z, w), (Z, W)),
    "norm": (lambda xp, z: xp.linalg.norm(z), (Z,)),
    "inv": (lambda xp, m: xp.linalg.inv(m), (M,)),
    "solve": (lambda xp, m, n: xp.linalg.solve(m, n), (M, N)),
    "det": (lambda xp, m: xp.linalg.det(m), (M,)),
    "logarithm of det": (lambda xp, m: xp.linalg.slogdet(m)[1], (M,)),
    "sign of det": (lambda xp, m: xp.linalg.slogdet(m)[0], (M,)),
    "pinv": (lambda xp, m: xp.linalg.pinv(m[:, :2]), (M,)),
    "cholesky": (lambda xp, m: xp.linalg.cholesky(hermitian(xp, m)), (M,)),
    "eigvalsh": (lambda xp, m: xp.linalg.eigvalsh(hermitian(xp, m)), (M,)),
    "eigh": (lambda xp, m: xp.abs(xp.linalg.eigh(hermitian(xp, m))[1]) ** 2, (M,)),
    "eigvals": (lambda xp, m: xp.sum(xp.exp(xp.linalg.eig(m)[0])), (M,)),
    "eig": (exponential_of_matrix, (M,)),
    "svdvals": (lambda xp, m: xp.linalg.svd(m, full_matrices=False)[1], (M,)),
    "qr": (lambda xp, m: xp.abs(xp.linalg.qr(m)[1]), (M,)),
    **{
        f"fft.{name}": ((lambda xp, z, name=name: getattr(xp.fft, name)(z)), (Z,))
        for name in ("fft", "ifft", "hfft", "irfft", "fftshift", "ifftshift")
    },
    **{f"fft.{name}": ((lambda xp, r, name=name: getattr(xp.fft, name)(r)), (R,)) for name in ("rfft", "ihfft", "fft", "ifft")},
    **{
        f"fft.{name}": ((lambda xp, m, name=name: getattr(xp.fft, name)(m)), (M,))
        for name in ("fft2", "ifft2", "fftn", "ifftn")
    },
    "fft.irfft of seven": (lambda xp, z: xp.fft.irfft(z, 7), (Z,)),
    "fft.fft padded": (lambda xp, z: xp.fft.fft(z, 6), (Z,)),
    "fft.fft cropped": (lambda xp, z: xp.fft.fft(z, 3), (Z,)),
    "fft filter of a real signal": (lambda xp, r: xp.real(xp.fft.ifft(xp.fft.fft(r) * xp.exp(-xp.abs(xp.fft.fft(r))))), (R,)),
}


def weights(shape):
    """Fixed weights of the real and the imaginary parts of a result."""
    numbers = np.arange(int(np.prod(shape))).reshape(shape)
    return np.cos(numbers), np.sin(numbers + 0.5)
