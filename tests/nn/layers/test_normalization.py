"""Norms: numbers far from 0 and in large arrays, running statistics, ``vmap`` and ``checkpoint``, and what is refused."""

import numpy as np
import pytest

import autograd as ag
import nn
import nn.functional as F

# ---------------------------------------------------------------- numbers, against their formula in double precision


def standardized(x, axes, eps=1e-5):
    x = np.asarray(x, np.float64)
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)


def in_groups(x, groups):
    x = np.asarray(x, np.float64)
    rows = x.reshape(x.shape[0], groups, -1)
    return standardized(rows, 2).reshape(x.shape)


# Each norm with an input, once small and once so large that it is gone through in another way, or in pieces.
NORMS = [
    (nn.BatchNorm1d(3), (40, 3), lambda x: standardized(x, 0)),
    (nn.BatchNorm1d(400), (200, 400), lambda x: standardized(x, 0)),
    (nn.BatchNorm1d(3), (8, 3, 5), lambda x: standardized(x, (0, 2))),
    (nn.BatchNorm2d(3), (9, 3, 40, 90), lambda x: standardized(x, (0, 2, 3))),
    (nn.BatchNorm2d(40), (17, 40, 10, 10), lambda x: standardized(x, (0, 2, 3))),
    (nn.GroupNorm(2, 4), (3, 4, 5), lambda x: in_groups(x, 2)),
    (nn.GroupNorm(2, 6), (5, 6, 70, 80), lambda x: in_groups(x, 2)),
    (nn.InstanceNorm2d(3), (2, 3, 5, 4), lambda x: standardized(x, (2, 3))),
    (nn.InstanceNorm2d(3, affine=True), (5, 3, 70, 80), lambda x: standardized(x, (2, 3))),
    (nn.LayerNorm(30), (7, 30), lambda x: standardized(x, -1)),
    (nn.LayerNorm((5, 60)), (11, 30, 5, 60), lambda x: standardized(x, (-2, -1))),
]
NAMES = [f"{type(layer).__name__}-{'x'.join(map(str, shape))}" for layer, shape, _ in NORMS]
norms = pytest.mark.parametrize(("layer", "shape", "formula"), NORMS, ids=NAMES)


@norms
@pytest.mark.parametrize("mean", [0.0, 3.0, 1e4])
def test_numbers_far_from_0(layer, shape, formula, mean):
    x = (mean + np.random.default_rng(0).normal(size=shape)).astype(np.float32)
    np.testing.assert_allclose(layer(ag.tensor(x)).numpy(), formula(x), atol=2e-5)


@norms
@pytest.mark.parametrize("mean", [0.0, 1e4])
def test_slopes_of_large_arrays(layer, shape, formula, mean):
    """The gradient along a random direction is the change of the formula in that direction."""
    rng = np.random.default_rng(1)
    x, direction, cotangent = mean + rng.normal(size=shape), rng.normal(size=shape), rng.normal(size=shape)
    leaf = ag.tensor(x.astype(np.float32), requires_grad=True)
    layer(leaf).backward(cotangent.astype(np.float32))
    x = leaf.numpy().astype(np.float64)
    step = 1e-3
    change = (formula(x + step * direction) - formula(x - step * direction)) / (2 * step)
    expected = (change * cotangent).sum()
    scale = np.sqrt((leaf.grad.numpy().astype(np.float64) ** 2).sum())
    assert (leaf.grad.numpy() * direction).sum() == pytest.approx(expected, abs=1e-3 * scale)


@pytest.mark.parametrize(("layer", "shape", "formula"), [each for each in NORMS if each[0].weight is not None])
def test_gradients_of_weight_and_bias_of_large_arrays(layer, shape, formula):
    rng = np.random.default_rng(2)
    x, cotangent = rng.normal(size=shape).astype(np.float32), rng.normal(size=shape).astype(np.float32)
    layer.zero_grad()
    layer(x).backward(cotangent)
    axes = tuple(range(len(shape) - layer.weight.ndim)) if isinstance(layer, nn.LayerNorm) else (0, *range(2, len(shape)))
    room = 1e-4 * np.sqrt(x.size)
    np.testing.assert_allclose(layer.weight.grad.numpy(), (cotangent * formula(x)).sum(axes), atol=room)
    np.testing.assert_allclose(layer.bias.grad.numpy(), cotangent.astype(np.float64).sum(axes), atol=room)


