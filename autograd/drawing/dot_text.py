"""``Graph`` -> text in DOT, the language of Graphviz. Pure: no program runs and nothing is imported.

Read ``dot_text`` first. A node is an HTML-like table without a shape of its own: name and literal arguments in the first row, shape
and dtype in the second, the value in a third; an op with several outputs has a row of cells from which the edges start.
Scopes become clusters, one inside the other; the legend is the label of the whole graph, so it never disturbs the layout.

The language: https://graphviz.org/doc/info/lang.html, HTML-like labels: https://graphviz.org/doc/info/shapes.html#html
"""

import html
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from autograd.drawing.palette import (
    CONSTANT_EDGE,
    EDGE,
    EDGE_TEXT,
    FONT,
    LEGEND_TEXT,
    LOOKS,
    MONOSPACE,
    SCOPE_BORDER,
    SCOPE_GROUNDS,
    SCOPE_TEXT,
    Look,
)
from autograd.graph import Edge, Graph, GraphNode, Output

COMMUTATIVE = frozenset(
    {
        "add", "multiply", "maximum", "minimum", "fmax", "fmin", "hypot", "logaddexp", "logaddexp2",
        "equal", "not_equal", "logical_and", "logical_or", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor",
    }
)  # fmt: skip
LONGEST = 40  # characters of a name or an argument

LEGEND = {
    "parameter": "parameter",
    "variable": "variable (requires grad)",
    "constant": "constant",
    "op": "op",
    "result": "result",
}


def dot_text(
    graph: Graph,
    *,
    direction: str = "TB",
    constants: bool = True,
    values: bool = False,
    legend: bool = True,
    scopes: bool = True,
) -> str:
    """The drawing of ``graph``, in DOT.

    Args:
        graph: the snapshot.
        direction: ``"TB"`` for data that flow from top to bottom, ``"LR"`` for left to right.
        constants: draw arrays that require no gradient.
        values: show the values that ``keep_values`` kept.
        legend: say below the drawing what the colours mean.
        scopes: frame what was recorded in the same scope.

    >>> x = ag.tensor(2.0, requires_grad=True, name="x")
    >>> text = dot_text(ag.Graph(np.exp(x)), legend=False)
    >>> [line for line in text.splitlines() if "->" in line]
    ['  n0 -> n1']
    """
    shown = [node for node in graph if constants or node.kind != "constant"]
    edges = [edge for edge in graph.edges() if constants or graph[edge.source].kind != "constant"]
    results = {each.id if isinstance(each, Output) else each for each in graph.results}
    marked = {each for each in graph.results if isinstance(each, Output)}
    lines = [
        'digraph "graph" {',
        f"  graph [rankdir={direction}, newrank=true, bgcolor=white, pad=0.2, nodesep=0.28, ranksep=0.42, {_font(12, SCOPE_TEXT)}]",
        f"  node [shape=plain, {_font(12)}]",
        f'  edge [color="{EDGE}", penwidth=1.1, arrowsize=0.65, labeldistance=1.6, {_font(9, EDGE_TEXT)}]',
    ]
    homes = _homes(shown, edges) if scopes else {node.id: () for node in shown}
    statements = {node.id: _statement(node, results, marked, values, homes) for node in shown}
    lines += _framed(homes, statements, {node.id for node in shown if node.kind != "op"})
    for group in _by_target(edges):
        lines += [f"  {_arrow(edge, graph, len(group), direction)}" for edge in group]
    lines += [f"  n{source} -> n{target} [style=invis, weight=0]" for source, target in _guides(edges, graph, homes)]
    if legend:
        kinds = {"result" if node.id in results and node.kind == "op" else node.kind for node in shown}
        lines += [f"  label=<{_legend(kinds)}>", "  labelloc=b", "  labeljust=c"]
    return "\n".join([*lines, "}", ""])


def _font(size: int, color: str | None = None) -> str:
    return f'fontname="{FONT}", fontsize={size}' + (f', fontcolor="{color}"' if color else "")


# ---------------------------------------------------------------- nodes


def _statement(
    node: GraphNode, results: set[int], marked: set[Output], values: bool, homes: dict[int, tuple[str, ...]]
) -> str:
    return f"n{node.id} [label=<{_box(node, results, marked, values, '.'.join(homes[node.id]))}>, tooltip={_tooltip(node)}]"


def _box(node: GraphNode, results: set[int], marked: set[Output], values: bool, frame: str) -> str:
    look = LOOKS["result" if node.id in results and node.kind == "op" and not node.multiple else node.kind]
    if node.multiple:
        columns = max(len(node.shape), 1)
        cells = "".join(_output_cell(node, place, Output(node.id, place) in marked, values) for place in range(len(node.shape)))
        rows = [_row(_lines([_title(node, look, frame)]), columns), f"<TR>{cells}</TR>"]
    else:
        told = [_title(node, look, frame), _small(_described(node.shape, node.dtype), look.small)]
        if values and node.value is not None:
            told += _value(node.value, look)
        rows = [_row(_lines(told))]
    return _table(rows, look, spacing=3 if node.multiple else 0)


