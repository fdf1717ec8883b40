"""``Tensor``: a NumPy array that knows how it was made.

A tensor is an array (``_value``), with a node of the graph (``_node``) where a gradient may be asked of it. Operators and NumPy
functions on tensors are ops, attached in ``operators`` and ``protocols``; this file has what is no op: making a
tensor, looking at it, taking it out of the graph, its gradient and its hooks.

Inside ``vmap`` the value is no array but a ``Batched`` (see ``batched``), which is a tensor too.

A value without dimensions is kept as a NumPy scalar, which NumPy computes with several times faster than with an
array of no dimensions.
"""

import sys
import warnings
import weakref
from collections.abc import Callable
from typing import Any, Self

import numpy as np

from autograd.errors import ConversionError, GradientError
from autograd.modes import thread
from autograd.node import Leaf, Node, notes_of
from autograd.spellings import NUMPY_SPELLING


class Tensor:
    """An n-dimensional array that records what is computed from it.

    Args:
        data: an array, a number, nested lists of numbers, or a tensor. It is copied.
        dtype: the dtype to convert to; by default NumPy's for ``data``.
        requires_grad: whether gradients with respect to this tensor are wanted. Only floating and complex tensors can.
        name: what pictures and messages call it.

    Raises:
        TypeError: for data that is not numeric, and for an integer or boolean tensor with ``requires_grad=True``.

    >>> import autograd as ag
    >>> x = ag.Tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> y = (x * x).sum()
    >>> y
    Tensor(14.0, dtype=float64, op=sum)
    >>> y.backward()
    >>> x.grad
    Tensor([2., 4., 6.], dtype=float64)
    """

    # _value, and not _data: numpy.ma takes an attribute of that name for the array, past every check.
    # _node: its place in the graph if it requires a gradient, else None. _constant: its leaf if it entered a graph
    # without requiring one. _grad: the accumulated gradient. _bond: what it shares memory with (see views.py).
    __slots__ = ("__weakref__", "_bond", "_constant", "_grad", "_node", "_value")

    __array_priority__ = 1000

    _value: Any
    _node: Node | None
    _grad: "Tensor | None"
    _constant: Leaf | None
    _bond: Any

    def __init__(self, data: Any, dtype: Any = None, *, requires_grad: bool = False, name: str | None = None) -> None:
        if isinstance(data, Tensor):
            data._refuse_conversion("a copy of it as a new leaf")
        levels = thread.mode.levels
        if isinstance(data, Tensor) and isinstance(data._value, Tensor):  # inside vmap, where values are not written: no copy
            self._value = data.detach().astype(data.dtype if dtype is None else dtype)._value
        else:
            self._value = as_value(data.numpy() if isinstance(data, Tensor) else data, dtype, copy=True)
            if requires_grad and levels:
                self._value = levels[-1].lifted(self._value)
        if not requires_grad and isinstance(self._value, np.generic):
            self._value = np.array(self._value)  # what is made by hand can be written, as in NumPy
        self._node = self._grad = self._constant = self._bond = None
        if name is not None:
            self._constant = Leaf(self.shape, self.dtype, name=name)
        if requires_grad:
            self.requires_grad_()

    # ---------------------------------------------------------------- what it holds

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its axes."""
        return self._value.shape

    @property
    def ndim(self) -> int:
        """The number of its axes."""
        return self._value.ndim

    @property
    def size(self) -> int:
        """The number of its elements."""
        return self._value.size

    @property
    def dtype(self) -> "np.dtype[Any]":
        """The type of its elements."""
        return self._value.dtype

    @property
    def nbytes(self) -> int:
        """The bytes that its elements take."""
        return self._value.nbytes

    @property
    def itemsize(self) -> int:
        """The bytes that one element takes."""
        return self._value.itemsize

    @property
    def device(self) -> str:
        """Where it is: ``"cpu"``, main memory."""
        return "cpu"

    def to_device(self, device: Any, /, *, stream: Any = None) -> Self:
        """The tensor itself, for the device ``"cpu"``.

        Raises:
            ValueError: for another device, and for a stream.
        """
        if device != "cpu" or stream is not None:
            raise ValueError(f'to_device: expected "cpu" and no stream, as tensors are in main memory; received {device!r}')
        return self

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """The namespace of the Python array API standard that tensors belong to: ``autograd`` itself.

        Raises:
            ValueError: for a version of the standard that it does not follow.
        """
        if api_version not in (None, "2021.12", "2022.12", "2023.12", "2024.12"):
            raise ValueError(f"expected a version of the array API standard up to 2024.12, received {api_version!r}")
        return sys.modules["autograd"]

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError("len() of a tensor without dimensions; it has one element, .item()")
        return len(self._value)

    def __getattr__(self, name: str) -> Any:  # asked only for what is missing
        if name in NUMPY_SPELLING:
            raise AttributeError(f"Tensor has no attribute {name!r}; write {NUMPY_SPELLING[name]}")
        raise AttributeError(f"Tensor has no attribute {name!r}")

    __hash__ = object.__hash__  # == compares elements, yet a tensor can be a dictionary's key: by identity

    # ---------------------------------------------------------------- its place in the graph

    @property
    def node(self) -> Node | None:
        """Its node in the graph; ``None`` if it requires no gradient."""
        return self._node

    @property
    def requires_grad(self) -> bool:
        """Whether a gradient with respect to it can be asked for."""
        return self._node is not None

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self.requires_grad_(value)

    @property
    def is_leaf(self) -> bool:
        """Whether it was made by the user and not by a recorded op."""
        return self._node is None or isinstance(self._node, Leaf)

    @property
    def name(self) -> str | None:
        """What pictures and messages call it; only a leaf has a name of its own."""
        leaf = self._constant if self._node is None else self._node
        return leaf.name if isinstance(leaf, Leaf) else None

    @name.setter
    def name(self, name: str | None) -> None:
        if not self.is_leaf:
            raise GradientError(f"only a leaf can be named; this tensor was made by {self._node!r}")
        leaf_of(self).name = name

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Ask (or stop asking) for gradients with respect to this tensor, in place; returns the tensor.

        Raises:
            TypeError: for an integer or boolean tensor.
            GradientError: with ``False``, for a tensor that an op made.
        """
        if not requires_grad:
            if not self.is_leaf:
                raise GradientError(
                    f"requires_grad_(False): expected a leaf, received the result of {self._node!r}; use .detach()"
                )
            if isinstance(self._node, Leaf):
                self._node.requires_grad = False
                self._constant, self._node = self._node, None
        elif self._node is None:
            if not np.issubdtype(self.dtype, np.inexact):
                raise TypeError(
                    f"requires_grad: expected a floating or complex tensor, received {self.dtype}; "
                    "a gradient needs a continuous variable: convert with .astype(float)"
                )
            leaf = self._constant or Leaf(self.shape, self.dtype)  # the same one again, as graphs may know it
            leaf.requires_grad = True
            leaf.tensor = weakref.ref(self)
            self._node, self._constant = leaf, None
        return self

    def detach(self) -> "Tensor":
        """The same values, sharing memory, outside the graph."""
        return wrap(self._value.cut() if isinstance(self._value, Tensor) else self._value)

    def retain_grad(self) -> Self:
        """Have ``backward`` leave the gradient of this intermediate result in ``.grad`` too; returns the tensor.

        Raises:
            GradientError: if it requires no gradient.
        """
        node = self._needs_node("retain_grad")
        if not isinstance(node, Leaf):
            notes_of(node).retained_by = weakref.ref(self)
        return self

    def register_hook(self, hook: "Callable[[Tensor], Tensor | None]") -> "HookHandle":
        """Call ``hook(gradient)`` whenever a gradient with respect to this tensor has been computed.

        What the hook returns, if it is not ``None``, takes the gradient's place. Hooks run in the order of registration,
        before the gradient is accumulated or passed on. The returned handle has ``remove()``.

        >>> import autograd as ag
        >>> x = ag.tensor([1.0, 2.0], requires_grad=True)
        >>> handle = x.register_hook(lambda gradient: gradient * 10)
        >>> x.sum().backward()
        >>> x.grad
        Tensor([10., 10.], dtype=float64)
        """
        hooks = notes_of(self._needs_node("register_hook")).hooks
        key = max(hooks, default=-1) + 1
        hooks[key] = hook
        return HookHandle(hooks, key)

    def _needs_node(self, what: str) -> Node:
        if self._node is None:
            raise GradientError(f"{what}: this tensor requires no gradient; call .requires_grad_() on a leaf first")
        return self._node

    # ---------------------------------------------------------------- its gradient

    @property
    def grad(self) -> "Tensor | None":
        """The gradient that ``backward`` accumulated, in this tensor's shape and dtype; ``None`` before the first.

        Only leaves receive one; for another tensor ``retain_grad()`` asks for it.
        """
        if self._grad is None and not self.is_leaf:
            node = self._needs_node("grad")
            if node.notes is None or node.notes.retained_by is None:
                warnings.warn(
                    f"this tensor was made by op {node.name!r}, and only leaves receive a .grad. For an update, write "
                    "`with ag.no_grad(): w -= step`, which keeps w a leaf; for this gradient, call .retain_grad() first",
                    stacklevel=2,
                )
        return self._grad

    @grad.setter
    def grad(self, value: "Tensor | None") -> None:
        if value is not None:
            if not isinstance(value, Tensor):
                raise TypeError(f".grad: expected a Tensor or None, received {type(value).__name__}; wrap it with ag.tensor")
            if value.shape != self.shape or value.dtype != self.dtype:
                raise ValueError(
                    f".grad: expected shape {self.shape} and dtype {self.dtype}, received {value.shape} and {value.dtype}"
                )
        self._grad = value

    # ---------------------------------------------------------------- taking values out

    def item(self) -> Any:
        """The value of a tensor of one element, as a Python number."""
        if self.size != 1:
            raise ValueError(f"item: expected a tensor of one element, received shape {self.shape}; use .tolist()")
        return self._value.item()

    def tolist(self) -> Any:
        """The values as nested lists of Python numbers."""
        return self._value.tolist()

    def numpy(self) -> "np.ndarray[Any, Any]":
        """The values as a NumPy array: it shares memory and is read-only. ``.numpy().copy()`` may be written."""
        view = np.asarray(self._value).view()
        view.flags.writeable = False
        return view

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> "np.ndarray[Any, Any]":
        self._refuse_conversion("an implicit conversion to a NumPy array")
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """The memory, as other libraries read it by the DLPack protocol; what they write there leaves no trace here."""
        self._refuse_conversion("an export by DLPack")
        array = np.asarray(self._value)
        return array.__dlpack__(stream=stream, max_version=max_version, dl_device=dl_device, copy=copy)

    def __dlpack_device__(self) -> tuple[int, int]:
        return np.asarray(self._value).__dlpack_device__()

    def __float__(self) -> float:
        return float(self._one_element("float"))

    def __int__(self) -> int:
        return int(self._one_element("int"))

    def __complex__(self) -> complex:
        return complex(self._one_element("complex"))

    def __index__(self) -> int:
        if not (self.ndim == 0 and np.issubdtype(self.dtype, np.integer)):
            raise TypeError(f"only an integer tensor without dimensions is an index; received {self.dtype} {self.shape}")
        return int(self._value)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError(
                f"bool: the truth of a tensor of {self.size} elements is ambiguous; received shape {self.shape}; "
                "use .any() or .all(), and ag.where to choose between elements"
            )
        return bool(self._value)

    def _one_element(self, what: str) -> Any:
        self._refuse_conversion(f"{what}()")
        if isinstance(self._value, Tensor):
            self._value.taken_out(f"{what}()")  # type: ignore[attr-defined]
        if self.size != 1:
            raise TypeError(f"{what}(): expected a tensor of one element, received shape {self.shape}; use .tolist()")
        return self._value.item()

    def _refuse_conversion(self, what: str) -> None:
        if self._node is not None and thread.mode.grad:
            raise ConversionError(
                f"{what} would silently cut a recorded tensor out of the graph (shape {self.shape}, {_origin(self)}). "
                "Say which value is meant: .item() for a Python number, .numpy() for a read-only array, .detach() for a "
                "tensor outside the graph. To collect tensors into one, use ag.stack, or ag.asarray for nested lists; to write "
                "one into an array, make the array a tensor (ag.zeros); for math.exp and its like, use np.exp or ag.exp."
            )

    # ---------------------------------------------------------------- printing

    def __repr__(self) -> str:
        if isinstance(self._value, Tensor):
            return self._value.shown("" if self._node is None else f", {_origin(self)}")
        values = np.array2string(np.asarray(self._value), separator=", ", prefix="Tensor(") if self.ndim else str(self._value)
        parts = [values, *([f"shape={self.shape}"] if self.size == 0 else []), f"dtype={self.dtype}"]
        if self._node is not None:
            parts.append(_origin(self))
        if self.name is not None:
            parts.append(f"name={self.name!r}")
        return f"Tensor({', '.join(parts)})"

    def __str__(self) -> str:
        return repr(self)

    def __format__(self, specification: str) -> str:
        if not specification:
            return str(self)
        if self.size != 1:
            raise TypeError(
                f"format {specification!r}: expected a tensor of one element, received shape {self.shape}; "
                "format .numpy() or single elements"
            )
        return format(self._value.item(), specification)

    # ---------------------------------------------------------------- copying and pickling

    def __copy__(self) -> "Tensor":
        return self.copy()  # type: ignore[attr-defined, no-any-return]

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copy = self._rebuild(self._must_be_leaf("deepcopy"), self.requires_grad, self.name)
        memo[id(self)] = copy
        if self._grad is not None:
            copy._grad = wrap(as_value(self._grad._value, copy=True))
        return copy

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self)._rebuild, (self._must_be_leaf("pickle"), self.requires_grad, self.name)

    @classmethod
    def _rebuild(cls, data: Any, requires_grad: bool, name: str | None) -> Self:
        tensor = cls.__new__(cls)
        Tensor.__init__(tensor, data, requires_grad=requires_grad, name=name)
        return tensor

    def _must_be_leaf(self, what: str) -> Any:
        if not self.is_leaf:
            raise GradientError(
                f"{what}: expected a leaf, received the result of {self._node!r}, whose graph cannot be copied; "
                "use .detach() for the values"
            )
        return self._value


