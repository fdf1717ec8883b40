"""Flips and quarter turns: views where NumPy's are, and writes through them; messages."""

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


@PROPERTY
@given(st.integers(-5, 6), st.permutations([0, 1, 2]), st.booleans())
def test_turns_are_numpys_and_are_undone(k, axes, from_the_end):
    x, t = recorded(2, 3, 4)
    plane = tuple(axis - 3 if from_the_end else axis for axis in axes[:2])
    y = np.rot90(t, k, plane)
    expected = np.rot90(x, k, plane)
    np.testing.assert_array_equal(y.numpy(), expected)
    np.testing.assert_array_equal(grad_of(y, t, expected).numpy(), x)
    np.testing.assert_array_equal(ag.rot90(y, -k, plane).numpy(), x)


VIEWS = [
    lambda np, x: np.fliplr(x),
    lambda np, x: np.flipud(x),
    lambda np, x: np.flip(x, (0, -1)),
    *[lambda np, x, k=k: np.rot90(x, k) for k in range(-1, 4)],
    lambda np, x: np.rollaxis(x, 1),
    lambda np, x: np.swapaxes(x, 0, 1),
    lambda np, x: np.hsplit(x, 2)[1],
    lambda np, x: np.vsplit(x, [1])[1],
    lambda np, x: np.unstack(x, axis=1)[2],
    lambda np, x: np.atleast_3d(x)[1:],
    lambda np, x: np.squeeze(np.expand_dims(x, (0, 2))),
]


@pytest.mark.parametrize("view", VIEWS)
def test_memory_is_shared_where_numpys_is_and_writes_reach_the_base(view):
    x = np.arange(12.0).reshape(3, 4)
    plain, recorded_ = ag.tensor(x), ag.tensor(x, requires_grad=True) * 1
    assert np.shares_memory(view(ag, x), x)
    for t in (plain, recorded_):
        part = view(np, t)
        assert np.shares_memory(part, t)
        part[0] = -1.0
        part += 10.0
    part = view(np, x)
    part[0] = -1.0
    part += 10.0
    np.testing.assert_array_equal(plain.numpy(), x)
    np.testing.assert_array_equal(recorded_.numpy(), x)
    assert recorded_.requires_grad


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: ag.fliplr(x[0]), r"fliplr: expected at least two axes, received shape \(3,\); use ag.flip"),
        (lambda x: ag.flipud(x[0, 0]), "flipud: expected at least one axis, received a number"),
        (lambda x: ag.rot90(x, axes=(0, 1, 2)[:1]), r"rot90: expected two axes, received axes=\(0,\)"),
    ],
)
def test_what_has_too_few_axes_is_refused(call, message):
    for x in recorded(2, 3):
        with pytest.raises(ValueError, match=message):
            call(x)
