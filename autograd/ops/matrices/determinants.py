"""Determinants, and the logarithms of their absolute values.

The derivative of a determinant is the matrix of cofactors, which exists for singular matrices too, and so do all higher ones.

Note [derivatives of a determinant]: a determinant is linear in each row, so its derivative of order k in the directions
X_1 ... X_k is a sum over ways to replace k of the rows by rows of the X's. For a diagonal matrix S this leaves, over all
different i_1 ... i_k, the product of the other diagonal elements times the determinant of the k x k numbers X_m[i_m, i_l]. By
the singular value decomposition any matrix is A = U S V^H, and det(A) = det(U) det(S) det(V^H), so the directions
are turned into the frame of U and V, and the result is turned back. No step divides, so rank does not matter.
The derivative by the last direction, as a matrix, is ``_det_derivative``; as the order of directions does not matter, its own
derivatives are of the same kind, with one direction more or another one in place.

Source: M. A. Golberg, The derivative of a determinant, American Mathematical Monthly 79, 1972; the singular case as in
A. Griewank and A. Walther, Evaluating Derivatives, 2nd edition, 2008, and G. W. Stewart, On the adjugate matrix, 1998.
"""

from collections.abc import Sequence
from itertools import combinations, permutations
from typing import Any

import numpy as np

from autograd.batch_rules import leading
from autograd.gate import function, op
from autograd.ops.matrices.decompositions import check_square
from autograd.ops.matrices.solving import complex_regular, inv, regular
from autograd.samples import Recipe, complexes, reals, sample

# ---------------------------------------------------------------- the determinant


def _of_rank(rank: int, n: int, *stack: int) -> Recipe:
    """Square matrices of a lower rank: products of random rectangles."""
    left, right = reals(*stack, n, rank), reals(*stack, rank, n)
    return lambda rng: np.asarray(left(rng) @ right(rng))


_NO_DETERMINANT = (
    (sample(reals(2, 3)), np.linalg.LinAlgError),
    (sample(reals(3)), np.linalg.LinAlgError),
    (sample(reals()), np.linalg.LinAlgError),
)


@op(
    numpy=np.linalg.det,
    samples=[
        sample(reals(3, 3)),
        sample(reals(2, 2, 2)),
        sample(reals(1, 1)),
        sample(complexes(2, 3, 3)),
        sample(_of_rank(2, 3)),
        sample(_of_rank(2, 3, 2)),
    ],
    errors=_NO_DETERMINANT,
)
def det(x: Any) -> Any:
    """The determinant of a square matrix; its derivative is the matrix of cofactors, ``det(x) inv(x).T`` where there is one.

    Singular matrices have the right derivative, too, of any order. For large matrices ``slogdet`` does not overflow.

    Shapes: ``(..., n, n)`` -> ``(...)``.

    Raises:
        numpy.linalg.LinAlgError: for a matrix that is not square.

    Source: see Note [derivatives of a determinant] in ``autograd.ops.matrices.determinants``.

    >>> x = ag.tensor([[1.0, 2.0], [2.0, 4.0]], requires_grad=True)
    >>> ag.linalg.det(x).backward()
    >>> np.round(x.grad.numpy(), 12)
    array([[ 4., -2.],
           [-2.,  1.]])
    """
    x = np.asarray(x)
    check_square(x, "det")
    return np.linalg.det(x)


det.vjp(x=lambda g, x: g[..., None, None] * _det_derivative(x))
det.batch(leading(2))


@op(
    name="det_derivative",
    public=False,
    samples=[
        sample(reals(3, 3)),
        sample(regular(2, 2)),
        sample(complexes(2, 2)),
        sample(_of_rank(1, 3), reals(3, 3)),
        sample(reals(2, 3, 3), reals(2, 3, 3)),
        sample(complexes(2, 2), complexes(2, 2), reals(2, 2)),
    ],
)
def _det_derivative(x: Any, *directions: Any) -> Any:
    """The derivative of ``det`` in some directions, differentiated by one more: see Note [derivatives of a determinant].

    Without directions: the matrix of cofactors. From the inverse it takes a fifth of the time, and is as accurate where
    the condition number is small.
    """
    dtype = np.result_type(x, *directions)
    double = np.result_type(dtype, np.float64)
    x = x.astype(double, copy=False)
    if x.size == 0:
        return np.zeros(x.shape, dtype)
    if not directions:
        cofactors = _cofactors_by_inverse(x)
        if cofactors is not None:
            return cofactors.astype(dtype, copy=False)
    finite = np.isfinite(x).all((-2, -1), keepdims=True)
    u, s, vh = np.linalg.svd(np.where(finite, x, 0))
    turned = [np.conj(u.mT) @ each @ np.conj(vh.mT) for each in directions]
    unit = (np.linalg.det(u) * np.linalg.det(vh))[..., None, None]
    out = unit * (np.conj(u) @ _of_a_diagonal(s, turned) @ np.conj(vh))
    return np.where(finite, out, np.nan).astype(dtype, copy=False)


_det_derivative.vjp(
    x=lambda g, x, directions: _det_derivative(x, *directions, g),
    directions=lambda g, x, directions, index: _det_derivative(x, *directions[:index], g, *directions[index + 1 :]),
)
_det_derivative.batch(
    lambda record, arrays, mapped, statics, level: leading(*[2] * len(arrays), stretch=True)(
        record, arrays, mapped, statics, level
    )
)

_WELL_CONDITIONED = 1e4  # four of sixteen digits may be lost
_SAFELY_NORMAL = 1e-290  # a smaller determinant may have lost digits, where its cofactors have not


