"""Division with a remainder: agreement of quotient and remainder, signs, exactness, tuples, integers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck


def gradients(f, *values):
    inputs = [ag.tensor(each, requires_grad=True) for each in values]
    y = f(*inputs)
    return [each.numpy() for each in ag.grad_of(y, inputs, np.ones(y.shape, y.dtype))]


def test_the_sign_of_fmod_is_that_of_the_dividend():
    by_x1, by_x2 = gradients(np.fmod, [7.0, -7.0, 7.0, -7.0], [3.0, 3.0, -3.0, -3.0])
    np.testing.assert_array_equal(by_x1, np.ones(4))
    np.testing.assert_array_equal(by_x2, [-2, 2, 2, -2])


def test_the_slope_of_fmod_is_the_quotient_even_where_the_division_rounds_up():
    assert 1.0 / 0.1 == 10.0  # though the number nearest to 0.1 is larger, and goes into 1 only nine times
    assert math.fmod(1.0, 0.1) > 0.09
    _, by_x2 = gradients(np.fmod, [1.0], [0.1])
    np.testing.assert_array_equal(by_x2, [-9])


@given(
    x1=st.floats(-50, 50).filter(lambda x: abs(x) > 1e-3),
    x2=st.floats(0.1, 9.0),
    sign=st.sampled_from([-1.0, 1.0]),
)
@settings(max_examples=25, derandomize=True, deadline=None)
def test_divmod_is_pythons(x1, x2, sign):
    quotient, remainder = np.divmod(ag.tensor(x1), sign * x2)
    assert (quotient.item(), remainder.item()) == divmod(x1, sign * x2)


def test_divmod_of_tensors_and_its_gradients():
    x = ag.tensor([7.5, -7.5], requires_grad=True)
    for found in (np.divmod(x, 2.0), ag.divmod(x, 2.0), divmod(x, 2.0)):
        assert isinstance(found, tuple)
        assert [each.tolist() for each in found] == [[3.0, -4.0], [1.5, 0.5]]
        (g,) = ag.grad_of(found[0] * 10 + found[1], [x], np.ones(2))
        assert g.tolist() == [1.0, 1.0]


def test_divmod_of_plain_numbers_is_numpys():
    ours, theirs = ag.divmod(7, 2), np.divmod(7, 2)
    assert ours == theirs
    assert [type(each) for each in ours] == [type(each) for each in theirs]


@pytest.mark.parametrize("f", [np.gcd, np.lcm])
def test_divisors_of_integers(f):
    a, b = np.array([[12], [-18], [0]]), np.array([8, 27, 0])
    out = f(ag.tensor(a), b)
    assert not out.requires_grad
    np.testing.assert_array_equal(out.numpy(), f(a, b))
    with pytest.raises(TypeError, match=f.__name__):
        f(ag.tensor([1.5], requires_grad=True), 2)


def test_derivatives_to_the_third_order():
    x = [np.array([5.3, -4.1]), np.array([1.7, 2.2])]
    assert gradcheck(lambda a, b: (np.fmod(a, b) * a, np.remainder(a, b) * b), x, order=3)
