"""Making arrays: tensors from data, filled tensors, and arrays like others.

Functions that take no array make a ``Tensor``, which may ask for gradients (``requires_grad=True``) and carry a name.
Those that end in ``_like`` are ops: of a tensor they make a tensor, of an array an array.
"""

from typing import Any

import numpy as np

from autograd.gate import answer_for, function, op
from autograd.ops.arguments import ARRAYS
from autograd.ops.casting import cast
from autograd.ops.reduction import sum_to
from autograd.samples import integers, reals, sample
from autograd.tensors import Tensor, as_value, wrap

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


def asarray(data: Any, dtype: Any = None, *, requires_grad: bool = False, name: str | None = None) -> Tensor:
    """A tensor that shares the memory of ``data`` where it can: a NumPy array that already has the dtype.

    A tensor comes back as it is, recorded ones included (cast, if another dtype is asked for). What is written into a shared
    array shows in the tensor and the other way round; of a read-only array it makes a tensor that cannot be written.

    Args:
        data: an array, a number, nested lists of numbers, or a tensor.
        dtype: the dtype to convert to; by default NumPy's for ``data``.
        requires_grad: whether gradients with respect to it are wanted; ``False`` leaves a tensor as it is.
        name: what pictures and messages call it; ``None`` leaves a tensor's as it is.

    Shapes: that of ``data``.

    Raises:
        TypeError: for data that is not numeric, and for an integer or boolean tensor with ``requires_grad=True``.
        GradientError: for a ``name`` for a tensor that an op made.

    >>> a = np.zeros(3)
    >>> t = ag.asarray(a)
    >>> a[0] = 5.0
    >>> t
    Tensor([5., 0., 0.], dtype=float64)
    """
    if isinstance(data, Tensor):
        result = data if dtype is None else cast(data, dtype, copy=False)
    else:
        array = np.asarray(data, dtype=dtype)
        value = as_value(array)
        shared = isinstance(data, np.ndarray) and np.may_share_memory(array, data)
        result = wrap(array if shared else value)  # a NumPy scalar would not share the memory of an array without dimensions
    return _named(result, requires_grad, name)


def _named(result: Tensor, requires_grad: bool, name: str | None) -> Tensor:
    if name is not None:
        result.name = name
    return result.requires_grad_() if requires_grad else result


def _made(array: Any, requires_grad: bool, name: str | None) -> Tensor:
    return _named(wrap(as_value(array)), requires_grad, name)


# ---------------------------------------------------------------- filled


@function(samples=[sample((2, 3)), sample(4, dtype=np.float32), sample(())])
def zeros(shape: Any, dtype: Any = float, *, requires_grad: bool = False, name: str | None = None) -> Tensor:
    """A tensor of zeros.

    Args:
        shape: a length, or a tuple of them.
        dtype: the dtype, float64 by default.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.

    Shapes: ``shape``.

    Raises:
        TypeError: for an integer or boolean dtype with ``requires_grad=True``.
        ValueError: for negative lengths.

    >>> ag.zeros((2, 2))
    Tensor([[0., 0.],
            [0., 0.]], dtype=float64)
    """
    return _made(np.zeros(shape, dtype), requires_grad, name)


@function(samples=[sample((2, 3)), sample(4, dtype=np.float32), sample(())])
def ones(shape: Any, dtype: Any = float, *, requires_grad: bool = False, name: str | None = None) -> Tensor:
    """A tensor of ones; arguments as for ``zeros``.

    Shapes: ``shape``.

    Raises:
        TypeError: for an integer or boolean dtype with ``requires_grad=True``.
        ValueError: for negative lengths.

    >>> ag.ones(3, dtype=np.float32)
    Tensor([1., 1., 1.], dtype=float32)
    """
    return _made(np.ones(shape, dtype), requires_grad, name)


