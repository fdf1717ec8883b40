"""Polynomials by their coefficients, highest power first, as in ``numpy.polyadd`` and its like: arithmetic and calculus.

Where NumPy takes leading zeros away (``polymul``, the remainder of ``polydiv``), what was taken away receives no gradient. A
``poly1d`` among tensors counts as its coefficients, and the result is a tensor of coefficients.
"""

import math
from typing import Any

import numpy as np

from autograd.batched import memory_of
from autograd.errors import BatchingError
from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.arrays.joining import concatenate
from autograd.ops.arrays.padding import pad
from autograd.ops.casting import cast
from autograd.ops.series.signals import convolve, correlation
from autograd.samples import complexes, integers, reals, sample
from autograd.tensors import Tensor, wrap


def any_tensor(*values: Any) -> bool:
    """Whether one of the values is a tensor; else NumPy's function itself gives the result, a ``poly1d`` for a ``poly1d``."""
    return any([isinstance(each, Tensor) for each in values])


def coefficients(p: Any, name: str) -> Any:
    """The coefficients of a polynomial as an array or a tensor; a number counts as a constant polynomial."""
    p = np.atleast_1d(as_array(p))
    if p.ndim != 1:
        raise ValueError(f"{name}: expected the coefficients of a polynomial in one axis, received shape {p.shape}")
    return p


def leading_zeros(p: Any) -> int:
    """How many coefficients in front are zero, to be taken away: equally many for all examples of a ``vmap``."""
    values = memory_of(p)
    *outer, length = values.shape
    rows = np.reshape(values, (math.prod(outer), length)) != 0
    numbers = {int(np.argmax(row)) if row.any() else length for row in rows}
    if len(numbers) > 1:
        fewest, *_, most = sorted(numbers)
        raise BatchingError(
            "a polynomial inside vmap: leading coefficients that are zero are taken away, and examples have from "
            f"{fewest} to {most} of them; one array cannot hold what is left of each. Loop over the examples"
        )
    return numbers.pop() if numbers else 0


# ---------------------------------------------------------------- sums and products

_PAIRS = (
    sample(reals(3), reals(3)),
    sample(reals(2), reals(4)),
    sample(reals(4), reals(2)),
    sample(complexes(2), reals(3)),
    sample(integers(3), integers(1)),
)
_NO_PAIRS = ((sample(reals(2, 2), reals(3)), ValueError),)


def _aligned(x1: Any, x2: Any, name: str) -> tuple[Any, Any]:
    """Both with equally many coefficients."""
    x1, x2 = coefficients(x1, name), coefficients(x2, name)
    missing = x2.size - x1.size
    if missing > 0:
        x1 = concatenate([np.zeros(missing, x1.dtype), x1])
    elif missing < 0:
        x2 = concatenate([np.zeros(-missing, x2.dtype), x2])
    return x1, x2


@function(np.polyadd, samples=_PAIRS, errors=_NO_PAIRS)
def polyadd(x1: Any, x2: Any, /) -> Any:
    """The sum of two polynomials; derivatives 1 and 1.

    Shapes: ``(n,), (m,)`` -> ``(max(n, m),)``, coefficients, highest power first.

    Raises:
        ValueError: for coefficients in more than one axis.

    >>> ag.polyadd(np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0]))
    array([3., 5., 7.])
    """
    a1, a2 = _aligned(x1, x2, "polyadd")
    return a1 + a2 if any_tensor(a1, a2) else np.polyadd(x1, x2)


@function(np.polysub, samples=_PAIRS, errors=_NO_PAIRS)
def polysub(x1: Any, x2: Any, /) -> Any:
    """The difference of two polynomials; derivatives 1 and -1.

    Shapes: ``(n,), (m,)`` -> ``(max(n, m),)``, coefficients, highest power first.

    Raises:
        ValueError: for coefficients in more than one axis.

    >>> ag.polysub(np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0]))
    array([-3., -3., -3.])
    """
    a1, a2 = _aligned(x1, x2, "polysub")
    return a1 - a2 if any_tensor(a1, a2) else np.polysub(x1, x2)


