"""Singular values and vectors (``svd``, ``svdvals``), and what counts them (``matrix_rank``)."""

from typing import Any

import numpy as np

from autograd.batch_rules import leading
from autograd.errors import GradientError
from autograd.gate import function, op
from autograd.ops.arguments import as_array, ndim_of
from autograd.ops.arrays.joining import concatenate
from autograd.ops.casting import cast, conjugated
from autograd.ops.matrices.decompositions import adjoint, check_matrix, total
from autograd.ops.matrices.eigenvalues import eigh, eigvalsh, off_diagonal, over_gaps
from autograd.samples import complexes, integers, reals, sample
from autograd.tensors import Tensor

SVDResult: Any = type(np.linalg.svd(np.eye(1)))


@op(
    name="svd",
    public=False,
    multiple=True,
    samples=[
        sample(reals(4, 3), full_matrices=False),
        sample(reals(2, 2, 4), full_matrices=False),
        sample(reals(3, 3), full_matrices=True),
    ],
)
def _svd(x: Any, *, full_matrices: bool) -> Any:
    """U, S, Vh without the vectors that belong to no singular value, and these: columns of U, or rows of Vh.

    They stand apart because no gradient rule may need them: they are not unique.
    """
    check_matrix(x, "svd")
    u, s, vh = np.linalg.svd(x, full_matrices)
    k = s.shape[-1]
    rest = u[..., k:] if u.shape[-1] > k else vh[..., k:, :]
    return u[..., :k], s, vh[..., :k, :], rest


def _svd_rule(g: Any, out: Any, x_shape: tuple[int, ...]) -> Any:
    (gu, gs, gvh, g_rest), (u, s, vh, rest) = g, out
    m, n = x_shape[-2:]
    if g_rest is not None and rest.size and 0 not in x_shape:
        raise GradientError(
            f"svd: {'U' if m > n else 'Vh'} has no gradient with full_matrices=True for {m} x {n} matrices: its last "
            f"{abs(m - n)} {'columns' if m > n else 'rows'} may be any orthonormal basis of what the others leave. Pass "
            "full_matrices=False, or use the other results alone"
        )
    if 0 in x_shape or (gu is None and gs is None and gvh is None):
        return np.zeros(x_shape, u.dtype)
    left = None if gu is None and gvh is None else _vectors_rule(gu, gvh, u, s, vh)
    if gs is not None:
        left = total(left, conjugated(u) * (gs * (s != 0))[..., None, :])
    across = None
    if gvh is not None and n > m:
        outside = gvh - gvh @ vh.mT @ conjugated(vh)
        across = conjugated(u) @ over_gaps(outside.mT, s, 0 * s[..., :1]).mT
    return total(left @ conjugated(vh), across)


def _vectors_rule(gu: Any, gvh: Any, u: Any, s: Any, vh: Any) -> Any:
    """What the vectors contribute, but for what lies outside the rows of Vh; to be multiplied by ``conj(Vh)``.

    With ``X = U^H dA V``, ``D[i, j] = 1 / (s[j] - s[i])`` and ``E[i, j] = 1 / (s[j] + s[i])``:
    ``U^H dU = (D * (X + X^H) + E * (X - X^H)) / 2`` and ``V^H dV = (D * (X + X^H) - E * (X - X^H)) / 2``, and outside of the
    columns of U ``dU = dA V S^-1``. Equal singular values: Note [equal values] in ``eigenvalues``.
    """
    of_u = None if gu is None else u.mT @ gu
    of_v = None if gvh is None else conjugated(vh @ gvh.mT)
    alike = over_gaps(off_diagonal(total(of_u, of_v)), s, s)
    opposite = total(of_u, None if of_v is None else -of_v)
    left = conjugated(u) @ ((alike + adjoint(alike) + over_gaps(opposite - adjoint(opposite), s, -s)) / 2)
    if gu is not None and u.shape[-2] > u.shape[-1]:
        left = left + over_gaps(gu - conjugated(u) @ of_u, s, 0 * s[..., :1])
    return left


