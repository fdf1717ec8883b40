"""Sliding windows: all the blocks of a given shape that an array holds, as a view of it.

The transpose of the view adds each window up at the place where it was read, ``overlap_add``: the two ops are each other's
gradient rule, so the family is closed under differentiation.
"""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple
from numpy.lib.stride_tricks import sliding_window_view as numpy_view

from autograd.batch_rules import shifted
from autograd.gate import function, op
from autograd.ops.arguments import as_array, whole_numbers
from autograd.samples import complexes, reals, sample
from autograd.tensors import Tensor


@op(
    linear=True,
    view=True,
    name="sliding_window_view",
    public=False,
    samples=[
        sample(reals(5), lengths=(3,), axes=(0,), writeable=False),
        sample(reals(3, 4), lengths=(2, 2), axes=(1, 1), writeable=False),
    ],
)
def _windows(x: Any, *, lengths: tuple[int, ...], axes: tuple[int, ...], writeable: bool) -> Any:
    return numpy_view(x, lengths, axes, writeable=writeable)


@op(
    linear=True,
    name="overlap_add",
    public=False,
    samples=[
        sample(reals(3, 3), lengths=(3,), axes=(0,)),
        sample(reals(3, 2, 2, 2), lengths=(2, 2), axes=(1, 1)),
        sample(reals(2, 4), lengths=(4,), axes=(0,)),
    ],
)
def overlap_add(x: Any, *, lengths: tuple[int, ...], axes: tuple[int, ...]) -> Any:
    """Windows added up where they were read: the transpose of the view.

    One axis of windows after the other; along each in steps of whole windows or of whole offsets, whichever are fewer.
    """
    for axis, length in zip(reversed(axes), reversed(lengths), strict=True):
        x = _added_along(x, axis, length)
    return x


def _added_along(x: Any, axis: int, length: int) -> Any:
    """Windows in the last axis added up along ``axis``, in which they follow each other."""
    count = x.shape[axis]
    shape = list(x.shape[:-1])
    shape[axis] = count + length - 1
    out = np.zeros(shape, x.dtype)
    along, by_place = np.moveaxis(out, axis, 0), np.moveaxis(x, axis, 0)
    if length <= count:
        for offset in range(length):
            along[offset : offset + count] += by_place[..., offset]
    else:
        for place in range(count):
            along[place : place + length] += np.moveaxis(by_place[place], -1, 0)
    return out


_windows.vjp(x=lambda g, lengths, axes: overlap_add(g, lengths=lengths, axes=axes))
overlap_add.vjp(x=lambda g, lengths, axes: _windows(g, lengths=lengths, axes=axes, writeable=False))
_windows.batch(shifted("axes"))
overlap_add.batch(shifted("axes"))


@function(
    numpy_view,
    samples=[
        sample(reals(6), 3),
        sample(reals(4, 5), (2, 3)),
        sample(reals(3, 4), 2, axis=1),
        sample(reals(3, 4), 2, -2),
        sample(reals(2, 7), (3, 2), axis=(1, 1)),
        sample(complexes(4), (4,)),
        sample(reals(3), 1),
        sample(reals(), ()),
    ],
    errors=[
        (sample(reals(3), 4), ValueError),
        (sample(reals(3), -1), ValueError),
        (sample(reals(3, 4), 2), ValueError),
        (sample(reals(3, 4), (2, 2), 0), ValueError),
        (sample(reals(3), 2, 1), np.exceptions.AxisError),
    ],
)
def sliding_window_view(x: Any, /, window_shape: Any, axis: Any = None, *, subok: bool = False, writeable: bool = False) -> Any:
    """All windows of a given shape into ``x``, in the result's last axes; a view, which takes no memory of its own.

    The gradient of an element is the sum over the windows that it is in.

    Args:
        x: the input.
        window_shape: the lengths of a window along ``axis``.
        axis: the axes along which the windows slide; ``None`` for all. One may be named several times.
        subok: without effect, as an array of a class of its own is taken as an array.
        writeable: whether the view of an array may be written to. Windows overlap, so a write to one changes others.

    Shapes: any -> ``x.shape`` with each window's length less 1 taken off its axis, and then ``window_shape``.

    Raises:
        ValueError: for windows longer than ``x`` or of negative length, for another number of axes than of lengths, and for
            ``writeable`` views of a tensor.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.sliding_window_view(np.array([1.0, 2.0, 3.0, 4.0]), 3)
    array([[1., 2., 3.],
           [2., 3., 4.]])
    """
    x = as_array(x)
    lengths = whole_numbers(window_shape)
    axes = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim, "axis", allow_duplicate=True)
    if len(lengths) != len(axes):
        raise ValueError(
            f"sliding_window_view: expected a length of the window for each of {len(axes)} axes, received "
            f"window_shape={lengths}; name the axes with axis="
        )
    if writeable and isinstance(x, Tensor):
        raise ValueError(
            "sliding_window_view: expected writeable=False for a tensor, since windows overlap, and a recorded write to one "
            "could not reach the others; write into the tensor itself"
        )
    return _windows(x, lengths=lengths, axes=axes, writeable=bool(writeable))
