"""relu, sigmoid, softplus and the softmax family: against SciPy, mpmath, closed forms and finite differences."""

import mpmath
import numpy as np
import pytest
import scipy.special

from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.elementwise.activation import log_softmax, logsumexp, relu, sigmoid, softmax, softplus
from autograd.tensors import Tensor

ONE_BY_ONE = [relu, sigmoid, softplus]
FAMILY = [softmax, log_softmax, logsumexp]
INF = np.inf


def leaf(x, dtype=None):
    return Tensor(x, dtype, requires_grad=True)


def gradient(f, x, cotangent=None):
    x = leaf(x)
    return grad_of(f(x), x, cotangent).numpy()


# ---------------------------------------------------------------- accuracy


def exact(f, x):
    """An mpmath function at the numbers that the array really holds, rounded once."""
    with mpmath.workdps(60):
        return np.array([float(f(mpmath.mpf(float(each)))) for each in x])


POINTS = np.concatenate([np.linspace(-745, 745, 373), np.linspace(-40, 40, 331), [-1e-300, 0.0, 1e-300, 1e308, -1e308]])


def test_sigmoid_has_full_relative_accuracy_in_double_precision():
    normal = POINTS[POINTS > -708]
    expected = exact(lambda x: 1 / (1 + mpmath.exp(-x)), normal)
    np.testing.assert_allclose(sigmoid(normal), expected, rtol=8e-16)


def test_sigmoid_reaches_into_the_subnormal_numbers():
    x = np.array([-709.5, -720.0, -740.0, -745.0])
    expected = exact(lambda x: 1 / (1 + mpmath.exp(-x)), x)
    assert np.all(sigmoid(x) > 0)
    np.testing.assert_allclose(sigmoid(x), expected, rtol=0, atol=5e-324)


def test_sigmoid_has_full_relative_accuracy_in_single_precision():
    x = np.linspace(-87, 100, 500).astype(np.float32)
    out = sigmoid(x)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, exact(lambda x: 1 / (1 + mpmath.exp(-x)), x), rtol=5e-7)


def test_sigmoid_in_half_precision():
    x = np.linspace(-9, 60, 200).astype(np.float16)
    out = sigmoid(x)
    assert out.dtype == np.float16
    np.testing.assert_allclose(out.astype(float), scipy.special.expit(x.astype(float)), rtol=4e-3)


@pytest.mark.parametrize(
    ("x", "expected"),
    [(-INF, 0.0), (INF, 1.0), (-1e5, 0.0), (1e5, 1.0), (0.0, 0.5), (40.0, 1.0), (0, 0.5), (True, 1 / (1 + np.exp(-1)))],
)
def test_sigmoid_of_numbers(x, expected):
    out = sigmoid(x)
    assert isinstance(out, np.float64)
    assert out == pytest.approx(expected, rel=2e-16, abs=0)


def test_softplus_is_accurate():
    points = POINTS[POINTS > -708]
    expected = exact(lambda x: x + mpmath.log1p(mpmath.exp(-x)) if x > 0 else mpmath.log1p(mpmath.exp(x)), points)
    np.testing.assert_allclose(softplus(points), expected, rtol=8e-16)


@pytest.mark.parametrize(("x", "expected"), [(-INF, 0.0), (INF, INF), (-1e5, 0.0), (1e5, 1e5)])
def test_softplus_at_the_ends(x, expected):
    assert softplus(x) == expected


@pytest.mark.parametrize("f", [*ONE_BY_ONE, *FAMILY])
def test_nan_stays_nan(f):
    assert np.isnan(f(np.array([1.0, np.nan]))).any()


@pytest.mark.parametrize("offset", [0.0, 1e4, -1e4, 1e300, -1e300])
def test_logsumexp_is_accurate_wherever_the_logits_lie(offset):
    x = np.array([0.5, -1.0, 2.0, -30.0]) + offset
    with mpmath.workdps(60):
        top = mpmath.mpf(float(x.max()))
        expected = float(top + mpmath.log(mpmath.fsum(mpmath.exp(mpmath.mpf(float(each)) - top) for each in x)))
    np.testing.assert_allclose(logsumexp(x), expected, rtol=4e-16)


def test_log_softmax_is_exact_where_softmax_rounds_to_zero():
    np.testing.assert_array_equal(log_softmax(np.array([0.0, 2000.0])), [-2000.0, 0.0])
    np.testing.assert_array_equal(softmax(np.array([0.0, 2000.0])), [0.0, 1.0])


@pytest.mark.parametrize("f", FAMILY)
def test_large_logits_in_single_precision_stay_finite(f):
    x = leaf(np.array([[1e4, -1e4, 1e4], [-1e4, -1e4, 0.0]]), np.float32)
    out = f(x, axis=1)
    assert out.dtype == np.float32
    assert np.isfinite(out.numpy()).all()
    g = grad_of(out, x, np.ones(out.shape))
    assert g.dtype == np.float32
    assert np.isfinite(g.numpy()).all()


