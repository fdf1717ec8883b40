"""What functions of functions do to arguments before they call a function, and to its results after.

Arguments are trees; what is differentiated with respect to becomes *variables*, tensors that only this call uses. Results leave
as plain arrays where plain arrays came in and nothing outside asks for their derivatives.
"""

from collections import deque
from collections.abc import Callable, Sequence
from operator import index
from typing import Any

import numpy as np

from autograd.batched import Batched, as_tensor, brought_to, lifted
from autograd.modes import thread
from autograd.node import Leaf, Node, newest_first
from autograd.ops.casting import alias
from autograd.tensors import Tensor, as_value, wrap
from autograd.transforms.trees import TreeDef, tree_flatten, tree_leaves


def name_of(f: Any) -> str:
    """What messages call a function."""
    return getattr(f, "__name__", None) or type(f).__name__


def places_of(argnums: int | Sequence[int], count: int, transform: str, f: Any) -> list[int]:
    """The positions that ``argnums`` names, counted from the front.

    Raises:
        TypeError: for what is no position of an argument.
        ValueError: for a position that is named twice.
    """
    try:
        several: Any = [argnums] if argnums.__class__ is int or np.ndim(argnums) == 0 else argnums
        positions = [index(each) for each in several]
    except TypeError:
        raise TypeError(f"{transform}: argnums: expected an integer or several, received {argnums!r}") from None
    for each in positions:
        if not -count <= each < count:
            raise TypeError(
                f"{transform}: argnums names argument {each}, but {name_of(f)} was called with {count} positional arguments"
            )
    places = [each % count for each in positions]
    if len(set(places)) < len(places):
        raise ValueError(f"{transform}: argnums={argnums!r} names an argument of {name_of(f)} twice")
    return places


class Variables:
    """The arguments of one call that are differentiated with respect to, as variables.

    ``leaves``: the variables, of all arguments in order. ``arguments``: those of the call, with the variables in place.
    ``holds_tensors``: whether tensors came in.
    """

    def __init__(self, transform: str, f: Any, arguments: Sequence[Any], places: Sequence[int], keywords: Any = ()) -> None:
        self.leaves: list[Tensor] = []
        self.structures: list[TreeDef] = []
        self._places = list(places)
        self.level = innermost_level()
        self.holds_tensors = False
        replaced = list(arguments)
        for place in self._places:
            leaves, structure = tree_flatten(arguments[place])
            self.structures.append(structure)
            variables: list[Tensor] = []
            for leaf in leaves:
                self.holds_tensors = self.holds_tensors or isinstance(leaf, Tensor)
                variable = _variable(leaf, self.level)
                if variable is None:
                    path = self.paths()[len(self.leaves) + len(variables)]
                    raise TypeError(f"{transform}: {path} of {name_of(f)} {_why_not(leaf)}")
                variables.append(variable)
            replaced[place] = structure.unflatten(variables)
            self.leaves += variables
        self.arguments = tuple(replaced)
        self.nodes: list[Node] = [each._node for each in self.leaves]  # type: ignore[misc]
        if not self.holds_tensors and (keywords or len(self._places) < len(arguments)):
            others = [each for place, each in enumerate(arguments) if place not in self._places]
            self.holds_tensors = any([isinstance(each, Tensor) for each in tree_leaves((others, keywords))])

    def settle(self) -> None:
        """Have the variables count no longer as what an outer derivative may be asked for: the function has run."""
        for node in self.nodes:
            if isinstance(node, Leaf):
                node.tensor = None

    def paths(self) -> list[str]:
        """For each variable what messages call it."""
        found = []
        for place, structure in zip(self._places, self.structures, strict=False):  # while they are being made, fewer
            found += structure.paths(f"argument {place}")
        return found

    def rebuilt(self, values: Sequence[Any]) -> list[Any]:
        """For each differentiated argument the tree with one of ``values`` for each variable."""
        rest = list(values)
        trees = []
        for structure in self.structures:
            trees.append(structure.unflatten(rest[: structure.size]))
            rest = rest[structure.size :]
        return trees


def innermost_level() -> Any:
    """The innermost ``vmap`` that is running, or ``None``."""
    levels = thread.mode.levels
    return levels[-1] if levels else None


_CONTAINERS = (list, tuple, dict, set, frozenset, deque, str)


def _variable(leaf: Any, level: Any) -> Tensor | None:
    """A leaf of an argument as a tensor to differentiate with respect to, which only this call uses.

    ``None`` for what is not floating or complex.
    """
    if isinstance(leaf, Tensor):
        value = leaf._value
    elif isinstance(leaf, _CONTAINERS):  # of a class that is no tree: it would become an array
        return None
    else:
        try:
            value = as_value(leaf)
        except (TypeError, ValueError):
            return None
    if value.dtype.kind not in "fc":
        return None
    if level is not None and (value.__class__ is not Batched or value._level is not level):
        return wrap(lifted(leaf if isinstance(leaf, Tensor) else value, level)).requires_grad_()
    if isinstance(leaf, Tensor) and leaf._node is not None and thread.mode.grad:
        return alias(leaf)
    return wrap(value).requires_grad_()


