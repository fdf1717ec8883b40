"""Order statistics: which elements of the data a quantile is made of, and in which parts.

With n elements a quantile stands at the *virtual index* ``v(q)``, counted from 0, and is::

    (1 - f) * low + f * high        low, high: the elements at floor(v) and the next; f = v - floor(v), or a constant

(R. J. Hyndman, Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50(4), 1996). ``quantiles`` has
the functions; here are the places of the two elements in the data, and the fraction f.
"""

from math import prod
from typing import Any

import numpy as np

from autograd.batch_rules import further, stretched, unless_empty
from autograd.batched import memory_of
from autograd.gate import op
from autograd.ops.arguments import in_dtype
from autograd.record import Op, shape_of
from autograd.samples import distinct, sample
from autograd.tensors import Tensor


def checked_fraction(name: str, q: Any, top: int) -> Any:
    """``q``, from 0 to ``top``, as a fraction of ``top``; a plain number stays one, as it is weak."""
    given = q if type(q) in (int, float) or isinstance(q, Tensor) else np.asarray(q)
    fraction = given if top == 1 else given / top
    values = memory_of(fraction)
    if not np.all((values >= 0) & (values <= 1)):
        raise ValueError(f"{name}: expected q in the range from 0 to {top}, received {q!r}")
    return fraction


# alpha and beta of the definitions that interpolate: v(q) = n q + alpha + q (1 - alpha - beta) - 1
INTERPOLATING = {
    "interpolated_inverted_cdf": (0, 1),
    "hazen": (0.5, 0.5),
    "weibull": (0, 0),
    "linear": (1, 1),
    "median_unbiased": (1 / 3.0, 1 / 3.0),
    "normal_unbiased": (3 / 8.0, 3 / 8.0),
}


def _virtual_index(q: Any, n: Any, method: str) -> Any:
    """``v(q)`` among ``n`` elements, in NumPy's operations, so that it rounds as NumPy's does."""
    if method in INTERPOLATING and method != "linear":
        alpha, beta = INTERPOLATING[method]
        return n * q + (alpha + q * (1 - alpha - beta)) - 1
    if method in ("inverted_cdf", "averaged_inverted_cdf"):
        return n * q - 1
    if method == "closest_observation":
        return n * q - 1 - 0.5
    return (n - 1) * q


def in_dtype_of(q: Any, count: Any) -> Any:
    """The count such that ``count * q`` is computed in the dtype of ``q``, as NumPy does."""
    return count if isinstance(q, int | float) or q.dtype.kind != "f" else in_dtype(count, q.dtype)


def _ranks(q: Any, n: Any, method: str) -> tuple[Any, Any]:
    """The indices of the two neighbours among ``n`` sorted elements; twice the same one where nothing lies between."""
    v = _virtual_index(q, n, method)
    low = np.floor(v)
    if method == "inverted_cdf":
        low = low + (v > low)
    elif method == "closest_observation":
        low = low + ((v > low) | (low % 2 == 0))
    elif method == "higher":
        low = np.ceil(v)
    elif method == "nearest":
        low = np.rint(v)
    between = (v >= 0) & (v < n - 1) & (method in (*INTERPOLATING, "averaged_inverted_cdf", "midpoint"))
    low = np.clip(low, 0, np.maximum(n - 1, 0)).astype(np.intp)
    return low, low + between


def fraction_of(q: Any, low: Any, n: Any, method: str) -> Any:
    """The part ``f`` that the upper neighbour has in the quantile; differentiable in ``q`` where the method interpolates."""
    v = _virtual_index(q, n, method)
    if method == "averaged_inverted_cdf":
        return np.where(v == low, 0.5, 1.0)
    if method == "midpoint":
        return np.where(v == low, 0.0, 0.5)
    return v - low if method in INTERPOLATING else 0.0 * low


# ---------------------------------------------------------------- which elements a quantile is made of


def _slices(x: Any, axis: Any) -> Any:
    """``x`` with the reduced axes merged into one at the end."""
    if axis is None:
        return x.reshape(-1)
    kept = [i for i in range(x.ndim) if i not in axis]
    length = int(np.prod([x.shape[i] for i in axis], dtype=np.intp))
    return x.transpose(*kept, *axis).reshape([x.shape[i] for i in kept] + [length])


