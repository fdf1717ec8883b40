"""``truncated_normal``: normal numbers between two bounds, drawn by rejection; ``init.trunc_normal_`` uses it."""

from __future__ import annotations  # np.random would be imported to annotate with it

import math
from typing import Any

import numpy as np


def truncated_normal(count: int, low: float, high: float, generator: np.random.Generator) -> Any:
    """``count`` standard normal numbers from ``low`` to ``high``.

    Numbers of a simpler density are kept with the probability of the quotient of the two densities, scaled to be 1 at most, and
    drawn again otherwise. To one side of 0 the simpler density is an exponential one, cut off, of the rate that is best without
    an upper bound; around 0 the normal one, or a uniform one where the interval is narrow. About half are kept at least.
    """
    if low >= 0 or high <= 0:
        sign, near, far = (1.0, low, high) if low >= 0 else (-1.0, -high, -low)
        rate = (near + math.sqrt(near * near + 4)) / 2
        mass = -math.expm1(-rate * (far - near))
        peak = min(rate, far)  # of the quotient of the densities

        def draw(size: int) -> Any:
            z = near - np.log1p(-mass * generator.random(size)) / rate
            return sign * z[generator.random(size) <= np.exp(-((z - rate) ** 2 - (peak - rate) ** 2) / 2)]
    elif high - low > math.sqrt(2 * math.pi):

        def draw(size: int) -> Any:
            z = generator.normal(size=size)
            return z[(low <= z) & (z <= high)]
    else:

        def draw(size: int) -> Any:
            z = generator.uniform(low, high, size)
            return z[generator.random(size) <= np.exp(-z * z / 2)]

    parts = [np.zeros(0)]
    missing = count
    while missing:
        parts.append(draw(2 * missing + 16)[:missing])
        missing -= len(parts[-1])
    return np.concatenate(parts)
