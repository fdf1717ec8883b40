"""Clipping of gradients: PyTorch's numbers, and what happens to the gradients themselves."""

import math

import numpy as np
import pytest

import autograd as ag
import nn
from tests.data.optimizer_cases import RECORDED


def with_gradients(gradients, dtype=np.float64):
    parameters = [nn.Parameter(np.zeros(np.shape(each)), dtype) for each in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = ag.tensor(np.asarray(gradient, dtype))
    return parameters


@pytest.mark.parametrize(("dtype", "relative"), [(np.float64, 1e-9), (np.float32, 1e-5)])
@pytest.mark.parametrize("case", RECORDED["clippings"], ids=lambda case: f"{case['norm_type']} {case['max_norm']}")
def test_norm_and_gradients_are_pytorchs(case, dtype, relative):
    parameters = with_gradients(case["gradients"], dtype)
    before = [each.grad for each in parameters]
    norm = nn.clip_grad_norm_(iter(parameters), case["max_norm"], case["norm_type"])
    assert (norm.shape, norm.dtype) == ((), dtype)
    assert norm.item() == pytest.approx(case["norm"], rel=relative)
    for parameter, kept, expected in zip(parameters, before, case["clipped"], strict=True):
        assert parameter.grad is kept
        assert kept.dtype == dtype
        np.testing.assert_allclose(kept.numpy(), expected, rtol=relative)
    others = with_gradients(case["gradients"], dtype)
    total = nn.get_total_norm([each.grad for each in others], case["norm_type"])
    assert total.item() == norm.item()
    nn.clip_grads_with_norm_(others, case["max_norm"], total)
    for parameter, other in zip(parameters, others, strict=True):
        np.testing.assert_allclose(other.grad.numpy(), parameter.grad.numpy(), rtol=1e-6)


def test_values_are_clipped():
    parameters = with_gradients([[[3.0, -0.5], [0.5, -7.0]], 2.0], np.float32)
    before = [each.grad for each in parameters]
    nn.clip_grad_value_(parameters, np.float64(1.0))
    assert [each.tolist() for each in before] == [[[1, -0.5], [0.5, -1]], 1]
    assert {each.dtype for each in before} == {np.dtype(np.float32)}


def test_a_gradient_counts_once():
    (tied,) = with_gradients([[3.0, 4.0]])
    assert nn.clip_grad_norm_([tied, tied], 1.0).item() == 5
    np.testing.assert_allclose(tied.grad.numpy(), [0.6, 0.8], rtol=1e-6)
    other = nn.Parameter([0.0, 0.0])
    other.grad = tied.grad
    tied.grad[...] = [3.0, 4.0]
    assert nn.clip_grad_norm_([tied, other], 1.0).item() == 5
    np.testing.assert_allclose(tied.grad.numpy(), [0.6, 0.8], rtol=1e-6)


def test_those_without_gradients_are_passed_over():
    (a,) = with_gradients([[3.0, 4.0]])
    assert nn.clip_grad_norm_([nn.Parameter([1.0]), a], 10.0).item() == 5
    nn.clip_grad_value_([nn.Parameter([1.0]), a], 3.5)
    assert a.grad.tolist() == [3, 3.5]
    for norm in (nn.clip_grad_norm_([nn.Parameter([1.0])], 1.0), nn.get_total_norm([]), nn.clip_grad_norm_([], 1.0)):
        assert norm.item() == 0
    assert nn.get_total_norm(ag.tensor(np.ones((0, 2), np.float32))).item() == 0


def test_one_tensor_is_taken_too():
    (a,) = with_gradients([[3.0, 4.0]])
    assert nn.clip_grad_norm_(a, 1.0).item() == 5
    assert nn.get_total_norm(ag.tensor([3.0, 4.0]), 1).item() == 7
    nn.clip_grad_value_(a, 0.7)
    np.testing.assert_allclose(a.grad.numpy(), [0.6, 0.7], rtol=1e-6)


def test_a_recorded_gradient_is_replaced_by_one_out_of_the_graph():
    w = nn.Parameter([3.0, 4.0])
    (w**3).sum().backward(create_graph=True)
    recorded = w.grad
    assert recorded.requires_grad
    nn.clip_grad_norm_([w], 1.0)
    assert not w.grad.requires_grad
    np.testing.assert_allclose(np.linalg.norm(w.grad.numpy()), 1, rtol=1e-6)
    assert recorded.tolist() == [27, 48]


@pytest.mark.parametrize("norm_type", [1, 2, 3.5, "inf"])
@pytest.mark.parametrize(
    ("dtype", "scale"), [(np.float32, 1e30), (np.float32, 1e-30), (np.float64, 1e200), (np.float64, 1e-200)]
)
def test_norms_that_would_overflow_or_vanish(norm_type, dtype, scale):
    arrays = [np.array([3.0, -4.0]), np.array(2.0)]
    expected = nn.get_total_norm([ag.tensor(each) for each in arrays], norm_type).item()
    found = nn.get_total_norm([ag.tensor(np.asarray(each * scale, dtype)) for each in arrays], norm_type)
    assert found.dtype == dtype
    assert found.item() / scale == pytest.approx(expected, rel=1e-6)


def test_a_norm_that_is_infinite_in_float32_only():
    (large,) = with_gradients([np.full(100, 3e38)], np.float32)
    assert nn.clip_grad_norm_([large], 1.0).item() == np.inf
    np.testing.assert_allclose(large.grad.numpy(), 0.1, rtol=1e-5)


@pytest.mark.parametrize("norm_type", [1.0, 2.0, "inf"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_gradients_that_are_not_finite(bad, norm_type):
    parameters = with_gradients([[3.0, bad], [1.0]])
    with pytest.raises(
        RuntimeError, match=r"clip_grad_norm_: the norm of the gradients is (nan|inf), so they cannot be clipped"
    ):
        nn.clip_grad_norm_(parameters, 1.0, norm_type, error_if_nonfinite=True)
    assert parameters[0].grad[0].item() == 3
    with pytest.raises(RuntimeError, match="get_total_norm: the norm of the gradients is "):
        nn.get_total_norm([each.grad for each in parameters], norm_type, error_if_nonfinite=True)
    norm = nn.clip_grad_norm_(parameters, 1.0, norm_type).item()
    assert math.isnan(norm) if math.isnan(bad) else norm == math.inf
    np.testing.assert_array_equal(parameters[1].grad.numpy(), [np.nan] if math.isnan(bad) else [0.0])


P = nn.Parameter([1.0])
ERRORS = [
    (
        lambda: nn.clip_grad_norm_(nn.Linear(2, 1), 1.0),
        TypeError,
        r"clip_grad_norm_: expected tensors, received a module; write",
    ),
    (lambda: nn.clip_grad_value_([np.ones(2)], 1.0), TypeError, "clip_grad_value_: expected tensors, received ndarray"),
    (lambda: nn.get_total_norm([1.0]), TypeError, "get_total_norm: expected tensors, received float"),
    (
        lambda: nn.clip_grad_norm_([P], -1.0),
        ValueError,
        "clip_grad_norm_: expected max_norm, a finite number of 0 or more; rec",
    ),
    (
        lambda: nn.clip_grad_norm_([P], None),
        TypeError,
        "clip_grad_norm_: expected max_norm, a number of 0 or more; received None",
    ),
    (lambda: nn.clip_grads_with_norm_([P], -1.0, 1.0), ValueError, "clip_grads_with_norm_: expected max_norm, a finite number"),
    (lambda: nn.clip_grad_norm_([P], 1.0, 0), ValueError, "clip_grad_norm_: expected norm_type, a number above 0; received 0"),
    (lambda: nn.clip_grad_norm_([P], 1.0, -2), ValueError, "clip_grad_norm_: expected norm_type, a finite number of 0 or more"),
    (
        lambda: nn.get_total_norm([P], "two"),
        TypeError,
        "get_total_norm: expected norm_type, a number of 0 or more; received 'two'",
    ),
    (lambda: nn.clip_grad_value_([P], -0.5), ValueError, "clip_grad_value_: expected clip_value, a finite number of 0 or more"),
]


@pytest.mark.parametrize(("call", "kind", "message"), ERRORS)
def test_bad_input_is_explained(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
