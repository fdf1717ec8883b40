"""``dtype=``: what is added up, multiplied or averaged in a dtype has NumPy's value and dtype, or NumPy's refusal."""

import warnings

import numpy as np
import pytest

import autograd as ag

NAMES = [
    "sum",
    "prod",
    "mean",
    "var",
    "std",
    "cumsum",
    "cumprod",
    "cumulative_sum",
    "cumulative_prod",
    "nansum",
    "nanprod",
    "nanmean",
    "nanvar",
    "nancumsum",
    "nancumprod",
]
SOURCES = ["bool", "uint8", "int8", "int64", "float32", "float64", "complex64"]
TARGETS = ["bool", "uint8", "int8", "int16", "float32", "float64", "complex64"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("target", TARGETS)
def test_results_are_numpys(name, source, target):
    x = np.array([[100, 3], [120, 2]]).astype(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
        try:
            expected = getattr(np, name)(x, axis=0, dtype=target)
        except TypeError:
            with pytest.raises(TypeError):
                getattr(ag, name)(ag.tensor(x), axis=0, dtype=target)
            return
        actual = getattr(ag, name)(ag.tensor(x), axis=0, dtype=target)
        plain = getattr(ag, name)(x, axis=0, dtype=target)
    for ours in (actual.numpy(), plain):
        assert ours.dtype == expected.dtype
        np.testing.assert_array_equal(ours, expected)
