"""Recipes for an op's sample inputs: what tests, gradient checks and benchmarks feed it.

A recipe is made when the op is declared and costs nothing until it is asked for numbers::

    @op(elementwise=True, samples=[sample(reals(3, 4)), sample(positives())])

``sample(...)`` holds one call's inputs and statics; the functions below it say how to draw each input. Inputs keep away
from the points where a function has a kink or a pole, because there a finite difference has nothing to agree with.
``PAIRS``, ``ANY``, ``REAL`` and ``NONZERO`` are samples that many elementwise ops share.
"""

from __future__ import annotations  # np.random would be imported to annotate with it

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Recipe: TypeAlias = "Callable[[np.random.Generator], Any]"


@dataclass(frozen=True)
class Sample:
    """The recipes of one call of an op or of a public function."""

    inputs: tuple[Any, ...]
    keywords: dict[str, Any]

    def draw(self, rng: np.random.Generator) -> tuple[list[Any], dict[str, Any]]:
        """Positional and keyword arguments for one call; what is no recipe is passed as it is."""
        return [recipe(rng) if callable(recipe) else recipe for recipe in self.inputs], dict(self.keywords)


def sample(*inputs: Any, **keywords: Any) -> Sample:
    """One call: recipes (or plain values) for the inputs, plain values for the keywords."""
    return Sample(inputs, keywords)


def reals(*shape: int, low: float = -2.0, high: float = 2.0, away_from: float | None = None) -> Recipe:
    """Float64 numbers between ``low`` and ``high``, at least 0.1 away from ``away_from``."""

    def draw(rng: np.random.Generator) -> Any:
        x = rng.uniform(low, high, shape)
        if away_from is not None:
            distance = x - away_from
            x = np.where(np.abs(distance) < 0.1, away_from + np.copysign(0.1 + np.abs(distance), distance), x)
        return np.asarray(x)

    return draw


def positives(*shape: int) -> Recipe:
    """Float64 numbers between 0.3 and 3."""
    return reals(*shape, low=0.3, high=3.0)


def distinct(*shape: int) -> Recipe:
    """Float64 numbers between -2 and 2, no two of them closer than a hundredth of their number's spacing, none at 0."""

    def draw(rng: np.random.Generator) -> Any:
        count = int(np.prod(shape))
        grid = (np.arange(count) + 0.5 + rng.uniform(-0.2, 0.2, count)) * (4.0 / count) - 2.0
        return rng.permutation(grid).reshape(shape)

    return draw


def complexes(*shape: int) -> Recipe:
    """Complex128 numbers with both parts between -2 and 2."""

    def draw(rng: np.random.Generator) -> Any:
        return np.asarray(rng.uniform(-2, 2, shape) + 1j * rng.uniform(-2, 2, shape))

    return draw


def integers(*shape: int, low: int = -5, high: int = 5) -> Recipe:
    """Int64 numbers from ``low`` up to, not including, ``high``."""
    return lambda rng: np.asarray(rng.integers(low, high, shape))


def booleans(*shape: int) -> Recipe:
    """Truth values, with at least one of each where there is room."""

    def draw(rng: np.random.Generator) -> Any:
        x = rng.integers(0, 2, shape).astype(bool)
        if x.size > 1:
            x.flat[0], x.flat[-1] = True, False
        return np.asarray(x)

    return draw


def many(*recipes: Recipe) -> Recipe:
    """A list of inputs, for a public function that takes one (``concatenate([a, b])``)."""
    return lambda rng: [recipe(rng) for recipe in recipes]


# ---------------------------------------------------------------- groups of samples that many elementwise ops share

# Two inputs that broadcast, without and with a plain number or a complex one among them.
PAIRS = (
    sample(reals(3, 4), reals(3, 4)),
    sample(reals(3, 1), reals(4)),
    sample(reals(), reals(2, 3)),
    sample(reals(3), 2.5),
    sample(-1.5, reals(2)),
    sample(complexes(3), reals(2, 1)),
)
# One input, real or complex.
ANY = (sample(reals(3, 4)), sample(reals()), sample(complexes(3)))
# One real input.
REAL = (sample(reals(3, 4)), sample(reals()))
# One input away from 0, for a function with a kink or a pole there.
NONZERO = (sample(reals(3, 4, away_from=0.0)), sample(reals(away_from=0.0)), sample(complexes(3)))
