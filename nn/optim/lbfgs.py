"""``LBFGS``: the curvature of the loss, from the last few steps; for a loss of all data at once.

``step`` is one loop: a direction (``Curvature``), how far to go in it (``line_search``), whether to go on.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import as_number, check_number, check_whole
from nn.optim.base import Optimizer
from nn.optim.blocks import Progress, State
from nn.optim.line_search import Trial, strong_wolfe
from nn.optim.settings import check_not_negative
from nn.parameter import array_of


class LBFGS(Optimizer):
    """Quasi-Newton steps ``w <- w - t H g``, where H is the inverse of the Hessian, as far as the last few steps tell of it.

    ``step(closure)`` takes up to ``max_iter`` of them. It calls the closure, which computes loss and gradients, again and
    again, so the loss has to be the same function each time: of all data, and without dropout. All parameters are one vector
    with the same settings; one without a gradient counts as having a gradient of 0.

    Args:
        params: tensors, such as ``model.parameters()``; or one group.
        lr: how much of each step is taken; with a line search, what is tried first.
        max_iter: the most steps in a call of ``step``.
        max_eval: the most calls of the closure in it; by default ``max_iter * 5 // 4``.
        tolerance_grad: stop when no element of the gradient is larger.
        tolerance_change: stop when no element moves by more, or the loss changes by less.
        history_size: how many steps are remembered.
        line_search_fn: ``"strong_wolfe"`` looks for a step that makes the loss smaller; ``None`` takes the first.

    Raises:
        TypeError: for settings that are no numbers, and a ``step`` without a closure.
        ValueError: for numbers that are not finite or out of bounds, another line search, and several groups.

    Source: J. Nocedal and S. Wright, Numerical optimization, 2006, algorithms 7.4 and 7.5; first step and tolerances as in
    PyTorch. Other than there, a loss that is NaN counts as infinite, so that a line search comes back from it, and a gradient
    that is NaN moves nothing.

    >>> w = nn.Parameter([-1.0, 2.0])
    >>> optimizer = nn.optim.LBFGS([w], max_iter=50, line_search_fn="strong_wolfe")
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2
    ...     loss.backward()
    ...     return loss
    >>> optimizer.step(closure)  # the loss before
    Tensor(104.0, dtype=float64, op=add)
    >>> w.numpy().round(4)
    array([1., 1.])
    """

    one_group = True

    def __init__(
        self,
        params: Any,
        lr: float = 1.0,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        check_whole(self._name, "max_iter", max_iter)
        settings = {
            "lr": lr,
            "max_iter": max_iter,
            "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change,
            "history_size": history_size,
            "line_search_fn": line_search_fn,
        }
        super().__init__(params, settings)
        self._curvature = Curvature()
        self._calls = 0  # of the closure
        self._count = 0  # of steps; once there was one, what it was and the gradient before it:
        self._step: Any = None
        self._gradient: Any = None

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        check_not_negative(self._name, settings, "lr", "tolerance_grad", "tolerance_change")
        for name in ("max_iter", "max_eval", "history_size"):
            check_whole(self._name, name, settings[name])
            check_number(self._name, name, settings[name], least=1)
        if settings["line_search_fn"] not in (None, "strong_wolfe"):
            raise ValueError(
                f"{self._name}: expected line_search_fn, 'strong_wolfe' or None; received {settings['line_search_fn']!r}"
            )

    # ---------------------------------------------------------------- the update

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Take up to ``max_iter`` steps.

        Args:
            closure: a function that clears the gradients, computes the loss, calls ``backward()`` and returns the loss.

        Returns:
            What the closure returned at first: the loss before the steps.

        Raises:
            TypeError: without a closure, and for one that returns no number.
        """
        with ag.no_grad():
            settings = self._settings(self.param_groups[0])
            self.check(settings)  # they may have changed
            least_change = settings["tolerance_change"]
            calls_before = self._calls
            first, loss, gradient = self._computed(closure)
            if _largest(gradient) <= settings["tolerance_grad"]:
                return first
            for remaining in reversed(range(settings["max_iter"])):
                direction, size = self._next(gradient, settings)
                slope = float(np.dot(gradient, direction))
                if not slope < 0 or slope > -least_change:
                    break
                start, here = self._vector(), Trial(0.0, loss, gradient, slope)

                def evaluate(step: float, start: Any = start, direction: Any = direction) -> Trial:
                    self._write(start + step * direction)
                    _, loss, gradient = self._computed(closure)
                    return Trial(step, loss, gradient, float(np.dot(gradient, direction)))

                if settings["line_search_fn"] is not None:
                    trials = settings["max_eval"] - (self._calls - calls_before)
                    there = strong_wolfe(evaluate, here, size, trials, least_change / _largest(direction))
                    self._write(start + there.step * direction)
                elif remaining:
                    there = evaluate(size)
                else:  # the gradient there is computed when the next call starts
                    there = here._replace(step=size)
                    self._write(start + size * direction)
                self._step = there.step * direction
                if (
                    self._calls - calls_before >= settings["max_eval"]
                    or _largest(there.gradient) <= settings["tolerance_grad"]
                    or _largest(self._step) <= least_change
                    or abs(there.loss - loss) < least_change
                ):
                    break
                loss, gradient = there.loss, there.gradient
        return first

    def _next(self, gradient: Any, settings: Mapping[str, Any]) -> tuple[Any, float]:
        """The next direction, and how far to go in it at first."""
        if self._count:
            self._curvature.learn(self._step, gradient - self._gradient, settings["history_size"])
        direction = self._curvature.inverse_times(-gradient)
        size = settings["lr"]
        if not self._count:  # nothing is known of the curvature: no further than 1 in all elements together
            size = min(1.0, 1 / float(np.abs(gradient).sum())) * size
        self._count += 1
        self._step, self._gradient = size * direction, gradient
        return direction, size

    def _computed(self, closure: Any) -> tuple[Any, float, Any]:
        """What the closure returns, as it is and as a number, and the gradient of all parameters."""
        result = self._evaluated(closure)
        self._calls += 1
        loss = as_number(f"{self._name}.step", "the loss as what the closure returns", result)
        gradients = [np.zeros_like(array_of(p)) if p.grad is None else array_of(p.grad) for p in self._parameters]
        return result, math.inf if math.isnan(loss) else loss, np.concatenate(gradients, axis=None)

    @property
    def _parameters(self) -> list[Tensor]:
        parameters: list[Tensor] = self.param_groups[0]["params"]
        return parameters

    def _vector(self) -> Any:
        """A copy of all parameters, one after the other."""
        return np.concatenate([array_of(each) for each in self._parameters], axis=None)

    def _write(self, vector: Any) -> None:
        end = 0
        for each in self._parameters:
            start, end = end, end + each.size
            each[...] = vector[start:end].reshape(each.shape)

    # ---------------------------------------------------------------- state

    def progress(self) -> dict[Tensor, Progress]:
        """The state of all parameters, as that of the first one."""
        if not self._count:
            return {}
        shape = (len(self._curvature.steps), self._step.size)
        state = {
            "func_evals": self._calls,
            "last_step": self._step,
            "last_gradient": self._gradient,
            "steps": np.array(self._curvature.steps, self._step.dtype).reshape(shape),
            "changes": np.array(self._curvature.changes, self._step.dtype).reshape(shape),
        }
        return {self._parameters[0]: (self._count, state)}

    def resume(self, progress: dict[Tensor, Progress]) -> None:
        """Go on from ``progress``, and forget the own one."""
        self._curvature = Curvature()
        self._count, state = progress.get(self._parameters[0], (0, {}))
        self._calls = state.get("func_evals", 0)
        self._step, self._gradient = state.get("last_step"), state.get("last_gradient")
        for step, change in zip(state.get("steps", ()), state.get("changes", ()), strict=True):
            self._curvature.learn(step, change, len(state["steps"]))

    def check_state(self, parameter: Tensor, state: State) -> None:
        """Refuse what does not fit."""
        if parameter is not self._parameters[0]:
            raise ValueError("expected the state of all parameters as that of the first one")
        size = sum(each.size for each in self._parameters)
        steps = np.shape(state.get("steps", ()))[:1]
        expected = {
            "func_evals": (),
            "last_step": (size,),
            "last_gradient": (size,),
            "steps": (*steps, size),
            "changes": (*steps, size),
        }
        if {name: np.shape(each) for name, each in state.items()} != expected:
            received = ", ".join([f"{name} of shape {np.shape(each)}" for name, each in state.items()]) or "nothing"
            wanted = ", ".join([f"{name} of shape {each}" for name, each in expected.items()])
            raise ValueError(f"expected {wanted}; received {received}")


