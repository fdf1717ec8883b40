"""Inserting and deleting: every form of place against NumPy, gradients, dtypes, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.engine import grad_of
from autograd.tensors import Tensor

PROPERTY = settings(max_examples=25, derandomize=True, deadline=None)


def recorded(*shape, dtype=float):
    x = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape).astype(dtype)
    return x, Tensor(x, requires_grad=True)


@st.composite
def places(draw, length, most):
    """Where to insert or delete in an axis of a given length, in each form that NumPy takes."""
    one = st.integers(-length, most)
    kind = draw(st.sampled_from(["one", "several", "slice", "truths"]))
    if kind == "one":
        return draw(one)
    if kind == "several":
        return draw(st.one_of(st.lists(one, max_size=4), st.lists(one, max_size=4).map(lambda each: np.array(each, int))))
    if kind == "slice":
        end = st.none() | st.integers(-5, 5)
        return slice(draw(end), draw(end), draw(st.sampled_from([None, 1, 2, -1, -2])))
    return np.array(draw(st.lists(st.booleans(), min_size=length, max_size=length)))


@PROPERTY
@given(places(3, 2), st.sampled_from([0, 1, -1]))
def test_deleted_as_in_numpy(obj, axis):
    x, t = recorded(3, 3)
    y = np.delete(t, obj, axis)
    expected = np.delete(x, obj, axis)
    np.testing.assert_array_equal(y.numpy(), expected)
    stays = np.isin(x, expected)
    np.testing.assert_array_equal(grad_of(y.sum(), t).numpy(), stays)


@PROPERTY
@given(places(3, 3), st.sampled_from([0, 1, -1]), st.booleans())
def test_inserted_as_in_numpy(obj, axis, matrix):
    x, t = recorded(3, 3)
    count = len(np.atleast_1d(np.arange(3)[obj] if isinstance(obj, slice) else obj))
    count = int(np.sum(obj)) if isinstance(obj, np.ndarray) and obj.dtype == bool else count
    values = -np.arange(1.0, 3 * count + 1).reshape((3, count) if axis else (count, 3)) if matrix else np.array(-1.0)
    if np.ndim(obj) == 0 and not isinstance(obj, slice) and matrix:
        values = values.reshape(3)  # at one place: a slice
    v = Tensor(values, requires_grad=True)
    y = np.insert(t, obj, v, axis)
    expected = np.insert(x, obj, values, axis)
    np.testing.assert_array_equal(y.numpy(), expected)
    weights = np.arange(1.0, expected.size + 1).reshape(expected.shape)
    to_x, to_v = grad_of((y * weights).sum(), [t, v])
    for array, g in ((x, to_x), (values, to_v)):
        read = [weights[expected == each].sum() for each in array.ravel()]
        np.testing.assert_array_equal(g.numpy(), np.reshape(read, array.shape))


def test_several_slices_at_one_place():
    x, t = recorded(2, 3)
    values = np.arange(10.0, 14.0).reshape(2, 2)
    v = Tensor(values, requires_grad=True)
    for obj, given_ in ((1, v.T), ([1], v)):
        y = ag.insert(t, obj, given_, axis=1)
        np.testing.assert_array_equal(y.numpy(), np.insert(x, obj, given_.numpy(), axis=1))
        report = ag.gradcheck(
            lambda t, v, obj=obj: np.insert(t, obj, v.T if obj == 1 else v, axis=1) ** 2, [x, values], order=2
        )
        assert report, str(report)


def test_values_take_the_dtype_of_what_they_are_inserted_into():
    narrow, wide = recorded(2, dtype=np.float32)[1], recorded(1)[1]
    y = ag.insert(narrow, 1, wide)
    assert y.dtype == np.float32
    assert [g.dtype for g in grad_of(y.sum(), [narrow, wide])] == [np.float32, np.float64]
    np.testing.assert_array_equal(ag.insert(np.array([1, 2]), 0, 3.7), [3, 1, 2])
    with pytest.raises(TypeError, match=r"insert: the values are recorded \(float64\), and in an int64 array .*would be lost"):
        ag.insert(np.array([1, 2]), 0, wide)


def test_places_may_be_tensors():
    x, t = recorded(3)
    np.testing.assert_array_equal(np.delete(t, Tensor([0, 2])).numpy(), np.delete(x, [0, 2]))
    np.testing.assert_array_equal(np.delete(t, t > 1).numpy(), np.delete(x, x > 1))
    np.testing.assert_array_equal(np.insert(t, Tensor(1), 9.0).numpy(), np.insert(x, 1, 9.0))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: ag.delete(x, 3), IndexError, "delete: obj 3 is out of bounds for axis 0 with length 3"),
        (
            lambda x: ag.delete(x, [1.5]),
            IndexError,
            "delete: expected an integer, a slice, .* received an array of dtype float64",
        ),
        (lambda x: ag.delete(x, [True, False]), ValueError, r"delete: expected a truth value for each of 3 slices, .*\(2,\)"),
        (lambda x: ag.insert(x, -4, 0.0), IndexError, "insert: obj -4 is out of bounds for axis 0 with length 3"),
        (lambda x: ag.insert(x, [[1]], 0.0), ValueError, r"insert: expected places with one axis at most, .*\(1, 1\)"),
        (lambda x: ag.insert(x, [0, 1], [1.0, 2.0, 3.0]), ValueError, r"insert\(x: float64 \(3,\), .* could not be broadcast"),
    ],
)
def test_what_is_refused(call, error, message):
    for x in recorded(3):
        with pytest.raises(error, match=message):
            call(x)
