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

from autograd.batched import Batched, Level, as_tensor, is_tensor, level_at, raw, spread
from autograd.gate import op, record_node
from autograd.modes import is_grad_enabled, recording, thread
from autograd.node import Leaf, Node, next_tick
from autograd.ops.casting import alias, cast
from autograd.tensors import Tensor, as_value, wrap
from autograd.transforms.arguments import given_back
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
                raise TypeError(
                    f"{transform}: expected {path} to be real floating numbers, received {each.dtype}; write 1.0 for 1"
                )
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

    ``h`` uses whatever tensors it likes; ``adjoint(x, g)`` is -(dh/dx)^-T g. Both run inside ``levels``, the ``vmap`` in which
    the solution was asked for and whose values they may use. ``sources``: the nodes, from before then, that h is computed
    from.
    """

    def __init__(self, h: Callable[[Any], Tensor], adjoint: Callable[[Tensor, Tensor], Tensor]) -> None:
        self.h = h
        self.adjoint = adjoint
        self.levels: tuple[Level, ...] = thread.mode.levels
        self.sources: tuple[Node, ...] = ()

    def further_out(self, levels: tuple[Level, ...], level: Level | None) -> "Equation":
        """The same inside ``levels`` only, the outermost of its own; the rest is entered when its functions run.

        ``level`` is the one among the rest that x is of: then x there holds all examples.
        """
        rest = self.levels[len(levels) :]

        def inside(function: Callable[..., Tensor], *arrays: Any) -> Tensor:
            before = thread.mode
            for each in rest:
                thread.mode = thread.mode.inside(each)
            try:
                values = arrays if level is None else [wrap(Batched(level, raw(each), True)) for each in arrays]
                found = function(*map(as_tensor, values))
            finally:
                thread.mode = before
            value = found._value
            while value.__class__ is Batched and value._level in rest and value._level is not level:
                found = as_tensor(value._array)  # the same for all examples of a level that it does not depend on
                value = found._value
            if value.__class__ is Batched and value._level is level:
                return as_tensor(spread(value))
            return found if level is None else as_tensor(np.broadcast_to(found, arrays[0].shape))

        made = Equation(lambda x: inside(self.h, x), lambda x, g: inside(self.adjoint, x, g))
        made.levels = levels
        return made

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
            outer = equation.levels[: mode.depth_of(level) - 1]
            inner = _tied(spread(here), spread(value), equation.further_out(outer, level), since)
        finally:
            thread.mode = mode
        x = Batched(level, raw(inner), True)
    if not (is_tensor(h) and h.requires_grad):
        return wrap(x)
    sources = _sources(h.node, since)
    if not sources:  # it depends on nothing from before
        return wrap(x)
    plan = _implicit.op.plan(tuple(range(len(sources))), len(sources))
    assert plan is not None
    here_levels = equation.levels[: 0 if value.__class__ is not Batched else mode.depth_of(value._level)]
    if len(here_levels) < len(equation.levels):
        equation = equation.further_out(here_levels, None)
    equation.sources = sources
    values = [_value_of(each) for each in sources]
    made = record_node(_implicit.op, plan, sources, values, {"equation": equation}, x, mode)
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
    out = given_back(list(map(as_tensor, leaves)), plain)
    return structure.unflatten([each[()] if isinstance(each, np.ndarray) else each for each in out])
