"""CTC against the sum over every single alignment, against PyTorch, and at its edges."""

import itertools
import math

import mpmath
import numpy as np
import pytest

import autograd as ag
import nn
from nn import functional as F

RNG = np.random.default_rng(0)


def read(path, blank):
    """The labels that a path of classes stands for: without repetitions, then without blanks."""
    return [label for label, _ in itertools.groupby(path) if label != blank]


def exact(logits, labels, blank=0):
    """The loss of one example and its gradient with respect to the logits (T, C), from all C**T paths, in many digits."""
    steps, classes = logits.shape
    with mpmath.workdps(60):
        p = [[mpmath.exp(mpmath.mpf(float(each))) for each in row] for row in logits]
        p = [[each / mpmath.fsum(row) for each in row] for row in p]
        whole, through = mpmath.mpf(0), [[mpmath.mpf(0)] * classes for _ in range(steps)]
        for path in itertools.product(range(classes), repeat=steps):
            if read(path, blank) == list(labels):
                weight = mpmath.fprod(p[t][c] for t, c in enumerate(path))
                whole += weight
                for t, c in enumerate(path):
                    through[t][c] += weight
        loss = -mpmath.log(whole) if whole else math.inf
        gradient = [[float(p[t][c] - through[t][c] / whole) if whole else 0.0 for c in range(classes)] for t in range(steps)]
        return float(loss), np.array(gradient)


def of_logits(logits, *others, **settings):
    return F.ctc_loss(F.log_softmax(logits, dim=-1), *others, **settings)


@pytest.mark.parametrize("blank", [0, 1, 2])
@pytest.mark.parametrize("count", [0, 1, 2, 3])
@pytest.mark.parametrize("steps", [1, 2, 5])
def test_every_alignment_counts(steps, count, blank):
    logits = RNG.normal(size=(steps, 3))
    others = [each for each in range(3) if each != blank]
    for labels in itertools.product(others, repeat=count):
        loss, gradient = exact(logits, labels, blank)
        x = ag.tensor(logits, requires_grad=True)
        found = of_logits(x, np.array(labels, int), steps, count, blank=blank, reduction="none")
        assert found.shape == ()
        np.testing.assert_allclose(found.item(), loss, rtol=1e-13, atol=1e-14)
        found.backward()
        if loss < math.inf:
            np.testing.assert_allclose(x.grad.numpy(), gradient, rtol=0, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [30.0, 1e4])
def test_large_logits(size, dtype):
    """Where every alignment is next to impossible, and where one of several is certain."""
    signs = np.array([[1, -1, 0], [1, 1, -1], [-1, 0, 1], [-1, -1, 1], [1, 0, -1], [0, 0, 1]])
    x = ag.tensor((signs * size).astype(dtype), requires_grad=True)
    for labels in ([1, 2], [2, 1], [1, 1], [2]):
        loss, gradient = exact(x.numpy(), labels)
        found = of_logits(x, labels, 6, len(labels), reduction="none")
        assert found.dtype == dtype
        np.testing.assert_allclose(found.item(), loss, rtol=4 * np.finfo(dtype).eps)
        (slope,) = ag.grad_of(found, [x])
        np.testing.assert_allclose(slope.numpy(), gradient, rtol=0, atol=1e-6 if dtype == np.float32 else 1e-11)


def test_a_long_sequence_in_single_precision():
    logits = 20 * RNG.normal(size=(400, 2, 5))
    targets = RNG.integers(1, 5, (2, 60))
    results = []
    for dtype in (np.float32, np.float64):
        x = ag.log_softmax(logits, axis=2).astype(np.float32).astype(dtype)  # the same numbers in both
        x = ag.tensor(x, requires_grad=True)
        loss = F.ctc_loss(x, targets, [400, 350], [60, 45], reduction="none")
        loss.sum().backward()
        results.append((loss.numpy(), x.grad.numpy()))
    np.testing.assert_allclose(results[0][0], results[1][0], rtol=1e-7)
    np.testing.assert_allclose(results[0][1], results[1][1], rtol=0, atol=1e-7)


