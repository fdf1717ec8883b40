"""IDX, the format in which MNIST and its like are given: ``load_idx`` reads an array, ``save_idx`` writes one.

A file is two zero bytes, the code of a dtype, the number of axes, the length of each axis, and the numbers, all big-endian; it
is often compressed with gzip. A header can claim any size, so nothing is set aside on its word.
"""

from __future__ import annotations

import gzip
import math
import os
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np

from nn.data.arrays import data_array

_DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: "i2", 0x0C: "i4", 0x0D: "f4", 0x0E: "f8"}
_CODES = {np.dtype(name): code for code, name in _DTYPES.items()}
_GZIP = b"\x1f\x8b"
_CHUNK = 2**20
_MOST_AXES = 64  # of a NumPy array


def load_idx(path: str | os.PathLike[str]) -> np.ndarray[Any, Any]:
    """The array in an IDX file, such as MNIST's ``train-images-idx3-ubyte.gz``; what gzip has compressed is unpacked.

    Args:
        path: the file, under any name.

    **Shapes**: -> those of the file: images (N, 28, 28), labels (N,). The dtype is the file's: uint8, int8, int16, int32,
    float32 or float64, in the machine's byte order. Divide pictures by 255 to train on them.

    Raises:
        ValueError: for a file in another format, and one with fewer or more numbers than its header says.
        OSError: for a file that cannot be read.

    Source: "The IDX file format", on Y. LeCun's page of the MNIST database.

    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "labels-idx1-ubyte.gz")
    >>> nn.data.save_idx(path, np.array([5, 0, 4], np.uint8))
    >>> nn.data.load_idx(path)
    array([5, 0, 4], dtype=uint8)
    """
    receiver = f"load_idx: {os.fspath(path)}"
    with open(path, "rb") as file:
        packed = file.read(2) == _GZIP
        file.seek(0)
        if not packed:
            return _read(file, receiver)
        try:
            with gzip.open(file) as unpacked:
                return _read(unpacked, receiver)  # type: ignore[arg-type]  # a GzipFile reads as an IO[bytes] does
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(
                f"{receiver}: expected a whole gzip file, received a damaged one ({error}); fetch it again"
            ) from None


def _read(file: IO[bytes], receiver: str) -> np.ndarray[Any, Any]:
    start = file.read(4)
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in _DTYPES:
        received = f"the first bytes {start!r}" if start else "an empty file"
        hint = "; this looks like a web page" if start[:1] == b"<" else ""
        raise ValueError(
            f"{receiver}: expected an IDX file, which begins with two zero bytes and the code of a dtype; received "
            f"{received}{hint}"
        )
    dtype, axes = np.dtype(_DTYPES[start[2]]), start[3]
    if axes > _MOST_AXES:
        raise ValueError(f"{receiver}: expected an array of at most {_MOST_AXES} axes, received a header with {axes}")
    lengths = file.read(4 * axes)
    if len(lengths) < 4 * axes:
        raise ValueError(f"{receiver}: expected the lengths of {axes} axes, received a file that ends before; fetch it again")
    shape = tuple([int.from_bytes(lengths[4 * i : 4 * i + 4], "big") for i in range(axes)])
    size = math.prod(shape) * dtype.itemsize
    content = bytearray()
    while len(content) <= size and (chunk := file.read(min(_CHUNK, size + 1 - len(content)))):
        content += chunk
    if len(content) != size:
        more = "more" if len(content) > size else f"only {len(content)}; fetch it again"
        raise ValueError(f"{receiver}: expected {size} bytes of numbers, for {dtype} of shape {shape}; received {more}")
    flat = np.frombuffer(content, dtype.newbyteorder(">")).astype(dtype, copy=False)
    try:
        return flat.reshape(shape)
    except ValueError:  # of an axis of no length beside immense ones
        raise ValueError(f"{receiver}: expected a shape that an array can have, received {shape}") from None


def save_idx(path: str | os.PathLike[str], array: Any) -> None:
    """Write an array as an IDX file; compressed with gzip, if the name ends in ``.gz``.

    Args:
        path: the file; one that is there is replaced.
        array: numbers in one of the format's dtypes: uint8, int8, int16, int32, float32, float64.

    Raises:
        TypeError: for another dtype, since casting could lose numbers.
        OSError: for a file that cannot be written.
    """
    values = data_array(array, "save_idx", "array")
    code = _CODES.get(values.dtype.newbyteorder("="))
    if code is None:
        names = ", ".join(map(str, _CODES))
        raise TypeError(f"save_idx: expected one of {names}, received {values.dtype}; cast it: array.astype(np.uint8)")
    if max(values.shape) >= 2**32:
        raise ValueError(f"save_idx: expected axes shorter than 2**32, received shape {values.shape}")
    header = bytes([0, 0, code, values.ndim]) + b"".join([length.to_bytes(4, "big") for length in values.shape])
    content = header + values.astype(values.dtype.newbyteorder(">"), copy=False).tobytes()
    # Without a date, equal arrays make equal files.
    Path(path).write_bytes(gzip.compress(content, mtime=0) if os.fspath(path).endswith(".gz") else content)
