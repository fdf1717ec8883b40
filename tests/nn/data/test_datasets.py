"""Data sets, and batches of examples."""

import numpy as np
import pandas
import pytest

import autograd as ag
import nn
from nn.data import Dataset, Subset, TensorDataset, default_collate

X = np.arange(12.0).reshape(6, 2)
Y = np.array([0, 1, 2, 0, 1, 2])


def test_examples_are_rows_of_all_arrays():
    data = TensorDataset(X, Y)
    assert len(data) == 6
    x, y = data[4]
    assert x.tolist() == [8.0, 9.0]
    assert y == 1
    assert [each.tolist() for each in data[np.array([5, 0])]] == [[[10.0, 11.0], [0.0, 1.0]], [2, 0]]
    assert [each.tolist() for each in data[-1]] == [[10.0, 11.0], 2]
    with pytest.raises(IndexError):
        data[6]


def test_arrays_are_shared_and_slices_are_views():
    data = TensorDataset(X, ag.tensor(Y))
    assert data.arrays[0] is X
    assert np.shares_memory(data[1:3][0], X)
    assert not np.shares_memory(data[np.array([1, 2])][0], X)


@pytest.mark.parametrize("array", [X.astype(">f4"), X[:, ::-1], np.asfortranarray(X), X.astype(np.int16), X > 3, X + 1j])
def test_all_layouts_and_dtypes(array):
    (found,) = TensorDataset(array)[np.array([3, 3, 0])]
    assert found.dtype == array.dtype
    assert np.array_equal(found, array[[3, 3, 0]])


def test_tuples_and_dicts_of_arrays():
    data = TensorDataset({"a": X, "b": (Y, X)}, Y)
    inputs, targets = data[2:4]
    assert inputs["a"].tolist() == X[2:4].tolist()
    assert inputs["b"][0].tolist() == targets.tolist() == [2, 0]
    assert repr(data) == "TensorDataset(6 examples: {'a': float64[6, 2], 'b': (int64[6], float64[6, 2])}, int64[6])"


@pytest.mark.parametrize(
    ("arrays", "kind", "message"),
    [
        ((), ValueError, "at least one array"),
        ((X, Y[:5]), ValueError, "received 6 examples in array 0 and 5 in array 1"),
        (({"a": X, "b": Y[:5]},), ValueError, r"received 6 examples in array 0\['a'\] and 5 in array 0\['b'\]"),
        ((X, 3.0), ValueError, "array 1 with an axis of examples"),
        ((["a", "b"],), TypeError, r"received (np.str_\()?'a'\)? in row 0; encode text as numbers"),
        (([1, None],), TypeError, "received None in row 1"),
        ((ag.tensor(X, requires_grad=True),), TypeError, r"received a recorded tensor; write array 0.detach\(\)"),
        (([[1.0], [1.0, 2.0]],), ValueError, "lists of several lengths"),
        (("text",), TypeError, "array 0, an array of numbers; received str"),
    ],
)
def test_what_is_no_data(arrays, kind, message):
    with pytest.raises(kind, match=message):
        TensorDataset(*arrays)


def test_pandas_frames():
    frame = pandas.DataFrame({"a": [1.0, 2.0], "b": [3, 4]})
    assert TensorDataset(frame, frame["b"]).arrays[0].tolist() == [[1.0, 3.0], [2.0, 4.0]]
    with pytest.raises(TypeError, match="received 'x' in row 1, column 'a'"):
        TensorDataset(pandas.DataFrame({"b": [1, 2], "a": [1, "x"]}))


def test_a_subset_is_the_examples_of_its_numbers():
    subset = Subset(Subset(TensorDataset(X, Y), [5, 3, 1]), [2, 0])
    assert len(subset) == 2
    assert [int(y) for _, y in (subset[0], subset[1])] == [1, 2]
    assert len(Subset([1, 2], [])) == 0
    with pytest.raises(IndexError, match="from 0 to 5, received 6"):
        Subset(TensorDataset(X), [0, 6])
    with pytest.raises(TypeError, match="whole numbers in a row, received float64"):
        Subset(TensorDataset(X), [0.5])


def test_a_data_set_of_ones_own_needs_both_methods():
    class Half(Dataset):
        def __len__(self):
            return 1

    with pytest.raises(TypeError, match="__getitem__"):
        Half()


def test_collating_stacks_leaves():
    samples = [{"x": X[i], "pair": (i, "name")} for i in range(3)]
    batch = default_collate(samples)
    assert batch["x"].tolist() == X[:3].tolist()
    assert batch["pair"][0].tolist() == [0, 1, 2]
    assert batch["pair"][1] == ["name"] * 3
    assert default_collate([[1, 2], [3, 4]])[1].tolist() == [2, 4]
    assert default_collate([ag.tensor([1.0]), ag.tensor([2.0])]).shape == (2, 1)


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        ([], "at least one example"),
        ([(np.zeros(2), 0), (np.zeros(3), 0)], r"one shape at example\[0\], received \(2,\) .* and \(3,\) in number 1; pad"),
        ([(1, 2), (1,)], "expected 2 parts in all"),
        ([{"a": 1}, {"b": 1}], r"dicts with the keys \['a'\]"),
    ],
)
def test_examples_that_do_not_fit_together(samples, message):
    with pytest.raises(ValueError, match=message):
        default_collate(samples)


def test_the_package_lists_its_names():
    assert all(getattr(nn.data, name).__doc__ for name in nn.data.__all__)
