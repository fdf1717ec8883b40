"""Further products of vectors and matrices: by stacks, with conjugation, of Kronecker, in chains, of vectors in space.

``linear_algebra`` has the usual ones. As there, the gradient of a product is a product of the cotangent with the other factor.
"""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.batch_rules import leading, padded
from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.arrays.joining import concatenate
from autograd.ops.arrays.shaping import moveaxis, reshape
from autograd.ops.casting import conjugated
from autograd.ops.elementwise.arithmetic import multiply
from autograd.ops.matrices.linear_algebra import as_vectors, dot, matmul_of_examples, rows_of
from autograd.ops.reductions.reduction import sum_to
from autograd.record import Op, shape_of
from autograd.samples import complexes, many, reals, sample

# ---------------------------------------------------------------- vectors and stacks of them


@op(
    numpy=np.vdot,
    samples=[
        sample(reals(3), reals(3)),
        sample(complexes(3), complexes(3)),
        sample(complexes(2, 3), reals(3, 2)),
        sample(reals(), reals()),
        sample(reals(1), complexes()),
    ],
    errors=[(sample(reals(3), reals(4)), ValueError)],
)
def vdot(x1: Any, x2: Any) -> Any:
    """The inner product of all elements: the sum of ``conj(x1) * x2``, with both flattened.

    The derivatives are ``conj(g x2)`` by ``x1`` and ``g conj(x1)`` by ``x2``.

    Shapes: n elements each, in any shape -> ``()``.

    Raises:
        ValueError: when the numbers of elements differ.

    >>> ag.vdot(np.array([1j, 2.0]), np.array([1j, 3.0]))
    np.complex128(7+0j)
    """
    return np.vdot(x1, x2)


vdot.vjp(
    x1=lambda g, x2, x1_shape: _in_shape(conjugated(g * x2), x1_shape),
    x2=lambda g, x1, x2_shape: _in_shape(g * conjugated(x1), x2_shape),
)
vdot.batch(lambda record, arrays, mapped, statics, level: np.vecdot(*as_vectors(arrays, mapped)))


def _in_shape(x: Any, shape: tuple[int, ...]) -> Any:
    return x if x.shape == shape else reshape(x, shape)


@op(
    numpy=np.matvec,
    samples=[
        sample(reals(2, 3), reals(3)),
        sample(reals(2, 3), reals(4, 3)),
        sample(reals(4, 2, 3), reals(3)),
        sample(reals(2, 1, 2, 3), reals(4, 3)),
        sample(reals(1, 2, 3), reals(4, 3)),
        sample(complexes(2, 3), complexes(2, 3)),
    ],
    errors=[
        (sample(reals(2, 3), reals(2)), ValueError),
        (sample(reals(3), reals(3)), ValueError),
        (sample(reals(2, 2, 3), reals(3, 3)), ValueError),
    ],
)
def matvec(x1: Any, x2: Any) -> Any:
    """The product of matrices and vectors: ``out[..., i] = sum over j of x1[..., i, j] x2[..., j]``.

    The derivatives are ``outer(g, x2)`` and ``matvec(x1.T, g)``.

    Shapes: ``(..., m, n), (..., n)`` -> ``(..., m)``; leading axes broadcast.

    Raises:
        ValueError: when the lengths n differ, leading axes do not broadcast, or an input has too few axes.

    >>> ag.matvec(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    array([[1., 3.],
           [2., 4.]])
    """
    return np.matvec(x1, x2)


def _matvec_x1(g: Any, x2: Any, x1_shape: tuple[int, ...]) -> Any:
    if len(x1_shape) == 2:  # one matrix for all vectors: a single product
        return np.dot(rows_of(g).T, rows_of(x2))
    return sum_to(g[..., :, None] * x2[..., None, :], shape=x1_shape)


def _matvec_x2(g: Any, x1: Any, x2_shape: tuple[int, ...]) -> Any:
    if x1.ndim == 2:
        return np.dot(g, x1)
    if len(x2_shape) == 1:
        return np.dot(g.reshape(-1), rows_of(x1))
    return sum_to(matvec(x1.mT, g), shape=x2_shape)


matvec.vjp(x1=_matvec_x1, x2=_matvec_x2)


def _matvec_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    axes1, axes2 = [len(shape_of(each)) - is_mapped for each, is_mapped in zip(arrays, mapped, strict=True)]
    if axes1 > 1 and axes2 == 1:  # as few products as there can be
        return matmul_of_examples(record, arrays, mapped, statics, level)
    return _MATVEC_OF_STACKS(record, arrays, mapped, statics, level)


