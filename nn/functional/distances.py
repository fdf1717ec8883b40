"""Lengths of vectors, and how near two of them are: ``normalize``, ``cosine_similarity``, ``pairwise_distance``."""

import math
from typing import Any

import numpy as np

import autograd as ag
from nn.inputs import Receiver, as_array, called, check_number
from nn.kernels.half_precision import in_single_precision, is_half


def normalize(input: Any, p: float = 2.0, dim: Any = 1, eps: float = 1e-12) -> Any:
    """``input / max(|input|, eps)``: vectors along ``dim`` of length 1, in the p-norm.

    Args:
        input: vectors.
        p: of the norm; infinity for the largest element.
        dim: the axis of a vector's elements, or a tuple of axes.
        eps: what is divided by at least.

    Shapes: any -> same.

    Raises:
        numpy.exceptions.AxisError: for an axis that the input does not have.

    >>> nn.functional.normalize(np.array([[3.0, 4.0], [0.0, 0.0]]))
    array([[0.6, 0.8],
           [0. , 0. ]])
    """
    check_norm("normalize", p, eps)
    x = _floating(input)
    if is_half(x):
        return in_single_precision(normalize, x, p=p, dim=dim, eps=eps)
    return x / np.maximum(ag.linalg.vector_norm(x, axis=dim, keepdims=True, ord=float(p)), float(eps))


def check_norm(name: str, p: float, eps: float) -> None:
    """Refuse the p of a p-norm, and a smallest length, that there are not."""
    if p not in (math.inf, -math.inf):
        check_number(name, "p", p)
    check_number(name, "eps", eps)


def _floating(x: Any) -> Any:
    x = as_array(x)
    return x.astype(np.float64) if x.dtype.kind in "biu" else x


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    """``x1 x2 / (max(|x1|, eps) max(|x2|, eps))``: the cosine of the angle between vectors along ``dim``.

    Args:
        x1: vectors.
        x2: vectors; the shapes broadcast.
        dim: the axis of a vector's elements.
        eps: what is divided by at least, for each length. The gradient of a shorter vector is that of this formula; PyTorch's
            is that of one without ``eps``.

    Shapes: two that broadcast -> their broadcast, without ``dim``.

    Raises:
        ValueError: for shapes that do not broadcast.
        numpy.exceptions.AxisError: for an axis that the inputs do not have.

    >>> nn.functional.cosine_similarity(np.array([[1.0, 0.0]]), np.array([[1.0, 1.0], [0.0, -2.0]])).round(4)
    array([0.7071, 0.    ])
    """
    check_number("cosine_similarity", "eps", eps)
    return cosine(x1, x2, dim, eps, "cosine_similarity")


def cosine(x1: Any, x2: Any, dim: int, eps: float, receiver: Receiver) -> Any:
    """``cosine_similarity``, for any receiver."""
    x1, x2 = _floating(x1), _floating(x2)
    shape = _broadcast(x1, x2, receiver)
    ndim = len(shape)
    if not -ndim <= dim < ndim:
        raise np.exceptions.AxisError(
            f"{called(receiver)}: expected inputs that have the axis dim={dim}, received shapes {x1.shape} and {x2.shape}"
        )
    if is_half(x1) and is_half(x2):
        return in_single_precision(cosine, x1, x2, dim=dim, eps=eps, receiver=receiver)
    vectors = [x if x.shape == shape else np.broadcast_to(x, shape) for x in (x1, x2)]
    units = [x / np.maximum(ag.linalg.vector_norm(x, axis=dim, keepdims=True), float(eps)) for x in vectors]
    return np.sum(units[0] * units[1], axis=dim)


def pairwise_distance(x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Any:
    """``|x1 - x2 + eps|``, the p-norm along the last axis: a distance for each pair of vectors.

    Args:
        x1: vectors.
        x2: vectors; the shapes broadcast.
        p: of the norm; infinity for the largest difference.
        eps: what is added to each difference, so that equal vectors have a derivative.
        keepdim: whether the last axis stays, with length 1.

    Shapes: two that broadcast, (..., D) -> (...).

    Raises:
        ValueError: for shapes that do not broadcast, and numbers without an axis.

    >>> nn.functional.pairwise_distance(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 1.0]])).round(4)
    array([5., 1.])
    """
    check_norm("pairwise_distance", p, eps)
    return distance(x1, x2, p, eps, keepdim, "pairwise_distance")


def distance(x1: Any, x2: Any, p: float, eps: float, keepdim: bool, receiver: Receiver) -> Any:
    """``pairwise_distance``, for any receiver."""
    x1, x2 = _floating(x1), _floating(x2)
    if not _broadcast(x1, x2, receiver):
        raise ValueError(f"{called(receiver)}: expected vectors of shape (..., D), received shapes {x1.shape} and {x2.shape}")
    if is_half(x1) and is_half(x2):
        return in_single_precision(distance, x1, x2, p=p, eps=eps, keepdim=keepdim, receiver=receiver)
    return ag.linalg.vector_norm(x1 - x2 + float(eps), axis=-1, keepdims=bool(keepdim), ord=float(p))


def _broadcast(x1: Any, x2: Any, receiver: Receiver) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(x1.shape, x2.shape)
    except ValueError:
        raise ValueError(
            f"{called(receiver)}: expected inputs of shapes that broadcast, received {x1.shape} and {x2.shape}"
        ) from None