# ---------------------------------------------------------------- PyTorch's numbers

# torch.nn.functional.ctc_loss(cos(arange(24)).reshape(4, 2, 3).log_softmax(2), [[1, 2], [2, 0]], (4, 3), (2, 1)), PyTorch 2.13,
# and its gradient with respect to the logits and to the log-probabilities, which are the same, for the cotangent (1, 2).
LOSSES = [1.7677758908863068, 0.9838044328251607]
GRADIENT = [
    [[0.021353781526895, -0.150826258243972, 0.129472476717077], [-0.130162306151122, 0.468662039831694, -0.338499733680572]],
    [[0.129457587440279, -0.213237142583411, 0.083779555143131], [0.141834778649437, 0.470039863056705, -0.611874641706142]],
    [[0.079343365639678, 0.069720968735663, -0.149064334375341], [-0.272181119658776, 0.476446997242875, -0.204265877584099]],
    [[0.085951760857265, 0.438666996429978, -0.524618757287244], [0, 0, 0]],
]


def test_pytorchs_gradient_of_logits():
    x = ag.tensor(np.cos(np.arange(24.0)).reshape(4, 2, 3), requires_grad=True)
    loss = of_logits(x, [[1, 2], [2, 0]], (4, 3), (2, 1), reduction="none")
    np.testing.assert_allclose(loss.numpy(), LOSSES, rtol=1e-14)
    loss.backward(np.array([1.0, 2.0]))
    np.testing.assert_allclose(x.grad.numpy(), GRADIENT, rtol=0, atol=2e-15)


def test_the_gradient_of_log_probabilities_is_pytorchs_without_the_probabilities():
    x = ag.tensor(ag.log_softmax(np.cos(np.arange(24.0)).reshape(4, 2, 3), axis=2), requires_grad=True)
    F.ctc_loss(x, [[1, 2], [2, 0]], (4, 3), (2, 1), reduction="none").backward(np.array([1.0, 2.0]))
    counts = (np.arange(4)[:, None] < [4, 3])[:, :, None] * np.array([1.0, 2.0])[:, None]
    np.testing.assert_allclose(x.grad.numpy() + np.exp(x.numpy()) * counts, GRADIENT, rtol=0, atol=2e-15)


# ---------------------------------------------------------------- lengths and layouts

LOG_PROBS = np.array(ag.log_softmax(RNG.normal(size=(6, 3, 4)), axis=2))
TARGETS = np.array([[1, 2, 2], [3, 0, 0], [1, 3, 0]])
STEPS, COUNTS = [6, 4, 5], [3, 1, 2]


def test_all_ways_to_give_targets_and_lengths():
    expected = F.ctc_loss(LOG_PROBS, TARGETS, STEPS, COUNTS, reduction="none")
    for targets in (TARGETS, TARGETS.tolist(), TARGETS.astype(np.int32), [1, 2, 2, 3, 1, 3], ag.tensor(TARGETS)):
        for as_lengths in (tuple, np.array, ag.tensor, lambda lengths: np.array(lengths, np.uint8)):
            found = F.ctc_loss(LOG_PROBS, targets, as_lengths(STEPS), as_lengths(COUNTS), reduction="none")
            np.testing.assert_array_equal(found, expected)
    for n in range(3):
        one = F.ctc_loss(LOG_PROBS[:, n], TARGETS[n, : COUNTS[n]], STEPS[n], COUNTS[n], reduction="none")
        assert np.shape(one) == ()
        np.testing.assert_allclose(one, expected[n], rtol=1e-15)
        batch = F.ctc_loss(LOG_PROBS[:, n : n + 1], TARGETS[n : n + 1], [STEPS[n]], [COUNTS[n]], reduction="none")
        np.testing.assert_allclose(batch, expected[n : n + 1], rtol=1e-15)
    np.testing.assert_allclose(F.ctc_loss(LOG_PROBS, TARGETS, STEPS, COUNTS), np.mean(expected / COUNTS), rtol=1e-15)


