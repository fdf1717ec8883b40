"""Activations without a corner, and those that are a line on one side and an exponential on the other; element by element.

All of them are functions of real numbers; integers are taken as float64. ``inplace``, where PyTorch has it, is accepted and
changes nothing.
"""

from typing import Any

import autograd as ag
from nn.inputs import as_array, check_number
from nn.kernels import exponential_activations as kernels
from nn.kernels import gaussian_gates
from nn.kernels.slopes import value

SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def tanh(input: Any) -> Any:
    """The hyperbolic tangent.

    Shapes: any -> same.

    >>> nn.functional.tanh([0.0, 1.0])
    array([0.        , 0.76159416])
    """
    return ag.tanh(input)


def sigmoid(input: Any) -> Any:
    """``1 / (1 + exp(-input))``.

    Shapes: any -> same.

    >>> nn.functional.sigmoid([0.0, 1.0])
    array([0.5       , 0.73105858])
    """
    return ag.sigmoid(input)


def logsigmoid(input: Any) -> Any:
    """``-log(1 + exp(-input))``: the logarithm of ``sigmoid``, exact where that would round to 0 or 1.

    Shapes: any -> same.

    >>> nn.functional.logsigmoid([-1000.0, 0.0])
    array([-1.00000000e+03, -6.93147181e-01])
    """
    return kernels.logsigmoid(as_array(input))


