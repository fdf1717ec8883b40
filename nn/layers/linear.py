"""``Linear``, the fully connected layer, and ``Bilinear``, that of two inputs."""

from __future__ import annotations  # np.random would be imported to annotate with it

from typing import Any

import numpy as np

from nn import init
from nn.functional.products import two_sided
from nn.inputs import check_switch, in_dtype
from nn.kernels.linear import affine
from nn.module import Module
from nn.parameter import Parameter
from nn.paths import described


class Linear(Module):
    """``y = x W.T + b``: each output is a weighted sum of all inputs.

    Weight and bias start as uniform numbers between ``-1 / sqrt(in_features)`` and ``1 / sqrt(in_features)``, as in PyTorch.
    Plain data is cast to the dtype of the weight.

    Args:
        in_features: the number of inputs.
        out_features: the number of outputs.
        bias: whether there is a ``b``.
        dtype: of weight and bias; by default float32.
        rng: where the first numbers come from; by default the library's generator (``ag.seed``).

    Shapes: x (..., in_features) -> (..., out_features); weight (out_features, in_features), bias (out_features,).

    Raises:
        ValueError: when the last axis of x is not ``in_features`` long.
        TypeError: for a recorded x of another dtype.

    >>> layer = nn.Linear(3, 2)
    >>> layer(np.ones((5, 3))).shape
    (5, 2)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        for name, count in (("in_features", in_features), ("out_features", out_features)):
            if not isinstance(count, int | np.integer) or count < 0:
                raise ValueError(f"Linear: expected a whole number, not negative, for {name}; received {count!r}")
        check_switch("Linear", bias=bias)
        dtype = np.dtype(np.float32 if dtype is None else dtype)
        self.in_features = int(in_features)
        self.out_features = int(out_features)
        bound = 1 / self.in_features**0.5 if in_features else 0.0
        self.weight = Parameter(np.empty((self.out_features, self.in_features), dtype))
        init.uniform_(self.weight, -bound, bound, rng)
        self.bias = None
        if bias:
            self.bias = Parameter(np.empty(self.out_features, dtype))
            init.uniform_(self.bias, -bound, bound, rng)

    def forward(self, input: Any) -> Any:
        """``input @ weight.T + bias``. Shapes: (..., in_features) -> (..., out_features)."""
        x = in_dtype(input, self.weight.dtype, lambda: described(self))
        if x.shape[-1:] != (self.in_features,):
            raise ValueError(f"{described(self)}: expected input of shape (..., {self.in_features}), received {x.shape}")
        return affine(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Bilinear(Module):
    """``y_k = x1 W_k x2 + b_k``: each output is a weighted sum of all products of an element of each input.

    Weight and bias start as uniform numbers between ``-1 / sqrt(in1_features)`` and ``1 / sqrt(in1_features)``, as in PyTorch.
    Plain data is cast to the dtype of the weight.

    Args:
        in1_features: the number of elements of the first input.
        in2_features: the number of elements of the second input.
        out_features: the number of outputs.
        bias: whether to add a bias.
        dtype: the dtype of weight and bias; float32 by default.
        rng: where the first values come from; by default the library's generator.

    Shapes: (..., in1_features), (..., in2_features) -> (..., out_features).

    Raises:
        ValueError: for inputs with other last axes, or that differ in the others, and for negative numbers of features.
        TypeError: for recorded inputs of another dtype.

    >>> layer = nn.Bilinear(3, 4, 2)
    >>> layer(np.ones((5, 3)), np.ones((5, 4))).shape
    (5, 2)
    """

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        for name, count in (("in1_features", in1_features), ("in2_features", in2_features), ("out_features", out_features)):
            if not isinstance(count, int | np.integer) or count < 0:
                raise ValueError(f"Bilinear: expected a whole number, not negative, for {name}; received {count!r}")
        check_switch("Bilinear", bias=bias)
        dtype = np.dtype(np.float32 if dtype is None else dtype)
        self.in1_features = int(in1_features)
        self.in2_features = int(in2_features)
        self.out_features = int(out_features)
        bound = 1 / self.in1_features**0.5 if in1_features else 0.0
        self.weight = Parameter(np.empty((self.out_features, self.in1_features, self.in2_features), dtype))
        init.uniform_(self.weight, -bound, bound, rng)
        self.bias = None
        if bias:
            self.bias = Parameter(np.empty(self.out_features, dtype))
            init.uniform_(self.bias, -bound, bound, rng)

    def forward(self, input1: Any, input2: Any) -> Any:
        """``input1 W input2 + bias``. Shapes: (..., in1_features), (..., in2_features) -> (..., out_features)."""
        receiver = lambda: described(self)
        x1, x2 = [in_dtype(each, self.weight.dtype, receiver) for each in (input1, input2)]
        return two_sided(x1, x2, self.weight, self.bias, receiver)

    def extra_repr(self) -> str:
        """Its settings."""
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )
