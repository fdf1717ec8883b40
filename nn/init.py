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
from nn.inputs import check_number
from nn.truncation import truncated_normal

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
        ValueError: for a nonlinearity of another name, and a ``param`` that is not finite.
        TypeError: for a ``param`` that is no number.

    >>> round(nn.init.calculate_gain("relu"), 4)
    1.4142
    """
    if nonlinearity == "leaky_relu":
        param = 0.01 if param is None else param
        check_number("calculate_gain", "param", param)
        return math.sqrt(2.0 / (1.0 + param**2))
    if nonlinearity not in _GAINS:
        raise ValueError(f"calculate_gain: expected one of {', '.join([*_GAINS, 'leaky_relu'])}; received {nonlinearity!r}")
    return _GAINS[nonlinearity]


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, rng: np.random.Generator | None = None) -> Tensor:
    """Uniform numbers between ``a`` and ``b``. Shapes: any.

    Raises:
        ValueError: for bounds that are not finite, and ``a`` above ``b``.

    >>> w = nn.init.uniform_(ag.tensor(np.zeros(3)), -1, 1, rng=np.random.default_rng(0))
    >>> bool(np.all(abs(w.numpy()) <= 1))
    True
    """
    check_number("nn.init.uniform_", "a", a)
    check_number("nn.init.uniform_", "b", b)
    if a > b:
        raise ValueError(f"nn.init.uniform_: expected a <= b, received a={a}, b={b}")
    return _filled("uniform_", tensor, lambda: _generator("uniform_", rng).uniform(a, b, tensor.shape))


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, rng: np.random.Generator | None = None) -> Tensor:
    """Normal numbers with the given ``mean`` and standard deviation ``std``. Shapes: any.

    Raises:
        ValueError: for numbers that are not finite, and a negative ``std``.

    >>> nn.init.normal_(ag.tensor(np.zeros((2, 3))), std=0.02).shape
    (2, 3)
    """
    check_number("nn.init.normal_", "mean", mean)
    check_number("nn.init.normal_", "std", std, least=0)
    return _filled("normal_", tensor, lambda: _generator("normal_", rng).normal(mean, std, tensor.shape))


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Normal numbers of ``mean`` and ``std``, of which those outside of ``[a, b]`` are drawn again. Shapes: any.

    The bounds are no multiples of ``std``. However far from ``mean`` they are, about half of the numbers drawn are kept.

    Raises:
        ValueError: for an ``std`` that is not positive, and ``a`` that is not below ``b``.

    Source: C. Robert, Simulation of truncated normal variables, 1995.

    >>> w = nn.init.trunc_normal_(ag.tensor(np.zeros(1000)), std=0.02, a=-0.04, b=0.04)
    >>> bool(np.all(abs(w.numpy()) <= 0.04))
    True
    """
    check_number("nn.init.trunc_normal_", "mean", mean)
    check_number("nn.init.trunc_normal_", "std", std)
    check_number("nn.init.trunc_normal_", "a", a, finite=False)
    check_number("nn.init.trunc_normal_", "b", b, finite=False)
    if not (std > 0 and a < b):
        raise ValueError(f"nn.init.trunc_normal_: expected std > 0 and a < b, received std={std}, a={a}, b={b}")

    def values() -> Any:
        generator = _generator("trunc_normal_", rng)
        z = truncated_normal(tensor.size, (a - mean) / std, (b - mean) / std, generator)
        return np.clip(mean + std * z, a, b).reshape(tensor.shape)  # std * z may have been rounded over a bound

    return _filled("trunc_normal_", tensor, values)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """``val`` everywhere. Shapes: any.

    Raises:
        TypeError: for what is no number.

    >>> nn.init.constant_(ag.tensor([1.0, 2.0]), 0.5)
    Tensor([0.5, 0.5], dtype=float64)
    """
    check_number("nn.init.constant_", "val", val, finite=False)
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


