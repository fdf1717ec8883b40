"""``Rprop``: a step of its own for each element, from signs alone; for gradients of all data at once."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.optim.blocks import State
from nn.optim.rules import UpdateRule
from nn.optim.settings import check_not_negative, check_pair, check_switches


class Rprop(UpdateRule):
    """``w <- w - s sign(g)``, where each element's step s grows while its gradient g keeps its sign, and shrinks otherwise.

    With ``g`` the gradient (its negative, if ``maximize``) and ``p`` that of the step before::

        s <- s * etas[1] where g * p > 0, s * etas[0] where g * p < 0; and from step_sizes[0] to step_sizes[1]
        g <- 0 where g * p < 0
        w <- w - s * sign(g)
        p <- g

    Args:
        params: tensors or groups, see ``Optimizer``.
        lr: the first step s.
        etas: the factors by which a step shrinks and grows.
        step_sizes: the least and the most that a step may be.
        maximize: go up instead of down.

    Raises:
        TypeError: for settings that are no numbers, a switch that is neither true nor false, and pairs that are not two.
        ValueError: for numbers that are not finite, a negative ``lr``, ``etas`` not below and above 1, and ``step_sizes`` that
            are negative or in the wrong order.

    Source: M. Riedmiller and H. Braun, A direct adaptive method for faster backpropagation learning: the RPROP algorithm, 1993,
    without going back where the sign changes, as in PyTorch.

    >>> w = nn.Parameter([1.0, 2.0])
    >>> optimizer = nn.optim.Rprop([w], lr=0.1)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     (w * w).sum().backward()
    ...     optimizer.step()
    >>> w.numpy().round(6)
    array([0.78, 1.78])
    """

    elementwise = True
    state_names = ("prev", "step_size")

    def __init__(
        self,
        params: Any,
        lr: float = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, {"lr": lr, "etas": etas, "step_sizes": step_sizes, "maximize": maximize})

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        check_not_negative(self._name, settings, "lr")
        expected = "two numbers, between 0 and 1 and above 1"
        less, more = check_pair(self._name, settings, "etas", expected)
        if not 0 < less < 1 < more:
            raise ValueError(f"{self._name}: expected etas, {expected}; received {less, more}")
        expected = "two numbers of 0 or more, the smaller one first"
        least, most = check_pair(self._name, settings, "step_sizes", expected)
        if not 0 <= least <= most:
            raise ValueError(f"{self._name}: expected step_sizes, {expected}; received {least, most}")
        check_switches(self._name, settings, "maximize")

    def update(  # type: ignore[override]  # the settings, each by its name
        self,
        value: Any,
        gradient: Any,
        state: State,
        *,
        step: int,
        lr: float,
        etas: tuple[float, float],
        step_sizes: tuple[float, float],
        maximize: bool,
    ) -> tuple[Any, State]:
        """See the class."""
        if maximize:
            gradient = -gradient
        size = state["step_size"] if state else lr * np.ones_like(value)
        turn = gradient * state.get("prev", 0.0)
        size = np.where(turn > 0, size * etas[1], np.where(turn < 0, size * etas[0], size))
        size = np.clip(size, *step_sizes)
        gradient = np.where(turn < 0, np.zeros_like(gradient), gradient)
        return value - size * np.sign(gradient), {"prev": gradient, "step_size": size}
