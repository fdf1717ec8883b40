"""Graph: the snapshot of what was recorded, and its listing."""

import gc
import subprocess
import sys
import threading
import weakref

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.graph import PRINTED, Edge, Graph, Output


def variable(*shape, name=None):
    return ag.tensor(np.ones(shape), requires_grad=True, name=name)


def listing(*tensors):
    return str(Graph(*tensors)).splitlines()


# ---------------------------------------------------------------- what it lists


def scalars():
    a, b = variable(name="a"), variable(name="b")
    return np.exp(a * b) + (a - b) ** 2 / 3.0


def scoped():
    x, w = (
        ag.tensor(np.ones((5, 3)), dtype="float32", name="x"),
        ag.tensor(np.ones((3, 4)), dtype="float32", requires_grad=True),
    )
    with ag.scope("encoder"), ag.scope("attention"):
        return np.tanh(x @ w)


def several_outputs():
    first, _, third = np.split(variable(2, 3, name="z"), 3, axis=1)
    return first * third


def indexed():
    return variable(4, 5, name="x")[1:, None, ::-2, ...][np.array([0, 2])]


LISTINGS = {
    "scalars": (
        scalars,
        """\
        %0 = variable 'a'  () float64
        %1 = variable 'b'  () float64
        %2 = multiply(%0, %1)  () float64
        %3 = exp(%2)  () float64
        %4 = subtract(%0, %1)  () float64
        %5 = power(%4, 2)  () float64
        %6 = divide(%5, 3.0)  () float64
        %7 = add(%3, %6)  () float64
        result %7""",
    ),
    "scopes and dtypes": (
        scoped,
        """\
        %0 = constant 'x'  (5, 3) float32
        %1 = variable  (3, 4) float32
        %2 = matmul(%0, %1)  (5, 4) float32  in encoder.attention
        %3 = tanh(%2)  (5, 4) float32  in encoder.attention
        result %3""",
    ),
    "several outputs": (
        several_outputs,
        """\
        %0 = variable 'z'  (2, 3) float64
        %1 = split(%0, lengths=(1, 1, 1), axis=1)  ((2, 1) float64, (2, 1) float64, (2, 1) float64)
        %2 = multiply(%1[0], %1[2])  (2, 1) float64
        result %2""",
    ),
    "an index": (
        indexed,
        """\
        %0 = variable 'x'  (4, 5) float64
        %1 = getitem(%0, [1:, None, ::-2, ...])  (3, 1, 3) float64
        %2 = constant  (2,) int64
        %3 = getitem(%1, %2, [array])  (2, 1, 3) float64
        result %3""",
    ),
    "statics that say something": (
        lambda: np.reshape(variable(2, 3).sum(axis=-1, keepdims=True), (2,)),
        """\
        %0 = variable  (2, 3) float64
        %1 = sum(%0, axis=1, keepdims=True)  (2, 1) float64
        %2 = reshape(%1)  (2,) float64
        result %2""",
    ),
    "a dtype": (
        lambda: variable(2).astype(np.float32),
        """\
        %0 = variable  (2,) float64
        %1 = astype(%0)  (2,) float32
        result %1""",
    ),
}


@pytest.mark.parametrize(("make", "expected"), LISTINGS.values(), ids=LISTINGS)
def test_listing(make, expected):
    assert listing(make()) == [line.strip() for line in expected.splitlines()]


def test_a_name_with_a_line_end_stays_on_one_line():
    with ag.scope("two\nlines"):
        y = np.exp(variable(name="a\nb"))
    assert listing(y) == [r"%0 = variable 'a\nb'  () float64", r"%1 = exp(%0)  () float64  in two\nlines", "result %1"]


def test_a_long_listing_leaves_out_its_middle():
    y = variable()
    for _ in range(99):
        y = np.sin(y)
    lines = listing(y)
    assert len(lines) == PRINTED + 2
    assert lines[29:32] == [
        "%29 = sin(%28)  () float64",
        "... 40 more nodes, %30 to %69 ...",
        "%70 = sin(%69)  () float64",
    ]
    assert lines[-2:] == ["%99 = sin(%98)  () float64", "result %99"]


def test_a_listing_of_exactly_the_printed_length_is_whole():
    y = variable()
    for _ in range(PRINTED - 1):
        y = np.sin(y)
    assert len(listing(y)) == PRINTED + 1
    assert not [line for line in listing(y) if "more nodes" in line]


def test_repr_counts_the_kinds():
    assert repr(Graph(scoped())) == "Graph(2 ops, 1 variable, 1 constant; result %3)"


# ---------------------------------------------------------------- what it holds


def test_length_iteration_and_ids():
    graph = Graph(scalars())
    assert len(graph) == 8
    assert [node.id for node in graph] == list(range(8))
    assert graph[3].name == "exp"


def test_each_node_comes_after_its_inputs():
    graph = Graph(scalars(), several_outputs())
    assert all(edge.source < edge.target for edge in graph.edges())


def test_edges_name_positions_and_outputs():
    graph = Graph(several_outputs())
    assert list(graph.edges()) == [
        Edge(source=0, place=None, target=1, position=0),
        Edge(source=1, place=0, target=2, position=0),
        Edge(source=1, place=2, target=2, position=1),
    ]


def test_inputs_are_ids_outputs_and_texts_of_literals():
    x = variable(3)
    graph = Graph(np.clip(x, None, 0.5))
    assert graph[1].inputs == (0, "None", "0.5")
    assert graph[1].parameters == ("x", "min", "max")
    assert Graph(several_outputs())[2].inputs == (Output(1, 0), Output(1, 2))


