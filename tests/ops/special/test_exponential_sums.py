"""``logsumexp`` with weights and signs, ``softmax`` and ``log_softmax`` over all axes: against SciPy and closed forms."""

import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd as ag
from autograd import special
from autograd.engine import grad_of
from autograd.tensors import Tensor

INF = np.inf
CALLS = [
    {},
    {"axis": 0},
    {"axis": (0, 2), "keepdims": True},
    {"b": 2.0, "axis": -1},
    {"b": np.array([0.0, 1.0, 2.0, -0.5]), "axis": 2, "return_sign": True},
    {"b": np.array([[1.0], [-3.0], [1.0]]), "return_sign": True},
    {"b": np.array([[1.0], [-3.0], [1.0]])},
    {"axis": 1, "return_sign": True},
]


@pytest.mark.parametrize("keywords", CALLS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
def test_values_are_those_of_scipy(keywords, dtype):
    rng = np.random.default_rng(0)
    x = (rng.normal(size=(2, 3, 4)) + (1j * rng.normal(size=(2, 3, 4)) if dtype == np.complex128 else 0)).astype(dtype)
    keywords = {k: v.astype(dtype) if isinstance(v, np.ndarray) else v for k, v in keywords.items()}
    ours, theirs = special.logsumexp(x, **keywords), scipy.special.logsumexp(x, **keywords)
    for actual, expected in zip(*[each if isinstance(each, tuple) else (each,) for each in (ours, theirs)], strict=True):
        assert np.shape(actual) == np.shape(expected)
        assert actual.dtype == expected.dtype
        np.testing.assert_allclose(actual, expected, rtol=1e-13 if dtype != np.float32 else 1e-5)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(
    hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1000, 1000)),
    st.sampled_from([None, 0, -1]),
)
def test_without_weights_it_is_the_plain_one(x, axis):
    np.testing.assert_allclose(special.logsumexp(x, axis), ag.logsumexp(x, axis), rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(special.logsumexp(x, axis, 3), ag.logsumexp(x, axis) + np.log(3), rtol=1e-14, atol=1e-13)


def gradients(x, b, **keywords):
    x, b = Tensor(x, requires_grad=True), Tensor(b, requires_grad=True)
    out = special.logsumexp(x, b=b, **keywords)
    return [each.numpy() for each in grad_of(out[0] if isinstance(out, tuple) else out, [x, b])]


def test_gradients_in_closed_form_without_overflow():
    """b exp(x - out) and exp(x - out), for a sum of 1000 * (1 - 0.5)."""
    by_x, by_b = gradients([1000.0, 1000.0], [1.0, -0.5], return_sign=True)
    np.testing.assert_allclose(by_x, [2.0, -1.0], rtol=1e-14)
    np.testing.assert_allclose(by_b, [2.0, 2.0], rtol=1e-14)


def test_a_weight_0_takes_an_element_out():
    x, b = np.array([0.0, 1.0, 5000.0, INF]), np.array([1.0, 1.0, 0.0, 0.0])
    assert special.logsumexp(x, b=b) == pytest.approx(np.logaddexp(0, 1), rel=1e-15)
    t = Tensor(x, requires_grad=True)
    np.testing.assert_allclose(grad_of(special.logsumexp(t, b=b), t).numpy(), [*scipy.special.softmax([0.0, 1.0]), 0, 0])
    by_x, by_b = gradients([0.0, 1.0], [0.0, 2.0])
    np.testing.assert_array_equal(by_x, [0.0, 1.0])
    np.testing.assert_allclose(by_b, [np.exp(-1) / 2, 0.5], rtol=1e-15)


def test_a_sum_of_0_has_derivative_0():
    assert special.logsumexp(np.array([3.0, 3.0]), b=np.array([1.0, -1.0]), return_sign=True) == (-INF, 0.0)
    by_x, by_b = gradients([3.0, 3.0], [1.0, -1.0], return_sign=True)
    assert by_x.tolist() == by_b.tolist() == [0.0, 0.0]
    by_x, by_b = gradients([-INF, -INF], [1.0, 2.0])
    assert by_x.tolist() == by_b.tolist() == [0.0, 0.0]


def test_infinite_exponents():
    assert special.logsumexp(np.array([1.0, INF]), b=2.0) == INF
    assert special.logsumexp(np.array([1.0, -INF]), b=2.0) == 1 + np.log(2.0)
    assert special.logsumexp(np.array([-INF, -INF]), return_sign=True) == (-INF, 0.0)
    np.testing.assert_array_equal(special.logsumexp(np.zeros((0, 2)), 0, np.ones((0, 2))), [-INF, -INF])


def test_a_negative_sum_is_nan_without_its_sign():
    assert np.isnan(special.logsumexp(np.array([1.0]), b=-1.0))
    assert special.logsumexp(np.array([1.0]), b=-1.0, return_sign=True) == (1.0, -1.0)


def test_weights_that_do_not_broadcast_are_refused():
    with pytest.raises(ValueError, match=r"logsumexp: x of shape \(3,\) and b of shape \(2,\) do not broadcast"):
        special.logsumexp(np.zeros(3), b=np.ones(2))


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_goes_over_all_axes_as_in_scipy(name):
    x = np.random.default_rng(0).normal(size=(2, 3))
    for keywords in ({}, {"axis": 1}, {"axis": (0, 1)}):
        ours, theirs = getattr(special, name)(x, **keywords), getattr(scipy.special, name)(x, **keywords)
        np.testing.assert_allclose(ours, theirs, rtol=1e-14)


def test_nothing_here_needs_scipy(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "scipy.special", None)
    assert special.logsumexp([0.0, 0.0], b=[1.0, 1.0]) == np.log(2.0)