@function(samples=[sample((2, 3), 1.5), sample(2, 7), sample((2, 3), [1.0, 2.0, 3.0])])
def full(shape: Any, fill_value: Any, dtype: Any = None, *, requires_grad: bool = False, name: str | None = None) -> Tensor:
    """A tensor in which every element is ``fill_value``.

    Args:
        shape: a length, or a tuple of them.
        fill_value: a number, or an array that broadcasts to ``shape``.
        dtype: the dtype, that of ``fill_value`` by default.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.

    Shapes: ``shape``.

    Raises:
        ConversionError: for a recorded ``fill_value``, from which it would cut the result off; ``full_like`` takes one.
        TypeError: for an integer or boolean dtype with ``requires_grad=True``.
        ValueError: for negative lengths, or when ``fill_value`` does not broadcast.

    >>> ag.full((2,), 1.5)
    Tensor([1.5, 1.5], dtype=float64)
    """
    return _made(np.full(shape, np.asarray(fill_value), dtype), requires_grad, name)


@function(samples=[sample(3), sample(2, 4, 1), sample(3, dtype=np.float32)])
def eye(
    N: int, M: int | None = None, k: int = 0, dtype: Any = float, *, requires_grad: bool = False, name: str | None = None
) -> Tensor:
    """A matrix with ones on a diagonal and zeros elsewhere.

    Args:
        N: the number of rows.
        M: the number of columns, ``N`` by default.
        k: which diagonal: 0 the main one, above it positive numbers, below it negative ones.
        dtype: the dtype, float64 by default.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.

    Shapes: ``(N, M)``.

    Raises:
        TypeError: for an integer or boolean dtype with ``requires_grad=True``.
        ValueError: for negative lengths.

    >>> ag.eye(2)
    Tensor([[1., 0.],
            [0., 1.]], dtype=float64)
    """
    return _made(np.eye(N, M, k, dtype), requires_grad, name)


# ---------------------------------------------------------------- ranges


@function(samples=[sample(5), sample(1, 2, 0.25), sample(5, 0, -2), sample(3, dtype=np.float32)])
def arange(
    start: Any,
    stop: Any = None,
    step: Any = None,
    dtype: Any = None,
    *,
    requires_grad: bool = False,
    name: str | None = None,
) -> Tensor:
    """The numbers ``start, start + step, ...`` before ``stop``; with one argument, from 0 up to it.

    Args:
        start: the first number; alone, the end.
        stop: the end, not included.
        step: the distance between two numbers, 1 by default.
        dtype: the dtype, by default that of the arguments: integers for integers.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.

    Shapes: ``(ceil((stop - start) / step),)``.

    Raises:
        TypeError: for integers with ``requires_grad=True``; give ``dtype=float``.
        ZeroDivisionError: for ``step`` 0.

    >>> ag.arange(0.0, 1.0, 0.25)
    Tensor([0.  , 0.25, 0.5 , 0.75], dtype=float64)
    """
    return _made(np.arange(start, stop, step, dtype=dtype), requires_grad, name)


@function(
    samples=[
        sample(0.0, 1.0),
        sample(-1, 2, 5),
        sample(0.0, 1.0, 4, endpoint=False),
        sample([0.0, 1.0], 3.0, 4, axis=-1),
        sample(0, 1, 3, dtype=np.float32),
    ],
)
def linspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    *,
    dtype: Any = None,
    axis: int = 0,
    requires_grad: bool = False,
    name: str | None = None,
) -> Tensor:
    """``num`` numbers at equal distances from ``start`` to ``stop``.

    Args:
        start: the first number, or an array of them.
        stop: the last number, or an array of them.
        num: how many.
        endpoint: whether ``stop`` is one of them.
        dtype: the dtype, float64 by default.
        axis: the new axis, for arrays ``start`` and ``stop``.
        requires_grad: whether gradients with respect to it are wanted.
        name: what pictures and messages call it.

    Shapes: ``(num,)``, for arrays the broadcast of ``start`` and ``stop`` with ``num`` inserted at ``axis``.

    Raises:
        ConversionError: for recorded limits, from which it would cut the result off.
        ValueError: for a negative ``num``.

    >>> ag.linspace(0.0, 1.0, 5)
    Tensor([0.  , 0.25, 0.5 , 0.75, 1.  ], dtype=float64)
    """
    start, stop = np.asarray(start), np.asarray(stop)
    return _made(np.linspace(start, stop, num, endpoint, dtype=dtype, axis=axis), requires_grad, name)


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


