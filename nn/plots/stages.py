"""What a diagram of a network is made of: its stages from left to right, read off one run of a copy of the model.

Layers are found in the order in which they are called, so a module with a ``forward`` of its own is laid out like a
``Sequential``, as long as its layers form a chain: each is given what the one before returned, or a function of that alone.
A module inside whose layers form no chain (a residual block) is one stage; a whole model of that kind cannot be laid out.
"""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.evaluation import generators_kept
from nn.inputs import check_number, check_whole
from nn.inspection.duplication import duplicate
from nn.inspection.example_inputs import floating_dtype_of
from nn.layers import Embedding, EmbeddingBag, Flatten, Identity, LayerNorm, Linear, RMSNorm, Sequential
from nn.module import Module

NAME = "network"  # what messages begin with


@dataclass
class Stage:
    """A column of the diagram: what a layer gives, of this shape for one example; and what is done to it, as captions.

    ``kind``: ``"neurons"`` for a vector, ``"flat"`` for one that was made of something else, ``"sheets"`` for channels,
    ``"block"`` for anything else. ``weight``: of a linear layer (out, in); ``dense`` says that each is made of all before.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    dense: bool = False
    weight: Any = None
    captions: list[str] = field(default_factory=list)


@dataclass(eq=False)
class _Call:
    """One call of a module: what it was given and returned (``None``: no single tensor), and the calls inside."""

    module: Module
    source: Any
    result: Any = None
    calls: list["_Call"] = field(default_factory=list)


def stages_of_sizes(sizes: Any) -> list[Stage]:
    """The stages of a network that is told by the sizes of its layers."""
    for i, each in enumerate(sizes):
        check_whole(NAME, f"sizes[{i}]", each)
        check_number(NAME, f"sizes[{i}]", each, least=1)
    if len(sizes) < 2:
        raise ValueError(f"{NAME}: expected two sizes or more, such as [20, 64, 3]; received {list(sizes)}")
    last = len(sizes) - 1
    names = ["input", *["hidden" if last == 2 else f"hidden {i}" for i in range(1, last)], "output"]
    return [Stage(name, "neurons", (int(size),), dense=i > 0) for i, (name, size) in enumerate(zip(names, sizes, strict=True))]


def stages_of(model: Module, input_size: Any) -> list[Stage]:
    """The stages of a model, the input first.

    Raises:
        ValueError: for a model that cannot be laid out, and where ``input_size`` is needed.
    """
    shape = _input_shape(model, input_size)
    call = _run(duplicate(model), shape)
    stages = [Stage("input", _kind(shape), shape)]
    paths = {id(module): path.rpartition(".")[2] for path, module in call.module.named_modules()}
    if call.calls and _links(call) is None:
        raise ValueError(
            f"{NAME}: expected a model whose layers are called one after the other, each on what the one before returned; "
            f"{type(model).__name__}.forward branches. Draw what it computes with ag.draw(model(x))"
        )
    _append(stages, call, paths)
    if len(stages) > 1 and stages[1].kind == "sheets" and len(shape) == 2:
        stages[0].kind = "sheets"  # the channels of a signal
    return stages


# ---------------------------------------------------------------- one run


def _input_shape(model: Module, input_size: Any) -> tuple[int, ...]:
    """The shape of one example."""
    if input_size is not None:
        given = input_size if isinstance(input_size, list | tuple) else (input_size,)
        for each in given:
            check_whole(NAME, "input_size, the lengths of one example's axes", each)
            check_number(NAME, "input_size", each, least=1)
        return tuple([int(each) for each in given])
    for each in model.modules():
        if isinstance(each, Linear):
            return (each.in_features,)
        if next(each.children(), None) is None and not (isinstance(each, Flatten) or _is_caption(each)):
            break
    raise ValueError(
        f"{NAME}: expected input_size, the shape of one example, such as 20 or (1, 28, 28), since {type(model).__name__} does "
        "not begin with a linear layer; received none"
    )


def _run(model: Module, shape: tuple[int, ...]) -> _Call:
    """Call a model, which keeps the hooks, with one example."""
    running: list[_Call] = []
    root = _Call(model, None)

    def start(module: Module, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        given = list({id(each): each for each in (*inputs, *keywords.values()) if isinstance(each, Tensor)}.values())
        running.append(_Call(module, given[0] if len(given) == 1 else None))

    def end(module: Module, inputs: tuple[Any, ...], output: Any) -> None:
        call = running.pop()
        call.result = _first_tensor(output)
        (running[-1].calls if running else root.calls).append(call)

    for each in model.modules():
        each.register_forward_pre_hook(start, prepend=True, with_kwargs=True)
        each.register_forward_hook(end)
    numbers = np.zeros((1, *shape), floating_dtype_of(model) or float)
    first = next((each for each in model.modules() if next(each.children(), None) is None), model)
    indices = isinstance(first, Embedding | EmbeddingBag)
    example = ag.tensor(numbers.astype(np.int64)) if indices else ag.tensor(numbers, requires_grad=True)
    model.eval().requires_grad_(True)
    with generators_kept(model), ag.enable_grad(), np.errstate(all="ignore"):
        model(example)
    return root.calls[0]


def _first_tensor(output: Any) -> Any:
    while isinstance(output, tuple | list) and output:
        output = output[0]
    return output if isinstance(output, Tensor) else None


# ---------------------------------------------------------------- chains


def _links(call: _Call) -> list[list[str]] | None:
    """What is computed in front of each call inside and behind the last one; ``None`` where these form no chain."""
    found = []
    at = call.source
    for each in [*call.calls, None]:
        names = _between(at, call.result if each is None else each.source)
        if names is None:
            return None
        found.append(names)
        at = None if each is None else each.result
    return found


def _between(source: Any, target: Any) -> list[str] | None:
    """The names of the ops that made ``target`` of ``source``; ``None`` where something else has gone into it."""
    if source is None or target is None:
        return None
    if target is source or (source.node is not None and target.node is source.node):
        return []
    if source.node is None or target.node is None:
        return None
    stack, seen, names = [target.node], {id(target.node)}, []
    reached = False
    while stack:
        node = stack.pop()
        if node is source.node:
            reached = True
        elif node.op is None:  # an array from outside: one that is no parameter may go in
            if node.requires_grad:
                return None
        elif node.tick < source.node.tick:
            return None
        else:
            if node.op.name != "output":
                names.append(node.op.name)
            for each in node.inputs:
                if each is not None and not isinstance(each, bool | int | float | complex) and id(each) not in seen:
                    seen.add(id(each))
                    stack.append(each)
    return names[::-1] if reached else None


# ---------------------------------------------------------------- stages


def _append(stages: list[Stage], call: _Call, paths: dict[int, str]) -> None:
    """Add the stages of a call: those of the calls inside, where they form a chain, or one of its own."""
    links = _links(call) if call.calls else None
    if links is None:
        _append_layer(stages, call, paths[id(call.module)])
        return
    at = call.source
    for names, each in zip(links, [*call.calls, None], strict=True):
        target = call.result if each is None else each.source
        if names:
            _append_function(stages, names, at.shape[1:], target.shape[1:])
        if each is not None:
            _append(stages, each, paths)
            at = each.result


def _append_function(stages: list[Stage], names: list[str], before: tuple[int, ...], after: tuple[int, ...]) -> None:
    name = names[0] if len(names) == 1 else "function"
    if before == after:
        stages[-1].captions.append(name)
    else:
        stages.append(Stage(name, "flat" if len(after) == 1 else _kind(after), after))


def _append_layer(stages: list[Stage], call: _Call, own_name: str) -> None:
    module = call.module
    if call.result is None:
        raise ValueError(
            f"{NAME}: expected layers that return tensors, received something else from {type(module).__name__}; draw what it "
            "computes with ag.draw"
        )
    shape = tuple(call.result.shape[1:])
    name = type(module).__name__ if own_name.isdecimal() or not own_name else own_name
    if not call.calls and shape == stages[-1].shape and (_is_caption(module) or isinstance(module, Flatten)):
        if not isinstance(module, Identity | Flatten):
            stages[-1].captions.append(name + _probability(module))
        return
    if kernel := _kernel(module, shape):
        name = f"{name} {kernel}"
    kind = _kind(shape, bool(kernel) or stages[-1].kind == "sheets")
    if call.calls:
        kind = "block"
    elif kind == "neurons" and isinstance(module, Flatten):
        kind = "flat"
    dense = isinstance(module, Linear) and len(shape) == 1
    stages.append(Stage(name, kind, shape, dense, module.get_parameter("weight").numpy() if dense else None))


def _kind(shape: tuple[int, ...], channels: bool = False) -> str:
    """How an array is drawn. That of two axes may be a sequence or, where a convolution or pool gives it, channels."""
    if len(shape) == 1:
        return "neurons"
    return "sheets" if len(shape) > 2 or (len(shape) == 2 and channels) else "block"


def _is_caption(module: Module) -> bool:
    """Whether a module without others inside works on each number or channel by itself: it has no matrix of weights."""
    if isinstance(module, Sequential) or next(module.children(), None) is not None:
        return False
    return isinstance(module, LayerNorm | RMSNorm) or all([each.ndim < 2 for each in module.parameters()])


def _probability(module: Module) -> str:
    """The setting of a dropout: ``" 0.5"``."""
    p = vars(module).get("p")
    return f" {p:g}" if isinstance(p, float) else ""


def _kernel(module: Module, shape: tuple[int, ...]) -> str:
    """The size of the window of a convolution or pool: ``3×3``."""
    size = vars(module).get("kernel_size")
    if isinstance(size, int | np.integer):
        size = (int(size),) * max(1, len(shape) - 1)
    return "×".join(map(str, size)) if isinstance(size, tuple) and math.prod(size) else ""
