"""Making arrays: tensors from data, filled tensors, and arrays like others.

Functions that take no array make a ``Tensor``, which may ask for gradients (``requires_grad=True``) and carry a name.
Those that end in ``_like`` are ops: of a tensor they make a tensor, of an array an array.
"""

from typing import Any, Literal

import numpy as np

from autograd.batch_rules import padded
from autograd.gate import answer_for, function, op
from autograd.modes import thread
from autograd.ops.arguments import ARRAYS
from autograd.ops.casting import cast
from autograd.ops.reductions.reduction import sum_to
from autograd.record import Op, shape_of
from autograd.samples import integers, reals, sample
from autograd.tensors import Tensor, as_value, wrap

Device = Literal["cpu"] | None

# ---------------------------------------------------------------- from data


def tensor(data: Any, dtype: Any = None, *, requires_grad: bool = False, name: str | None = None) -> Tensor:
    """A tensor of a copy of ``data``.

    Args:
        data: an array, a number, nested lists of numbers, or a tensor.
        dtype: the dtype to convert to; by default NumPy's for ``data``.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.

    Shapes: that of ``data``.

    Raises:
        TypeError: for data that is not numeric, and for an integer or boolean tensor with ``requires_grad=True``.

    >>> ag.tensor([[1, 2], [3, 4]], dtype=float)
    Tensor([[1., 2.],
            [3., 4.]], dtype=float64)
    """
    return Tensor(data, dtype, requires_grad=requires_grad, name=name)


def asarray(
    data: Any,
    dtype: Any = None,
    *,
    requires_grad: bool = False,
    name: str | None = None,
    copy: bool | None = None,
    device: Device = None,
) -> Tensor:
    """A tensor that shares the memory of ``data`` where it can: a NumPy array that already has the dtype.

    A tensor comes back as it is, recorded ones included (cast, if another dtype is asked for); nested lists of tensors are
    stacked, and gradients flow to each. What is written into a shared
    array shows in the tensor and the other way round; of a read-only array it makes a tensor that cannot be written.

    Args:
        data: an array, a number, nested lists of numbers, or a tensor.
        dtype: the dtype to convert to; by default NumPy's for ``data``.
        requires_grad: whether gradients with respect to it are wanted; ``False`` leaves a tensor as it is.
        name: what pictures and messages call it; ``None`` leaves a tensor's as it is.
        copy: ``True`` always copies, ``False`` refuses to where it would have to, ``None`` copies where it has to.
        device: ``"cpu"`` or ``None``: tensors are in main memory.

    Shapes: that of ``data``.

    Raises:
        TypeError: for data that is not numeric, and for an integer or boolean tensor with ``requires_grad=True``.
        ValueError: for ``copy=False`` where a copy is needed, and for a device that is not ``"cpu"``.
        GradientError: for a ``name`` for a tensor that an op made.

    >>> a = np.zeros(3)
    >>> t = ag.asarray(a)
    >>> a[0] = 5.0
    >>> t
    Tensor([5., 0., 0.], dtype=float64)
    """
    check_device(device)
    if isinstance(data, list | tuple) and _holds_recorded(data):
        data = _stacked(data)
    if isinstance(data, Tensor):
        same = dtype is None or np.dtype(dtype) == data.dtype
        if copy is False and not same:
            raise ValueError(f"asarray(copy=False): a copy is needed to make {np.dtype(dtype)} of {data.dtype}")
        result = cast(data, data.dtype if dtype is None else dtype, copy=bool(copy))
    else:
        array = np.asarray(data, dtype=dtype, copy=copy)
        value = as_value(array)
        shared = isinstance(data, np.ndarray) and np.may_share_memory(array, data)
        result = wrap(array if shared else value)  # a NumPy scalar would not share the memory of an array without dimensions
    return _named(result, requires_grad, name)


def _holds_recorded(data: Any) -> bool:
    if isinstance(data, list | tuple):
        return any(map(_holds_recorded, data))
    return isinstance(data, Tensor) and (data.requires_grad or isinstance(data._value, Tensor))


def _stacked(data: Any) -> Any:
    """Nested lists that hold recorded tensors as one tensor, through which gradients flow to each."""
    return np.stack([_stacked(each) for each in data]) if isinstance(data, list | tuple) else asarray(data)


