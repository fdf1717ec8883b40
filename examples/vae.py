"""A variational autoencoder learns to write digits: pictures become points of a plane, and points become pictures.

An encoder of convolutions maps an 8 x 8 digit to a normal distribution on the plane, a decoder of transposed convolutions maps
points of the plane back, and both are trained to rebuild the digit while the distributions stay near the standard one. Run with
``python -m examples.vae``; pictures go to ``out/vae``.

Source: D. Kingma and M. Welling, Auto-encoding variational Bayes, 2014. Data: E. Alpaydin and C. Kaynak, "Optical Recognition
of Handwritten Digits", UCI Machine Learning Repository, 1998, as they come with scikit-learn.
"""

import argparse
import time
from pathlib import Path
from statistics import NormalDist
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from tqdm import tqdm

import autograd as ag
import nn
from examples.arguments import parsed, positive

matplotlib.use("Agg")  # pictures go to files
import matplotlib.pyplot as plt

BATCH = 64
LARGEST_LOSS = 25.0  # nats a digit that a run with the default options may end at on the digits kept for the test


class Autoencoder(nn.Module):
    """Digits (N, 1, 8, 8) to points (N, 2) and back: to logits of each pixel's brightness, which is between 0 and 1."""

    def __init__(self) -> None:
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Flatten(),
            nn.Linear(64 * 2 * 2, 64),
            nn.GELU(),
            nn.Linear(64, 4),
        )
        self.decoder = nn.Sequential(
            nn.Linear(2, 64),
            nn.GELU(),
            nn.Linear(64, 64 * 2 * 2),
            nn.GELU(),
            nn.Unflatten(1, (64, 2, 2)),
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1),
            nn.GELU(),
            nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1),
        )

    def forward(self, images: Any) -> tuple[Any, Any, Any]:
        """Logits of the rebuilt pictures, and mean and log-variance of each picture's distribution on the plane."""
        mean, log_variance = np.split(self.encoder(images), 2, axis=1)
        points = mean + np.exp(0.5 * log_variance) * ag.random.normal(size=mean.shape).astype(mean.dtype)
        return self.decoder(points), mean, log_variance


def loss_of(model: Autoencoder, images: NDArray[np.float32]) -> tuple[Any, Any]:
    """The two terms of the bound, in nats a picture: rebuilding, and the divergence from the standard normal distribution.

    ``KL = 1/2 sum(mean**2 + variance - 1 - log variance)``
    """
    logits, mean, log_variance = model(images)
    rebuilding = nn.functional.binary_cross_entropy_with_logits(logits, images, reduction="sum")
    divergence = 0.5 * np.sum(mean * mean + np.exp(log_variance) - 1 - log_variance)
    return rebuilding / len(images), divergence / len(images)


def train(images: NDArray[np.float32], test: NDArray[np.float32], epochs: int, seed: int) -> tuple[Autoencoder, NDArray[Any]]:
    """Train with AdamW; and after each epoch both terms on the training and the test digits: (epochs, 4)."""
    ag.seed(seed)
    rng = np.random.default_rng(seed)
    model = Autoencoder()
    optimizer = nn.optim.AdamW(model.parameters(), lr=3e-3)
    schedule = nn.optim.CosineAnnealingLR(optimizer, T_max=epochs)
    history = np.empty((epochs, 4))
    for epoch in tqdm(range(epochs), unit="epoch", leave=False, disable=None):  # silent in a file
        order = rng.permutation(len(images))
        totals = np.zeros(2)
        for batch in np.split(order, range(BATCH, len(order), BATCH)):
            optimizer.zero_grad()
            rebuilding, divergence = loss_of(model, images[batch])
            (rebuilding + divergence).backward()
            optimizer.step()
            totals += np.array([rebuilding.item(), divergence.item()]) * len(batch)
        schedule.step()
        with ag.no_grad():
            history[epoch] = *(totals / len(images)), *[float(term) for term in loss_of(model, test)]
    return model, history


# ---------------------------------------------------------------- pictures


