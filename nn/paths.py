"""What a module holds, and under which paths: ``walk`` reads it from the attributes. Read ``walk`` first.

Note [paths]: calling the outermost module makes the dotted path of each module inside it the scope in which that module's
``forward`` runs, so that graph nodes, pictures and messages say ``layers.0``. The outermost module itself adds nothing. The
paths are worked out once and kept as long as ``Structure.holds`` finds every attribute and list as it was.
"""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import is_
from typing import Any

from autograd import Tensor
from autograd.modes import thread
from nn.parameter import Buffer, Parameter


class Composite:
    """What has members in its attributes: all of ``Module`` that is needed to find them."""

    # A slot, so that vars() shows the user's attributes and nothing else.
    __slots__ = ("__dict__", "__weakref__", "_structure")

    _structure: "Structure"


def walk(root: Composite, recurse: bool = True) -> Iterator[tuple[str, Any]]:
    """Path and object of all that makes up ``root``: itself, modules, parameters, buffers, lists, tuples and dicts.

    Each comes once, depth first, in the order of definition; a shared one comes where it is met first. Without ``recurse``
    modules are not looked into.

    Raises:
        TypeError: for a set or deque of parameters or modules.
    """
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", root)]
    while stack:
        path, value = stack.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        yield path, value
        if not recurse and value is not root and isinstance(value, Composite):
            continue
        named = []
        for key, part in parts(value):
            name = f"{path}.{key}" if path else str(key)
            if isinstance(part, _COUNTING):
                named.append((name, part))
            elif isinstance(part, _REFUSED) and part and isinstance(next(iter(part)), Parameter | Buffer | Composite):
                raise TypeError(
                    f"{type(root).__name__}: {name} is a {type(part).__name__}, which is not looked into; use a list"
                )
        stack.extend(reversed(named))


_COUNTING = (Parameter, Buffer, Composite, list, tuple, dict)
_REFUSED = (set, frozenset, deque)  # its first element tells what it holds: one may hold a million results


def parts(value: Any) -> Iterable[tuple[Any, Any]]:
    """Key and value of what a module, list, tuple or dict holds; nothing for anything else."""
    if isinstance(value, Composite):
        return vars(value).items()
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list | tuple) else ()


def at_path(root: Any, path: str) -> Any:
    """The module, parameter, buffer or container at the dotted ``path`` inside ``root``; ``None`` where there is none."""
    for key, part in parts(root):
        if isinstance(part, _COUNTING):
            if path == str(key):
                return part
            if path.startswith(f"{key}.") and (found := at_path(part, path.removeprefix(f"{key}."))) is not None:
                return found
    return None


def direct_children(module: Composite) -> Iterator[tuple[str, Any]]:
    """Name and module of the modules in attributes and containers of ``module``; a shared one comes at each of its places."""
    stack: list[tuple[str, Any, tuple[int, ...]]] = [("", module, ())]
    while stack:
        path, value, above = stack.pop()
        if value is not module and isinstance(value, Composite):
            yield path, value
        elif id(value) not in above:  # else a container that contains itself
            inside = (*above, id(value))
            named = [(f"{path}.{key}" if path else str(key), part, inside) for key, part in parts(value)]
            stack.extend(reversed([each for each in named if isinstance(each[1], Composite | list | tuple | dict)]))


def members_by_path(root: Composite) -> dict[str, Tensor]:
    """The parameters and buffers inside ``root``, by path.

    Raises:
        ValueError: when two of them have the same path (dict keys such as ``1`` and ``"1"``).
    """
    members: dict[str, Tensor] = {}
    for path, each in walk(root):
        if isinstance(each, Parameter | Buffer):
            if path in members:
                raise ValueError(f"two members of this {type(root).__name__} have the path {path!r}; rename one of them")
            members[path] = each
    return members


# ---------------------------------------------------------------- calls and paths


class Structure:
    """The path of each module inside a root, valid as long as ``holds`` says so. Making it names parameters and buffers."""

    __slots__ = ("_containers", "_dicts", "_keys", "_lengths", "_members", "_values", "paths")

    def __init__(self, root: Composite) -> None:
        self.paths: dict[int, str] = {}
        # What is compared by identity has to be kept alive, else another object might take its place and its id. The root
        # itself is alive when it is asked, and keeping it would make a cycle.
        self._members: list[Any] = []
        self._dicts: list[dict[Any, Any]] = []
        self._containers: list[Any] = []  # lists, and the views of the values of dicts
        for path, value in walk(root):
            if isinstance(value, Composite):
                self.paths[id(value)] = path
                if value is not root:
                    self._members.append(value)
                self._watch(vars(value))
            elif isinstance(value, Parameter | Buffer):
                self._members.append(value)
                # A module that is also called by itself leaves the longer path that a model around it gave.
                if not (value.name or "").endswith(f".{path}"):
                    value.name = path
            # What holds activations is not watched, since watching it would keep them alive.
            elif any(isinstance(each, _COUNTING) for _, each in parts(value)):
                self._members.append(value)
                self._watch(value)
        self._keys = list(chain.from_iterable(self._dicts))
        self._lengths = list(map(len, self._containers))
        self._values = list(map(id, chain.from_iterable(self._containers)))

    def _watch(self, container: Any) -> None:
        if isinstance(container, dict):
            self._dicts.append(container)
            self._containers.append(container.values())
        elif isinstance(container, list):
            self._containers.append(container)

    def holds(self) -> bool:
        """Whether every attribute, list and dict is as it was."""
        return (
            list(map(len, self._containers)) == self._lengths
            and all(map(is_, chain.from_iterable(self._dicts), self._keys))
            and list(map(id, chain.from_iterable(self._containers))) == self._values
        )


def _structure_of(root: Composite) -> Structure:
    try:
        structure = root._structure
    except AttributeError:  # never called
        structure = None
    if structure is None or not structure.holds():
        structure = Structure(root)
        object.__setattr__(root, "_structure", structure)  # of a frozen dataclass, too
    return structure


class Call:
    """The outermost call that is running: its module, the scope that it was called in, and those of the modules inside."""

    __slots__ = ("root", "scope", "scopes", "structure")

    def __init__(self, root: Composite, scope: str) -> None:
        self.root = root
        self.scope = scope
        self._locate()

    def _locate(self) -> None:
        self.structure = _structure_of(self.root)
        self.scopes = self.structure.paths
        if self.scope:
            self.scopes = {key: f"{self.scope}.{path}" if path else self.scope for key, path in self.structure.paths.items()}

    def scope_of(self, module: Composite) -> str | None:
        """The scope for a module that was not found at once; ``None`` for one outside the root, which is outermost itself."""
        if id(module) not in self.scopes:
            self._locate()  # it may have come since
        return self.scopes.get(id(module))


class _Running(threading.local):
    """The call that is running in this thread."""

    call: Call | None = None


running = _Running()


def described(module: Composite) -> str:
    """How messages call the module that is running: ``layers.0 (Linear(in_features=4, out_features=3, bias=True))``."""
    scope = thread.mode.scope
    head, several_lines, _ = repr(module).partition("\n")  # the modules inside are left out
    head += ")" if several_lines else ""
    return f"{scope} ({head})" if scope else head
