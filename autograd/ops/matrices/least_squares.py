"""Linear equations that have no solution, or many: the pseudo-inverse and the solution of least squares.

Note [pseudo-inverse]: for P the pseudo-inverse of A, as long as A keeps its rank,

    dP = -P dA P + P P^H dA^H (I - A P) + (I - P A) dA^H P^H P

(G. H. Golub, V. Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems whose variables separate,
SIAM Journal on Numerical Analysis 10, 1973). Where the rank of A changes, P jumps, and there is no derivative; for a matrix of
lower rank this is the derivative along the matrices of the same rank. The rules below read off from it what dA is multiplied
with; for a factor of dA^H that is the conjugate.
"""

from typing import Any

import numpy as np

from autograd.batch_rules import leading
from autograd.batched import is_recorded, memory_of
from autograd.errors import GradientError
from autograd.gate import function, op
from autograd.ops.arguments import as_array, unrecorded
from autograd.ops.casting import conjugated
from autograd.ops.matrices.decompositions import adjoint, check_matrix, check_square, total
from autograd.ops.matrices.diagonals import tril, triu
from autograd.samples import complexes, reals, sample


def _check_cut(x: Any, rcond: Any, name: str) -> None:
    """Refuse to differentiate where ``rcond`` cuts off more than rounding errors: the Note's formula does not hold there."""
    if not is_recorded(x) or 0 in x.shape:
        return
    s = np.linalg.svdvals(unrecorded(x))
    largest = s[..., :1]
    noise = max(x.shape[-2:]) * np.finfo(x.dtype).eps * largest
    limit = as_array(unrecorded(rcond))[..., None] * largest
    if np.any(memory_of((s <= limit) & (s > noise))):
        raise GradientError(
            f"{name}: rcond={rcond} cuts off singular values that are no rounding errors, and an argument requires a gradient, "
            "for which there is no rule. Lower rcond, take the matrix out of the graph with .detach(), or cut with "
            "np.linalg.svd yourself"
        )


# ---------------------------------------------------------------- the pseudo-inverse


@op(
    name="pinv",
    public=False,
    samples=[
        sample(reals(4, 2), 1e-15, hermitian=False),
        sample(reals(2, 2, 3), 1e-15, hermitian=False),
        sample(np.array([[2.0]]), 1e-15, hermitian=True),
    ],
)
def _pinv(x: Any, rcond: Any, *, hermitian: bool) -> Any:
    return np.linalg.pinv(x, rcond, hermitian)


def _pinv_rule(g: Any, out: Any, x: Any) -> Any:
    transposed = g.mT
    inner = transposed @ out  # m x m
    by_columns = inner @ adjoint(out)
    rows = transposed - inner @ x
    return conjugated(by_columns - x @ (out @ by_columns) + adjoint(out) @ (out @ rows)) - inner.mT @ out.mT


_pinv.vjp(x=_pinv_rule, rcond=None)
_pinv.batch(leading(2, 0, stretch=True))

_UNSET: Any = object()


@function(
    np.linalg.pinv,
    samples=[
        sample(reals(4, 2)),
        sample(reals(2, 4)),
        sample(reals(3, 3)),
        sample(reals(2, 3, 2), np.array([1e-3, 1e-6])),
        sample(reals(3, 2), rcond=1e-6),
        sample(reals(3, 2), rtol=1e-6),
        sample(reals(3, 2), rtol=None),
        sample(complexes(3, 2)),
        sample(complexes(2, 2, 3)),
        sample(reals(3, 3), hermitian=True),
        sample(complexes(2, 3, 3), hermitian=True),
    ],
    errors=[
        (sample(reals(3)), np.linalg.LinAlgError),
        (sample(reals(2, 3), hermitian=True), np.linalg.LinAlgError),
        (sample(reals(2, 3), 1e-3, rtol=1e-3), ValueError),
    ],
)
def pinv(x: Any, /, rcond: Any = None, hermitian: bool = False, *, rtol: Any = _UNSET) -> Any:
    """The pseudo-inverse of Moore and Penrose: ``pinv(a) @ b`` is the shortest of the best solutions of ``a @ x = b``.

    The derivative is that for a constant rank; where the rank changes there is none.

    Args:
        x: the matrix, or a stack of them.
        rcond: singular values up to ``rcond`` times the largest one count as 0; a number, or one for each matrix of the stack.
            By default 1e-15.
        hermitian: take ``x`` as Hermitian and read its lower triangle, which is faster; the gradient lies in it.
        rtol: the array API's name of ``rcond``; ``None`` stands for the larger side of the matrix times the precision of its
            dtype.

    Shapes: ``(..., m, n)`` -> ``(..., n, m)``.

    Raises:
        numpy.linalg.LinAlgError: for fewer than two axes, with ``hermitian`` for a matrix that is not square, and if the
            iteration for the singular values does not converge.
        ValueError: when both ``rcond`` and ``rtol`` are given.
        GradientError: for a matrix that requires a gradient, when ``rcond`` cuts off more than rounding errors.

    Source: see Note [pseudo-inverse] in ``autograd.ops.matrices.least_squares``.

    >>> ag.linalg.pinv(np.array([[1.0], [1.0]]))
    array([[0.5, 0.5]])
    """
    x = as_array(x)
    check_matrix(x, "pinv")
    if rcond is None:
        rcond = 1e-15 if rtol is _UNSET else rtol
        if rcond is None:
            rcond = max(x.shape[-2:]) * float(np.finfo(x.dtype).eps)
    elif rtol is not _UNSET:
        raise ValueError(
            f"pinv: rcond and rtol are two names of one argument; received rcond={rcond} and rtol={rtol}; give one of them"
        )
    if hermitian and 0 not in x.shape[-2:]:
        check_square(x, "pinv")
        x = _of_lower_triangle(x)
    _check_cut(x, rcond, "pinv")
    return _pinv(x, rcond, hermitian=bool(hermitian))


