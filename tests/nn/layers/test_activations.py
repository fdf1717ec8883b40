"""Activations: what happens in long arrays and far out, what is kept for the way back, settings and errors."""

import numpy as np
import pytest

import autograd as ag
import nn
from nn import functional as F

ELEMENTWISE = [
    nn.Tanh(), nn.Sigmoid(), nn.LogSigmoid(), nn.Softplus(), nn.Softplus(2.0, 3.0), nn.Softsign(), nn.Tanhshrink(), nn.GELU(),
    nn.GELU(approximate="tanh"), nn.SiLU(), nn.Mish(), nn.ELU(), nn.ELU(2.0), nn.SELU(), nn.CELU(0.5), nn.ReLU(), nn.ReLU6(),
    nn.LeakyReLU(), nn.LeakyReLU(-0.5), nn.Hardtanh(), nn.Hardsigmoid(), nn.Hardswish(), nn.Threshold(0.5, -1.0),
    nn.Softshrink(), nn.Hardshrink(),
]  # fmt: skip
EVERY = pytest.mark.parametrize("layer", ELEMENTWISE, ids=repr)


def derivatives(layer, x):
    """Value, first and second derivative of a function of single elements."""
    x = ag.tensor(x, requires_grad=True)
    y = layer(x)
    first = ag.grad_of(y, x, np.ones(x.shape, x.dtype), create_graph=True)
    second = np.zeros(x.shape, x.dtype)
    if first.requires_grad:
        found = ag.grad_of(first, x, np.ones(x.shape, x.dtype), allow_unused=True)
        second = second if found is None else found.numpy()
    return y.numpy(), first.numpy(), second


@EVERY
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_out_everything_is_finite_and_nothing_warns(layer, dtype):
    x = np.array([-1e4, -1000, -100, -30, -8, 0, 8, 30, 100, 1000, 1e4], dtype)
    value, first, second = derivatives(layer, x)
    for each in (value, first, second):
        assert each.dtype == dtype
        assert np.all(np.isfinite(each))
    assert np.all(np.abs(value) <= 1.0508 * np.abs(x) + 1)
    assert np.all(np.abs(first) <= 2)
    assert np.all(np.abs(second[[0, -1]]) < 1e-11)


@EVERY
def test_a_long_array_is_computed_as_a_short_one(layer):
    x = np.random.default_rng(0).normal(scale=2, size=(5, 20011))[:, ::2]
    whole = derivatives(layer, x)
    part = derivatives(layer, np.ascontiguousarray(x[1:4, 9990:]))
    for a, b in zip(whole, part, strict=True):
        np.testing.assert_allclose(a[1:4, 9990:], b, rtol=1e-12, atol=1e-12)


@EVERY
def test_without_a_gradient_the_values_are_the_same(layer):
    x = np.random.default_rng(0).normal(size=(3, 4))
    recorded = layer(ag.tensor(x, requires_grad=True))
    assert recorded.requires_grad
    with ag.no_grad():
        assert not layer(ag.tensor(x, requires_grad=True)).requires_grad
    np.testing.assert_array_equal(layer(ag.tensor(x)).numpy(), recorded.numpy())
    np.testing.assert_array_equal(layer(x), recorded.numpy())
    np.testing.assert_array_equal(layer(x.tolist()), recorded.numpy())


@EVERY
def test_integers_are_taken_as_double_precision(layer):
    if not isinstance(layer, nn.ReLU):  # integers stay integers under NumPy's maximum
        y = layer(np.array([-2, 0, 3]))
        assert y.dtype == np.float64
        np.testing.assert_array_equal(y, layer(np.array([-2.0, 0.0, 3.0])))


@EVERY
def test_complex_numbers_are_refused(layer):
    if not isinstance(layer, nn.Tanh):  # which is analytic
        with pytest.raises(TypeError, match="expected real numbers, received complex ones"):
            layer(np.array([1j]))


@pytest.mark.parametrize(
    "layer", [nn.ReLU6(), nn.Hardtanh(), nn.Hardsigmoid(), nn.Softshrink(), nn.Hardshrink(), nn.Threshold(0.0, 0.0)], ids=repr
)
def test_where_it_is_flat_an_infinite_cotangent_does_not_pass(layer):
    x = ag.tensor([-9.0, 0.25, 9.0], requires_grad=True)
    flat = ag.grad_of(layer(x), x, np.ones(3)).numpy() == 0
    assert flat.any()
    found = ag.grad_of(layer(x), x, np.array([np.inf, np.inf, -np.inf])).numpy()
    np.testing.assert_array_equal(found[flat], 0)
    assert np.all(np.isinf(found[~flat]))


