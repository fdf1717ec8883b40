"""The methods of ufuncs, and their keyword arguments, on recorded tensors.

``np.add.reduce``, ``np.maximum.accumulate``, ``np.multiply.outer``, ``np.add.at`` and their like are put together from ops that
have gradient rules: where a reduction has an op of its own (``REDUCTIONS``, ``ACCUMULATIONS``) by that op, and else by what
defines it, one application of the ufunc after another. NumPy itself computes each result first and so refuses what it refuses.

Every function here receives ``apply``, which applies the ufunc to tensors.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd.assignment import goes_to_memory, setitem, settle, writable
from autograd.batched import Batched, example_of
from autograd.errors import BatchingError
from autograd.ops.arguments import as_array, in_dtype, ndim_of, shape_of_any
from autograd.ops.arrays.indexing import getitem, set_at
from autograd.ops.arrays.joining import stack
from autograd.ops.arrays.layouts import joined_index, split_index
from autograd.ops.arrays.scattering import add_at, turns
from autograd.ops.arrays.shaping import broadcast_to, expand_dims, moveaxis, ravel, reshape
from autograd.ops.arrays.splitting import unstack
from autograd.ops.casting import cast
from autograd.ops.elementwise.activation import logsumexp
from autograd.ops.elementwise.selection import where
from autograd.ops.reductions.accumulation import cumprod, cumsum
from autograd.ops.reductions.extremes import max, min
from autograd.ops.reductions.reduction import all, any, prod, sum
from autograd.tensors import Tensor

REDUCTIONS: dict[np.ufunc, Callable[..., Any]] = {
    np.add: sum,
    np.multiply: prod,
    np.maximum: max,
    np.minimum: min,
    np.logical_and: all,
    np.logical_or: any,
    np.logaddexp: logsumexp,
}
ACCUMULATIONS: dict[np.ufunc, Callable[..., Any]] = {np.add: cumsum, np.multiply: cumprod}

Apply = Callable[..., Any]


# ---------------------------------------------------------------- calls with keyword arguments


def call_where(apply: Apply, inputs: Sequence[Any], mask: Any, out: Sequence[Tensor], casting: Any, name: str) -> None:
    """The ufunc where ``mask`` is true, written into ``out``, whose other elements stay.

    Only the chosen elements are computed with: what is masked out (divisions by 0, often) has neither warnings nor gradients.
    """
    mask = np.asarray(mask._value if isinstance(mask, Tensor) else mask)
    if mask.dtype != bool:
        raise TypeError(f"{name}(where=...): expected truth values, received {mask.dtype}; compare with something, as t != 0")
    shape = np.broadcast_shapes(mask.shape, *map(shape_of_any, inputs))
    for target in out:
        if np.broadcast_shapes(shape, target.shape) != target.shape:
            raise ValueError(f"{name}(out=...): expected a target of shape {shape}, received {target.shape}")
        shape = target.shape
    mask = np.broadcast_to(mask, shape)
    results = apply(*[getitem(broadcast_to(as_array(each), shape), mask) if ndim_of(each) else each for each in inputs])
    for target, value in zip(out, results if isinstance(results, tuple) else (results,), strict=True):
        write(target, value, mask, casting, name)


def write(target: Tensor, value: Any, index: Any, casting: Any, name: str) -> None:
    """``target[index] = value``, with NumPy's rule for which dtypes fit."""
    if not np.can_cast(value.dtype, target.dtype, casting):
        raise TypeError(
            f"{name}(out=...): a {value.dtype} result does not fit into a {target.dtype} target (casting={casting!r})"
        )
    setitem(target, index, value)


def in_loop_dtypes(ufunc: np.ufunc, inputs: Sequence[Any], signature: Any, casting: Any) -> list[Any]:
    """The inputs in the dtypes of the loop that ``signature`` asks for."""
    given = [type(each) if type(each) in (int, float, complex) else as_array(each).dtype for each in inputs]
    dtypes = ufunc.resolve_dtypes((*given, *[None] * ufunc.nout), signature=signature, casting=casting)
    return [cast(as_array(each), dtype, copy=False) for each, dtype in zip(inputs, dtypes, strict=False)]


