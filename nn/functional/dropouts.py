"""Dropout: in training some numbers, drawn anew in each call, are left out, so that no other can rely on them.

Masks are drawn by ``ag.random``: inside ``vmap`` each example has its own, and ``checkpoint`` repeats them. ``inplace`` is
accepted and changes nothing.
"""

from __future__ import annotations  # np.random would be imported to annotate with it

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import Receiver, as_array, called, check_number, plain
from nn.kernels.masking import masked, masked_and_shifted

_SATURATION = 1.7580993408473766  # SELU's alpha times its scale: minus this is what SELU gives for -inf


def dropout(
    input: Any, p: float = 0.5, training: bool = True, inplace: bool = False, rng: np.random.Generator | None = None
) -> Any:
    """0 with probability ``p`` and else ``input / (1 - p)``, each element by itself; without ``training`` the input itself.

    Args:
        input: real or complex numbers.
        p: the probability of 0, from 0 to 1.
        training: whether anything is done.
        inplace: changes nothing.
        rng: the generator to draw from; by default ``ag.generator()``.

    Shapes: any -> same.

    Raises:
        ValueError: for ``p`` outside 0 to 1.

    Source: N. Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, 2014.

    >>> y = nn.functional.dropout(np.ones(1000), 0.25, rng=np.random.default_rng(0))
    >>> np.unique(y).round(3), np.mean(y == 0).round(2)
    (array([0.   , 1.333]), np.float64(0.23))
    """
    check_number("dropout", "p", p, least=0, most=1)
    return dropped_out(input, p, training, rng)


def dropped_out(input: Any, p: float, training: bool, rng: Any) -> Any:
    """``dropout`` with settings that have been checked."""
    x = as_array(input)
    return _masked(x, x.shape, p, rng) if training and p else x


def dropout1d(
    input: Any, p: float = 0.5, training: bool = True, inplace: bool = False, rng: np.random.Generator | None = None
) -> Any:
    """``dropout`` of whole channels, for inputs with one axis besides batch and channels; arguments as in ``dropout``.

    Shapes: (N, C, L) or (C, L) -> same.

    Raises:
        ValueError: for an input with another number of axes, and for ``p`` outside 0 to 1.

    Source: J. Tompson et al., Efficient object localization using convolutional networks, 2015.

    >>> y = nn.functional.dropout1d(np.ones((1, 5, 2)), rng=np.random.default_rng(0))
    >>> y[0].T
    array([[2., 2., 2., 0., 0.],
           [2., 2., 2., 0., 0.]])
    """
    check_number("dropout1d", "p", p, least=0, most=1)
    return channels_dropped_out(input, 1, p, training, rng, "dropout1d")


def dropout2d(
    input: Any, p: float = 0.5, training: bool = True, inplace: bool = False, rng: np.random.Generator | None = None
) -> Any:
    """``dropout`` of whole channels, for images; arguments as in ``dropout``.

    As in PyTorch, three axes are taken as (N, C, L), as in ``dropout1d``, and not as one image.

    Shapes: (N, C, H, W) or (N, C, L) -> same.

    Raises:
        ValueError: for an input with another number of axes, and for ``p`` outside 0 to 1.

    Source: J. Tompson et al., Efficient object localization using convolutional networks, 2015.

    >>> y = nn.functional.dropout2d(np.ones((1, 5, 8, 8)), rng=np.random.default_rng(0))
    >>> y.mean(axis=(0, 2, 3))
    array([2., 2., 2., 0., 0.])
    """
    check_number("dropout2d", "p", p, least=0, most=1)
    return channels_dropped_out(input, 2, p, training, rng, "dropout2d")


def dropout3d(
    input: Any, p: float = 0.5, training: bool = True, inplace: bool = False, rng: np.random.Generator | None = None
) -> Any:
    """``dropout`` of whole channels, for volumes; arguments as in ``dropout``.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> same.

    Raises:
        ValueError: for an input with another number of axes, and for ``p`` outside 0 to 1.

    Source: J. Tompson et al., Efficient object localization using convolutional networks, 2015.

    >>> y = nn.functional.dropout3d(np.ones((1, 5, 4, 4, 4)), rng=np.random.default_rng(0))
    >>> y.mean(axis=(0, 2, 3, 4))
    array([2., 2., 2., 0., 0.])
    """
    check_number("dropout3d", "p", p, least=0, most=1)
    return channels_dropped_out(input, 3, p, training, rng, "dropout3d")


