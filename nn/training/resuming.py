"""``verify_resume``: the proof that a training of one's own can be broken off anywhere, and resumed to the bit."""

from __future__ import annotations

import copy
import math
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import autograd as ag
from nn.callbacks.base import Callback, Training
from nn.callbacks.files import FileCallback
from nn.data.loader import DataLoader
from nn.inputs import check_number, check_whole
from nn.serialization import save
from nn.training.trainer import Trainer

SHOWN = 10  # differences in a report


@dataclass(frozen=True)
class ResumeReport:
    """What ``verify_resume`` found; true if every resumed run came to the same bits.

    ``differences``: for each number of batches after which a run was broken off, the parts of the trainer's final state that
    differ from the whole run's, by path.
    """

    differences: dict[int, list[str]]
    batches: int
    fingerprint: str

    def __bool__(self) -> bool:
        return not any(self.differences.values())

    def __str__(self) -> str:
        lines = [f"a whole run of {self.batches} batches: fingerprint {self.fingerprint[:16]}"]
        for place, found in self.differences.items():
            told = "the same bits" if not found else f"{len(found)} parts differ: {', '.join(found[:SHOWN])}"
            more = f", and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            lines.append(f"broken off after batch {place}, saved, resumed: {told}{more}")
        return "\n".join(lines)


class _BrokenOff(Exception):
    """Ends a run, once it was saved."""


class _Breaker(Callback):
    """Counts batches; after some of them it saves the trainer and ends the run."""

    def __init__(self, place: float, path: Path) -> None:
        self.place = place
        self.path = path
        self.count = 0

    def on_checkpoint(self, trainer: Training) -> None:
        if trainer.between_epochs:  # an epoch was closed, and its last batch is counted already
            return
        self.count += 1
        if self.count == self.place:
            save(trainer, self.path)
            raise _BrokenOff


def verify_resume(
    make: Callable[[], Trainer], x: Any, y: Any = None, *, epochs: int = 2, at: Sequence[int] | None = None, **settings: Any
) -> ResumeReport:
    """Train as a whole; then break off, save, load into a trainer made anew, and go on; compare all bits at the end.

    What differs is something that a checkpoint does not have: a generator of one's own that ``Trainer(generators=...)`` was not
    told of, a counter in a callback without ``state_dict``, data that change. All runs are in this process: what another one
    would not have, such as a cache in a module of Python, is not noticed. Files that callbacks write go to a temporary folder.

    Args:
        make: a function that makes the trainer as the training script does, model and all.
        x, y: as in ``Trainer.fit``. A ``DataLoader``, here or as ``validation_data``, is put back to its state before each run.
        epochs: how many.
        at: after how many batches, counted over all epochs, to break off; by default after the first, in the middle and after
            the last but one.
        settings: further arguments of ``Trainer.fit``: ``batch_size``, ``validation_split``, ...

    Returns:
        A report that is true if all resumed runs came to the same bits, and says what differs.

    Raises:
        ValueError: for a place where no run can be broken off.

    >>> def make():
    ...     ag.seed(0)
    ...     model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.Linear(4, 1))
    ...     return nn.Trainer(model, nn.MSELoss(), nn.optim.Adam(model.parameters()))
    >>> report = nn.verify_resume(make, np.ones((40, 3)), np.ones((40, 1)), at=[3], batch_size=8)
    >>> print(str(report).partition("broken")[2])
     off after batch 3, saved, resumed: the same bits
    """
    check_whole("verify_resume", "epochs", epochs)
    check_number("verify_resume", "epochs", epochs, least=1)
    generator = ag.generator()
    start = copy.deepcopy(generator.bit_generator.state)
    loaders = [each for each in (x, settings.get("validation_data")) if isinstance(each, DataLoader)]
    starts = [each.state_dict() for each in loaders]

    def run(place: float, path: Path, resume: bool) -> tuple[Trainer, int]:
        ag.generator().bit_generator.state = copy.deepcopy(start)
        trainer = make()
        for loader, state in zip(loaders, starts, strict=True):
            loader.load_state_dict(state)
        for each in trainer.callbacks:
            if isinstance(each, FileCallback):
                each.path = str(path.with_name(f"of_callbacks_{Path(each.path).name}"))
        if resume:  # nothing of what follows may come from the generator as make left it
            ag.generator().random()
        breaker = _Breaker(place, path)
        trainer.callbacks.append(breaker)
        with suppress(_BrokenOff):
            trainer.fit(x, y, epochs=epochs, resume=path if resume else False, progress=False, **settings)
        return trainer, breaker.count

    with tempfile.TemporaryDirectory() as folder:
        whole, batches = run(math.inf, Path(folder, "whole.safetensors"), False)
        places = sorted({1, max(1, batches // 2), max(1, batches - 1)} if at is None else set(at))
        differences = {}
        for place in places:
            if not isinstance(place, int | np.integer) or not 1 <= place <= batches:
                raise ValueError(f"verify_resume: expected places from batch 1 to {batches} in at, received {place!r}")
            path = Path(folder, f"{place}.safetensors")
            run(place, path, False)
            resumed, _ = run(math.inf, path, True)
            differences[int(place)] = _differences(whole.state_dict(), resumed.state_dict())
    return ResumeReport(differences, batches, whole.history.fingerprint)


def _differences(first: Any, second: Any) -> list[str]:
    """The paths at which two states differ in a bit."""
    leaves, structure = ag.tree_flatten(first)
    others, other = ag.tree_flatten(second)
    paths, other_paths = structure.paths(), other.paths()
    if paths != other_paths:
        return sorted(set(paths) ^ set(other_paths)) or ["the order of the parts"]
    return [path for path, a, b in zip(paths, leaves, others, strict=True) if not _same(a, b)]


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray | np.generic | float):
        a, b = np.asarray(a), np.asarray(b)
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    return type(a) is type(b) and a == b
