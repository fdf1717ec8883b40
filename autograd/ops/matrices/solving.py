"""Systems of linear equations: their solution, inverses of matrices, and both for tensors read as matrices.

The derivative of a solution is a solution again, with the transposed matrix, so every rule here costs about what its forward
costs. Matrices may come in stacks, which broadcast.
"""

import math
from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.batch_rules import leading
from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.arrays.shaping import transpose
from autograd.ops.matrices.decompositions import check_square
from autograd.ops.reductions.reduction import sum_to
from autograd.record import Op, shape_of
from autograd.samples import Recipe, complexes, reals, sample

# ---------------------------------------------------------------- matrices with an inverse, and without one


def singular(x: Any, name: str) -> np.linalg.LinAlgError:
    """The error for a matrix without an inverse, which says where in a stack it is."""
    where = "the matrix"
    if x.ndim > 2:
        for place in np.ndindex(x.shape[:-2]):
            try:
                np.linalg.inv(x[place])
            except np.linalg.LinAlgError:
                where = f"the matrix at {list(place)} of the stack of shape {x.shape}"
                break
    return np.linalg.LinAlgError(
        f"{name}: Singular matrix: expected matrices that have an inverse, but the rows of {where} depend on one another. Use "
        "ag.linalg.lstsq or ag.linalg.pinv, or add a small multiple of the identity"
    )


def regular(n: int, *stack: int) -> Recipe:
    """Matrices whose condition number is small: the identity and something less than it."""
    draw = reals(*stack, n, n, low=-0.8 / n, high=0.8 / n)
    return lambda rng: np.asarray(np.eye(n) + draw(rng))


def complex_regular(n: int, *stack: int) -> Recipe:
    """Complex matrices whose condition number is small."""
    draw = complexes(*stack, n, n)
    return lambda rng: np.asarray(np.eye(n) + draw(rng) * (0.25 / n))


# ---------------------------------------------------------------- solve


@op(
    numpy=np.linalg.solve,
    samples=[
        sample(regular(3), reals(3)),
        sample(regular(3), reals(3, 2)),
        sample(regular(2, 4), reals(2)),
        sample(regular(2, 3), reals(3, 2, 4)),
        sample(regular(2, 2, 1), reals(3, 2, 1)),
        sample(regular(2), reals(3, 2, 2)),
        sample(complex_regular(2), complexes(2, 2)),
        sample(regular(2), complexes(2)),
        sample(complex_regular(2, 2), reals(2)),
    ],
    errors=[
        (sample(reals(2, 3), reals(2)), np.linalg.LinAlgError),
        (sample(reals(3), reals(3)), np.linalg.LinAlgError),
        (sample(np.ones((2, 2)), reals(2)), np.linalg.LinAlgError),
        (sample(regular(2), reals(3)), ValueError),
        (sample(regular(2), reals(3, 1)), ValueError),
        (sample(regular(2), 1.0), ValueError),
        (sample(regular(2, 3), reals(4, 2, 1)), ValueError),
    ],
)
def solve(x1: Any, x2: Any) -> Any:
    """The solution ``x`` of the linear equations ``x1 @ x = x2``.

    With ``w`` the solution of ``x1.T @ w = g``, the derivatives are ``-outer(w, x)`` by ``x1`` and ``w`` by ``x2``: one more
    system, with the transposed matrix.

    Args:
        x1: a square matrix, or a stack of them.
        x2: the right-hand sides: with one axis, one vector for every matrix; with more, the columns of matrices.

    Shapes: ``(..., n, n), (n,)`` -> ``(..., n)``; ``(..., n, n), (..., n, k)`` -> ``(..., n, k)``, leading axes broadcast.

    Raises:
        numpy.linalg.LinAlgError: for a matrix that is not square, or singular.
        ValueError: when the lengths n differ, or leading axes do not broadcast.

    Source: M. B. Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation, 2008.

    >>> ag.linalg.solve(np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([2.0, 2.0]))
    array([1. , 0.5])
    """
    x1 = np.asarray(x1)
    check_square(x1, "solve")
    try:
        return np.linalg.solve(x1, x2)
    except np.linalg.LinAlgError:
        raise singular(x1, "solve") from None


