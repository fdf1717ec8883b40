"""Sets: first occurrences, NaN, zeros of both signs, unsorted values, named tuples, what overlaps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.ordering.sets import intersect1d, isin, setdiff1d, setxor1d, union1d, unique
from autograd.tensors import Tensor

NAN = np.nan
FEW = settings(max_examples=25, derandomize=True, deadline=None)
VALUES = st.sampled_from([-1.0, 0.0, -0.0, 2.0, np.inf, -np.inf, NAN])
TIED = arrays.arrays(np.float64, arrays.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=5), elements=VALUES)


def leaf(x):
    return Tensor(x, requires_grad=True)


# ---------------------------------------------------------------- unique elements


@FEW
@given(TIED, st.booleans(), st.booleans())
def test_the_gradient_goes_to_the_first_occurrences(x, equal_nan, in_order):
    t = leaf(x)
    values = unique(t, equal_nan=equal_nan, sorted=in_order)
    np.testing.assert_array_equal(values.numpy(), np.unique(x, equal_nan=equal_nan, sorted=in_order))
    cotangent = np.arange(1.0, len(values) + 1)
    indices = np.unique(x, return_index=True, equal_nan=equal_nan)[1]
    if in_order:
        expected = np.zeros(x.shape)
        expected.reshape(-1)[indices] = cotangent
        np.testing.assert_array_equal(grad_of(values, t, cotangent).numpy(), expected)
    else:  # each element receives what belongs to its value
        found = grad_of(values, t, values.numpy()).numpy()
        np.testing.assert_array_equal(found.reshape(-1)[indices], x.reshape(-1)[indices])
        assert np.count_nonzero(found) <= len(values)


@FEW
@given(TIED, st.tuples(st.booleans(), st.booleans(), st.booleans()), st.booleans(), st.data())
def test_everything_that_numpy_returns(x, returns, equal_nan, data):
    axis = data.draw(st.sampled_from([None, *range(-x.ndim, x.ndim)]))
    expected = np.unique(x, *returns, axis, equal_nan=equal_nan)
    for ours in (unique(x, *returns, axis, equal_nan=equal_nan), unique(leaf(x), *returns, axis, equal_nan=equal_nan)):
        assert isinstance(ours, tuple) is isinstance(expected, tuple)
        pairs = zip(ours, expected, strict=True) if any(returns) else [(ours, expected)]
        for actual, value in pairs:
            actual = actual.numpy() if isinstance(actual, Tensor) else actual
            np.testing.assert_array_equal(actual, value)
            assert actual.dtype == value.dtype


def test_unique_slices():
    x = np.array([[1.0, 2.0], [0.5, 2.0], [1.0, 2.0], [0.5, 2.0]])
    t = leaf(x)
    np.testing.assert_array_equal(
        grad_of(unique(t, axis=0), t, [[1.0, 2.0], [3.0, 4.0]]).numpy(), [[3, 4], [1, 2], [0, 0], [0, 0]]
    )
    t = leaf(x.T)
    np.testing.assert_array_equal(
        grad_of(unique(t, axis=-1), t, [[1.0, 3.0], [2.0, 4.0]]).numpy(), [[3, 1, 0, 0], [4, 2, 0, 0]]
    )
    assert gradcheck(lambda t: unique(t, axis=1) ** 2, np.array([[1.0, 0.3, 2.0], [4.0, 5.0, 6.0]]), order=2)


def test_places_and_counts_are_plain():
    values, *rest = unique(leaf([3.0, 1.0, 3.0]), True, True, True)
    assert values.requires_grad
    assert not any(each.requires_grad for each in rest)
    assert [each.tolist() for each in rest] == [[1, 0], [1, 0, 1], [1, 2]]


@pytest.mark.parametrize("name", ["unique_all", "unique_counts", "unique_inverse"])
@pytest.mark.parametrize("shape", [(), (5,), (2, 3), (0,)])
def test_the_named_tuples_are_numpys(name, shape):
    x = np.array([2.0, NAN, 1.0, 2.0, NAN, -0.0])[: int(np.prod(shape))].reshape(shape)
    expected = getattr(np, name)(x)
    for ours in (getattr(ag, name)(x), getattr(ag, name)(leaf(x)), getattr(np, name)(leaf(x))):
        assert type(ours) is type(expected)
        for field, value in expected._asdict().items():
            np.testing.assert_array_equal(ag.asarray(getattr(ours, field)).detach().numpy(), value)


def test_nans_are_different_in_the_array_apis_functions():
    x = leaf([NAN, 1.0, NAN])
    values = ag.unique_values(x)
    assert values.shape == (3,)
    assert sorted(np.isnan(values.numpy())) == [False, True, True]
    assert ag.unique_counts(x).counts.tolist() == [1, 1, 1]
    np.testing.assert_array_equal(grad_of(ag.unique_all(x).values, x, [1.0, 2.0, 3.0]).numpy(), [2, 1, 3])


# ---------------------------------------------------------------- two sets

FUNCTIONS = [intersect1d, union1d, setxor1d, setdiff1d]


@pytest.mark.parametrize("f", FUNCTIONS)
@FEW
@given(x1=TIED, x2=TIED)
def test_values_are_numpys(f, x1, x2):
    expected = getattr(np, f.__name__)(x1, x2)
    np.testing.assert_array_equal(f(x1, x2), expected)
    np.testing.assert_array_equal(f(leaf(x1), leaf(x2)).numpy(), expected)
    np.testing.assert_array_equal(isin(leaf(x1), x2).numpy(), np.isin(x1, x2))


@pytest.mark.parametrize(
    ("f", "in_x1", "in_x2"),
    [
        (intersect1d, [2, 0, 0, 1, 0], [0, 0, 0]),  # 1 and 4
        (union1d, [3, 2, 0, 1, 0], [0, 4, 0]),  # 1, 2, 4, 5
        (setxor1d, [0, 1, 0, 0, 0], [0, 2, 0]),  # 2 and 5
        (setdiff1d, [0, 1, 0, 0, 0], [0, 0, 0]),  # 2
    ],
)
def test_the_gradient_goes_to_where_an_element_comes_from(f, in_x1, in_x2):
    x1, x2 = leaf([4.0, 2.0, 2.0, 1.0, 4.0]), leaf([4.0, 5.0, 1.0])
    out = f(x1, x2)
    found = grad_of(out, [x1, x2], np.arange(1.0, len(out) + 1), allow_unused=True)
    for actual, expected, x in zip(found, (in_x1, in_x2), (x1, x2), strict=True):
        np.testing.assert_array_equal(np.zeros(x.shape) if actual is None else actual.numpy(), expected)


@pytest.mark.parametrize("f", [intersect1d, setxor1d, setdiff1d])
def test_sets_that_are_known_to_be_sets(f):
    x1, x2 = np.array([4.0, 2.0, 1.0]), np.array([5.0, 4.0])
    expected = getattr(np, f.__name__)(x1, x2, assume_unique=True)
    np.testing.assert_array_equal(f(leaf(x1), x2, assume_unique=True).numpy(), expected)
    x3 = np.array([[3.0, 6.0]])
    assert gradcheck(lambda a, b: union1d(a, b) ** 2, [x1, x3], order=2)
    assert gradcheck(lambda a, b: setxor1d(a, b, True) ** 2, [x1, x3], order=2)
    assert gradcheck(lambda a, b: setdiff1d(a, b, True) ** 2, [x1, x3], order=2)


@pytest.mark.parametrize("assume_unique", [False, True])
def test_an_intersection_with_its_places(assume_unique):
    x1, x2 = np.array([[3.0, 1.0], [2.0, 7.0]]), np.array([2.0, 3.0, 5.0])
    if not assume_unique:
        x1, x2 = np.concatenate([x1, x1]), np.tile(x2, 2)
    expected = np.intersect1d(x1, x2, assume_unique, return_indices=True)
    for ours in (intersect1d(x1, x2, assume_unique, True), intersect1d(leaf(x1), leaf(x2), assume_unique, True)):
        for actual, value in zip(ours, expected, strict=True):
            np.testing.assert_array_equal(ag.asarray(actual).detach().numpy(), value)


def test_dtypes_promote_as_in_numpy():
    x1, x2 = np.array([1, 2, 3], np.int16), np.array([2.0, 2.5], np.float32)
    for f in FUNCTIONS:
        expected = getattr(np, f.__name__)(x1, x2)
        assert f(x1, leaf(x2)).dtype == f(x1, x2).dtype == expected.dtype
    out = union1d(x1, t := leaf(x2))
    assert grad_of(out, t, np.arange(4, dtype=np.float32)).dtype == np.float32


def test_isin_says_what_kind_it_does_not_know():
    with pytest.raises(ValueError, match=r"isin\(.*kind='tree'\): Invalid kind"):
        isin([1.0], [2.0], kind="tree")
    assert isin(leaf([1.0, 2.0]), [2.0], invert=True).tolist() == [True, False]
