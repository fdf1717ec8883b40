"""The functions of ``linalg`` that differ from the top-level ones of the same name: axes, what is refused."""

import numpy as np
import pytest

import autograd as ag
from autograd.engine import grad_of
from autograd.tensors import Tensor


def leaf(x):
    return Tensor(x, requires_grad=True)


x = np.random.default_rng(0).uniform(-1, 1, (2, 3, 4))


def test_diagonals_are_those_of_the_last_two_axes():
    t = leaf(x)
    np.testing.assert_array_equal(np.linalg.diagonal(t, offset=1).numpy(), np.diagonal(x, 1, -2, -1))
    np.testing.assert_array_equal(np.linalg.trace(t, offset=-1).numpy(), np.trace(x, -1, -2, -1))
    g = grad_of(ag.linalg.trace(t), t, np.array([1.0, 2.0])).numpy()
    np.testing.assert_array_equal(g, np.array([1, 2])[:, None, None] * np.eye(3, 4))
    assert ag.linalg.trace(t, dtype=np.complex128).dtype == np.complex128


def test_they_are_other_functions_than_the_top_level_ones():
    for name in ("cross", "diagonal", "outer", "trace"):
        assert getattr(ag.linalg, name) is not getattr(ag, name)
    assert ag.trace(x).shape == (4,)
    assert ag.linalg.trace(x).shape == (2,)


def test_cross_takes_vectors_of_three_elements_only():
    a = leaf(x[0].T)
    np.testing.assert_array_equal(np.linalg.cross(a, x[1].T).numpy(), np.cross(x[0].T, x[1].T))
    np.testing.assert_array_equal(np.linalg.cross(leaf(x[0]), x[1], axis=0).numpy(), np.cross(x[0], x[1], axis=0))
    with pytest.raises(
        ValueError, match=r"linalg.cross: expected vectors of 3 elements along axis -1, .* \(3, 4\) and \(3, 4\)"
    ):
        np.linalg.cross(leaf(x[0]), x[1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda t: ag.linalg.outer(t, np.ones(2)),
            r"linalg.outer: expected two vectors, received shapes \(2, 3, 4\) and \(2,\)",
        ),
        (lambda t: ag.linalg.trace(t[0, 0]), r"linalg.trace: expected a matrix or a stack of them, received shape \(4,\)"),
        (
            lambda t: ag.linalg.diagonal(t[0, 0, 0]),
            r"linalg.diagonal: expected a matrix or a stack of them, received shape \(\)",
        ),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(leaf(x))
