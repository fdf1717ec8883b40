"""``Sequential``: modules one after the other. For other arrangements plain lists and dicts of modules do."""

import operator
from collections.abc import Iterator, Mapping
from typing import Any, Self

from nn.module import Module


class Sequential(Module):
    """Calls its modules in order, each on the result of the one before.

    Args:
        *modules: the modules, which are named ``0``, ``1``, ...; or one dict of them with names of your own.

    Raises:
        TypeError: for what is no module.
        ValueError: for a name that is empty, has a dot, or is that of an attribute.

    Indexing with a number gives a module, with a slice a ``Sequential`` of the same modules under the same names.

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

    def _add(self, name: Any, module: Any) -> None:
        if not isinstance(module, Module):
            received = f"the class {module.__name__}" if isinstance(module, type) else type(module).__name__
            raise TypeError(f"Sequential: expected modules, received {received} as {name!r}{_hint(module)}")
        if not isinstance(name, str) or not name or "." in name or hasattr(type(self), name):
            raise ValueError(
                f"Sequential: expected a name without dots that is no attribute of {type(self).__name__}, received {name!r}"
            )
        vars(self)[name] = module  # an attribute, so that the path of its weight is "0.weight"

    def named_members(self) -> list[tuple[str, Module]]:
        """Name and module of each step, in order; a module that is used twice comes twice."""
        return [(name, each) for name, each in vars(self).items() if isinstance(each, Module)]

    def forward(self, input: Any) -> Any:
        """The last module's result. Shapes: the first module's -> the last one's; without modules, the input itself."""
        for each in self:
            input = each(input)
        return input

    def append(self, module: Module) -> Self:
        """Add a module at the end, under the next number. Returns the ``Sequential``."""
        number = len(self)
        while str(number) in vars(self):
            number += 1
        self._add(str(number), module)
        return self

    def __len__(self) -> int:
        return len(self.named_members())

    def __iter__(self) -> Iterator[Module]:
        return iter([each for each in vars(self).values() if isinstance(each, Module)])

    def __getitem__(self, index: Any) -> Any:
        members = self.named_members()
        if isinstance(index, slice):
            return Sequential(dict(members[index]))
        return members[self._place(index)][1]

    def __setitem__(self, index: Any, module: Module) -> None:
        if isinstance(index, slice):
            raise TypeError("Sequential: expected the number of one module to replace, received a slice; replace one at a time")
        name = self.named_members()[self._place(index)][0]
        self._add(name, module)

    def __delitem__(self, index: Any) -> None:
        raise TypeError(
            "Sequential: modules are not deleted, since those behind would have to change their names; "
            "make another one of those that stay, as with Sequential(*list(model)[1:])"
        )

    def _place(self, index: Any) -> int:
        try:
            place = operator.index(index)
        except TypeError:
            hint = f"; a module is an attribute under its name: getattr(model, {index!r})" if isinstance(index, str) else ""
            raise TypeError(f"Sequential: expected a number or a slice as index, received {index!r}{hint}") from None
        count = len(self)
        if not -count <= place < count:
            raise IndexError(f"Sequential: expected an index from {-count} to {count - 1}, received {index}")
        return place


_AS_MODULES = {"tanh": "Tanh", "relu": "ReLU", "sigmoid": "Sigmoid", "softmax": "Softmax", "log_softmax": "LogSoftmax"}


def _hint(received: Any) -> str:
    """What to write in place of something that is no module."""
    if isinstance(received, list | tuple):
        return "; write Sequential(*layers)"
    if isinstance(received, type) and issubclass(received, Module):
        return f"; write {'nn.' if received.__module__.startswith('nn.') else ''}{received.__name__}()"
    if callable(received):
        module = _AS_MODULES.get(getattr(received, "__name__", ""))
        if module is not None:
            return f"; write nn.{module}({'dim' if module.endswith('Softmax') else ''})"
        return "; write a Module whose forward calls it"
    return ""
