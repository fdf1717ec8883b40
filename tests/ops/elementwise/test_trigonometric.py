"""Trigonometric and hyperbolic functions beyond the table: ends of domains, branch cuts, large arguments, the origin."""

import mpmath
import numpy as np
import pytest

import autograd as ag

INF = np.inf


def gradients(f, *values):
    inputs = [ag.tensor(each, requires_grad=True) for each in values]
    y = f(*inputs)
    return [each.numpy() for each in ag.grad_of(y, inputs, np.ones(y.shape, y.dtype))]


# The function, a point on a branch cut, and the direction along the cut.
CUTS = {
    "arcsin right": (np.arcsin, 2.0, 1.0),
    "arcsin left": (np.arcsin, -3.0, 1.0),
    "arccos right": (np.arccos, 1.5, 1.0),
    "arccos left": (np.arccos, -2.0, 1.0),
    "arctanh right": (np.arctanh, 2.0, 1.0),
    "arctanh left": (np.arctanh, -2.0, 1.0),
    "arccosh inside": (np.arccosh, 0.3, 1.0),
    "arccosh left": (np.arccosh, -2.0, 1.0),
    "arcsinh up": (np.arcsinh, 2.0, 1j),
    "arcsinh down": (np.arcsinh, -2.0, 1j),
    "arctan up": (np.arctan, 2.0, 1j),
    "arctan down": (np.arctan, -1.5, 1j),
}


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
@pytest.mark.parametrize("side", [0.0, -0.0], ids=["above", "below"])
@pytest.mark.parametrize("name", CUTS)
def test_derivatives_on_branch_cuts_are_those_of_the_values_side(name, side, dtype):
    """Differences along the cut stay on one side of it."""
    f, place, direction = CUTS[name]

    def point(along):
        return complex(along, side) if direction == 1.0 else complex(side, along)

    h = 1e-5
    numeric = (f(np.array([point(place + h)])) - f(np.array([point(place - h)]))) / (2 * h * direction)
    (g,) = gradients(f, np.array([point(place)], dtype))
    assert g.dtype == dtype
    np.testing.assert_allclose(np.conjugate(g), numeric, rtol=1e-9 if dtype is np.complex128 else 1e-6)


@pytest.mark.parametrize("f", [np.arcsin, np.arccos, np.arctanh])
@pytest.mark.parametrize("x", [1 - 2.0**-50, -1 + 2.0**-40, 0.999])
def test_slopes_near_the_ends_keep_their_digits(f, x):
    (g,) = gradients(f, [x])
    with mpmath.workdps(60):
        inside = 1 - mpmath.mpf(x) ** 2
        expected = {np.arcsin: 1 / mpmath.sqrt(inside), np.arccos: -1 / mpmath.sqrt(inside), np.arctanh: 1 / inside}[f]
    np.testing.assert_allclose(g, [float(expected)], rtol=1e-15)


@pytest.mark.parametrize("x", [1e-300, 0.5, 1e8, 1e200, -1e300])
def test_arcsinh_of_large_numbers(x):
    (g,) = gradients(np.arcsinh, [x])
    np.testing.assert_allclose(g, [1 / np.hypot(1, x)], rtol=1e-15)


@pytest.mark.parametrize(("f", "x"), [(np.arcsin, 1.0), (np.arccos, -1.0), (np.arccosh, 1.0), (np.arctanh, 1.0)])
def test_slopes_at_the_ends_are_infinite(f, x):
    with np.errstate(divide="ignore"):
        (g,) = gradients(f, [x])
    assert np.isinf(g)


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e200])
def test_angles_and_distances_do_not_overflow(scale):
    by_y, by_x = gradients(np.arctan2, [3 * scale], [4 * scale])
    np.testing.assert_allclose([by_y * scale, by_x * scale], [[4 / 25], [-3 / 25]], rtol=1e-15)
    by_y, by_x = gradients(np.hypot, [3 * scale], [-4 * scale])
    np.testing.assert_allclose([by_y, by_x], [[0.6], [-0.8]], rtol=1e-15)


@pytest.mark.parametrize("f", [np.arctan2, np.hypot])
def test_the_origin_has_derivatives_zero_to_the_second_order(f):
    y, x = ag.tensor([0.0, -0.0, 1.0], requires_grad=True), ag.tensor([0.0, 0.0, 0.0], requires_grad=True)
    first = ag.grad_of(f(y, x), [y, x], np.ones(3), create_graph=True)
    for each in first:
        np.testing.assert_array_equal(each.numpy()[:2], [0, 0])
        for second in ag.grad_of(each, [y, x], np.ones(3), allow_unused=True, retain_graph=True):
            np.testing.assert_array_equal(second.numpy()[:2], [0, 0])


def test_the_four_quadrants():
    y, x = np.array([1.0, 1.0, -1.0, -1.0, 0.0]), np.array([1.0, -1.0, -1.0, 1.0, -2.0])
    by_y, by_x = gradients(np.arctan2, y, x)
    np.testing.assert_allclose(by_y, x / (x * x + y * y), rtol=1e-15)
    np.testing.assert_allclose(by_x, -y / (x * x + y * y), rtol=1e-15)


@pytest.mark.parametrize("f", [np.arctan2, np.hypot])
def test_complex_numbers_are_refused(f):
    with pytest.raises(TypeError, match=f.__name__):
        f(ag.tensor([1j], requires_grad=True), 1.0)
