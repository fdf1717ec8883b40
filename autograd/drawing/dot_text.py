"""``Graph`` -> text in DOT, the language of Graphviz. Pure: no program runs and nothing is imported for it.

Read ``dot_text`` first. A node is an HTML-like table without a shape of its own: its name with literal arguments, below it
shape and dtype, then the value; an op with several outputs has a cell for each, from which its arrows start. Scopes become
frames, one inside the other (``frames``); the legend is the label of the whole graph, so it never disturbs the layout.

The language: https://graphviz.org/doc/info/lang.html, HTML-like labels: https://graphviz.org/doc/info/shapes.html#html
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograd.drawing.escapes import escaped, quoted
from autograd.drawing.frames import Arrow, Drawn, Scope, arrows_by_target, framed, guides, homes_of
from autograd.drawing.palette import CONSTANT_EDGE, EDGE, EDGE_TEXT, FONT, LEGEND_TEXT, LOOKS, MONOSPACE, SCOPE_TEXT, Look
from autograd.graph import Graph, GraphNode, Output

COMMUTATIVE = frozenset(
    {
        "add", "multiply", "maximum", "minimum", "fmax", "fmin", "hypot", "logaddexp", "logaddexp2",
        "equal", "not_equal", "logical_and", "logical_or", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor",
    }
)  # fmt: skip

LEGEND = {
    "parameter": "parameter",
    "variable": "variable (requires grad)",
    "constant": "constant",
    "op": "op",
    "result": "result",
}

# A leaf that more ops use than this is drawn at each of them: arrows from one place to everywhere hide everything else, and a
# recurrent network of 80 steps took minutes to lay out.
USES_OF_ONE = 4

# An input's name of so few letters stands beside the head of its arrow, on the outer side (the first input mostly comes
# from the left); a longer one would cover something there, and stands where the layout leaves room for it. So do three and more
# labels of one op, whose outer arrows are flat when they come from above.
SHORT = 3

# The inputs of an op that takes any number of them are labelled up to this number: more labels would lie over one another.
NUMBERED = 4

# From so many nodes on, the layout's three iterative searches are limited: they gain little and took most of the time.
LARGE = 200


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
    >>> [line.strip() for line in text.splitlines() if "->" in line]
    ['n0 -> n1']
    """
    drawn, arrows = _drawn(graph, constants)
    results = {each.id if isinstance(each, Output) else each for each in graph.results}
    places = _used_outputs(graph, arrows)
    homes: dict[str, Scope] = homes_of(drawn, arrows) if scopes else {each.key: () for each in drawn}
    groups = list(arrows_by_target(arrows))
    in_order = {each[0].target.key for each in groups if len(each) > 1 and each[0].target.node.name not in COMMUTATIVE}
    boxes = {}
    for each in drawn:
        box = _box(each, places.get(each.key, []), set(graph.results), values, ".".join(homes[each.key]), direction)
        ordering = ", ordering=in" if each.key in in_order else ""  # the first input at the left
        boxes[each.key] = f"{each.key} [label=<{box}>, tooltip={_tooltip(each.node)}{ordering}]"
    limits = ", nslimit=1, nslimit1=1, mclimit=0.2" if len(drawn) > LARGE else ""
    lines = [
        'digraph "graph" {',
        f"  graph [rankdir={direction}, newrank=true, bgcolor=white, pad=0.2, nodesep=0.28, ranksep=0.42{limits}]",
        f"  graph [{_font(12, SCOPE_TEXT)}]",
        f"  node [shape=plain, {_font(12)}]",
        f'  edge [color="{EDGE}", penwidth=1.1, arrowsize=0.65, labeldistance=1.6, {_font(9, EDGE_TEXT)}]',
        *framed(homes, boxes, {each.key for each in drawn if each.node.kind != "op"}),
    ]
    for group in groups:
        labels = _labels(group)
        lines += [f"  {_arrow(each, labels, places.get(each.source.key, []), direction)}" for each in group]
    lines += [f"  {above} -> {below} [style=invis, weight=0]" for above, below in guides(arrows, homes)]
    if legend:
        kinds = {"result" if each.node.id in results and each.node.kind == "op" else each.node.kind for each in drawn}
        lines += [f"  label=<{_legend(kinds)}>", "  labelloc=b", "  labeljust=c"]
    return "\n".join([*lines, "}", ""])


