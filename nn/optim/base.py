"""``Optimizer``: what all optimizers share. A subclass writes one thing, its update rule.

The rule, ``update``, is NumPy text on values: it returns the new value of a parameter and its new state, and writes nothing.
Which parameters, with which settings, how often they were updated, and where the results go is decided here.

Note [flat]: a NumPy call on a small array costs a microsecond whatever the size, and a rule makes a dozen of them. So
parameters up to ``FLAT_SIZE`` elements that are of one group and dtype, and were updated equally often, live side by side in
one array, of which each parameter's own array becomes a view, and the rule runs on that array once. Only a ``Parameter``,
which owns its memory, is moved. Should a view be replaced, or other parameters have gradients than in the step before, the
arrays are put together anew.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from operator import is_
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.module import Module
from nn.parameter import Parameter, clear_gradients, replace_array

FLAT_SIZE = 2**16  # beyond, collecting the gradients costs more than the calls that it saves

State = dict[str, Any]


class Optimizer(ABC):
    """Updates parameters from their gradients: ``zero_grad()``, ``loss.backward()``, ``step()``.

    A subclass calls this constructor with the default settings of a group, and defines ``update``, and
    ``check`` where a setting may be wrong.

    Args:
        params: tensors, such as ``model.parameters()``; or dicts, one a group, with the tensors under ``"params"`` and the
            settings that differ from the defaults.
        defaults: the settings of a group, by name.

    Raises:
        ValueError: for no parameters, a parameter that comes twice, a result of an op, an unknown or invalid setting.
        TypeError: for what is no tensor, and for a set, whose order differs from run to run.

    >>> class SignDescent(nn.optim.Optimizer):
    ...     def __init__(self, params, lr=0.1):
    ...         super().__init__(params, {"lr": lr})
    ...     def update(self, value, gradient, state, *, step, lr):
    ...         return value - lr * np.sign(gradient), state
    >>> w = nn.Parameter([1.0, -3.0])
    >>> optimizer = SignDescent([w])
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    Tensor([ 0.9, -2.9], dtype=float64, requires_grad=True)
    """

    def __init__(self, params: Any, defaults: Mapping[str, Any]) -> None:
        self.defaults = dict(defaults)
        self.param_groups: list[dict[str, Any]] = []
        self._plans: list[_Plan] = []
        self._resting: dict[Tensor, tuple[int, State]] = {}  # steps and state of parameters that are in no block
        if isinstance(params, Tensor | Module):
            hint = "; write model.parameters()" if isinstance(params, Module) else "; write [parameter]"
            raise TypeError(f"{self._name}: expected parameters in a list, received one {type(params).__name__}{hint}")
        groups = self._listed(params)
        if not groups:
            raise ValueError(f"{self._name}: expected parameters, received none; is this the model's parameters()?")
        if not any(isinstance(each, dict) for each in groups):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    @abstractmethod
    def update(self, value: Any, gradient: Any, state: State, *, step: int, **settings: Any) -> tuple[Any, State]:
        """The update rule: the new value of a parameter, and its new state.

        It computes with operators and NumPy functions, and writes neither into its arguments nor with ``out=``.

        Args:
            value: the parameter's value.
            gradient: its gradient, in the same shape and dtype.
            state: what the rule returned last for this parameter; empty the first time. Its arrays have the parameter's shape.
            step: how often the parameter is updated, this time included.
            **settings: the settings of its group.
        """

    def check(self, settings: Mapping[str, Any]) -> None:  # noqa: B027 (not abstract: a rule may have nothing to check)
        """Raise a ``ValueError`` for settings of a group that make no sense."""

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Add parameters with settings of their own: ``{"params": [...], "lr": 0.1}``. Raises as the constructor does."""
        if not isinstance(group, Mapping) or "params" not in group:
            raise TypeError(f"{self._name}: expected a group as a dict with 'params', received {type(group).__name__}")
        parameters = group["params"]
        parameters = [parameters] if isinstance(parameters, Tensor) else self._listed(parameters)
        if not parameters:
            raise ValueError(f"{self._name}: expected parameters in group {len(self.param_groups)}, received none")
        known = {id(each) for other in self.param_groups for each in other["params"]}
        for i, each in enumerate(parameters):
            self._check_parameter(each, f"{self._name}: parameter {i} of group {len(self.param_groups)}")
            if id(each) in known:
                raise ValueError(
                    f"{self._name}: parameter {i} of group {len(self.param_groups)} {_called(each)} came before; "
                    "each may be updated once"
                )
            known.add(id(each))
        settings = {name: value for name, value in group.items() if name != "params"}
        if unknown := settings.keys() - self.defaults.keys():
            raise ValueError(f"{self._name}: unknown setting {sorted(unknown)[0]!r}; expected {', '.join(self.defaults)}")
        self.check({**self.defaults, **settings})
        self.param_groups.append({"params": parameters, **self.defaults, **settings})
        self._plans.append(_Plan())

    # ---------------------------------------------------------------- the update

    def step(self) -> None:
        """Update every parameter that has a gradient; the others, and their state, stay as they are."""
        with ag.no_grad():
            for group, plan in zip(self.param_groups, self._plans, strict=True):
                # NumPy scalars, as a schedule computes them, would make float32 arrays float64; Python's numbers do not.
                settings = {
                    name: value.item() if isinstance(value, np.generic) else value
                    for name, value in group.items()
                    if name != "params"
                }
                active = [each for each in group["params"] if each.grad is not None]
                if not plan.fits(active):
                    self._regroup(plan, active)
                for block in plan.blocks:
                    block.step += 1
                    value, block.state = self.update(block.value(), block.gradient(), block.state, step=block.step, **settings)
                    block.tensor[...] = value

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters; with ``set_to_none=False``, make those that exist zero."""
        for group in self.param_groups:
            clear_gradients(group["params"], set_to_none)

    def _regroup(self, plan: "_Plan", active: list[Tensor]) -> None:
        self._resting.update(plan.taken_apart())
        together: dict[Any, list[Tensor]] = {}
        for each in active:
            steps, state = self._resting.get(each, (0, {}))
            flat = isinstance(each, Parameter) and each.ndim > 0 and each.size <= FLAT_SIZE
            key = (each.dtype, steps, *sorted(state)) if flat else id(each)
            together.setdefault(key, []).append(each)
        plan.blocks = []
        for parameters in together.values():
            progress = [self._resting.pop(each, (0, {})) for each in parameters]
            plan.blocks.append(_Block(parameters, progress[0][0], [state for _, state in progress]))
        plan.active = active

    # ---------------------------------------------------------------- state

    @property
    def state(self) -> dict[Tensor, State]:
        """For each parameter that was updated, its state by name, and under ``"step"`` how often it was updated."""
        progress = dict(self._resting)
        for plan in self._plans:
            progress.update(plan.taken_apart())
        parameters = [each for group in self.param_groups for each in group["params"]]
        return {each: {"step": progress[each][0], **progress[each][1]} for each in parameters if each in progress}

    def state_dict(self) -> dict[str, Any]:
        """A copy of the state and the settings: parameters go by their number, counted through all groups."""
        numbers = {id(each): i for i, each in enumerate(each for group in self.param_groups for each in group["params"])}
        state = {
            numbers[id(parameter)]: {name: value if name == "step" else np.array(value) for name, value in entries.items()}
            for parameter, entries in self.state.items()
        }
        groups = [{**group, "params": [numbers[id(each)] for each in group["params"]]} for group in self.param_groups]
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over the state and settings that ``state_dict`` gave, for the same parameters in the same order.

        Nothing is changed if anything is wrong.

        Raises:
            ValueError: for another number of groups or parameters, another shape, or settings that make no sense.
        """
        groups, state = state_dict["param_groups"], state_dict["state"]
        expected = [len(group["params"]) for group in self.param_groups]
        received = [len(group["params"]) for group in groups]
        if expected != received:
            raise ValueError(
                f"{self._name}.load_state_dict: expected groups of {expected} parameters, received groups of {received}; "
                "make the optimizer for the same model, with the same groups"
            )
        settings = [{name: value for name, value in group.items() if name != "params"} for group in groups]
        for i, each in enumerate(settings):
            if each.keys() != self.defaults.keys():
                raise ValueError(
                    f"{self._name}.load_state_dict: expected the settings {', '.join(self.defaults)} in group {i}, "
                    f"received {', '.join(each)}; was this saved by another optimizer?"
                )
            self.check(each)
        numbers = [number for group in groups for number in group["params"]]
        parameters = [each for group in self.param_groups for each in group["params"]]
        resting: dict[Tensor, tuple[int, State]] = {}
        for number, parameter in zip(numbers, parameters, strict=True):
            if number not in state:
                continue
            entries = {name: np.array(value, parameter.dtype)[()] for name, value in state[number].items() if name != "step"}
            for name, value in entries.items():
                if value.shape != parameter.shape:
                    raise ValueError(
                        f"{self._name}.load_state_dict: state {name!r} of parameter {number} {_called(parameter)}: "
                        f"expected shape {parameter.shape}, received {value.shape}"
                    )
            resting[parameter] = int(state[number]["step"]), entries
        self._resting = resting
        self._plans = [_Plan() for _ in self.param_groups]
        for group, each in zip(self.param_groups, settings, strict=True):
            group.update(each)

    def __repr__(self) -> str:
        lines = []
        for i, group in enumerate(self.param_groups):
            settings = ", ".join(f"{name}={value!r}" for name, value in group.items() if name != "params")
            elements = sum(each.size for each in group["params"])
            lines.append(f"  group {i}: {len(group['params'])} parameters, {elements} elements; {settings}")
        return "\n".join([f"{self._name}(", *lines, ")"])

    # ---------------------------------------------------------------- checks

    @property
    def _name(self) -> str:
        return type(self).__name__

    def _listed(self, parameters: Any) -> list[Any]:
        if isinstance(parameters, set | frozenset):
            raise TypeError(f"{self._name}: expected parameters in an order, received a set; use a list")
        return list(parameters)

    def _check_parameter(self, parameter: Any, place: str) -> None:
        if not isinstance(parameter, Tensor):
            raise TypeError(f"{place}: expected a Tensor, received {type(parameter).__name__}")
        if not parameter.is_leaf:
            raise ValueError(f"{place}: expected a leaf, received the result of {parameter.node!r}; only leaves can be updated")
        if parameter.dtype.kind != "f":
            hint = "keep real and imaginary part as two parameters" if parameter.dtype.kind == "c" else "it has no gradient"
            raise TypeError(f"{place}: expected a floating tensor, received {parameter.dtype}; {hint}")


