"""``Adam`` and ``AdamW``: steps of about equal size in every direction."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.optim.blocks import State
from nn.optim.rules import UpdateRule, decayed, penalized
from nn.optim.settings import check_not_negative, check_shares, check_switches


class Adam(UpdateRule):
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
        decoupled_weight_decay: leave ``g`` alone and multiply ``w`` by ``1 - lr * weight_decay`` first: this is ``AdamW``.

    Raises:
        TypeError: for settings that are no numbers, switches that are neither true nor false, and betas that are not two.
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
    state_names = ("exp_avg", "exp_avg_sq")
    optional_state_names = ("max_exp_avg_sq",)

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
    ) -> None:
        settings = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, settings)

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        check_not_negative(self._name, settings, "lr", "eps", "weight_decay")
        check_shares(self._name, settings, "betas")
        check_switches(self._name, settings, "amsgrad", "maximize", "decoupled_weight_decay")

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
        decoupled_weight_decay: bool,
    ) -> tuple[Any, State]:
        """See the class."""
        beta1, beta2 = betas
        if decoupled_weight_decay:
            value, weight_decay = decayed(value, lr, weight_decay), 0.0
        gradient = penalized(value, gradient, weight_decay, maximize)
        # In place, wherever the memory is the rule's own: fewer arrays go through the cache.
        if state:
            mean = gradient - state["exp_avg"]
            mean *= 1 - beta1
            mean += state["exp_avg"]
            square = gradient * gradient
            square *= 1 - beta2
            square += beta2 * state["exp_avg_sq"]
        else:
            mean = (1 - beta1) * gradient
            square = (1 - beta2) * (gradient * gradient)
        kept = {"exp_avg": mean, "exp_avg_sq": square}
        if amsgrad:
            square = np.maximum(state.get("max_exp_avg_sq", 0.0), square)
            kept["max_exp_avg_sq"] = square
        # Both corrections are numbers, so they are brought to the outside: fewer passes over the arrays.
        correction = (1 - beta2**step) ** 0.5
        spread = np.sqrt(square)
        spread += eps * correction
        change = mean / spread
        change *= lr * correction / (1 - beta1**step)
        return value - change, kept


class AdamW(Adam):
    """``Adam`` with a weight decay of its own: ``w`` is multiplied by ``1 - lr * weight_decay``, and ``g`` left alone.

    Args:
        params: tensors or groups, see ``Optimizer``.
        lr: the learning rate: about the size of a step.
        betas: how much of each running mean is kept from step to step.
        eps: keeps the quotient finite.
        weight_decay: by how much of ``lr`` times itself a parameter shrinks in each step.
        amsgrad: divide by the largest v so far.
        maximize: go up instead of down; weights decay all the same.

    Raises:
        TypeError: as ``Adam``.
        ValueError: as ``Adam``.

    Source: I. Loshchilov and F. Hutter, Decoupled weight decay regularization, 2019.

    >>> w = nn.Parameter([1.0, 2.0])
    >>> optimizer = nn.optim.AdamW([w], lr=0.1, weight_decay=0.5)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy().round(6)
    array([0.85, 1.8 ])
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, decoupled_weight_decay=True)
