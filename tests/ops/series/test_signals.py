"""Sequences: convolution and correlation against JAX, their modes and orders; interpolation, its kinks and its edges."""

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

RECORDED = json.loads((Path(__file__).parents[2] / "data" / "jax_signals.json").read_text())["cases"]
FEW = settings(max_examples=25, deadline=None, derandomize=True)
MODES = ("full", "same", "valid")


def array(parts, like):
    """What was recorded, as an array with as many axes as ``like``; a complex one as its two parts."""
    x = np.array(parts)
    return x[0] + 1j * x[1] if x.ndim > like else x


def weights(out):
    w = np.cos(np.arange(out.size)).reshape(out.shape)
    return w + 1j * np.sin(2.0 * np.arange(out.size)).reshape(out.shape) if out.dtype.kind == "c" else w


def recorded(*names):
    cases = [case for case in RECORDED if case["name"] in names]
    return pytest.mark.parametrize("case", cases, ids=[f"{case['name']}-{i}" for i, case in enumerate(cases)])


@recorded("convolve", "correlate", "interp")
def test_values_and_gradients_are_those_of_jax(case):
    inputs = [Tensor(array(each, 1), requires_grad=True) for each in case["inputs"]]
    out = getattr(np, case["name"])(*inputs, **case["keywords"])
    np.testing.assert_allclose(out.numpy(), array(case["values"][0], 1), rtol=0, atol=1e-14)
    found = grad_of(out, inputs, weights(out))
    for g, expected in zip(found, case["gradients"], strict=True):
        np.testing.assert_allclose(g.numpy(), array(expected, 1), rtol=0, atol=1e-13)


# ---------------------------------------------------------------- convolution and correlation


