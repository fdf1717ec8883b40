"""``LRScheduler``: what all schedules share: whose learning rates they set and when, saving, drawing.

A subclass says which learning rates each step has, in ``get_lr``; one that was written for PyTorch, in terms of ``last_epoch``,
``base_lrs`` and the optimizer's groups, works as it is.
"""

from __future__ import annotations  # matplotlib is imported when something is drawn

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nn.inputs import check_whole
from nn.optim.base import Optimizer
from nn.optim.lr_scheduler.curves import draw, set_momentum

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class LRScheduler:
    """Sets the learning rate of each group of an optimizer: once when it is made, then in every ``step()``.

    Call ``schedule.step()`` after ``optimizer.step()``, once in an epoch, or after every batch, as the numbers are meant. A
    subclass defines ``get_lr``; where that starts from the learning rates that the groups have, it says ``relative = True``.

    Args:
        optimizer: whose ``param_groups[i]["lr"]`` is set. What each of them is when the optimizer's first schedule is made is
            noted there as ``"initial_lr"``; it is what schedules refer to.
        last_epoch: -1 to begin. To go on with an optimizer whose state was loaded, one less than the number of steps that were
            made: its learning rates are those after these steps. ``load_state_dict`` is the plainer way.

    Attributes:
        last_epoch: how many steps were made.
        base_lrs: the initial learning rate of each group.

    Raises:
        TypeError: for what is no optimizer.
        ValueError: for an optimizer without learning rates, or, when resuming, without ``"initial_lr"`` in its groups.

    >>> class Halving(nn.optim.LRScheduler):
    ...     def get_lr(self):
    ...         return [base_lr * 0.5**self.last_epoch for base_lr in self.base_lrs]
    >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.4)
    >>> schedule = Halving(optimizer)
    >>> schedule.step()
    >>> schedule.get_last_lr()
    [0.2]
    >>> optimizer.param_groups[0]["lr"]
    0.2
    """

    relative: bool = False  # get_lr goes on from the groups' learning rates, which are left as they are when resuming
    looks_at: str | None = None  # what its steps are told, if that is a number to be drawn
    from_base: bool = False  # it begins at the initial learning rates where it comes second in a SequentialLR

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self._attach(optimizer, last_epoch)
        if last_epoch == -1:
            self._begin()
        else:
            self.last_epoch = last_epoch + 1
            if not self.relative:
                self._update()

    def _attach(self, optimizer: Any, last_epoch: int) -> None:
        """Check the optimizer, and take down its initial learning rates."""
        groups = groups_of(self, optimizer)
        check_whole(self._name, "last_epoch", last_epoch)
        if last_epoch < -1:
            raise ValueError(f"{self._name}: expected last_epoch of -1 or more, received {last_epoch}")
        for i, group in enumerate(groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise ValueError(
                    f"{self._name}: expected 'initial_lr' in group {i} of the optimizer, to go on after "
                    f"last_epoch={last_epoch}; load the optimizer's saved state first, or begin with last_epoch=-1"
                )
        self.optimizer = optimizer
        self.last_epoch = last_epoch
        self.base_lrs = [float(group["initial_lr"]) for group in groups]
        self._last_lr = [float(group["lr"]) for group in groups]

    # ---------------------------------------------------------------- what a subclass defines

    def get_lr(self) -> list[float]:
        """The learning rate of each group after ``last_epoch`` steps; ``get_last_lr`` is for asking what they are."""
        raise NotImplementedError(f"{self._name} has no get_lr; define `def get_lr(self): ...`")

    def get_momentum(self) -> list[float] | None:
        """The momentum of each group after ``last_epoch`` steps; ``None`` for a schedule that leaves it alone."""
        return None

    # ---------------------------------------------------------------- stepping

    def step(self) -> None:
        """Go one step on, and set the learning rates."""
        self.last_epoch += 1
        self._update()

    def get_last_lr(self) -> list[float]:
        """The learning rate of each group, as the schedule set it last."""
        return list(self._last_lr)

    def _begin(self) -> None:
        """Set the first learning rates."""
        self.last_epoch = 0
        self._update()

    def _begin_after_others(self) -> None:
        """Begin in the middle of a ``SequentialLR``."""
        if self.from_base:
            self._write(self.base_lrs)
        self._begin()

    def _update(self) -> None:
        self._write(self.get_lr())
        momenta = self.get_momentum()
        if momenta is not None:
            for group, momentum in zip(self.optimizer.param_groups, momenta, strict=True):
                set_momentum(group, momentum)

    def _write(self, lrs: Sequence[float]) -> None:
        groups = self.optimizer.param_groups
        if len(lrs) != len(groups):
            raise ValueError(
                f"{self._name}: expected a learning rate for each of {len(groups)} groups, received {len(lrs)}; "
                "was a group added after the schedule was made?"
            )
        for group, lr in zip(groups, lrs, strict=True):
            group["lr"] = float(lr)
        self._last_lr = [group["lr"] for group in groups]

    # ---------------------------------------------------------------- saving

    _unsaved: tuple[str, ...] = ("optimizer",)

    def state_dict(self) -> dict[str, Any]:
        """A copy of all that it needs to go on, but for the optimizer, which is saved by itself, and for functions."""
        return {
            name: [each.state_dict() for each in value] if name == "schedulers" else copy.deepcopy(value)
            for name, value in self._saved().items()
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where ``state_dict()`` was called, and set the learning rates to what they were there.

        The optimizer's own state, with its momentum, is loaded by itself, before or after. Nothing is changed if anything is
        wrong.

        Raises:
            TypeError: for what is no dict.
            ValueError: for other entries than ``state_dict`` gives: it was saved by another schedule.
        """
        self._check_state(state_dict)
        self._restore(state_dict)
        self._write(self._last_lr)

    def _saved(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in self._unsaved}

    def _check_state(self, state_dict: Any) -> None:
        receiver = f"{self._name}.load_state_dict"
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"{receiver}: expected what state_dict() returned, received {type(state_dict).__name__}")
        expected = self._saved()
        if expected.keys() != state_dict.keys():
            raise ValueError(
                f"{receiver}: expected the entries {', '.join(expected)}; received {', '.join(map(str, state_dict))}; "
                "was this saved by another schedule?"
            )
        schedulers = expected.get("schedulers", [])
        if len(schedulers) != len(state_dict.get("schedulers", [])):
            raise ValueError(f"{receiver}: expected {len(schedulers)} schedulers, received {len(state_dict['schedulers'])}")
        for each, state in zip(schedulers, state_dict.get("schedulers", []), strict=True):
            each._check_state(state)

    def _restore(self, state_dict: Mapping[str, Any]) -> None:
        for name, value in state_dict.items():
            if name == "schedulers":
                for each, state in zip(vars(self)[name], value, strict=True):
                    each._restore(state)
            else:
                setattr(self, name, copy.deepcopy(value))

    # ---------------------------------------------------------------- looking at it

    def plot(self, steps: Any, ax: Axes | None = None) -> Axes:
        """Draw the learning rates of the next steps, and the momentum, where it changes. Nothing is changed by that.

        Needs matplotlib (``pip install chainrule[plot]``). ``lr_curve`` gives the numbers.

        Args:
            steps: how many; or what ``step`` is to be given after each of them: the metrics of ``ReduceLROnPlateau``.
            ax: where to draw; by default in a figure of its own.

        Returns:
            The axes; ``axes.figure.savefig("schedule.png")`` saves the picture.

        >>> optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.1)
        >>> axes = nn.optim.CosineAnnealingLR(optimizer, T_max=50).plot(100)
        >>> axes.get_ylabel()
        'learning rate'
        """
        return draw(self, steps, ax)

    def __repr__(self) -> str:
        return f"{self._name}(last_epoch={self.last_epoch}, lr={self._last_lr})"

    @property
    def _name(self) -> str:
        return type(self).__name__


def groups_of(schedule: Any, optimizer: Any) -> list[dict[str, Any]]:
    """The groups of an optimizer that has learning rates.

    Raises:
        TypeError: for what is no optimizer.
        ValueError: for an optimizer without learning rates.
    """
    name = type(schedule).__name__
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{name}: expected an optimizer of nn.optim, received {type(optimizer).__name__}")
    if "lr" not in optimizer.defaults:
        raise ValueError(
            f"{name}: expected an optimizer with a learning rate, 'lr', among its settings; received {optimizer!r}"
        )
    return optimizer.param_groups


def per_group(schedule: Any, optimizer: Any, name: str, value: Any) -> list[Any]:
    """A setting for each group: as listed, or the same for all.

    Raises:
        ValueError: for a list of another length.
    """
    count = len(groups_of(schedule, optimizer))
    if not isinstance(value, list | tuple):
        return [value] * count
    if len(value) != count:
        raise ValueError(
            f"{type(schedule).__name__}: expected one {name}, or a list with one for each of the optimizer's groups, "
            f"of which there are {count}; received {len(value)}"
        )
    return list(value)
