"""``SGD``: stochastic gradient descent, with momentum, Nesterov's too."""

from collections.abc import Mapping
from typing import Any

from nn.inputs import check_number
from nn.optim.blocks import State
from nn.optim.rules import UpdateRule, penalized
from nn.optim.settings import check_not_negative, check_switches


class SGD(UpdateRule):
    """``w <- w - lr d``, where the direction ``d`` is the gradient ``g``, or with momentum a running sum of gradients.

    With ``g`` the gradient plus ``weight_decay * w`` (its negative to start with, if ``maximize``)::

        b <- momentum * b + (1 - dampening) * g        b <- g the first time
        d  = g + momentum * b if nesterov else b

    Args:
        params: tensors or groups, see ``Optimizer``.
        lr: the learning rate.
        momentum: the share of the running sum that is kept from step to step; 0 for none.
        dampening: by how much less a new gradient counts in it.
        weight_decay: the factor of the parameter itself in ``g``: an L2 penalty.
        nesterov: look one step of momentum ahead.
        maximize: go up instead of down.

    Raises:
        TypeError: for settings that are no numbers, and switches that are neither true nor false.
        ValueError: for numbers that are not finite, a negative ``lr``, ``momentum`` or ``weight_decay``; ``nesterov`` without
            momentum or with dampening.

    Source: I. Sutskever et al., On the importance of initialization and momentum in deep learning, 2013, in PyTorch's form,
    which multiplies by ``lr`` outside of the running sum.

    >>> w = nn.Parameter([1.0, 2.0])
    >>> optimizer = nn.optim.SGD([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    Tensor([0.8, 1.6], dtype=float64, requires_grad=True)
    """

    elementwise = True
    state_names = ()
    optional_state_names = ("momentum_buffer",)

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
        }
        super().__init__(params, settings)

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        check_not_negative(self._name, settings, "lr", "momentum", "weight_decay")
        check_number(self._name, "dampening", settings["dampening"])
        check_switches(self._name, settings, "nesterov", "maximize")
        if settings["nesterov"] and (settings["momentum"] == 0 or settings["dampening"] != 0):
            raise ValueError(
                "SGD: nesterov needs momentum above 0 and no dampening; received "
                f"momentum={settings['momentum']}, dampening={settings['dampening']}"
            )

    def update(  # type: ignore[override]  # the settings, each by its name
        self,
        value: Any,
        gradient: Any,
        state: State,
        *,
        step: int,
        lr: float,
        momentum: float,
        dampening: float,
        weight_decay: float,
        nesterov: bool,
        maximize: bool,
    ) -> tuple[Any, State]:
        """See the class."""
        gradient = penalized(value, gradient, weight_decay, maximize)
        if momentum:
            if "momentum_buffer" in state:
                buffer = momentum * state["momentum_buffer"] + (gradient if dampening == 0 else (1 - dampening) * gradient)
            else:
                buffer = gradient
            state = {"momentum_buffer": buffer}
            gradient = gradient + momentum * buffer if nesterov else buffer
        return value - lr * gradient, state