def eye_(tensor: Tensor) -> Tensor:
    """1 on the diagonal, 0 elsewhere: as many inputs as possible are passed on. Shapes: ``(out, in)``.

    Raises:
        ValueError: for a tensor of other than 2 axes.

    >>> nn.init.eye_(ag.tensor(np.zeros((2, 3))))
    Tensor([[1., 0., 0.],
            [0., 1., 0.]], dtype=float64)
    """
    _check_axes("eye_", tensor, (2,))
    return _filled("eye_", tensor, lambda: np.eye(tensor.shape[0], tensor.shape[1]))


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """1 in the middle of the kernel from each input channel to the output channel of its number: a convolution that passes on.

    Args:
        tensor: what is filled.
        groups: in how many groups the channels are; each passes on its own.

    Shapes: ``(out, in / groups, *kernel)``, with 1 to 3 axes of the kernel.

    Raises:
        ValueError: for another number of axes, and ``out`` that is no multiple of ``groups``.

    >>> nn.init.dirac_(ag.tensor(np.zeros((2, 1, 3))), groups=2)
    Tensor([[[0., 1., 0.]],
    <BLANKLINE>
            [[0., 1., 0.]]], dtype=float64)
    """
    _check_axes("dirac_", tensor, (3, 4, 5))
    if groups < 1 or tensor.shape[0] % groups:
        raise ValueError(f"nn.init.dirac_: expected output channels in {groups} groups, received shape {tensor.shape}")

    def values() -> Any:
        size = tensor.shape[0] // groups
        kernels = np.zeros((groups, size, *tensor.shape[1:]))
        channels = np.arange(min(size, tensor.shape[1]))
        ones: Any = (slice(None), channels, channels, *[length // 2 for length in tensor.shape[2:]])
        kernels[ones] = 1
        return kernels.reshape(tensor.shape)

    return _filled("dirac_", tensor, values)


def orthogonal_(tensor: Tensor, gain: float = 1.0, rng: np.random.Generator | None = None) -> Tensor:
    """A random matrix of orthogonal rows or columns, whichever there are fewer of, each of length ``gain``.

    All orthogonal matrices are equally likely. It is computed in float64, whatever the dtype of the tensor.

    Shapes: ``(out, in)``; all axes behind the first count as one.

    Raises:
        ValueError: for a tensor of fewer than 2 axes.

    Source: A. Saxe, J. McClelland and S. Ganguli, Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks, 2014; F. Mezzadri, How to generate random matrices from the classical compact groups, 2007.

    >>> w = nn.init.orthogonal_(ag.tensor(np.zeros((2, 5)))).numpy()
    >>> bool(np.allclose(w @ w.T, np.eye(2)))
    True
    """
    if len(tensor.shape) < 2:
        raise ValueError(f"nn.init.orthogonal_: expected at least 2 axes, received shape {tensor.shape}")
    check_number("nn.init.orthogonal_", "gain", gain)

    def values() -> Any:
        rows, columns = tensor.shape[0], math.prod(tensor.shape[1:])
        q, r = np.linalg.qr(_generator("orthogonal_", rng).normal(size=(max(rows, columns), min(rows, columns))))
        q = q * np.where(np.diagonal(r) < 0, -gain, gain)  # the signs that QR chose are not random
        return (q if rows >= columns else q.T).reshape(tensor.shape)

    return _filled("orthogonal_", tensor, values)


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, rng: np.random.Generator | None = None) -> Tensor:
    """Normal numbers, and in each column the share ``sparsity`` of them 0, rounded up; which ones is drawn.

    Args:
        tensor: what is filled.
        sparsity: from 0 to 1.
        std: the standard deviation of the numbers.
        rng: where the numbers come from.

    Shapes: ``(out, in)``.

    Raises:
        ValueError: for a tensor of other than 2 axes, and a ``sparsity`` out of bounds.

    Source: J. Martens, Deep learning via Hessian-free optimization, 2010.

    >>> w = nn.init.sparse_(ag.tensor(np.zeros((4, 3))), sparsity=0.5).numpy()
    >>> np.sum(w == 0, axis=0)
    array([2, 2, 2])
    """
    _check_axes("sparse_", tensor, (2,))
    check_number("nn.init.sparse_", "std", std, least=0)
    check_number("nn.init.sparse_", "sparsity", sparsity)
    if not 0 <= sparsity <= 1:
        raise ValueError(f"nn.init.sparse_: expected a sparsity from 0 to 1, received {sparsity}")

    def values() -> Any:
        generator = _generator("sparse_", rng)
        rank = np.argsort(np.argsort(generator.random(tensor.shape), axis=0), axis=0)
        return np.where(rank < math.ceil(sparsity * tensor.shape[0]), 0.0, generator.normal(0.0, std, tensor.shape))

    return _filled("sparse_", tensor, values)


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
    check_number("nn.init.xavier_uniform_", "gain", gain, least=0)
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
    check_number("nn.init.xavier_normal_", "gain", gain, least=0)
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
    check_number("nn.init.kaiming_uniform_", "a", a)
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
    check_number("nn.init.kaiming_normal_", "a", a)
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


def _check_axes(name: str, tensor: Tensor, allowed: tuple[int, ...]) -> None:
    if len(tensor.shape) not in allowed:
        counts = " or ".join(map(str, allowed))
        raise ValueError(f"nn.init.{name}: expected a tensor of {counts} axes, received shape {tensor.shape}")


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
