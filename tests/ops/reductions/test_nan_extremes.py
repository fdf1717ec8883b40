"""Extremes without NaN: values, warnings and errors against NumPy; ties; no gradient to a NaN."""

import warnings

import numpy as np
import pytest

from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.reductions.nan_extremes import nanargmax, nanargmin, nanmax, nanmin
from autograd.tensors import Tensor

EXTREMES = [nanmax, nanmin]
PLACES = [nanargmax, nanargmin]
HOLED = np.array([[1.5, np.nan, -2.0, 0.5], [np.nan] * 4, [3.0, 4.0, 0.25, np.nan]])
MASK = np.array([[True, True, False, True], [True, False, True, True], [False, False, True, True]])


def leaf(x):
    return Tensor(x, requires_grad=True)


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
    t = Tensor(x, requires_grad=x.dtype.kind in "fc")
    for found, ours in (outcome(f, x, **keywords), outcome(f, t, **keywords), outcome(theirs, t, **keywords)):
        if isinstance(expected, type):
            assert found is expected
            continue
        assert ours == warned
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected, strict=True)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.complex128])
@pytest.mark.parametrize(("axis", "keepdims"), [(None, False), (0, False), (1, False), (-1, True), ((0, 1), True), ((), False)])
@pytest.mark.parametrize("f", EXTREMES)
def test_values_and_warnings_are_numpys(f, axis, keepdims, dtype):
    x = HOLED.astype(dtype)
    assert_same_outcome(f, x, axis=axis, keepdims=keepdims)
    for initial in (0.75, -9, 9.0, np.nan, np.array(0.1)):
        assert_same_outcome(f, x, axis=axis, keepdims=keepdims, initial=initial)
        assert_same_outcome(f, x, axis=axis, keepdims=keepdims, initial=initial, where=MASK)
    assert_same_outcome(f, x, where=MASK)


@pytest.mark.parametrize("x", [np.zeros(0), np.zeros((2, 0)), np.arange(6).reshape(2, 3), np.array([True, False])])
@pytest.mark.parametrize("f", EXTREMES)
def test_nothing_and_whole_numbers(f, x):
    assert_same_outcome(f, x)
    assert_same_outcome(f, x, initial=2)
    assert_same_outcome(f, x, axis=0)


@pytest.mark.parametrize("f", EXTREMES)
def test_numbers_and_lists(f):
    assert f(2.5) == 2.5
    assert f([np.nan, 1.0]) == 1.0
    for nothing in (np.nan, [np.nan, np.nan]):
        with pytest.warns(RuntimeWarning, match="All-NaN slice encountered"):
            assert np.isnan(f(nothing))


@pytest.mark.parametrize("f", EXTREMES)
def test_the_warning_points_to_the_users_line(f):
    with pytest.warns(RuntimeWarning) as caught:
        f(np.full(3, np.nan))
    assert caught[0].filename == __file__


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("f", PLACES)
def test_places_are_numpys(f, keepdims):
    for axis in (None, 0, -1):
        for x in (HOLED[[0, 2]], HOLED, np.arange(6).reshape(2, 3), np.zeros((0, 2)), np.zeros((2, 0))):
            assert_same_outcome(f, x, axis=axis, keepdims=keepdims)


@pytest.mark.parametrize("f", PLACES)
def test_nothing_but_nan_has_no_place(f):
    with pytest.raises(ValueError, match=rf"{f.__name__}\(x: float64 \(3, 4\), axis=1.*All-NaN slice encountered"):
        f(leaf(HOLED), axis=1)


# ---------------------------------------------------------------- gradients


@pytest.mark.parametrize(
    ("f", "values", "expected"),
    [
        (nanmax, [1.0, np.nan, 2.0], [0, 0, 1]),
        (nanmin, [np.nan, 1.0, 2.0], [0, 1, 0]),
        (nanmax, [3.0, np.nan, 3.0, 1.0], [0.5, 0, 0.5, 0]),
        (nanmin, [-np.inf, np.nan, 3.0], [1, 0, 0]),
    ],
)
def test_the_gradient_goes_to_the_extreme_and_is_shared_at_a_tie(f, values, expected):
    x = leaf(values)
    np.testing.assert_array_equal(grad_of(f(x), x).numpy(), expected)


@pytest.mark.parametrize("f", EXTREMES)
def test_no_gradient_where_there_is_nothing_but_nan(f):
    x = leaf(HOLED)
    with pytest.warns(RuntimeWarning, match="All-NaN slice encountered"):
        out = f(x, axis=1)
    slope = grad_of(out, x, [1.0, 2.0, 3.0], create_graph=True).numpy()
    expected = np.zeros((3, 4))
    expected[0, 0 if f is nanmax else 2] = 1.0
    expected[2, 1 if f is nanmax else 2] = 3.0
    np.testing.assert_array_equal(slope, expected)


@pytest.mark.parametrize("axis", [None, 0, 1])
@pytest.mark.parametrize("f", EXTREMES)
def test_derivatives_agree_with_finite_differences(f, axis):
    x = np.random.default_rng(0).permutation(np.linspace(-2, 2, 12)).reshape(3, 4)
    holes = np.isnan(HOLED)
    report = gradcheck(lambda x, i: f(np.where(holes, np.nan, x * x), axis=axis, initial=i, where=MASK), [x, 0.8], order=2)
    assert report, report


def test_an_initial_value_that_is_tied_has_its_share():
    x, initial = leaf([1.0, 2.0, np.nan]), leaf(2.0)
    gx, gi = grad_of(nanmax(x, initial=initial), [x, initial])
    np.testing.assert_array_equal(gx.numpy(), [0, 0.5, 0])
    assert gi.item() == 0.5
