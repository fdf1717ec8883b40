"""Powers: of matrices, and of numbers as the rows of a Vandermonde matrix."""

from operator import index
from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.matrices.decompositions import check_square
from autograd.ops.matrices.linear_algebra import matmul
from autograd.ops.matrices.solving import complex_regular, inv, regular
from autograd.record import Op
from autograd.samples import complexes, integers, reals, sample

# ---------------------------------------------------------------- powers of matrices


@function(
    np.linalg.matrix_power,
    samples=[
        sample(reals(2, 2), 0),
        sample(reals(2, 2), 1),
        sample(reals(2, 3, 3), 2),
        sample(reals(2, 2), 3),
        sample(reals(3, 3), 7),
        sample(regular(3), -1),
        sample(regular(2, 2), -3),
        sample(complex_regular(2), -2),
        sample(complexes(2, 2), 4),
        sample(integers(2, 2), 3),
    ],
    errors=[
        (sample(reals(2, 3), 2), np.linalg.LinAlgError),
        (sample(reals(3), 2), np.linalg.LinAlgError),
        (sample(reals(2, 2), 0.5), TypeError),
        (sample(np.ones((2, 2)), -1), np.linalg.LinAlgError),
    ],
)
def matrix_power(x: Any, n: int, /) -> Any:
    """The product of ``n`` times the same square matrix; for a negative ``n``, of its inverse.

    It takes about ``2 log2(n)`` products, by repeated squaring, and the derivative as many again. ``n = 0`` gives the identity,
    through which no gradient flows.

    Shapes: ``(..., m, m)`` -> same.

    Raises:
        numpy.linalg.LinAlgError: for a matrix that is not square, and for a negative power of a singular one.
        TypeError: for an exponent that is no whole number.

    Source: D. E. Knuth, The Art of Computer Programming, volume 2, 4.6.3.

    >>> ag.linalg.matrix_power(np.array([[1.0, 1.0], [0.0, 1.0]]), 5)
    array([[1., 5.],
           [0., 1.]])
    """
    x = as_array(x)
    check_square(x, "matrix_power")
    try:
        n = index(n)
    except TypeError:
        raise TypeError(f"matrix_power: expected a whole number as the exponent, received {n!r}") from None
    if n == 0:
        return np.zeros_like(x) + np.eye(x.shape[-1], dtype=x.dtype)
    if n < 0:
        try:
            x, n = inv(x), -n
        except np.linalg.LinAlgError as error:
            error.add_note(f"raised by matrix_power for the exponent {n}")
            raise
    if n == 3:  # the order of NumPy's products, which decides about the last digit
        return matmul(matmul(x, x), x)
    out = None
    while True:
        n, odd = divmod(n, 2)
        if odd:
            out = x if out is None else matmul(out, x)
        if n == 0:
            return out
        x = matmul(x, x)


# ---------------------------------------------------------------- powers of numbers


@op(
    name="vander",
    public=False,
    samples=[sample(reals(3), count=4, increasing=False), sample(complexes(2), count=3, increasing=True)],
)
def _vander(x: Any, *, count: int, increasing: bool) -> Any:
    return np.vander(x, count, increasing)


def _vander_rule(g: Any, out: Any, x_shape: tuple[int, ...], count: int, increasing: bool) -> Any:
    if count < 2:
        return np.zeros_like(g, shape=x_shape)
    exponents = np.arange(1, count).astype(g.real.dtype)
    if increasing:
        return (g[:, 1:] * exponents * out[:, :-1]).sum(1)
    return (g[:, :-1] * exponents[::-1] * out[:, 1:]).sum(1)


_vander.vjp(x=_vander_rule)


def _vander_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    (x,) = arrays
    rows = record.call(np.reshape(x, x.shape[0] * x.shape[1]), **statics)
    return np.reshape(rows, (*x.shape, statics["count"]))


_vander.batch(_vander_of_examples)


@function(
    np.vander,
    samples=[
        sample(reals(3)),
        sample(reals(3), 4),
        sample(reals(2), 3, increasing=True),
        sample(reals(2), N=1),
        sample(reals(2), 0),
        sample(complexes(3), 2),
        sample(integers(3)),
    ],
    errors=[(sample(reals(2, 2)), ValueError), (sample(reals(2), -1), ValueError), (sample(reals(2), 1.5), TypeError)],
)
def vander(x: Any, /, N: int | None = None, increasing: bool = False) -> Any:
    """The Vandermonde matrix: the powers of each number, ``out[i, j] = x[i] ** (N - 1 - j)``; derivative ``k x**(k - 1)``.

    Args:
        x: the numbers.
        N: how many powers; by default as many as numbers.
        increasing: from the power 0 on, and not down to it.

    Shapes: ``(n,)`` -> ``(n, N)``.

    Raises:
        ValueError: for an input without exactly one axis, and a negative ``N``.
        TypeError: for an ``N`` that is no whole number.

    >>> ag.vander(np.array([1.0, 2.0, 3.0]), increasing=True)
    array([[1., 1., 1.],
           [1., 2., 4.],
           [1., 3., 9.]])
    """
    x = as_array(x)
    if x.ndim != 1:
        raise ValueError(f"vander: expected one axis, received shape {x.shape}; use ag.ravel")
    return _vander(x, count=x.shape[0] if N is None else index(N), increasing=bool(increasing))
