"""``rotation``: pairs of numbers turned by angles, as rotary positions do with queries and keys."""

from typing import Any

import numpy as np

import autograd as ag
from autograd.batch_rules import padded
from autograd.samples import reals, sample
from nn.kernels.attention import summed_to


@ag.op(
    name="rotation",
    public=False,
    samples=[
        sample(reals(2, 3, 4), reals(3, 2), reals(3, 2), interleaved=True),
        sample(reals(2, 3, 4), reals(2, 1, 2), reals(1, 2), interleaved=False),
    ],
)
def rotation(x: Any, cosine: Any, sine: Any, *, interleaved: bool) -> Any:
    """Each pair (a, b) of the last axis becomes (a cosine - b sine, a sine + b cosine).

    Args:
        x: (..., 2 n), in pairs of neighbours (``interleaved``), or of the first half's numbers with the second half's.
        cosine: broadcasts to (..., n).
        sine: broadcasts to (..., n).
    """
    out = np.empty_like(x)
    (a, b), (to_a, to_b) = _pairs(x, interleaved), _pairs(out, interleaved)
    np.multiply(a, cosine, out=to_a)
    to_a -= b * sine
    np.multiply(a, sine, out=to_b)
    to_b += b * cosine
    return out


def _pairs(x: Any, interleaved: bool) -> tuple[Any, Any]:
    half = x.shape[-1] // 2
    return (x[..., ::2], x[..., 1::2]) if interleaved else (x[..., :half], x[..., half:])


def _to_cosine(g: Any, x: Any, cosine_shape: Any, interleaved: bool) -> Any:
    (g_a, g_b), (a, b) = _pairs(g, interleaved), _pairs(x, interleaved)
    return summed_to(g_a * a + g_b * b, cosine_shape)


def _to_sine(g: Any, x: Any, sine_shape: Any, interleaved: bool) -> Any:
    (g_a, g_b), (a, b) = _pairs(g, interleaved), _pairs(x, interleaved)
    return summed_to(g_b * a - g_a * b, sine_shape)


rotation.vjp(
    x=lambda g, cosine, sine, interleaved: rotation(g, cosine, -sine, interleaved=interleaved),
    cosine=_to_cosine,
    sine=_to_sine,
)


def _rotation_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, *angles = arrays
    if not mapped[0]:
        x = np.broadcast_to(x, (level.size, *x.shape))
    turned = [padded(each, x.ndim - 1) if is_mapped else each for each, is_mapped in zip(angles, mapped[1:], strict=True)]
    return record.call(x, *turned, **statics)


rotation.batch(_rotation_of_examples)
