"""Eigenvalues and eigenvectors, of Hermitian matrices (``eigh``, ``eigvalsh``) and of all others (``eig``, ``eigvals``).

Note [equal values]: eigenvectors move by ``1 / (w[j] - w[i])`` towards each other, so where two eigenvalues are equal they
have no derivative, and a gradient that asks for one is NaN; values that differ by no more than rounding are equal. Functions
of the space that the vectors span (a projector ``V @ V^H``) have a derivative there nevertheless, and so has
``V @ diag(f(w)) @ V^H``; but they differ in it, and nothing in the vectors' cotangent tells the one from the other. Vectors
that are not used contribute 0. Gradients of the eigenvalues alone divide by no difference: their sums and all other functions
that are symmetric in the equal ones have a derivative, and this is it; their second derivatives go through the vectors.
"""

from typing import Any

import numpy as np

from autograd.batch_rules import leading
from autograd.gate import function, op
from autograd.ops.casting import conjugated
from autograd.ops.matrices.decompositions import NO_SQUARES, check_square, of_the_triangle, total
from autograd.ops.reductions.reduction import sum_to
from autograd.samples import Recipe, complexes, integers, reals, sample

EighResult: Any = type(np.linalg.eigh(np.eye(1)))
EigResult: Any = type(np.linalg.eig(np.eye(1)))


@op(
    differentiable=False,
    name="apart",
    public=False,
    samples=[
        sample(np.array([1.0, 1.0, 1.0 + 1e-15, 2.0]), np.array([1.0, 1.0, 1.0 + 1e-15, 2.0])),
        sample(complexes(2, 3), complexes(2, 3)),
        sample(np.array([[2.0, 0.0]]), np.zeros((1, 1))),
    ],
)
def _apart(w: Any, others: Any) -> Any:
    """1 at ``[i, j]`` where ``w[j]`` and ``others[i]`` differ by more than rounding, and 0 elsewhere.

    Values from LAPACK, which computes in double precision, are in error by about n units in the last place of the largest one,
    and then they are rounded to their dtype.
    """
    sizes = np.abs(w)
    unit = np.finfo(w.dtype).eps
    lapack = w.shape[-1] * float(np.finfo(float).eps) * np.max(sizes, axis=-1, initial=0.0)
    rounding = unit * (sizes[..., None, :] + np.abs(others)[..., :, None]) + lapack[..., None, None]
    return (np.abs(w[..., None, :] - others[..., :, None]) > rounding).astype(unit.dtype)


_apart.batch(leading(1, 1))


@op(
    name="undefined",
    public=False,
    samples=[sample(np.array([[0.5, 1.0], [-1.0, 2.0]]), np.ones((2, 2)))],
)
def _undefined(x: Any, apart: Any) -> Any:
    """NaN where something is to be divided by 0, and 0 elsewhere."""
    return np.where((apart == 0) & (x != 0), np.nan, 0).astype(apart.dtype)


# What it stands for is a product with infinity that makes 0 of 0, and so does its rule.
_undefined.vjp(x=lambda g, apart, x_shape: sum_to(_undefined(g, apart), shape=x_shape), apart=None)
_undefined.batch(leading(2, 2))


def over_gaps(x: Any, w: Any, others: Any) -> Any:
    """``x[i, j] / (w[j] - others[i])``; where the two are equal NaN, and 0 where ``x`` is 0: Note [equal values]."""
    apart = _apart(w, others)
    return x * (apart / (w[..., None, :] - others[..., :, None] + (1 - apart))) + _undefined(x, apart)


def off_diagonal(x: Any) -> Any:
    """A square matrix with 0 on its diagonal."""
    return np.where(np.eye(x.shape[-1], dtype=bool), 0, x)


def _triangle(UPLO: str, name: str) -> bool:
    """Whether it is the lower triangle that is read."""
    letter = str(UPLO).upper()
    if letter not in ("L", "U"):
        raise ValueError(f"{name}: expected UPLO 'L', for the lower triangle, or 'U', for the upper one; received {UPLO!r}")
    return letter == "L"


# ---------------------------------------------------------------- of Hermitian matrices

_HERMITIAN_ERRORS = (*NO_SQUARES, (sample(reals(3, 3), "X"), ValueError))


