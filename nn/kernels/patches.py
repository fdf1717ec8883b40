"""Windows side by side: ``unfold`` copies them out of planes, ``fold`` adds them up where they came from.

Both work along the last axes, are linear, and each is the other's gradient; what lies in front is any number of planes.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

import autograd as ag
from autograd.batch_rules import leading
from autograd.samples import reals, sample
from nn.kernels.geometry import Windows, in_margin

_PLANE = {"windows": (Windows(3, 2, 2, 1), Windows(4, 3, 2, 2, 1, 2))}


@ag.op(linear=True, name="unfold", public=False, samples=[sample(reals(2, 3, 4), **_PLANE)])
def unfold(x: Any, *, windows: tuple[Windows, ...]) -> Any:
    """The windows of each plane: (..., *sizes) -> (..., *kernels, *counts)."""
    lead = x.shape[: x.ndim - len(windows)]
    out = np.empty((*lead, *[each.kernel for each in windows], *[each.count for each in windows]), x.dtype)
    padded = in_margin(x, windows, 0)
    for column, cells in _columns(windows):
        out[column] = padded[cells]
    return out


@ag.op(linear=True, name="fold", public=False, samples=[sample(reals(2, 2, 2, 2, 3), **_PLANE)])
def fold(y: Any, *, windows: tuple[Windows, ...]) -> Any:
    """Windows added up in planes: (..., *kernels, *counts) -> (..., *sizes)."""
    lead = y.shape[: y.ndim - 2 * len(windows)]
    out = np.zeros((*lead, *[each.before + each.size + each.after for each in windows]), y.dtype)
    for column, cells in _columns(windows):
        out[cells] += y[column]
    inner: Any = (..., *[each.inner for each in windows])
    return out[inner]


unfold.vjp(x=lambda g, windows: fold(g, windows=windows))
fold.vjp(y=lambda g, windows: unfold(g, windows=windows))
for _op in (unfold, fold):
    _op.batch(leading(1))


def _columns(windows: Sequence[Windows]) -> Iterator[tuple[Any, Any]]:
    """For each cell of a window: where it stands among the unfolded ones, and where in padded planes."""
    for place in np.ndindex(*[each.kernel for each in windows]):
        cells = [each.cells(i) for each, i in zip(windows, place, strict=True)]
        yield (..., *place, *[slice(None)] * len(windows)), (..., *cells)
