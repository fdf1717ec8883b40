"""Series and polynomials inside ``vmap``, where the table of all ops has too few shapes: and what depends on values."""

from itertools import product

import numpy as np
import pytest

import autograd as ag
from autograd.errors import BatchingError

SIZE = 3


def check(f, arrays, axes):
    alone = [[x if axis is None else x[i] for x, axis in zip(arrays, axes, strict=True)] for i in range(SIZE)]
    actual, expected = ag.vmap(f, axes)(*arrays), np.stack([np.asarray(f(*each)) for each in alone])
    assert actual.dtype == expected.dtype
    np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-13)


def drawn(shapes, axes):
    rng = np.random.default_rng(0)
    return [rng.uniform(-1, 1, shape if axis is None else (SIZE, *shape)) for shape, axis in zip(shapes, axes, strict=True)]


BOTH_OR_ONE = [(0, 0), (0, None), (None, 0)]


@pytest.mark.parametrize("axes", BOTH_OR_ONE)
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("lengths", [(1, 1), (5, 1), (1, 4), (5, 2), (5, 3), (2, 6), (3, 6), (4, 4), (12, 9), (9, 12)])
@pytest.mark.parametrize("f", [np.convolve, np.correlate])
def test_windows(f, lengths, mode, axes):
    arrays = drawn([(n,) for n in lengths], axes)
    check(lambda a, b: f(a, b, mode), arrays, axes)
    gradients = [ag.grad(lambda a, b: np.sum(f(a, b, mode) ** 2), place) for place in (0, 1)]
    through = ag.grad(lambda a, b: np.sum(ag.vmap(lambda *each: f(*each, mode), axes)(a, b) ** 2), (0, 1))(*arrays)
    for gradient, axis, actual in zip(gradients, axes, through, strict=True):
        check(gradient, arrays, axes)
        expected = ag.vmap(gradient, axes)(*arrays)
        np.testing.assert_allclose(actual, expected if axis == 0 else expected.sum(0), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("axes", BOTH_OR_ONE)
@pytest.mark.parametrize("lengths", [(5, 3), (12, 9)])
@pytest.mark.parametrize("f", [np.convolve, np.correlate])
def test_windows_of_complex_and_of_whole_numbers(f, lengths, axes):
    a, b = drawn([(n,) for n in lengths], axes)
    check(f, [a + 1j * a[..., ::-1], b - 2j * b], axes)
    check(f, [np.round(9 * a).astype(int), np.round(9 * b).astype(int)], axes)
    none = [x if axis is None else x[:0] for x, axis in zip((a, b), axes, strict=True)]
    assert ag.vmap(f, axes)(*none).shape == (0, *ag.vmap(f, axes)(a, b).shape[1:])


@pytest.mark.parametrize("axes", [axes for axes in product((0, None), repeat=3) if 0 in axes])
@pytest.mark.parametrize("shape", [(), (4,), (2, 3)])
def test_interp(shape, axes):
    knots = np.linspace(-0.7, 0.6, 5)
    x, _, fp = drawn([shape, (5,), (5,)], axes)
    x = np.where(x > 0.5, 0.6, x)  # some at the last knot
    xp = knots if axes[1] is None else knots + np.array([[0.0], [0.1], [-0.1]])
    check(np.interp, [x, xp, fp], axes)
    check(ag.grad(lambda *xs: np.sum(np.interp(*xs) ** 2), 2), [x, xp, fp], axes)
    through = ag.grad(lambda x: np.sum(ag.vmap(np.interp, axes)(x, xp, fp)))(x)
    expected = ag.vmap(ag.grad(lambda *xs: np.sum(np.interp(*xs))), axes)(x, xp, fp)
    np.testing.assert_allclose(through, expected if axes[0] == 0 else expected.sum(0), rtol=1e-12, atol=1e-13)


def test_interp_between_so_many_knots_that_each_example_is_searched_in():
    rng = np.random.default_rng(0)
    xp = np.sort(rng.uniform(-1, 1, (SIZE, 400)), axis=1)
    arrays = [rng.uniform(-1.1, 1.1, (SIZE, 2, 40)), xp, rng.normal(size=xp.shape)]
    check(np.interp, arrays, (0, 0, 0))
    check(ag.grad(lambda *xs: np.sum(np.interp(*xs) ** 2)), arrays, (0, 0, 0))


@pytest.mark.parametrize("axes", BOTH_OR_ONE)
def test_integer_values_at_knots_are_read_as_floating_ones(axes):
    x, fp = drawn([(4,), (5,)], axes)
    check(lambda x, fp: np.interp(x, np.linspace(-1, 1, 5), fp), [x.astype(np.float32), (fp * 9).astype(int)], axes)


@pytest.mark.parametrize("axes", BOTH_OR_ONE)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_slopes_at_distances_that_differ(dtype, axes):
    x, h = drawn([(2, 4), ()], axes)
    check(lambda x, h: np.gradient(x, h, axis=1), [x.astype(dtype), np.asarray(h + 2)], axes)


def test_leading_zeros_of_which_all_examples_have_as_many():
    p = np.array([[0.0, 2.0, -3.0, 1.0], [0.0, 1.0, -5.0, 6.0]])
    np.testing.assert_allclose(ag.vmap(np.roots)(p), [[1.0, 0.5], [3.0, 2.0]])
    q = np.array([1.0, -1.0])
    np.testing.assert_allclose(ag.vmap(np.polymul, (0, None))(p, q), [np.polymul(each, q) for each in p])


@pytest.mark.parametrize("f", [np.roots, lambda p: np.polymul(p, p)])
def test_leading_zeros_of_which_examples_have_fewer_and_more(f):
    p = np.array([[0.0, 2.0, -3.0, 1.0], [1.0, 1.0, -5.0, 6.0]])
    with pytest.raises(BatchingError, match="examples have from 0 to 1 of them"):
        ag.vmap(f)(p)


def test_remainders_of_which_one_vanishes():
    p = np.array([[1.0, 2.0, 1.0], [1.0, 2.0, 3.0]])
    quotient, rest = ag.vmap(lambda p: np.polydiv(p, np.array([1.0, 1.0])))(p)
    np.testing.assert_allclose(quotient, [[1.0, 1.0], [1.0, 1.0]])
    np.testing.assert_allclose(rest, [[0.0], [2.0]])


def test_a_cut_for_each_example():
    x, cuts = np.array([[2.0, 1.0], [1.0, 3.0], [0.0, 1.0]]), np.array([1e-15, 0.9, 1e-15])
    actual = ag.vmap(ag.linalg.pinv, (None, 0))(x, cuts)
    np.testing.assert_allclose(actual, np.stack([np.linalg.pinv(x, cut) for cut in cuts]), rtol=1e-12, atol=1e-13)
    with pytest.raises(ag.errors.GradientError, match="cuts off"):
        ag.grad(lambda x: np.sum(ag.vmap(lambda cut: ag.linalg.pinv(x, cut))(cuts)))(x)


@pytest.mark.parametrize("f", [np.linalg.pinv, lambda x: np.linalg.lstsq(x, np.ones(3))[0]])
def test_nothing_is_recorded_of_what_is_cut_off(f):
    """Inside ``vmap`` too: the rule does not hold there, whichever side of it the gradient is taken on."""
    x = np.stack([np.diag([1.0, 1.0, 1e-3]), np.eye(3)])
    cutting = lambda x: np.sum(np.linalg.pinv(x, 1e-2))
    with pytest.raises(ag.errors.GradientError, match="cuts off"):
        ag.vmap(ag.grad(cutting))(x)
    with pytest.raises(ag.errors.GradientError, match="cuts off"):
        ag.grad(lambda x: np.sum(ag.vmap(cutting)(x)))(x)
    np.testing.assert_allclose(ag.vmap(f)(x), np.stack([f(each) for each in x]))
