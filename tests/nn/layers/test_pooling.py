"""Pools: windows by the formula for any settings, what ties and NaN do, second derivatives, and messages."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd as ag
import nn

F = nn.functional
RNG = np.random.default_rng(0)


def windows(shape, kernel, stride, padding, dilation, ceil_mode):
    """For each window its place, and the cells that are inside, one after the other in row-major order."""
    by_axis = []
    for size, k, step, pad, apart in zip(shape, kernel, stride, padding, dilation, strict=True):
        starts = []
        start = -pad
        while start + apart * (k - 1) < size + pad:  # it fits
            starts.append(start)
            start += step
        if ceil_mode and start < size and start - step + apart * (k - 1) < size + pad - 1:
            starts.append(start)  # it hangs over the end, and the last one left something
        by_axis.append([[c for c in range(s, s + apart * (k - 1) + 1, apart) if 0 <= c < size] for s in starts])
    for place in itertools.product(*[range(len(each)) for each in by_axis]):
        yield place, list(itertools.product(*[each[i] for each, i in zip(by_axis, place, strict=True)]))


@st.composite
def calls(draw):
    """A shape and the settings of a pool along one, two or three axes."""
    rank = draw(st.integers(1, 3))
    numbers = lambda low, high: tuple(draw(st.lists(st.integers(low, high), min_size=rank, max_size=rank)))
    shape, kernel, stride, dilation = numbers(1, 6), numbers(1, 3), numbers(1, 4), numbers(1, 2)
    padding = tuple([draw(st.integers(0, (d * (k - 1) + 1) // 2)) for k, d in zip(kernel, dilation, strict=True)])
    return shape, kernel, stride, padding, dilation, draw(st.booleans())


@settings(max_examples=200, deadline=None)
@given(calls(), st.integers(0, 2**32 - 1))
def test_max_pool_takes_the_first_largest_cell_of_each_window(call, seed):
    shape, kernel, stride, padding, dilation, ceil_mode = call
    found = list(windows(*call))
    assume(found and all(cells for _, cells in found))
    x = np.random.default_rng(seed).integers(-2, 3, shape).astype(float)  # with ties
    pool = getattr(F, f"max_pool{len(shape)}d")
    out, places = pool(x[np.newaxis], kernel, stride, padding, dilation, ceil_mode, True)
    assert out[0].size == len(found)
    for place, cells in found:
        first = max(cells, key=lambda cell: x[cell])
        assert out[0][place] == x[first]
        assert places[0][place] == np.ravel_multi_index(first, shape)


@settings(max_examples=100, deadline=None)
@given(calls(), st.booleans())
def test_average_pool_is_the_mean_of_each_window(call, counted):
    shape, kernel, stride, padding, _, ceil_mode = call
    padding = tuple([min(pad, k // 2) for pad, k in zip(padding, kernel, strict=True)])
    found = list(windows(shape, kernel, stride, padding, (1,) * len(shape), ceil_mode))
    assume(found)
    x = RNG.normal(size=shape)
    pool = getattr(F, f"avg_pool{len(shape)}d")
    out = pool(x[np.newaxis], kernel, stride, padding, ceil_mode, counted)[0]
    for place, cells in found:
        ends = [(p * s - pad, p * s - pad + k) for p, s, pad, k in zip(place, stride, padding, kernel, strict=True)]
        within = np.prod([min(end, n + pad) - start for (start, end), n, pad in zip(ends, shape, padding, strict=True)])
        total = np.sum([x[cell] for cell in cells])
        assert out[place] == pytest.approx(total / (within if counted else max(len(cells), 1)), abs=1e-12)


@pytest.mark.parametrize("counts", [(1, 1), (2, 3), (5, 4), (7, 2)])
def test_adaptive_pools_cover_everything_evenly(counts):
    x = RNG.normal(size=(2, 3, 5, 7))
    mean, largest = F.adaptive_avg_pool2d(x, counts), F.adaptive_max_pool2d(x, counts)
    for i, j in np.ndindex(*counts):
        rows = slice(i * 5 // counts[0], -(-(i + 1) * 5 // counts[0]))
        columns = slice(j * 7 // counts[1], -(-(j + 1) * 7 // counts[1]))
        np.testing.assert_allclose(mean[..., i, j], x[..., rows, columns].mean((-2, -1)), rtol=0, atol=1e-14)
        np.testing.assert_array_equal(largest[..., i, j], x[..., rows, columns].max((-2, -1)))


# ---------------------------------------------------------------- ties, NaN, gradients


def gradient_of_the_sum(f, x):
    x = ag.tensor(x, requires_grad=True)
    f(x).sum().backward()
    return x.grad.numpy()


def test_the_gradient_of_equal_numbers_goes_to_the_first_in_row_major_order():
    x = np.array([[[1.0, 2.0], [2.0, 2.0]]])
    np.testing.assert_array_equal(gradient_of_the_sum(nn.MaxPool2d(2), x), [[[0, 1], [0, 0]]])
    np.testing.assert_array_equal(gradient_of_the_sum(nn.AdaptiveMaxPool2d(1), x), [[[0, 1], [0, 0]]])


def test_the_gradients_of_windows_that_overlap_add_up():
    np.testing.assert_array_equal(gradient_of_the_sum(nn.MaxPool1d(3, 1), [[0.0, 1.0, 5.0, 1.0, 0.0]]), [[0, 0, 3, 0, 0]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nan_is_found_and_named(dtype):
    x = np.array([[1, np.nan, 3, 2], [4, np.nan, np.nan, 0]], dtype)
    out, places = nn.MaxPool1d(4, return_indices=True)(x)
    assert np.isnan(out).all()
    assert out.dtype == dtype
    np.testing.assert_array_equal(places, [[1], [2]])
    np.testing.assert_array_equal(nn.MaxPool1d(2)(x), [[np.nan, 3], [np.nan, np.nan]])


def test_a_window_of_nothing_but_minus_infinity_has_a_place_inside():
    x = np.full((1, 3, 3), -np.inf)
    out, places = nn.MaxPool2d(3, 2, 1, return_indices=True)(x)
    assert (out == -np.inf).all()
    np.testing.assert_array_equal(places, [[[0, 1], [3, 4]]])


def test_the_curvature_of_a_function_of_maxima():
    x = RNG.permutation(12.0 * np.arange(16)).reshape(1, 4, 4) / 100
    hessian = ag.hessian(lambda x: (F.max_pool2d(x, 2) ** 3).sum())(x).reshape(16, 16)
    largest = np.zeros(16, bool)
    largest[F.max_pool2d(x, 2, return_indices=True)[1].ravel()] = True
    np.testing.assert_allclose(hessian, np.diag(np.where(largest, 6 * x.ravel(), 0)), rtol=0, atol=1e-12)


def test_unpooling_puts_back_what_pooling_found():
    x = RNG.normal(size=(2, 3, 5, 7))
    out, places = nn.MaxPool2d(2, return_indices=True)(x)
    back = nn.MaxUnpool2d(2)(out, places, output_size=x.shape)
    assert back.shape == x.shape
    np.testing.assert_array_equal(back[back != 0], x[back != 0])
    assert np.count_nonzero(back) == out.size


def test_a_power_average_of_zeros_has_the_derivative_zero():
    found = gradient_of_the_sum(nn.LPPool1d(2, 2), [[0.0, 0.0, 3.0, 4.0]])
    np.testing.assert_allclose(found, [[0, 0, 0.6, 0.8]], rtol=0, atol=1e-15)


def test_integers_count_as_float64():
    for pool in (nn.MaxPool1d(2), nn.AvgPool1d(2), nn.LPPool1d(2, 2), nn.AdaptiveAvgPool1d(1), nn.AdaptiveMaxPool1d(1)):
        assert pool([[1, 2]]).dtype == np.float64


# ---------------------------------------------------------------- settings and messages


def test_a_setting_is_one_number_or_one_for_each_axis():
    x = RNG.normal(size=(2, 3, 7, 6))
    np.testing.assert_array_equal(nn.MaxPool2d(2, 1)(x), nn.MaxPool2d((2, 2), [1, 1])(x))
    assert nn.MaxPool2d((1, 2))(x).shape == (2, 3, 7, 3)


def test_settings_are_shown_as_given():
    assert repr(nn.MaxPool2d((2, 1))) == "MaxPool2d(kernel_size=(2, 1), stride=(2, 1), padding=0, dilation=1, ceil_mode=False)"
    assert repr(nn.AvgPool2d(3, 2, 1)) == "AvgPool2d(kernel_size=3, stride=2, padding=1)"
    assert repr(nn.LPPool2d(2, 3)) == "LPPool2d(norm_type=2, kernel_size=3, stride=None, ceil_mode=False)"
    assert repr(nn.MaxUnpool2d(2)) == "MaxUnpool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))"
    assert repr(nn.AdaptiveAvgPool2d((5, None))) == "AdaptiveAvgPool2d(output_size=(5, None))"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.MaxPool2d(0), ValueError, "MaxPool2d: expected kernel_size, a whole number or 2 of them of 1 or more"),
        (lambda: nn.MaxPool2d(2.0), TypeError, "MaxPool2d: expected kernel_size, a whole number or 2 of them; received 2.0"),
        (lambda: nn.MaxPool2d((2, 2, 2)), ValueError, r"received \(2, 2, 2\)"),
        (lambda: nn.MaxPool1d(3, stride=0), ValueError, "MaxPool1d: expected stride, a whole number of 1 or more; received 0"),
        (lambda: nn.AvgPool2d(3, padding=2), ValueError, "AvgPool2d: expected a padding of at most half of a window"),
        (lambda: nn.AvgPool2d(3, divisor_override=0), ValueError, "AvgPool2d: expected divisor_override other than 0"),
        (lambda: nn.LPPool1d(0, 2), ValueError, "LPPool1d: expected norm_type, a number above 0; received 0"),
        (lambda: nn.AdaptiveAvgPool2d(0), ValueError, "AdaptiveAvgPool2d: expected output_size, .* of 1 or more"),
        (
            lambda: nn.AdaptiveMaxPool2d((1, 2, 3)),
            ValueError,
            r"AdaptiveMaxPool2d: expected output_size.* received \(1, 2, 3\)",
        ),
        (
            lambda: F.max_pool2d(np.zeros((1, 4, 2)), 3),
            ValueError,
            r"max_pool2d: expected input at least as large as a window, received \(1, 4, 2\) for kernel_size=\(3, 3\), "
            r"padding=\(0, 0\), dilation=\(1, 1\); take a smaller kernel_size",
        ),
        (
            lambda: F.avg_pool2d(np.zeros((4, 4)), 2),
            ValueError,
            r"avg_pool2d: expected input of shape \(N, C, H, W\) or \(C, H, W\), received \(4, 4\)",
        ),
        (
            lambda: F.max_pool1d(np.zeros((1, 4), complex), 2),
            TypeError,
            "max_pool1d: expected real numbers, received complex128",
        ),
        (
            lambda: F.adaptive_avg_pool1d(np.zeros((1, 0)), 2),
            ValueError,
            "adaptive_avg_pool1d: expected input without empty axes",
        ),
        (
            lambda: F.max_unpool1d([[1.0]], [[0.0]], 2),
            TypeError,
            "max_unpool1d: expected indices as integers, received float64",
        ),
        (lambda: F.max_unpool1d([[1.0]], [[2]], 2), ValueError, "expected indices from 0 to 1, received some from 0 to 2"),
        (
            lambda: F.max_unpool1d([[1.0]], [[0]], 2, output_size=[4]),
            ValueError,
            r"max_unpool1d: expected an output_size within a stride of \(2,\), received \[4\]",
        ),
        (lambda: F.max_unpool1d([[1.0]], [[0]], 2, padding=1), ValueError, "max_unpool1d: expected settings that give a size"),
    ],
)
def test_mistakes_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