def check_device(device: Any) -> None:
    """Refuse a device other than main memory, as NumPy does."""
    if device not in (None, "cpu"):
        raise ValueError(f'expected the device "cpu" or None, as tensors are in main memory; received {device!r}')


def _named(result: Tensor, requires_grad: bool, name: str | None) -> Tensor:
    if name is not None:
        result.name = name
    if requires_grad and thread.mode.levels and not isinstance(result._value, Tensor):
        result = wrap(thread.mode.levels[-1].lifted(result._value))  # a variable of each example: Note [levels] in batched
    return result.requires_grad_() if requires_grad else result


def made(array: Any, requires_grad: bool, name: str | None) -> Tensor:
    """A tensor of a fresh array."""
    return _named(wrap(as_value(array) if requires_grad and not isinstance(array, Tensor) else array), requires_grad, name)


def from_dlpack(x: Any, /, *, device: Device = None, copy: bool | None = None) -> Tensor:
    """A tensor of another library's array, by the DLPack protocol; it shares the memory where it can.

    Args:
        x: what has ``__dlpack__`` and ``__dlpack_device__``: arrays of NumPy, PyTorch, JAX, CuPy and others.
        device: ``"cpu"`` or ``None``: tensors are in main memory.
        copy: ``True`` always copies, ``False`` refuses to where it would have to, ``None`` copies where it has to.

    Shapes: that of ``x``.

    Raises:
        ConversionError: for a recorded tensor, which it would cut out of the graph.
        BufferError: for memory of another device, and for ``copy=False`` where a copy is needed.

    Source: https://dmlc.github.io/dlpack/latest/python_spec.html

    >>> ag.from_dlpack(np.array([1.0, 2.0]))
    Tensor([1., 2.], dtype=float64)
    """
    array = np.from_dlpack(x, device=device, copy=copy)
    return asarray(array)


# ---------------------------------------------------------------- filled


@function(samples=[sample((2, 3)), sample(4, dtype=np.float32), sample(())])
def zeros(
    shape: Any, dtype: Any = float, *, requires_grad: bool = False, name: str | None = None, device: Device = None
) -> Tensor:
    """A tensor of zeros.

    Args:
        shape: a length, or a tuple of them.
        dtype: the dtype, float64 by default.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.
        device: ``"cpu"`` or ``None``: tensors are in main memory.

    Shapes: ``shape``.

    Raises:
        TypeError: for an integer or boolean dtype with ``requires_grad=True``.
        ValueError: for negative lengths.

    >>> ag.zeros((2, 2))
    Tensor([[0., 0.],
            [0., 0.]], dtype=float64)
    """
    return made(np.zeros(shape, dtype, device=device), requires_grad, name)


@function(samples=[sample((2, 3)), sample(4, dtype=np.float32), sample(())])
def ones(
    shape: Any, dtype: Any = float, *, requires_grad: bool = False, name: str | None = None, device: Device = None
) -> Tensor:
    """A tensor of ones; arguments as for ``zeros``.

    Shapes: ``shape``.

    Raises:
        TypeError: for an integer or boolean dtype with ``requires_grad=True``.
        ValueError: for negative lengths.

    >>> ag.ones(3, dtype=np.float32)
    Tensor([1., 1., 1.], dtype=float32)
    """
    return made(np.ones(shape, dtype, device=device), requires_grad, name)


@function(samples=[sample((0, 3)), sample(0, dtype=np.float32)])  # other values would differ from call to call
def empty(
    shape: Any, dtype: Any = float, *, requires_grad: bool = False, name: str | None = None, device: Device = None
) -> Tensor:
    """A tensor whose elements are not set; arguments as for ``zeros``.

    Shapes: ``shape``.

    Raises:
        TypeError: for an integer or boolean dtype with ``requires_grad=True``.
        ValueError: for negative lengths.

    >>> ag.empty((2, 3)).shape
    (2, 3)
    """
    return made(np.empty(shape, dtype, device=device), requires_grad, name)


