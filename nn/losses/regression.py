"""How far numbers are from numbers: squared and absolute errors."""

from typing import Any

from nn.losses.shared import ElementwiseLoss, check_reduction, pair, reduced


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """The squared error ``(input - target)**2``.

    Args:
        input: predictions.
        target: what they should be; plain data is cast to the dtype of ``input``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, or another reduction.
        TypeError: for complex numbers.

    >>> nn.functional.mse_loss([1.0, 2.0], [0.0, 4.0])
    np.float64(2.5)
    """
    check_reduction("mse_loss", reduction)
    x, y = pair("mse_loss", input, target)
    difference = x - y
    return reduced(difference * difference, reduction)


def l1_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """The absolute error ``|input - target|``; its derivative where they are equal is 0.

    Args:
        input: predictions.
        target: what they should be; plain data is cast to the dtype of ``input``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, or another reduction.
        TypeError: for complex numbers.

    >>> nn.functional.l1_loss([1.0, 2.0], [0.0, 4.0])
    np.float64(1.5)
    """
    check_reduction("l1_loss", reduction)
    x, y = pair("l1_loss", input, target)
    return reduced(abs(x - y), reduction)


class MSELoss(ElementwiseLoss):
    """``mse_loss`` as a module.

    >>> nn.MSELoss(reduction="sum")([1.0, 2.0], [0.0, 4.0])
    np.float64(5.0)
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``mse_loss``."""
        return mse_loss(input, target, self.reduction)


class L1Loss(ElementwiseLoss):
    """``l1_loss`` as a module.

    >>> nn.L1Loss(reduction="sum")([1.0, 2.0], [0.0, 4.0])
    np.float64(3.0)
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``l1_loss``."""
        return l1_loss(input, target, self.reduction)
