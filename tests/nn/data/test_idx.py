"""IDX: bytes written by hand after the format's description, what is saved comes back, and headers are not believed."""

import gzip
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import nn

CODES = {"uint8": (0x08, "B"), "int8": (0x09, "b"), "int16": (0x0B, "h"), "int32": (0x0C, "i"), "float32": (0x0D, "f")}
CODES["float64"] = (0x0E, "d")


def idx(code, shape, content):
    return bytes([0, 0, code, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + content


@pytest.fixture
def load(tmp_path):
    def loaded(content):
        path = tmp_path / "train-images-idx3-ubyte"
        path.write_bytes(content)
        return nn.data.load_idx(path)

    return loaded


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("dtype", CODES)
def test_bytes_of_the_format(load, dtype, packed):
    code, letter = CODES[dtype]
    numbers = [0, 1, 100, 2, 3, 5] if dtype == "uint8" else [0, -1, 100, 2, -3, 5]
    content = idx(code, (3, 1, 2), struct.pack(f">6{letter}", *numbers))
    array = load(gzip.compress(content) if packed else content)
    assert (array.dtype, array.shape, array.dtype.isnative) == (np.dtype(dtype), (3, 1, 2), True)
    assert array.reshape(-1).tolist() == numbers
    array[0] = 1  # which is the caller's own


def test_shapes_without_numbers(load):
    assert load(idx(0x08, (0, 28, 28), b"")).shape == (0, 28, 28)
    assert load(idx(0x08, (), b"a")).tolist() == 97


@given(
    array=hnp.arrays(
        st.sampled_from([np.dtype(each) for each in ("u1", "i1", "<i2", ">i4", "<f4", ">f8")]),
        hnp.array_shapes(min_dims=1, min_side=0, max_side=4),
    ),
    name=st.sampled_from(["array.idx", "array.gz"]),
)
def test_what_is_saved_comes_back(tmp_path_factory, array, name):
    path = tmp_path_factory.getbasetemp() / name
    nn.data.save_idx(path, array[::-1])
    loaded = nn.data.load_idx(path)
    assert loaded.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(loaded, array[::-1])
    assert (path.read_bytes()[:2] == b"\x1f\x8b") == (name == "array.gz")


def test_equal_arrays_make_equal_files(tmp_path):
    for name in ("a.gz", "b.gz"):
        nn.data.save_idx(tmp_path / name, np.arange(100, dtype=np.uint8))
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


PACKED = gzip.compress(idx(0x08, (3,), b"abc"), mtime=0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "an empty file"),
        (b"\0\0\x08", "the first bytes"),
        (b"<html>", "web page"),
        (idx(0x07, (1,), b"a"), "code of a dtype"),
        (b"\0\1\x08\1\0\0\0\1a", "two zero bytes"),
        (idx(0x08, (3,), b"ab"), "3 bytes of numbers, .*received only 2"),
        (idx(0x08, (3,), b"abcd"), "received more"),
        (idx(0x0D, (3,), b"abc"), "12 bytes of numbers"),
        (idx(0x08, (3, 3), b"")[:-5], "lengths of 2 axes"),
        (idx(0x0E, (2**32 - 1,) * 3, b"abc"), "received only 3"),
        (idx(0x08, (0, *(2**32 - 1,) * 3), b""), "a shape that an array can have"),
        (idx(0x08, (1,) * 255, b"a"), "at most 64 axes"),
        (PACKED[:-9], "a damaged one"),
        (PACKED[:11], "a damaged one"),
        (PACKED[:-8] + bytes(8), "a damaged one"),
        (PACKED[:12] + b"\xff" + PACKED[13:], "a damaged one"),
        (gzip.compress(b"hello", mtime=0), "the first bytes b'hell'"),
        (gzip.compress(idx(0x08, (2,), bytes(10**7)), mtime=0), "received more"),
    ],
)
def test_damaged_and_foreign_files(load, content, message):
    with pytest.raises(ValueError, match=f"^load_idx: .*idx3-ubyte: expected.*{message}"):
        load(content)


def test_what_the_format_cannot_hold(tmp_path):
    path = tmp_path / "x"
    with pytest.raises(TypeError, match="^save_idx: expected one of uint8, .*, received int64; cast it"):
        nn.data.save_idx(path, [1, 2])
    with pytest.raises(ValueError, match="a single number"):
        nn.data.save_idx(path, np.float32(1))
    assert not path.exists()
    with pytest.raises(FileNotFoundError):
        nn.data.load_idx(path)