def _why_not(leaf: Any) -> str:
    """What a message says of a leaf that is no variable."""
    try:
        dtype = leaf.dtype if isinstance(leaf, Tensor) else np.asarray(leaf).dtype
    except ValueError:
        dtype = np.dtype(object)
    if dtype.kind in "biu" and not isinstance(leaf, _CONTAINERS):
        return f"is {dtype}; expected a floating or complex argument: write 2.0 for 2, or convert with np.asarray(x, float)"
    return (
        f"is no array and no number, received {type(leaf).__name__}; bind it beforehand, as with functools.partial, "
        "name other arguments in argnums, or make it a static field of its dataclass"
    )


def check_tuples(transform: str, primals: Any, tangents: Any) -> None:
    """Refuse primals and tangents that are no tuples: an array alone would be taken for its rows."""
    for each, what in ((primals, "primals"), (tangents, "tangents")):
        if not isinstance(each, tuple | list):
            raise TypeError(
                f"{transform}: {what}: expected a tuple with an entry for each argument of f, received {type(each).__name__}"
            )


def lifted_to(level: Any, record: bool) -> Callable[[Any], Any]:
    """What brings a value, array or tensor, into a pass at ``level``: a tensor for a pass that is recorded, else a raw
    value."""

    def enter(x: Any) -> Any:
        if level is not None and isinstance(x, Tensor):
            x = brought_to(x, level)
        if record:
            return as_tensor(x)
        return x._value if isinstance(x, Tensor) else x

    return enter


def depends_on_outside(outputs: Sequence[Tensor], variables: Sequence[Tensor]) -> bool:
    """Whether results depend on a living leaf other than the variables: outer derivatives may be asked for."""
    ours = {each._node for each in variables}
    nodes = newest_first([each._node for each in outputs if each._node is not None])
    leaves = [each for each in nodes if isinstance(each, Leaf) and each not in ours]
    if thread.mode.region is not None:  # a second run has to decide as the first one did, when variables were still in use
        return bool(leaves)
    return any(each.tensor is not None and each.tensor() is not None for each in leaves)


_WITH_AUX = ("grad", "value_and_grad", "vjp", "jvp", "linearize", "jacobian")


def flat_outputs(result: Any, transform: str, f: Any) -> tuple[list[Tensor], TreeDef]:
    """What a function returned, as tensors, and its structure.

    Raises:
        TypeError: when it returned nothing, or what is no array.
    """
    leaves, structure = tree_flatten(result)
    if not leaves:
        what = "None: does it end without a return?" if result is None else f"{result!r}, which holds no array"
        raise TypeError(f"{transform}: expected {name_of(f)} to return an array or a tree of them, received {what}")
    return [_output(leaf, path, transform, f) for leaf, path in zip(leaves, structure.paths(), strict=True)], structure


def _output(leaf: Any, path: str, transform: str, f: Any) -> Tensor:
    if isinstance(leaf, Tensor):
        return leaf
    try:
        return wrap(as_value(leaf))
    except (TypeError, ValueError):
        raise TypeError(
            f"{transform}: expected {name_of(f)} to return arrays and tensors, received {type(leaf).__name__} as result{path}"
            f"{'; return what else there is by has_aux=True' if transform in _WITH_AUX else ''}"
        ) from None


def without_aux(result: Any, has_aux: bool, transform: str, f: Any) -> tuple[Any, Any]:
    """A function's result, and what it returns beside it.

    Raises:
        TypeError: where ``has_aux`` says that there is a pair, and there is none.
    """
    if not has_aux:
        return result, None
    if not (isinstance(result, tuple) and len(result) == 2):
        raise TypeError(
            f"{transform}: with has_aux=True, expected {name_of(f)} to return a pair (result, aux), received "
            f"{type(result).__name__}{f' of {len(result)}' if isinstance(result, tuple) else ''}"
        )
    return result


def released(tensor: Tensor) -> Tensor:
    """A result that is the same for all examples of the ``vmap`` around it, outside of that level."""
    value = tensor._value
    while tensor._node is None and value.__class__ is Batched and not value._mapped:
        tensor = value._array if isinstance(value._array, Tensor) else wrap(value._array)
        if tensor.__class__ is Batched:
            tensor = wrap(tensor)
        value = tensor._value
    return tensor


def given_back(tensors: Sequence[Tensor], as_arrays: bool) -> list[Any]:
    """Results as they are handed out: as arrays, if that is wanted, where nothing is recorded and no ``vmap`` is running."""
    tensors = list(map(released, tensors))
    if not as_arrays:
        return tensors
    return [each if each._node is not None or each._value.__class__ is Batched else each._value for each in tensors]


def aux_given_back(aux: Any, recorded: bool, as_arrays: bool) -> Any:
    """What a function returned beside its result, outside of the graph unless results are recorded."""
    leaves, structure = tree_flatten(aux)
    out = []
    for each in leaves:
        if isinstance(each, Tensor):
            (each,) = given_back([each if recorded else wrap(each._value)], as_arrays)
        out.append(each)
    return structure.unflatten(out)


def zeros_of(tensor: Tensor) -> Tensor:
    """Zeros in a tensor's shape and dtype."""
    return wrap(np.zeros(tensor.shape, tensor.dtype)[()])
