"""Where an estimator's random numbers come from.

All that an estimator draws itself comes from one generator, seeded by ``random_state``: first weights and dropout of the
built-in network, the order of the examples, and which of them validate. A module of the user's own draws from the library's
generator, as anywhere in ``nn``; while an estimator works with such a module, the library's generator draws what the
estimator's would, and afterwards it goes on where it was.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from sklearn.utils import check_random_state

import autograd as ag

# The library has one generator for all threads, so estimators that lend it their numbers come one after the other.
_lending = threading.RLock()


def generator_of(random_state: Any) -> np.random.Generator:
    """The generator of an estimator.

    Args:
        random_state: a whole number, or a ``RandomState``, from which a seed is drawn; ``None`` draws it from
            ``ag.generator()``, which ``ag.seed`` seeds.

    Raises:
        ValueError: for anything else.
    """
    if random_state is None:
        return np.random.default_rng(int(ag.generator().integers(2**63)))
    return np.random.default_rng(int(check_random_state(random_state).randint(np.iinfo(np.int32).max)))


@contextmanager
def lent_to_the_library(rng: np.random.Generator) -> Iterator[None]:
    """Inside, the library draws what ``rng`` would draw, and ``rng`` goes on from there; the library's own numbers wait."""
    with _lending:
        library = ag.generator()
        before = copy.deepcopy(library.bit_generator.state)
        library.bit_generator.state = rng.bit_generator.state
        try:
            yield
        finally:
            rng.bit_generator.state = library.bit_generator.state
            library.bit_generator.state = before
