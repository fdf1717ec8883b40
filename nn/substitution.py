"""``functional_call``: call a module with other tensors in place of its parameters."""

from collections.abc import Mapping, Sequence
from typing import Any

from autograd import Tensor
from nn.module import Module
from nn.parameter import Buffer, Parameter
from nn.paths import members_by_path, parts, walk


def functional_call(
    module: Module, parameters: Mapping[str, Tensor] | Sequence[Mapping[str, Tensor]], /, *inputs: Any, **keywords: Any
) -> Any:
    """``module(*inputs, **keywords)``, with some of its parameters and buffers replaced for this one call.

    It makes a function of the parameters out of a module: for ``ag.gradcheck``, ``ag.grad``, or weights that another network
    computes. Those that are not named are used as they are. The module is changed while the call runs, so it must not be
    called by another thread meanwhile.

    Args:
        module: the module to call.
        parameters: tensors by the names that ``named_parameters`` and ``named_buffers`` give; any dtype, where the member is
            floating any floating one. Several such mappings in a tuple or list count as one.
        *inputs: the module's arguments; or, as in PyTorch, one tuple of them, perhaps with a dict of keywords behind it.
        **keywords: the module's keyword arguments.

    Raises:
        KeyError: for a name that the module does not have.
        ValueError: for a tensor of another shape, and when two members of the module have the same path.
        TypeError: for what is no tensor, a tensor of integers in place of a floating one, and for a parameter in a tuple, which
            cannot be replaced.

    Source: named as PyTorch's ``torch.func.functional_call``.

    >>> line = nn.Linear(2, 1)
    >>> values = {"weight": ag.tensor([[1.0, 2.0]]), "bias": ag.tensor([3.0])}
    >>> nn.functional_call(line, values, ag.tensor([[10.0, 20.0]]))
    Tensor([[53.]], dtype=float64)
    """
    several = [parameters] if isinstance(parameters, Mapping) else parameters
    given = {name: tensor for each in several for name, tensor in each.items()}
    if inputs and isinstance(inputs[0], tuple) and (len(inputs) == 1 or (len(inputs) == 2 and isinstance(inputs[1], dict))):
        keywords = {**(inputs[1] if len(inputs) == 2 else {}), **keywords}
        inputs = inputs[0]
    members = members_by_path(module)
    if unknown := [name for name in given if name not in members]:
        raise KeyError(
            f"functional_call: {module!r} has no parameter or buffer {unknown[0]!r}; it has {', '.join(members) or 'none'}"
        )
    for name, tensor in given.items():
        if not isinstance(tensor, Tensor):
            raise TypeError(
                f"functional_call: expected a Tensor for {name!r}, received {type(tensor).__name__}; wrap it with ag.tensor"
            )
        if tensor.shape != members[name].shape:
            raise ValueError(f"functional_call: expected shape {members[name].shape} for {name!r}, received {tensor.shape}")
        if members[name].dtype.kind in "fc" and tensor.dtype.kind not in "fc":
            raise TypeError(
                f"functional_call: expected a floating tensor for {name!r}, received {tensor.dtype}; "
                f"write tensor.astype(np.{members[name].dtype})"
            )
    replacements = {id(members[name]): tensor for name, tensor in given.items()}
    places = [
        (container, key, part)
        for _, container in walk(module)
        for key, part in parts(container)
        if isinstance(part, Parameter | Buffer) and id(part) in replacements
    ]
    try:
        for container, key, part in places:
            _put(container, key, replacements[id(part)])
        return module(*inputs, **keywords)
    finally:
        for container, key, part in places:
            _put(container, key, part)


def _put(container: Any, key: Any, tensor: Tensor) -> None:
    if isinstance(container, tuple):
        raise TypeError("functional_call: a parameter in a tuple cannot be replaced; keep the parameters in a list")
    if isinstance(container, Module):
        vars(container)[key] = tensor  # not as an attribute, which refuses to lose a Parameter
    else:
        container[key] = tensor
