"""``save``: the state of objects, and plain data, into a file."""

import json
import os
from collections.abc import Mapping
from typing import Any

import numpy as np

import autograd as ag
from nn.serialization.encoding import Encoder
from nn.serialization.formats import DESCRIPTION, RESERVED, format_of
from nn.serialization.stateful import kind_of
from nn.serialization.writing import write_whole

VERSION = 1  # of the description; a file of a later one is refused


def save(obj: Any, path: "str | os.PathLike[str]", *, metadata: Mapping[str, str | int | float] | None = None) -> None:
    """Write the state of a model, of several objects, or plain data to a file, which ``load`` reads.

    Args:
        obj: a module, an optimizer, a schedule, a ``np.random.Generator``, a tensor, anything else with ``state_dict`` and
            ``load_state_dict``; arrays, NumPy's and Python's numbers, strings, ``None``; dicts (with keys ``str`` and ``int``),
            lists and tuples of all these.
        path: of the file. It ends in ``.safetensors`` or in ``.npz``. The file of a model alone has the keys of its
            ``state_dict()``: PyTorch's ``safetensors.torch.load_file`` reads it, and so does ``np.load`` with an ``.npz``.
        metadata: notes for ``read_metadata``, such as ``{"epoch": 3}``.

    The file is replaced as a whole: if the disk is full or the program is stopped, the one that was there before is as it was.
    Its folder has to exist. There is no code in the file, and no time: the same state gives the same bytes.

    Raises:
        TypeError: for what cannot be saved, with its place: functions, sets, subclasses of ``dict``, arrays of objects.
        ValueError: for another ending.
        OSError: where the system refuses to write.

    >>> import tempfile
    >>> model = nn.Linear(3, 2)
    >>> optimizer = nn.optim.Adam(model.parameters())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     nn.save({"model": model, "optimizer": optimizer, "epoch": 3}, f"{folder}/checkpoint.safetensors")
    ...     checkpoint = nn.load(f"{folder}/checkpoint.safetensors", into={"model": model, "optimizer": optimizer})
    >>> checkpoint["model"] is model, checkpoint["epoch"]
    (True, 3)
    """
    path = os.fspath(path)
    if not isinstance(path, str):
        raise TypeError(f"save: expected a path as a string, received {path!r}")
    form = format_of("save", path)
    notes = _checked_notes(metadata)
    encoder = Encoder(RESERVED)
    tree = encoder.encode(obj)
    description = {
        "format": VERSION,
        "chainrule": ag.__version__,
        "numpy": np.__version__,
        "contents": _contents(obj),
        "metadata": {name: encoder.encode(value) for name, value in notes.items()},
        "tree": tree,
        "dtypes": {name: each.dtype.str for name, each in encoder.arrays.items() if not form.has(each.dtype)},
    }
    texts = {name: str(value) for name, value in notes.items()}
    texts[DESCRIPTION] = json.dumps(description, separators=(",", ":"), allow_nan=False)
    write_whole("save", path, form.pack(encoder.arrays, texts))


def _contents(obj: Any) -> str | dict[str, str]:
    """The class of an object; of a dict, of each of its values."""
    if type(obj) is dict and kind_of(obj) is None:
        return {str(key): type(value).__name__ for key, value in obj.items()}
    return type(obj).__name__


def _checked_notes(metadata: Any) -> dict[str, Any]:
    if metadata is None:
        return {}
    if not isinstance(metadata, Mapping):
        raise TypeError(f"save: expected metadata as a dict, received {type(metadata).__name__}")
    notes: dict[str, Any] = {}
    for name, value in metadata.items():
        if isinstance(value, np.integer | np.floating | np.bool_):
            value = value.item()
        if not isinstance(name, str) or type(value) not in (str, int, float, bool):
            raise TypeError(
                f"save: expected metadata as strings and numbers by name, received {name!r}: {value!r}; what is more than a "
                "note belongs into the dict that is saved"
            )
        try:
            f"{name}{value}".encode()
        except UnicodeEncodeError:
            raise ValueError(f"save: expected metadata that can be written as UTF-8, received {name!r}: {value!r}") from None
        if name == DESCRIPTION:
            raise ValueError(f"save: expected metadata by other names than {DESCRIPTION!r}, which the file's description has")
        notes[name] = value
    return notes
