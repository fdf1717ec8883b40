"""Backward passes: ``Tensor.backward`` accumulates gradients in ``.grad``, ``grad_of`` returns them.

Read ``walk``. It visits the nodes in reverse order of creation, each once, calls the gradient rules that its inputs need,
and adds up what arrives at each node. The rules run on raw arrays; with ``create_graph`` the same text runs on tensors and
is recorded, so that what comes out can be differentiated again.

Note [conjugation]: rules are plain transposes of the linear maps they differentiate, without conjugation. For a real loss L and
a complex z = x + iy they carry dL/dx - i dL/dy. What leaves the engine (``.grad``, results, what hooks see) is its
conjugate dL/dx + i dL/dy, the direction of steepest ascent, which is PyTorch's convention; cotangents that enter
are conjugated likewise.

Note [sole owner]: a gradient that is handed out needs memory of its own, and rules may return an array that others hold
too (``add`` returns its cotangent itself). An array that owns its memory and to which nothing but the walk refers is handed
out as it is; any other is copied. An array that the walk itself made by adding up (``owned``) is sole too, until a hook
has seen it.
"""

import sys
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from autograd.errors import FreedGraphError, GradientError, OverwrittenError
from autograd.gate import OUTPUT, output
from autograd.modes import Mode, enable_grad, thread
from autograd.node import Leaf, Node, newest_first
from autograd.ops.arithmetic import add
from autograd.ops.casting import astype, conj, copy_of, real
from autograd.ops.reduction import sum_to
from autograd.record import shape_of
from autograd.tensors import Tensor, wrap
from autograd.writes import latest_write, stamp, written_since


def backward(
    tensor: Tensor,
    gradient: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Tensor | Sequence[Tensor] | None = None,
) -> None:
    """Add to each leaf's ``.grad`` the gradient of this tensor with respect to the leaf.

    For ``gradient`` v and this tensor y, a leaf x receives the sum over i of v_i dy_i/dx.

    Args:
        gradient: the cotangent v, in this tensor's shape; may be left out where it has one element.
        retain_graph: keep the saved arrays for another pass; by default only with ``create_graph``.
        create_graph: record the pass itself, so that gradients can be differentiated again.
        inputs: accumulate into these tensors only; other branches are skipped.

    Raises:
        GradientError: for a tensor of several elements without ``gradient``, or one that requires no gradient.
        FreedGraphError: when an earlier pass freed what this one needs.
        OverwrittenError: when an array that a rule saved was written to since.

    >>> import autograd as ag
    >>> w = ag.tensor([1.0, -2.0], requires_grad=True)
    >>> (w ** 2).sum().backward()
    >>> w.grad
    Tensor([ 2., -4.], dtype=float64)
    """
    seeds = {_recorded_node(tensor, "backward"): _seed(tensor, gradient, create_graph, "backward", "gradient=")}
    receivers = None
    if inputs is not None:
        inputs = [inputs] if isinstance(inputs, Tensor) else list(inputs)
        if not inputs:
            raise ValueError("backward(inputs=...): expected at least one tensor, received none; leave it out for all leaves")
        receivers = {_wanted_node(each, f"backward(inputs=...)[{i}]"): each for i, each in enumerate(inputs)}
    found = walk(seeds, receivers, create_graph, create_graph if retain_graph is None else retain_graph)
    for node, (g, alone) in found.items():
        receiver = receivers[node] if receivers is not None else _receiver(node)
        if receiver is not None:
            _accumulate(receiver, g, alone)


