"""Guarded products and quotients: what they are where the plain ones are, and where those are NaN."""

import numpy as np
import pytest

import autograd as ag
from autograd.checking import gradcheck
from autograd.ops.elementwise.guarded import guarded_divide, guarded_multiply, or_infinite, over, times

INF, NAN = np.inf, np.nan


def test_products():
    g = np.array([0.0, -0.0, 0.0, 2.0, 2.0, INF, INF, NAN, 0.0])
    slope = np.array([INF, -INF, 3.0, INF, 3.0, 0.0, 2.0, 0.0, NAN])
    np.testing.assert_array_equal(times(g, slope), [0, 0, 0, INF, 6, 0, INF, NAN, 0])


def test_quotients():
    g = np.array([0.0, -0.0, 0.0, 6.0, NAN, 0.0])
    divisor = np.array([0.0, 0.0, 2.0, 3.0, 0.0, NAN])
    np.testing.assert_array_equal(over(g, divisor), [0, 0, 0, 2, NAN, 0])


@pytest.mark.parametrize("other", [0.0, 5.0, INF])
def test_an_element_does_not_depend_on_the_others(other):
    """The careful way, which one element may need, gives the rest what the plain way gives."""
    g, slope = np.array([0.0, 0.0, 1.5, NAN]), np.array([other, NAN, INF, 2.0])
    np.testing.assert_array_equal(times(g, slope), [0, 0, INF, NAN])
    with np.errstate(divide="ignore"):
        np.testing.assert_array_equal(over(g, np.array([other * 0 if other < INF else 1.0, NAN, 0.5, 2.0])), [0, 0, 3, NAN])


def test_division_of_something_by_zero_is_infinite_and_warns():
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.testing.assert_array_equal(over(np.array([0.0, -2.0]), np.array([0.0, 0.0])), [0, -INF])


def test_numpys_error_state_is_the_users():
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError, match="divide by zero"):
        over(np.array([0.0, 1.0]), np.array([0.0, 0.0]))
    with np.errstate(all="raise"):
        assert over(np.array([0.0]), np.array([0.0])).tolist() == [0]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64, np.complex128])
@pytest.mark.parametrize("f", [times, over])
def test_dtypes_and_numbers_without_dimensions_stay(f, dtype):
    for zero in (dtype(0), np.zeros(2, dtype)):
        bad = zero if f is over else zero + dtype(INF)
        out = f(zero, bad)
        assert type(out) is type(zero)
        assert out.dtype == dtype
        assert not np.any(out)


@pytest.mark.parametrize("op", [guarded_multiply, guarded_divide])
def test_all_derivatives_are_zero_where_both_are(op):
    a, b = ag.tensor(0.0, requires_grad=True), ag.tensor(0.0, requires_grad=True)
    (by_b,) = ag.grad_of(op(a, b), [b], create_graph=True)
    assert by_b.item() == 0
    with np.errstate(divide="ignore"):
        (again,) = ag.grad_of(by_b, [b], allow_unused=True)
    assert again is None or again.item() == 0


def test_third_derivatives():
    x = [np.array([0.7, -1.2]), np.array([1.1, 0.6])]
    assert gradcheck(lambda a, b: (times(a, b), over(a, b)), x, order=3)


def test_or_infinite():
    np.testing.assert_array_equal(or_infinite(np.array([0.0, -0.0, 2.0])), [INF, INF, 2])
    assert or_infinite(np.zeros(2, np.float32)).dtype == np.float32