@solve.joint_vjp
def _solve_rule(g: Any, out: Any, x1: Any, x1_shape: Any, x2_shape: Any, needed: Any) -> Any:
    if len(x2_shape) > 1:
        w = solve(x1.mT, g)
        product = w @ out.mT if needed[0] else None
    else:
        w = solve(x1.mT, g if len(x1_shape) == 2 else g[..., None])
        w = w if len(x1_shape) == 2 else w[..., 0]
        product = w[..., :, None] * out[..., None, :] if needed[0] else None
    return (
        -sum_to(product, shape=x1_shape) if needed[0] else None,
        sum_to(w, shape=x2_shape) if needed[1] else None,
    )


def _solve_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """Of one matrix that all examples share all right-hand sides are columns, so that it is factorized once."""
    (x1, x2), (first, second) = arrays, mapped
    axes1, axes2 = len(shape_of(x1)) - first, len(shape_of(x2)) - second
    if axes1 < 2 or axes2 == 0:  # refused
        return NotImplemented
    if axes2 == 1 and not second:
        return record.call(x1, x2)
    if axes2 == 1 and not first:
        return np.moveaxis(record.call(x1, np.transpose(x2)), -1, 0)
    if axes2 == 1:
        return _SOLVE_STACKS(record, (x1, x2[..., None]), mapped, statics, level)[..., 0]
    if first or axes1 > 2:
        return _SOLVE_STACKS(record, arrays, mapped, statics, level)
    columns = np.moveaxis(x2, -2, 0)
    out = record.call(x1, np.reshape(columns, (x2.shape[-2], math.prod(columns.shape[1:]))))
    return np.moveaxis(np.reshape(out, columns.shape), 0, -2)


_SOLVE_STACKS = leading(2, 2)
solve.batch(_solve_of_examples)


# ---------------------------------------------------------------- inverses


