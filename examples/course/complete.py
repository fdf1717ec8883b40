"""The data and the network of the complete example, which two lessons and a benchmark use."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.datasets import make_classification

import nn

Array = np.ndarray[Any, Any]
CLASSES = ("A", "B", "C")
EPOCHS, BATCH = 50, 32


@dataclass(frozen=True)
class Data:
    """Examples to learn from and to test with: 20 scaled columns, and the number of the class."""

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array


def data() -> Data:
    """A table of 1000 samples and 3 classes; a fifth of it is kept for the test.

    Of 20 features 15 say something, 2 are sums of these, 3 are noise. The scaling is that of the
    training part: the test part is not to be known.
    """
    x, y = make_classification(1000, 20, n_informative=15, n_classes=3, random_state=0)
    x = x.astype(np.float32)
    split = nn.data.train_test_split(x, y, test_size=0.2, stratify=y, rng=0)
    x_train, x_test, y_train, y_test = split
    scaler = nn.data.StandardScaler()
    return Data(scaler.fit_transform(x_train), y_train, scaler.transform(x_test), y_test)


def network() -> nn.Sequential:
    """20-64-32-16-3: each hidden layer with ReLU, batch normalisation and dropout."""
    return nn.Sequential(
        nn.Linear(20, 64),
        nn.ReLU(),
        nn.BatchNorm1d(64),
        nn.Dropout(0.3),
        nn.Linear(64, 32),
        nn.ReLU(),
        nn.BatchNorm1d(32),
        nn.Dropout(0.3),
        nn.Linear(32, 16),
        nn.ReLU(),
        nn.BatchNorm1d(16),
        nn.Dropout(0.2),
        nn.Linear(16, 3),
    )
