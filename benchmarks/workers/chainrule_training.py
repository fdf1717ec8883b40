"""Training steps in chainrule."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
from models import TASKS

import autograd as ag
import nn

LIBRARY = SimpleNamespace(nn=nn, optim=nn.optim, permute=np.transpose)


def workload(name: str) -> Callable[[], None]:
    """The function to time: one step, forward, backward and update."""
    ag.seed(0)
    task = TASKS[name](LIBRARY, np.random.default_rng(0))
    inputs, targets = ag.tensor(task.inputs), ag.tensor(task.targets)

    def step() -> None:
        task.optimizer.zero_grad()
        task.loss(task.model(inputs), targets).backward()
        task.optimizer.step()

    return step
