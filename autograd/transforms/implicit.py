"""``fixed_point`` and ``root``: solutions of equations, differentiated by the implicit function theorem.

Note [implicit]: let h(x, a) = 0 define x as a function of a; for a fixed point h is f(x, a) - x. Then dx/da is
-(dh/dx)^-1 dh/da, so a cotangent g of x gives -(dh/dx)^-T g as a cotangent of h, from which the ordinary rules go on to a.
How the solution was found does not matter, and nothing of it is kept.

In code: the solution is computed outside of the graph. Then h is computed once and recorded, only to see what it is computed
from: arguments, and tensors that f uses. These are the inputs of the op ``implicit``. Its gradient rule solves the transposed
linear system, for a fixed point by an iteration like the one that found it, and pulls the result back through h. It computes h
at the op's own output, which in a recorded pass is a function of a again; so derivatives of any order come out right.
"""

from collections.abc import Callable
from itertools import pairwise
from operator import index
from typing import Any, NamedTuple

import numpy as np

from autograd.batched import Batched, Level, as_tensor, is_recordable, level_at, memory_of, raw, spread
from autograd.errors import ConvergenceError
from autograd.gate import op, record_node
from autograd.modes import is_grad_enabled, no_grad, recording, thread
from autograd.node import Leaf, Node, next_tick
from autograd.ops.casting import alias, cast
from autograd.tensors import Tensor, as_value, wrap
from autograd.transforms.arguments import leaving, name_of
from autograd.transforms.jacobians import jacobian
from autograd.transforms.recordings import Recording
from autograd.transforms.trees import tree_flatten, tree_leaves
from autograd.traversal import walk

# ---------------------------------------------------------------- trees as vectors


class _Vector:
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


class _Equation:
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

    def of_sources(self, sources: tuple[Node, ...]) -> "_Equation":
        return _Equation(self.h, self.adjoint, sources)

    def for_all_examples(self, level: Level) -> "_Equation":
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

        return _Equation(lambda x: at_level(self.h, x), lambda x, g: at_level(self.adjoint, x, g))

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
def _implicit(*sources: Any, equation: _Equation) -> Any:
    raise AssertionError("made by _tied alone, of a solution that is known")


_implicit.vjp(sources=lambda g, out, equation: equation.pulled_back(out, g))


def _solution(x: Tensor, equation: _Equation) -> Tensor:
    """A solution that was found outside of the graph, tied to what the equation is computed from, at all levels."""
    mode = thread.mode
    if not (mode.grad or any(mode.below)):
        return x
    since = next_tick()
    return _tied(x._value, equation.h(x), equation, since)


def _tied(x: Any, h: Any, equation: _Equation, since: int) -> Tensor:
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


# ---------------------------------------------------------------- fixed points


def fixed_point(
    f: Callable[..., Any],
    x0: Any,
    *arguments: Any,
    tol: float | None = None,
    max_steps: int = 1000,
    memory: int = 5,
) -> Any:
    """The solution of ``x = f(x, *arguments)``, differentiable however it is found.

    It is computed by repeating ``f``, with Anderson acceleration, which needs fewer steps and converges for many functions that
    are no contractions. The derivatives are those of the solution (implicit function theorem), not of the steps: nothing of the
    steps is kept, and ``x0`` has none.

    Args:
        f: takes a tree like ``x0`` and ``arguments``, and returns a tree like ``x0``. Gradients flow to ``arguments`` and to
            tensors that ``f`` uses.
        x0: where to start: arrays of real numbers, or a tree of them. *arguments: passed to ``f``. tol: the largest ``|f(x) -
        x|`` allowed, as a part of the largest ``|x|`` or, if that is less than 1, as it is. By default 4e-11 in float64, 2e-5
        in float32. The equations for gradients are solved to the same.
        max_steps: how often to compute ``f`` at the most.
        memory: how many earlier steps the acceleration looks at; 0 switches it off.

    Shapes: those of ``x0``.

    Raises:
        ConvergenceError: when it has not come so far after ``max_steps``, or values are no longer finite.
        TypeError: for an ``x0`` that is not real and floating.
        ValueError: when ``f`` returns another structure or other shapes, and for impossible settings.

    Source: Anderson, "Iterative Procedures for Nonlinear Integral Equations", J. ACM 12, 1965. Bai, Kolter, Koltun, "Deep
    Equilibrium Models", 2019, arXiv:1909.01377, for the use in networks.

    >>> ag.fixed_point(np.cos, 0.5).round(6)
    np.float64(0.739085)
    >>> ag.grad(lambda a: ag.fixed_point(lambda x, a: (x + a / x) / 2, 1.0, a))(2.0).round(6)  # of the square root
    np.float64(0.353553)
    """
    _check_settings("fixed_point", tol, max_steps)
    if index(memory) < 0:
        raise ValueError(f"fixed_point: memory: expected a whole number from 0 on, received {memory!r}")
    vector = _Vector(x0, "fixed_point")

    def step(x: Any) -> Tensor:
        return vector.packed(f(vector.unpacked(x), *arguments), f"fixed_point: the result of {name_of(f)}")

    settings = _Settings(_tolerance(tol, vector), max_steps, memory, f"fixed_point({name_of(f)})")
    x = _repetition_solved(step, vector.packed(x0, "x0"), settings)
    return _handed_out(vector, x, (x0, arguments))


