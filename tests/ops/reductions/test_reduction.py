"""Reductions, those of ``extremes`` and ``statistics`` too: values, dtypes and errors against NumPy, gradients."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.arguments import axes
from autograd.ops.making.creation import asarray
from autograd.ops.reductions.reduction import prod, sum, sum_to
from autograd.tensors import Tensor

ALONG_AXES = ["sum", "prod", "mean", "var", "std", "max", "min", "ptp", "any", "all", "count_nonzero"]
WITH_DTYPE = ["sum", "prod", "mean", "var", "std"]
ONE_AXIS = ["argmax", "argmin"]
SLOPED = ["sum", "prod", "mean", "var", "std", "max", "min", "ptp"]


def leaf(x):
    return Tensor(x, requires_grad=True)


def gradient(f, x, cotangent=None):
    x = leaf(x)
    return grad_of(f(x), x, cotangent).numpy()


def assert_same(actual, expected):
    """The same shape and dtype, and values but for the last bits."""
    assert np.shape(actual) == np.shape(expected)
    assert actual.dtype == np.asarray(expected).dtype
    eps = np.finfo(actual.dtype).eps if actual.dtype.kind in "fc" else 0.0
    np.testing.assert_allclose(actual, expected, rtol=4 * eps)


# ---------------------------------------------------------------- values against NumPy


@pytest.mark.parametrize("axis", [None, 0, 1, -1, -3, (0, 2), (-1, 0), (1,), (0, 1, 2), ()])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("name", ALONG_AXES)
def test_axes_are_numpys(name, axis, keepdims):
    ours, theirs = getattr(ag, name), getattr(np, name)
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).round(1)
    expected = theirs(x, axis=axis, keepdims=keepdims)
    assert_same(np.asarray(ours(x, axis=axis, keepdims=keepdims)), expected)
    for out in (ours(Tensor(x), axis, keepdims=keepdims), theirs(leaf(x), axis=axis, keepdims=keepdims)):
        assert isinstance(out, Tensor)
        assert_same(out.numpy(), expected)


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("name", ONE_AXIS)
def test_places_are_numpys(name, axis, keepdims):
    ours, theirs = getattr(ag, name), getattr(np, name)
    x = np.random.default_rng(0).integers(0, 3, (3, 4)).astype(float)
    expected = theirs(x, axis=axis, keepdims=keepdims)
    assert_same(np.asarray(ours(x, axis, keepdims=keepdims)), expected)
    out = theirs(leaf(x), axis=axis, keepdims=keepdims)
    assert not out.requires_grad
    assert_same(out.numpy(), expected)


@pytest.mark.parametrize("dtype", [np.bool, np.int8, np.uint8, np.int64, np.float16, np.float32, np.complex64, np.complex128])
@pytest.mark.parametrize("name", [*ALONG_AXES, *ONE_AXIS])
def test_dtypes_are_numpys(name, dtype):
    x = np.random.default_rng(1).integers(0, 5, (3, 4)).astype(dtype)
    if np.dtype(dtype).kind == "c":
        x = x + 1j * x[::-1]
    if name == "ptp" and dtype is np.bool:  # truth values are not subtracted
        for call in (np.ptp, ag.ptp):
            with pytest.raises(TypeError, match="boolean subtract"):
                call(x, axis=1)
        return
    expected = getattr(np, name)(x, axis=1)
    assert_same(getattr(ag, name)(x, axis=1), expected)
    assert_same(getattr(ag, name)(Tensor(x), axis=1).numpy(), expected)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
@pytest.mark.parametrize("name", WITH_DTYPE)
def test_dtype_is_the_one_to_compute_in(name, dtype):
    ours, theirs = getattr(ag, name), getattr(np, name)
    for x in (np.float32([[0.1, 0.7], [0.3, 0.2]]), np.array([[1, 2], [3, 5]])):
        expected = theirs(x, axis=0, dtype=dtype)
        assert_same(ours(x, 0, dtype), expected)
        assert_same(ours(x.tolist(), axis=0, dtype=dtype), theirs(x.tolist(), axis=0, dtype=dtype))
        assert_same(ours(Tensor(x), 0, dtype=dtype).numpy(), expected)
    x = leaf(np.float32([1.0, 2.0, 4.0]))
    assert grad_of(ours(x, dtype=np.float64), x).dtype == np.float32


@pytest.mark.parametrize("name", SLOPED)
def test_single_precision_stays_single(name):
    x = leaf(np.float32([[1.0, 2.0], [3.0, 5.0]]))
    y = getattr(ag, name)(x, axis=0)
    assert y.dtype == np.float32
    g = grad_of(y, x, np.ones(2, np.float32), create_graph=True)
    assert g.dtype == np.float32


@pytest.mark.parametrize("name", [*ALONG_AXES, *ONE_AXIS])
def test_numbers_and_lists(name):
    ours, theirs = getattr(ag, name), getattr(np, name)
    for x in (2.5, 3, np.float64(2.5), np.array(2.5), [1.0, 3.0, 2.0], [[1, 2], [4, 3]]):
        assert ours(x) == theirs(x)
        assert ours(Tensor(x)).item() == theirs(x)
        assert np.ndim(ours(x)) == 0


@pytest.mark.parametrize("name", ALONG_AXES)
def test_a_tensor_without_dimensions(name):
    x = Tensor(2.5)
    for keywords in ({}, {"keepdims": True}, {"axis": ()}):
        out = getattr(ag, name)(x, **keywords)
        assert out.shape == ()
        assert out.item() == getattr(np, name)(2.5)


@pytest.mark.parametrize("name", SLOPED)
def test_the_gradient_of_a_number(name):
    expected = 1.0 if name in ("sum", "prod", "mean", "max", "min") else 0.0
    x = leaf(2.5)
    g = grad_of(getattr(ag, name)(x), x)
    assert g.shape == ()
    assert g.item() == expected


@pytest.mark.parametrize("name", [*ALONG_AXES, *ONE_AXIS])
def test_layout_in_memory_makes_no_difference(name):
    base = np.random.default_rng(2).normal(size=(6, 8)).round(1)
    for x in (base.T, base[::2, ::-1], np.asfortranarray(base), np.broadcast_to(base[:1], (3, 8))):
        kept = x.copy()
        np.testing.assert_allclose(getattr(ag, name)(x, axis=0), getattr(np, name)(x, axis=0), rtol=1e-14)
        if name in SLOPED:
            f = getattr(ag, name)
            weights = np.arange(1.0, x.shape[1] + 1)
            expected = gradient(lambda t, f=f: f(t, axis=0), kept, weights)
            shared = asarray(x, requires_grad=True)
            np.testing.assert_allclose(grad_of(f(shared, axis=0), shared, weights).numpy(), expected, rtol=1e-12, atol=1e-14)
        np.testing.assert_array_equal(x, kept)


# ---------------------------------------------------------------- nothing


@pytest.mark.parametrize(
    ("name", "expected"), [("sum", 0.0), ("prod", 1.0), ("any", False), ("all", True), ("count_nonzero", 0)]
)
def test_reductions_of_nothing(name, expected):
    f = getattr(ag, name)
    assert f(np.zeros(0)) == expected
    assert f([]) == expected
    assert f(Tensor(np.zeros((3, 0)))).item() == expected
    np.testing.assert_array_equal(f(np.zeros((3, 0)), axis=1), [expected] * 3)
    assert f(np.zeros((3, 0)), axis=0).shape == (0,)


@pytest.mark.parametrize("name", ["sum", "prod"])
def test_gradients_of_nothing(name):
    x = leaf(np.zeros((3, 0)))
    assert grad_of(getattr(ag, name)(x), x).shape == (3, 0)
    assert grad_of(getattr(ag, name)(x, axis=1), x, np.ones(3)).shape == (3, 0)


# ---------------------------------------------------------------- axes


@pytest.mark.parametrize("name", [*ALONG_AXES, *ONE_AXIS])
@pytest.mark.parametrize("axis", [2, -3])
def test_axes_that_are_not_there(name, axis):
    for x in (np.ones((2, 3)), leaf(np.ones((2, 3))), [[1.0, 2.0, 3.0]]):
        with pytest.raises(np.exceptions.AxisError, match=f"axis {axis} is out of bounds for array of dimension 2"):
            getattr(ag, name)(x, axis=axis)


@pytest.mark.parametrize("name", ALONG_AXES)
def test_an_axis_named_twice(name):
    with pytest.raises(ValueError, match="repeated axis"):
        getattr(ag, name)(np.ones((2, 3)), axis=(0, -2))


@pytest.mark.parametrize("axis", [1.0, "x", (0, 1.0)])
def test_an_axis_that_is_no_integer(axis):
    with pytest.raises(TypeError, match="axis: expected an integer, a tuple of integers, or None for all axes, received"):
        sum(np.ones((2, 3)), axis=axis)


@pytest.mark.parametrize(
    ("axis", "expected"),
    [(None, None), (0, (0,)), (-1, (2,)), ((0, -1), (0, 2)), ((), ()), (np.int64(1), (1,)), ([0, 1], (0, 1))],
)
def test_axes_in_one_form(axis, expected):
    assert axes(np.zeros((2, 3, 4)), axis) == expected
    assert axes(leaf(np.zeros((2, 3, 4))), axis) == expected


# ---------------------------------------------------------------- derivatives


@pytest.mark.parametrize(
    ("name", "axis"),
    [
        (name, axis)
        for name in SLOPED
        for axis in (None, 0, -1, (0, 2), (0, 1, 2), ())
        if name != "std" or axis != ()  # of single elements it is 0, where the square root has no slope
    ],
)
@pytest.mark.parametrize("keepdims", [False, True])
def test_second_derivatives_agree_with_finite_differences(name, axis, keepdims):
    x = np.random.default_rng(3).permutation(np.linspace(-2, 2, 12)).reshape(2, 3, 2)
    report = gradcheck(lambda x: getattr(ag, name)(x, axis=axis, keepdims=keepdims), [x], order=2)
    assert report, report


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "var", "std"])
def test_complex_derivatives(name):
    rng = np.random.default_rng(4)
    x = rng.normal(size=(2, 3)) + 1j * rng.normal(size=(2, 3))
    report = gradcheck(lambda x: getattr(ag, name)(x, axis=1), [x], order=2)
    assert report, report


def test_sum_to():
    x = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(sum_to(x, shape=(3, 1)), x.sum((0, 2), keepdims=True)[0])
    assert isinstance(sum_to(x, shape=()), np.float64)
    np.testing.assert_array_equal(sum_to(x, shape=(2, 3, 4)), x)


# ---------------------------------------------------------------- products


@pytest.mark.parametrize(
    "values", [[2.0, 3.0, 4.0], [2.0, 0.0, 4.0], [0.0, 0.0, 4.0], [0.0, 0.0, 0.0], [0.0], [1e-200, 1e-200, 1.0]]
)
def test_the_gradient_of_a_product_is_the_product_of_the_others(values):
    expected = [np.prod(np.delete(values, i)) for i in range(len(values))]
    np.testing.assert_allclose(gradient(prod, np.array(values)), expected, rtol=1e-15)


@pytest.mark.parametrize("zeros", [0, 1, 2, 3])
def test_products_with_zeros_have_derivatives_of_every_order(zeros):
    x = np.array([1.5, -2.0, 0.5, 3.0])
    x[:zeros] = 0.0
    report = gradcheck(prod, [x], order=4)
    assert report, report
    report = gradcheck(lambda x: prod(x, axis=(0, 2)), [np.stack([x, x + 1, x * 0]).reshape(2, 3, 2)], order=3)
    assert report, report


def test_the_hessian_of_a_product_at_zeros():
    x = leaf([0.0, 3.0, 0.0, 5.0])
    slope = grad_of(prod(x), x, create_graph=True)
    hessian = np.array([grad_of(slope, x, row, retain_graph=True).numpy() for row in np.eye(4)])
    expected = np.zeros((4, 4))
    expected[0, 2] = expected[2, 0] = 15.0
    np.testing.assert_array_equal(hessian, expected)


# ---------------------------------------------------------------- masks and initial values

MASKED = ["sum", "prod", "mean", "var", "std", "any", "all"]
STARTED = ["sum", "prod", "max", "min"]
MASKS = [
    [[True, False, True, True], [False, True, True, False], [True, True, False, True]],
    [[True], [False], [True]],
    [True, False, True, False],
    np.True_,
    np.ones((3, 4), int),
]


def outcome(f, *arguments, **keywords):
    """What a call returned, or the class of what it raised; and what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = f(*arguments, **keywords)
        except Exception as error:
            return type(error), []
    return result, [(each.category, str(each.message)) for each in caught]


