"""``Bilinear``, ``Unflatten`` and distances: first values, vectors of length 0, errors."""

import numpy as np
import pytest

import autograd as ag
import nn
from nn import functional as F


def test_bilinear_starts_as_in_pytorch():
    layer = nn.Bilinear(25, 10, 40, rng=np.random.default_rng(0))
    assert layer.weight.shape == (40, 25, 10)
    assert layer.bias.shape == (40,)
    for each in layer.parameters():
        x = each.numpy() * 5  # uniform on (-1, 1)
        assert each.dtype == np.float32
        assert 0.85 < np.abs(x).max() <= 1 + 1e-6
    assert layer.weight.numpy().var() * 25 == pytest.approx(1 / 3, abs=0.02)
    assert nn.Bilinear(2, 3, 4, bias=False).bias is None


def test_bilinear_is_the_sum_that_is_written_out():
    rng = np.random.default_rng(0)
    x, y, w, b = rng.normal(size=(6, 3)), rng.normal(size=(6, 2)), rng.normal(size=(4, 3, 2)), rng.normal(size=4)
    np.testing.assert_allclose(F.bilinear(x, y, w, b), np.einsum("ni,kij,nj->nk", x, w, y) + b, rtol=1e-12)


def test_unflatten_reverses_flatten():
    x = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(nn.Unflatten(1, (3, 4))(nn.Flatten()(x)), x)
    assert repr(nn.Unflatten(-1, [2, -1])) == "Unflatten(dim=-1, unflattened_size=(2, -1))"


@pytest.mark.parametrize(
    "f",
    [
        F.normalize,
        lambda x: F.cosine_similarity(x, np.ones((2, 3))),
        lambda x: F.pairwise_distance(x, np.zeros((2, 3)), eps=0.0),
        lambda x: F.pairwise_distance(x, np.zeros((2, 3)), p=3.0, eps=0.0),
    ],
)
def test_a_vector_of_length_0_has_a_finite_gradient(f):
    x = ag.tensor(np.array([[0.0, 0.0, 0.0], [1.0, 2.0, 2.0]]), requires_grad=True)
    y = f(x)
    assert not y.numpy()[0].any()
    y.sum().backward()
    assert np.all(np.isfinite(x.grad.numpy()))


def test_integers_and_lists():
    np.testing.assert_allclose(F.normalize([[3, 4]]), [[0.6, 0.8]])
    np.testing.assert_allclose(F.pairwise_distance([0, 0], [3, 4], eps=0.0), 5)
    assert F.normalize(np.ones((2, 3), np.float32)).dtype == np.float32


ERRORS = [
    (lambda: nn.Bilinear(2, -1, 3), ValueError, "^Bilinear: expected a whole number, .* for in2_features; received -1"),
    (lambda: F.bilinear([1.0], [1.0], np.ones((1, 1))), ValueError, r"^bilinear: expected weight of shape \(out, in1, in2\)"),
    (lambda: F.bilinear([1.0], [1.0], np.ones((2, 1, 1)), [1.0]), ValueError, r"bias of shape \(2,\).*received \(1,\)"),
    (
        lambda: nn.Bilinear(2, 3, 4)(np.ones((5, 2)), np.ones((4, 3))),
        ValueError,
        r"^Bilinear\(in1_features=2.*expected inputs of shapes \(\.\.\., 2\) and \(\.\.\., 3\).*received \(5, 2\) and \(4, 3\)",
    ),
    (lambda: nn.Unflatten(1, 6), TypeError, "^Unflatten: expected unflattened_size, a tuple of lengths; received 6"),
    (lambda: nn.Unflatten(1, (-1, -1)), ValueError, "of which at most one is -1"),
    (lambda: nn.Unflatten(1, (2, 2.0)), TypeError, "received 2.0"),
    (lambda: nn.Unflatten(1, (2, -1))(np.ones((2, 5))), ValueError, r"axis 1 can be made into \(2, -1\), received"),
    (lambda: nn.Unflatten(1, (0, -1))(np.ones((2, 5))), ValueError, "can be made into"),
    (lambda: nn.Unflatten(2, (1,))(np.ones((2, 5))), np.exceptions.AxisError, "expected an input with the axis dim=2"),
    (lambda: F.pairwise_distance(1.0, 2.0), ValueError, r"^pairwise_distance: expected vectors of shape \(\.\.\., D\)"),
    (lambda: F.cosine_similarity([1.0], [1.0]), np.exceptions.AxisError, "inputs that have the axis dim=1"),
    (lambda: F.cosine_similarity(np.ones(2), np.ones(3), 0), ValueError, r"shapes that broadcast, received \(2,\) and \(3,\)"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()