@op(differentiable=False, name="zeros_like", public=False, samples=[sample(reals(3, 4), dtype=None, shape=None)])
def _zeros_like(x: Any, *, dtype: Any, shape: Any) -> Any:
    return as_value(np.zeros_like(x, dtype=dtype, shape=shape))


@function(np.zeros_like, samples=_LIKE)
def zeros_like(x: Any, /, dtype: Any = None, *, shape: Any = None) -> Any:
    """Zeros in the shape and dtype of ``x``; a plain tensor of a tensor, an array of an array.

    Args:
        x: the model.
        dtype: another dtype.
        shape: another shape.

    Shapes: that of ``x``, or ``shape``.

    >>> ag.zeros_like(np.array([1.0, 2.0]), shape=3)
    array([0., 0., 0.])
    """
    if not isinstance(x, Tensor):
        return np.zeros_like(x, dtype=dtype, shape=shape)
    return _zeros_like(x, **_statics(dtype, shape))


@op(differentiable=False, name="ones_like", public=False, samples=[sample(reals(3, 4), dtype=None, shape=None)])
def _ones_like(x: Any, *, dtype: Any, shape: Any) -> Any:
    return as_value(np.ones_like(x, dtype=dtype, shape=shape))


@function(np.ones_like, samples=_LIKE)
def ones_like(x: Any, /, dtype: Any = None, *, shape: Any = None) -> Any:
    """Ones in the shape and dtype of ``x``; a plain tensor of a tensor, an array of an array.

    Args:
        x: the model.
        dtype: another dtype.
        shape: another shape.

    Shapes: that of ``x``, or ``shape``.

    >>> ag.ones_like(np.array([3.0, 4.0]), dtype=np.int64)
    array([1, 1])
    """
    if not isinstance(x, Tensor):
        return np.ones_like(x, dtype=dtype, shape=shape)
    return _ones_like(x, **_statics(dtype, shape))


_EMPTY = (sample(reals(0, 4)), sample(reals(3, 4), dtype=np.float32, shape=0))  # other values would differ from call to call


@op(differentiable=False, name="empty_like", public=False, samples=[sample(reals(3, 4), dtype=None, shape=(0,))])
def _empty_like(x: Any, *, dtype: Any, shape: Any) -> Any:
    return as_value(np.empty_like(x, dtype=dtype, shape=shape))


@function(samples=_EMPTY)
def empty_like(x: Any, /, dtype: Any = None, *, shape: Any = None) -> Any:
    """An array in the shape and dtype of ``x`` whose elements are not set; a plain tensor of a tensor, an array of an array.

    Args:
        x: the model.
        dtype: another dtype.
        shape: another shape.

    Shapes: that of ``x``, or ``shape``.

    >>> ag.empty_like(np.array([1.0, 2.0]), shape=(4, 3)).shape
    (4, 3)
    """
    if not isinstance(x, Tensor):
        return np.empty_like(x, dtype=dtype, shape=shape)
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
def full_like(x: Any, /, fill_value: Any, dtype: Any = None, *, shape: Any = None) -> Any:
    """``fill_value`` in every element, in the shape and dtype of ``x``; derivative 1 with respect to ``fill_value``.

    A plain tensor of a tensor (a recorded one of a recorded ``fill_value``), an array of an array.

    Args:
        x: the model.
        fill_value: a number, or what broadcasts to the result.
        dtype: another dtype.
        shape: another shape.

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
        return np.full_like(x, fill_value, dtype=dtype, shape=shape)
    return _full_like(x, fill_value, **_statics(dtype, shape))


answer_for(np.empty_like, empty_like)
