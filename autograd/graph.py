"""``Graph``: what was recorded, as plain data: an ordered snapshot of the nodes, with sequential ids.

A tensor's graph is a web of references from nodes to older nodes. A ``Graph`` is the same thing written down as a list:
node 3 is ``tanh`` of node 2, of shape (3, 4), recorded in ``encoder``. It holds no array of the computation (but what
``keep_values`` kept, if it was on) and no reference to a tensor or node, so it may outlive them, and it can be made
before or after ``.backward()``. Drawings are made from it; print it to read it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from autograd.gate import OUTPUT
from autograd.node import Leaf, Node, newest_first
from autograd.ops.arrays.indexing import Slice
from autograd.tensors import Tensor

Kind: TypeAlias = Literal["op", "parameter", "variable", "constant"]

KINDS: tuple[Kind, ...] = ("op", "parameter", "variable", "constant")
_DEFAULTS = {"order": "C", "ddof": 0}  # of NumPy's functions, besides None and False
PRINTED = 60  # lines of a listing, before its middle is left out


class Output(NamedTuple):
    """One output of an op that has several: the id of the op's node, and the output's place."""

    id: int
    place: int


class Edge(NamedTuple):
    """A value on its way: made by node ``source`` (its output ``place``, if it has several), used by node ``target``.

    ``position`` is the value's place among the inputs of ``target``.
    """

    source: int
    place: int | None
    target: int
    position: int


_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(slots=True, eq=False)
class GraphNode:
    """One node of a ``Graph``.

    ``kind``: ``"op"``, or for an array that entered from outside ``"parameter"`` (of a tensor class of its own, as
    ``nn.Parameter`` is), ``"variable"`` (any other that requires a gradient) or ``"constant"``.
    ``name``: the op's name; the name that a leaf was given, or ``None``.
    ``inputs``: for each input the id of the node that made it, an ``Output`` of one that made several, or the text of
    the literal that it was (``"0.999"``).
    ``parameters``: the names of the inputs.
    ``statics``: what the op was called with besides its inputs.
    ``shape`` and ``dtype``: of the result; tuples of them for an op with several outputs.
    ``value`` and ``source``: the result and the user's (file, line), where ``keep_values`` kept them.
    """

    id: int
    kind: Kind
    name: str | None
    shape: Any
    dtype: Any
    scope: str
    inputs: tuple[int | Output | str, ...]
    parameters: tuple[str, ...]
    statics: Mapping[str, Any]
    value: Any = None
    source: tuple[str, int] | None = None

    @property
    def multiple(self) -> bool:
        """Whether it is an op that returns a tuple."""
        return isinstance(self.dtype, tuple)

    def told_statics(self) -> list[str]:
        """Its statics as text, ``axis=1``, without what says nothing: defaults, and the result's own shape or dtype."""
        silent = {**_DEFAULTS, "shape": self.shape, "dtype": self.dtype}
        return [
            _told(name, value)
            for name, value in self.statics.items()
            if value is not None and value is not False and not (name in silent and silent[name] == value)
        ]

    def __str__(self) -> str:
        if self.kind == "op":
            made = f"{self.name}({', '.join([*map(_reference, self.inputs), *self.told_statics()])})"
        else:
            made = self.kind if self.name is None else f"{self.kind} {self.name!r}"
        if self.multiple:
            result = f"({', '.join(f'{shape} {dtype}' for shape, dtype in zip(self.shape, self.dtype, strict=True))})"
        else:
            result = f"{self.shape} {self.dtype}"
        where = f"  in {repr(self.scope)[1:-1]}" if self.scope else ""  # on one line, whatever the name holds
        return f"%{self.id} = {made}  {result}{where}"


