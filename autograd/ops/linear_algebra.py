"""Linear algebra: products of vectors, matrices and tensors, norms, diagonals and triangles."""

import math
from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.gate import function, op
from autograd.ops.elementwise import multiply
from autograd.ops.reduction import sum_to
from autograd.ops.shaping import broadcast_to, moveaxis, whole_numbers
from autograd.samples import complexes, reals, sample
from autograd.tensor import Tensor

# ---------------------------------------------------------------- products of matrices


@op(
    numpy=np.matmul,
    samples=[
        sample(reals(3, 4), reals(4, 2)),
        sample(reals(4), reals(4)),
        sample(reals(4), reals(4, 2)),
        sample(reals(3, 4), reals(4)),
        sample(reals(2, 3, 4), reals(4, 5)),
        sample(reals(2, 3, 4), reals(4)),
        sample(reals(4), reals(2, 4, 3)),
        sample(reals(3, 4), reals(2, 4, 5)),
        sample(reals(2, 1, 3, 4), reals(3, 4, 2)),
        sample(reals(1, 3, 4), reals(2, 4, 2)),
        sample(complexes(2, 3), reals(3, 2)),
    ],
    errors=[
        (sample(reals(2, 3), reals(2, 3)), ValueError),
        (sample(reals(2, 3), 2.0), ValueError),
        (sample(reals(2, 2, 3), reals(3, 3, 2)), ValueError),
    ],
)
def matmul(x1: Any, x2: Any) -> Any:
    """The matrix product ``x1 @ x2``: ``out[..., i, j] = sum over k of x1[..., i, k] x2[..., k, j]``.

    For matrices the derivatives are ``g @ x2.T`` and ``x1.T @ g``. A vector counts as a row on the left and as a column on the
    right, and the axis of length 1 is taken away again; leading axes broadcast.

    Shapes: ``(..., n, k), (..., k, m)`` -> ``(..., n, m)``; ``(k,), (k,)`` -> ``()``.

    Raises:
        ValueError: when the lengths k differ, leading axes do not broadcast, or an input has no axes.

    >>> ag.matmul(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, -1.0]))
    array([-1., -1.])
    """
    if isinstance(x1, np.ndarray) and isinstance(x2, np.ndarray) and 0 < x1.ndim < 3 and 0 < x2.ndim < 3:
        return x1.dot(x2)  # the same product, in a third of the time for small matrices
    return np.matmul(x1, x2)


def _matmul_x1(g: Any, x1_shape: tuple[int, ...], x2: Any) -> Any:
    if g.ndim == 2 == len(x1_shape):
        return g.dot(x2.T)
    if x2.ndim == 1:
        return g[..., None] * x2
    if x2.ndim == 2 and len(x1_shape) > 2:  # a stack of matrices times one: a single product of all their rows
        return _rows(g).dot(x2.T).reshape(x1_shape)
    if len(x1_shape) == 1:
        return x2.dot(g) if x2.ndim == 2 else sum_to((x2 @ g[..., None])[..., 0], shape=x1_shape)
    return sum_to(g @ x2.mT, shape=x1_shape)


def _matmul_x2(g: Any, x1: Any, x2_shape: tuple[int, ...]) -> Any:
    if g.ndim == 2 == x1.ndim:
        return x1.T.dot(g)
    if len(x2_shape) == 1:
        return g * x1 if x1.ndim == 1 else g.reshape(-1).dot(_rows(x1))
    if x1.ndim == 1:
        return sum_to(x1[:, None] * g[..., None, :], shape=x2_shape)
    if len(x2_shape) == 2:
        return _rows(x1).T.dot(_rows(g))
    return sum_to(x1.mT @ g, shape=x2_shape)


def _rows(x: Any) -> Any:
    """All rows of a stack of matrices as one matrix."""
    return x.reshape((math.prod(x.shape[:-1]), x.shape[-1]))


matmul.vjp(x1=_matmul_x1, x2=_matmul_x2)


def _as_array(x: Any) -> Any:
    return x if isinstance(x, Tensor | np.ndarray) else np.asarray(x)


@function(
    np.dot,
    samples=[
        sample(reals(3, 4), reals(4, 2)),
        sample(reals(4), reals(4)),
        sample(reals(2, 3, 4), reals(4)),
        sample(reals(2, 3), reals(4, 3, 5)),
        sample(reals(3), reals(4, 3, 5)),
        sample(reals(2, 3), 2.0),
        sample(reals(), reals(3)),
        sample(complexes(3), complexes(3)),
    ],
    errors=[(sample(reals(2, 3), reals(2, 3)), ValueError), (sample(reals(2, 3), reals(3, 2, 3)), ValueError)],
)
def dot(x1: Any, x2: Any, /) -> Any:
    """The sum of products over the last axis of ``x1`` and the last but one (of a vector: the only one) of ``x2``.

    A number times an array is their product. It differs from ``matmul`` where both have more than two axes: leading axes do
    not broadcast; each row of ``x1`` meets each matrix of ``x2``.

    Shapes: ``(..., k), (___, k, m)`` -> ``(..., ___, m)``; ``(..., k), (k,)`` -> ``(...)``.

    Raises:
        ValueError: when the lengths k differ.

    >>> ag.dot(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    np.float64(11.0)
    """
    x1, x2 = _as_array(x1), _as_array(x2)
    if x1.ndim == 0 or x2.ndim == 0:
        return multiply(x1, x2)
    return matmul(x1, x2) if x1.ndim == 1 or x2.ndim <= 2 else tensordot(x1, x2, (-1, -2))


