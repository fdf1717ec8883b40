"""``RNN``, ``LSTM``, ``GRU``: layers that go through sequences. Single steps are in ``recurrent_cells``."""

from __future__ import annotations  # np.random would be imported to annotate with it

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.kernels.elman import elman
from nn.kernels.gru import gru
from nn.kernels.lstm import lstm
from nn.layers.recurrent_base import Recurrent, Weights, check_nonlinearity, pair_of_states


class RNN(Recurrent):
    """``h_t = tanh(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh)``, Elman's recurrent layer, or several of them one after another.

    Args:
        input_size: the number of features of an element.
        hidden_size: the number of features of the state.
        num_layers: how many layers there are; each gets the outputs of the one before.
        nonlinearity: ``"tanh"``, or ``"relu"`` in its place.
        bias: whether there are ``b_ih`` and ``b_hh``.
        batch_first: whether the first axis of input and output is the batch, and not time.
        dropout: the probability with which, in training, an output of all layers but the last becomes 0.
        bidirectional: whether each layer has a second one beside it, which goes from the end to the beginning; their outputs
            stand side by side.
        dtype: of the parameters; by default float32.
        rng: where the first numbers, and what dropout draws, come from; by default the library's generator (``ag.seed``).

    Called as ``output, h_n = layer(input, h_0, lengths)``; the last two may be left out. The input may be a
    ``PackedSequence``, as the output then is.

    Shapes, with D = 2 for ``bidirectional``, else 1: input (time, batch, input_size), output (time, batch, D *
    hidden_size), h_0 and h_n (D * num_layers, batch, hidden_size), in the order layer 0, layer 0 reverse, layer 1, ...;
    lengths (batch,). Without the axis of the batch: one sequence.

    Raises:
        ValueError: for other shapes, a sequence without elements, lengths that are out of range.
        TypeError: for a recorded input of another dtype.

    Source: J. L. Elman, Finding structure in time, 1990.

    >>> layer = nn.RNN(3, 4, bidirectional=True)
    >>> output, h_n = layer(np.ones((5, 2, 3)))
    >>> output.shape, h_n.shape
    ((5, 2, 8), (2, 2, 4))
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        check_nonlinearity("RNN", nonlinearity)
        self.nonlinearity = nonlinearity
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, 0, dtype, rng)

    def scan(self, x: Any, initial: Sequence[Any], weights: Weights, lengths: Any, reverse: bool) -> Sequence[Any]:
        """One layer in one direction."""
        w_ih, w_hh, *_ = weights
        return (elman(x, *initial, w_ih, w_hh, weights.bias, lengths, reverse=reverse, nonlinearity=self.nonlinearity),)

    def extra_repr(self) -> str:
        """Its settings."""
        return super().extra_repr() + (f", nonlinearity={self.nonlinearity!r}" if self.nonlinearity != "tanh" else "")


class LSTM(Recurrent):
    """Long short-term memory: a recurrent layer whose cells keep what they hold until a gate says otherwise.

    With the gates ``i, f, g, o``, the four parts of ``W_ih x_t + b_ih + W_hh h_(t-1) + b_hh``:
    ``c_t = sigmoid(f) c_(t-1) + sigmoid(i) tanh(g)`` and ``h_t = sigmoid(o) tanh(c_t)``; or with a projection
    ``h_t = W_hr (sigmoid(o) tanh(c_t))``.

    Args:
        input_size: the number of features of an element.
        hidden_size: the number of cells.
        num_layers: how many layers there are; each gets the outputs of the one before.
        bias: whether there are ``b_ih`` and ``b_hh``.
        batch_first: whether the first axis of input and output is the batch, and not time.
        dropout: the probability with which, in training, an output of all layers but the last becomes 0.
        bidirectional: whether each layer has a second one beside it, which goes from the end to the beginning; their outputs
            stand side by side.
        proj_size: the number of features that the state is projected to; 0 for no projection.
        dtype: of the parameters; by default float32.
        rng: where the first numbers, and what dropout draws, come from; by default the library's generator (``ag.seed``).

    Called as ``output, (h_n, c_n) = layer(input, (h_0, c_0), lengths)``; the last two may be left out. The input may be a
    ``PackedSequence``, as the output then is.

    Shapes, with D = 2 for ``bidirectional``, else 1, and S = ``proj_size`` or, without, ``hidden_size``: input (time,
    batch, input_size), output (time, batch, D * S), h_0 and h_n (D * num_layers, batch, S), c_0 and c_n (D * num_layers,
    batch, hidden_size), in the order layer 0, layer 0 reverse, layer 1, ...; lengths (batch,). Without the axis of the
    batch: one sequence.

    Raises:
        ValueError: for other shapes, a sequence without elements, lengths that are out of range.
        TypeError: for a recorded input of another dtype, and states that are no pair.

    Source: S. Hochreiter and J. Schmidhuber, Long short-term memory, 1997; F. A. Gers et al., Learning to forget, 2000; H. Sak
    et al., Long short-term memory based recurrent neural network architectures, 2014, for the projection.

    >>> layer = nn.LSTM(3, 4, num_layers=2, batch_first=True)
    >>> output, (h_n, c_n) = layer(np.ones((2, 5, 3)), lengths=[5, 3])
    >>> output.shape, h_n.shape, c_n.shape
    ((2, 5, 4), (2, 2, 4), (2, 2, 4))
    """

    gates = 4
    state_names = ("h_0", "c_0")

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size, dtype, rng)

    def scan(self, x: Any, initial: Sequence[Any], weights: Weights, lengths: Any, reverse: bool) -> Sequence[Any]:
        """One layer in one direction."""
        w_ih, w_hh, _, _, w_hr = weights
        return lstm(x, *initial, w_ih, w_hh, weights.bias, w_hr, lengths, reverse=reverse)[:2]

    def _from_hx(self, hx: Any) -> Sequence[Any]:
        return pair_of_states(self, hx)

    def _as_hx(self, last: Sequence[Any]) -> Any:
        return tuple(last)


class GRU(Recurrent):
    """The gated recurrent unit: a recurrent layer whose gates say how much of the state to renew, and from what.

    ``r = sigmoid(W_ir x_t + b_ir + W_hr h_(t-1) + b_hr)``, ``z`` likewise, ``n = tanh(W_in x_t + b_in + r (W_hn h_(t-1) +
    b_hn))``, and ``h_t = (1 - z) n + z h_(t-1)``. The rows of ``weight_ih`` are those of ``W_ir``, ``W_iz``, ``W_in``. As in
    PyTorch the gate ``r`` is applied behind the product with ``W_hn``; in the paper it is applied before.

    Args:
        input_size: the number of features of an element.
        hidden_size: the number of features of the state.
        num_layers: how many layers there are; each gets the outputs of the one before.
        bias: whether there are ``b_ih`` and ``b_hh``.
        batch_first: whether the first axis of input and output is the batch, and not time.
        dropout: the probability with which, in training, an output of all layers but the last becomes 0.
        bidirectional: whether each layer has a second one beside it, which goes from the end to the beginning; their outputs
            stand side by side.
        dtype: of the parameters; by default float32.
        rng: where the first numbers, and what dropout draws, come from; by default the library's generator (``ag.seed``).

    Called as ``output, h_n = layer(input, h_0, lengths)``; the last two may be left out. The input may be a
    ``PackedSequence``, as the output then is.

    Shapes, with D = 2 for ``bidirectional``, else 1: input (time, batch, input_size), output (time, batch, D *
    hidden_size), h_0 and h_n (D * num_layers, batch, hidden_size), in the order layer 0, layer 0 reverse, layer 1, ...;
    lengths (batch,). Without the axis of the batch: one sequence.

    Raises:
        ValueError: for other shapes, a sequence without elements, lengths that are out of range.
        TypeError: for a recorded input of another dtype.

    Source: K. Cho et al., Learning phrase representations using RNN encoder-decoder for statistical machine translation, 2014.

    >>> layer = nn.GRU(3, 4)
    >>> output, h_n = layer(np.ones((5, 3)))  # one sequence
    >>> output.shape, h_n.shape
    ((5, 4), (1, 4))
    """

    gates = 3

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, 0, dtype, rng)

    def scan(self, x: Any, initial: Sequence[Any], weights: Weights, lengths: Any, reverse: bool) -> Sequence[Any]:
        """One layer in one direction."""
        return gru(x, *initial, *weights[:4], lengths, reverse=reverse)[:1]