def assert_same_outcome(name, x, **keywords):
    """Ours on an array, on a tensor and through NumPy's function, against NumPy: value or class of the error, and warnings."""
    expected, warned = outcome(getattr(np, name), x, **keywords)
    recorded = Tensor(x, requires_grad=x.dtype.kind in "fc")
    tensors = {key: Tensor(each) if isinstance(each, np.ndarray) else each for key, each in keywords.items()}
    for ours in (
        outcome(getattr(ag, name), x, **keywords),
        outcome(getattr(ag, name), recorded, **tensors),
        outcome(getattr(np, name), recorded, **keywords),
    ):
        if isinstance(expected, type):
            assert ours[0] is expected
            continue
        assert ours[1] == warned
        value = ours[0].numpy() if isinstance(ours[0], Tensor) else ours[0]
        assert_same(np.asarray(value), np.asarray(expected))


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize(("axis", "keepdims"), [(None, False), (0, False), (-1, True), ((0, 1), True), ((), False)])
@pytest.mark.parametrize("name", MASKED)
def test_masks_are_numpys(name, axis, keepdims, mask):
    x = np.random.default_rng(0).normal(size=(3, 4)).round(1)
    assert_same_outcome(name, x, axis=axis, keepdims=keepdims, where=mask)
    assert_same_outcome(name, x, axis=axis, keepdims=keepdims, where=np.array(mask))


