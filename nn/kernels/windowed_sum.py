"""``windowed_sum``: the sum over neighbouring channels, of which a local response norm is made."""

from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample


@ag.op(
    name="windowed_sum",
    public=False,
    linear=True,
    samples=[sample(reals(2, 4, 2), before=2, after=1), sample(reals(1, 2), before=3, after=0)],
)
def windowed_sum(x: Any, *, before: int, after: int) -> Any:
    """For each place on the second axis the sum of as many numbers before it, its own, and as many after it."""
    out = np.array(x)
    for shift in range(1, min(before, x.shape[1] - 1) + 1):
        out[:, shift:] += x[:, :-shift]
    for shift in range(1, min(after, x.shape[1] - 1) + 1):
        out[:, :-shift] += x[:, shift:]
    return out


windowed_sum.vjp(x=lambda g, before, after: windowed_sum(g, before=after, after=before))


def _of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """The batches of all examples are one."""
    (x,) = arrays
    out = record.call(np.reshape(x, (x.shape[0] * x.shape[1], *x.shape[2:])), **statics)
    return np.reshape(out, x.shape)


windowed_sum.batch(_of_examples)
