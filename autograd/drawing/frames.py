"""Where things stand: what is drawn, in the frame of which scope, and what stands above what.

``homes_of`` says in which scope each node is drawn, ``framed`` writes the frames, ``guides`` keeps them one above the other.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from autograd.drawing.escapes import LONGEST, escaped, quoted
from autograd.drawing.palette import SCOPE_BORDER, SCOPE_GROUNDS
from autograd.graph import GraphNode


class Drawn(NamedTuple):
    """A node in the drawing, under a name in DOT. Where it is drawn once for each of its uses, ``uses`` counts these."""

    key: str
    node: GraphNode
    uses: int


class Arrow(NamedTuple):
    """An arrow from what made a value (its output ``place``, if it has several) to what uses it as input ``position``."""

    source: Drawn
    target: Drawn
    place: int | None
    position: int


Scope: TypeAlias = tuple[str, ...]  # ("encoder", "layers", "0")


def homes_of(drawn: list[Drawn], arrows: list[Arrow]) -> dict[str, Scope]:
    """The scope in which each node is drawn: an op in its own; a parameter in what its users' scopes have in common.

    A constant is drawn outside of all: mostly it is data, which comes from outside.
    """
    homes: dict[str, Scope] = {each.key: tuple(each.node.scope.split(".")) if each.node.scope else () for each in drawn}
    used_in: dict[str, Scope] = {}
    for arrow in arrows:
        home, key = homes[arrow.target.key], arrow.source.key
        used_in[key] = _common(used_in[key], home) if key in used_in else home
    for each in drawn:
        if each.node.kind in ("parameter", "variable"):
            homes[each.key] = used_in.get(each.key, ())
    return homes


def _common(one: Scope, other: Scope) -> Scope:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return one[:count]


def arrows_by_target(arrows: list[Arrow]) -> Iterator[list[Arrow]]:
    """The arrows in groups with the same target."""
    group: list[Arrow] = []
    for arrow in arrows:
        if group and group[-1].target is not arrow.target:
            yield group
            group = []
        group.append(arrow)
    if group:
        yield group


def guides(arrows: list[Arrow], homes: dict[str, Scope]) -> list[tuple[str, str]]:
    """Pairs (above, below) that hold a module's parameters below what flows into the module.

    Without them a weight shares its row with the previous module's result, and frames stand in a staircase instead of one
    above the other. Only a parameter's first user counts: what flows into that cannot depend on the parameter.
    """
    found: dict[tuple[str, str], None] = {}
    placed: set[str] = set()
    for group in arrows_by_target(arrows):
        leaves = dict.fromkeys(each.source.key for each in group if each.source.node.kind != "op")
        for leaf in leaves:
            home = homes[leaf]
            if home and leaf not in placed:
                placed.add(leaf)
                outside = [each.source.key for each in group if homes[each.source.key][: len(home)] != home]
                found.update(dict.fromkeys((each, leaf) for each in outside))
    return list(found)


class _Frame:
    """A scope's frame: the nodes directly in it, and the frames in it by their scopes' names."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.inner: dict[str, _Frame] = {}


def framed(homes: dict[str, Scope], statements: dict[str, str], leaves: set[str]) -> list[str]:
    """The nodes' statements, each inside the frames of its scopes."""
    root = _Frame()
    for key, home in homes.items():
        frame = root
        for name in home:
            frame = frame.inner.setdefault(name, _Frame())
        frame.keys.append(key)
    lines: list[str] = []
    count = 0
    stack: list[tuple[str, _Frame, int] | str] = [("", root, 0)]  # in place of recursion: scopes may be nested deeply
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            lines.append(top)
            continue
        name, frame, depth = top
        while depth and not frame.keys and len(frame.inner) == 1:  # a frame around one frame alone says nothing
            inner, frame = next(iter(frame.inner.items()))
            name = f"{name}.{inner}"
        indent = "  " * (depth + 1)
        keys = frame.keys
        if depth:
            # Labels stand at the right because the main line enters at the left: inside a frame, what is named first is
            # placed on the left, and ops are named before leaves.
            keys = sorted(keys, key=leaves.__contains__)
            lines += [
                f"{indent[2:]}subgraph cluster_{count} {{",
                f"{indent}label=<{_label(name)}>; labeljust=r; labelloc=t; fontsize=10; margin=9",
                f'{indent}style="rounded,filled"; fillcolor="{SCOPE_GROUNDS[depth % 2]}"; color="{SCOPE_BORDER}"',
                f'{indent}tooltip="{quoted(name)}"',
            ]
            stack.append(f"{indent[2:]}}}")
            count += 1
        lines += [indent + statements[key] for key in keys]
        # A number alone would say little: members of a list are named with the list.
        of_list = name.rpartition(".")[2]
        stack += [
            (f"{of_list}.{inner}" if inner.isdigit() and of_list else inner, each, depth + 1)
            for inner, each in reversed(list(frame.inner.items()))
        ]
    return lines


def _label(name: str) -> str:
    """The frame's name, with as much room to its left, so that it stands beside an arrow into the middle of a small frame."""
    text = escaped(name) or "&#160;"  # the language knows no empty text
    room = f'<TD WIDTH="{6 * min(len(name), LONGEST) + 8}"></TD>'
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"><TR>{room}<TD><B>{text}</B></TD></TR></TABLE>'
