"""Activations made of straight pieces, element by element. At their corners they have PyTorch's derivatives.

All of them are functions of real numbers. ``inplace``, where PyTorch has it, is accepted and changes nothing.
"""

from __future__ import annotations  # np.random would be imported to annotate with it

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import Receiver, as_array, called, check_number, plain
from nn.kernels import piecewise_activations as kernels


def relu(input: Any, inplace: bool = False) -> Any:
    """``max(input, 0)``; derivative 0 at 0.

    Shapes: any -> same.

    >>> nn.functional.relu([-1.0, 2.0])
    array([0., 2.])
    """
    return ag.relu(input)


def relu6(input: Any, inplace: bool = False) -> Any:
    """``min(max(input, 0), 6)``; derivative 0 at 0 and at 6.

    Shapes: any -> same.

    Source: A. Krizhevsky, Convolutional deep belief networks on CIFAR-10, 2010.

    >>> nn.functional.relu6([-1.0, 2.0, 7.0])
    array([0., 2., 6.])
    """
    return kernels.hardtanh(as_array(input), low=0.0, high=6.0)


def leaky_relu(input: Any, negative_slope: float = 0.01, inplace: bool = False) -> Any:
    """``input`` where it is positive, else ``negative_slope * input``; derivative ``negative_slope`` at 0.

    Shapes: any -> same.

    Source: A. Maas et al., Rectifier nonlinearities improve neural network acoustic models, 2013.

    >>> nn.functional.leaky_relu([-1.0, 2.0])
    array([-0.01,  2.  ])
    """
    check_number("leaky_relu", "negative_slope", negative_slope)
    return kernels.leaky_relu(as_array(input), negative_slope=float(negative_slope))


def prelu(input: Any, weight: Any) -> Any:
    """``input`` where it is positive, else ``weight * input``, with a weight that is learnt; derivative ``weight`` at 0.

    Args:
        input: real numbers; channels, where there are several, are on axis 1.
        weight: one number, or one for each channel.

    Shapes: ``input`` any, ``weight`` (), (1,) or (C,) -> that of ``input``.

    Raises:
        ValueError: for a weight of another shape.

    Source: K. He et al., Delving deep into rectifiers, 2015.

    >>> nn.functional.prelu(np.array([[-1.0, -1.0], [2.0, 2.0]]), np.array([0.5, 0.25]))
    array([[-0.5 , -0.25],
           [ 2.  ,  2.  ]])
    """
    return prelu_of_channels(as_array(input), as_array(weight), "prelu")


def prelu_of_channels(input: Any, weight: Any, receiver: Receiver) -> Any:
    """``prelu``, for any receiver."""
    channels = input.shape[1] if len(input.shape) > 1 else 1
    if weight.shape not in ((), (1,), (channels,)):
        raise ValueError(
            f"{called(receiver)}: expected a weight of 1 number or of {channels}, one for each channel on axis 1 of the input; "
            f"received {weight.shape} for an input of shape {input.shape}"
        )
    if weight.shape == (1,) and len(input.shape) == 0:
        weight = np.reshape(weight, ())
    elif weight.shape == (channels,) and len(input.shape) > 2:
        weight = np.reshape(weight, (channels, *[1] * (len(input.shape) - 2)))
    return kernels.prelu(input, weight)


def rrelu(
    input: Any,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    inplace: bool = False,
    rng: np.random.Generator | None = None,
) -> Any:
    """``input`` where it is positive, else ``a * input``: in ``training`` each a is drawn, otherwise it is their mean.

    Args:
        input: real numbers.
        lower: the least a; draws are uniform.
        upper: the largest a.
        training: whether to draw.
        inplace: changes nothing.
        rng: the generator to draw from; by default ``ag.generator()``.

    Shapes: any -> same.

    Raises:
        ValueError: for ``lower`` above ``upper``.

    Source: B. Xu et al., Empirical evaluation of rectified activations in convolutional network, 2015, arXiv:1505.00853.

    >>> nn.functional.rrelu([-1.0, 2.0], 0.2, 0.4)
    array([-0.3,  2. ])
    """
    check_slopes("rrelu", lower, upper)
    x = as_array(input)
    if not training:
        return kernels.leaky_relu(x, negative_slope=(float(lower) + float(upper)) / 2)
    slopes = ag.random.uniform(float(lower), float(upper), x.shape, np.float32 if x.dtype.char in "ef" else np.float64, rng=rng)
    slopes = slopes.astype(x.dtype, copy=False) if x.dtype.kind == "f" else slopes
    return kernels.prelu(x, slopes if isinstance(x, Tensor) else plain(slopes))