@pytest.mark.parametrize("shape", [(64, 48), (40, 30, 100)])
def test_rms_norm(shape):
    rng = np.random.default_rng(3)
    x, cotangent = rng.normal(size=shape) + 2, rng.normal(size=shape)
    layer = nn.RMSNorm(shape[-1])
    leaf = ag.tensor(x.astype(np.float32), requires_grad=True)
    y = layer(leaf)
    inverse = 1 / np.sqrt((x**2).mean(-1, keepdims=True) + np.finfo(np.float32).eps)
    np.testing.assert_allclose(y.numpy(), x * inverse, atol=1e-5)
    y.backward(cotangent.astype(np.float32))
    expected = inverse * (cotangent - x * inverse**2 * (x * cotangent).mean(-1, keepdims=True))
    np.testing.assert_allclose(leaf.grad.numpy(), expected, atol=1e-4)
    axes = tuple(range(len(shape) - 1))
    np.testing.assert_allclose(layer.weight.grad.numpy(), (cotangent * x * inverse).sum(axes), atol=2e-3)


def test_local_response_norm_of_many_channels():
    x = np.random.default_rng(4).normal(size=(2, 9, 3))
    squares = np.pad(x**2, ((0, 0), (2, 1), (0, 0)))
    mean = sum(squares[:, i : i + 9] for i in range(4)) / 4
    np.testing.assert_allclose(nn.LocalResponseNorm(4, 0.3, 0.6, 2.0)(x), x / (2 + 0.3 * mean) ** 0.6, rtol=1e-12)


def test_equal_numbers_become_the_bias():
    for value in (0.0, 5.1, -1e4):
        x = np.full((4, 6), value, np.float32)
        for layer in (nn.BatchNorm1d(6), nn.LayerNorm(6), nn.GroupNorm(2, 6), nn.InstanceNorm1d(4)):
            np.testing.assert_allclose(layer(ag.tensor(x)).numpy(), 0, atol=1e-6)


def test_half_precision():
    """Sums are taken in single precision: the squares of these numbers are beyond the largest half."""
    x = 300 + 100 * np.random.default_rng(5).normal(size=(50, 4))
    leaf = ag.tensor(x.astype(np.float16), requires_grad=True)
    for layer, axis in ((nn.BatchNorm1d(4), 0), (nn.LayerNorm(4), 1)):
        y = layer.astype(np.float16)(leaf)
        assert y.dtype == np.float16
        np.testing.assert_allclose(y.numpy(), standardized(leaf.numpy(), axis), atol=5e-3)
        y.sum().backward()
        assert leaf.grad.dtype == layer.weight.grad.dtype == np.float16


@pytest.mark.parametrize(
    "layer",
    [nn.BatchNorm1d(6), nn.LayerNorm(6), nn.GroupNorm(2, 6), nn.InstanceNorm1d(4), nn.RMSNorm(6)],
    ids=lambda layer: type(layer).__name__,
)
def test_variances_beyond_the_largest_half(layer):
    """They are kept in single precision: no warning, and second derivatives near those of double precision."""
    x = np.random.default_rng(6).normal(scale=300, size=(4, 6)).astype(np.float16)
    found = []
    for dtype in (np.float16, np.float64):
        leaf = ag.tensor(x.astype(dtype), requires_grad=True)
        y = layer.astype(dtype)(leaf)
        (first,) = ag.grad_of((y * y * y).mean(), [leaf], create_graph=True)
        first = first * 3000
        (second,) = ag.grad_of((first * first).sum(), [leaf])
        assert y.dtype == first.dtype == second.dtype == dtype
        found.append([each.numpy() for each in (y, first, second)])
    for half, double in zip(*found, strict=True):
        np.testing.assert_allclose(half, double, rtol=0.02, atol=0.02 * abs(double).max())


