"""Powers, exponentials and logarithms beyond the table: bases of all signs, exponents of all kinds, branch cuts, infinities."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.ops.elementwise.exponential import power_term

INF, NAN = np.inf, np.nan


def gradients(f, *values, cotangent=None):
    inputs = [ag.tensor(each, requires_grad=True) for each in values]
    y = f(*inputs)
    found = ag.grad_of(y, inputs, np.ones(y.shape, y.dtype) if cotangent is None else cotangent)
    return [each.numpy() for each in found]


# ---------------------------------------------------------------- powers


@pytest.mark.parametrize("exponent", [-3, -1, 0, 1, 2, 5, -2.0, 0.0, 1.0, 3.0, True, np.int8(2), np.float32(2), np.float64(-1)])
def test_whole_exponents_of_any_kind(exponent):
    x = np.array([-2.0, -0.5, 0.25, 3.0])
    t = ag.tensor(x, requires_grad=True)
    y = t**exponent
    (first,) = ag.grad_of(y, [t], np.ones(4), create_graph=True)
    np.testing.assert_array_equal(y.numpy(), x**exponent)
    n = float(exponent)
    np.testing.assert_allclose(first.numpy(), n * x ** (n - 1), rtol=1e-15)
    if first.requires_grad:
        (second,) = ag.grad_of(first, [t], np.ones(4), allow_unused=True)
        np.testing.assert_allclose(0 if second is None else second.numpy(), n * (n - 1) * x ** (n - 2), rtol=1e-15)
    else:
        assert n in (0, 1)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, bool])
def test_arrays_of_whole_exponents(dtype):
    n = np.array([0, 1, 0, 1] if dtype is bool else [0, 1, 2, 5]).astype(dtype)
    (g,) = gradients(lambda t: t**n, [-2.0, -2.0, 0.0, 3.0])
    np.testing.assert_array_equal(g, [0, 1, 0, 1] if dtype is bool else [0, 1, 0, 405])


def test_the_first_and_second_derivatives_at_base_0():
    x, n = ag.tensor(np.zeros(4), requires_grad=True), np.array([0.0, 1.0, 2.0, 3.0])
    (first,) = ag.grad_of(x**n, [x], np.ones(4), create_graph=True)
    (second,) = ag.grad_of(first, [x], np.ones(4))
    np.testing.assert_array_equal(first.numpy(), [0, 1, 0, 0])
    np.testing.assert_array_equal(second.numpy(), [0, 0, 2, 0])


def test_the_mixed_derivative_at_exponent_0():
    """d/dy d/dx x**y = x**(y - 1) (1 + y log(x)), at y = 0: 1 / x."""
    x, y = ag.tensor([0.5, 4.0], requires_grad=True), ag.tensor([0.0, 0.0], requires_grad=True)
    (by_x,) = ag.grad_of(x**y, [x], np.ones(2), create_graph=True)
    np.testing.assert_array_equal(by_x.numpy(), [0, 0])
    np.testing.assert_allclose(ag.grad_of(by_x, [y], np.ones(2))[0].numpy(), [2, 0.25], rtol=1e-15)


@pytest.mark.parametrize("orders", [(2, 0), (1, 1), (0, 2), (2, 1), (1, 2), (0, 3), (2, 2)])
def test_mixed_derivatives_against_mpmath(orders):
    x, y = ag.tensor([0.3, 1.7, 2.5], requires_grad=True), ag.tensor([2.0, -1.3, 0.0], requires_grad=True)
    found = x**y
    for variable, order in zip((x, y), orders, strict=True):
        for _ in range(order):
            (found,) = ag.grad_of(found, [variable], np.ones(3), create_graph=True)
    with mpmath.workdps(60):
        expected = [
            float(mpmath.diff(lambda x, y: x**y, (float(a), float(b)), orders))
            for a, b in zip(x.numpy(), y.numpy(), strict=True)
        ]
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-13)


def test_negative_bases_have_slopes_by_base_and_none_by_exponent():
    with pytest.warns(RuntimeWarning, match="invalid value encountered in log"):
        by_x, by_y = gradients(np.power, [-2.0, -2.0, 2.0], [3.0, -2.0, 3.0])
    np.testing.assert_allclose(by_x, [12, 0.25, 12], rtol=1e-15)
    np.testing.assert_allclose(by_y, [NAN, NAN, 8 * np.log(2)], rtol=1e-15)


def test_a_cotangent_of_0_needs_no_slope_and_gives_no_warning():
    by_x, by_y = gradients(np.power, [-2.0, 0.0, 0.0, 2.0], [3.0, 0.5, -0.0, 3.0], cotangent=np.array([0.0, 0.0, 0.0, 1.0]))
    np.testing.assert_allclose(by_x, [0, 0, 0, 12], rtol=1e-15)
    np.testing.assert_allclose(by_y, [0, 0, 0, 8 * np.log(2)], rtol=1e-15)


@pytest.mark.parametrize(
    ("base", "exponent", "by_base", "by_exponent"),
    [
        (0.0, 0.0, 0.0, 0.0),
        (0.0, 0.5, INF, 0.0),
        (0.0, 1.0, 1.0, 0.0),
        (0.0, 2.0, 0.0, 0.0),
        (0.0, -1.0, -INF, -INF),
    ],
)
def test_powers_at_the_borders(base, exponent, by_base, by_exponent):
    with np.errstate(divide="ignore"):
        found = gradients(np.power, [base], [exponent])
    np.testing.assert_array_equal(found, [[by_base], [by_exponent]])


@pytest.mark.parametrize("base", [2, 2.0, np.float32(2), np.array([2, 2, 2], np.int8), 0.5, 0.5 + 0.5j])
def test_constant_bases(base):
    y = np.array([-1.0, 0.0, 2.5])
    (g,) = gradients(lambda t: np.real(base**t), y)
    np.testing.assert_allclose(g, np.real(base**y * np.log(base * 1.0)), rtol=1e-14)


def test_the_constant_base_0():
    (g,) = gradients(lambda t: 0.0**t, [0.0, 0.5, 3.0])
    np.testing.assert_array_equal(g, [0, 0, 0])


def test_integers_have_no_negative_powers_and_floating_ones_do():
    with pytest.raises(ValueError, match="Integers to negative integer powers"):
        ag.tensor([2, 3]) ** -1
    np.testing.assert_array_equal(np.float_power(ag.tensor([2, 4]), -1).numpy(), [0.5, 0.25])


@pytest.mark.parametrize("dtype", [np.int8, np.float32, np.float64, np.complex64])
def test_float_power_is_in_double_precision(dtype):
    x = np.array([1, 2, 3], dtype)
    out = np.float_power(ag.tensor(x), 2)
    assert out.dtype == np.float_power(x, 2).dtype
    np.testing.assert_array_equal(out.numpy(), np.float_power(x, 2))


def test_float_power_gives_single_precision_its_gradient_back():
    x = ag.tensor(np.float32([1.5, 2.0]), requires_grad=True)
    np.float_power(x, 2).sum().backward()
    assert x.grad.dtype == np.float32
    assert x.grad.tolist() == [3.0, 4.0]


@given(
    x=st.floats(0.01, 100.0),
    y=st.floats(-5.0, 5.0),
    wide=st.booleans(),
)
@settings(max_examples=25, derandomize=True, deadline=None)
def test_powers_of_positive_numbers(x, y, wide):
    shape = (2, 3) if wide else ()
    by_x, by_y = gradients(np.power, np.full(shape, x), y)
    count = 6 if wide else 1
    np.testing.assert_allclose(by_x, np.full(shape, y * x ** (y - 1)), rtol=1e-13, atol=1e-300)
    np.testing.assert_allclose(by_y, count * x**y * np.log(x), rtol=1e-13, atol=1e-300)


def test_power_terms():
    c, x, y = np.array([0.0, 2.0, 1.0, 3.0]), np.array([-1.0, 0.0, 2.0, 0.0]), np.array([0.5, 0.0, 3.0, 2.0])
    np.testing.assert_allclose(power_term(c, x, y, logs=0), [0, 2, 8, 0])
    np.testing.assert_allclose(power_term(c, x, y, logs=2), [0, 0, 8 * np.log(2) ** 2, 0], rtol=1e-15)
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(power_term(np.ones(2), np.array([-1.0, NAN]), np.array([0.5, 1.0]), logs=1), [NAN, NAN])


# ---------------------------------------------------------------- roots


@pytest.mark.parametrize("x", [1e-300, 1e-9, 0.5, 8.0, 1e300])
def test_cube_roots_of_both_signs(x):
    (g,) = gradients(np.cbrt, [x, -x])
    with mpmath.workdps(40):
        expected = float(1 / (3 * mpmath.mpf(x) ** (mpmath.mpf(2) / 3)))
    np.testing.assert_allclose(g, [expected, expected], rtol=1e-15)


def test_complex_numbers_have_no_cube_root_here():
    with pytest.raises(TypeError, match="cbrt"):
        np.cbrt(ag.tensor([1j], requires_grad=True))


# ---------------------------------------------------------------- on the branch cuts the derivative is that of the value's side

CUTS = {
    "sqrt": (np.sqrt, -2.0),
    "log": (np.log, -2.0),
    "log2": (np.log2, -0.5),
    "log10": (np.log10, -3.0),
    "log1p": (np.log1p, -2.5),
    "x**0.3": (lambda x: x**0.3, -2.0),
    "x**(1 - 2j)": (lambda x: x ** (1 - 2j), -2.0),
}


@pytest.mark.parametrize("side", [0.0, -0.0])
@pytest.mark.parametrize("name", CUTS)
def test_derivatives_on_branch_cuts(name, side):
    """Differences along the cut stay on one side of it."""
    f, place = CUTS[name]
    z, h = complex(place, side), 1e-5
    numeric = (f(np.array([complex(place + h, side)])) - f(np.array([complex(place - h, side)]))) / (2 * h)
    (g,) = gradients(f, [z])
    np.testing.assert_allclose(np.conjugate(g), numeric, rtol=1e-9)


# ---------------------------------------------------------------- sums in logarithms


@pytest.mark.parametrize("f", [np.logaddexp, np.logaddexp2])
def test_shares_in_the_sum(f):
    x1 = [INF, 0.0, INF, -INF, -INF, INF, 3.0, 1e4, 1000.0]
    x2 = [0.0, INF, INF, -INF, 2.0, -INF, 3.0, 1e4, -1000.0]
    by_x1, by_x2 = gradients(f, x1, x2)
    np.testing.assert_array_equal(by_x1, [1, 0, 0.5, 0.5, 0, 1, 0.5, 0.5, 1])
    np.testing.assert_array_equal(by_x1 + by_x2, np.ones(9))


@pytest.mark.parametrize("f", [np.logaddexp, np.logaddexp2])
def test_shares_at_infinity_to_the_second_order(f):
    x1, x2 = ag.tensor([INF, -INF, INF], requires_grad=True), ag.tensor([0.0, -INF, INF], requires_grad=True)
    (first,) = ag.grad_of(f(x1, x2), [x1], np.ones(3), create_graph=True)
    (second,) = ag.grad_of(first, [x1], np.ones(3))
    assert np.isfinite(second.numpy()).all()
    assert second.numpy()[0] == 0


def test_shares_are_exact_for_large_numbers_in_single_precision():
    """exp(x1 - out) would be wrong by the rounding of out, which is 5e-4 here."""
    by_x1, by_x2 = gradients(np.logaddexp, np.float32([10000.0]), np.float32([9998.0]))
    np.testing.assert_allclose(by_x1, 1 / (1 + np.exp(-2)), rtol=3e-7)
    np.testing.assert_allclose(by_x2, 1 / (1 + np.exp(2)), rtol=3e-7)
    assert by_x1.dtype == np.float32


def test_nan_stays_nan():
    with np.errstate(invalid="ignore"):
        by_x1, by_x2 = gradients(np.logaddexp, [NAN], [1.0])
    assert np.isnan(by_x1)
    assert np.isnan(by_x2)


def test_third_derivatives():
    x = [np.array([0.7, 1.2]), np.array([1.1, 0.6])]
    assert gradcheck(lambda a, b: (a**b, np.logaddexp(a, b), np.logaddexp2(a, b), np.cbrt(a)), x, order=3)
