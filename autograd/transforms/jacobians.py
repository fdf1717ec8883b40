"""``jacobian``, ``hessian`` and ``hvp``: all first or second derivatives, and second ones along a direction.

A Jacobian is made of as many pullbacks as there are outputs (its rows), or of as many pushforwards as there are inputs (its
columns), all of them at once under ``vmap``. The function itself runs once.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from autograd.tensors import Tensor, wrap
from autograd.transforms.arguments import check_tuples, given_back, name_of, places_of
from autograd.transforms.batching import vmap
from autograd.transforms.differentiation import gradient_of
from autograd.transforms.recordings import Recording


def jacobian(
    f: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    *,
    has_aux: bool = False,
    mode: str | None = None,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """The function that computes all derivatives of ``f``'s outputs by its inputs: ``J[i, j] = dy_i / dx_j``.

    Args:
        f: takes and returns arrays, tensors and trees of them.
        argnums: the position of the argument to differentiate with respect to, or a sequence of positions.
        has_aux: ``f`` returns a pair, of its output and of anything that is to be handed out beside it.
        mode: ``"reverse"`` computes rows, one for each output; ``"forward"`` columns, one for each input. By default what needs
            fewer.
        chunk_size: at most so many rows or columns at once, for less memory; by default all.

    Returns:
        A function of ``f``'s arguments that returns a tree like ``f``'s output, with a tree like the argument in place of each
        array (a tuple of them for a sequence ``argnums``); with ``has_aux``, ``(jacobian, aux)``. Plain arrays in, plain
        arrays out; recorded as with ``grad``.

    Shapes: the output's shape, then the argument's.

    Raises:
        TypeError: for an argument that is not floating or complex, for complex outputs of complex inputs, and when ``f``
            returns nothing.
        ValueError: for another mode, and for one that the dtypes do not allow: of real outputs by complex inputs there are rows
            (gradients, as in ``docs/complex.md``), of complex outputs by real inputs columns.

    >>> ag.jacobian(lambda x: np.stack([x[0] * x[1], x[0] ** 2]))(np.array([2.0, 3.0]))
    array([[3., 2.],
           [4., 0.]])
    >>> ag.jacobian(lambda p: p["a"] * p["b"])({"a": np.array([1.0, 2.0]), "b": 3.0})
    {'a': array([[3., 0.],
           [0., 3.]]), 'b': array([1., 2.])}
    """
    if mode not in (None, "reverse", "forward"):
        raise ValueError(f"jacobian: mode: expected 'reverse', 'forward' or None, received {mode!r}")
    return _jacobian(f, argnums, has_aux, mode, chunk_size, "jacobian")


def _jacobian(
    f: Callable[..., Any],
    argnums: int | Sequence[int],
    has_aux: bool,
    mode: str | None,
    chunk_size: int | None,
    transform: str,
) -> Callable[..., Any]:
    """``jacobian``, under the name that messages are to say."""

    @wraps(f, updated=())
    def derivative(*arguments: Any, **keywords: Any) -> Any:
        places = places_of(argnums, len(arguments), transform, f)
        recorded = Recording(transform, f, arguments, places, keywords, has_aux)
        inputs, outputs = recorded.variables.leaves, recorded.outputs
        if _is_forward(recorded, mode):
            blocks = _columns(recorded, inputs, outputs, chunk_size)
        else:
            blocks = _rows(recorded, inputs, outputs, chunk_size)
        trees = [recorded.variables.rebuilt(given_back(row, recorded.plain)) for row in blocks]
        found = recorded.structure.unflatten([row[0] if np.ndim(argnums) == 0 else tuple(row) for row in trees])
        return (found, recorded.aux()) if has_aux else found

    return derivative


def _is_forward(recorded: Recording, mode: str | None) -> bool:
    inputs, outputs = recorded.variables.leaves, recorded.outputs
    name = name_of(recorded.f)
    for each, path in zip(outputs, recorded.structure.paths(), strict=True):
        if each.dtype.kind not in "fc":
            raise TypeError(
                f"{recorded.transform}: result{path} of {name} is {each.dtype}, which has no derivative; leave it to "
                "has_aux=True"
            )
    complex_in, complex_out = [any([each.dtype.kind == "c" for each in side]) for side in (inputs, outputs)]
    if complex_in and complex_out and recorded.transform == "hessian":
        raise TypeError(
            f"hessian: {name} has complex inputs, for which there are several second derivatives, by real and by imaginary "
            "parts; differentiate them apart, as of lambda a, b: f(a + 1j * b), or take products by ag.hvp"
        )
    if complex_in and complex_out:
        raise TypeError(
            f"jacobian: {name} has complex inputs and complex outputs, between which there are two derivatives, by real and by "
            "imaginary part; differentiate them apart (as of lambda a, b: f(a + 1j * b)). For a holomorphic f, "
            "ag.jvp(f, (z,), (np.ones_like(z),)) gives its derivative"
        )
    needed = "reverse" if complex_in else "forward" if complex_out else None
    if needed and mode not in (None, needed):
        raise ValueError(
            f"jacobian: mode={mode!r}, but {name} has complex {'inputs' if complex_in else 'outputs'}; use {needed!r}"
        )
    if (chosen := mode or needed) is not None:
        return chosen == "forward"
    return sum([each.size for each in inputs]) < sum([each.size for each in outputs])


def _basis(tensors: Sequence[Tensor]) -> list[Any]:
    """Unit vectors: for each element of all tensors one, as arrays of these shapes with the vectors along a first axis."""
    count = sum([each.size for each in tensors])
    unit = np.eye(count)
    parts = np.split(unit, np.cumsum([each.size for each in tensors])[:-1], axis=1)
    return [part.reshape(count, *each.shape).astype(each.dtype, copy=False) for part, each in zip(parts, tensors, strict=True)]


def _rows(recorded: Recording, inputs: Sequence[Tensor], outputs: Sequence[Tensor], chunk_size: int | None) -> list[list[Any]]:
    """For each output, and each input, the derivatives: pullbacks of unit cotangents."""
    pulled = vmap(lambda *units: tuple(recorded.pull(units)), chunk_size=chunk_size)(*_basis(outputs))
    blocks, start = [], 0
    for y in outputs:
        rows = [each[start : start + y.size] for each in pulled]
        blocks.append([_shaped(each, y, x) for each, x in zip(rows, inputs, strict=True)])
        start += y.size
    return blocks


def _columns(
    recorded: Recording, inputs: Sequence[Tensor], outputs: Sequence[Tensor], chunk_size: int | None
) -> list[list[Any]]:
    """The same of pushforwards of unit tangents."""
    pushed = vmap(lambda *units: tuple(recorded.push(units)), out_axes=-1, chunk_size=chunk_size)(*_basis(inputs))
    blocks = []
    for y, columns in zip(outputs, pushed, strict=True):
        row, start = [], 0
        for x in inputs:
            row.append(_shaped(columns[..., start : start + x.size], y, x))
            start += x.size
        blocks.append(row)
    return blocks


def _shaped(block: Any, output: Tensor, input_: Tensor) -> Tensor:
    shaped: Any = np.reshape(block, (*output.shape, *input_.shape))
    return shaped if isinstance(shaped, Tensor) else wrap(shaped[()])


def hessian(
    f: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """The function that computes all second derivatives of a number: ``H[i, j] = d2y / dx_i dx_j``.

    It is the Jacobian of the gradient; arguments and errors are those of ``grad`` and ``jacobian``.

    Returns:
        A function of ``f``'s arguments that returns a tree like the argument, with a tree like the argument in place of each
        array; for a sequence ``argnums`` a tuple of tuples of them; with ``has_aux``, ``(hessian, aux)``.

    Shapes: the argument's shape, twice.

    >>> ag.hessian(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    gradient = gradient_of(f, argnums, has_aux, "hessian")
    return _jacobian(gradient, argnums, has_aux, None, chunk_size, "hessian")


def hvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, ...]:
    """The Hessian-vector product, without the Hessian: for the Hessian H of ``f`` at ``primals``, H v.

    It costs a few gradients however many numbers the primals hold.

    Args:
        f: takes arrays, tensors and trees of them, and returns one real number.
        primals: a tuple or list of its arguments.
        tangents: v: one for each, a tree of the same structure with arrays of the same shapes.

    Returns:
        A tuple with a tree like each primal. Plain arrays in, plain arrays out; recorded as with ``grad``.

    Raises:
        TypeError: as ``grad``.
        ValueError: for tangents of another structure or shape than the primals'.

    >>> ag.hvp(lambda x: x[0] ** 2 * x[1], (np.array([2.0, 3.0]),), (np.array([1.0, 10.0]),))
    (array([46.,  4.]),)
    """
    check_tuples("hvp", primals, tangents)
    if len(primals) != len(tangents):
        raise ValueError(f"hvp: expected {len(primals)} tangents, one for each primal, received {len(tangents)}")
    places = tuple(range(len(primals)))
    recorded = Recording("hvp", gradient_of(f, places, False, "hvp"), primals, places)
    flat = recorded.structure.flatten_like(tuple(tangents), "hvp: the tangents")
    plain = recorded.plain and not any([isinstance(each, Tensor) for each in flat])
    # the Hessian is symmetric: its product with v is the gradient of the gradient's product with v
    return tuple(recorded.variables.rebuilt(given_back(recorded.pull(flat, again=False), plain)))