def test_what_lies_behind_the_lengths_does_not_matter():
    x, y = [ag.tensor(LOG_PROBS, requires_grad=True) for _ in range(2)]
    with ag.no_grad():
        y[4:, 1] = np.nan
        y[5:, 2] = -np.inf
    wild = np.array([[1, 2, 2, -7], [3, 99, -1, 0], [1, 3, -100, 4]])
    first = F.ctc_loss(x, TARGETS, STEPS, COUNTS, reduction="none")
    second = F.ctc_loss(y, wild, STEPS, COUNTS, reduction="none")
    np.testing.assert_array_equal(first.numpy(), second.numpy())
    first.sum().backward()
    second.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), y.grad.numpy())
    assert not np.any(x.grad.numpy()[4:, 1])


@pytest.mark.parametrize("zero_infinity", [False, True])
def test_what_cannot_be_aligned(zero_infinity):
    x = ag.tensor(LOG_PROBS, requires_grad=True)
    # 1 2 2 needs four steps; no labels need none
    loss = F.ctc_loss(x, TARGETS, [3, 0, 0], [3, 0, 1], reduction="none", zero_infinity=zero_infinity)
    infinite = 0.0 if zero_infinity else math.inf
    np.testing.assert_array_equal(loss.numpy(), [infinite, 0, infinite])
    loss.backward(np.ones(3))
    np.testing.assert_array_equal(x.grad.numpy(), np.zeros(x.shape))


def test_nan_is_not_hidden():
    x = ag.tensor(np.where(np.arange(6)[:, None, None] == 3, np.nan, LOG_PROBS), requires_grad=True)
    loss = F.ctc_loss(x, TARGETS, [6, 4, 3], COUNTS, reduction="none")
    np.testing.assert_array_equal(np.isnan(loss.numpy()), [True, True, False])
    loss.sum().backward()
    np.testing.assert_array_equal(np.isnan(x.grad.numpy()).any((0, 2)), [True, True, False])


def test_an_impossible_class():
    x = LOG_PROBS[:, :1].copy()
    x[:, 0, 1] = -np.inf
    assert F.ctc_loss(x, [[1]], [6], [1]) == math.inf
    assert np.isfinite(F.ctc_loss(x, [[2]], [6], [1]))
    leaf = ag.tensor(x, requires_grad=True)
    F.ctc_loss(leaf, [[2]], [6], [1]).backward()
    assert np.isfinite(leaf.grad.numpy()).all()


def test_no_steps_and_no_targets():
    np.testing.assert_array_equal(F.ctc_loss(np.zeros((0, 2, 3)), [[1], [1]], [0, 0], [0, 1], reduction="none"), [0, math.inf])
    x = ag.tensor(LOG_PROBS, requires_grad=True)
    loss = F.ctc_loss(x, np.zeros((3, 0)), STEPS, [0, 0, 0], reduction="none")
    np.testing.assert_allclose(loss.numpy(), [-LOG_PROBS[:steps, n, 0].sum() for n, steps in enumerate(STEPS)])
    loss.sum().backward()
    assert np.any(x.grad.numpy())


def test_second_derivatives_when_examples_end_early():
    lengths = (np.array([4, 0, 2]), np.array([2, 0, 2]))
    targets = np.array([[1, 2], [0, 0], [1, 1]])  # the last one cannot be aligned
    f = lambda x: F.ctc_loss(x, targets, *lengths, reduction="none", zero_infinity=True)
    ag.gradcheck(f, [RNG.normal(size=(4, 3, 3))], order=2, raise_on_failure=True)


# ---------------------------------------------------------------- in vmap


@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_lengths_that_differ_inside_vmap(reduction):
    x = np.stack([LOG_PROBS, LOG_PROBS[::-1]])
    targets = np.stack([TARGETS, TARGETS[::-1]])
    steps, counts = np.array([STEPS, [5, 6, 6]]), np.array([COUNTS, [2, 1, 3]])
    f = lambda *inputs: F.ctc_loss(*inputs, reduction=reduction)
    inputs = (x, targets, steps, counts)
    np.testing.assert_allclose(ag.vmap(f)(*inputs), [f(*[each[i] for each in inputs]) for i in range(2)], rtol=1e-13)
    slope = ag.grad(lambda *inputs: np.sum(f(*inputs)))
    np.testing.assert_allclose(ag.vmap(slope)(*inputs), [slope(*[each[i] for each in inputs]) for i in range(2)], atol=1e-15)


