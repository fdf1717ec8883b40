"""Matrices as products of triangular and unitary ones: Cholesky, QR. What the rules of all decompositions share stands here.

``eigenvalues`` and ``singular_values`` hold the others. All take stacks of matrices, real and complex.

Note [decompositions]: rules are derived as in M. Giles, "Collected matrix derivative results for forward and reverse mode
algorithmic differentiation" (2008): write the change of the outputs for a change dA of the matrix, put it into
dL = Re sum(g * dY) = Re tr(g^T dY), and read off what dA is multiplied with. As cotangents are not conjugated (Note
[conjugation] in ``cotangents``), ``conj(U)`` and ``U.mT`` stand where texts that conjugate them have ``U`` and ``U^H``.

Note [one triangle]: ``cholesky``, ``eigh`` and ``eigvalsh`` read one triangle of their matrix and the real part of its
diagonal, and so the gradient is 0 in the other triangle; an element below the diagonal stands for its mirror image too, and
receives the gradient of both. The symmetric form that PyTorch and JAX give is ``(G + G^H) / 2`` of this gradient G. Where the
matrix was computed, and is Hermitian, there is no difference in what reaches the numbers that it was computed from.
"""

from typing import Any

import numpy as np

from autograd.batch_rules import leading
from autograd.batched import is_recorded
from autograd.errors import GradientError
from autograd.gate import function, op
from autograd.ops.arrays.joining import concatenate
from autograd.ops.casting import conjugated
from autograd.samples import Recipe, complexes, integers, reals, sample

# ---------------------------------------------------------------- what the rules of all decompositions share


def check_matrix(x: Any, name: str) -> None:
    """Refuse what has fewer than two axes."""
    if np.ndim(x) < 2:
        raise np.linalg.LinAlgError(
            f"{name}: expected a matrix or a stack of them, of shape (..., m, n), received shape {np.shape(x)}"
        )


def check_square(x: Any, name: str) -> None:
    """Refuse what is no square matrix and no stack of them."""
    if np.ndim(x) < 2 or x.shape[-1] != x.shape[-2]:
        raise np.linalg.LinAlgError(
            f"{name}: expected a square matrix or a stack of them, of shape (..., n, n), received shape {np.shape(x)}"
        )


def adjoint(x: Any) -> Any:
    """The conjugate transpose of matrices."""
    return conjugated(x).mT


def total(a: Any, b: Any) -> Any:
    """The sum of two contributions, either of which may be absent (``None``)."""
    if a is None or b is None:
        return b if a is None else a
    return a + b


def of_the_triangle(g: Any, lower: bool) -> Any:
    """The gradient of a Hermitian matrix as that of the triangle that was read: Note [one triangle]."""
    return (g + adjoint(g)) * _half(g, lower)


def _half(g: Any, lower: bool) -> Any:
    """1 in one triangle, 1/2 on the diagonal, 0 in the other triangle: what turns ``x + x^H`` back into a triangle."""
    n, dtype = g.shape[-1], np.finfo(g.dtype).dtype
    half = np.tri(n, dtype=dtype) - np.eye(n, dtype=dtype) / 2
    return half if lower else half.T


def positive_definite(*shape: int, imaginary: bool = False) -> Recipe:
    """Recipe of Hermitian matrices whose eigenvalues are at least 1."""

    def draw(rng: Any) -> Any:
        x = (complexes if imaginary else reals)(*shape)(rng)
        return x @ adjoint(x) / shape[-1] + np.eye(shape[-1])

    return draw


# ---------------------------------------------------------------- inverses of triangular matrices


def _triangular(*shape: int, imaginary: bool = False) -> Recipe:
    """Recipe of lower triangular matrices with 2 on the diagonal."""
    draw = (complexes if imaginary else reals)(*shape)
    return lambda rng: np.tril(draw(rng), -1) + 2 * np.eye(shape[-1])


