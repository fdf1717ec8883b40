"""A running mean, for curves that are too noisy to be read."""

from typing import Any

import numpy as np


def running_mean(values: "np.ndarray[Any, Any]", weight: float) -> "np.ndarray[Any, Any]":
    """The exponential mean, corrected for its start: ``weight`` is how much of the mean before is kept, from 0 to below 1.

    What is not finite is left out of the mean and stays in its place.

    Shapes: values (steps,) -> (steps,).

    Source: D. Kingma and J. Ba, Adam: a method for stochastic optimization, 2015, section 3.
    """
    result, mean, total = np.array(values, float), 0.0, 0.0
    for i, value in enumerate(result):
        if np.isfinite(value):
            mean = weight * mean + (1 - weight) * float(value)
            total = weight * total + (1 - weight)
            result[i] = mean / total
    return result
