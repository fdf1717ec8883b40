"""Running sums and products, and the two kernels behind the gradients of products.

Note [products without division]: the derivative of a product with respect to one factor is the product of the others.
Dividing the product by the factor fails at zeros, so it is put together from the product of what stands before the
factor, ``products_before``, and that of what stands after it. The derivative of ``products_before`` in turn is a linear
``recurrence``, and the derivatives of a recurrence are recurrences, so the family is closed: products differentiate to
any order, at zeros too.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.batch_rules import shifted, shifted_together
from autograd.gate import function, op
from autograd.ops.arguments import in_dtype, ndim_of, shape_of_any
from autograd.samples import complexes, integers, reals, sample


def backwards(x: Any, axis: int) -> Any:
    """``x`` with the order along ``axis`` reversed."""
    return x[(*[slice(None)] * axis, slice(None, None, -1))]


def _flattened(x: Any, axis: int | None) -> tuple[Any, int]:
    """``x`` and the axis to run along; without one, ``x`` is flattened."""
    if axis is None:
        return x if ndim_of(x) == 1 else np.reshape(x, -1), 0
    if ndim_of(x) == 0 and axis in (0, -1):
        return np.reshape(x, -1), 0  # NumPy takes a number for a vector of one
    return x, normalize_axis_index(axis, ndim_of(x))


# ---------------------------------------------------------------- the kernels


@op(public=False, samples=[sample(reals(4), reals(4), axis=0), sample(reals(2, 5, 3), reals(2, 5, 3), axis=1)])
def recurrence(x: Any, b: Any, *, axis: int) -> Any:
    """``y[0] = 0, y[i] = x[i-1] y[i-1] + b[i-1]`` along ``axis``.

    In log2(n) steps over whole arrays, each of which joins runs of equal length (Hillis and Steele, "Data parallel algorithms",
    Communications of the ACM 29, 1986).
    """
    out = np.zeros(x.shape, np.result_type(x, b))
    head, tail = np.moveaxis(x, axis, 0)[:-1], np.moveaxis(out, axis, 0)[1:]
    tail[...] = np.moveaxis(b, axis, 0)[:-1]
    factors = head.copy()
    width = 1
    while width < len(tail):
        tail[width:] += factors[width:] * tail[:-width]
        factors[width:] *= factors[:-width]
        width *= 2
    return out


def _recurrence_back(x: Any, b: Any, axis: int) -> Any:
    """The transpose of ``recurrence`` in ``b``: ``y[n-1] = 0, y[i] = x[i+1] y[i+1] + b[i+1]``."""
    return backwards(recurrence(backwards(x, axis), backwards(b, axis), axis=axis), axis)


recurrence.vjp(
    x=lambda g, out, x, axis: _recurrence_back(x, g, axis) * out,
    b=lambda g, x, axis: _recurrence_back(x, g, axis),
)
recurrence.batch(shifted_together("axis"))


@op(public=False, samples=[sample(reals(4), axis=0), sample(reals(2, 5, 3), axis=1)])
def products_before(x: Any, *, axis: int) -> Any:
    """``y[i] = x[0] x[1] ... x[i-1]`` along ``axis``; ``y[0] = 1``."""
    out = np.ones(x.shape, x.dtype)
    np.multiply.accumulate(np.moveaxis(x, axis, 0)[:-1], out=np.moveaxis(out, axis, 0)[1:])
    return out


products_before.vjp(x=lambda g, out, x, axis: _recurrence_back(x, g, axis) * out)
products_before.batch(shifted("axis"))


# ---------------------------------------------------------------- running sums and products

_RUNNING = (
    sample(reals(5)),
    sample(reals(3, 4)),
    sample(reals(2, 3, 4), axis=-2),
    sample(complexes(3), axis=0),
    sample(integers(3, 4), axis=1),
    sample(reals()),
)
_NO_SUCH_AXIS = ((sample(reals(3), axis=1), np.exceptions.AxisError),)


@op(linear=True, name="cumsum", public=False, samples=[sample(reals(3, 4), axis=1)])
def _cumsum(x: Any, *, axis: int) -> Any:
    return x.cumsum(axis)


_cumsum.vjp(x=lambda g, axis: backwards(_cumsum(backwards(g, axis), axis=axis), axis))
_cumsum.batch(shifted("axis"))


@function(np.cumsum, samples=_RUNNING, errors=_NO_SUCH_AXIS)
def cumsum(x: Any, /, axis: int | None = None, dtype: Any = None) -> Any:
    """The running sum ``out[i] = x[0] + ... + x[i]``; the gradient is the running sum of the cotangent from the end.

    Args:
        x: the input.
        axis: the axis to run along; ``None`` flattens ``x`` first.
        dtype: the dtype to add up in, and of the result.

    Shapes: any -> same; with ``axis=None`` -> ``(x.size,)``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.cumsum(np.array([1.0, 2.0, 3.0]))
    array([1., 3., 6.])
    """
    x, axis = _flattened(in_dtype(x, dtype), axis)
    return in_dtype(_cumsum(x, axis=axis), dtype)


@op(name="cumprod", public=False, samples=[sample(reals(3, 4), axis=1)])
def _cumprod(x: Any, *, axis: int) -> Any:
    return x.cumprod(axis)


def _cumprod_gradient(g: Any, x: Any, axis: int) -> Any:
    return products_before(x, axis=axis) * (g + _recurrence_back(x, g * x, axis))


_cumprod.vjp(x=_cumprod_gradient)
_cumprod.batch(shifted("axis"))


@function(np.cumprod, samples=_RUNNING, errors=_NO_SUCH_AXIS)
def cumprod(x: Any, /, axis: int | None = None, dtype: Any = None) -> Any:
    """The running product ``out[i] = x[0] * ... * x[i]``.

    The derivative of ``out[i]`` with respect to ``x[j]``, ``j <= i``, is the product of the other factors, right at zeros too.

    Args:
        x: the input.
        axis: the axis to run along; ``None`` flattens ``x`` first.
        dtype: the dtype to multiply in, and of the result.

    Shapes: any -> same; with ``axis=None`` -> ``(x.size,)``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.cumprod(np.array([1.0, 2.0, 3.0]))
    array([1., 2., 6.])
    """
    x, axis = _flattened(in_dtype(x, dtype), axis)
    return in_dtype(_cumprod(x, axis=axis), dtype)


# ---------------------------------------------------------------- under the array API's names

_CUMULATIVE = (
    sample(reals(5)),
    sample(reals(5), include_initial=True),
    sample(reals(2, 3, 4), axis=-2, include_initial=True),
    sample(complexes(3, 2), axis=0),
    sample(integers(3, 4), axis=1, include_initial=True),
    sample(integers(3), dtype=np.dtype("float64"), include_initial=True),
    sample(reals(), include_initial=True),
)
_NO_CUMULATIVE = (*_NO_SUCH_AXIS, (sample(reals(2, 2)), ValueError))


def _cumulative(run: Callable[..., Any], name: str, x: Any, axis: int | None, dtype: Any, initial: int | None) -> Any:
    """The running result, after the initial value where there is one."""
    ndim = ndim_of(x)
    if axis is None and ndim > 1:
        raise ValueError(
            f"{name}: expected an axis, as x has more than one, received axis=None for shape {shape_of_any(x)}; name one, or "
            "flatten x with ag.ravel"
        )
    axis = None if axis is None else normalize_axis_index(axis, ndim or 1)
    out = run(x if ndim else np.reshape(x, 1), axis, dtype)
    if initial is None:
        return out
    along = axis or 0
    start = np.full((*out.shape[:along], 1, *out.shape[along + 1 :]), initial, out.dtype)
    return np.concatenate([start, out], along)


@function(np.cumulative_sum, samples=_CUMULATIVE, errors=_NO_CUMULATIVE)
def cumulative_sum(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
    """The running sum, under the array API standard's name; the gradient is the running sum of the cotangent from the end.

    Args:
        x: the input; a number counts as one element.
        axis: the axis to run along; it may be left out where there is one only.
        dtype: the dtype to add up in, and of the result.
        include_initial: begin the result with the 0 that the sum begins with, which makes it longer by one.

    Shapes: any -> same; with ``include_initial`` longer by one along ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: without an axis, for ``x`` with more than one.

    >>> ag.cumulative_sum(np.array([1.0, 2.0, 3.0]), include_initial=True)
    array([0., 1., 3., 6.])
    """
    return _cumulative(cumsum, "cumulative_sum", x, axis, dtype, 0 if include_initial else None)


@function(np.cumulative_prod, samples=_CUMULATIVE, errors=_NO_CUMULATIVE)
def cumulative_prod(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
    """The running product, under the array API standard's name; the derivative is right at zeros too (see ``cumprod``).

    Args:
        x: the input; a number counts as one element.
        axis: the axis to run along; it may be left out where there is one only.
        dtype: the dtype to multiply in, and of the result.
        include_initial: begin the result with the 1 that the product begins with, which makes it longer by one.

    Shapes: any -> same; with ``include_initial`` longer by one along ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: without an axis, for ``x`` with more than one.

    >>> ag.cumulative_prod(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=1)
    array([[ 1.,  2.],
           [ 3., 12.]])
    """
    return _cumulative(cumprod, "cumulative_prod", x, axis, dtype, 1 if include_initial else None)
