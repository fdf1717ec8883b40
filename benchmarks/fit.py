"""A whole training and an epoch of batches, against PyTorch: the complete example of the course, over several seeds.

Both train the same network on the same table of 800 samples (20 features, 3 classes; 160 of them to validate with) for 50
epochs in batches of 32, with Adam, and keep loss and accuracy of training and validation in each epoch; then the accuracy on
200 further samples is taken. PyTorch does so twice: with ``TensorDataset`` and ``DataLoader``, as its tutorials do, and with
batches that are cut out of the tensors by hand. Each contestant is a process of its own on one core, and they are measured in
turns, see ``contestants``. Name a Python that has PyTorch with ``--peer /path/to/python``; without one ours is measured alone.
"""

import argparse
import tempfile
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

import numpy as np

from benchmarks import report
from benchmarks.contestants import Contestant, entered, libraries, peer
from benchmarks.options import at_least, counted

LOADER = {"examples": 60_000, "features": 784, "batch": 128}
AIMS = {"accuracy": 0.01, "time": 0.5, "batches": 20}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--peer", action="append", type=peer, default=[], metavar="PYTHON", help="a Python that has PyTorch")
    parser.add_argument("--seeds", type=at_least(1), default=10, help="how many trainings of each (%(default)s)")
    parser.add_argument("--rounds", type=at_least(1), default=5, help="measured epochs of each loader (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Train, load, compare; write tables, JSON and picture."""
    from examples.course.complete import EPOCHS, data  # which imports scikit-learn

    seeds, epochs, rounds = (1, 2, 1) if options.quick else (options.seeds, EPOCHS, options.rounds)
    loader = {**LOADER, "examples": 1000} if options.quick else LOADER
    peers = {pair: version for each in options.peer for pair, version in each.items() if pair[0] == "torch"}
    found = libraries(peers, own=["chainrule"])
    with entered(found, "fitting") as contestants, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.npz")
        np.savez(path, **vars(data()))
        trainings = trained(contestants, str(path), seeds, epochs)
        loaded = {each.label: _epochs(each, loader, rounds) for each in contestants}
    print(as_table(trainings))
    print(f"\n{counted(seeds, 'seed')}, {epochs} epochs, one thread; {', '.join(map(str, found))}\n")
    print(as_loader_table(loaded))
    print(
        f"\na TensorDataset of {loader['examples']:,} x {loader['features']}, shuffled, medians of {counted(rounds, 'epoch')}"
    )
    report.save_json(
        options.out / "fit.json", {"benchmark": "fit", "epochs": epochs, "trainings": trainings, "batches a second": loaded}
    )
    draw(trainings, loaded, options.out / "fit.png")
    print(f"saved {options.out / 'fit.json'} and {options.out / 'fit.png'}")
    return 0


def trained(contestants: list[Contestant], path: str, seeds: int, epochs: int) -> dict[str, dict[str, list[float]]]:
    """The seconds and test accuracies of each seed's training, by contestant, measured in turns."""
    found: dict[str, dict[str, list[float]]] = {}
    for seed in range(seeds):
        for each in contestants:
            for name, label in (("fit", each.label), ("fit sliced", f"{each.label}, no loader")):
                answer = each.measured({"name": name, "path": path, "seed": seed, "epochs": epochs}, 0.0)
                if answer["seconds"] is not None:
                    row = found.setdefault(label, {"seconds": [], "accuracy": []})
                    row["seconds"].append(answer["seconds"])
                    row["accuracy"].append(answer["result"])
    return found


def _epochs(contestant: Contestant, loader: dict[str, int], rounds: int) -> list[float]:
    """Batches a second in each round."""
    answers = [contestant.measured({"name": "loader", **loader}, 0.0) for _ in range(rounds)]
    return [each["result"] / each["seconds"] for each in answers]


def as_table(trainings: dict[str, dict[str, list[float]]]) -> str:
    """A row for each contestant: accuracy over the seeds, seconds, and ours as a share of them."""
    ours = median(trainings["chainrule"]["seconds"])
    rows = []
    for label, row in trainings.items():
        accuracy = row["accuracy"]
        spread = f"{stdev(accuracy):.2%}" if len(accuracy) > 1 else ""
        ratio = "" if label == "chainrule" else f"{ours / median(row['seconds']):.2f}"
        rows.append([label, f"{mean(accuracy):.2%}", spread, f"{median(row['seconds']):.3f}", ratio])
    return report.table(["training", "mean test accuracy", "deviation", "seconds", "ours / this"], rows)


def as_loader_table(loaded: dict[str, Any]) -> str:
    """A row for each contestant: batches a second, and how many times as many ours are."""
    ours = median(loaded["chainrule"])
    rows = [
        [label, f"{median(each):,.0f}", "" if label == "chainrule" else f"{ours / median(each):.1f}"]
        for label, each in loaded.items()
    ]
    return report.table(["loader", "batches a second", "ours / this"], rows)


def draw(trainings: dict[str, dict[str, list[float]]], loaded: dict[str, list[float]], path: Path) -> None:
    """Seconds and test accuracy of each training, and batches a second, a dot each."""
    figure = report.figure(11, 1.6 + 0.4 * len(trainings))
    panels = (
        ("Seconds of a training", {label: row["seconds"] for label, row in trainings.items()}),
        ("Test accuracy", {label: row["accuracy"] for label, row in trainings.items()}),
        ("Batches a second", loaded),
    )
    for axes, (title, rows) in zip(figure.subplots(1, 3), panels, strict=True):
        report.style(axes, title)
        for line, (label, values) in enumerate(rows.items()):
            color = report.COLORS.get(label.partition(",")[0], report.INK)
            axes.plot(values, [line] * len(values), ".", color=color, markersize=7, alpha=0.6)
            axes.plot([median(values)], [line], "|", color=color, markersize=18)
        axes.set_yticks(range(len(rows)), list(rows), fontsize=9, color=report.INK)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        if title != "Test accuracy":
            axes.set_xlim(left=0)
    report.save_figure(path, figure)
