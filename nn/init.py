"""First values for parameters, written in place: ``xavier_uniform_(weight)``.

Each function takes a leaf tensor, fills it without recording, and returns it. Numbers come from ``rng``, a
``numpy.random.Generator``; by default from the library's, which ``ag.seed`` seeds. Names, arguments and formulas are PyTorch's.
A tensor that is not floating, and an ``rng`` that is no generator, raise a ``TypeError``.
"""

from __future__ import annotations  # np.random would be imported to annotate with it

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor

_GAINS = {
    "linear": 1.0,
    "sigmoid": 1.0,
    "tanh": 5.0 / 3.0,
    "relu": math.sqrt(2.0),
    "selu": 0.75,
    **dict.fromkeys([f"conv{transposed}{n}d" for n in (1, 2, 3) for transposed in ("", "_transpose")], 1.0),
}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """By how much to scale weights in front of a nonlinearity, so that the variance of what passes stays.

    1 for ``linear``, ``sigmoid`` and convolutions, 5/3 for ``tanh``, ``sqrt(2)`` for ``relu``, 3/4 for ``selu``, and
    ``sqrt(2 / (1 + param**2))`` for ``leaky_relu``, whose negative slope ``param`` is 0.01 by default.

    Raises:
        ValueError: for a nonlinearity of another name.

    >>> round(nn.init.calculate_gain("relu"), 4)
    1.4142
    """
    if nonlinearity == "leaky_relu":
        return math.sqrt(2.0 / (1.0 + (0.01 if param is None else param) ** 2))
    if nonlinearity not in _GAINS:
        raise ValueError(f"calculate_gain: expected one of {', '.join([*_GAINS, 'leaky_relu'])}; received {nonlinearity!r}")
    return _GAINS[nonlinearity]


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, rng: np.random.Generator | None = None) -> Tensor:
    """Uniform numbers between ``a`` and ``b``. Shapes: any.

    >>> w = nn.init.uniform_(ag.tensor(np.zeros(3)), -1, 1, rng=np.random.default_rng(0))
    >>> bool(np.all(abs(w.numpy()) <= 1))
    True
    """
    return _filled("uniform_", tensor, lambda: _generator("uniform_", rng).uniform(a, b, tensor.shape))


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, rng: np.random.Generator | None = None) -> Tensor:
    """Normal numbers with the given ``mean`` and standard deviation ``std``. Shapes: any.

    >>> nn.init.normal_(ag.tensor(np.zeros((2, 3))), std=0.02).shape
    (2, 3)
    """
    return _filled("normal_", tensor, lambda: _generator("normal_", rng).normal(mean, std, tensor.shape))


def constant_(tensor: Tensor, val: float) -> Tensor:
    """``val`` everywhere. Shapes: any.

    >>> nn.init.constant_(ag.tensor([1.0, 2.0]), 0.5)
    Tensor([0.5, 0.5], dtype=float64)
    """
    return _filled("constant_", tensor, lambda: val)


def zeros_(tensor: Tensor) -> Tensor:
    """0 everywhere. Shapes: any.

    >>> nn.init.zeros_(ag.tensor([1.0, 2.0]))
    Tensor([0., 0.], dtype=float64)
    """
    return _filled("zeros_", tensor, lambda: 0)


