"""Random numbers as tensors: draws that differ between the examples of a ``vmap``, and that ``checkpoint`` can repeat.

NumPy's generators can be used anywhere, and give arrays. Inside ``vmap`` a function runs once for all examples, so an array
drawn there is the same for all of them. The draws here have one for each example. Names and arguments are those of
``np.random.Generator``; what scales and shifts a draw is differentiated through (the reparametrization).
"""

from __future__ import annotations  # np.random would be imported to annotate with it

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.batched import Batched
from autograd.modes import thread
from autograd.ops.arguments import shape_of_any, whole_numbers
from autograd.ops.making.random import generator
from autograd.tensors import Tensor, wrap


def _drawn(draw: Callable[[tuple[int, ...]], Any], size: Any, rng: np.random.Generator) -> Tensor:
    """What ``draw`` gives for a shape: once for each example of each ``vmap`` that is running."""
    mode = thread.mode
    if mode.region is not None:
        mode.region.draws_from(rng)
    shape = () if size is None else whole_numbers(size)
    if not mode.levels:
        return wrap(draw(shape))
    value = draw((*[level.size for level in mode.levels], *shape))
    for level in mode.levels:
        value = Batched(level, value, True)
    return wrap(value)


def _source(rng: Any) -> np.random.Generator:
    if rng is None:
        return generator()
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng: expected a np.random.Generator, or None for ag.generator(), received {type(rng).__name__}")
    return rng


def _size(size: Any, *parameters: Any) -> Any:
    return np.broadcast_shapes(*map(shape_of_any, parameters)) if size is None else size


def _dtype(dtype: Any, *parameters: Any) -> Any:
    """The dtype to draw in: that of the parameters' arrays, unless another one is said; Python's numbers are weak."""
    if dtype is None:
        dtypes = [each.dtype for each in parameters if isinstance(each, Tensor | np.ndarray | np.generic)]
        dtype = np.float32 if dtypes and np.result_type(*dtypes) == np.float32 else np.float64
    return np.dtype(dtype).type


def random(size: Any = None, dtype: Any = np.float64, *, rng: np.random.Generator | None = None) -> Tensor:
    """Numbers between 0 and 1, 1 excluded, all equally likely.

    Args:
        size: the shape; ``None`` for a single number.
        dtype: float64 or float32.
        rng: the generator to draw from; by default ``ag.generator()``.

    Shapes: ``size``.

    Raises:
        TypeError: for another dtype, and for what is no generator.

    >>> ag.seed(0)
    >>> ag.random.random(2).numpy().round(3)
    array([0.637, 0.27 ])
    """
    source = _source(rng)
    return _drawn(lambda shape: source.random(shape, np.dtype(dtype).type), size, source)


def uniform(
    low: Any = 0.0, high: Any = 1.0, size: Any = None, dtype: Any = None, *, rng: np.random.Generator | None = None
) -> Any:
    """Numbers between ``low`` and ``high``, ``high`` excluded, all equally likely: ``low + (high - low) u``.

    Args:
        low: the lower ends; differentiated through.
        high: the upper ends; differentiated through.
        size: the shape; by default that of ``low`` and ``high``.
        dtype: float64 or float32, of ``u``; by default that of ``low`` and ``high`` if they are float32, else float64.
        rng: the generator to draw from; by default ``ag.generator()``.

    Shapes: ``size``, to which ``low`` and ``high`` broadcast.

    Raises:
        TypeError: for another dtype, and for what is no generator.

    >>> ag.seed(0)
    >>> ag.random.uniform(-1, 1, 2).numpy().round(3)
    array([ 0.274, -0.46 ])
    """
    return low + (high - low) * random(_size(size, low, high), _dtype(dtype, low, high), rng=rng)


def normal(
    loc: Any = 0.0, scale: Any = 1.0, size: Any = None, dtype: Any = None, *, rng: np.random.Generator | None = None
) -> Any:
    """Normally distributed numbers: ``loc + scale z``, where z has mean 0 and standard deviation 1.

    Args:
        loc: the means; differentiated through.
        scale: the standard deviations; differentiated through.
        size: the shape; by default that of ``loc`` and ``scale``.
        dtype: float64 or float32, of z; by default that of ``loc`` and ``scale`` if they are float32, else float64.
        rng: the generator to draw from; by default ``ag.generator()``.

    Shapes: ``size``, to which ``loc`` and ``scale`` broadcast.

    Raises:
        TypeError: for another dtype, and for what is no generator.

    Source: Kingma, Welling, "Auto-Encoding Variational Bayes", 2013, arXiv:1312.6114, for the reparametrization.

    >>> ag.seed(0)
    >>> ag.random.normal(size=2).numpy().round(3)
    array([ 0.126, -0.132])
    >>> ag.vmap(lambda x: x + ag.random.normal())(np.zeros(3)).round(2)  # another draw for each example
    array([ 0.64,  0.1 , -0.54])
    """
    source = _source(rng)
    z = _drawn(lambda shape: source.standard_normal(shape, _dtype(dtype, loc, scale)), _size(size, loc, scale), source)
    return loc + scale * z


def exponential(scale: Any = 1.0, size: Any = None, dtype: Any = None, *, rng: np.random.Generator | None = None) -> Any:
    """Exponentially distributed numbers with mean ``scale``: ``scale e``, where e has density ``exp(-e)``.

    Args:
        scale: the means; differentiated through.
        size: the shape; by default that of ``scale``.
        dtype: float64 or float32, of e; by default that of ``scale`` if it is float32, else float64.
        rng: the generator to draw from; by default ``ag.generator()``.

    Shapes: ``size``, to which ``scale`` broadcasts.

    Raises:
        TypeError: for another dtype, and for what is no generator.

    >>> ag.seed(0)
    >>> ag.random.exponential(2.0).item() > 0
    True
    """
    source = _source(rng)
    return scale * _drawn(lambda shape: source.standard_exponential(shape, _dtype(dtype, scale)), _size(size, scale), source)


def integers(
    low: int, high: int | None = None, size: Any = None, dtype: Any = np.int64, *, rng: np.random.Generator | None = None
) -> Tensor:
    """Whole numbers from ``low`` up to ``high``, ``high`` excluded, all equally likely; with ``low`` alone from 0 up to
    ``low``.

    Args:
        low: the lowest number.
        high: one more than the highest number.
        size: the shape; ``None`` for a single number.
        dtype: an integer dtype.
        rng: the generator to draw from; by default ``ag.generator()``.

    Shapes: ``size``.

    Raises:
        ValueError: where no number lies between the ends.
        TypeError: for what is no generator.

    >>> ag.seed(0)
    >>> ag.random.integers(10, size=4)
    Tensor([8, 6, 5, 2], dtype=int64)
    """
    source = _source(rng)
    return _drawn(lambda shape: source.integers(low, high, shape, dtype), size, source)


def permutation(n: int, *, rng: np.random.Generator | None = None) -> Tensor:
    """The numbers from 0 up to n, n excluded, in random order: an index that shuffles.

    Args:
        n: how many.
        rng: the generator to draw from; by default ``ag.generator()``.

    Shapes: ``(n,)``.

    Raises:
        ValueError: for a negative n.
        TypeError: for what is no generator.

    >>> ag.seed(0)
    >>> ag.random.permutation(4)
    Tensor([2, 0, 1, 3], dtype=int64)
    """
    source = _source(rng)
    if n < 0:
        raise ValueError(f"permutation: expected a whole number from 0 on, received {n}")
    return _drawn(lambda shape: source.permuted(np.broadcast_to(np.arange(n), shape), axis=-1), n, source)
