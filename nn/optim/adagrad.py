"""``Adagrad``: steps that shrink where gradients were large."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.optim.blocks import State
from nn.optim.rules import UpdateRule, penalized
from nn.optim.settings import check_not_negative, check_switches


class Adagrad(UpdateRule):
    """``w <- w - lr g / (sqrt(G) + eps)``, where G is the sum of the squares of all gradients so far.

    With ``g`` the gradient plus ``weight_decay * w`` (its negative to start with, if ``maximize``), in step t::

        G <- G + g * g
        w <- w - lr / (1 + (t - 1) * lr_decay) * g / (sqrt(G) + eps)

    Args:
        params: tensors or groups, see ``Optimizer``.
        lr: the learning rate: the size of the first step.
        lr_decay: how fast the learning rate falls.
        weight_decay: the factor of the parameter itself in ``g``: an L2 penalty.
        initial_accumulator_value: G before the first step.
        eps: keeps the quotient finite.
        maximize: go up instead of down.

    Raises:
        TypeError: for settings that are no numbers, and a switch that is neither true nor false.
        ValueError: for numbers that are negative or not finite.

    Source: J. Duchi, E. Hazan and Y. Singer, Adaptive subgradient methods for online learning and stochastic optimization,
    2011.

    >>> w = nn.Parameter([1.0, 2.0])
    >>> optimizer = nn.optim.Adagrad([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy().round(6)
    array([0.9, 1.9])
    """

    elementwise = True
    state_names = ("sum",)

    def __init__(
        self,
        params: Any,
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {
            "lr": lr,
            "lr_decay": lr_decay,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "eps": eps,
            "maximize": maximize,
        }
        super().__init__(params, settings)

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        check_not_negative(self._name, settings, "lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps")
        check_switches(self._name, settings, "maximize")

    def update(  # type: ignore[override]  # the settings, each by its name
        self,
        value: Any,
        gradient: Any,
        state: State,
        *,
        step: int,
        lr: float,
        lr_decay: float,
        weight_decay: float,
        initial_accumulator_value: float,
        eps: float,
        maximize: bool,
    ) -> tuple[Any, State]:
        """See the class."""
        gradient = penalized(value, gradient, weight_decay, maximize)
        total = state.get("sum", initial_accumulator_value) + gradient * gradient
        size = lr / (1 + (step - 1) * lr_decay)
        return value - size * gradient / (np.sqrt(total) + eps), {"sum": total}