class _Settings(NamedTuple):
    """How a fixed point is computed."""

    tol: float
    max_steps: int
    memory: int
    what: str


def _repetition_solved(step: Callable[[Any], Tensor], start: Tensor, settings: _Settings) -> Tensor:
    """The fixed point of a function of vectors along the last axis, with its derivatives."""
    with no_grad():
        x = _repeated(step, start.detach(), settings)

    def adjoint(x: Tensor, g: Tensor) -> Tensor:
        recorded = Recording(settings.what, step, (x,), (0,))
        return _repetition_solved(lambda w: g + recorded.pull([w])[0], g, settings)

    return _solution(x, _Equation(lambda x: step(x) - x, adjoint))


def _repeated(step: Callable[[Any], Tensor], x: Tensor, settings: _Settings) -> Tensor:
    """The fixed point of ``step``, outside of all graphs, by Anderson acceleration of each example on its own."""
    tol, max_steps, memory, what = settings
    fx = step(x).detach()
    x, fx = fx, step(fx).detach()  # now it differs between examples if what the function uses does
    xs: list[Any] = []
    fs: list[Any] = []
    smallest = np.inf
    for _ in range(max_steps):
        now, then = np.broadcast_arrays(memory_of(x), memory_of(fx))
        finite = bool(np.all(np.isfinite(then)))
        if finite and _is_near(then, now, tol):
            return fx
        residual = float(np.max(np.abs(then - now)))
        if not finite or residual > 1e15 * max(smallest, 1.0):
            raise ConvergenceError(f"{what}: |f(x) - x| grows and grows; start nearer, or damp the function, as (x + f(x)) / 2")
        if residual > 1e3 * smallest:
            xs, fs = [], []
        smallest = min(smallest, residual)
        xs, fs = [*xs, now][-(memory + 1) :], [*fs, then][-(memory + 1) :]
        x = _with_memory(fx, _accelerated(xs, fs))
        fx = step(x).detach()
    raise ConvergenceError(
        f"{what}: |f(x) - x| is {residual:.2g} after {max_steps} steps, expected {tol:.2g} of the size of x; raise max_steps or "
        "tol, start nearer, or damp the function, as (x + f(x)) / 2"
    )


def _is_near(fx: Any, x: Any, tol: float) -> bool:
    """Whether a step changes no example by more than the tolerance."""
    if fx.size == 0:
        return True
    size = np.maximum(np.max(np.abs(fx), axis=-1, initial=0.0), 1.0)
    return bool(np.all(np.max(np.abs(fx - x), axis=-1, initial=0.0) <= tol * size))


def _accelerated(xs: list[Any], fs: list[Any]) -> Any:
    """The next point: the combination of earlier steps whose residuals cancel best, along the last axis."""
    if len(xs) == 1:
        return fs[-1]
    residuals = [(f - x).astype(np.float64) for f, x in zip(fs, xs, strict=True)]
    dr = np.stack([b - a for a, b in pairwise(residuals)], axis=-1)
    df = np.stack([b - a for a, b in pairwise(fs)], axis=-1)
    # least squares with columns of length 1, slightly regularized, as late differences are all rounding
    lengths = np.linalg.norm(dr, axis=-2, keepdims=True)
    dr = dr / np.where(lengths > 0, lengths, 1)
    gram = dr.mT @ dr + 1e-12 * np.eye(dr.shape[-1])
    weights = np.linalg.solve(gram, dr.mT @ residuals[-1][..., None]) / np.where(lengths > 0, lengths, 1).mT
    moved = fs[-1] - (df @ weights)[..., 0]
    return np.where(np.all(np.isfinite(moved), axis=-1, keepdims=True), moved, fs[-1]).astype(fs[-1].dtype)


def _with_memory(like: Tensor, array: Any) -> Tensor:
    """A tensor at the same levels as another one, of another array."""

    def inside(value: Any) -> Any:
        return Batched(value._level, inside(value._array), value._mapped) if value.__class__ is Batched else array

    return wrap(inside(like._value))


# ---------------------------------------------------------------- roots


