"""Reductions of a number along axis 0 or -1: NumPy lets most of them pass, and so do we."""

import numpy as np
import pytest

import autograd as ag

NAMES = [
    "all",
    "any",
    "argmax",
    "argmin",
    "count_nonzero",
    "cumprod",
    "cumsum",
    "cumulative_sum",
    "max",
    "mean",
    "min",
    "nanmax",
    "nanmean",
    "nanstd",
    "nansum",
    "prod",
    "ptp",
    "std",
    "sum",
    "var",
]


@pytest.mark.parametrize("axis", [0, -1, 1, -2])
@pytest.mark.parametrize("name", NAMES)
def test_a_number_does_what_it_does_in_numpy(name, axis):
    f = getattr(np, name)
    for requires_grad in (False, True):
        t = ag.tensor(3.0, requires_grad=requires_grad)
        try:
            expected = f(np.float64(3.0), axis=axis)
        except np.exceptions.AxisError:
            with pytest.raises(np.exceptions.AxisError):
                f(t, axis=axis)
            continue
        out = f(t, axis=axis)
        assert out.shape == expected.shape
        np.testing.assert_array_equal(out.detach().numpy(), expected)
        if out.requires_grad:
            assert ag.grad_of(out.sum(), t).item() == (0.0 if name in ("ptp", "nanstd") else 1.0)


@pytest.mark.parametrize("ufunc", [np.add, np.multiply, np.maximum, np.hypot, np.logaddexp])
@pytest.mark.parametrize("axis", [0, -1, None])
def test_ufuncs_reduce_a_number(ufunc, axis):
    out = ufunc.reduce(ag.tensor(3.0, requires_grad=True), axis=axis)
    assert out.requires_grad
    assert out.item() == ufunc.reduce(np.float64(3.0), axis=axis)
