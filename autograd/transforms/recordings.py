"""One call of a function, recorded, through which cotangents go back and tangents go forward, as often as one likes.

Every derivative here is made of it: ``grad`` pulls back one cotangent, ``jvp`` pushes forward one tangent, ``jacobian`` does
one of the two for a whole basis, under ``vmap``.
"""

from collections.abc import Sequence
from typing import Any

from autograd.batched import as_tensor, is_recorded
from autograd.cotangents import entering_seed, result_of
from autograd.modes import is_grad_enabled, recording
from autograd.node import Node
from autograd.ops.arguments import shape_of_any
from autograd.ops.casting import astype
from autograd.ops.elementwise.arithmetic import add
from autograd.tensors import Tensor, as_value, wrap
from autograd.transforms.arguments import (
    Variables,
    aux_given_back,
    depends_on_outside,
    flat_outputs,
    given_back,
    lifted_to,
    name_of,
    without_aux,
    zeros_of,
)
from autograd.transforms.pushforward import pushforward
from autograd.traversal import walk


class Recording:
    """A function's results, recorded with its arguments at ``places`` as variables.

    ``outputs``: the results as tensors, in order; ``structure``: how they were nested; ``returned``: the result's class.
    ``recorded``: whether derivatives are recorded themselves, because something outside may be differentiated with respect to.
    ``plain``: whether only arrays came in.
    """

    def __init__(
        self,
        transform: str,
        f: Any,
        arguments: Sequence[Any],
        places: Sequence[int],
        keywords: dict[str, Any] | None = None,
        has_aux: bool = False,
    ) -> None:
        self.transform = transform
        self.f = f
        self.variables = Variables(transform, f, arguments, places, keywords)
        with recording():
            result, self._aux = without_aux(f(*self.variables.arguments, **(keywords or {})), has_aux, transform, f)
        self.returned = type(result)
        self.outputs, self.structure = flat_outputs(result, transform, f)
        self.recorded = is_grad_enabled() and depends_on_outside(self.outputs, self.variables.leaves)
        self.plain = not self.variables.holds_tensors
        self.variables.settle()

    def output(self) -> Any:
        """What the function returned, as it is handed out."""
        return self.structure.unflatten(
            given_back([each if self.recorded else wrap(each._value) for each in self.outputs], self.plain)
        )

    def aux(self) -> Any:
        """What the function returned beside it."""
        return aux_given_back(self._aux, self.recorded, self.plain)

    def _is_to_record(self, vectors: Sequence[Any]) -> bool:
        return is_grad_enabled() and (self.recorded or any(map(is_recorded, vectors)))

    def pull(self, cotangents: Sequence[Any], *, again: bool = True) -> list[Tensor]:
        """For each variable the product of the cotangents with the Jacobian; zeros where the outputs do not depend on it.

        A cotangent ``None`` is 1, for an output of one element. ``again``: whether what was recorded is needed after this.
        """
        record = self._is_to_record(cotangents)
        seeds: dict[Node, Any] = {}
        where = f"{self.transform}: the result of {name_of(self.f)}"
        for each, cotangent in zip(self.outputs, cotangents, strict=True):
            seed = entering_seed(each, cotangent, record, where, "the cotangent")
            if (node := each.node) is not None:
                seeds[node] = add(seeds[node], seed) if node in seeds else seed
        found = walk(seeds, self.variables.nodes, record, again or record, self.variables.level) if seeds else {}
        return [
            result_of(*found[node]) if node in found else zeros_of(each)
            for node, each in zip(self.variables.nodes, self.variables.leaves, strict=True)
        ]

    def push(self, tangents: Sequence[Any]) -> list[Tensor]:
        """For each output the product of the Jacobian with the tangents; zeros where it does not depend on them."""
        variables = self.variables
        record = self._is_to_record(tangents)
        enter = lifted_to(variables.level, record)
        entering: dict[Node, Any] = {}
        for node, each, v, path in zip(variables.nodes, variables.leaves, tangents, variables.paths(), strict=True):
            entering[node] = enter(_fitting(v, each, f"{self.transform}: the tangent of {path}"))
        found = pushforward(entering, [each.node for each in self.outputs], variables.level, record)
        return [zeros_of(y) if t is None else as_tensor(t) for y, t in zip(self.outputs, found, strict=True)]


def _fitting(v: Any, variable: Tensor, what: str) -> Any:
    """A tangent in its variable's shape and dtype."""
    if shape_of_any(v) != variable.shape:
        raise ValueError(f"{what}: expected the shape of the argument, {variable.shape}, received {shape_of_any(v)}")
    v = v if isinstance(v, Tensor) else as_value(v)
    if v.dtype.kind == "c" and variable.dtype.kind != "c":
        raise TypeError(f"{what}: expected real numbers for a real argument, received {v.dtype}; take the real part")
    if v.dtype == variable.dtype:
        return v
    with recording():
        return astype(v, dtype=variable.dtype)
