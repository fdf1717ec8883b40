"""The values of polynomials: ``polyval``, and the two kernels that roots are differentiated with as well.

Note [values and power sums]: a polynomial's value ``sum over j of p[j] x**(n - j)`` is linear in its coefficients, and
its transpose in them is ``power_sums``, the sums of powers of ``x`` with given weights. The derivatives of both are values and
power sums again, so the two differentiate to any order.
"""

from typing import Any

import numpy as np

from autograd.batch_rules import flattened, padded
from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.arrays.joining import stack
from autograd.ops.casting import cast
from autograd.ops.series.polynomials import any_tensor, coefficients, polyadd, polymul
from autograd.record import Op, shape_of
from autograd.samples import complexes, integers, reals, sample


@op(
    name="polyval",
    public=False,
    samples=[
        sample(reals(4), reals(2, 3)),
        sample(reals(3), reals()),
        sample(reals(0), reals(2)),
        sample(complexes(3), reals(2)),
        sample(reals(3), complexes(2)),
    ],
)
def polynomial_value(p: Any, x: Any) -> Any:
    return np.polyval(p, x)[()]


@op(
    name="power_sums",
    public=False,
    samples=[
        sample(reals(2, 3), reals(2, 3), count=4),
        sample(reals(), reals(), count=1),
        sample(complexes(2), reals(2), count=3),
    ],
)
def power_sums(weights: Any, x: Any, *, count: int) -> Any:
    """``out[j] = sum over i of weights[i] x[i] ** (count - 1 - j)``."""
    out = np.empty(count, np.result_type(weights, x))
    terms = np.ravel(weights).astype(out.dtype)
    x = np.ravel(x)
    for j in range(count - 1, -1, -1):
        out[j] = terms.sum()
        terms *= x
    return out


def derivative(p: Any) -> Any:
    """The coefficients of the derivative, in the dtype of ``p``."""
    return p[:-1] * np.arange(p.shape[0] - 1, 0, -1).astype(p.real.dtype)


polynomial_value.vjp(
    p=lambda g, x, p_shape: power_sums(g, x, count=p_shape[0]),
    x=lambda g, p, x: g * polynomial_value(derivative(p), x),
)
power_sums.vjp(
    weights=lambda g, x: polynomial_value(g, x),
    x=lambda g, weights, x: weights * polynomial_value(derivative(g), x),
)


def _values_of_polynomials(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """Horner's rule, with the coefficients of all examples at once."""
    p, x = arrays
    if not mapped[0]:
        return record.call(p, x)
    if not p.shape[1]:
        return NotImplemented
    ndim = len(shape_of(x)) - mapped[1]
    out = np.zeros_like(x)
    for j in range(p.shape[1]):
        out = out * x + padded(p[:, j], ndim)
    return out


def _power_sums_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    if not statics["count"]:
        return NotImplemented
    terms, x = [flattened(each) if is_mapped else np.reshape(each, -1) for each, is_mapped in zip(arrays, mapped, strict=True)]
    terms = cast(terms, np.result_type(terms.dtype, x.dtype), copy=False)
    sums = []
    for _ in range(statics["count"]):
        sums.append(np.sum(terms, axis=-1))
        terms = terms * x
    return stack([np.broadcast_to(each, (level.size,)) for each in reversed(sums)], 1)


polynomial_value.batch(_values_of_polynomials)
power_sums.batch(_power_sums_of_examples)


@function(
    np.polyval,
    samples=[
        sample(reals(4), reals(2, 3)),
        sample(reals(3), reals()),
        sample(reals(1), reals(2)),
        sample(reals(2, 3), reals(3)),
        sample(complexes(3), reals(2)),
        sample(reals(3), complexes(2)),
        sample(integers(3), integers(2)),
    ],
    errors=[(sample(reals(), reals(2)), TypeError), (sample(reals(2, 3), reals(2)), ValueError)],
)
def polyval(p: Any, x: Any, /) -> Any:
    """The value of a polynomial, ``p[0] x**n + p[1] x**(n - 1) + ... + p[n]``, at each element of ``x``, by Horner's rule.

    The derivative in ``x`` is the value of the derivative, that in the coefficients the powers of ``x``.

    Args:
        p: coefficients, highest power first; with more than one axis, ``p[i]`` broadcasts against ``x``.
        x: places, in any shape; a ``poly1d`` for the polynomial of a polynomial.

    Shapes: ``(n,)``, any -> the shape of ``x``.

    Raises:
        TypeError: for a number in place of coefficients.
        ValueError: when coefficients with more axes do not broadcast.

    >>> ag.polyval([1.0, 0.0, -2.0], np.array([1.0, 2.0, 3.0]))
    array([-1.,  2.,  7.])
    """
    a = as_array(p)
    if a.ndim == 0:
        raise TypeError("polyval: expected the coefficients of a polynomial, received a number")
    if not any_tensor(a, x):
        return np.polyval(p, x)
    if isinstance(x, np.poly1d):
        out: Any = np.zeros(1)
        for each in coefficients(a, "polyval"):
            out = polyadd(polymul(out, x), each)
        return out
    x = as_array(x)
    if a.ndim == 1:
        return polynomial_value(a, x)
    out = np.zeros_like(x)
    for each in a:
        out = out * x + each
    return out
