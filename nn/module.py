"""``Module``: a model is attributes and a ``forward``.

What a module trains and saves is found by looking at its attributes: a ``Parameter`` is trained and saved, a ``Buffer`` is
saved only, a ``Module`` is looked into, and so are lists, tuples and dicts. Nothing is registered, so ``__init__`` need not
call anything, and any other tensor that a module stores is the user's own. Read ``walk`` first: all else reads from it.

Note [paths]: calling the outermost module makes the dotted path of each module inside it the scope in which that module's
``forward`` runs, so that graph nodes, pictures and messages say ``layers.0``. The outermost module itself adds nothing. The
paths are worked out once and kept as long as ``_Structure.holds`` finds every attribute and list as it was.
"""

import reprlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple, Self

import numpy as np

import autograd as ag
from autograd import Tensor
from autograd.modes import Mode, thread
from nn.parameter import Buffer, Parameter, clear_gradients, replace_array


class KeyMismatch(NamedTuple):
    """What ``load_state_dict`` did not find in the state, and what it found there and has no place for."""

    missing: tuple[str, ...]
    unexpected: tuple[str, ...]


class Module:
    """The base of every layer and model: give it attributes and a ``forward``, and call it.

    Parameters, buffers and modules count once each, in the order in which the attributes were defined, wherever they stand:
    in an attribute itself, or in lists, tuples and dicts, nested as one likes. A member's name is its path: ``layers.0.w``.

    >>> class Line(nn.Module):
    ...     def __init__(self):
    ...         self.slope = nn.Parameter([2.0])
    ...         self.offset = nn.Parameter([1.0])
    ...     def forward(self, x):
    ...         return self.slope * x + self.offset
    >>> line = Line()
    >>> line([3.0])
    Tensor([7.], dtype=float64, op=add)
    >>> [name for name, _ in line.named_parameters()]
    ['slope', 'offset']
    """

    # A slot, so that vars(module) shows the user's attributes and nothing else.
    __slots__ = ("__dict__", "__weakref__", "_structure")

    training: bool = True
    _structure: "_Structure"

    def forward(self, *inputs: Any, **keywords: Any) -> Any:
        """What the module computes; every module writes its own."""
        raise NotImplementedError(f"{type(self).__name__} has no forward; define `def forward(self, x): ...`")

    def __call__(self, *inputs: Any, **keywords: Any) -> Any:
        """Run ``forward``, under the module's path as the scope of what it records (Note [paths])."""
        call = _running.call
        if call is not None:
            scope = call.scopes.get(id(self)) or call.scope_of(self)
            if scope is not None:
                mode = thread.mode
                thread.mode = Mode(mode.grad, mode.keep_values, scope)
                try:
                    return self.forward(*inputs, **keywords)
                finally:
                    thread.mode = mode
        _running.call = _Call(self, thread.mode.scope)
        try:
            return self.forward(*inputs, **keywords)
        finally:
            _running.call = call

    # ---------------------------------------------------------------- what is in it

    def named_modules(self) -> "Iterator[tuple[str, Module]]":
        """Path and module of this module (its path is empty) and all inside it, once each."""
        return ((path, each) for path, each in walk(self) if isinstance(each, Module))

    def modules(self) -> "Iterator[Module]":
        """This module and all inside it, once each."""
        return (each for _, each in self.named_modules())

    def named_children(self) -> "Iterator[tuple[str, Module]]":
        """Name and module of the modules directly inside this one, once each; one in a list is called ``layers.0``."""
        seen: set[int] = set()
        for name, child in direct_children(self):
            if id(child) not in seen:
                seen.add(id(child))
                yield name, child

    def children(self) -> "Iterator[Module]":
        """The modules directly inside this one, once each."""
        return (child for _, child in self.named_children())

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Path and parameter of all parameters, once each: a shared one under its first path."""
        return ((path, each) for path, each in walk(self) if isinstance(each, Parameter))

    def parameters(self) -> Iterator[Parameter]:
        """All parameters, once each: what an optimizer takes.

        >>> [parameter.shape for parameter in nn.Linear(3, 2).parameters()]
        [(2, 3), (2,)]
        """
        return (each for _, each in self.named_parameters())

    def named_buffers(self) -> Iterator[tuple[str, Buffer]]:
        """Path and buffer of all buffers, once each."""
        return ((path, each) for path, each in walk(self) if isinstance(each, Buffer))

    def buffers(self) -> Iterator[Buffer]:
        """All buffers, once each."""
        return (each for _, each in self.named_buffers())

    # ---------------------------------------------------------------- changing all of it

    def train(self, mode: bool = True) -> Self:
        """Set ``training`` here and in all modules inside: layers such as dropout read it. Returns the module."""
        for each in self.modules():
            each.training = bool(mode)
        return self

    def eval(self) -> Self:
        """``train(False)``: behave as in use, not as in training. Returns the module."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Ask (or stop asking, to freeze them) for gradients of all parameters. Returns the module."""
        for each in self.parameters():
            each.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters; with ``set_to_none=False``, make those that exist zero."""
        clear_gradients(self.parameters(), set_to_none)

    def astype(self, dtype: Any) -> Self:
        """Convert all floating parameters and buffers, and gradients, to a floating ``dtype``, in place. Returns the module.

        Hooks that were registered on a parameter are gone afterwards, since its place in the graph is a new one.

        Raises:
            TypeError: for a dtype that is not floating.

        >>> nn.Linear(2, 1).astype(np.float64).weight.dtype
        dtype('float64')
        """
        dtype = np.dtype(dtype)
        if dtype.kind != "f":
            raise TypeError(f"Module.astype: expected a floating dtype such as np.float32, received {dtype}")
        for _, each in walk(self):
            if isinstance(each, Parameter | Buffer) and each.dtype.kind == "f" and each.dtype != dtype:
                gradient, each.grad = each.grad, None
                replace_array(each, each.numpy().astype(dtype)[()])
                if gradient is not None:
                    each.grad = gradient.detach().astype(dtype)
        return self

    # ---------------------------------------------------------------- saving and loading

    def state_dict(self) -> "dict[str, np.ndarray[Any, Any]]":
        """A copy of every parameter and buffer as a NumPy array, by path.

        ``np.savez("model.npz", **model.state_dict())`` saves it.

        Raises:
            ValueError: when two members have the same path (dict keys such as ``1`` and ``"1"``).

        >>> list(nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)).state_dict())
        ['0.weight', '0.bias', '2.weight', '2.bias']
        """
        return {path: np.array(each.numpy()) for path, each in self._state().items()}

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> KeyMismatch:
        """Write the arrays of ``state`` into the parameters and buffers of the same paths, in memory.

        Nothing is changed if anything is wrong.

        Args:
            state: arrays by path, as ``state_dict`` gives them or ``np.load``; they are cast to each member's dtype.
            strict: whether the paths have to be the same on both sides; ``False`` loads those that are.

        Returns:
            The paths that were ``missing`` from the state, and those in it that were ``unexpected``.

        Raises:
            ValueError: for missing or unexpected paths (with ``strict``), and, always, for another shape.
            TypeError: for what cannot be cast without loss of its kind (complex to real, floating to integer).
        """
        members = self._state()
        missing = tuple([path for path in members if path not in state])
        unexpected = tuple([path for path in state if path not in members])
        problems = []
        if strict and missing:
            problems.append(f"missing from the state: {', '.join(missing)}")
        if strict and unexpected:
            problems.append(f"unexpected in the state: {', '.join(unexpected)}")
        values = {}
        mistyped = False
        for path in members.keys() - set(missing):
            each, value = members[path], state[path]
            values[path] = value = value.numpy() if isinstance(value, Tensor) else np.asarray(value)
            if value.shape != each.shape:
                problems.append(f"{path}: expected shape {each.shape}, received {value.shape}")
            elif not np.can_cast(value.dtype, each.dtype, "same_kind"):
                mistyped = True
                problems.append(f"{path}: expected what can be cast to {each.dtype}, received {value.dtype}")
        if problems:
            listed = "\n  ".join(sorted(problems))
            raise (TypeError if mistyped else ValueError)(
                f"load_state_dict: the state does not fit this {type(self).__name__}; nothing was changed. Save and load with "
                f"the same model, or pass strict=False to load what both have:\n  {listed}"
            )
        with ag.no_grad():
            for path, value in values.items():
                members[path][...] = value
        return KeyMismatch(missing, unexpected)

    def _state(self) -> dict[str, Tensor]:
        state: dict[str, Tensor] = {}
        for path, each in walk(self):
            if isinstance(each, Parameter | Buffer):
                if path in state:
                    raise ValueError(f"two members of this {type(self).__name__} have the path {path!r}; rename one of them")
                state[path] = each
        return state

    def __getstate__(self) -> dict[str, Any]:  # for copies and pickles: without the slot, whose paths are by identity
        return vars(self)

    # ---------------------------------------------------------------- printing

    def extra_repr(self) -> str:
        """What stands between the parentheses when the module is printed; a layer names its settings here."""
        return ""

    @reprlib.recursive_repr("...")
    def __repr__(self) -> str:
        head = f"{type(self).__name__}({self.extra_repr()}"
        children = [f"({name}): {child!r}".replace("\n", "\n  ") for name, child in direct_children(self)]
        return f"{head}\n  " + "\n  ".join(children) + "\n)" if children else head + ")"


def walk(root: Module) -> Iterator[tuple[str, Any]]:
    """Path and object of all that makes up ``root``: itself, modules, parameters, buffers, lists, tuples and dicts.

    Each comes once, depth first, in the order of definition; a shared one comes where it is met first.
    """
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", root)]
    while stack:
        path, value = stack.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        yield path, value
        named = [(f"{path}.{key}" if path else str(key), part) for key, part in parts(value) if isinstance(part, _COUNTING)]
        stack.extend(reversed(named))


_COUNTING = (Parameter, Buffer, Module, list, tuple, dict)


def parts(value: Any) -> Iterable[tuple[Any, Any]]:
    """Key and value of what a module, list, tuple or dict holds; nothing for anything else."""
    if isinstance(value, Module):
        return vars(value).items()
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list | tuple) else ()


def direct_children(module: Module) -> Iterator[tuple[str, Module]]:
    """Name and module of the modules in attributes and containers of ``module``; a shared one comes at each of its places."""
    stack: list[tuple[str, Any, tuple[int, ...]]] = [("", module, ())]
    while stack:
        path, value, above = stack.pop()
        if value is not module and isinstance(value, Module):
            yield path, value
        elif id(value) not in above:  # else a container that contains itself
            inside = (*above, id(value))
            named = [(f"{path}.{key}" if path else str(key), part, inside) for key, part in parts(value)]
            stack.extend(reversed([each for each in named if isinstance(each[1], Module | list | tuple | dict)]))


# ---------------------------------------------------------------- calls and paths


class _Structure:
    """The path of each module inside a root, valid as long as ``holds`` says so. Making it names parameters and buffers."""

    __slots__ = ("_containers", "_dicts", "_fingerprint", "_members", "paths")

    def __init__(self, root: Module) -> None:
        self.paths: dict[int, str] = {}
        # What is compared by identity has to be kept alive, else another object might take its place and its id. The root
        # itself is alive when it is asked, and keeping it would make a cycle.
        self._members: list[Any] = []
        self._dicts: list[dict[Any, Any]] = []
        self._containers: list[Any] = []  # lists, and the views of the values of dicts
        for path, value in walk(root):
            if isinstance(value, Module):
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
        self._members.extend(chain.from_iterable(self._dicts))
        self._fingerprint = self._take_fingerprint()

    def _watch(self, container: Any) -> None:
        if isinstance(container, dict):
            self._dicts.append(container)
            self._containers.append(container.values())
        elif isinstance(container, list):
            self._containers.append(container)

    def _take_fingerprint(self) -> tuple[list[int], list[int], list[int]]:
        keys, values = chain.from_iterable(self._dicts), chain.from_iterable(self._containers)
        return list(map(len, self._containers)), list(map(id, keys)), list(map(id, values))

    def holds(self) -> bool:
        """Whether every attribute, list and dict is as it was."""
        return self._take_fingerprint() == self._fingerprint


def _structure_of(root: Module) -> _Structure:
    try:
        structure = root._structure
    except AttributeError:  # never called
        structure = None
    if structure is None or not structure.holds():
        structure = root._structure = _Structure(root)
    return structure


class _Call:
    """The outermost call that is running: its module, the scope that it was called in, and those of the modules inside."""

    __slots__ = ("root", "scope", "scopes", "structure")

    def __init__(self, root: Module, scope: str) -> None:
        self.root = root
        self.scope = scope
        self._locate()

    def _locate(self) -> None:
        self.structure = _structure_of(self.root)
        self.scopes = self.structure.paths
        if self.scope:
            self.scopes = {key: f"{self.scope}.{path}" if path else self.scope for key, path in self.structure.paths.items()}

    def scope_of(self, module: Module) -> str | None:
        """The scope for a module that was not found at once; ``None`` for one outside the root, which is outermost itself."""
        if id(module) not in self.scopes:
            self._locate()  # it may have come since
        return self.scopes.get(id(module))


class _Running(threading.local):
    call: _Call | None = None


_running = _Running()


def described(module: Module) -> str:
    """How messages call the module that is running: ``layers.0 (Linear(in_features=4, out_features=3, bias=True))``."""
    scope = thread.mode.scope
    return f"{scope} ({module!r})" if scope else repr(module)
