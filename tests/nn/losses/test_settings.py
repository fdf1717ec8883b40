"""Settings of losses: what is refused, what is printed, and a distance that is a module."""

import numpy as np
import pytest

import autograd as ag
import nn
from nn import functional as F

REFUSED = [
    (lambda: nn.TripletMarginLoss(p=0), ValueError, "TripletMarginLoss: expected p, a number above 0; received 0"),
    (lambda: nn.TripletMarginLoss(swap="x"), TypeError, "TripletMarginLoss: expected swap, True or False; received 'x'"),
    (lambda: nn.TripletMarginWithDistanceLoss(swap=2), TypeError, "TripletMarginWithDistanceLoss: expected swap, True"),
    (lambda: nn.KLDivLoss(log_target="x"), TypeError, "KLDivLoss: expected log_target, True or False"),
    (lambda: nn.PoissonNLLLoss(log_input="x"), TypeError, "PoissonNLLLoss: expected log_input, True or False"),
    (lambda: nn.GaussianNLLLoss(full="x"), TypeError, "GaussianNLLLoss: expected full, True or False"),
    (lambda: nn.CTCLoss(blank=-1), ValueError, "CTCLoss: expected blank, a finite number of 0 or more; received -1"),
    (lambda: nn.CTCLoss(zero_infinity="x"), TypeError, "CTCLoss: expected zero_infinity, True or False"),
    *[
        (lambda Loss=Loss: Loss(weight=[[1.0]]), ValueError, rf"{Loss.__name__}: expected weight of shape \(C,\).*\(1, 1\)")
        for Loss in (nn.CrossEntropyLoss, nn.NLLLoss, nn.MultiMarginLoss)
    ],
    (
        lambda: F.smooth_l1_loss([1.0], [1.0], beta=-1.0),
        ValueError,
        "smooth_l1_loss: expected beta, a finite number of 0 or more",
    ),
    (lambda: nn.SmoothL1Loss(beta="1"), TypeError, "SmoothL1Loss: expected beta, a number"),
    (lambda: F.huber_loss([1.0], [1.0], delta=0), ValueError, "huber_loss: expected delta, a number above 0; received 0"),
    (lambda: nn.HuberLoss(delta=-1), ValueError, "HuberLoss: expected delta"),
    (
        lambda: F.binary_cross_entropy([1.5], [1.0]),
        ValueError,
        r"input from 0 to 1, received .* 1.5; for logits use BCEWithLogits",
    ),
    (lambda: F.binary_cross_entropy([np.nan], [1.0]), ValueError, "expected input from 0 to 1, received numbers from nan"),
    (lambda: F.binary_cross_entropy([0.5], [2]), ValueError, "expected target from 0 to 1, received numbers from 2 to 2$"),
    (
        lambda: ag.vmap(F.binary_cross_entropy)(np.array([[0.5], [-0.5]]), np.ones((2, 1))),
        ValueError,
        "binary_cross_entropy: expected input from 0 to 1",
    ),
    (lambda: F.multilabel_soft_margin_loss(0.5, 1.0), ValueError, r"expected logits of shape \(\.\.\., C\), received \(\)"),
    (
        lambda: F.nll_loss(np.zeros((2, 3)), [0.0, 1.0]),
        TypeError,
        r"expected integer classes of shape \(2,\); received float64",
    ),
    (
        lambda: F.nll_loss(np.zeros((2, 3)), [0, 1], ignore_index=0.5),
        TypeError,
        "nll_loss: expected ignore_index, a whole number",
    ),
    (lambda: nn.NLLLoss(ignore_index=None), TypeError, "NLLLoss: expected ignore_index"),
    (lambda: F.nll_loss(np.zeros((2, 3)), [0, 1], np.ones(2)), ValueError, r"expected weight of shape \(3,\), one per class"),
    (lambda: F.poisson_nll_loss([1.0], [1.0], eps=-1), ValueError, "poisson_nll_loss: expected eps"),
    (lambda: nn.PoissonNLLLoss(eps=None), TypeError, "PoissonNLLLoss: expected eps"),
    (lambda: F.gaussian_nll_loss([1.0], [1.0], [-1.0]), ValueError, "expected variances of 0 or more, received -1.0"),
    (
        lambda: F.gaussian_nll_loss(np.ones((2, 3)), np.ones(3), 1.0),
        ValueError,
        r"expected target in the shape of input, \(2, 3\)",
    ),
    (
        lambda: F.gaussian_nll_loss(np.ones((2, 3)), np.ones((2, 3)), np.ones(3)),
        ValueError,
        "expected var in the shape of input",
    ),
    (lambda: nn.GaussianNLLLoss(eps=-1.0), ValueError, "GaussianNLLLoss: expected eps"),
    (
        lambda: F.multi_margin_loss(np.ones((2, 3)), [0, 1], p=3),
        ValueError,
        "multi_margin_loss: expected p, 1 or 2; received 3",
    ),
    (lambda: nn.MultiMarginLoss(p=0), ValueError, "MultiMarginLoss: expected p"),
    (lambda: F.multi_margin_loss(np.ones((2, 3)), [0.0, 1.0]), TypeError, "expected integer targets, received float64"),
    (
        lambda: F.multilabel_margin_loss(np.ones((2, 3)), np.full((2, 3), 3)),
        IndexError,
        "or -1 at the end, received 3 at position 0",
    ),
    (lambda: F.margin_ranking_loss(np.ones(3), np.ones(3), np.ones(2)), ValueError, r"received \(3,\), \(3,\) and \(2,\)"),
    (lambda: nn.MarginRankingLoss(margin=None), TypeError, "MarginRankingLoss: expected margin"),
    (lambda: nn.HingeEmbeddingLoss(margin=np.inf), ValueError, "HingeEmbeddingLoss: expected margin, a finite number"),
    (lambda: nn.CosineEmbeddingLoss(margin="1"), TypeError, "CosineEmbeddingLoss: expected margin"),
    (
        lambda: F.triplet_margin_loss([1.0], [1.0], [1.0], margin=0.0),
        ValueError,
        "expected margin, a number above 0; received 0.0",
    ),
    (lambda: nn.TripletMarginLoss(margin=-1.0), ValueError, "TripletMarginLoss: expected margin"),
    (lambda: nn.TripletMarginLoss(p="2"), TypeError, "TripletMarginLoss: expected p"),
    (lambda: nn.TripletMarginWithDistanceLoss(margin=0), ValueError, "TripletMarginWithDistanceLoss: expected margin"),
    (lambda: F.mse_loss([1j], [1.0]), TypeError, "mse_loss: input: expected numbers that can be cast to float64"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_bad_settings_and_inputs_are_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_settings_are_printed_where_they_are_not_the_usual_ones():
    assert repr(nn.HuberLoss()) == "HuberLoss(reduction='mean')"
    assert repr(nn.HuberLoss("sum", 2.0)) == "HuberLoss(reduction='sum', delta=2.0)"
    assert repr(nn.TripletMarginLoss(p=1, swap=True)) == "TripletMarginLoss(reduction='mean', p=1, swap=True)"
    assert repr(nn.KLDivLoss("batchmean", log_target=True)) == "KLDivLoss(reduction='batchmean', log_target=True)"


def test_a_distance_that_is_a_module_trains_with_the_loss():
    class Scaled(nn.Module):
        def __init__(self):
            self.scale = nn.Parameter([2.0])

        def forward(self, x, y):
            return np.sum(abs(x - y) * self.scale, axis=-1)

    loss = nn.TripletMarginWithDistanceLoss(distance_function=Scaled(), margin=3.0)
    assert [name for name, _ in loss.named_parameters()] == ["distance_function.scale"]
    loss([[0.0]], [[1.0]], [[2.0]]).backward()
    assert loss.distance_function.scale.grad.item() == -1.0
