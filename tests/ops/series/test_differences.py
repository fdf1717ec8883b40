"""Differences of neighbours: against JAX, their transposes, what is put before and after; areas; unwrapped angles; messages."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.engine import grad_of
from autograd.errors import ConversionError
from autograd.tensors import Tensor

RECORDED = [
    case
    for case in json.loads((Path(__file__).parents[2] / "data" / "jax_signals.json").read_text())["cases"]
    if case["name"] in ("diff", "trapezoid", "unwrap")
]
FEW = settings(max_examples=25, deadline=None, derandomize=True)


def weights(out):
    return np.cos(np.arange(out.size)).reshape(out.shape)


@pytest.mark.parametrize("case", RECORDED, ids=[f"{case['name']}-{i}" for i, case in enumerate(RECORDED)])
def test_values_and_gradients_are_those_of_jax(case):
    inputs = [Tensor(np.array(each), requires_grad=True) for each in case["inputs"]]
    out = getattr(np, case["name"])(*inputs, **case["keywords"])
    np.testing.assert_allclose(out.numpy(), case["values"][0], rtol=0, atol=1e-14)
    for g, expected in zip(grad_of(out, inputs, weights(out)), case["gradients"], strict=True):
        np.testing.assert_allclose(g.numpy(), expected, rtol=0, atol=1e-14)


# ---------------------------------------------------------------- diff, ediff1d


@FEW
@given(st.lists(st.integers(0, 4), min_size=1, max_size=3), st.integers(0, 5), st.data())
def test_the_gradient_of_diff_is_its_transpose(shape, n, data):
    """``<D x, v> = <x, D^T v>``, also where nothing is left."""
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    rng = np.random.default_rng(n)
    x = rng.normal(size=shape)
    t = Tensor(x, requires_grad=True)
    out = np.diff(t, n, axis)
    np.testing.assert_array_equal(out.numpy(), np.diff(x, n, axis))
    v = rng.normal(size=out.shape)
    g = grad_of(out, t, v)
    assert g.shape == x.shape
    np.testing.assert_allclose(np.sum(g.numpy() * x), np.sum(v * out.numpy()), rtol=0, atol=1e-10)


def test_what_is_put_before_and_after_has_gradients():
    x, before, after = (Tensor(each, requires_grad=True) for each in (np.array([[1.0, 4.0]]), 2.0, np.array([[7.0]])))
    out = ag.diff(x, prepend=before, append=after)
    np.testing.assert_array_equal(out.numpy(), [[-1, 3, 3]])
    gx, gb, ga = grad_of(out, [x, before, after], np.array([[1.0, 10.0, 100.0]]))
    np.testing.assert_array_equal(gx.numpy(), [[-9, -90]])
    np.testing.assert_array_equal(ga.numpy(), [[100]])
    assert gb.item() == -1
    single = np.array([1.0, 2.0], np.float32)
    assert ag.diff(single, prepend=0).dtype == np.diff(single, prepend=0).dtype
    np.testing.assert_array_equal(np.diff(x, prepend=0).numpy(), [[1, 3]])


def test_truth_values_differ_or_not():
    t = Tensor(np.array([True, False, False, True]))
    np.testing.assert_array_equal(np.diff(t).numpy(), [True, False, True])
    np.testing.assert_array_equal(np.diff(t, 2).numpy(), [True, True])
    with pytest.raises(TypeError, match="boolean subtract"):
        ag.ediff1d(t)


def test_ediff1d_keeps_the_dtype():
    x = Tensor(np.array([1.0, 2.0, 5.0], np.float32), requires_grad=True)
    end = Tensor(np.array([[3.0, 4.0]]), requires_grad=True)
    out = np.ediff1d(x, to_end=end, to_begin=0.25)
    assert out.dtype == np.float32
    np.testing.assert_array_equal(out.numpy(), [0.25, 1, 3, 3, 4])
    gx, ge = grad_of(out, [x, end], np.arange(1.0, 6.0))
    np.testing.assert_array_equal(gx.numpy(), [-2, -1, 3])
    np.testing.assert_array_equal(ge.numpy(), [[4, 5]])
    assert ge.dtype == np.float64
    with pytest.raises(
        TypeError, match="ediff1d: expected to_end in a dtype that fits into that of x, int64; received float64"
    ):
        ag.ediff1d(np.array([1, 2]), 0.5)


# ---------------------------------------------------------------- trapezoid, unwrap


def test_the_area_under_a_parabola():
    x = np.linspace(0, 1, 101) ** 1.5
    t = Tensor(x, requires_grad=True)
    area = np.trapezoid(t * t, t)
    np.testing.assert_allclose(area.item(), 1 / 3, atol=1e-4)
    area.backward()
    np.testing.assert_allclose(t.grad.numpy()[-1], 1, atol=0.02)  # the integrand where the integral ends
    np.testing.assert_allclose(np.sum(t.grad.numpy() * x), 3 * area.item(), rtol=1e-12)  # it scales with the cube


def test_areas_of_too_few_points_are_zero():
    for length in (0, 1):
        y = Tensor(np.ones((2, length)), requires_grad=True)
        out = ag.trapezoid(y)
        np.testing.assert_array_equal(out.numpy(), [0, 0])
        np.testing.assert_array_equal(grad_of(out, y, np.ones(2)).numpy(), np.zeros((2, length)))


def test_the_distance_of_points_has_a_gradient():
    dx = Tensor(0.5, requires_grad=True)
    ag.trapezoid(np.array([1.0, 3.0, 5.0]), dx=dx).backward()
    assert dx.grad.item() == 6.0


def test_unwrapped_angles_move_with_the_angles():
    angles = np.array([0.0, 2.0, -2.5, -0.5, 1.0, 3.0, -3.0])
    t = Tensor(angles, requires_grad=True)
    out = np.unwrap(t)
    np.testing.assert_array_equal(out.numpy(), np.unwrap(angles))
    v = np.arange(7.0)
    np.testing.assert_array_equal(grad_of(out, t, v).numpy(), v)
    with pytest.raises(ConversionError):
        np.unwrap(t, period=Tensor(6.0, requires_grad=True))
    np.testing.assert_array_equal(np.unwrap(t, period=Tensor(4.0)).numpy(), np.unwrap(angles, period=4.0))


def test_messages():
    with pytest.raises(ValueError, match="diff: expected n of at least 0, received -1"):
        ag.diff([1.0], -1)
    with pytest.raises(ValueError, match="diff: expected an array of at least one axis, received a number"):
        ag.diff(1.0)
