"""``Lion``: the sign of a momentum: every element moves by the learning rate."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.optim.blocks import State
from nn.optim.rules import UpdateRule, decayed
from nn.optim.settings import check_not_negative, check_shares, check_switches


class Lion(UpdateRule):
    """``w <- w - lr (sign(c) + weight_decay w)``, where c is between the momentum m and the gradient g.

    With ``g`` the gradient (its negative, if ``maximize``)::

        c  = beta1 * m + (1 - beta1) * g
        w <- w - lr * (sign(c) + weight_decay * w)
        m <- beta2 * m + (1 - beta2) * g

    It keeps one array for each parameter, where ``Adam`` keeps two. The paper advises a learning rate of a third to a tenth of
    that for ``AdamW``, and a weight decay larger by the same factor. PyTorch does not have it.

    Args:
        params: tensors or groups, see ``Optimizer``.
        lr: the learning rate: the size of a step.
        betas: how much of m counts in the direction, and how much of m is kept from step to step.
        weight_decay: by how much of ``lr`` times itself a parameter shrinks in each step.
        maximize: go up instead of down; weights decay all the same.

    Raises:
        TypeError: for settings that are no numbers, a switch that is neither true nor false, and betas that are not two.
        ValueError: for numbers that are not finite, a negative ``lr`` or ``weight_decay``, and betas outside of [0, 1).

    Source: X. Chen et al., Symbolic discovery of optimization algorithms, 2023, algorithm 2.

    >>> w = nn.Parameter([1.0, 2.0])
    >>> optimizer = nn.optim.Lion([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    Tensor([0.9, 1.9], dtype=float64, requires_grad=True)
    """

    elementwise = True
    state_names = ("exp_avg",)

    def __init__(
        self,
        params: Any,
        lr: float = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay, "maximize": maximize})

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        check_not_negative(self._name, settings, "lr", "weight_decay")
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
        weight_decay: float,
        maximize: bool,
    ) -> tuple[Any, State]:
        """See the class."""
        beta1, beta2 = betas
        if maximize:
            gradient = -gradient
        mean = state.get("exp_avg", 0.0)
        change = gradient - mean
        direction = np.sign(mean + (1 - beta1) * change)
        return decayed(value, lr, weight_decay) - lr * direction, {"exp_avg": mean + (1 - beta2) * change}
