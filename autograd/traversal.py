"""The walk back through the graph: each node once, in reverse order of creation, its gradient rules, and the sums.

The rules run on raw arrays (inside ``vmap``: on ``Batched`` values); with ``create_graph`` the same text runs on tensors and is
recorded, so that what comes out can be differentiated again.

Note [sole owner]: a gradient that is handed out needs memory of its own, and rules may return an array that others hold
too (``add`` returns its cotangent itself). An array that owns its memory and to which nothing but the walk refers is handed
out as it is; any other is copied. An array that the walk itself made by adding up (``owned``) is sole too, until a hook
has seen it.
"""

import sys
from collections.abc import Collection
from typing import Any

import numpy as np

from autograd.batched import Level
from autograd.cotangents import check_continuous, run_hooks
from autograd.errors import FreedGraphError, GradientError, OverwrittenError
from autograd.gate import OUTPUT, output
from autograd.modes import thread
from autograd.node import Leaf, Node, newest_first
from autograd.ops.casting import astype, real
from autograd.ops.reductions.reduction import sum_to
from autograd.recomputation import recovered
from autograd.tensors import Tensor, wrap
from autograd.writes import latest_write, written_since


def walk(
    seeds: dict[Node, Any],
    wanted: Collection[Node] | None,
    create_graph: bool,
    retain_graph: bool,
    level: Level | None = None,
    ends: Collection[Node] = (),
) -> dict[Node, tuple[Any, bool]]:
    """Send the cotangents ``seeds`` back through the graph.

    Returns, for each node in ``wanted`` that they reach, the gradient and whether its memory is free to be handed out;
    ``wanted=None`` stands for all leaves and all tensors that retain their gradient. ``level`` is the ``vmap`` inside of which
    the graph was recorded. The pass goes no further than to ``ends``.
    """
    order = newest_first(seeds)
    leading = None if wanted is None else _leading_to(wanted, order)
    gradients = dict(seeds)
    seeds.clear()
    owned: set[Node] = set()  # nodes whose entry in ``gradients`` is an array that this walk made
    found: dict[Node, tuple[Any, bool]] = {}
    last_write = latest_write()
    recomputed: dict[Any, Any] = {}
    before = thread.mode
    thread.mode = recording = before.recording(create_graph, level)
    try:
        for node in order:
            g = gradients.pop(node, None)
            if g is None or (leading is not None and node not in leading):
                continue
            op, notes = node.op, node.notes
            if notes is not None and notes.hooks:
                g = run_hooks(node, g)
                owned.discard(node)  # the hooks may have kept what they saw, or returned what others hold
            if (op is None or (notes is not None and notes.retained_by is not None)) if wanted is None else node in wanted:
                contribution = None  # else it might be a second reference to g
                alone = node in owned or (type(g) is np.ndarray and g.base is None and sys.getrefcount(g) == _ALONE)
                found[node] = g, alone
            if op is None or (ends and node in ends):
                continue
            saved = node.saved
            if saved.__class__ is not tuple:
                saved = _recovered(node, recomputed)
            if node.tick < last_write and written_since(saved, node.tick):
                raise OverwrittenError(_overwritten(node))
            if create_graph:
                saved = _as_tensors(node, saved)
                thread.mode = recording if node.scope == recording.scope else recording.scoped(node.scope)
            inputs = node.inputs
            if op is OUTPUT:
                _to_parent(node, g, gradients)
            elif op.multiple:
                g = tuple(g)
            for position, rule, where, joint in node.plan.calls:  # type: ignore[union-attr]
                if leading is not None and not joint and inputs[position] not in leading:
                    continue
                try:
                    contribution = rule(g, *saved[where])
                except Exception as error:
                    error.add_note(_in_rule(node, position))
                    raise
                if joint:
                    _spread(node, position, contribution, gradients, owned, leading)
                    continue
                source = inputs[position]
                try:
                    if contribution.shape != source.shape or contribution.dtype is not source.dtype:
                        contribution = conform(contribution, source, node, position)
                except AttributeError:
                    contribution = conform(contribution, source, node, position)
                earlier = gradients.get(source)
                if earlier is None:
                    gradients[source] = contribution
                elif source in owned and type(contribution) is np.ndarray:
                    np.add(earlier, contribution, out=earlier)
                else:
                    gradients[source] = earlier = earlier + contribution
                    if type(earlier) is np.ndarray:
                        owned.add(source)
                    else:
                        owned.discard(source)
            if not retain_graph:
                node.saved = None
    finally:
        thread.mode = before
    return found


def arguments_of(node: Node, recomputed: dict[Any, Any], create_graph: bool) -> tuple[Any, ...]:
    """What a node's gradient rules are called with besides the cotangent; for a recorded pass as recorded tensors.

    ``recomputed`` is one dictionary for the whole pass: see ``_recovered``.
    """
    saved = node.saved
    if saved.__class__ is not tuple:
        saved = _recovered(node, recomputed)
    assert saved is not None
    if node.tick < latest_write() and written_since(saved, node.tick):
        raise OverwrittenError(_overwritten(node))
    return _as_tensors(node, saved) if create_graph else saved


