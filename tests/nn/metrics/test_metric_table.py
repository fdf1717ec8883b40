"""What holds for every metric: batches of any sizes give the number of all examples, and a saved metric goes on exactly."""

import copy
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
import nn

m = nn.metrics


class Case(NamedTuple):
    """A metric, its function, and what kind of data both take."""

    metric: object
    function: object
    data: str  # scores, labels, binary, numbers


def within(predictions, targets):
    return np.abs(predictions - targets) < 0.5


CASES = {
    "accuracy": Case(lambda: m.Accuracy(), m.accuracy, "scores"),
    "accuracy of labels": Case(lambda: m.Accuracy(), m.accuracy, "labels"),
    "accuracy of binary scores": Case(lambda: m.Accuracy(threshold=0.25), lambda *a: m.accuracy(*a, threshold=0.25), "binary"),
    "accuracy without a label": Case(lambda: m.Accuracy(ignore_index=1), lambda *a: m.accuracy(*a, ignore_index=1), "scores"),
    "top 2": Case(lambda: m.TopKAccuracy(2), lambda *a: m.top_k_accuracy(*a, k=2), "scores"),
    "top 2 without a label": Case(
        lambda: m.TopKAccuracy(2, ignore_index=1), lambda *a: m.top_k_accuracy(*a, k=2, ignore_index=1), "scores"
    ),
    "precision": Case(lambda: m.Precision(threshold=0.0), lambda *a: m.precision(*a, threshold=0.0), "binary"),
    "recall": Case(lambda: m.Recall(average="macro"), lambda *a: m.recall(*a, average="macro"), "labels"),
    "f1": Case(lambda: m.F1Score(average="weighted"), lambda *a: m.f1_score(*a, average="weighted"), "scores"),
    "f1 of each": Case(
        lambda: m.F1Score(average=None, num_classes=4), lambda *a: m.f1_score(*a, average=None, num_classes=4), "labels"
    ),
    "fbeta": Case(
        lambda: m.FBetaScore(2.0, average="macro", ignore_index=0),
        lambda *a: m.fbeta_score(*a, beta=2.0, average="macro", ignore_index=0),
        "scores",
    ),
    "confusion": Case(lambda: m.ConfusionMatrix(), m.confusion_matrix, "labels"),
    "confusion, normalized": Case(
        lambda: m.ConfusionMatrix(4, normalize="true"),
        lambda *a: m.confusion_matrix(*a, num_classes=4, normalize="true"),
        "scores",
    ),
    "roc auc": Case(lambda: m.ROCAUC(), m.roc_auc, "binary"),
    "roc auc of classes": Case(
        lambda: m.ROCAUC(from_logits=True, multi_class="ovo"),
        lambda *a: m.roc_auc(*a, from_logits=True, multi_class="ovo"),
        "scores",
    ),
    "average precision": Case(lambda: m.AveragePrecision(), m.average_precision, "binary"),
    "r2": Case(lambda: m.R2Score(), m.r2_score, "numbers"),
    "r2 of each": Case(
        lambda: m.R2Score(multioutput="raw_values"), lambda *a: m.r2_score(*a, multioutput="raw_values"), "numbers"
    ),
    "mae": Case(lambda: m.MeanAbsoluteError(), m.mean_absolute_error, "numbers"),
    "mse": Case(lambda: m.MeanSquaredError(), m.mean_squared_error, "numbers"),
    "rmse": Case(lambda: m.RootMeanSquaredError(), m.root_mean_squared_error, "numbers"),
    "function": Case(
        lambda: m.FunctionMetric(within),
        lambda p, t, w=None: np.average(within(p, t).mean(axis=1), weights=w) if len(p) else np.nan,
        "numbers",
    ),
}