def _cofactors_by_inverse(x: Any) -> Any:
    """``det(x) inv(x).T``, or ``None`` if that is too inaccurate for a matrix of the stack."""
    try:
        inverse = np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return None
    with np.errstate(all="ignore"):
        determinant = np.linalg.det(x)
        condition = np.linalg.norm(x, axis=(-2, -1)) * np.linalg.norm(inverse, axis=(-2, -1))
        size = abs(determinant)
        good = (condition < _WELL_CONDITIONED) & (size > _SAFELY_NORMAL) & np.isfinite(size)
    return determinant[..., None, None] * inverse.mT if good.all() else None


def _of_a_diagonal(s: Any, directions: Sequence[Any]) -> Any:
    """``_det_derivative`` of the diagonal matrices ``s``."""
    order = len(directions) + 1
    products = _products_of_the_others(s, order)
    out = np.zeros((*s.shape, s.shape[-1]), np.result_type(s, *directions))
    diagonal = np.einsum("...ii->...i", out)  # a view
    places = "abcdefghijklmnopqrstuvwxyz"[:order]
    for permutation in permutations(range(order)):
        odd = sum(i > j for i, j in combinations(permutation, 2)) % 2
        images = [places[i] for i in permutation]
        factors = ",".join([f"...{places}", *[f"...{i}{j}" for i, j in zip(places[:-1], images[:-1], strict=True)]])
        fixed = images[-1] == places[-1]
        term = np.einsum(f"{factors}->...{places[-1] if fixed else places[-1] + images[-1]}", products, *directions)
        target = diagonal if fixed else out
        target += -term if odd else term
    return out


def _products_of_the_others(s: Any, order: int) -> Any:
    """For ``order`` different places, in any order, the product of ``s`` at all other places; 0 where two are the same.

    Shapes: ``(..., n)`` -> ``(..., n, ..., n)``.
    """
    n = s.shape[-1]
    # By a power of two, which rounds nothing, brought to where a product of a part of them is far from overflow.
    nonzero = s > 0
    exponents = np.log2(s, where=nonzero, out=np.zeros_like(s)).sum(-1) / np.maximum(nonzero.sum(-1), 1)
    scale = np.rint(exponents).astype(np.intp)
    s = np.ldexp(s, -scale[..., None])
    ones = np.ones((*s.shape[:-1], 1), s.dtype)
    before = np.cumprod(np.concatenate([ones, s[..., :-1]], -1), -1)
    after = np.cumprod(np.concatenate([ones, s[..., :0:-1]], -1), -1)[..., ::-1]
    later = np.tri(n, k=-1, dtype=bool).T  # [i, j]: whether j > i
    # Row i has s behind place i and 1 up to it; the product of all elements left of j is that of s between i and j.
    behind = np.concatenate([ones[..., None, :].repeat(n, -2), np.where(later, s[..., None, :], 1)[..., :-1]], -1)
    between = np.where(later, np.cumprod(behind, -1), 0)
    places = np.sort(np.indices((n,) * order), axis=0)
    out = before[..., places[0]] * after[..., places[-1]]
    for i in range(order - 1):
        out = out * between[..., places[i], places[i + 1]]
    return np.ldexp(out, np.reshape(scale * (n - order), (*scale.shape, *[1] * order)))


# ---------------------------------------------------------------- its logarithm


SlogdetResult: Any = type(np.linalg.slogdet(np.eye(1)))


@op(multiple=True, name="slogdet", public=False, samples=[sample(regular(3)), sample(complex_regular(2, 2))])
def _slogdet(x: Any) -> Any:
    x = np.asarray(x)
    check_square(x, "slogdet")
    return tuple(np.linalg.slogdet(x))


def _slogdet_rule(g: Any, out: Any, x: Any) -> Any:
    by_sign, by_logarithm = g
    if by_sign is not None and x.dtype.kind == "c":  # sign = exp(i imag(w)), logabsdet = real(w) with w = log(det(x))
        turn = np.imag(by_sign * out[0]) * 1j
        by_logarithm = turn if by_logarithm is None else by_logarithm + turn
    if by_logarithm is None:
        return np.zeros_like(x)
    return by_logarithm[..., None, None] * inv(x).mT


_slogdet.vjp(x=_slogdet_rule)
_slogdet.batch(leading(2))


@function(
    np.linalg.slogdet,
    samples=[
        sample(regular(3)),
        sample(-np.eye(3) + np.arange(9.0).reshape(3, 3) / 10),
        sample(regular(2, 3)),
        sample(complex_regular(3)),
        sample(complexes(2, 2, 2)),
    ],
    errors=_NO_DETERMINANT,
)
def slogdet(x: Any, /) -> Any:
    """Sign and logarithm of the absolute value of the determinant; no overflow where ``det`` has one.

    The derivative of the logarithm is ``inv(x).T``. The sign of a real matrix has derivative 0; that of a complex one is
    ``det(x) / |det(x)|``, and turns with it. Of a singular matrix the sign is 0 and the logarithm ``-inf``, without derivative.

    Shapes: ``(..., n, n)`` -> ``(...)`` for both.

    Raises:
        numpy.linalg.LinAlgError: for a matrix that is not square; on the way back for a singular one.

    >>> ag.linalg.slogdet(np.array([[0.0, 1.0], [1.0, 0.0]]))
    SlogdetResult(sign=np.float64(-1.0), logabsdet=np.float64(0.0))
    """
    return SlogdetResult(*_slogdet(x))
