"""What dropout does with a mask: ``masked``, ``masked_and_shifted``. The mask is all that is kept for the way back."""

from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import booleans, reals, sample


@ag.op(
    elementwise=True,
    linear=True,
    name="dropout",
    public=False,
    samples=[sample(reals(3, 4), booleans(3, 4), scale=2.0), sample(reals(2, 3, 2), booleans(2, 3, 1), scale=1.25)],
)
def masked(x: Any, keep: Any, *, scale: float) -> Any:
    """``scale * x`` where ``keep`` is true and else 0."""
    out = x * keep
    out *= scale
    return out


masked.vjp(x=lambda g, keep, scale: masked(g, keep, scale=scale), keep=None)


@ag.op(
    elementwise=True,
    name="alpha_dropout",
    public=False,
    samples=[
        sample(reals(3, 4), booleans(3, 4), scale=2.0, kept=0.5, dropped=-1.0),
        sample(reals(2, 3, 2), booleans(2, 3, 1), scale=1.25, kept=0.0, dropped=1.0),
    ],
)
def masked_and_shifted(x: Any, keep: Any, *, scale: float, kept: float, dropped: float) -> Any:
    """``scale * x + kept`` where ``keep`` is true and else ``dropped``."""
    out = x * keep
    out *= scale
    shift = np.multiply(keep, kept - dropped, dtype=out.dtype)
    out += shift + dropped
    return out


masked_and_shifted.vjp(x=lambda g, keep, scale: masked(g, keep, scale=scale), keep=None)
