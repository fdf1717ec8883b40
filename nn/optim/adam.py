"""``Adam``: steps of about equal size in every direction."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.inputs import check_number
from nn.optim.base import Optimizer
from nn.optim.blocks import State


class Adam(Optimizer):
    """``w <- w - lr m / (sqrt(v) + eps)``, where m and v are running means of the gradient and of its square, without bias.

    With ``g`` the gradient plus ``weight_decay * w`` (its negative to start with, if ``maximize``), in step t::

        m <- beta1 * m + (1 - beta1) * g
        v <- beta2 * v + (1 - beta2) * g * g
        w <- w - lr * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps)

    Args:
        params: tensors or groups, see ``Optimizer``.
        lr: the learning rate: about the size of a step.
        betas: how much of each running mean is kept from step to step.
        eps: keeps the quotient finite.
        weight_decay: the factor of the parameter itself in ``g``: an L2 penalty.
        amsgrad: divide by the largest v so far.
        maximize: go up instead of down.

    Raises:
        TypeError: for settings that are no numbers, and betas that are not two.
        ValueError: for numbers that are not finite, a negative ``lr``, ``eps`` or ``weight_decay``, and betas outside of
            [0, 1).

    Source: D. Kingma and J. Ba, Adam: a method for stochastic optimization, 2015; for ``amsgrad`` S. Reddi et al., On the
    convergence of Adam and beyond, 2018; its largest v is, as in PyTorch, the one before the correction of its bias.

    >>> w = nn.Parameter([1.0, 2.0])
    >>> optimizer = nn.optim.Adam([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy().round(6)
    array([0.9, 1.9])
    """

    elementwise = True

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        maximize: bool = False,
    ) -> None:
        settings = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
        }
        super().__init__(params, settings)

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        for name in ("lr", "eps", "weight_decay"):
            check_number("Adam", name, settings[name], least=0)
        betas = settings["betas"]
        if not isinstance(betas, tuple | list) or len(betas) != 2:
            raise TypeError(f"Adam: expected betas, two numbers from 0 to below 1; received {betas!r}")
        for i, beta in enumerate(betas):
            check_number("Adam", f"betas[{i}]", beta)
            if not 0 <= beta < 1:
                raise ValueError(f"Adam: expected betas, two numbers from 0 to below 1; received {betas}")

    def check_state(self, state: State) -> None:
        """Refuse what the rule does not make, and what it would have to start anew."""
        needed = {"exp_avg", "exp_avg_sq"}
        if not needed <= state.keys() <= needed | {"max_exp_avg_sq"}:
            received = ", ".join(map(str, state)) or "none"
            raise ValueError(f"expected exp_avg, exp_avg_sq and, with amsgrad, max_exp_avg_sq; received {received}")

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
        amsgrad: bool,
        maximize: bool,
    ) -> tuple[Any, State]:
        """See the class."""
        beta1, beta2 = betas
        if maximize:
            gradient = -gradient
        if weight_decay:
            gradient = gradient + weight_decay * value
        mean, square, largest = (state.get(name, 0.0) for name in ("exp_avg", "exp_avg_sq", "max_exp_avg_sq"))
        mean = mean + (1 - beta1) * (gradient - mean)
        square = beta2 * square + (1 - beta2) * (gradient * gradient)
        state = {"exp_avg": mean, "exp_avg_sq": square}
        if amsgrad:
            square = np.maximum(largest, square)
            state["max_exp_avg_sq"] = square
        # Both corrections are numbers, so they are brought to the outside: fewer passes over the arrays.
        correction = (1 - beta2**step) ** 0.5
        size = lr * correction / (1 - beta1**step)
        return value - size * mean / (np.sqrt(square) + eps * correction), state
