"""What a case is, and the numbers that go into it: the same on both sides, so that only results have to be recorded.

A case names a module class (``"Conv2d"``) or a function (``"functional.conv2d"``) with its arguments, in PyTorch's spelling.
Where an argument or input is to be an array, a recipe stands in its place; nested lists and tuples are looked into.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Recipe:
    """How to draw one array. ``differentiated``: whether its gradient is asked for."""

    draw: Callable[[np.random.Generator], Any]
    differentiated: bool = False


def reals(*shape: int, low: float = -2.0, high: float = 2.0, differentiated: bool = True) -> Recipe:
    """Float64 numbers, uniform between ``low`` and ``high``."""
    return Recipe(lambda rng: rng.uniform(low, high, shape), differentiated)


def distinct(*shape: int, differentiated: bool = True) -> Recipe:
    """Float64 numbers between -2 and 2 in random order, none close to another or to 0: for maxima and kinks."""

    def draw(rng: np.random.Generator) -> Any:
        count = int(np.prod(shape))
        return rng.permutation((np.arange(count) + 0.5) * (4.0 / max(count, 1)) - 2.0).reshape(shape)

    return Recipe(draw, differentiated)


def integers(*shape: int, low: int = 0, high: int = 2) -> Recipe:
    """Int64 numbers from ``low`` up to, not including, ``high``."""
    return Recipe(lambda rng: rng.integers(low, high, shape))


def booleans(*shape: int) -> Recipe:
    """Truth values."""
    return Recipe(lambda rng: rng.integers(0, 2, shape).astype(bool))


def probabilities(*shape: int, axis: int = -1, differentiated: bool = True) -> Recipe:
    """Positive float64 numbers that add up to 1 along ``axis``."""

    def draw(rng: np.random.Generator) -> Any:
        x = rng.uniform(0.1, 1.0, shape)
        return x / x.sum(axis, keepdims=True)

    return Recipe(draw, differentiated)


def given(value: Any, differentiated: bool = False) -> Recipe:
    """These very numbers."""
    return Recipe(lambda rng: np.array(value), differentiated)


@dataclass(frozen=True)
class Made:
    """A module as an argument, ``getattr(nn, name)(*arguments, **settings)``."""

    name: str
    arguments: tuple[Any, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        settings = [*map(repr, self.arguments), *[f"{name}={value!r}" for name, value in self.settings.items()]]
        return f"{self.name}({', '.join(settings)})"

    def built(self, nn: Any) -> Any:
        """The module, of the library whose ``nn`` it is."""
        return getattr(nn, self.name)(*self.arguments, **self.settings)


def made(name: str, *arguments: Any, **settings: Any) -> Made:
    """``made("LayerNorm", 4)``: a module as an argument of another one."""
    return Made(name, arguments, settings)


@dataclass(frozen=True)
class Case:
    """One call, ``getattr(nn, name)(*arguments, **settings)(*inputs, **keywords)``; a function has no ``(*arguments...)``.

    ``state``: arrays for some of the module's members, by path, in place of drawn ones. ``training``: whether the module is in
    training mode. ``second``: whether second gradients are compared; some of PyTorch's functions do not have them.
    """

    name: str
    arguments: tuple[Any, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    inputs: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    training: bool = True
    second: bool = True

    @property
    def is_function(self) -> bool:
        """Whether it names a function, such as ``functional.relu`` or ``init.eye_``, and no class."""
        return "." in self.name

    def __str__(self) -> str:
        settings = [repr(each) for each in self.arguments if not isinstance(each, Recipe)]
        settings += [
            f"{name}={value!r}"
            for name, value in (*self.settings.items(), *self.keywords.items())
            if not any(isinstance(leaf, Recipe) for leaf in leaves(value))
        ]
        shapes = [str(value.shape) for value in self._shapes()]
        mode = "" if self.training else "-eval"
        return f"{self.name}({', '.join(settings)})({', '.join(shapes)}){mode}".replace(" ", "")

    def _shapes(self) -> Iterator[Any]:
        rng = np.random.default_rng(0)
        return (np.asarray(each.draw(rng)) for each in leaves((self.inputs, self.keywords)) if isinstance(each, Recipe))

    def generator(self) -> np.random.Generator:
        """Where its numbers come from: another place for every case, the same in every run."""
        return np.random.default_rng(zlib.crc32(str(self).encode()))


def module(name: str, *arguments: Any, **settings: Any) -> Callable[..., Case]:
    """``module("Conv2d", 2, 3, 3, padding=1)(reals(2, 2, 5, 5))``: a case of a module.

    ``training=``, ``second=`` and ``state=`` of the call are the case's own, its other keywords go to ``forward``.
    """

    def call(*inputs: Any, training: bool = True, second: bool = True, state: Any = None, **keywords: Any) -> Case:
        return Case(name, arguments, settings, inputs, keywords, state or {}, training, second)

    return call


def function(name: str, *inputs: Any, second: bool = True, **keywords: Any) -> Case:
    """``function("conv2d", reals(2, 2, 5, 5), reals(3, 2, 3, 3), padding=1)``: a case of a function of ``nn.functional``.

    ``training``, which some functions take, is one of its keywords.
    """
    return Case(f"functional.{name}", (), {}, inputs, keywords, {}, True, second)


def initialiser(name: str, shape: tuple[int, ...], **keywords: Any) -> Case:
    """``initialiser("eye_", (3, 4))``: a case of a function of ``nn.init`` that draws nothing, for a tensor of this shape."""
    return Case(f"init.{name}", (), {}, (reals(*shape, differentiated=False),), keywords, {}, True, False)


def leaves(tree: Any) -> Iterator[Any]:
    """What is in nested lists, tuples and dicts, from left to right."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, list | tuple):
        for each in tree:
            yield from leaves(each)
    else:
        yield tree


def mapped(function: Callable[[Any], Any], tree: Any) -> Any:
    """Nested lists, tuples and dicts with ``function`` of each leaf in place of the leaf."""
    if isinstance(tree, dict):
        return {key: mapped(function, value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return type(tree)([mapped(function, each) for each in tree])
    return function(tree)


def drawn_state(shapes: dict[str, tuple[int, ...]], rng: np.random.Generator) -> dict[str, Any]:
    """Values for a module's floating members: between -0.8 and 0.8, of variances between 0.5 and 1.5."""
    return {
        path: rng.uniform(0.5, 1.5, shape) if path.endswith("running_var") else rng.uniform(-0.8, 0.8, shape)
        for path, shape in shapes.items()
    }


def cotangent(shape: tuple[int, ...], place: int) -> Any:
    """Fixed weights for the elements of a result, so that one number is made of all of them."""
    count = int(np.prod(shape))
    return np.cos(0.7 * np.arange(count) + place).reshape(shape)
