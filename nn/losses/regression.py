"""How far numbers are from numbers: squared and absolute errors, and what is one near 0 and the other far from it."""

from typing import Any, ClassVar

from nn.inputs import Receiver, called, check_number
from nn.kernels.half_precision import in_single_precision, is_half
from nn.kernels.regression import absolute_error, huber_error, squared_error
from nn.losses.shared import Loss, check_reduction, constant, elementwise, pair, weighted
from nn.paths import described


def mse_loss(input: Any, target: Any, reduction: str = "mean", weight: Any = None) -> Any:
    """The squared error ``(input - target)**2``.

    Args:
        input: predictions.
        target: what they should be; plain data is cast to the dtype of ``input``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        weight: how much each element counts, a constant in the shape of ``input``. The mean divides by the sum of the weights.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, or another reduction.
        TypeError: for complex numbers, and a weight that requires a gradient.

    >>> nn.functional.mse_loss([1.0, 2.0], [0.0, 4.0])
    np.float64(2.5)
    """
    return _error("mse_loss", squared_error, input, target, reduction, weight)


def l1_loss(input: Any, target: Any, reduction: str = "mean", weight: Any = None) -> Any:
    """The absolute error ``|input - target|``; its derivative where they are equal is 0.

    Args:
        input: predictions.
        target: what they should be; plain data is cast to the dtype of ``input``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        weight: how much each element counts, a constant in the shape of ``input``. The mean divides by the sum of the weights.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, or another reduction.
        TypeError: for complex numbers, and a weight that requires a gradient.

    >>> nn.functional.l1_loss([1.0, 2.0], [0.0, 4.0])
    np.float64(1.5)
    """
    return _error("l1_loss", absolute_error, input, target, reduction, weight)


def smooth_l1_loss(input: Any, target: Any, reduction: str = "mean", beta: float = 1.0) -> Any:
    """``d**2 / (2 beta)`` for a difference ``d`` of less than ``beta`` either way, ``|d| - beta / 2`` for one of more.

    Args:
        input: predictions.
        target: what they should be; plain data is cast to the dtype of ``input``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        beta: where the parabola becomes lines; 0 for lines only, which is ``l1_loss``.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, another reduction, or a negative ``beta``.
        TypeError: for complex numbers.

    Source: R. Girshick, Fast R-CNN, 2015.

    >>> nn.functional.smooth_l1_loss([0.5, 3.0], [0.0, 0.0], reduction="none")
    array([0.125, 2.5  ])
    """
    check_number("smooth_l1_loss", "beta", beta, least=0)
    return _smooth_l1_loss("smooth_l1_loss", input, target, reduction, beta)


def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0, weight: Any = None) -> Any:
    """``d**2 / 2`` for a difference ``d`` of less than ``delta`` either way, ``delta (|d| - delta / 2)`` for one of more.

    Args:
        input: predictions.
        target: what they should be; plain data is cast to the dtype of ``input``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        delta: where the parabola becomes lines.
        weight: how much each element counts, a constant; it broadcasts. The mean divides by the number of elements all the
            same, as in PyTorch.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, another reduction, or a ``delta`` that is not positive.
        TypeError: for complex numbers, and a weight that requires a gradient.

    Source: P. Huber, Robust estimation of a location parameter, 1964.

    >>> nn.functional.huber_loss([0.5, 3.0], [0.0, 0.0], reduction="none", delta=2.0)
    array([0.125, 4.   ])
    """
    _check_delta("huber_loss", delta)
    return _huber_loss("huber_loss", input, target, reduction, delta, weight)


def _error(receiver: Receiver, loss: Any, input: Any, target: Any, reduction: str, weight: Any = None) -> Any:
    if weight is None:
        return elementwise(receiver, loss, input, target, reduction)
    check_reduction(receiver, reduction)
    x, y = pair(receiver, input, target)
    if is_half(x):
        return in_single_precision(lambda x, y: _error(receiver, loss, x, y, reduction, weight), x, y)
    losses = loss(x, y, divisor=None)
    weight = constant(receiver, "weight", weight, losses.dtype)
    if weight.shape != losses.shape:
        raise ValueError(f"{called(receiver)}: expected weight of shape {losses.shape}, received {weight.shape}")
    return weighted(losses, weight, reduction)


def _smooth_l1_loss(receiver: Receiver, input: Any, target: Any, reduction: str, beta: float) -> Any:
    if beta == 0:
        return elementwise(receiver, absolute_error, input, target, reduction)
    beta = float(beta)  # NumPy's float64 would make float32 losses float64
    return elementwise(receiver, huber_error, input, target, reduction, delta=beta, scale=1 / beta)


def _huber_loss(receiver: Receiver, input: Any, target: Any, reduction: str, delta: float, weight: Any = None) -> Any:
    return elementwise(receiver, huber_error, input, target, reduction, weight, delta=float(delta), scale=1.0)


def _check_delta(name: str, delta: Any) -> None:
    check_number(name, "delta", delta, least=0)
    if delta == 0:
        raise ValueError(f"{name}: expected delta, a number above 0; received {delta}")


class MSELoss(Loss):
    """``mse_loss`` as a module.

    >>> nn.MSELoss(reduction="sum")([1.0, 2.0], [0.0, 4.0])
    np.float64(5.0)
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``mse_loss``."""
        return _error(lambda: described(self), squared_error, input, target, self.reduction)


class L1Loss(Loss):
    """``l1_loss`` as a module.

    >>> nn.L1Loss(reduction="sum")([1.0, 2.0], [0.0, 4.0])
    np.float64(3.0)
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``l1_loss``."""
        return _error(lambda: described(self), absolute_error, input, target, self.reduction)


class SmoothL1Loss(Loss):
    """``smooth_l1_loss`` as a module.

    >>> nn.SmoothL1Loss(reduction="sum")([0.5, 3.0], [0.0, 0.0])
    np.float64(2.625)
    """

    usual: ClassVar = {"beta": 1.0}

    def __init__(self, reduction: str = "mean", beta: float = 1.0) -> None:
        super().__init__(reduction)
        check_number("SmoothL1Loss", "beta", beta, least=0)
        self.beta = beta

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``smooth_l1_loss``."""
        return _smooth_l1_loss(lambda: described(self), input, target, self.reduction, self.beta)


class HuberLoss(Loss):
    """``huber_loss`` as a module.

    >>> nn.HuberLoss(reduction="sum", delta=2.0)([0.5, 3.0], [0.0, 0.0])
    np.float64(4.125)
    """

    usual: ClassVar = {"delta": 1.0}

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction)
        _check_delta("HuberLoss", delta)
        self.delta = delta

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``huber_loss``."""
        return _huber_loss(lambda: described(self), input, target, self.reduction, self.delta)
