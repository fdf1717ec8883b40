"""Activations: ``relu``, ``sigmoid``, ``softplus``, and the softmax family ``logsumexp``, ``softmax``, ``log_softmax``.

None of them overflows, whatever the logits: exponentials are taken of numbers shifted by the largest one, or bounded from
above where a larger one changes nothing. They are functions of real numbers; integers are taken as float64.

Note [slices of -inf]: an entry -inf is an event of probability 0, as masks make them. A slice of nothing else has no largest
finite number to shift by, and the formulas read 0 / 0. Here its ``logsumexp`` is -inf, its ``softmax`` 0 and its
``log_softmax`` -inf everywhere, so that a masked row can be multiplied away; SciPy and PyTorch give NaN for the last two.
"""

from typing import Any

import numpy as np

from autograd.batch_rules import shifted
from autograd.gate import function, op
from autograd.ops.arguments import axes
from autograd.ops.elementwise.selection import passed
from autograd.ops.reductions.reduction import unreduced
from autograd.samples import complexes, integers, reals, sample

_REAL = (sample(reals(3, 4)), sample(reals()))
_COMPLEX = ((sample(complexes(3)), TypeError),)


def _real(x: Any) -> Any:
    """``x`` as real floating numbers."""
    kind = x.dtype.kind
    if kind == "f":
        return x
    if kind == "c":
        raise TypeError("expected real numbers, received complex ones; take ag.real(x) or ag.absolute(x)")
    return x.astype(np.float64)


@op(elementwise=True, samples=(sample(reals(3, 4, away_from=0.0)), sample(reals(away_from=0.0))), errors=_COMPLEX)
def relu(x: Any) -> Any:
    """``max(x, 0)``, the rectified linear unit; derivative 1 where ``x > 0`` and else 0, at 0 too.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    Source: Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines", ICML 2010.

    >>> ag.relu(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    """
    return np.maximum(x if x.dtype.kind != "c" else _real(x), 0)


relu.vjp(x=lambda g, out: passed(g, out > 0))


@op(elementwise=True, samples=_REAL, errors=_COMPLEX)
def sigmoid(x: Any) -> Any:
    """``1 / (1 + exp(-x))``, the logistic function; derivative ``out (1 - out)``.

    Accurate to a few units in the last place for every ``x``, also where the result is as small as floating point allows.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.sigmoid(np.array([-1000.0, 0.0, 2.0]))
    array([0.        , 0.5       , 0.88079708])
    """
    x = _real(x)
    # e / (1 + e) with e = exp(x) is exact for small e; from the bound on it rounds to 1, and e must not overflow.
    e = np.minimum(x, 60 if x.itemsize > 2 else 10)
    e = np.exp(e, out=e if e.ndim else None)
    e /= e + 1
    return e


sigmoid.vjp(x=lambda g, out: g * (out * (1 - out)))


@op(elementwise=True, samples=_REAL, errors=_COMPLEX)
def softplus(x: Any) -> Any:
    """``log(1 + exp(x))``, a smooth ``relu``; derivative ``sigmoid(x)``.

    Computed as ``max(x, 0) + log1p(exp(-|x|))``, which neither overflows nor loses small results.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    Source: Dugas et al., "Incorporating second-order functional knowledge for better option pricing", NIPS 2000.

    >>> ag.softplus(np.array([-1000.0, 0.0, 1000.0]))
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+03])
    """
    x = _real(x)
    out = -abs(x)
    into = out if out.ndim else None
    out = np.log1p(np.exp(out, out=into), out=into)
    out += np.maximum(x, 0)
    return out


softplus.vjp(x=lambda g, x: g * sigmoid(x))


# ---------------------------------------------------------------- the softmax family

_ALONG_AXES = (
    sample(reals(3, 4)),
    sample(reals(2, 3, 4), axis=1),
    sample(reals(2, 3, 4), axis=(0, -1)),
    sample(reals(3, 2), axis=None),
)
_REFUSED = (*_COMPLEX, (sample(reals(3), axis=1), np.exceptions.AxisError))


def _largest(x: Any, axis: Any) -> Any:
    """The largest number of each slice, to shift by; finite also for a slice of -inf, see Note [slices of -inf]."""
    return np.maximum.reduce(x, axis=axis, keepdims=True, initial=np.finfo(x.dtype).min)


