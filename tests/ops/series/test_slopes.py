"""Slopes of sampled values: against JAX, exact for parabolas, in all that they are differentiable in; messages."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.tensors import Tensor

RECORDED = [
    case
    for case in json.loads((Path(__file__).parents[2] / "data" / "jax_signals.json").read_text())["cases"]
    if case["name"] == "gradient"
]
FEW = settings(max_examples=25, deadline=None, derandomize=True)


@pytest.mark.parametrize("case", RECORDED)
def test_values_and_gradients_are_those_of_jax(case):
    inputs = [Tensor(np.array(each), requires_grad=True) for each in case["inputs"]]
    found = np.gradient(*inputs)
    outputs = list(found) if isinstance(found, tuple) else [found]
    for out, expected in zip(outputs, case["values"], strict=True):
        np.testing.assert_allclose(out.numpy(), expected, rtol=0, atol=1e-14)
    seeds = [np.cos(np.arange(out.size)).reshape(out.shape) for out in outputs]
    for g, expected in zip(grad_of(outputs, inputs, seeds), case["gradients"], strict=True):
        np.testing.assert_allclose(g.numpy(), expected, rtol=0, atol=1e-14)


@FEW
@given(st.integers(3, 7), st.sampled_from([1, 2]), st.booleans(), st.integers(0, 2**32 - 1))
def test_gradients_in_values_and_places(length, edge_order, even, seed):
    rng = np.random.default_rng(seed)
    places = np.arange(length) * 0.7 if even else np.cumsum(rng.uniform(0.3, 1.0, length))
    report = gradcheck(
        lambda x, at: ag.gradient(x, at, axis=0, edge_order=edge_order), [rng.normal(size=(length, 2)), places], order=2
    )
    assert report, report


def test_places_at_equal_distances_give_what_the_distance_gives():
    x = np.random.default_rng(0).normal(size=6)
    for edge_order in (1, 2):
        by_place, by_distance = (Tensor(x, requires_grad=True) for _ in range(2))
        h = Tensor(0.5, requires_grad=True)
        at = Tensor(np.arange(6) * 0.5, requires_grad=True)
        v = np.cos(np.arange(6))
        first = ag.gradient(by_place, at, edge_order=edge_order)
        second = ag.gradient(by_distance, h, edge_order=edge_order)
        np.testing.assert_array_equal(first.numpy(), second.numpy())
        of_values, of_places = grad_of(first, [by_place, at], v)
        same_values, of_distance = grad_of(second, [by_distance, h], v)
        np.testing.assert_allclose(of_values.numpy(), same_values.numpy(), rtol=1e-13, atol=1e-14)
        np.testing.assert_allclose(np.sum(of_places.numpy() * np.arange(6)), of_distance.item(), rtol=1e-12)


def test_parabolas_have_exact_slopes_between_any_places():
    places = np.array([0.0, 0.3, 1.0, 1.1, 2.0])
    t = Tensor(places, requires_grad=True)
    out = ag.gradient(t * t, t, edge_order=2)
    np.testing.assert_allclose(out.numpy(), 2 * places, atol=1e-14)
    np.testing.assert_allclose(grad_of(out, t, np.ones(5)).numpy().sum(), 10, rtol=1e-12)  # all places moved at once


def test_several_axes_give_a_tuple_and_none_an_empty_one():
    x = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    out = np.gradient(x, 2.0, np.array([0.0, 1.0, 3.0]))
    assert isinstance(out, tuple)
    assert [each.shape for each in out] == [(2, 3), (2, 3)]
    assert ag.gradient(x, axis=()) == ()
    assert ag.gradient(np.array(3.0)) == np.gradient(np.array(3.0)) == ()


def test_unsigned_integers_are_converted_first():
    x = np.array([3, 1, 2], np.uint8)
    at = np.array([4, 3, 1], np.uint8)
    np.testing.assert_array_equal(ag.gradient(Tensor(x)).numpy(), np.gradient(x))
    t = Tensor(np.array([4.0, 3.0, 1.0]), requires_grad=True)
    np.testing.assert_array_equal(ag.gradient(x, t).numpy(), np.gradient(x, at))
    assert np.all(np.isfinite(grad_of(ag.gradient(x, t), t, np.ones(3)).numpy()))


def test_messages():
    with pytest.raises(ValueError, match="gradient: expected at least 3 values along axis 0 for edge_order=2; received 2"):
        ag.gradient([1.0, 2.0], edge_order=2)
    with pytest.raises(
        ValueError, match=r"gradient: expected the spacing along axis 0 as a number or as 3 places, received shape \(2,\)"
    ):
        ag.gradient(np.zeros(3), np.zeros(2))
    with pytest.raises(
        TypeError, match="gradient: expected no spacing, one distance, or a spacing for each of the 2 axes; received 3"
    ):
        ag.gradient(np.zeros((3, 3)), 1, 2, 3)
    with pytest.raises(ValueError, match="gradient: expected edge_order 1 or 2, received 3"):
        ag.gradient(np.zeros(3), edge_order=3)
    with pytest.raises(TypeError, match="gradient: expected numbers, received truth values"):
        ag.gradient(np.array([True, False]))
