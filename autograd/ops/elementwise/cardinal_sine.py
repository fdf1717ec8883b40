"""``sinc``, the normalized cardinal sine, with all its derivatives accurate everywhere.

Note [derivatives of sinc]: with y = pi x the function is f(y) = sin(y) / y, and the product rule on ``y f(y) = sin(y)`` gives
its derivatives one from the other::

    y f_n(y) + n f_(n-1)(y) = sin(y + n pi / 2)

Rounding errors grow along this recurrence where ``n! > |y|**n``: there the power series of the derivative is summed up,

    f_n(y) = sum over k of (-1)**k (2k)! / ((2k - n)! (2k + 1)!) y**(2k - n)

Each derivative is an op, whose gradient rule is the next one.
"""

import math
from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.samples import ANY, complexes, integers, reals, sample

_TERMS = 20  # at the largest |y|, which is n / e and a little, the last one is far below rounding


def _series(y: Any, order: int) -> Any:
    first = (order + 1) // 2
    square = y * y
    total = np.zeros_like(y)
    for k in range(first + _TERMS, first - 1, -1):  # Horner's scheme
        coefficient = (-1) ** k * math.perm(2 * k, order) / math.factorial(2 * k + 1)
        total = total * square + coefficient
    return total * y if order % 2 else total


def _recurrence(y: Any, order: int) -> Any:
    derivative = np.sin(y) / y
    sines = (np.sin(y), np.cos(y), -np.sin(y), -np.cos(y))
    for n in range(1, order + 1):
        derivative = (sines[n % 4] - n * derivative) / y
    return derivative


@op(
    elementwise=True,
    public=False,
    samples=[
        sample(reals(3, 4), order=1),
        sample(reals(5, low=-0.1, high=0.1), order=1),
        sample(reals(), order=2),
        sample(reals(4, low=-6.0, high=6.0), order=5),
        sample(complexes(3), order=1),
    ],
)
def sinc_derivative(x: Any, *, order: int) -> Any:
    """The derivative of ``sinc`` of an order from 1 on: Note [derivatives of sinc]."""
    y = np.asarray(x) * math.pi
    near = np.abs(y) < math.factorial(order) ** (1 / order)
    out = np.empty_like(y)
    out[near] = _series(y[near], order)
    out[~near] = _recurrence(y[~near], order)
    out *= math.pi**order
    return out[()]


sinc_derivative.vjp(x=lambda g, x, order: g * sinc_derivative(x, order=order + 1))


@op(elementwise=True, name="sinc", public=False, samples=ANY)
def _sinc(x: Any) -> Any:
    return np.sinc(x)


_sinc.vjp(x=lambda g, x: g * sinc_derivative(x, order=1))


@function(np.sinc, samples=(*ANY, sample(np.array([0.0, 1e-9, 1e-3, 0.5])), sample(integers(4))))
def sinc(x: Any, /) -> Any:
    """``sin(pi x) / (pi x)``, 1 at 0; derivative ``(cos(pi x) - sinc(x)) / x``, 0 at 0.

    Shapes: any -> same.

    >>> ag.sinc(np.array([0.0, 0.5, 1.5])).round(6)
    array([ 1.      ,  0.63662 , -0.212207])
    """
    return _sinc(as_array(x))
