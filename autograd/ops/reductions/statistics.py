"""Means, variances and standard deviations along axes.

The derivative of ``std`` is 0 where it is 0, as of equal elements. Where the degrees of freedom leave the value undefined, so
is the derivative: NaN, but 0 where the cotangent is 0. No gradient reaches what a mask leaves out.

With ``where=``, ``mean=`` or ``dtype=`` another op does the work, one that hands these to NumPy; its rule is written for a mask
that may differ from slice to slice (``deviations``, ``number_of``), and ``nans`` uses it, too.
"""

import math
from typing import Any

import numpy as np

from autograd.batch_rules import over_first_input, shifted
from autograd.gate import function, op
from autograd.ops.arguments import as_array, as_mask, axes, unrecorded
from autograd.ops.casting import cast
from autograd.ops.reductions.reduction import ALONG_AXES, MASK, NO_SUCH_AXIS, chosen, expanded, sum_to, unreduced
from autograd.samples import complexes, integers, reals, sample


def _count(x_shape: tuple[int, ...], axis: tuple[int, ...] | None) -> int:
    """How many elements a reduction over ``axis`` makes one of."""
    return math.prod(x_shape if axis is None else [x_shape[i] for i in axis])


def number_of(where: Any, x_shape: tuple[int, ...], axis: tuple[int, ...] | None, dtype: Any) -> Any:
    """How many elements the mask chooses, in the shape that ``keepdims`` gives; without a mask, the one number."""
    if where is True:
        return _count(x_shape, axis)
    counts = np.sum(np.broadcast_to(where, x_shape), axis=axis, keepdims=True)
    return cast(counts, dtype.type(0).real.dtype)


def _at_least_one(n: Any) -> Any:
    """A number of elements to divide by: where there are none, there is nothing to be divided."""
    return max(n, 1) if isinstance(n, int) else np.maximum(n, 1)


# ---------------------------------------------------------------- mean


