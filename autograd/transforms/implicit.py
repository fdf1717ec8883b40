"""Solutions of equations, differentiated by the implicit function theorem: what ``fixed_point`` and ``root`` share.

Note [implicit]: let h(x, a) = 0 define x as a function of a; for a fixed point h is f(x, a) - x. Then dx/da is
-(dh/dx)^-1 dh/da, so a cotangent g of x gives -(dh/dx)^-T g as a cotangent of h, from which the ordinary rules go on to a.
How the solution was found does not matter, and nothing of it is kept.

In code: the solution is computed outside of the graph. Then h is computed once and recorded, only to see what it is computed
from: arguments, and tensors that f uses. These are the inputs of the op ``implicit``. Its gradient rule solves the transposed
linear system, for a fixed point by an iteration like the one that found it, and pulls the result back through h. It computes h
at the op's own output, which in a recorded pass is a function of a again; so derivatives of any order come out right.
"""

from collections.abc import Callable
from operator import index
from typing import Any

import numpy as np

from autograd.batched import Batched, Level, as_tensor, is_recordable, level_at, raw, spread
from autograd.gate import op, record_node
from autograd.modes import is_grad_enabled, recording, thread
from autograd.node import Leaf, Node, next_tick
from autograd.ops.casting import alias, cast
from autograd.tensors import Tensor, as_value, wrap
from autograd.transforms.arguments import leaving
from autograd.transforms.trees import tree_flatten, tree_leaves
from autograd.traversal import walk

# ---------------------------------------------------------------- trees as vectors


class Vector:
    """How the arrays of a tree follow each other in one vector."""

    def __init__(self, tree: Any, transform: str) -> None:
        leaves, self.structure = tree_flatten(tree)
        if not leaves:
            raise TypeError(f"{transform}: expected a start x0 that holds an array, received {tree!r}")
        tensors = [each if isinstance(each, Tensor) else wrap(as_value(each)) for each in leaves]
        for each, path in zip(tensors, self.structure.paths("x0"), strict=True):
            if each.dtype.kind != "f":
                raise TypeError(f"{transform}: expected {path} to be real floating numbers, received {each.dtype}")
        self.shapes = [each.shape for each in tensors]
        self.sizes = [each.size for each in tensors]
        self.dtype = np.result_type(*[each.dtype for each in tensors])
        self.dtypes = [each.dtype for each in tensors]

    def packed(self, tree: Any, what: str) -> Tensor:
        """The vector of a tree of this structure.

        Raises:
            ValueError: for another structure or other shapes.
        """
        leaves = self.structure.flatten_like(tree, what)
        parts = []
        for each, shape, path in zip(leaves, self.shapes, self.structure.paths(what), strict=True):
            tensor = each if isinstance(each, Tensor) else wrap(as_value(each))
            if tensor.shape != shape:
                raise ValueError(f"{path}: expected the shape of x0, {shape}, received {tensor.shape}")
            parts.append(np.reshape(cast(tensor, self.dtype, copy=False), -1))
        joined = np.concatenate(parts) if len(parts) > 1 else parts[0]
        return as_tensor(joined)

    def unpacked(self, x: Any) -> Any:
        """The tree of a vector."""
        leaves, start = [], 0
        for shape, size, dtype in zip(self.shapes, self.sizes, self.dtypes, strict=True):
            part = np.reshape(x[start : start + size], shape)
            leaves.append(cast(part, dtype, copy=False))
            start += size
        return self.structure.unflatten(leaves)


# ---------------------------------------------------------------- the op


