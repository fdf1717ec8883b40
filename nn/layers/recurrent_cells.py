"""``RNNCell``, ``LSTMCell``, ``GRUCell``: one step of ``RNN``, ``LSTM`` and ``GRU``, for loops of one's own."""

from __future__ import annotations  # np.random would be imported to annotate with it

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.inputs import check_switch, in_dtype
from nn.kernels.elman import elman
from nn.kernels.gru import gru
from nn.kernels.lstm import lstm
from nn.layers.recurrent_base import Weights, check_nonlinearity, check_sizes, first_value, pair_of_states
from nn.module import Module
from nn.paths import described


class Cell(Module):
    """The base of the cells: parameters, and states in and out. What a step computes is said in ``step``."""

    gates: int

    def __init__(self, input_size: int, hidden_size: int, bias: bool, dtype: Any, rng: np.random.Generator | None) -> None:
        check_sizes(type(self).__name__, input_size, hidden_size)
        check_switch(type(self).__name__, bias=bias)
        self.input_size = int(input_size)
        self.hidden_size = int(hidden_size)
        self.bias = bool(bias)
        dtype = np.dtype(np.float32 if dtype is None else dtype)
        rows = self.gates * self.hidden_size
        self.weight_ih = first_value((rows, self.input_size), self.hidden_size, dtype, rng)
        self.weight_hh = first_value((rows, self.hidden_size), self.hidden_size, dtype, rng)
        self.bias_ih = first_value((rows,), self.hidden_size, dtype, rng) if bias else None
        self.bias_hh = first_value((rows,), self.hidden_size, dtype, rng) if bias else None

    def step(self, x: Any, states: Sequence[Any], weights: Weights) -> Sequence[Any]:
        """The next value of each of the states (batch, hidden), with an axis of time in front; x (1, batch, n) has it, too."""
        raise NotImplementedError

    def next_states(self, input: Any, **states: Any) -> list[Any]:
        """The next value of each of the states, which are 0 where they are ``None``."""
        x = self._cast(input)
        if len(x.shape) not in (1, 2) or x.shape[-1] != self.input_size:
            n = self.input_size
            raise ValueError(f"{described(self)}: expected input of shape (batch, {n}) or ({n},), received {x.shape}")
        shape = (*x.shape[:-1], self.hidden_size)
        single = len(x.shape) == 1
        before = []
        for name, each in states.items():
            each = np.zeros(shape, x.dtype) if each is None else self._cast(each)
            if each.shape != shape:
                raise ValueError(f"{described(self)}: expected {name} of shape {shape}, received {each.shape}")
            before.append(np.expand_dims(each, 0) if single else each)
        x = np.expand_dims(x, (0, 1) if single else 0)
        after = self.step(x, before, Weights(self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh))
        return [each[0, 0] if single else each[0] for each in after]

    def _cast(self, x: Any) -> Any:
        return in_dtype(x, self.weight_ih.dtype, lambda: described(self))

    def extra_repr(self) -> str:
        """Its sizes, and whether it has no bias."""
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias else ", bias=False")