class Curvature:
    """The last steps, and by how much each changed the gradient: as good as an inverse of the Hessian in their directions."""

    def __init__(self) -> None:
        self.steps: list[Any] = []
        self.changes: list[Any] = []
        self._products: list[float] = []
        self._scale = 1.0  # of the inverse in all other directions

    def learn(self, step: Any, change: Any, most: int) -> None:
        """Remember a step, and forget the first ones beyond ``most``; one along which the slope did not grow tells nothing."""
        product = float(np.dot(change, step))
        if product > 1e-10:
            kept = slice(max(len(self.steps) + 1 - most, 0), None)
            self.steps = [*self.steps[kept], step]
            self.changes = [*self.changes[kept], change]
            self._products = [*self._products[kept], product]
            self._scale = product / float(np.dot(change, change))

    def inverse_times(self, vector: Any) -> Any:
        """The inverse of the Hessian times ``vector``, by the two-loop recursion."""
        shares = []
        remembered = list(zip(self.steps, self.changes, self._products, strict=True))
        for step, change, product in reversed(remembered):
            shares.append(float(np.dot(step, vector)) / product)
            vector = vector - shares[-1] * change
        vector = self._scale * vector
        for (step, change, product), share in zip(remembered, reversed(shares), strict=True):
            vector = vector + (share - float(np.dot(change, vector)) / product) * step
        return vector


def _largest(vector: Any) -> float:
    return float(np.abs(vector).max(initial=0.0))