@op(
    name="eigh",
    public=False,
    multiple=True,
    samples=[sample(reals(3, 3), lower=True), sample(reals(2, 3, 3), lower=False)],
)
def _eigh(x: Any, *, lower: bool) -> Any:
    check_square(x, "eigh")
    return np.linalg.eigh(x, "L" if lower else "U")


def _eigh_rule(g: Any, out: Any, lower: bool) -> Any:
    """``dw = diag(X).real`` and ``dV = V (F * X)`` with ``X = V^H dA V`` and F the reciprocals of the gaps."""
    (gw, gv), (w, v) = g, out
    vectors = None if gv is None else over_gaps(off_diagonal(v.mT @ gv), w, w) @ v.mT
    values = None if gw is None else gw[..., :, None] * v.mT
    return of_the_triangle(conjugated(v) @ total(vectors, values), lower)


_eigh.vjp(x=_eigh_rule)
_eigh.batch(leading(2))


@function(
    np.linalg.eigh,
    samples=[
        sample(reals(3, 3)),
        sample(reals(2, 3, 3), "U"),
        sample(reals(2, 2), UPLO="l"),
        sample(reals(1, 1)),
        sample(integers(3, 3)),
    ],
    errors=_HERMITIAN_ERRORS,
)
def eigh(x: Any, /, UPLO: str = "L") -> Any:
    """Eigenvalues w, ascending, and orthonormal eigenvectors V, in columns, of a Hermitian matrix: ``x @ V = V @ diag(w)``.

    ``dw = diag(X).real`` and ``dV = V (F * X)`` with ``X = V^H dx V``, ``F[i, j] = 1 / (w[j] - w[i])`` and 0 on the
    diagonal. One triangle of ``x`` is read; the gradient lies in it, and is 0 in the other.

    An eigenvector may be multiplied by any number of absolute value 1, by -1 or, in the complex case, by any phase, and stays
    one; which one comes out is LAPACK's choice. A loss is well defined if it does not depend on it: functions of w, of
    ``abs(V)``, of the projectors ``V[:, :k] @ V[:, :k]^H``. For a complex matrix the gradient of any other loss is
    that for vectors which turn as little as possible (``v^H dv = 0``); the derivative of LAPACK's vectors is another one.
    Real vectors, whose sign stays, have it for every loss.

    Where eigenvalues are equal, the vectors have no derivative: the gradient is NaN, unless the vectors are not used. Gradients
    of w alone are not concerned.

    Args:
        x: the matrix, or a stack of them.
        UPLO: the triangle to read: ``"L"`` for the lower one, ``"U"`` for the upper one.

    Shapes: ``(..., n, n)`` -> ``eigenvalues`` ``(..., n)``, real, and ``eigenvectors`` ``(..., n, n)``.

    Raises:
        numpy.linalg.LinAlgError: for a matrix that is not square, and if the iteration does not converge.
        ValueError: for another ``UPLO``.

    Source: M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation" (2008).

    >>> w, V = ag.linalg.eigh(np.array([[2.0, 1.0], [1.0, 2.0]]))
    >>> w
    array([1., 3.])
    """
    return EighResult(*_eigh(x, lower=_triangle(UPLO, "eigh")))


@op(name="eigvalsh", public=False, samples=[sample(reals(3, 3), lower=True), sample(complexes(2, 3, 3), lower=False)])
def _eigvalsh(x: Any, *, lower: bool) -> Any:
    check_square(x, "eigvalsh")
    return np.linalg.eigvalsh(x, "L" if lower else "U")


_eigvalsh.vjp(x=lambda g, x, lower: _eigh_rule((g, None), _eigh(x, lower=lower), lower))
_eigvalsh.batch(leading(2))