def _order(rows: Any, ranks: Any) -> Any:
    """The indices that bring to each of the ``ranks`` the element that a stable sort along the last axis puts there.

    A partition does, unless an element next to a rank equals the one at it.
    """
    length = rows.shape[-1]
    beside = np.unique(np.clip([ranks - 1, ranks, ranks + 1, np.full_like(ranks, length - 1)], 0, length - 1))
    order = np.argpartition(rows, beside, axis=-1)
    found = np.take_along_axis(rows, order, -1)
    near = [found[..., np.clip(ranks + each, 0, length - 1)] for each in (-1, 0, 1)]
    ties = ((near[0] == near[1]) & (ranks > 0)).any() or ((near[1] == near[2]) & (ranks < length - 1)).any()
    return np.argsort(rows, axis=-1, kind="stable") if ties or np.isnan(found[..., -1]).any() else order


@op(
    multiple=True,
    differentiable=False,
    public=False,
    samples=[
        sample(distinct(3, 5), np.array([0.3, 0.6]), axis=(1,), method="linear", skip_nan=False),
        sample(distinct(3, 5), 0.4, axis=None, method="hazen", skip_nan=True),
    ],
)
def neighbours(x: Any, q: Any, *, axis: Any, method: str, skip_nan: bool) -> Any:
    """The places in the flattened ``x`` of the two elements next to each quantile, the lower one's rank, and their number.

    Shapes: three times ``q.shape`` before that of the kept axes, which is the last one's.
    """
    rows = _slices(x, axis)
    q = np.asarray(q)
    count = np.full(rows.shape[:-1], rows.shape[-1]) - (np.isnan(rows).sum(-1) if skip_nan else 0)
    n = count if skip_nan else np.intp(rows.shape[-1])
    rank, high = _ranks(q.reshape(q.shape + (1,) * count.ndim), in_dtype_of(q, n), method)
    low, shape = rank, q.shape + count.shape
    if skip_nan:
        order = np.argsort(rows, axis=-1, kind="stable")
    else:
        order = _order(rows, np.unique([rank, high]))
        nan = np.isnan(np.take_along_axis(rows, order[..., -1:], -1))[..., 0]
        low, high = (np.where(nan, rows.shape[-1] - 1, each) for each in (low, high))
    places = np.take_along_axis(_slices(np.arange(x.size).reshape(x.shape), axis), order, -1)
    low, high = (_at(places, np.broadcast_to(each, shape)) for each in (low, high))
    return low, high, np.broadcast_to(rank, shape)[()], count[()]


def _neighbours_in_each(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, q = arrays
    if mapped[1]:
        return NotImplemented
    moved = statics | {"axis": further(statics["axis"], x.ndim - 1)}
    low, high, rank, count = record.call(x, q, **moved)
    low, high, rank = (np.moveaxis(each, len(shape_of(q)), 0) for each in (low, high, rank))
    length = prod(x.shape[1:]) or 1  # places count in all examples flattened together
    return low % length, high % length, rank, count


neighbours.batch(unless_empty(_neighbours_in_each))


def _at(places: Any, rank: Any) -> Any:
    """The elements of ``places``, with axes ``(*kept, n)``, at ``rank``, with axes ``(*q, *kept)``."""
    last = np.moveaxis(rank.reshape((-1, *places.shape[:-1])), 0, -1)
    return np.moveaxis(np.take_along_axis(places, last, -1), -1, 0).reshape(rank.shape)[()]


@op(
    differentiable=False,
    public=False,
    samples=[sample(np.array([[2.0, 1.0, 2.0], [3.0, 5.0, 4.0]]), np.array([2.0, 4.0]), axis=(1,))],
)
def first_equal(x: Any, values: Any, *, axis: Any) -> Any:
    """For each value the place in the flattened ``x`` of the first element of its slice that equals it (NaN equals NaN)."""
    rows = _slices(x, axis)
    order = np.argsort(rows, axis=-1, kind="stable")
    rows = np.take_along_axis(rows, order, -1)
    values = values.reshape((-1, *rows.shape[:-1]))
    rank = np.empty(values.shape, np.intp)
    for i in np.ndindex(rows.shape[:-1]):
        rank[:, *i] = np.searchsorted(rows[i], values[:, *i])
    return _at(np.take_along_axis(_slices(np.arange(x.size).reshape(x.shape), axis), order, -1), rank)


def _first_in_each(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, values = (stretched(each, is_mapped, level.size) for each, is_mapped in zip(arrays, mapped, strict=True))
    axis = further(statics["axis"], x.ndim - 1)
    kept = [length for i, length in enumerate(x.shape[1:], 1) if i not in axis]
    several = prod(values.shape[1:]) // (prod(kept) or 1)
    values = np.moveaxis(np.reshape(values, (level.size, several, *kept)), 1, 0)
    return np.moveaxis(record.call(x, values, axis=axis), 0, 1) % (prod(x.shape[1:]) or 1)


first_equal.batch(unless_empty(_first_in_each))
