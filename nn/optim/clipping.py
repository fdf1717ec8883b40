"""Making gradients smaller between ``backward()`` and ``step()``, so that a single bad batch does little harm."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.inputs import check_number
from nn.module import Module


def clip_grad_norm_(parameters: Any, max_norm: float, norm_type: float | str = 2.0, error_if_nonfinite: bool = False) -> Tensor:
    """Scale all gradients by ``min(1, max_norm / (norm + 1e-6))``, in place, where ``norm`` is that of all of them together.

    A gradient counts once, however often its parameter is given. One that is itself recorded is replaced by a clipped copy out
    of the graph. Nothing is written where the norm is small enough.

    Args:
        parameters: tensors, or one; those without a gradient are passed over.
        max_norm: the most that the norm may be; ``math.inf`` to know the norm only.
        norm_type: the p of the norm ``sum(|g|**p)**(1/p)``; ``math.inf`` or ``"inf"`` for the largest element.
        error_if_nonfinite: raise where the norm is infinite or NaN, before anything is changed.

    Returns:
        The norm before, in the gradients' dtype.

    **Shapes**: any -> ().

    Raises:
        TypeError: for what is no tensor, a module (write ``model.parameters()``), and settings that are no numbers.
        ValueError: for a negative ``max_norm``, and a ``norm_type`` that is not above 0.
        RuntimeError: for a norm that is not finite, with ``error_if_nonfinite``.

    Source: R. Pascanu, T. Mikolov and Y. Bengio, On the difficulty of training recurrent neural networks, 2013.

    >>> w = nn.Parameter([3.0, 4.0])
    >>> (w * w / 2).sum().backward()
    >>> nn.clip_grad_norm_([w], max_norm=1.0)
    Tensor(5.0, dtype=float64)
    >>> w.grad.numpy().round(6)
    array([0.6, 0.8])
    """
    name = "clip_grad_norm_"
    owners = _owners(parameters, name)
    gradients = [each.grad for each in owners]
    norm = _total_norm(gradients, norm_type, error_if_nonfinite, name)
    _scale(owners, max_norm, norm, name)
    return _as_tensor(norm, gradients)


def clip_grads_with_norm_(parameters: Any, max_norm: float, total_norm: Any) -> None:
    """Scale all gradients by ``min(1, max_norm / (total_norm + 1e-6))``, in place: the second half of ``clip_grad_norm_``.

    Args:
        parameters: tensors, or one; those without a gradient are passed over.
        max_norm: the most that the norm may be.
        total_norm: the norm to take for that of the gradients, see ``get_total_norm``.

    Raises:
        TypeError: as ``clip_grad_norm_``.
        ValueError: as ``clip_grad_norm_``.

    >>> w = nn.Parameter([3.0, 4.0])
    >>> (w * w / 2).sum().backward()
    >>> nn.clip_grads_with_norm_([w], max_norm=1.0, total_norm=10.0)
    >>> w.grad.numpy().round(6)
    array([0.3, 0.4])
    """
    _scale(_owners(parameters, "clip_grads_with_norm_"), max_norm, float(total_norm), "clip_grads_with_norm_")


def get_total_norm(tensors: Any, norm_type: float | str = 2.0, error_if_nonfinite: bool = False) -> Tensor:
    """The norm of all tensors together, as if they were one vector: ``sum(|x|**norm_type)**(1 / norm_type)``.

    Args:
        tensors: tensors, such as gradients, or one.
        norm_type: the power; ``math.inf`` or ``"inf"`` for the largest element.
        error_if_nonfinite: raise where the norm is infinite or NaN.

    Returns:
        The norm, in the tensors' dtype; nothing is recorded.

    **Shapes**: any -> ().

    Raises:
        TypeError: as ``clip_grad_norm_``.
        ValueError: for a ``norm_type`` that is not above 0.
        RuntimeError: for a norm that is not finite, with ``error_if_nonfinite``.

    >>> nn.get_total_norm([ag.tensor([3.0]), ag.tensor([[4.0]])])
    Tensor(5.0, dtype=float64)
    """
    distinct = _distinct(tensors, "get_total_norm")
    return _as_tensor(_total_norm(distinct, norm_type, error_if_nonfinite, "get_total_norm"), distinct)


def clip_grad_value_(parameters: Any, clip_value: float) -> None:
    """Bring every element of every gradient between ``-clip_value`` and ``clip_value``, in place.

    Args:
        parameters: tensors, or one; those without a gradient are passed over.
        clip_value: the bound.

    Raises:
        TypeError: as ``clip_grad_norm_``.
        ValueError: for a negative ``clip_value``.

    >>> w = nn.Parameter([3.0, 0.5])
    >>> (w * w / 2).sum().backward()
    >>> nn.clip_grad_value_([w], 1.0)
    >>> w.grad
    Tensor([1. , 0.5], dtype=float64)
    """
    _check_bound("clip_grad_value_", "clip_value", clip_value)
    bound = float(clip_value)
    for each in _owners(parameters, "clip_grad_value_"):
        _replace_gradient(each, np.clip(_array(each.grad), -bound, bound))


# ---------------------------------------------------------------- shared


def _distinct(tensors: Any, name: str) -> list[Tensor]:
    """The tensors, once each."""
    if isinstance(tensors, Module):
        raise TypeError(f"{name}: expected tensors, received a module; write model.parameters()")
    listed: list[Any] = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    for each in listed:
        if not isinstance(each, Tensor):
            raise TypeError(f"{name}: expected tensors, received {type(each).__name__}")
    return list({id(each): each for each in listed}.values())


def _owners(parameters: Any, name: str) -> list[Tensor]:
    """The parameters that have gradients, one for each gradient."""
    owners = [each for each in _distinct(parameters, name) if each.grad is not None]
    return list({id(each.grad): each for each in owners}.values())


def _total_norm(tensors: Iterable[Any], norm_type: float | str, error_if_nonfinite: bool, name: str) -> float:
    if norm_type != "inf" and norm_type != math.inf:
        check_number(name, "norm_type", norm_type, least=0)
    power = float(norm_type)
    if power == 0:
        raise ValueError(f"{name}: expected norm_type, a number above 0; received {norm_type}")
    arrays = [_array(each).reshape(-1) for each in tensors if each.size]
    norm = _norm(arrays, power) if arrays else 0.0
    if error_if_nonfinite and not math.isfinite(norm):
        raise RuntimeError(
            f"{name}: the norm of the gradients is {norm}, so they cannot be clipped; look for where this comes from, "
            "or pass error_if_nonfinite=False"
        )
    return norm


def _as_tensor(norm: float, tensors: list[Any]) -> Tensor:
    with np.errstate(over="ignore"):  # of a norm that is infinite in the tensors' dtype
        return ag.tensor(np.array(norm, np.result_type(*[each.dtype for each in tensors]) if tensors else float))


def _norm(arrays: list[Any], power: float) -> float:
    if power == 2:
        with np.errstate(over="ignore"):
            norm = math.sqrt(sum([float(np.dot(each, each)) for each in arrays]))
        if norm and math.isfinite(norm):
            return norm
    # Relative to the largest element no power overflows, and not all of them underflow.
    largest = max([float(np.abs(each).max()) for each in arrays], key=lambda size: (math.isnan(size), size))
    if power == math.inf or not largest or not math.isfinite(largest):
        return largest
    total = sum([float(((np.abs(each) / largest) ** power).sum()) for each in arrays])
    return float(largest * total ** (1 / power))


def _scale(owners: list[Tensor], max_norm: float, norm: float, name: str) -> None:
    _check_bound(name, "max_norm", max_norm)
    factor = float(max_norm) / (norm + 1e-6)
    if factor >= 1:
        return
    with np.errstate(invalid="ignore"):  # inf times 0
        for each in owners:
            gradient: Any = each.grad
            # Without axes, *= would make another tensor, as it does of NumPy's numbers.
            if gradient.requires_grad or gradient.ndim == 0:
                _replace_gradient(each, _array(gradient) * factor)
            else:
                gradient *= factor


def _check_bound(name: str, setting: str, value: Any) -> None:
    if value != math.inf:
        check_number(name, setting, value, least=0)


def _array(tensor: Any) -> Any:
    return tensor.detach().numpy()


def _replace_gradient(parameter: Tensor, array: Any) -> None:
    gradient: Any = parameter.grad
    if gradient.requires_grad:
        parameter.grad = ag.tensor(array)
    else:
        gradient[...] = array