# ---------------------------------------------------------------- products of vectors and tensors


def _conjugate(x: Any) -> Any:
    return np.conjugate(x) if x.dtype.kind == "c" else x


@op(name="vecdot", public=False, samples=[sample(reals(2, 3), reals(3)), sample(complexes(3), complexes(2, 3))])
def _vecdot(x1: Any, x2: Any) -> Any:
    return np.vecdot(x1, x2)


_vecdot.vjp(
    x1=lambda g, x2, x1_shape: sum_to(_conjugate(g[..., None] * x2), shape=x1_shape),
    x2=lambda g, x1, x2_shape: sum_to(g[..., None] * _conjugate(x1), shape=x2_shape),
)


@function(
    np.vecdot,
    samples=[
        sample(reals(3), reals(3)),
        sample(reals(2, 3), reals(3)),
        sample(reals(2, 1, 3), reals(4, 3)),
        sample(reals(3, 2), reals(3, 2), axis=0),
        sample(complexes(3), complexes(2, 3)),
    ],
    errors=[(sample(reals(2, 3), reals(4)), ValueError), (sample(reals(), reals()), ValueError)],
)
def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """The inner product of vectors along ``axis``: the sum of ``conj(x1) * x2``.

    Shapes: ``(..., n), (..., n)`` -> the broadcast of the leading axes; with ``axis``, n is in its place.

    Raises:
        ValueError: when the lengths n differ, leading axes do not broadcast, or an input has no axes.
        numpy.exceptions.AxisError: for an axis that an input does not have.

    >>> ag.vecdot(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, -1.0]))
    array([-1., -1.])
    """
    if axis != -1:
        x1, x2 = moveaxis(x1, axis, -1), moveaxis(x2, axis, -1)
    return _vecdot(x1, x2)


@function(
    np.inner,
    samples=[
        sample(reals(3), reals(3)),
        sample(reals(2, 3), reals(4, 3)),
        sample(reals(2, 3), reals(3)),
        sample(reals(2), 3.0),
        sample(complexes(3), complexes(3)),
    ],
    errors=[(sample(reals(2, 3), reals(4)), ValueError)],
)
def inner(x1: Any, x2: Any, /) -> Any:
    """The sum of products over the last axes of both, without conjugation; a number times an array is their product.

    Shapes: ``(..., k), (___, k)`` -> ``(..., ___)``.

    Raises:
        ValueError: when the lengths k differ.

    >>> ag.inner(np.array([1.0, 2.0]), np.array([[3.0, 4.0], [5.0, 6.0]]))
    array([11., 17.])
    """
    x1, x2 = _as_array(x1), _as_array(x2)
    if x1.ndim == 0 or x2.ndim == 0:
        return multiply(x1, x2)
    return matmul(x1, x2) if x1.ndim == x2.ndim == 1 else tensordot(x1, x2, (-1, -1))


@op(numpy=np.outer, samples=[sample(reals(3), reals(4)), sample(reals(2, 2), reals()), sample(complexes(2), reals(3))])
def outer(x1: Any, x2: Any) -> Any:
    """All products of an element of ``x1`` and one of ``x2``, both flattened: ``out[i, j] = x1[i] x2[j]``.

    Shapes: n elements, m elements -> ``(n, m)``.

    >>> ag.outer(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    array([[3., 4.],
           [6., 8.]])
    """
    return np.outer(x1, x2)


outer.vjp(
    x1=lambda g, x2, x1_shape: g.dot(x2.reshape(-1)).reshape(x1_shape),
    x2=lambda g, x1, x2_shape: x1.reshape(-1).dot(g).reshape(x2_shape),
)


@op(
    name="tensordot",
    public=False,
    samples=[
        sample(reals(2, 3, 4), reals(4, 5, 2), axes1=(2, 0), axes2=(0, 2)),
        sample(reals(2), reals(3), axes1=(), axes2=()),
    ],
)
def _tensordot(x1: Any, x2: Any, *, axes1: tuple[int, ...], axes2: tuple[int, ...]) -> Any:
    return np.tensordot(x1, x2, (axes1, axes2))[()]