@op(
    public=False,
    samples=[
        sample(_triangular(3, 3), lower=True),
        sample(reals(2, 2, 2, low=1.0), lower=False),
        sample(_triangular(2, 3, 3, imaginary=True), lower=True),
    ],
)
def inverse_of_triangle(x: Any, *, lower: bool) -> Any:
    """The inverse of one triangle of a matrix; it takes a third of the operations that an inverse without zeros takes."""
    return _inverse_of_lower(np.tril(x)) if lower else _inverse_of_lower(np.tril(x.mT)).mT


def _inverse_of_lower(x: Any) -> Any:
    """``[[A, 0], [C, B]]`` has the inverse ``[[A^-1, 0], [-B^-1 C A^-1, B^-1]]``; halves are halved down to 32 rows."""
    n = x.shape[-1]
    if n <= 32:
        return np.tril(np.linalg.inv(x))
    out, half = np.zeros_like(x), n // 2
    out[..., :half, :half] = first = _inverse_of_lower(x[..., :half, :half])
    out[..., half:, half:] = second = _inverse_of_lower(x[..., half:, half:])
    out[..., half:, :half] = -second @ (x[..., half:, :half] @ first)
    return out


def _inverse_rule(g: Any, out: Any, lower: bool) -> Any:
    triangle = np.tril if lower else np.triu
    return triangle(out.mT @ -triangle(g) @ out.mT)


inverse_of_triangle.vjp(x=_inverse_rule)
inverse_of_triangle.batch(leading(2))


# ---------------------------------------------------------------- Cholesky

NO_SQUARES = ((sample(reals(3, 4)), np.linalg.LinAlgError), (sample(reals(3)), np.linalg.LinAlgError))


def _indefinite(x: Any, upper: bool) -> np.linalg.LinAlgError:
    """The error for a matrix that is not positive definite, which says where in a stack it is."""
    where = "the matrix"
    if x.ndim > 2:
        for place in np.ndindex(x.shape[:-2]):
            try:
                np.linalg.cholesky(x[place], upper=upper)
            except np.linalg.LinAlgError:
                where = f"the matrix at {list(place)} of the stack of shape {x.shape}"
                break
    return np.linalg.LinAlgError(
        f"cholesky: expected positive definite matrices, but {where} is not: it has an eigenvalue that is 0 or negative. If "
        "only rounding made it so, add a small multiple of the identity"
    )


@op(
    numpy=np.linalg.cholesky,
    samples=[
        sample(positive_definite(3, 3)),
        sample(positive_definite(2, 3, 3), upper=True),
        sample(positive_definite(3, 3, imaginary=True)),
        sample(positive_definite(2, 2, 2, imaginary=True), upper=True),
        sample(positive_definite(1, 1)),
    ],
    errors=[*NO_SQUARES, (sample(np.array([[1.0, 0.0], [0.0, -1.0]])), np.linalg.LinAlgError)],
)
def cholesky(x: Any, *, upper: bool = False) -> Any:
    """The triangular factor L of a Hermitian positive definite matrix: ``x = L @ L^H``; with ``upper``, ``x = L^H @ L``.

    One triangle of ``x`` is read, the lower one, or with ``upper`` the upper one; the gradient lies in it, and is 0 in the
    other. With lower L, ``dL = L Phi(L^-1 dx L^-H)``, where Phi takes the lower triangle and half of the diagonal.

    Args:
        x: the matrix, or a stack of them.
        upper: give the upper triangular factor.

    Shapes: ``(..., n, n)`` -> same.

    Raises:
        numpy.linalg.LinAlgError: for a matrix that is not square or not positive definite.

    Source: I. Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527 (2016).

    >>> ag.linalg.cholesky(np.array([[4.0, 2.0], [2.0, 5.0]]))
    array([[2., 0.],
           [1., 2.]])
    """
    check_square(x, "cholesky")
    try:
        return np.linalg.cholesky(x, upper=upper)
    except np.linalg.LinAlgError:
        raise _indefinite(x, upper) from None


