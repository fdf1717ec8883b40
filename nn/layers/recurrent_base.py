"""What ``RNN``, ``LSTM`` and ``GRU`` share: their parameters, several layers, two directions, states, lengths."""

from __future__ import annotations  # np.random would be imported to annotate with it

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from nn import init
from nn.functional.dropouts import dropped_out
from nn.inputs import check_number, check_switch, check_whole, in_dtype
from nn.kernels.recurrence import last_state
from nn.kernels.sequences import reordered
from nn.layers.sequences import PackedSequence, checked_lengths, lengths_of, packed, padded
from nn.module import Module
from nn.parameter import Parameter
from nn.paths import described


class Weights(NamedTuple):
    """What one layer holds for one direction; ``None`` for what it does without."""

    w_ih: Parameter
    w_hh: Parameter
    b_ih: Parameter | None
    b_hh: Parameter | None
    w_hr: Parameter | None = None

    @property
    def bias(self) -> Any:
        """The sum of both biases, which is all that counts where both are added."""
        return None if self.b_ih is None else self.b_ih + self.b_hh


class Recurrent(Module):
    """The base of ``RNN``, ``LSTM`` and ``GRU``, which say what one layer computes in one direction, in ``scan``."""

    gates: int
    weight_ih_l0: Parameter
    state_names: tuple[str, ...] = ("h_0",)

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int,
        bias: bool,
        batch_first: bool,
        dropout: float,
        bidirectional: bool,
        proj_size: int,
        dtype: Any,
        rng: np.random.Generator | None,
    ) -> None:
        name = type(self).__name__
        check_sizes(name, input_size, hidden_size)
        check_whole(name, "num_layers", num_layers)
        if num_layers < 1:
            raise ValueError(f"{name}: expected num_layers of 1 or more, received {num_layers}")
        check_number(name, "dropout", dropout, least=0, most=1)
        check_whole(name, "proj_size", proj_size)
        if not 0 <= proj_size < hidden_size:
            raise ValueError(f"{name}: expected proj_size from 0 to {hidden_size - 1}, below hidden_size; received {proj_size}")
        check_switch(name, bias=bias, batch_first=batch_first, bidirectional=bidirectional)
        self.input_size = int(input_size)
        self.hidden_size = int(hidden_size)
        self.num_layers = int(num_layers)
        self.bias = bool(bias)
        self.batch_first = bool(batch_first)
        self.dropout = float(dropout)
        self.bidirectional = bool(bidirectional)
        self.proj_size = int(proj_size)
        self.rng = rng
        dtype = np.dtype(np.float32 if dtype is None else dtype)
        state_size = self.proj_size or self.hidden_size
        rows = self.gates * self.hidden_size
        for layer in range(self.num_layers):
            features = state_size * (1 + self.bidirectional) if layer else self.input_size
            for suffix in self._suffixes(layer):
                shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, features), "weight_hh": (rows, state_size)}
                if self.bias:
                    shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
                if self.proj_size:
                    shapes["weight_hr"] = (self.proj_size, self.hidden_size)
                for each, shape in shapes.items():
                    setattr(self, f"{each}{suffix}", first_value(shape, self.hidden_size, dtype, rng))

    def _suffixes(self, layer: int) -> list[str]:
        """What ends the names of a layer's parameters, for each direction."""
        return [f"_l{layer}", *([f"_l{layer}_reverse"] if self.bidirectional else [])]

    def weights(self, layer: int, reverse: bool = False) -> Weights:
        """The parameters of one layer and direction."""
        suffix = self._suffixes(layer)[reverse]
        kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
        return Weights(*[getattr(self, f"{kind}{suffix}", None) for kind in kinds])  # type: ignore[arg-type]  # of two always

    def scan(self, x: Any, initial: Sequence[Any], weights: Weights, lengths: Any, reverse: bool) -> Sequence[Any]:
        """For each of the states ``initial`` its values in all steps, (time, batch, size); the first are the outputs."""
        raise NotImplementedError

    def forward(self, input: Any, hx: Any = None, lengths: Any = None) -> tuple[Any, Any]:
        """The outputs of the last layer in all steps, and the last states of all layers.

        Args:
            input: the sequences, or a ``PackedSequence``; then the outputs are one, too.
            hx: the states to start from, in the form in which the last ones are returned; by default 0.
            lengths: the length of each sequence, an integer from 1 to ``time``; by default all are as long as the array.
                Beyond its length a sequence's outputs are 0, and its last states are those of its last element.
        """
        if isinstance(input, PackedSequence):
            return self._of_packed(input, hx, lengths)
        x = self._cast(input)
        if len(x.shape) not in (2, 3) or x.shape[-1] != self.input_size:
            axes = "batch, time" if self.batch_first else "time, batch"
            raise ValueError(
                f"{described(self)}: expected input of shape ({axes}, {self.input_size}) or, of one sequence, "
                f"(time, {self.input_size}); received {x.shape}"
            )
        single = len(x.shape) == 2
        if single:
            x = np.expand_dims(x, 1)
        elif self.batch_first:
            x = np.swapaxes(x, 0, 1)
        if x.shape[0] == 0:
            raise ValueError(f"{described(self)}: expected sequences of at least one element, received {x.shape[0]}")
        initial = self._initial(hx, x.shape[1], single)
        if lengths is not None:
            lengths = np.expand_dims(lengths, 0) if single and np.ndim(lengths) == 0 else lengths
            lengths = checked_lengths(lambda: described(self), lengths, *x.shape[:2])
            present = lengths > np.expand_dims(np.arange(x.shape[0]), 1)
            x = np.where(np.expand_dims(present, 2), x, 0)  # what stands behind an end may be NaN
        x, last = self._through_layers(x, initial, lengths)
        if single:
            x, last = x[:, 0], [each[:, 0] for each in last]
        elif self.batch_first:
            x = np.swapaxes(x, 0, 1)
        return x, self._as_hx(last)

    def _of_packed(self, sequence: PackedSequence, hx: Any, lengths: Any) -> tuple[Any, Any]:
        if lengths is not None:
            raise ValueError(
                f"{described(self)}: expected no lengths beside a PackedSequence, which has its own; received some"
            )
        data = self._cast(sequence.data)
        if len(data.shape) != 2 or data.shape[1] != self.input_size:
            raise ValueError(f"{described(self)}: expected data of shape (elements, {self.input_size}), received {data.shape}")
        order, inverse = sequence.sorted_indices, sequence.unsorted_indices
        lengths = lengths_of(sequence)
        initial = self._initial(hx, len(lengths), single=False)
        if order is not None and hx is not None:
            initial = [reordered(each, order, inverse) for each in initial]
        x, last = self._through_layers(padded(sequence._replace(data=data)), initial, lengths)
        if order is not None:
            last = [reordered(each, inverse, order) for each in last]
        return packed(x, sequence.batch_sizes, order, inverse), self._as_hx(last)

    def _through_layers(self, x: Any, initial: Sequence[Any], lengths: Any) -> tuple[Any, list[Any]]:
        """The outputs (time, batch, size) of the last layer, and each state of all layers and directions at the end."""
        last: list[list[Any]] = [[] for _ in initial]
        place = 0
        for layer in range(self.num_layers):
            if layer:
                x = dropped_out(x, self.dropout, self.training, self.rng)
            outputs = []
            for reverse in (False, True)[: 1 + self.bidirectional]:
                states = self.scan(x, [each[place] for each in initial], self.weights(layer, reverse), lengths, reverse)
                outputs.append(states[0])
                for found, each in zip(last, states, strict=True):
                    found.append(last_state(each, lengths, reverse))
                place += 1
            x = np.concatenate(outputs, 2) if self.bidirectional else outputs[0]
        return x, [np.stack(each) for each in last]

    # ---------------------------------------------------------------- states

    def _initial(self, hx: Any, batch: int, single: bool) -> list[Any]:
        """The states to start from, each (layers and directions, batch, size)."""
        places = self.num_layers * (1 + self.bidirectional)
        sizes = (self.proj_size or self.hidden_size, self.hidden_size)
        shapes = [(places, batch, size) for size, _ in zip(sizes, self.state_names, strict=False)]
        if hx is None:
            return [np.zeros(shape, self.weight_ih_l0.dtype) for shape in shapes]
        found = []
        for name, each, shape in zip(self.state_names, self._from_hx(hx), shapes, strict=True):
            each = self._cast(each)
            expected = (shape[0], shape[2]) if single else shape
            if each.shape != expected:
                raise ValueError(f"{described(self)}: expected {name} of shape {expected}, received {each.shape}")
            found.append(np.expand_dims(each, 1) if single else each)
        return found

    def _from_hx(self, hx: Any) -> Sequence[Any]:
        return (hx,)

    def _as_hx(self, last: Sequence[Any]) -> Any:
        return last[0]

    def _cast(self, x: Any) -> Any:
        return in_dtype(x, self.weight_ih_l0.dtype, lambda: described(self))

    def extra_repr(self) -> str:
        """Its sizes, and the other settings as far as they are not the usual ones."""
        usual = {"num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0, "bidirectional": False, "proj_size": 0}
        unusual = [f"{name}={getattr(self, name)}" for name, value in usual.items() if getattr(self, name) != value]
        return ", ".join([str(self.input_size), str(self.hidden_size), *unusual])


def check_sizes(name: str, input_size: Any, hidden_size: Any) -> None:
    """Refuse sizes that are no whole numbers, a negative ``input_size`` and a ``hidden_size`` below 1."""
    check_whole(name, "input_size", input_size)
    check_whole(name, "hidden_size", hidden_size)
    if input_size < 0 or hidden_size < 1:
        raise ValueError(
            f"{name}: expected an input_size that is not negative and a hidden_size of 1 or more; received {input_size} and "
            f"{hidden_size}"
        )


def first_value(shape: tuple[int, ...], hidden_size: int, dtype: Any, rng: np.random.Generator | None) -> Parameter:
    """A parameter with uniform numbers between ``-1 / sqrt(hidden_size)`` and ``1 / sqrt(hidden_size)``, as in PyTorch."""
    bound = 1 / hidden_size**0.5
    parameter = Parameter(np.empty(shape, dtype))
    init.uniform_(parameter, -bound, bound, rng)
    return parameter


def check_nonlinearity(name: str, nonlinearity: str) -> None:
    """Refuse another nonlinearity than ``tanh`` and ``relu``."""
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f"{name}: expected nonlinearity 'tanh' or 'relu', received {nonlinearity!r}")


def pair_of_states(module: Module, hx: Any) -> Sequence[Any]:
    """The states of an LSTM, h and c."""
    if not isinstance(hx, tuple | list) or len(hx) != 2:
        received = f"{len(hx)} of them" if isinstance(hx, tuple | list) else type(hx).__name__
        raise TypeError(f"{described(module)}: expected a pair of states, (h_0, c_0), received {received}")
    return hx