def channels_dropped_out(input: Any, dimensions: int, p: float, training: bool, rng: Any, receiver: Receiver) -> Any:
    """Dropout of channels with 1, 2 or 3 axes, for any receiver."""
    x = as_array(input, receiver)
    shape = x.shape
    allowed = (3, 4) if dimensions == 2 else (dimensions + 1, dimensions + 2)
    if len(shape) not in allowed:
        layouts = ("(N, C, L) or (C, L)", "(N, C, H, W) or (N, C, L)", "(N, C, D, H, W) or (C, D, H, W)")
        raise ValueError(f"{called(receiver)}: expected an input of shape {layouts[dimensions - 1]}, received {shape}")
    if not training or not p:
        return x
    leading = 2 if dimensions == 2 or len(shape) == dimensions + 2 else 1
    return _masked(x, (*shape[:leading], *[1] * (len(shape) - leading)), p, rng)


def _masked(x: Any, shape: tuple[int, ...], p: float, rng: Any) -> Any:
    return masked(_floating(x), _kept(x, shape, p, rng), scale=1 / (1 - float(p)) if p < 1 else 0.0)


def _floating(x: Any) -> Any:
    return x.astype(np.float64) if x.dtype.kind in "biu" else x


def _kept(x: Any, shape: tuple[int, ...], p: float, rng: Any) -> Any:
    """Which elements stay: an array if ``x`` is one, except inside ``vmap``, where each example has its own."""
    kept = ag.random.random(shape, np.float32, rng=rng) >= p
    return kept if isinstance(x, Tensor) else plain(kept)


# ---------------------------------------------------------------- for SELU


def alpha_dropout(
    input: Any, p: float = 0.5, training: bool = False, inplace: bool = False, rng: np.random.Generator | None = None
) -> Any:
    """Dropout that goes with ``selu``: what is left out becomes SELU's lower bound, and mean and variance stay.

    With probability ``p`` an element becomes ``-1.7581``; all are then scaled and shifted so that a mean of 0 and a variance of
    1 stay.

    Args:
        input: real numbers.
        p: the probability of being left out, from 0 to 1; at 1 the result is 0.
        training: whether anything is done; not by default, as in PyTorch.
        inplace: changes nothing.
        rng: the generator to draw from; by default ``ag.generator()``.

    Shapes: any -> same.

    Raises:
        ValueError: for ``p`` outside 0 to 1.

    Source: G. Klambauer et al., Self-normalizing neural networks, 2017, arXiv:1706.02515.

    >>> x = np.random.default_rng(0).normal(size=10000)
    >>> y = nn.functional.alpha_dropout(x, 0.2, training=True, rng=np.random.default_rng(1))
    >>> bool(abs(y.mean()) < 0.05), bool(abs(y.var() - 1) < 0.05)
    (True, True)
    """
    check_number("alpha_dropout", "p", p, least=0, most=1)
    return saturated(input, p, training, rng)


def saturated(input: Any, p: float, training: bool, rng: Any) -> Any:
    """``alpha_dropout`` with settings that have been checked."""
    x = as_array(input)
    return _saturated(x, x.shape, p, rng) if training and p else x


def feature_alpha_dropout(
    input: Any, p: float = 0.5, training: bool = False, inplace: bool = False, rng: np.random.Generator | None = None
) -> Any:
    """``alpha_dropout`` of whole channels, which are on axis 1; arguments as in ``alpha_dropout``.

    Shapes: (N, C, ...) -> same.

    Raises:
        ValueError: for an input of fewer than 2 axes, and for ``p`` outside 0 to 1.

    >>> y = nn.functional.feature_alpha_dropout(np.zeros((1, 5, 2)), training=True, rng=np.random.default_rng(0))
    >>> y[0].T.round(3)
    array([[ 0.779,  0.779,  0.779, -0.779, -0.779],
           [ 0.779,  0.779,  0.779, -0.779, -0.779]])
    """
    check_number("feature_alpha_dropout", "p", p, least=0, most=1)
    return channels_saturated(input, p, training, rng, "feature_alpha_dropout")


def channels_saturated(input: Any, p: float, training: bool, rng: Any, receiver: Receiver) -> Any:
    """``feature_alpha_dropout``, for any receiver."""
    x = as_array(input, receiver)
    if len(x.shape) < 2:
        raise ValueError(f"{called(receiver)}: expected an input of shape (N, C, ...), received {x.shape}")
    if not training or not p:
        return x
    return _saturated(x, (*x.shape[:2], *[1] * (len(x.shape) - 2)), p, rng)


def _saturated(x: Any, shape: tuple[int, ...], p: float, rng: Any) -> Any:
    p = float(p)
    x = _floating(x)
    kept = _kept(x, shape, p, rng)
    if p == 1:
        return masked(x, kept, scale=0.0)
    scale = 1 / math.sqrt((1 + p * _SATURATION**2) * (1 - p))
    shift = scale * p * _SATURATION
    return masked_and_shifted(x, kept, scale=scale, kept=shift, dropped=shift - scale * _SATURATION)
