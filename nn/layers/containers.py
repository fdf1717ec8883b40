"""Containers: ``Sequential``, ``ModuleList``, ``ModuleDict``, ``ParameterList``, ``ParameterDict``.

Plain lists and dicts in a module's attributes count as well, under the same paths; these are for those who know them from
PyTorch. Members are attributes under their names, so that the path of a weight is ``0.weight``.
"""

import operator
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any, Self

from autograd import Tensor
from nn.module import Module
from nn.parameter import Parameter


class _Container(Module):
    """What holds modules as attributes; their order is that of the attributes."""

    _kind: type = Module

    def forward(self, *inputs: Any, **keywords: Any) -> Any:
        """Not defined: the model around it says how the members are used."""
        raise NotImplementedError(f"{type(self).__name__} is not called itself; call its members, or use nn.Sequential")

    def named_members(self) -> list[tuple[str, Any]]:
        """Name and value of each member, in order; one that stands at two places comes twice."""
        return [(name, each) for name, each in vars(self).items() if isinstance(each, self._kind)]

    def __len__(self) -> int:
        return len(self.named_members())

    def _checked(self, name: Any, member: Any) -> Any:
        """What is to be held for ``member``."""
        if not isinstance(member, Module):
            received = f"the class {member.__name__}" if isinstance(member, type) else type(member).__name__
            raise TypeError(f"{type(self).__name__}: expected modules, received {received} as {name!r}{_hint(member)}")
        return member

    def _add(self, name: Any, member: Any) -> None:
        member = self._checked(name, member)
        kind = type(self).__name__
        if not isinstance(name, str) or not name or "." in name or hasattr(type(self), name):
            raise ValueError(f"{kind}: expected a name without dots that is no attribute of {kind}, received {name!r}")
        vars(self)[name] = member  # an attribute, so that the path of its weight is "0.weight"


class _ParameterContainer(_Container):
    """What holds parameters as attributes."""

    _kind = Tensor  # functional_call puts other tensors in their place

    def _checked(self, name: Any, member: Any) -> Any:
        return member if isinstance(member, Parameter) else Parameter(member)

    def extra_repr(self) -> str:
        """Name, dtype and shape of each parameter."""
        return ", ".join([f"{name}: {each.dtype} {each.shape}" for name, each in self.named_members()])


class _Numbered(_Container):
    """A container that is indexed by places. Names that are numbers follow the places."""

    def append(self, member: Any) -> Self:
        """Add a member at the end, under the next number. Returns the container."""
        number = len(self)
        while str(number) in vars(self):
            number += 1
        self._add(str(number), member)
        return self

    def extend(self, members: Iterable[Any]) -> Self:
        """Add members at the end. Returns the container."""
        for each in list(members):
            self.append(each)
        return self

    def insert(self, index: int, member: Any) -> None:
        """Add a member in front of that at ``index``; those behind get the next number as their name."""
        members = self.named_members()
        members.insert(index, ("0", self._checked(index, member)))
        self._arrange(members)

    def pop(self, index: int = -1) -> Any:
        """Take out the member at ``index`` and return it; those behind get the number before as their name."""
        member = self[self._place(index)]
        del self[index]
        return member

    def __iter__(self) -> Iterator[Any]:
        return iter([each for each in vars(self).values() if isinstance(each, self._kind)])

    def __contains__(self, member: Any) -> bool:
        return any(each is member for each in self)

    def __getitem__(self, index: Any) -> Any:
        members = self.named_members()
        return self._cut(members[index]) if isinstance(index, slice) else members[self._place(index)][1]

    def _cut(self, members: list[tuple[str, Any]]) -> Any:
        """A container of these members, for a slice."""
        raise NotImplementedError

    def __setitem__(self, index: Any, member: Any) -> None:
        if isinstance(index, slice):
            kind = type(self).__name__
            raise TypeError(f"{kind}: expected the number of one member to replace, received a slice; replace one at a time")
        name = self.named_members()[self._place(index)][0]
        self._add(name, member)

    def __delitem__(self, index: Any) -> None:
        members = self.named_members()
        del members[index if isinstance(index, slice) else self._place(index)]
        self._arrange(members)

    def __add__(self, others: Iterable[Any]) -> Any:
        return self[:].extend(others)

    def __iadd__(self, others: Iterable[Any]) -> Self:
        return self.extend(others)

    def _arrange(self, members: list[tuple[str, Any]]) -> None:
        """Make these all the members, in this order."""
        for name, _ in self.named_members():
            del vars(self)[name]
        for place, (name, each) in enumerate(members):
            vars(self)[str(place) if name.isdecimal() else name] = each

    def _place(self, index: Any) -> int:
        kind = type(self).__name__
        try:
            place = operator.index(index)
        except TypeError:
            hint = f"; a member is an attribute under its name: getattr(model, {index!r})" if isinstance(index, str) else ""
            raise TypeError(f"{kind}: expected a number or a slice as index, received {index!r}{hint}") from None
        count = len(self)
        if not -count <= place < count:
            expected = f"an index from {-count} to {count - 1}" if count else "an index of what it holds, which is nothing"
            raise IndexError(f"{kind}: expected {expected}; received {index}")
        return place


