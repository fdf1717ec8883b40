"""Dropout, as modules: they do something in training mode only (``model.train()``, ``model.eval()``)."""

from __future__ import annotations  # np.random would be imported to annotate with it

from typing import Any

import numpy as np

from nn.functional.dropouts import channels_dropped_out, channels_saturated, dropped_out, saturated
from nn.inputs import check_number, check_switch
from nn.module import Module
from nn.paths import described


class _Dropping(Module):
    """What has a probability, and a generator to draw from."""

    def __init__(self, p: float = 0.5, inplace: bool = False, rng: np.random.Generator | None = None) -> None:
        check_number(type(self).__name__, "p", p, least=0, most=1)
        check_switch(type(self).__name__, inplace=inplace)
        if rng is not None and not isinstance(rng, np.random.Generator):
            raise TypeError(f"{type(self).__name__}: expected rng, a np.random.Generator or None; received {rng!r}")
        self.p = float(p)
        self.rng = rng

    def extra_repr(self) -> str:
        """Its settings."""
        return f"p={self.p}"


class Dropout(_Dropping):
    """In training 0 with probability ``p``, else ``x / (1 - p)``, each element by itself; in evaluation the input itself.

    Args:
        p: the probability of 0, from 0 to 1.
        inplace: changes nothing.
        rng: the generator to draw from; by default ``ag.generator()``, which ``ag.seed`` seeds.

    Shapes: any -> same.

    Raises:
        ValueError: for ``p`` outside 0 to 1.

    Source: N. Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, 2014.

    >>> layer = nn.Dropout(0.5, rng=np.random.default_rng(0))
    >>> layer(np.ones(8))
    array([2., 2., 2., 0., 0., 0., 0., 0.])
    >>> layer.eval()(np.ones(8))
    array([1., 1., 1., 1., 1., 1., 1., 1.])
    """

    def forward(self, input: Any) -> Any:
        """``dropout(input)``."""
        return dropped_out(input, self.p, self.training, self.rng)


class Dropout1d(_Dropping):
    """``Dropout`` of whole channels, for inputs with one axis besides batch and channels; arguments as in ``Dropout``.

    Shapes: (N, C, L) or (C, L) -> same.

    Raises:
        ValueError: for an input with another number of axes.

    >>> nn.Dropout1d(rng=np.random.default_rng(0))(np.ones((1, 5, 2)))[0].T
    array([[2., 2., 2., 0., 0.],
           [2., 2., 2., 0., 0.]])
    """

    def forward(self, input: Any) -> Any:
        """``dropout1d(input)``."""
        return channels_dropped_out(input, 1, self.p, self.training, self.rng, lambda: described(self))


class Dropout2d(_Dropping):
    """``Dropout`` of whole channels, for images; arguments as in ``Dropout``.

    As in PyTorch, three axes are taken as (N, C, L), and not as one image.

    Shapes: (N, C, H, W) or (N, C, L) -> same.

    Raises:
        ValueError: for an input with another number of axes.

    Source: J. Tompson et al., Efficient object localization using convolutional networks, 2015.

    >>> nn.Dropout2d(rng=np.random.default_rng(0))(np.ones((1, 5, 8, 8))).mean(axis=(0, 2, 3))
    array([2., 2., 2., 0., 0.])
    """

    def forward(self, input: Any) -> Any:
        """``dropout2d(input)``."""
        return channels_dropped_out(input, 2, self.p, self.training, self.rng, lambda: described(self))


class Dropout3d(_Dropping):
    """``Dropout`` of whole channels, for volumes; arguments as in ``Dropout``.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> same.

    Raises:
        ValueError: for an input with another number of axes.

    >>> nn.Dropout3d(rng=np.random.default_rng(0))(np.ones((1, 5, 4, 4, 4))).mean(axis=(0, 2, 3, 4))
    array([2., 2., 2., 0., 0.])
    """

    def forward(self, input: Any) -> Any:
        """``dropout3d(input)``."""
        return channels_dropped_out(input, 3, self.p, self.training, self.rng, lambda: described(self))


class AlphaDropout(_Dropping):
    """Dropout that goes with ``SELU``: what is left out becomes SELU's lower bound, and mean and variance stay.

    Arguments as in ``Dropout``.

    Shapes: any -> same.

    Source: G. Klambauer et al., Self-normalizing neural networks, 2017, arXiv:1706.02515.

    >>> nn.AlphaDropout(rng=np.random.default_rng(0))(np.zeros(5)).round(3)
    array([ 0.779,  0.779,  0.779, -0.779, -0.779])
    """

    def forward(self, input: Any) -> Any:
        """``alpha_dropout(input)``."""
        return saturated(input, self.p, self.training, self.rng)


class FeatureAlphaDropout(_Dropping):
    """``AlphaDropout`` of whole channels, which are on axis 1. Arguments as in ``Dropout``.

    Shapes: (N, C, ...) -> same.

    Raises:
        ValueError: for an input of fewer than 2 axes.

    >>> nn.FeatureAlphaDropout(rng=np.random.default_rng(0))(np.zeros((1, 5, 2)))[0].T.round(3)
    array([[ 0.779,  0.779,  0.779, -0.779, -0.779],
           [ 0.779,  0.779,  0.779, -0.779, -0.779]])
    """

    def forward(self, input: Any) -> Any:
        """``feature_alpha_dropout(input)``."""
        return channels_saturated(input, self.p, self.training, self.rng, lambda: described(self))
