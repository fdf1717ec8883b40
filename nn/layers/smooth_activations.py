"""Activations without a corner, and those that are a line on one side and an exponential on the other, as modules."""

from typing import Any

from nn import functional
from nn.functional.smooth_activations import check_above_0, check_approximation, check_softplus
from nn.inputs import check_number, check_switch
from nn.module import Module


class Tanh(Module):
    """The hyperbolic tangent. Shapes: any -> same.

    >>> nn.Tanh()([0.0, 1.0])
    array([0.        , 0.76159416])
    """

    def forward(self, input: Any) -> Any:
        """``tanh(input)``."""
        return functional.tanh(input)


class Sigmoid(Module):
    """``1 / (1 + exp(-x))``. Shapes: any -> same.

    >>> nn.Sigmoid()([0.0, 1.0])
    array([0.5       , 0.73105858])
    """

    def forward(self, input: Any) -> Any:
        """``sigmoid(input)``."""
        return functional.sigmoid(input)


class LogSigmoid(Module):
    """``-log(1 + exp(-x))``. Shapes: any -> same.

    >>> nn.LogSigmoid()([-1000.0, 0.0])
    array([-1.00000000e+03, -6.93147181e-01])
    """

    def forward(self, input: Any) -> Any:
        """``logsigmoid(input)``."""
        return functional.logsigmoid(input)


class Softplus(Module):
    """``log(1 + exp(beta * x)) / beta``, and ``x`` itself where ``beta * x`` is above ``threshold``. Shapes: any -> same.

    Raises:
        ValueError: for ``beta`` of 0 or less.

    >>> nn.Softplus()([-1000.0, 0.0, 1000.0])
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+03])
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        check_softplus("Softplus", beta, threshold)
        self.beta = float(beta)
        self.threshold = float(threshold)

    def forward(self, input: Any) -> Any:
        """``softplus(input)``."""
        return functional.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"beta={self.beta}, threshold={self.threshold}"


class Softsign(Module):
    """``x / (1 + |x|)``. Shapes: any -> same.

    >>> nn.Softsign()([-1.0, 0.0, 3.0])
    array([-0.5 ,  0.  ,  0.75])
    """

    def forward(self, input: Any) -> Any:
        """``softsign(input)``."""
        return functional.softsign(input)


class Tanhshrink(Module):
    """``x - tanh(x)``. Shapes: any -> same.

    >>> nn.Tanhshrink()([0.0, 1.0])
    array([0.        , 0.23840584])
    """

    def forward(self, input: Any) -> Any:
        """``tanhshrink(input)``."""
        return functional.tanhshrink(input)


# ---------------------------------------------------------------- the input times a gate


class GELU(Module):
    """``x * Phi(x)``, with the distribution function Phi of the standard normal. Shapes: any -> same.

    Args:
        approximate: ``"none"``, or ``"tanh"`` for ``x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x**3))) / 2``, which is faster.

    Raises:
        ValueError: for another approximation.

    Source: D. Hendrycks and K. Gimpel, Gaussian error linear units (GELUs), 2016, arXiv:1606.08415.

    >>> nn.GELU()([-1.0, 0.0, 1.0])
    array([-0.15865525,  0.        ,  0.84134475])
    """

    def __init__(self, approximate: str = "none") -> None:
        check_approximation("GELU", approximate)
        self.approximate = approximate

    def forward(self, input: Any) -> Any:
        """``gelu(input)``."""
        return functional.gelu(input, self.approximate)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"approximate={self.approximate!r}"


class SiLU(Module):
    """``x * sigmoid(x)``, also called swish. Shapes: any -> same. ``inplace`` changes nothing.

    Source: S. Elfwing et al., Sigmoid-weighted linear units for neural network function approximation, 2017, arXiv:1702.03118.

    >>> nn.SiLU()([-1.0, 0.0, 1.0])
    array([-0.26894142,  0.        ,  0.73105858])
    """

    def __init__(self, inplace: bool = False) -> None:
        check_switch("SiLU", inplace=inplace)

    def forward(self, input: Any) -> Any:
        """``silu(input)``."""
        return functional.silu(input)


class Mish(Module):
    """``x * tanh(softplus(x))``. Shapes: any -> same. ``inplace`` changes nothing.

    Source: D. Misra, Mish: a self regularized non-monotonic neural activation function, 2019, arXiv:1908.08681.

    >>> nn.Mish()([-1.0, 0.0, 1.0])
    array([-0.30340146,  0.        ,  0.86509839])
    """

    def __init__(self, inplace: bool = False) -> None:
        check_switch("Mish", inplace=inplace)

    def forward(self, input: Any) -> Any:
        """``mish(input)``."""
        return functional.mish(input)


# ---------------------------------------------------------------- exponential on one side


class ELU(Module):
    """``x`` where it is positive, else ``alpha * (exp(x) - 1)``. Shapes: any -> same. ``inplace`` changes nothing.

    Raises:
        ValueError: for a negative ``alpha``, which PyTorch takes.

    Source: D.-A. Clevert et al., Fast and accurate deep network learning by exponential linear units, 2015, arXiv:1511.07289.

    >>> nn.ELU()([-1.0, 0.0, 1.0])
    array([-0.63212056,  0.        ,  1.        ])
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        check_switch("ELU", inplace=inplace)
        check_number("ELU", "alpha", alpha, least=0)
        self.alpha = float(alpha)

    def forward(self, input: Any) -> Any:
        """``elu(input)``."""
        return functional.elu(input, self.alpha)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"alpha={self.alpha}"


class SELU(Module):
    """``s * x`` where it is positive, else ``s * a * (exp(x) - 1)``, with s = 1.0507 and a = 1.6733. Shapes: any -> same.

    With weights from ``nn.init.kaiming_normal_(w, nonlinearity="linear")`` activations keep mean 0 and variance 1.
    ``inplace`` changes nothing.

    Source: G. Klambauer et al., Self-normalizing neural networks, 2017, arXiv:1706.02515.

    >>> nn.SELU()([-1.0, 0.0, 1.0])
    array([-1.11133074,  0.        ,  1.05070099])
    """

    def __init__(self, inplace: bool = False) -> None:
        check_switch("SELU", inplace=inplace)

    def forward(self, input: Any) -> Any:
        """``selu(input)``."""
        return functional.selu(input)


class CELU(Module):
    """``x`` where it is positive, else ``alpha * (exp(x / alpha) - 1)``. Shapes: any -> same. ``inplace`` changes nothing.

    Raises:
        ValueError: for ``alpha`` of 0 or less.

    Source: J. T. Barron, Continuously differentiable exponential linear units, 2017, arXiv:1704.07483.

    >>> nn.CELU(alpha=2.0)([-1.0, 0.0, 1.0])
    array([-0.78693868,  0.        ,  1.        ])
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        check_switch("CELU", inplace=inplace)
        check_above_0("CELU", "alpha", alpha)
        self.alpha = float(alpha)

    def forward(self, input: Any) -> Any:
        """``celu(input)``."""
        return functional.celu(input, self.alpha)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"alpha={self.alpha}"