def test_a_variadic_input_is_named_by_its_place():
    x = variable(2)
    graph = Graph(np.concatenate([x, np.zeros(1), x]))
    assert graph[graph.results[0]].parameters == ("arrays[0]", "arrays[1]", "arrays[2]")


def test_statics_are_whole_and_read_only():
    node = Graph(variable(2, 3).sum(axis=0))[1]
    assert dict(node.statics) == {"axis": (0,), "keepdims": False}
    with pytest.raises(TypeError):
        node.statics["axis"] = None


def test_several_outputs_have_a_tuple_of_shapes():
    node = Graph(several_outputs())[1]
    assert node.multiple
    assert node.shape == ((2, 1),) * 3
    assert node.dtype == (np.dtype("float64"),) * 3


def test_results_of_several_tensors():
    x = variable(2, 4)
    first, second = np.split(x, 2, axis=1)
    total = second.sum()
    graph = Graph(total, first, x, total)
    assert graph.results == (2, Output(1, 0), 0)
    assert str(graph).endswith("results %2, %1[0], %0")


def test_kinds_of_leaves():
    weight, x = nn.Parameter(np.ones(3), name="w"), variable(3, name="x")
    graph = Graph((weight * x * np.ones(3)).sum())
    assert {node.name: node.kind for node in graph if node.kind != "op"} == {
        "w": "parameter",
        "x": "variable",
        None: "constant",
    }


def test_a_leaf_whose_tensor_is_gone_is_a_variable():
    y = nn.Parameter(np.ones(2), name="w") * 2
    assert str(Graph(y)[0]) == "%0 = variable 'w'  (2,) float64"


def test_structure_stays_after_backward():
    loss = scalars()
    before = str(Graph(loss))
    loss.backward()
    assert str(Graph(loss)) == before


def test_a_recorded_gradient():
    x = variable(name="x")
    slope = ag.grad_of(np.sin(x), x, create_graph=True)
    assert "cos" in [node.name for node in Graph(slope)]


def test_values_and_lines_are_there_where_they_were_kept():
    x = variable(2)
    with ag.keep_values():
        first, _ = np.split(x * 3, 2)
    y = first + 1
    nodes = {node.name: node for node in Graph(y) if node.kind == "op"}
    np.testing.assert_array_equal(nodes["multiply"].value, [3, 3])
    np.testing.assert_array_equal(nodes["split"].value, [[3], [3]])
    assert nodes["multiply"].source[0] == __file__
    assert nodes["add"].value is None
    assert nodes["add"].source is None


def test_it_keeps_no_node_alive():
    loss = scalars()
    node = weakref.ref(loss.node)
    graph = Graph(loss)
    gc.disable()
    try:
        del loss
        assert node() is None
    finally:
        gc.enable()
    assert len(graph) == 8


# ---------------------------------------------------------------- what it refuses

REFUSED = {
    "nothing": (lambda: Graph(), TypeError, "expected at least one tensor, received none"),
    "a list": (lambda: Graph([variable()]), TypeError, "received list at position 0; write a star before"),
    "an array": (lambda: Graph(variable() * 1, np.ones(2)), TypeError, "received ndarray at position 1$"),
    "a plain tensor": (
        lambda: Graph(ag.tensor([1.0, 2.0])),
        ValueError,
        r"shape \(2,\), float64\).*requires_grad=True.*create_graph",
    ),
}


@pytest.mark.parametrize(("call", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()


# ---------------------------------------------------------------- threads and size


def test_threads_take_snapshots_while_others_record_and_go_back():
    x = variable(name="x")
    shared = x
    for _ in range(300):
        shared = np.sin(shared) * 0.5
    expected = str(Graph(shared))
    found, errors = [], []
    start = threading.Barrier(4)

    def work(task):
        start.wait()
        try:
            for _ in range(10):
                task()
        except Exception as error:
            errors.append(error)

    tasks = [
        lambda: found.append(str(Graph(shared))),
        lambda: found.append(str(Graph(shared))),
        lambda: np.exp(shared * x),
        lambda: shared.backward(retain_graph=True, inputs=[x]),
    ]
    threads = [threading.Thread(target=work, args=[task]) for task in tasks]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not errors
    assert len(found) == 20
    assert set(found) == {expected}


MILLION = """
import resource, tracemalloc
import autograd as ag
from autograd.graph import Graph

x, c = ag.tensor(1.0, requires_grad=True), ag.tensor(0.5)
y = x
for _ in range(500_000):
    y = y * 0.999 + c
y.backward()
graph = Graph(y)
print(len(graph), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
del graph
tracemalloc.start()
graph = Graph(y)
print(tracemalloc.get_traced_memory()[0] / len(graph))
print(len(str(graph).splitlines()), repr(graph))
del y, graph
"""


@pytest.mark.slow
def test_a_chain_of_a_million_ops():
    printed = subprocess.run([sys.executable, "-c", MILLION], capture_output=True, text=True, check=True).stdout.splitlines()
    nodes, peak = map(int, printed[0].split())
    assert nodes == 1_000_002
    assert peak < 1.2e9
    assert float(printed[1]) < 250
    assert printed[2] == f"{PRINTED + 2} Graph(1000000 ops, 1 variable, 1 constant; result %1000001)"
