"""Metrics from functions of one's own."""

import functools

import numpy as np
import pytest

import autograd as ag
import nn

m = nn.metrics


def largest_error(predictions, targets):
    return np.abs(predictions - targets).max()


def error(predictions, targets):
    return np.abs(predictions - targets)


def test_numbers_of_examples_are_averaged_over_all_batches():
    metric = m.FunctionMetric(error)
    metric.update([1.0], [2.0])
    metric.update([1.0, 1.0, 1.0], [4.0, 4.0, 4.0])
    assert metric.compute() == 2.5
    metric.reset()
    metric.update([[1.0, 2.0], [0.0, 0.0]], [[1.0, 0.0], [3.0, 5.0]], [3.0, 1.0])
    assert metric.compute() == (3 * 2 + 8) / 8


def test_one_number_counts_as_often_as_there_are_examples():
    metric = m.FunctionMetric(largest_error)
    metric.update([1.0], [2.0])
    metric.update([1.0, 1.0, 1.0], [4.0, 4.0, 3.0])
    assert metric.compute() == (1 + 3 * 3) / 4
    assert metric.name == "largest_error"


def test_a_loss_is_such_a_function():
    predictions, targets = np.random.default_rng(0).normal(size=(2, 7, 3))
    metric = m.FunctionMetric(nn.functional.mse_loss)
    for batch in (slice(0, 2), slice(2, 7)):
        metric.update(nn.Parameter(predictions[batch]) * 1, ag.tensor(targets[batch]))
    assert metric.compute() == pytest.approx(m.mean_squared_error(predictions, targets), rel=1e-12)
    assert metric.name == "mse_loss"


def test_the_function_gets_arrays():
    seen = []

    def spy(predictions, targets):
        seen.extend([type(predictions), type(targets)])
        return 0.0

    m.FunctionMetric(spy).update(ag.tensor([1.0]), [1])
    assert seen == [np.ndarray, np.ndarray]


def test_an_empty_batch_does_not_count():
    metric = m.FunctionMetric(lambda p, t: 1.0, name="one")
    metric.update([], [])
    assert np.isnan(metric.compute())


@pytest.mark.parametrize("nameless", [lambda p, t: 0.0, functools.partial(error)])
def test_a_nameless_function_needs_a_name(nameless):
    with pytest.raises(TypeError, match=r"expected a name, since the function has none; write FunctionMetric\(f, 'name'\)"):
        m.FunctionMetric(nameless)
    assert m.FunctionMetric(nameless, "mine").name == "mine"


@pytest.mark.parametrize(
    ("function", "weights", "kind", "message"),
    [
        (lambda p, t: [1.0], None, ValueError, r"a number for each of 2 examples, .* the function returned shape \(1,\)"),
        (lambda p, t: np.nan, None, ValueError, "the function returned NaN"),
        (lambda p, t: [1.0, np.nan], None, ValueError, "the function returned NaN"),
        (lambda p, t: None, None, TypeError, "expected what the function returns, real numbers; received object"),
        (lambda p, t: 1.0, [1.0, 2.0], ValueError, "since there is a sample_weight; the function returned one number"),
    ],
)
def test_what_a_function_may_not_return(function, weights, kind, message):
    with pytest.raises(kind, match=f"FunctionMetric mine: .*{message}"):
        m.FunctionMetric(function, "mine").update([1.0, 2.0], [1.0, 2.0], weights)


def test_what_is_no_function_is_refused():
    with pytest.raises(TypeError, match="expected a function of predictions and targets, received 3"):
        m.FunctionMetric(3)
    with pytest.raises(ValueError, match=r"expected targets \(N, ...\), received a single number"):
        m.FunctionMetric(error).update(1.0, 1.0)