@op(
    numpy=np.linalg.inv,
    samples=[
        sample(regular(3)),
        sample(regular(2, 3)),
        sample(regular(1)),
        sample(complex_regular(2)),
    ],
    errors=[
        (sample(reals(2, 3)), np.linalg.LinAlgError),
        (sample(reals(3)), np.linalg.LinAlgError),
        (sample(np.zeros((2, 2))), np.linalg.LinAlgError),
    ],
)
def inv(x: Any) -> Any:
    """The inverse of a square matrix; its derivative is ``-out.T @ g @ out.T``.

    Where a product with it is wanted, as in ``inv(a) @ b``, ``solve(a, b)`` is faster and more accurate.

    Shapes: ``(..., n, n)`` -> same.

    Raises:
        numpy.linalg.LinAlgError: for a matrix that is not square, or singular.

    Source: M. B. Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation, 2008.

    >>> ag.linalg.inv(np.array([[2.0, 0.0], [0.0, 4.0]]))
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    x = np.asarray(x)
    check_square(x, "inv")
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError:
        raise singular(x, "inv") from None


inv.vjp(x=lambda g, out: -(out.mT @ g @ out.mT))
inv.batch(leading(2))


# ---------------------------------------------------------------- tensors read as matrices


def _regular_tensor(*shape: int, rows: int) -> Recipe:
    draw = regular(math.prod(shape[:rows]))
    return lambda rng: draw(rng).reshape(shape)


@function(
    np.linalg.tensorsolve,
    samples=[
        sample(_regular_tensor(6, 2, 3, rows=1), reals(6)),
        sample(_regular_tensor(2, 3, 6, rows=2), reals(2, 3)),
        sample(_regular_tensor(3, 2, 3, 2, rows=2), reals(2, 3), axes=(0,)),
    ],
    errors=[
        (sample(reals(2, 3, 5), reals(2, 3)), np.linalg.LinAlgError),
        (sample(np.ones((2, 2)), reals(2)), np.linalg.LinAlgError),
        (sample(_regular_tensor(6, 2, 3, rows=1), reals(6), axes=(3,)), ValueError),
    ],
)
def tensorsolve(x1: Any, x2: Any, /, axes: Any = None) -> Any:
    """The solution ``x`` of ``tensordot(x1, x, x.ndim) = x2``; the derivatives are those of ``solve``.

    Args:
        x1: the coefficients: first the axes of ``x2``, then those of the solution, with as many elements.
        x2: the right-hand side.
        axes: axes of ``x1`` to be moved to its end first.

    Shapes: ``(*P, *Q), P`` -> ``Q``, where P and Q have as many elements.

    Raises:
        numpy.linalg.LinAlgError: when the numbers of elements differ, and when there is no unique solution.
        ValueError: for an axis that ``x1`` does not have.

    >>> a = np.eye(6).reshape(2, 3, 6)
    >>> ag.linalg.tensorsolve(a, np.ones((2, 3)))
    array([1., 1., 1., 1., 1., 1.])
    """
    x1, x2 = as_array(x1), as_array(x2)
    if axes is not None:
        order = list(range(x1.ndim))
        for each in axes:
            axis = normalize_axis_index(each, x1.ndim, "axes")
            order.remove(axis)
            order.append(axis)
        x1 = transpose(x1, order)
    shape = x1.shape[x2.ndim - x1.ndim :]
    count = math.prod(shape)
    if x1.size != count**2:
        raise np.linalg.LinAlgError(
            f"tensorsolve: expected as many equations as unknowns, received {x1.shape} for a right-hand side with "
            f"{x2.ndim} axes: {math.prod(x1.shape[: x2.ndim])} equations and {math.prod(x1.shape[x2.ndim :])} unknowns"
        )
    return solve(x1.reshape((count, count)), x2.reshape(-1)).reshape(shape)


@function(
    np.linalg.tensorinv,
    samples=[sample(_regular_tensor(2, 3, 6, rows=2)), sample(_regular_tensor(6, 3, 2, rows=1), 1)],
    errors=[
        (sample(reals(2, 3, 5)), np.linalg.LinAlgError),
        (sample(reals(2, 2), 0), ValueError),
        (sample(np.ones((2, 2)), 1), np.linalg.LinAlgError),
    ],
)
def tensorinv(x: Any, /, ind: int = 2) -> Any:
    """The inverse of ``x`` read as a matrix: ``tensordot(tensorinv(x), b, ind)`` solves ``tensordot(x, y, y.ndim) = b``.

    Its derivative is that of ``inv``.

    Args:
        x: the input.
        ind: how many axes of ``x`` are its rows.

    Shapes: ``(*P, *Q)`` -> ``(*Q, *P)``, where P are the first ``ind`` axes, and P and Q have as many elements.

    Raises:
        ValueError: for an ``ind`` that is not above 0.
        numpy.linalg.LinAlgError: when the numbers of elements differ, or the matrix is singular.

    >>> ag.linalg.tensorinv(np.eye(6).reshape(2, 3, 6)).shape
    (6, 2, 3)
    """
    x, ind = as_array(x), index(ind)
    if ind <= 0:
        raise ValueError(f"tensorinv: expected ind above 0, the number of axes that are rows, received {ind}")
    rows, columns = x.shape[:ind], x.shape[ind:]
    if math.prod(rows) != math.prod(columns):
        raise np.linalg.LinAlgError(
            f"tensorinv: expected as many rows as columns, received shape {x.shape} with ind={ind}: {math.prod(rows)} rows and "
            f"{math.prod(columns)} columns"
        )
    return inv(x.reshape((math.prod(rows), math.prod(columns)))).reshape(columns + rows)