def check_slopes(name: str, lower: float, upper: float) -> None:
    """Refuse the ends between which ``rrelu`` draws."""
    check_number(name, "lower", lower)
    check_number(name, "upper", upper)
    if lower > upper:
        raise ValueError(f"{name}: expected lower up to upper, received {lower} and {upper}")


def hardtanh(input: Any, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Any:
    """``min(max(input, min_val), max_val)``; derivative 0 at both limits.

    Shapes: any -> same.

    Raises:
        ValueError: for limits that cross.

    >>> nn.functional.hardtanh([-2.0, 0.5, 2.0])
    array([-1. ,  0.5,  1. ])
    """
    check_limits("hardtanh", min_val, max_val)
    return kernels.hardtanh(as_array(input), low=float(min_val), high=float(max_val))


def check_limits(name: str, min_val: float, max_val: float) -> None:
    """Refuse limits of ``hardtanh``; infinite ones are allowed."""
    for setting, limit in (("min_val", min_val), ("max_val", max_val)):
        if limit not in (math.inf, -math.inf):
            check_number(name, setting, limit)
    if min_val > max_val:
        raise ValueError(f"{name}: expected min_val up to max_val, received {min_val} and {max_val}")


def hardsigmoid(input: Any, inplace: bool = False) -> Any:
    """``min(max(input / 6 + 1 / 2, 0), 1)``; derivative 0 at -3 and 3.

    Shapes: any -> same.

    Source: M. Courbariaux et al., BinaryConnect, 2015, arXiv:1511.00363, with another slope.

    >>> nn.functional.hardsigmoid([-4.0, 0.0, 1.5])
    array([0.  , 0.5 , 0.75])
    """
    return kernels.hardsigmoid(as_array(input))


def hardswish(input: Any, inplace: bool = False) -> Any:
    """``input * hardsigmoid(input)``; derivative 0 at -3 and 1 at 3.

    Shapes: any -> same.

    Source: A. Howard et al., Searching for MobileNetV3, 2019, arXiv:1905.02244.

    >>> nn.functional.hardswish([-4.0, 1.5, 4.0])
    array([-0.   ,  1.125,  4.   ])
    """
    return kernels.hardswish(as_array(input))


def threshold(input: Any, threshold: float, value: float, inplace: bool = False) -> Any:
    """``input`` where it is above ``threshold``, else ``value``; derivative 0 at the threshold.

    Shapes: any -> same.

    >>> nn.functional.threshold([0.05, 0.5], 0.1, 20.0)
    array([20. ,  0.5])
    """
    check_number("threshold", "threshold", threshold, finite=False)
    check_number("threshold", "value", value, finite=False)
    return kernels.threshold(as_array(input), threshold=float(threshold), value=float(value))


def softshrink(input: Any, lambd: float = 0.5) -> Any:
    """``input`` brought closer to 0 by ``lambd``, and no further than to 0; derivative 0 at ``-lambd`` and ``lambd``.

    Shapes: any -> same.

    Raises:
        ValueError: for a negative ``lambd``.

    >>> nn.functional.softshrink([-2.0, 0.25, 1.0])
    array([-1.5,  0. ,  0.5])
    """
    check_number("softshrink", "lambd", lambd, least=0)
    return kernels.softshrink(as_array(input), lambd=float(lambd))


def hardshrink(input: Any, lambd: float = 0.5) -> Any:
    """``input`` where ``|input| > lambd``, else 0; derivative 0 at ``-lambd`` and ``lambd``.

    Shapes: any -> same.

    >>> nn.functional.hardshrink([-2.0, 0.25, 1.0])
    array([-2.,  0.,  1.])
    """
    check_number("hardshrink", "lambd", lambd)
    return kernels.hardshrink(as_array(input), lambd=float(lambd))