def test_selu_keeps_mean_and_variance_of_deep_networks():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, 200))
    for _ in range(8):
        x = F.selu(x @ rng.normal(scale=1 / np.sqrt(200), size=(200, 200)))
    assert abs(x.mean()) < 0.05
    assert x.var() == pytest.approx(1, abs=0.1)


def test_prelu_learns():
    layer = nn.PReLU(2, init=0.5)
    assert layer.weight.dtype == np.float32
    assert nn.PReLU(dtype=np.float64).weight.tolist() == [0.25]
    layer([[-1.0, -2.0], [3.0, -4.0]]).sum().backward()
    assert layer.weight.grad.tolist() == [-1, -6]


def test_rrelu_draws_a_slope_for_each_element():
    x = ag.tensor(np.full(2000, -2.0), requires_grad=True)
    ag.seed(0)
    y = nn.RReLU(0.2, 0.6)(x)
    y.sum().backward()
    slopes = x.grad.numpy()
    np.testing.assert_array_equal(y.numpy(), slopes * -2)
    assert 0.2 <= slopes.min() < 0.21
    assert 0.59 < slopes.max() <= 0.6
    assert slopes.mean() == pytest.approx(0.4, abs=0.01)
    own = [nn.RReLU(rng=np.random.default_rng(3))(np.full(4, -1.0, np.float32)) for _ in range(2)]
    np.testing.assert_array_equal(*own)
    assert own[0].dtype == np.float32
    assert len(set(ag.vmap(nn.RReLU())(np.full(5, -1.0)).tolist())) == 5


def test_gumbel_softmax_draws_classes_by_their_probability():
    p = np.array([0.6, 0.3, 0.1])
    logits = ag.tensor(np.tile(np.log(p), (4000, 1)), requires_grad=True)
    hard = F.gumbel_softmax(logits, tau=0.5, hard=True, rng=np.random.default_rng(0))
    assert np.all((hard.numpy().round(12) == 1).sum(1) == 1)
    np.testing.assert_allclose(hard.numpy().mean(0), p, atol=0.03)
    soft = F.gumbel_softmax(logits, tau=0.5, rng=np.random.default_rng(0))
    np.testing.assert_allclose(soft.numpy().sum(1), 1)
    np.testing.assert_array_equal(soft.numpy().argmax(1), hard.numpy().argmax(1))
    weights = np.arange(3.0)
    slopes = [ag.grad_of(np.sum(y * weights), logits).numpy() for y in (hard, soft)]
    np.testing.assert_allclose(*slopes)
    assert F.gumbel_softmax(np.zeros((3, 4), np.float32), hard=True, dim=0).sum(0).tolist() == [1, 1, 1, 1]


def test_inplace_changes_nothing():
    x = np.array([-1.0, 2.0])
    for layer in (nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.ELU, nn.SELU, nn.CELU, nn.SiLU, nn.Mish, nn.Hardtanh, nn.Hardswish):
        np.testing.assert_array_equal(layer(inplace=True)(x), layer()(x))
        assert x.tolist() == [-1, 2]


@pytest.mark.parametrize(
    ("layer", "printed"),
    [
        (nn.GELU(), "GELU(approximate='none')"),
        (nn.LeakyReLU(0.2), "LeakyReLU(negative_slope=0.2)"),
        (nn.PReLU(3), "PReLU(num_parameters=3)"),
        (nn.ELU(), "ELU(alpha=1.0)"),
        (nn.CELU(2), "CELU(alpha=2.0)"),
        (nn.Softplus(), "Softplus(beta=1.0, threshold=20.0)"),
        (nn.Softshrink(), "Softshrink(0.5)"),
        (nn.Hardshrink(), "Hardshrink(0.5)"),
        (nn.Hardtanh(), "Hardtanh(min_val=-1.0, max_val=1.0)"),
        (nn.Threshold(0.1, 20), "Threshold(threshold=0.1, value=20.0)"),
        (nn.GLU(), "GLU(dim=-1)"),
        (nn.Softmin(dim=1), "Softmin(dim=1)"),
    ],
)
def test_printed_as_in_pytorch(layer, printed):
    assert repr(layer) == printed


