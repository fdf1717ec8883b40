"""Views: tensors that share memory with the tensor they were made from, as ``t[0]``, ``t.T`` and ``t.reshape(...)`` do.

In NumPy a write through a view reaches its base, and a write to the base is seen through its views. In memory that needs no
help. But a write that is recorded gives a tensor a new value instead of changing memory, and then its base and its views have
to follow (``assignment`` sees to it). This file keeps the bond: a view knows its base and how it was made from it; a base
knows, weakly, its views. Only view ops and writes pay for it.
"""

import weakref
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.batched import Batched, example_of
from autograd.tensors import Tensor

if TYPE_CHECKING:
    from autograd.record import Op


class Bond:
    """How a tensor hangs together with others that share its memory.

    ``base``: the tensor that it is a view of, made by ``op`` with ``rest`` (the inputs after the base) and ``statics``;
    ``place``: which output it is, where the op has several. ``cut``: it was made inside ``no_grad``, so it follows its base's
    values and stays outside the graph. ``views``: its own views, by id.
    """

    __slots__ = ("base", "cut", "op", "place", "rest", "statics", "views")

    def __init__(self) -> None:
        self.base: Tensor | None = None
        self.op: Op | None = None
        self.rest: tuple[Any, ...] = ()
        self.statics: dict[str, Any] = {}
        self.place: int | None = None
        self.cut = False
        self.views: dict[int, weakref.ref[Tensor]] = {}

    def result(self, made: Any) -> Any:
        """The output that is meant, of what the op made."""
        return made if self.place is None else made[self.place]

    def positions(self) -> Any:
        """For each element of the view, its position among the base's elements."""
        assert self.base is not None
        assert self.op is not None
        numbers = np.arange(self.base.size).reshape(self.base.shape)
        return self.result(self.op.forward(numbers, *self._plain_rest(), **self.statics))

    def made_anew(self) -> Any:
        """The view of the base's present value, recorded."""
        assert self.op is not None
        return self.result(self.op.call(self.base, *self.rest, **self.statics))

    def value_anew(self) -> Any:
        """The view of the base's present value, as an array."""
        assert self.base is not None
        assert self.op is not None
        return self.result(self.op.call(self.base._value, *self._plain_rest(), **self.statics))

    def _plain_rest(self) -> list[Any]:
        return [each._value if isinstance(each, Tensor) else each for each in self.rest]


def bind(made: Any, base: Tensor, op: "Op", rest: tuple[Any, ...], statics: dict[str, Any]) -> None:
    """Bind what a view op made of ``base`` to it, where the two do share memory."""
    for place, view in enumerate(made) if isinstance(made, tuple) else ((None, made),):
        if view is base or not _share_memory(view, base, op, place, rest, statics):
            continue  # NumPy scalars are copies, and so is what could not be had as a view
        bond = view._bond = Bond()
        bond.base, bond.op, bond.rest, bond.statics, bond.place = base, op, rest, statics, place
        bond.cut = view._node is None and base._node is not None
        if base._bond is None:
            base._bond = Bond()
        siblings = base._bond.views
        siblings[id(view)] = weakref.ref(view, partial(_forget, siblings, id(view)))


def _share_memory(
    view: Tensor, base: Tensor, op: "Op", place: int | None, rest: tuple[Any, ...], statics: dict[str, Any]
) -> bool:
    value, memory = view._value, base._value
    if isinstance(value, Batched) and any([isinstance(each, Tensor | np.ndarray) for each in rest]):
        return False  # indexing by arrays, einsum of several: always a copy
    if isinstance(value, Batched):  # whether a single example would share it: how all of them lie in memory may differ
        memory = example_of(base)
        made = op.forward(memory, *[example_of(each) if isinstance(each, Tensor) else each for each in rest], **statics)
        value = made if place is None else made[place]
    return type(value) is np.ndarray and np.may_share_memory(value, memory)


def overlap(view: Tensor, written: Any) -> bool:
    """Whether a view may have elements in the part of memory that was written."""
    return isinstance(view._value, Batched) or isinstance(written, Batched) or np.may_share_memory(view._value, written)


def bases(tensor: Tensor) -> Iterator[Tensor]:
    """The tensor, the one that it is a view of, the one that this is a view of, and so on."""
    while True:
        yield tensor
        if tensor._bond is None or tensor._bond.base is None:
            return
        tensor = tensor._bond.base


def views(tensors: Sequence[Tensor]) -> Iterator[Tensor]:
    """The living views of ``tensors``, the views of these, and so on; each after its base."""
    pending = list(tensors)
    for tensor in pending:  # the list grows while it is read
        for reference in list(tensor._bond.views.values()) if tensor._bond is not None else ():
            view = reference()
            if view is not None:
                yield view
                pending.append(view)


def _forget(views: dict[int, Any], key: int, _: Any) -> None:
    views.pop(key, None)