def test_the_gradient_of_logsumexp_adds_up_to_one_however_large_the_logits():
    # exp(x - out) would be wrong by the rounding of out, 5e-4 at 1e4 in single precision
    x = np.float32([9999.5, 1e4, 9998.25])
    g = gradient(logsumexp, x)
    np.testing.assert_allclose(g, scipy.special.softmax(x.astype(float)), rtol=3e-7)


# ---------------------------------------------------------------- values against SciPy


@pytest.mark.parametrize("shape_axis", [((4,), -1), ((3, 4), 0), ((3, 4), -1), ((2, 3, 4), 1), ((2, 3), None), ((), None)])
@pytest.mark.parametrize("f", FAMILY)
def test_scipy_gives_the_same(f, shape_axis):
    shape, axis = shape_axis
    x = np.random.default_rng(0).normal(scale=10, size=shape)
    expected = getattr(scipy.special, f.__name__)(x, axis=axis)
    for out in (f(x, axis=axis), f(Tensor(x), axis=axis).numpy()):
        np.testing.assert_allclose(out, expected, rtol=1e-14, atol=1e-15)
        assert out.shape == expected.shape


@pytest.mark.parametrize("axis", [(0, 2), (1,), (-1, 0), ()])
@pytest.mark.parametrize("f", [softmax, logsumexp])
def test_several_axes_as_in_scipy(f, axis):
    x = np.random.default_rng(1).normal(size=(2, 3, 4))
    np.testing.assert_allclose(f(x, axis=axis), getattr(scipy.special, f.__name__)(x, axis=axis), rtol=1e-14)


def test_log_softmax_over_several_axes_is_the_logarithm_of_softmax():
    x = np.random.default_rng(1).normal(size=(2, 3, 4))
    np.testing.assert_allclose(log_softmax(x, axis=(0, 2)), np.log(scipy.special.softmax(x, axis=(0, 2))), rtol=1e-13)


@pytest.mark.parametrize("axis", [None, 0, (0, 1)])
def test_logsumexp_keeps_dimensions(axis):
    x = np.random.default_rng(2).normal(size=(3, 4))
    expected = scipy.special.logsumexp(x, axis=axis, keepdims=True)
    out = logsumexp(x, axis=axis, keepdims=True)
    assert out.shape == expected.shape
    np.testing.assert_allclose(out, expected, rtol=1e-15)


def test_softmax_runs_along_the_last_axis_and_logsumexp_over_all_by_default():
    x = np.random.default_rng(3).normal(size=(3, 4))
    np.testing.assert_allclose(softmax(x).sum(1), np.ones(3), rtol=1e-15)
    assert logsumexp(x).shape == ()


@pytest.mark.parametrize("f", [*ONE_BY_ONE, *FAMILY])
def test_layout_in_memory_makes_no_difference(f):
    x = np.random.default_rng(4).normal(size=(6, 8))
    for view in (x.T, x[::2, ::-1], np.asfortranarray(x)):
        kept = view.copy()
        np.testing.assert_allclose(f(view), f(np.ascontiguousarray(view)), rtol=1e-15)
        np.testing.assert_array_equal(view, kept)


@pytest.mark.parametrize("f", [*ONE_BY_ONE, *FAMILY])
def test_lists_integers_and_numbers(f):
    np.testing.assert_allclose(f([1, 2, 3]), f(np.array([1.0, 2.0, 3.0])), rtol=1e-15)
    out = f(Tensor([1, 2, 3]))
    assert isinstance(out, Tensor)
    np.testing.assert_allclose(out.numpy(), f(np.array([1.0, 2.0, 3.0])), rtol=1e-15)


def test_relu_keeps_integers():
    out = relu(np.array([-2, 3]))
    assert out.dtype == np.int64
    np.testing.assert_array_equal(out, [0, 3])


def test_a_tensor_without_dimensions():
    for f in ONE_BY_ONE:
        x = leaf(0.75)
        y = f(x)
        assert isinstance(y._value, np.float64)
        y.backward()
        assert x.grad.shape == ()
    x = leaf(0.75)
    logsumexp(x).backward()
    assert x.grad.item() == 1.0
    for f in (*ONE_BY_ONE, logsumexp):
        assert f(np.array(0.75)) == f(0.75)
    for f in FAMILY:
        assert f(np.array(0.75), axis=None) == f(np.array([0.75]))[..., None].sum()


# ---------------------------------------------------------------- -inf


def test_entries_of_minus_infinity_count_nothing():
    x = np.array([0.0, -INF, np.log(3.0)])
    assert logsumexp(x) == pytest.approx(np.log(4.0), rel=1e-15)
    np.testing.assert_allclose(softmax(x), [0.25, 0.0, 0.75], rtol=1e-15)
    np.testing.assert_allclose(log_softmax(x), [np.log(0.25), -INF, np.log(0.75)], rtol=1e-15)
    np.testing.assert_allclose(gradient(logsumexp, x), [0.25, 0.0, 0.75], rtol=1e-15)
    np.testing.assert_allclose(gradient(softmax, x, [1.0, 1.0, 0.0]), [0.1875, 0.0, -0.1875], rtol=1e-14)


