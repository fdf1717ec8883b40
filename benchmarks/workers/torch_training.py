"""Training steps in PyTorch, in eager mode."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import torch
from models import TASKS

torch.set_num_threads(1)

LIBRARY = SimpleNamespace(nn=torch.nn, optim=torch.optim, permute=torch.permute)


def workload(name: str) -> Callable[[], None]:
    """The function to time: one step, forward, backward and update."""
    torch.manual_seed(0)
    task = TASKS[name](LIBRARY, np.random.default_rng(0))
    inputs, targets = torch.tensor(task.inputs), torch.tensor(task.targets)

    def step() -> None:
        task.optimizer.zero_grad()
        task.loss(task.model(inputs), targets).backward()
        task.optimizer.step()

    return step
