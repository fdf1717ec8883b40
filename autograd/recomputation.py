"""Regions of the graph whose nodes save nothing: what ``checkpoint`` does, in terms of nodes.

A node that is recorded in a region keeps, in place of what its gradient rules need, a note of where it stands in the region
(``Awaited``). Until the function has returned the region has it; then it is let go. A pass that comes to such a node runs the
region's function once more, with the same arguments, randomness and modes, and takes what the nodes of this second run saved,
by order of creation. The structure of the graph is recorded once and stays: it can be drawn, and walked in any direction.
"""

from __future__ import annotations  # np.random would be imported to annotate with it

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd.batched import memory_of
from autograd.errors import GradientError, OverwrittenError
from autograd.modes import Mode, thread
from autograd.node import Node, next_tick
from autograd.writes import latest_write, written_since


class Awaited:
    """What a node in a region has in place of what it would have saved."""

    __slots__ = ("place", "region")

    def __init__(self, region: Region, place: int) -> None:
        self.region = region
        self.place = place


class Region:
    """One call of a checkpointed function.

    ``again`` computes the function once more and returns its results; ``name`` is what messages call it. ``repeats``: whether
    this call is part of such a second run.
    """

    __slots__ = ("_again", "_generators", "_mode", "_ops", "_parent", "_read", "_results", "_saved", "_tick", "name", "repeats")

    def __init__(self, name: str, again: Callable[[], Iterable[Any]], generators: Iterable[Any]) -> None:
        self.name = name
        self._again = again
        self._mode: Mode = thread.mode
        self._parent = thread.mode.region
        self.repeats = self._parent is not None and self._parent.repeats
        self._tick = next_tick()
        self._ops: list[Any] = []
        self._read: dict[int, Any] = {}  # what came in from outside, by the node's id
        self._generators: dict[int, tuple[Any, Any]] = {}
        self._results: list[Any] = []
        self._saved: list[Any] | None = []  # while the function runs, for derivatives that it takes itself
        for each in generators:
            self.draws_from(each)

    def kept(self, node: Node, saved: Any, inputs: Sequence[Any], values: Sequence[Any]) -> Any:
        """What a node that was just recorded is to keep."""
        for source, value in zip(inputs, values, strict=True):
            if isinstance(source, Node) and source.tick < self._tick:
                self._read[id(source)] = memory_of(value)
        self._ops.append((node.op, node.shape))
        assert self._saved is not None
        self._saved.append(saved)
        awaited = Awaited(self, len(self._ops) - 1)
        return awaited if self._parent is None else self._parent.kept(node, awaited, inputs, values)

    def draws_from(self, generator: np.random.Generator) -> None:
        """Note the state of a generator before its first draw, to draw the same again."""
        self._generators.setdefault(id(generator), (generator, generator.bit_generator.state))
        if self._parent is not None:
            self._parent.draws_from(generator)

    def saved_at(self, place: int) -> Any:
        """What a node saved, while the function runs; ``None`` afterwards."""
        return None if self._saved is None else self._saved[place]

    def close(self, results: Iterable[Any]) -> None:
        """Let go of what was saved, and take a fingerprint of the results, by which a second run is recognized as the same."""
        self._saved = None
        self._results = list(map(_fingerprint, results))

    def run_again(self) -> list[Any]:
        """What each node of the region would have saved, in order of creation.

        Raises:
            OverwrittenError: when what the function read was written to since.
            GradientError: when the second run differs from the first.
        """
        if self._tick < latest_write() and written_since(tuple(self._read.values()), self._tick):
            raise OverwrittenError(
                f"checkpoint({self.name}) has to compute {self.name} again, and an array that it read was written to since, "
                "so the gradient would be wrong. Call backward before writing (as an optimizer's step does)"
            )
        refill = _Refill()
        before = thread.mode
        thread.mode = self._mode.within(refill)
        try:
            with replayed(self._generators.values()):
                results = list(self._again())
        finally:
            thread.mode = before
        if refill.ops != self._ops or not _same(self._results, list(map(_fingerprint, results))):
            raise GradientError(
                f"checkpoint({self.name}): computed a second time, {self.name} did not do the same as the first time. It has "
                "to depend on its arguments and on unchanged tensors alone; random numbers have to come from ag.random, "
                "ag.generator(), or a generator that is passed to it as an argument"
            )
        return refill.saved


class _Refill:
    """The region of a second run: collects what nodes save, which they keep."""

    __slots__ = ("ops", "saved")

    repeats = True

    def __init__(self) -> None:
        self.ops: list[Any] = []
        self.saved: list[Any] = []

    def kept(self, node: Node, saved: Any, inputs: Sequence[Any], values: Sequence[Any]) -> Any:
        self.ops.append((node.op, node.shape))
        self.saved.append(saved)
        return saved

    def draws_from(self, generator: np.random.Generator) -> None:
        """Its states are set already."""


def _fingerprint(x: Any) -> Any:
    """Dtype, and numbers that tell arrays apart: of floating ones two sums, the second with other weights for each element."""
    flat = np.asarray(memory_of(x)).reshape(-1)
    if flat.dtype.kind not in "fc":
        return flat.dtype, hash(flat.tobytes())
    with np.errstate(all="ignore"):
        weights = np.cos(np.arange(flat.size))
        return flat.dtype, np.array([np.sum(np.abs(flat)), np.sum(flat), flat @ weights])


def _same(first: list[Any], second: list[Any]) -> bool:
    """Whether two runs gave the same, but for rounding, which may depend on how arrays lie in memory."""
    if len(first) != len(second):
        return False
    for (dtype, a), (other, b) in zip(first, second, strict=True):
        if dtype != other:
            return False
        if dtype.kind not in "fc":
            if a != b:
                return False
            continue
        with np.errstate(all="ignore"):
            room = 1e4 * np.finfo(dtype).eps * np.abs(a[0])
            if not np.all((np.abs(a - b) <= room) | (a == b) | (np.isnan(a) & np.isnan(b))):
                return False
    return True


States = Iterable[tuple[Any, Any]]  # generators, each with a state


def states_of(generators: Iterable[np.random.Generator]) -> States:
    """The states of generators now."""
    return [(each, each.bit_generator.state) for each in generators]


@contextmanager
def replayed(states: States) -> Iterator[None]:
    """Have generators draw again what they drew from these states on; afterwards they go on where they were."""
    now = states_of([each for each, _ in states])
    for each, state in states:
        each.bit_generator.state = state
    try:
        yield
    finally:
        for each, state in now:
            each.bit_generator.state = state


def recovered(saved: Any, recomputed: dict[Region, list[Any]]) -> tuple[Any, ...]:
    """What a node in a region would have saved; ``recomputed`` has, for one pass, what regions gave that ran again."""
    while isinstance(saved, Awaited):
        if (now := saved.region.saved_at(saved.place)) is not None:
            saved = now
            continue
        of_region = recomputed.get(saved.region)
        if of_region is None or of_region[saved.place] is None:
            of_region = recomputed[saved.region] = saved.region.run_again()
        place, region = saved.place, saved.region
        saved, recomputed[region][place] = of_region[place], None  # in a pass each node is asked once
    return saved