@function(np.polymul, samples=_PAIRS, errors=_NO_PAIRS)
def polymul(x1: Any, x2: Any, /) -> Any:
    """The product of two polynomials: the convolution of their coefficients, without leading zeros.

    Shapes: ``(n,), (m,)`` -> ``(n + m - 1,)`` without leading zeros in either, coefficients, highest power first.

    Raises:
        ValueError: for coefficients in more than one axis.

    >>> ag.polymul(np.array([1.0, 2.0]), np.array([1.0, -1.0]))
    array([ 1.,  1., -2.])
    """
    a1, a2 = coefficients(x1, "polymul"), coefficients(x2, "polymul")
    return convolve(_trimmed(a1), _trimmed(a2)) if any_tensor(a1, a2) else np.polymul(x1, x2)


def _trimmed(p: Any) -> Any:
    """Without leading zeros; of nothing but zeros, one."""
    return p[min(leading_zeros(p), p.size - 1) :] if p.size else wrap(np.zeros(1, p.dtype))


# ---------------------------------------------------------------- division


@op(
    multiple=True,
    name="polydiv",
    public=False,
    samples=[
        sample(reals(5), np.array([1.5, -0.7, 0.4])),
        sample(reals(3), np.array([1.5, -0.7, 0.4])),
        sample(complexes(4), np.array([1.5 + 0.2j, -0.7j])),
    ],
)
def _polydiv(x1: Any, x2: Any) -> tuple[Any, Any]:
    """The quotient, and the remainder in as many coefficients as ``x1`` has; ``x2`` is not longer."""
    count = len(x1) - len(x2) + 1
    rest = x1.astype((x1[0] + x2[0]).dtype)
    quotient = np.zeros(count, rest.dtype)
    scale = 1.0 / x2[0]
    for k in range(count):
        quotient[k] = factor = scale * rest[k]
        rest[k : k + len(x2)] -= factor * x2
    return quotient, rest


@_polydiv.joint_vjp
def _polydiv_rule(g: Any, out: Any, x1_shape: tuple[int, ...], x2: Any, x2_shape: tuple[int, ...]) -> Any:
    """The quotient solves a triangular Toeplitz system, whose transpose is a division from the other end."""
    by_quotient, by_rest = g
    degree = x2_shape[0] - 1
    if by_rest is not None:  # the remainder is x1 minus the quotient times x2
        shifted = -correlation(by_rest, x2)
        by_quotient = shifted if by_quotient is None else by_quotient + shifted
    solved = pad(_polydiv(pad(by_quotient[::-1], (0, degree)), x2)[0][::-1], (0, degree))
    to_x1 = solved if by_rest is None else solved + by_rest
    return to_x1, -correlation(to_x1, out[0])


@function(
    np.polydiv,
    samples=[
        sample(reals(5), np.array([1.5, -0.7, 0.4])),
        sample(reals(3), np.array([1.5, -0.7, 0.4])),
        sample(reals(2), np.array([1.5, -0.7, 0.4])),
        sample(complexes(4), np.array([1.5, -0.7])),
        sample(integers(4), np.array([1, 2])),
    ],
    errors=[(sample(reals(0), reals(2)), ValueError), (sample(reals(2), reals(0)), ValueError), *_NO_PAIRS],
)
def polydiv(x1: Any, x2: Any, /) -> tuple[Any, Any]:
    """Quotient and remainder of two polynomials: ``x1 = quotient * x2 + remainder``.

    Both are differentiable in both; leading coefficients of the remainder within 1e-8 of 0 are left away.

    Args:
        x1: what to divide, n coefficients.
        x2: what to divide by, m coefficients, the first of which is not 0.

    Shapes: ``(n,), (m,)`` -> ``(max(n - m + 1, 1),)`` and at least ``(1,)``.

    Raises:
        ValueError: for coefficients in more than one axis, and for none.

    >>> ag.polydiv(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0]))
    (array([1., 1.]), array([2.]))
    """
    u, v = coefficients(x1, "polydiv"), coefficients(x2, "polydiv")
    if not u.size or not v.size:
        raise ValueError(f"polydiv: expected at least one coefficient in each, received shapes {u.shape} and {v.shape}")
    if not any_tensor(u, v):
        return np.polydiv(x1, x2)
    u, v = u + 0.0, v + 0.0
    if u.size < v.size:
        dtype = np.result_type(u.dtype, v.dtype)
        quotient, rest = wrap(np.zeros(1, dtype)), cast(u, dtype, copy=False)
    else:
        quotient, rest = _polydiv(u, v)
    small = np.isclose(memory_of(rest), 0, rtol=1e-14)
    return quotient, rest[leading_zeros(~small[..., :-1]) :]


