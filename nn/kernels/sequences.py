"""``reordered``: the examples of a batch of sequences in another order."""

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample

_ORDER = np.array([2, 0, 1])


@ag.op(
    linear=True,
    name="reordered",
    public=False,
    samples=[sample(reals(2, 3, 2), _ORDER, np.argsort(_ORDER)), sample(reals(2, 3), _ORDER, np.argsort(_ORDER))],
)
def reordered(x: Any, order: Any, inverse: Any) -> Any:
    """``x[:, order]`` for a permutation ``order`` and its ``inverse``, with which the gradient is read, and not added up."""
    return x[:, order]


reordered.vjp(x=lambda g, order, inverse: reordered(g, inverse, order), order=None, inverse=None)


def _reordered_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, order, inverse = arrays
    if mapped[1] or mapped[2]:
        return NotImplemented
    rows = np.reshape(x, (math.prod(x.shape[:2]), *x.shape[2:]))
    return np.reshape(record.call(rows, order, inverse), x.shape)


reordered.batch(_reordered_of_examples)