def _recovered(node: Node, recomputed: dict[Any, Any]) -> tuple[Any, ...]:
    """What a node had saved, computed once more where it is inside a checkpoint.

    ``recomputed`` keeps for the rest of the pass what a checkpoint's nodes had saved, as all of it is computed at once.
    """
    if node.saved is None:
        raise FreedGraphError(
            f"backward already went through op {node.name!r} and freed what it had saved. To go back through the same "
            "graph twice, pass retain_graph=True to the first backward; else compute the forward pass again."
        )
    return recovered(node.saved, recomputed)


def conform(g: Any, source: Node, node: Node, position: int) -> Any:
    """A rule's result in the shape and dtype of the input it belongs to.

    What an elementwise op broadcast is summed up again; the result is cast to the input's dtype, a complex one to a real input
    by its real part. Any other shape is an error in the rule.
    """
    op = node.op
    assert op is not None
    check_continuous(source)
    if g is None:
        raise GradientError(
            f"the gradient rule of op {op.name!r} for its input {op.input_name(position)!r} returned None; "
            "return the gradient (zeros_like(...) for zero), or declare the rule itself as None"
        )
    if not isinstance(g, Tensor | np.ndarray | np.generic):
        g = np.asarray(g)[()]
    if g.shape != source.shape:
        expected = tuple(source.shape)
        if not op.elementwise or not _broadcasts(expected, g.shape):
            raise GradientError(
                f"the gradient rule of op {op.name!r} for its input {op.input_name(position)!r} returned the wrong shape: "
                f"expected {expected}, the shape of the input; received {g.shape}{_scope(node)}"
            )
        g = sum_to(g, shape=expected)
    if g.dtype != source.dtype:
        if g.dtype.kind == "c" and source.dtype.kind == "f":
            g = real(g)
        if g.dtype != source.dtype:
            g = astype(g, dtype=source.dtype)
    return g


def _spread(
    node: Node, first: int, results: Any, gradients: dict[Node, Any], owned: set[Node], leading: set[Node] | None
) -> None:
    """Add up what a joint rule returned: one result for each input from position ``first`` on."""
    expected = len(node.inputs) - first
    if not isinstance(results, tuple | list) or len(results) != expected:
        raise GradientError(
            f"the joint gradient rule of op {node.name!r}: expected a sequence of {expected} gradients, one per input, "
            f"received {len(results) if isinstance(results, tuple | list) else type(results).__name__}"
        )
    for position, contribution in enumerate(results, first):
        source = node.inputs[position]
        if not isinstance(source, Node) or not source.requires_grad or (leading is not None and source not in leading):
            continue
        try:
            if contribution.shape != source.shape or contribution.dtype is not source.dtype:
                contribution = conform(contribution, source, node, position)
        except AttributeError:
            contribution = conform(contribution, source, node, position)
        if source in gradients:
            contribution = gradients[source] + contribution
            owned.discard(source)
        gradients[source] = contribution


def _to_parent(node: Node, g: Any, gradients: dict[Node, Any]) -> None:
    """Put the cotangent of one output in its place among those of an op with several; unused ones stay ``None``."""
    parent, index = node.inputs[0], node.statics["place"]
    slots = gradients.setdefault(parent, [None] * len(parent.shape))
    slots[index] = g if slots[index] is None else slots[index] + g


def _leading_to(wanted: Collection[Node], order: list[Node]) -> set[Node]:
    """The nodes in ``order`` from which a wanted node can be reached."""
    leading = set(wanted)
    for node in reversed(order):
        if not leading.isdisjoint([each for each in node.inputs if isinstance(each, Node)]):
            leading.add(node)
    return leading


def _as_tensors(node: Node, saved: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments of a node's rules as recorded tensors, for a pass that is recorded itself."""
    assert node.plan is not None
    return tuple([_as_tensor(node, source, value) for source, value in zip(node.plan.sources, saved, strict=True)])


def _as_tensor(node: Node, source: Any, value: Any) -> Any:
    kind, position = source
    if kind == "constant":
        return value
    if kind == "out":
        if node.op is not None and node.op.multiple:
            return tuple([output(node, index, each) for index, each in enumerate(value)])
        return wrap(value, node)
    if kind == "variadic":
        return tuple([_on_node(each, node.inputs[i]) for i, each in enumerate(value, position)])
    return _on_node(value, node.inputs[position])


def _on_node(value: Any, node: Any) -> Any:
    if not isinstance(node, Node):
        return value
    if node.requires_grad:
        return wrap(value, node)
    tensor = wrap(value)
    if isinstance(node, Leaf):
        tensor._constant = node
    return tensor


def _count_of_a_sole_reference() -> int:
    array = np.empty(1)
    return sys.getrefcount(array)


_ALONE = _count_of_a_sole_reference()  # 2 on most versions of CPython; see Note [sole owner]


def _broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, to) == tuple(to)
    except ValueError:
        return False


def _scope(node: Node) -> str:
    return f" (in module {node.scope})" if node.scope else ""


def _in_rule(node: Node, position: int) -> str:
    assert node.op is not None
    return f"raised by the gradient rule of op {node.op.name!r} for its input {node.op.input_name(position)!r}{_scope(node)}"


def _overwritten(node: Node) -> str:
    names = [f"{each.name!r}" for each in node.inputs if isinstance(each, Leaf) and each.name]
    return (
        f"op {node.name!r}{_scope(node)} saved an array for its gradient rule, and the array was written to since"
        f"{' (inputs: ' + ', '.join(names) + ')' if names else ''}. Its gradient would be wrong. Call backward before "
        "writing (as an optimizer's step does), or give the op a copy."
    )
