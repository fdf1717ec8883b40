"""``vmap``: from a function of one example to the function of many, computed all at once.

The function is called once, with tensors that have the shape of one example and hold them all (``batched`` says how); each op
on them runs its batching rule, once for all examples.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from operator import index
from typing import Any

import numpy as np

from autograd.batched import Batched, Level, as_tensor, spread
from autograd.errors import BatchingError
from autograd.modes import thread
from autograd.ops.arguments import shape_of_any
from autograd.tensors import Tensor, as_value, wrap
from autograd.transforms.arguments import flat_outputs, given_back, name_of
from autograd.transforms.trees import LEAF, TreeDef, tree_flatten, tree_leaves


def vmap(f: Callable[..., Any], in_axes: Any = 0, out_axes: Any = 0, *, chunk_size: int | None = None) -> Callable[..., Any]:
    """The function that applies ``f`` to each example along an axis, all at once.

    ``vmap(f)(x)[i]`` is ``f(x[i])``. It can be nested, for several axes, and composed with every other function of functions:
    ``vmap(grad(f))`` gives per-example gradients.

    Args:
        f: takes arrays, tensors and trees of them, for one example, and returns such. It is called once (once a chunk); what it
            receives has the shape of one example. Python's ``if`` cannot ask for a value that differs between examples.
        in_axes: which axis of each positional argument counts examples: an integer for all arguments, or a tuple with an entry
            for each. ``None`` passes an argument whole to every example. For a tree, an entry may be one axis or a tree of
            them. Keyword arguments are passed whole.
        out_axes: where the axis of examples goes in the results: an integer, or a tree of them for a tree of results. ``None``
            is for a result that does not differ between examples, and is returned once.
        chunk_size: at most so many examples at once, for less memory; by default all.

    Returns:
        A function of ``f``'s arguments, with an axis more. Where all arguments are plain arrays and numbers, so are the
        results; they are recorded when an argument or a tensor that ``f`` uses requires a gradient. Random draws by
        ``ag.random`` differ from example to example.

    Raises:
        ValueError: for an axis that an argument does not have, for numbers of examples that differ, for no mapped argument;
            the message names the argument's place.
        BatchingError: when ``f`` asks for the value of what differs between examples, as ``if`` and ``float`` do.

    Source: named as JAX's ``jax.vmap`` and PyTorch's ``torch.func.vmap``.

    >>> ag.vmap(np.dot)(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 1.0], [0.0, 1.0]]))
    array([3., 4.])
    >>> ag.vmap(ag.grad(lambda w, x: np.tanh(w @ x)), in_axes=(None, 0))(np.ones(2), np.eye(2)).round(3)
    array([[0.42, 0.  ],
           [0.  , 0.42]])
    """
    if chunk_size is not None and (isinstance(chunk_size, bool) or index(chunk_size) < 1):
        raise ValueError(f"vmap: chunk_size: expected a whole number from 1 on, or None, received {chunk_size!r}")

    @wraps(f, updated=())
    def batched(*arguments: Any, **keywords: Any) -> Any:
        mapped = _Mapped(f, arguments, in_axes)
        if chunk_size is None or mapped.size <= chunk_size:
            return _run(f, mapped, keywords, out_axes)
        parts = [
            _run(f, mapped.chunk(start, start + chunk_size), keywords, out_axes) for start in range(0, mapped.size, chunk_size)
        ]
        _, structure = tree_flatten(parts[0])
        axes = _output_axes(out_axes, structure, f)
        columns = zip(*[structure.flatten_like(each, "vmap: a chunk's result") for each in parts], strict=True)
        joined = [
            column[0] if axis is None else np.concatenate(column, axis) for column, axis in zip(columns, axes, strict=True)
        ]
        return structure.unflatten(joined)

    return batched


class _Mapped:
    """The arguments of one call: leaves, the axis that counts examples for each, and how many there are."""

    def __init__(self, f: Any, arguments: Sequence[Any], in_axes: Any) -> None:
        self.f = f
        self.leaves, self.structure = tree_flatten(tuple(arguments))
        self.paths = [f"argument {path[1:].replace(']', '', 1)}" for path in self.structure.paths()]
        self.axes = _input_axes(in_axes, arguments, self.structure, f)
        sizes: dict[int, str] = {}
        for i, (leaf, axis, path) in enumerate(zip(self.leaves, self.axes, self.paths, strict=True)):
            if axis is None:
                continue
            shape = shape_of_any(leaf)
            if not -len(shape) <= axis < len(shape):
                raise ValueError(
                    f"vmap: in_axes names axis {axis} of {path} of {name_of(f)}, which has shape {shape}; pass in_axes=None "
                    "for an argument that is the same for all examples"
                )
            self.axes[i] = axis % len(shape)
            sizes.setdefault(shape[axis], path)
        if not sizes:
            raise ValueError(f"vmap: expected an argument of {name_of(f)} with an axis of examples, received none in in_axes")
        if len(sizes) > 1:
            (first, path1), (second, path2), *_ = sizes.items()
            raise ValueError(
                f"vmap: expected one number of examples, received {first} in {path1} and {second} in {path2} of {name_of(f)} "
                f"(in_axes={in_axes!r})"
            )
        (self.size,) = sizes

    def chunk(self, start: int, stop: int) -> "_Mapped":
        """The examples from ``start`` up to ``stop``."""
        part = object.__new__(_Mapped)
        part.f, part.structure, part.paths, part.axes = self.f, self.structure, self.paths, self.axes
        part.leaves = [
            leaf if axis is None else _array(leaf)[(*[slice(None)] * axis, slice(start, stop))]
            for leaf, axis in zip(self.leaves, self.axes, strict=True)
        ]
        part.size = min(stop, self.size) - start
        return part

    def at(self, level: Level) -> tuple[Any, ...]:
        """The arguments as the function receives them."""
        return self.structure.unflatten(
            [
                leaf if axis is None else wrap(Batched(level, _first_axis(_array(leaf), axis), True))
                for leaf, axis in zip(self.leaves, self.axes, strict=True)
            ]
        )


def _array(leaf: Any) -> Any:
    return leaf if isinstance(leaf, Tensor) else as_value(leaf)


def _first_axis(x: Any, axis: int) -> Any:
    moved = np.moveaxis(x, axis, 0) if axis else x
    return moved._value if isinstance(moved, Tensor) and moved._node is None else moved


def _input_axes(in_axes: Any, arguments: Sequence[Any], structure: TreeDef, f: Any) -> list[int | None]:
    """The axis of each leaf of the arguments."""
    if not isinstance(in_axes, tuple | list):
        _check_axis(in_axes, "vmap: in_axes")
        return [in_axes] * structure.size
    if len(in_axes) != len(arguments):
        raise ValueError(
            f"vmap: in_axes has {len(in_axes)} entries, but {name_of(f)} was called with {len(arguments)} positional arguments"
        )
    axes: list[int | None] = []
    for i, (entry, argument) in enumerate(zip(in_axes, arguments, strict=True)):
        _spread_axes(entry, argument, f"vmap: in_axes[{i}]", axes)
    return axes


def _output_axes(out_axes: Any, structure: TreeDef, f: Any) -> list[int | None]:
    axes: list[int | None] = []
    _spread_axes(out_axes, structure.unflatten([0] * structure.size), "vmap: out_axes", axes)
    return axes


def _spread_axes(entry: Any, tree: Any, where: str, axes: list[int | None]) -> None:
    """Append an axis for each leaf of ``tree``: the entry's own, or that of the leaf of ``entry`` above it."""
    if entry is None or isinstance(entry, int | np.integer):
        _check_axis(entry, where)
        axes.extend([None if entry is None else int(entry)] * len(tree_leaves(tree)))
        return
    leaves, structure = tree_flatten(entry, none_is_leaf=True)  # it means "not mapped" here, and no empty subtree
    if not leaves or structure == LEAF:
        raise TypeError(f"{where}: expected an integer, None, or a tree of them, received {entry!r}")
    for inner, below, path in zip(leaves, structure.flatten_like(tree, where), structure.paths(where), strict=True):
        _spread_axes(inner, below, path, axes)


