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
from examples.course.complete import EPOCHS, data

LOADER = {"examples": 60_000, "features": 784, "batch": 128}
AIMS = {"accuracy": 0.01, "time": 0.5, "batches": 20}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--peer", action="append", type=peer, default=[], metavar="PYTHON", help="a Python that has PyTorch")
    parser.add_argument("--seeds", type=at_least(1), default=10, help="how many trainings of each (%(default)s)")
    parser.add_argument("--rounds", type=at_least(1), default=5, help="measured epochs of each loader (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Train, load, compare; write tables and JSON."""
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
    print(f"saved {options.out / 'fit.json'}")
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
