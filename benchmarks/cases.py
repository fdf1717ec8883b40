"""Every registered op, those of ``nn`` included, and public function together with each of its samples: one ``Case`` a call.

A case draws its arguments anew whenever it is asked, always the same ones. ``Case.split`` takes the arrays out of the
arguments, so that they can be replaced: by tensors, by arrays of another dtype or layout, by what a finite difference moved.
"""

import importlib
import pkgutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograd
import nn
from autograd.record import FUNCTIONS, OPS, Op
from autograd.samples import Sample


@dataclass(frozen=True)
class Case:
    """One call of an op (``op`` is its record) or of a public function; ``numpy`` is what it answers for."""

    name: str
    number: int
    call: Callable[..., Any]
    sample: Sample
    numpy: Callable[..., Any] | None
    op: Op | None

    def __str__(self) -> str:
        return f"{self.name}-{self.number}"

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        """The positional and keyword arguments, the same ones in every call."""
        return self.sample.draw(np.random.default_rng([zlib.crc32(self.name.encode()), self.number]))

    def split(self) -> "Split":
        """The arrays among the arguments, and how to put others in their places."""
        return Split.of(*self.arguments())

    def __call__(self, arrays: Sequence[Any], via: Callable[..., Any] | None = None) -> Any:
        """The call with ``arrays`` in their places, by ``via`` (such as the NumPy function) in place of the case's own."""
        inputs, keywords = self.split().put(arrays)
        return (via or self.call)(*inputs, **keywords)


@dataclass(frozen=True)
class Split:
    """The arguments of a call, with the arrays taken out: positional ones, those in lists, and keyword ones."""

    inputs: list[Any]
    keywords: dict[str, Any]
    arrays: list[Any]

    @classmethod
    def of(cls, inputs: list[Any], keywords: dict[str, Any]) -> "Split":
        """Take the arrays out of a call's arguments."""
        return cls(inputs, keywords, [each for _, _, each in _places(inputs, keywords)])

    @property
    def floating(self) -> list[int]:
        """The places of the floating and complex arrays."""
        return [i for i, each in enumerate(self.arrays) if each.dtype.kind in "fc"]

    def put(self, arrays: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
        """The arguments with ``arrays`` in their places."""
        inputs = [list(each) if isinstance(each, list) else each for each in self.inputs]
        keywords = dict(self.keywords)
        for (holder, key, _), array in zip(_places(inputs, keywords), arrays, strict=True):
            holder[key] = array
        return inputs, keywords

    def put_floating(self, arrays: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
        """The arguments with ``arrays`` in the places of the floating and complex ones."""
        every = list(self.arrays)
        for i, array in zip(self.floating, arrays, strict=True):
            every[i] = array
        return self.put(every)


def _places(inputs: list[Any], keywords: dict[str, Any]) -> list[tuple[Any, Any, Any]]:
    """Where the arrays are: for each what holds it, under which index or key, and the array."""
    places: list[tuple[Any, Any, Any]] = []
    holders: list[Any] = [inputs, *[each for each in inputs if isinstance(each, list)], keywords]
    for holder in holders:
        pairs = holder.items() if isinstance(holder, dict) else enumerate(holder)
        places += [(holder, key, each) for key, each in pairs if isinstance(each, np.ndarray)]
    return places


def op_cases() -> list[Case]:
    """Each registered op with each of its samples, in the order of their names."""
    return [
        Case(name, number, call, each, _reference(call.op.numpy), call.op)
        for name, call in sorted(op_functions().items())
        for number, each in enumerate(call.op.samples)
    ]


def function_cases() -> list[Case]:
    """Each public function with each of its samples, in the order of their names; public ops are among them."""
    return [
        Case(name, number, function.call, each, _reference(function.numpy), getattr(function.call, "op", None))
        for name, function in sorted(FUNCTIONS.items())
        for number, each in enumerate(function.samples)
    ]


def _reference(numpy: Callable[..., Any] | str | None) -> Callable[..., Any] | None:
    """The function that an op or a public function answers for; one of ``scipy.special`` comes by its name."""
    return getattr(importlib.import_module("scipy.special"), numpy) if isinstance(numpy, str) else numpy


def op_functions() -> dict[str, Any]:
    """The callable of each registered op. The registry holds their records; the callables are in the modules that made them."""
    found = {}
    for module in _modules():
        for value in vars(module).values():
            record = getattr(value, "op", None)
            if isinstance(record, Op) and OPS.get(record.name) is record:
                found[record.name] = value
    return found


def _modules() -> Iterator[Any]:
    for package in (autograd, nn):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(each.name)


def outputs_of(result: Any) -> list[Any]:
    """What a call returned, as a list: its arrays or tensors, those in tuples and lists included."""
    if isinstance(result, tuple | list):
        return [each for part in result for each in outputs_of(part)]
    return [result]
