"""Sums, products, means and spreads without NaN: values and warnings against NumPy, gradients that never reach a NaN."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.reductions.nans import nancumprod, nancumsum, nanmean, nanprod, nanstd, nansum, nanvar
from autograd.tensors import Tensor

ALONG_AXES = [nansum, nanprod, nanmean, nanvar, nanstd]
STARTED = [nansum, nanprod]
SPREADS = [nanvar, nanstd]
RUNNING = [nancumsum, nancumprod]

HOLES = np.array([[False, True, False, False], [True, True, True, True], [False, False, False, True]])
MASK = np.array([[True, True, False, True], [True, False, True, True], [True, False, True, True]])


def leaf(x):
    return Tensor(x, requires_grad=True)


def holed(seed=0, dtype=np.float64):
    x = np.random.default_rng(seed).normal(size=(3, 4)).astype(dtype)
    if np.dtype(dtype).kind == "c":
        x = x + 1j * x[::-1, ::-1]
    return np.where(HOLES, x.dtype.type(np.nan), x)


def outcome(f, *arguments, **keywords):
    """What a call returned, as an array, or the class of what it raised; and what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = f(*arguments, **keywords)
        except Exception as error:
            return type(error), []
    result = result.numpy() if isinstance(result, Tensor) else result
    return np.asarray(result), [(each.category, str(each.message)) for each in caught]


def assert_same_outcome(f, x, **keywords):
    """Ours on an array, on a tensor and through NumPy's function, against NumPy: value or class of the error, and warnings."""
    theirs = getattr(np, f.__name__)
    expected, warned = outcome(theirs, x, **keywords)
    t = Tensor(x, requires_grad=np.asarray(x).dtype.kind in "fc")
    for found, ours in (outcome(f, x, **keywords), outcome(f, t, **keywords), outcome(theirs, t, **keywords)):
        if isinstance(expected, type):
            assert found is expected
            continue
        assert ours == warned
        assert found.dtype == expected.dtype
        assert found.shape == expected.shape
        eps = np.finfo(found.dtype).eps if found.dtype.kind in "fc" else 0.0
        np.testing.assert_allclose(found, expected, rtol=8 * eps)


# ---------------------------------------------------------------- values and warnings


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.complex128, np.complex64])
@pytest.mark.parametrize(("axis", "keepdims"), [(None, False), (0, False), (1, False), (-1, True), ((0, 1), True), ((), False)])
@pytest.mark.parametrize("f", ALONG_AXES)
def test_values_and_warnings_are_numpys(f, axis, keepdims, dtype):
    assert_same_outcome(f, holed(dtype=dtype), axis=axis, keepdims=keepdims)
    assert_same_outcome(f, holed(dtype=dtype), axis=axis, keepdims=keepdims, where=MASK)


@pytest.mark.parametrize("x", [np.nan, 2.5, 3, True, [1.0, np.nan], [], np.array(np.nan), np.arange(6).reshape(2, 3)])
@pytest.mark.parametrize("f", [*ALONG_AXES, *RUNNING])
def test_numbers_lists_and_whole_numbers(f, x):
    assert_same_outcome(f, x)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128, np.int64])
@pytest.mark.parametrize("f", [*ALONG_AXES, *RUNNING])
def test_the_dtype_to_compute_in_is_numpys(f, dtype):
    if f is not nanstd or dtype is not np.int64:
        assert_same_outcome(f, holed(), axis=0, dtype=dtype)
        assert_same_outcome(f, np.arange(6).reshape(2, 3), axis=1, dtype=dtype)


@pytest.mark.parametrize("initial", [2.5, 3, np.float32(0.5), np.array(1.5)])
@pytest.mark.parametrize("f", STARTED)
def test_initial_values_are_numpys(f, initial):
    assert_same_outcome(f, holed(), axis=1, initial=initial)
    assert_same_outcome(f, holed(), initial=initial, where=MASK)


@pytest.mark.parametrize(
    "keywords", [{"ddof": 1}, {"correction": 2}, {"ddof": 0.5, "axis": 0}, {"mean": 0.25}, {"axis": 1, "ddof": 4}]
)
@pytest.mark.parametrize("f", SPREADS)
def test_degrees_of_freedom_and_given_means_are_numpys(f, keywords):
    assert_same_outcome(f, holed(), **keywords)
    assert_same_outcome(f, holed(), **keywords, where=MASK)
    assert_same_outcome(f, holed(dtype=complex), **keywords)


@pytest.mark.parametrize("f", RUNNING)
@pytest.mark.parametrize("axis", [None, 0, 1, -1])
def test_running_results_are_numpys(f, axis):
    assert_same_outcome(f, holed(), axis=axis)
    assert_same_outcome(f, holed(dtype=np.complex64), axis=axis)


@pytest.mark.parametrize("f", SPREADS)
def test_a_complex_mean_of_real_numbers_loses_its_imaginary_part_as_in_numpy(f):
    with pytest.warns(np.exceptions.ComplexWarning):
        expected = getattr(np, f.__name__)(np.array([1.0, np.nan, 4.0]), mean=np.array(2 + 1j))
    with pytest.warns(np.exceptions.ComplexWarning):
        assert f(np.array([1.0, np.nan, 4.0]), mean=np.array(2 + 1j)) == expected


@pytest.mark.parametrize("f", SPREADS)
def test_one_argument_under_two_names(f):
    with pytest.raises(ValueError, match=f"{f.__name__}: ddof and correction are two names .* ddof=1 and correction=2"):
        f(holed(), ddof=1, correction=2)