def root(f: Callable[..., Any], x0: Any, *arguments: Any, tol: float | None = None, max_steps: int = 100) -> Any:
    """A solution of ``f(x, *arguments) = 0``, differentiable however it is found.

    It is found by Newton's method: each step solves a linear system with the Jacobian of ``f``, which ``ag.jacobian``
    computes, and goes as far as ``|f|`` falls. The derivatives are those of the solution (implicit function theorem).

    Args:
        f: takes a tree like ``x0`` and ``arguments``, and returns a tree like ``x0``: as many equations as unknowns. Gradients
            flow to ``arguments`` and to tensors that ``f`` uses.
        x0: where to start: arrays of real numbers, or a tree of them.
        *arguments: passed to ``f``.
        tol: how large the last Newton step may be, as a part of the largest ``|x|`` or, if that is less than 1, as it is. By
            default 4e-11 in float64, 2e-5 in float32.
        max_steps: how many Newton steps to take at the most.

    Shapes: those of ``x0``.

    Raises:
        ConvergenceError: when it has not come so far after ``max_steps``, when ``|f|`` does not fall any more, and where
            the Jacobian is singular.
        TypeError: for an ``x0`` that is not real and floating.
        ValueError: when ``f`` returns another structure or other shapes, and for impossible settings.

    Source: Dennis, Schnabel, "Numerical Methods for Unconstrained Optimization and Nonlinear Equations", 1983, chapter 6.

    >>> ag.root(lambda x: x**2 - 2, 1.0).round(6)
    np.float64(1.414214)
    >>> ag.grad(lambda a: ag.root(lambda x, a: x**3 - a, 1.0, a))(8.0).round(6)  # of the cube root
    np.float64(0.083333)
    """
    _check_settings("root", tol, max_steps)
    vector = _Vector(x0, "root")

    def residual(x: Any) -> Tensor:
        return vector.packed(f(vector.unpacked(x), *arguments), f"root: the result of {name_of(f)}")

    with no_grad():
        start = vector.packed(x0, "x0").detach()
        x = _newton(residual, start, _tolerance(tol, vector), max_steps, f"root({name_of(f)})")

    def adjoint(x: Tensor, g: Tensor) -> Tensor:
        return as_tensor(-np.linalg.solve(np.matrix_transpose(jacobian(residual)(x)), g))

    return _handed_out(vector, _solution(x, _Equation(residual, adjoint)), (x0, arguments))


def _newton(residual: Callable[[Any], Tensor], x: Tensor, tol: float, max_steps: int, what: str) -> Tensor:
    """A root, outside of all graphs; inside ``vmap`` each example goes its own way."""
    if x.size == 0:
        return x
    r = residual(x).detach()
    for _ in range(max_steps):
        try:
            step = np.linalg.solve(jacobian(residual)(x), r)
        except np.linalg.LinAlgError:
            raise ConvergenceError(f"{what}: the Jacobian is singular on the way; start elsewhere") from None
        far = np.max(np.abs(step)) > tol * np.maximum(np.max(np.abs(x)), 1)
        part = np.ones_like(np.max(np.abs(step)))
        for _ in range(40):
            candidate = x - part * step
            r_there = residual(candidate).detach()
            falls = (np.sum(r_there**2) < np.sum(r**2)) | ~far
            if np.all(memory_of(falls)):
                break
            part = np.where(falls, part, part / 2)
        else:
            raise ConvergenceError(f"{what}: no step along Newton's direction makes |f| smaller; start elsewhere")
        x, r = as_tensor(candidate).detach(), r_there
        if not np.any(memory_of(far)):
            return x
    raise ConvergenceError(
        f"{what}: Newton's steps are still large after {max_steps} of them; start nearer, or raise max_steps"
    )


# ---------------------------------------------------------------- what both need


def _check_settings(transform: str, tol: float | None, max_steps: int) -> None:
    if tol is not None and not tol > 0:
        raise ValueError(f"{transform}: tol: expected a number above 0, or None, received {tol!r}")
    if index(max_steps) < 1:
        raise ValueError(f"{transform}: max_steps: expected a whole number from 1 on, received {max_steps!r}")


def _tolerance(tol: float | None, vector: _Vector) -> float:
    coarsest = max([float(np.finfo(each).eps) for each in vector.dtypes])
    return coarsest ** (2 / 3) if tol is None else float(tol)


def _handed_out(vector: _Vector, x: Tensor, came_in: Any) -> Any:
    tree = vector.unpacked(x)
    plain = not any([isinstance(each, Tensor) for each in tree_leaves(came_in)])
    leaves, structure = tree_flatten(tree)
    return structure.unflatten(leaving(list(map(as_tensor, leaves)), plain))
