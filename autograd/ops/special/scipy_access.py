"""Where SciPy's special functions come from. SciPy is an optional dependency, and imported by the first call that needs it."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np


@cache
def of_scipy(name: str) -> Callable[..., Any]:
    """The function of this name in ``scipy.special``.

    Raises:
        ImportError: when SciPy is not installed.
    """
    try:
        from scipy import special
    except ImportError as error:
        raise ImportError(f"ag.special.{name} needs SciPy: pip install scipy") from error
    return getattr(special, name)


def in_one_dtype(*inputs: Any) -> list[Any]:
    """The inputs in their common dtype, in which a Python number is weak.

    Some functions of SciPy look for a double precision loop first and take it as soon as one input is a Python number.
    """
    dtype = np.result_type(*inputs)
    return [np.asarray(x, dtype) for x in inputs] if dtype.kind in "fc" else list(inputs)
