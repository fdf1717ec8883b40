"""Pictures of recorded graphs: ``ag.draw(loss)``.

``draw`` takes a snapshot (``autograd.graph``); ``dot_text`` writes it in the language DOT, in the colours of ``palette``,
with the scopes' frames of ``frames`` and names made safe by ``escapes``; ``image`` has it laid out and drawn.
"""

from functools import cached_property
from os import PathLike
from pathlib import Path

from autograd.drawing import image
from autograd.drawing.dot_text import dot_text
from autograd.graph import Graph
from autograd.tensors import Tensor

__all__ = ["Drawing", "draw"]

FORMATS = (".svg", ".png", ".pdf", ".dot", ".gv")


class Drawing:
    """A drawing of a graph: what ``draw`` returns. A notebook shows it; ``save`` writes it to a file.

    ``graph`` is the snapshot that it shows, ``source`` its text in DOT, ``svg`` its picture.
    """

    def __init__(self, graph: Graph, source: str) -> None:
        self.graph = graph
        self.source = source

    @cached_property
    def svg(self) -> str:
        """The picture as the text of an SVG file; it is laid out at the first request.

        Raises:
            RuntimeError: when no program to lay it out is found, or it fails.
        """
        return image.svg(self.source)

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the drawing to a file, in the format that the extension names; returns the path.

        Args:
            path: a file name with the extension ``.svg``, ``.png``, ``.pdf`` (needs Graphviz's own ``dot``), or ``.dot`` or
                ``.gv`` for the text in DOT. An existing file is replaced.

        Raises:
            ValueError: for another extension.
            RuntimeError: when no program to lay it out is found, it fails, or cannot write the format.
        """
        path = Path(path)
        extension = path.suffix.lower()
        if extension not in FORMATS:
            raise ValueError(
                f"save: expected a file name that ends in {', '.join(FORMATS[:-1])} or {FORMATS[-1]}, received {str(path)!r}"
            )
        if extension == ".svg":
            content = self.svg.encode()
        elif extension == ".png":
            content = image.png(self.source, self.svg)
        elif extension == ".pdf":
            content = image.pdf(self.source)
        else:
            content = self.source.encode()
        path.write_bytes(content)
        return path

    def _repr_svg_(self) -> str:
        picture = self.svg[self.svg.index("<svg") :]
        return picture.replace("<svg ", '<svg style="max-width: 100%; height: auto" ', 1)  # no wider than the notebook

    def __repr__(self) -> str:
        return f"<Drawing of {self.graph!r}>"


def draw(
    *tensors: Tensor | Graph,
    direction: str = "TB",
    constants: bool = True,
    values: bool = False,
    legend: bool = True,
    scopes: bool = True,
    max_nodes: int = 2000,
) -> Drawing:
    """Draw how tensors were computed: ops, parameters and inputs, their shapes and dtypes.

    Works before and after ``.backward()``, and on gradients that were computed with ``create_graph=True``. Next to an
    op's name stands what it was called with besides arrays, as in ``sum(axis=1)`` and in ``power(·, 2)``, where the dot stands
    for an array. Arrows are labelled with the inputs' names where their order matters. A parameter or constant
    that more than 4 ops use is drawn at each of them, with the number of its uses.

    Args:
        *tensors: the results to start from, one or several; or one ``Graph``.
        direction: ``"TB"``, from top to bottom, or ``"LR"``, from left to right.
        constants: draw arrays that require no gradient.
        values: show values, which were kept if the computation ran inside ``with ag.keep_values():``.
        legend: say below the drawing what the colours mean.
        scopes: frame what was recorded in the same ``ag.scope``.
        max_nodes: refuse to draw more nodes than this.

    Raises:
        TypeError: for something else than tensors.
        ValueError: for a tensor of which nothing was recorded; for more than ``max_nodes`` nodes; for another direction; for
            ``values=True`` when no value was kept.

    >>> x = ag.tensor([[1.0, 2.0]], requires_grad=True, name="x")
    >>> drawing = ag.draw(np.tanh(x).sum(axis=1))
    >>> drawing
    <Drawing of Graph(2 ops, 1 variable; result %2)>
    >>> drawing.save("graph.png")  # doctest: +SKIP
    """
    if direction not in ("TB", "LR"):
        raise ValueError(f"draw: expected direction 'TB' (top to bottom) or 'LR' (left to right), received {direction!r}")
    graph = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], Graph) else Graph(*tensors)  # type: ignore[arg-type]
    count = sum(constants or node.kind != "constant" for node in graph)
    if count > max_nodes:
        raise ValueError(
            f"draw: the graph has {count} nodes, more than max_nodes={max_nodes}; its picture would be slow to lay out and "
            "hard to read. Draw a part of it (an earlier tensor, fewer steps of a loop), pass constants=False, read it as "
            f"text with print(ag.Graph(tensor)), or raise max_nodes to {count}"
        )
    if values and all(node.value is None for node in graph):
        raise ValueError("draw(values=True): no value was kept; run the computation inside `with ag.keep_values():`")
    source = dot_text(graph, direction=direction, constants=constants, values=values, legend=legend, scopes=scopes)
    return Drawing(graph, source)