def decoded(model: Autoencoder, points: NDArray[Any]) -> NDArray[Any]:
    """The pictures of points (..., 2): (..., 8, 8)."""
    with ag.no_grad():
        logits = model.decoder(points.reshape(-1, 2).astype(np.float32))
    return nn.functional.sigmoid(logits).numpy().reshape(*points.shape[:-1], 8, 8)


def tiled(pictures: NDArray[Any]) -> NDArray[Any]:
    """Pictures in rows and columns (rows, columns, 8, 8) as one, with gaps between them."""
    apart = np.pad(pictures, [(0, 0), (0, 0), (1, 1), (1, 1)])
    rows, columns, height, width = apart.shape
    return apart.transpose(0, 2, 1, 3).reshape(rows * height, columns * width)


def plot_sheet(model: Autoencoder, path: Path, side: int = 16) -> None:
    """The plane as pictures, at points that cut the normal distribution into equal shares."""
    cuts = [NormalDist().inv_cdf((i + 0.5) / side) for i in range(side)]
    points = np.stack(np.meshgrid(cuts, cuts[::-1]), axis=-1)
    figure, axes = plt.subplots(figsize=(8, 8.4), layout="constrained")
    axes.imshow(tiled(decoded(model, points)), cmap="gray_r", vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[], title="what the decoder makes of the plane")
    figure.savefig(path, dpi=130)
    plt.close(figure)


def plot_points(model: Autoencoder, images: NDArray[np.float32], labels: NDArray[np.int64], path: Path) -> None:
    """Where the encoder puts the digits that it has not seen, and how some of them come back."""
    with ag.no_grad():
        mean = model.encoder(images).numpy()[:, :2]
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 6), layout="constrained", width_ratios=[1.1, 1])
    colors = plt.get_cmap("tab10")
    for digit in range(10):
        left.scatter(*mean[labels == digit].T, s=14, color=colors(digit), label=str(digit))
    left.legend(title="digit", frameon=False, ncols=2, fontsize=9)
    left.set(title="test digits on the plane: the means of their distributions", aspect="equal")
    left.spines[["top", "right"]].set_visible(False)
    first = [int(np.argmax(labels == digit)) for digit in range(10)]
    pairs = np.stack([images[first, 0], decoded(model, mean[first])], axis=1)  # ten digits, each with what comes back
    right.imshow(tiled(np.concatenate([pairs[:5], pairs[5:]], axis=1)), cmap="gray_r", vmin=0, vmax=1)
    right.axvline(2 * 10 - 0.5, color="0.8", linewidth=1)
    right.set(xticks=[], yticks=[], title="test digits, and to the right of each what comes back")
    figure.savefig(path, dpi=130)
    plt.close(figure)


def main() -> None:
    """Train, report, and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--epochs", type=positive, default=80, help="passes over the training data (default: 80)")
    parser.add_argument("--seed", type=int, default=0, help="of split, first values and noise (default: 0)")
    options = parsed(parser, "vae")

    begin = time.perf_counter()
    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(options.seed).permutation(len(images))
    images, labels = (images / 16).astype(np.float32).reshape(-1, 1, 8, 8)[order], labels[order]
    cut = len(images) * 4 // 5
    model, history = train(images[:cut], images[cut:], options.epochs, options.seed)
    print(f"{sum(each.size for each in model.parameters()):,} parameters; nats a digit, rebuilding + divergence = sum")
    for epoch in sorted({1, options.epochs // 4, options.epochs // 2, options.epochs} - {0}):
        a, b, c, d = history[epoch - 1]
        print(f"epoch {epoch:3}: training {a:.2f} + {b:.2f} = {a + b:.2f}, test {c:.2f} + {d:.2f} = {c + d:.2f}")
    plot_sheet(model, options.out / "sheet.png")
    plot_points(model, images[cut:], labels[cut:], options.out / "points.png")
    print(f"sheet.png and points.png are in {options.out}; {time.perf_counter() - begin:.1f} s in all")
    reached = history[-1, 2:].sum()
    if options.epochs == parser.get_default("epochs") and reached > LARGEST_LOSS:
        raise SystemExit(f"expected at most {LARGEST_LOSS} nats a test digit, received {reached:.2f}")


if __name__ == "__main__":
    main()