def grad_of(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    cotangents: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> Any:
    """Gradients of recorded tensors with respect to recorded tensors; no ``.grad`` is touched.

    For outputs y_k with cotangents v_k, each input x gives the sum over k and i of v_ki dy_ki/dx.

    Args:
        outputs: a tensor or several.
        inputs: a tensor or several; intermediate results are allowed.
        cotangents: one per output, in its shape; ``None`` (as a whole or for one) where the output has one element.
        retain_graph: keep the saved arrays for another pass; by default only with ``create_graph``.
        create_graph: record the pass itself, so that the results can be differentiated again.
        allow_unused: give ``None`` for an input that the outputs do not depend on, instead of raising.

    Returns:
        One tensor in the shape and dtype of each input: a tensor for a tensor, a tuple for a sequence.

    Raises:
        GradientError: when an input requires no gradient or is unused, or as ``backward`` does.

    >>> import autograd as ag
    >>> x = ag.tensor(3.0, requires_grad=True)
    >>> slope = ag.grad_of(x ** 3, x, create_graph=True)
    >>> slope, ag.grad_of(slope, x)
    (Tensor(27.0, dtype=float64, op=multiply), Tensor(18.0, dtype=float64))
    """
    several = [outputs] if isinstance(outputs, Tensor) else list(outputs)
    if cotangents is None:
        cotangents = [None] * len(several)
    elif isinstance(outputs, Tensor):
        cotangents = [cotangents]
    if len(cotangents) != len(several):
        raise ValueError(f"grad_of: expected one cotangent per output, received {len(cotangents)} for {len(several)}")
    seeds: dict[Node, Any] = {}
    for i, (each, cotangent) in enumerate(zip(several, cotangents, strict=True)):
        node = _recorded_node(each, f"grad_of(outputs)[{i}]")
        seed = _seed(each, cotangent, create_graph, f"grad_of(outputs)[{i}]", "cotangents=")
        seeds[node] = add(seeds[node], seed) if node in seeds else seed
    wanted = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    nodes = [_wanted_node(each, f"grad_of(inputs)[{i}]") for i, each in enumerate(wanted)]
    found = walk(seeds, dict.fromkeys(nodes), create_graph, create_graph if retain_graph is None else retain_graph)
    results: list[Tensor | None] = []
    for i, node in enumerate(nodes):
        if node in found:
            g, alone = found[node]
            results.append(_as_result(g, alone and nodes.count(node) == 1))
        elif allow_unused:
            results.append(None)
        else:
            raise GradientError(
                f"grad_of(inputs)[{i}] (shape {node.shape}) was not used to compute the outputs; "
                "pass allow_unused=True to receive None for it"
            )
    return results[0] if isinstance(inputs, Tensor) else tuple(results)


def walk(
    seeds: dict[Node, Any], wanted: Collection[Node] | None, create_graph: bool, retain_graph: bool
) -> dict[Node, tuple[Any, bool]]:
    """Send the cotangents ``seeds`` back through the graph.

    Returns, for each node in ``wanted`` that they reach, the gradient and whether its memory is free to be handed out;
    ``wanted=None`` stands for all leaves and all tensors that retain their gradient.
    """
    order = newest_first(seeds)
    leading = None if wanted is None else _leading_to(wanted, order)
    gradients = dict(seeds)
    seeds.clear()
    owned: set[Node] = set()  # nodes whose entry in ``gradients`` is an array that this walk made
    found: dict[Node, tuple[Any, bool]] = {}
    last_write = latest_write()
    before = thread.mode
    thread.mode = Mode(create_graph, before.keep_values, before.scope)
    try:
        for node in order:
            g = gradients.pop(node, None)
            if g is None or (leading is not None and node not in leading):
                continue
            if node.notes is not None and node.notes.hooks:
                g = _run_hooks(node, g)
                owned.discard(node)  # the hooks may have kept what they saw, or returned what others hold
            if (
                node in wanted
                if wanted is not None
                else (node.op is None or (node.notes is not None and node.notes.retained_by is not None))
            ):
                contribution = None  # else it might be a second reference to g
                alone = node in owned or (type(g) is np.ndarray and g.base is None and sys.getrefcount(g) == _ALONE)
                found[node] = g, alone
            if node.op is None:
                continue
            saved = node.saved
            if saved is None:
                raise FreedGraphError(
                    f"backward already went through op {node.name!r} and freed what it had saved. To go back through the same "
                    "graph twice, pass retain_graph=True to the first backward; else compute the forward pass again."
                )
            if node.tick < last_write and written_since(saved, node.tick):
                raise OverwrittenError(_overwritten(node))
            if create_graph:
                saved = _as_tensors(node, saved)
                thread.mode = Mode(True, before.keep_values, node.scope)
            inputs = node.inputs
            if node.op is OUTPUT:
                _to_parent(node, g, gradients)
            elif node.op.multiple:
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
                elif source in owned:
                    np.add(earlier, contribution, out=earlier)
                else:
                    gradients[source] = earlier = earlier + contribution
                    if type(earlier) is np.ndarray:
                        owned.add(source)
            if not retain_graph:
                node.saved = None
    finally:
        thread.mode = before
    return found


def conform(g: Any, source: Node, node: Node, position: int) -> Any:
    """A rule's result in the shape and dtype of the input it belongs to.

    What an elementwise op broadcast is summed up again; the result is cast to the input's dtype, a complex one to a real input
    by its real part. Any other shape is an error in the rule.
    """
    op = node.op
    assert op is not None
    _check_continuous(source)
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


def _run_hooks(node: Node, g: Any) -> Any:
    assert node.notes is not None
    for hook in tuple(node.notes.hooks.values()):
        left = _leaving(g)
        replacement = hook(_of_its_own(left) if isinstance(left, Tensor) else wrap(_read_only(left)))
        if replacement is not None:
            if shape_of_any(replacement) != node.shape:
                raise GradientError(
                    f"a hook on {node!r} returned the wrong shape: expected {node.shape}, received {shape_of_any(replacement)}"
                )
            g = _entering(replacement, node.dtype, isinstance(g, Tensor))
    return g


# ---------------------------------------------------------------- what enters and what leaves


def _seed(tensor: Tensor, cotangent: Any, create_graph: bool, where: str, argument: str) -> Any:
    if cotangent is None:
        if tensor.size != 1:
            raise GradientError(
                f"{where}: expected a tensor of one element, received shape {tensor.shape}. A gradient belongs to one number: "
                f"reduce first, as in loss.sum() or loss.mean(); pass {argument} (a cotangent in the same shape) for a "
                "vector-Jacobian product; call it once per element for rows of the Jacobian."
            )
        if tensor.dtype.kind == "c":
            raise GradientError(
                f"{where}: expected a real result, received {tensor.dtype}. A complex number has no direction of steepest "
                f"ascent: take ag.real(t) or ag.abs(t), or pass {argument}"
            )
        seed: Any = np.ones(tensor.shape, tensor.dtype)[()]
        return wrap(seed) if create_graph else seed
    if shape_of_any(cotangent) != tensor.shape:
        raise ValueError(
            f"{where}, {argument}: expected the shape of the tensor, {tensor.shape}, received {shape_of_any(cotangent)}; "
            "broadcast it first, as with np.broadcast_to"
        )
    return _entering(cotangent, tensor.dtype, create_graph)


def _entering(cotangent: Any, dtype: Any, create_graph: bool) -> Any:
    """A cotangent from outside, conjugated (Note [conjugation]) and in the dtype of what it belongs to."""
    value = cotangent if isinstance(cotangent, Tensor) else np.asarray(cotangent)[()]
    if value.dtype.kind not in "biufc":
        raise TypeError(f"a cotangent has to be numeric; received dtype {value.dtype}")
    if value.dtype.kind == "c" and dtype.kind != "c":
        raise TypeError(f"expected a real cotangent for a real tensor ({dtype}), received {value.dtype}; take its real part")
    if not create_graph and isinstance(value, Tensor):
        value = value._value
    elif create_graph and not isinstance(value, Tensor):
        value = wrap(value)
    if value.dtype != dtype:
        value = astype(value, dtype=dtype)
    return conj(value) if dtype.kind == "c" else value


def _leaving(g: Any) -> Any:
    return conj(g) if g.dtype.kind == "c" else g


def _as_result(g: Any, alone: bool) -> Tensor:
    """A gradient as a tensor with memory of its own."""
    if isinstance(g, Tensor):
        return _of_its_own(_leaving(g))
    if g.dtype.kind == "c":
        return wrap(np.conjugate(g))
    if alone or not isinstance(g, np.ndarray):
        return wrap(g)
    return wrap(np.array(g))


def _of_its_own(g: Tensor) -> Tensor:
    """The gradient of a recorded pass as a tensor that nobody else has: rules may have put one in several places."""
    if g._node is None:
        return wrap(np.array(g._value)[()])
    if isinstance(g._node, Leaf):  # a cotangent that came in; writing to it would be writing to a leaf
        with enable_grad():
            return copy_of(g)
    return wrap(g._value, g._node)


def _accumulate(tensor: Tensor, g: Any, alone: bool) -> None:
    earlier = tensor._grad
    if earlier is None:
        tensor._grad = _as_result(g, alone)
    elif isinstance(g, Tensor) or earlier._node is not None:
        tensor._grad = add(earlier, _as_result(g, alone))
    elif isinstance(earlier._value, np.ndarray) and earlier._value.flags.writeable:
        np.add(earlier._value, _leaving(g), out=earlier._value)
        stamp(earlier._value)
    else:
        earlier._value = earlier._value + _leaving(g)


def _receiver(node: Node) -> Tensor | None:
    """The tensor whose ``.grad`` a node's gradient goes to, if it still lives and still stands on this node."""
    if isinstance(node, Leaf):
        tensor = None if node.tensor is None else node.tensor()
    else:
        retained_by = None if node.notes is None else node.notes.retained_by
        tensor = None if retained_by is None else retained_by()
    return tensor if tensor is not None and tensor._node is node else None


def _recorded_node(tensor: Any, where: str) -> Node:
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{where}: expected a Tensor, received {type(tensor).__name__}")
    if tensor._node is None:
        raise GradientError(
            f"{where}: no tensor that this result was computed from requires a gradient. Make the variables with "
            "ag.tensor(..., requires_grad=True) and compute outside ag.no_grad(); comparisons, integer results and "
            ".detach() end a graph, and a gradient is recorded only with create_graph=True."
        )
    _check_continuous(tensor._node)
    return tensor._node


def _check_continuous(node: Node) -> None:
    if node.dtype.kind not in "fc":
        raise GradientError(
            f"op {node.name!r} gave {node.dtype} values, through which no gradient flows, yet it was recorded; "
            "declare it with differentiable=False"
        )


def _wanted_node(tensor: Any, where: str) -> Node:
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{where}: expected a Tensor, received {type(tensor).__name__}")
    if tensor._node is None:
        raise GradientError(
            f"{where}: expected a tensor that requires a gradient, received one (shape {tensor.shape}, {tensor.dtype}) that "
            "does not; call .requires_grad_() on it before it is used"
        )
    return tensor._node


# ---------------------------------------------------------------- small facts and messages


def _count_of_a_sole_reference() -> int:
    array = np.empty(1)
    return sys.getrefcount(array)


_ALONE = _count_of_a_sole_reference()  # 2 on most versions of CPython; see Note [sole owner]


def shape_of_any(x: Any) -> tuple[int, ...]:
    """The shape of a tensor, an array or a number."""
    return x.shape if isinstance(x, Tensor) else shape_of(x)


def _read_only(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value = value.view()
        value.flags.writeable = False
    return value


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
