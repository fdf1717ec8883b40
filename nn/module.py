"""``Module``: a model is attributes and a ``forward``.

What a module trains and saves is found by looking at its attributes: a ``Parameter`` is trained and saved, a ``Buffer`` is
saved only, a ``Module`` is looked into, and so are lists, tuples and dicts. Nothing is registered, so ``__init__`` need not
call anything, and any other tensor that a module stores is the user's own. The looking, and the paths and scopes that come
of it, are in ``paths``.
"""

import reprlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Self

import numpy as np

import autograd as ag
from autograd import Tensor
from autograd.modes import thread
from nn.parameter import Buffer, Parameter, clear_gradients, replace_array
from nn.paths import Call, Composite, direct_children, members_by_path, running, walk


class KeyMismatch(NamedTuple):
    """What ``load_state_dict`` did not find in the state, and what it found there and has no place for."""

    missing: tuple[str, ...]
    unexpected: tuple[str, ...]


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
                    return self.forward(*inputs, **keywords)
                finally:
                    thread.mode = mode
        running.call = Call(self, thread.mode.scope)
        try:
            return self.forward(*inputs, **keywords)
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
            object.__setattr__(each, "training", bool(mode))  # of a frozen dataclass, too
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
        return {path: np.array(each.numpy()) for path, each in members_by_path(self).items()}

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
            TypeError: for what is no mapping, a path that is no string, what is not numeric, and what cannot be cast without
                loss of its kind (complex to real, floating to integer).
        """
        if not isinstance(state, Mapping):
            raise TypeError(
                f"load_state_dict: expected arrays by path, received {type(state).__name__}; "
                "for a file write load_state_dict(dict(np.load('m.npz')))"
            )
        if strange := [path for path in state if not isinstance(path, str)]:
            raise TypeError(f"load_state_dict: expected paths such as 'layers.0.weight', received the key {strange[0]!r}")
        members = members_by_path(self)
        missing = tuple([path for path in members if path not in state])
        unexpected = tuple([path for path in state if path not in members])
        problems = []
        if strict and missing:
            problems.append(f"missing from the state: {', '.join(missing)}")
        if strict and unexpected:
            problems.append(f"unexpected in the state: {', '.join(unexpected)}")
        others = bool(problems)
        # Copies, made before the first write: nothing is written if one fails, and a state may hold this module's own tensors.
        values, unfit = {}, []
        mistyped = False
        for path, each in members.items():
            if path not in state:
                continue
            try:
                value = state[path]
                value = value.numpy() if isinstance(value, Tensor) else np.asarray(value)
            except ValueError as error:  # of np.load, for pickled objects; of np.asarray, for ragged lists
                unfit.append(f"{path}: {error}")
                continue
            if not np.can_cast(value.dtype, each.dtype, "same_kind"):
                mistyped = True
                unfit.append(f"{path}: expected what can be cast to {each.dtype}, received {value.dtype}")
            elif value.shape != each.shape:
                unfit.append(f"{path}: expected shape {each.shape}, received {value.shape}")
            else:
                values[path] = value.astype(each.dtype)
        problems += unfit
        if problems:
            advice = ", or pass strict=False to load what both have" if others and not unfit else ""
            listed = "\n  ".join(sorted(problems))
            raise (TypeError if mistyped else ValueError)(
                f"load_state_dict: the state does not fit this {type(self).__name__}; nothing was changed. Save and load with "
                f"the same model{advice}:\n  {listed}"
            )
        with ag.no_grad():
            for path, value in values.items():
                members[path][...] = value
        return KeyMismatch(missing, unexpected)

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
