"""Nested structures of arrays: taken apart into a list of leaves, and put together again.

Functions of functions take and return dicts, lists, tuples, named tuples and dataclasses, nested as one likes: *trees*. What is
none of these is a leaf: an array, a number, anything. So are other subclasses of dict, list and tuple than ``OrderedDict``,
``defaultdict`` and named tuples. ``None`` holds no leaf, and neither do the fields of a dataclass that say
``field(metadata={"static": True})``; they belong to the structure. A dataclass is put together from its fields, without
``__init__``. Dicts keep their order, and where two trees meet, dicts meet by key::

    leaves, structure = ag.tree_flatten({"w": w, "layers": [a, b]})   # [w, a, b]
    structure.unflatten([2 * each for each in leaves])
"""

import dataclasses
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Any

import numpy as np

from autograd.tensors import Tensor


class TreeDef:
    """The structure of a tree without its leaves: what ``tree_flatten`` returns beside them.

    Two are equal if containers, keys, order and static fields are the same. ``unflatten`` puts leaves in; ``flatten_like``
    takes another tree of this structure apart, in this one's order; ``paths`` names the place of each leaf, as in
    ``['layers'][1].bias``.
    """

    __slots__ = ("_children", "_kind", "_labels", "size")

    size: int  # the number of leaves

    def __init__(self, kind: Any, labels: tuple[Any, ...], children: tuple["TreeDef", ...]) -> None:
        # _kind: None for a leaf, else what makes the container of its children; _labels: keys, indices or names of fields
        self._kind = kind
        self._labels = labels
        self._children = children
        self.size = 1 if kind is None else sum([each.size for each in children])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TreeDef) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((None if self._kind is None else self._kind.type, self._labels, self._children))

    def _key(self) -> tuple[Any, ...]:
        return self._kind, self._labels, self._children

    def __repr__(self) -> str:
        return f"TreeDef({self._shown()})"

    def _shown(self) -> str:
        if self._kind is None:
            return "*"
        inner = [each._shown() for each in self._children]
        kind = self._kind.type
        if kind is type(None):
            return "None"
        if issubclass(kind, dict):
            shown = ", ".join([f"{label!r}: {each}" for label, each in zip(self._labels, inner, strict=True)])
            return f"{{{shown}}}" if kind is dict else f"{kind.__name__}({{{shown}}})"
        if kind is list:
            return f"[{', '.join(inner)}]"
        if kind is tuple:
            return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
        return f"{kind.__name__}({', '.join([f'{label}={each}' for label, each in zip(self._labels, inner, strict=True)])})"

    def unflatten(self, leaves: Sequence[Any]) -> Any:
        """The tree with these leaves.

        Raises:
            ValueError: for another number of leaves than there are places.
        """
        leaves = list(leaves)
        if len(leaves) != self.size:
            raise ValueError(f"unflatten: expected {self.size} leaves, as {self!r} has places for; received {len(leaves)}")
        return self._filled(iter(leaves))

    def _filled(self, leaves: Iterator[Any]) -> Any:
        if self._kind is None:
            return next(leaves)
        return self._kind.build(self._labels, [each._filled(leaves) for each in self._children])

    def paths(self, start: str = "") -> list[str]:
        """For each leaf its place, as one writes it in Python behind ``start``."""
        if self._kind is None:
            return [start]
        found = []
        for label, each in zip(self._labels, self._children, strict=True):
            found.extend(each.paths(start + self._kind.place(label)))
        return found

    def flatten_like(self, tree: Any, what: str = "the tree") -> list[Any]:
        """The leaves of a tree of this structure, in this one's order; what stands where this one has a leaf is taken whole.

        Raises:
            ValueError: for a tree of another structure; the message says where they part.
        """
        leaves: list[Any] = []
        self._collect(tree, what, leaves)
        return leaves

    def _collect(self, tree: Any, path: str, leaves: list[Any]) -> None:
        if self._kind is None:
            leaves.append(tree)
            return
        kind, labels, children = _opened(tree)
        if kind is None or kind.type is not self._kind.type:
            found = "a leaf" if kind is None else _kind_name(kind.type)
            raise ValueError(
                f"{path}: expected {_kind_name(self._kind.type)}{self._labelled()}, received {found} "
                f"({type(tree).__name__}); both have to have one structure"
            )
        if kind.is_sequence and len(labels) != len(self._labels):
            raise ValueError(f"{path}: expected {_kind_name(kind.type)}{self._labelled()}, received {len(labels)}")
        if set(labels) != set(self._labels):
            missing = [each for each in self._labels if each not in labels]
            surplus = [each for each in labels if each not in self._labels]
            raise ValueError(
                f"{path}: expected {_kind_name(self._kind.type)}{self._labelled()}"
                f"{f'; missing {missing}' if missing else ''}{f'; unexpected {surplus}' if surplus else ''}"
            )
        for name, own, other in self._kind.differences(kind):
            raise ValueError(f"{path}.{name}: expected {own!r}, as a static field belongs to the structure; received {other!r}")
        by_label = dict(zip(labels, children, strict=True))
        for label, each in zip(self._labels, self._children, strict=True):
            each._collect(by_label[label], path + self._kind.place(label), leaves)

    def _labelled(self) -> str:
        kind = self._kind.type
        if kind is type(None):
            return ""
        if self._kind.is_sequence:
            return f" of {len(self._labels)}"
        return f" with {'keys' if issubclass(kind, dict) else 'fields'} {list(self._labels)}"


