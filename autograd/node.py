"""What a recorded op leaves behind: a ``Node``, its leaves, and the order in which to walk them.

A node knows its op, its inputs, its statics, what its gradient rules asked to be saved, and the shape and dtype of
its result. It never references the tensor that holds this result: references run from tensors to nodes and from nodes
to older nodes, so there are no cycles, and a graph's memory returns the moment the last tensor on it goes.
"""

import itertools
import weakref
from collections.abc import Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.record import Op, Plan

# Numbers nodes and writes alike, so that "written after it was read" is one comparison.
next_tick = itertools.count(1).__next__


class Notes:
    """What only few nodes carry: hooks, tensors that retain their gradient, and what ``keep_values`` keeps."""

    __slots__ = ("hooks", "retained_by", "source", "value")

    def __init__(self) -> None:
        self.hooks: dict[int, Any] = {}
        self.retained_by: weakref.ref[Any] | None = None
        self.value: Any = None
        self.source: tuple[str, int] | None = None


class Node:
    """One op that ran.

    ``inputs`` holds a ``Node`` for each array that came in and the literal itself (``0.999``, ``None``) for what was
    none. ``saved`` is the arguments of the gradient rules, laid out by ``plan``; ``None`` once they are freed.
    ``tick`` is the number of the moment of creation. An op with several outputs has one node whose shape and dtype are tuples,
    and under each output that is used a node of the op ``output``.
    """

    __slots__ = ("__weakref__", "dtype", "inputs", "notes", "op", "plan", "saved", "scope", "shape", "statics", "tick")

    requires_grad = True  # a leaf may say otherwise

    op: "Op | None"
    plan: "Plan | None"
    inputs: tuple[Any, ...]
    statics: dict[str, Any]
    saved: tuple[Any, ...] | None
    shape: Any
    dtype: Any
    tick: int
    scope: str
    notes: Notes | None

    @property
    def name(self) -> str | None:
        """The op's name; for one output of an op that has several, ``split[0]``. For a leaf, the name it was given."""
        assert self.op is not None
        return f"{self.inputs[0].name}[{self.statics['place']}]" if self.op.name == "output" else self.op.name

    def __repr__(self) -> str:
        where = f" in {self.scope}" if self.scope else ""
        return f"<{type(self).__name__} {self.name or 'unnamed'} {self.shape} {self.dtype}{where}>"


class Leaf(Node):
    """An array that entered the graph from outside: a parameter, an input, a constant.

    ``tensor`` is a weak reference: the gradient goes to the tensor if it still lives.
    """

    __slots__ = ("_name", "requires_grad", "tensor")

    def __init__(self, shape: Any, dtype: Any, name: str | None = None) -> None:
        self.op = None
        self.plan = None
        self.inputs = ()
        self.statics = {}
        self.saved = ()
        self.shape = shape
        self.dtype = dtype
        self.tick = next_tick()
        self.scope = ""
        self.notes = None
        self.requires_grad = False
        self.tensor: weakref.ref[Any] | None = None
        self._name = name

    @property
    def name(self) -> str | None:
        """What pictures and messages call it."""
        return self._name

    @name.setter
    def name(self, name: str | None) -> None:
        self._name = name


def notes_of(node: Node) -> Notes:
    """The node's notes, made on first use."""
    if node.notes is None:
        node.notes = Notes()
    return node.notes


def newest_first(roots: Iterable[Node], *, constants: bool = False) -> list[Node]:
    """All nodes that ``roots`` were made from, roots included, in reverse order of creation.

    Each node comes once, and after every node that used it. Without ``constants``, only what can carry a gradient.
    """
    stack = list(dict.fromkeys(roots))
    seen = set(stack)
    for node in stack:  # the list grows while it is read
        for source in node.inputs:
            if isinstance(source, Node) and source not in seen and (constants or source.requires_grad):
                seen.add(source)
                stack.append(source)
    stack.sort(key=_tick, reverse=True)
    return stack


_tick = attrgetter("tick")
