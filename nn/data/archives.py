"""``load_npz``: arrays out of NumPy's ``.npz`` archives, such as Keras's ``mnist.npz``, running nothing that they may hide."""

from __future__ import annotations

import os
import tokenize
import zipfile
import zlib
from typing import Any

import numpy as np


def load_npz(path: str | os.PathLike[str], *names: str) -> Any:
    """The arrays of an ``.npz`` file. Pickled objects, which could run any code, are refused.

    Args:
        path: the file.
        names: the arrays that are wanted; only these are read. All of them by default.

    **Shapes**: -> without names a dict of all arrays, with one name that array, with several a tuple in their order.

    Raises:
        ValueError: for a name that is not in the file, with those that are; for a file that is no ``.npz`` or is damaged, and
            for arrays of objects.
        OSError: for a file that cannot be read.

    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "points.npz")
    >>> np.savez(path, x=np.eye(2), y=np.array([0, 1]))
    >>> x, y = nn.data.load_npz(path, "x", "y")
    >>> y
    array([0, 1])
    """
    receiver = f"load_npz: {os.fspath(path)}"
    with open(path, "rb") as file:
        start = file.read(6)
        if start == b"\x93NUMPY":
            raise ValueError(f"{receiver}: expected an .npz file, received a single array, .npy; read it with np.load")
        file.seek(0)
        try:
            archive = np.load(file, allow_pickle=False)
        except (ValueError, EOFError, OSError, RuntimeError, zipfile.BadZipFile):
            kind = (
                "a damaged one; fetch it again"
                if start[:2] == b"PK"
                else f"the first bytes {start!r}"
                if start
                else "an empty file"
            )
            raise ValueError(f"{receiver}: expected an .npz file, received {kind}") from None
        with archive:
            if missing := [name for name in names if name not in archive.files]:
                listed = ", ".join(archive.files) or "none"
                raise ValueError(f"{receiver}: expected names of arrays in the file, {listed}; received {missing[0]!r}")
            arrays = {name: _array(archive, name, receiver) for name in names or archive.files}
    if not names:
        return arrays
    return arrays[names[0]] if len(names) == 1 else tuple([arrays[name] for name in names])


def _array(archive: Any, name: str, receiver: str) -> np.ndarray[Any, Any]:
    try:
        array = archive[name]
    except (EOFError, OSError, MemoryError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"{receiver}: expected all of {name!r}, received a damaged file ({error}); fetch it again") from None
    except (ValueError, tokenize.TokenError) as error:  # the latter of a header that is cut off
        if "allow_pickle" in str(error):
            raise ValueError(
                f"{receiver}: expected numbers in {name!r}, received pickled objects, which can run code when they are read; "
                "save arrays of numbers or text"
            ) from None
        raise ValueError(f"{receiver}: expected an array in {name!r}, received what NumPy cannot read ({error})") from None
    if not isinstance(array, np.ndarray):  # what NumPy gives for members without its header
        raise ValueError(f"{receiver}: expected arrays, received another kind of zip file, with {name!r} in it")
    return array
