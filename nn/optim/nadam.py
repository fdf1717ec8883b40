"""``NAdam``: ``Adam`` with Nesterov's momentum."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.optim.blocks import State
from nn.optim.rules import UpdateRule, decayed, penalized
from nn.optim.settings import check_not_negative, check_shares, check_switches


class NAdam(UpdateRule):
    """``Adam`` that looks one step of momentum ahead, with a momentum that grows to ``beta1``.

    With ``g`` the gradient plus ``weight_decay * w`` (its negative to start with, if ``maximize``), in step t::

        mu(t) = beta1 * (1 - 0.96**(t * momentum_decay) / 2),  M(t) = mu(1) * ... * mu(t)
        m <- beta1 * m + (1 - beta1) * g
        v <- beta2 * v + (1 - beta2) * g * g
        d  = mu(t + 1) / (1 - M(t + 1)) * m + (1 - mu(t)) / (1 - M(t)) * g
        w <- w - lr * d / (sqrt(v / (1 - beta2**t)) + eps)

    Args:
        params: tensors or groups, see ``Optimizer``.
        lr: the learning rate: about the size of a step.
        betas: how much of each running mean is kept from step to step.
        eps: keeps the quotient finite.
        weight_decay: the factor of the parameter itself in ``g``: an L2 penalty.
        momentum_decay: how fast the momentum grows.
        decoupled_weight_decay: leave ``g`` alone and multiply ``w`` by ``1 - lr * weight_decay`` first.
        maximize: go up instead of down.

    Raises:
        TypeError: for settings that are no numbers, switches that are neither true nor false, and betas that are not two.
        ValueError: for numbers that are not finite, a negative ``lr``, ``eps``, ``weight_decay`` or ``momentum_decay``, and
            betas outside of [0, 1).

    Source: T. Dozat, Incorporating Nesterov momentum into Adam, 2016; ``decoupled_weight_decay`` as in ``AdamW``.

    >>> w = nn.Parameter([1.0, 2.0])
    >>> optimizer = nn.optim.NAdam([w], lr=0.1)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     (w * w).sum().backward()
    ...     optimizer.step()
    >>> w.numpy().round(4)
    array([0.82  , 1.8179])
    """

    elementwise = True
    state_names = ("mu_product", "exp_avg", "exp_avg_sq")

    def __init__(
        self,
        params: Any,
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
        }
        super().__init__(params, settings)

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        check_not_negative(self._name, settings, "lr", "eps", "weight_decay", "momentum_decay")
        check_shares(self._name, settings, "betas")
        check_switches(self._name, settings, "decoupled_weight_decay", "maximize")

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
        momentum_decay: float,
        decoupled_weight_decay: bool,
        maximize: bool,
    ) -> tuple[Any, State]:
        """See the class."""
        beta1, beta2 = betas
        if decoupled_weight_decay:
            value, weight_decay = decayed(value, lr, weight_decay), 0.0
        gradient = penalized(value, gradient, weight_decay, maximize)
        mean, square = state.get("exp_avg", 0.0), state.get("exp_avg_sq", 0.0)
        mean = mean + (1 - beta1) * (gradient - mean)
        square = beta2 * square + (1 - beta2) * (gradient * gradient)
        momentum, following = (beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay)) for t in (step, step + 1))
        product = state.get("mu_product", 1.0) * momentum
        correction = (1 - beta2**step) ** 0.5
        of_mean = lr * correction * following / (1 - product * following)
        of_gradient = lr * correction * (1 - momentum) / (1 - product)
        direction = (of_mean * mean + of_gradient * gradient) / (np.sqrt(square) + eps * correction)
        return value - direction, {"mu_product": product, "exp_avg": mean, "exp_avg_sq": square}
