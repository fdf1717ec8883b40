"""Products of vectors and matrices, with NumPy's own reading of vectors, matrices and stacks of them.

The gradient of a product is a product of the cotangent with the other factor. Rules are written so that it is computed by as
few, and as large, matrix products as possible.
"""

import math
from typing import Any

import numpy as np

from autograd.batch_rules import flattened, leading, padded
from autograd.gate import answer_for, function, op
from autograd.ops.arguments import as_array
from autograd.ops.arrays.shaping import moveaxis
from autograd.ops.casting import conjugated
from autograd.ops.elementwise.arithmetic import multiply
from autograd.ops.matrices.contraction import tensordot
from autograd.ops.reductions.reduction import sum_to
from autograd.record import Op, shape_of
from autograd.samples import complexes, reals, sample

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
        return np.dot(g, x2.T)
    if x2.ndim == 1:
        return _all_products(g, x2) if g.ndim == 1 else g[..., None] * x2
    if x2.ndim == 2 and len(x1_shape) > 2:  # a stack of matrices times one: a single product of all their rows
        return np.dot(rows_of(g), x2.T).reshape(x1_shape)
    if len(x1_shape) == 1:
        return np.dot(x2, g) if x2.ndim == 2 else sum_to((x2 @ g[..., None])[..., 0], shape=x1_shape)
    return sum_to(g @ x2.mT, shape=x1_shape)


def _matmul_x2(g: Any, x1: Any, x2_shape: tuple[int, ...]) -> Any:
    if g.ndim == 2 == x1.ndim:
        return np.dot(x1.T, g)
    if len(x2_shape) == 1:
        return g * x1 if x1.ndim == 1 else np.dot(g.reshape(-1), rows_of(x1))
    if x1.ndim == 1:
        return _all_products(x1, g) if g.ndim == 1 else sum_to(x1[:, None] * g[..., None, :], shape=x2_shape)
    if len(x2_shape) == 2:
        return np.dot(rows_of(x1).T, rows_of(g))
    return sum_to(x1.mT @ g, shape=x2_shape)


def _all_products(x1: Any, x2: Any) -> Any:
    """``outer`` of two vectors; of arrays without asking what they are."""
    return x1[:, None] * x2 if x1.__class__ is x2.__class__ is np.ndarray else outer(x1, x2)


def rows_of(x: Any) -> Any:
    """All rows of a stack of matrices as one matrix."""
    return x.reshape((math.prod(x.shape[:-1]), x.shape[-1]))


matmul.vjp(x1=_matmul_x1, x2=_matmul_x2)


def matmul_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """The batching rule of ``matmul``: what all examples share, as a weight, meets all rows of all of them in one product."""
    (x1, x2), (first, second) = arrays, mapped
    axes1, axes2 = len(shape_of(x1)) - first, len(shape_of(x2)) - second
    if axes1 == 0 or axes2 == 0:  # refused
        return NotImplemented
    if first and second:
        return _matmul_of_pairs(x1, x2, axes1, axes2)
    if second:
        if axes2 > 1:
            return np.matmul(x1, padded(x2, axes1))
        return np.dot(x2, rows_of(x1).T).reshape((level.size, *x1.shape[:-1])) if axes1 > 1 else np.dot(x2, x1)
    if axes1 > 2 and axes2 > 2:
        return np.matmul(padded(x1, axes2), x2)
    rows = x1 if axes1 == 1 else rows_of(x1)
    if axes2 <= 2:
        return np.dot(rows, x2).reshape((*x1.shape[:-1], *x2.shape[1:]))
    stacked = np.matmul(rows, x2).reshape((*x2.shape[:-2], *x1.shape[:-1], x2.shape[-1]))
    return np.moveaxis(stacked, axes2 - 2, 0)


def _matmul_of_pairs(x1: Any, x2: Any, axes1: int, axes2: int) -> Any:
    """A product for each example, whose factors have ``axes1`` and ``axes2`` axes."""
    if axes1 == axes2 == 1:
        return np.vecdot(conjugated(x1), x2)
    if axes2 == 1:
        return np.matvec(x1, padded(x2, axes1 - 1))
    if axes1 == 1:
        return np.vecmat(conjugated(padded(x1, axes2 - 1)), x2)
    axes = max(axes1, axes2)
    x1, x2 = padded(x1, axes), padded(x2, axes)
    if x1.shape[-1] == x2.shape[-2] == 1:  # nothing to add up
        return np.einsum("...i,...j->...ij", x1[..., 0], x2[..., 0, :])
    return np.matmul(x1, x2)


matmul.batch(matmul_of_examples)
answer_for(np.linalg.matmul, matmul)


@function(
    np.dot,
    samples=[
        sample(reals(3, 4), reals(4, 2)),
        sample(reals(4), reals(4)),
        sample(reals(2, 3, 4), reals(4)),
        sample(reals(2, 1), reals(4, 1, 5)),
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
    x1, x2 = as_array(x1), as_array(x2)
    if x1.ndim == 0 or x2.ndim == 0:
        return multiply(x1, x2)
    return matmul(x1, x2) if x1.ndim == 1 or x2.ndim <= 2 else tensordot(x1, x2, (-1, -2))


# ---------------------------------------------------------------- products of vectors


@op(name="vecdot", public=False, samples=[sample(reals(2, 3), reals(3)), sample(complexes(3), complexes(2, 3))])
def _vecdot(x1: Any, x2: Any) -> Any:
    return np.vecdot(x1, x2)


_vecdot.vjp(
    x1=lambda g, x2, x1_shape: sum_to(conjugated(g[..., None] * x2), shape=x1_shape),
    x2=lambda g, x1, x2_shape: sum_to(g[..., None] * conjugated(x1), shape=x2_shape),
)
_vecdot.batch(leading(1, 1))


@function(
    np.vecdot,
    samples=[
        sample(reals(3), reals(3)),
        sample(reals(2, 3), reals(3)),
        sample(reals(2, 1, 3), reals(4, 3)),
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


answer_for(np.linalg.vecdot, vecdot)


@function(
    np.inner,
    samples=[
        sample(reals(3), reals(3)),
        sample(reals(2, 3), reals(4, 3)),
        sample(reals(2, 3), reals(3)),
        sample(reals(2), reals()),
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
    x1, x2 = as_array(x1), as_array(x2)
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
    x1=lambda g, x2, x1_shape: np.dot(g, x2.reshape(-1)).reshape(x1_shape),
    x2=lambda g, x1, x2_shape: np.dot(x1.reshape(-1), g).reshape(x2_shape),
)


def as_vectors(arrays: Any, mapped: Any) -> list[Any]:
    """Inputs as vectors of all their elements, mapped ones as a vector for each example."""
    return [flattened(each) if is_mapped else np.reshape(each, -1) for each, is_mapped in zip(arrays, mapped, strict=True)]


def _outer_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x1, x2 = as_vectors(arrays, mapped)
    terms = ("bi" if mapped[0] else "i", "bj" if mapped[1] else "j")
    return np.einsum(f"{','.join(terms)}->bij", x1, x2)  # its inner loop is faster on short vectors than that of a product


outer.batch(_outer_of_examples)
