"""``undisturbed``: run a model to look at it, and leave no trace of that."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import autograd as ag
from nn.evaluation import evaluating
from nn.module import Module
from nn.parameter import Buffer, Parameter
from nn.paths import walk


@contextmanager
def undisturbed(model: Module) -> Iterator[None]:
    """Evaluation mode, and nothing recorded; afterwards parameters, buffers, modes and generators are as before.

    So it is after errors, too, and whatever a ``forward`` writes into its buffers.
    """
    members: list[tuple[Any, Any]] = [
        (each, np.array(each.numpy())) for _, each in walk(model) if isinstance(each, Parameter | Buffer)
    ]
    try:
        with evaluating(model):
            yield
    finally:
        for member, value in members:
            if member.numpy().tobytes() != value.tobytes():  # a write forbids backward through graphs that have read it
                with ag.no_grad():
                    member[...] = value
