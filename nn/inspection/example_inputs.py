"""What a model is called with to be measured: arrays of the shapes that were asked for, or the user's own data."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import check_whole
from nn.inspection.calls import leaves
from nn.module import Module

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


class Inputs(NamedTuple):
    """``make(n)`` gives a model's arguments, new ones each time: for n examples, where ``sized``; else always the data."""

    make: Callable[[int], Arguments]
    sized: bool


def inputs_of(model: Module, shape: Any, data: Any, dtype: Any) -> Inputs | None:
    """What to call ``model`` with; ``None`` where neither shape nor data are given.

    Raises:
        TypeError: for both of them, a dtype without a shape, and what is no shape.
        ValueError: for a negative length, and dtypes that are not as many as the shapes.
    """
    if shape is not None and data is not None:
        raise TypeError("summary: expected input_shape or input_data, received both; leave one out")
    if dtype is not None and shape is None:
        raise TypeError("summary: expected dtype together with input_shape, whose data it is for; received it alone")
    if data is not None:
        args, keywords = _arguments(_as_array_if_numbers(data))
        return Inputs(lambda count: (_copied(args), _copied(keywords)), sized=False)
    if shape is None:
        return None
    if dtype is None:
        dtype = floating_dtype_of(model) or np.dtype(np.float32)
    names: Any = [None]
    if isinstance(shape, Mapping):
        names = list(shape)
    elif _is_list(shape) and len(shape) and _is_list(shape[0]):
        names = range(len(shape))
    shapes = [_checked(shape if name is None else shape[name], name) for name in names]
    dtypes = [np.dtype(each) for each in _dtypes(dtype, names)]

    def make(count: int) -> Arguments:
        rng = np.random.default_rng(0)
        arrays = [_example((count, *each), kind, rng) for each, kind in zip(shapes, dtypes, strict=True)]
        return ((), dict(zip(names, arrays, strict=True))) if isinstance(shape, Mapping) else (tuple(arrays), {})

    return Inputs(make, sized=True)


def recorded(arguments: Arguments, model: Module) -> Arguments:
    """The arguments with floating arrays as tensors that require a gradient, cast to the model's dtype as layers would."""
    dtype = floating_dtype_of(model)

    def as_variable(leaf: Any) -> Any:
        if not isinstance(leaf, np.ndarray | Tensor) or leaf.dtype.kind not in "fc":
            return leaf
        return ag.tensor(leaf, dtype if leaf.dtype.kind == "f" else None, requires_grad=True)

    return ag.tree_map(as_variable, arguments)


def floating_dtype_of(model: Module) -> Any:
    """The dtype of the first floating parameter, or else buffer; ``None`` without one."""
    return next((each.dtype for each in (*model.parameters(), *model.buffers()) if each.dtype.kind == "f"), None)


def arrays_in(arguments: Arguments) -> list[Any]:
    """All arrays among the arguments."""
    return [each for each in leaves(arguments) if isinstance(each, np.ndarray | Tensor)]


def _arguments(data: Any) -> Arguments:
    if isinstance(data, Mapping):
        return (), dict(data)
    return (tuple(map(_as_array_if_numbers, data)) if type(data) is tuple else (data,)), {}


def _as_array_if_numbers(data: Any) -> Any:
    """A list of numbers, nested or not, as an array; anything else as it is: some models take a list of arrays."""
    if isinstance(data, list) and all(isinstance(each, bool | int | float | complex) for each in leaves(data)):
        return np.asarray(data)
    return data


def _copied(value: Any) -> Any:
    """New arrays and tensors, since a model may write into what it is given."""

    def copied(leaf: Any) -> Any:
        if isinstance(leaf, Tensor):
            return ag.tensor(leaf.detach())
        return np.array(leaf) if isinstance(leaf, np.ndarray) else leaf

    return ag.tree_map(copied, value)


def _is_list(shape: Any) -> bool:
    return isinstance(shape, list | tuple)


def _checked(shape: Any, name: Any) -> tuple[int, ...]:
    receiver = "summary" if name is None else f"summary (input {name})"
    if not _is_list(shape):
        if isinstance(shape, np.ndarray | Tensor):
            received = f"an array of shape {shape.shape}; data are given as input_data="
        else:
            received = f"{shape!r}" + (f"; write ({shape},)" if isinstance(shape, int | np.integer) else "")
        raise TypeError(f"{receiver}: expected the shape of one example, such as (20,); received {received}")
    for each in shape:
        if each is None:
            raise TypeError(f"{receiver}: expected the shape of one example, without the batch; received {shape!r}")
        check_whole(receiver, "the lengths of an example's axes", each)
        if each < 0:
            raise ValueError(f"{receiver}: expected lengths of 0 or more, received {shape!r}")
    return tuple(map(int, shape))


def _dtypes(dtype: Any, names: Any) -> list[Any]:
    """A dtype for each input."""
    if isinstance(dtype, Mapping):
        if set(dtype) != set(names):
            raise ValueError(f"summary: expected a dtype for each of {list(names)}, received those of {list(dtype)}")
        return [dtype[name] for name in names]
    if isinstance(dtype, list | tuple):
        if len(dtype) != len(names):
            raise ValueError(f"summary: expected a dtype for each of {len(names)} inputs, received {len(dtype)}")
        return list(dtype)
    return [dtype] * len(names)


def _example(shape: tuple[int, ...], dtype: Any, rng: Any) -> Any:
    """Numbers from 0 to 1, for which logarithms and roots are defined too; of integers zeros, which are good as indices."""
    return rng.random(shape).astype(dtype) if dtype.kind in "fc" else np.zeros(shape, dtype)
