"""``Adafactor``: ``Adam``'s steps with the memory of ``SGD``: of a matrix of squares it keeps the means of rows and columns."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd import Tensor
from nn.inputs import check_number
from nn.optim.blocks import State
from nn.optim.rules import UpdateRule, decayed
from nn.optim.settings import check_not_negative, check_switches


class Adafactor(UpdateRule):
    """``w <- w - a u``, where u is the gradient over the root of its mean square, and a a share of the parameter's own size.

    With ``G`` the gradient (its negative, if ``maximize``), ``rms(x) = sqrt(mean(x * x))``, in step t::

        b = 1 - t**beta2_decay
        R <- b * R + (1 - b) * mean(G * G, last axis)          C <- b * C + (1 - b) * mean(G * G, the axis before it)
        V  = R C / max(mean(R), eps1)                          V <- b * V + (1 - b) * G * G of a vector or a number
        u  = G / max(sqrt(V), eps1)
        a  = max(eps2, rms(w)) * min(lr, 1 / sqrt(t))
        w <- w - lr * weight_decay * w - a * u / max(1, rms(u) / d)

    Args:
        params: tensors or groups, see ``Optimizer``.
        lr: the most that a step may be of the parameter's own size.
        beta2_decay: the power of t by which older squares count more and more, 0 or less.
        eps: two numbers, ``eps1``, which keeps quotients finite, with ``None`` for the dtype's epsilon; and ``eps2``, the size
            that a parameter is taken to have at least.
        d: from which root mean square on u is made shorter, 1 or more.
        weight_decay: by how much of ``lr`` times itself a parameter shrinks in each step.
        maximize: go up instead of down; weights decay all the same.

    Raises:
        TypeError: for settings that are no numbers, a switch that is neither true nor false, and an ``eps`` that is not two.
        ValueError: for numbers that are not finite or out of bounds.

    Source: N. Shazeer and M. Stern, Adafactor: adaptive learning rates with sublinear memory cost, 2018. As in PyTorch, ``lr``
    takes the place of the paper's 0.01, ``eps1`` bounds the quotients instead of being added to the squares, weights decay, and
    there is no momentum.

    >>> w = nn.Parameter([1.0, 2.0])
    >>> optimizer = nn.optim.Adafactor([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy().round(4)
    array([0.8419, 1.8419])
    """

    state_names = ()
    optional_state_names = ("row_var", "col_var", "variance")

    def __init__(
        self,
        params: Any,
        lr: float = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {
            "lr": lr,
            "beta2_decay": beta2_decay,
            "eps": eps,
            "d": d,
            "weight_decay": weight_decay,
            "maximize": maximize,
        }
        super().__init__(params, settings)

    def check(self, settings: Mapping[str, Any]) -> None:
        """Refuse what makes no sense."""
        check_not_negative(self._name, settings, "lr", "weight_decay")
        check_number(self._name, "beta2_decay", settings["beta2_decay"], most=0)
        check_number(self._name, "d", settings["d"], least=1)
        eps = settings["eps"]
        if not isinstance(eps, tuple | list) or len(eps) != 2:
            raise TypeError(f"{self._name}: expected eps, a number or None and a number; received {eps!r}")
        for i, each in enumerate(eps):
            if i == 1 or each is not None:
                check_number(self._name, f"eps[{i}]", each, least=0)
        check_switches(self._name, settings, "maximize")

    def check_state(self, parameter: Tensor, state: State) -> None:
        """Refuse what the rule does not make for a parameter of this shape."""
        super().check_state(parameter, state)
        shape = parameter.shape
        shapes = {"variance": shape}
        if len(shape) > 1:
            shapes = {"row_var": (*shape[:-1], 1), "col_var": (*shape[:-2], 1, shape[-1])}
        if {name: np.shape(each) for name, each in state.items()} != shapes:
            expected = ", ".join([f"{name} of shape {each}" for name, each in shapes.items()])
            received = ", ".join([f"{name} of shape {np.shape(each)}" for name, each in state.items()]) or "nothing"
            raise ValueError(f"expected {expected}; received {received}")

    def update(  # type: ignore[override]  # the settings, each by its name
        self,
        value: Any,
        gradient: Any,
        state: State,
        *,
        step: int,
        lr: float,
        beta2_decay: float,
        eps: tuple[float | None, float],
        d: float,
        weight_decay: float,
        maximize: bool,
    ) -> tuple[Any, State]:
        """See the class."""
        least = float(np.finfo(value.dtype).eps) if eps[0] is None else eps[0]
        if maximize:
            gradient = -gradient
        new = step**beta2_decay
        squares = gradient * gradient
        if value.ndim > 1:
            rows, columns = state.get("row_var", 0.0), state.get("col_var", 0.0)
            rows = rows + new * (squares.mean(axis=-1, keepdims=True) - rows)
            columns = columns + new * (squares.mean(axis=-2, keepdims=True) - columns)
            state = {"row_var": rows, "col_var": columns}
            square = rows * columns / np.maximum(rows.mean(axis=-2, keepdims=True), least)
        else:
            square = state.get("variance", 0.0)
            square = square + new * (squares - square)
            state = {"variance": square}
        direction = gradient / np.sqrt(np.maximum(square, least * least))
        size = np.maximum(eps[1], _root_mean_square(value)) * min(lr, step**-0.5)
        size = size / np.maximum(1.0, _root_mean_square(direction) / d)
        return decayed(value, lr, weight_decay) - size * direction, state


def _root_mean_square(x: Any) -> Any:
    return np.sqrt((x * x).mean())
