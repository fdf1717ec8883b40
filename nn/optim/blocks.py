"""Blocks: how an optimizer holds the parameters of a group, so that its rule runs fast over all of them.

A ``Block`` is what is updated at once: one parameter, or many small ones that live side by side in one flat array
(Note [flat]), and how often they were updated. It is cut into pieces (Note [pieces]); a ``Piece`` is what one call of the rule
updates, with its state. A ``Plan`` is the blocks of one group, made for the parameters that had gradients; it is made anew when
others have them, or when something else moved a parameter's memory.

Note [flat]: a NumPy call on a small array costs a microsecond whatever the size, and a rule makes a dozen of them. So, where
the rule is elementwise, parameters up to ``FLAT_SIZE`` elements that are of one group and dtype, and were updated equally
often, live side by side in one array, of which each parameter's own array becomes a view, and the rule runs on that array
once. Only a ``Parameter``, which owns its memory, is moved. Should a view be replaced, or other parameters have gradients than
in the step before, the arrays are put together anew.

Note [pieces]: a rule passes over its arrays a dozen times. On a large parameter each pass would read from and write to main
memory; so an elementwise rule runs on pieces of ``PIECE_BYTES``, with all of its passes over one of them in the processor's
cache. That saves about a quarter of the time.
"""

from collections.abc import Iterable
from operator import is_
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.parameter import Parameter, array_of, gradient_of, replace_array

FLAT_SIZE = 2**16  # beyond, collecting the gradients costs more than the calls that it saves
PIECE_BYTES = 2**17  # half a dozen of them fit into the second cache of a core

State = dict[str, Any]
Progress = tuple[int, State]  # how often a parameter was updated, and its state


def is_number(value: Any) -> bool:
    """Whether this entry of a state is a number for all elements, and no array."""
    return type(value) is int or type(value) is float  # not NumPy's, which are arrays without dimensions


class Plan:
    """The blocks of a group, and the parameters they were made for: those that had gradients."""

    def __init__(self) -> None:
        self.active: list[Tensor] = []
        self.blocks: list[Block] = []
        self.settings: dict[str, Any] = {}  # of the last step, which were checked

    def fits(self, active: list[Tensor]) -> bool:
        """Whether the blocks can be used as they are."""
        return (
            len(active) == len(self.active)
            and all(map(is_, active, self.active))
            and all([block.intact() for block in self.blocks])
        )

    def arrange(self, active: list[Tensor], resting: dict[Tensor, Progress], elementwise: bool) -> None:
        """Make the blocks for the parameters ``active``, whose progress is taken out of ``resting``."""
        together: dict[Any, list[Tensor]] = {}
        for each in active:
            steps, state = resting.get(each, (0, {}))
            flat = elementwise and isinstance(each, Parameter) and each.ndim > 0 and each.size <= FLAT_SIZE
            common = [(name, state[name] if is_number(state[name]) else None) for name in sorted(state)]
            together.setdefault((each.dtype, steps, *common) if flat else id(each), []).append(each)
        self.blocks = []
        for parameters in together.values():
            progress = [resting.pop(each, (0, {})) for each in parameters]
            self.blocks.append(Block(parameters, progress[0][0], [state for _, state in progress], elementwise))
        self.active = active

    def taken_apart(self) -> dict[Tensor, Progress]:
        """The progress of each parameter by itself."""
        return {each: (block.step, state) for block in self.blocks for each, state in block.states()}


class Piece:
    """What one call of the rule updates: a tensor, and the rule's state for it."""

    __slots__ = ("state", "tensor")

    def __init__(self, tensor: Tensor, state: State) -> None:
        self.tensor = tensor
        self.state = state

    def value(self) -> Any:
        """The array that the rule updates, to be read."""
        return array_of(self.tensor)

    def write(self, value: Any) -> None:
        """Put a new value in the memory of the old one."""
        memory = array_of(self.tensor)
        if isinstance(memory, np.ndarray):
            memory[...] = value
            ag.note_write(memory)
        else:  # a NumPy number, which has no memory that could be written
            self.tensor[...] = value


class Block:
    """Parameters that are updated at once: one, or several in one flat array (Note [flat]), in pieces (Note [pieces]).

    Attributes:
        parameters: the parameters, in the order in which they lie in the flat array.
        step: how often they were updated.
        pieces: what the rule is called for.
        memory: the parameters' own arrays where they have to stay what they are, since the pieces are views of the same
            memory; empty where the only piece is the only parameter itself.
    """

    def __init__(self, parameters: list[Tensor], step: int, states: list[State], elementwise: bool) -> None:
        self.parameters = parameters
        self.step = step
        self.dtype = parameters[0].dtype
        self.memory: list[Any] = []
        self.cuts = [slice(None)]
        # A model may have changed its dtype since the state was made.
        states = [{name: each if is_number(each) else np.asarray(each, self.dtype) for name, each in s.items()} for s in states]
        length = PIECE_BYTES // self.dtype.itemsize
        if len(parameters) > 1:
            flat = _flat(list(map(array_of, parameters)))
            self.memory = self._cut(flat)
            for parameter, view in zip(parameters, self.memory, strict=True):
                parameter[...] = view  # the same values; yet a write, by which a graph that saved the old memory notices
                replace_array(parameter, view)
        elif elementwise and parameters[0].size > length and array_of(parameters[0]).flags.c_contiguous:
            self.memory = [array_of(parameters[0])]
            flat = self.memory[0].reshape(-1)
        else:
            self.pieces = [Piece(parameters[0], states[0])]
            return
        state = {name: each if is_number(each) else _flat([s[name] for s in states]) for name, each in states[0].items()}
        self.cuts = [slice(start, start + length) for start in range(0, max(flat.size, 1), length)]
        self.pieces = [
            Piece(ag.asarray(flat[cut]), {name: each if is_number(each) else each[cut] for name, each in state.items()})
            for cut in self.cuts
        ]

    def intact(self) -> bool:
        """Whether the parameters still have their dtype, and the memory that the pieces are views of."""
        if not self.memory:
            return self.parameters[0].dtype == self.dtype
        return all(map(is_, map(array_of, self.parameters), self.memory))

    def gradients(self) -> Iterable[Any]:
        """The gradient of each piece."""
        if not self.memory:
            return [gradient_of(self.parameters[0])]
        flat = _flat(list(map(gradient_of, self.parameters)))
        return [flat[cut] for cut in self.cuts]

    def states(self) -> Iterable[tuple[Tensor, State]]:
        """Each parameter with its own state."""
        if not self.memory:
            return [(self.parameters[0], self.pieces[0].state)]
        cut = {
            name: [each] * len(self.parameters) if is_number(each) else self._cut(_flat([p.state[name] for p in self.pieces]))
            for name, each in self.pieces[0].state.items()
        }
        return [(each, {name: cut[name][i] for name in cut}) for i, each in enumerate(self.parameters)]

    def _cut(self, flat: Any) -> list[Any]:
        """A view of each parameter's part of a flat array."""
        ends = np.cumsum([each.size for each in self.parameters])
        return [flat[end - each.size : end].reshape(each.shape) for each, end in zip(self.parameters, ends, strict=True)]


def _flat(arrays: list[Any]) -> Any:
    """The arrays one after the other; a single one is not copied where that can be helped."""
    return np.concatenate(arrays, axis=None) if len(arrays) > 1 else arrays[0].reshape(-1)
