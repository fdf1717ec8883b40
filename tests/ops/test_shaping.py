"""Shaping: what the table of all ops does not show. Element orders, methods, unused outputs, aliases, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops import shaping
from autograd.tensor import Tensor


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


def test_methods_without_dimensions_keep_numpy_scalars():
    t = Tensor([[2.0]], requires_grad=True)
    for y in (
        t.reshape(()),
        t.squeeze(),
        shaping.broadcast_to(Tensor(2.0, requires_grad=True), ()),
        shaping.tile(Tensor(2.0), ()),
    ):
        assert y.shape == ()
        assert isinstance(y._data, np.float64)
    assert isinstance(shaping.reshape(np.array([3.0]), ()), np.float64)


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


def test_broadcast_arrays_that_do_not_broadcast_are_refused():
    with pytest.raises(ValueError, match=r"broadcast_arrays: shapes \(2,\) and \(3,\) do not broadcast"):
        shaping.broadcast_arrays(np.ones(2), recorded(3)[1])


def test_at_least_so_many_axes_leaves_what_has_them():
    _, t = recorded(2, 3, 4)
    assert shaping.atleast_1d(t) is t
    assert shaping.atleast_3d(t) is t
    assert shaping.atleast_1d() == ()


# ---------------------------------------------------------------- orders of axes


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
    assert shaping.concat is shaping.concatenate


def test_the_matrix_transpose_of_a_vector_is_refused():
    with pytest.raises(
        ValueError, match=r"matrix_transpose: expected at least two axes, received shape \(3,\); use ag.expand_dims"
    ):
        shaping.matrix_transpose(np.ones(3))


def test_moving_axes_to_too_few_places_is_refused():
    with pytest.raises(ValueError, match="moveaxis: expected as many sources as destinations, received 2 and 1"):
        shaping.moveaxis(np.ones((2, 3)), (0, 1), 0)


@given(st.lists(st.tuples(st.integers(-7, 7), st.integers(-2, 1)), max_size=4))
def test_roll_adds_up_shifts_of_one_axis(pairs):
    x, t = recorded(3, 4)
    shift, axis = tuple(s for s, _ in pairs), tuple(a for _, a in pairs)
    y = shaping.roll(t, shift, axis)
    np.testing.assert_array_equal(y.numpy(), np.roll(x, shift, axis))
    np.testing.assert_array_equal(gradient(y, t, y.numpy()), x)


# ---------------------------------------------------------------- joining and splitting


@given(st.integers(0, 2), st.lists(st.integers(-5, 8), max_size=4))
def test_split_gives_numpys_pieces_and_each_its_gradient(axis, indices):
    """Indices that go back and forth make pieces that overlap."""
    x, t = recorded(3, 4, 2)
    ours, theirs = shaping.split(t, indices, axis), np.split(x, indices, axis)
    assert len(ours) == len(theirs)
    expected = np.zeros_like(x)
    for i, (actual, piece) in enumerate(zip(ours, theirs, strict=True)):
        np.testing.assert_array_equal(actual.numpy(), piece)
        np.split(expected, indices, axis)[i][...] += i + 1  # a view
    total = sum(((i + 1) * piece.sum() for i, piece in enumerate(ours)), 0.0)
    np.testing.assert_array_equal(grad_of(total, t).numpy(), expected)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=4), st.integers(-2, 1))
def test_concatenate_undoes_split(lengths, axis):
    shape = [2, 3]
    arrays = []
    for i, length in enumerate(lengths):
        shape[axis] = length
        arrays.append(np.full(shape, float(i)))
    tensors = [Tensor(each, requires_grad=True) for each in arrays]
    y = shaping.concatenate(tensors, axis)
    np.testing.assert_array_equal(y.numpy(), np.concatenate(arrays, axis))
    for g, each in zip(grad_of(y, tensors, y.numpy()), arrays, strict=True):
        np.testing.assert_array_equal(g.numpy(), each)


@pytest.mark.parametrize(
    ("pieces", "cube"),
    [(lambda t: shaping.split(t, 3), [0, 0, 1, 1, 0, 0]), (lambda t: shaping.unstack(t), [0, 1, 0, 0, 0, 0])],
)
def test_only_the_piece_that_is_used_has_a_gradient(pieces, cube):
    x, t = recorded(6)
    used = np.array(cube, float)
    (g,) = grad_of([(pieces(t)[1] ** 3).sum()], [t], create_graph=True)
    np.testing.assert_array_equal(g.numpy(), used * 3 * x**2)
    np.testing.assert_array_equal(grad_of(g.sum(), t).numpy(), used * 6 * x)


def test_an_unused_piece_keeps_the_dtype():
    _, t = recorded(4, dtype=np.float32)
    assert grad_of(shaping.split(t, 2)[1].sum(), t).dtype == np.float32


def test_pieces_of_products_have_second_derivatives():
    def f(x):
        a, b, _ = shaping.split(x, [1, 3], axis=1)
        return np.sum(a * b * b)

    assert gradcheck(f, [np.linspace(-1, 1, 8).reshape(2, 4)], order=2)


def test_joining_takes_lists_numbers_and_constants():
    _, t = recorded(2)
    y = shaping.concatenate([t, [5.0], np.array([6.0])])
    np.testing.assert_array_equal(y.numpy(), [1, 2, 5, 6])
    np.testing.assert_array_equal(gradient(y, t, np.arange(4.0)), [0, 1])
    z = shaping.stack([t[0], 7.0, t[1]])
    np.testing.assert_array_equal(z.numpy(), [1, 7, 2])
    np.testing.assert_array_equal(gradient(z, t, np.arange(3.0)), [0, 2])


def test_joining_dtypes_gives_each_its_own_back():
    narrow, wide = recorded(2, dtype=np.float32)[1], recorded(2, dtype=complex)[1]
    y = shaping.stack([narrow, wide])
    assert y.dtype == np.complex128
    first, second = grad_of(y, [narrow, wide], np.full((2, 2), 1 + 2j))
    assert (first.dtype, second.dtype) == (np.float32, np.complex128)
    np.testing.assert_array_equal(first.numpy(), [1, 1])
    np.testing.assert_array_equal(second.numpy(), [1 + 2j, 1 + 2j])


def test_a_tensor_is_a_sequence_of_its_slices():
    x, t = recorded(2, 3)
    np.testing.assert_array_equal(shaping.concatenate(t).numpy(), np.concatenate(x))
    np.testing.assert_array_equal(gradient(shaping.stack(t, axis=1), t, x.T), x)


def test_one_tensor_joined_with_itself_gets_both_parts():
    _, t = recorded(2)
    np.testing.assert_array_equal(gradient(shaping.concatenate([t, t]), t, np.array([1.0, 2.0, 10.0, 20.0])), [11, 22])


def test_sections_that_do_not_divide_the_length_are_refused():
    with pytest.raises(
        ValueError, match=r"split: expected a number of sections that divides the length 4 of axis 0, received 3; ag.array"
    ):
        shaping.split(np.ones(4), 3)
    with pytest.raises(ValueError, match="array_split: expected at least one section, received 0"):
        shaping.array_split(np.ones(4), 0)


def test_integers_are_joined_and_split_plainly():
    t = Tensor([[1, 2], [3, 4]])
    for y in (shaping.concatenate([t, t]), shaping.stack([t, t]), *shaping.split(t, 2), *shaping.unstack(t), t.T, t.reshape(4)):
        assert y.dtype == np.int64
        assert not y.requires_grad


# ---------------------------------------------------------------- repeating and padding


@given(st.lists(st.integers(0, 3), max_size=4), st.lists(st.integers(1, 3), max_size=3))
def test_tile_sums_over_its_copies(reps, shape):
    x, t = recorded(*shape)
    y = shaping.tile(t, reps)
    np.testing.assert_array_equal(y.numpy(), np.tile(x, reps))
    np.testing.assert_array_equal(gradient(y, t, y.numpy()), x * np.prod(reps))


def test_tile_of_one_copy_has_memory_of_its_own():
    x = np.ones(3)
    assert not np.shares_memory(shaping.tile(x, 1), x)


def test_repeat_sums_over_its_repetitions():
    _, t = recorded(2, 2)
    np.testing.assert_array_equal(gradient(t.repeat(3, axis=1), t, np.arange(12.0).reshape(2, 6)), [[3, 12], [21, 30]])
    np.testing.assert_array_equal(gradient(shaping.repeat(t, [2, 0, 1, 1]), t, np.arange(1.0, 5.0)), [[3, 0], [3, 4]])


def test_padding_with_a_constant_does_not_reach_the_gradient():
    _, t = recorded(2, 2)
    y = shaping.pad(t, ((1, 0), (0, 2)), constant_values=np.nan)
    v = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(gradient(y, t, v), [[4, 5], [8, 9]])


@pytest.mark.parametrize(
    ("mode", "expected"), [("edge", [6, 2, 15]), ("reflect", [9, 9, 5]), ("symmetric", [5, 9, 9]), ("wrap", [8, 9, 6])]
)
def test_a_margin_gives_its_gradient_to_where_it_came_from(mode, expected):
    x, t = recorded(3)
    y = shaping.pad(t, 2, mode)
    np.testing.assert_array_equal(y.numpy(), np.pad(x, 2, mode))
    np.testing.assert_array_equal(gradient(y, t, np.array([1.0, 2.0, 3.0, 2.0, 4.0, 5.0, 6.0])), expected)


def test_a_margin_of_no_width_is_a_copy():
    x = np.ones(3)
    for mode in ("constant", "edge"):
        assert not np.shares_memory(shaping.pad(x, 0, mode), x)


@pytest.mark.parametrize(
    ("width", "keywords", "error", "message"),
    [
        (-1, {}, ValueError, "pad: expected widths of at least 0, received pad_width=-1"),
        (1.5, {}, TypeError, "pad: expected whole numbers as pad_width, received 1.5"),
        (
            ((1, 2), (1, 2)),
            {},
            ValueError,
            r"pad: expected pad_width as one width, .* received \(\(1, 2\), \(1, 2\)\) for 1 axes",
        ),
        (
            1,
            {"mode": "mean"},
            ValueError,
            "pad: expected mode 'constant', 'edge', 'reflect', 'symmetric', 'wrap', received 'mean'",
        ),
        (1, {"mode": "edge", "constant_values": 1}, ValueError, "pad: constant_values belong to mode 'constant', received"),
    ],
)
def test_padding_that_is_refused(width, keywords, error, message):
    for x in recorded(3):
        with pytest.raises(error, match=message):
            shaping.pad(x, width, **keywords)


def test_padding_with_a_recorded_tensor_is_refused():
    value = Tensor(1.0, requires_grad=True)
    with pytest.raises(TypeError, match=r"\.detach\(\)"):
        shaping.pad(np.ones(3), 1, constant_values=value)
