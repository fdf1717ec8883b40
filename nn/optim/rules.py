"""``UpdateRule``: an optimizer that is one function of a parameter's value, its gradient and its state.

The rule, ``update``, is NumPy text on values: it returns the new value of a parameter and its new state, and writes nothing.
How often it is called, for what, and where the results go is decided here; how parameters are held, so that this is fast, is in
``blocks``.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.optim.base import Optimizer
from nn.optim.blocks import Block, Plan, Progress, State, is_number
from nn.parameter import with_gradients


class UpdateRule(Optimizer):
    """The base of optimizers that update each parameter by itself: a subclass writes one thing, ``update``.

    It calls this constructor with the default settings of a group, and defines ``update``; ``check`` where a setting may be
    wrong; ``state_names`` of the state that may be loaded; and ``elementwise = True`` where the rule treats all elements alike.

    With an elementwise rule the first step moves each ``Parameter`` of up to 65536 elements into memory that it shares with
    others, so that one call of the rule updates them all: arrays that ``parameter.numpy()`` gave before no longer follow it.
    Other tensors, and all parameters of other rules, are updated where they are.

    Args:
        params: tensors or groups, see ``Optimizer``.
        defaults: the settings of a group, by name.

    >>> class SignDescent(nn.optim.UpdateRule):
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

    elementwise: bool = False  # the rule treats every element alike: parameters may be updated as one flat array, or in pieces
    state_names: tuple[str, ...] | None = None  # what is always in the state after an update; None: it is not checked
    optional_state_names: tuple[str, ...] = ()  # what depends on the settings

    def __init__(self, params: Any, defaults: Mapping[str, Any]) -> None:
        self._plans: list[Plan] = []  # one for each group, made by its first step
        self._resting: dict[Tensor, Progress] = {}  # of parameters that are in no block
        super().__init__(params, defaults)

    @abstractmethod
    def update(self, value: Any, gradient: Any, state: State, *, step: int, **settings: Any) -> tuple[Any, State]:
        """The update rule: the new value of a parameter, and its new state.

        It computes with operators and NumPy functions, and writes neither into its arguments nor with ``out=``.

        Args:
            value: the parameter's value; in an elementwise rule, it may be that of several parameters in one flat array, or
                of a part of one.
            gradient: its gradient, in the same shape and dtype.
            state: what the rule returned last for this value, empty the first time. Its arrays are kept in the dtype of the
                value; in an elementwise rule they have the shape of the value. Python's numbers stay what they are, and hold
                for the whole parameter.
            step: how often the parameter is updated, this time included.
            **settings: the settings of its group, with Python's numbers in place of NumPy's.
        """

    # ---------------------------------------------------------------- the update

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter that has a gradient; the others, and their state, stay as they are.

        Args:
            closure: a function that clears the gradients, computes the loss, calls ``backward()`` and returns the loss. It is
                called before the update.

        Returns:
            What the closure returned; ``None`` without one.

        Raises:
            TypeError: for a closure that is no function, and settings of another kind.
            ValueError: when the rule returns another shape, what it was called for stays as it is; and for settings that make
                no sense, nothing is changed.
        """
        loss = None if closure is None else self._evaluated(closure)
        with ag.no_grad():
            self._arrange_plans()
            for plan in self._plans:
                for block in plan.blocks:
                    self._advance(block, plan.settings)
        return loss

    def _arrange_plans(self) -> None:
        """Make each group's plan fit its parameters and settings; groups may have come, gone and changed."""
        groups, plans = self.param_groups, self._plans
        for plan in plans[len(groups) :]:
            self._resting.update(plan.taken_apart())
        del plans[len(groups) :]
        plans += [Plan() for _ in groups[len(plans) :]]
        for group, plan in zip(groups, plans, strict=True):
            settings = self._settings(group)
            if not _same(settings, plan.settings):
                self.check(settings)
                plan.settings = settings
        active = [with_gradients(group["params"]) for group in groups]
        outdated = [(plan, each) for plan, each in zip(plans, active, strict=True) if not plan.fits(each)]
        for plan, _ in outdated:  # all of them first: a parameter may have changed its group
            self._resting.update(plan.taken_apart())
        for plan, each in outdated:
            plan.arrange(each, self._resting, self.elementwise)

    def _advance(self, block: Block, settings: Mapping[str, Any]) -> None:
        for piece, gradient in zip(block.pieces, block.gradients(), strict=True):
            old = piece.value()
            made = self.update(old, gradient, piece.state, step=block.step + 1, **settings)
            if not (isinstance(made, tuple) and len(made) == 2 and isinstance(made[1], dict)):
                raise TypeError(
                    f"{self._name}.update: expected the new value and a dict, the new state, as in "
                    f"`return value - lr * gradient, state`; received {type(made).__name__}"
                )
            value, state = np.asarray(made[0]), made[1]
            if value.shape != old.shape:
                self._refuse("a value", value, old.shape)
            kept = {name: self._kept(name, each, old, gradient) for name, each in state.items()}
            piece.write(value)
            piece.state = kept
        block.step += 1

    def _kept(self, name: str, entry: Any, value: Any, gradient: Any) -> Any:
        """An entry of the state as it is kept: a number, or an array in the value's dtype with memory of its own."""
        if is_number(entry):
            return entry
        entry = np.asarray(entry, value.dtype)
        if self.elementwise and entry.shape != value.shape:
            self._refuse(f"state {name!r}", entry, value.shape)
        # The value is about to be overwritten, and the gradient may be, by the next backward().
        return entry.copy() if entry is value or entry is gradient or entry.base is not None else entry

    def _refuse(self, what: str, received: Any, expected: tuple[int, ...]) -> None:
        raise ValueError(
            f"{self._name}.update: expected {what} of shape {expected}, that of the value it was called with; "
            f"the rule returned one of shape {np.shape(received)}"
        )

    # ---------------------------------------------------------------- state

    def progress(self) -> dict[Tensor, Progress]:
        """For each parameter that was updated, how often it was, and its state."""
        progress = dict(self._resting)
        for plan in self._plans:
            progress.update(plan.taken_apart())
        return progress

    def resume(self, progress: dict[Tensor, Progress]) -> None:
        """Go on from ``progress``, and forget the own one."""
        self._resting = dict(progress)
        self._plans = []

    def check_state(self, parameter: Tensor, state: State) -> None:
        """Refuse what the rule does not make, and what it would have to start anew."""
        if self.state_names is not None:
            always, perhaps = self.state_names, self.optional_state_names
            if not set(always) <= state.keys() <= {*always, *perhaps}:
                expected = ", ".join(always) or "nothing"
                if perhaps:
                    expected += f", perhaps {', '.join(perhaps)}"
                raise ValueError(f"expected {expected}; received {', '.join(map(str, state)) or 'nothing'}")
        if self.elementwise:
            for name, each in state.items():
                if not is_number(each) and each.shape != parameter.shape:
                    raise ValueError(f"expected {name} of shape {parameter.shape}, received {each.shape}")


def _same(settings: dict[str, Any], others: dict[str, Any]) -> bool:
    try:
        return settings == others
    except ValueError:  # arrays, of which == is an array
        return False


def penalized(value: Any, gradient: Any, weight_decay: float, maximize: bool) -> Any:
    """The gradient of what is made small: of the loss, negated if it is to grow, and of the penalty on the parameter."""
    if maximize:
        gradient = -gradient
    return gradient + weight_decay * value if weight_decay else gradient


def decayed(value: Any, lr: float, weight_decay: float) -> Any:
    """The parameter, shrunk apart from the gradient."""
    return value * (1 - lr * weight_decay) if weight_decay else value