def softplus(input: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """``log(1 + exp(beta * input)) / beta``, a smooth ``relu``.

    Args:
        input: real numbers.
        beta: how sharp the bend is; above 0.
        threshold: where ``beta * input`` is above it, the result is ``input`` itself, as in PyTorch.

    Shapes: any -> same.

    Raises:
        ValueError: for ``beta`` of 0 or less.

    Source: C. Dugas et al., Incorporating second-order functional knowledge for better option pricing, 2000.

    >>> nn.functional.softplus([-1000.0, 0.0, 1000.0])
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+03])
    """
    check_softplus("softplus", beta, threshold)
    return kernels.softplus(as_array(input), beta=float(beta), threshold=float(threshold))


def check_softplus(name: str, beta: float, threshold: float) -> None:
    """Refuse settings of ``softplus``."""
    check_above_0(name, "beta", beta)
    check_number(name, "threshold", threshold)


def check_above_0(name: str, setting: str, number: float) -> None:
    """Refuse a setting that is no finite number above 0."""
    check_number(name, setting, number, least=0)
    if number == 0:
        raise ValueError(f"{name}: expected {setting}, a number above 0; received {number}")


def softsign(input: Any) -> Any:
    """``input / (1 + |input|)``.

    Shapes: any -> same.

    Source: X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010.

    >>> nn.functional.softsign([-1.0, 0.0, 3.0])
    array([-0.5 ,  0.  ,  0.75])
    """
    return kernels.softsign(as_array(input))


def tanhshrink(input: Any) -> Any:
    """``input - tanh(input)``.

    Shapes: any -> same.

    >>> nn.functional.tanhshrink([0.0, 1.0])
    array([0.        , 0.23840584])
    """
    return kernels.tanhshrink(as_array(input))


# ---------------------------------------------------------------- the input times a gate


def gelu(input: Any, approximate: str = "none") -> Any:
    """``input * Phi(input)``, with the distribution function Phi of the standard normal.

    Args:
        input: real numbers.
        approximate: ``"none"``, or ``"tanh"`` for ``x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x**3))) / 2``, which is off by up to
            5e-4, and faster.

    Phi has an absolute error of up to 3e-7 in single precision; in double precision a relative one of up to 1e-14, in the tail.

    Shapes: any -> same.

    Raises:
        ValueError: for another approximation.

    Source: D. Hendrycks and K. Gimpel, Gaussian error linear units (GELUs), 2016, arXiv:1606.08415.

    >>> nn.functional.gelu([-1.0, 0.0, 1.0])
    array([-0.15865525,  0.        ,  0.84134475])
    >>> nn.functional.gelu([-1.0, 0.0, 1.0], approximate="tanh")
    array([-0.15880801,  0.        ,  0.84119199])
    """
    check_approximation("gelu", approximate)
    return value(gaussian_gates.gelu if approximate == "none" else gaussian_gates.gelu_tanh, as_array(input))


def check_approximation(name: str, approximate: str) -> None:
    """Refuse an approximation of ``gelu`` that there is not."""
    if approximate not in ("none", "tanh"):
        raise ValueError(f"{name}: expected approximate 'none' or 'tanh', received {approximate!r}")


def silu(input: Any, inplace: bool = False) -> Any:
    """``input * sigmoid(input)``, also called swish.

    Shapes: any -> same.

    Source: S. Elfwing et al., Sigmoid-weighted linear units for neural network function approximation, 2017, arXiv:1702.03118.

    >>> nn.functional.silu([-1.0, 0.0, 1.0])
    array([-0.26894142,  0.        ,  0.73105858])
    """
    return value(kernels.silu, as_array(input))


def mish(input: Any, inplace: bool = False) -> Any:
    """``input * tanh(softplus(input))``.

    Shapes: any -> same.

    Source: D. Misra, Mish: a self regularized non-monotonic neural activation function, 2019, arXiv:1908.08681.

    >>> nn.functional.mish([-1.0, 0.0, 1.0])
    array([-0.30340146,  0.        ,  0.86509839])
    """
    return value(kernels.mish, as_array(input))


# ---------------------------------------------------------------- exponential on one side


def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """``input`` where it is positive, else ``alpha * (exp(input) - 1)``; derivative ``alpha`` at 0.

    Args:
        input: real numbers.
        alpha: the distance of the lower bound from 0; not negative, unlike in PyTorch.
        inplace: changes nothing.

    Shapes: any -> same.

    Raises:
        ValueError: for a negative ``alpha``.

    Source: D.-A. Clevert et al., Fast and accurate deep network learning by exponential linear units, 2015, arXiv:1511.07289.

    >>> nn.functional.elu([-1.0, 0.0, 1.0])
    array([-0.63212056,  0.        ,  1.        ])
    """
    check_number("elu", "alpha", alpha, least=0)
    return kernels.elu(as_array(input), alpha=float(alpha), scale=1.0, rate=1.0)


def selu(input: Any, inplace: bool = False) -> Any:
    """``s * input`` where it is positive, else ``s * a * (exp(input) - 1)``, with s = 1.0507 and a = 1.6733.

    With these numbers activations of deep networks keep mean 0 and variance 1; ``alpha_dropout`` goes with it. The derivative
    at 0 is ``s * a``.

    Shapes: any -> same.

    Source: G. Klambauer et al., Self-normalizing neural networks, 2017, arXiv:1706.02515.

    >>> nn.functional.selu([-1.0, 0.0, 1.0])
    array([-1.11133074,  0.        ,  1.05070099])
    """
    return kernels.elu(as_array(input), alpha=SELU_ALPHA, scale=SELU_SCALE, rate=1.0)


def celu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """``input`` where it is positive, else ``alpha * (exp(input / alpha) - 1)``; its derivative is continuous.

    Args:
        input: real numbers.
        alpha: the distance of the lower bound from 0; positive, unlike in PyTorch.
        inplace: changes nothing.

    Shapes: any -> same.

    Raises:
        ValueError: for ``alpha`` of 0 or less.

    Source: J. T. Barron, Continuously differentiable exponential linear units, 2017, arXiv:1704.07483.

    >>> nn.functional.celu([-1.0, 0.0, 1.0], alpha=2.0)
    array([-0.78693868,  0.        ,  1.        ])
    """
    check_above_0("celu", "alpha", alpha)
    return kernels.elu(as_array(input), alpha=float(alpha), scale=1.0, rate=1 / float(alpha))
