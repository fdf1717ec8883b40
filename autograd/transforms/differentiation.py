"""``grad``, ``value_and_grad`` and ``vjp``: derivatives by going back through what a function recorded."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from autograd.cotangents import entering_seed, result_of
from autograd.modes import is_grad_enabled, recording
from autograd.node import Node
from autograd.ops.elementwise.arithmetic import add
from autograd.tensors import Tensor, wrap
from autograd.transforms.arguments import (
    Variables,
    depends_on_outside,
    flat_outputs,
    leaving,
    leaving_aux,
    name_of,
    one_number,
    places_of,
    without_aux,
    zeros_of,
)
from autograd.traversal import walk


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
        A function of ``f``'s arguments that returns ``(value, gradient)``, or ``((value, aux), gradient)``. The gradient is a tree
        like the argument, with each array's shape and dtype; for a sequence of positions it is a tuple of them. Where all
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
    both = _value_and_grad(f, argnums, has_aux, "grad")

    @wraps(f)
    def gradient(*arguments: Any, **keywords: Any) -> Any:
        value, found = both(*arguments, **keywords)
        return (found, value[1]) if has_aux else found

    return gradient


def _value_and_grad(
    f: Callable[..., Any], argnums: int | Sequence[int], has_aux: bool, transform: str
) -> Callable[..., tuple[Any, Any]]:
    @wraps(f)
    def value_and_gradient(*arguments: Any, **keywords: Any) -> tuple[Any, Any]:
        places = places_of(argnums, len(arguments), transform, f)
        variables = Variables(transform, f, arguments, places, keywords)
        with recording():
            result, aux = without_aux(f(*variables.arguments, **keywords), has_aux, transform, f)
        outputs, structure = flat_outputs(result, transform, f)
        out = one_number(outputs, structure, transform, f)
        if not isinstance(result, Tensor):
            raise TypeError(f"{transform}: expected {name_of(f)} to return a Tensor, received {type(result).__name__}")
        record = is_grad_enabled() and depends_on_outside([out], variables.leaves)
        found = _pulled_back([out], [None], variables.leaves, record, f"{transform}: the result of {name_of(f)}")
        if not record:
            out = wrap(out._value)
        plain = not variables.holds_tensors and out._node is None
        (value,) = leaving([out], plain)
        trees = variables.rebuilt(leaving(found, plain))
        if has_aux:
            value = value, leaving_aux(aux, record, plain)
        return value, trees[0] if isinstance(argnums, int) else tuple(trees)

    return value_and_gradient


def vjp(f: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """``f``'s value, and the function that pulls cotangents back: the vector-Jacobian product.

    For the Jacobian J of ``f`` at ``primals`` and a cotangent v of its output, ``pullback(v)`` is v J: for each primal x the sum
    over i of v_i dy_i/dx. ``f`` runs once; ``pullback`` may be called as often as one likes, also inside ``vmap``.

    Args:
        f: takes and returns arrays, tensors and trees of them.
        *primals: its arguments; the product is with respect to all of them.
        has_aux: ``f`` returns a pair, of its output and of anything that is to be handed out beside it.

    Returns:
        ``(output, pullback)``, or ``(output, pullback, aux)``. ``pullback`` takes a tree like the output and returns a tuple, of a
        tree like each primal. Plain arrays in, plain arrays out; recorded as with ``grad``.

    Raises:
        TypeError: for primals that are not floating or complex, and when ``f`` returns nothing.
        ValueError: from ``pullback``, for cotangents of another structure or shape than the output's.

    Source: named as JAX's ``jax.vjp`` and PyTorch's ``torch.func.vjp``.

    >>> y, pullback = ag.vjp(lambda a, b: a * b, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    >>> y, pullback(np.array([1.0, 10.0]))
    (array([3., 8.]), (array([ 3., 40.]), array([ 1., 20.])))
    """
    variables = Variables("vjp", f, primals, range(len(primals)))
    with recording():
        result, aux = without_aux(f(*variables.arguments), has_aux, "vjp", f)
    outputs, structure = flat_outputs(result, "vjp", f)
    outside = depends_on_outside(outputs, variables.leaves)

    def pullback(cotangents: Any) -> tuple[Any, ...]:
        """For each primal, the cotangents' product with the Jacobian."""
        vs = structure.flatten_like(cotangents, "vjp: the cotangent")
        record = is_grad_enabled() and (outside or any([_is_recorded(each) for each in vs]))
        found = _pulled_back(outputs, vs, variables.leaves, record, f"vjp: the output of {name_of(f)}")
        tensors = variables.holds_tensors or any([isinstance(each, Tensor) for each in vs])
        return tuple(variables.rebuilt(leaving(found, not tensors)))

    record = outside and is_grad_enabled()
    shown = leaving([each if record else wrap(each._value) for each in outputs], not variables.holds_tensors)
    out = structure.unflatten(shown)
    return (out, pullback, leaving_aux(aux, record, not variables.holds_tensors)) if has_aux else (out, pullback)


def _is_recorded(x: Any) -> bool:
    return isinstance(x, Tensor) and x.requires_grad


def _pulled_back(
    outputs: Sequence[Tensor], cotangents: Sequence[Any], variables: Sequence[Tensor], record: bool, where: str
) -> list[Tensor]:
    """The gradient with respect to each variable; zeros where the outputs do not depend on it."""
    seeds: dict[Node, Any] = {}
    for each, cotangent in zip(outputs, cotangents, strict=True):
        seed = entering_seed(each, cotangent, record, where, "the cotangent")
        node = each._node
        if node is not None:
            seeds[node] = add(seeds[node], seed) if node in seeds else seed
    nodes = [each._node for each in variables]
    found = walk(seeds, dict.fromkeys(nodes), record, retain_graph=True) if seeds else {}  # type: ignore[arg-type]
    return [
        result_of(*found[node]) if node in found else zeros_of(each)  # type: ignore[index]
        for node, each in zip(nodes, variables, strict=True)
    ]
