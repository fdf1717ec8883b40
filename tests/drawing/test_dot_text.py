"""The DOT text of a drawing, read back by a program that knows the language."""

import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.drawing import image
from autograd.drawing.dot_text import LARGE, LEGEND, NUMBERED, USES_OF_ONE, dot_text
from autograd.drawing.palette import CONSTANT_EDGE, LOOKS
from autograd.graph import Graph


def variable(*shape, name=None):
    return ag.tensor(np.ones(shape), requires_grad=True, name=name)


class Read:
    """A drawing's DOT text as Graphviz understands it: nodes by name, edges between names, clusters."""

    def __init__(self, *tensors, **options):
        self.source = dot_text(Graph(*tensors), **options)
        self.top = json.loads(image._run(self.source, "dot_json"))
        objects = self.top.get("objects", [])
        self.names = {each["_gvid"]: each["name"] for each in objects}
        self.clusters = {each["name"]: each for each in objects if each["name"].startswith("cluster")}
        self.nodes = {each["name"]: each for each in objects if not each["name"].startswith("cluster")}
        # programs list edges in different orders
        self.all_edges = sorted(
            self.top.get("edges", []), key=lambda each: [self._number(each["head"]), self._number(each["tail"])]
        )
        self.edges = [each for each in self.all_edges if each.get("style") != "invis"]

    def _number(self, id):
        return [int(part) for part in self.names[id][1:].split("_")]

    def label(self, name):
        return ElementTree.fromstring(self.nodes[name]["label"].replace("&#160;", " "))

    def text(self, name):
        return " ".join("".join(self.label(name).itertext()).split())

    def texts(self):
        return [self.text(name) for name in self.nodes]

    def ends(self):
        return [(self.names[each["tail"]], self.names[each["head"]]) for each in self.edges]

    def ground(self, name):
        return self.label(name).get("BGCOLOR")

    def frames(self):
        """For each frame its label, the texts of the nodes in it, and its inner frames' labels."""
        titles = {}
        for name, each in self.clusters.items():
            titles[name] = "".join(ElementTree.fromstring(each["label"]).itertext())
        return {
            titles[name]: (
                [self.text(self.names[node]) for node in each.get("nodes", [])],
                [titles[self.names[inner]] for inner in each.get("subgraphs", [])],
            )
            for name, each in self.clusters.items()
        }


def perceptron():
    x, target = ag.tensor(np.ones((4, 2)), name="x"), ag.tensor(np.ones((4, 1)), name="target")
    w1, w2 = variable(2, 8, name="w1"), variable(8, 1, name="w2")
    return ((np.tanh(x @ w1) @ w2 - target) ** 2).mean()


# ---------------------------------------------------------------- nodes and arrows


def test_nodes_say_name_arguments_shape_and_dtype():
    assert Read(perceptron()).texts() == [
        "x (4, 2) float64",
        "target (4, 1) float64",
        "w1 (2, 8) float64",
        "w2 (8, 1) float64",
        "matmul (4, 8) float64",
        "tanh (4, 8) float64",
        "matmul (4, 1) float64",
        "subtract (4, 1) float64",
        "power(·, 2) (4, 1) float64",
        "mean scalar float64",
    ]


def test_arrows_go_from_inputs_to_users():
    assert Read(perceptron()).ends() == [
        ("n0", "n4"), ("n2", "n4"), ("n4", "n5"), ("n3", "n6"), ("n5", "n6"),
        ("n1", "n7"), ("n6", "n7"), ("n7", "n8"), ("n8", "n9"),
    ]  # fmt: skip


@ag.op
def moved(x, by, *, back=False):
    return x if by is None else x - by if back else x + by


moved.vjp(x=lambda g: g, by=None)


ARGUMENTS = {
    "a literal after an array": (lambda x: x / 3.0, "divide(·, 3.0)"),
    "a literal before an array": (lambda x: 2 - x, "subtract(2, ·)"),
    "a long literal": (lambda x: x * np.pi.__float__(), "multiply(·, 3.142)"),
    "a complex literal": (lambda x: x * (0.1234567 + 2j), "multiply(·, (0.1234567+2j))"),
    "literals of many inputs, by name": (lambda x: np.clip(x, None, 0.5), "clip(max=0.5)"),
    "what was left out of two inputs": (lambda x: moved(x, None), "moved (2, 3)"),
    "a static": (lambda x: x.sum(axis=1), "sum(axis=1)"),
    "several statics": (lambda x: x.sum(axis=(0, 1), keepdims=True), "sum(axis=(0, 1), keepdims=True)"),
    "an index": (lambda x: x[0, ::2], "getitem [0, ::2]"),
    "a text": (lambda x: np.einsum("ij->j", x), "einsum(subscripts='ij->j')"),
}


