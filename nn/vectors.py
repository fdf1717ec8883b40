"""All parameters as one long vector, and back: what optimizer paths, line searches and averages of models are written with."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import plain
from nn.module import Module


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """The elements of all parameters one behind the other, in C order: ``concatenate([p.reshape(-1) for p in parameters])``.

    It is recorded where a parameter is: under ``ag.no_grad()`` it is plain. It is a copy in any case.

    Args:
        parameters: tensors, such as ``model.parameters()``; one that is given twice stands there twice.

    Shapes: any -> (elements of all together,).

    Raises:
        TypeError: for what is no tensor, and a module (write ``model.parameters()``).
        ValueError: for no parameters at all.

    Source: named as PyTorch's ``torch.nn.utils.parameters_to_vector``.

    >>> w, b = nn.Parameter([[1.0, 2.0], [3.0, 4.0]]), nn.Parameter([5.0])
    >>> nn.parameters_to_vector([w, b]).detach()
    Tensor([1., 2., 3., 4., 5.], dtype=float64)
    """
    listed = _listed(parameters, "parameters_to_vector")
    if not listed:
        raise ValueError("parameters_to_vector: expected one or more parameters, received none")
    return ag.concatenate([each.reshape(-1) for each in listed])


def vector_to_parameters(vec: Any, parameters: Iterable[Tensor]) -> None:
    """Write the elements of a vector into the parameters, in memory: the reverse of ``parameters_to_vector``.

    Nothing is written if anything is wrong. Nothing is recorded: to differentiate through weights, see ``functional_call``.

    Args:
        vec: as many numbers as all parameters have elements; they are cast to each parameter's dtype.
        parameters: tensors, such as ``model.parameters()``.

    Shapes: (elements of all together,).

    Raises:
        TypeError: for what is no tensor, a module (write ``model.parameters()``), and complex numbers for real parameters.
        ValueError: for another number of elements; PyTorch ignores those that are too many.

    Source: named as PyTorch's ``torch.nn.utils.vector_to_parameters``.

    >>> layer = nn.Linear(2, 1)
    >>> nn.vector_to_parameters([1.0, 2.0, 3.0], layer.parameters())
    >>> layer.weight.tolist(), layer.bias.tolist()
    ([[1.0, 2.0]], [3.0])
    """
    listed = _listed(parameters, "vector_to_parameters")
    parts = [
        part.astype(each.dtype) for part, each in zip(split_vector(vec, listed, "vector_to_parameters"), listed, strict=True)
    ]
    with ag.no_grad():
        for each, part in zip(listed, parts, strict=True):
            each[...] = part


def split_vector(vec: Any, parameters: Sequence[Tensor], receiver: str) -> list[Any]:
    """The parts of a vector that belong to the parameters, each in its parameter's shape; views, in the vector's own dtype.

    Raises:
        TypeError: for what cannot be cast to the parameters without loss of its kind.
        ValueError: for another shape than (elements of all together,).
    """
    vector = np.asarray(plain(vec))
    sizes = [math.prod(each.shape) for each in parameters]
    if vector.shape != (sum(sizes),):
        raise ValueError(
            f"{receiver}: expected a vector of {sum(sizes)} numbers, one for each element of the parameters; received shape "
            f"{vector.shape}"
        )
    for each in parameters:
        if vector.dtype.kind not in "biufc" or not np.can_cast(vector.dtype, each.dtype, "same_kind"):
            raise TypeError(f"{receiver}: expected numbers that can be cast to {each.dtype}, received {vector.dtype}")
    ends = np.cumsum(sizes).tolist()
    return [vector[end - size : end].reshape(each.shape) for each, size, end in zip(parameters, sizes, ends, strict=True)]


def _listed(parameters: Any, name: str) -> list[Tensor]:
    if isinstance(parameters, Module):
        raise TypeError(f"{name}: expected parameters, received a module; write model.parameters()")
    listed: list[Any] = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    for i, each in enumerate(listed):
        if not isinstance(each, Tensor):
            raise TypeError(f"{name}: expected tensors, received {type(each).__name__} at place {i}")
    return listed
