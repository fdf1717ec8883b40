"""Broadcasting together and grids: gradients, memory, lists and constants, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.engine import grad_of
from autograd.ops.arrays import broadcasting
from autograd.tensors import Tensor

PROPERTY = settings(max_examples=25, derandomize=True, deadline=None)


def recorded(*shape, dtype=float):
    x = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape).astype(dtype)
    return x, Tensor(x, requires_grad=True)


def test_broadcast_arrays_that_do_not_broadcast_are_refused():
    with pytest.raises(ValueError, match=r"broadcast_arrays: shapes \(2,\) and \(3,\) do not broadcast"):
        broadcasting.broadcast_arrays(np.ones(2), recorded(3)[1])


@PROPERTY
@given(st.lists(st.one_of(st.integers(0, 3), st.lists(st.integers(0, 3), max_size=3)), max_size=4))
def test_shapes_broadcast_as_in_numpy(shapes):
    try:
        expected = np.broadcast_shapes(*shapes)
    except ValueError:
        with pytest.raises(ValueError, match=r"broadcast_shapes: shapes .* do not broadcast"):
            broadcasting.broadcast_shapes(*shapes)
    else:
        assert broadcasting.broadcast_shapes(*shapes) == expected


def test_shapes_that_are_none_are_refused():
    with pytest.raises(ValueError, match=r"broadcast_shapes: .*received \(-1,\) and \(2,\)"):
        broadcasting.broadcast_shapes((-1,), (2,))
    with pytest.raises(TypeError):
        broadcasting.broadcast_shapes(2.0)


@PROPERTY
@given(st.lists(st.integers(0, 3), min_size=1, max_size=3), st.sampled_from(["xy", "ij"]), st.booleans(), st.booleans())
def test_grids_are_numpys_and_their_gradient_is_summed(lengths, indexing, sparse, copy):
    vectors = [np.arange(1.0, n + 1) * (i + 1) for i, n in enumerate(lengths)]
    tensors = [Tensor(each, requires_grad=True) for each in vectors]
    expected = np.meshgrid(*vectors, indexing=indexing, sparse=sparse, copy=copy)
    grids = np.meshgrid(*tensors, indexing=indexing, sparse=sparse, copy=copy)
    assert type(grids) is tuple
    for tensor, actual, values in zip(tensors, grids, expected, strict=True):
        np.testing.assert_array_equal(actual.numpy(), values)
        repeats = np.prod([n for n, other in zip(lengths, tensors, strict=True) if other is not tensor]) if not sparse else 1
        np.testing.assert_array_equal(grad_of(actual.sum(), tensor).numpy(), np.full(tensor.shape, repeats))


def test_grids_of_lists_numbers_and_matrices():
    _, t = recorded(2, 2)
    x, y, z = ag.meshgrid(t, [5, 6], 7.0)
    assert (x.shape, y.dtype, z.dtype) == ((2, 4, 1), np.int64, np.float64)
    np.testing.assert_array_equal(grad_of(x, t, np.arange(8.0).reshape(2, 4, 1)).numpy(), [[4, 6], [8, 10]])


def test_grids_that_are_not_copied_are_views():
    x = np.arange(3.0)
    for sparse in (True, False):
        assert np.shares_memory(ag.meshgrid(x, x, copy=False, sparse=sparse)[0], x)
        assert not np.shares_memory(ag.meshgrid(x, x, sparse=sparse)[0], x)


def test_another_indexing_is_refused():
    with pytest.raises(ValueError, match="meshgrid: expected indexing 'xy' or 'ij', received 'yx'"):
        ag.meshgrid([1.0], indexing="yx")
