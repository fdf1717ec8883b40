"""``FileCallback``: what callbacks share that write a file."""

from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path

from nn.callbacks.base import Callback, Training

STATES = (".safetensors", ".npz")


class FileCallback(Callback):
    """The base of callbacks that write a file: that its folder is there is seen before anything is trained.

    Args:
        path: the file; attribute ``path``.
        endings: those that it may have; any by default.
    """

    def __init__(self, path: str | PathLike[str], endings: Sequence[str] = ()) -> None:
        self.path = fspath(path)
        if endings and Path(self.path).suffix not in endings:
            raise ValueError(
                f"{type(self).__name__}: expected a path that ends in {' or '.join(endings)}, received {self.path!r}"
            )

    def on_fit_begin(self, trainer: Training) -> None:
        """Look for the folder.

        Raises:
            FileNotFoundError: when it is not there.
        """
        folder = Path(self.path).parent
        if not folder.is_dir():
            raise FileNotFoundError(f"{type(self).__name__}: expected the folder {str(folder)!r} to write into; make it first")