class Sequential(_Numbered):
    """Calls its modules in order, each on the result of the one before.

    Args:
        *modules: the modules, which are named ``0``, ``1``, ...; or one dict of them with names of your own.

    Raises:
        TypeError: for what is no module.
        ValueError: for a name that is empty, has a dot, or is that of an attribute.

    Indexing with a number gives a module, with a slice a ``Sequential`` of the same modules under the same names. It is changed
    as a list is, with ``append``, ``extend``, ``insert``, ``pop``, ``del`` and ``+``; names that are numbers then follow the
    places.

    >>> model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 1))
    >>> model
    Sequential(
      (0): Linear(in_features=4, out_features=3, bias=True)
      (1): ReLU()
      (2): Linear(in_features=3, out_features=1, bias=True)
    )
    >>> model(np.zeros((5, 4))).shape
    (5, 1)
    >>> [name for name, _ in nn.Sequential({"hidden": nn.Linear(4, 3), "out": nn.Tanh()}).named_parameters()]
    ['hidden.weight', 'hidden.bias']
    """

    def __init__(self, *modules: Any) -> None:
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            named = list(modules[0].items())
        else:
            named = [(str(i), each) for i, each in enumerate(modules)]
        for name, module in named:
            self._add(name, module)

    def forward(self, input: Any) -> Any:
        """The last module's result. Shapes: the first module's -> the last one's; without modules, the input itself."""
        for each in self:
            input = each(input)
        return input

    def _cut(self, members: list[tuple[str, Any]]) -> Any:
        return Sequential(dict(members))