class RNNCell(Cell):
    """One step of ``RNN``: ``h' = tanh(W_ih x + b_ih + W_hh h + b_hh)``.

    Args:
        input_size: the number of features of an element.
        hidden_size: the number of features of the state.
        bias: whether there are ``b_ih`` and ``b_hh``.
        nonlinearity: ``"tanh"``, or ``"relu"`` in its place.
        dtype: of the parameters; by default float32.
        rng: where the first numbers come from; by default the library's generator (``ag.seed``).

    Shapes: x (batch, input_size), h (batch, hidden_size) -> (batch, hidden_size); or all without the axis of the batch.

    Raises:
        ValueError: for other shapes.
        TypeError: for a recorded input of another dtype.

    >>> cell = nn.RNNCell(3, 4)
    >>> h = None
    >>> for x in np.ones((5, 2, 3)):
    ...     h = cell(x, h)
    >>> h.shape
    (2, 4)
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        check_nonlinearity("RNNCell", nonlinearity)
        super().__init__(input_size, hidden_size, bias, dtype, rng)
        self.nonlinearity = nonlinearity

    def step(self, x: Any, states: Sequence[Any], weights: Weights) -> Sequence[Any]:
        """The next state."""
        w_ih, w_hh, *_ = weights
        return (elman(x, *states, w_ih, w_hh, weights.bias, None, reverse=False, nonlinearity=self.nonlinearity),)

    def forward(self, input: Any, hx: Any = None) -> Any:
        """The next state; ``hx`` is the one before, by default 0."""
        return self.next_states(input, hx=hx)[0]

    def extra_repr(self) -> str:
        """Its settings."""
        return super().extra_repr() + (f", nonlinearity={self.nonlinearity!r}" if self.nonlinearity != "tanh" else "")


class LSTMCell(Cell):
    """One step of ``LSTM``: ``c' = sigmoid(f) c + sigmoid(i) tanh(g)``, ``h' = sigmoid(o) tanh(c')``.

    The gates ``i, f, g, o`` are the four parts of ``W_ih x + b_ih + W_hh h + b_hh``.

    Args:
        input_size: the number of features of an element.
        hidden_size: the number of cells.
        bias: whether there are ``b_ih`` and ``b_hh``.
        dtype: of the parameters; by default float32.
        rng: where the first numbers come from; by default the library's generator (``ag.seed``).

    Shapes: x (batch, input_size), h and c (batch, hidden_size) -> h', c' (batch, hidden_size); or all without the axis of
    the batch.

    Raises:
        ValueError: for other shapes.
        TypeError: for a recorded input of another dtype, and states that are no pair.

    >>> cell = nn.LSTMCell(3, 4)
    >>> h, c = cell(np.ones((2, 3)))
    >>> h, c = cell(np.ones((2, 3)), (h, c))
    >>> h.shape, c.shape
    ((2, 4), (2, 4))
    """

    gates = 4

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, dtype, rng)

    def step(self, x: Any, states: Sequence[Any], weights: Weights) -> Sequence[Any]:
        """The next state and the next cells."""
        w_ih, w_hh, *_ = weights
        return lstm(x, *states, w_ih, w_hh, weights.bias, None, None, reverse=False)[:2]

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        """The next state and cells; ``hx`` is the pair of those before, by default 0."""
        h, c = (None, None) if hx is None else pair_of_states(self, hx)
        h, c = self.next_states(input, h_0=h, c_0=c)
        return h, c


class GRUCell(Cell):
    """One step of ``GRU``: ``h' = (1 - z) n + z h``.

    ``r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)``, ``z`` likewise, and ``n = tanh(W_in x + b_in + r (W_hn h + b_hn))``.

    Args:
        input_size: the number of features of an element.
        hidden_size: the number of features of the state.
        bias: whether there are ``b_ih`` and ``b_hh``.
        dtype: of the parameters; by default float32.
        rng: where the first numbers come from; by default the library's generator (``ag.seed``).

    Shapes: x (batch, input_size), h (batch, hidden_size) -> (batch, hidden_size); or all without the axis of the batch.

    Raises:
        ValueError: for other shapes.
        TypeError: for a recorded input of another dtype.

    >>> nn.GRUCell(3, 4)(np.ones((2, 3))).shape
    (2, 4)
    """

    gates = 3

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, dtype, rng)

    def step(self, x: Any, states: Sequence[Any], weights: Weights) -> Sequence[Any]:
        """The next state."""
        return gru(x, *states, *weights[:4], None, reverse=False)[:1]

    def forward(self, input: Any, hx: Any = None) -> Any:
        """The next state; ``hx`` is the one before, by default 0."""
        return self.next_states(input, hx=hx)[0]
