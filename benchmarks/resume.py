"""A training is killed at random moments, as ``kill -9`` does, and resumed: does it end in the same bits as one that was not?

The training is ``workers/killed_training.py``: a small network with everything that has a state, which saves a checkpoint after
every third batch. It is started again until it has been killed so many times, and then comes to its end. After each kill the
checkpoint is read: it has to be whole.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import nn
from benchmarks import report
from benchmarks.options import at_least

WORKER = Path(__file__).parent / "workers" / "killed_training.py"
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Killing:
    """What was found when a training was killed ``kills`` times: what both runs said at their ends."""

    kills: int
    whole: str
    resumed: str

    @property
    def same(self) -> bool:
        """Whether the resumed run ended in the same bits."""
        return self.whole == self.resumed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--kills", type=at_least(1), default=20, help="how often to kill it (%(default)s)")
    parser.add_argument("--epochs", type=at_least(1), default=60, help="of the training (%(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="of the moments; by default new ones each time")


def run(options: argparse.Namespace) -> int:
    """Kill, resume, compare; the log goes to the screen and to ``resume.json``."""
    lines: list[str] = []

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    kills, epochs = (1, 10) if options.quick else (options.kills, options.epochs)
    found = killed_and_resumed(kills, epochs, np.random.default_rng(options.seed), say)
    say(f"{found.kills} kills: the resumed run ended {'in the same bits' if found.same else 'DIFFERENTLY'}")
    report.save_json(
        options.out / "resume.json", {"benchmark": "resume", "kills": found.kills, "same": found.same, "log": lines}
    )
    return 0 if found.same else 1


def killed_and_resumed(kills: int, epochs: int, rng: np.random.Generator, say: Callable[[str], None]) -> Killing:
    """Run the training once as a whole, and once more with so many kills.

    Raises:
        RuntimeError: for a training that fails, and a checkpoint that cannot be read.
    """
    with tempfile.TemporaryDirectory() as whole_folder, tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        whole = _run(Path(whole_folder), epochs, None)[-1]
        seconds = time.perf_counter() - begin
        say(f"not killed: {whole}, {seconds:.1f} s")
        path, done, end = Path(folder, "run.safetensors"), 0, ""
        while done < kills:
            moment = float(rng.uniform(0, seconds / kills))
            lines = _run(Path(folder), epochs, moment)
            if lines[-1].startswith("done"):  # it was through before its time; the whole run begins anew
                path.unlink()
                continue
            done += 1
            say(f"kill {done}: {lines[0]}; killed {moment * 1000:.0f} ms later; {_state_of(path)}; left: {_others(path)}")
        end = _run(Path(folder), epochs, None)[-1]
        say(f"resumed to its end: {end}")
        return Killing(done, whole, end)


def _run(folder: Path, epochs: int, moment: float | None) -> list[str]:
    """The lines of a training that is killed ``moment`` seconds after its first batch began; ``None``: not killed."""
    command = [sys.executable, str(WORKER), str(folder), str(epochs)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip()]
        timer = threading.Timer(moment or 0, process.kill)
        if moment is not None:
            timer.start()
        lines += process.stdout.read().split("\n")[:-1]
        timer.cancel()
    code = process.returncode
    if not lines[0] or (code and not (moment is not None and code < 0)):
        raise RuntimeError(f"the training ended with {code}; what it printed is above")
    return lines


def _state_of(path: Path) -> str:
    """How far the checkpoint is; reading it is the test that it is whole."""
    if not path.exists():
        return "no checkpoint yet"
    progress = nn.load(path)["progress"]
    return f"the checkpoint is whole, at epoch {progress['epoch']}, batch {progress['batch']}"


def _others(path: Path) -> str:
    """What else lies in the folder: unfinished files."""
    return ", ".join(each.name for each in path.parent.iterdir() if each != path) or "nothing else"
