"""Running sums and products, and the kernels behind products: against NumPy, loops, closed forms and finite differences."""

import numpy as np
import pytest

from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.ops.reductions.accumulation import cumprod, cumsum, cumulative_prod, cumulative_sum, products_before, recurrence
from autograd.tensors import Tensor

RUNNING = [cumsum, cumprod]


@pytest.mark.parametrize("f", RUNNING)
@pytest.mark.parametrize("axis", [None, 0, 1, -1, -2])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128, np.int8, np.bool])
def test_values_and_dtypes_are_numpys(f, axis, dtype):
    x = np.random.default_rng(0).integers(0, 3, (3, 4)).astype(dtype)
    expected = getattr(np, f.__name__)(x, axis=axis)
    for out in (f(x, axis), f(Tensor(x), axis).numpy(), getattr(np, f.__name__)(Tensor(x), axis).numpy()):
        np.testing.assert_array_equal(out, expected)
        assert out.dtype == expected.dtype


@pytest.mark.parametrize("f", RUNNING)
def test_dtype_is_the_one_to_accumulate_in(f):
    x = np.float32([1.5, 2.5, 3.5])
    out = f(x, dtype=np.float64)
    assert out.dtype == np.float64
    np.testing.assert_array_equal(out, getattr(np, f.__name__)(x, dtype=np.float64))
    assert f([1, 2], dtype=float).dtype == np.float64
    t = Tensor(x, requires_grad=True)
    assert grad_of(f(t, dtype=np.float64).sum(), t).dtype == np.float32


@pytest.mark.parametrize("f", RUNNING)
def test_numbers_lists_and_nothing(f):
    np.testing.assert_array_equal(f(2.5), [2.5])
    np.testing.assert_array_equal(f([]), [])
    assert f(np.zeros((3, 0)), axis=1).shape == (3, 0)
    x = Tensor(2.5, requires_grad=True)
    f(x).sum().backward()
    assert x.grad.shape == ()
    assert x.grad.item() == 1.0
    x = Tensor(np.zeros((0, 2)), requires_grad=True)
    assert grad_of(f(x, axis=0), x, np.zeros((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("f", RUNNING)
def test_an_axis_that_is_not_there(f):
    with pytest.raises(np.exceptions.AxisError, match="axis 1 is out of bounds for array of dimension 1"):
        f(Tensor([1.0, 2.0], requires_grad=True), axis=1)


def test_the_gradient_of_cumsum_runs_from_the_end():
    x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    np.testing.assert_array_equal(grad_of(cumsum(x), x, [1.0, 10.0, 100.0]).numpy(), [111.0, 110.0, 100.0])


ZEROS = [
    [1.5, 0.0, -2.0, 3.0],
    [0.0, 0.0, 2.0, 0.0],
    [0.0],
    [2.0, 3.0, 0.0],
    [0.0, 2.0, 3.0],
]


@pytest.mark.parametrize("values", ZEROS)
def test_the_gradient_of_cumprod_at_zeros(values):
    x = np.array(values)
    n = len(x)
    g = np.arange(1.0, n + 1)
    expected = [sum(g[k] * np.prod(np.delete(x[: k + 1], i)) for k in range(i, n)) for i in range(n)]
    t = Tensor(x, requires_grad=True)
    np.testing.assert_allclose(grad_of(cumprod(t), t, g).numpy(), expected, rtol=1e-15)
    report = gradcheck(cumprod, [x], order=3)
    assert report, report


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("f", RUNNING)
def test_second_derivatives_along_every_axis(f, axis):
    report = gradcheck(lambda x: f(x, axis=axis), [np.random.default_rng(1).uniform(-2, 2, (2, 3, 4))], order=2)
    assert report, report


def test_complex_products():
    rng = np.random.default_rng(2)
    report = gradcheck(cumprod, [rng.normal(size=4) + 1j * rng.normal(size=4)], order=2)
    assert report, report


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 8, 9, 100])
def test_recurrence_is_the_loop(n):
    rng = np.random.default_rng(3)
    x, b = rng.uniform(-1.2, 1.2, (2, n, 2))
    expected = np.zeros((n, 2))
    for i in range(1, n):
        expected[i] = x[i - 1] * expected[i - 1] + b[i - 1]
    before = x.copy(), b.copy()
    np.testing.assert_allclose(recurrence(x, b, axis=0), expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(recurrence(x.T, b.T, axis=1), expected.T, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(b, before[1])


def test_products_before():
    np.testing.assert_array_equal(products_before(np.array([2.0, 3.0, 0.0, 5.0]), axis=0), [1.0, 2.0, 6.0, 0.0])


# ---------------------------------------------------------------- under the array API's names

CUMULATIVE = [cumulative_sum, cumulative_prod]


@pytest.mark.parametrize("f", CUMULATIVE)
@pytest.mark.parametrize("include_initial", [False, True])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex64, np.int8, np.uint8, np.bool])
def test_cumulative_values_and_dtypes_are_numpys(f, include_initial, dtype):
    theirs = getattr(np, f.__name__)
    for shape, axis in (((4,), None), ((4,), -1), ((3, 4), 0), ((3, 4), -1), ((2, 0, 3), 1), ((), None), ((), 0), ((0,), None)):
        x = np.random.default_rng(0).integers(0, 3, shape).astype(dtype)
        for to in (None, np.complex128):
            expected = theirs(x, axis=axis, dtype=to, include_initial=include_initial)
            for each, call in ((x, f), (Tensor(x), f), (Tensor(x), theirs)):
                out = call(each, axis=axis, dtype=to, include_initial=include_initial)
                assert isinstance(out, type(each) if shape else np.ndarray | Tensor)
                np.testing.assert_array_equal(out.numpy() if isinstance(out, Tensor) else out, expected, strict=True)


@pytest.mark.parametrize("f", CUMULATIVE)
def test_cumulative_results_of_several_axes_need_one(f):
    with pytest.raises(ValueError, match=rf"{f.__name__}: expected an axis.*received axis=None for shape \(2, 2\)"):
        f(Tensor(np.ones((2, 2))))
    with pytest.raises(np.exceptions.AxisError, match="axis 1 is out of bounds for array of dimension 1"):
        f(Tensor([1.0]), axis=1)
    with pytest.raises(np.exceptions.AxisError, match="axis 1 is out of bounds for array of dimension 1"):
        f(2.0, axis=1)


@pytest.mark.parametrize("f", CUMULATIVE)
def test_cumulative_derivatives_at_zeros(f):
    for values in ZEROS:
        report = gradcheck(lambda x: f(x, include_initial=True), [np.array(values)], order=3)
        assert report, report


def test_the_gradient_of_an_included_initial_value_goes_nowhere():
    x = Tensor([1.0, 2.0], requires_grad=True)
    np.testing.assert_array_equal(grad_of(cumulative_sum(x, include_initial=True), x, [100.0, 10.0, 1.0]).numpy(), [11.0, 1.0])
