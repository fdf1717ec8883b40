"""Whole trainings, and loaders, in PyTorch, written as its tutorials write them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from models import tabular_model
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)


def workload(name: str, *arguments: Any) -> Callable[[], Any] | None:
    """The function to time: ``fit``, a training; ``fit sliced``, the same without a loader; ``loader``, an epoch of batches."""
    if name in ("fit", "fit sliced"):
        return fit(*arguments, sliced=name == "fit sliced")
    if name == "loader":
        return loader(*arguments)
    return None


def fit(path: str, seed: int, epochs: int, sliced: bool) -> Callable[[], float]:
    """Train a model, validate after each epoch; the result is its accuracy on the test set.

    ``sliced``: batches are cut out of the tensors by hand, which is faster than a loader.
    """
    data = np.load(path)
    x, y, x_test, y_test = (torch.from_numpy(data[each]) for each in ("x_train", "y_train", "x_test", "y_test"))
    kept = len(x) - len(x) // 5
    x_train, y_train, x_val, y_val = x[:kept], y[:kept], x[kept:], y[kept:]

    def batches(x: Any, y: Any, batch: int, shuffle: bool) -> Any:
        if not sliced:
            return DataLoader(TensorDataset(x, y), batch, shuffle=shuffle)
        return _Slices(x, y, batch, shuffle)

    def run() -> float:
        torch.manual_seed(seed)
        model = tabular_model(nn)
        loss_function = nn.CrossEntropyLoss()
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        train, validation, test = (
            batches(x_train, y_train, 32, True),
            batches(x_val, y_val, 128, False),
            batches(x_test, y_test, 256, False),
        )
        history = []
        for _ in range(epochs):
            model.train()
            total, right = 0.0, 0
            for inputs, targets in train:
                optimizer.zero_grad()
                outputs = model(inputs)
                loss = loss_function(outputs, targets)
                loss.backward()
                optimizer.step()
                total += loss.item() * len(inputs)
                right += (outputs.argmax(dim=1) == targets).sum().item()
            history.append((total / kept, right / kept, *evaluated(model, loss_function, validation)))
        return evaluated(model, loss_function, test)[1]

    return run


def evaluated(model: Any, loss_function: Any, batches: Any) -> tuple[float, float]:
    """Loss and accuracy."""
    model.eval()
    total, right, count = 0.0, 0, 0
    with torch.no_grad():
        for inputs, targets in batches:
            outputs = model(inputs)
            total += loss_function(outputs, targets).item() * len(inputs)
            right += (outputs.argmax(dim=1) == targets).sum().item()
            count += len(inputs)
    return total / count, right / count


class _Slices:
    """Batches that are cut out of tensors."""

    def __init__(self, x: Any, y: Any, batch: int, shuffle: bool) -> None:
        self.x, self.y, self.batch, self.shuffle = x, y, batch, shuffle

    def __iter__(self) -> Any:
        order = torch.randperm(len(self.x)) if self.shuffle else torch.arange(len(self.x))
        for part in order.split(self.batch):
            yield self.x[part], self.y[part]


def loader(examples: int, features: int, batch: int) -> Callable[[], int]:
    """Go through all batches once, shuffled; the result is their number."""
    rng = np.random.default_rng(0)
    data = TensorDataset(
        torch.from_numpy(rng.random((examples, features), np.float32)), torch.from_numpy(rng.integers(0, 10, examples))
    )
    batches = DataLoader(data, batch, shuffle=True)
    return lambda: sum(1 for _ in batches)
