"""Diagonals and triangles of matrices: to read a diagonal, to sum it, to make one, to keep what lies on one side of it.

All of them are linear. A diagonal's gradient is put back on that diagonal, a triangle's is the same triangle of the cotangent.
"""

from operator import index
from typing import Any

import numpy as np

from autograd.batch_rules import further, leading, shifted
from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.arrays.shaping import broadcast_to, ravel
from autograd.ops.reductions.reduction import sum
from autograd.record import Op
from autograd.samples import complexes, integers, reals, sample

# ---------------------------------------------------------------- diagonals


def _matrices(x: Any, axis1: int, axis2: int) -> Any:
    """A view of an array with the two axes last."""
    return np.moveaxis(x, (axis1, axis2), (-2, -1))


@op(
    linear=True,
    view=True,
    name="diagonal",
    public=False,
    samples=[sample(reals(3, 4), offset=1, axis1=0, axis2=1), sample(reals(3, 2, 3), offset=-1, axis1=2, axis2=0)],
)
def _diagonal(x: Any, *, offset: int, axis1: int, axis2: int) -> Any:
    return x.diagonal(offset, axis1, axis2)


@op(
    linear=True,
    name="embed_diagonal",
    public=False,
    samples=[
        sample(reals(3), shape=(3, 4), offset=1, axis1=0, axis2=1),
        sample(reals(2, 2), shape=(3, 2, 3), offset=-1, axis1=2, axis2=0),
    ],
)
def _embed_diagonal(x: Any, *, shape: tuple[int, ...], offset: int, axis1: int, axis2: int) -> Any:
    """Zeros of the given shape with ``x`` on a diagonal."""
    out = np.zeros(shape, x.dtype)
    places = np.arange(x.shape[-1])
    _matrices(out, axis1, axis2)[..., places + max(-offset, 0), places + max(offset, 0)] = x
    return out


_diagonal.vjp(
    x=lambda g, x_shape, offset, axis1, axis2: _embed_diagonal(g, shape=x_shape, offset=offset, axis1=axis1, axis2=axis2)
)
_embed_diagonal.vjp(x=lambda g, offset, axis1, axis2: _diagonal(g, offset=offset, axis1=axis1, axis2=axis2))
_diagonal.batch(shifted("axis1", "axis2"))


def _embed_diagonal_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    shape = statics["shape"]
    axis1, axis2 = [further(statics[name], len(shape)) for name in ("axis1", "axis2")]
    return record.call(*arrays, shape=(level.size, *shape), offset=statics["offset"], axis1=axis1, axis2=axis2)


_embed_diagonal.batch(_embed_diagonal_of_examples)

DIAGONALS = (
    sample(reals(3, 3)),
    sample(reals(3, 4), 1),
    sample(reals(4, 3), offset=-1),
    sample(reals(2, 3, 4), axis1=-1, axis2=1),
    sample(reals(3, 4), 7),
    sample(complexes(2, 2)),
)
NO_DIAGONALS = (
    (sample(reals(3)), ValueError),
    (sample(reals(3, 3), 0, 1, 1), ValueError),
    (sample(reals(3, 3), 0, 0, 2), np.exceptions.AxisError),
)


