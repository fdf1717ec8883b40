"""The state of a trainer: all that a run needs to go on to the bit, as arrays, numbers and texts."""

from __future__ import annotations  # the trainer imports this

import copy
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.callbacks.base import Callback
from nn.evaluation import generators_of
from nn.parameter import clear_gradients
from nn.training.loaders import Loaders

if TYPE_CHECKING:
    from nn.training.trainer import Trainer


@dataclass
class Progress:
    """How far a run is.

    ``total`` and ``counted``: the sums over this epoch of the losses and of what they count. ``collected`` and
    ``collected_count``: how many batches have left gradients that wait for an update, and what these count. ``logs``: the
    numbers of the last epoch that is done.
    """

    epoch: int = 0
    batch: int = 0
    updates: int = 0
    total: float = 0.0
    counted: float = 0.0
    collected: int = 0
    collected_count: float = 0.0
    stop_training: bool = False
    logs: dict[str, float] = field(default_factory=dict)


def state_of(trainer: Trainer) -> dict[str, Any]:
    """See ``Trainer.state_dict``."""
    return {
        "model": trainer.model.state_dict(),
        "optimizer": trainer.optimizer.state_dict(),
        "schedule": None if trainer.schedule is None else trainer.schedule.state_dict(),
        "others": {name: np.array(each.numpy()) for name, each in _others(trainer).items()},
        "generators": {name: copy.deepcopy(each.bit_generator.state) for name, each in _generators(trainer).items()},
        "loaders": trainer.loaders.state_dict(trainer.batch),
        "metrics": {each.name: each.state_dict() for each in trainer.metrics},
        "callbacks": {name: each.state_dict() for name, each in _remembering(trainer).items()},
        "history": trainer.history.state_dict(),
        "gradients": _gradients(trainer) if trainer.progress.collected else {},
        "progress": asdict(trainer.progress),
    }


def restore(trainer: Trainer, state: Any) -> None:
    """See ``Trainer.load_state_dict``."""
    receiver = "Trainer.load_state_dict"
    before = state_of(trainer)
    if not isinstance(state, Mapping) or state.keys() != before.keys():
        received = ", ".join(map(str, state)) if isinstance(state, Mapping) else type(state).__name__
        raise ValueError(
            f"{receiver}: expected the parts {', '.join(before)}; received {received}. Was this saved from a trainer? A model "
            "alone is loaded with nn.load(path, into=model)"
        )
    try:
        _apply(trainer, state)
    except BaseException as error:
        _apply(trainer, before)
        said = "load_state_dict" in str(error)  # by the part that it does not fit
        if isinstance(error, LookupError | AttributeError | TypeError | ValueError) and not said:
            raise ValueError(f"{receiver}: the state is damaged, or not of this version: {error!r}") from error
        raise


def _apply(trainer: Trainer, state: Mapping[str, Any]) -> None:
    trainer.model.load_state_dict(state["model"])
    _check_parts(trainer, state)
    if trainer.schedule is not None:  # which writes learning rates into the optimizer; it may have had others since
        trainer.schedule.load_state_dict(state["schedule"])
    trainer.optimizer.load_state_dict(state["optimizer"])
    for name, generator in _generators(trainer).items():
        generator.bit_generator.state = copy.deepcopy(state["generators"][name])
    for metric in trainer.metrics:
        metric.load_state_dict(state["metrics"][metric.name])
    for name, callback in _remembering(trainer).items():
        callback.load_state_dict(state["callbacks"][name])
    trainer.history.load_state_dict(state["history"])
    parameters = _parameters(trainer)
    with ag.no_grad():
        for name, value in state["others"].items():
            parameters[name][...] = value
    clear_gradients(parameters.values(), set_to_none=True)
    for name, gradient in state["gradients"].items():
        parameters[name].grad = ag.tensor(gradient)
    trainer.progress = Progress(**copy.deepcopy(state["progress"]))
    trainer.loaders = Loaders(saved=copy.deepcopy(state["loaders"]))


def _check_parts(trainer: Trainer, state: Mapping[str, Any]) -> None:
    """Refuse the state of a trainer that had other parts."""
    if (state["schedule"] is None) != (trainer.schedule is None):
        here, there = ("one", "none") if state["schedule"] is None else ("none", "one")
        raise ValueError(f"Trainer.load_state_dict: this trainer has {here} as its schedule, the saved one had {there}")
    for part, own in (
        ("generators", _generators(trainer)),
        ("callbacks", _remembering(trainer)),
        ("others", _others(trainer)),
        ("metrics", [each.name for each in trainer.metrics]),
        ("progress", asdict(trainer.progress)),
    ):
        if list(own) != list(state[part]):
            raise ValueError(
                f"Trainer.load_state_dict: expected the {part} of this trainer, {', '.join(own) or 'none'}; received "
                f"{', '.join(state[part]) or 'none'}; make the trainer as the saved one was made"
            )


def _parameters(trainer: Trainer) -> dict[str, Tensor]:
    """What has a gradient, by name: the model's parameters, and tensors that only the optimizer has."""
    return {**dict(trainer.model.named_parameters()), **_others(trainer)}


def _others(trainer: Trainer) -> dict[str, Tensor]:
    """The tensors that are updated and not in the model, such as a weight in the loss."""
    own = {id(each) for each in trainer.model.parameters()}
    updated = [each for group in trainer.optimizer.param_groups for each in group["params"]]
    return {f"optimizer.{i}": each for i, each in enumerate(updated) if id(each) not in own}


def _gradients(trainer: Trainer) -> dict[str, Any]:
    return {name: np.array(each.grad.numpy()) for name, each in _parameters(trainer).items() if each.grad is not None}


def _generators(trainer: Trainer) -> dict[str, np.random.Generator]:
    """All generators that training may draw from, by name: the library's, those of modules, the user's."""
    found = {"library": ag.generator()}
    found |= {f"model.{path}": each for path, each in generators_of(trainer.model).items()}
    return found | {f"own.{name}": each for name, each in trainer.generators.items()}


def _remembering(trainer: Trainer) -> dict[str, Callback]:
    """The callbacks that have something to save, by class; a second one of a class has a number."""
    found: dict[str, Callback] = {}
    for each in trainer.callbacks:
        if type(each).state_dict is not Callback.state_dict:
            name = type(each).__name__
            same = sum(key.partition(" ")[0] == name for key in found)
            found[f"{name} {same + 1}" if same else name] = each
    return found
