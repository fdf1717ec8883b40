"""Weighted averages, covariances and correlations.

``cov`` is written in ops that have rules. ``average`` and the last step of ``corrcoef`` are ops of their own: their derivatives
in closed form have neither cancellation nor 0 / 0.
"""

import warnings
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.batch_rules import further, leading, stretched
from autograd.batched import memory_of
from autograd.gate import function, op
from autograd.ops.arguments import as_array, in_dtype, unrecorded
from autograd.ops.casting import conjugated
from autograd.ops.reductions import statistics
from autograd.ops.reductions.reduction import NO_SUCH_AXIS, sum_to, unreduced
from autograd.record import Op
from autograd.samples import complexes, integers, positives, reals, sample
from autograd.tensors import Tensor, wrap

# ---------------------------------------------------------------- averages


@op(
    public=False,
    samples=[
        sample(reals(3, 4), positives(1, 4), axis=(1,), keepdims=False),
        sample(reals(3, 4), positives(3, 4), axis=None, keepdims=False),
        sample(complexes(2, 3, 2), positives(2, 1, 2), axis=(0, 2), keepdims=True),
        sample(reals(3), complexes(3), axis=(0,), keepdims=False),
    ],
)
def weighted_mean(x: Any, weights: Any, *, axis: Any, keepdims: bool) -> Any:
    """``sum(weights * x) / sum(weights)``, with weights that have as many axes as ``x``."""
    dtype = np.result_type(x, weights, *(() if x.dtype.kind in "fc" else (float,)))
    total = weights.sum(axis=axis, dtype=dtype, keepdims=keepdims)
    if np.any(total == 0.0):
        raise ZeroDivisionError("average: the weights sum to zero, so there is nothing to divide by; give others")
    return np.multiply(x, weights, dtype=dtype).sum(axis, keepdims=keepdims) / total


def _shares(g: Any, weights: Any, x_shape: tuple[int, ...], axis: Any, keepdims: bool) -> Any:
    """The cotangent over the sum of the weights."""
    return unreduced(g, x_shape, axis, keepdims) / np.sum(weights, axis=axis, dtype=g.dtype, keepdims=True)


weighted_mean.vjp(
    x=lambda g, weights, x_shape, axis, keepdims: _shares(g, weights, x_shape, axis, keepdims) * weights,
    weights=lambda g, out, x, weights, x_shape, weights_shape, axis, keepdims: sum_to(
        _shares(g, weights, x_shape, axis, keepdims) * (x - unreduced(out, x_shape, axis, keepdims)), shape=weights_shape
    ),
)