def test_the_size_of_numpys_buffer_is_as_it_was():
    before = np.getbufsize()
    layer = nn.BatchNorm2d(4)
    layer(ag.tensor(np.ones((3, 4, 80, 80), np.float32), requires_grad=True)).sum().backward()
    assert np.getbufsize() == before


# ---------------------------------------------------------------- running statistics


def batches(count, shape=(6, 3)):
    rng = np.random.default_rng(6)
    return [rng.normal(1, 2, shape) for _ in range(count)]


def test_running_statistics_go_towards_those_of_batches():
    layer = nn.BatchNorm1d(3, momentum=0.25, dtype=np.float64)
    mean, variance = np.zeros(3), np.ones(3)
    for x in batches(4):
        layer(x)
        mean = 0.75 * mean + 0.25 * x.mean(0)
        variance = 0.75 * variance + 0.25 * x.var(0, ddof=1)
    np.testing.assert_allclose(layer.running_mean.numpy(), mean, rtol=1e-12)
    np.testing.assert_allclose(layer.running_var.numpy(), variance, rtol=1e-12)
    assert layer.num_batches_tracked.item() == 4
    assert layer.num_batches_tracked.shape == ()
    assert layer.num_batches_tracked.dtype == np.int64


def test_without_momentum_they_are_averages():
    layer = nn.BatchNorm1d(3, momentum=None, dtype=np.float64)
    seen = batches(5)
    for x in seen:
        layer(x)
    np.testing.assert_allclose(layer.running_mean.numpy(), np.mean([x.mean(0) for x in seen], axis=0), rtol=1e-12)
    np.testing.assert_allclose(layer.running_var.numpy(), np.mean([x.var(0, ddof=1) for x in seen], axis=0), rtol=1e-12)


def test_evaluation_uses_them():
    layer = nn.BatchNorm1d(3, dtype=np.float64)
    for x in batches(3):
        layer(x)
    mean, variance = layer.running_mean.numpy().copy(), layer.running_var.numpy().copy()
    x = batches(1)[0]
    np.testing.assert_allclose(layer.eval()(x).numpy(), (x - mean) / np.sqrt(variance + 1e-5), rtol=1e-10)
    assert layer(x[:1]).shape == (1, 3)
    np.testing.assert_array_equal(layer.running_mean.numpy(), mean)
    assert layer.num_batches_tracked.item() == 3


def test_evaluation_far_from_0():
    layer = nn.BatchNorm2d(2).eval()
    layer.load_state_dict({**layer.state_dict(), "running_mean": np.array([1e4, 0.0])})
    rng = np.random.default_rng(7)
    x = (rng.normal(size=(4, 2, 30, 30)) + np.array([1e4, 0.0])[:, np.newaxis, np.newaxis]).astype(np.float32)
    leaf = ag.tensor(x, requires_grad=True)
    y = layer(leaf)
    expected = x.astype(np.float64) - np.array([1e4, 0.0])[:, np.newaxis, np.newaxis]
    np.testing.assert_allclose(y.numpy(), expected / np.sqrt(1 + 1e-5), atol=1e-5)
    y.backward(x - np.float32(5000))
    weight = (expected / np.sqrt(1 + 1e-5) * (x.astype(np.float64) - 5000)).sum((0, 2, 3))
    np.testing.assert_allclose(layer.weight.grad.numpy(), weight, rtol=1e-4)


def test_without_running_statistics_evaluation_uses_the_batch():
    layer = nn.BatchNorm1d(3, track_running_stats=False, dtype=np.float64).eval()
    x = batches(1)[0]
    np.testing.assert_allclose(layer(x).numpy(), standardized(x, 0), rtol=1e-10)
    assert list(layer.state_dict()) == ["weight", "bias"]
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        layer(x[:1])


