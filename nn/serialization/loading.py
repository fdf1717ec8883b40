"""``load`` and ``read_metadata``: what ``save`` wrote, and files of named arrays that others wrote."""

import errno
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TypeVar, overload

from nn.inputs import check_switch
from nn.serialization.encoding import Decoder, without_objects
from nn.serialization.formats import DESCRIPTION, UNREADABLE, Format, Unsupported, as_saved, foreign, format_of
from nn.serialization.restoring import restored
from nn.serialization.saving import VERSION

Into = TypeVar("Into")


@overload
def load(path: "str | os.PathLike[str]", into: None = None, *, strict: bool = True) -> Any: ...
@overload
def load(path: "str | os.PathLike[str]", into: Into, *, strict: bool = True) -> Into: ...
def load(path: "str | os.PathLike[str]", into: Any = None, *, strict: bool = True) -> Any:
    """Read what ``save`` wrote, or a file of arrays from elsewhere, such as PyTorch's ``safetensors``.

    Args:
        path: of the file, which ends in ``.safetensors`` or in ``.npz``.
        into: the objects to put into the states of the file: one, or a dict, list or tuple as it was saved, with objects in it
            for all states. All of them are loaded, or, if one does not fit, none: they are then as they were before.
        strict: for modules, whether the keys have to be the same on both sides; ``False`` loads those that are.

    Returns:
        ``into``, with the plain data that were saved beside the objects in their places. Without ``into``, all that is in the
        file, with states in place of objects: what ``state_dict()`` gave, ``rng.bit_generator.state`` of a generator. Arrays
        have memory of their own; tensors require no gradient. bfloat16 becomes float32, which has all of its numbers.

    Nothing that is in a file is run, whoever wrote it. One of several objects is loaded by
    ``model.load_state_dict(nn.load(path)["model"])``.

    Raises:
        OSError: where there is no such file, or it cannot be read.
        ValueError: for a file that is damaged, cut short, of another format or a later version; for states that do not fit.
        TypeError: for plain data in ``into``, and for states that do not fit.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     nn.save(nn.Linear(3, 2), f"{folder}/model.safetensors")
    ...     model = nn.load(f"{folder}/model.safetensors", into=nn.Linear(3, 2))
    ...     state = nn.load(f"{folder}/model.safetensors")
    >>> {path: array.shape for path, array in state.items()}
    {'weight': (2, 3), 'bias': (2,)}
    """
    check_switch("load", strict=strict)
    path, form = _checked("load", path)
    with _opened("load", path, form) as file:
        arrays, texts = form.unpack(file)
        description = _description_of(texts)
        if description is None:
            tree: Any = arrays
        else:
            noted = {name: as_saved(arrays[name], dtype) for name, dtype in description["dtypes"].items()}
            decoder = Decoder({**arrays, **noted})
            tree = decoder.decode(description["tree"])
            decoder.finish()
    return without_objects(tree) if into is None else restored(tree, into, strict, f"load: {path}")


def read_metadata(path: "str | os.PathLike[str]") -> dict[str, Any]:
    """The notes in a file, without its arrays: the ``metadata`` that ``save`` was given.

    Args:
        path: of the file, as for ``load``.

    Returns:
        The notes by name; and under ``"chainrule"`` what ``save`` notes itself: ``format``, the version of the format,
        ``chainrule`` and ``numpy``, the versions that wrote it, and ``contents``, the classes of what was saved. Of a file
        that others wrote, the texts in it.

    Raises:
        OSError: as ``load``.
        ValueError: as ``load``; an array that is damaged is not noticed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     nn.save(nn.Linear(3, 2), f"{folder}/model.npz", metadata={"epoch": 3, "data": "digits"})
    ...     notes = nn.read_metadata(f"{folder}/model.npz")
    >>> notes["epoch"], notes["data"], notes["chainrule"]["contents"]
    (3, 'digits', 'Linear')
    """
    path, form = _checked("read_metadata", path)
    with _opened("read_metadata", path, form) as file:
        texts = form.unpack_texts(file)
        description = _description_of(texts)
        if description is None:
            return dict(texts)
        own = {name: description[name] for name in ("format", "chainrule", "numpy", "contents")}
        notes = {name: Decoder({}).decode(value) for name, value in description["metadata"].items()}
        return {**notes, DESCRIPTION: own}


# ---------------------------------------------------------------- reading


def _checked(receiver: str, path: Any) -> tuple[str, Format]:
    path = os.fspath(path)
    if not isinstance(path, str):
        raise TypeError(f"{receiver}: expected a path as a string, received {path!r}")
    return path, format_of(receiver, path)


@contextmanager
def _opened(receiver: str, path: str, form: Format) -> Iterator[BinaryIO]:
    """The open file; what is raised by bytes that make no sense becomes a ``ValueError`` that says so."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        raise OSError(error.errno, f"{receiver}: {error.strerror}", path) from None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, f"{receiver}: expected the path of a file, received a folder", path)
    if not stat.S_ISREG(mode):  # to open a pipe would be to wait for somebody who writes into it
        raise ValueError(f"{receiver}: expected the path of a file, received something else: {path}")
    with open(path, "rb") as file:
        start = file.read(64)
        file.seek(0)
        if not start:
            raise ValueError(f"{receiver}: the file {path} is empty; was its copying or downloading cut short?")
        try:
            yield file
        except Unsupported as error:
            raise ValueError(f"{receiver}: the file {path} cannot be read: {error}") from None
        except (*UNREADABLE, OSError) as error:
            if isinstance(error, OSError) and error.errno != errno.EINVAL:  # which is a place in the file that cannot be
                raise
            raise ValueError(
                f"{receiver}: the file {path} is cut short, damaged or no {form.ending} file{foreign(start, form.ending)} "
                f"({error or type(error).__name__})"
            ) from error


def _description_of(texts: dict[str, str]) -> dict[str, Any] | None:
    """How the tree is built of the arrays; ``None`` if ``save`` did not write the file."""
    if DESCRIPTION not in texts:
        return None
    description = json.loads(texts[DESCRIPTION])
    if description["format"] > VERSION:
        raise Unsupported(
            f"expected format {VERSION}, received {description['format']}, written by chainrule {description['chainrule']}; "
            "update chainrule"
        )
    return description
