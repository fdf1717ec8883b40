"""Backward passes: ``Tensor.backward`` accumulates gradients in ``.grad``, ``grad_of`` returns them.

What the two have in common, the visit to the nodes and their gradient rules, is in ``traversal``; how cotangents enter and
gradients leave is in ``cotangents``.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.batched import Batched, is_recorded, is_tensor, level_at
from autograd.cotangents import check_continuous, entering_seed, leaving, result_of
from autograd.errors import GradientError
from autograd.modes import recording, thread
from autograd.node import Leaf, Node
from autograd.ops.elementwise.arithmetic import add
from autograd.tensors import Tensor, wrap
from autograd.traversal import walk
from autograd.writes import stamp


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
    seeds = {_recorded_node(tensor, "backward"): entering_seed(tensor, gradient, create_graph, "backward", "gradient=")}
    receivers = None
    if inputs is not None:
        inputs = [inputs] if isinstance(inputs, Tensor) else list(inputs)
        if not inputs:
            raise ValueError("backward(inputs=...): expected at least one tensor, received none; leave it out for all leaves")
        receivers = {_wanted_node(each, f"backward(inputs=...)[{i}]"): each for i, each in enumerate(inputs)}
    retain_graph = create_graph if retain_graph is None else retain_graph
    found = walk(seeds, receivers, create_graph, retain_graph, level_at(tensor))
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
        seed = entering_seed(each, cotangent, create_graph, f"grad_of(outputs)[{i}]", "cotangents=")
        seeds[node] = add(seeds[node], seed) if node in seeds else seed
    wanted = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    nodes = [_wanted_node(each, f"grad_of(inputs)[{i}]") for i, each in enumerate(wanted)]
    retain_graph = create_graph if retain_graph is None else retain_graph
    levels = [level for each in several if (level := level_at(each)) is not None]
    found = walk(seeds, dict.fromkeys(nodes), create_graph, retain_graph, max(levels, key=thread.mode.depth_of, default=None))
    results: list[Tensor | None] = []
    for i, node in enumerate(nodes):
        if node in found:
            g, alone = found[node]
            results.append(result_of(g, alone and nodes.count(node) == 1))
        elif allow_unused:
            results.append(None)
        else:
            raise GradientError(
                f"grad_of(inputs)[{i}] (shape {node.shape}) was not used to compute the outputs; "
                "pass allow_unused=True to receive None for it"
            )
    return results[0] if isinstance(inputs, Tensor) else tuple(results)


def _accumulate(tensor: Tensor, g: Any, alone: bool) -> None:
    earlier = tensor._grad
    if earlier is None:
        tensor._grad = wrap(g) if alone and g.dtype.kind == "f" else result_of(g, alone)
    elif is_tensor(g) or earlier._node is not None:
        with recording():
            tensor._grad = add(earlier, result_of(g, alone))
    elif isinstance(earlier._value, np.ndarray) and earlier._value.flags.writeable and g.__class__ is not Batched:
        np.add(earlier._value, leaving(g), out=earlier._value)
        stamp(earlier._value)
    else:
        earlier._value = earlier._value + leaving(g)


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
    if tensor._node is None and is_recorded(tensor):
        raise GradientError(
            f"{where}: inside vmap, this result depends on variables from outside of it. Differentiate what vmap returns; or, "
            "for gradients of each example, take ag.grad of a function that has the variable as an argument"
        )
    if tensor._node is None:
        raise GradientError(
            f"{where}: no tensor that this result was computed from requires a gradient. Make the variables with "
            "ag.tensor(..., requires_grad=True) and compute outside ag.no_grad(); comparisons, integer results and "
            ".detach() end a graph, and a gradient is recorded only with create_graph=True."
        )
    check_continuous(tensor._node)
    return tensor._node


def _wanted_node(tensor: Any, where: str) -> Node:
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{where}: expected a Tensor, received {type(tensor).__name__}")
    if tensor._node is None:
        raise GradientError(
            f"{where}: expected a tensor that requires a gradient, received one (shape {tensor.shape}, {tensor.dtype}) that "
            "does not; call .requires_grad_() on it before it is used"
        )
    return tensor._node
