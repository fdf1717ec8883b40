"""Entropies: closed forms, the convention that 0 log(0) is 0 with derivative 0, and the edges of the domains."""

import mpmath
import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import special
from autograd.engine import grad_of
from autograd.tensors import Tensor

INF = np.inf


def gradients(f, *inputs):
    """The derivative with respect to each input, of the elements one by one; it warns of nothing."""
    tensors = [Tensor(each, requires_grad=True) for each in inputs]
    return [each.numpy().tolist() for each in grad_of(f(*tensors), tensors, np.ones(len(inputs[0])))]


def second(f, *inputs):
    """All second derivatives, one list for each pair of inputs."""
    tensors = [Tensor(each, requires_grad=True) for each in inputs]
    first = grad_of(f(*tensors), tensors, np.ones(len(inputs[0])), create_graph=True)
    found = [grad_of(g, tensors, np.ones(len(inputs[0])), allow_unused=True) for g in first]
    return [[None if each is None else each.numpy().tolist() for each in row] for row in found]


def test_xlogy_where_x_is_0():
    x, y = [0.0, 0.0, 2.0], [0.0, 3.0, 0.5]
    assert special.xlogy(np.array(x), np.array(y)).tolist() == [0.0, 0.0, 2 * np.log(0.5)]
    assert gradients(special.xlogy, x, y) == [[0.0, np.log(3.0), np.log(0.5)], [0.0, 0.0, 4.0]]
    (xx, xy), (yx, yy) = second(special.xlogy, x, y)
    assert xx is None
    assert xy == yx == [0.0, 1 / 3, 2.0]
    assert yy == [0.0, 0.0, -8.0]


def test_xlog1py_where_x_is_0():
    x, y = [0.0, 0.0, 2.0], [-1.0, 1e-20, 1e-20]
    assert gradients(special.xlog1py, x, y) == [[0.0, 1e-20, 1e-20], [0.0, 0.0, 2.0]]
    (_, xy), (yx, yy) = second(special.xlog1py, x, y)
    assert xy == yx == [0.0, 1.0, 1.0]
    assert yy == [0.0, 0.0, -2.0]


def test_an_infinite_slope_stays_where_x_is_not_0():
    with np.errstate(divide="ignore"):
        assert gradients(special.xlogy, [2.0], [0.0]) == [[-INF], [INF]]


def test_of_a_probability_0():
    x = [0.0, 0.25, 1.0]
    assert gradients(special.entr, x) == [[0.0, -np.log(0.25) - 1, -1.0]]
    assert second(special.entr, x) == [[[0.0, -4.0, -1.0]]]
    assert gradients(lambda p: -special.xlogy(p, p), x)[0] == pytest.approx(gradients(special.entr, x)[0], rel=1e-15)


def test_outside_their_domains_they_are_constant():
    x, y = [-1.0, 0.0, 1.0, 1.0, 0.0], [1.0, -1.0, 0.0, -1.0, 0.0]
    np.testing.assert_array_equal(special.rel_entr(np.array(x), np.array(y)), [INF, INF, INF, INF, 0.0])
    assert gradients(special.rel_entr, x, y) == [[0.0] * 5, [0.0] * 5]
    assert gradients(special.kl_div, x, y) == [[0.0] * 5, [0.0, 0.0, 0.0, 0.0, 1.0]]
    assert gradients(special.entr, [-1.0]) == [[0.0]]
    for f in (special.rel_entr, special.kl_div):
        assert [each for row in second(f, x, y) for each in row] == [[0.0] * 5] * 4


def test_divergences_where_x_is_0_and_y_is_not():
    assert gradients(special.rel_entr, [0.0], [2.0]) == [[0.0], [0.0]]
    assert gradients(special.kl_div, [0.0], [2.0]) == [[0.0], [1.0]]
    assert special.kl_div(0.0, 2.0) == 2.0


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_divergences_in_closed_form(x, y):
    log = float(mpmath.log(mpmath.mpf(x) / mpmath.mpf(y)))
    expected = {
        special.rel_entr: (log + 1, -x / y),
        special.kl_div: (log, 1 - x / y),
        special.xlogy: (np.log(y), x / y),
        special.xlog1py: (np.log1p(y), x / (1 + y)),
    }
    for f, (by_x, by_y) in expected.items():
        (found_x,), (found_y,) = gradients(f, [x], [y])
        assert found_x == pytest.approx(by_x, rel=1e-14, abs=1e-15)
        assert found_y == pytest.approx(by_y, rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("name", ["xlogy", "xlog1py", "rel_entr", "kl_div"])
def test_the_function_of_scipy_differentiates(name):
    x, y = np.array([0.5, 2.0], np.float32), Tensor(np.array([[0.3], [0.9]], np.float32), requires_grad=True)
    z = getattr(scipy.special, name)(x, y)
    np.testing.assert_array_equal(z.numpy(), getattr(scipy.special, name)(x, y.numpy()))
    g = grad_of(z, y, np.ones((2, 2), np.float32))
    assert g.dtype == np.float32
    assert g.shape == (2, 1)


@pytest.mark.parametrize("name", ["xlogy", "xlog1py"])
def test_whole_numbers_count_as_float64(name):
    x, y = np.array([0, 2]), Tensor([3.0, 4.0], requires_grad=True)
    z = getattr(special, name)(x, y)
    np.testing.assert_array_equal(z.numpy(), getattr(scipy.special, name)(x, y.numpy()))
    base = y.numpy() + (name == "xlog1py")
    np.testing.assert_allclose(grad_of(z, y, np.ones(2)).numpy(), x / base, rtol=1e-15)
