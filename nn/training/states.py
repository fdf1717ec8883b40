"""The state of a trainer: all that a run needs to go on to the bit, as arrays, numbers and texts."""

from __future__ import annotations  # np.random would be imported to annotate with it

import copy
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.callbacks.base import Callback
from nn.evaluation import generators_of
from nn.parameter import clear_gradients
from nn.training.loaders import Loaders
from nn.training.run import Progress, Run


def state_of(run: Run) -> dict[str, Any]:
    """See ``Trainer.state_dict``."""
    return {
        "model": run.model.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "schedule": None if run.schedule is None else run.schedule.state_dict(),
        "others": {name: np.array(each.numpy()) for name, each in _others(run).items()},
        "generators": {name: copy.deepcopy(each.bit_generator.state) for name, each in _generators(run).items()},
        "loaders": run.loaders.state_dict(run.batch),
        "metrics": {each.name: each.state_dict() for each in run.metrics},
        "callbacks": {name: each.state_dict() for name, each in _remembering(run).items()},
        "history": run.history.state_dict(),
        "gradients": _gradients(run) if run.progress.collected else {},
        "progress": asdict(run.progress),
    }


def restore(run: Run, state: Any) -> None:
    """See ``Trainer.load_state_dict``."""
    receiver = "Trainer.load_state_dict"
    before = state_of(run)
    if not isinstance(state, Mapping) or state.keys() != before.keys():
        received = ", ".join(map(str, state)) if isinstance(state, Mapping) else type(state).__name__
        raise ValueError(
            f"{receiver}: expected the parts {', '.join(before)}; received {received}. Was this saved from a trainer? A model "
            "alone is loaded with nn.load(path, into=model)"
        )
    try:
        _apply(run, state)
    except BaseException as error:
        _apply(run, before)
        said = "load_state_dict" in str(error)  # by the part that it does not fit
        if isinstance(error, LookupError | AttributeError | TypeError | ValueError) and not said:
            raise ValueError(f"{receiver}: the state is damaged, or not of this version: {error!r}") from error
        raise


def _apply(run: Run, state: Mapping[str, Any]) -> None:
    run.model.load_state_dict(state["model"])
    _check_parts(run, state)
    if run.schedule is not None:  # which writes learning rates into the optimizer; it may have had others since
        run.schedule.load_state_dict(state["schedule"])
    run.optimizer.load_state_dict(state["optimizer"])
    for name, generator in _generators(run).items():
        generator.bit_generator.state = copy.deepcopy(state["generators"][name])
    for metric in run.metrics:
        metric.load_state_dict(state["metrics"][metric.name])
    for name, callback in _remembering(run).items():
        callback.load_state_dict(state["callbacks"][name])
    run.history.load_state_dict(state["history"])
    parameters = parameters_of(run)
    with ag.no_grad():
        for name, value in state["others"].items():
            parameters[name][...] = value
    clear_gradients(parameters.values(), set_to_none=True)
    for name, gradient in state["gradients"].items():
        parameters[name].grad = ag.tensor(gradient)
    run.progress = Progress(**copy.deepcopy(state["progress"]))
    run.loaders = Loaders(saved=copy.deepcopy(state["loaders"]))


def _check_parts(run: Run, state: Mapping[str, Any]) -> None:
    """Refuse the state of a trainer that had other parts."""
    if (state["schedule"] is None) != (run.schedule is None):
        here, there = ("one", "none") if state["schedule"] is None else ("none", "one")
        raise ValueError(f"Trainer.load_state_dict: this trainer has {here} as its schedule, the saved one had {there}")
    for part, own in (
        ("generators", _generators(run)),
        ("callbacks", _remembering(run)),
        ("others", _others(run)),
        ("metrics", [each.name for each in run.metrics]),
        ("progress", asdict(run.progress)),
    ):
        if list(own) != list(state[part]):
            raise ValueError(
                f"Trainer.load_state_dict: expected the {part} of this trainer, {', '.join(own) or 'none'}; received "
                f"{', '.join(state[part]) or 'none'}; make the trainer as the saved one was made"
            )


def parameters_of(run: Run) -> dict[str, Tensor]:
    """What has a gradient, by name: the model's parameters, and tensors that only the optimizer has."""
    return {**dict(run.model.named_parameters()), **_others(run)}


def _others(run: Run) -> dict[str, Tensor]:
    """The tensors that are updated and not in the model, such as a weight in the loss."""
    own = {id(each) for each in run.model.parameters()}
    updated = [each for group in run.optimizer.param_groups for each in group["params"]]
    return {f"optimizer.{i}": each for i, each in enumerate(updated) if id(each) not in own}


def _gradients(run: Run) -> dict[str, Any]:
    return {name: np.array(each.grad.numpy()) for name, each in parameters_of(run).items() if each.grad is not None}


def _generators(run: Run) -> dict[str, np.random.Generator]:
    """All generators that training may draw from, by name: the library's, those of modules, the user's."""
    found = {"library": ag.generator()}
    found |= {f"model.{path}": each for path, each in generators_of(run.model).items()}
    return found | {f"own.{name}": each for name, each in run.generators.items()}


def _remembering(run: Run) -> dict[str, Callback]:
    """The callbacks that have something to save, by class; a second one of a class has a number."""
    found: dict[str, Callback] = {}
    for each in run.callbacks:
        if type(each).state_dict is not Callback.state_dict:
            name = type(each).__name__
            same = sum(key.partition(" ")[0] == name for key in found)
            found[f"{name} {same + 1}" if same else name] = each
    return found
