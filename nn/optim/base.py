"""``Optimizer``: what all optimizers share: parameters in groups, settings, saving and loading.

Which parameters, with which settings, is decided here; how a step changes them is a subclass's own. Nearly all of them are an
``UpdateRule`` (``rules``), which calls one function for each parameter; ``LBFGS`` looks at all parameters at once.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from operator import index
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.module import Module
from nn.optim.blocks import Progress, State, is_number
from nn.parameter import array_of, clear_gradients

# What may stand in a group besides settings, and is saved and loaded with them: a schedule's note, and a name for the reader.
NOTES = frozenset({"initial_lr", "name"})


class Optimizer(ABC):
    """Updates parameters from their gradients: ``zero_grad()``, ``loss.backward()``, ``step()``.

    The base of all optimizers; one of your own is an ``UpdateRule``, unless it needs to see all parameters at once.

    Args:
        params: tensors, such as ``model.parameters()``; or dicts, one a group, with the tensors under ``"params"`` and the
            settings that differ from the defaults.
        defaults: the settings of a group, by name.

    Raises:
        ValueError: for no parameters, a parameter that comes twice, a result of an op, read-only memory, an unknown or
            invalid setting.
        TypeError: for what is no tensor, and for a set, whose order differs from run to run.
    """

    one_group: bool = False  # all parameters have the same settings

    def __init__(self, params: Any, defaults: Mapping[str, Any]) -> None:
        self.defaults = dict(defaults)
        self.param_groups: list[dict[str, Any]] = []
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

    # ---------------------------------------------------------------- what a subclass defines

    @abstractmethod
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update the parameters.

        Args:
            closure: a function that clears the gradients, computes the loss, calls ``backward()`` and returns the loss. It is
                called before the update.

        Returns:
            What the closure returned; ``None`` without one.
        """

    @abstractmethod
    def progress(self) -> dict[Tensor, Progress]:
        """For each parameter that was updated, how often it was, and its state."""

    @abstractmethod
    def resume(self, progress: dict[Tensor, Progress]) -> None:
        """Go on from ``progress``, which ``check_state`` has passed, and forget the own one."""

    def check(self, settings: Mapping[str, Any]) -> None:  # noqa: B027 (not abstract: there may be nothing to check)
        """Raise a ``ValueError`` or ``TypeError`` for settings of a group that make no sense."""

    def check_state(self, parameter: Tensor, state: State) -> None:  # noqa: B027 (not abstract: there may be no state)
        """Raise a ``ValueError`` for the saved state of a parameter with which the optimizer could not go on."""

    # ---------------------------------------------------------------- groups

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Add parameters with settings of their own: ``{"params": [...], "lr": 0.1}``; a ``"name"`` may stand there too.

        Raises as the constructor does.
        """
        if not isinstance(group, Mapping) or "params" not in group:
            raise TypeError(f"{self._name}: expected a group as a dict with 'params', received {type(group).__name__}")
        parameters = group["params"]
        parameters = [parameters] if isinstance(parameters, Tensor) else self._listed(parameters)
        if not parameters:
            raise ValueError(f"{self._name}: expected parameters in group {len(self.param_groups)}, received none")
        if self.one_group and self.param_groups:
            raise ValueError(f"{self._name}: expected all parameters in one group, since they are updated as one vector")
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
        if unknown := settings.keys() - self.defaults.keys() - NOTES:
            raise ValueError(f"{self._name}: unknown setting {sorted(unknown)[0]!r}; expected {', '.join(self.defaults)}")
        self.check({**self.defaults, **settings})
        self.param_groups.append({"params": parameters, **self.defaults, **settings})

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters; with ``set_to_none=False``, make those that exist zero."""
        for group in self.param_groups:
            clear_gradients(group["params"], set_to_none)

    def _settings(self, group: Mapping[str, Any]) -> dict[str, Any]:
        """The settings of a group, with Python's numbers in place of NumPy's."""
        return {name: _plain(group[name]) for name in self.defaults}

    def _evaluated(self, closure: Callable[[], Any]) -> Any:
        """What the closure returns, computed with gradients."""
        if not callable(closure):
            raise TypeError(
                f"{self._name}.step: expected a closure, a function that computes the loss and calls its backward(); "
                f"received {type(closure).__name__}"
            )
        with ag.enable_grad():
            return closure()

    # ---------------------------------------------------------------- state

    @property
    def state(self) -> dict[Tensor, State]:
        """For each parameter that was updated, its state by name, and under ``"step"`` how often it was updated."""
        progress = self.progress()
        parameters = [each for group in self.param_groups for each in group["params"]]
        return {each: {"step": progress[each][0], **progress[each][1]} for each in parameters if each in progress}

    def state_dict(self) -> dict[str, Any]:
        """A copy of the state and the settings: parameters go by their number, counted through all groups."""
        numbers = {id(each): i for i, each in enumerate(each for group in self.param_groups for each in group["params"])}
        state = {
            numbers[id(parameter)]: {name: value if is_number(value) else np.array(value) for name, value in entries.items()}
            for parameter, entries in self.state.items()
        }
        groups = [{**group, "params": [numbers[id(each)] for each in group["params"]]} for group in self.param_groups]
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over the state and settings that ``state_dict`` gave, for the same parameters in the same order.

        Nothing is changed if anything is wrong.

        Raises:
            ValueError: for missing keys, another number of groups or parameters, parameters not numbered from 0, a step that
                is no count, another shape, state that the optimizer does not make, or settings that make no sense.
            TypeError: for what is not built as ``state_dict`` builds it, and for arrays that cannot be cast to the
                parameter's dtype without loss of their kind.
        """
        saved = self._loadable(state_dict)
        settings = self._loadable_settings(saved["param_groups"])
        numbers = [number for group in saved["param_groups"] for number in group["params"]]
        parameters = [each for group in self.param_groups for each in group["params"]]
        if any(type(number) is not int for number in numbers) or sorted(numbers) != list(range(len(parameters))):
            raise ValueError(
                f"{self._loading}: expected the parameters numbered from 0 to {len(parameters) - 1}, once each; "
                f"received {numbers}"
            )
        for number in saved["state"]:
            if number not in numbers:
                raise ValueError(
                    f"{self._loading}: expected state of the parameters 0 to {len(parameters) - 1}, received some of {number!r}"
                )
        progress: dict[Tensor, Progress] = {}
        for number, parameter in zip(numbers, parameters, strict=True):
            if number in saved["state"]:
                place = f"parameter {number} {_called(parameter)}"
                progress[parameter] = self._loadable_progress(saved["state"][number], parameter, place)
        self.resume(progress)
        for group, each in zip(self.param_groups, settings, strict=True):
            group.update(each)

    def _loadable(self, saved: Any) -> Mapping[str, Any]:
        """What was saved, if it is built as ``state_dict`` builds it."""
        advice = "give what state_dict() returned"
        if not isinstance(saved, Mapping):
            raise TypeError(f"{self._loading}: expected a dict, received {type(saved).__name__}; {advice}")
        for key, kind in (("state", Mapping), ("param_groups", list | tuple)):
            if key not in saved:
                raise ValueError(f"{self._loading}: the key {key!r} is missing; {advice}")
            if not isinstance(saved[key], kind):
                expected = "a list" if key == "param_groups" else "a dict"
                raise TypeError(f"{self._loading}: expected {expected} as {key!r}, received {type(saved[key]).__name__}")
        for i, group in enumerate(saved["param_groups"]):
            if not isinstance(group, Mapping) or not isinstance(group.get("params"), list | tuple):
                raise TypeError(f"{self._loading}: expected group {i} as a dict with a list of numbers as 'params'; {advice}")
        return saved

    def _loadable_settings(self, groups: Any) -> list[dict[str, Any]]:
        """The settings of each group, if groups and settings are those of this optimizer."""
        expected = [len(group["params"]) for group in self.param_groups]
        received = [len(group["params"]) for group in groups]
        if expected != received:
            raise ValueError(
                f"{self._loading}: expected groups of {expected} parameters, received groups of {received}; "
                "make the optimizer for the same model, with the same groups"
            )
        settings = [{name: value for name, value in group.items() if name != "params"} for group in groups]
        for i, each in enumerate(settings):
            if each.keys() - NOTES != self.defaults.keys():
                raise ValueError(
                    f"{self._loading}: expected the settings {', '.join(self.defaults)} in group {i}, "
                    f"received {', '.join(map(str, each))}; was this saved by another optimizer?"
                )
            self.check(each)
        return settings

    def _loadable_progress(self, saved: Any, parameter: Tensor, place: str) -> Progress:
        """The step and the state of one parameter, as copies in its dtype."""
        if not isinstance(saved, Mapping):
            raise TypeError(f"{self._loading}: expected the state of {place} as a dict, received {type(saved).__name__}")
        if "step" not in saved:
            raise ValueError(f"{self._loading}: the state of {place} has no 'step', how often it was updated")
        try:
            step = 0 if isinstance(saved["step"], bool) else index(saved["step"])
        except TypeError:
            step = 0
        if step < 1:
            raise ValueError(f"{self._loading}: expected 'step' of {place} as an int from 1, received {saved['step']!r}")
        state: State = {}
        for name, value in saved.items():
            if name == "step":
                continue
            array = np.asarray(value)
            if not np.can_cast(array.dtype, parameter.dtype, "same_kind"):
                raise TypeError(
                    f"{self._loading}: state {name!r} of {place}: expected what can be cast to {parameter.dtype}, "
                    f"received {array.dtype}"
                )
            state[name] = value if is_number(value) else array.astype(parameter.dtype)
        try:
            self.check_state(parameter, state)
        except ValueError as error:
            raise ValueError(f"{self._loading}: the state of {place} does not fit: {error}") from None
        return step, state

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

    @property
    def _loading(self) -> str:
        return f"{self._name}.load_state_dict"

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
        memory = array_of(parameter)
        if isinstance(memory, np.ndarray) and not memory.flags.writeable:
            raise ValueError(
                f"{place} {_called(parameter)}: expected memory that can be written, received a read-only array, as a "
                "broadcast one is; copy it, as ag.tensor does"
            )


_PYTHONS = {float, int, bool, str, type(None)}


def _plain(value: Any) -> Any:
    """A setting with Python's numbers in place of NumPy's, which, as a schedule computes them, would make float32 float64."""
    if type(value) in _PYTHONS:
        return value
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value.item()
    if type(value) in (list, tuple):
        return type(value)([_plain(each) for each in value])
    return value


def _called(parameter: Tensor) -> str:
    return f"({parameter.name}, shape {parameter.shape})" if parameter.name else f"(shape {parameter.shape})"
