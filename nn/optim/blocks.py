"""Blocks: how an optimizer holds the parameters of a group, so that few calls of its rule update all of them.

A ``Block`` is what one call of the rule updates: one parameter, or many small ones that live side by side in one flat array
(Note [flat]), with their state and how often they were updated. A ``Plan`` is the blocks of one group, made for the parameters
that had gradients; it is made anew when others have them, or when something else moved a parameter's memory.

Note [flat]: a NumPy call on a small array costs a microsecond whatever the size, and a rule makes a dozen of them. So, where
the rule is elementwise, parameters up to ``FLAT_SIZE`` elements that are of one group and dtype, and were updated equally
often, live side by side in one array, of which each parameter's own array becomes a view, and the rule runs on that array
once. Only a ``Parameter``, which owns its memory, is moved. Should a view be replaced, or other parameters have gradients than
in the step before, the arrays are put together anew.
"""

from collections.abc import Iterable
from operator import is_
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.parameter import Parameter, replace_array

FLAT_SIZE = 2**16  # beyond, collecting the gradients costs more than the calls that it saves

State = dict[str, Any]
Progress = tuple[int, State]  # how often a parameter was updated, and its state


class Plan:
    """The blocks of a group, and the parameters they were made for: those that had gradients."""

    def __init__(self) -> None:
        self.active: list[Tensor] = []
        self.blocks: list[Block] = []

    def fits(self, active: list[Tensor]) -> bool:
        """Whether the blocks can be used as they are."""
        return list(map(id, active)) == list(map(id, self.active)) and all(block.intact() for block in self.blocks)

    def arrange(self, active: list[Tensor], resting: dict[Tensor, Progress], elementwise: bool) -> None:
        """Make the blocks for the parameters ``active``, whose progress is taken out of ``resting``."""
        together: dict[Any, list[Tensor]] = {}
        for each in active:
            steps, state = resting.get(each, (0, {}))
            flat = elementwise and isinstance(each, Parameter) and each.ndim > 0 and each.size <= FLAT_SIZE
            key = (each.dtype, steps, *sorted(state)) if flat else id(each)
            together.setdefault(key, []).append(each)
        self.blocks = []
        for parameters in together.values():
            progress = [resting.pop(each, (0, {})) for each in parameters]
            self.blocks.append(Block(parameters, progress[0][0], [state for _, state in progress]))
        self.active = active

    def taken_apart(self) -> dict[Tensor, Progress]:
        """The progress of each parameter by itself."""
        return {each: (block.step, state) for block in self.blocks for each, state in block.states()}


class Block:
    """Parameters that are updated in one call of the rule: one, or several in one flat array (Note [flat]).

    Attributes:
        parameters: the parameters, in the order in which they lie in the flat array.
        tensor: what the rule updates: the parameter, or the flat array as a tensor.
        views: each parameter's part of the flat array, which is the parameter's memory; empty for one parameter.
        state: the rule's state, for ``tensor``.
        step: how often it was updated.
    """

    def __init__(self, parameters: list[Tensor], step: int, states: list[State]) -> None:
        self.parameters = parameters
        self.step = step
        self.tensor = parameters[0]
        self.dtype = self.tensor.dtype
        self.views: list[Any] = []
        # A model may have changed its dtype since the state was made.
        states = [{name: np.asarray(value, self.dtype) for name, value in state.items()} for state in states]
        self.state = states[0]
        if len(parameters) > 1:
            self.tensor = ag.tensor(_flat([array_of(each) for each in parameters]))
            self.views = self._cut(array_of(self.tensor))
            self.state = {name: _flat([state[name] for state in states]) for name in states[0]}
            for parameter, view in zip(parameters, self.views, strict=True):
                parameter[...] = view  # the same values; yet a write, by which a graph that saved the old memory notices
                replace_array(parameter, view)

    def intact(self) -> bool:
        """Whether each parameter still has its dtype, and lives in the flat array."""
        if not self.views:
            return self.tensor.dtype == self.dtype
        return all(map(is_, map(array_of, self.parameters), self.views))

    def value(self) -> Any:
        """The array that the rule updates, to be read."""
        return array_of(self.tensor)

    def gradient(self) -> Any:
        """Its gradient."""
        if not self.views:
            return array_of(self.tensor.grad)
        return _flat([array_of(each.grad) for each in self.parameters])

    def states(self) -> Iterable[tuple[Tensor, State]]:
        """Each parameter with its own state."""
        if not self.views:
            return [(self.tensor, self.state)]
        cut = {name: self._cut(value) for name, value in self.state.items()}
        return [(each, {name: cut[name][i] for name in cut}) for i, each in enumerate(self.parameters)]

    def _cut(self, flat: Any) -> list[Any]:
        """A view of each parameter's part of a flat array."""
        ends = np.cumsum([each.size for each in self.parameters])
        return [flat[end - each.size : end].reshape(each.shape) for each, end in zip(self.parameters, ends, strict=True)]


def _flat(arrays: list[Any]) -> Any:
    return np.concatenate(arrays, axis=None)


def array_of(tensor: Any) -> Any:
    """The array of a leaf or a gradient itself, to be read; nothing is recorded here."""
    return tensor._value
