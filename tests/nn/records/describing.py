"""What the table of layers and losses knows of each: how to make it, and what to feed it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import nn


@dataclass(frozen=True)
class Record:
    """One layer or loss with one choice of settings.

    Args:
        make: makes the module, as a user writes it; parameters in float32.
        inputs: recipes of ``autograd.samples`` (or plain values) for the arguments of a call, for a batch of at least 2.
        keywords: such recipes for its keyword arguments.
        batch: for each input the axis of examples, ``None`` for one without; all of axis 0 by default.
        wrong: recipes for arguments whose shape does not fit, each a tuple; empty for what takes any shape.
        training: whether it is checked in training mode, too, besides its evaluation mode.
        random: whether its results in training are drawn.
        empty: whether it works on a batch of no examples.
        per_example: whether the result has a row for each example, that depends on it alone in evaluation mode.
        out: for each output its axis of examples, ``None`` for one without; all of axis 0 by default.
        second: whether second derivatives are checked by finite differences; for those that are 0 wherever they exist.
        differentiable: whether there is anything to differentiate with respect to.
    """

    make: Callable[[], nn.Module]
    inputs: tuple[Any, ...]
    keywords: dict[str, Any] | None = None
    batch: tuple[int | None, ...] | None = None
    wrong: tuple[tuple[Any, ...], ...] = ()
    training: bool = True
    random: bool = False
    empty: bool = True
    per_example: bool = True
    out: tuple[int | None, ...] | None = None
    second: bool = True
    differentiable: bool = True

    def __str__(self) -> str:
        return repr(self.make()).replace("\n", "").replace(" ", "")[:80]

    def draw(self, seed: int = 0) -> tuple[list[Any], dict[str, Any]]:
        """Arguments for one call, floating arrays in float64."""
        rng = np.random.default_rng(seed)
        inputs = [each(rng) if callable(each) else each for each in self.inputs]
        keywords = {name: each(rng) if callable(each) else each for name, each in (self.keywords or {}).items()}
        return inputs, keywords
