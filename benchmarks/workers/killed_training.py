"""A training that may be killed at any moment: started again, it goes on from its checkpoint, and says at its end where it is.

Run as ``python killed_training.py FOLDER EPOCHS``. It prints from where it goes on when the first batch begins, and at the end
the number of updates and the fingerprints of the run and of the weights.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np

import autograd as ag
import nn


class Begun(nn.callbacks.Callback):
    """Says that training has begun, and from where."""

    def on_fit_begin(self, trainer: nn.Trainer) -> None:
        print(f"training from epoch {trainer.epoch}, batch {trainer.batch}", flush=True)


def trainer_of(path: Path) -> nn.Trainer:
    """Everything that has a state: dropout, batch normalisation, Adam, a schedule, early stopping, metrics, generators."""
    ag.seed(0)
    rng = np.random.default_rng(1)
    layers = []
    for inputs, outputs, own in ((20, 64, None), (64, 32, rng), (32, 16, None)):
        layers += [nn.Linear(inputs, outputs), nn.ReLU(), nn.BatchNorm1d(outputs), nn.Dropout(0.3, rng=own)]
    model = nn.Sequential(*layers, nn.Linear(16, 3))
    optimizer = nn.optim.AdamW(model.parameters(), lr=1e-3)
    return nn.Trainer(
        model,
        nn.CrossEntropyLoss(),
        optimizer,
        metrics=["accuracy", nn.metrics.F1Score(average="macro")],
        schedule=nn.optim.CosineAnnealingWarmRestarts(optimizer, T_0=30),
        schedule_every="update",
        accumulate=2,
        callbacks=[
            Begun(),
            nn.callbacks.EarlyStopping(patience=1000),
            nn.callbacks.GradientClipping(1.0),
            nn.callbacks.HistogramRecorder(bins=8),
            nn.callbacks.Checkpoint(path, every=3),
        ],
    )


def moved(batch: tuple, rng: np.random.Generator) -> tuple:
    """A batch with noise on its inputs."""
    x, y = batch
    return x + 0.1 * rng.standard_normal(x.shape, np.float32), y


def main(folder: Path, epochs: int) -> None:
    """Train, or go on."""
    rng = np.random.default_rng(2)
    x = rng.standard_normal((320, 20), np.float32)
    y = (np.abs(x[:, :3]) @ [1.0, 1.0, 1.0]).astype(int).clip(0, 2)
    trainer = trainer_of(folder / "run.safetensors")
    data = nn.data.TensorDataset(x[:256], y[:256])
    loader = nn.data.DataLoader(data, 16, shuffle=True, transform=moved, prefetch=2)
    history = trainer.fit(
        loader, epochs=epochs, validation_data=(x[256:], y[256:]), resume=folder / "run.safetensors", progress=False
    )
    weights = hashlib.sha256(b"".join([each.tobytes() for each in trainer.model.state_dict().values()])).hexdigest()
    print(f"done {trainer.updates} {history.fingerprint} {weights}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
