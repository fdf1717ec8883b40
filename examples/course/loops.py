"""Four ways to write the training loop, from all of it by hand to a trainer. All give the same numbers.

Read ``by_hand`` first: it is the whole of training.
"""

from itertools import pairwise

import numpy as np

import autograd as ag
import nn
from examples.course.moons import Data

RATE, BATCH = 0.1, 20
SEED = 0  # of the order of the examples
Losses = dict[str, list[float]]  # of training and validation, one of each for every epoch


def network(*sizes: int) -> nn.Sequential:
    """Layers of these sizes, with ReLU between them."""
    layers: list[nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def fresh() -> nn.Sequential:
    """The network of this lesson, with the same first weights each time."""
    ag.seed(0)
    return network(2, 16, 16, 2)


def validation_loss(model: nn.Module, data: Data) -> float:
    """The loss on the validation part. Nothing is learned from it."""
    model.eval()
    with ag.no_grad():
        return nn.functional.cross_entropy(model(data.x_val), data.y_val).item()


def by_hand(model: nn.Module, data: Data, epochs: int, rng: np.random.Generator) -> Losses:
    """Train; returns the losses of training and validation, one of each for every epoch."""
    history: Losses = {"loss": [], "val_loss": []}
    for _ in range(epochs):
        model.train()
        order = rng.permutation(len(data.x_train))  # a new order in each epoch
        total = 0.0
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            outputs = model(data.x_train[rows])
            loss = nn.functional.cross_entropy(outputs, data.y_train[rows])
            loss.backward()
            with ag.no_grad():
                for w in model.parameters():
                    w -= RATE * w.grad
                    w.grad = None
            total += loss.item() * len(rows)
        history["loss"].append(total / len(order))
        history["val_loss"].append(validation_loss(model, data))
    return history


def with_optimizer(model: nn.Module, data: Data, epochs: int, rng: np.random.Generator) -> Losses:
    """The same; an optimizer makes the update."""
    optimizer = nn.optim.SGD(model.parameters(), lr=RATE)
    history: Losses = {"loss": [], "val_loss": []}
    for _ in range(epochs):
        model.train()
        order = rng.permutation(len(data.x_train))
        total = 0.0
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            loss = nn.functional.cross_entropy(model(data.x_train[rows]), data.y_train[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        history["loss"].append(total / len(order))
        history["val_loss"].append(validation_loss(model, data))
    return history


def loader_of(data: Data) -> nn.data.DataLoader:
    """The training part in batches, in a new order in each epoch."""
    examples = nn.data.TensorDataset(data.x_train, data.y_train)
    return nn.data.DataLoader(examples, BATCH, shuffle=True, rng=SEED)


def with_loader(model: nn.Module, data: Data, epochs: int) -> Losses:
    """The same; a loader shuffles, and cuts the batches."""
    optimizer = nn.optim.SGD(model.parameters(), lr=RATE)
    loader = loader_of(data)
    history: Losses = {"loss": [], "val_loss": []}
    for _ in range(epochs):
        model.train()
        total = 0.0
        for x, y in loader:
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        history["loss"].append(total / len(data.x_train))
        history["val_loss"].append(validation_loss(model, data))
    return history


def with_trainer(model: nn.Module, data: Data, epochs: int) -> nn.Trainer:
    """The same; the trainer has the loop."""
    optimizer = nn.optim.SGD(model.parameters(), lr=RATE)
    trainer = nn.Trainer(model, nn.CrossEntropyLoss(), optimizer, metrics=["accuracy"])
    validation = (data.x_val, data.y_val)
    trainer.fit(loader_of(data), epochs=epochs, validation_data=validation, progress=False)
    return trainer
