"""``RAdam``: ``Adam`` without its first wild steps."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.optim.blocks import State
from nn.optim.rules import UpdateRule, decayed, penalized
from nn.optim.settings import check_not_negative, check_shares, check_switches


class RAdam(UpdateRule):
    """``Adam`` rectified: it divides by the root of v only once v is the mean of enough gradients to be trusted.

    With ``g`` the gradient plus ``weight_decay * w`` (its negative to start with, if ``maximize``), in step t::

        m <- beta1 * m + (1 - beta1) * g
        v <- beta2 * v + (1 - beta2) * g * g
        n = 2 / (1 - beta2) - 1,  k = n - 2 * t * beta2**t / (1 - beta2**t)
        r = sqrt((k - 4) * (k - 2) * n / ((n - 4) * (n - 2) * k))
        w <- w - lr * m / (1 - beta1**t)                                                  if k <= 5
        w <- w - lr * m / (1 - beta1**t) * r * sqrt(1 - beta2**t) / (sqrt(v) + eps)       otherwise

    Args:
        params: tensors or groups, see ``Optimizer``.
        lr: the learning rate: in the long run, about the size of a step.
        betas: how much of each running mean is kept from step to step.
        eps: keeps the quotient finite.
        weight_decay: the factor of the parameter itself in ``g``: an L2 penalty.
        decoupled_weight_decay: leave ``g`` alone and multiply ``w`` by ``1 - lr * weight_decay`` first.
        maximize: go up instead of down.

    Raises:
        TypeError: for settings that are no numbers, switches that are neither true nor false, and betas that are not two.
        ValueError: for numbers that are not finite, a negative ``lr``, ``eps`` or ``weight_decay``, and betas outside of
            [0, 1).

    Source: L. Liu et al., On the variance of the adaptive learning rate and beyond, 2020; the bound of 5, where the paper has
    4, and the place of ``eps`` are PyTorch's. ``decoupled_weight_decay`` as in ``AdamW``.

    >>> w = nn.Parameter([1.0, 2.0])
    >>> optimizer = nn.optim.RAdam([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()  # as SGD does
    >>> w
    Tensor([0.8, 1.6], dtype=float64, requires_grad=True)
    """

    elementwise = True
    state_names = ("exp_avg", "exp_avg_sq")

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
        }
        super().__init__(params, settings)

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        check_not_negative(self._name, settings, "lr", "eps", "weight_decay")
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
        decoupled_weight_decay: bool,
        maximize: bool,
    ) -> tuple[Any, State]:
        """See the class."""
        beta1, beta2 = betas
        if decoupled_weight_decay:
            value, weight_decay = decayed(value, lr, weight_decay), 0.0
        gradient = penalized(value, gradient, weight_decay, maximize)
        mean, square = (state.get(name, 0.0) for name in self.state_names)
        mean = mean + (1 - beta1) * (gradient - mean)
        square = beta2 * square + (1 - beta2) * (gradient * gradient)
        state = {"exp_avg": mean, "exp_avg_sq": square}
        size = lr / (1 - beta1**step)
        most = 2 / (1 - beta2) - 1
        length = most - 2 * step * beta2**step / (1 - beta2**step)
        if length <= 5:
            return value - size * mean, state
        rectified = (length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)
        size = size * (rectified * (1 - beta2**step)) ** 0.5
        return value - size * mean / (np.sqrt(square) + eps), state
