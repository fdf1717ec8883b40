"""What a module trains and saves: ``Parameter`` and ``Buffer``, tensors of a class of their own."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Self

import numpy as np

import autograd as ag
from autograd import Tensor


class Parameter(Tensor):
    """A tensor that a module trains: it requires a gradient, and is found as an attribute of a module.

    Args:
        data: an array, nested lists of numbers, or a tensor. It is copied.
        dtype: the dtype to convert to; by default that of ``data``.
        requires_grad: ``False`` for one that is to stay as it is (a frozen layer).
        name: what pictures and messages call it until a module that holds it is called.

    Raises:
        TypeError: for integers and booleans, which have no gradient.

    >>> nn.Parameter([1.0, 2.0])
    Tensor([1., 2.], dtype=float64, requires_grad=True)
    """

    __slots__ = ()

    def __init__(self, data: Any, dtype: Any = None, *, requires_grad: bool = True, name: str | None = None) -> None:
        super().__init__(data, dtype, requires_grad=requires_grad, name=name)


class Buffer(Tensor):
    """A tensor that a module saves and does not train, such as a running mean.

    Args:
        data: an array, nested lists of numbers, or a tensor. It is copied.
        dtype: the dtype to convert to; by default that of ``data``.
        name: what pictures and messages call it until a module that holds it is called.
        persistent: ``False`` for one that ``state_dict`` leaves out, such as a table that the constructor computes anew.

    >>> nn.Buffer([1, 2])
    Tensor([1, 2], dtype=int64)
    """

    __slots__ = ("persistent",)

    persistent: bool

    def __init__(self, data: Any, dtype: Any = None, *, name: str | None = None, persistent: bool = True) -> None:
        super().__init__(data, dtype, name=name)
        self.persistent = persistent

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copy = super().__deepcopy__(memo)
        copy.persistent = self.persistent
        return copy

    def __reduce__(self) -> tuple[Any, ...]:
        return (*super().__reduce__(), (None, {"persistent": self.persistent}))  # the second is the state of the slots


# The array of a leaf or of a gradient itself, and of the gradient of a leaf, to be read: nothing is recorded here.
array_of = attrgetter("_value")
gradient_of = attrgetter("_grad._value")


def with_gradients(leaves: Iterable[Tensor]) -> list[Tensor]:
    """Those that have a gradient."""
    return [each for each in leaves if each._grad is not None]


def replace_array(tensor: Tensor, array: Any) -> None:
    """Give a leaf another array, of the same shape, in place of its own.

    Graphs that used it keep the old array. In the same dtype the leaf keeps its place in the graph; in another it gets a
    new one.
    """
    if array.dtype == tensor.dtype:
        tensor._value = array
        return
    name, requires_grad = tensor.name, tensor.requires_grad
    tensor._value = array
    tensor._node = tensor._constant = None
    tensor.name = name
    tensor.requires_grad_(requires_grad)


def clear_gradients(parameters: Iterable[Tensor], set_to_none: bool) -> None:
    """Forget the gradients of ``parameters``, or make those that exist zero."""
    for each in parameters:
        each.grad = None if set_to_none or each.grad is None else ag.tensor(np.zeros(each.shape, each.dtype))
