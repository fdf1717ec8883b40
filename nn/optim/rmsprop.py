"""``RMSprop``: the gradient over the root mean square of those before."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.inputs import check_number
from nn.optim.blocks import State
from nn.optim.rules import UpdateRule, penalized
from nn.optim.settings import check_not_negative, check_switches


class RMSprop(UpdateRule):
    """``w <- w - lr d``, where ``d = g / (sqrt(v) + eps)``, and v is the running mean of the gradient's square.

    With ``g`` the gradient plus ``weight_decay * w`` (its negative to start with, if ``maximize``)::

        v <- alpha * v + (1 - alpha) * g * g
        a <- alpha * a + (1 - alpha) * g                   if centered, and then v - a * a in place of v in d
        b <- momentum * b + d                              with momentum, and then b in place of d

    Args:
        params: tensors or groups, see ``Optimizer``.
        lr: the learning rate.
        alpha: how much of the running means is kept from step to step.
        eps: keeps the quotient finite.
        weight_decay: the factor of the parameter itself in ``g``: an L2 penalty.
        momentum: the share of the running sum b that is kept from step to step; 0 for none.
        centered: divide by the standard deviation of the gradient.
        maximize: go up instead of down.

    Raises:
        TypeError: for settings that are no numbers, and switches that are neither true nor false.
        ValueError: for numbers that are not finite, a negative ``lr``, ``eps``, ``weight_decay`` or ``momentum``, and an
            ``alpha`` outside of [0, 1].

    Source: T. Tieleman and G. Hinton, Lecture 6.5 of Neural networks for machine learning, 2012; ``centered`` from A. Graves,
    Generating sequences with recurrent neural networks, 2013. Where rounding makes the variance negative it is 0 here, and NaN
    in PyTorch.

    >>> w = nn.Parameter([1.0, 2.0])
    >>> optimizer = nn.optim.RMSprop([w], lr=0.1, alpha=0.75)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy().round(6)
    array([0.8, 1.8])
    """

    elementwise = True
    state_names = ("square_avg",)
    optional_state_names = ("momentum_buffer", "grad_avg")

    def __init__(
        self,
        params: Any,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {
            "lr": lr,
            "alpha": alpha,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "centered": centered,
            "maximize": maximize,
        }
        super().__init__(params, settings)

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        check_not_negative(self._name, settings, "lr", "eps", "weight_decay", "momentum")
        check_number(self._name, "alpha", settings["alpha"], 0, 1)
        check_switches(self._name, settings, "centered", "maximize")

    def update(  # type: ignore[override]  # the settings, each by its name
        self,
        value: Any,
        gradient: Any,
        state: State,
        *,
        step: int,
        lr: float,
        alpha: float,
        eps: float,
        weight_decay: float,
        momentum: float,
        centered: bool,
        maximize: bool,
    ) -> tuple[Any, State]:
        """See the class."""
        gradient = penalized(value, gradient, weight_decay, maximize)
        square = alpha * state.get("square_avg", 0.0) + (1 - alpha) * (gradient * gradient)
        kept = {"square_avg": square}
        if centered:
            mean = state.get("grad_avg", 0.0)
            kept["grad_avg"] = mean = mean + (1 - alpha) * (gradient - mean)
            square = np.maximum(square - mean * mean, 0.0)
        direction = gradient / (np.sqrt(square) + eps)
        if momentum:
            kept["momentum_buffer"] = direction = momentum * state.get("momentum_buffer", 0.0) + direction
        return value - lr * direction, kept
