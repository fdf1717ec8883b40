"""The library's one source of random numbers.

Whoever draws takes a generator as ``rng=``; where none is given, it is the one from ``generator()``, which ``seed`` sets. There
is one for the process, shared by its threads: for numbers that do not depend on the order in which threads run, pass each
thread a generator of its own (``ag.generator().spawn(n)``).
"""

from __future__ import annotations  # np.random would be imported to annotate with it

import numpy as np

_generator: np.random.Generator | None = None  # made at the first need


def seed(n: int | np.random.SeedSequence | None = None) -> None:
    """Start the library's random numbers anew: the same seed, the same numbers as ``np.random.default_rng(n)``.

    It sets the generator of the process, for all threads. A generator that ``generator()`` gave out earlier goes on as it was.

    Args:
        n: an integer from 0 on, a ``SeedSequence``, or ``None`` for a seed from the operating system.

    Raises:
        TypeError: for anything else.
        ValueError: for a negative integer.

    >>> ag.seed(0)
    >>> a = ag.generator().normal(size=3)
    >>> ag.seed(0)
    >>> np.array_equal(a, ag.generator().normal(size=3))
    True
    """
    global _generator
    if n is not None and (isinstance(n, bool) or not isinstance(n, int | np.integer | np.random.SeedSequence)):
        raise TypeError(
            f"seed: expected an integer, a SeedSequence or None, received {type(n).__name__}; "
            "to draw from a generator of your own, pass it as rng="
        )
    if isinstance(n, int | np.integer) and n < 0:
        raise ValueError(f"seed: expected an integer from 0 on, received {n}")
    _generator = np.random.default_rng(n)


def generator() -> np.random.Generator:
    """The generator that the library draws from where no ``rng=`` is given; seeded by the system until ``seed`` is called.

    Ask for it at each use: ``seed`` puts another one in its place.

    >>> ag.seed(7)
    >>> ag.generator().integers(10, size=4)
    array([9, 6, 6, 8])
    """
    if _generator is None:
        seed()
    assert _generator is not None
    return _generator


def is_generator(x: object) -> bool:
    """Whether ``x`` is one of NumPy's random generators."""
    return isinstance(x, np.random.Generator)