def _of_lower_triangle(x: Any) -> Any:
    """The Hermitian matrix of which LAPACK reads the lower triangle and the real part of the diagonal."""
    below = tril(x, -1)
    return below + adjoint(below) + tril(triu(x.real))


# ---------------------------------------------------------------- least squares


@op(
    multiple=True,
    dynamic_shape=True,
    name="lstsq",
    public=False,
    samples=[
        sample(reals(4, 2), reals(4, 2), rcond=1e-15),
        sample(reals(2, 3), reals(2, 1), rcond=1e-15),
        sample(complexes(3, 2), complexes(3, 1), rcond=1e-15),
    ],
)
def _lstsq(x1: Any, x2: Any, *, rcond: float) -> Any:
    return np.linalg.lstsq(x1, x2, rcond)


@_lstsq.joint_vjp
def _lstsq_rule(g: Any, out: Any, x1: Any, x2: Any, rcond: float, needed: Any) -> Any:
    """By Note [pseudo-inverse], with the solution ``X = P B``; its residuals ``R = B - A X`` change by R with A X held."""
    by_solution, by_residuals, _, by_values = g
    solution, squares = out[:2]
    to_x1 = to_x2 = None
    remains = x2 - x1 @ solution
    if by_solution is not None:
        inverse = _pinv(x1, max(rcond, float(np.finfo(np.float64).eps)), hermitian=False)
        to_x2 = inverse.mT @ by_solution
        if needed[0]:
            by_columns = remains @ (to_x2.mT @ adjoint(inverse))
            by_rows = adjoint(inverse) @ (solution @ (by_solution.mT - to_x2.mT @ x1))
            to_x1 = conjugated(by_columns + by_rows) - to_x2 @ solution.mT
    if by_residuals is not None and squares.shape[0]:
        change = conjugated(remains) * (2 * by_residuals)
        to_x1, to_x2 = total(to_x1, -(change @ solution.mT)), total(to_x2, change)
    if by_values is not None and needed[0]:
        u, s, vh = np.linalg.svd(x1, full_matrices=False)
        to_x1 = total(to_x1, (conjugated(u) * (by_values * (s != 0))) @ conjugated(vh))
    return (
        np.zeros_like(x1) if to_x1 is None else to_x1,
        np.zeros_like(x2) if to_x2 is None else to_x2,
    )


@function(
    np.linalg.lstsq,
    samples=[
        sample(reals(4, 2), reals(4)),
        sample(reals(4, 2), reals(4, 3)),
        sample(reals(2, 4), reals(2)),
        sample(reals(3, 3), reals(3, 2)),
        sample(reals(4, 2), reals(4), 1e-6),
        sample(complexes(4, 2), complexes(4)),
        sample(reals(3, 2), complexes(3)),
        sample(complexes(2, 3), reals(2, 2)),
    ],
    errors=[
        (sample(reals(4, 2), reals(3)), np.linalg.LinAlgError),
        (sample(reals(4), reals(4)), np.linalg.LinAlgError),
        (sample(reals(2, 4, 2), reals(4)), np.linalg.LinAlgError),
        (sample(reals(4, 2), reals(4, 1, 1)), np.linalg.LinAlgError),
    ],
)
def lstsq(x1: Any, x2: Any, /, rcond: float | None = None) -> tuple[Any, Any, Any, Any]:
    """The ``x`` for which ``sum(|x2 - x1 @ x|**2)`` is least; if there are several, the shortest one.

    The derivatives are those of ``pinv(x1) @ x2`` for a constant rank of ``x1``, and those of the sums of squares and of the
    singular values. Where the rank changes there is none.

    Args:
        x1: one matrix.
        x2: the right-hand side, or several in columns.
        rcond: singular values up to ``rcond`` times the largest one count as 0; by default the larger side of ``x1`` times the
            precision of float64.

    Shapes: ``(m, n), (m,)`` -> ``(n,)``; ``(m, n), (m, k)`` -> ``(n, k)``. Further results: the sums of squares that remain,
    ``(k,)`` (``(0,)`` where the rank is below n, or ``m <= n``); the rank, an integer; the singular values of ``x1``,
    ``(min(m, n),)``.

    Raises:
        numpy.linalg.LinAlgError: for other numbers of axes, different lengths m, and if the iteration does not converge.
        GradientError: for a matrix that requires a gradient, when ``rcond`` cuts off more than rounding errors.

    Source: see Note [pseudo-inverse] in ``autograd.ops.matrices.least_squares``.

    >>> x, squares, rank, values = ag.linalg.lstsq(np.array([[1.0], [1.0]]), np.array([1.0, 3.0]))
    >>> np.round(x, 12), np.round(squares, 12), int(rank)
    (array([2.]), array([2.]), 1)
    """
    x1, x2 = as_array(x1), as_array(x2)
    if x1.ndim != 2 or x2.ndim not in (1, 2) or x1.shape[0] != x2.shape[0]:
        raise np.linalg.LinAlgError(
            f"lstsq: expected shapes (m, n) and (m,) or (m, k), received {x1.shape} and {x2.shape}; for stacks of matrices use "
            "ag.linalg.pinv(a) @ b"
        )
    if rcond is None:
        rcond = float(np.finfo(np.float64).eps) * max(x1.shape)
    _check_cut(x1, rcond, "lstsq")
    if x2.ndim == 2:
        return _lstsq(x1, x2, rcond=float(rcond))
    solution, squares, rank, values = _lstsq(x1, x2[:, None], rcond=float(rcond))
    return solution[:, 0], squares, rank, values