def test_an_empty_batch_is_counted_and_changes_no_statistics():
    layer = nn.BatchNorm1d(3)
    assert layer(np.ones((0, 3))).shape == (0, 3)
    np.testing.assert_array_equal(layer.running_mean.numpy(), 0)
    np.testing.assert_array_equal(layer.running_var.numpy(), 1)
    assert layer.num_batches_tracked.item() == 1


def test_reset_running_stats():
    layer = nn.BatchNorm1d(3)
    fresh = layer.state_dict()
    layer(batches(1)[0])
    layer.reset_running_stats()
    for path, value in layer.state_dict().items():
        np.testing.assert_array_equal(value, fresh[path])


def test_a_graph_keeps_the_running_statistics_that_it_used():
    layer = nn.BatchNorm1d(3, dtype=np.float64).eval()
    x = ag.tensor(batches(1)[0], requires_grad=True)
    y = layer(x)
    layer.train()(batches(2)[1])
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 1 / np.sqrt(1 + 1e-5), rtol=1e-12)


def test_functions_update_arrays_and_tensors_in_place():
    (x,) = batches(1)
    mean, variance = np.zeros(3), ag.tensor(np.ones(3))
    F.batch_norm(x, mean, variance, training=True, momentum=0.5)
    np.testing.assert_allclose(mean, 0.5 * x.mean(0), rtol=1e-12)
    np.testing.assert_allclose(variance.numpy(), 0.5 + 0.5 * x.var(0, ddof=1), rtol=1e-12)
    x = np.random.default_rng(8).normal(size=(4, 3, 5))
    mean = np.zeros(3)
    F.instance_norm(x, mean, momentum=0.5)
    np.testing.assert_allclose(mean, 0.5 * x.mean((0, 2)), rtol=1e-12)


def test_functions_keep_single_precision_beside_running_statistics_in_double():
    x = np.ones((2, 3, 4), np.float32)
    assert F.batch_norm(x, np.zeros(3), np.ones(3)).dtype == np.float32
    assert F.instance_norm(x, np.zeros(3), np.ones(3), use_input_stats=False).dtype == np.float32
    assert F.batch_norm(x, np.zeros(3), np.ones(3), training=True).dtype == np.float32


def test_functional_call_updates_what_it_is_given():
    layer = nn.BatchNorm1d(3, dtype=np.float64)
    (x,) = batches(1)
    mean, count = ag.tensor(np.zeros(3)), ag.tensor(np.int64(7))
    nn.functional_call(layer, {"running_mean": mean, "num_batches_tracked": count}, x)
    np.testing.assert_allclose(mean.numpy(), 0.1 * x.mean(0), rtol=1e-12)
    assert count.item() == 8
    np.testing.assert_array_equal(layer.running_mean.numpy(), 0)
    assert layer.num_batches_tracked.item() == 0


# ---------------------------------------------------------------- checkpoint and vmap


def test_checkpoint_tracks_a_batch_once():
    (x,) = batches(1)
    results = []
    for wrap in (lambda f: f, ag.checkpoint, lambda f: ag.checkpoint(ag.checkpoint(f))):
        layer = nn.BatchNorm1d(3, momentum=None, dtype=np.float64)
        leaf = ag.tensor(x, requires_grad=True)
        wrap(lambda a, layer=layer: np.tanh(layer(a)))(leaf).sum().backward()
        assert layer.num_batches_tracked.item() == 1
        results.append([*layer.state_dict().values(), leaf.grad.numpy()])
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12)