@op(name="softmax", public=False, samples=[sample(reals(3, 4), axis=(1,)), sample(reals(3, 4), axis=None)])
def _softmax(x: Any, *, axis: Any) -> Any:
    x = _real(x)
    out = x - _largest(x, axis)
    out = np.exp(out, out=out if out.ndim else None)
    # Where there is a finite number the sum is at least exp(0), so the bound only turns a sum of 0 into 1.
    out /= np.maximum(out.sum(axis, keepdims=True), 1)
    return out


def _softmax_gradient(g: Any, out: Any, axis: Any) -> Any:
    weighted = g * out
    return weighted - out * weighted.sum(axis, keepdims=True)


_softmax.vjp(x=_softmax_gradient)
_softmax.batch(shifted("axis"))


@function(samples=_ALONG_AXES, errors=_REFUSED)
def softmax(x: Any, /, axis: Any = -1) -> Any:
    """``exp(x) / sum(exp(x))``: positive numbers that add up to 1 along ``axis``.

    The derivative of ``out_i`` with respect to ``x_j`` is ``out_i (delta_ij - out_j)``. Slices of nothing but -inf give 0.

    Args:
        x: real numbers (logits).
        axis: an axis, a tuple of them, or ``None`` for all.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.softmax(np.array([0.0, np.log(3.0)]))
    array([0.25, 0.75])
    """
    return _softmax(x, axis=axes(x, axis))


@op(name="log_softmax", public=False, samples=[sample(reals(3, 4), axis=(1,)), sample(reals(3, 4), axis=None)])
def _log_softmax(x: Any, *, axis: Any) -> Any:
    x = _real(x)
    out = x - _largest(x, axis)
    out -= np.log(np.maximum(np.exp(out).sum(axis, keepdims=True), 1))
    return out


_log_softmax.vjp(x=lambda g, out, axis: g - np.exp(out) * g.sum(axis, keepdims=True))
_log_softmax.batch(shifted("axis"))


@function(samples=_ALONG_AXES, errors=_REFUSED)
def log_softmax(x: Any, /, axis: Any = -1) -> Any:
    """``x - logsumexp(x)``: the logarithm of ``softmax``, exact where that would round to 0.

    The derivative of ``out_i`` with respect to ``x_j`` is ``delta_ij - softmax(x)_j``. Slices of nothing but -inf give -inf.

    Args:
        x: real numbers (logits).
        axis: an axis, a tuple of them, or ``None`` for all.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.log_softmax(np.array([0.0, 1000.0]))
    array([-1000.,     0.])
    """
    return _log_softmax(x, axis=axes(x, axis))


@op(
    name="logsumexp",
    public=False,
    samples=[sample(reals(3, 4), axis=(1,), keepdims=False), sample(reals(3, 4), axis=None, keepdims=True)],
)
def _logsumexp(x: Any, *, axis: Any, keepdims: bool) -> Any:
    x = _real(x)
    largest = np.maximum.reduce(x, axis=axis, keepdims=True, initial=-np.inf)
    limits = np.finfo(x.dtype)
    e = x - np.minimum(np.maximum(largest, limits.min), limits.max)
    e = np.exp(e, out=e if e.ndim else None)
    total = e.sum(axis, keepdims=keepdims)
    return np.log(np.maximum(total, 1)) + largest.reshape(total.shape)


_logsumexp.vjp(x=lambda g, x, x_shape, axis, keepdims: _softmax(x, axis=axis) * unreduced(g, x_shape, axis, keepdims))
_logsumexp.batch(shifted("axis"))


@function(
    samples=[
        sample(reals(3, 4)),
        sample(reals()),
        sample(reals(2, 3, 4), axis=-2),
        sample(reals(2, 3, 4), axis=(0, 2), keepdims=True),
        sample(integers(3, 4), axis=1),
    ],
    errors=_REFUSED,
)
def logsumexp(x: Any, /, axis: Any = None, *, keepdims: bool = False) -> Any:
    """``log(sum(exp(x)))`` without overflow; derivative ``softmax(x)``.

    An entry -inf adds nothing and has derivative 0; a slice of nothing else, or of nothing at all, gives -inf.

    Args:
        x: real numbers.
        axis: an axis, a tuple of them, or ``None`` for all.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        TypeError: for complex ``x``.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.logsumexp(np.array([[0.0, 0.0], [1000.0, 1000.0]]), axis=1)
    array([6.93147181e-01, 1.00069315e+03])
    """
    return _logsumexp(x, axis=axes(x, axis), keepdims=bool(keepdims))
