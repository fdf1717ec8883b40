"""Shapes and orders of axes: what the table of all ops does not show. Element orders, methods, aliases, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.engine import grad_of
from autograd.ops.arrays import joining, repetition, shaping
from autograd.tensors import Tensor

PROPERTY = settings(max_examples=25, derandomize=True, deadline=None)


def recorded(*shape, dtype=float):
    x = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape).astype(dtype)
    return x, Tensor(x, requires_grad=True)


def gradient(y, x, cotangent):
    return grad_of(y, x, cotangent).numpy()


# ---------------------------------------------------------------- shapes


@pytest.mark.parametrize("order", ["C", "F", "A"])
@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray])
def test_reshape_counts_elements_as_numpy_does(order, layout):
    x = layout(np.arange(12.0).reshape(3, 4))
    t = ag.asarray(x).requires_grad_()
    y = shaping.reshape(t, (2, 6), order)
    np.testing.assert_array_equal(y.numpy(), np.reshape(x, (2, 6), order))
    v = np.arange(12.0).reshape(2, 6)
    np.testing.assert_array_equal(gradient(y, t, v), np.reshape(v, (3, 4), "F" if "F" in (order, aligned(x, order)) else "C"))


def aligned(x, order):
    return "F" if order == "A" and np.isfortran(x) else "C"


def test_reshape_as_a_copy_or_as_a_view():
    x, t = recorded(2, 3)
    assert np.shares_memory(shaping.reshape(x, 6, copy=False), x)
    assert not np.shares_memory(shaping.reshape(x, 6, copy=True), x)
    np.testing.assert_array_equal(gradient(t.reshape(6, copy=True), t, np.arange(6.0)), np.arange(6.0).reshape(2, 3))
    assert shaping.reshape([[1.0, 2.0]], 2, copy=True).tolist() == [1.0, 2.0]
    for matrix in (x.T, t.T):
        with pytest.raises(ValueError, match=r"reshape: .*received shape \(3, 2\), expected \(6,\) as a view; leave out copy"):
            shaping.reshape(matrix, 6, copy=False)


@pytest.mark.parametrize("shape", [(2, 6), [2, 6], (-1, 6), np.array([2, 6]), (np.int64(2), 6), range(2, 7, 4)])
def test_a_shape_may_be_any_sequence_of_whole_numbers(shape):
    x, t = recorded(3, 4)
    assert shaping.reshape(t, shape).shape == (2, 6)
    np.testing.assert_array_equal(shaping.reshape(x, shape), x.reshape(2, 6))


@pytest.mark.parametrize("shape", [12, np.int64(12), np.array(12), Tensor(12), Tensor([12]), (Tensor(12),)])
def test_a_shape_may_be_one_number_or_hold_tensors(shape):
    assert shaping.reshape(recorded(3, 4)[1], shape).shape == (12,)


@pytest.mark.parametrize(
    "call", [lambda t: t.reshape(2, 6), lambda t: t.reshape((2, 6)), lambda t: t.reshape(2, -1, order="C")]
)
def test_reshape_as_a_method(call):
    x, t = recorded(3, 4)
    np.testing.assert_array_equal(call(t).numpy(), x.reshape(2, 6))


def test_results_without_dimensions_are_numpys_scalars_or_views():
    t, number = Tensor([[2.0]], requires_grad=True), Tensor(2.0, requires_grad=True)
    for y in (shaping.broadcast_to(number, ()), repetition.tile(number, ()), number.reshape(())):
        assert y.shape == ()
        assert isinstance(y._value, np.float64)
    for y in (t.reshape(()), t.squeeze()):
        assert y.shape == ()
        assert np.shares_memory(y._value, t._value)


def test_reshape_without_a_shape_is_refused():
    with pytest.raises(TypeError, match=r"expected a shape, as in t.reshape\(2, 3\) or t.reshape\(\(2, 3\)\), received none"):
        recorded(3)[1].reshape()


def test_an_unknown_order_is_refused():
    with pytest.raises(ValueError, match="expected order 'C', 'F' or 'A', received 'X'"):
        shaping.reshape(np.ones(3), 3, "X")


def test_reshape_to_another_size_names_the_op_and_what_it_received():
    with pytest.raises(ValueError, match=r"reshape\(x: float64 \(3,\), shape=\(2,\).*cannot reshape array of size 3"):
        shaping.reshape(recorded(3)[1], 2)


def test_ravel_is_a_view_and_flatten_a_copy():
    x, t = recorded(2, 3)
    assert np.shares_memory(shaping.ravel(x), x)
    assert not np.shares_memory(shaping.flatten(x), x)
    np.testing.assert_array_equal(t.flatten("F").numpy(), x.flatten("F"))
    np.testing.assert_array_equal(gradient(t.flatten("F"), t, np.arange(6.0)), np.arange(6.0).reshape(2, 3, order="F"))


def test_squeezing_a_longer_axis_is_refused():
    with pytest.raises(ValueError, match=r"squeeze: expected axes of length 1, received axis=0 of shape \(2, 1\)"):
        shaping.squeeze(recorded(2, 1)[1], 0)


def test_broadcast_to_sums_back():
    _, t = recorded(3, 1)
    np.testing.assert_array_equal(gradient(shaping.broadcast_to(t, (2, 3, 4)), t, np.ones((2, 3, 4))), np.full((3, 1), 8.0))


# ---------------------------------------------------------------- orders of axes


@PROPERTY
@given(st.permutations(range(4)), st.booleans())
def test_transposing_there_and_back_is_the_identity(axes, from_the_end):
    x, t = recorded(2, 3, 1, 4)
    if from_the_end:
        axes = [axis - 4 for axis in axes]
    y = shaping.transpose(t, axes)
    np.testing.assert_array_equal(y.numpy(), np.transpose(x, axes))
    np.testing.assert_array_equal(gradient(y, t, np.transpose(x, axes)), x)


@pytest.mark.parametrize(
    "call", [lambda t: t.transpose(), lambda t: t.T, lambda t: t.transpose(1, 0), lambda t: t.transpose((1, 0))]
)
def test_transpose_as_a_method(call):
    x, t = recorded(2, 3)
    np.testing.assert_array_equal(call(t).numpy(), x.T)
    np.testing.assert_array_equal(gradient(call(t), t, x.T), x)


def test_numpys_other_names_answer_too():
    _, t = recorded(2, 3)
    assert np.permute_dims(t, (1, 0)).node.name == "transpose"
    assert np.concat([t, t]).node.name == "concatenate"
    assert shaping.permute_dims is shaping.transpose
    assert joining.concat is joining.concatenate


def test_the_matrix_transpose_of_a_vector_is_refused():
    with pytest.raises(
        ValueError, match=r"matrix_transpose: expected at least two axes, received shape \(3,\); use ag.expand_dims"
    ):
        shaping.matrix_transpose(np.ones(3))


def test_moving_axes_to_too_few_places_is_refused():
    with pytest.raises(ValueError, match="moveaxis: expected as many sources as destinations, received 2 and 1"):
        shaping.moveaxis(np.ones((2, 3)), (0, 1), 0)


@PROPERTY
@given(st.integers(-3, 2), st.integers(-3, 3))
def test_rollaxis_is_numpys(axis, start):
    x, t = recorded(2, 3, 4)
    y = shaping.rollaxis(t, axis, start)
    np.testing.assert_array_equal(y.numpy(), np.rollaxis(x, axis, start))
    assert np.shares_memory(shaping.rollaxis(x, axis, start), x)


def test_rolling_an_axis_beyond_the_last_is_refused():
    with pytest.raises(
        np.exceptions.AxisError, match=r"rollaxis: expected a start from -2 to 2, received 3 for shape \(2, 3\)"
    ):
        shaping.rollaxis(np.ones((2, 3)), 0, 3)


def test_ravel_copies_where_numpy_does():
    for cut in (np.s_[::2], np.s_[::-1], np.s_[:, :1], np.s_[1:], np.s_[...]):
        array = np.arange(12.0).reshape(4, 3)
        t = ag.tensor(array)
        recorded = ag.tensor(array, requires_grad=True) * 1
        for x in (array, t, recorded):
            np.ravel(x[cut])[0] = 100.0
        np.testing.assert_array_equal(t.numpy(), array)
        np.testing.assert_array_equal(recorded.numpy(), array)
