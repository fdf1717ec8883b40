"""The operators and methods of ``Tensor``: one list, to be searched for where ``t * 2`` or ``t.sum()`` goes."""

from collections.abc import Callable
from typing import Any

from autograd import assignment, engine, protocols
from autograd.ops import casting, comparison, elementwise, indexing, reduction, shaping
from autograd.tensor import Tensor


def reflected(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The op with its operands swapped: ``2 - t`` calls ``t.__rsub__(2)``."""

    def call(self: Tensor, other: Any) -> Any:
        return operation(other, self)

    return call


Tensor.__add__ = elementwise.add
Tensor.__radd__ = reflected(elementwise.add)
Tensor.__iadd__ = assignment.in_place(elementwise.add)
Tensor.__sub__ = elementwise.subtract
Tensor.__rsub__ = reflected(elementwise.subtract)
Tensor.__isub__ = assignment.in_place(elementwise.subtract)
Tensor.__mul__ = elementwise.multiply
Tensor.__rmul__ = reflected(elementwise.multiply)
Tensor.__imul__ = assignment.in_place(elementwise.multiply)
Tensor.__truediv__ = elementwise.divide
Tensor.__rtruediv__ = reflected(elementwise.divide)
Tensor.__itruediv__ = assignment.in_place(elementwise.divide)
Tensor.__floordiv__ = elementwise.floor_divide
Tensor.__rfloordiv__ = reflected(elementwise.floor_divide)
Tensor.__ifloordiv__ = assignment.in_place(elementwise.floor_divide)
Tensor.__mod__ = elementwise.remainder
Tensor.__rmod__ = reflected(elementwise.remainder)
Tensor.__imod__ = assignment.in_place(elementwise.remainder)
Tensor.__pow__ = elementwise.power
Tensor.__rpow__ = reflected(elementwise.power)
Tensor.__ipow__ = assignment.in_place(elementwise.power)
Tensor.__neg__ = elementwise.negative
Tensor.__pos__ = elementwise.positive
Tensor.__abs__ = elementwise.absolute
Tensor.__invert__ = comparison.invert
Tensor.__eq__ = comparison.equal
Tensor.__ne__ = comparison.not_equal
Tensor.__lt__ = comparison.less
Tensor.__le__ = comparison.less_equal
Tensor.__gt__ = comparison.greater
Tensor.__ge__ = comparison.greater_equal
Tensor.__and__ = comparison.bitwise_and
Tensor.__or__ = comparison.bitwise_or
Tensor.__xor__ = comparison.bitwise_xor
Tensor.__getitem__ = indexing.getitem
Tensor.__setitem__ = assignment.setitem
Tensor.__array_ufunc__ = protocols.array_ufunc
Tensor.__array_function__ = protocols.array_function

Tensor.backward = engine.backward
Tensor.astype = casting.cast
Tensor.sum = reduction.sum
Tensor.reshape = shaping.reshape
