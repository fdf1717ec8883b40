"""What has a state: modules, optimizers, schedules, generators, tensors, and all with ``state_dict`` and ``load_state_dict``.

A kind of object is described here once: how it is recognised, its state taken and put back.
"""

import copy
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.module import Module
from nn.optim import LRScheduler, Optimizer


@runtime_checkable
class Stateful(Protocol):
    """What can be saved by its ``state_dict`` and restored by its ``load_state_dict``."""

    def state_dict(self) -> Any:
        """All that it needs to go on, as dicts, lists and tuples of arrays, numbers and strings."""

    def load_state_dict(self, state: Any, /) -> Any:
        """Go on where ``state_dict()`` was called."""


# Each kind of object, in the words of messages. A file notes the kind, and loads into an object of the same one.
KINDS = {
    "module": "a module",
    "optimizer": "an optimizer",
    "schedule": "a schedule",
    "generator": "a random generator",
    "tensor": "a tensor",
    "other": "an object with a state_dict",
}


def kind_of(value: Any) -> str | None:
    """Which of ``KINDS`` a value is; ``None`` for plain data."""
    if isinstance(value, type):  # which has a state_dict too, as a function
        return None
    if isinstance(value, Module):
        return "module"
    if isinstance(value, Optimizer):
        return "optimizer"
    if isinstance(value, LRScheduler):
        return "schedule"
    if isinstance(value, Tensor):
        return "tensor"
    if isinstance(value, np.random.Generator):
        return "generator"
    return "other" if isinstance(value, Stateful) else None


def state_of(value: Any) -> Any:
    """The state of an object of any kind: not a copy for all of them."""
    if isinstance(value, Tensor):
        return value.detach().numpy()
    if isinstance(value, np.random.Generator):
        return value.bit_generator.state
    return value.state_dict()


def snapshot_of(value: Any) -> Any:
    """The state of an object, which stays what it is while the object goes on."""
    return copy.deepcopy(state_of(value))


def restore(value: Any, state: Any, strict: bool = True) -> None:
    """Put an object into a state; with ``strict=False`` a module takes what fits its keys, if anything does.

    Raises:
        ValueError: for a state that does not fit it.
        TypeError: for what is no state of such an object.
    """
    if isinstance(value, Tensor):
        _restore_tensor(value, state)
    elif isinstance(value, np.random.Generator):
        _restore_generator(value, state)
    elif isinstance(value, Module) and not strict:
        mismatch = value.load_state_dict(state, strict=False)
        fits = not mismatch.missing_keys or len(mismatch.unexpected_keys) < len(state)
        if not fits:
            raise ValueError(
                f"expected at least one key of the model, such as {mismatch.missing_keys[0]}; received "
                f"{', '.join(mismatch.unexpected_keys[:5]) or 'none'}"
            )
    else:
        value.load_state_dict(state)


def _restore_tensor(tensor: Tensor, state: Any) -> None:
    if not isinstance(state, np.ndarray):
        raise TypeError(f"expected the array of a tensor, received {type(state).__name__}")
    if state.shape != tensor.shape:
        raise ValueError(f"expected a tensor of shape {tensor.shape}, received {state.shape}")
    if not np.can_cast(state.dtype, tensor.dtype, "same_kind"):
        raise TypeError(f"expected what can be cast to the tensor's {tensor.dtype}, received {state.dtype}")
    with ag.no_grad():
        tensor[...] = state


def _restore_generator(generator: "np.random.Generator", state: Any) -> None:
    name = type(generator.bit_generator).__name__
    if not isinstance(state, Mapping) or "bit_generator" not in state:
        raise TypeError("expected the state of a generator: what rng.bit_generator.state is")
    if state["bit_generator"] != name:
        raise ValueError(
            f"expected the state of {name}, received one of {state['bit_generator']}; make the generator as "
            f"np.random.Generator(np.random.{state['bit_generator']}())"
        )
    generator.bit_generator.state = dict(state)
