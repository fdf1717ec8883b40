"""First values: bounds and moments by the papers' formulas, gains as PyTorch has them, seeds, errors."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
import nn
from nn import init

GAINS = json.loads((Path(__file__).parents[1] / "data" / "torch_nn.json").read_text())["gains"]
SHAPE, FAN_IN, FAN_OUT = (40, 20, 3, 5), 300, 600  # (out, in, *kernel)


@pytest.mark.parametrize(("nonlinearity", "param", "expected"), GAINS)
def test_gains_are_pytorchs(nonlinearity, param, expected):
    assert init.calculate_gain(nonlinearity, param) == pytest.approx(expected, rel=1e-15)


UNIFORM = [
    (init.uniform_, {}, 0.0, 1.0),
    (init.uniform_, {"a": -3.0, "b": 5.0}, -3.0, 5.0),
    *[
        (function, keywords, -bound, bound)
        for function, keywords, bound in [
            (init.xavier_uniform_, {}, math.sqrt(6 / 900)),
            (init.xavier_uniform_, {"gain": 2.0}, 2 * math.sqrt(6 / 900)),
            (init.kaiming_uniform_, {}, math.sqrt(2) * math.sqrt(3 / 300)),
            (init.kaiming_uniform_, {"a": math.sqrt(5)}, 1 / math.sqrt(300)),
            (init.kaiming_uniform_, {"mode": "fan_out", "nonlinearity": "tanh"}, 5 / 3 * math.sqrt(3 / 600)),
        ]
    ],
]
NORMAL = [
    (init.normal_, {}, 0.0, 1.0),
    (init.normal_, {"mean": 3.0, "std": 0.5}, 3.0, 0.5),
    (init.xavier_normal_, {"gain": 2.0}, 0.0, 2 * math.sqrt(2 / 900)),
    (init.kaiming_normal_, {"nonlinearity": "relu"}, 0.0, math.sqrt(2 / 300)),
    (init.kaiming_normal_, {"a": 0.5, "mode": "fan_out"}, 0.0, math.sqrt(2 / 1.25) / math.sqrt(600)),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("function", "keywords", "low", "high"), UNIFORM)
def test_uniform_numbers_fill_their_interval(function, keywords, low, high, dtype):
    tensor = nn.Parameter(np.full(SHAPE, np.nan, dtype))
    assert function(tensor, **keywords, rng=np.random.default_rng(0)) is tensor
    x = (tensor.numpy().astype(float) - low) / (high - low)
    assert tensor.dtype == dtype
    assert x.min() >= -1e-6
    assert x.max() <= 1 + 1e-6
    # 12000 numbers: the standard error of the mean is 0.0026, that of the variance 0.0007
    assert x.mean() == pytest.approx(1 / 2, abs=0.011)
    assert x.var() == pytest.approx(1 / 12, abs=0.003)


@pytest.mark.parametrize(("function", "keywords", "mean", "std"), NORMAL)
def test_normal_numbers_have_their_moments(function, keywords, mean, std):
    tensor = nn.Parameter(np.full(SHAPE, np.nan))
    assert function(tensor, **keywords, rng=np.random.default_rng(0)) is tensor
    z = (tensor.numpy() - mean) / std
    # the standard errors of the first four moments of 12000 numbers are 0.009, 0.013, 0.035, 0.09
    assert z.mean() == pytest.approx(0, abs=0.04)
    assert (z**2).mean() == pytest.approx(1, abs=0.05)
    assert (z**3).mean() == pytest.approx(0, abs=0.14)
    assert (z**4).mean() == pytest.approx(3, abs=0.36)


@pytest.mark.parametrize(
    ("function", "expected"), [(init.zeros_, 0), (init.ones_, 1), (lambda tensor: init.constant_(tensor, 2.5), 2.5)]
)
@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 3)])
def test_constants(function, expected, shape):
    tensor = nn.Parameter(np.full(shape, 7.0))
    assert function(tensor) is tensor
    np.testing.assert_array_equal(tensor.numpy(), np.full(shape, expected))


RANDOM = [
    init.uniform_,
    init.normal_,
    init.xavier_uniform_,
    init.xavier_normal_,
    init.kaiming_uniform_,
    init.kaiming_normal_,
]


@pytest.mark.parametrize("function", RANDOM)
def test_one_seed_one_result(function):
    def drawn(**keywords):
        return function(nn.Parameter(np.zeros((3, 4))), **keywords).tolist()

    ag.seed(3)
    first, second = drawn(), drawn()
    assert first != second
    ag.seed(3)
    assert drawn() == first
    assert drawn(rng=np.random.default_rng(5)) == drawn(rng=np.random.default_rng(5))
    assert drawn() == second  # an own generator leaves the library's where it was


@pytest.mark.parametrize("function", RANDOM)
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_empty_weights(function, shape):
    assert function(nn.Parameter(np.zeros(shape))).shape == shape


def test_filling_is_not_recorded():
    tensor = init.normal_(nn.Parameter(np.zeros((2, 2))))
    assert tensor.is_leaf
    assert tensor.requires_grad
    assert init.ones_(ag.tensor([0.0])).tolist() == [1]


ERRORS = [
    (lambda: init.calculate_gain("swish"), ValueError, "expected one of linear, .*leaky_relu; received 'swish'"),
    (
        lambda: init.kaiming_normal_(nn.Parameter(np.zeros(3))),
        ValueError,
        r"kaiming_normal_: expected at least 2 axes.*received shape \(3,\)",
    ),
    (lambda: init.xavier_uniform_(nn.Parameter(0.0)), ValueError, r"xavier_uniform_: expected at least 2 axes"),
    (
        lambda: init.kaiming_uniform_(nn.Parameter(np.zeros((2, 2))), mode="in"),
        ValueError,
        "kaiming_uniform_: expected mode 'fan_in' or 'fan_out', received 'in'",
    ),
    (
        lambda: init.uniform_(ag.tensor([1, 2])),
        TypeError,
        "nn.init.uniform_: expected a floating tensor, received int64",
    ),
    (lambda: init.ones_(ag.tensor([True])), TypeError, "nn.init.ones_: expected a floating tensor, received bool"),
    (
        lambda: init.normal_(nn.Parameter([0.0]), rng=3),
        TypeError,
        r"normal_: expected rng, a np.random.Generator, received 3; write np.random.default_rng\(seed\)",
    ),
    (lambda: nn.Linear(2, 2, rng=0), TypeError, "uniform_: expected rng, a np.random.Generator, received 0"),
    (lambda: init.zeros_(np.zeros(3)), TypeError, "nn.init.zeros_: expected a Tensor, received ndarray"),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()
