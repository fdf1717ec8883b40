"""``Adamax``: ``Adam`` with the largest gradient of late in place of the root mean square."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.optim.blocks import State
from nn.optim.rules import UpdateRule, penalized
from nn.optim.settings import check_not_negative, check_shares, check_switches


class Adamax(UpdateRule):
    """``w <- w - lr m / u``, where m is the running mean of the gradient, and u its largest size so far, which fades.

    With ``g`` the gradient plus ``weight_decay * w`` (its negative to start with, if ``maximize``), in step t::

        m <- beta1 * m + (1 - beta1) * g
        u <- max(beta2 * u, |g| + eps)
        w <- w - lr / (1 - beta1**t) * m / u

    Args:
        params: tensors or groups, see ``Optimizer``.
        lr: the learning rate: the largest size of a step.
        betas: how much of m and of u is kept from step to step.
        eps: keeps the quotient finite.
        weight_decay: the factor of the parameter itself in ``g``: an L2 penalty.
        maximize: go up instead of down.

    Raises:
        TypeError: for settings that are no numbers, switches that are neither true nor false, and betas that are not two.
        ValueError: for numbers that are not finite, a negative ``lr``, ``eps`` or ``weight_decay``, and betas outside of
            [0, 1).

    Source: D. Kingma and J. Ba, Adam: a method for stochastic optimization, 2015, section 7.1.

    >>> w = nn.Parameter([1.0, 2.0])
    >>> optimizer = nn.optim.Adamax([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy().round(6)
    array([0.9, 1.9])
    """

    elementwise = True
    state_names = ("exp_avg", "exp_inf")

    def __init__(
        self,
        params: Any,
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        super().__init__(params, settings)

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        check_not_negative(self._name, settings, "lr", "eps", "weight_decay")
        check_shares(self._name, settings, "betas")
        check_switches(self._name, settings, "maximize")

    def update(  # type: ignore[override]  # the settings, each by its name
        self,
        value: Any,
        gradient: Any,
        state: State,
        *,
        step: int,
        lr: float,
        betas: tuple[float, float],
        eps: float,
        weight_decay: float,
        maximize: bool,
    ) -> tuple[Any, State]:
        """See the class."""
        beta1, beta2 = betas
        gradient = penalized(value, gradient, weight_decay, maximize)
        mean, largest = (state.get(name, 0.0) for name in self.state_names)
        mean = mean + (1 - beta1) * (gradient - mean)
        largest = np.maximum(beta2 * largest, np.abs(gradient) + eps)
        size = lr / (1 - beta1**step)
        return value - size * mean / largest, {"exp_avg": mean, "exp_inf": largest}