def test_slices_of_minus_infinity():
    x = np.array([[-INF, -INF], [0.0, 0.0]])
    np.testing.assert_allclose(logsumexp(x, axis=1), [-INF, np.log(2)])
    np.testing.assert_array_equal(softmax(x), [[0, 0], [0.5, 0.5]])
    np.testing.assert_allclose(log_softmax(x), [[-INF, -INF], [-np.log(2), -np.log(2)]])
    np.testing.assert_array_equal(gradient(lambda t: logsumexp(t, axis=1), x, [1.0, 1.0]), [[0, 0], [0.5, 0.5]])
    np.testing.assert_array_equal(gradient(softmax, x, [[1.0, 0], [1.0, 0]]), [[0, 0], [0.25, -0.25]])


def test_a_slice_of_minus_infinity_has_second_derivative_zero():
    x = leaf([[-INF, -INF], [0.0, 0.0]])
    (slope,) = grad_of([logsumexp(x, axis=1)], [x], [[1.0, 1.0]], create_graph=True)
    np.testing.assert_array_equal(grad_of(slope, x, [[1.0, 0], [1.0, 0]]).numpy(), [[0, 0], [0.25, -0.25]])


def test_infinity_wins():
    assert logsumexp(np.array([1.0, INF, -INF])) == INF


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_nothing(shape):
    x = np.zeros(shape)
    np.testing.assert_array_equal(logsumexp(x, axis=0), np.full(shape[1:], -INF if shape[0] == 0 else 0.0))
    for f in (softmax, log_softmax):
        assert f(x).shape == shape
        assert gradient(f, x, np.ones(shape)).shape == shape


# ---------------------------------------------------------------- derivatives


def test_relu_has_slope_zero_at_the_kink():
    np.testing.assert_array_equal(gradient(relu, [-1.0, 0.0, 2.0], [3.0, 3.0, 3.0]), [0.0, 0.0, 3.0])


def test_derivatives_in_closed_form():
    x = np.linspace(-4, 4, 9)
    s = scipy.special.expit(x)
    ones = np.ones(9)
    np.testing.assert_allclose(gradient(sigmoid, x, ones), s * (1 - s), rtol=1e-14)
    np.testing.assert_allclose(gradient(softplus, x, ones), s, rtol=1e-14)
    p = scipy.special.softmax(x)
    jacobian = np.array([gradient(softmax, x, row) for row in np.eye(9)])
    np.testing.assert_allclose(jacobian, np.diag(p) - np.outer(p, p), rtol=1e-12, atol=1e-16)
    jacobian = np.array([gradient(log_softmax, x, row) for row in np.eye(9)])
    np.testing.assert_allclose(jacobian, np.eye(9) - p, rtol=1e-12, atol=1e-15)


def test_the_hessian_of_logsumexp_is_the_jacobian_of_softmax():
    x = leaf(np.linspace(-1, 1, 4))
    slope = grad_of(logsumexp(x), x, create_graph=True)
    hessian = np.array([grad_of(slope, x, row, retain_graph=True).numpy() for row in np.eye(4)])
    p = scipy.special.softmax(np.linspace(-1, 1, 4))
    np.testing.assert_allclose(hessian, np.diag(p) - np.outer(p, p), rtol=1e-13)


@pytest.mark.parametrize("f", [sigmoid, softplus, *FAMILY])
@pytest.mark.parametrize("scale", [1.0, 8.0])
def test_third_derivatives_agree_with_finite_differences(f, scale):
    x = np.random.default_rng(5).normal(scale=scale, size=(2, 3))
    report = gradcheck(f, [x], order=3)
    assert report, report


@pytest.mark.parametrize("x", [-800.0, -1e5, 800.0, 1e5])
@pytest.mark.parametrize("f", [sigmoid, softplus])
def test_derivatives_far_out_are_finite(f, x):
    t = leaf(x)
    first = grad_of(f(t), t, create_graph=True)
    assert first.item() == (f is softplus and x > 0)
    assert grad_of(first, t).item() == 0.0


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("f", [*ONE_BY_ONE, *FAMILY])
@pytest.mark.parametrize("make", [np.asarray, leaf])
def test_complex_numbers_are_refused(f, make):
    with pytest.raises(TypeError, match=rf"{f.__name__}\(x: complex128 \(2,\).*expected real numbers.*ag\.real"):
        f(make([1 + 1j, 2.0]))


@pytest.mark.parametrize("f", FAMILY)
@pytest.mark.parametrize("axis", [2, -3, (0, 5)])
def test_axes_that_are_not_there(f, axis):
    with pytest.raises(np.exceptions.AxisError, match="out of bounds for array of dimension 2"):
        f(np.ones((2, 3)), axis=axis)


@pytest.mark.parametrize("f", FAMILY)
def test_an_axis_named_twice(f):
    with pytest.raises(ValueError, match="repeated axis"):
        f(np.ones((2, 3)), axis=(0, -2))
