"""The models of the training benchmark, written once for both libraries: ``nn`` is PyTorch's or ours.

A model is built by a function of ``lib``, which holds the library's ``nn``, ``optim`` and ``permute``, under the names and
arguments that both have; and with it comes a batch of data as NumPy arrays.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class Task(NamedTuple):
    """What is trained: a model, its loss and optimizer, and one batch of inputs and targets."""

    model: Any
    loss: Callable[[Any, Any], Any]
    optimizer: Any
    inputs: Any
    targets: Any


def moons(lib: Any, rng: np.random.Generator) -> Task:
    """A small perceptron for two half moons: 2-16-16-1, batch 100."""
    nn = lib.nn
    model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1))
    optimizer = lib.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    targets = rng.integers(0, 2, (100, 1)).astype(np.float32)
    return Task(model, nn.BCEWithLogitsLoss(), optimizer, normal(rng, 100, 2), targets)


def tabular(lib: Any, rng: np.random.Generator) -> Task:
    """Tables of 20 columns, 3 classes: 20-64-32-16-3, each with ReLU, batch normalisation and dropout, batch 32."""
    return classifier(lib, tabular_model(lib.nn), normal(rng, 32, 20), rng.integers(0, 3, 32))


def tabular_model(nn: Any) -> Any:
    """20-64-32-16-3, each hidden layer with ReLU, batch normalisation and dropout."""
    layers = []
    for inputs, outputs, rate in ((20, 64, 0.3), (64, 32, 0.3), (32, 16, 0.2)):
        layers += [nn.Linear(inputs, outputs), nn.ReLU(), nn.BatchNorm1d(outputs), nn.Dropout(rate)]
    return nn.Sequential(*layers, nn.Linear(16, 3))


def mnist(lib: Any, rng: np.random.Generator) -> Task:
    """A perceptron for pictures of digits: 784-512-256-10, batch 128."""
    nn = lib.nn
    model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))
    return classifier(lib, model, normal(rng, 128, 784), rng.integers(0, 10, 128))


def lenet(lib: Any, rng: np.random.Generator) -> Task:
    """Two convolutions and pools for pictures of digits, 28 x 28, batch 64."""
    nn = lib.nn
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 7 * 7, 10),
    )
    return classifier(lib, model, normal(rng, 64, 1, 28, 28), rng.integers(0, 10, 64))


def residual(lib: Any, rng: np.random.Generator) -> Task:
    """A convolution and one residual block, 32 channels on 32 x 32, batch 32."""
    nn = lib.nn

    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Conv2d(3, 32, 3, padding=1)
            self.block = nn.Sequential(
                nn.Conv2d(32, 32, 3, padding=1),
                nn.BatchNorm2d(32),
                nn.ReLU(),
                nn.Conv2d(32, 32, 3, padding=1),
                nn.BatchNorm2d(32),
            )
            self.relu = nn.ReLU()
            self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))

        def forward(self, x: Any) -> Any:
            x = self.relu(self.first(x))
            return self.head(self.relu(x + self.block(x)))

    return classifier(lib, Residual(), normal(rng, 32, 3, 32, 32), rng.integers(0, 10, 32))


def lstm(lib: Any, rng: np.random.Generator) -> Task:
    """An LSTM 64 -> 128 and a dense layer of 64 on each of 64 steps, batch 32."""
    nn = lib.nn

    class Recurrent(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = nn.LSTM(64, 128)
            self.head = nn.Linear(128, 64)

        def forward(self, x: Any) -> Any:
            return self.head(self.lstm(x)[0]).reshape(64 * 32, 64)

    return classifier(lib, Recurrent(), normal(rng, 64, 32, 64), rng.integers(0, 64, 64 * 32))


def gpt(lib: Any, rng: np.random.Generator) -> Task:
    """A language model of 2 blocks, width 128, 4 heads, on 64 of 65 symbols, batch 16."""
    nn, batch, tokens, symbols, width, heads = lib.nn, 16, 64, 65, 128, 4

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.mixed, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

        def forward(self, x: Any) -> Any:
            mixed = self.mixed(self.norm1(x)).reshape(batch, tokens, 3, heads, width // heads)
            query, key, value = lib.permute(mixed, (2, 0, 3, 1, 4))
            found = nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True)
            x = x + self.out(lib.permute(found, (0, 2, 1, 3)).reshape(batch, tokens, width))
            return x + self.mlp(self.norm2(x))

    class Gpt(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.symbols, self.places = nn.Embedding(symbols, width), nn.Embedding(tokens, width)
            self.blocks = nn.Sequential(Block(), Block())
            self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, symbols)

        def forward(self, x: Any) -> Any:
            x = self.blocks(self.symbols(x) + self.places.weight)
            return self.head(self.norm(x)).reshape(batch * tokens, symbols)

    inputs, targets = rng.integers(0, symbols, (2, batch, tokens))
    return classifier(lib, Gpt(), inputs, targets.reshape(-1))


def classifier(lib: Any, model: Any, inputs: Any, targets: Any) -> Task:
    """A model trained with Adam to tell classes apart."""
    return Task(model, lib.nn.CrossEntropyLoss(), lib.optim.Adam(model.parameters(), lr=1e-3), inputs, targets)


def normal(rng: np.random.Generator, *shape: int) -> Any:
    """Normal numbers in single precision."""
    return rng.normal(size=shape).astype(np.float32)


TASKS: dict[str, Callable[[Any, np.random.Generator], Task]] = {
    "moons MLP": moons,
    "tabular MLP": tabular,
    "MNIST MLP": mnist,
    "LeNet": lenet,
    "residual block": residual,
    "LSTM": lstm,
    "GPT": gpt,
}