@function(
    np.linalg.eigvalsh,
    samples=[
        sample(reals(3, 3)),
        sample(reals(2, 3, 3), "U"),
        sample(complexes(3, 3)),
        sample(complexes(2, 2, 2), UPLO="u"),
        sample(reals(1, 1)),
        sample(integers(3, 3)),
    ],
    errors=_HERMITIAN_ERRORS,
)
def eigvalsh(x: Any, /, UPLO: str = "L") -> Any:
    """The eigenvalues of a Hermitian matrix, ascending; ``dw = diag(V^H dx V).real`` with the eigenvectors V.

    One triangle of ``x`` is read; the gradient lies in it, and is 0 in the other. Where eigenvalues are equal,
    functions that are symmetric in them have this gradient; for others it is one of several, as for ``max`` at a tie. Second
    derivatives at equal eigenvalues are NaN.

    Args:
        x: the matrix, or a stack of them.
        UPLO: the triangle to read: ``"L"`` for the lower one, ``"U"`` for the upper one.

    Shapes: ``(..., n, n)`` -> ``(..., n)``, real.

    Raises:
        numpy.linalg.LinAlgError: for a matrix that is not square, and if the iteration does not converge.
        ValueError: for another ``UPLO``.

    >>> ag.linalg.eigvalsh(np.array([[2.0, 1.0], [1.0, 2.0]]))
    array([1., 3.])
    """
    return _eigvalsh(x, lower=_triangle(UPLO, "eigvalsh"))


# ---------------------------------------------------------------- of all other matrices


def _spread(*shape: int) -> Recipe:
    """Recipe of real matrices with real eigenvalues that are far apart."""
    return lambda rng: reals(*shape, low=-0.3, high=0.3)(rng) + np.diag(np.arange(shape[-1]))


def _turning(*shape: int) -> Recipe:
    """Recipe of real matrices with pairs of conjugate eigenvalues."""
    n = shape[-1]
    return lambda rng: reals(*shape, low=-0.3, high=0.3)(rng) + np.triu(np.full((n, n), 2.0), 1) - np.tri(n, k=-1)


@op(
    differentiable=False,
    name="leading_components",
    public=False,
    samples=[sample(complexes(3, 3)), sample(np.array([[1.0, 1.0], [-1j, 1j]]) / np.sqrt(2))],
)
def _leading_components(v: Any) -> Any:
    """1 at the component of each column that LAPACK makes real, which is the largest one, and 0 elsewhere."""
    if not v.size:
        return np.zeros(v.shape, v.real.dtype)
    places = np.argmax(np.abs(v) + (v.imag == 0), axis=-2, keepdims=True)  # of two equally large ones that which is real
    return (np.arange(v.shape[-2])[:, None] == places).astype(v.real.dtype)


_leading_components.batch(leading(2))


def _normalized(gv: Any, v: Any) -> Any:
    """The cotangent of eigenvectors of length 1 with a real largest component, as that of vectors of any length and phase.

    Of ``dv + c v`` the length does not change if ``c.real = -(v^H dv).real``, and the component m stays real if
    ``c.imag = -dv[m].imag / v[m]``.
    """
    along = (gv * v).sum(axis=-2, keepdims=True)
    if v.dtype.kind != "c":
        return gv - along * v
    leading = _leading_components(v)
    turn = np.imag(along) / (np.real(v) * leading).sum(axis=-2, keepdims=True)
    return gv - np.real(along) * conjugated(v) - 1j * turn * leading


@op(
    name="eig",
    public=False,
    multiple=True,
    samples=[sample(_spread(3, 3)), sample(_turning(3, 3)), sample(complexes(3, 3))],
)
def _eig(x: Any) -> Any:
    check_square(x, "eig")
    return np.linalg.eig(x)


def _eig_rule(g: Any, out: Any) -> Any:
    """``dw = diag(X)`` and ``dV = V (F * X)``, but for length and phase, with ``X = V^-1 dA V`` and F as in ``_eigh_rule``."""
    (gw, gv), (w, v) = g, out
    vectors = None if gv is None else over_gaps(off_diagonal(v.mT @ _normalized(gv, v)), w, w) @ v.mT
    values = None if gw is None else gw[..., :, None] * v.mT
    return np.linalg.solve(v.mT, total(vectors, values))


_eig.vjp(x=_eig_rule)
_eig.batch(leading(2))


