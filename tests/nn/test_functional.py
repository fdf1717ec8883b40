"""``linear`` against recorded PyTorch values and differences; the other functions against NumPy's formulas."""

import json
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
from nn import functional as F

CASES = json.loads((Path(__file__).parents[1] / "data" / "torch_nn.json").read_text())["linear"]


def arguments_of(case, dtype=np.float64):
    arguments = {name: np.asarray(value, dtype) for name, value in case["arguments"].items()}
    if arguments["input"].size == 0:
        arguments["input"] = arguments["input"].reshape(0, 3)  # JSON keeps no shape of what is empty
    return arguments


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-6), (np.float32, 1e-4)])
@pytest.mark.parametrize("case", CASES)
def test_linear_is_pytorchs(case, dtype, tolerance):
    arguments = {name: ag.tensor(value, requires_grad=True) for name, value in arguments_of(case, dtype).items()}
    out = F.linear(*arguments.values())
    assert out.dtype == dtype
    expected = np.asarray(case["value"]).reshape(out.shape)
    np.testing.assert_allclose(out.numpy(), expected, rtol=0, atol=tolerance * np.abs(expected).max(initial=0))
    out.backward(np.cos(np.arange(out.size)).reshape(out.shape).astype(dtype))
    for name, gradient in case["gradients"].items():
        gradient = np.asarray(gradient).reshape(arguments[name].shape)
        atol = tolerance * np.abs(gradient).max(initial=0)
        np.testing.assert_allclose(arguments[name].grad.numpy(), gradient, rtol=0, atol=atol)


@pytest.mark.parametrize("case", CASES)
def test_linear_differentiates_twice(case):
    arguments = list(arguments_of(case).values())
    assert ag.gradcheck(F.linear, arguments, order=1)
    assert ag.gradcheck(F.linear, arguments, order=2)


def test_linear_on_arrays_and_lists_and_strided_input():
    x, w, b = np.arange(12.0).reshape(2, 6)[:, ::2], np.asfortranarray(np.ones((4, 3))), np.arange(4.0)
    expected = x @ w.T + b
    np.testing.assert_array_equal(F.linear(x, w, b), expected)
    np.testing.assert_array_equal(F.linear(x.tolist(), w.tolist(), b.tolist()), expected)
    np.testing.assert_array_equal(F.linear(ag.tensor(x), w, b).numpy(), expected)


def test_linear_is_one_op_and_leaves_its_bias():
    b = ag.tensor([1.0], requires_grad=True)
    y = F.linear(np.ones((2, 1)), ag.tensor([[2.0]], requires_grad=True), b)
    assert y.node.name == "linear"
    assert b.tolist() == [1]
    assert F.linear(np.ones((2, 1), np.float32), np.ones((1, 1), np.float32), np.ones(1)).dtype == np.float64


ERRORS = [
    (
        lambda: F.linear(np.ones((2, 3)), np.ones((4, 2))),
        r"expected input \(..., in\) and weight \(out, in\), received \(2, 3\) and \(4, 2\)",
    ),
    (lambda: F.linear(np.ones(2), np.ones(2)), r"received \(2,\) and \(2,\)"),
    (lambda: F.linear(1.0, np.ones((1, 1))), r"received \(\) and \(1, 1\)"),
    (
        lambda: F.linear(np.ones((2, 3)), np.ones((4, 3)), np.ones(3)),
        r"expected bias of shape \(4,\), one per output; received \(3,\)",
    ),
]


@pytest.mark.parametrize(("call", "message"), ERRORS)
def test_shapes_that_do_not_fit(call, message):
    with pytest.raises(ValueError, match=message):
        call()


X = np.random.default_rng(0).normal(size=(2, 3, 4))
EXPONENTIALS = np.exp(X)
FORMULAS = [
    (F.relu, {}, np.where(X > 0, X, 0)),
    (F.tanh, {}, (EXPONENTIALS - 1 / EXPONENTIALS) / (EXPONENTIALS + 1 / EXPONENTIALS)),
    (F.sigmoid, {}, 1 / (1 + 1 / EXPONENTIALS)),
    (F.softmax, {"dim": 1}, EXPONENTIALS / EXPONENTIALS.sum(1, keepdims=True)),
    (F.softmax, {"dim": -1}, EXPONENTIALS / EXPONENTIALS.sum(-1, keepdims=True)),
    (F.log_softmax, {"dim": 0}, X - np.log(EXPONENTIALS.sum(0, keepdims=True))),
]


@pytest.mark.parametrize(("function", "keywords", "expected"), FORMULAS)
def test_activations(function, keywords, expected):
    np.testing.assert_allclose(function(X, **keywords), expected, rtol=1e-12)
    np.testing.assert_allclose(function(X.tolist(), **keywords), expected, rtol=1e-12)
    tensor = function(ag.tensor(X, requires_grad=True), **keywords)
    assert tensor.requires_grad
    np.testing.assert_allclose(tensor.numpy(), expected, rtol=1e-12)