@pytest.mark.parametrize("dtype", [np.bool, np.int8, np.uint8, np.int64, np.float16, np.float32, np.complex64])
@pytest.mark.parametrize("name", [*MASKED, "max", "min"])
def test_masks_and_initial_values_in_every_dtype(name, dtype):
    x = np.random.default_rng(1).integers(0, 5, (3, 4)).astype(dtype)
    for keywords in ({"where": MASKS[0]}, {"where": MASKS[0], "axis": 0}):
        assert_same_outcome(name, x, **keywords)
        if name in STARTED:
            for initial in (2, 2.5, True, np.float64(0.3), np.array(7), np.float32(1.5), 300):
                assert_same_outcome(name, x, initial=initial, **keywords)
                assert_same_outcome(name, x, initial=initial)


@pytest.mark.parametrize("name", STARTED)
@pytest.mark.parametrize("initial", [1.5, -3, np.nan, np.inf, 1j, [1.0], np.ones(1), np.float32(2.5)])
@pytest.mark.parametrize("shape", [(3, 4), (0,), (3, 0), ()])
def test_initial_values_are_numpys(name, initial, shape):
    x = np.random.default_rng(2).normal(size=shape)
    assert_same_outcome(name, x, initial=initial)


@pytest.mark.parametrize("name", STARTED)
def test_none_stands_for_no_initial_value(name):
    assert_same_outcome(name, np.array([1.5, 2.5]), initial=None)
    if name in ("sum", "prod"):  # where NumPy, told so, begins with nothing and raises
        assert getattr(ag, name)([], initial=None) == getattr(np, name)([])
    else:
        assert_same_outcome(name, np.zeros(0), initial=None)


