"""``fixed_point``: the solution of ``x = f(x)``, by iteration, and its derivatives: see ``implicit``."""

from collections.abc import Callable
from itertools import pairwise
from operator import index
from typing import Any, NamedTuple

import numpy as np

from autograd.batched import Batched, memory_of
from autograd.errors import ConvergenceError
from autograd.modes import no_grad
from autograd.tensors import Tensor, wrap
from autograd.transforms.arguments import name_of
from autograd.transforms.implicit import Equation, Vector, check_settings, handed_out, solution, tolerance
from autograd.transforms.recordings import Recording


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
    check_settings("fixed_point", tol, max_steps)
    if index(memory) < 0:
        raise ValueError(f"fixed_point: memory: expected a whole number from 0 on, received {memory!r}")
    vector = Vector(x0, "fixed_point")

    def step(x: Any) -> Tensor:
        return vector.packed(f(vector.unpacked(x), *arguments), f"fixed_point: the result of {name_of(f)}")

    settings = _Settings(tolerance(tol, vector), max_steps, memory, f"fixed_point({name_of(f)})")
    x = _repetition_solved(step, vector.packed(x0, "x0"), settings)
    return handed_out(vector, x, (x0, arguments))


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

    return solution(x, Equation(lambda x: step(x) - x, adjoint))


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
        if not finite:
            raise ConvergenceError(f"{what}: values are no longer finite; start nearer, or damp the function")
        if residual > 1e15 * max(smallest, 1.0):
            raise ConvergenceError(f"{what}: |f(x) - x| grows and grows; start nearer, or damp the function, as (x + f(x)) / 2")
        if residual > 1e3 * smallest:
            xs, fs = [], []
        smallest = min(smallest, residual)
        xs, fs = [*xs, now][-(memory + 1) :], [*fs, then][-(memory + 1) :]
        x = _with_memory(fx, _accelerated(xs, fs))
        fx = step(x).detach()
    raise ConvergenceError(
        f"{what}: |f(x) - x| is {residual:.2g} after {max_steps} steps, expected {tol:.2g} of the size of x; raise max_steps "
        "or tol, start nearer, or damp the function, as (x + f(x)) / 2"
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
    return wrap(_value_of(array, like._value))


def _value_of(array: Any, like: Any) -> Any:
    return Batched(like._level, _value_of(array, like._array), like._mapped) if like.__class__ is Batched else array