def _drawn(graph: Graph, constants: bool) -> tuple[list[Drawn], list[Arrow]]:
    """What is drawn of the nodes and of the edges between them; a leaf that many ops use is drawn at each."""
    edges = [each for each in graph.edges() if constants or graph[each.source].kind != "constant"]
    uses = Counter(source for source, _ in {(each.source, each.target) for each in edges})
    copied = {node.id for node in graph if node.kind != "op" and uses[node.id] > USES_OF_ONE}
    drawn = {
        f"n{node.id}": Drawn(f"n{node.id}", node, 1)
        for node in graph
        if (constants or node.kind != "constant") and node.id not in copied
    }
    arrows = []
    for edge in edges:
        key = f"n{edge.source}_{edge.target}" if edge.source in copied else f"n{edge.source}"
        source = drawn.setdefault(key, Drawn(key, graph[edge.source], uses[edge.source]))
        arrows.append(Arrow(source, drawn[f"n{edge.target}"], edge.place, edge.position))
    return list(drawn.values()), arrows


def _used_outputs(graph: Graph, arrows: list[Arrow]) -> dict[str, list[int]]:
    """For each op with several outputs the places of those that are drawn: the others were never used."""
    used: dict[str, set[int]] = {}
    for arrow in arrows:
        if arrow.place is not None:
            used.setdefault(arrow.source.key, set()).add(arrow.place)
    for each in graph.results:
        if isinstance(each, Output):
            used.setdefault(f"n{each.id}", set()).add(each.place)
    return {key: sorted(places) for key, places in used.items()}


def _font(size: int, color: str | None = None) -> str:
    return f'fontname="{FONT}", fontsize={size}' + (f', fontcolor="{color}"' if color else "")


# ---------------------------------------------------------------- nodes


def _box(drawn: Drawn, places: list[int], results: set[int | Output], values: bool, frame: str, direction: str) -> str:
    node = drawn.node
    if len(places) > 1:  # a cell for each, across the direction of the data, so that arrows leave it at a free side
        look = LOOKS["op"]
        cells = [_output_cell(node, place, Output(node.id, place) in results, values) for place in places]
        title = f'<TD COLSPAN="{len(cells) if direction == "TB" else 1}">{_lines([_title(node, look, frame)])}</TD>'
        return _table([title, *(["".join(cells)] if direction == "TB" else cells)], look, spacing=3)
    shape, dtype, value, made = node.shape, node.dtype, node.value, {node.id, Output(node.id, places[0] if places else 0)}
    if places:  # one of several outputs
        shape, dtype, value = shape[places[0]], dtype[places[0]], None if value is None else value[places[0]]
    look = LOOKS["result" if made & results and node.kind == "op" else node.kind]
    described = _described(shape, dtype) + (f", {drawn.uses} uses" if drawn.uses > 1 else "")
    told = _lines([_title(node, look, frame, places), _small(described, look.small)])
    return _table([f"<TD>{told}</TD>", *([_value(value, look)] if values and value is not None else [])], look)


def _table(rows: Iterable[str], look: Look, spacing: int = 0) -> str:
    style = "ROUNDED,DASHED" if look.dashed else "ROUNDED"
    return (
        f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="{spacing}" CELLPADDING="3" STYLE="{style}" BGCOLOR="{look.ground}" '
        f'COLOR="{look.border}">{"".join(f"<TR>{row}</TR>" for row in rows)}</TABLE>'
    )


def _lines(lines: list[str]) -> str:
    """Lines in one cell, with room at both sides: a cell's own padding is as large above and below."""
    return "<BR/>".join(f"&#160;{line}&#160;" for line in lines)


def _title(node: GraphNode, look: Look, frame: str, places: Sequence[int] = ()) -> str:
    if node.kind == "op":
        told = f"<B>{escaped(str(node.name))}</B>{escaped(''.join(f'[{each}]' for each in places) + _arguments(node))}"
    elif name := _name_in(frame, node.name or ""):
        told = f"<B>{escaped(name)}</B>"
    else:
        told = f"<I>{node.kind}</I>"
    return f'<FONT COLOR="{look.text}">{told}</FONT>'


def _name_in(frame: str, name: str) -> str:
    """A parameter's name without what the frame around it says."""
    return name.removeprefix(f"{frame}.")


def _arguments(node: GraphNode) -> str:
    """What the op was called with besides arrays: ``(·, 2)`` where a literal stands beside an array, else ``(axis=1)``."""
    inputs = [(name, each) for name, each in zip(node.parameters, node.inputs, strict=True) if each != "None"]  # was left out
    arguments = []
    if len(node.inputs) > 2:
        arguments = [f"{name}={_number(each)}" for name, each in inputs if isinstance(each, str)]
    elif any(isinstance(each, str) for _, each in inputs):
        arguments = [_number(each) if isinstance(each, str) else "·" for _, each in inputs]
    arguments += node.told_statics()
    if len(arguments) == 1 and arguments[0].startswith("["):  # an index
        return f" {arguments[0]}"
    return f"({', '.join(arguments)})" if arguments else ""


