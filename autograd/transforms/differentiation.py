"""``grad`` and ``value_and_grad``: from a function to the function that computes its gradient."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from autograd.engine import grad_of
from autograd.errors import GradientError
from autograd.modes import enable_grad, is_grad_enabled
from autograd.node import Leaf, Node, newest_first
from autograd.ops.casting import alias
from autograd.tensors import Tensor, as_value, wrap


def value_and_grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., tuple[Any, Any]]:
    """The function that returns ``f``'s value and its gradient.

    Args:
        f: takes arrays or tensors and returns one real number, as a tensor of one element.
        argnums: the position of the argument to differentiate with respect to, or a sequence of positions.

    Returns:
        A function of ``f``'s arguments that returns ``(value, gradient)``; the gradient has the argument's shape and dtype,
        and for a sequence of positions it is a tuple. Where all arguments are plain arrays and numbers, so are the results.
        Results are recorded, and can be differentiated further, when an argument or a tensor that ``f`` uses requires
        a gradient.

    Raises:
        TypeError: for an argument that is not floating or complex, and when ``f`` returns no tensor.
        GradientError: when ``f`` returns more than one number.

    >>> ag.value_and_grad(lambda x: (x**3).sum())(np.array([1.0, 2.0]))
    (np.float64(9.0), array([ 3., 12.]))
    """
    positions = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    @wraps(f)
    def value_and_gradient(*arguments: Any, **keywords: Any) -> tuple[Any, Any]:
        recording = is_grad_enabled()
        variables = [_variable(arguments, position, f, recording) for position in positions]
        replaced = dict(zip(_from_the_front(positions, len(arguments)), variables, strict=True))
        with enable_grad():
            result = f(*[replaced.get(i, each) for i, each in enumerate(arguments)], **keywords)
        if not isinstance(result, Tensor):
            raise TypeError(f"grad: expected {_name(f)} to return a Tensor, received {type(result).__name__}")
        if result.size != 1:
            raise GradientError(
                f"grad: expected {_name(f)} to return one number, received shape {result.shape}; reduce it, as with .sum(), or "
                "ask for the rows of the Jacobian with ag.grad_of"
            )
        node = result.node
        if node is None:  # constant in what was asked for
            gradients: tuple[Any, ...] = tuple([wrap(as_value(np.zeros(each.shape, each.dtype))) for each in variables])
        else:
            record = recording and _needs_recording(node, variables)
            found = grad_of(result, variables, create_graph=record, allow_unused=True)
            gradients = tuple(
                [wrap(as_value(np.zeros(v.shape, v.dtype))) if g is None else g for v, g in zip(variables, found, strict=True)]
            )
            if not record:
                result = result.detach()
        if not any(isinstance(each, Tensor) for each in (*arguments, *keywords.values())) and not result.requires_grad:
            result, gradients = result._value, tuple([each._value for each in gradients])
        return result, gradients[0] if isinstance(argnums, int) else gradients

    return value_and_gradient


def grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """The function that computes ``f``'s gradient; arguments and errors are those of ``value_and_grad``.

    It can be nested: ``grad(grad(f))`` is the second derivative.

    >>> ag.grad(np.tanh)(0.0)
    np.float64(1.0)
    >>> ag.grad(ag.grad(lambda x: x**3))(2.0)
    np.float64(12.0)
    """
    both = value_and_grad(f, argnums)

    @wraps(f)
    def gradient(*arguments: Any, **keywords: Any) -> Any:
        return both(*arguments, **keywords)[1]

    return gradient


def _variable(arguments: tuple[Any, ...], position: int, f: Callable[..., Any], recording: bool) -> Tensor:
    """The argument as a tensor to differentiate with respect to, which only this call of ``f`` uses."""
    if not -len(arguments) <= position < len(arguments):
        raise TypeError(
            f"grad: argnums names argument {position}, but {_name(f)} was called with {len(arguments)} positional arguments"
        )
    argument = arguments[position]
    if isinstance(argument, Tensor):
        if argument.requires_grad and recording:
            return alias(argument)
        value = argument._value
    else:
        value = as_value(argument)
    if value.dtype.kind not in "fc":
        raise TypeError(
            f"grad: argument {position} of {_name(f)} is {value.dtype}; expected a floating or complex argument: "
            "write 2.0 for 2, or convert with np.asarray(x, float)"
        )
    return wrap(value).requires_grad_()


def _from_the_front(positions: Sequence[int], count: int) -> list[int]:
    return [position % count for position in positions]


def _needs_recording(node: Node, variables: Sequence[Tensor]) -> bool:
    """Whether the result depends on a living leaf from outside: an outer derivative may be asked for with respect to it."""
    ours = {each.node for each in variables}
    leaves = [each for each in newest_first([node]) if isinstance(each, Leaf) and each not in ours]
    return any(each.tensor is not None and each.tensor() is not None for each in leaves)


def _name(f: Callable[..., Any]) -> str:
    return getattr(f, "__name__", repr(f))