class Graph:
    """A snapshot of everything that the given tensors were computed from.

    Iterating gives its ``GraphNode`` records from the oldest to the newest, so each comes after its inputs;
    ``graph[3]`` is the one with the id 3. The several outputs of an op such as ``split`` belong to one record.

    Args:
        *tensors: the results to start from, one or several.

    Raises:
        TypeError: for none, or for something else than tensors.
        ValueError: for a tensor of which nothing was recorded, because it requires no gradient.

    >>> w = ag.tensor([1.0, 2.0], requires_grad=True, name="w")
    >>> loss = ((w - 0.5) ** 2).sum()
    >>> print(ag.Graph(loss))
    %0 = variable 'w'  (2,) float64
    %1 = subtract(%0, 0.5)  (2,) float64
    %2 = power(%1, 2)  (2,) float64
    %3 = sum(%2)  () float64
    result %3
    """

    __slots__ = ("nodes", "results")

    nodes: list[GraphNode]
    results: tuple[int | Output, ...]

    def __init__(self, *tensors: Tensor) -> None:
        roots = [_recorded(each, i) for i, each in enumerate(tensors)]
        if not roots:
            raise TypeError("Graph: expected at least one tensor, received none")
        self.nodes = []
        places: dict[Node, int | Output] = {}
        shared: dict[Any, Any] = {}  # a million nodes have few different shapes, literals and lists of input names
        for node in reversed(newest_first(roots, constants=True)):
            if node.op is OUTPUT:
                parent = places[node.inputs[0]]
                assert isinstance(parent, int)
                places[node] = Output(parent, node.statics["place"])
                continue
            number = len(self.nodes)
            places[node] = number
            self.nodes.append(_record_of(node, number, places, shared))
        self.results = tuple(dict.fromkeys(places[each] for each in roots))

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[GraphNode]:
        return iter(self.nodes)

    def __getitem__(self, id: int) -> GraphNode:
        return self.nodes[id]

    def edges(self) -> Iterator[Edge]:
        """Which node uses the results of which, in the order of the users and of their inputs.

        >>> x = ag.tensor(3.0, requires_grad=True)
        >>> list(ag.Graph(x * x).edges())
        [Edge(source=0, place=None, target=1, position=0), Edge(source=0, place=None, target=1, position=1)]
        """
        for node in self.nodes:
            for position, each in enumerate(node.inputs):
                if isinstance(each, Output):
                    yield Edge(each.id, each.place, node.id, position)
                elif isinstance(each, int):
                    yield Edge(each, None, node.id, position)

    def __repr__(self) -> str:
        counts = Counter(node.kind for node in self.nodes)
        parts = [f"{counts[kind]} {kind}{'' if counts[kind] == 1 else 's'}" for kind in KINDS if counts[kind]]
        return f"Graph({', '.join(parts)}; {self._told_results()})"

    def __str__(self) -> str:
        if len(self.nodes) <= PRINTED:
            lines = [str(node) for node in self.nodes]
        else:
            half = PRINTED // 2
            left_out = len(self.nodes) - 2 * half
            lines = [
                *(str(node) for node in self.nodes[:half]),
                f"... {left_out} more nodes, %{half} to %{half + left_out - 1} ...",
                *(str(node) for node in self.nodes[-half:]),
            ]
        return "\n".join([*lines, self._told_results()])

    def _told_results(self) -> str:
        return f"result{'' if len(self.results) == 1 else 's'} {', '.join(map(_reference, self.results))}"


def _recorded(tensor: Any, position: int) -> Node:
    if not isinstance(tensor, Tensor):
        raise TypeError(
            f"Graph: expected tensors, received {type(tensor).__name__} at position {position}"
            f"{'; write a star before a sequence of them' if isinstance(tensor, list | tuple) else ''}"
        )
    if tensor.node is None:
        raise ValueError(
            f"Graph: expected a recorded tensor, received one (shape {tensor.shape}, {tensor.dtype}) at position {position}, "
            "which requires no gradient, so nothing was recorded. Make the variables with ag.tensor(..., requires_grad=True), "
            "compute outside ag.no_grad(); to see how a gradient was computed, compute it with create_graph=True"
        )
    return tensor.node


def _record_of(node: Node, number: int, places: dict[Node, int | Output], shared: dict[Any, Any]) -> GraphNode:
    op, notes = node.op, node.notes
    shape = shared.setdefault(node.shape, node.shape)
    if op is None:
        assert isinstance(node, Leaf)
        record = GraphNode(number, _kind(node), node.name, shape, node.dtype, node.scope, (), (), _NONE)
    else:
        inputs = tuple([places[each] if isinstance(each, Node) else _literal(each, shared) for each in node.inputs])
        statics = MappingProxyType(node.statics) if node.statics else _NONE
        parameters = op.inputs
        if op.variadic is not None:
            parameters = tuple([op.input_name(i) for i in range(len(inputs))])
            parameters = shared.setdefault(parameters, parameters)
        record = GraphNode(number, "op", op.name, shape, node.dtype, node.scope, inputs, parameters, statics)
    if notes is not None:
        record.value, record.source = notes.value, notes.source
    return record


def _kind(leaf: Leaf) -> Kind:
    if not leaf.requires_grad:
        return "constant"
    tensor = None if leaf.tensor is None else leaf.tensor()
    return "variable" if tensor is None or type(tensor) is Tensor else "parameter"


def _literal(value: Any, shared: dict[Any, Any]) -> str:
    text = repr(value)
    return shared.setdefault(text, text)


def _reference(x: int | Output | str) -> str:
    if isinstance(x, Output):
        return f"%{x.id}[{x.place}]"
    return f"%{x}" if isinstance(x, int) else x


def _told(name: str, value: Any) -> str:
    if name == "layout":  # of an index: its arrays are inputs of the op
        return f"[{', '.join(map(_told_index, value))}]"
    if isinstance(value, tuple) and len(value) == 1 and name == "axis":
        value = value[0]
    if isinstance(value, np.dtype | np.generic):
        return f"{name}={value}"
    return f"{name}={value!r}"


def _told_index(part: Any) -> str:
    if isinstance(part, Slice):
        ends = ["" if each is None else str(each) for each in part]
        return ":".join(ends if ends[2] else ends[:2])
    return "..." if part is Ellipsis else str(part)
