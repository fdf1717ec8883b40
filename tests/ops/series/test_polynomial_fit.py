"""Fitted polynomials: against JAX and closed forms, weights, covariances, and what happens where points do not suffice."""

import json
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
from autograd.engine import grad_of
from autograd.tensors import Tensor

RECORDED = [
    case
    for case in json.loads((Path(__file__).parents[2] / "data" / "jax_signals.json").read_text())["cases"]
    if case["name"] == "polyfit"
]
X, Y = np.array([0.0, 0.5, 1.5, 2.0, 3.0]), np.array([1.0, 0.2, -0.5, 0.7, 2.0])


@pytest.mark.parametrize("case", RECORDED)
def test_values_and_gradients_are_those_of_jax(case):
    inputs = [Tensor(np.array(each), requires_grad=True) for each in case["inputs"]]
    out = np.polyfit(*inputs, **case["keywords"])
    np.testing.assert_allclose(out.numpy(), case["values"][0], rtol=1e-12)
    seed = np.cos(np.arange(out.size)).reshape(out.shape)
    for g, expected in zip(grad_of(out, inputs, seed), case["gradients"], strict=True):
        np.testing.assert_allclose(g.numpy(), expected, rtol=0, atol=1e-11)


def test_a_line_through_points_by_the_textbooks_formula():
    """``slope = cov(x, y) / var(x)``, with its derivatives in both."""

    def textbook(x, y):
        return ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()

    for f in (textbook, lambda x, y: ag.polyfit(x, y, 1)[0]):
        x, y = Tensor(X, requires_grad=True), Tensor(Y, requires_grad=True)
        slope = f(x, y)
        gx, gy = grad_of(slope, [x, y], create_graph=True)
        results = [slope, gx, gy, *grad_of((gx * np.arange(5.0)).sum(), [x, y])]
        if f is textbook:
            expected = results
    for ours, theirs in zip(results, expected, strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=0, atol=1e-12)


def test_points_on_a_polynomial_give_it_back():
    p = Tensor(np.array([0.5, -1.0, 2.0]), requires_grad=True)
    again = np.polyfit(X, np.polyval(p, X), 2)
    np.testing.assert_allclose(again.numpy(), p.numpy(), rtol=1e-12)
    v = np.array([1.0, 10.0, 100.0])
    np.testing.assert_allclose(grad_of(again, p, v).numpy(), v, rtol=1e-10)


def test_a_weight_counts_as_repetition_squared():
    """Weight ``sqrt(2)`` is a point that comes twice; the gradients in ``y`` show it."""
    w = Tensor(np.array([1.0, np.sqrt(2.0), 1.0, 1.0, 1.0]), requires_grad=True)
    y = Tensor(Y, requires_grad=True)
    out = np.polyfit(X, y, 2, w=w)
    np.testing.assert_allclose(out.numpy(), np.polyfit(np.insert(X, 1, X[1]), np.insert(Y, 1, Y[1]), 2), rtol=1e-12)
    twice = Tensor(np.insert(Y, 1, Y[1]), requires_grad=True)
    v = np.array([1.0, -1.0, 0.5])
    gy, gw = grad_of(out, [y, w], v)
    expected = grad_of(np.polyfit(np.insert(X, 1, X[1]), twice, 2), twice, v).numpy()
    np.testing.assert_allclose(gy.numpy()[1], expected[1] + expected[2], rtol=1e-12)
    np.testing.assert_allclose(np.sum(gw.numpy() * w.numpy()), 0, atol=1e-12)  # weights all scaled change nothing


@pytest.mark.parametrize("y", [Y, np.stack([Y, Y[::-1]], 1)])
@pytest.mark.parametrize("keywords", [{"full": True}, {"cov": True}, {"cov": "unscaled"}, {"rcond": 1e-3, "full": True}])
def test_further_results_are_those_of_numpy(y, keywords):
    w = np.array([0.5, 1.0, 2.0, 1.0, 0.7])
    found = np.polyfit(Tensor(X, requires_grad=True), Tensor(y), 2, w=w, **keywords)
    expected = np.polyfit(X, y, 2, w=w, **keywords)
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-12, atol=1e-14)
        assert ours.dtype == np.asarray(theirs).dtype


def test_what_remains_is_least():
    y = Tensor(Y, requires_grad=True)
    squares = np.polyfit(X, y, 1, full=True)[1]
    residuals = Y - np.polyval(np.polyfit(X, Y, 1), X)
    np.testing.assert_allclose(squares.item(), np.sum(residuals**2), rtol=1e-12)
    np.testing.assert_allclose(grad_of(squares, y, np.ones(1)).numpy(), 2 * residuals, rtol=1e-10, atol=1e-13)


def test_too_few_points_are_said():
    x, y = Tensor(np.array([1.0, 1.0, 2.0])), Tensor(np.array([1.0, 2.0, 3.0]))
    with pytest.warns(np.exceptions.RankWarning, match="polyfit: the points do not determine"):
        found = ag.polyfit(x, y, 2)
    with pytest.warns(np.exceptions.RankWarning, match="poorly conditioned"):
        np.testing.assert_allclose(found.numpy(), np.polyfit(x.numpy(), y.numpy(), 2), rtol=1e-12)
    assert ag.polyfit(x, y, 2, full=True)[2].item() == 2


def test_single_precision_is_widened_as_in_numpy():
    x, y = X.astype(np.float32), Y.astype(np.float32)
    t = Tensor(y, requires_grad=True)
    out = np.polyfit(x, t, 1)
    assert out.dtype == np.polyfit(x, y, 1).dtype == np.float64
    np.testing.assert_array_equal(out.numpy(), np.polyfit(x, y, 1))
    assert grad_of(out, t, np.ones(2)).dtype == np.float32
    weighted = np.polyfit(x, t, 1, w=np.array([0.3, 1.0, 2.0, 0.7, 1.0]))
    np.testing.assert_array_equal(weighted.numpy(), np.polyfit(x, y, 1, w=np.array([0.3, 1.0, 2.0, 0.7, 1.0])))


def test_messages():
    with pytest.raises(TypeError, match=r"polyfit: expected y of shape \(3,\) or \(3, k\), received \(4,\)"):
        ag.polyfit(np.zeros(3), np.zeros(4), 1)
    with pytest.raises(TypeError, match="polyfit: expected one weight w for each of the 3 points"):
        ag.polyfit(np.zeros(3), np.zeros(3), 1, w=np.ones(2))
    with pytest.raises(ValueError, match="polyfit: expected more than 3 points to scale the covariance by, received 3"):
        ag.polyfit(Tensor(X[:3]), Y[:3], 2, cov=True)
    with pytest.raises(TypeError, match="polyfit: expected weights w that fit into the dtype of the values"):
        ag.polyfit(Tensor(X), Y, 1, w=np.ones(5) * 1j)