@function(np.diagonal, samples=DIAGONALS, errors=NO_DIAGONALS)
def diagonal(x: Any, /, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The elements ``x[i, i + offset]`` of the matrices in two axes; a read-only view.

    Shapes: any -> ``x.shape`` without the two axes, and the diagonal's length at the end.

    Raises:
        ValueError: for fewer than two axes, or twice the same one.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.diagonal(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([1., 4.])
    """
    return _diagonal(x, offset=index(offset), axis1=index(axis1), axis2=index(axis2))


@function(
    np.trace,
    samples=[
        *DIAGONALS,
        sample(reals(2, 3), dtype=np.complex128),
        sample(integers(3, 3)),
        sample(integers(2, 2), 0, 0, 1, np.dtype(float)),
    ],
    errors=NO_DIAGONALS,
)
def trace(x: Any, /, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Any:
    """The sum of a diagonal: of ``x[i, i + offset]`` over i; its derivative is 1 on the diagonal.

    Args:
        x: the input.
        offset: which diagonal.
        axis1: the axis of i.
        axis2: the axis of ``i + offset``.
        dtype: the dtype to add up in, and of the result.

    Shapes: any -> ``x.shape`` without the two axes.

    Raises:
        ValueError: for fewer than two axes, or twice the same one.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.trace(np.array([[1.0, 2.0], [3.0, 4.0]]))
    np.float64(5.0)
    """
    return sum(diagonal(as_array(x), offset, axis1, axis2), -1, dtype)


@function(
    np.diag,
    samples=[
        sample(reals(3)),
        sample(reals(2), 1),
        sample(reals(2), k=-2),
        sample(reals(3, 4), 1),
        sample(reals(4, 3), k=-1),
        sample(complexes(2)),
    ],
    errors=[(sample(reals()), ValueError), (sample(reals(2, 2, 2)), ValueError), (sample(reals(2), 0.5), TypeError)],
)
def diag(x: Any, /, k: int = 0) -> Any:
    """Of a vector the matrix with it on diagonal ``k`` and 0 elsewhere; of a matrix its diagonal ``k``, a read-only view.

    The gradient goes the other way: it is read from the diagonal, or put back on it.

    Shapes: ``(n,)`` -> ``(n + |k|, n + |k|)``; ``(m, n)`` -> the diagonal's length.

    Raises:
        ValueError: for an input with no axes, or more than two.

    >>> ag.diag(np.array([1.0, 2.0]))
    array([[1., 0.],
           [0., 2.]])
    """
    x, k = as_array(x), index(k)
    if x.ndim == 2:
        return _diagonal(x, offset=k, axis1=0, axis2=1)
    if x.ndim != 1:
        raise ValueError(f"diag: expected a vector or a matrix, received shape {x.shape}; for stacks there is ag.diagonal")
    return _on_diagonal(x, k)


@function(
    np.diagflat,
    samples=[sample(reals(2, 2)), sample(reals(3), 1), sample(reals(2), k=-1), sample(reals()), sample(complexes(1, 2))],
    errors=[(sample(reals(2), 0.5), TypeError)],
)
def diagflat(x: Any, /, k: int = 0) -> Any:
    """The matrix with all elements of ``x`` on diagonal ``k`` and 0 elsewhere; the gradient is read from the diagonal.

    Shapes: n elements -> ``(n + |k|, n + |k|)``.

    >>> ag.diagflat(np.array([[1.0], [2.0]]), 1)
    array([[0., 1., 0.],
           [0., 0., 2.],
           [0., 0., 0.]])
    """
    return _on_diagonal(ravel(as_array(x)), index(k))


def _on_diagonal(x: Any, k: int) -> Any:
    n = x.shape[0] + abs(k)
    return _embed_diagonal(x, shape=(n, n), offset=k, axis1=0, axis2=1)


# ---------------------------------------------------------------- triangles


@op(linear=True, name="tril", public=False, samples=[sample(reals(2, 3, 4), k=1)])
def _tril(x: Any, *, k: int) -> Any:
    return np.tril(x, k)


_tril.vjp(x=lambda g, k: _tril(g, k=k))
_tril.batch(leading(2))


@op(linear=True, name="triu", public=False, samples=[sample(reals(2, 3, 4), k=-1)])
def _triu(x: Any, *, k: int) -> Any:
    return np.triu(x, k)


_triu.vjp(x=lambda g, k: _triu(g, k=k))
_triu.batch(leading(2))

TRIANGLES = (
    sample(reals(3, 3)),
    sample(reals(2, 3, 4), 1),
    sample(reals(4, 3), k=-1),
    sample(reals(3)),
    sample(complexes(2, 2)),
)


def _as_matrix(x: Any, name: str) -> Any:
    x = as_array(x)
    if x.ndim == 0:
        raise TypeError(f"{name}: expected a matrix or a stack of them, received a number")
    return broadcast_to(x, (x.shape[0], x.shape[0])) if x.ndim == 1 else x


@function(np.tril, samples=TRIANGLES, errors=[(sample(reals()), TypeError)])
def tril(x: Any, /, k: int = 0) -> Any:
    """The lower triangle: ``x[..., i, j]`` where ``j <= i + k``, and 0 above.

    Shapes: ``(..., m, n)`` -> same; a vector counts as equal rows, ``(n,)`` -> ``(n, n)``.

    Raises:
        TypeError: for a number.

    >>> ag.tril(np.ones((2, 2)))
    array([[1., 0.],
           [1., 1.]])
    """
    return _tril(_as_matrix(x, "tril"), k=index(k))


@function(np.triu, samples=TRIANGLES, errors=[(sample(reals()), TypeError)])
def triu(x: Any, /, k: int = 0) -> Any:
    """The upper triangle: ``x[..., i, j]`` where ``j >= i + k``, and 0 below.

    Shapes: ``(..., m, n)`` -> same; a vector counts as equal rows, ``(n,)`` -> ``(n, n)``.

    Raises:
        TypeError: for a number.

    >>> ag.triu(np.ones((2, 2)))
    array([[1., 1.],
           [0., 1.]])
    """
    return _triu(_as_matrix(x, "triu"), k=index(k))
