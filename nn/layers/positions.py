"""Positions as layers, to put behind an embedding, or between projections and attention."""

from typing import Any

import numpy as np

from nn.functional.normalization import floating
from nn.functional.positions import check_base, check_dim, rotated, sinusoidal_positional_encoding
from nn.inputs import check_switch, check_whole
from nn.module import Module
from nn.paths import described


class SinusoidalPositionalEncoding(Module):
    """The input with waves of its positions added: ``x[p, 2 i] + sin(p / base**(2 i / dim))``, and the cosine at 2 i + 1.

    There is nothing to train and nothing to save. The paper multiplies embeddings by ``sqrt(dim)`` before, and has a dropout
    behind.

    Args:
        dim: the number of features.
        max_len: the length of the longest sequence.
        base: the longest wave is ``2 pi base``, less what ``dim`` cuts off.
        batch_first: whether batches are (N, L, dim), not (L, N, dim), as in ``MultiheadAttention``.

    Shapes: (L, N, dim) -> same; with ``batch_first`` (N, L, dim); for one example (L, dim).

    Raises:
        ValueError: for an input of another shape, and for a longer one.

    Source: A. Vaswani et al., Attention is all you need, 2017, section 3.5.

    >>> nn.SinusoidalPositionalEncoding(2)(np.zeros((3, 2))).round(4)
    array([[ 0.    ,  1.    ],
           [ 0.8415,  0.5403],
           [ 0.9093, -0.4161]])
    """

    def __init__(self, dim: int, max_len: int = 5000, base: float = 10000.0, batch_first: bool = False) -> None:
        check_dim("SinusoidalPositionalEncoding", dim)
        check_base("SinusoidalPositionalEncoding", base)
        check_whole("SinusoidalPositionalEncoding", "max_len", max_len)
        self.dim = int(dim)
        check_switch("SinusoidalPositionalEncoding", batch_first=batch_first)
        self.max_len = int(max_len)
        self.base = float(base)
        self.batch_first = bool(batch_first)
        self._table = np.zeros((0, self.dim))  # the encodings that were needed so far

    def forward(self, input: Any) -> Any:
        """``input + sinusoidal_positional_encoding(L, dim)``."""
        x = floating(lambda: described(self), input)
        ndim = len(x.shape)
        axis = 1 if self.batch_first and ndim == 3 else 0
        if ndim not in (2, 3) or x.shape[-1] != self.dim or x.shape[axis] > self.max_len:
            batch = f"(N, L, {self.dim})" if self.batch_first else f"(L, N, {self.dim})"
            raise ValueError(
                f"{described(self)}: expected an input of shape {batch}, or (L, {self.dim}) for one example, with L up to "
                f"{self.max_len}; received {x.shape}"
            )
        rows = self._rows(x.shape[axis], x.dtype)
        return x + (rows[:, None] if ndim == 3 and axis == 0 else rows)

    def _rows(self, length: int, dtype: Any) -> Any:
        table = self._table
        if len(table) < length or table.dtype != dtype:
            table = sinusoidal_positional_encoding(max(length, min(2 * len(table), self.max_len)), self.dim, self.base, dtype)
            self._table = table
        return table[:length]

    def extra_repr(self) -> str:
        """Its settings."""
        return f"{self.dim}, max_len={self.max_len}, base={self.base:g}, batch_first={self.batch_first}"


class RotaryPositionalEmbedding(Module):
    """Queries or keys with pair i of their features turned by the angle ``p / base**(2 i / dim)``, where p is the position.

    The dot product of a query and a key that are turned so depends on the distance of their positions alone. Use one layer for
    both, behind the projections and before ``scaled_dot_product_attention``. There is nothing to train and nothing to save.

    Args:
        dim: the number of features of a head, an even one.
        base: the slowest pair turns once in about ``2 pi base`` positions.
        interleaved: whether a pair are neighbours, as in the paper; else a number of the first half goes with the one at the
            same place of the second half, as in many models after it.

    Shapes: (..., L, dim) -> same.

    Raises:
        ValueError: for an odd ``dim``, and for an input of another shape.

    Source: J. Su et al., RoFormer: enhanced transformer with rotary position embedding, 2021, arXiv:2104.09864.

    >>> nn.RotaryPositionalEmbedding(2)(np.array([[1.0, 0.0], [1.0, 0.0]])).round(4)
    array([[1.    , 0.    ],
           [0.5403, 0.8415]])
    """

    def __init__(self, dim: int, base: float = 10000.0, interleaved: bool = True) -> None:
        check_dim("RotaryPositionalEmbedding", dim)
        check_base("RotaryPositionalEmbedding", base)
        if dim % 2:
            raise ValueError(f"RotaryPositionalEmbedding: expected an even dim, received {dim}")
        self.dim = int(dim)
        self.base = float(base)
        check_switch("RotaryPositionalEmbedding", interleaved=interleaved)
        self.interleaved = bool(interleaved)

    def forward(self, input: Any, positions: Any = None) -> Any:
        """``rotary_positional_embedding(input, positions)``; positions (L,) or (..., L), by default 0, 1, ..."""
        x = floating(lambda: described(self), input)
        if len(x.shape) < 2 or x.shape[-1] != self.dim:
            raise ValueError(f"{described(self)}: expected an input of shape (..., L, {self.dim}), received {x.shape}")
        return rotated(x, positions, self.base, self.interleaved, lambda: described(self))

    def extra_repr(self) -> str:
        """Its settings."""
        return f"{self.dim}, base={self.base:g}, interleaved={self.interleaved}"