def _check_axis(axis: Any, where: str) -> None:
    if axis is not None and (isinstance(axis, bool) or not isinstance(axis, int | np.integer)):
        raise TypeError(
            f"{where}: expected an integer, None, or a tuple with an entry (an axis, or a tree of them) for each argument, "
            f"received {axis!r}"
        )


def _run(f: Callable[..., Any], mapped: _Mapped, keywords: dict[str, Any], out_axes: Any) -> Any:
    level = Level(mapped.size, name_of(f))
    arguments = mapped.at(level)
    before = thread.mode
    thread.mode = before.inside(level)
    try:
        outputs, structure = flat_outputs(f(*arguments, **keywords), "vmap", f)
    finally:
        thread.mode = before
    axes = _output_axes(out_axes, structure, f)
    paths = structure.paths("result")
    results = [_taken_out(*each, level, f) for each in zip(outputs, axes, paths, strict=True)]
    plain = not any([isinstance(each, Tensor) for each in (*mapped.leaves, *tree_leaves(keywords))])
    return structure.unflatten(given_back(results, plain))


def _taken_out(out: Tensor, axis: int | None, path: str, level: Level, f: Any) -> Tensor:
    """A result with the axis of examples in its place."""
    value = out._value
    if value.__class__ is Batched and value._level is level:
        if axis is None:
            if value._mapped:
                raise BatchingError(
                    f"vmap: out_axes is None for {path} of {name_of(f)}, which differs between the {level.size} examples; "
                    "give it an axis, or reduce it outside"
                )
            return as_tensor(value._array)
        whole: Any = as_tensor(spread(value))
    elif axis is None:
        return out
    else:
        whole = np.broadcast_to(out, (level.size, *out.shape))
    if not -whole.ndim <= axis < whole.ndim:
        raise ValueError(f"vmap: out_axes names axis {axis} of {path} of {name_of(f)}, which has shape {whole.shape}")
    return np.moveaxis(whole, 0, axis) if axis % whole.ndim else whole
