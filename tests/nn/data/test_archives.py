"""Archives: arrays by name and in order; pickled objects, foreign and damaged files are refused."""

import io
import pickle
import zipfile

import numpy as np
import pytest

import nn

X, Y = np.arange(6.0).reshape(2, 3), np.array([1, 0])


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "points.npz"
    np.savez_compressed(path, x=X, y=Y, names=np.array(["a", "bc"]))
    return path


def test_arrays_by_name_and_in_order(path):
    arrays = nn.data.load_npz(path)
    assert list(arrays) == ["x", "y", "names"]
    np.testing.assert_array_equal(arrays["x"], X)
    assert arrays["names"].tolist() == ["a", "bc"]
    y, x = nn.data.load_npz(str(path), "y", "x")
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y, Y)
    np.testing.assert_array_equal(nn.data.load_npz(path, "x"), X)


def test_a_missing_name_lists_those_that_are_there(path):
    with pytest.raises(ValueError, match=r"^load_npz: .*points.npz: expected .*, x, y, names; received 'x_train'"):
        nn.data.load_npz(path, "x", "x_train")


class Unpickled:
    """Whoever unpickles it calls ``pytest.fail``."""

    def __reduce__(self):
        return pytest.fail, ("a pickle was read",)


def test_pickles_are_not_read(path):
    np.savez(path, x=X, objects=np.array([Unpickled()], object))
    with pytest.raises(ValueError, match="numbers in 'objects', received pickled objects"):
        nn.data.load_npz(path)
    np.testing.assert_array_equal(nn.data.load_npz(path, "x"), X)
    path.write_bytes(pickle.dumps(Unpickled()))
    with pytest.raises(ValueError, match="an .npz file, received the first bytes"):
        nn.data.load_npz(path)


def npy(shape, content):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": shape})
    return header.getvalue() + content


@pytest.mark.parametrize(
    ("member", "message"),
    [
        (npy((3,), bytes(23)), "damaged|cannot read"),
        (npy((2**50,), bytes(24)), "damaged|cannot read"),
        (npy((2**62,), bytes(24)), "cannot read"),
        (npy((3,), bytes(24))[:9], "damaged|cannot read"),
        (npy((3,), bytes(24)).replace(b"}", b"("), "cannot read"),
        (b"no array", "another kind of zip file"),
    ],
)
def test_members_that_are_no_arrays(path, member, message):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("x.npy", member)
    with pytest.raises(ValueError, match=f"^load_npz: .*points.npz: expected.*({message})"):
        nn.data.load_npz(path)


def test_damaged_and_foreign_files(path):
    content = path.read_bytes()
    for wrong, message in (
        (content[:100], "a damaged one"),
        (content[:-30], "a damaged one"),
        (b"", "an empty file"),
        (b"x,y\n1,2\n", "the first bytes b'x,y"),
    ):
        path.write_bytes(wrong)
        with pytest.raises(ValueError, match=f"expected an .npz file, received {message}"):
            nn.data.load_npz(path)
    path.write_bytes(content.replace(content[60:70], bytes(10)))
    with pytest.raises(ValueError, match="damaged"):
        nn.data.load_npz(path)
    np.save(path.with_suffix(".npy"), X)
    with pytest.raises(ValueError, match="a single array, .npy"):
        nn.data.load_npz(path.with_suffix(".npy"))
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("archive/data.pkl", b"...")
    with pytest.raises(ValueError, match="another kind of zip file, with 'archive/data.pkl'"):
        nn.data.load_npz(path)
    with pytest.raises(FileNotFoundError):
        nn.data.load_npz(path.with_name("none.npz"))