def test_vmap_in_evaluation():
    layer = nn.BatchNorm2d(3, dtype=np.float64)
    x = np.random.default_rng(9).normal(size=(4, 2, 3, 5, 5))
    layer(x[0])
    layer.eval()
    np.testing.assert_allclose(ag.vmap(layer)(x).numpy(), np.stack([layer(each).numpy() for each in x]), rtol=1e-12)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.BatchNorm1d(3, track_running_stats=False, dtype=np.float64), (6, 3)),
        (nn.GroupNorm(3, 6, dtype=np.float64), (2, 6, 4)),
        (nn.LayerNorm((3, 2), dtype=np.float64), (4, 3, 2)),
        (nn.RMSNorm(3, dtype=np.float64), (4, 3)),
    ],
)
def test_gradients_of_each_example(layer, shape):
    """``vmap(grad)`` with respect to the parameters, which are the same for all, and one set for each."""
    rng = np.random.default_rng(10)
    x = rng.normal(size=(3, *shape))
    own = {name: rng.normal(size=(3, *each.shape)) for name, each in layer.named_parameters()}
    loss = lambda parameters, a: (nn.functional_call(layer, parameters, a) ** 3).sum()
    shared = {name: ag.tensor(each[0]) for name, each in own.items()}
    each_own = [{name: ag.tensor(each[i]) for name, each in own.items()} for i in range(3)]
    stacked = {name: ag.tensor(each) for name, each in own.items()}
    for axes, parameters, alone in (((None, 0), shared, [shared] * 3), ((0, 0), stacked, each_own)):
        together = ag.vmap(ag.grad(loss), axes)(parameters, ag.tensor(x))
        for i in range(3):
            expected = ag.grad(loss)(alone[i], ag.tensor(x[i]))
            for name, each in expected.items():
                np.testing.assert_allclose(together[name].numpy()[i], each.numpy(), rtol=1e-9, atol=1e-9)


# ---------------------------------------------------------------- what is refused


def in_vmap(layer, shape):
    return lambda: ag.vmap(layer)(np.ones((2, *shape)))