# ---------------------------------------------------------------- derivatives and integrals


def _order(m: Any, name: str) -> int:
    m = int(m)
    if m < 0:
        raise ValueError(f"{name}: expected an order m of at least 0, received {m}")
    return m


@function(
    np.polyder,
    samples=[
        sample(reals(4)),
        sample(reals(5), 2),
        sample(reals(3), m=0),
        sample(reals(2), 3),
        sample(complexes(3)),
        sample(integers(4)),
    ],
    errors=[(sample(reals(3), -1), ValueError), (sample(reals(2, 2)), ValueError), (sample(reals()), TypeError)],
)
def polyder(p: Any, /, m: int = 1) -> Any:
    """The coefficients of the m-th derivative of a polynomial; linear.

    Args:
        p: coefficients, highest power first.
        m: how often to differentiate.

    Shapes: ``(n,)`` -> ``(max(n - m, 0),)``; float64, or complex128, at least, unless they are integers, as in NumPy.

    Raises:
        ValueError: for negative ``m``, and for coefficients in more than one axis.
        TypeError: for a number in place of coefficients.

    >>> ag.polyder(np.array([1.0, 2.0, 3.0]))
    array([2., 2.])
    """
    a, m = _of_a_sequence(p, "polyder"), _order(m, "polyder")
    if not any_tensor(a):
        return np.polyder(p, m)
    for _ in range(m):
        a = a[:-1] * np.arange(a.size - 1, 0, -1)
    return a


def _of_a_sequence(p: Any, name: str) -> Any:
    a = as_array(p)
    if a.ndim == 0:
        raise TypeError(f"{name}: expected the coefficients of a polynomial, received a number")
    return coefficients(a, name)


@function(
    np.polyint,
    samples=[
        sample(reals(3)),
        sample(reals(3), 2, reals(2)),
        sample(reals(3), 2, reals()),
        sample(reals(3), m=0),
        sample(reals(2), 1, 5),
        sample(complexes(2), 1, reals(1)),
        sample(integers(3)),
    ],
    errors=[
        (sample(reals(3), -1), ValueError),
        (sample(reals(3), 3, reals(2)), ValueError),
        (sample(reals(2, 2)), ValueError),
        (sample(reals()), TypeError),
    ],
)
def polyint(p: Any, /, m: int = 1, k: Any = None) -> Any:
    """The coefficients of an m-th antiderivative of a polynomial; linear in ``p`` and in the constants ``k``.

    Args:
        p: coefficients, highest power first.
        m: how often to integrate.
        k: the constants of integration, one for each time, the first one first; one number stands for all; 0 by default.

    Shapes: ``(n,)`` -> ``(n + m,)``; float64, or complex128, at least, as in NumPy.

    Raises:
        ValueError: for negative ``m``, for fewer than ``m`` constants, and for coefficients in more than one axis.
        TypeError: for a number in place of coefficients.

    >>> ag.polyint(np.array([3.0, 2.0, 1.0]), k=5.0)
    array([1., 1., 1., 5.])
    """
    a, m = _of_a_sequence(p, "polyint"), _order(m, "polyint")
    constants = np.zeros(m) if k is None else coefficients(k, "polyint")
    if constants.size == 1 and m > 1:
        constants = constants[0] * np.ones(m)
    if constants.size < m:
        raise ValueError(f"polyint: expected one constant k, or one for each of the {m} integrals, received {constants.size}")
    if not any_tensor(a, constants):
        return np.polyint(p, m, k)
    for each in range(m):
        a = concatenate([a / np.arange(a.size, 0, -1), constants[each : each + 1]])
    return a