@function(samples=[sample((2, 3), 1.5), sample(2, 7), sample((2, 3), [1.0, 2.0, 3.0])])
def full(
    shape: Any,
    fill_value: Any,
    dtype: Any = None,
    *,
    requires_grad: bool = False,
    name: str | None = None,
    device: Device = None,
) -> Tensor:
    """A tensor in which every element is ``fill_value``.

    Args:
        shape: a length, or a tuple of them.
        fill_value: a number, or an array that broadcasts to ``shape``.
        dtype: the dtype, that of ``fill_value`` by default.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.
        device: ``"cpu"`` or ``None``: tensors are in main memory.

    Shapes: ``shape``.

    Raises:
        ConversionError: for a recorded ``fill_value``, from which it would cut the result off; ``full_like`` takes one.
        TypeError: for an integer or boolean dtype with ``requires_grad=True``.
        ValueError: for negative lengths, or when ``fill_value`` does not broadcast.

    >>> ag.full((2,), 1.5)
    Tensor([1.5, 1.5], dtype=float64)
    """
    return made(np.full(shape, np.asarray(fill_value), dtype, device=device), requires_grad, name)


@function(samples=[sample(3), sample(2, 4, 1), sample(3, dtype=np.float32)])
def eye(
    N: int,
    M: int | None = None,
    k: int = 0,
    dtype: Any = float,
    *,
    requires_grad: bool = False,
    name: str | None = None,
    device: Device = None,
) -> Tensor:
    """A matrix with ones on a diagonal and zeros elsewhere.

    Args:
        N: the number of rows.
        M: the number of columns, ``N`` by default.
        k: which diagonal: 0 the main one, above it positive numbers, below it negative ones.
        dtype: the dtype, float64 by default.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.
        device: ``"cpu"`` or ``None``: tensors are in main memory.

    Shapes: ``(N, M)``.

    Raises:
        TypeError: for an integer or boolean dtype with ``requires_grad=True``.
        ValueError: for negative lengths.

    >>> ag.eye(2)
    Tensor([[1., 0.],
            [0., 1.]], dtype=float64)
    """
    return made(np.eye(N, M, k, dtype, device=device), requires_grad, name)


# ---------------------------------------------------------------- like another array

_LIKE = (
    sample(reals(3, 4)),
    sample(reals(3, 4), dtype=np.float32),
    sample(reals(3, 4), shape=(2,)),
    sample(integers(3), np.dtype(float)),
    sample(reals()),
)


def _statics(dtype: Any, shape: Any) -> dict[str, Any]:
    """``dtype`` and ``shape`` in the form that the ops below take."""
    if shape is not None:
        shape = tuple(map(int, shape)) if np.iterable(shape) else (int(shape),)
    return {"dtype": None if dtype is None else np.dtype(dtype), "shape": shape}


def _like_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """The batching rule of what follows: an array like the model, in a shape that says how many examples there are."""
    x, *values = arrays
    shape = statics["shape"]
    if shape is None:
        shape = x.shape[1:] if mapped[0] else shape_of(x)
    values = [padded(each, len(shape)) if is_mapped else each for each, is_mapped in zip(values, mapped[1:], strict=True)]
    return record.call(x, *values, **statics | {"shape": (level.size, *shape)})


@op(differentiable=False, name="zeros_like", public=False, samples=[sample(reals(3, 4), dtype=None, shape=None)])
def _zeros_like(x: Any, *, dtype: Any, shape: Any) -> Any:
    return as_value(np.zeros_like(x, dtype=dtype, shape=shape))


_zeros_like.batch(_like_examples)


@function(np.zeros_like, samples=_LIKE)
def zeros_like(x: Any, /, dtype: Any = None, *, shape: Any = None, device: Device = None) -> Any:
    """Zeros in the shape and dtype of ``x``; a plain tensor of a tensor, an array of an array.

    Args:
        x: the model.
        dtype: another dtype.
        shape: another shape.
        device: ``"cpu"`` or ``None``: tensors are in main memory.

    Shapes: that of ``x``, or ``shape``.

    >>> ag.zeros_like(np.array([1.0, 2.0]), shape=3)
    array([0., 0., 0.])
    """
    if not isinstance(x, Tensor):
        return np.zeros_like(x, dtype=dtype, shape=shape, device=device)
    check_device(device)
    return _zeros_like(x, **_statics(dtype, shape))


@op(differentiable=False, name="ones_like", public=False, samples=[sample(reals(3, 4), dtype=None, shape=None)])
def _ones_like(x: Any, *, dtype: Any, shape: Any) -> Any:
    return as_value(np.ones_like(x, dtype=dtype, shape=shape))


