"""``ag.draw`` and the drawing that it returns."""

import subprocess
import sys
import threading
import xml.etree.ElementTree as ElementTree

import matplotlib.image
import numpy as np
import pytest

import autograd as ag

SVG_TEXT = "{http://www.w3.org/2000/svg}text"


def loss():
    x = ag.tensor([[1.0, 2.0]], name="x")
    w = ag.tensor([[0.5], [-0.5]], requires_grad=True, name="w")
    with ag.scope("encoder"):
        h = np.tanh(x @ w)
    return (h**2).sum()


def words(svg):
    return [each.text.strip("\xa0 ") for each in ElementTree.fromstring(svg).iter(SVG_TEXT)]


def test_save_svg(tmp_path):
    path = ag.draw(loss()).save(tmp_path / "graph.svg")
    assert path == tmp_path / "graph.svg"
    assert {"x", "w", "matmul", "tanh", "power", "sum", "encoder", "result"} <= set(words(path.read_text()))


def test_save_png(tmp_path):
    path = ag.draw(loss()).save(str(tmp_path / "graph.PNG"))
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    height, width = matplotlib.image.imread(path, format="png").shape[:2]
    assert height > width > 300


@pytest.mark.parametrize("name", ["graph.dot", "graph.gv"])
def test_save_dot(tmp_path, name):
    drawing = ag.draw(loss())
    assert drawing.save(tmp_path / name).read_text(encoding="utf-8") == drawing.source
    assert drawing.source.startswith('digraph "graph" {')


@pytest.mark.parametrize("name", ["graph.jpg", "graph", "graph.svg.txt", ".svg"])
def test_an_unknown_extension_is_refused_and_nothing_written(tmp_path, name):
    with pytest.raises(ValueError, match=rf"ends in \.svg, \.png, \.pdf, \.dot or \.gv, received '.*{name}'"):
        ag.draw(loss()).save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_notebook_receives_the_svg_element_alone():
    drawing = ag.draw(loss())
    shown = drawing._repr_svg_()
    assert shown.startswith('<svg style="max-width: 100%; height: auto" ')
    assert words(shown) == words(drawing.svg)


def test_it_is_laid_out_once(monkeypatch):
    drawing = ag.draw(loss())
    first = drawing.svg
    monkeypatch.setattr("autograd.drawing.image.svg", lambda source: pytest.fail("laid out again"))
    assert drawing.svg is first


def test_repr_is_short():
    assert repr(ag.draw(loss())) == "<Drawing of Graph(4 ops, 1 variable, 1 constant; result %5)>"


def test_the_drawing_is_the_same_after_backward():
    y = loss()
    before = ag.draw(y).source
    y.backward()
    assert ag.draw(y).source == before


def test_a_snapshot_can_be_drawn_when_its_tensors_are_gone():
    graph = ag.Graph(loss())
    assert ag.draw(graph).graph is graph
    assert "tanh" in words(ag.draw(graph).svg)


def test_several_tensors():
    x = ag.tensor(2.0, requires_grad=True, name="x")
    y = np.sin(x)
    slope = ag.grad_of(y, x, create_graph=True)
    assert {"sin", "cos"} <= set(words(ag.draw(y, slope).svg))


def test_options_reach_the_drawing():
    y = loss()
    assert "rankdir=LR" in ag.draw(y, direction="LR").source
    assert "constant" not in words(ag.draw(y, constants=False).svg)
    assert "result" not in words(ag.draw(y, legend=False).svg)
    assert "encoder" not in words(ag.draw(y, scopes=False).svg)


def test_values():
    with ag.keep_values():
        y = loss()
    assert f"{y.item():.4g}" in words(ag.draw(y, values=True).svg)


REFUSED = {
    "another direction": ({"direction": "BT"}, ValueError, "expected direction 'TB'.*or 'LR'.*received 'BT'"),
    "too many nodes": ({"max_nodes": 5}, ValueError, r"has 6 nodes, more than max_nodes=5.*raise max_nodes to 6"),
    "values that were not kept": ({"values": True}, ValueError, "no value was kept.*ag.keep_values"),
}


@pytest.mark.parametrize(("options", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_bad_options(options, error, message):
    with pytest.raises(error, match=message):
        ag.draw(loss(), **options)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [((), TypeError), (([1.0],), TypeError), ((ag.tensor([1.0]),), ValueError), ((ag.tensor([1.0]).detach(),), ValueError)],
)
def test_what_has_no_graph_is_refused(arguments, error):
    with pytest.raises(error, match="Graph: expected"):
        ag.draw(*arguments)


def test_hidden_constants_do_not_count_as_nodes():
    assert "matmul" in ag.draw(loss(), constants=False, max_nodes=5).source


def test_what_is_too_large_is_refused_before_it_is_laid_out():
    y = ag.tensor(1.0, requires_grad=True)
    for _ in range(10_000):
        y = y * 0.999
    with pytest.raises(ValueError, match="10001 nodes"):
        ag.draw(y)


def test_threads_draw_at_the_same_time():
    found = []
    graphs = [loss(), np.exp(ag.tensor(1.0, requires_grad=True))] * 3
    threads = [threading.Thread(target=lambda y=y: found.append((y, ag.draw(y).svg))) for y in graphs]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 6
    assert all(svg == ag.draw(y).svg for y, svg in found)


def test_importing_autograd_imports_nothing_that_only_drawing_needs():
    code = "import sys, autograd; print({'graphviz', 'matplotlib', 'importlib.metadata'} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed == "set()\n"
