"""Every recorded call of a layer, loss or function gives PyTorch's numbers: value, gradient, second gradient and buffers."""

import numpy as np
import pytest

from benchmarks import parity

ROWS = parity.rows()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_float64(row):
    for quantity, error in parity.errors(row, np.dtype(np.float64)).items():
        assert error <= 1e-9, quantity


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_float32(row):
    for quantity, error in parity.errors(row, np.dtype(np.float32)).items():
        assert error <= 1e-4, quantity


@pytest.mark.parametrize("family", parity.families())
def test_a_wrong_number_would_be_found(family):
    row = next(each for each in ROWS if each.family == family and each.recorded["value"][0]["values"])
    found, expected = [[parity._array(each) for each in row.recorded["value"]] for _ in range(2)]
    found[0].flat[0] += 1e-5 * np.abs(found[0]).max() + 1e-5
    assert parity._error(found, [{"shape": each.shape, "values": each.reshape(-1)} for each in expected]) > 1e-6