@op(
    linear=True,
    name="mean",
    public=False,
    samples=[sample(reals(3, 4), axis=(1,), keepdims=False), sample(reals(3, 4), axis=None, keepdims=True)],
)
def _mean(x: Any, *, axis: Any, keepdims: bool) -> Any:
    if x.dtype.kind != "f" or x.itemsize == 2 or x.size == 0:
        return np.mean(x, axis=axis, keepdims=keepdims)  # which divides others in another precision, and warns of nothing
    total = x.sum(axis, keepdims=keepdims)
    return total / (x.size // total.size)


_mean.vjp(x=lambda g, x_shape, axis, keepdims: expanded(g / (_count(x_shape, axis) or 1), x_shape, axis, keepdims))
_mean.batch(shifted("axis"))


@op(
    linear=True,
    public=False,
    samples=[
        sample(reals(3, 4), MASK, axis=(1,), dtype=None, keepdims=False),
        sample(reals(3, 4), MASK[:1], axis=None, dtype=None, keepdims=True),
        sample(complexes(3), True, axis=None, dtype=np.dtype("complex128"), keepdims=False),
    ],
)
def mean_of(x: Any, where: Any, *, axis: Any, dtype: Any, keepdims: bool) -> Any:
    """The mean of what the mask ``where`` chooses."""
    return np.mean(x, axis=axis, dtype=dtype, keepdims=keepdims, where=where)


def mean_gradient(g: Any, where: Any, x_shape: tuple[int, ...], axis: tuple[int, ...] | None, keepdims: bool) -> Any:
    """The gradient of a mean: an equal share for each element that the mask chooses."""
    share = unreduced(g, x_shape, axis, keepdims) / _at_least_one(number_of(where, x_shape, axis, g.dtype))
    return chosen(np.broadcast_to(share, x_shape), where)


mean_of.vjp(x=mean_gradient, where=None)
mean_of.batch(over_first_input)


@function(
    np.mean,
    samples=[
        *ALONG_AXES,
        sample(complexes(3), axis=0),
        sample(integers(3, 4), axis=0),
        sample(reals(3, 4), axis=1, where=MASK),
        sample(complexes(3, 4), keepdims=True, where=MASK[0]),
        sample(integers(3, 4), axis=-2, where=MASK, dtype=np.dtype("float64")),
    ],
    errors=[*NO_SUCH_AXIS, (sample(reals(3), where=MASK), ValueError)],
)
def mean(x: Any, /, axis: Any = None, dtype: Any = None, *, keepdims: bool = False, where: Any = True) -> Any:
    """The arithmetic mean over ``axis``; derivative ``1 / n`` for ``n`` elements. Integers give float64.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to compute in, and of the result.
        keepdims: keep the reduced axes with length 1.
        where: truth values that say which elements count; broadcast to the shape of ``x``.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, and a mask that does not broadcast.

    >>> ag.mean(np.array([[1.0, 2.0], [3.0, 4.0]]), axis=1)
    array([1.5, 3.5])
    >>> ag.mean(np.array([1.0, 2.0, 6.0]), where=[True, True, False])
    np.float64(1.5)
    """
    if where is True and dtype is None:
        return _mean(x, axis=axis if axis is None else axes(x, axis, of_numbers=False), keepdims=bool(keepdims))
    x, dtype = _computed_in(x, dtype)
    return mean_of(x, as_mask(where), axis=axes(x, axis, of_numbers=False), dtype=dtype, keepdims=bool(keepdims))


def _computed_in(x: Any, dtype: Any) -> tuple[Any, Any]:
    """``x`` as what has a dtype, outside the graph where the result is of whole numbers, and the dtype in one form."""
    x, dtype = as_array(x), None if dtype is None else np.dtype(dtype)
    return x if dtype is None or dtype.kind in "fc" else unrecorded(x), dtype


# ---------------------------------------------------------------- variance and standard deviation


def deviations(x: Any, mean: Any, where: Any, axis: Any) -> Any:
    """``x - mean``, the gradient of its square up to a factor; conjugated for complex ``x``. 0 where the mask does not choose.

    Without a ``mean``, from that of the chosen elements.
    """
    x = chosen(x, where)
    apart = chosen(x - (_centre(x, where, axis) if mean is None else mean), where)
    return np.conjugate(apart) if x.dtype.kind == "c" else apart


def _centre(x: Any, where: Any, axis: Any) -> Any:
    """The mean of the chosen elements; the others are 0 already."""
    if where is True and x.size:
        return _mean(x, axis=axis, keepdims=True)
    return np.sum(x, axis=axis, keepdims=True) / _at_least_one(number_of(where, x.shape, axis, x.dtype))


def over_freedom(g: Any, n: Any, ddof: float) -> Any:
    """``g / (n - ddof)``; NaN where NumPy's result is undefined, but 0 where ``g`` is, or where there is nothing to differ."""
    freedom = n - ddof
    if isinstance(freedom, int | float):
        return g / freedom if freedom > 0 else np.where(g == 0, g, math.nan)
    defined = freedom > 0
    return np.where(defined | (g == 0) | (n == 0), g / np.where(defined, freedom, 1), math.nan)


def over_root(g: Any, out: Any) -> Any:
    """``g / out``, the gradient of a square root up to a factor: 0 where ``out`` is, and ``g`` itself where it is NaN."""
    return g * (out != 0) / np.where((out == 0) | np.isnan(out), 1, out)


@op(
    name="var",
    public=False,
    samples=[
        sample(reals(3, 4), axis=(1,), ddof=1, keepdims=False),
        sample(reals(3, 4), axis=None, ddof=0, keepdims=True),
        sample(complexes(4), axis=None, ddof=0, keepdims=False),
    ],
)
def _var(x: Any, *, axis: Any, ddof: float, keepdims: bool) -> Any:
    return x.var(axis, ddof=ddof, keepdims=keepdims)


_var.vjp(
    x=lambda g, x, x_shape, axis, ddof, keepdims: (
        unreduced(over_freedom(2 * g, _count(x_shape, axis), ddof), x_shape, axis, keepdims) * deviations(x, None, True, axis)
    )
)
_var.batch(shifted("axis"))


@op(
    public=False,
    samples=[
        sample(reals(3, 4), None, MASK, axis=(1,), dtype=None, ddof=1, keepdims=False),
        sample(reals(3, 4), reals(3, 1), True, axis=(1,), dtype=None, ddof=0, keepdims=True),
        sample(complexes(3, 4), complexes(), MASK[:1], axis=None, dtype=None, ddof=0.5, keepdims=False),
    ],
)
def var_of(x: Any, mean: Any, where: Any, *, axis: Any, dtype: Any, ddof: float, keepdims: bool) -> Any:
    """The variance of what the mask ``where`` chooses, about ``mean`` (``None``: about theirs)."""
    return np.var(x, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=where, **about(mean))


def about(mean: Any) -> dict[str, Any]:
    """``mean=`` as a forward function hands it to NumPy; ``None`` leaves it out."""
    return {} if mean is None else {"mean": mean}


def spread_gradients(g: Any, out: Any, x: Any, mean: Any, where: Any, axis: Any, ddof: float, keepdims: bool) -> Any:
    """The gradients for ``x``, ``mean`` and the mask: of a variance without ``out``, of a standard deviation with it.

    That of complex numbers is real, also where a complex ``dtype`` makes its cotangent complex.
    """
    if x.dtype.kind == "c":
        g, out = np.real(g), None if out is None else np.real(out)
    n = number_of(where, x.shape, axis, x.dtype)
    factor = unreduced(g, x.shape, axis, keepdims)
    if out is None:
        factor = over_freedom(2 * factor, n, ddof)
    else:
        factor = over_root(over_freedom(factor, n, ddof), unreduced(out, x.shape, axis, keepdims))
    to_x = factor * deviations(x, mean, where, axis)
    return to_x, None if mean is None else -sum_to(to_x, shape=mean.shape), None


@var_of.joint_vjp
def _var_rule(g: Any, x: Any, mean: Any, where: Any, axis: Any, ddof: float, keepdims: bool) -> Any:
    return spread_gradients(g, None, x, mean, where, axis, ddof, keepdims)


var_of.batch(over_first_input)


_SPREADS = (
    sample(reals(3, 4)),
    sample(reals(2, 3, 4), axis=-1, ddof=1),
    sample(reals(2, 3, 4), axis=(0, 2), keepdims=True),
    sample(complexes(4), axis=0),
    sample(reals(3, 4), axis=1, where=MASK, ddof=1),
    sample(reals(3, 4), keepdims=True, where=MASK[0]),
    sample(complexes(3, 4), axis=0, where=MASK),
    sample(reals(3, 4), axis=1, mean=np.array([[0.5], [-0.25], [1.0]])),
    sample(reals(3, 4), axis=0, dtype=np.dtype("complex128")),
)


def one_of(ddof: float, correction: float | None, name: str) -> float:
    """What the number of elements is lowered by, given under one of its two names, as a Python number: a weak one."""
    if correction is None:
        return ddof.item() if isinstance(ddof, np.generic) else ddof
    if ddof != 0:
        raise ValueError(
            f"{name}: ddof and correction are two names of one argument; received ddof={ddof} and correction={correction}; "
            "give one of them"
        )
    return correction.item() if isinstance(correction, np.generic) else correction


def mean_for(x: Any, mean: Any, name: str) -> Any:
    """``mean=`` as an input, checked."""
    if mean is None:
        return None
    mean = as_array(mean)
    if np.broadcast_shapes(mean.shape, x.shape) != x.shape:
        raise ValueError(
            f"{name}: expected a mean that broadcasts to the shape of x, {x.shape}, received {mean.shape}; take it with "
            "keepdims=True"
        )
    return mean


@function(np.var, samples=[*_SPREADS, sample(integers(3, 4), axis=0), sample(reals())], errors=NO_SUCH_AXIS)
def var(
    x: Any,
    /,
    axis: Any = None,
    dtype: Any = None,
    *,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
    where: Any = True,
    mean: Any = None,
) -> Any:
    """The variance ``sum(|x - mean(x)|**2) / (n - ddof)``; derivative ``2 (x - mean(x)) / (n - ddof)``.

    Args:
        x: the input; integers give float64, complex numbers a real result.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to compute in, and of the result.
        ddof: what the number of elements is lowered by; 1 gives the unbiased estimate.
        keepdims: keep the reduced axes with length 1.
        correction: the array API's name of ``ddof``.
        where: truth values that say which elements count; broadcast to the shape of ``x``.
        mean: the mean, where it is known, in a shape that broadcasts against ``x`` (as with ``keepdims``); an input like any
            other, so give ``x.mean(..., keepdims=True)`` itself, recorded.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, when both ``ddof`` and ``correction`` are given, and for a mask or a mean
            that does not broadcast to the shape of ``x``.

    >>> ag.var(np.array([1.0, 2.0, 3.0, 6.0])), ag.var(np.array([1.0, 2.0, 3.0, 6.0]), ddof=1)
    (np.float64(3.5), np.float64(4.666666666666667))
    """
    ddof = one_of(ddof, correction, "var")
    if where is True and mean is None and dtype is None:
        return _var(x, axis=axes(x, axis, of_numbers=False), ddof=ddof, keepdims=bool(keepdims))
    x, dtype = _computed_in(x, dtype)
    mean = mean_for(x, mean, "var")
    if dtype is not None and dtype.kind not in "fc":
        mean = unrecorded(mean)
    return var_of(
        x, mean, as_mask(where), axis=axes(x, axis, of_numbers=False), dtype=dtype, ddof=ddof, keepdims=bool(keepdims)
    )


@op(
    name="std",
    public=False,
    samples=[
        sample(reals(3, 4), axis=(1,), ddof=1, keepdims=False),
        sample(reals(3, 4), axis=None, ddof=0, keepdims=True),
        sample(complexes(4), axis=None, ddof=0, keepdims=False),
    ],
)
def _std(x: Any, *, axis: Any, ddof: float, keepdims: bool) -> Any:
    return x.std(axis, ddof=ddof, keepdims=keepdims)


_std.vjp(
    x=lambda g, out, x, x_shape, axis, ddof, keepdims: (
        unreduced(over_root(over_freedom(g, _count(x_shape, axis), ddof), out), x_shape, axis, keepdims)
        * deviations(x, None, True, axis)
    )
)
_std.batch(shifted("axis"))


@op(
    public=False,
    samples=[
        sample(reals(3, 4), None, MASK, axis=(1,), dtype=None, ddof=1, keepdims=False),
        sample(reals(3, 4), reals(3, 1), True, axis=(1,), dtype=None, ddof=0, keepdims=True),
        sample(complexes(3, 4), complexes(), MASK[:1], axis=None, dtype=None, ddof=0.5, keepdims=False),
    ],
)
def std_of(x: Any, mean: Any, where: Any, *, axis: Any, dtype: Any, ddof: float, keepdims: bool) -> Any:
    """The standard deviation of what the mask ``where`` chooses, about ``mean`` (``None``: about theirs)."""
    return np.std(x, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=where, **about(mean))


@std_of.joint_vjp
def _std_rule(g: Any, out: Any, x: Any, mean: Any, where: Any, axis: Any, ddof: float, keepdims: bool) -> Any:
    return spread_gradients(g, out, x, mean, where, axis, ddof, keepdims)


std_of.batch(over_first_input)


@function(np.std, samples=[*_SPREADS, sample(integers(3, 4), axis=0)], errors=NO_SUCH_AXIS)
def std(
    x: Any,
    /,
    axis: Any = None,
    dtype: Any = None,
    *,
    ddof: float = 0,
    keepdims: bool = False,
    correction: float | None = None,
    where: Any = True,
    mean: Any = None,
) -> Any:
    """The standard deviation ``sqrt(var(x))``; derivative ``(x - mean(x)) / ((n - ddof) std(x))``, 0 where it is 0.

    Args:
        x: the input; integers give float64, complex numbers a real result.
        axis: a number, a tuple of them, or ``None`` for all.
        dtype: the dtype to compute in, and of the result.
        ddof: what the number of elements is lowered by in the variance.
        keepdims: keep the reduced axes with length 1.
        correction: the array API's name of ``ddof``.
        where: truth values that say which elements count; broadcast to the shape of ``x``.
        mean: the mean, where it is known, in a shape that broadcasts against ``x`` (as with ``keepdims``); an input like any
            other, so give ``x.mean(..., keepdims=True)`` itself, recorded.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, when both ``ddof`` and ``correction`` are given, and for a mask or a mean
            that does not broadcast to the shape of ``x``.

    >>> ag.std(np.array([1.0, 1.0, 3.0, 3.0]))
    np.float64(1.0)
    """
    ddof = one_of(ddof, correction, "std")
    if where is True and mean is None and dtype is None:
        return _std(x, axis=axes(x, axis, of_numbers=False), ddof=ddof, keepdims=bool(keepdims))
    x, dtype = _computed_in(x, dtype)
    mean = mean_for(x, mean, "std")
    if dtype is not None and dtype.kind not in "fc":
        mean = unrecorded(mean)
    return std_of(
        x, mean, as_mask(where), axis=axes(x, axis, of_numbers=False), dtype=dtype, ddof=ddof, keepdims=bool(keepdims)
    )
