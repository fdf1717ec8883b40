"""Splits: the sizes and shares of scikit-learn's and PyTorch's, each row once, and kinds kept."""

import json
from pathlib import Path

import numpy as np
import pandas
import pytest
from sklearn.model_selection import train_test_split as sklearns_split

import autograd as ag
import nn

SPLITS = json.loads((Path(__file__).parents[2] / "data" / "torch_splits.json").read_text())["cases"]


def split_or_none(split, *arrays, **settings):
    try:
        return split(*arrays, **settings)
    except ValueError:
        return None


@pytest.mark.parametrize("count", [1, 2, 3, 7, 10, 100, 1797])
def test_sizes_are_scikit_learns(count):
    shares = [None, 0.07, 0.2, 0.25, 1 / 3, 0.5, 0.9, 0.999, 1, 2, 5, 50]
    for test_size in shares:
        for train_size in shares:
            settings = {"test_size": test_size, "train_size": train_size}
            theirs = split_or_none(sklearns_split, np.arange(count), **settings)
            ours = split_or_none(nn.data.train_test_split, np.arange(count), **settings)
            assert (ours is None) == (theirs is None), settings
            if theirs is not None:
                assert [len(part) for part in ours] == [len(part) for part in theirs], settings


def test_each_row_goes_to_one_part_and_rows_stay_together():
    x = np.arange(40).reshape(20, 2)
    y = x[:, 0] // 2
    x_train, x_test, y_train, y_test = nn.data.train_test_split(x, y, test_size=0.3, rng=0)
    assert sorted([*y_train, *y_test]) == list(range(20))
    np.testing.assert_array_equal(x_train[:, 0] // 2, y_train)
    np.testing.assert_array_equal(x_test[:, 0] // 2, y_test)
    assert list(y_train) != sorted(y_train)
    x_train[:] = -1
    assert x.min() == 0


def test_without_shuffle_the_last_rows_are_tested():
    train, test = nn.data.train_test_split(np.arange(10), test_size=3, shuffle=False)
    assert (train.tolist(), test.tolist()) == ([0, 1, 2, 3, 4, 5, 6], [7, 8, 9])
    train, test = nn.data.train_test_split(np.arange(10), train_size=4, test_size=3, shuffle=False)
    assert (train.tolist(), test.tolist()) == ([0, 1, 2, 3], [4, 5, 6])


def test_parts_have_the_kind_of_the_whole():
    tensor = ag.tensor(np.arange(8.0), requires_grad=True)
    strided = np.arange(32).reshape(8, 4)[:, ::2]
    parts = nn.data.train_test_split(tensor, list("abcdefgh"), strided, rng=3)
    assert [type(each) for each in parts] == [ag.Tensor, ag.Tensor, list, list, np.ndarray, np.ndarray]
    parts[1].sum().backward()
    np.testing.assert_array_equal(np.flatnonzero(tensor.grad), np.sort(parts[1].detach().numpy()))
    assert [ord(each) - ord("a") for each in parts[3]] == parts[1].tolist() == (parts[5][:, 0] // 4).tolist()


def test_frames_stay_frames():
    frame = pandas.DataFrame({"a": range(8), "b": list("xyxyxyxy")}, index=list("ABCDEFGH"))
    train, test, y_train, y_test = nn.data.train_test_split(frame, frame["b"], stratify=frame["b"], rng=0)
    pandas.testing.assert_frame_equal(pandas.concat([train, test]).sort_index(), frame)
    pandas.testing.assert_series_equal(train["b"], y_train)
    assert sorted(y_test) == ["x", "y"]
    assert list(test.index) == list(y_test.index)


def test_the_generator_decides():
    x = np.arange(50)
    first, again, other = (nn.data.train_test_split(x, rng=seed)[1].tolist() for seed in (1, np.random.default_rng(1), 2))
    assert first == again != other
    ag.seed(5)
    drawn = nn.data.train_test_split(x)[1].tolist()
    assert nn.data.train_test_split(x)[1].tolist() != drawn
    ag.seed(5)
    assert nn.data.train_test_split(x)[1].tolist() == drawn


@pytest.mark.parametrize("seed", range(30))
def test_classes_have_the_same_shares(seed):
    rng = np.random.default_rng(seed)
    counts = rng.integers(2, 40, size=rng.integers(1, 6))
    labels = rng.permutation(np.repeat(np.arange(len(counts)) * 3 - 1, counts))
    total, least = len(labels), len(counts)
    train_count = int(rng.integers(least, total - least + 1))
    test_count = int(rng.integers(least, total - train_count + 1))
    settings = {"train_size": train_count, "test_size": test_count, "stratify": labels}
    found = []
    for parts in (nn.data.train_test_split(labels, rng=seed, **settings), sklearns_split(labels, random_state=0, **settings)):
        assert [len(part) for part in parts] == [train_count, test_count]
        found.append([np.array([(part == each).sum() for each in np.unique(labels)]) for part in parts])
    (train, test), (their_train, their_test) = found
    shares = counts * train_count / total
    assert (np.abs(train - shares) < 1).all()
    rest = counts - train
    assert (np.abs(test - rest * test_count / rest.sum()) < 1).all()
    if len(np.unique(np.round(shares % 1, 9))) == len(shares):  # otherwise which of them gets one more is drawn
        np.testing.assert_array_equal(train, their_train)
        remainders = rest * test_count / rest.sum() % 1
        if len(np.unique(np.round(remainders, 9))) == len(remainders):
            np.testing.assert_array_equal(test, their_test)


def test_who_gets_a_row_too_many_is_drawn():
    labels = np.repeat(np.arange(4), 3)
    parts = [nn.data.train_test_split(labels, test_size=6, stratify=labels, rng=seed)[1] for seed in range(40)]
    assert {tuple(np.bincount(each, minlength=4)) for each in parts} > {(2, 2, 1, 1), (1, 1, 2, 2)}


def test_labels_of_several_columns_are_classes_together():
    labels = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 4)
    _, test = nn.data.train_test_split(labels, test_size=4, stratify=labels, rng=0)
    assert sorted(map(tuple, test.tolist())) == [(0, 0), (0, 1), (1, 0), (1, 1)]


TEN = np.arange(10)


@pytest.mark.parametrize(
    ("arrays", "settings", "error", "message"),
    [
        ((), {}, ValueError, "at least one array"),
        ((TEN, TEN[:3]), {}, ValueError, "10 rows in array 0 and 3 in array 1"),
        ((3,), {}, TypeError, "rows in array 0, received 3"),
        ((TEN, None), {}, TypeError, "rows in array 1, received None"),
        ((ag.tensor(1.0),), {}, TypeError, "rows in array 0"),
        (("text",), {}, TypeError, "received str"),
        (({"x": TEN},), {}, TypeError, "received dict"),
        ((nn.data.TensorDataset(TEN),), {}, TypeError, "random_split"),
        (([1],), {}, ValueError, "none to train on"),
        (([],), {}, ValueError, "received 0 in all"),
        ((TEN,), {"test_size": 0.0}, ValueError, "between 0 and 1"),
        ((TEN,), {"test_size": 5.0}, ValueError, "write 5 for a count"),
        ((TEN,), {"test_size": 11}, ValueError, "from 1 to 10"),
        ((TEN,), {"test_size": 10}, ValueError, "none to train on"),
        ((TEN,), {"train_size": 10}, ValueError, "none to test on"),
        ((TEN,), {"test_size": True}, TypeError, "a number"),
        ((TEN,), {"test_size": 0.5, "train_size": 0.6}, ValueError, "6 and 5 rows"),
        ((TEN,), {"rng": -1}, TypeError, "rng"),
        ((TEN,), {"rng": True}, TypeError, "rng"),
        ((TEN,), {"stratify": TEN, "shuffle": False}, ValueError, "shuffle=True"),
        ((TEN,), {"stratify": [0] * 9 + [1]}, ValueError, r"one of \['1'\]"),
        ((TEN,), {"stratify": [0] * 5}, ValueError, "labels of 10 rows; received 5"),
        ((TEN,), {"stratify": ["a", None] * 5}, ValueError, "None in row 1"),
        ((TEN,), {"stratify": [0, 1, 2, 3, 4] * 2, "test_size": 4}, ValueError, "make test_size larger"),
        ((TEN,), {"stratify": [0, 1, 2, 3, 4] * 2, "train_size": 4}, ValueError, "make train_size larger"),
    ],
)
def test_wrong_splits_are_errors(arrays, settings, error, message):
    with pytest.raises(error, match=f"^train_test_split: .*{message}"):
        nn.data.train_test_split(*arrays, **settings)


# ---------------------------------------------------------------- data sets


@pytest.mark.filterwarnings("ignore:random_split")
@pytest.mark.parametrize("case", SPLITS, ids=lambda case: f"{case['count']} {case['shares']}")
def test_lengths_are_pytorchs(case):
    parts = nn.data.random_split(range(case["count"]), case["shares"], rng=0)
    assert [len(part) for part in parts] == case["lengths"]
    assert sorted([each for part in parts for each in part]) == list(range(case["count"]))


def test_counts_give_subsets_in_random_order():
    data = nn.data.TensorDataset(np.arange(20.0))
    parts = nn.data.random_split(data, [12, 0, 8], rng=0)
    assert [type(each) for each in parts] == [nn.data.Subset] * 3
    assert [len(each) for each in parts] == [12, 0, 8]
    numbers = [float(part[i][0]) for part in parts for i in range(len(part))]
    assert numbers != sorted(numbers) == list(range(20))
    again = nn.data.random_split(data, np.array([12, 0, 8]), rng=np.random.default_rng(0))
    assert [each.indices.tolist() for each in again] == [each.indices.tolist() for each in parts]


@pytest.mark.parametrize(
    ("dataset", "lengths", "error", "message"),
    [
        (TEN, [5, 4], ValueError, r"the 10 examples, received \[5, 4\]: 9"),
        (TEN, [0.5, 0.6], ValueError, "add up to 1"),
        (TEN, [6.0, 4.0], ValueError, "counts, which are whole numbers"),
        (TEN, [-1, 11], ValueError, r"lengths\[0\]"),
        (TEN, [], ValueError, "received none"),
        (TEN, 3, TypeError, r"such as \[0.8, 0.2\]"),
        (TEN, "ab", TypeError, r"such as \[0.8, 0.2\]"),
        (TEN, ["a"], TypeError, r"lengths\[0\]"),
        (3, [1.0], TypeError, "with a length"),
    ],
)
def test_wrong_lengths_are_errors(dataset, lengths, error, message):
    with pytest.raises(error, match=f"^random_split: .*{message}"):
        nn.data.random_split(dataset, lengths)


def test_a_share_without_examples_is_a_warning():
    with pytest.warns(UserWarning, match="part 1, a share of 0.01, has none of the 10 examples"):
        nn.data.random_split(TEN, [0.99, 0.01])
