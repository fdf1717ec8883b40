"""The state of a trainer: all that a run needs to go on to the bit, as arrays, numbers and texts."""

from __future__ import annotations  # the trainer imports this

import copy
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd as ag
from nn.callbacks.base import Callback
from nn.data.loader import DataLoader
from nn.evaluation import generators_of

if TYPE_CHECKING:
    from nn.training.trainer import Trainer

PARTS = ("model", "optimizer", "schedule", "generators", "loader", "metrics", "callbacks", "history", "gradients", "progress")


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
    loader = trainer.loader
    if isinstance(loader, DataLoader):
        loader = {**loader.state_dict(), "position": trainer.batch}
    return {
        "model": trainer.model.state_dict(),
        "optimizer": trainer.optimizer.state_dict(),
        "schedule": None if trainer.schedule is None else trainer.schedule.state_dict(),
        "generators": {name: copy.deepcopy(each.bit_generator.state) for name, each in _generators(trainer).items()},
        "loader": loader if isinstance(loader, dict) else None,
        "metrics": {each.name: each.state_dict() for each in trainer.metrics},
        "callbacks": {name: each.state_dict() for name, each in _remembering(trainer).items()},
        "history": trainer.history.state_dict(),
        "gradients": _gradients(trainer) if trainer.progress.collected else {},
        "progress": asdict(trainer.progress),
    }


def restore(trainer: Trainer, state: Any) -> None:
    """See ``Trainer.load_state_dict``."""
    if not isinstance(state, Mapping) or state.keys() != set(PARTS):
        received = ", ".join(map(str, state)) if isinstance(state, Mapping) else type(state).__name__
        raise ValueError(
            f"Trainer.load_state_dict: expected the parts {', '.join(PARTS)}; received {received}. Was this saved from a "
            "trainer? A model alone is loaded with nn.load(path, into=model)"
        )
    before = state_of(trainer)
    try:
        _apply(trainer, state)
    except BaseException:
        _apply(trainer, before)
        raise


def _check_parts(trainer: Trainer, state: Mapping[str, Any]) -> None:
    """Refuse the state of a trainer that had other parts."""
    if (state["schedule"] is None) != (trainer.schedule is None):
        here, there = ("one", "none") if state["schedule"] is None else ("none", "one")
        raise ValueError(f"Trainer.load_state_dict: this trainer has {here} as its schedule, the saved one had {there}")
    for part, own in (("generators", _generators(trainer)), ("callbacks", _remembering(trainer))):
        _check_names(part, list(own), list(state[part]))
    _check_names("metrics", [each.name for each in trainer.metrics], list(state["metrics"]))


def _apply(trainer: Trainer, state: Mapping[str, Any]) -> None:
    trainer.model.load_state_dict(state["model"])
    _check_parts(trainer, state)
    trainer.optimizer.load_state_dict(state["optimizer"])
    if trainer.schedule is not None:
        trainer.schedule.load_state_dict(state["schedule"])
    for name, generator in _generators(trainer).items():
        generator.bit_generator.state = copy.deepcopy(state["generators"][name])
    for metric in trainer.metrics:
        metric.load_state_dict(state["metrics"][metric.name])
    for name, callback in _remembering(trainer).items():
        callback.load_state_dict(state["callbacks"][name])
    trainer.history.load_state_dict(state["history"])
    parameters = dict(trainer.model.named_parameters())
    trainer.model.zero_grad()
    for path, gradient in state["gradients"].items():
        parameters[path].grad = ag.tensor(gradient)
    trainer.progress = Progress(**copy.deepcopy(state["progress"]))
    trainer.loader = state["loader"]


def _gradients(trainer: Trainer) -> dict[str, Any]:
    return {path: np.array(each.grad.numpy()) for path, each in trainer.model.named_parameters() if each.grad is not None}


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


def _check_names(part: str, here: list[str], there: list[str]) -> None:
    if here != there:
        raise ValueError(
            f"Trainer.load_state_dict: expected the {part} of this trainer, {', '.join(here) or 'none'}; received "
            f"{', '.join(there) or 'none'}; make the trainer as the saved one was made"
        )
