"""``root``: a solution of ``f(x) = 0``, by Newton's method, and its derivatives: see ``implicit``."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.batched import as_tensor, memory_of
from autograd.errors import ConvergenceError
from autograd.modes import no_grad
from autograd.tensors import Tensor
from autograd.transforms.arguments import name_of
from autograd.transforms.implicit import Equation, Vector, check_settings, handed_out, solution, tolerance
from autograd.transforms.jacobians import jacobian


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
    check_settings("root", tol, max_steps)
    vector = Vector(x0, "root")

    def residual(x: Any) -> Tensor:
        return vector.packed(f(vector.unpacked(x), *arguments), f"root: the result of {name_of(f)}")

    with no_grad():
        start = vector.packed(x0, "x0").detach()
        x = _newton(residual, start, tolerance(tol, vector), max_steps, f"root({name_of(f)})")

    def adjoint(x: Tensor, g: Tensor) -> Tensor:
        return as_tensor(-np.linalg.solve(np.matrix_transpose(jacobian(residual)(x)), g))

    return handed_out(vector, solution(x, Equation(residual, adjoint)), (x0, arguments))


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