@pytest.mark.parametrize(("compute", "expected"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_arguments_stand_on_the_op(compute, expected):
    read = Read(compute(variable(2, 3)))
    assert read.text("n1").startswith(f"{expected} ")


def test_operands_are_labelled_where_their_order_matters():
    a, b = variable(2, 2, name="a"), variable(2, 2, name="b")
    read = Read((a @ b) * a - b * 2)
    labels = {(read.text(tail).split()[0], read.text(head).split()[0]): each.get("headlabel")
              for each, (tail, head) in zip(read.edges, read.ends(), strict=True)}  # fmt: skip
    assert labels == {
        ("a", "matmul"): "x1",
        ("b", "matmul"): "x2",
        ("matmul", "multiply"): None,
        ("a", "multiply"): None,
        ("b", "multiply(·,"): None,
        ("multiply", "subtract"): "x1",
        ("multiply(·,", "subtract"): "x2",
    }


def test_a_long_name_of_an_input_has_room_of_its_own():
    read = Read(np.where(np.array([True, False]), variable(2), variable(2)), direction="LR")
    assert [each.get("label", "") for each in read.edges] == ["", "", "&#160;condition"]
    assert [each.get("headlabel", "") for each in read.edges] == ["x1", "x2", ""]


def test_three_names_of_inputs_from_above_have_room_of_their_own():
    read = Read(np.where(np.array([True, False]), variable(2), variable(2)))
    assert [each.get("label", "") for each in read.edges] == ["&#160;x1", "&#160;x2", "&#160;condition"]


def test_variadic_inputs_are_labelled_by_their_place():
    read = Read(np.concatenate([variable(2), variable(3)]))
    assert [each["headlabel"] for each in read.edges] == ["[0]", "[1]"]


def test_many_variadic_inputs_are_not_labelled():
    read = Read(np.concatenate([variable(2) for _ in range(NUMBERED + 1)]))
    assert [each.get("headlabel") for each in read.edges] == [None] * (NUMBERED + 1)


def test_inputs_that_are_named_like_their_operands_and_the_one_beside_them_are_not_labelled():
    layer = nn.Linear(3, 2)
    for name in ("data", "x"):
        read = Read(layer(ag.tensor(np.ones((1, 3), np.float32), name=name)))
        assert [each.get("headlabel") for each in read.edges] == [None, None, None]


def test_an_input_that_is_named_like_its_operand_is_not_labelled_again():
    read = Read(np.where(ag.tensor([True, False], name="condition"), variable(2), variable(2)))
    assert sorted((each.get("label", ""), each.get("headlabel", "")) for each in read.edges) == [
        ("", ""), ("", "x1"), ("", "x2"),
    ]  # fmt: skip


def positions(source):
    """Where the nodes' middles are in the picture, by their names: (x, y), y from the top."""
    laid_out = json.loads(image._run(source, "json"))
    return {
        each["name"]: tuple(float(part) * sign for part, sign in zip(each["pos"].split(","), (1, -1), strict=True))
        for each in laid_out["objects"]
    }


@pytest.mark.parametrize(("direction", "axis"), [("TB", 0), ("LR", 1)])
def test_inputs_stand_in_their_order_where_it_matters(direction, axis):
    p, q = variable(2, 2, name="p"), variable(2, 2, name="q")
    graph = Graph(np.tanh(p) - np.exp(q), q @ np.sin(p))
    at = positions(dot_text(graph, direction=direction))
    ends = {node.name: [f"n{each}" for each in node.inputs] for node in graph if node.name in ("subtract", "matmul")}
    for first, second in ends.values():
        assert at[first][axis] < at[second][axis]


def test_an_array_used_twice_by_one_op_has_two_arrows():
    x = variable()
    assert Read(x * x).ends() == [("n0", "n1"), ("n0", "n1")]


# ---------------------------------------------------------------- colours


def test_each_kind_has_its_colours():
    weight = nn.Parameter(np.ones(2), name="w")
    read = Read(np.exp(weight * variable(2, name="x") * np.ones(2)).sum())
    grounds = {read.text(name).split()[0]: read.ground(name) for name in read.nodes}
    assert grounds == {
        "w": LOOKS["parameter"].ground,
        "x": LOOKS["variable"].ground,
        "constant": LOOKS["constant"].ground,
        "multiply": LOOKS["op"].ground,
        "exp": LOOKS["op"].ground,
        "sum": LOOKS["result"].ground,
    }


def test_constants_are_dashed_and_their_arrows_paler():
    read = Read(variable(2) * np.ones(2))
    assert "DASHED" in read.label("n1").get("STYLE")
    assert "DASHED" not in read.label("n0").get("STYLE")
    assert [each["color"] == CONSTANT_EDGE for each in read.edges] == [False, True]


def luminance(colour):
    """Relative luminance, WCAG 2.1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


@pytest.mark.parametrize("kind", LOOKS)
def test_text_has_contrast(kind):
    look = LOOKS[kind]
    for ink in (look.text, look.small):
        light, dark = sorted([luminance(look.ground), luminance(ink)], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


# ---------------------------------------------------------------- legend and options


def legend_of(read):
    return [] if "label" not in read.top else [
        " ".join(cell.itertext()).strip()
        for cell in ElementTree.fromstring(read.top["label"].replace("&#160;", " ")).iter("FONT")
    ]  # fmt: skip


def test_the_legend_names_the_kinds_that_occur():
    assert legend_of(Read(perceptron())) == [LEGEND[kind] for kind in ("variable", "constant", "op", "result")]
    assert legend_of(Read(np.exp(nn.Parameter(np.ones(2)) * 2)))[-2:] == ["op", "result"]


def test_no_legend():
    assert legend_of(Read(perceptron(), legend=False)) == []


def test_direction():
    assert Read(perceptron()).top["rankdir"] == "TB"
    assert Read(perceptron(), direction="LR").top["rankdir"] == "LR"


def test_without_constants():
    read = Read(perceptron(), constants=False)
    assert not {"n0", "n1"} & set(read.nodes)
    assert len(read.ends()) == 7
    assert "constant" not in legend_of(read)


def kept():
    with ag.keep_values():
        return (variable(2, 3) * np.arange(3.0)).sum(axis=1).sum()


def test_values_only_where_asked():
    assert Read(kept()).text("n4") == "sum scalar float64"
    assert Read(kept(), values=True).text("n4") == "sum scalar float64 6"


def test_values_of_small_arrays_are_whole_and_of_large_ones_short():
    assert Read(kept(), values=True).text("n2").endswith("[[0. 1. 2.] [0. 1. 2.]]")
    with ag.keep_values():
        large = variable(50, 60) * 1
    row = "[1. 1. ... 1. 1.]"
    assert Read(large, values=True).text("n1").endswith(f"float64 [{row} {row} ... {row} {row}]")


VALUES = {
    "an empty array": (np.ones((0, 2)), "[]"),
    "tiny numbers": (np.array([1e-6, 2e-6]), "[1.e-06 2.e-06]"),
    "not a number": (np.array([np.nan, 1.0]), "[nan 1.]"),
    "complex": (np.array(1 + 2j), "1+2j"),
    "large": (np.array(123456789.0), "1.235e+08"),
}


@pytest.mark.parametrize(("value", "expected"), VALUES.values(), ids=VALUES)
def test_values_of_all_kinds(value, expected):
    with ag.keep_values():
        y = ag.tensor(value, requires_grad=True) * 1
    assert Read(y, values=True).text("n1").endswith(f"{y.dtype} {expected}")


def test_a_box_is_as_wide_as_its_value():
    """Courier is 0.6 of its size wide; around the text are one letter and the padding at both sides, and the border."""
    with ag.keep_values():
        y = variable(3, 4) * np.linspace(-1.0, 1.0, 12).reshape(3, 4)
    longest = max(map(len, np.array2string(y.numpy(), precision=3, suppress_small=True).splitlines()))
    laid_out = json.loads(image._run(dot_text(Graph(y), values=True), "json"))
    (width,) = [float(each["width"]) * 72 for each in laid_out["objects"] if each["name"] == "n2"]
    assert width == pytest.approx((longest + 2) * 0.6 * 9 + 2 * 3 + 2, rel=0.05)


def test_blanks_of_a_value_stay_in_the_picture():
    with ag.keep_values():
        y = variable(2, 2) * np.array([[1.0, 0.25], [10.0, 0.5]])
    drawn = ElementTree.fromstring(image.svg(dot_text(Graph(y), values=True)))
    shown = [(each.text or "").replace("\xa0", " ").strip(" ") for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert all(line.strip() in shown for line in str(y.numpy()).splitlines())


# ---------------------------------------------------------------- several outputs


def test_an_op_with_several_outputs_is_one_node_with_a_cell_for_each_that_is_used():
    first, _, third = np.split(variable(2, 6), 3, axis=1)
    read = Read(first * third, third)
    cells = [cell for cell in read.label("n1").iter("TD") if cell.get("PORT")]
    assert [cell.get("PORT") for cell in cells] == ["o0", "o2"]
    assert [" ".join("".join(cell.itertext()).split()) for cell in cells] == ["[0] (2, 2) float64", "[2] (2, 2) float64"]
    assert [cell.get("BGCOLOR") for cell in cells] == [LOOKS["output"].ground, LOOKS["result"].ground]
    assert [each.get("tailport") for each in read.edges] == [None, "o0:s", "o2:s"]


def test_outputs_stand_across_the_direction_of_the_data():
    first, second = np.split(variable(4), 2)
    rows = {}
    for direction in ("TB", "LR"):
        read = Read(first - second, direction=direction)
        rows[direction] = [len(row.findall("TD")) for row in read.label("n1").findall("TR")]
        side = {"TB": "s", "LR": "e"}[direction]
        assert [each.get("tailport") for each in read.edges] == [None, f"o0:{side}", f"o1:{side}"]
    assert rows == {"TB": [1, 2], "LR": [1, 1, 1]}


def test_one_used_output_of_several_is_drawn_like_any_op():
    first, _ = np.split(variable(2, name="x"), 2)
    read = Read(first)
    assert read.texts() == ["x (2,) float64", "split[0](lengths=(1, 1), axis=0) (1,) float64"]
    assert read.ground("n1") == LOOKS["result"].ground


def test_values_of_several_outputs():
    with ag.keep_values():
        first, second = np.split(variable(4) * np.arange(4.0), 2)
        y = first * second
    assert "[0] (2,) float64 [0. 1.] [1] (2,) float64 [2. 3.]" in Read(y, values=True).text("n3")
    assert Read(second, values=True).text("n3").endswith("(2,) float64 [2. 3.]")


# ---------------------------------------------------------------- scopes


def network():
    """A weight and an op in each of two layers of an encoder; then a head."""
    h = ag.tensor(np.ones(3), name="data")
    for i in range(2):
        with ag.scope("encoder"), ag.scope("layers"), ag.scope(str(i)):
            h = np.tanh(h * variable(3, name=f"encoder.layers.{i}.weight"))
    with ag.scope("head"):
        return (h * 2).sum()


def test_scopes_are_frames_with_their_parameters_inside_and_data_outside():
    read = Read(network())
    frames = read.frames()
    assert frames["layers.0"][0] == ["multiply (3,) float64", "tanh (3,) float64", "weight (3,) float64"]
    assert set(frames) == {"encoder.layers", "layers.0", "layers.1", "head"}
    assert frames["encoder.layers"][1] == ["layers.0", "layers.1"]
    inside = {node for nodes, _ in frames.values() for node in nodes}
    assert "data (3,) float64" in read.texts()
    assert "data (3,) float64" not in inside


def test_a_parameter_of_two_scopes_stands_in_what_they_share():
    w = variable(name="w")
    with ag.scope("a"):
        with ag.scope("b"):
            y = w * 2
        with ag.scope("c"):
            y = np.exp(y) + w
    frames = Read(y).frames()
    assert "w scalar float64" in frames["a"][0]
    assert "w scalar float64" not in frames["b"][0] + frames["c"][0]


def test_no_frames():
    read = Read(network(), scopes=False)
    assert not read.clusters
    assert "encoder.layers.0.weight (3,) float64" in read.texts()


def test_parameters_stand_below_what_flows_into_their_scope():
    read = Read(network())
    hidden = [(read.text(read.names[each["tail"]]).split()[0], read.text(read.names[each["head"]]).split()[0])
              for each in read.all_edges if each.get("style") == "invis"]  # fmt: skip
    assert hidden == [("data", "weight"), ("tanh", "weight")]


def test_guides_never_close_a_circle():
    w, x = variable(name="w"), variable(name="x")
    h = x
    for _ in range(3):  # the same weight in the same scope, after ops outside of it
        with ag.scope("cell"):
            h = h * w
        h = np.tanh(h)
    read = Read(h)
    above = {}
    for each in read.all_edges:
        above.setdefault(each["head"], set()).add(each["tail"])
    ordered, left = set(), set(read.names) - {each["_gvid"] for each in read.clusters.values()}
    while left:
        free = {node for node in left if above.get(node, set()) <= ordered}
        assert free, "a circle"
        ordered |= free
        left -= free


def test_scopes_may_be_nested_deeply():
    y, names = variable(), [f"s{i}" for i in range(1500)]
    for depth in range(1500):
        with ag.scope(".".join(names[: depth + 1])):
            y = y * 1
    source = dot_text(Graph(y))
    assert source.count("subgraph cluster_") == 1500
    assert source.count("{") == source.count("}")


# ---------------------------------------------------------------- names that need escaping

NAMES = [
    '<b>&"x"',
    "a&lt;b",
    "two\nlines",
    "tab\there",
    "{w}|<p>",
    "back\\slash \\n",
    "naïve Δ 重み",
    "\x00\x1b",
    "lone \udc80",
    "--",
    "%",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_escaped(name):
    with ag.scope(name):
        y = np.exp(variable(name=name)) * 2
    read = Read(y)
    shown = "".join(each if each.isprintable() else repr(each)[1:-1] for each in name)
    assert read.text("n0") == f"{shown} scalar float64"
    assert list(read.frames()) == [shown]
    drawn = ElementTree.fromstring(image.svg(read.source))
    assert shown in {
        " ".join((each.text or "").split("\xa0")).strip() for each in drawn.iter("{http://www.w3.org/2000/svg}text")
    }


@pytest.mark.parametrize(("name", "scope", "shown"), [("", "", "variable"), ("s.", "s", "variable"), ("w", "a..b", "w")])
def test_what_is_empty_is_drawn_too(name, scope, shown):
    with ag.scope(scope):
        y = np.exp(variable(name=name)) * 2
    read = Read(y)
    assert read.text("n0") == f"{shown} scalar float64"
    assert "exp" in image.svg(read.source)


def test_a_frame_without_a_name():
    with ag.scope("a."):
        y = np.exp(variable(name="w")) * 2
    with ag.scope("a"):
        y = y * 2
    assert set(Read(y).frames()) == {"a", "\xa0"}


def test_a_long_name_is_shortened():
    assert Read(np.exp(variable(name="w" * 100))).text("n0") == f"{'w' * 39}… scalar float64"


def test_tooltips_say_the_line_of_the_listing_and_of_the_program():
    with ag.keep_values():
        y = np.exp(variable(name='"quoted" \\ name'))
    read = Read(y)
    assert read.nodes["n0"]["tooltip"] == r"""%0 = variable '\"quoted\" \\\\ name'  () float64""".replace(r"\"", '"')
    first, second = read.nodes["n1"]["tooltip"].split(r"\n")
    assert first == "%1 = exp(%0)  () float64"
    assert second.startswith(f"{__file__}:")


# ---------------------------------------------------------------- large graphs


def unrolled(steps):
    w, h = variable(2, name="w"), variable(2, name="h")
    for _ in range(steps):
        h = np.tanh(h * w)
    return h


def test_a_leaf_with_few_uses_is_drawn_once():
    assert [text for text in Read(unrolled(USES_OF_ONE)).texts() if text.startswith("w")] == ["w (2,) float64"]


def test_a_leaf_with_many_uses_is_drawn_at_each():
    read = Read(unrolled(USES_OF_ONE + 1))
    copies = [name for name in read.nodes if read.text(name).startswith("w")]
    assert len(copies) == USES_OF_ONE + 1
    assert {read.text(name) for name in copies} == {"w (2,) float64, 5 uses"}
    ends = read.ends()
    assert all(len([tail for tail, _ in ends if tail == name]) == 1 for name in copies)


def test_the_layout_of_a_large_graph_is_limited():
    assert "nslimit" in dot_text(Graph(unrolled(LARGE)))
    assert "nslimit" not in dot_text(Graph(unrolled(3)))


def test_a_gradient_with_its_own_graph():
    x = variable(name="x")
    y = np.sin(x) * x
    read = Read(y, ag.grad_of(y, x, create_graph=True))
    results = [read.text(name).split()[0] for name in read.nodes if read.ground(name) == LOOKS["result"].ground]
    assert results == ["multiply", "add"]


def test_the_same_graph_gives_the_same_text():
    y = perceptron()
    first = dot_text(Graph(y))
    y.backward()
    assert dot_text(Graph(y)) == first