def test_what_is_refused_inside_vmap():
    x, targets = np.stack([LOG_PROBS] * 2), np.stack([TARGETS] * 2)
    with pytest.raises(TypeError, match="expected targets as rows, since target_lengths differ"):
        ag.vmap(lambda x, counts: F.ctc_loss(x, [1, 2, 2, 3, 1, 3], STEPS, counts))(x, np.array([COUNTS] * 2))
    with pytest.raises(IndexError, match="ctc_loss: expected input_lengths from 0 to 6, received some from 4 to 7"):
        ag.vmap(lambda x, steps: F.ctc_loss(x, TARGETS, steps, COUNTS))(x, np.array([STEPS, [7, 4, 5]]))
    with pytest.raises(ValueError, match="ctc_loss: expected targets other than the blank"):
        ag.vmap(lambda x, targets: F.ctc_loss(x, targets, STEPS, [3, 2, 2]))(x, targets)
    with pytest.raises(IndexError, match="ctc_loss: expected targets from 0 to 3"):
        ag.vmap(lambda x, targets: F.ctc_loss(x, targets, STEPS, COUNTS))(x, targets + 2)


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((LOG_PROBS[0, 0], TARGETS, STEPS, COUNTS), ValueError, r"log_probs of shape \(T, N, C\) or \(T, C\), received \(4,\)"),
        (
            (LOG_PROBS, TARGETS, STEPS[:2], COUNTS),
            ValueError,
            r"input_lengths of shape \(3,\), one per example; received \(2,\)",
        ),
        ((LOG_PROBS, TARGETS, [7, 4, 5], COUNTS), ValueError, "input_lengths of at most 6, the steps there are; received 7"),
        ((LOG_PROBS, TARGETS, STEPS, [3, -1, 2]), ValueError, "target_lengths of 0 or more, received -1"),
        ((LOG_PROBS, TARGETS, STEPS, [4, 1, 2]), ValueError, "room for target_lengths of up to 4; received 3 columns"),
        ((LOG_PROBS, TARGETS, STEPS, [3.0, 1.0, 2.0]), TypeError, "expected target_lengths, integers; received float64"),
        ((LOG_PROBS, TARGETS * 1.0, STEPS, COUNTS), TypeError, "expected targets, integers; received float64"),
        ((LOG_PROBS, TARGETS[:2], STEPS, COUNTS), ValueError, r"expected targets of shape \(3, S\).*received \(2, 3\)"),
        ((LOG_PROBS, [1, 2, 2], STEPS, COUNTS), ValueError, "one after another as target_lengths add up to, 6; received 3"),
        ((LOG_PROBS, TARGETS, STEPS, [3, 2, 2]), ValueError, "other than the blank, 0; received 0 at position 1 of example 1"),
        (
            (LOG_PROBS, TARGETS + 1, STEPS, COUNTS),
            IndexError,
            "from 0 to 3 other than the blank, 0; received 4 at position 0 of",
        ),
        ((LOG_PROBS, TARGETS, STEPS, COUNTS, 4), ValueError, "expected blank, a class from 0 to 3; received 4"),
        ((LOG_PROBS, TARGETS, STEPS, COUNTS, 0.0), TypeError, "expected blank, a whole number; received 0.0"),
        ((LOG_PROBS * 1j, TARGETS, STEPS, COUNTS), TypeError, "log_probs: expected numbers that can be cast"),
    ],
)
def test_bad_input_is_explained(arguments, error, message):
    with pytest.raises(error, match=f"^ctc_loss: .*{message}"):
        F.ctc_loss(*arguments)


def test_settings():
    assert repr(nn.CTCLoss(2, "sum", True)) == "CTCLoss(reduction='sum', blank=2, zero_infinity=True)"
    with pytest.raises(TypeError, match="CTCLoss: expected blank"):
        nn.CTCLoss(None)