def _weighted_means(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, weights = arrays
    weights = weights if mapped[1] else weights[None]
    axis = further(statics["axis"], weights.ndim - 1)
    return record.call(stretched(x, mapped[0], level.size), weights, **statics | {"axis": axis})


weighted_mean.batch(_weighted_means)


@function(
    np.average,
    samples=[
        sample(reals(3, 4)),
        sample(complexes(3, 4)),
        sample(integers(2, 3), weights=[[1.0, 2.0, 3.0], [0.5, 0.25, 2.0]]),
        sample(reals(3, 4), 0, [True, False, True]),
        sample(reals(2, 3, 4), -1, [True, False, True, True], keepdims=True),
        sample(reals(2, 3, 4), (2, 0), [[True, False], [True, True], [False, True], [True, True]], True),
        sample(reals(2, 3), returned=True),
    ],
    errors=[
        *NO_SUCH_AXIS,
        (sample(reals(3, 4), weights=np.ones(4)), TypeError),
        (sample(reals(3, 4), 0, np.ones(4)), ValueError),
        (sample(reals(3), weights=np.zeros(3)), ZeroDivisionError),
    ],
)
def average(x: Any, /, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False) -> Any:
    """The weighted mean ``sum(w * x) / sum(w)`` over ``axis``; derivatives ``w / sum(w)`` and ``(x - mean) / sum(w)``.

    Args:
        x: the input.
        axis: a number, a tuple of them, or ``None`` for all.
        weights: an input like any other, in the shape of ``x`` or with the axes ``axis`` of it, in their order; by default all
            are 1.
        returned: whether to return the sum of the weights as well.
        keepdims: keep the reduced axes with length 1.

    Shapes: ``x`` any -> ``x.shape`` without ``axis``; with ``returned`` two of that shape.

    Raises:
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        ValueError: for an axis that is named twice, and weights in another shape than the axes have.
        TypeError: for weights in another shape than ``x``, without an axis.
        ZeroDivisionError: for weights that sum to zero; without weights, for a result of no elements.

    >>> ag.average(np.array([1.0, 2.0, 6.0]), weights=[1.0, 1.0, 2.0])
    np.float64(3.75)
    """
    x = as_array(x)
    along = None if axis is None else normalize_axis_tuple(axis, x.ndim, "axis")
    if weights is None:
        out = statistics.mean(x, along, keepdims=keepdims)
        total: Any = np.asarray(x.size / out.size, out.dtype)[()]
    else:
        weights = _aligned(as_array(weights), x, along)
        out = weighted_mean(x, weights, axis=along, keepdims=bool(keepdims))
        total = np.sum(weights, axis=along, dtype=out.dtype, keepdims=bool(keepdims)) if returned else None
    if not returned:
        return out
    if total.shape != out.shape:
        total = np.broadcast_to(total, out.shape).copy()
    return out, wrap(total) if isinstance(out, Tensor) and not isinstance(total, Tensor) else total


def _aligned(weights: Any, x: Any, axis: tuple[int, ...] | None) -> Any:
    """The weights with as many axes as ``x``."""
    if weights.shape == x.shape:
        return weights
    if axis is None:
        raise TypeError(
            f"average: expected weights in the shape of x, {x.shape}, received {weights.shape}; name the axis that they belong "
            "to"
        )
    expected = tuple([x.shape[i] for i in axis])
    if weights.shape != expected:
        raise ValueError(
            f"average: expected weights in the shape of x, {x.shape}, or of its axes {axis}, {expected}; received "
            f"{weights.shape}"
        )
    weights = np.transpose(weights, sorted(range(len(axis)), key=axis.__getitem__))
    return np.reshape(weights, tuple([length if i in axis else 1 for i, length in enumerate(x.shape)]))


# ---------------------------------------------------------------- covariances


_DOUBLE, _COMPLEX = np.dtype("float64"), np.dtype("complex128")  # NumPy computes in no less, whatever it is given


@function(
    np.cov,
    samples=[
        sample(reals(3, 5), dtype=_DOUBLE),
        sample(reals(5), dtype=_DOUBLE),
        sample(complexes(2, 4), dtype=_COMPLEX),
        sample(reals(2, 4), reals(4), dtype=_DOUBLE),
        sample(reals(4, 2), reals(4, 3), rowvar=False, bias=True, dtype=_DOUBLE),
        sample(reals(2, 4), complexes(2, 4), ddof=0, dtype=_COMPLEX),
        sample(integers(3, 4)),
    ],
    errors=[
        (sample(reals(2, 2, 2)), ValueError),
        (sample(reals(2, 2), reals(2, 2, 2)), ValueError),
        (sample(reals(2, 3), reals(2, 4)), ValueError),
        (sample(reals(2, 3), ddof=0.5), ValueError),
        (sample(reals(2, 3), fweights=[0.5, 1, 1]), TypeError),
        (sample(reals(2, 3), fweights=[-1, 1, 1]), ValueError),
        (sample(reals(2, 3), fweights=[[1, 1, 1]]), RuntimeError),
        (sample(reals(2, 3), fweights=[1, 1]), RuntimeError),
        (sample(reals(2, 3), aweights=[-1.0, 1, 1]), ValueError),
        (sample(reals(2, 3), aweights=[[1.0, 1, 1]]), RuntimeError),
        (sample(reals(2, 3), aweights=[1.0, 1]), RuntimeError),
    ],
)
def cov(
    x: Any,
    /,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    """The covariances ``(x - mean) @ (x - mean)^H / (n - 1)`` of variables with n observations each.

    Derivative: that of the formula, with respect to ``x``, ``y`` and ``aweights``.

    Args:
        x: the observations, one variable a row; a vector is one variable.
        y: further variables.
        rowvar: whether variables are rows, not columns.
        bias: divide by n, not by n - 1.
        ddof: what n is lowered by, whatever ``bias`` says.
        fweights: how many times each observation counts: whole numbers, through which no gradient flows.
        aweights: how much each observation counts, an input like any other. n is the sum of all weights, and ``ddof`` of them
            lower it by ``ddof * sum(fweights * aweights**2) / n``.
        dtype: the dtype to compute in, and of the result; by default at least float64.

    Shapes: ``x`` (k, n) or (n,), ``y`` (l, n) or (n,) -> (k + l, k + l); one variable -> ().

    Raises:
        ValueError: for more than two axes, different numbers of observations, a ``ddof`` that is not whole, negative weights.
        TypeError: for ``fweights`` that are not whole.
        RuntimeError: for weights of more than one axis or of another length than the observations.
        ZeroDivisionError: for weights that sum to zero.

    >>> ag.cov(np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]))
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    if ddof is not None and ddof != int(ddof):
        raise ValueError(f"cov: expected a whole number as ddof, received {ddof}")
    x, y = as_array(x), None if y is None else as_array(y)
    for name, each in (("x", x), ("y", y)):
        if each is not None and each.ndim > 2:
            raise ValueError(f"cov: expected {name} with one axis or two, received shape {each.shape}")
    if dtype is None:
        dtype = np.result_type(x.dtype, x.dtype if y is None else y.dtype, np.float64)
    rows = _variables(x, dtype, turned=not rowvar and x.ndim == 2)
    if rows.shape[0] == 0:
        return wrap(np.empty((0, 0))) if isinstance(x, Tensor) or isinstance(y, Tensor) else np.empty((0, 0))
    if y is not None:
        further = _variables(y, dtype, turned=not rowvar and y.ndim == 2 and y.shape[0] != 1)
        rows = np.concatenate([rows, further], axis=0)
    n = rows.shape[1]
    counts = None if fweights is None else _checked("fweights", unrecorded(in_dtype(fweights, float)), n)
    shares = None if aweights is None else _checked("aweights", in_dtype(aweights, float), n)
    weights = shares if counts is None else counts if shares is None else counts * shares
    rows = in_dtype(rows - average(rows, axis=1, weights=weights)[:, None], dtype)
    weighted = rows if weights is None else rows * weights
    scale = _reciprocal(_freedom(n, weights, shares, (0 if bias else 1) if ddof is None else int(ddof)))
    return np.squeeze(np.matmul(rows, conjugated(np.transpose(weighted))) * scale)


def _variables(x: Any, dtype: Any, turned: bool) -> Any:
    """The variables as rows of a matrix."""
    x = in_dtype(x, dtype)
    if x.ndim < 2:
        return np.reshape(x, (1, x.size))
    return np.transpose(x) if turned else x


def _freedom(n: int, weights: Any, shares: Any, ddof: int) -> Any:
    """The number of observations, lowered by ``ddof`` of them."""
    if weights is None:
        return float(n - ddof)
    total = np.sum(weights)
    if shares is None or ddof == 0:
        return total - ddof
    return total - ddof * np.sum(weights * shares) / total


def _checked(name: str, weights: Any, n: int) -> Any:
    values = memory_of(weights)
    if name == "fweights" and not np.all(values == np.around(values)):
        raise TypeError(f"cov: expected whole numbers as fweights, received {values}; weights that are none are aweights")
    if weights.shape != (n,):
        raise RuntimeError(f"cov: expected {name} of shape {(n,)}, one for each observation, received {weights.shape}")
    if np.any(values < 0):
        raise ValueError(f"cov: expected {name} of 0 and more, received {values}")
    return weights


def _reciprocal(freedom: Any) -> Any:
    """``1 / freedom``; infinite, with NumPy's warnings, where there is none."""
    exhausted = memory_of(freedom) <= 0
    if not np.any(exhausted):
        return 1 / freedom
    warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=3)
    infinite = float(np.true_divide(1, 0.0))
    return infinite if np.all(exhausted) else np.where(freedom > 0, 1 / np.where(freedom > 0, freedom, 1), infinite)


# ---------------------------------------------------------------- correlations


@op(
    public=False,
    samples=[
        sample(np.array([[2.0, 0.5, -0.3], [0.4, 1.5, 0.2], [-0.1, 0.3, 0.8]])),
        sample(np.array([[2.0, 0.5 + 0.3j], [0.4 - 0.1j, 1.5]])),
    ],
)
def correlations(c: Any) -> Any:
    """``c[i, j] / sqrt(c[i, i] c[j, j])``, with both parts clipped to [-1, 1]: the correlations of matrices of covariances."""
    spread = np.sqrt(np.diagonal(c, 0, -2, -1).real)
    out = c / spread[..., :, None] / spread[..., None, :]
    real = np.clip(out.real, -1, 1)
    return real + 1j * np.clip(out.imag, -1, 1) if out.dtype.kind == "c" else real


@correlations.joint_vjp
def _correlations_rule(g: Any, out: Any, c: Any) -> Any:
    variance = np.real(np.diagonal(c, 0, -2, -1))
    varies = variance > 0
    scale = np.where(varies, 1 / np.sqrt(np.where(varies, variance, 1)), 0)
    pull = np.real(g * np.where(varies[..., :, None] & varies[..., None, :], out, 0))
    pull = (np.sum(pull, axis=-2) + np.sum(pull, axis=-1)) * (scale * scale / -2)
    diagonal = np.eye(pull.shape[-1], dtype=pull.dtype) * pull[..., None, :]
    return (g * scale[..., :, None] * scale[..., None, :] + diagonal,)


correlations.batch(leading(2))


@function(
    np.corrcoef,
    samples=[
        sample(reals(3, 5), dtype=_DOUBLE),
        sample(reals(5), reals(5), dtype=_DOUBLE),
        sample(complexes(2, 4), dtype=_COMPLEX),
        sample(reals(4, 2), reals(4, 3), rowvar=False, dtype=_DOUBLE),
        sample(integers(3, 4)),
    ],
    errors=[(sample(reals(2, 2, 2)), ValueError), (sample(reals(2, 3), reals(2, 4)), ValueError)],
)
def corrcoef(x: Any, /, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """Pearson's correlation coefficients ``c[i, j] / sqrt(c[i, i] c[j, j])`` of the covariances ``c``.

    Both parts are clipped to [-1, 1]. As rounding alone would take them beyond, the derivative is that without clipping. A
    variable that does not vary has correlations of NaN, with NumPy's warning, and a derivative of 0.

    Args:
        x: the observations, one variable a row; a vector is one variable.
        y: further variables.
        rowvar: whether variables are rows, not columns.
        dtype: the dtype to compute in, and of the result; by default at least float64.

    Shapes: ``x`` (k, n) or (n,), ``y`` (l, n) or (n,) -> (k + l, k + l); one variable -> ().

    Raises:
        ValueError: for more than two axes, and for different numbers of observations.

    >>> ag.corrcoef(np.array([[1.0, 2.0, 3.0], [6.0, 5.0, 1.0]])).round(4)
    array([[ 1.    , -0.9449],
           [-0.9449,  1.    ]])
    """
    c = cov(x, y, rowvar, dtype=dtype)
    return correlations(c) if c.ndim else c / c