_MATVEC_OF_STACKS = leading(2, 1)
matvec.batch(_matvec_of_examples)


@op(
    numpy=np.vecmat,
    samples=[
        sample(reals(2), reals(2, 3)),
        sample(reals(4, 2), reals(2, 3)),
        sample(reals(2), reals(4, 2, 3)),
        sample(reals(2, 1, 2), reals(4, 2, 3)),
        sample(complexes(2, 3), complexes(3, 2)),
        sample(complexes(3), complexes(2, 3, 2)),
    ],
    errors=[
        (sample(reals(3), reals(2, 3)), ValueError),
        (sample(reals(3), reals(3)), ValueError),
        (sample(reals(3, 3), reals(2, 3, 2)), ValueError),
    ],
)
def vecmat(x1: Any, x2: Any) -> Any:
    """The product of conjugated vectors and matrices: ``out[..., j] = sum over i of conj(x1[..., i]) x2[..., i, j]``.

    The derivatives are ``conj(matvec(x2, g))`` and ``outer(conj(x1), g)``.

    Shapes: ``(..., n), (..., n, m)`` -> ``(..., m)``; leading axes broadcast.

    Raises:
        ValueError: when the lengths n differ, leading axes do not broadcast, or an input has too few axes.

    >>> ag.vecmat(np.array([1.0, -1.0]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([-2., -2.])
    """
    return np.vecmat(x1, x2)


def _vecmat_x1(g: Any, x2: Any, x1_shape: tuple[int, ...]) -> Any:
    return sum_to(conjugated(matvec(x2, g)), shape=x1_shape)


def _vecmat_x2(g: Any, x1: Any, x2_shape: tuple[int, ...]) -> Any:
    if len(x2_shape) == 2:
        return np.dot(rows_of(conjugated(x1)).T, rows_of(g))
    return sum_to(conjugated(x1)[..., :, None] * g[..., None, :], shape=x2_shape)


vecmat.vjp(x1=_vecmat_x1, x2=_vecmat_x2)


def _vecmat_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    axes1, axes2 = [len(shape_of(each)) - is_mapped for each, is_mapped in zip(arrays, mapped, strict=True)]
    if axes1 == 1 and axes2 > 1 and not all(mapped):
        return matmul_of_examples(record, (conjugated(arrays[0]), arrays[1]), mapped, statics, level)
    return _VECMAT_OF_STACKS(record, arrays, mapped, statics, level)


_VECMAT_OF_STACKS = leading(1, 2)
vecmat.batch(_vecmat_of_examples)


# ---------------------------------------------------------------- vectors in space


@op(
    name="cross",
    public=False,
    samples=[sample(reals(2, 3), reals(3)), sample(complexes(2, 1, 3), reals(2, 3))],
)
def _cross(x1: Any, x2: Any) -> Any:
    return np.cross(x1, x2)


_cross.vjp(
    x1=lambda g, x2, x1_shape: sum_to(_cross(x2, g), shape=x1_shape),
    x2=lambda g, x1, x2_shape: sum_to(_cross(g, x1), shape=x2_shape),
)
_cross.batch(leading(1, 1))


