"""What is saved comes back with the same types, dtypes and bits; what cannot be saved is named with its place."""

import collections
import enum
import math
import struct

import numpy as np
import pytest
from hypothesis import given, settings

import autograd as ag
import nn
from tests.nn.serialization.trees import TREES, assert_identical

formats = pytest.mark.parametrize("ending", ["safetensors", "npz"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("trees")


def round_trip(tree, folder, ending):
    nn.save(tree, folder / f"tree.{ending}")
    return nn.load(folder / f"tree.{ending}")


@formats
@given(tree=TREES)
@settings(max_examples=80, deadline=None)
def test_trees_come_back(tree, ending, folder):
    assert_identical(round_trip(tree, folder, ending), tree)


def numbered(*keys):
    """An array for each key."""
    return {key: np.full(2, i) for i, key in enumerate(keys)}


NAN_WITH_A_NOTE = struct.unpack("d", struct.pack("Q", 0x7FF800000000BEEF))[0]
CASES = {
    "nothing": None,
    "booleans are no ints": [True, 1, False, 0],
    "ints of any size": [2**63 - 1, -(2**63), 2**63, -(10**6000), 10**6000],
    "floats": [0.0, -0.0, math.inf, -math.inf, math.nan, NAN_WITH_A_NOTE, 5e-324, 1.7976931348623157e308, 0.1],
    "complex": [1 + 2j, complex(math.inf, -0.0)],
    "texts": ["", "ключ", "a\0b", "\ud800", '"\\', "__metadata__"],
    "NumPy's scalars": [np.float16(0.1), np.float64(0.1), np.longdouble(0.1), np.bool_(True), np.int8(-1), np.uint64(2**63)],
    "NumPy's texts and times": [np.str_("a\0"), np.bytes_(b"\0a\0"), np.datetime64("2020-01-02"), np.timedelta64("NaT", "s")],
    "keys": {1: "int", "1": "str", -5: 0, 2**70: 1, "": 2, "a.b": 3, "a": {"b": 4}, "\0": 5},
    "keys of arrays": numbered(1, "1", "", "a.b", "\0", -1) | {"a": {"b": np.ones(4)}},
    "names of the format": numbered("__metadata__", "__chainrule__", "chainrule", "array.0"),
    "names of files": numbered("../x", "/x", "a\\b", "x.npy", "x", "file", "a/"),
    "long names": numbered("k" * 70_000, "k" * 70_001),
    "a name that another has as its number": numbered("\0", "array.0", "array.1"),
    "tuples and lists": ((), [], ((),), [[]], (1,), [1]),
    "empty dicts": {"a": {}, "b": [{}]},
    "empty arrays": [np.zeros(0), np.zeros((0, 3), np.int8), np.zeros((3, 0), ">c16"), np.zeros((2, 0), "U3")],
    "without axes": [np.array(1.5), np.array(True), np.array(2j), np.array("text"), np.array("2020", "M8[Y]")],
    "big endian": [np.arange(3, dtype=">f4"), np.arange(3, dtype=">u2"), np.array(["é"], ">U2"), np.float32(2)],
    "complex arrays": [np.array([1j, 2]), np.array([1j, 2], np.complex64), np.array([[1j]], np.clongdouble)],
    "arrays in columns": [np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(12.0).reshape(3, 4)[::2, ::-1]],
    "one array": np.arange(6.0).reshape(2, 3),
    "one number": 3,
}  # fmt: skip


@formats
@pytest.mark.parametrize("name", CASES)
def test_examples_come_back(name, ending, tmp_path):
    assert_identical(round_trip(CASES[name], tmp_path, ending), CASES[name])


@formats
def test_loaded_arrays_are_writable_and_nobodys(ending, tmp_path):
    tree = {"a": np.arange(3.0), "b": np.arange(3.0), "c": np.array([1j]), "d": np.array(["x"]), "e": np.zeros(0)}
    loaded = round_trip(tree, tmp_path, ending)
    loaded["a"][0] = 7
    assert loaded["b"][0] == 0
    for each in loaded.values():
        assert each.flags.owndata
        assert each.flags.writeable
        assert each.flags.aligned


@formats
def test_tensors_come_back_as_tensors(ending, tmp_path):
    recorded = ag.tensor([1.0, 2.0], requires_grad=True) * 2
    tree = [ag.tensor(3.0), nn.Parameter(np.ones(2, np.float32)), nn.Buffer([1, 2]), recorded]
    loaded = round_trip(tree, tmp_path, ending)
    for each, other in zip(loaded, tree, strict=True):
        assert type(each) is ag.Tensor
        assert not each.requires_grad
        assert_identical(each.numpy(), other.detach().numpy())
    assert_identical(round_trip(ag.tensor([1.5]), tmp_path, ending).numpy(), np.array([1.5]))


class Color(enum.IntEnum):
    RED = 1


Point = collections.namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("tree", "place", "what"),
    [
        ({"a": [1, {2: {1, 2}}]}, "['a'][1][2]", "received set"),
        ({"model": nn.Linear}, "['model']", "received type"),
        ([print], "[0]", "holds no code"),
        (b"bytes", "the object itself", "received bytes"),
        ({"when": Color.RED}, "['when']", "received Color"),
        ((Point(1, 2),), "[0]", "write tuple(...)"),
        ([collections.OrderedDict(a=1)], "[0]", "write dict(...)"),
        ([np.ma.masked_array([1.0], [True])], "[0]", "received MaskedArray"),
        ([np.array([None])], "[0]", "an array of Python objects"),
        ({"a": np.zeros(2, "f4,i4")}, "['a']", "an array of"),
        ({"a": np.zeros(2, "f4,i4")[0]}, "['a']", "NumPy's void"),
        ({"a": np.array(["x"], np.dtypes.StringDType())}, "['a']", "an array of"),
        ({"a": {(1, 2): 0}}, "['a']", "received (1, 2)"),
        ({True: 0}, "the object itself", "received True"),
        ({"a": {np.int64(1): 0}}, "['a']", "received np.int64(1)"),
    ],
)
def test_what_cannot_be_saved_is_named_with_its_place(tree, place, what, tmp_path):
    with pytest.raises(TypeError) as caught:
        nn.save(tree, tmp_path / "tree.npz")
    assert place in str(caught.value)
    assert what in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_tree_that_contains_itself(tmp_path):
    tree = {"a": []}
    tree["a"].append(tree)
    with pytest.raises(ValueError, match=r"\['a'\]\[0\]\['a'\]... is nested deeper than 100, or contains itself"):
        nn.save(tree, tmp_path / "tree.npz")
    deep = 1
    for _ in range(100):
        deep = [deep]
    assert_identical(round_trip(deep, tmp_path, "npz"), deep)


@formats
def test_the_same_state_gives_the_same_file(ending, tmp_path):
    notes = dict.fromkeys("abcdefgh", 1)
    array = np.arange(6.0).reshape(2, 3)
    for i, each in enumerate((array, np.asfortranarray(array), array[::-1][::-1])):
        nn.save({"x": each, "y": np.ones(2, np.float32), "z": [1, 2]}, tmp_path / f"{i}.{ending}", metadata=notes)
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == 1
