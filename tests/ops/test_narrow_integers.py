"""Constants of few bits beside floating tensors: a rule must not compute in their dtype, where it would overflow."""

import numpy as np
import pytest

import autograd as ag

CASES = {
    "arctan2": (lambda t, c: np.arctan2(t, c), np.array([100], np.int8)),
    "arctan2 of a constant": (lambda t, c: np.arctan2(c, t), np.array([100], np.int8)),
    "power of a small integer": (lambda t, c: c**t, np.array([3], np.int8)),
    "power of an unsigned integer": (lambda t, c: c**t, np.array([200], np.uint8)),
    "power of a truth value": (lambda t, c: t**c, np.array([True])),
    "hypot": (lambda t, c: np.hypot(t, c), np.array([100], np.int8)),
    "logaddexp": (lambda t, c: np.logaddexp(t, c), np.array([3], np.int8)),
    "divide": (lambda t, c: t / c, np.array([100], np.int8)),
    "divide by": (lambda t, c: c / t, np.array([100], np.int8)),
    "remainder": (lambda t, c: c % t, np.array([100], np.int8)),
    "multiply": (lambda t, c: t * c * c, np.array([11], np.int8)),
}


@pytest.mark.parametrize(("f", "constant"), CASES.values(), ids=CASES.keys())
def test_gradients_beside_narrow_integers(f, constant):
    report = ag.gradcheck(lambda t: f(t, constant), np.array([1.7]), order=2)
    assert report, str(report)


def test_angles_of_large_points():
    y, x = ag.tensor(1e200, requires_grad=True), ag.tensor(1e200, requires_grad=True)
    np.arctan2(y, x).backward()
    np.testing.assert_allclose([y.grad.item(), x.grad.item()], [0.5e-200, -0.5e-200])