@pytest.mark.parametrize("name", [*MASKED, "max", "min"])
@pytest.mark.parametrize("mask", [np.ones((2, 3, 4), bool), np.ones(3, bool), False, np.float64(1.0)])
def test_odd_masks_do_what_they_do_in_numpy(name, mask):
    assert_same_outcome(name, np.random.default_rng(3).normal(size=(3, 4)), where=mask)


def test_lists_of_numbers_are_truth_values_as_masks():
    assert sum([1.0, 2.0, 4.0], where=[1, 0, 2]) == np.sum([1.0, 2.0, 4.0], where=[1, 0, 2]) == 5.0
    assert ag.mean([1.0, 2.0, 4.0], where=[1, 0, 2]) == 2.5  # NumPy counts 1 + 0 + 2 elements


@pytest.mark.parametrize("name", [*MASKED, "max", "min"])
def test_a_mask_of_another_dtype(name):
    for mask in (leaf([1.0, 0.0]), np.array([1, 0])):
        with pytest.raises(TypeError, match=f"where: expected truth values, received {mask.dtype}; compare with something"):
            getattr(ag, name)(leaf([1.0, 2.0]), where=mask)


@pytest.mark.parametrize("name", [*STARTED, "mean", "var", "std"])
@pytest.mark.parametrize("axis", [None, 0, 1, (0, 2), ()])
def test_derivatives_of_masked_reductions_agree_with_finite_differences(name, axis):
    rng = np.random.default_rng(4)
    x, mask = rng.permutation(np.linspace(-2, 2, 24)).reshape(2, 3, 4), rng.random((2, 3, 4)) < 0.7
    if name == "std" and axis == ():
        return  # of single elements it is 0, where the square root has no slope
    for chosen in (mask, mask[0], mask[:, :1, :1]):
        if name not in STARTED:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # slices of which nothing is chosen: there, NaN
                defined = np.isfinite(getattr(np, name)(x, axis=axis, where=chosen))
                report = gradcheck(
                    lambda x, c=chosen, d=defined: np.where(d, getattr(ag, name)(x, axis=axis, where=c), 0), [x], order=2
                )
        else:
            report = gradcheck(
                lambda x, initial, c=chosen: getattr(ag, name)(x, axis=axis, where=c, initial=initial), [x, 0.05], order=2
            )
        assert report, report


