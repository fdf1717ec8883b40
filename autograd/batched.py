"""``Batched``: a value inside ``vmap``, which stands for one example and holds them all.

``ag.vmap(f)`` calls ``f`` once, with tensors whose value is a ``Batched``. It has the shape of one example; its array has the
examples along a first axis. An op on such values runs its *batching rule* (``batch_rules``) on the arrays, once for all
examples. Nothing else knows about batches: gradient rules are NumPy text, and on ``Batched`` values they are per-example.

Note [levels]: each running ``vmap`` is a level, and a value belongs to at most one. Its array may be a value of a level further
out, or a recorded tensor of one: ``grad(vmap(f))`` records there, while ``vmap(grad(f))`` records tensors whose values are
``Batched``. An op works at the innermost level among its inputs. For what comes from further out it is a constant there:
inside, no gradient flows to it, and what is recorded outside is recorded when the op runs on the arrays. That is why
what is differentiated inside a ``vmap`` is lifted to its level, and why saved values are.

A ``Batched`` is a tensor to all that asks, without a node: to the engine it is what an array is outside of ``vmap``. Users
meet it inside a ``Tensor`` only.
"""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, NoReturn

import numpy as np

from autograd.errors import BatchingError
from autograd.modes import Mode, thread
from autograd.record import Op
from autograd.tensors import Tensor, wrap


class Level:
    """A ``vmap`` that runs: over how many examples, and what messages call the function."""

    __slots__ = ("name", "size")

    def __init__(self, size: int, name: str) -> None:
        self.size = size
        self.name = name

    def lifted(self, value: Any) -> "Batched":
        """A value as one of this level: what a variable that is made inside the ``vmap`` holds."""
        return lifted(value, self)


class Batched(Tensor):
    """One example's value at a level; see the module's docstring.

    ``_array``: all examples, along the first axis; where not ``_mapped``, the one value that all of them have.
    """

    __slots__ = ("_array", "_level", "_mapped")

    _array: Any
    _level: Level
    _mapped: bool

    # It is no place in a graph and holds no array of its own: what a tensor keeps in slots is the same for all of them.
    _node = None
    _grad = None
    _constant = None
    _bond = None

    def __init__(self, level: Level, array: Any, mapped: bool) -> None:
        self._level = level
        self._array = array
        self._mapped = mapped

    @property
    def _value(self) -> "Batched":
        return self

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one example."""
        return self._array.shape[1:] if self._mapped else self._array.shape

    @property
    def ndim(self) -> int:
        """The number of one example's axes."""
        return self._array.ndim - 1 if self._mapped else self._array.ndim

    @property
    def size(self) -> int:
        """The number of one example's elements."""
        return prod(self.shape)

    @property
    def dtype(self) -> "np.dtype[Any]":
        """The type of its elements."""
        return self._array.dtype

    @property
    def nbytes(self) -> int:
        """The bytes that one example's elements take."""
        return self.size * self.itemsize

    @property
    def itemsize(self) -> int:
        """The bytes that one element takes."""
        return self.dtype.itemsize

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a tensor without dimensions")
        return self.shape[0]

    def cut(self) -> "Batched":
        """The same values outside of the graphs of all levels."""
        array = self._array
        return Batched(self._level, array.detach()._value if isinstance(array, Tensor) else array, self._mapped)

    def shown(self, origin: str = "") -> str:
        """What ``repr`` shows of a tensor with this value."""
        values = np.array2string(np.asarray(memory_of(self)), separator=", ", prefix="Tensor(")
        which = f"each of {self._level.size} examples" if self._mapped else f"the same for {self._level.size} examples"
        return f"Tensor({values}, {which}, shape={self.shape}, dtype={self.dtype}{origin})"

    def __repr__(self) -> str:
        return self.shown()

    # ---------------------------------------------------------------- one value cannot be had of many

    def _refuse(self, what: str, instead: str) -> NoReturn:
        raise BatchingError(
            f"{what} inside vmap: this tensor (shape {self.shape}, {self.dtype}) stands for {self._level.size} examples of "
            f"{self._level.name} at once, and has no single value. {instead}"
        )

    def __bool__(self) -> bool:
        self._refuse("bool()", _CHOOSE)

    def __index__(self) -> int:
        self._refuse(
            "an index", "To read elements at places that differ from example to example, write x[i] with the tensor i."
        )

    def taken_out(self, what: str) -> NoReturn:
        """Refuse to give a single value."""
        self._refuse(what, _REMEDIES)

    def item(self) -> Any:
        self.taken_out(".item()")

    def tolist(self) -> Any:
        self.taken_out(".tolist()")

    def numpy(self) -> Any:
        self.taken_out(".numpy()")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        self.taken_out("a conversion to a NumPy array")

    def __float__(self) -> float:
        self.taken_out("float()")

    def __int__(self) -> int:
        self.taken_out("int()")

    def __complex__(self) -> complex:
        self.taken_out("complex()")

    def __dlpack__(self, **_: Any) -> Any:
        self.taken_out("an export by DLPack")

    def __format__(self, specification: str) -> str:
        return repr(self)