def _cholesky_rule(g: Any, out: Any, upper: bool) -> Any:
    lower, g = (adjoint(out), adjoint(g)) if upper else (out, g)
    inverse = inverse_of_triangle(lower, lower=True)
    inner = lower.mT @ g
    return of_the_triangle(inverse.mT @ (inner * _half(inner, True)) @ conjugated(inverse), not upper)


cholesky.vjp(x=_cholesky_rule)
cholesky.batch(leading(2))


# ---------------------------------------------------------------- QR

# The classes of NumPy's named results, which have no public names.
QRResult: Any = type(np.linalg.qr(np.eye(1)))


@op(
    name="qr",
    public=False,
    multiple=True,
    samples=[
        sample(reals(4, 3), mode="reduced"),
        sample(complexes(3, 2), mode="reduced"),
        sample(reals(2, 3, 4), mode="complete"),
    ],
)
def _qr(x: Any, *, mode: Any) -> Any:
    """Q without the columns that only ``"complete"`` gives, R, and these columns.

    They stand apart because no gradient rule may need them: they are not unique.
    """
    check_matrix(x, "qr")
    q, r = np.linalg.qr(x, mode)
    k = min(x.shape[-2:])
    return q[..., :k], r, q[..., k:]


def _qr_rule(g: Any, out: Any, x_shape: tuple[int, ...]) -> Any:
    (gq, gr, g_rest), (q, r, rest) = g, out
    m, n = x_shape[-2:]
    if g_rest is not None and rest.size and 0 not in x_shape:
        raise GradientError(
            f"qr: Q has no gradient with mode='complete' for {m} x {n} matrices: its last {m - n} columns may be any "
            "orthonormal basis of what the others leave. Use mode='reduced', or R alone"
        )
    if 0 in x_shape or (gq is None and gr is None):
        return np.zeros(x_shape, q.dtype)
    if m < n:
        return _wide_qr_rule(gq, gr, q, r)
    if r.shape[-2] > n:  # zeros
        gr, r = None if gr is None else gr[..., :n, :], r[..., :n, :]
    return _tall_qr_rule(gq, gr, q, r)


def _tall_qr_rule(gq: Any, gr: Any, q: Any, r: Any) -> Any:
    """For at least as many rows as columns.

    ``X = Q^H dA R^-1 = Q^H dQ + dR R^-1`` is the sum of a skew-Hermitian matrix and an upper triangular one with a real
    diagonal, so the latter is the upper triangle of ``X + X^H`` with half of its diagonal, which gives dR, and then
    ``dQ = (dA - Q dR) R^-1``.
    """
    inner = total(None if gr is None else gr @ r.mT, None if gq is None else -(q.mT @ gq))
    inner = inner * _half(inner, False)
    inverse = inverse_of_triangle(r, lower=False)
    return total(gq, conjugated(q) @ (inner + adjoint(inner))) @ inverse.mT


def _wide_qr_rule(gq: Any, gr: Any, q: Any, r: Any) -> Any:
    """For fewer rows than columns: the first, square part is decomposed, and the rest of R is ``Q^H`` times the rest of A."""
    m = q.shape[-1]
    left, right = r[..., :m], r[..., m:]
    if gr is None:
        return concatenate([_tall_qr_rule(gq, None, q, left), np.zeros_like(right)], -1)
    g_right = gr[..., m:]
    gq = total(gq, conjugated(q @ right) @ adjoint(g_right))
    return concatenate([_tall_qr_rule(gq, gr[..., :m], q, left), conjugated(q) @ g_right], -1)


_qr.vjp(x=_qr_rule)
_qr.batch(leading(2))


@op(name="r_of_qr", public=False, samples=[sample(reals(4, 3)), sample(complexes(2, 3))])
def _r_of_qr(x: Any) -> Any:
    check_matrix(x, "qr")
    return np.linalg.qr(x, "r")


