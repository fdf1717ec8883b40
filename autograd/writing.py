"""NumPy's functions that write into their first argument: ``put``, ``place``, ``putmask``, ``put_along_axis``, ``copyto`` and
``fill_diagonal``.

On a tensor they are writes like ``t[index] = value`` (see ``assignment``), differentiable in the target and in the value, with
the same rules for leaves, views and ``no_grad``. On an array they are NumPy's own.

Note [numbers in place of values]: each of these functions has rules of its own about what goes where, which indices wrap,
which values are repeated, which of two values counts. NumPy itself is asked: the function writes, in place of the values, their
numbers into an array of -1. Where it holds a number afterwards is what was written, and the number says which value it was.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.assignment import goes_to_memory, setitem, settle, writable
from autograd.batched import example_of
from autograd.errors import ConversionError
from autograd.gate import answer_for
from autograd.modes import thread
from autograd.ops.arguments import as_array
from autograd.ops.arrays.indexing import getitem
from autograd.ops.arrays.shaping import ravel, reshape
from autograd.tensors import Tensor


def put(x: Any, ind: Any, v: Any, /, mode: Any = "raise") -> None:
    """``x.flat[ind] = v``: the values go to the elements at the given places of ``x`` flattened.

    The gradient of ``v`` is that of the elements which it was written to; what was overwritten has none.

    Args:
        x: the tensor, or array, that is written to.
        ind: integers.
        v: the values; they are repeated, or cut off, to the number of places.
        mode: for an index out of range, ``"raise"``, ``"wrap"`` around or ``"clip"`` to the nearest, negative ones to 0.

    Shapes: any, any, any -> nothing.

    Raises:
        IndexError: for an index out of range.
        ValueError: for another mode.
        WriteError: for a leaf that requires a gradient.
        ConversionError: for recorded values and a NumPy array that would cut them out of the graph.

    >>> x = ag.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> y = x * 10
    >>> ag.put(y, [0, 2], x[1])
    >>> y.sum().backward()
    >>> y, x.grad
    (Tensor([ 2., 20.,  2.], dtype=float64, op=set_at), Tensor([ 0., 12.,  0.], dtype=float64))
    """
    ind = _plain(ind)
    _write(np.put, x, v, lambda array, values: np.put(array, ind, values, mode))


answer_for(np.put, put)


def place(x: Any, mask: Any, vals: Any, /) -> None:
    """``x[mask] = vals``, with the values repeated or cut off to the number of elements that are written to.

    The gradient of ``vals`` is that of the elements which it was written to; what was overwritten has none.

    Args:
        x: the tensor, or array, that is written to.
        mask: truth values, as many as ``x`` has elements.
        vals: the values: the first goes to the first element where the mask is true, and so on.

    Shapes: any, of the same size, any -> nothing.

    Raises:
        ValueError: for a mask of another size, and for no values.
        WriteError: for a leaf that requires a gradient.
        ConversionError: for recorded values and a NumPy array that would cut them out of the graph.

    >>> x = ag.tensor([1.0, 2.0, 3.0])
    >>> ag.place(x, x > 1, [10.0, 20.0])
    >>> x
    Tensor([ 1., 10., 20.], dtype=float64)
    """
    mask = _plain(mask)
    _write(np.place, x, vals, lambda array, values: np.place(array, mask, values))


answer_for(np.place, place)


def putmask(x: Any, mask: Any, values: Any, /) -> None:
    """``x[i] = values[i]`` where the mask is true, for the elements in order; too few values are repeated.

    The gradient of ``values`` is that of the elements which it was written to; what was overwritten has none.

    Args:
        x: the tensor, or array, that is written to.
        mask: truth values, as many as ``x`` has elements.
        values: the values, one for each element of ``x``, whether it is written to or not.

    Shapes: any, of the same size, any -> nothing.

    Raises:
        ValueError: for a mask of another size.
        WriteError: for a leaf that requires a gradient.
        ConversionError: for recorded values and a NumPy array that would cut them out of the graph.

    >>> x = ag.tensor([1.0, 2.0, 3.0])
    >>> ag.putmask(x, x > 1, [10.0, 20.0, 30.0])
    >>> x
    Tensor([ 1., 20., 30.], dtype=float64)
    """
    mask = _plain(mask)
    _write(np.putmask, x, values, lambda array, each: np.putmask(array, mask, each))


answer_for(np.putmask, putmask)


def put_along_axis(x: Any, indices: Any, values: Any, /, axis: int | None) -> None:
    """The values go to the element at ``indices`` in each slice along ``axis``: what ``take_along_axis`` reads.

    The gradient of ``values`` is that of the elements which it was written to; what was overwritten has none.

    Args:
        x: the tensor, or array, that is written to.
        indices: integers, with as many axes as ``x``.
        values: the values; they broadcast against the indices.
        axis: the axis along which ``indices`` count; with ``None`` they count in ``x`` flattened.

    Shapes: any, as many axes, any that broadcasts to what is written to -> nothing.

    Raises:
        IndexError: for indices that are no integers or out of range.
        ValueError: for another number of axes, and values that do not broadcast.
        WriteError: for a leaf that requires a gradient.
        ConversionError: for recorded values and a NumPy array that would cut them out of the graph.

    >>> x = ag.tensor([[1.0, 3.0], [4.0, 2.0]])
    >>> ag.put_along_axis(x, np.argmax(x, axis=1, keepdims=True), 0.0, axis=1)
    >>> x
    Tensor([[1., 0.],
            [0., 2.]], dtype=float64)
    """
    indices = np.asarray(_plain(indices))

    def write(array: Any, each: Any) -> None:
        if axis is not None or array.flags.c_contiguous:
            np.put_along_axis(array, indices, each, axis)
        else:  # NumPy makes a flattened copy, and finds it read-only
            flat = array.ravel()
            np.put_along_axis(flat, indices, each, None)
            array[...] = flat.reshape(array.shape)

    _write(np.put_along_axis, x, values, write)


answer_for(np.put_along_axis, put_along_axis)


def copyto(x: Any, src: Any, /, casting: Any = "same_kind", where: Any = True) -> None:
    """``x[...] = src``, and with ``where`` only at the elements where it is true.

    The gradient of ``src`` is that of the elements which it was written to; what was overwritten has none.

    Args:
        x: the tensor, or array, that is written to.
        src: what is written.
        casting: which casts to the dtype of ``x`` are allowed, as in ``concatenate``.
        where: truth values.

    Shapes: any, any two that broadcast to it -> nothing.

    Raises:
        ValueError: for shapes that do not broadcast to that of ``x``.
        TypeError: for a cast that is not allowed.
        WriteError: for a leaf that requires a gradient.
        ConversionError: for recorded values and a NumPy array that would cut them out of the graph.

    >>> x = ag.tensor([1.0, 2.0, 3.0])
    >>> ag.copyto(x, -x, where=x > 1)
    >>> x
    Tensor([ 1., -2., -3.], dtype=float64)
    """
    where = _plain(where)
    if isinstance(x, Tensor):
        plain = _plain(src)
        example = plain if np.ndim(plain) == 0 else np.empty(0, np.asarray(plain).dtype)
        np.copyto(np.empty(np.shape(example), x.dtype), example, casting=casting)  # raises where the cast is not allowed
    _write(np.copyto, x, src, lambda array, values: np.copyto(array, values, casting=casting, where=where))


answer_for(np.copyto, copyto)


def fill_diagonal(x: Any, val: Any, /, wrap: bool = False) -> None:
    """The values go to the main diagonal, to the elements ``x[i, i, ..., i]``.

    The gradient of ``val`` is that of the elements which it was written to; what was overwritten has none.

    Args:
        x: the tensor, or array, that is written to, with at least two axes, and of equal lengths if there are more.
        val: the values, in their order; they are repeated, or cut off, to the length of the diagonal.
        wrap: whether in a matrix with more rows than columns the diagonal starts anew, one row below where it ended.

    Shapes: ``(m, n)`` or ``(n, ..., n)``, any -> nothing.

    Raises:
        ValueError: for fewer than two axes, and for more of different lengths.
        WriteError: for a leaf that requires a gradient.
        ConversionError: for recorded values and a NumPy array that would cut them out of the graph.

    >>> x = ag.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> ag.fill_diagonal(x, 0.0)
    >>> x
    Tensor([[0., 2.],
            [3., 0.]], dtype=float64)
    """
    _write(np.fill_diagonal, x, val, lambda array, values: np.fill_diagonal(array, values, wrap))


answer_for(np.fill_diagonal, fill_diagonal)


# ---------------------------------------------------------------- the write itself


def _plain(x: Any) -> Any:
    """A tensor as an array; one inside ``vmap`` as that of the first example, which says what fits."""
    return example_of(x) if isinstance(x, Tensor) else x


def _write(numpy: Callable[..., Any], target: Any, values: Any, write: Callable[[Any, Any], None]) -> None:
    """Have ``write(array, values)`` write into a target, as the function ``numpy`` does."""
    name = f"np.{numpy.__name__}"
    if not isinstance(target, Tensor):
        if isinstance(values, Tensor) and values.requires_grad and thread.mode.grad:
            raise ConversionError(
                f"{name}: writing a recorded tensor into a NumPy array (as arr += t does) would silently cut it out of the "
                "graph. Make the target a tensor (ag.zeros, ag.asarray), or write a value: t.item(), t.numpy(), t.detach()"
            )
        write(target, _plain(values))
        return
    try:
        if goes_to_memory(target, values, name):
            memory = writable(target)
            write(memory, _plain(values))
            settle(target, memory, memory)
            return
        values = as_array(values)
        write(np.array(_plain(target)), _plain(values))  # NumPy refuses what does not fit
        numbers = np.full(target.shape, -1)  # see Note [numbers in place of values]
        write(numbers, np.arange(values.size).reshape(values.shape))
    except (TypeError, ValueError, IndexError) as error:
        error.add_note(f"raised by {name} on a tensor of shape {target.shape} and dtype {target.dtype}")
        raise
    mask = numbers >= 0
    if not mask.any():
        return
    setitem(target, mask, reshape(values, ()) if values.size == 1 else getitem(ravel(values), numbers[mask]))
