"""The files themselves: what other libraries write and read, and what happens to bytes that make no sense."""

import json
import pickle
import random
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import nn
from tests.data.state_models import MODELS
from tests.nn.serialization.trees import assert_identical

STATES = Path(__file__).parents[2] / "data" / "torch_states"
formats = pytest.mark.parametrize("ending", ["safetensors", "npz"])
TREE = {"m": nn.Linear(1, 1), "c": np.ones(2, complex), "rest": (1, {1: None})}


def sized(header, data=b""):
    """A safetensors file of a header and bytes."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def entry(descr, shape, data, order="False"):
    """An .npy file of a header and bytes."""
    text = f"{{'descr': {descr!r}, 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data


def archive(path, **entries):
    with zipfile.ZipFile(path, "w") as file:
        for name, data in entries.items():
            file.writestr(f"{name}.npy", data)


# ---------------------------------------------------------------- other libraries


@pytest.mark.parametrize("name", MODELS)
def test_what_pytorch_saved_loads(name):
    path = STATES / f"{name}.safetensors"
    loaded, expected = nn.load(path), load_file(path)
    assert loaded.keys() == expected.keys()
    for key, value in expected.items():
        assert_identical(loaded[key], value)
    model = nn.load(path, into=MODELS[name](nn))
    for key, value in model.state_dict().items():
        np.testing.assert_array_equal(value, expected[key])
    assert nn.read_metadata(path) == {}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_alone_has_the_keys_of_its_state(name, tmp_path):
    model = MODELS[name](nn)
    nn.save(model, tmp_path / "model.safetensors", metadata={"format": "pt"})
    found = load_file(tmp_path / "model.safetensors")
    assert found.keys() == model.state_dict().keys()
    for key, value in model.state_dict().items():
        assert_identical(found[key], value)
    nn.save(model, tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as archived:
        assert set(archived.files) - {"__chainrule__"} == model.state_dict().keys()
        for key, value in model.state_dict().items():
            assert_identical(archived[key], value)


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_what_numpy_saved_loads(write, tmp_path):
    model = nn.Linear(300, 20)
    extra = {
        "columns": np.asfortranarray(np.zeros((200, 300))),
        "texts": np.array(["a", "bc"]),
        "big": np.arange(3, dtype=">i4"),
    }
    write(tmp_path / "state.npz", **model.state_dict(), **extra)
    assert_identical(nn.load(tmp_path / "state.npz"), {**model.state_dict(), **extra})
    write(tmp_path / "model.npz", **model.state_dict())
    assert_identical(nn.load(tmp_path / "model.npz", into=nn.Linear(300, 20)).state_dict(), model.state_dict())
    assert nn.read_metadata(tmp_path / "model.npz") == {}


def test_texts_of_others_are_the_metadata(tmp_path):
    save_file({"x": np.ones(1)}, tmp_path / "x.safetensors", {"format": "pt", "step": "3"})
    assert nn.read_metadata(tmp_path / "x.safetensors") == {"format": "pt", "step": "3"}
    assert_identical(nn.load(tmp_path / "x.safetensors"), {"x": np.ones(1)})


def test_bfloat16_becomes_float32(tmp_path):
    bits = np.array([0x3F80, 0xC040, 0x7F80, 0x0001], "<u2")  # 1, -3, infinity, the least number above 0
    header = {"x": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [0, 8]}}
    (tmp_path / "x.safetensors").write_bytes(sized(header, bits.tobytes()))
    assert_identical(nn.load(tmp_path / "x.safetensors"), {"x": np.array([[1, -3], [np.inf, 2.0**-133]], np.float32)})


def test_dtypes_that_numpy_lacks_are_named(tmp_path):
    header = {"layer.weight": {"dtype": "F8_E4M3", "shape": [2], "data_offsets": [0, 2]}}
    (tmp_path / "x.safetensors").write_bytes(sized(header, b"ab"))
    with pytest.raises(
        ValueError, match=r"x\.safetensors cannot be read: layer\.weight: expected a dtype that NumPy has, received F8_E4M3"
    ):
        nn.load(tmp_path / "x.safetensors")


# ---------------------------------------------------------------- damaged files


@formats
def test_every_beginning_of_a_file_is_refused(ending, tmp_path):
    nn.save(TREE, tmp_path / f"whole.{ending}", metadata={"epoch": 1})
    data = (tmp_path / f"whole.{ending}").read_bytes()
    path = tmp_path / f"part.{ending}"
    for length in range(len(data)):
        path.write_bytes(data[:length])
        for read in (nn.load, nn.read_metadata):
            with pytest.raises(ValueError, match=rf"{read.__name__}: the file {path} is (empty|cut short, damaged or no)"):
                read(path)


@formats
def test_changed_bytes_never_do_more_than_a_value_error(ending, tmp_path):
    nn.save(TREE, tmp_path / f"whole.{ending}", metadata={"epoch": 1})
    data = (tmp_path / f"whole.{ending}").read_bytes()
    path = tmp_path / f"changed.{ending}"
    rng = random.Random(0)
    refused = 0
    for _ in range(600):
        changed = bytearray(data)
        for _ in range(rng.choice([1, 1, 2, 5])):
            place = rng.randrange(len(changed))
            changed[place : place + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
        path.write_bytes(changed)
        for read in (nn.load, nn.read_metadata):
            try:
                read(path)
            except ValueError:
                refused += 1
    assert refused > 300


class Trap:
    """Pickled, it writes a file when it is read."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_pickles_in_an_npz_are_refused_and_not_run(tmp_path):
    trap = Trap(tmp_path / "sprung")
    np.savez(tmp_path / "x.npz", weight=np.array([trap], object))
    with pytest.raises(ValueError, match=r"x\.npz.*weight: pickled Python objects, which are never read"):
        nn.load(tmp_path / "x.npz")
    archive(tmp_path / "y.npz", weight=pickle.dumps(trap))
    with pytest.raises(ValueError, match=r"y\.npz.*weight: no header of an array"):
        nn.load(tmp_path / "y.npz")
    assert not trap.path.exists()


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "a PNG picture"),
        (pickle.dumps({"weight": [1.0]}), "a pickle"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "git lfs pull"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"<html>\n", "a web page"),
        (b"\x93NUMPY\x01\x00", "an .npy file"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"\x1f\x8b\x08\x00", "gzip"),
    ],
)
@formats
def test_foreign_files_are_named(start, what, ending, tmp_path):
    path = tmp_path / f"model.{ending}"
    path.write_bytes(start)
    with pytest.raises(
        ValueError, match=f"{re.escape(str(path))} is cut short, damaged or no .{ending} file.*{re.escape(what)}"
    ):
        nn.load(path)


