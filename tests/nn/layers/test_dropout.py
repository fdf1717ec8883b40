"""Dropout: how often, how much, the same mask on the way back, draws in ``vmap`` and ``checkpoint``, errors."""

import numpy as np
import pytest

import autograd as ag
import nn
from nn import functional as F


def drawn(layer, x, seed=0):
    ag.seed(seed)
    return layer(x)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_the_share_of_zeros_and_the_size_of_the_rest(p):
    n = 100_000
    y = drawn(nn.Dropout(p), np.ones(n, np.float32))
    assert y.dtype == np.float32
    zeros = np.count_nonzero(y == 0)
    assert abs(zeros - n * p) < 4 * np.sqrt(n * p * (1 - p))  # four standard deviations of the binomial distribution
    np.testing.assert_allclose(y[y != 0], 1 / (1 - p), rtol=1e-6)


@pytest.mark.parametrize("layer", [nn.Dropout(0.4), nn.AlphaDropout(0.4)], ids=repr)
def test_gradients_pass_where_values_passed(layer):
    x = ag.tensor(np.random.default_rng(0).normal(size=(20, 30)), requires_grad=True)
    y = drawn(layer, x)
    y.backward(np.ones(y.shape))
    slope = x.grad.numpy()
    stays = slope != 0
    assert 0.4 < stays.mean() < 0.8
    assert len(np.unique(slope[stays])) == 1
    dropped = np.unique(y.numpy()[~stays])
    assert len(dropped) == 1
    shift = np.unique((y.numpy() - slope * x.numpy())[stays].round(12))
    assert len(shift) == 1
    if isinstance(layer, nn.Dropout):
        assert (dropped[0], shift[0]) == (0, 0)


def test_the_mask_is_all_that_is_kept():
    x = ag.tensor(np.ones((4, 5)), requires_grad=True)
    saved = nn.Dropout()(x).node.saved
    assert [each.dtype for each in saved if isinstance(each, np.ndarray)] == [np.bool_]


@pytest.mark.parametrize(
    ("layer", "shape", "channels"),
    [
        (nn.Dropout1d(), (40, 30, 4), 2),
        (nn.Dropout1d(), (300, 4), 1),
        (nn.Dropout2d(), (40, 30, 3, 4), 2),
        (nn.Dropout2d(), (40, 30, 4), 2),
        (nn.Dropout3d(), (40, 30, 2, 2, 3), 2),
        (nn.Dropout3d(), (300, 2, 2, 3), 1),
        (nn.FeatureAlphaDropout(), (40, 30), 2),
        (nn.FeatureAlphaDropout(), (40, 30, 2, 3), 2),
    ],
    ids=repr,
)
def test_channels_go_as_a_whole(layer, shape, channels):
    x = ag.tensor(np.ones(shape), requires_grad=True)
    drawn(layer, x).backward(np.ones(shape))
    stays = (x.grad.numpy() != 0).reshape(*shape[:channels], -1)
    assert np.all(stays.all(-1) == stays.any(-1))
    assert 0.3 < stays.mean() < 0.7


@pytest.mark.parametrize("layer", [nn.AlphaDropout(0.3), nn.FeatureAlphaDropout(0.3)], ids=repr)
def test_alpha_dropout_keeps_mean_and_variance(layer):
    y = drawn(layer, np.random.default_rng(0).normal(size=(500, 400)))
    assert abs(y.mean()) < 0.02
    assert y.var() == pytest.approx(1, abs=0.02)


def test_each_example_of_a_vmap_has_a_mask_of_its_own():
    layer = nn.Dropout()
    together = drawn(ag.vmap(layer), np.ones((6, 50)))
    assert len({tuple(row) for row in together.tolist()}) == 6
    shared = np.ones(50)
    of_constant = drawn(ag.vmap(lambda x: x * layer(shared)), np.ones(6))
    assert len({tuple(row) for row in of_constant.tolist()}) == 6


def test_a_checkpoint_repeats_the_mask():
    x = ag.tensor(np.random.default_rng(0).normal(size=40), requires_grad=True)
    layer = nn.Dropout()
    f = lambda x: np.sum(layer(np.tanh(x)) ** 2)
    gradients = []
    for each in (f, ag.checkpoint(f)):
        ag.seed(3)
        gradients.append(ag.grad_of(each(x), x).numpy())
    np.testing.assert_array_equal(*gradients)


def test_draws_come_from_the_generator_that_is_given():
    x = np.ones(30)
    own = [nn.Dropout(rng=np.random.default_rng(4))(x).tolist() for _ in range(2)]
    assert own[0] == own[1]
    layer = nn.Dropout(rng=np.random.default_rng(4))
    assert layer(x).tolist() == own[0]
    assert layer(x).tolist() != own[0]
    assert F.dropout(x, rng=np.random.default_rng(4)).tolist() == own[0]
    assert drawn(nn.Dropout(), x, 1).tolist() == drawn(nn.Dropout(), x, 1).tolist()


@pytest.mark.parametrize("function", [F.dropout, F.alpha_dropout])
def test_nothing_and_everything(function):
    x = ag.tensor([1.0, -2.0], requires_grad=True)
    assert function(x, 0.0, training=True) is x
    assert function(x, 0.5, training=False) is x
    y = function(x, 1.0, training=True)
    y.sum().backward()
    assert y.tolist() == x.grad.tolist() == [0, 0]


def test_integers_and_lists_become_floating():
    assert set(np.unique(drawn(nn.Dropout(), [1, 1, 1, 1, 1, 1]))) == {0.0, 2.0}


def test_inplace_changes_nothing():
    x = np.ones(50)
    assert drawn(nn.Dropout(inplace=True), x).tolist() == drawn(nn.Dropout(), x).tolist()
    assert x.tolist() == [1] * 50


ERRORS = [
    (lambda: nn.Dropout(1.5), ValueError, "^Dropout: expected p, a finite number from 0 to 1; received 1.5"),
    (lambda: F.dropout([1.0], -0.1), ValueError, "^dropout: expected p, a finite number from 0 to 1; received -0.1"),
    (lambda: nn.AlphaDropout("0.5"), TypeError, "^AlphaDropout: expected p, a number from 0 to 1; received '0.5'"),
    (lambda: nn.Dropout2d(rng=3), TypeError, "^Dropout2d: expected rng, a np.random.Generator or None; received 3"),
    (
        lambda: F.dropout2d(np.ones((2, 3))),
        ValueError,
        r"^dropout2d: expected an input of shape \(N, C, H, W\) or \(N, C, L\), received \(2, 3\)",
    ),
    (lambda: F.feature_alpha_dropout([1.0]), ValueError, r"expected an input of shape \(N, C, \.\.\.\), received \(1,\)"),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_printed_settings():
    assert repr(nn.Dropout(0.2)) == "Dropout(p=0.2)"
