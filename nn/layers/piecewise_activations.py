"""Activations made of straight pieces, as modules. ``inplace``, where PyTorch has it, is accepted and changes nothing."""

from __future__ import annotations  # np.random would be imported to annotate with it

from typing import Any

import numpy as np

from nn import functional
from nn.functional.piecewise_activations import check_limits, check_slopes, prelu_of_channels
from nn.inputs import check_number, check_switch, in_dtype
from nn.module import Module
from nn.parameter import Parameter
from nn.paths import described


class ReLU(Module):
    """``max(x, 0)``. Shapes: any -> same.

    >>> nn.ReLU()([-1.0, 2.0])
    array([0., 2.])
    """

    def __init__(self, inplace: bool = False) -> None:
        check_switch("ReLU", inplace=inplace)

    def forward(self, input: Any) -> Any:
        """``max(input, 0)``."""
        return functional.relu(input)


class ReLU6(Module):
    """``min(max(x, 0), 6)``. Shapes: any -> same.

    Source: A. Krizhevsky, Convolutional deep belief networks on CIFAR-10, 2010.

    >>> nn.ReLU6()([-1.0, 2.0, 7.0])
    array([0., 2., 6.])
    """

    def __init__(self, inplace: bool = False) -> None:
        check_switch("ReLU6", inplace=inplace)

    def forward(self, input: Any) -> Any:
        """``relu6(input)``."""
        return functional.relu6(input)


class LeakyReLU(Module):
    """``x`` where it is positive, else ``negative_slope * x``. Shapes: any -> same.

    Source: A. Maas et al., Rectifier nonlinearities improve neural network acoustic models, 2013.

    >>> nn.LeakyReLU(0.1)([-1.0, 2.0])
    array([-0.1,  2. ])
    """

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        check_switch("LeakyReLU", inplace=inplace)
        check_number("LeakyReLU", "negative_slope", negative_slope)
        self.negative_slope = float(negative_slope)

    def forward(self, input: Any) -> Any:
        """``leaky_relu(input)``."""
        return functional.leaky_relu(input, self.negative_slope)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"negative_slope={self.negative_slope}"


class PReLU(Module):
    """``x`` where it is positive, else ``weight * x``, with a weight that is learnt: one for all, or one for each channel.

    Weight decay keeps the weight near 0; the paper uses none.

    Args:
        num_parameters: 1, or the number of channels, which are on axis 1.
        init: the first value of the weight.
        dtype: that of the weight; float32 by default.

    Shapes: any, or (N, num_parameters, ...) -> same.

    Raises:
        ValueError: for an input with another number of channels.

    Source: K. He et al., Delving deep into rectifiers, 2015.

    >>> nn.PReLU()([-1.0, 2.0]).numpy()
    array([-0.25,  2.  ], dtype=float32)
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25, dtype: Any = None) -> None:
        if not isinstance(num_parameters, int | np.integer) or num_parameters < 1:
            raise ValueError(f"PReLU: expected num_parameters, a whole number from 1 on; received {num_parameters!r}")
        check_number("PReLU", "init", init)
        self.num_parameters = int(num_parameters)
        self.init = float(init)
        self.weight = Parameter(np.full(self.num_parameters, self.init, np.float32 if dtype is None else dtype))

    def forward(self, input: Any) -> Any:
        """``prelu(input, weight)``."""
        receiver = lambda: described(self)
        return prelu_of_channels(in_dtype(input, self.weight.dtype, receiver), self.weight, receiver)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"num_parameters={self.num_parameters}"


class RReLU(Module):
    """``x`` where it is positive, else ``a * x``: in training each a is drawn, in evaluation it is their mean.

    Args:
        lower: the least a; draws are uniform.
        upper: the largest a.
        inplace: changes nothing.
        rng: the generator to draw from; by default ``ag.generator()``.

    Shapes: any -> same.

    Raises:
        ValueError: for ``lower`` above ``upper``.

    Source: B. Xu et al., Empirical evaluation of rectified activations in convolutional network, 2015, arXiv:1505.00853.

    >>> nn.RReLU(0.2, 0.4).eval()([-1.0, 2.0])
    array([-0.3,  2. ])
    """

    def __init__(
        self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False, rng: np.random.Generator | None = None
    ) -> None:
        check_switch("RReLU", inplace=inplace)
        check_slopes("RReLU", lower, upper)
        self.lower = float(lower)
        self.upper = float(upper)
        self.rng = rng

    def forward(self, input: Any) -> Any:
        """``rrelu(input)``."""
        return functional.rrelu(input, self.lower, self.upper, self.training, rng=self.rng)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"lower={self.lower}, upper={self.upper}"


class Hardtanh(Module):
    """``min(max(x, min_val), max_val)``. Shapes: any -> same.

    Raises:
        ValueError: for limits that cross.

    >>> nn.Hardtanh()([-2.0, 0.5, 2.0])
    array([-1. ,  0.5,  1. ])
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        check_switch("Hardtanh", inplace=inplace)
        check_limits("Hardtanh", min_val, max_val)
        self.min_val = float(min_val)
        self.max_val = float(max_val)

    def forward(self, input: Any) -> Any:
        """``hardtanh(input)``."""
        return functional.hardtanh(input, self.min_val, self.max_val)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"min_val={self.min_val}, max_val={self.max_val}"


