"""``History``: what training reached, epoch by epoch."""

from __future__ import annotations  # matplotlib is imported when something is drawn

import csv
import hashlib
import math
import struct
from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.plots.training_curves import history as draw_history
from nn.spellings import HISTORY_SPELLING, Elsewhere

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class History(Mapping[str, list[float]]):
    """One number an epoch under each name: ``history["loss"]``, ``history["val_accuracy"]``; what ``fit`` returns.

    An epoch that has nothing to say under a name has NaN there. ``print(history)`` shows a table.

    >>> history = nn.History()
    >>> history.append({"loss": 0.9, "val_loss": 1.0})
    >>> history.append({"loss": 0.4, "val_loss": 0.7})
    >>> history["loss"]
    [0.9, 0.4]
    >>> print(history)
    epoch    loss  val_loss
        1  0.9000    1.0000
        2  0.4000    0.7000
    """

    def __init__(self) -> None:
        self.epochs = 0
        self._columns: dict[str, list[float]] = {}
        self._digest = bytes(32)

    # ---------------------------------------------------------------- reading it

    def __getitem__(self, name: str) -> list[float]:
        if name not in self._columns:
            raise KeyError(f"History: expected one of {', '.join(self._columns) or 'nothing yet'}; received {name!r}")
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def fingerprint(self) -> str:
        """A hash of the run: of every batch's loss, every epoch's numbers and weights, to the bit. Equal runs have equal ones.

        The same seed gives the same one on the same machine with the same versions and number of threads.
        """
        return self._digest.hex()

    def best(self, name: str = "val_loss", mode: str = "min") -> int:
        """The epoch, counted from 1, with the least (``mode="min"``) or the largest number (``"max"``) under a name.

        Raises:
            KeyError: for a name that is not there.
            ValueError: for another mode, and where all are NaN.
        """
        values = np.array(self[name], float)
        if mode not in ("min", "max"):
            raise ValueError(f"History.best: expected mode 'min' or 'max', received {mode!r}")
        if np.isnan(values).all():
            raise ValueError(f"History.best: expected numbers under {name!r}, received none but NaN")
        return 1 + int(np.nanargmin(values) if mode == "min" else np.nanargmax(values))

    def to_csv(self, path: str | PathLike[str]) -> None:
        """Write a table, a row an epoch, numbers as Python writes them, so that they are read back to the bit."""
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["epoch", *self._columns])
            for i in range(self.epochs):
                writer.writerow([i + 1, *[repr(column[i]) for column in self._columns.values()]])

    def plot(self, metrics: Iterable[str] | None = None) -> Figure:
        """Draw loss and metrics over the epochs, training and validation in one panel: see ``nn.plots.history``.

        Needs matplotlib (``pip install chainrule[plot]``).
        """
        return draw_history(self, metrics)

    def __repr__(self) -> str:
        last = ", ".join([f"{name}={column[-1]:.4g}" for name, column in self._columns.items()])
        return f"History({self.epochs} epoch{'' if self.epochs == 1 else 's'}{': ' if last else ''}{last})"

    def __str__(self) -> str:
        if not self.epochs:
            return "no epochs"
        cells = [["epoch", *self._columns]]
        cells += [[str(i + 1), *[_told(column[i]) for column in self._columns.values()]] for i in range(self.epochs)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        return "\n".join(["  ".join([each.rjust(width) for each, width in zip(row, widths, strict=True)]) for row in cells])

    # ---------------------------------------------------------------- writing it

    def append(self, logs: Mapping[str, float], weights: Iterable[np.ndarray[Any, Any]] = ()) -> None:
        """Add an epoch. Its numbers and the bits of the ``weights`` go into the fingerprint."""
        for name, value in logs.items():
            if not isinstance(value, int | float | np.number) or isinstance(value, bool):
                raise TypeError(f"History: expected a number under {name!r}, received {value!r}")
            self._columns.setdefault(name, [math.nan] * self.epochs)
        for name, column in self._columns.items():
            column.append(float(logs.get(name, math.nan)))
        self.epochs += 1
        digest = hashlib.sha256(self._digest)
        for name, value in logs.items():
            digest.update(name.encode() + struct.pack("<d", value))
        for each in weights:
            digest.update(each.tobytes())
        self._digest = digest.digest()

    def note(self, loss: float) -> None:
        """Take the loss of a batch into the fingerprint."""
        self._digest = hashlib.sha256(self._digest + struct.pack("<d", loss)).digest()

    def state_dict(self) -> dict[str, Any]:
        """A copy of all of it."""
        columns = {name: list(column) for name, column in self._columns.items()}
        return {"epochs": self.epochs, "columns": columns, "fingerprint": self.fingerprint}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what ``state_dict`` gave.

        Raises:
            ValueError: for anything else.
        """
        try:
            epochs, columns = int(state_dict["epochs"]), {str(key): list(each) for key, each in state_dict["columns"].items()}
            digest = bytes.fromhex(state_dict["fingerprint"])
            if len(digest) != 32 or any(len(each) != epochs for each in columns.values()):
                raise ValueError("its columns do not have a number for each epoch")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(f"History.load_state_dict: expected what state_dict() returned; {error}") from None
        self.epochs, self._columns, self._digest = epochs, columns, digest


for _name, _ours in HISTORY_SPELLING.items():
    setattr(History, _name, Elsewhere(_name, _ours))


def _told(value: float) -> str:
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e5 or not math.isfinite(value) else f"{value:.2e}"
