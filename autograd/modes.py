"""The modes that decide what happens when an op runs: per thread, read once per op.

- ``no_grad`` and ``enable_grad`` switch recording off and on;
- ``keep_values`` makes every node remember its value and the user's source line (drawings with values read them);
- ``scope`` names the module that is running (nodes carry the name: drawings and errors read it).

Two more are set by functions of functions and by nobody else: ``levels``, the ``vmap`` that are running, and ``region``, the
``checkpoint`` that is.

A thread starts with recording on, nothing kept and an empty scope, whatever the thread that started it had set.
Each of the four works as a context manager and as a decorator. Between coroutines that take turns in one thread modes are
shared: do not ``await`` inside such a block.
"""

import inspect
import threading
from contextlib import ContextDecorator
from typing import Any, Self

_SCOPES = 1000  # modes under other scopes that one keeps: more than a model has modules


class Mode:
    """One setting of the modes. Never changed once made, so that leaving a ``with`` block puts the old object back.

    ``levels``: the ``vmap`` that are running, outermost first. ``grad``: whether ops record; inside ``vmap`` each level has
    its own answer (a backward pass over examples runs on raw values, and what they are made of outside is recorded all the
    same), and ``below`` has those of the levels around the innermost, outermost first. ``region``: the checkpointed function
    that is running.
    """

    __slots__ = ("_lowered", "_other", "_scoped", "below", "fast", "grad", "keep_values", "levels", "region", "scope")

    def __init__(
        self,
        grad: bool = True,
        keep_values: bool = False,
        scope: str = "",
        below: tuple[bool, ...] = (),
        levels: tuple[Any, ...] = (),
        region: Any = None,
    ) -> None:
        self.grad = grad
        self.keep_values = keep_values
        self.scope = scope
        self.below = below
        self.levels = levels
        self.region = region
        # The one question that an op asks: may it record in the shortest way?
        self.fast = grad and not keep_values and region is None
        self._lowered: dict[int, Mode] | None = None
        self._other: Mode | None = None
        self._scoped: dict[str, Mode] = {}

    def recording(self, grad: bool, level: Any) -> "Mode":
        """This mode with recording on or off, at a level (``None``: outside of all) and further in."""
        below = self.below
        if not below:
            return self.everywhere(grad)
        depth = 0 if level is None else self.depth_of(level)
        below = (*below[:depth], *[grad] * (len(below) - depth))
        return Mode(grad, self.keep_values, self.scope, below, self.levels, self.region)

    def everywhere(self, grad: bool) -> "Mode":
        """This mode with recording on or off at all levels; made once, since every step of a training asks for it."""
        if grad == self.grad and not self.below:
            return self
        mode = self._other
        if mode is None or mode.grad != grad:
            below = (grad,) * len(self.below)
            mode = self._other = Mode(grad, self.keep_values, self.scope, below, self.levels, self.region)
        return mode

    def scoped(self, scope: str) -> "Mode":
        """This mode under another scope; made once, since every call of a module asks for it."""
        mode = self._scoped.get(scope)
        if mode is None:
            if len(self._scoped) >= _SCOPES:
                self._scoped.clear()
            mode = self._scoped[scope] = Mode(self.grad, self.keep_values, scope, self.below, self.levels, self.region)
        return mode

    def keeping_values(self) -> "Mode":
        """This mode with values and source lines kept."""
        return Mode(self.grad, True, self.scope, self.below, self.levels, self.region)

    def inside(self, level: Any) -> "Mode":
        """The mode inside one more ``vmap``."""
        return Mode(self.grad, self.keep_values, self.scope, (*self.below, self.grad), (*self.levels, level), self.region)

    def within(self, region: Any) -> "Mode":
        """The mode inside a checkpointed function."""
        return Mode(self.grad, self.keep_values, self.scope, self.below, self.levels, region)

    def depth_of(self, level: Any) -> int:
        """How many levels are running from the outermost to this one; 0 for one that is not running."""
        return next((depth for depth, each in enumerate(self.levels, 1) if each is level), 0)

    def records_at(self, depth: int) -> bool:
        """Whether ops record what they do at this depth; 0 is outside of all levels."""
        return self.below[depth] if depth < len(self.below) else self.grad

    def lowered(self, depth: int) -> "Mode":
        """The mode just outside of the level at this depth, in which the arrays of its values are computed with."""
        known = self._lowered
        if known is None:
            known = self._lowered = {}
        mode = known.get(depth)
        if mode is None:
            outer = depth - 1
            mode = known[depth] = Mode(
                self.records_at(outer), self.keep_values, self.scope, self.below[:outer], self.levels[:outer], self.region
            )
        return mode