def examples(kind, count, seed):
    """Predictions and targets, with ties, and weights."""
    rng = np.random.default_rng(seed)
    coarse = np.round(rng.normal(size=(count, 4)) * 2) / 2
    labels = rng.integers(0, 4, count)
    weights = rng.integers(1, 5, count) / 4
    if kind == "scores":
        return coarse.astype(np.float32), labels, weights
    if kind == "labels":
        return rng.integers(0, 4, count), labels, weights
    if kind == "binary":
        return coarse[:, 0], labels % 2, weights
    return coarse[:, :2], (coarse + rng.normal(size=coarse.shape))[:, :2] + 100, weights


CHECKED = {name: each for name, each in CASES.items() if name != "function"}  # a function says itself what it takes

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@every_case
@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 7), max_size=5),
    seed=st.integers(0, 2**16),
    weighted=st.booleans(),
)
def test_batches_of_any_sizes_give_the_number_of_all_examples(case, sizes, seed, weighted):
    predictions, targets, weights = examples(case.data, sum(sizes), seed)
    given_weights = (weights,) if weighted else ()
    metric = case.metric()
    for batch in np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1]) if sizes else ():
        metric.update(predictions[batch], targets[batch], *[each[batch] for each in given_weights])
    computed, expected = metric.compute(), case.function(predictions, targets, *given_weights)
    if isinstance(computed, np.ndarray) and not sum(sizes):
        return  # how many classes or outputs there are is not known before the first batch
    np.testing.assert_allclose(computed, expected, rtol=1e-12, atol=1e-14)
    assert isinstance(computed, float | np.ndarray)


@every_case
def test_a_metric_of_nothing_is_nan_and_so_is_a_reset_one(case):
    metric = case.metric()
    empty = np.nan_to_num(metric.compute(), nan=-1.0)
    assert np.all(empty == -1.0) or isinstance(metric, m.ConfusionMatrix)
    predictions, targets, weights = examples(case.data, 9, 0)
    metric.update(predictions, targets, weights)
    metric.reset()
    np.testing.assert_array_equal(np.nan_to_num(metric.compute(), nan=-1.0), empty)
    metric.update(predictions, targets)
    once = metric.compute()
    metric.reset()
    metric.update(predictions, targets)
    np.testing.assert_array_equal(metric.compute(), once)


@every_case
@pytest.mark.parametrize("first", [0, 5])
def test_a_saved_metric_goes_on_to_the_same_bits(case, first):
    predictions, targets, weights = examples(case.data, 12, 3)
    whole, again = case.metric(), case.metric()
    if first:
        whole.update(predictions[:first], targets[:first], weights[:first] / 3)
    state = copy.deepcopy(whole.state_dict())
    assert all([isinstance(each, int | float | np.ndarray) for each in state.values()])
    again.update(predictions, targets)  # is forgotten
    again.load_state_dict({name: np.asarray(each) for name, each in state.items()})  # as from a file
    for metric in (whole, again):
        metric.update(predictions[5:], targets[5:], weights[5:] / 3)
    assert np.array_equal(whole.compute(), again.compute(), equal_nan=True)
    ours, theirs = whole.state_dict(), again.state_dict()
    for name in ours:
        assert np.array_equal(ours[name], theirs[name])
        assert np.asarray(ours[name]).dtype == np.asarray(theirs[name]).dtype


@every_case
def test_a_state_is_a_copy(case):
    predictions, targets, weights = examples(case.data, 12, 3)
    metric = case.metric()
    metric.update(predictions, targets, weights)
    before, state = metric.compute(), metric.state_dict()
    other = case.metric()
    other.load_state_dict(state)
    for each in state.values():
        if isinstance(each, np.ndarray):
            each[...] = 0
    predictions[...] = 0
    targets[...] = 0
    np.testing.assert_array_equal(metric.compute(), before)
    np.testing.assert_array_equal(other.compute(), before)


