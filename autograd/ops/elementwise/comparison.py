"""Comparisons, logic and bits, elementwise: their results never need a gradient, so they have no rules.

They pass the gate all the same: on tensors they give plain tensors of truth values or integers.
"""

from typing import Any

import numpy as np

from autograd.gate import op
from autograd.samples import booleans, complexes, integers, reals, sample

_PAIRS = (sample(integers(3, 4), integers(4)), sample(reals(3), 0.5), sample(complexes(3), complexes(2, 1)))
_BITS = (sample(integers(3, 4), integers(4, low=0)), sample(booleans(3), booleans(3)))
_TRUTHS = (sample(booleans(3, 4), booleans(4)), sample(integers(3), 1), sample(complexes(3), 0.0))
_REAL = (sample(reals(3, 4)), sample(reals()), sample(integers(3)))
_ANY = (*_REAL, sample(complexes(3)))
_NOT_FINITE = (*_REAL, sample(np.array([1.0, np.inf, -np.inf, np.nan])))
_COMPLEX = ((sample(complexes(3)), TypeError),)
_FLOATING = ((sample(reals(3)), TypeError),)
_FLOATING_PAIR = ((sample(reals(3), reals(3)), TypeError),)


@op(elementwise=True, differentiable=False, numpy=np.equal, samples=_PAIRS)
def equal(x1: Any, x2: Any) -> Any:
    """``x1 == x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.equal(np.array([1.0, 2.0, 3.0]), 2)
    array([False,  True, False])
    """
    return x1 == x2


@op(elementwise=True, differentiable=False, numpy=np.not_equal, samples=_PAIRS)
def not_equal(x1: Any, x2: Any) -> Any:
    """``x1 != x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.not_equal(np.array([1.0, 2.0, 3.0]), 2)
    array([ True, False,  True])
    """
    return x1 != x2


@op(elementwise=True, differentiable=False, numpy=np.less, samples=_PAIRS)
def less(x1: Any, x2: Any) -> Any:
    """``x1 < x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.less(np.array([1.0, 2.0, 3.0]), 2)
    array([ True, False, False])
    """
    return x1 < x2


@op(elementwise=True, differentiable=False, numpy=np.less_equal, samples=_PAIRS)
def less_equal(x1: Any, x2: Any) -> Any:
    """``x1 <= x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.less_equal(np.array([1.0, 2.0, 3.0]), 2)
    array([ True,  True, False])
    """
    return x1 <= x2


@op(elementwise=True, differentiable=False, numpy=np.greater, samples=_PAIRS)
def greater(x1: Any, x2: Any) -> Any:
    """``x1 > x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.greater(np.array([1.0, 2.0, 3.0]), 2)
    array([False, False,  True])
    """
    return x1 > x2


@op(elementwise=True, differentiable=False, numpy=np.greater_equal, samples=_PAIRS)
def greater_equal(x1: Any, x2: Any) -> Any:
    """``x1 >= x2``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.greater_equal(np.array([1.0, 2.0, 3.0]), 2)
    array([False,  True,  True])
    """
    return x1 >= x2


@op(elementwise=True, differentiable=False, numpy=np.logical_and, samples=_TRUTHS)
def logical_and(x1: Any, x2: Any) -> Any:
    """Whether both are true (not zero).

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.logical_and(np.array([0, 2, 3]), np.array([1, 0, 1]))
    array([False, False,  True])
    """
    return np.logical_and(x1, x2)


@op(elementwise=True, differentiable=False, numpy=np.logical_or, samples=_TRUTHS)
def logical_or(x1: Any, x2: Any) -> Any:
    """Whether at least one is true (not zero).

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.logical_or(np.array([0, 2, 3]), np.array([1, 0, 1]))
    array([ True,  True,  True])
    """
    return np.logical_or(x1, x2)


@op(elementwise=True, differentiable=False, numpy=np.logical_xor, samples=_TRUTHS)
def logical_xor(x1: Any, x2: Any) -> Any:
    """Whether exactly one is true (not zero).

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.logical_xor(np.array([0, 2, 3]), np.array([1, 0, 1]))
    array([ True,  True, False])
    """
    return np.logical_xor(x1, x2)


@op(
    elementwise=True,
    differentiable=False,
    numpy=np.logical_not,
    samples=(sample(booleans(3)), sample(integers(3)), sample(complexes(3))),
)
def logical_not(x: Any) -> Any:
    """Whether it is zero or false.

    Shapes: any -> same.

    >>> ag.logical_not(np.array([0, 2]))
    array([ True, False])
    """
    return np.logical_not(x)


@op(elementwise=True, differentiable=False, numpy=np.bitwise_and, samples=_BITS, errors=_FLOATING_PAIR)
def bitwise_and(x1: Any, x2: Any) -> Any:
    """Bits set in both, for integers and truth values.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.bitwise_and(np.array([4, 2]), np.array([3, 3]))
    array([0, 2])
    """
    return x1 & x2


@op(elementwise=True, differentiable=False, numpy=np.bitwise_or, samples=_BITS, errors=_FLOATING_PAIR)
def bitwise_or(x1: Any, x2: Any) -> Any:
    """Bits set in either, for integers and truth values.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.bitwise_or(np.array([4, 2]), np.array([3, 3]))
    array([7, 3])
    """
    return x1 | x2


