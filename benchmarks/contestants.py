"""Contestants: libraries that are timed in turns, each in a process of its own, pinned to one core and one thread.

All wait at their pipes, and one measurement is made at a time: ours, the first peer, the second, ours again, and so on, so that
a busy moment of the machine hits all alike. Ratios are of medians measured in this run.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import report

SERVE = Path(__file__).parent / "workers" / "serve.py"
ROOT = Path(__file__).parent.parent
PEERS = ("torch", "autograd (HIPS)", "mygrad")


class Library(NamedTuple):
    """A library in one Python, and what it is called in table and picture."""

    name: str
    version: str
    python: str
    label: str

    def __str__(self) -> str:
        return self.label if self.version in self.label else f"{self.label} {self.version}"


class Contestant:
    """A worker process that times one library."""

    def __init__(self, library: Library, core: int, kind: str) -> None:
        self.label = library.label
        threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        extra = [str(ROOT)] if library.name == "chainrule" else []
        self._process = subprocess.Popen(
            [library.python, "-I", str(SERVE), library.name, kind, str(core), *extra],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **threads},
        )

    def seconds(self, request: dict[str, Any], allowed: float) -> float | None:
        """One measurement; ``None`` for what the library does not do."""
        return self.measured(request, allowed)["seconds"]

    def measured(self, request: dict[str, Any], allowed: float) -> dict[str, Any]:
        """One measurement: ``seconds``, and ``result``, what the call returned; both ``None`` for what is not done."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps({**request, "seconds": allowed}), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the worker of {self.label} ended at {request}; what it printed is above")
        return json.loads(answer)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


def peer(python: str) -> dict[tuple[str, str], str]:
    """The type of the option ``--peer``: (library, Python) -> version, for the peers' libraries that this Python has.

    Raises:
        argparse.ArgumentTypeError: if it has none, or is no Python.
    """
    command = [python, "-I", str(SERVE), "--which"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
        versions = dict(json.loads(answer))
    except (OSError, subprocess.SubprocessError) as error:
        raise argparse.ArgumentTypeError(
            f"{python}: expected a Python interpreter; asking it what it has failed: {error}"
        ) from None
    except (ValueError, TypeError):  # what it printed is no answer
        raise argparse.ArgumentTypeError(
            f"{python}: expected a Python interpreter; asked what it has, it printed {answer[:60]!r}"
        ) from None
    found = {(library, python): version for library, version in versions.items() if library in PEERS}
    if not found:
        raise argparse.ArgumentTypeError(
            f"{python}: expected a Python that has torch, autograd (HIPS) or mygrad; it has none of them"
        )
    return found


@contextmanager
def entered(libraries: Sequence[Library], kind: str) -> Iterator[list[Contestant]]:
    """A contestant for each library, which ends with the block; ``kind``: ``workloads``, ``training`` or ``fitting``."""
    core = max(os.sched_getaffinity(0)) if sys.platform == "linux" else 0
    contestants = [Contestant(each, core, kind) for each in libraries]
    try:
        yield contestants
    finally:
        for each in contestants:
            each.close()


def libraries(peers: dict[tuple[str, str], str], own: Sequence[str] = ("chainrule", "numpy")) -> list[Library]:
    """Our ``own``, and the peers', each under a label of its own: its name, with version and path where these tell it apart.

    Args:
        peers: (library, Python) -> version.
    """
    command = [sys.executable, str(SERVE), "--which"]
    ours = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    found = [Library(name, ours[name], sys.executable, name) for name in own]
    names = Counter(name for name, _ in peers)
    releases = Counter((name, version) for (name, _), version in peers.items())
    for (name, python), version in peers.items():
        label = name if names[name] == 1 else f"{name} {version}"
        label = label if releases[name, version] == 1 else f"{label} in {python}"
        found.append(Library(name, version, python, label))
    return found


def rounds_of(request: dict[str, Any], contestants: list[Contestant], rounds: int, allowed: float) -> dict[str, list[float]]:
    """The seconds of each contestant in every round, taken in turns; none of one that does not do this."""
    found: dict[str, list[float]] = {each.label: [] for each in contestants}
    for _ in range(rounds):
        for each in contestants:
            seconds = each.seconds(request, allowed)
            if seconds is not None:
                found[each.label].append(seconds)
    return found


def colors(entered: Sequence[Library]) -> dict[str, str]:
    """The colour of each label: the library's own, or a spare one for the second Python that has it."""
    found: dict[str, str] = {}
    for each in entered:
        own, spare = report.COLORS[each.name], [color for color in report.SPARE_COLORS if color not in found.values()]
        found[each.label] = spare[0] if own in found.values() and spare else own
    return found