class ModuleList(_Numbered):
    """A list of modules, for a model whose ``forward`` says what is done with them.

    Args:
        modules: any iterable of modules.

    Raises:
        TypeError: for what is no module.

    Indexing with a number gives a module, with a slice another ``ModuleList``; ``append``, ``extend``, ``insert``, ``pop``,
    ``del`` and ``+`` work as on a list. A list of modules as an attribute does the same.

    >>> class Network(nn.Module):
    ...     def __init__(self):
    ...         self.layers = nn.ModuleList([nn.Linear(3, 3) for _ in range(2)])
    ...     def forward(self, x):
    ...         for layer in self.layers:
    ...             x = x + layer(x)
    ...         return x
    >>> list(Network().state_dict())
    ['layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias']
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        self.extend(_several(self, modules))

    def _cut(self, members: list[tuple[str, Any]]) -> Any:
        return ModuleList([each for _, each in members])


class ParameterList(_Numbered, _ParameterContainer):
    """A list of parameters, for a model whose ``forward`` says what is done with them.

    Args:
        values: any iterable; what is no ``Parameter`` becomes one, by ``nn.Parameter``, and so has to be floating.

    Indexing with a number gives a parameter, with a slice another ``ParameterList``; ``append``, ``extend``, ``insert``,
    ``pop``, ``del`` and ``+`` work as on a list. A list of parameters as an attribute does the same.

    >>> model = nn.Module()
    >>> model.weights = nn.ParameterList([np.ones((2, 3)), np.ones(2)])
    >>> model.weights
    ParameterList(0: float64 (2, 3), 1: float64 (2,))
    >>> list(model.state_dict())
    ['weights.0', 'weights.1']
    """

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        self.extend(_several(self, values))

    def _cut(self, members: list[tuple[str, Any]]) -> Any:
        return ParameterList([each for _, each in members])


class _Named(_Container, MutableMapping[str, Any]):
    """A container that is indexed by names, with the methods of a dict."""

    __eq__ = Module.__eq__  # a mapping's would compare contents, and make it unhashable
    __hash__ = Module.__hash__

    def __getitem__(self, key: str) -> Any:
        members = dict(self.named_members())
        if key not in members:
            raise KeyError(f"{type(self).__name__}: expected one of {', '.join(members) or 'no names'}; received {key!r}")
        return members[key]

    def __setitem__(self, key: str, member: Any) -> None:
        self._add(key, member)

    def __delitem__(self, key: str) -> None:
        self[key]
        del vars(self)[key]

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, _ in self.named_members()])

    def popitem(self) -> tuple[str, Any]:
        """Take out the last member and return it with its name."""
        if not len(self):
            raise KeyError(f"{type(self).__name__}: popitem of an empty container")
        name, member = self.named_members()[-1]
        del self[name]
        return name, member

    def setdefault(self, key: str, default: Any = None) -> Any:
        """The member called ``key``; ``default``, if there is none, is put there first."""
        if key not in self:
            self[key] = default
        return self[key]


class ModuleDict(_Named):
    """A dict of modules, for a model whose ``forward`` says what is done with them. It has the methods of a dict.

    Args:
        modules: a mapping of names to modules, or pairs of them.

    Raises:
        TypeError: for what is no module.
        ValueError: for a name that is empty, has a dot, or is that of an attribute, such as ``keys``.

    A dict of modules as an attribute does the same, and takes any name.

    >>> choices = nn.ModuleDict({"small": nn.Linear(2, 1), "large": nn.Sequential(nn.Linear(2, 9), nn.Linear(9, 1))})
    >>> choices["small"](np.zeros((5, 2))).shape
    (5, 1)
    >>> list(choices.keys()), list(choices.state_dict())[0]
    (['small', 'large'], 'small.weight')
    """

    def __init__(self, modules: Any = None) -> None:
        self.update(_several(self, modules))


class ParameterDict(_Named, _ParameterContainer):
    """A dict of parameters, for a model whose ``forward`` says what is done with them. It has the methods of a dict.

    Args:
        parameters: a mapping of names to values, or pairs of them; what is no ``Parameter`` becomes one, by ``nn.Parameter``.

    Raises:
        ValueError: for a name that is empty, has a dot, or is that of an attribute, such as ``keys``.

    A dict of parameters as an attribute does the same, and takes any name.

    >>> gains = nn.ParameterDict({"left": np.ones(2), "right": np.zeros(3)})
    >>> gains
    ParameterDict(left: float64 (2,), right: float64 (3,))
    >>> gains["left"]
    Tensor([1., 1.], dtype=float64, requires_grad=True)
    """

    def __init__(self, parameters: Any = None) -> None:
        self.update(_several(self, parameters))


def _several(container: Module, members: Any) -> Any:
    """What a container is to hold; nothing for ``None``."""
    if isinstance(members, Tensor) or (isinstance(members, Module) and not isinstance(members, _Container)):
        kind = type(container).__name__
        raise TypeError(f"{kind}: expected several members, received one {type(members).__name__}; write {kind}([...])")
    return () if members is None else members


_AS_MODULES = {
    "celu": "CELU()",
    "dropout": "Dropout()",
    "elu": "ELU()",
    "gelu": "GELU()",
    "glu": "GLU()",
    "hardshrink": "Hardshrink()",
    "hardsigmoid": "Hardsigmoid()",
    "hardswish": "Hardswish()",
    "hardtanh": "Hardtanh()",
    "leaky_relu": "LeakyReLU()",
    "log_softmax": "LogSoftmax(dim)",
    "logsigmoid": "LogSigmoid()",
    "mish": "Mish()",
    "prelu": "PReLU()",
    "relu": "ReLU()",
    "relu6": "ReLU6()",
    "rrelu": "RReLU()",
    "selu": "SELU()",
    "sigmoid": "Sigmoid()",
    "silu": "SiLU()",
    "softmax": "Softmax(dim)",
    "softmin": "Softmin(dim)",
    "softplus": "Softplus()",
    "softshrink": "Softshrink()",
    "softsign": "Softsign()",
    "tanh": "Tanh()",
    "tanhshrink": "Tanhshrink()",
    "threshold": "Threshold(threshold, value)",
}


def _hint(received: Any) -> str:
    """What to write in place of something that is no module."""
    if isinstance(received, list | tuple):
        return "; write Sequential(*layers)"
    if isinstance(received, type) and issubclass(received, Module):
        return f"; write {'nn.' if received.__module__.startswith('nn.') else ''}{received.__name__}()"
    if callable(received):
        module = _AS_MODULES.get(getattr(received, "__name__", ""))
        if module is not None:
            return f"; write nn.{module}"
        return "; write a Module whose forward calls it"
    return ""