class _Plan:
    """The blocks of a group, and the parameters they were made for: those that had gradients."""

    def __init__(self) -> None:
        self.active: list[Tensor] = []
        self.blocks: list[_Block] = []

    def fits(self, active: list[Tensor]) -> bool:
        return list(map(id, active)) == list(map(id, self.active)) and all(block.intact() for block in self.blocks)

    def taken_apart(self) -> dict[Tensor, tuple[int, State]]:
        """For each parameter, how often it was updated and its own state."""
        return {each: (block.step, state) for block in self.blocks for each, state in block.states()}


class _Block:
    """Parameters that are updated in one call of the rule: one, or several in one flat array (Note [flat])."""

    def __init__(self, parameters: list[Tensor], step: int, states: list[State]) -> None:
        self.parameters = parameters
        self.step = step
        self.tensor = parameters[0]
        self.views: list[Any] = []
        self.state = states[0]
        if len(parameters) > 1:
            self.tensor = ag.tensor(_flat([_array(each) for each in parameters]))
            self.views = self._cut(_array(self.tensor))
            self.state = {name: _flat([state[name] for state in states]) for name in states[0]}
            for parameter, view in zip(parameters, self.views, strict=True):
                parameter[...] = view  # the same values; yet a write, by which a graph that saved the old memory notices
                replace_array(parameter, view)

    def intact(self) -> bool:
        """Whether each parameter still lives in the flat array."""
        return not self.views or all(map(is_, map(_array, self.parameters), self.views))

    def value(self) -> Any:
        return _array(self.tensor)

    def gradient(self) -> Any:
        if not self.views:
            return _array(self.tensor.grad)
        return _flat([_array(each.grad) for each in self.parameters])

    def states(self) -> Iterable[tuple[Tensor, State]]:
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


def _array(tensor: Any) -> Any:
    """The array of a leaf or a gradient itself, to be read; nothing is recorded here."""
    return tensor._data


def _called(parameter: Tensor) -> str:
    return f"({parameter.name}, shape {parameter.shape})" if parameter.name else f"(shape {parameter.shape})"