_svd.vjp(x=_svd_rule)
_svd.batch(leading(2))


@function(
    np.linalg.svd,
    samples=[
        sample(reals(4, 3), False),
        sample(reals(3, 4), full_matrices=False),
        sample(reals(3, 3)),
        sample(reals(2, 3, 2), full_matrices=False),
        sample(complexes(3, 2), compute_uv=False),
        sample(reals(3, 3), hermitian=True),
        sample(reals(2, 3, 3), hermitian=True),
        sample(complexes(3, 3), compute_uv=False, hermitian=True),
        sample(integers(4, 3)),
        sample(integers(3, 4), True, False),
    ],
    errors=[(sample(reals(3)), np.linalg.LinAlgError), (sample(reals(3, 4), hermitian=True), np.linalg.LinAlgError)],
)
def svd(x: Any, /, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """The singular value decomposition ``x = U @ diag(S) @ Vh``, with orthonormal columns in U and rows in Vh.

    The singular values S are not negative, and descending. ``dS = diag(X).real`` with ``X = U^H dx V``, and the vectors turn by
    ``X + X^H`` over the differences of singular values and ``X - X^H`` over their sums.

    A pair of a left and a right vector may be multiplied by any number of absolute value 1, by -1 or, in the complex
    case, by any phase, and stays one; which one comes out is LAPACK's choice. A loss is well defined if it does not depend on
    it: functions of S, of ``abs(U)``, of ``U[:, :k] @ Vh[:k]`` and of the projectors ``U[:, :k] @ U[:, :k]^H``. For a complex
    matrix the gradient of any other loss is that for vectors whose phases change oppositely; the derivative of LAPACK's vectors
    is another one. Real vectors, whose sign stays, have it for every loss.

    Where singular values are equal, their vectors have no derivative, and where one is 0, neither: the gradient is NaN, unless
    the vectors are not used. Gradients of S alone divide by nothing; S has the derivative 0 where it is 0, as ``abs`` has.

    Args:
        x: the matrix, or a stack of them.
        full_matrices: give square U and Vh. In the one that is larger than ``k = min(m, n)`` the last vectors are not unique:
            it has no gradient, the other results have.
        compute_uv: give U and Vh; without, S alone.
        hermitian: take ``x`` as Hermitian and read its lower triangle, which is faster; the gradient lies in it.

    Shapes: ``(..., m, n)`` -> U ``(..., m, m)``, S ``(..., k)``, real, and Vh ``(..., n, n)``; with ``full_matrices=False`` U
    ``(..., m, k)`` and Vh ``(..., k, n)``.

    Raises:
        numpy.linalg.LinAlgError: for fewer than two axes, with ``hermitian`` for a matrix that is not square, and if the
            iteration does not converge.
        GradientError: in the backward pass, for a gradient with respect to U with ``full_matrices=True`` and ``m > n``, or Vh
            and ``m < n``.

    Source: J. Townsend, "Differentiating the singular value decomposition" (2016); Z.-Q. Wan, S.-X. Zhang, "Automatic
    differentiation for complex valued SVD", arXiv:1909.02659 (2019).

    >>> U, S, Vh = ag.linalg.svd(np.array([[0.0, 2.0], [1.0, 0.0]]))
    >>> S
    array([2., 1.])
    """
    if hermitian:
        return _hermitian_svd(x, bool(compute_uv))
    if not compute_uv:
        return svdvals(x)
    u, s, vh, rest = _svd(x, full_matrices=bool(full_matrices))
    if rest.size and u.shape[-2] > vh.shape[-1]:
        u = concatenate([u, rest], -1)
    elif rest.size:
        vh = concatenate([vh, rest], -2)
    return SVDResult(u, s, vh)


def _hermitian_svd(x: Any, compute_uv: bool) -> Any:
    """As NumPy does: singular values are absolute eigenvalues, and the right vectors take the signs."""
    w, v = eigh(x) if compute_uv else (eigvalsh(x), None)
    s = np.abs(w)
    order = np.argsort(s)[..., ::-1]
    s = np.take_along_axis(s, order, -1)
    if v is None:
        return s
    sign = np.take_along_axis(cast(1 - 2 * np.signbit(w), s.dtype), order, -1)
    u = np.take_along_axis(v, order[..., None, :], -1)
    return SVDResult(u, s, adjoint(u * sign[..., None, :]))


@op(
    numpy=np.linalg.svdvals,
    samples=[
        sample(reals(4, 3)),
        sample(reals(2, 2, 3)),
        sample(complexes(3, 3)),
        sample(complexes(2, 3, 2)),
        sample(integers(3, 4)),
    ],
    errors=[(sample(reals(3)), np.linalg.LinAlgError)],
)
def svdvals(x: Any) -> Any:
    """The singular values of a matrix, descending; ``dS = diag(U^H dx V).real`` with the singular vectors U and V.

    The derivative is 0 where the singular value is 0. Where singular values are equal, functions that are
    symmetric in them have this gradient; for others it is one of several, as for ``max`` at a tie. Second derivatives at equal
    singular values are NaN.

    Shapes: ``(..., m, n)`` -> ``(..., min(m, n))``, real.

    Raises:
        numpy.linalg.LinAlgError: for fewer than two axes, and if the iteration does not converge.

    >>> ag.linalg.svdvals(np.array([[0.0, 2.0], [1.0, 0.0]]))
    array([2., 1.])
    """
    check_matrix(x, "svdvals")
    return np.linalg.svdvals(x)


svdvals.vjp(x=lambda g, x, x_shape: _svd_rule((None, g, None, None), _svd(x, full_matrices=False), x_shape))
svdvals.batch(leading(2))


@op(
    differentiable=False,
    name="matrix_rank",
    public=False,
    samples=[sample(reals(3, 4), None, None, hermitian=False), sample(reals(2, 3, 3), 0.5, None, hermitian=True)],
)
def _matrix_rank(x: Any, tol: Any, rtol: Any, *, hermitian: bool) -> Any:
    return np.asarray(np.linalg.matrix_rank(x, tol, hermitian, rtol=rtol))[()]


_matrix_rank.batch(leading(2, 0, 0))


@function(
    np.linalg.matrix_rank,
    samples=[
        sample(reals(3, 4)),
        sample(np.array([[1.0, 2.0], [2.0, 4.0]])),
        sample(reals(2, 3, 3), 0.5),
        sample(reals(2, 3, 3), reals(2, low=0.3, high=1.0), True),
        sample(complexes(3, 3), rtol=0.1),
        sample(integers(3, 4)),
        sample(reals(3)),
        sample(np.zeros(3)),
    ],
    errors=[(sample(reals(3, 3), 0.1, rtol=0.1), ValueError)],
)
def matrix_rank(x: Any, /, tol: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Any:
    """The number of singular values above a tolerance; an integer, and so without a gradient.

    A vector or a number counts as one column: the rank is 1, or 0 if all is 0.

    Args:
        x: the matrix, or a stack of them.
        tol: the tolerance, one for all or one for each matrix of the stack.
        hermitian: take ``x`` as Hermitian, which is faster.
        rtol: the tolerance relative to the largest singular value; by default ``max(m, n)`` times the unit of the last place.

    Shapes: ``(..., m, n)`` -> ``(...)``, integers.

    Raises:
        ValueError: when both ``tol`` and ``rtol`` are given.
        numpy.linalg.LinAlgError: if the iteration does not converge.

    >>> ag.linalg.matrix_rank(np.array([[1.0, 2.0], [2.0, 4.0]]))
    np.int64(1)
    """
    rank = _matrix_rank(as_array(x), tol, rtol, hermitian=bool(hermitian))
    return rank if isinstance(rank, Tensor) or ndim_of(x) > 1 else int(rank)
