"""Where NaN and infinity come from: the first op, parameter or input that has one."""

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.evaluation import generators_kept
from nn.module import Module


def first_nonfinite(model: Module, compute: Callable[[], Any]) -> str | None:
    """What ``compute()`` first makes NaN or infinite out of finite numbers; ``None`` when all is finite.

    It computes with the model, and is run once more, with the values of all ops kept. Generators, parameters and buffers are
    as before.
    """
    for path, each in model.named_parameters():
        if (told := _told(each.numpy())) is not None:
            return f"parameter {path} holds {told}; it became so in an update, or was loaded so"
    for path, buffer in model.named_buffers():
        if (told := _told(buffer.numpy())) is not None:
            return f"buffer {path} holds {told}"
    state = model.state_dict()
    try:
        with generators_kept(model), ag.keep_values(), np.errstate(all="ignore"):
            result = compute()
    finally:
        model.load_state_dict(state)
    if not isinstance(result, Tensor) or not result.requires_grad:
        return None
    for node in ag.Graph(result):
        values = node.value if isinstance(node.value, tuple) else (node.value,)
        told = next((found for each in values if each is not None and (found := _told(each)) is not None), None)
        if told is None:
            continue
        where = f" in {node.scope}" if node.scope else ""
        at = f", {node.source[0]}:{node.source[1]}" if node.source is not None else ""
        if node.kind == "op":
            return f"op {node.name}{where} gives {told} out of finite numbers{at}"
        return f"{node.kind} {node.name or 'unnamed'} holds {told}"
    return None


def _told(value: Any) -> str | None:
    """The first number that is not finite, with its place."""
    array = np.atleast_1d(np.asarray(value))
    if array.dtype.kind not in "fc" or np.isfinite(array).all():
        return None
    place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
    return f"{array[place]} at {place[0] if len(place) == 1 else place}"