@function(
    np.linalg.eig,
    samples=[
        sample(_spread(3, 3)),
        sample(_turning(3, 3)),
        sample(_turning(2, 2, 2)),
        sample(complexes(3, 3)),
        sample(complexes(2, 2, 2)),
        sample(reals(1, 1)),
        sample(np.array([[1, 2], [3, 4]])),
    ],
    errors=[*NO_SQUARES, (sample(np.array([[1.0, np.nan], [0.0, 1.0]])), np.linalg.LinAlgError)],
)
def eig(x: Any, /) -> Any:
    """Eigenvalues w, in no order, and eigenvectors V, in columns, of any square matrix: ``x @ V = V @ diag(w)``.

    The results are complex, but for a real matrix all of whose eigenvalues are real. ``dw = diag(X)`` and
    ``dV = V (F * X) + V diag(c)`` with ``X = V^-1 dx V`` and ``F[i, j] = 1 / (w[j] - w[i])``; c keeps the vectors as LAPACK
    gives them, of length 1 and with a real largest component.

    A loss should not depend on the phase of the vectors (for real ones: on their sign), which is only LAPACK's
    convention; the gradient is right for others too.

    Where eigenvalues are equal, the vectors have no derivative: the gradient is NaN, unless the vectors are not used. Gradients
    of w alone are not concerned, unless the matrix has no basis of eigenvectors: then V is singular, and so is
    the derivative of w.

    Shapes: ``(..., n, n)`` -> ``eigenvalues`` ``(..., n)`` and ``eigenvectors`` ``(..., n, n)``.

    Raises:
        numpy.linalg.LinAlgError: for a matrix that is not square, for infinities and NaNs in it, and if the iteration does not
            converge; in the backward pass, for a singular V.

    Source: C. Boeddeker, P. Hanebrink, L. Drude, J. Heymann, R. Haeb-Umbach, "On the computation of complex-valued gradients
    with application to statistically optimum beamforming", arXiv:1701.00392 (2017); the phase is LAPACK's (``geev``).

    >>> w, V = ag.linalg.eig(np.array([[0.0, 1.0], [-1.0, 0.0]]))
    >>> w
    array([0.+1.j, 0.-1.j])
    """
    return EigResult(*_eig(x))


@op(
    differentiable=False,
    name="counterparts",
    public=False,
    samples=[sample(np.array([[3.0, 1.0, 2.0]]), np.array([[1.0, 2.0, 3.0]]))],
)
def _counterparts(w: Any, others: Any) -> Any:
    """For each of the values ``w`` the place of the nearest one in ``others``; each place comes once."""
    distances = np.abs(w[..., :, None] - others[..., None, :])
    places = np.zeros(w.shape, int)
    for i in range(w.shape[-1]):
        places[..., i] = np.argmin(distances[..., i, :], axis=-1)
        np.put_along_axis(distances, places[..., None, i, None], np.inf, axis=-1)
    return places


_counterparts.batch(leading(1, 1, stretch=True))


@op(name="eigvals", public=False, samples=[sample(_turning(3, 3)), sample(complexes(2, 3, 3))])
def _eigvals(x: Any) -> Any:
    check_square(x, "eigvals")
    return np.linalg.eigvals(x)


def _eigvals_rule(g: Any, out: Any, x: Any) -> Any:
    w, v = _eig(x)  # not always in the order of ``out``: LAPACK takes another way when it need not give vectors
    return _eig_rule((np.take_along_axis(g, _counterparts(w, out), -1), None), (w, v))


_eigvals.vjp(x=_eigvals_rule)
_eigvals.batch(leading(2))


@function(
    np.linalg.eigvals,
    samples=[
        sample(_spread(3, 3)),
        sample(_turning(2, 3, 3)),
        sample(complexes(3, 3)),
        sample(reals(1, 1)),
        sample(np.array([[1, 2], [3, 4]])),
    ],
    errors=[*NO_SQUARES, (sample(np.array([[1.0, np.inf], [0.0, 1.0]])), np.linalg.LinAlgError)],
)
def eigvals(x: Any, /) -> Any:
    """The eigenvalues of any square matrix, in no order; ``dw = diag(V^-1 dx V)`` with the eigenvectors V.

    They are complex, but for a real matrix all of whose eigenvalues are real. Where some are equal, functions that
    are symmetric in them have this gradient, if the matrix has a basis of eigenvectors; if not, V is singular, and so is
    the derivative. Second derivatives at equal eigenvalues are NaN.

    Shapes: ``(..., n, n)`` -> ``(..., n)``.

    Raises:
        numpy.linalg.LinAlgError: for a matrix that is not square, for infinities and NaNs in it, and if the iteration does not
            converge; in the backward pass, for a singular V.

    >>> ag.linalg.eigvals(np.array([[0.0, 1.0], [-1.0, 0.0]]))
    array([0.+1.j, 0.-1.j])
    """
    return _eigvals(x)
