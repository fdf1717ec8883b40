"""What crosses the border of a backward pass: cotangents that enter, gradients that leave, hooks that see them.

Note [conjugation]: rules are plain transposes of the linear maps they differentiate, without conjugation. For a real loss L and
a complex z = x + iy they carry dL/dx - i dL/dy. What leaves the engine (``.grad``, results, what hooks see) is its
conjugate dL/dx + i dL/dy, the direction of steepest ascent, which is PyTorch's convention; cotangents that enter
are conjugated likewise.

Nothing crosses without a tensor, and memory, of its own: rules may return an array that others hold too, and may put one
tensor in several places.
"""

from typing import Any

import numpy as np

from autograd.batched import Batched, brought_to, is_tensor
from autograd.errors import GradientError
from autograd.modes import recording
from autograd.node import Leaf, Node
from autograd.ops.arguments import shape_of_any
from autograd.ops.casting import astype, conj, copy_of
from autograd.tensors import Tensor, wrap


def entering_seed(tensor: Tensor, cotangent: Any, create_graph: bool, where: str, argument: str) -> Any:
    """The cotangent that a backward pass starts with: the one given, or 1 for a real tensor of one element.

    ``where`` and ``argument`` are what messages call the tensor and the cotangent.
    """
    if cotangent is None:
        if tensor.size != 1:
            raise GradientError(
                f"{where}: expected a tensor of one element, received shape {tensor.shape}. A gradient belongs to one number: "
                f"reduce first, as in loss.sum() or loss.mean(); pass {argument} (a cotangent in the same shape) for a "
                "vector-Jacobian product; call it once per element for rows of the Jacobian."
            )
        if tensor.dtype.kind == "c":
            raise GradientError(
                f"{where}: expected a real result, received {tensor.dtype}. A complex number has no direction of steepest "
                f"ascent: take ag.real(t) or ag.abs(t), or pass {argument}"
            )
        seed: Any = np.ones(tensor.shape, tensor.dtype) if tensor.shape else tensor.dtype.type(1)
        return wrap(seed) if create_graph else seed
    if shape_of_any(cotangent) != tensor.shape:
        raise ValueError(
            f"{where}, {argument}: expected the shape of the tensor, {tensor.shape}, received {shape_of_any(cotangent)}; "
            "broadcast it first, as with np.broadcast_to"
        )
    own = tensor._value
    if own.__class__ is Batched and isinstance(cotangent, Tensor):
        cotangent = brought_to(cotangent, own._level)
    return _entering(cotangent, tensor.dtype, create_graph)


def _entering(cotangent: Any, dtype: Any, create_graph: bool) -> Any:
    """A cotangent from outside, conjugated (Note [conjugation]) and in the dtype of what it belongs to."""
    value = cotangent if isinstance(cotangent, Tensor) else np.asarray(cotangent)[()]
    if value.dtype.kind not in "biufc":
        raise TypeError(f"a cotangent has to be numeric; received dtype {value.dtype}")
    if value.dtype.kind == "c" and dtype.kind != "c":
        raise TypeError(f"expected a real cotangent for a real tensor ({dtype}), received {value.dtype}; take its real part")
    if not create_graph and isinstance(value, Tensor):
        value = value._value
    elif create_graph and not is_tensor(value):
        value = wrap(value)
    if value.dtype == dtype and dtype.kind != "c":
        return value
    with recording():  # as in ``result_of``
        if value.dtype != dtype:
            value = astype(value, dtype=dtype)
        return conj(value) if dtype.kind == "c" else value


def leaving(g: Any) -> Any:
    """A gradient in the convention of what leaves the engine (Note [conjugation])."""
    return conj(g) if g.dtype.kind == "c" else g


def result_of(g: Any, alone: bool) -> Tensor:
    """A gradient as a tensor with memory of its own."""
    if is_tensor(g):
        with recording():  # the pass was recorded, whatever the mode around it
            return _of_its_own(leaving(g))
    if g.dtype.kind == "c":
        return wrap(np.conjugate(g))
    if alone or not isinstance(g, np.ndarray):
        return wrap(g)
    return wrap(np.array(g))


def _of_its_own(g: Tensor) -> Tensor:
    """The gradient of a recorded pass as a tensor that nobody else has: rules may have put one in several places."""
    if g._node is None:
        return wrap(g._value if isinstance(g._value, Batched) else np.array(g._value)[()])
    if isinstance(g._node, Leaf):  # a cotangent that came in; writing to it would be writing to a leaf
        return copy_of(g)
    return wrap(g._value, g._node)


def run_hooks(node: Node, g: Any) -> Any:
    """The gradient after the node's hooks have seen, and perhaps replaced, it."""
    assert node.notes is not None
    for hook in tuple(node.notes.hooks.values()):
        left = leaving(g)
        replacement = hook(_of_its_own(left) if is_tensor(left) else wrap(_read_only(left)))
        if replacement is not None:
            if shape_of_any(replacement) != node.shape:
                raise GradientError(
                    f"a hook on {node!r} returned the wrong shape: expected {node.shape}, received {shape_of_any(replacement)}"
                )
            g = _entering(replacement, node.dtype, is_tensor(g))
    return g


def check_continuous(node: Node) -> None:
    """Refuse a node of integers or truth values: its op should have said that nothing flows through it."""
    if node.dtype.kind not in "fc":
        raise GradientError(
            f"op {node.name!r} gave {node.dtype} values, through which no gradient flows, yet it was recorded; "
            "declare it with differentiable=False"
        )


def _read_only(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value = value.view()
        value.flags.writeable = False
    return value
