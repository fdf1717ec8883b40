"""The logistic function, its logarithm and its inverse: exact at both ends, values and derivatives."""

import mpmath
import numpy as np
import pytest
import scipy.special

from autograd import special
from autograd.engine import grad_of
from autograd.tensors import Tensor

POINTS = np.array([-700.0, -100.0, -40.0, -2.0, 0.0, 0.3, 40.0, 100.0, 700.0])
EXPIT = {
    "expit": lambda x: 1 / (1 + mpmath.exp(-x)),
    "log_expit": lambda x: -mpmath.log1p(mpmath.exp(-x)),
}


def derivatives(f, x, count):
    x = Tensor(x, requires_grad=True)
    y, found = f(x), []
    for _ in range(count):
        y = grad_of(y, x, np.ones(x.shape), create_graph=True)
        found.append(y.numpy())
    return found


@pytest.mark.parametrize("name", EXPIT)
def test_both_tails_keep_their_digits(name):
    found = [getattr(special, name)(POINTS), *derivatives(getattr(special, name), POINTS, 3)]
    with mpmath.workdps(700):  # enough digits for 1 - expit(700)
        s = [EXPIT["expit"](mpmath.mpf(each)) for each in POINTS]
        t = [EXPIT["expit"](mpmath.mpf(-each)) for each in POINTS]
        first = [a * b for a, b in zip(s, t, strict=True)]
        second = [a * b * (b - a) for a, b in zip(s, t, strict=True)]
        third = [a * b * (1 - 6 * a * b) for a, b in zip(s, t, strict=True)]
        value = [EXPIT[name](mpmath.mpf(each)) for each in POINTS]
        expected = {
            "expit": [value, first, second, third],
            "log_expit": [value, t, [-each for each in first], [-each for each in second]],
        }[name]
        expected = [np.array([float(each) for each in row]) for row in expected]
    for actual, exact in zip(found, expected, strict=True):
        np.testing.assert_allclose(actual, exact, rtol=2e-14, atol=0)


def test_logit_at_its_ends():
    assert special.logit(np.array([0.0, 1.0])).tolist() == [-np.inf, np.inf]
    t = Tensor([0.0, 1.0], requires_grad=True)
    with np.errstate(divide="ignore"):
        np.testing.assert_array_equal(grad_of(special.logit(t), t, np.ones(2)).numpy(), [np.inf, np.inf])


def test_logit_near_its_ends():
    x = np.array([1e-300, 1e-10, 1 - 1e-10])
    (first,) = derivatives(special.logit, x, 1)
    with mpmath.workdps(40):
        expected = [float(1 / (mpmath.mpf(each) * (1 - mpmath.mpf(each)))) for each in x]
    np.testing.assert_allclose(first, expected, rtol=1e-15)


def test_logit_outside_is_nan_and_has_no_influence_where_it_is_not_used():
    assert np.isnan(special.logit(np.array([-0.5, 1.5]))).all()
    x = np.array([-0.5, 0.0, 0.5, 1.0, 1.5])
    t = Tensor(x, requires_grad=True)
    used = np.where((x > 0) & (x < 1), special.logit(t), 0)
    with np.errstate(divide="ignore"):
        assert grad_of(used, t, np.ones(5)).numpy().tolist() == [0.0, 0.0, 4.0, 0.0, 0.0]


@pytest.mark.parametrize("name", ["expit", "log_expit", "logit"])
def test_the_function_of_scipy_differentiates(name):
    t = Tensor([0.2, 0.7], requires_grad=True)
    y = getattr(scipy.special, name)(t)
    np.testing.assert_array_equal(y.numpy(), getattr(scipy.special, name)(t.numpy()))
    assert y.requires_grad


@pytest.mark.parametrize("name", ["expit", "log_expit", "logit"])
def test_complex_numbers_are_refused(name):
    with pytest.raises(TypeError, match=rf"{name}\(x: complex128"):
        getattr(special, name)(Tensor([0.5j]))