@FEW
@given(
    st.sampled_from(["convolve", "correlate"]),
    st.sampled_from(MODES),
    st.integers(1, 7),
    st.integers(1, 7),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
def test_gradients_are_the_transposes(name, mode, n, m, of_complex, seed):
    """Both are linear in each factor: ``<f(x, y), v> = <x, f^T(v)>``; and the gradient's own gradients are right."""
    rng = np.random.default_rng(seed)
    a, b = (rng.normal(size=k) + (1j * rng.normal(size=k) if of_complex else 0) for k in (n, m))
    ta, tb = Tensor(a, requires_grad=True), Tensor(b, requires_grad=True)
    out = getattr(np, name)(ta, tb, mode)
    np.testing.assert_array_equal(out.numpy(), getattr(np, name)(a, b, mode))
    v = weights(out)
    ga, gb = grad_of(out, [ta, tb], v)
    expected = np.sum(np.real(np.conjugate(v) * out.numpy()))
    np.testing.assert_allclose(np.sum(np.real(np.conjugate(ga.numpy()) * a)), expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(np.sum(np.real(np.conjugate(gb.numpy()) * b)), expected, rtol=0, atol=1e-12)
    report = gradcheck(lambda x, y: getattr(ag, name)(x, y, mode), [a, b], order=2)
    assert report, report


@pytest.mark.parametrize("name", ["convolve", "correlate"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_modes_by_number_as_in_numpy(name, number):
    x, y = np.array([1.0, 2.0, 4.0]), np.array([0.5, -1.0])
    expected = getattr(np, name)(x, y, ("valid", "same", "full")[number])
    np.testing.assert_array_equal(getattr(ag, name)(x, y, number), expected)


def test_gradients_call_numpys_kernel_once_each(monkeypatch):
    x, y = Tensor(np.arange(1.0, 6.0), requires_grad=True), Tensor(np.array([1.0, -1.0, 2.0]), requires_grad=True)
    outputs = [ag.convolve(x, y, mode) for mode in MODES]
    calls = []
    for each in ("convolve", "correlate"):
        original = getattr(np, each)
        monkeypatch.setattr(np, each, lambda *a, original=original, each=each: calls.append(each) or original(*a))
    for out in outputs:
        grad_of(out, [x, y], weights(out))
    assert calls == ["correlate"] * 6


def test_the_gradient_of_a_moving_average():
    x = Tensor(np.array([1.0, 2.0, 6.0, 3.0]), requires_grad=True)
    out = np.convolve(x, np.ones(2) / 2, "valid")
    np.testing.assert_array_equal(grad_of(out, x, np.array([1.0, 2.0, 4.0])).numpy(), [0.5, 1.5, 3.0, 2.0])


@pytest.mark.parametrize("name", ["convolve", "correlate"])
def test_messages_name_what_is_no_sequence(name):
    with pytest.raises(ValueError, match=rf"{name}: expected x2 as a sequence of at least one number, received shape \(0,\)"):
        getattr(ag, name)([1.0], [])
    with pytest.raises(ValueError, match=rf"{name}: expected x1 as a sequence of at least one number, received shape \(2, 2\)"):
        getattr(ag, name)(np.eye(2), [1.0])
    with pytest.raises(ValueError, match=rf"{name}: expected mode 'full', 'same' or 'valid', received 'circular'"):
        getattr(ag, name)([1.0], [2.0], "circular")


# ---------------------------------------------------------------- interpolation

XP, FP = np.array([0.0, 1.0, 3.0]), np.array([2.0, 4.0, 3.0])


def slopes_at(places, **keywords):
    x = Tensor(np.array(places), requires_grad=True)
    return grad_of(ag.interp(x, XP, FP, **keywords), x, np.ones(len(places))).numpy()


def test_the_derivative_at_a_knot_is_that_to_its_right():
    np.testing.assert_array_equal(slopes_at([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0]), [0, 2, 2, -0.5, -0.5, -0.5, 0])
    np.testing.assert_array_equal(slopes_at([-1.0, 0.0, 3.0, 4.0], left=9.0, right=9.0), [0, 2, -0.5, 0])


def test_gradients_of_the_points():
    xp, fp = Tensor(XP, requires_grad=True), Tensor(FP, requires_grad=True)
    out = ag.interp(np.array([-1.0, 0.25, 2.5, 5.0]), xp, fp)
    gx, gf = grad_of(out, [xp, fp], np.array([1.0, 10.0, 100.0, 1000.0]))
    np.testing.assert_allclose(gf.numpy(), [1 + 7.5, 2.5 + 25, 75 + 1000], rtol=1e-15)
    np.testing.assert_allclose(gx.numpy(), [-2 * 7.5, -2 * 2.5 + 0.5 * 25, 0.5 * 75], rtol=1e-15)


def test_values_beyond_the_knots_have_gradients():
    left, right = Tensor(-1.0, requires_grad=True), Tensor(7.0, requires_grad=True)
    out = ag.interp(np.array([-2.0, -1.0, 0.5, 4.0]), XP, FP, left, right)
    np.testing.assert_array_equal(out.numpy(), [-1, -1, 3, 7])
    gl, gr = grad_of(out, [left, right], np.array([1.0, 2.0, 4.0, 8.0]))
    assert (gl.item(), gr.item()) == (3.0, 8.0)


def test_one_point_and_equal_points():
    x = Tensor(np.array([-1.0, 2.0, 5.0]), requires_grad=True)
    fp = Tensor(np.array([4.0]), requires_grad=True)
    out = ag.interp(x, [2.0], fp, left=0.0)
    np.testing.assert_array_equal(out.numpy(), [0, 4, 4])
    np.testing.assert_array_equal(grad_of(out, fp, np.array([1.0, 2.0, 3.0])).numpy(), [5])
    assert isinstance(ag.interp(x, [2.0], [4]), Tensor)
    fp = Tensor(np.array([4.0, 5.0, 6.0]), requires_grad=True)
    out = ag.interp(x, [1.0, 2.0, 2.0], fp)
    np.testing.assert_array_equal(out.numpy(), [4, 6, 6])
    gx, gf = grad_of(out, [x, fp], np.array([1.0, 2.0, 3.0]))
    np.testing.assert_array_equal(gf.numpy(), [1, 0, 5])
    assert np.all(np.isfinite(gx.numpy()))


def test_a_period_is_differentiated():
    knots = np.array([0.4, 1.5, 2.1])
    report = gradcheck(
        lambda x, xp, fp, period: ag.interp(x, xp, fp, period=period),
        [np.array([-1.2, 0.1, 1.7, 9.2]), knots, np.array([1.0, -2.0, 0.5]), np.array(2.5)],
        order=2,
    )
    assert report, report
    x = np.linspace(-5, 5, 23)
    for period in (2.5, -2.5):
        expected = np.interp(x, knots, [1.0, -2.0, 0.5], period=period)
        np.testing.assert_array_equal(ag.interp(Tensor(x), knots, [1.0, -2.0, 0.5], period=period).numpy(), expected)


def test_places_far_beyond_and_undefined_ones():
    x = Tensor(np.array([np.inf, -np.inf, 0.5]), requires_grad=True)
    fp = Tensor(FP, requires_grad=True)
    gx, gf = grad_of(ag.interp(x, XP, fp), [x, fp], np.ones(3))
    np.testing.assert_array_equal(gx.numpy(), [0, 0, 2])
    np.testing.assert_array_equal(gf.numpy(), [1.5, 0.5, 1])
    assert np.isnan(ag.interp(Tensor(np.nan), XP, FP).item())


def test_interpolation_is_in_double_precision_as_in_numpy():
    single = [each.astype(np.float32) for each in (np.array([0.3, 2.0]), XP, FP)]
    assert np.interp(*single).dtype == np.float64
    tensors = [Tensor(each, requires_grad=True) for each in single]
    out = ag.interp(*tensors)
    assert out.dtype == np.float64
    assert [g.dtype for g in grad_of(out, tensors, np.ones(2))] == [np.float32] * 3


def test_messages_of_interpolation():
    with pytest.raises(ValueError, match=r"interp: expected xp and fp as two sequences of the same length.*\(2,\) and \(3,\)"):
        ag.interp(0.5, [0.0, 1.0], FP)
    with pytest.raises(TypeError, match=r"interp: expected real places, received x in complex128"):
        ag.interp(0.5j, XP, FP)
    with pytest.raises(TypeError, match=r"interp: expected left as a number that fits to fp \(float64\)"):
        ag.interp(0.5, XP, FP, left=1j)
    with pytest.raises(ValueError, match="interp: expected a period other than 0"):
        ag.interp(Tensor(0.5), XP, FP, period=0)
