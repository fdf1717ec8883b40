"""The two formats of files, ``.safetensors`` and ``.npz``: named arrays, and texts beside them.

Neither holds code, and what is read is checked before memory is taken for it. A file that another library wrote has arrays
and perhaps texts of its own, but no description by ``save``.
"""

import io
import json
import math
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import safetensors
from safetensors.numpy import save as serialize

from nn.serialization.encoding import checked_dtype, is_plain

Arrays = dict[str, Any]
Texts = dict[str, str]

DESCRIPTION = "chainrule"  # the text that says how a tree is built of the arrays
NPZ_DESCRIPTION = "__chainrule__"  # where an .npz file has it: beside the arrays, so a name that no attribute should have
RESERVED = frozenset({"__metadata__", NPZ_DESCRIPTION})  # names that no array may have
LARGEST_HEADER = 100_000_000  # bytes; safetensors reads no larger one
UNREADABLE = (  # what reading a damaged file raises, depending on which byte it is
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RuntimeError, EOFError,
    struct.error, zlib.error, zipfile.BadZipFile, safetensors.SafetensorError,
)  # fmt: skip

# In safetensors' names; those that it lacks are stored as numbers or bytes, along a last axis.
_STORED = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "C64": "<c8", "BOOL": "|b1",
    "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1", "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1",
}  # fmt: skip
_NATIVE = frozenset(_STORED.values())


class Unsupported(ValueError):
    """A file is whole, but holds what is not read."""


@dataclass(frozen=True)
class Format:
    """How arrays and texts become bytes, and back.

    Attributes:
        ending: of the names of its files.
        has: whether it has arrays of a dtype; those of others are stored as ``as_saved`` finds them.
        pack: the parts of a file's bytes, from arrays and texts.
        unpack: arrays and texts, from an open file. Raises ``Unsupported``, or one of ``UNREADABLE`` for bytes without sense.
        unpack_texts: the texts alone.
    """

    ending: str
    has: Callable[["np.dtype[Any]"], bool]
    pack: Callable[[Arrays, Texts], list[Any]]
    unpack: Callable[[BinaryIO], tuple[Arrays, Texts]]
    unpack_texts: Callable[[BinaryIO], Texts]