_r_of_qr.vjp(x=lambda g, x, x_shape: _qr_rule((None, g, None), _qr(x, mode="reduced"), x_shape))
_r_of_qr.batch(leading(2))


@op(name="raw_qr", public=False, multiple=True, differentiable=False, samples=[sample(reals(4, 3))])
def _raw_qr(x: Any) -> Any:
    check_matrix(x, "qr")
    return np.linalg.qr(x, "raw")


_raw_qr.batch(leading(2))


@function(
    np.linalg.qr,
    samples=[
        sample(reals(4, 3)),
        sample(reals(3, 3)),
        sample(reals(2, 2, 4)),
        sample(complexes(3, 2)),
        sample(complexes(2, 3)),
        sample(reals(3, 3), "complete"),
        sample(reals(2, 4), mode="complete"),
        sample(reals(4, 3), mode="r"),
        sample(complexes(2, 2, 3), mode="r"),
        sample(reals(1, 1)),
        sample(integers(4, 3), mode="complete"),
        sample(integers(4, 3), mode="raw"),
    ],
    errors=[(sample(reals(3)), np.linalg.LinAlgError), (sample(reals(3, 3), "thin"), ValueError)],
)
def qr(x: Any, /, mode: str = "reduced") -> Any:
    """``x = Q @ R`` with orthonormal columns in Q and an upper triangular R.

    R has a real diagonal of whatever sign the Householder reflections give; with this diagonal Q and R are
    unique, and every function of them has a gradient, as long as the first ``k = min(m, n)`` columns of ``x`` are linearly
    independent. ``dR = triu(X + X^H) R`` with half of the diagonal and ``X = Q^H dx R^-1``, and ``dQ = (dx - Q dR) R^-1``
    (for ``m >= n``).

    Args:
        x: the matrix, or a stack of them.
        mode: ``"reduced"`` for k columns of Q; ``"complete"`` for a square Q, of which the last columns are not
            unique for ``m > n``: Q then has no gradient, R has; ``"r"`` for R alone; ``"raw"`` for the Householder
            vectors and their scales, as LAPACK stores them, without a gradient.

    Shapes: ``(..., m, n)`` -> Q ``(..., m, k)`` and R ``(..., k, n)``; with ``"complete"`` ``(..., m, m)`` and ``(..., m, n)``;
    with ``"raw"`` ``(..., n, m)`` and ``(..., k)``.

    Raises:
        ValueError: for another mode.
        numpy.linalg.LinAlgError: for fewer than two axes; in the backward pass, for a singular R.
        GradientError: with ``"raw"`` when ``x`` requires a gradient; in the backward pass, with ``"complete"`` and ``m > n``,
            for a gradient with respect to Q.

    Source: D. A. O. Roberts, L. R. Roberts, "QR and LQ decomposition matrix backpropagation algorithms for square, wide, and
    deep - real or complex - matrices and their software implementation", arXiv:2009.10071 (2020).

    >>> Q, R = ag.linalg.qr(np.array([[0.0, 2.0], [1.0, 3.0]]))
    >>> R
    array([[-1., -3.],
           [ 0., -2.]])
    """
    if mode == "r":
        return _r_of_qr(x)
    if mode == "raw":
        if is_recorded(x):
            raise GradientError(
                "qr: mode='raw' gives Householder vectors in LAPACK's storage, which have no gradient rule, and this matrix "
                "requires a gradient; use mode='reduced', or x.detach()"
            )
        return _raw_qr(x)
    if mode not in ("reduced", "complete"):
        raise ValueError(f"qr: expected the mode 'reduced', 'complete', 'r' or 'raw', received {mode!r}")
    q, r, rest = _qr(x, mode=mode)
    return QRResult(concatenate([q, rest], -1) if rest.size else q, r)
