"""A convolutional network reads handwritten digits: layers, batch normalisation, dropout, a schedule, moved pictures.

The data are the 1797 scans of handwritten digits (8 x 8 pixels) that come with scikit-learn; a fifth of them is kept for the
test, split anew for each seed. In training each picture is moved by up to one pixel, another way every time. Run with
``python -m examples.digits_cnn``; pictures go to ``out/digits_cnn``.

Source of the data: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository,
1998.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tqdm import tqdm

import autograd as ag
import nn
from examples.arguments import parsed, positive

matplotlib.use("Agg")  # pictures go to files
import matplotlib.pyplot as plt

MEAN = 0.985  # the test accuracy that a run with the default options has to reach, over all seeds
BATCH = 64


def network() -> nn.Sequential:
    """Three convolutions with batch normalisation and two pools, 1 x 8 x 8 -> 64 x 2 x 2, and two dense layers."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Conv2d(32, 32, 3, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Dropout(0.2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(64 * 2 * 2, 128),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Linear(128, 10),
    )


@dataclass(frozen=True)
class Run:
    """One seed's outcome: loss, test accuracy and learning rate after each epoch, the trained model and its test set."""

    seed: int
    losses: list[float]
    accuracies: list[float]
    rates: list[float]
    model: nn.Sequential
    images: NDArray[np.float32]
    labels: NDArray[np.int64]


