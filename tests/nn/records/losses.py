"""Losses. With ``reduction="none"`` there is one for each example, and all checks of layers apply."""

import numpy as np

import nn
from autograd.samples import distinct, integers, positives, reals
from tests.nn.records.describing import Record


def signs(*shape):
    """1 and -1."""
    return lambda rng: np.where(rng.uniform(size=shape) < 0.5, 1, -1)


def chances(*shape):
    """Probabilities that are neither 0 nor 1."""
    return reals(*shape, low=0.1, high=0.9)


def labels(rng):
    """Sets of classes, each up to the first -1."""
    return np.array([[2, 0, -1], [-1, 0, 0], [1, -1, -1]])


def lengths(*values):
    """How long each of the sequences is."""
    return lambda rng: np.array(values)


PAIR = (reals(3, 4), reals(3, 4, low=3.0, high=5.0))
DIFFERENT = ((reals(3), reals(3, 1)), (reals(3, 1), reals(3)))
CLASSES = integers(3, low=0, high=4)
TRIPLET = (reals(3, 4), reals(3, 4), reals(3, 4))
SEQUENCES = (reals(5, 2, 3, low=-3.0, high=0.0), integers(2, 2, low=1, high=3), lengths(5, 4), lengths(2, 1))
WRONG_CLASSES = (
    (reals(3, 4), integers(3, 1, low=0, high=4)),
    (reals(3, 4), integers(2, low=0, high=4)),
    (reals(3, 4), integers(3, low=4, high=6)),
    (reals(), integers(low=0, high=1)),
)