def _output_cell(node: GraphNode, place: int, is_result: bool, values: bool) -> str:
    look = LOOKS["result" if is_result else "output"]
    told = [
        f'<FONT POINT-SIZE="10" COLOR="{look.text}">[{place}]</FONT>',
        _small(_described(node.shape[place], node.dtype[place]), look.small),
    ]
    inside = _lines(told)
    if values and node.value is not None:
        rows = f"<TR><TD>{inside}</TD></TR><TR>{_value(node.value[place], look)}</TR>"
        inside = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{rows}</TABLE>'
    style = f'BORDER="1" STYLE="ROUNDED" BGCOLOR="{look.ground}" COLOR="{look.border}"'
    return f'<TD PORT="o{place}" {style}>{inside}</TD>'


def _described(shape: tuple[int, ...], dtype: Any) -> str:
    return f"{shape if shape else 'scalar'} {dtype}"


def _small(text: str, color: str) -> str:
    return f'<FONT POINT-SIZE="9" COLOR="{color}">{escaped(text)}</FONT>'


def _value(value: Any, look: Look) -> str:
    """A cell with the value, shortened to a few lines."""
    array = np.asarray(value)
    if array.ndim == 0:
        lines = [f"{value:.4g}" if array.dtype.kind in "fc" else str(value)]
    else:
        plain = bool(np.max(np.abs(array), initial=0) >= 0.01)  # then what is much smaller may be shown as 0
        text = np.array2string(array, precision=3, suppress_small=plain, threshold=12, edgeitems=2, max_line_width=44)
        lines = text.splitlines()
    if len(lines) > 5:
        lines = [*lines[:2], "...", *lines[-2:]]
    # A cell of its own, in one font throughout, has even spaces between its lines. Blanks are plain spaces, which Graphviz
    # keeps: of "&#160;" graphviz-pure believes that it is two letters wide.
    text = "<BR/>".join(f" {escaped(line, 60)} " for line in lines)
    return f'<TD BALIGN="LEFT"><FONT FACE="{MONOSPACE}" POINT-SIZE="9" COLOR="{look.text}">{text}</FONT></TD>'


def _number(text: str) -> str:
    """The text of a literal; a long number with four digits."""
    try:
        return f"{float(text):.4g}" if len(text) > 8 else text
    except ValueError:  # a complex number
        return text


def _tooltip(node: GraphNode) -> str:
    """What an SVG shows under the pointer: the node's line in the listing, and the user's line."""
    told = [str(node), *([] if node.source is None else [f"{node.source[0]}:{node.source[1]}"])]
    return '"' + "\\n".join(map(quoted, told)) + '"'


# ---------------------------------------------------------------- arrows and legend


def _labels(group: list[Arrow]) -> dict[int, str]:
    """The labels of an op's arrows, by the positions of its inputs: their names, where the order of the inputs matters.

    An input that is named like its operand says so itself; where all others do, the remaining one needs no label either.
    """
    target = group[0].target.node
    if target.name in COMMUTATIVE:
        return {}
    names = {}
    for arrow in group:
        source, name = arrow.source.node, target.parameters[arrow.position]
        if source.kind == "op" or source.name is None or source.name.rpartition(".")[2] != name:
            names[arrow.position] = name[name.find("[") :] if name.endswith("]") else name  # "[0]" of "arrays[0]"
    if sum(name.startswith("[") for name in names.values()) > NUMBERED:
        names = {position: name for position, name in names.items() if not name.startswith("[")}
    return names if len(names) > 1 else {}


def _arrow(arrow: Arrow, labels: dict[int, str], outputs: list[int], direction: str) -> str:
    source = arrow.source.node
    attributes = []
    if source.kind == "constant":
        attributes.append(f'color="{CONSTANT_EDGE}"')
    if source.kind == "op":
        attributes.append("weight=2")  # keeps the main line straight; leaves come in from the side
    label = labels.get(arrow.position, "")
    if len(label) > SHORT or (label and len(labels) > 2 and direction == "TB"):
        attributes.append(f'label="&#160;{label}"')
    elif label:
        side = 1 if (arrow.position == 0) == (direction == "TB") else -1
        attributes.append(f'headlabel="{label}", labelangle={28 * side}')
    port = "" if len(outputs) < 2 else f":o{arrow.place}:{'s' if direction == 'TB' else 'e'}"
    told = f"{arrow.source.key}{port} -> {arrow.target.key}"
    return f"{told} [{', '.join(attributes)}]" if attributes else told


def _legend(kinds: set[str]) -> str:
    cells = ""
    for kind, meaning in LEGEND.items():
        if kind in kinds:
            swatch = _table(['<TD WIDTH="18" HEIGHT="10"></TD>'], LOOKS[kind])
            cells += f'<TD>{swatch}</TD><TD><FONT POINT-SIZE="9" COLOR="{LEGEND_TEXT}">{meaning}&#160;&#160;</FONT></TD>'
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="1"><TR>{cells}</TR></TABLE>'