def test_a_length_that_begins_like_another_file(tmp_path):
    """A safetensors file begins with the length of its header: 0x0280 is how a pickle begins, too."""
    text = json.dumps({"x": {"dtype": "U8", "shape": [9], "data_offsets": [0, 9]}}).encode().ljust(0x280)
    (tmp_path / "x.safetensors").write_bytes(sized(text, b"abc"))
    with pytest.raises(ValueError, match=r"no \.safetensors file \(expected 9 bytes of arrays, received 3\)"):
        nn.load(tmp_path / "x.safetensors")


def test_a_file_of_the_other_format_and_one_of_torch_save(tmp_path):
    nn.save(TREE, tmp_path / "a.npz")
    (tmp_path / "a.npz").rename(tmp_path / "a.safetensors")
    with pytest.raises(ValueError, match=r"no \.safetensors file; it looks like a zip file, as \.npz is"):
        nn.load(tmp_path / "a.safetensors")
    nn.save(TREE, tmp_path / "b.safetensors")
    (tmp_path / "b.safetensors").rename(tmp_path / "b.npz")
    with pytest.raises(ValueError, match=r"no \.npz file; it looks like a \.safetensors file"):
        nn.load(tmp_path / "b.npz")
    with zipfile.ZipFile(tmp_path / "c.npz", "w") as file:  # as torch.save writes it
        file.writestr("archive/data.pkl", pickle.dumps({}))
    with pytest.raises(
        ValueError, match=r"c\.npz cannot be read: .*received 'archive/data\.pkl'; is this a \.pt file of PyTorch"
    ):
        nn.load(tmp_path / "c.npz")


# ---------------------------------------------------------------- files that promise too much

F32 = {"dtype": "F32", "shape": [10**15], "data_offsets": [0, 4 * 10**15]}
LYING_SAFETENSORS = {
    "more elements than bytes": sized({"x": F32}, b"abcd"),
    "a shape that is not its bytes": sized({"x": {**F32, "data_offsets": [0, 4]}}, b"abcd"),
    "a shape beyond all bounds": sized({"x": {"dtype": "F32", "shape": [2**62, 2**62, 4], "data_offsets": [0, 0]}}),
    "a header as long as the world": (2**63).to_bytes(8, "little") + b"{}",
    "arrays that overlap": sized({n: {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]} for n in "xy"}, b"abcd"),
    "no header": sized([]),
    "a header that is no JSON": sized(b"{" * 50),
    "a header that is nested without end": sized(b"[" * 100_000),
    "places that are no numbers": sized({"x": {**F32, "data_offsets": ["0", None]}}),
    "texts that are none": sized({"__metadata__": {"chainrule": 3}}),
}
LYING_NPZ = {
    "more elements than bytes": {"x": entry("<f4", "(1000000000000000,)", b"abcd")},
    "fewer elements than bytes": {"x": entry("<f4", "(1,)", b"abcdefgh")},
    "negative lengths": {"x": entry("|u1", "(-2, -2)", b"abcd")},
    "elements without bytes": {"x": entry("|S0", "(1000000000000000,)", b"")},
    "objects": {"x": entry("|O", "(1,)", b"\x80\x04N.")},
    "records of objects": {"x": entry([("a", "|O")], "(1,)", b"\x80\x04N.")},
    "a call in the header": {"x": entry("<f4", "(__import__('os').getpid(),)", b"abcd")},
    "nested without end": {"x": entry("<f4", "(" * 9000, b"")},
    "no dtype": {"x": entry("<q9", "(1,)", b"abcd")},
    "a later version": {"x": b"\x93NUMPY\x09\x00" + bytes(60)},
    "a description that is none": {"__chainrule__": entry("<f4", "(1,)", b"abcd")},
}