def format_of(receiver: str, path: str) -> Format:
    """The format that a file's name asks for.

    Raises:
        ValueError: for another ending.
    """
    ending = os.path.splitext(path)[1]
    for each in FORMATS:
        if each.ending == ending.lower():
            return each
    advice = ""
    if ending in (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle"):
        advice = "; pickled files are neither written nor read, since to read one is to run what it holds"
        if receiver != "save":
            advice += ": in PyTorch, write safetensors.torch.save_file(model.state_dict(), 'model.safetensors')"
    raise ValueError(f"{receiver}: expected a file that ends in .safetensors or .npz, received {path}{advice}")


def foreign(start: bytes, ending: str) -> str:
    """What a file seems to be instead, by its first bytes, in words for a message; nothing where one cannot tell."""
    if start[8:9] == b"{":  # after the length of the header, which may begin with the bytes of any other file
        found: str | None = "a .safetensors file"
    else:
        found = next((what for magic, what in _FOREIGN if start.lower().startswith(magic.lower())), None)
    return "" if found is None or ending in found else f"; it looks like {found}"


_FOREIGN = (
    (b"PK\x03\x04", "a zip file, as .npz is, and .pt of PyTorch, which is pickled"),
    (b"\x80", "a pickle, which is never read, since that would run what it holds"),
    (b"\x93NUMPY", "an .npy file of one array"),
    (b"\x89PNG", "a PNG picture"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x1f\x8b", "a file that is compressed with gzip"),
    (b"version https://git-lfs", "the placeholder of a file in Git LFS; fetch the file itself with `git lfs pull`"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
)


# ---------------------------------------------------------------- safetensors


def _pack_safetensors(arrays: Arrays, texts: Texts) -> list[Any]:
    stored = {name: _storable(array) for name, array in arrays.items()}
    packed = serialize(stored)
    end = 8 + int.from_bytes(packed[:8], "little")
    # The library would write the texts in another order each time; the same state is to give the same file.
    header = {"__metadata__": texts, **json.loads(packed[8:end])}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    if len(text) > LARGEST_HEADER:
        raise ValueError(
            f"save: expected at most {LARGEST_HEADER} bytes beside the arrays, received {len(text)}; put long lists of numbers "
            "into arrays, or save as .npz"
        )
    return [len(text).to_bytes(8, "little"), text, memoryview(packed)[end:]]


def _storable(array: Any) -> Any:
    """The array itself, or one of numbers or bytes in its place."""
    if _has(array.dtype):
        return array
    if array.dtype == np.dtype("<c16"):
        return array.reshape(*array.shape, 1).view("<f8")
    return np.frombuffer(array.tobytes(), np.uint8).reshape(*array.shape, array.dtype.itemsize)


def _has(dtype: "np.dtype[Any]") -> bool:
    return dtype.str in _NATIVE


def as_saved(array: Any, noted: Any) -> Any:
    """The array of a dtype that was noted for it, since the format lacks it: ``_storable`` took it apart."""
    dtype = checked_dtype(noted)
    width = array.shape[-1] * array.itemsize
    if width != dtype.itemsize:
        raise ValueError(f"expected {dtype.itemsize} bytes for each {dtype}, received {width}")
    return np.ndarray(array.shape[:-1], dtype, array.tobytes()).copy()


def _safetensors_header(file: BinaryIO) -> dict[str, Any]:
    """The header of a file, which is left at its beginning."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    length = int.from_bytes(file.read(8), "little")
    if size < 8 or length > size - 8:
        raise ValueError("the header is cut short")
    if length > LARGEST_HEADER:
        raise ValueError("the header is too long")
    header = json.loads(file.read(length))
    ends = [each["data_offsets"][1] for name, each in header.items() if name != "__metadata__"]
    if max(ends, default=0) != size - 8 - length:
        raise ValueError(f"expected {max(ends, default=0)} bytes of arrays, received {size - 8 - length}")
    file.seek(0)
    return header


def _unpack_safetensors_texts(file: BinaryIO) -> Texts:
    return _checked_texts(_safetensors_header(file).get("__metadata__") or {})


def _unpack_safetensors(file: BinaryIO) -> tuple[Arrays, Texts]:
    header = _safetensors_header(file)
    found = dict(safetensors.deserialize(file.read()))
    arrays = {}
    for name in header:
        if name != "__metadata__":
            entry = found.pop(name)
            arrays[name] = _array_of(name, entry["dtype"], entry["shape"], entry["data"])
    return arrays, _checked_texts(header.get("__metadata__") or {})


def _array_of(name: str, stored: str, shape: list[int], data: Any) -> Any:
    if stored == "BF16":  # the upper half of a float32
        widened = np.frombuffer(data, "<u2").astype(np.uint32) << 16
        return widened.view(np.float32).reshape(shape)
    if stored not in _STORED:
        raise Unsupported(
            f"{name}: expected a dtype that NumPy has, received {stored}; convert it to float32 where it comes from"
        )
    dtype = np.dtype(_STORED[stored])
    return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def _checked_texts(texts: Mapping[str, Any]) -> Texts:
    if not all([isinstance(each, str) for each in texts.values()]):
        raise ValueError("expected texts in the header")
    return dict(texts)


# ---------------------------------------------------------------- npz


def _pack_npz(arrays: Arrays, texts: Texts) -> list[Any]:
    file = io.BytesIO()
    text = json.dumps(texts, separators=(",", ":")).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in {NPZ_DESCRIPTION: np.array(text), **arrays}.items():
            # A ZipInfo by itself says 1980, not now: the same state is to give the same file.
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array, allow_pickle=False)
    return [file.getbuffer()]


def _unpack_npz(file: BinaryIO) -> tuple[Arrays, Texts]:
    with zipfile.ZipFile(file) as archive:
        arrays: Arrays = {}
        for info in archive.infolist():
            name = info.filename.removesuffix(".npy")
            if name == info.filename:
                raise Unsupported(f"expected arrays, NAME.npy, received {info.filename!r}; is this a .pt file of PyTorch?")
            if name in arrays:
                raise ValueError(f"two arrays {name!r}")
            arrays[name] = _npz_array(archive, info, name)
    description = arrays.pop(NPZ_DESCRIPTION, None)
    return arrays, {} if description is None else _npz_texts(description)


def _unpack_npz_texts(file: BinaryIO) -> Texts:
    with zipfile.ZipFile(file) as archive:
        entry = f"{NPZ_DESCRIPTION}.npy"
        if entry not in archive.namelist():
            return {}
        return _npz_texts(_npz_array(archive, archive.getinfo(entry), NPZ_DESCRIPTION))


def _npz_texts(description: Any) -> Texts:
    return _checked_texts(json.loads(description.item()))


def _npz_array(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Any:
    """An entry as an array; memory is taken only once it is sure that the entry is as long as it says."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unsupported(f"{name}: compressed in another way than by np.savez_compressed")
    if info.file_size > 1100 * info.compress_size + 1000:  # deflate gets to 1032
        raise ValueError(f"{name}: {info.compress_size} bytes cannot hold the {info.file_size} that they should")
    with archive.open(info) as entry:
        shape, in_columns, dtype = _npy_header(entry, name)
        if dtype.hasobject:
            raise Unsupported(f"{name}: pickled Python objects, which are never read, since that would run what they hold")
        if not is_plain(dtype):
            raise Unsupported(f"{name}: expected an array of numbers, received one of {dtype}")
        length = info.file_size - entry.tell()
        if math.prod(shape) * dtype.itemsize != length:
            raise ValueError(f"{name}: expected {shape} of {dtype}, received {length} bytes")
        data = entry.read()
    return np.ndarray(shape, dtype, data, order="F" if in_columns else "C").copy()


def _npy_header(entry: Any, name: str) -> tuple[tuple[int, ...], bool, "np.dtype[Any]"]:
    """Shape, whether the array lies in columns, and dtype."""
    try:
        version = np.lib.format.read_magic(entry)
        if version == (1, 0):
            return np.lib.format.read_array_header_1_0(entry)
        if version == (2, 0):
            return np.lib.format.read_array_header_2_0(entry)
    except (Exception, MemoryError) as error:  # it is parsed as Python, with all the errors that this has
        raise ValueError(f"{name}: no header of an array: {error}") from None
    raise Unsupported(f"{name}: expected an array of numbers, received version {version} of its format")


FORMATS = (
    Format(".safetensors", _has, _pack_safetensors, _unpack_safetensors, _unpack_safetensors_texts),
    Format(".npz", lambda dtype: True, _pack_npz, _unpack_npz, _unpack_npz_texts),
)
