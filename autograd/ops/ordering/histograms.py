"""Histograms: how many numbers, or how much weight, each bin has.

Which bin a number is in does not change with it, up to the jumps at the edges: counts have the derivative 0 in the data and in
the edges. They are differentiable in ``weights``, each of which goes to its bin. Edges that are made for the data are
differentiable where they come from: in the smallest and the largest number, or in the ends of ``range``, between which they
divide the distance evenly; how many they are is constant. A density is differentiable in both, through the counts and through
the widths of the bins.
"""

from operator import index
from typing import Any

import numpy as np

from autograd.batched import example_of
from autograd.gate import function, op
from autograd.ops.arguments import as_array, in_common, in_dtype
from autograd.ops.arrays.indexing import getitem
from autograd.ops.arrays.joining import stack
from autograd.ops.elementwise.selection import passed
from autograd.ops.making.creation import asarray
from autograd.ops.ordering.bins import boxes
from autograd.samples import complexes, integers, reals, sample
from autograd.tensors import Tensor

# ---------------------------------------------------------------- bincount


@op(
    dynamic_shape=True,
    name="bincount",
    public=False,
    samples=[
        sample(np.array([1, 3, 1]), None, minlength=0),
        sample(np.array([1, 3, 1]), integers(3), minlength=6),
    ],
)
def _bincount(x: Any, weights: Any, *, minlength: int) -> Any:
    return np.bincount(x, weights, minlength)


_bincount.vjp(x=None, weights=lambda g, x, weights_dtype: in_dtype(getitem(g, in_dtype(x, np.intp)), weights_dtype))


@function(
    np.bincount,
    samples=[
        sample(np.array([1, 3, 1])),
        sample(np.array([1, 3, 1]), minlength=6),
        sample(np.array([1, 3, 1]), integers(3)),
        sample(np.array([0, 1]), np.array([True, False]), 1),
    ],
    errors=[
        (sample(np.array([-1])), ValueError),
        (sample(np.array([1]), reals(2)), ValueError),
        (sample(np.array([1]), minlength=-1), ValueError),
        (sample(np.array([1]), complexes(1)), TypeError),
        (sample(np.array([[1]])), ValueError),
    ],
)
def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    """How often each of the integers 0, 1, ... is in ``x``, or the sum of the weights where it is.

    The derivative with respect to a weight is 1 in its bin. With weights the result is float64.

    Args:
        x: integers from 0 on.
        weights: what each of them counts; 1 without.
        minlength: the least length of the result.

    Shapes: ``(n,)`` -> ``(max(x) + 1,)``, or longer.

    Raises:
        ValueError: for a negative number, or when ``x`` is no vector or ``weights`` is of another length.
        TypeError: for numbers that are no integers, and for complex weights.

    >>> weights = ag.tensor([0.5, 1.0, 2.0], requires_grad=True)
    >>> totals = ag.bincount([1, 0, 1], weights)
    >>> totals
    Tensor([1. , 2.5], dtype=float64, op=bincount)
    """
    x = as_array(x)
    if x.size == 0 and isinstance(weights, Tensor):
        weights = weights.detach()  # of nothing NumPy's counts are integers, with weights too
    return _bincount(x, weights, minlength=index(minlength))


# ---------------------------------------------------------------- tensors and values, edges and counts


def _any_tensor(*values: Any) -> bool:
    return any(isinstance(x, Tensor) or (isinstance(x, list | tuple) and _any_tensor(*x)) for x in values)


def _any_in_vmap(*values: Any) -> bool:
    """Whether a tensor among values, or in sequences of them, stands for the examples of a ``vmap``."""
    return any(
        isinstance(x._value, Tensor) if isinstance(x, Tensor) else isinstance(x, list | tuple) and _any_in_vmap(*x)
        for x in values
    )


def _plain(x: Any) -> Any:
    """The value of a tensor, and of those in a sequence; inside ``vmap`` that of one example, to ask for shapes and dtypes."""
    if isinstance(x, Tensor):
        return np.asarray(example_of(x))[()]
    return type(x)([_plain(each) for each in x]) if isinstance(x, list | tuple) else x


def _numpys(function: Any, *arguments: Any) -> Any:
    """What NumPy's function gives for the arguments' values; its errors with its name."""
    try:
        return function(*map(_plain, arguments))
    except (TypeError, ValueError) as error:
        raise type(error)(f"{function.__name__}: {error}") from None