def call_along(ufunc: np.ufunc, apply: Apply, inputs: Sequence[Any], axes: Any, axis: Any, keepdims: bool) -> Any:
    """A ufunc of vectors or matrices (``vecdot``, ``matmul``) that lie in other axes than the last ones."""
    assert ufunc.signature is not None
    cores = _cores(ufunc.signature)
    kept = axis if axes is None and axis is not None else axes[-1] if axes is not None and len(axes) > ufunc.nin else -1
    if axes is None:
        axes = [tuple(range(-core, 0)) if axis is None else (axis,) * core for core in cores]
    elif len(axes) == ufunc.nin:
        axes = [*axes, ()]
    axes = [each if isinstance(each, tuple) else (each,) for each in axes]
    moved = []
    for x, places in zip(inputs, axes, strict=False):
        x = as_array(x)
        last = tuple(range(-len(places), 0))
        moved.append(moveaxis(x, places, last))
    out = apply(*moved)
    if keepdims:
        return expand_dims(out, kept)
    places = axes[-1]
    return moveaxis(out, tuple(range(-len(places), 0)), places) if places else out


def _cores(signature: str) -> list[int]:
    """How many axes a ufunc's function takes of each operand, results last: 2, 2, 2 for ``"(n?,k),(k,m?)->(n?,m?)"``."""
    return [len(names.split(",")) if names else 0 for names in re.findall(r"\(([^)]*)\)", signature)]


# ---------------------------------------------------------------- reductions


def reduce(ufunc: np.ufunc, apply: Apply, x: Any, keywords: dict[str, Any], plain: Any) -> Any:
    """``ufunc.reduce(x, axis=0, ...)``; ``plain`` is what NumPy gives for the values."""
    axis = keywords.get("axis", 0)
    known = REDUCTIONS.get(ufunc)
    if known is logsumexp and not {"where", "initial", "dtype"}.isdisjoint(keywords):
        known = None
    if known is not None:
        keywords = {"axis": axis} | keywords
        if known not in (sum, prod):  # the others have no dtype= of their own
            x = in_dtype(x, keywords.pop("dtype", None))
        return known(x, **keywords)
    along = tuple(range(x.ndim)) if axis is None or x.ndim == 0 else normalize_axis_tuple(axis, x.ndim)
    x = cast(x, plain.dtype, copy=False) if plain.dtype.kind in "fc" else x
    mask = keywords.get("where", True)
    last = tuple(range(-len(along), 0))
    moved = moveaxis(x, along, last)
    moved = reshape(moved, (*moved.shape[: moved.ndim - len(along)], -1)) if len(along) != 1 else moved
    selected = None
    if mask is not True:
        selected = np.broadcast_to(np.asarray(mask._value if isinstance(mask, Tensor) else mask), x.shape)
        selected = np.moveaxis(selected, along, last).reshape(moved.shape)
    initial = keywords.get("initial", ufunc.identity if selected is not None or moved.shape[-1] == 0 else None)
    steps = unstack(moved, axis=-1)
    if initial is None:
        total, start = steps[0], 1
    else:
        total, start = broadcast_to(cast(as_array(initial), plain.dtype), moved.shape[:-1]), 0
    for i, step in enumerate(steps[start:], start):
        joined = apply(total, step)
        total = joined if selected is None else where(selected[..., i], joined, total)
    return expand_dims(total, along) if keywords.get("keepdims") else total


def accumulate(ufunc: np.ufunc, apply: Apply, x: Any, keywords: dict[str, Any], plain: Any) -> Any:
    """``ufunc.accumulate(x, axis=0, ...)``."""
    axis = normalize_axis_index(keywords.get("axis", 0), x.ndim)
    if ufunc in ACCUMULATIONS:
        return ACCUMULATIONS[ufunc](x, axis=axis, dtype=keywords.get("dtype"))
    if x.shape[axis] == 0:
        return x
    moved = moveaxis(cast(x, plain.dtype, copy=False), axis, 0)
    first, *others = unstack(moved)
    totals = [first]
    for each in others:
        totals.append(apply(totals[-1], each))
    return stack(totals, axis=axis)


