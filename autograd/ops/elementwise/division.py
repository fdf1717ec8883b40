"""Division with a remainder, elementwise: quotient and remainder at once, the truncated kind, common divisors of integers.

``remainder`` has the sign of the divisor and goes with ``floor_divide`` (both in ``arithmetic``); ``fmod`` has the sign of the
dividend, as C's. Quotients are steps: derivative 0. Remainders are pieces of lines: derivative 1 with respect to the dividend,
minus the quotient with respect to the divisor, at their jumps too.
"""

from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.elementwise.arithmetic import floor_divide, remainder
from autograd.samples import complexes, integers, positives, reals, sample

_PAIRS = (sample(positives(3), reals(2, 1, away_from=0.0)), sample(positives(3, 2), 0.7), sample(5.5, positives(3)))
_COMPLEX = ((sample(complexes(3), complexes(3)), TypeError),)
_WHOLE = (sample(integers(3, 4, low=-20, high=20), integers(4, low=1, high=20)), sample(integers(3), 6))
_NOT_WHOLE = ((sample(reals(3), reals(3)), TypeError),)


@op(elementwise=True, numpy=np.fmod, samples=_PAIRS, errors=_COMPLEX)
def fmod(x1: Any, x2: Any) -> Any:
    """``x1 - x2 * trunc(x1 / x2)``, with the sign of ``x1``; derivatives 1 and ``-trunc(x1 / x2)``.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for complex numbers.

    >>> ag.fmod(np.array([7.0, -7.0]), 4)
    array([ 3., -3.])
    """
    return np.fmod(x1, x2)


# The remainder is exact and x1 / x2 is rounded, perhaps up to the next integer: the quotient is found from the remainder.
fmod.vjp(x1=lambda g: g, x2=lambda g, out, x1, x2: -g * np.rint((x1 - out) / x2))


@function(np.divmod, samples=(*_PAIRS, _WHOLE[0]), errors=_COMPLEX)
def divmod(x1: Any, x2: Any, /) -> Any:
    """The floored quotient and the remainder at once, as Python's ``divmod`` gives them.

    The derivatives are those of ``floor_divide``, which are 0, and of ``remainder``.

    Shapes: any two that broadcast -> two of their broadcast.

    Raises:
        TypeError: for complex numbers.

    >>> ag.divmod(np.array([7.0, -7.0]), 4)
    (array([ 1., -2.]), array([3., 1.]))
    """
    return floor_divide(x1, x2), remainder(x1, x2)


@op(elementwise=True, differentiable=False, numpy=np.gcd, samples=_WHOLE, errors=_NOT_WHOLE)
def gcd(x1: Any, x2: Any) -> Any:
    """The greatest common divisor of integers.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for numbers that are no integers.

    >>> ag.gcd(np.array([12, 18]), 8)
    array([4, 2])
    """
    return np.gcd(x1, x2)


@op(elementwise=True, differentiable=False, numpy=np.lcm, samples=_WHOLE, errors=_NOT_WHOLE)
def lcm(x1: Any, x2: Any) -> Any:
    """The least common multiple of integers.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for numbers that are no integers.

    >>> ag.lcm(np.array([4, 6]), 6)
    array([12,  6])
    """
    return np.lcm(x1, x2)
