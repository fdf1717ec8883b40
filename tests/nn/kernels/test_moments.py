"""Vectors of equal numbers: what the products with them are, and which of them are kept."""

import numpy as np
import pytest

from nn.kernels.moments import ones, shares


@pytest.mark.parametrize("count", [0, 1, 300, 5000])
def test_products_are_sums_and_means(count):
    x = np.arange(count, dtype=np.float32)
    assert ones(count, x.dtype).dtype == shares(count, x.dtype).dtype == np.float32
    np.testing.assert_allclose(x @ ones(count, x.dtype), x.sum(), rtol=1e-5)
    np.testing.assert_allclose(x @ shares(count, x.dtype), x.sum() / max(count, 1), rtol=1e-5)


@pytest.mark.parametrize("made", [ones, shares])
def test_only_short_ones_are_kept(made):
    assert made(300, np.float64) is made(300, np.float64)
    assert not made(300, np.float64).flags.writeable
    assert made(5000, np.float64) is not made(5000, np.float64)