@pytest.mark.parametrize("name", ["sum", "prod"])
def test_complex_initial_values(name):
    rng = np.random.default_rng(5)
    x = rng.normal(size=(2, 3)) + 1j * rng.normal(size=(2, 3))
    f = getattr(ag, name)
    report = gradcheck(lambda x, initial: f(x, axis=1, initial=initial, where=[True, False, True]), [x, 0.5 - 2j], order=2)
    assert report, report


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["sum", "prod", "mean", "var", "std", "max", "min"])
def test_what_the_mask_leaves_out_has_no_influence(name, hole):
    x, mask = np.array([[1.0, hole, 3.0], [4.0, 2.0, hole]]), np.array([[True, False, True], [True, True, False]])
    keywords = {"initial": 2.5} if name in ("max", "min") else {}
    f = getattr(ag, name)
    whole = np.where(mask, x, 7.0)
    expected = gradient(lambda t: f(t, axis=1, where=mask, **keywords), whole, [1.0, 2.0])
    np.testing.assert_array_equal(gradient(lambda t: f(t, axis=1, where=mask, **keywords), x, [1.0, 2.0]), expected)
    t = leaf(x)
    slope = grad_of(f(t, axis=1, where=mask, **keywords), t, [1.0, 2.0], create_graph=True)
    np.testing.assert_array_equal(slope.numpy(), expected)
    if slope.requires_grad:
        second = grad_of(slope.sum(), t, allow_unused=True)
        assert second is None or (np.isfinite(second.numpy()).all() and not second.numpy()[~mask].any())