@op(elementwise=True, differentiable=False, numpy=np.bitwise_xor, samples=_BITS, errors=_FLOATING_PAIR)
def bitwise_xor(x1: Any, x2: Any) -> Any:
    """Bits set in one of the two, for integers and truth values.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.bitwise_xor(np.array([4, 2]), np.array([3, 3]))
    array([7, 1])
    """
    return x1 ^ x2


@op(
    elementwise=True,
    differentiable=False,
    numpy=np.invert,
    samples=(sample(integers(3)), sample(booleans(3))),
    errors=_FLOATING,
)
def invert(x: Any) -> Any:
    """All bits flipped, for integers and truth values.

    Shapes: any -> same.

    >>> ag.invert(np.array([0, 5]))
    array([-1, -6])
    """
    return ~x


@op(
    elementwise=True,
    differentiable=False,
    numpy=np.bitwise_count,
    samples=(sample(integers(3, 4)), sample(booleans(3))),
    errors=_FLOATING,
)
def bitwise_count(x: Any) -> Any:
    """How many bits are set in the absolute value of an integer.

    Shapes: any -> same, in ``uint8``.

    Raises:
        TypeError: for numbers that are no integers.

    >>> ag.bitwise_count(np.array([5, -8]))
    array([2, 1], dtype=uint8)
    """
    return np.bitwise_count(x)


@op(
    elementwise=True,
    differentiable=False,
    numpy=np.left_shift,
    samples=(sample(integers(3), integers(3, low=0)),),
    errors=_FLOATING_PAIR,
)
def left_shift(x1: Any, x2: Any) -> Any:
    """``x1 << x2``, for integers.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.left_shift(np.array([2, 3]), 2)
    array([ 8, 12])
    """
    return x1 << x2


@op(
    elementwise=True,
    differentiable=False,
    numpy=np.right_shift,
    samples=(sample(integers(3), integers(3, low=0)),),
    errors=_FLOATING_PAIR,
)
def right_shift(x1: Any, x2: Any) -> Any:
    """``x1 >> x2``, for integers.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.right_shift(np.array([2, 3]), 2)
    array([0, 0])
    """
    return x1 >> x2


@op(elementwise=True, differentiable=False, numpy=np.isnan, samples=_ANY)
def isnan(x: Any) -> Any:
    """Whether it is NaN.

    Shapes: any -> same.

    >>> ag.isnan(np.array([1.0, np.inf, np.nan]))
    array([False, False,  True])
    """
    return np.isnan(x)


@op(elementwise=True, differentiable=False, numpy=np.isinf, samples=_ANY)
def isinf(x: Any) -> Any:
    """Whether it is infinite.

    Shapes: any -> same.

    >>> ag.isinf(np.array([1.0, np.inf, np.nan]))
    array([False,  True, False])
    """
    return np.isinf(x)


@op(elementwise=True, differentiable=False, numpy=np.isfinite, samples=_ANY)
def isfinite(x: Any) -> Any:
    """Whether it is neither infinite nor NaN.

    Shapes: any -> same.

    >>> ag.isfinite(np.array([1.0, np.inf, np.nan]))
    array([ True, False, False])
    """
    return np.isfinite(x)


@op(elementwise=True, differentiable=False, numpy=np.signbit, samples=_REAL, errors=_COMPLEX)
def signbit(x: Any) -> Any:
    """Whether the sign is negative; true for -0.0.

    Shapes: any -> same.

    >>> ag.signbit(np.array([1.0, -0.0]))
    array([False,  True])
    """
    return np.signbit(x)


@op(elementwise=True, differentiable=False, numpy=np.isposinf, samples=_NOT_FINITE, errors=_COMPLEX)
def isposinf(x: Any) -> Any:
    """Whether it is infinity.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.isposinf(np.array([np.inf, -np.inf]))
    array([ True, False])
    """
    return np.isposinf(x)


@op(elementwise=True, differentiable=False, numpy=np.isneginf, samples=_NOT_FINITE, errors=_COMPLEX)
def isneginf(x: Any) -> Any:
    """Whether it is minus infinity.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.isneginf(np.array([np.inf, -np.inf]))
    array([False,  True])
    """
    return np.isneginf(x)


_WITH_REAL_ONES = (*_ANY, sample(np.array([1.0, 1j, 0.0])))


@op(elementwise=True, differentiable=False, numpy=np.iscomplex, samples=_WITH_REAL_ONES)
def iscomplex(x: Any) -> Any:
    """Whether its imaginary part is not 0.

    Shapes: any -> same.

    >>> ag.iscomplex(np.array([1 + 1j, 1 + 0j]))
    array([ True, False])
    """
    return np.iscomplex(x)


@op(elementwise=True, differentiable=False, numpy=np.isreal, samples=_WITH_REAL_ONES)
def isreal(x: Any) -> Any:
    """Whether its imaginary part is 0.

    Shapes: any -> same.

    >>> ag.isreal(np.array([1 + 1j, 1 + 0j]))
    array([False,  True])
    """
    return np.isreal(x)


@op(multiple=True, differentiable=False, dynamic_shape=True, numpy=np.nonzero, samples=(sample(booleans(3, 4)),))
def nonzero(x: Any) -> Any:
    """The indices of the elements that are not zero: one integer array for each axis.

    Shapes: any with at least one axis -> a tuple of ``ndim`` arrays of shape ``(count,)``.

    >>> ag.nonzero(np.array([0.0, 2.0, 3.0]))
    (array([1, 2]),)
    """
    return np.nonzero(x)