def _edges(x: Any, bins: Any, range: Any, values: Any) -> Any:
    """The edges that ``values`` are, as a function of what they are made from."""
    if not isinstance(bins, str) and np.ndim(_plain(bins)) == 1:
        return asarray(bins)
    first, last = (x,) * 2 if range is None else range
    in_vmap = _any_in_vmap(first, last)
    if not any(isinstance(each, Tensor) and (each.requires_grad or in_vmap) and each.size for each in (first, last)):
        return asarray(values)
    if range is None:
        first, last = np.min(x), np.max(x)
    if in_vmap:
        apart = in_dtype(np.where(np.equal(first, last), 0.5, 0.0), values.dtype)
        first, last = first - apart, last + apart
    elif _plain(first) == _plain(last):
        first, last = first - 0.5, last + 0.5
    return np.linspace(first, last, len(values), dtype=values.dtype)


def _weight_gradient(g: Any, x: Any, weights: Any, edges: Any) -> Any:
    """To each weight the cotangent of its bin."""
    if 0 in g.shape:
        return np.zeros_like(weights)
    places, inside = boxes(x, *edges)
    return in_dtype(np.reshape(passed(getitem(np.ravel(g), places), inside), weights.shape), weights.dtype)


_DATA = np.array([0.1, 0.7, 0.72, 1.4, 2.0, 2.9])
_EDGES = np.array([0.0, 0.5, 1.5, 2.5])


# ---------------------------------------------------------------- one dimension


@op(
    name="histogram",
    public=False,
    samples=[
        sample(np.arange(5), reals(5), np.array([-0.5, 0.5, 1.5, 3.5]), bins=None, limits=None),
        sample(np.arange(5), complexes(5), np.array([0, 2, 4]), bins=2, limits=None),
        sample(np.arange(6), reals(6), np.array([1, 2, 3, 4]), bins=3, limits=(1, 4)),
    ],
)
def _histogram(x: Any, weights: Any, edges: Any, *, bins: Any, limits: Any) -> Any:
    return np.histogram(x, edges if bins is None else bins, limits, weights=weights)[0]


_histogram.vjp(
    x=None,
    weights=lambda g, x, weights, edges: _weight_gradient(g, np.reshape(x, (-1, 1)), weights, [edges]),
    edges=None,
)

_HISTOGRAMS = (
    sample(_DATA, 3),
    sample(_DATA, np.array([0, 1, 3])),
    sample(_DATA, _EDGES),
    sample(_DATA.reshape(2, 3), "sturges"),
    sample(np.array([1, 5, 2]), 4),
    sample(_DATA, 3, (0.2, 2.5)),
)
_NO_HISTOGRAMS = (
    (sample(reals(3), 0), ValueError),
    (sample(reals(3), 1.5), TypeError),
    (sample(reals(3), "many"), ValueError),
    (sample(reals(3), np.array([1.0, 0.0])), ValueError),
    (sample(reals(3), np.ones((2, 2))), ValueError),
    (sample(reals(3), 3, (1.0, 0.0)), ValueError),
    (sample(reals(3), weights=np.ones(2)), ValueError),
)


@op(
    differentiable=False,
    name="number_of_bins",
    public=False,
    samples=[sample(_DATA, None, None, way="sturges"), sample(_DATA, np.array(0.5), np.array(2.5), way="sqrt")],
)
def _number_of_bins(x: Any, first: Any, last: Any, *, way: str) -> Any:
    """How many bins a way to choose them chooses, between the limits where there are any."""
    return np.intp(len(np.histogram_bin_edges(x, way, None if first is None else (first, last))) - 1)


def _number_in_common(x: Any, way: str, range: Any) -> int:
    number = _number_of_bins(asarray(x), *((None, None) if range is None else range), way=way)
    return int(in_common(number, f"the number of bins that {way!r} chooses"))


