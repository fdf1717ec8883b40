"""Comparisons, logic and bits, elementwise: their results never need a gradient, so they have no rules.

They pass the gate all the same: on tensors they give plain tensors of truth values or integers.
"""

from typing import Any

import numpy as np

from autograd.gate import op
from autograd.samples import booleans, integers, reals, sample

_PAIRS = (sample(integers(3, 4), integers(4)), sample(reals(3), 0.5))
_BITS = (sample(integers(3, 4), integers(4, low=0)), sample(booleans(3), booleans(3)))
_TRUTHS = (sample(booleans(3, 4), booleans(4)), sample(integers(3), 1))
_ANY = (sample(reals(3, 4)), sample(reals()))


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


@op(elementwise=True, differentiable=False, numpy=np.logical_not, samples=(sample(booleans(3)), sample(integers(3))))
def logical_not(x: Any) -> Any:
    """Whether it is zero or false.

    Shapes: any -> same.

    >>> ag.logical_not(np.array([0, 2]))
    array([ True, False])
    """
    return np.logical_not(x)


@op(elementwise=True, differentiable=False, numpy=np.bitwise_and, samples=_BITS)
def bitwise_and(x1: Any, x2: Any) -> Any:
    """Bits set in both, for integers and truth values.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.bitwise_and(np.array([4, 2]), np.array([3, 3]))
    array([0, 2])
    """
    return x1 & x2


@op(elementwise=True, differentiable=False, numpy=np.bitwise_or, samples=_BITS)
def bitwise_or(x1: Any, x2: Any) -> Any:
    """Bits set in either, for integers and truth values.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.bitwise_or(np.array([4, 2]), np.array([3, 3]))
    array([7, 3])
    """
    return x1 | x2


@op(elementwise=True, differentiable=False, numpy=np.bitwise_xor, samples=_BITS)
def bitwise_xor(x1: Any, x2: Any) -> Any:
    """Bits set in one of the two, for integers and truth values.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.bitwise_xor(np.array([4, 2]), np.array([3, 3]))
    array([7, 1])
    """
    return x1 ^ x2


@op(elementwise=True, differentiable=False, numpy=np.invert, samples=(sample(integers(3)), sample(booleans(3))))
def invert(x: Any) -> Any:
    """All bits flipped, for integers and truth values.

    Shapes: any -> same.

    >>> ag.invert(np.array([0, 5]))
    array([-1, -6])
    """
    return ~x


@op(elementwise=True, differentiable=False, numpy=np.left_shift, samples=(sample(integers(3), integers(3, low=0)),))
def left_shift(x1: Any, x2: Any) -> Any:
    """``x1 << x2``, for integers.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.left_shift(np.array([2, 3]), 2)
    array([ 8, 12])
    """
    return x1 << x2


@op(elementwise=True, differentiable=False, numpy=np.right_shift, samples=(sample(integers(3), integers(3, low=0)),))
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


@op(elementwise=True, differentiable=False, numpy=np.signbit, samples=_ANY)
def signbit(x: Any) -> Any:
    """Whether the sign is negative; true for -0.0.

    Shapes: any -> same.

    >>> ag.signbit(np.array([1.0, -0.0]))
    array([False,  True])
    """
    return np.signbit(x)


@op(multiple=True, differentiable=False, dynamic_shape=True, numpy=np.nonzero, samples=(sample(booleans(3, 4)),))
def nonzero(x: Any) -> Any:
    """The indices of the elements that are not zero: one integer array for each axis.

    Shapes: any with at least one axis -> a tuple of ``ndim`` arrays of shape ``(count,)``.

    >>> ag.nonzero(np.array([0.0, 2.0, 3.0]))
    (array([1, 2]),)
    """
    return np.nonzero(x)
