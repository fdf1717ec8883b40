"""Writing into tensors: ``t[index] = value`` and ``t += value``.

Three cases, told apart by ``goes_to_memory``; a view counts as what it is a view of:

- a tensor that an op recorded is bound to a new node, whose value is the old one with the write applied. The old value
  lives on in whatever used it, and gradients flow through the write to target and value alike. What shares its memory, the
  tensor that it is a view of and the views of both, follows (``_rebind``), as in NumPy;
- a leaf that requires a gradient is refused while recording, since its gradient would be one with respect to a value that is
  gone; inside ``no_grad`` it is written in memory (an optimizer's update);
- a plain tensor is written in memory, as NumPy does, unless what is written is recorded: then it becomes recorded.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.batched import Batched
from autograd.errors import WriteError
from autograd.modes import thread
from autograd.node import Leaf
from autograd.ops.arrays.indexing import ARRAY, joined_index, set_at, split_index
from autograd.ops.arrays.shaping import reshape
from autograd.ops.casting import cast, imag, real
from autograd.ops.elementwise.complex_parts import from_parts
from autograd.tensors import Tensor
from autograd.views import bases, overlap, views
from autograd.writes import stamp


def setitem(tensor: Tensor, index: Any, value: Any) -> None:
    """``tensor[index] = value``.

    Raises:
        WriteError: for a leaf while recording, and for a recorded tensor inside ``no_grad``.
        ValueError: when the value does not broadcast to the place it is written to.

    >>> x = ag.tensor([1.0, 2.0], requires_grad=True)
    >>> y = x * 1
    >>> y[0] = 5.0
    >>> y.sum().backward()
    >>> x.grad
    Tensor([0., 1.], dtype=float64)
    """
    layout, arrays = split_index(index)
    differing = next((each for each in arrays if isinstance(each, Tensor) and isinstance(each._value, Batched)), value)
    if goes_to_memory(tensor, differing, "t[index] = value"):
        plain = value._value if isinstance(value, Tensor) else value
        index = joined_index(layout, [each._value if isinstance(each, Tensor) else each for each in arrays])
        memory = writable(tensor)
        memory[index] = plain
        settle(tensor, memory, memory if arrays else _region(memory, index))
        return
    if isinstance(value, Tensor) and value.dtype != tensor.dtype:
        if value.requires_grad and tensor.dtype.kind not in "fc":
            raise TypeError(
                f"t[index] = value: the value is recorded ({value.dtype}), and in this {tensor.dtype} tensor its gradient "
                "would be lost; make the tensor floating first, with t = t.astype(float), or write value.detach()"
            )
        value = cast(value, tensor.dtype)
    written = tensor._value
    if tensor._bond is not None and not arrays:
        written = _region(written, joined_index(layout, ()))
    _rebind(tensor, set_at(tensor, value, *arrays, layout=layout), written)


def in_place(operation: Any) -> Callable[[Tensor, Any], Tensor]:
    """The in-place form of an elementwise op: ``t += value`` from ``add``."""
    symbol = f"an in-place {operation.op.name}"

    def update(tensor: Tensor, value: Any) -> Tensor:
        if _is_number(tensor):
            return operation(tensor, value)
        if goes_to_memory(tensor, value, symbol):
            plain = value._value if isinstance(value, Tensor) else value
            memory = writable(tensor)
            operation.op.numpy(memory, plain, out=memory)
            settle(tensor, memory, memory)
            return tensor
        result = operation(tensor, value)
        if result.shape != tensor.shape:
            raise ValueError(f"{symbol}: expected a result of shape {tensor.shape}, received {result.shape}; it cannot grow")
        if result.dtype != tensor.dtype:
            if not np.can_cast(result.dtype, tensor.dtype, "same_kind"):
                raise TypeError(f"{symbol}: a {result.dtype} result does not fit into a {tensor.dtype} tensor; use t = t + v")
            result = cast(result, tensor.dtype)
        _rebind(tensor, result, tensor._value)
        return tensor

    return update


def _is_number(tensor: Tensor) -> bool:
    """Whether this is what a NumPy scalar is, the result of a sum or of ``t[0]``: ``s += v`` makes another one of it.

    A leaf keeps its identity: parameters without dimensions are updated in place, and so is what a user made.
    """
    return isinstance(tensor._value, np.generic) and not isinstance(tensor._node, Leaf) and type(tensor) is Tensor


def writable(tensor: Tensor) -> "np.ndarray[Any, Any]":
    """The memory that a write of ``tensor`` in memory goes to; ``settle`` has to follow.

    NumPy scalars cannot be written, so for one it is a copy, which nobody else shares.
    """
    return tensor._value if isinstance(tensor._value, np.ndarray) else np.array(tensor._value)


def settle(tensor: Tensor, memory: "np.ndarray[Any, Any]", written: "np.ndarray[Any, Any]") -> None:
    """Have ``tensor`` hold what was written into ``memory``, and note which part of it was."""
    if memory is tensor._value:
        stamp(written)
    else:
        tensor._value = memory[()]


def goes_to_memory(tensor: Tensor, value: Any, what: str) -> bool:
    """Whether a write of ``value`` into ``tensor`` changes its memory; ``False``: it is recorded and gives a new value.

    Raises:
        WriteError: where neither may be. ``what`` is what the message calls the write.
    """
    recording = thread.mode.grad
    chain = list(bases(tensor))
    for each in (*chain, *(views(chain[-1:]) if recording else ())):
        node = each._node
        if node is None:
            continue
        described = f"shape {each.shape}{f', name {each.name!r}' if each.name else ''}"
        if each is not tensor:
            described += (
                ", of which a view is written to"
                if any(each is base for base in chain)
                else ", which shares the memory that is written to"
            )
        if recording and isinstance(node, Leaf):
            raise WriteError(
                f"{what}: this tensor ({described}) is a leaf that requires a gradient; writing to it would falsify gradients. "
                "For an update write `with ag.no_grad():` around it; for a new value in the graph compute on t.copy()"
            )
        if not recording and not isinstance(node, Leaf):
            raise WriteError(
                f"{what}: this tensor ({described}) was recorded by op {node.name!r}; a write inside no_grad would change its "
                "value behind the graph's back. Write outside no_grad, or into t.detach().copy()"
            )
    if recording and any(each._bond is not None and each._bond.cut for each in chain):
        raise WriteError(
            f"{what}: this tensor (shape {tensor.shape}) is a view that was made inside no_grad, of a recorded tensor; a write "
            "through it would cut what it writes to out of the graph. Make the view outside no_grad, or write into its .copy()"
        )
    if any(each._node is not None for each in chain):
        return not recording and not isinstance(tensor._value, Batched)
    if isinstance(tensor._value, Batched) or (isinstance(value, Tensor) and isinstance(value._value, Batched)):
        return False  # inside vmap a write gives a new value
    return not (recording and isinstance(value, Tensor) and value._node is not None)


def _region(array: "np.ndarray[Any, Any]", index: tuple[Any, ...]) -> "np.ndarray[Any, Any]":
    """The part of an array that a basic index names, as a view even where it is one element."""
    return array[index if Ellipsis in index else (*index, Ellipsis)]


def _rebind(tensor: Tensor, result: Tensor, written: Any) -> None:
    """Give ``tensor`` the value ``result``, put it into the tensor that it is a view of, and have the views of both follow.

    ``written`` is the part of the old memory that the write went to. A view that overlaps it is recorded anew; of any other the
    elements are what they were, so it keeps its node and only moves to the new memory.
    """
    if tensor._bond is None:
        _take(tensor, result)
        return
    if tensor._bond.base is not None and not isinstance(tensor._value, Batched) and not tensor._value.flags.writeable:
        raise ValueError(
            f"assignment destination is read-only, as NumPy makes the views of {tensor._bond.op.name!r}; write into a .copy()"
        )
    for base in bases(tensor):
        root = base
        bond = base._bond
        if bond is None or bond.base is None:
            break
        if base.dtype != bond.base.dtype:  # the real or the imaginary part of a complex tensor
            whole = bond.base
            result = from_parts(result, imag(whole)) if bond.op.name == "real" else from_parts(real(whole), result)
            continue
        if bond.base.ndim == 0:
            result = reshape(result, ())
            continue
        # An index, and no reshaping, since it keeps the base's order in memory, on which later views depend.
        where = np.unravel_index(bond.positions(), bond.base.shape)
        result = set_at(bond.base, result, *where, layout=(ARRAY,) * len(where))
    following = [(view, overlap(view, written)) for view in views([root])]
    _take(root, result)
    for view, overlaps in following:
        if overlaps and not view._bond.cut:
            _take(view, view._bond.made_anew())
        else:
            view._value = view._bond.value_anew()


def _take(tensor: Tensor, result: Tensor) -> None:
    before = tensor._node
    tensor._value = result._value
    if isinstance(before, Leaf) and not thread.mode.grad:
        return  # an update of a variable inside vmap: it stays the leaf that it is
    tensor._node = result._node
    tensor._constant = None
    if before is not None and before.notes is not None and before.notes.retained_by is not None:
        tensor.retain_grad()
