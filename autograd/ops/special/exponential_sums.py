"""``logsumexp``, ``softmax`` and ``log_softmax`` with the arguments that they have in ``scipy.special``. SciPy is not needed.

Note [zero weights]: a weight 0 takes an element out, whatever it is: it has no part in the choice of the number that exponents
are shifted by, and 0 times an exponential that overflows counts as 0.
"""

from typing import Any

import numpy as np

from autograd.batch_rules import over_first_input
from autograd.gate import function, op
from autograd.ops.arguments import as_array, axes, shape_of_any
from autograd.ops.arrays.shaping import broadcast_to
from autograd.ops.casting import cast, real
from autograd.ops.elementwise import activation
from autograd.ops.elementwise.guarded import times
from autograd.samples import complexes, integers, positives, reals, sample

# ---------------------------------------------------------------- the parts of a weighted sum


@op(
    public=False,
    differentiable=False,
    samples=[sample(reals(3, 4), 1.0, axis=(1,)), sample(reals(3, 4), np.array([0.0, 1.0, 2.0, 3.0]), axis=None)],
)
def largest_exponent(x: Any, b: Any, *, axis: Any) -> Any:
    """The largest of the numbers ``x`` with a weight that is not 0, with its axes kept; finite in any case."""
    limits = np.finfo(x.dtype)
    counted = np.where(b == 0, limits.min, x)
    return np.minimum(np.maximum.reduce(counted, axis=axis, keepdims=True, initial=limits.min), limits.max)


largest_exponent.batch(over_first_input)


@op(
    elementwise=True,
    public=False,
    samples=[sample(reals(3, 4), reals(4)), sample(complexes(3), 2.0), sample(reals(), reals(3))],
)
def weighted_exponential(x: Any, b: Any) -> Any:
    """``b exp(x)``, 0 where ``b`` is 0; see Note [zero weights]."""
    zero = b == 0
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(zero, 0, b * np.exp(x)).astype(np.result_type(x, b))[()]


weighted_exponential.vjp(x=lambda g, out: times(g, out), b=lambda g, x: times(g, np.exp(x)))


@op(
    elementwise=True,
    public=False,
    samples=[
        sample(positives(3, 4), signed=False),
        sample(reals(away_from=0.0), signed=True),
        sample(complexes(3), signed=False),
    ],
)
def log_unless_zero(x: Any, *, signed: bool) -> Any:
    """``log(x)``, with ``signed`` of the absolute value of a real ``x``; derivative 0 where it is minus infinity."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(abs(x) if signed else x)


log_unless_zero.vjp(x=lambda g, x: g * (x != 0) / (x + (x == 0)))


# ---------------------------------------------------------------- the public functions


@function(
    name="special.logsumexp",
    samples=[
        sample(reals(3, 4)),
        sample(reals()),
        sample(reals(2, 3, 4), axis=-2),
        sample(reals(2, 3, 4), axis=(0, 2), keepdims=True),
        sample(reals(3, 4), 1, positives(4)),
        sample(reals(4), axis=0, b=np.array([[1.0], [2.0]])),
        sample(reals(4), b=np.array([1.0, -3.0, 0.0, -2.0]), return_sign=True),
        sample(reals(3, 4), axis=0, return_sign=True),
        sample(complexes(3)),
        sample(integers(3, 4), axis=1),
        sample(integers(3), b=2),
    ],
    errors=[(sample(reals(3), axis=1), np.exceptions.AxisError), (sample(reals(3), None, reals(2)), ValueError)],
)
def logsumexp(x: Any, /, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False) -> Any:
    """``log(sum(b exp(x)))`` without overflow; derivatives ``b exp(x - out)`` and ``exp(x - out)``.

    A sum of 0 gives minus infinity, with derivative 0. A negative sum gives NaN, or with ``return_sign`` the logarithm of its
    absolute value.

    Args:
        x: the exponents, real or complex.
        axis: an axis, a tuple of them, or ``None`` for all.
        b: the weights, of any sign; where one is 0, the element does not count. They broadcast against ``x``.
        keepdims: keep the reduced axes with length 1.
        return_sign: return a pair, the logarithm of the sum's absolute value and the sum's sign (its phase, if complex).

    Shapes: the broadcast of ``x`` and ``b`` -> that without ``axis``.

    Raises:
        ValueError: when ``x`` and ``b`` do not broadcast.
        numpy.exceptions.AxisError: for an axis that they do not have.

    >>> ag.special.logsumexp(np.array([0.0, 1000.0]), b=np.array([1.0, 2.0]))
    np.float64(1000.6931471805599)
    >>> ag.special.logsumexp(np.zeros(2), b=[2.0, -5.0], return_sign=True)
    (np.float64(1.0986122886681098), np.float64(-1.0))
    """
    x, b = as_array(x), 1.0 if b is None else b
    b = b if isinstance(b, int | float | complex) else as_array(b)
    if x.dtype.kind not in "fc":
        x = cast(x, np.float64)
    try:
        shape = np.broadcast_shapes(x.shape, shape_of_any(b))
    except ValueError:
        raise ValueError(
            f"logsumexp: x of shape {x.shape} and b of shape {shape_of_any(b)} do not broadcast; give b one weight per element "
            "of x, or lengths 1"
        ) from None
    x = broadcast_to(x, shape)
    along = axes(x, axis)
    largest = largest_exponent(real(x) if x.dtype.kind == "c" else x, b, axis=along)
    total = np.sum(weighted_exponential(x - largest, b), axis=along, keepdims=bool(keepdims))
    out = log_unless_zero(total, signed=bool(return_sign)) + np.reshape(largest, total.shape)
    return (out, np.sign(total)) if return_sign else out


_ALONG_AXES = (
    sample(reals(3, 4)),
    sample(reals(2, 3, 4), axis=1),
    sample(reals(2, 3, 4), axis=(0, -1)),
    sample(integers(3, 2), axis=0),
)
_REFUSED = ((sample(complexes(3)), TypeError), (sample(reals(3), axis=1), np.exceptions.AxisError))


@function(name="special.softmax", samples=_ALONG_AXES, errors=_REFUSED)
def softmax(x: Any, /, axis: Any = None) -> Any:
    """``exp(x) / sum(exp(x))``; as ``ag.softmax``, but by default over all axes, as in SciPy.

    The derivative of ``out_i`` with respect to ``x_j`` is ``out_i (delta_ij - out_j)``. Slices of nothing but -inf give 0.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.special.softmax(np.array([[0.0], [np.log(3.0)]]))
    array([[0.25],
           [0.75]])
    """
    return activation.softmax(x, axis)


@function(name="special.log_softmax", samples=_ALONG_AXES, errors=_REFUSED)
def log_softmax(x: Any, /, axis: Any = None) -> Any:
    """``x - logsumexp(x)``; as ``ag.log_softmax``, but by default over all axes, as in SciPy.

    The derivative of ``out_i`` with respect to ``x_j`` is ``delta_ij - softmax(x)_j``. Slices of nothing but -inf give -inf.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.special.log_softmax(np.array([[0.0], [1000.0]]))
    array([[-1000.],
           [    0.]])
    """
    return activation.log_softmax(x, axis)
