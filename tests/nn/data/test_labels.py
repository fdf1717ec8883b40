"""Labels: scikit-learn's class numbers for labels of any kind, and vectors of zeros and ones."""

import numpy as np
import pandas
import pytest
from sklearn import preprocessing

import autograd as ag
import nn

LABELS = [
    ["dog", "cat", "dog", "bird"],
    [3, -1, 3, 7],
    [0.5, 0.25, 0.5, 2.0],
    [True, False, True, True],
    np.array(["b", "a", "b", "c"], object),
    np.array([2, 1, 2, 3], np.uint8)[::-1],
    np.array(["2020-01-02", "2020-01-01", "2020-01-02", "2021-01-01"], "datetime64[D]"),
]


@pytest.mark.parametrize("labels", LABELS, ids=lambda each: str(np.asarray(each).dtype))
def test_numbers_are_scikit_learns(labels):
    ours, theirs = nn.data.LabelEncoder(), preprocessing.LabelEncoder()
    codes = ours.fit_transform(labels)
    np.testing.assert_array_equal(codes, theirs.fit_transform(labels))
    assert codes.dtype == np.int64
    np.testing.assert_array_equal(ours.classes_, theirs.classes_)
    again = nn.data.LabelEncoder().fit(labels)
    np.testing.assert_array_equal(again.transform(labels[:3]), codes[:3])
    np.testing.assert_array_equal(again.inverse_transform(codes), labels)
    assert again.inverse_transform(codes).dtype.kind != "O"
    loaded = nn.data.LabelEncoder()
    nothing = loaded.state_dict()
    loaded.load_state_dict(ours.state_dict())
    np.testing.assert_array_equal(loaded.transform(labels), codes)
    loaded.load_state_dict(nothing)
    with pytest.raises(RuntimeError, match="call fit"):
        loaded.transform(labels)


def test_labels_have_any_shape_and_are_any_container():
    encoder = nn.data.LabelEncoder()
    np.testing.assert_array_equal(encoder.fit_transform([[5, 2], [2, 9]]), [[1, 0], [0, 2]])
    np.testing.assert_array_equal(encoder.fit_transform(ag.tensor([5, 2, 5])), [1, 0, 1])
    assert encoder.inverse_transform(1) == 5
    assert encoder.transform([]).shape == (0,)
    np.testing.assert_array_equal(encoder.transform([5.0, 2.0]), [1, 0])


def test_series():
    encoder = nn.data.LabelEncoder()
    for series in (pandas.Series(["b", "a", "b"]), pandas.Series(["b", "a", "b"], dtype="category"), pandas.Series([2, 1, 2])):
        np.testing.assert_array_equal(encoder.fit_transform(series), [1, 0, 1])
    with pytest.raises(ValueError, match="in row 1"):
        encoder.fit(pandas.Series(["a", None]))


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        (["a", 1], TypeError, "'a' first and 1 in row 1"),
        ([1, "a"], TypeError, "1 first and 'a' in row 1"),
        (["a", None], ValueError, "None in row 1"),
        (["a", np.nan], ValueError, "nan in row 1"),
        ([1.0, np.nan], ValueError, "nan in row 1"),
        ([None, 1], ValueError, "None in row 0"),
        ([], ValueError, "received none"),
        (5, ValueError, "a single one"),
        ("abc", TypeError, "'abc'"),
        ([1j], TypeError, "complex"),
        ([[1, 2], [3]], ValueError, "one length"),
    ],
)
def test_what_names_no_classes(labels, error, message):
    encoder = nn.data.LabelEncoder().fit([1, 2])
    with pytest.raises(error, match=f"^LabelEncoder: expected.*{message}"):
        encoder.fit(labels)
    assert encoder.classes_.tolist() == [1, 2]


def test_what_an_encoder_has_not_seen():
    encoder = nn.data.LabelEncoder().fit(["a", "b"])
    with pytest.raises(ValueError, match=r"'a', 'b'; received 'c' in row 1"):
        encoder.transform(["a", "c"])
    with pytest.raises(TypeError, match="such as 'a', 'b', received 1"):
        encoder.transform([1])
    with pytest.raises(ValueError, match=r"from 0 to 1, received 2 at \(0, 1\)"):
        encoder.inverse_transform([[0, 2]])
    with pytest.raises(ValueError, match="whole numbers; received 0.5 in row 0"):
        encoder.inverse_transform([0.5])
    with pytest.raises(ValueError, match="in all"):
        nn.data.LabelEncoder().fit(range(100)).transform([100])
    for use in (nn.data.LabelEncoder().transform, nn.data.LabelEncoder().inverse_transform):
        with pytest.raises(RuntimeError, match="call fit"):
            use([0])


@pytest.mark.parametrize("state", [3, {}, {"classes": ["b", "a"]}, {"classes": 1}, {"classes": [1, 1]}])
def test_states_that_are_none(state):
    encoder = nn.data.LabelEncoder().fit(["x"])
    with pytest.raises(ValueError, match="^LabelEncoder.load_state_dict: expected"):
        encoder.load_state_dict(state)
    assert encoder.classes_.tolist() == ["x"]


def test_repr():
    assert repr(nn.data.LabelEncoder()) == "LabelEncoder()"
    assert repr(nn.data.LabelEncoder().fit(["b", "a"])) == "LabelEncoder(2 classes: 'a', 'b')"


# ---------------------------------------------------------------- one_hot


@pytest.mark.parametrize("labels", [[0, 2, 1], [[0], [2]], 2, [True, False], [0.0, 2.0], np.array([2, 0], np.uint8)])
def test_vectors_are_rows_of_the_unit_matrix(labels):
    vectors = nn.data.one_hot(labels, 4)
    np.testing.assert_array_equal(vectors, np.eye(4)[np.asarray(labels, int)])
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(nn.data.one_hot(labels), np.eye(int(np.max(labels)) + 1)[np.asarray(labels, int)])


def test_vectors_agree_with_the_functional_ones():
    labels = np.random.default_rng(0).integers(0, 5, size=(3, 4))
    np.testing.assert_array_equal(nn.data.one_hot(labels, dtype=np.int64), nn.functional.one_hot(labels))
    np.testing.assert_array_equal(nn.data.one_hot(ag.tensor(labels)), nn.functional.one_hot(labels))


def test_no_labels():
    assert nn.data.one_hot([], 3).shape == (0, 3)
    with pytest.raises(ValueError, match="expected num_classes"):
        nn.data.one_hot([])


@pytest.mark.parametrize(
    ("labels", "count", "error", "message"),
    [
        ([0, -1], None, ValueError, "from 0 on, received -1 in row 1"),
        ([[0, 3]], 3, ValueError, r"from 0 to 2, received 3 at \(0, 1\)"),
        ([0, 0.5], None, ValueError, "whole numbers; received 0.5 in row 1"),
        ([0, np.nan], None, ValueError, "whole numbers; received nan in row 1"),
        ([0, np.inf], None, ValueError, "received inf in row 1"),
        ([1e300], None, ValueError, "received 1e\\+300"),
        (np.array([2**64 - 1], np.uint64), None, ValueError, "received 18446744073709551615"),
        (["a"], None, TypeError, "LabelEncoder"),
        ([1j], None, TypeError, "whole numbers"),
        (None, None, TypeError, "an array of numbers"),
        ([0], 0, ValueError, "num_classes"),
        ([0], 2.0, TypeError, "num_classes, a whole number"),
    ],
)
def test_wrong_labels_are_errors(labels, count, error, message):
    with pytest.raises(error, match=f"^one_hot: expected.*{message}"):
        nn.data.one_hot(labels, count)