def _tensordot_rule(g: Any, other: Any, axes: tuple[int, ...], other_axes: tuple[int, ...], own_first: bool) -> Any:
    """The cotangent of one factor: ``g`` times the other, summed over the axes that only the other has."""
    other_free = [i for i in range(other.ndim) if i not in other_axes]
    own_free = g.ndim - len(other_free)
    shared = range(own_free, g.ndim) if own_first else range(len(other_free))
    product = np.tensordot(g, other, (list(shared), other_free))
    # Its axes are the factor's own free ones, then those summed over, in the order in which the other factor has them.
    total = own_free + len(axes)
    order = [i for i in range(total) if i not in axes] + [axes[other_axes.index(i)] for i in sorted(other_axes)]
    return product.transpose(np.argsort(order).tolist())


_tensordot.vjp(
    x1=lambda g, x2, axes1, axes2: _tensordot_rule(g, x2, axes1, axes2, own_first=True),
    x2=lambda g, x1, axes1, axes2: _tensordot_rule(g, x1, axes2, axes1, own_first=False),
)


@function(
    np.tensordot,
    samples=[
        sample(reals(2, 3, 4), reals(3, 4, 2)),
        sample(reals(2, 3), reals(3, 4), 1),
        sample(reals(2), reals(3), axes=0),
        sample(reals(2, 3, 4), reals(4, 5, 2), axes=([2, 0], [0, -1])),
        sample(reals(2, 3), reals(4, 3), (-1, -1)),
        sample(complexes(2, 3), complexes(3, 2), 1),
    ],
    errors=[
        (sample(reals(2, 3), reals(4, 3), axes=((0,), (0,))), ValueError),
        (sample(reals(2, 3), reals(2, 3), axes=3), IndexError),
        (sample(reals(2, 3), reals(2, 3), axes=((0, 1), (0,))), ValueError),
        (sample(reals(2, 3), reals(2, 3), axes=((0, 0), (0, 0))), ValueError),
    ],
)
def tensordot(x1: Any, x2: Any, /, axes: Any = 2) -> Any:
    """The sum of products over pairs of axes.

    Args:
        x1: the first factor.
        x2: the second factor.
        axes: a number n, for the last n axes of ``x1`` and the first n of ``x2`` in order, or the axes of each, in pairs.

    Shapes: the axes of ``x1`` that are not summed over, then those of ``x2``.

    Raises:
        ValueError: when paired axes differ in length or number, or one is named twice.
        numpy.exceptions.AxisError: for an axis that an input does not have (an ``IndexError``).

    >>> ag.tensordot(np.ones((2, 3, 4)), np.ones((4, 3, 5)), axes=([1, 2], [1, 0])).shape
    (2, 5)
    """
    x1, x2 = _as_array(x1), _as_array(x2)
    if np.iterable(axes):
        first, second = (whole_numbers(each) for each in axes)
    else:
        count = index(axes)
        first, second = tuple(range(-count, 0)), tuple(range(count))
    axes1, axes2 = normalize_axis_tuple(first, x1.ndim, "axes"), normalize_axis_tuple(second, x2.ndim, "axes")
    lengths1, lengths2 = [x1.shape[i] for i in axes1], [x2.shape[i] for i in axes2]
    if lengths1 != lengths2:
        raise ValueError(
            f"tensordot: expected paired axes of equal length, received axes {axes1} of shape {x1.shape} and axes {axes2} of "
            f"shape {x2.shape}, with lengths {lengths1} and {lengths2}"
        )
    return _tensordot(x1, x2, axes1=axes1, axes2=axes2)


# ---------------------------------------------------------------- diagonals and triangles


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


@function(np.trace, samples=DIAGONALS, errors=NO_DIAGONALS)
def trace(x: Any, /, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The sum of a diagonal: of ``x[i, i + offset]`` over i.

    Shapes: any -> ``x.shape`` without the two axes.

    Raises:
        ValueError: for fewer than two axes, or twice the same one.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.trace(np.array([[1.0, 2.0], [3.0, 4.0]]))
    np.float64(5.0)
    """
    return diagonal(_as_array(x), offset, axis1, axis2).sum(axis=-1)


@op(linear=True, name="tril", public=False, samples=[sample(reals(2, 3, 4), k=1)])
def _tril(x: Any, *, k: int) -> Any:
    return np.tril(x, k)


_tril.vjp(x=lambda g, k: _tril(g, k=k))


@op(linear=True, name="triu", public=False, samples=[sample(reals(2, 3, 4), k=-1)])
def _triu(x: Any, *, k: int) -> Any:
    return np.triu(x, k)


_triu.vjp(x=lambda g, k: _triu(g, k=k))

TRIANGLES = (
    sample(reals(3, 3)),
    sample(reals(2, 3, 4), 1),
    sample(reals(4, 3), k=-1),
    sample(reals(3)),
    sample(complexes(2, 2)),
)


def _as_matrix(x: Any, name: str) -> Any:
    x = _as_array(x)
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