class Hardsigmoid(Module):
    """``min(max(x / 6 + 1 / 2, 0), 1)``. Shapes: any -> same.

    >>> nn.Hardsigmoid()([-4.0, 0.0, 1.5])
    array([0.  , 0.5 , 0.75])
    """

    def __init__(self, inplace: bool = False) -> None:
        check_switch("Hardsigmoid", inplace=inplace)

    def forward(self, input: Any) -> Any:
        """``hardsigmoid(input)``."""
        return functional.hardsigmoid(input)


class Hardswish(Module):
    """``x * hardsigmoid(x)``. Shapes: any -> same.

    Source: A. Howard et al., Searching for MobileNetV3, 2019, arXiv:1905.02244.

    >>> nn.Hardswish()([-4.0, 1.5, 4.0])
    array([-0.   ,  1.125,  4.   ])
    """

    def __init__(self, inplace: bool = False) -> None:
        check_switch("Hardswish", inplace=inplace)

    def forward(self, input: Any) -> Any:
        """``hardswish(input)``."""
        return functional.hardswish(input)


class Threshold(Module):
    """``x`` where it is above ``threshold``, else ``value``. Shapes: any -> same.

    >>> nn.Threshold(0.1, 20.0)([0.05, 0.5])
    array([20. ,  0.5])
    """

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        check_switch("Threshold", inplace=inplace)
        check_number("Threshold", "threshold", threshold, finite=False)
        check_number("Threshold", "value", value, finite=False)
        self.threshold = float(threshold)
        self.value = float(value)

    def forward(self, input: Any) -> Any:
        """``threshold(input)``."""
        return functional.threshold(input, self.threshold, self.value)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"threshold={self.threshold}, value={self.value}"


class Softshrink(Module):
    """``x`` brought closer to 0 by ``lambd``, and no further than to 0. Shapes: any -> same.

    Raises:
        ValueError: for a negative ``lambd``.

    >>> nn.Softshrink()([-2.0, 0.25, 1.0])
    array([-1.5,  0. ,  0.5])
    """

    def __init__(self, lambd: float = 0.5) -> None:
        check_number("Softshrink", "lambd", lambd, least=0)
        self.lambd = float(lambd)

    def forward(self, input: Any) -> Any:
        """``softshrink(input)``."""
        return functional.softshrink(input, self.lambd)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"{self.lambd}"


class Hardshrink(Module):
    """``x`` where ``|x| > lambd``, else 0. Shapes: any -> same.

    >>> nn.Hardshrink()([-2.0, 0.25, 1.0])
    array([-2.,  0.,  1.])
    """

    def __init__(self, lambd: float = 0.5) -> None:
        check_number("Hardshrink", "lambd", lambd)
        self.lambd = float(lambd)

    def forward(self, input: Any) -> Any:
        """``hardshrink(input)``."""
        return functional.hardshrink(input, self.lambd)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"{self.lambd}"