class Equation:
    """An equation h(x) = 0 of vectors along the last axis: see Note [implicit].

    ``h`` uses whatever tensors it likes; ``adjoint(x, g)`` is -(dh/dx)^-T g. ``sources``: the nodes, from before the solution
    was asked for, that h is computed from.
    """

    def __init__(
        self, h: Callable[[Any], Tensor], adjoint: Callable[[Tensor, Tensor], Tensor], sources: tuple[Node, ...] = ()
    ) -> None:
        self.h = h
        self.adjoint = adjoint
        self.sources = sources

    def of_sources(self, sources: tuple[Node, ...]) -> "Equation":
        return Equation(self.h, self.adjoint, sources)

    def for_all_examples(self, level: Level) -> "Equation":
        """The equations of all examples, one level further out; inside the level, what h uses has its values."""

        def at_level(function: Callable[..., Tensor], *arrays: Any) -> Tensor:
            before = thread.mode
            thread.mode = before.inside(level)
            try:
                found = function(*[wrap(Batched(level, raw(each), True)) for each in arrays])
            finally:
                thread.mode = before
            value = found._value
            inside = value.__class__ is Batched and value._level is level
            return as_tensor(spread(value) if inside else np.broadcast_to(found, arrays[0].shape))

        return Equation(lambda x: at_level(self.h, x), lambda x, g: at_level(self.adjoint, x, g))

    def pulled_back(self, x: Any, g: Any) -> list[Any]:
        """The cotangent of each source, for the cotangent g of the solution x."""
        record = is_grad_enabled()
        x = as_tensor(x)
        w = self.adjoint(x, as_tensor(g))
        level = level_at(x._value)
        with recording(level):
            here = alias(x) if x.requires_grad and record else wrap(x._value)
            h = self.h(here)
        assert h.node is not None
        ends = {*self.sources, *([] if here.node is None else [here.node])}
        found = walk({h.node: w if record else w._value}, self.sources, record, True, level, ends)
        return [found[each][0] if each in found else np.zeros(each.shape, each.dtype)[()] for each in self.sources]


@op(name="implicit", public=False)
def _implicit(*sources: Any, equation: Equation) -> Any:
    raise AssertionError("made by _tied alone, of a solution that is known")


_implicit.vjp(sources=lambda g, out, equation: equation.pulled_back(out, g))


def solution(x: Tensor, equation: Equation) -> Tensor:
    """A solution that was found outside of the graph, tied to what the equation is computed from, at all levels."""
    mode = thread.mode
    if not (mode.grad or any(mode.below)):
        return x
    since = next_tick()
    return _tied(x._value, equation.h(x), equation, since)


def _tied(x: Any, h: Any, equation: Equation, since: int) -> Tensor:
    mode = thread.mode
    value = h._value if isinstance(h, Tensor) else h
    if value.__class__ is Batched:
        level = value._level
        here = x if x.__class__ is Batched and x._level is level else Batched(level, x, False)
        thread.mode = mode.lowered(mode.depth_of(level))
        try:
            inner = _tied(spread(here), spread(value), equation.for_all_examples(level), since)
        finally:
            thread.mode = mode
        x = Batched(level, raw(inner), True)
    if not (is_recordable(h) and h.requires_grad):
        return wrap(x)
    sources = _sources(h.node, since)
    plan = _implicit.op.plan(tuple(range(len(sources))), len(sources))
    assert plan is not None
    values = [_value_of(each) for each in sources]
    made = record_node(_implicit.op, plan, sources, values, {"equation": equation.of_sources(sources)}, x, mode)
    assert isinstance(made, Tensor)
    return made


def _sources(node: Node, since: int) -> tuple[Node, ...]:
    """The nodes from before a moment that one from after it is computed from directly."""
    pending, found, seen = [node], dict[Node, None](), {node}
    for each in pending:  # the list grows while it is read
        for source in each.inputs:
            if isinstance(source, Node) and source.requires_grad and source not in seen:
                seen.add(source)
                if source.tick < since:
                    found[source] = None
                else:
                    pending.append(source)
    return tuple(found)


def _value_of(node: Node) -> Any:
    """The value of a leaf's tensor, for drawings; of other nodes nobody asks."""
    tensor = node.tensor() if isinstance(node, Leaf) and node.tensor is not None else None
    return None if tensor is None else tensor._value


# ---------------------------------------------------------------- what functions that solve equations need


def check_settings(transform: str, tol: float | None, max_steps: int) -> None:
    if tol is not None and not tol > 0:
        raise ValueError(f"{transform}: tol: expected a number above 0, or None, received {tol!r}")
    if index(max_steps) < 1:
        raise ValueError(f"{transform}: max_steps: expected a whole number from 1 on, received {max_steps!r}")


def tolerance(tol: float | None, vector: Vector) -> float:
    coarsest = max([float(np.finfo(each).eps) for each in vector.dtypes])
    return coarsest ** (2 / 3) if tol is None else float(tol)


def handed_out(vector: Vector, x: Tensor, came_in: Any) -> Any:
    tree = vector.unpacked(x)
    plain = not any([isinstance(each, Tensor) for each in tree_leaves(came_in)])
    leaves, structure = tree_flatten(tree)
    return structure.unflatten(leaving(list(map(as_tensor, leaves)), plain))
