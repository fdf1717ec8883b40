"""Tangents pushed forward through a recorded graph: what ``jvp`` and ``linearize`` are made of.

No op has a rule for this direction; each node's tangent comes from what is there already:

- a linear op is applied to the tangents themselves;
- an elementwise op's derivative is diagonal, so its gradient rule, which multiplies by it, serves in both directions;
- for the rest, the gradient rule is linear in the cotangent: it is recorded for a cotangent that is a variable, and the
  transpose of *that* map, which a walk back gives, is the derivative itself.

As in a backward pass, this runs on raw values; with ``create_graph`` the same text runs on tensors and is recorded.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.batched import Level, is_tensor, lifted
from autograd.gate import OUTPUT
from autograd.modes import recorded_at, thread
from autograd.node import Node, newest_first
from autograd.ops.casting import astype, real
from autograd.record import Call
from autograd.tensors import wrap
from autograd.traversal import arguments_of, conform, walk


def pushforward(
    tangents: dict[Node, Any], outputs: Sequence[Node | None], level: Level | None, create_graph: bool
) -> list[Any]:
    """The tangent of each output node, ``None`` where it depends on none of the nodes that ``tangents`` starts with.

    ``level`` is the ``vmap`` inside of which the graph was recorded.
    """
    known = dict(tangents)
    recomputed: dict[Any, Any] = {}
    order = newest_first([each for each in outputs if each is not None])
    used: dict[Node, set[int]] = {}  # of ops with several outputs, which of them
    for node in order:
        if node.op is OUTPUT:
            used.setdefault(node.inputs[0], set()).add(node.statics["place"])
    before = thread.mode
    thread.mode = mode = before.recording(create_graph, level)
    try:
        for node in reversed(order):
            if node in known or node.op is None:
                continue
            given: list[Any] = [known.get(each) if isinstance(each, Node) else None for each in node.inputs]
            if all([each is None for each in given]):
                continue
            if create_graph:
                thread.mode = mode.scoped(node.scope)
            if node.op is OUTPUT:
                known[node] = given[0][node.statics["place"]]
            else:
                saved = arguments_of(node, recomputed, create_graph)
                known[node] = _through(node, given, saved, used.get(node), level, create_graph)
    finally:
        thread.mode = before
    return [None if each is None else known.get(each) for each in outputs]


def _through(
    node: Node, given: list[Any], saved: Sequence[Any], used: set[int] | None, level: Level | None, create_graph: bool
) -> Any:
    """The tangent of what a node made, of the tangents of its inputs.

    ``saved`` is what its rules are called with; ``used`` the places of the outputs that are used, where there are several.
    """
    op = node.op
    assert op is not None
    assert node.plan is not None
    if op.linear and not op.multiple and (inputs := _tangent_inputs(node, given, saved)) is not None:
        return _like_output(op.call(*inputs, **node.statics), node)
    calls = [each for each in node.plan.calls if each.joint or given[each.position] is not None]
    if op.elementwise and not op.multiple and _is_real(node, given) and not any([each.joint for each in calls]):
        t = _diagonal(node, calls, given, saved)
        if t is not None:
            return t
    return _transposed_twice(node, calls, given, saved, used, level, create_graph)


def _is_real(node: Node, given: Sequence[Any]) -> bool:
    # of complex numbers a rule may conjugate, and then it is not its own transpose
    return node.dtype.kind == "f" and all([each is None or each.dtype.kind == "f" for each in given])


def _like_output(t: Any, node: Node) -> Any:
    """A tangent in the dtype of what the node made."""
    if t.dtype != node.dtype:
        if t.dtype.kind == "c" and node.dtype.kind == "f":
            t = real(t)
        t = t if t.dtype == node.dtype else astype(t, dtype=node.dtype)
    return t


def _tangent_inputs(node: Node, given: Sequence[Any], saved: Sequence[Any]) -> list[Any] | None:
    """The inputs for a linear op: tangents, zeros for what has none, and what is not differentiated as it was.

    ``None`` where the latter is needed and was not saved.
    """
    op = node.op
    assert op is not None
    assert node.plan is not None
    values = {}
    for (kind, position), value in zip(node.plan.sources, saved, strict=True):
        if kind == "input":
            values[position] = value
        elif kind == "variadic":
            values.update(enumerate(value, position))
    inputs: list[Any] = []
    for position, (source, tangent) in enumerate(zip(node.inputs, given, strict=True)):
        name = op.inputs[position] if position < len(op.inputs) else op.variadic
        if tangent is not None:
            inputs.append(tangent)
        elif op.joint_rule is None and op.rules.get(str(name)) is None:  # an index, a mask
            if isinstance(source, Node) and position not in values:
                return None
            inputs.append(values.get(position, source))
        elif isinstance(source, Node):
            inputs.append(np.zeros(source.shape, source.dtype)[()])
        else:
            inputs.append(source if source is None else 0.0)
    return inputs


def _diagonal(node: Node, calls: Sequence[Call], given: Sequence[Any], saved: Sequence[Any]) -> Any:
    """An elementwise op: the sum over its inputs of tangent times derivative.

    ``None`` where a rule sums to its input's shape itself, and so is not diagonal.
    """
    total = None
    for position, rule, where, _ in calls:
        t = given[position]
        t = t if t.shape == node.shape else np.broadcast_to(t, node.shape)
        part = rule(t, *saved[where])
        if part.shape != node.shape:
            return None
        total = part if total is None else total + part
    if total is None:  # nothing flows, as to the condition of ``where``
        return np.zeros(node.shape, node.dtype)[()]
    return _like_output(total, node)


def _transposed_twice(
    node: Node,
    calls: Sequence[Call],
    given: Sequence[Any],
    saved: Sequence[Any],
    used: set[int] | None,
    level: Level | None,
    create_graph: bool,
) -> Any:
    """The transpose of the op's gradient rule, which is linear in the cotangent; unused outputs have none, as in a pass back.

    The rule is recorded as if only the levels were running that the graph was recorded in, so that the functions of functions
    that a rule may use find their variables there; the tangents may be of levels further in.
    """
    several = node.op is not None and node.op.multiple
    shapes, dtypes = (node.shape, node.dtype) if several else ((node.shape,), (node.dtype,))
    cotangents = [
        _ones(shape, dtype, level).requires_grad_() if dtype.kind in "fc" and (used is None or place in used) else None
        for place, (shape, dtype) in enumerate(zip(shapes, dtypes, strict=True))
    ]
    flows: list[tuple[Node, Any]] = []
    with recorded_at(level):
        for position, rule, where, joint in calls:
            made = rule(tuple(cotangents) if several else cotangents[0], *saved[where])
            for i, part in enumerate(made, position) if joint else ((position, made),):
                if given[i] is None or part is None:
                    continue
                part = conform(part, node.inputs[i], node, i)
                if is_tensor(part) and part.requires_grad:  # else it does not depend on the cotangent
                    flows.append((part.node, given[i]))
    seeds: dict[Node, Any] = {}
    for source, tangent in flows:  # added out here, since tangents may be of levels further in
        seeds[source] = tangent if source not in seeds else seeds[source] + tangent
    wanted = [each.node for each in cotangents if each is not None]
    found = walk(seeds, wanted, create_graph, create_graph, level) if seeds else {}
    tangents = [
        found[each.node][0] if each is not None and each.node in found else np.zeros(shape, dtype)[()]
        for each, shape, dtype in zip(cotangents, shapes, dtypes, strict=True)
    ]
    return tuple(tangents) if several else tangents[0]


def _ones(shape: Any, dtype: Any, level: Level | None) -> Any:
    ones = np.ones(shape, dtype)[()]
    return wrap(ones if level is None else lifted(ones, level))
