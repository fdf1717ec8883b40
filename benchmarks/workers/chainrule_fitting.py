"""Whole trainings, and loaders, in chainrule."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
from models import tabular_model

import autograd as ag
import nn

LIBRARY = SimpleNamespace(nn=nn, optim=nn.optim)


def workload(name: str, *arguments: Any) -> Callable[[], Any] | None:
    """The function to time; see ``torch_fitting``, which does the same."""
    if name == "fit":
        return fit(*arguments)
    if name == "loader":
        return loader(*arguments)
    return None


def fit(path: str, seed: int, epochs: int) -> Callable[[], float]:
    """Train a model, validate after each epoch; the result is its accuracy on the test set."""
    data = np.load(path)
    x, y, x_test, y_test = (data[each] for each in ("x_train", "y_train", "x_test", "y_test"))

    def run() -> float:
        ag.seed(seed)
        model = tabular_model(nn)
        optimizer = nn.optim.Adam(model.parameters(), lr=1e-3)
        trainer = nn.Trainer(model, nn.CrossEntropyLoss(), optimizer, metrics=["accuracy"])
        trainer.fit(x, y, epochs=epochs, batch_size=32, validation_split=0.2, progress=False)
        return trainer.evaluate(x_test, y_test)["accuracy"]

    return run


def loader(examples: int, features: int, batch: int) -> Callable[[], int]:
    """Go through all batches once, shuffled; the result is their number."""
    rng = np.random.default_rng(0)
    data = nn.data.TensorDataset(rng.random((examples, features), np.float32), rng.integers(0, 10, examples))
    batches = nn.data.DataLoader(data, batch, shuffle=True)
    return lambda: sum(1 for _ in batches)