class _Thread(threading.local):
    mode = Mode()  # a class attribute: what every thread sees until it sets its own

    def __init__(self) -> None:  # called once in each thread
        self.left: list[Mode] = []  # the modes that open ``with`` blocks will put back


thread = _Thread()


class _Switch(ContextDecorator):
    """Puts a changed copy of the thread's mode in place, and the old one back; may be entered more than once."""

    def _changed(self, mode: Mode) -> Mode:
        raise AssertionError("each switch says which mode it makes")

    def __enter__(self) -> Self:
        mode = thread.mode
        thread.left.append(mode)
        thread.mode = self._changed(mode)
        return self

    def __exit__(self, *exception: Any) -> None:
        thread.mode = thread.left.pop()

    def __call__(self, function: Any) -> Any:
        if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
            raise TypeError(
                f"{type(self).__name__}: a generator or coroutine function runs after the decorated call has ended; "
                "write the with block inside it, around what runs without a yield or await"
            )
        return super().__call__(function)


class no_grad(_Switch):
    """Do not record: results of ops need no gradient, and parameters may be written in memory.

    Works as ``with ag.no_grad():`` and as the decorator ``@ag.no_grad()``; holds for the current thread only.

    >>> import autograd as ag
    >>> x = ag.tensor([1.0, 2.0], requires_grad=True)
    >>> with ag.no_grad():
    ...     y = x * 2
    >>> y.requires_grad
    False
    """

    def _changed(self, mode: Mode) -> Mode:
        return mode.everywhere(False)


class enable_grad(_Switch):
    """Record again inside a ``no_grad`` block.

    >>> import autograd as ag
    >>> x = ag.tensor([1.0, 2.0], requires_grad=True)
    >>> with ag.no_grad(), ag.enable_grad():
    ...     y = x * 2
    >>> y.requires_grad
    True
    """

    def _changed(self, mode: Mode) -> Mode:
        return mode.everywhere(True)


class recording(_Switch):
    """Record at a level and further in, whatever the levels around do: what a function of functions differentiates with.

    By default at the innermost level; ``None`` is outside of all.
    """

    def __init__(self, level: Any = "innermost") -> None:
        self._level = level

    def _changed(self, mode: Mode) -> Mode:
        if self._level == "innermost":
            return mode.recording(True, mode.levels[-1] if mode.levels else None)
        return mode.recording(True, self._level)


class recorded_at(_Switch):
    """Record at a level, as if none further in were running; ``None`` is outside of all."""

    def __init__(self, level: Any) -> None:
        self._level = level

    def _changed(self, mode: Mode) -> Mode:
        depth = 0 if self._level is None else mode.depth_of(self._level)
        return (mode if depth == len(mode.levels) else mode.lowered(depth + 1)).recording(True, self._level)


class keep_values(_Switch):
    """Make each recorded node keep its value and the line of the user's code that made it.

    Arrays are kept as they are, not copied: that of a parameter changes when the parameter is updated. The price is memory and
    about a microsecond an op, so it is off unless asked for.

    >>> import autograd as ag
    >>> x = ag.tensor([1.0, 2.0], requires_grad=True)
    >>> with ag.keep_values():
    ...     y = x * 2
    >>> y.node.notes.value
    array([2., 4.])
    """

    def _changed(self, mode: Mode) -> Mode:
        return mode.keeping_values()


class scope(_Switch):
    """Name the part of the model that is running; nodes recorded inside carry the name.

    A name given inside another scope is appended to it with a dot.

    >>> import autograd as ag
    >>> x = ag.tensor([1.0, 2.0], requires_grad=True)
    >>> with ag.scope("encoder"), ag.scope("attention"):
    ...     y = x * 2
    >>> y.node.scope
    'encoder.attention'
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def _changed(self, mode: Mode) -> Mode:
        return mode.scoped(f"{mode.scope}.{self._name}" if mode.scope else self._name)


def is_grad_enabled() -> bool:
    """Whether ops run by this thread are recorded at the moment."""
    return thread.mode.grad


def is_repeating() -> bool:
    """Whether a checkpointed function runs a second time: what it does besides computing, it has done already."""
    region = thread.mode.region
    return region is not None and region.repeats
