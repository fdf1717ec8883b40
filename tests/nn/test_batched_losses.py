"""Losses inside ``vmap``: each example's loss and gradient are what they are alone, integer classes that differ included."""

import numpy as np
import pytest

import autograd as ag
import nn

SIZE = 4
CLASSES = 3
WEIGHT = np.array([0.5, 2.0, 1.0])


def examples(*shape, axes=(0, 0), ignored=False):
    rng = np.random.default_rng(0)
    size = [(SIZE,) if axis == 0 else () for axis in axes]
    logits = rng.normal(size=(*size[0], *shape))
    places = shape[:1] * (len(shape) > 1) + shape[2:]
    target = rng.integers(0, CLASSES, (*size[1], *places))
    if ignored:
        target = np.where(rng.uniform(size=target.shape) < 0.5, -100, target)
    return logits, target


def check(loss, arrays, axes):
    alone = [[x if axis is None else x[i] for x, axis in zip(arrays, axes, strict=True)] for i in range(SIZE)]
    gradient = ag.grad(lambda *xs: np.sum(loss(*xs) * 1.5))
    for f in (loss, gradient):
        actual = ag.vmap(f, axes)(*arrays)
        expected = np.stack([np.asarray(f(*each)) for each in alone])
        assert actual.dtype == expected.dtype
        np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("ignored", [False, True])
@pytest.mark.parametrize("weight", [None, WEIGHT])
@pytest.mark.parametrize("axes", [(0, 0), (0, None), (None, 0)])
@pytest.mark.parametrize("shape", [(CLASSES,), (5, CLASSES), (2, CLASSES, 2), (0, CLASSES)])
def test_cross_entropy(shape, axes, weight, ignored, reduction, smoothing):
    def loss(logits, target):
        return nn.functional.cross_entropy(logits, target, weight, reduction=reduction, label_smoothing=smoothing)

    check(loss, examples(*shape, axes=axes, ignored=ignored), axes)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("ignored", [False, True])
@pytest.mark.parametrize("weight", [None, WEIGHT])
@pytest.mark.parametrize("axes", [(0, 0), (0, None), (None, 0)])
@pytest.mark.parametrize("shape", [(CLASSES,), (5, CLASSES), (2, CLASSES, 2), (0, CLASSES)])
def test_likelihood_of_classes(shape, axes, weight, ignored, reduction):
    check(
        lambda x, target: nn.functional.nll_loss(x, target, weight, reduction=reduction),
        examples(*shape, axes=axes, ignored=ignored),
        axes,
    )


def test_float32_stays():
    logits, target = examples(5, CLASSES, ignored=True)
    for weight in (None, WEIGHT):
        losses = ag.vmap(lambda x, y, weight=weight: nn.functional.cross_entropy(x, y, weight))
        assert losses(logits.astype(np.float32), target).dtype == np.float32


def test_a_class_that_there_is_not():
    logits, target = examples(5, CLASSES)
    target[2, 1] = CLASSES
    with pytest.raises(IndexError, match="expected classes from 0 to 2"):
        ag.vmap(nn.functional.cross_entropy)(logits, target)
    with pytest.raises(IndexError, match="expected classes from 0 to 2"):
        ag.vmap(lambda x, y: nn.functional.cross_entropy(x, y, label_smoothing=0.1))(logits, target)


def test_a_weight_of_a_class_stays_a_constant():
    logits, target = examples(5, CLASSES)
    weights = np.stack([WEIGHT] * SIZE)
    by_example = ag.vmap(nn.functional.cross_entropy)(logits, target, weights)
    np.testing.assert_allclose(by_example, ag.vmap(nn.functional.cross_entropy, (0, 0, None))(logits, target, WEIGHT))
    with pytest.raises(TypeError, match="weight is a constant"):
        ag.grad(lambda w: np.sum(ag.vmap(nn.functional.cross_entropy)(logits, target, w)))(weights)


@pytest.mark.parametrize("axes", [(0, 0), (0, None), (None, 0)])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(
    "loss",
    [nn.functional.mse_loss, nn.functional.l1_loss, nn.functional.binary_cross_entropy_with_logits],
)
def test_elementwise_losses(loss, reduction, axes):
    arrays = [
        x if axis == 0 else x[0] for x, axis in zip(np.random.default_rng(0).uniform(size=(2, SIZE, 5)), axes, strict=True)
    ]
    check(lambda x, y: loss(x, y, reduction=reduction), arrays, axes)


def test_gradients_of_a_model_for_each_example():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(SIZE, 4))
    y = np.array([0, 2, 1, 1])
    weights = [rng.normal(size=shape) for shape in ((6, 4), (6,), (CLASSES, 6), (CLASSES,))]

    def loss(weights, x, y):
        hidden = np.tanh(nn.functional.linear(x, *weights[:2]))
        return nn.functional.cross_entropy(nn.functional.linear(hidden, *weights[2:]), y)

    together = ag.vmap(ag.grad(loss), (None, 0, 0))(weights, x, y)
    for i in range(SIZE):
        for each, alone in zip(together, ag.grad(loss)(weights, x[i], y[i]), strict=True):
            np.testing.assert_allclose(each[i], alone, rtol=1e-12, atol=1e-15)
