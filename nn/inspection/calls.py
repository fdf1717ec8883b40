"""What happens when a model runs: every call of every module, and every op that was recorded meanwhile.

``Trace(model, records=True).run(inputs, {})`` runs a model. Hooks around each module note when it starts and ends, by the
numbers that the graph gives to nodes in the order of their making; an op belongs to the innermost call that was running when it
was made.
"""

from __future__ import annotations  # of Call and itself

import dataclasses
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

import autograd as ag
from autograd import Tensor
from autograd.modes import Mode, thread
from nn.hooks import RemovableHandle
from nn.module import Module

Shape = tuple[int, ...]


class Output(NamedTuple):
    """One array that a call returned: its key, where it came in a dict, its shape (the class of what has none) and its size."""

    label: str
    shape: Shape | str
    nbytes: int


@dataclass(eq=False)
class Call:
    """One call of a module; ``ended`` and ``outputs`` are missing where it failed."""

    number: int  # of the module, in the order of ``modules()``
    parent: Call | None
    started: int
    inputs: list[Shape]
    ended: int | None = None
    outputs: list[Output] | None = None
    mode: Mode | None = None  # to go back to, where recording was off


class Trace:
    """All calls of one run, in the order in which they started.

    Args:
        model: what to run, once.
        records: whether the nodes of all modules are wanted; then what runs under ``no_grad`` is recorded as well.

    ``running``: the calls that have not ended; of a run that failed, where it did.
    """

    def __init__(self, model: Module, records: bool) -> None:
        self.modules = list(model.modules())
        self.calls: list[Call] = []
        self.running: list[Call] = []
        self._records = records
        self._roots: list[Any] = []  # the nodes of what modules returned
        self._result: Any = None
        self._handles = [handle for number, module in enumerate(self.modules) for handle in self._watch(number, module)]

    def run(self, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        """Call the model, in the mode of recording that is set."""
        try:
            self._result = self.modules[0](*inputs, **keywords)
        finally:  # hooks that know the trace, which knows the modules: such cycles keep memory
            while self._handles:
                self._handles.pop().remove()

    def _watch(self, number: int, module: Module) -> list[RemovableHandle]:
        return [
            module.register_forward_pre_hook(
                lambda _, inputs, keywords: self._start(number, inputs, keywords), prepend=True, with_kwargs=True
            ),
            module.register_forward_hook(lambda _, inputs, output: self._end(number, output)),
        ]

    def _start(self, number: int, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        """A module is about to run."""
        shapes = [each.shape for each in leaves((inputs, keywords)) if isinstance(each, Tensor | np.ndarray)]
        call = Call(number, self.running[-1] if self.running else None, _now(), shapes)
        self.calls.append(call)
        self.running.append(call)
        if self._records and not ag.is_grad_enabled():  # a part that is not trained still computes
            call.mode = thread.mode
            thread.mode = thread.mode.everywhere(True)

    def _end(self, number: int, output: Any) -> Any:
        """A module has run; what it returns takes the place of the output, unless ``None``."""
        call = self.running.pop()
        while call.number != number:  # calls inside that failed, where the model went on without them
            call = self.running.pop()
        call.ended = _now()
        call.outputs = [_described(label, leaf) for label, leaf in _labelled("", output)]
        if self._records and not thread.mode.levels:  # inside vmap a node is that of one example
            self._roots += _nodes([output])
        if call.mode is None:
            return None
        thread.mode = call.mode
        return ag.tree_map(lambda leaf: leaf.detach() if isinstance(leaf, Tensor) else leaf, output)

    def kept_nodes(self) -> list[Any]:
        """The nodes that stay as long as the result of the model does."""
        return _behind(_nodes([self._result]))

    def recorded_nodes(self) -> list[Any]:
        """All nodes that modules' results were made from."""
        return _behind(self._roots)

    def ops(self) -> Iterator[tuple[Any, Call]]:
        """The nodes of all ops, each with the innermost call that it was made in."""
        starts = [call.started for call in self.calls]
        for node in self.recorded_nodes():
            place = bisect(starts, node.tick) - 1
            call = self.calls[place] if place >= 0 else None
            while call is not None and (call.ended is None or call.ended < node.tick):
                call = call.parent
            if node.op is not None and call is not None:
                yield node, call


def _now() -> int:
    """The number of a node that is made now."""
    return ag.tensor(0.0, requires_grad=True).node.tick  # type: ignore[union-attr]  # it has one


def _nodes(values: Any) -> list[Any]:
    return [each.node for each in leaves(values) if isinstance(each, Tensor) and each.node is not None]


def _behind(roots: Iterable[Any]) -> list[Any]:
    """All nodes that ``roots`` were made from, ``roots`` included."""
    stack = list(dict.fromkeys(roots))
    seen = set(map(id, stack))
    for node in stack:  # the list grows while it is read
        for source in node.inputs:
            if source is not None and not isinstance(source, bool | int | float | complex) and id(source) not in seen:
                seen.add(id(source))
                stack.append(source)
    return stack


def leaves(value: Any) -> list[Any]:
    """What is inside of tuples, lists, dicts and dataclasses, nested as they may be."""
    return [leaf for _, leaf in _labelled("", value)]


def _labelled(label: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The leaves of a value, each with the key of the last dict around it."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _labelled(f"{label}.{key}" if label else str(key), each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _labelled(label, each)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type | Module):
        for name in [each.name for each in dataclasses.fields(value)]:
            yield from _labelled(f"{label}.{name}" if label else name, getattr(value, name))
    elif value is not None:
        yield label, value


def _described(label: str, leaf: Any) -> Output:
    if isinstance(leaf, Tensor | np.ndarray | np.generic):
        return Output(label, leaf.shape, leaf.size * leaf.dtype.itemsize)
    return Output(label, type(leaf).__name__, 0)