DIM = r"expected dim, the axis along which the result adds up to 1; received None.*dim=1.*dim=-1"
ERRORS = [
    *[(make, TypeError, rf"^{make.__name__}: {DIM}") for make in (nn.Softmax, nn.LogSoftmax, nn.Softmin)],
    *[(lambda f=f: f([1.0]), TypeError, rf"^{f.__name__}: {DIM}") for f in (F.softmax, F.log_softmax, F.softmin)],
    (lambda: F.softmax([1.0], 1), np.exceptions.AxisError, r"^softmax: expected an input that has the axis dim=1, received"),
    (lambda: F.glu([1.0, 2.0, 3.0]), ValueError, r"^glu: expected an input with an even length along axis -1, received"),
    (lambda: F.gelu([1.0], "erf"), ValueError, "^gelu: expected approximate 'none' or 'tanh', received 'erf'"),
    (lambda: nn.GELU("exact"), ValueError, "^GELU: expected approximate"),
    (lambda: nn.ELU(-1), ValueError, "^ELU: expected alpha, a finite number of 0 or more; received -1"),
    (lambda: nn.CELU(0), ValueError, "^CELU: expected alpha, a number above 0; received 0"),
    (lambda: F.softplus([1.0], beta=0), ValueError, "^softplus: expected beta, a number above 0; received 0"),
    (lambda: nn.Softplus(threshold=np.nan), ValueError, "^Softplus: expected threshold, a finite number; received nan"),
    (lambda: nn.LeakyReLU("0.1"), TypeError, "^LeakyReLU: expected negative_slope, a number; received '0.1'"),
    (lambda: nn.Softshrink(-0.1), ValueError, "^Softshrink: expected lambd, a finite number of 0 or more; received -0.1"),
    (lambda: nn.Hardtanh(1, -1), ValueError, "^Hardtanh: expected min_val up to max_val, received 1 and -1"),
    (lambda: nn.RReLU(0.5, 0.1), ValueError, "^RReLU: expected lower up to upper, received 0.5 and 0.1"),
    (lambda: F.gumbel_softmax([1.0], tau=0), ValueError, "^gumbel_softmax: expected tau, a number above 0; received 0"),
    (lambda: nn.PReLU(0), ValueError, "^PReLU: expected num_parameters, a whole number from 1 on; received 0"),
    (
        lambda: F.prelu(np.ones((2, 3)), np.ones(2)),
        ValueError,
        r"^prelu: expected a weight of 1 number or of 3, one for each channel on axis 1 of the input; received \(2,\) for",
    ),
    (lambda: nn.Sequential(F.gelu), TypeError, r"received function as '0'; write nn.GELU\(\)"),
    (lambda: nn.Sequential(F.threshold), TypeError, r"write nn.Threshold\(threshold, value\)"),
    (lambda: nn.Sequential(F.softmin), TypeError, r"write nn.Softmin\(dim\)"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_softmax_in_another_dtype():
    x = np.array([[1.0, 2.0]], np.float32)
    for f in (F.softmax, F.log_softmax, F.softmin):
        assert f(x, 1).dtype == np.float32
        assert f(x, 1, dtype=np.float64).dtype == np.float64


def test_limits_may_be_infinite():
    np.testing.assert_array_equal(F.hardtanh([-2.0, 0.5, 99.0], 0, np.inf), [0, 0.5, 99])


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f4"])
def test_draws_do_not_change_the_dtype(dtype):
    x = np.linspace(-2, 2, 8).astype(dtype)
    for f in (lambda x: F.rrelu(x, training=True), F.gumbel_softmax, lambda x: F.gumbel_softmax(x, hard=True)):
        assert f(x).dtype == np.dtype(dtype).newbyteorder("=")
        leaf = ag.tensor(x, requires_grad=True)
        f(leaf).sum().backward()
        assert leaf.grad.dtype.itemsize == x.dtype.itemsize


@pytest.mark.parametrize("layer", [nn.Hardtanh(), nn.Hardshrink(), nn.Softshrink(), nn.Threshold(0.5, 0.0)], ids=repr)
def test_gradients_of_any_size_pass_without_a_warning(layer):
    x = ag.tensor(np.array([-3, -0.6, 0.1, 0.7, 3], np.float32), requires_grad=True)
    large = np.array([1e20, -1e20, np.inf, np.nan, 1e38], np.float32)
    layer(x).backward(large)
    ones = ag.tensor(x.numpy(), requires_grad=True)
    layer(ones).sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), np.where(ones.grad.numpy() == 1, large, 0))
    np.testing.assert_array_equal(F.hardshrink(large), large)