RECORDS = [
    Record(lambda: nn.MSELoss(), PAIR, per_example=False, wrong=DIFFERENT),
    Record(lambda: nn.MSELoss(reduction="none"), PAIR, wrong=DIFFERENT),
    Record(lambda: nn.L1Loss(reduction="none"), PAIR, wrong=DIFFERENT),
    Record(lambda: nn.SmoothL1Loss(reduction="none", beta=2.0), PAIR, wrong=DIFFERENT),
    Record(lambda: nn.HuberLoss(reduction="none", delta=2.0), PAIR, wrong=DIFFERENT),
    Record(lambda: nn.BCELoss(reduction="none"), (chances(3, 4), chances(3, 4)), wrong=(*DIFFERENT, PAIR)),
    Record(lambda: nn.BCEWithLogitsLoss(reduction="none"), (reals(3, 4), chances(3, 4)), wrong=DIFFERENT),
    Record(
        lambda: nn.BCEWithLogitsLoss([1.0, 2.0, 0.5, 1.0], "none", [0.5, 1.0, 1.0, 2.0]),
        (reals(3, 4), chances(3, 4)),
        wrong=(*DIFFERENT, (reals(3, 3), chances(3, 3))),
    ),
    Record(lambda: nn.SoftMarginLoss(reduction="none"), (reals(3, 4), signs(3, 4)), wrong=DIFFERENT),
    Record(
        lambda: nn.MultiLabelSoftMarginLoss([1.0, 2.0, 0.5, 1.0], reduction="none"),
        (reals(3, 4), chances(3, 4)),
        wrong=(*DIFFERENT, (reals(3, 3), chances(3, 3)), (reals(), reals())),
    ),
    Record(lambda: nn.CrossEntropyLoss(), (reals(3, 4), CLASSES), per_example=False, wrong=WRONG_CLASSES),
    Record(lambda: nn.CrossEntropyLoss(reduction="none", label_smoothing=0.1), (reals(3, 4, 2), integers(3, 2, low=0, high=4))),
    Record(lambda: nn.CrossEntropyLoss(reduction="none"), (reals(3, 4), chances(3, 4)), wrong=WRONG_CLASSES),
    Record(lambda: nn.NLLLoss([1.0, 2.0, 0.5, 1.0]), (reals(3, 4), CLASSES), per_example=False, wrong=WRONG_CLASSES),
    Record(lambda: nn.NLLLoss(reduction="none"), (reals(3, 4, 2), integers(3, 2, low=0, high=4)), wrong=WRONG_CLASSES),
    Record(lambda: nn.KLDivLoss(reduction="none"), (reals(3, 4, high=0.0), chances(3, 4)), wrong=DIFFERENT),
    Record(lambda: nn.KLDivLoss(reduction="batchmean", log_target=True), (reals(3, 4), reals(3, 4)), per_example=False),
    Record(lambda: nn.PoissonNLLLoss(reduction="none"), (reals(3, 4), positives(3, 4)), wrong=DIFFERENT),
    Record(lambda: nn.PoissonNLLLoss(log_input=False, full=True), (positives(3), positives(3)), per_example=False),
    Record(
        lambda: nn.GaussianNLLLoss(full=True, reduction="none"),
        (reals(3, 4), reals(3, 4), positives(3, 1)),
        wrong=(
            (reals(3), reals(3, 1), positives(3)),
            (reals(3, 1), reals(3), positives(3)),
            (reals(3, 4), reals(3, 4), positives(4)),
            (reals(3), reals(3), reals(3, low=-2.0, high=-1.0)),
        ),
    ),
    Record(lambda: nn.HingeEmbeddingLoss(3.0, reduction="none"), (positives(3, 4), signs(3, 4)), wrong=DIFFERENT),
    Record(
        lambda: nn.MarginRankingLoss(0.5, reduction="none"),
        (distinct(3), distinct(3), signs(3)),
        wrong=((reals(3), reals(3, 1), signs(3)), (reals(3), reals(3), signs(3, 1)), (reals(3), reals(2), signs(3))),
    ),
    Record(
        lambda: nn.MultiMarginLoss(p=2, weight=[1.0, 2.0, 0.5, 1.0], reduction="none"),
        (distinct(3, 4), CLASSES),
        wrong=(*WRONG_CLASSES, (reals(3, 4, 2), integers(3, 2, low=0, high=4))),
    ),
    Record(lambda: nn.MultiMarginLoss(margin=0.7), (distinct(3, 4), CLASSES), per_example=False),
    Record(
        lambda: nn.MultiLabelMarginLoss(reduction="none"),
        (distinct(3, 3), labels),
        wrong=((reals(3, 4), labels), (reals(3, 3), integers(3, 3, low=3, high=5)), (reals(3), integers(3, 1, low=0, high=2))),
    ),
    Record(
        lambda: nn.CosineEmbeddingLoss(margin=-0.9, reduction="none"),
        (reals(3, 4), reals(3, 4), signs(3)),
        wrong=((reals(3, 4), reals(3, 1), signs(3)), (reals(3, 4), reals(3, 4), signs(3, 1)), (reals(3), reals(3), signs(3))),
    ),
    Record(
        lambda: nn.TripletMarginLoss(margin=2.0, swap=True, reduction="none"),
        TRIPLET,
        wrong=((reals(3, 4), reals(1, 4), reals(3, 4)), (reals(3), reals(3, 1), reals(3)), (reals(), reals(), reals())),
    ),
    Record(
        lambda: nn.TripletMarginWithDistanceLoss(margin=2.0),
        TRIPLET,
        per_example=False,
        wrong=((reals(3), reals(3, 1), reals(3)),),
    ),
    Record(
        lambda: nn.CTCLoss(reduction="none"),
        SEQUENCES,
        batch=(1, 0, 0, 0),
        wrong=(
            (reals(5), *SEQUENCES[1:]),
            (reals(5, 3, 3), *SEQUENCES[1:]),
            (reals(5, 2, 3), integers(2, 2, low=3, high=5), *SEQUENCES[2:]),
            (reals(4, 2, 3), *SEQUENCES[1:]),
            (reals(5, 2, 3), integers(4, low=1, high=3), *SEQUENCES[2:]),
        ),
    ),
    Record(
        lambda: nn.CTCLoss(zero_infinity=True),
        (*SEQUENCES[:2], lengths(5, 1), lengths(2, 2)),
        batch=(1, 0, 0, 0),
        per_example=False,
    ),
]