@every_case
def test_tensors_lists_and_strided_arrays_give_the_same_and_stay_as_they_were(case):
    predictions, targets, weights = examples(case.data, 8, 1)
    expected = case.function(predictions, targets, weights)
    recorded = nn.Parameter(predictions * 1.0) * 2 / 2 if predictions.dtype.kind == "f" else ag.tensor(predictions)
    strided = [np.repeat(each, 2, axis=0)[::2] for each in (predictions, targets, weights)]
    lists = [each.tolist() for each in (predictions, targets, weights)]
    for given_ in (strided, lists, [recorded, ag.tensor(targets), ag.tensor(weights)]):
        before = copy.deepcopy([np.asarray(each) if not isinstance(each, ag.Tensor) else each.numpy() for each in given_])
        metric = case.metric()
        metric.update(*given_)
        np.testing.assert_allclose(metric.compute(), expected, rtol=1e-12)
        for each, was in zip(given_, before, strict=True):
            np.testing.assert_array_equal(each.numpy() if isinstance(each, ag.Tensor) else each, was)


@every_case
def test_integer_weights_are_repetitions(case):
    predictions, targets, _ = examples(case.data, 10, 4)
    weights = np.arange(10) % 3 + 1
    repeated = [np.repeat(each, weights, axis=0) for each in (predictions, targets)]
    np.testing.assert_allclose(case.function(predictions, targets, weights), case.function(*repeated), rtol=1e-12)


@every_case
def test_examples_of_no_weight_do_not_count(case):
    predictions, targets, weights = examples(case.data, 12, 5)
    weights[::3] = 0
    kept = weights > 0
    weighted = case.function(predictions, targets, weights)
    expected = case.function(predictions[kept], targets[kept], weights[kept])
    np.testing.assert_allclose(weighted, expected, rtol=1e-12)


@every_case
@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0], r"sample_weight, one number for each example: shape \(3,\); received \(1,\)"),
        ([1.0, -1.0, 1.0], r"none negative; received -1.0 at index 1"),
        ([1.0, 1.0, np.nan], r"finite numbers, none negative; received nan at index 2"),
    ],
)
def test_wrong_weights_are_refused_and_nothing_is_counted(case, weights, message):
    predictions, targets, _ = examples(case.data, 3, 0)
    metric = case.metric()
    before = metric.state_dict()
    with pytest.raises(ValueError, match=message):
        metric.update(predictions, targets, weights)
    for name, each in metric.state_dict().items():
        np.testing.assert_array_equal(each, before[name])


@pytest.mark.parametrize("case", CHECKED.values(), ids=CHECKED)
def test_lengths_that_differ_are_refused(case):
    predictions, targets, _ = examples(case.data, 6, 0)
    metric = case.metric()
    with pytest.raises(ValueError, match=rf"{type(metric).__name__}: .*\(5.*\(6"):
        metric.update(predictions[:5], targets)


@pytest.mark.parametrize(
    "case",
    [each for each in CHECKED.values() if each.data != "labels"],
    ids=[k for k, v in CHECKED.items() if v.data != "labels"],
)
def test_nan_is_refused_with_its_place(case):
    predictions, targets, _ = examples(case.data, 6, 0)
    metric = case.metric()
    predictions[4] = np.nan
    with pytest.raises(ValueError, match=rf"{type(metric).__name__}: expected predictions .*(nan|NaN) at index \(?4"):
        metric.update(predictions, targets)


@every_case
def test_a_state_of_another_metric_is_refused(case):
    metric = case.metric()
    with pytest.raises(TypeError, match=r"expected what state_dict\(\) returned, received list"):
        metric.load_state_dict([1])
    with pytest.raises(ValueError, match="expected the keys .*; received other"):
        metric.load_state_dict({"other": 1})
    state = metric.state_dict()
    with pytest.raises(TypeError, match="expected numbers, received <U1"):
        metric.load_state_dict(dict.fromkeys(state, "a"))


@every_case
def test_a_name_can_be_given(case):
    kind = type(case.metric())
    needed = {m.FunctionMetric: (within,), m.FBetaScore: (2.0,)}.get(kind, ())
    named = kind(*needed, name="mine")
    assert named.name == "mine"
    assert "name='mine'" in repr(named)
    with pytest.raises(TypeError, match=f"{kind.__name__}: expected name, a string; received 3"):
        kind(*needed, name=3)