_REMEDIES = (
    "Compute with the tensor itself, by NumPy's functions (np.sin, not math.sin), and take values out of what vmap returns. "
    "Where it is an index, make the array a tensor: ag.asarray(a)[i]; to collect several, use np.stack or ag.asarray; to write "
    "it into an array, make that a tensor, as ag.zeros does."
)
_CHOOSE = (
    "Python's if, while, and, or, not need one; choose elements with ag.where(condition, a, b), combine truth values with &, | "
    "and ~, and clip with ag.maximum or ag.minimum."
)


# ---------------------------------------------------------------- into a level, and out of it


def is_tensor(x: Any) -> bool:
    """Whether ``x`` is a tensor as users and recorded passes have them, and no raw value: no array and no ``Batched``."""
    return isinstance(x, Tensor) and x.__class__ is not Batched


def raw(x: Any) -> Any:
    """A result of ops as what a level keeps as an array: an unrecorded tensor's value, a recorded tensor itself."""
    return x._value if isinstance(x, Tensor) and x._node is None else x


def lifted(x: Any, level: Level) -> Batched:
    """A value from further out, array or tensor, as one of ``level`` that is the same for all examples."""
    return Batched(level, raw(x), False)


def brought_to(x: Tensor, level: Level) -> Tensor:
    """A tensor at ``level`` or further in: one from further out, where it may be recorded, is lifted."""
    value = x._value
    if value.__class__ is not Batched:
        return lifted(x, level)
    mode = thread.mode
    return x if mode.depth_of(value._level) >= mode.depth_of(level) else lifted(x, level)


def spread(value: Batched) -> Any:
    """The array of a value with all examples along the first axis, whether or not they differ."""
    if value._mapped:
        return value._array
    return np.broadcast_to(value._array, (value._level.size, *value._array.shape))


def level_at(x: Any) -> Level | None:
    """The level that a value, array or tensor, belongs to; ``None`` for one outside of all levels."""
    value = x._value if isinstance(x, Tensor) else x
    return value._level if value.__class__ is Batched else None


def memory_of(x: Any) -> Any:
    """The innermost array that a tensor or a value consists of."""
    while isinstance(x, Tensor):
        x = x._array if x.__class__ is Batched else x._value
    return x


def is_recorded(x: Any) -> bool:
    """Whether what an op makes of ``x`` is recorded, at any level: gradients may be asked for."""
    mode = thread.mode
    while isinstance(x, Tensor):
        if x.__class__ is Batched:
            x = x._array
            continue
        value = x._value
        if x._node is not None and mode.records_at(mode.depth_of(value._level) if value.__class__ is Batched else 0):
            return True
        x = value
    return False


