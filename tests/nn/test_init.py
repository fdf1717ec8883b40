"""First values: bounds and moments by the papers' formulas, gains as PyTorch has them, seeds, errors."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

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
    init.trunc_normal_,
    init.orthogonal_,
    lambda tensor, rng=None: init.sparse_(tensor, 0.3, rng=rng),
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


# ---------------------------------------------------------------- distributions


NORMALS = [
    {},
    {"mean": 1.0, "std": 0.5, "a": 0.5, "b": 1.2},
    {"a": -30.0, "b": 30.0},
    {"std": 0.02, "a": -0.04, "b": 0.01},
    {"a": -1.0, "b": 1.5},  # narrow, with the mean inside
    {"a": 0.0, "b": math.inf},
    {"a": -math.inf, "b": -0.1},
    {"a": 0.5, "b": 0.6},
    {"mean": -3.0, "std": 2.0, "a": 5.0, "b": 100.0},  # from 4 standard deviations on
    {"a": -41.0, "b": -40.0},  # where the distribution function is 0 to all digits
    {"a": 1e-3, "b": 3.0},
]


@pytest.mark.parametrize("keywords", NORMALS, ids=str)
def test_truncated_normal_numbers_have_their_distribution(keywords):
    tensor = ag.tensor(np.full((100, 200), np.nan))
    assert init.trunc_normal_(tensor, **keywords, rng=np.random.default_rng(0)) is tensor
    mean, std, a, b = ({"mean": 0.0, "std": 1.0, "a": -2.0, "b": 2.0} | keywords).values()
    x = tensor.numpy().ravel()
    assert x.min() >= a
    assert x.max() <= b
    exact = stats.truncnorm((a - mean) / std, (b - mean) / std, mean, std)
    assert stats.kstest(x, exact.cdf).pvalue > 0.01
    assert x.mean() == pytest.approx(exact.mean(), abs=4 * exact.std() / math.sqrt(x.size))
    assert x.std() == pytest.approx(exact.std(), rel=0.04)


@pytest.mark.parametrize("shape", [(), (1,), (3, 0), (7, 5)])
def test_truncated_normal_numbers_of_any_shape(shape):
    assert init.trunc_normal_(nn.Parameter(np.zeros(shape)), a=3.0, b=4.0).shape == shape


@pytest.mark.parametrize(("function", "shape"), [(init.normal_, (20000,)), (init.uniform_, (200, 100))])
def test_other_numbers_have_their_distribution(function, shape):
    x = function(ag.tensor(np.zeros(shape)), rng=np.random.default_rng(1)).numpy().ravel()
    assert stats.kstest(x, "norm" if function is init.normal_ else "uniform").pvalue > 0.01


@pytest.mark.parametrize(("dtype", "close"), [(np.float64, 1e-12), (np.float32, 1e-6)])
@pytest.mark.parametrize("gain", [1.0, 2.0])
@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (8, 2), (4, 3, 2, 3), (1, 1)])
def test_orthogonal_rows_or_columns(shape, gain, dtype, close):
    w = init.orthogonal_(nn.Parameter(np.zeros(shape, dtype)), gain, np.random.default_rng(0)).numpy()
    assert w.dtype == dtype
    w = w.reshape(shape[0], -1).astype(float)
    product = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    np.testing.assert_allclose(product, gain**2 * np.eye(len(product)), rtol=0, atol=close * gain**2)


def test_all_orthogonal_matrices_are_equally_likely():
    """Of such a matrix of 3 rows each element is uniform (Archimedes), its sign included, and the determinant is 1 or -1."""
    rng = np.random.default_rng(0)
    drawn = np.array([init.orthogonal_(ag.tensor(np.zeros((3, 3))), rng=rng).numpy() for _ in range(2000)])
    for i, j in np.ndindex(3, 3):
        assert stats.kstest(drawn[:, i, j], stats.uniform(-1, 2).cdf).pvalue > 0.001
    assert abs(np.sign(np.linalg.det(drawn)).mean()) < 0.08  # 3.5 standard errors


@pytest.mark.parametrize(("sparsity", "zeros"), [(0.0, 0), (0.1, 1), (0.35, 4), (0.4, 4), (1.0, 10)])
def test_sparse_columns(sparsity, zeros):
    w = init.sparse_(ag.tensor(np.zeros((10, 3000))), sparsity, std=0.5, rng=np.random.default_rng(0)).numpy()
    assert np.all((w == 0).sum(0) == zeros)
    np.testing.assert_allclose((w == 0).mean(1), zeros / 10, atol=0.04)  # all rows alike
    assert zeros == 10 or stats.kstest(w[w != 0], stats.norm(0, 0.5).cdf).pvalue > 0.01


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (2, 2)])
def test_unit_matrices_of_any_shape(shape):
    np.testing.assert_array_equal(init.eye_(nn.Parameter(np.full(shape, np.nan))).numpy(), np.eye(*shape))


def test_a_dirac_convolution_passes_on():
    kernel = init.dirac_(ag.tensor(np.zeros((6, 2, 3))), groups=3).numpy()
    x = np.random.default_rng(0).normal(size=(6, 9))
    passed = [sum(np.convolve(x[2 * (out // 2) + i], kernel[out, i, ::-1], mode="same") for i in range(2)) for out in range(6)]
    np.testing.assert_array_equal(passed, x)
    assert init.dirac_(nn.Parameter(np.ones((0, 2, 3)))).shape == (0, 2, 3)


# ---------------------------------------------------------------- filling


def test_filling_is_not_recorded():
    tensor = init.normal_(nn.Parameter(np.zeros((2, 2))))
    assert tensor.is_leaf
    assert tensor.requires_grad
    assert init.ones_(ag.tensor([0.0])).tolist() == [1]


ERRORS = [
    (
        lambda: init.trunc_normal_(nn.Parameter([0.0]), a=2.0, b=2.0),
        ValueError,
        "nn.init.trunc_normal_: expected std > 0 and a < b, received std=1.0, a=2.0, b=2.0",
    ),
    (lambda: init.trunc_normal_(nn.Parameter([0.0]), std=0), ValueError, "expected std > 0 and a < b, received std=0"),
    (
        lambda: init.trunc_normal_(nn.Parameter([0.0]), a=math.nan),
        ValueError,
        "trunc_normal_: expected a, a number; rec",
    ),
    (lambda: init.trunc_normal_(nn.Parameter([0.0]), rng=3), TypeError, "nn.init.trunc_normal_: expected rng"),
    (
        lambda: init.eye_(nn.Parameter(np.zeros(3))),
        ValueError,
        r"nn.init.eye_: expected a tensor of 2 axes, received shape \(3,\)",
    ),
    (lambda: init.dirac_(nn.Parameter(np.zeros((3, 2)))), ValueError, "dirac_: expected a tensor of 3 or 4 or 5 axes"),
    (
        lambda: init.dirac_(nn.Parameter(np.zeros((3, 2, 1))), groups=2),
        ValueError,
        r"dirac_: expected output channels in 2 groups, received shape \(3, 2, 1\)",
    ),
    (lambda: init.orthogonal_(nn.Parameter(np.zeros(3))), ValueError, "orthogonal_: expected at least 2 axes, received shape"),
    (
        lambda: init.sparse_(nn.Parameter(np.zeros((2, 2))), 1.5),
        ValueError,
        "sparse_: expected a sparsity from 0 to 1, received 1.5",
    ),
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
    (lambda: init.normal_(nn.Parameter([0.0]), std=-1), ValueError, "nn.init.normal_: expected std, .* of 0 or more"),
    (lambda: init.normal_(nn.Parameter([0.0]), std=math.nan), ValueError, "nn.init.normal_: expected std, a finite number"),
    (lambda: init.uniform_(nn.Parameter([0.0]), 2, 1), ValueError, "nn.init.uniform_: expected a <= b, received a=2, b=1"),
    (lambda: init.constant_(nn.Parameter([0.0]), "a"), TypeError, "nn.init.constant_: expected val, a number; received 'a'"),
    *[
        (lambda f=f: f(nn.Parameter(np.zeros((2, 2))), gain="a"), TypeError, f"nn.init.{f.__name__}: expected gain, a number")
        for f in (init.xavier_normal_, init.xavier_uniform_, init.orthogonal_)
    ],
    *[
        (lambda f=f: f(nn.Parameter(np.zeros((2, 2))), a="a"), TypeError, f"nn.init.{f.__name__}: expected a, a number")
        for f in (init.kaiming_normal_, init.kaiming_uniform_)
    ],
    (lambda: init.calculate_gain("leaky_relu", "a"), TypeError, "calculate_gain: expected param, a number"),
    (lambda: init.zeros_(np.zeros(3)), TypeError, "nn.init.zeros_: expected a Tensor, received ndarray"),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()
