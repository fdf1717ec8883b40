"""At least so many axes: what the table of all ops does not show."""

import numpy as np

from autograd.engine import grad_of
from autograd.ops.arrays import dimensions
from autograd.tensors import Tensor


def recorded(*shape, dtype=float):
    x = np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape).astype(dtype)
    return x, Tensor(x, requires_grad=True)


def test_at_least_so_many_axes_leaves_what_has_them():
    _, t = recorded(2, 3, 4)
    assert dimensions.atleast_1d(t) is t
    assert dimensions.atleast_3d(t) is t
    assert dimensions.atleast_1d() == ()


def test_what_gets_axes_is_a_view():
    x, t = recorded(3)
    assert np.shares_memory(dimensions.atleast_3d(x), x)
    y, z = dimensions.atleast_2d(t, t * 2)
    np.testing.assert_array_equal(grad_of(y + z, t, np.ones((1, 3))).numpy(), [3, 3, 3])