_ones_like.batch(_like_examples)


@function(np.ones_like, samples=_LIKE)
def ones_like(x: Any, /, dtype: Any = None, *, shape: Any = None, device: Device = None) -> Any:
    """Ones in the shape and dtype of ``x``; a plain tensor of a tensor, an array of an array.

    Args:
        x: the model.
        dtype: another dtype.
        shape: another shape.
        device: ``"cpu"`` or ``None``: tensors are in main memory.

    Shapes: that of ``x``, or ``shape``.

    >>> ag.ones_like(np.array([3.0, 4.0]), dtype=np.int64)
    array([1, 1])
    """
    if not isinstance(x, Tensor):
        return np.ones_like(x, dtype=dtype, shape=shape, device=device)
    check_device(device)
    return _ones_like(x, **_statics(dtype, shape))


_EMPTY = (sample(reals(0, 4)), sample(reals(3, 4), dtype=np.float32, shape=0))  # other values would differ from call to call


@op(differentiable=False, name="empty_like", public=False, samples=[sample(reals(3, 4), dtype=None, shape=(0,))])
def _empty_like(x: Any, *, dtype: Any, shape: Any) -> Any:
    return as_value(np.empty_like(x, dtype=dtype, shape=shape))


_empty_like.batch(_like_examples)


@function(samples=_EMPTY)
def empty_like(x: Any, /, dtype: Any = None, *, shape: Any = None, device: Device = None) -> Any:
    """An array in the shape and dtype of ``x`` whose elements are not set; a plain tensor of a tensor, an array of an array.

    Args:
        x: the model.
        dtype: another dtype.
        shape: another shape.
        device: ``"cpu"`` or ``None``: tensors are in main memory.

    Shapes: that of ``x``, or ``shape``.

    >>> ag.empty_like(np.array([1.0, 2.0]), shape=(4, 3)).shape
    (4, 3)
    """
    if not isinstance(x, Tensor):
        return np.empty_like(x, dtype=dtype, shape=shape, device=device)
    check_device(device)
    return _empty_like(x, **_statics(dtype, shape))


@op(
    name="full_like",
    public=False,
    samples=[
        sample(reals(3, 4), reals(), dtype=None, shape=None),
        sample(reals(2), reals(3, 1), dtype=None, shape=(3, 4)),
    ],
)
def _full_like(x: Any, value: Any, *, dtype: Any, shape: Any) -> Any:
    return as_value(np.full_like(x, value, dtype=dtype, shape=shape))


_full_like.vjp(x=None, value=lambda g, value_shape: sum_to(g, shape=value_shape))
_full_like.batch(_like_examples)


@function(
    np.full_like,
    samples=[
        sample(reals(3, 4), 1.5),
        sample(reals(3, 4), reals()),
        sample(reals(2), reals(3, 1), shape=(3, 4)),
        sample(integers(3), 2.5, np.dtype(float)),
        sample(reals(), 2),
    ],
)
def full_like(x: Any, /, fill_value: Any, dtype: Any = None, *, shape: Any = None, device: Device = None) -> Any:
    """``fill_value`` in every element, in the shape and dtype of ``x``; derivative 1 with respect to ``fill_value``.

    A plain tensor of a tensor (a recorded one of a recorded ``fill_value``), an array of an array.

    Args:
        x: the model.
        fill_value: a number, or what broadcasts to the result.
        dtype: another dtype.
        shape: another shape.
        device: ``"cpu"`` or ``None``: tensors are in main memory.

    Shapes: that of ``x``, or ``shape``.

    Raises:
        ValueError: when ``fill_value`` does not broadcast.

    >>> ag.full_like(np.array([1.0, 2.0]), 7)
    array([7., 7.])
    """
    if isinstance(fill_value, Tensor):
        wanted = (x if isinstance(x, ARRAYS) else np.asarray(x)).dtype if dtype is None else dtype
        fill_value = cast(fill_value, wanted, copy=False)  # to integers: the graph ends here, where the gradient is lost
    elif not isinstance(x, Tensor):
        return np.full_like(x, fill_value, dtype=dtype, shape=shape, device=device)
    check_device(device)
    return _full_like(x, fill_value, **_statics(dtype, shape))


answer_for(np.empty_like, empty_like)
