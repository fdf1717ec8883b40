"""Losses of inputs of any size against many digits, at probabilities 0 and 1, and at kinks."""

import mpmath
import numpy as np
import pytest

import autograd as ag
from nn import functional as F


def log1p_exp(x):
    return mpmath.log(1 + mpmath.exp(x))


EXTREME = [
    (F.binary_cross_entropy_with_logits, lambda x, y: (1 - y) * x + log1p_exp(-x), (0.0, 0.25, 1.0)),
    (
        lambda x, y, **settings: F.binary_cross_entropy_with_logits(x, y, pos_weight=3.0, **settings),
        lambda x, y: (1 - y) * x + (1 + 2 * y) * log1p_exp(-x),
        (0.0, 0.25, 1.0),
    ),
    (F.soft_margin_loss, lambda x, y: log1p_exp(-y * x), (1.0, -1.0)),
    (
        lambda x, y, **settings: F.multilabel_soft_margin_loss(x[:, None], y[:, None], **settings),
        lambda x, y: (1 - y) * x + log1p_exp(-x),
        (0.0, 1.0),
    ),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("loss", "exact", "targets"), EXTREME)
def test_logits_of_any_size(loss, exact, targets, dtype):
    values = [-1e4, -100, -30, -2, -1e-3, 0, 0.5, 17, 30, 100, 1e4]
    x = ag.tensor(np.repeat(values, len(targets)).astype(dtype), requires_grad=True)
    y = np.tile(targets, len(values)).astype(dtype)
    found = loss(x, y, reduction="none")
    found.sum().backward()
    with mpmath.workdps(60):
        points = list(zip(x.numpy().tolist(), y.tolist(), strict=True))
        value = [float(exact(mpmath.mpf(a), mpmath.mpf(b))) for a, b in points]
        slope = [float(mpmath.diff(lambda t, b=b: exact(t, mpmath.mpf(b)), mpmath.mpf(a))) for a, b in points]
    eps, tiny = np.finfo(dtype).eps, np.finfo(dtype).tiny
    np.testing.assert_allclose(found.numpy(), value, rtol=4 * eps, atol=4 * tiny)
    np.testing.assert_allclose(x.grad.numpy(), slope, rtol=4 * eps, atol=eps)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "loss",
    [F.cross_entropy, lambda x, y, **settings: F.nll_loss(F.log_softmax(x, dim=1), y, **settings)],
    ids=["cross_entropy", "nll"],
)
def test_logits_of_any_size_of_several_classes(loss, dtype):
    rows = [[1e4, 0, -1e4], [1e4, 1e4, -1e4], [-1e4, -1e4 + 1, -1e4 + 2], [1e4, 9999, 9970], [0, 1e-3, 30]]
    x = ag.tensor(np.repeat(np.array(rows, dtype), 3, axis=0), requires_grad=True)
    target = np.tile([0, 1, 2], len(rows))
    found = loss(x, target, reduction="none")
    found.sum().backward()
    value, slope = [], []
    with mpmath.workdps(60):
        for logits, t in zip(x.numpy().tolist(), target, strict=True):
            exponentials = [mpmath.exp(each) for each in logits]
            total = mpmath.fsum(exponentials)
            value.append(float(mpmath.log(total) - logits[t]))
            slope.append([float(each / total) - (j == t) for j, each in enumerate(exponentials)])
    eps = np.finfo(dtype).eps
    np.testing.assert_allclose(found.numpy(), value, rtol=4 * eps, atol=4 * eps)
    np.testing.assert_allclose(x.grad.numpy(), slope, rtol=4 * eps, atol=4 * eps)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_probabilities_0_and_1(dtype):
    p = ag.tensor(np.array([0, 0, 1, 1, 1e-30], dtype), requires_grad=True)
    y = ag.tensor(np.array([0, 1, 0, 1, 1], dtype), requires_grad=True)
    loss = F.binary_cross_entropy(p, y, reduction="none")
    np.testing.assert_allclose(loss.numpy(), [0, 100, 100, 0, 69.07755], rtol=1e-6)
    loss.sum().backward()
    np.testing.assert_allclose(p.grad.numpy(), [0, -1e12, 1e12, 0, -1e12], rtol=1e-6)
    np.testing.assert_allclose(y.grad.numpy(), [100, 100, -100, -100, 69.07755], rtol=1e-6)


def test_nothing_is_certain_to_be_impossible_without_a_cost():
    x = ag.tensor([-np.inf, -np.inf, 0.0], requires_grad=True)
    y = ag.tensor([0.0, 0.0, 1.0], requires_grad=True)
    loss = F.kl_div(x, y, reduction="sum")
    loss.backward()
    assert loss.item() == 0.0
    np.testing.assert_array_equal(x.grad.numpy(), [0, 0, -1])
    np.testing.assert_array_equal(y.grad.numpy(), [0, 0, 1])
    logs = ag.tensor([-np.inf, -np.inf, 0.0], requires_grad=True)
    loss = F.kl_div(x, logs, reduction="sum", log_target=True)
    loss.backward()
    assert loss.item() == 0.0
    np.testing.assert_array_equal(logs.grad.numpy(), [0, 0, 1])


# ---------------------------------------------------------------- kinks, where PyTorch's choice is ours


def slope_at(loss, *values):
    x = ag.tensor([values[0]], requires_grad=True)
    loss(x, *[np.array([each]) for each in values[1:]], reduction="sum").backward()
    return x.grad.item()


@pytest.mark.parametrize(
    ("loss", "values", "slope"),
    [
        (F.l1_loss, (1.0, 1.0), 0.0),
        (F.smooth_l1_loss, (3.0, 2.0), 1.0),
        (F.huber_loss, (1.0, 2.0), -1.0),
        (F.margin_ranking_loss, (1.0, 1.0, 1.0), -1.0),  # equal scores, margin 0: they still learn their order
        (F.hinge_embedding_loss, (1.0, -1.0), -1.0),
        (lambda x, y, **settings: F.triplet_margin_loss(x, y, y - 2, eps=0.0, **settings), (0.0, 0.5), -2.0),
    ],
)
def test_slopes_at_kinks(loss, values, slope):
    assert slope_at(loss, *values) == slope


def test_multi_margin_is_flat_at_its_margin():
    x = ag.tensor([[1.0, 0.0, 0.5]], requires_grad=True)
    F.multi_margin_loss(x, [0], reduction="sum").backward()
    np.testing.assert_allclose(x.grad.numpy(), [[-1 / 3, 0, 1 / 3]])


@pytest.mark.parametrize("log_target", [False, True])
def test_second_derivatives_of_kl_div_are_symmetric_where_the_target_is_0(log_target):
    x, target = np.array([-1.0, -2.0, -0.5]), np.array([0.0, 0.3, 0.7])
    if log_target:
        target = np.array([-np.inf, *np.log(target[1:])])

    def loss(both):
        return F.kl_div(both[0], both[1], reduction="sum", log_target=log_target)

    second = ag.hessian(loss)(np.stack([x, target])).reshape(6, 6)
    np.testing.assert_array_equal(second, second.T)
    p = np.exp(target) if log_target else np.ones(3)
    np.testing.assert_allclose(np.diag(second[:3, 3:]), -p)


def test_kl_div_of_nothing_against_nothing_is_flat():
    both = [ag.tensor([each, -1.0], requires_grad=True) for each in (-np.inf, 0.0)]
    F.kl_div(both[0], both[1] * [1.0, 0.0], reduction="sum").backward()
    np.testing.assert_array_equal([each.grad.numpy() for each in both], 0)
