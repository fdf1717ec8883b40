"""Writes of several values to one element, as ``np.add.at`` makes them: what an assignment by index would lose.

``add_at`` is the op for sums. For any other ufunc, ``turns`` says which values can be written at once: an element that is named
several times is written in several turns, in the order of the index.
"""

from typing import Any

import numpy as np

from autograd.gate import op
from autograd.ops.arrays.indexing import getitem, written_in_each
from autograd.ops.arrays.layouts import ARRAY, joined_index
from autograd.ops.reductions.reduction import sum_to
from autograd.samples import integers, reals, sample


@op(
    linear=True,
    public=False,
    samples=[
        sample(reals(3, 4), reals(5, 1), integers(5, low=-3, high=3), layout=(ARRAY,)),
        sample(reals(3, 4), reals(), layout=(1,)),
    ],
)
def add_at(x: Any, value: Any, *arrays: Any, layout: tuple[Any, ...]) -> Any:
    """A copy of ``x`` with ``value`` added at the index, as often as it names an element."""
    out, index = np.array(x), joined_index(layout, arrays)
    if np.ndim(value):  # NumPy 2.4 reads beyond the end of a value that has fewer axes than the index
        value = np.broadcast_to(value, np.shape(out[index]))
    np.add.at(out, index, value)
    return out[()]


def _value_gradient(g: Any, value_shape: tuple[int, ...], arrays: Any, layout: tuple[Any, ...]) -> Any:
    read = getitem(g, joined_index(layout, arrays))
    surplus = max(len(value_shape) - read.ndim, 0)  # leading axes of length 1, which NumPy allows
    return np.reshape(sum_to(read, shape=value_shape[surplus:]), value_shape)


add_at.vjp(
    x=lambda g: g,
    value=lambda g, value_shape, arrays, layout: _value_gradient(g, value_shape, arrays, layout),
    arrays=None,
)
add_at.batch(written_in_each)


def turns(places: "np.ndarray[Any, Any]") -> list["np.ndarray[Any, Any]"]:
    """The positions in ``places`` (a vector of numbers) grouped so that no group has a number twice.

    Of equal numbers the first is in the first group, the second in the second, and so on.

    >>> from autograd.ops.arrays.scattering import turns
    >>> [each.tolist() for each in turns(np.array([3, 1, 3, 3]))]
    [[0, 1], [2], [3]]
    """
    order = np.argsort(places, kind="stable")
    ordered = places[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    rank = np.empty(len(places), np.intp)
    rank[order] = np.arange(len(places)) - np.repeat(starts, np.diff(starts, append=len(places)))
    return [np.flatnonzero(rank == each) for each in range(rank.max(initial=-1) + 1)]