def _table(rows: Iterable[str], look: Look, spacing: int) -> str:
    style = "ROUNDED,DASHED" if look.dashed else "ROUNDED"
    return (
        f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="{spacing}" CELLPADDING="3" STYLE="{style}" BGCOLOR="{look.ground}" '
        f'COLOR="{look.border}">{"".join(rows)}</TABLE>'
    )


def _row(content: str, columns: int = 1) -> str:
    span = f' COLSPAN="{columns}"' if columns > 1 else ""
    return f"<TR><TD{span}>{content}</TD></TR>"


def _lines(lines: list[str]) -> str:
    """Lines in one cell, with room at both sides: a cell's own padding is as large above and below."""
    return "<BR/>".join(f"&#160;{line}&#160;" for line in lines)


def _title(node: GraphNode, look: Look, frame: str) -> str:
    if node.kind != "op":
        name = f"<I>{node.kind}</I>" if node.name is None else f"<B>{_escaped(node.name.removeprefix(f'{frame}.'))}</B>"
        return f'<FONT COLOR="{look.text}">{name}</FONT>'
    return f'<FONT COLOR="{look.text}"><B>{_escaped(node.name or "")}</B>{_escaped_arguments(node)}</FONT>'


def _escaped_arguments(node: GraphNode) -> str:
    """What the op was called with besides arrays: ``(·, 2)`` where a literal stands beside an array, else ``(axis=1)``."""
    literals = [each for each in node.inputs if isinstance(each, str)]
    arguments = [_number(each) if isinstance(each, str) else "·" for each in node.inputs] if literals else []
    arguments += node.told_statics()
    if not arguments:
        return ""
    if len(arguments) == 1 and arguments[0].startswith("["):  # an index
        return _escaped(f" {arguments[0]}")
    return f"({', '.join(_escaped(each) for each in arguments)})"


def _output_cell(node: GraphNode, place: int, is_result: bool, values: bool) -> str:
    look = LOOKS["result"] if is_result else Look("#ffffff", LOOKS["op"].border, LOOKS["op"].text, LOOKS["op"].small)
    told = [
        f'<FONT POINT-SIZE="10" COLOR="{look.text}">[{place}]</FONT>',
        _small(_described(node.shape[place], node.dtype[place]), look.small),
    ]
    if values and node.value is not None:
        told += _value(node.value[place], look)
    return (
        f'<TD PORT="o{place}" BORDER="1" STYLE="ROUNDED" BGCOLOR="{look.ground}" COLOR="{look.border}">{_lines(told)}</TD>'
    )


def _described(shape: tuple[int, ...], dtype: Any) -> str:
    return f"{shape if shape else 'scalar'} {dtype}"


def _small(text: str, color: str) -> str:
    return f'<FONT POINT-SIZE="9" COLOR="{color}">{_escaped(text)}</FONT>'


def _value(value: Any, look: Look) -> list[str]:
    lines = np.array2string(np.asarray(value), precision=3, threshold=12, edgeitems=2, max_line_width=44).splitlines()
    if len(lines) > 5:
        lines = [*lines[:2], "...", *lines[-2:]]
    width = max(map(len, lines))
    told = [_escaped(line.ljust(width), width).replace(" ", "&#160;") for line in lines]
    return [f'<FONT FACE="{MONOSPACE}" POINT-SIZE="9" COLOR="{look.text}">{each}</FONT>' for each in told]


def _number(text: str) -> str:
    """The text of a literal; a long number with four digits."""
    try:
        return f"{float(text):.4g}" if len(text) > 8 else text
    except ValueError:
        return text


def _tooltip(node: GraphNode) -> str:
    """What an SVG shows under the pointer: the node's line in the listing, and the user's line."""
    told = [str(node), *([] if node.source is None else [f"{node.source[0]}:{node.source[1]}"])]
    return '"' + "\\n".join(map(_quoted, told)) + '"'


# ---------------------------------------------------------------- edges


def _by_target(edges: list[Edge]) -> Iterator[list[Edge]]:
    group: list[Edge] = []
    for edge in edges:
        if group and group[-1].target != edge.target:
            yield group
            group = []
        group.append(edge)
    if group:
        yield group


def _arrow(edge: Edge, graph: Graph, arrays: int, direction: str) -> str:
    source, target = graph[edge.source], graph[edge.target]
    attributes = []
    if source.kind == "constant":
        attributes.append(f'color="{CONSTANT_EDGE}"')
    if source.kind == "op":
        attributes.append("weight=2")  # keeps the main line straight; leaves come in from the side
    if arrays > 1 and target.name not in COMMUTATIVE:
        name = target.parameters[edge.position]
        attributes.append(f'headlabel="{name[name.find("[") :] if name.endswith("]") else name}"')
        if (edge.position == 0) == (direction == "TB"):
            attributes.append("labelangle=25")  # on the outer side of its arrow: the first input mostly comes from the left
    port = "" if edge.place is None else f":o{edge.place}:s"
    arrow = f"n{edge.source}{port} -> n{edge.target}"
    return f"{arrow} [{', '.join(attributes)}]" if attributes else arrow


