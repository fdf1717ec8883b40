"""``jvp`` and ``linearize``: derivatives along a direction, by going forward through what a function recorded."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd.tensors import Tensor
from autograd.transforms.arguments import check_tuples, given_back
from autograd.transforms.recordings import Recording


def jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], *, has_aux: bool = False) -> Any:
    """``f``'s value, and its derivative along a direction: the Jacobian-vector product.

    For the Jacobian J of ``f`` at ``primals`` and a tangent v of its arguments, it is J v: the sum over j of dy/dx_j v_j.

    Args:
        f: takes and returns arrays, tensors and trees of them.
        primals: a tuple or list of its arguments.
        tangents: one for each, a tree of the same structure with arrays of the same shapes.
        has_aux: ``f`` returns a pair, of its output and of anything that is to be handed out beside it.

    Returns:
        ``(output, tangent of the output)``, or ``(output, tangent, aux)``; trees of the same structure. Plain arrays in, plain
        arrays out; recorded as with ``grad``.

    Raises:
        TypeError: for primals that are not floating or complex, and when ``f`` returns nothing.
        ValueError: for tangents of another structure or shape than the primals'; the message names the place.

    Source: named as JAX's ``jax.jvp`` and PyTorch's ``torch.func.jvp``.

    >>> ag.jvp(lambda x: x**2, (np.array([1.0, 2.0]),), (np.array([1.0, 0.5]),))
    (array([1., 4.]), array([2., 2.]))
    """
    check_tuples("jvp", primals, tangents)
    recorded, linear = _linearized(f, primals, has_aux, "jvp")
    results = recorded.output(), linear(*tangents)
    return (*results, recorded.aux()) if has_aux else results


def linearize(f: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """``f``'s value, and the linear function that approximates ``f`` there: the derivative along any direction.

    ``f`` runs once; each call of the linear function costs about as much as a gradient, and it may be called inside ``vmap``.

    Args:
        f: takes and returns arrays, tensors and trees of them.
        *primals: its arguments.
        has_aux: ``f`` returns a pair, of its output and of anything that is to be handed out beside it.

    Returns:
        ``(output, linear)``, or ``(output, linear, aux)``; ``linear(*tangents)`` is the tangent of the output.

    Raises:
        TypeError: for primals that are not floating or complex, and when ``f`` returns nothing.
        ValueError: from ``linear``, for tangents of another structure or shape than the primals'.

    Source: named as JAX's ``jax.linearize``.

    >>> y, linear = ag.linearize(np.sin, 0.0)
    >>> y, linear(1.0), linear(-2.0)
    (np.float64(0.0), np.float64(1.0), np.float64(-2.0))
    """
    recorded, linear = _linearized(f, primals, has_aux, "linearize")
    results = recorded.output(), linear
    return (*results, recorded.aux()) if has_aux else results


def _linearized(f: Callable[..., Any], primals: Any, has_aux: bool, transform: str) -> tuple[Recording, Callable[..., Any]]:
    recorded = Recording(transform, f, primals, range(len(primals)), has_aux=has_aux)

    def linear(*tangents: Any) -> Any:
        """The tangent of the output."""
        structures = recorded.variables.structures
        if len(tangents) != len(structures):
            raise ValueError(f"{transform}: expected {len(structures)} tangents, one for each primal, received {len(tangents)}")
        flat = []
        for i, (structure, tangent) in enumerate(zip(structures, tangents, strict=True)):
            flat += structure.flatten_like(tangent, f"{transform}: the tangent of argument {i}")
        plain = recorded.plain and not any([isinstance(each, Tensor) for each in flat])
        return recorded.structure.unflatten(given_back(recorded.push(flat), plain))

    return recorded, linear
