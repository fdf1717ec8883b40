"""Accuracy and top-k accuracy against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as peer

import nn

m = nn.metrics


@settings(max_examples=50, deadline=None)
@given(count=st.integers(1, 30), classes=st.integers(3, 8), seed=st.integers(0, 2**16), weighted=st.booleans())
def test_the_numbers_are_those_of_scikit_learn(count, classes, seed, weighted):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(count, classes))
    targets = rng.integers(0, classes, count)
    weights = rng.uniform(0.1, 2, count) if weighted else None
    np.testing.assert_allclose(
        m.accuracy(scores, targets, weights),
        peer.accuracy_score(targets, scores.argmax(axis=1), sample_weight=weights),
        rtol=1e-13,
    )
    for k in range(1, classes):
        np.testing.assert_allclose(
            m.top_k_accuracy(scores, targets, weights, k=k),
            peer.top_k_accuracy_score(targets, scores, k=k, sample_weight=weights, labels=range(classes)),
            rtol=1e-13,
        )


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_the_first_of_equal_scores_ranks_first(seed):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 3, (20, 5)).astype(np.float32)
    targets = rng.integers(0, 5, 20)
    order = np.argsort(-scores, axis=1, kind="stable")
    for k in range(1, 6):
        assert m.top_k_accuracy(scores, targets, k=k) == np.mean((order[:, :k] == targets[:, None]).any(axis=1))
    assert m.top_k_accuracy(scores, targets, k=1) == m.accuracy(scores, targets)


@pytest.mark.parametrize(
    ("k", "error", "message"),
    [
        (0, ValueError, "expected k of 1 or more, received 0"),
        (4, ValueError, "expected scores of at least k=4 classes, received 3; choose a smaller k"),
        (2.0, TypeError, "expected k, a whole number; received 2.0"),
        (True, TypeError, "expected k, a whole number; received True"),
    ],
)
def test_a_k_that_makes_no_sense_is_refused(k, error, message):
    with pytest.raises(error, match=f"top_k_accuracy: {message}"):
        m.top_k_accuracy(np.eye(3), [0, 1, 2], k=k)
    with pytest.raises(error, match=f"TopKAccuracy: {message}"):
        m.TopKAccuracy(k).update(np.eye(3), [0, 1, 2])


def test_top_k_takes_scores_of_classes_only():
    with pytest.raises(ValueError, match=r"expected scores of classes .* received predictions \(3,\) and targets \(3,\)"):
        m.top_k_accuracy([0, 1, 2], [0, 1, 2], k=1)


def test_its_name_says_k():
    assert m.TopKAccuracy().name == "top_5_accuracy"
    assert m.TopKAccuracy(np.int64(3)).name == "top_3_accuracy"