@dataclasses.dataclass(frozen=True)
class _Kind:
    """A container's class, with what is needed beside the children to make one again."""

    type: Any
    extra: Any = None  # of a defaultdict the factory, of a dataclass the static fields: pairs of name and value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Kind) or self.type is not other.type:
            return False
        return self.extra == other.extra if self.type is defaultdict else not self.differences(other)

    def differences(self, other: "_Kind") -> list[tuple[str, Any, Any]]:
        """The static fields in which two dataclasses of one type differ: name, and both values."""
        if not dataclasses.is_dataclass(self.type):
            return []
        pairs = zip(self.extra, other.extra, strict=True)
        return [(name, own, others) for (name, own), (_, others) in pairs if not _same(own, others)]

    @property
    def is_sequence(self) -> bool:
        return self.type in (list, tuple)

    def build(self, labels: tuple[Any, ...], children: list[Any]) -> Any:
        kind = self.type
        if kind is type(None):
            return None
        if kind is defaultdict:
            return defaultdict(self.extra, zip(labels, children, strict=True))
        if issubclass(kind, dict):
            return kind(zip(labels, children, strict=True))
        if self.is_sequence:
            return kind(children)
        if issubclass(kind, tuple):
            return kind._make(children)  # not by __new__, which may take other arguments
        made = object.__new__(kind)  # not by __init__, which may check or compute, and may leave fields out
        for name, value in (*zip(labels, children, strict=True), *self.extra):
            object.__setattr__(made, name, value)
        return made

    def place(self, label: Any) -> str:
        return f"[{label!r}]" if issubclass(self.type, dict | list) or self.type is tuple else f".{label}"


def _same(a: Any, b: Any) -> bool:
    """Whether two static fields are the same: arrays, if all their elements are."""
    if a is b:
        return True
    try:
        return np.array_equal(a, b) if hasattr(a, "shape") or hasattr(b, "shape") else bool(a == b)
    except ValueError:  # arrays within, which do not say whether they are equal
        return False


def _kind_name(kind: Any) -> str:
    return "None" if kind is type(None) else f"{'an' if kind.__name__[0] in 'AEIOU' else 'a'} {kind.__name__}"