def test_masked_gradients_in_closed_form():
    x, mask = np.array([2.0, 3.0, 5.0]), [True, False, True]
    np.testing.assert_array_equal(gradient(lambda t: sum(t, where=mask), x), [1, 0, 1])
    np.testing.assert_array_equal(gradient(lambda t: prod(t, where=mask, initial=10.0), x), [50, 0, 20])
    np.testing.assert_array_equal(gradient(lambda t: ag.mean(t, where=mask), x), [0.5, 0, 0.5])
    np.testing.assert_array_equal(gradient(lambda t: ag.var(t, where=mask), x), [-1.5, 0, 1.5])
    np.testing.assert_array_equal(gradient(lambda t: sum(x, initial=t), 4.0), 1.0)
    np.testing.assert_array_equal(gradient(lambda t: sum(x * np.ones((2, 1)), 1, initial=t), 4.0, [1.0, 2.0]), 3.0)
    np.testing.assert_array_equal(gradient(lambda t: prod(x, initial=t), 4.0), 30.0)
    np.testing.assert_array_equal(gradient(lambda t: prod([], initial=t), 4.0), 1.0)


@pytest.mark.parametrize("name", STARTED)
def test_whole_numbers_stay_whole_whatever_they_begin_with(name):
    initial = leaf(2.75)
    out = getattr(ag, name)(np.array([3, 2]), initial=initial)
    assert out.dtype == np.int64
    assert not out.requires_grad
    assert out.item() == getattr(np, name)(np.array([3, 2]), initial=2.75)


def test_a_mask_may_be_a_tensor():
    mask = Tensor([True, False, True])
    assert sum(leaf([1.0, 2.0, 4.0]), where=mask).item() == 5.0
    assert sum(np.array([1.0, 2.0, 4.0]), where=mask).item() == 5.0
    assert not sum(np.array([1.0, 2.0, 4.0]), where=mask).requires_grad


@pytest.mark.parametrize("zeros", [0, 1, 2, 3])
def test_masked_products_with_zeros_have_derivatives_of_every_order(zeros):
    x = np.array([1.5, -2.0, 0.5, 3.0, 0.0])
    x[:zeros] = 0.0
    mask = [True, True, True, False, True]
    report = gradcheck(lambda x, initial: prod(x, where=mask, initial=initial), [x, 0.0], order=3)
    assert report, report


@pytest.mark.parametrize("axis", [None, (0, 1), (2, 0), (1,), (0, 1, 2), ()])
def test_products_over_several_axes_are_numpys_to_the_bit(axis):
    x = np.random.default_rng(6).normal(size=(3, 4, 5))
    np.testing.assert_array_equal(prod(x, axis), np.prod(x, axis=axis))


@given(data=st.data())
@settings(max_examples=25, derandomize=True, deadline=None)
def test_masked_sums_over_any_shape_and_axis(data):
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3))
    axis = data.draw(st.none() | st.integers(-len(shape), len(shape) - 1))
    x = data.draw(hnp.arrays(np.float64, shape, elements=st.floats(-8, 8, width=16)))
    mask = data.draw(hnp.arrays(bool, data.draw(hnp.broadcastable_shapes(shape, max_dims=len(shape), max_side=1))))
    mask = np.broadcast_to(mask, np.broadcast_shapes(mask.shape, shape))
    keepdims = data.draw(st.booleans())
    for name in ("sum", "prod", "max"):
        keywords = {"axis": axis, "keepdims": keepdims, "where": mask, "initial": 0.25}
        t = leaf(x)
        out = getattr(ag, name)(t, **keywords)
        assert_same(np.asarray(out.numpy()), np.asarray(getattr(np, name)(x, **keywords)))
        g = grad_of(out, t, np.ones(out.shape)).numpy()
        assert g.shape == shape
        assert not g[~mask].any()