# ---------------------------------------------------------------- scopes


def _homes(shown: list[GraphNode], edges: list[Edge]) -> dict[int, tuple[str, ...]]:
    """The scope that each node is drawn in, as a path: an op's own; a parameter's is what its users' scopes have in common.

    A constant is mostly data, which comes from outside.
    """
    homes = {node.id: tuple(node.scope.split(".")) if node.scope else () for node in shown}
    used_in: dict[int, tuple[str, ...]] = {}
    for edge in edges:
        home = homes[edge.target]
        used_in[edge.source] = _common(used_in[edge.source], home) if edge.source in used_in else home
    for node in shown:
        if node.kind in ("parameter", "variable"):
            homes[node.id] = used_in.get(node.id, ())
    return homes


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return one[:count]


def _guides(edges: list[Edge], graph: Graph, homes: dict[int, tuple[str, ...]]) -> list[tuple[int, int]]:
    """Invisible edges that hold a module's parameters below what flows into the module.

    Without them a weight shares its row with the previous module's result, and frames stand in a staircase instead of one
    above the other. Only a parameter's first user counts: what flows into that cannot depend on the parameter.
    """
    guides: dict[tuple[int, int], None] = {}
    placed: set[int] = set()
    for group in _by_target(edges):
        leaves = {each.source for each in group if homes[each.source] and graph[each.source].kind != "op"} - placed
        placed |= leaves
        for leaf in leaves:
            home = homes[leaf]
            for each in group:
                if homes[each.source][: len(home)] != home:
                    guides[each.source, leaf] = None
    return list(guides)


class _Frame:
    """A scope as it is drawn: the nodes directly in it, and the scopes in it by their names."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.inner: dict[str, _Frame] = {}


def _framed(homes: dict[int, tuple[str, ...]], statements: dict[int, str], leaves: set[int]) -> list[str]:
    """The nodes, each inside the frames of its scopes. A stack in place of recursion: scopes may be nested deeply."""
    root = _Frame()
    for id, home in homes.items():
        frame = root
        for name in home:
            frame = frame.inner.setdefault(name, _Frame())
        frame.ids.append(id)
    lines: list[str] = []
    count = 0
    stack: list[tuple[str, _Frame, int] | str] = [("", root, 0)]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            lines.append(top)
            continue
        name, frame, depth = top
        while depth and not frame.ids and len(frame.inner) == 1:  # a frame around one frame alone says nothing
            inner, frame = next(iter(frame.inner.items()))
            name = f"{name}.{inner}"
        indent = "  " * (depth + 1)
        if depth:
            outside = indent[2:]
            lines += [
                f"{outside}subgraph cluster_{count} {{",
                f'{indent}label=<<B>{_escaped(name)}</B>>; labeljust=r; labelloc=t; fontsize=10; margin=9; style="rounded,filled"',
                f'{indent}fillcolor="{SCOPE_GROUNDS[depth % 2]}"; color="{SCOPE_BORDER}"; tooltip="{_quoted(name)}"',
            ]
            stack.append(f"{outside}}}")
            count += 1
        # Inside a frame, what is named first is placed on the left: ops before leaves make the main line straight.
        lines += [indent + statements[id] for id in (sorted(frame.ids, key=leaves.__contains__) if depth else frame.ids)]
        # a number alone would say little: the members of a list are named with the list
        list_name = name.rpartition(".")[2]
        stack += [
            (f"{list_name}.{inner}" if inner.isdigit() and list_name else inner, each, depth + 1)
            for inner, each in reversed(list(frame.inner.items()))
        ]
    return lines


# ---------------------------------------------------------------- legend and escapes


def _legend(kinds: set[str]) -> str:
    cells = ""
    for kind, meaning in LEGEND.items():
        if kind in kinds:
            swatch = _table(['<TR><TD WIDTH="18" HEIGHT="10"></TD></TR>'], LOOKS[kind], spacing=0)
            cells += f'<TD>{swatch}</TD><TD><FONT POINT-SIZE="9" COLOR="{LEGEND_TEXT}">{meaning}&#160;&#160;</FONT></TD>'
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="1"><TR>{cells}</TR></TABLE>'


def _escaped(text: str, longest: int = LONGEST) -> str:
    text = _printable(text)
    return html.escape(text if len(text) <= longest else f"{text[: longest - 1]}…")


def _printable(text: str) -> str:
    """The text with control characters, line ends and lone surrogates, which no XML may contain, spelled out."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def _quoted(text: str) -> str:
    """The text as the inside of a quoted string that Graphviz reads as it stands."""
    return _printable(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