@function(np.histogram_bin_edges, samples=_HISTOGRAMS, errors=_NO_HISTOGRAMS)
def histogram_bin_edges(x: Any, /, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    """The edges of the bins that ``histogram`` uses: ``linspace(min(x), max(x), bins + 1)``, or ``bins`` themselves.

    The derivative is that of ``linspace``, ``min`` and ``max``: with ``range``, in its ends; of given edges 1.

    Args:
        x: the data.
        bins: how many bins, or NumPy's name of a way to choose the number, or the edges.
        range: the first and the last edge.
        weights: what each number counts; no way to choose the number of bins makes use of them.

    Shapes: any -> ``(bins + 1,)``.

    Raises:
        ValueError: for less than one bin, unordered edges or ends, an unknown name, and weights in another shape than ``x``.
        TypeError: for a number of bins that is no integer.

    >>> ag.histogram_bin_edges(np.array([1.0, 2.0, 5.0]), 2)
    array([1., 3., 5.])
    """
    if isinstance(bins, str) and _any_in_vmap(x, range):
        bins = _number_in_common(x, bins, range)
    values = _numpys(np.histogram_bin_edges, x, bins, range, weights)
    return _edges(x, bins, range, values) if _any_tensor(x, bins, range, weights) else values


@function(
    np.histogram,
    samples=[
        *_HISTOGRAMS,
        sample(_DATA, 3, weights=np.array([1.5, -0.5, 2.0, 0.7, 1.0, -2.0])),
        sample(_DATA, _EDGES, None, False, _DATA - 1),
        sample(np.arange(6), np.array([0, 2, 5]), weights=1j ** np.arange(6)),
        sample(np.arange(6), 4, density=True),
    ],
    errors=_NO_HISTOGRAMS,
)
def histogram(x: Any, /, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any:
    """The number of elements in each bin, or the sum of their weights, and the edges of the bins.

    Counts are differentiable in ``weights`` and have the derivative 0 in all else; without weights they are integers. The edges
    have the derivative that ``histogram_bin_edges`` says, a density has both. Each bin has its left edge, the last one both.

    Args:
        x: the data.
        bins: how many bins, or NumPy's name of a way to choose the number, or the edges.
        range: the first and the last edge; what is outside does not count.
        density: divide by the bins' widths and by the sum, so that the integral is 1.
        weights: what each number counts, in the shape of ``x``.

    Shapes: any -> ``(bins,)`` and ``(bins + 1,)``.

    Raises:
        ValueError: for less than one bin, unordered edges or ends, an unknown name, and weights in another shape than ``x``.
        TypeError: for a number of bins that is no integer.

    >>> weights = ag.tensor([1.0, 2.0, 4.0], requires_grad=True)
    >>> counts, edges = ag.histogram(np.array([0.0, 0.2, 1.0]), 2, weights=weights)
    >>> counts
    Tensor([3., 4.], dtype=float64, op=histogram)
    """
    if not _any_tensor(x, bins, range, weights):
        return _numpys(np.histogram, x, bins, range, density, weights)
    edges = histogram_bin_edges(x, bins, range, weights)
    number: Any = None
    if not _any_in_vmap(range) and (isinstance(bins, str) or np.ndim(_plain(bins)) == 0):
        number = bins if isinstance(bins, str) else index(bins)
    limits = None if range is None or number is None else tuple(_plain(each) for each in range)
    counts = _histogram(asarray(x), weights, edges, bins=number, limits=limits)
    if not density:
        return counts, edges
    return counts / in_dtype(edges[1:] - edges[:-1], float) / np.sum(counts), edges


# ---------------------------------------------------------------- several dimensions


@op(
    name="histogramdd",
    public=False,
    samples=[sample(np.array([[0, 1], [1, 0], [1, 1], [0, 1]]), integers(4), _EDGES, np.array([0.0, 0.5, 2.0]))],
)
def _histogramdd(x: Any, weights: Any, *edges: Any) -> Any:
    return np.histogramdd(x, edges, weights=weights)[0]


_histogramdd.vjp(x=None, weights=_weight_gradient, edges=None)

# Coordinates in a list, as NumPy reads lists so: an array has a row for each point.
_X, _Y = np.array([1, 2, 4, 4, 0]), np.array([5, 2, 1, 4, 3])
_GRIDS = (
    sample([_X, _Y], 2),
    sample([_X, _Y], (2, 3)),
    sample([_X, _Y], [2, np.array([0, 2, 3])]),
    sample([_X, _Y], 3, [(0.2, 2.5), None]),
    sample([_X, _Y], 3, weights=np.array([1, 0, -2, 5, 2])),
    sample([_X, _Y], 2, density=True),
)
_NO_GRIDS = (
    (sample(reals(3, 2), (2, 2, 2)), ValueError),
    (sample(reals(3, 2), 0), ValueError),
    (sample(reals(3, 2), 2, [(0.0, 1.0)]), ValueError),
    (sample(reals(3, 2), [np.array([1.0, 0.0]), 2]), ValueError),
    (sample(reals(3, 2), 1.5), TypeError),
)


def _as_points(x: Any) -> Any:
    """What NumPy takes for points: an array with a row for each, or a sequence of their coordinates."""
    if isinstance(x, Tensor | np.ndarray):
        return x if x.ndim == 2 else np.transpose(np.atleast_2d(x))
    if _any_tensor(x):
        return stack([as_array(each) for each in x], axis=1)
    return np.atleast_2d(x).T


def _length(bins: Any) -> int | None:
    """The length of a sequence; ``None`` of a number."""
    try:
        return len(bins)
    except TypeError:
        return None


@function(np.histogramdd, samples=_GRIDS, errors=_NO_GRIDS)
def histogramdd(x: Any, /, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any:
    """The number of points in each box of a grid, or the sum of their weights, and the edges along each axis.

    The derivatives are those of ``histogram``. The counts are float64.

    Args:
        x: the points: an array with one row for each, or a sequence of their coordinates.
        bins: the number of bins along all axes, or for each axis their number or their edges.
        range: for each axis the first and the last edge, or ``None``.
        density: divide by the boxes' volumes and by the sum, so that the integral is 1.
        weights: what each point counts.

    Shapes: ``(n, d)`` -> ``(bins_1, ..., bins_d)`` and a list of d vectors ``(bins_i + 1,)``.

    Raises:
        ValueError: for ``bins`` or ``range`` of another length than d, less than one bin, edges that are not in order.
        TypeError: for a number of bins that is no integer.

    >>> counts, edges = ag.histogramdd(np.array([[0.0, 0.0], [1.0, 3.0], [1.0, 2.0]]), 2)
    >>> counts
    array([[1., 0.],
           [0., 2.]])
    """
    if not _any_tensor(x, bins, range, weights):
        return _numpys(np.histogramdd, x, bins, range, density, weights)
    x = _as_points(x)
    points, count = _plain(x), x.shape[1]
    ends = np.stack([points.min(0), points.max(0)]) if len(points) else points  # all that the edges depend on
    values = _numpys(np.histogramdd, ends, bins, range)[1]
    bins = [bins] * count if _length(bins) is None else bins
    ranges = [None] * count if range is None else range
    edges = [_edges(x[:, i], bins[i], ranges[i], each) for i, each in enumerate(values)]
    counts = _histogramdd(asarray(x), weights, *edges)
    if not density:
        return counts, edges
    total = np.sum(counts)
    for each in edges:
        counts = counts / np.reshape(each[1:] - each[:-1], [-1 if other is each else 1 for other in edges])
    return counts / total, edges


@function(
    np.histogram2d,
    samples=[
        sample(_X, _Y, 2),
        sample(_X, _Y, np.array([0, 1, 2, 4])),
        sample(_X, _Y, [2, np.array([0, 2, 3])]),
        sample(_X, _Y, weights=np.array([1, 0, -2, 5, 2])),
    ],
    errors=[(sample(reals(3), reals(2)), ValueError), (sample(reals(3), reals(3), 0), ValueError)],
)
def histogram2d(
    x: Any, y: Any, /, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> tuple[Any, Any, Any]:
    """The number of points in each box of a grid, or the sum of their weights, and the edges along both axes.

    The derivatives are those of ``histogram``. The counts are float64.

    Args:
        x: the points' first coordinates, which count along the first axis of the result.
        y: their second ones.
        bins: the number of bins along both axes, or for each its number or its edges, or the edges of both.
        range: for each axis the first and the last edge.
        density: divide by the boxes' areas and by the sum, so that the integral is 1.
        weights: what each point counts.

    Shapes: ``(n,)`` and ``(n,)`` -> ``(bins_x, bins_y)``, ``(bins_x + 1,)`` and ``(bins_y + 1,)``.

    Raises:
        ValueError: for coordinates of different lengths, less than one bin, edges that are not in order.
        TypeError: for a number of bins that is no integer.

    >>> ag.histogram2d(np.array([0.0, 1.0, 1.0]), np.array([0.0, 3.0, 2.0]), 2)[0]
    array([[1., 0.],
           [0., 2.]])
    """
    x, y = as_array(x), as_array(y)
    if x.shape[:1] != y.shape[:1]:
        raise ValueError(f"histogram2d: expected x and y of the same length, received shapes {x.shape} and {y.shape}")
    if _length(bins) not in (None, 1, 2):
        bins = [as_array(bins)] * 2
    counts, (first, second) = histogramdd([x, y], bins, range, density, weights)
    return counts, first, second
