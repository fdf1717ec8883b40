"""Margins of an array's own elements: ``extend`` puts them around it, ``fold_back`` adds them to the elements that they show.

Both work along the last axes, are linear, and each is the other's gradient. ``ag.pad`` does the same and more, element by
element on the way back; here a margin is copied and added as a whole, column by column.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

import autograd as ag
from autograd.batch_rules import leading
from autograd.samples import reals, sample

Widths = tuple[tuple[int, int], ...]  # before and after, for the last axes


@ag.op(
    linear=True,
    name="extend",
    public=False,
    samples=[
        sample(reals(2, 3), widths=((1, 2), (2, 0)), mode="edge"),
        sample(reals(2, 2, 3), widths=((1, 1), (1, 2)), mode="reflect"),
        sample(reals(3), widths=((2, 3),), mode="wrap"),
    ],
)
def extend(x: Any, *, widths: Widths, mode: str) -> Any:
    """``x`` (..., *sizes) in a margin as ``np.pad`` makes it in the modes "edge", "reflect" and "wrap"."""
    lead, sizes = x.shape[: x.ndim - len(widths)], x.shape[x.ndim - len(widths) :]
    out = np.empty((*lead, *[a + size + b for (a, b), size in zip(widths, sizes, strict=True)]), x.dtype)
    out[_inner(widths, sizes)] = x
    for margin, shown in _columns(widths, sizes, mode):  # what is read before it is filled is filled later
        out[margin] = out[shown]
    return out


@ag.op(
    linear=True,
    name="fold_back",
    public=False,
    samples=[
        sample(reals(5, 5), widths=((1, 2), (2, 0)), mode="edge"),
        sample(reals(2, 4, 6), widths=((1, 1), (1, 2)), mode="reflect"),
        sample(reals(8), widths=((2, 3),), mode="wrap"),
    ],
)
def fold_back(y: Any, *, widths: Widths, mode: str) -> Any:
    """What an extended array gives back: (..., *(before + size + after)) -> (..., *sizes)."""
    ends = y.shape[y.ndim - len(widths) :]
    sizes = tuple([length - a - b for (a, b), length in zip(widths, ends, strict=True)])
    out = np.array(y)
    for margin, shown in reversed(list(_columns(widths, sizes, mode))):
        out[shown] += out[margin]
    return out[_inner(widths, sizes)]


extend.vjp(x=lambda g, widths, mode: fold_back(g, widths=widths, mode=mode))
fold_back.vjp(y=lambda g, widths, mode: extend(g, widths=widths, mode=mode))
for _op in (extend, fold_back):
    _op.batch(leading(1))


def _inner(widths: Widths, sizes: tuple[int, ...]) -> Any:
    return (..., *[slice(before, before + size) for (before, _), size in zip(widths, sizes, strict=True)])


def _columns(widths: Widths, sizes: tuple[int, ...], mode: str) -> Iterator[tuple[Any, Any]]:
    """Where each column of the margins is, and the column that it shows; one axis after the other."""
    for axis, ((before, after), size) in enumerate(zip(widths, sizes, strict=True), -len(widths)):
        shown = np.pad(np.arange(size), (before, after), mode)  # type: ignore[call-overload]
        behind = (slice(None),) * (-axis - 1)
        for place in (*range(before), *range(before + size, before + size + after)):
            yield (..., place, *behind), (..., before + int(shown[place]), *behind)
