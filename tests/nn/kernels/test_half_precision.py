"""Half precision: sums and squares beyond 65504 that results and gradients do not show, against single precision."""

import numpy as np
import pytest

import autograd as ag
from nn import functional as F

ROWS = (np.full((300, 2), 20.0), np.zeros((300, 2)))
WIDE = (np.full((1, 300), 20.0), np.full((1, 300), -20.0))
LARGE = (np.full((300, 2), 300.0), np.zeros((300, 2)))
CLASSES = np.zeros(300, int)

CALLS = {
    "mse": (F.mse_loss, *ROWS),
    "weighted mse": (lambda x, y: F.mse_loss(x, y, weight=np.ones((300, 2))), *ROWS),
    "l1": (F.l1_loss, *LARGE),
    "smooth l1": (F.smooth_l1_loss, *LARGE),
    "huber": (F.huber_loss, *LARGE),
    "weighted huber": (lambda x, y: F.huber_loss(x, y, weight=2.0), *LARGE),
    "bce with logits": (F.binary_cross_entropy_with_logits, *LARGE),
    "bce with pos_weight": (lambda x, y: F.binary_cross_entropy_with_logits(x, y, pos_weight=2.0), *LARGE),
    "multilabel soft margin": (F.multilabel_soft_margin_loss, *LARGE),
    "poisson nll": (lambda x, y: F.poisson_nll_loss(x, y, log_input=False), *LARGE),
    "gaussian nll": (lambda x, y: F.gaussian_nll_loss(x, y, np.ones((300, 2)), full=True), *LARGE[1:], 30 + LARGE[1]),
    "kl": (F.kl_div, LARGE[1] - 300, LARGE[1] + 1),
    "nll": (lambda x: F.nll_loss(x, CLASSES), LARGE[0]),
    "cross entropy": (lambda x: F.cross_entropy(x, CLASSES), LARGE[0] * [1, -1] * [[-1]]),
    "smoothed cross entropy": (lambda x: F.cross_entropy(x, CLASSES, label_smoothing=0.5), LARGE[0] * [1, -1]),
    "cross entropy of distributions": (F.cross_entropy, LARGE[0] * [1, -1], LARGE[1] + 0.5),
    "margin ranking": (lambda x, y: F.margin_ranking_loss(x, y, -np.ones((300, 2))), *LARGE),
    "multi margin": (lambda x: F.multi_margin_loss(x, CLASSES), LARGE[0] * [-1, 1]),
    "multilabel margin": (lambda x: F.multilabel_margin_loss(x, [[0, -1]] * 300), LARGE[0] * [-1, 1]),
    "cosine embedding": (lambda x, y: F.cosine_embedding_loss(x, y, [1]), *WIDE),
    "triplet margin": (lambda x, y: F.triplet_margin_loss(x, y, x - 1), *WIDE),
    "triplet margin with distance": (
        lambda x, y: F.triplet_margin_with_distance_loss(
            x, y, x, distance_function=lambda x, y: np.max(np.abs(x - y), axis=-1)
        ),
        *LARGE,
    ),
    "cosine similarity": (F.cosine_similarity, *WIDE),
    "normalize": (F.normalize, WIDE[0]),
    "pairwise distance": (F.pairwise_distance, *WIDE),
    "average pool": (lambda x: F.avg_pool1d(x, 300), LARGE[0].T),
    "power-average pool": (lambda x: F.lp_pool1d(x, 2, 300), WIDE[0]),
    "local response norm": (lambda x: F.local_response_norm(x, 4), np.full((1, 4, 1), 300.0)),
}  # fmt: skip


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_is_rounded_single_precision(call):
    function, *arrays = call
    found = []
    for dtype in (np.float16, np.float32):
        leaves = [ag.tensor(each.astype(dtype), requires_grad=True) for each in arrays]
        y = function(*leaves)
        assert y.dtype == dtype
        y.sum().backward()
        found.append([y.numpy(), *[each.grad.numpy() for each in leaves]])
    assert np.isfinite(found[0][0]).all()
    for half, single in zip(*found, strict=True):
        assert half.dtype == np.float16
        np.testing.assert_allclose(half, single, rtol=2e-3, atol=1e-7)


def test_the_mean_of_more_rows_than_the_largest_half():
    x = np.zeros((70000, 2), np.float16)
    for smoothing in (0.0, 0.5):
        loss = F.cross_entropy(x, np.zeros(70000, int), label_smoothing=smoothing)
        assert loss.dtype == np.float16
        np.testing.assert_allclose(loss, np.log(2), rtol=1e-3)


def test_arrays_of_half_precision_give_arrays():
    x = np.full(300, 20.0, np.float16)
    assert F.mse_loss(x, np.zeros(300)) == 400
    assert type(F.mse_loss(x, np.zeros(300))) is np.float16
    loss = ag.vmap(lambda x: F.mse_loss(x, np.zeros(300)))(np.stack([x, x / 2]))
    assert loss.dtype == np.float16
    np.testing.assert_array_equal(loss, [400, 100])
