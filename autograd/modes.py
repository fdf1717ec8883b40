"""The modes that decide what happens when an op runs: per thread, read once per op.

- ``no_grad`` and ``enable_grad`` switch recording off and on;
- ``keep_values`` makes every node remember its value and the user's source line (drawings with values read them);
- ``scope`` names the module that is running (nodes carry the name: drawings and errors read it).

A thread starts with recording on, nothing kept and an empty scope, whatever the thread that started it had set.
Each of the four works as a context manager and as a decorator. Between coroutines that take turns in one thread modes are
shared: do not ``await`` inside such a block.
"""

import inspect
import threading
from contextlib import ContextDecorator
from typing import Any, Self


class Mode:
    """One setting of the modes. Never changed once made, so that leaving a ``with`` block puts the old object back."""

    __slots__ = ("fast", "grad", "keep_values", "scope")

    def __init__(self, grad: bool = True, keep_values: bool = False, scope: str = "") -> None:
        self.grad = grad
        self.keep_values = keep_values
        self.scope = scope
        # The one question that an op asks: may it record in the shortest way?
        self.fast = grad and not keep_values


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
        return Mode(False, mode.keep_values, mode.scope)


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
        return Mode(True, mode.keep_values, mode.scope)


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
        return Mode(mode.grad, True, mode.scope)


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
        return Mode(mode.grad, mode.keep_values, f"{mode.scope}.{self._name}" if mode.scope else self._name)


def is_grad_enabled() -> bool:
    """Whether ops run by this thread are recorded at the moment."""
    return thread.mode.grad
