"""``Adadelta``: steps in the units of the parameter, without a learning rate to find."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.inputs import check_number
from nn.optim.blocks import State
from nn.optim.rules import UpdateRule, penalized
from nn.optim.settings import check_not_negative, check_switches


class Adadelta(UpdateRule):
    """``w <- w - lr d``, where ``d`` is the gradient times the root mean square of earlier steps over that of gradients.

    With ``g`` the gradient plus ``weight_decay * w`` (its negative to start with, if ``maximize``)::

        v <- rho * v + (1 - rho) * g * g
        d  = sqrt(u + eps) / sqrt(v + eps) * g
        u <- rho * u + (1 - rho) * d * d
        w <- w - lr * d

    Args:
        params: tensors or groups, see ``Optimizer``.
        lr: a factor of the step, which the paper does not have.
        rho: how much of the running means v and u is kept from step to step.
        eps: keeps the quotient finite, and is what the first steps are made of.
        weight_decay: the factor of the parameter itself in ``g``: an L2 penalty.
        maximize: go up instead of down.

    Raises:
        TypeError: for settings that are no numbers, and a switch that is neither true nor false.
        ValueError: for numbers that are not finite, a negative ``lr``, ``eps`` or ``weight_decay``, and a ``rho`` outside of
            [0, 1].

    Source: M. Zeiler, ADADELTA: an adaptive learning rate method, 2012.

    >>> w = nn.Parameter([1.0, 2.0])
    >>> optimizer = nn.optim.Adadelta([w], rho=0.75, eps=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy().round(4)
    array([-0.1547,  0.6667])
    """

    elementwise = True
    state_names = ("square_avg", "acc_delta")

    def __init__(
        self,
        params: Any,
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize})

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        check_not_negative(self._name, settings, "lr", "eps", "weight_decay")
        check_number(self._name, "rho", settings["rho"], 0, 1)
        check_switches(self._name, settings, "maximize")

    def update(  # type: ignore[override]  # the settings, each by its name
        self,
        value: Any,
        gradient: Any,
        state: State,
        *,
        step: int,
        lr: float,
        rho: float,
        eps: float,
        weight_decay: float,
        maximize: bool,
    ) -> tuple[Any, State]:
        """See the class."""
        gradient = penalized(value, gradient, weight_decay, maximize)
        square, moved = (state.get(name, 0.0) for name in self.state_names)
        square = rho * square + (1 - rho) * (gradient * gradient)
        direction = np.sqrt((moved + eps) / (square + eps)) * gradient
        moved = rho * moved + (1 - rho) * (direction * direction)
        return value - lr * direction, {"square_avg": square, "acc_delta": moved}