def ones_(tensor: Tensor) -> Tensor:
    """1 everywhere. Shapes: any.

    >>> nn.init.ones_(ag.tensor([3.0, 2.0]))
    Tensor([1., 1.], dtype=float64)
    """
    return _filled("ones_", tensor, lambda: 1)


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, rng: np.random.Generator | None = None) -> Tensor:
    """Uniform numbers between ``-b`` and ``b``, with ``b = gain * sqrt(6 / (fan_in + fan_out))``.

    Shapes: ``(out, in)``, or ``(out, in, *kernel)`` for a convolution.

    Raises:
        ValueError: for a tensor of fewer than 2 axes.

    Source: X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010.

    >>> w = nn.init.xavier_uniform_(nn.Parameter(np.zeros((2, 4))))
    >>> bool(np.all(abs(w.numpy()) <= 1))
    True
    """
    fan_in, fan_out = _fans("xavier_uniform_", tensor)
    bound = gain * _root(6.0, fan_in + fan_out)
    return uniform_(tensor, -bound, bound, rng)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, rng: np.random.Generator | None = None) -> Tensor:
    """Normal numbers with standard deviation ``gain * sqrt(2 / (fan_in + fan_out))``.

    Shapes: ``(out, in)``, or ``(out, in, *kernel)`` for a convolution.

    Raises:
        ValueError: for a tensor of fewer than 2 axes.

    Source: X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010.

    >>> nn.init.xavier_normal_(nn.Parameter(np.zeros((2, 4)))).shape
    (2, 4)
    """
    fan_in, fan_out = _fans("xavier_normal_", tensor)
    return normal_(tensor, 0.0, gain * _root(2.0, fan_in + fan_out), rng)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Uniform numbers between ``-b`` and ``b``, with ``b = gain * sqrt(3 / fan)``: He's initialisation.

    Args:
        tensor: what is filled.
        a: the negative slope of a ``leaky_relu``.
        mode: ``"fan_in"`` keeps the variance on the way forward, ``"fan_out"`` on the way back.
        nonlinearity: what follows the layer; ``calculate_gain`` knows the names.
        rng: where the numbers come from.

    Shapes: ``(out, in)``, or ``(out, in, *kernel)`` for a convolution.

    Raises:
        ValueError: for a tensor of fewer than 2 axes, another mode or nonlinearity.

    Source: K. He et al., Delving deep into rectifiers, 2015.

    >>> w = nn.init.kaiming_uniform_(nn.Parameter(np.zeros((2, 6))), nonlinearity="relu")
    >>> bool(np.all(abs(w.numpy()) <= 1))
    True
    """
    bound = calculate_gain(nonlinearity, a) * _root(3.0, _fan("kaiming_uniform_", tensor, mode))
    return uniform_(tensor, -bound, bound, rng)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Normal numbers with standard deviation ``gain / sqrt(fan)``: He's initialisation; arguments as in ``kaiming_uniform_``.

    Shapes: ``(out, in)``, or ``(out, in, *kernel)`` for a convolution.

    Raises:
        ValueError: for a tensor of fewer than 2 axes, another mode or nonlinearity.

    Source: K. He et al., Delving deep into rectifiers, 2015.

    >>> nn.init.kaiming_normal_(nn.Parameter(np.zeros((2, 6))), mode="fan_out").shape
    (2, 6)
    """
    return normal_(tensor, 0.0, calculate_gain(nonlinearity, a) * _root(1.0, _fan("kaiming_normal_", tensor, mode)), rng)


def _filled(name: str, tensor: Tensor, values: Any) -> Tensor:
    if not isinstance(tensor, Tensor):
        raise TypeError(f"nn.init.{name}: expected a Tensor, received {type(tensor).__name__}; wrap it with ag.tensor")
    if tensor.dtype.kind not in "fc":
        raise TypeError(f"nn.init.{name}: expected a floating tensor, received {tensor.dtype}")
    with ag.no_grad():
        tensor[...] = values()
    return tensor


def _generator(name: str, rng: np.random.Generator | None) -> np.random.Generator:
    if rng is None:
        return ag.generator()
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"nn.init.{name}: expected rng, a np.random.Generator, received {rng!r}; write np.random.default_rng(seed)"
        )
    return rng


def _fans(name: str, tensor: Tensor) -> tuple[int, int]:
    """How many numbers one output is made from, and how many outputs one input goes to."""
    if len(tensor.shape) < 2:
        raise ValueError(
            f"nn.init.{name}: expected at least 2 axes, (out, in, ...), to tell fan_in and fan_out; received shape "
            f"{tensor.shape}. For a bias use zeros_ or uniform_"
        )
    receptive_field = math.prod(tensor.shape[2:])
    return tensor.shape[1] * receptive_field, tensor.shape[0] * receptive_field


def _fan(name: str, tensor: Tensor, mode: str) -> int:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"nn.init.{name}: expected mode 'fan_in' or 'fan_out', received {mode!r}")
    return _fans(name, tensor)[mode == "fan_out"]


def _root(numerator: float, fan: int) -> float:
    return math.sqrt(numerator / fan) if fan else 0.0  # without inputs there is nothing to fill, or nothing that counts