X = np.ones((4, 3))
ERRORS = [
    (lambda: nn.BatchNorm1d(3)(X[:1]), ValueError, r"^BatchNorm1d\(3.*more than 1 value per channel when training.*\(1, 3\)"),
    (lambda: nn.BatchNorm2d(3)(np.ones((1, 3, 1, 1))), ValueError, r"more than 1 value per channel when training.*eval\(\)"),
    (lambda: nn.BatchNorm1d(3)(np.ones(3)), ValueError, r"expected input of shape \(N, 3\) or \(N, 3, L\), received \(3,\)"),
    (lambda: nn.BatchNorm1d(3)(np.ones((4, 2))), ValueError, r"received \(4, 2\)"),
    (lambda: nn.BatchNorm2d(3)(X), ValueError, r"expected input of shape \(N, 3, H, W\), received \(4, 3\)"),
    (lambda: nn.BatchNorm3d(3)(np.ones((2, 3, 4, 4))), ValueError, r"\(N, 3, D, H, W\), received \(2, 3, 4, 4\)"),
    (
        lambda: nn.Sequential(nn.BatchNorm1d(3))(ag.tensor(X, requires_grad=True)),
        TypeError,
        r"^0 \(BatchNorm1d.*expected float32, received a recorded tensor of float64",
    ),
    (lambda: nn.BatchNorm1d(3, affine=False, track_running_stats=False)(X * 1j), TypeError, "real numbers.*complex128"),
    (in_vmap(nn.BatchNorm1d(3), (4, 3)), ag.BatchingError, r"inside vmap.*eval\(\).*track_running_stats=False"),
    (in_vmap(nn.InstanceNorm1d(3, track_running_stats=True), (2, 3, 4)), ag.BatchingError, "^InstanceNorm1d.*inside vmap"),
    (lambda: nn.BatchNorm1d(0), ValueError, "BatchNorm1d: expected num_features, 1 or more; received 0"),
    (lambda: nn.BatchNorm2d(2.0), TypeError, "BatchNorm2d: expected num_features, a whole number; received 2.0"),
    (lambda: nn.BatchNorm1d(2, eps=-1), ValueError, "expected eps"),
    (lambda: nn.BatchNorm1d(2, momentum=1.5), ValueError, "expected momentum, a finite number from 0 to 1"),
    (
        lambda: nn.InstanceNorm1d(3)(np.ones((2, 3, 1))),
        ValueError,
        r"more than 1 position, received input of shape \(2, 3, 1\)",
    ),
    (lambda: nn.InstanceNorm2d(3)(np.ones((4, 5, 5))), ValueError, r"\(N, 3, H, W\) or \(3, H, W\), received \(4, 5, 5\)"),
    (lambda: nn.GroupNorm(2, 5), ValueError, "num_groups that divides num_channels, received num_groups=2 for num_channels=5"),
    (lambda: nn.GroupNorm(0, 5), ValueError, "expected num_groups, 1 or more; received 0"),
    (lambda: nn.GroupNorm(2, 4)(np.ones((2, 3))), ValueError, r"expected input of shape \(N, 4, ...\), received \(2, 3\)"),
    (lambda: nn.GroupNorm(3, 3)(X[:1]), ValueError, r"more than 1 value per group.*\(1, 3\)"),
    (lambda: nn.LayerNorm(()), ValueError, r"LayerNorm: expected normalized_shape, one or more lengths.*received \(\)"),
    (lambda: nn.LayerNorm((2, 0)), ValueError, r"received \(2, 0\)"),
    (lambda: nn.LayerNorm(2.5), TypeError, "normalized_shape"),
    (lambda: nn.LayerNorm((4, 3))(np.ones((2, 3))), ValueError, r"expected input of shape \(..., 4, 3\), received \(2, 3\)"),
    (lambda: nn.RMSNorm(3)(np.ones((2, 4))), ValueError, r"^RMSNorm.*expected input of shape \(..., 3\), received \(2, 4\)"),
    (lambda: nn.RMSNorm(3, eps=-1.0), ValueError, "expected eps"),
    (lambda: nn.LocalResponseNorm(0), ValueError, "expected size, 1 or more; received 0"),
    (lambda: nn.LocalResponseNorm(2)(X), ValueError, r"expected input of shape \(N, C, L, ...\), received \(4, 3\)"),
    (lambda: F.batch_norm(X, None, None), ValueError, r"batch_norm: expected running_mean and running_var.*training=True"),
    (lambda: F.batch_norm(X, np.zeros(2), np.ones(3)), ValueError, r"expected running_mean of shape \(3,\).*received \(2,\)"),
    (lambda: F.batch_norm(X, [0.0] * 3, np.ones(3)), TypeError, "expected running_mean, a tensor or an array, received list"),
    (lambda: F.batch_norm(X, None, None, np.ones(4), training=True), ValueError, r"expected weight of shape \(3,\)"),
    (lambda: F.instance_norm(np.ones((2, 3, 4)), use_input_stats=False), ValueError, "use_input_stats=True"),
    (lambda: F.group_norm(X, 2), ValueError, "num_groups that divides the number of channels, received num_groups=2"),
    (lambda: F.layer_norm(X, (3,), np.ones(4)), ValueError, r"layer_norm: expected weight of shape \(3,\), received \(4,\)"),
    (lambda: F.rms_norm(X, (4,)), ValueError, r"rms_norm: expected input of shape \(..., 4\), received \(4, 3\)"),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_batch_that_is_refused_is_not_tracked():
    layer = nn.BatchNorm1d(3)
    for x in (X[:1], np.ones((4, 2))):
        with pytest.raises(ValueError, match="expected"):
            layer(x)
    with pytest.raises(ag.BatchingError):
        ag.vmap(layer)(np.ones((2, 4, 3)))
    assert layer.num_batches_tracked.item() == 0
    np.testing.assert_array_equal(layer.running_mean.numpy(), 0)


def test_printed_settings():
    assert repr(nn.BatchNorm1d(4)) == (
        "BatchNorm1d(4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)"
    )
    assert repr(nn.LayerNorm(4)) == "LayerNorm((4,), eps=1e-05, elementwise_affine=True, bias=True)"
    assert repr(nn.RMSNorm(4)) == "RMSNorm((4,), eps=None, elementwise_affine=True)"
    assert repr(nn.GroupNorm(2, 4)) == "GroupNorm(2, 4, eps=1e-05, affine=True, bias=True)"
    assert repr(nn.LocalResponseNorm(4)) == "LocalResponseNorm(4, alpha=0.0001, beta=0.75, k=1.0)"
