"""Functions of the ``linalg`` namespace that read their arguments otherwise than the top-level functions of the same name.

They take matrices in the last two axes and vectors in the last one, as the array API standard has it.
"""

from typing import Any

import numpy as np

from autograd.gate import function
from autograd.ops.arguments import as_array
from autograd.ops.matrices import diagonals, linear_algebra, products
from autograd.samples import complexes, integers, reals, sample

_MATRICES = (sample(reals(3, 3)), sample(reals(2, 3, 4), offset=1), sample(reals(4, 3), offset=-1), sample(complexes(2, 2, 3)))
_NO_MATRICES = ((sample(reals(3)), ValueError), (sample(reals()), ValueError))


@function(np.linalg.diagonal, name="linalg.diagonal", samples=_MATRICES, errors=_NO_MATRICES)
def diagonal(x: Any, /, *, offset: int = 0) -> Any:
    """The elements ``x[..., i, i + offset]``; a read-only view. The gradient is put back on the diagonal.

    Shapes: ``(..., m, n)`` -> ``(..., k)``, the diagonal's length at the end.

    Raises:
        ValueError: for fewer than two axes.

    >>> ag.linalg.diagonal(np.array([[[1.0, 2.0], [3.0, 4.0]]]))
    array([[1., 4.]])
    """
    return diagonals.diagonal(_matrices(x, "diagonal"), offset, -2, -1)


@function(
    np.linalg.trace,
    name="linalg.trace",
    samples=[*_MATRICES, sample(reals(2, 2), dtype=np.complex128), sample(integers(2, 3, 3))],
    errors=_NO_MATRICES,
)
def trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    """The sum of ``x[..., i, i + offset]`` over i; its derivative is 1 on the diagonal.

    Args:
        x: the input.
        offset: which diagonal.
        dtype: the dtype to add up in, and of the result.

    Shapes: ``(..., m, n)`` -> ``(...)``.

    Raises:
        ValueError: for fewer than two axes.

    >>> ag.linalg.trace(np.array([[[1.0, 2.0], [3.0, 4.0]]]))
    array([5.])
    """
    return diagonals.trace(_matrices(x, "trace"), offset, -2, -1, dtype)


def _matrices(x: Any, name: str) -> Any:
    x = as_array(x)
    if x.ndim < 2:
        raise ValueError(f"linalg.{name}: expected a matrix or a stack of them, received shape {x.shape}")
    return x


@function(
    np.linalg.outer,
    name="linalg.outer",
    samples=[sample(reals(3), reals(4)), sample(complexes(2), reals(3))],
    errors=[(sample(reals(2, 2), reals(3)), ValueError), (sample(reals(3), reals()), ValueError)],
)
def outer(x1: Any, x2: Any, /) -> Any:
    """All products of an element of one vector and one of the other: ``out[i, j] = x1[i] x2[j]``.

    The derivatives are ``g @ x2`` and ``x1 @ g``.

    Shapes: ``(n,), (m,)`` -> ``(n, m)``.

    Raises:
        ValueError: for an input without exactly one axis.

    >>> ag.linalg.outer(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    array([[3., 4.],
           [6., 8.]])
    """
    x1, x2 = as_array(x1), as_array(x2)
    if x1.ndim != 1 or x2.ndim != 1:
        raise ValueError(
            f"linalg.outer: expected two vectors, received shapes {x1.shape} and {x2.shape}; ag.outer flattens its inputs"
        )
    return linear_algebra.outer(x1, x2)


@function(
    np.linalg.cross,
    name="linalg.cross",
    samples=[sample(reals(3), reals(3)), sample(reals(3, 1, 2), reals(3, 4, 1), axis=0), sample(complexes(2, 3), reals(3))],
    errors=[
        (sample(reals(2), reals(3)), ValueError),
        (sample(reals(4), reals(4)), ValueError),
        (sample(reals(3), reals(3), axis=1), ValueError),
    ],
)
def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """The vector product in three dimensions, of the vectors along ``axis``; derivatives ``cross(x2, g)``, ``cross(g, x1)``.

    Shapes: ``(..., 3), (..., 3)`` -> ``(..., 3)``; with ``axis``, the 3 is in its place.

    Raises:
        ValueError: for vectors of another length, and for other axes that do not broadcast.
        numpy.exceptions.AxisError: for an axis that an input does not have.

    >>> ag.linalg.cross(np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]))
    array([0., 0., 1.])
    """
    x1, x2 = as_array(x1), as_array(x2)
    for each in (x1, x2):
        if each.ndim and -each.ndim <= axis < each.ndim and each.shape[axis] != 3:
            raise ValueError(
                f"linalg.cross: expected vectors of 3 elements along axis {axis}, received shapes {x1.shape} and {x2.shape}"
            )
    return products.cross(x1, x2, axis=axis)
