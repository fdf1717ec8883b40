"""``grad``, ``value_and_grad`` and ``vjp``: derivatives by going back through what a function recorded."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from autograd.errors import GradientError
from autograd.tensors import Tensor
from autograd.transforms.arguments import given_back, name_of, places_of
from autograd.transforms.recordings import Recording
from autograd.transforms.trees import LEAF, tree_map


def value_and_grad(
    f: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """The function that returns ``f``'s value and its gradient.

    Args:
        f: takes arrays, tensors and trees of them (dicts, lists, tuples, dataclasses), and returns one real number, as a
            tensor of one element.
        argnums: the position of the argument to differentiate with respect to, or a sequence of positions.
        has_aux: ``f`` returns a pair, of the number and of anything that is to be handed out beside it.

    Returns:
        A function of ``f``'s arguments that returns ``(value, gradient)``, or ``((value, aux), gradient)``. The gradient is a
        tree like the argument, with each array's shape and dtype; for a sequence of positions it is a tuple of them. Where all
        arguments are plain arrays and numbers, so are the results. Results are recorded, and can be differentiated further,
        when an argument or a tensor that ``f`` uses requires a gradient.

    Raises:
        TypeError: for an argument that is not floating or complex (the message says where in the tree), and when ``f`` returns
            nothing, several outputs, or no tensor.
        GradientError: when ``f`` returns more than one number.

    >>> ag.value_and_grad(lambda x: (x**3).sum())(np.array([1.0, 2.0]))
    (np.float64(9.0), array([ 3., 12.]))
    >>> ag.value_and_grad(lambda p: p["w"] * 3.0 + p["b"] ** 2)({"w": 2.0, "b": 5.0})
    (np.float64(31.0), {'w': np.float64(3.0), 'b': np.float64(10.0)})
    """
    return _value_and_grad(f, argnums, has_aux, "value_and_grad")


def grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False) -> Callable[..., Any]:
    """The function that computes ``f``'s gradient; arguments and errors are those of ``value_and_grad``.

    With ``has_aux`` it returns ``(gradient, aux)``. It can be nested: ``grad(grad(f))`` is the second derivative.

    >>> ag.grad(np.tanh)(0.0)
    np.float64(1.0)
    >>> ag.grad(ag.grad(lambda x: x**3))(2.0)
    np.float64(12.0)
    >>> ag.grad(lambda w, x: np.sum(w["a"] * x))({"a": np.zeros(2)}, np.array([1.0, 2.0]))
    {'a': array([1., 2.])}
    """
    return gradient_of(f, argnums, has_aux, "grad")


def gradient_of(f: Callable[..., Any], argnums: int | Sequence[int], has_aux: bool, transform: str) -> Callable[..., Any]:
    """``grad``, under the name that messages are to say."""
    both = _value_and_grad(f, argnums, has_aux, transform)

    @wraps(f, updated=())
    def gradient(*arguments: Any, **keywords: Any) -> Any:
        value, found = both(*arguments, **keywords)
        return (found, value[1]) if has_aux else found

    return gradient


def _value_and_grad(
    f: Callable[..., Any], argnums: int | Sequence[int], has_aux: bool, transform: str
) -> Callable[..., tuple[Any, Any]]:
    @wraps(f, updated=())
    def value_and_gradient(*arguments: Any, **keywords: Any) -> tuple[Any, Any]:
        places = places_of(argnums, len(arguments), transform, f)
        recorded = Recording(transform, f, arguments, places, keywords, has_aux)
        one_number(recorded)
        trees = recorded.variables.rebuilt(given_back(recorded.pull([None], again=False), recorded.plain))
        value = (recorded.output(), recorded.aux()) if has_aux else recorded.output()
        return value, trees[0] if argnums.__class__ is int or np.ndim(argnums) == 0 else tuple(trees)

    return value_and_gradient


def stop_gradient(tree: Any) -> Any:
    """The same values outside of the graph: derivatives take them for constants.

    Args:
        tree: a tensor, or a tree that holds some; everything else in it stays as it is.

    Returns:
        A tree like it; its tensors share memory with those that came in, as with ``detach``.

    Source: named as JAX's ``jax.lax.stop_gradient``.

    >>> ag.grad(lambda x: x * ag.stop_gradient(x))(3.0)
    np.float64(3.0)
    """
    return tree_map(lambda leaf: leaf.detach() if isinstance(leaf, Tensor) else leaf, tree)


def vjp(f: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """``f``'s value, and the function that pulls cotangents back: the vector-Jacobian product.

    For the Jacobian J of ``f`` at ``primals`` and a cotangent v of its output, ``pullback(v)`` is v J: for each primal x the
    sum over i of v_i dy_i/dx. ``f`` runs once; ``pullback`` may be called as often as one likes, also inside ``vmap``.

    Args:
        f: takes and returns arrays, tensors and trees of them.
        *primals: its arguments; the product is with respect to all of them.
        has_aux: ``f`` returns a pair, of its output and of anything that is to be handed out beside it.

    Returns:
        ``(output, pullback)``, or ``(output, pullback, aux)``. ``pullback`` takes a tree like the output and returns a tuple,
        of a tree like each primal. Plain arrays in, plain arrays out; recorded as with ``grad``.

    Raises:
        TypeError: for primals that are not floating or complex, and when ``f`` returns nothing.
        ValueError: from ``pullback``, for cotangents of another structure or shape than the output's.

    Source: named as JAX's ``jax.vjp`` and PyTorch's ``torch.func.vjp``.

    >>> y, pullback = ag.vjp(lambda a, b: a * b, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    >>> y, pullback(np.array([1.0, 10.0]))
    (array([3., 8.]), (array([ 3., 40.]), array([ 1., 20.])))
    """
    recorded = Recording("vjp", f, primals, range(len(primals)), has_aux=has_aux)

    def pullback(cotangents: Any) -> tuple[Any, ...]:
        """For each primal, the cotangents' product with the Jacobian."""
        flat = recorded.structure.flatten_like(cotangents, "vjp: the cotangent")
        plain = recorded.plain and not any([isinstance(each, Tensor) for each in flat])
        return tuple(recorded.variables.rebuilt(given_back(recorded.pull(flat), plain)))

    results = recorded.output(), pullback
    return (*results, recorded.aux()) if has_aux else results


def one_number(recorded: Recording) -> None:
    """Refuse a function that returned something else than one number.

    Raises:
        TypeError: for several outputs, for what is no tensor and so has lost its graph, and for whole numbers.
        GradientError: for several elements.
    """
    transform, name = recorded.transform, name_of(recorded.f)
    if recorded.structure != LEAF:
        raise TypeError(
            f"{transform}: expected {name} to return one number, received {recorded.structure!r}; take ag.vjp or ag.jacobian "
            "for several outputs, and has_aux=True for what is returned beside the result"
        )
    (out,) = recorded.outputs
    if not issubclass(recorded.returned, Tensor):
        raise TypeError(
            f"{transform}: expected {name} to return a Tensor, received a plain {recorded.returned.__name__}, through which no "
            "gradient flows; compute it from the arguments"
        )
    if out.dtype.kind not in "fc":
        raise TypeError(
            f"{transform}: expected {name} to return a floating number, received {out.dtype}, which changes in jumps and has "
            "no gradient"
        )
    if out.size != 1:
        raise GradientError(
            f"{transform}: expected {name} to return one number, received shape {out.shape}; reduce it, as with .sum(), or "
            "ask for all derivatives with ag.jacobian"
        )