def _opened(tree: Any) -> tuple[_Kind | None, tuple[Any, ...], list[Any]]:
    """A container's kind, labels and children; a leaf's kind is ``None``."""
    kind = type(tree)
    if tree is None:
        return _Kind(kind), (), []
    if kind in (dict, OrderedDict):
        return _Kind(kind), tuple(tree), list(tree.values())
    if kind is defaultdict:
        return _Kind(kind, tree.default_factory), tuple(tree), list(tree.values())
    if kind in (list, tuple):
        return _Kind(kind), tuple(range(len(tree))), list(tree)
    if issubclass(kind, dict | list | tuple):
        if hasattr(kind, "_fields") and hasattr(kind, "_make"):
            return _Kind(kind), kind._fields, list(tree)
        return None, (), []
    if dataclasses.is_dataclass(kind) and not issubclass(kind, Enum):
        fields = dataclasses.fields(kind)
        static = tuple([(each.name, getattr(tree, each.name)) for each in fields if each.metadata.get("static")])
        names = tuple([each.name for each in fields if not each.metadata.get("static")])
        return _Kind(kind, static), names, [getattr(tree, name) for name in names]
    return None, (), []


LEAF = TreeDef(None, (), ())


def tree_flatten(tree: Any, *, none_is_leaf: bool = False) -> tuple[list[Any], TreeDef]:
    """The leaves of a tree, in order, and its structure.

    Args:
        tree: dicts, lists, tuples, named tuples, dataclasses and ``None``, nested; anything else is a leaf.
        none_is_leaf: let ``None`` be a leaf, too, instead of holding none.

    Returns:
        The list of leaves, and a ``TreeDef``, whose ``unflatten`` puts leaves together again.

    >>> leaves, structure = ag.tree_flatten({"w": 1.0, "layers": [2.0, (3.0, None)]})
    >>> leaves, structure
    ([1.0, 2.0, 3.0], TreeDef({'w': *, 'layers': [*, (*, None)]}))
    >>> structure.unflatten([10 * each for each in leaves])
    {'w': 10.0, 'layers': [20.0, (30.0, None)]}
    """
    leaves: list[Any] = []
    return leaves, _flatten(tree, leaves, none_is_leaf)


_OFTEN_LEAVES = frozenset({np.ndarray, Tensor, float, int, np.float64, np.float32})  # a question less for the usual ones


def _flatten(tree: Any, leaves: list[Any], none_is_leaf: bool) -> TreeDef:
    if tree.__class__ in _OFTEN_LEAVES or (none_is_leaf and tree is None):
        leaves.append(tree)
        return LEAF
    kind, labels, children = _opened(tree)
    if kind is None:
        leaves.append(tree)
        return LEAF
    return TreeDef(kind, labels, tuple([_flatten(each, leaves, none_is_leaf) for each in children]))


def tree_unflatten(structure: TreeDef, leaves: Sequence[Any]) -> Any:
    """The tree of a structure with these leaves: ``structure.unflatten(leaves)``.

    Raises:
        ValueError: for another number of leaves than there are places.

    >>> leaves, structure = ag.tree_flatten((1.0, [2.0]))
    >>> ag.tree_unflatten(structure, ["a", "b"])
    ('a', ['b'])
    """
    return structure.unflatten(leaves)


def tree_leaves(tree: Any) -> list[Any]:
    """The leaves of a tree, in order.

    >>> ag.tree_leaves({"w": 1.0, "b": [2.0, None]})
    [1.0, 2.0]
    """
    return tree_flatten(tree)[0]


def tree_map(f: Callable[..., Any], tree: Any, *rest: Any) -> Any:
    """The tree with ``f`` applied to each leaf, and to what stands in the same place of each further tree.

    Args:
        f: takes a leaf of ``tree`` and one of each of ``rest``.
        tree: the tree whose structure counts.
        *rest: trees of the same structure, or of one that goes on below the leaves of ``tree``; dicts are matched by key.

    Raises:
        ValueError: for structures that differ; the message says where.

    >>> ag.tree_map(lambda w, g: w - 0.5 * g, {"a": 1.0, "b": [2.0]}, {"b": [1.0], "a": 4.0})
    {'a': -1.0, 'b': [1.5]}
    """
    leaves, structure = tree_flatten(tree)
    others = [structure.flatten_like(each, f"tree_map: tree {i}") for i, each in enumerate(rest, 1)]
    return structure.unflatten([f(*each) for each in zip(leaves, *others, strict=True)])
