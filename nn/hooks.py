"""Hooks: functions that a module calls before and after its ``forward``, and the handles that take them away again."""

from collections.abc import Callable
from typing import Any, NamedTuple, Self


class Hook(NamedTuple):
    """A function to call, and whether it is given the keyword arguments too."""

    function: Callable[..., Any]
    with_kwargs: bool


class RemovableHandle:
    """What registering a hook returns: ``remove()`` takes the hook away again, and so does the end of a ``with`` block.

    >>> layer = nn.Linear(3, 2)
    >>> with layer.register_forward_hook(lambda module, inputs, output: print(output.shape)):
    ...     y = layer(np.ones((5, 3)))
    (5, 2)
    >>> y = layer(np.ones((5, 3)))
    """

    def __init__(self, hooks: list[Hook], hook: Hook) -> None:
        self._hooks = hooks
        self._hook = hook

    def remove(self) -> None:
        """Take the hook away; a second call does nothing."""
        self._hooks[:] = [each for each in self._hooks if each is not self._hook]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.remove()


class Hooks:
    """The hooks of one module, in the order in which they run."""

    def __init__(self) -> None:
        self.before: list[Hook] = []
        self.after: list[Hook] = []

    def run(self, module: Any, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """``module.forward`` between the hooks."""
        for hook in tuple(self.before):  # a hook may remove itself
            if hook.with_kwargs:
                changed = hook.function(module, inputs, keywords)
                if changed is not None:
                    inputs, keywords = _inputs_and_keywords(changed, module)
            else:
                changed = hook.function(module, inputs)
                if changed is not None:
                    inputs = _inputs(changed, inputs, module, hook.function)
        output = module.forward(*inputs, **keywords)
        for hook in tuple(self.after):
            given = (inputs, keywords) if hook.with_kwargs else (inputs,)
            changed = hook.function(module, *given, output)
            if changed is not None:
                output = changed
        return output


def add_hook(hooks: list[Hook], function: Any, with_kwargs: bool, prepend: bool, method: str) -> RemovableHandle:
    """Put a hook at the end of ``hooks``, or in front."""
    if not callable(function):
        raise TypeError(f"{method}: expected a function, received {type(function).__name__}")
    hook = Hook(function, with_kwargs)
    hooks.insert(0 if prepend else len(hooks), hook)
    return RemovableHandle(hooks, hook)


def _inputs(changed: Any, inputs: tuple[Any, ...], module: Any, function: Any) -> tuple[Any, ...]:
    """What a hook returned as the inputs: a tuple is all of them, anything else the only one; a list only in place of one."""
    if isinstance(changed, tuple):
        return changed
    if isinstance(changed, list) and not (len(inputs) == 1 and isinstance(inputs[0], list)):
        raise TypeError(
            f"{type(module).__name__}: expected None, a tuple of all inputs or the only input from the forward_pre_hook "
            f"{getattr(function, '__qualname__', repr(function))}, received a list; return tuple(...) of it, or (..., ) around "
            "a list that is the only input"
        )
    return (changed,)


def _inputs_and_keywords(changed: Any, module: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if isinstance(changed, tuple) and len(changed) == 2 and isinstance(changed[0], tuple) and isinstance(changed[1], dict):
        return changed
    raise TypeError(
        f"{type(module).__name__}: expected None or (inputs, keywords), a tuple and a dict, from a forward_pre_hook with "
        f"with_kwargs=True; received {changed!r}"
    )
