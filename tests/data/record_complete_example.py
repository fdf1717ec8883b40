"""Records the test accuracies that PyTorch reaches in the complete example: ``python record_complete_example.py PYTHON``.

``PYTHON`` is a Python that has PyTorch. The training is that of ``benchmarks/workers/torch_fitting.py``, on the data of
``examples/course/complete.py``, once for each of forty seeds. Run with ``PYTHONPATH=.`` in the folder of the repository.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.contestants import entered, libraries, peer
from benchmarks.fit import trained
from examples.course.complete import EPOCHS, data

SEEDS = 40


def main(python: str) -> None:
    """Train, and write the accuracies."""
    peers = {pair: version for pair, version in peer(python).items() if pair[0] == "torch"}
    with entered(libraries(peers, own=[]), "fitting") as contestants, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.npz")
        np.savez(path, **vars(data()))
        found = trained(contestants, str(path), SEEDS, EPOCHS)
    recorded = {"torch": next(iter(peers.values())), "epochs": EPOCHS, "accuracy": found["torch"]["accuracy"]}
    Path(__file__).with_name("complete_example.json").write_text(json.dumps(recorded, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