def example_of(x: Any) -> Any:
    """The value of the first example, as an array: for questions about shapes and dtypes, which all examples share."""
    while isinstance(x, Tensor):
        if x.__class__ is not Batched:
            x = x._value
        elif not x._mapped:
            x = x._array
        else:
            inner = example_of(x._array)
            x = inner[0] if len(inner) else np.zeros(inner.shape[1:], inner.dtype)
    return x


# ---------------------------------------------------------------- ops at a level


def level_of(values: Sequence[Any], mode: Mode) -> tuple[Level, int]:
    """The innermost level among values, and its depth.

    Raises:
        BatchingError: for a value of a ``vmap`` that is not running.
    """
    found, most = None, 0
    for each in values:
        if each.__class__ is Batched and each._level is not found:
            depth = mode.depth_of(each._level)
            if depth == 0:
                raise BatchingError(
                    f"a value from inside vmap({each._level.name}) was used where that vmap is not running: it was stored "
                    "outside of the function (in a list, an attribute, a closure) and not returned by it, or a function with "
                    "custom_vjp uses it that does not take it as an argument. Return it, or pass it"
                )
            if depth > most:
                found, most = each._level, depth
    assert found is not None
    return found, most


def run(record: Op, level: Level, depth: int, values: Sequence[Any], statics: dict[str, Any], mode: Mode) -> Any:
    """The result of an op on values of which at least one is of ``level`` and none is of a level further in."""
    arrays = [each._array if each.__class__ is Batched and each._level is level else each for each in values]
    mapped = [each.__class__ is Batched and each._level is level and each._mapped for each in values]
    thread.mode = mode.lowered(depth)
    try:
        if any(mapped):
            out = NotImplemented
            if record.batch_rule is not None:
                out = record.batch_rule(record, arrays, mapped, statics, level)
            if out is NotImplemented:
                out = looped(record, arrays, mapped, statics, level.size)
        else:
            out = record.call(*arrays, **statics)
    finally:
        thread.mode = mode
    differs = any(mapped)
    if record.multiple:
        return tuple([Batched(level, raw(each), differs) for each in out])
    return Batched(level, raw(out), differs)


def looped(record: Op, arrays: Sequence[Any], mapped: Sequence[bool], statics: dict[str, Any], size: int) -> Any:
    """What an op without a batching rule gives: one example after another, put side by side."""

    def call(i: int) -> Any:
        return record.call(*[each[i] if differs else each for each, differs in zip(arrays, mapped, strict=True)], **statics)

    if size == 0:
        return _of_no_examples(record, arrays, mapped, statics)
    results = [call(i) for i in range(size)]
    if not record.multiple:
        return side_by_side(record.name, results)
    return tuple([side_by_side(record.name, column) for column in zip(*results, strict=True)])


def side_by_side(name: str, results: Sequence[Any]) -> Any:
    """The results of single examples as one array; messages call what made them by its name."""
    shapes = {each.shape for each in results}
    if len(shapes) > 1:
        first, second, *_ = sorted(shapes)
        raise BatchingError(
            f"{name} inside vmap: the shape of its result depends on its values, and examples gave {first} and {second}; "
            "one array cannot hold both. Use what keeps shapes, such as ag.where in place of a mask as an index, or loop over "
            "the examples"
        )
    return np.stack(results)


def _of_no_examples(record: Op, arrays: Sequence[Any], mapped: Sequence[bool], statics: dict[str, Any]) -> Any:
    """The empty result for no examples: shape and dtype are those that an example of ones would have."""
    ones = [
        np.ones(each.shape[1:], each.dtype)[()] if differs else raw(each) for each, differs in zip(arrays, mapped, strict=True)
    ]
    out = record.call(*ones, **statics)
    empty: Callable[[Any], Any] = lambda each: np.zeros((0, *each.shape), each.dtype)
    return tuple(map(empty, out)) if record.multiple else empty(out)


def as_tensor(value: Any) -> Tensor:
    """A value, array or ``Batched``, as a plain tensor; a tensor as it is."""
    return value if is_tensor(value) else wrap(value)