@function(
    np.cross,
    samples=[
        sample(reals(3), reals(3)),
        sample(reals(2, 3), reals(3)),
        sample(reals(2, 1, 3), reals(4, 3)),
        sample(reals(3, 2), reals(3, 2), axis=0),
        sample(reals(3, 2), reals(2, 3), 0, 1, 0),
        sample(reals(3, 4, 2), reals(2, 3), axisa=0, axisc=1),
        sample(complexes(3), complexes(2, 3)),
    ],
    errors=[
        (sample(reals(4), reals(4)), ValueError),
        (sample(reals(2, 3), reals(4, 3)), ValueError),
        (sample(reals(), reals(3)), ValueError),
        (sample(reals(3), reals(3), axis=1), np.exceptions.AxisError),
        (sample(reals(3), reals(3), axisc=1), np.exceptions.AxisError),
    ],
)
def cross(x1: Any, x2: Any, /, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    """The vector product in three dimensions: ``(a1 b2 - a2 b1, a2 b0 - a0 b2, a0 b1 - a1 b0)``.

    The derivatives are ``cross(x2, g)`` and ``cross(g, x1)``. Vectors of two elements are taken with 0 as the third one, which
    NumPy deprecates; of two such vectors the result is the third element alone.

    Args:
        x1: the first factor.
        x2: the second factor.
        axisa: the axis of ``x1`` that holds the vectors.
        axisb: the axis of ``x2`` that holds the vectors.
        axisc: the axis of the result that is to hold them.
        axis: one number for all three.

    Shapes: ``(..., 3), (..., 3)`` -> ``(..., 3)`` with the broadcast of the leading axes.

    Raises:
        ValueError: for vectors of another length, and for leading axes that do not broadcast.
        numpy.exceptions.AxisError: for an axis that an input or the result does not have.

    >>> ag.cross(np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]))
    array([0., 0., 1.])
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    x1, x2 = as_array(x1), as_array(x2)
    if x1.ndim == 0 or x2.ndim == 0:
        raise ValueError(f"cross: expected vectors, received shapes {x1.shape} and {x2.shape}")
    x1 = _last(x1, normalize_axis_index(axisa, x1.ndim, "axisa"))
    x2 = _last(x2, normalize_axis_index(axisb, x2.ndim, "axisb"))
    lengths = x1.shape[-1], x2.shape[-1]
    if not {*lengths} <= {2, 3}:
        raise ValueError(f"cross: expected vectors of 3 elements (or 2), received {lengths[0]} and {lengths[1]}")
    if 2 in lengths:
        warnings.warn(
            "cross: vectors of 2 elements are deprecated in NumPy; append a 0 to them", DeprecationWarning, stacklevel=2
        )
        x1, x2 = _in_space(x1), _in_space(x2)
    out = _cross(x1, x2)
    if lengths == (2, 2):
        return out[..., 2]
    axisc = normalize_axis_index(axisc, out.ndim, "axisc")
    return out if axisc == out.ndim - 1 else moveaxis(out, -1, axisc)


def _last(x: Any, axis: int) -> Any:
    return x if axis == x.ndim - 1 else moveaxis(x, axis, -1)


def _in_space(x: Any) -> Any:
    """Vectors with a third element, 0 where they have two."""
    return x if x.shape[-1] == 3 else concatenate([x, np.zeros((*x.shape[:-1], 1), x.dtype)], -1)


# ---------------------------------------------------------------- Kronecker's product


@op(name="kron", public=False, samples=[sample(reals(2, 3), reals(3, 2)), sample(reals(2), reals(2, 1, 2))])
def _kron(x1: Any, x2: Any) -> Any:
    return np.kron(x1, x2)


def _kron_rule(g: Any, other: Any, shape: tuple[int, ...], own_first: bool) -> Any:
    """The cotangent with the axes of the factors apart, times the other factor, summed over the other's axes."""
    axes = max(len(shape), other.ndim)
    own = (1,) * (axes - len(shape)) + shape
    others = (1,) * (axes - other.ndim) + other.shape
    pairs = zip(own, others, strict=True) if own_first else zip(others, own, strict=True)
    apart = g.reshape([length for pair in pairs for length in pair])
    return np.tensordot(apart, other.reshape(others), (list(range(own_first, 2 * axes, 2)), list(range(axes)))).reshape(shape)


_kron.vjp(
    x1=lambda g, x2, x1_shape: _kron_rule(g, x2, x1_shape, own_first=True),
    x2=lambda g, x1, x2_shape: _kron_rule(g, x1, x2_shape, own_first=False),
)


def _kron_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    axes = max([each.ndim - is_mapped for each, is_mapped in zip(arrays, mapped, strict=True)])
    x1, x2 = [padded(each if is_mapped else each[None], axes) for each, is_mapped in zip(arrays, mapped, strict=True)]
    lengths1, lengths2 = x1.shape[1:], x2.shape[1:]
    apart1 = np.reshape(x1, (x1.shape[0], *[length for n in lengths1 for length in (n, 1)]))
    apart2 = np.reshape(x2, (x2.shape[0], *[length for n in lengths2 for length in (1, n)]))
    return np.reshape(apart1 * apart2, (level.size, *[m * n for m, n in zip(lengths1, lengths2, strict=True)]))


_kron.batch(_kron_of_examples)


@function(
    np.kron,
    samples=[
        sample(reals(2, 3), reals(3, 2)),
        sample(reals(3), reals(2)),
        sample(reals(2), reals(2, 1, 2)),
        sample(reals(2, 2, 1), reals(2)),
        sample(reals(), reals(2, 2)),
        sample(complexes(2, 2), reals(2, 1)),
    ],
)
def kron(x1: Any, x2: Any, /) -> Any:
    """Kronecker's product: blocks of ``x2``, each times one element of ``x1``.

    The derivative by one factor is the sum of the cotangent times the other factor, over the other's places.

    Shapes: ``(a0, ..., an), (b0, ..., bn)`` -> ``(a0 b0, ..., an bn)``; the one with fewer axes gets new ones in front.

    >>> ag.kron(np.array([1.0, 10.0]), np.array([1.0, 2.0]))
    array([ 1.,  2., 10., 20.])
    """
    x1, x2 = as_array(x1), as_array(x2)
    return _kron(x1, x2) if x1.ndim and x2.ndim else multiply(x1, x2)


# ---------------------------------------------------------------- chains of matrices


@function(
    np.linalg.multi_dot,
    samples=[
        sample(many(reals(2, 3), reals(3, 2))),
        sample(many(reals(2, 3), reals(3, 4), reals(4, 2))),
        sample(many(reals(3, 2), reals(2, 4), reals(4))),
        sample(many(reals(3), reals(3, 4), reals(4, 2), reals(2, 5))),
        sample(many(reals(2), reals(2, 3), reals(3, 4), reals(4))),
        sample(many(complexes(2, 2), reals(2, 3), complexes(3, 2))),
    ],
    errors=[
        (sample(many(reals(2, 3))), ValueError),
        (sample(many(reals(2, 3), reals(2, 3), reals(3, 2))), ValueError),
        (sample(many(reals(2, 3), reals(3), reals(3, 2))), np.linalg.LinAlgError),
        (sample(many(reals(2, 3), reals(3, 2, 2), reals(2))), np.linalg.LinAlgError),
    ],
)
def multi_dot(arrays: Sequence[Any], /) -> Any:
    """The product of two or more matrices, in the order that takes the fewest multiplications.

    The first may be a vector (a row), and the last one (a column). The derivatives are those of the products.

    Shapes: ``(n0, n1), (n1, n2), ..., (nk, m)`` -> ``(n0, m)``; without the axis of a vector.

    Raises:
        ValueError: for fewer than two arrays, and for lengths that do not fit.
        numpy.linalg.LinAlgError: for an array in the middle that is no matrix.

    Source: T. H. Cormen, C. E. Leiserson, R. L. Rivest, C. Stein, Introduction to Algorithms, 3rd edition, 15.2.

    >>> ag.linalg.multi_dot([np.ones((2, 100)), np.ones((100, 3)), np.ones(3)])
    array([300., 300.])
    """
    factors = [as_array(each) for each in arrays]
    if len(factors) < 2:
        raise ValueError(f"multi_dot: expected at least two arrays, received {len(factors)}")
    if len(factors) == 2:
        return dot(*factors)
    row, column = factors[0].ndim == 1, factors[-1].ndim == 1
    if row:
        factors[0] = factors[0][None, :]
    if column:
        factors[-1] = factors[-1][:, None]
    for place, each in enumerate(factors):
        if each.ndim != 2:
            raise np.linalg.LinAlgError(
                f"multi_dot: expected matrices (at the ends also vectors), received shape {each.shape} at place {place}"
            )
    out = _multiplied(factors, _splits([each.shape[0] for each in factors] + [factors[-1].shape[1]]), 0, len(factors) - 1)
    if row and column:
        return out[0, 0]
    return out.reshape(-1) if row or column else out


def _splits(lengths: list[int]) -> dict[tuple[int, int], int]:
    """Where to split each part of a chain, from its first to its last factor; ``lengths`` are those of all axes in turn."""
    count = len(lengths) - 1
    cost = {(i, i): 0 for i in range(count)}
    split = {}
    for distance in range(1, count):
        for first in range(count - distance):
            last = first + distance
            costs = [
                cost[first, k] + cost[k + 1, last] + lengths[first] * lengths[k + 1] * lengths[last + 1]
                for k in range(first, last)
            ]
            cost[first, last] = min(costs)
            split[first, last] = first + costs.index(cost[first, last])
    return split


def _multiplied(factors: list[Any], splits: dict[tuple[int, int], int], first: int, last: int) -> Any:
    if first == last:
        return factors[first]
    middle = splits[first, last]
    return dot(_multiplied(factors, splits, first, middle), _multiplied(factors, splits, middle + 1, last))