@pytest.mark.parametrize("f", [nanmean, nanvar, nanstd])
def test_a_dtype_of_whole_numbers(f):
    with pytest.raises(TypeError, match=rf"{f.__name__}\(x: float64 \(2,\).*dtype must be inexact"):
        f(leaf([1.0, 2.0]), dtype=int)


# ---------------------------------------------------------------- gradients


def through_holes(f, holes, **keywords):
    """``f`` of the input with NaN put in, and 0 where that is undefined."""

    def call(x, *rest):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            out = f(np.where(holes, np.nan, x), *rest, **keywords)
        values = out.numpy()
        return np.where(np.isfinite(values), out, 0) if not np.isfinite(values).all() else out

    return call


@pytest.mark.parametrize("axis", [None, 0, 1, (0, 1)])
@pytest.mark.parametrize("where", [True, MASK, MASK[0]])
@pytest.mark.parametrize("f", ALONG_AXES)
def test_derivatives_agree_with_finite_differences(f, where, axis):
    x = np.random.default_rng(1).normal(size=(3, 4))
    report = gradcheck(through_holes(f, HOLES, axis=axis, where=where), [x], order=2)
    assert report, report


@pytest.mark.parametrize("axis", [None, 0, 1])
@pytest.mark.parametrize("f", RUNNING)
def test_running_derivatives_agree_with_finite_differences(f, axis):
    report = gradcheck(through_holes(f, HOLES, axis=axis), [np.random.default_rng(2).normal(size=(3, 4))], order=2)
    assert report, report


@pytest.mark.parametrize("f", ALONG_AXES)
def test_complex_derivatives_agree_with_finite_differences(f):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(3, 4)) + 1j * rng.normal(size=(3, 4))
    report = gradcheck(through_holes(f, HOLES, axis=0), [x], order=2)
    assert report, report


@pytest.mark.parametrize("f", SPREADS)
def test_derivatives_for_a_given_mean_agree_with_finite_differences(f):
    x = np.random.default_rng(4).normal(size=(3, 4))
    report = gradcheck(lambda x, m: through_holes(f, HOLES, axis=1, mean=m)(x), [x, x[:, :1] / 2], order=2)
    assert report, report


@pytest.mark.parametrize("f", [*ALONG_AXES, *RUNNING])
def test_no_gradient_reaches_a_nan(f):
    for keywords in ({}, {"axis": 0}, {"axis": 1}):
        x = leaf(holed())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            out = f(x, **keywords)
        slope = grad_of(out, x, np.ones(out.shape), create_graph=True)
        assert not slope.numpy()[HOLES].any()
        assert np.isfinite(slope.numpy()).all()
        if slope.requires_grad:
            second = grad_of(slope, x, np.ones(x.shape), allow_unused=True)
            assert second is None or np.isfinite(second.numpy()).all()


def test_gradients_in_closed_form():
    x = np.array([2.0, np.nan, 3.0, 7.0])
    for f, expected in (
        (nansum, [1, 0, 1, 1]),
        (nanprod, [21, 0, 14, 6]),
        (nanmean, [1 / 3, 0, 1 / 3, 1 / 3]),
        (nanvar, [-4 / 3, 0, -2 / 3, 2]),
        (nanstd, np.array([-4 / 3, 0, -2 / 3, 2]) / (2 * np.sqrt(14 / 3))),
    ):
        t = leaf(x)
        np.testing.assert_allclose(grad_of(f(t), t).numpy(), expected, rtol=1e-15)
    t = leaf(x)
    np.testing.assert_array_equal(grad_of(nancumsum(t), t, [1.0, 10.0, 100.0, 1000.0]).numpy(), [1111, 0, 1100, 1000])
    np.testing.assert_array_equal(grad_of(nancumprod(t), t, [1.0, 10.0, 100.0, 1000.0]).numpy(), [21311, 0, 14200, 6000])


def test_the_slope_of_nanstd_is_zero_where_it_is_zero():
    x = leaf([2.0, np.nan, 2.0])
    slope = grad_of(nanstd(x), x, create_graph=True)
    np.testing.assert_array_equal(slope.numpy(), np.zeros(3))
    np.testing.assert_array_equal(grad_of(slope, x, np.ones(3)).numpy(), np.zeros(3))


@pytest.mark.parametrize("f", ALONG_AXES)
def test_single_precision_stays_single(f):
    x = leaf(np.float32([[1.0, np.nan, 3.0], [2.0, 5.0, 1.0]]))
    out = f(x, axis=1)
    assert out.dtype == np.float32
    assert grad_of(out, x, np.ones(2, np.float32), create_graph=True).dtype == np.float32


@pytest.mark.parametrize("f", STARTED)
def test_the_initial_value_has_a_gradient(f):
    x = np.random.default_rng(5).normal(size=(3, 4))
    report = gradcheck(lambda x, initial: through_holes(f, HOLES, axis=0, initial=initial)(x), [x, 1.5], order=2)
    assert report, report


@given(data=st.data())
@settings(max_examples=25, derandomize=True, deadline=None)
def test_any_shape_axis_and_holes(data):
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3))
    axis = data.draw(st.none() | st.integers(-len(shape), len(shape) - 1))
    x = data.draw(hnp.arrays(np.float64, shape, elements=st.floats(-8, 8, width=16) | st.just(np.nan)))
    for f in ALONG_AXES:
        assert_same_outcome(f, x, axis=axis)