@pytest.mark.parametrize("name", LYING_SAFETENSORS)
def test_lying_safetensors(name, tmp_path):
    (tmp_path / "x.safetensors").write_bytes(LYING_SAFETENSORS[name])
    with pytest.raises(ValueError, match="is cut short, damaged or no"):
        nn.load(tmp_path / "x.safetensors")


@pytest.mark.parametrize("name", LYING_NPZ)
def test_lying_npz(name, tmp_path):
    archive(tmp_path / "x.npz", **LYING_NPZ[name])
    with pytest.raises(ValueError, match=r"load: the file .*x\.npz (is cut short, damaged or no|cannot be read: x: )"):
        nn.load(tmp_path / "x.npz")


def test_an_entry_that_claims_to_unpack_to_more_than_it_can(tmp_path):
    archive(tmp_path / "x.npz", x=entry("|u1", "(4294967000,)", b"abcd"))
    data = bytearray((tmp_path / "x.npz").read_bytes())
    length = len(entry("|u1", "(4294967000,)", b"abcd"))
    claimed = 4294967000 + length - 4
    for start in (22, data.rindex(b"PK\x01\x02") + 24):  # the unpacked length, in both of its places
        data[start : start + 4] = claimed.to_bytes(4, "little")
    (tmp_path / "x.npz").write_bytes(data)
    with pytest.raises(ValueError, match=f"bytes cannot hold the {claimed} that they should"):
        nn.load(tmp_path / "x.npz")


# ---------------------------------------------------------------- descriptions


def described(tmp_path, **changes):
    """A file whose description has other entries."""
    nn.save({"x": np.ones(2), "c": np.array([1j])}, tmp_path / "x.safetensors")
    raw = (tmp_path / "x.safetensors").read_bytes()
    end = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:end])
    description = json.loads(header["__metadata__"]["chainrule"]) | changes
    header["__metadata__"]["chainrule"] = json.dumps(description)
    (tmp_path / "x.safetensors").write_bytes(sized(header, raw[end:]))
    return tmp_path / "x.safetensors"


def test_a_later_version_is_said_to_be_one(tmp_path):
    path = described(tmp_path, format=2, chainrule="9.1")
    for read in (nn.load, nn.read_metadata):
        with pytest.raises(
            ValueError, match=r"x\.safetensors cannot be read: expected format 1, received 2, written by chainrule 9\.1"
        ):
            read(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"tree": {"array": "missing"}},
        {"tree": {"dict": [["x", {"array": "x"}], ["y", {"array": "x"}], ["c", {"array": "c"}]]}},
        {"tree": {"array": "x"}},  # and no place for c
        {"tree": {"unheard": 1}},
        {"tree": {}},
        {"tree": {"dict": [[{"array": "x"}, {"array": "c"}]]}},
        {"tree": {"tuple": 3}},
        {"tree": {"int": "ten"}},
        {"tree": {"float": "00"}},
        {"tree": {"scalar": "O", "value": "0000000000000000"}},
        {"tree": {"scalar": "<f8", "value": "00"}},
        {"dtypes": {"c": "O"}},
        {"dtypes": {"c": "<f8,<f8"}},
        {"dtypes": {"c": "|V16"}},
        {"dtypes": {"c": "|S0"}},
        {"dtypes": {"c": "<c8"}},
        {"dtypes": {"missing": "<c16"}},
        {"dtypes": None},
        {"format": "one"},
    ],
    ids=str,
)
def test_a_description_that_makes_no_sense(changes, tmp_path):
    with pytest.raises(ValueError, match="is cut short, damaged or no"):
        nn.load(described(tmp_path, **changes))


def test_headers_that_nobody_could_read_are_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr("nn.serialization.formats.LARGEST_HEADER", 2000)
    with pytest.raises(ValueError, match="put long lists of numbers into arrays, or save as .npz"):
        nn.save([0.1] * 2000, tmp_path / "x.safetensors")
    assert not list(tmp_path.iterdir())
    nn.save([0.1] * 2000, tmp_path / "x.npz")
    assert nn.load(tmp_path / "x.npz") == [0.1] * 2000
