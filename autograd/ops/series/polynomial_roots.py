"""From polynomials to their roots and back: ``roots`` and ``poly``.

A simple root moves with the coefficients: from ``p(r) = 0`` follows ``dr = -dp(r) / p'(r)``, to any order, and no derivative of
eigenvalues is needed. Where roots coincide p' is 0 there, and the derivative infinite.
"""

from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.arrays.joining import concatenate, stack
from autograd.ops.series.polynomial_values import derivative, polynomial_value, power_sums
from autograd.ops.series.polynomials import any_tensor, leading_zeros
from autograd.ops.series.signals import convolve
from autograd.samples import complexes, reals, sample
from autograd.tensors import wrap

# ---------------------------------------------------------------- roots

_SPREAD = (
    sample(np.array([2.0, -3.0, -11.0, 6.0])),
    sample(np.array([1.0, 0.3, 2.0, 0.7, 1.5])),
    sample(np.array([1.0, 0.5j, -2.0 + 1.0j])),
    sample(np.array([2.0, -3.0, 0.0])),
)


@op(name="roots", public=False, samples=_SPREAD)
def _roots(p: Any) -> Any:
    return np.roots(p)


def _roots_rule(g: Any, out: Any, p: Any, p_shape: tuple[int, ...]) -> Any:
    slopes = polynomial_value(derivative(p), out)
    nothing = (g == 0) & (slopes == 0)  # a double root for which nobody asks
    return power_sums(-g / (slopes + nothing), out, count=p_shape[0])


_roots.vjp(p=_roots_rule)


@function(
    np.roots,
    samples=[*_SPREAD, sample(np.array([1, 0, 1]))],
    errors=[
        (sample(reals(2, 2)), ValueError),
        (sample(reals()), TypeError),
        (sample(np.array([1.0, np.nan, 1.0])), np.linalg.LinAlgError),
    ],
)
def roots(p: Any, /) -> Any:
    """The roots of a polynomial, as the eigenvalues of its companion matrix.

    The derivative of a root r with respect to ``p[j]`` is ``-r**(n - j) / p'(r)``; infinite for a root that comes twice.
    Zeros in front of the coefficients are left away, and receive no gradient.

    Args:
        p: coefficients, highest power first.

    Shapes: ``(n + 1,)`` -> ``(n,)``; real, if all roots are.

    Raises:
        ValueError: for coefficients in more than one axis.
        TypeError: for a number in place of coefficients.
        numpy.linalg.LinAlgError: for coefficients that are not finite.

    >>> ag.roots(np.array([1.0, -3.0, 2.0]))
    array([2., 1.])
    """
    a = as_array(p)
    if a.ndim == 0:
        raise TypeError("roots: expected the coefficients of a polynomial, received a number")
    if a.ndim != 1:
        raise ValueError(f"roots: expected the coefficients of a polynomial in one axis, received shape {a.shape}")
    if not any_tensor(a):
        return np.roots(p)
    a = a[leading_zeros(a) :]
    return _roots(a) if a.size > 1 else wrap(np.zeros(0))


# ---------------------------------------------------------------- and back


@op(
    name="poly",
    public=False,
    samples=[sample(reals(4)), sample(complexes(3)), sample(np.array([1.0 + 2.0j, 1.0 - 2.0j, 3.0])), sample(reals(1))],
)
def _poly(x: Any) -> Any:
    return np.poly(x)


def _poly_rule(g: Any, x: Any, x_shape: tuple[int, ...]) -> Any:
    """The derivative in a root is minus the polynomial of the others: of those before it times that of those after it."""
    one = np.ones(1).astype(x.dtype)
    factors = [concatenate([one, -x[k : k + 1]]) for k in range(x_shape[0])]
    before, after = [one], [one]
    for each in factors[:-1]:
        before.append(convolve(before[-1], each))
    for each in factors[:0:-1]:
        after.append(convolve(each, after[-1]))
    others = [convolve(*each) for each in zip(before, reversed(after), strict=True)]
    return -(stack(others) * g[1:]).sum(1)


_poly.vjp(x=_poly_rule)


@op(
    name="characteristic_polynomial",
    public=False,
    samples=[sample(reals(3, 3)), sample(complexes(2, 2)), sample(np.array([[1.0, 1.0], [0.0, 1.0]]))],
)
def _characteristic_polynomial(x: Any) -> Any:
    """The coefficients of ``det(t I - x)``, from the eigenvalues of ``x``."""
    return np.poly(x)


def _characteristic_rule(g: Any, out: Any, x: Any, x_shape: tuple[int, ...]) -> Any:
    """The derivative of the k-th coefficient is minus the transpose of the k-th matrix of Faddeev and LeVerrier.

    Source: F. R. Gantmacher, "The Theory of Matrices", volume 1, 1959, section IV.5. It holds for repeated eigenvalues, too.
    """
    unit = np.eye(x_shape[0]).astype(x.dtype)
    matrix = unit
    total = -g[1] * unit
    for k in range(2, x_shape[0] + 1):
        matrix = x @ matrix + out[k - 1] * unit
        total = total - g[k] * matrix.T
    return total


_characteristic_polynomial.vjp(x=_characteristic_rule)


@function(
    np.poly,
    samples=[
        sample(reals(4)),
        sample(complexes(3)),
        sample(np.array([1.0 + 2.0j, 1.0 - 2.0j, 3.0])),
        sample(reals(3, 3)),
        sample(complexes(2, 2)),
        sample(np.array([1, 2])),
    ],
    errors=[(sample(reals(2, 3)), ValueError), (sample(reals(0, 0)), ValueError), (sample(reals(2, 2, 2)), ValueError)],
)
def poly(x: Any, /) -> Any:
    """The polynomial with given roots, or of a square matrix the characteristic polynomial; the first coefficient is 1.

    Differentiable in both, also where roots or eigenvalues coincide.

    Args:
        x: roots, or a square matrix.

    Shapes: ``(n,)`` or ``(n, n)`` -> ``(n + 1,)``, coefficients, highest power first; real where complex roots come in
    conjugate pairs.

    Raises:
        ValueError: for an array of another shape.

    >>> ag.poly(np.array([1.0, 2.0]))
    array([ 1., -3.,  2.])
    """
    a = np.atleast_1d(as_array(x))
    if not (a.ndim == 1 or (a.ndim == 2 and a.shape[0] == a.shape[1] > 0)):
        raise ValueError(f"poly: expected roots in one axis or a square matrix, received shape {a.shape}")
    if not any_tensor(a):
        return np.poly(a)
    if a.ndim == 2:
        return _characteristic_polynomial(a)
    return _poly(a) if a.size else wrap(np.float64(1.0))
