"""Positions: what tells places of a sequence apart, for layers such as attention that do not see their order.

``sinusoidal_positional_encoding`` gives numbers to add to what is at a place, ``rotary_positional_embedding`` turns queries and
keys by angles that grow with the place.
"""

from typing import Any

import numpy as np

from nn.functional.normalization import floating
from nn.inputs import Receiver, as_array, called, check_number, check_whole
from nn.kernels.rotation import rotation


def sinusoidal_positional_encoding(positions: Any, dim: int, base: float = 10000.0, dtype: Any = None) -> Any:
    """``sin(p / base**(2 i / dim))`` at 2 i and ``cos(p / base**(2 i / dim))`` at 2 i + 1, for each position p.

    The encoding of p + k is that of p, each pair turned by an angle that depends on k alone.

    Args:
        positions: any real numbers; a whole number L stands for the positions from 0 to L - 1.
        dim: the number of features of a position.
        base: the longest wave is ``2 pi base``, less what ``dim`` cuts off.
        dtype: of the result; by default float32.

    Shapes: positions of any shape -> the same with ``dim`` more; (L, dim) for a whole number.

    Raises:
        ValueError: for less than one feature, and a ``base`` that is not positive.

    Source: A. Vaswani et al., Attention is all you need, 2017, section 3.5.

    >>> nn.functional.sinusoidal_positional_encoding(2, 4).round(4)
    array([[0.    , 1.    , 0.    , 1.    ],
           [0.8415, 0.5403, 0.01  , 1.    ]], dtype=float32)
    """
    receiver = "sinusoidal_positional_encoding"
    check_dim(receiver, dim)
    check_base(receiver, base)
    positions = as_array(positions)
    if positions.ndim == 0 and positions.dtype.kind in "iu":
        positions = np.arange(int(positions))
    angles = _angles(positions, (dim + 1) // 2, base, dim)
    pairs = np.stack([np.sin(angles), np.cos(angles)], axis=-1)
    return np.reshape(pairs, (*positions.shape, 2 * angles.shape[-1]))[..., :dim].astype(np.float32 if dtype is None else dtype)


def rotary_positional_embedding(input: Any, positions: Any = None, base: float = 10000.0, interleaved: bool = True) -> Any:
    """Pair i of the features at position p, turned by the angle ``p / base**(2 i / dim)``.

    The dot product of a query and a key that are turned so depends on the distance of their positions alone.

    Args:
        input: queries or keys, positions on the axis before the last.
        positions: real numbers; by default 0, 1, ...
        base: the slowest pair turns once in about ``2 pi base`` positions.
        interleaved: whether a pair are neighbours, as in the paper; else a number of the first half goes with the one at the
            same place of the second half, as in many models after it.

    Shapes: (..., L, dim) -> same; positions (L,), or broadcasting to (..., L).

    Raises:
        ValueError: for an odd number of features, positions that do not fit, and a ``base`` that is not positive.
        TypeError: for complex numbers.

    Source: J. Su et al., RoFormer: enhanced transformer with rotary position embedding, 2021, arXiv:2104.09864.

    >>> nn.functional.rotary_positional_embedding(np.array([[1.0, 0.0], [1.0, 0.0]])).round(4)
    array([[1.    , 0.    ],
           [0.5403, 0.8415]])
    """
    receiver = "rotary_positional_embedding"
    check_base(receiver, base)
    x = floating(receiver, input)
    if len(x.shape) < 2 or x.shape[-1] % 2:
        raise ValueError(f"{receiver}: expected an input of shape (..., L, dim) with an even dim, received {x.shape}")
    return rotated(x, positions, base, interleaved, receiver)


def rotated(x: Any, positions: Any, base: float, interleaved: bool, receiver: Receiver) -> Any:
    """``rotary_positional_embedding`` of what has been checked."""
    *leading, length, dim = x.shape
    positions = np.arange(length) if positions is None else as_array(positions, receiver)
    try:
        fits = np.broadcast_shapes(positions.shape, (*leading, length)) == (*leading, length)
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(
            f"{called(receiver)}: expected positions of shape {(length,)}, or broadcasting to {(*leading, length)}; received "
            f"{positions.shape}"
        )
    angles = _angles(positions, dim // 2, base, dim)
    return rotation(x, np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype), interleaved=bool(interleaved))


def _angles(positions: Any, count: int, base: float, dim: int) -> Any:
    """``positions / base**(2 i / dim)`` in double precision, of which far positions need every digit."""
    frequencies = float(base) ** (-2 / dim * np.arange(count)) if dim else np.zeros(0)
    return positions[..., None].astype(np.float64) * frequencies


def check_dim(receiver: str, dim: Any) -> None:
    """Refuse a number of features below 1."""
    check_whole(receiver, "dim", dim)
    if dim < 1:
        raise ValueError(f"{receiver}: expected dim, 1 or more; received {dim}")


def check_base(receiver: str, base: Any) -> None:
    """Refuse a base that is not positive."""
    check_number(receiver, "base", base)
    if base <= 0:
        raise ValueError(f"{receiver}: expected base, a positive number; received {base}")
