"""Looking at a model without changing it: evaluation mode, no recording, and generators that stay where they were."""

from __future__ import annotations  # np.random would be imported to annotate with it

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import autograd as ag
from nn.module import Module
from nn.paths import parts


@contextmanager
def modes_kept(model: Module) -> Iterator[None]:
    """Afterwards each module inside is in the mode, training or evaluation, that it was in."""
    with _modes_kept(model.modules()):
        yield


@contextmanager
def evaluating(model: Module) -> Iterator[None]:
    """Evaluation mode, and nothing recorded. What is drawn inside has no effect on what is drawn later."""
    modules = dict(model.named_modules())  # looked for once: it takes as long as a small layer
    with _modes_kept(modules.values()), _states_kept([ag.generator(), *_held_by(modules).values()]), ag.no_grad():
        for each in modules.values():
            object.__setattr__(each, "training", False)  # of a frozen dataclass, too
        yield


@contextmanager
def _modes_kept(modules: Iterable[Module]) -> Iterator[None]:
    modes = [(each, each.training) for each in modules]
    try:
        yield
    finally:
        for each, training in modes:
            object.__setattr__(each, "training", training)


def generators_of(model: Module) -> dict[str, np.random.Generator]:
    """The generators that modules hold, in attributes and in lists, tuples and dicts there, by path: ``"2.rng"``."""
    return _held_by(dict(model.named_modules()))


def _held_by(modules: dict[str, Module]) -> dict[str, np.random.Generator]:
    found: dict[str, np.random.Generator] = {}
    holding = (np.random.Generator, list, tuple, dict)
    seen: set[int] = set()  # containers: one may contain itself
    for path, module in modules.items():
        stack = [(name, value) for name, value in vars(module).items() if isinstance(value, holding)]
        while stack:
            place, value = stack.pop()
            if isinstance(value, np.random.Generator):
                found[f"{path}.{place}" if path else place] = value
            elif id(value) not in seen:
                seen.add(id(value))
                stack += [(f"{place}.{key}", each) for key, each in parts(value) if isinstance(each, holding)]
    return found


@contextmanager
def generators_kept(model: Module) -> Iterator[None]:
    """Afterwards the library's generator and those of the model are as they were: what is drawn inside has no effect."""
    with _states_kept([ag.generator(), *generators_of(model).values()]):
        yield


@contextmanager
def _states_kept(generators: list[np.random.Generator]) -> Iterator[None]:
    states = [each.bit_generator.state for each in generators]  # each a dict of its own
    try:
        yield
    finally:
        for each, state in zip(generators, states, strict=True):
            each.bit_generator.state = state


def called_with(model: Module, inputs: Any) -> Any:
    """``model(inputs)``; the parts of a tuple are arguments of their own, those of a dict arguments by name."""
    if isinstance(inputs, tuple):
        return model(*inputs)
    if isinstance(inputs, dict):
        return model(**inputs)
    return model(inputs)
