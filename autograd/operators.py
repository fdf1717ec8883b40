"""The operators and methods of ``Tensor``: one list, to be searched for where ``2 - t`` or ``t.sum()`` goes."""

from collections.abc import Callable
from typing import Any

from autograd import assignment, engine, protocols, writing
from autograd.ops import casting
from autograd.ops.arrays import choosing, indexing, repetition, shaping, splitting
from autograd.ops.elementwise import arithmetic, comparison, division, exponential, rounding, selection
from autograd.ops.matrices import diagonals, linear_algebra
from autograd.ops.ordering import bins, sorting, subsets
from autograd.ops.reductions import accumulation, extremes, reduction, statistics
from autograd.tensors import Tensor


def reflected(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The op with its operands swapped: ``2 - t`` calls ``t.__rsub__(2)``."""

    def call(self: Tensor, other: Any) -> Any:
        return operation(other, self)

    return call


def compress(self: Tensor, condition: Any, axis: int | None = None) -> Any:
    """The slices along ``axis`` (without one: the elements) for which the condition is true."""
    return subsets.compress(condition, self, axis)


def fill(self: Tensor, value: Any) -> None:
    """``t[...] = value``."""
    assignment.setitem(self, ..., value)


def sort(self: Tensor, axis: int = -1, kind: str | None = None, *, stable: bool | None = None) -> None:
    """Sort the elements along ``axis`` in place: a write of the sorted ones; ``np.sort`` returns them instead."""
    assignment.setitem(self, ..., sorting.sort(self, axis, kind, stable=stable))


def partition(self: Tensor, kth: Any, axis: int = -1, kind: str = "introselect") -> None:
    """Put the elements at ``kth`` of the sorted order into their places, in place; ``np.partition`` returns them instead."""
    assignment.setitem(self, ..., sorting.partition(self, kth, axis, kind))


OPERATORS: dict[str, Any] = {
    # arithmetic
    "__add__": arithmetic.add.operator,
    "__radd__": reflected(arithmetic.add.operator),
    "__iadd__": assignment.in_place(arithmetic.add),
    "__sub__": arithmetic.subtract.operator,
    "__rsub__": reflected(arithmetic.subtract.operator),
    "__isub__": assignment.in_place(arithmetic.subtract),
    "__mul__": arithmetic.multiply.operator,
    "__rmul__": reflected(arithmetic.multiply.operator),
    "__imul__": assignment.in_place(arithmetic.multiply),
    "__truediv__": arithmetic.divide.operator,
    "__rtruediv__": reflected(arithmetic.divide.operator),
    "__itruediv__": assignment.in_place(arithmetic.divide),
    "__floordiv__": arithmetic.floor_divide.operator,
    "__rfloordiv__": reflected(arithmetic.floor_divide.operator),
    "__ifloordiv__": assignment.in_place(arithmetic.floor_divide),
    "__mod__": arithmetic.remainder.operator,
    "__rmod__": reflected(arithmetic.remainder.operator),
    "__imod__": assignment.in_place(arithmetic.remainder),
    "__divmod__": division.divmod,
    "__rdivmod__": reflected(division.divmod),
    "__pow__": exponential.power.operator,
    "__rpow__": reflected(exponential.power.operator),
    "__ipow__": assignment.in_place(exponential.power),
    "__matmul__": linear_algebra.matmul.operator,
    "__rmatmul__": reflected(linear_algebra.matmul.operator),
    "__imatmul__": assignment.in_place(linear_algebra.matmul),
    "__neg__": arithmetic.negative,
    "__pos__": arithmetic.positive,
    "__abs__": arithmetic.absolute,
    "__round__": rounding.round,
    # comparisons: plain tensors of truth values
    "__eq__": comparison.equal.operator,
    "__ne__": comparison.not_equal.operator,
    "__lt__": comparison.less.operator,
    "__le__": comparison.less_equal.operator,
    "__gt__": comparison.greater.operator,
    "__ge__": comparison.greater_equal.operator,
    # bits, of integers and truth values
    "__invert__": comparison.invert,
    "__and__": comparison.bitwise_and.operator,
    "__rand__": reflected(comparison.bitwise_and.operator),
    "__iand__": assignment.in_place(comparison.bitwise_and),
    "__or__": comparison.bitwise_or.operator,
    "__ror__": reflected(comparison.bitwise_or.operator),
    "__ior__": assignment.in_place(comparison.bitwise_or),
    "__xor__": comparison.bitwise_xor.operator,
    "__rxor__": reflected(comparison.bitwise_xor.operator),
    "__ixor__": assignment.in_place(comparison.bitwise_xor),
    "__lshift__": comparison.left_shift.operator,
    "__rlshift__": reflected(comparison.left_shift.operator),
    "__ilshift__": assignment.in_place(comparison.left_shift),
    "__rshift__": comparison.right_shift.operator,
    "__rrshift__": reflected(comparison.right_shift.operator),
    "__irshift__": assignment.in_place(comparison.right_shift),
    # elements
    "__getitem__": indexing.getitem,
    "__setitem__": assignment.setitem,
    "__iter__": splitting.iterate,
    "__contains__": indexing.contains,
    # NumPy's protocols
    "__array_ufunc__": protocols.array_ufunc,
    "__array_function__": protocols.array_function,
}

METHODS: dict[str, Any] = {
    "backward": engine.backward,
    # values
    "astype": casting.cast,
    "copy": casting.copy,
    "conj": casting.conj,
    "conjugate": casting.conj,
    "choose": choosing.choose,
    "clip": selection.clip,
    "compress": compress,
    "fill": fill,
    "nonzero": comparison.nonzero,
    "put": writing.put,
    "round": rounding.round,
    # order
    "argpartition": sorting.argpartition,
    "argsort": sorting.argsort,
    "partition": partition,
    "searchsorted": bins.searchsorted,
    "sort": sort,
    # reductions
    "all": reduction.all,
    "any": reduction.any,
    "argmax": extremes.argmax,
    "argmin": extremes.argmin,
    "max": extremes.max,
    "mean": statistics.mean,
    "min": extremes.min,
    "prod": reduction.prod,
    "ptp": extremes.ptp,
    "std": statistics.std,
    "sum": reduction.sum,
    "var": statistics.var,
    "cumprod": accumulation.cumprod,
    "cumsum": accumulation.cumsum,
    # shape
    "flatten": shaping.flatten,
    "ravel": shaping.ravel,
    "repeat": repetition.repeat,
    "reshape": shaping.reshape_method,
    "squeeze": shaping.squeeze,
    "swapaxes": shaping.swapaxes,
    "take": indexing.take,
    "transpose": shaping.transpose_method,
    # linear algebra
    "diagonal": diagonals.diagonal,
    "dot": linear_algebra.dot,
    "trace": diagonals.trace,
}


def set_real(self: Tensor, value: Any) -> None:
    """``t.real = value``: a write to the real part."""
    assignment.setitem(casting.real(self) if self.dtype.kind == "c" else self, ..., value)


def set_imag(self: Tensor, value: Any) -> None:
    """``t.imag = value``: a write to the imaginary part.

    Raises:
        TypeError: for a tensor that is not complex.
    """
    if self.dtype.kind != "c":
        raise TypeError(f"t.imag = value: expected a complex tensor, received {self.dtype}; convert it with t.astype(complex)")
    assignment.setitem(casting.imag(self), ..., value)


PROPERTIES: dict[str, Any] = {
    "T": shaping.transpose,
    "mT": shaping.matrix_transpose,
    "real": casting.real,
    "imag": casting.imag,
}

for name, function in (OPERATORS | METHODS).items():
    setattr(Tensor, name, function)
SETTERS: dict[str, Any] = {"real": set_real, "imag": set_imag}

for name, function in PROPERTIES.items():
    setattr(Tensor, name, property(function, SETTERS.get(name), doc=function.__doc__))