class HookHandle:
    """What ``register_hook`` returns: ``remove()`` takes the hook away again; a second call does nothing."""

    def __init__(self, hooks: dict[int, Any], key: int) -> None:
        self._hooks = hooks
        self._key = key

    def remove(self) -> None:
        """Take the hook away."""
        self._hooks.pop(self._key, None)


def as_value(data: Any, dtype: Any = None, copy: bool | None = None) -> Any:
    """Data as a tensor keeps it: numeric, an array of NumPy's own class, and a NumPy scalar where it has no dimensions.

    Raises:
        TypeError: for what is not numeric.
        ConversionError: for masked arrays, whose mask would be lost, and for np.matrix, whose products would be others.
    """
    if type(data).__module__.startswith("numpy.ma"):
        raise ConversionError(
            "expected an array without a mask, received a masked one; say what counts in its place, with .filled(value)"
        )
    if isinstance(data, np.matrix):
        raise ConversionError("expected an array, received np.matrix, whose * is another one; pass np.asarray(m), and write @")
    array = np.array(data, dtype=dtype, copy=copy)
    if array.dtype.kind not in "biufc":
        raise TypeError(
            f"expected numbers (boolean, integer, floating or complex), received dtype {array.dtype}; "
            "convert it, or check for ragged lists and None"
        )
    return array if array.ndim else array[()]


def wrap(value: Any, node: Node | None = None) -> Tensor:
    """A tensor around ``value``, which is shared and not checked."""
    tensor = Tensor.__new__(Tensor)
    tensor._value = value
    tensor._node = node
    tensor._grad = tensor._constant = tensor._bond = None
    return tensor


def leaf_of(tensor: Tensor) -> Node:
    """The tensor's node; a leaf is made for one that requires no gradient."""
    if tensor._node is not None:
        return tensor._node
    if tensor._constant is None:
        tensor._constant = Leaf(tensor.shape, tensor.dtype)
    return tensor._constant


def _origin(tensor: Tensor) -> str:
    node = tensor._node
    return "requires_grad=True" if node is None or isinstance(node, Leaf) else f"op={node.name}"
