"""``Module``: a model is attributes and a ``forward``.

What a module trains and saves is found by looking at its attributes: a ``Parameter`` is trained and saved, a ``Buffer`` is
saved only, a ``Module`` is looked into, and so are lists, tuples and dicts. Nothing is registered, so ``__init__`` need not
call anything, and any other tensor that a module stores is the user's own. The looking, and the paths and scopes that come
of it, are in ``paths``; what is saved and loaded is in ``states``, what runs before and after a call in ``hooks``.
"""

import reprlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self, TypeVar

import numpy as np

from autograd.modes import thread
from nn.hooks import Hooks, RemovableHandle, add_hook
from nn.parameter import Buffer, Parameter, clear_gradients, replace_array
from nn.paths import Call, Composite, at_path, direct_children, running, walk
from nn.spellings import MODULE_SPELLING, Elsewhere
from nn.states import KeyMismatch, load_state, saved_members


class Module(Composite):
    """The base of every layer and model: give it attributes and a ``forward``, and call it.

    Parameters, buffers and modules count once each, in the order in which the attributes were defined, wherever they stand:
    in an attribute itself, or in lists, tuples and dicts, nested as one likes. A member's name is its path: ``layers.0.w``.
    Other containers are not looked into: parameters and modules in a set or a deque are an error, since they were meant to
    count; those in containers of other classes (``UserList``) and in the fields of a dataclass with ``slots=True`` are missed.

    A parameter can be replaced by another one, or by ``None``; assigning anything else over it, which would take it out of the
    model, is a ``TypeError``.

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

    __slots__ = ()  # vars(module) shows the user's attributes and nothing else

    training: bool = True
    _forward_hooks: Hooks | None = None  # an attribute of the instance once a hook is registered, and so copied with it

    def __setattr__(self, name: str, value: Any) -> None:
        member = self.__dict__.get(name)
        if isinstance(member, Parameter | Buffer) and not (value is None or isinstance(value, type(member))):
            kind = type(member).__name__
            raise TypeError(
                f"{type(self).__name__}: {name} is a {kind}; to change its value write "
                f"`with ag.no_grad(): module.{name}[...] = value`, to replace it assign nn.{kind}(value); "
                f"received {type(value).__name__}"
            )
        super().__setattr__(name, value)

    def forward(self, *inputs: Any, **keywords: Any) -> Any:
        """What the module computes; every module writes its own."""
        raise NotImplementedError(f"{type(self).__name__} has no forward; define `def forward(self, x): ...`")

    def __call__(self, *inputs: Any, **keywords: Any) -> Any:
        """Run ``forward``, under the module's path as the scope of what it records (Note [paths] in paths.py)."""
        call = running.call
        if call is not None:
            scope = call.scopes.get(id(self))
            if scope is None:
                scope = call.scope_of(self)
            if scope is not None:
                mode = thread.mode
                thread.mode = mode.scoped(scope)
                try:
                    if self._forward_hooks is None:
                        return self.forward(*inputs, **keywords)
                    return self._forward_hooks.run(self, inputs, keywords)
                finally:
                    thread.mode = mode
        running.call = Call(self, thread.mode.scope)
        try:
            if self._forward_hooks is None:
                return self.forward(*inputs, **keywords)
            return self._forward_hooks.run(self, inputs, keywords)
        finally:
            running.call = call

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

    def named_parameters(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Parameter]]:
        """Path and parameter of all parameters, once each: a shared one under its first path.

        Args:
            prefix: what to put in front of each path, with a dot.
            recurse: whether those in modules inside this one come too, or only its own.
        """
        return _named(self, Parameter, prefix, recurse)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, once each: what an optimizer takes. With ``recurse=False`` those of this very module.

        >>> [parameter.shape for parameter in nn.Linear(3, 2).parameters()]
        [(2, 3), (2,)]
        """
        return (each for _, each in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Buffer]]:
        """Path and buffer of all buffers, once each; arguments as in ``named_parameters``."""
        return _named(self, Buffer, prefix, recurse)

    def buffers(self, recurse: bool = True) -> Iterator[Buffer]:
        """All buffers, once each; with ``recurse=False`` those of this very module."""
        return (each for _, each in self.named_buffers(recurse=recurse))

    def get_submodule(self, target: str) -> "Module":
        """The module at a path such as ``"layers.0"``; the empty path is that of this module.

        Raises:
            AttributeError: when there is none; ``get_parameter`` and ``get_buffer`` too.

        >>> nn.Sequential(nn.Linear(2, 3), nn.ReLU()).get_submodule("1")
        ReLU()
        """
        return self if target == "" else _found(self, target, Module)

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at a path such as ``"layers.0.weight"``."""
        return _found(self, target, Parameter)

    def get_buffer(self, target: str) -> Buffer:
        """The buffer at a path such as ``"layers.1.running_mean"``."""
        return _found(self, target, Buffer)

    # ---------------------------------------------------------------- adding by name

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """PyTorch's spelling of ``setattr(module, name, param)``."""
        _check_name("register_parameter", name)
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(f"register_parameter: expected nn.Parameter or None as {name!r}, received {type(param).__name__}")
        setattr(self, name, param)

    def register_buffer(self, name: str, tensor: Any, persistent: bool = True) -> None:
        """PyTorch's spelling of ``setattr(module, name, nn.Buffer(tensor, persistent=persistent))``; ``None`` stays ``None``.

        >>> model = nn.Module()
        >>> model.register_buffer("mask", np.tri(2))
        >>> list(model.state_dict())
        ['mask']
        """
        _check_name("register_buffer", name)
        setattr(self, name, None if tensor is None else Buffer(tensor, persistent=persistent))

    def add_module(self, name: str, module: "Module | None") -> None:
        """PyTorch's spelling of ``setattr(module, name, module)``, for names that are no identifiers, such as ``"0"``."""
        _check_name("add_module", name)
        if module is not None and not isinstance(module, Module):
            raise TypeError(f"add_module: expected a module or None as {name!r}, received {type(module).__name__}")
        setattr(self, name, module)

    # ---------------------------------------------------------------- hooks

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call ``hook(module, inputs)`` before each ``forward``; what it returns, if not ``None``, takes the inputs' place.

        Args:
            hook: the function; ``inputs`` is a tuple, and it may return a tuple, or the only input. A list is refused, but in
                place of an only input that is a list; PyTorch takes any list as the only input.
            prepend: whether to run it before those that are there, not after them.
            with_kwargs: whether to call ``hook(module, inputs, keywords)``, which returns ``None`` or both, changed.

        Returns:
            A handle: ``handle.remove()`` takes the hook away, and so does the end of ``with handle:``.

        >>> layer = nn.Identity()
        >>> handle = layer.register_forward_pre_hook(lambda module, inputs: inputs[0] + 1)
        >>> layer(1.0)
        2.0
        """
        return add_hook(_hooks_of(self).before, hook, with_kwargs, prepend, "register_forward_pre_hook")

    def register_forward_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call ``hook(module, inputs, output)`` after each ``forward``; what it returns, if not ``None``, is the output.

        Args:
            hook: the function; ``inputs`` is a tuple.
            prepend: whether to run it before those that are there, not after them.
            with_kwargs: whether to call ``hook(module, inputs, keywords, output)``.

        Returns:
            A handle: ``handle.remove()`` takes the hook away, and so does the end of ``with handle:``.

        Hooks run when the module is called, not when its ``forward`` is; copies of the module have them too.

        >>> model, seen = nn.Sequential(nn.Linear(3, 2), nn.Tanh()), []
        >>> with model[0].register_forward_hook(lambda module, inputs, output: seen.append(output)):
        ...     y = model(np.ones(3))
        >>> bool(np.all(np.tanh(seen[0]) == y))
        True
        """
        return add_hook(_hooks_of(self).after, hook, with_kwargs, prepend, "register_forward_hook")

    # ---------------------------------------------------------------- changing all of it

    def train(self, mode: bool = True) -> Self:
        """Set ``training`` here and in all modules inside: layers such as dropout read it. Returns the module."""
        for each in self.modules():
            object.__setattr__(each, "training", bool(mode))  # of a frozen dataclass, too
        return self

    def eval(self) -> Self:
        """``train(False)``: behave as in use, not as in training. Returns the module."""
        return self.train(False)

    def apply(self, fn: "Callable[[Module], Any]") -> Self:
        """Call ``fn`` with every module inside, once each, and then with this one: to give first values. Returns the module.

        >>> def start(module):
        ...     if isinstance(module, nn.Linear):
        ...         nn.init.zeros_(module.bias)
        >>> nn.Sequential(nn.Linear(2, 1)).apply(start)[0].bias.tolist()
        [0.0]
        """
        seen: set[int] = set()

        def visit(module: Module) -> None:
            seen.add(id(module))
            for child in module.children():
                if id(child) not in seen:
                    visit(child)
            fn(module)

        visit(self)
        return self

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
        """A copy of every parameter and persistent buffer as a NumPy array, by path; a shared one once, under its first path.

        ``nn.save(model, "model.safetensors")`` saves it. PyTorch lists a shared parameter under each of its paths.

        Raises:
            ValueError: when two members have the same path (dict keys such as ``1`` and ``"1"``).

        >>> list(nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)).state_dict())
        ['0.weight', '0.bias', '2.weight', '2.bias']
        """
        return {path: np.array(each.numpy()) for path, each in saved_members(self).items()}

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> KeyMismatch:
        """Write the arrays of ``state`` into the parameters and buffers of the same paths, in memory.

        Nothing is changed if anything is wrong. A shared member may come under any of its paths, or under several, as PyTorch
        saves it.

        Args:
            state: arrays by path, as ``state_dict`` gives them or ``np.load``; they are cast to each member's dtype.
            strict: whether the paths have to be the same on both sides; ``False`` loads those that are.

        Returns:
            The ``missing_keys``, paths that were not in the state, and the ``unexpected_keys`` that were there besides.

        Raises:
            ValueError: for missing or unexpected paths (with ``strict``); and, always, for another shape, and for different
                values under the paths of one shared member.
            TypeError: for what is no mapping, a path that is no string, what is not numeric, and what cannot be cast without
                loss of its kind (complex to real, floating to integer).
        """
        return load_state(self, state, strict)

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