def reduceat(ufunc: np.ufunc, apply: Apply, x: Any, indices: Any, keywords: dict[str, Any], plain: Any) -> Any:
    """``ufunc.reduceat(x, indices, axis=0, ...)``: the reductions of the slices between one index and the next."""
    axis = normalize_axis_index(keywords.get("axis", 0), x.ndim)
    moved = moveaxis(cast(x, plain.dtype, copy=False), axis, 0)
    starts = np.asarray(indices._value if isinstance(indices, Tensor) else indices).tolist()
    parts = []
    if not starts:
        return moveaxis(moved[:0], 0, axis)
    for start, stop in zip(starts, [*starts[1:], len(moved)], strict=True):
        part = moved[start : stop if stop > start else start + 1]
        parts.append(reduce(ufunc, apply, part, {"axis": 0}, plain))
    return stack(parts, axis=axis)


def outer(apply: Apply, x1: Any, x2: Any) -> Any:
    """``ufunc.outer(x1, x2)``: every element of ``x1`` with every element of ``x2``."""
    x1, x2 = as_array(x1), as_array(x2)
    return apply(reshape(x1, (*x1.shape, *[1] * x2.ndim)), x2)


# ---------------------------------------------------------------- writes


def _spread_out(value: Any, memory: Any, index: Any) -> Any:
    """A value for each element that the index names; of one with fewer axes than these, NumPy 2.4 reads what is not there."""
    if np.ndim(value) == 0:
        return value
    shape = memory[index].shape
    return np.broadcast_to(value, shape) if np.ndim(value) < len(shape) else value


def at(ufunc: np.ufunc, apply: Apply, target: Tensor, index: Any, *values: Any) -> None:
    """``ufunc.at(target, index, value)``: for each element that the index names, in order, ``x = ufunc(x, value)``."""
    layout, arrays = split_index(index)
    plain_index = joined_index(layout, [each._value if isinstance(each, Tensor) else each for each in arrays])
    recorded = next((each for each in values if isinstance(each, Tensor) and each.requires_grad), None)
    batched = [each for each in (*arrays, *values) if isinstance(each, Tensor) and isinstance(each._value, Batched)]
    if goes_to_memory(target, batched[0] if batched else recorded, f"np.{ufunc.__name__}.at"):
        memory = writable(target)
        plain = [each._value if isinstance(each, Tensor) else each for each in values]
        ufunc.at(memory, plain_index, *[_spread_out(each, memory, plain_index) for each in plain])
        settle(target, memory, memory)
        return
    checked = np.array(example_of(target))
    ufunc.at(checked, joined_index(layout, list(map(example_of, arrays))), *map(example_of, values))
    if recorded is not None and target.dtype.kind not in "fc":
        raise TypeError(
            f"np.{ufunc.__name__}.at: the value is recorded ({recorded.dtype}), and in this {target.dtype} tensor its gradient "
            "would be lost; make the tensor floating first, with t = t.astype(float), or write value.detach()"
        )
    values = tuple(map(as_array, values))
    if ufunc in (np.add, np.subtract):
        value = cast(values[0], target.dtype, copy=False)
        setitem(target, ..., add_at(target, value if ufunc is np.add else -value, *arrays, layout=layout))
    elif Batched in map(type, plain_index):
        raise BatchingError(
            f"np.{ufunc.__name__}.at inside vmap: how often an index names an element decides in how many turns it is written, "
            "and the index differs between examples. Loop over the examples; np.add.at and np.subtract.at take such an index"
        )
    else:
        setitem(target, ..., _in_turns(apply, target, plain_index, values))


def _in_turns(apply: Apply, target: Tensor, index: Any, values: Sequence[Any]) -> Any:
    named = np.arange(target.size).reshape(target.shape)[index]
    values = [ravel(broadcast_to(each, named.shape)) for each in values]
    places = np.ravel(named)
    flat = ravel(target)
    for turn in turns(places):
        now = places[turn]
        layout, arrays = split_index(now)
        joined = cast(apply(flat[now], *[each[turn] for each in values]), target.dtype, copy=False)
        flat = set_at(flat, joined, *arrays, layout=layout)
    return reshape(flat, target.shape)