def moved(images: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Each picture moved by -1, 0 or 1 pixel along both axes, with empty pixels where it was."""
    padded = np.pad(images, [(0, 0), (0, 0), (1, 1), (1, 1)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, images.shape[2:], axis=(2, 3))
    down, right = rng.integers(0, 3, (2, len(images)))
    return windows[np.arange(len(images)), :, down, right]


def probabilities(model: nn.Module, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """How likely each class is for each picture, in evaluation mode."""
    model.eval()
    with ag.no_grad():
        found = nn.functional.softmax(model(images), dim=1).numpy()
    model.train()
    return found


def train(seed: int, epochs: int) -> Run:
    """Split the data, make a network, and train it with AdamW and one cycle of learning rates."""
    ag.seed(seed)
    rng = np.random.default_rng(seed)
    images, labels = load_digits(return_X_y=True)
    images = (images / 16).astype(np.float32).reshape(-1, 1, 8, 8)
    images, test_images, labels, test_labels = train_test_split(
        images, labels, test_size=0.2, stratify=labels, random_state=seed
    )
    model = network()
    loss_function = nn.CrossEntropyLoss(label_smoothing=0.05)
    optimizer = nn.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2)
    steps = -(-len(images) // BATCH)
    schedule = nn.optim.OneCycleLR(optimizer, max_lr=6e-3, epochs=epochs, steps_per_epoch=steps)
    losses, accuracies, rates = [], [], []
    for _ in tqdm(range(epochs), desc=f"seed {seed}", unit="epoch", leave=False, disable=None):  # silent in a file
        order = rng.permutation(len(images))
        total = 0.0
        for batch in np.split(order, range(BATCH, len(order), BATCH)):
            optimizer.zero_grad()
            loss = loss_function(model(moved(images[batch], rng)), labels[batch])
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        losses.append(total / len(order))
        accuracies.append(float((probabilities(model, test_images).argmax(axis=1) == test_labels).mean()))
        rates.append(schedule.get_last_lr()[0])
    return Run(seed, losses, accuracies, rates, model, test_images, test_labels)


# ---------------------------------------------------------------- pictures


def plot_curves(runs: list[Run], path: Path) -> None:
    """Training loss, test accuracy and learning rate over the epochs, one line a seed."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.4), layout="constrained")
    epochs = np.arange(1, len(runs[0].losses) + 1)
    for run in runs:
        left.plot(epochs, run.losses, label=f"seed {run.seed}")
        middle.plot(epochs, run.accuracies, label=f"seed {run.seed}")
    right.plot(epochs, runs[0].rates, color="0.3")
    left.set(xlabel="epoch", ylabel="cross-entropy, smoothed labels", title="training loss")
    middle.set(
        xlabel="epoch", ylabel="accuracy", ylim=(min(0.95, *[run.accuracies[-1] for run in runs]), 1), title="test accuracy"
    )
    middle.axhline(MEAN, color="0.6", linestyle=":", linewidth=1, label=f"asked of the mean: {MEAN:.1%}")
    middle.legend(loc="lower right", fontsize="small")
    right.set(xlabel="epoch", ylabel="learning rate", title="one cycle")
    for axes in (left, middle, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def plot_mistakes(run: Run, path: Path, columns: int = 10) -> None:
    """The test digits that one network gets wrong, then those it is least sure of, with its two best guesses."""
    found = probabilities(run.model, run.images)
    guesses = np.argsort(-found, axis=1)
    wrong = guesses[:, 0] != run.labels
    sure = found.max(axis=1)
    shown = np.lexsort((sure, ~wrong))[: 3 * columns]
    figure, grid = plt.subplots(3, columns, figsize=(columns, 5), layout="constrained")
    figure.get_layout_engine().set(hspace=0.15)
    for axes, i in zip(grid.flat, shown, strict=True):
        axes.imshow(run.images[i, 0], cmap="gray_r")
        lines = [f"{guess}: {found[i, guess]:.0%}" for guess in guesses[i, :2]]
        lines.append(f"is {run.labels[i]}" if wrong[i] else "")
        axes.set_title("\n".join(lines), fontsize=7, color="#b3261e" if wrong[i] else "0.2")
        axes.set(xticks=[], yticks=[])
    figure.suptitle(f"seed {run.seed}: {wrong.sum()} of {len(wrong)} test digits are misread, in red; then the least sure")
    figure.savefig(path, dpi=150)
    plt.close(figure)


def plot_features(run: Run, path: Path) -> None:
    """The kernels of the first convolution, and what its channels make of one digit."""
    first = run.model[:3].eval()
    kernels = run.model[0].weight.numpy()[:, 0]
    with ag.no_grad():
        maps = first(run.images[:1]).numpy()[0]
    order = np.argsort(-maps.sum(axis=(1, 2)))[:16]
    most = np.abs(kernels).max()
    figure, grid = plt.subplots(2, 16, figsize=(14, 2.5), layout="constrained")
    for (above, below), i in zip(grid.T, order, strict=True):
        above.imshow(kernels[i], cmap="RdBu", vmin=-most, vmax=most)
        below.imshow(maps[i], cmap="gray_r")
        for axes in (above, below):
            axes.set(xticks=[], yticks=[])
    grid[0, 0].set_ylabel("kernel", fontsize=9)
    grid[1, 0].set_ylabel(f"on a {run.labels[0]}", fontsize=9)
    figure.suptitle("the sixteen busiest channels of the first convolution: kernels (blue is positive) and what they find")
    figure.savefig(path, dpi=150)
    plt.close(figure)
    run.model.train()


def main() -> None:
    """Train over all seeds, report, and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=positive, default=3, help="how many splits and networks (default: 3)")
    parser.add_argument("--epochs", type=positive, default=25, help="passes over the training data (default: 25)")
    options = parsed(parser, "digits_cnn")

    begin = time.perf_counter()
    model = network()
    print(f"{model}\n\n{sum(each.size for each in model.parameters()):,} parameters")
    runs = []
    for seed in range(options.seeds):
        start = time.perf_counter()
        runs.append(train(seed, options.epochs))
        print(
            f"seed {seed}: loss {runs[-1].losses[-1]:.4f}, test accuracy {runs[-1].accuracies[-1]:.2%}, "
            f"{time.perf_counter() - start:.1f} s"
        )
    final = [run.accuracies[-1] for run in runs]
    print(f"\ntest accuracy: mean {np.mean(final):.2%}, worst {min(final):.2%}")
    plot_curves(runs, options.out / "curves.png")
    plot_mistakes(runs[0], options.out / "mistakes.png")
    plot_features(runs[0], options.out / "features.png")
    print(f"curves.png, mistakes.png and features.png are in {options.out}; {time.perf_counter() - begin:.1f} s in all")
    defaults = (parser.get_default("seeds"), parser.get_default("epochs"))
    if (options.seeds, options.epochs) == defaults and np.mean(final) < MEAN:
        raise SystemExit(f"expected a mean test accuracy of at least {MEAN:.1%}, received {np.mean(final):.2%}")


if __name__ == "__main__":
    main()