for _name, _ours in MODULE_SPELLING.items():
    setattr(Module, _name, Elsewhere(_name, _ours))

_Kind = TypeVar("_Kind")


def _named(module: Module, kind: type[_Kind], prefix: str, recurse: bool) -> Iterator[tuple[str, _Kind]]:
    start = f"{prefix}." if prefix else ""
    return ((start + path, each) for path, each in walk(module, recurse) if isinstance(each, kind))


def _found(module: Module, target: str, kind: type[_Kind]) -> _Kind:
    found = at_path(module, target)
    if isinstance(found, kind):
        return found
    paths = [path for path, _ in _named(module, kind, "", True) if path]
    listed = ", ".join(paths[:10]) + ", ..." * (len(paths) > 10) or "none"
    raise AttributeError(f"{type(module).__name__} has no {kind.__name__} at {target!r}; it has {listed}")


def _check_name(method: str, name: Any) -> None:
    if not isinstance(name, str) or not name or "." in name or hasattr(Module, name):
        raise ValueError(f"{method}: expected a name without dots that is no attribute of Module, received {name!r}")


def _hooks_of(module: Module) -> Hooks:
    if module._forward_hooks is None:
        vars(module)["_forward_hooks"] = Hooks()  # not by an assignment, which a frozen dataclass refuses
    return vars(module)["_forward_hooks"]
